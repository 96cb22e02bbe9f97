"""Writes pictures and films of results."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from jaxtyping import UInt8
from PIL import Image

from meronym.errors import InputError, MissingExtra
from meronym.io.files import atomic, write_file
from meronym.io.images import png
from meronym.results import Segmentation
from meronym.viz.points import camera_for_picture, picture_of_points
from meronym.viz.preview import preview

_SAMPLE = 200_000
"""Pixels that a film's palette is made from."""


def save_preview(result: Segmentation, path: Path, size: int = 360) -> Path:
    """Write the preview of a result as PNG; `size` is the side of one view in pixels.

    Raises: InputError if the place cannot be written to or is full.
    """
    return write_file(path, png(preview(result, size)))


def save_picture_of_points(result: Segmentation, path: Path) -> list[Path]:
    """Write a picture of a capture's points, as PNG, if its record names a camera; returns the files.

    Raises: InputError if the place cannot be written to or is full.
    """
    camera = camera_for_picture(result.record.settings)
    return [] if camera is None else [write_file(path, png(picture_of_points(result, camera)))]


def save_film(pictures: UInt8[np.ndarray, "f h w 3"], path: Path, fps: float) -> Path:
    """Write the pictures as a film; the ending chooses the format: .gif (runs for ever) or .mp4 (extra `video`).

    A .gif knows time in hundredths of a second, so at most 50 pictures a second.

    Raises: InputError for another ending, no pictures, a frame rate that is not possible or a place that cannot be written
    to; MissingExtra if the extra is not installed.
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
        raise MissingExtra("writing .mp4 films", "imageio-ffmpeg", "video") from error
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
