"""Reads COLMAP's sparse models, binary and text: cameras, images, points3D."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from jaxtyping import Float

from meronym.core.geometry import rotations
from meronym.errors import InputError
from meronym.io.captures.pose_file import (
    MODELS,
    PHOTO_FOLDERS,
    Lens,
    PoseFile,
    Shot,
    absent,
    cloud,
    explained,
    finder,
    lens_of,
    pose,
)
from meronym.io.limits import DEFAULT, Limits, check_count, check_size
from meronym.io.paths import inside

_NUMBERS = (
    "SIMPLE_PINHOLE", "PINHOLE", "SIMPLE_RADIAL", "RADIAL", "OPENCV", "OPENCV_FISHEYE", "FULL_OPENCV", "FOV",
    "SIMPLE_RADIAL_FISHEYE", "RADIAL_FISHEYE", "THIN_PRISM_FISHEYE", "RAD_TAN_THIN_PRISM_FISHEYE", "SIMPLE_DIVISION",
    "DIVISION", "SIMPLE_FISHEYE", "FISHEYE", "EUCM", "EQUIRECTANGULAR",
)  # fmt: skip
"""Camera models in the order of their numbers in cameras.bin."""
_NESTED = ("dense/*/sparse", "dense/sparse", "colmap/sparse", "distorted/sparse", "colmap_sparse", "colmap_text", "colmap")
"""Where models lie below a folder: COLMAP's own place, and those of its automatic reconstruction, nerfstudio, 3D Gaussian
splatting and instant-ngp, which are looked at where nothing else has poses."""

ImageRow = tuple[str, int, Sequence[float]]
"""Name, camera and the pose qw qx qy qz tx ty tz of camera from world."""


def model_folder(folder: Path, nested: bool = False) -> Path | None:
    """Where the sparse model lies, of several the one with most photos; None = nowhere.

    It is in sparse, sparse/0, sparse/1, ..., or in the folder itself; with `nested`, in the places of other programs.
    """
    places = [sorted(folder.glob(place)) for place in _NESTED] if nested else [[folder / "sparse"], [folder]]
    for parents in places:
        if models := [model for parent in parents for model in _models(parent)]:
            return max(models, key=_photo_count)
    return None


def _models(folder: Path) -> list[Path]:
    """The models in a folder that holds one or, in folders with numbers, several."""
    return [model for model in (*_numbered(folder), folder) if _is_model(model)]


def _numbered(folder: Path) -> list[Path]:
    return sorted((path for path in folder.glob("[0-9]*") if path.name.isdigit()), key=lambda path: int(path.name))


def _is_model(folder: Path) -> bool:
    return any((folder / f"images{ending}").is_file() for ending in (".bin", ".txt"))


def _others(model: Path) -> list[str]:
    """The other models that the poses fell apart into, in words: those of sparse/1, or dense/1/sparse."""
    own = model if model.name.isdigit() else model.parent
    if not own.name.isdigit() or own.parent.name not in ("sparse", "colmap_sparse", "dense"):
        return []
    others = {place.name: place / model.relative_to(own) for place in _numbered(own.parent) if place != own}
    return [f"{name} has {_photo_count(other)}" for name, other in others.items() if _is_model(other)]


def _photo_count(model: Path) -> int:
    """Photos that a model says it has."""
    if (model / "images.bin").is_file():
        with (model / "images.bin").open("rb") as file:
            return int.from_bytes(file.read(8), "little")
    with (model / "images.txt").open("rb") as file:
        return sum(not line.startswith(b"#") for line in file) // 2


def read_colmap(model: Path, limits: Limits = DEFAULT) -> PoseFile:
    """The photos, lenses and points of the model in a folder; binary files come before text.

    Raises: InputError if a file is missing or damaged, or a camera model is not one of `MODELS`.
    """
    binary = (model / "images.bin").is_file()
    ending = ".bin" if binary else ".txt"
    cameras, images, points = (model / f"{name}{ending}" for name in ("cameras", "images", "points3D"))
    if not cameras.is_file():
        raise InputError(f"{cameras}: there is no such file, but {images.name} is there. Copy the whole model.")
    with explained(cameras):
        check_size(cameras, limits)
        lenses = dict(_binary_cameras(cameras) if binary else _text_cameras(cameras))
    with explained(images):
        check_size(images, limits)
        rows = list(_binary_images(images) if binary else _text_images(images))
        names = [row[0] for row in rows]
        folder = _photo_folder(model, names)
        paths = list(map(finder([folder]), names))
        report, notes = absent(names, paths, folder)
        shots = []
        for path, (name, camera, motion) in zip(paths, rows, strict=True):
            if camera not in lenses:
                raise InputError(f"{name}: its camera {camera} is not in {cameras.name}. Export the model again.")
            at = _world_from_camera(motion, name, limits)
            if path is not None:
                shots.append(Shot(path, at, lenses[camera], mask=_mask(path, folder)))
    if others := _others(model):
        report["other models in the sparse folder"] = len(others)
        notes += (
            f"The poses fell apart into {1 + len(others)} models: {model.parent.name}/{model.name} is used, with {len(rows)} "
            f"photos; {', '.join(others[:5])}. Photos between them would join them; or give the folder of another model.",
        )
    found = None
    if points.is_file():
        with explained(points):
            xyz, rgb = (_binary_points if binary else _text_points)(points, limits)
            found, lost = cloud(xyz, rgb, points, limits)
            report |= lost
    return PoseFile(shots, found, folder, report, notes)


def _mask(photo: Path, folder: Path) -> Path | None:
    """The mask of a photo in the folder masks beside the folder of the photos: NAME.png or, as nerfstudio has it, STEM.png."""
    name = photo.relative_to(folder).as_posix()
    masks = folder.parent / "masks"
    names = (f"{name}.png", str(Path(name).with_suffix(".png")))
    return next((inside(masks, each, "mask", linked_folders=True) for each in names if (masks / each).is_file()), None)


def _world_from_camera(motion: Sequence[float], name: str, limits: Limits) -> Float[np.ndarray, "4 4"]:
    quaternion = np.array(motion[:4], dtype=np.float64)
    length = float(np.linalg.norm(quaternion.clip(-9, 9)))
    if not abs(length - 1) < 1e-2:
        raise InputError(f"{name}: its rotation is the quaternion {quaternion.tolist()}, not of length 1. Export it again.")
    camera_from_world = np.eye(4)
    camera_from_world[:3, :3] = rotations(quaternion[None] / length)[0]
    camera_from_world[:3, 3] = motion[4:]
    rigid = pose(camera_from_world, name, limits)
    world_from_camera = np.eye(4)
    world_from_camera[:3, :3] = rigid[:3, :3].T
    world_from_camera[:3, 3] = -rigid[:3, :3].T @ rigid[:3, 3]
    return world_from_camera


def _photo_folder(model: Path, names: Sequence[str]) -> Path:
    """The folder, among the usual ones beside the model and above it, that holds most of the photos."""
    usual = (*reversed(PHOTO_FOLDERS[:2]), *PHOTO_FOLDERS[2:]) if "distorted" in model.parts else PHOTO_FOLDERS
    parents = model.absolute().parents
    levels = 1 + model.name.isdigit()
    levels += len(parents) > levels and parents[levels - 1].name in ("colmap", "distorted")
    above = [model, *parents[:levels]]
    places = [folder / place for folder in above for place in (*usual, ".") if (folder / place).is_dir()]
    sample = [name for name in names[:50] if "\0" not in name and len(name) < 250]
    finders = {place: finder([place]) for place in places}
    most: Path = max(places, key=lambda place: sum(finders[place](name) is not None for name in sample))
    return most


# ---------------------------------------------------------------- binary


class _Bytes:
    """A file's bytes, read in order and never beyond their end."""

    def __init__(self, path: Path) -> None:
        self.data, self.at = path.read_bytes(), 0

    def take(self, layout: str) -> tuple[float, ...]:
        self.skip(struct.calcsize(layout))
        return struct.unpack_from(layout, self.data, self.at - struct.calcsize(layout))

    def count(self, row: int) -> int:
        """The number of the entries that follow, of at least `row` bytes each."""
        count = int(self.take("<Q")[0])
        if count * row > len(self.data) - self.at:
            left = len(self.data) - self.at
            raise InputError(f"it promises {count} entries, but {left} bytes are left at byte {self.at}. Copy it again.")
        return count

    def skip(self, size: int) -> None:
        if size > len(self.data) - self.at:
            raise InputError(f"it ends at byte {len(self.data)}, in the middle of an entry. Copy it again.")
        self.at += size

    def name(self) -> str:
        end = self.data.find(b"\0", self.at)
        if end < 0:
            raise InputError(f"it ends at byte {len(self.data)}, in the middle of a name. Copy it again.")
        start, self.at = self.at, end + 1
        return self.data[start:end].decode("utf-8")


def _binary_cameras(path: Path) -> Iterator[tuple[int, Lens]]:
    file = _Bytes(path)
    for _ in range(file.count(24)):
        camera, model, width, height = map(int, file.take("<iiQQ"))
        name = _NUMBERS[model] if 0 <= model < len(_NUMBERS) else f"number {model}"
        params = file.take(f"<{len(MODELS[name])}d") if name in MODELS else ()
        yield camera, lens_of(name, width, height, params, f"camera {camera}")


def _binary_images(path: Path) -> Iterator[ImageRow]:
    file = _Bytes(path)
    for _ in range(file.count(73)):
        _, *motion, camera = file.take("<i7di")
        name = file.name()
        file.skip(24 * file.count(24))
        yield name, int(camera), motion


def _binary_points(path: Path, limits: Limits) -> tuple[Float[np.ndarray, "n 3"], Float[np.ndarray, "n 3"]]:
    check_size(path, limits)
    file = _Bytes(path)
    count = file.count(51)
    check_count(path.name, count, limits)
    table = np.empty((count, 6))
    for row in range(count):
        table[row] = file.take("<Q3d3Bd")[1:7]
        file.skip(8 * file.count(8))
    return table[:, :3], table[:, 3:]


# ---------------------------------------------------------------- text


def _lines(path: Path) -> list[str]:
    """A file's lines without comments; empty ones are kept, as a photo without points has one."""
    text = path.read_text(encoding="utf-8")
    return [line.strip() for line in text.splitlines() if not line.startswith("#")]


def _text_cameras(path: Path) -> Iterator[tuple[int, Lens]]:
    for line in filter(None, _lines(path)):
        camera, model, width, height, *params = line.split()
        yield int(camera), lens_of(model, int(width), int(height), [float(value) for value in params], f"camera {camera}")


def _text_images(path: Path) -> Iterator[ImageRow]:
    for line in _lines(path)[::2]:
        if line:
            _, *motion, camera, name = line.split(maxsplit=9)
            yield name, int(camera), [float(value) for value in motion]


def _text_points(path: Path, limits: Limits) -> tuple[Float[np.ndarray, "n 3"], Float[np.ndarray, "n 3"]]:
    if path.stat().st_size:  # a model without points has an empty file
        check_size(path, limits)
    rows = [[float(value) for value in line.split(maxsplit=7)[1:7]] for line in _lines(path) if line]
    check_count(path.name, len(rows), limits)
    table = np.array(rows, dtype=np.float64).reshape(len(rows), 6)
    return table[:, :3], table[:, 3:]
