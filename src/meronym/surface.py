"""The surface of a shape as a graph that knows its creases, and heat flow over it: smoothing, and filling in the unseen."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from jaxtyping import Float, Int
from scipy import sparse
from scipy.sparse.linalg import splu
from torch import Tensor

from meronym import geometry
from meronym.types import Mesh, Shape

CREASE = 0.5
"""At a concave curvature of 1 / CREASE, in radians per bounding-sphere radius, a link conducts half: parts meet in concave
creases (Hoffman and Richards, Parts of recognition, Cognition 1984)."""
DIRECT = 60_000
"""So many unknowns are solved for directly; larger systems with the help of so many clusters."""
LEAST = 1e-10
"""The least that an element without area or evidence weighs, next to its links and the mean area: no system is singular."""


def graph(shape: Shape, crease: float = CREASE) -> sparse.csr_matrix:
    """Symmetric conductances between neighbouring elements, [n n], without units: independent of scale and tessellation.

    Faces that share an edge conduct by finite volumes, edge length over centre distance; so do k-NN links of half that
    strength, which hold together pieces that only touch, and the whole graph of a point cloud. Concave links of a mesh conduct
    less, the more they bend.
    """
    scale, n = geometry.bounding_sphere(shape)[1], shape.element_count
    positions = geometry.element_positions(shape) / scale
    near, distance = geometry.neighbours(positions, 8)
    row, column = np.repeat(np.arange(n), near.shape[1]), near.numpy().ravel()
    reach = distance.numpy().ravel()
    spacing = np.sqrt(_areas(shape))
    link = np.exp(-((reach / (np.minimum(spacing[row], spacing[column]) * 1.5 + 1e-12)) ** 2)) * 0.5
    joined = sparse.coo_matrix((link, (row, column)), shape=(n, n)).tocsr()
    joined = joined.maximum(joined.T)
    if isinstance(shape, Mesh):
        pair, length = geometry.shared_edges(shape)
        gap = np.linalg.norm(positions[pair[:, 0]] - positions[pair[:, 1]], axis=1)
        conduct = np.minimum(length / scale / np.maximum(gap, 1e-12), 20)
        edges = sparse.coo_matrix((conduct, (pair[:, 0], pair[:, 1])), shape=(n, n)).tocsr()
        half = sparse.triu(joined.maximum(edges + edges.T), 1)
        half.data /= 1 + (crease * concavity(shape, half.row, half.col)) ** 2
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


def spread(
    values: Float[Tensor, "n c"], confidence: Float[Tensor, " n"], shape: Shape, links: sparse.csr_matrix, radius: float
) -> Float[Tensor, "n c"]:
    """Heat flow over the surface: smooths what is known and fills in what is not, over `radius` bounding-sphere radii.

    Solves (C + t L) x = C v, C = area x confidence, L the Laplacian of the links. Elements that no evidence reaches take the
    nearest element's value first.
    """
    start = geometry.fill(values.double(), confidence.numpy() > 0, geometry.element_positions(shape)).numpy()
    area, time = _areas(shape), radius**2 / 2
    degree = np.asarray(links.sum(1)).ravel()
    mass = np.maximum(area * np.maximum(confidence.double().numpy(), 1e-3), LEAST * (time * degree + area.mean()))
    system = (sparse.diags(mass + time * degree) - time * links).tocsr()
    return torch.from_numpy(_solve(system, mass[:, None] * start)).to(values.dtype)


def _areas(shape: Shape) -> Float[np.ndarray, " n"]:
    """Area of each element, square bounding-sphere radii; the points of a cloud share half of their bounding sphere's."""
    if isinstance(shape, Mesh):
        return geometry.face_normals(shape.vertices, shape.faces)[1] / geometry.bounding_sphere(shape)[1] ** 2
    return geometry.element_areas(shape) * 2 * np.pi


def _solve(system: sparse.csr_matrix, right: Float[np.ndarray, "n c"]) -> Float[np.ndarray, "n c"]:
    """Conjugate gradients, preconditioned on two levels: each unknown by itself, and a direct solution for their clusters.

    Up to `DIRECT` unknowns are clusters of one, and the direct solution is the answer.
    """
    joint, coarse = sparse.identity(len(right), format="csr"), system
    while coarse.shape[0] > DIRECT:
        pair = _pairs(coarse)
        if pair.max() + 1 > 0.95 * len(pair):  # what is left hardly hangs together, and is quickly solved
            break
        merge = sparse.csr_matrix((np.ones(len(pair)), (pair, np.arange(len(pair)))))
        joint, coarse = merge @ joint, merge @ coarse @ merge.T
    factors = splu(coarse.tocsc(), permc_spec="MMD_AT_PLUS_A", diag_pivot_thresh=0.0, options={"SymmetricMode": True})
    inverse = 1 / system.diagonal()[:, None]

    def by_clusters(values: Float[np.ndarray, "n c"]) -> Float[np.ndarray, "n c"]:
        solution: np.ndarray = joint.T @ factors.solve(joint @ values)
        return solution

    return _conjugate_gradients(system, right, by_clusters(right), lambda residual: by_clusters(residual) + inverse * residual)


def _pairs(system: sparse.csr_matrix) -> Int[np.ndarray, " n"]:
    """Each unknown's cluster, of one or two: those that are each other's strongest neighbour go together.

    Strength is relative to both diagonals, lest all want the largest, and varied by chance, as equal strengths seldom meet.
    """
    n, diagonal = system.shape[0], system.diagonal()
    row, column = np.repeat(np.arange(n), np.diff(system.indptr)), system.indices
    chance = torch.rand(n, generator=torch.Generator().manual_seed(0)).numpy()
    strength = -system.data / np.sqrt(diagonal[row] * diagonal[column]) * (1 + (chance[row] + chance[column]) % 1 / 10)
    best = strength == np.maximum.reduceat(strength, system.indptr[:-1])[row]
    partner, own = np.arange(n), np.arange(n)
    partner[row[best]] = column[best]
    return np.unique(np.where(partner[partner] == own, np.minimum(partner, own), own), return_inverse=True)[1]


def _conjugate_gradients(
    system: sparse.csr_matrix,
    right: Float[np.ndarray, "n c"],
    start: Float[np.ndarray, "n c"],
    approximate: Callable[[Float[np.ndarray, "n c"]], Float[np.ndarray, "n c"]],
    tolerance: float = 5e-3,
    limit: int = 60,
) -> Float[np.ndarray, "n c"]:
    """On all columns at once, with `approximate` near the inverse; in place, as large arrays are slow to get."""
    x, residual = start.copy(), right - system @ start
    step = approximate(residual)
    direction = step.copy()
    energy = _dot(residual, step)
    goal = tolerance**2 * np.maximum(_dot(right, approximate(right)), 1e-300)
    for _ in range(limit):
        if (energy <= goal).all():
            break
        image = system @ direction
        alpha = energy / np.maximum(_dot(direction, image), 1e-300)
        x += np.multiply(alpha, direction, out=step)
        residual -= np.multiply(alpha, image, out=image)
        step = approximate(residual)
        previous, energy = energy, _dot(residual, step)
        direction *= energy / np.maximum(previous, 1e-300)
        direction += step
    return x


def _dot(a: Float[np.ndarray, "n c"], b: Float[np.ndarray, "n c"]) -> Float[np.ndarray, " c"]:
    """Inner products of columns; unlike a sum of a product, without an array between."""
    products: np.ndarray = np.einsum("nc,nc->c", a, b)
    return products
