"""Curves, directions and rotations.

Frame: y up, z to the front, x to the side.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]
SIDES = (-1.0, 1.0)
CORNERS = tuple((x, z) for x in SIDES for z in SIDES)
QUARTER = np.pi / 2
"""Quarter turn, radians."""


def arc(centre: ArrayLike, radius_a: float, radius_b: float, start: float, stop: float, plane: str, n: int = 14) -> Array:
    """Elliptic arc in the plane "xy", "zy" …; angles in radians, 0 along the plane's first axis. Returns [n 3]."""
    angle = np.linspace(start, stop, n)
    points = np.zeros((n, 3))
    points[:, "xyz".index(plane[0])] = np.cos(angle) * radius_a
    points[:, "xyz".index(plane[1])] = np.sin(angle) * radius_b
    points += np.asarray(centre, float)
    return points


def ellipse(centre: ArrayLike, radius_a: float, radius_b: float, plane: str = "xz", n: int = 33) -> Array:
    """Closed ellipse whose last point is its first. Returns [n 3]."""
    return arc(centre, radius_a, radius_b, 0, 2 * np.pi, plane, n)


def bezier(*control: ArrayLike, n: int = 12) -> Array:
    """Bézier curve through its control points' hull. Returns [n 3]."""
    points = [np.broadcast_to(np.asarray(c, float), (n, 3)) for c in control]
    t = np.linspace(0, 1, n)[:, None]
    while len(points) > 1:
        points = [a * (1 - t) + b * t for a, b in pairwise(points)]
    return points[0]


def helix(radius: float, height: float, turns: float, n: int = 80) -> Array:
    """Coil around the y axis, from y = 0 to `height`. Returns [n 3]."""
    angle = np.linspace(0, 2 * np.pi * turns, n)
    return np.stack([radius * np.cos(angle), np.linspace(0, height, n), radius * np.sin(angle)], 1)


def around(n: int, phase: float = 0.0) -> list[tuple[float, float]]:
    """(cos, sin) of n evenly spread angles, for legs, spokes, petals …"""
    return [(float(np.cos(a)), float(np.sin(a))) for a in phase + 2 * np.pi * np.arange(n) / n]


def turn(axis: str, angle: float) -> Array:
    """Rotation matrix about "x", "y" or "z"; radians."""
    c, s = np.cos(angle), np.sin(angle)
    matrix = {"x": [[1, 0, 0], [0, c, -s], [0, s, c]], "y": [[c, 0, s], [0, 1, 0], [-s, 0, c]]}
    return np.array(matrix.get(axis, [[c, -s, 0], [s, c, 0], [0, 0, 1]]), float)


FACING_SIDE = turn("y", -QUARTER)
"""Rotation after which the front is at -x."""
