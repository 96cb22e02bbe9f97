"""The torch renderer against plain-Python twins: spans sample by sample, and rays against every face."""

import math

import numpy as np
import pytest
import torch
import trimesh

from meronym.core import cameras
from meronym.errors import InputError
from meronym.protocols import Renderer
from meronym.render import RenderStyle, TorchRenderer
from meronym.render.rasterize import SLIVER, Triangles, fill
from meronym.types import Cameras, Mesh, PointCloud

Y = torch.tensor([0.0, 1.0, 0.0])


def mesh_of(solid: trimesh.Trimesh) -> Mesh:
    return Mesh(np.array(solid.vertices), np.array(solid.faces))


def fill_slowly(triangles: Triangles, height: int, width: int) -> np.ndarray:
    """What `fill` computes, one sample at a time."""
    nearest = np.full((height, width), np.inf, dtype=np.float32)
    winner = np.full((height, width), -1)
    for index, (x, y, z) in enumerate(
        zip(triangles.x.T.tolist(), triangles.y.T.tolist(), triangles.inverse_depth.T.tolist(), strict=True)
    ):
        ux, uy, uz, wx, wy, wz = x[1] - x[0], y[1] - y[0], z[1] - z[0], x[2] - x[0], y[2] - y[0], z[2] - z[0]
        area = ux * wy - wx * uy
        across = along = 0.0
        if abs(area) >= SLIVER:
            across, along = (uz * wy - wz * uy) / area, (ux * wz - wx * uz) / area
        corner = z[0] - x[0] * across - y[0] * along
        for row in range(height):
            line = row + 0.5
            crossings = []
            for a, b in ((0, 1), (1, 2), (2, 0)):
                a, b = (a, b) if y[a] < y[b] else (b, a)
                if y[a] <= line < y[b]:
                    crossings.append(x[a] + (line - y[a]) * ((x[b] - x[a]) / (y[b] - y[a])))
            columns = [column for column in range(width) if crossings and min(crossings) <= column + 0.5 < max(crossings)]
            if not columns:
                continue
            ends = [corner + line * along + (column + 0.5) * across for column in (columns[0], columns[-1])]
            start, stop = (min(max(end, min(z)), max(z)) for end in ends)
            slope = np.float32((stop - start) / max(len(columns) - 1, 1))
            for offset, column in enumerate(columns):
                depth = np.float32(1) / (np.float32(start) + slope * np.float32(offset))
                if depth < nearest[row, column]:
                    nearest[row, column], winner[row, column] = depth, index
    return winner


def soup(generator: torch.Generator, count: int, scale: float) -> Triangles:
    """Random triangles around a 24 x 20 grid; some have corners on sample centres, no area, or lie outside."""
    x, y = (torch.rand(2, 3, count, generator=generator, dtype=torch.float64) - 0.3) * scale
    x, y = (torch.where(torch.rand(count, generator=generator) < 0.3, (v * 2).round() / 2, v) for v in (x, y))
    x[2, :5], y[2, :5] = x[1, :5], y[1, :5]
    x[:, 5:8] = x[0, 5:8]
    z = torch.rand(3, count, generator=generator, dtype=torch.float64) + 0.1
    z[:, 8:12] = 0.5
    return Triangles(x, y, z, torch.arange(count))


@pytest.mark.parametrize("scale", [4.0, 30.0, 1000.0])
@pytest.mark.parametrize("chunk", [20, 1 << 18])
def test_fill_agrees_with_its_slow_twin(scale: float, chunk: int) -> None:
    triangles = soup(torch.Generator().manual_seed(int(scale)), 40, scale)
    found = fill(triangles, 20, 24, chunk)
    assert (found >= 0).any()
    np.testing.assert_array_equal(found.numpy(), fill_slowly(triangles, 20, 24))


def test_neighbours_neither_overlap_nor_leave_gaps() -> None:
    """A wrinkled sheet covers every sample, whichever way its triangles are ordered."""
    generator = torch.Generator().manual_seed(0)
    line = torch.linspace(-1, 33, 12, dtype=torch.float64)
    y, x = (axis.reshape(-1) for axis in torch.meshgrid(line, line, indexing="ij"))
    x, y = x + torch.rand(144, generator=generator), y + torch.rand(144, generator=generator)
    at = torch.arange(144).view(12, 12)
    a, b, c, d = (at[i, j].reshape(-1) for i in (slice(-1), slice(1, None)) for j in (slice(-1), slice(1, None)))
    faces = torch.cat([torch.stack([a, b, c]), torch.stack([b, d, c])], dim=1)
    order = torch.randperm(faces.shape[1], generator=generator)
    z = torch.ones(3, len(order), dtype=torch.float64)
    plain = fill(Triangles(x[faces], y[faces], z, torch.arange(len(order))), 32, 32, 99)
    mixed = fill(Triangles(x[faces[:, order]], y[faces[:, order]], z, torch.arange(len(order))), 32, 32, 99)
    assert (plain >= 0).all()
    assert torch.equal(order[mixed], plain)


def cast_rays(mesh: Mesh, look: Cameras) -> tuple[np.ndarray, np.ndarray]:
    """Nearest face and its depth per pixel, by testing every face."""
    origin, direction = cameras.rays(look)
    faces, depths = [], []
    for view in range(len(look)):
        ray = direction[view].reshape(-1, 3).numpy()
        a, b, c = (mesh.vertices[mesh.faces[:, k]] - origin[view].numpy() for k in range(3))
        weights = np.stack([ray @ np.cross(p, q).T for p, q in ((b, c), (c, a), (a, b))])
        inside = (weights > 0).all(0) | (weights < 0).all(0)
        with np.errstate(all="ignore"):
            distance = np.einsum("fi,fi->f", a, np.cross(b, c)) / weights.sum(0)
        distance = np.where(inside & (distance > 0), distance, np.inf)
        found = distance.argmin(1)
        distance = distance.min(1)
        faces.append(np.where(np.isfinite(distance), found, -1))
        depths.append(distance * (ray @ look.world_from_camera[view, :3, 2].numpy()))
    shape = (len(look), look.height, look.width)
    return np.stack(faces).reshape(shape), np.stack(depths).reshape(shape)


@pytest.mark.parametrize(
    "solid",
    [
        trimesh.creation.torus(1, 0.4, major_sections=20, minor_sections=9),
        trimesh.creation.box((1, 2, 0.01)),
        trimesh.util.concatenate([trimesh.creation.icosphere(1), trimesh.creation.cylinder(0.5, 3, sections=9)]),
    ],
    ids=["torus", "plate", "crossing"],
)
def test_elements_and_depth_are_those_of_rays_through_pixel_centres(solid: trimesh.Trimesh) -> None:
    mesh = mesh_of(solid)
    look = cameras.frame(mesh.vertices, cameras.spread(3, Y), Y, size=40)
    views = TorchRenderer()(mesh, look)
    face, depth = cast_rays(mesh, look)
    assert (views.element.numpy() == face).mean() > 0.998
    same = views.element.numpy() == face
    np.testing.assert_allclose(views.depth.numpy()[same], depth[same], rtol=1e-4)
    assert torch.equal(views.depth.isinf(), views.element < 0)


def test_faces_that_pass_behind_the_camera_are_cut_not_dropped() -> None:
    floor = Mesh(np.array([[-50.0, 0, -50], [50, 0, -50], [50, 0, 50], [-50, 0, 50]]), np.array([[0, 1, 2], [0, 2, 3]]))
    look = cameras.orbit(torch.tensor([[0.1, 0.4, 0.6]]), Y, torch.tensor([0.3, 0.0, 0.0]), 2, 80, 32)
    views = TorchRenderer()(floor, look)
    face, depth = cast_rays(floor, look)
    np.testing.assert_array_equal(views.element.numpy(), face)
    np.testing.assert_allclose(views.depth.numpy(), depth, rtol=1e-4)
    assert set(np.unique(face)) >= {0, 1}
    behind = Mesh(floor.vertices + np.array([0, 100, 100]), floor.faces)
    assert (TorchRenderer()(behind, look).element == -1).all()


def test_of_two_equal_faces_the_first_is_shown() -> None:
    mesh = mesh_of(trimesh.creation.icosphere(1))
    doubled = Mesh(mesh.vertices, np.concatenate([mesh.faces, mesh.faces]))
    look = cameras.frame(mesh.vertices, cameras.spread(2, Y), Y, size=48)
    assert torch.equal(TorchRenderer()(doubled, look).element, TorchRenderer()(mesh, look).element)


def test_degenerate_faces_change_nothing() -> None:
    mesh = mesh_of(trimesh.creation.icosphere(1))
    more = np.concatenate([mesh.faces, [[0, 0, 0], [1, 2, 1], [3, 4, 4]]])
    look = cameras.frame(mesh.vertices, cameras.spread(2, Y), Y, size=48)
    views, expected = TorchRenderer()(Mesh(mesh.vertices, more), look), TorchRenderer()(mesh, look)
    assert torch.equal(views.element, expected.element)
    torch.testing.assert_close(views.colour, expected.colour)


def test_needles_give_finite_colour_and_depth() -> None:
    generator = np.random.default_rng(0)
    ends = generator.normal(size=(300, 2, 3))
    third = ends[:, :1] + generator.normal(size=(300, 1, 3)) * 10.0 ** generator.uniform(-17, -1, (300, 1, 1))
    mesh = Mesh(np.concatenate([ends, third], axis=1).reshape(-1, 3), np.arange(900).reshape(-1, 3))
    views = TorchRenderer()(mesh, cameras.frame(mesh.vertices, cameras.spread(3, Y), Y, size=64))
    assert torch.isfinite(views.colour).all()
    shown = views.depth[views.element >= 0]
    assert len(shown)
    assert shown.min() > 0
    assert torch.isfinite(shown).all()


def test_pictures_need_not_be_square() -> None:
    mesh = mesh_of(trimesh.creation.box())
    look = cameras.frame(mesh.vertices, cameras.spread(2, Y), Y, size=32)
    wide = Cameras(look.world_from_camera, look.intrinsics, 20, 32)
    assert torch.equal(TorchRenderer()(mesh, wide).element, TorchRenderer()(mesh, look).element[:, :20])


def test_silhouettes_are_smoothed_without_a_shift() -> None:
    look = cameras.orbit(torch.tensor([[0.0, 0, 1]]), Y, torch.zeros(3), 2, 2 * math.degrees(math.atan(0.5)), 10)
    half = Mesh(np.array([[-9.0, -9, 0], [0, -9, 0], [0, 9, 0], [-9, 9, 0]]), np.array([[0, 1, 2], [0, 2, 3]]))
    row = TorchRenderer(RenderStyle(background=(0.0, 0.0, 0.0)))(half, look).colour[0, 5, :, 0]
    assert torch.equal(row[:5], row[:1].expand(5)) or row[4] > 0.7 * row[0]
    shifted = Mesh(half.vertices + np.array([0.05, 0, 0]), half.faces)
    edge = TorchRenderer(RenderStyle(background=(0.0, 0.0, 0.0)))(shifted, look).colour[0, 5, :, 0]
    assert 0.2 < edge[5] / edge[0] < 0.8, "a pixel that the shape half covers is half lit"


def test_points_show_their_own_id_the_nearest_wins_and_the_first_of_equals() -> None:
    places = np.array([[0.0, 0, 0], [0.5, 0.5, 0], [-0.5, 0.5, 0], [0, -0.5, 0.1], [0, 0, 0.6]])
    look = cameras.orbit(torch.tensor([[0.0, 0, 1]]), Y, torch.zeros(3), 4, 30, 64)
    views = TorchRenderer()(PointCloud(np.repeat(places, 6, axis=0)), look)
    pixel, depth = cameras.project(look, torch.from_numpy(places))
    for place in (1, 2, 3, 4):
        row, column = (views.element[0] == 6 * place).nonzero()[0].tolist()
        assert abs(torch.tensor([column, row]) + 0.5 - pixel[0, place]).max() < 1
        assert views.depth[0, row, column] == pytest.approx(float(depth[0, place]), rel=1e-6)
    assert set(views.element.unique().tolist()) <= {-1, 6, 12, 18, 24}
    assert torch.equal(views.depth.isinf(), views.element < 0)


def test_dense_points_leave_no_holes() -> None:
    points, _ = trimesh.sample.sample_surface(trimesh.creation.icosphere(3), 3000, seed=0)
    look = cameras.frame(points, cameras.spread(2, Y), Y, size=64)
    mesh = TorchRenderer()(mesh_of(trimesh.creation.icosphere(3)), look).element >= 0
    cloud = TorchRenderer()(PointCloud(np.array(points)), look).element >= 0
    assert (cloud & mesh).sum() > 0.99 * mesh.sum()
    assert (cloud & ~mesh).sum() < 0.2 * mesh.sum()


def test_point_clouds_are_shaded() -> None:
    points, face = trimesh.sample.sample_surface(trimesh.creation.icosphere(2), 500, seed=0)
    normal = np.array(trimesh.creation.icosphere(2).face_normals[face])
    look = cameras.frame(points, cameras.spread(2, Y), Y, size=32)
    red = np.tile([1.0, 0, 0], (500, 1))
    lit = TorchRenderer()(PointCloud(np.array(points), colour=red, normal=normal), look).colour
    turned = TorchRenderer()(PointCloud(np.array(points), colour=red, normal=-normal), look).colour
    torch.testing.assert_close(lit, turned)
    assert (lit[..., 1] == lit[..., 2]).all()
    assert lit[:, 16, 16, 0].min() > 0.5


def test_without_normals_nearer_points_are_brighter() -> None:
    x, y = (axis.ravel() for axis in np.mgrid[-1:1:30j, -1:1:30j])
    slope = PointCloud(np.stack([x, y, x], axis=1), colour=np.tile([1.0, 0, 0], (900, 1)))
    look = cameras.frame(slope.points, torch.tensor([[0.0, 0, 1]]), Y, size=32)
    row = TorchRenderer()(slope, look).colour[0, 16]
    assert row[24, 0] > row[8, 0] + 0.1
    assert (row[8:24, 1] == 0).all()


@pytest.mark.parametrize(
    ("shape", "message"),
    [
        (Mesh(np.zeros((3, 3)), np.empty((0, 3), dtype=int)), "no face"),
        (PointCloud(np.empty((0, 3))), "no point"),
        (Mesh(np.array([[0.0, 0, 0], [1, np.inf, 0], [0, 1, 0]]), np.array([[0, 1, 2]])), "point 1 is"),
        (Mesh(np.eye(3), np.array([[0, 1, 3]])), "0..3, the mesh has 3"),
    ],
    ids=["no faces", "no points", "infinite", "index"],
)
def test_shapes_that_cannot_be_drawn_are_refused(shape: Mesh | PointCloud, message: str) -> None:
    look = cameras.orbit(torch.tensor([[0.0, 0, 1]]), Y, torch.zeros(3), 4, 30, 16)
    with pytest.raises(InputError, match=message):
        TorchRenderer()(shape, look)


def test_it_is_a_renderer() -> None:
    assert isinstance(TorchRenderer(), Renderer)
