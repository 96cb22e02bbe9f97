"""A scene of one coloured cube is reconstructed from photos."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
import trimesh
from fakes import changed

from meronym.core import cameras
from meronym.core.colour import psnr
from meronym.errors import InputError
from meronym.radiance import rays, spaces
from meronym.radiance.reconstruction import PRESETS, ReconstructionSettings, reconstruct
from meronym.radiance.rendered import LEAST_WEIGHT, RenderedRays
from meronym.radiance.tensorf import OccupancySettings, TensoRF, samples_per_ray
from meronym.render import TorchRenderer
from meronym.types import Cameras, Mesh, Views

QUICK = ReconstructionSettings(steps=60, rays=256, samples=4000, voxels=(10**3, 20**3), occupancy=OccupancySettings((24, 24)))
Made = tuple[TensoRF, RenderedRays, list[tuple[str, int, int]]]


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


@pytest.fixture(scope="module")
def made(views: Views) -> Made:
    """The reconstruction, its rendering through the cameras, and the progress that was reported."""
    told: list[tuple[str, int, int]] = []
    space = spaces.fit_space(views)
    field = reconstruct(views, space, QUICK, lambda stage, done=0, total=0, note="": told.append((stage, done, total)))
    return field, RenderedRays.of(field, space, views.cameras), told


def test_the_error_falls_and_the_photos_come_back(views: Views, made: Made) -> None:
    field, rendered, told = made
    assert told == [("reconstruct", done, QUICK.steps) for done in range(1, QUICK.steps + 1)]
    space = spaces.fit_space(views)
    fog = RenderedRays.of(TensoRF([10] * 3, draw=torch.Generator().manual_seed(0)), space, views.cameras)
    error, first = ((one.colour - views.colour).square().mean() for one in (rendered, fog))
    assert error < 0.3 * first
    assert psnr(rendered.colour, views.colour) > 17
    shown = views.element >= 0
    assert rendered.opacity[shown].mean() > 0.8
    assert (rendered.colour[~shown].mean(0) > 0.9).all(), "what is cut out is white"
    assert not any(parameter.requires_grad for parameter in field.parameters())
    assert np.prod(field.density.grid) > 0.3 * QUICK.voxels[1], "refined"


def test_presets_differ_in_steps_samples_and_voxels_only() -> None:
    fast, default, paper = (PRESETS[name] for name in ("fast", "default", "paper"))
    assert fast.steps < default.steps < paper.steps
    assert default == replace(fast, steps=default.steps, samples=default.samples, voxels=default.voxels)
    assert default == replace(paper, steps=default.steps, rays=default.rays, samples=default.samples, voxels=default.voxels)


def test_points_lie_on_the_cube(views: Views, made: Made) -> None:
    _, rendered, _ = made
    solid = (rendered.opacity > 0.9) & (views.element >= 0)
    pixel, depth = cameras.project(views.cameras, rendered.points[0][solid[0]])
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


def test_pixels_outside_of_the_photos_teach_nothing(views: Views) -> None:
    outside = torch.zeros_like(views.element, dtype=torch.bool)
    outside[:, 12:] = outside[2, :, 5:9] = True
    few, fields = replace(QUICK, steps=6), []
    for colour in (0.0, 1.0):
        painted = replace(views, colour=torch.where(outside[..., None], colour, views.colour), outside=outside)
        fields.append(reconstruct(painted, spaces.fit_space(views), few).state_dict())
    assert all(torch.equal(fields[0][name], fields[1][name]) for name in fields[0])


def test_an_interrupted_reconstruction_goes_on_to_the_same_bytes(views: Views, tmp_path: Path) -> None:
    """Wherever it is interrupted: before the grid is cut down, between its refinements, after the last."""
    space, few, file = spaces.fit_space(views), replace(QUICK, steps=40), tmp_path / "state.safetensors"
    whole = reconstruct(views, space, few).state_dict()
    for last in (2, 5, 8, 30, 40):

        def stop(stage: str, done: int = 0, total: int = 0, note: str = "", last: int = last) -> None:
            if done == last:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            reconstruct(views, space, few, stop, file)
        first: list[int] = []
        again = reconstruct(views, space, few, lambda _, done=0, total=0, note="", to=first: to.append(done), file)
        assert first[0] == (last - 1) // 4 * 4 + 1
        assert all(torch.equal(value, again.state_dict()[name]) for name, value in whole.items())
        file.unlink()
    file.write_bytes(b"no state")
    assert torch.equal(reconstruct(views, space, few, state=file).low, whole["low"]), "a damaged file is begun anew"


def test_colours_that_are_no_numbers_are_refused(views: Views) -> None:
    colour = views.colour.clone()
    colour[2] = torch.nan
    with pytest.raises(InputError, match=r"the loss became nan at step \d+; check"):
        reconstruct(changed(views, colour=colour), spaces.fit_space(views), replace(QUICK, steps=5))


def test_a_rendering_is_the_paint_of_what_was_marched(views: Views, made: Made) -> None:
    """Whatever the chunks."""
    field, rendered, _ = made
    space = spaces.fit_space(views)
    origin, direction = rays.all_rays(views.cameras)
    middle = torch.full((len(origin), 1), 0.5)
    packed = field.march(space.sample(origin, direction, samples_per_ray(field), middle), LEAST_WEIGHT)
    painted = field.paint(packed, direction, 1.0).clamp(0, 1).reshape(rendered.colour.shape)
    torch.testing.assert_close(rendered.colour, painted, rtol=0, atol=1e-5)
    appearance = packed.accumulate(field.features(packed.point))
    torch.testing.assert_close(rendered.appearance, appearance, rtol=1e-4, atol=1e-5)
    some = torch.tensor([700, 3, 3, 1500])
    torch.testing.assert_close(rendered.render(field.features, some), appearance[some], rtol=1e-4, atol=1e-5)
    chunks = RenderedRays.of(field, space, views.cameras, chunk=100).samples
    torch.testing.assert_close(chunks.weight, packed.weight)
    torch.testing.assert_close(rendered.samples.opacity, packed.opacity)
    torch.testing.assert_close(rendered.samples.distance, packed.distance, rtol=1e-4, atol=1e-4)


def test_a_ray_ends_where_half_of_what_contributes_lies_before(views: Views, made: Made) -> None:
    _, rendered, _ = made
    place = rendered.place.reshape(-1, 3)
    origin, direction = rays.all_rays(views.cameras)
    for ray in range(0, len(rendered.samples), 61):
        packed = rendered.samples.take(torch.tensor([ray]))
        if not len(packed.ray):
            assert torch.equal(place[ray], torch.zeros(3))
            continue
        before = packed.weight.double().cumsum(0)
        half = int((before < before[-1] / 2 - 1e-6).sum())
        assert any(torch.equal(place[ray], point) for point in packed.point[half : half + 2]), "or the next, if equal"
        end = origin[ray] + direction[ray] * rendered.distance.flatten()[ray]
        torch.testing.assert_close(rendered.points.reshape(-1, 3)[ray], end, rtol=1e-3, atol=1e-3)


def test_views_picked_from_renderings_are_those_views(made: Made) -> None:
    field, rendered, _ = made
    order = torch.tensor([4, 0, 4])
    picked = RenderedRays.pick([(rendered, view) for view in order.tolist()])
    afresh = RenderedRays.of(field, rendered.space, rendered.cameras.only(order))
    assert torch.equal(picked.cameras.world_from_camera, afresh.cameras.world_from_camera)
    for name in ("opacity", "place", "distance", "colour"):
        torch.testing.assert_close(getattr(picked, name), getattr(afresh, name), rtol=0, atol=1e-5)


def test_psnr_in_decibels() -> None:
    photo = torch.zeros(2, 2, 3)
    assert psnr(photo + 0.1, photo) == pytest.approx(20, abs=1e-4)
    assert psnr(photo + 5, photo) == pytest.approx(0, abs=1e-4)
