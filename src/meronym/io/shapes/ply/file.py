"""Takes PLY files apart (Turk, 1994): header, and the columns of every element, in text or in binary of either order."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from jaxtyping import Int, Shaped

from meronym.errors import InputError
from meronym.io.limits import Limits, check_count, check_promise
from meronym.io.shapes.text import numbers, plain_text

_HEADER = 65536
"""Bytes in which a header must end."""
TYPES = {
    **{"char": "i1", "int8": "i1", "uchar": "u1", "uint8": "u1", "short": "i2", "int16": "i2", "ushort": "u2", "uint16": "u2"},
    **{"int": "i4", "int32": "i4", "uint": "u4", "uint32": "u4", "int64": "i8", "uint64": "u8"},
    **{"float16": "f2", "float": "f4", "float32": "f4", "double": "f8", "float64": "f8"},
}
"""numpy's type of each type of a property; the commoner of two names first."""


@dataclass(frozen=True)
class Rows:
    """A list property: rows of different lengths."""

    values: Shaped[np.ndarray, " n"]
    """Of all rows, one after the other."""
    counts: Int[np.ndarray, " r"]


@dataclass(frozen=True)
class PlyFile:
    """The content of a PLY file."""

    columns: Mapping[str, Mapping[str, np.ndarray]]
    """Scalar properties by element and name, in lower case."""
    lists: Mapping[str, Mapping[str, Rows]]
    """List properties by element and name, in lower case."""
    comments: tuple[str, ...]
    in_text: bool
    """Its numbers are text, and in double precision whatever the header states."""


@dataclass
class _Element:
    name: str
    count: int
    properties: list[tuple[str, str, str | None]] = field(default_factory=list)
    """Name, numpy's type of its values, and for a list that of its count."""


def read_ply_file(data: bytes, limits: Limits, repair: bool) -> PlyFile:
    """The content of a PLY file.

    With `repair`, a list whose length is damaged has -1 in place of its values, if the rest tells how long it was.

    Raises: InputError if it is damaged, or its header promises more than the file holds; LimitError if it is too large.
    """
    head = data[:_HEADER]
    end = re.search(rb"(?m)^end_header[ \t]*\r?\n?", head)
    if not re.match(rb"ply\s", head):
        raise InputError(f"not a PLY file, it begins with {head[:8]!r}. Check its ending.")
    if end is None:
        raise InputError(f"the file ends in the header ({len(data)} bytes). Export it again.")
    order, elements, comments = _header(plain_text(head[: end.start()]).decode(), limits)
    body = data[end.end() :]
    at_least = sum(element.count * _smallest(element, order == "") for element in elements)
    check_promise("PLY", at_least - (order == ""), len(body))
    stream = _Text(numbers(plain_text(body), "PLY")[0]) if order == "" else _Binary(body, order)
    columns, lists = dict[str, dict[str, np.ndarray]](), dict[str, dict[str, Rows]]()
    for element in elements:
        columns[element.name], lists[element.name] = {}, {}
        if element.properties:
            columns[element.name], lists[element.name] = _uniform(stream, element, repair) or _walked(stream, element)
    return PlyFile(columns, lists, comments, order == "")


def _header(text: str, limits: Limits) -> tuple[str, list[_Element], tuple[str, ...]]:
    """numpy's sign for the order of bytes ("" = text), the elements, and the comments."""
    order, elements, comments = "", list[_Element](), list[str]()
    for line in text.split("\n"):
        words = line.split()
        keyword = words[0] if words else ""
        if keyword == "format" and len(words) > 1:
            orders = {"ascii": "", "binary_little_endian": "<", "binary_big_endian": ">"}
            if words[1] not in orders:
                raise InputError(f"unknown format in the header line {line[:60]!r}. Export it again.")
            order = orders[words[1]]
        elif keyword in ("comment", "obj_info"):
            comments.append(line.partition(" ")[2].strip())
        elif keyword == "element":
            if len(words) != 3 or not words[2].isdecimal():
                raise InputError(f"cannot read the header line {line[:60]!r}. Export it again.")
            elements.append(_Element(words[1].lower(), int(words[2])))
            check_count(f"element {words[1]}", int(words[2]), limits)
        elif keyword == "property":
            kinds = words[2:4] if len(words) == 5 and words[1] == "list" else words[1:2]
            if not elements or len(words) not in (3, 5) or any(kind not in TYPES for kind in kinds):
                raise InputError(f"unknown type in the header line {line[:60]!r}. Export it again.")
            types = [TYPES[kind] for kind in kinds]
            if any(name == words[-1].lower() for name, _, _ in elements[-1].properties):
                raise InputError(f"element {elements[-1].name!r:.60} has two properties {words[-1]!r:.60}. Export it again.")
            elements[-1].properties.append((words[-1].lower(), types[-1], types[0] if len(types) == 2 else None))
    return order, elements, tuple(comments)


def _smallest(element: _Element, is_text: bool) -> int:
    """Bytes that a row takes at least."""
    return sum(2 if is_text else np.dtype(counted or kind).itemsize for _, kind, counted in element.properties)


# ---------------------------------------------------------------- rows


@dataclass
class _Binary:
    data: bytes
    order: str
    place: int = 0
    """Byte at which the next element begins."""

    @property
    def end(self) -> int:
        return len(self.data)

    def size(self, kind: str) -> int:
        return np.dtype(kind).itemsize

    def one(self, place: int, kind: str) -> int:
        """A whole number."""
        return int(np.frombuffer(self.data, self.order + kind, 1, place)[0])

    def table(self, fields: list[tuple[str, int]], count: int) -> list[Shaped[np.ndarray, "r w"]] | None:
        """`count` rows of fields, each so many numbers of a type; None if there are not as many rows."""
        dtype = np.dtype([(f"f{k}", self.order + kind, (width,)) for k, (kind, width) in enumerate(fields)])
        if self.place + dtype.itemsize * count > self.end:
            return None
        rows = np.frombuffer(self.data, dtype, count, self.place)
        return [rows[f"f{k}"].astype(kind) for k, (kind, _) in enumerate(fields)]

    def pick(self, places: Int[np.ndarray, " n"], kind: str) -> np.ndarray:
        """The numbers of a type that begin at these bytes."""
        size = self.size(kind)
        found = np.frombuffer(self.data, np.uint8)[places[:, None] + np.arange(size)]
        values: np.ndarray = np.ascontiguousarray(found).view(self.order + kind)[:, 0]
        return values.astype(kind)


@dataclass
class _Text:
    """The same of numbers in text, where a place is the index of a number."""

    data: np.ndarray
    place: int = 0

    @property
    def end(self) -> int:
        return len(self.data)

    def size(self, kind: str) -> int:
        return 1

    def one(self, place: int, kind: str) -> int:
        return int(self.data[place])

    def table(self, fields: list[tuple[str, int]], count: int) -> list[np.ndarray] | None:
        width = sum(width for _, width in fields)
        if self.place + width * count > self.end:
            return None
        rows = self.data[self.place : self.place + width * count].reshape(count, width)
        ends = np.cumsum([width for _, width in fields])
        return [_typed(rows[:, end - width : end], kind) for end, (kind, width) in zip(ends, fields, strict=True)]

    def pick(self, places: Int[np.ndarray, " n"], kind: str) -> np.ndarray:
        return _typed(self.data[places], kind)


def _typed(values: np.ndarray, kind: str) -> np.ndarray:
    """Numbers of a text in the type that its header states; whole ones that are too large for it are kept."""
    whole: np.ndarray = np.nan_to_num(values).clip(-(2**53), 2**53)
    return values.astype(np.float64) if kind[0] == "f" else whole.astype(np.int64)


def _uniform(stream: _Binary | _Text, element: _Element, repair: bool) -> tuple[dict[str, np.ndarray], dict[str, Rows]] | None:
    """The rows of an element whose lists have the same length in all; None if they have not.

    With `repair` those of other lengths are taken to be damaged where rows of the same length fill the file.
    """
    fields, place = list[tuple[str, int]](), stream.place
    for _, kind, counted in element.properties:
        width = 1
        if counted is not None:
            if element.count == 0 or place + stream.size(counted) > stream.end:
                return None
            width = stream.one(place, counted)
            place += stream.size(counted)
            if not 0 <= width <= stream.end - place:
                return None
            fields.append((counted, 1))
        fields.append((kind, width))
        place += width * stream.size(kind)
    rows = stream.table(fields, element.count)
    if rows is None:
        return None
    after = stream.place + element.count * sum(stream.size(kind) * width for kind, width in fields)
    columns, lists, number = dict[str, np.ndarray](), dict[str, Rows](), iter(zip(rows, fields, strict=True))
    for name, _, counted in element.properties:
        if counted is None:
            columns[name] = next(number)[0][:, 0]
            continue
        counts = next(number)[0][:, 0].astype(np.int64)
        values, (_, width) = next(number)
        if (counts != width).any():
            if not repair or after != stream.end:
                return None
            values = np.where((counts == width)[:, None], values.astype(np.float64), -1)
        lists[name] = Rows(values.reshape(-1), np.full(len(counts), width))
    stream.place = after
    return columns, lists


def _walked(stream: _Binary | _Text, element: _Element) -> tuple[dict[str, np.ndarray], dict[str, Rows]]:
    """The rows of an element one by one.

    Raises: InputError if the file ends before.
    """
    steps = [
        (stream.size(kind), None if counted is None else (counted, stream.size(counted)))
        for _, kind, counted in element.properties
    ]
    places, counts = np.zeros((len(steps), element.count), dtype=np.int64), np.ones((len(steps), element.count), dtype=np.int64)
    place = stream.place
    for row in range(element.count):
        for k, (size, counted) in enumerate(steps):
            number = 1
            if counted:
                number = stream.one(place, counted[0]) if place + counted[1] <= stream.end else -1
                place += counted[1]
            places[k, row], counts[k, row] = place, number
            place += size * number
            if number < 0 or place > stream.end:
                raise InputError(
                    f"the header promises {element.count} lines of data, the file has {row} of {element.name!r}: the next "
                    f"is damaged or cut short ({element.properties[k][0]!r}). Use repair if it is one, or export it again."
                )
    stream.place = place
    columns, lists = dict[str, np.ndarray](), dict[str, Rows]()
    for (name, kind, is_list), own, many in zip(element.properties, places, counts, strict=True):
        inner = np.arange(many.sum()) - np.repeat(np.cumsum(many) - many, many)
        values = stream.pick(np.repeat(own, many) + inner * stream.size(kind), kind)
        if is_list is None:
            columns[name] = values
        else:
            lists[name] = Rows(values, many)
    return columns, lists
