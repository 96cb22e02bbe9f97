"""The picture of a result."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

from meronym.results import Record, Segmentation
from meronym.types import PointCloud
from meronym.viz.preview import save_preview


def test_a_preview_of_a_result_without_labels(tmp_path: Path) -> None:
    cloud = PointCloud(np.random.default_rng(0).normal(size=(50, 3)))
    record = Record("lift", {"up_axis": [0.0, 0.0, 1.0]})
    nothing = Segmentation(np.full(50, -1), np.zeros((50, 1)), np.zeros(50, bool), ("leg",), cloud, record)
    with Image.open(save_preview(nothing, tmp_path / "p.png", size=64)) as picture:
        assert picture.size[0] == 4 * 64
    assert [path.name for path in tmp_path.iterdir()] == ["p.png"]
