"""Pictures of what is said of photos: label maps, labels over photos, heat maps, and films."""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path

import numpy as np
from jaxtyping import Float, Int, UInt8
from PIL import Image
from scipy.interpolate import PchipInterpolator

from meronym.errors import InputError
from meronym.io.files import atomic
from meronym.viz.palette import palette

NONE_COLOUR = (150, 150, 150)
"""Of pixels that no prompt names."""
_HEAT = ((0.10, 285.0, 0.03), (0.30, 300.0, 0.13), (0.50, 355.0, 0.17), (0.70, 45.0, 0.15), (0.93, 100.0, 0.12))
"""Lightness, hue (degrees) and chroma in Oklab: night, violet, rose, orange, straw."""
_SAMPLE = 200_000
"""Pixels that a film's palette is made from."""


# ---------------------------------------------------------------- colours


@cache
def heat_colours() -> UInt8[np.ndarray, "256 3"]:
    """Dark to light in even steps of perceived lightness (Oklab: Ottosson, "A perceptual color space", 2020)."""
    light, hue, chroma = np.array(_HEAT).T
    at = np.linspace(light[0], light[-1], 256)
    a, b = (PchipInterpolator(light, chroma * turn(np.radians(hue)))(at) for turn in (np.cos, np.sin))
    cones = np.stack([at, a, b], 1) @ np.array([[1, 1, 1], [0.39634, -0.10556, -0.08948], [0.21580, -0.06385, -1.29149]])
    linear = cones**3 @ np.array([[4.07674, -1.26844, -0.00420], [-3.30771, 2.60976, -0.70342], [0.23097, -0.34132, 1.70761]])
    linear = linear.clip(0, 1)
    srgb = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    return as_bytes(srgb)


def as_bytes(picture: Float[np.ndarray, "*hw 3"]) -> UInt8[np.ndarray, "*hw 3"]:
    """0..1 to 0..255; what lies outside is cut off."""
    return (np.asarray(picture, dtype=np.float32).clip(0, 1) * 255).round().astype(np.uint8)


def blended(photo: Float[np.ndarray, "h w 3"], label: Int[np.ndarray, "h w"], count: int) -> UInt8[np.ndarray, "h w 3"]:
    """The photo with the colours of its labels over it, outlined; what no prompt names is pale grey."""
    paint = (np.vstack([palette(count), NONE_COLOUR]) / 255).astype(np.float32)[label]
    grey = _greys(photo)
    mixed = np.where((label >= 0)[..., None], 0.3 * grey + 0.7 * paint, 0.7 * grey + 0.25)
    edge = np.zeros(label.shape, dtype=bool)
    edge[:-1] |= label[:-1] != label[1:]
    edge[:, :-1] |= label[:, :-1] != label[:, 1:]
    return as_bytes(np.where(edge[..., None], 0.45 * mixed, mixed))


def heated(photo: Float[np.ndarray, "h w 3"], score: Float[np.ndarray, "h w"]) -> UInt8[np.ndarray, "h w 3"]:
    """A heat map that lets the photo through, in greys."""
    heat = (heat_colours() / 255).astype(np.float32)[as_level(score)]
    return as_bytes(1 - (1 - heat) * (1 - 0.4 * _greys(photo)))


def _greys(photo: Float[np.ndarray, "h w 3"]) -> Float[np.ndarray, "h w 1"]:
    grey: np.ndarray = photo @ np.array([[0.2126], [0.7152], [0.0722]], dtype=photo.dtype)
    return grey


def as_level(score: Float[np.ndarray, "h w"]) -> UInt8[np.ndarray, "h w"]:
    """Scores of 0..1 as indices of heat_colours."""
    return (score.astype(np.float32).clip(0, 1) * 255).round().astype(np.uint8)


# ---------------------------------------------------------------- PNG


def png(picture: UInt8[np.ndarray, "h w 3"]) -> bytes:
    return _encoded(Image.fromarray(picture))


def label_png(label: Int[np.ndarray, "h w"], count: int) -> bytes:
    """Pixel value = prompt index + 1, 0 = none of these, in the prompts' colours; 16-bit grey for over 255 prompts."""
    if count > 255:
        return _encoded(Image.fromarray((label + 1).astype(np.uint16)))
    picture = Image.fromarray((label + 1).astype(np.uint8))
    picture.putpalette(np.vstack([NONE_COLOUR, palette(count)]).astype(np.uint8).tobytes())
    return _encoded(picture)


def heat_png(score: Float[np.ndarray, "h w"]) -> bytes:
    """Pixel value = 255 times the score, in the colours of heat_colours."""
    picture = Image.fromarray(as_level(score))
    picture.putpalette(heat_colours().tobytes())
    return _encoded(picture)


def _encoded(picture: Image.Image) -> bytes:
    file = io.BytesIO()
    picture.save(file, "PNG", compress_level=3)  # twice as quick as 6, a seventh larger
    return file.getvalue()


# ---------------------------------------------------------------- films


def fly_through(pictures: UInt8[np.ndarray, "f h w 3"], path: Path, fps: float) -> Path:
    """Write the pictures as a film; the ending chooses the format: .gif (runs for ever) or .mp4 (extra `video`).

    A .gif knows time in hundredths of a second, so at most 50 pictures a second.

    Raises: InputError for another ending, no pictures, a frame rate that is not possible, a place that cannot be
    written to, or if the extra is not installed.
    """
    writers, ending = {".gif": _gif, ".mp4": _mp4}, path.suffix.lower()
    if ending not in writers:
        raise InputError(f"{path}: films are not written as {ending!r}. Use .gif or .mp4.")
    if not pictures.size:
        raise InputError(f"{path}: pictures: expected some, got shape {pictures.shape}. Give at least one.")
    most = 50 if ending == ".gif" else 240
    if not 1 <= fps <= most:
        raise InputError(f"{path}: fps: {fps} given, a {ending} takes 1..{most}. Choose one of these.")
    with atomic(path) as temporary:
        writers[ending](pictures, temporary, fps)
    return path


def _gif(pictures: UInt8[np.ndarray, "f h w 3"], path: Path, fps: float) -> None:
    """One palette for the whole film, made from a sample of its pixels, so that colours don't flicker."""
    pixels = pictures.reshape(-1, 3)
    sample = pixels[np.random.default_rng(0).integers(0, len(pixels), _SAMPLE)]
    colours = Image.fromarray(sample[None]).quantize(256, method=Image.Quantize.MAXCOVERAGE, kmeans=2)
    first, *rest = [
        Image.fromarray(picture).quantize(palette=colours, dither=Image.Dither.FLOYDSTEINBERG) for picture in pictures
    ]
    first.save(path, save_all=True, append_images=rest, duration=round(100 / fps) * 10, loop=0, optimize=False)


def _mp4(pictures: UInt8[np.ndarray, "f h w 3"], path: Path, fps: float) -> None:
    """H.264 as every browser plays it: sides are made even by repeating the last row or column."""
    try:
        import imageio_ffmpeg
    except ImportError as error:
        raise InputError(f"{path.suffix}: films need imageio-ffmpeg. Install it: pip install 'meronym[video]'") from error
    _, height, width, _ = pictures.shape
    even = ((0, height % 2), (0, width % 2), (0, 0))
    film = imageio_ffmpeg.write_frames(
        str(path),
        (width + width % 2, height + height % 2),
        fps=fps,
        codec="libx264",
        macro_block_size=2,
        quality=None,
        output_params=["-crf", "18", "-movflags", "+faststart"],
    )
    try:
        film.send(None)
        for picture in pictures:
            film.send(np.pad(picture, even, mode="edge").tobytes())
    except RuntimeError as error:
        raise InputError(f"{path.suffix}: ffmpeg cannot be run: {error}. Write a .gif instead.") from error
    finally:
        film.close()
