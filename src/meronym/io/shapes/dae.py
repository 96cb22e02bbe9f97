"""Reads COLLADA (.dae), through trimesh and pycollada."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import trimesh
from trimesh.visual import TextureVisuals

from meronym.core.colour import linear_from_srgb
from meronym.errors import InputError, MissingExtra
from meronym.io.shapes.folder import ShapeFolder
from meronym.io.shapes.trimesh_read import parse


class Collada(NamedTuple):
    """What a COLLADA file shows."""

    scene: trimesh.Scene
    up: str
    unit: float
    """Metres per world unit."""
    skins: int
    """Skinned and morphed geometries, which are not read."""


def read_dae(path: Path, folder: ShapeFolder) -> Collada:
    """The scene of a COLLADA file; colours of materials are taken for sRGB, as exporters write them.

    Raises: MissingExtra without pycollada; InputError if the file is damaged, declares entities, or holds skins only.
    """
    try:
        import collada  # noqa: F401
    except ImportError as error:
        raise MissingExtra("reading .dae", "pycollada", "formats") from error
    data = path.read_bytes()
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise InputError("it declares a document type or entities, which COLLADA has not. Export it again.")
    scene, skins = parse(path, ".dae", folder), data.count(b"<instance_controller")
    if skins and not scene.geometry:
        raise InputError("all its geometries are skinned, which is not read. Export it as glTF (.glb).")
    materials: dict[int, Any] = {}
    for shape in scene.geometry.values():
        visual: Any = getattr(shape, "visual", None)
        if isinstance(visual, TextureVisuals):
            materials[id(visual.material)] = visual.material
    for material in materials.values():
        if material.baseColorFactor is not None:
            rgba = np.array(material.baseColorFactor, np.float64) / 255
            material.baseColorFactor = np.append(linear_from_srgb(rgba[:3]), rgba[3])
    up = re.search(rb"<up_axis>\s*([XYZ])_UP", data)
    unit = re.search(rb"<unit\b[^>]*\bmeter\s*=\s*[\"']([^\"']+)[\"']", data)
    return Collada(scene, up[1].decode().lower() if up else "y", float(unit[1]) if unit else 1.0, skins)
