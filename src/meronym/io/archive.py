"""A whole result in one .npz file: labels and scores, the shape, the photos, features and the record."""

from __future__ import annotations

import io
import json
import os
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
import torch
from jaxtyping import Float, Int, UInt8

from meronym.errors import InputError, LimitError
from meronym.io.arrays import read_npz
from meronym.io.documents import FORMAT, VERSION, as_json
from meronym.io.limits import DEFAULT, Limits, check_count
from meronym.io.shapes.splats.read import sound_cameras, sound_rows
from meronym.results import PointFeatures, Record, Segmentation, ViewLabels
from meronym.types import (
    Cameras,
    Capture,
    FaceOrigin,
    Finish,
    Gaussians,
    Mesh,
    NamedMaterial,
    Opacity,
    PartTree,
    PhotoFrame,
    PointCloud,
    Textures,
)
from meronym.viz.overlays import as_bytes

ARCHIVE_LIMITS = replace(DEFAULT, ratio=1100)
"""Scores of prompts that name nothing are all but zeros, which zip packs up to 1032 times; the size stays limited."""


def write_npz(result: Segmentation, place: Path) -> bytes:
    """The .npz file of a result in the folder `place`; equal runs have equal bytes.

    Photos are kept with 8 bits a channel, their scores and the features of the part tree in half precision. The shape's
    source is stated relative to `place`.
    """
    shape = result.shape
    about: dict[str, Any] = {"source": _relative(shape.source, place), "report": shape.report}
    arrays: dict[str, Any] = {
        "format": np.array(FORMAT),
        "version": np.array(VERSION),
        "prompts": np.array(result.prompts, dtype=np.str_),
        "record": _text(result.record.as_dict(seconds=False)),
        "label": result.label.astype(np.int32),
        "score": result.score,
        "seen": result.seen,
    }
    if isinstance(shape, Gaussians):
        arrays |= {"gaussians": shape.rows, "floating": shape.floating}
        if shape.cameras is not None:
            arrays |= {"camera_pose": shape.cameras.world_from_camera.numpy(), "camera": shape.cameras.intrinsics.numpy()}
            about["camera_size"] = {"height": shape.cameras.height, "width": shape.cameras.width}
    elif isinstance(shape, PointCloud):
        arrays |= {"points": shape.points} | _present(colour=shape.colour, normal=shape.normal)
    else:
        arrays |= {"vertices": shape.vertices, "faces": shape.faces.astype(np.int32)}
        arrays |= _present(corner_colour=shape.corner_colour)
        about |= {"up": shape.up, "unit": shape.unit}
        if shape.opacity is not None:
            arrays |= {"alpha_cutoff": shape.opacity.cutoff, "corner_alpha": shape.opacity.corner}
        if shape.texture is not None:
            arrays |= {"uv": shape.texture.uv, "image_of_face": shape.texture.image_of_face.astype(np.int32)}
            about["images"] = len(shape.texture.images)
            arrays |= {f"image_{k}": image for k, image in enumerate(shape.texture.images)}
        if shape.face_origin is not None:
            about["nodes"] = shape.face_origin.nodes
            arrays["node_of_face"] = shape.face_origin.node_of_face.astype(np.int32)
            arrays["face_in_node"] = shape.face_origin.face_in_node.astype(np.int32)
        if shape.finish is not None:
            about |= {"materials": shape.finish.materials, "groups": shape.finish.groups}
            arrays["material"] = shape.finish.material.astype(np.int32)
            arrays["polygon"] = shape.finish.polygon.astype(np.int32)
            arrays |= _present(corner_normal=shape.finish.normal)
    if result.features is not None:
        arrays |= {"feature_point": result.features.point, "feature_basis": result.features.basis}
    if (tree := result.tree) is not None:
        arrays |= {"tree_segment": tree.segment.astype(np.int32), "tree_parent": tree.parent.astype(np.int32)}
        arrays |= {"tree_features": tree.features.astype(np.float16), "tree_area": tree.area, "tree_seam": tree.seam}
        arrays["tree_loose"] = np.array([tree.loose])
    if result.views is not None:
        views = result.views
        about["photos"] = views.names
        arrays |= {"view_label": views.label.astype(np.int16), "view_score": views.score.astype(np.float16)}
        arrays |= {"view_colour": as_bytes(views.colour), "view_rendered": as_bytes(views.rendered)}
        arrays["view_held_out"] = views.held_out
        arrays |= _present(view_size=views.size)
        if views.capture is not None:
            arrays |= _photo_arrays(views.capture)
            about["photo_folder"] = _relative(_photo_folder(views.capture), place)
    file = io.BytesIO()
    np.savez_compressed(file, about=_text(about), **arrays)
    return file.getvalue()


def read_archive(path: Path, limits: Limits = ARCHIVE_LIMITS) -> Segmentation:
    """The result in an .npz file that `write_npz` wrote; stages' seconds are not in it.

    Raises: InputError if it is damaged or no such file, LimitError if it is too large.
    """
    arrays = read_npz(path, limits)
    file = _Archive(path.name, arrays)
    if arrays.get("format", np.array("")).tolist() != FORMAT or arrays.get("version", np.array(0)).tolist() != VERSION:
        raise InputError(f"{path.name}: not a {FORMAT} file of version {VERSION}. Write it with Segmentation.save.")
    about = file.document("about")
    prompts = tuple(file.array("prompts", "U", None).tolist())
    label = file.indices("label", len(prompts), None)
    check_count(path.name, len(label), limits)
    kind = _gaussians if "gaussians" in arrays else _cloud if "points" in arrays else _mesh
    shape = kind(file, about, len(label))
    features = None
    if "feature_point" in arrays:
        point = file.array("feature_point", "f", len(label), None)
        features = PointFeatures(point, file.array("feature_basis", "f", point.shape[1], None))
    try:
        return Segmentation(
            label,
            file.array("score", "f", len(label), len(prompts)),
            file.array("seen", "b", len(label)),
            prompts,
            replace(shape, source=_source(about.get("source"), path), report=file.counts(about, "report")),
            Record.from_dict(file.document("record")),
            _views(file, about, len(prompts), path) if "view_label" in arrays else None,
            features,
            _tree(file, len(label)) if any(name.startswith("tree_") for name in arrays) else None,
        )
    except InputError as error:
        raise InputError(str(error) if str(error).startswith(path.name) else f"{path.name}: {error}") from error


# ---------------------------------------------------------------- parts of the file


def _mesh(file: _Archive, about: dict[str, Any], count: int) -> Mesh:
    vertices = file.places("vertices", None)
    texture, origin = None, None
    if "images" in about:
        number = about["images"]
        if type(number) is not int or not 0 <= number <= len(file.arrays):
            raise InputError(f"{file.name}: about.images: expected their number, got {number!r:.60}. Save the result again.")
        images = tuple(file.image(f"image_{k}") for k in range(number))
        texture = Textures(images, file.indices("image_of_face", number, count), file.array("uv", "f", count, 3, 2))
    if "node_of_face" in file.arrays:
        nodes = file.texts(about, "nodes")
        node_of_face = file.indices("node_of_face", len(nodes), count, first=0)
        origin = FaceOrigin(nodes, node_of_face, file.indices("face_in_node", 2**31, count, first=0))
    opacity = None
    if "alpha_cutoff" in file.arrays:
        opacity = Opacity(file.array("alpha_cutoff", "f", count), file.array("corner_alpha", "f", count, 3))
    up, unit = about.get("up"), about.get("unit")
    if up not in (None, "x", "y", "z") or not (unit is None or (isinstance(unit, float) and 0 < unit < np.inf)):
        raise InputError(f"{file.name}: about: an axis {up!r:.20} and a unit of {unit!r:.20} m. Save the result again.")
    return Mesh(
        vertices,
        file.indices("faces", len(vertices), count, 3, first=0),
        corner_colour=file.optional("corner_colour", "f", count, 3, 3),
        texture=texture,
        face_origin=origin,
        opacity=opacity,
        finish=_finish(file, about, count) if "polygon" in file.arrays else None,
        up=up,
        unit=unit,
    )


def _finish(file: _Archive, about: dict[str, Any], count: int) -> Finish:
    listed, groups = about.get("materials"), about.get("groups")
    if not isinstance(listed, list) or not isinstance(groups, list):
        raise InputError(f"{file.name}: about.materials, about.groups: expected lists. Save the result again.")
    materials = tuple(file.material(one) for one in listed)
    paths = tuple(file.texts({"groups": path}, "groups") for path in groups)
    if any(not path for path in paths) or (paths and len(paths) != len(about.get("nodes", ()))):
        raise InputError(f"{file.name}: about.groups: expected one list of names a node. Save the result again.")
    return Finish(
        materials,
        file.indices("material", len(materials), count),
        file.indices("polygon", 2**31, count, first=0),
        file.optional("corner_normal", "f", count, 3, 3),
        paths,
    )


def _cloud(file: _Archive, about: dict[str, Any], count: int) -> PointCloud:
    colour, normal = (file.optional(name, "f", count, 3) for name in ("colour", "normal"))
    return PointCloud(file.places("points", count), colour, normal)


def _gaussians(file: _Archive, about: dict[str, Any], count: int) -> Gaussians:
    rows = sound_rows(file.array("gaussians", "V", count), f"{file.name}: gaussians", False, DEFAULT)
    cameras = None
    if "camera_pose" in file.arrays:
        poses = torch.from_numpy(file.array("camera_pose", "f", None, 4, 4))
        size, intrinsics = file.counts(about, "camera_size"), file.array("camera", "f", len(poses), 3, 3)
        cameras = Cameras(poses, torch.from_numpy(intrinsics), size.get("height", 0), size.get("width", 0))
        cameras = sound_cameras(cameras, f"{file.name}: camera", DEFAULT)
    return Gaussians(rows, file.array("floating", "b", count), cameras)


def _views(file: _Archive, about: dict[str, Any], prompts: int, path: Path) -> ViewLabels:
    names = file.texts(about, "photos")
    label = file.indices("view_label", prompts, len(names), None, None)
    size = label.shape[1:]
    score = file.array("view_score", "f", len(names), prompts, *size)
    if score.size and (score.min() < 0 or score.max() > 1):
        raise InputError(f"{file.name}: view_score: expected values in 0..1. Save the result again.")
    colour, rendered = (
        file.array(name, "u", len(names), *size, 3).astype(np.float32) / 255 for name in ("view_colour", "view_rendered")
    )
    held_out, own = file.array("view_held_out", "b", len(names)), None
    if "view_size" in file.arrays:
        own = file.indices("view_size", max(size) + 1, len(names), 2, first=1)
        if (own > size).any():
            raise InputError(f"{file.name}: view_size: expected at most {list(size)}. Save the result again.")
    capture = _capture(file, about, names, path) if "photo_size" in file.arrays else None
    return ViewLabels(names, label, score, colour, rendered, held_out, own, capture)


def _photo_folder(capture: Capture) -> Path:
    """The folder that the names of the photos are relative to."""
    return capture.images[0].parents[capture.frame(0).name.count("/")]


def _photo_arrays(capture: Capture) -> dict[str, np.ndarray]:
    frames = [capture.frame(view) for view in range(len(capture))]
    return {
        "photo_size": np.array([[frame.width, frame.height] for frame in frames]),
        "photo_turns": np.array([frame.turns for frame in frames]),
        "photo_fisheye": np.array([frame.fisheye for frame in frames]),
        "photo_pose": capture.cameras.world_from_camera.cpu().numpy(),
        "photo_lens": capture.cameras.intrinsics.cpu().numpy(),
        "photo_distortion": capture.distortion.cpu().numpy(),
    }


def _capture(file: _Archive, about: dict[str, Any], names: tuple[str, ...], path: Path) -> Capture:
    """Poses, lenses and sizes of the photos; the photos need not be there."""
    count = len(names)
    size = file.indices("photo_size", 1_000_000, count, 2, first=1)
    if not count:
        raise InputError(f"{file.name}: about.photos: there are none. Save the result again.")
    if (size.prod(1) > DEFAULT.image_pixels).any():
        raise LimitError(f"{file.name}: photo_size: {size.max(0).tolist()}: over {DEFAULT.image_pixels} pixels.")
    turns = file.indices("photo_turns", 4, count, first=0)
    lens = file.array("photo_lens", "f", count, 3, 3)
    if (lens[:, [0, 1], [0, 1]] <= 0).any():
        raise InputError(f"{file.name}: photo_lens: expected focal lengths above 0. Save the result again.")
    folder = _source(about.get("photo_folder"), path) or Path()
    bent = file.array("photo_fisheye", "b", count).tolist()
    frames = tuple(
        PhotoFrame(name, width, height, turn, None, fisheye)
        for name, (width, height), turn, fisheye in zip(names, size.tolist(), turns.tolist(), bent, strict=True)
    )
    pose, distortion = file.array("photo_pose", "f", count, 4, 4), file.array("photo_distortion", "f", count, 12)
    cameras = Cameras(torch.from_numpy(pose), torch.from_numpy(lens), int(size[:, 1].max()), int(size[:, 0].max()))
    return Capture(tuple(folder / name for name in names), cameras, torch.from_numpy(distortion), frames=frames)


def _tree(file: _Archive, count: int) -> PartTree:
    area, seam = file.array("tree_area", "f", None), file.array("tree_seam", "f", None)
    nodes = len(seam)
    parent = file.indices("tree_parent", nodes, nodes)
    if not 0 < len(area) <= nodes or area.min() < 0 or seam.min() < 0:
        raise InputError(f"{file.name}: tree_area, tree_seam: expected a tree without negative sizes. Save the result again.")
    if parent[-1] != -1 or (parent[:-1] <= np.arange(nodes - 1)).any():
        raise InputError(f"{file.name}: tree_parent: expected parents after their children. Save the result again.")
    features = file.array("tree_features", "f", len(area), None)
    segment = file.indices("tree_segment", len(area), count, first=0)
    return PartTree(segment, parent, features, area, seam, bool(file.array("tree_loose", "b", 1)[0]))


def _relative(source: Path | None, place: Path) -> str | None:
    if source is None:
        return None
    try:
        return Path(os.path.relpath(source.resolve(), place.resolve())).as_posix()
    except ValueError:  # another drive
        return source.name


def _source(text: object, path: Path) -> Path | None:
    """The source that a file states, if it is a relative path; whether it exists is not looked up."""
    if not isinstance(text, str) or not text or PurePosixPath(text).is_absolute() or set(text) & set(":\\\0"):
        return None
    return Path(os.path.normpath(path.parent.resolve() / text))


def _text(document: object) -> np.ndarray:
    return np.array(json.dumps(as_json(document), allow_nan=False))


def _present(**arrays: np.ndarray | None) -> dict[str, np.ndarray]:
    return {name: array for name, array in arrays.items() if array is not None}


# ---------------------------------------------------------------- checks


class _Archive:
    """The arrays of a file, handed out after checks of type and shape."""

    def __init__(self, name: str, arrays: dict[str, np.ndarray]) -> None:
        self.name, self.arrays = name, arrays

    def array(self, name: str, kind: str, *shape: int | None) -> np.ndarray:
        """The array `name`, of numpy's kind `kind`; None in `shape` stands for any length.

        Raises: InputError if it is missing, of another type or shape, or not finite.
        """
        if name not in self.arrays:
            raise InputError(f"{self.name}: {name}: missing. Save the result again.")
        array = self.arrays[name]
        fits = array.ndim == len(shape) and all(want in (None, got) for want, got in zip(shape, array.shape, strict=True))
        if not fits or array.dtype.kind != kind:
            expected = [want or "any" for want in shape]
            found = f"{array.dtype} {list(array.shape)}"
            raise InputError(f"{self.name}: {name}: expected kind {kind} {expected}, found {found}. Save the result again.")
        if kind == "f" and not np.isfinite(array).all():
            raise InputError(f"{self.name}: {name}: expected finite values. Save the result again.")
        return array

    def image(self, name: str) -> UInt8[np.ndarray, "h w d"]:
        """A picture with three channels, or with four. Raises: InputError as `array`."""
        clear = name in self.arrays and self.arrays[name].shape[2:] == (4,)
        return self.array(name, "u", None, None, 4 if clear else 3).astype(np.uint8)

    def places(self, name: str, count: int | None) -> Float[np.ndarray, "n 3"]:
        """Coordinates. Raises: InputError as `array`, or for one that is too large to compute with."""
        array = self.array(name, "f", count, 3)
        if np.abs(array).max(initial=0) > DEFAULT.coordinate:
            raise InputError(f"{self.name}: {name}: a coordinate over {DEFAULT.coordinate:.0g}. Save the result again.")
        return array

    def optional(self, name: str, kind: str, *shape: int | None) -> np.ndarray | None:
        """The array `name`, or None if there is none."""
        return self.array(name, kind, *shape) if name in self.arrays else None

    def indices(self, name: str, count: int, *shape: int | None, first: int = -1) -> Int[np.ndarray, ...]:
        """Whole numbers from `first` to below `count`.

        Raises: InputError as `array`, or for a number outside.
        """
        array = self.array(name, "i", *shape)
        if array.size and (array.min() < first or array.max() >= count):
            found = f"{array.min()}..{array.max()}"
            raise InputError(f"{self.name}: {name}: expected {first}..{count - 1}, found {found}. Save the result again.")
        return array.astype(np.int64)

    def document(self, name: str) -> dict[str, Any]:
        """The JSON object in a text. Raises: InputError if it is missing or damaged."""
        try:
            document = json.loads(str(self.array(name, "U")))
        except (ValueError, RecursionError) as error:
            if isinstance(error, InputError):
                raise
            raise InputError(f"{self.name}: {name}: damaged ({error}). Save the result again.") from error
        if not isinstance(document, dict):
            raise InputError(f"{self.name}: {name}: expected an object. Save the result again.")
        return document

    def texts(self, about: dict[str, Any], name: str) -> tuple[str, ...]:
        """A list of texts in a document. Raises: InputError if it is none."""
        values = about.get(name)
        if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
            raise InputError(f"{self.name}: about.{name}: expected a list of texts. Save the result again.")
        return tuple(values)

    def material(self, value: object) -> NamedMaterial:
        """A material in a document. Raises: InputError if it is none."""
        match value:
            case [str(name), None | [int() | float(), int() | float(), int() | float()] as colour, int() | float() as alpha]:
                return NamedMaterial(name, None if colour is None else (colour[0], colour[1], colour[2]), alpha)
        raise InputError(f"{self.name}: about.materials: expected name, colour and alpha, got {value!r:.60}. Save it again.")

    def counts(self, about: dict[str, Any], name: str) -> dict[str, int]:
        """Whole numbers by name in a document. Raises: InputError if they are none."""
        values = about.get(name)
        if not isinstance(values, dict) or not all(type(value) is int for value in values.values()):
            raise InputError(f"{self.name}: about.{name}: expected whole numbers by name. Save the result again.")
        return values
