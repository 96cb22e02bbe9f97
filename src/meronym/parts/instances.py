"""Instances: what one name stands for several times, such as the four legs of a table, and on which side each of them is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float, Int
from scipy import sparse
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from meronym.core import geometry
from meronym.types import Gaussians, Mesh, PointCloud, Shape


@dataclass(frozen=True)
class InstanceSettings:
    """What counts as one; lengths are in bounding-sphere radii."""

    gap: float = 0.02
    """Pieces of a label that are nearer to each other than this are one."""
    crumb: float = 0.02
    """A piece smaller than this share of the label's largest belongs to the nearest one."""
    spacing: float = 3.0
    """Points of a cloud are connected up to so many times their usual distance."""
    neighbours: int = 8
    """Nearest points that each point of a cloud may be connected to."""
    side: float = 0.1
    """An instance is on one side if its centre is farther than this from the middle; centres nearer to each other than this
    are level."""


DEFAULT = InstanceSettings()


class Instance(NamedTuple):
    """One of the things that a prompt names."""

    name: str
    """The prompt, with a side or a number if there are several."""
    share: float
    """Of the shape's surface."""
    centre: Float[np.ndarray, " 3"]
    """Of its surface, world units."""


def instances(shape: Shape, label: Int[np.ndarray, " n"], settings: InstanceSettings = DEFAULT) -> Int[np.ndarray, " n"]:
    """The number of each element's instance within its label, from 0, the largest first; -1 where the label is -1.

    Instances of one size (to a twentieth of the largest) are in the order of their centres, by x, then y, then z.
    """
    named = np.flatnonzero(label >= 0)
    if not len(named):
        return np.full(len(label), -1)
    radius = geometry.bounding_sphere(shape)[1] or 1.0
    place, area = geometry.element_positions(shape), _areas(shape)
    if isinstance(shape, Mesh):
        piece = _touching_faces(shape, label, named, settings.gap * radius)
        piece = _without_crumbs(label, piece, area, place, settings.crumb)
        piece = _near_pieces(shape, label, piece, settings.gap * radius)
    else:
        piece = _near_points(shape, label, named, settings, radius)
    piece = _without_crumbs(label, piece, area, place, settings.crumb)
    return _numbered(label, piece, area, place, radius)


def described(
    shape: Shape, own: Bool[np.ndarray, " n"], instance: Int[np.ndarray, " n"], part: str, up: object
) -> tuple[Instance, ...]:
    """The instances of the part that has the elements `own`, named by number, or by side where the file states its front.

    `up` is the up axis, as three numbers, with which the shape was rendered.
    """
    area, number = _areas(shape), instance[own]
    share = area[own] / (area.sum() or 1.0)
    total = np.bincount(number, share)
    place = np.stack([np.bincount(number, share * axis) for axis in geometry.element_positions(shape)[own].T], 1)
    centre = place / np.maximum(total, 1e-300)[:, None]
    names: Sequence[str] = [part]
    if len(total) > 1:
        glb = shape.source is not None and shape.source.suffix.lower() in (".glb", ".gltf", ".vrm")
        known = sides(centre, *geometry.bounding_sphere(shape)) if glb and up == [0, 1, 0] else ()
        names = [f"{part}_{side}" for side in known or range(1, len(total) + 1)]
    return tuple(Instance(*one) for one in zip(names, total.tolist(), centre, strict=False))


def sides(
    centres: Float[np.ndarray, "k 3"],
    middle: Float[np.ndarray, " 3"],
    radius: float,
    settings: InstanceSettings = DEFAULT,
) -> tuple[str, ...]:
    """On which side each instance of a part is: "front_left"; nothing unless that is unambiguous, and different for all.

    Axes as glTF has them, y up, z to the front and x to the left of the thing itself, which lies around `middle`.
    """
    apart, level = settings.side * radius, np.ptp(centres, axis=0) < settings.side * radius
    zero = (centres.max(0) + centres.min(0)) / 2
    split: Bool[np.ndarray, " 3"] = (np.abs(centres - zero) > np.maximum(apart, np.ptp(centres, axis=0) / 4)).all(0) & ~level
    if not (level | split).all() or (split[0] and abs(zero[0] - middle[0]) > apart):
        return ()
    words = ((1, "upper", "lower"), (2, "front", "rear"), (0, "left", "right"))
    names = ["_".join(more if row[axis] > 0 else less for axis, more, less in words if split[axis]) for row in centres - zero]
    return tuple(names) if len(set(names)) == len(names) > 1 else ()


def _areas(shape: Shape) -> Float[np.ndarray, " n"]:
    """Areas of faces, which may all be 0; points count as one each."""
    return geometry.face_normals(shape.vertices, shape.faces)[1] if isinstance(shape, Mesh) else geometry.element_areas(shape)


# ---------------------------------------------------------------- pieces of a mesh


def _touching_faces(
    mesh: Mesh, label: Int[np.ndarray, " n"], named: Int[np.ndarray, " m"], gap: float
) -> Int[np.ndarray, " n"]:
    """Number of the piece of each face: those of one label with vertices in one cell of a grid; -1 without a label."""
    cell = _cells(mesh.vertices[mesh.faces[named]].reshape(-1, 3), gap / 3**0.5)
    key = cell * (int(label.max()) + 1) + np.repeat(label[named], 3)
    order = np.argsort(key, kind="stable")
    same = np.flatnonzero(np.diff(key[order]) == 0)
    return _joined(named[order[same] // 3], named[order[same + 1] // 3], named, len(label))


def _near_pieces(mesh: Mesh, label: Int[np.ndarray, " n"], piece: Int[np.ndarray, " n"], gap: float) -> Int[np.ndarray, " n"]:
    """The pieces, those of one label joined that are nearer to each other than `gap`, as far as points on them tell."""
    named = np.flatnonzero(piece >= 0)
    number = np.unique(piece[named], return_inverse=True)[1].reshape(-1)
    order = np.argsort(number, kind="stable")
    named, number = named[order], number[order]
    start = np.flatnonzero(np.diff(number, prepend=-1))
    corners, label_of = mesh.vertices[mesh.faces[named]], label[named[start]]
    low, high = np.minimum.reduceat(corners.min(1), start), np.maximum.reduceat(corners.max(1), start)
    close = np.zeros(len(start), bool)
    for one in range(len(start)):
        near = (label_of == label_of[one]) & ((low <= high[one] + gap) & (high >= low[one] - gap)).all(1)
        close[one] = near.sum() > 1
    chosen = close[number]
    if not chosen.any():
        return piece
    points, face = _spread(corners[chosen], gap)
    owner = number[chosen][face]
    kept = np.unique(_cells(points, gap / 2) * len(start) + owner, return_index=True)[1]
    points, owner = points[kept], owner[kept]
    one, two = owner[cKDTree(points).query_pairs(gap, output_type="ndarray")].T
    joined = label_of[one] == label_of[two]
    group = _joined(one[joined], two[joined], np.arange(len(start)), len(start))
    result = np.full(len(piece), -1)
    result[named] = group[number]
    return result


def _cells(points: Float[np.ndarray, "n 3"], side: float) -> Int[np.ndarray, " n"]:
    """The number of the cell of a grid that each point lies in."""
    x, y, z = np.floor((points - points.min(0)) / side).astype(np.int64).T
    cell: np.ndarray = (x * (int(y.max()) + 1) + y) * (int(z.max()) + 1) + z
    return cell


def _spread(corners: Float[np.ndarray, "f 3 3"], spacing: float) -> tuple[Float[np.ndarray, "m 3"], Int[np.ndarray, " m"]]:
    """Points on triangles, their corners among them, about `spacing` apart; and the triangle of each."""
    edge = np.linalg.norm(corners - np.roll(corners, -1, 1), axis=2)
    apex = (edge.argmax(1) + 2) % 3  # across from the longest edge
    corners = corners[np.arange(len(corners))[:, None], (apex[:, None] + np.arange(3)) % 3]
    steps = np.ceil(np.linalg.norm(corners[:, 1:] - corners[:, :1], axis=2) / spacing).astype(np.int64).clip(1)
    points, faces = [], []
    for u_steps, v_steps in np.unique(steps, axis=0):
        own = np.flatnonzero((steps == [u_steps, v_steps]).all(1))
        u, v = (grid.ravel() for grid in np.meshgrid(np.linspace(0, 1, u_steps + 1), np.linspace(0, 1, v_steps + 1)))
        weight = np.stack([(1 - u) * (1 - v), u * (1 - v), v], 1)
        points.append(np.einsum("mk,fkd->fmd", weight, corners[own]).reshape(-1, 3))
        faces.append(np.repeat(own, len(weight)))
    return np.concatenate(points), np.concatenate(faces)


# ---------------------------------------------------------------- pieces of a cloud


def _near_points(
    cloud: PointCloud | Gaussians,
    label: Int[np.ndarray, " n"],
    named: Int[np.ndarray, " m"],
    settings: InstanceSettings,
    radius: float,
) -> Int[np.ndarray, " n"]:
    """Number of the piece of each point or Gaussian: those of one label that are near each other; -1 without a label."""
    one, two = [], []
    for number in np.unique(label[named]):
        own = np.flatnonzero(label == number)
        far, near = cKDTree(cloud.points[own]).query(cloud.points[own], k=min(settings.neighbours + 1, len(own)))
        far, near = far.reshape(len(own), -1), near.reshape(len(own), -1)
        linked = far <= max(settings.gap * radius, settings.spacing * float(np.median(far[:, :2].max(1))))
        one.append(own[np.nonzero(linked)[0]])
        two.append(own[near[linked]])
    return _joined(np.concatenate(one), np.concatenate(two), named, len(label))


# ---------------------------------------------------------------- from pieces to instances


def _without_crumbs(
    label: Int[np.ndarray, " n"],
    piece: Int[np.ndarray, " n"],
    area: Float[np.ndarray, " n"],
    place: Float[np.ndarray, "n 3"],
    least: float,
) -> Int[np.ndarray, " n"]:
    """The pieces, those that are small beside their label's largest joined to the nearest larger one."""
    named = piece >= 0
    size, label_of, largest = _sizes(label[named], piece[named], area[named])
    crumb = size < least * largest
    into = np.arange(len(size))
    for number in np.unique(label_of[crumb]):
        own = np.flatnonzero(label == number)
        lost = crumb[piece[own]]
        kept, small = own[~lost], own[lost]
        distance, nearest = cKDTree(place[kept]).query(place[small])
        order = np.lexsort((distance, piece[small]))
        first = order[np.diff(piece[small][order], prepend=-1) != 0]
        into[piece[small][first]] = piece[kept[nearest[first]]]
    return np.where(named, into[piece], -1)


def _numbered(
    label: Int[np.ndarray, " n"],
    piece: Int[np.ndarray, " n"],
    area: Float[np.ndarray, " n"],
    place: Float[np.ndarray, "n 3"],
    radius: float,
) -> Int[np.ndarray, " n"]:
    """Pieces numbered within their label: by size, then by position."""
    named = piece >= 0
    number = np.unique(piece[named], return_inverse=True)[1].reshape(-1)
    size, label_of, largest = _sizes(label[named], number, area[named])
    weight = np.maximum(size, 1e-300)
    centre = np.stack([np.bincount(number, area[named] * axis) for axis in place[named].T], 1) / weight[:, None]
    step = np.round(20 * size / np.maximum(largest, 1e-300))
    x, y, z = np.round(centre.T / radius, 3)
    order = np.lexsort((z, y, x, -step, label_of))
    first = np.searchsorted(label_of[order], label_of[order])
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order)) - first
    result = np.full(len(label), -1)
    result[named] = rank[number]
    return result


def _sizes(
    label: Int[np.ndarray, " m"], piece: Int[np.ndarray, " m"], area: Float[np.ndarray, " m"]
) -> tuple[Float[np.ndarray, " k"], Int[np.ndarray, " k"], Float[np.ndarray, " k"]]:
    """Of each piece: its area, its label, and the area of the largest piece with that label."""
    size = np.bincount(piece, area)
    label_of = np.zeros(len(size), np.int64)
    label_of[piece] = label
    largest = np.zeros(int(label_of.max()) + 1)
    np.maximum.at(largest, label_of, size)
    return size, label_of, largest[label_of]


def _joined(
    one: Int[np.ndarray, " e"], two: Int[np.ndarray, " e"], named: Int[np.ndarray, " m"], count: int
) -> Int[np.ndarray, " n"]:
    """Number of the connected component of each of `named`, from 0; -1 for the others."""
    graph = sparse.coo_matrix((np.ones(len(one), np.int8), (one, two)), shape=(count, count))
    result = np.full(count, -1)
    result[named] = np.unique(connected_components(graph, directed=False)[1][named], return_inverse=True)[1].reshape(-1)
    return result
