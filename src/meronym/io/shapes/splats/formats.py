"""Rows of Gaussians from files: PLY as 3DGS, gsplat and nerfstudio write it, SuperSplat's compressed PLY, .splat and .spz.

All become rows as 3DGS's PLY has them. Of PLY files every property is kept, with its own type.
"""

from __future__ import annotations

import gzip
import struct
from pathlib import Path

import numpy as np
from jaxtyping import Float, UInt8

from meronym.core.gaussians import rows_of
from meronym.errors import InputError
from meronym.io.limits import Limits, check_count, check_promise, check_size
from meronym.io.shapes.ply.file import read_ply_file
from meronym.types import SH_CONSTANT

_CHUNK = 256
"""Gaussians in a chunk of a compressed PLY file."""
_SPLAT = np.dtype([("place", "<f4", 3), ("scale", "<f4", 3), ("colour", "u1", 4), ("turn", "u1", 4)])
"""A Gaussian of a .splat file, 32 bytes."""
RESTS = (0, 9, 24, 45)
"""Numbers of coefficients f_rest_* of spherical harmonics of degree 0 to 3."""


def ply_rows(path: Path, limits: Limits) -> np.ndarray:
    """Rows of a PLY file of Gaussians; those that nerfstudio wrote with colours of bytes get f_dc_* besides.

    Raises: InputError if it is damaged; LimitError if it is too large.
    """
    tables = _tables(path, limits)
    rows = tables["vertex"]
    names = set(rows.dtype.names or ())
    if "packed_rotation" in names:
        return _unpacked(tables, path.name)
    without = "f_dc_0" not in names and {"red", "green", "blue"} <= names
    return _with_harmonics(rows) if without else rows


def splat_rows(path: Path, limits: Limits) -> np.ndarray:
    """Rows of a .splat file (antimatter15): 32 bytes each, without a header.

    Raises: InputError if its size is no multiple of that; LimitError if it is too large.
    """
    size = check_size(path, limits)
    if size % _SPLAT.itemsize:
        raise InputError(f"{path.name}: {size} bytes, expected a multiple of 32: it was cut short. Export it again.")
    check_count(path.name, size // _SPLAT.itemsize, limits)
    table = np.fromfile(path, _SPLAT)
    with np.errstate(divide="ignore", invalid="ignore"):  # a scale of 0 is a logarithm of -inf, one below 0 is refused later
        scale = np.log(table["scale"])
    turn = table["turn"] / 127.5 - 1
    colour = table["colour"] / 255
    return rows_of(table["place"], scale, turn, _logit(colour[:, 3]), (colour[:, :3] - 0.5) / SH_CONSTANT)


def spz_rows(path: Path, limits: Limits) -> np.ndarray:
    """Rows of an .spz file (Niantic) of version 2 or 3, in the file's own axes.

    Raises: InputError if it is damaged or of another version; LimitError if it is too large.
    """
    check_size(path, limits)
    with path.open("rb") as raw:
        packed = raw.read(2) == b"\x1f\x8b"
    with gzip.open(path) if packed else path.open("rb") as file:
        head = file.read(16)
        if len(head) < 16 or head[:4] != b"NGSP":
            raise InputError(f"{path.name}: not an .spz file, it begins with {head[:4]!r}. Check its ending.")
        version, count, degree, fraction = struct.unpack("<IIBB", head[4:14])
        if version not in (2, 3) or degree > 3 or not packed:
            raise InputError(
                f"{path.name}: version {version} with harmonics of degree {degree}; versions 2 and 3 up to degree 3 are read. "
                "Convert it: npx @playcanvas/splat-transform FILE.spz FILE.ply"
            )
        check_count(path.name, count, limits)
        widths = {"place": 9, "alpha": 1, "colour": 3, "scale": 3, "turn": 3 if version == 2 else 4, "rest": RESTS[degree]}
        promised = count * sum(widths.values())
        data = file.read(promised + 1)
    check_promise(path.name, promised, len(data))
    columns, start = {}, 0
    for name, width in widths.items():
        columns[name] = np.frombuffer(data, np.uint8, count * width, start).reshape(count, width)
        start += count * width
    place = np.zeros((count, 3, 4), np.uint8)
    place[:, :, 1:] = columns["place"].reshape(count, 3, 3)  # the low byte empty, so that the sign is the sign
    points = (place.view("<i4")[:, :, 0] >> 8) / 2.0**fraction
    turn = _turn(columns["turn"])
    rest = (columns["rest"].reshape(count, -1, 3).swapaxes(1, 2).reshape(count, -1) - 128.0) / 128
    f_dc = (columns["colour"] / 255 - 0.5) / 0.15
    return rows_of(points, columns["scale"] / 16 - 10.0, turn, _logit(columns["alpha"][:, 0] / 255), f_dc, rest)


# ---------------------------------------------------------------- PLY


def _tables(path: Path, limits: Limits) -> dict[str, np.ndarray]:
    """The elements of a PLY file as structured arrays, in single precision if it is text; those with lists are left out."""
    file = read_ply_file(path.read_bytes(), limits, False)
    tables = dict[str, np.ndarray]()
    for element, columns in file.columns.items():
        if file.lists[element] or not columns:
            continue
        kinds = {
            name: "f4" if file.in_text and values.dtype.kind == "f" else values.dtype.str[1:]
            for name, values in columns.items()
        }
        table = np.empty(len(next(iter(columns.values()))), [(name, "<" + kind) for name, kind in kinds.items()])
        for name, values in columns.items():
            table[name] = values
        tables[element] = table
    if "vertex" not in tables:
        raise InputError(f"{path.name}: its vertices have lists, or it has none. Export it again.")
    return tables


def _with_harmonics(rows: np.ndarray) -> np.ndarray:
    """Rows with f_dc_* from red, green and blue."""
    added = [(f"f_dc_{k}", "<f4") for k in range(3)]
    result = np.empty(len(rows), np.dtype([*((name, rows.dtype[name]) for name in rows.dtype.names or ()), *added]))
    for name in rows.dtype.names or ():
        result[name] = rows[name]
    for k, name in enumerate(("red", "green", "blue")):
        unit = rows[name] / 255 if rows.dtype[name].kind == "u" else rows[name]
        result[f"f_dc_{k}"] = (unit - 0.5) / SH_CONSTANT
    return result


def _unpacked(tables: dict[str, np.ndarray], name: str) -> np.ndarray:
    """Rows of SuperSplat's compressed PLY: chunks of 256 Gaussians with bounds, between which 32 bits choose."""
    packed, count = tables["vertex"], len(tables["vertex"])
    chunk = tables.get("chunk", np.empty(0))
    if len(chunk) * _CHUNK < count or not {"packed_position", "packed_scale", "packed_color"} <= set(packed.dtype.names or ()):
        raise InputError(f"{name}: {count} packed Gaussians and {len(chunk)} chunks of 256. Export it again.")
    number = np.arange(count) // _CHUNK

    def between(column: str, low: str, high: str, shift: int, bits: int) -> Float[np.ndarray, " n"]:
        share: np.ndarray = ((packed[column] >> shift) & (2**bits - 1)) / (2**bits - 1)
        if low in (chunk.dtype.names or ()):
            share = chunk[low][number] * (1 - share) + chunk[high][number] * share
        return share

    def vector(column: str, kind: str, axes: str, layout: tuple[tuple[int, int], ...]) -> Float[np.ndarray, "n 3"]:
        parts = zip(axes, layout, strict=True)
        return np.stack([between(column, f"min_{kind}{axis}", f"max_{kind}{axis}", *place) for axis, place in parts], 1)

    wide, bytes_ = ((21, 11), (11, 10), (0, 11)), ((24, 8), (16, 8), (8, 8))
    three = np.stack([((packed["packed_rotation"] >> shift) & 1023) / 1023 - 0.5 for shift in (20, 10, 0)], 1) * 2**0.5
    colour = vector("packed_color", "", "rgb", bytes_)
    rest = None
    if "sh" in tables:
        columns = [tables["sh"][f"f_rest_{k}"] for k in range(len(tables["sh"].dtype.names or ()))]
        rest = (((np.stack(columns, 1) + 0.5) / 256) - 0.5) * 8
    return rows_of(
        vector("packed_position", "", "xyz", wide), vector("packed_scale", "scale_", "xyz", wide),
        _with_largest(three, packed["packed_rotation"] >> 30), _logit((packed["packed_color"] & 255) / 255),
        (colour - 0.5) / SH_CONSTANT, rest,
    )  # fmt: skip


# ---------------------------------------------------------------- what several formats share


def _turn(packed: UInt8[np.ndarray, "n b"]) -> Float[np.ndarray, "n 4"]:
    """Quaternions w x y z of .spz: three bytes x y z, or, in 32 bits, which of x y z w is the largest, and the three others."""
    if packed.shape[1] == 3:
        xyz = packed / 127.5 - 1
        return np.concatenate([np.sqrt(np.maximum(1 - np.square(xyz).sum(1, keepdims=True), 0)), xyz], 1)
    bits = np.ascontiguousarray(packed).view("<u4")[:, 0]
    three = np.stack([(bits >> shift) & 1023 for shift in (20, 10, 0)], 1).astype(np.int64)
    signed = (three & 511) / 511 * np.where(three >> 9, -1, 1) * 0.5**0.5
    return _with_largest(signed, bits >> 30)[:, [3, 0, 1, 2]]


def _with_largest(three: Float[np.ndarray, "n 3"], largest: np.ndarray) -> Float[np.ndarray, "n 4"]:
    """Unit quaternions from three components and the place of the fourth, the largest, among them."""
    fourth = np.sqrt(np.maximum(1 - np.square(three).sum(1), 0))
    place = np.arange(4)[None] - (np.arange(4) > largest[:, None])
    result = np.take_along_axis(three, np.minimum(place, 2), 1)
    result[np.arange(len(three)), largest] = fourth
    return result


def _logit(opacity: Float[np.ndarray, " n"]) -> Float[np.ndarray, " n"]:
    """Logits of opacities in steps of 1 / 255; finite, and rounded back they are the same."""
    inner = opacity.clip(0.001, 0.999)
    logit: np.ndarray = np.log(inner / (1 - inner))
    return logit
