"""How well words fit features of points."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

from meronym.errors import InputError
from meronym.results import PointFeatures


def query(features: PointFeatures, text: Float[np.ndarray, "p d"]) -> Float[np.ndarray, "n p"]:
    """Cosine similarity of every point with every text, -1..1; 0 where either is zero.

    The points' features are never made at their full width: with basis^T = QR, the length of point @ basis is that of
    point @ R^T, and its product with a text is that of point @ R^T with Q^T text.

    Raises: InputError if the texts are not as wide as the features, or not finite.
    """
    width = features.basis.shape[1]
    if text.shape[1] != width:
        raise InputError(f"text: expected width {width}, as the features have it, got {text.shape[1]}. Use their teacher.")
    if not np.isfinite(text).all():
        raise InputError("text: expected finite values.")
    q, r = np.linalg.qr(features.basis.T.astype(np.float64))
    words = text.astype(np.float64)
    words = words / np.maximum(np.linalg.norm(words, axis=1, keepdims=True), 1e-30)
    points = features.point.astype(np.float32) @ r.T.astype(np.float32)
    length = np.sqrt(np.einsum("nr,nr->n", points, points))[:, None]
    similarity: np.ndarray = points @ (q.T @ words.T).astype(np.float32) / np.maximum(length, 1e-30)
    return similarity.clip(-1, 1)
