"""Limbs, fins, wings, eyes and ears of living things."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike

from meronym_synthetic.kit.curves import SIDES, Array
from meronym_synthetic.kit.rng import Rng
from meronym_synthetic.kit.solids import Solid, ellipsoid, loft, tube

Range = tuple[float, float]


def vec(x: float, y: float, z: float) -> Array:
    """A point or direction [3]."""
    return np.array([x, y, z], float)


def unit(vector: Array) -> Array:
    """The vector [3] with length 1."""
    return vector / (np.linalg.norm(vector) + 1e-9)


def blade(part: str, path: ArrayLike, chord: ArrayLike, along: ArrayLike, thick: float) -> Solid:
    """Fin, feather, ear or wing over a curve [m 3]: half-chords in one direction, half-thickness less at the tip."""
    centre = np.asarray(path, float)
    m = len(centre)
    half = np.interp(np.linspace(0, 1, m), np.linspace(0, 1, np.size(chord)), np.asarray(chord, float))
    a = half[:, None] * unit(np.asarray(along, float))
    normal = np.cross(np.gradient(centre, axis=0), a)
    normal /= np.linalg.norm(normal, axis=1, keepdims=True) + 1e-9
    return loft(part, centre, a, normal * np.linspace(thick, thick * 0.4, m)[:, None])


def squash(solid: Solid, scale: ArrayLike) -> Solid:
    """The solid stretched along x, y and z; it melts as before."""
    factor, distance = np.asarray(scale, float), solid.distance
    if distance is None:
        return Solid(solid.part, solid.vertices * factor, solid.faces)
    near, least = distance, float(factor.min())
    return Solid(solid.part, solid.vertices * factor, solid.faces, lambda x: near(x / factor) * least)


def limb(names: Sequence[str], joints: Sequence[Array], radii: Sequence[float]) -> list[Solid]:
    """An arm or leg from joint to joint: one tube a segment, each with its name."""
    ends = zip(names, pairwise(joints), pairwise(radii), strict=True)
    return [tube(name, list(bones), list(r)) for name, bones, r in ends]


def eyes(head: Array, size: float, x: float, y: float, z: float, r: float) -> list[Solid]:
    """Two hard eyes, placed in units of the head's radius."""
    return [ellipsoid("head/eye", head + size * vec(side * x, y, z), size * r, melt=False) for side in SIDES]


def ears(u: Rng, style: str, head: Array, size: float, side: Array, up: Array, aim: Array) -> list[Solid]:
    """Two ears: pointed, round, hanging, long, sideways or fans."""
    high, out, along, long, wide = {
        "point": (0.75, 0.5, up + 0.4 * u(0, 1) * side, u(0.7, 1.3), u(0.3, 0.5)),
        "round": (0.65, 0.65, 0.7 * up + 0.8 * side, u(0.5, 0.9), u(0.35, 0.6)),
        "flop": (0.5, 0.75, 0.45 * side - up, u(0.9, 1.6), u(0.3, 0.5)),
        "long": (0.8, 0.3, up - u(0, 0.8) * aim + 0.25 * side, u(1.8, 3.0), u(0.25, 0.4)),
        "side": (0.5, 0.75, side + u(-0.3, 0.5) * up - 0.2 * aim, u(0.7, 1.3), u(0.25, 0.4)),
        "fan": (0.25, 0.65, side * u(0.6, 1) - aim * u(0.2, 0.7), u(1.3, 2.0), u(1.0, 1.5)),
    }[style]
    pointed, soft = style in ("point", "side", "long") and u.chance(0.8), style != "fan" and u.chance(0.4)
    width = np.array([0.7, 1, 0.75, 0.4, 0.05] if pointed else [0.6, 0.95, 1, 0.75, 0.1]) * wide * size
    pieces = []
    for x in SIDES:
        mirror = along + (x - 1) * (along @ side) * side
        base = head + size * (high * up + out * x * side - 0.25 * aim)
        path = base + unit(mirror) * np.linspace(-0.15, 1, 5)[:, None] * long * size
        if soft:
            pieces.append(tube("ear", path, np.maximum(width * 0.75, 0.03)))
            continue
        across = unit(np.cross(mirror, aim))
        depth = np.cross(across, unit(mirror)) * max(size * 0.1, 0.012)
        pieces.append(loft("ear", path, across * width[:, None], depth * (width / width.max())[:, None]))
    return pieces
