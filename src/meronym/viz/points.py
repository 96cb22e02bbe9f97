"""A picture of a capture's surface points, through one of its cameras."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from jaxtyping import Float, Int, UInt8
from PIL import Image

from meronym.core import cameras
from meronym.results import Segmentation
from meronym.types import Cameras, PointCloud
from meronym.viz.legend import PAPER, legend
from meronym.viz.overlays import as_bytes, blended

_SIDE = 480
"""Pixels along the longer side."""
_MARGIN = 16


def camera_for_picture(record_settings: Mapping[str, Any]) -> Cameras | None:
    """The camera that a capture's record names; None if it names none, or a file's record holds something else."""
    known = record_settings.get("camera")
    if not isinstance(known, Mapping):
        return None
    try:
        pose, lens = (torch.tensor(known[key], dtype=torch.float64) for key in ("world_from_camera", "intrinsics"))
        height, width = (int(known[key]) for key in ("height", "width"))
    except (KeyError, TypeError, ValueError, OverflowError, RuntimeError):
        return None
    whole = pose.shape == (4, 4) and lens.shape == (3, 3) and bool(pose.isfinite().all() & lens.isfinite().all())
    return Cameras(pose[None], lens[None], height, width) if whole and height > 0 and width > 0 else None


def described_camera(camera: Cameras) -> dict[str, Any]:
    """The first of some cameras, as `camera_for_picture` reads it."""
    pose, lens = camera.world_from_camera[0].tolist(), camera.intrinsics[0].tolist()
    return {"world_from_camera": pose, "intrinsics": lens, "height": camera.height, "width": camera.width}


def picture_of_points(result: Segmentation, camera: Cameras) -> UInt8[np.ndarray, "h w 3"]:
    """The points as they look beside the colours of their labels, with a legend; `camera` is one camera."""
    assert isinstance(result.shape, PointCloud)
    scale = _SIDE / max(camera.height, camera.width)
    lens = camera.intrinsics * camera.intrinsics.new_tensor([[scale], [scale], [1]])
    larger = Cameras(camera.world_from_camera, lens, max(1, round(camera.height * scale)), max(1, round(camera.width * scale)))
    shown = _nearest(result.shape.points, larger, reach=math.ceil(scale))
    colour = np.ones((len(result.label), 3)) if result.shape.colour is None else result.shape.colour
    photo = np.vstack([colour, [1.0, 1, 1]])[shown]
    labels = blended(photo, np.append(result.label, -1)[shown], len(result.prompts))
    both = np.concatenate([as_bytes(photo), labels], 1)
    count = np.bincount(result.label + 1, minlength=len(result.prompts) + 1)[1:]
    key = legend(result.prompts, count / max(1, len(result.label)), both.shape[1] - 2 * _MARGIN)
    sheet = Image.new("RGB", (both.shape[1], key.height + 2 * _MARGIN), PAPER)
    sheet.paste(key, (_MARGIN, _MARGIN))
    return np.concatenate([both, np.asarray(sheet)])


def _nearest(points: Float[np.ndarray, "n 3"], camera: Cameras, reach: int) -> Int[np.ndarray, "h w"]:
    """The point that each pixel shows, of those up to `reach` pixels away the nearest to the camera; -1 = none."""
    pixel, depth = (part[0].numpy() for part in cameras.project(camera, torch.from_numpy(points)))
    front = np.flatnonzero((depth > 0) & (np.abs(pixel) < 1e6).all(1))
    order = front[np.argsort(-depth[front], kind="stable")]
    column, row = np.floor(pixel[order]).astype(int).T
    shown = np.full((camera.height, camera.width), -1)
    far = np.full(shown.shape, np.inf)
    for y in range(-reach, reach + 1):
        for x in range(-reach, reach + 1):
            inside = (row + y >= 0) & (row + y < camera.height) & (column + x >= 0) & (column + x < camera.width)
            at = row[inside] + y, column[inside] + x
            layer = np.full(shown.shape, -1)
            layer[at] = order[inside]  # of several the last, which is the nearest
            here = np.where(layer >= 0, depth[layer], np.inf)
            shown, far = np.where(here < far, layer, shown), np.minimum(far, here)
    return shown
