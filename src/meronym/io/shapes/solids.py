"""The parts of a result as surfaces of their own, standing upright, as printers and robots want them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Int

from meronym.errors import InputError
from meronym.io.documents import part_names
from meronym.io.shapes.caps import capped, open_edges
from meronym.results import Segmentation
from meronym.types import Mesh


class Part(NamedTuple):
    """The surface of one instance of a part."""

    name: str
    label: int
    vertices: Float[np.ndarray, "v 3"]
    faces: Int[np.ndarray, "f 3"]


def parts_of(result: Segmentation, close: bool) -> list[Part]:
    """The parts that have faces, with vertices that touch joined; faces that are lines or points are left out.

    Raises: InputError for a point cloud.
    """
    shape = result.shape
    if not isinstance(shape, Mesh):
        raise InputError("points have no surface of their own. Write .ply or .glb.")
    vertices, joined = np.unique(shape.vertices + 0.0, axis=0, return_inverse=True)
    faces = joined.reshape(-1)[shape.faces]
    solid = (faces != np.roll(faces, 1, axis=1)).all(axis=1)
    parts = []
    for (label, number), name in part_names(result).items():
        own = solid & (result.label == label) & (result.instance == number)
        if not own.any():
            continue
        places, of_part = capped(vertices, faces[own]) if close else (vertices, faces[own])
        used, inverse = np.unique(of_part, return_inverse=True)
        parts.append(Part(name, label, places[used], inverse.reshape(-1, 3)))
    return parts


def not_closed(result: Segmentation) -> tuple[list[str], int]:
    """The names of the parts that are no solids even with caps, since they are flat or branch; and how many parts there are."""
    parts = parts_of(result, True)
    return [part.name for part in parts if open_edges(part.faces) or _volume(part) <= 1e-6 * _box(part)], len(parts)


def _volume(part: Part) -> float:
    a, b, c = (part.vertices[part.faces[:, k]] - part.vertices[0] for k in range(3))
    return float(np.einsum("fi,fi->", a, np.cross(b, c)) / 6)


def _box(part: Part) -> float:
    return float(np.ptp(part.vertices, axis=0).max() ** 3)


def upright(up: object) -> Float[np.ndarray, "3 3"]:
    """The rotation that turns the up axis to z; none if it is not known."""
    if not isinstance(up, list | tuple) or len(up) != 3 or not np.linalg.norm(up):
        return np.eye(3)
    top = np.array(up, np.float64) / np.linalg.norm(up)
    side = np.eye(3)[0] if abs(top[0]) < 0.9 else np.eye(3)[1]
    side = side - (side @ top) * top
    side = side / np.linalg.norm(side)
    return np.stack([side, np.cross(top, side), top])
