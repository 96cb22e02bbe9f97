"""Figures of single words, instances and names of regions: by hand, beside slow twins, and through `evaluate`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import permutations
from typing import Any

import numpy as np
import pytest
import torch
from fakes import Shelf, Tinted, shelf_of
from hypothesis import given, settings
from hypothesis import strategies as st
from stools import seat_and_leg

from meronym.core import geometry
from meronym.datasets import Item
from meronym.errors import InputError
from meronym.evaluation.report import mean_row, rows_table, table
from meronym.evaluation.runner import evaluate
from meronym.evaluation.words import (
    ALONE,
    AMONG,
    ASKED,
    CAN_HAVE,
    COUNT,
    INSTANCES,
    NAMED,
    ONE_WORD,
    SENTENCES,
    WHOLE,
    WordAnswers,
    absent_words,
    ask,
    failed,
    iou_table,
    region_figures,
    word_figures,
)  # fmt: skip
from meronym.lifting.observation import Observation
from meronym.shapes.observation import observe
from meronym.teachers.checked import CheckedTeacher
from meronym.types import Labelling, Mesh

pytestmark = pytest.mark.usefixtures("small_views")


@pytest.fixture(scope="module")
def shelf() -> Shelf:
    """Two small shapes of two categories."""
    return shelf_of(("table", 0), ("shovel", 0))


@dataclass(frozen=True)
class Knowing:
    """A method that recognises exactly the known words, each wherever it is true, and the word for the whole."""

    labels: Mapping[int, tuple[np.ndarray, tuple[str, ...]]]
    """Number of elements -> true part of each, and the names."""

    def __call__(self, observation: Observation) -> Labelling:
        truth, names = self.labels[observation.shape.element_count]
        index = [observation.prompts.index(name) if name in observation.prompts else -1 for name in names]
        label = torch.tensor(index)[torch.from_numpy(truth)]
        if observation.prompts == (observation.category,):
            label = torch.zeros_like(label)
        score = torch.nn.functional.one_hot(label + 1, len(observation.prompts) + 1)[:, 1:].float()
        return Labelling(label, score, torch.ones_like(label, dtype=torch.bool))


class Greedy:
    """A method that takes all of the surface for the last word."""

    def __call__(self, observation: Observation) -> Labelling:
        label = torch.full((observation.shape.element_count,), len(observation.prompts) - 1)
        score = torch.nn.functional.one_hot(label, len(observation.prompts)).float()
        return Labelling(label, score, torch.ones_like(label, dtype=torch.bool))


def knowing(shelf: Shelf) -> Knowing:
    return Knowing({item.shape.element_count: (shelf.labels[item.id], item.prompts) for item in shelf.items})


# --------------------------------------------------------------------------------------------------- which words are absent


@pytest.mark.parametrize(
    ("category", "prompts", "left_out"),
    [
        ("airplane", ("wing",), {"propeller", "wheel"}),
        ("person", ("head", "arm"), set()),
        ("vehicle truck green", ("body",), {"wheel", "roof", "car"}),
        ("Sailboat", ("hull",), {"propeller", "wheel", "roof", "sail"}),
        ("glasses", ("lens",), set()),
        ("city buses", ("door",), set()),
        ("city bus", ("door",), {"wheel", "roof", "car"}),
        ("cars", ("door",), {"wheel", "roof", "car"}),
        ("", ("Steering Wheel", "sails"), {"wheel", "sail"}),
        ("laptop", ("screen",), {"keyboard"}),
        ("writing desk", ("top",), {"wheel", "drawer"}),
    ],
)
def test_a_word_is_absent_unless_such_a_thing_can_have_it_or_a_prompt_contains_it(
    category: str, prompts: tuple[str, ...], left_out: set[str]
) -> None:
    assert absent_words(category, prompts) == tuple(word for word in CAN_HAVE if word not in left_out)


def test_the_absent_words_are_fixed() -> None:
    assert tuple(CAN_HAVE) == ("propeller", "wheel", "keyboard", "roof", "drawer", "sail", "car", "chair", "dog")


# ---------------------------------------------------------------------------------------------------------- single words


def test_single_words_by_hand() -> None:
    """Three words, of which the last is not there; the last element belongs to none, the first weighs as much as two."""
    own = np.array([[1, 1, 0, 0, 1], [0, 1, 1, 1, 0], [1, 1, 1, 1, 1]], dtype=bool)
    alone = np.array([[1, 0, 0, 0, 1], [0, 0, 0, 0, 0]], dtype=bool)
    answers = WordAnswers(own, np.array([[1, 1, 1, 0, 1]], dtype=bool), ("wheel", "sail"), alone, ~alone)
    truth, area = np.array([0, 1, 1, 1, -1]), np.array([2.0, 1, 1, 1, 1])
    found = word_figures(answers, truth, area)
    assert found[ONE_WORD] == pytest.approx([2 / 3, 1])
    assert found[WHOLE] == pytest.approx([5 / 6])
    assert found[ALONE] == pytest.approx([3 / 6, 0])
    assert found[AMONG] == pytest.approx([3 / 6, 1])
    counted = word_figures(answers, truth, area, "counted")
    assert counted[ONE_WORD] == pytest.approx([2 / 4, 1])
    assert {name: counted[name].tolist() for name in ASKED[1:]} == {name: found[name].tolist() for name in ASKED[1:]}


class Noting(Greedy):
    """Notes what it is asked, and about which views."""

    def __init__(self) -> None:
        self.asked: list[tuple[tuple[str, ...], str | None, int]] = []

    def __call__(self, observation: Observation) -> Labelling:
        self.asked.append((observation.prompts, observation.category, id(observation.views)))
        return super().__call__(observation)


def test_the_same_method_is_asked_on_the_same_views(shelf: Shelf) -> None:
    method = Noting()
    evaluate(Shelf(shelf.items[:1], shelf.labels), methods={"noting": method}, teacher=Tinted(), views=1)
    own, absent = shelf.items[0].prompts, absent_words("table", shelf.items[0].prompts)
    assert own == ("leg", "tabletop")
    assert absent == ("propeller", "keyboard", "roof", "sail", "car", "chair", "dog")
    alone = [(word,) for word in (*own, "table", *absent)]
    assert [asked for asked, _, _ in method.asked] == [own, *alone, *((*own, word) for word in absent)]
    assert {category for _, category, _ in method.asked} == {"table"}
    assert len({views for _, _, views in method.asked}) == 1


def test_no_absent_words_are_no_answers(chair: tuple[Mesh, torch.Tensor, tuple[str, ...]]) -> None:
    mesh, label, names = chair
    seen, _ = observe(mesh, names, CheckedTeacher(Tinted()), views=1, up=(0.0, 1.0, 0.0))
    answers = ask(Knowing({len(label): (label.numpy(), names)}), seen, ())
    assert answers.alone.shape == answers.among.shape == (0, len(label))
    np.testing.assert_array_equal(answers.own, label.numpy() == np.arange(len(names))[:, None])
    assert len(word_figures(answers, label.numpy(), np.ones(len(label)))[ALONE]) == 0


# ------------------------------------------------------------------------------------------------- instances and names


def test_regions_by_hand() -> None:
    """Part 0: two instances, one found, one half; part 1: one, told as part 0's second; part 2 is not there."""
    truth, number = np.array([0, 0, 0, 0, 1, 1, -1]), np.array([0, 0, 1, 1, 0, 0, -1])
    label, said = np.array([0, 0, 0, -1, 0, 0, 2]), np.array([0, 0, 1, -1, 2, 2, 0])
    found = region_figures(label, said, truth, number, np.ones(7))
    assert found[COUNT].tolist() == [0, 0]
    assert found[INSTANCES] == pytest.approx([(1 + 1 / 2) / 2, 0])
    assert found[NAMED].tolist() == [1, 0]
    both = region_figures(truth, number, truth, number, np.ones(7))
    assert {name: values.tolist() for name, values in both.items()} == {COUNT: [1, 1], INSTANCES: [1, 1], NAMED: [1, 1]}


def test_a_part_that_is_mostly_without_a_name_is_not_named() -> None:
    truth, label = np.array([0, 0, 0, 1]), np.array([0, -1, -1, 1])
    found = region_figures(label, np.where(label < 0, -1, 0), truth, np.zeros(4, int), np.ones(4))
    assert found[NAMED].tolist() == [0, 1]
    assert found[INSTANCES] == pytest.approx([1 / 3, 1])


def test_what_nobody_named_makes_no_instance_unless_the_protocol_counts_it() -> None:
    truth, label = np.array([0, 0, -1]), np.array([0, 0, 0])
    number = np.array([0, 0, 1])
    for unnamed, expected in (("left_out", 1), ("counted", 0)):
        found = region_figures(label, number, truth, np.array([0, 0, -1]), np.ones(3), unnamed)  # type: ignore[arg-type]
        assert found[COUNT].tolist() == [expected]


def slow_instances(said: list[int], true: list[int], area: list[float]) -> float:
    """The best of all ways to give each true instance another one."""

    def iou(one: int, two: int) -> float:
        both = sum(weight for a, b, weight in zip(true, said, area, strict=True) if a == one and b == two)
        return both / sum(weight for a, b, weight in zip(true, said, area, strict=True) if a == one or b == two)

    ours, theirs = sorted(set(true) - {-1}), sorted(set(said) - {-1})
    theirs += [99] * len(ours)
    ways = permutations(theirs, len(ours))
    return max(sum(iou(one, two) for one, two in zip(ours, way, strict=True)) for way in ways) / len(ours)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_instances_are_matched_as_by_their_slow_twin(seed: int) -> None:
    rng = np.random.default_rng(seed)
    true, said, area = rng.integers(0, 3, 20), rng.integers(-1, 3, 20), rng.random(20) + 0.1
    label = np.where(said < 0, -1, 0)
    found = region_figures(label, said, np.zeros(20, int), true, area)
    assert found[INSTANCES] == pytest.approx([slow_instances(said.tolist(), true.tolist(), area.tolist())])
    assert found[COUNT].tolist() == [float(len(set(true)) == len(set(said) - {-1}))]


def test_the_table_of_ious_by_hand() -> None:
    first, second = np.array([0, 0, 2, -1]), np.array([0, 1, 1, 1])
    expected = [[1 / 2, 1 / 4], [0, 0], [0, 1 / 3]]
    np.testing.assert_allclose(iou_table(first, second, np.ones(4)), expected)
    assert iou_table(first, np.full(4, -1), np.ones(4)).shape == (3, 0)


# ------------------------------------------------------------------------------------------------------ through evaluate


def measured(shelf: Shelf, method: Any, **options: Any) -> dict[str, Any]:
    return evaluate(shelf, methods={"method": method}, teacher=Tinted(), views=1, **options).report


def test_who_knows_has_all_and_takes_nothing_that_is_absent(shelf: Shelf) -> None:
    report = measured(shelf, knowing(shelf))
    row = report["methods"]["method"]
    assert row["failures"] == {}
    best = {"with none": 100, "accuracy": 100} | {name: 0 if name in (ALONE, AMONG) else 100 for name in SENTENCES}
    for found in (row["figures"], *row["item_figures"].values(), *(one["figures"] for one in row["categories"].values())):
        assert found == pytest.approx(best)
    assert report["sentences"] == SENTENCES
    lines = table(report).splitlines()
    assert f"| {ONE_WORD} | 100.0 | | | |" in lines
    assert f"| {ALONE} | 0.0 | | | |" in lines
    assert f"{NAMED}: {SENTENCES[NAMED]}." in lines


def test_who_takes_everything_has_the_share_of_each_word_and_all_that_is_absent(shelf: Shelf) -> None:
    row = measured(shelf, Greedy())["methods"]["method"]
    shares = []
    for item in shelf:
        area = geometry.element_areas(item.shape)
        shares.append(np.mean([area[shelf.labels[item.id] == k].sum() / area.sum() for k in range(len(item.prompts))]))
    assert row["figures"][ONE_WORD] == pytest.approx(100 * np.mean(shares))
    assert row["figures"][ALONE] == row["figures"][AMONG] == pytest.approx(100)
    assert row["figures"][NAMED] == pytest.approx(50), "of two parts the last has the only region's name"


def test_four_legs_are_four_instances() -> None:
    """Told as one word with the seat they are one; the truth has four."""
    table = shelf_of(("table", 0))
    row = measured(table, knowing(table))["methods"]["method"]
    assert row["figures"][COUNT] == 100
    names = table.items[0].prompts
    merged = Knowing({len(table.labels["table/0"]): (np.zeros_like(table.labels["table/0"]), names)})
    found = measured(table, merged)["methods"]["method"]["figures"]
    assert found[COUNT] == 0
    assert 0 < found[INSTANCES] < 20


def test_failed_shapes_are_0_and_take_nothing(shelf: Shelf) -> None:
    broken = Knowing({shelf.items[0].shape.element_count: knowing(shelf).labels[shelf.items[0].shape.element_count]})

    def fails(observation: Observation) -> Labelling:
        if observation.shape.element_count not in broken.labels:
            raise InputError("no")
        return broken(observation)

    row = measured(shelf, fails)["methods"]["method"]
    assert row["failures"].keys() == {"shovel/0"}
    assert [row["figures"][name] for name in (ONE_WORD, WHOLE, COUNT, INSTANCES, NAMED)] == pytest.approx([50] * 5)
    assert row["figures"][ALONE] == row["figures"][AMONG] == 0
    assert row["item_figures"]["shovel/0"][ALONE] is None
    assert failed(False).keys() == {COUNT, INSTANCES, NAMED}


def test_without_words_they_are_not_measured(shelf: Shelf) -> None:
    report = measured(shelf, knowing(shelf), words=False)
    row = report["methods"]["method"]
    assert [row["figures"][name] for name in ASKED] == [None] * 4
    assert row["figures"][COUNT] == 100
    assert f"| {ONE_WORD} | - | | | |" in table(report).splitlines()


@dataclass(frozen=True)
class Decides:
    """A method whose closed answer is neither its labels nor its best scores."""

    def __call__(self, observation: Observation) -> Labelling:
        count, last = observation.shape.element_count, len(observation.prompts) - 1
        score = torch.nn.functional.one_hot(torch.zeros(count, dtype=torch.long), last + 1).float()
        nothing, seen = torch.full((count,), -1), torch.ones(count, dtype=torch.bool)
        return Labelling(nothing, score, seen, closed=torch.full((count,), last))


def test_the_closed_answer_of_a_method_is_the_one_that_is_measured() -> None:
    mesh = seat_and_leg(1)
    shape = Mesh(np.asarray(mesh.vertices), np.asarray(mesh.faces))
    one = Shelf([Item("a", "stool", shape, ("seat", "leg"))], {"a": np.ones(shape.element_count, np.int64)})
    row = measured(one, Decides())["methods"]["method"]
    assert row["miou"] == 100
    assert row["figures"]["with none"] == 0


# ------------------------------------------------------------------------------------------------------- tables of rows


def test_means_of_rows_leave_out_what_was_not_measured() -> None:
    rows: list[dict[str, float | None]] = [{"a": 10.0, "b": None, "c": 3}, {"a": 20.0, "b": None, "c": None}]
    assert mean_row(rows) == {"a": 15.0, "b": None, "c": 3}
    assert rows_table("file", {"x": rows[0], "all": mean_row(rows)}).splitlines() == [
        "| file | a | b | c |",
        "|---|---|---|---|",
        "| x | 10.0 | - | 3 |",
        "| all | 15.0 | - | 3.0 |",
    ]
