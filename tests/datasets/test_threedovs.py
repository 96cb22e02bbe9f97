"""The 3D-OVS reader on small scenes that the tests write."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from capture_files import Scene, llff_table, write, write_colmap
from PIL import Image

from meronym.datasets import Dataset, Item
from meronym.datasets.threedovs import ThreeDOVS
from meronym.errors import Error, InputError

CLASSES = ["white sheet", "banana", "red bag"]


def masks(seed: int, height: int = 16, width: int = 24) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(seed)
    return {name: rng.random((height, width)) < 0.4 for name in CLASSES}


def write_scene(folder: Path) -> None:
    """Four photos; the second and the fourth are annotated."""
    write(folder, "llff", Scene(count=4))
    for number in (1, 3):
        annotated = folder / "segmentations" / str(number)
        annotated.mkdir(parents=True)
        for name, mask in masks(number).items():
            Image.fromarray(np.where(mask, 128, 127).astype(np.uint8)).save(annotated / f"{name}.png")
    (folder / "segmentations" / "classes.txt").write_text("\n".join(CLASSES))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for scene in ("sofa", "bed"):
        write_scene(tmp_path / "threedovs" / scene)
    (tmp_path / "threedovs" / "notes").mkdir()
    return tmp_path / "threedovs"


def test_items_and_truth(root: Path) -> None:
    dataset = ThreeDOVS(root)
    assert isinstance(dataset, Dataset)
    items = list(dataset)
    assert len(dataset) == 2
    assert [item.id for item in items] == ["bed", "sofa"]
    for item in items:
        assert item.prompts == ("banana", "red bag", "white sheet")
        assert [path.name for path in item.capture.images] == Scene(count=4).names
        truth = dataset.truth(item.id)
        assert list(truth) == [1, 3]
        for view, mask in truth.items():
            np.testing.assert_array_equal(mask, np.stack([masks(view)[name] for name in item.prompts]))
    with pytest.raises(InputError, match="threedovs: no item 'bench', of 2"):
        dataset.truth("bench")


def test_a_scene_alone(root: Path) -> None:
    dataset = ThreeDOVS(root / "sofa")
    assert [item.id for item in dataset] == ["sofa"]
    assert list(dataset.truth("sofa")) == [1, 3]
    with pytest.raises(InputError, match=r"no scenes there\. Expected <scene>/segmentations/classes\.txt"):
        ThreeDOVS(root / "notes")


def test_numbers_count_photos_that_have_no_pose(root: Path) -> None:
    """COLMAP may leave photos out; the numbers of the annotations count them all the same."""
    model = write_colmap(root / "bed" / "sparse" / "0", Scene(count=3))
    data = model.read_bytes()
    for index in (2, 1):  # p000, p001, p002 -> p000, p002, p003
        data = data.replace(f"p00{index}.png".encode(), f"p00{index + 1}.png".encode())
    model.write_bytes(data)
    dataset = ThreeDOVS(root)
    with pytest.raises(InputError, match=r"segmentations/1: there is no photo 1 with a pose, of 3\."):
        dataset.truth("bed")
    (root / "bed" / "segmentations" / "1").rename(root / "bed" / "segmentations" / "2")
    truth = dataset.truth("bed")
    assert list(truth) == [1, 2]
    np.testing.assert_array_equal(truth[1][0], masks(1)["banana"])
    np.testing.assert_array_equal(truth[2][0], masks(3)["banana"])


def test_nothing_of_an_item_depends_on_the_masks(root: Path) -> None:
    def said() -> list[tuple[object, ...]]:
        return [
            (item.id, item.prompts, item.capture.images, item.capture.names, item.capture.report) for item in ThreeDOVS(root)
        ]

    before = said()
    for file in root.glob("*/segmentations/*/*.png"):
        file.write_bytes(b"not read")
    assert said() == before
    assert {field.name for field in dataclasses.fields(Item)} == {"id", "category", "content", "prompts", "up"}


def test_masks_of_another_size_take_the_nearest_pixel(root: Path) -> None:
    drawn = masks(9, 32, 48)["banana"]
    Image.fromarray((drawn * 255).astype(np.uint8)).save(root / "bed" / "segmentations" / "1" / "banana.png")
    found = ThreeDOVS(root).truth("bed")[1][0]
    expected = [[drawn[2 * row + 1, 2 * column + 1] for column in range(24)] for row in range(16)]
    np.testing.assert_array_equal(found, expected)


def test_faults(root: Path) -> None:
    dataset = ThreeDOVS(root)
    folder = root / "bed" / "segmentations"
    Image.new("L", (30, 16)).save(folder / "1" / "banana.png")
    with pytest.raises(InputError, match=r"banana\.png: drawn on 30 x 16 pixels, but the photo has 24 x 16"):
        dataset.truth("bed")
    (folder / "1" / "banana.png").write_bytes(b"x")
    with pytest.raises(InputError, match=r"banana\.png: the photo is damaged"):
        dataset.truth("bed")
    (folder / "1" / "banana.png").unlink()
    with pytest.raises(InputError, match=r"segmentations/1: 1 masks are missing: banana\.png"):
        dataset.truth("bed")
    (folder / "classes.txt").write_text("../../secret\nbanana\n")
    with pytest.raises(InputError, match="leads out of the folder"):
        dataset.truth("bed")
    table = llff_table(Scene(count=4))
    table[0, 0] = np.nan
    np.save(root / "bed" / "poses_bounds.npy", table)
    broken, sound = dataset
    assert isinstance(broken.content, Error)
    with pytest.raises(InputError, match="its pose holds nan"):
        _ = broken.capture
    assert len(sound.capture) == 4
