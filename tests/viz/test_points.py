"""A capture's points through a camera of its record."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from meronym.results import Record, Segmentation
from meronym.types import Cameras, PointCloud
from meronym.viz.palette import palette
from meronym.viz.points import camera_for_picture, described_camera, picture_of_points

CAMERA = Cameras(torch.eye(4)[None], torch.tensor([[[40.0, 0, 20], [0, 40, 15], [0, 0, 1]]]), 30, 40)


def test_the_nearest_points_are_shown_beside_their_labels() -> None:
    x, y = np.meshgrid(np.linspace(-1, 1, 400), np.linspace(-0.75, 0.75, 300))
    wall = np.stack([2 * x.ravel(), 2 * y.ravel(), np.full(x.size, 4.0)], 1)
    near = np.stack([x.ravel() / 8 - 0.3, y.ravel() / 8, np.full(x.size, 2.0)], 1)
    points = np.concatenate([near, wall, [[0, 0, -1.0]]])
    label = np.repeat([1, -1, 0], [len(near), len(wall), 1])
    colour = np.repeat([[1.0, 0, 0], [0.5, 0.5, 0.5], [0, 1.0, 0]], [len(near), len(wall), 1], axis=0)
    result = Segmentation(
        label, np.eye(3, 2, dtype=np.float32)[label], label == label, ("cup", "box"), PointCloud(points, colour), Record("none")
    )
    camera = camera_for_picture({"camera": described_camera(CAMERA)})
    assert camera is not None
    picture = picture_of_points(result, camera)
    assert picture.shape[1] == 2 * 480
    at = round(480 / 40 * (20 - 40 * 0.15)), round(480 / 40 * 15)
    assert picture[at[1], at[0]].tolist() == [255, 0, 0], "the box hides the wall"
    assert np.abs(picture[at[1], at[0] + 480].astype(int) - 0.7 * palette(2)[1] - 0.3 * 54).max() < 3
    assert (picture[200:360, 300:470] == 128).all(), "no gaps in the wall"


@pytest.mark.parametrize(
    "known",
    [None, 3, {}, {"world_from_camera": {}}, {**described_camera(CAMERA), "height": float("nan")},
     {**described_camera(CAMERA), "width": 0}, {**described_camera(CAMERA), "intrinsics": [[1.0]]},
     {**described_camera(CAMERA), "world_from_camera": [[float("inf")] * 4] * 4},
     {**described_camera(CAMERA), "height": "tall"}],
)  # fmt: skip
def test_a_record_of_a_stranger_names_no_camera(known: Any) -> None:
    assert camera_for_picture({"camera": known}) is None
