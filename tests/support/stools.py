"""A thing of two parts, in any size, and one in colours."""

from __future__ import annotations

from pathlib import Path

import trimesh


def seat_and_leg(leg: float) -> trimesh.Trimesh:
    """A seat on one leg of that length."""
    parts = [trimesh.creation.box((1, 0.1, 1)), trimesh.creation.box((0.1, leg, 0.1)).apply_translation((0, -leg / 2, 0))]
    return trimesh.util.concatenate(parts)


def painted_stool(file: Path) -> Path:
    """Write a red seat and four blue legs, which do not touch each other: front, rear, left and right."""
    scene = trimesh.Scene()
    seat = trimesh.creation.box((2, 0.1, 2))
    seat.visual.face_colors = [200, 30, 30, 255]
    scene.add_geometry(seat, node_name="top", geom_name="top")
    for k, (x, z) in enumerate([(-0.8, -0.8), (-0.8, 0.8), (0.8, -0.8), (0.8, 0.8)]):
        leg = trimesh.creation.box((0.2, 1.5, 0.2)).apply_translation((x, -0.8, z))
        leg.visual.face_colors = [30, 30, 200, 255]
        scene.add_geometry(leg, node_name=f"post{k}", geom_name=f"post{k}")
    scene.export(file)
    return file
