"""The part of a student that is frozen: a feature for every element of a shape, from pictures of it or from its geometry."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from meronym.core import geometry
from meronym.errors import WeightsError
from meronym.lifting import gather
from meronym.lifting.observation import Observation
from meronym.students.point_m2ae import PointM2AE
from meronym.types import Mesh
from meronym.weights import catalogue


class Lifted:
    """Image features of the views, averaged on the elements; NaN for what no view shows."""

    def __call__(self, observation: Observation) -> Float[Tensor, "n d"]:
        features, weight = gather.gather_features(observation.maps, observation.views, observation.shape)
        features[weight == 0] = torch.nan
        return features

    def describe(self, observation: Observation) -> dict[str, Any]:
        return {"name": "lifted", "weights": [observation.encoder.describe()]}


class Geometry:
    """Where an element is and which way it faces, in the shape's own upright frame: needs no picture, and is quick."""

    def __call__(self, observation: Observation) -> Float[Tensor, "n d"]:
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
        return {"name": "geometry", "weights": []}


class PointM2AEBackbone:
    """Point-M2AE on 2,048 points of the surface, as PartDistill has it; needs the public checkpoint.

    Raises: WeightsError if it is not there, or is no Point-M2AE.
    """

    points = 2048

    def __init__(self, checkpoint: Path | None = None) -> None:
        self.checkpoint = checkpoint or catalogue.root() / "point-m2ae" / "point_m2ae_pre-train.pth"
        if not self.checkpoint.is_file():
            raise WeightsError(
                f"{self.checkpoint}: Point-M2AE's public checkpoint is not there. Download point_m2ae_pre-train.pth from "
                "github.com/ZrrSkywalker/Point-M2AE and put it there, or take the backbone 'lifted', which needs none."
            )
        self.network = PointM2AE.load(self.checkpoint)

    def __call__(self, observation: Observation) -> Float[Tensor, "n d"]:
        centre, radius = geometry.bounding_sphere(observation.shape)
        draw = torch.Generator().manual_seed(0)
        if isinstance(observation.shape, Mesh):
            points = geometry.sample_surface(observation.shape, self.points, draw)[0]
        else:
            chosen = torch.randperm(observation.shape.element_count, generator=draw)[: self.points]
            points = observation.shape.points[chosen.numpy()]
        features = self.network(torch.from_numpy((points - centre) / radius).float()[None])[0]
        return geometry.from_nearest(features, points, geometry.element_positions(observation.shape))

    def describe(self, observation: Observation) -> dict[str, Any]:
        digest = hashlib.sha256(self.checkpoint.read_bytes()).hexdigest()
        return {"name": "point-m2ae", "weights": [{"name": self.checkpoint.name, "licence": "not stated", "sha256": digest}]}
