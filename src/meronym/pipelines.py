"""The only place where the pieces meet: a shape and words in, a segmentation out; and a method over a dataset."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from meronym import cameras, geometry, lift
from meronym.datasets import Dataset, Item
from meronym.errors import Error, InputError
from meronym.hiring import Checked, Clock, Nobody, Stage, hire
from meronym.io.files import check_prompts, make_folder
from meronym.look import Look, Method
from meronym.methods.part_distill import DEFAULT, Example, Progress, Settings, align, example, from_labels, predict
from meronym.plugins import Teacher, load
from meronym.render import TorchRenderer
from meronym.students.backbones import Backbone
from meronym.students.head import Student, save
from meronym.students.head import load as load_student
from meronym.types import Labelling, Mesh, PointCloud, Regions, Segmentation, Shape, Views

DEFAULT_METHOD = "lift"
VIEW_SIZE = 448
"""Pixels a side: finer than any teacher looks, so that small faces are found."""
TRIAL_SIZE = 140
"""Pixels a side of the views from which the up axis is guessed."""
COMMON_UP_MARGIN = 1.5
"""By how many logits another axis has to be recognised better than y, which is up in most files."""
_TRIAL_ANGLES = torch.tensor([15.0, 35.0, -10.0]), torch.tensor([30.0, 150.0, 270.0])
"""Their elevations and azimuths, degrees."""


def segment(
    shape: Shape,
    prompts: Sequence[str] | None = None,
    *,
    category: str | None = None,
    method: str = DEFAULT_METHOD,
    student: str | Path | Trained | None = None,
    teacher: str | Teacher = "builtin",
    views: int = 10,
    seed: int = 0,
    up: Sequence[float] | None = None,
    progress: Stage = lambda stage: None,
) -> Segmentation:
    """Name the parts of a shape, by a method that asks a teacher, or by a `student` that `pretrain` wrote and that needs none.

    A student's file is read again for each shape; for many, `Trained.load` reads it once.
    `category` names the whole ("chair") and helps the teacher; `up` is the shape's up axis (default: what the format says,
    else guessed; the record says how); `seed` turns the ring of views; `progress` is told each stage. A student's prompts are
    those of its training unless others are given, which an open one understands.

    Raises: InputError for prompts, views or an up axis that cannot be used; PluginError if the teacher breaks its contract;
    WeightsError if the student's file is damaged.
    """
    clock = Clock(progress)
    with clock("load"):
        if isinstance(student, str | Path):
            student = Trained.load(Path(student))
        known = None if student is None else student.ask(prompts)
        words = check_prompts(prompts or ()) if known is None else known.student.prompts
        name_parts: Method = known or load("methods", method)
        judge = Checked(hire(teacher)) if known is None else known.judge
        views, category = (views, category) if known is None else (known.views, known.category)
    look, how_up = look_at(shape, words, judge, category=category, views=views, seed=seed, up=up, clock=clock)
    with clock(method if known is None else "student"):
        label, score, seen = name_parts(look)
    record = {
        "meronym": version("meronym"),
        **({"method": method, "teacher": judge.describe()} if known is None else {"student": known.record}),
        "settings": {"views": views, "seed": seed, "category": category, "up": how_up, "up_axis": look.up.tolist()},
        "input": {"source": None if shape.source is None else shape.source.name, **shape.report},
        "machine": {"python": platform.python_version(), "torch": torch.__version__, "numpy": np.__version__},
        "seconds": clock.seconds,
    }
    return Segmentation(label.numpy(), score.clamp(0, 1).numpy(), seen.numpy(), words, shape, record)


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
    progress: Stage = lambda stage: None,
    epoch: Progress | None = None,
) -> Path:
    """Align one student to a collection of unlabelled shapes (Pre), and write it to `out`/student.safetensors.

    What the teacher says of a shape is kept in `out`/examples and asked once; a run that was interrupted goes on where it was.
    `labelled` shapes, a few, may be mixed in (few-shot): theirs are the only labels that are ever looked at. Shapes that cannot
    be read are left out and listed in the record. `progress` is told of each shape before it is looked at, `epoch` of training.

    Raises: InputError if nothing can be learned from, or the settings cannot be used.
    """
    words, folder = check_prompts(prompts), Path(out)
    frozen, judge = load("students", backbone)(), Checked(hire(teacher))
    about = {"teacher": judge.describe(), "views": views, "prompts": words, "category": category, "backbone": backbone}
    kept = make_folder(folder / "examples")
    examples, failures = [], {}
    for item in shapes:
        progress(item.id)
        try:
            examples.append(_kept_example(item, kept, judge, frozen, about, settings))
        except Error as error:
            failures[item.id] = f"{type(error).__name__}: {error}"
    if not examples:
        raise InputError(
            f"none of the {len(failures)} shapes can be learned from: {next(iter(failures.values()), 'no shapes')}"
        )
    for item in labelled or ():
        progress(item.id)
        look, _ = look_at(item.shape, words, judge, category=category, views=views, up=item.up)
        examples.append(from_labels(look, frozen(look), labelled.truth(item.id), settings))  # type: ignore[union-attr]
    directions = _meaning(words) if open_words else None
    student = align(examples, words, settings, directions=directions, state=folder / "state.safetensors", progress=epoch)
    record = {
        **about, "meronym": version("meronym"), "shapes": len(examples), "labelled": 0 if labelled is None else len(labelled),
        "failures": failures, "settings": asdict(settings),
    }  # fmt: skip
    return save(student, folder / "student.safetensors", record)


@dataclass(frozen=True)
class Trained:
    """A student from a file, as a method; what it sees with is loaded once, for all shapes that it is shown."""

    student: Student
    record: dict[str, Any]
    backbone: Backbone
    judge: Checked

    @classmethod
    def load(cls, path: Path) -> Trained:
        """Raises: WeightsError if the file is damaged, or what the student sees with is not there."""
        student, record = load_student(path)
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        return cls(student, {**record, "sha256": digest}, load("students", record["backbone"])(), Checked(Nobody()))

    def ask(self, prompts: Sequence[str] | None) -> Trained:
        """The same, made to answer to other words if they are given.

        Raises: InputError if the student knows no words but its own.
        """
        words = self.student.prompts if prompts is None else check_prompts(prompts)
        if words == self.student.prompts:
            return self
        directions = _meaning(words) if self.student.open else self.student.directions
        return replace(self, student=self.student.ask(words, directions))

    def __call__(self, look: Look) -> Labelling:
        features = self.backbone(look)
        if features.shape[1] != len(self.student.mean):
            raise InputError(
                f"this student learned from {len(self.student.mean)} numbers an element, here are {features.shape[1]}: "
                f"{self.record['teacher']['name']} saw with features of its own. Train it with --backbone geometry."
            )
        return predict(self.student, look, features)

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
    from meronym.teachers.builtin import TextEncoder

    return TextEncoder()(words)


def look_at(
    shape: Shape,
    prompts: tuple[str, ...],
    teacher: Checked,
    *,
    category: str | None = None,
    views: int = 10,
    seed: int = 0,
    up: Sequence[float] | None = None,
    clock: Clock | None = None,
) -> tuple[Look, str]:
    """A shape made ready for any method, and how its up axis is known.

    Raises: InputError if the shape has no surface to speak of, or `up` cannot be used.
    """
    _check_extent(shape)
    clock = clock or Clock(lambda stage: None)
    with clock("find up"):
        asked = None if isinstance(teacher.teacher, Nobody) else teacher
        axis, how_up = find_up(shape, up, asked, prompts, category)

    @clock("render")
    def render(shape: Shape) -> Views:
        return look_around(shape, views, axis, seed)

    timed = replace(teacher, clock=partial(clock, "look"))
    return Look(shape, prompts, category, axis, timed, teacher.eyes, render), how_up


def _check_extent(shape: Shape) -> None:
    points = geometry.used_points(shape)
    if not len(points) or not np.isfinite(points).all() or not np.ptp(points, axis=0).any():
        raise InputError(f"expected a shape with some extent, got {len(points)} points that are not finite or in one place")
    if isinstance(shape, Mesh) and not geometry.face_normals(shape.vertices, shape.faces)[1].any():
        raise InputError(f"expected a shape with a surface, got {len(shape.faces)} faces without area; repair the shape")


def _kept_example(
    item: Item, folder: Path, teacher: Checked, backbone: Backbone, about: dict[str, Any], settings: Settings
) -> Example:
    """The example of a shape, from the folder if it was made before from the same."""
    shape = item.shape
    content = shape.points if isinstance(shape, PointCloud) else np.concatenate([shape.vertices.ravel(), shape.faces.ravel()])
    how = [version("meronym"), about, item.up, settings.points, settings.targets, settings.seed]
    digest = hashlib.sha256(json.dumps(how).encode() + np.ascontiguousarray(content).tobytes()).hexdigest()
    file = folder / f"{digest[:24]}.safetensors"
    if file.exists():
        return Example.load(file)
    look, _ = look_at(shape, about["prompts"], teacher, category=about["category"], views=about["views"], up=item.up)
    made = example(look, backbone(look), settings)
    made.save(file)
    return Example.load(file)  # as it will be when the run is started again: files hold half precision


def find_up(
    shape: Shape, up: Sequence[float] | None, teacher: Teacher | None, prompts: Sequence[str], category: str | None
) -> tuple[Float[Tensor, " 3"], str]:
    """The up axis, and how it is known: given, said by the format, or the one with which the teacher recognises most.

    For the last, three small views are looked at for each of the six ways up; labels have no part in it. Without a teacher, or
    with one that answers in regions, it is left to `cameras.guess_up`.

    Raises: InputError if `up` is not three numbers.
    """
    if up is not None:
        if len(up) != 3:
            raise InputError(f"up: expected three numbers, got {list(up)}")
        return torch.tensor(up, dtype=torch.float32), "given"
    if teacher is None or cameras.states_up(shape):
        return cameras.guess_up(shape)
    ways = {
        sign + name: (1.0 if sign == "" else -1.0) * torch.eye(3)["xyz".index(name)] for name in "yzx" for sign in ("", "-")
    }
    tries = [
        cameras.frame(
            geometry.used_points(shape),
            cameras.directions_at(*_TRIAL_ANGLES, way, cameras.long_side(shape, way)),
            way,
            TRIAL_SIZE,
        )
        for way in ways.values()
    ]
    pictures = TorchRenderer()(shape, cameras.join(tries))
    answer = teacher(pictures, prompts, category)
    if isinstance(answer, Regions):
        return cameras.guess_up(shape)
    strength = lift.recognition(answer, pictures).reshape(len(ways), -1).mean(1)
    strength[0] += COMMON_UP_MARGIN
    best = int(strength.argmax())
    name = list(ways)[best]
    return ways[name], f"{name}: guessed, of the six ways up the teacher recognises most in this one"


def look_around(shape: Shape, count: int, up: Float[Tensor, " 3"], seed: int) -> Views:
    """Views from `count` directions spread around the shape.

    The ring of views starts at the shape's own long side, so that turning the shape does not change what is seen; `seed` > 0
    turns it by a random angle.
    """
    start = 360 * float(torch.rand(1, generator=torch.Generator().manual_seed(seed))) if seed else 30.0
    directions = cameras.spread(count, up, cameras.long_side(shape, up), start)
    return TorchRenderer()(shape, cameras.frame(geometry.used_points(shape), directions, up, VIEW_SIZE))
