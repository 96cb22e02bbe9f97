"""Writes a result as OBJ with one group per part; materials, normals and polygons of the shape's file are kept."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
from jaxtyping import Bool, Float, Int

from meronym.core.colour import linear_from_srgb
from meronym.core.gaussians import as_points
from meronym.core.prompts import slugs, unique
from meronym.io.documents import FORMAT, NONE, VERSION
from meronym.io.images import suffix_of
from meronym.io.shapes.polygons import outlines
from meronym.io.shapes.rows import distinct
from meronym.io.shapes.submesh import image_file, srgb_of
from meronym.results import Segmentation
from meronym.types import Mesh, NamedMaterial, PointCloud


def obj_files(result: Segmentation, path: Path) -> dict[Path, bytes]:
    """The files of an OBJ: images and .mtl if there are materials; the .obj last, so that all that it refers to is there."""
    shape = as_points(result.shape)
    if isinstance(shape, PointCloud):
        return {path: "".join(_cloud_lines(result, shape)).encode()}
    files, materials = _materials(shape, path)
    lines = [f"# {FORMAT} {VERSION}\n", *(f"mtllib {path.with_suffix('.mtl').name}\n" for _ in materials[:1])]
    return {**files, path: "".join([*lines, *_mesh_lines(result, shape, materials)]).encode()}


def _cloud_lines(result: Segmentation, cloud: PointCloud) -> list[str]:
    lines = [f"# {FORMAT} {VERSION}\n", _vertex_lines(cloud.points, cloud.colour)]
    for k, heading in _headings(result):
        chosen = np.flatnonzero(result.label == k)
        lines += [heading, _lines("p %d\n", chosen[:, None] + 1)] if len(chosen) else []
    return lines


def _mesh_lines(result: Segmentation, mesh: Mesh, materials: list[tuple[int, int, str]]) -> list[str]:
    finish, count = mesh.finish, len(mesh.faces)
    places, colour, vertex, tint = mesh.vertices, None, mesh.faces.reshape(-1), _tint(mesh)
    if tint is not None:
        first, vertex = distinct(mesh.faces.reshape(-1, 1), tint.reshape(-1, 3))
        places, colour = mesh.vertices[mesh.faces.reshape(-1)[first]], tint.reshape(-1, 3)[first]
    lines = [_vertex_lines(places, colour)]
    numbered = np.zeros((3 * count, 3), dtype=np.int64)
    numbered[:, 0] = vertex + 1
    kind, of_face = np.full(count, -1), np.full(count, -1)
    if mesh.texture is not None:
        of_face = mesh.texture.image_of_face
        numbered[:, 1] = _attribute(lines, "vt %.9g %.9g\n", mesh.texture.uv, of_face >= 0)
    if finish is not None and finish.normal is not None:
        numbered[:, 2] = _attribute(lines, "vn %.6g %.6g %.6g\n", finish.normal, _said(finish.normal))
    for index, (material, image, _) in enumerate(materials):
        kind[(of_face == image) & ((-1 if finish is None else finish.material) == material)] = index
    polygon, corner = _whole_polygons(result.label, kind, mesh), distinct(numbered)[1].reshape(-1, 3)
    row = np.empty((corner.max(initial=0) + 1, 3), dtype=np.int64)
    row[corner.reshape(-1)] = numbered
    for k, heading in _headings(result):
        chosen = np.flatnonzero(result.label == k)
        lines += [heading] if len(chosen) else []
        for index in np.unique(kind[chosen]).tolist():
            own = chosen[kind[chosen] == index]
            lines += [f"usemtl {materials[index][2]}\n"] if materials else []
            corners, sizes = outlines(corner[own], polygon[own])
            lines.append(_face_lines(row[corners], sizes))
    return lines


def _headings(result: Segmentation) -> list[tuple[int, str]]:
    """Of each part, those that are none of the prompts last: its label, and the lines that begin its group."""
    names = slugs([*result.prompts, NONE])
    said = [json.dumps(prompt) for prompt in result.prompts] + ["None"]
    labels = [*range(len(result.prompts)), -1]
    return [(k, f"# prompt {text}\ng {name}\n") for k, text, name in zip(labels, said, names, strict=True)]


def _vertex_lines(places: Float[np.ndarray, "v 3"], colour: Float[np.ndarray, "v 3"] | None) -> str:
    """Vertices to a ten-millionth of their extent, with their colours."""
    extent, far = float(np.ptp(places, axis=0).max()), float(np.abs(places).max())
    digits = min(max(9, math.ceil(math.log10(max(far / extent, 1))) + 8), 17) if extent > 0 else 17
    pattern = f"v %.{digits}g %.{digits}g %.{digits}g"
    if colour is None:
        return _lines(pattern + "\n", places)
    return _lines(pattern + " %.4g %.4g %.4g\n", np.concatenate([places, colour], axis=1))


def _tint(mesh: Mesh) -> Float[np.ndarray, "f 3 3"] | None:
    """Colours of corners that materials don't say, sRGB; None if there are none."""
    if mesh.corner_colour is None:
        return None
    linear = linear_from_srgb(mesh.corner_colour.astype(np.float64))
    if mesh.finish is not None:
        table = [one.colour or (1.0, 1.0, 1.0) for one in mesh.finish.materials] + [(1.0, 1.0, 1.0)]
        diffuse = linear_from_srgb(np.array(table))[mesh.finish.material][:, None]
        linear = np.divide(linear, diffuse, out=np.ones_like(linear), where=diffuse > 0).clip(0, 1)
    return None if (linear > 1 - 1e-4).all() else srgb_of(linear.reshape(-1, 3)).reshape(-1, 3, 3).round(4)


def _said(normal: Float[np.ndarray, "f 3 3"]) -> Bool[np.ndarray, " f"]:
    """The faces that have a normal at each corner."""
    said: np.ndarray = np.all(np.any(normal, axis=2), axis=1)
    return said


def _attribute(lines: list[str], pattern: str, values: Float[np.ndarray, "f 3 c"], said: np.ndarray) -> Int[np.ndarray, " n"]:
    """Add the lines of what corners have, each value once; returns its line's number for each corner, 0 where not `said`."""
    result = np.zeros((len(values), 3), dtype=np.int64)
    if said.any():
        flat = values[said].reshape(-1, values.shape[2]).astype(np.float32)
        first, inverse = distinct(flat)
        lines.append(_lines(pattern, flat[first]))
        result[said] = inverse.reshape(-1, 3) + 1
    return result.reshape(-1)


def _whole_polygons(label: Int[np.ndarray, " f"], kind: Int[np.ndarray, " f"], mesh: Mesh) -> Int[np.ndarray, " f"]:
    """The polygon of each face; a number of its own for one whose polygon has several parts or materials."""
    own = np.arange(len(label))
    if mesh.finish is None:
        return own
    _, polygon = np.unique(mesh.finish.polygon, return_inverse=True)
    start = np.zeros(polygon.max(initial=0) + 1, dtype=np.int64)
    start[polygon[::-1]] = own[::-1]
    alike = (label == label[start[polygon]]) & (kind == kind[start[polygon]])
    broken = np.bincount(polygon, ~alike) > 0
    return np.where(broken[polygon], len(start) + own, polygon)


def _face_lines(corners: Int[np.ndarray, "c 3"], sizes: Int[np.ndarray, " p"]) -> str:
    """Polygons whose corners are numbers of vertex, texture coordinate and normal, 0 = none."""
    starts = np.cumsum(sizes) - sizes
    said = corners[starts, 1:] > 0
    lines = []
    for mapped, shaded in np.unique(said, axis=0).tolist():
        corner = " %d" + ("/%d" if mapped else "/" if shaded else "") + ("/%d" if shaded else "")
        chosen = (said == (mapped, shaded)).all(axis=1)
        patterns = {size: "f" + corner * size + "\n" for size in np.unique(sizes[chosen]).tolist()}
        columns = corners[np.repeat(chosen, sizes)][:, [True, mapped, shaded]]
        lines.append("".join([patterns[size] for size in sizes[chosen].tolist()]) % tuple(columns.ravel().tolist()))
    return "".join(lines)


def _lines(pattern: str, rows: np.ndarray) -> str:
    return pattern * len(rows) % tuple(rows.ravel().tolist())


# ---------------------------------------------------------------- materials


def _materials(mesh: Mesh, path: Path) -> tuple[dict[Path, bytes], list[tuple[int, int, str]]]:
    """The .mtl file and images; and of each material its number in the mesh's finish, its image (-1 = none) and its name."""
    images = mesh.texture.images if mesh.texture else ()
    image = np.full(len(mesh.faces), -1) if mesh.texture is None else mesh.texture.image_of_face
    material = np.full(len(mesh.faces), -1) if mesh.finish is None else mesh.finish.material
    used = np.unique(np.stack([material, image], axis=1), axis=0).tolist()
    if not images and (mesh.finish is None or not mesh.finish.materials):
        return {}, []
    known = [mesh.finish.materials[k] if mesh.finish and k >= 0 else _plain(index) for k, index in used]
    names = unique([" ".join(one.name.split()) or "material" for one in known])
    data = {index: image_file(mesh.texture, index) for index in sorted({index for _, index in used} - {-1}) if mesh.texture}
    name_of = {index: f"{path.stem}_{index}{suffix_of(data[index])}" for index in data}
    files = {path.with_name(name_of[index]): data[index] for index in data}
    entries = []
    for (_, index), one, name in zip(used, known, names, strict=True):
        entries.append(f"newmtl {name}\n" + ("" if one.colour is None else "Kd {:.6g} {:.6g} {:.6g}\n".format(*one.colour)))
        entries += [f"d {one.alpha:.6g}\n"] if one.alpha < 1 else []
        if index >= 0:
            maps = ("map_Kd", "map_d") if images[index].shape[2] == 4 else ("map_Kd",)
            entries += [f"{keyword} {name_of[index]}\n" for keyword in maps]
    files[path.with_suffix(".mtl")] = "".join(entries).encode()
    return files, [(k, index, name) for (k, index), name in zip(used, names, strict=True)]


def _plain(image: int) -> NamedMaterial:
    """The material of faces that have none, by their image."""
    return NamedMaterial(f"texture_{image}", (1.0, 1.0, 1.0)) if image >= 0 else NamedMaterial("plain", (0.8, 0.8, 0.8))
