"""A reconstruction through cameras: the samples behind every pixel, the surface point that it shows, and what is rendered."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from meronym.radiance import rays
from meronym.radiance.rays import Space
from meronym.radiance.samples import PackedSamples
from meronym.radiance.tensorf import TensoRF, samples_per_ray
from meronym.types import Cameras

SOLID = 0.5
"""Opacity from which a ray meets a surface: what comes from there is more than what comes through."""
LEAST_WEIGHT = 3e-3
"""Samples that contribute less to a pixel are left out of a finished field's pictures: under 1 % of what is shown."""


@dataclass(frozen=True, eq=False)
class RenderedRays:
    """The rays of all pixels of some cameras, marched through a reconstruction whose density no longer changes."""

    field: TensoRF
    space: Space
    cameras: Cameras
    samples: PackedSamples
    """Of every pixel, in order."""

    @classmethod
    def of(cls, field: TensoRF, space: Space, cameras: Cameras, chunk: int = 8192) -> RenderedRays:
        """March the rays of all pixels, `chunk` of them at a time."""
        parts = []
        with torch.no_grad():
            for origin, direction in zip(*(part.split(chunk) for part in rays.all_rays(cameras)), strict=True):
                middle = origin.new_full((len(origin), 1), 0.5)
                parts.append(field.march(space.sample(origin, direction, samples_per_ray(field), middle), LEAST_WEIGHT))
        return cls(field, space, cameras, PackedSamples.join(parts))

    @classmethod
    def pick(cls, sources: Sequence[tuple[RenderedRays, int]]) -> RenderedRays:
        """Views of other renderings of one field, one after the other."""
        first = sources[0][0]
        pixel = torch.arange(first.cameras.height * first.cameras.width, device=first.samples.point.device)
        views = [source.cameras.only(torch.tensor([view])) for source, view in sources]
        poses, lenses = (torch.cat([getattr(view, name) for view in views]) for name in ("world_from_camera", "intrinsics"))
        samples = PackedSamples.join([source.samples.take(view * len(pixel) + pixel) for source, view in sources])
        return cls(first.field, first.space, Cameras(poses, lenses, first.cameras.height, first.cameras.width), samples)

    @cached_property
    def opacity(self) -> Float[Tensor, "c h w"]:
        """How much of each pixel's ray is stopped, 0..1."""
        return self.samples.opacity.clamp(0, 1).reshape(len(self.cameras), self.cameras.height, self.cameras.width)

    @cached_property
    def solid(self) -> Bool[Tensor, "c h w"]:
        """Which pixels show a surface."""
        return self.opacity > SOLID

    @cached_property
    def place(self) -> Float[Tensor, "c h w 3"]:
        """Where each pixel's ray ends, in the field's cube: half of the weight lies before, half behind."""
        return self.samples.median().reshape(*self.opacity.shape, 3)

    @cached_property
    def points(self) -> Float[Tensor, "c h w 3"]:
        """Where each pixel's ray ends, in the world."""
        return self.space.world(self.place.reshape(-1, 3)).reshape(self.place.shape)

    @cached_property
    def distance(self) -> Float[Tensor, "c h w"]:
        """From each pixel's camera to where its ray ends, world units."""
        eye = self.cameras.world_from_camera[:, :3, 3].to(self.points)
        distance: Tensor = (self.points - eye[:, None, None]).norm(dim=-1)
        return distance

    @cached_property
    def appearance(self) -> Float[Tensor, "n 27"]:
        """Rendered appearance of every pixel, before it becomes colour."""
        return self.render(self.field.features)

    @cached_property
    def colour(self) -> Float[Tensor, "c h w 3"]:
        """Colours 0..1 before white."""
        _, direction = rays.all_rays(self.cameras)
        with torch.no_grad():
            parts = [self.field.paint(some, direction[ray], 1.0) for ray, some in self._chunks()]
        return torch.cat(parts).reshape(*self.opacity.shape, 3).clamp(0, 1)

    def render(
        self, quantity: Callable[[Float[Tensor, "k 3"]], Float[Tensor, "k d"]], pixels: Int[Tensor, " n"] | None = None
    ) -> Float[Tensor, "n d"]:
        """Render a quantity that is a function of places in the field's cube, for all pixels or for chosen ones."""
        with torch.no_grad():
            return torch.cat([some.accumulate(quantity(some.point)) for _, some in self._chunks(pixels)])

    def _chunks(self, pixels: Int[Tensor, " n"] | None = None, size: int = 16_384) -> Iterator[tuple[Tensor, PackedSamples]]:
        every = torch.arange(len(self.samples), device=self.samples.point.device) if pixels is None else pixels
        for ray in every.split(size):
            yield ray, self.samples.take(ray)
