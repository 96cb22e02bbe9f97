"""Names of the six axis directions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from meronym.errors import InputError

Up = Literal["x", "-x", "y", "-y", "z", "-z"]


def vector_of(up: str | Sequence[float] | None) -> Sequence[float] | None:
    """An up axis as a vector: "-z" is [0, 0, -1]; a vector stays as it is.

    Raises: InputError for any other text.
    """
    if not isinstance(up, str):
        return up
    sign, name = (-1.0, up[1:]) if up.startswith("-") else (1.0, up)
    if name not in ("x", "y", "z"):
        raise InputError(f"up: expected x, -x, y, -y, z, -z or three numbers, got {up!r:.40}.")
    return [sign * (name == axis) for axis in "xyz"]
