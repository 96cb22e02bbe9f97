"""A mesh, point cloud or set of Gaussians ready for any method: rendered from all sides, with its up axis found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache, partial

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from meronym.core import cameras, geometry, up_axis
from meronym.errors import InputError
from meronym.lifting import gather
from meronym.lifting.observation import Observation
from meronym.parts.tree import build_tree
from meronym.progress import StageTimer
from meronym.protocols import ImageTextEncoder, Teacher
from meronym.render import TorchRenderer
from meronym.teachers.checked import CheckedEmbedder, CheckedTeacher, NoTeacher
from meronym.teachers.pyramid import encode_photos
from meronym.teachers.windows import narrowed, of_photos
from meronym.types import Gaussians, Mesh, Regions, Shape, Views


@dataclass(frozen=True)
class ViewSettings:
    """How a shape is rendered."""

    size: int = 448
    """Pixels a side: finer than the patches of any teacher, so that small faces are found."""
    trial_size: int = 140
    """Pixels a side of the views from which the up axis is guessed."""
    trial_elevation: tuple[float, ...] = (15.0, 35.0, -10.0)
    """Of these views, degrees."""
    trial_azimuth: tuple[float, ...] = (30.0, 150.0, 270.0)
    """Degrees."""
    common_up_margin: float = 1.5
    """By how many logits another axis has to be recognised better than y, which is up in most files."""


DEFAULT = ViewSettings()


def observe(
    shape: Shape,
    prompts: tuple[str, ...],
    teacher: CheckedTeacher,
    *,
    category: str | None = None,
    views: int = 10,
    seed: int = 0,
    up: Sequence[float] | None = None,
    device: torch.device | None = None,
    settings: ViewSettings | None = None,
    of_scene: bool = False,
    clock: StageTimer | None = None,
) -> tuple[Observation, str]:
    """Make a shape ready for any method; also returns how its up axis is known, in words.

    `device`: where the views are rendered and lie (default: the CPU). `of_scene`: the shape is several things in their
    surroundings, of which the views are looked at in windows, as photos are.

    Raises: InputError if the shape has no surface to speak of, or `up` cannot be used.
    """
    _check_extent(shape)
    clock, settings, place = clock or StageTimer(), settings or DEFAULT, device or torch.device("cpu")
    with clock("find up"):
        asked = None if isinstance(teacher.teacher, NoTeacher) else teacher
        axis, how_up = find_up(shape, up, asked, prompts, category, settings, place)

    @clock("render")
    def render() -> Views:
        return render_views(shape, views, axis, seed, settings.size, place)

    timed = replace(teacher, clock=partial(clock, "teacher"))
    encoder, embedder = teacher.encoder, timed.embedder
    if of_scene and isinstance(model := narrowed(teacher.teacher), ImageTextEncoder):
        looker, embeds = of_photos(model, cache(lambda photos: encode_photos(model, photos, clock.progress)))
        timed = replace(timed, teacher=looker)
        embedder = None if embeds is None else CheckedEmbedder(embeds, timed.clock)
    observation = Observation(
        shape, prompts, category, axis, timed, encoder, render, build_tree, embedder, of_scene=of_scene, seed=seed,
        progress=clock.progress,
    )  # fmt: skip
    return observation, how_up


def find_up(
    shape: Shape,
    up: Sequence[float] | None,
    teacher: Teacher | None,
    prompts: Sequence[str],
    category: str | None,
    settings: ViewSettings,
    device: torch.device,
) -> tuple[Float[Tensor, " 3"], str]:
    """The up axis, and how it is known: given, stated by the format, or the one with which the teacher recognises most.

    For the last, the teacher gets three small views for each of the six ways up; labels have no part in it. Without a teacher,
    or with one that answers in regions, it is left to `up_axis.guess_up`.

    Raises: InputError if `up` is not three numbers.
    """
    if up is not None:
        if len(up) != 3:
            raise InputError(f"up: expected three numbers, got {list(up)}")
        return torch.tensor(up, dtype=torch.float32), "given"
    if teacher is None or up_axis.states_up(shape):
        return up_axis.guess_up(shape)
    ways = {
        sign + name: (1.0 if sign == "" else -1.0) * torch.eye(3)["xyz".index(name)] for name in "yzx" for sign in ("", "-")
    }
    angles = torch.tensor(settings.trial_elevation), torch.tensor(settings.trial_azimuth)
    points = geometry.used_points(shape)
    tries = [
        cameras.frame(points, cameras.directions_at(*angles, way, cameras.long_side(shape, way)), way, settings.trial_size)
        for way in ways.values()
    ]
    pictures = TorchRenderer()(shape, cameras.join(tries).to(device))
    answer = teacher(pictures, prompts, category)
    if isinstance(answer, Regions):
        return up_axis.guess_up(shape)
    strength = gather.recognition(answer, pictures).reshape(len(ways), -1).mean(1)
    strength[0] += settings.common_up_margin
    name = list(ways)[int(strength.argmax())]
    return ways[name], f"{name}: guessed, of the six ways up the teacher recognises most in this one"


def render_views(shape: Shape, count: int, up: Float[Tensor, " 3"], seed: int, size: int, device: torch.device) -> Views:
    """Views of `size` pixels a side from `count` directions spread around the shape.

    Gaussians with the cameras of their photos are seen from `count` of those, as far apart as can be: a room is seen from
    inside. The longer side of such a view has `size` pixels.

    The ring of views starts at the shape's own long side, so that turning the shape does not change the pictures; `seed` > 0
    turns it by a random angle.
    """
    if isinstance(shape, Gaussians) and shape.cameras is not None:
        return TorchRenderer()(shape, cameras.chosen(shape.cameras, count, size, seed).to(device))
    start = 360 * float(torch.rand(1, generator=torch.Generator().manual_seed(seed))) if seed else 30.0
    directions = cameras.spread(count, up, cameras.long_side(shape, up), start)
    return TorchRenderer()(shape, cameras.frame(geometry.used_points(shape), directions, up, size).to(device))


def _check_extent(shape: Shape) -> None:
    points = geometry.used_points(shape)
    if not len(points) or not np.isfinite(points).all() or not np.ptp(points, axis=0).any():
        raise InputError(f"expected a shape with some extent, got {len(points)} points that are not finite or in one place")
    if isinstance(shape, Mesh) and not geometry.face_normals(shape.vertices, shape.faces)[1].any():
        raise InputError(f"expected a shape with a surface, got {len(shape.faces)} faces without area; repair the shape")
