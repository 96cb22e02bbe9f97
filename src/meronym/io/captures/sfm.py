"""Finds the poses of photos or video frames that have none, by structure from motion (COLMAP, through pycolmap)."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

from PIL import ImageOps

from meronym.errors import InputError, MissingExtra
from meronym.io.captures.photos import opened, photo_header
from meronym.io.captures.pose_file import listed

_CURE = (
    "Take sharp photos that overlap by two thirds, from many places around the scene (turning on the spot is not enough), "
    "of things that are textured and stand still."
)


def register(folder: Path, work: Path, exhaustive: int = 200) -> Path:
    """Find where the photos in `folder` were taken from, all through one lens; `work` is a new or empty folder for all files.

    Gives the folder of a COLMAP model, `work`/sparse/0, that `read_capture` reads; upright photos are in `work`/images.
    Up to `exhaustive` photos each is compared with each; more are taken for frames of a video, named in their order, and
    compared with their neighbours. Photos that find no place are left out: `advice` on the capture states how many. Takes
    minutes to hours, and is not reproducible to the bit.

    Raises: InputError if the photos cannot be used, or fewer than two find a place; MissingExtra without pycolmap.
    """
    try:
        import pycolmap
    except ImportError as error:
        raise MissingExtra("finding the poses of photos", "pycolmap", "poses") from error
    photos = _usable(folder)
    if work.exists() and (not work.is_dir() or any(work.iterdir())):
        raise InputError(f"{work}: not an empty folder. Choose a new one for the registration.")
    images, models, model = work / "images", work / "models", work / "sparse" / "0"
    try:
        for new in (images, models, model):
            new.mkdir(parents=True)
        for photo in photos:
            _upright_copy(photo, images / photo.name)
    except OSError as error:
        raise InputError(f"{work}: cannot be written: {error.strerror or error}. Choose another place.") from error
    best = _map(pycolmap, work / "database.db", images, models, len(photos), exhaustive)
    if best is None or best.num_reg_images() < 2:
        raise InputError(f"{folder}: of {len(photos)} photos none found its place beside the others. {_CURE}")
    best.write(str(model))
    shutil.rmtree(models)
    return model


def _usable(folder: Path) -> list[Path]:
    photos = listed(folder)
    if len(photos) < 3:
        raise InputError(f"{folder}: {len(photos)} photos (.jpg .png .webp .tif .bmp), at least 3 are needed. Take more.")
    sizes = Counter(photo_header(photo).upright for photo in photos).most_common()
    if len(sizes) > 1:
        found = ", ".join(f"{count} of {width} x {height}" for (width, height), count in sizes[:5])
        raise InputError(f"{folder}: the photos have {len(sizes)} sizes: {found}. Use those of one size.")
    return photos


def _upright_copy(photo: Path, target: Path) -> None:
    """Store a photo with its pixels turned as EXIF says, since COLMAP ignores EXIF's orientation."""
    if photo_header(photo).turned:
        with opened(photo) as image:
            ImageOps.exif_transpose(image).save(target, quality=95)
        return
    try:
        os.link(photo.resolve(), target)
    except OSError:
        shutil.copyfile(photo, target)


def _map(pycolmap: Any, database: Path, images: Path, models: Path, count: int, exhaustive: int) -> Any:
    """The largest reconstruction, or None."""
    level, pycolmap.logging.minloglevel = pycolmap.logging.minloglevel, 2
    try:
        pycolmap.extract_features(str(database), str(images), camera_mode=pycolmap.CameraMode.SINGLE)
        match = pycolmap.match_exhaustive if count <= exhaustive else pycolmap.match_sequential
        match(str(database))
        found = pycolmap.incremental_mapping(str(database), str(images), str(models))
    except (RuntimeError, ValueError) as error:
        raise InputError(f"{images}: the registration of {count} photos failed: {str(error)[:200]}. {_CURE}") from error
    finally:
        pycolmap.logging.minloglevel = level
    return max(found.values(), key=lambda model: model.num_reg_images(), default=None)
