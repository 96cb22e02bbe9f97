"""Geometries with colours and texture coordinates at the corners of faces, as trimesh objects."""

from __future__ import annotations

import numpy as np
import trimesh
from jaxtyping import Float, Int
from PIL import Image
from trimesh.visual import TextureVisuals
from trimesh.visual.material import PBRMaterial

from meronym.core.colour import linear_from_srgb


def painted(
    vertices: Float[np.ndarray, "v 3"],
    faces: Int[np.ndarray, "f 3"],
    colour: Float[np.ndarray, "f 3 3"] | None = None,
    uv: Float[np.ndarray, "f 3 2"] | None = None,
    picture: Image.Image | None = None,
    alpha: float = 1.0,
    cutoff: float = 0.0,
) -> trimesh.Trimesh:
    """A geometry with a colour (0..1, sRGB) and a coordinate of its texture (origin at the bottom left) at each corner.

    Faces keep their order; vertices are shared as long as nothing differs between the faces that meet there. `alpha` and
    `cutoff` are as in `Submesh`.
    """
    if uv is None or picture is None:
        uv, picture = None, None
    plain = picture is None and cutoff == 0
    if plain and (colour is None or (colour == colour[:, :1]).all()):
        rgb = None if colour is None else _bytes(colour[:, 0])
        return trimesh.Trimesh(vertices, faces, face_colors=rgb, process=False)
    if colour is not None or uv is not None:
        bad = ((faces < 0) | (faces >= len(vertices))).any(axis=1, keepdims=True)
        vertices = vertices[np.where(bad, 0, faces)].reshape(-1, 3)
        faces = np.where(bad, -1, np.arange(faces.size).reshape(-1, 3))
    if plain and colour is not None:
        return trimesh.Trimesh(vertices, faces, vertex_colors=_bytes(colour.reshape(-1, 3)), process=False)
    mask = {"alphaMode": "MASK", "alphaCutoff": cutoff} if cutoff > 0 else {}
    factor = [1.0, 1.0, 1.0, alpha] if alpha < 1 else None
    material = PBRMaterial(baseColorTexture=picture, baseColorFactor=factor, metallicFactor=0.0, **mask)
    visual = TextureVisuals(None if uv is None else uv.reshape(-1, 2), material)
    if colour is not None:
        visual.vertex_attributes["color"] = _bytes(linear_from_srgb(colour.reshape(-1, 3)))
    return trimesh.Trimesh(vertices, faces, visual=visual, process=False)


def _bytes(colour: Float[np.ndarray, "n 3"]) -> np.ndarray:
    rgba = np.full((len(colour), 4), 255, np.uint8)
    rgba[:, :3] = (np.clip(np.nan_to_num(colour), 0, 1) * 255).round()
    return rgba
