"""Rings and polygons of machine parts."""

from __future__ import annotations

import numpy as np

from meronym_synthetic.kit.curves import QUARTER, Array, around, turn
from meronym_synthetic.kit.solids import Solid, loft


def flat_ring(part: str, inner: float, outer: float, low: float, high: float, axis: str = "y") -> Solid:
    """Ring with a rectangular cross-section and a hole through it."""
    r, y = np.array([(inner, low), (outer, low), (outer, high), (inner, high), (inner, low)], float).T
    zero = np.zeros_like(r)
    ring = loft(part, np.stack([zero, y, zero], 1), np.stack([r, zero, zero], 1), np.stack([zero, zero, -r], 1), cap=False)
    rotation = {"x": turn("z", -QUARTER), "y": np.eye(3), "z": turn("x", QUARTER)}[axis]
    return Solid(part, ring.vertices @ rotation.T, ring.faces)


def polygon(radius: float, sides: int = 6) -> Array:
    return np.array(around(sides)) * radius
