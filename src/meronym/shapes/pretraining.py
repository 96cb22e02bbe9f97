"""Pre: one student aligned to a collection of unlabelled shapes, then used without a teacher."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence, Sized
from dataclasses import asdict, dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor

from meronym.core.device import resolve
from meronym.core.hashing import sha256_of
from meronym.core.prompts import check_prompts
from meronym.datasets import Dataset, Item
from meronym.errors import Error, InputError
from meronym.io.files import make_folder
from meronym.lifting.observation import Backbone, Observation
from meronym.methods.part_distill import Example, PartDistill, align, example, from_labels, predict
from meronym.progress import Progress, silent
from meronym.protocols import Teacher
from meronym.registry import check_settings, create, load_registered
from meronym.shapes.observation import observe
from meronym.students.head import AnyStudent, save
from meronym.students.head import load as load_student
from meronym.teachers.checked import CheckedTeacher, NoTeacher, load_teacher, teacher_names
from meronym.types import Gaussians, Labelling, Mesh


def pretrain(
    shapes: Iterable[Item],
    prompts: Sequence[str],
    out: str | Path,
    *,
    category: str | None = None,
    teacher: str | Teacher = "builtin",
    backbone: str | None = None,
    open_words: bool = False,
    labelled: Dataset | None = None,
    views: int = 10,
    training: PartDistill | None = None,
    settings: Mapping[str, object] | None = None,
    device: str | torch.device = "auto",
    progress: Progress = silent,
) -> Path:
    """Align one student to a collection of unlabelled shapes (Pre), and write it to `out`/student.safetensors.

    The teacher's targets of a shape are kept in `out`/examples, so that an interrupted run goes on where it was. `labelled`
    shapes, a few, may be mixed in (few-shot): theirs are the only labels that take part. Shapes that cannot be read are left
    out and listed in the record. `settings` are those of the training, the backbone and the teacher by name
    ({"part-distill.rate": 1e-3}); they, and `backbone`, override `training`. `progress` gets the stage "shapes" before each
    shape, then "distil" after each epoch.

    Raises: InputError if nothing can be learned from, or the settings cannot be used; PluginError if the teacher or the
    backbone cannot be made; DeviceError if the device is absent.
    """
    words, folder, place = check_prompts(prompts), Path(out), resolve(device)
    chosen = _with_settings(training or PartDistill(), backbone, settings or {})
    check_settings(settings, ("part-distill", chosen.backbone, *teacher_names(teacher)))
    frozen: Backbone = create("students", chosen.backbone, settings, device=place)
    checked = CheckedTeacher(load_teacher(teacher, settings=settings, device=place), device=place)
    about = {
        "teacher": checked.describe(), "views": views, "prompts": words, "category": category, "backbone": chosen.backbone
    }  # fmt: skip
    maker = _Examples(checked, frozen, chosen, about, make_folder(folder / "examples"), place)
    examples, failures = [], {}
    few = 0 if labelled is None else len(labelled)
    total = len(shapes) + few if isinstance(shapes, Sized) else 0
    for index, item in enumerate(shapes):
        progress("shapes", index, total, item.id)
        try:
            examples.append(maker.from_teacher(item))
        except Error as error:
            failures[item.id] = f"{type(error).__name__}: {error}"
    if not examples:
        raise InputError(
            f"none of the {len(failures)} shapes can be learned from: {next(iter(failures.values()), 'no shapes')}"
        )
    if labelled is not None:
        for index, item in enumerate(labelled, len(examples) + len(failures)):
            progress("shapes", index, total, item.id)
            truth = labelled.truth(item.id)
            if not isinstance(truth, np.ndarray):
                raise InputError(f"{item.id}: a student learns from labels of shapes, not from masks of photos. Leave it out.")
            examples.append(maker.from_labels(item, truth))
    directions = _directions(words) if open_words else None
    student = align(examples, words, chosen, directions=directions, state=folder / "state.safetensors", progress=progress)
    record = {
        **about, "meronym": version("meronym"), "shapes": len(examples), "labelled": few, "failures": failures,
        "settings": {**asdict(chosen), "backward": chosen.backward and any(one.votes for one in examples)},
        "device": str(place),
    }  # fmt: skip
    return save(student, folder / "student.safetensors", record)


@dataclass(frozen=True)
class TrainedStudent:
    """A student from a file, as a method; its backbone is loaded once, for all shapes."""

    student: AnyStudent
    record: dict[str, Any]
    """Of its training, with the sha256 of the file."""
    backbone: Backbone
    teacher: CheckedTeacher
    """None that could answer; it brings the encoder that the backbone may need."""

    @classmethod
    def load(cls, path: Path, device: str | torch.device = "cpu", backbone: str | None = None) -> TrainedStudent:
        """Read a file that `pretrain` wrote. `backbone` is for one that is not registered, which a file may not name.

        Raises: WeightsError if the file is damaged, or the weights of the backbone are not there; PluginError if the file
        names a backbone that is not registered; DeviceError if the device is absent.
        """
        place = resolve(device)
        student, record = load_student(path)
        if backbone is None:
            load_registered("students", record["backbone"], file=path.name)
        frozen: Backbone = create("students", backbone or record["backbone"], device=place)
        return cls(student.to(place), {**record, "sha256": sha256_of(path)}, frozen, CheckedTeacher(NoTeacher(), device=place))

    def ask(self, prompts: Sequence[str] | None) -> TrainedStudent:
        """The student for other words, if they are given and it is open.

        Raises: InputError if it is closed: it knows no words but those of its training.
        """
        words = self.student.prompts if prompts is None else check_prompts(prompts)
        if words == self.student.prompts:
            return self
        directions = _directions(words) if self.student.open else torch.empty(len(words), 0)
        return replace(self, student=self.student.with_prompts(words, directions))

    def __call__(self, observation: Observation) -> Labelling:
        features = self.backbone(observation)
        if features.shape[1] != len(self.student.mean):
            raise InputError(
                f"this student learned from {len(self.student.mean)} numbers an element, here are {features.shape[1]}: "
                f"{self.record['teacher']['name']} brings features of its own. Train it with --backbone geometry."
            )
        return predict(self.student, observation, features)

    @property
    def views(self) -> int:
        """Views that each shape of the training was rendered from."""
        return int(self.record["views"])

    @property
    def category(self) -> str | None:
        """Name of the whole in the training."""
        name: str | None = self.record["category"]
        return name


@dataclass(frozen=True)
class _Examples:
    """Makes the examples of shapes."""

    teacher: CheckedTeacher
    backbone: Backbone
    settings: PartDistill
    about: Mapping[str, Any]
    """The part of the student's record that the targets depend on."""
    folder: Path
    """Where those of the teacher are kept."""
    device: torch.device

    def observe(self, item: Item) -> Observation:
        """A shape, ready for the teacher and the backbone."""
        observation, _ = observe(
            item.shape, self.about["prompts"], self.teacher, category=self.about["category"], views=self.about["views"],
            up=item.up, device=self.device,
        )  # fmt: skip
        return observation

    def from_teacher(self, item: Item) -> Example:
        """The example of a shape, from the folder if it was made before from the same shape with the same settings."""
        shape = item.shape
        if isinstance(shape, Mesh):
            content = np.concatenate([shape.vertices.ravel(), shape.faces.ravel()])
        else:
            content = shape.rows if isinstance(shape, Gaussians) else shape.points
        how = [version("meronym"), self.about, item.up, self.settings.points, self.settings.targets, self.settings.seed]
        digest = hashlib.sha256(json.dumps(how).encode() + content.tobytes()).hexdigest()
        file = self.folder / f"{digest[:24]}.safetensors"
        if not file.exists():
            observation = self.observe(item)
            example(observation, self.backbone(observation), self.settings).save(file)
        return Example.load(file).to(self.device)  # read in any case: files hold half precision

    def from_labels(self, item: Item, label: Int[np.ndarray, " n"]) -> Example:
        """The example of a labelled shape."""
        observation = self.observe(item)
        return from_labels(observation, self.backbone(observation), label, self.settings).to(self.device)


def _with_settings(training: PartDistill, backbone: str | None, settings: Mapping[str, object]) -> PartDistill:
    """The training with other settings and another backbone, where they are given; a preset leaves what was chosen as it is."""
    usual = asdict(PartDistill())
    given = {f"part-distill.{name}": value for name, value in asdict(training).items() if value != usual[name]}
    made: PartDistill = create("methods", "part-distill", {**given, **settings})
    return made if backbone is None else replace(made, backbone=backbone)


def _directions(words: Sequence[str]) -> Float[Tensor, "p t"]:
    """Directions of words in an open student: their places in the sentence encoder's space."""
    from meronym.teachers.text import TextEncoder

    return TextEncoder()(words)
