"""Students: aligned to a collection, interrupted, mixed with labels, used for other words and without a teacher."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from fakes import Raising, Shelf, Tinted, shape_of
from safetensors.torch import load_file, save_file
from torch import Tensor

from meronym import registry
from meronym.core import geometry
from meronym.datasets import Item
from meronym.errors import InputError, PluginError, WeightsError
from meronym.methods.part_distill import PartDistill
from meronym.progress import Progress
from meronym.protocols import Teacher
from meronym.results import Segmentation
from meronym.shapes import pipeline, pretraining
from meronym.shapes.pretraining import TrainedStudent
from meronym.students.head import load, save
from meronym.teachers.oracle import OracleDetector, OracleTeacher
from meronym.types import Mesh, PointCloud, Regions, Relevancy, Shape, Views

Y = (0.0, 1.0, 0.0)
QUICK = PartDistill(epochs=3, steps=4, points=256, batch=128)
THOROUGH = replace(QUICK, epochs=6, steps=8)
pytestmark = pytest.mark.usefixtures("small_views")


class Counting(Tinted):
    """Counts the calls of another teacher."""

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


def noted(told: list[tuple[str, int, int, str]]) -> Progress:
    def progress(stage: str, done: int = 0, total: int = 0, note: str = "") -> None:
        told.append((stage, done, total, note))

    return progress


def sizes(mesh: Mesh, *scales: float) -> list[Item]:
    """The same thing in several sizes and proportions, so that one oracle knows them all."""
    stretched = [replace(mesh, vertices=mesh.vertices * [1.0, scale, scale]) for scale in scales]
    return [Item(f"{scale}", "shovel", shape, (), Y) for scale, shape in zip(scales, stretched, strict=True)]


def train(out: Path, items: Sequence[Item], prompts: Sequence[str], teacher: Teacher, **changes: Any) -> Path:
    given = {"backbone": "geometry", "views": 2, "training": QUICK, "category": "shovel", "device": "cpu", **changes}
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
    student = train(tmp_path, sizes(mesh, 1.0, 1.2), names, OracleTeacher(label, cell=4), training=THOROUGH)
    assert student == tmp_path / "student.safetensors"
    told: list[tuple[str, int, int, str]] = []
    new = sizes(mesh, 0.9)[0].shape
    result = pipeline.segment(new, student=student, teacher=Raising(), up=Y, progress=noted(told))
    assert agreement(result, label) > 0.9
    assert result.prompts == names
    assert result.seen.all()
    record = result.record
    assert record.teacher is None
    assert record.method == "student"
    assert record.student is not None
    assert record.student["teacher"]["name"] == "oracle"
    assert record.student["shapes"] == 2
    assert record.student["failures"] == {}
    assert len(record.student["sha256"]) == 64
    assert record.settings["views"] == 2
    assert record.settings["category"] == "shovel"
    stages = {stage for stage, *_ in told}
    assert "teacher" not in stages
    assert "render" not in stages, "a student of the geometry needs no picture"
    assert json.loads(json.dumps(record.as_dict()))


def test_a_student_of_points_names_points(shovel: Any, tmp_path: Path) -> None:
    mesh, label, names = shovel
    points, face = geometry.sample_surface(mesh, 600, torch.Generator().manual_seed(0))
    items = [Item("cloud", "shovel", PointCloud(points), (), Y)]
    student = train(tmp_path, items, names, OracleTeacher(label[face], cell=4), training=THOROUGH, views=4)
    assert agreement(ask(PointCloud(points), student), label[face]) > 0.85


def test_image_features_are_those_of_the_default_encoder(shovel: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mesh, label, names = shovel
    monkeypatch.setitem(registry._BUILT_IN["encoders"], "dinov2", "fakes:Sighted")
    student = train(tmp_path, sizes(mesh, 1.0), names, OracleTeacher(label, cell=4), backbone="lifted", training=THOROUGH)
    result = ask(mesh, student)
    assert result.record.student["backbone"] == "lifted"
    assert agreement(result, label) > 0.6
    monkeypatch.setitem(registry._BUILT_IN["encoders"], "dinov2", "fakes:Wider")
    with pytest.raises(InputError, match="learned from 5 numbers an element, here are 10: oracle brings features of its own"):
        ask(mesh, student)


def test_settings_reach_the_student(shovel: Any, tmp_path: Path) -> None:
    mesh, label, names = shovel
    told: list[tuple[str, int, int, str]] = []
    items, teacher = sizes(mesh, 1.0, 1.2), OracleTeacher(label, cell=8)
    first = train(tmp_path / "a", items, names, teacher, progress=noted(told))
    assert told[:2] == [("shapes", 0, 2, "1.0"), ("shapes", 1, 2, "1.2")]
    assert [stage[:3] for stage in told[2:]] == [("distil", 1, 3), ("distil", 2, 3), ("distil", 3, 3)]
    assert load(first)[1]["settings"]["epochs"] == 3
    assert load(first)[1]["settings"]["backbone"] == load(first)[1]["backbone"] == "geometry"
    assert load(first)[1]["device"] == "cpu"
    other = train(tmp_path / "b", items, names, teacher, training=replace(QUICK, seed=1))
    assert tensors(first) != tensors(other)
    by_name = train(tmp_path / "c", items, names, teacher, settings={"part-distill.seed": "1"})
    assert tensors(by_name) == tensors(other)
    paper = train(
        tmp_path / "paper", items, names, teacher, training=PartDistill(epochs=2),
        settings={"part-distill.preset": "paper", "part-distill.backbone": "geometry"},
    )  # fmt: skip
    kept = load(paper)[1]["settings"]
    assert (kept["head"], kept["targets"], kept["epochs"], kept["backbone"]) == ("paper", "votes", 2, "geometry")
    assert kept["backward"] is True
    assert load(first)[1]["settings"]["backward"] is False, "it learned from probabilities, and there were no regions to score"
    with pytest.raises(InputError, match=r"clip\.tokens: expected .* with a name among part-distill, geometry\."):
        train(tmp_path / "d", items, names, teacher, settings={"clip.tokens": 3})
    with pytest.raises(InputError, match="part-distill: no setting speed; there are backbone, epochs"):
        train(tmp_path / "d", items, names, teacher, settings={"part-distill.speed": 3})


# -------------------------------------------------------------------------------------------------------- interruptions


def stop_at(epoch: int) -> Progress:
    """A progress bar that somebody interrupts."""

    def progress(stage: str, done: int = 0, total: int = 0, note: str = "") -> None:
        if (stage, done) == ("distil", epoch):
            raise KeyboardInterrupt

    return progress


@pytest.mark.parametrize("kind", ["dense", "detector"])
def test_an_interrupted_training_goes_on_to_the_same_bytes(shovel: Any, tmp_path: Path, kind: str) -> None:
    mesh, label, names = shovel
    oracle = OracleTeacher(label, cell=8) if kind == "dense" else OracleDetector(label, rename=0.3, boxes=False)
    items = sizes(mesh, 1.0, 1.2, 1.4)
    whole = train(tmp_path / "whole", items, names, oracle)
    teacher = Counting(oracle)
    told: list[tuple[str, int, int, str]] = []
    with pytest.raises(KeyboardInterrupt):
        train(tmp_path / "parts", items[:2], names, teacher, progress=stop_at(1))
    assert teacher.asked == 2
    for stop in (2, 3):
        with pytest.raises(KeyboardInterrupt):
            train(tmp_path / "parts", items, names, teacher, progress=stop_at(stop))
        assert teacher.asked == 3, "the answers for two shapes are kept"
    assert not (tmp_path / "parts" / "student.safetensors").exists()
    finished = train(tmp_path / "parts", items, names, teacher, progress=noted(told))
    assert next(done for stage, done, *_ in told if stage == "distil") == 3
    assert teacher.asked == 3
    assert finished.read_bytes() == whole.read_bytes()
    again = train(tmp_path / "parts", items, names, teacher, progress=stop_at(1))
    assert again.read_bytes() == whole.read_bytes()


@pytest.mark.parametrize(
    "change",
    [{"views": 3}, {"category": "spade"}, {"training": replace(QUICK, points=200)}, {"training": replace(QUICK, seed=1)}],
    ids=["views", "category", "points", "seed"],
)
def test_the_example_of_another_question_is_not_taken(shovel: Any, tmp_path: Path, change: dict[str, Any]) -> None:
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
    told: list[tuple[str, int, int, str]] = []
    student = train(tmp_path, [broken, *sizes(mesh, 1.0), flat], names, OracleTeacher(label, cell=8), progress=noted(told))
    record = load(student)[1]
    assert record["failures"]["flat.obj"].startswith("InputError: expected a shape with some extent")
    assert record["shapes"] == 1
    assert record["failures"].keys() == {"broken.obj", "flat.obj"}
    assert record["failures"]["broken.obj"] == "InputError: cut short"
    done = [(number, note) for stage, number, total, note in told if (stage, total) == ("shapes", 3)]
    assert done == [(0, "broken.obj"), (1, "1.0"), (2, "flat.obj")], "as many as a bar has steps"
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


@pytest.fixture(scope="module")
def small(shovel: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of some student."""
    mesh, label, names = shovel
    return train(tmp_path_factory.mktemp("small"), sizes(mesh, 1.0), names, OracleTeacher(label, cell=8))


def altered(student: Path, file: Path, **fields: Any) -> Path:
    """The file of a student with other values in some fields of its record."""
    network, record = load(student)
    return save(network, file, {key: value for key, value in {**record, **fields}.items() if value is not ...})


def test_a_file_names_registered_backbones_only(
    shovel: Any, small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Opening a file never imports a module that it names, though one lies beside it."""
    (tmp_path / "beside.py").write_text("raise SystemExit('imported')\n")
    monkeypatch.syspath_prepend(tmp_path)
    for number, name in enumerate(("os:abort", "antigravity:fly", "beside:Backbone", "fakes:Imported", "eyes")):
        before = set(sys.modules)
        file = altered(small, tmp_path / f"{number}.safetensors", backbone=name)
        with pytest.raises(PluginError, match=rf"^{number}\.safetensors: names the student '{name}', which is not registered"):
            ask(shovel[0], file)
        assert set(sys.modules) == before
    mine = TrainedStudent.load(altered(small, tmp_path / "mine.safetensors", backbone="fakes:Mine"), backbone="geometry")
    assert agreement(pipeline.segment(shovel[0], student=mine, up=Y), shovel[1]) == agreement(ask(shovel[0], small), shovel[1])


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("backbone", ...), ("backbone", ["os", "abort"]), ("views", ...), ("views", 0), ("views", 10**9), ("views", "two"),
        ("category", 7), ("teacher", ...), ("teacher", {}),
    ],
)  # fmt: skip
def test_a_field_that_cannot_be_used_is_named(shovel: Any, small: Path, tmp_path: Path, field: str, value: Any) -> None:
    with pytest.raises(WeightsError, match=rf"odd\.safetensors: record\.{field}: .* is not what `meronym pretrain` writes"):
        ask(shovel[0], altered(small, tmp_path / "odd.safetensors", **{field: value}))


def test_weights_that_are_not_finite_are_named(shovel: Any, small: Path, tmp_path: Path) -> None:
    network, record = load(small)
    network.net[3].bias.data[5] = torch.nan
    with pytest.raises(WeightsError, match=r"nan\.safetensors: net\.3\.bias: expected finite numbers"):
        ask(shovel[0], save(network, tmp_path / "nan.safetensors", record))


def test_a_record_that_is_no_record_is_refused(shovel: Any, small: Path, tmp_path: Path) -> None:
    state, file = load_file(small), tmp_path / "none.safetensors"
    save_file(state, file, {"meronym": json.dumps({"prompts": shovel[2], "open": False, "record": [1]})})
    with pytest.raises(WeightsError, match="not a student that `meronym pretrain` wrote"):
        ask(shovel[0], file)


# --------------------------------------------------------------------------------------------------------------- few-shot


def test_a_few_labelled_shapes_teach_what_the_teacher_does_not_know(shovel: Any, tmp_path: Path) -> None:
    mesh, label, names = shovel
    items, few = sizes(mesh, 1.0, 1.2), sizes(mesh, 1.1)
    labelled = Shelf(few, {few[0].id: label.numpy()})
    teacher = Counting(OracleTeacher(torch.full_like(label, -1), cell=8, confidence=0.5))
    alone = train(tmp_path / "alone", items, names, teacher, training=THOROUGH)
    mixed = train(tmp_path / "mixed", items, names, teacher, labelled=labelled, training=THOROUGH)
    assert teacher.asked == 4, "none is needed for a shape that has labels"
    assert tensors(alone) != tensors(mixed)
    assert (load(alone)[1]["labelled"], load(mixed)[1]["labelled"]) == (0, 1)
    assert agreement(ask(mesh, mixed), label) > max(0.8, agreement(ask(mesh, alone), label) + 0.3)


def test_unknown_labels_teach_nothing(shovel: Any, tmp_path: Path) -> None:
    """-1 means not known, not none of these."""
    mesh, label, names = shovel
    items, few = sizes(mesh, 1.0), sizes(mesh, 1.1)
    half = torch.where(label == 0, -1, label)
    student = train(
        tmp_path, items, names, OracleTeacher(label, cell=4), labelled=Shelf(few, {few[0].id: half.numpy()}), training=THOROUGH
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
    student = train(tmp_path, sizes(mesh, 1.0), names, OracleTeacher(label, cell=4), open_words=True, training=THOROUGH)
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
    with pytest.raises(InputError, match=r"this student knows blade, handle only\. Train one with pretrain --open"):
        ask(mesh, student, ["grip"])


@pytest.mark.parametrize(("prompts", "said"), [([], "none given"), (["leg", "Leg "], "repeats"), ("leg", "list of words")])
def test_bad_prompts_are_explained(shovel: Any, tmp_path: Path, prompts: Any, said: str) -> None:
    with pytest.raises(InputError, match=said):
        train(tmp_path, sizes(shovel[0], 1.0), prompts, Tinted())


def test_the_same_settings_give_the_same_bytes(shovel: Any, tmp_path: Path) -> None:
    mesh, label, names = shovel
    settings = replace(QUICK, seed=3)
    teacher = OracleTeacher(label, cell=8)
    first, second = (
        train(tmp_path / name, sizes(mesh, 1.0, 1.3), names, teacher, training=settings).read_bytes() for name in "ab"
    )
    assert first == second
