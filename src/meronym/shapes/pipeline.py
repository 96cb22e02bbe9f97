"""The main job: a shape and words in, a segmentation out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import torch

from meronym.core.device import memory_errors, resolve
from meronym.core.hashing import sha256_of
from meronym.core.prompts import check_prompts
from meronym.lifting.observation import Method
from meronym.progress import Progress, StageTimer, silent
from meronym.protocols import Teacher
from meronym.registry import check_settings, create, settings_of
from meronym.results import Record, Segmentation, machine
from meronym.shapes.observation import observe
from meronym.shapes.pretraining import TrainedStudent
from meronym.teachers.checked import CheckedTeacher, load_teacher, teacher_names
from meronym.types import Shape

DEFAULT_METHOD = "recognise"


def segment(
    shape: Shape,
    prompts: Sequence[str] | None = None,
    *,
    category: str | None = None,
    method: str = DEFAULT_METHOD,
    settings: Mapping[str, object] | None = None,
    student: str | Path | TrainedStudent | None = None,
    teacher: str | Teacher = "builtin",
    views: int = 10,
    seed: int = 0,
    up: Sequence[float] | None = None,
    device: str | torch.device = "auto",
    progress: Progress = silent,
) -> Segmentation:
    """Name the parts of a shape, by a method and a teacher, or by a `student` that `pretrain` wrote, without a teacher.

    `category` names the whole ("chair") and helps the teacher; `up` is the shape's up axis (default: stated by the format,
    else guessed; the record says how); `seed` turns the ring of views; `settings` are those of the method and the teacher by
    name ({"lift.balance": 0.3}). A student's file is read again for each shape; for many, `TrainedStudent.load` reads it
    once. A student's prompts are those of its training unless others are given, which an open one understands.

    Raises: InputError for prompts, views, settings or an up axis that cannot be used; PluginError if the teacher breaks its
    contract; WeightsError if the student's file is damaged; DeviceError if the device is absent.
    """
    clock, place = StageTimer(progress), resolve(device)
    with clock("load"):
        if isinstance(student, str | Path):
            student = TrainedStudent.load(Path(student), device=place)
        known = None if student is None else student.ask(prompts)
        words = check_prompts(prompts or ()) if known is None else known.student.prompts
        if known is None:
            check_settings(settings, (method, *teacher_names(teacher)))
            labeller: Method = create("methods", method, settings)
            judge = CheckedTeacher(load_teacher(teacher, settings=settings, device=place), device=place)
        else:
            check_settings(settings, ())
            labeller, judge = known, known.teacher
            views, category = known.views, known.category
    observation, how_up = observe(
        shape, words, judge, category=category, views=views, seed=seed, up=up, device=place, clock=clock
    )
    with memory_errors(), clock(method if known is None else "student"):
        labelling = labeller(observation)
    source = shape.source
    record = Record(
        method=method if known is None else "student",
        settings={
            "views": views, "seed": seed, "category": category, "up": how_up, "up_axis": observation.up.tolist(),
            "device": str(place),
        },
        options=settings_of(labeller) if known is None else {},
        teacher=judge.describe() if known is None else None,
        student=None if known is None else known.record,
        input={
            "source": source and source.name,
            **({"sha256": sha256_of(source)} if source is not None and source.is_file() else {}),
            **shape.report,
        },
        machine=machine(),
        seconds=clock.seconds,
    )  # fmt: skip
    label, score, seen = (tensor.cpu() for tensor in labelling[:3])
    return Segmentation(label.numpy(), score.clamp(0, 1).numpy(), seen.numpy(), words, shape, record)
