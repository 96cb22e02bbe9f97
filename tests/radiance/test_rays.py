"""Where samples along rays lie, and which space suits which photos."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation
from torch import Tensor

from meronym.core import cameras
from meronym.radiance import rays
from meronym.radiance.rays import Samples, Space
from meronym.radiance.spaces import Box, Contracted, Ndc, contract, fit_space, focus
from meronym.types import Cameras, Views

few = settings(max_examples=30, deadline=None, derandomize=True)
seeds = st.integers(0, 2**16)
counts = st.integers(2, 40)
jitters = st.floats(0, 0.9)


def drawn(seed: int, *shape: int) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def motion(seed: int) -> Tensor:
    """A rotation and a shift."""
    move = torch.eye(4, dtype=torch.float64)
    move[:3, :3] = torch.from_numpy(Rotation.random(random_state=seed).as_matrix())
    move[:3, 3] = 3 * drawn(seed, 3).double()
    return move


def shots(seed: int, spread: float = 1.0, rays_each: int = 12) -> tuple[Tensor, Tensor]:
    """Origins and unit directions."""
    direction = torch.nn.functional.normalize(drawn(seed + 1, rays_each, 3), dim=1)
    return spread * drawn(seed, rays_each, 3), direction


def sampled(space: Space, origin: Tensor, direction: Tensor, count: int, jitter: float) -> tuple[Samples, Tensor]:
    """Samples, and where in the world each is by its distance."""
    found = space.sample(origin, direction, count, torch.full((len(origin), 1), jitter))
    assert found.point.shape == (len(origin), count, 3)
    for value in (found.point, found.distance, found.step):
        assert torch.isfinite(value).all()
    assert (found.distance.diff(dim=1) >= 0).all()
    return found, (origin[:, None].double() + direction[:, None].double() * found.distance[..., None].double())


# ----------------------------------------------------------------------------------------------------------------- box


@few
@given(seeds, counts, jitters)
def test_samples_of_a_box_lie_where_they_say(seed: int, count: int, jitter: float) -> None:
    low = drawn(seed + 2, 3)
    box = Box(low, low + 0.5 + drawn(seed + 3, 3).abs())
    origin, direction = shots(seed, 2.0)
    found, world = sampled(box, origin, direction, count, jitter)
    middle, half = (box.low + box.high).double() / 2, (box.high - box.low).double() / 2
    torch.testing.assert_close(found.point.double(), (world - middle) / half, rtol=1e-4, atol=1e-4)
    inside = ((world >= box.low.double()) & (world <= box.high.double())).all(-1)
    sure = (((world - middle) / half).abs() - 1).abs().amin(-1) > 1e-4
    meets = found.inside.any(1)
    assert torch.equal(found.inside[meets][sure[meets]], inside[meets][sure[meets]])
    assert (found.distance[meets] > 0).all()
    assert (found.step[meets] > 0).all()


@few
@given(seeds, counts)
def test_samples_of_a_box_fill_the_chord(seed: int, count: int) -> None:
    """From where the ray enters, or the camera is, to where it leaves; rays that miss or face away have none."""
    low = drawn(seed + 2, 3)
    box = Box(low, low + 0.5 + drawn(seed + 3, 3).abs())
    within = torch.rand(12, 3, generator=torch.Generator().manual_seed(seed)) * 0.98 + 0.01
    target = box.low + (box.high - box.low) * within
    origin = 2 * drawn(seed, 12, 3)
    direction = torch.nn.functional.normalize(target - origin, dim=1)
    found, _ = sampled(box, origin, direction, count, 0.0)
    start = found.point[:, 0]
    size = (box.high - box.low) / 2
    along = torch.nn.functional.normalize(direction / size, dim=1)
    end = start + along * found.step.sum(1, keepdim=True)
    outside = ((origin - box.low) / size - 1).abs().amax(1) > 1
    torch.testing.assert_close(start[outside].abs().amax(1), torch.ones(int(outside.sum())), rtol=0, atol=1e-3)
    torch.testing.assert_close(end.abs().amax(1), torch.ones(12), rtol=0, atol=1e-3)
    assert found.inside[:, 1:].all()
    away = box.sample(origin[outside], -direction[outside], count, torch.zeros(int(outside.sum()), 1))
    assert not away.inside.any()


def test_rays_along_an_axis_meet_a_box() -> None:
    box = Box(-torch.ones(3), torch.ones(3))
    origin = torch.tensor([[-3.0, 0, 0], [-3, 0.5, -0.5], [-3, 2, 0]])
    direction = torch.tensor([[1.0, 0, 0], [1, -0.0, 0], [1, 0, 0]])
    found = box.sample(origin, direction, 4, torch.full((3, 1), 0.5))
    torch.testing.assert_close(found.distance[:2], torch.tensor([2.25, 2.75, 3.25, 3.75]).expand(2, 4))
    assert found.inside.all(1).tolist() == [True, True, False]


# ----------------------------------------------------------------------------------------------------------------- ndc


@few
@given(seeds, counts, jitters, st.floats(0.2, 3), st.floats(20, 200), st.integers(8, 60), st.integers(8, 60))
def test_ndc_is_that_of_the_textbook(
    seed: int, count: int, jitter: float, near: float, focal: float, width: int, height: int
) -> None:
    """Mildenhall et al., NeRF, appendix C, eq. 25: OpenGL's camera, at the origin, looking down -z."""
    space = Ndc(torch.eye(4), torch.tensor([width / 2 / focal, height / 2 / focal]), near)
    origin, direction = shots(seed, 0.1 * near)
    direction = torch.nn.functional.normalize(direction * torch.tensor([0.4, 0.4, 1]), dim=1)
    found, world = sampled(space, origin, direction, count, jitter)
    x, y, z = (world * torch.tensor([1, -1, -1])).unbind(-1)  # x right, y up, z backward
    textbook = torch.stack([-focal / (width / 2) * x / z, -focal / (height / 2) * y / z, 1 + 2 * near / z], -1)
    ahead = direction[:, 2] > 1e-3
    point = found.point.double() * torch.tensor([1, -1, 1])
    torch.testing.assert_close(point[ahead], textbook[ahead], rtol=1e-3, atol=1e-3)
    assert not found.inside[direction[:, 2] < 0].any()


@few
@given(seeds, counts, jitters)
def test_samples_of_ndc_lie_where_they_say(seed: int, count: int, jitter: float) -> None:
    space = Ndc(motion(seed).float(), torch.tensor([0.8, 0.6]), 0.7)
    origin, direction = shots(seed, 0.5)
    origin = origin + space.world_from_reference[:3, 3]
    found, world = sampled(space, origin, direction, count, jitter)
    reference = (world - space.world_from_reference[:3, 3].double()) @ space.world_from_reference[:3, :3].double()
    x, y, z = reference.unbind(-1)
    expected = torch.stack([x / z / 0.8, y / z / 0.6, 1 - 2 * space.near / z], -1)
    forward = (direction @ space.world_from_reference[:3, :3])[:, 2]
    clear = (forward > 0.05)[:, None] & (expected.abs() < 5).all(-1)
    assume(clear.any())
    torch.testing.assert_close(found.point[clear].double(), expected[clear], rtol=1e-2, atol=2e-3)
    sure = clear & ((expected.abs() - 1).abs().amin(-1) > 5e-3) & (found.distance.abs() > 1e-4)
    inside = (expected.abs() <= 1).all(-1) & (found.distance > 0)
    assert torch.equal(found.inside[sure], inside[sure])
    assert not found.inside[forward < 0].any()
    assert (found.step[forward > 0] > 0).all()
    line = (found.point[:, 1:] - found.point[:, :-1]).norm(dim=-1)
    usual = line.isfinite() & (forward > 0.05)[:, None] & (torch.arange(1, count) < count - 1)
    torch.testing.assert_close(line[usual], found.step[:, :-1][usual], rtol=1e-2, atol=1e-4)


# ---------------------------------------------------------------------------------------------------------- contracted


@few
@given(seeds, st.floats(-6, 6))
def test_contraction_is_the_equation(seed: int, power: float) -> None:
    """mip-NeRF 360, eq. 10: x, or (2 - 1 / |x|) x / |x|."""
    point = drawn(seed, 8, 3).double() * 10.0**power
    for place, found in zip(point.tolist(), contract(point).tolist(), strict=True):
        length = math.hypot(*place)
        expected = place if length <= 1 else [(2 - 1 / length) * coordinate / length for coordinate in place]
        assert found == pytest.approx(expected, rel=1e-9)
        assert math.hypot(*found) <= 2


@few
@given(seeds, counts, jitters, st.floats(0.1, 10), st.floats(0.01, 0.5))
def test_samples_of_the_contracted_world_lie_where_they_say(
    seed: int, count: int, jitter: float, radius: float, near: float
) -> None:
    space = Contracted(drawn(seed + 2, 3), radius, near)
    origin, direction = shots(seed, radius)
    origin = origin + space.centre
    found, world = sampled(space, origin, direction, count, jitter)
    place = (world - space.centre.double()) / radius
    length = place.norm(dim=-1, keepdim=True)
    expected = torch.where(length <= 1, place, (2 / length - 1 / length**2) * place) / 2
    torch.testing.assert_close(found.point.double(), expected, rtol=1e-3, atol=1e-3)
    assert (found.point.norm(dim=-1) <= 1 + 1e-6).all()
    assert found.inside.all()
    assert (found.distance >= near * radius * (1 - 1e-4)).all()
    assert (found.step > 0).all()
    polyline = (found.point[:, 1:] - found.point[:, :-1]).norm(dim=-1).sum(1)
    torch.testing.assert_close(found.step[:, :-1].sum(1), polyline)


def test_the_contracted_world_is_asked_from_the_camera_to_infinity() -> None:
    space = Contracted(torch.zeros(3), 1.0, 0.1)
    found, _ = sampled(space, torch.tensor([[0.0, 0, -3]]), torch.tensor([[0.0, 0, 1]]), 400, 0.0)
    assert float(found.distance[0, 0]) == pytest.approx(0.1)
    assert float(found.distance[0, 300]) == pytest.approx(5.0, rel=0.01), "three quarters as far as 2 radii behind the centre"
    assert found.distance[0, -1] > 300
    assert found.point[0, -1, 2] > 0.99
    gaps = found.distance[0].diff()
    torch.testing.assert_close(gaps[:299], gaps[:1].expand(299), rtol=1e-3, atol=0)


@few
@given(seeds)
def test_the_way_back_to_the_world(seed: int) -> None:
    origin, direction = shots(seed, 0.3)
    direction = torch.nn.functional.normalize(direction.abs() * torch.tensor([0.3, 0.3, 1]), dim=1)
    for space in (
        Box(-torch.ones(3), torch.tensor([1.0, 2, 3])),
        Ndc(torch.eye(4), torch.tensor([0.9, 0.7]), 0.5),
        Contracted(torch.tensor([0.1, 0.2, 0.3]), 1.5, 0.1),
    ):
        assert isinstance(space, Space)
        found, world = sampled(space, origin, direction, 20, 0.5)
        usual = found.inside & (found.distance < 30)
        assert usual.any()
        torch.testing.assert_close(space.world(found.point[usual]).double(), world[usual], rtol=1e-2, atol=1e-2)
        assert all(isinstance(key, str) for key in space.describe())


# ------------------------------------------------------------------------------------------------------- which space fits


def seen_from(pose: Tensor, empty: float = 0.0, height: int = 12, width: int = 16, focal: float = 14.0) -> Views:
    """Pictures of nothing in particular; a share of the pixels shows nothing."""
    count = len(pose)
    intrinsics = torch.tensor([[focal, 0, width / 2], [0, focal, height / 2], [0, 0, 1]], dtype=torch.float64)
    cams = Cameras(pose, intrinsics.repeat(count, 1, 1), height, width)
    element = torch.zeros(count, height * width, dtype=torch.long)
    element[:, : round(empty * height * width)] = -1
    shape = (count, height, width)
    return Views(cams, torch.zeros(*shape, 3), torch.full(shape, torch.inf), element.reshape(shape))


def around(seed: int, count: int = 9) -> Tensor:
    """Poses about a thing near the origin, from all sides."""
    eye = torch.nn.functional.normalize(drawn(seed, count, 3).double(), dim=1)
    eye[:2] = torch.tensor([[1.0, 0, 0], [-1, 0.1, 0]])
    return cameras.look_at(4 * eye + 0.3 * drawn(seed + 1, count, 3).double(), torch.zeros(3), torch.tensor([0.1, 1.0, 0.2]))


def ahead(seed: int, count: int = 9) -> Tensor:
    """Poses side by side, facing the same way."""
    eye = drawn(seed, count, 3).double() * torch.tensor([0.5, 0.5, 0.1]) + torch.tensor([0.0, 0, -5])
    return cameras.look_at(eye, 0.3 * drawn(seed + 1, 3), torch.tensor([0.0, -1, 0.05]))


KINDS = {"box": (around, 0.4, Box), "ndc": (ahead, 0.0, Ndc), "contracted": (around, 0.05, Contracted)}
kinds = st.sampled_from(sorted(KINDS))


@few
@given(kinds, seeds)
def test_photos_get_the_space_that_suits_them(kind: str, seed: int) -> None:
    poses, empty, expected = KINDS[kind]
    views = seen_from(poses(seed), empty)
    space = fit_space(views)
    assert type(space) is expected
    if kind == "ndc":
        assert type(fit_space(seen_from(poses(seed), 0.4))) is Box, "cut out, even if seen from one side"
    order = np.random.default_rng(seed).permutation(len(views))
    turned = fit_space(seen_from(views.cameras.world_from_camera[order], empty))
    for name, value in vars(space).items():
        other = getattr(turned, name)
        torch.testing.assert_close(torch.as_tensor(other), torch.as_tensor(value), rtol=1e-5, atol=1e-5)


@few
@given(kinds, seeds)
def test_spaces_move_with_the_world(kind: str, seed: int) -> None:
    poses, empty, _ = KINDS[kind]
    pose, move = poses(seed), motion(seed)
    here, there = fit_space(seen_from(pose, empty)), fit_space(seen_from(move @ pose, empty))
    close = {"rtol": 1e-4, "atol": 1e-4}

    def moved(point: Tensor) -> Tensor:
        return (move[:3, :3] @ point.double() + move[:3, 3]).float()

    if isinstance(here, Box):
        assert isinstance(there, Box)
        torch.testing.assert_close((there.low + there.high) / 2, moved((here.low + here.high) / 2), **close)
        torch.testing.assert_close(there.high - there.low, here.high - here.low, **close)
    elif isinstance(here, Ndc):
        assert isinstance(there, Ndc)
        torch.testing.assert_close(there.world_from_reference, (move @ here.world_from_reference.double()).float(), **close)
        torch.testing.assert_close(there.slope, here.slope, **close)
        assert there.near == pytest.approx(here.near, rel=1e-4)
    else:
        assert isinstance(here, Contracted)
        assert isinstance(there, Contracted)
        torch.testing.assert_close(there.centre, moved(here.centre), **close)
        assert there.radius == pytest.approx(here.radius, rel=1e-4)
        assert there.near == pytest.approx(here.near, rel=1e-4)


@few
@given(seeds, st.booleans())
def test_the_focus_moves_with_the_world(seed: int, parallel: bool) -> None:
    pose, move = ahead(seed), motion(seed)
    if parallel:
        pose[:, :3, :3] = pose[0, :3, :3]
    both = [focus(seen_from(poses).cameras) for poses in (pose, move @ pose)]
    torch.testing.assert_close(both[1], move[:3, :3] @ both[0] + move[:3, 3], rtol=1e-5, atol=1e-5)


def test_the_focus_is_where_the_axes_meet() -> None:
    place = torch.tensor([0.4, -0.2, 0.3])
    pose = cameras.look_at(3 * drawn(0, 5, 3), place, torch.tensor([0.0, 1, 0]))
    torch.testing.assert_close(focus(seen_from(pose).cameras), place.double(), rtol=0, atol=1e-4)


@few
@given(seeds, st.floats(2, 6))
def test_the_box_holds_what_the_middle_of_the_photos_shows(seed: int, distance: float) -> None:
    eye = distance * torch.nn.functional.normalize(drawn(seed, 7, 3).double(), dim=1)
    space = fit_space(seen_from(cameras.look_at(eye, torch.zeros(3), torch.tensor([0.0, 0, 1])), 0.5))
    assert isinstance(space, Box)
    half = distance * 6 / 14
    torch.testing.assert_close(
        torch.stack([space.low, space.high]), torch.tensor([[-half] * 3, [half] * 3]), rtol=1e-3, atol=1e-3
    )


@few
@given(seeds, st.floats(1, 4))
def test_the_near_plane_is_in_front_of_what_is_seen(seed: int, nearest: float) -> None:
    """On the optical axes: places at the nearest depth that is stated are inside of the cube."""
    views = seen_from(ahead(seed))
    depth = torch.tensor([[nearest, 50.0]], dtype=torch.float64).repeat(len(views), 1)
    space = fit_space(views, depth)
    assert isinstance(space, Ndc)
    pose = views.cameras.world_from_camera
    shown = pose[:, :3, 3] + nearest * pose[:, :3, 2]
    reference = space.world_from_reference.double()
    in_front = (shown - reference[:3, 3]) @ reference[:3, 2]
    assert (in_front > space.near).all()


def test_all_rays_are_those_of_the_pixels_in_order() -> None:
    cams = seen_from(around(1, 3)).cameras
    origin, direction = rays.all_rays(cams)
    assert origin.dtype == direction.dtype == torch.float32
    pixel = (1 * 12 + 5) * 16 + 7  # of camera 1, row 5, column 7
    torch.testing.assert_close(origin[pixel].double(), cams.world_from_camera[1, :3, 3], rtol=1e-6, atol=1e-6)
    ahead_of = (origin + 2 * direction)[pixel : pixel + 1]
    found, depth = cameras.project(cams, ahead_of)
    torch.testing.assert_close(found[1, 0], torch.tensor([7.5, 5.5]), rtol=0, atol=1e-4)
    assert depth[1, 0] > 0
