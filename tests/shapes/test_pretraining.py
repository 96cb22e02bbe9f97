"""Students: aligned to a collection, interrupted, mixed with labels, asked for other words; and then no teacher is needed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from fakes import Raising, Shelf, Tinted, shape_of
from torch import Tensor

from meronym import registry
from meronym.core import geometry
from meronym.datasets import Item
from meronym.errors import InputError, WeightsError
from meronym.methods.part_distill import DEFAULT, Settings
from meronym.protocols import Teacher
from meronym.results import Segmentation
from meronym.shapes import pipeline, pretraining
from meronym.students.head import load
from meronym.teachers.oracle import OracleDetector, OracleTeacher
from meronym.types import Mesh, PointCloud, Regions, Relevancy, Shape, Views

Y = (0.0, 1.0, 0.0)
QUICK = replace(DEFAULT, epochs=3, steps=4, points=256, batch=128)
THOROUGH = replace(QUICK, epochs=6, steps=8)
pytestmark = pytest.mark.usefixtures("small_views")


class Counting(Tinted):
    """Counts what it is asked, and passes it on."""

    def __init__(self, teacher: Teacher) -> None:
        self.teacher, self.asked = teacher, 0

    def __call__(self, views: Views, prompts: Sequence[str], category: str | None = None) -> Relevancy | Regions:
        self.asked += 1
        return self.teacher(views, prompts, category)

    def describe(self) -> dict[str, Any]:
        return self.teacher.describe()


@pytest.fixture(scope="module")
def shovel() -> tuple[Mesh, Tensor, tuple[str, ...]]:
    return shape_of("shovel")


def sizes(mesh: Mesh, *scales: float) -> list[Item]:
    """The same thing in several sizes and proportions, so that one oracle knows them all."""
    stretched = [replace(mesh, vertices=mesh.vertices * [1.0, scale, scale]) for scale in scales]
    return [Item(f"{scale}", "shovel", shape, (), Y) for scale, shape in zip(scales, stretched, strict=True)]


def train(out: Path, items: Sequence[Item], prompts: Sequence[str], teacher: Teacher, **changes: Any) -> Path:
    given = {"backbone": "geometry", "views": 2, "settings": QUICK, "category": "shovel", **changes}
    return pretraining.pretrain(items, prompts, out, teacher=teacher, **given)


def ask(shape: Shape, student: Path, prompts: Sequence[str] | None = None) -> Segmentation:
    return pipeline.segment(shape, prompts, student=student, teacher=Raising(), up=Y)


def agreement(result: Segmentation, label: Tensor) -> float:
    """Share of the area that has the true label."""
    return float(geometry.element_areas(result.shape)[result.label == label.numpy()].sum())


def tensors(student: Path) -> list[bytes]:
    return [value.numpy().tobytes() for value in load(student)[0].state_dict().values()]


# --------------------------------------------------------------------------------------------------- learning, then naming


def test_a_student_names_parts_of_new_shapes_without_a_teacher(shovel: Any, tmp_path: Path) -> None:
    mesh, label, names = shovel
    student = train(tmp_path, sizes(mesh, 1.0, 1.2), names, OracleTeacher(label, cell=4), settings=THOROUGH)
    assert student == tmp_path / "student.safetensors"
    stages: list[str] = []
    new = sizes(mesh, 0.9)[0].shape
    result = pipeline.segment(new, student=student, teacher=Raising(), up=Y, progress=stages.append)
    assert agreement(result, label) > 0.9
    assert result.prompts == names
    assert result.seen.all()
    record = result.record
    assert "teacher" not in record
    assert "method" not in record
    assert record.student["teacher"]["name"] == "oracle"
    assert record.student["shapes"] == 2
    assert record.student["failures"] == {}
    assert len(record.student["sha256"]) == 64
    assert record.settings["views"] == 2
    assert record.settings["category"] == "shovel"
    assert "look" not in stages
    assert "render" not in stages, "a student of the geometry needs no picture"
    assert json.loads(json.dumps(dict(record)))


def test_a_student_of_points_names_points(shovel: Any, tmp_path: Path) -> None:
    mesh, label, names = shovel
    points, face = geometry.sample_surface(mesh, 600, torch.Generator().manual_seed(0))
    items = [Item("cloud", "shovel", PointCloud(points), (), Y)]
    student = train(tmp_path, items, names, OracleTeacher(label[face], cell=4), settings=THOROUGH, views=4)
    assert agreement(ask(PointCloud(points), student), label[face]) > 0.85


def test_image_features_are_those_of_the_default_encoder(shovel: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mesh, label, names = shovel
    monkeypatch.setitem(registry._BUILT_IN["encoders"], "dinov2", "fakes:Sighted")
    student = train(tmp_path, sizes(mesh, 1.0), names, OracleTeacher(label, cell=4), backbone="lifted", settings=THOROUGH)
    result = ask(mesh, student)
    assert result.record.student["backbone"] == "lifted"
    assert agreement(result, label) > 0.6
    monkeypatch.setitem(registry._BUILT_IN["encoders"], "dinov2", "fakes:Wider")
    with pytest.raises(InputError, match="learned from 5 numbers an element, here are 10: oracle saw with features of its own"):
        ask(mesh, student)


def test_settings_reach_the_student(shovel: Any, tmp_path: Path) -> None:
    mesh, label, names = shovel
    epochs: list[tuple[int, int]] = []
    items, teacher = sizes(mesh, 1.0, 1.2), OracleTeacher(label, cell=8)
    first = train(tmp_path / "a", items, names, teacher, epoch=lambda done, of, loss, agreed: epochs.append((done, of)))
    assert epochs == [(1, 3), (2, 3), (3, 3)]
    assert load(first)[1]["settings"]["epochs"] == 3
    other = train(tmp_path / "b", items, names, teacher, settings=replace(QUICK, seed=1))
    assert tensors(first) != tensors(other)


# -------------------------------------------------------------------------------------------------------- interruptions


def stop_at(epoch: int) -> Any:
    """A progress bar that somebody interrupts."""

    def progress(done: int, of: int, loss: float, agreed: float) -> None:
        if done == epoch:
            raise KeyboardInterrupt

    return progress


@pytest.mark.parametrize("kind", ["dense", "detector"])
def test_an_interrupted_training_goes_on_to_the_same_bytes(shovel: Any, tmp_path: Path, kind: str) -> None:
    mesh, label, names = shovel
    oracle = OracleTeacher(label, cell=8) if kind == "dense" else OracleDetector(label, rename=0.3, boxes=False)
    items = sizes(mesh, 1.0, 1.2, 1.4)
    whole = train(tmp_path / "whole", items, names, oracle)
    teacher, told = Counting(oracle), []
    with pytest.raises(KeyboardInterrupt):
        train(tmp_path / "parts", items[:2], names, teacher, epoch=stop_at(1))
    assert teacher.asked == 2
    for stop in (2, 3):
        with pytest.raises(KeyboardInterrupt):
            train(tmp_path / "parts", items, names, teacher, epoch=stop_at(stop))
        assert teacher.asked == 3, "what was said of two shapes is kept"
    assert not (tmp_path / "parts" / "student.safetensors").exists()
    finished = train(tmp_path / "parts", items, names, teacher, epoch=lambda *epoch: told.append(epoch[0]))
    assert told[0] == 3
    assert teacher.asked == 3
    assert finished.read_bytes() == whole.read_bytes()
    again = train(tmp_path / "parts", items, names, teacher, epoch=stop_at(1))
    assert again.read_bytes() == whole.read_bytes()


@pytest.mark.parametrize(
    "change",
    [{"views": 3}, {"category": "spade"}, {"settings": replace(QUICK, points=200)}, {"settings": replace(QUICK, seed=1)}],
    ids=["views", "category", "points", "seed"],
)
def test_what_was_kept_of_another_question_is_not_taken(shovel: Any, tmp_path: Path, change: dict[str, Any]) -> None:
    mesh, label, names = shovel
    teacher = Counting(OracleTeacher(label, cell=8))
    train(tmp_path, sizes(mesh, 1.0), names, teacher)
    fresh = train(tmp_path / "fresh", sizes(mesh, 1.0), names, teacher, **change)
    assert teacher.asked == 2
    assert train(tmp_path, sizes(mesh, 1.0), names, teacher, **change).read_bytes() == fresh.read_bytes()
    assert teacher.asked == 3


# ------------------------------------------------------------------------------------------------- what cannot be read


def test_shapes_that_cannot_be_read_are_listed(shovel: Any, tmp_path: Path) -> None:
    mesh, label, names = shovel
    broken = Item("broken.obj", "shovel", InputError("cut short"), names)
    flat = Item("flat.obj", "shovel", Mesh(np.zeros((3, 3)), np.array([[0, 1, 2]])), names, Y)
    done: list[str] = []
    student = train(
        tmp_path,
        [broken, *sizes(mesh, 1.0), flat],
        names,
        OracleTeacher(label, cell=8),
        progress=lambda stage, *told: done.extend(told[2:] if stage == "look" else ()),
    )
    record = load(student)[1]
    assert record["failures"]["flat.obj"].startswith("InputError: expected a shape with some extent")
    assert record["shapes"] == 1
    assert record["failures"].keys() == {"broken.obj", "flat.obj"}
    assert record["failures"]["broken.obj"] == "InputError: cut short"
    assert done == ["broken.obj", "1.0", "flat.obj"], "as many as a bar has steps"
    with pytest.raises(InputError, match="none of the 1 shapes can be learned from: InputError: cut short"):
        train(tmp_path / "none", [broken], names, OracleTeacher(label))
    with pytest.raises(InputError, match="none of the 0 shapes can be learned from: no shapes"):
        train(tmp_path / "none", [], names, OracleTeacher(label))


def test_a_teacher_that_fails_is_named(shovel: Any, tmp_path: Path) -> None:
    mesh, _, names = shovel
    with pytest.raises(InputError, match=r"none of the 2 shapes .* PluginError: teacher Raising failed: KeyError: 'logits'"):
        train(tmp_path, sizes(mesh, 1.0, 1.2), names, Raising())


@pytest.mark.parametrize("content", [b"", b"not safetensors", None], ids=["empty", "text", "missing"])
def test_a_file_that_is_no_student_is_refused(shovel: Any, tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "student.safetensors"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(WeightsError, match="not a student that `meronym pretrain` wrote"):
        ask(shovel[0], file)


# --------------------------------------------------------------------------------------------------------------- few-shot


def test_a_few_labelled_shapes_teach_what_the_teacher_does_not_know(shovel: Any, tmp_path: Path) -> None:
    mesh, label, names = shovel
    items, few = sizes(mesh, 1.0, 1.2), sizes(mesh, 1.1)
    labelled = Shelf(few, {few[0].id: label.numpy()})
    teacher = Counting(OracleTeacher(torch.full_like(label, -1), cell=8, confidence=0.5))
    alone = train(tmp_path / "alone", items, names, teacher, settings=THOROUGH)
    mixed = train(tmp_path / "mixed", items, names, teacher, labelled=labelled, settings=THOROUGH)
    assert teacher.asked == 4, "nobody is asked of a shape that has labels"
    assert tensors(alone) != tensors(mixed)
    assert (load(alone)[1]["labelled"], load(mixed)[1]["labelled"]) == (0, 1)
    assert agreement(ask(mesh, mixed), label) > max(0.8, agreement(ask(mesh, alone), label) + 0.3)


def test_unknown_labels_teach_nothing(shovel: Any, tmp_path: Path) -> None:
    """-1 means that nobody says, not that it is none of these."""
    mesh, label, names = shovel
    items, few = sizes(mesh, 1.0), sizes(mesh, 1.1)
    half = torch.where(label == 0, -1, label)
    student = train(
        tmp_path, items, names, OracleTeacher(label, cell=4), labelled=Shelf(few, {few[0].id: half.numpy()}), settings=THOROUGH
    )
    assert agreement(ask(mesh, student), label) > 0.9


# ------------------------------------------------------------------------------------------------------------ other words


class Sentences:
    """A sentence encoder for which no two phrases are alike."""

    def __call__(self, phrases: Sequence[str]) -> Tensor:
        rows = [torch.randn(16, generator=torch.Generator().manual_seed(sum(phrase.encode()))) for phrase in phrases]
        return torch.nn.functional.normalize(torch.stack(rows), dim=1)


def test_an_open_student_can_be_asked_for_other_words(shovel: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mesh, label, names = shovel
    monkeypatch.setattr("meronym.teachers.text.TextEncoder", Sentences)
    student = train(tmp_path, sizes(mesh, 1.0), names, OracleTeacher(label, cell=4), open_words=True, settings=THOROUGH)
    first = ask(mesh, student)
    assert first.prompts == names
    assert agreement(first, label) > 0.9
    turned = ask(mesh, student, [*names[::-1], "umbrella"])
    assert turned.prompts == (*names[::-1], "umbrella")
    assert agreement(turned, 1 - label) > 0.9
    alone = ask(mesh, student, names[:1])
    assert alone.counts()[names[0]] > 0
    assert alone.record.student["prompts"] == list(names)


def test_a_closed_student_knows_its_own_words_only(shovel: Any, tmp_path: Path) -> None:
    mesh, label, names = shovel
    student = train(tmp_path, sizes(mesh, 1.0), names, OracleTeacher(label, cell=8))
    assert ask(mesh, student, names).prompts == names
    with pytest.raises(InputError, match=r"this student knows blade, handle only\. Train one with --open"):
        ask(mesh, student, ["grip"])


@pytest.mark.parametrize(("prompts", "said"), [([], "none given"), (["leg", "Leg "], "repeats"), ("leg", "list of words")])
def test_bad_prompts_are_explained(shovel: Any, tmp_path: Path, prompts: Any, said: str) -> None:
    with pytest.raises(InputError, match=said):
        train(tmp_path, sizes(shovel[0], 1.0), prompts, Tinted())


def test_the_same_settings_give_the_same_bytes(shovel: Any, tmp_path: Path) -> None:
    mesh, label, names = shovel
    settings: Settings = replace(QUICK, seed=3)
    teacher = OracleTeacher(label, cell=8)
    first, second = (
        train(tmp_path / name, sizes(mesh, 1.0, 1.3), names, teacher, settings=settings).read_bytes() for name in "ab"
    )
    assert first == second
