"""Crops of views to what they show, at the size that a dense teacher's model takes."""

from __future__ import annotations

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional

from meronym.types import Views


def content_boxes(views: Views, margin: float = 0.05, square: bool = False) -> Float[Tensor, "c 4"]:
    """x0 y0 x1 y1, in whole pixels, of the part of each view that shows something; the whole view where nothing is shown.

    `margin` is added on every side, as a share of the longer side; `square` grows the shorter side as far as the view goes.
    """
    height, width = views.colour.shape[1:3]
    boxes = []
    for shown in views.element >= 0:
        rows, columns = shown.any(1).nonzero()[:, 0], shown.any(0).nonzero()[:, 0]
        if not len(rows):
            boxes.append([0, 0, width, height])
            continue
        x0, x1, y0, y1 = int(columns[0]), int(columns[-1]) + 1, int(rows[0]), int(rows[-1]) + 1
        side = max(x1 - x0, y1 - y0)
        pad = round(margin * side)
        if square:
            x0, x1 = _widen(x0, x1, side + 2 * pad, width)
            y0, y1 = _widen(y0, y1, side + 2 * pad, height)
        else:
            x0, x1, y0, y1 = max(0, x0 - pad), min(width, x1 + pad), max(0, y0 - pad), min(height, y1 + pad)
        boxes.append([x0, y0, x1, y1])
    return torch.tensor(boxes, dtype=torch.float32, device=views.colour.device).reshape(-1, 4)


def grid_size(height: int, width: int, tokens: int) -> tuple[int, int]:
    """Rows and columns of about `tokens` square patches over a picture, at its own aspect."""
    scale = (tokens / (height * width)) ** 0.5
    return max(1, round(height * scale)), max(1, round(width * scale))


def resize(colour: Float[Tensor, "h w 3"], size: tuple[int, int], mode: str) -> Float[Tensor, "1 3 _h _w"]:
    """A picture 0..1 at another height and width, by PIL's filter of that name: "bilinear" or "bicubic"."""
    picture = colour.movedim(-1, 0)[None]
    return functional.interpolate(picture, size, mode=mode, antialias=True, align_corners=False).clamp(0, 1)


def _widen(low: int, high: int, side: int, limit: int) -> tuple[int, int]:
    """An interval of length `side` about the middle of low..high, inside 0..limit."""
    start = max(0, min((low + high - side) // 2, limit - side))
    return start, min(limit, start + side)
