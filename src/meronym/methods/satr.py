"""`satr`: boxes of a detector, weighted on the surface by geodesics and by how much of an element's neighbourhood they hold.

Abdelreheem et al., SATR: Zero-Shot Semantic Segmentation of 3D Shapes (ICCV 2023). A box also holds what lies before, behind
and beside the part that it was drawn around. So an element counts by its pixels in the box, times the density of its geodesic
distance from the box's middle (Gaussian geodesic reweighting), times the share of its neighbourhood that the box holds too
(visibility smoothing).

Other than the authors: geodesics are shortest paths over the centres of neighbouring elements (Dijkstra), as far as the box
reaches and not between all pairs of vertices (the heat method), so that memory is linear, disconnected pieces and doubled
vertices do no harm, and point clouds work; views and teacher are meronym's.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float, Int
from scipy import sparse
from scipy.sparse import csgraph

from meronym.core import geometry
from meronym.lifting import gather, voting
from meronym.lifting.graph import surface_graph
from meronym.lifting.observation import Observation
from meronym.types import Labelling, Mesh, Regions, Shape


@dataclass(frozen=True)
class Satr:
    """The prompt whose weighted boxes hold an element most; -1 where next to none does.

    Scores are shares of the evidence. An element without any has those of the nearest with some, times `min_score`, as a
    ranking.
    """

    rings: int = 5
    """Steps between neighbours that a neighbourhood spans."""
    min_score: float = 1e-4
    """The smallest sum of scores that names an element."""
    reach: float = 3.0
    """How far paths are followed, in straight-line distances from the middle of the box to its farthest element."""
    min_deviation: float = 0.01
    """The smallest standard deviation of distances that is believed, in bounding-sphere radii: one face has none."""

    def __call__(self, observation: Observation) -> Labelling:
        answer, views, shape = observation.answer, observation.views, observation.shape
        boxes = answer if isinstance(answer, Regions) else voting.regions_from_relevancy(answer, views, boxes=True)
        surface = surface_of(shape, self.rings)
        total = np.zeros((shape.element_count, len(observation.prompts)))
        seen = torch.zeros(shape.element_count, dtype=torch.bool)
        for view, sighting in enumerate(gather.visible_elements(views, shape)):
            seen[sighting.element.cpu()] = True
            for box in (boxes.view == view).nonzero()[:, 0].tolist():
                inside = voting.points_inside(boxes, box, sighting.xy)[sighting.place]
                element, entry = np.unique(sighting.element[inside].cpu().numpy(), return_inverse=True)
                if len(element):
                    pixels = np.bincount(entry, sighting.weight[inside].cpu().numpy())
                    weight = geodesic_weight(element, surface, self) * visible_share(element, surface)
                    total[element, int(boxes.prompt[box])] += pixels * float(boxes.score[box]) * weight
        named = total.sum(1) >= self.min_score
        share = torch.from_numpy(total / np.maximum(total.sum(1, keepdims=True), self.min_score)).float()
        share = geometry.fill(share, named, surface.position, self.min_score)
        return Labelling(torch.where(torch.from_numpy(named), share.argmax(1), -1), share, seen)


@dataclass(frozen=True, eq=False)
class Surface:
    """Where the elements of a shape are, and how they hang together."""

    position: Float[np.ndarray, "n 3"]
    """Bounding-sphere radii."""
    area: Float[np.ndarray, " n"]
    path: sparse.csr_matrix
    """Distances between the centres of neighbours, [n n], bounding-sphere radii."""
    ring: sparse.csr_matrix
    """Whether an element is within some steps of another, or is that other, [n n]."""


def surface_of(shape: Shape, rings: int) -> Surface:
    """Paths may cross from piece to piece where they touch; neighbourhoods of faces spread over shared edges only."""
    position = geometry.element_positions(shape) / geometry.bounding_sphere(shape)[1]
    path = surface_graph(shape)
    step = path > 0
    row = np.repeat(np.arange(shape.element_count), np.diff(path.indptr))
    path.data = np.linalg.norm(position[row] - position[path.indices], axis=1)
    if isinstance(shape, Mesh):
        pair, _ = geometry.shared_edges(shape)
        edge = sparse.coo_matrix((np.ones(len(pair), dtype=bool), pair.T), shape=path.shape).tocsr()
        step = edge + edge.T
    step = step + sparse.identity(shape.element_count, dtype=bool, format="csr")
    return Surface(position, geometry.element_areas(shape), path, step**rings)


def geodesic_weight(inside: Int[np.ndarray, " k"], surface: Surface, settings: Satr) -> Float[np.ndarray, " k"]:
    """Gaussian geodesic reweighting: the normal density, with their own mean and deviation, of the distances to the capital.

    The capital is the element of the box nearest to the centroid of them all. What no path reaches weighs 0. Section 3.3.
    """
    position = surface.position[inside]
    centroid = np.average(position, axis=0, weights=np.maximum(surface.area[inside], 1e-12))
    capital = int(np.linalg.norm(position - centroid, axis=1).argmin())
    limit = settings.reach * np.linalg.norm(position - position[capital], axis=1).max()
    distance = csgraph.dijkstra(surface.path, indices=inside[capital], limit=limit)[inside]
    reached = distance[np.isfinite(distance)]
    deviation = max(reached.std(), settings.min_deviation)
    density: np.ndarray = np.exp(-(((distance - reached.mean()) / deviation) ** 2) / 2) / (deviation * np.sqrt(2 * np.pi))
    return density


def visible_share(inside: Int[np.ndarray, " k"], surface: Surface) -> Float[np.ndarray, " k"]:
    """Visibility smoothing: the share of each element's neighbourhood that is inside too. Section 3.4."""
    held = np.zeros(len(surface.area), dtype=np.int32)
    held[inside] = 1
    ring = surface.ring[inside]
    share: np.ndarray = (ring @ held) / np.diff(ring.indptr)
    return share
