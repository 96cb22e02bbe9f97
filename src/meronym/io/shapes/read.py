"""Reads meshes and point clouds, and checks them, since parsers accept much that is damaged."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import trimesh
from jaxtyping import Bool, Float, Int

from meronym.errors import Error, InputError, LimitError
from meronym.io.arrays import read_npz
from meronym.io.limits import DEFAULT, Limits, check_count, check_size
from meronym.io.shapes.clouds import check_spread, clean_cloud
from meronym.io.shapes.folder import ShapeFolder
from meronym.io.shapes.gltf import read_gltf
from meronym.io.shapes.gltf_read import from_gltf
from meronym.io.shapes.headers import check_obj, check_off, check_ply, check_stl
from meronym.io.shapes.submesh import Submesh
from meronym.io.shapes.trimesh_read import cloud_of, from_scene, parse
from meronym.types import FaceOrigin, Mesh, PointCloud, Shape, Textures

_GUARDS = {".stl": check_stl, ".ply": check_ply, ".off": check_off, ".obj": check_obj}
ENDINGS = (".glb", ".gltf", *_GUARDS, ".xyz", ".npz")
_STARTS = {b"glTF": (".glb",), b"ply\n": (".ply",), b"ply\r": (".ply",), b"PK\x03\x04": (".npz",)}


def read_shape(path: str | Path, *, repair: bool = False, limits: Limits = DEFAULT) -> Shape:
    """Read a mesh (.glb .gltf .obj .ply .stl .off) or a point cloud (.ply .xyz .npz) and check it.

    All instances of a file's geometries are joined, in world coordinates. With `repair`, faces that are broken,
    degenerate or doubled are left out and counted in the shape's `report`; without, a broken one is an error.

    Raises: InputError if the file is missing, damaged or shows no surface; LimitError if it is too large.
    """
    path = Path(path)
    with _explained(path):
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
            scene, pieces, images = from_gltf(gltf, repair)
        else:
            _GUARDS[ending](path, limits)
            scene = parse(path, ending, folder)
            cloud = cloud_of(scene)
            if cloud is not None:
                return _sound_cloud(*cloud, path, repair, limits)
            pieces, images = from_scene(scene, repair, limits)
        return _join(pieces, images, scene, path, repair, limits, folder.missing)


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    """Turn every exception of a parser into one of meronym's, with the file's name in front; warnings are silenced."""
    quiet = logging.NullHandler()  # without any handler, what trimesh logs would be printed
    logging.getLogger("trimesh").addHandler(quiet)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            warnings.filterwarnings("error", message="string or file could not be read")
            yield
    except Error as error:
        if str(error).startswith((path.name, str(path))):
            raise
        raise type(error)(f"{path.name}: {error}") from error
    except MemoryError as error:
        raise LimitError(f"{path.name}: not enough memory to read it. Simplify it.") from error
    except Exception as error:  # a parser may raise anything at all on a damaged file
        reason = f"{type(error).__name__}: {error}"[:200]
        raise InputError(f"{path.name}: damaged, or not what its ending says ({reason}). Export it again.") from error
    finally:
        logging.getLogger("trimesh").removeHandler(quiet)


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
    return _sound_cloud(points, colour, normal, path, repair, limits)


# ---------------------------------------------------------------- checks


def _join(
    pieces: Sequence[Submesh],
    images: Sequence[np.ndarray],
    scene: trimesh.Scene,
    path: Path,
    repair: bool,
    limits: Limits,
    missing: int,
) -> Mesh:
    counts = [len(piece.faces) for piece in pieces]
    if not sum(counts):
        raise InputError(f"{path.name}: no faces: the file is empty or holds only lines. Export a mesh.")
    check_count(path.name, sum(counts), limits)
    starts = np.cumsum([0, *(len(piece.vertices) for piece in pieces)])
    vertices = np.concatenate([piece.vertices for piece in pieces])
    faces = np.concatenate(
        [np.where(piece.faces < 0, -1, piece.faces + start) for piece, start in zip(pieces, starts, strict=False)]
    )
    keep, found = _inspect(vertices, faces, path.name, repair, limits.coordinate)
    if missing:
        found["missing_files"] = missing
    kept = np.split(keep, np.cumsum(counts)[:-1])
    corners = [_corners(piece, mask) for piece, mask in zip(pieces, kept, strict=True)]
    images_of, uvs = [c[0] for c in corners], [c[1] for c in corners]
    origin = FaceOrigin(
        tuple(piece.name for piece in pieces),
        np.repeat(np.arange(len(pieces)), counts)[keep],
        np.concatenate([np.flatnonzero(mask) for mask in kept]),
    )
    faces = faces[keep]
    if not keep.all():
        used = np.unique(faces)
        vertices, faces = vertices[used], np.searchsorted(used, faces)
    coloured = any(piece.colour is not None or piece.face_colour is not None for piece in pieces)
    return Mesh(
        vertices,
        faces,
        corner_colour=np.concatenate([c[2] for c in corners]) if coloured else None,
        texture=Textures(tuple(images), np.concatenate(images_of), np.concatenate(uvs)) if images else None,
        source=path,
        scene=scene,
        face_origin=origin,
        report=found,
    )


def _corners(piece: Submesh, keep: Bool[np.ndarray, " f"]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Image index [f], uv [f 3 2] and colour [f 3 3] of the faces that are kept."""
    faces = piece.faces[keep]
    image = np.full(len(faces), piece.image if piece.uv is not None else -1)
    uv = np.zeros((len(faces), 3, 2), dtype=np.float32) if piece.uv is None else piece.uv[faces]
    if piece.face_colour is not None:
        return image, uv, np.repeat(piece.face_colour[keep, None], 3, axis=1)
    if piece.colour is not None and len(piece.colour) > 1:
        return image, uv, piece.colour[faces]
    colour = np.ones((len(faces), 3, 3), dtype=np.float32)
    return image, uv, colour if piece.colour is None else colour * piece.colour


def _inspect(
    vertices: Float[np.ndarray, "v 3"], faces: Int[np.ndarray, "f 3"], name: str, repair: bool, farthest: float
) -> tuple[Bool[np.ndarray, " f"], dict[str, int]]:
    """Mask of the faces that can be used, and the faults of the mesh: kind -> count.

    Raises: InputError if the mesh shows no surface, or holds something that only `repair` may leave out.
    """
    keep: np.ndarray = np.all(faces >= 0, axis=1)
    found = {"faces_out_of_range": int((~keep).sum())}
    finite = np.isfinite(vertices).all(axis=1)
    found["vertices_not_finite"] = int((~finite).sum())
    if not finite.all():
        if not repair:
            first = int((~finite).argmax())
            raise InputError(
                f"{name}: vertex {first} is {vertices[first].tolist()}; {found['vertices_not_finite']} vertices are "
                "not finite. Use repair to leave their faces out, or export the file again."
            )
        keep &= finite[faces].all(axis=1)
    corners = vertices[faces[keep]]
    if not len(corners):
        raise InputError(f"{name}: no surface: none of the {len(faces)} faces can be used. Export it again.")
    size = np.abs(corners).max()
    if size > farthest:
        raise InputError(f"{name}: a coordinate is {size:.3g}; the limit is {farthest:.0g}. Scale or centre the shape.")
    low, high = corners.min(axis=(0, 1)), corners.max(axis=(0, 1))
    cross = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    flat = np.linalg.norm(cross, axis=1) <= 1e-14 * float(np.square(high - low).sum())
    if flat.all():
        raise InputError(f"{name}: no surface: all {len(corners)} faces have zero area. Export it again.")
    found["degenerate_faces"] = int(flat.sum())
    welded = np.unique(_keys((vertices + 0.0).view(np.uint64)), return_inverse=True)[1][faces[keep]]
    _, first_of = np.unique(_keys(np.sort(welded, axis=1).astype(np.uint64)), return_index=True)
    double = np.ones(len(welded), dtype=bool)
    double[first_of] = False
    double &= ~flat
    found["duplicate_faces"] = int(double.sum())
    found["non_manifold_edges"], found["inverted_edges"] = _edges(welded[~flat & ~double])
    if repair:
        keep[np.flatnonzero(keep)[flat | double]] = False
        found["dropped_faces"] = int((~keep).sum())
    return keep, {kind: count for kind, count in found.items() if count}


def _keys(columns: np.ndarray) -> np.ndarray:
    """One well mixed number a row (after MurmurHash3's finaliser): equal rows have equal numbers."""
    key = np.zeros(len(columns), dtype=np.uint64)
    for column in columns.T:
        key ^= column
        key ^= key >> np.uint64(33)
        key *= np.uint64(0xFF51AFD7ED558CCD)
        key ^= key >> np.uint64(29)
    return key


def _edges(faces: Int[np.ndarray, "f 3"]) -> tuple[int, int]:
    """Numbers of edges that join more than two faces, and of those that join two wound in opposite senses."""
    start, end = faces.ravel(), np.roll(faces, -1, axis=1).ravel()
    key = np.minimum(start, end) * (faces.max(initial=0) + 1) + np.maximum(start, end)
    _, edge, count = np.unique(key, return_inverse=True, return_counts=True)
    balance = np.bincount(edge, weights=np.where(start < end, 1, -1))
    return int((count > 2).sum()), int(((count == 2) & (balance != 0)).sum())


def _sound_cloud(
    points: np.ndarray, colour: np.ndarray | None, normal: np.ndarray | None, path: Path, repair: bool, limits: Limits
) -> PointCloud:
    cloud = clean_cloud(points, colour, normal, path, limits)
    if cloud.report and not repair:
        first = int((~(np.abs(points) < limits.coordinate).all(axis=1)).argmax())
        raise InputError(
            f"{path.name}: point {first} is {points[first].tolist()}; {cloud.report['points_not_finite']} points are not "
            f"finite or beyond {limits.coordinate:.0g}. Use repair to leave them out."
        )
    check_spread(cloud.points, f"{path.name}: no surface: points")
    return cloud
