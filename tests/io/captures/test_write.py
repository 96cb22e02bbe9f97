"""A scene's answer in a folder: what is read back is what was said, under names that nothing can escape from."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import trimesh
from fake_scene import PROMPTS, fake_scene
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from PIL import Image
from safetensors.numpy import load_file, save_file

from meronym.errors import InputError
from meronym.io.captures.coco import coco, counts
from meronym.io.captures.features import read_features
from meronym.io.captures.own_size import OwnLabels
from meronym.io.captures.write import check_folder, save_scene
from meronym.viz.palette import palette

NASTY = ("../x", "🍋", "كرسي", "con", "a/b\\c", "..", "AB", "a b!")
RESULT = fake_scene()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_scene(RESULT, tmp_path_factory.mktemp("out") / "new" / "scene")


def pixels(path: Path) -> np.ndarray:
    with Image.open(path) as picture:
        return np.asarray(picture)


def contents(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()}


def decoded(text: str, height: int, width: int) -> np.ndarray:
    """A mask from COCO's text, number by number and pixel by pixel."""
    runs, position = list[int](), 0
    while position < len(text):
        value, power = 0, 1
        while True:
            code = ord(text[position]) - 48
            position += 1
            value, power = value + power * (code % 32), 32 * power
            if code < 32:
                break
        if value >= power // 2:
            value -= power
        runs.append(value + (runs[-2] if len(runs) > 2 else 0))
    flat = [k % 2 == 1 for k, run in enumerate(runs) for _ in range(run)]
    return np.array([[flat[x * height + y] for x in range(width)] for y in range(height)])


# ---------------------------------------------------------------- COCO


@given(arrays(bool, array_shapes(min_dims=2, max_dims=2, max_side=40)), st.integers(1, 9), st.integers(1, 9))
def test_compressed_masks_are_what_a_slow_decoder_reads(mask: np.ndarray, tall: int, wide: int) -> None:
    mask = np.kron(mask, np.ones((tall, wide), dtype=bool))
    for corner, height, width in (((0, 0), *mask.shape), ((2, 3), mask.shape[0] + 2, mask.shape[1] + 4)):
        whole = np.zeros((height, width), dtype=bool)
        whole[corner[0] :, corner[1] : corner[1] + mask.shape[1]] = mask
        np.testing.assert_array_equal(decoded(counts(mask, corner, height, width), height, width), whole)


def test_compressed_masks_as_pycocotools_writes_them() -> None:
    mask = np.zeros((6, 5), dtype=bool)
    mask[1:4, 1:3] = mask[5, 4] = True
    assert counts(mask, (0, 0), 6, 5) == "7330:N"


def test_pieces_of_a_prompt() -> None:
    label = np.full((150, 200), -1)
    label[5:15, 10:30], label[20:24, 40:50], label[24:30, 50:60] = 1, 1, 1  # the last two touch at a corner
    label[40, 5], label[30:50, 0:3] = 1, 0
    document = coco(("x", "y"), [("left/a.jpg", OwnLabels(label, np.full((150, 200), 0.75)))])
    assert document["images"] == [{"id": 1, "file_name": "left/a.jpg", "height": 150, "width": 200}]
    one, two, three = document["annotations"]
    assert (one["category_id"], one["area"], one["bbox"]) == (1, 60, [0, 30, 3, 20])
    assert (two["category_id"], two["area"], two["bbox"]) == (2, 200, [10, 5, 20, 10])
    assert (three["category_id"], three["area"], three["bbox"]) == (2, 100, [40, 20, 20, 10])
    assert [each["id"] for each in (one, two, three)] == [1, 2, 3]
    assert {each["score"] for each in (one, two, three)} == {0.75}


def test_the_masks_of_a_photo_are_its_labels(folder: Path) -> None:
    document = json.loads((folder / "coco.json").read_text())
    assert [category["name"] for category in document["categories"]] == list(PROMPTS)
    union = np.full(RESULT.views.label.shape, -1)
    for each in document["annotations"]:
        mask = decoded(each["segmentation"]["counts"], *each["segmentation"]["size"])
        x, y, width, height = each["bbox"]
        assert mask.sum() == mask[y : y + height, x : x + width].sum() == each["area"]
        assert mask[y : y + height, x].any()
        assert mask[y, x : x + width].any()
        union[each["image_id"] - 1][mask] = each["category_id"] - 1
    missed = union != RESULT.views.label
    assert (union[missed] == -1).all()
    assert missed.mean() < 1e-3
    assert [image["file_name"] for image in document["images"]] == list(RESULT.views.names)
    for image in document["images"]:
        assert (image["height"], image["width"]) == RESULT.views.label.shape[1:]


# ---------------------------------------------------------------- the folder


def test_labels_and_scores_of_photos_come_back(folder: Path) -> None:
    summary = json.loads((folder / "scene.json").read_text())
    for view, about in enumerate(summary["views"]):
        assert about["name"] == RESULT.views.names[view]
        assert about["held_out"] == RESULT.views.held_out[view]
        label = RESULT.views.label[view]
        np.testing.assert_array_equal(pixels(folder / about["labels"]), label + 1)
        assert about["shares"] == pytest.approx([(label == k).mean() for k in range(3)], abs=1e-6)
        assert sum(about["shares"]) + about["none"] == pytest.approx(1, abs=1e-5)
        for k, file in enumerate(about["masks"]):
            np.testing.assert_array_equal(pixels(folder / file), label == k)
            assert file == f"masks/{('red-mug', 'lemon', 'blue-teapot')[k]}/{RESULT.views.names[view]}.png"
        for k, file in enumerate(about["relevancy"]):
            np.testing.assert_allclose(pixels(folder / file) / 255, RESULT.views.score[view, k], atol=0.501 / 255)
        np.testing.assert_allclose(pixels(folder / about["photo"]) / 255, RESULT.views.colour[view], atol=0.501 / 255)
        np.testing.assert_allclose(pixels(folder / about["rendered"]) / 255, RESULT.views.rendered[view], atol=0.501 / 255)
    with Image.open(folder / summary["views"][0]["labels"]) as picture:
        colours = picture.getpalette()
    assert colours is not None
    assert np.reshape(colours, (-1, 3))[1:4].tolist() == palette(3).tolist()
    assert summary["record"] == RESULT.record.as_dict()


def test_scene_json_lists_all_files_and_comes_last(folder: Path) -> None:
    files = json.loads((folder / "scene.json").read_text())["files"]
    assert sorted([*files, "scene.json"]) == sorted(contents(folder))
    assert max(contents(folder), key=lambda file: (folder / file).stat().st_mtime_ns) == "scene.json"


def test_the_contact_sheet_shows_photos_and_colours_of_labels(folder: Path) -> None:
    sheet = pixels(folder / "contact_sheet.png")
    assert sheet.shape[0] > 6 * 200
    assert sheet.shape[1] > 6 * 300
    for colour in palette(3):
        assert (sheet == colour).all(2).sum() > 200


def test_objects_and_points(folder: Path) -> None:
    cloud = RESULT.shape
    for k, name in enumerate(("red-mug", "lemon", "blue-teapot")):
        mine, read = RESULT.label == k, trimesh.load(folder / "objects" / f"{name}.ply")
        np.testing.assert_allclose(read.vertices, cloud.points[mine], atol=1e-6)
        np.testing.assert_allclose(read.colors[:, :3] / 255, cloud.colour[mine], atol=0.501 / 255)
    np.testing.assert_allclose(trimesh.load(folder / "points.ply").vertices, cloud.points)


def test_the_same_bytes_twice(folder: Path, tmp_path: Path) -> None:
    assert contents(save_scene(fake_scene(), tmp_path / "again")) == contents(folder)


def test_names_of_files_lead_nowhere(tmp_path: Path) -> None:
    """Prompts become slugs, and so do photos whose names are none that every system has."""
    small = fake_scene(NASTY, views=3, height=20, width=30)
    photos = ("../../up", "left/صورة 1.jpg", "a:b")
    result = replace(small, views=replace(small.views, names=photos))
    save_scene(result, tmp_path / "deep" / "out")
    assert [file for file in tmp_path.rglob("*") if file.is_file() and "out" not in file.parts] == []
    files = list(contents(tmp_path / "deep" / "out"))
    assert len(files) == 3 * (4 + 2 * len(NASTY)) + 3 + 6
    plain = {file.replace("left/صورة 1.jpg", "").replace("left/صورة 1", "") for file in files}
    assert all(set(file) <= set("abcdefghijklmnopqrstuvwxyz0123456789-_./") for file in plain), files
    assert "labels/left/صورة 1.png" in files
    assert {file for file in files if file.startswith("masks/ab/")} == {
        "masks/ab/" + name for name in ("up.png", "a-b.png", "left/صورة 1.jpg.png")
    }
    summary = json.loads((tmp_path / "deep" / "out" / "scene.json").read_text())
    assert tuple(prompt["prompt"] for prompt in summary["prompts"]) == NASTY
    assert tuple(view["name"] for view in summary["views"]) == photos


def test_a_prompt_that_names_nothing(tmp_path: Path) -> None:
    save_scene(fake_scene((*PROMPTS, "unicorn"), views=2, height=20, width=30), tmp_path)
    assert not (tmp_path / "objects" / "unicorn.ply").exists()
    summary = json.loads((tmp_path / "scene.json").read_text())
    assert (summary["prompts"][3]["points"], summary["prompts"][3]["object"]) == (0, None)
    assert summary["points"]["shares"][3] == summary["pixels"]["shares"][3] == 0


def test_more_prompts_than_a_palette_holds(tmp_path: Path) -> None:
    result = fake_scene(tuple(f"thing {k}" for k in range(300)), views=1, height=4, width=6)
    label = np.arange(24).reshape(1, 4, 6) * 13 - 1
    save_scene(replace(result, views=replace(result.views, label=label)), tmp_path)
    np.testing.assert_array_equal(pixels(tmp_path / "labels" / "IMG_3017.png"), label[0] + 1)


def test_nothing_reconstructed(tmp_path: Path) -> None:
    small = fake_scene(views=1, height=20, width=30)
    cloud = replace(small.shape, points=np.zeros((0, 3)), colour=np.zeros((0, 3)))
    nothing = {"label": small.label[:0], "score": small.score[:0], "seen": np.ones(0, bool)}
    save_scene(replace(small, shape=cloud, features=None, **nothing), tmp_path)
    summary = json.loads((tmp_path / "scene.json").read_text())
    assert summary["points"] == {"file": "points.ply", "count": 0, "shares": [0, 0, 0], "none": 0}
    assert not (tmp_path / "features.safetensors").exists()


def test_an_earlier_result_is_replaced_and_nothing_else(tmp_path: Path) -> None:
    small = fake_scene(views=2, height=20, width=30)
    save_scene(small, tmp_path)
    (tmp_path / "labels" / "mine.png").write_bytes(b"mine")
    listed = json.loads((tmp_path / "scene.json").read_text())
    outside = tmp_path.parent / "outside.png"
    outside.write_bytes(b"outside")
    (tmp_path / "scene.json").write_text(json.dumps({**listed, "files": [*listed["files"], "../outside.png", str(outside), 7]}))
    save_scene(replace(fake_scene(("red mug", "lime"), views=1, height=20, width=30), features=None), tmp_path)
    files = set(contents(tmp_path))
    assert outside.exists()
    assert "objects/lime.ply" in files
    assert not files & {
        "objects/lemon.ply",
        "labels/IMG_3018.png",
        "relevancy/IMG_3017_lemon.png",
        "masks/lemon/IMG_3017.jpg.png",
        "features.safetensors",
    }
    assert files == {*json.loads((tmp_path / "scene.json").read_text())["files"], "scene.json", "labels/mine.png"}


@pytest.mark.parametrize("text", ["{}", "[]", "not json", '{"format": "meronym.scene"}', "[" * 100_000])
def test_somebody_elses_scene_json_is_left_alone(tmp_path: Path, text: str) -> None:
    (tmp_path / "scene.json").write_text(text)
    with pytest.raises(InputError, match="not overwritten"):
        save_scene(RESULT, tmp_path)
    assert contents(tmp_path) == {"scene.json": text.encode()}


def test_places_that_cannot_be_used(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(InputError, match="Choose another folder"):
        save_scene(RESULT, tmp_path / "file")
    with pytest.raises(InputError, match="Choose another folder"):
        check_folder(tmp_path / "file" / "below")
    with pytest.raises(InputError, match="Choose another folder"):
        check_folder(Path("a\0b"))
    with pytest.raises(InputError, match="overwrite the input"):
        check_folder(tmp_path, source=tmp_path)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_folder(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(InputError, match="read-only"):
            save_scene(RESULT, tmp_path)
    finally:
        tmp_path.chmod(0o700)


def test_a_full_disk_leaves_no_scene_json(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small = fake_scene(views=2, height=20, width=30)
    save_scene(small, tmp_path)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(InputError, match="No space left"):
        save_scene(small, tmp_path)
    assert contents(tmp_path) == {}


# ---------------------------------------------------------------- features


@pytest.mark.parametrize("kind", [np.float16, np.float32])
def test_features_come_back(tmp_path: Path, kind: type) -> None:
    small = fake_scene(views=1, height=20, width=30)
    given = replace(small.features, point=small.features.point.astype(kind))
    save_scene(replace(small, features=given), tmp_path)
    features, cloud, prompts, record = read_features(tmp_path / "features.safetensors")
    assert features.point.dtype == kind
    np.testing.assert_array_equal(features.point, given.point)
    np.testing.assert_array_equal(features.basis, given.basis.astype(np.float32))
    np.testing.assert_array_equal(cloud.points, small.shape.points)
    np.testing.assert_allclose(cloud.colour, small.shape.colour, atol=1e-6)
    assert (prompts, record) == (PROMPTS, small.record)


def damaged(folder: Path, target: Path, **changes: np.ndarray | None) -> Path:
    """The features again, with some arrays changed or taken away."""
    content = (folder / "features.safetensors").read_bytes()
    size = int.from_bytes(content[:8], "little")
    arrays = {**load_file(folder / "features.safetensors"), **changes}
    metadata = json.loads(content[8 : 8 + size])["__metadata__"]
    save_file({name: array for name, array in arrays.items() if array is not None}, target, metadata)
    return target


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"basis": None}, "basis: missing"),
        ({"position": None, "point": None}, "point, position: missing"),
        ({"basis": np.zeros((5, 16), np.float32)}, r"point: expected floats of shape \(1200, 5\)"),
        ({"basis": np.zeros(4, np.float32)}, "basis: expected floats"),
        ({"point": np.zeros((1200, 4), np.int32)}, "point: expected floats"),
        ({"point": np.full((1200, 4), np.nan, np.float32)}, "point: expected finite"),
        ({"colour": np.zeros((3, 3), np.float32)}, r"colour: expected floats of shape \(1200, 3\)"),
        ({"position": np.zeros((), np.float32)}, "expected floats"),
    ],
)
def test_features_that_do_not_fit(folder: Path, tmp_path: Path, changes: dict[str, np.ndarray], message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_features(damaged(folder, tmp_path / "x.safetensors", **changes))


def test_files_that_are_no_features(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "x.safetensors"
    with pytest.raises(InputError, match=r"x\.safetensors"):
        read_features(path)
    save_file({"point": np.zeros((2, 2), np.float32)}, path)
    with pytest.raises(InputError, match=r"not a meronym\.features file"):
        read_features(path)
    for metadata in ("[]", "{", "null", "[" * 100_000):
        save_file({"point": np.zeros((2, 2), np.float32)}, path, {"meronym": metadata})
        with pytest.raises(InputError, match=r"x\.safetensors: not"):
            read_features(path)


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_damaged_features_are_input_errors(data: st.DataObject, tmp_path_factory: pytest.TempPathFactory) -> None:
    target = tmp_path_factory.getbasetemp() / "damaged.safetensors"
    if not hasattr(test_damaged_features_are_input_errors, "content"):
        small = save_scene(fake_scene(views=1, height=20, width=30), tmp_path_factory.mktemp("small"))
        test_damaged_features_are_input_errors.content = (small / "features.safetensors").read_bytes()
    content = bytearray(test_damaged_features_are_input_errors.content)
    for _ in range(data.draw(st.integers(0, 4))):
        content[data.draw(st.integers(0, 900))] = data.draw(st.integers(0, 255))
    target.write_bytes(content[: data.draw(st.sampled_from([len(content), 0, 7, 8, 100, len(content) - 1]))])
    with suppress(InputError):
        features, cloud, _, _ = read_features(target)
        assert np.isfinite(features.point).all()
        assert len(cloud.points) == len(features.point)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"record": {"teacher": {"name": "builtin"}}}, r"record\.method: expected text, got None\. Give the features"),
        ({"record": None}, r"record: expected an object, got None"),
        ({"record": {"method": "lift", "teacher": "builtin"}}, r"record\.teacher: expected dict, got 'builtin'"),
        ({"record": {"method": "lift", "machine": {"torch": 2}}}, r"record\.machine\.torch: expected str, got 2"),
        ({"prompts": "mug"}, r"prompts: expected a list of words, got 'mug'"),
    ],
)
def test_what_features_state_of_themselves(values: dict[str, object], message: str, folder: Path, tmp_path: Path) -> None:
    arrays = load_file(folder / "features.safetensors")
    known = {"format": "meronym.features", "version": 1, "prompts": ["mug"], "record": {"method": "lift"}}
    save_file(arrays, tmp_path / "x.safetensors", {"meronym": json.dumps(known)})
    assert read_features(tmp_path / "x.safetensors").record.method == "lift"
    save_file(arrays, tmp_path / "x.safetensors", {"meronym": json.dumps({**known, **values})})
    with pytest.raises(InputError, match=rf"x\.safetensors: {message}"):
        read_features(tmp_path / "x.safetensors")
