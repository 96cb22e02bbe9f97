"""The student for scenes: features and a choice of scale on a reconstructed scene whose density no longer changes.

3D-OVS (Liu et al., NeurIPS 2023), section 3. The feature head has no activations, so the 27 appearance numbers are rendered
first and mapped once a ray: the same values as mapping them at every place and then rendering (a test proves it).
"""

from __future__ import annotations

import torch
from jaxtyping import Float
from torch import Tensor, nn

from meronym.radiance.samples import PackedSamples
from meronym.radiance.tensorf import APPEARANCE, TensoRF, VectorMatrix, linear

SELECTION = (16, 4, 4)
"""Components of the selection volume."""


class FeatureField(nn.Module):
    """A selection volume and a feature head on a reconstructed scene."""

    def __init__(self, scene: TensoRF, dim: int, scales: int, draw: torch.Generator | None = None) -> None:
        super().__init__()
        self.scene = scene
        self.selection = VectorMatrix(SELECTION, scene.density.grid, 0.1, draw)
        self.choose = linear(sum(SELECTION), scales, draw)
        self.head = nn.Sequential(linear(APPEARANCE, 128, draw), linear(128, 128, draw), linear(128, dim, draw))

    def scales(self, samples: PackedSamples) -> Float[Tensor, "r s"]:
        """The selection volume: how much each scale of the teacher counts for a ray; a row sums to 1."""
        preference = torch.sigmoid(self.choose(self.selection(self.scene.place(samples.point))))
        return samples.accumulate(preference).softmax(1)

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
