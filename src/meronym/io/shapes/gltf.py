"""The glTF document: its JSON tree, its bytes and its scene graph, checked."""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float, Int, Shaped

from meronym.core.prompts import unique
from meronym.errors import InputError, LimitError
from meronym.io.limits import check_count, check_promise
from meronym.io.shapes.folder import ShapeFolder

GLTF = "_gltf"
"""Where a scene's metadata keeps the document that it was made of; trimesh does not export names that begin so."""
_COMPONENT = {5120: "<i1", 5121: "<u1", 5122: "<i2", 5123: "<u2", 5125: "<u4", 5126: "<f4"}
_WIDTH = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4, "MAT2": 4, "MAT3": 9, "MAT4": 16}
_UNREADABLE = ("KHR_draco_mesh_compression", "EXT_meshopt_compression", "EXT_mesh_gpu_instancing")


@dataclass(frozen=True, eq=False)
class Gltf:
    """A glTF document: the JSON tree, and the bytes that it points into.

    glTF is not read by trimesh, which drops skins, animations, tangents, texture transforms and further UV sets.
    """

    tree: dict[str, Any]
    buffers: tuple[bytes, ...]
    folder: ShapeFolder

    def item(self, kind: str, index: Any) -> dict[str, Any]:
        """Entry `index` of the list `kind` ("nodes", "meshes", ...).

        Raises: InputError if there is no such entry.
        """
        entries = self.tree.get(kind)
        if not isinstance(entries, list) or type(index) is not int or not 0 <= index < len(entries):
            count = len(entries) if isinstance(entries, list) else 0
            raise InputError(f"glTF {kind}[{index!r:.20}] is referred to, but there are {count}. Export the file again.")
        entry = entries[index]
        if not isinstance(entry, dict):
            raise InputError(f"glTF {kind}[{index}] is not an object. Export the file again.")
        return entry

    def view(self, index: Any) -> memoryview:
        """The bytes of a buffer view."""
        view = self.item("bufferViews", index)
        start, length = view.get("byteOffset", 0), view["byteLength"]
        self.item("buffers", view["buffer"])
        data = self.buffers[view["buffer"]]
        if type(start) is not int or type(length) is not int or min(start, length) < 0 or start + length > len(data):
            raise InputError(
                f"glTF bufferViews[{index}] promises bytes {start} to {start}+{length}, "
                f"the buffer has {len(data)}. Export the file again."
            )
        return memoryview(data)[start : start + length]

    def count(self, index: Any) -> int:
        """The number of rows that an accessor promises.

        Raises: LimitError if there are more than three a face.
        """
        count = self.item("accessors", index)["count"]
        if type(count) is not int or count < 0:
            raise InputError(f"glTF accessors[{index}].count is {count!r:.20}. Export the file again.")
        check_count(f"glTF accessors[{index}]", count // 3, self.folder.limits)
        return count

    def rows(self, index: Any) -> Shaped[np.ndarray, "count width"]:
        """The numbers of an accessor as they are stored; a view where that is possible."""
        accessor, count = self.item("accessors", index), self.count(index)
        dtype, width = np.dtype(_COMPONENT[accessor["componentType"]]), _WIDTH[accessor["type"]]
        sparse = accessor.get("sparse")
        if "bufferView" in accessor:
            offset = accessor.get("byteOffset", 0)
            stride = self.item("bufferViews", accessor["bufferView"]).get("byteStride", width * dtype.itemsize)
            array = self._array(accessor["bufferView"], dtype, (count, width), offset, stride)
        elif sparse is not None:
            array = np.zeros((count, width), dtype)
        else:
            raise InputError(f"glTF accessors[{index}] holds no data. Export the file without compression.")
        if sparse is not None:
            where, values, few = sparse["indices"], sparse["values"], sparse["count"]
            type_ = np.dtype(_COMPONENT[where["componentType"]])
            array = array.copy()
            rows = self._array(where["bufferView"], type_, (few, 1), where.get("byteOffset", 0), type_.itemsize)
            stride = width * dtype.itemsize
            array[rows[:, 0]] = self._array(values["bufferView"], dtype, (few, width), values.get("byteOffset", 0), stride)
        return array

    def _array(self, view: int, dtype: np.dtype[Any], shape: tuple[int, int], offset: int, stride: int) -> np.ndarray:
        data, row = self.view(view), shape[1] * dtype.itemsize
        if stride < row or offset < 0 or shape[0] < 0:
            raise InputError(f"glTF bufferViews[{view}]: a stride of {stride} bytes for rows of {row} bytes.")
        check_promise(f"glTF bufferViews[{view}]", offset + max(shape[0] - 1, 0) * stride + row * bool(shape[0]), len(data))
        return np.ndarray(shape, dtype, data, offset, (stride, dtype.itemsize))

    def values(self, index: Any) -> Shaped[np.ndarray, "count width"]:
        """The numbers of an accessor; normalised integers become 0..1 or -1..1."""
        array = self.rows(index)
        if self.item("accessors", index).get("normalized") and array.dtype.kind in "iu":
            return np.maximum(array / np.float32(np.iinfo(array.dtype).max), -1)
        return array

    def image(self, index: Any) -> bytes | None:
        """The bytes of an image file; None if it lies outside the document and is missing."""
        image = self.item("images", index)
        if "bufferView" in image:
            return bytes(self.view(image["bufferView"]))
        try:
            return self.folder.get(image["uri"])
        except FileNotFoundError:
            return None


def read_gltf(data: bytes, folder: ShapeFolder) -> Gltf:
    """Take a .glb or .gltf file apart; every promise of its headers is checked.

    Raises: InputError if it is damaged, or needs an extension that is not understood.
    """
    chunk = b""
    if data[:4] == b"glTF":
        if len(data) < 20:
            raise InputError(f"the file ends in the header ({len(data)} bytes). Export it again.")
        _, version, length, json_length, kind = struct.unpack("<4sIII4s", data[:20])
        if version != 2 or kind != b"JSON":
            raise InputError(f"glTF version {version}, first chunk {kind!r}; only version 2 is read. Export it again.")
        check_promise("GLB", max(length, 20 + json_length), len(data))
        text, rest = data[20 : 20 + json_length], 20 + json_length
        if rest + 8 <= len(data):
            bin_length, kind = struct.unpack("<I4s", data[rest : rest + 8])
            check_promise("GLB", bin_length, len(data) - rest - 8)
            chunk = data[rest + 8 : rest + 8 + bin_length] if kind == b"BIN\0" else b""
    else:
        text = data
    try:
        tree = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputError(f"the glTF's JSON is damaged: {error}. Export it again.") from error
    if not isinstance(tree, dict):
        raise InputError("the glTF's JSON is not an object. Export it again.")
    unreadable = sorted(set(_UNREADABLE) & set(tree.get("extensionsRequired", ())))
    if unreadable:
        raise InputError(f"the glTF needs {', '.join(unreadable)}, which is not understood. Export it uncompressed.")
    buffers = []
    for index, buffer in enumerate(tree.get("buffers", ())):
        try:
            content = folder.get(buffer["uri"]) if "uri" in buffer else chunk
        except FileNotFoundError as error:
            raise InputError(f"the file {buffer['uri'][:80]!r} is missing. Put it beside the .gltf file.") from error
        check_promise(f"glTF buffers[{index}]", buffer["byteLength"], len(content))
        buffers.append(content)
    gltf = Gltf(tree, tuple(buffers), folder)
    _check_tree(gltf)
    return gltf


def _check_tree(gltf: Gltf) -> None:
    """Check the parts of the tree that results are written from, including those that reading passes over."""
    tree = gltf.tree
    for kind in ("accessors", "animations", "bufferViews", "images", "materials", "meshes", "nodes", "skins", "textures"):
        for index in range(len(tree.get(kind, ()))):
            gltf.item(kind, index)
    if not isinstance(tree.get("asset", {}), dict):
        raise InputError(f"glTF asset is {tree['asset']!r:.40}. Export the file again.")
    for index in range(len(tree.get("bufferViews", ()))):
        gltf.view(index)
    for slot, key in view_slots({key: value for key, value in tree.items() if key != "bufferViews"}):
        gltf.item("bufferViews", slot[key])
    for slot, key in accessor_slots(tree):
        gltf.item("accessors", slot[key])
    for node in tree.get("nodes", ()):
        if "mesh" in node:
            gltf.item("meshes", node["mesh"])
        for child in node.get("children", ()):
            gltf.item("nodes", child)
    for image in tree.get("images", ()):
        if "uri" in image and not isinstance(image["uri"], str):
            raise InputError(f"glTF images[].uri is {image['uri']!r:.40}. Export the file again.")
    for index, animation in enumerate(tree.get("animations", ())):
        if any(not isinstance(channel["target"], dict) for channel in animation["channels"]):
            raise InputError(f"glTF animations[{index}] has a channel without a target. Export the file again.")


def accessor_slots(tree: Mapping[str, Any]) -> Iterator[tuple[Any, Any]]:
    """Every place in a glTF tree that names an accessor: (container, key)."""
    for mesh in tree.get("meshes", ()):
        for primitive in mesh["primitives"]:
            for group in (primitive["attributes"], *primitive.get("targets", ())):
                yield from ((group, key) for key in group)
            if "indices" in primitive:
                yield primitive, "indices"
    yield from ((skin, "inverseBindMatrices") for skin in tree.get("skins", ()) if "inverseBindMatrices" in skin)
    for animation in tree.get("animations", ()):
        for sampler in animation.get("samplers", ()):
            yield from ((sampler, key) for key in ("input", "output"))
    for node in tree.get("nodes", ()):
        group = node.get("extensions", {}).get("EXT_mesh_gpu_instancing", {}).get("attributes", {})
        yield from ((group, key) for key in group)


def view_slots(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every place below `value` that names a buffer view; extensions may do so as well."""
    if isinstance(value, dict):
        for key, item in value.items():
            if key == "bufferView" and isinstance(item, int):
                yield value, key
            elif key != "extras":
                yield from view_slots(item)
    elif isinstance(value, list):
        for item in value:
            yield from view_slots(item)


# ---------------------------------------------------------------- nodes


@dataclass(frozen=True)
class Instance:
    """One primitive of a glTF mesh, as one node shows it."""

    name: str
    """The node's name, made unique; with "/0", "/1" ... if its mesh has several primitives."""
    node: int
    primitive: int
    world: Float[np.ndarray, "4 4"]


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
    graph = Graph({}, {}, names, [])
    waiting = [(root, -1) for root in reversed(roots)]
    while waiting:
        index, parent = waiting.pop()
        node = gltf.item("nodes", index)
        if index in graph.world:
            raise LimitError(f"glTF nodes[{index}] is reached twice; the nodes must form a tree. Export the file again.")
        graph.parent[index] = parent
        local = local_matrix(node)
        graph.world[index] = local if parent < 0 else graph.world[parent] @ local
        waiting.extend((child, index) for child in reversed(node.get("children", ())))
        count = len(gltf.item("meshes", node["mesh"])["primitives"]) if "mesh" in node else 0
        for k in range(count):
            name = names[index] if count == 1 else f"{names[index]}/{k}"
            graph.instances.append(Instance(name, index, k, graph.world[index]))
    return graph


def _node_name(gltf: Gltf, index: int) -> str:
    """A node's own name, or "node<index>"."""
    name = gltf.item("nodes", index).get("name")
    return name if isinstance(name, str) and name else f"node{index}"


def local_matrix(node: Mapping[str, Any]) -> Float[np.ndarray, "4 4"]:
    """A node's matrix, parent from node."""
    if "matrix" in node:
        return np.array(node["matrix"], dtype=np.float64).reshape(4, 4).T
    x, y, z, w = quaternion = np.array(node.get("rotation", (0, 0, 0, 1)), dtype=np.float64)
    scale = 2 / max(float(quaternion @ quaternion), 1e-30)
    turn = np.eye(3) - scale * np.array(
        [
            [y * y + z * z, z * w - x * y, -x * z - y * w],
            [-x * y - z * w, x * x + z * z, x * w - y * z],
            [y * w - x * z, -y * z - x * w, x * x + y * y],
        ]
    )
    matrix = np.eye(4)
    matrix[:3, :3] = turn * np.array(node.get("scale", (1, 1, 1)), dtype=np.float64)
    matrix[:3, 3] = node.get("translation", (0, 0, 0))
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
