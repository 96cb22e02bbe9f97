"""The ShapeNetPart reader on a small collection that the tests write, and on real samples where they are at hand."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from meronym.datasets import Dataset, Item
from meronym.datasets.shapenetpart import CATEGORIES, ShapeNetPart
from meronym.errors import InputError

Digest = Callable[[Item], str]
TABLE = "04379243"
LAMP = "03636649"


def write(root: Path, synset: str, model: str, part_ids: range, count: int = 20) -> Path:
    rng = np.random.default_rng(len(model))
    columns = [rng.normal(size=(count, 6)), rng.choice(part_ids, (count, 1))]
    file = root / synset / f"{model}.txt"
    file.parent.mkdir(parents=True, exist_ok=True)
    np.savetxt(file, np.hstack(columns), fmt="%.6f")
    return file


def listing(root: Path, split: str, entries: object) -> None:
    (root / "train_test_split").mkdir(parents=True, exist_ok=True)
    (root / "train_test_split" / f"shuffled_{split}_file_list.json").write_text(json.dumps(entries))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Two tables and a lamp in the test list, one table in the train list."""
    root = tmp_path / "shapenetpart"
    for model in ("b", "aa", "ccc"):
        write(root, TABLE, model, range(47, 50))
    write(root, LAMP, "d", range(24, 28))
    listing(root, "test", [f"shape_data/{TABLE}/b", f"shape_data/{LAMP}/d", f"shape_data/{TABLE}/aa"])
    listing(root, "train", [f"shape_data/{TABLE}/ccc"])
    return root


def test_the_part_ids_of_all_categories_are_0_to_49() -> None:
    """The public ranges, such as chair 12-15, lamp 24-27 and motorbike 30-35."""
    ids = [category.first + index for category in CATEGORIES.values() for index in range(len(category.names))]
    assert ids == list(range(50))
    assert (CATEGORIES["Chair"].first, CATEGORIES["Motorbike"].first, CATEGORIES["Table"].first) == (12, 30, 47)
    assert len({category.synset for category in CATEGORIES.values()}) == 16
    assert sum(len(category.prompts) for category in CATEGORIES.values()) == 48
    assert [name for name, category in CATEGORIES.items() if "" in category.names] == ["Lamp"]


def test_items_are_those_of_the_official_split_by_category(root: Path) -> None:
    dataset = ShapeNetPart(root)
    assert isinstance(dataset, Dataset)
    items = list(dataset)
    assert [item.id for item in items] == ["Lamp/d", "Table/aa", "Table/b"]
    assert len(dataset) == 3
    assert (items[1].category, items[1].prompts, items[1].up) == ("table", ("tabletop", "leg", "drawer"), (0, 1, 0))
    assert [item.id for item in ShapeNetPart(root, split="train")] == ["Table/ccc"]
    assert [item.id for item in ShapeNetPart(root, categories=["Table"], limit=1)] == ["Table/aa"]


def test_points_are_as_in_the_file_and_normals_of_unit_length(root: Path) -> None:
    table = np.loadtxt(root / TABLE / "aa.txt")
    item = list(ShapeNetPart(root))[1]
    np.testing.assert_array_equal(item.shape.points, table[:, :3])
    expected = table[:, 3:6] / np.linalg.norm(table[:, 3:6], axis=1, keepdims=True)
    np.testing.assert_allclose(item.shape.normal, expected, rtol=1e-5)


def test_truth_counts_from_the_first_part_of_the_category(root: Path) -> None:
    dataset = ShapeNetPart(root)
    part_id = np.loadtxt(root / TABLE / "b.txt")[:, 6]
    np.testing.assert_array_equal(dataset.truth("Table/b"), part_id - 47)


def test_parts_of_a_lamp_without_a_name_have_no_label(root: Path) -> None:
    part_id = np.loadtxt(root / LAMP / "d.txt")[:, 6].astype(int)
    true = ShapeNetPart(root).truth("Lamp/d")
    np.testing.assert_array_equal(true, [{24: 0, 25: 1, 26: -1, 27: -1}[each] for each in part_id.tolist()])
    assert set(true.tolist()) == {-1, 0, 1}


def test_items_are_the_same_bytes_whatever_the_labels_are(root: Path, digest: Digest) -> None:
    before = ShapeNetPart(root, categories=["Table"])
    seen, truths = [digest(item) for item in before], [before.truth(item.id) for item in before]
    for file in (root / TABLE).glob("*.txt"):
        table = np.loadtxt(file)
        table[:, 6] = 96 - table[:, 6]
        np.savetxt(file, table, fmt="%.6f")
    after = ShapeNetPart(root, categories=["Table"])
    assert [digest(item) for item in after] == seen
    assert all(not np.array_equal(old, after.truth(item.id)) for old, item in zip(truths, after, strict=True))


def test_an_item_can_be_read_where_its_labels_cannot(root: Path) -> None:
    file = root / TABLE / "aa.txt"
    file.write_text("\n".join(line.rsplit(" ", 1)[0] + " lost" for line in file.read_text().splitlines()))
    dataset = ShapeNetPart(root)
    assert list(dataset)[1].shape.element_count == 20
    with pytest.raises(InputError, match=r"aa\.txt: cannot read columns \[6\]"):
        dataset.truth("Table/aa")


def test_a_listed_shape_that_is_missing_is_an_item_with_an_error(root: Path) -> None:
    """So that evaluation counts it as 0, and a smaller test set is not taken for the whole one."""
    (root / TABLE / "aa.txt").unlink()
    lamp, missing, table = ShapeNetPart(root)
    with pytest.raises(InputError, match=r"aa\.txt: there is no such file"):
        assert missing.shape
    assert lamp.shape.element_count == table.shape.element_count == 20


def test_a_shape_that_is_listed_twice_is_one_item(root: Path) -> None:
    listing(root, "test", [f"shape_data/{TABLE}/b"] * 2)
    assert [item.id for item in ShapeNetPart(root)] == ["Table/b"]


def test_the_order_does_not_depend_on_that_of_the_list(root: Path) -> None:
    listing(root, "val", [f"shape_data/{TABLE}/{model}" for model in "hbgfaedc"])
    assert [item.id for item in ShapeNetPart(root, split="val")] == [f"Table/{model}" for model in "abcdefgh"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the file is empty"),
        (" \n", r"cannot read.*input contained no data"),
        ("1 2 3 0 0 1 47\n1 2", "cannot read columns"),
        ("1 2 3 0 0 x 47", "cannot read columns"),
        ("1 2 3 0 0 1 47\nnan 2 3 0 0 1 47", r"points: row 1 is \[nan, 2\.0, 3\.0\], not finite"),
        ("1 2 3 0 0 inf 47", r"normals: row 0 is \[0\.0, 0\.0, inf\]"),
        ("1 2 3 0 0 1 47", "points: 1, all in one place"),
    ],
)
def test_a_damaged_shape_is_named(root: Path, text: str, message: str) -> None:
    (root / TABLE / "aa.txt").write_text(text)
    with pytest.raises(InputError, match=rf"aa\.txt: {message}"):
        assert list(ShapeNetPart(root))[1].shape


@pytest.mark.parametrize(
    ("label", "seen"), [("12", r"12\.0"), ("46", r"46\.0"), ("47.5", r"47\.5"), ("nan", "nan"), ("50", r"50\.0")]
)
def test_a_label_of_another_category_is_named(root: Path, label: str, seen: str) -> None:
    (root / TABLE / "aa.txt").write_text(f"1 2 3 0 0 1 47\n1 2 4 0 0 1 {label}")
    with pytest.raises(InputError, match=rf"aa\.txt: column 6: label 1 is {seen}, expected a whole number in 47\.\.49"):
        ShapeNetPart(root).truth("Table/aa")


@pytest.mark.parametrize(
    "entries", [{}, [1], ["shape_data/04379243"], ["shape_data/../secret"], ["shape_data/04379243/../../x"]]
)
def test_a_damaged_list_is_named(root: Path, entries: object) -> None:
    listing(root, "val", entries)
    with pytest.raises(InputError, match=r"shuffled_val_file_list\.json: expected a list of 'shape_data/<synset>/<id>', got"):
        ShapeNetPart(root, split="val")


def test_bad_input_is_named(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MERONYM_DATA", raising=False)
    with pytest.raises(InputError, match="set MERONYM_DATA to the folder that holds 'shapenetpart'"):
        ShapeNetPart()
    with pytest.raises(InputError, match="split: expected train, val or test, got 'dev'"):
        ShapeNetPart(root, split="dev")
    with pytest.raises(InputError, match=r"shuffled_val_file_list\.json: not a readable JSON file"):
        ShapeNetPart(root, split="val")
    with pytest.raises(InputError, match="no category Chair; known: Lamp, Table"):
        ShapeNetPart(root, categories=["Chair"])
    with pytest.raises(InputError, match="no item 'Table/x', of 3"):
        ShapeNetPart(root).truth("Table/x")
    listing(tmp_path, "test", [f"shape_data/{TABLE}/b"])
    with pytest.raises(InputError, match="none of the 1 listed shapes is there"):
        ShapeNetPart(tmp_path)


def test_the_real_samples() -> None:
    """Four shapes; the lists name one more that is not among them."""
    root = Path(os.environ.get("MERONYM_DATA", "")) / "shapenetpart_samples"
    if not root.is_dir():
        pytest.skip("MERONYM_DATA does not hold shapenetpart_samples")
    dataset = ShapeNetPart(root)
    counts = {}
    for item in dataset:
        if isinstance(item.content, InputError):
            continue
        true = dataset.truth(item.id)
        counts[item.id] = np.bincount(true, minlength=3).tolist()
        assert item.shape.element_count == len(true)
        assert np.ptp(item.shape.points, axis=0).max() < 2
    assert counts == {
        "Skateboard/1c8d5e05c3faa05861be5ced44bc18ac": [0, 2475, 0],
        "Table/1a2abbc9712e2fffc3bd24f986301745": counts["Table/1a2abbc9712e2fffc3bd24f986301745"],
    }
    assert sum(counts["Table/1a2abbc9712e2fffc3bd24f986301745"]) == 2794
    assert len(dataset) == 3
