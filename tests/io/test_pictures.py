"""Films and previews in files."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from fake_scene import fake_scene
from PIL import Image

from meronym.errors import InputError, MissingExtra
from meronym.io.pictures import save_film, save_preview
from meronym.results import Record, Segmentation
from meronym.types import PointCloud

RESULT = fake_scene()


@pytest.fixture(scope="module")
def film() -> np.ndarray:
    """Odd in width and height."""
    colour = (RESULT.views.colour[:, :149, :199] * 255).round().astype(np.uint8)
    return np.concatenate([colour, colour])


def test_gif(film: np.ndarray, tmp_path: Path) -> None:
    path = save_film(film, tmp_path / "film.gif", 12)
    with Image.open(path) as picture:
        assert (picture.n_frames, picture.info["loop"], picture.info["duration"]) == (12, 0, 80)
        for k in (0, 7):
            picture.seek(k)
            assert np.abs(np.asarray(picture.convert("RGB")).astype(int) - film[k]).mean() < 2.5
    assert save_film(film, tmp_path / "again.gif", 12).read_bytes() == path.read_bytes()


def test_mp4(film: np.ndarray, tmp_path: Path) -> None:
    ffmpeg = pytest.importorskip("imageio_ffmpeg", reason="needs the extra video")
    path = save_film(film, tmp_path / "film.mp4", 24)
    command = [ffmpeg.get_ffmpeg_exe(), "-i", str(path), "-f", "rawvideo", "-pix_fmt", "rgb24", "-"]
    read = subprocess.run(command, capture_output=True, check=True)
    frames = np.frombuffer(read.stdout, np.uint8).reshape(12, 150, 200, 3)
    assert re.search(rb"Video: h264 .*yuv420p.* 200x150.* 24 fps", read.stderr)
    for k in (0, 7):
        assert np.abs(frames[k, :149, :199].astype(int) - film[k]).mean() < 6


def test_mp4_without_the_extra(film: np.ndarray, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "imageio_ffmpeg", None)
    with pytest.raises(MissingExtra, match=r"meronym\[video\]"):
        save_film(film, tmp_path / "film.mp4", 24)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "count", "fps", "message"),
    [
        ("a.avi", 2, 10, "Use .gif or .mp4"),
        ("a.gif", 0, 10, "at least one"),
        ("a.gif", 2, 60, "1..50"),
        ("a.mp4", 2, 0, "1..240"),
    ],
)
def test_films_that_cannot_be(film: np.ndarray, tmp_path: Path, name: str, count: int, fps: float, message: str) -> None:
    with pytest.raises(InputError, match=message):
        save_film(film[:count], tmp_path / name, fps)


def test_a_preview_of_a_result_without_labels(tmp_path: Path) -> None:
    cloud = PointCloud(np.random.default_rng(0).normal(size=(50, 3)))
    record = Record("lift", {"up_axis": [0.0, 0.0, 1.0]})
    nothing = Segmentation(np.full(50, -1), np.zeros((50, 1)), np.zeros(50, bool), ("leg",), cloud, record)
    with Image.open(save_preview(nothing, tmp_path / "p.png", size=64)) as picture:
        assert picture.size[0] == 4 * 64
    assert [path.name for path in tmp_path.iterdir()] == ["p.png"]
