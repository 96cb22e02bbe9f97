"""Geometry: each fast function beside a slow twin, and what must not change under rigid motion."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise

import numpy as np
import pytest
import torch
import trimesh
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from meronym.core import geometry
from meronym.errors import InputError
from meronym.scenes import meshing
from meronym.types import Mesh, PointCloud

few = settings(max_examples=15, deadline=None)


def mesh_of(solid: trimesh.Trimesh) -> Mesh:
    return Mesh(np.array(solid.vertices), np.array(solid.faces))


def soup(faces: int = 40, seed: int = 0) -> Mesh:
    """Triangles that share nothing."""
    corners = np.random.default_rng(seed).normal(size=(3 * faces, 3))
    return Mesh(corners, np.arange(3 * faces).reshape(-1, 3))


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


# ---------------------------------------------------------------------------------------------------------- elements


def test_normals_and_areas_of_a_known_triangle() -> None:
    vertices = np.array([[0.0, 0, 0], [2, 0, 0], [0, 3, 0], [4, 0, 0]])
    normal, area = geometry.face_normals(vertices, np.array([[0, 1, 2], [0, 2, 1], [0, 1, 3]]))
    np.testing.assert_allclose(normal, [[0, 0, 1], [0, 0, -1], [0, 0, 0]])
    np.testing.assert_allclose(area, [3, 3, 0])


def slow_shares(mesh: Mesh) -> list[float]:
    areas = []
    for a, b, c in mesh.vertices[mesh.faces]:
        x, y, z = (np.linalg.norm(b - a), np.linalg.norm(c - b), np.linalg.norm(a - c))
        half = (x + y + z) / 2
        areas.append(np.sqrt(max(half * (half - x) * (half - y) * (half - z), 0)))  # Heron
    return [area / sum(areas) for area in areas]


def test_areas_are_shares_of_the_surface() -> None:
    mesh = soup()
    np.testing.assert_allclose(geometry.element_areas(mesh), slow_shares(mesh))
    np.testing.assert_allclose(geometry.element_areas(PointCloud(mesh.vertices)), np.full(120, 1 / 120))


def test_positions_are_centroids_or_points() -> None:
    mesh = soup(5)
    np.testing.assert_allclose(geometry.element_positions(mesh), [mesh.vertices[face].sum(0) / 3 for face in mesh.faces])
    assert geometry.element_positions(PointCloud(mesh.vertices)) is mesh.vertices


def test_normals_of_points_are_those_of_the_surface_they_lie_on() -> None:
    points = np.array(trimesh.creation.icosphere(4).vertices)
    found = geometry.element_normals(PointCloud(points))
    assert np.abs((found * points).sum(1)).min() > 0.99
    given = np.tile([0.0, 0, 1], (len(points), 1))
    assert geometry.element_normals(PointCloud(points, normal=given)) is given


@pytest.mark.parametrize("count", [1, 2, 5])
def test_normals_of_a_few_points_are_unit_vectors(count: int) -> None:
    points = np.random.default_rng(0).normal(size=(count, 3))
    np.testing.assert_allclose(np.linalg.norm(geometry.element_normals(PointCloud(points)), axis=1), 1)


def test_bounding_sphere_holds_what_is_used() -> None:
    mesh = mesh_of(trimesh.creation.box((2, 4, 6)))
    stray = Mesh(np.concatenate([mesh.vertices, [[100.0, 0, 0]]]), mesh.faces)
    for shape in (mesh, stray, PointCloud(mesh.vertices)):
        centre, radius = geometry.bounding_sphere(shape)
        np.testing.assert_allclose(centre, [0, 0, 0])
        assert radius == pytest.approx(np.sqrt(1 + 4 + 9))


@few
@given(st.integers(0, 2**31), st.floats(0.01, 100), st.floats(-50, 50))
def test_rigid_motion_moves_the_sphere_and_keeps_shares_and_neighbours(seed: int, scale: float, shift: float) -> None:
    mesh = soup(20, seed)
    turn = Rotation.random(random_state=seed).as_matrix()
    moved = Mesh(mesh.vertices @ turn.T * scale + shift, mesh.faces)
    np.testing.assert_allclose(geometry.element_areas(moved), geometry.element_areas(mesh), rtol=1e-4)
    np.testing.assert_allclose(geometry.element_normals(moved), geometry.element_normals(mesh) @ turn.T, atol=1e-6)
    near, distance = geometry.neighbours(geometry.element_positions(mesh), 3)
    near_moved, distance_moved = geometry.neighbours(geometry.element_positions(moved), 3)
    np.testing.assert_allclose(distance_moved, distance * scale, rtol=1e-4)
    assert torch.equal(near_moved, near)
    straight = Mesh(mesh.vertices * scale + shift, mesh.faces)
    centre, radius = geometry.bounding_sphere(mesh)
    np.testing.assert_allclose(geometry.bounding_sphere(straight)[0], centre * scale + shift, rtol=1e-6, atol=1e-6)
    assert geometry.bounding_sphere(straight)[1] == pytest.approx(radius * scale)


# ---------------------------------------------------------------------------------------------------------- sampling


def test_samples_lie_on_their_faces_and_fall_by_area() -> None:
    mesh, count = soup(12), 6000
    points, face = geometry.sample_surface(mesh, count, generator())
    normal, _ = geometry.face_normals(mesh.vertices, mesh.faces)
    corner = mesh.vertices[mesh.faces[face]]
    np.testing.assert_allclose(((points - corner[:, 0]) * normal[face]).sum(1), 0, atol=1e-12)
    inside = np.linalg.solve(corner.transpose(0, 2, 1), points[:, :, None])[:, :, 0]
    assert inside.min() > -1e-7
    found = np.bincount(face, minlength=12)
    assert np.abs(found - np.array(slow_shares(mesh)) * count).max() <= 2, "stratified: at most one sample off at each end"


def test_samples_spread_evenly_within_a_face() -> None:
    mesh = Mesh(np.array([[0.0, 0, 0], [1, 0, 0], [0, 1, 0]]), np.array([[0, 1, 2]]))
    points, _ = geometry.sample_surface(mesh, 20_000, generator())
    np.testing.assert_allclose(points.mean(0), [1 / 3, 1 / 3, 0], atol=0.01)
    assert (points[:, 0] < 0.5).mean() == pytest.approx(0.75, abs=0.01)


def test_samples_follow_the_generator() -> None:
    first, second, other = (geometry.sample_surface(soup(), 50, generator(seed))[0] for seed in (1, 1, 2))
    assert first.tobytes() == second.tobytes() != other.tobytes()


def test_a_face_without_area_is_never_sampled() -> None:
    mesh = Mesh(np.array([[0.0, 0, 0], [1, 0, 0], [0, 1, 0], [2, 0, 0]]), np.array([[0, 1, 3], [0, 1, 2], [3, 1, 0]]))
    assert set(geometry.sample_surface(mesh, 100, generator())[1]) == {1}


# -------------------------------------------------------------------------------------------------------- neighbours


def slow_neighbours(positions: np.ndarray, k: int) -> list[list[float]]:
    """Sorted distances to the k nearest others."""
    every = [sorted(float(np.linalg.norm(p - q)) for j, q in enumerate(positions) if j != i) for i, p in enumerate(positions)]
    return [row[:k] for row in every]


@few
@given(st.integers(6, 40), st.integers(1, 5), st.integers(0, 2**31))
def test_neighbours_are_the_nearest_others(n: int, k: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    positions = rng.normal(size=(n, 3))
    positions[rng.integers(n)] = positions[rng.integers(n)]
    index, distance = geometry.neighbours(positions, k)
    np.testing.assert_allclose(distance, slow_neighbours(positions, k), atol=1e-12)
    np.testing.assert_allclose(distance, np.linalg.norm(positions[index] - positions[:, None], axis=2), atol=1e-12)
    assert not (index == torch.arange(n)[:, None]).any()


def test_neighbours_of_coincident_elements_are_others() -> None:
    positions = np.repeat(np.array([[0.0, 0, 0], [1, 0, 0]]), 4, 0)
    index, distance = geometry.neighbours(positions, 3)
    assert not (index == torch.arange(8)[:, None]).any()
    assert torch.equal(index // 4, torch.arange(8)[:, None].expand(8, 3) // 4)
    assert (distance == 0).all()


def test_too_few_elements_repeat_themselves() -> None:
    index, distance = geometry.neighbours(np.array([[0.0, 0, 0], [2, 0, 0]]), 4)
    assert index.tolist() == [[1, 0, 0, 0], [0, 1, 1, 1]]
    assert distance.tolist() == [[2, 0, 0, 0], [2, 0, 0, 0]]
    index, distance = geometry.neighbours(np.zeros((1, 3)), 2)
    assert index.tolist() == [[0, 0]]
    assert distance.tolist() == [[0, 0]]


# -------------------------------------------------------------------------------------------------------------- edges


def slow_shared_edges(mesh: Mesh) -> dict[frozenset[int], list[float]]:
    """Per pair of faces the lengths of their common edges, by position; a fan links each face to the next."""
    owners: dict[frozenset[tuple[float, ...]], list[int]] = defaultdict(list)
    for first, second in ((0, 1), (1, 2), (2, 0)):
        for number, face in enumerate(mesh.faces):
            owners[frozenset(tuple(mesh.vertices[face[corner]]) for corner in (first, second))].append(number)
    result: dict[frozenset[int], list[float]] = defaultdict(list)
    for edge, faces in owners.items():
        ends = np.array([*edge, *edge])[[0, -1]]
        for pair in pairwise(faces):
            if pair[0] != pair[1]:
                result[frozenset(pair)].append(float(np.linalg.norm(ends[0] - ends[1])))
    return result


def fan() -> Mesh:
    """Three faces on one edge, and one whose corners coincide."""
    vertices = np.array([[0.0, 0, 0], [0, 0, 2], [1, 0, 0], [-1, 1, 0], [-1, -1, 0]])
    return Mesh(vertices, np.array([[0, 1, 2], [0, 1, 3], [1, 0, 4], [2, 2, 2]]))


def cut(mesh: Mesh) -> Mesh:
    """The same faces, each with corners of its own."""
    return Mesh(mesh.vertices[mesh.faces].reshape(-1, 3), np.arange(mesh.faces.size).reshape(-1, 3))


SPHERE = mesh_of(trimesh.creation.icosphere(2))


@pytest.mark.parametrize("mesh", [SPHERE, cut(SPHERE), fan(), soup()], ids=["sphere", "cut", "fan", "soup"])
def test_shared_edges_are_those_of_the_twin(mesh: Mesh) -> None:
    pair, length = geometry.shared_edges(mesh)
    found: dict[frozenset[int], list[float]] = defaultdict(list)
    for faces, one in zip(pair.tolist(), length.tolist(), strict=True):
        found[frozenset(faces)].append(one)
    expected = slow_shared_edges(mesh)
    assert found.keys() == expected.keys()
    for faces, lengths in found.items():
        assert sorted(lengths) == pytest.approx(sorted(expected[faces]))


def test_a_closed_surface_has_three_edges_for_two_faces() -> None:
    assert len(geometry.shared_edges(SPHERE)[0]) == len(SPHERE.faces) * 3 // 2


# ---------------------------------------------------------------- surfaces of densities


def test_the_surface_of_a_ball_of_density() -> None:
    pytest.importorskip("skimage", reason="needs the extra train")
    low, high, centre = np.array([-1.0, -2, -3]), np.array([3.0, 2, 1]), np.array([1.0, 0.2, -1.1])
    axes = [np.linspace(low[k], high[k], count) for k, count in enumerate((40, 50, 60))]
    density = np.exp(-np.square(np.stack(np.meshgrid(*axes, indexing="ij"), -1) - centre).sum(-1))
    mesh = meshing.marching_cubes(density, low, high, np.exp(-1))
    np.testing.assert_allclose(np.linalg.norm(mesh.vertices - centre, axis=1), 1, atol=2e-3)
    normal, area = geometry.face_normals(mesh.vertices, mesh.faces)
    outwards = mesh.vertices[mesh.faces].mean(1) - centre
    assert ((normal * outwards).sum(1)[area > 1e-9] > 0).all()
    assert area.sum() == pytest.approx(4 * np.pi, rel=0.01)


@pytest.mark.parametrize("level", [-1.0, 0.0, 1.0, np.nan])
def test_a_density_that_does_not_cross_the_level(level: float) -> None:
    pytest.importorskip("skimage", reason="needs the extra train")
    density = np.zeros((3, 3, 3))
    density[1, 1, 1] = 1
    with pytest.raises(InputError, match="Choose a level between"):
        meshing.marching_cubes(density, np.zeros(3), np.ones(3), level)
