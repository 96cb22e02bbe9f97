"""Rays of cameras, and samples along them in the cube that a field fills."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from jaxtyping import Bool, Float
from torch import Tensor

from meronym.core import cameras
from meronym.types import Cameras


@dataclass(frozen=True, eq=False)
class Samples:
    """Places along rays."""

    point: Float[Tensor, "r s 3"]
    """In the field's cube, -1..1."""
    distance: Float[Tensor, "r s"]
    """From the origin along the ray, world units."""
    step: Float[Tensor, "r s"]
    """Length that each place stands for, in units of the field's cube."""
    inside: Bool[Tensor, "r s"]
    """In the cube, and in front of the camera."""


@runtime_checkable
class Space(Protocol):
    """A part of the world that a field fills."""

    def sample(
        self, origin: Float[Tensor, "r 3"], direction: Float[Tensor, "r 3"], count: int, jitter: Float[Tensor, "r 1"]
    ) -> Samples:
        """`count` places along rays with unit directions, moved by `jitter` (0..1, of the gap between two)."""
        ...

    def world(self, point: Float[Tensor, "n 3"]) -> Float[Tensor, "n 3"]:
        """Where places of the field's cube are in the world."""
        ...

    def describe(self) -> dict[str, object]:
        """What goes into the record."""
        ...


def all_rays(cams: Cameras) -> tuple[Float[Tensor, "n 3"], Float[Tensor, "n 3"]]:
    """Origin and unit direction of every pixel of every camera, in order, in single precision."""
    origin, direction = cameras.rays(cams)
    pixels = direction.shape[1] * direction.shape[2]
    return origin.float().repeat_interleave(pixels, 0), direction.reshape(-1, 3).float()
