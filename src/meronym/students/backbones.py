"""The frozen part of a student: a feature for every element of a shape, from its views or from its geometry.

Features lie on the CPU, as everything does that is gathered on elements.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from meronym.core import geometry
from meronym.core.hashing import sha256_of
from meronym.errors import WeightsError
from meronym.lifting import gather
from meronym.lifting.observation import Observation
from meronym.students.point_m2ae import PointM2AE
from meronym.types import Mesh
from meronym.weights import catalogue


class Lifted:
    """Image features of the views, averaged on the elements; NaN for elements that no view shows."""

    def __call__(self, observation: Observation) -> Float[Tensor, "n d"]:
        """A feature for every element."""
        features, weight = gather.gather_features(observation.maps, observation.views, observation.shape)
        features[weight == 0] = torch.nan
        return features

    def describe(self, observation: Observation) -> dict[str, Any]:
        """For the record: name, weights with sha256 and licence."""
        return {"name": "lifted", "weights": [observation.encoder.describe()]}


class Geometry:
    """Position and normal of an element in the shape's own upright frame: needs no pictures, and is quick."""

    def __call__(self, observation: Observation) -> Float[Tensor, "n d"]:
        """A feature for every element."""
        up = observation.up.double().numpy() / float(observation.up.norm())
        share, place = geometry.element_areas(observation.shape), geometry.element_positions(observation.shape)
        centre = share @ place  # that of the bounding box would move as the shape turns
        position = (place - centre) / np.linalg.norm(geometry.used_points(observation.shape) - centre, axis=1).max()
        height = position @ up
        level = position - height[:, None] * up
        long = np.linalg.eigh((level * share[:, None]).T @ level - np.outer(up, up))[1][:, 2]
        axes = np.stack([long, np.cross(up, long), up], 1)
        faces = np.abs(geometry.element_normals(observation.shape) @ axes)  # the sign of a cloud's normals is arbitrary
        raw = np.column_stack([height, np.linalg.norm(level, axis=1), np.abs(level @ axes[:, :2]), faces])
        waves = [wave(raw * np.pi * octave) for octave in (1, 2, 4) for wave in (np.sin, np.cos)]
        return torch.from_numpy(np.column_stack([raw, *waves])).float()

    def describe(self, observation: Observation) -> dict[str, Any]:
        """For the record: name, weights with sha256 and licence."""
        return {"name": "geometry", "weights": []}


class PointM2AEBackbone:
    """Point-M2AE on 2,048 points of the surface, as in PartDistill; needs the public checkpoint.

    `device` is where the network computes.

    Raises: WeightsError if the checkpoint is not there, or is no Point-M2AE.
    """

    points = 2048

    def __init__(self, checkpoint: str | Path | None = None, device: torch.device | str = "cpu") -> None:
        self.checkpoint = Path(checkpoint) if checkpoint else catalogue.root() / "point-m2ae" / "point_m2ae_pre-train.pth"
        if not self.checkpoint.is_file():
            raise WeightsError(
                f"{self.checkpoint}: Point-M2AE's public checkpoint is not there. Download point_m2ae_pre-train.pth from "
                "github.com/ZrrSkywalker/Point-M2AE and put it there, or take the backbone 'lifted', which needs none."
            )
        self.device = torch.device(device)
        self.network = PointM2AE.load(self.checkpoint).to(self.device)

    def __call__(self, observation: Observation) -> Float[Tensor, "n d"]:
        """A feature for every element: that of the nearest points."""
        centre, radius = geometry.bounding_sphere(observation.shape)
        draw = torch.Generator().manual_seed(0)
        if isinstance(observation.shape, Mesh):
            points = geometry.sample_surface(observation.shape, self.points, draw)[0]
        else:
            chosen = torch.randperm(observation.shape.element_count, generator=draw)[: self.points]
            points = observation.shape.points[chosen.numpy()]
        features = self.network(torch.from_numpy((points - centre) / radius).float().to(self.device)[None])[0].cpu()
        return geometry.from_nearest(features, points, geometry.element_positions(observation.shape))

    def describe(self, observation: Observation) -> dict[str, Any]:
        """For the record: name, weights with sha256 and licence."""
        digest = sha256_of(self.checkpoint)
        return {"name": "point-m2ae", "weights": [{"name": self.checkpoint.name, "licence": "not stated", "sha256": digest}]}
