"""Cosine similarity in low rank is that of the whole features."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from meronym.errors import InputError
from meronym.results import PointFeatures
from meronym.scenes.query import query


def slow(features: PointFeatures, text: np.ndarray) -> np.ndarray:
    """With every point's feature at its full width."""
    whole = features.point.astype(np.float64) @ features.basis.astype(np.float64)
    cosine = np.zeros((len(whole), len(text)))
    for i, point in enumerate(whole):
        for k, word in enumerate(text.astype(np.float64)):
            length = np.linalg.norm(point) * np.linalg.norm(word)
            cosine[i, k] = point @ word / length if length > 0 else 0
    return cosine


@given(st.integers(0, 20), st.integers(1, 12), st.integers(1, 30), st.integers(1, 4), st.integers(0, 999), st.booleans())
def test_as_with_whole_features(n: int, rank: int, width: int, words: int, seed: int, half: bool) -> None:
    rng = np.random.default_rng(seed)
    point = rng.normal(size=(n, rank)).astype(np.float16 if half else np.float32)
    point[n // 2 : n // 2 + 1] = 0
    features = PointFeatures(point, rng.normal(size=(rank, width)).astype(np.float32))
    text = rng.normal(size=(words, width)) * 10.0 ** rng.integers(-3, 3)
    got = query(features, text)
    assert got.dtype == np.float32
    np.testing.assert_allclose(got, slow(features, text), atol=1e-4)


def test_lengths_do_not_matter() -> None:
    rng = np.random.default_rng(0)
    point, basis, text = rng.normal(size=(9, 3)), rng.normal(size=(3, 8)), rng.normal(size=(2, 8))
    once = query(PointFeatures(point, basis), text)
    np.testing.assert_allclose(query(PointFeatures(1e-4 * point, 1e3 * basis), 50 * text), once, atol=1e-5)


def test_a_text_of_zeros_is_like_nothing() -> None:
    assert (query(PointFeatures(np.ones((4, 2)), np.eye(2, 3)), np.zeros((1, 3))) == 0).all()


def test_words_of_another_teacher() -> None:
    features = PointFeatures(np.ones((4, 2)), np.eye(2, 3))
    with pytest.raises(InputError, match="expected width 3"):
        query(features, np.ones((1, 4)))
    with pytest.raises(InputError, match="finite"):
        query(features, np.full((1, 3), np.nan))
