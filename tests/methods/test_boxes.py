"""What the methods that go by boxes have in common: what arrives, and what must not change it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
import torch
import trimesh
from boxes import BALL_AND_BAR, CLOUD, PROMPTS, ask, mesh_of, no_boxes, some_boxes, true_boxes, views_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation
from torch import Tensor

from meronym.core import geometry
from meronym.lifting.observation import Method
from meronym.methods.part_slip import PartSlip
from meronym.methods.satr import Satr
from meronym.registry import create, load
from meronym.shapes import pipeline
from meronym.teachers.oracle import OracleTeacher
from meronym.types import Labelling, Mesh, PointCloud, Regions, Shape, Views

METHODS = pytest.mark.parametrize("method", [Satr(), PartSlip()], ids=["satr", "part-slip"])
SHAPES = pytest.mark.parametrize("shape", [BALL_AND_BAR, CLOUD], ids=["mesh", "points"])
Labelled = tuple[Mesh, Tensor, tuple[str, ...]]


def same(one: Labelling, other: Labelling, order: Tensor | slice = slice(None)) -> None:
    """Equal but for rounding, which may tip an element that two prompts claim alike."""
    torch.testing.assert_close(one.score[order], other.score, atol=1e-3, rtol=0)
    assert torch.equal(one.seen[order], other.seen)
    assert (one.label[order] == other.label).float().mean() > 0.99


def agreement(result: Labelling, label: Tensor, shape: Shape) -> float:
    """Share of the seen area that has the true label."""
    area = torch.from_numpy(geometry.element_areas(shape)) * result.seen
    return float(area[result.label == label].sum() / area.sum())


# -------------------------------------------------------------------------------------------------- what comes of it


@pytest.mark.parametrize("name", ["satr", "part-slip"])
@pytest.mark.usefixtures("small_views")
def test_what_a_dense_teacher_knows_arrives_as_boxes(chair: Labelled, name: str) -> None:
    mesh, label, names = chair
    result = pipeline.segment(mesh, names, method=name, teacher=OracleTeacher(label, cell=4), up=(0, 1, 0))
    area = geometry.element_areas(mesh) * result.seen
    assert area[result.label == label.numpy()].sum() / area.sum() >= 0.7
    assert area[result.score.argmax(1) == label.numpy()].sum() / area.sum() >= 0.7


@METHODS
@pytest.mark.parametrize("boxes", [True, False], ids=["boxes", "masks"])
def test_what_a_detector_knows_arrives(chair: Labelled, method: Method, boxes: bool) -> None:
    mesh, label, names = chair
    views = views_of(mesh, 8, 160)
    result = method(ask(mesh, views, true_boxes(label, views, names, boxes), names))
    assert agreement(result, label, mesh) >= (0.7 if boxes else 0.95)


@METHODS
def test_what_a_detector_knows_arrives_on_points(chair: Labelled, method: Method) -> None:
    mesh, label, names = chair
    points, face = geometry.sample_surface(mesh, 3000, torch.Generator().manual_seed(0))
    cloud, label = PointCloud(points), label[face]
    views = views_of(cloud, 8, 160)
    assert agreement(method(ask(cloud, views, true_boxes(label, views, names), names)), label, cloud) >= 0.7


@METHODS
@SHAPES
def test_scores_are_shares_and_the_best_one_is_the_label(method: Method, shape: Shape) -> None:
    views = views_of(shape)
    label, score, seen, *_ = method(ask(shape, views, some_boxes(views)))
    assert score.min() >= 0
    assert score.sum(1).max() <= 1 + 1e-5
    assert 0 < (label >= 0).float().mean() < 1, "both cases are there"
    assert (score.sum(1) > 0).all(), "every element is ranked"
    assert torch.equal(label[label >= 0], score.argmax(1)[label >= 0])
    shown = torch.zeros_like(seen)
    shown[views.element[views.element >= 0].long()] = True
    assert seen[shown].all()


@METHODS
@SHAPES
def test_nothing_found_names_nothing(method: Method, shape: Shape) -> None:
    label, score, seen, *_ = method(ask(shape, views_of(shape), no_boxes()))
    assert (label == -1).all()
    assert (score == 0).all()
    assert seen.any()


@METHODS
def test_what_no_box_holds_is_ranked_like_the_nearest_that_one_does(method: Method) -> None:
    """Three balls far apart; the middle one is in boxes, as "leg", and no box holds the others."""
    balls = [trimesh.creation.icosphere(2).apply_translation((x, 0, 0)) for x in (-4.0, 0.0, 4.0)]
    mesh = mesh_of(*balls)
    views = views_of(mesh, 3, 96)
    middle = torch.arange(mesh.element_count) // (mesh.element_count // 3) == 1
    boxes = true_boxes(torch.where(middle, 2, -1), views, PROMPTS)
    label, score, seen, *_ = method(ask(mesh, views, boxes))
    assert (label[~middle] == -1).float().mean() > 0.9, "but for what lies before or behind the middle"
    assert (label[middle & seen] == 2).float().mean() > 0.99
    assert (score.argmax(1) == 2).all()
    assert 0 < score[~middle].sum(1).median() < 1e-3


@METHODS
def test_a_box_where_nothing_is_says_nothing(method: Method) -> None:
    views = views_of(BALL_AND_BAR)
    empty = Regions(torch.tensor([0]), torch.tensor([1]), torch.tensor([1.0]), torch.tensor([[0.0, 0.0, 1.0, 1.0]]))
    assert (method(ask(BALL_AND_BAR, views, empty)).label == -1).all()


def test_they_are_found_by_name() -> None:
    assert load("methods", "satr") is Satr
    assert load("methods", "part-slip") is PartSlip
    assert create("methods", "part-slip", {"part-slip.threshold": "0.3"}) == PartSlip(threshold=0.3)


# -------------------------------------------------------------------------------------------------- what changes nothing


@METHODS
def test_the_order_of_boxes_does_not_matter(method: Method) -> None:
    views = views_of(BALL_AND_BAR)
    boxes = some_boxes(views)
    order = torch.randperm(len(boxes.view), generator=torch.Generator().manual_seed(1))
    shuffled = Regions(boxes.view[order], boxes.prompt[order], boxes.score[order], boxes.box[order])
    same(method(ask(BALL_AND_BAR, views, boxes)), method(ask(BALL_AND_BAR, views, shuffled)))


@METHODS
def test_the_order_of_prompts_does_not_matter(method: Method) -> None:
    views = views_of(BALL_AND_BAR)
    boxes = some_boxes(views)
    turned = replace(boxes, prompt=2 - boxes.prompt)
    score = method(ask(BALL_AND_BAR, views, boxes)).score
    torch.testing.assert_close(method(ask(BALL_AND_BAR, views, turned)).score, score.flip(1))


@METHODS
@SHAPES
def test_the_order_of_elements_does_not_matter(method: Method, shape: Shape) -> None:
    order = np.random.default_rng(2).permutation(shape.element_count)
    if isinstance(shape, Mesh):
        shuffled: Shape = replace(shape, faces=shape.faces[order])
    else:
        shuffled = replace(shape, points=shape.points[order])
    views = views_of(shape)
    new_id = torch.from_numpy(np.argsort(order)).to(views.element.dtype)
    renamed = replace(views, element=torch.where(views.element >= 0, new_id[views.element.long().clamp_min(0)], -1))
    boxes = some_boxes(views)
    same(method(ask(shape, views, boxes)), method(ask(shuffled, renamed, boxes)), torch.from_numpy(order))


def moved(shape: Shape, views: Views, turn: np.ndarray, shift: Sequence[float], scale: float) -> tuple[Shape, Views]:
    """Shape and cameras together, so that the pictures stay."""

    def place(points: np.ndarray) -> np.ndarray:
        result: np.ndarray = scale * points @ turn.T + np.array(shift)
        return result

    pose = views.cameras.world_from_camera.clone()
    pose[:, :3, :3] = torch.from_numpy(turn) @ pose[:, :3, :3]
    pose[:, :3, 3] = torch.from_numpy(place(pose[:, :3, 3].numpy()))
    seen = replace(views, cameras=replace(views.cameras, world_from_camera=pose), depth=views.depth * scale)
    if isinstance(shape, Mesh):
        return replace(shape, vertices=place(shape.vertices)), seen
    return replace(shape, points=place(shape.points)), seen


@METHODS
@SHAPES
@settings(max_examples=3, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    turn=st.tuples(*[st.floats(-3, 3)] * 3),
    shift=st.tuples(*[st.floats(-5, 5)] * 3),
    scale=st.sampled_from([1e-3, 0.3, 1e3]),
)
def test_motion_and_scale_do_not_matter(
    method: Method, shape: Shape, turn: tuple[float, ...], shift: tuple[float, ...], scale: float
) -> None:
    views = views_of(shape)
    boxes = some_boxes(views)
    elsewhere, seen = moved(shape, views, Rotation.from_rotvec(turn).as_matrix(), [scale * x for x in shift], scale)
    same(method(ask(shape, views, boxes)), method(ask(elsewhere, seen, boxes)))


@METHODS
def test_doubled_vertices_do_not_matter(method: Method) -> None:
    corners = BALL_AND_BAR.vertices[BALL_AND_BAR.faces].reshape(-1, 3)
    soup = Mesh(corners, np.arange(len(corners)).reshape(-1, 3))
    views = views_of(BALL_AND_BAR)
    boxes = some_boxes(views)
    same(method(ask(BALL_AND_BAR, views, boxes)), method(ask(soup, views, boxes)))


@METHODS
def test_faces_without_area_and_doubled_faces_do_no_harm(method: Method) -> None:
    point = np.repeat(BALL_AND_BAR.faces[:5, :1], 3, axis=1)
    worse = replace(BALL_AND_BAR, faces=np.concatenate([BALL_AND_BAR.faces, point, BALL_AND_BAR.faces[:40]]))
    views = views_of(worse)
    result = method(ask(worse, views, some_boxes(views)))
    assert torch.isfinite(result.score).all()
    assert (result.label >= 0).any()


@METHODS
@pytest.mark.parametrize("count", [2, 5])
def test_tiny_clouds_do_no_harm(method: Method, count: int) -> None:
    cloud = PointCloud(np.random.default_rng(3).normal(size=(count, 3)))
    views = replace(views_of(CLOUD), element=torch.full((3, 48, 48), -1))
    element = views.element.clone()
    element[:, 10:20, 10:20] = torch.arange(10).repeat(3, 10, 1).to(element.dtype) % count
    boxes = Regions(
        torch.arange(3), torch.tensor([1] * 3), torch.ones(3), torch.tensor([[10.0, 10.0, 15.0, 20.0]]).repeat(3, 1)
    )
    result = method(ask(cloud, replace(views, element=element), boxes))
    assert (result.score.argmax(1) == 1).all()
    assert torch.isfinite(result.score).all()
