"""Which axis of a shape is up: by its format or cameras, or guessed from its geometry."""

from __future__ import annotations

import numpy as np
import torch
from jaxtyping import Float
from scipy.spatial import ConvexHull, QhullError
from torch import Tensor

from meronym.core.geometry import weighted_points
from meronym.types import Gaussians, Mesh, Shape

_UP_OF_FORMAT = {".glb": "y", ".gltf": "y", ".vrm": "y", ".3mf": "z", ".las": "z", ".laz": "z", ".e57": "z"}
"""Formats whose specification says which axis is up."""
_Z_UP_BY_CUSTOM = {".stl", ".step", ".stp", ".iges", ".igs"}
"""Formats of prints and CAD."""


def states_up(shape: Shape) -> bool:
    """Whether the shape's file says which way is up: by an axis, or with the cameras of its photos."""
    return _of_photos(shape) is not None or stated_up(shape) is not None


def stated_up(shape: Shape) -> str | None:
    """The axis that the shape's file or its format (glTF: y) says is up: "x", "y" or "z"."""
    if isinstance(shape, Mesh) and shape.up is not None:
        return shape.up
    return None if shape.source is None else _UP_OF_FORMAT.get(shape.source.suffix.lower())


def guess_up(shape: Shape) -> tuple[Float[Tensor, " 3"], str]:
    """The up axis of a shape, and in words how it is known, for the record.

    Many files state it (glTF: y). Photos are mostly taken upright: the mean of their cameras' is up. Otherwise y or z, by the
    support of the shape's footprint and by how far the surface is from symmetric along the axis. Where these decide nothing, it
    is z for STL and STEP (prints and CAD) and y for all else.

    Raises: InputError if the shape has no finite point.
    """
    photos = _of_photos(shape)
    if photos is not None:
        return photos, "the mean of the cameras' up"
    suffix = "" if shape.source is None else shape.source.suffix.lower()
    stated = stated_up(shape)
    if stated is not None:
        how = "the file" if isinstance(shape, Mesh) and shape.up is not None else f"the format ({suffix})"
        return torch.eye(3)["xyz".index(stated)], f"{stated}: {how} says so"
    points, weight = weighted_points(shape)
    y, z = (_support(points, axis) + _lopsidedness(points[:, axis], weight) / 2 for axis in (1, 2))
    if abs(z - y) > 0.1:
        is_z, how = z > y, "it stands better that way"
    else:
        is_z, how = suffix in _Z_UP_BY_CUSTOM, f"undecided, the commoner for {suffix or 'shapes'}"
    axis = torch.tensor([0.0, 0.0, 1.0] if is_z else [0.0, 1.0, 0.0])
    return axis, f"{'z' if is_z else 'y'}: guessed, {how} (y {y:.2f}, z {z:.2f})"


def _of_photos(shape: Shape) -> Float[Tensor, " 3"] | None:
    """The mean up axis of the cameras of Gaussians; None = they are not known, or agree on none."""
    if not isinstance(shape, Gaussians) or shape.cameras is None:
        return None
    mean = -shape.cameras.world_from_camera[:, :3, 1].double().mean(0)
    return (mean / mean.norm()).float() if float(mean.norm()) > 0.1 else None


def _support(points: Float[np.ndarray, "n 3"], axis: int) -> float:
    """Share of the footprint that the lowest 3 % span, 0..1; 0 if the middle of the footprint is not above that."""
    height, ground = points[:, axis], np.delete(points, axis, axis=1)
    try:
        footprint, support = ConvexHull(ground), ConvexHull(ground[height <= height.min() + 0.03 * np.ptp(height)])
    except (QhullError, ValueError):
        return 0.0
    middle = (ground.min(0) + ground.max(0)) / 2
    above = (support.equations @ np.append(middle, 1) <= 1e-9).all()
    return float(support.volume / footprint.volume) if above else 0.0


def _lopsidedness(height: Float[np.ndarray, " n"], weight: Float[np.ndarray, " n"]) -> float:
    """How much the distribution of the surface over height differs from its mirror image, 0..1."""
    share, _ = np.histogram((height - height.min()) / max(np.ptp(height), 1e-300), 20, (0, 1), weights=weight)
    return float(np.abs(share - share[::-1]).sum() / 2)
