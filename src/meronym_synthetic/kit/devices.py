"""Housings, buttons and keys of devices."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from meronym_synthetic.kit.rng import Rng
from meronym_synthetic.kit.solids import Solid, box, ellipsoid, lathe


def housing(u: Rng, part: str, centre: ArrayLike, half: ArrayLike) -> Solid:
    """Housing: a box, more or less rounded."""
    return box(part, centre, half) if u.chance(0.4) else ellipsoid(part, centre, half, square=u(0.12, 0.3))


def raised_disc(part: str, centre: ArrayLike, r: float, thick: float, axis: str = "z", sign: float = 1.0) -> Solid:
    """Knob, lens or button standing out of a surface."""
    return lathe(part, [(r, 0), (r, sign * thick * 0.8), (r * 0.85, sign * thick), (0, sign * thick)], centre, axis)


def key_grid(part: str, w: float, d: float, centre: ArrayLike, rows: int, columns: int, high: float = 0.02) -> list[Solid]:
    """Keys on a horizontal 2w x 2d field."""
    c, pieces = np.asarray(centre, float), []
    for i in range(rows):
        for j in range(columns):
            spot = np.add(c, ((2 * j + 1 - columns) * w / columns, 0, (2 * i + 1 - rows) * d / rows))
            pieces.append(box(part, spot, (w / columns * 0.82, high, d / rows * 0.8), n=1))
    return pieces
