"""Colours of pictures."""

from __future__ import annotations

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor


def srgb_from_linear(linear: Float[np.ndarray, "*s 3"]) -> Float[np.ndarray, "*s 3"]:
    """Light 0..1 as sRGB encodes it, 0..1 (IEC 61966-2-1)."""
    curve: np.ndarray = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * np.maximum(linear, 1e-9) ** (1 / 2.4) - 0.055)
    return curve


def linear_from_srgb(srgb: Float[np.ndarray, "*s 3"]) -> Float[np.ndarray, "*s 3"]:
    """The light that an sRGB colour stands for, 0..1 (IEC 61966-2-1)."""
    curve: np.ndarray = np.where(srgb <= 0.04045, srgb / 12.92, ((np.maximum(srgb, 0) + 0.055) / 1.055) ** 2.4)
    return curve


def psnr(rendered: Float[Tensor, "*s 3"], photo: Float[Tensor, "*s 3"]) -> float:
    """Peak signal to noise ratio of colours 0..1, decibels."""
    return float(-10 * torch.log10((rendered.clamp(0, 1) - photo).square().mean()))
