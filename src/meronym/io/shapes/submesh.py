"""The geometries of a file of any format, before they are joined into one mesh."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import trimesh
from jaxtyping import Float, Int
from PIL import Image
from trimesh.visual import TextureVisuals
from trimesh.visual.material import PBRMaterial

from meronym.errors import InputError


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
    mask = np.zeros(count, dtype=bool)
    mask[faces[~bad]] = True
    position = np.cumsum(mask) - 1
    return np.flatnonzero(mask), np.where(bad[:, None], -1, position[np.where(bad[:, None], 0, faces)] if count else -1)


def moved(submesh: Submesh, name: str, matrices: np.ndarray) -> Submesh:
    """The geometry in world coordinates; where it is mirrored, faces are turned so that outside stays outside."""
    turn, shift = matrices[..., :3, :3], matrices[..., :3, 3]
    vertices = np.einsum("...ab,...b->...a", turn, submesh.vertices) + shift
    mirrored = len(vertices) > 0 and np.linalg.det(turn.reshape(-1, 3, 3)[0]) < 0
    return replace(submesh, name=name, vertices=vertices, faces=submesh.faces[:, ::-1] if mirrored else submesh.faces)


def as_trimesh(submesh: Submesh, images: Sequence[np.ndarray]) -> trimesh.Trimesh:
    """A geometry as a trimesh object, with its colours and texture."""
    rgba = None
    if submesh.colour is not None:
        rgba = np.pad((submesh.colour * 255).round(), ((0, 0), (0, 1)), constant_values=255).astype(np.uint8)
    by_vertex = rgba is not None and len(rgba) > 1
    if submesh.image < 0 and (rgba is None or by_vertex):
        return trimesh.Trimesh(submesh.vertices, submesh.faces, vertex_colors=rgba, process=False)
    picture = Image.fromarray(images[submesh.image]) if submesh.image >= 0 else None
    factor = None if rgba is None or by_vertex else rgba[0]
    visual = TextureVisuals(submesh.uv, PBRMaterial(baseColorTexture=picture, baseColorFactor=factor))
    if by_vertex:
        visual.vertex_attributes["color"] = rgba
    return trimesh.Trimesh(submesh.vertices, submesh.faces, visual=visual, process=False)
