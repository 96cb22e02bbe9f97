"""Which axis of a shape is up: by its format or cameras, or guessed from its geometry."""

from __future__ import annotations

import numpy as np
import torch
from jaxtyping import Float
from scipy.spatial import ConvexHull, QhullError
from torch import Tensor

from meronym.core.geometry import weighted_points
from meronym.types import Gaussians, Shape

_Y_UP_SUFFIXES = {".glb", ".gltf", ".vrm"}
"""Formats whose specification says that y is up."""


def states_up(shape: Shape) -> bool:
    """Whether the shape's file says which axis is up: by its format (glTF: y), or with the cameras of its photos."""
    return _of_photos(shape) is not None or (shape.source is not None and shape.source.suffix.lower() in _Y_UP_SUFFIXES)


def guess_up(shape: Shape) -> tuple[Float[Tensor, " 3"], str]:
    """The up axis of a shape, and in words how it is known, for the record.

    glTF says y. Photos are mostly taken upright: the mean of their cameras' is up. Otherwise y or z, by the support of the
    shape's footprint and by how far the surface is from symmetric along the axis. Where these decide nothing, it is z for STL
    (prints and CAD) and y for all else.

    Raises: InputError if the shape has no finite point.
    """
    photos = _of_photos(shape)
    if photos is not None:
        return photos, "the mean of the cameras' up"
    suffix = "" if shape.source is None else shape.source.suffix.lower()
    if states_up(shape):
        return torch.tensor([0.0, 1.0, 0.0]), f"y: the format ({suffix}) says so"
    points, weight = weighted_points(shape)
    y, z = (_support(points, axis) + _lopsidedness(points[:, axis], weight) / 2 for axis in (1, 2))
    if abs(z - y) > 0.1:
        is_z, how = z > y, "it stands better that way"
    else:
        is_z, how = suffix == ".stl", f"undecided, the commoner for {suffix or 'shapes'}"
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
