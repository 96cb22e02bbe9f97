"""`lerf`: features at several scales, each prompt queried at the scale where it stands out (Kerr et al., ICCV 2023)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional

from meronym.lifting import losses
from meronym.lifting.observation import Observation
from meronym.methods.scene_evidence import SceneEvidence, scene_of
from meronym.methods.three_d_ovs import OVS3D, Batches, optimise
from meronym.radiance.rendered import RenderedRays
from meronym.students.feature_field import FeatureField
from meronym.types import Labelling, Views


@dataclass(frozen=True)
class Lerf:
    """One head as wide as all scales together, distilled from the features at each."""

    neutral: tuple[str, ...] = ("object", "things", "stuff", "texture")
    """Phrases that a prompt has to stand out against."""
    sharpness: float = 10.0
    """Factor of the cosines when a prompt and a neutral phrase are compared."""
    training: OVS3D = field(default_factory=lambda: OVS3D(selection=False, rda=False, fda=False))
    """How the field is trained."""

    reconstruction: ClassVar[str] = "default"
    needs_text: ClassVar[bool] = True

    def __call__(self, observation: Observation) -> Labelling:
        scene = scene_of(observation, "lerf")
        trained = self._train(scene)
        words = scene.words
        neutral = scene.text_model.encode_text(self.neutral).to(words) @ scene.pyramid.basis.T
        rank = scene.pyramid.grid.shape[-1]

        @torch.no_grad()
        def pixels(rendered: RenderedRays, photos: Views) -> Float[Tensor, "c p h w"]:
            """Relevancy of each prompt at its best scale in each view, shared out among the prompts."""
            appearance = rendered.render(trained.scene.features)
            feature = trained.features(appearance, rendered.samples.opacity)
            feature = functional.normalize(feature.reshape(*rendered.opacity.shape, -1, rank), dim=-1)
            relevancy = self.relevancy(feature, words, neutral)
            best = relevancy.flatten(1, 2).amax(1).argmax(1)
            own = torch.arange(len(words), device=best.device)
            chosen = torch.stack([relevancy[view, :, :, best[view], own] for view in range(len(best))])
            share = (chosen * self.sharpness).softmax(-1) * rendered.opacity[..., None]
            return share.permute(0, 3, 1, 2)

        return scene.label(pixels)

    def relevancy(
        self, feature: Float[Tensor, "c h w s r"], words: Float[Tensor, "p r"], neutral: Float[Tensor, "q r"]
    ) -> Float[Tensor, "c h w s p"]:
        """The least probability of the prompt beside any of the neutral phrases."""
        positive, negative = feature @ words.T, feature @ neutral.T
        return torch.sigmoid(self.sharpness * (positive - negative.amax(-1, keepdim=True)))

    def _train(self, scene: SceneEvidence) -> FeatureField:
        draw = torch.Generator().manual_seed(scene.seed)
        scales, rank = scene.pyramid.grid.shape[1], scene.pyramid.grid.shape[-1]
        trained = FeatureField(scene.copy_field(), scales * rank, scales, draw).to(scene.photos.colour.device)
        batches = Batches(scene, self.training, draw)

        def loss(joint: bool) -> Float[Tensor, ""]:
            batch = batches.draw()
            samples = batch.samples
            appearance = samples.accumulate(trained.scene.features(samples.point)) if joint else batch.appearance
            found = trained.features(appearance, samples.opacity).reshape(-1, rank)
            return losses.feature_loss(found, batch.feature.reshape(-1, rank))

        optimise(trained, scene, self.training, loss)
        return trained
