"""How long work reports on itself, and the time that each stage takes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Stage = Callable[[str], None]
"""Told the stage that begins."""


class StageTimer:
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
