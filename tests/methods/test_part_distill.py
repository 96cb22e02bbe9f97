"""PartDistill: targets, students that learn them, and that chance, interruptions and labels have no part in them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from boxes import BALL_AND_BAR, CLOUD, PROMPTS, ask, no_boxes, some_boxes, true_boxes, views_of
from fakes import Raising, Sighted, shape_of
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch import Tensor
from torch.nn import functional

from meronym.core import geometry
from meronym.datasets.labelled_psb import LabelledPSB
from meronym.errors import InputError
from meronym.lifting import gather, losses, voting
from meronym.lifting.observation import Observation
from meronym.methods import part_distill
from meronym.methods.part_distill import Example, PartDistill, align, example, from_labels, predict, restrict, targets
from meronym.parts.tree import build_tree
from meronym.progress import Progress
from meronym.registry import create, load
from meronym.students.backbones import Geometry, Lifted
from meronym.students.head import PaperStudent, Student
from meronym.teachers.oracle import OracleTeacher
from meronym.types import Labelling, Mesh, PointCloud, Shape, Views, Votes

few = settings(max_examples=10, deadline=None, derandomize=True)
WORDS = ("seat", "back", "leg")
QUICK = PartDistill(epochs=8, steps=2, batch=64, points=256, hidden=16)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Backward distillation begins as soon as it may: after the fifth epoch."""
    monkeypatch.setattr(losses, "Plateau", partial(losses.Plateau, tolerance=torch.inf))


def made_up(seed: int = 0, wrong: float = 0.0, n: int = 90, regions: int = 24) -> tuple[Example, Tensor]:
    """Elements in three clusters, regions that cover most of one each, and which of the regions have another's name."""
    draw = torch.Generator().manual_seed(seed)
    kind = torch.arange(n) % 3
    features = 3 * functional.one_hot(kind, 6).float() + 0.3 * torch.randn(n, 6, generator=draw)
    of = torch.arange(regions) % 3
    inside = torch.where(kind[:, None] == of, 0.8, 0.05) > torch.rand(n, regions, generator=draw)
    element, region = inside.nonzero(as_tuple=True)
    false = torch.rand(regions, generator=draw) < wrong
    weight, score = (0.5 + torch.rand(count, generator=draw) / 2 for count in (len(region), regions))
    prompt = torch.where(false, (of + 1) % 3, of)
    votes = Votes(region, element, weight, prompt, torch.zeros_like(of), score, inside.any(1))
    return Example(features, None, votes), false


def softly(seed: int = 0, n: int = 60) -> Example:
    """Probabilities; the last elements were not seen."""
    draw = torch.Generator().manual_seed(seed)
    soft = torch.randn(n, len(WORDS) + 1, generator=draw).softmax(1)
    soft[-5:] = 0
    return Example(torch.randn(n, 6, generator=draw), soft, None)


def weights_of(student: Student) -> bytes:
    return b"".join(value.numpy().tobytes() for value in student.state_dict().values())


# ----------------------------------------------------------------------------------------------------- what is learned


def triples(votes: Votes) -> list[tuple[int, int, float]]:
    return sorted(zip(votes.element.tolist(), votes.region.tolist(), votes.weight.tolist(), strict=True))


@few
@given(st.integers(0, 2**16), st.integers(0, 40))
def test_votes_on_chosen_elements_are_those_of_the_twin(seed: int, count: int) -> None:
    """Elements may be chosen again, or have no votes."""
    votes = made_up(seed, n=20, regions=4)[0].votes
    assert votes is not None
    votes = replace(votes, seen=torch.cat([votes.seen, torch.tensor([False, True])]))
    chosen = torch.randint(22, (count,), generator=torch.Generator().manual_seed(seed))
    expected = sorted(
        (place, region, weight) for place, old in enumerate(chosen.tolist()) for e, region, weight in triples(votes) if e == old
    )
    found = restrict(votes, chosen)
    assert triples(found) == expected
    assert found.seen.tolist() == votes.seen[chosen].tolist()
    for name in ("prompt", "view", "score"):
        assert torch.equal(getattr(found, name), getattr(votes, name))


@pytest.mark.parametrize("normalise", ["point", "unit"])
@pytest.mark.parametrize("backward", [False, True])
def test_targets_of_a_mixed_collection_are_those_of_the_twin(normalise: losses.Normalise, backward: bool) -> None:
    examples = [made_up(0, n=20)[0], softly(n=10), made_up(1, n=30)[0], softly(1, n=10)]
    label = torch.randint(3, (70,), generator=torch.Generator().manual_seed(0)) if backward else None
    rows, counts, first = [], [0, 0, 0], 0
    for one in examples:
        n = len(one.features)
        if one.votes is None:
            rows += one.soft.tolist() if one.soft is not None else []
        else:
            votes, mass = one.votes, np.zeros((n, 4))
            members = [[e for e, u, _ in triples(votes) if u == region] for region in range(len(votes.prompt))]
            for element, region, weight in triples(votes):
                prompt = int(votes.prompt[region])
                trust = weight * float(votes.score[region])
                if label is not None:
                    trust = np.mean([int(label[first + e]) == prompt for e in members[region]])
                others = sum(e == element for e, *_ in triples(votes))
                share = others if normalise == "point" else len(members[region]) * len(members) / n
                mass[element, prompt] += trust / share
                counts[prompt] += 1
            rows += mass.tolist()
        first += n
    mass, weight = targets(examples, 3, PartDistill(normalise=normalise, agreement="share"), label)
    np.testing.assert_allclose(mass, rows, atol=1e-5)
    expected = [min(max(np.log(sum(counts) / 3 / count) / np.log(4) + 1, 1), 4) for count in counts]
    np.testing.assert_allclose(weight, [*expected, 1], rtol=1e-5)


def test_probabilities_have_no_rare_words() -> None:
    mass, weight = targets([softly(), softly(1)], 3, PartDistill(), None)
    assert torch.equal(mass, torch.cat([softly().soft, softly(1).soft]))  # type: ignore[list-item]
    assert weight.tolist() == [1, 1, 1, 1]


def numbered(shape: Shape) -> Tensor:
    """As features, so that a drawn element can be told."""
    return torch.arange(shape.element_count).float()[:, None]


SHAPES = pytest.mark.parametrize("shape", [BALL_AND_BAR, CLOUD], ids=["mesh", "points"])
Labelled = tuple[Mesh, Tensor, tuple[str, ...]]


def dense(shape: Shape, views: Views, label: Tensor, names: tuple[str, ...] = PROMPTS) -> Observation:
    return replace(ask(shape, views, no_boxes(), names), teacher=OracleTeacher(label, cell=1), encoder=Sighted())


@SHAPES
def test_elements_are_drawn_by_area_with_what_the_teacher_says_of_them(shape: Shape) -> None:
    views = views_of(shape, 1)
    observation = dense(shape, views, torch.arange(shape.element_count) % 4 - 1)
    drawn = example(observation, numbered(shape), replace(QUICK, points=3000))
    chosen = drawn.features[:, 0].long()
    area = torch.from_numpy(geometry.element_areas(shape))
    large = area > area.median()
    assert float(large[chosen].float().mean()) == pytest.approx(float(area[large].sum()), abs=0.05)
    evidence = gather.gather_relevancy(observation.answer, views, shape)  # type: ignore[arg-type]
    assert drawn.soft is not None
    assert torch.equal(drawn.soft.sum(1) > 0, evidence.seen[chosen])
    assert 0 < evidence.seen.float().mean() < 1
    balanced = gather.balance(evidence.logit, area.float(), 0.5)
    expected = torch.cat([balanced, evidence.none[:, None]], 1).softmax(1)[chosen]
    seen = evidence.seen[chosen]
    torch.testing.assert_close(drawn.soft[seen], expected[seen])
    again, other = (example(observation, numbered(shape), replace(QUICK, points=3000, seed=s)) for s in (0, 1))
    assert torch.equal(again.features, drawn.features)
    assert not torch.equal(other.features, drawn.features)


@SHAPES
def test_regions_become_votes_on_what_was_drawn(shape: Shape) -> None:
    views = views_of(shape)
    boxes = some_boxes(views)
    drawn = example(ask(shape, views, boxes), numbered(shape), QUICK)
    assert drawn.votes is not None
    assert drawn.soft is None
    expected = restrict(voting.cast_votes(boxes, views, shape), drawn.features[:, 0].long())
    assert triples(drawn.votes) == triples(expected)
    assert len(expected.element) > 100


def test_a_dense_teacher_can_be_asked_for_regions() -> None:
    views = views_of(BALL_AND_BAR, 2)
    label = torch.from_numpy(geometry.element_positions(BALL_AND_BAR)[:, 1] > -0.8).long()
    by_settings = example(dense(BALL_AND_BAR, views, label), numbered(BALL_AND_BAR), replace(QUICK, targets="votes"))
    by_regions = example(
        ask(BALL_AND_BAR, views, true_boxes(label, views, PROMPTS, boxes=False)), numbered(BALL_AND_BAR), QUICK
    )
    assert by_settings.votes is not None
    assert by_regions.votes is not None
    assert triples(by_settings.votes) == triples(by_regions.votes)


def test_labels_that_somebody_gave_are_sure_and_unknown_ones_teach_nothing() -> None:
    label = np.arange(CLOUD.element_count) % 4 - 1
    drawn = from_labels(ask(CLOUD, views_of(CLOUD, 1), no_boxes()), numbered(CLOUD), label, QUICK)
    assert drawn.soft is not None
    for chosen, row in zip(drawn.features[:, 0].long().tolist(), drawn.soft.tolist(), strict=True):
        assert row == [float(label[chosen] == prompt) for prompt in range(3)] + [0.0]


@pytest.mark.parametrize("made", [made_up(2)[0], softly(2)], ids=["votes", "soft"])
def test_what_was_kept_of_a_shape_is_learned_from_in_the_same_way(tmp_path: Path, made: Example) -> None:
    made.save(tmp_path / "one.safetensors")
    kept = Example.load(tmp_path / "one.safetensors")
    torch.testing.assert_close(kept.features, made.features, rtol=1e-3, atol=1e-3)
    for first, second in zip(targets([made], 3, QUICK, None), targets([kept], 3, QUICK, None), strict=True):
        assert torch.equal(first, second)
    kept.save(tmp_path / "two.safetensors")
    assert (tmp_path / "two.safetensors").read_bytes() == (tmp_path / "one.safetensors").read_bytes()


# ------------------------------------------------------------------------------------------------------------- chance


@pytest.mark.usefixtures("small")
def test_the_same_seed_gives_the_same_bytes() -> None:
    examples = [made_up()[0], softly()]
    first = weights_of(align(examples, WORDS, QUICK))
    with torch.random.fork_rng():
        torch.manual_seed(99)
        before = torch.get_rng_state()
        assert weights_of(align(examples, WORDS, QUICK)) == first
        assert torch.equal(torch.get_rng_state(), before)
    for change in ({"seed": 1}, {"epochs": 9}, {"drop": 0.0}, {"backward": False}):
        assert weights_of(align(examples, WORDS, replace(QUICK, **change))) != first, change


@pytest.mark.usefixtures("small")
def test_words_are_only_names() -> None:
    examples = [made_up()[0]]
    assert weights_of(align(examples, ("a", "b", "c"), QUICK)) == weights_of(align(examples, WORDS, QUICK))


class Killed(Exception):
    """Somebody pulled the plug."""


def killed_after(epoch: int) -> Progress:
    def progress(stage: str, done: int = 0, total: int = 0, note: str = "") -> None:
        if done == epoch:
            raise Killed

    return progress


def noted(told: list[tuple[str, int, int]], stage: str, done: int = 0, total: int = 0, note: str = "") -> None:
    told.append((stage, done, total))


TRAININGS: dict[str, tuple[list[Example], Tensor | None]] = {
    "votes": ([made_up(0)[0], made_up(1)[0]], None),
    "soft": ([softly()], None),
    "open": ([made_up(0)[0], softly()], functional.normalize(torch.randn(3, 8, generator=torch.Generator().manual_seed(0)))),
}


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("name", TRAININGS)
def test_killed_after_any_epoch_it_goes_on_to_the_same_bytes(tmp_path: Path, name: str) -> None:
    examples, directions = TRAININGS[name]
    whole = weights_of(align(examples, WORDS, QUICK, directions=directions))
    for epoch in range(1, QUICK.epochs + 1):
        state = tmp_path / f"{epoch}.safetensors"
        with pytest.raises(Killed):
            align(examples, WORDS, QUICK, directions=directions, state=state, progress=killed_after(epoch))
        told: list[tuple[str, int, int]] = []
        note = partial(noted, told)
        assert weights_of(align(examples, WORDS, QUICK, directions=directions, state=state, progress=note)) == whole, epoch
        assert [number for _, number, _ in told] == list(range(epoch, QUICK.epochs + 1)), "whole epochs are not done again"
        assert ("snapshot" in load_file(state)) == (name != "soft"), "backward distillation took place"


@pytest.mark.usefixtures("small")
def test_killed_at_every_epoch_it_still_comes_to_an_end(tmp_path: Path) -> None:
    """In the order in which a cluster that is short of time would do it: one epoch a day."""
    examples, _ = TRAININGS["votes"]
    state = tmp_path / "state.safetensors"
    for epoch in range(1, QUICK.epochs):
        with pytest.raises(Killed):
            align(examples, WORDS, QUICK, state=state, progress=killed_after(epoch + 1))
    whole = weights_of(align(examples, WORDS, QUICK))
    assert weights_of(align(examples, WORDS, QUICK, state=state)) == whole
    assert weights_of(align(examples, WORDS, QUICK, state=state, progress=killed_after(QUICK.epochs))) == whole, "it is done"
    assert [file.name for file in tmp_path.iterdir()] == [state.name]


Another = dict[str, Any]


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize(
    "another",
    [
        {"settings": replace(QUICK, seed=1)},
        {"settings": replace(QUICK, epochs=12)},
        {"prompts": ("seat", "back", "wheel")},
        {"examples": [made_up(5)[0]]},
        {"examples": [replace(made_up(0)[0], votes=made_up(5)[0].votes)]},
        {"directions": functional.normalize(torch.randn(3, 8, generator=torch.Generator().manual_seed(1)))},
    ],
    ids=["seed", "epochs", "words", "shapes", "teacher", "open"],
)
def test_the_state_of_another_training_is_not_gone_on_from(tmp_path: Path, another: Another) -> None:
    state = tmp_path / "state.safetensors"
    mine: Another = {"examples": [made_up(0)[0]], "prompts": WORDS, "settings": QUICK, "directions": None}
    expected = weights_of(align(**mine))
    with pytest.raises(Killed):
        align(**mine | another, state=state, progress=killed_after(5))
    assert state.exists()
    assert weights_of(align(**mine, state=state)) == expected


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize(
    "spoil",
    [
        lambda path: path.write_bytes(path.read_bytes()[:200]),
        lambda path: path.write_bytes(b"notes"),
        lambda path: save_file({"student.mean": torch.zeros(3)}, path),
        lambda path: save_file({"student.mean": torch.zeros(3)}, path, {"run": "{"}),
    ],
    ids=["cut off", "text", "no run", "broken JSON"],
)
def test_what_is_no_state_is_refused_and_left_alone(tmp_path: Path, spoil: Callable[[Path], Any]) -> None:
    state = tmp_path / "state.safetensors"
    align([made_up()[0]], WORDS, QUICK, state=state)
    spoil(state)
    before = state.read_bytes()
    with pytest.raises(InputError, match=r"state\.safetensors: not the state of a training .* Remove it"):
        align([made_up()[0]], WORDS, QUICK, state=state)
    assert state.read_bytes() == before


# ----------------------------------------------------------------------------------------------------------- backward


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Tensor | None, Tensor]]:
    """The labels that `targets` was called with, and the mass that it gave."""
    calls: list[tuple[Tensor | None, Tensor]] = []

    def spy(examples: list[Example], prompts: int, settings: PartDistill, student: Tensor | None) -> tuple[Tensor, Tensor]:
        mass, weight = targets(examples, prompts, settings, student)
        calls.append((student, mass))
        return mass, weight

    monkeypatch.setattr(part_distill, "targets", spy)
    return calls


@pytest.mark.usefixtures("small")
def test_backward_distillation_scores_each_region_by_the_student_of_that_moment(
    tmp_path: Path, asked: list[tuple[Tensor | None, Tensor]]
) -> None:
    """Beside a shape of which the teacher says with probabilities that it is none of these."""
    one, _ = made_up(wrong=0.3)
    none = Example(one.features, torch.eye(4)[3].repeat(90, 1), None)
    state = tmp_path / "state.safetensors"
    with pytest.raises(Killed):
        align([none, one], WORDS, replace(QUICK, steps=6), state=state, progress=killed_after(6))
    assert [student is None for student, _ in asked] == [True, False], "once, after the fifth epoch"
    (_, before), (label, after) = asked
    assert label is not None
    assert not torch.allclose(before, after)
    kept = load_file(state)
    student = Student(6, WORDS, None, hidden=QUICK.hidden)
    student.load_state_dict({key[8:]: value for key, value in kept.items() if key.startswith("student.")})
    assert torch.equal(kept["snapshot"], label)
    logits = student.logits(one.features)
    assert (logits.argmax(1) == 3).any()
    assert torch.equal(logits[:, :-1].argmax(1).repeat(2), label), "the best word, even where none of these wins"
    votes, label = one.votes, label[90:]
    assert votes is not None
    agreement = losses.rescore(label, votes)
    for region in range(len(votes.prompt)):
        inside = votes.element[votes.region == region]
        right = (label[inside] == votes.prompt[region]).double().mean()
        torch.testing.assert_close(agreement[region].double(), right)
    agreement = losses.fit_scores(label, votes)
    mass = losses.target_mass(votes, agreement[votes.region], 3)
    assert torch.equal(after[90:], torch.cat([mass, torch.zeros(len(mass), 1)], 1))
    assert torch.equal(after[:90], before[:90])


def test_a_wrong_name_counts_less_afterwards(asked: list[tuple[Tensor | None, Tensor]]) -> None:
    one, false = made_up(wrong=0.3, regions=40)
    assert 0.1 < false.float().mean() < 0.5
    align([one], WORDS, replace(QUICK, epochs=12, steps=8))
    label = asked[-1][0]
    assert label is not None
    assert one.votes is not None
    for agreement in (losses.rescore(label, one.votes), losses.fit_scores(label, one.votes)):
        assert agreement[~false].min() > 0.6
        assert agreement[false].max() < 0.4
    true = torch.arange(90) % 3
    (_, before), (_, after) = asked
    wrong = [1 - float(mass[torch.arange(90), true].sum() / mass.sum()) for mass in (before, after)]
    assert wrong[1] < wrong[0] / 2


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize(
    ("examples", "change"),
    [([made_up()[0]], {"backward": False}), ([made_up()[0]], {"epochs": 4}), ([softly()], {})],
    ids=["not wanted", "too early", "no regions"],
)
def test_without_cause_there_is_no_backward_distillation(
    asked: list[tuple[Tensor | None, Tensor]], examples: list[Example], change: dict[str, Any]
) -> None:
    align(examples, WORDS, replace(QUICK, **change))
    assert [student for student, _ in asked] == [None]


def test_the_papers_settings_are_the_papers(asked: list[tuple[Tensor | None, Tensor]]) -> None:
    """Votes, scored by the share that agrees, into four linear layers as wide as the features."""
    quick = {"part-distill.epochs": 8, "part-distill.steps": 40}
    paper = create("methods", "part-distill", {"part-distill.preset": "paper", **quick})
    assert (paper.backbone, paper.targets, paper.agreement, paper.normalise, paper.batch, paper.rate) == (
        "point-m2ae", "votes", "share", "point", 32768, 0.003,
    )  # fmt: skip
    one, _ = made_up()
    one = replace(one, features=one.features @ torch.randn(6, 64, generator=torch.Generator().manual_seed(0)))
    student = align([one], WORDS, paper)
    assert isinstance(student, PaperStudent)
    assert [tuple(layer.weight.shape) for layer in student.net[::2]] == [(64, 64)] * 3 + [(3, 64)]
    label, after = asked[-1]
    assert label is not None
    assert one.votes is not None
    share = losses.rescore(label, one.votes)[one.votes.region]
    assert torch.equal(after[:, :-1], losses.target_mass(one.votes, share, 3))
    assert (student.logits(one.features).argmax(1) == torch.arange(90) % 3).float().mean() > 0.9
    with pytest.raises(InputError, match=r"part-distill\.head: the paper's head takes no words to come"):
        align([one], WORDS, paper, directions=torch.eye(3))


def test_the_papers_answer_is_not_smoothed() -> None:
    mesh, label, names = shape_of("chair")
    seen = dense(mesh, chair_views(), label, names)
    features = torch.randn(len(label), 5, generator=torch.Generator().manual_seed(0))
    student = PaperStudent(5, names)
    found = predict(student, seen, features)
    assert torch.equal(found.label, student.logits(features)[:, :-1].argmax(1))
    features[::7] = torch.nan
    partly, there = predict(student, seen, features), features.isfinite().all(1)
    assert torch.equal(partly.label[there], found.label[there])


# ---------------------------------------------------------------------------------------------------- what comes of it


@cache
def chair_views() -> Views:
    return views_of(shape_of("chair")[0], 6, 96)


SMALL = PartDistill(backbone="geometry", epochs=8, steps=4, points=512, batch=256)


def agreement(result: Labelling, label: Tensor, shape: Shape, of: Tensor | None = None) -> float:
    """Share of the area of some elements that has the true label."""
    area = torch.from_numpy(geometry.element_areas(shape)) * (1 if of is None else of)
    return float(area[result.label == label].sum() / area.sum())


@pytest.mark.parametrize("kind", ["soft", "votes"])
def test_what_the_teacher_knows_arrives(chair: Labelled, kind: str) -> None:
    mesh, label, names = chair
    told: list[tuple[str, int, int]] = []
    observation = replace(dense(mesh, chair_views(), label, names), progress=partial(noted, told))
    result = replace(SMALL, targets=kind)(observation)
    seen = voting.cast_votes(no_boxes(), observation.views, mesh).seen
    assert 0.3 < seen.float().mean() < 0.95
    assert agreement(result, label, mesh, seen) >= 0.9
    assert agreement(result, label, mesh, ~seen) >= 0.7
    assert (result.score >= 0).all()
    assert (result.score.sum(1) <= 1 + 1e-5).all()
    assert told == [("distil", epoch, 8) for epoch in range(1, 9)]


@pytest.mark.parametrize("kind", ["soft", "votes"])
def test_the_loss_falls_and_the_agreement_rises(chair: Labelled, tmp_path: Path, kind: str) -> None:
    mesh, label, names = chair
    observation, settings = dense(mesh, chair_views(), label, names), replace(SMALL, targets=kind)
    one, state = example(observation, Geometry()(observation), settings), tmp_path / "state.safetensors"
    with pytest.raises(Killed):
        align([one], names, settings, state=state, progress=killed_after(2))
    first = Student(one.features.shape[1], names, None)
    first.load_state_dict({key[8:]: value for key, value in load_file(state).items() if key.startswith("student.")})
    last = align([one], names, settings, state=state)
    with safe_open(state, framework="pt") as file:
        course = json.loads(file.metadata()["run"])["losses"]
    assert len(course) == 8
    assert course[-1] < course[0] / 2, "the loss falls"
    mass, _ = targets([one], len(names), settings, None)
    told = mass.sum(1) > 0
    answers = [student.logits(one.features)[told].argmax(1) for student in (first, last)]
    early, late = (float((answer == mass[told].argmax(1)).float().mean()) for answer in answers)
    assert 0 <= early < late <= 1, "and the student agrees more and more"


def test_a_loss_that_is_not_finite_ends_the_training(tmp_path: Path) -> None:
    state, (one, _) = tmp_path / "state.safetensors", made_up()
    with pytest.raises(Killed):
        align([one], WORDS, QUICK, state=state, progress=killed_after(4))
    before = state.read_bytes()
    fast = replace(QUICK, rate=1e20)
    with pytest.raises(InputError, match=r"the loss is nan in epoch 1 of 8\. Lower .* \(part-distill\.rate, 1e\+20\)\.$"):
        align([one], WORDS, fast)
    with pytest.raises(InputError, match=r"state\.safetensors holds the epochs before"):
        align([one], WORDS, fast, state=state)
    assert state.read_bytes() == before


@pytest.mark.usefixtures("small")
def test_tensors_are_made_on_the_device_of_the_examples() -> None:
    """The default device holds no values here: whatever were made on it could not be joined with an example on the CPU."""
    examples, votes, chosen = [softly()], made_up()[0].votes, torch.tensor([4, 4, 80])
    assert votes is not None
    plain, few_votes = weights_of(align(examples, WORDS, QUICK)), restrict(votes, chosen)
    with torch.device("meta"):
        assert weights_of(align(examples, WORDS, QUICK)) == plain
        assert torch.equal(restrict(votes, chosen).element, few_votes.element)


def test_what_the_teacher_knows_arrives_on_points(chair: Labelled) -> None:
    mesh, label, names = chair
    points, face = geometry.sample_surface(mesh, 1500, torch.Generator().manual_seed(0))
    cloud = PointCloud(points)
    result = SMALL(dense(cloud, views_of(cloud, 6, 96), label[face], names))
    assert agreement(result, label[face], cloud) >= 0.9


def test_image_features_are_its_own_backbone(chair: Labelled) -> None:
    mesh, label, names = chair
    observation = dense(mesh, chair_views(), label, names)
    quick = PartDistill(epochs=2, steps=4, points=64, batch=256)
    features = Lifted()(observation)
    by_itself, by_hand = (
        quick(observation),
        predict(align([example(observation, features, quick)], names, quick), observation, features),
    )
    for name in ("label", "score", "seen"):
        assert torch.equal(getattr(by_itself, name), getattr(by_hand, name))
    assert load("methods", "part-distill") is PartDistill


def test_backward_distillation_repairs_wrong_names(chair: Labelled) -> None:
    """A detector whose masks are right and 30 % of whose names are wrong; three draws, as one decides little."""
    mesh, label, names = chair
    right = true_boxes(label, chair_views(), names, boxes=False)
    features = Geometry()(dense(mesh, chair_views(), label, names))
    found: dict[bool, list[float]] = {False: [], True: []}
    for seed in range(3):
        draw = torch.Generator().manual_seed(seed)
        wrong = torch.rand(len(right.prompt), generator=draw) < 0.3
        other = (right.prompt + torch.randint(1, len(names), wrong.shape, generator=draw)) % len(names)
        observation = ask(mesh, chair_views(), replace(right, prompt=torch.where(wrong, other, right.prompt)), names)
        for backward, scores in found.items():
            settings = replace(SMALL, epochs=16, steps=3, backward=backward)
            student = align([example(observation, features, settings)], names, settings)
            scores.append(agreement(predict(student, observation, features), label, mesh))
    assert np.mean(found[True]) >= np.mean(found[False])
    assert min(np.subtract(found[True], found[False])) > -0.02
    assert np.mean(found[True]) > 0.8


def test_a_student_of_many_shapes_labels_one_that_it_has_not_seen() -> None:
    """Pre: the teacher takes no part in the answer for the new one."""
    examples: list[Example] = []
    for seed in range(3):
        mesh, label, names = shape_of("table", seed)
        observation = dense(mesh, views_of(mesh, 4, 64), label, names)
        examples.append(example(observation, Geometry()(observation), SMALL))
    student = align(examples, names, SMALL)
    mesh, label, names = shape_of("table", 7)

    observation = replace(dense(mesh, views_of(mesh, 1, 8), label, names), teacher=Raising())
    assert agreement(predict(student, observation, Geometry()(observation)), label, mesh) >= 0.85


@pytest.mark.parametrize("kind", ["a detector", "a dense teacher"])
def test_nothing_found_is_nothing_to_learn_from(kind: str) -> None:
    views = views_of(CLOUD, 1)
    observation = ask(CLOUD, views, no_boxes())
    if kind == "a dense teacher":
        observation = dense(CLOUD, views, torch.full((CLOUD.element_count,), -1))
    with pytest.raises(InputError, match="found none of seat, back, leg in any view"):
        replace(QUICK, targets="votes", backbone="geometry")(observation)


def test_an_open_student_understands_words_that_lie_near_those_it_knows(chair: Labelled) -> None:
    mesh, label, names = chair
    words = functional.normalize(torch.randn(len(names) + 1, 16, generator=torch.Generator().manual_seed(3)), dim=1)
    observation = dense(mesh, chair_views(), label, names)
    features = Geometry()(observation)
    student = align([example(observation, features, SMALL)], names, SMALL, directions=words[:-1])
    assert torch.equal(student.directions, words[:-1]), "where words lie is given, not learned"
    result = predict(student, observation, features)
    assert agreement(result, label, mesh) >= 0.9
    order = [2, 0, 3, 1]
    synonyms = words[[*order, -1]] + 0.05 * torch.randn(5, 16, generator=torch.Generator().manual_seed(4))
    asked = student.with_prompts((*(f"a kind of {names[i]}" for i in order), "unicorn horn"), synonyms)
    other = predict(asked, observation, features)
    assert other.score.shape == (mesh.element_count, 5)
    named = torch.tensor([*order, -2, -1])[other.label]
    assert agreement(other._replace(label=named), result.label, mesh) >= 0.97


# ------------------------------------------------------------------------------------------------------------- labels


def test_labels_never_reach_a_student(tmp_path: Path) -> None:
    """The same shapes, once with their labels and once with these shuffled, give the same bytes."""
    students, truths = [], []
    for name in ("true", "shuffled"):
        examples = []
        for number in range(2):
            mesh, label, names = shape_of("hammer", number)
            file = tmp_path / name / "Hammer" / f"{number}.npz"
            file.parent.mkdir(parents=True, exist_ok=True)
            held = label.numpy() if name == "true" else np.random.default_rng(0).permutation(label.numpy())
            np.savez(file, V=mesh.vertices, F=mesh.faces, face_label=held, names=np.array(names))
        dataset = LabelledPSB(tmp_path / name)
        for item in dataset:
            sighted = Sighted()
            observation = Observation(
                item.shape, item.prompts, item.category, torch.tensor([0.0, 1.0, 0.0]), sighted, sighted,
                partial(views_of, item.shape, 2, 64), build_tree,
            )  # fmt: skip
            examples.append(example(observation, Lifted()(observation), QUICK))
        students.append(weights_of(align(examples, item.prompts, QUICK)))
        truths.append(dataset.truth("Hammer/1").tolist())
    assert truths[0] != truths[1]
    assert students[0] == students[1]
