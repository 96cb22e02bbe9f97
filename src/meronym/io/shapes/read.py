"""Reads meshes and point clouds, and checks them, since parsers accept much that is damaged."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import trimesh

from meronym.core.up_axis import stated_up
from meronym.errors import InputError
from meronym.io.arrays import read_npz
from meronym.io.limits import DEFAULT, Limits, check_size
from meronym.io.shapes.cad import triangulated
from meronym.io.shapes.clouds import sound_cloud
from meronym.io.shapes.conversion import conversion
from meronym.io.shapes.dae import read_dae
from meronym.io.shapes.explained import explained
from meronym.io.shapes.folder import ShapeFolder
from meronym.io.shapes.gltf import read_gltf
from meronym.io.shapes.gltf_read import from_gltf
from meronym.io.shapes.headers import check_obj, check_off, check_ply, check_stl
from meronym.io.shapes.join import join
from meronym.io.shapes.packed import the_shape_in
from meronym.io.shapes.scans import read_e57, read_las, read_pcd
from meronym.io.shapes.three_mf import read_3mf
from meronym.io.shapes.trimesh_read import cloud_of, from_scene, parse
from meronym.io.shapes.usd_read import read_usd
from meronym.types import Mesh, PointCloud, Shape

_GUARDS = {".stl": check_stl, ".ply": check_ply, ".off": check_off, ".obj": check_obj}
_PACKED = (".zip", ".zae")
_STARTS = {
    b"glTF": (".glb",),
    b"ply\n": (".ply",),
    b"ply\r": (".ply",),
    b"PK\x03\x04": (*_PACKED, ".npz", ".3mf", ".usdz"),
    b"PXR-": (".usd", ".usdc"),
    b"LASF": (".las", ".laz"),
    b"ASTM": (".e57",),
}


def read_shape(path: str | Path, *, repair: bool = False, limits: Limits = DEFAULT) -> Shape:
    """Read a mesh or a point cloud whose file has one of `ENDINGS`, and check it.

    All instances of a file's geometries are joined, in world coordinates. With `repair`, faces that are broken,
    degenerate or doubled are left out and counted in the shape's `report`; without, a broken one is an error.

    Raises: InputError if the file is missing, damaged or shows no surface; LimitError if it is too large; MissingExtra if
    what reads its format is not installed.
    """
    path = Path(path)
    with explained(path):
        if not path.is_file():
            raise InputError(f"{path}: there is no such file. Check the path.")
        ending = path.suffix.lower()
        if ending not in ENDINGS:
            raise InputError(
                f"{path.name}: files that end in {ending!r} are not read; {' '.join(ENDINGS)} are. {conversion(path)}"
            )
        if ending not in _PACKED:
            return _read(path, ShapeFolder(path.parent, limits), repair)
        with the_shape_in(path, limits, ENDINGS) as (inner, folder):
            shape = _read(inner, folder, repair)
        return replace(shape, source=path, up=stated_up(shape)) if isinstance(shape, Mesh) else replace(shape, source=path)


def _read(path: Path, folder: ShapeFolder, repair: bool) -> Shape:
    """The shape in the file `path`, with files that it names in `folder`."""
    ending = path.suffix.lower()
    check_size(path, folder.limits)
    with path.open("rb") as file:
        start = file.read(4)
    if ending not in _STARTS.get(start, (ending,)):
        raise InputError(f"{path.name}: not a {ending} file, it begins with {start!r}. Check its ending.")
    return _READERS[ending](path, folder, repair)


# ---------------------------------------------------------------- one reader a format


def _gltf(path: Path, folder: ShapeFolder, repair: bool) -> Mesh:
    return replace(_of_gltf(path.read_bytes(), path, folder, repair), unit=1.0)


def _cad(path: Path, folder: ShapeFolder, repair: bool) -> Mesh:
    return replace(_of_gltf(triangulated(path), path, folder, repair), unit=1.0)


def _of_gltf(data: bytes, path: Path, folder: ShapeFolder, repair: bool) -> Mesh:
    scene, submeshes, images = from_gltf(read_gltf(data, folder), repair)
    return join(submeshes, images, scene, path, repair, folder.limits, folder.missing)


def _by_trimesh(path: Path, folder: ShapeFolder, repair: bool) -> Shape:
    ending = path.suffix.lower()
    _GUARDS[ending](path, folder.limits)
    return _of_scene(parse(path, ending, folder), path, folder, repair)


def _of_scene(scene: trimesh.Scene, path: Path, folder: ShapeFolder, repair: bool) -> Shape:
    cloud = cloud_of(scene)
    if cloud is not None:
        return sound_cloud(*cloud, path, repair, folder.limits)
    submeshes, images = from_scene(scene, repair, folder.limits)
    return join(submeshes, images, scene, path, repair, folder.limits, folder.missing)


def _3mf(path: Path, folder: ShapeFolder, repair: bool) -> Shape:
    scene, unit = read_3mf(path, folder.limits)
    return _told(_of_scene(scene, path, folder, repair), None, unit)


def _dae(path: Path, folder: ShapeFolder, repair: bool) -> Shape:
    found = read_dae(path, folder)
    return _told(_of_scene(found.scene, path, folder, repair), found.up, found.unit, skins_left_out=found.skins)


def _usd(path: Path, folder: ShapeFolder, repair: bool) -> Shape:
    found = read_usd(path, folder)
    return _told(_of_scene(found.scene, path, folder, repair), found.up, found.unit, prims_left_out=found.left_out)


def _scan(path: Path, folder: ShapeFolder, repair: bool) -> Shape:
    read = {".e57": read_e57, ".pcd": read_pcd}.get(path.suffix.lower(), read_las)
    scan = read(path, folder.limits)
    cloud = sound_cloud(scan.points, scan.colour, scan.normal, path, repair, folder.limits)
    return _told(cloud, None, None, points_not_measured=scan.empty)


def _told(shape: Shape, up: str | None, unit: float | None, **report: int) -> Shape:
    """A shape with what its file says of its axes and units, and counts of what was left out."""
    shape = replace(shape, report={**shape.report, **{kind: count for kind, count in report.items() if count}})
    return replace(shape, up=up, unit=unit) if isinstance(shape, Mesh) else shape


def _points(path: Path, folder: ShapeFolder, repair: bool) -> PointCloud:
    ending, limits = path.suffix.lower(), folder.limits
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


_READERS: dict[str, Callable[[Path, ShapeFolder, bool], Shape]] = {
    ".glb": _gltf,
    ".gltf": _gltf,
    **dict.fromkeys(_GUARDS, _by_trimesh),
    ".3mf": _3mf,
    ".dae": _dae,
    **dict.fromkeys((".usd", ".usda", ".usdc", ".usdz"), _usd),
    **dict.fromkeys((".step", ".stp", ".iges", ".igs"), _cad),
    **dict.fromkeys((".las", ".laz", ".e57", ".pcd"), _scan),
    ".xyz": _points,
    ".npz": _points,
}
ENDINGS = (*_READERS, *_PACKED)
"""Of the files that are read as shapes."""
