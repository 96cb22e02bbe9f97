"""A captured scene in photos of many sizes and turns, one of them masked: from the files to label maps that lie over them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from tiny_capture import HEIGHT, NAMES, WIDTH, Colours, hasty, photographed

from meronym.core.cameras import opengl_from_opencv
from meronym.io.captures.read import read_capture
from meronym.results import Segmentation
from meronym.scenes import pipeline
from meronym.types import PointCloud

COUNT = 8


def write_mixed(folder: Path, hidden: tuple[int, int, int] = (0, 0, 255)) -> list[np.ndarray]:
    """The tiny scene in photos that are upright, on their side, large, portraits, and half hidden under a colour.

    Gives the name (index) of each pixel of each, as it is stored; -1 = hidden.
    """
    shot, label = photographed(COUNT)
    (folder / "images").mkdir(parents=True)
    (folder / "masks").mkdir()
    frames, truth = list[dict[str, object]](), list[np.ndarray]()
    for view in range(COUNT):
        pixel, names = (shot.colour[view].numpy() * 255).round().astype(np.uint8), label[view]
        pose, lens = shot.cameras.world_from_camera[view].clone(), (60.0, WIDTH / 2, HEIGHT / 2)
        frame, exif = dict[str, object](), Image.Exif()
        if view in (1, 4):
            pixel, names = (part[:, 10:38].repeat(2, 0).repeat(2, 1) for part in (pixel, names))
            lens = (120.0, 28.0, HEIGHT)
        elif view in (2, 5):  # EXIF 6: turn the pixels clockwise to see them upright
            pixel, names, lens = np.rot90(pixel), np.rot90(names), (60.0, HEIGHT / 2, WIDTH / 2)
            pose[:3, :2] = pose[:3, :2] @ torch.tensor([[0.0, -1.0], [1.0, 0.0]], dtype=torch.float64)
            exif[0x0112] = 6
        elif view == 6:
            pixel, names, lens = pixel.repeat(2, 0).repeat(2, 1), names.repeat(2, 0).repeat(2, 1), (120.0, WIDTH, HEIGHT)
        elif view == 7:
            pixel, names = pixel.copy(), names.copy()
            pixel[:, 24:], names[:, 24:] = hidden, -1
            Image.fromarray(names >= 0).save(folder / "masks" / "7.png")
            frame["mask_path"] = "masks/7.png"
        Image.fromarray(np.ascontiguousarray(pixel)).save(folder / "images" / f"{view}.png", exif=exif)
        frame |= {"file_path": f"images/{view}.png", "transform_matrix": opengl_from_opencv(pose).tolist()}
        frame |= {"w": pixel.shape[1], "h": pixel.shape[0], "fl_x": lens[0], "cx": lens[1], "cy": lens[2]}
        frames.append(frame)
        truth.append(names)
    (folder / "transforms.json").write_text(json.dumps({"frames": frames}))
    return truth


def named(folder: Path, method: str = "lift") -> Segmentation:
    return pipeline.segment(read_capture(folder), NAMES, method=method, teacher=Colours(), size=WIDTH)


def test_labels_lie_over_every_photo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hasty(monkeypatch, steps=150)
    truth = write_mixed(tmp_path / "in")
    result = named(tmp_path / "in")
    assert result.views is not None
    assert result.views.label.shape == (COUNT, 48, WIDTH), "the canvas is as high as the portraits"
    assert result.views.size is not None
    assert result.views.size.tolist() == [[48, 37] if view in (1, 4) else [36, 48] for view in range(COUNT)]
    assert result.record.input == {"source": "in", "photos": 8, "photos turned by EXIF": 2, "photos with a mask": 1}
    out = result.save(tmp_path / "out")
    labels = []
    for view, names in enumerate(truth):
        with Image.open(out / "labels" / f"{view}.png") as picture:
            labels.append(np.asarray(picture).astype(int) - 1)
        assert labels[view].shape == names.shape
    assert (labels[7][:, 25:] == -1).all(), "what is hidden has no name"
    for view in range(COUNT):
        own = truth[view] >= 0
        assert (labels[view][own] == truth[view][own]).mean() > 0.85, f"photo {view}"


def test_what_a_mask_hides_teaches_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hasty(monkeypatch, steps=6)
    answers = []
    for name, colour in (("blue", (0, 0, 255)), ("red", (255, 0, 0))):
        write_mixed(tmp_path / name, colour)
        answers.append(named(tmp_path / name))
    one, two = answers
    assert isinstance(one.shape, PointCloud)
    assert isinstance(two.shape, PointCloud)
    for a, b in ((one.label, two.label), (one.score, two.score), (one.shape.points, two.shape.points)):
        assert a.tobytes() == b.tobytes()


def test_a_field_learns_from_photos_of_many_sizes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hasty(monkeypatch, steps=12)
    write_mixed(tmp_path)
    result = named(tmp_path, "tiny_capture:few_steps")
    assert np.isfinite(result.score).all()
    assert result.views is not None
    for view in range(COUNT):
        height, width = result.views.shown(view)
        assert result.views.label[view, height, width].shape == tuple(result.views.size[view])
        outside = np.ones(result.views.label.shape[1:], dtype=bool)
        outside[height, width] = False
        assert (result.views.label[view][outside] == -1).all()
