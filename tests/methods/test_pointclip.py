"""PointCLIP: the projection against published values and a twin in plain Python; what labels must and must not depend on."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from fakes import Sighted
from golden_files import golden_files
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial import cKDTree
from torch import Tensor
from torch.nn import functional

from meronym.core import cameras, geometry
from meronym.errors import InputError
from meronym.lifting import voting
from meronym.lifting.observation import Method, Observation
from meronym.methods import pointclip
from meronym.methods.pointclip import PUBLISHED, PointClip
from meronym.parts.tree import build_tree
from meronym.protocols import Teacher
from meronym.registry import create
from meronym.teachers.oracle import OracleTeacher
from meronym.types import Mesh, PointCloud, Regions, Relevancy, Shape, Views

SIDE, MARGIN, LAYERS, CROP = PUBLISHED.side, PUBLISHED.margin, PUBLISHED.layers, PUBLISHED.crop
CLIP = PointClip()
Y, Z = torch.tensor([0.0, 1.0, 0.0]), torch.tensor([0.0, 0.0, 1.0])
DRAWS = pytest.mark.parametrize("draw", [pointclip.sparse, pointclip.realistic])
Chair = tuple[Mesh, Tensor, tuple[str, ...]]


def some_points(count: int, seed: int = 0) -> Tensor:
    return torch.rand(count, 3, generator=torch.Generator().manual_seed(seed)) * torch.tensor([1.0, 0.8, 0.5])


def ask(shape: Shape, prompts: tuple[str, ...], teacher: Teacher, up: Tensor = Y) -> Observation:
    def render() -> Views:
        raise AssertionError("PointCLIP makes its own pictures")

    return Observation(shape, prompts, None, up, teacher, Sighted(), render, build_tree)


class ByPlace:
    """Knows the label of every place on a shape, and finds the place from camera and depth: all that a picture holds."""

    def __init__(self, places: np.ndarray, label: Tensor, cell: int = 4) -> None:
        self.tree, self.oracle = cKDTree(places), OracleTeacher(label, cell)

    def __call__(self, views: Views, prompts: Sequence[str], category: str | None = None) -> Relevancy | Regions:
        origin, direction = cameras.rays(views.cameras)
        forward = views.cameras.world_from_camera[:, :3, 2]
        reach = views.depth.double() / torch.einsum("chwd,cd->chw", direction, forward)
        asked = torch.zeros_like(views.element)
        asked[:, self.oracle.cell // 2 :: self.oracle.cell, self.oracle.cell // 2 :: self.oracle.cell] = 1
        shown = (views.element >= 0) & (asked == 1)
        place = (origin[:, None, None] + reach.nan_to_num(posinf=0)[..., None] * direction)[shown]
        element = torch.full_like(views.element, -1)
        element[shown] = torch.from_numpy(self.tree.query(place.numpy())[1])
        return self.oracle(replace(views, element=element), prompts, category)

    def describe(self) -> dict[str, Any]:
        return {"name": "by place"}


class AsRegions(ByPlace):
    """The same answer as regions."""

    def __call__(self, views: Views, prompts: Sequence[str], category: str | None = None) -> Regions:
        answer = super().__call__(views, prompts, category)
        assert isinstance(answer, Relevancy)
        return voting.regions_from_relevancy(answer, views)


class Saying:
    """Says the same of every picture."""

    def __init__(self, answer: Relevancy | Regions) -> None:
        self.answer = answer

    def __call__(self, views: Views, prompts: Sequence[str], category: str | None = None) -> Relevancy | Regions:
        return self.answer

    def describe(self) -> dict[str, Any]:
        return {"name": "saying"}


def relevancy(logit: Tensor, none: float = -9.0) -> Relevancy:
    """Of grids [views prompts h w] over the whole picture."""
    box = torch.tensor([[0.0, 0.0, SIDE, SIDE]]).repeat(len(logit), 1)
    return Relevancy(tuple(logit), tuple(torch.full_like(logit[:, 0], none)), box)


# ------------------------------------------------------------------------------------------------------- the pictures


@pytest.mark.parametrize("file", golden_files("pointclip_v2_projection_seed*.npz"), ids=lambda file: file.stem)
def test_projection_has_the_golden_values(file: Path) -> None:
    golden = np.load(file)
    placed = pointclip.place(torch.from_numpy(golden["points"]))
    # The released code looks every point up with row and column exchanged; so its rows are our columns.
    np.testing.assert_allclose(placed.cell[..., [2, 1]] + MARGIN, golden["pixel_row_col"], atol=1e-4)
    for view, (cell, nearness) in enumerate(zip(placed.cell, placed.nearness, strict=True)):
        grid = pointclip.realistic(cell, nearness)
        picture = functional.pad(grid.amin(0), (MARGIN,) * 4, value=1.0)
        np.testing.assert_allclose(picture, golden["image"][view].astype(np.float32), atol=2**-11)
        np.testing.assert_array_equal(pointclip.visible(grid, cell[:, [0, 2, 1]]), golden["seen"][view])


ANGLES = [(20.0, 45.0 + 90 * k) for k in range(4)] + [(20.0, 90.0 * k) for k in range(4)]
"""Elevation and azimuth of the eight views from the sides, degrees; azimuth as the view's column axis turns from z to x."""


def twin_cells(points: list[list[float]], view: int) -> list[tuple[tuple[int, int, int], float]]:
    """The twin of `place` for a view from the side: one point at a time, from where the viewer stands."""
    elevation, azimuth = (math.radians(angle) for angle in ANGLES[view])
    ahead = math.sin(azimuth), math.cos(azimuth)  # x and z of the level direction to the viewer
    turned = []
    for x, y, z in points:
        level = ahead[0] * x + ahead[1] * z
        down = -math.cos(elevation) * y + math.sin(elevation) * level
        right = ahead[1] * x - ahead[0] * z
        turned.append((down, right, math.sin(elevation) * y + math.cos(elevation) * level))
    low, high = [min(axis) for axis in zip(*turned, strict=True)], [max(axis) for axis in zip(*turned, strict=True)]
    extent = max(b - a for a, b in zip(low, high, strict=True))
    result = []
    for point in turned:
        down, right, near = ((value - (a + b) / 2) / extent for value, a, b in zip(point, low, high, strict=True))
        nearness = (near + 0.5 + 0.3) / 1.3 * 110
        place = [math.ceil((value * 1.4 + 1) / 2 * 224) - 20 for value in (down, right)]
        result.append(((math.ceil(nearness), place[0], place[1]), nearness))
    return result


def twin_grid(cells: list[tuple[tuple[int, int, int], float]]) -> dict[tuple[int, int, int], float]:
    """The twin of `realistic`, cell by cell; cells that nothing reaches are missing."""
    dense: dict[tuple[int, int, int], float] = {}
    for (layer, row, column), value in cells:
        for z in range(max(layer - 2, 0), min(layer + 3, LAYERS)):
            for y in range(row - 5, row + 6):
                for x in range(column - 5, column + 6):
                    dense[z, y, x] = max(dense.get((z, y, x), 0.0), value)
    weight = {
        (c, b, a): math.exp(-(a * a + b * b) / 2 - c * c / 8) for a in range(-2, 3) for b in range(-2, 3) for c in range(-2, 3)
    }
    smooth: defaultdict[tuple[int, int, int], float] = defaultdict(float)
    for (z, y, x), value in dense.items():
        for (c, b, a), share in weight.items():
            if 0 <= z + c < LAYERS:
                smooth[z + c, y + b, x + a] += share * value
    peak = max(smooth.values())
    return {place: 1 - value / peak for place, value in smooth.items()}


POINTS = [[0.1, -0.9, 0.3], [0.12, -0.88, 0.28], [0.2, 0.7, -0.4]]
"""Two that overlap, and one apart."""


@pytest.mark.parametrize("view", range(8))
def test_points_are_placed_as_by_the_twin(view: int) -> None:
    points = some_points(30)
    placed = pointclip.place(points)
    expected = twin_cells(points.double().tolist(), view)
    assert placed.cell[view].tolist() == [list(cell) for cell, _ in expected]
    torch.testing.assert_close(placed.nearness[view].tolist(), [nearness for _, nearness in expected], rtol=1e-5, atol=1e-4)


@pytest.mark.parametrize("view", [1, 6])
def test_realistic_grid_is_that_of_the_twin(view: int) -> None:
    placed = pointclip.place(torch.tensor(POINTS))
    expected = torch.ones(LAYERS, CROP, CROP)
    for place, value in twin_grid(twin_cells(POINTS, view)).items():
        expected[place] = value
    torch.testing.assert_close(pointclip.realistic(placed.cell[view], placed.nearness[view]), expected, rtol=0, atol=1e-5)


def test_sparse_picture_shows_the_points_and_nothing_else() -> None:
    cell = torch.tensor([[60, 10, 20], [110, 90, 5], [30, 10, 20]])
    grid = pointclip.sparse(cell, torch.tensor([59.5, 110.0, 29.5]))
    expected = torch.ones(CROP, CROP)
    expected[10, 20], expected[90, 5] = 1 - 59.5 / 110, 0.0
    torch.testing.assert_close(grid.amin(0), expected)
    assert pointclip.visible(grid, cell).tolist() == [True, True, False]


@DRAWS
@given(st.lists(st.tuples(*[st.integers(-3, 3)] * 3), min_size=2, max_size=6, unique=True))
@settings(max_examples=3, deadline=None, derandomize=True)
def test_every_view_shows_the_nearest_point(draw: pointclip.Draw, points: list[tuple[int, int, int]]) -> None:
    placed = pointclip.place(torch.tensor(points, dtype=torch.float32))
    for cell, nearness in list(zip(placed.cell, placed.nearness, strict=True))[2::6]:
        assert pointclip.visible(draw(cell, nearness, PUBLISHED), cell)[nearness.argmax()]


@DRAWS
def test_order_of_points_changes_no_picture(draw: pointclip.Draw) -> None:
    points, order = some_points(300), torch.randperm(300, generator=torch.Generator().manual_seed(1))
    placed, other = pointclip.place(points), pointclip.place(points[order])
    assert torch.equal(other.cell, placed.cell[:, order])
    assert len(placed.cell[2].unique(dim=0)) == 300, "no two share a cell"
    assert torch.equal(draw(other.cell[2], other.nearness[2], PUBLISHED), draw(placed.cell[2], placed.nearness[2], PUBLISHED))


def test_owner_of_a_cell_is_the_nearest_point_that_covers_it() -> None:
    cell = pointclip.place(some_points(40)).cell[3]
    nearness = torch.arange(40.0) + 1
    owners = pointclip._owners(cell, nearness, 11, CROP)
    for row in range(0, CROP, 7):
        for column in range(0, CROP, 7):
            cover = [i for i, (_, y, x) in enumerate(cell.tolist()) if abs(y - row) <= 5 and abs(x - column) <= 5]
            assert int(owners[row, column]) == max(cover, default=-1)


def test_cameras_agree_with_the_pictures() -> None:
    points = some_points(200).double().numpy() * 40 + 7
    views, pixel, shown = pointclip._depth_views(points, Y, pointclip.sparse, PUBLISHED.reach)
    xy, depth = cameras.project(views.cameras, torch.from_numpy(points))
    assert (xy - pixel).abs().max() < 2, "pixels; the published lookup rounds up twice"
    column, row = pixel.long().unbind(-1)
    view = torch.arange(len(views))[:, None].expand_as(row)
    nearest = shown & (views.element[view, row, column] == torch.arange(len(points)))
    assert nearest.sum() > 0.3 * shown.sum()
    torch.testing.assert_close(views.depth[view, row, column][nearest], depth.float()[nearest])
    assert torch.equal(torch.isfinite(views.depth), views.element >= 0)
    assert (views.colour[views.element < 0] == 1).all(), "points are dark, and lie within what they cover"


def test_two_views_look_along_the_up_axis_and_eight_from_above() -> None:
    views = pointclip._depth_views(some_points(50).double().numpy(), Z, pointclip.sparse, 1)[0]
    rise = -views.cameras.world_from_camera[:, 2, 2]
    torch.testing.assert_close(rise[:8], torch.full((8,), math.sin(math.pi / 9), dtype=torch.float64))
    torch.testing.assert_close(rise[8:], torch.tensor([-1.0, 1.0], dtype=torch.float64) * math.cos(math.pi / 15) ** 2)
    picture_down = views.cameras.world_from_camera[:8, 2, 1]
    torch.testing.assert_close(picture_down, torch.full((8,), -math.cos(math.pi / 9), dtype=torch.float64))


# --------------------------------------------------------------------------------------------------------- the labels


def test_a_point_reads_its_pixel_as_published() -> None:
    logit = torch.randn(10, 3, 14, 14, generator=torch.Generator().manual_seed(0))
    pixel = torch.randint(0, SIDE, (10, 50, 2), generator=torch.Generator().manual_seed(1))
    found = pointclip._read(relevancy(logit), pixel + 0.5, PUBLISHED.smoothing)
    smooth = torch.nn.AvgPool2d(6, 1, 0)(torch.nn.ReplicationPad2d([2, 3, 2, 3])(logit))
    large = torch.nn.Upsample(size=SIDE, mode="bilinear")(smooth)
    expected = torch.stack([large[view][:, xy[:, 1], xy[:, 0]].T for view, xy in enumerate(pixel)])
    torch.testing.assert_close(found[..., :3], expected, rtol=1e-4, atol=1e-5)
    torch.testing.assert_close(found[..., 3], torch.full((10, 50), -9.0))


def test_a_point_reads_the_box_that_the_grid_covers() -> None:
    column = torch.arange(14.0).expand(1, 1, 14, 14)
    left = replace(relevancy(column), box=torch.tensor([[20.0, 40.0, 20 + 28, 40 + 140]]))
    inside = torch.tensor([[[20 + 14.0, 60.0]]])
    wide = pointclip._read(relevancy(column), torch.tensor([[[SIDE / 2, 60.0]]]), PUBLISHED.smoothing)
    torch.testing.assert_close(pointclip._read(left, inside, PUBLISHED.smoothing), wide)


def test_elements_take_the_mean_of_the_three_nearest_points() -> None:
    points, positions = some_points(20).double().numpy(), some_points(9, seed=1).double().numpy()
    positions[0] = points[4]
    values = torch.randn(20, 2, generator=torch.Generator().manual_seed(0))
    found = pointclip._nearest_mean(values, points, positions)
    for position, row in zip(positions[1:], found[1:], strict=True):
        near = sorted((float(np.linalg.norm(position - point)), index) for index, point in enumerate(points))[:3]
        total = sum(1 / distance for distance, _ in near)
        expected = sum(values[index] / distance / total for distance, index in near)
        torch.testing.assert_close(row, expected)
    torch.testing.assert_close(found[0], values[4])


@pytest.mark.parametrize(
    ("name", "least", "kind"), [("pointclip", 0.75, ByPlace), ("pointclip", 0.75, AsRegions), ("pointclip-v2", 0.9, ByPlace)]
)
def test_what_the_teacher_knows_reaches_the_faces(name: str, least: float, kind: type[ByPlace], chair: Chair) -> None:
    method: Method = create("methods", name)
    mesh, label, names = chair
    places, face = geometry.sample_surface(mesh, 20000, torch.Generator().manual_seed(5))
    found, score, seen, *_ = method(ask(mesh, names, kind(places, label[face])))
    area = torch.from_numpy(geometry.element_areas(mesh))
    assert float(area[score.argmax(1) == label].sum()) > least
    assert set(found.unique().tolist()) <= {-1, *range(len(names))}
    assert ((found == score.argmax(1)) | (found == -1)).all()
    assert score.shape == (len(label), len(names))
    assert (score >= 0).all()
    assert (score.sum(1) <= 1 + 1e-5).all()
    assert float(area[seen].sum()) > 0.9


def test_labels_follow_the_points_of_a_cloud() -> None:
    points = some_points(400).double().numpy()
    label = torch.from_numpy((points[:, 1] > 0.4) + 0)
    teacher, order = ByPlace(points, label), np.random.default_rng(0).permutation(400)
    first = CLIP(ask(PointCloud(points), ("low", "high"), teacher))
    second = CLIP(ask(PointCloud(points[order]), ("low", "high"), teacher))
    assert (first.score.argmax(1) == label).float().mean() > 0.85
    assert torch.equal(second.label, first.label[order])
    torch.testing.assert_close(second.score, first.score[order])
    assert torch.equal(second.seen, first.seen[order])


def test_another_axis_may_be_up() -> None:
    points = some_points(100).double().numpy()
    answer = relevancy(torch.randn(10, 2, 14, 14, generator=torch.Generator().manual_seed(0)) * 4)
    upright = CLIP(ask(PointCloud(points), ("a", "b"), Saying(answer)))
    lying = CLIP(ask(PointCloud(points[:, [2, 0, 1]]), ("a", "b"), Saying(answer), up=Z))
    torch.testing.assert_close(lying.score, upright.score)
    assert 0 < int(upright.label.sum()) < 100


@pytest.mark.parametrize("count", [100, 30, 0])
def test_a_view_counts_only_for_the_points_that_it_shows(monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    logit, views = torch.zeros(10, 2, 14, 14), iter(range(10))
    logit[:, 1], logit[6, 0] = 1.0, 1000.0
    monkeypatch.setattr(pointclip, "visible", lambda grid, cell, layout: (torch.arange(100) < count) | (next(views) != 6))
    shape = PointCloud(some_points(100).double().numpy())
    monkeypatch.setattr(pointclip, "_sample", lambda shape, count: shape.points)
    label, _, seen, *_ = CLIP(ask(shape, ("a", "b"), Saying(relevancy(logit))))
    assert label.tolist() == [0] * count + [1] * (100 - count)
    assert seen.all()


def test_a_point_that_no_view_shows_takes_its_neighbours_labels(monkeypatch: pytest.MonkeyPatch) -> None:
    points = np.concatenate([some_points(50).double().numpy(), [[5.0, 0, 0]]])
    monkeypatch.setattr(pointclip, "_sample", lambda shape, count: points)
    monkeypatch.setattr(pointclip, "visible", lambda grid, cell, layout: torch.arange(len(cell)) < 50)
    _, score, seen, *_ = CLIP(ask(PointCloud(points), ("a",), Saying(relevancy(torch.zeros(10, 1, 4, 4), -2.0))))
    assert seen.tolist() == [True] * 50 + [False]
    torch.testing.assert_close(score, torch.full((51, 1), 1 / (1 + math.exp(-2))))


@pytest.mark.parametrize(
    "answer",
    [
        relevancy(torch.zeros(10, 2, 5, 3), none=1.0),
        Regions(torch.zeros(0).long(), torch.zeros(0).long(), torch.zeros(0), torch.zeros(0, 4)),
    ],
    ids=["dense", "regions"],
)
def test_none_of_these_may_win(answer: Relevancy | Regions) -> None:
    label, score, *_ = CLIP(ask(PointCloud(some_points(60).double().numpy()), ("a", "b"), Saying(answer)))
    assert (label == -1).all()
    assert (score.sum(1) < 0.5).all()


def test_large_clouds_are_thinned_out_and_small_ones_are_taken_whole() -> None:
    small, large = (PointCloud(some_points(count).double().numpy()) for count in (2, 5000))
    assert len(pointclip._sample(small, CLIP.points)) == 2
    chosen = pointclip._sample(large, CLIP.points)
    assert len(np.unique(chosen, axis=0)) == CLIP.points == 2048
    assert np.array_equal(chosen, pointclip._sample(large, CLIP.points))
    assert len(CLIP(ask(small, ("a",), Saying(relevancy(torch.zeros(10, 1, 4, 4))))).label) == 2


def test_points_in_one_place_are_refused() -> None:
    shape = PointCloud(np.full((3, 3), 2.5))
    with pytest.raises(InputError, match=r"all 3 points lie in one place, \[2.5 2.5 2.5\]; expected a shape with some extent"):
        CLIP(ask(shape, ("a",), Saying(relevancy(torch.zeros(10, 1, 4, 4)))))
