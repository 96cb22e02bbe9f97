"""What cameras see of a reconstruction: for every pixel what contributes to it, where its ray ends, and what is rendered."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from meronym.radiance import rays
from meronym.radiance.rays import Space
from meronym.radiance.tensorf import Hits, TensoRF, samples_per_ray
from meronym.students.feature_field import Kept
from meronym.types import Cameras

SOLID = 0.5
"""Opacity from which a ray meets a surface."""


@dataclass(frozen=True, eq=False)
class RenderedRays:
    """What cameras see of a reconstruction."""

    scene: TensoRF
    space: Space
    cameras: Cameras
    kept: Kept
    """What contributes to every pixel, in order."""

    @cached_property
    def opacity(self) -> Float[Tensor, "c h w"]:
        """How much of each pixel's ray is stopped, 0..1."""
        return self.kept.opacity.clamp(0, 1).reshape(len(self.cameras), self.cameras.height, self.cameras.width)

    @cached_property
    def solid(self) -> Bool[Tensor, "c h w"]:
        """Which pixels show a surface."""
        return self.opacity > SOLID

    @cached_property
    def place(self) -> Float[Tensor, "c h w 3"]:
        """Where each pixel's ray ends, in the field's cube: where half of what contributes lies before, half behind."""
        return self.kept.median().reshape(*self.opacity.shape, 3)

    @cached_property
    def points(self) -> Float[Tensor, "c h w 3"]:
        """The same, in the world."""
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
        return self.render(self.scene.features)

    @cached_property
    def colour(self) -> Float[Tensor, "c h w 3"]:
        """Before white, 0..1."""
        _, direction = rays.all_rays(self.cameras)
        with torch.no_grad():
            parts = [self.scene.paint(hits, direction[ray], 1.0) for ray, hits in self._chunks()]
        return torch.cat(parts).reshape(*self.opacity.shape, 3).clamp(0, 1)

    def render(
        self, quantity: Callable[[Float[Tensor, "k 3"]], Float[Tensor, "k d"]], pixels: Int[Tensor, " n"] | None = None
    ) -> Float[Tensor, "n d"]:
        """A quantity of places in the field's cube, rendered for every pixel or for some."""
        with torch.no_grad():
            return torch.cat([hits.gather(quantity(hits.point)) for _, hits in self._chunks(pixels)])

    def _chunks(self, pixels: Int[Tensor, " n"] | None = None, rays_each: int = 16_384) -> Iterator[tuple[Tensor, Hits]]:
        for ray in (torch.arange(len(self.kept)) if pixels is None else pixels).split(rays_each):
            yield ray, self.kept.take(ray)


WORTH = 3e-3
"""Places that contribute less to a pixel are left out when a finished field is looked through: under 1 % of what is seen."""


@torch.no_grad()
def march_all(field: TensoRF, space: Space, cameras: Cameras, chunk: int = 8192) -> list[Hits]:
    """What contributes to each pixel of cameras, in chunks of rays."""
    rays_of = (part.split(chunk) for part in rays.all_rays(cameras))
    return [
        field.march(space.sample(o, d, samples_per_ray(field), torch.full((len(o), 1), 0.5).to(o)), WORTH)
        for o, d in zip(*rays_of, strict=True)
    ]
