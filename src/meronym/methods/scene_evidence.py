"""The part of an observation that only captures have: photos, reconstruction and features at several scales.

Methods that train a field (3D-OVS, FFD, LERF) learn from it; all others need only the observation.
"""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.nn import functional

from meronym.errors import InputError, PluginError
from meronym.lifting.observation import Observation
from meronym.parts.scene_recognition import recognition_in_scene
from meronym.progress import Progress, silent
from meronym.protocols import EmbeddingTeacher, ImageTextEncoder
from meronym.radiance.rays import Space
from meronym.radiance.rendered import RenderedRays
from meronym.radiance.surface import SurfacePoints
from meronym.radiance.tensorf import TensoRF
from meronym.teachers import pyramid
from meronym.teachers.pyramid import FeaturePyramid
from meronym.types import Cameras, Labelling, Views

TOKENS = 1200
"""Patches of a photo for features without words: as many as an object of a twentieth of the photo's width needs."""

PixelScores = Callable[[RenderedRays, Views], Tensor]
"""Scores [c p h w] of each prompt at each pixel, from a rendering and the photos there; a pixel's sum to at most 1."""


@dataclass(frozen=True, eq=False)
class SceneEvidence:
    """One captured scene, its words and its teacher; held-out photos are not in it. All is computed when first needed."""

    photos: Views
    """Training photos, at the size at which the field is trained."""
    sharp: Views
    """The same photos, at the size at which the teacher gets them."""
    prompts: tuple[str, ...]
    model: ImageTextEncoder | None
    """The teacher, if it has features of pictures and words in one space."""
    encode: Callable[[Float[Tensor, "h w 3"], int], Float[Tensor, "gh gw d"]]
    """Features without words of a picture on so many patches."""
    space: Space
    reconstruct: Callable[[Views, Space], TensoRF]
    encode_photos: Callable[[ImageTextEncoder, Views, Progress], FeaturePyramid] = pyramid.encode_photos
    seed: int = 0
    progress: Progress = silent

    @property
    def text_model(self) -> ImageTextEncoder:
        """The teacher.

        Raises: PluginError if it cannot compare pictures with words.
        """
        return text_encoder(self.model)

    @cached_property
    def field(self) -> TensoRF:
        """The reconstruction."""
        return self.reconstruct(self.photos, self.space)

    def copy_field(self) -> TensoRF:
        """A copy of the reconstruction, for training that changes it."""
        return copy.deepcopy(self.field)

    @cached_property
    def rendered(self) -> RenderedRays:
        """The reconstruction through the cameras of the photos.

        Raises: InputError if they show no surface.
        """
        rendered = RenderedRays.of(self.field, self.space, self.photos.cameras)
        if not bool((rendered.solid & self.photos.known).any()):
            raise InputError("the reconstruction is empty: no ray meets a surface. Check the poses of the photos.")
        return rendered

    def render(self, cameras: Cameras) -> RenderedRays:
        """The reconstruction through any cameras; those of the photos are not rendered twice."""
        known = {key: view for view, key in enumerate(_camera_keys(self.photos.cameras))}
        own = [known.get(key) for key in _camera_keys(cameras)]
        new = [view for view, found in enumerate(own) if found is None]
        fresh = RenderedRays.of(self.field, self.space, cameras.only(torch.tensor(new))) if new else self.rendered
        return RenderedRays.pick(
            [(fresh, new.index(view)) if found is None else (self.rendered, found) for view, found in enumerate(own)]
        )

    @cached_property
    def surface(self) -> SurfacePoints:
        """The points that the photos show."""
        return SurfacePoints.of(self.rendered, known=self.photos.known)

    @cached_property
    def pyramid(self) -> FeaturePyramid:
        """Features of the photos at the teacher's scales."""
        return self.encode_photos(self.text_model, self.sharp, self.progress)

    def pyramid_of(self, photos: Views) -> FeaturePyramid:
        """Features of any photos, in the space of the pyramid; none is encoded twice."""
        known, grid = self._encoded, (self.pyramid.grid.shape[2], self.pyramid.grid.shape[3])
        for photo, shown in zip(photos.colour, photos.known, strict=True):
            if _key(photo) not in known:
                found = pyramid.encode_photo(self.text_model, photo, grid, shown)
                known[_key(photo)] = pyramid.project(found, self.pyramid.basis)
        return FeaturePyramid(torch.stack([known[_key(photo)] for photo in photos.colour]), self.pyramid.basis)

    @cached_property
    def _encoded(self) -> dict[bytes, Float[Tensor, "s gh gw r"]]:
        return {_key(photo): grid for photo, grid in zip(self.sharp.colour, self.pyramid.grid, strict=True)}

    @cached_property
    def text(self) -> Float[Tensor, "p d"]:
        """The prompts in the teacher's space."""
        return self.text_model.encode_text(self.prompts).to(self.photos.colour.device)

    @cached_property
    def words(self) -> Float[Tensor, "p r"]:
        """The prompts in the space of the pyramid."""
        return self.text @ self.pyramid.basis.T

    def recognition(self, features: Float[Tensor, "n r"]) -> Float[Tensor, "n p"] | float:
        """How likely places with unit features in the space of the pyramid are what each prompt says, beside other things.

        1 for a teacher that knows no names by itself.
        """
        if not isinstance(self.model, EmbeddingTeacher):
            return 1.0
        return recognition_in_scene(self.model, self.prompts, features, self.pyramid.basis)

    @cached_property
    def contrast(self) -> float:
        """Range of the cosines of a prompt within a photo: mean over photos, scales and prompts."""
        cosine = self.pyramid.cosine(self.text).flatten(3)
        return float((cosine.amax(3) - cosine.amin(3)).mean())

    @cached_property
    def likeness(self) -> Float[Tensor, "c d gh gw"]:
        """Features without words, unit length; cosines between them say what looks alike."""
        maps = []
        for done, photo in enumerate(self.sharp.colour):
            maps.append(functional.normalize(self.encode(photo, TOKENS), dim=-1))
            self.progress("likeness", done + 1, len(self.sharp))
        return torch.stack(maps).permute(0, 3, 1, 2)

    def label(self, pixels: PixelScores, features: tuple[Tensor, Tensor] | None = None) -> Labelling:
        """The labelling of a method that scores pixels: a surface point has the mean of the pixels that show it."""
        score = self.surface.gather(pixels(self.rendered, self.sharp).permute(0, 2, 3, 1))
        return Labelling(best_labels(score, 1), score, torch.ones_like(self.surface.count, dtype=torch.bool), pixels, features)

    def label_surface(self, observation: Observation, pixels: PixelScores, features: tuple[Tensor, Tensor] | None) -> Labelling:
        """The labelling of a method whose names are made consistent: gathered on the surface and smoothed over it.

        A point then has one name in all views; points that few pixels show count less.
        """
        gathered = self.surface.gather(pixels(self.rendered, self.sharp).permute(0, 2, 3, 1))
        sure = (self.surface.count / self.surface.count.median()).clamp(max=1)
        score = observation.smooth(gathered, sure)
        return Labelling(best_labels(score, 1), score, torch.ones_like(sure, dtype=torch.bool), None, features)


def text_encoder(teacher: object) -> ImageTextEncoder:
    """The teacher, if it can compare pictures with words.

    Raises: PluginError if it cannot.
    """
    if not isinstance(teacher, ImageTextEncoder):
        raise PluginError("the teacher cannot compare pictures with words, which fields learn from. Use builtin or clip.")
    return teacher


def best_labels(scores: Float[Tensor, ...], axis: int) -> Int[Tensor, ...]:
    """The best prompt, or -1 where "none of these" (the rest to 1) is likelier than all prompts together."""
    return torch.where(scores.sum(axis) > 0.5, scores.argmax(axis), -1)


def scene_of(observation: Observation, method: str) -> SceneEvidence:
    """The scene of an observation.

    Raises: InputError if it is not of a capture.
    """
    if not isinstance(observation.scene, SceneEvidence):
        raise InputError(f"{method}: trains a field on posed photos, and this is a shape. Use lift, vote or part-distill.")
    return observation.scene


def pixel_scores(
    observation: Observation, labelling: Labelling, rendered: RenderedRays, photos: Views
) -> Float[Tensor, "c p h w"]:
    """Scores of pixels through any cameras, 0..1: the method's own, or those of the surface points that they show."""
    if labelling.pixels is not None:
        return labelling.pixels(rendered, photos).clamp(0, 1)
    return scene_of(observation, "").surface.show(labelling.score, rendered).clamp(0, 1)


def _key(photo: Float[Tensor, "*n"]) -> bytes:
    return hashlib.sha256(photo.contiguous().cpu().numpy().tobytes()).digest()


def _camera_keys(cameras: Cameras) -> list[bytes]:
    size = torch.tensor([cameras.height, cameras.width])
    views = zip(cameras.world_from_camera.cpu(), cameras.intrinsics.cpu(), strict=True)
    return [_key(torch.cat([pose.flatten(), lens.flatten(), size])) for pose, lens in views]
