"""Colours of labels and scores over photos."""

from __future__ import annotations

import numpy as np

from meronym.viz.overlays import blended, heat_colours


def test_heat_grows_lighter_in_even_steps() -> None:
    """By CIE lightness, which is not the space that the colours were made in."""
    srgb = heat_colours() / 255
    linear = np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
    lightness = 116 * np.cbrt(linear @ [0.2126, 0.7152, 0.0722]) - 16
    steps = np.diff(lightness[32::16])
    assert len(np.unique(heat_colours(), axis=0)) == 256
    assert 0.7 * steps.mean() < steps.min() <= steps.max() < 1.3 * steps.mean()


def test_labels_over_a_photo() -> None:
    """Flat on a flat photo, but for a darker line where the label changes; greys where there is none."""
    label = np.repeat([[-1, -1, 0, 0, 0, 1, 1]], 4, axis=0)
    picture = blended(np.full((4, 7, 3), 0.5, dtype=np.float32), label, 2).astype(int)
    assert (picture == picture[:1]).all()
    none, line, first, again, border, second, _ = picture[0]
    assert np.ptp(none) == np.ptp(line) == 0
    assert line.max() < none.min()
    assert (first == again).all()
    assert np.ptp(first) > 50
    assert np.ptp(second) > 50
    assert (border < first).all()
