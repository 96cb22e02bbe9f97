"""Reads transforms.json as instant-ngp, nerfstudio and NeRF's synthetic scenes write it."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np

from meronym.errors import InputError
from meronym.io.captures.lenses import TERMS
from meronym.io.captures.photos import photo_header
from meronym.io.captures.pose_file import (
    MODELS,
    PHOTO_FOLDERS,
    UNDISTORT,
    Lens,
    PoseFile,
    Shot,
    absent,
    check_lens,
    cloud,
    explained,
    finder,
    number,
    pose,
)
from meronym.io.limits import DEFAULT, Limits, check_size
from meronym.io.paths import inside
from meronym.io.shapes.read import read_shape
from meronym.types import Mesh, PointCloud

_ODD = ("ftheta_p0", "latlong", "equirectangular", "orthographic")
"""instant-ngp's marks of lenses that no pinhole camera can stand for."""
_OPENCV_FROM_OPENGL = np.array([1.0, -1.0, -1.0, 1.0])
"""Signs of the camera's axes; y is up and z backward in these files."""


def read_transforms(path: Path, limits: Limits = DEFAULT) -> PoseFile:
    """The photos and lenses of a transforms.json; the lens may be one for all, or each frame may have its own.

    Raises: InputError if the file is damaged, a photo is missing, or a lens is no pinhole or OpenCV fisheye.
    """
    with explained(path):
        check_size(path, limits)
        tree = json.loads(path.read_text(encoding="utf-8-sig"))
        if not isinstance(tree, dict) or not isinstance(tree.get("frames"), list):
            raise InputError("expected an object with a list of frames. Is this the right file?")
        frames = tree["frames"]
        if not all(isinstance(frame, dict) and isinstance(frame.get("file_path"), str) for frame in frames):
            raise InputError("each frame needs a file_path. Export the file again.")
        folders = [path.parent, *(path.parent / name for name in PHOTO_FOLDERS)]
        names = [frame["file_path"] for frame in frames]
        paths = list(map(finder(folders), names))
        report, notes = absent(names, paths, path.parent)
        find_mask, shots = finder([path.parent, path.parent / "masks"], "mask"), list[Shot]()
        for photo, frame in zip(paths, frames, strict=True):
            if photo is None:
                continue
            matrix = _matrix(frame.get("transform_matrix"), frame["file_path"]) * _OPENCV_FROM_OPENGL
            lens = _lens({**{key: value for key, value in tree.items() if key != "frames"}, **frame}, photo, limits)
            mask = find_mask(frame["mask_path"]) if isinstance(frame.get("mask_path"), str) else None
            shots.append(Shot(photo, pose(matrix, frame["file_path"], limits), lens, mask=mask))
        named = sum(bool(frame.get("mask_path")) for frame, photo in zip(frames, paths, strict=True) if photo is not None)
        if bare := named - sum(shot.mask is not None for shot in shots):
            report["masks that are missing"] = bare
            notes += (f"{bare} of {named} masks (mask_path) are missing from {path.parent}: these photos are used whole.",)
        points, lost = _points(path, tree.get("ply_file_path"), limits)
        return PoseFile(shots, points, report=report | lost, notes=notes)


def _matrix(value: Any, name: str) -> np.ndarray:
    """World from camera, with y up and z backward."""
    rows = value if isinstance(value, list) and all(isinstance(row, list) for row in value) else []
    flat = [entry for row in rows for entry in row]
    if [len(row) for row in rows] not in ([4] * 4, [4] * 3) or not all(type(entry) in (int, float) for entry in flat):
        raise InputError(f"{name}: its transform_matrix is {str(value)[:60]}, expected 4 x 4 numbers. Export it again.")
    return np.array(rows, dtype=np.float64)


def _lens(tree: dict[str, Any], photo: Path, limits: Limits) -> Lens:
    model = tree.get("camera_model", "OPENCV")
    odd = next((key for key in _ODD if tree.get(key)), None)
    if model not in MODELS or odd is not None:
        raise InputError(
            f"{photo.name}: its camera model {odd or model!r:.60} is not read; {' '.join(MODELS)} are. {UNDISTORT}"
        )
    fisheye = "FISHEYE" in model or tree.get("is_fisheye") is True
    if "w" in tree or "h" in tree:
        width, height = number(tree, "w"), number(tree, "h")
    else:
        header = photo_header(photo, limits)
        width, height = float(header.width), float(header.height)
    if width != int(width) or height != int(height):
        raise InputError(f"w and h: expected whole numbers, got {width} x {height}. Export the file again.")
    fx = number(tree, "fl_x") if "fl_x" in tree else _focal(tree, "camera_angle_x", width)
    if "fl_y" not in tree and "fl_x" not in tree and "camera_angle_y" in tree:
        fy = _focal(tree, "camera_angle_y", height)
    else:
        fy = number(tree, "fl_y", fx)
    distortion = tuple(number(tree, term, 0.0) for term in TERMS)
    if (fisheye and any(distortion[2:4])) or (not fisheye and distortion[5] and model != "FULL_OPENCV"):
        wrong = "p1 and p2 with a fisheye lens" if fisheye else "k4 without a fisheye lens"
        raise InputError(f"{photo.name}: {wrong}: not OpenCV's model. {UNDISTORT}")
    cx, cy = number(tree, "cx", width / 2), number(tree, "cy", height / 2)
    return check_lens(Lens(int(width), int(height), fx, fy, cx, cy, distortion, fisheye), photo.name)


def _focal(tree: dict[str, Any], key: str, side: float) -> float:
    angle = number(tree, key)
    if not 0 < angle < math.pi:
        raise InputError(f"{key}: expected an angle of 0 to pi, got {angle}. Export the file again.")
    return side / 2 / math.tan(angle / 2)


def _points(path: Path, name: Any, limits: Limits) -> tuple[PointCloud | None, dict[str, int]]:
    """The sparse points that nerfstudio keeps beside the poses, in the same frame."""
    if name is None:
        return None, {}
    if not isinstance(name, str):
        raise InputError(f"ply_file_path: expected a file name, got {name!r:.60}. Export the file again.")
    file = inside(path.parent, name, linked_folders=True)
    if not file.is_file():
        return None, {"files of sparse points that are missing": 1}
    if file.suffix.lower() != ".ply":
        raise InputError(f"ply_file_path: expected a .ply file, got {name[:60]!r}. Export the file again.")
    shape = read_shape(file, repair=True, limits=limits)
    if isinstance(shape, Mesh):
        return cloud(shape.vertices, None, file, limits)
    return cloud(shape.points, None if shape.colour is None else 255 * shape.colour, file, limits)
