"""Points of the surface that photos show: what is gathered there, how it is smoothed, and how it is shown again."""

from __future__ import annotations

import itertools
from collections import defaultdict

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from jaxtyping import Float
from tiny_capture import NAMES, Colours, Eyes, photographed
from torch import Tensor

from meronym.errors import InputError
from meronym.lifting.observation import Observation
from meronym.methods.scene_evidence import SceneEvidence, pixel_scores
from meronym.radiance import spaces
from meronym.radiance.rays import Samples, Space
from meronym.radiance.rendered import RenderedRays
from meronym.radiance.samples import PackedSamples
from meronym.radiance.spaces import Box
from meronym.radiance.surface import SurfacePoints, SurfaceSettings
from meronym.radiance.tensorf import TensoRF
from meronym.scenes.observation import observation_of, surface_views
from meronym.teachers.checked import CheckedTeacher
from meronym.types import Cameras, Views

VIEWS, HEIGHT, WIDTH = 3, 30, 48
UNIT = Box(-torch.ones(3), torch.ones(3))


class Shown(TensoRF):
    """A field of which each ray shows one place, whatever its camera."""

    def __init__(self, place: Float[Tensor, "c h w 3"], opacity: Float[Tensor, "c h w"]) -> None:
        super().__init__([2, 2, 2])
        flat = opacity.flatten()
        ray = torch.arange(len(flat))
        self.told = PackedSamples(
            ray, place.reshape(-1, 3), torch.ones(len(flat)), flat, torch.ones(len(flat)), torch.zeros(len(flat))
        )

    def march(self, samples: Samples, threshold: float = 0.0) -> PackedSamples:
        return self.told


def rendered_at(place: Float[Tensor, "c h w 3"], opacity: Float[Tensor, "c h w"]) -> RenderedRays:
    """The rendering of cameras that show these places."""
    field = Shown(place, opacity)
    return RenderedRays(field, UNIT, cameras_of(opacity), field.told)


def cameras_of(opacity: Float[Tensor, "c h w"]) -> Cameras:
    count, height, width = opacity.shape
    return Cameras(torch.eye(4).repeat(count, 1, 1), torch.eye(3).repeat(count, 1, 1), height, width)


def floor() -> RenderedRays:
    """A level floor, seen unevenly and by every view a little shifted; two corners of each picture show nothing."""
    y, x = torch.meshgrid(torch.linspace(-0.5, 0.5, HEIGHT), torch.linspace(-0.8, 0.8, WIDTH), indexing="ij")
    uneven = 0.005 * torch.rand(VIEWS, HEIGHT, WIDTH, generator=torch.Generator().manual_seed(4))
    moved = [torch.stack([x + 0.01 * view + uneven[view], y, torch.zeros_like(x)], -1) for view in range(VIEWS)]
    opacity = torch.ones(VIEWS, HEIGHT, WIDTH)
    opacity[:, 0, 0] = opacity[:, -1, -1] = 0.2
    return rendered_at(torch.stack(moved), opacity)


def halves(like: float, count: int = VIEWS) -> Float[Tensor, "c h w 3"]:
    """Photos whose left and right halves have features with this cosine between them, for an encoder that takes colours."""
    look = torch.zeros(count, HEIGHT, WIDTH, 3)
    look[:, :, : WIDTH // 2, 0] = 1
    look[:, :, WIDTH // 2 :, 0] = like
    look[:, :, WIDTH // 2 :, 1] = (1 - like**2) ** 0.5
    return look


def observed(rendered: RenderedRays, colour: Float[Tensor, "c h w 3"]) -> tuple[SceneEvidence, Observation]:
    """The scene that a rendering shows, and its observation."""
    shape = colour.shape[:3]
    photos = Views(rendered.cameras, colour, torch.full(shape, torch.inf), torch.zeros(shape, dtype=torch.long))
    scene = SceneEvidence(
        photos, photos, NAMES, None, lambda picture, tokens: picture, UNIT, lambda views, space: rendered.field
    )
    return scene, observation_of(scene, CheckedTeacher(Colours()))


def smoothed(scene: SceneEvidence, observation: Observation, values: Float[Tensor, "n d"]) -> Float[Tensor, "n d"]:
    """Smoothed as names are: points that few pixels show count less."""
    count = scene.surface.count
    return observation.smooth(values, (count / count.median()).clamp(max=1))


def test_a_point_has_the_mean_of_the_pixels_that_show_it() -> None:
    rendered = floor()
    surface = SurfacePoints.of(rendered)
    values = torch.rand(VIEWS, HEIGHT, WIDTH, 4, generator=torch.Generator().manual_seed(0))
    shown = defaultdict(list)
    for view in range(VIEWS):
        for row in range(HEIGHT):
            for column in range(WIDTH):
                point = int(surface.element[view, row, column])
                assert (point < 0) == (rendered.opacity[view, row, column] < 0.5)
                shown[point].append((view, row, column))
    gathered = surface.gather(values)
    assert len(gathered) == len(surface.place) == len(shown) - 1, "no point that nothing shows"
    for point, pixels in shown.items():
        if point >= 0:
            torch.testing.assert_close(gathered[point], torch.stack([values[pixel] for pixel in pixels]).mean(0))
            torch.testing.assert_close(surface.place[point], torch.stack([rendered.place[pixel] for pixel in pixels]).mean(0))
            assert float(surface.count[point]) == len(pixels)
    assert len({pixels[0] for pixels in shown.values()}) < VIEWS * HEIGHT * WIDTH / 4, "views meet in points"
    maps = torch.rand(VIEWS, 2, 7, 9, generator=torch.Generator().manual_seed(1))
    whole = torch.nn.functional.interpolate(maps, (HEIGHT, WIDTH), mode="bilinear").permute(0, 2, 3, 1)
    torch.testing.assert_close(surface.gather_maps(maps), surface.gather(whole))


@pytest.mark.parametrize("cell", [1.5, 3.0, 8.0])
def test_pixels_show_one_point_if_their_rays_end_in_one_cell(cell: float) -> None:
    rendered = floor()
    surface = SurfacePoints.of(rendered, SurfaceSettings(cell=cell))
    gaps = []
    for view, row, column in itertools.product(range(VIEWS), range(HEIGHT), range(WIDTH - 1)):
        if rendered.solid[view, row, column] and rendered.solid[view, row, column + 1]:
            gaps.append(float((rendered.place[view, row, column + 1] - rendered.place[view, row, column]).norm()))
    side = cell * sorted(gaps)[(len(gaps) - 1) // 2]
    point_of: dict[tuple[int, ...], int] = {}
    for view, row, column in itertools.product(range(VIEWS), range(HEIGHT), range(WIDTH)):
        if rendered.solid[view, row, column]:
            at = tuple(int(x) for x in ((rendered.place[view, row, column] + 1) / side).tolist())
            point = int(surface.element[view, row, column])
            assert point_of.setdefault(at, point) == point, "one cell, one point"
    assert len(set(point_of.values())) == len(point_of) == len(surface.place), "one point, one cell"


def test_the_cells_are_never_finer_than_the_settings_allow() -> None:
    rendered = floor()
    coarse = SurfacePoints.of(rendered, SurfaceSettings(cell=1e-6, cells=8))
    assert len(coarse.place) <= 8 * 8
    torch.testing.assert_close(coarse.count.sum(), rendered.solid.float().sum())


def test_pixels_outside_of_the_photos_show_no_point() -> None:
    rendered = floor()
    known = torch.ones_like(rendered.solid)
    known[:, :, WIDTH // 2 :] = False
    surface = SurfacePoints.of(rendered, known=known)
    assert torch.equal(surface.element >= 0, rendered.solid & known)
    torch.testing.assert_close(surface.count.sum(), (rendered.solid & known).float().sum())
    assert surface.place[:, 0].max() < 0.05


@pytest.mark.parametrize(("height", "width"), [(60, 96), (45, 72), (61, 97), (30, 48)])
def test_views_at_the_teachers_size_are_the_nearest_neighbour_enlargement(height: int, width: int) -> None:
    scene, observation = observed(floor(), halves(1.0))
    colour = torch.rand(VIEWS, height, width, 3, generator=torch.Generator().manual_seed(2))
    shape = colour.shape[:3]
    larger = torch.tensor([[width / WIDTH], [height / HEIGHT], [1.0]])
    cams = Cameras(scene.photos.cameras.world_from_camera, scene.photos.cameras.intrinsics * larger, height, width)
    sharp = Views(cams, colour, torch.full(shape, torch.inf), torch.zeros(shape, dtype=torch.long))
    large = SceneEvidence(scene.photos, sharp, NAMES, None, scene.encode, UNIT, scene.reconstruct)
    views = surface_views(large)
    assert torch.equal(views.colour, colour)
    assert views.cameras is cams
    assert torch.isinf(views.depth).all()
    for view, row, column in itertools.product(range(VIEWS), range(height), range(width)):
        small = (view, int((row + 0.5) * HEIGHT / height), int((column + 0.5) * WIDTH / width))
        assert views.element[view, row, column] == large.surface.element[small]
    if (height, width) == (HEIGHT, WIDTH):
        assert torch.equal(observation.views.element, scene.surface.element)


def test_names_spread_over_what_looks_alike_and_stop_where_it_does_not() -> None:
    """One wrong spot is healed; two halves that look unlike stay apart, though nothing else parts them."""
    spread = {}
    for like in (1.0, 0.0):
        scene, observation = observed(floor(), halves(like))
        place = scene.surface.place
        right = (place[:, 0] > 0).float()
        spread[like] = smoothed(scene, observation, torch.stack([1 - right, right], 1))
        even = torch.ones(len(right), 2)
        torch.testing.assert_close(smoothed(scene, observation, even), even, rtol=0, atol=1e-4)
        spot = torch.zeros(len(right), 2)
        spot[:, 0] = 1
        spot[(place - torch.tensor([-0.4, 0.0, 0.0])).norm(dim=1).argmin()] = torch.tensor([0.0, 1.0])
        assert bool((smoothed(scene, observation, spot).argmax(1) == 0).all())
    near = (place[:, 0] > 0) & (place[:, 0] < 0.15)
    assert float(spread[1.0][near, 0].mean()) > 3 * float(spread[0.0][near, 0].mean())


def test_cameras_show_the_nearest_points_and_nothing_where_there_is_nothing() -> None:
    rendered = floor()
    surface = SurfacePoints.of(rendered)
    score = torch.stack([surface.place[:, 0] > 0, surface.place[:, 0] <= 0], 1).float()
    shown = surface.show(score, rendered)
    assert shown.shape == (VIEWS, 2, HEIGHT, WIDTH)
    apart = rendered.place[..., 0].abs() > 0.2
    assert torch.equal(shown.argmax(1)[apart], (rendered.place[..., 0] <= 0).long()[apart])
    torch.testing.assert_close(shown.sum(1), rendered.opacity, rtol=0, atol=1e-5)


@settings(max_examples=10, deadline=None, derandomize=True)
@given(order=st.permutations(range(VIEWS)))
def test_the_order_of_photos_does_not_matter(order: list[int]) -> None:
    """Points, what is gathered on them, the links between them, and what smoothing makes of it."""
    rendered = floor()
    values = torch.rand(VIEWS, HEIGHT, WIDTH, 2, generator=torch.Generator().manual_seed(1))
    first, one = observed(rendered, halves(0.3))
    other, two = observed(rendered_at(rendered.place[order], rendered.opacity[order]), halves(0.3)[order])
    torch.testing.assert_close(other.surface.place, first.surface.place)
    assert torch.equal(other.surface.element, first.surface.element[order])
    np.testing.assert_allclose(two.links.toarray(), one.links.toarray(), atol=1e-4)
    here = smoothed(first, one, first.surface.gather(values))
    there = smoothed(other, two, other.surface.gather(values[order]))
    torch.testing.assert_close(here, there, rtol=0, atol=1e-4)


def test_a_single_pixel_is_a_surface() -> None:
    opacity = torch.zeros(1, 4, 4)
    opacity[0, 2, 1] = 1
    scene, observation = observed(rendered_at(torch.zeros(1, 4, 4, 3), opacity), torch.ones(1, 4, 4, 3))
    assert scene.surface.place.shape == (1, 3)
    one = torch.tensor([[0.3, 0.7]])
    torch.testing.assert_close(smoothed(scene, observation, one), one)


# -------------------------------------------------------------------------------------- evidence, and names made consistent


def fog(views: Views, space: Space) -> TensoRF:
    """A reconstruction that is a ball of fog: every camera that looks at it sees something."""
    field = TensoRF([12, 12, 12], draw=torch.Generator().manual_seed(2))
    with torch.no_grad():
        for part in (*field.density.plane, *field.density.line):
            part.fill_(0.7)
    return field.requires_grad_(False)


@pytest.fixture(scope="module")
def scene() -> SceneEvidence:
    views, _ = photographed(5)
    return SceneEvidence(views, views, NAMES, Colours(), Eyes().encode_image, spaces.fit_space(views), fog)


def test_cameras_of_photos_are_rendered_once(scene: SceneEvidence, monkeypatch: pytest.MonkeyPatch) -> None:
    """Old and new cameras, in any order, are rendered as if all were new."""
    more, _ = photographed(7)
    pose = torch.cat([more.cameras.world_from_camera[[3]], scene.photos.cameras.world_from_camera[[2, 0]]])
    cams = Cameras(pose, scene.photos.cameras.intrinsics[:3], scene.photos.cameras.height, scene.photos.cameras.width)
    afresh = RenderedRays.of(scene.field, scene.space, cams)
    marched: list[int] = []
    _ = scene.rendered
    march = RenderedRays.of
    monkeypatch.setattr(
        RenderedRays, "of", lambda field, space, given: marched.append(len(given)) or march(field, space, given)
    )
    rendered = scene.render(cams)
    assert marched == [1]
    assert torch.equal(rendered.cameras.world_from_camera, pose)
    for name in ("opacity", "place", "points", "colour"):
        torch.testing.assert_close(getattr(rendered, name), getattr(afresh, name))
    again = scene.render(scene.photos.cameras.only(torch.tensor([4, 4, 1])))
    assert marched == [1], "nothing new"
    torch.testing.assert_close(again.opacity, scene.rendered.opacity[[4, 4, 1]])


def noisy(rendered: RenderedRays, photos: Views) -> Float[Tensor, "c p h w"]:
    """Names of a scene by halves, with spots that differ from photo to photo."""
    left = (rendered.points[..., 0] < 0).float()
    noise = torch.rand(left.shape, generator=torch.Generator().manual_seed(3)) < 0.15
    left = torch.where(noise, 1 - left, left)
    return torch.stack([left, 1 - left, torch.zeros_like(left)], 1)


def test_names_made_consistent_lose_their_spots(scene: SceneEvidence) -> None:
    observation = observation_of(scene, CheckedTeacher(Colours()))
    rendered = scene.rendered
    truth, apart = (rendered.points[..., 0] >= 0).long(), rendered.points[..., 0].abs() > 0.1
    labelling = scene.label_surface(observation, noisy, None)
    assert labelling.pixels is None
    assert labelling.features is None
    consistent = pixel_scores(observation, labelling, rendered, scene.sharp).argmax(1)
    alone = pixel_scores(observation, scene.label(noisy), rendered, scene.sharp).argmax(1)
    assert torch.equal(alone, noisy(rendered, scene.sharp).argmax(1)), "a method's own pixels stay as they are"
    right = [float((label == truth)[apart].float().mean()) for label in (consistent, alone)]
    assert right[0] > 0.97 > 0.9 > right[1]


def test_a_scene_that_shows_nothing_is_refused(scene: SceneEvidence) -> None:
    def nothing(views: Views, space: Space) -> TensoRF:
        field = fog(views, space)
        for part in field.density.parameters():
            torch.nn.init.zeros_(part)
        return field

    views = scene.photos
    empty = SceneEvidence(views, views, NAMES, Colours(), Eyes().encode_image, scene.space, nothing)
    with pytest.raises(InputError, match="no ray meets a surface"):
        _ = empty.rendered
    with pytest.raises(InputError, match="no ray meets a surface"):
        observation_of(empty, CheckedTeacher(Colours()))
