"""The built-in teacher on tiny random networks, and the oracle."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from meronym.core import cameras
from meronym.errors import WeightsError
from meronym.render import TorchRenderer
from meronym.teachers.builtin import BuiltinTeacher, load_head
from meronym.teachers.crops import content_boxes
from meronym.teachers.features import PATCH, PatchEncoder
from meronym.teachers.oracle import OracleTeacher
from meronym.teachers.text import TextEncoder
from meronym.types import Mesh, Views

Y = torch.tensor([0.0, 1.0, 0.0])
PLATE = Mesh(np.array([[0.0, 0, 0], [4, 0, 0], [4, 1, 0], [0, 1, 0]]), np.array([[0, 1, 2], [0, 2, 3]]))


def front(size: int = 80) -> Views:
    """A plate four times as wide as high, from the front and from the back."""
    directions = torch.tensor([[0.0, 0, 1], [0, 0, -1]], dtype=torch.float64)
    return TorchRenderer()(PLATE, cameras.frame(PLATE.vertices, directions, Y, size))


def test_boxes_hold_what_is_shown_with_a_margin() -> None:
    views = front()
    x0, y0, x1, y1 = content_boxes(views)[0].int().tolist()
    shown = (views.element[0] >= 0).nonzero()
    top, left, bottom, right = *shown.amin(0).tolist(), *(shown.amax(0) + 1).tolist()
    margin = round(0.05 * (right - left))
    assert [x0, y0, x1, y1] == [max(0, left - margin), top - margin, min(80, right + margin), bottom + margin]
    empty = Views(views.cameras, views.colour, views.depth, torch.full_like(views.element, -1))
    assert content_boxes(empty).tolist() == [[0, 0, 80, 80]] * 2


def test_the_grid_follows_the_aspect_and_is_no_finer_than_the_picture(tiny_teacher: BuiltinTeacher) -> None:
    answer = tiny_teacher(front(400), ["leg"], None)
    height, width = answer.logit[0].shape[1:]
    x0, y0, x1, y1 = answer.box[0].tolist()
    assert height * width == pytest.approx(tiny_teacher.tokens, rel=0.3)
    assert width / height == pytest.approx((x1 - x0) / (y1 - y0), rel=0.25)
    small = tiny_teacher.patches(torch.zeros(70, 84, 3), 10_000)
    assert small.shape == (70 // PATCH, 84 // PATCH, 384)


def test_logits_are_scaled_cosines(tiny_teacher: BuiltinTeacher) -> None:
    answer = tiny_teacher(front(), ["leg", "seat", "back"], "chair")
    assert [grid.shape[0] for grid in answer.logit] == [3, 3]
    assert max(float(grid.abs().max()) for grid in answer.logit) <= float(tiny_teacher.head.log_scale.exp()) * 1.001
    assert all((grid == tiny_teacher.head.none).all() for grid in answer.none)


def test_a_phrase_does_not_depend_on_its_company(tiny_teacher: BuiltinTeacher) -> None:
    together = tiny_teacher.embed(["leg", "a much longer name of a part", "seat"], "chair")
    torch.testing.assert_close(together[:1], tiny_teacher.embed(["leg"], "chair"), atol=1e-5, rtol=0)
    torch.testing.assert_close(together.norm(dim=1), torch.ones(3))
    assert not torch.allclose(together[:1], tiny_teacher.embed(["leg"], None), atol=1e-3), "the category matters"


def test_the_teacher_describes_its_weights(tiny_teacher: BuiltinTeacher) -> None:
    about = tiny_teacher.describe()
    assert about["name"] == "builtin"
    assert [entry["name"] for entry in about["weights"]] == ["dinov2-small", "minilm", "builtin head"]
    assert all(entry["licence"] and len(entry["sha256"]) == 64 for entry in about["weights"])
    assert about["weights"][2]["sha256"] == hashlib.sha256(tiny_teacher.head_path.read_bytes()).hexdigest()
    assert about["training"] == {"kinds": 0}


def test_views_are_embedded_once_for_all_words(tiny_teacher: BuiltinTeacher) -> None:
    views, words = front(), ["leg", "seat"]
    maps, text = tiny_teacher.embed_views(views), tiny_teacher.embed(words, "stool")
    answer = tiny_teacher(views, words, "stool")
    for grid, logit in zip(maps.grid, answer.logit, strict=True):
        torch.testing.assert_close(grid.norm(dim=2), torch.ones(grid.shape[:2]))
        torch.testing.assert_close((grid @ text.T).permute(2, 0, 1) * tiny_teacher.sharpness, logit)


def test_the_head_that_ships_fits_its_networks() -> None:
    head, words, metadata = load_head()
    feature = torch.randn(5, PatchEncoder.dim, generator=torch.Generator().manual_seed(0))
    torch.testing.assert_close(head(feature).norm(dim=1), torch.ones(5))
    assert head(feature).shape[1] == TextEncoder.dim
    assert all(torch.isfinite(value).all() for value in head.state_dict().values())
    assert json.loads(metadata["training"])["kinds"] > 300
    assert len(words.wholes) > 300
    assert words.part_of_phrase[:, 1].unique().tolist() == list(range(len(words.phrase)))
    for embedded in (words.whole, words.part, words.name, words.phrase):
        torch.testing.assert_close(embedded.norm(dim=1), torch.ones(len(embedded)), atol=1e-3, rtol=0)


def test_a_head_with_a_damaged_vocabulary_is_refused(tiny_teacher: BuiltinTeacher, tmp_path: Path) -> None:
    tensors, metadata = load_file(tiny_teacher.head_path), dict(tiny_teacher.metadata)
    save_file(tensors, tmp_path / "bad.safetensors", {**metadata, "vocabulary": "{}"})
    with pytest.raises(WeightsError, match=r"bad\.safetensors: its vocabulary cannot be read"):
        load_head(tmp_path / "bad.safetensors")
    short = {**json.loads(metadata["vocabulary"]), "wholes": ["stool"]}
    save_file(tensors, tmp_path / "short.safetensors", {**metadata, "vocabulary": json.dumps(short)})
    with pytest.raises(WeightsError, match=r"short\.safetensors: its vocabulary has \[1, "):
        load_head(tmp_path / "short.safetensors")


def test_phrases_of_parts_that_are_not_there_are_refused(tiny_teacher: BuiltinTeacher, tmp_path: Path) -> None:
    tensors = load_file(tiny_teacher.head_path)
    tensors["vocabulary.part_of_phrase"][0, 0] = 99
    save_file(tensors, tmp_path / "bad.safetensors", tiny_teacher.metadata)
    with pytest.raises(WeightsError, match=r"bad\.safetensors: its vocabulary names phrases or parts that it lacks"):
        load_head(tmp_path / "bad.safetensors")


def test_a_missing_head_names_the_cure(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match=r"none\.safetensors: the built-in teacher's head is missing\. Reinstall"):
        load_head(tmp_path / "none.safetensors")


def test_a_head_with_other_tensors_is_refused(tiny_teacher: BuiltinTeacher, tmp_path: Path) -> None:
    tensors = load_file(tiny_teacher.head_path)
    del tensors["none"]
    save_file(tensors, tmp_path / "bad.safetensors")
    with pytest.raises(WeightsError, match=r"bad\.safetensors: expected tensors .*'none'.*, found "):
        load_head(tmp_path / "bad.safetensors")


def test_a_file_that_is_no_head_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "torn.safetensors"
    file.write_bytes(b"\x80" * 40)
    with pytest.raises(WeightsError, match=r"torn\.safetensors: "):
        load_head(file)


def test_the_oracle_says_what_is_shown_and_none_elsewhere() -> None:
    views = front()
    answer = OracleTeacher(torch.tensor([1, -1]), cell=8, confidence=5.0)(views, ["a", "b"])
    assert answer.logit[0].shape == (2, 10, 10)
    shown = views.element[:, 4::8, 4::8]
    assert torch.equal(torch.stack(answer.logit)[:, 1] == 5, shown == 0)
    assert torch.equal(torch.stack(answer.none) == 5, shown != 0)
    assert (torch.stack(answer.logit)[:, 0] == 0).all()
    assert answer.box.tolist() == [[0, 0, 80, 80]] * 2
    assert OracleTeacher(torch.tensor([0])).describe()["uses_labels"] is True
