"""Photos of any size and turn on one canvas, and back: nothing moves, and what is outside of a photo shows nothing."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from capture_files import LENSES, capture_of
from hypothesis import given, settings
from hypothesis import strategies as st
from jaxtyping import Float

from meronym.core.cameras import project
from meronym.errors import InputError
from meronym.io.captures.lenses import distort, undistort
from meronym.io.captures.placement import Warp, WayBack, placed_sizes, scaled
from meronym.types import Capture, PhotoFrame


def own_pixels(capture: Capture, points: Float[torch.Tensor, "n 3"]) -> Float[torch.Tensor, "c n 2"]:
    """Where each photo, as it lies on the disk, shows points of the world."""
    straight, _ = project(capture.cameras, points)
    pixels = []
    for pixel, lens, distortion, frame in zip(
        straight, capture.cameras.intrinsics, capture.distortion, capture.frames, strict=True
    ):
        focal, middle = lens[[0, 1], [0, 1]], lens[:2, 2]
        pixels.append(distort((pixel - middle) / focal, distortion, frame.fisheye)[0] * focal + middle)
    return torch.stack(pixels)


frames = st.builds(PhotoFrame, st.just("a.png"), st.integers(20, 90), st.integers(20, 90), st.integers(0, 3))


@settings(max_examples=10, deadline=None)
@given(st.lists(frames, min_size=2, max_size=4), st.sampled_from(LENSES), st.integers(16, 100))
def test_a_point_is_where_the_photo_shows_it_whatever_its_size_and_turn(
    found: list[PhotoFrame], lens: tuple[list[float], bool], longest: int
) -> None:
    capture = capture_of(found, *lens)
    canvas, sizes = scaled(capture, longest), placed_sizes(capture, longest)
    points = torch.tensor([[0.0, 0.1, 0.2], [-0.2, 0.1, -0.1], [0.15, -0.2, 0.05]], dtype=torch.float64)
    placed, depth = project(canvas, points)
    assert (depth > 0).all()
    rotation = canvas.world_from_camera[:, :3, :3]
    torch.testing.assert_close(rotation @ rotation.mT, torch.eye(3).double().expand_as(rotation))
    assert (torch.linalg.det(rotation) > 0).all()
    for view, (frame, (width, height)) in enumerate(zip(found, sizes, strict=True)):
        assert max(width, height) == min(longest, max(frame.width, frame.height))
        across, down = (frame.height, frame.width) if frame.turns % 2 else (frame.width, frame.height)
        assert width * down == pytest.approx(height * across, abs=max(across, down)), "rounded to whole pixels"
        back = WayBack.of(capture, view)
        for own, there in zip(own_pixels(capture, points)[view], placed[view], strict=True):
            at = (2 * own / torch.tensor([frame.width, frame.height]) - 1).float()[None, None, None]
            place = torch.nn.functional.grid_sample(back.place, at, align_corners=True)[0, :, 0, 0]
            torch.testing.assert_close(place.double(), 2 * there / torch.tensor([width, height]) - 1, atol=2e-3, rtol=0)


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_photos_are_turned_and_lie_at_the_top_left(turns: int) -> None:
    capture = capture_of([PhotoFrame("a.png", 24, 16, turns), PhotoFrame("b.png", 30, 40)])
    canvas, sizes = scaled(capture, None), placed_sizes(capture, None)
    assert (canvas.width, canvas.height) == (30, 40)
    assert sizes == [(16, 24) if turns % 2 else (24, 16), (30, 40)]
    planes = torch.rand(2, 16, 24, generator=torch.Generator().manual_seed(0))
    found, share = Warp.of(capture, 0, canvas, sizes[0])(planes)
    expected = np.rot90(planes.numpy(), -turns, (1, 2))
    height, width = expected.shape[1:]
    np.testing.assert_allclose(found[:, :height, :width], expected, atol=1e-4)
    assert (share[:height, :width] == 1).all()
    assert share.sum() == height * width
    back, shown = WayBack.of(capture, 0)(found[:, :height, :width], slice(3, 9))
    np.testing.assert_allclose(back, planes[:, 3:9], atol=1e-4)
    assert shown.all()


@pytest.mark.parametrize(("distortion", "fisheye"), LENSES)
def test_what_a_lens_bends_is_bent_back(distortion: list[float], fisheye: bool) -> None:
    terms = torch.tensor(distortion, dtype=torch.float64)
    x, y = torch.meshgrid(torch.linspace(-0.6, 0.6, 9), torch.linspace(-0.4, 0.4, 7), indexing="ij")
    points = torch.stack([x, y], -1).double()
    bent, shown = distort(points, terms, fisheye)
    assert shown.all()
    straight, found = undistort(bent, terms, fisheye)
    assert found.all()
    torch.testing.assert_close(straight, points, atol=1e-9, rtol=0)


def test_where_a_lens_shows_nothing() -> None:
    """r - r^3 / 3 never exceeds 2/3: no direction is shown further out."""
    terms = torch.tensor([-1 / 3, *[0] * 11], dtype=torch.float64)
    _, found = undistort(torch.tensor([[0.5, 0.0], [0.8, 0.0]], dtype=torch.float64), terms)
    assert found.tolist() == [True, False]


def test_a_picture_has_some_pixels() -> None:
    with pytest.raises(InputError, match="longest: expected at least 1 pixel, got 0"):
        scaled(capture_of([PhotoFrame("a.png", 24, 16)]), 0)
    assert placed_sizes(capture_of([PhotoFrame("a.png", 2000, 3)]), 10) == [(10, 1)]
