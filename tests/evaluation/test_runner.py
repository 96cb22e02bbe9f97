"""Methods side by side on labelled shapes: what they share, what counts as 0, and that labels reach the metrics only."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from fakes import Shelf, Sighted, shelf_of
from matplotlib.figure import Figure
from PIL import Image

from meronym import registry
from meronym.core import geometry, provenance
from meronym.datasets import Item
from meronym.errors import InputError, MissingExtra, PluginError, WeightsError
from meronym.evaluation import metrics, runner, words
from meronym.evaluation.datasets import PROTOCOL_OF, open_dataset
from meronym.evaluation.metrics import PROTOCOLS, Answer
from meronym.evaluation.report import plot, table
from meronym.evaluation.runner import PRE, Evaluation, evaluate
from meronym.evaluation.subjects import Prediction
from meronym.evaluation.words import absent_words
from meronym.lifting.observation import Observation
from meronym.methods.lift import Lift
from meronym.parts.instances import instances
from meronym.teachers.oracle import OracleTeacher
from meronym.types import FeatureMaps, Labelling, Regions, Relevancy, Views

QUICK = {
    "part-distill.epochs": 2, "part-distill.steps": 2, "part-distill.points": 256, "part-distill.batch": 128,
}  # fmt: skip
"""Students learn next to nothing, at once."""
pytestmark = pytest.mark.usefixtures("small_views")


def report_of(*arguments: Any, methods: Sequence[str] = ("lift",), **options: Any) -> dict[str, Any]:
    """The report of `evaluate` with quick students."""
    return measured(*arguments, methods=methods, **options).report


def measured(*arguments: Any, methods: Sequence[str] = ("lift",), **options: Any) -> Evaluation:
    """`evaluate` with quick students, and without single words unless they are asked for."""
    quick = QUICK if any("part-distill" in name for name in methods) else {}
    quick |= {"openscene.steps": 3} if "openscene" in methods else {}
    given = {"words": False, **options, "settings": {**quick, **options.pop("settings", {})}}
    return evaluate(*arguments, methods=methods, **given)


@pytest.fixture(scope="module")
def shelf() -> Shelf:
    """Three small shapes of two categories."""
    return shelf_of(("table", 0), ("shovel", 0), ("shovel", 1))


class Counting(Sighted):
    """Counts how often it is asked, and about what."""

    def __init__(self) -> None:
        self.asked: list[str | None] = []

    def __call__(self, views: Views, prompts: Sequence[str], category: str | None = None) -> Relevancy:
        self.asked.append(category)
        return super().__call__(views, prompts, category)


class FailsOnShovels(Sighted):
    def __call__(self, views: Views, prompts: Sequence[str], category: str | None = None) -> Relevancy:
        if category == "shovel":
            raise RuntimeError("broken shovel")
        return super().__call__(views, prompts, category)


class Blind(Sighted):
    """A detector that never finds anything."""

    def __call__(self, views: Views, prompts: Sequence[str], category: str | None = None) -> Relevancy | Regions:
        none = torch.empty(0, dtype=torch.long)
        return Regions(none, none, torch.empty(0), torch.empty(0, 4))


def timeless(report: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in report.items() if "seconds" not in name}


# ------------------------------------------------------------------------------------------------------- what is measured


def test_what_the_teacher_knows_is_measured() -> None:
    chair = shelf_of(("chair", 0))
    done: list[tuple[str, int, int, str]] = []
    teacher = OracleTeacher(torch.from_numpy(chair.labels["chair/0"]), cell=4)
    report = report_of(
        chair, teacher=teacher, views=6, progress=lambda stage, count, total, note: done.append((stage, count, total, note))
    )
    assert done == [("evaluate", 1, 1, "chair/0")]
    lift = report["methods"]["lift"]
    assert lift["miou"] > 85
    assert lift["figures"]["accuracy"] > 90
    assert lift["miou"] > lift["floors"]["majority"]
    assert lift["failures"] == {}
    assert lift["items"]["chair/0"] == lift["categories"]["chair"]["miou"] == lift["miou"]
    assert (report["dataset"], report["seen"], report["teacher"]["name"]) == ("shelf", "6 views", "oracle")
    assert report["protocol"].startswith("present-class: ")
    assert json.loads(json.dumps(report)) == report


def test_all_methods_get_one_observation_and_what_they_would_get_alone(shelf: Shelf) -> None:
    teacher, names = Counting(), ["lift", "vote", "satr", PRE, "lift"]
    report = report_of(shelf, methods=names, teacher=teacher, views=2)
    assert teacher.asked == ["table", "shovel", "shovel"]
    assert list(report["methods"]) == names[:-1]
    for name in ("vote", PRE):
        alone = report_of(shelf, methods=[name], teacher=Sighted(), views=2)["methods"][name]
        assert timeless(report["methods"][name]) == timeless(alone)
        assert list(alone["items"]) == ["table/0", "shovel/0", "shovel/1"]
    assert len({json.dumps(row["items"]) for row in report["methods"].values()}) == 4


def test_pictures_of_a_large_category_are_made_again(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = report_of(shelf, methods=[PRE], teacher=Sighted(), views=2)
    monkeypatch.setattr(runner, "KEPT", 1)
    teacher = Counting()
    again = report_of(shelf, methods=[PRE], teacher=teacher, views=2)
    assert teacher.asked == ["table", *["shovel"] * 4]
    assert timeless(again["methods"][PRE]) == timeless(kept["methods"][PRE])


class SeesOnly(Counting):
    """Knows the labels of the first shape that it is shown; of all others it says the same of every pixel."""

    def __init__(self, label: torch.Tensor) -> None:
        super().__init__()
        self.oracle = OracleTeacher(label, cell=8)

    def __call__(self, views: Views, prompts: Sequence[str], category: str | None = None) -> Relevancy:
        answer = self.oracle(views, prompts) if not self.asked else super().__call__(views, prompts, category)
        self.asked.append(category)
        flat = answer if len(self.asked) == 1 else replace(answer, logit=tuple(grid * 0 for grid in answer.logit))
        return flat


def test_pre_carries_what_is_known_of_one_shape_to_another(shelf: Shelf) -> None:
    shovels = Shelf(shelf.items[1:], shelf.labels)
    teacher = SeesOnly(torch.from_numpy(shelf.labels["shovel/0"]))
    longer = {"part-distill.epochs": 8, "part-distill.steps": 8}
    rows = report_of(shovels, methods=["lift", PRE], teacher=teacher, views=4, settings=longer)["methods"]
    assert rows[PRE]["items"]["shovel/1"] > rows["lift"]["items"]["shovel/1"] + 20


class WithoutFeatures(Sighted):
    def features(self, views: Views, tokens: int | None = None) -> FeatureMaps:
        raise PluginError("no features")


def test_pre_learns_from_the_backbone_that_is_set(shelf: Shelf) -> None:
    shovels = Shelf(shelf.items[1:], shelf.labels)
    given: dict[str, Any] = {"methods": [PRE], "teacher": WithoutFeatures(), "views": 2}
    row = report_of(shovels, **given, settings={"part-distill.backbone": "geometry"})["methods"][PRE]
    assert row["failures"] == {}
    assert report_of(shovels, **given)["methods"][PRE]["failures"].keys() == {"shovel/0", "shovel/1"}


def test_pre_learns_apart_from_shapes_with_other_prompts(shelf: Shelf) -> None:
    table, shovel = (replace(item, category="thing") for item in shelf.items[:2])
    other = replace(shovel, prompts=("blade", "handle", "grip"))
    row = report_of(Shelf([table, other], shelf.labels), methods=[PRE], teacher=Sighted(), views=2)["methods"][PRE]
    assert row["failures"] == {}
    assert row["categories"]["thing"]["items"] == 2


def test_the_protocol_changes_the_figures_and_is_named(shelf: Shelf) -> None:
    part = replace(shelf.items[0], prompts=("leg", "tabletop", "drawer"))
    one = Shelf([part], shelf.labels)
    reports = {name: report_of(one, teacher=Sighted(), views=2, protocol=name) for name in ("present-class", "p1-class")}
    assert all(report["protocol"].startswith(f"{name}: {PROTOCOLS[name].sentence}") for name, report in reports.items())
    figures = [report["methods"]["lift"]["miou"] for report in reports.values()]
    assert figures[0] != figures[1]
    assert set(PROTOCOL_OF.values()) <= {*PROTOCOLS, "views"}


# ------------------------------------------------------------------------------------------------------------- failures


@pytest.mark.parametrize("protocol", ["present-class", "p1-class", "p1-instance", "partnete-part"])
def test_failures_count_as_nothing_and_are_listed(shelf: Shelf, protocol: str) -> None:
    report = report_of(shelf, methods=["lift", PRE], teacher=FailsOnShovels(), views=2, protocol=protocol)
    for row in report["methods"].values():
        why = "PluginError: teacher FailsOnShovels failed: RuntimeError: broken shovel"
        assert row["failures"] == {"shovel/0": why, "shovel/1": why}
        assert row["items"]["shovel/0"] == row["items"]["shovel/1"] == row["categories"]["shovel"]["miou"] == 0
        assert row["categories"]["shovel"]["items"] == 2
        assert row["items"]["table/0"] > 0
        share = 1 / 3 if protocol == "p1-instance" else 1 / 2
        assert row["miou"] == pytest.approx(row["items"]["table/0"] * share)


def test_one_broken_file_does_not_end_the_run(shelf: Shelf) -> None:
    broken = Item("shovel/x", "shovel", InputError("cut short"), shelf.items[1].prompts)
    rows = report_of(Shelf([*shelf.items, broken], shelf.labels), methods=["lift", PRE], teacher=Sighted(), views=2)["methods"]
    for row in rows.values():
        assert row["failures"] == {"shovel/x": "InputError: cut short"}
        assert row["items"]["shovel/x"] == 0
        assert row["items"]["shovel/1"] > 0


def test_a_method_that_cannot_learn_fails_alone(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = report_of(shelf, methods=["vote", PRE], teacher=Blind(), views=2)["methods"]
    assert rows["vote"]["failures"] == {}
    assert set(rows[PRE]["failures"]) == set(shelf.labels)
    assert all("nothing to learn from" in why for why in rows[PRE]["failures"].values())
    assert rows[PRE]["miou"] == 0

    def no_encoder(views: Views) -> None:
        raise WeightsError("dinov2-small: not there")

    teacher = Sighted()
    teacher.features = no_encoder  # type: ignore[assignment, method-assign]
    rows = report_of(shelf, methods=["lift", PRE], teacher=teacher, views=2)["methods"]
    assert rows["lift"]["failures"] == {}
    assert rows[PRE]["failures"] == dict.fromkeys(shelf.labels, "WeightsError: dinov2-small: not there")


class Unlabelled(Shelf):
    def truth(self, item_id: str) -> np.ndarray:
        if item_id == "shovel/0":
            raise InputError("shovel/0: no labels beside it")
        return super().truth(item_id)


def test_labels_that_cannot_be_read_are_a_failure(shelf: Shelf) -> None:
    row = report_of(Unlabelled(shelf.items, shelf.labels), teacher=Sighted(), views=2)["methods"]["lift"]
    assert row["failures"] == {"shovel/0": "InputError: shovel/0: no labels beside it"}
    assert row["items"]["shovel/0"] == 0


def test_a_shape_of_which_nobody_says_what_it_is_does_not_count(shelf: Shelf) -> None:
    labels = shelf.labels | {"shovel/0": np.full_like(shelf.labels["shovel/0"], -1)}
    row = report_of(Shelf(shelf.items, labels), teacher=Sighted(), views=2)["methods"]["lift"]
    assert row["items"].keys() == {"table/0", "shovel/1"}
    assert row["categories"]["shovel"]["miou"] == row["items"]["shovel/1"]
    assert row["categories"]["shovel"]["items"] == 1


def test_unknown_names_list_the_known(shelf: Shelf, tmp_path: Path) -> None:
    teacher = Counting()
    with pytest.raises(InputError, match=r"protocol: expected one of present-class, .*, got 'best'"):
        report_of(shelf, teacher=teacher, protocol="best")
    with pytest.raises(PluginError, match=r"no method named 'magic'; known: 3d-ovs, .*lift, .*part-distill"):
        report_of(shelf, teacher=teacher, methods=["lift", "magic"])
    assert teacher.asked == []
    with pytest.raises(InputError, match=r"dataset: expected one of labelled-psb, .*shapenetpart, .*, got 'imagenet'"):
        open_dataset("imagenet", tmp_path)
    with pytest.raises(InputError, match=r"coseg: .*Give their names as JSON with --names"):
        open_dataset("coseg", tmp_path)


# ------------------------------------------------------------------------------------------- labels stay out of predictions


SLOW = {"pointclip-v2"}
SLOW_WORDS = {"pointclip", "part-slip"}
OF_CAPTURES = {"3d-ovs", "ffd", "lerf", "teacher-alone"}
TRAINED = {"part-distill", PRE, "openscene"}


def arrays(prediction: Prediction) -> list[np.ndarray]:
    """All that is reported of a prediction for a shape."""
    assert prediction.instance is not None
    words = prediction.words
    asked = () if words is None else (words.own, words.alone, words.among)
    return [*prediction.closed, *prediction.free, prediction.instance, *asked]


@pytest.mark.parametrize("method", sorted({*registry._BUILT_IN["methods"], PRE} - SLOW - OF_CAPTURES))
def test_labels_cannot_reach_a_reported_prediction(shelf: Shelf, method: str) -> None:
    """Shuffled labels leave every byte of the predictions that are measured as it is, and change the figures.

    The figures are those of exactly these predictions, so that a choice made on labels after a method returns shows as well.
    """
    rng = np.random.default_rng(0)
    shuffled = Shelf(shelf.items, {name: rng.permutation(label) for name, label in shelf.labels.items()})
    asked = method not in SLOW_WORDS
    first, second = (measured(one, methods=[method], teacher=Sighted(), views=2, words=asked) for one in (shelf, shuffled))
    assert list(first.predictions[method]) == list(shelf.labels)
    for name, prediction in first.predictions[method].items():
        other = second.predictions[method][name]
        assert len(prediction.closed) == len(prediction.free) == 1
        assert (prediction.words is not None) == (asked and method not in TRAINED)
        for one, two in zip(arrays(prediction), arrays(other), strict=True):
            assert one.tobytes() == two.tobytes()
    assert first.report["methods"][method]["items"] != second.report["methods"][method]["items"]
    for dataset, found in ((shelf, first), (shuffled, second)):
        assert figures_of(dataset, found.predictions[method]) == pytest.approx(reported(found.report["methods"][method]))


def reported(row: dict[str, Any]) -> dict[str, float]:
    """All figures of a method that were measured."""
    return {"closed list": row["miou"]} | {name: value for name, value in row["figures"].items() if value is not None}


def figures_of(dataset: Shelf, predictions: Mapping[str, Prediction]) -> dict[str, float]:
    """The same, made of the predictions and of these labels."""
    answers: dict[str, list[Answer]] = {"closed list": [], "with none": []}
    for item in dataset:
        truth, area, made = dataset.labels[item.id], geometry.element_areas(item.shape), predictions[item.id]
        assert made.instance is not None
        figures = words.region_figures(made.free[0], made.instance, truth, instances(item.shape, truth), area)
        figures |= {} if made.words is None else words.word_figures(made.words, truth, area)
        for name, label in (("closed list", made.closed[0]), ("with none", made.free[0])):
            answers[name].append(Answer(item.category, label, truth, area, item.prompts, figures=figures))
    found = {name: metrics.summary(own)["miou"] for name, own in answers.items()}
    closed = answers["closed list"]
    found["accuracy"] = metrics.summary(closed)["accuracy"]
    for name in closed[0].figures:
        per_category: dict[str, list[np.ndarray]] = {}
        for answer in closed:
            per_category.setdefault(answer.category, []).append(answer.figures[name])
        found[name] = 100 * metrics.class_mean(per_category)
    return found


class Peeking(Shelf):
    """Notes when ground truth is read."""

    def truth(self, item_id: str) -> np.ndarray:
        order.append(f"truth {item_id}")
        return super().truth(item_id)


order: list[str] = []


@dataclass(frozen=True)
class Noting:
    """A method that notes when it is called."""

    def __call__(self, observation: Observation) -> Labelling:
        order.append("label")
        return Lift()(observation)


def test_labels_are_read_when_all_methods_have_answered(shelf: Shelf) -> None:
    for asked in (False, True):
        order.clear()
        evaluate(
            Peeking(shelf.items, shelf.labels), methods={"a": Noting(), "b": Noting()}, teacher=Sighted(), views=2, words=asked
        )
        times = [2 * (1 + asked * (3 + 2 * len(absent_words(item.category, item.prompts)))) for item in shelf.items]
        assert order == [
            step for item, each in zip(shelf.items, times, strict=True) for step in (*["label"] * each, f"truth {item.id}")
        ]


@dataclass(frozen=True)
class Asked:
    """A method that notes its prompts."""

    def __call__(self, observation: Observation) -> Labelling:
        order.append(str(observation.prompts))
        return Lift()(observation)


def test_prompts_can_be_said_in_other_words(shelf: Shelf) -> None:
    order.clear()
    evaluate(
        shelf, methods={"asked": Asked()}, teacher=Sighted(), views=2, rename=lambda category, prompt: f"{category}'s {prompt}",
        words=False,
    )  # fmt: skip
    assert order == [str(("table's leg", "table's tabletop"))] + [str(("shovel's blade", "shovel's handle"))] * 2


# ------------------------------------------------------------------------------------------------------ table and plot


@pytest.fixture(scope="module")
def report() -> dict[str, Any]:
    """As `evaluate` gives it, with figures that are easily told apart."""

    def method(start: float, **failures: str) -> dict[str, Any]:
        floors = {"majority": 30.0, "random": 20.0}
        categories = {"table": {"miou": start, **floors, "items": 1}, "shovel": {"miou": start + 10, **floors, "items": 3}}
        return {
            "miou": start + 5, "figures": {"with none": start + 4, "one word": start if start < 50 else None}, "floors": floors,
            "categories": categories, "items": {}, "failures": failures, "seconds": 8.0,
        }  # fmt: skip

    return {
        "dataset": "shelf", "teacher": {"name": "sighted"}, "protocol": "p1-class: a sentence",
        "seen": "7 views", "sentences": {"one word": "asked alone"}, "quality": {}, "seconds_observing": 2.0,
        "methods": {"lift": method(40.0), PRE: method(50.0, **{"shovel/0": "InputError: bent"})},
        "commit": "abc", "machine": "a machine",
    }  # fmt: skip


def test_the_table_says_all(report: dict[str, Any]) -> None:
    lines = table(report).splitlines()
    assert lines[:3] == ["shelf, 7 views, teacher sighted.", "mIoU in percent, p1-class: a sentence.", "Commit abc, a machine."]
    assert lines[4:13] == [
        "| category | lift | part-distill-pre | majority | random | items |",
        "|---|---|---|---|---|---|",
        "| table | 40.0 | 50.0 | 30.0 | 20.0 | 1 |",
        "| shovel | 50.0 | 60.0 | 30.0 | 20.0 | 3 |",
        "| all | **45.0** | **55.0** | 30.0 | 20.0 | 4 |",
        "| with none | 44.0 | 54.0 | | | |",
        "| one word | 40.0 | - | | | |",
        "| failed | 0 | 1 | | | |",
        "| seconds an item | 2.00 | 2.00 | | | |",
    ]
    assert lines[14:] == [
        "Seconds an item are without rendering, reconstruction and the teacher's answers, which all methods share: 0.50.",
        "one word: asked alone.",
        "part-distill-pre failed on shovel/0: InputError: bent",
    ]


def test_a_measured_report_has_a_table(shelf: Shelf) -> None:
    text = table(report_of(shelf, methods=["lift", "vote"], teacher=FailsOnShovels(), views=2, protocol="p1-instance"))
    assert PROTOCOLS["p1-instance"].sentence in text
    assert "| failed | 2 | 2 |" in text
    assert text.count(" failed on shovel/") == 4


def test_the_plot_shows_every_figure(report: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[Figure] = []
    real = Figure.savefig
    monkeypatch.setattr(Figure, "savefig", lambda self, *args, **kw: (drawn.append(self), real(self, *args, **kw))[1])
    with Image.open(plot(report, tmp_path / "plot.png")) as picture:
        assert min(picture.size) > 300
    (axes,) = drawn[0].axes
    heights = [[bar.get_height() for bar in bars] for bars in axes.containers]
    assert heights == [[40, 50, 45], [50, 60, 55]]
    lefts = sorted((bar.get_x(), bar.get_width()) for bars in axes.containers for bar in bars)
    assert all(a + width <= b + 1e-9 for (a, width), (b, _) in pairwise(lefts))
    assert [label.get_text() for label in axes.get_xticklabels()] == ["table", "shovel", "all"]
    legend = axes.get_legend()
    assert legend is not None
    assert [text.get_text() for text in legend.get_texts()] == ["lift 45.0", "part-distill-pre 55.0"]
    assert axes.get_title() == "p1-class: a sentence"


def test_a_plot_without_matplotlib_names_the_extra(
    report: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(MissingExtra, match=r"pip install 'meronym\[bench\]'"):
        plot(report, tmp_path / "plot.png")


def test_the_commit_is_left_open_where_there_is_no_git(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert provenance.commit() is None


def test_a_failure_is_nothing_under_every_protocol() -> None:
    for name in PROTOCOLS:
        assert metrics.summary([metrics.Answer.failed("chair", ("leg", "seat"))], name)["miou"] == 0
