"""Teachers that say what they are told to, and shapes, for the methods that go by boxes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
import trimesh
from torch import Tensor

from meronym.core import cameras, geometry
from meronym.lifting import voting
from meronym.lifting.observation import Observation
from meronym.parts.tree import build_tree
from meronym.render import TorchRenderer
from meronym.teachers.oracle import OracleTeacher
from meronym.types import FeatureMaps, Mesh, PointCloud, Regions, Shape, Views

Y = torch.tensor([0.0, 1.0, 0.0])
PROMPTS = ("seat", "back", "leg")


class Says:
    """Gives the same answer for any views."""

    def __init__(self, answer: Regions) -> None:
        self.answer = answer

    def __call__(self, views: Views, prompts: Sequence[str], category: str | None = None) -> Regions:
        return self.answer

    def features(self, views: Views, tokens: int | None = None) -> FeatureMaps:
        raise AssertionError("methods that go by boxes need no features")

    def describe(self) -> dict[str, Any]:
        return {"name": "says"}


def mesh_of(*solids: trimesh.Trimesh) -> Mesh:
    whole = trimesh.util.concatenate(solids)
    return Mesh(np.array(whole.vertices), np.array(whole.faces))


def ball_and_bar() -> Mesh:
    """Two pieces that touch, faces of all sizes, no two distances alike."""
    bar = trimesh.creation.box((3, 0.4, 0.7)).subdivide().apply_translation((0.3, -1.1, 0))
    mesh = mesh_of(trimesh.creation.icosphere(2), bar)
    return Mesh(mesh.vertices + np.random.default_rng(0).normal(0, 0.005, mesh.vertices.shape), mesh.faces)


BALL_AND_BAR = ball_and_bar()
CLOUD = PointCloud(np.random.default_rng(0).normal(size=(300, 3)) * [1, 0.5, 0.2])


def views_of(shape: Shape, count: int = 3, size: int = 48) -> Views:
    return TorchRenderer()(shape, cameras.frame(geometry.used_points(shape), cameras.spread(count, Y), Y, size))


def ask(shape: Shape, views: Views, answer: Regions, prompts: Sequence[str] = PROMPTS) -> Observation:
    teacher = Says(answer)
    return Observation(shape, tuple(prompts), None, Y, teacher, teacher, lambda: views, build_tree)


def some_boxes(views: Views, each: int = 6, seed: int = 0) -> Regions:
    """Boxes of random sizes and prompts, also over the edge of the picture and where nothing is."""
    generator = torch.Generator().manual_seed(seed)
    count, (height, width) = each * len(views), views.element.shape[1:]
    low = (torch.rand(count, 2, generator=generator) * 1.1 - 0.1) * torch.tensor([width, height])
    extent = torch.rand(count, 2, generator=generator) * torch.tensor([width, height]) * 0.6
    return Regions(
        torch.arange(count) % len(views),
        torch.randint(len(PROMPTS), (count,), generator=generator),
        torch.rand(count, generator=generator),
        torch.cat([low, low + extent], 1),
    )


def true_boxes(label: Tensor, views: Views, prompts: Sequence[str], boxes: bool = True) -> Regions:
    """The answer of a faultless detector: boxes, or masks, around everything that is shown of each part."""
    return voting.regions_from_relevancy(OracleTeacher(label, cell=1)(views, prompts), views, boxes=boxes)


def no_boxes() -> Regions:
    none = torch.zeros(0, dtype=torch.long)
    return Regions(none, none, none.float(), torch.zeros(0, 4))
