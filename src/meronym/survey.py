"""What is seen of a captured scene: reconstruction, features of the photos, words; made when first asked for and kept."""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol, runtime_checkable

import torch
from jaxtyping import Float, Int
from torch import Tensor

from meronym import pyramid, rays
from meronym.methods.tensorf import march_all
from meronym.plugins import VisionLanguage
from meronym.pyramid import Pyramid
from meronym.rays import Space
from meronym.students.field import Kept
from meronym.students.tensorf import Hits, TensoRF
from meronym.types import Cameras, PointFeatures, Views

TOKENS = 1200
"""Patches of a photo from which likeness without words is judged."""


@dataclass(frozen=True, eq=False)
class Survey:
    """One scene, the words for what is in it, and who looks at it. Methods get nothing else, held-out photos neither."""

    photos: Views
    """To learn from, at the size at which the field is trained."""
    sharp: Float[Tensor, "c hh ww 3"]
    """The same photos, at the size at which the teacher sees them."""
    prompts: tuple[str, ...]
    model: VisionLanguage
    eyes: Callable[[Float[Tensor, "h w 3"], int], Float[Tensor, "gh gw d"]]
    """Features without words of a picture on so many patches."""
    space: Space
    reconstruct: Callable[[Views, Space], TensoRF]
    progress: Callable[[str, int, int], None] = lambda stage, done, total: None
    """Told the stage, how much of it is done, of how much."""
    build: Callable[[VisionLanguage, Float[Tensor, "c hh ww 3"], Callable[[int, int], None]], Pyramid] = pyramid.build
    """Shows photos to the model."""

    @cached_property
    def scene(self) -> TensoRF:
        """The reconstruction."""
        return self.reconstruct(self.photos, self.space)

    def own_scene(self) -> TensoRF:
        """A copy of the reconstruction, for a student that changes it."""
        return copy.deepcopy(self.scene)

    @cached_property
    def pyramid(self) -> Pyramid:
        """What the model says of every pixel."""
        return self.build(self.model, self.sharp, lambda done, total: self.progress("features", done, total))

    def say(self, photos: Views) -> Pyramid:
        """What the model says of any photos, in the space of the pyramid; none is looked at twice."""
        known, (rows, columns) = self._said, self.pyramid.grid.shape[2:4]
        for photo in photos.colour:
            if _key(photo) not in known:
                seen = pyramid.look_closely(self.model, photo, (rows, columns))
                known[_key(photo)] = pyramid.project(seen, self.pyramid.basis)
        return Pyramid(torch.stack([known[_key(photo)] for photo in photos.colour]), self.pyramid.basis)

    @cached_property
    def _said(self) -> dict[bytes, Float[Tensor, "s gh gw r"]]:
        return {_key(photo): grid for photo, grid in zip(self.sharp, self.pyramid.grid, strict=True)}

    @cached_property
    def text(self) -> Float[Tensor, "p d"]:
        """The prompts in the model's space."""
        return self.model.read(self.prompts)

    @cached_property
    def words(self) -> Float[Tensor, "p r"]:
        """The prompts in the space of the pyramid."""
        return self.text @ self.pyramid.basis.T

    @cached_property
    def contrast(self) -> float:
        """How far apart the cosines of a prompt with the places of a photo lie: mean over photos, scales and prompts."""
        cosine = self.pyramid.cosine(self.text).flatten(3)
        return float((cosine.amax(3) - cosine.amin(3)).mean())

    @cached_property
    def likeness(self) -> Float[Tensor, "c d gh gw"]:
        """Features without words, unit length."""
        maps = []
        for done, photo in enumerate(self.sharp):
            maps.append(torch.nn.functional.normalize(self.eyes(photo, TOKENS), dim=-1))
            self.progress("likeness", done + 1, len(self.sharp))
        return torch.stack(maps).permute(0, 3, 1, 2)

    @cached_property
    def seen(self) -> Glance:
        """The reconstruction through the cameras of the photos."""
        return self.glance(self.photos.cameras)

    def glance(self, cameras: Cameras) -> Glance:
        """The reconstruction through any cameras."""
        return Glance(self.scene, cameras, Kept.of(march_all(self.scene, self.space, cameras)))


def _key(photo: Float[Tensor, "h w 3"]) -> bytes:
    return hashlib.sha256(photo.contiguous().numpy().tobytes()).digest()


@dataclass(frozen=True, eq=False)
class Glance:
    """What cameras see of a reconstruction."""

    scene: TensoRF
    cameras: Cameras
    kept: Kept
    """What contributes to every pixel, in order."""

    @cached_property
    def opacity(self) -> Float[Tensor, "c h w"]:
        """How much of each pixel's ray is stopped, 0..1."""
        return self.kept.opacity.clamp(0, 1).reshape(len(self.cameras), self.cameras.height, self.cameras.width)

    @cached_property
    def distance(self) -> Float[Tensor, "c h w"]:
        """Along each pixel's ray, world units: the mean of what contributes."""
        mean = self.kept.distance / self.kept.opacity.clamp_min(1e-6)
        return mean.reshape(self.opacity.shape)

    @cached_property
    def points(self) -> Float[Tensor, "c h w 3"]:
        """Where each pixel's ray ends, in the world."""
        origin, direction = rays.all_rays(self.cameras)
        return (origin + direction * self.distance.reshape(-1, 1)).reshape(*self.distance.shape, 3)

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

    def render(self, quantity: Callable[[Float[Tensor, "k 3"]], Float[Tensor, "k d"]]) -> Float[Tensor, "n d"]:
        """A quantity of places in the field's cube, rendered for every pixel."""
        with torch.no_grad():
            return torch.cat([hits.gather(quantity(hits.point)) for _, hits in self._chunks()])

    def _chunks(self, rays_each: int = 16_384) -> Iterator[tuple[Int[Tensor, " r"], Hits]]:
        for ray in torch.arange(len(self.kept)).split(rays_each):
            yield ray, self.kept.take(ray)


@runtime_checkable
class Named(Protocol):
    """A scene that has been named."""

    def scores(self, glance: Glance, photos: Views) -> Float[Tensor, "c p h w"]:
        """Probability of each prompt at each pixel; a pixel's sum to at most 1. Only what sees in 2D looks at `photos`."""
        ...

    def features(self, glance: Glance, pixels: Int[Tensor, " n"]) -> PointFeatures | None:
        """Features of what pixels show, to be asked for other words; None if the method keeps none."""
        ...


@runtime_checkable
class SceneMethod(Protocol):
    """Names what is in a scene."""

    def __call__(self, survey: Survey) -> Named:
        """Learn what there is to learn."""
        ...
