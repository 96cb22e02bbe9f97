"""The labelled PSB reader on a small benchmark that the tests write, and on the real one where it is at hand."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from meronym.datasets import Dataset, Item
from meronym.datasets.labelled_psb import LabelledPSB
from meronym.errors import InputError

CHAIR = ["support", "leg", "arm"]


def write(root: Path, category: str, number: int, listed: list[str], **change: object) -> Path:
    """One shape of 12 random faces."""
    rng = np.random.default_rng(number)
    arrays = {
        "V": rng.normal(size=(9, 3)).astype(np.float32),
        "F": rng.integers(0, 9, (12, 3)).astype(np.int32),
        "face_label": rng.integers(0, len(listed), 12).astype(np.int8),
        "names": np.array(listed),
    }
    file = root / category / f"{number}.npz"
    file.parent.mkdir(parents=True, exist_ok=True)
    kept = {name: np.asarray(value) for name, value in {**arrays, **change}.items() if value is not None}
    np.savez(file, allow_pickle=True, **kept)
    return file


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "labelled_psb"
    write(root, "Chair", 101, CHAIR)
    write(root, "Chair", 99, ["leg", "support"])
    write(root, "Table", 141, ["leg", "support"])
    return root


@pytest.fixture
def names(tmp_path: Path) -> Path:
    plain = {
        "Chair": {"category": "chair", "parts": {"support": "seat", "leg": "leg", "headrest": "headrest"}},
        "Table": {"category": "desk", "parts": {"support": "tabletop", "leg": "leg"}},
    }
    (tmp_path / "names.json").write_text(json.dumps(plain))
    return tmp_path / "names.json"


def test_items_come_by_category_then_number_with_plain_prompts(root: Path, names: Path) -> None:
    dataset = LabelledPSB(root, names=names)
    assert isinstance(dataset, Dataset)
    items = list(dataset)
    assert len(dataset) == 3
    assert [item.id for item in items] == ["Chair/99", "Chair/101", "Table/141"]
    assert [item.category for item in items] == ["chair", "chair", "desk"]
    assert items[0].prompts == items[1].prompts == ("seat", "leg", "headrest")
    with np.load(root / "Chair" / "99.npz") as arrays:
        np.testing.assert_array_equal(items[0].shape.faces, arrays["F"])
        np.testing.assert_allclose(items[0].shape.vertices, arrays["V"])


def test_truth_indexes_the_prompts_and_is_minus_one_without_one(root: Path, names: Path) -> None:
    """Each file numbers its names in its own order; "arm" has no plain name here."""
    dataset = LabelledPSB(root, names=names)
    prompt_of = {"support": 0, "leg": 1, "arm": -1}
    for number in (99, 101):
        with np.load(root / "Chair" / f"{number}.npz") as arrays:
            expected = [prompt_of[arrays["names"][label]] for label in arrays["face_label"]]
        np.testing.assert_array_equal(dataset.truth(f"Chair/{number}"), expected)
    assert -1 in dataset.truth("Chair/101")


def test_without_a_names_file_all_listed_names_are_prompts_in_alphabetical_order(root: Path) -> None:
    items = list(LabelledPSB(root))
    assert [item.prompts for item in items] == [("arm", "leg", "support")] * 2 + [("leg", "support")]
    assert items[0].category == "chair"


def test_two_raw_names_with_one_plain_name_are_one_prompt(root: Path, tmp_path: Path) -> None:
    merged = {"Chair": {"category": "chair", "parts": {"support": "seat", "arm": "seat", "leg": "leg"}}}
    (tmp_path / "merged.json").write_text(json.dumps(merged))
    dataset = LabelledPSB(root, names=tmp_path / "merged.json", categories=["Chair"])
    assert next(iter(dataset)).prompts == ("seat", "leg")
    assert set(dataset.truth("Chair/101")) == {0, 1}


@pytest.mark.parametrize("with_names", [True, False])
def test_items_are_the_same_bytes_whatever_the_labels_are(
    root: Path, names: Path, with_names: bool, digest: Callable[[Item], str]
) -> None:
    chosen = names if with_names else None
    before = LabelledPSB(root, names=chosen)
    seen = [digest(item) for item in before]
    truths = [before.truth(item.id) for item in before]
    rng = np.random.default_rng(7)
    for file in root.rglob("*.npz"):
        with np.load(file) as arrays:
            held = dict(arrays)
        order = rng.permutation(len(held["names"]))
        held["names"] = held["names"][order]
        held["face_label"] = rng.integers(0, len(order), len(held["face_label"])).astype(np.int8)
        np.savez(file, **held)
    after = LabelledPSB(root, names=chosen)
    assert [digest(item) for item in after] == seen
    changed = [not np.array_equal(old, after.truth(item.id)) for old, item in zip(truths, after, strict=True)]
    assert all(changed)


def test_an_item_holds_no_way_to_the_labels(root: Path) -> None:
    item = next(iter(LabelledPSB(root)))
    assert set(vars(item)) == {"id", "category", "content", "prompts", "up"}
    assert item.shape.source is None
    assert item.shape.scene is None


def test_categories_and_limit_choose(root: Path) -> None:
    assert [item.id for item in LabelledPSB(root, categories=["Chair"], limit=1)] == ["Chair/99"]
    with pytest.raises(InputError, match="no category Dog; known: Chair, Table"):
        LabelledPSB(root, categories=["Dog"])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"F": np.full((12, 3), 9)}, "outside its 9 rows"),
        ({"V": np.full((9, 3), np.nan)}, "NaN"),
        ({"V": np.zeros((9, 2))}, r"got \(9, 2\)"),
        ({"F": np.zeros((0, 3), np.int32)}, r"\(0, 3\)"),
        ({"V": None}, "V: expected an array of kind 'f', got none"),
        ({"F": np.zeros((12, 3))}, "F: expected an array of kind 'iu', got float64"),
    ],
)
def test_a_damaged_shape_is_named(root: Path, change: dict[str, object], message: str) -> None:
    write(root, "Chair", 99, CHAIR, **change)
    with pytest.raises(InputError, match=rf"99\.npz.*{message}"):
        assert next(iter(LabelledPSB(root))).shape


def test_a_damaged_shape_does_not_end_the_iteration(root: Path) -> None:
    write(root, "Chair", 99, CHAIR, V=None)
    broken, *sound = LabelledPSB(root)
    assert isinstance(broken.content, InputError)
    assert [item.shape.element_count for item in sound] == [12, 12]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"face_label": np.full(12, 3)}, r"expected 12 of 0\.\.2, got \(12,\), 3\.\.3"),
        ({"face_label": np.zeros(11, np.int8)}, r"got \(11,\)"),
        ({"face_label": None}, "face_label: expected an array"),
    ],
)
def test_damaged_labels_are_found_when_they_are_asked_for(root: Path, change: dict[str, object], message: str) -> None:
    write(root, "Chair", 99, CHAIR, **change)
    dataset = LabelledPSB(root)
    assert len(list(dataset)) == 3
    with pytest.raises(InputError, match=message):
        dataset.truth("Chair/99")


def test_pickled_arrays_are_refused(root: Path) -> None:
    write(root, "Chair", 99, CHAIR, names=np.array(CHAIR, dtype=object))
    with pytest.raises(InputError, match=r"99\.npz"):
        LabelledPSB(root)


def test_an_unknown_item_is_an_error(root: Path) -> None:
    with pytest.raises(InputError, match="no item 'Chair/7', of 3"):
        LabelledPSB(root).truth("Chair/7")


@pytest.mark.parametrize("text", ["{", "[]", '{"Chair": {"category": "chair"}}', '{"Chair": {"category": 1, "parts": 2}}'])
def test_a_damaged_names_file_is_an_error(root: Path, tmp_path: Path, text: str) -> None:
    (tmp_path / "bad.json").write_text(text)
    with pytest.raises(InputError, match=r"bad\.json"):
        LabelledPSB(root, names=tmp_path / "bad.json")


def test_missing_data_says_what_to_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, root: Path) -> None:
    monkeypatch.delenv("MERONYM_DATA", raising=False)
    with pytest.raises(InputError, match="set MERONYM_DATA to the folder that holds 'labelled_psb'"):
        LabelledPSB()
    with pytest.raises(InputError, match="is not a folder"):
        LabelledPSB(tmp_path / "nowhere")
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="no shapes there"):
        LabelledPSB(tmp_path / "empty")
    monkeypatch.setenv("MERONYM_DATA", str(root.parent))
    assert len(LabelledPSB()) == 3


def test_the_real_benchmark() -> None:
    data = Path(os.environ.get("MERONYM_DATA", ""))
    if not (data / "labelled_psb").is_dir():
        pytest.skip("MERONYM_DATA does not hold labelled_psb")
    dataset = LabelledPSB(names=data / "labelled_psb_names.json", limit=1)
    for item in dataset:
        truth = dataset.truth(item.id)
        assert len(truth) == item.shape.element_count
        assert 0 <= truth.min() <= truth.max() < len(item.prompts)
