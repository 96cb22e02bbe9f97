"""A picture of a result: the input above its labels, from four sides, with a legend."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch
from jaxtyping import UInt8
from PIL import Image, ImageDraw

from meronym.core import cameras, geometry
from meronym.core.gaussians import recoloured
from meronym.render import TorchRenderer
from meronym.results import Segmentation
from meronym.types import Gaussians, Mesh, Shape
from meronym.viz.legend import FAINT, LINE, PAPER, font, legend
from meronym.viz.overlays import as_bytes
from meronym.viz.palette import palette

_ANGLES = ((20.0, 30.0), (20.0, 120.0), (20.0, 210.0), (50.0, 300.0))
"""Elevation and azimuth of the four sides, degrees."""
_NONE = (209, 209, 209)
"""Of elements that no prompt names: paler than in other pictures, so that their shading shows."""
_MARGIN = 16


def preview(result: Segmentation, size: int = 360) -> UInt8[np.ndarray, "h w 3"]:
    """The shape as it was read above the shape in the colours of its labels; `size` is the side of one view in pixels."""
    up = torch.tensor(result.record.settings["up_axis"])
    shares = geometry.element_areas(result.shape)
    rows = [_strip(result.shape, up, size), _strip(painted(result), up, size)]
    footer = f"{100 * shares[~result.seen].sum():.0f} % of the surface was not seen; its labels are inferred"
    named = np.array([shares[result.label == k].sum() for k in range(len(result.prompts))])
    width = rows[0].shape[1]
    key = legend(result.prompts, named, width - 2 * _MARGIN, _NONE)
    sheet = Image.new("RGB", (width, key.height + LINE + _MARGIN), PAPER)
    sheet.paste(key, (_MARGIN, _MARGIN))
    ImageDraw.Draw(sheet).text((_MARGIN, sheet.height - LINE // 2), footer, fill=FAINT, font=font(18), anchor="lm")
    return np.concatenate([*rows, np.asarray(sheet)])


def painted(result: Segmentation) -> Shape:
    """The shape in the colours of its labels."""
    colours = np.vstack([palette(len(result.prompts)), _NONE])[result.label] / 255
    if isinstance(result.shape, Gaussians):
        return recoloured(result.shape, colours)
    if not isinstance(result.shape, Mesh):
        return replace(result.shape, colour=colours)
    texture = None
    if result.shape.texture is not None and result.shape.opacity is not None:  # leaves keep their outline
        images = (np.where([True, True, True, False][: i.shape[2]], np.uint8(255), i) for i in result.shape.texture.images)
        texture = replace(result.shape.texture, images=tuple(images))
    return replace(result.shape, texture=texture, corner_colour=np.repeat(colours[:, None], 3, axis=1))


def _strip(shape: Shape, up: torch.Tensor, size: int) -> UInt8[np.ndarray, "h w 3"]:
    """The shape from the four sides, or as four photos saw its Gaussians, one beside another."""
    if isinstance(shape, Gaussians) and shape.cameras is not None:
        sides = cameras.chosen(shape.cameras, len(_ANGLES), size)
    else:
        elevation, azimuth = torch.tensor(_ANGLES).T
        sides = cameras.frame(geometry.used_points(shape), cameras.directions_at(elevation, azimuth, up), up, size)
    return as_bytes(torch.cat(list(TorchRenderer()(shape, sides).colour), dim=1).numpy())
