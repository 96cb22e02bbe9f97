"""Reads STL files: binary ones with the colours of VisCAM or Magics, and text of one or several solids."""

from __future__ import annotations

import re
import struct
from pathlib import Path

import numpy as np
from jaxtyping import Float, UInt16

from meronym.core.prompts import unique
from meronym.errors import InputError
from meronym.io.limits import check_count, check_promise
from meronym.io.shapes.folder import ShapeFolder
from meronym.io.shapes.join import sound_mesh
from meronym.io.shapes.rows import distinct
from meronym.io.shapes.text import numbers, plain_text
from meronym.types import FaceOrigin, Finish, Mesh

FACET = np.dtype([("normal", "<f4", 3), ("corner", "<f4", (3, 3)), ("colour", "<u2")])
"""A facet of a binary file, 50 bytes."""
_SOLID = re.compile(rb"(?mi)^[ \t]*solid\b[ \t]*([^\n]*)")
_WORDS = (b"endfacet", b"endloop", b"facet", b"normal", b"outer", b"loop", b"vertex")


def read_stl(path: Path, folder: ShapeFolder, repair: bool) -> Mesh:
    """The mesh in an STL file, with a node for each solid of a text.

    Raises: InputError if it is damaged, shows no surface or was cut short (a text may be with `repair`); LimitError.
    """
    data = path.read_bytes()
    count = struct.unpack("<I", data[80:84])[0] if len(data) >= 84 else -1
    colour, names, solid = None, [path.stem], None
    if count >= 0 and len(data) == 84 + 50 * count:
        check_count(path.name, count, folder.limits)
        facets = np.frombuffer(data, FACET, count, 84)
        corners, colour = facets["corner"], _colours(data[:80], facets["colour"])
    elif data.lstrip()[:5].lower() == b"solid" and b"facet" in data[:65536].lower():
        corners, names, solid = _text(path, data, repair)
        check_count(path.name, len(corners), folder.limits)
    elif data.lstrip()[:5].lower() == b"solid" and b"\0" not in data:
        raise InputError(f"{path.name}: no faces: the file has no facets. Export a mesh.")
    elif count < 0:
        raise InputError(f"{path.name}: the file ends in the header ({len(data)} bytes). Export it again.")
    else:
        check_promise(path.name, 50 * count, len(data) - 84)
        raise InputError(f"{path.name}: {len(data) - 84 - 50 * count} bytes more than the header says. Export it again.")
    if not len(corners):
        raise InputError(f"{path.name}: no faces: the file is empty. Export a mesh.")
    flat = corners.reshape(-1, 3).astype(np.float64) + 0.0
    first, index = distinct(flat)
    group = np.zeros(len(corners), dtype=np.int64) if solid is None else solid
    in_group = np.arange(len(group)) - np.searchsorted(group, group)
    mesh = Mesh(
        flat[first],
        index.reshape(-1, 3),
        corner_colour=None if colour is None else np.repeat(colour[:, None], 3, axis=1),
        source=path,
        face_origin=FaceOrigin(tuple(names), group, in_group),
        finish=Finish((), np.full(len(group), -1), np.arange(len(group)), None, tuple((name,) for name in names)),
    )
    return sound_mesh(mesh, path.name, repair, folder.limits, folder.missing)


def _colours(header: bytes, stored: UInt16[np.ndarray, " f"]) -> Float[np.ndarray, "f 3"] | None:
    """Colours of 15 bits. Magics states one for all in the header and marks facets that have it; VisCAM marks facets with
    their own, red highest."""
    parts = np.stack([stored >> shift & 31 for shift in (0, 5, 10)], axis=1).astype(np.float32) / 31
    marked = (stored & 0x8000) > 0
    place = header.find(b"COLOR=")
    if place >= 0 and place + 9 <= len(header):
        common = np.frombuffer(header, np.uint8, 3, place + 6).astype(np.float32) / 255
        return np.where(marked[:, None], common, parts)
    return np.where(marked[:, None], parts[:, ::-1], np.float32(1)) if marked.any() else None


def _text(path: Path, data: bytes, repair: bool) -> tuple[np.ndarray, list[str], np.ndarray]:
    """Corners [f 3 3], names of the solids that have facets, and the solid of each facet."""
    text = plain_text(data)
    lower = text.lower()
    end = lower.rfind(b"endfacet") + len(b"endfacet")
    whole = lower.count(b"facet") == 2 * lower.count(b"endfacet") and b"endsolid" in lower[end:]
    if not whole and not repair:
        raise InputError(
            f"{path.name}: {lower.count(b'endfacet')} facets, then the file ends without 'endsolid': it was cut "
            "short. Use repair to read these, or export it again."
        )
    solids = [match for match in _SOLID.finditer(text) if match.start() < end]
    starts = [match.start() for match in solids]
    counts = np.array([lower.count(b"endfacet", a, b) for a, b in zip(starts, [*starts[1:], len(lower)], strict=True)])
    names = [match[1].strip().decode() or path.stem for match in solids]
    body = re.sub(rb"(?m)^[ \t]*(end)?solid\b[^\n]*", b"", lower[:end])
    for word in _WORDS:
        body = body.replace(word, b" ")
    values, _ = numbers(body, path.name)
    if len(values) != 12 * counts.sum():
        raise InputError(f"{path.name}: {counts.sum()} facets have {len(values)} numbers, not 12 each. Export it again.")
    kept = np.flatnonzero(counts)
    shown = unique([names[index] for index in kept], {"world"})
    return values.reshape(-1, 4, 3)[:, 1:], shown, np.repeat(np.arange(len(kept)), counts[kept])
