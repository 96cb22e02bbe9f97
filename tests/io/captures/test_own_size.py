"""Labels as large as the photos: they lie over the photo as it is on the disk, whatever its size, turn and lens."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from capture_files import LENSES, capture_of
from fake_scene import fake_scene
from PIL import Image

from meronym.errors import Error
from meronym.io.archive import read_archive, write_npz
from meronym.io.captures.lenses import distort
from meronym.io.captures.own_size import own_labels
from meronym.io.captures.placement import WayBack, placed_sizes, scaled
from meronym.io.captures.write import save_scene
from meronym.results import Segmentation, ViewLabels
from meronym.types import Capture, PhotoFrame

FRAMES = [
    PhotoFrame("left/a.jpg", 120, 80),
    PhotoFrame("left/b.jpg", 80, 120, 1),
    PhotoFrame("right/a.jpg", 60, 90),
    PhotoFrame("right/a.png", 90, 60, 2),
    PhotoFrame("c.jpg", 33, 47, 3),
]
PROMPTS = ("ball", "left wall", "right wall")


def labels_of(capture: Capture, longest: int = 60) -> ViewLabels:
    """Labels that depend on the direction alone: what is near the axis is a ball, and walls are beside it."""
    canvas, sizes = scaled(capture, longest), placed_sizes(capture, longest)
    score = np.zeros((len(capture), 3, canvas.height, canvas.width), dtype=np.float16)
    for view, (width, height) in enumerate(sizes):
        (fx, _, cx), (_, fy, cy), _ = canvas.intrinsics[view].tolist()
        y, x = np.mgrid[:height, :width] + 0.5
        score[view, :, :height, :width] = scores_of((x - cx) / fx, (y - cy) / fy)
    label = np.where(score.sum(1) > 0.5, score.argmax(1), -1)
    colour = np.ones((*label.shape, 3), dtype=np.float32)
    names = tuple(frame.name for frame in FRAMES)
    size = np.array([[height, width] for width, height in sizes])
    return ViewLabels(names, label, score, colour, colour, np.zeros(len(names), dtype=bool), size, capture)


def scores_of(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Of upright directions; along the upper edge of the walls there is nothing."""
    ball = 1 / (1 + np.exp(60 * (np.hypot(x, y) - 0.15)))
    right = 1 / (1 + np.exp(-60 * x))
    there = 1 / (1 + np.exp(-60 * (y + 0.25)))
    return 0.9 * np.stack([ball, (1 - ball) * (1 - right) * there, (1 - ball) * right * there])


def truth(capture: Capture, view: int) -> np.ndarray:
    """Labels of a photo's own pixels, each by the nearest of many directions that the lens shows there."""
    frame, lens = capture.frame(view), capture.cameras.intrinsics[view]
    grid = torch.stack(torch.meshgrid(torch.linspace(-1, 1, 700), torch.linspace(-1, 1, 700), indexing="xy"), -1).double()
    bent, shown = distort(grid, capture.distortion[view], frame.fisheye)
    pixel = (bent * lens[[0, 1], [0, 1]] + lens[:2, 2]).long()
    inside = shown & (pixel >= 0).all(-1) & (pixel < torch.tensor([frame.width, frame.height])).all(-1)
    x, y = grid[inside].T.numpy()
    for _ in range(frame.turns):
        x, y = -y, x
    score = scores_of(x, y)
    found = np.full((frame.height, frame.width), -2)
    found[pixel[inside][:, 1], pixel[inside][:, 0]] = np.where(score.sum(0) > 0.5, score.argmax(0), -1)
    return found


@pytest.mark.parametrize(("distortion", "fisheye"), LENSES)
def test_labels_lie_over_the_photo_as_it_is(distortion: list[float], fisheye: bool) -> None:
    capture = capture_of(FRAMES, distortion, fisheye)
    views = labels_of(capture)
    for view, frame in enumerate(FRAMES):
        own, expected = own_labels(views, view), truth(capture, view)
        assert own.label.shape == own.score.shape == (frame.height, frame.width)
        _, shown = WayBack.of(capture, view)(torch.zeros(1, *views.size[view]), slice(None))
        known = shown.numpy() & (expected > -2)
        assert known.mean() > 0.6
        assert (own.label == expected)[known].mean() > 0.94, "all but edges"
        assert (own.label[~shown.numpy()] == -1).all()
        assert own.score[own.label >= 0].min() > 0.25


def test_labels_of_photos_that_were_not_made_smaller_are_the_labels() -> None:
    capture = capture_of([replace(frame, turns=0) for frame in FRAMES])
    views = labels_of(capture, 1000)
    for view in range(len(FRAMES)):
        np.testing.assert_array_equal(own_labels(views, view).label, views.label[view][views.shown(view)])


# ---------------------------------------------------------------- the folder


def result_of(capture: Capture) -> Segmentation:
    return replace(fake_scene(PROMPTS, views=1, height=4, width=6), views=labels_of(capture), features=None)


def test_what_is_written_fits_the_photos(tmp_path: Path) -> None:
    folder = save_scene(result_of(capture_of(FRAMES)), tmp_path)
    images = json.loads((folder / "coco.json").read_text())["images"]
    for image, frame in zip(images, FRAMES, strict=True):
        assert (image["file_name"], image["width"], image["height"]) == (frame.name, frame.width, frame.height)
        for prompt in ("ball", "left-wall", "right-wall"):
            with Image.open(folder / "masks" / prompt / f"{frame.name}.png") as mask:
                assert (mask.size, mask.mode) == ((frame.width, frame.height), "1")
    views = json.loads((folder / "scene.json").read_text())["views"]
    assert [view["name"] for view in views] == [frame.name for frame in FRAMES]
    names = ["left/a", "left/b", "right/a.jpg", "right/a.png", "c"]
    assert [view["labels"] for view in views] == [f"labels/{name}.png" for name in names], "two of one name keep their endings"
    for view, frame in zip(views, FRAMES, strict=True):
        with Image.open(folder / view["labels"]) as label, Image.open(folder / view["photo"]) as photo:
            assert label.size == (frame.width, frame.height)
            assert max(photo.size) == min(60, max(label.size))


def test_a_loaded_result_is_written_alike(tmp_path: Path) -> None:
    capture = capture_of(FRAMES, *LENSES[1])
    result = result_of(replace(capture, images=tuple(tmp_path / "in" / frame.name for frame in FRAMES)))
    (tmp_path / "x.npz").write_bytes(write_npz(result, tmp_path))
    loaded = read_archive(tmp_path / "x.npz")
    assert loaded.views is not None
    known = loaded.views.capture
    assert known is not None
    assert known.images == tuple((tmp_path / "in" / frame.name).resolve() for frame in FRAMES)
    assert known.frames == capture.frames
    torch.testing.assert_close(known.distortion, capture.distortion)
    one, two = (save_scene(each, tmp_path / name) for each, name in ((result, "one"), (loaded, "two")))
    for file in ("coco.json", "labels/left/b.png", "masks/ball/c.jpg.png", "masks/ball/transforms.json", "photos/left/b.png"):
        assert (one / file).read_bytes() == (two / file).read_bytes()


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("photo_size", np.zeros((5, 2), dtype=int), r"photo_size: expected 1\.\."),
        ("photo_size", np.full((5, 2), 100_000), "photo_size: .*over 80000000 pixels"),
        ("photo_turns", np.full(5, 4), r"photo_turns: expected 0\.\.3"),
        ("photo_lens", -np.ones((5, 3, 3)), "photo_lens: expected focal lengths above 0"),
        ("photo_pose", np.full((5, 4, 4), np.nan), "photo_pose: expected finite values"),
        ("photo_distortion", np.zeros((5, 6)), r"photo_distortion: expected kind f \[5, 12\]"),
        ("view_size", np.full((5, 2), 61), r"view_size: expected 1\.\.60"),
    ],
)
def test_archives_whose_photos_do_not_fit(name: str, value: np.ndarray, message: str, tmp_path: Path) -> None:
    (tmp_path / "x.npz").write_bytes(write_npz(result_of(capture_of(FRAMES)), tmp_path))
    with np.load(tmp_path / "x.npz") as file:
        arrays = dict(file)
    np.savez(tmp_path / "x.npz", **{**arrays, name: value})
    with pytest.raises(Error, match=rf"x\.npz: {message}"):
        read_archive(tmp_path / "x.npz")


def test_nerfstudio_finds_photos_and_masks(tmp_path: Path) -> None:
    capture = capture_of(FRAMES, *LENSES[1])
    capture = replace(capture, images=tuple(tmp_path / "in" / frame.name for frame in FRAMES))
    folder = save_scene(result_of(capture), tmp_path / "out")
    file = folder / "masks" / "left-wall" / "transforms.json"
    tree = json.loads(file.read_text())
    assert tree["camera_model"] == "OPENCV"
    for frame, about in zip(FRAMES, tree["frames"], strict=True):
        assert (file.parent / about["file_path"]).resolve() == (tmp_path / "in" / frame.name).resolve()
        with Image.open(file.parent / about["mask_path"]) as mask:
            assert mask.size == (about["w"], about["h"]) == (frame.width, frame.height)
        assert about["k1"] == pytest.approx(-0.1)
    bent = save_scene(result_of(capture_of(FRAMES, *LENSES[2])), tmp_path / "rational")
    assert not list(bent.rglob("transforms.json")), "a lens that nerfstudio has no words for"
