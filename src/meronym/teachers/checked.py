"""Teachers by name, held against the contract, and their time taken."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from meronym.errors import Error, PluginError
from meronym.protocols import EmbeddingTeacher, Encoder, Teacher
from meronym.registry import create, load
from meronym.types import FeatureMaps, Regions, Relevancy, Views


def load_teacher(
    teacher: str | Teacher, *, settings: Mapping[str, object] | None = None, device: torch.device | str = "cpu"
) -> Teacher:
    """The teacher of a name ("clip", "module:attribute"), or of a detector's and a segmenter's ("grounding-dino+sam").

    `settings` are looked up by the names ({"grounding-dino.threshold": 0.3, "sam.boxes_at_once": 8}); `device` is where the
    teacher computes, if it takes one. An object that is a teacher already is returned as it is.

    Raises: PluginError if there is none by that name, or it cannot be made; InputError for a setting that it does not have.
    """
    if not isinstance(teacher, str):
        return teacher
    name, plus, segmenter = teacher.partition("+")
    given: dict[str, object] = {"device": device}
    with _blamed(teacher, "cannot be made"):
        if plus:
            if "masks" not in inspect.signature(load("teachers", name)).parameters:
                raise PluginError(
                    f"teacher {name!r} takes no masks. Put a detector before the '+', as in 'grounding-dino+sam'."
                )
            given["masks"] = create("segmenters", segmenter, settings, device=device)
        made: Teacher = create("teachers", name, settings, **given)
    return made


def teacher_names(teacher: str | Teacher) -> tuple[str, ...]:
    """The names by which a teacher's settings are given: both of "grounding-dino+sam"; none for an object."""
    return tuple(teacher.split("+")) if isinstance(teacher, str) else ()


@dataclass(frozen=True)
class DefaultEncoder:
    """Image features for students of a teacher that has none of its own: DINOv2, loaded when first used."""

    device: torch.device | str = "cpu"

    @cached_property
    def _network(self) -> Encoder:
        made: Encoder = create("encoders", "dinov2", device=self.device)
        return made

    def features(self, views: Views, tokens: int | None = None) -> FeatureMaps:
        """Features of the part of each view that shows something."""
        return self._network.features(views, tokens)

    def describe(self) -> dict[str, Any]:
        """For the record: name, weights with sha256 and licence, settings."""
        return self._network.describe()


class NoTeacher:
    """Stands for the teacher where a trained student answers by itself."""

    def __call__(self, views: Views, prompts: Sequence[str], category: str | None = None) -> Relevancy | Regions:
        """Raises: PluginError, always."""
        raise PluginError("no teacher: this method needs a teacher's answer, but a trained student is used. Name a teacher.")

    def describe(self) -> dict[str, Any]:
        """For the record."""
        return {"name": "none"}


@contextmanager
def _blamed(name: str, what: str) -> Iterator[None]:
    """Turns whatever a teacher raises into a PluginError that names it."""
    try:
        yield
    except Error:
        raise
    except Exception as error:
        raise PluginError(f"teacher {name} {what}: {type(error).__name__}: {error}") from error


@dataclass(frozen=True)
class CheckedTeacher:
    """A teacher whose answers are held against the contract, so that a broken plug-in is named and its answer not used."""

    teacher: Teacher
    clock: Callable[[], AbstractContextManager[None]] = nullcontext
    """Entered for each call; takes the time."""
    device: torch.device | str = "cpu"
    """Where `encoder` computes if it is not the teacher's own."""

    def __call__(self, views: Views, prompts: Sequence[str], category: str | None = None) -> Relevancy | Regions:
        """The teacher's answer.

        Raises: PluginError if the teacher fails, or its answer breaks the contract.
        """
        with self.clock(), _blamed(self.name, "failed"):
            answer = self.teacher(views, prompts, category)
        check_answer(answer, views, len(prompts), self.name)
        return answer

    def describe(self) -> dict[str, Any]:
        """The teacher's description of itself, for the record."""
        with _blamed(self.name, "failed in describe()"):
            return self.teacher.describe()

    @cached_property
    def encoder(self) -> Encoder:
        """Image features for students: the teacher's own, or those of `DefaultEncoder`."""
        return self.teacher if isinstance(self.teacher, Encoder) else DefaultEncoder(self.device)

    @property
    def embedder(self) -> EmbeddingTeacher | None:
        """The teacher, if it embeds views once for all words; its time is taken too."""
        return CheckedEmbedder(self.teacher, self.clock) if isinstance(self.teacher, EmbeddingTeacher) else None

    @property
    def name(self) -> str:
        """Of the teacher's class, for error messages."""
        return type(self.teacher).__name__


class CheckedEmbedder:
    """A teacher that embeds views: its time is taken, and what it raises names it."""

    def __init__(self, teacher: EmbeddingTeacher, clock: Callable[[], AbstractContextManager[None]]) -> None:
        self.teacher, self.clock = teacher, clock
        self.sharpness, self.none, self.vocabulary = teacher.sharpness, teacher.none, teacher.vocabulary

    def embed_views(self, views: Views) -> FeatureMaps:
        """The teacher's embeddings.

        Raises: PluginError if it fails, or there is not one grid a view.
        """
        name = type(self.teacher).__name__
        with self.clock(), _blamed(name, "failed"):
            maps = self.teacher.embed_views(views)
        _expect(name, "FeatureMaps.grid", f"{len(views)} grids", len(maps.grid) == len(views), f"{len(maps.grid)}")
        _expect_device(name, "FeatureMaps", views, *maps.grid, maps.box)
        return maps

    def embed(self, prompts: Sequence[str], category: str | None) -> Float[Tensor, "p d"]:
        """The teacher's embeddings of words."""
        with _blamed(type(self.teacher).__name__, "failed"):
            return self.teacher.embed(prompts, category)


def check_answer(answer: Any, views: Views, prompts: int, name: str) -> None:
    """Hold a teacher's answer against the contract: shapes, finite values, ranges, and the device of the views.

    Raises: PluginError that names the teacher, the field, what was expected and what came.
    """
    if isinstance(answer, Relevancy):
        _expect(name, "Relevancy.logit", f"{len(views)} grids", len(answer.logit) == len(views), f"{len(answer.logit)}")
        _expect(name, "Relevancy.none", f"{len(views)} grids", len(answer.none) == len(views), f"{len(answer.none)}")
        _expect_device(name, "Relevancy", views, *answer.logit, *answer.none, answer.box)
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
        _expect_device(name, "Regions", views, answer.view, answer.prompt, answer.score, answer.box, answer.mask)
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


def _expect_device(name: str, field: str, views: Views, *tensors: Tensor | None) -> None:
    wrong = [tensor.device for tensor in tensors if tensor is not None and tensor.device != views.colour.device]
    _expect(name, field, f"tensors on the device of the views, {views.colour.device}", not wrong, next(iter(wrong), None))


def _expect(name: str, field: str, expected: Any, fits: bool, got: Any) -> None:
    if not fits:
        raise PluginError(f"teacher {name}: {field}: expected {expected}, got {got}")
