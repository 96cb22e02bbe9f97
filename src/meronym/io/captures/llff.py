"""Reads LLFF's poses_bounds.npy (Mildenhall et al., SIGGRAPH 2019)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from jaxtyping import Float

from meronym.errors import InputError
from meronym.io.arrays import read_npy
from meronym.io.captures.pose_file import Lens, PoseFile, Shot, check_lens, explained, listed, pose
from meronym.io.limits import DEFAULT, Limits


def read_llff(path: Path, limits: Limits = DEFAULT) -> PoseFile:
    """The poses of the photos in images/ (or images_2, images_4, ...), row by row in the order of their names.

    A row is a 3 x 5 matrix (camera axes down, right, back; position; height, width, focal length) and two depths.

    Raises: InputError if the file is damaged, or there are not as many photos as rows.
    """
    with explained(path):
        table = read_npy(path, limits)
        if table.ndim != 2 or table.shape[1] != 17 or table.dtype.kind != "f":
            raise InputError(f"expected n x 17 numbers, got {table.dtype} {list(table.shape)}. Export it again.")
        table = table.astype(np.float64)
        folders = [path.parent / "images", *sorted(path.parent.glob("images_*"))]
        folder, photos = next(((f, p) for f in folders if (p := listed(f))), (folders[0], []))
        if len(photos) != len(table):
            raise InputError(
                f"{len(table)} poses, but {len(photos)} photos in {folder}. The poses belong to the photos by the order of "
                "their names: take out the photos that have none."
            )
        return PoseFile([_shot(row, photo, limits) for row, photo in zip(table, photos, strict=True)])


def _shot(row: Float[np.ndarray, " 17"], photo: Path, limits: Limits) -> Shot:
    down, right, back, position, (height, width, focal) = row[:15].reshape(3, 5).T
    near, far = map(float, row[15:])
    matrix = pose(np.column_stack([right, down, -back, position]), photo.name, limits)
    if not (np.isfinite(row[15:]).all() and 0 < near < far):
        raise InputError(f"{photo.name}: its depths are {near:.4g} to {far:.4g}, expected 0 < near < far. Export it again.")
    if not (1 <= height <= 10**6 and 1 <= width <= 10**6) or height % 1 or width % 1:
        raise InputError(f"{photo.name}: its size is {width} x {height}, expected whole numbers. Export it again.")
    lens = Lens(int(width), int(height), float(focal), float(focal), float(width) / 2, float(height) / 2)
    return Shot(photo, matrix, check_lens(lens, photo.name), (near, far))
