"""The student for scenes: features and a choice of scale on a reconstructed scene whose density no longer changes.

3D-OVS (Liu et al., NeurIPS 2023), section 3. The feature head has no activations, so the 27 appearance numbers are rendered
first and mapped once a ray: the same values as mapping them at every place and then rendering (a test proves it).
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from meronym.radiance.tensorf import APPEARANCE, Hits, TensoRF, VectorMatrix, linear

SELECTION = (16, 4, 4)
"""Components of the selection volume."""


class FeatureField(nn.Module):
    """A reconstructed scene that has learned what things are."""

    def __init__(self, scene: TensoRF, dim: int, scales: int, draw: torch.Generator | None = None) -> None:
        super().__init__()
        self.scene = scene
        self.selection = VectorMatrix(SELECTION, scene.density.grid, 0.1, draw)
        self.choose = linear(sum(SELECTION), scales, draw)
        self.head = nn.Sequential(linear(APPEARANCE, 128, draw), linear(128, 128, draw), linear(128, dim, draw))

    def scales(self, hits: Hits) -> Float[Tensor, "r s"]:
        """The selection volume: how much each scale of the teacher counts for a ray; a row sums to 1."""
        preference = torch.sigmoid(self.choose(self.selection(self.scene.place(hits.point))))
        return hits.gather(preference).softmax(1)

    def features(self, appearance: Float[Tensor, "r 27"], opacity: Float[Tensor, " r"]) -> Float[Tensor, "r d"]:
        """The feature of rays, from their rendered appearance.

        As if mapped at every place and then rendered, but that faint places, left out of the appearance, count in the bias.
        """
        weight, bias = self.mapping()
        return appearance @ weight.T + opacity[:, None] * bias

    def mapping(self) -> tuple[Float[Tensor, "d 27"], Float[Tensor, " d"]]:
        """The three layers of the head as one: weight and bias."""
        first, second, third = (layer for layer in self.head if isinstance(layer, nn.Linear))
        weight = third.weight @ second.weight
        bias = weight @ first.bias + third.weight @ second.bias + third.bias
        return weight @ first.weight, bias


@dataclass(frozen=True, eq=False)
class Kept:
    """What contributes to each of many rays: kept, because it does not change once the density is frozen."""

    start: Int[Tensor, " r1"]
    """Where the places of each ray begin; one more than there are rays."""
    point: Float[Tensor, "k 3"]
    weight: Float[Tensor, " k"]
    opacity: Float[Tensor, " r"]
    distance: Float[Tensor, " r"]
    spread: Float[Tensor, " r"]

    @classmethod
    def of(cls, parts: list[Hits]) -> Kept:
        """The contributions of rays that were marched in chunks."""
        count = torch.cat([torch.bincount(hits.ray, minlength=len(hits.opacity)) for hits in parts])
        start = torch.cat([count.new_zeros(1), count.cumsum(0)])
        names = ("point", "weight", "opacity", "distance", "spread")
        return cls(start, *(torch.cat([getattr(hits, name) for hits in parts]) for name in names))

    def __len__(self) -> int:
        return len(self.opacity)

    def take(self, rays: Int[Tensor, " n"]) -> Hits:
        """Some of the rays, in the order asked for."""
        first = self.start[rays]
        count = self.start[rays + 1] - first
        ray = torch.repeat_interleave(torch.arange(len(rays), device=rays.device), count)
        within = torch.arange(len(ray), device=rays.device) - (count.cumsum(0) - count)[ray]
        place = first[ray] + within
        ends = (self.opacity[rays], self.distance[rays], self.spread[rays])
        return Hits(ray, self.point[place], self.weight[place], *ends)

    def median(self) -> Float[Tensor, "r 3"]:
        """Where on each ray half of what contributes lies before, half behind; the cube's centre if nothing contributes."""
        total = torch.cat([self.weight.new_zeros(1, dtype=torch.float64), self.weight.double().cumsum(0)])
        first, behind = self.start[:-1], self.start[1:]
        found = torch.searchsorted(total[1:], (total[first] + total[behind]) / 2)
        place = self.point.new_zeros(len(self), 3)
        hit = behind > first
        place[hit] = self.point[found[hit].maximum(first[hit]).minimum(behind[hit] - 1)]
        return place
