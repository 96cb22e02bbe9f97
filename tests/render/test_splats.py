"""Splatting against a slow twin, which takes every pixel by itself and every Gaussian in its turn, as the papers say it."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from benchmarks.splats import splats_of
from meronym.core import cameras, geometry
from meronym.core.gaussians import gaussians, recoloured, rows_of
from meronym.errors import InputError
from meronym.render import RenderStyle, TorchRenderer
from meronym.render.splats import SplatSettings, contributions, render_gaussians
from meronym.types import Cameras, Gaussians, Mesh

UP = torch.tensor([0.0, 1.0, 0.0])


def some(rng: np.random.Generator, count: int, degree: int = 3, size: float = 0.15) -> Gaussians:
    """A ball of Gaussians of many shapes, all of them shown."""
    rows = rows_of(
        rng.normal(size=(count, 3)) * 0.4, np.log(size * rng.uniform(0.05, 2, (count, 3))), rng.normal(size=(count, 4)),
        rng.normal(size=count) * 3, rng.normal(size=(count, 3)), 0.3 * rng.normal(size=(count, 3 * ((degree + 1) ** 2 - 1))),
    )  # fmt: skip
    return Gaussians(rows, np.zeros(count, bool))


def looking(height: int, width: int, distance: float = 3.0, views: int = 1) -> Cameras:
    """Cameras around the origin that are not square and look beside it."""
    side = max(height, width)
    found = cameras.orbit(cameras.spread(views, UP), UP, torch.zeros(3), distance, 40.0, side)
    shift = torch.tensor([[0, 0, width / 2 - side / 2 + 1.3], [0, 0.9, height / 2 - side / 2 - 2.1], [0, 0, 0]])
    return Cameras(found.world_from_camera, found.intrinsics + shift.double(), height, width)


def harmonic(rest: np.ndarray, f_dc: np.ndarray, d: np.ndarray) -> np.ndarray:
    """A colour by the sums that 3DGS writes out."""
    x, y, z = d
    colour = 0.28209479177387814 * f_dc
    sh = rest.reshape(3, -1).T
    if len(sh) > 0:
        colour = colour + 0.4886025119029199 * (-y * sh[0] + z * sh[1] - x * sh[2])
    if len(sh) > 3:
        colour = colour + 1.0925484305920792 * (x * y * sh[3] - y * z * sh[4] - x * z * sh[6])
        colour = colour + 0.31539156525252005 * (2 * z * z - x * x - y * y) * sh[5]
        colour = colour + 0.5462742152960396 * (x * x - y * y) * sh[7]
    if len(sh) > 8:
        colour = colour - 0.5900435899266435 * (y * (3 * x * x - y * y) * sh[8] + x * (x * x - 3 * y * y) * sh[14])
        colour = colour + 2.890611442640554 * x * y * z * sh[9]
        colour = colour - 0.4570457994644658 * (4 * z * z - x * x - y * y) * (y * sh[10] + x * sh[12])
        colour = colour + 0.3731763325901154 * z * (2 * z * z - 3 * x * x - 3 * y * y) * sh[11]
        colour = colour + 1.445305721320277 * z * (x * x - y * y) * sh[13]
    return np.maximum(colour + 0.5, 0)


def slowly(shape: Gaussians, view: Cameras) -> tuple[np.ndarray, np.ndarray, np.ndarray, dict[tuple[int, int, int], float]]:
    """Colour, depth and element of a view, and all contributions by Gaussian, row and column."""
    pose, k = view.world_from_camera[0].double().numpy(), view.intrinsics[0].double().numpy()
    inside = (shape.points - pose[:3, 3]) @ pose[:3, :3]
    (fx, _, cx), (_, fy, cy) = k[0], k[1]
    drawn = []
    for g in np.argsort(inside[:, 2], kind="stable"):
        x, y, z = inside[g]
        low_x, high_x = -cx / fx - 0.15 * view.width / fx, (view.width - cx) / fx + 0.15 * view.width / fx
        low_y, high_y = -cy / fy - 0.15 * view.height / fy, (view.height - cy) / fy + 0.15 * view.height / fy
        u, v = min(max(x / z, low_x), high_x), min(max(y / z, low_y), high_y)
        jacobian = np.array([[fx / z, 0, -fx * u / z], [0, fy / z, -fy * v / z]])
        turn = Rotation.from_quat(np.roll(shape.rotation[g].astype(float), -1)).as_matrix()
        spread = turn @ np.diag(shape.deviation[g].astype(float) ** 2) @ turn.T
        to_camera = jacobian @ pose[:3, :3].T
        inverse = np.linalg.inv(to_camera @ spread @ to_camera.T + 0.3 * np.eye(2))
        towards = shape.points[g] - pose[:3, 3]
        row = shape.rows[g]
        rest = np.array(
            [row[name] for name in sorted((n for n in shape.names if n[:7] == "f_rest_"), key=lambda n: int(n[7:]))]
        )
        colour = harmonic(rest, np.array([row[f"f_dc_{c}"] for c in range(3)]), towards / np.linalg.norm(towards))
        drawn.append((int(g), z, np.array([fx * x / z + cx, fy * y / z + cy]), inverse, float(shape.opacity[g]), colour))
    picture, depth = np.ones((view.height, view.width, 3)), np.full((view.height, view.width), np.inf)
    element, shares = np.full((view.height, view.width), -1), dict[tuple[int, int, int], float]()
    for i in range(view.height):
        for j in range(view.width):
            left, total, best = 1.0, np.zeros(3), (0.0, -1)
            for g, z, centre, inverse, opacity, colour in drawn:
                away = centre - [j + 0.5, i + 0.5]
                alpha = min(0.99, opacity * math.exp(-0.5 * away @ inverse @ away))
                if alpha < 1 / 255:
                    continue
                if left * (1 - alpha) <= 1e-4:
                    break
                weight = left * alpha
                total, best = total + weight * colour, max(best, (weight, g))
                shares[g, i, j] = weight
                if left > 0.5 >= left * (1 - alpha):
                    depth[i, j] = z
                left *= 1 - alpha
            picture[i, j] = np.clip(total + left, 0, 1)
            element[i, j] = best[1] if left <= 0.5 else -1
    return picture, depth, element, shares


@pytest.mark.parametrize(("degree", "chunk"), [(0, 50), (1, 1 << 20), (2, 300), (3, 1000)])
def test_splatting_agrees_with_its_slow_twin(degree: int, chunk: int) -> None:
    shape, view = some(np.random.default_rng(degree), 60, degree), looking(20, 26)
    settings = SplatSettings(chunk=chunk)
    found = render_gaussians(shape, view, RenderStyle(), settings)
    colour, depth, element, shares = slowly(shape, view)
    np.testing.assert_allclose(found.colour[0].numpy(), colour, atol=1e-5)
    np.testing.assert_allclose(found.depth[0].numpy(), depth, rtol=1e-5)
    np.testing.assert_array_equal(found.element[0].numpy(), element)
    assert (element >= 0).any()
    assert (element < 0).any()
    given = {
        (int(g), int(p) // 26, int(p) % 26): float(w)
        for part in contributions(shape, view, 0, settings)
        for g, p, w in zip(part.gaussian, part.pixel, part.weight, strict=True)
    }
    assert given.keys() == shares.keys()
    assert max(abs(given[key] - shares[key]) for key in shares) < 1e-5


def test_a_camera_among_gaussians_sees_those_in_front_of_it() -> None:
    """Some lie behind it, some beside the picture, whose ellipses are those of places near its border."""
    shape = some(np.random.default_rng(7), 40, 0)
    view = looking(16, 16, distance=0.3)
    ahead = shape.points @ view.world_from_camera[0, :3, 2].numpy() - float(
        view.world_from_camera[0, :3, 2] @ view.world_from_camera[0, :3, 3]
    )
    front = ahead > 0.01 * np.median(ahead[ahead > 0])
    assert 5 < front.sum() < 40
    found = TorchRenderer()(shape, view)
    own = Gaussians(shape.rows[front], shape.floating[front])
    np.testing.assert_allclose(found.colour[0].numpy(), slowly(own, view)[0], atol=1e-5)


def test_pixels_that_are_finished_stay_so() -> None:
    """Behind nearly opaque Gaussians a faint one would leave more than 1e-4, but the pixel is finished before it."""
    count = 8
    rows = rows_of(
        np.stack([np.zeros(count), np.zeros(count), -np.arange(count) * 0.1], 1), np.full((count, 3), np.log(0.2)),
        np.tile([1.0, 0, 0, 0], (count, 1)), np.array([4, 4, 4, -3, -3, 4, -3, -3.0]), np.tile([[1.0, -1, 0]], (count, 1)),
    )  # fmt: skip
    shape = Gaussians(rows, np.zeros(count, bool))
    view = cameras.orbit(torch.tensor([[0.0, 0, 1]]), UP, torch.zeros(3), 3.0, 20.0, 9)
    for chunk in (1, 1 << 20):
        found = render_gaussians(shape, view, RenderStyle(), SplatSettings(chunk=chunk))
        np.testing.assert_allclose(found.colour[0].numpy(), slowly(shape, view)[0], atol=1e-5)


@settings(max_examples=15, deadline=None, derandomize=True)
@given(st.integers(0, 1000))
def test_weights_of_a_pixel_sum_to_its_opacity(seed: int) -> None:
    shape, view = recoloured(some(np.random.default_rng(seed), 80), np.zeros((80, 3))), looking(24, 30)
    light = torch.zeros(24 * 30)
    for part in contributions(shape, view, 0):
        light.index_add_(0, part.pixel, part.weight)
    assert float(light.max()) <= 1
    black = TorchRenderer()(shape, view).colour[0, :, :, 0].reshape(-1)
    torch.testing.assert_close(black, 1 - light, atol=2e-6, rtol=0)


def test_a_sphere_of_gaussians_looks_like_the_sphere(sphere: Mesh) -> None:
    shape, face = splats_of(sphere, 20_000, torch.Generator().manual_seed(0))
    views = cameras.frame(geometry.used_points(sphere), cameras.spread(3, UP), UP, 96)
    mesh, splats = TorchRenderer()(sphere, views), TorchRenderer()(shape, views)
    assert ((mesh.element >= 0) == (splats.element >= 0)).float().mean() > 0.94
    both = (mesh.element >= 0) & (splats.element >= 0)
    assert (mesh.depth - splats.depth)[both].abs().median() < 0.04
    near = torch.from_numpy(face)[splats.element[both]] == mesh.element[both]
    assert near.float().mean() > 0.5, "the Gaussian that contributes most is one of the face that the pixel shows"
    assert splats.colour[splats.element < 0].mean() > 0.8


def test_floaters_are_not_shown() -> None:
    rng = np.random.default_rng(0)
    ball = some(rng, 500, 0, 0.05)
    far = ball.rows[:3].copy()
    far["x"] += 50
    near = gaussians(np.concatenate([ball.rows, far]))
    assert near.floating.sum() >= 3
    assert near.floating[-3:].all()
    assert np.abs(geometry.used_points(near)).max() < 3
    view = looking(20, 20)
    alone = Gaussians(near.rows, near.floating)
    assert not any((part.gaussian >= 500).any() for part in contributions(alone, view, 0))


def test_views_are_the_same_from_run_to_run_and_bound_in_memory() -> None:
    shape, view = some(np.random.default_rng(1), 3000), looking(48, 64, views=2)
    one, two = TorchRenderer()(shape, view), TorchRenderer()(shape, view)
    assert torch.equal(one.colour, two.colour)
    assert torch.equal(one.element, two.element)
    longest = max(len(part.weight) for part in contributions(shape, view, 0, SplatSettings(chunk=5000)))
    assert longest <= 5000 + 48 * 64


def test_nothing_to_show_is_said() -> None:
    shape = some(np.random.default_rng(0), 5)
    with pytest.raises(InputError, match="of 5 Gaussians none is opaque"):
        TorchRenderer()(Gaussians(shape.rows, np.ones(5, bool)), looking(8, 8))


@pytest.fixture(scope="module")
def sphere() -> Mesh:
    import trimesh

    ball = trimesh.creation.icosphere(subdivisions=2)
    return Mesh(np.array(ball.vertices), np.array(ball.faces))
