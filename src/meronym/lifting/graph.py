"""The surface of a shape as a graph of its elements, whose links are weaker across concave creases."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int
from scipy import sparse

from meronym.core import geometry
from meronym.types import Gaussians, Mesh, Shape


@dataclass(frozen=True)
class GraphSettings:
    """How well links between elements conduct."""

    crease: float = 0.5
    """At a concave curvature of 1 / crease, in radians per bounding-sphere radius, a link conducts half: parts meet in concave
    creases (Hoffman and Richards, Parts of recognition, Cognition 1984). 0 = creases make no difference."""
    neighbours: int = 8
    """Nearest elements that each is linked to: fewer leave clouds in pieces, more bridge gaps."""
    nearness: float = 0.5
    """Conductance of a link between elements in one place: half of that of an edge, as it may join what only touches."""
    reach: float = 1.5
    """Distance at which a link's conductance falls to 1/e of that, in square roots of the smaller element's area."""
    most: float = 20.0
    """The largest conductance of an edge, lest needles, long beside the distance of their centres, make the system stiff."""


DEFAULT = GraphSettings()


def surface_graph(shape: Shape, settings: GraphSettings = DEFAULT) -> sparse.csr_matrix:
    """Symmetric conductances between neighbouring elements, [n n], without units: independent of scale and tessellation.

    Faces that share an edge conduct by finite volumes, edge length over centre distance; so do k-NN links of half that
    strength, which hold together pieces that only touch, and the whole graph of points and Gaussians. Concave links of a mesh
    conduct less, the more they bend. Gaussians lie as dense as they please, so that their reach is measured by their distances.
    """
    scale, n = geometry.bounding_sphere(shape)[1], shape.element_count
    positions = geometry.element_positions(shape) / scale
    near, distance = geometry.neighbours(positions, settings.neighbours)
    row, column = np.repeat(np.arange(n), near.shape[1]), near.numpy().ravel()
    reach = distance.numpy().ravel()
    spacing = distance.numpy().mean(1) if isinstance(shape, Gaussians) else np.sqrt(relative_areas(shape))
    link = np.exp(-((reach / (np.minimum(spacing[row], spacing[column]) * settings.reach + 1e-12)) ** 2)) * settings.nearness
    joined = sparse.coo_matrix((link, (row, column)), shape=(n, n)).tocsr()
    joined = joined.maximum(joined.T)
    if isinstance(shape, Mesh):
        pair, length = geometry.shared_edges(shape)
        gap = np.linalg.norm(positions[pair[:, 0]] - positions[pair[:, 1]], axis=1)
        conduct = np.minimum(length / scale / np.maximum(gap, 1e-12), settings.most)
        edges = sparse.coo_matrix((conduct, (pair[:, 0], pair[:, 1])), shape=(n, n)).tocsr()
        half = sparse.triu(joined.maximum(edges + edges.T), 1)
        half.data /= 1 + (settings.crease * concavity(shape, half.row, half.col)) ** 2
        joined = (half + half.T).tocsr()
    return joined


def concavity(mesh: Mesh, first: Int[np.ndarray, " e"], second: Int[np.ndarray, " e"]) -> Float[np.ndarray, " e"]:
    """How sharply the surface bends inwards from one face to another, per bounding-sphere radius of way; 0 where it is convex.

    Which side is inwards is told by the faces' orientation; a mesh that is inside out as a whole is turned over first.
    """
    normals, scale = geometry.element_normals(mesh), geometry.bounding_sphere(mesh)[1]
    positions = geometry.element_positions(mesh) / scale
    corners = mesh.vertices[mesh.faces] / scale - positions.mean(0)
    volume = np.einsum("fi,fi->", corners[:, 0], np.cross(corners[:, 1], corners[:, 2]))
    way, turn = positions[second] - positions[first], normals[second] - normals[first]
    inwards = np.einsum("ei,ei->e", way, turn) * (-1 if volume < 0 else 1) < -1e-9  # 0 but for rounding through a sheet
    angle = np.arccos(np.clip(np.einsum("ei,ei->e", normals[first], normals[second]), -1, 1))
    return np.where(inwards, angle / np.maximum(np.linalg.norm(way, axis=1), 1e-12), 0.0)


def relative_areas(shape: Shape) -> Float[np.ndarray, " n"]:
    """Area of each element, square bounding-sphere radii; points and Gaussians share half of their bounding sphere's."""
    if isinstance(shape, Mesh):
        return geometry.face_normals(shape.vertices, shape.faces)[1] / geometry.bounding_sphere(shape)[1] ** 2
    return geometry.element_areas(shape) * 2 * np.pi
