"""A picture of a result: the input above its labels, from four sides, with a legend."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageDraw, ImageFont

from meronym.core import cameras, geometry
from meronym.io.files import atomic
from meronym.render import TorchRenderer
from meronym.results import Segmentation
from meronym.types import Mesh, Shape
from meronym.viz.palette import palette

_ANGLES = ((20.0, 30.0), (20.0, 120.0), (20.0, 210.0), (50.0, 300.0))
"""Elevation and azimuth of the four sides, degrees."""
_NONE = (0.82, 0.82, 0.82)


def save_preview(result: Segmentation, path: Path, size: int = 360) -> Path:
    """Write the picture as PNG; `size` is the side of one view in pixels."""
    up = torch.tensor(result.record.settings["up_axis"])
    shares = geometry.element_areas(result.shape)
    inferred = f"{100 * shares[~result.seen].sum():.0f} % of the surface was not seen; its labels are inferred"
    rows = [_strip(result.shape, up, size), _strip(_painted(result), up, size)]
    legend = _legend(result, shares, inferred, rows[0].shape[1])
    with atomic(path) as temporary:
        Image.fromarray(np.concatenate([*rows, legend])).save(temporary, format="PNG")
    return path


def _painted(result: Segmentation) -> Shape:
    """The shape in the colours of its labels; grey = none of these."""
    colours = np.concatenate([palette(len(result.prompts)) / 255, [_NONE]])[result.label]
    if isinstance(result.shape, Mesh):
        return replace(result.shape, texture=None, corner_colour=np.repeat(colours[:, None], 3, axis=1))
    return replace(result.shape, colour=colours)


def _strip(shape: Shape, up: torch.Tensor, size: int) -> np.ndarray:
    elevation, azimuth = torch.tensor(_ANGLES).T
    look = cameras.frame(geometry.used_points(shape), cameras.directions_at(elevation, azimuth, up), up, size)
    pictures = TorchRenderer()(shape, look).colour
    return (torch.cat(list(pictures), dim=1) * 255).round().byte().numpy()


def _legend(result: Segmentation, shares: np.ndarray, footer: str, width: int) -> np.ndarray:
    font, line = ImageFont.load_default(18), 30
    entries = [
        (name, tuple(colour)) for name, colour in zip(result.prompts, palette(len(result.prompts)).tolist(), strict=True)
    ]
    entries.append(("none of these", tuple(round(255 * c) for c in _NONE)))
    texts = []
    for index, (name, _) in enumerate(entries):
        chosen = result.label == (index if index < len(result.prompts) else -1)
        texts.append(f"{name}  {100 * shares[chosen].sum():.0f} %")
    columns = max(1, width // 300)
    height = line * (-(-len(entries) // columns) + 1) + 10
    sheet = Image.new("RGB", (width, height), "white")
    draw = ImageDraw.Draw(sheet)
    for index, ((_, colour), text) in enumerate(zip(entries, texts, strict=True)):
        x, y = 16 + (index % columns) * (width // columns), 6 + (index // columns) * line
        draw.rectangle((x, y + 3, x + 20, y + 21), fill=colour)
        draw.text((x + 30, y), text, fill="black", font=font)
    draw.text((16, height - line), footer, fill=(110, 110, 110), font=font)
    return np.asarray(sheet)
