"""Geometry of meshes, clouds and Gaussians: areas, normals, samples, neighbours.

A shape's own geometry is numpy, and what is computed from it alone is on the CPU; functions of tensors keep to their device.
"""

from __future__ import annotations

import numpy as np
import torch
from jaxtyping import Bool, Float, Int
from scipy.spatial import cKDTree
from torch import Tensor

from meronym.errors import InputError
from meronym.types import Gaussians, Mesh, Shape


def face_normals(
    vertices: Float[np.ndarray, "v 3"], faces: Int[np.ndarray, "f 3"]
) -> tuple[Float[np.ndarray, "f 3"], Float[np.ndarray, " f"]]:
    """Unit normal and area of every face; a face without area has normal 0."""
    a, b, c = (vertices[faces[:, k]] for k in range(3))
    normal = np.cross(b - a, c - a)
    length = np.linalg.norm(normal, axis=1)
    return normal / np.maximum(length, 1e-30)[:, None], length / 2


def rotations(quaternion: Float[np.ndarray, "n 4"]) -> Float[np.ndarray, "n 3 3"]:
    """Rotation matrices of unit quaternions w x y z."""
    w, x, y, z = quaternion.T
    rows = [
        [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
        [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
        [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
    ]
    return np.moveaxis(np.array(rows), 2, 0)


def element_positions(shape: Shape) -> Float[np.ndarray, "n 3"]:
    """Where each element is: the face's centroid, the point, or the Gaussian's centre."""
    if not isinstance(shape, Mesh):
        return shape.points
    centroids: np.ndarray = shape.vertices[shape.faces].mean(1)
    return centroids


def element_normals(shape: Shape) -> Float[np.ndarray, "n 3"]:
    """Unit normal of each element: the face's, a Gaussian's shortest axis, the point's own, or that of the plane through its
    12 nearest points."""
    if isinstance(shape, Mesh):
        return face_normals(shape.vertices, shape.faces)[0]
    if isinstance(shape, Gaussians):
        return np.take_along_axis(rotations(shape.rotation), shape.deviation.argmin(1)[:, None, None], 2)[:, :, 0]
    if shape.normal is not None:
        return shape.normal
    _, near = cKDTree(shape.points).query(shape.points, k=min(12, len(shape.points)), workers=-1)
    local = shape.points[near.reshape(len(shape.points), -1)]
    local = local - local.mean(1, keepdims=True)
    return np.linalg.eigh(np.einsum("nki,nkj->nij", local, local))[1][:, :, 0]


def element_areas(shape: Shape) -> Float[np.ndarray, " n"]:
    """Share of the surface that each element stands for, summing to 1.

    Points share equally. A Gaussian has the area of its ellipse across its shortest axis, times its opacity; it is taken to be
    no larger than a tenth of the shape, as haze is, and a floater has none.
    """
    if isinstance(shape, Mesh):
        area = face_normals(shape.vertices, shape.faces)[1]
    elif isinstance(shape, Gaussians):
        wide = np.minimum(np.sort(shape.deviation, axis=1)[:, 1:].astype(np.float64), bounding_sphere(shape)[1] / 10)
        area = np.where(shape.floating, 0.0, shape.opacity * np.maximum(wide, 1e-30).prod(1))
    else:
        area = np.ones(len(shape.points))
    share: np.ndarray = area / area.sum()
    return share


def used_points(shape: Shape) -> Float[np.ndarray, "n 3"]:
    """The vertices that some face uses, all points, or the centres of all Gaussians but floaters."""
    if isinstance(shape, Gaussians):
        solid: np.ndarray = shape.points[~shape.floating]
        return solid
    if not isinstance(shape, Mesh):
        return shape.points
    used = np.zeros(len(shape.vertices), dtype=bool)
    used[shape.faces] = True
    return shape.vertices[used]


def weighted_points(shape: Shape) -> tuple[Float[np.ndarray, "n 3"], Float[np.ndarray, " n"]]:
    """Finite points of a shape and the share of its surface that each stands for; the shares sum to 1.

    Raises: InputError if there is none.
    """
    weight: np.ndarray
    if isinstance(shape, Mesh):
        a, b, c = (shape.vertices[shape.faces[:, k]] for k in range(3))
        area = np.linalg.norm(np.cross(b - a, c - a), axis=1)
        points, weight = shape.vertices, np.bincount(shape.faces.ravel(), np.repeat(area, 3), len(shape.vertices))
    else:
        points, weight = shape.points, element_areas(shape)
    kept = np.isfinite(points).all(1) & (weight > 0)
    if not kept.any():
        raise InputError("cannot tell which way a shape stands: it has no finite point on its surface")
    return points[kept].astype(np.float64), weight[kept] / weight[kept].sum()


def bounding_sphere(shape: Shape) -> tuple[Float[np.ndarray, " 3"], float]:
    """Centre of the bounding box, and the distance from it to the farthest used vertex or point."""
    points = used_points(shape)
    centre = (points.max(0) + points.min(0)) / 2
    return centre, float(np.linalg.norm(points - centre, axis=1).max())


def sample_surface(
    mesh: Mesh, count: int, generator: torch.Generator
) -> tuple[Float[np.ndarray, "n 3"], Int[np.ndarray, " n"]]:
    """Points spread evenly by area (stratified), and the face that each lies on."""
    area = element_areas(mesh)
    jitter, u, v = torch.rand(3, count, generator=generator, dtype=torch.float64).numpy()
    face = np.searchsorted(np.cumsum(area), (np.arange(count) + jitter) / count).clip(0, len(area) - 1)
    root = np.sqrt(u)
    weight = np.stack([1 - root, root * (1 - v), root * v], 1)
    return np.einsum("nk,nkd->nd", weight, mesh.vertices[mesh.faces[face]]), face


def neighbours(positions: Float[np.ndarray, "n 3"], k: int) -> tuple[Int[Tensor, "n k"], Float[Tensor, "n k"]]:
    """The k nearest other elements and their distances; fewer than k + 1 elements repeat themselves."""
    n = len(positions)
    distance, index = cKDTree(positions).query(positions, k=min(k + 1, n), workers=-1)
    index, distance = index.reshape(n, -1), distance.reshape(n, -1)[:, 1:]
    index = np.where(index == np.arange(n)[:, None], index[:, :1], index)[:, 1:]  # a coincident one may come before itself
    missing = k - index.shape[1]
    if missing:
        index = np.concatenate([index, np.repeat(np.arange(n)[:, None], missing, 1)], 1)
        distance = np.concatenate([distance, np.zeros((n, missing))], 1)
    return torch.from_numpy(index), torch.from_numpy(distance)


def shared_edges(mesh: Mesh) -> tuple[Int[np.ndarray, "e 2"], Float[np.ndarray, " e"]]:
    """Pairs of faces with a common edge (by position, so seams in the index don't cut), and the edge's length."""
    order = np.lexsort(mesh.vertices.T[::-1])
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.cumsum((np.diff(mesh.vertices[order], axis=0, prepend=np.nan) != 0).any(1))
    start, end = mesh.faces.T.ravel(), np.roll(mesh.faces, -1, axis=1).T.ravel()
    low, high = np.minimum(place[start], place[end]), np.maximum(place[start], place[end])
    edge = low * len(order) + high
    order = np.argsort(edge, kind="stable")
    same = edge[order[1:]] == edge[order[:-1]]
    first, second = order[:-1][same], order[1:][same]
    length = np.linalg.norm(mesh.vertices[start[first]] - mesh.vertices[end[first]], axis=1)
    pair = np.stack([first, second], 1) % len(mesh.faces)
    return pair[pair[:, 0] != pair[:, 1]], length[pair[:, 0] != pair[:, 1]]


def farthest_points(points: Float[Tensor, "b n d"], count: int) -> Int[Tensor, "b {count}"]:
    """Farthest point sampling: point 0, then again and again the point farthest from all that were taken.

    The sampling is greedy: a shorter one is the start of a longer one, and the sampling of a sampling is its start.

    Raises: InputError if there are fewer than `count` points.
    """
    batch, n, _ = points.shape
    if count > n:
        raise InputError(f"points: {n} given, {count} to be sampled. Give at least {count} points.")
    axes = points.detach().permute(2, 0, 1).contiguous()  # sums over the first axis are quick
    row = torch.arange(batch, device=points.device)
    taken = torch.zeros(batch, count, dtype=torch.long, device=points.device)
    distance = torch.full((batch, n), torch.inf, dtype=points.dtype, device=points.device)
    for k in range(1, count):
        last = axes[:, row, taken[:, k - 1], None]
        distance = torch.minimum(distance, (axes - last).square_().sum(0))
        taken[:, k] = distance.argmax(1)
    return taken


def distances(queries: Float[Tensor, "b m 3"], points: Float[Tensor, "b n 3"]) -> Float[Tensor, "b m n"]:
    """From every query to every point, exact where they nearly coincide, which the way by matrix products is not."""
    return torch.cdist(queries, points, compute_mode="donot_use_mm_for_euclid_dist")


def nearest_points(
    queries: Float[Tensor, "b m 3"], points: Float[Tensor, "b n 3"], k: int
) -> tuple[Int[Tensor, "b m {k}"], Float[Tensor, "b m {k}"]]:
    """The k points nearest to each query, nearest first, and their squared distances.

    Raises: InputError if there are fewer than k points.
    """
    if k > points.shape[1]:
        raise InputError(f"points: {points.shape[1]} given, {k} neighbours wanted. Give at least {k} points.")
    nearest = distances(queries, points).topk(k, largest=False)
    return nearest.indices, nearest.values.square()


def take(values: Float[Tensor, "b n d"], index: Int[Tensor, " b *m"]) -> Float[Tensor, "b *m d"]:
    """Rows of each member of a batch by their indices."""
    batch = torch.arange(len(values), device=values.device)
    return values[batch.view(-1, *[1] * (index.ndim - 1)), index]


def interpolate(
    values: Float[Tensor, "b m d"], centres: Float[Tensor, "b m 3"], points: Float[Tensor, "b n 3"]
) -> Float[Tensor, "b n d"]:
    """Values at points: the mean of those at the 3 nearest centres, weighted by inverse squared distance.

    PointNet++ (Qi et al., NeurIPS 2017), equation 2.

    Raises: InputError if there are fewer than 3 centres.
    """
    index, squared = nearest_points(points, centres, 3)
    weight = 1 / (squared + 1e-8)
    weight = weight / weight.sum(-1, keepdim=True)
    return torch.einsum("bnk,bnkd->bnd", weight, take(values, index))


def fill(
    values: Float[Tensor, "n d"], known: Bool[np.ndarray, " n"], places: Float[np.ndarray, "n 3"], times: float = 1.0
) -> Float[Tensor, "n d"]:
    """Where values are not known, `times` those of the nearest place where they are; where none are, all stay as they are."""
    filled = values.clone()
    if known.any() and not known.all():
        tree = cKDTree(places[known], compact_nodes=False, balanced_tree=False)  # answers far queries much faster
        filled[~known] = times * values[known][tree.query(places[~known], workers=-1)[1]]
    return filled


def from_nearest(
    values: Float[Tensor, "m d"], known: Float[np.ndarray, "m 3"], places: Float[np.ndarray, "n 3"]
) -> Float[Tensor, "n d"]:
    """`interpolate` for any number of places: a tree instead of all distances; fewer than 3 known ones will do."""
    k = min(3, len(known))
    distance, index = (array.reshape(-1, k) for array in cKDTree(known).query(places, k=k, workers=-1))
    weight = 1 / (distance**2 + 1e-8 * np.square(np.ptp(known, 0)).sum() + 1e-30)
    mix = torch.from_numpy(weight / weight.sum(1, keepdims=True)).to(values)
    return torch.einsum("nk,nkd->nd", mix, values[torch.from_numpy(index)])
