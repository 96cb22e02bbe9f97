"""Finding plug-ins by name, and the contract that a teacher's answer is held against."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import torch
from fakes import Sighted, Tinted, changed

from meronym.errors import InputError, PluginError
from meronym.methods.lift import Lift, Vote
from meronym.methods.part_distill import PartDistill
from meronym.methods.three_d_ovs import OVS3D
from meronym.protocols import Encoder, Renderer, Teacher
from meronym.registry import _BUILT_IN, check_settings, create, load, load_registered, settings_of
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


# ------------------------------------------------------------------------------------------------------------- settings


def test_settings_reach_the_plugin_they_name() -> None:
    settings = {"part-distill.targets": "votes", "part-distill.epochs": "5", "lift.balance": 0.25, "3d-ovs.repel": "None"}
    made = create("methods", "part-distill", settings)
    assert made == PartDistill(targets="votes", epochs=5)
    assert settings_of(made)["targets"] == "votes"
    assert create("methods", "lift", settings) == Lift(balance=0.25)
    assert create("methods", "vote", settings) == Lift(evidence="votes")
    assert create("methods", "3d-ovs", settings).repel is None


def test_a_preset_stands_for_its_settings_and_others_go_before_it() -> None:
    paper = create("methods", "3d-ovs", {"3d-ovs.preset": "paper", "3d-ovs.steps": 7})
    assert (paper.rays, paper.attract, paper.consistent, paper.steps) == (4096, 200.0, False, 7)
    assert OVS3D().rays == 1024
    ffd = create("methods", "ffd", {"ffd.preset": "paper"})
    assert (ffd.rays, ffd.selection, ffd.rda, ffd.fda) == (4096, False, False, False)


@pytest.mark.parametrize(
    ("name", "settings", "message"),
    [
        ("lift", {"lift.magic": 1}, "lift: no setting magic; there are evidence, balance, doubt"),
        ("part-distill", {"part-distill.targets": "banana"}, "part-distill.targets: expected one of soft, votes, got 'banana'"),
        ("part-distill", {"part-distill.epochs": "many"}, "part-distill.epochs: expected int, got 'many'"),
        ("part-distill", {"part-distill.backward": "1"}, "part-distill.backward: expected bool, got 1"),
        ("3d-ovs", {"3d-ovs.repel": "strong"}, r"3d-ovs.repel: expected float \| None, got 'strong'"),
        ("3d-ovs", {"3d-ovs.preset": "authors"}, "3d-ovs: no preset 'authors'; there are paper"),
        ("lift", {"lift.preset": "paper"}, "lift: no preset 'paper'; there are none"),
    ],
)
def test_settings_that_there_are_not(name: str, settings: dict[str, object], message: str) -> None:
    with pytest.raises(InputError, match=message):
        create("methods", name, settings)


def test_settings_of_plugins_that_take_no_part_are_refused() -> None:
    check_settings({"lift.doubt": 1, "ByHeight.x": 2}, ("lift", "fakes:ByHeight"))
    with pytest.raises(InputError, match=r"clip\.tokens: expected <name>.<setting> with a name among lift, builtin"):
        check_settings({"clip.tokens": 3}, ("lift", "builtin"))


@pytest.mark.parametrize("name", ["os:abort", "fakes:Sighted", "antigravity", 3, None, ["lifted"]])
def test_files_name_registered_plugins_only(name: object) -> None:
    assert load_registered("students", "lifted", "a.safetensors") is load("students", "lifted")
    with pytest.raises(PluginError, match=r"a\.safetensors: names the student .*not registered; known: geometry, lifted"):
        load_registered("students", name, "a.safetensors")
