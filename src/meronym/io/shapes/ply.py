"""Reads PLY files: meshes of polygons or triangle strips, and point clouds.

trimesh's reader takes neither polygons of different sizes, which Blender writes, nor strips, Latin-1 comments or several
textures.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from jaxtyping import Float, Int

from meronym.errors import InputError
from meronym.io.images import open_image, pixels
from meronym.io.shapes.clouds import sound_cloud
from meronym.io.shapes.folder import ShapeFolder
from meronym.io.shapes.join import sound_mesh
from meronym.io.shapes.ply_file import PlyFile, Rows, read_ply_file
from meronym.io.shapes.polygons import Cut, triangulate
from meronym.io.shapes.tables import unit_colours
from meronym.types import FaceOrigin, Mesh, Shape, Surface, Textures

_COLOURS = (("red", "green", "blue"), ("r", "g", "b"), ("diffuse_red", "diffuse_green", "diffuse_blue"))
_COORDINATES = (("s", "t"), ("u", "v"), ("texture_u", "texture_v"), ("texture_s", "texture_t"))
_INDICES = ("vertex_indices", "vertex_index")


def read_ply(path: Path, folder: ShapeFolder, repair: bool) -> Shape:
    """The mesh in a PLY file, or its points if it has no faces.

    Raises: InputError if it is damaged, shows no surface, or refers to what is not there (unless `repair`); LimitError.
    """
    file = read_ply_file(path.read_bytes(), folder.limits, repair)
    places, colour = _columns(file, "vertex", ("x", "y", "z")), _colours(file, "vertex")
    if places is None:
        raise InputError(f"{path.name}: expected an element 'vertex' with x, y and z. Export it again.")
    normal, name, index = _columns(file, "vertex", ("nx", "ny", "nz")), "face", _listed(file, "face", _INDICES)
    strips = _listed(file, "tristrips", _INDICES)
    if strips is not None and (index is None or not len(index.counts)):
        name, index = "tristrips", _unrolled(strips)
    if index is None or not len(index.counts):
        return sound_cloud(places, colour, _without_zeros(normal), path, repair, folder.limits)
    corner = index.values.astype(np.int64)
    bad = (corner < 0) | (corner >= len(places))
    polygon_of = np.repeat(np.arange(len(index.counts)), index.counts)
    if bad.any() and not repair:
        first = int(polygon_of[bad.argmax()])
        raise InputError(
            f"{path.name}: face {first} of {name!r} refers to vertices {corner[polygon_of == first][:9].tolist()}, but there are "
            f"{len(places)}; {len(np.unique(polygon_of[bad]))} faces are wrong. Use repair to leave them out, or export the file again."
        )
    cut = triangulate(index.counts, places[np.where(bad, 0, corner)] if len(places) else np.zeros((len(corner), 3)))
    wrong = np.isin(cut.polygon, polygon_of[bad])
    faces = np.where(wrong[:, None], 0, corner[cut.corner])
    used = np.unique(faces[~wrong])
    of_face = _colours(file, "face") if name == "face" else None
    mesh = Mesh(
        places[used],
        np.where(wrong[:, None], -1, np.searchsorted(used, faces)),
        corner_colour=_corner_colours(colour, of_face, faces, cut),
        texture=_texture(file, folder, index, faces, cut),
        source=path,
        face_origin=FaceOrigin((path.stem,), np.zeros(len(faces), dtype=np.int64), np.arange(len(faces))),
        surface=Surface((), np.full(len(faces), -1), cut.polygon, _corner_normals(_without_zeros(normal), faces)),
    )
    return sound_mesh(mesh, path.name, repair, folder.limits, folder.missing)


def _columns(file: PlyFile, element: str, names: tuple[str, ...]) -> Float[np.ndarray, "n c"] | None:
    known = file.columns.get(element, {})
    return np.stack([known[name].astype(np.float64) for name in names], axis=1) if set(names) <= set(known) else None


def _listed(file: PlyFile, element: str, names: tuple[str, ...]) -> Rows | None:
    return next((file.lists[element][name] for name in names if name in file.lists.get(element, {})), None)


def _colours(file: PlyFile, element: str) -> Float[np.ndarray, "n 3"] | None:
    for names in _COLOURS:
        found = _columns(file, element, names)
        if found is not None:
            return np.clip(np.nan_to_num(unit_colours(found, file.columns[element][names[0]].dtype)), 0, 1)
    return None


def _without_zeros(normal: Float[np.ndarray, "n 3"] | None) -> Float[np.ndarray, "n 3"] | None:
    """Normals; None if all are zero, which stands for none."""
    return normal if normal is not None and np.nan_to_num(normal).any() else None


def _unrolled(strips: Rows) -> Rows:
    """Triangle strips, which -1 parts, as triangles."""
    values = np.insert(strips.values.astype(np.int64), np.cumsum(strips.counts), -1)
    since = np.arange(len(values)) - np.maximum.accumulate(np.where(values < 0, np.arange(len(values)), -1))
    corners = np.stack([values[:-2], values[1:-1], values[2:]], axis=1)
    turned = np.where((since[2:] % 2 == 0)[:, None], corners[:, [1, 0, 2]], corners)[(corners >= 0).all(axis=1)]
    return Rows(turned.reshape(-1), np.full(len(turned), 3))


def _corner_colours(
    colour: np.ndarray | None, of_face: np.ndarray | None, faces: Int[np.ndarray, "f 3"], cut: Cut
) -> Float[np.ndarray, "f 3 3"] | None:
    if colour is not None:
        return colour[faces].astype(np.float32)
    return None if of_face is None else np.repeat(of_face[cut.polygon, None].astype(np.float32), 3, axis=1)


def _corner_normals(normal: np.ndarray | None, faces: Int[np.ndarray, "f 3"]) -> Float[np.ndarray, "f 3 3"] | None:
    if normal is None:
        return None
    length = np.linalg.norm(np.nan_to_num(normal), axis=1, keepdims=True)
    return (np.nan_to_num(normal) / np.where(length > 1e-30, length, 1))[faces].astype(np.float32)


def _texture(file: PlyFile, folder: ShapeFolder, index: Rows, faces: Int[np.ndarray, "f 3"], cut: Cut) -> Textures | None:
    """The pictures that comments name, and coordinates: those of a face's corners, or else of vertices."""
    names = [text[12:].strip() for text in file.comments if text.lower().startswith("texturefile ")]
    images, number = list[np.ndarray](), list[int]()
    for name in names:
        try:
            picture = open_image(folder.get(name), name, folder.limits)
        except FileNotFoundError:
            number.append(-1)
            continue
        number.append(len(images))
        images.append(pixels(picture, name, folder.limits))
    wedge = _listed(file, "face", ("texcoord",))
    at_vertex = next(filter(lambda found: found is not None, (_columns(file, "vertex", pair) for pair in _COORDINATES)), None)
    if wedge is not None and (wedge.counts == 2 * index.counts).all():
        uv = wedge.values.reshape(-1, 2)[cut.corner]
    elif at_vertex is not None:
        uv = at_vertex[faces]
    else:
        uv = None
    if uv is None or not images:
        return None
    stated = file.columns.get("face", {}).get("texnumber", np.zeros(len(index.counts), dtype=np.int64))[cut.polygon]
    known = (stated >= 0) & (stated < len(number))
    image = np.where(known, np.array(number)[np.where(known, stated, 0)], -1)
    return Textures(tuple(images), image, np.nan_to_num(uv).astype(np.float32))
