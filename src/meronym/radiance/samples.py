"""Samples along rays that contribute to a pixel, packed ray by ray."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import torch
from jaxtyping import Float, Int
from torch import Tensor


@dataclass(frozen=True, eq=False)
class PackedSamples:
    """The contributing samples of many rays, in the order of the rays."""

    ray: Int[Tensor, " k"]
    """Index of the ray that a sample belongs to; ascending."""
    point: Float[Tensor, "k 3"]
    """In the field's cube."""
    weight: Float[Tensor, " k"]
    """Share of the ray's light that comes from there."""
    opacity: Float[Tensor, " r"]
    """Sum of all weights of a ray, those that were left out included."""
    distance: Float[Tensor, " r"]
    """Expected distance along the ray, world units; transparency does not count."""
    spread: Float[Tensor, " r"]
    """Distortion: mean distance between contributions along the ray, in lengths of the sampled ray."""

    @classmethod
    def join(cls, parts: Sequence[PackedSamples]) -> PackedSamples:
        """Samples of rays that were marched in chunks, one chunk after the other."""
        first = 0
        rays = []
        for part in parts:
            rays.append(part.ray + first)
            first += len(part)
        names = ("point", "weight", "opacity", "distance", "spread")
        return cls(torch.cat(rays), *(torch.cat([getattr(part, name) for part in parts]) for name in names))

    def __len__(self) -> int:
        return len(self.opacity)

    @cached_property
    def start(self) -> Int[Tensor, " r1"]:
        """Where the samples of each ray begin; one more than there are rays."""
        count = torch.bincount(self.ray, minlength=len(self))
        return torch.cat([count.new_zeros(1), count.cumsum(0)])

    def take(self, rays: Int[Tensor, " n"]) -> PackedSamples:
        """Chosen rays, in the order given."""
        first = self.start[rays]
        count = self.start[rays + 1] - first
        ray = torch.repeat_interleave(torch.arange(len(rays), device=rays.device), count)
        within = torch.arange(len(ray), device=rays.device) - (count.cumsum(0) - count)[ray]
        at = first[ray] + within
        return PackedSamples(ray, self.point[at], self.weight[at], self.opacity[rays], self.distance[rays], self.spread[rays])

    def accumulate(self, value: Float[Tensor, "k d"]) -> Float[Tensor, "r d"]:
        """Render a quantity of the samples: its weighted sum over each ray."""
        out = value.new_zeros(len(self), value.shape[1])
        return out.index_add(0, self.ray, self.weight[:, None] * value)

    def median(self) -> Float[Tensor, "r 3"]:
        """The point of each ray with half of the weight before it and half behind; the cube's centre without samples."""
        total = torch.cat([self.weight.new_zeros(1, dtype=torch.float64), self.weight.double().cumsum(0)])
        first, behind = self.start[:-1], self.start[1:]
        found = torch.searchsorted(total[1:], (total[first] + total[behind]) / 2)
        place = self.point.new_zeros(len(self), 3)
        hit = behind > first
        place[hit] = self.point[found[hit].maximum(first[hit]).minimum(behind[hit] - 1)]
        return place
