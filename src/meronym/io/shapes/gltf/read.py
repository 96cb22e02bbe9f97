"""From a glTF document to the geometries, colours and images of a mesh."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import trimesh
from jaxtyping import Float, Int
from PIL import Image

from meronym.errors import InputError
from meronym.io.limits import check_count
from meronym.io.shapes.gltf.document import GLTF, Gltf
from meronym.io.shapes.gltf.features import check_features
from meronym.io.shapes.gltf.graph import Instance, local_matrix, primitive_of, scene_graph, triangles
from meronym.io.shapes.gltf.images import GltfImages
from meronym.io.shapes.gltf.references import losses
from meronym.io.shapes.submesh import Submesh, as_trimesh, moved, srgb_of, used_vertices, with_alpha
from meronym.types import NamedMaterial


@dataclass(frozen=True)
class Contents:
    """What a glTF document shows."""

    scene: trimesh.Scene
    """Keeps the document."""
    submeshes: list[Submesh]
    """Every geometry, in world coordinates."""
    images: list[np.ndarray]
    """Those that the submeshes name."""
    report: dict[str, int]
    """What is not read, or could not be written again: in words -> how often."""


def from_gltf(gltf: Gltf, repair: bool) -> Contents:
    """What a document shows, in the order of its nodes.

    Raises: InputError or LimitError if something is damaged or too large.
    """
    check_features(gltf.tree)
    graph = scene_graph(gltf)
    _check_total(gltf, graph.instances)
    scene = trimesh.Scene(metadata={GLTF: gltf})
    for index, parent in graph.parent.items():
        above = graph.names[parent] if parent >= 0 else scene.graph.base_frame
        matrix = local_matrix(gltf.item("nodes", index))
        scene.graph.update(frame_from=above, frame_to=graph.names[index], matrix=matrix)
    images, pictures = GltfImages(gltf), list[Image.Image]()
    shared: dict[tuple[int, int], Submesh | None] = {}
    submeshes = []
    for instance in graph.instances:
        node = gltf.item("nodes", instance.node)
        key = (node["mesh"], instance.primitive)
        if key not in shared:
            submesh = shared[key] = _primitive_submesh(gltf, instance, images, repair)
            pictures += [Image.fromarray(image) for image in images.images[len(pictures) :]]
            if submesh is not None:
                scene.geometry[instance.name] = as_trimesh(submesh, pictures)
        submesh = shared[key]
        if submesh is None:
            continue
        if instance.name == graph.names[instance.node]:
            scene.graph.transforms.node_data[instance.name]["geometry"] = submesh.name
        else:
            place = {} if instance.copy is None else {"matrix": local_matrix(instance.copy)}
            above = graph.names[instance.node]
            scene.graph.update(frame_from=above, frame_to=instance.name, geometry=submesh.name, **place)
        matrices = instance.world
        if "skin" in node and "JOINTS_0" in primitive_of(gltf, instance)["attributes"]:
            matrices = _skin_matrices(gltf, instance, submesh.used, graph.world)
        submeshes.append(moved(submesh, instance.name, matrices))
    return Contents(scene, submeshes, images.images, {**images.unread, **losses(gltf.tree)})


def _check_total(gltf: Gltf, found: Sequence[Instance]) -> None:
    total = 0
    for instance in found:
        primitive = primitive_of(gltf, instance)
        mode = primitive.get("mode", 4)
        if mode in (4, 5, 6):
            count = gltf.count(primitive.get("indices", primitive["attributes"]["POSITION"]))
            total += count // 3 if mode == 4 else count
    check_count("all instances together", total, gltf.folder.limits)


def _primitive_submesh(gltf: Gltf, instance: Instance, images: GltfImages, repair: bool) -> Submesh | None:
    primitive = primitive_of(gltf, instance)
    faces = triangles(gltf, primitive)
    if faces is None:
        return None
    attributes = primitive["attributes"]
    count = gltf.count(attributes["POSITION"])
    used, faces = used_vertices(instance.name, faces, count, repair)
    material = gltf.item("materials", primitive["material"]) if "material" in primitive else {}
    glossy = material.get("extensions", {}).get("KHR_materials_pbrSpecularGlossiness", {})
    base = material.get("pbrMetallicRoughness", {})
    factor = glossy.get("diffuseFactor", base.get("baseColorFactor"))
    info = glossy.get("diffuseTexture", base.get("baseColorTexture"))
    coordinates, cutoff = None if info is None else _coordinates(info), _cutoff(material)
    for name in ("COLOR_0", coordinates):
        if name in attributes and gltf.count(attributes[name]) != count:
            rows = gltf.count(attributes[name])
            raise InputError(f"{instance.name!r}: {rows} rows of {name} for {count} vertices. Export the file again.")
    position = gltf.values(attributes["POSITION"], used).astype(np.float64)
    if position.shape[1] != 3:
        raise InputError(f"{instance.name!r}: POSITION has {position.shape[1]} columns, not 3. Export the file again.")
    image = images.index(info, cutoff > 0) if coordinates in attributes else -1
    uv = _uv(info, gltf.values(attributes[coordinates], used)) if image >= 0 else None
    rgba = None if factor is None else with_alpha(np.array([factor], dtype=np.float32))
    if "COLOR_0" in attributes:
        rgba = with_alpha(gltf.values(attributes["COLOR_0"], used)) * (np.float32(1) if rgba is None else rgba)
    return Submesh(
        instance.name,
        position,
        faces,
        used,
        colour=None if rgba is None else srgb_of(rgba[:, :3]),
        uv=uv,
        image=image,
        alpha=None if rgba is None or cutoff == 0 else np.clip(np.nan_to_num(rgba[:, 3]), 0, 1),
        cutoff=cutoff,
        material=_named(material, factor),
    )


def _named(material: Mapping[str, Any], factor: Any) -> NamedMaterial | None:
    """What is kept of a material for files of other formats; None if there is none."""
    if not material:
        return None
    rgba = with_alpha(np.array([(1, 1, 1) if factor is None else factor], dtype=np.float32))
    red, green, blue = srgb_of(rgba[:, :3])[0].round(6).tolist()
    alpha = 1.0 if material.get("alphaMode") != "BLEND" else float(np.clip(np.nan_to_num(rgba[0, 3]), 0, 1))
    return NamedMaterial(str(material.get("name", "")), (red, green, blue), alpha)


def _cutoff(material: Mapping[str, Any]) -> float:
    """Alpha below which a material is see-through; 0 = it is opaque, whatever its alpha (glTF 2.0, 3.9.4).

    Raises: InputError if the material has no such number.
    """
    mode, cutoff = material.get("alphaMode", "OPAQUE"), material.get("alphaCutoff", 0.5)
    if mode != "MASK":
        return 0.5 if mode == "BLEND" else 0.0
    if not isinstance(cutoff, (int, float)) or not 0 <= cutoff < np.inf:
        raise InputError(f"glTF alphaCutoff is {cutoff!r:.20}, expected a number from 0. Export the file again.")
    return float(cutoff)


def _coordinates(info: Mapping[str, Any]) -> str:
    """The attribute that a texture is looked up with."""
    return f"TEXCOORD_{info.get('extensions', {}).get('KHR_texture_transform', {}).get('texCoord', info.get('texCoord', 0))}"


def _uv(info: Mapping[str, Any], stored: Float[np.ndarray, "v 2"]) -> Float[np.ndarray, "v 2"]:
    """Coordinates of a texture, KHR_texture_transform applied, origin at the bottom left."""
    change = info.get("extensions", {}).get("KHR_texture_transform", {})
    uv = stored.astype(np.float32) * np.array(change.get("scale", (1, 1)), dtype=np.float32)
    cos, sin = np.cos(change.get("rotation", 0)), np.sin(change.get("rotation", 0))
    uv = uv @ np.array([[cos, -sin], [sin, cos]], dtype=np.float32)
    u, v = (uv + np.array(change.get("offset", (0, 0)), dtype=np.float32)).T
    return np.stack([u, 1 - v], axis=1)


def _skin_matrices(
    gltf: Gltf, instance: Instance, used: Int[np.ndarray, " v"], world: Mapping[int, np.ndarray]
) -> Float[np.ndarray, "v 4 4"]:
    """World from mesh for each vertex of a skinned mesh in the pose that the file's nodes have (glTF 2.0, 3.7.3)."""
    skin = gltf.item("skins", gltf.item("nodes", instance.node)["skin"])
    attributes = primitive_of(gltf, instance)["attributes"]
    joint_world = np.stack([world[joint] for joint in skin["joints"]])
    if "inverseBindMatrices" in skin:
        joint_world = joint_world @ gltf.values(skin["inverseBindMatrices"]).reshape(-1, 4, 4).transpose(0, 2, 1)
    joints, weights = gltf.rows(attributes["JOINTS_0"])[used], gltf.values(attributes["WEIGHTS_0"])[used]
    weights = weights / np.maximum(weights.sum(axis=1, keepdims=True), 1e-9)
    blended = np.zeros((len(used), 4, 4))
    for k in range(joints.shape[1]):
        blended += weights[:, k, None, None] * joint_world[joints[:, k]]
    return blended
