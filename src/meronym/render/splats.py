"""Pictures of Gaussians, in pure torch: EWA splatting as 3DGS (Kerbl et al., SIGGRAPH 2023) and gsplat publish it.

A Gaussian is projected to an ellipse of covariance J W Sigma W^T J^T + 0.3 pixels, is opacity * exp(-power) opaque at each
pixel, at most 0.99, and is left out where that is below 1/255. Pixels are composited from front to back, in the order of the
centres' depths, until less than 1e-4 of the light is left.

Sorted by depth once, Gaussians are taken in chunks: each becomes the spans of pixels in which it counts, sorted by pixel, and
what is let through is a cumulative sum of logarithms in each pixel. Gaussians behind opaque pixels are passed over. There are
no tiles, and memory is bounded by the chunk. The slow twin is beside the tests.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from meronym.core import geometry
from meronym.errors import InputError
from meronym.render.shading import take
from meronym.render.spans import batches, covered, expand
from meronym.render.style import RenderStyle
from meronym.types import SH_CONSTANT, Cameras, Gaussians, Views


@dataclass(frozen=True)
class SplatSettings:
    """The published constants, and what bounds memory."""

    blur: float = 0.3
    """Added to the variances of an ellipse, square pixels: the pixel's own width."""
    least: float = 1 / 255
    """Opacity at a pixel below which a Gaussian does not count there."""
    most: float = 0.99
    """The largest opacity at a pixel."""
    stop: float = 1e-4
    """Share of light at which a pixel is finished; the Gaussian that would leave less is left out."""
    outside: float = 0.15
    """How far outside the picture, as a share of its width, a centre is taken to lie at the most when its ellipse is made."""
    near: float = 0.01
    """Near plane, as a share of the median depth."""
    chunk: int = 1 << 20
    """About how many pixels of Gaussians are worked on at once."""


DEFAULT = SplatSettings()


class Contributions(NamedTuple):
    """How much of each pixel's colour comes from which Gaussian, in one view."""

    gaussian: Int[Tensor, " k"]
    pixel: Int[Tensor, " k"]
    """row * width + column."""
    weight: Float[Tensor, " k"]
    """0..1; those of a pixel sum to its opacity."""
    middle: Bool[Tensor, " k"]
    """The Gaussian with which the pixel becomes more than half opaque."""


@dataclass(frozen=True, eq=False)
class _Ellipses:
    """Projected Gaussians, from front to back."""

    gaussian: Int[Tensor, " k"]
    x: Float[Tensor, " k"]
    y: Float[Tensor, " k"]
    """Pixels."""
    xx: Float[Tensor, " k"]
    xy: Float[Tensor, " k"]
    yy: Float[Tensor, " k"]
    """The inverse covariance, per square pixel."""
    log_opacity: Float[Tensor, " k"]
    reach: Float[Tensor, " k"]
    """Twice the power at which the opacity is down to the least."""
    half: Float[Tensor, "2 k"]
    """Half the width and height of the box in which a Gaussian counts, pixels."""


def render_gaussians(shape: Gaussians, cameras: Cameras, style: RenderStyle, settings: SplatSettings = DEFAULT) -> Views:
    """Views of Gaussians without floaters, on the device of the cameras; depth is that at which a pixel gets half opaque."""
    device = cameras.world_from_camera.device
    height, width = cameras.height, cameras.width
    coefficients = torch.from_numpy(harmonics(shape)).to(device)
    points = torch.from_numpy(shape.points).to(device)
    pictures = []
    for view in range(len(cameras)):
        colour = torch.zeros(3, height * width, device=device)
        depth = torch.full((height * width,), torch.inf, device=device)
        best = torch.full((height * width,), -1, device=device)
        towards = points - cameras.world_from_camera[view, :3, 3]
        shown = shaded(coefficients, torch.nn.functional.normalize(towards.T, dim=0).float())
        deep = (towards @ cameras.world_from_camera[view, :3, 2].double()).float()
        light = torch.zeros(height * width, device=device)
        for gaussian, pixel, weight, middle in contributions(shape, cameras, view, settings):
            light.index_add_(0, pixel, weight)
            for plane, values in zip(colour, shown, strict=True):
                plane.index_add_(0, pixel, take(values, gaussian).mul_(weight))
            crossed = middle.nonzero()[:, 0]
            depth[take(pixel, crossed)] = take(deep, take(gaussian, crossed))
            best.scatter_reduce_(0, pixel, (weight.view(torch.int32).long() << 32) | gaussian, "amax")
        element = torch.where(torch.isfinite(depth), best & 0xFFFFFFFF, -1)
        background = torch.tensor(style.background, device=device)[:, None] * (1 - light)
        pictures.append(((colour + background).clamp(0, 1).T, depth, element))
    stacked = (torch.stack(parts).unflatten(1, (height, width)) for parts in zip(*pictures, strict=True))
    return Views(cameras, *stacked)


def contributions(shape: Gaussians, cameras: Cameras, view: int, settings: SplatSettings = DEFAULT) -> Iterator[Contributions]:
    """What Gaussians that are no floaters contribute to one view, from front to back, on the device of the cameras.

    Raises: InputError if there is none.
    """
    height, width = cameras.height, cameras.width
    ellipses = _project(shape, cameras, view, settings)
    top, rows = covered(ellipses.y - ellipses.half[1], ellipses.y + ellipses.half[1], height)
    left, columns = covered(ellipses.x - ellipses.half[0], ellipses.x + ellipses.half[0], width)
    stop = math.log(settings.stop)
    through = ellipses.x.new_zeros(height * width)
    for some in batches(rows * columns, settings.chunk):
        there = torch.nn.functional.pad((through > stop).view(height, width).int(), (1, 0, 1, 0)).cumsum(0).cumsum(1)
        up, down, first, last = top[some], (top + rows)[some], left[some], (left + columns)[some]
        unfinished = there[down, last] - there[up, last] - there[down, first] + there[up, first]
        chosen = unfinished.nonzero()[:, 0] + some.start
        which, pixel, opacity = _opacities(ellipses, chosen, take(top, chosen), take(rows, chosen), width, settings)
        kept = ((opacity >= settings.least) & (take(through, pixel) > stop)).nonzero()[:, 0]
        pixel, order = take(pixel, kept).int().sort(stable=True)
        pixel, order = pixel.long(), take(kept, order)
        which, opacity = take(which, order), take(opacity, order)
        loss = torch.log1p(-opacity.double())
        lost = loss.cumsum(0)
        start = torch.diff(pixel, prepend=pixel.new_tensor([-1])).nonzero()[:, 0]
        piece = torch.repeat_interleave(torch.diff(start, append=start.new_tensor([len(pixel)])))
        before = take(take(through, pixel[start]) - take(lost - loss, start), piece) + (lost - loss)
        after = before + loss
        through.scatter_reduce_(0, pixel, after, "amin")
        light = take(before, shining := (after > stop).nonzero()[:, 0])
        middle = (light > math.log(0.5)) & (take(after, shining) <= math.log(0.5))
        weight = light.exp().float() * take(opacity, shining)
        yield Contributions(take(ellipses.gaussian, take(which, shining)), take(pixel, shining), weight, middle)


def harmonics(shape: Gaussians) -> Float[np.ndarray, "3 k n"]:
    """Coefficients of spherical harmonics of red, green and blue, 1, 4, 9 or 16 each."""
    count = sum(name.startswith("f_rest_") for name in shape.names) // 3
    names = [[f"f_dc_{c}", *(f"f_rest_{c * count + k}" for k in range(count))] for c in range(3)]
    return np.array([[shape.rows[name] for name in own] for own in names], np.float32)


def shaded(coefficients: Float[Tensor, "3 k n"], direction: Float[Tensor, "3 n"]) -> Float[Tensor, "3 n"]:
    """Colours of Gaussians seen along unit directions: 0.5 and more, up to degree 3; at least 0."""
    x, y, z = direction
    xx, yy, zz = x * x, y * y, z * z
    basis = [
        torch.full_like(x, SH_CONSTANT),
        -0.4886025119029199 * y, 0.4886025119029199 * z, -0.4886025119029199 * x,
        1.0925484305920792 * x * y, -1.0925484305920792 * y * z, 0.31539156525252005 * (2 * zz - xx - yy),
        -1.0925484305920792 * x * z, 0.5462742152960396 * (xx - yy),
        -0.5900435899266435 * y * (3 * xx - yy), 2.890611442640554 * x * y * z, -0.4570457994644658 * y * (4 * zz - xx - yy),
        0.3731763325901154 * z * (2 * zz - 3 * xx - 3 * yy), -0.4570457994644658 * x * (4 * zz - xx - yy),
        1.445305721320277 * z * (xx - yy), -0.5900435899266435 * x * (xx - 3 * yy),
    ]  # fmt: skip
    colour = torch.full_like(direction, 0.5)
    for k in range(coefficients.shape[1]):
        colour.addcmul_(coefficients[:, k], basis[k])
    return colour.clamp_(min=0)


def _project(shape: Gaussians, cameras: Cameras, view: int, settings: SplatSettings) -> _Ellipses:
    """The ellipses of Gaussians that are no floaters, in front of the camera and opaque enough to count."""
    pose, intrinsics = cameras.world_from_camera[view].double(), cameras.intrinsics[view].double()
    device = pose.device
    shown = torch.from_numpy(~shape.floating & (shape.opacity >= settings.least)).to(device).nonzero()[:, 0]
    if not len(shown):
        raise InputError(f"cannot render: of {shape.element_count} Gaussians none is opaque and part of the thing.")
    inside = ((torch.from_numpy(shape.points).to(device)[shown] - pose[:3, 3]) @ pose[:3, :3]).T
    front = inside[2] > 0
    if front.any():
        front = inside[2] > settings.near * inside[2][front].median()
    order = inside[2].masked_fill(~front, torch.inf).argsort(stable=True)[: int(front.sum())]
    shown, (x, y, z) = shown[order], inside[:, order]
    own = shown.cpu().numpy()
    axes = geometry.rotations(shape.rotation[own].astype(np.float64)) * shape.deviation[own][:, None]
    (fx, _, cx), (_, fy, cy), _ = intrinsics.unbind()
    beside = settings.outside * torch.stack([cameras.width / fx, cameras.height / fy])
    u = (x / z).clamp(-cx / fx - beside[0], (cameras.width - cx) / fx + beside[0])
    v = (y / z).clamp(-cy / fy - beside[1], (cameras.height - cy) / fy + beside[1])
    nothing = torch.zeros_like(z)
    jacobian = torch.stack([torch.stack([fx / z, nothing, -fx * u / z]), torch.stack([nothing, fy / z, -fy * v / z])])
    spread = torch.einsum("pcn,dc,nda->pna", jacobian, pose[:3, :3], torch.from_numpy(axes).to(device))
    (xx, xy), (_, yy) = torch.einsum("pna,qna->pqn", spread, spread)
    xx, yy = xx + settings.blur, yy + settings.blur
    area = xx * yy - xy * xy
    log_opacity = torch.from_numpy(shape.opacity[own]).to(device).double().log()
    reach = 2 * (log_opacity - math.log(settings.least))
    half = torch.stack([xx, yy]).mul(reach + 1e-6).clamp_(min=0).sqrt()
    place = fx * x / z + cx, fy * y / z + cy
    return _Ellipses(shown, *place, yy / area, -xy / area, xx / area, log_opacity, reach, half)


def _opacities(
    ellipses: _Ellipses,
    chosen: Int[Tensor, " g"],
    top: Int[Tensor, " g"],
    rows: Int[Tensor, " g"],
    width: int,
    settings: SplatSettings,
) -> tuple[Int[Tensor, " k"], Int[Tensor, " k"], Float[Tensor, " k"]]:
    """All pixels in which chosen ellipses may count, by depth: which ellipse, the pixel and the opacity there."""
    owner, step = expand(rows)
    row, which = take(top, owner) + step, take(chosen, owner)
    xx, xy, x = (take(array, which) for array in (ellipses.xx, ellipses.xy, ellipses.x))
    below = row + 0.5 - take(ellipses.y, which)
    slant = xy * below
    tall = take(ellipses.yy, which) * below.square()
    open_ = slant.square() - xx * (tall - take(ellipses.reach, which) - 1e-6)
    half = open_.clamp_(min=0).sqrt_() / xx
    middle = x - slant / xx
    first, count = covered(middle - half, middle + half, width)
    beside = (first + 0.5 - x).float()
    span, offset = expand(count)
    right = take(beside, span) + offset
    power = take((tall / 2 - take(ellipses.log_opacity, which)).float(), span)
    power.add_(right * take(slant.float(), span)).addcmul_(right.square_(), take((xx / 2).float(), span))
    opacity = power.neg_().exp_().clamp_(max=settings.most)
    return take(which, span), take(row * width + first, span) + offset, opacity
