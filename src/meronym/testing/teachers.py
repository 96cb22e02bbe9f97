"""Conformance checks of teachers and renderers, and labelled shapes to try them on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor

from meronym.core import cameras
from meronym.errors import PluginError
from meronym.protocols import Renderer, Teacher
from meronym.render import TorchRenderer
from meronym.teachers.checked import check_answer
from meronym.types import Cameras, Mesh, PointCloud, Regions, Relevancy, Views
from meronym_synthetic.build import build
from meronym_synthetic.kinds import KINDS


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
    turned = teacher(views, prompts[::-1], "chair")
    _same(name, "prompts in another order", answer, _turned(turned, len(prompts)))
    single = [teacher(_only(views, i), prompts, "chair") for i in range(len(views))]
    _same(name, "one view at a time", answer, _joined(single))
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


def _turned(answer: Relevancy | Regions, prompts: int) -> Relevancy | Regions:
    """The answer to the prompts in the opposite order."""
    if isinstance(answer, Regions):
        return replace(answer, prompt=prompts - 1 - answer.prompt)
    return replace(answer, logit=tuple(grid.flip(0) for grid in answer.logit))


def _joined(parts: Sequence[Relevancy | Regions]) -> Relevancy | Regions:
    """The answers to views that were shown one at a time, as one answer."""
    if regions := [part for part in parts if isinstance(part, Regions)]:
        view = torch.cat([torch.full_like(part.view, index) for index, part in enumerate(regions)])
        prompt, score, box = (torch.cat([getattr(part, name) for part in regions]) for name in ("prompt", "score", "box"))
        masks = [part.mask for part in regions if part.mask is not None]
        return Regions(view, prompt, score, box, torch.cat(masks) if masks else None)
    grids = [part for part in parts if isinstance(part, Relevancy)]
    return Relevancy(
        tuple(grid for part in grids for grid in part.logit),
        tuple(grid for part in grids for grid in part.none),
        torch.cat([part.box for part in grids]),
    )


def _same(name: str, what: str, first: Relevancy | Regions, second: Relevancy | Regions) -> None:
    if isinstance(first, Regions) and isinstance(second, Regions):
        _same_regions(name, what, first, second)
        return
    if not isinstance(first, Relevancy) or not isinstance(second, Relevancy):
        raise PluginError(f"teacher {name}: {what} changes {type(first).__name__} to {type(second).__name__}")
    grids = [(*answer.logit, *answer.none) for answer in (first, second)]
    if [grid.shape for grid in grids[0]] != [grid.shape for grid in grids[1]]:
        raise PluginError(f"teacher {name}: {what} changes the number or the size of the grids")
    pairs = list(zip(*grids, strict=True))
    worst = max(float((a - b).abs().max()) for a, b in pairs)
    if worst > 1e-3:
        raise PluginError(f"teacher {name}: {what} changes the logits by {worst:.2g}; expected at most 1e-3")


def _same_regions(name: str, what: str, first: Regions, second: Regions) -> None:
    """The order in which regions come is free; each must have its like in the other answer."""
    if len(first.view) != len(second.view) or (first.mask is None) != (second.mask is None):
        raise PluginError(f"teacher {name}: {what} changes the number of regions, or whether they have masks")
    if not len(first.view):
        return
    gap = torch.cdist(_points(first), _points(second), p=torch.inf)
    worst = float(gap.amin(0).maximum(gap.amin(1)).max())
    if worst > 1e-3:
        raise PluginError(
            f"teacher {name}: {what} changes the regions by {worst:.2g}; expected at most 1e-3 "
            "(score, corner in hundreds of pixels, mask as a share of the picture)"
        )


def _points(regions: Regions) -> Float[Tensor, "u _d"]:
    """Regions as points that are as near as the regions are alike; those of other views and prompts are far off."""
    kind = torch.stack([regions.view, regions.prompt], 1) * 1e3
    columns = [kind, regions.score[:, None], regions.box / 100]
    if regions.mask is not None:
        columns.append(regions.mask.flatten(1).float().mean(1, keepdim=True))
    return torch.cat(columns, 1).double()
