"""Opens pictures of an allow-list of formats, and encodes them as PNG."""

from __future__ import annotations

import io
import struct
import warnings

import numpy as np
from jaxtyping import UInt8
from PIL import Image

from meronym.errors import InputError, LimitError
from meronym.io.limits import Limits

FORMATS = ("JPEG", "PNG", "WEBP", "TIFF", "BMP", "GIF", "TGA")
"""Of textures. Pillow reads more formats, some (EPS) by starting other programs on the file."""


def open_image(data: bytes, name: str, limits: Limits) -> Image.Image:
    """An image within the limits; its pixels are not decoded yet.

    Raises: InputError if it is none of `FORMATS`, LimitError if it has too many pixels.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(data), formats=FORMATS)
    except Image.DecompressionBombError as error:
        raise LimitError(f"the image {name[:80]!r} is too large: {error}. Make it smaller.") from error
    except (OSError, ValueError, SyntaxError) as error:
        raise InputError(
            f"the image {name[:80]!r} cannot be read ({len(data)} bytes, none of {' '.join(FORMATS)}). Replace it."
        ) from error
    check_pixels(image, f"the image {name[:80]!r}", limits)
    return image


def check_pixels(image: Image.Image, what: str, limits: Limits) -> None:
    """Raises: LimitError if the image has more pixels than the limits allow."""
    count = image.width * image.height
    if count > limits.image_pixels:
        raise LimitError(
            f"{what} is too large: {image.width} x {image.height} are {count} pixels, the limit is {limits.image_pixels}. "
            "Make it smaller, or raise Limits.image_pixels."
        )


def pixels(image: Image.Image, name: str, limits: Limits, alpha: bool = False) -> UInt8[np.ndarray, "h w d"]:
    """The RGB pixels of an image of any mode, made smaller if a side is over the limit.

    With `alpha` they are RGBA if some are not opaque; else transparency is ignored.

    Raises: InputError if the image is truncated or damaged.
    """
    try:
        image.load()
        if image.mode.startswith("I"):
            image = Image.fromarray((np.asarray(image).astype(np.int64) >> 8).clip(0, 255).astype(np.uint8))
        clear = alpha and image.has_transparency_data
        wanted = "RGBA" if clear or image.mode == "P" else "RGB"
        if image.mode != wanted:  # a copy would cost as much again
            image = image.convert(wanted)
        if image.mode == "RGBA" and (not clear or image.getchannel("A").getextrema()[0] == 255):
            image = image.convert("RGB")
    except (OSError, ValueError, SyntaxError, struct.error, EOFError) as error:
        raise InputError(f"the image {name[:80]!r} is damaged: {error}. Replace it.") from error
    image.thumbnail((limits.image_side, limits.image_side))
    return np.array(image)


def storable(data: bytes) -> bytes | None:
    """A picture's file if it is one of the formats that results hold (PNG, JPEG), else None."""
    return data if suffix_of(data) else None


def suffix_of(data: bytes) -> str:
    """.png or .jpg; empty for files of other formats."""
    return ".png" if data.startswith(b"\x89PNG") else ".jpg" if data.startswith(b"\xff\xd8\xff") else ""


def png(picture: UInt8[np.ndarray, "h w d"] | Image.Image) -> bytes:
    """A picture as a PNG file; compressed twice as quickly as by default, for a seventh more bytes."""
    image = picture if isinstance(picture, Image.Image) else Image.fromarray(picture)
    file = io.BytesIO()
    image.save(file, "PNG", compress_level=3)
    return file.getvalue()
