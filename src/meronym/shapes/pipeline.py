"""The only place where the pieces meet: a shape and words in, a segmentation out; and a method over a dataset."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import torch

from meronym.core.prompts import check_prompts
from meronym.errors import DeviceError
from meronym.lifting.observation import Method
from meronym.progress import Progress, StageTimer, silent
from meronym.protocols import Teacher
from meronym.registry import load
from meronym.results import Record, Segmentation, machine
from meronym.shapes.observation import observe
from meronym.shapes.pretraining import TrainedStudent
from meronym.teachers.checked import CheckedTeacher, load_teacher
from meronym.types import Shape

DEFAULT_METHOD = "lift"


def segment(
    shape: Shape,
    prompts: Sequence[str] | None = None,
    *,
    category: str | None = None,
    method: str = DEFAULT_METHOD,
    student: str | Path | TrainedStudent | None = None,
    teacher: str | Teacher = "builtin",
    views: int = 10,
    seed: int = 0,
    up: Sequence[float] | None = None,
    settings: Mapping[str, object] | None = None,
    device: str | torch.device = "auto",
    progress: Progress = silent,
) -> Segmentation:
    """Name the parts of a shape, by a method that asks a teacher, or by a `student` that `pretrain` wrote and that needs none.

    A student's file is read again for each shape; for many, `Trained.load` reads it once.
    `category` names the whole ("chair") and helps the teacher; `up` is the shape's up axis (default: what the format says,
    else guessed; the record says how); `seed` turns the ring of views; `progress` is told each stage. A student's prompts are
    those of its training unless others are given, which an open one understands.

    Raises: InputError for prompts, views or an up axis that cannot be used; PluginError if the teacher breaks its contract;
    WeightsError if the student's file is damaged.
    """
    check_device(device)
    clock = StageTimer(progress)
    with clock("load"):
        if isinstance(student, str | Path):
            student = TrainedStudent.load(Path(student))
        known = None if student is None else student.ask(prompts)
        words = check_prompts(prompts or ()) if known is None else known.student.prompts
        name_parts: Method = known or load("methods", method)
        judge = CheckedTeacher(load_teacher(teacher)) if known is None else known.judge
        views, category = (views, category) if known is None else (known.views, known.category)
    observation, how_up = observe(shape, words, judge, category=category, views=views, seed=seed, up=up, clock=clock)
    with clock(method if known is None else "student"):
        label, score, seen = name_parts(observation)
    record = Record(
        method=method if known is None else "student",
        settings={
            "views": views,
            "seed": seed,
            "category": category,
            "up": how_up,
            "up_axis": observation.up.tolist(),
            "device": "cpu",
        },
        teacher=judge.describe() if known is None else None,
        student=None if known is None else known.record,
        input={"source": None if shape.source is None else shape.source.name, **shape.report},
        machine=machine(),
        seconds=clock.seconds,
    )
    return Segmentation(label.numpy(), score.clamp(0, 1).numpy(), seen.numpy(), words, shape, record)


def check_device(device: str | torch.device) -> None:
    """Raises: DeviceError for anything but the CPU."""
    if str(device) not in ("auto", "cpu"):
        raise DeviceError(f"device: expected 'auto' or 'cpu', got {str(device)!r:.40}")
