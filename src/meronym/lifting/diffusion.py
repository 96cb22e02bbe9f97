"""Heat flow over the surface graph: smoothing, and filling in elements that no view shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float, Int
from scipy import sparse
from scipy.sparse.linalg import splu
from torch import Tensor

from meronym.core import geometry
from meronym.lifting.graph import relative_areas
from meronym.types import Shape


@dataclass(frozen=True)
class DiffusionSettings:
    """How the system is solved."""

    direct: int = 60_000
    """So many unknowns are solved for directly; larger systems with the help of so many clusters, as the cost of a direct
    solution grows faster than its size."""
    doubt: float = 1e-3
    """Confidence of an element that no evidence reaches: it follows its neighbours, and is not adrift where it has none."""
    least: float = 1e-10
    """The least that an element without area or evidence weighs, next to its links and the mean area: no system is singular."""
    tolerance: float = 5e-3
    """Error at which conjugate gradients stop, relative to the solution, in the system's energy norm: logits vary by far more
    from view to view."""
    limit: int = 60
    """Steps of conjugate gradients at the most, so that time is bounded."""


DEFAULT = DiffusionSettings()


def diffuse(
    values: Float[Tensor, "n c"],
    confidence: Float[Tensor, " n"],
    shape: Shape,
    links: sparse.csr_matrix,
    radius: float,
    settings: DiffusionSettings = DEFAULT,
) -> Float[Tensor, "n c"]:
    """Heat flow over the surface: smooths what is known and fills in what is not, over `radius` bounding-sphere radii.

    Solves (C + t L) x = C v, C = area x confidence, L the Laplacian of the links. Elements that no evidence reaches take the
    nearest element's value first. Solved on the CPU; the result is on the device of the values.
    """
    sure = confidence.cpu().double().numpy()
    start = geometry.fill(values.cpu().double(), sure > 0, geometry.element_positions(shape)).numpy()
    area, time = relative_areas(shape), radius**2 / 2
    degree = np.asarray(links.sum(1)).ravel()
    mass = np.maximum(area * np.maximum(sure, settings.doubt), settings.least * (time * degree + area.mean()))
    system = (sparse.diags(mass + time * degree) - time * links).tocsr()
    return torch.from_numpy(_solve(system, mass[:, None] * start, settings)).to(values)


def _solve(system: sparse.csr_matrix, right: Float[np.ndarray, "n c"], settings: DiffusionSettings) -> Float[np.ndarray, "n c"]:
    """Conjugate gradients, preconditioned on two levels: each unknown by itself, and a direct solution for their clusters.

    Up to `direct` unknowns are clusters of one, and the direct solution is the answer.
    """
    joint, coarse = sparse.identity(len(right), format="csr"), system
    while coarse.shape[0] > settings.direct:
        pair = _pairs(coarse)
        if pair.max() + 1 > 0.95 * len(pair):  # what is left hardly hangs together, and is quickly solved
            break
        merge = sparse.csr_matrix((np.ones(len(pair)), (pair, np.arange(len(pair)))))
        joint, coarse = merge @ joint, merge @ coarse @ merge.T
    factors = splu(coarse.tocsc(), permc_spec="MMD_AT_PLUS_A", diag_pivot_thresh=0.0, options={"SymmetricMode": True})
    inverse = 1 / system.diagonal()[:, None]
    if len(right) > coarse.shape[0]:  # the error that remains is far above that of single precision
        system, joint, right, inverse = (array.astype(np.float32) for array in (system, joint, right, inverse))

    def by_clusters(values: Float[np.ndarray, "n c"]) -> Float[np.ndarray, "n c"]:
        solution: np.ndarray = joint.T @ factors.solve((joint @ values).astype(np.float64)).astype(values.dtype)
        return solution

    def approximate(residual: Float[np.ndarray, "n c"]) -> Float[np.ndarray, "n c"]:
        step: np.ndarray = by_clusters(residual) + inverse * residual
        return step

    return _conjugate_gradients(system, right, by_clusters(right), approximate, settings)


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
    settings: DiffusionSettings,
) -> Float[np.ndarray, "n c"]:
    """On all columns at once, with `approximate` near the inverse; in place, as large arrays are slow to get."""
    x, residual = start.copy(), right - system @ start
    step = approximate(residual)
    direction = step.copy()
    energy = _dot(residual, step)
    goal = settings.tolerance**2 * np.maximum(_dot(right, approximate(right)), 1e-300)
    for _ in range(settings.limit):
        if (energy <= goal).all():
            break
        image = system @ direction
        alpha = energy / np.maximum(_dot(direction, image), 1e-300)
        x += np.multiply(alpha, direction, out=step, casting="same_kind")
        residual -= np.multiply(alpha, image, out=image, casting="same_kind")
        step = approximate(residual)
        previous, energy = energy, _dot(residual, step)
        direction *= energy / np.maximum(previous, 1e-300)
        direction += step
    return x


def _dot(a: Float[np.ndarray, "n c"], b: Float[np.ndarray, "n c"]) -> Float[np.ndarray, " c"]:
    """Inner products of columns; unlike a sum of a product, without an array between."""
    products: np.ndarray = np.einsum("nc,nc->c", a, b)
    return products
