"""Masks for boxes, by tiny random SAM and SAM 2: what goes in, what comes out, and what transformers makes of it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import tiny_models
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from jaxtyping import Float
from torch import Tensor

from meronym.errors import InputError
from meronym.teachers import masks
from meronym.teachers.masks import Segmenter
from meronym.types import Cameras, Regions, Views

NAMES = [
    pytest.param(name, marks=pytest.mark.skipif(not tiny_models.has(kind.since), reason=f"came with transformers {kind.since}"))
    for name, kind in masks.ARCHITECTURES.items()
]


@pytest.fixture(scope="module", autouse=True)
def cached(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A cache of weights; SAM 2's as the hub has it, where it is a model for videos."""
    root = tmp_path_factory.mktemp("weights")
    tiny_models.sam(root / "sam-base")
    if tiny_models.has(masks.ARCHITECTURES["sam2"].since):
        tiny_models.sam2(root / "sam2-tiny", "Sam2Video")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MERONYM_WEIGHTS", str(root))
        yield root


@cache
def made(name: str, dtype: torch.dtype = torch.float32) -> Segmenter:
    return Segmenter(name, dtype=dtype)


def pictures(count: int = 2, height: int = 48, width: int = 96) -> Views:
    """Views of blocks of colour, twice as wide as high."""
    colour = torch.rand(count, height // 6, width // 6, 3, generator=torch.Generator().manual_seed(0))
    colour = colour.repeat_interleave(6, 1).repeat_interleave(6, 2)
    cameras = Cameras(torch.eye(4).repeat(count, 1, 1), torch.eye(3).repeat(count, 1, 1), height, width)
    shown = torch.zeros(count, height, width)
    return Views(cameras, colour, shown + 1, shown.long())


def regions(count: int, seed: int = 0) -> Regions:
    """Boxes of some size in views 0 and 1, in no order."""
    generator = torch.Generator().manual_seed(seed)
    low = torch.rand(count, 2, generator=generator) * torch.tensor([60.0, 25.0])
    size = torch.rand(count, 2, generator=generator) * torch.tensor([26.0, 13.0]) + 10
    view = torch.randint(0, 2, (count,), generator=generator)
    return Regions(view, torch.arange(count) % 3, torch.rand(count, generator=generator), torch.cat([low, low + size], 1))


@pytest.mark.parametrize("name", NAMES)
def test_masks_are_in_their_boxes_and_nothing_else_changes(name: str) -> None:
    asked = regions(9)
    found = made(name)(pictures(), asked)
    assert found.mask is not None
    assert tuple(found.mask.shape) == (9, 48, 96)
    for field in ("view", "prompt", "score", "box"):
        assert torch.equal(getattr(found, field), getattr(asked, field))
    inside = masks.interior(asked.box, 48, 96)
    assert not (found.mask & ~inside).any()
    share = found.mask.flatten(1).sum(1) / inside.flatten(1).sum(1)
    assert (share > 0).all()
    assert share.min() < 0.9, "some masks are smaller than their boxes"


@pytest.mark.parametrize("name", NAMES)
def test_a_batch_is_a_loop_over_boxes(name: str) -> None:
    """And more boxes than go at once are as good as few."""
    asked, views = regions(7), pictures()
    together = made(name)(views, asked).mask
    in_twos = Segmenter(name, boxes_at_once=2)(views, asked).mask
    alone = [
        made(name)(views, Regions(*(field[i : i + 1] for field in (asked.view, asked.prompt, asked.score, asked.box)))).mask
        for i in range(7)
    ]
    for other in (in_twos, torch.cat(alone)):
        assert (together != other).float().mean() < 1e-3


def test_a_view_is_embedded_once(monkeypatch: pytest.MonkeyPatch) -> None:
    segmenter, calls = Segmenter("sam", boxes_at_once=2), []
    model = segmenter.network.model
    embed = model.get_image_embeddings
    monkeypatch.setattr(model, "get_image_embeddings", lambda pixels: calls.append(len(pixels)) or embed(pixels))
    segmenter(pictures(5), regions(9))
    assert calls == [1, 1], "of five views, two have boxes"


@pytest.mark.parametrize("name", NAMES)
def test_no_boxes_no_masks(name: str) -> None:
    found = made(name)(pictures(), regions(0))
    assert tuple(found.mask.shape) == (0, 48, 96)
    assert found.mask.dtype == torch.bool


@pytest.mark.parametrize("name", NAMES)
def test_half_precision_says_nearly_the_same(name: str) -> None:
    found = []
    for dtype in (torch.float32, torch.bfloat16):
        segmenter = Segmenter(name, dtype=dtype)
        quality = segmenter.network.model.mask_decoder.iou_prediction_head.proj_out
        quality.bias += 1000 * torch.arange(len(quality.bias)).to(dtype)  # no rounding decides which mask is the best
        found.append(segmenter(pictures(), regions(9)).mask)
    both, either = (found[0] & found[1]).flatten(1).sum(1), (found[0] | found[1]).flatten(1).sum(1)
    assert (both / either).median() > 0.9


class Answering:
    """A network that gives the masks it was made with."""

    def __init__(self, logit: Float[Tensor, "u m s s"], quality: Float[Tensor, "u m"], like: Any) -> None:
        self.logit, self.quality, self.config = logit, quality, like.config

    def get_image_embeddings(self, pixels: Tensor) -> Tensor:
        self.pixels = pixels
        return pixels

    def __call__(self, input_boxes: Tensor, **inputs: Any) -> Any:
        self.boxes, self.pred_masks, self.iou_scores = input_boxes, self.logit[None], self.quality[None]
        return self


@pytest.mark.parametrize("name", NAMES)
def test_the_best_of_three_masks_is_taken_where_it_lies_in_the_picture(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mask of the left half and the upper half, on a grid of 16; SAM's picture fills the upper half of the square only."""
    network, rows = made(name).network, torch.arange(16)
    left = torch.where(rows < 8, 9.0, -9.0).expand(16, 16)
    upper = torch.where(rows < (4 if name == "sam" else 8), 9.0, -9.0)[:, None].expand(16, 16)
    logit = torch.stack([torch.stack([left, upper, upper]), torch.stack([left, upper, left])])
    answering = Answering(logit, torch.tensor([[0.9, 0.5, 0.8], [0.3, 0.7, 0.6]]), network.model)
    monkeypatch.setattr(network, "model", answering)
    whole = torch.tensor([[0.0, 0, 96, 48], [24, 12, 72, 36]])
    found = made(name).segment(pictures(1).colour[0], whole)
    expected = torch.zeros(2, 48, 96, dtype=torch.bool)
    expected[0, :, :48] = True
    expected[1, :24] = True
    assert torch.equal(found, expected)
    assert tuple(answering.pixels.shape) == (1, 3, 64, 64)
    below = 32 if name == "sam" else 64
    assert (answering.pixels[:, :, :below] != 0).any(1).all()
    assert (answering.pixels[:, :, below:] == 0).all()
    torch.testing.assert_close(answering.boxes[0], torch.tensor([[0, 0, 64, below], [16, below / 4, 48, 0.75 * below]]))


def test_a_box_in_which_nothing_is_found_is_kept_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    network = made("sam").network
    nothing = Answering(torch.full((2, 3, 16, 16), -1.0), torch.ones(2, 3), network.model)
    monkeypatch.setattr(network, "model", nothing)
    box = torch.tensor([[1.0, 2, 30, 20], [5, 5, 9, 9]])
    found = made("sam")(pictures(), Regions(torch.tensor([1, 1]), torch.zeros(2).long(), torch.ones(2), box))
    assert torch.equal(found.mask, masks.interior(box, 48, 96))


@settings(max_examples=20, deadline=None, derandomize=True)
@given(corners=st.lists(st.floats(0, 8), min_size=4, max_size=4))
def test_a_pixel_is_in_a_box_where_its_centre_is(corners: list[float]) -> None:
    x0, x1, y0, y1 = *sorted(corners[:2]), *sorted(corners[2:])
    found = masks.interior(torch.tensor([[x0, y0, x1, y1]], dtype=torch.float64).float(), 6, 8)[0]
    x0, y0, x1, y1 = torch.tensor([x0, y0, x1, y1]).tolist()
    slow = [[x0 <= column + 0.5 < x1 and y0 <= row + 0.5 < y1 for column in range(8)] for row in range(6)]
    assert found.tolist() == slow


def test_sam_agrees_with_transformers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pictures within a grey level, as transformers rounds to whole ones; masks all but exactly."""
    module = "transformers.models.sam.image_processing_pil_sam"
    processors = pytest.importorskip(module, reason="this transformers needs torchvision for it")
    theirs = processors.SamImageProcessorPil(size={"longest_edge": 64}, pad_size={"height": 64, "width": 64})
    network, values = made("sam").network, (pictures(1).colour[0] * 255).byte()
    answering = Answering(torch.randn(2, 3, 16, 16, generator=torch.Generator().manual_seed(0)), torch.eye(2, 3), network.model)
    monkeypatch.setattr(network, "model", answering)
    found = made("sam").segment(values / 255, torch.tensor([[0.0, 0, 9, 9]] * 2))
    prepared = theirs([values.numpy()], return_tensors="pt")
    level = 1 / (255 * torch.tensor(tiny_models.IMAGENET["image_std"])[:, None, None])
    assert ((answering.pixels - prepared["pixel_values"]).abs() <= 1.05 * level).all()
    best = answering.logit[torch.arange(2), torch.tensor([0, 1])][None, :, None]
    (expected,) = theirs.post_process_masks(best, prepared["original_sizes"], prepared["reshaped_input_sizes"])
    assert (found != expected[:, 0]).float().mean() < 1e-3


def test_an_unknown_segmenter_is_named() -> None:
    with pytest.raises(InputError, match="no segmenter named 'sam9'; known: sam, sam2"):
        Segmenter("sam9")
