"""See-through faces: samples whose alpha is below the cutoff show what is behind, in colour, depth and element."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from meronym.core import cameras
from meronym.core.selection import selected
from meronym.render import RenderStyle, TorchRenderer
from meronym.render.rasterize import Sieve, Triangles, fill
from meronym.render.shading import lit, prepare
from meronym.types import Cameras, Mesh, Opacity, Textures, Views

CPU = torch.device("cpu")
STYLE = RenderStyle(light=(0.0, 0.0, -1.0), background=(0.0, 0.0, 1.0), smooth=False)
"""Lit from the eye: a surface that faces it has brightness 1 after clamping."""
UV = np.array([[[0.0, 0], [1, 0], [1, 1]], [[0, 0], [1, 1], [0, 1]]]) * 7 / 8 + 1 / 16
"""From the middle of the first of eight texels to that of the last: nothing wraps around."""


def front(size: int = 16) -> Cameras:
    """Looks along -z at the square -1..1, which fills the picture."""
    fov = 2 * np.degrees(np.arctan(1 / 4))
    return cameras.orbit(torch.tensor([[0.0, 0, 1]]), torch.tensor([0.0, 1, 0]), torch.zeros(3), 4, fov, size)


def half_clear(alpha: int = 0) -> np.ndarray:
    """Red; its left half has `alpha`, and is black where that is 0."""
    image = np.full((8, 8, 4), [255, 0, 0, 255], dtype=np.uint8)
    image[:, :4] = [255 if alpha else 0, 0, 0, alpha]
    return image


def two_squares(image: np.ndarray, cutoff: float, corner: float = 1.0) -> Mesh:
    """A square with an image, faces 0 and 1, in front of a larger green one, faces 2 and 3."""
    corners = np.array([[-1.0, -1, 0], [1, -1, 0], [1, 1, 0], [-1, 1, 0]])
    own = np.array([[0, 1, 2], [0, 2, 3]])
    return Mesh(
        np.concatenate([corners, 2 * corners - [0, 0, 1]]),
        np.concatenate([own, own + 4]),
        np.concatenate([np.ones((2, 3, 3)), np.tile([0.0, 1, 0], (2, 3, 1))]),
        Textures((image,), np.array([0, 0, -1, -1]), np.concatenate([UV, UV])),
        opacity=Opacity(np.array([cutoff, cutoff, 0, 0]), np.full((4, 3), corner)),
    )


def front_columns(views: Views) -> list[bool]:
    """Columns of the picture that show the square in front; every row is the same, and colour and depth agree with it."""
    is_front = (views.element[0] == 0) | (views.element[0] == 1)
    assert (is_front == is_front[:1]).all()
    assert (views.element >= 0).all()
    torch.testing.assert_close(views.depth[0], torch.where(is_front, 4.0, 5.0), atol=1e-4, rtol=0)
    inner = is_front[:, 1:-1] & is_front[:, :-2] & is_front[:, 2:], ~(is_front[:, 1:-1] | is_front[:, :-2] | is_front[:, 2:])
    for where, expected in zip(inner, ([1.0, 0, 0], [0.0, 1, 0]), strict=True):
        colour = views.colour[0, 1:-1, 1:-1][where[1:-1]]
        torch.testing.assert_close(colour, torch.tensor(expected).expand_as(colour), atol=1e-4, rtol=0)
    return is_front[0].tolist()


LEFT_CLEAR, ALL_FRONT, ALL_BEHIND = [False] * 8 + [True] * 8, [True] * 16, [False] * 16


@pytest.mark.parametrize(
    ("alpha", "cutoff", "corner", "expected"),
    [
        (0, 0.5, 1.0, LEFT_CLEAR),
        (127, 0.5, 1.0, LEFT_CLEAR),
        (0, 0.5, 0.6, LEFT_CLEAR),
        (0, 0.5, 0.5, LEFT_CLEAR),
        (0, 0.5, 0.4, ALL_BEHIND),
        (255, 1.5, 1.0, ALL_BEHIND),
    ],
)
def test_what_is_behind_clear_spots_is_shown(alpha: int, cutoff: float, corner: float, expected: list[bool]) -> None:
    mesh = two_squares(half_clear(alpha), cutoff, corner)
    views = TorchRenderer(STYLE)(mesh, front())
    found = front_columns(views)
    assert found[:7] + found[9:] == expected[:7] + expected[9:], "the border lies within a pixel of the middle"
    alone = TorchRenderer(STYLE)(selected(mesh, np.array([True, True, False, False])), front())
    assert (alone.element[0, 0] >= 0).tolist() == found
    assert torch.equal(alone.depth.isinf(), alone.element < 0)
    behind = alone.colour[0, 0, :6][torch.tensor([not one for one in found[:6]])]
    torch.testing.assert_close(behind, torch.tensor(STYLE.background).expand_as(behind))


@pytest.mark.parametrize(("alpha", "cutoff", "corner"), [(0, 0.0, 0.1), (128, 0.5, 1.0), (255, 0.5, 0.5), (80, 0.2, 0.9)])
def test_where_nothing_is_below_its_cutoff_pictures_have_the_bytes_of_opaque_ones(
    alpha: int, cutoff: float, corner: float
) -> None:
    mesh = two_squares(half_clear(alpha), cutoff, corner)
    assert mesh.texture is not None
    plain = replace(mesh, texture=replace(mesh.texture, images=(half_clear(alpha)[..., :3],)), opacity=None)
    assert prepare(mesh, True, 16, CPU).pierced is None
    look = cameras.frame(mesh.vertices, cameras.spread(3, torch.tensor([0.0, 1, 0])), torch.tensor([0.0, 1, 0]), size=20)
    found, expected = (TorchRenderer(STYLE)(one, look) for one in (mesh, plain))
    for name in ("colour", "depth", "element"):
        assert torch.equal(getattr(found, name), getattr(expected, name))


def test_an_image_is_opaque_on_the_faces_that_are() -> None:
    """One image on a pierced face and, its alpha ignored, on an opaque one."""
    mesh = two_squares(half_clear(), 0.5)
    assert mesh.texture is not None
    assert mesh.opacity is not None
    both = replace(mesh, texture=replace(mesh.texture, image_of_face=np.zeros(4, dtype=int)))
    colour = TorchRenderer(STYLE)(both, front(32)).colour[0, 16]
    torch.testing.assert_close(colour[2:14], torch.zeros(12, 3), atol=1e-4, rtol=0)
    material = prepare(both, True, 16, CPU)
    assert [alpha is None for alpha in material.alpha] == [False, True]
    assert material.image_of_face is not None
    assert material.image_of_face.tolist() == [0, 0, 1, 1]


def test_a_shape_that_is_clear_everywhere_shows_the_background() -> None:
    mesh = two_squares(half_clear(), 0.5)
    views = TorchRenderer(STYLE)(replace(mesh, opacity=Opacity(np.full(4, 0.5), np.zeros((4, 3)))), front())
    assert (views.element == -1).all()
    assert views.depth.isinf().all()
    torch.testing.assert_close(views.colour, torch.tensor(STYLE.background).expand_as(views.colour))


def test_a_sieve_that_lets_all_pass_changes_nothing_nor_does_the_size_of_chunks() -> None:
    generator = torch.Generator().manual_seed(0)
    x, y, z = torch.rand(3, 3, 60, generator=generator, dtype=torch.float64)
    triangles = Triangles(x * 24, y * 20, z + 0.1, torch.arange(60))
    plain = fill(triangles, 20, 24, 1 << 18)
    for chunk in (20, 1 << 18):
        sieve = Sieve(torch.arange(60) % 3 == 0, lambda triangle, _: torch.ones_like(triangle, dtype=torch.bool))
        assert torch.equal(fill(triangles, 20, 24, chunk, sieve), plain)
        sieve = Sieve(torch.arange(60) % 3 == 0, lambda triangle, _: torch.zeros_like(triangle, dtype=torch.bool))
        kept = torch.arange(60)[torch.arange(60) % 3 != 0]
        fewer = fill(Triangles(x[:, kept] * 24, y[:, kept] * 20, z[:, kept] + 0.1, kept), 20, 24, chunk)
        assert torch.equal(fill(triangles, 20, 24, chunk, sieve), torch.where(fewer < 0, -1, kept[fewer]))


# ---------------------------------------------------------------- the slow twin


class Sample(NamedTuple):
    """What the renderer finds at one sample, in plain Python."""

    face: int
    depth: float
    colour: np.ndarray
    certain: bool
    """No border of a face, of alpha or of depth is so close that rounding could decide otherwise."""


def texel(image: np.ndarray, uv: np.ndarray) -> tuple[np.ndarray, float]:
    """Colour and alpha, 0..1, between the four nearest texels; colours count by their alpha."""
    height, width = image.shape[:2]
    x, y = (uv[0] % 1) * width - 0.5, (1 - uv[1] % 1) * height - 0.5
    colour, alpha = np.zeros(3), 0.0
    for row, column in ((0, 0), (0, 1), (1, 0), (1, 1)):
        share = abs(1 - column - (x - np.floor(x))) * abs(1 - row - (y - np.floor(y)))
        own = image[int(np.floor(y) + row) % height, int(np.floor(x) + column) % width] / 255
        own_alpha = own[3] if len(own) == 4 else 1.0
        colour += share * own_alpha * own[:3]
        alpha += share * own_alpha
    return colour / max(alpha, 1e-9), alpha


def look_along(mesh: Mesh, corner: np.ndarray, direction: np.ndarray) -> Sample:
    """The nearest spot, on a ray from the origin, whose alpha is not below the cutoff; `corner` [f 3 3] in camera space."""
    assert mesh.texture is not None
    assert mesh.opacity is not None
    assert mesh.corner_colour is not None
    hits, certain = [], True
    for face in range(len(mesh.faces)):
        weight = np.linalg.solve(corner[face].T, direction)  # the corners' mean by these weights lies on the ray
        certain &= bool(np.abs(weight / np.abs(weight).max()).min() > 1e-3)
        if (weight > 0).all():
            hits.append((1 / weight.sum(), face, weight / weight.sum()))
    hits.sort()
    certain &= all(far[0] - near[0] > 1e-3 for near, far in pairwise(hits))
    for depth, face, weight in hits:
        index = mesh.texture.image_of_face[face]
        image = mesh.texture.images[index] if index >= 0 else np.full((1, 1, 4), 255, dtype=np.uint8)
        least = image.min((0, 1))[-1] / 255 if image.shape[2] == 4 else 1.0
        pierced = least * mesh.opacity.corner[face].min() < mesh.opacity.cutoff[face]
        colour, alpha = texel(image if pierced else image[..., :3], weight @ mesh.texture.uv[face])
        alpha *= weight @ mesh.opacity.corner[face]
        certain &= bool(abs(alpha - mesh.opacity.cutoff[face]) > 2e-3) or mesh.opacity.cutoff[face] == 0
        if alpha < mesh.opacity.cutoff[face]:
            continue
        normal = np.cross(corner[face, 1] - corner[face, 0], corner[face, 2] - corner[face, 0])
        normal *= (-1 if normal @ direction > 0 else 1) / np.linalg.norm(normal)
        bright = float(lit(torch.tensor(normal[:, None], dtype=torch.float32), STYLE))
        return Sample(face, depth, np.clip(colour * (weight @ mesh.corner_colour[face]) * bright, 0, 1), certain)
    return Sample(-1, np.inf, np.array(STYLE.background), certain)


def render_slowly(mesh: Mesh, look: Cameras) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Element, depth and colour of the one view, and which pixels' elements and colours are certain."""
    pose, intrinsics = look.world_from_camera[0].double().numpy(), look.intrinsics[0].double().numpy()
    corner = (mesh.vertices[mesh.faces] - pose[:3, 3]) @ pose[:3, :3]
    rows, columns = (np.arange(2 * size + 1) / 2 for size in (look.height, look.width))
    grid = [[look_along(mesh, corner, np.linalg.solve(intrinsics, [x, y, 1])) for x in columns] for y in rows]
    face, depth, certain = (np.array([[sample[k] for sample in row] for row in grid]) for k in (0, 1, 3))
    colour = np.array([[sample.colour for sample in row] for row in grid])
    mean, sure = np.zeros((look.height, look.width, 3)), np.ones((look.height, look.width), dtype=bool)
    for down, own in enumerate((0.25, 0.5, 0.25)):
        for right, other in enumerate((0.25, 0.5, 0.25)):
            some = slice(down, down + 2 * look.height, 2), slice(right, right + 2 * look.width, 2)
            mean += own * other * colour[some]
            sure &= certain[some]
    return face[1::2, 1::2], depth[1::2, 1::2], mean, certain[1::2, 1::2], sure


@given(seed=st.integers(0, 10_000), cutoffs=st.lists(st.sampled_from([0.0, 0.2, 0.5, 0.9, 1.5]), min_size=3, max_size=7))
@settings(max_examples=25, deadline=None)
def test_pictures_are_those_of_the_slow_twin(seed: int, cutoffs: list[float]) -> None:
    rng, count = np.random.default_rng(seed), len(cutoffs)
    images = tuple(rng.integers(0, 256, (height, 3, channels), dtype=np.uint8) for height, channels in ((4, 4), (2, 3), (1, 4)))
    texture = Textures(images, rng.integers(-1, 3, count), rng.random((count, 3, 2)) * 3 - 1)
    opacity = Opacity(np.array(cutoffs), 1 - rng.random((count, 3)) ** 2)
    vertices = rng.normal(size=(3 * count, 3)) * [1.5, 1.5, 0.5]
    mesh = Mesh(vertices, np.arange(3 * count).reshape(-1, 3), rng.random((count, 3, 3)), texture, opacity=opacity)
    look = front(6)
    views = TorchRenderer(STYLE)(mesh, look)
    element, depth, colour, certain, sure = render_slowly(mesh, look)
    np.testing.assert_array_equal(views.element[0].numpy()[certain], element[certain])
    np.testing.assert_allclose(views.depth[0].numpy()[certain], depth[certain], rtol=1e-3)
    np.testing.assert_allclose(views.colour[0].numpy()[sure], colour[sure], atol=5e-3)
    assert certain.mean() > 0.6


# ---------------------------------------------------------------- images made smaller


def shrunk(image: np.ndarray, resolution: int) -> tuple[np.ndarray, np.ndarray]:
    material = prepare(two_squares(image, 0.5, 0.9), True, resolution, CPU)
    assert material.alpha[0] is not None
    return material.images[0].numpy(), material.alpha[0].numpy()[..., 0]


@given(seed=st.integers(0, 10_000), share=st.floats(0.05, 0.95), height=st.integers(20, 70), width=st.integers(20, 70))
@settings(max_examples=40, deadline=None)
def test_a_smaller_image_is_as_clear_as_before_above_any_cutoff(seed: int, share: float, height: int, width: int) -> None:
    rng = np.random.default_rng(seed)
    image = rng.integers(0, 256, (height, width, 4), dtype=np.uint8)
    image[rng.random((height, width)) < share, 3] = 0
    image[0, 0, 3] = 0
    _, alpha = shrunk(image, 8)
    assert max(alpha.shape) == 16
    for cutoff in (1, 60, 128, 250):
        assert abs((alpha >= cutoff).mean() - (image[..., 3] >= cutoff).mean()) <= 1 / alpha.size + 1e-9


def test_what_lies_under_clear_texels_does_not_bleed() -> None:
    image = np.zeros((96, 96, 4), dtype=np.uint8)
    inside = np.hypot(*(np.indices((96, 96)) - 47.5)) < 40
    image[inside] = [30, 200, 60, 255]
    colour, alpha = shrunk(image, 12)
    assert (alpha > 0).any()
    np.testing.assert_array_equal(colour[alpha > 0], np.broadcast_to([30, 200, 60], colour[alpha > 0].shape))
    views = TorchRenderer(STYLE)(two_squares(image, 0.5), front(12))
    shown = views.colour[0][:, :, 1:].sum(-1) + views.colour[0][:, :, 0]
    assert shown.min() > 0.9, "no dark border between the leaf and the green behind it"


def test_fine_leaves_become_sparse_and_do_not_vanish() -> None:
    """A texel in four is opaque: averages are a quarter, all below the cutoff. No corner of the image gets more than others."""
    image = np.zeros((128, 128, 4), dtype=np.uint8)
    image[::2, ::2] = [30, 200, 60, 255]
    _, alpha = shrunk(image, 16)
    quarters = (alpha >= 128).reshape(2, 16, 2, 16).mean((1, 3))
    assert np.abs(quarters - 0.25).max() < 0.05


def test_opaque_pixels_are_averaged_as_without_alpha() -> None:
    rng = np.random.default_rng(0)
    image = rng.integers(0, 256, (64, 64, 4), dtype=np.uint8)
    image[:32, :, 3], image[32:, :, 3] = 255, 0
    colour, alpha = shrunk(image, 8)
    means = image[..., :3].reshape(16, 4, 16, 4, 3).mean((1, 3))
    assert np.abs(colour[:8].astype(float) - means[:8]).max() <= 0.51
    np.testing.assert_array_equal(alpha, np.repeat([255, 0], 8)[:, None].repeat(16, 1))
