"""Parts as features of a glTF document: an id at every vertex, and a table of the ids' names.

Names of nodes go when an optimiser joins nodes; EXT_mesh_features and EXT_structural_metadata, which hold ids and names, stay.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from jaxtyping import Int

from meronym.errors import InputError
from meronym.io.shapes.gltf.draft import Draft

MARK = "meronym_part"
"""Label of the feature ids, and class of the table, by which those of an earlier result are found and replaced."""


@dataclass(frozen=True)
class PartFeatures:
    """The names of a result's parts, as a table of a document that is being written."""

    draft: Draft
    table: int
    count: int
    _accessors: dict[tuple[int, int], int] = field(default_factory=dict)
    """Ids of all vertices: (id, number of vertices) -> accessor."""

    def mark(self, primitive: dict[str, Any], label: int) -> None:
        """Say of all vertices of a primitive which prompt names them; -1 = none."""
        attributes = primitive["attributes"]
        vertices = self.draft.tree["accessors"][attributes["POSITION"]]["count"]
        identity = label if label >= 0 else self.count
        if (identity, vertices) not in self._accessors:
            kind, dtype = (5121, "u1") if self.count < 256 else (5123, "<u2")
            rows = np.full((vertices, 1), identity, dtype=dtype)
            self._accessors[identity, vertices] = self.draft.add_accessor(rows, {"componentType": kind, "type": "SCALAR"})
        held = primitive.setdefault("extensions", {}).setdefault("EXT_mesh_features", {})
        held.setdefault("featureIds", [])
        earlier = [one for one in held["featureIds"] if one.get("label") == MARK and "attribute" in one]
        number = earlier[0]["attribute"] if earlier else free_set(attributes)
        attributes[f"_FEATURE_ID_{number}"] = self._accessors[identity, vertices]
        own = {"featureCount": self.count, "attribute": number, "nullFeatureId": self.count, "propertyTable": self.table}
        held["featureIds"] = [one for one in held["featureIds"] if one not in earlier] + [{**own, "label": MARK}]


def add_features(draft: Draft, names: tuple[str, ...]) -> PartFeatures | None:
    """Put the table of names into a document; None if there are none, or the schema, where they belong, lies elsewhere."""
    if not names or "schemaUri" in draft.tree.get("extensions", {}).get("EXT_structural_metadata", {}):
        return None
    held = draft.tree.setdefault("extensions", {}).setdefault("EXT_structural_metadata", {})
    name = {"name": "name", "type": "STRING", "required": True}
    about = {"name": "Part", "description": "What meronym recognised.", "properties": {"name": name}}
    held.setdefault("schema", {"id": "meronym"}).setdefault("classes", {})[MARK] = about
    texts = [text.encode("utf-8", "backslashreplace") for text in names]
    offsets = np.cumsum([0, *(len(text) for text in texts)]).astype("<u4")
    stored = {"values": draft.add_view(b"".join(texts)), "stringOffsets": draft.add_view(offsets.tobytes())}
    properties = {"name": {**stored, "stringOffsetType": "UINT32"}}
    table = {"name": "parts", "class": MARK, "count": len(names), "properties": properties}
    tables = held.setdefault("propertyTables", [])
    place = next((k for k, one in enumerate(tables) if one.get("class") == MARK), len(tables))
    tables[place:] = [table, *tables[place + 1 :]]
    draft.use("EXT_mesh_features", "EXT_structural_metadata")
    return PartFeatures(draft, place, len(names))


def check_features(tree: Mapping[str, Any]) -> None:
    """Raises: InputError if the features that a document has, beside which a result's are put, are not where they must be."""
    held = tree.get("extensions", {}).get("EXT_structural_metadata", {})
    _expect(held, dict, "EXT_structural_metadata")
    _expect(_expect(held.get("schema", {}), dict, "schema").get("classes", {}), dict, "classes")
    for one in _expect(held.get("propertyTables", []), list, "propertyTables"):
        _expect(one, dict, "propertyTables[]")
    primitives = [primitive for mesh in tree.get("meshes", ()) for primitive in mesh["primitives"]]
    for name, holders in (("EXT_mesh_features", primitives), ("EXT_instance_features", tree.get("nodes", ()))):
        for holder in holders:
            sets = _expect(holder.get("extensions", {}).get(name, {}), dict, name).get("featureIds", [])
            for one in _expect(sets, list, f"{name}.featureIds"):
                _expect(_expect(one, dict, "featureIds[]").get("attribute", 0), int, "featureIds[].attribute")


def _expect(value: Any, kind: type, where: str) -> Any:
    if not isinstance(value, kind):
        raise InputError(f"glTF {where} is {value!r:.40}, expected {kind.__name__}. Export the file again.")
    return value


def keep_numbered(draft: Draft, primitive: dict[str, Any], used: Int[np.ndarray, " v"]) -> None:
    """Write out feature ids that are the numbers of vertices, of which a primitive keeps those in `used`."""
    for one in primitive.get("extensions", {}).get("EXT_mesh_features", {}).get("featureIds", ()):
        if "attribute" not in one and "texture" not in one:
            one["attribute"] = free_set(primitive["attributes"])
            kind, dtype = (5123, "<u2") if used.max(initial=0) < 65536 else (5126, "<f4")
            rows = used[:, None].astype(dtype)
            number = draft.add_accessor(rows, {"componentType": kind, "type": "SCALAR"})
            primitive["attributes"][f"_FEATURE_ID_{one['attribute']}"] = number


def free_set(attributes: Mapping[str, Any]) -> int:
    """The first number of _FEATURE_ID_0, _FEATURE_ID_1 ... that is not taken."""
    return next(k for k in range(len(attributes) + 1) if f"_FEATURE_ID_{k}" not in attributes)
