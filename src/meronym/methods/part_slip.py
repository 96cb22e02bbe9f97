"""`part-slip`: boxes of a detector vote on superpoints, pieces of the surface that are smooth and of one colour.

Liu et al., PartSLIP: Low-Shot Part Segmentation for 3D Point Clouds via Pretrained Image-Language Models (CVPR 2023), its
semantic part. A superpoint takes the prompt whose boxes hold the largest share of it, over all views in which it is seen.

Other than the authors: superpoints come from merging neighbours, cheapest first, by the energy whose minimum the authors seek
by L0 cut pursuit (C++); the sign of a normal, arbitrary in clouds and often wrong in meshes, does not count, nor do textures;
their list of ten part names that win over others is knowledge of the benchmark, and is left out; views and teacher are
meronym's.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Bool, Float, Int
from scipy import sparse
from scipy.sparse import csgraph
from scipy.spatial import cKDTree
from torch import Tensor

from meronym.core import geometry
from meronym.lifting import gather, voting
from meronym.lifting.observation import Observation
from meronym.types import Labelling, Mesh, Regions, Shape


@dataclass(frozen=True)
class PartSlip:
    """The prompt whose boxes hold most of an element's superpoint; -1 where that is less than `threshold`.

    Scores are these shares, made to sum to at most 1. A superpoint that no box holds has the scores of the nearest that one
    does, times `borrowed`, as a ranking.
    """

    threshold: float = 0.5
    """The share of a superpoint that the boxes of a prompt must hold to name it."""
    whole: float = 0.98
    """A box that holds this share of what a view shows is drawn around the whole shape, and names no part."""
    borrowed: float = 1e-4
    """Factor of borrowed scores."""
    regularisation: float = 0.05
    """The price of a cut link, in squared distances of features."""
    links: int = 10
    """Neighbours that a point is linked to."""
    colour: float = 0.3
    """Weight of colour (0..1) beside the normal."""
    small: int = 10
    """Superpoints of up to so many points join the nearest larger one."""
    points: int = 100_000
    """A mesh is cut like a cloud of so many points, as depth pictures give, spread evenly over it whatever its faces."""
    cut: float = 4.0
    """Links between such points that a cut severs, per distance between points: 2/3 (links / pi)^1.5."""

    def __call__(self, observation: Observation) -> Labelling:
        answer = observation.answer
        boxes = answer if isinstance(answer, Regions) else voting.regions_from_relevancy(answer, observation.views, boxes=True)
        piece = superpoints(observation.shape, self)
        share, seen = held_share(boxes, piece, observation, self.whole)
        best = share.max(1)
        label = torch.where(best.values >= self.threshold, best.indices, -1)[piece]
        score = (share / share.sum(1, keepdim=True).clamp_min(1))[piece]
        position = geometry.element_positions(observation.shape)
        return Labelling(label, geometry.fill(score, (score.sum(1) > 0).numpy(), position, self.borrowed), seen)


def held_share(
    boxes: Regions, piece: Int[np.ndarray, " n"], observation: Observation, whole: float
) -> tuple[Float[Tensor, "s _prompts"], Bool[Tensor, " n"]]:
    """How much of the visible surface of each superpoint the boxes of each prompt hold, over all views; what was seen.

    Both on the CPU. A box that holds a share of `whole` of what its view shows does not count. Section 3.3. The authors count
    visible points; here an element counts by its area, shared among the pixels that show it.
    """
    owner = torch.from_numpy(piece)
    area = torch.from_numpy(geometry.element_areas(observation.shape)).float()
    count = int(piece.max()) + 1
    held, visible = torch.zeros(len(observation.prompts), count), torch.zeros(count)
    seen = torch.zeros(len(piece), dtype=torch.bool)
    for view, sighting in enumerate(gather.visible_elements(observation.views, observation.shape)):
        seen[sighting.element] = True
        pixels = area.new_zeros(len(piece)).index_add_(0, sighting.element, sighting.weight)
        amount = area[sighting.element] * sighting.weight / pixels[sighting.element]
        visible.index_add_(0, owner[sighting.element], amount)
        for prompt in range(len(observation.prompts)):
            covered = torch.zeros_like(amount, dtype=torch.bool)
            for box in ((boxes.view == view) & (boxes.prompt == prompt)).nonzero()[:, 0].tolist():
                inside = voting.points_inside(boxes, box, sighting.xy)[sighting.place]
                if amount[inside].sum() < whole * amount.sum():
                    covered |= inside
            held[prompt].index_add_(0, owner[sighting.element[covered]], amount[covered])
    return (held / visible.clamp_min(1e-12)).T.clamp(max=1), seen


# ------------------------------------------------------------------------------------------------------- superpoints


def superpoints(shape: Shape, settings: PartSlip) -> Int[np.ndarray, " n"]:
    """The superpoint of each element: 0, 1, 2 …

    Neighbours merge, cheapest first, as long as that lowers the L0 energy: squared distances of features from their
    superpoint's mean, plus `regularisation` times the weight of all links between superpoints.
    """
    feature = _features(shape, settings.colour)
    pair, contact, gap, mass = _links(shape, settings)
    step = np.linalg.norm(feature[pair[:, 0]] - feature[pair[:, 1]], axis=1)
    mean_gap, mean_step = (max(contact @ change / max(contact.sum(), 1e-12), 1e-12) for change in (gap, step))
    weight = contact / (1 + gap / mean_gap + step / mean_step) ** 2
    piece = _merge(feature, mass, pair, weight, settings.regularisation)
    return _absorb(piece, mass, geometry.element_positions(shape), settings.small)


def _features(shape: Shape, colour_weight: float) -> Float[np.ndarray, "n d"]:
    """The normal as n n^T, whose distances are the sine of the angle between normals, and the colour where there is one."""
    normal = geometry.element_normals(shape)
    features: np.ndarray = (normal[:, :, None] * normal[:, None]).reshape(-1, 9) / np.sqrt(2)
    colour = shape.corner_colour if isinstance(shape, Mesh) else shape.colour
    if colour is None:
        return features
    return np.concatenate([features, colour_weight * colour.reshape(len(features), -1, 3).mean(1)], 1)


def _links(
    shape: Shape, settings: PartSlip
) -> tuple[Int[np.ndarray, "e 2"], Float[np.ndarray, " e"], Float[np.ndarray, " e"], Float[np.ndarray, " n"]]:
    """Neighbours, how many links between points each pair stands for, their distance, and the points of each element."""
    if isinstance(shape, Mesh):
        pair, length = geometry.shared_edges(shape)
        area = geometry.face_normals(shape.vertices, shape.faces)[1]
        spacing = np.sqrt(area.sum() / settings.points)
        return pair, settings.cut * length / spacing, np.full(len(pair), spacing), area / spacing**2
    n = len(shape.points)
    near, distance = (array.numpy() for array in geometry.neighbours(shape.points, settings.links))
    ends = np.sort(np.stack([np.repeat(np.arange(n), settings.links), near.ravel()], 1), axis=1)
    code, first = np.unique(ends @ [n, 1], return_index=True)
    return np.stack([code // n, code % n], 1), np.ones(len(code)), distance.ravel()[first], np.ones(n)


def _merge(
    feature: Float[np.ndarray, "n d"],
    mass: Float[np.ndarray, " n"],
    pair: Int[np.ndarray, "e 2"],
    weight: Float[np.ndarray, " e"],
    limit: float,
) -> Int[np.ndarray, " n"]:
    """Greedy minimisation of the L0 energy, all pairs that are each other's cheapest at once (Koepfler et al., SINUM 1994).

    `limit`: the price up to which a pair merges.
    """
    piece = np.arange(len(feature))
    while True:
        a, b = pair.T
        squared = ((feature[a] - feature[b]) ** 2).sum(1)
        price = squared * mass[a] * mass[b] / np.maximum(mass[a] + mass[b], 1e-12) / np.maximum(weight, 1e-12)
        price *= 1 + 1e-9 * np.modf(pair @ [0.6180339887, 0.4142135624])[0]  # of rows of ties, not all may merge at once
        cheapest = np.full(len(mass), limit)
        np.minimum.at(cheapest, pair.ravel(), np.repeat(price, 2))
        mutual = (price == cheapest[a]) & (price == cheapest[b]) & (price < limit)
        if not mutual.any():
            return piece
        union = sparse.coo_matrix((np.ones(mutual.sum()), (a[mutual], b[mutual])), shape=(len(mass), len(mass)))
        count, joined = csgraph.connected_components(union, directed=False)
        total = np.bincount(joined, mass)
        gather = sparse.coo_matrix((mass / np.maximum(total, 1e-12)[joined], (joined, np.arange(len(mass)))))
        feature, mass, piece = gather.tocsr() @ feature, total, joined[piece]
        ends = np.sort(joined[pair], axis=1)
        apart = ends[:, 0] != ends[:, 1]
        code, entry = np.unique(ends[apart] @ [count, 1], return_inverse=True)
        pair, weight = np.stack([code // count, code % count], 1), np.bincount(entry, weight[apart])


def _absorb(
    piece: Int[np.ndarray, " n"], mass: Float[np.ndarray, " n"], position: Float[np.ndarray, "n 3"], small: int
) -> Int[np.ndarray, " n"]:
    """Superpoints of at most `small` points join the one that is nearest to their centre, if there are larger ones."""
    large = np.bincount(piece, mass)[piece] > small
    if large.any() and not large.all():
        entry = np.unique(piece[~large], return_inverse=True)[1]
        size = np.bincount(entry)[:, None]
        centre = np.stack([np.bincount(entry, axis) for axis in position[~large].T], 1) / size
        nearest = cKDTree(position[large]).query(centre, workers=-1)[1]
        piece = piece.copy()
        piece[~large] = piece[large][nearest][entry]
    return np.unique(piece, return_inverse=True)[1]
