"""Profiles, hollow bodies and handles of vessels."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.interpolate import PchipInterpolator

from meronym_synthetic.kit.curves import Array, arc, bezier
from meronym_synthetic.kit.rng import Rng
from meronym_synthetic.kit.solids import Solid, hoop, lathe, tube

Point = tuple[float, float]
"""Radius and height."""


def smooth_profile(*points: Point, n: int = 20) -> Array:
    """Smooth profile [n 2] through (radius, height) points."""
    curve = PchipInterpolator(np.linspace(0, 1, len(points)), np.asarray(points, float))
    return np.asarray(curve(np.linspace(0, 1, n)))


def hollow(part: str, outer: ArrayLike, wall: float = 0.03, floor: bool = True) -> Solid:
    """Hollow turned solid around y: outer profile from bottom to top, inner wall, and a floor or a hole right through."""
    out = np.asarray(outer, float)
    inner = np.maximum(out - [wall, 0], 0.001)[::-1]
    if floor:
        inner = inner[inner[:, 1] > out[0, 1] + wall]
        return lathe(part, [(0.001, out[0, 1]), *out, *inner, (0.001, out[0, 1] + wall)])
    return hoop(part, np.concatenate([out, inner]))


def curved_handle(u: Rng, top: Point, bottom: Point, reach: float, r: float, side: float = 1.0) -> list[Solid]:
    """Handle in the x y plane between two points of a wall: round, angular, raised, ear-shaped or scrolled."""
    (x0, y0), (x1, y1) = top, bottom
    out = max(x0, x1) + reach
    style = u.pick("round", "round", "angular", "raised", "ear", "scroll")
    if style == "round":
        path = bezier((x0, y0, 0), (out + reach * 0.5, y0 + 0.05, 0), (out + reach * 0.5, y1 - 0.05, 0), (x1, y1, 0), n=16)
    elif style == "angular":
        path = np.array([(x0, y0, 0), (out - r, y0, 0), (out, y0 - r, 0), (out, y1 + r, 0), (out - r, y1, 0), (x1, y1, 0)])
    elif style == "raised":
        path = bezier((x0, y0, 0), (x0 + reach * 0.6, y0 + reach * 1.2, 0), (out + reach * 0.7, y0, 0), (x1, y1, 0), n=16)
    else:
        path = bezier((x0, y0, 0), (out + reach, y0 + reach * 0.4, 0), (out * 0.9, (y0 + y1) / 2, 0), (x1, y1, 0), n=16)
    pieces = [tube("handle", path * [side, 1, 1], r, flat=u(0.5, 1.2), round_ends=False, melt=False)]
    if style == "scroll":
        curl = arc((x1 + r * 2, y1 - r * 1.5, 0), r * 2, r * 2, 1.5, 5.5, "xy", 10)
        pieces.append(tube("handle", curl * [side, 1, 1], r * 0.6, melt=False))
    return pieces
