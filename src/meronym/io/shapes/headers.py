"""Checks of a shape's file before a parser reads it: the promises of its header against its size and the limits."""

from __future__ import annotations

import re
import struct
from pathlib import Path

from meronym.errors import InputError
from meronym.io.limits import Limits, check_count, check_promise, check_size

_HEADER = 65536
"""Bytes in which a header must end."""
_PLY_BYTES = {
    **dict.fromkeys(("char", "uchar", "int8", "uint8"), 1),
    **dict.fromkeys(("short", "ushort", "int16", "uint16", "float16"), 2),
    **dict.fromkeys(("int", "uint", "float", "int32", "uint32", "float32"), 4),
    **dict.fromkeys(("double", "float64", "int64", "uint64"), 8),
}


def check_stl(path: Path, limits: Limits) -> None:
    """Raises: InputError or LimitError if the header of an STL file does not fit its size or the limits."""
    size = check_size(path, limits)
    with path.open("rb") as file:
        head = file.read(_HEADER)
    count = struct.unpack("<I", head[80:84])[0] if len(head) >= 84 else -1
    if count >= 0 and size == 84 + 50 * count:
        check_count(path.name, count, limits)
    elif not head.lstrip().lower().startswith(b"solid"):
        if count < 0:
            raise InputError(f"{path.name}: the file ends in the header ({size} bytes). Export it again.")
        check_promise(path.name, 50 * count, size - 84)
        raise InputError(f"{path.name}: {size - 84 - 50 * count} bytes more than the header says. Export it again.")


def check_ply(path: Path, limits: Limits) -> None:
    """Raises: InputError or LimitError if the header of a PLY file is damaged or promises more than the file holds."""
    size = check_size(path, limits)
    with path.open("rb") as file:
        head = file.read(_HEADER)
    end = re.search(rb"(?m)^end_header[ \t]*\r?\n?", head)
    if not re.match(rb"ply\s", head):
        raise InputError(f"{path.name}: not a PLY file, it begins with {head[:8]!r}. Check its ending.")
    if end is None:
        raise InputError(f"{path.name}: the file ends in the header ({size} bytes). Export it again.")
    ascii_data, promised, lines, row, count = b"format ascii" in head, 0, 0, 0, 0
    for line in [*head[: end.start()].splitlines(), b"element end 0"]:
        words = line.decode("utf-8", "replace").split()
        if words[:1] == ["element"]:
            promised, lines = promised + count * row, lines + count
            if len(words) != 3 or not words[2].isdecimal():
                raise InputError(f"{path.name}: cannot read the header line {line[:60]!r}. Export it again.")
            count, row = int(words[2]), 0
            check_count(path.name, count, limits)
        elif words[:1] == ["property"] and len(words) >= 3:
            if ascii_data:
                row += 2
            elif words[1] in _PLY_BYTES or (words[1] == "list" and words[2] in _PLY_BYTES):
                row += _PLY_BYTES[words[2] if words[1] == "list" else words[1]]
            else:
                raise InputError(f"{path.name}: unknown type in the header line {line[:60]!r}. Export it again.")
    check_promise(path.name, promised - ascii_data, size - end.end())
    if ascii_data:
        _check_lines(path, end.end(), lines)


def check_off(path: Path, limits: Limits) -> None:
    """Raises: InputError or LimitError if the header of an OFF file is damaged or promises more than the file holds."""
    size = check_size(path, limits)
    with path.open("rb") as file:
        head = re.sub(rb"#[^\n]*", b"", file.read(_HEADER))
    match = re.match(rb"\s*C?OFF\s+(\d+)\s+(\d+)(?=\s)", head)
    if match is None:
        raise InputError(f"{path.name}: expected OFF and two counts, the file begins with {head[:24]!r}. Export it again.")
    vertices, faces = int(match[1]), int(match[2])
    check_count(path.name, max(vertices // 3, faces), limits)
    check_promise(path.name, 6 * vertices + 4 * faces, size)
    header = sum(bool(line.strip()) for line in head[: match.end()].splitlines())
    _check_lines(path, 0, vertices + faces, header)


def _check_lines(path: Path, start: int, promised: int, header: int = 0) -> None:
    """Raises: InputError if fewer lines than promised hold data from byte `start` on, after `header` other lines."""
    with path.open("rb") as file:
        file.seek(start)
        present = sum(bool(line.partition(b"#")[0].strip()) for line in file) - header
    if present < promised:
        raise InputError(
            f"{path.name}: the header promises {promised} lines of data, the file has {present}: it was cut short. Export it "
            "again."
        )


def check_obj(path: Path, limits: Limits) -> None:
    """Raises: InputError or LimitError if an OBJ file holds too many faces, or counts vertices in a way that trimesh cannot."""
    check_size(path, limits)
    faces, relative = 0, False
    with path.open("rb") as file:
        for line in file:
            if line.startswith((b"f ", b"f\t")):
                faces += 1
                relative = relative or b" -" in line or b"\t-" in line
            elif relative and line.startswith((b"v ", b"v\t")):
                raise InputError(
                    f"{path.name}: faces count vertices backwards (as in {b'f -3 -2 -1'!r}) before all vertices are given. "
                    "Export it with absolute indices."
                )
    check_count(path.name, faces, limits)


def first_bad_face(text: str) -> str:
    """The first face of an OBJ file that refers to a missing vertex, described for an error."""
    lines = text.splitlines()
    count = sum(line.startswith("v ") for line in lines)
    for index, line in enumerate(line for line in lines if line.startswith("f ")):
        for corner in line.split()[1:]:
            number = corner.split("/")[0].lstrip("-")
            if not number.isdecimal() or not 1 <= int(number) <= count:
                return f"face {index} ({line[:60]!r}) refers to vertex {corner}, but there are {count}"
    return "a face refers to a texture coordinate or normal that is not there"
