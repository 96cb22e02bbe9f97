"""Polygons cut into triangles, and put together again."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Int

_MOST_CORNERS = 300
"""Of a polygon that is not convex: the time to cut it grows with their square. Larger ones are cut as if they were convex."""


class Cut(NamedTuple):
    """Triangles of polygons."""

    corner: Int[np.ndarray, "f 3"]
    """Index into the corners of all polygons, one polygon after the other."""
    polygon: Int[np.ndarray, " f"]


def triangulate(sizes: Int[np.ndarray, " p"], corners: Float[np.ndarray, "c 3"]) -> Cut:
    """Cut polygons of `sizes` corners at these places into triangles; those of fewer than three corners are left out.

    A polygon is cut from its first corner, or by its ears (Meisters 1975) if that would leave it. Places that are not finite
    are allowed.
    """
    starts = np.cumsum(sizes) - sizes
    counts = np.maximum(sizes - 2, 0)
    polygon = np.repeat(np.arange(len(sizes)), counts)
    first_triangle = np.cumsum(counts) - counts
    step = np.arange(len(polygon)) - first_triangle[polygon]
    first = starts[polygon]
    corner = np.stack([first, first + step + 1, first + step + 2], axis=1)
    if not (sizes > 3).any():
        return Cut(corner, polygon)
    with np.errstate(invalid="ignore", over="ignore"):
        a, b, c = (corners[corner[:, k]] for k in range(3))
        cross = np.cross(b - a, c - a)
        whole = np.stack([np.bincount(polygon, cross[:, k], len(sizes)) for k in range(3)], axis=1)[polygon]
        outside = (cross * whole).sum(1) < -1e-9 * (whole * whole).sum(1)
    bent = np.unique(polygon[outside])
    quads = np.flatnonzero(np.isin(polygon, bent[sizes[bent] == 4])).reshape(-1, 2)
    corner[quads] = starts[polygon[quads[:, 0]], None, None] + [[1, 2, 3], [1, 3, 0]]
    for index in bent.tolist():
        if 4 < sizes[index] <= _MOST_CORNERS:
            own = slice(starts[index], starts[index] + sizes[index])
            triangle = first_triangle[index]
            corner[triangle : triangle + counts[index]] = starts[index] + _ears(corners[own])
    return Cut(corner, polygon)


def _ears(corners: Float[np.ndarray, "c 3"]) -> Int[np.ndarray, "f 3"]:
    """The triangles of one polygon that need not be convex; the rest of one that crosses itself is cut from one corner."""
    edges = np.roll(corners, -1, axis=0) - corners
    normal = np.cross(corners - corners[0], edges).sum(0)
    keep = np.delete(np.arange(3), np.abs(normal).argmax())
    turned = np.sign(np.linalg.det(np.vstack([np.eye(3)[keep], normal])))
    flat = (corners[:, keep] * (1, turned)).tolist()
    left, found = list(range(len(flat))), []
    while len(left) > 3:
        turns = [_side(flat[left[k - 1]], flat[left[k]], flat[left[(k + 1) % len(left)]]) for k in range(len(left))]
        bent = [flat[index] for index, turn in zip(left, turns, strict=True) if turn <= 0]
        for k, turn in enumerate(turns):
            ear = [left[k - 1], left[k], left[(k + 1) % len(left)]]
            if turn > 0 and not any(_within(point, *(flat[index] for index in ear)) for point in bent):
                break
        else:
            break
        found.append(ear)
        del left[k]
    found += [[left[0], left[k], left[k + 1]] for k in range(1, len(left) - 1)]
    return np.array(found)


def _side(a: list[float], b: list[float], c: list[float]) -> float:
    """Twice the area of a triangle, negative if it is clockwise."""
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _within(point: list[float], a: list[float], b: list[float], c: list[float]) -> bool:
    """Whether a point that is none of the corners lies in a triangle, or on its border."""
    return point not in (a, b, c) and _side(a, b, point) >= 0 and _side(b, c, point) >= 0 and _side(c, a, point) >= 0


def outlines(
    corner: Int[np.ndarray, "f 3"], polygon: Int[np.ndarray, " f"]
) -> tuple[Int[np.ndarray, " c"], Int[np.ndarray, " p"]]:
    """Faces as polygons again: all corners, one polygon after the other, and how many each has.

    `corner` says which of a face's corners are one: indices of vertices, or of these with their attributes. Neighbouring faces
    with the same number in `polygon` are put together if they make a polygon without holes; else they remain triangles.
    """
    first = np.flatnonzero(np.diff(polygon, prepend=polygon[:1] - 1))
    counts = np.diff(first, append=len(polygon))
    run = np.repeat(np.arange(len(first)), counts)
    inner = np.flatnonzero(np.arange(len(polygon)) != first[run])
    fan = np.ones(len(first), dtype=bool)
    fits = (corner[inner, 0] == corner[first[run[inner]], 0]) & (corner[inner, 1] == corner[inner - 1, 2])
    fan[run[inner[~fits]]] = False
    loops = {index: _loop(corner[first[index] : first[index] + counts[index]]) for index in np.flatnonzero(~fan).tolist()}
    whole = fan.copy()
    whole[[index for index, loop in loops.items() if loop is not None]] = True
    begins = np.where(whole[run], np.arange(len(polygon)) == first[run], True)
    take = np.stack([begins, begins, np.ones(len(polygon), dtype=bool)], axis=1)
    result = corner.copy()
    for index, loop in loops.items():
        if loop is not None:
            result[first[index] : first[index] + counts[index]][take[first[index] : first[index] + counts[index]]] = loop
    return result[take], np.diff(np.flatnonzero(begins), append=len(polygon)) + 2


def _loop(faces: Int[np.ndarray, "f 3"]) -> list[int] | None:
    """The outline of triangles that make one polygon; None if they don't."""
    sides = {(a, b) for face in faces.tolist() for a, b in zip(face, [*face[1:], face[0]], strict=True)}
    follows = {a: b for a, b in sides if (b, a) not in sides}
    loop = [min(follows)] if follows else []
    while loop and follows.get(loop[-1], loop[0]) != loop[0] and len(loop) <= len(follows):
        loop.append(follows[loop[-1]])
    return loop if len(loop) == len(follows) == len(faces) + 2 else None
