"""The graph and its creases beside a slow twin, and what smoothing must and must not do."""

from __future__ import annotations

from dataclasses import replace
from math import acos, dist

import numpy as np
import pytest
import torch
import trimesh
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from scipy.spatial.transform import Rotation

from meronym.core import geometry
from meronym.lifting import diffusion, graph
from meronym.lifting.diffusion import DiffusionSettings
from meronym.lifting.graph import GraphSettings
from meronym.types import Mesh, PointCloud, Shape


def mesh_of(*solids: trimesh.Trimesh) -> Mesh:
    solid = trimesh.util.concatenate(list(solids))
    return Mesh(np.array(solid.vertices), np.array(solid.faces))


def ball_and_box() -> Mesh:
    """Two pieces that touch, creased and dented everywhere, with small faces and large ones, no two distances alike."""
    mesh = mesh_of(trimesh.creation.icosphere(3), trimesh.creation.box((3, 0.4, 0.7)).apply_translation((0.3, -1.1, 0)))
    return replace(mesh, vertices=mesh.vertices + np.random.default_rng(0).normal(0, 0.005, mesh.vertices.shape))


def blocks(filled: np.ndarray) -> Mesh:
    """The closed surface of a solid of unit cubes, two triangles a square."""
    padded = np.pad(filled, 1)
    corners = []
    for axis in range(3):
        for side in (-1, 1):
            cube = np.argwhere(padded & ~np.roll(padded, -side, axis)) - 1
            u, v = np.eye(3)[(axis + 1) % 3], np.eye(3)[(axis + 2) % 3]
            start = cube + np.eye(3)[axis] * (side > 0)
            square = np.stack([start, start + u, start + u + v, start + v], 1)
            corners.append(square[:, ::side][:, [[0, 1, 2], [0, 2, 3]]].reshape(-1, 3))
    vertices, faces = np.unique(np.concatenate(corners), axis=0, return_inverse=True)
    return Mesh(vertices, faces.reshape(-1, 3))


def angle_iron() -> Mesh:
    """Two bars joined in an L: arms along x and y, the inner crease at x = y = 4."""
    filled = np.zeros((12, 12, 4), dtype=bool)
    filled[:, :4] = filled[:4] = True
    return blocks(filled)


BALL_AND_BOX = ball_and_box()
CLOUD = PointCloud(np.random.default_rng(0).normal(size=(150, 3)) * [1, 0.5, 0.2])
NO_CREASES = GraphSettings(crease=0)
SHAPES = pytest.mark.parametrize("shape", [BALL_AND_BOX, CLOUD], ids=["mesh", "points"])


def spread(
    shape: Shape,
    values: np.ndarray,
    confidence: np.ndarray | None = None,
    radius: float = 0.2,
    crease: float = graph.DEFAULT.crease,
    direct: int = diffusion.DEFAULT.direct,
) -> np.ndarray:
    sure = torch.ones(shape.element_count) if confidence is None else torch.from_numpy(confidence)
    links = graph.surface_graph(shape, GraphSettings(crease=crease))
    return diffusion.diffuse(torch.from_numpy(values), sure, shape, links, radius, DiffusionSettings(direct=direct)).numpy()


def noise(shape: Shape, columns: int = 2) -> np.ndarray:
    return np.random.default_rng(5).normal(size=(shape.element_count, columns))


# ------------------------------------------------------------------------------------------------- graph and creases


def slow_concavity(mesh: Mesh, first: int, second: int) -> float:
    """The twin of `surface.concavity`, one pair of faces: inwards, the tips of the normals are closer than their feet."""
    solid = trimesh.Trimesh(mesh.vertices, mesh.faces, process=False)
    side = 1 if np.linalg.det(solid.triangles - solid.triangles_center.mean(0)).sum() >= 0 else -1
    (p, q), (m, n) = solid.triangles_center[[first, second]], solid.face_normals[[first, second]] * side
    if dist(p + 1e-6 * m, q + 1e-6 * n) >= dist(p, q):
        return 0.0
    corners = solid.triangles.reshape(-1, 3)
    radius = np.linalg.norm(corners - (corners.min(0) + corners.max(0)) / 2, axis=1).max()
    return acos(np.clip(m @ n, -1, 1)) / dist(p, q) * radius


def test_concavity_is_that_of_the_twin() -> None:
    for shape in (BALL_AND_BOX, replace(BALL_AND_BOX, faces=BALL_AND_BOX.faces[:, ::-1])):
        pair = geometry.shared_edges(shape)[0][::17]
        expected = [slow_concavity(shape, int(i), int(j)) for i, j in pair]
        assert 0.05 < np.mean(np.array(expected) > 0) < 0.95, "some edges are concave, some are not"
        np.testing.assert_allclose(graph.concavity(shape, *pair.T), expected, rtol=1e-6)
        np.testing.assert_array_equal(graph.concavity(shape, *pair.T[::-1]), graph.concavity(shape, *pair.T))


def slow_graph(shape: Shape) -> np.ndarray:
    """The twin of `surface.graph`, in world units: a pair of elements at a time."""
    positions, n, radius = geometry.element_positions(shape), shape.element_count, geometry.bounding_sphere(shape)[1]
    area = np.full(n, 2 * np.pi * radius**2 / n)
    if isinstance(shape, Mesh):
        area = trimesh.Trimesh(shape.vertices, shape.faces, process=False).area_faces
    gap = [[dist(p, q) for q in positions] for p in positions]
    nearest = [sorted(set(range(n)) - {i}, key=gap[i].__getitem__)[:8] for i in range(n)]
    result = np.zeros((n, n))
    for i in range(n):
        for j in set(range(n)) - {i}:
            if j in nearest[i] or i in nearest[j]:
                result[i, j] = np.exp(-((gap[i][j] / 1.5) ** 2) / min(area[i], area[j])) / 2
            if isinstance(shape, Mesh):
                common = [shape.vertices[v] for v in shape.faces[i] if v in shape.faces[j]]
                conduct = min(dist(*common) / gap[i][j], 20) if len(common) == 2 else 0
                result[i, j] = max(result[i, j], conduct)
                if result[i, j]:
                    result[i, j] /= 1 + (graph.DEFAULT.crease * slow_concavity(shape, i, j)) ** 2
    return result


def test_the_graph_is_that_of_the_twin() -> None:
    touching = geometry.element_positions(BALL_AND_BOX)[:, 1] < -0.93
    part = replace(BALL_AND_BOX, faces=BALL_AND_BOX.faces[touching])
    needles = Mesh(np.array([[0, 0, 0], [1, 0, 0], [0.5, 0.01, 0], [0.5, -0.01, 0.001]]), np.array([[0, 1, 2], [1, 0, 3]]))
    for shape in (part, needles, PointCloud(CLOUD.points[:50])):
        np.testing.assert_allclose(graph.surface_graph(shape).toarray(), slow_graph(shape), rtol=1e-6, atol=1e-12)


@SHAPES
def test_the_graph_is_symmetric_and_joins_neighbours(shape: Shape) -> None:
    links = graph.surface_graph(shape)
    assert abs(links - links.T).max() == 0
    assert links.data.min() > 0
    assert links.diagonal().max() == 0
    if isinstance(shape, Mesh):
        assert np.asarray(links[tuple(geometry.shared_edges(shape)[0].T)]).min() > 0


def test_only_inward_creases_hold_heat_back() -> None:
    angle = angle_iron()
    creased, plain = graph.surface_graph(angle), graph.surface_graph(angle, NO_CREASES)
    row, column = plain.nonzero()
    share = np.asarray(creased[row, column] / plain[row, column]).ravel()
    normal = geometry.element_normals(angle)
    middle = (geometry.element_positions(angle)[row] + geometry.element_positions(angle)[column]) / 2
    bent = (np.abs(normal[row] + normal[column]) == [1, 1, 0]).all(1)  # one face looks along x, the other along y
    inner = bent & (np.abs(middle[:, :2] - 4) < 1).all(1)
    assert inner.sum() > 10
    assert (share[inner] < 0.1).all()
    np.testing.assert_allclose(share[~inner], 1, rtol=1e-9, err_msg="flat or convex")
    bar = blocks(np.ones((12, 4, 4), dtype=bool))
    assert abs(graph.surface_graph(bar) - graph.surface_graph(bar, NO_CREASES)).max() < 1e-9


def test_a_step_stays_steeper_at_an_inward_crease_than_at_an_outward_one() -> None:
    angle = angle_iron()
    x, y, z = geometry.element_positions(angle).T
    arm = np.sign(x - y)[:, None]
    inside = {name: sheet & (z > 1) & (z < 3) for name, sheet in (("x", (y == 4) & (x < 6)), ("y", (x == 4) & (y < 6)))}
    outside = {name: sheet & (z > 1) & (z < 3) for name, sheet in (("x", (y == 0) & (x < 2)), ("y", (x == 0) & (y < 2)))}

    def step(crease: float, sheets: dict[str, np.ndarray]) -> float:
        smooth = spread(angle, arm, crease=crease)[:, 0]
        return float(smooth[sheets["x"]].mean() - smooth[sheets["y"]].mean())

    assert step(graph.DEFAULT.crease, inside) > 1.3 * step(0, inside)
    assert step(graph.DEFAULT.crease, outside) == pytest.approx(step(0, outside), rel=0.1)


def test_a_groove_holds_heat_back() -> None:
    """A bar with a groove around its middle, and the same where the surface dents inwards no more than it must."""
    filled = np.ones((12, 5, 5), dtype=bool)
    filled[5:7, [0, -1]] = filled[5:7, :, [0, -1]] = False
    bar = blocks(filled)
    x = geometry.element_positions(bar)[:, 0]
    source = np.where(x < 5, 1.0, -1.0)[:, None]
    creased, plain = (spread(bar, source, crease=crease)[:, 0] for crease in (graph.DEFAULT.crease, 0.0))
    ends = x < 4
    assert creased[ends].mean() > plain[ends].mean() + 0.02
    assert (creased[ends] <= 1 + 1e-9).all()


def test_a_mesh_inside_out_has_the_same_graph() -> None:
    flipped = replace(BALL_AND_BOX, faces=BALL_AND_BOX.faces[:, ::-1])
    assert abs(graph.surface_graph(flipped) - graph.surface_graph(BALL_AND_BOX)).max() < 1e-9


@settings(max_examples=6, deadline=None)
@given(
    turn=st.sampled_from(list(Rotation.create_group("O").as_matrix())),
    shift=st.tuples(*[st.floats(-9, 9)] * 3),
    scale=st.floats(-13, 13).map(lambda power: 10**power),
    cloud=st.booleans(),
)
def test_scale_and_rigid_motion_leave_the_graph(turn: np.ndarray, shift: tuple[float, ...], scale: float, cloud: bool) -> None:
    """Quarter turns, as the bounding sphere is that of the bounding box's centre."""

    def moved(points: np.ndarray) -> np.ndarray:
        return scale * (points @ turn.T + shift)

    shape = CLOUD if cloud else BALL_AND_BOX
    other: Shape = PointCloud(moved(CLOUD.points)) if cloud else replace(BALL_AND_BOX, vertices=moved(BALL_AND_BOX.vertices))
    assert abs(graph.surface_graph(other) - graph.surface_graph(shape)).max() < 1e-6


def test_both_sides_of_a_sheet_are_one() -> None:
    """Faces back to back have opposite normals and the same place: no crease lies between, whatever the rounding."""
    ball = trimesh.creation.icosphere(2)
    sheet = mesh_of(ball, trimesh.Trimesh(ball.vertices, np.roll(ball.faces[:, ::-1], 1, axis=1), process=False))
    count = len(ball.faces)
    front, back = np.arange(count), np.arange(count, 2 * count)
    assert np.abs(np.diff(geometry.element_positions(sheet)[[front, back]], axis=0)).max() > 0, "rounding tells them apart"
    assert (graph.concavity(sheet, front, back) == 0).all()


def test_a_face_without_area_is_no_crease() -> None:
    """A needle along the edge between two faces of one plane."""
    corners = np.array([[0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0], [0.3, 0.3, 0], [0, 0, 3.0]])
    turn = Rotation.random(random_state=0).as_matrix()
    shape = Mesh(corners @ turn.T, np.array([[0, 1, 2], [0, 2, 3], [0, 4, 2], [0, 3, 5]]))
    assert (graph.concavity(shape, np.array([0, 1]), np.array([2, 2])) == 0).all()


# -------------------------------------------------------------------------------------------------------- smoothing


@SHAPES
def test_a_constant_stays_constant(shape: Shape) -> None:
    values = np.tile([3.0, -7.0], (shape.element_count, 1))
    np.testing.assert_allclose(spread(shape, values), values, rtol=1e-6)


@SHAPES
def test_smoothing_goes_nowhere_that_the_data_do_not(shape: Shape) -> None:
    values = noise(shape)
    smooth = spread(shape, values)
    assert (smooth >= values.min(0) - 1e-9).all()
    assert (smooth <= values.max(0) + 1e-9).all()
    assert (smooth.std(0) < 0.7 * values.std(0)).all(), "it smooths"


@SHAPES
def test_a_radius_of_zero_keeps_the_data(shape: Shape) -> None:
    np.testing.assert_allclose(spread(shape, noise(shape), radius=0.0), noise(shape), rtol=1e-6)


def slow_spread(shape: Shape, values: np.ndarray, confidence: np.ndarray, radius: float) -> np.ndarray:
    """The twin of `surface.spread` where all is known, in world units: the dense system, solved directly."""
    links = graph.surface_graph(shape).toarray()
    scale = geometry.bounding_sphere(shape)[1]
    whole = 2 * np.pi * scale**2
    if isinstance(shape, Mesh):
        whole = trimesh.Trimesh(shape.vertices, shape.faces, process=False).area
    mass = geometry.element_areas(shape) * whole * confidence
    time = (radius * scale) ** 2 / 2
    solution: np.ndarray = np.linalg.solve(np.diag(mass) + time * (np.diag(links.sum(1)) - links), mass[:, None] * values)
    return solution


@SHAPES
@pytest.mark.parametrize(("direct", "tolerance"), [(10_000, 1e-8), (50, 0.02)], ids=["direct", "by clusters"])
def test_the_solution_is_that_of_the_dense_twin(shape: Shape, direct: int, tolerance: float) -> None:
    confidence = np.random.default_rng(6).uniform(0.05, 1, shape.element_count)
    expected = slow_spread(shape, noise(shape), confidence, 0.1)
    np.testing.assert_allclose(spread(shape, noise(shape), confidence, 0.1, direct=direct), expected, atol=tolerance)


def test_by_clusters_what_no_view_shows_is_filled_as_well() -> None:
    x = geometry.element_positions(BALL_AND_BOX)[:, 0]
    confidence = np.where(x < 0.2, 0.0, 1.0)
    values = np.stack([x, np.sin(5 * x), np.ones_like(x)], 1)
    direct = spread(BALL_AND_BOX, values, confidence, 0.3)
    np.testing.assert_allclose(spread(BALL_AND_BOX, values, confidence, 0.3, direct=50), direct, atol=0.01)


def test_clusters_are_what_a_large_system_is_solved_by() -> None:
    """Along a line, conjugate gradients without them are far from done when they must stop."""
    line = PointCloud(np.random.default_rng(1).uniform(-1, 1, (2000, 3)) * [1, 0.005, 0.005])
    values = np.stack([np.sign(line.points[:, 0]), *noise(line).T], 1)
    direct = spread(line, values, radius=5.0)
    np.testing.assert_allclose(spread(line, values, radius=5.0, direct=200), direct, atol=0.005)


def test_what_no_view_shows_takes_its_neighbours_value() -> None:
    ball = mesh_of(trimesh.creation.icosphere(3))
    side = np.sign(geometry.element_positions(ball)[:, 0])
    hidden = np.abs(geometry.element_positions(ball)[:, 1]) < 0.3
    values = np.where(hidden, 99.0, side)[:, None]
    smooth = spread(ball, values, np.where(hidden, 0.0, 1.0), 0.05)[:, 0]
    clear = hidden & (np.abs(geometry.element_positions(ball)[:, 0]) > 0.3)
    assert (np.sign(smooth[clear]) == side[clear]).all()
    assert np.abs(smooth).max() < 1.01, "the value that nothing supports is gone"


@pytest.mark.parametrize("direct", [10_000, 50])
def test_pieces_apart_do_not_mix(direct: int) -> None:
    pair = mesh_of(trimesh.creation.icosphere(2), trimesh.creation.icosphere(2).apply_translation((4, 0, 0)))
    values = np.repeat([[1.0], [-1.0]], pair.element_count // 2, 0)
    np.testing.assert_allclose(spread(pair, values, radius=0.3, direct=direct), values, atol=1e-6)
    unseen = np.repeat([1.0, 0.0], pair.element_count // 2)
    np.testing.assert_allclose(spread(pair, values, unseen, 0.3, direct=direct), 1, atol=1e-6)


def test_pieces_that_touch_do_mix() -> None:
    pair = mesh_of(*[trimesh.creation.box().subdivide().subdivide() for _ in range(2)])
    values = np.repeat([[1.0], [-1.0]], pair.element_count // 2, 0)
    assert np.abs(spread(pair, values, radius=0.3)).max() < 0.5


def test_nothing_known_keeps_the_data() -> None:
    ball = mesh_of(trimesh.creation.icosphere(1))
    values = np.full((ball.element_count, 2), 3.0)
    np.testing.assert_allclose(spread(ball, values, np.zeros(ball.element_count)), values)


@pytest.mark.parametrize(("direct", "tolerance"), [(10_000, 1e-8), (50, 0.02)], ids=["direct", "by clusters"])
def test_the_order_of_faces_does_not_matter(direct: int, tolerance: float) -> None:
    values = noise(BALL_AND_BOX)
    order = np.random.default_rng(7).permutation(BALL_AND_BOX.element_count)
    shuffled = replace(BALL_AND_BOX, faces=BALL_AND_BOX.faces[order])
    assert abs(graph.surface_graph(shuffled) - graph.surface_graph(BALL_AND_BOX)[order][:, order]).max() < 1e-9
    smooth, other = spread(BALL_AND_BOX, values, direct=direct), spread(shuffled, values[order], direct=direct)
    np.testing.assert_allclose(other, smooth[order], atol=tolerance)


def test_a_finer_tessellation_gives_about_the_same() -> None:
    def profile(level: int) -> tuple[np.ndarray, np.ndarray]:
        ball = mesh_of(trimesh.creation.icosphere(level))
        height = geometry.element_positions(ball)[:, 2]
        smooth = spread(ball, np.sign(height)[:, None])[:, 0]
        edges = np.linspace(-1, 1, 11)
        bins = np.digitize(height, edges) - 1
        return np.array([smooth[bins == k].mean() for k in range(10)]), smooth

    coarse, fine = profile(3)[0], profile(4)[0]
    np.testing.assert_allclose(coarse, fine, atol=0.08)
    assert 0.1 < fine[5] < 0.9, "the step is smoothed"


def test_an_isolated_face_without_area_keeps_the_rest_sound() -> None:
    corners = np.random.default_rng(0).normal(size=(36, 3))
    corners[33:] = corners[33]  # the last of twelve faces is a point
    shape = Mesh(corners, np.arange(36).reshape(-1, 3))
    values = noise(shape)
    with_point = spread(shape, values)
    without = spread(Mesh(corners[:33], shape.faces[:11]), values[:11])
    np.testing.assert_allclose(with_point[:11], without, atol=0.05)
    assert np.isfinite(with_point).all()


def test_needles_apart_that_nothing_shows_can_be_solved_for() -> None:
    """Two faces without area or evidence hold each other by an edge: only the least weight keeps the system regular."""
    ball = mesh_of(trimesh.creation.icosphere(3))
    needles = np.array([[3, 0, 0], [3, 1, 0], [3, 0.4, 0], [3, 0.7, 0]])
    faces = len(ball.vertices) + np.array([[0, 1, 2], [1, 0, 3]])
    shape = Mesh(np.concatenate([ball.vertices, needles]), np.concatenate([ball.faces, faces]))
    confidence = np.append(np.ones(ball.element_count), [0, 0])
    values = np.ones((shape.element_count, 1))
    np.testing.assert_allclose(spread(shape, values, confidence), 1, rtol=1e-4)


@pytest.mark.parametrize("count", [1, 2, 5])
def test_shapes_of_few_elements_are_smoothed_too(count: int) -> None:
    points = np.random.default_rng(0).normal(size=(3 * count, 3))
    for shape in (Mesh(points, np.arange(3 * count).reshape(-1, 3)), PointCloud(points[: count + 1])):
        values = noise(shape)
        smooth = spread(shape, values, radius=0.05)
        assert (np.abs(smooth) <= np.abs(values).max(0) + 1e-9).all()


# --------------------------------------------------------------------------------------------------------- clusters


def system_of(row: np.ndarray, column: np.ndarray, strength: np.ndarray, n: int) -> sparse.csr_matrix:
    half = sparse.coo_matrix((strength, (row, column)), shape=(n, n)).tocsr()
    links = half + half.T
    return (sparse.diags(np.asarray(links.sum(1)).ravel() + 0.1) - links).tocsr()


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 2**31), n=st.integers(2, 40), density=st.floats(0.02, 0.5))
def test_clusters_are_mutual_strongest_neighbours(seed: int, n: int, density: float) -> None:
    rng = np.random.default_rng(seed)
    row, column = np.triu(rng.random((n, n)) < density, 1).nonzero()
    system = system_of(row, column, rng.choice([1.0, 1.0, 2.0, 5.0], len(row)) * rng.uniform(1, 1.01, len(row)), n)
    cluster = diffusion._pairs(system)
    members = [np.flatnonzero(cluster == k) for k in range(cluster.max() + 1)]
    assert sorted(np.concatenate(members)) == list(range(n))
    relative = -system.toarray() / np.sqrt(np.outer(system.diagonal(), system.diagonal()))
    np.fill_diagonal(relative, 0)
    assert {len(group) for group in members} <= {1, 2}
    for i, j in (group for group in members if len(group) == 2):
        assert relative[i, j] > 0
        assert relative[i, j] >= max(relative[i].max(), relative[j].max()) / 1.1
    if len(row):
        assert len(members) < n, "where there are links, some pair is formed"


@pytest.mark.parametrize("growth", [1.0, 1.02], ids=["even", "graded"])
def test_a_chain_about_halves(growth: float) -> None:
    """Strengths that grow all along must not leave each waiting for the next."""
    n = 1000
    system = system_of(np.arange(n - 1), np.arange(1, n), growth ** np.arange(n - 1), n)
    assert 0.5 * n <= len(np.unique(diffusion._pairs(system))) <= 0.72 * n


def test_elements_without_links_end_the_clustering() -> None:
    rng = np.random.default_rng(0)
    corners = rng.uniform(-1000, 1000, (100, 1, 3)) + rng.normal(size=(100, 3, 3))
    apart = Mesh(corners.reshape(-1, 3), np.arange(300).reshape(-1, 3))
    assert graph.surface_graph(apart).nnz == 0
    np.testing.assert_allclose(spread(apart, noise(apart), radius=0.5, direct=10), noise(apart), rtol=1e-9)
