"""From a file in any format but glTF, through trimesh, to the geometries, colours and images of a mesh, or to points."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

import numpy as np
import trimesh
from PIL import Image
from trimesh.visual import TextureVisuals
from trimesh.visual.material import PBRMaterial

from meronym.core.colour import srgb_from_linear
from meronym.errors import InputError
from meronym.io.images import pixels
from meronym.io.limits import Limits
from meronym.io.shapes.folder import ShapeFolder, TrimeshResolver
from meronym.io.shapes.headers import first_bad_face
from meronym.io.shapes.submesh import Submesh, moved, used_vertices


def parse(path: Path, ending: str, folder: ShapeFolder) -> trimesh.Scene:
    """A file in any format but glTF, read by trimesh.

    Raises: InputError for a face without its vertices, or the first refusal of `folder`.
    """
    data = path.read_bytes()
    if ending == ".obj":
        data = _plain_text(data)
    try:
        resolver = cast(Any, TrimeshResolver(folder))
        scene = trimesh.load_scene(io.BytesIO(data), ending[1:], resolver=resolver, process=False)
    except IndexError as error:
        if ending != ".obj":
            raise
        raise InputError(f"{first_bad_face(data.decode())}. Export the file again.") from error
    if folder.refused is not None:
        raise folder.refused
    return scene


def _plain_text(data: bytes) -> bytes:
    """An OBJ file as trimesh understands it: UTF-8 (text that is not is taken for Latin-1), with spaces for tabs."""
    try:
        data.decode()
    except UnicodeDecodeError:
        data = data.decode("latin-1").encode()
    return data.replace(b"\t", b" ")


def from_scene(scene: trimesh.Scene, repair: bool, limits: Limits) -> tuple[list[Submesh], list[np.ndarray]]:
    """Every geometry of a scene in world coordinates, and the images of these."""
    submeshes: list[Submesh] = []
    images: list[np.ndarray] = []
    image_of: dict[int, int] = {}
    for node in scene.graph.nodes_geometry:
        matrix, geometry_name = scene.graph[node]
        geometry = scene.geometry[geometry_name]
        if not isinstance(geometry, trimesh.Trimesh) or not len(geometry.faces):
            continue
        visual: Any = geometry.visual
        colour, face_colour, uv, image = None, None, None, -1
        used, faces = used_vertices(node, np.asarray(geometry.faces), len(geometry.vertices), repair)
        if faces.min(initial=0) < 0:  # trimesh cannot export what refers to missing vertices
            geometry.faces = np.where(faces < 0, 0, geometry.faces)
        if isinstance(visual, TextureVisuals):
            picture, factor = _material(visual.material)
            if picture is not None and visual.uv is not None and len(visual.uv) == len(geometry.vertices):
                if id(picture) not in image_of:
                    image_of[id(picture)] = len(images)
                    images.append(pixels(picture, f"texture of {node}", limits))
                image, uv = image_of[id(picture)], np.asarray(visual.uv, dtype=np.float32)[used, :2]
            colour = None if factor is None else np.array([factor[:3]], dtype=np.float32)
        elif visual.kind == "vertex":
            colour = np.asarray(visual.vertex_colors[used, :3] / 255, dtype=np.float32)
        elif visual.kind == "face":
            face_colour = np.asarray(visual.face_colors[:, :3] / 255, dtype=np.float32)
        vertices = np.asarray(geometry.vertices, dtype=np.float64)[used]
        submesh = Submesh(node, vertices, faces, used, colour, face_colour, uv, image)
        submeshes.append(moved(submesh, node, matrix))
    return submeshes, images


def _material(material: Any) -> tuple[Image.Image | None, Sequence[float] | None]:
    """A material's picture, and its colour 0..1 sRGB where the file gives one."""
    if isinstance(material, PBRMaterial):  # glTF's, which is linear
        factor = material.baseColorFactor
        return material.baseColorTexture, None if factor is None else srgb_from_linear(factor[:3] / 255).tolist()
    return material.image, material.kwargs.get("kd")


def cloud_of(scene: trimesh.Scene) -> tuple[np.ndarray, np.ndarray | None, np.ndarray | None] | None:
    """Points, colours and normals if the file holds points and no faces."""
    shapes = list(scene.geometry.values())
    if len(shapes) != 1 or not isinstance(shapes[0], trimesh.PointCloud):
        return None
    cloud = shapes[0]
    points = np.asarray(cloud.vertices, dtype=np.float64)
    has_colour = cloud.colors is not None and np.shape(cloud.colors)[:1] == (len(points),)
    raw = cloud.metadata.get("_ply_raw", {}).get("vertex", {}).get("data")
    names = () if raw is None else (raw.keys() if isinstance(raw, dict) else raw.dtype.names)
    has_normal = {"nx", "ny", "nz"} <= set(names)
    return (
        points,
        np.asarray(cloud.colors)[:, :3] / 255 if has_colour else None,
        np.column_stack([np.ravel(raw[axis]) for axis in ("nx", "ny", "nz")]) if has_normal else None,
    )
