"""The only place where the pieces meet: a shape and words in, a segmentation out; and a method over a dataset."""

from __future__ import annotations

import os
import platform
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import torch

from meronym import cameras, geometry, metrics
from meronym.datasets import Dataset
from meronym.datasets.labelled_psb import LabelledPSB
from meronym.datasets.named_gltf import NamedGltf
from meronym.errors import Error, InputError, PluginError
from meronym.io.files import check_prompts
from meronym.methods import lift
from meronym.metrics import Answer
from meronym.plugins import Renderer, Teacher, check_answer, load
from meronym.render import best_renderer
from meronym.types import Mesh, Regions, Relevancy, Segmentation, Shape, Views

METHODS = {"lift": lift.segment}
VIEW_SIZE = 448
"""Pixels a side: finer than any teacher looks, so that small faces are found."""

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
        judge = load("teachers", teacher)() if isinstance(teacher, str) else teacher
    with clock("render"):
        pictures, axis, how_up = look_around(shape, views, up, seed, best_renderer())
    with clock("look and lift"):
        label, score, seen = METHODS[method](shape, pictures, _Checked(judge), words, category)
    record = {
        "meronym": version("meronym"),
        "method": method,
        "teacher": judge.describe(),
        "settings": {"views": views, "seed": seed, "category": category, "up": how_up, "up_axis": axis},
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

    `rename` says a prompt in other words, for measuring how much the wording matters.
    """
    judge = load("teachers", teacher)() if isinstance(teacher, str) else teacher
    answers, failures, start = [], {}, time.perf_counter()
    for item in dataset:
        prompts = [rename(item.category, prompt) for prompt in item.prompts]
        try:
            result = segment(item.shape, prompts, category=item.category, method=method, teacher=judge, views=views)
            label = result.label
        except Error as error:
            failures[item.id] = f"{type(error).__name__}: {error}"
            label = np.full(item.shape.element_count, -1)
        area = geometry.element_areas(item.shape)
        answers.append((item.id, Answer(item.category, label, dataset.truth(item.id), area, item.prompts)))
        progress(item.id)
    per_shape = {item_id: metrics.summary([answer])["miou"] for item_id, answer in answers}
    by_category: dict[str, list[Answer]] = {}
    for _, answer in answers:
        by_category.setdefault(answer.category, []).append(answer)
    rows = {name: metrics.summary(group) for name, group in by_category.items()}
    whole = metrics.summary([answer for _, answer in answers])
    return {
        "dataset": dataset.name,
        "method": method,
        "teacher": judge.describe(),
        "protocol": f"{whole['protocol']}: {whole['convention']}",
        "miou": whole["miou"],
        "accuracy": whole["accuracy"],
        "floors": {"majority": whole["majority_floor"], "random": whole["random_floor"]},
        "unlabelled": float(np.mean([(answer.prediction < 0).mean() for _, answer in answers])),
        "categories": {
            name: {
                "miou": row["miou"],
                "majority": row["majority_floor"],
                "random": row["random_floor"],
                "shapes": row["shapes"],
            }
            for name, row in rows.items()
        },
        "shapes": per_shape,
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


def look_around(
    shape: Shape, count: int, up: Sequence[float] | None, seed: int, renderer: Renderer
) -> tuple[Views, list[float], str]:
    """Views from `count` directions spread around the shape, its up axis, and how that is known.

    The ring of views starts at the shape's own long side, so that turning the shape does not change what is seen; `seed` > 0
    turns it by a random angle.
    """
    if up is None:
        axis, how = cameras.guess_up(shape)
    else:
        axis, how = torch.tensor(up, dtype=torch.float32), "given"
    start = 360 * float(torch.rand(1, generator=torch.Generator().manual_seed(seed))) if seed else 0.0
    directions = cameras.spread(count, axis, cameras.long_side(shape, axis), start)
    points = shape.vertices[np.unique(shape.faces)] if isinstance(shape, Mesh) else shape.points
    return renderer(shape, cameras.frame(points, directions, axis, VIEW_SIZE)), axis.tolist(), how


@dataclass(frozen=True)
class _Checked:
    """A teacher whose answers are held against the contract, so that a broken plug-in is named and not believed."""

    teacher: Teacher

    def __call__(self, views: Views, prompts: Sequence[str], category: str | None = None) -> Relevancy | Regions:
        name = type(self.teacher).__name__
        try:
            answer = self.teacher(views, prompts, category)
        except Error:
            raise
        except Exception as error:
            raise PluginError(f"teacher {name} failed: {type(error).__name__}: {error}") from error
        check_answer(answer, views, len(prompts), name)
        return answer

    def describe(self) -> dict[str, Any]:
        return self.teacher.describe()


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
