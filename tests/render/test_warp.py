"""The Warp renderer against the torch one."""

import numpy as np
import pytest
import torch
import trimesh

from meronym import cameras
from meronym.errors import InputError, PluginError
from meronym.plugins import Renderer, load
from meronym.render import Look, TorchRenderer, WarpRenderer, best_renderer
from meronym.types import Mesh, PointCloud

warp = pytest.importorskip("warp")

Y = torch.tensor([0.0, 1.0, 0.0])


def mesh_of(solid: trimesh.Trimesh) -> Mesh:
    return Mesh(np.array(solid.vertices), np.array(solid.faces))


@pytest.mark.parametrize(
    "solid",
    [
        trimesh.creation.torus(1, 0.3, major_sections=40, minor_sections=20),
        trimesh.creation.box((1, 2, 0.001)),
        trimesh.util.concatenate([trimesh.creation.icosphere(2), trimesh.creation.cylinder(0.5, 3, sections=9)]),
        trimesh.Trimesh(np.random.default_rng(0).normal(size=(300, 3)), np.arange(300).reshape(-1, 3), process=False),
    ],
    ids=["torus", "plate", "crossing", "soup"],
)
def test_both_renderers_show_the_same(solid: trimesh.Trimesh) -> None:
    mesh = mesh_of(solid)
    look = cameras.frame(mesh.vertices, cameras.spread(4, Y), Y, size=96)
    fast, slow = WarpRenderer()(mesh, look), TorchRenderer()(mesh, look)
    same = fast.element == slow.element
    assert same.float().mean() > 0.999
    torch.testing.assert_close(fast.depth[same], slow.depth[same])
    assert (fast.colour - slow.colour).abs().amax(-1).gt(0.01).float().mean() < 0.001


def test_faces_that_pass_behind_the_camera_agree() -> None:
    floor = Mesh(np.array([[-50.0, 0, -50], [50, 0, -50], [50, 0, 50], [-50, 0, 50]]), np.array([[0, 1, 2], [0, 2, 3]]))
    look = cameras.orbit(torch.tensor([[0.1, 0.4, 0.6]]), Y, torch.zeros(3), 2, 80, 32)
    assert torch.equal(WarpRenderer()(floor, look).element, TorchRenderer()(floor, look).element)


def test_points_are_the_torch_renderers() -> None:
    cloud = PointCloud(np.random.default_rng(0).normal(size=(50, 3)))
    look = cameras.frame(cloud.points, cameras.spread(2, Y), Y, size=32)
    assert torch.equal(WarpRenderer()(cloud, look).colour, TorchRenderer()(cloud, look).colour)


def test_nothing_is_printed(capfd: pytest.CaptureFixture[str]) -> None:
    mesh = mesh_of(trimesh.creation.box())
    WarpRenderer()(mesh, cameras.frame(mesh.vertices, cameras.spread(1, Y), Y, size=16))
    assert capfd.readouterr() == ("", "")


def test_bad_shapes_are_refused_as_by_torch() -> None:
    look = cameras.orbit(torch.tensor([[0.0, 0, 1]]), Y, torch.zeros(3), 4, 30, 16)
    with pytest.raises(InputError, match="no face"):
        WarpRenderer()(Mesh(np.zeros((3, 3)), np.empty((0, 3), dtype=int)), look)


def test_without_warp_the_error_names_the_extra_and_torch_steps_in(monkeypatch: pytest.MonkeyPatch) -> None:
    assert isinstance(best_renderer(), WarpRenderer)
    assert isinstance(load("renderers", "warp")(), Renderer)
    for module in ("meronym.render", "meronym.render.warp"):
        monkeypatch.setattr(f"{module}.available", lambda: False)
    with pytest.raises(PluginError, match=r"pip install meronym\[fast\]"):
        WarpRenderer()
    fallback = best_renderer(Look(smooth=False))
    assert isinstance(fallback, TorchRenderer)
    assert not fallback.look.smooth
