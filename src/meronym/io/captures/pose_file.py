"""Poses, lenses and names of photos as every format states them, and their checks."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float

from meronym.errors import Error, InputError, LimitError
from meronym.io.captures.lenses import TERMS
from meronym.io.limits import Limits
from meronym.io.paths import inside
from meronym.io.shapes.clouds import clean_cloud
from meronym.types import PointCloud

PHOTO_ENDINGS = (".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff", ".bmp", ".heic", ".heif")
PHOTO_FOLDERS = ("images", "input", "images_2", "images_4", "images_8")
"""Where photos may lie, beside the poses or above them."""
_LOOSE = 1e-2
"""How far a rotation may be from orthonormal; it is made exact."""
UNDISTORT = "Undistort the photos first (`colmap image_undistorter` does), and use what it writes."


@dataclass(frozen=True)
class Lens:
    """OpenCV's pinhole camera with distortion, in pixels of a photo of `width` x `height`."""

    width: int
    height: int
    fx: float
    fy: float
    cx: float
    cy: float
    distortion: tuple[float, ...] = (0.0,) * len(TERMS)
    """The terms of `lenses.TERMS`."""
    fisheye: bool = False


@dataclass(frozen=True, eq=False)
class Shot:
    """One photo with its pose and its lens."""

    path: Path
    world_from_camera: Float[np.ndarray, "4 4"]
    """OpenCV convention, exactly orthonormal."""
    lens: Lens
    depth: tuple[float, float] | None = None
    """Nearest and farthest, world units."""
    mask: Path | None = None
    """Picture that is black where nothing is to be learned from the photo."""


@dataclass(frozen=True, eq=False)
class PoseFile:
    """Contents of a file of poses."""

    shots: Sequence[Shot]
    points: PointCloud | None = None
    folder: Path | None = None
    """The one that the photos' own names are relative to; None = the nearest that holds them all."""
    report: dict[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    """What was chosen or left out, in sentences."""


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn every exception that a damaged file of poses sets off into one of meronym's, with the file's name in front."""
    try:
        yield
    except Error as error:
        if str(error).startswith((path.name, str(path))):
            raise
        raise type(error)(f"{path}: {error}") from error
    except (MemoryError, RecursionError) as error:
        raise LimitError(f"{path}: too much, or too deep, to be read ({type(error).__name__}).") from error
    except (ValueError, TypeError, LookupError, ArithmeticError, EOFError, RuntimeError, OSError) as error:
        reason = f"{type(error).__name__}: {error}"[:200]
        raise InputError(f"{path}: damaged, or not what its name says ({reason}). Export it again.") from error


# ---------------------------------------------------------------- photos


def listed(folder: Path) -> list[Path]:
    """The photos in a folder, by name."""
    if not folder.is_dir():
        return []
    return sorted(file for file in folder.iterdir() if file.suffix.lower() in PHOTO_ENDINGS and file.is_file())


def finder(folders: Sequence[Path], kind: str = "photo") -> Callable[[str], Path | None]:
    """A function that finds the photo that a file of poses names, below the first of the folders that has it.

    The file may have been written on another machine, with another place and other endings: leading folders of the name are
    left out one by one, and a photo of the same name with another ending, or with none, stands for it. Nothing outside of the
    folders is looked at.

    Raises (the function): InputError if the photo is a link that leads out of its folder.
    """

    @cache
    def stems(folder: Path) -> dict[str, Path]:
        return {name: file for file in reversed(listed(folder)) for name in (file.stem, file.name.casefold())}

    def find(name: str) -> Path | None:
        parts = [part for part in name.strip().replace("\\", "/").split("/") if part not in ("", ".", "..") and ":" not in part]
        for first in range(len(parts)):
            for folder in folders:
                path = folder.joinpath(*parts[first:])
                ended = path.suffix.lower() in PHOTO_ENDINGS
                alike = (path.name if ended else f"{path.name}.png").casefold(), path.stem if ended else path.name
                beside = stems(path.parent)
                found = path if path.is_file() else next((beside[name] for name in alike if name in beside), None)
                if found is not None:
                    return inside(folder, found.relative_to(folder).as_posix(), kind, linked_folders=True)
        return None

    return find


def absent(names: Sequence[str], paths: Sequence[Path | None], where: Path) -> tuple[dict[str, int], tuple[str, ...]]:
    """The photos that are missing: their number for the report, and a sentence with the first five.

    Raises: InputError if a photo has two poses, or more of them are missing than are there.
    """
    twice = [path for path, count in Counter(path for path in paths if path is not None).items() if count > 1]
    if twice:
        raise InputError(f"the photo {twice[0].name!r} has two poses, and {len(twice) - 1} more have. Keep one of each.")
    missing = [name for name, path in zip(names, paths, strict=True) if path is None]
    if not missing:
        return {}, ()
    first = ", ".join(name[:80] for name in missing[:5])
    said = f"{len(missing)} of {len(names)} photos are missing from {where}: {first}{', ...' if len(missing) > 5 else ''}."
    if 2 * len(missing) > len(names):
        raise InputError(f"{said} Put them there, or export the poses again.")
    return {"photos that are missing": len(missing)}, (f"{said} The others are used.",)


# ---------------------------------------------------------------- cameras


def pose(matrix: np.ndarray, name: str, limits: Limits) -> Float[np.ndarray, "4 4"]:
    """A rigid motion, exactly.

    Raises: InputError if a number is not finite or too large, or the rotation is none.
    """
    matrix = np.asarray(matrix, dtype=np.float64)
    if matrix.shape not in ((4, 4), (3, 4)):
        raise InputError(f"{name}: expected a pose of 4 x 4 numbers, got {list(matrix.shape)}. Export it again.")
    if not np.isfinite(matrix).all():
        raise InputError(f"{name}: its pose holds {matrix[~np.isfinite(matrix)][0]}. Leave the photo out, or export again.")
    if np.abs(matrix[:3, 3]).max() > limits.coordinate:
        raise InputError(
            f"{name}: it stands at {matrix[:3, 3].tolist()}; the limit is {limits.coordinate:.0g}. Scale the poses."
        )
    if len(matrix) == 4 and np.abs(matrix[3] - [0, 0, 0, 1]).max() > _LOOSE:
        raise InputError(f"{name}: the last row of its pose is {matrix[3].tolist()}, not 0 0 0 1. Export it again.")
    rotation = matrix[:3, :3]
    off = float(np.abs(rotation.clip(-9, 9).T @ rotation.clip(-9, 9) - np.eye(3)).max())
    if off > _LOOSE:
        raise InputError(
            f"{name}: its rotation is not orthonormal (off by {off:.2g}, at most {_LOOSE} is put right). "
            "Remove scale and shear from the pose, or export it again."
        )
    if np.linalg.det(rotation) < 0:
        raise InputError(f"{name}: its rotation is left-handed (determinant -1). Flip the sign of one axis of the camera.")
    u, _, v = np.linalg.svd(rotation)
    rigid = np.eye(4)
    rigid[:3, :3], rigid[:3, 3] = u @ v, matrix[:3, 3]
    return rigid


def check_lens(lens: Lens, name: str) -> Lens:
    """Raises: InputError for a size, focal length, principal point or distortion that no photo has."""
    if not (1 <= lens.width <= 10**6 and 1 <= lens.height <= 10**6):
        raise InputError(f"{name}: its camera has {lens.width} x {lens.height} pixels. Export the cameras again.")
    side = max(lens.width, lens.height)
    for axis, focal in (("x", lens.fx), ("y", lens.fy)):
        if not (math.isfinite(focal) and focal > 0):
            raise InputError(f"{name}: its focal length in {axis} is {focal}, expected more than 0. Export the cameras again.")
        if not 0.01 * side < focal < 1000 * side:
            raise InputError(f"{name}: its focal length in {axis} is {focal:.3g} for {side} pixels. It must be in pixels.")
    if not (-lens.width <= lens.cx <= 2 * lens.width and -lens.height <= lens.cy <= 2 * lens.height):
        raise InputError(
            f"{name}: its principal point is {lens.cx:.4g} {lens.cy:.4g}, far outside of {lens.width} x {lens.height} pixels. "
            "Export the cameras again."
        )
    if not all(math.isfinite(k) and abs(k) < 1e3 for k in lens.distortion):
        raise InputError(f"{name}: its lens distortion is {list(lens.distortion)}. Export the cameras again.")
    return lens


def lens_of(model: str, width: int, height: int, params: Sequence[float], name: str) -> Lens:
    """The lens that COLMAP's `params` of `model` mean.

    Raises: InputError if the model is not one that OpenCV's pinhole or fisheye model covers, or a value makes no sense.
    """
    wanted = MODELS.get(model)
    if wanted is None:
        raise InputError(f"{name}: its camera model {model!r:.60} is not read; {' '.join(MODELS)} are. {UNDISTORT}")
    if len(params) != len(wanted):
        raise InputError(f"{name}: {model} has {len(wanted)} parameters, got {len(params)}. Export the cameras again.")
    value = dict(zip(wanted, map(float, params), strict=True))
    f = value.get("f", 0.0)
    distortion = tuple(value.get(term, 0.0) for term in TERMS)
    lens = Lens(width, height, value.get("fx", f), value.get("fy", f), value["cx"], value["cy"], distortion, "FISHEYE" in model)
    return check_lens(lens, name)


MODELS: dict[str, tuple[str, ...]] = {
    "SIMPLE_PINHOLE": ("f", "cx", "cy"),
    "PINHOLE": ("fx", "fy", "cx", "cy"),
    "SIMPLE_RADIAL": ("f", "cx", "cy", "k1"),
    "RADIAL": ("f", "cx", "cy", "k1", "k2"),
    "OPENCV": ("fx", "fy", "cx", "cy", "k1", "k2", "p1", "p2"),
    "OPENCV_FISHEYE": ("fx", "fy", "cx", "cy", "k1", "k2", "k3", "k4"),
    "SIMPLE_RADIAL_FISHEYE": ("f", "cx", "cy", "k1"),
    "RADIAL_FISHEYE": ("f", "cx", "cy", "k1", "k2"),
    "SIMPLE_FISHEYE": ("f", "cx", "cy"),
    "FISHEYE": ("fx", "fy", "cx", "cy"),
    "FULL_OPENCV": ("fx", "fy", "cx", "cy", "k1", "k2", "p1", "p2", "k3", "k4", "k5", "k6"),
    "THIN_PRISM_FISHEYE": ("fx", "fy", "cx", "cy", "k1", "k2", "p1", "p2", "k3", "k4", "s1", "s3"),
}
"""COLMAP's camera models and their parameters, those of the distortion by `lenses.TERMS`."""


def number(tree: dict[str, Any], key: str, default: float | None = None) -> float:
    """A number in a JSON object.

    Raises: InputError if it is missing without a default, or is no finite number.
    """
    value = tree.get(key, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise InputError(f"{key}: expected a number, got {value!r:.60}. Export the file again.")
    return float(value)


def cloud(
    points: np.ndarray, colour: np.ndarray | None, source: Path, limits: Limits
) -> tuple[PointCloud | None, dict[str, int]]:
    """Sparse points and their colours (0..255), without those that are not finite; and the number of these."""
    kept = clean_cloud(points, None if colour is None else colour / 255, None, source, limits)
    report = {"points that are not finite": kept.report["dropped_points"]} if kept.report else {}
    return (replace(kept, report={}) if len(kept.points) else None), report
