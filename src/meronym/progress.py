"""How long work reports on itself, and the time that each stage takes."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol, runtime_checkable


@runtime_checkable
class Progress(Protocol):
    """Called by everything that takes long."""

    def __call__(self, stage: str, done: int = 0, total: int = 0, note: str = "") -> None:
        """A stage and how much of it is done, of how much (0 = not known); `note` is a word on the item or the loss."""
        ...


def silent(stage: str, done: int = 0, total: int = 0, note: str = "") -> None:
    """The progress of those who don't want to be told."""


class StageTimer:
    """Seconds of each stage; a stage inside another is not counted for the outer one."""

    def __init__(self, progress: Progress = silent) -> None:
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
