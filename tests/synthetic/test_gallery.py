"""The contact sheet of kinds."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from meronym.errors import InputError
from meronym_synthetic.gallery import save_gallery


def test_a_sheet_shows_every_kind_in_the_colours_of_its_parts(tmp_path: Path) -> None:
    said: list[tuple[str, int, int, str]] = []
    save_gallery(tmp_path / "one.png", ["chair"], size=160)
    path = save_gallery(tmp_path / "three.png", ["chair", "cup", "dog"], size=160, progress=lambda *step: said.append(step))
    one, three = (np.asarray(Image.open(file)).astype(int) for file in (tmp_path / "one.png", path))
    assert one.shape[1] * 2 == three.shape[1], "two columns"
    assert (three[: one.shape[0] - 20, : one.shape[1]] == one[:-20]).all(), "the chair comes first"
    pictures = [three[10:170, x + 10 : x + 170] for x in (0, one.shape[1])]
    assert all(0.1 < (np.ptp(picture, axis=2) > 60).mean() < 0.9 for picture in pictures), "coloured, on white"
    assert [(done, name) for _, done, _, name in said[:3]] == [(0, "chair"), (1, "cup"), (2, "dog")]
    assert said[-1][1:3] == (3, 3)


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    files = [save_gallery(tmp_path / f"{index}.png", ["car"], seed, 160) for index, seed in enumerate((0, 0, 1))]
    first, again, other = (file.read_bytes() for file in files)
    assert first == again != other


def test_bad_requests_name_the_cure(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"gallery: no kind is called 'rocking_chair'\. Kinds: .*rocking chair"):
        save_gallery(tmp_path / "sheet.png", ["rocking_chair"])
    with pytest.raises(InputError, match="at least 160 pixels, which the names need, got 8"):
        save_gallery(tmp_path / "sheet.png", ["chair"], size=8)
    assert not list(tmp_path.iterdir())
