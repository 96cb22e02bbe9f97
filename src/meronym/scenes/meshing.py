"""The surface of a reconstruction as a mesh."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
import trimesh
from jaxtyping import Bool, Float, Int
from scipy.spatial import cKDTree

from meronym.core import geometry
from meronym.errors import InputError, MissingExtra
from meronym.methods.scene_evidence import SceneEvidence, best_labels
from meronym.results import Segmentation
from meronym.types import Mesh, PointCloud


@dataclass(frozen=True)
class MeshSettings:
    """What of a level set of density is the surface."""

    cells: int = 160
    """Along a side of the field's cube."""
    reach: float = 4.0
    """A face belongs to the surface up to so many times the distance between points there from the next point."""
    piece: float = 0.01
    """Pieces with a smaller share of the largest piece's faces are dropped."""
    shown: float = 0.5
    """Share of the points that the mesh must reach."""


DEFAULT = MeshSettings()


def mesh_of_surface(scene: SceneEvidence, points: Segmentation, settings: MeshSettings = DEFAULT) -> Segmentation:
    """The surface as a mesh, each face with the label of the nearest points; it can be saved as .glb with named nodes.

    The level is the density at which half of the photos' rays have ended: a fast reconstruction is thinner than a thorough one.
    Only faces where rays end are in it, so no shell around the cameras, and only pieces that are large beside the largest.

    Raises: InputError if nothing is solid, or the mesh lacks most of what the photos show; MissingExtra if scikit-image is not
    installed.
    """
    field, place, cells = scene.field, scene.field.low.device, settings.cells
    low, high = (np.array(corner.tolist()) for corner in (field.low, field.high))
    axes = [torch.linspace(float(a), float(b), cells, device=place) for a, b in zip(low, high, strict=True)]
    slabs = [torch.stack(torch.meshgrid(x[None], *axes[1:], indexing="ij"), -1).reshape(-1, 3) for x in axes[0]]
    with torch.no_grad():
        density = torch.cat([field.density.total(field.place(slab)) * field.is_occupied(slab) for slab in slabs]).cpu()
        level = float(field.density.total(field.place(scene.surface.place)).median())
    mesh = marching_cubes(density.reshape(cells, cells, cells).numpy(), low, high, level)
    vertices = scene.space.world(torch.from_numpy(mesh.vertices).float().to(place)).double().cpu().numpy()
    cloud = points.shape
    assert isinstance(cloud, PointCloud)
    assert cloud.colour is not None
    known = torch.from_numpy(np.concatenate([points.score, cloud.colour], 1)).float()
    middle = vertices[mesh.faces].mean(1)
    near = geometry.from_nearest(known, cloud.points, middle).clamp(0, 1)
    score, colour = near[:, : len(points.prompts)], near[:, len(points.prompts) :].numpy()
    kept, shown = _supported(vertices, mesh.faces, cloud.points, settings)
    if shown < settings.shown:
        raise InputError(
            f"mesh: it would hold {shown:.0%} of the points that the photos show, at least {settings.shown:.0%} are asked for: "
            "the reconstruction is too blurred. Use --set reconstruction.preset=default, a larger --size, or take points.ply."
        )
    used, faces = np.unique(mesh.faces[kept], return_inverse=True)
    shape = Mesh(vertices[used], faces.reshape(-1, 3), corner_colour=np.repeat(colour[kept, None], 3, axis=1))
    label = best_labels(score[torch.from_numpy(kept)], 1).numpy()
    return Segmentation(label, score.numpy()[kept], np.ones(len(label), dtype=bool), points.prompts, shape, points.record)


def _supported(
    vertices: Float[np.ndarray, "v 3"], faces: Int[np.ndarray, "f 3"], points: Float[np.ndarray, "n 3"], settings: MeshSettings
) -> tuple[Bool[np.ndarray, " f"], float]:
    """Which faces lie where points are, in pieces that are large beside the largest; and the share of the points at them."""
    tree, middle = cKDTree(points), vertices[faces].mean(1)
    spacing = tree.query(points, min(5, len(points)))[0].reshape(len(points), -1)[:, -1]
    apart, near = tree.query(middle)
    close = np.flatnonzero(apart <= settings.reach * spacing[near])
    piece = trimesh.Trimesh(vertices, faces[close], process=False)
    number = trimesh.graph.connected_component_labels(piece.face_adjacency, node_count=len(close))
    size = np.bincount(number, minlength=1)
    kept = np.zeros(len(faces), dtype=bool)
    kept[close[size[number] >= settings.piece * size.max()]] = True
    if not kept.any():
        return kept, 0.0
    away = cKDTree(middle[kept]).query(points)[0]
    return kept, float((away <= settings.reach * spacing).mean())


def marching_cubes(
    density: Float[np.ndarray, "x y z"], low: Float[np.ndarray, " 3"], high: Float[np.ndarray, " 3"], level: float
) -> Mesh:
    """Where a density crosses `level`, by marching cubes; denser is inside. Open where it leaves the box.

    Args:
        density: at grid points, the first of which lies at `low` and the last at `high`

    Raises: InputError if it is nowhere or everywhere above `level`, MissingExtra if scikit-image is not installed.
    """
    try:
        from skimage.measure import marching_cubes
    except ImportError as error:
        raise MissingExtra("the surface of a scene as a mesh", "scikit-image", "mesh") from error
    if min(density.shape) < 2 or not density.min() < level < density.max():
        raise InputError(
            f"density: {list(density.shape)} values of {density.min():.3g}..{density.max():.3g} do not cross the level "
            f"{level:.3g}. Choose a level between them."
        )
    spacing = (high - low) / (np.array(density.shape) - 1)
    vertices, faces, _, _ = marching_cubes(density, level, spacing=tuple(spacing), gradient_direction="ascent")
    return Mesh(vertices.astype(np.float64) + low, faces.astype(np.int64))
