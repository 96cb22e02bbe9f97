"""Reads photos: decoded, the right way up, without lens distortion, at any size."""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
import torch.nn.functional as F
from jaxtyping import Bool, Float
from PIL import Image, ImageOps
from torch import Tensor

from meronym.errors import Error, InputError, LimitError, MissingExtra
from meronym.io.captures.placement import Warp, placed_sizes, scaled
from meronym.io.images import check_pixels
from meronym.io.limits import DEFAULT, Limits, check_size
from meronym.types import Capture, Views

_FORMATS = ("JPEG", "PNG", "WEBP", "TIFF", "BMP")
"""Of photos: an allow-list."""
_HEIC = (b"heic", b"heix", b"heim", b"heis", b"mif1")
"""Brands of HEIC's files, which are read if the extra is installed."""
_LEAST = 0.01
"""Share of its picture that at least one photo has to fill."""
_ORIENTATION = 0x0112
"""EXIF's tag."""


class Header(NamedTuple):
    """Properties of a photo that are known before its pixels are decoded."""

    width: int
    """Of the pixels as they are stored."""
    height: int
    orientation: int
    """EXIF's, 1 (upright) to 8; from 5 on, upright means that width and height change places."""
    kinds: tuple[str, ...]
    """Properties beyond plain 8-bit RGB, in words."""

    @property
    def turned(self) -> bool:
        return self.orientation != 1

    @property
    def upright(self) -> tuple[int, int]:
        """Width and height of the picture when it is turned as EXIF says."""
        return (self.height, self.width) if self.orientation > 4 else (self.width, self.height)


@contextmanager
def opened(path: Path, limits: Limits = DEFAULT) -> Iterator[Image.Image]:
    """The image, not decoded yet; every exception of its parser becomes one of meronym's."""
    try:
        check_size(path, limits)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with _image(path) as image:
                check_pixels(image, f"{path}: the photo", limits)
                yield image
    except MissingExtra:
        raise
    except Error as error:
        raise error if str(error).startswith(str(path)) else type(error)(f"{path.parent}/{error}") from error
    except (Image.DecompressionBombError, MemoryError) as error:
        raise LimitError(f"{path}: the photo is too large: {error}. Make it smaller.") from error
    except Exception as error:  # a parser may raise anything at all on a damaged file
        reason = f"{type(error).__name__}: {error}"[:200]
        raise InputError(f"{path}: the photo is damaged, or of a kind that is not read ({reason}). Replace it.") from error


def _image(path: Path) -> Image.Image:
    """The image in a file, by its first bytes, not by its ending: phones write HEIC under other names too."""
    with path.open("rb") as file:
        start = file.read(12)
    if start[4:8] != b"ftyp" or start[8:] not in _HEIC:
        return Image.open(path, formats=_FORMATS)
    try:
        from pi_heif import HeifImageFile
    except ImportError as error:
        cure = f"Convert it (heif-convert {path.name} {path.stem}.jpg), or read it as it is, which"
        raise MissingExtra(f"{path} is HEIC. {cure}", "pi-heif", "heic") from error
    image: Image.Image = HeifImageFile(path)
    return image


def photo_header(path: Path, limits: Limits = DEFAULT) -> Header:
    """Size, orientation and kind of a photo; its pixels are not decoded.

    Raises: InputError if it is not an image, LimitError if it has too many pixels.
    """
    with opened(path, limits) as image:
        decodes = image.format == "PNG" and "exif" not in image.info  # to see whether EXIF data come after the pixels
        orientation = 1 if decodes else image.getexif().get(_ORIENTATION, 1)
        kinds = {
            "CMYK photos": image.mode == "CMYK",
            "16-bit photos": image.mode.startswith("I"),
            "greyscale photos": image.mode in ("1", "L", "LA", "La") or image.mode.startswith("I"),
            "photos with alpha": image.has_transparency_data,
        }
        named = tuple(kind for kind, found in kinds.items() if found)
        return Header(image.width, image.height, orientation if orientation in range(1, 9) else 1, named)


def _read(path: Path, width: int, height: int, limits: Limits) -> Float[Tensor, "4 h w"]:
    """Red, green, blue over white, and alpha, all 0..1; turned as EXIF says if only then it has the size that is expected."""
    with opened(path, limits) as stored:
        image = stored
        if image.size == (height, width) != (width, height):
            image = ImageOps.exif_transpose(image)
        if image.size != (width, height):
            raise InputError(
                f"{path}: it has {image.width} x {image.height} pixels now, but the poses are for {width} x {height}."
            )
        if image.mode.startswith("I"):
            grey = np.asarray(image).astype(np.float32) / 65535
            if grey.min() < 0 or grey.max() > 1:
                raise InputError(
                    f"{path}: its grey values are {65535 * grey.min():.0f} to {65535 * grey.max():.0f}, not 16 bit."
                )
            return torch.from_numpy(np.stack([grey, grey, grey, np.ones_like(grey)]))
        if image.mode == "F":
            raise InputError(f"{path}: its pixels are floating-point numbers of unknown range. Save it with 8 or 16 bits.")
        plain = torch.from_numpy(np.array(image.convert("RGBA" if image.has_transparency_data else "RGB")))
    planes = torch.ones(4, height, width)
    planes[: plain.shape[2]].copy_(plain.permute(2, 0, 1)).div_(255)
    if plain.shape[2] == 4:
        planes[:3].mul_(planes[3]).add_(1 - planes[3])
    return planes


def read_mask(path: Path, dark: int = 127) -> Bool[np.ndarray, "h w"]:
    """Where a picture is brighter than `dark` of 255. Raises: InputError if it is damaged, LimitError if it is too large."""
    with opened(path) as image:
        return np.array(image.convert("L")) > dark


# ---------------------------------------------------------------- on the canvas


def undistorted(
    capture: Capture, view: int, planes: Float[Tensor, "k photo_h photo_w"], longest: int | None = None
) -> Float[Tensor, "k h w"]:
    """Values on a photo's pixels, such as masks, resampled as `photos` resamples the photo; 0 outside of it."""
    return Warp.of(capture, view, scaled(capture, longest), placed_sizes(capture, longest)[view])(planes)[0]


def photos(capture: Capture, longest: int | None = None, limits: Limits = DEFAULT) -> Views:
    """The photos, upright and without lens distortion, at the top left of pictures of one size: the longer side of each is at
    most `longest` pixels. They are averaged, never picked, when smaller.

    The element is 0 where a photo shows something, and -1 where it is transparent (alpha < 0.5; it is laid over white) or
    `outside`: beyond the photo, or hidden by its mask. What is outside is white. Depth is infinite: photos don't know it.

    Raises: InputError for a photo or mask that is damaged or has changed its size, or masks that hide all; LimitError if the
    photos are too large together.
    """
    cameras, sizes = scaled(capture, longest), placed_sizes(capture, longest)
    need = 21 * len(capture) * cameras.height * cameras.width
    if need > limits.photos_bytes:
        raise LimitError(
            f"{len(capture)} photos of {cameras.width} x {cameras.height} pixels take {need / 1e9:.0f} GB, the limit is "
            f"{limits.photos_bytes / 1e9:.0f}. Ask for smaller ones (longest)."
        )
    colour = torch.empty(len(capture), cameras.height, cameras.width, 3)
    element = torch.empty(colour.shape[:3], dtype=torch.int64)
    outside = torch.empty(colour.shape[:3], dtype=torch.bool)
    warp, lens = None, None
    for view, path in enumerate(capture.images):
        frame = capture.frame(view)
        same = (*capture.cameras.intrinsics[view].flatten().tolist(), *capture.distortion[view].tolist(), *sizes[view])
        same += (frame.width, frame.height, frame.turns, frame.fisheye)
        if warp is None or same != lens:
            warp, lens = Warp.of(capture, view, cameras, sizes[view]), same
        planes, share = warp(_with_mask(_read(path, frame.width, frame.height, limits), frame.mask))
        outside[view] = (share < 0.5) | (planes[4] < 0.5)
        picture = torch.where(outside[view], 1.0, planes[:3] / share.clamp_min(1e-6))
        colour[view] = picture.clamp(0, 1).permute(1, 2, 0)
        element[view] = torch.where(outside[view] | (planes[3] < 0.5), -1, 0)
    if float((~outside).flatten(1).float().mean(1).max()) <= _LEAST:
        raise InputError(f"{capture.source}: the masks of the photos hide everything. Black is what is left out; invert them.")
    hidden = outside if bool(outside.any()) else None
    return Views(cameras, colour, torch.tensor(math.inf).expand(colour.shape[:3]), element, hidden)


def _with_mask(planes: Float[Tensor, "4 h w"], mask: Path | None) -> Float[Tensor, "5 h w"]:
    """The planes of a photo, and 1 where its mask is not black; the mask may be smaller or larger than the photo.

    Raises: InputError if its sides have another ratio, or it is damaged.
    """
    if mask is None:
        return torch.cat([planes, torch.ones_like(planes[:1])])
    shown = torch.from_numpy(read_mask(mask, 0)).float()[None, None]
    (height, width), (own_height, own_width) = planes.shape[1:], shown.shape[2:]
    if abs(own_width / width - own_height / height) > 1 / width + 1 / height:
        raise InputError(
            f"{mask}: the mask has {own_width} x {own_height} pixels, its photo {width} x {height}. They must fit."
        )
    return torch.cat([planes, F.interpolate(shown, (height, width), mode="nearest-exact")[0]])
