"""A scene of one coloured cube is reconstructed from photos."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
import torch
import trimesh
from fakes import changed

from meronym.core import cameras
from meronym.core.colour import psnr
from meronym.errors import InputError
from meronym.radiance import rays, spaces
from meronym.radiance.reconstruction import ReconstructionSettings, reconstruct
from meronym.radiance.rendered import LEAST_WEIGHT, RenderedRays, render_rays
from meronym.radiance.tensorf import TensoRF, samples_per_ray
from meronym.render import TorchRenderer
from meronym.students.feature_field import Kept
from meronym.types import Cameras, Mesh, Views

QUICK = ReconstructionSettings(steps=60, rays=256, samples=4000, voxels=(10**3, 20**3))


@pytest.fixture(scope="module")
def views() -> Views:
    """A cube, each side of another colour, cut out of its background."""
    box = trimesh.creation.box((1, 1, 1))
    axis = np.abs(box.face_normals).argmax(1)
    colour = np.eye(3)[axis] * 0.8 + 0.1 * (box.face_normals.sum(1) > 0)[:, None]
    cube = Mesh(np.array(box.vertices), np.array(box.faces), np.repeat(colour[:, None], 3, axis=1))
    up = torch.tensor([0.0, 1.0, 0.0])
    eye = 3 * cameras.spread(6, up)
    lens = torch.tensor([[26.0, 0, 12], [0, 26, 9], [0, 0, 1]], dtype=torch.float64)
    poses = cameras.look_at(eye, torch.zeros(3), up)
    return TorchRenderer()(cube, Cameras(poses, lens.repeat(6, 1, 1), 18, 24))


@pytest.fixture(scope="module", autouse=True)
def quick() -> Iterator[None]:
    """Empty space is looked for in fewer places."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("meronym.radiance.tensorf.CELLS", (24, 24))
        yield


@pytest.fixture(scope="module")
def made(views: Views) -> tuple[TensoRF, RenderedRays, list[float]]:
    """The reconstruction, what the cameras see of it, and the losses."""
    losses: list[float] = []
    space = spaces.fit_space(views)
    field = reconstruct(views, space, QUICK, lambda done, total, loss: losses.append(loss))
    return field, RenderedRays(field, space, views.cameras, Kept.of(render_rays(field, space, views.cameras))), losses


def test_the_loss_falls_and_the_photos_come_back(views: Views, made: tuple[TensoRF, RenderedRays, list[float]]) -> None:
    field, glance, losses = made
    assert len(losses) == QUICK.steps
    assert np.mean(losses[-10:]) < 0.3 * np.mean(losses[:5])
    assert psnr(glance.colour, views.colour) > 17
    shown = views.element >= 0
    assert glance.opacity[shown].mean() > 0.8
    assert (glance.colour[~shown].mean(0) > 0.9).all(), "what is cut out is white"
    assert not any(parameter.requires_grad for parameter in field.parameters())
    assert np.prod(field.density.grid) > 0.3 * QUICK.voxels[1], "refined"


def test_points_lie_on_the_cube(views: Views, made: tuple[TensoRF, RenderedRays, list[float]]) -> None:
    _, glance, _ = made
    solid = (glance.opacity > 0.9) & (views.element >= 0)
    pixel, depth = cameras.project(views.cameras, glance.points[0][solid[0]])
    apart = depth[0] - views.depth[0][solid[0]]
    assert apart.abs().median() < 0.15
    y, x = solid[0].nonzero().unbind(1)
    torch.testing.assert_close(pixel[0], torch.stack([x, y], 1) + 0.5, rtol=0, atol=1e-2)


def test_the_same_seed_gives_the_same_bytes_and_another_does_not(views: Views) -> None:
    space, few = spaces.fit_space(views), replace(QUICK, steps=15)
    one, other, another = (reconstruct(views, space, replace(few, seed=seed)).state_dict() for seed in (3, 3, 4))
    assert one.keys() == other.keys()
    assert all(torch.equal(one[name], other[name]) for name in one)
    assert not torch.equal(one["basis.weight"], another["basis.weight"])


def test_colours_that_are_no_numbers_are_refused(views: Views) -> None:
    colour = views.colour.clone()
    colour[2] = torch.nan
    with pytest.raises(InputError, match=r"the loss became nan at step \d+; check"):
        reconstruct(changed(views, colour=colour), spaces.fit_space(views), replace(QUICK, steps=5))


def test_what_cameras_see_is_the_paint_of_what_was_marched(
    views: Views, made: tuple[TensoRF, RenderedRays, list[float]]
) -> None:
    """Whatever the chunks."""
    field, glance, _ = made
    space = spaces.fit_space(views)
    origin, direction = rays.all_rays(views.cameras)
    hits = field.march(space.sample(origin, direction, samples_per_ray(field), torch.full((len(origin), 1), 0.5)), LEAST_WEIGHT)
    painted = field.paint(hits, direction, 1.0).clamp(0, 1).reshape(glance.colour.shape)
    torch.testing.assert_close(glance.colour, painted, rtol=0, atol=1e-5)
    torch.testing.assert_close(glance.appearance, hits.gather(field.features(hits.point)), rtol=1e-4, atol=1e-5)
    chunks = Kept.of(render_rays(field, space, views.cameras, chunk=100))
    torch.testing.assert_close(chunks.weight, hits.weight)
    torch.testing.assert_close(glance.kept.opacity, hits.opacity)
    torch.testing.assert_close(glance.kept.distance, hits.distance, rtol=1e-4, atol=1e-4)


def test_a_ray_ends_where_half_of_what_contributes_lies_before(
    views: Views, made: tuple[TensoRF, RenderedRays, list[float]]
) -> None:
    _, glance, _ = made
    kept, place = glance.kept, glance.place.reshape(-1, 3)
    origin, direction = rays.all_rays(views.cameras)
    for ray in range(0, len(kept), 61):
        hits = kept.take(torch.tensor([ray]))
        if not len(hits.ray):
            assert torch.equal(place[ray], torch.zeros(3))
            continue
        before = hits.weight.double().cumsum(0)
        half = int((before < before[-1] / 2 - 1e-6).sum())
        assert any(torch.equal(place[ray], point) for point in hits.point[half : half + 2]), "or the next, if halves are equal"
        end = origin[ray] + direction[ray] * glance.distance.flatten()[ray]
        torch.testing.assert_close(glance.points.reshape(-1, 3)[ray], end, rtol=1e-3, atol=1e-3)


def test_psnr_in_decibels() -> None:
    photo = torch.zeros(2, 2, 3)
    assert psnr(photo + 0.1, photo) == pytest.approx(20, abs=1e-4)
    assert psnr(photo + 5, photo) == pytest.approx(0, abs=1e-4)
