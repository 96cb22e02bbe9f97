"""Point-M2AE (Zhang et al., NeurIPS 2022): frozen features of points at three scales, for PartDistill's student.

The constants are the architecture of the public checkpoint, and the names of parameters are its names.
"""

from __future__ import annotations

from collections import OrderedDict
from itertools import pairwise
from pathlib import Path
from typing import cast

import torch
from jaxtyping import Bool, Float
from torch import Tensor, nn
from torch.nn import functional

from meronym.core.geometry import distances, farthest_points, interpolate, nearest_points, take
from meronym.errors import InputError
from meronym.weights import unpickle

DIMS = (96, 192, 384)
CENTRES = (512, 256, 64)
"""Groups at each scale."""
MEMBERS = (16, 8, 8)
"""Points, or groups of the scale before, in each group."""
RADII = (0.32, 0.64, 1.28)
"""A group attends to those whose centres are nearer than this."""
DEPTH, HEADS = 5, 6
FEATURES = sum(DIMS) + 3 * len(DIMS)
"""Of a point: its position and its feature, for each scale."""
_DECODER = ("mask_token", "h_decoder.", "decoder_pos_embeds.", "token_prop.", "decoder_norm.", "rec_head.")
"""The half of the autoencoder that is not used for features."""


class PointM2AE(nn.Module):
    """A frozen feature extractor: no gradients, and evaluation mode even inside a network that trains."""

    def __init__(self) -> None:
        super().__init__()
        self.h_encoder = Encoder()
        self.requires_grad_(False).eval()

    @staticmethod
    def load(path: str | Path) -> PointM2AE:
        """The network with the weights of a checkpoint: the public pickle, or the file that `unpickle.convert` made of it.

        Raises: WeightsError if it cannot be read, or if a tensor is missing, unknown or of another shape.
        """
        with torch.device("meta"):
            model = PointM2AE()
        model.to_empty(device="cpu")
        unpickle.load_into(model, Path(path), unused=_DECODER)
        return model

    def train(self, mode: bool = True) -> PointM2AE:
        """Stay in evaluation mode."""
        super().train(False)
        return self

    @torch.no_grad()
    def forward(self, points: Float[Tensor, "b n 3"]) -> Float[Tensor, "b n 681"]:
        """Features of at least 512 points, which should be centred on their bounding box, the farthest at distance 1.

        Scales from fine to coarse: the first 99 are the position and the feature of the finest.

        Raises: InputError if there are too few points, or one is not finite.
        """
        if not torch.isfinite(points).all():
            raise InputError("points: NaN or infinity among the coordinates. Remove those points.")
        scales = self.h_encoder(points)
        return torch.cat([x for centres, tokens in scales for x in (points, interpolate(tokens, centres, points))], -1)


class Encoder(nn.Module):
    """The hierarchy: tokens of small groups of points are merged to tokens of larger groups."""

    def __init__(self) -> None:
        super().__init__()
        self.token_embed = nn.ModuleList(
            [_Embedding(3, (128, 256, 512), DIMS[0]), *(_Embedding(a, (a, a, b), b) for a, b in pairwise(DIMS))]
        )
        self.encoder_pos_embeds = nn.ModuleList(
            nn.Sequential(nn.Linear(3, dim), nn.GELU(), nn.Linear(dim, dim)) for dim in DIMS
        )
        self.encoder_blocks = nn.ModuleList(_Stage(dim) for dim in DIMS)
        self.encoder_norms = nn.ModuleList(nn.LayerNorm(dim) for dim in DIMS)

    def forward(self, points: Float[Tensor, "b n 3"]) -> list[tuple[Float[Tensor, "b _g 3"], Float[Tensor, "b _g _d"]]]:
        """Centres and tokens of each scale, from fine to coarse.

        Raises: InputError if there are fewer than 512 points.
        """
        all_centres = take(points, farthest_points(points, CENTRES[0]))
        finer = tokens = points
        scales = []
        for scale, count in enumerate(CENTRES):
            centres = all_centres[:, :count]  # farthest point sampling of the scale before gives its first ones
            members, _ = nearest_points(centres, finer, MEMBERS[scale])
            groups = take(tokens, members)
            if scale == 0:
                groups = groups - centres[:, :, None]
            tokens = self.token_embed[scale](groups)
            near = distances(centres, centres) < RADII[scale]
            tokens = self.encoder_blocks[scale](tokens, self.encoder_pos_embeds[scale](centres), near)
            scales.append((centres, self.encoder_norms[scale](tokens)))
            finer = centres
        return scales


class _Embedding(nn.Module):
    """A mini-PointNet: one token of the members of each group, whatever their order."""

    def __init__(self, inputs: int, widths: tuple[int, int, int], outputs: int) -> None:
        super().__init__()
        a, b, c = widths
        self.first_conv = nn.Sequential(_Pointwise(inputs, a), nn.BatchNorm1d(a), nn.ReLU(inplace=True), _Pointwise(a, b))
        self.second_conv = nn.Sequential(_Pointwise(2 * b, c), nn.BatchNorm1d(c), nn.ReLU(inplace=True), _Pointwise(c, outputs))

    def forward(self, groups: Float[Tensor, "b g k _i"]) -> Float[Tensor, "b g _o"]:
        members = self.first_conv(groups.flatten(0, 2)).unflatten(0, groups.shape[:3])
        # The second half takes each member joined to its group's maximum, whose share is the same for all members.
        join = cast(_Pointwise, self.second_conv[0])
        of_group, of_member = join.weight[..., 0].chunk(2, 1)
        share = functional.linear(members.amax(2, keepdim=True), of_group, join.bias)
        joined = functional.linear(members, of_member) + share
        tokens: Tensor = self.second_conv[1:](joined.flatten(0, 2)).unflatten(0, groups.shape[:3]).amax(2)
        return tokens


class _Pointwise(nn.Conv1d):
    """A linear layer whose weight has a convolution's shape, as in the checkpoint."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__(inputs, outputs, kernel_size=1)

    def forward(self, rows: Float[Tensor, "r _i"]) -> Float[Tensor, "r _o"]:
        return functional.linear(rows, self.weight[..., 0], self.bias)


class _Stage(nn.Module):
    """The transformer blocks of one scale; each gets the positions added to its input."""

    def __init__(self, dim: int) -> None:
        super().__init__()
        self.blocks = nn.ModuleList(_Block(dim) for _ in range(DEPTH))

    def forward(
        self, tokens: Float[Tensor, "b g d"], position: Float[Tensor, "b g d"], near: Bool[Tensor, "b g g"]
    ) -> Float[Tensor, "b g d"]:
        for block in self.blocks:
            tokens = block(tokens + position, near)
        return tokens


class _Block(nn.Module):
    """Attention and a two-layer network, each after a norm and added to its input."""

    def __init__(self, dim: int) -> None:
        super().__init__()
        self.norm1 = nn.LayerNorm(dim)
        self.attn = _Attention(dim)
        self.norm2 = nn.LayerNorm(dim)
        layers = {"fc1": nn.Linear(dim, 4 * dim), "act": nn.GELU(), "fc2": nn.Linear(4 * dim, dim)}
        self.mlp = nn.Sequential(OrderedDict(layers))

    def forward(self, tokens: Float[Tensor, "b g d"], near: Bool[Tensor, "b g g"]) -> Float[Tensor, "b g d"]:
        attended: Tensor = tokens + self.attn(self.norm1(tokens), near)
        return attended + cast(Tensor, self.mlp(self.norm2(attended)))


class _Attention(nn.Module):
    """Attention of several heads among near groups."""

    def __init__(self, dim: int) -> None:
        super().__init__()
        self.qkv = nn.Linear(dim, 3 * dim, bias=False)
        self.proj = nn.Linear(dim, dim)

    def forward(self, tokens: Float[Tensor, "b g d"], near: Bool[Tensor, "b g g"]) -> Float[Tensor, "b g d"]:
        query, key, value = self.qkv(tokens).unflatten(-1, (3, HEADS, -1)).permute(2, 0, 3, 1, 4)
        heads = functional.scaled_dot_product_attention(query, key, value, attn_mask=near[:, None])
        joined: Tensor = self.proj(heads.transpose(1, 2).flatten(2))
        return joined
