"""The glTF document: its JSON tree and its bytes, checked."""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Int, Shaped

from meronym.errors import InputError
from meronym.io.limits import check_count, check_promise, check_unpacked
from meronym.io.shapes.folder import ShapeFolder
from meronym.io.shapes.gltf.compressed import decompress, is_fallback
from meronym.io.shapes.gltf.references import COMPONENT, WIDTH, accessor_slots, view_slots

GLTF = "_gltf"
"""Where a scene's metadata keeps the document that it was made of; trimesh does not export names that begin so."""


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
        dtype, width = np.dtype(COMPONENT[accessor["componentType"]]), WIDTH[accessor["type"]]
        sparse = accessor.get("sparse")
        if "bufferView" in accessor:
            offset = accessor.get("byteOffset", 0)
            stride = self.item("bufferViews", accessor["bufferView"]).get("byteStride", width * dtype.itemsize)
            array = self._array(accessor["bufferView"], dtype, (count, width), offset, stride)
        else:
            array = np.zeros((count, width), dtype)
        if sparse is not None:
            where, values, few = sparse["indices"], sparse["values"], sparse["count"]
            type_ = np.dtype(COMPONENT[where["componentType"]])
            array = array.copy() if "bufferView" in accessor else array
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

    def values(
        self, index: Any, chosen: Int[np.ndarray, " k"] | slice[None, None, None] = slice(None)
    ) -> Shaped[np.ndarray, "k width"]:
        """The numbers of an accessor, of all rows or of those chosen; normalised integers become 0..1 or -1..1."""
        array = self.rows(index)[chosen]
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
    _check_depth(tree)
    buffers = []
    for index, buffer in enumerate(tree.get("buffers", ())):
        if is_fallback(buffer):
            buffers.append(b"")
            continue
        try:
            content = folder.get(buffer["uri"]) if "uri" in buffer else chunk
        except FileNotFoundError as error:
            raise InputError(f"the file {buffer['uri'][:80]!r} is missing. Put it beside the .gltf file.") from error
        check_promise(f"glTF buffers[{index}]", buffer["byteLength"], len(content))
        buffers.append(content)
    gltf = Gltf(tree, tuple(decompress(tree, buffers, folder.limits)), folder)
    _check_tree(gltf)
    _inline_schema(gltf)
    return gltf


def _check_depth(tree: dict[str, Any]) -> None:
    level: list[Any] = [tree]
    depth = 0
    while level := [
        below
        for item in level
        for below in (item.values() if isinstance(item, dict) else item)
        if isinstance(below, dict | list)
    ]:
        depth += 1
        if depth > 100:
            raise InputError("the glTF's JSON is nested more than 100 deep. Export it again.")


def _inline_schema(gltf: Gltf) -> None:
    """Take the schema of EXT_structural_metadata that lies beside the document into it, as a result lies elsewhere."""
    held = gltf.tree.get("extensions", {}).get("EXT_structural_metadata", {})
    if "schema" in held or not isinstance(held.get("schemaUri"), str):
        return
    try:
        schema = json.loads(gltf.folder.get(held["schemaUri"]))
    except (FileNotFoundError, ValueError):
        return
    if isinstance(schema, dict):
        held["schema"] = schema
        del held["schemaUri"]


def _check_tree(gltf: Gltf) -> None:
    """Check the parts of the tree that results are written from, including those that reading passes over."""
    tree = gltf.tree
    for kind in ("accessors", "animations", "bufferViews", "images", "materials", "meshes", "nodes", "skins", "textures"):
        for index in range(len(tree.get(kind, ()))):
            gltf.item(kind, index)
    for key in ("extensionsUsed", "extensionsRequired"):
        names = tree.get(key, [])
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            raise InputError(f"glTF {key} is {names!r:.40}, expected names. Export the file again.")
    if not isinstance(tree.get("asset", {}), dict):
        raise InputError(f"glTF asset is {tree['asset']!r:.40}. Export the file again.")
    for index in range(len(tree.get("bufferViews", ()))):
        gltf.view(index)
    empty = [(index, one) for index, one in enumerate(tree.get("accessors", ())) if "bufferView" not in one]
    sizes = (gltf.count(index) * WIDTH[one["type"]] * int(COMPONENT[one["componentType"]][-1]) for index, one in empty)
    check_unpacked("glTF accessors without data", sum(sizes), sum(map(len, gltf.buffers)), gltf.folder.limits)
    for slot, key in view_slots({key: value for key, value in tree.items() if key != "bufferViews"}):
        gltf.item("bufferViews", slot[key])
    for index in {slot[key] for slot, key in accessor_slots(tree)}:
        gltf.rows(index)
    for index, mesh in enumerate(tree.get("meshes", ())):
        for primitive in mesh["primitives"]:
            groups = (primitive["attributes"], *primitive.get("targets", ()))
            fewest = min((gltf.count(accessor) for group in groups for accessor in group.values()), default=0)
            if fewest < gltf.count(primitive["attributes"]["POSITION"]):
                raise InputError(f"glTF meshes[{index}]: an attribute has {fewest} rows, fewer than POSITION. Export again.")
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
