"""Reads LLFF's poses_bounds.npy (Mildenhall et al., SIGGRAPH 2019)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from jaxtyping import Float

from meronym.errors import InputError
from meronym.io.captures.pose_file import Lens, Posed, Shot, check_lens, explained, listed, pose
from meronym.io.limits import Limits, check_promise, check_size


def read_llff(path: Path) -> Posed:
    """The poses of the photos in images/ (or images_2, images_4, ...), row by row in the order of their names.

    A row is a 3 x 5 matrix (camera axes down, right, back; position; height, width, focal length) and two depths.

    Raises: InputError if the file is damaged, or there are not as many photos as rows.
    """
    with explained(path):
        table = _read_npy(path)
        if table.ndim != 2 or table.shape[1] != 17 or table.dtype.kind != "f":
            raise InputError(f"expected n x 17 numbers, got {table.dtype} {list(table.shape)}. Export it again.")
        table = table.astype(np.float64)
        folders = [path.parent / "images", *sorted(path.parent.glob("images_*"))]
        folder, photos = next(((f, p) for f in folders if (p := listed(f))), (folders[0], []))
        if len(photos) != len(table):
            raise InputError(
                f"{len(table)} poses, but {len(photos)} photos in {folder}. The poses belong to the photos by the order of "
                "their names: take out the photos that have none."
            )
        return Posed([_shot(row, photo) for row, photo in zip(table, photos, strict=True)])


def _shot(row: Float[np.ndarray, " 17"], photo: Path) -> Shot:
    down, right, back, position, (height, width, focal) = row[:15].reshape(3, 5).T
    near, far = map(float, row[15:])
    matrix = pose(np.column_stack([right, down, -back, position]), photo.name)
    if not (np.isfinite(row[15:]).all() and 0 < near < far):
        raise InputError(f"{photo.name}: its depths are {near:.4g} to {far:.4g}, expected 0 < near < far. Export it again.")
    if not (1 <= height <= 10**6 and 1 <= width <= 10**6) or height % 1 or width % 1:
        raise InputError(f"{photo.name}: its size is {width} x {height}, expected whole numbers. Export it again.")
    lens = Lens(int(width), int(height), float(focal), float(focal), float(width) / 2, float(height) / 2)
    return Shot(photo, matrix, check_lens(lens, photo.name), (near, far))


def _read_npy(path: Path) -> np.ndarray:
    """The array in an .npy file; nothing is unpickled, and no more is read than the file holds."""
    size = check_size(path, Limits())
    try:
        with path.open("rb") as file:
            version = np.lib.format.read_magic(file)
            read_header = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
            shape, _, dtype = read_header(file)
            start = file.tell()
    except Exception as error:  # a parser may raise anything at all on a damaged file
        raise InputError(f"not a readable .npy file ({type(error).__name__}: {error}). Export it again.") from error
    if dtype.hasobject:
        raise InputError("it holds Python objects, which are never read. Save numbers.")
    check_promise(path.name, dtype.itemsize * int(np.prod(shape, dtype=object)), size - start)
    array: np.ndarray = np.load(path, allow_pickle=False)
    return array
