"""Random poses of small things."""

from __future__ import annotations

import numpy as np

from meronym_synthetic.kit.curves import QUARTER, turn
from meronym_synthetic.kit.rng import Rng
from meronym_synthetic.kit.solids import Solid, move


def any_axis(u: Rng, solids: list[Solid]) -> list[Solid]:
    """Axis upright, lying to the side, lying to the front or slanted."""
    slanted = turn("x", u(-1, 1)) @ turn("z", u(-1, 1))
    return move(solids, rotation=u.pick(np.eye(3), turn("x", QUARTER), turn("z", QUARTER), slanted))


def leaning(u: Rng, solids: list[Solid]) -> list[Solid]:
    """Upright, leaning back, lying on the back or on the side."""
    back, side = turn("x", -u(0.1, 0.4)), turn("z", u(-1.6, 1.6))
    return move(solids, rotation=u.pick(np.eye(3), np.eye(3), back, turn("x", -QUARTER), side))


def laid_down(u: Rng, solids: list[Solid]) -> list[Solid]:
    """Upright, upside down, lying flat, lying sideways or slanted."""
    flat, left, right, slanted = turn("x", QUARTER), turn("z", QUARTER), turn("z", -QUARTER), turn("z", u(-1, 1))
    return move(solids, rotation=u.pick(np.eye(3), turn("z", np.pi), flat, left, right, slanted))
