"""TensoRF (Chen et al., ECCV 2022), the vector-matrix kind: a radiance field that is learned from posed photos.

A quantity on the grid is a sum of products of a plane and a line, one for each axis. Density is a plain sum, appearance 27
numbers that a small network turns into colour. Names and layout of the tensors are the official ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float
from torch import Tensor, nn
from torch.nn import functional

from meronym.radiance.rays import Samples
from meronym.radiance.samples import PackedSamples

PLANES, LINES = ((0, 1), (0, 2), (1, 2)), (2, 1, 0)
"""Axes of the three planes, and of the line that each is multiplied with."""
APPEARANCE = 27
FAINT = 1e-4
"""Samples that contribute less to a ray are left out of all but density (as the official code has it)."""
OPAQUE = 25.0
"""By how much the density is multiplied: what the official code calls distance_scale."""


@dataclass(frozen=True)
class OccupancySettings:
    """How a field notes which of its space is empty."""

    cells: tuple[int, int] = (96, 256)
    """Sides of the grid, least and most; between them it is as fine as the field, so that nothing thin is lost."""
    least: float = 0.005
    """Opacity of a step of one cell from which the cell and its neighbours count as occupied."""


class VectorMatrix(nn.Module):
    """Components of a quantity on a grid: planes times lines."""

    def __init__(
        self, components: Sequence[int], grid: Sequence[int], scale: float = 0.1, draw: torch.Generator | None = None
    ) -> None:
        super().__init__()
        plane, line = [], []
        for count, (a, b), c in zip(components, PLANES, LINES, strict=True):
            plane.append(nn.Parameter(scale * torch.randn(1, count, grid[b], grid[a], generator=draw)))
            line.append(nn.Parameter(scale * torch.randn(1, count, grid[c], 1, generator=draw)))
        self.plane, self.line = nn.ParameterList(plane), nn.ParameterList(line)

    @property
    def grid(self) -> tuple[int, int, int]:
        """Voxels along x, y, z."""
        return (self.plane[0].shape[3], self.plane[0].shape[2], self.line[0].shape[2])

    def products(self, point: Float[Tensor, "n 3"]) -> tuple[Float[Tensor, "_c n"], ...]:
        """The components of each axis at places in -1..1."""
        return tuple(
            _bilinear(plane, point[:, list(axes)]) * _bilinear(line, functional.pad(point[:, c : c + 1], (1, 0)))
            for plane, line, axes, c in zip(self.plane, self.line, PLANES, LINES, strict=True)
        )

    def forward(self, point: Float[Tensor, "n 3"]) -> Float[Tensor, "n c"]:
        """All components."""
        components: Tensor = torch.cat(self.products(point)).T
        return components

    def total(self, point: Float[Tensor, "n 3"]) -> Float[Tensor, " n"]:
        """Their sum."""
        x, y, z = (product.sum(0) for product in self.products(point))
        total: Tensor = x + y + z
        return total

    @torch.no_grad()
    def crop(self, low: Sequence[int], high: Sequence[int]) -> None:
        """Keep the voxels from `low` up to, not including, `high`."""
        for k, ((a, b), c) in enumerate(zip(PLANES, LINES, strict=True)):
            self.plane[k] = nn.Parameter(self.plane[k][:, :, low[b] : high[b], low[a] : high[a]].clone())
            self.line[k] = nn.Parameter(self.line[k][:, :, low[c] : high[c]].clone())

    @torch.no_grad()
    def resize(self, grid: Sequence[int]) -> None:
        """Interpolate to another grid."""
        for k, ((a, b), c) in enumerate(zip(PLANES, LINES, strict=True)):
            for part, size in ((self.plane, (grid[b], grid[a])), (self.line, (grid[c], 1))):
                part[k] = nn.Parameter(functional.interpolate(part[k].data, size, mode="bilinear", align_corners=True))

    def variation(self) -> Float[Tensor, ""]:
        """Total variation of the planes: mean squared difference between neighbours."""
        total: Tensor = self.plane[0].new_zeros(())
        for plane in self.plane:
            total = total + 2 * (plane.diff(dim=2).square().mean() + plane.diff(dim=3).square().mean())
        return total


def _bilinear(image: Float[Tensor, "1 c h w"], place: Float[Tensor, "n 2"]) -> Float[Tensor, "c n"]:
    sampled: Tensor = functional.grid_sample(image, place[None, :, None], align_corners=True)
    return sampled[0, :, :, 0]


class TensoRF(nn.Module):
    """Density and colour in a cube -1..1, of which `low`..`high` is on the grid."""

    low: Tensor
    high: Tensor
    occupied: Tensor
    """Bool [x y z]: which cells may hold something. All, until `update_occupancy` is called."""

    def __init__(
        self,
        grid: Sequence[int],
        density: Sequence[int] = (16, 4, 4),
        appearance: Sequence[int] = (48, 12, 12),
        draw: torch.Generator | None = None,
        occupancy: OccupancySettings | None = None,
    ) -> None:
        super().__init__()
        self.occupancy = occupancy or OccupancySettings()
        self.register_buffer("low", -torch.ones(3))
        self.register_buffer("high", torch.ones(3))
        self.register_buffer("occupied", torch.ones(1, 1, 1, dtype=torch.bool))
        self.density, self.appearance = VectorMatrix(density, grid, 0.1, draw), VectorMatrix(appearance, grid, 0.1, draw)
        self.basis = linear(sum(appearance), APPEARANCE, draw, bias=False)
        last = linear(128, 3, draw)
        nn.init.zeros_(last.bias)
        self.colour = nn.Sequential(linear(APPEARANCE + 3, 128, draw), nn.ReLU(), linear(128, 128, draw), nn.ReLU(), last)

    @classmethod
    def restore(cls, state: dict[str, Tensor]) -> TensoRF:
        """The field whose `state_dict` this is."""
        planes = [[state[f"{part}.plane.{k}"].shape for k in range(3)] for part in ("density", "appearance")]
        grid = (planes[0][0][3], planes[0][0][2], planes[0][1][2])
        density, appearance = ([shape[1] for shape in part] for part in planes)
        field = cls(grid, density, appearance).to(state["occupied"].device)
        field.occupied = state["occupied"]
        field.load_state_dict(state)
        return field.requires_grad_(False)

    def place(self, point: Float[Tensor, "*n 3"]) -> Float[Tensor, "*n 3"]:
        """From the cube to the grid's own -1..1."""
        return (point - self.low) * 2 / (self.high - self.low) - 1

    def is_occupied(self, point: Float[Tensor, "*n 3"]) -> Bool[Tensor, "*n"]:
        """Whether places in the cube may hold something; outside of the grid nothing does."""
        size = torch.tensor(self.occupied.shape, device=point.device)
        inside = ((point >= self.low) & (point <= self.high)).all(-1)
        cell = ((self.place(point) + 1) / 2 * size).long().clamp_min(0).minimum(size - 1)
        return inside & self.occupied[cell[..., 0], cell[..., 1], cell[..., 2]]

    def march(self, samples: Samples, threshold: float = FAINT) -> PackedSamples:
        """The contribution of each sample along rays: the volume rendering integral."""
        valid = samples.inside & self.is_occupied(samples.point)
        opaque = samples.step.new_zeros(samples.step.shape)
        if valid.any():
            sigma = self.density.total(self.place(samples.point[valid])).relu()
            opaque = opaque.masked_scatter(valid, 1 - torch.exp(-sigma * samples.step[valid] * OPAQUE))
        clear = torch.cumprod(torch.cat([torch.ones_like(opaque[:, :1]), 1 - opaque + 1e-10], 1), 1)[:, :-1]
        weight = opaque * clear
        ray, at = (weight > threshold).nonzero(as_tuple=True)
        distance = (weight * samples.distance).sum(1)
        return PackedSamples(ray, samples.point[ray, at], weight[ray, at], weight.sum(1), distance, _spread(weight))

    def features(self, point: Float[Tensor, "k 3"]) -> Float[Tensor, "k 27"]:
        """Appearance at places in the cube, before it becomes colour."""
        out: Tensor = self.basis(self.appearance(self.place(point)))
        return out

    def shade(self, feature: Float[Tensor, "k 27"], direction: Float[Tensor, "k 3"]) -> Float[Tensor, "k 3"]:
        """Colour 0..1 of appearance seen along a direction."""
        out: Tensor = torch.sigmoid(self.colour(torch.cat([feature, direction], 1)))
        return out

    def paint(self, samples: PackedSamples, direction: Float[Tensor, "r 3"], background: float) -> Float[Tensor, "r 3"]:
        """Colours of rays, before a grey of `background` 0..1."""
        colour = samples.accumulate(self.shade(self.features(samples.point), direction[samples.ray]))
        return colour + (1 - samples.opacity[:, None]) * background

    @torch.no_grad()
    def update_occupancy(self) -> None:
        """Mark the cells in whose neighbourhood a step of one cell is opaque enough."""
        least, (fewest, most) = self.occupancy.least, self.occupancy.cells
        size = min(max(fewest, *self.density.grid), most)
        axes = [torch.linspace(l, h, size) for l, h in zip(self.low.tolist(), self.high.tolist(), strict=True)]
        point = torch.stack(torch.meshgrid(*axes, indexing="ij"), -1).to(self.low)
        sigma = torch.cat([self.density.total(self.place(slab.reshape(-1, 3))).relu() for slab in point])
        step = float((self.high - self.low).mean()) / max(self.density.grid)
        opaque = 1 - torch.exp(-sigma * step * OPAQUE)
        near = functional.max_pool3d(opaque.reshape(1, 1, size, size, size), 3, 1, 1)[0, 0]
        self.occupied = near > least

    @torch.no_grad()
    def crop(self) -> None:
        """Cut the grid down to the occupied cells."""
        found = self.occupied.nonzero()
        if not len(found):
            return
        cells = torch.tensor(self.occupied.shape, device=self.low.device)
        voxels = torch.tensor(self.density.grid, device=self.low.device)
        start = (found.amin(0) / cells * (voxels - 1)).floor().long()
        stop = ((found.amax(0) + 1) / cells * (voxels - 1)).ceil().long() + 1
        edge = (self.high - self.low) / (voxels - 1)
        self.low, self.high = self.low + start * edge, self.low + (stop - 1) * edge
        for part in (self.density, self.appearance):
            part.crop(start.tolist(), stop.tolist())
        self.update_occupancy()

    @torch.no_grad()
    def upsample(self, voxels: int) -> None:
        """Interpolate to about `voxels` cubic voxels."""
        size = self.high - self.low
        edge = float((size.prod() / voxels) ** (1 / 3))
        grid = [max(int(x / edge), 8) for x in size.tolist()]
        for part in (self.density, self.appearance):
            part.resize(grid)


def _spread(weight: Float[Tensor, "r s"]) -> Float[Tensor, " r"]:
    """The distortion of rays (Barron et al., mip-NeRF 360, eq. 15), in linear time: weights of places evenly far apart."""
    count = weight.shape[1]
    middle = (torch.arange(count).to(weight) + 0.5) / count
    moment = weight * middle
    before = weight.cumsum(1) - weight
    spread: Tensor = 2 * (weight * (middle * before - (moment.cumsum(1) - moment))).sum(1)
    return spread + weight.square().sum(1) / (3 * count)


def linear(inputs: int, outputs: int, draw: torch.Generator | None, bias: bool = True) -> nn.Linear:
    """A layer with the usual start, drawn from `draw`."""
    layer, reach = nn.Linear(inputs, outputs, bias=bias), inputs**-0.5
    with torch.no_grad():
        for parameter in layer.parameters():
            parameter.copy_((torch.rand(parameter.shape, generator=draw) * 2 - 1) * reach)
    return layer


def samples_per_ray(field: TensoRF) -> int:
    """Five for every four voxels."""
    return round(1.25 * max(field.density.grid))
