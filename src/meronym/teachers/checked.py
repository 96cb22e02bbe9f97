"""Teachers at work: found by name, held to the contract, their time taken."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import torch

from meronym.errors import Error, PluginError
from meronym.protocols import Encoder, Teacher
from meronym.registry import create, load
from meronym.types import FeatureMaps, Regions, Relevancy, Views


def load_teacher(
    teacher: str | Teacher, *, settings: Mapping[str, object] | None = None, device: torch.device | str = "cpu"
) -> Teacher:
    """The teacher of a name; one that is a teacher already stays as it is.

    Raises: PluginError if there is none by that name, or it cannot be made.
    """
    if not isinstance(teacher, str):
        return teacher
    with _blamed(teacher, "cannot be made"):
        made: Teacher = create("teachers", teacher, settings, device=str(device))
    return made


@dataclass(frozen=True)
class DefaultEncoder:
    """What students see with where the teacher has no features of its own; loaded when first needed."""

    @cached_property
    def _network(self) -> Encoder:
        made: Encoder = load("encoders", "dinov2")()
        return made

    def features(self, views: Views) -> FeatureMaps:
        return self._network.features(views)

    def describe(self) -> dict[str, Any]:
        return self._network.describe()


class NoTeacher:
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
class CheckedTeacher:
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
    def encoder(self) -> Encoder:
        """What students see with: the teacher's own features, if it has any."""
        return self.teacher if isinstance(self.teacher, Encoder) else DefaultEncoder()

    @property
    def name(self) -> str:
        return type(self.teacher).__name__


def check_answer(answer: Any, views: Views, prompts: int, name: str) -> None:
    """Hold a teacher's answer against the contract.

    Raises: PluginError that names the teacher, the field, what was expected and what came.
    """
    if isinstance(answer, Relevancy):
        _expect(name, "Relevancy.logit", f"{len(views)} grids", len(answer.logit) == len(views), f"{len(answer.logit)}")
        _expect(name, "Relevancy.none", f"{len(views)} grids", len(answer.none) == len(views), f"{len(answer.none)}")
        _expect(name, "Relevancy.box", (len(views), 4), tuple(answer.box.shape) == (len(views), 4), tuple(answer.box.shape))
        spans = bool(torch.isfinite(answer.box).all() and (answer.box[:, 2:] > answer.box[:, :2]).all())
        _expect(name, "Relevancy.box", "finite x0 < x1 and y0 < y1", spans, answer.box.tolist())
        for logit, none in zip(answer.logit, answer.none, strict=True):
            shape = tuple(logit.shape)
            fits = len(shape) == 3 and shape[0] == prompts and min(shape[1:]) > 0
            _expect(name, "Relevancy.logit", f"({prompts}, gh, gw)", fits, shape)
            _expect(name, "Relevancy.none", shape[1:], tuple(none.shape) == shape[1:], tuple(none.shape))
            _expect(name, "Relevancy.logit", "finite values", bool(torch.isfinite(logit).all()), "NaN or infinity")
            _expect(name, "Relevancy.none", "finite values", bool(torch.isfinite(none).all()), "NaN or infinity")
    elif isinstance(answer, Regions):
        count = len(answer.view)
        for field, shape in {"prompt": (count,), "score": (count,), "box": (count, 4)}.items():
            got = tuple(getattr(answer, field).shape)
            _expect(name, f"Regions.{field}", shape, got == shape, got)
        if answer.mask is not None:
            shape, got = (count, *views.element.shape[1:]), tuple(answer.mask.shape)
            _expect(name, "Regions.mask", shape, got == shape, got)
        if count:
            for field, limit in {"view": len(views), "prompt": prompts}.items():
                low, high = int(getattr(answer, field).min()), int(getattr(answer, field).max())
                _expect(name, f"Regions.{field}", f"0..{limit - 1}", low >= 0 and high < limit, f"{low}..{high}")
            inside = bool(((answer.score >= 0) & (answer.score <= 1)).all())
            _expect(name, "Regions.score", "values in 0..1", inside, f"{answer.score.min()}..{answer.score.max()}")
            _expect(name, "Regions.box", "finite values", bool(torch.isfinite(answer.box).all()), "NaN or infinity")
    else:
        raise PluginError(f"teacher {name}: expected Relevancy or Regions, got {type(answer).__name__}")


def _expect(name: str, field: str, expected: Any, fits: bool, got: Any) -> None:
    if not fits:
        raise PluginError(f"teacher {name}: {field}: expected {expected}, got {got}")
