"""Reads files of laser scanners: LAS and LAZ with laspy, PCD with pypcd4, E57 with pye57."""

from __future__ import annotations

import re
import struct
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from meronym.errors import InputError, MissingExtra
from meronym.io.limits import Limits, check_count, check_promise
from meronym.io.shapes.tables import unit_colours

_HEADER = 65536
"""Bytes in which the header of a PCD file must end."""


class Scan(NamedTuple):
    """Points as a file has them."""

    points: np.ndarray
    """[n 3], double precision: map coordinates are large."""
    colour: np.ndarray | None
    """[n 3], 0..1."""
    normal: np.ndarray | None = None
    """[n 3]"""
    empty: int = 0
    """Places of the scanner's grid at which it measured nothing."""


def read_las(path: Path, limits: Limits) -> Scan:
    """The points of a .las or .laz file; colours that use 8 of their 16 bits are scaled by 255.

    Raises: MissingExtra without laspy and lazrs; InputError if the file is cut short; LimitError; laspy's errors.
    """
    try:
        import laspy
        import lazrs  # noqa: F401
    except ImportError as error:
        raise MissingExtra(f"reading {path.suffix.lower()}", "laspy and lazrs", "scans") from error
    count = _check_las(path, limits)
    points, colours = [np.zeros((0, 3))], [np.zeros((0, 3), np.uint16)]
    with laspy.open(path) as file:
        coloured = "red" in file.header.point_format.dimension_names
        for some in file.chunk_iterator(1_000_000):
            points.append(np.stack([some.x, some.y, some.z], axis=1))
            if coloured:
                colours.append(np.stack([some.red, some.green, some.blue], axis=1))
    found, colour = np.concatenate(points), np.concatenate(colours)
    if len(found) != count:
        raise InputError(f"the header promises {count} points, the file has {len(found)}. Export it again.")
    return Scan(found, unit_colours(colour) if colour.any() else None)


def _check_las(path: Path, limits: Limits) -> int:
    """The number of points that the header of a LAS or LAZ file promises (LAS 1.4, 2.4; LAZ: its table of chunks).

    Raises: InputError or LimitError if it is damaged, or promises more than the file holds.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(375)
        if head[:4] != b"LASF" or len(head) < 227:
            raise InputError(f"no header of a LAS file: it begins with {head[:8]!r}. Check its ending.")
        minor, (start, records), (kind, row, count) = (
            head[25],
            struct.unpack_from("<II", head, 96),
            struct.unpack_from("<BHI", head, 104),
        )
        check_promise(path.name, start, size)
        check_promise(path.name, struct.unpack_from("<H", head, 94)[0] + 54 * records, start)
        if minor >= 4 and len(head) == 375:
            first, more, count = struct.unpack_from("<QIQ", head, 235)
            check_promise(path.name, (first + 60 * more) if more else 0, size)
        check_count(path.name, count, limits)
        if not kind & 0x80:
            check_promise(path.name, start + count * row, size)
        elif count:
            file.seek(start)
            table = struct.unpack("<q", file.read(8).ljust(8, b"\0"))[0]
            file.seek(table if 0 <= table <= size - 8 else max(size - 8, 0))
            if struct.unpack("<II", file.read(8).ljust(8, b"\0"))[1] > size:
                raise InputError("the table of its chunks is damaged. Export it again.")
    return int(count)


def read_e57(path: Path, limits: Limits) -> Scan:
    """The points of all scans of an .e57 file, in their common coordinates.

    Raises: MissingExtra without pye57; LimitError; pye57's errors.
    """
    try:
        import pye57
    except ImportError as error:
        raise MissingExtra("reading .e57", "pye57", "scans") from error
    points, colours = [np.zeros((0, 3))], [np.zeros((0, 3))]
    file = pye57.E57(str(path))
    try:
        headers = [file.get_header(k) for k in range(file.scan_count)]
        check_count(path.name, sum(header.point_count for header in headers), limits)
        for k, header in enumerate(headers):
            if not header.point_count:
                continue
            data = file.read_scan(k, colors=True, ignore_missing_fields=True)
            points.append(np.stack([data[f"cartesian{axis}"] for axis in "XYZ"], axis=1))
            if "colorRed" in data:
                colour = np.stack([data[f"color{name}"] for name in ("Red", "Green", "Blue")], axis=1)
                colours.append(colour / _brightest(header))
    finally:
        file.close()
    found, colour = np.concatenate(points), np.concatenate(colours)
    return Scan(found, colour if len(colour) == len(found) else None)


def _brightest(header: Any) -> float:
    """The value of a full colour in a scan; 255 if it is not said."""
    if "colorLimits" not in header.scan_fields:
        return 255.0
    return float(header["colorLimits"]["colorRedMaximum"].value()) or 255.0


def read_pcd(path: Path, limits: Limits) -> Scan:
    """The points of a .pcd file, ASCII, binary or compressed; those that are not a number were not measured, and left out.

    Raises: MissingExtra without pypcd4; InputError if the file is damaged or cut short; LimitError.
    """
    try:
        from pypcd4.pypcd4 import PointCloud
    except ImportError as error:
        raise MissingExtra("reading .pcd", "pypcd4", "scans") from error
    _check_pcd(path, limits)
    cloud = PointCloud.from_path(path)
    data = np.atleast_1d(cloud.pc_data)
    if not {"x", "y", "z"} <= set(cloud.fields):
        raise InputError(f"expected the fields x y z, found {' '.join(cloud.fields)[:80]}. Export it again.")
    points = np.stack([data[axis].astype(np.float64) for axis in "xyz"], axis=1)
    packed = next((name for name in ("rgb", "rgba") if name in cloud.fields and data[name].dtype.itemsize == 4), None)
    colour = None if packed is None else PointCloud.decode_rgb(np.ascontiguousarray(data[packed])) / 255
    axes = ("normal_x", "normal_y", "normal_z")
    normal = np.stack([data[axis] for axis in axes], axis=1) if set(axes) <= set(cloud.fields) else None
    known = ~np.isnan(points).any(axis=1)
    return Scan(
        points[known],
        None if colour is None else colour[known],
        None if normal is None else normal[known],
        int((~known).sum()),
    )


def _check_pcd(path: Path, limits: Limits) -> None:
    """Raises: InputError or LimitError if the header of a PCD file is damaged or promises more than the file holds."""
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(_HEADER)
    end = re.search(rb"(?m)^DATA[ \t]+(\w+)[ \t]*\r?\n", head)
    if end is None:
        raise InputError(f"no header of a PCD file: it begins with {head[:24]!r}. Check its ending.")
    said = {words[0]: words[1:] for line in head[: end.start()].splitlines() if (words := line.split())}
    try:
        count = int(said[b"POINTS"][0])
        each = [int(number) for number in said.get(b"COUNT", [b"1"] * len(said[b"SIZE"]))]
        row = sum(int(number) * times for number, times in zip(said[b"SIZE"], each, strict=True))
    except (KeyError, IndexError, ValueError) as error:
        raise InputError(f"the header of the PCD file is damaged ({error}). Export it again.") from error
    check_count(path.name, count, limits)
    if count < 0 or row <= 0 or min(each) <= 0:
        raise InputError(f"the header promises {count} points of {row} bytes. Export it again.")
    if end[1] == b"ascii":
        with path.open("rb") as file:
            file.seek(end.end())
            present = sum(bool(line.strip()) for line in file)
        if present < count:
            raise InputError(f"the header promises {count} points, the file has {present}. Export it again.")
    elif end[1] == b"binary":
        check_promise(path.name, count * row, size - end.end())
    elif end[1] == b"binary_compressed":
        check_promise(path.name, 8, size - end.end())
        packed, unpacked = struct.unpack("<II", head[end.end() : end.end() + 8])
        check_promise(path.name, packed, size - end.end() - 8)
        if unpacked != count * row:
            raise InputError(f"{count} points of {row} bytes are promised, {unpacked} bytes are packed. Export it again.")
