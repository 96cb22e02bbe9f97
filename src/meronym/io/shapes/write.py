"""Writes a result to a file: the GLB that it was read from with one named node per part, or another of `ENDINGS`."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from functools import partial
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import trimesh

from meronym.core.geometry import face_normals
from meronym.core.prompts import slugs
from meronym.errors import InputError, MissingExtra
from meronym.io.archive import write_npz
from meronym.io.documents import FORMAT, NONE, VERSION, json_bytes, part_summary
from meronym.io.files import check_target, write_file
from meronym.io.images import png
from meronym.io.shapes.gltf_write import write_glb
from meronym.io.shapes.three_mf_write import write_3mf
from meronym.io.shapes.urdf import write_urdf
from meronym.io.shapes.usd_write import write_usd
from meronym.results import Segmentation
from meronym.types import Mesh, PointCloud
from meronym.viz.palette import NONE_COLOUR, palette

Writer = Callable[[Segmentation, Path], dict[Path, bytes]]
"""Gives the contents of a file and of those beside it, in the order in which they are written."""
FOLDER = ("parts.glb", "parts.ply", "result.npz", "parts.json")
"""The files of a shape's folder, in the order in which they are written; a point cloud has no parts.glb."""


def save_file(result: Segmentation, path: Path, *, capped: bool = False) -> Path:
    """Write a result; the ending chooses the format, one of `ENDINGS`.

    An .obj comes with an .mtl and images beside it if the shape has textures, a .usda or .usdc with images, a
    .urdf with meshes. With `capped`, the parts in a .3mf are closed surfaces, to be printed.

    Raises: InputError for another ending, a place that cannot be written to, or if `path` is the shape's own file;
    MissingExtra if what writes the format is not installed.
    """
    check_ending(path, capped)
    check_target(path, result.shape.source)
    write = partial(write_3mf, close=True) if capped else _WRITERS[path.suffix.lower()]
    for target, content in write(result, path).items():
        write_file(target, content)
    return path


def check_ending(path: Path, capped: bool = False) -> None:
    """Check that results can be written to such files before time is spent on them.

    Raises: InputError if results, or parts that are `capped`, are not; MissingExtra.
    """
    ending = path.suffix.lower()
    if capped and ending != ".3mf":
        raise InputError(f"{path}: parts are capped in .3mf files only. Name one, or leave capped out.")
    if ending not in ENDINGS:
        raise InputError(
            f"{path}: results are not written as {ending!r}. Use {' '.join(ENDINGS)}, or a folder's name, which has no ending."
        )
    if ending in _USD and find_spec("pxr") is None:
        raise MissingExtra(f"writing {ending}", "usd-core", "formats")
    if capped and find_spec("manifold3d") is None:
        raise MissingExtra("capping parts", "manifold3d", "formats")


def save_shape(result: Segmentation, folder: Path) -> Path:
    """Write the files of a shape's folder, which must exist; those of an earlier result in it are replaced.

    parts.json comes last, so that where it is, all are there.

    Raises: InputError if the place cannot be written to, or a file would be the shape's own.
    """
    for name in FOLDER:
        check_target(folder / name, result.shape.source)
    for name in reversed(FOLDER):
        (folder / name).unlink(missing_ok=True)
    for name in FOLDER:
        if name != "parts.glb" or isinstance(result.shape, Mesh):
            save_file(result, folder / name)
    return folder


def to_trimesh(result: Segmentation) -> trimesh.Scene:
    """The shape as a trimesh scene with one named node per part; hierarchy, materials and textures are kept."""
    return trimesh.load_scene(io.BytesIO(write_glb(result)), file_type="glb")


# ---------------------------------------------------------------- JSON, PLY, OBJ


def _json(result: Segmentation) -> bytes:
    label, shape = result.label, result.shape
    size = np.ones(len(label)) if isinstance(shape, PointCloud) else face_normals(shape.vertices, shape.faces)[1]
    starts = np.flatnonzero(np.diff(label, prepend=-2))
    runs = np.diff(starts, append=len(label))
    document = {
        "format": FORMAT,
        "version": VERSION,
        "source": shape.source and shape.source.name,
        "element": "point" if isinstance(shape, PointCloud) else "face",
        "count": len(label),
        "prompts": result.prompts,
        "parts": [
            {
                **part_summary(result, np.flatnonzero(label == k), k),
                "share": size[label == k].sum() / (size.sum() or 1),
                "instances": [one._asdict() for one in result.named_instances(result.prompts[k])] if k >= 0 else [],
            }
            for k in (*range(len(result.prompts)), -1)
        ],
        "labels": np.stack([label[starts], runs], axis=1),
        "record": result.record.as_dict(),
    }
    return json_bytes(document)


def _ply(result: Segmentation) -> bytes:
    shape, label, count = result.shape, result.label, len(result.prompts)
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
    colours = np.vstack([palette(count), NONE_COLOUR])[label]
    for name, column in zip(("red", "green", "blue"), colours.T, strict=True):
        elements[name] = column
    elements["label"], elements["seen"] = label, result.seen
    for k in range(count):
        elements[f"score_{k}"] = result.score[:, k]
    kinds = {"<f8": "double", "<f4": "float", "<i4": "int", "u1": "uchar"}
    answer_lines = [f"property {kinds[kind]} {name}" for name, kind in answer]
    header = ["ply", "format binary_little_endian 1.0", f"comment {FORMAT} {VERSION}"]
    header += [f"comment prompt {k} {json.dumps(prompt)}" for k, prompt in enumerate(result.prompts)]
    header += [f"element vertex {len(positions)}", *(f"property double {axis}" for axis in "xyz")]
    if not is_cloud:
        header += [f"element face {len(label)}", "property list uchar int vertex_indices"]
    header += [*answer_lines, "end_header", ""]
    return "\n".join(header).encode() + vertices.tobytes() + (b"" if is_cloud else elements.tobytes())


def _obj(result: Segmentation, path: Path) -> dict[Path, bytes]:
    """The files of an OBJ, the .obj last, so that it never refers to what is not there."""
    shape, label = result.shape, result.label
    positions = shape.points if isinstance(shape, PointCloud) else shape.vertices
    files, lines = dict[Path, bytes](), [f"# {FORMAT} {VERSION}\n"]
    texture = shape.texture if isinstance(shape, Mesh) else None
    image = texture.image_of_face if texture else np.full(len(label), -1)
    numbered = np.cumsum(np.repeat(image >= 0, 3)).reshape(-1, 3)
    if texture:
        material = path.with_suffix(".mtl")
        names = [f"{path.stem}_{k}.png" for k in range(len(texture.images))]
        entries = [
            f"newmtl texture_{k}\nKd 1 1 1\nmap_Kd {name}\n" + (f"map_d {name}\n" if image.shape[2] == 4 else "")
            for k, (name, image) in enumerate(zip(names, texture.images, strict=True))
        ]
        for name, pixels in zip(names, texture.images, strict=True):
            files[path.with_name(name)] = png(pixels)
        files[material] = "".join([*entries, "newmtl plain\nKd 0.8 0.8 0.8\n"]).encode()
        lines.append(f"mtllib {material.name}\n")
    lines.append(_lines("v %.9g %.9g %.9g\n", positions))
    if texture:
        lines.append(_lines("vt %.9g %.9g\n", texture.uv[image >= 0].reshape(-1, 2)))
    for k, name in zip((*range(len(result.prompts)), -1), slugs([*result.prompts, NONE]), strict=True):
        chosen = np.flatnonzero(label == k)
        if not len(chosen):
            continue
        lines.append(f"# prompt {json.dumps(result.prompts[k]) if k >= 0 else None}\ng {name}\n")
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


def _alone(content: Callable[[Segmentation], bytes]) -> Writer:
    """The writer of a format that needs one file."""
    return lambda result, path: {path: content(result)}


_USD = (".usdz", ".usda", ".usdc")
_WRITERS: dict[str, Writer] = {
    ".glb": _alone(write_glb),
    ".ply": _alone(_ply),
    ".obj": _obj,
    ".3mf": write_3mf,
    **dict.fromkeys(_USD, write_usd),
    ".urdf": write_urdf,
    ".npz": lambda result, path: {path: write_npz(result, path.parent)},
    ".json": _alone(_json),
}
ENDINGS = tuple(_WRITERS)
"""Of the files that results are written to."""


def _lines(pattern: str, rows: np.ndarray) -> str:
    return pattern * len(rows) % tuple(rows.ravel().tolist())
