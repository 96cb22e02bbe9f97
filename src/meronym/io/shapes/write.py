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

from meronym.core.geometry import element_areas, face_normals
from meronym.errors import InputError, MissingExtra
from meronym.io.archive import write_npz
from meronym.io.documents import FORMAT, VERSION, element, json_bytes, part_summary
from meronym.io.files import check_target, make_folder, write_file
from meronym.io.shapes.gltf.write import write_glb
from meronym.io.shapes.obj.write import obj_files
from meronym.io.shapes.splats.write import is_part, labelled_ply, part_plys
from meronym.io.shapes.three_mf.write import write_3mf
from meronym.io.shapes.urdf import write_urdf
from meronym.io.shapes.usd.write import write_usd
from meronym.results import Segmentation
from meronym.types import Gaussians, Mesh, PointCloud
from meronym.viz.palette import NONE_COLOUR, palette

Writer = Callable[[Segmentation, Path], dict[Path, bytes]]
"""Gives the contents of a file and of those beside it, in the order in which they are written."""
FOLDER = ("parts.glb", "parts.ply", "result.npz", "parts.json")
"""The files of a shape's folder, in the order in which they are written; points and Gaussians have no parts.glb."""
OBJECTS = "objects"
"""Where in it the files of single parts are, of Gaussians."""


def save_file(result: Segmentation, path: Path, *, capped: bool = False) -> Path:
    """Write a result; the ending chooses the format, one of `ENDINGS` (.vrm is for avatars).

    An .obj comes with an .mtl and images beside it if the shape has materials or textures, a .usda or .usdc with images, a
    .urdf with meshes. Gaussians stay Gaussians in a .ply, and are their centres in other formats. With `capped`, the parts in
    a .3mf are closed surfaces, to be printed.

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

    Gaussians get a file for each part besides, in the folder objects. parts.json comes last, so that where it is, all are
    there.

    Raises: InputError if the place cannot be written to, or a file would be the shape's own.
    """
    for name in FOLDER:
        check_target(folder / name, result.shape.source)
    for name in reversed(FOLDER):
        (folder / name).unlink(missing_ok=True)
    if isinstance(result.shape, Gaussians):
        _save_parts(result, result.shape, make_folder(folder / OBJECTS))
    for name in FOLDER:
        if name != "parts.glb" or isinstance(result.shape, Mesh):
            save_file(result, folder / name)
    return folder


def _save_parts(result: Segmentation, shape: Gaussians, folder: Path) -> None:
    """Write the Gaussians of each part; what an earlier result left there goes."""
    for file in folder.glob("*.ply"):
        check_target(file, shape.source)
        if is_part(file):
            file.unlink()
    for name, content in part_plys(result, shape).items():
        write_file(folder / name, content)


def to_trimesh(result: Segmentation) -> trimesh.Scene:
    """The shape as a trimesh scene with one named node per part; hierarchy, materials and textures are kept."""
    return trimesh.load_scene(io.BytesIO(write_glb(result)), file_type="glb")


# ---------------------------------------------------------------- JSON, PLY


def _json(result: Segmentation) -> bytes:
    label, shape = result.label, result.shape
    size = face_normals(shape.vertices, shape.faces)[1] if isinstance(shape, Mesh) else element_areas(shape)
    starts = np.flatnonzero(np.diff(label, prepend=-2))
    runs = np.diff(starts, append=len(label))
    document = {
        "format": FORMAT,
        "version": VERSION,
        "source": shape.source and shape.source.name,
        "element": element(shape),
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
    if isinstance(shape, Gaussians):
        return labelled_ply(result, shape)
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


def _alone(content: Callable[[Segmentation], bytes]) -> Writer:
    """The writer of a format that needs one file."""
    return lambda result, path: {path: content(result)}


_USD = (".usdz", ".usda", ".usdc")
_WRITERS: dict[str, Writer] = {
    ".glb": _alone(write_glb),
    ".vrm": _alone(write_glb),
    ".ply": _alone(_ply),
    ".obj": obj_files,
    ".3mf": write_3mf,
    **dict.fromkeys(_USD, write_usd),
    ".urdf": write_urdf,
    ".npz": lambda result, path: {path: write_npz(result, path.parent)},
    ".json": _alone(_json),
}
ENDINGS = tuple(_WRITERS)
"""Of the files that results are written to."""
