"""`pointclip` and `pointclip-v2`: a teacher looks at depth pictures of 2,048 points, and a point takes what its pixels get.

PointCLIP (Zhang et al., CVPR 2022) writes bare points into a picture. PointCLIPv2 (Zhu et al., ICCV 2023) makes the picture
look real: densify, smooth, squeeze. Both use v2's ten views here, as v1 has no published part segmentation.

The released code of v2 exchanges row and column where it asks what a point's pixel shows and whether the point is hidden, and
searches view weights and prompts on test labels. Here a point's pixel is its own, all views weigh the same, and prompts are
the user's.
"""

from __future__ import annotations

import math
from collections.abc import Callable
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
from meronym.methods.lift import name
from meronym.types import Cameras, Labelling, Mesh, PointCloud, Regions, Relevancy, Shape, Views

POINTS = 2048
SIDE = 224
"""Cells of the grid across the picture, and pixels a side of what the teacher sees."""
MARGIN = 20
"""Empty cells that are cut off on each side of the grid before the rest is enlarged to the picture."""
CROP = SIDE - 2 * MARGIN
LAYERS = 112
"""Cells of the grid in depth."""
FILL = 0.7
"""Share of the grid that the points' longest extent fills."""
REACH = 11
"""Cells a side that a point covers in a realistic picture; in depth it is 5."""
HIDDEN = 0.1
"""How much lighter a point is than what hides it; the nearest point is 0, nothing is 1."""
SMOOTHING = 6
"""Cells a side of a dense teacher's grid that are averaged."""
DISTANCE = 1000.0
"""Of the cameras, in radii: the pictures are orthographic, as a pinhole camera's are from afar."""

Draw = Callable[[Int[Tensor, "n 3"], Float[Tensor, " n"]], Float[Tensor, "d h w"]]
"""Makes the grid of one view, 0 nearest and 1 nothing, of cells and nearness."""


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


def pointclip(observation: Observation) -> Labelling:
    """Every point is one dark cell of the picture; many a teacher says "none of these" of the white between them."""
    return _segment(observation, sparse, 1)


def pointclip_v2(observation: Observation) -> Labelling:
    """The picture is that of a closed surface."""
    return _segment(observation, realistic, REACH)


def place(points: Float[Tensor, "n 3"]) -> Placed:
    """PointCLIPv2's views of points whose y axis is up: four corners and four sides from above, the bottom, the top."""
    first, second, third = _turns()
    shift = torch.tensor([0.5, 0.5, 1.5])  # cancels out; kept so that numbers round as in the released code
    turned = points @ first.mT @ second.mT @ third.mT + shift
    low, high = turned.amin(1), turned.amax(1)
    centre, extent = (low + high) / 2, (high - low).amax(1)
    inside = (turned - centre[:, None]) / extent[:, None, None] * 2
    across = (inside[..., :2] * FILL + 1) / 2 * SIDE
    nearness = ((inside[..., 2] + 1) / 2 + 0.3) / 1.3 * (LAYERS - 2)
    cell = torch.cat([nearness[..., None].ceil(), across.ceil() - MARGIN], 2).long()
    return Placed(cell, nearness, third @ second @ first, centre - shift, extent)


def sparse(cell: Int[Tensor, "n 3"], nearness: Float[Tensor, " n"]) -> Float[Tensor, "d h w"]:
    """PointCLIP's grid of one view: the points alone."""
    grid = _fill(cell.minimum(torch.tensor([LAYERS - 3, CROP, CROP])), nearness)  # the last layer that `visible` reads
    return 1 - grid / grid.max()


def realistic(cell: Int[Tensor, "n 3"], nearness: Float[Tensor, " n"]) -> Float[Tensor, "d h w"]:
    """PointCLIPv2's grid of one view: every point grows to a block, and a Gaussian rounds it off."""
    grid = functional.max_pool3d(_fill(cell, nearness)[None], (5, 1, 1), 1, (2, 0, 0))
    grid = grid.contiguous(memory_format=torch.channels_last)  # layers as channels: much faster
    for window in ((REACH, 1), (1, REACH)):
        grid = functional.max_pool2d(grid, window, 1, [size // 2 for size in window])
    step = torch.arange(-2.0, 3.0)
    across, along = (-(step**2) / 2).softmax(0), (-(step**2) / 8).softmax(0)
    smooth = functional.conv2d(grid, (across[:, None] * across).expand(LAYERS, 1, 5, 5), padding=2, groups=LAYERS)
    smooth = functional.conv3d(smooth, along[None, None, :, None, None], padding=(2, 0, 0))[0]
    return 1 - smooth / smooth.max()


def visible(grid: Float[Tensor, "d h w"], cell: Int[Tensor, "n 3"]) -> Bool[Tensor, " n"]:
    """Which points are not hidden by what the picture shows in their place."""
    layer, row, column = cell.unbind(1)
    return (grid[layer.clamp(1, LAYERS - 3), row, column] - grid.amin(0)[row, column]).abs() < HIDDEN


def _segment(observation: Observation, draw: Draw, reach: int) -> Labelling:
    """Label the sampled points by their mean over the views that show them, then each element by its 3 nearest."""
    points = _sample(observation.shape)
    views, pixel, shown = _depth_views(points, observation.up, draw, reach)
    answer = observation.teacher(views, observation.prompts, observation.category)
    if isinstance(answer, Regions):
        evidence = voting.count_votes(voting.cast_votes(answer, views, PointCloud(points)), len(observation.prompts))
        logits, seen = evidence.with_none, evidence.seen
    else:
        weight = shown[..., None].float()
        logits, seen = (_read(answer, pixel) * weight).sum(0) / weight.sum(0).clamp(min=1), shown.any(0)
    positions = geometry.element_positions(observation.shape)
    nearest = torch.from_numpy(cKDTree(points).query(positions)[1])
    return name(_nearest_mean(logits[seen], points[seen.numpy()], positions), seen[nearest], doubt=0)


def _sample(shape: Shape) -> Float[np.ndarray, "k 3"]:
    """At most 2,048 points of a shape: even by area on a mesh, a random choice of a cloud's own.

    Raises: InputError if they all lie in one place.
    """
    generator = torch.Generator().manual_seed(0)
    if isinstance(shape, Mesh):
        points = geometry.sample_surface(shape, POINTS, generator)[0]
    else:
        points = shape.points[torch.randperm(len(shape.points), generator=generator)[:POINTS].numpy()]
    if not np.ptp(points, axis=0).any():
        raise InputError(
            f"pointclip: all {len(points)} points lie in one place, {points[0]}; expected a shape with some extent"
        )
    return points


def _depth_views(
    points: Float[np.ndarray, "k 3"], up: Float[Tensor, " 3"], draw: Draw, reach: int
) -> tuple[Views, Float[Tensor, "c k 2"], Bool[Tensor, "c k"]]:
    """The pictures, the pixel (x, y) of every point in every view, and which points each view shows."""
    side, front = cameras.directions_at(torch.zeros(2), torch.tensor([90.0, 0.0]), up)
    upright = torch.stack([side, torch.linalg.cross(front, side), front])
    origin, radius = geometry.bounding_sphere(PointCloud(points))
    placed = place((torch.from_numpy((points - origin) / radius) @ upright.mT).float())
    observation = _cameras(placed, upright, torch.from_numpy(origin), radius)
    distance = cameras.project(observation, torch.from_numpy(points))[1].float()
    cells = torch.linspace(0, CROP - 1, SIDE).round().long()
    pictures, elements, shown = [], [], []
    for cell, nearness in zip(placed.cell, placed.nearness, strict=True):
        grid = draw(cell, nearness)
        pictures.append(functional.interpolate(grid.amin(0)[None, None], SIDE, mode="bilinear", align_corners=True)[0, 0])
        elements.append(_owners(cell, nearness, reach)[cells][:, cells])
        shown.append(visible(grid, cell))
    element = torch.stack(elements)
    depth = torch.stack([row[index] for row, index in zip(distance, element, strict=True)])
    colour = torch.stack(pictures).clamp(0, 1)[..., None].expand(-1, -1, -1, 3)
    pixel = (placed.cell[..., [2, 1]] * (SIDE / CROP)).ceil() + 0.5
    return Views(observation, colour, depth.masked_fill(element < 0, torch.inf), element), pixel, torch.stack(shown)


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


def _cameras(placed: Placed, upright: Float[Tensor, "3 3"], origin: Float[Tensor, " 3"], radius: float) -> Cameras:
    """The views as pinhole cameras from afar, for points that were centred on `origin`, scaled by `radius` and set upright."""
    turn = placed.turn.double() @ upright
    down, right, near = turn.unbind(1)
    eye = origin + radius * ((placed.centre.double()[:, None] @ turn)[:, 0] + DISTANCE * near)
    pose = torch.eye(4, dtype=torch.float64).repeat(len(turn), 1, 1)
    pose[:, :3] = torch.stack([right, down, -near, eye], 2)
    intrinsics = torch.eye(3, dtype=torch.float64).repeat(len(turn), 1, 1)
    zoom = (SIDE - 1) / (CROP - 1)
    intrinsics[:, 0, 0] = intrinsics[:, 1, 1] = DISTANCE * FILL * SIDE / placed.extent.double() * zoom
    intrinsics[:, :2, 2] = (SIDE / 2 - MARGIN + 0.5) * zoom + 0.5  # a cell reaches half a cell to either side of its points
    return Cameras(pose, intrinsics, SIDE, SIDE)


def _fill(cell: Int[Tensor, "n 3"], nearness: Float[Tensor, " n"]) -> Float[Tensor, "d h w"]:
    """A grid with each point's nearness in its cell, 0 elsewhere; of points that share a cell the last counts, as published."""
    grid = np.zeros((LAYERS, CROP, CROP), dtype=np.float32)
    grid[tuple(cell.T.numpy())] = nearness.numpy()
    return torch.from_numpy(grid)


def _owners(cell: Int[Tensor, "n 3"], nearness: Float[Tensor, " n"], reach: int) -> Int[Tensor, "h w"]:
    """The nearest of the points that cover each cell of the picture; -1 = none."""
    order = nearness.argsort(stable=True)
    rank = torch.zeros(CROP, CROP)
    _, row, column = cell[order].unbind(1)
    rank.view(-1).scatter_reduce_(0, row * CROP + column, torch.arange(1.0, len(order) + 1), "amax")
    rank = functional.max_pool2d(rank[None], reach, 1, reach // 2)[0]
    return torch.cat([torch.tensor([-1]), order])[rank.long()]


def _read(relevancy: Relevancy, pixel: Float[Tensor, "c k 2"]) -> Float[Tensor, "c k _prompts_and_none"]:
    """Smoothed logits of the prompts and of "none of these" at the points' pixels."""
    around = (SMOOTHING // 2 - 1, SMOOTHING // 2) * 2
    values = []
    for logit, none, box, xy in zip(relevancy.logit, relevancy.none, relevancy.box, pixel, strict=True):
        grid = functional.pad(torch.cat([logit, none[None]])[None].float(), around, mode="replicate")
        place = (xy - box[:2]) / (box[2:] - box[:2]) * 2 - 1
        smooth = functional.avg_pool2d(grid, SMOOTHING, 1)
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
