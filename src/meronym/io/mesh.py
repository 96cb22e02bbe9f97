"""Reads a mesh or a point cloud, and makes sure that what comes out is sound whatever went in."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

import numpy as np
import trimesh
from jaxtyping import Bool, Float, Int
from PIL import Image
from trimesh.visual import TextureVisuals
from trimesh.visual.material import PBRMaterial

from meronym.errors import Error, InputError, LimitError
from meronym.io.files import (
    Folder,
    Gltf,
    Limits,
    check_count,
    check_obj,
    check_off,
    check_ply,
    check_size,
    check_stl,
    first_bad_face,
    open_image,
    pixels,
    read_gltf,
    read_npz,
    unique,
)
from meronym.types import FaceOrigin, Mesh, PointCloud, Shape, Textures

GLTF = "_gltf"
"""Where a scene's metadata keeps the document that it was made of; trimesh does not export names that begin so."""
_DEFAULT = Limits()
_FAR = 1e15
_GUARDS = {".stl": check_stl, ".ply": check_ply, ".off": check_off, ".obj": check_obj}
_ENDINGS = (".glb", ".gltf", *_GUARDS, ".xyz", ".npz")
_STARTS = {b"glTF": (".glb",), b"ply\n": (".ply",), b"ply\r": (".ply",), b"PK\x03\x04": (".npz",)}


@dataclass(frozen=True)
class Instance:
    """One primitive of a glTF mesh, as one node shows it."""

    name: str
    """The node's name, made unique; with "/0", "/1" ... if its mesh has several primitives."""
    node: int
    primitive: int
    world: Float[np.ndarray, "4 4"]


@dataclass(frozen=True)
class Piece:
    """One geometry of the file on its way into the joined mesh."""

    name: str
    vertices: Float[np.ndarray, "v 3"]
    faces: Int[np.ndarray, "f 3"]
    used: Int[np.ndarray, " v"]
    """Which of the geometry's own vertices these are."""
    colour: Float[np.ndarray, "#v 3"] | None = None
    """Per vertex, or one row for all; 0..1 sRGB."""
    face_colour: Float[np.ndarray, "f 3"] | None = None
    uv: Float[np.ndarray, "v 2"] | None = None
    image: int = -1


def read_shape(path: str | Path, *, repair: bool = False, limits: Limits = _DEFAULT) -> Shape:
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
        if ending not in _ENDINGS:
            cure = "Unpack it first" if ending in (".zip", ".gz", ".7z", ".rar", ".tar", ".bz2") else "Convert it"
            raise InputError(f"{path.name}: files that end in {ending!r} are not read. {cure}; {' '.join(_ENDINGS)} are.")
        check_size(path, limits)
        with path.open("rb") as file:
            start = file.read(4)
        if ending not in _STARTS.get(start, (ending,)):
            raise InputError(f"{path.name}: not a {ending} file, it begins with {start!r}. Check its ending.")
        if ending in (".xyz", ".npz"):
            return _read_points(path, ending, repair, limits)
        folder = Folder(path.parent, limits)
        if ending in (".glb", ".gltf"):
            gltf = read_gltf(path.read_bytes(), folder)
            scene, pieces, images = _from_gltf(gltf, repair)
        else:
            _GUARDS[ending](path, limits)
            scene = _parse(path, ending, folder)
            cloud = _cloud_of(scene)
            if cloud is not None:
                return _sound_cloud(*cloud, path, repair, limits)
            pieces, images = _from_scene(scene, repair)
        return _join(pieces, images, scene, path, repair, limits, folder.missing)


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    """Turn whatever a parser raises into our errors, with the file's name in front; let no warning out."""
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


# ---------------------------------------------------------------- glTF


@dataclass(frozen=True)
class _Graph:
    """The nodes that a document's scene holds, parents before children."""

    world: dict[int, np.ndarray]
    parent: dict[int, int]
    """-1 = a root."""
    names: list[str]
    """Of all nodes of the document, unique."""
    instances: list[Instance]


def instances(gltf: Gltf) -> list[Instance]:
    """Every primitive that the document's scene shows, in the order of the tree; triangles or not.

    Raises: LimitError if the nodes are not a tree: a cycle, or one node below two others.
    """
    return _graph(gltf).instances


def _graph(gltf: Gltf) -> _Graph:
    nodes = gltf.tree.get("nodes", [])
    if gltf.tree.get("scenes"):
        roots = gltf.item("scenes", gltf.tree.get("scene", 0)).get("nodes", [])
    else:
        roots = sorted(set(range(len(nodes))) - {child for node in nodes for child in node.get("children", ())})
    names = unique((_node_name(gltf, index) for index in range(len(nodes))), taken={"world"})
    graph = _Graph({}, {}, names, [])
    waiting = [(root, -1) for root in reversed(roots)]
    while waiting:
        index, parent = waiting.pop()
        node = gltf.item("nodes", index)
        if index in graph.world:
            raise LimitError(f"glTF nodes[{index}] is reached twice; the nodes must form a tree. Export the file again.")
        graph.parent[index] = parent
        local = _local_matrix(node)
        graph.world[index] = local if parent < 0 else graph.world[parent] @ local
        waiting.extend((child, index) for child in reversed(node.get("children", ())))
        count = len(gltf.item("meshes", node["mesh"])["primitives"]) if "mesh" in node else 0
        for k in range(count):
            name = names[index] if count == 1 else f"{names[index]}/{k}"
            graph.instances.append(Instance(name, index, k, graph.world[index]))
    return graph


def _node_name(gltf: Gltf, index: int) -> str:
    """A node's own name, or "node<index>"."""
    name = gltf.item("nodes", index).get("name")
    return name if isinstance(name, str) and name else f"node{index}"


def _local_matrix(node: Mapping[str, Any]) -> Float[np.ndarray, "4 4"]:
    """A node's matrix, parent from node."""
    if "matrix" in node:
        return np.array(node["matrix"], dtype=np.float64).reshape(4, 4).T
    x, y, z, w = quaternion = np.array(node.get("rotation", (0, 0, 0, 1)), dtype=np.float64)
    scale = 2 / max(float(quaternion @ quaternion), 1e-30)
    turn = np.eye(3) - scale * np.array(
        [
            [y * y + z * z, z * w - x * y, -x * z - y * w],
            [-x * y - z * w, x * x + z * z, x * w - y * z],
            [y * w - x * z, -y * z - x * w, x * x + y * y],
        ]
    )
    matrix = np.eye(4)
    matrix[:3, :3] = turn * np.array(node.get("scale", (1, 1, 1)), dtype=np.float64)
    matrix[:3, 3] = node.get("translation", (0, 0, 0))
    return matrix


def triangles(gltf: Gltf, primitive: Mapping[str, Any]) -> Int[np.ndarray, "f 3"] | None:
    """A primitive's faces, strips and fans unrolled; None if it is points or lines."""
    mode = primitive.get("mode", 4)
    if mode not in (4, 5, 6):
        return None
    if "indices" in primitive:
        flat = gltf.rows(primitive["indices"])[:, 0].astype(np.int64)
    else:
        flat = np.arange(gltf.count(primitive["attributes"]["POSITION"]))
    if mode == 4:
        return flat[: len(flat) // 3 * 3].reshape(-1, 3)
    k = np.arange(max(len(flat) - 2, 0))
    if mode == 6:
        return np.stack([flat[k + 1], flat[k + 2], flat[np.zeros_like(k)]], axis=1)
    odd = k % 2
    return np.stack([flat[k], flat[k + 1 + odd], flat[k + 2 - odd]], axis=1)


def _from_gltf(gltf: Gltf, repair: bool) -> tuple[trimesh.Scene, list[Piece], list[np.ndarray]]:
    graph = _graph(gltf)
    _check_total(gltf, graph.instances)
    scene = trimesh.Scene(metadata={GLTF: gltf})
    for index, parent in graph.parent.items():
        above = graph.names[parent] if parent >= 0 else scene.graph.base_frame
        matrix = _local_matrix(gltf.item("nodes", index))
        scene.graph.update(frame_from=above, frame_to=graph.names[index], matrix=matrix)
    images: list[np.ndarray] = []
    image_of: dict[int, int] = {}
    shared: dict[tuple[int, int], Piece | None] = {}
    pieces = []
    for instance in graph.instances:
        node = gltf.item("nodes", instance.node)
        key = (node["mesh"], instance.primitive)
        if key not in shared:
            piece = shared[key] = _primitive_piece(gltf, instance, images, image_of, repair)
            if piece is not None:
                scene.geometry[instance.name] = as_trimesh(piece, images)
        piece = shared[key]
        if piece is None:
            continue
        if instance.name == graph.names[instance.node]:
            scene.graph.transforms.node_data[instance.name]["geometry"] = piece.name
        else:
            scene.graph.update(frame_from=graph.names[instance.node], frame_to=instance.name, geometry=piece.name)
        matrices = instance.world
        if "skin" in node and "JOINTS_0" in primitive_of(gltf, instance)["attributes"]:
            matrices = _skin_matrices(gltf, instance, piece.used, graph.world)
        pieces.append(_moved(piece, instance.name, matrices))
    return scene, pieces, images


def _check_total(gltf: Gltf, found: Sequence[Instance]) -> None:
    total = 0
    for instance in found:
        primitive = primitive_of(gltf, instance)
        mode = primitive.get("mode", 4)
        if mode in (4, 5, 6):
            count = gltf.count(primitive.get("indices", primitive["attributes"]["POSITION"]))
            total += count // 3 if mode == 4 else count
    check_count("all instances together", total, gltf.folder.limits)


def primitive_of(gltf: Gltf, instance: Instance) -> dict[str, Any]:
    """The part of the JSON tree that an instance shows."""
    mesh = gltf.item("meshes", gltf.item("nodes", instance.node)["mesh"])
    primitive: dict[str, Any] = mesh["primitives"][instance.primitive]
    return primitive


def _primitive_piece(
    gltf: Gltf, instance: Instance, images: list[np.ndarray], image_of: dict[int, int], repair: bool
) -> Piece | None:
    primitive = primitive_of(gltf, instance)
    faces = triangles(gltf, primitive)
    if faces is None:
        return None
    attributes = primitive["attributes"]
    position = gltf.values(attributes["POSITION"]).astype(np.float64)
    if position.shape[1] != 3:
        raise InputError(f"{instance.name!r}: POSITION has {position.shape[1]} columns, not 3. Export the file again.")
    material = gltf.item("materials", primitive["material"]) if "material" in primitive else {}
    glossy = material.get("extensions", {}).get("KHR_materials_pbrSpecularGlossiness", {})
    base = material.get("pbrMetallicRoughness", {})
    factor = glossy.get("diffuseFactor", base.get("baseColorFactor"))
    info = glossy.get("diffuseTexture", base.get("baseColorTexture"))
    image = -1 if info is None else _image(gltf, info, images, image_of)
    uv = _uv(gltf, info, attributes) if image >= 0 else None
    colour = None if factor is None else np.array([factor[:3]], dtype=np.float32)
    if "COLOR_0" in attributes:
        colour = gltf.values(attributes["COLOR_0"])[:, :3] * (np.float32(1) if colour is None else colour)
    used, faces = _used(instance.name, faces, len(position), repair)
    for name, array in (("TEXCOORD", uv), ("COLOR_0", colour)):
        if array is not None and len(array) not in (1, len(position)):
            raise InputError(f"{instance.name!r}: {len(array)} rows of {name} for {len(position)} vertices. Export again.")
    return Piece(
        instance.name,
        position[used],
        faces,
        used,
        colour=None if colour is None else _srgb(colour if len(colour) == 1 else colour[used]),
        uv=None if uv is None else uv[used],
        image=image if uv is not None else -1,
    )


def _image(gltf: Gltf, info: Mapping[str, Any], images: list[np.ndarray], image_of: dict[int, int]) -> int:
    """Index into `images` of a texture's picture, decoded on first use; -1 = none, or missing."""
    texture = gltf.item("textures", info["index"])
    source = texture.get("extensions", {}).get("EXT_texture_webp", texture).get("source")
    if source is None:
        return -1
    if source not in image_of:
        data = gltf.image(source)
        image_of[source] = -1 if data is None else len(images)
        if data is not None:
            name = str(gltf.item("images", source).get("name", f"images[{source}]"))
            images.append(pixels(open_image(data, name), name))
    return image_of[source]


def _uv(gltf: Gltf, info: Mapping[str, Any], attributes: Mapping[str, Any]) -> Float[np.ndarray, "v 2"] | None:
    """The coordinates that a texture is looked up with, KHR_texture_transform applied, origin at the bottom left."""
    change = info.get("extensions", {}).get("KHR_texture_transform", {})
    attribute = f"TEXCOORD_{change.get('texCoord', info.get('texCoord', 0))}"
    if attribute not in attributes:
        return None
    uv = gltf.values(attributes[attribute]).astype(np.float32) * np.array(change.get("scale", (1, 1)), dtype=np.float32)
    cos, sin = np.cos(change.get("rotation", 0)), np.sin(change.get("rotation", 0))
    uv = uv @ np.array([[cos, -sin], [sin, cos]], dtype=np.float32)
    u, v = (uv + np.array(change.get("offset", (0, 0)), dtype=np.float32)).T
    return np.stack([u, 1 - v], axis=1)


def _srgb(linear: Float[np.ndarray, "n 3"]) -> Float[np.ndarray, "n 3"]:
    """IEC 61966-2-1."""
    linear = np.clip(np.nan_to_num(linear.astype(np.float64)), 0, 1)
    curve = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * np.maximum(linear, 1e-9) ** (1 / 2.4) - 0.055)
    return curve.astype(np.float32)


def _skin_matrices(
    gltf: Gltf, instance: Instance, used: Int[np.ndarray, " v"], world: Mapping[int, np.ndarray]
) -> Float[np.ndarray, "v 4 4"]:
    """World from mesh for each vertex of a skinned mesh in the pose that the file's nodes have (glTF 2.0, 3.7.3)."""
    skin = gltf.item("skins", gltf.item("nodes", instance.node)["skin"])
    attributes = primitive_of(gltf, instance)["attributes"]
    joint_world = np.stack([world[joint] for joint in skin["joints"]])
    if "inverseBindMatrices" in skin:
        joint_world = joint_world @ gltf.values(skin["inverseBindMatrices"]).reshape(-1, 4, 4).transpose(0, 2, 1)
    joints, weights = gltf.rows(attributes["JOINTS_0"])[used], gltf.values(attributes["WEIGHTS_0"])[used]
    weights = weights / np.maximum(weights.sum(axis=1, keepdims=True), 1e-9)
    blended = np.zeros((len(used), 4, 4))
    for k in range(joints.shape[1]):
        blended += weights[:, k, None, None] * joint_world[joints[:, k]]
    return blended


def _moved(piece: Piece, name: str, matrices: np.ndarray) -> Piece:
    """The piece in world coordinates; mirrored ones get their faces turned, so that outside stays outside."""
    turn, shift = matrices[..., :3, :3], matrices[..., :3, 3]
    vertices = np.einsum("...ab,...b->...a", turn, piece.vertices) + shift
    mirrored = len(vertices) > 0 and np.linalg.det(turn.reshape(-1, 3, 3)[0]) < 0
    return replace(piece, name=name, vertices=vertices, faces=piece.faces[:, ::-1] if mirrored else piece.faces)


# ---------------------------------------------------------------- other formats


def _parse(path: Path, ending: str, folder: Folder) -> trimesh.Scene:
    try:
        with path.open("rb") as file:
            scene = trimesh.load_scene(file, ending[1:], resolver=cast(Any, folder), process=False)
    except IndexError as error:
        if ending != ".obj":
            raise
        raise InputError(f"{first_bad_face(path)}. Export the file again.") from error
    if folder.refused is not None:
        raise folder.refused
    return scene


def _from_scene(scene: trimesh.Scene, repair: bool) -> tuple[list[Piece], list[np.ndarray]]:
    pieces: list[Piece] = []
    images: list[np.ndarray] = []
    image_of: dict[int, int] = {}
    for node in scene.graph.nodes_geometry:
        matrix, geometry_name = scene.graph[node]
        geometry = scene.geometry[geometry_name]
        if not isinstance(geometry, trimesh.Trimesh) or not len(geometry.faces):
            continue
        visual: Any = geometry.visual
        colour, face_colour, uv, image = None, None, None, -1
        used, faces = _used(node, np.asarray(geometry.faces), len(geometry.vertices), repair)
        if isinstance(visual, TextureVisuals):
            picture, factor = _material(visual.material)
            if picture is not None and visual.uv is not None and len(visual.uv) == len(geometry.vertices):
                if id(picture) not in image_of:
                    image_of[id(picture)] = len(images)
                    images.append(pixels(picture, f"texture of {node}"))
                image, uv = image_of[id(picture)], np.asarray(visual.uv, dtype=np.float32)[used, :2]
            colour = None if factor is None else np.array([factor[:3]], dtype=np.float32)
        elif visual.kind == "vertex":
            colour = np.asarray(visual.vertex_colors[used, :3] / 255, dtype=np.float32)
        elif visual.kind == "face":
            face_colour = np.asarray(visual.face_colors[:, :3] / 255, dtype=np.float32)
        vertices = np.asarray(geometry.vertices, dtype=np.float64)[used]
        piece = Piece(node, vertices, faces, used, colour, face_colour, uv, image)
        pieces.append(_moved(piece, node, matrix))
    return pieces, images


def _material(material: Any) -> tuple[Image.Image | None, Sequence[float] | None]:
    """A material's picture, and its colour 0..1 where the file gives one."""
    if isinstance(material, PBRMaterial):
        factor = material.baseColorFactor
        return material.baseColorTexture, None if factor is None else factor / 255
    return material.image, material.kwargs.get("kd")


def as_trimesh(piece: Piece, images: Sequence[np.ndarray]) -> trimesh.Trimesh:
    """A piece as trimesh holds it, with its colours and texture."""
    rgba = None
    if piece.colour is not None:
        rgba = np.pad((piece.colour * 255).round(), ((0, 0), (0, 1)), constant_values=255).astype(np.uint8)
    by_vertex = rgba is not None and len(rgba) > 1
    if piece.image < 0 and (rgba is None or by_vertex):
        return trimesh.Trimesh(piece.vertices, piece.faces, vertex_colors=rgba, process=False)
    picture = Image.fromarray(images[piece.image]) if piece.image >= 0 else None
    factor = None if rgba is None or by_vertex else rgba[0]
    visual = TextureVisuals(piece.uv, PBRMaterial(baseColorTexture=picture, baseColorFactor=factor))
    if by_vertex:
        visual.vertex_attributes["color"] = rgba
    return trimesh.Trimesh(piece.vertices, piece.faces, visual=visual, process=False)


def _cloud_of(scene: trimesh.Scene) -> tuple[np.ndarray, np.ndarray | None, np.ndarray | None] | None:
    """Points, colours and normals if the file holds points and no faces."""
    shapes = list(scene.geometry.values())
    if len(shapes) != 1 or not isinstance(shapes[0], trimesh.PointCloud):
        return None
    cloud = shapes[0]
    points = np.asarray(cloud.vertices, dtype=np.float64)
    has_colour = cloud.colors is not None and np.shape(cloud.colors)[:1] == (len(points),)
    raw = cloud.metadata.get("_ply_raw", {}).get("vertex", {}).get("data")
    names = () if raw is None else (raw.keys() if isinstance(raw, dict) else raw.dtype.names)
    has_normal = {"nx", "ny", "nz"} <= set(names)
    return (
        points,
        np.asarray(cloud.colors)[:, :3] / 255 if has_colour else None,
        np.column_stack([np.ravel(raw[axis]) for axis in ("nx", "ny", "nz")]) if has_normal else None,
    )


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


def _used(
    name: str, faces: Int[np.ndarray, "f 3"], count: int, repair: bool
) -> tuple[Int[np.ndarray, " u"], Int[np.ndarray, "f 3"]]:
    """Which vertices the faces use, and the faces in terms of these; with `repair`, -1 for a vertex that is missing."""
    if faces.ndim != 2 or faces.shape[1] != 3:
        raise InputError(f"{name!r}: expected triangles, got an array of shape {faces.shape}. Triangulate the file.")
    bad: np.ndarray = np.any((faces < 0) | (faces >= count), axis=1)
    if bad.any() and not repair:
        first = int(bad.argmax())
        raise InputError(
            f"face {first} of {name!r} refers to vertices {faces[first].tolist()}, but there are {count}; "
            f"{int(bad.sum())} faces are wrong. Use repair to leave them out, or export the file again."
        )
    mask = np.zeros(count, dtype=bool)
    mask[faces[~bad]] = True
    position = np.cumsum(mask) - 1
    return np.flatnonzero(mask), np.where(bad[:, None], -1, position[np.where(bad[:, None], 0, faces)] if count else -1)


def _join(
    pieces: Sequence[Piece],
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
    keep, found = _inspect(vertices, faces, path.name, repair)
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


def _corners(piece: Piece, keep: Bool[np.ndarray, " f"]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
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
    vertices: Float[np.ndarray, "v 3"], faces: Int[np.ndarray, "f 3"], name: str, repair: bool
) -> tuple[Bool[np.ndarray, " f"], dict[str, int]]:
    """Which faces can be used, and what is wrong with the mesh: kind -> count.

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
    if size > _FAR:
        raise InputError(f"{name}: a coordinate is {size:.3g}; the limit is {_FAR:.0g}. Scale or centre the shape.")
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
    """How many edges join more than two faces, and how many join two that are wound in opposite senses."""
    start, end = faces.ravel(), np.roll(faces, -1, axis=1).ravel()
    key = np.minimum(start, end) * (faces.max(initial=0) + 1) + np.maximum(start, end)
    _, edge, count = np.unique(key, return_inverse=True, return_counts=True)
    balance = np.bincount(edge, weights=np.where(start < end, 1, -1))
    return int((count > 2).sum()), int(((count == 2) & (balance != 0)).sum())


def _sound_cloud(
    points: np.ndarray, colour: np.ndarray | None, normal: np.ndarray | None, path: Path, repair: bool, limits: Limits
) -> PointCloud:
    for name, array in (("points", points), ("colour", colour), ("normal", normal)):
        if array is not None and (array.ndim != 2 or array.shape != (len(points), 3) or array.dtype.kind not in "fiu"):
            raise InputError(f"{path.name}: expected {name} as numbers [n 3], got {array.dtype} {list(array.shape)}.")
    check_count(path.name, len(points), limits)
    points = points.astype(np.float64)
    keep: np.ndarray = np.all(np.abs(points) < _FAR, axis=1)
    report = {} if keep.all() else {"points_not_finite": int((~keep).sum()), "dropped_points": int((~keep).sum())}
    if report and not repair:
        first = int((~keep).argmax())
        raise InputError(
            f"{path.name}: point {first} is {points[first].tolist()}; {report['points_not_finite']} points are not "
            f"finite or beyond {_FAR:.0g}. Use repair to leave them out."
        )
    points = points[keep]
    if not len(points) or (points == points[0]).all():
        raise InputError(f"{path.name}: no surface: {len(points)} points, all in one place. Export it again.")
    if colour is not None:
        colour = np.clip(np.nan_to_num(colour[keep]), 0, 1).astype(np.float32)
    if normal is not None:
        normal = np.nan_to_num(normal[keep])
        normal = (normal / np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-12)).astype(np.float32)
    return PointCloud(points, colour, normal, path, report)
