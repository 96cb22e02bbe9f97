"""`teacher-alone`: the teacher's answer for each photo by itself. The floor that any field has to beat."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from jaxtyping import Float
from torch import Tensor
from torch.nn import functional

from meronym.lifting.observation import Observation
from meronym.methods.scene_evidence import scene_of
from meronym.radiance.rendered import RenderedRays
from meronym.types import Labelling, Views


@dataclass(frozen=True)
class TeacherAlone:
    """Softmax of the sharpened cosines, of the mean over scales; nothing is learned."""

    stretched: bool = False
    """Stretch the cosines of each prompt over each photo to 0..1 first, as 3D-OVS does: suits photos that show every prompt."""

    reconstruction: ClassVar[str] = "default"
    needs_text: ClassVar[bool] = True

    def __call__(self, observation: Observation) -> Labelling:
        scene = scene_of(observation, "teacher-alone")

        def pixels(rendered: RenderedRays, photos: Views) -> Float[Tensor, "c p h w"]:
            known = scene.pyramid_of(photos)
            fit = known.relevancy(scene.text) * scene.contrast if self.stretched else known.cosine(scene.text)
            score = (fit.mean(1) * scene.text_model.sharpness).softmax(1)
            return functional.interpolate(score, rendered.opacity.shape[1:], mode="bilinear")

        return scene.label(pixels)
