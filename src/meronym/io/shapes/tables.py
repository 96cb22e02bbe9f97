"""Reads point clouds from tables of numbers: text files (.xyz, .pts, .csv ...) and numpy's .npz and .npy."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float, Shaped

from meronym.errors import InputError
from meronym.io.arrays import read_npy, read_npz
from meronym.io.limits import Limits
from meronym.io.shapes.clouds import sound_cloud
from meronym.io.shapes.folder import ShapeFolder
from meronym.io.shapes.text import numbers, plain_text
from meronym.types import PointCloud

TEXTS = (".xyz", ".pts", ".asc", ".txt", ".csv", ".xyzrgb")
"""Endings of the text files."""
ARRAYS = (".npz", ".npy")
OFTEN_OTHERS = (".txt", ".csv", ".npy", ".zip")
"""Endings of files that often hold something else: they are read when they are named, but not collected from folders."""
_HEAD = 65536
"""Bytes in which the heading of a text must end."""
_POINTS = ("points", "xyz", "pos", "position", "positions", "coord", "coords", "pc", "pcd", "pointcloud", "arr_0")
_COLOURS = ("colour", "colours", "color", "colors", "rgb", "rgbs")
_NORMALS = ("normal", "normals", "nxyz")
_COLUMNS = {
    **dict.fromkeys(("x", "easting", "east", "rechtswert"), "x"),
    **dict.fromkeys(("y", "northing", "north", "hochwert"), "y"),
    **dict.fromkeys(("z", "elevation", "height", "altitude"), "z"),
    **{name: name[0] for name in ("r", "red", "g", "green", "b", "blue")},
    **{f"{name}{axis}": f"n{axis}" for name in ("n", "normal", "normal_") for axis in "xyz"},
    **{f"diffuse_{name}": name[0] for name in ("red", "green", "blue")},
}
"""What headings call columns, and what that means here."""


def read_table(path: Path, folder: ShapeFolder, repair: bool) -> PointCloud:
    """The points in a text file, with colours and normals by its heading; without one, by what the numbers look like.

    Colours may be 0..1, 0..255 or 0..65535. An intensity is passed over. Columns are parted by white space, `,` or `;`.

    Raises: InputError if it is damaged, or no table of numbers; LimitError if it is too large.
    """
    text = plain_text(path.read_bytes())
    head = text[:_HEAD].split(b"\n")
    first = next((k for k, line in enumerate(head) if _is_data(line)), None)
    if first is None:
        raise InputError(f"{path.name}: expected lines of three numbers or more, found {head[0][:60]!r}. Export it again.")
    names = next(filter(None, map(_heading, head[:first])), None)
    unknown = [line for line in head[:first] if line.strip() and not _is_comment(line) and _heading(line) is None]
    if unknown:
        raise InputError(f"{path.name}: cannot read the line {unknown[0][:60]!r}. Name the columns, as in X Y Z R G B.")
    text = text[len(b"\n".join(head[:first])) :].lstrip(b"\n")
    if b"//" in text:
        text = b"\n".join(line for line in text.split(b"\n") if not _is_comment(line))
    text = _with_spaces(text, max(head[first : first + 3], key=len))
    values, counts = numbers(text, path.name)
    table = _rectangle(path.name, values, counts)
    if names and len(names) != table.shape[1]:
        if names[:3] != ["x", "y", "z"]:
            raise InputError(f"{path.name}: the heading names {len(names)} columns, the lines have {table.shape[1]}. Mend it.")
        names = None
    return _cloud(path, table, names, repair, folder.limits)


def read_arrays(path: Path, folder: ShapeFolder, repair: bool) -> PointCloud:
    """The points in an .npz or .npy file: arrays by their names, or the columns of one.

    Raises: InputError if it is damaged or holds no points, LimitError if it is too large.
    """
    if path.suffix.lower() == ".npy":
        array = read_npy(path, folder.limits)
        if array.dtype.names:
            return _cloud(path, *_fields(array), repair, folder.limits)
        return _cloud(path, _columns_of(path.name, array), None, repair, folder.limits)
    arrays = read_npz(path, folder.limits)
    name = _named(arrays, _POINTS)
    if name is None:
        raise InputError(f"{path.name}: expected an array 'points' [n 3], found {', '.join(arrays) or 'none'}.")
    points = _columns_of(f"{path.name}: {name}", arrays[name])
    colour, normal = _named(arrays, _COLOURS), _named(arrays, _NORMALS)
    if colour is None and normal is None:
        return _cloud(path, points, None, repair, folder.limits)
    rgb = None
    if colour is not None:
        rgb = unit_colours(_columns_of(f"{path.name}: {colour}", arrays[colour])[:, :3], arrays[colour].dtype)
    return sound_cloud(points[:, :3], rgb, None if normal is None else arrays[normal], path, repair, folder.limits)


def unit_colours(colours: np.ndarray, dtype: np.dtype[Any] | None = None) -> Float[np.ndarray, "n c"]:
    """Colours 0..1 of numbers 0..1, 0..255 or 0..65535: what they are is told by the largest, and by the type."""
    largest = colours.max(initial=0, where=np.isfinite(colours))
    kind = (dtype or colours.dtype).kind
    return colours / (65535 if largest > 255 else 255 if largest > 1 or kind in "iu" else 1)


# ---------------------------------------------------------------- text


def _is_comment(line: bytes) -> bool:
    return line.lstrip().startswith((b"#", b"//"))


def _is_data(line: bytes) -> bool:
    words = re.split(rb"[\s,;]+", line.strip(b" \t,;"))
    try:
        return all(np.isscalar(float(word)) for word in words)
    except ValueError:
        return False


def _heading(line: bytes) -> list[str] | None:
    """What the columns mean that a line names: x y z r g b nx ny nz, or anything for others; None if it names no places."""
    text = line.decode().strip().lstrip("#/").strip()
    words = re.split(r"\s*[,;\t]\s*" if re.search("[,;\t]", text) else r"\s+", text)
    names = [_COLUMNS.get(re.sub(r"[\"']|\(.*?\)|\[.*?\]", "", word).strip().lower(), "?") for word in words]
    return names if all(names.count(axis) == 1 for axis in "xyz") else None


def _with_spaces(text: bytes, sample: bytes) -> bytes:
    """A table whose columns white space parts, with decimal points."""
    if b";" in sample:
        return text.replace(b",", b".").replace(b";", b" ")
    decimal = len(sample.split()) > 2 and all(re.fullmatch(rb"[-+]?\d+(,\d+)?", word) for word in sample.split())
    return text.replace(b",", b"." if decimal else b" ")


def _rectangle(name: str, values: Float[np.ndarray, " n"], counts: np.ndarray) -> Float[np.ndarray, "l c"]:
    """The rows of a table; lines of one number say how many rows follow.

    Raises: InputError if rows are of different lengths, or not as many as is said.
    """
    width = int(counts.max(initial=0))
    row = counts[counts > 0]
    short = (row != width) & (row != 1)
    if width < 3 or short.any():
        first = int(np.flatnonzero(counts > 0)[short.argmax()])
        raise InputError(f"{name}: expected {max(width, 3)} numbers a line, found {counts[first]} in line {first} of the data.")
    ends = np.cumsum(row) - 1
    promised, present = values[ends[row == 1]], int((row == width).sum())
    if len(promised) and promised.sum() != present:
        raise InputError(f"{name}: promises {promised.sum():.0f} points, has {present}: it was cut short. Export it again.")
    return np.delete(values, ends[row == 1]).reshape(-1, width)


# ---------------------------------------------------------------- columns


def _cloud(path: Path, table: np.ndarray, names: Sequence[str] | None, repair: bool, limits: Limits) -> PointCloud:
    names = names or _guessed(table, path.suffix.lower() == ".pts")
    column = {name: table[:, k] for k, name in enumerate(names) if name != "?"}
    colour, normal = (
        np.stack([column[name] for name in of], axis=1) if set(of) <= set(column) else None
        for of in (("r", "g", "b"), ("nx", "ny", "nz"))
    )
    colour = None if colour is None else unit_colours(colour)
    cloud = sound_cloud(np.stack([column[axis] for axis in "xyz"], axis=1), colour, normal, path, repair, limits)
    unused = table.shape[1] - 3 - 3 * (colour is not None) - 3 * (normal is not None)
    return replace(cloud, report={**cloud.report, "columns_left_out": unused}) if unused else cloud


def _fields(array: np.ndarray) -> tuple[np.ndarray, list[str]]:
    """The columns of an array of named fields, and what they mean."""
    names = [name for name in array.dtype.names or () if array.dtype[name].kind in "fiu" and not array.dtype[name].shape]
    table = np.stack([array[name].ravel().astype(np.float64) for name in names], axis=1) if names else np.zeros((0, 0))
    meanings = [_COLUMNS.get(name.lower(), "?") for name in names]
    if not {"x", "y", "z"} <= set(meanings):
        raise InputError(f"expected fields x, y and z, found {', '.join(array.dtype.names or ())}. Save them by these names.")
    return table, meanings


def _columns_of(where: str, array: np.ndarray) -> Shaped[np.ndarray, "n c"]:
    """An array of three columns or more; leading axes of length one are passed over.

    Raises: InputError that begins with `where`.
    """
    flat = array.reshape(array.shape[-2:]) if array.ndim > 2 and array.size == np.prod(array.shape[-2:]) else array
    if flat.ndim != 2 or flat.shape[1] < 3 or flat.dtype.kind not in "fiu":
        raise InputError(f"{where}: expected numbers [n 3], got {array.dtype} {list(array.shape)}. Save points so.")
    return flat


def _named(arrays: Mapping[str, np.ndarray], names: Iterable[str]) -> str | None:
    """The first of these names that an array has, in whatever case."""
    known = {name.lower(): name for name in arrays}
    return next((known[name] for name in names if name in known), None)


def _guessed(table: np.ndarray, intensity_first: bool) -> list[str]:
    """What columns mean that have no heading: places, then unit vectors are normals, and one triple of the others colours."""
    names = ["x", "y", "z", *("?" for _ in range(table.shape[1] - 3))]
    triples = [slice(k, k + 3) for k in range(3, table.shape[1] - 2)]
    for own in triples:
        if np.mean(np.abs(np.linalg.norm(table[:, own], axis=1) - 1) < 0.05) > 0.9:
            names[own] = ["nx", "ny", "nz"]
            break
    free = [own for own in triples if set(names[own]) == {"?"}]
    ranks = [_colour_rank(table[:, own]) for own in free]
    best = [own for own, rank in zip(free, ranks, strict=True) if rank == min(ranks) < 3]
    if best:
        names[best[0 if len(best) == 1 or not _starts_later(table, best, intensity_first) else -1]] = ["r", "g", "b"]
    return names


def _starts_later(table: np.ndarray, triples: Sequence[slice], intensity_first: bool) -> bool:
    """Whether the last of several triples is that of colours, and what is before it an intensity: channels are alike."""
    first, last = table[:, triples[0]], table[:, triples[-1]]
    return intensity_first or not first[:, 0].any() or (
        np.abs(last[:, 1] - last[:, 2]).mean() < np.abs(first[:, 0] - first[:, 1]).mean() / 2
    )  # fmt: skip


def _colour_rank(triple: Float[np.ndarray, "n 3"]) -> int:
    """How much three columns look like colours: 0 = bytes, 1 = 0..1, 2 = 16 bits, 3 = none."""
    if not np.isfinite(triple).all() or triple.min(initial=0) < 0:
        return 3
    whole, largest = bool((triple == np.round(triple)).all()), triple.max(initial=0)
    return 0 if whole and 1 < largest <= 255 else 1 if largest <= 1 else 2 if whole and largest <= 65535 else 3
