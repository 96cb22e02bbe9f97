"""Lifting: slow twins in plain Python for gathering and voting."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

import numpy as np
import pytest
import torch
import trimesh
from torch import Tensor

from meronym.core import cameras, geometry
from meronym.lifting import gather, voting
from meronym.protocols import Renderer
from meronym.render import TorchRenderer
from meronym.types import FeatureMaps, Mesh, PointCloud, Regions, Relevancy, Shape, Views

Y = torch.tensor([0.0, 1.0, 0.0])
Seen = list[tuple[int, float, float, float]]
"""Element, x, y, weight."""


def mesh_of(solid: trimesh.Trimesh) -> Mesh:
    return Mesh(np.array(solid.vertices), np.array(solid.faces))


def ball_and_box() -> Mesh:
    """Many faces without a pixel of their own, a few large ones, some hidden, no two distances alike."""
    box = trimesh.creation.box((3, 0.4, 0.7)).apply_translation((0.3, -1.1, 0))
    mesh = mesh_of(trimesh.util.concatenate([trimesh.creation.icosphere(3), box]))
    return replace(mesh, vertices=mesh.vertices + np.random.default_rng(0).normal(0, 0.005, mesh.vertices.shape))


BALL_AND_BOX = ball_and_box()
CLOUD = PointCloud(np.random.default_rng(0).normal(size=(150, 3)) * [1, 0.5, 0.2])
SHAPES = pytest.mark.parametrize("shape", [BALL_AND_BOX, CLOUD], ids=["mesh", "points"])


def look_at(shape: Shape, count: int = 3, size: int = 24, renderer: Renderer | None = None) -> Views:
    points = shape.vertices if isinstance(shape, Mesh) else shape.points
    return (renderer or TorchRenderer())(shape, cameras.frame(points, cameras.spread(count, Y), Y, size))


# ----------------------------------------------------------------------------------------------------- from 2D to 3D


def slow_sightings(views: Views, shape: Shape) -> list[Seen]:
    """The twin of `visible_elements`: one pixel and one element at a time."""
    centre, normal, share = geometry.element_positions(shape), geometry.element_normals(shape), geometry.element_areas(shape)
    tolerance = gather.DEFAULT.depth_tolerance * geometry.bounding_sphere(shape)[1]
    height, width = views.element.shape[1:]
    result = []
    for view in range(len(views)):
        shown: Seen = []
        for row in range(height):
            for column in range(width):
                if views.element[view, row, column] >= 0:
                    shown.append((int(views.element[view, row, column]), column + 0.5, row + 0.5, 1.0))
        with_pixels = {element for element, *_ in shown}
        pixels_per_area = len(shown) / sum(share[element] for element in with_pixels)
        pose, intrinsics = views.cameras.world_from_camera[view].numpy(), views.cameras.intrinsics[view].numpy()
        for element in set(range(len(centre))) - with_pixels:
            inside = pose[:3, :3].T @ (centre[element] - pose[:3, 3])
            x, y, _ = intrinsics @ inside / inside[2]
            if not (0 <= x < width and 0 <= y < height):
                continue
            if abs(inside[2] - float(views.depth[view, int(y), int(x)])) >= tolerance:
                continue
            ray = pose[:3, 3] - centre[element]
            cosine = abs(ray @ normal[element]) / np.linalg.norm(ray)
            shown.append((element, x, y, float(np.clip(share[element] * cosine * pixels_per_area, 1e-3, 1))))
        result.append(shown)
    return result


@SHAPES
def test_sightings_are_those_of_the_twin(shape: Shape) -> None:
    views = look_at(shape)
    found = [
        sorted(zip(s.element.tolist(), *s.xy.T.tolist(), s.weight.tolist(), strict=True))
        for s in gather.visible_elements(views, shape)
    ]
    expected = [sorted(seen) for seen in slow_sightings(views, shape)]
    tiny = any(weight < 1 for *_, weight in expected[0])
    assert tiny or shape is CLOUD, "the case with elements too small for a pixel is covered"
    for mine, twin in zip(found, expected, strict=True):
        assert [entry[0] for entry in mine] == [entry[0] for entry in twin]
        np.testing.assert_allclose(mine, twin, atol=1e-3)


def slow_sample(grid: Tensor, u: float, v: float) -> list[float]:
    """Bilinear, cell centres at +0.5, the border goes on outside; u, v in cells."""
    height, width = grid.shape[1:]
    x, y = min(max(u - 0.5, 0), width - 1), min(max(v - 0.5, 0), height - 1)
    left, top = min(int(x), max(width - 2, 0)), min(int(y), max(height - 2, 0))
    right, below = min(left + 1, width - 1), min(top + 1, height - 1)
    a, b = x - left, y - top
    upper = (1 - a) * grid[:, top, left] + a * grid[:, top, right]
    lower = (1 - a) * grid[:, below, left] + a * grid[:, below, right]
    values: list[float] = ((1 - b) * upper + b * lower).tolist()
    return values


def relevancy_of(views: Views, prompts: int = 3) -> Relevancy:
    """Random grids of another size in each view, over part of the picture."""
    generator = torch.Generator().manual_seed(0)
    sizes = [(4 + i, 7 - i) for i in range(len(views))]
    logit = tuple(torch.randn(prompts, *size, generator=generator) for size in sizes)
    none = tuple(torch.randn(*size, generator=generator) for size in sizes)
    return Relevancy(logit, none, torch.tensor([[2.0, 3.0, 20.0, 22.0]]).repeat(len(views), 1))


@SHAPES
@pytest.mark.parametrize("average", ["logits", "probabilities"])
def test_gathering_is_the_mean_over_what_shows_the_element(shape: Shape, average: str) -> None:
    views = look_at(shape)
    relevancy = relevancy_of(views)
    total, weight = np.zeros((shape.element_count, 4)), np.zeros(shape.element_count)
    for view, seen in enumerate(slow_sightings(views, shape)):
        grid = torch.cat([relevancy.logit[view], relevancy.none[view][None]])
        if average == "probabilities":
            grid = grid.exp() / grid.exp().sum(0)
        x0, y0, x1, y1 = relevancy.box[view].tolist()
        for element, x, y, share in seen:
            u, v = (x - x0) / (x1 - x0) * grid.shape[2], (y - y0) / (y1 - y0) * grid.shape[1]
            total[element] += share * np.array(slow_sample(grid, u, v))
            weight[element] += share
    expected = total / np.maximum(weight, 1e-12)[:, None]
    if average == "probabilities":
        evidence = gather.gather_probability(relevancy, views, shape)
        expected[weight > 0] = np.log(expected[weight > 0])
    else:
        evidence = gather.gather_relevancy(relevancy, views, shape)
    np.testing.assert_allclose(evidence.logit, expected[:, :3], atol=2e-3)
    np.testing.assert_allclose(evidence.none, expected[:, 3], atol=2e-3)
    np.testing.assert_allclose(evidence.weight, weight, rtol=1e-3)
    assert evidence.seen.tolist() == (weight > 0).tolist()


def test_gathering_takes_half_precision() -> None:
    views = look_at(CLOUD, 1)
    whole = relevancy_of(views)
    half = Relevancy((whole.logit[0].bfloat16(),), (whole.none[0].bfloat16(),), whole.box)
    torch.testing.assert_close(
        gather.gather_relevancy(half, views, CLOUD).logit, gather.gather_relevancy(whole, views, CLOUD).logit, atol=0.03, rtol=0
    )


def regions_of(views: Views, masks: bool) -> Regions:
    generator = torch.Generator().manual_seed(1)
    corner = torch.rand(7, 2, generator=generator) * 12
    box = torch.cat([corner, corner + 2 + torch.rand(7, 2, generator=generator) * 10], 1)
    box[6] = torch.tensor([0.0, 0.0, 0.4, 0.4])  # holds nothing
    mask = torch.rand(7, *views.element.shape[1:], generator=generator) < 0.5 if masks else None
    view, prompt = torch.tensor([0, 0, 1, 1, 2, 2, 0]), torch.tensor([0, 1, 0, 2, 1, 0, 2])
    return Regions(view, prompt, torch.rand(7, generator=generator), box, mask)


@SHAPES
@pytest.mark.parametrize("masks", [False, True], ids=["boxes", "masks"])
def test_votes_are_the_covered_share_of_each_element(shape: Shape, masks: bool) -> None:
    views = look_at(shape)
    regions = regions_of(views, masks)
    expected: dict[tuple[int, int], float] = {}
    everything = slow_sightings(views, shape)
    for region in range(7):
        covered: dict[int, float] = defaultdict(float)
        visible: dict[int, float] = defaultdict(float)
        for element, x, y, weight in everything[int(regions.view[region])]:
            visible[element] += weight
            x0, y0, x1, y1 = regions.box[region].tolist()
            inside = bool(regions.mask[region, int(y), int(x)]) if regions.mask is not None else x0 <= x < x1 and y0 <= y < y1
            covered[element] += weight * inside
        expected |= {(region, element): part / visible[element] for element, part in covered.items() if part}
    votes = voting.cast_votes(regions, views, shape)
    found = dict(zip(zip(votes.region.tolist(), votes.element.tolist(), strict=True), votes.weight.tolist(), strict=True))
    assert found.keys() == expected.keys()
    assert [found[pair] for pair in expected] == pytest.approx(list(expected.values()), rel=1e-3)
    assert votes.seen.nonzero()[:, 0].tolist() == sorted({element for seen in everything for element, *_ in seen})
    torch.testing.assert_close((votes.prompt, votes.view, votes.score), (regions.prompt, regions.view, regions.score))


def test_votes_of_no_regions_are_empty() -> None:
    views, none = look_at(CLOUD), torch.empty(0, dtype=torch.long)
    votes = voting.cast_votes(Regions(none, none, torch.empty(0), torch.empty(0, 4)), views, CLOUD)
    assert len(votes.region) == len(votes.element) == len(votes.weight) == 0
    evidence = voting.count_votes(votes, 2)
    assert (evidence.none > evidence.logit.amax(1)).all(), "without support, none of these"


def test_counted_votes_are_the_log_of_the_support() -> None:
    views = look_at(BALL_AND_BOX)
    votes = voting.cast_votes(regions_of(views, masks=True), views, BALL_AND_BOX)
    support = np.zeros((BALL_AND_BOX.element_count, 3))
    for region, element, weight in zip(votes.region.tolist(), votes.element.tolist(), votes.weight.tolist(), strict=True):
        support[element, int(votes.prompt[region])] += weight * float(votes.score[region])
    evidence = voting.count_votes(votes, 3)
    np.testing.assert_allclose(evidence.logit, np.log(support + 1e-3), rtol=1e-4, atol=1e-4)
    assert torch.equal(evidence.seen, votes.seen)


def test_far_from_the_origin_the_same_is_seen() -> None:
    """Single precision would lose a tenth of the radius here."""
    views = look_at(BALL_AND_BOX)
    away = replace(BALL_AND_BOX, vertices=BALL_AND_BOX.vertices + 1e6)
    near, far = (
        gather.gather_relevancy(relevancy_of(views), views, BALL_AND_BOX),
        gather.gather_relevancy(relevancy_of(views), look_at(away), away),
    )
    torch.testing.assert_close(far.weight, near.weight, atol=0.02, rtol=0.02)
    assert (far.logit - near.logit).abs().median() < 1e-3


# ------------------------------------------------------------------------------------------- recognition and balance


def test_recognition_is_the_best_logit_where_something_is_shown() -> None:
    views = look_at(BALL_AND_BOX, 2, size=32)
    logit = torch.zeros(2, 2, 32, 32)  # views, prompts: 3 and 5 where something is shown, 100 where nothing is
    logit[:, 0] = torch.where(views.element >= 0, torch.tensor([3.0, 5.0])[:, None, None], 100.0)
    box = torch.tensor([[0.0, 0.0, 32.0, 32.0]]).repeat(2, 1)
    found = gather.recognition(Relevancy(tuple(logit), tuple(logit[:, 0]), box), views)
    torch.testing.assert_close(found, torch.tensor([3.0, 5.0]))


def test_recognition_heeds_where_the_grid_lies() -> None:
    """A grid over more than the picture, as letterboxing gives, and one over less than a pixel."""
    views = look_at(BALL_AND_BOX, 1, size=32)
    shown = (views.element[0] >= 0).float()
    logit = torch.nn.functional.pad(shown * 7, (16, 16, 16, 16), value=100.0)[None]
    wide = Relevancy((logit,), (logit[0],), torch.tensor([[-16.0, -16.0, 48.0, 48.0]]))
    torch.testing.assert_close(gather.recognition(wide, views), torch.tensor([7.0]))
    row, column = shown.nonzero()[len(shown.nonzero()) // 2].tolist()
    spot = Relevancy(
        (torch.full((1, 1, 1), 3.0),), (torch.zeros(1, 1),), torch.tensor([[column + 0.2, row + 0.2, column + 0.7, row + 0.7]])
    )
    assert gather.recognition(spot, views).tolist() == [3.0]


def test_recognition_of_nothing_is_zero() -> None:
    views = look_at(BALL_AND_BOX, 1, size=8)
    blank = replace(views, element=torch.full_like(views.element, -1))
    assert gather.recognition(relevancy_of(blank), blank).tolist() == [0.0]


def test_balance_takes_back_what_a_prompt_gets_everywhere() -> None:
    logits = torch.tensor([[4.0, 1.0], [4.0, 3.0], [4.0, 2.0]])
    share = torch.tensor([0.5, 0.25, 0.25])  # means 4 and 1.75
    assert torch.equal(gather.balance(logits, share, 0.0), logits)
    full = gather.balance(logits, share, 1.0)
    torch.testing.assert_close((full * share[:, None]).sum(0), torch.full((2,), 2.875), msg="all prompts have the same mean")
    torch.testing.assert_close(full - full[:1], logits - logits[:1], msg="differences between elements stay")
    half = gather.balance(logits, share, 0.5)
    torch.testing.assert_close(half, (full + logits) / 2)


# ------------------------------------------------------------------------------------------------ features and regions


@SHAPES
def test_features_of_an_element_are_the_mean_over_what_shows_it(shape: Shape) -> None:
    views = look_at(shape)
    box = torch.tensor([[2.0, 3.0, 20.0, 22.0], [-4.0, -4.0, 28.0, 28.0], [0.0, 0.0, 24.0, 24.0]])
    grids = tuple(torch.randn(4 + i, 7 - i, 5, generator=torch.Generator().manual_seed(i)) for i in range(3))
    total, weight = np.zeros((shape.element_count, 5)), np.zeros(shape.element_count)
    for grid, (x0, y0, x1, y1), seen in zip(grids, box.tolist(), slow_sightings(views, shape), strict=True):
        for element, x, y, share in seen:
            u, v = (x - x0) / (x1 - x0) * grid.shape[1], (y - y0) / (y1 - y0) * grid.shape[0]
            total[element] += share * np.array(slow_sample(grid.movedim(-1, 0), u, v))
            weight[element] += share
    features, count = gather.gather_features(FeatureMaps(grids, box), views, shape)
    np.testing.assert_allclose(features, total / np.maximum(weight, 1e-12)[:, None], atol=2e-3)
    np.testing.assert_allclose(count, weight, rtol=1e-3)


def slow_regions(
    relevancy: Relevancy, views: Views, speck: float
) -> list[tuple[int, int, float, list[int], set[tuple[int, int]]]]:
    """The twin of `regions_from_relevancy`, wherever the grid lies, pixel by pixel: view, prompt, score, box and pixels."""
    result = []
    for view in range(len(views)):
        grid = torch.cat([relevancy.logit[view], relevancy.none[view][None]])
        x0, y0, x1, y1 = relevancy.box[view].tolist()
        shown = [tuple(pixel) for pixel in (views.element[view] >= 0).nonzero().tolist()]
        probability, left = {}, {}
        for row, column in shown:
            u, v = (column + 0.5 - x0) / (x1 - x0) * grid.shape[2], (row + 0.5 - y0) / (y1 - y0) * grid.shape[1]
            share = np.exp(slow_sample(grid, u, v))
            probability[row, column] = share / share.sum()
            left[row, column] = int(share.argmax())
        while left:
            pixel, prompt = left.popitem()
            piece, border = {pixel}, [pixel]
            while border:
                row, column = border.pop()
                for near in ((row - 1, column), (row + 1, column), (row, column - 1), (row, column + 1)):
                    if left.get(near) == prompt:
                        del left[near]
                        piece.add(near)
                        border.append(near)
            if prompt < len(relevancy.logit[view]) and len(piece) >= speck * len(shown):
                rows, columns = zip(*piece, strict=True)
                score = float(np.mean([probability[pixel][prompt] for pixel in piece]))
                result.append((view, prompt, score, [min(columns), min(rows), max(columns) + 1, max(rows) + 1], piece))
    return result


@pytest.mark.parametrize("boxes", [False, True], ids=["masks", "boxes"])
@pytest.mark.parametrize("speck", [0.0, 0.02])
@pytest.mark.parametrize("box", [(0.0, 0.0, 32.0, 32.0), (-7.5, -3.0, 40.0, 35.2), (9.3, 4.0, 25.0, 27.0)], ids=str)
def test_regions_are_the_connected_pixels_that_a_prompt_wins(box: tuple[float, ...], boxes: bool, speck: float) -> None:
    views = look_at(BALL_AND_BOX, size=32)
    relevancy = replace(relevancy_of(views), box=torch.tensor([box]).repeat(3, 1))
    regions = voting.regions_from_relevancy(relevancy, views, boxes=boxes, settings=replace(voting.DEFAULT, speck=speck))
    expected = slow_regions(relevancy, views, speck)
    assert len(expected) > 6
    assert len({prompt for _, prompt, *_ in expected}) == 3
    assert (regions.mask is None) == boxes
    order = sorted(range(len(expected)), key=lambda i: (*expected[i][:2], min(expected[i][4])))
    if regions.mask is not None:
        found = [{tuple(pixel) for pixel in mask.nonzero().tolist()} for mask in regions.mask]
        assert found == [expected[i][4] for i in order]
    assert regions.view.tolist() == [expected[i][0] for i in order]
    assert regions.prompt.tolist() == [expected[i][1] for i in order]
    assert regions.box.tolist() == [expected[i][3] for i in order]
    np.testing.assert_allclose(regions.score, [expected[i][2] for i in order], atol=1e-4)


def test_regions_lie_where_something_is_shown_even_if_the_teacher_sees_it_everywhere() -> None:
    views = look_at(BALL_AND_BOX, 2)
    sure = torch.full((1, 3, 3), 5.0)
    whole = Relevancy((sure, sure), (sure[0] - 5, sure[0] - 5), torch.tensor([[0.0, 0.0, 24.0, 24.0]]).repeat(2, 1))
    regions = voting.regions_from_relevancy(whole, views)
    assert regions.mask is not None
    for view in range(2):
        assert torch.equal(regions.mask[regions.view == view].any(0), views.element[view] >= 0)
    torch.testing.assert_close(regions.score, torch.full_like(regions.score, float(torch.tensor(5.0).sigmoid())))


def test_nothing_recognised_gives_no_regions() -> None:
    views = look_at(CLOUD)
    sure = torch.zeros(2, 3, 3)
    none = Relevancy((sure,) * 3, (sure[0] + 1,) * 3, torch.tensor([[0.0, 0.0, 24.0, 24.0]]).repeat(3, 1))
    for regions in (voting.regions_from_relevancy(none, views), voting.regions_from_relevancy(none, views, boxes=True)):
        assert len(regions.view) == len(regions.prompt) == len(regions.score) == 0
        assert regions.box.shape == (0, 4)
        assert len(voting.cast_votes(regions, views, CLOUD).element) == 0


def test_the_votes_of_masks_lose_only_specks() -> None:
    """What a teacher sees of each pixel arrives by way of regions as well: each seen element has the votes of its winners."""
    views = look_at(BALL_AND_BOX, size=48)
    relevancy = replace(relevancy_of(views), none=tuple(grid - 50 for grid in relevancy_of(views).none))
    relevancy = replace(relevancy, box=torch.tensor([[0.0, 0.0, 48.0, 48.0]]).repeat(3, 1))
    votes = voting.cast_votes(voting.regions_from_relevancy(relevancy, views), views, BALL_AND_BOX)
    covered = torch.zeros(BALL_AND_BOX.element_count).index_add_(0, votes.element, votes.weight)
    shown = torch.zeros_like(covered)
    for sighting in gather.visible_elements(views, BALL_AND_BOX):
        shown[sighting.element.unique()] += 1
    assert ((covered - shown).abs() < 1e-3).float().mean() > 0.95
