"""What the living kinds share: limbs, fins, wings and flattened bodies."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike

from meronym_synthetic.kit import Array, Piece, loft, tube

Range = tuple[float, float]


def vec(x: float, y: float, z: float) -> Array:
    """A point or direction [3]."""
    return np.array([x, y, z], float)


def unit(vector: Array) -> Array:
    """The vector [3] with length 1."""
    return vector / (np.linalg.norm(vector) + 1e-9)


def blade(part: str, path: ArrayLike, chord: ArrayLike, along: ArrayLike, thick: float) -> Piece:
    """Fin, feather, ear or wing over a curve [m 3]: half-chords in one direction, half-thickness less at the tip."""
    centre = np.asarray(path, float)
    m = len(centre)
    half = np.interp(np.linspace(0, 1, m), np.linspace(0, 1, np.size(chord)), np.asarray(chord, float))
    a = half[:, None] * unit(np.asarray(along, float))
    normal = np.cross(np.gradient(centre, axis=0), a)
    normal /= np.linalg.norm(normal, axis=1, keepdims=True) + 1e-9
    return loft(part, centre, a, normal * np.linspace(thick, thick * 0.4, m)[:, None])


def squash(piece: Piece, scale: ArrayLike) -> Piece:
    """The piece stretched along x, y and z; it melts as before."""
    factor, distance = np.asarray(scale, float), piece.distance
    if distance is None:
        return Piece(piece.part, piece.vertices * factor, piece.faces)
    near, least = distance, float(factor.min())
    return Piece(piece.part, piece.vertices * factor, piece.faces, lambda x: near(x / factor) * least)


def limb(names: Sequence[str], joints: Sequence[Array], radii: Sequence[float]) -> list[Piece]:
    """An arm or leg from joint to joint: one tube a segment, each with its name."""
    ends = zip(names, pairwise(joints), pairwise(radii), strict=True)
    return [tube(name, list(bones), list(r)) for name, bones, r in ends]
