"""Builds the part tree: elements joined without words, from fine to coarse, into segments that belong together.

Neighbours are joined when both look alike and nothing parts them: the growth of variance (Ward's criterion) of image features,
divided by how open the border between them is. Concave creases and sharp edges close a border; pieces that do not hang together
are joined last of all.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from jaxtyping import Bool, Float, Int
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from meronym.core import geometry
from meronym.lifting.graph import concavity, relative_areas
from meronym.types import Mesh, PartTree, Shape


@dataclass(frozen=True)
class TreeSettings:
    """What parts a shape, and how fine the tree is."""

    finest: int = 800
    """Segments of the finest level, at the most; a shape of more pieces has one for each piece."""
    crease: float = 0.5
    """At a concave curvature of 1 / crease, in radians per bounding-sphere radius, a border is half open."""
    sharp: float = 50.0
    """Angle between faces, degrees, above which a convex edge closes half of a border."""
    flat: float = 1.0
    """Angle between faces, degrees, below which they are coplanar."""
    closed: float = 0.05
    """Openness of a border that is quite closed: what looks alike is joined across it in the end."""
    difference: float = 1e-4
    """Squared distance of features that even twins are apart: among them, small segments are joined first."""
    neighbours: int = 6
    """Nearest points that each point of a cloud is joined to."""
    weld: float = 1e-5
    """Vertices are one that are nearer than this, in bounding-sphere radii."""


DEFAULT = TreeSettings()


@dataclass(eq=False)
class _Growing:
    """The segments so far, and the borders between them."""

    area: Float[np.ndarray, " s"]
    feature: Float[np.ndarray, "s d"]
    pair: Int[np.ndarray, "e 2"]
    length: Float[np.ndarray, " e"]
    opening: Float[np.ndarray, " e"]
    node: Int[np.ndarray, " s"] = field(default_factory=lambda: np.empty(0, np.int64))


def build_tree(shape: Shape, features: Float[np.ndarray, "n d"], settings: TreeSettings = DEFAULT) -> PartTree:
    """The part tree of a shape from features of its elements, such as lifted image features, whose scale matters little."""
    area = np.maximum(relative_areas(shape), 1e-12)
    area /= area.sum()
    piece = pieces(shape, settings)
    pair, length, opening = borders(shape, settings)
    inside = piece[pair[:, 0]] == piece[pair[:, 1]]
    growing = _Growing(area, np.array(features, np.float64), pair[inside], length[inside], opening[inside])
    segment, fewest = np.arange(len(area)), max(settings.finest, int(piece.max()) + 1)
    if isinstance(shape, Mesh):
        segment = _join(growing, *_quads(shape, growing, settings))
    while len(growing.pair) and len(growing.area) > fewest:
        first, second, _ = _alike(growing, len(growing.area) - fewest, settings)
        segment = _join(growing, first, second)[segment]
    leaves = len(growing.area)
    parent, seam, leaf_area, leaf_feature = [-1] * leaves, [0.0] * leaves, growing.area.copy(), growing.feature.copy()
    growing.node = np.arange(leaves)
    while len(growing.pair):
        first, second, opened = _alike(growing, len(growing.area), settings)
        new = len(parent) + np.arange(len(first))
        parent += [-1] * len(first)
        seam += opened.tolist()
        for one in (first, second):
            for node, above in zip(growing.node[one].tolist(), new.tolist(), strict=True):
                parent[node] = above
        growing.node[first] = new
        _join(growing, first, second)
    roots = [node for node, above in enumerate(parent) if above < 0]
    parent += [-1] if len(roots) > 1 else []
    seam += [0.0] if len(roots) > 1 else []
    for root in roots if len(roots) > 1 else ():
        parent[root] = len(parent) - 1
    return PartTree(segment, np.array(parent), leaf_feature, leaf_area, np.array(seam), len(roots) > 1)


def pieces(shape: Shape, settings: TreeSettings = DEFAULT) -> Int[np.ndarray, " n"]:
    """Which connected piece each element belongs to: faces that share a welded vertex; the points of a cloud are one piece."""
    if not isinstance(shape, Mesh):
        return np.zeros(shape.element_count, np.int64)
    step = settings.weld * geometry.bounding_sphere(shape)[1]
    place = np.round(shape.vertices / step).astype(np.int64)
    welded = np.unique(place, axis=0, return_inverse=True)[1].reshape(-1)[shape.faces]
    edges = np.concatenate([welded[:, :2], welded[:, 1:]])
    count = int(welded.max()) + 1
    graph = sparse.coo_matrix((np.ones(len(edges)), (edges[:, 0], edges[:, 1])), shape=(count, count))
    return np.unique(connected_components(graph, directed=False)[1][welded[:, 0]], return_inverse=True)[1].reshape(-1)


def borders(
    shape: Shape, settings: TreeSettings = DEFAULT
) -> tuple[Int[np.ndarray, "e 2"], Float[np.ndarray, " e"], Float[np.ndarray, " e"]]:
    """Pairs of neighbouring elements, the length of their border in bounding-sphere radii, and how much of it is open."""
    scale = geometry.bounding_sphere(shape)[1]
    if isinstance(shape, Mesh):
        pair, length = geometry.shared_edges(shape)
        length = length / scale
        bend = concavity(shape, pair[:, 0], pair[:, 1])
        normals = geometry.element_normals(shape)
        cosine = np.einsum("ei,ei->e", normals[pair[:, 0]], normals[pair[:, 1]])
        opening = length / (1 + (settings.crease * bend) ** 2)
        opening = np.where(cosine < np.cos(np.radians(settings.sharp)), opening / 2, opening)
    else:
        near, _ = geometry.neighbours(geometry.element_positions(shape), settings.neighbours)
        pair = np.stack([np.repeat(np.arange(len(near)), near.shape[1]), near.numpy().ravel()], 1)
        length = np.sqrt(relative_areas(shape))[pair].min(1)
        opening = length
    return _merged(np.sort(pair, 1), length, opening, shape.element_count)


def _quads(mesh: Mesh, growing: _Growing, settings: TreeSettings) -> tuple[Int[np.ndarray, " m"], Int[np.ndarray, " m"]]:
    """Pairs of coplanar triangles whose common edge is the longest of both: halves of a flat quad, which are one."""
    corners, normals = mesh.vertices[mesh.faces], geometry.element_normals(mesh)
    longest = np.linalg.norm(corners - np.roll(corners, -1, axis=1), axis=2).max(1) / geometry.bounding_sphere(mesh)[1]
    one, two = growing.pair.T
    flat = np.einsum("ei,ei->e", normals[one], normals[two]) > np.cos(np.radians(settings.flat))
    diagonal = growing.length > (1 - settings.weld) * np.maximum(longest[one], longest[two])
    chosen = np.nonzero(flat & diagonal)[0]
    first = np.full(len(mesh.faces), len(one))
    np.minimum.at(first, one[chosen], chosen)
    np.minimum.at(first, two[chosen], chosen)
    mutual = chosen[(first[one[chosen]] == chosen) & (first[two[chosen]] == chosen)]
    return one[mutual], two[mutual]


def _alike(
    growing: _Growing, most: int, settings: TreeSettings
) -> tuple[Int[np.ndarray, " m"], Int[np.ndarray, " m"], Float[np.ndarray, " m"]]:
    """Pairs of segments that are each other's best partner, at most so many, and the opening between them."""
    one, two = growing.pair.T
    a, b = growing.area[one], growing.area[two]
    apart = np.square(growing.feature[one] - growing.feature[two]).sum(1) + settings.difference
    openness = growing.opening / np.maximum(growing.length, 1e-12)
    cost = a * b / (a + b) * apart / (openness + settings.closed)
    rank = np.argsort(np.argsort(cost, kind="stable"), kind="stable")
    best = np.full(len(growing.area), len(cost))
    np.minimum.at(best, one, rank)
    np.minimum.at(best, two, rank)
    mutual = np.nonzero((best[one] == rank) & (best[two] == rank))[0]
    mutual = mutual[np.argsort(rank[mutual])][:most]
    return one[mutual], two[mutual], growing.opening[mutual]


def _join(growing: _Growing, first: Int[np.ndarray, " m"], second: Int[np.ndarray, " m"]) -> Int[np.ndarray, " s"]:
    """Join pairs of segments, in place; returns the new number of each old segment."""
    count = len(growing.area)
    into = np.arange(count)
    into[second] = first
    kept, number = np.unique(into, return_inverse=True)
    total = growing.area[first] + growing.area[second]
    share = (growing.area[second] / total)[:, None]
    growing.feature[first] += share * (growing.feature[second] - growing.feature[first])
    growing.area[first] = total
    growing.area, growing.feature = growing.area[kept], growing.feature[kept]
    growing.node = growing.node[kept] if len(growing.node) else growing.node
    pair = number[growing.pair]
    apart: Bool[np.ndarray, " e"] = pair[:, 0] != pair[:, 1]
    growing.pair, growing.length, growing.opening = _merged(
        np.sort(pair[apart], 1), growing.length[apart], growing.opening[apart], len(kept)
    )
    return number.reshape(-1)


def _merged(
    pair: Int[np.ndarray, "e 2"], length: Float[np.ndarray, " e"], opening: Float[np.ndarray, " e"], count: int
) -> tuple[Int[np.ndarray, "k 2"], Float[np.ndarray, " k"], Float[np.ndarray, " k"]]:
    """Each pair once, with its lengths added up."""
    key, index = np.unique(pair[:, 0].astype(np.int64) * count + pair[:, 1], return_inverse=True)
    index = index.reshape(-1)
    both = np.stack([key // count, key % count], 1)
    summed = [np.bincount(index, values, len(key)).astype(np.float64) for values in (length, opening)]
    return both, summed[0], summed[1]
