"""Sets of Gaussians: made from arrays, told apart from floaters, in other colours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from jaxtyping import Bool, Float
from scipy import sparse
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from meronym.types import SH_CONSTANT, Cameras, Gaussians, Mesh, PointCloud, Shape


@dataclass(frozen=True)
class FloaterSettings:
    """Which Gaussians are no part of the thing."""

    faint: float = 0.1
    """Opacity below which a Gaussian shows no surface by itself; near others, it belongs to them."""
    step: float = 1 / 64
    """Gap between groups of Gaussians that parts them, as a share of the diagonal of the thing's box."""
    spacing: float = 4.0
    """The least such gap, in median distances to the nearest other Gaussian."""
    near: float = 2.0
    """Distance from the next Gaussian of the thing up to which others belong to it, in such gaps."""
    crumb: float = 0.002
    """A group of Gaussians with less than this share of the opacity is stray;"""
    few: int = 10
    """or one of fewer than so many."""
    box: float = 0.02
    """Share of the Gaussians beyond the thing's box on either side of each axis: strays do not stretch it."""


DEFAULT = FloaterSettings()


def gaussians(
    rows: np.ndarray,
    source: Path | None = None,
    report: Mapping[str, int] | None = None,
    cameras: Cameras | None = None,
) -> Gaussians:
    """Gaussians from rows as `Gaussians.rows` has them, finite and with rotations that are not zero; floaters are found."""
    every = Gaussians(rows, np.zeros(len(rows), bool), cameras, source, report or {})
    floating = floaters(every.points, every.opacity, every.deviation.max(1))
    found = {"floaters": int(floating.sum())} if floating.any() else {}
    return replace(every, floating=floating, report={**every.report, **found})


def rows_of(
    points: Float[np.ndarray, "n 3"],
    log_scale: Float[np.ndarray, "n 3"],
    rotation: Float[np.ndarray, "n 4"],
    logit: Float[np.ndarray, " n"],
    f_dc: Float[np.ndarray, "n 3"],
    f_rest: Float[np.ndarray, "n k"] | None = None,
) -> np.ndarray:
    """Rows as 3DGS writes them, from arrays as they stand there: logarithms of scales, logits of opacity, rotations w x y z."""
    rest = np.zeros((len(points), 0)) if f_rest is None else f_rest
    numbered = {"f_dc_": f_dc, "f_rest_": rest, "opacity": logit[:, None], "scale_": log_scale, "rot_": rotation}
    names = [*"xyz", *("n" + axis for axis in "xyz")]
    for prefix, array in numbered.items():
        names += [prefix] if prefix == "opacity" else [f"{prefix}{k}" for k in range(array.shape[1])]
    values = [points, np.zeros_like(points), *numbered.values()]
    table = np.concatenate(values, 1).astype("<f4")
    rows: np.ndarray = np.ascontiguousarray(table).view([(name, "<f4") for name in names])[:, 0]
    return rows


def floaters(
    points: Float[np.ndarray, "n 3"],
    opacity: Float[np.ndarray, " n"],
    size: Float[np.ndarray, " n"],
    settings: FloaterSettings = DEFAULT,
) -> Bool[np.ndarray, " n"]:
    """Gaussians that are faint or in a small group by themselves, and not near those that are neither; and those whose `size`,
    the largest standard deviation, is that of the whole thing.

    Where that would leave less than half of the opacity, it is no thing with floaters around it, and there are none.
    """
    nothing = np.zeros(len(points), bool)
    solid = opacity >= settings.faint
    if not solid.any():
        return nothing
    own = points[solid]
    low, high = np.quantile(own, [settings.box, 1 - settings.box], axis=0)
    sample = own[:: max(1, len(own) // 20_000)]
    usual = float(np.median(cKDTree(own).query(sample, k=[min(2, len(own))], workers=-1)[0]))
    whole = float(np.linalg.norm(high - low))
    step = max(settings.step * whole, settings.spacing * usual)
    if step == 0:
        return nothing
    cell = np.clip(np.floor((own - low) / step), -(2**20), 2**20 - 1).astype(np.int64) + 2**20
    key, number = np.unique((cell[:, 0] << 42) | (cell[:, 1] << 21) | cell[:, 2], return_inverse=True)
    place = np.stack([key >> 42, (key >> 21) & (2**21 - 1), key & (2**21 - 1)], 1)
    pairs = cKDTree(place).query_pairs(1.8, output_type="ndarray")  # cells that touch, if only at a corner
    graph = sparse.coo_matrix((np.ones(len(pairs), np.int8), pairs.T), shape=(len(key), len(key)))
    group = connected_components(graph, directed=False)[1][number.reshape(-1)]
    mass = np.bincount(group, opacity[solid])
    kept = (mass[group] >= settings.crumb * mass.sum()) & (np.bincount(group)[group] >= settings.few)
    kept &= size[solid] < whole
    if opacity[solid][kept].sum() < 0.5 * mass.sum():
        return nothing
    away = cKDTree(own[kept]).query(points, distance_upper_bound=settings.near * step, workers=-1)[0]
    floating: np.ndarray = np.isinf(away) | (size >= whole)
    return floating


def recoloured(shape: Gaussians, colour: Float[np.ndarray, "n 3"]) -> Gaussians:
    """The same Gaussians in colours 0..1, from all sides alike."""
    rows = shape.rows.copy()
    for k in range(3):
        rows[f"f_dc_{k}"] = (colour[:, k] - 0.5) / SH_CONSTANT
    for name in shape.names:
        if name.startswith("f_rest_"):
            rows[name] = 0
    return replace(shape, rows=rows)


def as_points(shape: Shape) -> Mesh | PointCloud:
    """Gaussians as a cloud of their centres in their colours; other shapes as they are."""
    if not isinstance(shape, Gaussians):
        return shape
    return PointCloud(shape.points, shape.colour, source=shape.source, report=shape.report)
