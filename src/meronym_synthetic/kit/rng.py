"""Random choices."""

from __future__ import annotations

from typing import TypeVar

import numpy as np

T = TypeVar("T")


class Rng:
    """Random choices of one shape, from an explicit numpy generator.

    >>> u = Rng(np.random.default_rng(0))
    >>> 0.2 <= u(0.2, 0.5) <= 0.5
    True
    """

    def __init__(self, rng: np.random.Generator) -> None:
        self.rng = rng

    def __call__(self, low: float, high: float) -> float:
        """Uniform number in [low, high]."""
        return float(self.rng.uniform(low, high))

    def chance(self, probability: float = 0.5) -> bool:
        """True with this probability."""
        return bool(self.rng.random() < probability)

    def count(self, low: int, high: int) -> int:
        """Uniform integer in low..high, both included."""
        return int(self.rng.integers(low, high + 1))

    def pick(self, *options: T) -> T:
        """One of the options."""
        return options[int(self.rng.integers(len(options)))]
