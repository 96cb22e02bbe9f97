"""The reader of any folder of shapes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import trimesh
from splat_files import ply, some_rows

from meronym.datasets import Dataset, Item
from meronym.datasets.folder import Folder
from meronym.errors import InputError
from meronym.types import Gaussians, Mesh, PointCloud

Digest = Callable[[Item], str]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Meshes and a cloud, in and below a folder, with files between them that are no shapes."""
    root = tmp_path / "chairs"
    (root / "more").mkdir(parents=True)
    trimesh.creation.box([1, 2, 3]).export(root / "chair10.obj")
    trimesh.creation.box([2, 2, 3]).export(root / "chair2.glb")
    trimesh.creation.icosphere(1).export(root / "more" / "Chair3.STL")
    np.savetxt(root / "cloud.xyz", np.random.default_rng(0).normal(size=(15, 3)))
    for other in ("notes.txt", "._chair2.glb", "picture.png", "chair2.labels.txt.old"):
        (root / other).write_text("nothing")
    return root


def test_items_come_in_natural_order_with_what_is_given(root: Path) -> None:
    dataset = Folder(root, prompts=["seat", "leg"], category="chair")
    assert isinstance(dataset, Dataset)
    items = list(dataset)
    assert [item.id for item in items] == ["chair2.glb", "chair10.obj", "cloud.xyz", "more/Chair3.STL"]
    assert {(item.category, item.prompts) for item in items} == {("chair", ("seat", "leg"))}
    assert [type(item.shape) for item in items] == [Mesh, Mesh, PointCloud, Mesh]
    assert [item.shape.element_count for item in items] == [12, 12, 15, 80]
    assert [item.id for item in Folder(root, limit=1)] == ["chair2.glb"]


def test_neither_category_nor_prompts_are_needed(root: Path) -> None:
    assert {(item.category, item.prompts) for item in Folder(str(root))} == {("", ())}


def test_an_item_keeps_the_up_axis_that_its_format_states_and_nothing_else_of_the_file(root: Path) -> None:
    items = list(Folder(root))
    assert [item.up for item in items] == [(0, 1, 0), None, None, None]
    assert all(item.shape.source is None for item in items)
    mesh = items[0].shape
    assert isinstance(mesh, Mesh)
    assert mesh.scene is mesh.face_origin is None


def test_gaussians_come_without_the_labels_that_a_result_gave_them(tmp_path: Path) -> None:
    rows = some_rows(9, 0)
    labelled = np.zeros(9, [*((name, "<f4") for name in rows.dtype.names), ("label", "<i4")])
    for name in rows.dtype.names:
        labelled[name] = rows[name]
    labelled["label"] = np.arange(9)
    ply(tmp_path / "a.ply", vertex=labelled)
    (item,) = Folder(tmp_path, prompts=["leg"])
    assert isinstance(item.shape, Gaussians)
    assert item.shape.rows.tobytes() == rows.tobytes()


def test_files_are_read_when_their_turn_comes(root: Path) -> None:
    items = iter(Folder(root))
    first = next(items)
    (root / "chair10.obj").unlink()
    assert first.shape.element_count == 12
    with pytest.raises(InputError, match=r"chair10\.obj: there is no such file"):
        assert next(items).shape


def test_a_broken_file_does_not_end_the_iteration(root: Path) -> None:
    (root / "chair2.glb").write_bytes(b"glTF")
    broken, *sound = Folder(root)
    with pytest.raises(InputError, match=r"chair2\.glb"):
        assert broken.shape
    assert [item.shape.element_count for item in sound] == [12, 15, 80]


@pytest.mark.parametrize("ending", [".labels.npy", ".labels.txt", ".seg"])
def test_labels_lie_beside_a_shape(root: Path, ending: str) -> None:
    label = np.array([-1, 0, 1] * 4)
    file = root / f"chair10{ending}"
    np.save(file, label) if ending == ".labels.npy" else np.savetxt(file, label, fmt="%d")
    dataset = Folder(root, prompts=["seat", "leg"])
    np.testing.assert_array_equal(dataset.truth("chair10.obj"), label)
    with pytest.raises(InputError, match=r"chair2\.glb: no labels beside it\. To measure, add one of chair2\.labels\.npy"):
        dataset.truth("chair2.glb")


def test_items_are_the_same_bytes_whatever_the_labels_are(root: Path, digest: Digest) -> None:
    seen = [digest(item) for item in Folder(root, prompts=["seat", "leg"])]
    for label in (np.zeros(12, int), np.ones(12, int)):
        np.save(root / "chair10.labels.npy", label)
        dataset = Folder(root, prompts=["seat", "leg"])
        assert [digest(item) for item in dataset] == seen
        np.testing.assert_array_equal(dataset.truth("chair10.obj"), label)


@pytest.mark.parametrize(
    ("label", "message"),
    [
        (np.zeros(11, int), r"expected 12 numbers, one for each element, got int64 \[11\]"),
        (np.full(12, 2), r"label 0 is 2, expected a whole number in -1\.\.1"),
        (np.full(12, np.nan), "label 0 is nan"),
        (np.full(12, 0.5), r"label 0 is 0\.5"),
        (np.array(["seat"] * 12), "expected 12 numbers, one for each element, got <U4"),
        (np.array([{}] * 12), r"not a readable \.npy file of numbers"),
    ],
)
def test_wrong_labels_are_named(root: Path, label: np.ndarray, message: str) -> None:
    np.save(root / "chair10.labels.npy", label, allow_pickle=True)
    with pytest.raises(InputError, match=rf"chair10\.labels\.npy: {message}"):
        Folder(root, prompts=["seat", "leg"]).truth("chair10.obj")


def test_a_truncated_label_file_is_named(root: Path) -> None:
    np.save(root / "chair10.labels.npy", np.zeros(12, int))
    whole = (root / "chair10.labels.npy").read_bytes()
    for kept in (0, 4, 40, len(whole) - 1):
        (root / "chair10.labels.npy").write_bytes(whole[:kept])
        with pytest.raises(InputError, match=r"chair10\.labels\.npy: "):
            Folder(root, prompts=["seat", "leg"]).truth("chair10.obj")


def test_bad_input_is_named(root: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no such folder"):
        Folder(tmp_path / "nowhere")
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match=r"no shapes there\. Expected files that end in \.glb"):
        Folder(tmp_path / "empty")
    with pytest.raises(InputError, match="expected a list of words"):
        Folder(root, prompts="seat")
    with pytest.raises(InputError, match=r"no item 'chair5\.obj', of 4"):
        Folder(root).truth("chair5.obj")
