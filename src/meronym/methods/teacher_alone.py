"""What the teacher says of each photo by itself: what any field has to be better than."""

from __future__ import annotations

from dataclasses import dataclass

from jaxtyping import Float, Int
from torch import Tensor
from torch.nn import functional

from meronym.glance import Glance
from meronym.survey import Survey
from meronym.types import Views


@dataclass(frozen=True, eq=False)
class Alone:
    """A teacher that sees photos one by one."""

    survey: Survey
    stretched: bool
    """Stretch the cosines of each prompt over each photo to 0..1 first, as 3D-OVS does."""

    def scores(self, glance: Glance, photos: Views) -> Float[Tensor, "c p h w"]:
        """Softmax of the sharpened cosines, of the mean over scales."""
        seen = self.survey.say(photos)
        fit = seen.relevancy(self.survey.text) * self.survey.contrast if self.stretched else seen.cosine(self.survey.text)
        score = (fit.mean(1) * self.survey.model.sharpness).softmax(1)
        return functional.interpolate(score, glance.opacity.shape[1:], mode="bilinear")

    def features(self, glance: Glance, pixels: Int[Tensor, " n"]) -> None:
        """None are kept."""


def segment(survey: Survey) -> Alone:
    """Nothing is learned."""
    return Alone(survey, stretched=False)


def stretched(survey: Survey) -> Alone:
    """The same with stretched cosines, which suits photos that show every prompt."""
    return Alone(survey, stretched=True)
