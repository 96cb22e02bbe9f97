"""What the teacher says of each photo by itself: what any field has to be better than."""

from __future__ import annotations

from dataclasses import dataclass

from jaxtyping import Float, Int
from torch import Tensor
from torch.nn import functional

from meronym.radiance.rendered import RenderedRays
from meronym.scenes.observation import SceneObservation
from meronym.types import Views


@dataclass(frozen=True, eq=False)
class Alone:
    """A teacher that sees photos one by one."""

    scene: SceneObservation
    stretched: bool
    """Stretch the cosines of each prompt over each photo to 0..1 first, as 3D-OVS does."""

    def scores(self, rendered: RenderedRays, photos: Views) -> Float[Tensor, "c p h w"]:
        """Softmax of the sharpened cosines, of the mean over scales."""
        seen = self.scene.say(photos)
        fit = seen.relevancy(self.scene.text) * self.scene.contrast if self.stretched else seen.cosine(self.scene.text)
        score = (fit.mean(1) * self.scene.model.sharpness).softmax(1)
        return functional.interpolate(score, rendered.opacity.shape[1:], mode="bilinear")

    def features(self, rendered: RenderedRays, pixels: Int[Tensor, " n"]) -> None:
        """None are kept."""


def segment(scene: SceneObservation) -> Alone:
    """Nothing is learned."""
    return Alone(scene, stretched=False)


def stretched(scene: SceneObservation) -> Alone:
    """The same with stretched cosines, which suits photos that show every prompt."""
    return Alone(scene, stretched=True)
