"""Reads meshes, point clouds and Gaussians, and checks them, since parsers accept much that is damaged."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from meronym.errors import InputError
from meronym.io.limits import DEFAULT, Limits, check_size
from meronym.io.shapes.explained import explained
from meronym.io.shapes.folder import ShapeFolder
from meronym.io.shapes.gltf import read_gltf
from meronym.io.shapes.gltf_read import from_gltf
from meronym.io.shapes.join import join
from meronym.io.shapes.obj import read_obj
from meronym.io.shapes.off import read_off
from meronym.io.shapes.ply import read_ply
from meronym.io.shapes.splats import SPLATS, is_splats, read_splats
from meronym.io.shapes.stl import read_stl
from meronym.io.shapes.tables import ARRAYS, TEXTS, read_arrays, read_table
from meronym.types import Mesh, Shape

_STARTS = {b"glTF": (".glb", ".vrm"), b"ply\n": (".ply",), b"ply\r": (".ply",), b"PK\x03\x04": (".npz",)}


def _read_gltf(path: Path, folder: ShapeFolder, repair: bool) -> Mesh:
    found = from_gltf(read_gltf(path.read_bytes(), folder), repair)
    mesh = join(found.submeshes, found.images, found.scene, path, repair, folder.limits, folder.missing)
    return replace(mesh, report={**mesh.report, **found.report})


_READERS: dict[str, Callable[[Path, ShapeFolder, bool], Shape]] = {
    **dict.fromkeys((".glb", ".gltf", ".vrm"), _read_gltf),
    **{".obj": read_obj, ".ply": read_ply, ".stl": read_stl, ".off": read_off},
    **dict.fromkeys(TEXTS, read_table),
    **dict.fromkeys(ARRAYS, read_arrays),
}
ENDINGS = (*_READERS, *SPLATS)


def read_shape(path: str | Path, *, repair: bool = False, limits: Limits = DEFAULT) -> Shape:
    """Read a mesh (.glb .gltf .obj .ply .stl .off), a point cloud (.ply, .npz, .npy, or text: .xyz .pts .csv ...) or Gaussians
    (.ply .splat .spz, or the folder that 3DGS wrote), and check it.

    All instances of a file's geometries are joined, in world coordinates. With `repair`, faces that are broken,
    degenerate or doubled are left out and counted in the shape's `report`; without, a broken one is an error.

    Raises: InputError if the file is missing, damaged or shows no surface; LimitError if it is too large.
    """
    path = Path(path)
    with explained(path):
        if is_splats(path):
            return read_splats(path, repair=repair, limits=limits)
        ending = path.suffix.lower()
        if not path.is_file():
            raise InputError(f"{path}: there is no such file. Check the path.")
        if ending not in ENDINGS:
            cure = "Unpack it first" if ending in (".zip", ".gz", ".7z", ".rar", ".tar", ".bz2") else "Convert it"
            raise InputError(f"{path.name}: files that end in {ending!r} are not read. {cure}; {' '.join(ENDINGS)} are.")
        check_size(path, limits)
        with path.open("rb") as file:
            start = file.read(4)
        if ending not in _STARTS.get(start, (ending,)):
            raise InputError(f"{path.name}: not a {ending} file, it begins with {start!r}. Check its ending.")
        return _READERS[ending](path, ShapeFolder(path.parent, limits), repair)
