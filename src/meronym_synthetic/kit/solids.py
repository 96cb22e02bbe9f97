"""Solids with part names.

A part name may carry coarser names before it, from coarse to fine: "arm/forearm".
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from inspect import signature
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from meronym_synthetic.kit.curves import SIDES, Array, around, turn

_RING = np.linspace(0, 2 * np.pi, 25)[:-1]


@dataclass(frozen=True, eq=False)
class Solid:
    """Closed surface with the name of the part that it belongs to."""

    part: str
    vertices: Array
    """[v 3]"""
    faces: NDArray[np.int64]
    """[f 3]"""
    distance: Callable[[Array], Array] | None = None
    """Signed distance to the surface for points [n 3], for solids that may melt into their neighbours."""


def loft(part: str, centres: ArrayLike, axis_a: ArrayLike, axis_b: ArrayLike, cap: bool = True) -> Solid:
    """Skin over elliptic cross-sections: centre [m 3] and two half-axis vectors [m 3] each."""
    centre, a, b = (np.asarray(x, float) for x in (centres, axis_a, axis_b))
    m, n = len(centre), len(_RING)
    rings = centre[:, None] + np.cos(_RING)[None, :, None] * a[:, None] + np.sin(_RING)[None, :, None] * b[:, None]
    vertices = rings.reshape(-1, 3)
    i, j = np.arange(m - 1)[:, None] * n, np.arange(n)[None]
    k = (j + 1) % n
    lower, upper = np.stack([i + j, i + k, i + n + j], -1), np.stack([i + k, i + n + k, i + n + j], -1)
    faces = np.concatenate([lower.reshape(-1, 3), upper.reshape(-1, 3)])
    if cap:
        j = np.arange(n)
        k, top = (j + 1) % n, (m - 1) * n
        faces = np.concatenate(
            [faces, np.stack([k, j, np.full(n, m * n)], 1), np.stack([top + j, top + k, np.full(n, m * n + 1)], 1)]
        )
        vertices = np.concatenate([vertices, centre[[0, -1]]])
    return Solid(part, vertices, faces)


def tube(part: str, path: ArrayLike, radius: ArrayLike, flat: float = 1.0, round_ends: bool = True, melt: bool = True) -> Solid:
    """Tube along a path [m 3] with one radius or one a point; `flat` scales the second half-axis; ends round or cut."""
    points = np.asarray(path, float)
    r = np.broadcast_to(np.asarray(radius, float), (len(points),)).copy()
    tangent = np.gradient(points, axis=0) if len(points) > 2 else np.repeat((points[1] - points[0])[None], 2, 0)
    tangent /= np.linalg.norm(tangent, axis=1, keepdims=True) + 1e-9
    a, b = _transport(tangent)
    centre = points
    if round_ends:
        ease, swell = np.array([1, 0.92, 0.7, 0.35]), np.array([0.02, 0.39, 0.71, 0.94])
        start = points[0] - tangent[0] * r[0] * ease[:, None]
        end = points[-1] + tangent[-1] * r[-1] * ease[::-1, None]
        centre = np.concatenate([start, points, end])
        r_all = np.concatenate([r[0] * swell, r, r[-1] * swell[::-1]])
        a, b = (np.concatenate([x[:1].repeat(4, 0), x, x[-1:].repeat(4, 0)]) for x in (a, b))
    else:
        r_all = r
    skin = loft(part, centre, a * r_all[:, None], b * r_all[:, None] * flat)
    return Solid(part, skin.vertices, skin.faces, (lambda x: _capsules(x, points, r)) if melt else None)


def _transport(tangent: Array) -> tuple[Array, Array]:
    """Frames along a curve that don't twist: two unit normals [m 3] each."""
    helper = np.array([0, 1.0, 0]) if abs(tangent[0, 1]) < 0.9 else np.array([1.0, 0, 0])
    u = np.cross(tangent[0], helper)
    a, b = [], []
    for t in tangent:
        u = u - t * (u @ t)
        u /= np.linalg.norm(u) + 1e-9
        a.append(u)
        b.append(np.cross(t, u))
    return np.array(a), np.array(b)


def _capsules(x: Array, points: Array, radius: Array) -> Array:
    """Distance to a chain of capsules with radii that change linearly."""
    best = np.full(len(x), np.inf)
    for start, end, r0, r1 in zip(points[:-1], points[1:], radius[:-1], radius[1:], strict=True):
        length = np.linalg.norm(end - start) + 1e-9
        along = (end - start) / length
        slope = np.clip((r1 - r0) / length, -0.95, 0.95)
        s = (x - start) @ along
        side = np.linalg.norm(x - start - s[:, None] * along, axis=1)
        s = np.clip(s + side * slope / np.sqrt(1 - slope**2), 0, length)
        best = np.minimum(best, np.linalg.norm(x - start - s[:, None] * along, axis=1) - (r0 + s / length * (r1 - r0)))
    return best


def ellipsoid(
    part: str, centre: ArrayLike, radius: ArrayLike, rotation: Array | None = None, square: float = 1.0, melt: bool = True
) -> Solid:
    """Ellipsoid with half-axes `radius` (one or three); `square` < 1 bulges it towards a box, 0.3 is a cushion."""
    half, c = np.broadcast_to(np.asarray(radius, float), (3,)).copy(), np.asarray(centre, float)

    def bulge(x: Array) -> Array:
        return np.sign(x) * np.abs(x) ** square

    latitude, n, m = np.linspace(-np.pi / 2, np.pi / 2, 17), len(_RING), 17
    ring = bulge(np.cos(latitude))[:, None]
    shape = [ring * bulge(np.cos(_RING)), np.broadcast_to(bulge(np.sin(latitude))[:, None], (m, n))]
    shape.append(ring * bulge(np.sin(_RING)))
    vertices = np.stack(shape, -1).reshape(-1, 3) * half
    i, j = np.arange(m - 1)[:, None] * n, np.arange(n)[None]
    k = (j + 1) % n
    faces = np.concatenate(
        [np.stack([i + j, i + n + j, i + k], -1).reshape(-1, 3), np.stack([i + k, i + n + j, i + n + k], -1).reshape(-1, 3)]
    )
    frame = np.eye(3) if rotation is None else np.asarray(rotation, float)

    def distance(x: Array) -> Array:
        local = ((x - c) @ frame) / half
        return (np.linalg.norm(local, axis=1) - 1) * half.min() * 1.2  # type: ignore[no-any-return]

    return Solid(part, vertices @ frame.T + c, faces, distance if melt else None)


def box(part: str, centre: ArrayLike, half: ArrayLike, rotation: Array | None = None, n: int = 6) -> Solid:
    """Box with half-sizes `half`, each side a grid of n x n squares."""
    grid = np.linspace(-1, 1, n + 1)
    u, v = np.meshgrid(grid, grid, indexing="ij")
    i = (np.arange(n)[:, None] * (n + 1) + np.arange(n)[None]).ravel()
    quads = np.concatenate([np.stack([i, i + 1, i + n + 2], 1), np.stack([i, i + n + 2, i + n + 1], 1)])
    vertices: list[Array] = []
    faces: list[NDArray[np.int64]] = []
    for axis in range(3):
        for side in SIDES:
            sheet = np.empty(((n + 1) ** 2, 3))
            sheet[:, axis], sheet[:, (axis + 1) % 3], sheet[:, (axis + 2) % 3] = side, u.ravel(), v.ravel()
            faces.append((quads if side < 0 else quads[:, ::-1]) + len(vertices) * (n + 1) ** 2)
            vertices.append(sheet)
    local = np.concatenate(vertices) * np.asarray(half, float)
    if rotation is not None:
        local = local @ np.asarray(rotation, float).T
    return Solid(part, local + np.asarray(centre, float), np.concatenate(faces))


def lathe(part: str, profile: ArrayLike, centre: ArrayLike = (0, 0, 0), axis: str = "y") -> Solid:
    """Solid of revolution: profile [m 2] of (radius, height) along "x", "y" or "z", through `centre`."""
    r, y = np.asarray(profile, float).T
    zero = np.zeros_like(r)
    skin = loft(part, np.stack([zero, y, zero], 1), np.stack([r, zero, zero], 1), np.stack([zero, zero, -r], 1))
    rotation = {"x": turn("z", -np.pi / 2), "y": np.eye(3), "z": turn("x", np.pi / 2)}[axis]
    return Solid(part, skin.vertices @ rotation.T + np.asarray(centre, float), skin.faces)


def cylinder(part: str, start: ArrayLike, end: ArrayLike, radius: ArrayLike) -> Solid:
    """Cylinder or cone frustum with flat ends."""
    return tube(part, np.array([start, end], float), radius, round_ends=False)


def wing(
    part: str, root: ArrayLike, tip: ArrayLike, chord: tuple[float, float], thick: float, along: ArrayLike = (0, 0, -1),
    up: ArrayLike = (0, 1, 0),
) -> Solid:  # fmt: skip
    """Wing or fin: half-chords at root and tip along `along`, half-thickness along `up`, thinner to the tip."""
    t = np.linspace(0, 1, 7)[:, None]
    centre = (1 - t) * np.asarray(root, float) + t * np.asarray(tip, float)
    half, height = (1 - t) * chord[0] + t * chord[1], thick * (1 - 0.6 * t)
    centre = np.concatenate([centre, centre[-1:] + (centre[-1] - centre[-2]) * 0.02])
    half, height = (np.concatenate([x, x[-1:] * 0.05]) for x in (half, height))
    return loft(part, centre, half * np.asarray(along, float), height * np.asarray(up, float))


def plate(part: str, outline: ArrayLike, thick: float, centre: ArrayLike = (0, 0, 0), rotation: Array | None = None) -> Solid:
    """Flat body of half-thickness `thick` in z: outline [m 2] of (half-width in x, y), symmetric in x."""
    width, y = np.asarray(outline, float).T
    zero = np.zeros_like(width)
    skin = loft(part, np.stack([zero, y, zero], 1), np.stack([width, zero, zero], 1), np.tile([[0, 0, thick]], (len(y), 1)))
    vertices = skin.vertices if rotation is None else skin.vertices @ np.asarray(rotation, float).T
    return Solid(part, vertices + np.asarray(centre, float), skin.faces)


def prism(part: str, outline: ArrayLike, thick: float, centre: ArrayLike = (0, 0, 0), rotation: Array | None = None) -> Solid:
    """Extruded polygon that is star-shaped about its mean: outline [m 2] in x y, half-thickness in z."""
    edge = np.asarray(outline, float)
    m, middle = len(edge), np.asarray(outline, float).mean(0)
    front, back = (np.concatenate([edge, np.full((m, 1), z)], 1) for z in (thick, -thick))
    vertices = np.concatenate([front, back, [[*middle, thick], [*middle, -thick]]])
    i, j = np.arange(m), (np.arange(m) + 1) % m
    sides = [np.stack([i, m + i, j], 1), np.stack([j, m + i, m + j], 1)]
    lids = [np.stack([i, j, np.full(m, 2 * m)], 1), np.stack([m + j, m + i, np.full(m, 2 * m + 1)], 1)]
    if rotation is not None:
        vertices = vertices @ np.asarray(rotation, float).T
    return Solid(part, vertices + np.asarray(centre, float), np.concatenate(sides + lids))


def move(
    solids: Sequence[Solid], offset: ArrayLike = (0, 0, 0), scale: float = 1.0, rotation: Array | None = None
) -> list[Solid]:
    """The solids rotated, scaled, then shifted; they no longer melt."""
    frame = np.eye(3) if rotation is None else rotation
    return [Solid(p.part, p.vertices @ frame.T * scale + np.asarray(offset, float), p.faces) for p in solids]


def tapered_block(part: str, low: ArrayLike, high: ArrayLike, half: tuple[float, float], top: tuple[float, float]) -> Solid:
    """Straight block between the centres of its lower and upper face; half-sizes in x and z of both faces."""
    cube = box(part, (0, 0, 0), (1, 1, 1), n=4)
    t = (cube.vertices[:, 1:2] + 1) / 2
    size = (1 - t) * np.array([half[0], 0, half[1]]) + t * np.array([top[0], 0, top[1]])
    return Solid(part, cube.vertices * size + (1 - t) * np.asarray(low, float) + t * np.asarray(high, float), cube.faces)


def hoop(part: str, profile: ArrayLike) -> Solid:
    """Solid of revolution around y with a hole through it: profile [m 2] of (radius, height), which is closed."""
    r, y = np.asarray([*np.asarray(profile, float), np.asarray(profile, float)[0]]).T
    zero = np.zeros_like(r)
    return loft(part, np.stack([zero, y, zero], 1), np.stack([r, zero, zero], 1), np.stack([zero, zero, -r], 1), cap=False)


_POINTS = {"centre", "path", "start", "end", "root", "tip", "low", "high"}
"""Arguments of solids that are points [3] or [n 3]."""


def mirrored(solid: Callable[..., Solid], part: str, *arguments: Any, axes: str = "x", **options: Any) -> list[Solid]:
    """The solid with its points and rotation mirrored at the plane x = 0, and as it is; with axes "xz" all four of them.

    >>> left, right = mirrored(box, "armrest", (0.4, 0.6, 0), (0.05, 0.02, 0.3))
    """
    given = signature(solid).bind(part, *arguments, **options).arguments
    solids = []
    for signs in product(SIDES, repeat=len(axes)):
        flip = np.ones(3)
        flip[["xyz".index(axis) for axis in axes]] = signs
        changed = {name: np.asarray(given[name], float) * flip for name in _POINTS & given.keys()}
        if given.get("rotation") is not None:
            changed["rotation"] = flip[:, None] * given["rotation"] * flip
        solids.append(solid(**(given | changed)))
    return solids


def ring_of(
    count: int, solid: Callable[..., Solid], part: str, *arguments: Any, phase: float = 0.0, plane: str = "xz", **options: Any
) -> list[Solid]:
    """Copies whose points are turned about the origin in a plane, evenly spread; the first by `phase` (radians).

    >>> legs = ring_of(3, tube, "leg", [(0, 0.5, 0), (0.3, 0, 0)], 0.02)
    """
    given = signature(solid).bind(part, *arguments, **options).arguments
    first, second = ("xyz".index(axis) for axis in plane)
    solids = []
    for c, s in around(count, phase):
        changed = {name: np.array(given[name], float) for name in _POINTS & given.keys()}
        for points in changed.values():
            a, b = points[..., first].copy(), points[..., second].copy()
            points[..., first], points[..., second] = a * c - b * s, a * s + b * c
        solids.append(solid(**(given | changed)))
    return solids
