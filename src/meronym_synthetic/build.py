"""Joins solids into one mesh with a part name for every face."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from meronym_synthetic.kit.curves import Array
from meronym_synthetic.kit.registry import Kind
from meronym_synthetic.kit.rng import Rng
from meronym_synthetic.kit.solids import Solid

MELT_PROBABILITY = 0.7
"""Share of organic shapes that become one skin instead of touching solids."""


@dataclass(frozen=True, eq=False)
class Labelled:
    """A mesh whose faces have part names."""

    vertices: Array
    """[v 3]"""
    faces: NDArray[np.int64]
    """[f 3]"""
    part: NDArray[np.int64]
    """[f] index into names."""
    names: tuple[str, ...]
    """Part names, sorted; "arm/forearm" = a forearm, which is part of an arm."""


def build(kind: Kind, rng: np.random.Generator, melt: bool | None = None) -> Labelled:
    """Make one shape of a kind: its solids, melted or joined, then slightly warped as a whole.

    `melt` forces (True) or forbids (False) one skin for organic kinds; None = at random.
    """
    solids = kind.make(Rng(rng))
    names = tuple(sorted({solid.part for solid in solids}))
    draw = rng.random()
    skins = []
    if kind.organic and (draw < MELT_PROBABILITY if melt is None else melt):
        soft = [solid for solid in solids if solid.distance is not None]
        if soft:
            solids = [solid for solid in solids if solid.distance is None]
            skins.append(_melt(soft, names, rng))
    for solid in solids:
        face = solid.faces if _volume(solid) >= 0 else solid.faces[:, ::-1]
        skins.append((solid.vertices, face, np.full(len(face), names.index(solid.part))))
    first = np.cumsum([0, *(len(vertices) for vertices, _, _ in skins)])
    faces = np.concatenate([face + start for (_, face, _), start in zip(skins, first, strict=False)])
    vertices = _warp(np.concatenate([v for v, _, _ in skins]), rng)
    return Labelled(vertices, faces, np.concatenate([part for _, _, part in skins]), names)


def _volume(solid: Solid) -> float:
    a, b, c = (solid.vertices[solid.faces[:, k]] for k in range(3))
    return float(np.einsum("ij,ij->", a, np.cross(b, c)))


def _melt(
    soft: list[Solid], names: tuple[str, ...], rng: np.random.Generator, resolution: int = 72
) -> tuple[Array, NDArray[np.int64], NDArray[np.int64]]:
    """Smooth union of solids that have a distance function; a face belongs to the nearest solid."""
    from skimage.measure import marching_cubes

    corners = np.concatenate([solid.vertices for solid in soft])
    low, high = corners.min(0) - 0.06, corners.max(0) + 0.06
    step = (high - low).max() / resolution
    size = np.ceil((high - low) / step).astype(int) + 1
    axes = [low[i] + step * np.arange(size[i]) for i in range(3)]
    grid = np.stack(np.meshgrid(*axes, indexing="ij"), -1).reshape(-1, 3)
    softness = rng.uniform(0.015, 0.05)
    total = np.zeros(len(grid))
    for solid in soft:
        assert solid.distance is not None
        near = _near(grid, solid, 6 * softness)
        total[near] += np.exp(-np.clip(solid.distance(grid[near]), -1, 1) / softness)
    field = -softness * np.log(total + np.exp(-6.0))
    vertices, faces, _, _ = marching_cubes(field.reshape(size), 0.0, spacing=(step,) * 3)
    vertices, faces = vertices.astype(float) + low, faces.astype(np.int64)
    centre = vertices[faces].mean(1)
    owner = np.stack([solid.distance(centre) for solid in soft if solid.distance is not None]).argmin(0)
    return vertices, faces, np.array([names.index(solid.part) for solid in soft])[owner]


def _near(grid: Array, solid: Solid, margin: float) -> NDArray[np.int64]:
    low, high = solid.vertices.min(0) - margin, solid.vertices.max(0) + margin
    return np.nonzero(((grid >= low) & (grid <= high)).all(1))[0]


def _warp(vertices: Array, rng: np.random.Generator) -> Array:
    """A mild uneven scale and a smooth random bend, so that nothing is perfectly straight."""
    bent = vertices * rng.uniform(0.85, 1.18, 3)
    size = np.ptp(bent, axis=0).max()
    for _ in range(3):
        wave = rng.normal(0, 2.2 / size, 3)
        shift = rng.normal(0, 0.025 * size, 3)
        bent = bent + shift * np.sin(bent @ wave + rng.uniform(0, 6))[:, None]
    return bent
