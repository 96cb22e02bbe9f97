"""Lifting: a teacher's answers for pixels, gathered on the elements of the shape.

Pixels are matched with elements on the device of the views. What is gathered on elements is on the CPU, where sparse matrices
and the surface graph are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Bool, Float, Int
from scipy import sparse
from torch import Tensor
from torch.nn import functional

from meronym.core import cameras, geometry
from meronym.render.splats import contributions
from meronym.types import FeatureMaps, Gaussians, Relevancy, Shape, Views


@dataclass(frozen=True)
class GatherSettings:
    """Which elements count as seen, and how much the small ones weigh."""

    depth_tolerance: float = 0.01
    """How far behind the visible surface an element may lie and still count as seen, in bounding-sphere radii: its centre is
    not where the ray of a pixel meets the surface."""
    rank: int = 48
    """Directions in which embeddings are lifted: nearly all that the pictures of one shape span."""
    least_weight: float = 1e-3
    """The least that an element without a pixel weighs, pixels: seen edge on, it counts where there is no other view of it."""


DEFAULT = GatherSettings()


@dataclass(frozen=True, eq=False)
class Evidence:
    """A teacher's answer for each element, before any smoothing; on the CPU."""

    logit: Float[Tensor, "n p"]
    """Mean over everything that shows the element; 0 where nothing does."""
    none: Float[Tensor, " n"]
    """Mean logit of "none of these"."""
    weight: Float[Tensor, " n"]
    """Pixels in which the element was seen, over all views."""
    of_probabilities: bool = False
    """The logits are logarithms of mean probabilities; then it is probabilities that are smoothed, and none is balanced."""

    @property
    def with_none(self) -> Float[Tensor, "n _prompts_and_none"]:
        """The logits of the prompts and, last, of "none of these"."""
        return torch.cat([self.logit, self.none[:, None]], 1)

    @property
    def seen(self) -> Bool[Tensor, " n"]:
        """Shown by at least one view."""
        return self.weight > 0


@dataclass(frozen=True, eq=False)
class VisibleElements:
    """The elements that one view shows, as weighted places in its picture; on the CPU."""

    element: Int[Tensor, " k"]
    place: Int[Tensor, " k"]
    """Index into xy."""
    xy: Float[Tensor, "m 2"]
    """Pixels."""
    weight: Float[Tensor, " k"]
    """Pixels of the element that this entry stands for."""


def visible_elements(views: Views, shape: Shape, settings: GatherSettings = DEFAULT) -> Iterator[VisibleElements]:
    """Per view, every pixel with the element it shows, and every element too small for a pixel that is not hidden.

    An element without a pixel counts as visible if its centre lies on the depth map; it weighs its projected area. A pixel
    weighs 1, so that a surface counts by how much of it a view shows: the cosine of the viewing angle needs no second factor.

    Of Gaussians, every pixel with all that contribute to it, by their weights in its colour. Means with these weights are the
    lift in closed form of Occam's LGS (Cheng et al., 2024), the row-sum solution.
    """
    if isinstance(shape, Gaussians):
        yield from _contributing(views, shape)
        return
    device = views.element.device
    positions = torch.from_numpy(geometry.element_positions(shape)).double().to(device)
    normals = torch.from_numpy(geometry.element_normals(shape)).float().to(device)
    share = torch.from_numpy(geometry.element_areas(shape)).float().to(device)
    tolerance = settings.depth_tolerance * geometry.bounding_sphere(shape)[1]
    xy, depth = (array.float() for array in cameras.project(views.cameras, positions))
    height, width = views.element.shape[1:]
    for view, (shown, surface) in enumerate(zip(views.element, views.depth, strict=True)):
        row, column = (shown >= 0).nonzero(as_tuple=True)
        element = shown[row, column].long()
        pixel = torch.stack([column, row], 1) + 0.5
        x, y = (xy[view] * torch.isfinite(xy[view])).unbind(1)
        inside = (depth[view] > 0) & (x >= 0) & (x < width) & (y >= 0) & (y < height)
        inside[element] = False
        tiny = inside.nonzero()[:, 0]
        at = surface[y[tiny].long(), x[tiny].long()]
        tiny = tiny[(depth[view, tiny] - at).abs() < tolerance]
        towards_eye = (views.cameras.world_from_camera[view, :3, 3] - positions[tiny]).float()
        cosine = (functional.normalize(towards_eye, dim=1) * normals[tiny]).sum(1).abs()
        area = (share[tiny] * cosine).clamp_min(1e-9)
        pixels_per_area = len(element) / (share[element.unique()].sum() + 1e-9) if len(element) else 1.0
        element = torch.cat([element, tiny]).cpu()
        yield VisibleElements(
            element,
            torch.arange(len(element)),
            torch.cat([pixel, xy[view, tiny]]).cpu(),
            torch.cat([torch.ones_like(pixel[:, 0]), (area * pixels_per_area).clamp(settings.least_weight, 1.0)]).cpu(),
        )


def _contributing(views: Views, shape: Gaussians) -> Iterator[VisibleElements]:
    height, width = views.element.shape[1:]
    row, column = torch.meshgrid(torch.arange(height) + 0.5, torch.arange(width) + 0.5, indexing="ij")
    xy = torch.stack([column, row], 2).reshape(-1, 2)
    for view in range(len(views)):
        none = torch.empty(0, dtype=torch.long, device=views.element.device)
        parts = [(none, none, none.float()), *(part[:3] for part in contributions(shape, views.cameras, view))]
        element, place, weight = (torch.cat(column).cpu() for column in zip(*parts, strict=True))
        yield VisibleElements(element, place, xy, weight)


def gather_relevancy(relevancy: Relevancy, views: Views, shape: Shape, settings: GatherSettings = DEFAULT) -> Evidence:
    """Mean of a dense teacher's logits over all pixels that show an element; on the CPU."""
    grids = [torch.cat([logit, none[None]]) for logit, none in zip(relevancy.logit, relevancy.none, strict=True)]
    mean, weight = _mean_of(grids, relevancy.box, views, shape, settings)
    return Evidence(mean[:, :-1], mean[:, -1], weight)


def gather_probability(relevancy: Relevancy, views: Views, shape: Shape, settings: GatherSettings = DEFAULT) -> Evidence:
    """Mean of a dense teacher's probabilities over all pixels that show an element, as their logarithms; on the CPU.

    A view that is very sure counts no more than one that is sure. Elements that nothing shows have equal logits, as elsewhere.
    """
    pairs = zip(relevancy.logit, relevancy.none, strict=True)
    grids = [torch.cat([logit, none[None]]).float().softmax(0) for logit, none in pairs]
    mean, weight = _mean_of(grids, relevancy.box, views, shape, settings)
    logit = torch.where(weight[:, None] > 0, mean.clamp_min(1e-9).log(), 0.0)
    return Evidence(logit[:, :-1], logit[:, -1], weight, of_probabilities=True)


def longest_directions(grids: Sequence[Float[Tensor, "*_cells d"]], rank: int) -> Float[Tensor, "r d"]:
    """Orthonormal rows along which features are longest, longest first; not centred."""
    cells = torch.cat([grid.reshape(-1, grid.shape[-1]) for grid in grids])
    vectors = torch.linalg.eigh((cells.T @ cells).double())[1]
    longest: Tensor = vectors.flip(1)[:, :rank].T
    return longest.float().contiguous()


def confidence(weight: Float[Tensor, " n"]) -> Float[Tensor, " n"]:
    """How sure elements are of what was gathered on them, 0..1: their pixels, next to those of the median element."""
    seen = weight > 0
    usual = weight[seen].median() if seen.any() else weight.new_ones(())
    return (weight / usual).clamp(max=1)


def gather_features(
    maps: FeatureMaps, views: Views, shape: Shape, settings: GatherSettings = DEFAULT
) -> tuple[Float[Tensor, "n d"], Float[Tensor, " n"]]:
    """Mean of the image features over all pixels that show an element, and the number of those pixels; on the CPU."""
    return _mean_of([grid.movedim(-1, 0) for grid in maps.grid], maps.box, views, shape, settings)


def _mean_of(
    grids: Sequence[Float[Tensor, "d _gh _gw"]],
    boxes: Float[Tensor, "c 4"],
    views: Views,
    shape: Shape,
    settings: GatherSettings,
) -> tuple[Float[Tensor, "n d"], Float[Tensor, " n"]]:
    """Bilinear samples of the grids, averaged on the elements: sums of cells, whose weights are added up over pixels first."""
    n = shape.element_count
    total, weight = np.zeros((n, len(grids[0])), np.float32), torch.zeros(n)
    for grid, (x0, y0, x1, y1), sighting in zip(grids, boxes.cpu(), visible_elements(views, shape, settings), strict=True):
        height, width = grid.shape[1:]
        size = torch.tensor([width, height])
        place = (sighting.xy - torch.stack([x0, y0])) / torch.stack([x1 - x0, y1 - y0]) * size - 0.5
        place = torch.minimum(place.clamp_min(0), size - 1)
        low = torch.minimum(place.floor().long(), (size - 2).clamp_min(0))
        share = place - low
        corners = []
        for dx, dy in ((0, 0), (1, 0), (0, 1), (1, 1)):
            column, row = (low[:, 0] + dx).clamp_max(width - 1), (low[:, 1] + dy).clamp_max(height - 1)
            part = (share[:, 0] if dx else 1 - share[:, 0]) * (share[:, 1] if dy else 1 - share[:, 1])
            corners.append((torch.arange(len(place)), row * width + column, part))
        point, cell, amount = (torch.cat(column).numpy() for column in zip(*corners, strict=True))
        sample = sparse.coo_matrix((amount, (point, cell)), shape=(len(place), height * width)).tocsr()
        entries = sighting.weight.numpy(), (sighting.element.numpy(), sighting.place.numpy())
        mix = sparse.coo_matrix(entries, shape=(n, len(place))).tocsr() @ sample
        total += mix @ grid.float().reshape(len(grid), -1).T.cpu().numpy()
        weight.index_add_(0, sighting.element, sighting.weight)
    return torch.from_numpy(total) / weight.clamp_min(1e-12)[:, None], weight


def recognition(relevancy: Relevancy, views: Views) -> Float[Tensor, " c"]:
    """How strongly the teacher recognises the prompts in each view: the best prompt's logit, mean over the pixels of the shape.

    On the device of the logits.
    """
    strength = []
    height, width = views.element.shape[1:]
    for logit, box, element in zip(relevancy.logit, relevancy.box, views.element, strict=True):
        (x0, y0), (x1, y1) = box[:2].floor().int().tolist(), box[2:].ceil().int().tolist()
        shown = (element >= 0).float().to(logit.device)
        shown = functional.pad(shown, (-x0, x1 - width, -y0, y1 - height))[None, None]  # crops, or adds 0
        cover = functional.interpolate(shown, logit.shape[1:], mode="area")[0, 0]
        strength.append((logit.amax(0) * cover).sum() / cover.sum().clamp_min(1e-6))
    return torch.stack(strength)


def balance(logits: Float[Tensor, "n p"], share: Float[Tensor, " n"], strength: float) -> Float[Tensor, "n p"]:
    """Take back part of what a prompt gets everywhere on the shape: a word that suits all of it names no part of it.

    Subtracts `strength` x each prompt's mean over the surface (`share` sums to 1), and adds their common mean again.
    """
    mean = (logits * share[:, None]).sum(0)
    return logits - strength * (mean - mean.mean())
