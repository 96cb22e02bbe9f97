"""The part tree: what it joins first, what it never joins, and that it depends on the shape alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import trimesh
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from meronym.core import geometry
from meronym.parts.tree import TreeSettings, build_tree, pieces
from meronym.types import Mesh, PartTree, PointCloud


def mesh_of(*solids: trimesh.Trimesh) -> Mesh:
    solid = trimesh.util.concatenate(list(solids))
    return Mesh(np.array(solid.vertices), np.array(solid.faces))


def two_balls() -> Mesh:
    return mesh_of(trimesh.creation.icosphere(2), trimesh.creation.icosphere(2).apply_translation((3, 0.1, 0)))


def halves(mesh: Mesh) -> np.ndarray:
    """A feature that differs above and below, with a little noise."""
    height = geometry.element_positions(mesh)[:, 1]
    noise = np.random.default_rng(0).normal(0, 0.05, (len(height), 2))
    return np.stack([height > 0, height <= 0], 1) + noise


def same_partition(a: np.ndarray, b: np.ndarray) -> bool:
    pairs = np.unique(np.stack([a, b], 1), axis=0)
    return len(pairs) == len(np.unique(a)) == len(np.unique(b))


def members(tree: PartTree, node: int) -> frozenset[int]:
    """The finest segments below a node."""
    below = {node}
    for child in range(len(tree.parent) - 1, -1, -1):
        if tree.parent[child] in below:
            below.add(child)
    return frozenset(leaf for leaf in below if leaf < len(tree.area))


def check(tree: PartTree, count: int) -> None:
    leaves = len(tree.area)
    assert tree.segment.shape == (count,)
    assert set(tree.segment.tolist()) == set(range(leaves))
    assert tree.area.sum() == pytest.approx(1)
    assert (tree.area > 0).all()
    assert tree.parent[-1] == -1
    assert (tree.parent[:-1] > np.arange(len(tree.parent) - 1)).all()
    assert set(tree.parent[:-1].tolist()) == set(range(leaves, len(tree.parent)))
    assert (tree.seam[:leaves] == 0).all()
    assert (tree.seam >= 0).all()
    assert members(tree, len(tree.parent) - 1) == frozenset(range(leaves))


@pytest.mark.parametrize("finest", [1, 7, 40, 800])
def test_a_tree_of_any_fineness_holds_every_element_once(finest: int) -> None:
    mesh = two_balls()
    tree = build_tree(mesh, halves(mesh), TreeSettings(finest=finest))
    check(tree, len(mesh.faces))
    assert len(tree.area) == max(finest, 2) if finest < 300 else len(tree.area) <= finest
    weights = geometry.element_areas(mesh)
    for leaf in range(len(tree.area)):
        own = tree.segment == leaf
        assert tree.area[leaf] == pytest.approx(weights[own].sum())
        np.testing.assert_allclose(tree.features[leaf], np.average(halves(mesh)[own], axis=0, weights=weights[own]))


def test_features_part_a_smooth_piece_where_they_differ() -> None:
    mesh = mesh_of(trimesh.creation.icosphere(3))
    tree = build_tree(mesh, halves(mesh), TreeSettings(finest=2))
    above = geometry.element_positions(mesh)[:, 1] > 0
    assert np.mean([above[tree.segment == leaf].mean() for leaf in (0, 1)]) == pytest.approx(0.5, abs=0.1)
    assert min(above[tree.segment == leaf].mean() for leaf in (0, 1)) < 0.05


def test_a_concave_crease_parts_what_looks_the_same() -> None:
    """A dumb-bell: the waist is where the last two segments meet."""
    ball = trimesh.creation.icosphere(3)
    x = ball.vertices[:, 0] * 1.6
    waist = np.array(ball.vertices) * np.stack([np.full(len(x), 1.6), *[0.25 + np.abs(x) ** 2 / 2] * 2], 1)
    mesh = Mesh(waist, np.array(ball.faces))
    tree = build_tree(mesh, np.zeros((len(mesh.faces), 1)), TreeSettings(finest=2))
    side = geometry.element_positions(mesh)[:, 0] > 0
    left, right = sorted(side[tree.segment == leaf].mean() for leaf in (0, 1))
    assert left < 0.15
    assert right > 0.85


def test_pieces_are_joined_last_however_alike() -> None:
    mesh = two_balls()
    tree = build_tree(mesh, np.zeros((len(mesh.faces), 3)))
    assert tree.loose
    roots = [node for node in range(len(tree.parent)) if tree.parent[node] == len(tree.parent) - 1]
    piece = pieces(mesh)
    assert sorted(set(piece[np.isin(tree.segment, list(members(tree, root)))].tolist()) for root in roots) == [{0}, {1}]


def test_seams_in_the_index_do_not_make_pieces() -> None:
    ball = trimesh.creation.icosphere(2)
    apart = Mesh(ball.triangles.reshape(-1, 3), np.arange(3 * len(ball.faces)).reshape(-1, 3))
    assert pieces(apart).max() == 0
    assert pieces(two_balls()).max() == 1
    assert not build_tree(apart, np.zeros((len(apart.faces), 1))).loose


def test_a_flat_quad_is_never_cut() -> None:
    box = trimesh.creation.box((1, 2, 3))
    mesh = Mesh(np.array(box.vertices), np.array(box.faces))
    loud = np.random.default_rng(0).normal(0, 100, (12, 4))
    tree = build_tree(mesh, loud)
    normals = np.round(geometry.element_normals(mesh)).astype(int)
    sides = np.unique(normals, axis=0, return_inverse=True)[1].reshape(-1)
    assert len(tree.area) == 6
    assert same_partition(tree.segment, sides)


def test_a_cloud_has_a_tree_too() -> None:
    rng = np.random.default_rng(0)
    points = rng.normal(0, 0.1, (400, 3))
    points[200:, 0] += 2
    feature = np.repeat([[0.0], [1.0]], 200, axis=0)
    tree = build_tree(PointCloud(points), feature, TreeSettings(finest=10))
    check(tree, 400)
    assert all(len(set(feature[tree.segment == leaf, 0].tolist())) == 1 for leaf in range(len(tree.area)))


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000), quarter=st.integers(0, 23), scale=st.floats(0.01, 1000))
def test_neither_place_nor_size_nor_the_order_of_faces_matters(seed: int, quarter: int, scale: float) -> None:
    """Quarter turns: the bounding sphere, by which curvature is measured, is that of a box along the axes."""
    rng = np.random.default_rng(seed)
    mesh = two_balls()
    mesh = replace(mesh, vertices=mesh.vertices + rng.normal(0, 0.01, mesh.vertices.shape))
    feature = halves(mesh)
    order = rng.permutation(len(mesh.faces))
    turn = Rotation.create_group("O").as_matrix()[quarter]
    moved = Mesh(scale * (mesh.vertices @ turn.T) + rng.normal(size=3), mesh.faces[order])
    few = TreeSettings(finest=12)
    first, second = build_tree(mesh, feature, few), build_tree(moved, feature[order], few)
    assert same_partition(first.segment[order], second.segment)
    np.testing.assert_allclose(sorted(first.seam), sorted(second.seam), rtol=1e-6)


def slow_tree(mesh: Mesh, features: np.ndarray, finest: int) -> np.ndarray:
    """The twin of the first stage: all pairs of segments in plain Python, joined round by round."""
    from meronym.parts.tree import borders

    given = TreeSettings()
    area = geometry.element_areas(mesh)
    pair, length, opening = borders(mesh)
    edges = {(int(a), int(b)): (ln, op) for (a, b), ln, op in zip(pair, length, opening, strict=True)}
    groups = {face: [face] for face in range(len(area))}
    while len(groups) > finest:
        mean = {g: np.average(features[m], axis=0, weights=area[m]) for g, m in groups.items()}
        size = {g: area[m].sum() for g, m in groups.items()}
        cost: dict[tuple[int, int], float] = {}
        for a, b in {tuple(sorted((a, b))) for a in groups for b in groups if a != b}:
            between = [
                e for (x, y), e in edges.items() if (x in groups[a] and y in groups[b]) or (x in groups[b] and y in groups[a])
            ]
            if between:
                ln, op = sum(e[0] for e in between), sum(e[1] for e in between)
                apart = float(((mean[a] - mean[b]) ** 2).sum()) + given.difference
                cost[a, b] = size[a] * size[b] / (size[a] + size[b]) * apart / (op / ln + given.closed)
        best = {g: min((c, p) for p, c in cost.items() if g in p)[1] for g in groups}
        ready = sorted((cost[p], p) for p in {best[g] for g in groups} if best[p[0]] == best[p[1]] == p)
        for _, (a, b) in ready[: len(groups) - finest]:
            groups[a] += groups.pop(b)
    label = np.empty(len(area), int)
    for number, m in enumerate(groups.values()):
        label[m] = number
    return label


def test_segments_are_those_of_a_slow_twin() -> None:
    ball = trimesh.creation.icosphere(1)
    mesh = Mesh(np.array(ball.vertices) + np.random.default_rng(1).normal(0, 0.03, ball.vertices.shape), np.array(ball.faces))
    feature = halves(mesh)
    assert same_partition(build_tree(mesh, feature, TreeSettings(finest=5)).segment, slow_tree(mesh, feature, 5))
