"""`pointclip` and `pointclip-v2`: points get the teacher's answers at their pixels in ten depth pictures.

PointCLIP (Zhang et al., CVPR 2022) writes bare points into a picture. PointCLIPv2 (Zhu et al., ICCV 2023) makes the picture
look real: densify, smooth, squeeze. Both use v2's ten views here, as v1 has no published part segmentation.

The released code of v2 exchanges row and column where it looks up a point's pixel and whether the point is hidden, and
searches view weights and prompts on test labels. Here a point's pixel is its own, all views weigh the same, and prompts are
the user's.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import numpy as np
import torch
from jaxtyping import Bool, Float, Int
from scipy.spatial import cKDTree
from torch import Tensor
from torch.nn import functional

from meronym.core import cameras, geometry
from meronym.errors import InputError
from meronym.lifting import voting
from meronym.lifting.observation import Observation
from meronym.methods.lift import best_prompts
from meronym.types import Cameras, Labelling, Mesh, PointCloud, Regions, Relevancy, Shape, Views


@dataclass(frozen=True)
class Layout:
    """The published pictures of PointCLIPv2, which begin as a grid of cells."""

    side: int = 224
    """Cells of the grid across the picture, and pixels a side of the picture that the teacher gets."""
    margin: int = 20
    """Empty cells that are cut off on each side of the grid before the rest is enlarged to the picture."""
    layers: int = 112
    """Cells of the grid in depth."""
    fill: float = 0.7
    """Share of the grid that the points' longest extent fills."""
    reach: int = 11
    """Cells a side that a point covers in a realistic picture; in depth it is 5."""
    hidden: float = 0.1
    """How much lighter a point is than what hides it; the nearest point is 0, nothing is 1."""
    smoothing: int = 6
    """Cells a side of a dense teacher's grid that are averaged."""
    distance: float = 1000.0
    """Of the cameras, in radii: the pictures are orthographic, as a pinhole camera's are from afar."""

    @property
    def crop(self) -> int:
        """Cells a side that are left within the margin."""
        return self.side - 2 * self.margin


PUBLISHED = Layout()
Draw = Callable[[Int[Tensor, "n 3"], Float[Tensor, " n"], Layout], Float[Tensor, "d h w"]]
"""Makes the grid of one view, 0 nearest and 1 nothing, of cells and nearness."""


@dataclass(frozen=True)
class PointClip:
    """Labels of sampled points by their mean over the views that show them; each element takes its 3 nearest points'.

    In a picture of bare points, each is one dark cell; many a teacher finds "none of these" in the white between them.
    """

    realistic: bool = False
    """The picture is that of a closed surface (PointCLIPv2)."""
    points: int = 2048
    """Points that are sampled of a shape."""
    layout: Layout = PUBLISHED

    def __call__(self, observation: Observation) -> Labelling:
        points = _sample(observation.shape, self.points)
        draw, reach = (realistic, self.layout.reach) if self.realistic else (sparse, 1)
        views, pixel, shown = _depth_views(points, observation.up.cpu(), draw, reach, self.layout)
        answer = observation.teacher(views, observation.prompts, observation.category)
        if isinstance(answer, Regions):
            evidence = voting.count_votes(voting.cast_votes(answer, views, PointCloud(points)), len(observation.prompts))
            logits, seen = evidence.with_none, evidence.seen
        else:
            weight = shown[..., None].float()
            values = _read(answer, pixel, self.layout.smoothing)
            logits, seen = (values * weight).sum(0) / weight.sum(0).clamp(min=1), shown.any(0)
        positions = geometry.element_positions(observation.shape)
        nearest = torch.from_numpy(cKDTree(points).query(positions)[1])
        return best_prompts(_nearest_mean(logits[seen], points[seen.numpy()], positions), seen[nearest], doubt=0)


PointClipV2 = partial(PointClip, realistic=True)
"""`pointclip` with realistic pictures."""


class Placed(NamedTuple):
    """Points in the grid of every view."""

    cell: Int[Tensor, "c n 3"]
    """Layer (the last is nearest), row, column; less the margin."""
    nearness: Float[Tensor, "c n"]
    """The layer, before rounding up."""
    turn: Float[Tensor, "c 3 3"]
    """View from points; the rows are the picture's down, its right, and the direction to the viewer."""
    centre: Float[Tensor, "c 3"]
    """Of the turned points' bounding box."""
    extent: Float[Tensor, " c"]
    """Its longest side."""


def place(points: Float[Tensor, "n 3"], layout: Layout = PUBLISHED) -> Placed:
    """PointCLIPv2's views of points whose y axis is up: four corners and four sides from above, the bottom, the top."""
    first, second, third = _turns()
    shift = torch.tensor([0.5, 0.5, 1.5])  # cancels out; kept so that numbers round as in the released code
    turned = points @ first.mT @ second.mT @ third.mT + shift
    low, high = turned.amin(1), turned.amax(1)
    centre, extent = (low + high) / 2, (high - low).amax(1)
    inside = (turned - centre[:, None]) / extent[:, None, None] * 2
    across = (inside[..., :2] * layout.fill + 1) / 2 * layout.side
    nearness = ((inside[..., 2] + 1) / 2 + 0.3) / 1.3 * (layout.layers - 2)
    cell = torch.cat([nearness[..., None].ceil(), across.ceil() - layout.margin], 2).long()
    return Placed(cell, nearness, third @ second @ first, centre - shift, extent)


def sparse(cell: Int[Tensor, "n 3"], nearness: Float[Tensor, " n"], layout: Layout = PUBLISHED) -> Float[Tensor, "d h w"]:
    """PointCLIP's grid of one view: the points alone."""
    last = torch.tensor([layout.layers - 3, layout.crop, layout.crop])  # the last layer that `visible` reads
    grid = _fill(cell.minimum(last), nearness, layout)
    return 1 - grid / grid.max()


def realistic(cell: Int[Tensor, "n 3"], nearness: Float[Tensor, " n"], layout: Layout = PUBLISHED) -> Float[Tensor, "d h w"]:
    """PointCLIPv2's grid of one view: every point grows to a block, and a Gaussian rounds it off."""
    grid = functional.max_pool3d(_fill(cell, nearness, layout)[None], (5, 1, 1), 1, (2, 0, 0))
    grid = grid.contiguous(memory_format=torch.channels_last)  # layers as channels: much faster
    for window in ((layout.reach, 1), (1, layout.reach)):
        grid = functional.max_pool2d(grid, window, 1, [size // 2 for size in window])
    step = torch.arange(-2.0, 3.0)
    across, along = (-(step**2) / 2).softmax(0), (-(step**2) / 8).softmax(0)
    layers = layout.layers
    smooth = functional.conv2d(grid, (across[:, None] * across).expand(layers, 1, 5, 5), padding=2, groups=layers)
    smooth = functional.conv3d(smooth, along[None, None, :, None, None], padding=(2, 0, 0))[0]
    return 1 - smooth / smooth.max()


def visible(grid: Float[Tensor, "d h w"], cell: Int[Tensor, "n 3"], layout: Layout = PUBLISHED) -> Bool[Tensor, " n"]:
    """Which points are not hidden by what the picture shows in their place."""
    layer, row, column = cell.unbind(1)
    return (grid[layer.clamp(1, layout.layers - 3), row, column] - grid.amin(0)[row, column]).abs() < layout.hidden


def _sample(shape: Shape, count: int) -> Float[np.ndarray, "k 3"]:
    """At most `count` points of a shape: even by area on a mesh, a random choice of a cloud's own.

    Raises: InputError if they all lie in one place.
    """
    generator = torch.Generator().manual_seed(0)
    if isinstance(shape, Mesh):
        points = geometry.sample_surface(shape, count, generator)[0]
    else:
        points = shape.points[torch.randperm(len(shape.points), generator=generator)[:count].numpy()]
    if not np.ptp(points, axis=0).any():
        raise InputError(
            f"pointclip: all {len(points)} points lie in one place, {points[0]}; expected a shape with some extent"
        )
    return points


def _depth_views(
    points: Float[np.ndarray, "k 3"], up: Float[Tensor, " 3"], draw: Draw, reach: int, layout: Layout = PUBLISHED
) -> tuple[Views, Float[Tensor, "c k 2"], Bool[Tensor, "c k"]]:
    """The pictures, the pixel (x, y) of every point in every view, and which points each view shows."""
    side, front = cameras.directions_at(torch.zeros(2), torch.tensor([90.0, 0.0]), up)
    upright = torch.stack([side, torch.linalg.cross(front, side), front])
    origin, radius = geometry.bounding_sphere(PointCloud(points))
    placed = place((torch.from_numpy((points - origin) / radius) @ upright.mT).float(), layout)
    seen_by = _cameras(placed, upright, torch.from_numpy(origin), radius, layout)
    distance = cameras.project(seen_by, torch.from_numpy(points))[1].float()
    cells = torch.linspace(0, layout.crop - 1, layout.side).round().long()
    pictures, elements, shown = [], [], []
    for cell, nearness in zip(placed.cell, placed.nearness, strict=True):
        grid = draw(cell, nearness, layout)
        front = grid.amin(0)[None, None]
        pictures.append(functional.interpolate(front, layout.side, mode="bilinear", align_corners=True)[0, 0])
        elements.append(_owners(cell, nearness, reach, layout.crop)[cells][:, cells])
        shown.append(visible(grid, cell, layout))
    element = torch.stack(elements)
    depth = torch.stack([row[index] for row, index in zip(distance, element, strict=True)])
    colour = torch.stack(pictures).clamp(0, 1)[..., None].expand(-1, -1, -1, 3)
    pixel = (placed.cell[..., [2, 1]] * (layout.side / layout.crop)).ceil() + 0.5
    return Views(seen_by, colour, depth.masked_fill(element < 0, torch.inf), element), pixel, torch.stack(shown)


def _turns() -> tuple[Float[Tensor, "10 3 3"], Float[Tensor, "10 3 3"], Float[Tensor, "10 3 3"]]:
    """Three rotations of each view, one after the other: to a side, an end; about the up axis; down towards the viewer."""
    lay = _rotation(2, math.pi / 2)
    sides = [_rotation(0, quarter * math.pi / 2) @ lay for quarter in range(4)]
    ends = [_rotation(1, sign * math.pi / 2) @ lay for sign in (-1, 1)]
    about = [math.pi / 4] * 4 + [0.0] * 4 + [math.pi / 15] * 2
    tilt = [math.pi / 9] * 8 + [math.pi / 15] * 2
    second, third = ([_rotation(axis, angle) for angle in angles] for axis, angles in enumerate((about, tilt)))
    return torch.stack(sides * 2 + ends), torch.stack(second), torch.stack(third)


def _rotation(axis: int, angle: float) -> Float[Tensor, "3 3"]:
    """By `angle` radians about x, y or z, right-handed."""
    turn, radians = torch.eye(3), torch.tensor(angle)
    a, b = (axis + 1) % 3, (axis + 2) % 3
    turn[a, a] = turn[b, b] = radians.cos()
    turn[a, b], turn[b, a] = -radians.sin(), radians.sin()
    return turn


def _cameras(
    placed: Placed, upright: Float[Tensor, "3 3"], origin: Float[Tensor, " 3"], radius: float, layout: Layout
) -> Cameras:
    """The views as pinhole cameras from afar, for points that were centred on `origin`, scaled by `radius` and set upright."""
    turn = placed.turn.double() @ upright
    down, right, near = turn.unbind(1)
    eye = origin + radius * ((placed.centre.double()[:, None] @ turn)[:, 0] + layout.distance * near)
    pose = torch.eye(4, dtype=torch.float64).repeat(len(turn), 1, 1)
    pose[:, :3] = torch.stack([right, down, -near, eye], 2)
    intrinsics = torch.eye(3, dtype=torch.float64).repeat(len(turn), 1, 1)
    zoom = (layout.side - 1) / (layout.crop - 1)
    focal = layout.distance * layout.fill * layout.side / placed.extent.double() * zoom
    intrinsics[:, 0, 0] = intrinsics[:, 1, 1] = focal
    middle = layout.side / 2 - layout.margin + 0.5  # a cell reaches half a cell to either side of its points
    intrinsics[:, :2, 2] = middle * zoom + 0.5
    return Cameras(pose, intrinsics, layout.side, layout.side)


def _fill(cell: Int[Tensor, "n 3"], nearness: Float[Tensor, " n"], layout: Layout) -> Float[Tensor, "d h w"]:
    """A grid with each point's nearness in its cell, 0 elsewhere; of points that share a cell the last counts, as published."""
    grid = np.zeros((layout.layers, layout.crop, layout.crop), dtype=np.float32)
    grid[tuple(cell.T.numpy())] = nearness.numpy()
    return torch.from_numpy(grid)


def _owners(cell: Int[Tensor, "n 3"], nearness: Float[Tensor, " n"], reach: int, crop: int) -> Int[Tensor, "h w"]:
    """The nearest of the points that cover each cell of the picture; -1 = none."""
    order = nearness.argsort(stable=True)
    rank = torch.zeros(crop, crop)
    _, row, column = cell[order].unbind(1)
    rank.view(-1).scatter_reduce_(0, row * crop + column, torch.arange(1.0, len(order) + 1), "amax")
    rank = functional.max_pool2d(rank[None], reach, 1, reach // 2)[0]
    return torch.cat([torch.tensor([-1]), order])[rank.long()]


def _read(relevancy: Relevancy, pixel: Float[Tensor, "c k 2"], smoothing: int) -> Float[Tensor, "c k _prompts_and_none"]:
    """Smoothed logits of the prompts and of "none of these" at the points' pixels."""
    around = (smoothing // 2 - 1, smoothing // 2) * 2
    values = []
    for logit, none, box, xy in zip(relevancy.logit, relevancy.none, relevancy.box, pixel, strict=True):
        grid = functional.pad(torch.cat([logit, none[None]])[None].float(), around, mode="replicate")
        place = (xy - box[:2]) / (box[2:] - box[:2]) * 2 - 1
        smooth = functional.avg_pool2d(grid, smoothing, 1)
        sampled = functional.grid_sample(smooth, place[None, None], align_corners=False, padding_mode="border")
        values.append(sampled[0, :, 0].T)
    return torch.stack(values)


def _nearest_mean(
    values: Float[Tensor, "k c"], points: Float[np.ndarray, "k 3"], positions: Float[np.ndarray, "n 3"]
) -> Float[Tensor, "n c"]:
    """The mean of the 3 nearest points' values, weighted by inverse distance; a point's own at the point."""
    distance, near = (array.reshape(len(positions), -1) for array in cKDTree(points).query(positions, min(3, len(points))))
    weight = torch.from_numpy(1 / np.maximum(distance, 1e-9 * np.ptp(points, axis=0).max() + 1e-300))
    return ((weight / weight.sum(1, keepdim=True)).float()[..., None] * values[torch.from_numpy(near)]).sum(1)
