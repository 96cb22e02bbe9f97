"""The surface of a reconstruction as points, which make a capture a point cloud whose photos are its views.

Each pixel's ray ends somewhere; all that end in one cell of the field's cube are one point. A value of a point is the mean over
the pixels that show it: the row-sum solution by which features are lifted onto splats (Occam's LGS, Cheng et al., 2024).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor
from torch.nn import functional

from meronym.core import geometry
from meronym.radiance.rays import Space
from meronym.radiance.rendered import RenderedRays


@dataclass(frozen=True)
class SurfaceSettings:
    """How finely the surface is sampled."""

    cell: float = 3.0
    """Side of a cell, in typical distances between the places that neighbouring pixels show."""
    cells: int = 1024
    """Along a side of the field's cube, at the most."""


@dataclass(frozen=True, eq=False)
class SurfacePoints:
    """The surface points that photos show."""

    space: Space
    place: Float[Tensor, "n 3"]
    """In the field's cube."""
    element: Int[Tensor, "c h w"]
    """Which point a pixel of the photos shows; -1 = none."""
    count: Float[Tensor, " n"]
    """How many pixels show each point."""

    @classmethod
    def of(
        cls, rendered: RenderedRays, settings: SurfaceSettings | None = None, known: Bool[Tensor, "c h w"] | None = None
    ) -> SurfacePoints:
        """The surface that photos show, from the rendering through their cameras; of all pixels, or those that are known."""
        settings = settings or SurfaceSettings()
        solid, place = rendered.solid if known is None else rendered.solid & known, rendered.place
        beside = solid[:, :, 1:] & solid[:, :, :-1]
        gap = (place[:, :, 1:] - place[:, :, :-1]).norm(dim=-1)[beside]
        side = max(settings.cell * float(gap.median()) if len(gap) else 0.0, 2 / settings.cells)
        shown = place[solid]
        x, y, z = ((shown + 1) / side).long().clamp(0, settings.cells).unbind(1)
        key = (x * (settings.cells + 1) + y) * (settings.cells + 1) + z
        _, number, count = torch.unique(key, return_inverse=True, return_counts=True)
        middle = place.new_zeros(len(count), 3).index_add(0, number, shown) / count[:, None]
        element = torch.full(solid.shape, -1, device=place.device)
        element[solid] = number
        return cls(rendered.space, middle, element, count.to(place))

    @property
    def world(self) -> Float[Tensor, "n 3"]:
        """Where the points are in the world."""
        return self.space.world(self.place)

    def gather(self, pixels: Iterable[Float[Tensor, "h w d"]]) -> Float[Tensor, "n d"]:
        """The mean, over the pixels that show a point, of values that are known for every pixel of the photos."""
        total: Tensor | None = None
        for element, values in zip(self.element, pixels, strict=True):
            shown = element >= 0
            if total is None:
                total = values.new_zeros(len(self.place), values.shape[-1])
            total.index_add_(0, element[shown], values[shown])
        assert total is not None
        return total / self.count[:, None]

    def gather_maps(self, maps: Float[Tensor, "c d gh gw"]) -> Float[Tensor, "n d"]:
        """`gather` for maps on any grid over the photos."""
        size = self.element.shape[1:]
        return self.gather(functional.interpolate(view[None], size, mode="bilinear")[0].permute(1, 2, 0) for view in maps)

    def show(self, score: Float[Tensor, "n p"], rendered: RenderedRays) -> Float[Tensor, "c p h w"]:
        """Scores of points through any cameras: of the points nearest to where each ray ends, times opacity."""
        ends = rendered.place.reshape(-1, 3).cpu().numpy()
        near = geometry.from_nearest(score.cpu(), self.place.cpu().numpy(), ends).to(rendered.opacity.device)
        return (near * rendered.opacity.reshape(-1, 1)).reshape(*rendered.opacity.shape, -1).permute(0, 3, 1, 2)
