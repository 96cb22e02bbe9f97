"""Reads photos: decoded, the right way up, without lens distortion, at any size."""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
import torch.nn.functional as F
from jaxtyping import Bool, Float
from PIL import Image, ImageOps
from torch import Tensor

from meronym.errors import Error, InputError, LimitError
from meronym.io.images import check_pixels
from meronym.io.limits import DEFAULT, Limits, check_size
from meronym.types import Cameras, Capture, Views

_FORMATS = ("JPEG", "PNG", "WEBP", "TIFF", "BMP")
"""Of photos: an allow-list."""
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
            with Image.open(path, formats=_FORMATS) as image:
                check_pixels(image, f"{path}: the photo", limits)
                yield image
    except Error as error:
        raise error if str(error).startswith(str(path)) else type(error)(f"{path.parent}/{error}") from error
    except (Image.DecompressionBombError, MemoryError) as error:
        raise LimitError(f"{path}: the photo is too large: {error}. Make it smaller.") from error
    except Exception as error:  # a parser may raise anything at all on a damaged file
        reason = f"{type(error).__name__}: {error}"[:200]
        raise InputError(f"{path}: the photo is damaged, or of a kind that is not read ({reason}). Replace it.") from error


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


def read_mask(path: Path) -> Bool[np.ndarray, "h w"]:
    """Where a picture is brighter than 127 of 255. Raises: InputError if it is damaged, LimitError if it is too large."""
    with opened(path) as image:
        return np.array(image.convert("L")) > 127


# ---------------------------------------------------------------- lenses


def distort(
    points: Float[Tensor, "*n 2"], distortion: Float[Tensor, " 6"], fisheye: bool = False
) -> tuple[Float[Tensor, "*n 2"], Bool[Tensor, "*n"]]:
    """Where a lens shows the direction (x, y, 1), again as x and y at depth 1; and whether it shows it at all.

    OpenCV's radial-tangential and fisheye models. Beyond the angle at which the model folds back nothing is shown.
    """
    k1, k2, p1, p2, k3, k4 = distortion.tolist()
    radius = points.norm(dim=-1)
    reach = torch.atan(radius) if fisheye else radius
    slope = np.roots([1, 3 * k1, 5 * k2, 7 * k3, 9 * k4 if fisheye else 0.0])  # of 1 / reach^2, where the model folds
    turn = max((root.real for root in slope if abs(root.imag) < 1e-9 * abs(root)), default=0.0)
    shown = reach.square() * max(turn, 0.0) < 1
    square = reach.square()
    if fisheye:
        stretch = 1 + square * (k1 + square * (k2 + square * (k3 + square * k4)))
        factor = torch.where(radius > 1e-9, reach / radius.clamp_min(1e-9), 1.0) * stretch
        return points * factor[..., None], shown
    x, y = points.unbind(-1)
    factor = 1 + square * (k1 + square * (k2 + square * k3))
    bent_x = x * factor + 2 * p1 * x * y + p2 * (square + 2 * x * x)
    bent_y = y * factor + p1 * (square + 2 * y * y) + 2 * p2 * x * y
    return torch.stack([bent_x, bent_y], dim=-1), shown


@dataclass(frozen=True, eq=False)
class _Warp:
    """Where each pixel of a picture is found in the photo: `fine` x `fine` samples a pixel, of a photo that is first
    averaged over `coarse` x `coarse` pixels; together they keep fine patterns from turning into false ones."""

    grid: Float[Tensor, "fine_h fine_w 2"]
    inside: Float[Tensor, "fine_h fine_w"]
    fine: int
    coarse: int

    def __call__(self, planes: Float[Tensor, "k photo_h photo_w"]) -> tuple[Float[Tensor, "k h w"], Float[Tensor, "h w"]]:
        """The planes as the picture shows them, 0 outside of the photo; and which share of each pixel is inside."""
        if self.coarse > 1:
            planes = F.avg_pool2d(planes[None], self.coarse, ceil_mode=True)[0]
        found = F.grid_sample(planes[None], self.grid[None], padding_mode="border", align_corners=False)[0] * self.inside
        both = torch.cat([found, self.inside[None]])
        both = F.avg_pool2d(both[None], self.fine)[0] if self.fine > 1 else both
        return both[:-1], both[-1]


def scaled(cameras: Cameras, longest: int | None) -> Cameras:
    """Cameras of pictures that are made smaller, the longest side at most `longest` pixels.

    Raises: InputError if `longest` is not at least 1.
    """
    if longest is not None and longest < 1:
        raise InputError(f"longest: expected at least 1 pixel, got {longest}")
    scale = min(1.0, (longest or math.inf) / max(cameras.width, cameras.height))
    width, height = (max(1, round(side * scale)) for side in (cameras.width, cameras.height))
    factor = cameras.intrinsics.new_tensor([[width / cameras.width], [height / cameras.height], [1]])
    return Cameras(cameras.world_from_camera, cameras.intrinsics * factor, height, width)


def _warp(capture: Capture, view: int, small: Cameras) -> _Warp:
    photo = capture.cameras
    step = max(photo.width / small.width, photo.height / small.height)
    coarse = max(1, int(step / 2))
    fine = math.ceil(step / coarse - 1e-9)
    (fx, _, cx), (_, fy, cy), _ = small.intrinsics[view].double().tolist()
    rows, columns = ((torch.arange(fine * n) + 0.5) / fine for n in (small.height, small.width))
    y, x = torch.meshgrid((rows - cy) / fy, (columns - cx) / fx, indexing="ij")
    bent, shown = distort(torch.stack([x, y], dim=-1), capture.distortion[view], capture.fisheye)
    k = photo.intrinsics[view].float()
    pixel = bent * torch.stack([k[0, 0], k[1, 1]]) + k[:2, 2]
    size = pixel.new_tensor([photo.width, photo.height])
    within = shown & ((pixel > -1e-3) & (pixel < size + 1e-3)).all(dim=-1)
    padded = coarse * torch.ceil(size / coarse)
    grid = torch.nan_to_num(2 * pixel / padded - 1, posinf=9, neginf=-9).clamp(-9, 9)
    return _Warp(grid, within.float(), fine, coarse)


def undistorted(
    capture: Capture, view: int, planes: Float[Tensor, "k photo_h photo_w"], longest: int | None = None
) -> Float[Tensor, "k h w"]:
    """Values on a photo's pixels, such as masks, resampled as `photos` resamples the photo; 0 outside of it."""
    return _warp(capture, view, scaled(capture.cameras, longest))(planes)[0]


def photos(capture: Capture, longest: int | None = None, limits: Limits = DEFAULT) -> Views:
    """The photos without lens distortion, the longest side at most `longest` pixels; averaged, never picked, when smaller.

    The element is 0 where a photo shows something, and -1 where it is transparent (alpha < 0.5; it is laid over white)
    or where the straightened picture reaches beyond the photo. Depth is infinite: photos don't know it.

    Raises: InputError for a photo that is damaged or has changed its size; LimitError if they are too large together.
    """
    cameras = scaled(capture.cameras, longest)
    need = 20 * len(capture) * cameras.height * cameras.width
    if need > limits.photos_bytes:
        raise LimitError(
            f"{len(capture)} photos of {cameras.width} x {cameras.height} pixels take {need / 1e9:.0f} GB, the limit is "
            f"{limits.photos_bytes / 1e9:.0f}. Ask for smaller ones (longest)."
        )
    colour = torch.empty(len(capture), cameras.height, cameras.width, 3)
    element = torch.empty(colour.shape[:3], dtype=torch.int64)
    warp, lens = None, None
    for view, path in enumerate(capture.images):
        same = torch.cat([cameras.intrinsics[view].flatten(), capture.distortion[view]]).tolist()
        if warp is None or same != lens:
            warp, lens = _warp(capture, view, cameras), same
        planes, share = warp(_read(path, capture.cameras.width, capture.cameras.height, limits))
        picture = torch.where(share < 0.5, 1.0, planes[:3] / share.clamp_min(1e-6))
        colour[view] = picture.clamp(0, 1).permute(1, 2, 0)
        element[view] = torch.where(planes[3] < 0.5, -1, 0)
    return Views(cameras, colour, torch.tensor(math.inf).expand(colour.shape[:3]), element)
