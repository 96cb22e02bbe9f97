"""Finding plug-ins by name, and the contract that a teacher's answer is held against."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import torch
from fakes import Sighted, Tinted, changed

from meronym.errors import PluginError
from meronym.methods.lift import Vote
from meronym.protocols import Encoder, Renderer, Teacher
from meronym.registry import _BUILT_IN, load
from meronym.render import TorchRenderer
from meronym.teachers.builtin import BuiltinTeacher
from meronym.teachers.checked import check_answer
from meronym.teachers.oracle import OracleTeacher
from meronym.types import Cameras, Regions, Relevancy, Views

NAN, INF = float("nan"), float("inf")


def views(count: int = 2) -> Views:
    cameras = Cameras(torch.eye(4).repeat(count, 1, 1), torch.eye(3).repeat(count, 1, 1), 6, 8)
    nothing = torch.full((count, 6, 8), -1)
    return Views(cameras, torch.ones(count, 6, 8, 3), torch.full((count, 6, 8), INF), nothing)


def relevancy() -> Relevancy:
    """Of three prompts in two views, on grids of different sizes."""
    box = torch.tensor([[0.0, 0, 8, 6], [1, 1, 5, 5]])
    return Relevancy((torch.zeros(3, 2, 4), torch.zeros(3, 5, 5)), (torch.zeros(2, 4), torch.zeros(5, 5)), box)


def regions() -> Regions:
    box = torch.tensor([[0.0, 0, 4, 4], [2, 2, 8, 6]])
    return Regions(torch.tensor([0, 1]), torch.tensor([2, 0]), torch.tensor([0.0, 1.0]), box, torch.ones(2, 6, 8).bool())


def test_good_answers_pass() -> None:
    check_answer(relevancy(), views(), 3, "Good")
    check_answer(regions(), views(), 3, "Good")
    check_answer(replace(regions(), mask=None), views(), 3, "Good")
    none = torch.empty(0, dtype=torch.long)
    check_answer(Regions(none, none, torch.empty(0), torch.empty(0, 4)), views(), 3, "Good")


def put(index: tuple[int, ...], value: float) -> Callable[[torch.Tensor], torch.Tensor]:
    def change(tensor: torch.Tensor) -> torch.Tensor:
        changed = tensor.clone()
        changed[index] = value
        return changed

    return change


@pytest.mark.parametrize(
    ("field", "change", "said"),
    [
        ("logit", lambda grids: grids[:1], "expected 2 grids, got 1"),
        ("none", lambda grids: grids * 2, "expected 2 grids, got 4"),
        ("logit", lambda grids: (grids[0], grids[1][:2]), r"expected \(3, gh, gw\), got \(2, 5, 5\)"),
        ("logit", lambda grids: (grids[0][0], grids[1]), r"expected \(3, gh, gw\), got \(2, 4\)"),
        ("logit", lambda grids: (grids[0][:, :0], grids[1]), r"expected \(3, gh, gw\), got \(3, 0, 4\)"),
        ("none", lambda grids: (grids[1], grids[1]), r"expected \(2, 4\), got \(5, 5\)"),
        ("logit", lambda grids: (grids[0], put((2, 4, 4), NAN)(grids[1])), "expected finite values, got NaN or infinity"),
        ("none", lambda grids: (put((0, 0), INF)(grids[0]), grids[1]), "expected finite values, got NaN or infinity"),
        ("box", lambda box: box[:, :2], r"expected \(2, 4\), got \(2, 2\)"),
        ("box", put((1, 2), NAN), "expected finite x0 < x1 and y0 < y1"),
        ("box", put((0, 3), 0), "expected finite x0 < x1 and y0 < y1"),
    ],
)
def test_a_broken_relevancy_is_named(field: str, change: Callable[[Any], Any], said: str) -> None:
    answer = changed(relevancy(), **{field: change(getattr(relevancy(), field))})
    with pytest.raises(PluginError, match=rf"teacher Bad: Relevancy\.{field}: .*{said}"):
        check_answer(answer, views(), 3, "Bad")


@pytest.mark.parametrize(
    ("field", "change", "said"),
    [
        ("prompt", lambda prompt: prompt[:1], r"expected \(2,\), got \(1,\)"),
        ("score", lambda score: score[:, None], r"expected \(2,\), got \(2, 1\)"),
        ("box", lambda box: box[:, :3], r"expected \(2, 4\), got \(2, 3\)"),
        ("view", put((0,), 2), r"expected 0\.\.1, got 1\.\.2"),
        ("prompt", put((1,), -1), r"expected 0\.\.2, got -1\.\.2"),
        ("prompt", put((1,), 3), r"expected 0\.\.2, got 2\.\.3"),
        ("score", put((0,), 1.5), r"expected values in 0\.\.1"),
        ("score", put((0,), NAN), r"expected values in 0\.\.1"),
        ("box", put((0, 0), INF), "expected finite values"),
        ("mask", lambda mask: mask[:, :, :5], r"expected \(2, 6, 8\), got \(2, 6, 5\)"),
    ],
)
def test_a_broken_region_is_named(field: str, change: Callable[[Any], Any], said: str) -> None:
    answer = changed(regions(), **{field: change(getattr(regions(), field))})
    with pytest.raises(PluginError, match=rf"teacher Bad: Regions\.{field}: .*{said}"):
        check_answer(answer, views(), 3, "Bad")


def test_another_type_is_named() -> None:
    with pytest.raises(PluginError, match="teacher Bad: expected Relevancy or Regions, got dict"):
        check_answer({}, views(), 3, "Bad")


def test_built_in_names_and_paths_load() -> None:
    assert load("teachers", "builtin") is BuiltinTeacher
    assert load("methods", "vote") is Vote
    assert load("teachers", "meronym.teachers.oracle:OracleTeacher") is OracleTeacher


def test_an_unknown_name_lists_the_known() -> None:
    with pytest.raises(PluginError, match=r"no teacher named 'nobody'; known: builtin, clip, .*owlv2, .*or 'module:attribute'"):
        load("teachers", "nobody")
    with pytest.raises(PluginError, match="no encoder named 'nobody'; known: dinov2, or 'module:attribute'"):
        load("encoders", "nobody")


@pytest.mark.parametrize(("family", "name"), [(family, name) for family, names in _BUILT_IN.items() for name in names])
def test_every_built_in_name_loads(family: str, name: str) -> None:
    assert callable(load(family, name))


@pytest.mark.parametrize("name", ["no.such.module:Teacher", "meronym.registry:Nobody"])
def test_a_path_that_leads_nowhere_is_explained(name: str) -> None:
    with pytest.raises(PluginError, match=f"teacher '{name}' .* cannot be loaded: "):
        load("teachers", name)


def test_an_installed_plugin_is_found_by_its_entry_point(monkeypatch: pytest.MonkeyPatch) -> None:
    from importlib.metadata import EntryPoint

    point = EntryPoint("mine", "fakes:Tinted", "meronym.teachers")
    monkeypatch.setattr("meronym.registry.entry_points", lambda group: [point] if group == point.group else [])
    assert load("teachers", "mine").__name__ == "Tinted"
    with pytest.raises(PluginError, match="known: dinov2, or"):
        load("encoders", "mine")


def test_what_ships_fits_the_protocols() -> None:
    assert isinstance(OracleTeacher(torch.tensor([0])), Teacher)
    assert isinstance(TorchRenderer(), Renderer)
    assert not isinstance(object(), Teacher)
    assert isinstance(Sighted(), Encoder)
    assert not isinstance(Tinted(), Encoder)
    assert issubclass(BuiltinTeacher, Encoder)
