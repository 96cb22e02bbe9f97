"""Writes an answer: the same GLB with one named node per part, PLY, OBJ, NPZ or JSON."""

from __future__ import annotations

import colorsys
import copy
import io
import json
import struct
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import trimesh
from jaxtyping import Float, Int, UInt8
from PIL import Image
from trimesh.visual import TextureVisuals

from meronym.errors import InputError
from meronym.io.files import (
    Folder,
    Gltf,
    Limits,
    accessor_slots,
    atomic,
    check_target,
    read_gltf,
    read_npz,
    slugs,
    unique,
    view_slots,
)
from meronym.io.mesh import GLTF, Piece, as_trimesh, instances, triangles
from meronym.types import FaceOrigin, Mesh, PointCloud, Segmentation, Shape, Textures

FORMAT = "meronym.segmentation"
VERSION = 1
NONE = "none"
"""What the elements that no prompt names are called in a file."""
# Okabe and Ito, "Color Universal Design", 2008, without black.
_OKABE_ITO = ("E69F00", "56B4E9", "009E73", "F0E442", "0072B2", "D55E00", "CC79A7")
_GREY = (150, 150, 150)
_MIME = {b"\x89PNG": "image/png", b"RIFF": "image/webp"}


def save(segmentation: Segmentation, path: str | Path) -> Path:
    """Write a result; the ending chooses the format: .glb .ply .obj .npz .json.

    An .obj comes with an .mtl and images beside it if the shape has textures.

    Raises: InputError for another ending, a place that cannot be written to, or if `path` is the shape's own file.
    """
    path = Path(path)
    writers = {".glb": _glb, ".ply": _ply, ".npz": _npz, ".json": _json}
    ending = path.suffix.lower()
    if ending != ".obj" and ending not in writers:
        raise InputError(f"{path}: results are not written as {ending!r}. Use {' '.join(writers)} or .obj.")
    check_target(path, segmentation.shape.source)
    files = _obj(segmentation, path) if ending == ".obj" else {path: writers[ending](segmentation)}
    for target, content in files.items():
        with atomic(target) as temporary:
            temporary.write_bytes(content)
    return path


def to_trimesh(segmentation: Segmentation) -> trimesh.Scene:
    """The shape as a trimesh scene with one named node per part; hierarchy, materials and textures are kept."""
    return trimesh.load_scene(io.BytesIO(_glb(segmentation)), file_type="glb")


def part(segmentation: Segmentation, prompt: str) -> Shape:
    """The elements that `prompt` names, as a shape of its own; it may be empty.

    Raises: InputError if `prompt` is not one of the prompts.
    """
    if prompt not in segmentation.prompts:
        raise InputError(f"no prompt {prompt!r}; there are {', '.join(map(repr, segmentation.prompts))}.")
    mask = segmentation.label == segmentation.prompts.index(prompt)
    shape = segmentation.shape
    if isinstance(shape, PointCloud):
        return replace(
            shape,
            points=shape.points[mask],
            colour=None if shape.colour is None else shape.colour[mask],
            normal=None if shape.normal is None else shape.normal[mask],
            report={},
        )
    used, inverse = np.unique(shape.faces[mask], return_inverse=True)
    texture, origin = shape.texture, shape.face_origin
    return replace(
        shape,
        vertices=shape.vertices[used],
        faces=inverse.reshape(-1, 3),
        corner_colour=None if shape.corner_colour is None else shape.corner_colour[mask],
        texture=texture and Textures(texture.images, texture.image_of_face[mask], texture.uv[mask]),
        face_origin=origin and FaceOrigin(origin.nodes, origin.node_of_face[mask], origin.face_in_node[mask]),
        report={},
    )


def read_result(path: str | Path) -> dict[str, Any]:
    """What `save` wrote to an .npz file: label, score, seen, prompts and record.

    Raises: InputError if the file is damaged or is not such a result.
    """
    path = Path(path)
    arrays = read_npz(path, Limits())
    missing = {"format", "version", "label", "score", "seen", "prompts", "record"} - set(arrays)
    if missing or str(arrays["format"]) != FORMAT or int(arrays["version"]) != VERSION:
        raise InputError(f"{path.name}: not a {FORMAT} file of version {VERSION}. Write it with meronym.")
    return {
        **{name: arrays[name] for name in ("label", "score", "seen")},
        "prompts": tuple(str(prompt) for prompt in arrays["prompts"]),
        "record": json.loads(str(arrays["record"])),
    }


def palette(n: int) -> UInt8[np.ndarray, "n 3"]:
    """One colour a prompt, the same ones each time: the first seven can be told apart by colour-blind readers."""
    colours = [tuple(bytes.fromhex(code)) for code in _OKABE_ITO]
    for k in range(n - len(colours)):
        hue, light, rich = (0.09 + k * 0.618034) % 1, (0.62, 0.4, 0.78)[k % 3], (0.55, 0.8)[k // 3 % 2]
        colours.append(tuple(round(255 * channel) for channel in colorsys.hls_to_rgb(hue, light, rich)))
    return np.array(colours[:n], dtype=np.uint8).reshape(n, 3)


# ---------------------------------------------------------------- NPZ, JSON, PLY, OBJ


def _npz(segmentation: Segmentation) -> bytes:
    file = io.BytesIO()
    np.savez_compressed(
        file,
        format=FORMAT,
        version=VERSION,
        label=segmentation.label.astype(np.int32),
        score=segmentation.score.astype(np.float32),
        seen=segmentation.seen.astype(bool),
        prompts=np.array(segmentation.prompts, dtype=np.str_),
        record=json.dumps(_plain(segmentation.record), allow_nan=False),
    )
    return file.getvalue()


def _json(segmentation: Segmentation) -> bytes:
    label, shape = segmentation.label, segmentation.shape
    size = np.ones(len(label)) if isinstance(shape, PointCloud) else _areas(shape)
    starts = np.flatnonzero(np.diff(label, prepend=-2))
    runs = np.diff(starts, append=len(label))
    document = {
        "format": FORMAT,
        "version": VERSION,
        "source": shape.source and shape.source.name,
        "element": "point" if isinstance(shape, PointCloud) else "face",
        "count": len(label),
        "prompts": segmentation.prompts,
        "parts": [
            {**_summary(segmentation, np.flatnonzero(label == k), k), "share": size[label == k].sum() / size.sum()}
            for k in (*range(len(segmentation.prompts)), -1)
        ],
        "labels": np.stack([label[starts], runs], axis=1),
        "record": segmentation.record,
    }
    return json.dumps(_plain(document), allow_nan=False, ensure_ascii=False).encode("utf-8", "backslashreplace") + b"\n"


def _summary(segmentation: Segmentation, elements: Int[np.ndarray, " k"], label: int) -> dict[str, Any]:
    """What a file says of one part; the scores of an empty one are null."""
    score = segmentation.score[elements]
    own = score[:, label] if label >= 0 else 1 - score.sum(axis=1)
    return {
        "prompt": segmentation.prompts[label] if label >= 0 else None,
        "points" if isinstance(segmentation.shape, PointCloud) else "faces": len(elements),
        "mean_score": round(float(own.mean()), 6) if len(elements) else None,
        "seen": round(float(segmentation.seen[elements].mean()), 6) if len(elements) else None,
    }


def _areas(mesh: Mesh) -> Float[np.ndarray, " f"]:
    a, b, c = (mesh.vertices[mesh.faces[:, k]] for k in range(3))
    area: np.ndarray = np.linalg.norm(np.cross(b - a, c - a), axis=1) / 2
    return area


def _plain(value: Any) -> Any:
    """A value in terms that JSON has; numbers that are not finite become null."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, np.ndarray | np.generic):
        return _plain(value.tolist())
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item) for item in value]
    if isinstance(value, float):
        return value if np.isfinite(value) else None
    return value if value is None or isinstance(value, bool | int | str) else str(value)


def _ply(segmentation: Segmentation) -> bytes:
    shape, label, count = segmentation.shape, segmentation.label, len(segmentation.prompts)
    positions = shape.points if isinstance(shape, PointCloud) else shape.vertices
    point = [("x", "<f8"), ("y", "<f8"), ("z", "<f8")]
    answer = [(channel, "u1") for channel in ("red", "green", "blue")]
    answer += [("label", "<i4"), ("seen", "u1"), *((f"score_{k}", "<f4") for k in range(count))]
    corner = [("three", "u1"), ("a", "<i4"), ("b", "<i4"), ("c", "<i4")]
    is_cloud = isinstance(shape, PointCloud)
    vertices = np.empty(len(positions), dtype=point + answer if is_cloud else point)
    for name, column in zip("xyz", positions.T, strict=True):
        vertices[name] = column
    elements = vertices if is_cloud else np.empty(len(label), dtype=corner + answer)
    if isinstance(shape, Mesh):
        elements["three"] = 3
        for name, column in zip("abc", shape.faces.T, strict=True):
            elements[name] = column
    colours = np.vstack([palette(count), _GREY])[label]
    for name, column in zip(("red", "green", "blue"), colours.T, strict=True):
        elements[name] = column
    elements["label"], elements["seen"] = label, segmentation.seen
    for k in range(count):
        elements[f"score_{k}"] = segmentation.score[:, k]
    kinds = {"<f8": "double", "<f4": "float", "<i4": "int", "u1": "uchar"}
    answer_lines = [f"property {kinds[kind]} {name}" for name, kind in answer]
    header = ["ply", "format binary_little_endian 1.0", f"comment {FORMAT} {VERSION}"]
    header += [f"comment prompt {k} {json.dumps(prompt)}" for k, prompt in enumerate(segmentation.prompts)]
    header += [f"element vertex {len(positions)}", *(f"property double {axis}" for axis in "xyz")]
    if not is_cloud:
        header += [f"element face {len(label)}", "property list uchar int vertex_indices"]
    header += [*answer_lines, "end_header", ""]
    return "\n".join(header).encode() + vertices.tobytes() + (b"" if is_cloud else elements.tobytes())


def _obj(segmentation: Segmentation, path: Path) -> dict[Path, bytes]:
    """The files of an OBJ, the .obj last, so that it never refers to what is not there."""
    shape, label = segmentation.shape, segmentation.label
    positions = shape.points if isinstance(shape, PointCloud) else shape.vertices
    files, lines = dict[Path, bytes](), [f"# {FORMAT} {VERSION}\n"]
    texture = shape.texture if isinstance(shape, Mesh) else None
    image = texture.image_of_face if texture else np.full(len(label), -1)
    numbered = np.cumsum(np.repeat(image >= 0, 3)).reshape(-1, 3)
    if texture:
        material = path.with_suffix(".mtl")
        names = [f"{path.stem}_{k}.png" for k in range(len(texture.images))]
        entries = [f"newmtl texture_{k}\nKd 1 1 1\nmap_Kd {name}\n" for k, name in enumerate(names)]
        for name, pixels in zip(names, texture.images, strict=True):
            file = io.BytesIO()
            Image.fromarray(pixels).save(file, "PNG")
            files[path.with_name(name)] = file.getvalue()
        files[material] = "".join([*entries, "newmtl plain\nKd 0.8 0.8 0.8\n"]).encode()
        lines.append(f"mtllib {material.name}\n")
    lines.append(_lines("v %.9g %.9g %.9g\n", positions))
    if texture:
        lines.append(_lines("vt %.9g %.9g\n", texture.uv[image >= 0].reshape(-1, 2)))
    for k, name in zip((*range(len(segmentation.prompts)), -1), slugs([*segmentation.prompts, NONE]), strict=True):
        chosen = np.flatnonzero(label == k)
        if not len(chosen):
            continue
        lines.append(f"# prompt {json.dumps(segmentation.prompts[k]) if k >= 0 else None}\ng {name}\n")
        if isinstance(shape, PointCloud):
            lines.append(_lines("p %d\n", chosen[:, None] + 1))
            continue
        for index in np.unique(image[chosen]):
            faces = chosen[image[chosen] == index]
            corners = shape.faces[faces] + 1
            if texture:
                lines.append(f"usemtl {'plain' if index < 0 else f'texture_{index}'}\n")
            if index < 0:
                lines.append(_lines("f %d %d %d\n", corners))
            else:
                lines.append(_lines("f %d/%d %d/%d %d/%d\n", np.stack([corners, numbered[faces]], axis=2).reshape(-1, 6)))
    return {**files, path: "".join(lines).encode()}


def _lines(pattern: str, rows: np.ndarray) -> str:
    return pattern * len(rows) % tuple(rows.ravel().tolist())


# ---------------------------------------------------------------- GLB


@dataclass
class _Draft:
    """A glTF document that is being changed."""

    tree: dict[str, Any]
    views: list[bytes]
    """The bytes of each entry of tree["bufferViews"]."""

    def add_view(self, data: bytes, **more: Any) -> int:
        self.views.append(data)
        self.tree.setdefault("bufferViews", []).append(more)
        return len(self.views) - 1

    def add_accessor(self, rows: np.ndarray, like: Mapping[str, Any], bounds: bool = False) -> int:
        """Store rows that have the type of the accessor `like`; each is padded to four bytes, as glTF asks."""
        flat = np.ascontiguousarray(rows).view(np.uint8).reshape(len(rows), rows.shape[1] * rows.itemsize)
        padding = -flat.shape[1] % 4
        stride = {"byteStride": flat.shape[1] + padding} if padding else {}
        view = self.add_view(np.pad(flat, ((0, 0), (0, padding))).tobytes(), target=34962, **stride)
        return self._accessor(view, len(rows), like, rows if bounds else None)

    def add_indices(self, values: Int[np.ndarray, " k"]) -> int:
        kind, dtype = (5125, "<u4") if values.max(initial=0) > 65534 else (5123, "<u2")
        view = self.add_view(values.astype(dtype).tobytes(), target=34963)
        return self._accessor(view, len(values), {"componentType": kind, "type": "SCALAR"})

    def _accessor(self, view: int, count: int, like: Mapping[str, Any], rows: np.ndarray | None = None) -> int:
        kept = {key: like[key] for key in ("componentType", "type", "normalized") if key in like}
        bounds = {} if rows is None else {"min": rows.min(axis=0).tolist(), "max": rows.max(axis=0).tolist()}
        self.tree.setdefault("accessors", []).append({"bufferView": view, "count": count, **kept, **bounds})
        return len(self.tree["accessors"]) - 1

    def to_bytes(self) -> bytes:
        """The document as a .glb file, without what nothing refers to any more."""
        tree = self.tree
        _drop_unused(tree, "meshes", [(node, "mesh") for node in tree.get("nodes", ()) if "mesh" in node])
        _drop_unused(tree, "accessors", list(accessor_slots(tree)))
        views = tree.pop("bufferViews", [])
        slots = list(view_slots(tree))
        used = sorted({slot[key] for slot, key in slots})
        tree["bufferViews"], blob = views, bytearray()
        _drop_unused(tree, "bufferViews", slots)
        kept = []
        for index in used:
            blob += bytes(-len(blob) % 4)
            fields = {key: views[index][key] for key in ("byteStride", "target", "name") if key in views[index]}
            kept.append({"buffer": 0, "byteOffset": len(blob), "byteLength": len(self.views[index]), **fields})
            blob += self.views[index]
        blob += bytes(-len(blob) % 4)
        tree["bufferViews"], tree["buffers"] = kept, [{"byteLength": len(blob)}]
        text = json.dumps(_plain(tree), separators=(",", ":"), allow_nan=False).encode()
        text += b" " * (-len(text) % 4)
        head = struct.pack("<4sIIII", b"glTF", 2, 28 + len(text) + len(blob), len(text), 0x4E4F534A)
        return b"".join([head, text, struct.pack("<II", len(blob), 0x004E4942), blob])


def _drop_unused(tree: dict[str, Any], kind: str, slots: list[tuple[Any, Any]]) -> None:
    """Keep the entries of `tree[kind]` that a slot names, and renumber the slots."""
    used = sorted({slot[key] for slot, key in slots})
    renumbered = {old: new for new, old in enumerate(used)}
    for slot, key in slots:
        slot[key] = renumbered[slot[key]]
    tree[kind] = [tree[kind][index] for index in used]
    if not used:
        del tree[kind]


def _glb(segmentation: Segmentation) -> bytes:
    if isinstance(segmentation.shape, PointCloud):
        return _cloud_draft(segmentation, segmentation.shape).to_bytes()
    gltf, origin = _document(segmentation.shape)
    views = [bytes(gltf.view(index)) for index in range(len(gltf.tree.get("bufferViews", ())))]
    draft = _Draft(copy.deepcopy(gltf.tree), views)
    _embed_images(draft, gltf)
    _split(draft, gltf, origin, segmentation)
    _sign(draft.tree, segmentation)
    return draft.to_bytes()


def _sign(tree: dict[str, Any], segmentation: Segmentation) -> None:
    asset = tree.setdefault("asset", {"version": "2.0"})
    answer = {"format": FORMAT, "version": VERSION, "prompts": segmentation.prompts, "record": segmentation.record}
    asset["extras"] = _extras(asset, answer)


def _extras(holder: Mapping[str, Any], answer: Mapping[str, Any]) -> dict[str, Any]:
    kept = holder.get("extras")
    return {**(kept if isinstance(kept, dict) else {}), "meronym": answer}


def _document(mesh: Mesh) -> tuple[Gltf, FaceOrigin]:
    """The glTF that a mesh was read from, or one made for it, and where its faces are in there."""
    folder = Folder(Path(), Limits())
    if mesh.scene is None or mesh.face_origin is None:
        scene, origin = _new_scene(mesh)
    elif GLTF in mesh.scene.metadata:
        return mesh.scene.metadata[GLTF], mesh.face_origin
    else:
        scene, origin = _linear_scene(mesh.scene), mesh.face_origin
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return read_gltf(scene.export(file_type="glb"), folder), origin


def _new_scene(mesh: Mesh) -> tuple[trimesh.Scene, FaceOrigin]:
    """A scene for a mesh that no file stands behind: one node per image."""
    scene = trimesh.Scene()
    image = mesh.texture.image_of_face if mesh.texture else np.full(len(mesh.faces), -1)
    images = mesh.texture.images if mesh.texture else ()
    found, node_of_face = np.unique(image, return_inverse=True)
    names = tuple("mesh" if len(found) == 1 else f"mesh{index + 1}" for index in found)
    face_in_node = np.zeros(len(image), dtype=np.int64)
    for k, name in enumerate(names):
        chosen = np.flatnonzero(node_of_face == k)
        face_in_node[chosen] = np.arange(len(chosen))
        vertices, faces, colour, uv = mesh.vertices, mesh.faces[chosen], None, None
        if mesh.corner_colour is not None or found[k] >= 0:
            vertices, faces = vertices[faces].reshape(-1, 3), np.arange(3 * len(faces)).reshape(-1, 3)
            if mesh.corner_colour is not None:
                colour = _linear(mesh.corner_colour[chosen].reshape(-1, 3))
            if mesh.texture is not None and found[k] >= 0:
                uv = mesh.texture.uv[chosen].reshape(-1, 2)
        piece = Piece(name, vertices, faces, np.arange(len(vertices)), colour, uv=uv, image=int(found[k]))
        scene.add_geometry(as_trimesh(piece, images), node_name=name, geom_name=name)
    return scene, FaceOrigin(names, node_of_face, face_in_node)


def _linear_scene(scene: trimesh.Scene) -> trimesh.Scene:
    """A copy of the scene with linear colours, as glTF has them, and images that are stored without loss."""
    scene = scene.copy()
    for geometry in scene.geometry.values():
        visual: Any = getattr(geometry, "visual", None)
        if isinstance(visual, TextureVisuals):
            diffuse = getattr(visual.material, "kwargs", {}).get("kd")
            material = visual.material = visual.material.to_pbr()
            material.baseColorFactor = None if diffuse is None else [*_linear(np.array(diffuse[:3])), 1.0]
            if material.baseColorTexture is not None:
                material.baseColorTexture = material.baseColorTexture.copy()
        elif visual is not None and visual.kind in ("vertex", "face"):
            rgba = np.array(visual.vertex_colors)
            rgba[:, :3] = (_linear(rgba[:, :3] / 255) * 255).round()
            visual.vertex_colors = rgba
    return scene


def _linear(srgb: np.ndarray) -> np.ndarray:
    """IEC 61966-2-1, inverse."""
    return np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)


def _embed_images(draft: _Draft, gltf: Gltf) -> None:
    """Move the images that lie beside a .gltf file into the document, byte for byte."""
    for index, image in enumerate(draft.tree.get("images", ())):
        if "uri" not in image or image["uri"].startswith("data:"):
            continue
        data = gltf.image(index)
        if data is not None:
            image.setdefault("mimeType", _MIME.get(data[:4], "image/jpeg"))
            image["bufferView"] = draft.add_view(data)
            del image["uri"]


def _split(draft: _Draft, gltf: Gltf, origin: FaceOrigin, segmentation: Segmentation) -> None:
    """Give every node that shows faces one child per part, named by its prompt; the node keeps all the rest."""
    tree, by_name = draft.tree, {instance.name: instance for instance in instances(gltf)}
    groups: dict[int, dict[int, list[tuple[int, np.ndarray]]]] = {item.node: {} for item in by_name.values()}
    order = np.lexsort((segmentation.label, origin.node_of_face))
    key = origin.node_of_face[order] * (len(segmentation.prompts) + 1) + segmentation.label[order]
    for elements in np.split(order, np.flatnonzero(np.diff(key)) + 1) if len(order) else ():
        instance = by_name[origin.nodes[origin.node_of_face[elements[0]]]]
        label = int(segmentation.label[elements[0]])
        groups[instance.node].setdefault(label, []).append((instance.primitive, elements))
    shared = dict[tuple[int, int, bytes], int]()
    children: list[dict[str, Any]] = []
    for index, parts in groups.items():
        node = tree["nodes"][index]
        source, skin = node.pop("mesh"), node.pop("skin", None)
        weights = node.pop("weights", None)
        mesh = tree["meshes"][source]
        others = [primitive for primitive in mesh["primitives"] if primitive.get("mode", 4) not in (4, 5, 6)]
        if others:
            tree["meshes"].append({**mesh, "primitives": copy.deepcopy(others)})
            node["mesh"] = len(tree["meshes"]) - 1
        added = []
        for label in sorted(parts, key=lambda label: (label < 0, label)):
            name = segmentation.prompts[label] if label >= 0 else NONE
            chosen = [(primitive, origin.face_in_node[elements]) for primitive, elements in parts[label]]
            same = (source, label, b"".join(struct.pack("<q", k) + faces.tobytes() for k, faces in chosen))
            if same not in shared:
                cut = [_cut(draft, gltf, mesh["primitives"][k], faces) for k, faces in chosen]
                extras = _extras(mesh, {"prompt": name if label >= 0 else None})
                tree["meshes"].append({**copy.deepcopy(mesh), "name": name, "extras": extras, "primitives": cut})
                shared[same] = len(tree["meshes"]) - 1
            summary = _summary(segmentation, np.concatenate([elements for _, elements in parts[label]]), label)
            child = {"name": name, "mesh": shared[same], "extras": {"meronym": summary}}
            child |= {key: value for key, value in (("skin", skin), ("weights", weights)) if value is not None}
            added.append(len(tree["nodes"]) + len(children))
            children.append(child)
        node["children"] = [*node.get("children", ()), *added]
        if not node["children"]:
            del node["children"]
        _retarget(tree, index, added)
    taken = {name for node in tree["nodes"] if isinstance(name := node.get("name"), str)}
    for child, name in zip(children, unique([child["name"] for child in children], taken), strict=True):
        child["name"] = name
    tree["nodes"].extend(children)


def _cut(draft: _Draft, gltf: Gltf, primitive: dict[str, Any], chosen: Int[np.ndarray, " k"]) -> dict[str, Any]:
    """A primitive with some of its faces, and only the vertices that these use."""
    faces = triangles(gltf, primitive)
    if faces is None:
        raise InputError("the shape's faces and its file do not fit together. Read the file again.")
    if np.array_equal(chosen, np.arange(len(faces))):
        return copy.deepcopy(primitive)
    used, inverse = np.unique(faces[chosen], return_inverse=True)

    def rows(group: Mapping[str, int]) -> dict[str, int]:
        return {
            name: draft.add_accessor(gltf.rows(index)[used], gltf.item("accessors", index), name == "POSITION")
            for name, index in group.items()
        }

    result = copy.deepcopy({key: value for key, value in primitive.items() if key not in ("mode", "targets")})
    result.get("extensions", {}).pop("KHR_draco_mesh_compression", None)
    result["attributes"] = rows(primitive["attributes"])
    result["indices"] = draft.add_indices(inverse.ravel())
    if "targets" in primitive:
        result["targets"] = [rows(target) for target in primitive["targets"]]
    return result


def _retarget(tree: Mapping[str, Any], node: int, children: list[int]) -> None:
    """Let the animations of a node's morph weights drive the children that its mesh has moved to."""
    for animation in tree.get("animations", ()):
        channels = []
        for channel in animation["channels"]:
            target = channel["target"]
            moved = target.get("node") == node and target.get("path") == "weights"
            channels += [{**channel, "target": {**target, "node": c}} for c in children] if moved else [channel]
        animation["channels"] = channels


def _cloud_draft(segmentation: Segmentation, cloud: PointCloud) -> _Draft:
    """A new document with one node of points per part."""
    draft = _Draft({"asset": {"version": "2.0"}, "scene": 0, "scenes": [{"nodes": []}], "nodes": [], "meshes": []}, [])
    vector = {"componentType": 5126, "type": "VEC3"}
    for k in (*range(len(segmentation.prompts)), -1):
        chosen = np.flatnonzero(segmentation.label == k)
        if not len(chosen):
            continue
        name = segmentation.prompts[k] if k >= 0 else NONE
        attributes = {"POSITION": draft.add_accessor(cloud.points[chosen].astype("<f4"), vector, bounds=True)}
        if cloud.colour is not None:
            attributes["COLOR_0"] = draft.add_accessor(_linear(cloud.colour[chosen]).astype("<f4"), vector)
        if cloud.normal is not None:
            attributes["NORMAL"] = draft.add_accessor(cloud.normal[chosen].astype("<f4"), vector)
        draft.tree["scenes"][0]["nodes"].append(len(draft.tree["nodes"]))
        extras = {"meronym": _summary(segmentation, chosen, k)}
        draft.tree["nodes"].append({"name": name, "mesh": len(draft.tree["meshes"]), "extras": extras})
        draft.tree["meshes"].append({"name": name, "primitives": [{"attributes": attributes, "mode": 0}]})
    _sign(draft.tree, segmentation)
    return draft
