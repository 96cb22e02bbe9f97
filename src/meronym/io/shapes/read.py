"""Reads meshes, point clouds and Gaussians, and checks them, since parsers accept much that is damaged."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import trimesh

from meronym.core.up_axis import stated_up
from meronym.errors import InputError
from meronym.io.limits import DEFAULT, Limits, check_size
from meronym.io.shapes.cad import triangulated
from meronym.io.shapes.clouds import sound_cloud
from meronym.io.shapes.conversion import conversion
from meronym.io.shapes.dae import read_dae
from meronym.io.shapes.explained import explained
from meronym.io.shapes.folder import ShapeFolder
from meronym.io.shapes.gltf.document import read_gltf
from meronym.io.shapes.gltf.read import from_gltf
from meronym.io.shapes.join import join
from meronym.io.shapes.obj.read import read_obj
from meronym.io.shapes.off import read_off
from meronym.io.shapes.packed import the_shape_in
from meronym.io.shapes.ply.read import read_ply
from meronym.io.shapes.scans import read_e57, read_las, read_pcd
from meronym.io.shapes.splats.files import SPLATS, is_splats
from meronym.io.shapes.splats.read import read_splats
from meronym.io.shapes.stl import read_stl
from meronym.io.shapes.tables import ARRAYS, OFTEN_OTHERS, TEXTS, read_arrays, read_table
from meronym.io.shapes.three_mf.read import read_3mf
from meronym.io.shapes.trimesh_read import cloud_of, from_scene
from meronym.io.shapes.usd.read import read_usd
from meronym.types import Mesh, Shape

_PACKED = (".zip", ".zae")
_STARTS = {
    b"glTF": (".glb", ".vrm"),
    b"ply\n": (".ply",),
    b"ply\r": (".ply",),
    b"PK\x03\x04": (*_PACKED, ".npz", ".3mf", ".usdz"),
    b"PXR-": (".usd", ".usdc"),
    b"LASF": (".las", ".laz"),
    b"ASTM": (".e57",),
}


def read_shape(path: str | Path, *, repair: bool = False, limits: Limits = DEFAULT) -> Shape:
    """Read a mesh, a point cloud or Gaussians whose file has one of `ENDINGS`, or the folder that 3DGS wrote, and check it.

    All instances of a file's geometries are joined, in world coordinates. With `repair`, faces that are broken,
    degenerate or doubled are left out and counted in the shape's `report`; without, a broken one is an error.

    Raises: InputError if the file is missing, damaged or shows no surface; LimitError if it is too large; MissingExtra if
    what reads its format is not installed.
    """
    path = Path(path)
    with explained(path):
        if path.is_dir() and is_splats(path):
            return read_splats(path, repair=repair, limits=limits)
        if not path.is_file():
            raise InputError(f"{path}: there is no such file. Check the path.")
        ending = path.suffix.lower()
        if ending not in ENDINGS:
            raise InputError(
                f"{path.name}: files that end in {ending!r} are not read; {' '.join(ENDINGS)} are. {conversion(path)}"
            )
        if ending not in _PACKED:
            return _read(path, ShapeFolder(path.parent, limits), repair)
        with the_shape_in(path, limits, [ending for ending in ENDINGS if ending not in OFTEN_OTHERS]) as (inner, folder):
            shape = _read(inner, folder, repair)
        return replace(shape, source=path, up=stated_up(shape)) if isinstance(shape, Mesh) else replace(shape, source=path)


def _read(path: Path, folder: ShapeFolder, repair: bool) -> Shape:
    """The shape in the file `path`, with files that it names in `folder`."""
    if is_splats(path):
        return read_splats(path, repair=repair, limits=folder.limits)
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
    found = from_gltf(read_gltf(data, folder), repair)
    mesh = join(found.submeshes, found.images, found.scene, path, repair, folder.limits, folder.missing)
    return replace(mesh, report={**mesh.report, **found.report})


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


_READERS: dict[str, Callable[[Path, ShapeFolder, bool], Shape]] = {
    **dict.fromkeys((".glb", ".gltf", ".vrm"), _gltf),
    **{".obj": read_obj, ".ply": read_ply, ".stl": read_stl, ".off": read_off, ".3mf": _3mf, ".dae": _dae},
    **dict.fromkeys((".usd", ".usda", ".usdc", ".usdz"), _usd),
    **dict.fromkeys((".step", ".stp", ".iges", ".igs"), _cad),
    **dict.fromkeys((".las", ".laz", ".e57", ".pcd"), _scan),
    **dict.fromkeys(TEXTS, read_table),
    **dict.fromkeys(ARRAYS, read_arrays),
}
ENDINGS = (*_READERS, *SPLATS, *_PACKED)
"""Of the files that are read as shapes."""
