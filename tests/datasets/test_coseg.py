"""The COSEG reader on a small collection that the tests write."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import trimesh

from meronym.datasets import Dataset, Item
from meronym.datasets.coseg import Coseg
from meronym.errors import InputError
from meronym.types import Mesh

Digest = Callable[[Item], str]
NAMES = {
    "Vases": {"category": "vase", "parts": {"1": "neck", "2": "handle", "3": "body", "4": "body"}},
    "Irons": {"category": "iron", "parts": {"0": "plate", "1": "grip"}},
}


def write(root: Path, own: str, number: int, labels: list[int]) -> None:
    """A box and a label for each of its 12 faces."""
    for folder in ("shapes", "gt"):
        (root / own / folder).mkdir(parents=True, exist_ok=True)
    box = trimesh.creation.box([1, 2, number])
    box.export(root / own / "shapes" / f"{number}.off")
    chosen = np.random.default_rng(number).choice(labels, len(box.faces))
    np.savetxt(root / own / "gt" / f"{number}.seg", chosen, fmt="%d")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "coseg"
    write(root, "Vases", 10, [1, 2, 3, 4])
    write(root, "Vases", 2, [1, 2, 3, 4])
    write(root, "Irons", 1, [0, 1])
    return root


@pytest.fixture
def names(tmp_path: Path) -> Path:
    (tmp_path / "names.json").write_text(json.dumps(NAMES))
    return tmp_path / "names.json"


def test_items_come_by_set_then_number_with_the_names_they_are_given(root: Path, names: Path) -> None:
    dataset = Coseg(root, names=names)
    assert isinstance(dataset, Dataset)
    items = list(dataset)
    assert [item.id for item in items] == ["Irons/1", "Vases/2", "Vases/10"]
    assert (items[0].category, items[0].prompts) == ("iron", ("plate", "grip"))
    assert (items[2].category, items[2].prompts) == ("vase", ("neck", "handle", "body"))
    mesh = items[2].shape
    assert isinstance(mesh, Mesh)
    assert (len(mesh.faces), np.ptp(mesh.vertices[:, 2])) == (12, 10)
    assert (mesh.source, mesh.scene, mesh.face_origin) == (None, None, None)
    assert [item.id for item in Coseg(root, names=names, categories=["Vases"], limit=1)] == ["Vases/2"]


def test_truth_indexes_the_prompts_and_numbers_may_share_a_name(root: Path, names: Path) -> None:
    dataset = Coseg(root, names=names)
    number = np.loadtxt(root / "Vases" / "gt" / "10.seg").astype(int)
    np.testing.assert_array_equal(dataset.truth("Vases/10"), np.array([-1, 0, 1, 2, 2])[number])
    np.testing.assert_array_equal(dataset.truth("Irons/1"), np.loadtxt(root / "Irons" / "gt" / "1.seg"))


def test_items_are_the_same_bytes_whatever_the_labels_are(root: Path, names: Path, digest: Digest) -> None:
    before = Coseg(root, names=names)
    seen, truths = [digest(item) for item in before], [before.truth(item.id) for item in before]
    for file in root.rglob("*.seg"):
        np.savetxt(file, 1 - np.loadtxt(file).clip(0, 1) if file.parts[-3] == "Irons" else np.full(12, 1), fmt="%d")
    after = Coseg(root, names=names)
    assert [digest(item) for item in after] == seen
    assert all(not np.array_equal(old, after.truth(item.id)) for old, item in zip(truths, after, strict=True))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1\n" * 11, r"expected 12 numbers, one for each element, got float64 \[11\]"),
        ("1\n" * 11 + "5", r"label 11 is 5\.0, expected a whole number in 0\.\.4"),
        ("1\n" * 11 + "-1", r"label 11 is -1\.0"),
        ("1\n" * 11 + "nan", "label 11 is nan"),
        ("0\n" * 12, r"parts \[0\] have no name\. Add them to the names file under 'Vases'"),
        ("a\n" * 12, r"cannot read columns \[0\]"),
        ("", "the file is empty"),
    ],
)
def test_damaged_labels_are_named_when_they_are_asked_for(root: Path, names: Path, text: str, message: str) -> None:
    (root / "Vases" / "gt" / "2.seg").write_text(text)
    dataset = Coseg(root, names=names)
    assert all(item.shape for item in dataset)
    with pytest.raises(InputError, match=rf"2\.seg: {message}"):
        dataset.truth("Vases/2")


def test_missing_labels_and_a_damaged_shape_are_named(root: Path, names: Path) -> None:
    (root / "Vases" / "gt" / "2.seg").unlink()
    (root / "Vases" / "shapes" / "10.off").write_text("OFF\n8 12 0\n")
    dataset = Coseg(root, names=names)
    with pytest.raises(InputError, match=r"2\.seg: there is no such file"):
        dataset.truth("Vases/2")
    iron, vase, broken = dataset
    assert iron.shape.element_count == vase.shape.element_count == 12
    with pytest.raises(InputError, match=r"10\.off"):
        assert broken.shape


@pytest.mark.parametrize(
    "parts", [{}, {"one": "neck"}, {"-1": "neck"}, None, "neck"], ids=["none", "word", "negative", "null", "text"]
)
def test_a_names_file_that_cannot_be_used_is_an_error(root: Path, tmp_path: Path, parts: object) -> None:
    (tmp_path / "bad.json").write_text(json.dumps({**NAMES, "Vases": {"category": "vase", "parts": parts}}))
    with pytest.raises(InputError, match=r"bad\.json: "):
        Coseg(root, names=tmp_path / "bad.json")


def test_bad_input_is_named(root: Path, names: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no category Lamps; known: Irons, Vases"):
        Coseg(root, names=names, categories=["Lamps"])
    with pytest.raises(InputError, match="no item 'Vases/7', of 3"):
        Coseg(root, names=names).truth("Vases/7")
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="no shapes there"):
        Coseg(tmp_path / "empty", names=names)
    with pytest.raises(InputError, match="not a readable JSON file"):
        Coseg(root, names=tmp_path / "nowhere.json")
