"""Poses of photos that have none: found, found again, gone on with after a kill, and refused with the reason."""

from __future__ import annotations

import json
import shutil
import sys
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import torch
from jaxtyping import Float
from PIL import Image

from meronym.core.cameras import look_at
from meronym.errors import InputError, MissingExtra
from meronym.io.captures import sfm
from meronym.io.captures.colmap import read_colmap
from meronym.io.captures.sfm import register
from meronym.io.limits import DEFAULT
from meronym.render import TorchRenderer
from meronym.types import Cameras, Mesh

WIDTH, HEIGHT, COUNT = 320, 240, 6


def relief() -> Mesh:
    """Uneven ground of small squares in random greys."""
    rng, side = np.random.default_rng(0), 70
    x, y = np.meshgrid(*2 * [np.linspace(-1.5, 1.5, side + 1)], indexing="ij")
    z = 0.25 * np.sin(3 * x) * np.cos(2 * y) + 0.3 * np.exp(-6 * (x**2 + y**2))
    corner = np.arange((side + 1) ** 2).reshape(side + 1, side + 1)
    a, b, c, d = (part.ravel() for part in (corner[:-1, :-1], corner[1:, :-1], corner[1:, 1:], corner[:-1, 1:]))
    faces = np.concatenate([np.stack([a, b, c], 1), np.stack([a, c, d], 1)])
    grey = np.tile(rng.uniform(0.05, 0.95, side**2), 2)
    return Mesh(np.stack([x, y, z], 2).reshape(-1, 3), faces, np.repeat(grey, 9).reshape(-1, 3, 3))


@pytest.fixture(scope="module")
def shot() -> tuple[Float[torch.Tensor, "c 3"], list[Image.Image]]:
    """Where the photos were taken from, and the photos."""
    turn = torch.linspace(-0.5, 0.5, COUNT, dtype=torch.float64)
    eye = 2.4 * torch.stack([turn.sin(), -0.5 * turn.cos(), 0.9 * turn.cos()], 1)
    pose = look_at(eye, torch.zeros(3, dtype=torch.float64), torch.tensor([0.0, 0.0, 1.0], dtype=torch.float64))
    lens = torch.tensor([[384.0, 0, WIDTH / 2], [0, 384, HEIGHT / 2], [0, 0, 1]], dtype=torch.float64)
    views = TorchRenderer()(relief(), Cameras(pose, lens.repeat(COUNT, 1, 1), HEIGHT, WIDTH))
    return eye, [Image.fromarray((255 * colour).round().byte().numpy()) for colour in views.colour]


@pytest.fixture
def loose(shot: tuple[torch.Tensor, list[Image.Image]], tmp_path: Path) -> Path:
    """As a phone leaves them: one stored on its side, one smaller, one in another format, names with spaces."""
    pytest.importorskip("pycolmap", reason="pycolmap is not installed (extra poses)")
    folder = tmp_path / "loose"
    folder.mkdir()
    for number, picture in enumerate(shot[1]):
        picture.save(folder / f"IMG {number}.jpg", quality=95)
    tag = Image.Exif()
    tag[0x0112] = 6
    shot[1][1].transpose(Image.Transpose.ROTATE_90).save(folder / "IMG 1.jpg", exif=tag, quality=95)
    (folder / "IMG 2.jpg").unlink()
    shot[1][2].resize((256, 192)).save(folder / "IMG 2ü.webp", quality=95)
    return folder


def contents(model: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in model.iterdir()}


def test_photos_of_mixed_sizes_and_orientations_find_their_places(
    loose: Path, shot: tuple[torch.Tensor, list[Image.Image]], tmp_path: Path
) -> None:
    told: list[tuple[str, int, int]] = []
    work = tmp_path / "work"
    model, note = register(loose, work, lambda stage, done=0, total=0, note="": told.append((stage, done, total)))
    assert note == ""
    assert told[0] == ("copy photos", 0, COUNT), "before anything takes long"
    assert list(dict.fromkeys(stage for stage, *_ in told)) == ["copy photos", "find details", "match photos", "find poses"]
    assert {total for *_, total in told} == {COUNT}
    shots = sorted(read_colmap(model, DEFAULT).shots, key=lambda one: one.path.name)
    assert [one.path for one in shots] == sorted((work / "images").iterdir())
    assert [one.path.name for one in shots] == [file.name for file in sorted(loose.iterdir())]
    assert [(one.lens.width, one.lens.height) for one in shots] == [(320, 240), (320, 240), (256, 192), *3 * [(320, 240)]]
    with Image.open(work / "images" / "IMG 1.jpg") as upright:
        assert (upright.size, 0x0112 in upright.getexif()) == ((320, 240), False)
    eye, found = shot[0].numpy(), np.stack([one.world_from_camera[:3, 3] for one in shots])
    a, b = ((place - place.mean(0)) / np.linalg.norm(place - place.mean(0)) for place in (eye, found))
    assert np.linalg.svd(a.T @ b)[1].sum() > 0.999, "the same places but for a rotation and the scale"
    assert sorted(file.name for file in work.iterdir()) == [".lock", "images", "registration.json", "sparse"], "no database"


class Interrupted(BaseException):
    """Stands in for a kill: nothing in the code catches it."""


def test_an_interrupted_registration_goes_on_to_the_same_poses(loose: Path, tmp_path: Path) -> None:
    whole, work = register(loose, tmp_path / "whole"), tmp_path / "work"

    def stop(at: str, stage: str, done: int = 0, total: int = 0, note: str = "") -> None:
        if stage == at and done > 0:
            raise Interrupted

    for stage in ("copy photos", "find details", "match photos", "find poses"):
        with pytest.raises(Interrupted):
            register(loose, work, partial(stop, stage))
    again = register(loose, work)
    assert contents(again.model) == contents(whole.model)
    shutil.rmtree(work / "images")
    assert register(loose, work) == again, "what is done is not done again"
    (loose / "IMG 5.jpg").unlink()
    assert len(read_colmap(register(loose, work).model, DEFAULT).shots) == COUNT - 1, "other photos are begun anew"


def test_photos_without_a_place_are_named_with_the_reason(loose: Path, tmp_path: Path) -> None:
    Image.new("RGB", (WIDTH, HEIGHT), "grey").save(loose / "blank.png")
    note = register(loose, tmp_path / "work").note
    assert note.startswith(f"1 of {COUNT + 1} photos found no place beside the others. 1 with hardly any detail")
    assert "blank.png. Take sharp photos that overlap by two thirds" in note
    assert register(loose, tmp_path / "work").note == note


def test_a_registration_that_fails_says_why_and_leaves_nothing(tmp_path: Path) -> None:
    pytest.importorskip("pycolmap", reason="pycolmap is not installed (extra poses)")
    (tmp_path / "loose").mkdir()
    for number in range(3):
        noise = np.random.default_rng(number).uniform(0, 255, (60, 80)).astype(np.uint8)
        Image.fromarray(noise).resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC).save(tmp_path / "loose" / f"{number}.png")
    reason = (
        r"loose: of 3 photos none found its place.* 3 that show nothing that another photo shows: 0\.png, 1\.png, 2\.png\. Take"
    )
    with pytest.raises(InputError, match=reason):
        register(tmp_path / "loose", tmp_path / "work")
    assert [file.name for file in (tmp_path / "work").iterdir()] == [".lock"]


def test_what_cannot_be_registered_is_refused_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputError, match=r"0 photos .*at least 3"):
        register(tmp_path / "missing", tmp_path / "none")
    (tmp_path / "loose").mkdir()
    for number in range(3):
        Image.new("RGB", (8, 8)).save(tmp_path / "loose" / f"{number}.png")
    monkeypatch.setitem(sys.modules, "pycolmap", None)
    with pytest.raises(MissingExtra, match=r"pip install 'meronym\[poses\]'"):
        register(tmp_path / "loose", tmp_path / "work")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "images").write_text("precious")
    with pytest.raises(InputError, match="mine: not an empty folder"):
        register(tmp_path / "loose", tmp_path / "mine")
    (tmp_path / "loose" / "1.png").write_bytes(b"no photo")
    with pytest.raises(InputError, match=r"1\.png: the photo is damaged"):
        register(tmp_path / "loose", tmp_path / "work")


def test_two_registrations_in_one_folder_do_not_mix(tmp_path: Path) -> None:
    (tmp_path / "loose").mkdir()
    for number in range(3):
        Image.new("RGB", (8, 8)).save(tmp_path / "loose" / f"{number}.png")
    with sfm._alone(tmp_path / "work"), pytest.raises(InputError, match="work: another process is at work there"):
        register(tmp_path / "loose", tmp_path / "work")


def test_one_lens_for_each_size_and_focal_length(tmp_path: Path) -> None:
    for number, (size, focal) in enumerate([((8, 6), 4.2), ((8, 6), 4.2), ((6, 8), 4.2), ((8, 6), 9.0)]):
        tags = Image.Exif()
        tags[0x010F] = "Phone"
        tags.get_ifd(0x8769)[0x920A] = focal
        Image.new("RGB", size).save(tmp_path / f"{number}.jpg", exif=tags)
    names = {f"{number:06d}.jpg": f"{number}.jpg" for number in range(4)}
    assert [[int(name[:6]) for name in group] for group in sfm._lenses(tmp_path, names)] == [[0, 1], [2], [3]]


def test_the_state_file_of_something_else_is_no_registration(tmp_path: Path) -> None:
    (tmp_path / "registration.json").write_text(json.dumps({"format": "other"}))
    with pytest.raises(InputError, match="not an empty folder"):
        sfm._state(tmp_path)
