"""The renderer on another device, and where that device's memory ends."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
import trimesh
from other_device import assert_same, move, other_device
from splat_files import some_rows

from meronym.core import cameras
from meronym.core.gaussians import gaussians
from meronym.errors import DeviceError
from meronym.render import RenderStyle, TorchRenderer, renderer
from meronym.types import Cameras, Mesh, Opacity, PointCloud, Shape, Textures, Views

Y = torch.tensor([0.0, 1.0, 0.0])
BALL = trimesh.creation.icosphere(2)
FACES = len(BALL.faces)
PLAIN = Mesh(np.array(BALL.vertices), np.array(BALL.faces))
RNG = np.random.default_rng(0)
TEXTURED = replace(
    PLAIN,
    corner_colour=RNG.random((FACES, 3, 3)),
    texture=Textures((RNG.integers(0, 255, (40, 30, 3), dtype=np.uint8),), np.arange(FACES) % 2 - 1, RNG.random((FACES, 3, 2))),
)
LEAVES = replace(
    TEXTURED,
    texture=Textures((RNG.integers(0, 255, (99, 90, 4), dtype=np.uint8),), np.arange(FACES) % 2 - 1, RNG.random((FACES, 3, 2))),
    opacity=Opacity(np.arange(FACES) % 3 / 4, RNG.random((FACES, 3))),
)
CLOUD = PointCloud(RNG.normal(size=(200, 3)))
SHAPES = pytest.mark.parametrize(
    "shape",
    [
        PLAIN,
        TEXTURED,
        LEAVES,
        CLOUD,
        replace(CLOUD, colour=RNG.random((200, 3)), normal=np.tile([0.0, 0.0, 1.0], (200, 1))),
        gaussians(some_rows(60)),
    ],
    ids=["mesh", "textured", "see-through", "points", "points with normals", "gaussians"],
)


def orbiting(shape: Shape, up: torch.Tensor = Y) -> Cameras:
    points = shape.vertices if isinstance(shape, Mesh) else shape.points
    return cameras.frame(points, cameras.spread(3, up), up, 40)


@SHAPES
def test_views_made_on_another_device_are_those_of_the_cpu(shape: Shape) -> None:
    expected = TorchRenderer()(shape, orbiting(shape))
    with other_device() as device:
        assert_same(TorchRenderer(device="cuda")(shape, orbiting(shape)), expected, device)
        assert_same(TorchRenderer()(shape, orbiting(shape, Y.to(device))), expected, device)
        assert_same(TorchRenderer(device="cpu")(shape, orbiting(shape, Y.to(device))), expected, "cpu")


def test_faces_cut_at_the_near_plane_are_the_same_there() -> None:
    floor = Mesh(np.array([[-50.0, 0, -50], [50, 0, -50], [50, 0, 50], [-50, 0, 50]]), np.array([[0, 1, 2], [0, 2, 3]]))
    look = cameras.orbit(torch.tensor([[0.1, 0.4, 0.6]]), Y, torch.tensor([0.3, 0.0, 0.0]), 2, 80, 32)
    with other_device() as device:
        assert_same(TorchRenderer(device=device)(floor, look), TorchRenderer()(floor, look), device)


def test_directions_cameras_and_rays_keep_to_the_device_of_the_up_axis() -> None:
    with other_device() as device:
        for made in (
            lambda up: cameras.spread(5, up, cameras.long_side(TEXTURED, up)),
            lambda up: cameras.partslip(up, front=2 * up),
            lambda up: cameras.directions_at(up * 30, up * 20, up),
            lambda up: cameras.look_at(torch.stack([up, up + 1]), 0 * up, up),
            lambda up: orbiting(CLOUD, up),
            lambda up: cameras.join([orbiting(CLOUD, up)] * 2),
            lambda up: cameras.rays(orbiting(CLOUD, up)),
            lambda up: cameras.project(orbiting(CLOUD, up), torch.stack([up, up + 1]).double()),
            lambda up: cameras.opengl_from_opencv(cameras.look_at(torch.stack([up]), 0 * up, up)),
        ):
            assert_same(made(Y.to(device)), made(Y), device)


class Full:
    """A renderer's insides for which memory ends above `room` views."""

    def __init__(self, room: int, monkeypatch: pytest.MonkeyPatch) -> None:
        self.room, self.asked, self.true = room, list[tuple[str, int]](), renderer.render_mesh
        monkeypatch.setattr(renderer, "render_mesh", self)

    def __call__(self, mesh: Mesh, look: Cameras, *settings: object) -> Views:
        device = look.world_from_camera.device.type
        self.asked.append((device, len(look)))
        if device == "cuda" and len(look) > self.room:
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.")
        return self.true(mesh, look, *settings)


def test_where_memory_ends_fewer_views_are_rendered_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = TorchRenderer()(TEXTURED, orbiting(TEXTURED))
    full = Full(1, monkeypatch)
    with other_device() as device:
        assert_same(TorchRenderer(device=device)(TEXTURED, orbiting(TEXTURED)), expected, device)
    assert full.asked == [("cuda", 3), ("cuda", 1), ("cuda", 1), ("cuda", 1)]


def test_where_not_even_one_view_fits_the_cpu_renders(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = TorchRenderer()(TEXTURED, orbiting(TEXTURED))
    full = Full(0, monkeypatch)
    with other_device() as device:
        assert_same(TorchRenderer(device=device)(TEXTURED, orbiting(TEXTURED)), expected, device)
    assert full.asked == [("cuda", 3), ("cuda", 1), ("cpu", 1), ("cpu", 1), ("cpu", 1)]


def test_a_device_that_is_not_there_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(DeviceError, match="sees no GPU"):
        TorchRenderer(RenderStyle(), device="cuda")


def test_views_move_between_devices() -> None:
    views = TorchRenderer()(PLAIN, orbiting(PLAIN))
    with other_device() as device:
        assert_same(move(views, device), views, device)
