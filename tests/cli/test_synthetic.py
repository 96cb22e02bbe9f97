"""`meronym synthetic`: scenes that can be read, and a gallery of kinds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PIL import Image

import meronym


def test_a_scene_is_a_capture_with_names(run: Any, tmp_path: Path) -> None:
    status, out, _ = run("synthetic scenes --out set --scenes 1 --seed 3 --views 2 --width 40 --height 30")
    assert (status, out) == (0, "set/scene_00\n")
    capture = meronym.read(tmp_path / "set" / "scene_00")
    assert isinstance(capture, meronym.Capture)
    assert (len(capture), capture.cameras.width, capture.cameras.height) == (2, 40, 30)
    assert capture.names


def test_a_gallery_is_a_picture(run: Any, tmp_path: Path) -> None:
    status, out, _ = run("synthetic gallery chair table --out kinds.png --size 160")
    assert (status, out) == (0, "kinds.png\n")
    with Image.open(tmp_path / "kinds.png") as picture:
        assert min(picture.size) >= 160
