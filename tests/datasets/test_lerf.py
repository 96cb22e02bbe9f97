"""The LERF-OVS reader on small scenes that the tests write."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from capture_files import Scene, write

from meronym.datasets import Dataset
from meronym.datasets.lerf import LERF
from meronym.errors import Error, InputError


def label(objects: list[tuple[str, Any]], width: int = 24, height: int = 16) -> str:
    entries = [{"category": name, "group": 1, "segmentation": polygon, "bbox": [0, 0, 1, 1]} for name, polygon in objects]
    return json.dumps({"info": {"name": "x.jpg", "width": width, "height": height}, "objects": entries})


def box(x0: float, y0: float, x1: float, y1: float) -> list[list[float]]:
    return [[x0, y0], [x1, y0], [x1, y1], [x0, y1]]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """One scene of four photos, two of them labelled, and a scene without labels."""
    root = tmp_path / "lerf_ovs"
    for scene in ("teatime", "unlabelled"):
        write(root / scene, "colmap", Scene(count=4))
    (root / "label" / "teatime").mkdir(parents=True)
    first = [("mug", box(2, 3, 6, 8)), ("bear", [[12, 2], [20, 2], [12, 12]]), ("mug", box(10, 13, 12, 15))]
    (root / "label" / "teatime" / "p001.json").write_text(label(first))
    (root / "label" / "teatime" / "p003.json").write_text(label([("apple", box(0, 0, 3, 3))]))
    (root / "label" / "teatime" / "p001.jpg").write_bytes(b"not read")
    return root


def test_items_and_truth(root: Path) -> None:
    dataset = LERF(root)
    assert isinstance(dataset, Dataset)
    (item,) = dataset
    assert (item.id, item.prompts, len(item.capture), len(dataset)) == ("teatime", ("apple", "bear", "mug"), 4, 1)
    truth = dataset.truth("teatime")
    assert sorted(truth) == [1, 3]
    apple, bear, mug = truth[1]
    assert not apple.any()
    expected = np.zeros((16, 24), dtype=bool)
    expected[3:9, 2:7] = True  # the outline belongs to a polygon
    expected[13:16, 10:13] = True
    np.testing.assert_array_equal(mug, expected)
    assert bear[2, 12:21].all()
    assert bear[2:13, 12].all()
    assert not bear[9:, 18:].any()
    assert 40 < bear.sum() < 65
    np.testing.assert_array_equal(truth[3].any(axis=(1, 2)), [True, False, False])
    with pytest.raises(InputError, match="lerf_ovs: no item 'unlabelled', of 1"):
        dataset.truth("unlabelled")


def test_labels_drawn_on_larger_photos(root: Path) -> None:
    (root / "label" / "teatime" / "p001.json").write_text(label([("mug", box(0, 0, 23, 15))], 48, 32))
    mug = LERF(root).truth("teatime")[1][1]
    expected = np.zeros((16, 24), dtype=bool)
    expected[:8, :12] = True
    np.testing.assert_array_equal(mug, expected)


def test_faults(root: Path) -> None:
    dataset = LERF(root)
    file = root / "label" / "teatime" / "p001.json"
    for text, message in (
        ("{", "not a readable JSON file"),
        ("[]", "not a label file"),
        (label([("mug", 3)]), "the polygon of 'mug' is 3, expected corners"),
        (label([("mug", [[1, 2], [3, 4]])]), "expected 3 or more finite corners"),
        (label([("mug", [[1, 2], [3, 4], [float("nan"), 0]])]), "expected 3 or more finite corners"),
        (label([("mug", box(0, 0, 2, 2))], 10**6, 10**6), "a photo of 1000000 x 1000000 pixels"),
        (label([("mug", box(0, 0, 2, 2))], 30, 16), "drawn on 30 x 16 pixels, but the photo has 24 x 16"),
        (label([("", box(0, 0, 2, 2))]), r"label/teatime: prompts\[0\]: '' is empty"),
    ):
        file.write_text(text)
        with pytest.raises(InputError, match=message):
            dataset.truth("teatime")
    (item,) = dataset
    assert isinstance(item.content, Error)
    file.write_text(label([("mug", box(0, 0, 2, 2))]))
    file.rename(file.with_name("p009.json"))
    with pytest.raises(InputError, match="there is no photo 'p009' with a pose, of 4"):
        LERF(root).truth("teatime")
    with pytest.raises(InputError, match=r"no labelled scenes there\. Expected label/<scene>/frame_\*\.json"):
        LERF(root / "teatime")
