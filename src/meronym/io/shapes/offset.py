"""Where a shape lies, for formats and programs that keep places in single precision."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

OFFSET = "offset"
"""Name of what holds it, where a format has a place for names."""
_FAR = 16
"""Times its extent that a shape may lie from the origin: single precision then has 1e-6 of the extent."""


def offset_of(points: Float[np.ndarray, "n 3"]) -> Float[np.ndarray, " 3"]:
    """What to take off the places of a shape that lies far from the origin, as on a map; zeros if it does not."""
    low, high = (points.min(axis=0), points.max(axis=0)) if len(points) else (np.zeros(3), np.zeros(3))
    extent = float((high - low).max())
    if max(np.abs(low).max(), np.abs(high).max()) <= _FAR * extent:
        return np.zeros(3)
    middle: np.ndarray = (low + high) / 2
    return middle.round() if extent > 1 else middle
