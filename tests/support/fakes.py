"""Teachers and shapes that several tests share; "fakes:Tinted" is also a teacher's name on the command line."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from meronym.core import geometry
from meronym.datasets import Item
from meronym.errors import WeightsError
from meronym.lifting.observation import Observation
from meronym.teachers.oracle import OracleTeacher
from meronym.types import FeatureMaps, Labelling, Mesh, Relevancy, Views, Vocabulary
from meronym_synthetic.build import build
from meronym_synthetic.kinds import KINDS

T = TypeVar("T")


def changed(whole: T, **fields: Any) -> T:
    """A dataclass with other values in some fields, past the shape checks of the tests, as in a user's program."""
    copy = object.__new__(type(whole))
    copy.__dict__.update(whole.__dict__ | fields)
    return copy


class Tinted:
    """Goes by colour only: it knows nothing, but always says the same of the same picture."""

    def __call__(self, views: Views, prompts: Sequence[str], category: str | None = None) -> Relevancy:
        grid = functional.avg_pool2d(views.colour.movedim(-1, 1), 8) - 0.5
        height, width = views.element.shape[1:]
        mix = [torch.randn(3, generator=torch.Generator().manual_seed(sum(prompt.encode()))) for prompt in prompts]
        logit = torch.einsum("pd,cdhw->cphw", torch.stack(mix).to(grid), grid) * 9
        box = torch.tensor([[0.0, 0.0, width, height]], device=grid.device).repeat(len(views), 1)
        return Relevancy(tuple(logit), tuple(torch.zeros_like(logit[:, 0])), box)

    def describe(self) -> dict[str, Any]:
        return {"name": "tinted"}


class Changed(Tinted):
    """Says what `Tinted` says, with one field of its answer changed."""

    def __init__(self, field: str, change: Callable[[Any], Any]) -> None:
        self.field, self.change = field, change

    def __call__(self, views: Views, prompts: Sequence[str], category: str | None = None) -> Relevancy:
        answer = super().__call__(views, prompts, category)
        return changed(answer, **{self.field: self.change(getattr(answer, self.field))})


class Raising(Tinted):
    """Fails like code that met something unforeseen."""

    def __call__(self, views: Views, prompts: Sequence[str], category: str | None = None) -> Relevancy:
        raise KeyError("logits")


class NamedOracle:
    """An oracle that goes by the names of the parts, whatever their order, as a real teacher does."""

    def __init__(self, label: Tensor, names: Sequence[str], cell: int = 4) -> None:
        self.label, self.names, self.cell = label, tuple(names), cell

    def __call__(self, views: Views, prompts: Sequence[str], category: str | None = None) -> Relevancy:
        asked = torch.tensor([prompts.index(name) if name in prompts else -1 for name in self.names])
        return OracleTeacher(asked[self.label], self.cell)(views, prompts, category)

    def describe(self) -> dict[str, Any]:
        return {"name": "named oracle"}


def shape_of(kind: str, seed: int = 0) -> tuple[Mesh, Tensor, tuple[str, ...]]:
    """A procedural mesh, the coarse part of every face, and the names of those parts, no two alike."""
    shape = build(KINDS[kind], np.random.default_rng(seed), melt=False)
    of_part = [name.split("/")[0] for name in shape.names]
    names = tuple(sorted(set(of_part)))
    label = torch.tensor([names.index(name) for name in of_part])[torch.from_numpy(shape.part)]
    return Mesh(shape.vertices, shape.faces), label, names


class Sighted(Tinted):
    """Teacher and encoder in one: a feature is the mean colour, and where in the picture it is."""

    def features(self, views: Views, tokens: int | None = None) -> FeatureMaps:
        colour = functional.avg_pool2d(views.colour.movedim(-1, 1), 8)
        count, _, rows, columns = colour.shape
        place = torch.meshgrid(torch.linspace(-1, 1, rows), torch.linspace(-1, 1, columns), indexing="ij")
        maps = torch.cat([colour, torch.stack(place).to(colour).expand(count, 2, rows, columns)], 1).movedim(1, -1)
        height, width = views.element.shape[1:]
        return FeatureMaps(tuple(maps), torch.tensor([[0.0, 0.0, width, height]], device=colour.device).repeat(count, 1))


class Wider(Sighted):
    """An encoder with twice as many numbers."""

    def features(self, views: Views, tokens: int | None = None) -> Any:
        maps = super().features(views, tokens)
        return replace(maps, grid=tuple(torch.cat([grid, grid], 2) for grid in maps.grid))


class Missing:
    """A plug-in whose weights are not there."""

    def __init__(self) -> None:
        raise WeightsError("not at hand")


class Asked:
    """How often the teacher of these tests was asked."""

    count = 0


class Counted(Sighted):
    """A teacher that counts how often it is called."""

    def __call__(self, views: Views, prompts: Sequence[str], category: str | None = None) -> Relevancy:
        Asked.count += 1
        return super().__call__(views, prompts, category)


class Loaded(Sighted):
    """An encoder that counts how often it is made."""

    count = 0

    def __init__(self) -> None:
        Loaded.count += 1


@dataclass
class Shelf:
    """A labelled dataset in memory."""

    items: list[Item]
    labels: dict[str, np.ndarray]
    name: str = "shelf"

    def __len__(self) -> int:
        return len(self.items)

    def __iter__(self) -> Iterator[Item]:
        return iter(self.items)

    def truth(self, item_id: str) -> np.ndarray:
        return self.labels[item_id]


def shelf_of(*kinds: tuple[str, int]) -> Shelf:
    """Procedural shapes by kind and seed, of which the up axis is known."""
    items, labels = [], {}
    for kind, seed in kinds:
        mesh, label, names = shape_of(kind, seed)
        items.append(Item(f"{kind}/{seed}", kind, mesh, names, (0.0, 1.0, 0.0)))
        labels[items[-1].id] = label.numpy()
    return Shelf(items, labels)


@dataclass(frozen=True)
class ByHeight:
    """A method without a teacher: the first prompt is above a height, the second below."""

    above: float = 0.0
    """Beyond the mean height of the elements, world units."""

    def __call__(self, observation: Observation) -> Labelling:
        height = torch.from_numpy(geometry.element_positions(observation.shape)).float() @ observation.up
        label = (height < height.mean() + self.above).long()
        score = functional.one_hot(label, len(observation.prompts)).float()
        return Labelling(label, score, torch.ones(len(label), dtype=torch.bool))


class Painted(Sighted):
    """A teacher that embeds views: what is more red than blue is a stool's seat, all else its leg; other words are strange."""

    sharpness, none = 20.0, 0.0
    known = ("seat", "leg", "handle", "stool", "mug")

    def __init__(self) -> None:
        seat, leg, handle, stool, mug = torch.eye(5, 6)
        parts = functional.normalize(torch.stack([seat + stool / 2, leg + stool / 2, handle + mug / 2]), dim=1)
        self.vocabulary = Vocabulary(
            ("stool", "mug"), torch.stack([stool, mug]), ("seat", "leg", "handle"), parts, torch.tensor([0, 0, 1]),
            ("seat", "leg", "handle"), torch.stack([seat, leg, handle]), seat[None], torch.zeros(1, 2, dtype=torch.long),
        )  # fmt: skip

    def embed_views(self, views: Views) -> FeatureMaps:
        maps = self.features(views)
        red = [(grid[..., 0] > grid[..., 2]).long() for grid in maps.grid]
        return replace(maps, grid=tuple(self.vocabulary.part[1 - one].to(views.colour) for one in red))

    def embed(self, prompts: Sequence[str], category: str | None) -> Tensor:
        return torch.eye(6)[[self.known.index(prompt) if prompt in self.known else 5 for prompt in prompts]]

    def describe(self) -> dict[str, Any]:
        return {"name": "painted", "weights": [{"name": "paint", "sha256": "0"}]}
