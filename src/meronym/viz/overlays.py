"""Pictures of the labels and scores of photos: label maps, labels over photos, heat maps."""

from __future__ import annotations

from functools import cache

import numpy as np
from jaxtyping import Float, Int, UInt8
from PIL import Image
from scipy.interpolate import PchipInterpolator

from meronym.core.colour import srgb_from_linear
from meronym.viz.palette import NONE_COLOUR, palette

_HEAT = ((0.10, 285.0, 0.03), (0.30, 300.0, 0.13), (0.50, 355.0, 0.17), (0.70, 45.0, 0.15), (0.93, 100.0, 0.12))
"""Lightness, hue (degrees) and chroma in Oklab: night, violet, rose, orange, straw."""


# ---------------------------------------------------------------- colours


@cache
def heat_colours() -> UInt8[np.ndarray, "256 3"]:
    """Dark to light in even steps of perceived lightness (Oklab: Ottosson, "A perceptual color space", 2020)."""
    light, hue, chroma = np.array(_HEAT).T
    at = np.linspace(light[0], light[-1], 256)
    a, b = (PchipInterpolator(light, chroma * turn(np.radians(hue)))(at) for turn in (np.cos, np.sin))
    cones = np.stack([at, a, b], 1) @ np.array([[1, 1, 1], [0.39634, -0.10556, -0.08948], [0.21580, -0.06385, -1.29149]])
    linear = cones**3 @ np.array([[4.07674, -1.26844, -0.00420], [-3.30771, 2.60976, -0.70342], [0.23097, -0.34132, 1.70761]])
    return as_bytes(srgb_from_linear(linear.clip(0, 1)))


def as_bytes(picture: Float[np.ndarray, "*hw 3"]) -> UInt8[np.ndarray, "*hw 3"]:
    """0..1 to 0..255; values outside are cut off."""
    return (np.asarray(picture, dtype=np.float32).clip(0, 1) * 255).round().astype(np.uint8)


def blended(photo: Float[np.ndarray, "h w 3"], label: Int[np.ndarray, "h w"], count: int) -> UInt8[np.ndarray, "h w 3"]:
    """The photo with the colours of its labels over it, outlined; pixels that no prompt names are pale grey."""
    paint = (np.vstack([palette(count), NONE_COLOUR]) / 255).astype(np.float32)[label]
    grey = _greys(photo)
    mixed = np.where((label >= 0)[..., None], 0.3 * grey + 0.7 * paint, 0.7 * grey + 0.25)
    edge = np.zeros(label.shape, dtype=bool)
    edge[:-1] |= label[:-1] != label[1:]
    edge[:, :-1] |= label[:, :-1] != label[:, 1:]
    return as_bytes(np.where(edge[..., None], 0.45 * mixed, mixed))


def heated(photo: Float[np.ndarray, "h w 3"], score: Float[np.ndarray, "h w"]) -> UInt8[np.ndarray, "h w 3"]:
    """A heat map with the photo in greys showing through."""
    heat = (heat_colours() / 255).astype(np.float32)[as_level(score)]
    return as_bytes(1 - (1 - heat) * (1 - 0.4 * _greys(photo)))


def _greys(photo: Float[np.ndarray, "h w 3"]) -> Float[np.ndarray, "h w 1"]:
    grey: np.ndarray = photo @ np.array([[0.2126], [0.7152], [0.0722]], dtype=photo.dtype)
    return grey


def as_level(score: Float[np.ndarray, "h w"]) -> UInt8[np.ndarray, "h w"]:
    """Scores of 0..1 as indices of heat_colours."""
    return (score.astype(np.float32).clip(0, 1) * 255).round().astype(np.uint8)


# ---------------------------------------------------------------- pictures whose pixel values mean something


def label_picture(label: Int[np.ndarray, "h w"], count: int) -> Image.Image:
    """Pixel value = prompt index + 1, 0 = none of these, in the prompts' colours; 16-bit grey for over 255 prompts."""
    if count > 255:
        return Image.fromarray((label + 1).astype(np.uint16))
    picture = Image.fromarray((label + 1).astype(np.uint8))
    picture.putpalette(np.vstack([NONE_COLOUR, palette(count)]).astype(np.uint8).tobytes())
    return picture


def heat_picture(score: Float[np.ndarray, "h w"]) -> Image.Image:
    """Pixel value = 255 times the score, in the colours of `heat_colours`."""
    picture = Image.fromarray(as_level(score))
    picture.putpalette(heat_colours().tobytes())
    return picture
