"""The surface of a captured scene as points: what is said of pixels meets there and spreads over what looks alike.

Each pixel's ray ends somewhere; what ends in one cell of the field's cube is one point. A value of a point is the mean over the
pixels that show it: the row-sum solution by which features are lifted onto splats (Occam's LGS, Cheng et al., 2024). Heat flow
then smooths it, as it does on shapes (`surface.py`); links between points that look unlike conduct less, as creases do there.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import torch
from jaxtyping import Float, Int
from scipy import sparse
from torch import Tensor
from torch.nn import functional

from meronym.core import geometry
from meronym.lifting import diffusion, graph
from meronym.radiance.rendered import RenderedRays
from meronym.types import PointCloud

CELL = 3.0
"""Side of a cell, in typical distances between the places that neighbouring pixels show."""
CELLS = 1024
"""Along a side of the field's cube, at the most."""
RADIUS = 0.2
"""How far names spread, as a share of the radius of the scene's bounding sphere in the field's cube."""
UNLIKE = 0.1
"""How far the cosine of what two points look like lies below 1 where a link between them conducts 1 / e."""


@dataclass(frozen=True, eq=False)
class SceneSurface:
    """Points of what photos show."""

    place: Float[Tensor, "n 3"]
    """In the field's cube."""
    point: Int[Tensor, "c h w"]
    """Which point a pixel of the photos shows; -1 = none."""
    count: Float[Tensor, " n"]
    """How many pixels show each point."""
    links: sparse.csr_matrix
    """Conductances between neighbours."""

    @classmethod
    def of(cls, seen: RenderedRays, likeness: Float[Tensor, "c d gh gw"]) -> SceneSurface:
        """The surface that photos show; `likeness`: what each looks like, on any grid, to be compared by cosine."""
        place, number, count = _cells(seen)
        point = torch.full(seen.solid.shape, -1)
        point[seen.solid] = number
        bare = cls(place, point, count, sparse.csr_matrix((len(place), len(place))))
        if len(place) == 1:
            return bare
        looks = functional.normalize(bare.gather_maps(likeness), dim=1)
        links = graph.surface_graph(bare.cloud).tocoo()
        ends = zip(*(torch.from_numpy(end).long().split(65_536) for end in (links.row, links.col)), strict=True)
        cosine = torch.cat([(looks[a] * looks[b]).sum(1) for a, b in ends])
        links.data = links.data * np.exp((cosine.double().numpy() - 1) / UNLIKE)
        return cls(place, point, count, links.tocsr())

    def gather(self, seen: Iterable[Float[Tensor, "h w d"]]) -> Float[Tensor, "n d"]:
        """Of something that is known of each pixel of the photos, the mean over the pixels that show a point."""
        total = torch.zeros(())
        for point, values in zip(self.point, seen, strict=True):
            shown = point >= 0
            total = total if total.ndim else values.new_zeros(len(self.place), values.shape[-1])
            total.index_add_(0, point[shown], values[shown])
        return total / self.count[:, None]

    def gather_maps(self, maps: Float[Tensor, "c d gh gw"]) -> Float[Tensor, "n d"]:
        """The same of maps on any grid over the photos."""
        size = self.point.shape[1:]
        return self.gather(functional.interpolate(view[None], size, mode="bilinear")[0].permute(1, 2, 0) for view in maps)

    @cached_property
    def cloud(self) -> PointCloud:
        """The points by themselves."""
        return PointCloud(self.place.double().numpy())

    def spread(self, values: Float[Tensor, "n d"]) -> Float[Tensor, "n d"]:
        """Smooth over the surface; points that few pixels show count less."""
        sure = (self.count / self.count.median()).clamp(max=1)
        return diffusion.diffuse(values, sure, self.cloud, self.links, RADIUS)

    def read(self, values: Float[Tensor, "n d"], place: Float[Tensor, "m 3"]) -> Float[Tensor, "m d"]:
        """Values at places in the field's cube, from the nearest points."""
        return geometry.from_nearest(values, self.place.numpy(), place.numpy())

    def show(self, score: Float[Tensor, "n p"], rendered: RenderedRays) -> Float[Tensor, "c p h w"]:
        """What a glance sees of scores: those of where each ray ends, times opacity."""
        seen = self.read(score, rendered.place.reshape(-1, 3)) * rendered.opacity.reshape(-1, 1)
        return seen.reshape(*rendered.opacity.shape, -1).permute(0, 3, 1, 2)


def _cells(seen: RenderedRays) -> tuple[Float[Tensor, "n 3"], Int[Tensor, " m"], Float[Tensor, " n"]]:
    """Middles of the cells in which rays end, the cell of each pixel that shows a surface, and how many end in each."""
    beside = seen.solid[:, :, 1:] & seen.solid[:, :, :-1]
    gap = (seen.place[:, :, 1:] - seen.place[:, :, :-1]).norm(dim=-1)[beside]
    side = max(CELL * float(gap.median()) if len(gap) else 0.0, 2 / CELLS)
    place = seen.place[seen.solid]
    x, y, z = ((place + 1) / side).long().clamp(0, CELLS).unbind(1)
    _, number, count = torch.unique((x * (CELLS + 1) + y) * (CELLS + 1) + z, return_inverse=True, return_counts=True)
    middle = place.new_zeros(len(count), 3).index_add(0, number, place) / count[:, None]
    return middle, number, count.to(place)
