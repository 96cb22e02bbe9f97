"""Teachers at work: found by name, held to the contract, their time taken."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from meronym.errors import Error, PluginError
from meronym.plugins import Encoder, Teacher, check_answer, load
from meronym.types import FeatureMaps, Regions, Relevancy, Views

Stage = Callable[[str], None]
"""Told the stage that begins."""


def hire(teacher: str | Teacher) -> Teacher:
    """The teacher of a name; one that is a teacher already stays as it is.

    Raises: PluginError if there is none by that name, or it cannot be made.
    """
    if not isinstance(teacher, str):
        return teacher
    factory = load("teachers", teacher)
    with _blamed(teacher, "cannot be made"):
        hired: Teacher = factory()
    return hired


@dataclass(frozen=True)
class Dino:
    """What students see with where the teacher has no features of its own; loaded when first needed."""

    @cached_property
    def _network(self) -> Encoder:
        made: Encoder = load("encoders", "dinov2")()
        return made

    def features(self, views: Views) -> FeatureMaps:
        return self._network.features(views)

    def describe(self) -> dict[str, Any]:
        return self._network.describe()


class Nobody:
    """The teacher of those who need none."""

    def __call__(self, views: Views, prompts: Sequence[str], category: str | None = None) -> Relevancy | Regions:
        raise PluginError("a student was to answer by itself, yet a teacher is asked")

    def describe(self) -> dict[str, Any]:
        return {"name": "nobody"}


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
class Checked:
    """A teacher whose answers are held against the contract, so that a broken plug-in is named and not believed."""

    teacher: Teacher
    clock: Callable[[], AbstractContextManager[None]] = nullcontext

    def __call__(self, views: Views, prompts: Sequence[str], category: str | None = None) -> Relevancy | Regions:
        with self.clock(), _blamed(self.name, "failed"):
            answer = self.teacher(views, prompts, category)
        check_answer(answer, views, len(prompts), self.name)
        return answer

    def describe(self) -> dict[str, Any]:
        with _blamed(self.name, "failed in describe()"):
            return self.teacher.describe()

    @cached_property
    def eyes(self) -> Encoder:
        """What students see with: the teacher's own features, if it has any."""
        return self.teacher if isinstance(self.teacher, Encoder) else Dino()

    @property
    def name(self) -> str:
        return type(self.teacher).__name__


class Clock:
    """Seconds of each stage; what runs inside another stage is counted for itself only."""

    def __init__(self, progress: Stage) -> None:
        self.seconds: dict[str, float] = {}
        self.progress = progress
        self._inner = 0.0

    @contextmanager
    def __call__(self, stage: str) -> Iterator[None]:
        self.progress(stage)
        self.seconds.setdefault(stage, 0.0)
        outside, self._inner = self._inner, 0.0
        start = time.perf_counter()
        yield
        whole = time.perf_counter() - start
        self.seconds[stage] = round(self.seconds[stage] + whole - self._inner, 3)
        self._inner = outside + whole
