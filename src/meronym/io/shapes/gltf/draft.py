"""A glTF document while it is being changed, and its bytes."""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Int

from meronym.io.documents import as_json
from meronym.io.shapes.gltf.references import accessor_slots, mesh_slots, pointers, repointed, view_slots


@dataclass
class Draft:
    """A glTF document that is being changed."""

    tree: dict[str, Any]
    views: list[bytes]
    """The bytes of each entry of tree["bufferViews"]."""

    def add_view(self, data: bytes, **more: Any) -> int:
        """Store bytes; the number of their buffer view."""
        self.views.append(data)
        self.tree.setdefault("bufferViews", []).append(more)
        return len(self.views) - 1

    def add_accessor(self, rows: np.ndarray, like: Mapping[str, Any], bounds: bool = False) -> int:
        """Store rows that have the type of the accessor `like`; each is padded to four bytes, as glTF asks.

        If `like` is sparse, and few rows are not zero, so is what is stored.
        """
        flat = np.ascontiguousarray(rows).view(np.uint8).reshape(len(rows), rows.shape[1] * rows.itemsize)
        few = np.flatnonzero(flat.any(axis=1)) if "sparse" in like else np.arange(len(rows))
        if len(few) * (flat.shape[1] + 4) < flat.size:
            few = few if len(few) else np.zeros(1, dtype=np.int64)  # glTF has no sparse accessor of nothing
            where, values = self.add_view(few.astype("<u4").tobytes()), self.add_view(flat[few].tobytes())
            indices = {"bufferView": where, "componentType": 5125}
            stored: dict[str, Any] = {"sparse": {"count": len(few), "indices": indices, "values": {"bufferView": values}}}
        else:
            padding = -flat.shape[1] % 4
            stride = {"byteStride": flat.shape[1] + padding} if padding else {}
            stored = {"bufferView": self.add_view(np.pad(flat, ((0, 0), (0, padding))).tobytes(), target=34962, **stride)}
        return self._accessor(stored, len(rows), like, rows if bounds else None)

    def add_indices(self, values: Int[np.ndarray, " k"]) -> int:
        """Store indices of vertices."""
        kind, dtype = (5125, "<u4") if values.max(initial=0) > 65534 else (5123, "<u2")
        view = self.add_view(values.astype(dtype).tobytes(), target=34963)
        return self._accessor({"bufferView": view}, len(values), {"componentType": kind, "type": "SCALAR"})

    def _accessor(self, stored: Mapping[str, Any], count: int, like: Mapping[str, Any], rows: np.ndarray | None = None) -> int:
        kept = {key: like[key] for key in ("componentType", "type", "normalized") if key in like}
        bounds = {} if rows is None else {"min": rows.min(axis=0).tolist(), "max": rows.max(axis=0).tolist()}
        self.tree.setdefault("accessors", []).append({**stored, "count": count, **kept, **bounds})
        return len(self.tree["accessors"]) - 1

    def use(self, *extensions: str) -> None:
        """State that the document uses extensions."""
        used = self.tree.setdefault("extensionsUsed", [])
        used += [name for name in extensions if name not in used]

    def unuse(self, extensions: set[str]) -> None:
        """State that the document does not use extensions any more."""
        for key in ("extensionsUsed", "extensionsRequired"):
            self.tree[key] = [name for name in self.tree.get(key, ()) if name not in extensions]
            if not self.tree[key]:
                del self.tree[key]

    def to_bytes(self) -> bytes:
        """The document as a .glb file, without unused meshes, accessors and buffer views.

        Views begin at multiples of eight bytes, as EXT_structural_metadata asks.
        """
        tree = self.tree
        pointing = [(holder, number) for holder, kind, number in pointers(tree) if kind == "meshes"]
        mesh_number = _drop_unused(tree, "meshes", list(mesh_slots(tree)))
        for holder, number in pointing:
            holder["pointer"] = repointed(holder["pointer"], mesh_number.get(number, number))
        _drop_unused(tree, "accessors", list(accessor_slots(tree)))
        views = tree.pop("bufferViews", [])
        slots = list(view_slots(tree))
        used = sorted({slot[key] for slot, key in slots})
        tree["bufferViews"], blob = views, bytearray()
        _drop_unused(tree, "bufferViews", slots)
        kept = []
        for index in used:
            blob += bytes(-len(blob) % 8)
            fields = {key: views[index][key] for key in ("byteStride", "target", "name") if key in views[index]}
            kept.append({"buffer": 0, "byteOffset": len(blob), "byteLength": len(self.views[index]), **fields})
            blob += self.views[index]
        blob += bytes(-len(blob) % 8)
        tree["bufferViews"], tree["buffers"] = kept, [{"byteLength": len(blob)}]
        text = json.dumps(as_json(tree), separators=(",", ":"), allow_nan=False).encode()
        text += b" " * (-(20 + len(text)) % 8)
        head = struct.pack("<4sIIII", b"glTF", 2, 28 + len(text) + len(blob), len(text), 0x4E4F534A)
        return b"".join([head, text, struct.pack("<II", len(blob), 0x004E4942), blob])


def _drop_unused(tree: dict[str, Any], kind: str, slots: list[tuple[Any, Any]]) -> dict[int, int]:
    """Keep the entries of `tree[kind]` that a slot names, and renumber the slots; old number -> new."""
    used = sorted({slot[key] for slot, key in slots})
    renumbered = {old: new for new, old in enumerate(used)}
    for slot, key in {(id(slot), key): (slot, key) for slot, key in slots}.values():  # an object may stand in several places
        slot[key] = renumbered[slot[key]]
    tree[kind] = [tree[kind][index] for index in used]
    if not used:
        del tree[kind]
    return renumbered
