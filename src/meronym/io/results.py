"""Saves results and loads them again."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from meronym.errors import InputError
from meronym.io.archive import ARCHIVE_LIMITS, read_archive
from meronym.io.captures.features import FEATURES, read_features
from meronym.io.captures.write import save_scene
from meronym.io.files import make_folder
from meronym.io.limits import Limits, check_size
from meronym.io.shapes.write import save_file, save_shape
from meronym.results import Record, Segmentation

ARCHIVE = "result.npz"
"""The file of a folder that a result is loaded from."""


def save_result(result: Segmentation, path: str | Path, *, capped: bool = False) -> Path:
    """Write one file if the path has an ending, and a folder with everything if it has none or is a folder.

    With `capped`, the parts in a .3mf are closed surfaces, to be printed.

    Raises: InputError for another ending, a place that cannot be written to, or if the input would be overwritten;
    MissingExtra if what writes the format is not installed.
    """
    path = Path(path)
    if capped or (path.suffix and not path.is_dir()):
        return save_file(result, path, capped=capped)
    return save_shape(result, make_folder(path)) if result.views is None else save_scene(result, path)


def load_result(path: str | Path, limits: Limits = ARCHIVE_LIMITS) -> Segmentation:
    """The result that `Segmentation.save` wrote into a folder or an .npz file.

    A mesh keeps its nodes and materials when it is saved as .glb again, as long as its source lies where it was, unchanged.

    Raises: InputError if there is no result, or it is damaged; LimitError if it is too large.
    """
    path = Path(path)
    if not path.is_dir():
        if path.suffix.lower() != ".npz" or not path.is_file():
            kind = "there is no such file or folder" if not path.exists() else "results are not loaded from such files"
            raise InputError(f"{path}: {kind}. Give the folder or the .npz file that Segmentation.save wrote.")
        return read_archive(path, limits)
    if not (path / ARCHIVE).is_file():
        raise InputError(f"{path}: there is no {ARCHIVE}, so no result to load. Give a folder that `meronym segment` wrote.")
    result = read_archive(path / ARCHIVE, limits)
    if result.views is not None and (path / FEATURES).is_file():
        saved = read_features(path / FEATURES)
        if len(saved.cloud.points) != len(result.label):
            count = len(saved.cloud.points)
            raise InputError(f"{path / FEATURES}: {count} points, {ARCHIVE} has {len(result.label)}. Segment again.")
        result = replace(result, features=saved.features)
    document = path / ("parts.json" if result.views is None else "scene.json")
    return replace(result, record=_timed(result.record, document, limits)) if document.is_file() else result


def _timed(record: Record, document: Path, limits: Limits) -> Record:
    """The record with the seconds that a document states; archives leave them out."""
    check_size(document, limits)
    try:
        seconds = json.loads(document.read_text(encoding="utf-8"))["record"].get("seconds", {})
        return Record.from_dict({**record.as_dict(), "seconds": seconds})
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise InputError(f"{document}: damaged ({error}). Save the result again.") from error
