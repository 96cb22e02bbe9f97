"""The points of one thing, without the stray ones that bear its name."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float
from scipy import sparse
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree


@dataclass(frozen=True)
class ObjectSettings:
    """What belongs to a thing."""

    neighbours: int = 8
    """Nearest points that each point may be connected to."""
    reach: float = 3.0
    """Points are connected up to so many times the distance at which either has half of these neighbours in the whole scene."""
    share: float = 0.1
    """A piece counts if its points' scores add up to this share of the largest piece's."""


def solid_pieces(
    points: Float[np.ndarray, "n 3"],
    own: Bool[np.ndarray, " n"],
    score: Float[np.ndarray, " n"],
    settings: ObjectSettings | None = None,
) -> Bool[np.ndarray, " n"]:
    """Of the points `own` those in connected pieces that are large beside the largest; several like things all stay.

    Distances are measured against the spacing of all points of the scene thereabouts, as far things are sampled more coarsely.
    """
    settings = settings or ObjectSettings()
    chosen = np.flatnonzero(own)
    count = min(settings.neighbours + 1, len(chosen))
    if count < 2:
        return own
    around = min(settings.neighbours // 2 + 1, len(points))
    spacing = cKDTree(points).query(points[chosen], around)[0][:, -1]
    apart, near = cKDTree(points[chosen]).query(points[chosen], count)
    linked = apart <= settings.reach * np.minimum(spacing[:, None], spacing[near])
    row, column = linked.nonzero()
    graph = sparse.coo_matrix((np.ones(len(row)), (row, near[row, column])), (len(chosen), len(chosen)))
    piece = connected_components(graph, directed=False)[1]
    total = np.bincount(piece, np.maximum(score[chosen], 1e-6))
    kept = np.zeros_like(own)
    kept[chosen[(total >= settings.share * total.max())[piece]]] = True
    return kept
