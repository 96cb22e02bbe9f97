"""Rows of arrays: those that are alike, and their lengths."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float, Int, Shaped, UInt64


def keys(columns: UInt64[np.ndarray, "n c"]) -> UInt64[np.ndarray, " n"]:
    """One well mixed number a row (after MurmurHash3's finaliser): equal rows have equal numbers."""
    key = np.zeros(len(columns), dtype=np.uint64)
    for column in columns.T:
        key ^= column
        key ^= key >> np.uint64(33)
        key *= np.uint64(0xFF51AFD7ED558CCD)
        key ^= key >> np.uint64(29)
    return key


def distinct(*arrays: Shaped[np.ndarray, "n _c"]) -> tuple[Int[np.ndarray, " d"], Int[np.ndarray, " n"]]:
    """The first of each set of rows that are equal in all arrays, in their order; and the set of each row.

    Floats are equal if their bits are.
    """
    columns = [array.view(f"u{array.itemsize}") if array.dtype.kind == "f" else array for array in arrays]
    key = keys(np.concatenate([column.astype(np.uint64) for column in columns], axis=1))
    _, first, inverse = np.unique(key, return_index=True, return_inverse=True)
    order = np.argsort(first)
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    return first[order], rank[inverse.reshape(-1)]


def unit_rows(vectors: Float[np.ndarray, "n c"]) -> Float[np.ndarray, "n c"]:
    """Vectors of unit length; zeros for those without a direction."""
    finite = np.nan_to_num(vectors.astype(np.float64), posinf=0.0, neginf=0.0)
    length = np.linalg.norm(finite, axis=1, keepdims=True)
    units: np.ndarray = np.divide(finite, length, out=np.zeros_like(finite), where=length > 1e-30)
    return units
