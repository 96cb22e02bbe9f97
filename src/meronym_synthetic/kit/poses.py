"""How small things lie or stand."""

from __future__ import annotations

import numpy as np

from meronym_synthetic.kit.curves import QUARTER, turn
from meronym_synthetic.kit.rng import Rng
from meronym_synthetic.kit.solids import Solid, move


def any_axis(u: Rng, pieces: list[Solid]) -> list[Solid]:
    """Axis upright, lying to the side, lying to the front or slanted."""
    return move(
        pieces, rotation=u.pick(np.eye(3), turn("x", QUARTER), turn("z", QUARTER), turn("x", u(-1, 1)) @ turn("z", u(-1, 1)))
    )


def leaning(u: Rng, pieces: list[Solid]) -> list[Solid]:
    """Upright, leaning back, lying on the back or on the side."""
    return move(
        pieces, rotation=u.pick(np.eye(3), np.eye(3), turn("x", -u(0.1, 0.4)), turn("x", -QUARTER), turn("z", u(-1.6, 1.6)))
    )


def laid_down(u: Rng, pieces: list[Solid]) -> list[Solid]:
    """Upright, upside down, lying flat, lying sideways or slanted."""
    flat, half = np.pi / 2, turn("z", np.pi)
    return move(
        pieces, rotation=u.pick(np.eye(3), half, turn("x", flat), turn("z", flat), turn("z", -flat), turn("z", u(-1, 1)))
    )
