"""The examples of docs/extending.md are right, and their checks find what is wrong."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import torch
from fakes import shelf_of

from meronym import testing
from meronym.errors import PluginError
from meronym.lifting.observation import Observation
from meronym.methods.lift import Lift
from meronym.students.backbones import Geometry
from meronym.types import Labelling, Mesh
from meronym_synthetic.kit.registry import kind
from meronym_synthetic.kit.solids import box

PAGE = Path(__file__).parents[1] / "docs" / "extending.md"
EXAMPLES = re.findall(r"## (?:A|An) ([^\n]+)\n.*?```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)


def test_every_family_has_an_example() -> None:
    assert [title for title, _ in EXAMPLES] == ["teacher", "method", "student", "dataset", "kind"]


@pytest.mark.parametrize(("title", "code"), EXAMPLES, ids=[title for title, _ in EXAMPLES])
def test_the_example_passes_its_check(title: str, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert f"meronym.testing.check_{ {'student': 'backbone'}.get(title, title) }(" in code
    assert len([line for line in code.splitlines() if line.strip()]) < 45
    module = ModuleType(f"example_{title}")
    monkeypatch.setitem(sys.modules, module.__name__, module)
    exec(compile(code, f"{PAGE.name}: {title}", "exec"), module.__dict__)


# -------------------------------------------------------------------------------------------------- checks find what is wrong


@dataclass(frozen=True)
class Changed:
    """`lift` with its labelling changed."""

    change: Callable[[Labelling], Any]

    def __call__(self, observation: Observation) -> Any:
        return self.change(Lift()(observation))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda found: found.label, "expected a Labelling, got Tensor"),
        (lambda found: found._replace(label=found.label[1:]), r"Labelling.label: expected \(\d+,\), got"),
        (lambda found: found._replace(label=found.label + 99), r"Labelling.label: expected -1\.\."),
        (lambda found: found._replace(score=found.score * 9), "whose sum is at most 1"),
        (lambda found: found._replace(score=torch.rand(found.score.shape) / 99), "two runs give different answers"),
        (lambda found: found._replace(label=torch.zeros_like(found.label)), "prompts in another order change"),
    ],
)
def test_a_wrong_method_is_found(change: Callable[[Labelling], Any], message: str) -> None:
    testing.check_method(Lift())
    with pytest.raises(PluginError, match=message):
        testing.check_method(Changed(change))


class Fewer(Geometry):
    def __call__(self, observation: Observation) -> Any:
        return super().__call__(observation)[1:]


class Fickle(Geometry):
    def __call__(self, observation: Observation) -> Any:
        return torch.rand(observation.shape.element_count, 3)


class Nothing(Geometry):
    def __call__(self, observation: Observation) -> Any:
        return torch.full((observation.shape.element_count, 3), torch.nan)


@pytest.mark.parametrize(
    ("wrong", "message"), [(Fewer, "expected"), (Fickle, "other features"), (Nothing, "no element has a feature")]
)
def test_a_wrong_backbone_is_found(wrong: type[Geometry], message: str) -> None:
    testing.check_backbone(Geometry())
    with pytest.raises(PluginError, match=message):
        testing.check_backbone(wrong())


def test_a_wrong_dataset_is_found() -> None:
    shelf = shelf_of(("stool", 0), ("stool", 1))
    shelf.truth = _strict(shelf.truth)  # type: ignore[method-assign]
    testing.check_dataset(shelf)
    first = shelf.items[0]
    assert isinstance(first.content, Mesh)
    cases = [
        (replace(first, id=shelf.items[1].id), "ids of their own"),
        (replace(first, content=replace(first.content, source=Path("leg.obj"))), "could give labels away"),
        (replace(first, content=replace(first.content, faces=first.content.faces[1:])), "labels of -1"),
    ]
    for item, message in cases:
        shelf.items = [item, shelf.items[1]]
        with pytest.raises(PluginError, match=message):
            testing.check_dataset(shelf)


def _strict(truth: Callable[[str], np.ndarray]) -> Callable[[str], np.ndarray]:
    from meronym.errors import InputError

    def of(item_id: str) -> np.ndarray:
        try:
            return truth(item_id)
        except KeyError as error:
            raise InputError("no such item") from error

    return of


def test_a_wrong_kind_is_found() -> None:
    testing.check_kind("chair")
    with pytest.raises(PluginError, match="not registered"):
        testing.check_kind("nonsense")

    @kind("wrong words", family="test", names=("thing",), synonyms={"leg": ("foot",)})
    def words(rng: Any) -> list[Any]:
        return [box("seat", (0, 0, 0), (0.5, 0.5, 0.5))]

    with pytest.raises(PluginError, match="synonyms for leg, but its parts are seat"):
        testing.check_kind("wrong words")

    @kind("fickle", family="test", names=("thing",), synonyms={})
    def fickle(rng: Any) -> list[Any]:
        return [box("seat", (0, 0, 0), (0.5, 0.5, 0.5 + np.random.default_rng().random()))]

    with pytest.raises(PluginError, match="one seed gives two shapes"):
        testing.check_kind("fickle")
