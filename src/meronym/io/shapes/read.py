"""Reads meshes, point clouds and Gaussians, and checks them, since parsers accept much that is damaged."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from meronym.errors import InputError
from meronym.io.arrays import read_npz
from meronym.io.limits import DEFAULT, Limits, check_size
from meronym.io.shapes.clouds import sound_cloud
from meronym.io.shapes.explained import explained
from meronym.io.shapes.folder import ShapeFolder
from meronym.io.shapes.gltf import read_gltf
from meronym.io.shapes.gltf_read import from_gltf
from meronym.io.shapes.headers import check_obj, check_off, check_ply, check_stl
from meronym.io.shapes.join import join
from meronym.io.shapes.splats import SPLATS, is_splats, read_splats
from meronym.io.shapes.trimesh_read import cloud_of, from_scene, parse
from meronym.types import PointCloud, Shape

_GUARDS = {".stl": check_stl, ".ply": check_ply, ".off": check_off, ".obj": check_obj}
ENDINGS = (".glb", ".gltf", *_GUARDS, ".xyz", ".npz", *SPLATS)
_STARTS = {b"glTF": (".glb",), b"ply\n": (".ply",), b"ply\r": (".ply",), b"PK\x03\x04": (".npz",)}


def read_shape(path: str | Path, *, repair: bool = False, limits: Limits = DEFAULT) -> Shape:
    """Read a mesh (.glb .gltf .obj .ply .stl .off), a point cloud (.ply .xyz .npz) or Gaussians (.ply .splat .spz, or the
    folder that 3DGS wrote), and check it.

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
        if ending in (".xyz", ".npz"):
            return _read_points(path, ending, repair, limits)
        folder = ShapeFolder(path.parent, limits)
        if ending in (".glb", ".gltf"):
            gltf = read_gltf(path.read_bytes(), folder)
            scene, submeshes, images = from_gltf(gltf, repair)
        else:
            _GUARDS[ending](path, limits)
            scene = parse(path, ending, folder)
            cloud = cloud_of(scene)
            if cloud is not None:
                return sound_cloud(*cloud, path, repair, limits)
            submeshes, images = from_scene(scene, repair, limits)
        return join(submeshes, images, scene, path, repair, limits, folder.missing)


def _read_points(path: Path, ending: str, repair: bool, limits: Limits) -> PointCloud:
    colour, normal = None, None
    if ending == ".npz":
        arrays = read_npz(path, limits)
        if "points" not in arrays:
            raise InputError(f"{path.name}: expected an array 'points' [n 3], found {', '.join(arrays) or 'none'}.")
        points, colour, normal = arrays["points"], arrays.get("colour"), arrays.get("normal")
        if colour is not None and colour.dtype.kind in "iu":
            colour = colour / 255
    else:
        with path.open(encoding="utf-8") as file:
            comma = "," in file.readline()
        table = np.loadtxt(path, delimiter="," if comma else None, ndmin=2, encoding="utf-8")
        points = table[:, :3]
        for columns in (table[:, 3:6], table[:, 6:9]):
            if columns.shape[1] < 3 or not np.isfinite(columns).all():
                continue
            if normal is None and np.mean(np.abs(np.linalg.norm(columns, axis=1) - 1) < 0.05) > 0.9:
                normal = columns
            elif colour is None and columns.min() >= 0 and columns.max() <= 255:
                colour = columns / (255 if columns.max() > 1 else 1)
    return sound_cloud(points, colour, normal, path, repair, limits)
