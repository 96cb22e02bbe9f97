"""transforms.json from other machines and programs: stale paths, sizes a frame, masks."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from capture_files import Scene, picture, transforms, write
from PIL import Image

from meronym.errors import InputError
from meronym.io.captures.read import advice, photos, read_capture


@pytest.mark.parametrize(
    "place",
    [
        "/home/alice/data/kitchen/images/{}",
        "C:\\Users\\Alice\\kitchen\\images\\{}",
        ".\\images\\{}",
        "../kitchen/images/{}",
        "{}",
        "images_4/{}",
        "file:///tmp/{}",
    ],
)
@pytest.mark.parametrize("ending", [".png", ".jpg", ""])
def test_photos_are_found_beside_the_file_wherever_they_were(place: str, ending: str, tmp_path: Path) -> None:
    tree = transforms(Scene())
    for frame in tree["frames"]:
        frame["file_path"] = place.format(Path(frame["file_path"]).stem + ending)
    write(tmp_path, "transforms").write_text(json.dumps(tree))
    capture = read_capture(tmp_path)
    assert capture.images == tuple(tmp_path / "images" / name for name in Scene().names)
    assert capture.notes == ()


def test_of_photos_of_one_name_the_nearest_to_the_path_is_taken(tmp_path: Path) -> None:
    tree = transforms(Scene(count=2))
    for frame, side in zip(tree["frames"], ("left", "right"), strict=True):
        frame["file_path"] = f"/old/place/{side}/a.png"
        (tmp_path / "images" / side).mkdir(parents=True)
        picture(0, 24, 16).save(tmp_path / "images" / side / "a.png")
    (tmp_path / "transforms.json").write_text(json.dumps(tree))
    assert [frame.name for frame in read_capture(tmp_path).frames] == ["left/a.png", "right/a.png"]


def test_a_missing_photo_is_said_and_the_others_are_used(tmp_path: Path) -> None:
    write(tmp_path, "transforms", Scene(count=5))
    for index in (1, 3):
        (tmp_path / "images" / f"p{index:03d}.png").unlink()
    capture = read_capture(tmp_path)
    assert [path.stem for path in capture.images] == ["p000", "p002", "p004"]
    assert capture.report == {"photos that are missing": 2}
    (note,) = advice(capture)
    assert note == f"2 of 5 photos are missing from {tmp_path}: images/p003.png, images/p001.png. The others are used."
    np.testing.assert_allclose(capture.cameras.world_from_camera, Scene(count=5).poses[[0, 2, 4]], atol=1e-9)


def test_portrait_and_landscape_with_a_lens_a_frame(tmp_path: Path) -> None:
    tree = transforms(Scene(), "transforms_frames")
    write(tmp_path, "transforms").write_text(json.dumps(tree))
    sizes = {"p000.png": (24, 16), "p001.png": (16, 24), "p002.png": (48, 32)}
    for frame in tree["frames"]:
        name = Path(frame["file_path"]).name
        width, height = sizes[name]
        frame |= {"w": width, "h": height, "cx": width / 2, "cy": height / 2, "fl_x": 1.2 * width, "fl_y": 1.2 * width}
        picture(0, width, height).save(tmp_path / "images" / name)
    (tmp_path / "transforms.json").write_text(json.dumps(tree))
    capture = read_capture(tmp_path)
    views = photos(capture, 24)
    assert views.extent.tolist() == [[16, 24], [24, 16], [16, 24]]
    assert views.cameras.intrinsics[:, 0, 0].tolist() == pytest.approx([28.8, 19.2, 28.8])
    assert (views.element == 0).sum((1, 2)).tolist() == [384] * 3


def test_masks_of_frames(tmp_path: Path) -> None:
    tree = transforms(Scene())
    (tmp_path / "masks").mkdir()
    right = np.zeros((16, 24), dtype=bool)
    right[:, 12:] = True
    for frame in tree["frames"]:
        stem = Path(frame["file_path"]).stem
        frame["mask_path"] = f"/old/place/masks/{stem}.png"
        if stem != "p001":
            Image.fromarray(right).save(tmp_path / "masks" / f"{stem}.png")
    write(tmp_path, "transforms").write_text(json.dumps(tree))
    capture = read_capture(tmp_path)
    assert capture.report == {"photos with a mask": 2, "masks that are missing": 1}
    assert "1 of 3 masks (mask_path) are missing" in capture.notes[0]
    views = photos(capture)
    np.testing.assert_array_equal(views.known, [right, np.ones_like(right), right])


def test_lenses_of_several_kinds(tmp_path: Path) -> None:
    tree = transforms(Scene(), "transforms_frames")
    tree["frames"][0] |= {"camera_model": "OPENCV_FISHEYE", "k1": 0.1}
    write(tmp_path, "transforms").write_text(json.dumps(tree))
    capture = read_capture(tmp_path)
    assert [frame.fisheye for frame in capture.frames] == [False, False, True]
    assert capture.distortion[:, 0].tolist() == [0, 0, 0.1]
    colour = photos(capture).colour
    np.testing.assert_allclose(colour[1], np.array(picture(1, 24, 16)) / 255, atol=1e-4)
    assert (colour[2] - torch.from_numpy(np.array(picture(2, 24, 16)) / 255)).abs().max() > 0.02, "straightened"


def test_terms_that_opencv_has_not(tmp_path: Path) -> None:
    write(tmp_path, "transforms").write_text(json.dumps(transforms(Scene()) | {"k4": 0.1}))
    with pytest.raises(InputError, match="k4 without a fisheye lens"):
        read_capture(tmp_path)
    full = transforms(Scene()) | {"k4": 0.1, "k5": 0.2, "camera_model": "FULL_OPENCV"}
    (tmp_path / "transforms.json").write_text(json.dumps(full))
    assert read_capture(tmp_path).distortion[0].tolist() == [0, 0, 0, 0, 0, 0.1, 0.2, 0, 0, 0, 0, 0]
