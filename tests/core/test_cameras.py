"""Cameras: axes, framing, projection against rays, poles, bad input, the up axis."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
import trimesh

from meronym.core import cameras, up_axis
from meronym.errors import InputError
from meronym.types import Mesh, PointCloud

Y = torch.tensor([0.0, 1.0, 0.0])
Z = torch.tensor([0.0, 0.0, 1.0])


def box(*size: float) -> Mesh:
    solid = trimesh.creation.box(size).subdivide()
    return Mesh(np.array(solid.vertices), np.array(solid.faces))


def test_axes_point_where_opencv_says() -> None:
    look = cameras.orbit(Z[None], Y, torch.zeros(3), distance=4.0, fov=60, size=100)
    points = torch.tensor([[0.0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]], dtype=torch.float64)
    pixel, depth = cameras.project(look, points)
    assert depth[0].tolist() == pytest.approx([4, 4, 4, 3])
    focal = 50 / np.tan(np.radians(30))
    expected = [[50, 50], [50 + focal / 4, 50], [50, 50 - focal / 4], [50, 50]]
    torch.testing.assert_close(pixel[0], torch.tensor(expected, dtype=torch.float64))


def test_rays_run_through_the_points_that_project_onto_pixel_centres() -> None:
    look = cameras.frame(box(1, 2, 3).vertices, cameras.spread(3, Z), Z, size=8)
    origin, direction = cameras.rays(look)
    for view in range(3):
        points = origin[view] + 2.5 * direction[view].reshape(-1, 3)
        pixel, _ = cameras.project(look, points)
        row, column = torch.meshgrid(torch.arange(8), torch.arange(8), indexing="ij")
        torch.testing.assert_close(pixel[view].view(8, 8, 2), torch.stack([column, row], -1) + 0.5, check_dtype=False)
    torch.testing.assert_close(direction.norm(dim=-1), torch.ones(3, 8, 8), check_dtype=False)


@pytest.mark.parametrize("offset", [0.0, 1e6])
def test_a_framed_shape_fills_the_picture_up_to_the_margin(offset: float) -> None:
    points = box(0.1, 2, 3).vertices + offset
    look = cameras.frame(points, cameras.partslip(Y), Y, size=200, margin=0.05)
    pixel, depth = cameras.project(look, torch.from_numpy(points))
    assert (depth > 0).all()
    low, high = pixel.amin(1), pixel.amax(1)
    torch.testing.assert_close((high - low).amax(1), torch.full((10,), 180.0, dtype=torch.float64), atol=1e-3, rtol=0)
    torch.testing.assert_close((low + high) / 2, torch.full((10, 2), 100.0, dtype=torch.float64), atol=1e-3, rtol=0)
    assert (look.intrinsics[:, 0, 0] == look.intrinsics[:, 1, 1]).all()


@pytest.mark.parametrize("up", [[0.0, 1, 0], [0, 0, 1], [0, 0, -1], [1, 0, 0], [0.3, -2, 1]])
def test_up_is_up_in_the_picture_and_poses_are_rotations(up: list[float]) -> None:
    axis = torch.tensor(up, dtype=torch.float32)
    pose = cameras.orbit(cameras.spread(7, axis), axis, torch.ones(3), 3, 40, 10).world_from_camera
    turn = pose[:, :3, :3]
    torch.testing.assert_close(turn.mT @ turn, torch.eye(3, dtype=turn.dtype).expand(7, 3, 3))
    torch.testing.assert_close(torch.linalg.det(turn), torch.ones(7, dtype=turn.dtype))
    assert (turn[:, :, 1] @ axis.double() < 0).all()
    assert (turn[:, :, 0] @ axis.double()).abs().max() < 1e-9


def test_looking_straight_down_still_gives_a_camera() -> None:
    pose = cameras.orbit(torch.stack([Y, -Y]), Y, torch.zeros(3), 3, 40, 10).world_from_camera
    assert torch.isfinite(pose).all()
    torch.testing.assert_close(torch.linalg.det(pose[:, :3, :3]), torch.ones(2, dtype=pose.dtype))


def test_partslip_looks_from_the_published_angles() -> None:
    directions = cameras.partslip(Z)
    elevation = torch.rad2deg(torch.asin(directions[:, 2]))
    assert elevation.tolist() == pytest.approx([10] * 4 + [40] * 3 + [-20] * 3)
    assert (directions[0] * directions[2])[:2].sum() < -0.9
    assert cameras.partslip(Y)[0, 2] > 0.9, "azimuth 0 of y-up shapes faces glTF's front, +z"


@pytest.mark.parametrize("n", [1, 2, 8, 40])
def test_spread_is_even_repeatable_and_off_the_poles(n: int) -> None:
    directions = cameras.spread(n, Y)
    assert directions.shape == (n, 3)
    assert torch.equal(directions, cameras.spread(n, Y))
    torch.testing.assert_close(directions.norm(dim=1), torch.ones(n, dtype=directions.dtype))
    assert directions[:, 1].abs().max() < 0.9
    if n >= 8:
        assert directions[:, 1].min() < -0.2
        assert directions[:, 1].max() > 0.5
        near = (directions @ directions.T).fill_diagonal_(-1).max(1).values.clamp(-1, 1).acos()
        assert near.min() > 0.5 * near.max()


def test_long_side_turns_with_the_shape() -> None:
    shape = box(3, 1, 0.5)
    assert cameras.long_side(shape, Z).abs().tolist() == pytest.approx([1, 0, 0], abs=1e-6)
    bent = replace(shape, vertices=shape.vertices + np.where(shape.vertices[:, :1] > 1, [[2.0, 0, 0]], 0))
    turn = trimesh.transformations.rotation_matrix(0.7, [0, 0, 1])[:3, :3]
    turned = replace(bent, vertices=bent.vertices @ turn.T)
    expected = torch.from_numpy(turn) @ cameras.long_side(bent, Z)
    torch.testing.assert_close(cameras.long_side(turned, Z), expected)


def test_opengl_conversion_is_its_own_inverse_and_keeps_the_position() -> None:
    pose = cameras.orbit(cameras.spread(4, Y), Y, torch.ones(3), 3, 40, 10).world_from_camera
    flipped = cameras.opengl_from_opencv(pose)
    assert torch.equal(cameras.opengl_from_opencv(flipped), pose)
    assert torch.equal(flipped[:, :3, 3], pose[:, :3, 3])
    assert torch.equal(flipped[:, :3, 2], -pose[:, :3, 2])
    assert (flipped[:, 1, 1] > 0).all(), "y is up"


def test_bad_input_is_refused() -> None:
    square = box(1, 1, 1).vertices
    with pytest.raises(InputError, match="at least 1, got 0"):
        cameras.spread(0, Y)
    with pytest.raises(InputError, match="some length"):
        cameras.spread(3, torch.zeros(3))
    with pytest.raises(InputError, match="all finite"):
        cameras.frame(np.array([[0.0, np.nan, 0]]), cameras.spread(2, Y), Y)
    with pytest.raises(InputError, match="at least one"):
        cameras.frame(np.empty((0, 3)), cameras.spread(2, Y), Y)
    with pytest.raises(InputError, match="radius is 0"):
        cameras.frame(np.ones((4, 3)), cameras.spread(2, Y), Y)
    with pytest.raises(InputError, match="fov"):
        cameras.orbit(torch.from_numpy(square), Y, torch.zeros(3), 3, 180, 10)
    with pytest.raises(InputError, match="no finite point on its surface"):
        up_axis.guess_up(PointCloud(np.full((3, 3), np.nan)))


def test_a_line_seen_end_on_has_a_finite_focal_length() -> None:
    line = np.array([[0.0, 0, -1], [0, 0, 1]])
    look = cameras.frame(line, Z[None], Y, size=64)
    assert torch.isfinite(look.intrinsics).all()


def test_up_is_what_the_format_says_else_a_guess_that_says_so() -> None:
    table = trimesh.util.concatenate(
        [
            trimesh.creation.box((2, 1, 0.1), trimesh.transformations.translation_matrix([0, 0, 1])),
            *(
                trimesh.creation.box((0.1, 0.1, 1), trimesh.transformations.translation_matrix([x, y, 0.5]))
                for x in (-0.9, 0.9)
                for y in (-0.4, 0.4)
            ),
        ]
    ).subdivide()
    vertices, faces = np.array(table.vertices), np.array(table.faces)
    axis, how = up_axis.guess_up(Mesh(vertices, faces, source=Path("table.GLB")))
    assert (axis.tolist(), how) == ([0, 1, 0], "y: the format (.glb) says so")
    axis, how = up_axis.guess_up(Mesh(vertices, faces, source=Path("table.obj"), up="x"))
    assert (axis.tolist(), how) == ([1, 0, 0], "x: the file says so")
    axis, how = up_axis.guess_up(Mesh(vertices, faces, source=Path("table.obj")))
    assert axis.tolist() == [0, 0, 1]
    assert how.startswith("z: guessed, it stands better")
    axis, how = up_axis.guess_up(Mesh(vertices[:, [0, 2, 1]], faces[:, ::-1]))
    assert axis.tolist() == [0, 1, 0]
    assert how.startswith("y: guessed, it stands better")
    for name, expected in {"cube.stl": [0, 0, 1], "cube.ply": [0, 1, 0]}.items():
        axis, how = up_axis.guess_up(replace(box(1, 1, 1), source=Path(name)))
        assert axis.tolist() == expected
        assert f"undecided, the commoner for {Path(name).suffix}" in how
    line = PointCloud(np.array([[0.0, 0, 0], [1, 0, 0]]))
    assert "undecided" in up_axis.guess_up(line)[1]
