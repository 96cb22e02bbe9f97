"""SATR's weights and scores, held against a twin in plain Python and against shapes that can be worked out by hand."""

from __future__ import annotations

import heapq
from statistics import NormalDist, fmean, pstdev

import numpy as np
import pytest
import torch
import trimesh
from boxes import BALL_AND_BAR, CLOUD, ask, mesh_of, some_boxes, views_of

from meronym.core import geometry
from meronym.lifting import gather, graph
from meronym.methods import satr
from meronym.methods.satr import Satr, Surface
from meronym.types import Mesh, PointCloud, Regions, Shape, Views

SATR = Satr()
SHAPES = pytest.mark.parametrize("shape", [BALL_AND_BAR, CLOUD], ids=["mesh", "points"])


def surface_of(shape: Shape) -> Surface:
    return satr.surface_of(shape, SATR.rings)


def geodesic_weight(inside: np.ndarray, surface: Surface) -> np.ndarray:
    return satr.geodesic_weight(inside, surface, SATR)


# -------------------------------------------------------------------------------------------------------------- twin


def slow_neighbours(shape: Shape) -> tuple[list[set[int]], list[set[int]]]:
    """Of each element: where paths lead from it, and what is one ring away."""
    paths = [set(row.nonzero()[0].tolist()) for row in graph.surface_graph(shape).toarray()]
    if isinstance(shape, PointCloud):
        return paths, paths
    edges = [{frozenset(map(int, (f[k], f[(k + 1) % 3]))) for k in range(3)} for f in shape.faces]
    return paths, [{j for j, other in enumerate(edges) if j != i and mine & other} for i, mine in enumerate(edges)]


def slow_distances(start: int, paths: list[set[int]], place: np.ndarray) -> dict[int, float]:
    """Shortest paths, one element after the other."""
    found: dict[int, float] = {}
    heap = [(0.0, start)]
    while heap:
        distance, element = heapq.heappop(heap)
        if element not in found:
            found[element] = distance
            for other in paths[element]:
                heapq.heappush(heap, (distance + float(np.linalg.norm(place[element] - place[other])), other))
    return found


def slow_weights(pixels: dict[int, float], shape: Shape) -> dict[int, float]:
    """Of each element in a box: its Gaussian geodesic weight times the share of its five rings that are in the box."""
    paths, rings = slow_neighbours(shape)
    place = geometry.element_positions(shape) / geometry.bounding_sphere(shape)[1]
    area = geometry.element_areas(shape)
    centroid = sum(area[e] * place[e] for e in pixels) / sum(area[e] for e in pixels)
    capital = min(pixels, key=lambda e: float(np.linalg.norm(place[e] - centroid)))
    reach = SATR.reach * max(float(np.linalg.norm(place[e] - place[capital])) for e in pixels)
    found = slow_distances(capital, paths, place)
    distance = {e: found[e] for e in pixels if e in found and found[e] <= reach}
    normal = NormalDist(fmean(distance.values()), max(pstdev(distance.values()), SATR.min_deviation))
    weights = {}
    for element in pixels:
        near = {element}
        for _ in range(SATR.rings):
            near |= {other for one in near for other in rings[one]}
        share = sum(e in pixels for e in near) / len(near)
        weights[element] = (normal.pdf(distance[element]) if element in distance else 0.0) * share
    return weights


def slow_scores(boxes: Regions, views: Views, shape: Shape, prompts: int) -> np.ndarray:
    total = np.zeros((shape.element_count, prompts))
    for view, sighting in enumerate(gather.visible_elements(views, shape)):
        for box in range(len(boxes.view)):
            if boxes.view[box] != view:
                continue
            x0, y0, x1, y1 = boxes.box[box].tolist()
            pixels: dict[int, float] = {}
            for element, (x, y), weight in zip(
                *(a.tolist() for a in (sighting.element, sighting.xy, sighting.weight)), strict=True
            ):
                if x0 <= x < x1 and y0 <= y < y1:
                    pixels[element] = pixels.get(element, 0.0) + weight
            for element, weight in slow_weights(pixels, shape).items() if pixels else ():
                total[element, boxes.prompt[box]] += pixels[element] * float(boxes.score[box]) * weight
    return total


@SHAPES
def test_scores_are_those_of_the_twin(shape: Shape) -> None:
    views = views_of(shape, 2, 32)
    boxes = some_boxes(views, 10)
    total = slow_scores(boxes, views, shape, 3)
    named = total.sum(1) >= SATR.min_score
    assert 0.2 < named.mean() < 1, "both cases are there"
    label, score, *_ = SATR(ask(shape, views, boxes))
    np.testing.assert_allclose(score.numpy()[named], (total / np.maximum(total.sum(1, keepdims=True), 1e-9))[named], atol=1e-4)
    np.testing.assert_array_equal(label.numpy() >= 0, named)
    place = geometry.element_positions(shape)
    for element in (~named).nonzero()[0][:20]:
        nearest = named.nonzero()[0][np.linalg.norm(place[named] - place[element], axis=1).argmin()]
        torch.testing.assert_close(score[element], SATR.min_score * score[nearest])


# ----------------------------------------------------------------------------------------------------------- by hand


def strip(turns_back: bool = False) -> Mesh:
    """A band of 40 x 2 triangles, straight or folded into a U whose arms are far apart."""
    along = np.arange(41) * 0.1
    x = np.where(along <= 2, along, 4 - along) if turns_back else along
    z = np.where(along <= 2, 0.0, 1.0) if turns_back else np.zeros(41)
    low = np.stack([x, np.zeros(41), z], 1)
    faces = np.concatenate([np.arange(40)[:, None] + corners for corners in ([0, 1, 41], [1, 42, 41])])
    return Mesh(np.concatenate([low, low + np.array([0, 0.1, 0])]), faces)


def test_distances_go_along_the_surface() -> None:
    """Across the fold the way is long, although the other arm is near."""
    mesh = strip(turns_back=True)
    surface = surface_of(mesh)
    quad = np.arange(80) % 40
    inside = np.nonzero((quad < 20) | (quad >= 35))[0]  # one arm, and the end of the other
    weight = geodesic_weight(inside, surface)
    near, far = weight[quad[inside] < 20], weight[quad[inside] >= 35]
    assert far.max() < 0.5 * near.min()
    alone = geodesic_weight(np.nonzero(quad < 20)[0], surface)
    assert alone.min() > 0.1 * alone.max(), "an arm by itself is all of one part"


def test_paths_end_where_the_box_is_far_behind() -> None:
    """The tips of the two arms: 1 apart, and 5 along the surface, which is more than `reach` times as much."""
    surface = surface_of(strip(turns_back=True))
    quad = np.arange(80) % 40
    inside = np.nonzero((quad < 5) | (quad >= 37))[0]
    weight = geodesic_weight(inside, surface)
    assert (weight[quad[inside] < 5] > 0).all()
    assert (weight[quad[inside] >= 37] == 0).all()


def test_points_in_one_place_reach_each_other() -> None:
    cloud = PointCloud(np.repeat(CLOUD.points[:40], 2, axis=0))
    surface = surface_of(cloud)
    pair = np.array([10, 11])
    np.testing.assert_allclose(geodesic_weight(pair, surface), NormalDist(0, SATR.min_deviation).pdf(0))
    assert surface.ring[10, 11]


def test_the_weight_is_the_density_of_the_distance() -> None:
    mesh = strip()
    surface = surface_of(mesh)
    radius = geometry.bounding_sphere(mesh)[1]
    inside = np.arange(10, 31)  # lower triangles of 21 quads; the middle one, 20, is the capital
    distance = [abs(k - 20) * 0.1 / radius for k in range(10, 31)]
    normal = NormalDist(fmean(distance), pstdev(distance))
    expected = [normal.pdf(d) for d in distance]
    np.testing.assert_allclose(geodesic_weight(inside, surface), expected, rtol=0.05)


def test_one_element_has_a_finite_weight() -> None:
    surface = surface_of(strip())
    expected = NormalDist(0, SATR.min_deviation).pdf(0)
    np.testing.assert_allclose(geodesic_weight(np.array([7]), surface), expected)


def test_what_no_path_reaches_weighs_nothing() -> None:
    balls = [trimesh.creation.icosphere(2), trimesh.creation.icosphere(1).apply_translation((6, 0, 0))]
    mesh = mesh_of(*balls)
    weight = geodesic_weight(np.arange(mesh.element_count), surface_of(mesh))
    assert (weight[:320] > 0).all()
    assert (weight[320:] == 0).all()


def test_paths_cross_where_pieces_touch_but_neighbourhoods_do_not() -> None:
    cubes = [trimesh.creation.box().subdivide().subdivide().apply_translation((x, 0.1 * x, 0.1 * x)) for x in (0.0, 1.0)]
    mesh = mesh_of(*cubes)
    half, surface = mesh.element_count // 2, surface_of(mesh)
    assert (geodesic_weight(np.arange(mesh.element_count), surface) > 0).all()
    np.testing.assert_array_equal(satr.visible_share(np.arange(half), surface), 1)


def test_the_visible_share_of_a_strip() -> None:
    """Triangles of a strip lie in a row: lower 0, upper 0, lower 1 …; five rings are five before and five after."""
    surface = surface_of(strip())
    row = np.stack([np.arange(40), np.arange(40) + 40], 1).ravel()
    inside = row[20:40]
    share = satr.visible_share(inside, surface)
    expected = [(min(k, 5) + 1 + min(19 - k, 5)) / 11 for k in range(20)]
    np.testing.assert_allclose(share, expected)
    end = satr.visible_share(row[:3], surface)
    np.testing.assert_allclose(end, [3 / 6, 3 / 7, 3 / 8])


def test_memory_is_linear_in_elements() -> None:
    """Never all pairs: a neighbourhood of five rings holds at most 46 triangles of a closed surface."""
    ball = mesh_of(trimesh.creation.icosphere(4))
    surface = surface_of(ball)
    assert surface.ring.nnz <= 46 * ball.element_count
    assert surface.path.nnz <= 20 * ball.element_count
