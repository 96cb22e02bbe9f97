"""Makes a glTF document for a mesh that was not read from one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float, Int

from meronym.core.colour import linear_from_srgb
from meronym.core.geometry import face_normals
from meronym.core.prompts import unique
from meronym.io.images import suffix_of
from meronym.io.limits import DEFAULT
from meronym.io.shapes.folder import ShapeFolder
from meronym.io.shapes.gltf.document import Gltf
from meronym.io.shapes.gltf.graph import instances
from meronym.io.shapes.offset import OFFSET, offset_of
from meronym.io.shapes.rows import distinct
from meronym.io.shapes.submesh import image_file
from meronym.types import FaceOrigin, Mesh, NamedMaterial


def document_of(mesh: Mesh) -> tuple[Gltf, FaceOrigin]:
    """A document with a node for each group of the mesh's file, and the origin of the mesh's faces in there.

    Map coordinates: positions are relative to the translation of a node above all.
    """
    draft = _Document(mesh)
    finish, count = mesh.finish, len(mesh.faces)
    paths: tuple[tuple[str, ...], ...] = (("mesh",),)
    group = np.zeros(count, dtype=np.int64)
    if finish is not None and mesh.face_origin is not None and finish.groups:
        paths, group = finish.groups, mesh.face_origin.node_of_face
    material = np.full(count, -1) if finish is None else finish.material
    image = np.full(count, -1) if mesh.texture is None else mesh.texture.image_of_face
    cutoff = np.zeros(count) if mesh.opacity is None else mesh.opacity.cutoff
    kind, sort = np.unique(np.stack([group, material, image, cutoff], axis=1), axis=0, return_inverse=True)
    order = np.argsort(sort.reshape(-1), kind="stable")
    place = dict[tuple[int, int], int]()
    for k, faces in enumerate(np.split(order, np.cumsum(np.bincount(sort.reshape(-1)))[:-1])):
        node = draft.node(paths[int(kind[k, 0])])
        place[node, draft.add(node, faces, int(kind[k, 1]), int(kind[k, 2]), float(kind[k, 3]))] = k
    gltf = draft.finished()
    found = instances(gltf)
    position = np.empty(len(kind), dtype=np.int64)
    position[[place[one.node, one.primitive] for one in found]] = np.arange(len(found))
    in_kind = np.empty(count, dtype=np.int64)
    in_kind[order] = np.concatenate([np.arange(size) for size in np.bincount(sort.reshape(-1))])
    return gltf, FaceOrigin(tuple(one.name for one in found), position[sort.reshape(-1)], in_kind)


class _Document:
    """A glTF document that grows."""

    def __init__(self, mesh: Mesh) -> None:
        self.mesh, self.blob = mesh, bytearray()
        self.offset = offset_of(mesh.vertices)
        self.tree: dict[str, Any] = {"asset": {"version": "2.0"}, "scene": 0, "scenes": [{"nodes": []}], "nodes": []}
        self.nodes = dict[tuple[str, ...], int]()
        self.materials = dict[tuple[Any, ...], int]()
        self.images = dict[int, int]()
        self.siblings: list[int] = self.tree["scenes"][0]["nodes"]
        if self.offset.any():
            self.siblings.append(0)
            self.siblings = []
            self.tree["nodes"].append({"name": OFFSET, "translation": self.offset.tolist(), "children": self.siblings})

    def node(self, path: tuple[str, ...]) -> int:
        """The node of a group, made with those above it if it is not there."""
        if path not in self.nodes:
            siblings = self.siblings
            if len(path) > 1:
                siblings = self.tree["nodes"][self.node(path[:-1])].setdefault("children", [])
            self.nodes[path] = len(self.tree["nodes"])
            siblings.append(self.nodes[path])
            self.tree["nodes"].append({"name": path[-1]})
        return self.nodes[path]

    def add(self, node: int, faces: Int[np.ndarray, " k"], material: int, image: int, cutoff: float) -> int:
        """Add a primitive with these faces to a node's mesh; returns its number there."""
        mesh, more = self.mesh, dict[str, np.ndarray]()
        finish, corners = mesh.finish, mesh.faces[faces].reshape(-1)
        known = finish.materials[material] if finish is not None and material >= 0 else None
        factor, colour = _colours(mesh, faces, known)
        if finish is not None and finish.normal is not None and finish.normal[faces].any():
            normal = finish.normal[faces]
            flat = face_normals(mesh.vertices, mesh.faces[faces])[0][:, None]
            more["NORMAL"] = np.where(normal.any(axis=2, keepdims=True), normal, flat).reshape(-1, 3).astype(np.float32)
        if mesh.texture is not None and image >= 0:
            more["TEXCOORD_0"] = (mesh.texture.uv[faces].reshape(-1, 2) * (1, -1) + (0, 1)).astype(np.float32)
        if colour is not None:
            more["COLOR_0"] = (colour.reshape(-1, 4) * 65535).round().astype(np.uint16)
        first, index = distinct(corners[:, None], *more.values())
        position = mesh.vertices[corners[first]] - self.offset
        rows = {"POSITION": position.astype(np.float32), **{name: values[first] for name, values in more.items()}}
        attributes = {name: self._accessor(values, name) for name, values in rows.items()}
        indices = self._accessor(index.astype(np.uint32 if len(first) > 65535 else np.uint16)[:, None], "indices")
        own = self._material(known, factor, image, cutoff)
        holder = self.tree["nodes"][node]
        if "mesh" not in holder:
            holder["mesh"] = len(self.tree.setdefault("meshes", []))
            self.tree["meshes"].append({"name": holder["name"], "primitives": []})
        primitives: list[Any] = self.tree["meshes"][holder["mesh"]]["primitives"]
        primitives.append({"attributes": attributes, "indices": indices, "material": own})
        return len(primitives) - 1

    def _material(self, known: NamedMaterial | None, factor: Sequence[float], image: int, cutoff: float) -> int:
        key = (known, tuple(factor), image, cutoff)
        if key not in self.materials:
            look: dict[str, Any] = {"metallicFactor": 0.0}
            if min(factor) < 1:
                look["baseColorFactor"] = list(factor)
            if image >= 0:
                look["baseColorTexture"] = {"index": self._image(image)}
            entry = {"pbrMetallicRoughness": look, "doubleSided": True} | ({} if known is None else {"name": known.name})
            clear = image >= 0 and self.mesh.texture is not None and self.mesh.texture.images[image].shape[2] == 4
            if known is not None and (known.alpha < 1 or (clear and cutoff > 0)):
                entry["alphaMode"] = "BLEND"
            elif cutoff > 0:
                entry |= {"alphaMode": "MASK", "alphaCutoff": cutoff}
            self.materials[key] = len(self.materials)
            self.tree.setdefault("materials", []).append(entry)
        return self.materials[key]

    def _image(self, image: int) -> int:
        """The texture of an image."""
        assert self.mesh.texture is not None
        if image not in self.images:
            self.images[image] = len(self.images)
            data = image_file(self.mesh.texture, image)
            kind = {".png": "image/png", ".jpg": "image/jpeg"}[suffix_of(data)]
            self.tree.setdefault("images", []).append({"mimeType": kind, "bufferView": self._view(data)})
            self.tree.setdefault("textures", []).append({"source": self.images[image]})
        return self.images[image]

    def _view(self, data: bytes, **more: int) -> int:
        self.blob += bytes(-len(self.blob) % 4)
        views = self.tree.setdefault("bufferViews", [])
        views.append({"buffer": 0, "byteOffset": len(self.blob), "byteLength": len(data), **more})
        self.blob += data
        return len(views) - 1

    def _accessor(self, rows: np.ndarray, name: str) -> int:
        kinds = {"float32": 5126, "uint16": 5123, "uint32": 5125}
        entry = {
            "bufferView": self._view(rows.tobytes(), target=34963 if name == "indices" else 34962),
            "componentType": kinds[rows.dtype.name],
            "count": len(rows),
            "type": ("SCALAR", "VEC2", "VEC3", "VEC4")[rows.shape[1] - 1],
        }
        if name == "POSITION":
            entry |= {"min": rows.min(axis=0).tolist(), "max": rows.max(axis=0).tolist()}
        if name == "COLOR_0":
            entry["normalized"] = True
        accessors: list[Any] = self.tree.setdefault("accessors", [])
        accessors.append(entry)
        return len(accessors) - 1

    def finished(self) -> Gltf:
        """The document."""
        names = unique((node["name"] for node in self.tree["nodes"]), {"world"})
        for node, name in zip(self.tree["nodes"], names, strict=True):
            node["name"] = name
        self.tree["buffers"] = [{"byteLength": len(self.blob)}]
        return Gltf(self.tree, (bytes(self.blob),), ShapeFolder(Path(), DEFAULT))


def _colours(
    mesh: Mesh, faces: Int[np.ndarray, " k"], material: NamedMaterial | None
) -> tuple[tuple[float, ...], Float[np.ndarray, "k 3 4"] | None]:
    """Linear colour and alpha of the material of some faces, and what it is multiplied with at their corners; None = with 1."""
    corner = np.ones((len(faces), 3, 4))
    if mesh.corner_colour is not None:
        corner[..., :3] = linear_from_srgb(mesh.corner_colour[faces])
    if mesh.opacity is not None:
        corner[..., 3] = mesh.opacity.corner[faces]
    factor = corner[0, 0] if np.ptp(corner, axis=(0, 1)).max() < 1e-6 else np.ones(4)
    if material is not None:
        own = None if material.colour is None else linear_from_srgb(np.array(material.colour))
        if own is not None and (corner[..., :3] <= own + 1e-6).all():
            factor = np.array([*own, factor[3]])
        factor[3] = material.alpha
        if mesh.opacity is None:
            corner[..., 3] = material.alpha
    rest = np.divide(corner, factor, out=np.ones_like(corner), where=factor > 0).clip(0, 1)
    return tuple(factor.tolist()), None if (rest > 1 - 1e-5).all() else rest
