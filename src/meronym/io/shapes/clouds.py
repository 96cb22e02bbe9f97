"""Checks of point clouds, shared by all formats."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from jaxtyping import Float

from meronym.errors import InputError
from meronym.io.limits import Limits, check_count
from meronym.types import PointCloud


def clean_cloud(
    points: np.ndarray, colour: np.ndarray | None, normal: np.ndarray | None, source: Path, limits: Limits
) -> PointCloud:
    """The points that are finite and not too far away, which may be none; the others are counted in the `report`.

    Colours are cut to 0..1, normals get unit length; what is not finite in these becomes 0.

    Raises: InputError if the arrays don't fit together, LimitError if there are too many points.
    """
    for name, array in (("points", points), ("colour", colour), ("normal", normal)):
        if array is not None and (array.ndim != 2 or array.shape != (len(points), 3) or array.dtype.kind not in "fiu"):
            raise InputError(f"{source.name}: expected {name} as numbers [n 3], got {array.dtype} {list(array.shape)}.")
    check_count(source.name, len(points), limits)
    points = points.astype(np.float64)
    keep: np.ndarray = np.all(np.abs(points) < limits.coordinate, axis=1)
    lost = int((~keep).sum())
    if colour is not None:
        colour = np.clip(np.nan_to_num(colour[keep]), 0, 1).astype(np.float32)
    if normal is not None:
        normal = np.nan_to_num(normal[keep])
        normal = (normal / np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-12)).astype(np.float32)
    report = {"points_not_finite": lost, "dropped_points": lost} if lost else {}
    return PointCloud(points[keep], colour, normal, source, report)


def sound_cloud(
    points: np.ndarray, colour: np.ndarray | None, normal: np.ndarray | None, path: Path, repair: bool, limits: Limits
) -> PointCloud:
    """The points that are sound, as `clean_cloud` gives them.

    Raises: InputError if none is left, all lie in one place, or without `repair` one is not sound; LimitError.
    """
    cloud = clean_cloud(points, colour, normal, path, limits)
    if cloud.report and not repair:
        first = int((~(np.abs(points) < limits.coordinate).all(axis=1)).argmax())
        raise InputError(
            f"{path.name}: point {first} is {points[first].tolist()}; {cloud.report['points_not_finite']} points are not "
            f"finite or beyond {limits.coordinate:.0g}. Use repair to leave them out."
        )
    check_spread(cloud.points, f"{path.name}: no surface: points")
    return cloud


def check_spread(points: Float[np.ndarray, "n 3"], where: str) -> None:
    """Raises: InputError that begins with `where`, a file and field, if there are no points, or all lie in one place."""
    if not len(points) or (points == points[0]).all():
        raise InputError(f"{where}: {len(points)}, all in one place. Export it again.")
