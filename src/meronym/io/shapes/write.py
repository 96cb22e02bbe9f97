"""Writes an answer: the same GLB with one named node per part, PLY, OBJ, NPZ or JSON."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import trimesh
from jaxtyping import Float
from PIL import Image

from meronym.errors import InputError
from meronym.io.files import atomic, check_target, slugs
from meronym.io.limits import Limits, read_npz
from meronym.io.shapes.gltf_write import write_glb
from meronym.io.summary import FORMAT, NONE, VERSION, as_json, part_summary
from meronym.results import Segmentation
from meronym.types import FaceOrigin, Mesh, PointCloud, Shape, Textures
from meronym.viz.palette import palette

_GREY = (150, 150, 150)


def save(segmentation: Segmentation, path: str | Path) -> Path:
    """Write a result; the ending chooses the format: .glb .ply .obj .npz .json.

    An .obj comes with an .mtl and images beside it if the shape has textures.

    Raises: InputError for another ending, a place that cannot be written to, or if `path` is the shape's own file.
    """
    path = Path(path)
    writers = {".glb": write_glb, ".ply": _ply, ".npz": _npz, ".json": _json}
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
    return trimesh.load_scene(io.BytesIO(write_glb(segmentation)), file_type="glb")


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
        record=json.dumps(as_json(segmentation.record.as_dict()), allow_nan=False),
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
            {**part_summary(segmentation, np.flatnonzero(label == k), k), "share": size[label == k].sum() / size.sum()}
            for k in (*range(len(segmentation.prompts)), -1)
        ],
        "labels": np.stack([label[starts], runs], axis=1),
        "record": segmentation.record.as_dict(),
    }
    return json.dumps(as_json(document), allow_nan=False, ensure_ascii=False).encode("utf-8", "backslashreplace") + b"\n"


def _areas(mesh: Mesh) -> Float[np.ndarray, " f"]:
    a, b, c = (mesh.vertices[mesh.faces[:, k]] for k in range(3))
    area: np.ndarray = np.linalg.norm(np.cross(b - a, c - a), axis=1) / 2
    return area


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
