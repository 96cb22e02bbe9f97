"""Words matched with the nodes of a part tree, "none of these" among them.

Every finest segment has, for each word, the cost of being called that: minus the log of a probability, times its area. The tree
then decides where one name ends and the next begins: a node is cut where what its sides say differs by more than a cut costs,
which is little along a crease, nothing between pieces that do not hang together, and much across a smooth face. The best choice
of names and cuts on a tree is found exactly (the recursion: Felzenszwalb and Huttenlocher, Pictorial structures, IJCV 2005).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from meronym.types import PartTree


@dataclass(frozen=True)
class CutSettings:
    """What it costs to cut the tree."""

    cut: float = 0.003
    """Of any cut inside a connected piece, nats times the share of the surface on which they are lost."""
    opening: float = 0.03
    """More for each bounding-sphere radius of open border that the cut leads across."""
    most: float = 8.0
    """The most that a name can cost on the whole surface, nats: no segment is so sure that its neighbours count for nothing."""


DEFAULT = CutSettings()


def best_names(tree: PartTree, probability: Float[np.ndarray, "l c"], settings: CutSettings = DEFAULT) -> Int[np.ndarray, " l"]:
    """The name of each finest segment, by the best choice of names and cuts; rows of `probability` need not sum to 1."""
    leaves, nodes = len(tree.area), len(tree.parent)
    cost = np.zeros((nodes, probability.shape[1]))
    least = np.exp(-settings.most)
    cost[:leaves] = -np.log(np.maximum(probability, least)) * tree.area[:, None]
    price = settings.cut + settings.opening * tree.seam
    if tree.loose:
        price[-1] = 0.0
    parent = tree.parent.tolist()
    for node in range(nodes - 1):
        above = parent[node]
        cost[above] += np.minimum(cost[node], cost[node].min() + price[above])
    cheapest = cost.argmin(1)
    margin = cost - cost.min(1, keepdims=True)
    name = np.empty(nodes, np.int64)
    name[-1] = cheapest[-1]
    for node in range(nodes - 2, -1, -1):
        above = parent[node]
        kept = name[above]
        name[node] = kept if margin[node, kept] <= price[above] and not (tree.loose and above == nodes - 1) else cheapest[node]
    return name[:leaves]
