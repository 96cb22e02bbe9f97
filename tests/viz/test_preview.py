"""The picture of a result."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from meronym.results import Record, Segmentation
from meronym.types import PointCloud
from meronym.viz.palette import palette
from meronym.viz.preview import preview


def test_a_preview_names_the_prompts_below_eight_pictures() -> None:
    rng = np.random.default_rng(0)
    cloud = PointCloud(rng.normal(size=(200, 3)), rng.random((200, 3)).astype(np.float32))
    record = Record("fake", {"up_axis": [0.0, 0.0, 1.0]})
    result = Segmentation(np.repeat([0, -1], 100), np.zeros((200, 2)), np.ones(200, bool), ("leg", "seat"), cloud, record)
    picture = preview(result, size=80)
    assert picture.shape[1] == 4 * 80
    key = picture[2 * 80 :]
    assert all((key == colour).all(2).sum() > 200 for colour in palette(2))
    np.testing.assert_array_equal(picture, preview(replace(result, score=np.ones((200, 2)) / 2), size=80))
