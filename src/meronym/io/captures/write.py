"""Writes the answer for a captured scene into a folder, and reads the features of its points for other words."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import trimesh
from jaxtyping import Int
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save as as_safetensors

from meronym.errors import Error, InputError
from meronym.io.captures.coco import coco
from meronym.io.files import atomic, check_target, slugs
from meronym.io.limits import Limits, check_size
from meronym.io.shapes.write import save
from meronym.io.summary import as_json, part_summary
from meronym.results import PointFeatures, Record, Segmentation, ViewLabels
from meronym.types import PointCloud
from meronym.viz.contact_sheet import contact_sheet
from meronym.viz.overlays import as_bytes, blended, heat_png, label_png, png
from meronym.viz.palette import palette

SCENE_FORMAT, FEATURES_FORMAT, VERSION = "meronym.scene", "meronym.features", 1
_PICTURES = ("photo", "labels", "colours", "rendered")
"""What each photo has one picture of; of its relevancy it has one a prompt."""
_FOLDERS = ("photos", "labels", "colours", "rendered", "relevancy", "objects")
_OURS = re.compile(
    rf"(?:{'|'.join(_FOLDERS)})/[a-z0-9_-]+\.(?:png|ply)|contact_sheet\.png|points\.ply|coco\.json|features\.safetensors"
)
"""What a scene.json may list."""


def save_scene(result: Segmentation, folder: Path) -> Path:
    """Write everything into `folder`, which is made if it is absent; an earlier result in it is replaced.

    photos, labels, colours, rendered: a PNG a photo. relevancy: a PNG a photo and prompt. objects: the points of each
    prompt that names any. `scene.json` says what each file is; it comes last, so that where it is, all is there.

    Raises: InputError for a place that cannot be written to or is full, or if `folder` is the capture's own.
    """
    assert result.views is not None
    cloud, prompts, views, names = _cloud(result), result.prompts, result.views, slugs(result.prompts)
    check_folder(folder, cloud.source)
    _forget(folder)
    for name in _FOLDERS:
        _made(folder / name)
    files = ["contact_sheet.png", "points.ply", "coco.json", *(["features.safetensors"] if result.features is not None else [])]
    described = [_save_view(folder, views, k, photo, names) for k, photo in enumerate(slugs(views.names))]
    for view in described:
        files += [*(view[kind] for kind in _PICTURES), *view["relevancy"]]
    summaries = list[dict[str, Any]]()
    for k, colour in enumerate(palette(len(prompts)).tolist()):
        chosen = np.flatnonzero(result.label == k)
        file = f"objects/{names[k]}.ply" if len(chosen) else None
        if file:
            _write(folder / file, _ply(cloud, chosen))
            files.append(file)
        summaries.append({**part_summary(result, chosen, k), "pixel_value": k + 1, "colour": colour, "object": file})
    save(result, folder / "points.ply")
    _write(folder / "coco.json", _json(coco(views, prompts, [view["photo"] for view in described])))
    if result.features is not None:
        _write(folder / "features.safetensors", _features(result.features, cloud, prompts, result.record))
    _write(folder / "contact_sheet.png", png(np.asarray(contact_sheet(views, prompts))))
    summary = {
        "format": SCENE_FORMAT,
        "version": VERSION,
        "source": cloud.source and cloud.source.name,
        "prompts": summaries,
        "points": {"file": "points.ply", "count": len(cloud.points), **_shares(result.label, len(prompts))},
        "pixels": _shares(views.label, len(prompts)),
        "views": described,
        "files": files,
        "record": result.record.as_dict(),
    }
    _write(folder / "scene.json", _json(summary))
    return folder


def check_folder(folder: Path, source: Path | None = None) -> None:
    """Make the folder if it is absent, and check that a result can be written into it before time is spent on it.

    Raises: InputError if that cannot be done, or if the folder is the input itself.
    """
    _made(folder)
    if source is not None and source.exists() and folder.samefile(source):
        raise InputError(f"{folder}: the output would overwrite the input. Give it another folder.")
    check_target(folder / "scene.json")


def read_features(path: Path) -> tuple[PointFeatures, PointCloud, dict[str, Any]]:
    """Features of a scene's points, the points, and what the file says of itself: prompts and record.

    Raises: InputError if the file is absent, damaged, or not such a file; LimitError if it is too large.
    """
    wanted = {"point", "basis", "position"}
    try:
        check_size(path, Limits())
        with safe_open(path, framework="numpy") as file:
            about = json.loads((file.metadata() or {}).get("meronym", "{}"))
            arrays = {name: file.get_tensor(name) for name in sorted((wanted | {"colour", "normal"}) & set(file.keys()))}
    except Error:
        raise
    except (SafetensorError, OSError, ValueError, TypeError, KeyError, RecursionError) as error:
        raise InputError(f"{path}: not a whole safetensors file: {error}. Write it again: meronym segment.") from error
    cure = "Give the features.safetensors that `meronym segment` writes for a scene"
    if not isinstance(about, dict) or (about.get("format"), about.get("version")) != (FEATURES_FORMAT, VERSION):
        raise InputError(f"{path}: not a {FEATURES_FORMAT} file of version {VERSION}. {cure}.")
    if missing := wanted - set(arrays):
        raise InputError(f"{path}: {', '.join(sorted(missing))}: missing. {cure}.")
    count, rank, width = arrays["position"].shape[:1], arrays["basis"].shape[:1], arrays["basis"].shape[1:2]
    shapes = {"point": count + rank, "basis": rank + width}
    for name, array in arrays.items():
        expected = shapes.get(name, (*count, 3))
        if array.ndim != 2 or array.shape != expected or array.dtype.kind != "f":
            raise InputError(f"{path}: {name}: expected floats of shape {expected}, got {array.dtype} {array.shape}. {cure}.")
        if not np.isfinite(array).all():
            raise InputError(f"{path}: {name}: expected finite values. Write the file again: meronym segment.")
    cloud = PointCloud(arrays["position"], arrays.get("colour"), arrays.get("normal"), source=path)
    return PointFeatures(arrays["point"], arrays["basis"]), cloud, about


# ---------------------------------------------------------------- contents


def _cloud(result: Segmentation) -> PointCloud:
    if not isinstance(result.shape, PointCloud):
        raise InputError(f"points: expected a PointCloud, got {type(result.shape).__name__}. Save it as a file.")
    return result.shape


def _save_view(folder: Path, views: ViewLabels, view: int, photo: str, names: Sequence[str]) -> dict[str, Any]:
    """Write the pictures of one photo. Returns: what scene.json says of it."""
    colour, label = views.colour[view], views.label[view]
    pictures = {
        "photo": (f"photos/{photo}.png", png(as_bytes(colour))),
        "labels": (f"labels/{photo}.png", label_png(label, len(names))),
        "colours": (f"colours/{photo}.png", png(blended(colour, label, len(names)))),
        "rendered": (f"rendered/{photo}.png", png(as_bytes(views.rendered[view]))),
    }
    heat = [f"relevancy/{photo}_{name}.png" for name in names]
    for file, content in pictures.values():
        _write(folder / file, content)
    for file, score in zip(heat, views.score[view], strict=True):
        _write(folder / file, heat_png(score))
    about = {"name": views.names[view], "held_out": bool(views.held_out[view]), **_shares(label, len(names))}
    return {**about, **{kind: file for kind, (file, _) in pictures.items()}, "relevancy": heat}


def _shares(label: Int[np.ndarray, "*n"], count: int) -> dict[str, Any]:
    """Share of each prompt and of none of these, 0..1."""
    none, *shares = np.bincount(label.ravel() + 1, minlength=count + 1) / max(1, label.size)
    return {"shares": [round(share, 6) for share in shares], "none": round(none, 6)}


def _ply(cloud: PointCloud, chosen: Int[np.ndarray, " k"]) -> bytes:
    colours = None if cloud.colour is None else as_bytes(cloud.colour[chosen])
    content: bytes = trimesh.PointCloud(cloud.points[chosen], colors=colours).export(file_type="ply")
    return content


def _features(features: PointFeatures, cloud: PointCloud, prompts: Sequence[str], record: Record) -> bytes:
    arrays = {"point": features.point, "basis": features.basis.astype(np.float32), "position": cloud.points}
    optional = {"colour": cloud.colour, "normal": cloud.normal}
    arrays |= {name: array.astype(np.float32) for name, array in optional.items() if array is not None}
    about = {"format": FEATURES_FORMAT, "version": VERSION, "prompts": prompts, "record": record.as_dict()}
    text = json.dumps(as_json(about), allow_nan=False)
    content: bytes = as_safetensors({name: np.ascontiguousarray(array) for name, array in arrays.items()}, {"meronym": text})
    return content


def _json(document: Mapping[str, Any]) -> bytes:
    text = json.dumps(as_json(document), allow_nan=False, ensure_ascii=False)
    return text.encode("utf-8", "backslashreplace") + b"\n"


# ---------------------------------------------------------------- files


def _made(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(f"{str(folder)[:200]}: no folder can be made here: {reason}. Choose another place.") from error


def _write(path: Path, content: bytes) -> None:
    with atomic(path) as temporary:
        temporary.write_bytes(content)


def _forget(folder: Path) -> None:
    """Take away an earlier result: first the scene.json that vouches for it, then what it lists."""
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
        if isinstance(name, str) and _OURS.fullmatch(name):
            (folder / name).unlink(missing_ok=True)
