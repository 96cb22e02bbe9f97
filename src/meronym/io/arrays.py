"""Reads arrays in numpy's formats; nothing is unpickled, and headers are checked against the file's size."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import IO, Any

import numpy as np

from meronym.errors import Error, InputError
from meronym.io.limits import Limits, check_promise, check_size
from meronym.io.zips import members


def read_npy_header(stream: IO[bytes] | zipfile.ZipExtFile) -> tuple[tuple[int, ...], np.dtype[Any]]:
    """Shape and type of an array in numpy's format; afterwards the stream stands at the data.

    Raises: ValueError if it is damaged.
    """
    version = np.lib.format.read_magic(stream)
    read = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
    shape, _, dtype = read(stream)
    return shape, dtype


def read_npy(path: Path, limits: Limits) -> np.ndarray:
    """The array in an .npy file.

    Raises: InputError if it is damaged, holds Python objects or promises more than the file holds; LimitError if it is too
    large.
    """
    size = check_size(path, limits)
    try:
        with path.open("rb") as file:
            shape, dtype = read_npy_header(file)
            start = file.tell()
    except Exception as error:  # a parser may raise anything at all on a damaged file
        raise InputError(f"not a readable .npy file ({type(error).__name__}: {error}). Export it again.") from error
    if dtype.hasobject:
        raise InputError("it holds Python objects, which are never read. Save numbers.")
    check_promise(path.name, dtype.itemsize * int(np.prod(shape, dtype=object)), size - start)
    array: np.ndarray = np.load(path, allow_pickle=False)
    return array


def read_npz(path: Path, limits: Limits) -> dict[str, np.ndarray]:
    """The arrays of an .npz file; nothing is unpickled.

    Raises: InputError if it is damaged or holds Python objects, LimitError for a zip bomb.
    """
    found = members(path, limits)
    try:
        with zipfile.ZipFile(path) as archive:
            for member in found.values():
                with archive.open(member) as file:
                    shape, dtype = read_npy_header(file)
                    promised = dtype.itemsize * int(np.prod(shape, dtype=object))
                    check_promise(f"{path.name}: {member.filename}", promised, member.file_size - file.tell())
        with np.load(path, allow_pickle=False) as arrays:
            return {name: arrays[name] for name in arrays.files}
    except Error:
        raise
    except Exception as error:  # a parser may raise anything at all on a damaged file
        raise InputError(f"{path.name}: not a readable .npz file: {error}. Save it again.") from error
