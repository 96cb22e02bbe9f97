"""Image features without words: DINOv2, for the built-in teacher and for students."""

from __future__ import annotations

import math
from typing import Any, cast
from weakref import WeakKeyDictionary

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional

from meronym.teachers.crops import content_boxes
from meronym.teachers.network import precision
from meronym.types import FeatureMaps, Views
from meronym.weights import catalogue

PATCH = 14
"""Pixels a side of the model's patches."""
_MEAN, _STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


class PatchEncoder:
    """DINOv2 ViT-S/14: one feature for each patch of a picture, in single precision, on the picture's device.

    `tokens` is the number of patches spent on a view at the most, whatever its aspect; never more than it has pixels for.
    """

    dim = 384

    def __init__(self, tokens: int = 324, device: torch.device | str = "cpu", dtype: torch.dtype | str = torch.float32) -> None:
        self.tokens, self.device, self.dtype = tokens, torch.device(device), precision(dtype)
        self.model = cast(nn.Module, catalogue.load_model("dinov2-small")).to(self.device, self.dtype)
        self._cache: WeakKeyDictionary[Views, dict[int, FeatureMaps]] = WeakKeyDictionary()

    def features(self, views: Views, tokens: int | None = None) -> FeatureMaps:
        """Features of the part of each view that shows something; computed once for as long as the views live."""
        count = self.tokens if tokens is None else tokens
        known = self._cache.setdefault(views, {})
        if count not in known:
            box = content_boxes(views)
            crops = [view[y0:y1, x0:x1] for view, (x0, y0, x1, y1) in zip(views.colour, box.int().tolist(), strict=True)]
            known[count] = FeatureMaps(tuple(self(crop, count) for crop in crops), box)
        return known[count]

    def encode_image(self, picture: Float[Tensor, "h w 3"], tokens: int | None = None) -> Float[Tensor, "gh gw d"]:
        """Features of a picture on about `tokens` patches; a picture with too few pixels for them is enlarged."""
        height, width = picture.shape[:2]
        count = self.tokens if tokens is None else tokens
        enlarge = max(1.0, (count * PATCH**2 / (height * width)) ** 0.5)
        size = (math.ceil(height * enlarge), math.ceil(width * enlarge))
        pixels = functional.interpolate(picture.permute(2, 0, 1)[None], size, mode="bilinear", antialias=True)
        return self(pixels[0].permute(1, 2, 0), count)

    def describe(self) -> dict[str, Any]:
        """For the record: name, weights with sha256 and licence, settings."""
        return {**catalogue.record("dinov2-small"), "tokens": self.tokens, "dtype": str(self.dtype)}

    @torch.no_grad()
    def __call__(self, colour: Float[Tensor, "h w 3"], tokens: int | None = None) -> Float[Tensor, "gh gw d"]:
        """Features of a picture, scaled down to about `tokens` patches at its own aspect."""
        height, width = colour.shape[:2]
        scale = min(((self.tokens if tokens is None else tokens) / (height * width)) ** 0.5, 1 / PATCH)
        grid = max(4, round(height * scale)), max(4, round(width * scale))
        pixels = colour.permute(2, 0, 1)[None].to(self.device)
        size = (grid[0] * PATCH, grid[1] * PATCH)
        pixels = functional.interpolate(pixels, size, mode="bilinear", antialias=True, align_corners=False)
        mean, std = (torch.tensor(x, device=self.device)[:, None, None] for x in (_MEAN, _STD))
        out = self.model(((pixels - mean) / std).to(self.dtype)).last_hidden_state
        patches: Tensor = out[0, 1:].float().reshape(*grid, self.dim).to(colour.device)
        return patches
