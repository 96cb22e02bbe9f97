"""Small glTF documents that tests make and change, and results for them."""

from __future__ import annotations

import json
import struct
from pathlib import Path
from typing import Any

import numpy as np

from meronym.core.hashing import sha256_of
from meronym.io.limits import Limits
from meronym.io.shapes.folder import ShapeFolder
from meronym.io.shapes.gltf.document import Gltf, read_gltf
from meronym.io.shapes.read import read_shape
from meronym.io.shapes.write import save_file
from meronym.results import Record, Segmentation
from meronym.types import Mesh

PROMPTS = ("top", "leg")
_COMPONENT = {"i1": 5120, "u1": 5121, "i2": 5122, "u2": 5123, "u4": 5125, "f4": 5126}
_BOX = np.array([[x, y, z] for x in (0, 1) for y in (0, 1) for z in (0, 1)], dtype="<f4")
_SIDES = [[0, 1, 3], [0, 3, 2], [4, 6, 7], [4, 7, 5], [0, 4, 5], [0, 5, 1], [2, 3, 7], [2, 7, 6], [0, 2, 6], [0, 6, 4]]
_BOX_FACES = np.array([*_SIDES, [1, 5, 7], [1, 7, 3]])


class Document:
    """A glTF tree, and the bytes that it points into."""

    def __init__(self) -> None:
        self.data = b""
        self.tree: dict[str, Any] = {"asset": {"version": "2.0"}, "scene": 0, "scenes": [{"nodes": []}], "nodes": []}
        self.tree |= {"meshes": [], "accessors": [], "bufferViews": []}

    def view(self, content: bytes, **more: Any) -> int:
        """Store bytes; the number of their buffer view."""
        self.data += bytes(-len(self.data) % 8)
        self.tree["bufferViews"].append({"buffer": 0, "byteOffset": len(self.data), "byteLength": len(content), **more})
        self.data += content
        return len(self.tree["bufferViews"]) - 1

    def accessor(self, rows: np.ndarray, **more: Any) -> int:
        """Store rows of numbers."""
        kind = "SCALAR" if rows.ndim == 1 else f"VEC{rows.shape[1]}"
        about = {"componentType": _COMPONENT[rows.dtype.str[1:]], "count": len(rows), "type": kind}
        self.tree["accessors"].append({"bufferView": self.view(rows.tobytes()), **about, **more})
        return len(self.tree["accessors"]) - 1

    def mesh(self, points: np.ndarray, faces: np.ndarray, **more: Any) -> int:
        """Add a mesh of one primitive, which has the fields `more` too."""
        bounds = {"min": points.min(axis=0).tolist(), "max": points.max(axis=0).tolist()}
        position, indices = self.accessor(points, **bounds), self.accessor(faces.astype("<u2").ravel())
        self.tree["meshes"].append({"primitives": [{"attributes": {"POSITION": position}, "indices": indices, **more}]})
        return len(self.tree["meshes"]) - 1

    def node(self, **fields: Any) -> int:
        """Add a root."""
        self.tree["nodes"].append(fields)
        self.tree["scenes"][0]["nodes"].append(len(self.tree["nodes"]) - 1)
        return len(self.tree["nodes"]) - 1

    @property
    def primitive(self) -> dict[str, Any]:
        """The first mesh's first."""
        first: dict[str, Any] = self.tree["meshes"][0]["primitives"][0]
        return first

    def use(self, name: str, content: Any = None) -> None:
        """State an extension, and give the document its content."""
        self.tree.setdefault("extensionsUsed", []).append(name)
        if content is not None:
            self.tree.setdefault("extensions", {})[name] = content

    def save(self, path: Path) -> Path:
        text = json.dumps({**self.tree, "buffers": [{"byteLength": len(self.data)}, *self.tree.get("buffers", [])]}).encode()
        text, data = text + b" " * (-len(text) % 4), self.data + bytes(-len(self.data) % 4)
        head = struct.pack("<4sII", b"glTF", 2, 28 + len(text) + len(data))
        chunks = struct.pack("<I4s", len(text), b"JSON") + text + struct.pack("<I4s", len(data), b"BIN\0") + data
        path.write_bytes(head + chunks)
        return path


def table_arrays() -> tuple[np.ndarray, np.ndarray]:
    """Vertices [40 3] and faces [60 3] of a top and four legs."""
    places = [((-1, 0.9, -0.6), (2, 0.1, 1.2)), *(((x, 0, z), (0.1, 0.9, 0.1)) for x in (-1, 0.9) for z in (-0.6, 0.5))]
    points = np.concatenate([_BOX * np.array(size, "<f4") + np.array(low, "<f4") for low, size in places])
    return points.astype("<f4"), np.concatenate([_BOX_FACES + 8 * k for k in range(5)])


def table() -> Document:
    """One node, "table", with one mesh."""
    document = Document()
    document.node(name="table", mesh=document.mesh(*table_arrays()))
    return document


def named(path: Path, legs: float = 0.85) -> Segmentation:
    """The result of a file: its faces are "leg" below a height, and "top" above."""
    mesh = read_shape(path)
    assert isinstance(mesh, Mesh)
    label = (mesh.vertices[mesh.faces].mean(axis=1)[:, 1] < legs).astype(np.int64)
    record = Record("fake", input={"sha256": sha256_of(path)})
    return Segmentation(label, np.full((len(label), 2), 0.4), np.ones(len(label), bool), PROMPTS, mesh, record)


def saved(document: Document, folder: Path, ending: str = ".glb") -> Gltf:
    """The document of the result that a document leads to; its file is `folder`/parts.glb."""
    return opened(save_file(named(document.save(folder / f"in{ending}")), folder / "parts.glb"))


def opened(path: Path) -> Gltf:
    return read_gltf(path.read_bytes(), ShapeFolder(path.parent, Limits()))


def soup(path: Path) -> np.ndarray:
    """The triangles that a file shows, in an order that depends on their places only."""
    mesh = read_shape(path)
    assert isinstance(mesh, Mesh)
    corners = mesh.vertices[mesh.faces].reshape(len(mesh.faces), 9).round(4) + 0.0
    rows: np.ndarray = corners[np.lexsort(corners.T)]
    return rows
