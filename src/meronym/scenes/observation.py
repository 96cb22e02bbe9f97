"""What is seen of a captured scene: reconstruction, features of the photos, words; made when first asked for and kept."""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from itertools import count
from typing import Protocol, runtime_checkable

import torch
from jaxtyping import Float, Int
from torch import Tensor

from meronym.errors import InputError
from meronym.progress import Progress, silent
from meronym.protocols import ImageTextEncoder
from meronym.radiance.rays import Space
from meronym.radiance.rendered import RenderedRays, march_all
from meronym.radiance.tensorf import TensoRF
from meronym.results import PointFeatures
from meronym.scenes.surface import SceneSurface
from meronym.students.feature_field import Kept
from meronym.teachers import pyramid
from meronym.teachers.pyramid import FeaturePyramid
from meronym.types import Cameras, Views

TOKENS = 1200
"""Patches of a photo from which likeness without words is judged."""


@dataclass(frozen=True, eq=False)
class SceneObservation:
    """One scene, the words for what is in it, and who looks at it. Methods get nothing else, held-out photos neither."""

    photos: Views
    """To learn from, at the size at which the field is trained."""
    sharp: Float[Tensor, "c hh ww 3"]
    """The same photos, at the size at which the teacher sees them."""
    prompts: tuple[str, ...]
    model: ImageTextEncoder
    encode: Callable[[Float[Tensor, "h w 3"], int], Float[Tensor, "gh gw d"]]
    """Features without words of a picture on so many patches."""
    space: Space
    reconstruct: Callable[[Views, Space], TensoRF]
    seed: int = 0
    """Of what methods draw at random."""
    progress: Progress = silent
    """Told the stage, how much of it is done, of how much."""
    build: Callable[[ImageTextEncoder, Float[Tensor, "c hh ww 3"], Progress], FeaturePyramid] = pyramid.encode_photos
    """Shows photos to the model."""

    @cached_property
    def scene(self) -> TensoRF:
        """The reconstruction."""
        return self.reconstruct(self.photos, self.space)

    def own_scene(self) -> TensoRF:
        """A copy of the reconstruction, for a student that changes it."""
        return copy.deepcopy(self.scene)

    @cached_property
    def pyramid(self) -> FeaturePyramid:
        """What the model says of every pixel."""
        return self.build(self.model, self.sharp, self.progress)

    def say(self, photos: Views) -> FeaturePyramid:
        """What the model says of any photos, in the space of the pyramid; none is looked at twice."""
        known, (rows, columns) = self._said, self.pyramid.grid.shape[2:4]
        for photo in photos.colour:
            if _key(photo) not in known:
                seen = pyramid.encode_photo(self.model, photo, (rows, columns))
                known[_key(photo)] = pyramid.project(seen, self.pyramid.basis)
        return FeaturePyramid(torch.stack([known[_key(photo)] for photo in photos.colour]), self.pyramid.basis)

    @cached_property
    def _said(self) -> dict[bytes, Float[Tensor, "s gh gw r"]]:
        return {_key(photo): grid for photo, grid in zip(self.sharp, self.pyramid.grid, strict=True)}

    @cached_property
    def text(self) -> Float[Tensor, "p d"]:
        """The prompts in the model's space."""
        return self.model.encode_text(self.prompts).to(self.sharp.device)

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
            maps.append(torch.nn.functional.normalize(self.encode(photo, TOKENS), dim=-1))
            self.progress("likeness", done + 1, len(self.sharp))
        return torch.stack(maps).permute(0, 3, 1, 2)

    @cached_property
    def seen(self) -> RenderedRays:
        """The reconstruction through the cameras of the photos.

        Raises: InputError if they show no surface.
        """
        seen = self._through(self.photos.cameras)
        if not bool(seen.solid.any()):
            raise InputError("the reconstruction is empty: no ray meets a surface. Check the poses of the photos.")
        return seen

    @cached_property
    def surface(self) -> SceneSurface:
        """What the photos show, as points, linked where they look alike."""
        return SceneSurface.of(self.seen, self.likeness)

    def glance(self, cameras: Cameras) -> RenderedRays:
        """The reconstruction through any cameras; through those of the photos it is looked only once."""
        known = {key: view for view, key in enumerate(_keys(self.photos.cameras))}
        own = [known.get(key) for key in _keys(cameras)]
        new = self._through(cameras.only(torch.tensor([view is None for view in own])))
        rest, pixel = count(), torch.arange(cameras.height * cameras.width)
        parts = [
            new.kept.take(next(rest) * len(pixel) + pixel) if view is None else self.seen.kept.take(view * len(pixel) + pixel)
            for view in own
        ]
        return RenderedRays(self.scene, self.space, cameras, Kept.of(parts))

    def _through(self, cameras: Cameras) -> RenderedRays:
        return RenderedRays(self.scene, self.space, cameras, Kept.of(march_all(self.scene, self.space, cameras)))


def _key(photo: Float[Tensor, "*n"]) -> bytes:
    return hashlib.sha256(photo.contiguous().numpy().tobytes()).digest()


def _keys(cameras: Cameras) -> list[bytes]:
    size = torch.tensor([cameras.height, cameras.width])
    views = zip(cameras.world_from_camera, cameras.intrinsics, strict=True)
    return [_key(torch.cat([pose.flatten(), lens.flatten(), size])) for pose, lens in views]


@runtime_checkable
class SceneScores(Protocol):
    """A scene that has been named."""

    def scores(self, rendered: RenderedRays, photos: Views) -> Float[Tensor, "c p h w"]:
        """Probability of each prompt at each pixel; a pixel's sum to at most 1. Only what sees in 2D looks at `photos`."""
        ...

    def features(self, rendered: RenderedRays, pixels: Int[Tensor, " n"]) -> PointFeatures | None:
        """Features of what pixels show, to be asked for other words; None if the method keeps none."""
        ...


@runtime_checkable
class SceneMethod(Protocol):
    """Names what is in a scene."""

    def __call__(self, scene: SceneObservation) -> SceneScores:
        """Learn what there is to learn."""
        ...


@dataclass(frozen=True, eq=False)
class ConsistentScores:
    """A scene whose names have settled on its surface, so that they are the same from wherever it is looked at."""

    named: SceneScores
    surface: SceneSurface
    score: Float[Tensor, "n p"]

    def scores(self, rendered: RenderedRays, photos: Views) -> Float[Tensor, "c p h w"]:
        """Of the surface's nearest points."""
        return self.surface.show(self.score, rendered)

    def features(self, rendered: RenderedRays, pixels: Int[Tensor, " n"]) -> PointFeatures | None:
        """Those of the scene as it was named."""
        return self.named.features(rendered, pixels)


def make_consistent(named: SceneScores, scene: SceneObservation) -> ConsistentScores:
    """Names as the photos that were learned from show them, gathered on the surface and spread over what looks alike."""
    scores = named.scores(scene.seen, scene.photos).permute(0, 2, 3, 1)
    return ConsistentScores(named, scene.surface, scene.surface.spread(scene.surface.gather(scores)))


LIKELY = 0.5
"""Probability of all prompts together from which a pixel is named."""


def best_labels(scores: Float[Tensor, ...], axis: int) -> Int[Tensor, ...]:
    """The best prompt, or -1 where "none of these" (what is left of 1) is likelier than all of them together."""
    return torch.where(scores.sum(axis) > LIKELY, scores.argmax(axis), -1)
