"""Sets of Gaussians: which of them are floaters, what they look like as elements of a shape."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy.spatial import cKDTree
from scipy.spatial.transform import Rotation
from splat_files import some_rows

from benchmarks.splats import splats_of
from meronym.core import cameras, geometry, up_axis
from meronym.core.gaussians import as_points, floaters, gaussians, recoloured, rows_of
from meronym.core.selection import selected
from meronym.types import Cameras, Gaussians, Mesh

Y = torch.tensor([0.0, 1.0, 0.0])


def surface(count: int, seed: int = 0) -> np.ndarray:
    """Points on a box of 2 x 1 x 0.5 with a long thin antenna."""
    rng = np.random.default_rng(seed)
    points = rng.uniform(-1, 1, (count, 3))
    side = rng.integers(0, 3, count)
    points[np.arange(count), side] = np.sign(points[np.arange(count), side])
    antenna = count // 50
    points[:antenna] = np.stack([np.zeros(antenna), 1 + rng.uniform(0, 4, antenna), np.zeros(antenna)], 1)
    return points * [1, 0.5, 0.25]


def test_faint_and_stray_ones_are_floaters_wherever_they_are() -> None:
    rng = np.random.default_rng(0)
    thing, opacity = surface(5000), rng.uniform(0.2, 1, 5000)
    haze, clump = rng.uniform(-4, 4, (600, 3)), rng.normal(size=(9, 3)) * 0.01 + [3, 0, 0]
    alone = np.array([[1e6, 0, 0], [0, -50, 0]])
    points = np.concatenate([thing, haze, clump, alone])
    size = np.full(len(points), 0.02)
    size[7] = 3.0
    found = floaters(points, np.concatenate([opacity, np.full(600, 0.03), np.full(11, 0.9)]), size)
    assert np.flatnonzero(found[:5000]).tolist() == [7], "one as large as the thing; not the antenna, which has few"
    away = cKDTree(thing).query(haze)[0] > 0.3
    assert found[5000:5600][away].all()
    assert found[5600:].all()


def test_faint_ones_on_the_surface_belong_to_it() -> None:
    points = surface(5000)[100:]
    opacity = np.where(np.arange(4900) % 4 == 0, 0.02, 0.9)
    assert not floaters(points, opacity, np.full(4900, 0.02)).any()


SPARSE = (np.random.default_rng(0).normal(size=(30, 3)), np.zeros((20, 3)), np.arange(3.0)[:, None] * [[1, 0, 0]])


@pytest.mark.parametrize("points", SPARSE)
def test_what_is_sparse_or_all_faint_has_no_floaters(points: np.ndarray) -> None:
    for opacity, size in ((0.9, 0.1), (0.01, 0.1), (0.9, 100.0)):
        assert not floaters(points, np.full(len(points), opacity), np.full(len(points), size)).any()


def test_where_it_lies_does_not_depend_on_floaters() -> None:
    thing = rows_of(surface(3000), np.full((3000, 3), -4.0), np.ones((3000, 4)), np.full(3000, 3.0), np.zeros((3000, 3)))
    more = some_rows(40, 0)
    more["x"] *= 100
    alone, both = gaussians(thing), gaussians(np.concatenate([thing, more]))
    assert both.report == {"floaters": int(both.floating.sum())}
    assert both.floating.sum() >= 35
    centre, radius = geometry.bounding_sphere(alone)
    assert radius == pytest.approx(geometry.bounding_sphere(both)[1], rel=0.01)
    np.testing.assert_allclose(centre, geometry.bounding_sphere(both)[0], atol=0.05)
    area = geometry.element_areas(both)
    assert area.sum() == pytest.approx(1)
    np.testing.assert_array_equal(area[both.floating], 0)
    turn = cameras.long_side(both, Y)
    assert abs(float(turn[0])) > 0.99


def test_a_gaussian_faces_along_its_shortest_axis_and_has_the_area_across_it() -> None:
    rng = np.random.default_rng(0)
    turn = Rotation.random(4000, random_state=1)
    scale = np.log(rng.permuted(np.tile([0.001, 0.02, 0.03], (4000, 1)), axis=1))
    rows = rows_of(surface(4000), scale, np.roll(turn.as_quat(), 1, 1) * 3, np.full(4000, 2.0), np.zeros((4000, 3)))
    rows["scale_0"][0], rows["scale_1"][0] = 0.5, 0.5
    rows["opacity"][1] = -2
    shape = gaussians(rows)
    own = np.zeros((4000, 3))
    own[np.arange(4000), scale.argmin(1)] = 1
    np.testing.assert_allclose(np.abs((geometry.element_normals(shape) * turn.apply(own)).sum(1))[1:], 1, atol=1e-5)
    area = geometry.element_areas(shape)
    assert area[0] < 0.2, "one as large as a house does not outweigh all others"
    assert area[2:].std() < 1e-6
    assert area[1] / area[2] == pytest.approx(shape.opacity[1] / shape.opacity[2], rel=1e-4)


def test_other_colours_are_the_same_from_all_sides_and_change_nothing_else() -> None:
    shape = gaussians(some_rows(20))
    colour = np.random.default_rng(0).random((20, 3))
    painted = recoloured(shape, colour)
    np.testing.assert_allclose(painted.colour, colour, atol=1e-6)
    assert all((painted.rows[name] == 0).all() for name in shape.names if name.startswith("f_rest"))
    kept = [name for name in shape.names if not name.startswith("f_")]
    assert all(painted.rows[name].tobytes() == shape.rows[name].tobytes() for name in kept)
    assert shape.rows.tobytes() == some_rows(20).tobytes()
    np.testing.assert_allclose(as_points(painted).colour, colour, atol=1e-6)
    part = selected(shape, np.arange(20) < 5)
    assert isinstance(part, Gaussians)
    assert part.rows.tobytes() == shape.rows[:5].tobytes()


def test_cameras_say_which_way_is_up_and_are_chosen_far_apart() -> None:
    up = torch.tensor([0.3, -1.0, 0.2]).double()
    ring = cameras.orbit(cameras.spread(12, up), up, torch.zeros(3), 3.0, 40.0, 64)
    clump = Cameras(ring.world_from_camera[:1].repeat(30, 1, 1), ring.intrinsics[:1].repeat(30, 1, 1), 64, 64)
    every = cameras.join([clump, ring])
    rows = some_rows(30, 0)
    shape = gaussians(rows, cameras=every)
    assert up_axis.states_up(shape)
    shape_up, how = up_axis.guess_up(gaussians(rows, cameras=ring))
    assert how == "the mean of the cameras' up"
    assert float(shape_up.double() @ up / up.norm()) > 0.95
    turned = ring.world_from_camera @ torch.diag(torch.tensor([-1.0, -1, 1, 1])).double()
    both = Cameras(torch.cat([ring.world_from_camera, turned]), ring.intrinsics.repeat(2, 1, 1), 64, 64)
    assert not up_axis.states_up(gaussians(rows, cameras=both)), "half of the photos upside down"
    chosen = cameras.chosen(every, 12, 32)
    assert (chosen.height, chosen.width) == (32, 32)
    torch.testing.assert_close(chosen.intrinsics[0, :2], every.intrinsics[0, :2] / 2)
    eyes = chosen.world_from_camera[:, :3, 3]
    assert len(torch.unique(eyes.round(decimals=6), dim=0)) == 12
    assert len(cameras.chosen(ring, 99, 32)) == 12
    first, other = (cameras.chosen(ring, 3, 32, seed).world_from_camera[0] for seed in (0, 5))
    assert not torch.equal(first, other)


def test_gaussians_made_from_a_mesh_lie_on_it(chair: tuple[Mesh, torch.Tensor, tuple[str, ...]]) -> None:
    shape, face = splats_of(chair[0], 500, torch.Generator().manual_seed(0))
    cosine = (geometry.element_normals(shape) * geometry.element_normals(chair[0])[face]).sum(1)
    np.testing.assert_allclose(np.abs(cosine), 1, atol=1e-4)
