"""Where a glTF document refers to its own entries by number, in its core and in extensions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

COMPONENT = {5120: "<i1", 5121: "<u1", 5122: "<i2", 5123: "<u2", 5125: "<u4", 5126: "<f4"}
WIDTH = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4, "MAT2": 4, "MAT3": 9, "MAT4": 16}
"""Types of an accessor's numbers, and how many a row has."""
_DATA = ("values", "arrayOffsets", "stringOffsets")
"""Keys of a property of EXT_structural_metadata's tables that name buffer views."""
_UNTOUCHED = ("materials", "textures", "images", "samplers", "cameras", "accessors", "bufferViews", "buffers", "asset")
"""Lists whose extensions refer to nothing that a result numbers anew."""
_KNOWN = (
    *("AGI_", "CESIUM_RTC", "EXT_feature_metadata", "EXT_instance_features", "EXT_lights_", "EXT_mesh_features"),
    *("EXT_mesh_gpu_instancing", "EXT_structural_metadata", "FB_geometry_metadata", "GODOT_", "KHR_animation_pointer"),
    *("KHR_audio", "KHR_draco_mesh_compression", "KHR_gaussian_splatting", "KHR_implicit_shapes", "KHR_lights_"),
    *("KHR_materials_", "KHR_node_", "KHR_physics_", "KHR_xmp", "MSFT_audio_", "MSFT_lod", "OMI_", "VRM"),
)
"""How the names of extensions begin whose numbers stay right: of what keeps its number, or is looked after here."""
_WEIGHTS = re.compile(r"/(nodes|meshes)/(\d+)(/weights(?:/\d+)?)")


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


def view_slots(value: Any, in_table: bool = False) -> Iterator[tuple[Any, Any]]:
    """Every place below `value` that names a buffer view; extensions may do so as well."""
    if isinstance(value, dict):
        for key, item in value.items():
            if type(item) is int and (key.endswith(("bufferView", "BufferView")) or (in_table and key in _DATA)):
                yield value, key
            elif key != "extras":
                yield from view_slots(item, in_table or key == "propertyTables")
    elif isinstance(value, list):
        for item in value:
            yield from view_slots(item, in_table)


def mesh_slots(tree: Mapping[str, Any]) -> Iterator[tuple[Any, Any]]:
    """Every place that names a mesh; in extensions (avatars, colliders) it is the key "mesh"."""
    yield from ((node, "mesh") for node in tree.get("nodes", ()) if "mesh" in node)
    for _, _, content in extensions(tree):
        for container in _containers(content):
            mesh = container.get("mesh")
            if type(mesh) is int and 0 <= mesh < len(tree.get("meshes", ())):
                yield container, "mesh"


def pointers(tree: Mapping[str, Any]) -> Iterator[tuple[dict[str, Any], str, int]]:
    """KHR_animation_pointer's to the weights of nodes and meshes: (container of "pointer", list, number in the list)."""
    for animation in tree.get("animations", ()):
        for channel in animation["channels"]:
            holder = _dict(_dict(channel["target"], "extensions"), "KHR_animation_pointer")
            found = _WEIGHTS.fullmatch(str(holder.get("pointer")))
            if found:
                yield holder, found[1], int(found[2])


def repointed(pointer: str, number: int) -> str:
    """A pointer to the weights of a node or mesh, with another number."""
    return _WEIGHTS.sub(rf"/\g<1>/{number}\g<3>", pointer)


def extensions(tree: Mapping[str, Any]) -> Iterator[tuple[str, str, Any]]:
    """The extensions that a tree holds: (list in the tree, "" for the tree itself; name; content)."""
    yield from (("", name, content) for name, content in tree.get("extensions", {}).items())
    for kind, entries in tree.items():
        if isinstance(entries, list) and kind not in _UNTOUCHED:
            for container in _containers(entries):
                if isinstance(container.get("extensions"), dict):
                    yield from ((kind, name, content) for name, content in container["extensions"].items())


def _containers(value: Any) -> Iterator[dict[str, Any]]:
    """All objects at and below a value of the tree, but for those of extras."""
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            yield item
            waiting.extend(below for key, below in item.items() if key != "extras" and isinstance(below, dict | list))
        elif isinstance(item, list):
            waiting.extend(item)


def _is_opaque(name: str, content: Any) -> bool:
    """Whether an extension is not known here and holds whole numbers, which may refer to anything."""
    if name.startswith(_KNOWN):
        return False
    numbers = (value for container in _containers(content) for value in container.values())
    flat = (item for value in numbers for item in (value if isinstance(value, list) else [value]))
    return any(type(item) is int for item in flat)


def losses(tree: Mapping[str, Any]) -> dict[str, int]:
    """What a result's .glb cannot keep of the document's extensions, in words, and how often it occurs."""
    found = dict[str, int]()
    for kind, name, content in extensions(tree):
        if _is_opaque(name, content):
            if kind == "meshes":
                line = f"{name[:80]} is not known and not written to .glb: it may number vertices, which are divided"
            else:
                line = f"{name[:80]} is not known and written to .glb as it is: it may number meshes, which are divided"
            found[line] = found.get(line, 0) + 1
    return found


def drop_opaque(tree: dict[str, Any]) -> None:
    """Take out the extensions of meshes that `losses` says are not written."""
    for mesh in tree.get("meshes", ()):
        for holder in (mesh, *mesh["primitives"]):
            held = holder.get("extensions", {})
            for name in [name for name, content in held.items() if _is_opaque(name, content)]:
                del held[name]
            if not held:
                holder.pop("extensions", None)


# ---------------------------------------------------------------- what takes the place of a node's or mesh's faces


def retarget(tree: dict[str, Any], nodes: Mapping[int, Sequence[int]], meshes: Mapping[int, Sequence[int]]) -> None:
    """Let what drives the morph targets of nodes and meshes, or says who sees them, name all that took their place."""
    for animation in tree.get("animations", ()):
        channels = []
        for channel in animation["channels"]:
            target = channel["target"]
            if target.get("path") == "weights":
                channels += [{**channel, "target": {**target, "node": new}} for new in _new(nodes, target.get("node"))]
            else:
                channels += _pointing(channel, nodes, meshes)
        animation["channels"] = channels
    held = tree.get("extensions", {})
    avatar, old = held.get("VRMC_vrm", {}), held.get("VRM", {})
    groups = _dict(old, "blendShapeMaster").get("blendShapeGroups")
    for group in groups if isinstance(groups, list) else ():
        _repeat(group, "binds", "mesh", meshes)
    _repeat(_dict(old, "firstPerson"), "meshAnnotations", "mesh", meshes)
    for kind in ("preset", "custom"):
        for expression in _dict(_dict(avatar, "expressions"), kind).values():
            _repeat(expression, "morphTargetBinds", "node", nodes)
    _repeat(_dict(avatar, "firstPerson"), "meshAnnotations", "node", nodes)


def _pointing(
    channel: dict[str, Any], nodes: Mapping[int, Sequence[int]], meshes: Mapping[int, Sequence[int]]
) -> list[dict[str, Any]]:
    """The channels that stand for one, where that points to weights."""
    target = channel["target"]
    for holder, kind, number in pointers({"animations": [{"channels": [channel]}]}):
        news = _new(nodes if kind == "nodes" else meshes, number)
        made = [{**holder, "pointer": repointed(holder["pointer"], new)} for new in news]
        held = target["extensions"]
        return [{**channel, "target": {**target, "extensions": {**held, "KHR_animation_pointer": one}}} for one in made]
    return [channel]


def _new(replaced: Mapping[int, Sequence[int]], number: Any) -> Sequence[Any]:
    return replaced.get(number, [number]) if type(number) is int else [number]


def _dict(value: Any, key: str) -> dict[str, Any]:
    found = value.get(key) if isinstance(value, dict) else None
    return found if isinstance(found, dict) else {}


def _repeat(holder: Any, entries: str, key: str, replaced: Mapping[int, Sequence[int]]) -> None:
    """Repeat each entry of a list for all that took the place of what its `key` names."""
    if isinstance(holder, dict) and isinstance(holder.get(entries), list):
        kept = [entry for entry in holder[entries] if isinstance(entry, dict)]
        news = [(entry, new) for entry in kept for new in _new(replaced, entry.get(key))]
        holder[entries] = [{**entry, key: new} if key in entry else entry for entry, new in news]
