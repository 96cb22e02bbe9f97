"""Rows and columns of samples that things cover, as flat arrays: one entry for each thing and sample."""

from __future__ import annotations

from collections.abc import Iterator

import torch
from jaxtyping import Float, Int
from torch import Tensor

from meronym.render.shading import take


def covered(low: Float[Tensor, " k"], high: Float[Tensor, " k"], size: int) -> tuple[Int[Tensor, " k"], Int[Tensor, " k"]]:
    """First sample whose centre is in [low, high), and how many are, within 0..size."""
    first = (low - 0.5).ceil().clamp(0, size).long()
    return first, ((high - 0.5).ceil().clamp(0, size).long() - first).clamp(min=0)


def expand(count: Int[Tensor, " k"]) -> tuple[Int[Tensor, " m"], Int[Tensor, " m"]]:
    """`count[i]` entries for each i: i, and 0 .. count[i] - 1."""
    owner = torch.repeat_interleave(count)
    return owner, torch.arange(len(owner), device=count.device) - take(count.cumsum(0) - count, owner)


def batches(count: Int[Tensor, " k"], limit: int) -> Iterator[slice]:
    """Consecutive slices that hold about `limit` in sum, and no more than that and one entry."""
    if len(count) == 0:
        return
    batch = ((count.cumsum(0) - count) // limit).cpu()
    ends = [*((batch[1:] != batch[:-1]).nonzero()[:, 0] + 1).tolist(), len(count)]
    yield from (slice(start, end) for start, end in zip([0, *ends], ends, strict=False))
