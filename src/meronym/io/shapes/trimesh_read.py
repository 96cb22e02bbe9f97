"""From a file that trimesh reads, or a scene of it, to the geometries, colours and images of a mesh, or to points."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any, NamedTuple, cast

import numpy as np
import trimesh
from PIL import Image
from trimesh.visual import TextureVisuals
from trimesh.visual.material import PBRMaterial

from meronym.io.images import pixels
from meronym.io.limits import Limits
from meronym.io.shapes.folder import ShapeFolder, TrimeshResolver
from meronym.io.shapes.submesh import Submesh, moved, srgb_of, used_vertices, with_alpha


def parse(path: Path, ending: str, folder: ShapeFolder) -> trimesh.Scene:
    """A file read by trimesh.

    Raises: the first refusal of `folder`; whatever trimesh raises on a damaged file.
    """
    resolver = cast(Any, TrimeshResolver(folder))
    scene = trimesh.load_scene(io.BytesIO(path.read_bytes()), ending[1:], resolver=resolver, process=False)
    if folder.refused is not None:
        raise folder.refused
    return scene


def copied(scene: trimesh.Scene) -> trimesh.Scene:
    """A copy that keeps colours of vertices beside textures, which trimesh's own copy leaves out."""
    result = scene.copy()
    for name, shape in scene.geometry.items():
        visual: Any = getattr(shape, "visual", None)
        if isinstance(visual, TextureVisuals) and "color" in visual.vertex_attributes:
            own: Any = result.geometry[name]
            own.visual.vertex_attributes["color"] = np.array(visual.vertex_attributes["color"])
    return result


def from_scene(scene: trimesh.Scene, repair: bool, limits: Limits) -> tuple[list[Submesh], list[np.ndarray]]:
    """Every geometry of a scene in world coordinates, and the images of these."""
    submeshes: list[Submesh] = []
    images: list[np.ndarray] = []
    image_of: dict[tuple[int, bool], int] = {}
    for node in scene.graph.nodes_geometry:
        matrix, geometry_name = scene.graph[node]
        geometry = scene.geometry[geometry_name]
        if not isinstance(geometry, trimesh.Trimesh) or not len(geometry.faces):
            continue
        visual: Any = geometry.visual
        colour, face_colour, uv, image, alpha, cutoff = None, None, None, -1, None, 0.0
        used, faces = used_vertices(node, np.asarray(geometry.faces), len(geometry.vertices), repair)
        if faces.min(initial=0) < 0:  # trimesh cannot export what refers to missing vertices
            geometry.faces = np.where(faces < 0, 0, geometry.faces)
        if isinstance(visual, TextureVisuals):
            look = look_of(visual, len(geometry.vertices))
            if look.picture is not None and visual.uv is not None and len(visual.uv) == len(geometry.vertices):
                key = id(look.picture), look.picture_alpha
                if key not in image_of:
                    image_of[key] = len(images)
                    images.append(pixels(look.picture, f"texture of {node}", limits, look.picture_alpha))
                image, uv = image_of[key], np.asarray(visual.uv, dtype=np.float32)[used, :2]
            if look.rgba is not None:
                rgba = look.rgba if len(look.rgba) == 1 else look.rgba[used]
                colour, alpha = rgba[:, :3].astype(np.float32), np.clip(np.nan_to_num(rgba[:, 3]), 0, 1)
            cutoff = look.cutoff
        elif visual.kind == "vertex":
            colour = np.asarray(visual.vertex_colors[used, :3] / 255, dtype=np.float32)
        elif visual.kind == "face":
            face_colour = np.asarray(visual.face_colors[:, :3] / 255, dtype=np.float32)
        vertices = np.asarray(geometry.vertices, dtype=np.float64)[used]
        submesh = Submesh(node, vertices, faces, used, colour, face_colour, uv, image, alpha, cutoff)
        submeshes.append(moved(submesh, node, matrix))
    return submeshes, images


class Look(NamedTuple):
    """What a material and colours of vertices say."""

    picture: Image.Image | None
    picture_alpha: bool
    """Its alpha counts."""
    rgba: np.ndarray | None
    """[v 4] or [1 4], 0..1, sRGB; None = not said."""
    cutoff: float
    """As in `Submesh`."""


def look_of(visual: TextureVisuals, count: int) -> Look:
    """How a geometry of `count` vertices looks."""
    material: Any = visual.material
    if isinstance(material, PBRMaterial):  # glTF's, which is linear
        masked = 0.5 if material.alphaCutoff is None else material.alphaCutoff
        cutoff = {"MASK": masked, "BLEND": 0.5}.get(material.alphaMode, 0.0)
        rgba = None if material.baseColorFactor is None else with_alpha(_unit(material.baseColorFactor)[None])
        painted = visual.vertex_attributes.get("color")
        if painted is not None and len(painted) == count:
            rgba = with_alpha(_unit(painted)) * (1 if rgba is None else rgba)
        if rgba is not None:
            rgba = np.concatenate([srgb_of(rgba[:, :3]), rgba[:, 3:]], axis=1)
        return Look(material.baseColorTexture, cutoff > 0, rgba, cutoff)
    diffuse, opaque, dissolve = material.kwargs.get("kd"), _dissolve(material), "map_d" in material.kwargs
    rgba = np.array([[*((1, 1, 1) if diffuse is None else diffuse[:3]), opaque]])
    nothing_said = diffuse is None and opaque == 1
    return Look(material.image, dissolve, None if nothing_said else rgba, 0.5 if dissolve or opaque < 1 else 0.0)


def _unit(colour: Any) -> np.ndarray:
    """Colours 0..1 of numbers 0..1 or of bytes."""
    array = np.asarray(colour)
    return array / np.iinfo(array.dtype).max if array.dtype.kind in "iu" else array.astype(np.float64)


def _dissolve(material: Any) -> float:
    """The factor of alpha that an MTL file gives a material, 0..1; 1 where it gives none."""
    try:
        return min(max(float(material.kwargs["d"][0]), 0.0), 1.0)
    except (KeyError, TypeError, IndexError, ValueError):
        return 1.0


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
