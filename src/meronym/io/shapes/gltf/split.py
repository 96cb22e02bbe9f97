"""Divides the meshes of a glTF document into parts."""

from __future__ import annotations

import copy
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from jaxtyping import Int

from meronym.core.prompts import unique
from meronym.errors import InputError
from meronym.io.documents import NONE, part_names, part_summary
from meronym.io.shapes.gltf.document import Gltf
from meronym.io.shapes.gltf.draft import Draft
from meronym.io.shapes.gltf.features import PartFeatures, add_features, free_set, keep_numbered
from meronym.io.shapes.gltf.graph import Instance, instances, triangles
from meronym.io.shapes.gltf.references import drop_opaque, retarget
from meronym.results import Segmentation
from meronym.types import FaceOrigin

MISFIT = "the shape's faces and its file do not fit together. Read the file again."
_TRIANGLES = (4, 5, 6)
"""Modes of primitives: triangles, strips, fans."""
_COPIES = ("EXT_mesh_gpu_instancing", "EXT_instance_features")
"""Extensions of a node that go where its mesh goes."""

Parts = dict[tuple[int, int], list[tuple[int, Int[np.ndarray, " _k"]]]]
"""(label, instance) -> its elements in each primitive."""


def split(draft: Draft, gltf: Gltf, origin: FaceOrigin, segmentation: Segmentation) -> None:
    """Give every node that shows faces one child per instance of a part, named by its prompt; it keeps all the rest.

    A node whose mesh EXT_mesh_gpu_instancing copies gets a child for each copy, and the parts below.

    Raises: InputError if the faces are not those of the document.
    """
    tree, names = draft.tree, part_names(segmentation)
    drop_opaque(tree)
    cutter = _Cutter(draft, gltf, origin, segmentation, add_features(draft, tuple(segmentation.prompts)))
    added: list[dict[str, Any]] = []
    new_nodes: dict[int, list[int]] = {}
    for index, places in _groups(gltf, origin, segmentation).items():
        node = tree["nodes"][index]
        source, first = node["mesh"], len(tree["nodes"])
        carried, held = cutter.take(node)
        own: list[int] = []
        for instance, parts in places:
            below = own
            if instance.copy is not None:
                own.append(first + len(added))
                below = []
                name = f"{node.get('name') or f'node{index}'}/{instance.number}"
                added.append({"name": name, **instance.copy, "children": below})
            extensions = _of_copy(draft, gltf, held, instance)
            for which in sorted(parts, key=lambda which: (which[0] < 0, which)):
                elements = np.concatenate([of_primitive for _, of_primitive in parts[which]])
                summary = part_summary(segmentation, elements, which[0])
                child = {
                    "name": names[which],
                    "mesh": cutter.mesh(source, which[0], parts[which]),
                    "extras": {"meronym": summary},
                }
                below.append(first + len(added))
                new_nodes.setdefault(index, [index] if "mesh" in node else []).append(first + len(added))
                added.append({**child, **carried, **({"extensions": extensions} if extensions else {})})
        node["children"] = [*node.get("children", ()), *own]
        if not node["children"]:
            del node["children"]
    taken = {name for node in tree["nodes"] if isinstance(name := node.get("name"), str)}
    for child, name in zip(added, unique([child["name"] for child in added], taken), strict=True):
        child["name"] = name
    tree["nodes"].extend(added)
    retarget(tree, new_nodes, cutter.new_meshes())


def _groups(gltf: Gltf, origin: FaceOrigin, segmentation: Segmentation) -> dict[int, list[tuple[Instance, Parts]]]:
    """The parts that each node shows, copy by copy."""
    found = instances(gltf)
    by_name = {instance.name: instance for instance in found}
    groups: dict[int, dict[int, tuple[Instance, Parts]]] = {instance.node: {} for instance in found}
    keys = (segmentation.instance, segmentation.label, origin.node_of_face)
    order = np.lexsort(keys)
    changes = np.any([np.diff(key[order]) != 0 for key in keys], axis=0)
    for elements in np.split(order, np.flatnonzero(changes) + 1) if len(order) else ():
        instance = by_name.get(origin.nodes[origin.node_of_face[elements[0]]])
        if instance is None:
            raise InputError(MISFIT)
        which = int(segmentation.label[elements[0]]), int(segmentation.instance[elements[0]])
        _, parts = groups[instance.node].setdefault(instance.number, (instance, {}))
        parts.setdefault(which, []).append((instance.primitive, elements))
    return {node: [places[number] for number in sorted(places)] for node, places in groups.items()}


def _of_copy(draft: Draft, gltf: Gltf, held: Mapping[str, Any], instance: Instance) -> dict[str, Any]:
    """The extensions of a node's copies, as a node that shows one of them has them: without places, one row of the rest."""
    if instance.copy is None or not held:
        return copy.deepcopy(dict(held))
    rows = {
        name: draft.add_accessor(gltf.rows(index)[[instance.number]], gltf.item("accessors", index))
        for name, index in held["EXT_mesh_gpu_instancing"]["attributes"].items()
        if name not in ("TRANSLATION", "ROTATION", "SCALE")
    }
    features = copy.deepcopy(held.get("EXT_instance_features", {}))
    for one in features.get("featureIds", ()):
        if "attribute" not in one:
            one["attribute"] = free_set(rows)
            number = np.array([[instance.number]], dtype="<f4")
            rows[f"_FEATURE_ID_{one['attribute']}"] = draft.add_accessor(number, {"componentType": 5126, "type": "SCALAR"})
    own = {"EXT_mesh_gpu_instancing": {"attributes": rows}} if rows else {}
    return own | ({"EXT_instance_features": features} if features else {})


@dataclass
class _Cutter:
    """Makes the meshes of parts; equal ones of one mesh are made once."""

    draft: Draft
    gltf: Gltf
    origin: FaceOrigin
    segmentation: Segmentation
    features: PartFeatures | None
    made: dict[tuple[int, int, bytes], int] = field(default_factory=dict)
    """(source mesh, label, faces) -> mesh."""
    rest: dict[int, int] = field(default_factory=dict)
    """Source mesh -> the mesh of its points and lines."""
    at_hand: tuple[int, dict[Any, np.ndarray]] = field(default_factory=lambda: (-1, {}))
    """A source mesh, and arrays of its primitives that are not cheap to make."""

    def take(self, node: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        """Take the mesh's faces from a node; the properties and the extensions that go where they go."""
        tree, source = self.draft.tree, node.pop("mesh")
        mesh, extensions = tree["meshes"][source], node.get("extensions", {})
        carried: dict[str, Any] = {key: node[key] for key in ("skin", "weights") if key in node}
        held = {name: extensions[name] for name in _COPIES if name in extensions}
        others = [primitive for primitive in mesh["primitives"] if primitive.get("mode", 4) not in _TRIANGLES]
        if others:
            if source not in self.rest:
                self.rest[source] = len(tree["meshes"])
                tree["meshes"].append({**copy.deepcopy(mesh), "primitives": copy.deepcopy(others)})
            node["mesh"] = self.rest[source]
            return carried, held
        for holder, keys in ((node, carried), (extensions, held)):
            for key in keys:
                del holder[key]
        if not extensions:
            node.pop("extensions", None)
        return carried, held

    def mesh(self, source: int, label: int, parts: list[tuple[int, Int[np.ndarray, " _k"]]]) -> int:
        """The mesh of a part: its faces in the primitives of a mesh."""
        chosen = [(primitive, self.origin.face_in_node[elements]) for primitive, elements in parts]
        same = (source, label, b"".join(struct.pack("<qq", k, len(faces)) + faces.tobytes() for k, faces in chosen))
        if same not in self.made:
            if self.at_hand[0] != source:
                self.at_hand = (source, {})
            mesh = self.draft.tree["meshes"][source]
            cut = [self._cut(mesh["primitives"][k], faces) for k, faces in chosen]
            if self.features is not None:
                for primitive in cut:
                    self.features.mark(primitive, label)
            prompt = self.segmentation.prompts[label] if label >= 0 else None
            result = copy.deepcopy({key: value for key, value in mesh.items() if key != "primitives"})
            extras = extras_of(mesh, {"prompt": prompt})
            self.draft.tree["meshes"].append({**result, "name": prompt or NONE, "extras": extras, "primitives": cut})
            self.made[same] = len(self.draft.tree["meshes"]) - 1
        return self.made[same]

    def new_meshes(self) -> dict[int, list[int]]:
        """What took the place of each mesh, for those who refer to it; itself where a node outside the scene still shows it."""
        shown = {node["mesh"] for node in self.draft.tree["nodes"] if "mesh" in node}
        result = {source: [source] if source in shown else [] for source, _, _ in self.made}
        for source, mesh in [*self.rest.items(), *((key[0], mesh) for key, mesh in self.made.items())]:
            result.setdefault(source, []).append(mesh)
        return result

    def _cut(self, primitive: dict[str, Any], chosen: Int[np.ndarray, " _k"]) -> dict[str, Any]:
        """A primitive with some of its faces, and only the vertices that these use."""
        faces = self._kept(("faces", id(primitive)), lambda: triangles(self.gltf, primitive))
        if faces is None or chosen.max(initial=-1) >= len(faces):
            raise InputError(MISFIT)
        if np.array_equal(chosen, np.arange(len(faces))):
            return copy.deepcopy(primitive)
        used, inverse = np.unique(faces[chosen], return_inverse=True)

        def rows(group: Mapping[str, int]) -> dict[str, int]:
            return {name: self._rows(index, used, name == "POSITION") for name, index in group.items()}

        result = copy.deepcopy({key: value for key, value in primitive.items() if key not in ("mode", "targets")})
        result["attributes"] = rows(primitive["attributes"])
        result["indices"] = self.draft.add_indices(inverse.ravel())
        if "targets" in primitive:
            result["targets"] = [rows(target) for target in primitive["targets"]]
        keep_numbered(self.draft, result, used)
        return result

    def _rows(self, index: int, used: Int[np.ndarray, " v"], bounds: bool) -> int:
        like = self.gltf.item("accessors", index)
        stored = self._kept(("rows", index), lambda: self.gltf.rows(index)) if "sparse" in like else self.gltf.rows(index)
        return self.draft.add_accessor(stored[used], like, bounds)

    def _kept(self, key: Any, make: Any) -> Any:
        if key not in self.at_hand[1]:
            self.at_hand[1][key] = make()
        return self.at_hand[1][key]


def extras_of(holder: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """The extras of a part of the document, with meronym's own beside them."""
    kept = holder.get("extras")
    return {**(kept if isinstance(kept, dict) else {}), "meronym": own}
