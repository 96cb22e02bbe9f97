"""Colours of pictures."""

from __future__ import annotations

import torch
from jaxtyping import Float
from torch import Tensor


def psnr(rendered: Float[Tensor, "*s 3"], photo: Float[Tensor, "*s 3"]) -> float:
    """Peak signal to noise ratio of colours 0..1, decibels."""
    return float(-10 * torch.log10((rendered.clamp(0, 1) - photo).square().mean()))
