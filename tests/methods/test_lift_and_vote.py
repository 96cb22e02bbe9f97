"""The baselines without training, held against twins in plain Python."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from boxes import BALL_AND_BAR, CLOUD, PROMPTS, ask, no_boxes, some_boxes, true_boxes, views_of
from fakes import Tinted
from torch import Tensor

from meronym.core import geometry
from meronym.lifting import gather, voting
from meronym.lifting.observation import Method, Observation
from meronym.methods import openscene, part_distill
from meronym.methods.lift import Lift, Vote
from meronym.protocols import Teacher
from meronym.teachers.oracle import OracleTeacher
from meronym.types import Labelling, Mesh, PointCloud, Relevancy, Shape, Views

SHAPES = pytest.mark.parametrize("shape", [BALL_AND_BAR, CLOUD], ids=["mesh", "points"])
LIFT, VOTE = Lift(), Vote()
METHODS = pytest.mark.parametrize("method", [LIFT, VOTE], ids=["lift", "vote"])
Labelled = tuple[Mesh, Tensor, tuple[str, ...]]


def observation_of(shape: Shape, views: Views, teacher: Teacher, prompts: tuple[str, ...] = PROMPTS) -> Observation:
    """With an encoder that must not be used."""
    return replace(ask(shape, views, no_boxes(), prompts), teacher=teacher)


def agreement(result: Labelling, label: Tensor, shape: Shape) -> float:
    """Share of the seen area that has the true label."""
    area = torch.from_numpy(geometry.element_areas(shape)) * result.seen
    return float(area[result.label == label].sum() / area.sum())


def closed(result: Labelling) -> Labelling:
    """As if "none of these" were no answer."""
    return result._replace(label=result.score.argmax(1))


def same(first: Labelling, second: Labelling) -> None:
    for name in ("label", "score", "seen"):
        assert torch.equal(getattr(first, name), getattr(second, name)), name


# -------------------------------------------------------------------------------------------------- what comes of it


@SHAPES
def test_half_of_what_a_word_gets_everywhere_is_taken_back(shape: Shape) -> None:
    observation = observation_of(shape, views_of(shape, 3, 48), Tinted())
    same(LIFT(observation), Lift(balance=0.5)(observation))
    assert not torch.equal(LIFT(observation).score, Lift(balance=0.0)(observation).score)


@METHODS
@pytest.mark.parametrize("points", [False, True], ids=["mesh", "points"])
def test_what_the_teacher_knows_arrives(chair: Labelled, method: Method, points: bool) -> None:
    shape, label, names = chair
    if points:
        place, face = geometry.sample_surface(shape, 2000, torch.Generator().manual_seed(0))
        shape, label = PointCloud(place), label[face]
    result = method(observation_of(shape, views_of(shape, 6, 112), OracleTeacher(label, cell=1), names))
    assert agreement(closed(result), label, shape) >= 0.95
    assert 0.5 < result.seen.float().mean() <= 1
    if method is LIFT:
        assert agreement(result, label, shape) >= 0.95
        assert (result.label[~result.seen] >= 0).all(), "what no view shows is inferred"
    assert result.score.shape == (len(label), len(names))
    assert (result.score.sum(1) <= 1 + 1e-5).all()
    assert (result.score >= 0).all()


@METHODS
@pytest.mark.parametrize("boxes", [False, True], ids=["masks", "boxes"])
def test_what_a_detector_knows_arrives(chair: Labelled, method: Method, boxes: bool) -> None:
    mesh, label, names = chair
    views = views_of(mesh, 6, 112)
    result = method(ask(mesh, views, true_boxes(label, views, names, boxes), names))
    assert agreement(closed(result), label, mesh) >= 0.95
    assert agreement(result, label, mesh) >= 0.9, "some is none of these, where parts meet"


# ------------------------------------------------------------------------------------------------------------- twins


def slow_answer(support: np.ndarray, none: np.ndarray, area: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Logits to labels and scores: half of what a prompt gets everywhere is taken back, "none of these" has to win by 1."""
    mean = [sum(area[i] * row[p] for i, row in enumerate(support)) for p in range(support.shape[1])]
    labels, scores = [], []
    for row, nothing in zip(support, none, strict=True):
        logits = [x - (m - sum(mean) / len(mean)) / 2 for x, m in zip(row, mean, strict=True)]
        powers = [np.exp(x - max(*logits, nothing)) for x in (*logits, nothing)]
        scores.append([power / sum(powers) for power in powers[:-1]])
        best = int(np.argmax(logits))
        labels.append(-1 if nothing > logits[best] + 1 else best)
    return np.array(labels), np.array(scores)


def fill(values: np.ndarray, seen: np.ndarray, shape: Shape) -> np.ndarray:
    """What was not seen takes the value of the nearest that was."""
    place = geometry.element_positions(shape)
    nearest = [seen.nonzero()[0][np.linalg.norm(place[seen] - spot, axis=1).argmin()] for spot in place]
    return values[[i if seen[i] else nearest[i] for i in range(len(seen))]]


def compare(result: Labelling, support: np.ndarray, none: np.ndarray, seen: np.ndarray, shape: Shape) -> None:
    label, score = slow_answer(fill(support, seen, shape), fill(none, seen, shape), geometry.element_areas(shape))
    np.testing.assert_allclose(result.score, score, atol=1e-3)
    assert len(set(label)) > 1, "there is something to tell apart"
    assert (result.label.numpy() == label).mean() > 0.99, "ties may fall either way"
    np.testing.assert_array_equal(result.seen, seen)


@SHAPES
def test_without_smoothing_it_is_the_mean_of_the_views(shape: Shape) -> None:
    views = views_of(shape, 2, 24)
    observation = observation_of(shape, views, Tinted())
    total, weight = np.zeros((shape.element_count, 4)), np.zeros(shape.element_count)
    answer = observation.answer
    assert isinstance(answer, Relevancy)
    for logit, none, sighting in zip(answer.logit, answer.none, gather.visible_elements(views, shape), strict=True):
        at = (sighting.xy / torch.tensor([24, 24]) * 2 - 1)[None, None]
        grid = torch.cat([logit, none[None] + 0.7])[None]
        sampled = torch.nn.functional.grid_sample(grid, at, padding_mode="border", align_corners=False)[0, :, 0].T
        for element, share, value in zip(sighting.element.tolist(), sighting.weight.tolist(), sampled.numpy(), strict=True):
            total[element] += share * value
            weight[element] += share
    mean = total / np.maximum(weight, 1e-12)[:, None]
    lowered = replace(answer, none=tuple(grid + 0.7 for grid in answer.none))

    class Says(Tinted):
        def __call__(self, *_: object) -> Relevancy:
            return lowered

    compare(LIFT(replace(observation, teacher=Says(), radius=0.0)), mean[:, :3], mean[:, 3], weight > 0, shape)


@SHAPES
def test_without_smoothing_it_is_the_count_of_the_votes(shape: Shape) -> None:
    views = views_of(shape, 2, 32)
    boxes = some_boxes(views)
    counted = voting.count_votes(voting.cast_votes(boxes, views, shape), 3)
    support, none, seen = counted.logit.numpy(), counted.none.numpy(), counted.seen.numpy()
    compare(VOTE(replace(ask(shape, views, boxes), radius=0.0)), support, none, seen, shape)


# ------------------------------------------------------------------------------------------------------ what must hold


@SHAPES
def test_from_a_detector_lift_is_a_vote(shape: Shape) -> None:
    views = views_of(shape)
    observation = ask(shape, views, some_boxes(views))
    same(LIFT(observation), VOTE(observation))


@SHAPES
def test_a_vote_of_a_dense_teacher_is_that_of_the_masks_cut_from_its_maps(shape: Shape) -> None:
    views = views_of(shape)
    observation = observation_of(shape, views, Tinted())
    assert isinstance(observation.answer, Relevancy)
    same(VOTE(observation), VOTE(ask(shape, views, voting.regions_from_relevancy(observation.answer, views))))
    assert not torch.equal(VOTE(observation).score, LIFT(observation).score)


@METHODS
@SHAPES
def test_nothing_found_is_none_of_these(method: Method, shape: Shape) -> None:
    views = views_of(shape, 1)
    for observation in (
        ask(shape, views, no_boxes()),
        observation_of(shape, views, OracleTeacher(torch.full((shape.element_count,), -1))),
    ):
        assert (method(observation).label == -1).all()


def test_methods_share_the_evidence_of_a_look(monkeypatch: pytest.MonkeyPatch) -> None:
    gathered: list[Shape] = []
    original = gather.gather_relevancy
    monkeypatch.setattr(
        gather, "gather_relevancy", lambda answer, views, shape: gathered.append(shape) or original(answer, views, shape)
    )
    observation = observation_of(BALL_AND_BAR, views_of(BALL_AND_BAR), Tinted())
    LIFT(observation)
    openscene.fuse(observation)
    learned = part_distill.example(observation, torch.zeros(observation.shape.element_count, 1), part_distill.PartDistill())
    assert learned.soft is not None
    assert gathered == [BALL_AND_BAR]


def test_smoothing_takes_a_wrong_word_here_and_there_back(chair: Labelled) -> None:
    mesh, label, names = chair
    generator = torch.Generator().manual_seed(0)
    noisy = torch.where(torch.rand(len(label), generator=generator) < 0.2, (label + 1) % len(names), label)
    result = LIFT(observation_of(mesh, views_of(mesh, 6, 112), OracleTeacher(noisy, cell=1), names))
    assert agreement(result, noisy, mesh) < 0.85
    assert agreement(result, label, mesh) > 0.93


@METHODS
def test_a_shape_that_no_view_shows_is_none_of_these(method: Method) -> None:
    views = views_of(CLOUD, 1)
    blank = replace(views, element=torch.full_like(views.element, -1), depth=views.depth + torch.inf)
    result = method(observation_of(CLOUD, blank, OracleTeacher(torch.zeros(300, dtype=torch.long))))
    assert not result.seen.any()
    assert torch.isfinite(result.score).all()
