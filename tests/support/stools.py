"""A thing of two parts, in any size."""

from __future__ import annotations

import trimesh


def seat_and_leg(leg: float) -> trimesh.Trimesh:
    """A seat on one leg of that length."""
    parts = [trimesh.creation.box((1, 0.1, 1)), trimesh.creation.box((0.1, leg, 0.1)).apply_translation((0, -leg / 2, 0))]
    return trimesh.util.concatenate(parts)
