"""How well words fit features of points, and which points they name."""

from __future__ import annotations

import numpy as np
import torch
from jaxtyping import Float

from meronym.errors import InputError
from meronym.parts.scene_recognition import place_names
from meronym.protocols import EmbeddingTeacher
from meronym.results import PointFeatures


def query(features: PointFeatures, text: Float[np.ndarray, "p d"]) -> Float[np.ndarray, "n p"]:
    """Cosine similarity of every point with every text, -1..1; 0 where either is zero.

    Raises: InputError if the texts are not as wide as the features, or not finite.
    """
    width = features.basis.shape[1]
    if text.shape[1] != width:
        raise InputError(f"text: expected width {width}, as the features have it, got {text.shape[1]}. Use their teacher.")
    if not np.isfinite(text).all():
        raise InputError("text: expected finite values.")
    point, basis = _directions(features)
    words = text.astype(np.float64)
    words = words / np.maximum(np.linalg.norm(words, axis=1, keepdims=True), 1e-30)
    similarity: np.ndarray = point @ (basis @ words.T).astype(np.float32)
    return similarity.clip(-1, 1)


def recognised(features: PointFeatures, teacher: EmbeddingTeacher, prompts: tuple[str, ...]) -> Float[np.ndarray, "n p"]:
    """How likely each point is what each word says, 0..1; a row sums to at most 1, the rest is that nothing fits."""
    point, basis = (torch.from_numpy(part).float() for part in _directions(features))
    likely, there = place_names(teacher, prompts, point, basis)
    return (likely * there).numpy()


def _directions(features: PointFeatures) -> tuple[Float[np.ndarray, "n k"], Float[np.ndarray, "k d"]]:
    """The features at unit length, zeros where they are zero, and an orthonormal basis.

    They are never made at their full width: with basis^T = QR, the length of point @ basis is that of point @ R^T.
    """
    q, r = np.linalg.qr(features.basis.T.astype(np.float64))
    points = features.point.astype(np.float32) @ r.T.astype(np.float32)
    length = np.sqrt(np.einsum("nr,nr->n", points, points))[:, None]
    return points / np.maximum(length, 1e-30), q.T
