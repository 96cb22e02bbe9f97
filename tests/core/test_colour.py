"""Conversions of colours."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from meronym.core.colour import linear_from_srgb, srgb_from_linear


def test_known_values() -> None:
    """Of IEC 61966-2-1: the ends, the joint of its two pieces, and middle grey."""
    linear = np.array([0.0, 1.0, 0.0031308, 0.21404114])[:, None].repeat(3, axis=1)
    np.testing.assert_allclose(srgb_from_linear(linear)[:, 0], [0, 1, 0.04045, 0.5], atol=1e-5)


@given(arrays(np.float64, (4, 3), elements=st.floats(0, 1)))
def test_they_undo_each_other(colour: np.ndarray) -> None:
    np.testing.assert_allclose(linear_from_srgb(srgb_from_linear(colour)), colour, atol=1e-6)
    np.testing.assert_allclose(srgb_from_linear(linear_from_srgb(colour)), colour, atol=1e-6)
    assert (np.diff(srgb_from_linear(np.sort(colour, axis=0)), axis=0) >= 0).all()
