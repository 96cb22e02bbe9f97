"""glTF documents whose geometry is compressed (meshopt, Draco), made plain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from meronym.core.varint import read_varint
from meronym.errors import InputError, MissingExtra
from meronym.io.limits import Limits, check_count, check_promise, check_unpacked
from meronym.io.shapes.gltf.meshopt import decode
from meronym.io.shapes.gltf.references import COMPONENT

MESHOPT = ("KHR_meshopt_compression", "EXT_meshopt_compression")
DRACO = "KHR_draco_mesh_compression"


def decompress(tree: dict[str, Any], buffers: Sequence[bytes], limits: Limits) -> list[bytes]:
    """Give buffer views and primitives plain data, in the tree itself; the buffers, and those added.

    Raises: InputError if the data are damaged, LimitError if they unpack to too much, MissingExtra if Draco's decoder is
    missing and the file holds no plain data beside.
    """
    kept = list(buffers)
    done = list[str]()
    if any(name in view.get("extensions", {}) for view in tree.get("bufferViews", ()) for name in MESHOPT):
        _expand_views(tree, kept, limits)
        done += MESHOPT
    primitives = [item for mesh in tree.get("meshes", ()) for item in mesh["primitives"] if DRACO in item.get("extensions", {})]
    if primitives:
        _expand_primitives(tree, primitives, kept, limits)
        done.append(DRACO)
    for key in ("extensionsUsed", "extensionsRequired"):
        if key in tree:
            tree[key] = [name for name in tree[key] if name not in done]
            if not tree[key]:
                del tree[key]
    return kept


def is_fallback(buffer: Mapping[str, Any]) -> bool:
    """Whether a buffer stands for data that are stored compressed, and holds none itself."""
    return any(buffer.get("extensions", {}).get(name, {}).get("fallback") is True for name in MESHOPT)


def _expand_views(tree: dict[str, Any], buffers: list[bytes], limits: Limits) -> None:
    packed = [
        (view, view["extensions"].pop(name))
        for view in tree["bufferViews"]
        for name in MESHOPT
        if name in view.get("extensions", {})
    ]
    sizes = [about["count"] * about["byteStride"] for _, about in packed]
    if any(type(size) is not int or size < 0 for size in sizes):
        raise InputError("glTF bufferViews[]: the size of meshopt data is not a whole number. Export the file again.")
    check_unpacked("meshopt data", sum(sizes), sum(map(len, buffers)), limits)
    for (view, about), size in zip(packed, sizes, strict=True):
        data = _stored(about, buffers)
        content = decode(data, about["count"], about["byteStride"], about["mode"], about.get("filter", "NONE"))
        check_promise("meshopt data", view["byteLength"], size)
        view |= {"buffer": _added(tree, buffers, content), "byteOffset": 0}


def _stored(view: Mapping[str, Any], buffers: Sequence[bytes]) -> bytes:
    start, length = view.get("byteOffset", 0), view["byteLength"]
    if min(start, length, view["buffer"]) < 0:
        raise InputError(f"glTF bufferViews[]: {start} and {length} bytes of buffer {view['buffer']}. Export the file again.")
    data: bytes = buffers[view["buffer"]]
    check_promise("compressed data", start + length, len(data))
    return data[start : start + length]


def _added(tree: dict[str, Any], buffers: list[bytes], content: bytes) -> int:
    tree["buffers"].append({"byteLength": len(content)})
    buffers.append(content)
    return len(buffers) - 1


# ---------------------------------------------------------------- Draco


def _expand_primitives(tree: dict[str, Any], primitives: list[dict[str, Any]], buffers: list[bytes], limits: Limits) -> None:
    """If the decoder is missing, the plain data are taken that a file may hold as well."""
    try:
        import DracoPy
    except ImportError as error:
        if DRACO not in tree.get("extensionsRequired", ()):
            for primitive in primitives:
                del primitive["extensions"][DRACO]
            return
        what = "the file is compressed (Draco): decompress it (gltf-transform copy IN OUT), or have it read, which"
        raise MissingExtra(what, "DracoPy", "compressed") from error
    total = 0
    for primitive in primitives:
        about = primitive["extensions"].pop(DRACO)
        data = _stored(tree["bufferViews"][about["bufferView"]], buffers)
        faces, points = _promised(data)
        check_count("a Draco mesh", max(faces, points // 3), limits)
        total += 12 * faces + 12 * points * max(len(about["attributes"]), 1)
        check_unpacked("Draco data", total, sum(map(len, buffers)), limits)
        try:
            mesh = DracoPy.decode(data)
            by_id = {one["unique_id"]: np.asarray(one["data"]).reshape(len(one["data"]), -1) for one in mesh.attributes}
            indices = np.asarray(mesh.faces).reshape(-1, 1)
        except Exception as error:  # the decoder raises several kinds on damaged data
            raise InputError(f"Draco data are damaged: {type(error).__name__}: {error}. Export the file again.") from error
        for group, key, rows in (
            *((primitive["attributes"], name, by_id[number]) for name, number in about["attributes"].items()),
            (primitive, "indices", indices),
        ):
            group[key] = _plain(tree, buffers, key, group.get(key), rows)
        primitive["mode"] = 4


def _promised(data: bytes) -> tuple[int, int]:
    """How many faces and points a Draco mesh says it has (bitstream 2.2, "Draco header" and connectivity).

    Raises: InputError if it is none.
    """
    if data[:5] != b"DRACO" or len(data) < 16 or data[7] != 1:
        raise InputError(f"Draco data begin with {data[:8]!r}, expected a mesh. Export the file again.")
    if data[10] & 0x80:
        raise InputError("Draco data hold metadata, which glTF does not allow. Export the file again.")
    at, numbers = 11 + (data[8] == 1), []  # after the header; edgebreaker's kind of traversal comes first
    for _ in range(2):
        number, at = read_varint(data, at)
        numbers.append(number)
    first, second = numbers
    return (second, max(first, second)) if data[8] == 1 else (first, second)


def _plain(tree: dict[str, Any], buffers: list[bytes], key: str, like: Any, rows: np.ndarray) -> int:
    """A new accessor of the rows, of the type of accessor `like`; decoded numbers are only nearly those that were stored."""
    accessor: dict[str, Any] = {"componentType": 5125, "type": "SCALAR"} if like is None else tree["accessors"][like]
    if key == "WEIGHTS_0" and accessor["componentType"] == 5126:
        rows = rows / np.maximum(rows.sum(axis=1, keepdims=True), 1e-9)
    rows = rows.astype(COMPONENT[accessor["componentType"]])
    about = {"target": 34963}
    content = rows
    if key != "indices":
        content = np.pad(rows, ((0, 0), (0, -rows.shape[1] * rows.itemsize % 4 // rows.itemsize)))
        about = {"target": 34962, "byteStride": content.shape[1] * rows.itemsize}
    view = {"buffer": _added(tree, buffers, content.tobytes()), "byteLength": content.nbytes, **about}
    tree["bufferViews"].append(view)
    kept = {name: value for name, value in accessor.items() if name not in ("byteOffset", "sparse", "min", "max")}
    bounds = {"min": rows.min(axis=0).tolist(), "max": rows.max(axis=0).tolist()} if key == "POSITION" and len(rows) else {}
    tree["accessors"].append({**kept, **bounds, "bufferView": len(tree["bufferViews"]) - 1, "count": len(rows)})
    return len(tree["accessors"]) - 1
