"""View consistency: whether a point of a surface has the same label in all views that see it."""

from __future__ import annotations

import torch
from jaxtyping import Int
from torch import Tensor

from meronym.core import cameras
from meronym.radiance.rendered import RenderedRays

NEAR = 0.03
"""Share of its distance by which a point may lie off the surface that a view shows there and still count as seen."""
EVERY = 37
"""The points are those of every so many-th pixel."""


def consistency(rendered: RenderedRays, label: Int[Tensor, "c h w"]) -> float:
    """Share, in percent, of the points that at least two views see which have one label in all views that see them."""
    points = rendered.points.reshape(-1, 3)[::EVERY]
    label = label.to(points.device)
    pixel, depth = cameras.project(rendered.cameras, points)
    first = torch.full((len(points),), -2, device=points.device)
    seen = torch.zeros(len(points), dtype=torch.long, device=points.device)
    same = torch.ones(len(points), dtype=torch.bool, device=points.device)
    for view in range(len(label)):
        x, y = pixel[view].floor().long().unbind(1)
        inside = (depth[view] > 0) & (x >= 0) & (y >= 0) & (x < rendered.cameras.width) & (y < rendered.cameras.height)
        point = inside.nonzero()[:, 0]
        at = (view, y[point], x[point])
        away = (points[point] - rendered.cameras.world_from_camera[view, :3, 3].to(points)).norm(dim=1)
        shown = (away - rendered.distance[at]).abs() < NEAR * away
        point, found = point[shown], label[at][shown]
        same[point] &= (first[point] == found) | (seen[point] == 0)
        first[point] = torch.where(seen[point] == 0, found, first[point])
        seen[point] += 1
    return 100 * float(same[seen >= 2].float().mean())
