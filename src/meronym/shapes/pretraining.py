"""Pre: one student aligned to a collection of unlabelled shapes, then used without a teacher."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float
from torch import Tensor

from meronym.core.prompts import check_prompts
from meronym.datasets import Dataset, Item
from meronym.errors import Error, InputError
from meronym.io.files import make_folder
from meronym.lifting.observation import Backbone, Observation
from meronym.methods.part_distill import DEFAULT, Example, Progress, Settings, align, example, from_labels, predict
from meronym.progress import Progress as Told
from meronym.progress import silent
from meronym.protocols import Teacher
from meronym.registry import load
from meronym.shapes.observation import observe
from meronym.students.head import Student, save
from meronym.students.head import load as load_student
from meronym.teachers.checked import CheckedTeacher, NoTeacher, load_teacher
from meronym.types import Labelling, PointCloud


def pretrain(
    shapes: Iterable[Item],
    prompts: Sequence[str],
    out: str | Path,
    *,
    category: str | None = None,
    teacher: str | Teacher = "builtin",
    backbone: str = "lifted",
    open_words: bool = False,
    labelled: Dataset | None = None,
    views: int = 10,
    settings: Settings = DEFAULT,
    progress: Told = silent,
    epoch: Progress | None = None,
) -> Path:
    """Align one student to a collection of unlabelled shapes (Pre), and write it to `out`/student.safetensors.

    What the teacher says of a shape is kept in `out`/examples and asked once; a run that was interrupted goes on where it was.
    `labelled` shapes, a few, may be mixed in (few-shot): theirs are the only labels that are ever looked at. Shapes that cannot
    be read are left out and listed in the record. `progress` is told of each shape before it is looked at, `epoch` of training.

    Raises: InputError if nothing can be learned from, or the settings cannot be used.
    """
    words, folder = check_prompts(prompts), Path(out)
    frozen, judge = load("students", backbone)(), CheckedTeacher(load_teacher(teacher))
    about = {"teacher": judge.describe(), "views": views, "prompts": words, "category": category, "backbone": backbone}
    kept = make_folder(folder / "examples")
    examples, failures = [], {}
    for item in shapes:
        progress(item.id)
        try:
            examples.append(_cached_example(item, kept, judge, frozen, about, settings))
        except Error as error:
            failures[item.id] = f"{type(error).__name__}: {error}"
    if not examples:
        raise InputError(
            f"none of the {len(failures)} shapes can be learned from: {next(iter(failures.values()), 'no shapes')}"
        )
    for item in labelled or ():
        progress(item.id)
        observation, _ = observe(item.shape, words, judge, category=category, views=views, up=item.up)
        examples.append(from_labels(observation, frozen(observation), labelled.truth(item.id), settings))  # type: ignore[union-attr]
    directions = _meaning(words) if open_words else None
    student = align(examples, words, settings, directions=directions, state=folder / "state.safetensors", progress=epoch)
    record = {
        **about, "meronym": version("meronym"), "shapes": len(examples), "labelled": 0 if labelled is None else len(labelled),
        "failures": failures, "settings": asdict(settings),
    }  # fmt: skip
    return save(student, folder / "student.safetensors", record)


@dataclass(frozen=True)
class TrainedStudent:
    """A student from a file, as a method; what it sees with is loaded once, for all shapes that it is shown."""

    student: Student
    record: dict[str, Any]
    backbone: Backbone
    judge: CheckedTeacher

    @classmethod
    def load(cls, path: Path) -> TrainedStudent:
        """Raises: WeightsError if the file is damaged, or what the student sees with is not there."""
        student, record = load_student(path)
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        return cls(student, {**record, "sha256": digest}, load("students", record["backbone"])(), CheckedTeacher(NoTeacher()))

    def ask(self, prompts: Sequence[str] | None) -> TrainedStudent:
        """The same, made to answer to other words if they are given.

        Raises: InputError if the student knows no words but its own.
        """
        words = self.student.prompts if prompts is None else check_prompts(prompts)
        if words == self.student.prompts:
            return self
        directions = _meaning(words) if self.student.open else self.student.directions
        return replace(self, student=self.student.with_prompts(words, directions))

    def __call__(self, observation: Observation) -> Labelling:
        features = self.backbone(observation)
        if features.shape[1] != len(self.student.mean):
            raise InputError(
                f"this student learned from {len(self.student.mean)} numbers an element, here are {features.shape[1]}: "
                f"{self.record['teacher']['name']} saw with features of its own. Train it with --backbone geometry."
            )
        return predict(self.student, observation, features)

    @property
    def views(self) -> int:
        """As many as it was trained with."""
        return int(self.record["views"])

    @property
    def category(self) -> str | None:
        """What it was trained on."""
        name: str | None = self.record["category"]
        return name


def _meaning(words: Sequence[str]) -> Float[Tensor, "p t"]:
    """Where the sentence encoder puts words: the directions of an open student."""
    from meronym.teachers.text import TextEncoder

    return TextEncoder()(words)


def _cached_example(
    item: Item, folder: Path, teacher: CheckedTeacher, backbone: Backbone, about: dict[str, Any], settings: Settings
) -> Example:
    """The example of a shape, from the folder if it was made before from the same."""
    shape = item.shape
    content = shape.points if isinstance(shape, PointCloud) else np.concatenate([shape.vertices.ravel(), shape.faces.ravel()])
    how = [version("meronym"), about, item.up, settings.points, settings.targets, settings.seed]
    digest = hashlib.sha256(json.dumps(how).encode() + np.ascontiguousarray(content).tobytes()).hexdigest()
    file = folder / f"{digest[:24]}.safetensors"
    if file.exists():
        return Example.load(file)
    observation, _ = observe(shape, about["prompts"], teacher, category=about["category"], views=about["views"], up=item.up)
    made = example(observation, backbone(observation), settings)
    made.save(file)
    return Example.load(file)  # as it will be when the run is started again: files hold half precision
