"""Teachers asked about photos of a scene: in windows of several sizes, as in 3D-OVS, since things are small there."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional

from meronym.protocols import EmbeddingTeacher, ImageTextEncoder, Teacher
from meronym.teachers.pyramid import FeaturePyramid
from meronym.types import FeatureMaps, Regions, Relevancy, Views, Vocabulary


@dataclass(frozen=True, eq=False)
class PhotoTeacher:
    """A teacher with features of pictures and words, asked about photos.

    A logit is the mean over scales of the cosines of a prompt, stretched over each photo to 0..1: plain cosines favour some
    prompts in every photo.
    """

    model: ImageTextEncoder
    encode: Callable[[Views], FeaturePyramid]
    """Features of photos at the model's scales."""
    sharp: float = 10.0
    """Factor of relevancies 0..1 that makes logits of them."""

    def __call__(self, views: Views, prompts: Sequence[str], category: str | None = None) -> Relevancy | Regions:
        """Logits of the prompts over whole photos, 0..`sharp`; "none of these" has minus that, and never wins."""
        text = self.model.encode_text(prompts).to(views.colour.device)
        logit = self.sharp * self.encode(views).relevancy(text).mean(1)
        return Relevancy(tuple(logit), tuple(torch.full_like(logit[:, 0], -self.sharp)), whole_pictures(views))

    def describe(self) -> dict[str, Any]:
        """That of the teacher, for the record."""
        return self.model.describe()


class PhotoEmbedder:
    """A teacher that embeds views, asked about photos: the mean over scales of the embeddings in their windows."""

    def __init__(self, teacher: EmbeddingTeacher, encode: Callable[[Views], FeaturePyramid]) -> None:
        self.teacher, self.encode = teacher, encode
        self.sharpness: float = teacher.sharpness
        self.none: float = teacher.none
        self.vocabulary: Vocabulary = teacher.vocabulary

    def embed_views(self, views: Views) -> FeatureMaps:
        """Unit embeddings over whole photos."""
        found = self.encode(views)
        grid = functional.normalize(found.grid.float().mean(1), dim=-1) @ found.basis
        return FeatureMaps(tuple(grid), whole_pictures(views))

    def embed(self, prompts: Sequence[str], category: str | None) -> Float[Tensor, "p d"]:
        """Embeddings of the prompts; a scene has no category."""
        return self.teacher.embed(prompts, None)


def of_photos(
    model: ImageTextEncoder, encode: Callable[[Views], FeaturePyramid], sharp: float = PhotoTeacher.sharp
) -> tuple[Teacher, EmbeddingTeacher | None]:
    """The teacher that answers for photos, and the one that embeds them, if the model embeds views."""
    return PhotoTeacher(model, encode, sharp), PhotoEmbedder(model, encode) if isinstance(model, EmbeddingTeacher) else None


def narrowed(model: Teacher) -> Teacher:
    """The teacher with only the middle one of its scales, which takes a third of the time."""
    if not isinstance(model, ImageTextEncoder):
        return model
    one = copy.copy(model)
    one.scales = (model.scales[len(model.scales) // 2],)
    return one


def whole_pictures(views: Views) -> Float[Tensor, "c 4"]:
    """The box of each view, as a grid that covers all of it has it."""
    height, width = views.colour.shape[1:3]
    return torch.tensor([[0.0, 0.0, width, height]], device=views.colour.device).repeat(len(views), 1)
