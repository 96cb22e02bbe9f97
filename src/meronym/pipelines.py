"""The only place where the pieces meet: a shape and words in, a segmentation out; and a method over a dataset."""

from __future__ import annotations

import os
import platform
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from meronym import cameras, geometry, metrics
from meronym import lift as lifting
from meronym.datasets import Dataset
from meronym.datasets.labelled_psb import LabelledPSB
from meronym.datasets.named_gltf import NamedGltf
from meronym.errors import Error, InputError, PluginError
from meronym.io.files import check_prompts
from meronym.methods import lift
from meronym.metrics import Answer
from meronym.plugins import Teacher, check_answer, load
from meronym.render import TorchRenderer
from meronym.types import Regions, Relevancy, Segmentation, Shape, Views

METHODS = {"lift": lift.segment}
VIEW_SIZE = 448
"""Pixels a side: finer than any teacher looks, so that small faces are found."""
TRIAL_SIZE = 140
"""Pixels a side of the views from which the up axis is guessed."""
COMMON_UP_MARGIN = 1.5
"""By how many logits another axis has to be recognised better than y, which is up in most files."""
_TRIAL_ANGLES = torch.tensor([15.0, 35.0, -10.0]), torch.tensor([30.0, 150.0, 270.0])
"""Their elevations and azimuths, degrees."""

Stage = Callable[[str], None]


def segment(
    shape: Shape,
    prompts: Sequence[str],
    *,
    category: str | None = None,
    method: str = "lift",
    teacher: str | Teacher = "builtin",
    views: int = 10,
    seed: int = 0,
    up: Sequence[float] | None = None,
    progress: Stage = lambda stage: None,
) -> Segmentation:
    """Name the parts of a shape.

    `category` names the whole ("chair") and helps the teacher; `up` is the shape's up axis (default: what the format says,
    else guessed; the record says how); `seed` turns the ring of views; `progress` is told each stage.

    Raises: InputError for prompts, views or an up axis that cannot be used; PluginError if the teacher breaks its contract.
    """
    words = check_prompts(prompts)
    if method not in METHODS:
        raise InputError(f"method: expected one of {', '.join(METHODS)}, got {method!r}")
    clock = _Clock(progress)
    with clock("teacher"):
        judge = _Checked(_hire(teacher))
    with clock("find up"):
        axis, how_up = find_up(shape, up, judge, words, category)
    with clock("render"):
        pictures = look_around(shape, views, axis, seed)
    with clock("look and lift"):
        label, score, seen = METHODS[method](shape, pictures, judge, words, category)
    record = {
        "meronym": version("meronym"),
        "method": method,
        "teacher": judge.describe(),
        "settings": {"views": views, "seed": seed, "category": category, "up": how_up, "up_axis": axis.tolist()},
        "input": {"source": None if shape.source is None else shape.source.name, **shape.report},
        "machine": {"python": platform.python_version(), "torch": torch.__version__, "numpy": np.__version__},
        "seconds": clock.seconds,
    }
    return Segmentation(label.numpy(), score.clamp(0, 1).numpy(), seen.numpy(), words, shape, record)


def open_dataset(
    name: str,
    root: Path,
    *,
    names: Path | None = None,
    categories: Sequence[str] | None = None,
    limit: int | None = None,
) -> Dataset:
    """A labelled collection by name.

    Raises: InputError if there is none by that name, or its files are not where they should be.
    """
    if name == "labelled-psb":
        return LabelledPSB(root, names=names, categories=categories, limit=limit)
    if name == "named-gltf":
        return NamedGltf(root, limit=limit)
    raise InputError(f"dataset: expected labelled-psb or named-gltf, got {name!r}")


def evaluate(
    dataset: Dataset,
    *,
    method: str = "lift",
    teacher: str | Teacher = "builtin",
    views: int = 10,
    rename: Callable[[str, str], str] = lambda category, prompt: prompt,
    progress: Callable[[str], None] = lambda item: None,
) -> dict[str, Any]:
    """Measure a method on labelled shapes; a shape that fails counts as 0 and is listed.

    The list of names is closed, as in the published figures: every element takes the name that scores best. What comes of it
    if "none of these" may win is beside it, as `miou_with_none`. `rename` says a prompt in other words, for measuring how much
    the wording matters.
    """
    judge = _hire(teacher)
    closed: dict[str, Answer] = {}
    free: list[Answer] = []
    failures, start = {}, time.perf_counter()
    for item in dataset:
        prompts = [rename(item.category, prompt) for prompt in item.prompts]
        best = label = np.full(item.shape.element_count, -1)
        try:
            result = segment(item.shape, prompts, category=item.category, method=method, teacher=judge, views=views)
            best, label = result.score.argmax(1), result.label
        except Error as error:
            failures[item.id] = f"{type(error).__name__}: {error}"
        area = geometry.element_areas(item.shape)
        closed[item.id] = Answer(item.category, best, dataset.truth(item.id), area, item.prompts)
        free.append(replace(closed[item.id], prediction=label))
        progress(item.id)
    categories: dict[str, dict[str, Any]] = {}
    for name in dict.fromkeys(answer.category for answer in closed.values()):
        row = metrics.summary([answer for answer in closed.values() if answer.category == name])
        categories[name] = {
            "miou": row["miou"],
            "majority": row["majority_floor"],
            "random": row["random_floor"],
            "shapes": row["shapes"],
        }
    whole = metrics.summary(list(closed.values()))
    return {
        "dataset": dataset.name,
        "method": method,
        "teacher": _Checked(judge).describe(),
        "protocol": f"{whole['protocol']}: {whole['convention']}; closed list of names",
        "miou": whole["miou"],
        "miou_with_none": metrics.summary(free)["miou"],
        "accuracy": whole["accuracy"],
        "floors": {"majority": whole["majority_floor"], "random": whole["random_floor"]},
        "categories": categories,
        "shapes": {item_id: metrics.summary([answer])["miou"] for item_id, answer in closed.items()},
        "failures": failures,
        "views": views,
        "seconds": round(time.perf_counter() - start, 1),
        "commit": _commit(),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
    }


def _commit() -> str | None:
    """The commit of the checkout that this runs from, with "+" if files differ from it; None outside a checkout."""
    here = Path(__file__).parent
    try:
        head = subprocess.run(["git", "-C", here, "rev-parse", "--short", "HEAD"], capture_output=True, text=True)
        changed = subprocess.run(["git", "-C", here, "status", "--porcelain", "-uno"], capture_output=True, text=True)
    except OSError:
        return None
    return head.stdout.strip() + ("+" if changed.stdout.strip() else "") if head.returncode == 0 else None


def find_up(
    shape: Shape, up: Sequence[float] | None, teacher: Teacher, prompts: Sequence[str], category: str | None
) -> tuple[Float[Tensor, " 3"], str]:
    """The up axis, and how it is known: given, said by the format, or the one with which the teacher recognises most.

    For the last, three small views are looked at for each of the six ways up; labels have no part in it. A teacher that
    answers in regions leaves it to `cameras.guess_up`.

    Raises: InputError if `up` is not three numbers.
    """
    if up is not None:
        if len(up) != 3:
            raise InputError(f"up: expected three numbers, got {list(up)}")
        return torch.tensor(up, dtype=torch.float32), "given"
    if cameras.states_up(shape):
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
    strength = lifting.recognition(answer, pictures).reshape(len(ways), -1).mean(1)
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


def _hire(teacher: str | Teacher) -> Teacher:
    if not isinstance(teacher, str):
        return teacher
    factory = load("teachers", teacher)
    with _blamed(teacher, "cannot be made"):
        hired: Teacher = factory()
    return hired


@contextmanager
def _blamed(name: str, what: str) -> Iterator[None]:
    """Whatever a teacher raises becomes a PluginError that names it."""
    try:
        yield
    except Error:
        raise
    except Exception as error:
        raise PluginError(f"teacher {name} {what}: {type(error).__name__}: {error}") from error


@dataclass(frozen=True)
class _Checked:
    """A teacher whose answers are held against the contract, so that a broken plug-in is named and not believed."""

    teacher: Teacher

    def __call__(self, views: Views, prompts: Sequence[str], category: str | None = None) -> Relevancy | Regions:
        with _blamed(self.name, "failed"):
            answer = self.teacher(views, prompts, category)
        check_answer(answer, views, len(prompts), self.name)
        return answer

    def describe(self) -> dict[str, Any]:
        with _blamed(self.name, "failed in describe()"):
            return self.teacher.describe()

    @property
    def name(self) -> str:
        return type(self.teacher).__name__


class _Clock:
    """Seconds of each stage, in order."""

    def __init__(self, progress: Stage) -> None:
        self.seconds: dict[str, float] = {}
        self.progress = progress

    @contextmanager
    def __call__(self, stage: str) -> Iterator[None]:
        self.progress(stage)
        start = time.perf_counter()
        yield
        self.seconds[stage] = round(time.perf_counter() - start, 3)
