"""PartSLIP: superpoints that can be told by hand, the energy they lower, and votes held against a twin in plain Python."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
import trimesh
from boxes import BALL_AND_BAR, CLOUD, PROMPTS, ask, mesh_of, some_boxes, views_of

from meronym.core import geometry
from meronym.lifting import gather
from meronym.methods import part_slip
from meronym.methods.part_slip import PartSlip
from meronym.types import Mesh, PointCloud, Regions, Shape, Views

SLIP = PartSlip()
SHAPES = pytest.mark.parametrize("shape", [BALL_AND_BAR, CLOUD], ids=["mesh", "points"])


def same_partition(one: np.ndarray, other: np.ndarray) -> bool:
    pairs = len(np.unique(np.stack([one, other], 1), axis=0))
    return pairs == len(np.unique(one)) == len(np.unique(other))


# ------------------------------------------------------------------------------------------------------------- votes


def slow_share(boxes: Regions, piece: np.ndarray, views: Views, shape: Shape) -> np.ndarray:
    """The twin of `held_share`: one pixel at a time."""
    area = geometry.element_areas(shape)
    held, visible = np.zeros((piece.max() + 1, len(PROMPTS))), np.zeros(piece.max() + 1)
    for view, sighting in enumerate(gather.visible_elements(views, shape)):
        places = list(zip(*(a.tolist() for a in (sighting.element, sighting.xy, sighting.weight)), strict=True))
        pixels: dict[int, float] = {}
        for element, _, weight in places:
            pixels[element] = pixels.get(element, 0.0) + weight
        surface = [area[element] * weight / pixels[element] for element, _, weight in places]
        used: list[tuple[int, list[bool]]] = []
        for box in range(len(boxes.view)):
            if boxes.view[box] == view:
                x0, y0, x1, y1 = boxes.box[box].tolist()
                inside = [x0 <= x < x1 and y0 <= y < y1 for _, (x, y), _ in places]
                if sum(s for s, i in zip(surface, inside, strict=True) if i) < SLIP.whole * sum(surface):
                    used.append((int(boxes.prompt[box]), inside))
        for place, (element, _, _) in enumerate(places):
            visible[piece[element]] += surface[place]
            for prompt in {prompt for prompt, inside in used if inside[place]}:
                held[piece[element], prompt] += surface[place]
    return held / np.maximum(visible, 1e-12)[:, None]


@SHAPES
def test_shares_are_those_of_the_twin(shape: Shape) -> None:
    views = views_of(shape, 2, 32)
    boxes = some_boxes(views, 8)
    everything = torch.tensor([[0.0, 0.0, 32.0, 32.0]])
    boxes = Regions(
        *(
            torch.cat(pair)
            for pair in zip(
                (boxes.view, boxes.prompt, boxes.score, boxes.box),
                (torch.tensor([1]), torch.tensor([2]), torch.tensor([1.0]), everything),
                strict=True,
            )
        )
    )
    piece = np.arange(shape.element_count) // 7
    share, _ = part_slip.held_share(boxes, piece, ask(shape, views, boxes), SLIP.whole)
    expected = slow_share(boxes, piece, views, shape)
    np.testing.assert_allclose(share.numpy(), expected, atol=1e-4)
    assert 0 < share.mean() < 1


def test_overlapping_boxes_of_one_prompt_count_once() -> None:
    views = views_of(BALL_AND_BAR, 1)
    box = torch.tensor([[5.0, 5.0, 30.0, 40.0]])
    once, twice = (Regions(torch.zeros(k).long(), torch.zeros(k).long(), torch.ones(k), box.repeat(k, 1)) for k in (1, 3))
    piece = np.zeros(BALL_AND_BAR.element_count, dtype=np.int64)
    shares = [part_slip.held_share(boxes, piece, ask(BALL_AND_BAR, views, boxes), SLIP.whole)[0] for boxes in (once, twice)]
    torch.testing.assert_close(*shares)


@pytest.mark.parametrize(("part", "named"), [(0.44, False), (0.56, True)])
def test_a_superpoint_is_named_by_half_of_it(part: float, named: bool) -> None:
    """A square seen from the front, its left part in a box."""
    square = Mesh(np.array([[-1.0, -1, 0], [1, -1, 0], [1, 1, 0], [-1, 1, 0]]), np.array([[0, 1, 2], [0, 2, 3]]))
    views = views_of(square, 1, 100)
    columns = (views.element[0] >= 0).any(0).nonzero()[:, 0]
    right = float(columns[0] + part * len(columns))
    boxes = Regions(torch.tensor([0]), torch.tensor([1]), torch.tensor([0.9]), torch.tensor([[0.0, 0.0, right, 100.0]]))
    label, score, seen, *_ = SLIP(ask(square, views, boxes))
    assert label.tolist() == [1, 1] if named else label.tolist() == [-1, -1]
    torch.testing.assert_close(score[:, 1], torch.full((2,), part), atol=0.03, rtol=0)
    assert seen.all()


def test_faces_never_seen_take_the_label_of_their_superpoint() -> None:
    """The lower half of a large square lies out of the picture."""
    fine = trimesh.Trimesh([[-1, -1, 0], [1, -1, 0], [1, 1, 0], [-1, 1, 0]], [[0, 1, 2], [0, 2, 3]])
    square = mesh_of(fine.subdivide().subdivide())
    views = views_of(square, 1, 60)
    upper = geometry.element_positions(square)[:, 1] > 0
    shown = (views.element >= 0) & torch.from_numpy(upper)[views.element.long().clamp_min(0)]
    blind = replace(views, element=torch.where(shown, views.element, -1), depth=torch.where(shown, views.depth, torch.inf))
    columns = shown[0].any(0).nonzero()[:, 0]
    boxes = Regions(
        torch.tensor([0]), torch.tensor([2]), torch.tensor([0.9]), torch.tensor([[0.0, 0.0, float(columns[-8]), 60.0]])
    )
    label, score, seen, *_ = SLIP(ask(square, blind, boxes))
    assert not seen[~upper].any()
    assert (label == 2).all()
    assert len(score.unique(dim=0)) == 1


# ------------------------------------------------------------------------------------------------------- superpoints


@pytest.mark.parametrize("fineness", [0, 1, 3])
def test_a_cube_has_six_whatever_its_triangles(fineness: int) -> None:
    cube = trimesh.creation.box()
    for _ in range(fineness):
        cube = cube.subdivide()
    mesh = mesh_of(cube)
    side = np.round(geometry.element_normals(mesh)) @ [1, 2, 3]
    assert same_partition(part_slip.superpoints(mesh, SLIP), side)


def test_a_cloud_is_cut_at_its_edges() -> None:
    """Three faces of a cube as points; those beside an edge have normals between the two."""
    cube = mesh_of(trimesh.creation.box())
    points, _ = geometry.sample_surface(cube, 8000, torch.Generator().manual_seed(0))
    towards = np.abs(points).argmax(1) * 2 + (points[np.arange(len(points)), np.abs(points).argmax(1)] > 0)
    inner = np.sort(np.abs(points), axis=1)[:, 1] < 0.4
    assert same_partition(part_slip.superpoints(PointCloud(points), SLIP)[inner], towards[inner])


def test_colour_cuts_where_the_surface_is_flat() -> None:
    square = trimesh.Trimesh([[-1, -1, 0], [1, -1, 0], [1, 1, 0], [-1, 1, 0]], [[0, 1, 2], [0, 2, 3]])
    mesh = mesh_of(square.subdivide().subdivide().subdivide())
    left = geometry.element_positions(mesh)[:, 0] < 0
    colour = np.repeat(np.where(left[:, None], [1.0, 0.2, 0.2], [0.2, 0.2, 1.0])[:, None], 3, axis=1)
    assert len(np.unique(part_slip.superpoints(mesh, SLIP))) == 1
    assert same_partition(part_slip.superpoints(replace(mesh, corner_colour=colour), SLIP), left)


def test_the_winding_of_faces_does_not_matter() -> None:
    flipped = BALL_AND_BAR.faces.copy()
    flipped[::3] = flipped[::3, ::-1]
    first, second = (part_slip.superpoints(mesh, SLIP) for mesh in (BALL_AND_BAR, replace(BALL_AND_BAR, faces=flipped)))
    assert same_partition(first, second)


def test_pieces_apart_are_never_one_superpoint() -> None:
    cubes = [trimesh.creation.box().apply_translation((x, 0, 0)) for x in (0.0, 5.0)]
    mesh = mesh_of(*cubes)
    piece = part_slip.superpoints(mesh, SLIP)
    assert len(np.unique(piece)) == 12
    assert not set(piece[:12]) & set(piece[12:])


def test_specks_join_the_nearest_superpoint() -> None:
    speck = trimesh.creation.box((0.004, 0.004, 0.004)).apply_translation((0, 0, 0.6))
    mesh = mesh_of(trimesh.creation.box(), speck)
    piece = part_slip.superpoints(mesh, SLIP)
    top = piece[:12][geometry.element_normals(mesh)[:12, 2] > 0.5]
    assert set(piece[12:]) == set(top)
    assert len(np.unique(piece)) == 6


def slow_energy(piece: np.ndarray, feature: np.ndarray, mass: np.ndarray, pair: np.ndarray, weight: np.ndarray) -> float:
    """The L0 energy, superpoint by superpoint."""
    total = SLIP.regularisation * sum(w for (a, b), w in zip(pair, weight, strict=True) if piece[a] != piece[b])
    for name in np.unique(piece):
        own = piece == name
        mean = np.average(feature[own], axis=0, weights=mass[own])
        total += float((mass[own] * ((feature[own] - mean) ** 2).sum(1)).sum())
    return float(total)


def test_no_merger_would_lower_the_energy() -> None:
    """And the partition has a lower one than each element by itself, and than one superpoint for all."""
    generator = np.random.default_rng(4)
    points = generator.uniform(size=(200, 3)) * [1, 1, 0]
    feature = np.floor(points * 2) + generator.normal(0, 0.05, (200, 3))  # four squares
    near = geometry.neighbours(points, 5)[0].numpy()
    pair = np.unique(np.sort(np.stack([np.repeat(np.arange(200), 5), near.ravel()], 1), axis=1), axis=0)
    mass, weight = generator.uniform(0.5, 1.5, 200), generator.uniform(0.5, 1.5, len(pair))
    data = (feature, mass, pair, weight)
    piece = part_slip._merge(*data, SLIP.regularisation)
    energy = slow_energy(piece, *data)
    assert 4 <= len(np.unique(piece)) < 20
    assert energy < slow_energy(np.arange(200), *data)
    assert energy < slow_energy(np.zeros(200), *data)
    for one, other in {tuple(sorted(ends)) for ends in piece[pair] if ends[0] != ends[1]}:
        assert slow_energy(np.where(piece == other, one, piece), *data) > energy
    square = np.floor(points * 2) @ [1, 2, 0]
    assert len(np.unique(np.stack([piece, square], 1), axis=0)) == len(np.unique(piece)), "none spans two squares"


def test_of_equal_prices_not_all_are_paid_at_once() -> None:
    """A slope: any two neighbours cost the same, and three times as many are too far from their mean."""
    feature = np.arange(4096.0)[:, None] / 8
    pair = np.stack([np.arange(4095), np.arange(1, 4096)], 1)
    piece = part_slip._merge(feature, np.ones(4096), pair, np.ones(4095), SLIP.regularisation)
    assert 1 < np.bincount(piece, minlength=4096)[piece].mean() < 4


@SHAPES
def test_link_weights_are_the_published_ones(shape: Shape, monkeypatch: pytest.MonkeyPatch) -> None:
    """(1 / (1 + d / mean d + f / mean f))^2, f the distance of features; a mesh counts as evenly spaced points."""
    given: list[np.ndarray] = []
    monkeypatch.setattr(part_slip, "_merge", lambda *data: (given.extend(data), np.arange(len(data[0])))[1])
    part_slip.superpoints(shape, SLIP)
    feature, mass, pair, weight, _ = given
    corners = shape.vertices[shape.faces] if isinstance(shape, Mesh) else shape.points[:, None]
    spacing = np.sqrt(
        geometry.face_normals(shape.vertices, shape.faces)[1].sum() / SLIP.points if isinstance(shape, Mesh) else 1
    )
    links, gap, step = [], [], []
    for a, b in pair:
        step.append(float(np.linalg.norm(feature[a] - feature[b])))
        if isinstance(shape, Mesh):
            one, other = (p for p in corners[a] if (p == corners[b]).all(1).any())
            links.append(SLIP.cut * float(np.linalg.norm(one - other)) / spacing)
            gap.append(spacing)
        else:
            links.append(1.0)
            gap.append(float(np.linalg.norm(corners[a] - corners[b])))
    means = np.average(gap, weights=links), np.average(step, weights=links)
    expected = [k / (1 + d / means[0] + f / means[1]) ** 2 for k, d, f in zip(links, gap, step, strict=True)]
    np.testing.assert_allclose(weight, expected)
    assert mass.sum() == pytest.approx(SLIP.points if isinstance(shape, Mesh) else len(shape.points))
