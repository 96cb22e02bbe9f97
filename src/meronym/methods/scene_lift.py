"""Training-free: what the teacher says of all photos, averaged on points of the reconstruction and spread over its surface.

Names come from the relevancies of 3D-OVS: plain cosines favour some words in every photo. Features are kept beside them.
"""

from __future__ import annotations

from dataclasses import dataclass

from jaxtyping import Float, Int
from torch import Tensor
from torch.nn import functional

from meronym.methods.three_d_ovs import DEFAULT
from meronym.radiance.rendered import RenderedRays
from meronym.results import PointFeatures
from meronym.scenes.observation import SceneObservation
from meronym.scenes.surface import SceneSurface
from meronym.types import Views


def segment(scene: SceneObservation) -> LiftedScene:
    """Points on the surface, each with the mean of what the teacher says of it."""
    surface = scene.surface
    feature = surface.gather_maps(scene.pyramid.grid.float().mean(1).permute(0, 3, 1, 2))
    score = surface.gather_maps((DEFAULT.sharp * scene.pyramid.relevancy(scene.text).mean(1)).softmax(1))
    return LiftedScene(surface, feature, scene.pyramid.basis, surface.spread(score))


@dataclass(frozen=True, eq=False)
class LiftedScene:
    """Points and what they were found to be."""

    surface: SceneSurface
    feature: Float[Tensor, "n r"]
    basis: Float[Tensor, "r d"]
    score: Float[Tensor, "n p"]

    def scores(self, rendered: RenderedRays, photos: Views) -> Float[Tensor, "c p h w"]:
        """Of the nearest points, times opacity."""
        return self.surface.show(self.score, rendered)

    def features(self, rendered: RenderedRays, pixels: Int[Tensor, " n"]) -> PointFeatures:
        """Of the nearest points."""
        unit = functional.normalize(self.feature, dim=1)
        return PointFeatures(self.surface.read(unit, rendered.place.reshape(-1, 3)[pixels]).numpy(), self.basis.numpy())
