"""The progress display of all verbs."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from meronym.progress import Progress


@contextmanager
def bars() -> Iterator[Progress]:
    """A bar for each stage on standard error; it pulses while the stage's extent is not known.

    A stage of unknown extent has ended when another begins. Where no terminal shows bars, each stage has a line when it
    begins for the first time.
    """
    if sys.stderr.isatty() and os.environ.get("TERM") != "dumb":
        with _live() as tell:
            yield tell
        return
    named = set[str]()

    def tell_in_lines(stage: str, done: int = 0, total: int = 0, note: str = "") -> None:
        if stage not in named:
            named.add(stage)
            print(f"{stage} ...", file=sys.stderr, flush=True)

    yield tell_in_lines


@contextmanager
def _live() -> Iterator[Progress]:
    from rich.console import Console
    from rich.progress import BarColumn, Task, TextColumn, TimeElapsedColumn, TimeRemainingColumn
    from rich.progress import Progress as Display

    columns = (
        TextColumn("{task.description}", markup=False), BarColumn(), TextColumn("{task.fields[count]}"),
        TimeElapsedColumn(), TimeRemainingColumn(), TextColumn("{task.fields[note]}", markup=False),
    )  # fmt: skip
    with Display(*columns, console=Console(stderr=True), redirect_stdout=sys.stdout.isatty()) as display:
        tasks = dict[str, Task]()

        def end_others(current: str | None) -> None:
            for stage, task in tasks.items():
                if task.total is None and stage != current:
                    display.update(task.id, total=1, completed=1)

        def tell(stage: str, done: int = 0, total: int = 0, note: str = "") -> None:
            end_others(stage)
            if stage in tasks and tasks[stage].finished and (not total or done < total):
                display.remove_task(tasks.pop(stage).id)  # it begins again
            if stage not in tasks:
                new = display.add_task(stage, total=None, count="", note="")
                tasks[stage] = next(task for task in display.tasks if task.id == new)
            count = f"{done}/{total}" if total else ""
            display.update(tasks[stage].id, completed=done, total=total or None, count=count, note=note)

        yield tell
        end_others(None)
