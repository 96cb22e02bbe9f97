"""The geometries of a file of any format, before they are joined into one mesh."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import trimesh
from jaxtyping import Float, Int, Shaped, UInt8
from PIL import Image
from trimesh.visual import TextureVisuals
from trimesh.visual.material import PBRMaterial

from meronym.core.colour import srgb_from_linear
from meronym.errors import InputError
from meronym.io.images import png
from meronym.types import NamedMaterial, Textures


@dataclass(frozen=True)
class Submesh:
    """One geometry of a file."""

    name: str
    vertices: Float[np.ndarray, "v 3"]
    faces: Int[np.ndarray, "f 3"]
    used: Int[np.ndarray, " v"]
    """Index of each vertex in the geometry as the file has it."""
    colour: Float[np.ndarray, "#v 3"] | None = None
    """Per vertex, or one row for all; 0..1 sRGB."""
    face_colour: Float[np.ndarray, "f 3"] | None = None
    uv: Float[np.ndarray, "v 2"] | None = None
    image: int = -1
    alpha: Float[np.ndarray, _v] | None = None
    """Per vertex, or one for all; 0..1. None = 1."""
    cutoff: float = 0.0
    """Alpha below which a spot is see-through (`types.Opacity`); 0 = opaque."""
    material: NamedMaterial | None = None


def used_vertices(
    name: str, faces: Int[np.ndarray, "f 3"], count: int, repair: bool
) -> tuple[Int[np.ndarray, " u"], Int[np.ndarray, "f 3"]]:
    """The vertices that the faces use, and the faces in terms of these; with `repair`, -1 for a vertex that is missing."""
    if faces.ndim != 2 or faces.shape[1] != 3:
        raise InputError(f"{name!r}: expected triangles, got an array of shape {faces.shape}. Triangulate the file.")
    bad: np.ndarray = np.any((faces < 0) | (faces >= count), axis=1)
    if bad.any() and not repair:
        first = int(bad.argmax())
        raise InputError(
            f"face {first} of {name!r} refers to vertices {faces[first].tolist()}, but there are {count}; "
            f"{int(bad.sum())} faces are wrong. Use repair to leave them out, or export the file again."
        )
    if count > 8 * faces.size:  # many geometries may share the vertices of one large array
        used = np.unique(faces[~bad])
        return used, np.where(bad[:, None], -1, np.searchsorted(used, faces))
    mask = np.zeros(count, dtype=bool)
    mask[faces[~bad]] = True
    position = np.cumsum(mask) - 1
    return np.flatnonzero(mask), np.where(bad[:, None], -1, position[np.where(bad[:, None], 0, faces)] if count else -1)


def image_file(texture: Textures, image: int) -> bytes:
    """The file of an image as it was read, or a .png made for it."""
    return (texture.files[image] if texture.files else None) or png(texture.images[image])


def srgb_of(linear: Float[np.ndarray, "n 3"]) -> Float[np.ndarray, "n 3"]:
    """Colours as they are stored in a `Submesh`; numbers that are none count as 0."""
    return srgb_from_linear(np.clip(np.nan_to_num(linear.astype(np.float64)), 0, 1)).astype(np.float32)


def with_alpha(colour: Shaped[np.ndarray, "n _c"]) -> Shaped[np.ndarray, "n _d"]:
    """Colours 0..1 with a fourth column, 1 where they have three."""
    return np.pad(colour, ((0, 0), (0, 1)), constant_values=1) if colour.shape[1] == 3 else colour


def moved(submesh: Submesh, name: str, matrices: np.ndarray) -> Submesh:
    """The geometry in world coordinates; where it is mirrored, faces are turned so that outside stays outside."""
    turn, shift = matrices[..., :3, :3], matrices[..., :3, 3]
    vertices = np.einsum("...ab,...b->...a", turn, submesh.vertices) + shift
    mirrored = len(vertices) > 0 and np.linalg.det(turn.reshape(-1, 3, 3)[0]) < 0
    return replace(submesh, name=name, vertices=vertices, faces=submesh.faces[:, ::-1] if mirrored else submesh.faces)


def as_trimesh(submesh: Submesh, pictures: Sequence[Image.Image]) -> trimesh.Trimesh:
    """A geometry as a trimesh object, with its colours and texture."""
    rgba = _rgba(submesh)
    by_vertex = rgba is not None and len(rgba) > 1
    if submesh.image < 0 and submesh.cutoff == 0 and (rgba is None or by_vertex):
        return trimesh.Trimesh(submesh.vertices, submesh.faces, vertex_colors=rgba, process=False)
    picture = pictures[submesh.image] if submesh.image >= 0 else None
    factor = None if rgba is None or by_vertex else rgba[0]
    mask: dict[str, Any] = {"alphaMode": "MASK", "alphaCutoff": submesh.cutoff} if submesh.cutoff > 0 else {}
    visual = TextureVisuals(submesh.uv, PBRMaterial(baseColorTexture=picture, baseColorFactor=factor, **mask))
    if by_vertex:
        visual.vertex_attributes["color"] = rgba
    return trimesh.Trimesh(submesh.vertices, submesh.faces, visual=visual, process=False)


def _rgba(submesh: Submesh) -> UInt8[np.ndarray, "n 4"] | None:
    """Colour and alpha per vertex, or one row for all."""
    if submesh.colour is None and submesh.alpha is None:
        return None
    colour = np.ones((1, 3)) if submesh.colour is None else submesh.colour
    alpha = np.ones(1) if submesh.alpha is None else submesh.alpha
    rows = max(len(colour), len(alpha))
    both = np.concatenate([np.broadcast_to(colour, (rows, 3)), np.broadcast_to(alpha[:, None], (rows, 1))], axis=1)
    rgba: np.ndarray = (both * 255).round().astype(np.uint8)
    return rgba
