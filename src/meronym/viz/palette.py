"""One colour per prompt."""

from __future__ import annotations

import colorsys

import numpy as np
from jaxtyping import UInt8

NONE_COLOUR = (150, 150, 150)
"""Of elements and pixels that no prompt names."""
_OKABE_ITO = ("E69F00", "56B4E9", "009E73", "F0E442", "0072B2", "D55E00", "CC79A7")
"""Okabe and Ito, "Color Universal Design", 2008, without black."""


def palette(n: int) -> UInt8[np.ndarray, "n 3"]:
    """One colour a prompt, always the same; colour-blind readers can tell the first seven apart."""
    colours = [tuple(bytes.fromhex(code)) for code in _OKABE_ITO]
    for k in range(n - len(colours)):
        hue, light, rich = (0.09 + k * 0.618034) % 1, (0.62, 0.4, 0.78)[k % 3], (0.55, 0.8)[k // 3 % 2]
        colours.append(tuple(round(255 * channel) for channel in colorsys.hls_to_rgb(hue, light, rich)))
    return np.array(colours[:n], dtype=np.uint8).reshape(n, 3)
