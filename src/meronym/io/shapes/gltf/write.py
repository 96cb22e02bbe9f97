"""Writes a result as the GLB it was read from, with one named node per part."""

from __future__ import annotations

import copy
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import trimesh
from jaxtyping import Float
from trimesh.visual import TextureVisuals
from trimesh.visual.material import PBRMaterial

from meronym.core.colour import linear_from_srgb
from meronym.core.gaussians import as_points
from meronym.io.documents import FORMAT, VERSION, part_names, part_summary
from meronym.io.limits import DEFAULT
from meronym.io.shapes.explained import explained
from meronym.io.shapes.folder import ShapeFolder
from meronym.io.shapes.gltf.document import GLTF, Gltf, read_gltf
from meronym.io.shapes.gltf.draft import Draft
from meronym.io.shapes.gltf.features import add_features
from meronym.io.shapes.gltf.make import document_of
from meronym.io.shapes.gltf.references import extensions
from meronym.io.shapes.gltf.split import extras_of, split
from meronym.io.shapes.offset import OFFSET, offset_of
from meronym.io.shapes.source import with_scene
from meronym.io.shapes.trimesh_read import copied, look_of
from meronym.results import Segmentation
from meronym.types import FaceOrigin, Mesh, PointCloud

_MIME = {b"\x89PNG": "image/png", b"RIFF": "image/webp"}


def write_glb(segmentation: Segmentation) -> bytes:
    """The .glb file of a result; of a loaded one with the nodes and materials of its source, if that is unchanged.

    Raises: InputError if the source is damaged where only writing looks, or is not the file of these faces.
    """
    shape = as_points(segmentation.shape)
    if isinstance(shape, PointCloud):
        return _cloud_draft(segmentation, shape).to_bytes()
    with explained(shape.source or Path("the shape")):
        gltf, origin = _document(with_scene(shape, segmentation.record.input.get("sha256")))
        views = [bytes(gltf.view(index)) for index in range(len(gltf.tree.get("bufferViews", ())))]
        draft = Draft(copy.deepcopy(gltf.tree), views)
        _embed_images(draft, gltf)
        before = {name for _, name, _ in extensions(draft.tree)}
        split(draft, gltf, origin, segmentation)
        draft.unuse(before - {name for _, name, _ in extensions(draft.tree)})
        _sign(draft.tree, segmentation)
        return draft.to_bytes()


def _sign(tree: dict[str, Any], segmentation: Segmentation) -> None:
    asset = tree.setdefault("asset", {"version": "2.0"})
    record = segmentation.record.as_dict(seconds=False)
    own = {"format": FORMAT, "version": VERSION, "prompts": segmentation.prompts, "record": record}
    asset["extras"] = extras_of(asset, own)


# ---------------------------------------------------------------- the document to start from


def _document(mesh: Mesh) -> tuple[Gltf, FaceOrigin]:
    """The glTF that a mesh was read from, or one made for it, and the origin of its faces in there."""
    if mesh.scene is None or mesh.face_origin is None:
        return document_of(mesh)
    if GLTF in mesh.scene.metadata:
        return mesh.scene.metadata[GLTF], mesh.face_origin
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        content = _linear_scene(mesh.scene).export(file_type="glb")
    return read_gltf(content, ShapeFolder(Path(), DEFAULT)), mesh.face_origin


def _linear_scene(scene: trimesh.Scene) -> trimesh.Scene:
    """A copy of the scene with linear colours, as glTF has them, and images that are stored without loss."""
    scene = copied(scene)
    for geometry in scene.geometry.values():
        visual: Any = getattr(geometry, "visual", None)
        if isinstance(visual, TextureVisuals) and not isinstance(visual.material, PBRMaterial):  # a PBR one is linear
            look = look_of(visual, len(geometry.vertices))
            material = visual.material = visual.material.to_pbr()
            rgba = None if look.rgba is None else look.rgba[0]
            material.baseColorFactor = None if rgba is None else [*linear_from_srgb(rgba[:3]), rgba[3]]
            material.alphaMode = "BLEND" if look.cutoff > 0 else None
            material.metallicFactor = 0.0
            if material.baseColorTexture is not None:
                material.baseColorTexture = material.baseColorTexture.copy()
        elif visual is not None and visual.kind in ("vertex", "face"):
            rgba = np.array(visual.vertex_colors)
            rgba[:, :3] = (linear_from_srgb(rgba[:, :3] / 255) * 255).round()
            visual.vertex_colors = rgba
    for name, geometry in scene.geometry.items():
        offset = offset_of(np.asarray(geometry.vertices)) if isinstance(geometry, trimesh.Trimesh) else np.zeros(3)
        if offset.any():
            geometry.vertices = geometry.vertices - offset
            _shift_nodes(scene, name, offset)
    return scene


def _shift_nodes(scene: trimesh.Scene, name: str, offset: Float[np.ndarray, " 3"]) -> None:
    """Move the nodes that show a geometry, but not those below them."""
    forth, back = trimesh.transformations.translation_matrix(offset), trimesh.transformations.translation_matrix(-offset)
    forest = scene.graph.transforms
    for node in scene.graph.geometry_nodes[name]:
        for child in forest.children.get(node, ()):
            matrix = back @ scene.graph.get(child, frame_from=node)[0]
            scene.graph.update(frame_from=node, frame_to=child, matrix=matrix)
        parent = forest.parents[node]
        matrix = scene.graph.get(node, frame_from=parent)[0] @ forth
        scene.graph.update(frame_from=parent, frame_to=node, matrix=matrix)


# ---------------------------------------------------------------- its parts


def _embed_images(draft: Draft, gltf: Gltf) -> None:
    """Move the images that lie beside a .gltf file into the document, byte for byte."""
    for index, image in enumerate(draft.tree.get("images", ())):
        if "uri" not in image or image["uri"].startswith("data:"):
            continue
        data = gltf.image(index)
        if data is not None:
            image.setdefault("mimeType", _MIME.get(data[:4], "image/jpeg"))
            image["bufferView"] = draft.add_view(data)
            del image["uri"]


def _cloud_draft(segmentation: Segmentation, cloud: PointCloud) -> Draft:
    """A new document with one node of points per instance of a part."""
    draft = Draft({"asset": {"version": "2.0"}, "scene": 0, "scenes": [{"nodes": []}], "nodes": [], "meshes": []}, [])
    vector, offset = {"componentType": 5126, "type": "VEC3"}, offset_of(cloud.points)
    points = cloud.points - offset
    roots: list[int] = draft.tree["scenes"][0]["nodes"]
    if offset.any():
        roots.append(0)
        roots = []
        draft.tree["nodes"].append({"name": OFFSET, "translation": offset.tolist(), "children": roots})
    features = add_features(draft, tuple(segmentation.prompts))
    for (k, number), name in part_names(segmentation).items():
        chosen = np.flatnonzero((segmentation.label == k) & (segmentation.instance == number))
        if not len(chosen):
            continue
        attributes = {"POSITION": draft.add_accessor(points[chosen].astype("<f4"), vector, bounds=True)}
        if cloud.colour is not None:
            attributes["COLOR_0"] = draft.add_accessor(linear_from_srgb(cloud.colour[chosen]).astype("<f4"), vector)
        if cloud.normal is not None:
            attributes["NORMAL"] = draft.add_accessor(cloud.normal[chosen].astype("<f4"), vector)
        roots.append(len(draft.tree["nodes"]))
        extras = {"meronym": part_summary(segmentation, chosen, k)}
        draft.tree["nodes"].append({"name": name, "mesh": len(draft.tree["meshes"]), "extras": extras})
        primitive: dict[str, Any] = {"attributes": attributes, "mode": 0}
        if features:
            features.mark(primitive, k)
        draft.tree["meshes"].append({"name": name, "primitives": [primitive]})
    _sign(draft.tree, segmentation)
    return draft
