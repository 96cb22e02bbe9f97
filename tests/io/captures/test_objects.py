"""The points of a thing hang together; stray ones that bear its name are left out."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from meronym.io.captures.objects import solid_pieces


def ball(middle: tuple[float, float, float], count: int, radius: float, seed: int) -> np.ndarray:
    direction = np.random.default_rng(seed).normal(size=(count, 3))
    return np.array(middle) + radius * direction / np.linalg.norm(direction, axis=1, keepdims=True)


def test_floaters_are_left_out_and_a_second_mug_is_not() -> None:
    mugs = np.concatenate([ball((0, 0, 0), 800, 0.1, 0), ball((0.5, 0, 0), 300, 0.06, 1)])
    stray = np.random.default_rng(2).uniform(-2, 2, (60, 3))
    floor = np.stack([*np.random.default_rng(3).uniform(-2, 2, (2, 30_000)), np.full(30_000, -0.2)], 1)
    points = np.concatenate([mugs, stray, floor])
    own = np.arange(len(points)) < len(mugs) + len(stray)
    kept = solid_pieces(points, own, np.full(len(points), 0.8))
    assert kept[: len(mugs)].mean() > 0.98
    assert kept[len(mugs) : len(mugs) + len(stray)].sum() <= 1
    assert not kept[~own].any()
    assert np.ptp(points[kept], axis=0).max() < 0.7


def test_far_things_are_sampled_coarsely_and_hang_together_all_the_same() -> None:
    far = ball((20, 0, 0), 400, 4.0, 0)
    points = np.concatenate([ball((0, 0, 0), 4000, 0.2, 1), far])
    own = np.arange(len(points)) >= 4000
    assert solid_pieces(points, own, np.ones(len(points)))[own].mean() > 0.98


def test_a_piece_that_is_hardly_believed_counts_less() -> None:
    points = np.concatenate([ball((0, 0, 0), 300, 0.1, 0), ball((3, 0, 0), 300, 0.1, 1)])
    score = np.where(np.arange(600) < 300, 0.9, 0.05)
    kept = solid_pieces(points, np.ones(600, dtype=bool), score)
    assert (kept[:300].mean() > 0.98, kept[300:].any()) == (True, False)


@given(st.integers(0, 30), st.integers(0, 99))
def test_something_is_left_wherever_there_was_something(count: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    points, own = rng.normal(size=(count, 3)), rng.random(count) < 0.5
    points[: count // 2] = points[:1]
    kept = solid_pieces(points, own, rng.random(count))
    assert kept.any() == own.any()
    assert not (kept & ~own).any()
