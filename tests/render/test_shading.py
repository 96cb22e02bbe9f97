"""Colours: light, textures, corner colours, smooth and sharp edges."""

import numpy as np
import pytest
import torch
import trimesh

from meronym.core import cameras
from meronym.render import RenderStyle, TorchRenderer
from meronym.render.shading import lit, prepare
from meronym.types import Cameras, Mesh, Textures

CPU = torch.device("cpu")
PLAIN = RenderStyle(light=(0.0, 0.0, -1.0), colour=(1.0, 1.0, 1.0))
"""Lit from the eye: a surface that faces it has brightness 1 after clamping."""


def mesh_of(solid: trimesh.Trimesh) -> Mesh:
    return Mesh(np.array(solid.vertices), np.array(solid.faces))


def front(size: int = 16) -> Cameras:
    """Looks along -z at the square -1..1, which fills the picture."""
    fov = 2 * np.degrees(np.arctan(1 / 4))
    return cameras.orbit(torch.tensor([[0.0, 0, 1]]), torch.tensor([0.0, 1, 0]), torch.zeros(3), 4, fov, size)


def square(**extra: object) -> Mesh:
    corners = np.array([[-1.0, -1, 0], [1, -1, 0], [1, 1, 0], [-1, 1, 0]])
    return Mesh(corners, np.array([[0, 1, 2], [0, 2, 3]]), **extra)  # type: ignore[arg-type]


UV = np.array([[[0.0, 0], [1, 0], [1, 1]], [[0, 0], [1, 1], [0, 1]]])
CHECKS = np.array([[[255, 0, 0], [0, 255, 0]], [[0, 0, 255], [255, 255, 255]]], dtype=np.uint8)


def test_background_and_plain_colour_are_as_asked() -> None:
    look = RenderStyle(colour=(0.2, 0.4, 0.6), background=(0.1, 0.0, 0.9), light=(0.0, 0.0, -1.0))
    small = Mesh(square().vertices / 4, square().faces)
    colour = TorchRenderer(look)(small, front()).colour[0]
    torch.testing.assert_close(colour[0, 0], torch.tensor([0.1, 0.0, 0.9]))
    ratio = colour[8, 8] / torch.tensor([0.2, 0.4, 0.6])
    torch.testing.assert_close(ratio, ratio[:1].expand(3))


def test_the_sides_towards_the_light_are_brighter_and_both_faces_are_lit() -> None:
    ball = mesh_of(trimesh.creation.icosphere(3))
    flipped = Mesh(ball.vertices, ball.faces[:, ::-1].copy())
    look = cameras.frame(ball.vertices, torch.tensor([[0.0, 0, 1]]), torch.tensor([0.0, 1, 0]), size=32)
    bright = TorchRenderer(RenderStyle(light=(-1.0, 0.0, 0.0)))(ball, look).colour[0, 16, :, 0]
    assert bright[4] > bright[-5] + 0.2
    torch.testing.assert_close(TorchRenderer(RenderStyle(light=(-1.0, 0.0, 0.0)))(flipped, look).colour[0, 16, :, 0], bright)


def test_light_from_the_eye_is_brightest_on_what_faces_it() -> None:
    normals = torch.tensor([[0.0, 0, -1], [1, 0, 0]]).T
    facing, edge = lit(normals, RenderStyle(light=(0.0, 0.0, -2.0))).tolist()
    assert facing == pytest.approx(1.1)
    assert edge == pytest.approx(0.38)


def test_textures_are_the_right_way_up_wrap_around_and_take_the_corner_colour() -> None:
    texture = Textures((CHECKS,), np.zeros(2, dtype=int), UV)
    colour = TorchRenderer(PLAIN)(square(texture=texture), front()).colour[0]
    for (row, column), expected in {(4, 4): [1, 0, 0], (4, 12): [0, 1, 0], (12, 4): [0, 0, 1], (12, 12): [1, 1, 1]}.items():
        assert colour[row, column].tolist() == pytest.approx(expected, abs=0.13), (row, column)
    wrapped = Textures((CHECKS,), np.zeros(2, dtype=int), UV + np.array([3, -7]))
    torch.testing.assert_close(TorchRenderer(PLAIN)(square(texture=wrapped), front()).colour[0], colour, atol=1e-4, rtol=0)
    tint = np.tile([0.5, 1.0, 0.0], (2, 3, 1))
    tinted = TorchRenderer(PLAIN)(square(texture=texture, corner_colour=tint), front()).colour[0]
    assert tinted[12, 12].tolist() == pytest.approx([0.5, 1, 0], abs=0.1)


def test_faces_without_a_texture_keep_their_corner_colour() -> None:
    tint = np.tile([0.5, 1.0, 0.0], (2, 3, 1))
    texture = Textures((CHECKS,), np.array([-1, 0]), np.full_like(UV, np.nan))
    colour = TorchRenderer(PLAIN)(square(texture=texture, corner_colour=tint), front()).colour[0]
    assert torch.isfinite(colour).all()
    assert colour[12, 12].tolist() == pytest.approx([0.55, 1, 0], abs=0.02)


def test_corner_colours_are_interpolated_in_perspective() -> None:
    colour = np.zeros((2, 3, 3))
    deep = np.array([[-1.0, -1, 0], [1, -1, -3], [1, 1, -3], [-1, 1, 0]])
    colour[..., 0] = (deep[:, 0] > 0)[square().faces]
    mesh = Mesh(deep, square().faces, corner_colour=colour)
    look = front(33)
    views = TorchRenderer(RenderStyle(light=(0.0, 0.0, -1.0), smooth=False))(mesh, look)
    shown = views.colour[0, 16, :, 0] / views.colour[0, 16, :, 0].max()
    origin, direction = cameras.rays(look)
    ray = direction[0, 16]
    x = origin[0, 0] + views.depth[0, 16] / (-ray[:, 2]) * ray[:, 0]
    hit = torch.isfinite(views.depth[0, 16])
    hit[hit.nonzero()[[0, -1], 0]] = False
    share = (x[hit] + 1) / 2
    scale = float((shown[hit] / share)[5])
    torch.testing.assert_close(shown[hit], (share * scale).float(), atol=0.02, rtol=0)


def test_large_images_are_averaged_down() -> None:
    fine = (np.indices((512, 512)).sum(0) % 2 * 255).astype(np.uint8)[:, :, None].repeat(3, 2)
    mesh = square(texture=Textures((fine,), np.zeros(2, dtype=int), UV))
    assert prepare(mesh, True, 16, CPU).images[0].shape == (32, 32, 3)
    colour = TorchRenderer(PLAIN)(mesh, front()).colour[0, 4:12, 4:12]
    torch.testing.assert_close(colour, torch.full_like(colour, 0.55), atol=0.02, rtol=0)


def corner_normals(mesh: Mesh) -> np.ndarray:
    normals = prepare(mesh, True, 16, CPU).corner_normal
    assert normals is not None
    return normals.permute(2, 0, 1).numpy()


def test_gentle_edges_are_rounded_even_where_vertices_are_not_shared() -> None:
    ball = trimesh.creation.icosphere(2)
    normals = corner_normals(mesh_of(ball))
    np.testing.assert_allclose(normals, ball.vertices[ball.faces], atol=0.05)
    apart = Mesh(ball.vertices[ball.faces].reshape(-1, 3), np.arange(3 * len(ball.faces)).reshape(-1, 3))
    np.testing.assert_allclose(corner_normals(apart), normals, atol=1e-6)


def test_sharp_edges_stay_sharp() -> None:
    box = trimesh.creation.box()
    np.testing.assert_allclose(corner_normals(mesh_of(box)), np.repeat(box.face_normals[:, None], 3, 1), atol=1e-6)


def test_a_cylinder_has_a_round_side_and_flat_ends() -> None:
    can = trimesh.creation.cylinder(1, 2, sections=24)
    normals, corners = corner_normals(mesh_of(can)), can.vertices[can.faces]
    end = np.abs(can.face_normals[:, 2]) > 0.9
    np.testing.assert_allclose(np.abs(normals[end, :, 2]), 1, atol=1e-6)
    radial = corners[~end] * [1, 1, 0]
    agree = (normals[~end] * radial).sum(-1)
    assert agree.min() > np.cos(np.radians(6))
    flipped = Mesh(np.array(can.vertices), np.where(np.arange(len(can.faces))[:, None] % 2, can.faces, can.faces[:, ::-1]))
    again, radial = corner_normals(flipped)[~end], (flipped.vertices[flipped.faces] * [1, 1, 0])[~end]
    assert np.abs((again * radial).sum(-1)).min() > np.cos(np.radians(6)), "flipped neighbours do no harm"


def test_flat_looks_have_no_rounded_normals() -> None:
    ball = mesh_of(trimesh.creation.icosphere(1))
    assert prepare(ball, False, 16, CPU).corner_normal is None
    look = cameras.frame(ball.vertices, torch.tensor([[0.3, 0.5, 1]]), torch.tensor([0.0, 1, 0]), size=64)
    flat, smooth = (TorchRenderer(RenderStyle(smooth=smooth))(ball, look) for smooth in (False, True))
    middle = flat.element[0, 32, 32]
    same = (flat.element[0] == middle) & (flat.element[0].roll(1, 0) == middle) & (flat.element[0].roll(-1, 0) == middle)
    same &= (flat.element[0].roll(1, 1) == middle) & (flat.element[0].roll(-1, 1) == middle)
    assert flat.colour[0][same].std(0).max() < 0.01 < smooth.colour[0][same].std(0).max()
