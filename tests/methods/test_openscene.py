"""OpenScene's fused, distilled and ensemble labels."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from boxes import BALL_AND_BAR, CLOUD, PROMPTS, Says, Y, ask, no_boxes, some_boxes, true_boxes, views_of
from torch import Tensor
from torch.nn import functional

from meronym.core import geometry
from meronym.errors import InputError
from meronym.lifting import gather
from meronym.lifting.observation import Observation
from meronym.methods import openscene
from meronym.methods.openscene import OpenScene
from meronym.parts.tree import build_tree
from meronym.protocols import Teacher
from meronym.registry import load
from meronym.shapes import pipeline
from meronym.students.backbones import Geometry
from meronym.teachers.oracle import OracleTeacher
from meronym.types import FeatureMaps, Mesh, Relevancy, Shape, Views

SHAPES = pytest.mark.parametrize("shape", [BALL_AND_BAR, CLOUD], ids=["mesh", "points"])
Labelled = tuple[Mesh, Tensor, tuple[str, ...]]


SMALL = OpenScene(batch=512)
"""Enough for shapes as simple as these."""


def look_with(teacher: Teacher, shape: Shape, views: Views) -> Observation:
    return Observation(shape, PROMPTS, None, Y, teacher, Says(no_boxes()), lambda: views, build_tree)


def hide(shape: Shape, hidden: Tensor) -> Views:
    """Views in which some elements cannot be seen."""
    views = views_of(shape)
    left = (views.element >= 0) & ~hidden[views.element.long().clamp_min(0)]
    return replace(views, element=torch.where(left, views.element, -1), depth=torch.where(left, views.depth, torch.inf))


def half_hidden(shape: Shape) -> Views:
    """Views of what lies in front; the ball and the bar are the same behind."""
    return hide(shape, torch.from_numpy(geometry.element_positions(shape)[:, 2] < 0))


def halves(shape: Shape) -> Tensor:
    """High and low parts, and in between none; the geometry tells which."""
    height = torch.from_numpy(geometry.element_positions(shape)[:, 1])
    low, high = height.quantile(torch.tensor([0.3, 0.6], dtype=height.dtype))
    return torch.where(height < low, 0, torch.where(height > high, 2, -1))


def network(observation: Observation) -> Tensor:
    fused, seen = openscene.fuse(observation)
    return openscene.distil(Geometry()(observation), fused, seen, observation, SMALL)


# ---------------------------------------------------------------------------------------------------------------- fused


def test_the_mean_of_similarities_is_the_similarity_to_the_mean_feature() -> None:
    """Therefore similarities may be fused in place of features."""
    views, generator = views_of(BALL_AND_BAR), torch.Generator().manual_seed(0)
    grids = torch.randn(3, 6, 6, 16, generator=generator)
    texts = torch.randn(4, 16, generator=generator)
    box = torch.tensor([[0.0, 0.0, 48.0, 48.0]]).repeat(3, 1)
    similar = torch.einsum("cyxd,pd->cpyx", grids, texts)

    class Similar(Says):
        def __call__(self, *_: object) -> Relevancy:  # type: ignore[override]
            return Relevancy(tuple(similar[:, :-1]), tuple(similar[:, -1]), box)

    fused, seen = openscene.fuse(look_with(Similar(no_boxes()), BALL_AND_BAR, views))
    mean, weight = gather.gather_features(FeatureMaps(tuple(grids), box), views, BALL_AND_BAR)
    expected = mean @ texts.T
    torch.testing.assert_close(fused, expected - expected.mean(1, keepdim=True), atol=1e-5, rtol=1e-5)
    assert torch.equal(seen, weight > 0)


# ------------------------------------------------------------------------------------------------------------ distilled


@SHAPES
def test_the_network_learns_what_the_views_say(shape: Shape) -> None:
    observation = look_with(OracleTeacher(halves(shape), cell=2), shape, views_of(shape))
    fused, seen = openscene.fuse(observation)
    distilled = network(observation)
    usual = fused[seen].norm(dim=1).median()
    torch.testing.assert_close(distilled.norm(dim=1), usual.expand(len(fused)))
    share = torch.from_numpy(geometry.element_areas(shape)) * seen
    assert (functional.cosine_similarity(fused, distilled) * share).sum() / share.sum() > 0.9


def test_it_says_of_what_was_not_seen_what_its_geometry_tells() -> None:
    label = halves(BALL_AND_BAR)
    observation = look_with(OracleTeacher(label, cell=2), BALL_AND_BAR, half_hidden(BALL_AND_BAR))
    result = SMALL(observation)
    area = torch.from_numpy(geometry.element_areas(BALL_AND_BAR)) * ~result.seen
    assert area.sum() > 0.3
    assert area[result.label == label].sum() / area.sum() > 0.8
    assert set(result.label[~result.seen].tolist()) == {-1, 0, 2}


def test_elements_that_were_not_seen_teach_nothing() -> None:
    observation = look_with(OracleTeacher(halves(BALL_AND_BAR)), BALL_AND_BAR, half_hidden(BALL_AND_BAR))
    fused, seen = openscene.fuse(observation)
    features = Geometry()(observation)
    other = torch.where(seen[:, None], fused, torch.tensor([9.0, -9, 9, -9]))
    first, second = (openscene.distil(features, values, seen, observation, SMALL) for values in (fused, other))
    assert torch.equal(first, second)


# ------------------------------------------------------------------------------------------------------------- ensemble


@SHAPES
@pytest.mark.parametrize("boxes", [True, False], ids=["regions", "dense"])
def test_of_the_two_the_surer_is_taken(shape: Shape, boxes: bool) -> None:
    views = half_hidden(shape)
    observation = ask(shape, views, some_boxes(views)) if boxes else look_with(OracleTeacher(halves(shape)), shape, views)
    fused, seen = openscene.fuse(observation)
    distilled = network(observation)
    label, score, visible, *_ = SMALL(observation)
    assert torch.equal(visible, seen)
    taken = []
    for element in range(shape.element_count):
        two, three = (logits[element].softmax(0) for logits in (fused, distilled))
        taken.append(bool(seen[element]) and float(two.max()) >= float(three.max()))
        expected = two if taken[-1] else three
        torch.testing.assert_close(score[element], expected[:-1], atol=1e-6, rtol=1e-5)
        assert label[element] == (-1 if expected.argmax() == len(PROMPTS) else expected.argmax())
    assert 0.02 < np.mean(taken) < 0.98, "both are taken"


@pytest.mark.usefixtures("small_views")
def test_what_the_teacher_knows_arrives(chair: Labelled) -> None:
    mesh, label, names = chair
    small = {"openscene.batch": 512}
    teacher = OracleTeacher(label, cell=4)
    result = pipeline.segment(mesh, names, method="openscene", settings=small, teacher=teacher, up=(0, 1, 0))
    assert result.record.options["batch"] == 512
    area = geometry.element_areas(mesh)
    assert area[result.label == label.numpy()].sum() / area.sum() > 0.85


def test_regions_count_as_votes(chair: Labelled) -> None:
    mesh, label, names = chair
    views = views_of(mesh, 4, 64)
    result = SMALL(ask(mesh, views, true_boxes(label, views, names, boxes=False), names))
    area = torch.from_numpy(geometry.element_areas(mesh))
    assert area[result.label == label].sum() / area.sum() > 0.8


def test_nothing_found_names_nothing() -> None:
    assert (SMALL(ask(CLOUD, views_of(CLOUD), no_boxes())).label == -1).all()


def test_nothing_seen_is_an_error() -> None:
    views = hide(CLOUD, torch.ones(300, dtype=torch.bool))
    with pytest.raises(InputError, match="no view shows any of the shape"):
        SMALL(look_with(OracleTeacher(halves(CLOUD)), CLOUD, views))


def test_same_bytes_and_no_trace_in_the_global_randomness() -> None:
    observation = look_with(OracleTeacher(halves(CLOUD)), CLOUD, views_of(CLOUD))
    torch.manual_seed(1)
    first = SMALL(observation)
    after = torch.rand(1)
    torch.manual_seed(1)
    assert torch.equal(torch.rand(1), after)
    second = SMALL(observation)
    assert torch.equal(first.score, second.score)


def test_tensors_are_made_on_the_device_of_the_evidence() -> None:
    """The default device holds no values here: whatever were made on it could not be joined with tensors on the CPU."""
    observation = look_with(OracleTeacher(halves(CLOUD)), CLOUD, views_of(CLOUD))
    features, (fused, seen) = Geometry()(observation), openscene.fuse(observation)
    plain = openscene.distil(features, fused, seen, observation, SMALL)
    with torch.device("meta"):
        assert torch.equal(openscene.distil(features, fused, seen, observation, SMALL), plain)


def test_it_is_found_by_name() -> None:
    assert load("methods", "openscene") is OpenScene
