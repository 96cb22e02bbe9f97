"""Writes a result as the GLB it was read from, with one named node per part."""

from __future__ import annotations

import copy
import json
import struct
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import trimesh
from jaxtyping import Int
from trimesh.visual import TextureVisuals
from trimesh.visual.material import PBRMaterial

from meronym.core.colour import linear_from_srgb
from meronym.core.gaussians import as_points
from meronym.core.prompts import unique
from meronym.errors import InputError
from meronym.io.documents import FORMAT, NONE, VERSION, as_json, part_names, part_summary
from meronym.io.limits import DEFAULT
from meronym.io.shapes.folder import ShapeFolder
from meronym.io.shapes.gltf import GLTF, Gltf, accessor_slots, instances, read_gltf, triangles, view_slots
from meronym.io.shapes.source import with_scene
from meronym.io.shapes.submesh import Submesh, as_trimesh
from meronym.io.shapes.trimesh_read import copied, look_of
from meronym.results import Segmentation
from meronym.types import FaceOrigin, Mesh, PointCloud

_MISFIT = "the shape's faces and its file do not fit together. Read the file again."
_MIME = {b"\x89PNG": "image/png", b"RIFF": "image/webp"}


def write_glb(segmentation: Segmentation) -> bytes:
    """The .glb file of a result; of a loaded one with the nodes and materials of its source, if that is unchanged."""
    shape = as_points(segmentation.shape)
    if isinstance(shape, PointCloud):
        return _cloud_draft(segmentation, shape).to_bytes()
    gltf, origin = _document(with_scene(shape, segmentation.record.input.get("sha256")))
    views = [bytes(gltf.view(index)) for index in range(len(gltf.tree.get("bufferViews", ())))]
    draft = _Draft(copy.deepcopy(gltf.tree), views)
    _embed_images(draft, gltf)
    _split(draft, gltf, origin, segmentation)
    _sign(draft.tree, segmentation)
    return draft.to_bytes()


def _sign(tree: dict[str, Any], segmentation: Segmentation) -> None:
    asset = tree.setdefault("asset", {"version": "2.0"})
    record = segmentation.record.as_dict(seconds=False)
    asset["extras"] = _extras(asset, {"format": FORMAT, "version": VERSION, "prompts": segmentation.prompts, "record": record})


def _extras(holder: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    kept = holder.get("extras")
    return {**(kept if isinstance(kept, dict) else {}), "meronym": own}


# ---------------------------------------------------------------- the document to start from


def _document(mesh: Mesh) -> tuple[Gltf, FaceOrigin]:
    """The glTF that a mesh was read from, or one made for it, and the origin of its faces in there."""
    folder = ShapeFolder(Path(), DEFAULT)
    if mesh.scene is None or mesh.face_origin is None:
        scene, origin = _new_scene(mesh)
    elif GLTF in mesh.scene.metadata:
        return mesh.scene.metadata[GLTF], mesh.face_origin
    else:
        scene, origin = _linear_scene(mesh.scene), mesh.face_origin
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return read_gltf(scene.export(file_type="glb"), folder), origin


def _new_scene(mesh: Mesh) -> tuple[trimesh.Scene, FaceOrigin]:
    """A scene for a mesh that was not read from a file: one node per image and cutoff of alpha."""
    scene = trimesh.Scene()
    image = mesh.texture.image_of_face if mesh.texture else np.full(len(mesh.faces), -1)
    images = mesh.texture.images if mesh.texture else ()
    cutoff = np.zeros(len(image)) if mesh.opacity is None else mesh.opacity.cutoff
    found, node_of_face = np.unique(np.stack([image, cutoff], axis=1), axis=0, return_inverse=True)
    node_of_face = node_of_face.reshape(-1)
    names = tuple(unique(["mesh" if len(found) == 1 else f"mesh{int(index) + 1}" for index, _ in found]))
    face_in_node = np.zeros(len(image), dtype=np.int64)
    for k, (name, (index, limit)) in enumerate(zip(names, found.tolist(), strict=True)):
        index = int(index)
        chosen = np.flatnonzero(node_of_face == k)
        face_in_node[chosen] = np.arange(len(chosen))
        vertices, faces, colour, uv, alpha = mesh.vertices, mesh.faces[chosen], None, None, None
        if mesh.corner_colour is not None or index >= 0 or limit > 0:
            vertices, faces = vertices[faces].reshape(-1, 3), np.arange(3 * len(faces)).reshape(-1, 3)
            if mesh.corner_colour is not None:
                colour = linear_from_srgb(mesh.corner_colour[chosen].reshape(-1, 3))
            if mesh.opacity is not None and limit > 0:
                alpha = mesh.opacity.corner[chosen].reshape(-1)
            if mesh.texture is not None and index >= 0:
                uv = mesh.texture.uv[chosen].reshape(-1, 2)
        used = np.arange(len(vertices))
        submesh = Submesh(name, vertices, faces, used, colour, uv=uv, image=index, alpha=alpha, cutoff=limit)
        scene.add_geometry(as_trimesh(submesh, images), node_name=name, geom_name=name)
    return scene, FaceOrigin(names, node_of_face, face_in_node)


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
            if material.baseColorTexture is not None:
                material.baseColorTexture = material.baseColorTexture.copy()
        elif visual is not None and visual.kind in ("vertex", "face"):
            rgba = np.array(visual.vertex_colors)
            rgba[:, :3] = (linear_from_srgb(rgba[:, :3] / 255) * 255).round()
            visual.vertex_colors = rgba
    return scene


# ---------------------------------------------------------------- its parts


def _embed_images(draft: _Draft, gltf: Gltf) -> None:
    """Move the images that lie beside a .gltf file into the document, byte for byte."""
    for index, image in enumerate(draft.tree.get("images", ())):
        if "uri" not in image or image["uri"].startswith("data:"):
            continue
        data = gltf.image(index)
        if data is not None:
            image.setdefault("mimeType", _MIME.get(data[:4], "image/jpeg"))
            image["bufferView"] = draft.add_view(data)
            del image["uri"]


def _split(draft: _Draft, gltf: Gltf, origin: FaceOrigin, segmentation: Segmentation) -> None:
    """Give every node that shows faces one child per instance of a part, named by its prompt; it keeps all the rest."""
    tree, by_name = draft.tree, {instance.name: instance for instance in instances(gltf)}
    groups: dict[int, dict[tuple[int, int], list[tuple[int, np.ndarray]]]] = {item.node: {} for item in by_name.values()}
    keys = (segmentation.instance, segmentation.label, origin.node_of_face)
    order, names = np.lexsort(keys), part_names(segmentation)
    changes = np.any([np.diff(key[order]) != 0 for key in keys], axis=0)
    for elements in np.split(order, np.flatnonzero(changes) + 1) if len(order) else ():
        instance = by_name.get(origin.nodes[origin.node_of_face[elements[0]]])
        if instance is None:
            raise InputError(_MISFIT)
        which = int(segmentation.label[elements[0]]), int(segmentation.instance[elements[0]])
        groups[instance.node].setdefault(which, []).append((instance.primitive, elements))
    shared = dict[tuple[int, int, bytes], int]()
    children: list[dict[str, Any]] = []
    for index, parts in groups.items():
        node = tree["nodes"][index]
        source, skin = node.pop("mesh"), node.pop("skin", None)
        weights = node.pop("weights", None)
        mesh = tree["meshes"][source]
        others = [primitive for primitive in mesh["primitives"] if primitive.get("mode", 4) not in (4, 5, 6)]
        if others:
            tree["meshes"].append({**mesh, "primitives": copy.deepcopy(others)})
            node["mesh"] = len(tree["meshes"]) - 1
        added = []
        for which in sorted(parts, key=lambda which: (which[0] < 0, which)):
            label, of_part = which[0], parts[which]
            name = segmentation.prompts[label] if label >= 0 else NONE
            chosen = [(primitive, origin.face_in_node[elements]) for primitive, elements in of_part]
            same = (source, label, b"".join(struct.pack("<q", k) + faces.tobytes() for k, faces in chosen))
            if same not in shared:
                cut = [_cut(draft, gltf, mesh["primitives"][k], faces) for k, faces in chosen]
                extras = _extras(mesh, {"prompt": name if label >= 0 else None})
                tree["meshes"].append({**copy.deepcopy(mesh), "name": name, "extras": extras, "primitives": cut})
                shared[same] = len(tree["meshes"]) - 1
            summary = part_summary(segmentation, np.concatenate([elements for _, elements in of_part]), label)
            child = {"name": names[which], "mesh": shared[same], "extras": {"meronym": summary}}
            child |= {key: value for key, value in (("skin", skin), ("weights", weights)) if value is not None}
            added.append(len(tree["nodes"]) + len(children))
            children.append(child)
        node["children"] = [*node.get("children", ()), *added]
        if not node["children"]:
            del node["children"]
        _retarget(tree, index, added)
    taken = {name for node in tree["nodes"] if isinstance(name := node.get("name"), str)}
    for child, name in zip(children, unique([child["name"] for child in children], taken), strict=True):
        child["name"] = name
    tree["nodes"].extend(children)


def _cut(draft: _Draft, gltf: Gltf, primitive: dict[str, Any], chosen: Int[np.ndarray, " k"]) -> dict[str, Any]:
    """A primitive with some of its faces, and only the vertices that these use."""
    faces = triangles(gltf, primitive)
    if faces is None or chosen.max(initial=-1) >= len(faces):
        raise InputError(_MISFIT)
    if np.array_equal(chosen, np.arange(len(faces))):
        return copy.deepcopy(primitive)
    used, inverse = np.unique(faces[chosen], return_inverse=True)

    def rows(group: Mapping[str, int]) -> dict[str, int]:
        return {
            name: draft.add_accessor(gltf.rows(index)[used], gltf.item("accessors", index), name == "POSITION")
            for name, index in group.items()
        }

    result = copy.deepcopy({key: value for key, value in primitive.items() if key not in ("mode", "targets")})
    result.get("extensions", {}).pop("KHR_draco_mesh_compression", None)
    result["attributes"] = rows(primitive["attributes"])
    result["indices"] = draft.add_indices(inverse.ravel())
    if "targets" in primitive:
        result["targets"] = [rows(target) for target in primitive["targets"]]
    return result


def _retarget(tree: Mapping[str, Any], node: int, children: list[int]) -> None:
    """Let the animations of a node's morph weights drive the children that its mesh has moved to."""
    for animation in tree.get("animations", ()):
        channels = []
        for channel in animation["channels"]:
            target = channel["target"]
            moved = target.get("node") == node and target.get("path") == "weights"
            channels += [{**channel, "target": {**target, "node": c}} for c in children] if moved else [channel]
        animation["channels"] = channels


def _cloud_draft(segmentation: Segmentation, cloud: PointCloud) -> _Draft:
    """A new document with one node of points per instance of a part."""
    draft = _Draft({"asset": {"version": "2.0"}, "scene": 0, "scenes": [{"nodes": []}], "nodes": [], "meshes": []}, [])
    vector = {"componentType": 5126, "type": "VEC3"}
    for (k, number), name in part_names(segmentation).items():
        chosen = np.flatnonzero((segmentation.label == k) & (segmentation.instance == number))
        if not len(chosen):
            continue
        attributes = {"POSITION": draft.add_accessor(cloud.points[chosen].astype("<f4"), vector, bounds=True)}
        if cloud.colour is not None:
            attributes["COLOR_0"] = draft.add_accessor(linear_from_srgb(cloud.colour[chosen]).astype("<f4"), vector)
        if cloud.normal is not None:
            attributes["NORMAL"] = draft.add_accessor(cloud.normal[chosen].astype("<f4"), vector)
        draft.tree["scenes"][0]["nodes"].append(len(draft.tree["nodes"]))
        extras = {"meronym": part_summary(segmentation, chosen, k)}
        draft.tree["nodes"].append({"name": name, "mesh": len(draft.tree["meshes"]), "extras": extras})
        draft.tree["meshes"].append({"name": name, "primitives": [{"attributes": attributes, "mode": 0}]})
    _sign(draft.tree, segmentation)
    return draft


# ---------------------------------------------------------------- the document while it changes


@dataclass
class _Draft:
    """A glTF document that is being changed."""

    tree: dict[str, Any]
    views: list[bytes]
    """The bytes of each entry of tree["bufferViews"]."""

    def add_view(self, data: bytes, **more: Any) -> int:
        self.views.append(data)
        self.tree.setdefault("bufferViews", []).append(more)
        return len(self.views) - 1

    def add_accessor(self, rows: np.ndarray, like: Mapping[str, Any], bounds: bool = False) -> int:
        """Store rows that have the type of the accessor `like`; each is padded to four bytes, as glTF asks."""
        flat = np.ascontiguousarray(rows).view(np.uint8).reshape(len(rows), rows.shape[1] * rows.itemsize)
        padding = -flat.shape[1] % 4
        stride = {"byteStride": flat.shape[1] + padding} if padding else {}
        view = self.add_view(np.pad(flat, ((0, 0), (0, padding))).tobytes(), target=34962, **stride)
        return self._accessor(view, len(rows), like, rows if bounds else None)

    def add_indices(self, values: Int[np.ndarray, " k"]) -> int:
        kind, dtype = (5125, "<u4") if values.max(initial=0) > 65534 else (5123, "<u2")
        view = self.add_view(values.astype(dtype).tobytes(), target=34963)
        return self._accessor(view, len(values), {"componentType": kind, "type": "SCALAR"})

    def _accessor(self, view: int, count: int, like: Mapping[str, Any], rows: np.ndarray | None = None) -> int:
        kept = {key: like[key] for key in ("componentType", "type", "normalized") if key in like}
        bounds = {} if rows is None else {"min": rows.min(axis=0).tolist(), "max": rows.max(axis=0).tolist()}
        self.tree.setdefault("accessors", []).append({"bufferView": view, "count": count, **kept, **bounds})
        return len(self.tree["accessors"]) - 1

    def to_bytes(self) -> bytes:
        """The document as a .glb file, without unused meshes, accessors and buffer views."""
        tree = self.tree
        _drop_unused(tree, "meshes", [(node, "mesh") for node in tree.get("nodes", ()) if "mesh" in node])
        _drop_unused(tree, "accessors", list(accessor_slots(tree)))
        views = tree.pop("bufferViews", [])
        slots = list(view_slots(tree))
        used = sorted({slot[key] for slot, key in slots})
        tree["bufferViews"], blob = views, bytearray()
        _drop_unused(tree, "bufferViews", slots)
        kept = []
        for index in used:
            blob += bytes(-len(blob) % 4)
            fields = {key: views[index][key] for key in ("byteStride", "target", "name") if key in views[index]}
            kept.append({"buffer": 0, "byteOffset": len(blob), "byteLength": len(self.views[index]), **fields})
            blob += self.views[index]
        blob += bytes(-len(blob) % 4)
        tree["bufferViews"], tree["buffers"] = kept, [{"byteLength": len(blob)}]
        text = json.dumps(as_json(tree), separators=(",", ":"), allow_nan=False).encode()
        text += b" " * (-len(text) % 4)
        head = struct.pack("<4sIIII", b"glTF", 2, 28 + len(text) + len(blob), len(text), 0x4E4F534A)
        return b"".join([head, text, struct.pack("<II", len(blob), 0x004E4942), blob])


def _drop_unused(tree: dict[str, Any], kind: str, slots: list[tuple[Any, Any]]) -> None:
    """Keep the entries of `tree[kind]` that a slot names, and renumber the slots."""
    used = sorted({slot[key] for slot, key in slots})
    renumbered = {old: new for new, old in enumerate(used)}
    for slot, key in slots:
        slot[key] = renumbered[slot[key]]
    tree[kind] = [tree[kind][index] for index in used]
    if not used:
        del tree[kind]
