"""Training-free: the teacher's features of all views, averaged on points of the reconstruction (a weighted mean, closed form).

The row-sum solution of the splat feature problem (Occam's LGS, Cheng et al., 2024): each point's feature is the mean over the
pixels that show it. Then the scores are smoothed over the surface, as those of shapes are.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.nn import functional

from meronym import cameras, geometry, surface
from meronym.errors import InputError
from meronym.survey import Glance, Survey
from meronym.types import PointCloud, PointFeatures, Views

POINTS = 30_000
"""On the surface, at the most."""
NEAR = 0.03
"""Share of its depth by which a point may lie behind what a view shows there and still count as seen."""
RADIUS = 0.03
"""How far scores spread, as a share of the scene's size."""


def segment(survey: Survey) -> LiftedScene:
    """Points on the surface, each with the mean of what the teacher says of it."""
    glance = survey.seen
    solid = glance.opacity.flatten() > 0.5
    chosen = solid.nonzero()[:, 0]
    if not len(chosen):
        raise InputError("the reconstruction is empty: no ray meets a surface. Check the poses of the photos.")
    chosen = chosen[torch.linspace(0, len(chosen) - 1, min(POINTS, len(chosen))).long()]
    points = glance.points.reshape(-1, 3)[chosen]
    total = torch.zeros(len(points), len(survey.pyramid.basis))
    pixel, depth = cameras.project(glance.cameras, points)
    size = torch.tensor([glance.cameras.width, glance.cameras.height])
    for view in range(len(glance.cameras)):
        place = pixel[view] / size
        inside = ((place > 0) & (place < 1)).all(1) & (depth[view] > 0)
        x, y = pixel[view][inside].long().unbind(1)
        away = (points[inside] - glance.cameras.world_from_camera[view, :3, 3].float()).norm(dim=1)
        shown = inside.nonzero()[:, 0][away < glance.distance[view, y, x] * (1 + NEAR)]
        total[shown] += survey.pyramid.at(view, place[shown].float()).mean(1)
    return LiftedScene(
        points, total, survey.words, survey.pyramid.basis, _smoothed(points, total, survey.words, survey.model.sharpness)
    )


def _smoothed(
    points: Float[Tensor, "n 3"], feature: Float[Tensor, "n r"], words: Float[Tensor, "p r"], sharpness: float
) -> Float[Tensor, "n p"]:
    """Softmax of the sharpened cosines, spread over the surface."""
    score = (functional.normalize(feature, dim=1) @ words.T * sharpness).softmax(1)
    cloud = PointCloud(points.double().numpy())
    known = (feature.norm(dim=1) > 0).float()
    return surface.spread(score, known, cloud, surface.graph(cloud), RADIUS)


@dataclass(frozen=True, eq=False)
class LiftedScene:
    """Points and what they were found to be."""

    points: Float[Tensor, "n 3"]
    feature: Float[Tensor, "n r"]
    words: Float[Tensor, "p r"]
    basis: Float[Tensor, "r d"]
    score: Float[Tensor, "n p"]

    def scores(self, glance: Glance, photos: Views) -> Float[Tensor, "c p h w"]:
        """Of the nearest points, times opacity."""
        score = self._at(self.score, glance.points.reshape(-1, 3)) * glance.opacity.reshape(-1, 1)
        return score.reshape(*glance.distance.shape, -1).permute(0, 3, 1, 2)

    def features(self, glance: Glance, pixels: Int[Tensor, " n"]) -> PointFeatures:
        """Of the nearest points."""
        feature = self._at(functional.normalize(self.feature, dim=1), glance.points.reshape(-1, 3)[pixels])
        return PointFeatures(feature.numpy(), self.basis.numpy())

    def _at(self, values: Float[Tensor, "n d"], places: Float[Tensor, "m 3"]) -> Float[Tensor, "m d"]:
        return geometry.from_nearest(values, self.points.numpy(), places.numpy())
