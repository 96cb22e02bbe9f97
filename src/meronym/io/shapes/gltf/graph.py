"""The nodes of a glTF document: what its scene shows, and where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from jaxtyping import Float, Int

from meronym.core.prompts import unique
from meronym.errors import InputError, LimitError
from meronym.io.shapes.gltf.document import Gltf

_PLACES = (("translation", "TRANSLATION", 3), ("rotation", "ROTATION", 4), ("scale", "SCALE", 3))
"""A node's property, the attribute of EXT_mesh_gpu_instancing that stands for it, its columns."""


@dataclass(frozen=True)
class Instance:
    """One primitive of a glTF mesh, as one node shows it."""

    name: str
    """The node's name, with "/0", "/1" ... if it shows its mesh several times or that has several primitives; unique."""
    node: int
    primitive: int
    world: Float[np.ndarray, "4 4"]
    number: int = 0
    """Of the copy, where EXT_mesh_gpu_instancing copies the node's mesh."""
    copy: Mapping[str, list[float]] | None = None
    """The place of the copy below the node, in terms of a node; None = the node shows its mesh once."""


@dataclass(frozen=True)
class Graph:
    """The nodes that a document's scene holds, parents before children."""

    world: dict[int, np.ndarray]
    parent: dict[int, int]
    """-1 = a root."""
    names: list[str]
    """Of all nodes of the document, unique."""
    instances: list[Instance]


def instances(gltf: Gltf) -> list[Instance]:
    """Every primitive that the document's scene shows, in the order of the tree; triangles or not.

    Raises: LimitError if the nodes are not a tree: a cycle, or one node below two others.
    """
    return scene_graph(gltf).instances


def scene_graph(gltf: Gltf) -> Graph:
    """The nodes of the document's scene with their positions and primitives.

    Raises: LimitError if the nodes are not a tree: a cycle, or one node below two others.
    """
    nodes = gltf.tree.get("nodes", [])
    if gltf.tree.get("scenes"):
        roots = gltf.item("scenes", gltf.tree.get("scene", 0)).get("nodes", [])
    else:
        roots = sorted(set(range(len(nodes))) - {child for node in nodes for child in node.get("children", ())})
    names = unique((_node_name(gltf, index) for index in range(len(nodes))), taken={"world"})
    world, parent_of, found = dict[int, np.ndarray](), dict[int, int](), list[Instance]()
    waiting, limit = [(root, -1) for root in reversed(roots)], gltf.folder.limits.nodes
    while waiting:
        index, parent = waiting.pop()
        node = gltf.item("nodes", index)
        if index in world:
            raise LimitError(f"glTF nodes[{index}] is reached twice; the nodes must form a tree. Export the file again.")
        parent_of[index] = parent
        local = local_matrix(node)
        world[index] = local if parent < 0 else world[parent] @ local
        waiting.extend((child, index) for child in reversed(node.get("children", ())))
        found += _shown(gltf, index, names[index], world[index])
        if max(len(world), len(found)) > limit:
            raise LimitError(f"glTF nodes: more than {limit} with their instances. Simplify the file or raise Limits.nodes.")
    own = [one for one in found if one.name != names[one.node]]
    renamed = iter(unique((one.name for one in own), taken={"world", *names}))
    found = [one if one.name == names[one.node] else replace(one, name=next(renamed)) for one in found]
    return Graph(world, parent_of, names, found)


def _shown(gltf: Gltf, index: int, name: str, world: Float[np.ndarray, "4 4"]) -> list[Instance]:
    """The primitives that a node shows, copy by copy."""
    node = gltf.item("nodes", index)
    if "mesh" not in node:
        return []
    count, copies = len(gltf.item("meshes", node["mesh"])["primitives"]), copies_of(gltf, node)
    if count * len(copies or ()) > gltf.folder.limits.nodes:
        raise LimitError(f"{name!r}: {len(copies or ())} copies of its mesh. Simplify the file or raise Limits.nodes.")
    result = []
    for number, copy in enumerate([None] if copies is None else copies):
        stem, place = (name, world) if copy is None else (f"{name}/{number}", world @ local_matrix(copy))
        result += [Instance(stem if count == 1 else f"{stem}/{k}", index, k, place, number, copy) for k in range(count)]
    return result


def copies_of(gltf: Gltf, node: Mapping[str, Any]) -> list[dict[str, list[float]]] | None:
    """Where EXT_mesh_gpu_instancing shows a node's mesh, relative to the node, in terms of a node; None = it shows it once.

    Raises: InputError if the extension's arrays are not what it says.
    """
    attributes = node.get("extensions", {}).get("EXT_mesh_gpu_instancing", {}).get("attributes", {})
    if not attributes:
        return None
    counts = {gltf.count(index) for index in attributes.values()}
    if len(counts) != 1:
        raise InputError(f"EXT_mesh_gpu_instancing: attributes of {sorted(counts)} rows in one node. Export the file again.")
    count = counts.pop()
    if count > gltf.folder.limits.nodes:
        raise LimitError(f"EXT_mesh_gpu_instancing: {count} copies of a mesh. Simplify the file or raise Limits.nodes.")
    if count == 1 and not {name for _, name, _ in _PLACES} & set(attributes):
        return None
    copies: list[dict[str, list[float]]] = [{} for _ in range(count)]
    for key, name, width in _PLACES:
        if name not in attributes:
            continue
        rows = gltf.values(attributes[name]).astype(np.float64)
        if rows.shape[1] != width:
            raise InputError(f"EXT_mesh_gpu_instancing: {name} has {rows.shape[1]} columns, not {width}. Export again.")
        if key == "rotation":
            length = np.linalg.norm(rows, axis=1, keepdims=True)
            rows = np.where(length > 0, rows / np.where(length > 0, length, 1), [0.0, 0.0, 0.0, 1.0])
        for copy, row in zip(copies, rows.tolist(), strict=True):
            copy[key] = row
    return copies


def _node_name(gltf: Gltf, index: int) -> str:
    """A node's own name, or "node<index>"."""
    name = gltf.item("nodes", index).get("name")
    return name if isinstance(name, str) and name else f"node{index}"


def local_matrix(node: Mapping[str, Any]) -> Float[np.ndarray, "4 4"]:
    """A node's matrix, parent from node."""
    if "matrix" in node:
        return np.array(node["matrix"], dtype=np.float64).reshape(4, 4).T
    matrix = np.eye(4)
    if "rotation" in node:
        x, y, z, w = quaternion = np.array(node["rotation"], dtype=np.float64)
        matrix[:3, :3] -= (2 / max(float(quaternion @ quaternion), 1e-30)) * np.array(
            [
                [y * y + z * z, z * w - x * y, -x * z - y * w],
                [-x * y - z * w, x * x + z * z, x * w - y * z],
                [y * w - x * z, -y * z - x * w, x * x + y * y],
            ]
        )
    if "scale" in node:
        matrix[:3, :3] *= np.array(node["scale"], dtype=np.float64)
    if "translation" in node:
        matrix[:3, 3] = node["translation"]
    return matrix


def primitive_of(gltf: Gltf, instance: Instance) -> dict[str, Any]:
    """The part of the JSON tree that an instance shows."""
    mesh = gltf.item("meshes", gltf.item("nodes", instance.node)["mesh"])
    primitive: dict[str, Any] = mesh["primitives"][instance.primitive]
    return primitive


def triangles(gltf: Gltf, primitive: Mapping[str, Any]) -> Int[np.ndarray, "f 3"] | None:
    """A primitive's faces, strips and fans unrolled; None if it is points or lines."""
    mode = primitive.get("mode", 4)
    if mode not in (4, 5, 6):
        return None
    if "indices" in primitive:
        flat = gltf.rows(primitive["indices"])[:, 0].astype(np.int64)
    else:
        flat = np.arange(gltf.count(primitive["attributes"]["POSITION"]))
    if mode == 4:
        return flat[: len(flat) // 3 * 3].reshape(-1, 3)
    k = np.arange(max(len(flat) - 2, 0))
    if mode == 6:
        return np.stack([flat[k + 1], flat[k + 2], flat[np.zeros_like(k)]], axis=1)
    odd = k % 2
    return np.stack([flat[k], flat[k + 1 + odd], flat[k + 2 - odd]], axis=1)
