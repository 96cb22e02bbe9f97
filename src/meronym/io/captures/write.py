"""Writes the result of a capture into a folder."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import trimesh
from jaxtyping import Int

from meronym.core.prompts import slugs
from meronym.errors import InputError
from meronym.io.archive import write_npz
from meronym.io.captures.coco import coco
from meronym.io.captures.features import FEATURES, write_features
from meronym.io.captures.objects import solid_pieces
from meronym.io.captures.photo_files import files_of, shares, write_labels, write_pictures, write_transforms
from meronym.io.documents import json_bytes, part_summary
from meronym.io.files import check_target, make_folder, write_file
from meronym.io.images import png
from meronym.io.paths import inside
from meronym.io.shapes.write import save_file
from meronym.results import Segmentation
from meronym.types import PointCloud
from meronym.viz.contact_sheet import contact_sheet
from meronym.viz.overlays import as_bytes
from meronym.viz.palette import palette

SCENE_FORMAT, VERSION = "meronym.scene", 1
_FOLDERS = ("photos", "labels", "colours", "rendered", "relevancy", "masks", "objects")
_FILES = ("contact_sheet.png", "points.ply", "coco.json", "result.npz", FEATURES)
_ENDINGS = (".png", ".ply", ".json")


def save_scene(result: Segmentation, folder: Path) -> Path:
    """Write everything into `folder`, which is made if it is absent; an earlier result in it is replaced.

    photos, labels, colours, rendered: a PNG a photo. relevancy, masks: a PNG a photo and prompt. objects: the points of each
    prompt that names any, but for stray ones. Label maps, masks and coco.json are those of the photos at their own size.
    result.npz and features.safetensors: what the result is loaded from. scene.json lists all files; it comes last, so that
    where it is, all are there.

    Raises: InputError for a place that cannot be written to or is full, or if `folder` is the capture's own.
    """
    assert result.views is not None
    cloud, prompts, views, names = _cloud(result), result.prompts, result.views, slugs(result.prompts)
    check_folder(folder, cloud.source)
    _remove_earlier(folder)
    for name in _FOLDERS:
        make_folder(folder / name)
    files = [*_FILES[:-1], *([FEATURES] if result.features is not None else [])]
    described = write_pictures(folder, views, names)
    write_file(folder / "coco.json", json_bytes(coco(prompts, write_labels(folder, views, described, len(names)))))
    files += [file for view in described for file in files_of(view)] + write_transforms(folder, views, described, names)
    summaries = list[dict[str, Any]]()
    for k, colour in enumerate(palette(len(prompts)).tolist()):
        chosen = np.flatnonzero(result.label == k)
        file = f"objects/{names[k]}.ply" if len(chosen) else None
        solid = np.flatnonzero(solid_pieces(cloud.points, result.label == k, result.score[:, k]))
        if file:
            write_file(folder / file, _ply(cloud, solid))
            files.append(file)
        about = {"pixel_value": k + 1, "colour": colour, "object": file, "stray_points": len(chosen) - len(solid)}
        summaries.append({**part_summary(result, chosen, k), **about})
    save_file(result, folder / "points.ply")
    write_file(folder / "result.npz", write_npz(replace(result, features=None), folder))
    if result.features is not None:
        write_file(folder / FEATURES, write_features(result.features, cloud, prompts, result.record))
    write_file(folder / "contact_sheet.png", png(np.asarray(contact_sheet(views, prompts))))
    none, *pixels = views.shares(len(prompts))
    summary = {
        "format": SCENE_FORMAT,
        "version": VERSION,
        "source": cloud.source and cloud.source.name,
        "prompts": summaries,
        "points": {"file": "points.ply", "count": len(cloud.points), **shares(result.label, len(prompts))},
        "pixels": {"shares": np.round(pixels, 6), "none": round(float(none), 6)},
        "views": described,
        "files": files,
        "record": result.record.as_dict(),
    }
    write_file(folder / "scene.json", json_bytes(summary))
    return folder


def check_folder(folder: Path, source: Path | None = None) -> None:
    """Make the folder if it is absent, and check that a result can be written into it before time is spent on it.

    Raises: InputError if that cannot be done, or if the folder is the input itself.
    """
    make_folder(folder)
    if source is not None and source.exists() and folder.samefile(source):
        raise InputError(f"{folder}: the output would overwrite the input. Give it another folder.")
    check_target(folder / "scene.json")


# ---------------------------------------------------------------- contents


def _cloud(result: Segmentation) -> PointCloud:
    if not isinstance(result.shape, PointCloud):
        raise InputError(f"points: expected a PointCloud, got {type(result.shape).__name__}. Save it as a file.")
    return result.shape


def _ply(cloud: PointCloud, chosen: Int[np.ndarray, " k"]) -> bytes:
    colours = None if cloud.colour is None else as_bytes(cloud.colour[chosen])
    content: bytes = trimesh.PointCloud(cloud.points[chosen], colors=colours).export(file_type="ply")
    return content


# ---------------------------------------------------------------- an earlier result


def _remove_earlier(folder: Path) -> None:
    """Delete an earlier result: first its scene.json, which vouches for it, then the files listed there."""
    summary = folder / "scene.json"
    if not summary.exists():
        return
    try:
        document = json.loads(summary.read_text(encoding="utf-8"))
        files = document["files"] if document["format"] == SCENE_FORMAT else None
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        files = None
    if not isinstance(files, list):
        raise InputError(f"{summary}: not a {SCENE_FORMAT} file, so it is not overwritten. Choose another folder.")
    summary.unlink()
    for name in files:
        if isinstance(name, str) and (path := _ours(folder, name)) is not None:
            path.unlink(missing_ok=True)


def _ours(folder: Path, name: str) -> Path | None:
    """A file that a scene.json may list; None = another, which is not deleted when a result is replaced."""
    try:
        path = inside(folder, name)
    except (InputError, OSError, ValueError):
        return None
    place = path.relative_to(folder).parts
    ours = name in _FILES or (place[0] in _FOLDERS and path.suffix in _ENDINGS)
    return path if ours and path.is_file() else None
