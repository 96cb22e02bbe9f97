"""Reads PLY files: meshes of polygons or triangle strips, and point clouds.

trimesh's reader takes neither polygons of different sizes, which Blender writes, nor strips, Latin-1 comments or several
textures.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from jaxtyping import Float, Int

from meronym.errors import InputError
from meronym.io.images import open_image, pixels, storable
from meronym.io.paths import beside
from meronym.io.shapes.folder import ShapeFolder
from meronym.io.shapes.ply.file import PlyFile, Rows, read_ply_file
from meronym.io.shapes.polygon_mesh import Polygons, polygon_mesh
from meronym.io.shapes.tables import unit_colours
from meronym.types import Shape

_COLOURS = (("red", "green", "blue"), ("r", "g", "b"), ("diffuse_red", "diffuse_green", "diffuse_blue"))
_COORDINATES = (("s", "t"), ("u", "v"), ("texture_u", "texture_v"), ("texture_s", "texture_t"))
_INDICES = ("vertex_indices", "vertex_index")


def read_ply(path: Path, folder: ShapeFolder, repair: bool) -> Shape:
    """The mesh in a PLY file, or its points if it has no faces.

    Raises: InputError if it is damaged, shows no surface, or refers to what is not there (unless `repair`); LimitError.
    """
    file = read_ply_file(path.read_bytes(), folder.limits, repair)
    places, index, element = _columns(file, "vertex", ("x", "y", "z")), _listed(file, "face", _INDICES), "face"
    if places is None:
        raise InputError(f"{path.name}: expected an element 'vertex' with x, y and z. Export it again.")
    strips = _listed(file, "tristrips", _INDICES)
    if strips is not None and (index is None or not len(index.counts)):
        index, element = _unrolled(strips), "tristrips"
    sizes, corner = (np.zeros(0, dtype=np.int64),) * 2 if index is None else (index.counts, index.values.astype(np.int64))
    pictures, files, number = _pictures(file, folder)
    stated = file.columns.get(element, {}).get("texnumber", np.zeros(len(sizes), dtype=np.int64))
    polygons = Polygons(
        places,
        sizes,
        corner,
        colour=_colours(file, "vertex"),
        normal=_columns(file, "vertex", ("nx", "ny", "nz")),
        polygon_colour=_colours(file, "face") if element == "face" else None,
        images=pictures,
        files=files,
        image=number[np.clip(stated, 0, len(number) - 1)] if pictures else None,
        uv=_coordinates(file, sizes, np.clip(corner, 0, max(len(places) - 1, 0))),
    )
    return polygon_mesh(polygons, path, folder, repair)


def _columns(file: PlyFile, element: str, names: tuple[str, ...]) -> Float[np.ndarray, "n c"] | None:
    known = file.columns.get(element, {})
    return np.stack([known[name].astype(np.float64) for name in names], axis=1) if set(names) <= set(known) else None


def _listed(file: PlyFile, element: str, names: tuple[str, ...]) -> Rows | None:
    return next((file.lists[element][name] for name in names if name in file.lists.get(element, {})), None)


def _colours(file: PlyFile, element: str) -> Float[np.ndarray, "n 3"] | None:
    for names in _COLOURS:
        found = _columns(file, element, names)
        if found is not None:
            colours: np.ndarray = np.nan_to_num(unit_colours(found, file.columns[element][names[0]].dtype))
            return colours.clip(0, 1)
    return None


def _unrolled(strips: Rows) -> Rows:
    """Triangle strips, which -1 parts, as triangles."""
    values = np.insert(strips.values.astype(np.int64), np.cumsum(strips.counts), -1)
    since = np.arange(len(values)) - np.maximum.accumulate(np.where(values < 0, np.arange(len(values)), -1))
    corners = np.stack([values[:-2], values[1:-1], values[2:]], axis=1)
    turned = np.where((since[2:] % 2 == 0)[:, None], corners[:, [1, 0, 2]], corners)[(corners >= 0).all(axis=1)]
    return Rows(turned.reshape(-1), np.full(len(turned), 3))


def _pictures(
    file: PlyFile, folder: ShapeFolder
) -> tuple[tuple[np.ndarray, ...], tuple[bytes | None, ...], Int[np.ndarray, " t"]]:
    """The pictures that comments name and that are there, and their files; for each comment its picture, -1 = missing."""
    images, files, number = list[np.ndarray](), list[bytes | None](), list[int]()
    for name in (beside(text[12:].strip()) for text in file.comments if text.lower().startswith("texturefile ")):
        try:
            data = folder.get(name)
            images.append(pixels(open_image(data, name, folder.limits), name, folder.limits))
            files.append(storable(data))
            number.append(len(images) - 1)
        except FileNotFoundError:
            number.append(-1)
    return tuple(images), tuple(files), np.array(number, dtype=np.int64)


def _coordinates(file: PlyFile, sizes: Int[np.ndarray, " p"], corner: Int[np.ndarray, " c"]) -> Float[np.ndarray, "c 2"] | None:
    """Texture coordinates: those of a face's corners, or else of vertices."""
    wedge = _listed(file, "face", ("texcoord",))
    if wedge is not None and np.array_equal(wedge.counts, 2 * sizes):
        return wedge.values.reshape(-1, 2).astype(np.float64)
    found = (_columns(file, "vertex", pair) for pair in _COORDINATES)
    return next((uv[corner] for uv in found if uv is not None), None)
