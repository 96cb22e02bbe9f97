"""Training-free: what the teacher says of all photos, averaged on points of the reconstruction and spread over its surface.

Names come from the relevancies of 3D-OVS: plain cosines favour some words in every photo. Features are kept beside them.
"""

from __future__ import annotations

from dataclasses import dataclass

from jaxtyping import Float, Int
from torch import Tensor
from torch.nn import functional

from meronym.glance import Glance
from meronym.methods.three_d_ovs import QUICK
from meronym.scene_surface import SceneSurface
from meronym.survey import Survey
from meronym.types import PointFeatures, Views


def segment(survey: Survey) -> LiftedScene:
    """Points on the surface, each with the mean of what the teacher says of it."""
    surface = survey.surface
    feature = surface.gather_maps(survey.pyramid.grid.float().mean(1).permute(0, 3, 1, 2))
    score = surface.gather_maps((QUICK.sharp * survey.pyramid.relevancy(survey.text).mean(1)).softmax(1))
    return LiftedScene(surface, feature, survey.pyramid.basis, surface.spread(score))


@dataclass(frozen=True, eq=False)
class LiftedScene:
    """Points and what they were found to be."""

    surface: SceneSurface
    feature: Float[Tensor, "n r"]
    basis: Float[Tensor, "r d"]
    score: Float[Tensor, "n p"]

    def scores(self, glance: Glance, photos: Views) -> Float[Tensor, "c p h w"]:
        """Of the nearest points, times opacity."""
        return self.surface.show(self.score, glance)

    def features(self, glance: Glance, pixels: Int[Tensor, " n"]) -> PointFeatures:
        """Of the nearest points."""
        unit = functional.normalize(self.feature, dim=1)
        return PointFeatures(self.surface.read(unit, glance.place.reshape(-1, 3)[pixels]).numpy(), self.basis.numpy())
