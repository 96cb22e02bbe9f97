"""Reads OFF files (Geomview): polygons with colours, and normals and colours of vertices (COFF, NOFF, STOFF)."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
from jaxtyping import Float, Int

from meronym.errors import InputError
from meronym.io.limits import check_count, check_promise
from meronym.io.shapes.folder import ShapeFolder
from meronym.io.shapes.polygon_mesh import Polygons, polygon_mesh
from meronym.io.shapes.tables import unit_colours
from meronym.io.shapes.text import numbers, plain_text, ragged
from meronym.types import Shape

_HEAD = re.compile(rb"\s*(?:(ST)?(C)?(N)?OFF\b)\s*(\d+)\s+(\d+)(?:[ \t]+\d+)?[ \t]*(?=\n|$)")


def read_off(path: Path, folder: ShapeFolder, repair: bool) -> Shape:
    """The mesh in an OFF file, or its points if it has no faces.

    Raises: InputError if it is damaged, shows no surface, or refers to what is not there (unless `repair`); LimitError.
    """
    text = plain_text(path.read_bytes())
    if b"#" in text:
        text = re.sub(rb"#[^\n]*", b"", text)
    head = _HEAD.match(text)
    if head is None:
        raise InputError(f"{path.name}: expected OFF and two counts, the file begins with {text[:24]!r}. Export it again.")
    count, faces = int(head[4]), int(head[5])
    check_count(path.name, max(count // 3, faces), folder.limits)
    check_promise(path.name, 6 * count + 4 * faces, len(text))
    values, per_line = numbers(text[head.end() :], path.name)
    per_line = per_line[per_line > 0]
    if len(per_line) < count + faces:
        kind, there, said = (
            ("vertices", len(per_line), count) if len(per_line) < count else ("faces", len(per_line) - count, faces)
        )
        raise InputError(
            f"{path.name}: the header promises {count + faces} lines of data, the file has {len(per_line)} ({there} of {said} "
            f"{kind}): it was cut short. Export it again."
        )
    ends = np.cumsum(per_line)
    split = int(ends[count - 1]) if count else 0
    table = _vertices(path.name, values[:split], per_line[:count])
    rows = values[split : int(ends[count + faces - 1])] if faces else values[:0]
    sizes, corner, colour = _faces(path.name, rows, per_line[count : count + faces])
    normal = table[:, 3:6] if head[3] and table.shape[1] > 5 else None
    start = 6 if head[3] else 3
    at_vertex = table[:, start : start + 3] if table.shape[1] >= start + 3 else None
    polygons = Polygons(
        table[:, :3],
        sizes,
        corner,
        colour=None if at_vertex is None else unit_colours(at_vertex),
        normal=normal,
        polygon_colour=colour,
    )
    return polygon_mesh(polygons, path, folder, repair)


def _vertices(name: str, values: Float[np.ndarray, " n"], per_line: Int[np.ndarray, " v"]) -> Float[np.ndarray, "v c"]:
    width = int(per_line.max(initial=3))
    short = per_line != width
    if short.any() or width < 3:
        first = int(short.argmax())
        raise InputError(f"{name}: vertex {first} has {per_line[first]} numbers, others have {width}. Export it again.")
    return values.reshape(-1, width)


def _faces(
    name: str, values: Float[np.ndarray, " n"], per_line: Int[np.ndarray, " p"]
) -> tuple[Int[np.ndarray, " p"], Int[np.ndarray, " c"], Float[np.ndarray, "p 3"] | None]:
    """Corners of each face, the vertices at these, and the colours that follow them on their lines."""
    starts = np.cumsum(per_line) - per_line
    sizes = values[starts].astype(np.int64)
    cut = (sizes < 0) | (sizes + 1 > per_line)
    if cut.any():
        first = int(cut.argmax())
        raise InputError(
            f"{name}: face {first} promises {sizes[first]} corners, its line has {per_line[first] - 1}: it was cut short or is "
            "damaged. Export it again."
        )
    inner = np.arange(len(values)) - np.repeat(starts, per_line)
    corner = values[(inner > 0) & (inner <= np.repeat(sizes, per_line))].astype(np.int64)
    rest = per_line - sizes - 1
    if not len(rest) or rest.max() < 3:
        return sizes, corner, None
    colour = ragged(values[inner > np.repeat(sizes, per_line)], rest, 3, np.nan)
    grey = np.isnan(colour).any(axis=1)
    return sizes, corner, np.where(grey[:, None], 0.8, np.clip(unit_colours(colour), 0, 1))
