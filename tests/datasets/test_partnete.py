"""The PartNet-Ensembled reader on a small collection that the tests write, and its pickle reader against exploits."""

from __future__ import annotations

import io
import json
import pickle
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import trimesh
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from meronym.datasets import Dataset, Item
from meronym.datasets.partnete import PartNetE, read_array
from meronym.errors import InputError
from meronym.types import PointCloud

Digest = Callable[[Item], str]
META = {"Chair": ["arm", "back", "leg"], "StorageFurniture": ["door", "drawer"], "USB": ["cap"]}


def write(folder: Path, parts: int, count: int = 30) -> None:
    """A coloured cloud and its labels, as PartSLIP's authors saved them."""
    rng = np.random.default_rng(parts)
    folder.mkdir(parents=True)
    colours = rng.integers(0, 256, (count, 4), dtype=np.uint8)
    trimesh.PointCloud(rng.normal(size=(count, 3)), colours).export(folder / "pc.ply")
    semantic = rng.integers(-1, parts, count)
    np.save(folder / "label.npy", {"semantic_seg": semantic, "instance_seg": semantic + 1}, allow_pickle=True)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "partnete"
    write(root / "test" / "Chair" / "179", 3)
    write(root / "test" / "Chair" / "2207", 3, count=25)
    write(root / "test" / "StorageFurniture" / "41003", 2)
    write(root / "few_shot" / "USB" / "100061", 1)
    (root / "PartNetE_meta.json").write_text(json.dumps(META))
    return root


def labels_of(folder: Path) -> np.ndarray:
    return np.load(folder / "label.npy", allow_pickle=True).item()["semantic_seg"]


def test_items_come_by_category_with_its_parts_and_a_word_for_it(root: Path) -> None:
    dataset = PartNetE(root)
    assert isinstance(dataset, Dataset)
    items = list(dataset)
    assert [item.id for item in items] == ["Chair/179", "Chair/2207", "StorageFurniture/41003"]
    assert [item.category for item in items] == ["chair", "chair", "storage furniture"]
    assert items[2].prompts == ("door", "drawer")
    assert items[0].up is None
    cloud = items[1].shape
    assert isinstance(cloud, PointCloud)
    assert cloud.element_count == 25
    assert cloud.colour is not None
    assert cloud.source is None
    (item,) = PartNetE(root, split="few_shot")
    assert (item.id, item.category) == ("USB/100061", "usb")
    assert [item.id for item in PartNetE(root, categories=["Chair"], limit=1)] == ["Chair/179"]


def test_the_layout_of_the_published_archive_is_read_too(root: Path) -> None:
    """There, the shapes lie below `data`."""
    (root / "data").mkdir()
    (root / "test").rename(root / "data" / "test")
    assert len(PartNetE(root)) == 3


def test_truth_is_the_semantic_label(root: Path) -> None:
    dataset = PartNetE(root)
    for item in dataset:
        np.testing.assert_array_equal(dataset.truth(item.id), labels_of(root / "test" / item.id))
    assert -1 in dataset.truth("Chair/179")


def test_items_are_the_same_bytes_whatever_the_labels_are(root: Path, digest: Digest) -> None:
    before = PartNetE(root)
    seen, truths = [digest(item) for item in before], [before.truth(item.id) for item in before]
    for file in root.rglob("label.npy"):
        np.save(file, {"semantic_seg": -1 - labels_of(file.parent).clip(-1, 0)}, allow_pickle=True)
    after = PartNetE(root)
    assert [digest(item) for item in after] == seen
    assert all(not np.array_equal(old, after.truth(item.id)) for old, item in zip(truths, after, strict=True))


def test_an_item_can_be_read_where_its_labels_cannot(root: Path) -> None:
    for file in root.rglob("label.npy"):
        file.unlink()
    dataset = PartNetE(root)
    assert [item.shape.element_count for item in dataset] == [30, 25, 30]
    with pytest.raises(InputError, match=r"label\.npy: semantic_seg: not a dict.*No such file"):
        dataset.truth("Chair/179")


def test_a_damaged_cloud_is_named(root: Path) -> None:
    (root / "test" / "Chair" / "179" / "pc.ply").write_bytes(b"ply\nformat")
    trimesh.creation.box().export(root / "test" / "Chair" / "2207" / "pc.ply")
    (root / "test" / "StorageFurniture" / "41003" / "pc.ply").unlink()
    messages = ["the file ends in the header", "expected a point cloud, got a mesh of 12 faces", "there is no such file"]
    for item, message in zip(PartNetE(root), messages, strict=True):
        with pytest.raises(InputError, match=rf"pc\.ply: {message}"):
            assert item.shape


@pytest.mark.parametrize(
    ("label", "message"),
    [
        (np.full(30, 3), r"label 0 is 3, expected a whole number in -1\.\.2"),
        (np.full(30, -2), "label 0 is -2"),
        (np.zeros(29, int), r"expected 30 numbers, one for each element, got int64 \[29\]"),
        (np.zeros((30, 1), int), r"expected 30 numbers, one for each element, got int64 \[30, 1\]"),
        (np.zeros(30), "expected whole numbers, got float64"),
        ([0] * 30, "not a dict of arrays"),
    ],
)
def test_wrong_labels_are_named(root: Path, label: object, message: str) -> None:
    np.save(root / "test" / "Chair" / "179" / "label.npy", {"semantic_seg": label}, allow_pickle=True)
    with pytest.raises(InputError, match=rf"label\.npy: semantic_seg: {message}"):
        PartNetE(root).truth("Chair/179")


@pytest.mark.parametrize("text", ["{", "[]", '{"Chair": []}', '{"Chair": "arm"}', '{"Chair": [1]}'])
def test_a_damaged_list_of_names_is_an_error(root: Path, text: str) -> None:
    (root / "PartNetE_meta.json").write_text(text)
    with pytest.raises(InputError, match=r"PartNetE_meta\.json: "):
        PartNetE(root)


def test_bad_input_is_named(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MERONYM_DATA", raising=False)
    with pytest.raises(InputError, match="set MERONYM_DATA to the folder that holds 'partnete'"):
        PartNetE()
    with pytest.raises(InputError, match="split: expected test or few_shot, got 'train'"):
        PartNetE(root, split="train")
    with pytest.raises(InputError, match="no category Dog; known: Chair, StorageFurniture"):
        PartNetE(root, categories=["Dog"])
    with pytest.raises(InputError, match="no item 'Chair/1', of 3"):
        PartNetE(root).truth("Chair/1")
    with pytest.raises(InputError, match=r"PartNetE_meta\.json: not a readable JSON file"):
        PartNetE(tmp_path)
    (tmp_path / "PartNetE_meta.json").write_text(json.dumps(META))
    with pytest.raises(InputError, match="there is no folder test or data/test"):
        PartNetE(tmp_path)
    (tmp_path / "test").mkdir()
    with pytest.raises(InputError, match="no shapes there"):
        PartNetE(tmp_path)


# --------------------------------------------------------------------------------------------- the restricted unpickler


class Payload:
    """Pickles to a call of `function` with `arguments`."""

    def __init__(self, function: Callable[..., Any], *arguments: object) -> None:
        self.call = function, arguments

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[object, ...]]:
        return self.call


def npy(data: bytes) -> bytes:
    """An .npy file of one object whose pickle is `data`."""
    stream = io.BytesIO()
    np.lib.format.write_array_header_1_0(stream, {"descr": "|O", "fortran_order": False, "shape": ()})
    return stream.getvalue() + data


@pytest.mark.parametrize("dtype", ["i1", "u1", "<i4", ">i4", "<i8", "u8"])
@pytest.mark.parametrize("protocol", [2, 3, 4, 5])
def test_arrays_of_whole_numbers_are_read_as_numpy_reads_them(tmp_path: Path, dtype: str, protocol: int) -> None:
    """Protocol 5 pickles arrays by another function, and 2 their bytes; numpy.save writes 3 or 4."""
    label = np.arange(7).astype(dtype)
    outer = np.array({"semantic_seg": label, "other": np.zeros(2)}, dtype=object)
    (tmp_path / "label.npy").write_bytes(npy(pickle.dumps(outer, protocol)))
    if protocol in (2, 5):
        with pytest.raises(InputError, match="it refers to "):
            read_array(tmp_path / "label.npy", "semantic_seg")
    else:
        np.testing.assert_array_equal(read_array(tmp_path / "label.npy", "semantic_seg"), label)


@pytest.mark.parametrize("name", ["numpy.core.multiarray", "numpy._core.multiarray"])
def test_files_of_old_and_new_numpy_are_read(tmp_path: Path, name: str) -> None:
    written = pickle.dumps(np.array({"semantic_seg": np.arange(3)}, dtype=object), 3)
    (tmp_path / "label.npy").write_bytes(
        npy(written.replace(np.ndarray.__reduce__(np.zeros(1))[0].__module__.encode(), name.encode()))
    )
    np.testing.assert_array_equal(read_array(tmp_path / "label.npy", "semantic_seg"), [0, 1, 2])


@pytest.mark.parametrize("function", [eval, exec, getattr, open, print, __import__, np.load, np.array, bytearray])
def test_a_call_of_anything_is_refused_before_it_runs(tmp_path: Path, function: Callable[..., Any]) -> None:
    mark = tmp_path / "mark"
    payload = Payload(function, f"open({str(mark)!r}, 'w')")
    for content in (payload, {"semantic_seg": payload}, {"semantic_seg": np.arange(3), "more": payload}):
        np.save(tmp_path / "label.npy", np.array(content, dtype=object), allow_pickle=True)
        with pytest.raises(InputError, match=r"label\.npy: semantic_seg: not a dict of arrays .*it refers to"):
            read_array(tmp_path / "label.npy", "semantic_seg")
    assert not mark.exists()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x80",
        b"N.",
        b"(dp0\n.",
        b"cposix\nsystem\n(S'true'\ntR.",
        b"cnumpy\nndarray\n(I1000000000000\ntR.",
        b"cnumpy\nndarray\n}S'__init__'\nNsb.",
        b"\x80\x04\x8e\xff\xff\xff\xff\xff\xff\xff\x7f.",
        b"(" * 100_000 + b"t.",
        b"\x82\x01.",
        b"P1\n.",
    ],
)
def test_a_crafted_pickle_is_an_input_error(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "label.npy").write_bytes(npy(data))
    with pytest.raises(InputError, match=r"label\.npy: semantic_seg: not a dict of arrays"):
        read_array(tmp_path / "label.npy", "semantic_seg")


def test_what_is_not_a_pickled_dict_is_an_input_error(tmp_path: Path) -> None:
    file = tmp_path / "label.npy"
    for content in (np.arange(3), np.array([{}, {}], dtype=object), np.array({"other": np.arange(3)}, dtype=object)):
        np.save(file, content, allow_pickle=True)
        with pytest.raises(InputError, match="not a dict of arrays"):
            read_array(file, "semantic_seg")
    file.write_bytes(b"")
    with pytest.raises(InputError, match="the file is empty"):
        read_array(file, "semantic_seg")


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 400), st.integers(0, 255)), min_size=1, max_size=6), st.integers(0, 400))
def test_a_mutated_file_gives_an_array_or_an_input_error(tmp_path: Path, changes: list[tuple[int, int]], keep: int) -> None:
    data = bytearray(npy(pickle.dumps(np.array({"semantic_seg": np.arange(9)}, dtype=object), 4)))
    for place, value in changes:
        data[place % len(data)] = value
    (tmp_path / "label.npy").write_bytes(data[: len(data) - keep % 20])
    with suppress(InputError):
        assert read_array(tmp_path / "label.npy", "semantic_seg").dtype.kind in "iu"
