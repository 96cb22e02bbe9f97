"""The surface of a reconstruction as a mesh."""

from __future__ import annotations

import numpy as np
import torch
from jaxtyping import Float

from meronym.core import geometry
from meronym.errors import InputError, MissingExtra
from meronym.methods.scene_evidence import SceneEvidence, best_labels
from meronym.radiance.tensorf import OPAQUE
from meronym.results import Segmentation
from meronym.types import Mesh, PointCloud


def mesh_of_surface(scene: SceneEvidence, points: Segmentation, cells: int = 160) -> Segmentation:
    """The surface as a mesh, each face with the label of the nearest points; it can be saved as .glb with named nodes.

    Raises: InputError if nothing is solid; MissingExtra if scikit-image is not installed.
    """
    field, place = scene.field, scene.field.low.device
    low, high = (np.array(corner.tolist()) for corner in (field.low, field.high))
    axes = [torch.linspace(float(a), float(b), cells, device=place) for a, b in zip(low, high, strict=True)]
    slabs = [torch.stack(torch.meshgrid(x[None], *axes[1:], indexing="ij"), -1).reshape(-1, 3) for x in axes[0]]
    with torch.no_grad():
        density = torch.cat([field.density.total(field.place(slab)) * field.is_occupied(slab) for slab in slabs]).cpu()
    step = float(np.mean(high - low)) / cells
    mesh = marching_cubes(density.reshape(cells, cells, cells).numpy(), low, high, np.log(2) / (OPAQUE * step))
    vertices = scene.space.world(torch.from_numpy(mesh.vertices).float().to(place)).double().cpu().numpy()
    cloud = points.shape
    assert isinstance(cloud, PointCloud)
    assert cloud.colour is not None
    known = torch.from_numpy(np.concatenate([points.score, cloud.colour], 1)).float()
    middle = vertices[mesh.faces].mean(1)
    near = geometry.from_nearest(known, cloud.points, middle).clamp(0, 1)
    score, colour = near[:, : len(points.prompts)], near[:, len(points.prompts) :].numpy()
    kept = np.linalg.norm(middle - cloud.points.mean(0), axis=1) < 3 * np.linalg.norm(cloud.points.std(0))
    used, faces = np.unique(mesh.faces[kept], return_inverse=True)
    shape = Mesh(vertices[used], faces.reshape(-1, 3), corner_colour=np.repeat(colour[kept, None], 3, axis=1))
    label = best_labels(score[torch.from_numpy(kept)], 1).numpy()
    return Segmentation(label, score.numpy()[kept], np.ones(len(label), dtype=bool), points.prompts, shape, points.record)


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
