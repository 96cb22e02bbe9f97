"""Where a shape lies, for formats and programs that keep places in single precision."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

_FAR = 64.0
"""In extents of the shape."""


def offset_of(points: Float[np.ndarray, "n 3"]) -> Float[np.ndarray, " 3"]:
    """What to take off the places of a shape that lies far from the origin, as on a map; zeros if it does not.

    Single precision holds it without loss.
    """
    low, high = (points.min(axis=0), points.max(axis=0)) if len(points) else (np.zeros(3), np.zeros(3))
    extent = float((high - low).max())
    if max(np.abs(low).max(), np.abs(high).max()) <= _FAR * extent:
        return np.zeros(3)
    middle = (low + high) / 2
    return (np.round(middle) if extent > 1 else middle).astype(np.float32).astype(np.float64)
