"""Points of what photos show: what is gathered there, how it spreads, and what a glance sees of it."""

from __future__ import annotations

from collections import defaultdict

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from jaxtyping import Float
from tiny_capture import NAMES, Colours, Eyes, photographed
from torch import Tensor

from meronym.errors import InputError
from meronym.radiance import rays, spaces
from meronym.radiance.rendered import RenderedRays
from meronym.radiance.spaces import Box
from meronym.radiance.tensorf import TensoRF
from meronym.results import PointFeatures
from meronym.scenes.observation import ConsistentScores, SceneObservation, make_consistent
from meronym.scenes.surface import SceneSurface
from meronym.students.feature_field import Kept
from meronym.types import Cameras, Views

VIEWS, HEIGHT, WIDTH = 3, 30, 48
UNIT = Box(-torch.ones(3), torch.ones(3))


def glance_at(place: Float[Tensor, "c h w 3"], opacity: Float[Tensor, "c h w"]) -> RenderedRays:
    """What cameras see that see these places."""
    count, height, width = opacity.shape
    cams = Cameras(torch.eye(4).repeat(count, 1, 1), torch.eye(3).repeat(count, 1, 1), height, width)
    nothing = Kept(torch.zeros(1, dtype=torch.long), torch.zeros(0, 3), *(torch.zeros(0) for _ in range(4)))
    glance = RenderedRays(TensoRF([2, 2, 2]), UNIT, cams, nothing)
    glance.__dict__.update(place=place, opacity=opacity)
    return glance


def floor() -> RenderedRays:
    """A level floor, seen unevenly and by every view a little shifted; two corners of each picture show nothing."""
    y, x = torch.meshgrid(torch.linspace(-0.5, 0.5, HEIGHT), torch.linspace(-0.8, 0.8, WIDTH), indexing="ij")
    uneven = 0.005 * torch.rand(VIEWS, HEIGHT, WIDTH, generator=torch.Generator().manual_seed(4))
    moved = [torch.stack([x + 0.01 * view + uneven[view], y, torch.zeros_like(x)], -1) for view in range(VIEWS)]
    opacity = torch.ones(VIEWS, HEIGHT, WIDTH)
    opacity[:, 0, 0] = opacity[:, -1, -1] = 0.2
    return glance_at(torch.stack(moved), opacity)


def halves(like: float) -> Float[Tensor, "c d h w"]:
    """What the floor looks like: its left and its right half, with this cosine between them."""
    look = torch.zeros(VIEWS, 2, HEIGHT, WIDTH)
    look[:, 0, :, : WIDTH // 2] = 1
    look[:, 0, :, WIDTH // 2 :] = like
    look[:, 1, :, WIDTH // 2 :] = (1 - like**2) ** 0.5
    return look


def surface_of(like: float = 1.0) -> SceneSurface:
    return SceneSurface.of(floor(), halves(like))


def test_a_point_has_the_mean_of_the_pixels_that_show_it() -> None:
    surface, seen = surface_of(), floor()
    values = torch.rand(VIEWS, HEIGHT, WIDTH, 4, generator=torch.Generator().manual_seed(0))
    shown = defaultdict(list)
    for view in range(VIEWS):
        for row in range(HEIGHT):
            for column in range(WIDTH):
                point = int(surface.point[view, row, column])
                assert (point < 0) == (seen.opacity[view, row, column] < 0.5)
                shown[point].append((view, row, column))
    gathered = surface.gather(values)
    assert len(gathered) == len(surface.place) == len(shown) - 1, "no point that nothing shows"
    for point, pixels in shown.items():
        if point >= 0:
            torch.testing.assert_close(gathered[point], torch.stack([values[pixel] for pixel in pixels]).mean(0))
            torch.testing.assert_close(surface.place[point], torch.stack([seen.place[pixel] for pixel in pixels]).mean(0))
            assert float(surface.count[point]) == len(pixels)
    assert len({pixels[0] for pixels in shown.values()}) < VIEWS * HEIGHT * WIDTH / 4, "views meet in points"


def test_names_spread_over_what_looks_alike_and_stop_where_it_does_not() -> None:
    """One wrong spot is healed; two halves that look unlike stay apart, though nothing else parts them."""
    spread = {}
    for like in (1.0, 0.0):
        surface = surface_of(like)
        right = (surface.place[:, 0] > 0).float()
        spread[like] = surface.spread(torch.stack([1 - right, right], 1))
        torch.testing.assert_close(surface.spread(torch.ones(len(right), 2)), torch.ones(len(right), 2), rtol=0, atol=1e-4)
        spot = torch.zeros(len(right), 2)
        spot[:, 0] = 1
        spot[(surface.place - torch.tensor([-0.4, 0.0, 0.0])).norm(dim=1).argmin()] = torch.tensor([0.0, 1.0])
        assert bool((surface.spread(spot).argmax(1) == 0).all())
    near = (surface.place[:, 0] > 0) & (surface.place[:, 0] < 0.15)
    assert float(spread[1.0][near, 0].mean()) > 3 * float(spread[0.0][near, 0].mean())


def test_a_glance_sees_the_nearest_points_and_nothing_where_there_is_nothing() -> None:
    surface = surface_of()
    score = torch.stack([surface.place[:, 0] > 0, surface.place[:, 0] <= 0], 1).float()
    seen = floor()
    shown = surface.show(score, seen)
    assert shown.shape == (VIEWS, 2, HEIGHT, WIDTH)
    apart = seen.place[..., 0].abs() > 0.2
    assert torch.equal(shown.argmax(1)[apart], (seen.place[..., 0] <= 0).long()[apart])
    torch.testing.assert_close(shown.sum(1), seen.opacity, rtol=0, atol=1e-5)


@settings(max_examples=10, deadline=None)
@given(order=st.permutations(range(VIEWS)))
def test_the_order_of_photos_does_not_matter(order: list[int]) -> None:
    first, seen = surface_of(0.3), floor()
    other = SceneSurface.of(glance_at(seen.place[order], seen.opacity[order]), halves(0.3))
    values = torch.rand(VIEWS, HEIGHT, WIDTH, 2, generator=torch.Generator().manual_seed(1))
    torch.testing.assert_close(other.place, first.place)
    one, two = first.spread(first.gather(values)), other.spread(other.gather(values[order]))
    torch.testing.assert_close(one, two, rtol=0, atol=1e-4)


def test_a_single_pixel_is_a_surface() -> None:
    opacity = torch.zeros(1, 4, 4)
    opacity[0, 2, 1] = 1
    surface = SceneSurface.of(glance_at(torch.zeros(1, 4, 4, 3), opacity), torch.ones(1, 2, 2, 2))
    assert surface.place.shape == (1, 3)
    torch.testing.assert_close(surface.spread(torch.tensor([[0.3, 0.7]])), torch.tensor([[0.3, 0.7]]))


# ------------------------------------------------------------------------------------------------- surveys and settling


class Ball:
    """A reconstruction that is a ball of fog: every camera that looks at it sees something."""

    def __init__(self) -> None:
        self.marched: list[int] = []

    def __call__(self, views: Views, space: rays.Space) -> TensoRF:
        field = TensoRF([12, 12, 12], draw=torch.Generator().manual_seed(2))
        with torch.no_grad():
            for part in (*field.density.plane, *field.density.line):
                part.fill_(0.7)
        return field.requires_grad_(False)


@pytest.fixture(scope="module")
def survey() -> SceneObservation:
    views, _ = photographed(5)
    return SceneObservation(views, views.colour, NAMES, Colours(), Eyes().see, spaces.fit_space(views), Ball())


def test_cameras_of_photos_are_looked_through_once(survey: SceneObservation, monkeypatch: pytest.MonkeyPatch) -> None:
    """A glance at old and new cameras, in any order, is what it would be if all were new."""
    more, _ = photographed(7)
    pose = torch.cat([more.cameras.world_from_camera[[3]], survey.photos.cameras.world_from_camera[[2, 0]]])
    cams = Cameras(pose, survey.photos.cameras.intrinsics[:3], survey.photos.cameras.height, survey.photos.cameras.width)
    afresh = survey._through(cams)
    looked: list[int] = []
    _ = survey.seen
    through = SceneObservation._through
    monkeypatch.setattr(SceneObservation, "_through", lambda self, given: looked.append(len(given)) or through(self, given))
    glance = survey.glance(cams)
    assert looked == [1]
    for name in ("opacity", "place", "points", "colour"):
        torch.testing.assert_close(getattr(glance, name), getattr(afresh, name))


class Noisy:
    """Names a scene by halves, with spots that differ from photo to photo."""

    def scores(self, glance: RenderedRays, photos: Views) -> Float[Tensor, "c p h w"]:
        left = (glance.points[..., 0] < 0).float()
        noise = torch.rand(left.shape, generator=torch.Generator().manual_seed(3)) < 0.15
        left = torch.where(noise, 1 - left, left)
        return torch.stack([left, 1 - left, torch.zeros_like(left)], 1)

    def features(self, glance: RenderedRays, pixels: Tensor) -> PointFeatures | None:
        return None


def test_settled_names_lose_their_spots(survey: SceneObservation) -> None:
    settled = make_consistent(Noisy(), survey)
    assert isinstance(settled, ConsistentScores)
    said = settled.scores(survey.seen, survey.photos).argmax(1)
    noisy = Noisy().scores(survey.seen, survey.photos).argmax(1)
    truth = (survey.seen.points[..., 0] >= 0).long()
    apart = survey.seen.points[..., 0].abs() > 0.1
    assert float((said == truth)[apart].float().mean()) > 0.97 > 0.9 > float((noisy == truth)[apart].float().mean())
    assert settled.features(survey.seen, torch.arange(3)) is None


def test_a_scene_that_shows_nothing_is_refused(survey: SceneObservation) -> None:
    def nothing(views: Views, space: rays.Space) -> TensoRF:
        field = Ball()(views, space)
        for part in field.density.parameters():
            torch.nn.init.zeros_(part)
        return field

    views = survey.photos
    with pytest.raises(InputError, match="no ray meets a surface"):
        _ = SceneObservation(views, views.colour, NAMES, Colours(), Eyes().see, survey.space, nothing).seen
