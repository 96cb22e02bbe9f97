"""A mesh or point cloud made ready for any method: rendered from all sides, with its up axis found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from meronym.core import cameras, geometry, up_axis
from meronym.errors import InputError
from meronym.lifting import gather
from meronym.lifting.observation import Observation
from meronym.progress import StageTimer
from meronym.protocols import Teacher
from meronym.render import TorchRenderer
from meronym.teachers.checked import CheckedTeacher, NoTeacher
from meronym.types import Mesh, Regions, Shape, Views

VIEW_SIZE = 448
"""Pixels a side: finer than any teacher looks, so that small faces are found."""


TRIAL_SIZE = 140
"""Pixels a side of the views from which the up axis is guessed."""


COMMON_UP_MARGIN = 1.5
"""By how many logits another axis has to be recognised better than y, which is up in most files."""


_TRIAL_ANGLES = torch.tensor([15.0, 35.0, -10.0]), torch.tensor([30.0, 150.0, 270.0])
"""Their elevations and azimuths, degrees."""


def observe(
    shape: Shape,
    prompts: tuple[str, ...],
    teacher: CheckedTeacher,
    *,
    category: str | None = None,
    views: int = 10,
    seed: int = 0,
    up: Sequence[float] | None = None,
    clock: StageTimer | None = None,
) -> tuple[Observation, str]:
    """A shape made ready for any method, and how its up axis is known.

    Raises: InputError if the shape has no surface to speak of, or `up` cannot be used.
    """
    _check_extent(shape)
    clock = clock or StageTimer()
    with clock("find up"):
        asked = None if isinstance(teacher.teacher, NoTeacher) else teacher
        axis, how_up = find_up(shape, up, asked, prompts, category)

    @clock("render")
    def render(shape: Shape) -> Views:
        return render_views(shape, views, axis, seed)

    timed = replace(teacher, clock=partial(clock, "look"))
    return Observation(shape, prompts, category, axis, timed, teacher.encoder, render), how_up


def _check_extent(shape: Shape) -> None:
    points = geometry.used_points(shape)
    if not len(points) or not np.isfinite(points).all() or not np.ptp(points, axis=0).any():
        raise InputError(f"expected a shape with some extent, got {len(points)} points that are not finite or in one place")
    if isinstance(shape, Mesh) and not geometry.face_normals(shape.vertices, shape.faces)[1].any():
        raise InputError(f"expected a shape with a surface, got {len(shape.faces)} faces without area; repair the shape")


def find_up(
    shape: Shape, up: Sequence[float] | None, teacher: Teacher | None, prompts: Sequence[str], category: str | None
) -> tuple[Float[Tensor, " 3"], str]:
    """The up axis, and how it is known: given, said by the format, or the one with which the teacher recognises most.

    For the last, three small views are looked at for each of the six ways up; labels have no part in it. Without a teacher, or
    with one that answers in regions, it is left to `cameras.guess_up`.

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
    tries = [
        cameras.frame(
            geometry.used_points(shape),
            cameras.directions_at(*_TRIAL_ANGLES, way, cameras.long_side(shape, way)),
            way,
            TRIAL_SIZE,
        )
        for way in ways.values()
    ]
    pictures = TorchRenderer()(shape, cameras.join(tries))
    answer = teacher(pictures, prompts, category)
    if isinstance(answer, Regions):
        return up_axis.guess_up(shape)
    strength = gather.recognition(answer, pictures).reshape(len(ways), -1).mean(1)
    strength[0] += COMMON_UP_MARGIN
    best = int(strength.argmax())
    name = list(ways)[best]
    return ways[name], f"{name}: guessed, of the six ways up the teacher recognises most in this one"


def render_views(shape: Shape, count: int, up: Float[Tensor, " 3"], seed: int) -> Views:
    """Views from `count` directions spread around the shape.

    The ring of views starts at the shape's own long side, so that turning the shape does not change what is seen; `seed` > 0
    turns it by a random angle.
    """
    start = 360 * float(torch.rand(1, generator=torch.Generator().manual_seed(seed))) if seed else 30.0
    directions = cameras.spread(count, up, cameras.long_side(shape, up), start)
    return TorchRenderer()(shape, cameras.frame(geometry.used_points(shape), directions, up, VIEW_SIZE))
