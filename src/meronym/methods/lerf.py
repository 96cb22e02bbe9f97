"""LERF (Kerr et al., ICCV 2023): features at several scales; a prompt is asked for where it stands out."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.nn import functional

from meronym.lifting import losses
from meronym.methods.three_d_ovs import Batches, Settings, optimise
from meronym.radiance.rendered import RenderedRays
from meronym.results import PointFeatures
from meronym.scenes.observation import SceneObservation
from meronym.students.feature_field import FeatureField
from meronym.types import Views

NEUTRAL = ("object", "things", "stuff", "texture")
"""What a prompt has to stand out against."""
SHARPNESS = 10.0
"""Of the cosines, when a prompt and a neutral phrase are compared."""


def segment(scene: SceneObservation) -> ScaledField:
    """One head, as wide as all scales together, distilled from the features at each."""
    settings = Settings(selection=False, rda=False, fda=False)
    draw = torch.Generator().manual_seed(scene.seed)
    scales, rank = scene.pyramid.grid.shape[1], scene.pyramid.grid.shape[-1]
    field = FeatureField(scene.own_scene(), scales * rank, scales, draw)
    batches = Batches(scene, settings, draw)

    def loss(joint: bool) -> Float[Tensor, ""]:
        batch = batches.draw()
        appearance = batch.hits.gather(field.scene.features(batch.hits.point)) if joint else batch.appearance
        rendered = field.features(appearance, batch.hits.opacity).reshape(-1, rank)
        return losses.feature_loss(rendered, batch.feature.reshape(-1, rank))

    optimise(field, scene, settings, loss)
    neutral = scene.model.encode_text(NEUTRAL) @ scene.pyramid.basis.T
    return ScaledField(field, scene.words, neutral, scene.pyramid.basis)


@dataclass(frozen=True, eq=False)
class ScaledField:
    """A field with features at several scales, and the words that it is asked for."""

    field: FeatureField
    words: Float[Tensor, "p r"]
    neutral: Float[Tensor, "q r"]
    basis: Float[Tensor, "r d"]

    @torch.no_grad()
    def scores(self, rendered: RenderedRays, photos: Views) -> Float[Tensor, "c p h w"]:
        """Relevancy of each prompt at its best scale in each view, shared out among the prompts."""
        appearance = rendered.render(self.field.scene.features)
        feature = self.field.features(appearance, rendered.kept.opacity)
        feature = functional.normalize(feature.reshape(*rendered.opacity.shape, -1, len(self.basis)), dim=-1)
        relevancy = self._relevancy(feature)
        peak = relevancy.flatten(1, 2).amax(1)
        best = peak.argmax(1)
        chosen = torch.stack([relevancy[v, :, :, best[v], torch.arange(len(self.words))] for v in range(len(best))])
        share = (chosen * SHARPNESS).softmax(-1) * rendered.opacity[..., None]
        return share.permute(0, 3, 1, 2)

    def features(self, rendered: RenderedRays, pixels: Int[Tensor, " n"]) -> PointFeatures | None:
        """None: which scale to ask at depends on the word."""
        return None

    def _relevancy(self, feature: Float[Tensor, "c h w s r"]) -> Float[Tensor, "c h w s p"]:
        """The least probability of the prompt beside any of the neutral phrases."""
        positive, negative = feature @ self.words.T, feature @ self.neutral.T
        return torch.sigmoid(SHARPNESS * (positive - negative.amax(-1, keepdim=True)))
