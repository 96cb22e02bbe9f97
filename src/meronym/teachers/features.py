"""Image features without words: DINOv2, which the built-in teacher and the students see with."""

from __future__ import annotations

import math
from typing import Any, cast
from weakref import WeakKeyDictionary

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional

from meronym.teachers.crops import content_boxes
from meronym.types import FeatureMaps, Views
from meronym.weights import catalogue

PATCH = 14
TOKENS = 324
"""Patches spent on one view at the most, whatever its aspect; never more than it has pixels for."""
_MEAN, _STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


class PatchEncoder:
    """DINOv2 ViT-S/14: a picture to one feature per patch."""

    dim = 384

    def __init__(self, device: str = "cpu", dtype: torch.dtype = torch.float32) -> None:
        self.model = cast(nn.Module, catalogue.load_model("dinov2-small")).to(device, dtype)
        self.device, self.dtype = device, dtype
        self._kept: WeakKeyDictionary[Views, FeatureMaps] = WeakKeyDictionary()

    def features(self, views: Views, tokens: int = TOKENS) -> FeatureMaps:
        """Features of the part of each view that shows something; computed once for as long as the views live."""
        if views not in self._kept:
            box = content_boxes(views)
            crops = [view[y0:y1, x0:x1] for view, (x0, y0, x1, y1) in zip(views.colour, box.int().tolist(), strict=True)]
            self._kept[views] = FeatureMaps(tuple(self(crop, tokens) for crop in crops), box)
        return self._kept[views]

    def encode_image(self, picture: Float[Tensor, "h w 3"], tokens: int) -> Float[Tensor, "gh gw d"]:
        """Features of a picture on about `tokens` patches, for which small pictures are enlarged."""
        height, width = picture.shape[:2]
        enlarge = max(1.0, (tokens * PATCH**2 / (height * width)) ** 0.5)
        size = (math.ceil(height * enlarge), math.ceil(width * enlarge))
        pixels = functional.interpolate(picture.permute(2, 0, 1)[None], size, mode="bilinear", antialias=True)
        return self(pixels[0].permute(1, 2, 0), tokens)

    def describe(self) -> dict[str, Any]:
        """What goes into the record."""
        return catalogue.record("dinov2-small")

    @torch.inference_mode()
    def __call__(self, colour: Float[Tensor, "h w 3"], tokens: int = TOKENS) -> Float[Tensor, "gh gw d"]:
        """Features of a picture, scaled down to about `tokens` patches at its own aspect."""
        height, width = colour.shape[:2]
        scale = min((tokens / (height * width)) ** 0.5, 1 / PATCH)
        grid = max(4, round(height * scale)), max(4, round(width * scale))
        pixels = colour.permute(2, 0, 1)[None].to(self.device)
        size = (grid[0] * PATCH, grid[1] * PATCH)
        pixels = functional.interpolate(pixels, size, mode="bilinear", antialias=True, align_corners=False)
        mean, std = (torch.tensor(x, device=self.device)[:, None, None] for x in (_MEAN, _STD))
        out = self.model(((pixels - mean) / std).to(self.dtype)).last_hidden_state
        patches: Tensor = out[0, 1:].float().reshape(*grid, self.dim)
        return patches
