"""Conformance checks for plug-ins, and labelled shapes to try them on.

from meronym.testing import check_teacher
check_teacher(MyTeacher())
"""

from __future__ import annotations

import numpy as np
import torch
from jaxtyping import Int

from meronym import cameras
from meronym.errors import PluginError
from meronym.generator.build import build
from meronym.generator.kinds import KINDS
from meronym.plugins import Renderer, Teacher, check_answer
from meronym.render.rasterize import TorchRenderer
from meronym.types import Cameras, Mesh, PointCloud, Relevancy, Views


def labelled_shape(kind: str, seed: int = 0) -> tuple[Mesh, Int[np.ndarray, " f"], tuple[str, ...]]:
    """A procedural mesh of a kind ("chair", "person" …), the part of every face, and the names of the parts."""
    shape = build(KINDS[kind], np.random.default_rng(seed), melt=False)
    return Mesh(shape.vertices, shape.faces), shape.part, tuple(name.split("/")[-1] for name in shape.names)


def check_teacher(teacher: Teacher) -> None:
    """Hold a teacher against the contract: shapes, finite values, the same again, the order of prompts and of views.

    Raises: PluginError that says what does not hold.
    """
    shape, _, names = labelled_shape("chair")
    up = torch.tensor([0.0, 1.0, 0.0])
    views = TorchRenderer()(shape, cameras.frame(shape.vertices, cameras.spread(2, up), up, 112))
    prompts = names[:3]
    name = type(teacher).__name__
    answer = teacher(views, prompts, "chair")
    check_answer(answer, views, len(prompts), name)
    _same(name, "the same call twice", answer, teacher(views, prompts, "chair"))
    if isinstance(answer, Relevancy):
        turned = teacher(views, prompts[::-1], "chair")
        assert isinstance(turned, Relevancy)
        back = Relevancy(tuple(grid.flip(0) for grid in turned.logit), turned.none, turned.box)
        _same(name, "prompts in another order", answer, back)
        single = [teacher(_only(views, i), prompts, "chair") for i in range(len(views))]
        apart = Relevancy(
            tuple(grid for part in single if isinstance(part, Relevancy) for grid in part.logit),
            tuple(grid for part in single if isinstance(part, Relevancy) for grid in part.none),
            torch.cat([part.box for part in single if isinstance(part, Relevancy)]),
        )
        _same(name, "one view at a time", answer, apart)
    if not isinstance(teacher.describe(), dict) or "name" not in teacher.describe():
        raise PluginError(f"teacher {name}: describe() must return a dict with a 'name' for the record")


def check_renderer(renderer: Renderer) -> None:
    """Hold a renderer against the contract: shapes, ids in range, depth where and only where something is shown.

    Raises: PluginError that says what does not hold.
    """
    mesh, _, _ = labelled_shape("chair")
    cloud = PointCloud(mesh.vertices)
    up = torch.tensor([0.0, 1.0, 0.0])
    look = cameras.frame(mesh.vertices, cameras.spread(3, up), up, 64)
    name = type(renderer).__name__
    for shape in (mesh, cloud):
        views = renderer(shape, look)
        if views.colour.shape != (3, 64, 64, 3) or views.element.shape != (3, 64, 64) or views.depth.shape != (3, 64, 64):
            raise PluginError(f"renderer {name}: expected 3 views of 64 x 64, got colour {tuple(views.colour.shape)}")
        if views.element.min() < -1 or views.element.max() >= shape.element_count:
            raise PluginError(f"renderer {name}: element ids outside -1..{shape.element_count - 1}")
        if not (torch.isfinite(views.depth) == (views.element >= 0)).all():
            raise PluginError(f"renderer {name}: depth must be finite exactly where an element is shown")
        if (views.element >= 0).float().mean() < 0.02:
            raise PluginError(f"renderer {name}: next to nothing of a framed shape is shown")
        if not torch.isfinite(views.colour).all() or views.colour.min() < 0 or views.colour.max() > 1:
            raise PluginError(f"renderer {name}: colours outside 0..1")


def _only(views: Views, index: int) -> Views:
    one = slice(index, index + 1)
    look = views.cameras
    camera = Cameras(look.world_from_camera[one], look.intrinsics[one], look.height, look.width)
    return Views(camera, views.colour[one], views.depth[one], views.element[one])


def _same(name: str, what: str, first: object, second: object) -> None:
    if not isinstance(first, Relevancy) or not isinstance(second, Relevancy):
        return
    grids = [(*answer.logit, *answer.none) for answer in (first, second)]
    if [grid.shape for grid in grids[0]] != [grid.shape for grid in grids[1]]:
        raise PluginError(f"teacher {name}: {what} changes the number or the size of the grids")
    pairs = list(zip(*grids, strict=True))
    worst = max(float((a - b).abs().max()) for a, b in pairs)
    if worst > 1e-3:
        raise PluginError(f"teacher {name}: {what} changes the logits by {worst:.2g}; expected at most 1e-3")
