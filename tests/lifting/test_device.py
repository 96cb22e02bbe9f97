"""Lifting, smoothing and losses with views, answers and students on another device."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
import trimesh
from other_device import assert_same, move, other_device
from splat_files import some_rows

from meronym.core import cameras, geometry
from meronym.core.gaussians import gaussians
from meronym.lifting import diffusion, gather, graph, losses, voting
from meronym.render import TorchRenderer
from meronym.types import FeatureMaps, Mesh, PointCloud, Relevancy, Shape, Views

Y = torch.tensor([0.0, 1.0, 0.0])
BALL = trimesh.creation.icosphere(3)
MESH = Mesh(np.array(BALL.vertices), np.array(BALL.faces))
CLOUD = PointCloud(np.random.default_rng(0).normal(size=(150, 3)))
SHAPES = pytest.mark.parametrize("shape", [MESH, CLOUD, gaussians(some_rows(80))], ids=["mesh", "points", "gaussians"])
BOX = torch.tensor([[-2.0, 1.0, 22.0, 25.0]]).repeat(3, 1)


def views_of(shape: Shape) -> Views:
    points = shape.vertices if isinstance(shape, Mesh) else shape.points
    return TorchRenderer()(shape, cameras.frame(points, cameras.spread(3, Y), Y, 24))


def answers() -> tuple[Relevancy, FeatureMaps]:
    draw = torch.Generator().manual_seed(0)
    logit = tuple(3 * torch.randn(2, 5, 6, generator=draw) for _ in range(3))
    none = tuple(torch.randn(5, 6, generator=draw) for _ in range(3))
    return Relevancy(logit, none, BOX), FeatureMaps(tuple(torch.randn(4, 3, 7, generator=draw) for _ in range(3)), BOX)


@SHAPES
@pytest.mark.parametrize(
    "lift",
    [
        lambda views, relevancy, maps, shape: list(gather.visible_elements(views, shape)),
        lambda views, relevancy, maps, shape: gather.gather_relevancy(relevancy, views, shape),
        lambda views, relevancy, maps, shape: gather.gather_probability(relevancy, views, shape),
        lambda views, relevancy, maps, shape: gather.gather_features(maps, views, shape),
        lambda views, relevancy, maps, shape: voting.regions_from_relevancy(relevancy, views),
        lambda views, relevancy, maps, shape: voting.regions_from_relevancy(relevancy, views, boxes=True),
    ],
    ids=["visible", "relevancy", "probability", "features", "masks", "boxes"],
)
def test_what_is_lifted_comes_back_to_the_cpu(lift: Callable[..., Any], shape: Shape) -> None:
    views, (relevancy, maps) = views_of(shape), answers()
    expected = lift(views, relevancy, maps, shape)
    with other_device() as device:
        assert_same(lift(*move((views, relevancy, maps), device), shape), expected, "cpu")
        assert_same(lift(move(views, device), relevancy, maps, shape), expected, "cpu")


@SHAPES
@pytest.mark.parametrize("boxes", [False, True], ids=["masks", "boxes"])
def test_votes_come_back_to_the_cpu(shape: Shape, boxes: bool) -> None:
    views, relevancy = views_of(shape), answers()[0]
    regions = voting.regions_from_relevancy(relevancy, views, boxes=boxes)
    expected = voting.cast_votes(regions, views, shape)
    with other_device() as device:
        assert_same(voting.cast_votes(*move((regions, views), device), shape), expected, "cpu")
        assert_same(voting.cast_votes(regions, move(views, device), shape), expected, "cpu")
    sighting = next(gather.visible_elements(views, shape))
    held = voting.points_inside(regions, 0, sighting.xy)
    with other_device() as device:
        assert_same(voting.points_inside(move(regions, device), 0, sighting.xy), held, "cpu")
        assert_same(voting.points_inside(move(regions, device), 0, sighting.xy.to(device)), held, device)


def test_recognition_is_on_the_device_of_the_answer() -> None:
    views, relevancy = views_of(MESH), answers()[0]
    expected = gather.recognition(relevancy, views)
    with other_device() as device:
        assert_same(gather.recognition(*move((relevancy, views), device)), expected, device)
        assert_same(gather.recognition(relevancy, move(views, device)), expected, "cpu")


@SHAPES
def test_smoothing_and_filling_keep_to_the_device_of_the_values(shape: Shape) -> None:
    draw = torch.Generator().manual_seed(1)
    values, sure = torch.randn(shape.element_count, 2, generator=draw), torch.rand(shape.element_count, generator=draw)
    sure = torch.where(sure < 0.2, 0.0, sure)
    places, links = geometry.element_positions(shape), graph.surface_graph(shape)
    for smooth in (
        lambda values, sure: diffusion.diffuse(values, sure, shape, links, 0.1),
        lambda values, sure: gather.balance(values, sure, 0.5),
        lambda values, sure: geometry.fill(values, sure.cpu().numpy() > 0, places, 0.5),
        lambda values, sure: geometry.from_nearest(values[:20], places[:20], places),
    ):
        expected = smooth(values, sure)
        with other_device() as device:
            assert_same(smooth(*move((values, sure), device)), expected, device)


def test_batched_geometry_keeps_to_the_device_of_the_points() -> None:
    points = torch.rand(2, 30, 3, generator=torch.Generator().manual_seed(2))

    def work(points: torch.Tensor) -> list[Any]:
        centres = geometry.take(points, geometry.farthest_points(points, 5))
        return [centres, geometry.nearest_points(points, centres, 3), geometry.interpolate(centres, centres, points)]

    with other_device() as device:
        assert_same(work(points.to(device)), work(points), device)


def test_losses_keep_to_the_device_of_the_student() -> None:
    views, relevancy = views_of(MESH), answers()[0]
    votes = voting.cast_votes(voting.regions_from_relevancy(relevancy, views), views, MESH)
    draw = torch.Generator().manual_seed(3)
    logits, rows = torch.randn(MESH.element_count, 2, generator=draw), torch.randn(4, 6, 3, generator=draw)

    def work(votes: Any, logits: torch.Tensor, rows: torch.Tensor) -> list[Any]:
        logits = logits.clone().requires_grad_()
        confidence, student = losses.confidence_of(votes), logits.argmax(1)
        masses = [losses.target_mass(votes, confidence, 2, normalise) for normalise in ("point", "unit")]
        weight = losses.class_weights(losses.vote_counts(votes, 2))
        loss = losses.forward_loss(logits, masses[0], weight)
        loss.backward()
        return [
            *masses,
            weight,
            loss.detach(),
            logits.grad,
            losses.rescore(student, votes),
            losses.fit_scores(student, votes),
            losses.divergence(rows.softmax(-1), rows.flip(0).softmax(-1)),
            losses.feature_loss(rows[0], rows[1]),
            losses.rda_loss(rows[0], rows[1][:, None], torch.ones_like(rows[0, :, :1])),
            losses.fda_loss(rows, rows),
        ]

    with other_device() as device:
        assert_same(work(*move((votes, logits, rows), device)), work(votes, logits, rows), device)
