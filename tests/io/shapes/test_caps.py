"""Caps: cut surfaces become solids."""

from __future__ import annotations

import numpy as np
import pytest
import trimesh
from hypothesis import given, settings
from hypothesis import strategies as st

from meronym.io.shapes.caps import capped, open_edges

TUBE = trimesh.creation.annulus(0.3, 0.5, 2, sections=24)
TORUS = trimesh.creation.torus(1, 0.3, major_sections=24, minor_sections=12)
BALL = trimesh.creation.icosphere(2)


def test_a_cut_tube_gets_a_ring() -> None:
    open_above = np.array(TUBE.faces)[TUBE.face_normals[:, 2] < 0.5]
    assert open_edges(open_above) > 0
    vertices, faces = capped(np.array(TUBE.vertices), open_above)
    solid = trimesh.Trimesh(vertices, faces, process=False)
    assert solid.is_watertight
    assert len(vertices) == len(TUBE.vertices)
    assert solid.volume == pytest.approx(TUBE.volume, rel=1e-6)


@given(st.sampled_from([TORUS, BALL]), st.integers(0, 2**32 - 1), st.floats(-1, 1))
@settings(max_examples=40, deadline=None)
def test_any_half_becomes_a_solid(whole: trimesh.Trimesh, seed: int, offset: float) -> None:
    direction = np.random.default_rng(seed).normal(size=3)
    own = whole.triangles_center @ direction > offset
    vertices, faces = np.array(whole.vertices), np.array(whole.faces)
    assert open_edges(faces) == 0
    for half in (own, ~own):
        if half.any():
            assert open_edges(capped(vertices, faces[half])[1]) == 0


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=20, deadline=None)
def test_any_patches_become_closed(seed: int) -> None:
    own = np.random.default_rng(seed).random(len(BALL.faces)) < 0.5
    _, faces = capped(np.array(BALL.vertices), np.array(BALL.faces)[own])
    assert np.array_equal(faces[: own.sum()], BALL.faces[own])
    assert open_edges(faces) == 0
