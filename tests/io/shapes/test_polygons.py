"""Polygons: cut into triangles that cover them, and put together again."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meronym.io.shapes.polygons import outlines, triangulate

SHAPES = {
    "square": [(0, 0), (1, 0), (1, 1), (0, 1)],
    "dart": [(0, 0), (2, 0), (0.5, 0.5), (0, 2)],
    "m": [(0, 0), (2, 0), (2, 2), (1, 0.2), (0, 2)],
    "u": [(0, 0), (3, 0), (3, 3), (2, 3), (2, 1), (1, 1), (1, 3), (0, 3)],
}


def area(corners: np.ndarray, faces: np.ndarray) -> float:
    a, b, c = (corners[faces[:, k]] for k in range(3))
    return float(np.linalg.norm(np.cross(b - a, c - a), axis=1).sum() / 2)


@pytest.mark.parametrize("name", SHAPES)
@pytest.mark.parametrize("axes", [[0, 1, 2], [2, 0, 1], [1, 2, 0], [1, 0, 2]])
def test_triangles_cover_a_polygon_once_and_make_it_again(name: str, axes: list[int]) -> None:
    flat = np.pad(np.array(SHAPES[name], dtype=float), ((0, 0), (0, 1)))[:, axes]
    expected = np.linalg.norm(np.cross(flat, np.roll(flat, -1, axis=0)).sum(0)) / 2
    for first in range(len(flat)):
        corners = np.roll(flat, first, axis=0)
        cut = triangulate(np.array([len(corners)]), corners)
        assert area(corners, cut.corner) == pytest.approx(expected)
        loop, sizes = outlines(cut.corner, cut.polygon)
        assert sizes.tolist() == [len(corners)]
        np.testing.assert_array_equal(np.roll(loop, -int(loop.argmin())), np.arange(len(corners)))


@given(st.lists(st.integers(0, 9), max_size=8))
@settings(max_examples=30, deadline=None)
def test_polygons_of_all_sizes_come_back(sizes: list[int]) -> None:
    angle = [2 * np.pi * np.arange(size) / max(size, 1) for size in sizes]
    rings = [np.stack([np.cos(turn), np.sin(turn), 0 * turn], axis=1) for turn in angle]
    cut = triangulate(np.array(sizes, dtype=np.int64), np.concatenate([*rings, np.zeros((0, 3))]))
    assert len(cut.corner) == sum(max(size - 2, 0) for size in sizes)
    loop, found = outlines(cut.corner, cut.polygon)
    assert found.tolist() == [size for size in sizes if size > 2]
    assert len(loop) == sum(found)


def test_what_makes_no_polygon_stays_triangles() -> None:
    loop, sizes = outlines(np.array([[0, 1, 2], [5, 6, 7], [0, 2, 3]]), np.array([0, 0, 1]))
    assert (loop.tolist(), sizes.tolist()) == ([0, 1, 2, 5, 6, 7, 0, 2, 3], [3, 3, 3])


def test_places_that_are_not_finite_and_crossing_polygons_end() -> None:
    corners = np.array([[0, 0, 0], [1, 1, 0], [1, 0, 0], [0, 1, 0], [0.5, np.nan, 0]])
    assert len(triangulate(np.array([5]), corners).corner) == 3
    crossing = np.array([[0, 0, 0], [4, 4, 0], [4, 0, 0], [0, 4, 0], [2, 9, 0], [2, -9, 0]], dtype=float)
    assert len(triangulate(np.array([6]), crossing).corner) == 4
