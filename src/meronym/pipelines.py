"""The only place where the pieces meet: a shape and words in, a segmentation out; and a method over a dataset."""

from __future__ import annotations

import platform
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

import numpy as np
import torch

from meronym import cameras
from meronym.errors import Error, InputError, PluginError
from meronym.io.files import check_prompts
from meronym.methods import lift
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
        pictures, how_up = look_around(shape, views, up, seed, best_renderer())
    with clock("look and lift"):
        label, score, seen = METHODS[method](shape, pictures, _checked(judge), words, category)
    record = {
        "meronym": version("meronym"),
        "method": method,
        "teacher": judge.describe(),
        "settings": {"views": views, "seed": seed, "category": category, "up": how_up},
        "input": {"source": None if shape.source is None else shape.source.name, **shape.report},
        "machine": {"python": platform.python_version(), "torch": torch.__version__, "numpy": np.__version__},
        "seconds": clock.seconds,
    }
    return Segmentation(label.numpy(), score.clamp(0, 1).numpy(), seen.numpy(), words, shape, record)


def look_around(
    shape: Shape, count: int, up: Sequence[float] | None, seed: int, renderer: Renderer
) -> tuple[Views, str]:
    """Views from `count` directions spread around the shape, and how its up axis is known.

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
    return renderer(shape, cameras.frame(points, directions, axis, VIEW_SIZE)), how


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
