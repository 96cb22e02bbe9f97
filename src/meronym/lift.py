"""Lifting: what a teacher says of pictures, gathered on the elements of the shape and spread over its surface."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Bool, Float, Int
from scipy import sparse
from scipy.spatial import cKDTree
from torch import Tensor
from torch.nn import functional

from meronym import cameras, geometry
from meronym.types import Mesh, Regions, Relevancy, Shape, Views, Votes

DEPTH_TOLERANCE = 0.01
"""How far behind the visible surface an element may lie and still count as seen, in bounding-sphere radii."""


@dataclass(frozen=True, eq=False)
class Evidence:
    """What the views say of each element, before any smoothing."""

    logit: Float[Tensor, "n p"]
    """Mean over everything that shows the element; 0 where nothing does."""
    none: Float[Tensor, " n"]
    """The same for "none of these"."""
    weight: Float[Tensor, " n"]
    """Pixels in which the element was seen, over all views."""

    @property
    def seen(self) -> Bool[Tensor, " n"]:
        """Shown by at least one view."""
        return self.weight > 0


@dataclass(frozen=True, eq=False)
class Sighting:
    """The elements that one view shows, as weighted places in its picture."""

    element: Int[Tensor, " k"]
    xy: Float[Tensor, "k 2"]
    """Pixels."""
    weight: Float[Tensor, " k"]
    """Pixels of the element that this entry stands for."""


def sightings(views: Views, shape: Shape) -> Iterator[Sighting]:
    """Per view, every pixel with the element it shows, and every element too small for a pixel that is not hidden.

    An element without a pixel counts as visible if its centre lies on the depth map; it weighs its projected area. A pixel
    weighs 1, so that a surface counts by how much of it a view shows: the cosine of the viewing angle needs no second factor.
    """
    positions = torch.from_numpy(geometry.element_positions(shape)).double()
    normals = torch.from_numpy(geometry.element_normals(shape)).float()
    share = torch.from_numpy(geometry.element_areas(shape)).float()
    tolerance = DEPTH_TOLERANCE * geometry.bounding_sphere(shape)[1]
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
        pixels_per_area = len(element) / (share[element.unique()].sum() + 1e-9) if len(element) else torch.tensor(1.0)
        yield Sighting(
            torch.cat([element, tiny]),
            torch.cat([pixel, xy[view, tiny]]),
            torch.cat([torch.ones(len(element)), (area * pixels_per_area).clamp(1e-3, 1.0)]),
        )


def gather(relevancy: Relevancy, views: Views, shape: Shape) -> Evidence:
    """Mean of a dense teacher's logits over all pixels that show an element."""
    prompts = relevancy.logit[0].shape[0]
    total = torch.zeros(shape.element_count, prompts + 1)
    weight = torch.zeros(shape.element_count)
    for view, sighting in enumerate(sightings(views, shape)):
        grid = torch.cat([relevancy.logit[view], relevancy.none[view][None]])[None].float()
        x0, y0, x1, y1 = relevancy.box[view]
        place = (sighting.xy - torch.stack([x0, y0])) / torch.stack([x1 - x0, y1 - y0]) * 2 - 1
        sampled = functional.grid_sample(grid, place[None, None], align_corners=False, padding_mode="border")[0, :, 0].T
        total.index_add_(0, sighting.element, sampled * sighting.weight[:, None])
        weight.index_add_(0, sighting.element, sighting.weight)
    mean = total / weight.clamp_min(1e-12)[:, None]
    return Evidence(mean[:, :-1], mean[:, -1], weight)


def recognition(relevancy: Relevancy, views: Views) -> Float[Tensor, " c"]:
    """How strongly the teacher recognises the prompts in each view: the best prompt's logit, mean over what is shown."""
    strength = []
    height, width = views.element.shape[1:]
    for logit, box, element in zip(relevancy.logit, relevancy.box, views.element, strict=True):
        (x0, y0), (x1, y1) = box[:2].floor().int().tolist(), box[2:].ceil().int().tolist()
        shown = functional.pad((element >= 0).float(), (-x0, x1 - width, -y0, y1 - height))[None, None]  # crops, or adds 0
        cover = functional.interpolate(shown, logit.shape[1:], mode="area")[0, 0]
        strength.append((logit.amax(0) * cover).sum() / cover.sum().clamp_min(1e-6))
    return torch.stack(strength)


def balance(logits: Float[Tensor, "n p"], share: Float[Tensor, " n"], strength: float) -> Float[Tensor, "n p"]:
    """Take back part of what a prompt gets everywhere on the shape: a word that suits all of it names no part of it.

    Subtracts `strength` x each prompt's mean over the surface (`share` sums to 1), and adds their common mean again.
    """
    mean = (logits * share[:, None]).sum(0)
    return logits - strength * (mean - mean.mean())


def cast_votes(regions: Regions, views: Views, shape: Shape) -> Votes:
    """Which elements lie in which region, and how much of each: the sparse pairs that students are distilled from."""
    region_ids, elements, shares = [], [], []
    seen = torch.zeros(shape.element_count, dtype=torch.bool)
    for view, sighting in enumerate(sightings(views, shape)):
        seen[sighting.element] = True
        visible = torch.zeros(shape.element_count).index_add_(0, sighting.element, sighting.weight)
        for region in (regions.view == view).nonzero()[:, 0].tolist():
            inside = _inside(regions, region, sighting.xy)
            covered = torch.zeros(shape.element_count)
            covered.index_add_(0, sighting.element[inside], sighting.weight[inside])
            element = covered.nonzero()[:, 0]
            region_ids.append(torch.full_like(element, region))
            elements.append(element)
            shares.append(covered[element] / visible[element])
    empty = torch.empty(0, dtype=torch.long)
    return Votes(
        torch.cat(region_ids) if region_ids else empty,
        torch.cat(elements) if elements else empty,
        torch.cat(shares) if shares else empty.float(),
        regions.prompt,
        regions.view,
        regions.score,
        seen,
    )


def _inside(regions: Regions, region: int, xy: Float[Tensor, "k 2"]) -> Bool[Tensor, " k"]:
    if regions.mask is not None:
        height, width = regions.mask.shape[1:]
        column, row = xy[:, 0].long().clamp(0, width - 1), xy[:, 1].long().clamp(0, height - 1)
        inside: Tensor = regions.mask[region, row, column]
    else:
        x0, y0, x1, y1 = regions.box[region]
        inside = (xy[:, 0] >= x0) & (xy[:, 0] < x1) & (xy[:, 1] >= y0) & (xy[:, 1] < y1)
    return inside


def count_votes(votes: Votes, prompts: int) -> Evidence:
    """Votes as evidence: the logit of a prompt is the log of its support, summed over the regions that cover the element."""
    n = len(votes.seen)
    support = torch.zeros(n * prompts)
    slot = votes.element * prompts + votes.prompt[votes.region]
    support.index_add_(0, slot, votes.weight * votes.score[votes.region])
    support = support.reshape(n, prompts)
    return Evidence((support + 1e-3).log(), torch.full((n,), -2.0), votes.seen.float())


# --------------------------------------------------------------------------------------------------------- smoothing


def surface_graph(shape: Shape) -> sparse.csr_matrix:
    """Symmetric conductances between neighbouring elements, [n n], without units: independent of scale and tessellation.

    Faces that share an edge conduct by finite volumes, edge length over centre distance; so do k-NN links of half that
    strength, which hold together pieces that only touch, and the whole graph of a point cloud.
    """
    positions, n = geometry.element_positions(shape), shape.element_count
    near, distance = geometry.neighbours(positions, 8)
    row, column = np.repeat(np.arange(n), near.shape[1]), near.numpy().ravel()
    reach = distance.numpy().ravel()
    spacing = np.sqrt(_areas(shape))
    link = np.exp(-((reach / (np.minimum(spacing[row], spacing[column]) * 1.5 + 1e-12)) ** 2)) * 0.5
    graph = sparse.coo_matrix((link, (row, column)), shape=(n, n)).tocsr()
    graph = graph.maximum(graph.T)
    if isinstance(shape, Mesh):
        pair, length = geometry.shared_edges(shape)
        gap = np.linalg.norm(positions[pair[:, 0]] - positions[pair[:, 1]], axis=1)
        conduct = np.clip(length / np.maximum(gap, 1e-12), 0, 20)
        edges = sparse.coo_matrix((conduct, (pair[:, 0], pair[:, 1])), shape=(n, n)).tocsr()
        graph = graph.maximum(edges + edges.T)
    return graph


def _areas(shape: Shape) -> Float[np.ndarray, " n"]:
    """Area of each element, square world units; the points of a cloud share half of their bounding sphere's."""
    if isinstance(shape, Mesh):
        return geometry.face_normals(shape.vertices, shape.faces)[1]
    return geometry.element_areas(shape) * 2 * np.pi * geometry.bounding_sphere(shape)[1] ** 2


def spread(
    values: Float[Tensor, "n c"], confidence: Float[Tensor, " n"], shape: Shape, graph: sparse.csr_matrix, radius: float
) -> Float[Tensor, "n c"]:
    """Heat flow over the surface: smooths what is known and fills in what is not, over `radius` bounding-sphere radii.

    Solves (C + t L) x = C v by conjugate gradients, C = area x confidence, L the Laplacian of `graph`. Elements that no
    evidence reaches take the nearest element's value first.
    """
    known = confidence.numpy() > 0
    start = values.double().numpy().copy()
    if not known.all() and known.any():
        positions = geometry.element_positions(shape)
        tree = cKDTree(positions[known], compact_nodes=False, balanced_tree=False)  # answers far queries 6 times faster
        start[~known] = start[known][tree.query(positions[~known], workers=-1)[1]]
    area = _areas(shape)
    mass = np.maximum(area, 1e-9 * area.mean()) * np.maximum(confidence.double().numpy(), 1e-3)
    time = (radius * geometry.bounding_sphere(shape)[1]) ** 2 / 2
    laplacian = sparse.diags(np.asarray(graph.sum(1)).ravel()) - graph
    system = (sparse.diags(mass) + time * laplacian).tocsr()
    return torch.from_numpy(_conjugate_gradients(system, mass[:, None] * start, start)).to(values.dtype)


def _conjugate_gradients(
    system: sparse.csr_matrix, right: np.ndarray, start: np.ndarray, tolerance: float = 1e-4, limit: int = 200
) -> np.ndarray:
    """Jacobi-preconditioned conjugate gradients on all columns at once; in place, as new large arrays are slow to get."""
    inverse = 1 / system.diagonal()[:, None]
    x, residual = start.copy(), right - system @ start
    step = inverse * residual
    direction = step.copy()
    energy = _dot(residual, step)
    goal = tolerance**2 * np.maximum(_dot(right, inverse * right), 1e-300)
    for _ in range(limit):
        if (energy <= goal).all():
            break
        image = system @ direction
        alpha = energy / np.maximum(_dot(direction, image), 1e-300)
        x += np.multiply(alpha, direction, out=step)
        residual -= np.multiply(alpha, image, out=image)
        np.multiply(inverse, residual, out=step)
        previous, energy = energy, _dot(residual, step)
        direction *= energy / np.maximum(previous, 1e-300)
        direction += step
    return x


def _dot(a: Float[np.ndarray, "n c"], b: Float[np.ndarray, "n c"]) -> Float[np.ndarray, " c"]:
    """Inner products of columns; unlike a sum of a product, without an array between."""
    products: np.ndarray = np.einsum("nc,nc->c", a, b)
    return products
