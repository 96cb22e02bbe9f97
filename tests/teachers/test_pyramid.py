"""What a model says of every pixel: windows, their mean, the few dimensions that are kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor
from torch.nn import functional

from meronym.teachers.pyramid import FeaturePyramid, PyramidSettings, encode_photo, encode_photos, windows
from meronym.types import Cameras, Views

COARSE = PyramidSettings(cells=5)
few = settings(max_examples=15, deadline=None, derandomize=True)


class Mixer:
    """Sees colours through a fixed mix, on a grid; `cells` 1 = pictures as wholes."""

    scales: Sequence[float] = (1.0, 0.5, 0.3)
    stride = 0.5
    sharpness = 10.0

    def __init__(self, cells: int = 2, rank: int = 3, width: int = 5) -> None:
        draw = torch.Generator().manual_seed(rank)
        self.cells, self.looks = cells, 0
        self.mix = torch.randn(3, rank, generator=draw) @ torch.randn(rank, width, generator=draw)

    def encode_image(self, picture: Tensor) -> Tensor:
        self.looks += 1
        grid = functional.adaptive_avg_pool2d(picture.permute(2, 0, 1)[None], self.cells)[0].permute(1, 2, 0)
        return functional.normalize((grid - 0.5) @ self.mix, dim=-1)

    def encode_text(self, prompts: Sequence[str]) -> Tensor:
        draw = torch.Generator().manual_seed(len(prompts))
        return functional.normalize(torch.randn(len(prompts), self.mix.shape[1], generator=draw), dim=-1)

    def describe(self) -> dict[str, Any]:
        return {"name": "mixer"}


def shown(colour: Tensor, outside: Tensor | None = None) -> Views:
    """Photos of these colours."""
    count, height, width = colour.shape[:3]
    cameras = Cameras(torch.eye(4).expand(count, 4, 4), torch.eye(3).expand(count, 3, 3), height, width)
    depth = torch.full((count, height, width), torch.inf)
    return Views(cameras, colour, depth, torch.zeros_like(depth).long(), outside)


def noise(count: int, height: int, width: int, seed: int = 0) -> Tensor:
    return torch.rand(count, height, width, 3, generator=torch.Generator().manual_seed(seed))


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.integers(1, 90), st.integers(1, 90), st.floats(0.05, 1), st.floats(0.05, 1))
def test_windows_hold_every_pixel_and_reach_the_edges(height: int, width: int, share: float, stride: float) -> None:
    seen, found = torch.zeros(height, width, dtype=torch.long), windows(height, width, share, stride)
    for x, y, side in found:
        assert side == max(1, round(share * min(height, width)))
        assert x >= 0
        assert y >= 0
        assert x + side <= width
        assert y + side <= height
        seen[y : y + side, x : x + side] += 1
    assert (seen > 0).all()
    assert len(set(found)) == len(found)
    for axis, length in ((0, width), (1, height)):
        starts = sorted({window[axis] for window in found})
        assert starts[0] == 0
        assert starts[-1] == length - side
        gaps = [after - before for before, after in pairwise(starts)]
        assert max(gaps, default=0) <= max(1, round(stride * side))
        assert max(gaps, default=0) - min(gaps, default=0) <= 1


def slow_look(model: Mixer, photo: Tensor, grid: tuple[int, int]) -> Tensor:
    """Cell by cell, the mean over all windows that hold its middle; between the middles of what the model sees, straight."""
    height, width = photo.shape[:2]
    levels = torch.zeros(len(model.scales), *grid, model.mix.shape[1])
    for level, share in enumerate(model.scales):
        for row in range(grid[0]):
            for column in range(grid[1]):
                y, x = (row + 0.5) / grid[0] * height, (column + 0.5) / grid[1] * width
                said = []
                for left, top, side in windows(height, width, share, model.stride):
                    if top <= y < top + side and left <= x < left + side:
                        seen = model.encode_image(photo[top : top + side, left : left + side])
                        size = len(seen)
                        down, across = (
                            min(max((place - start) / side * size - 0.5, 0.0), size - 1.0)
                            for place, start in ((y, top), (x, left))
                        )
                        i, j = min(int(down), max(size - 2, 0)), min(int(across), max(size - 2, 0))
                        below, right = min(i + 1, size - 1), min(j + 1, size - 1)
                        upper = seen[i, j] + (seen[i, right] - seen[i, j]) * (across - j)
                        lower = seen[below, j] + (seen[below, right] - seen[below, j]) * (across - j)
                        said.append(upper + (lower - upper) * (down - i))
                mean = sum(said) / len(said)
                levels[level, row, column] = mean / mean.norm()
    return levels


@settings(few, max_examples=6)
@given(st.integers(7, 14), st.integers(7, 14), st.integers(1, 3), st.integers(0, 100))
def test_a_cell_gets_the_mean_of_the_windows_that_hold_it(height: int, width: int, cells: int, seed: int) -> None:
    model, photo, grid = Mixer(cells), noise(1, height, width, seed)[0], (3, 4)
    torch.testing.assert_close(encode_photo(model, photo, grid), slow_look(model, photo, grid), rtol=1e-4, atol=1e-5)


def whole(model: Mixer, photos: Tensor, made: FeaturePyramid) -> Tensor:
    """All features, nothing left out."""
    return torch.stack([encode_photo(model, photo, tuple(made.grid.shape[2:4])) for photo in photos])


@pytest.mark.parametrize(("rank", "width", "kept"), [(3, 5, 5), (2, 100, 64)])
@pytest.mark.parametrize("count", [1, 2, 6])
def test_few_dimensions_are_enough_for_features_that_lie_in_few(count: int, rank: int, width: int, kept: int) -> None:
    """The mix has rank 3 at the most: exact but for half precision. The last photo counts as much as the first."""
    model, photos = Mixer(2, rank, width), noise(count, 12, 18)
    photos[-1] *= torch.tensor([0.2, 1, 0.5])
    made = encode_photos(model, shown(photos), settings=COARSE)
    assert made.grid.dtype == torch.float16
    assert made.grid.shape == (count, 3, 5, 8, kept)
    torch.testing.assert_close(made.basis @ made.basis.T, torch.eye(kept), rtol=0, atol=1e-5)
    expected = whole(model, photos, made)
    torch.testing.assert_close(made.grid.float() @ made.basis, expected, rtol=0, atol=2e-3)
    text = model.encode_text(["a", "b"])
    cosine = torch.einsum("csyxd,pd->cspyx", expected, text)
    torch.testing.assert_close(made.cosine(text), cosine, rtol=0, atol=3e-3)


def test_dimensions_are_found_from_all_photos_where_these_are_few() -> None:
    """Each photo is of another colour; what is left out would be lost."""
    photos = torch.full((3, 10, 10, 3), 0.5)
    for k in range(3):
        photos[k, :, :, k] = 1
    model = Mixer(1, 3, 6)
    made = encode_photos(model, shown(photos), settings=replace(COARSE, rank=3))
    torch.testing.assert_close(made.grid.float() @ made.basis, whole(model, photos, made), rtol=0, atol=2e-3)


@pytest.mark.parametrize("count", [1, 3, 11])
def test_progress_ends_when_the_last_photo_was_seen(count: int) -> None:
    model, told = Mixer(1), []
    each = sum(len(windows(10, 12, share, model.stride)) for share in model.scales)

    def progress(stage: str, done: int = 0, total: int = 0, note: str = "") -> None:
        assert stage == "features"
        told.append((done, total, model.looks))

    encode_photos(model, shown(noise(count, 10, 12)), progress, COARSE)
    assert all(total == count and looks == each * done for done, total, looks in told)
    assert [done for done, _, _ in told] == sorted(done for done, _, _ in told)
    assert told[-1][0] == count
    assert model.looks == each * count, "no photo is looked at twice"


@settings(few, max_examples=4)
@given(st.integers(0, 1000))
def test_relevancy_is_stretched_over_each_photo_scale_and_prompt(seed: int) -> None:
    model = Mixer()
    made, text = encode_photos(model, shown(noise(2, 10, 14, seed)), settings=COARSE), model.encode_text(["a", "b", "c", "d"])
    relevancy, cosine = made.relevancy(text), made.cosine(text)
    assert relevancy.shape == cosine.shape == (2, 3, 4, 5, 7)
    for view in range(2):
        for scale in range(3):
            for prompt in range(4):
                fit = cosine[view, scale, prompt]
                expected = (fit - fit.min()) / (fit.max() - fit.min())
                torch.testing.assert_close(relevancy[view, scale, prompt], expected, rtol=1e-4, atol=1e-5)


def test_relevancy_of_what_is_the_same_everywhere_is_finite() -> None:
    model = Mixer()
    made = encode_photos(model, shown(torch.full((1, 10, 10, 3), 0.8)), settings=COARSE)
    relevancy = made.relevancy(model.encode_text(["a"]))
    assert torch.isfinite(relevancy).all()
    assert relevancy.min() >= 0
    assert relevancy.max() <= 1


def test_what_is_outside_of_a_photo_is_not_looked_at() -> None:
    """A photo on a larger canvas has the features that it has alone; cells outside have those of the nearest cell inside."""
    model, photo = Mixer(), noise(1, 12, 18)
    canvas, outside = torch.ones(1, 24, 18, 3), torch.ones(1, 24, 18, dtype=torch.bool)
    canvas[:, :12], outside[:, :12] = photo, False
    outside[0, 4:8, 6:9] = True
    found = encode_photo(model, canvas[0], (8, 6), ~outside[0])
    alone = encode_photo(model, photo[0], (4, 6))
    inside = torch.ones(4, 6, dtype=torch.bool)
    inside[1:3, 2] = False
    assert (found[:, :4] - alone)[:, inside].abs().max() < 1e-5
    torch.testing.assert_close(found[:, 4:], alone[:, 3:].expand(3, 4, 6, -1), atol=1e-5, rtol=0)
    for row in (1, 2):
        beside = [(found[:, row, 2] - alone[:, row, column]).abs().max() for column in (1, 3)]
        assert min(beside) < 1e-5
    whole = encode_photos(model, shown(canvas, outside), settings=COARSE).relevancy(model.encode_text(["a"]))
    assert torch.isfinite(whole).all()
