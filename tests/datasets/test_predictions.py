"""PartDistill's published predictions, on files that the tests write in the published layout."""

from __future__ import annotations

import builtins
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from meronym.datasets import Dataset, Item, predictions
from meronym.datasets.predictions import Predictions, read_votes
from meronym.errors import InputError
from meronym.types import Votes

Digest = Callable[[Item], str]
TABLE = "04379243"


def arrays(seed: int = 0, points: int = 40, boxes: int = 5, parts: int = 3, views: int = 2) -> dict[str, np.ndarray]:
    """One shape as the published files hold it; a third of the confidences is 0, and so is the first box's all."""
    rng = np.random.default_rng(seed)
    confidence = rng.random((points, boxes, parts)) * (rng.random((points, boxes, 1)) < 2 / 3)
    confidence[:, :1] = 0
    return {
        "xyz": rng.normal(size=(points, 3)),
        "cls_view": rng.integers(0, parts, (views, points, 4)),
        "conf_view": rng.random((views, points, 4, parts)),
        "cls_bbox": rng.integers(0, parts, (1, boxes)),
        "conf_bbox": confidence,
        "gt_semantic_seg": rng.integers(47, 47 + parts, points),
    }


def write(file: Path, fields: dict[str, np.ndarray], **change: np.ndarray | None) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    with h5py.File(file, "w") as h5:
        for name, value in {**fields, **change}.items():
            if value is not None:
                h5[name] = value
    return file


def place(root: Path, model: str) -> Path:
    return root / TABLE / model / "extracted" / "aggregated_v2.h5"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "partdistill_predictions"
    for seed, model in enumerate("ab"):
        write(place(root, model), arrays(seed))
    (root / "train_test_split").mkdir()
    listed = {"test": "ab", "train": "bx"}
    for split, models in listed.items():
        text = json.dumps([f"shape_data/{TABLE}/{model}" for model in models])
        (root / "train_test_split" / f"shuffled_{split}_file_list.json").write_text(text)
    return root


def dense(votes: Votes) -> np.ndarray:
    """weight x score as the array [points, boxes] that the files hold."""
    table = np.zeros((len(votes.seen), len(votes.prompt)))
    table[votes.element, votes.region] = votes.weight.double() * votes.score.double()[votes.region]
    return table


def test_items_hold_the_points_and_the_prompts(root: Path) -> None:
    dataset = Predictions(root)
    assert isinstance(dataset, Dataset)
    items = list(dataset)
    assert [item.id for item in items] == ["Table/a", "Table/b"]
    assert (items[0].category, items[0].prompts) == ("table", ("tabletop", "leg", "drawer"))
    np.testing.assert_array_equal(items[0].shape.points, arrays(0)["xyz"])
    lists = root.parent / "lists"
    (root / "train_test_split").rename(lists)
    there, missing = Predictions(root, lists=lists, split="train")
    assert there.shape.element_count == 40
    with pytest.raises(InputError, match=r"aggregated_v2\.h5"):
        assert missing.shape


def test_truth_is_the_part_counted_from_the_first_of_the_category(root: Path) -> None:
    np.testing.assert_array_equal(Predictions(root).truth("Table/b"), arrays(1)["gt_semantic_seg"] - 47)


def test_votes_say_what_the_file_says(root: Path) -> None:
    votes, held = Predictions(root).votes("Table/a"), arrays(0)
    best = held["conf_bbox"].max(2)
    np.testing.assert_allclose(dense(votes), best, rtol=1e-6)
    np.testing.assert_array_equal(votes.prompt, held["cls_bbox"][0])
    np.testing.assert_allclose(votes.score, best.max(0), rtol=1e-6)
    np.testing.assert_array_equal(votes.seen, best.any(1))
    assert len(votes.region) == np.count_nonzero(best)
    assert votes.score[0] == 0
    assert not (votes.region == 0).any()
    assert not votes.view.any()
    assert (votes.weight.max(), votes.weight.dtype, votes.region.dtype) == (1, torch.float32, torch.int64)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 2**32 - 1), st.integers(2, 30), st.integers(0, 9), st.integers(1, 6), st.integers(1, 400))
def test_votes_do_not_depend_on_how_much_is_read_at_once(
    tmp_path: Path, seed: int, points: int, boxes: int, parts: int, block: int
) -> None:
    held = arrays(seed, points, boxes, parts)
    file = write(tmp_path / "some.h5", held)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(predictions, "BLOCK", block)
        votes = read_votes(file, parts)
    np.testing.assert_allclose(dense(votes), held["conf_bbox"].max(2), rtol=1e-6)
    assert ((votes.weight > 0) & (votes.weight <= 1)).all()
    assert ((votes.score >= 0) & (votes.score <= 1)).all()
    order = votes.region * points + votes.element
    assert (order[1:] > order[:-1]).all()


def test_the_dense_array_is_never_held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(predictions, "BLOCK", 1000)
    read: list[int] = []
    real = h5py.Dataset.__getitem__

    def spy(dataset: h5py.Dataset, *place: Any) -> Any:
        block = real(dataset, *place)
        if dataset.name == "/conf_bbox":
            read.append(block.size)
        return block

    monkeypatch.setattr(h5py.Dataset, "__getitem__", spy)
    read_votes(write(tmp_path / "some.h5", arrays(points=50, boxes=40)), 3)
    assert max(read) <= 1000
    assert sum(read) == 50 * 40 * 3


def test_a_shape_without_boxes_has_no_votes(tmp_path: Path) -> None:
    """Whatever the empty array's shape is in such files."""
    for confidence in (np.zeros((40, 0, 3)), np.zeros((40, 0, 0))):
        votes = read_votes(write(tmp_path / "some.h5", arrays(boxes=0), conf_bbox=confidence), 3)
        assert len(votes.prompt) == len(votes.region) == 0
        assert votes.seen.shape == (40,)
        assert not votes.seen.any()


def test_labels_reach_neither_items_nor_votes(root: Path, digest: Digest) -> None:
    """Not even where there are none."""

    def all_of(dataset: Predictions) -> list[object]:
        votes = [dataset.votes(item.id) for item in dataset]
        return [digest(item) for item in dataset] + [value.numpy().tobytes() for each in votes for value in vars(each).values()]

    before = all_of(Predictions(root))
    for seed, model in enumerate("ab"):
        write(place(root, model), arrays(seed), gt_semantic_seg=np.full(40, 47))
    dataset = Predictions(root)
    assert all_of(dataset) == before
    assert not dataset.truth("Table/a").any()
    for seed, model in enumerate("ab"):
        write(place(root, model), arrays(seed), gt_semantic_seg=None)
    assert all_of(Predictions(root)) == before


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"conf_bbox": None}, "conf_bbox: there is no such array"),
        ({"xyz": None}, "xyz: there is no such array"),
        ({"cls_bbox": np.zeros(5, int)}, r"cls_bbox: expected numbers along 2 axes, got int64 \[5\]"),
        ({"cls_bbox": np.full((1, 5), 3)}, r"cls_bbox: label 0 is 3, expected a whole number in 0\.\.2"),
        ({"cls_bbox": np.full((1, 5), np.nan)}, "cls_bbox: label 0 is nan"),
        ({"cls_bbox": np.zeros((1, 4), int)}, r"expected \[40 points, 4 boxes, 3 parts\], got \[40, 5, 3\]"),
        ({"conf_bbox": np.zeros((39, 5, 3))}, r"conf_bbox: expected \[40 points, 5 boxes, 3 parts\], got \[39, 5, 3\]"),
        ({"conf_bbox": np.zeros((40, 5, 2))}, r"got \[40, 5, 2\]"),
        ({"conf_bbox": np.full((40, 5, 3), np.nan)}, r"conf_bbox: expected 0\.\.1, got nan in boxes from 0 on"),
        ({"conf_bbox": np.full((40, 5, 3), 1.5)}, r"conf_bbox: expected 0\.\.1, got 1\.5"),
        ({"conf_bbox": np.full((40, 5, 3), -0.5)}, r"conf_bbox: expected 0\.\.1, got -0\.5"),
        ({"conf_bbox": np.full((40, 5, 3), b"x")}, r"conf_bbox: expected numbers along 3 axes, got \|S1"),
    ],
)
def test_damaged_predictions_are_named(tmp_path: Path, change: dict[str, np.ndarray | None], message: str) -> None:
    file = write(tmp_path / "some.h5", arrays(), **change)
    with pytest.raises(InputError, match=rf"some\.h5: .*{message}"):
        read_votes(file, 3)


@pytest.mark.parametrize(
    ("xyz", "message"),
    [
        (np.full((40, 3), np.nan), r"points: row 0 is \[nan, nan, nan\]"),
        (np.zeros((40, 3)), "points: 40, all in one place"),
        (np.zeros((40, 2)), r"xyz: expected \[n 3\], got \[40, 2\]"),
    ],
)
def test_damaged_points_are_named(root: Path, xyz: np.ndarray, message: str) -> None:
    write(place(root, "a"), arrays(), xyz=xyz)
    with pytest.raises(InputError, match=rf"aggregated_v2\.h5: {message}"):
        assert next(iter(Predictions(root))).shape


@pytest.mark.parametrize(
    ("label", "message"),
    [
        (np.full(40, 50), r"label 0 is 50, expected a whole number in 47\.\.49"),
        (np.full(39, 47), r"expected 40 numbers, one for each element, got int64 \[39\]"),
        (None, "there is no such array"),
    ],
)
def test_damaged_labels_are_named(root: Path, label: np.ndarray | None, message: str) -> None:
    write(place(root, "a"), arrays(), gt_semantic_seg=label)
    with pytest.raises(InputError, match=rf"aggregated_v2\.h5: gt_semantic_seg: {message}"):
        Predictions(root).truth("Table/a")


def test_a_field_that_lies_in_another_file_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "secret.h5", arrays())
    file = write(tmp_path / "some.h5", arrays(), xyz=None, cls_bbox=None, conf_bbox=None)
    (tmp_path / "raw").write_bytes(b"\0" * 4096)
    layout = h5py.VirtualLayout((1, 5), int)
    layout[:] = h5py.VirtualSource(tmp_path / "secret.h5", "cls_bbox", (1, 5))
    with h5py.File(file, "a") as h5:
        h5["xyz"] = h5py.ExternalLink("secret.h5", "xyz")
        h5.create_virtual_dataset("cls_bbox", layout)
        h5.create_dataset("conf_bbox", (8, 8, 8), float, external=[(tmp_path / "raw", 0, 4096)])
        h5["soft"] = h5py.SoftLink("/gt_semantic_seg")
        for name in ("xyz", "cls_bbox", "conf_bbox", "soft"):
            with pytest.raises(InputError, match=rf"some\.h5: {name}: there is no such array in the file"):
                predictions._array(h5, name, h5[name].ndim)


def test_a_truncated_or_missing_file_is_named(tmp_path: Path) -> None:
    file = write(tmp_path / "some.h5", arrays())
    whole = file.read_bytes()
    for kept in (0, 100, len(whole) // 2):
        file.write_bytes(whole[:kept])
        with pytest.raises(InputError, match=r"some\.h5: "):
            read_votes(file, 3)
    with pytest.raises(InputError, match=r"nowhere\.h5: not a readable HDF5 file"):
        read_votes(tmp_path / "nowhere.h5", 3)


def test_without_h5py_the_extra_is_named(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def absent(name: str, *arguments: Any, **named: Any) -> Any:
        if name == "h5py":
            raise ImportError(name)
        return real(name, *arguments, **named)

    monkeypatch.setattr(builtins, "__import__", absent)
    with pytest.raises(InputError, match=r"pip install 'meronym\[h5\]'"):
        Predictions(root).votes("Table/a")
