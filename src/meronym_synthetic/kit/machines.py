"""Rings and polygons of machine parts."""

from __future__ import annotations

import numpy as np

from meronym_synthetic.kit.curves import QUARTER, Array, around, turn
from meronym_synthetic.kit.solids import Solid, hoop


def flat_ring(part: str, inner: float, outer: float, low: float, high: float, axis: str = "y") -> Solid:
    """Ring with a rectangular cross-section and a hole through it."""
    ring = hoop(part, [(inner, low), (outer, low), (outer, high), (inner, high)])
    rotation = {"x": turn("z", -QUARTER), "y": np.eye(3), "z": turn("x", QUARTER)}[axis]
    return Solid(part, ring.vertices @ rotation.T, ring.faces)


def polygon(radius: float, sides: int = 6) -> Array:
    """Corners [sides 2] of a regular polygon."""
    return np.array(around(sides)) * radius
