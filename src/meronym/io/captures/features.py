"""Features of a capture's surface points in a file, to be compared with other words later."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save as as_safetensors

from meronym.errors import Error, InputError
from meronym.io.documents import as_json
from meronym.io.limits import DEFAULT, Limits, check_size
from meronym.results import PointFeatures, Record
from meronym.types import PointCloud

FEATURES = "features.safetensors"
"""Name of the file in a result's folder."""
FEATURES_FORMAT, VERSION = "meronym.features", 1
_CURE = "Give the features.safetensors that `meronym segment` writes for a capture"


class SavedFeatures(NamedTuple):
    """Contents of a file of features."""

    features: PointFeatures
    cloud: PointCloud
    """The points, in the order of the features."""
    prompts: tuple[str, ...]
    """Of the run that the features come from."""
    record: Record
    """Of that run, without seconds."""


def write_features(features: PointFeatures, cloud: PointCloud, prompts: Sequence[str], record: Record) -> bytes:
    """The bytes of the file; equal runs have equal bytes."""
    arrays = {"point": features.point, "basis": features.basis.astype(np.float32), "position": cloud.points}
    optional = {"colour": cloud.colour, "normal": cloud.normal}
    arrays |= {name: array.astype(np.float32) for name, array in optional.items() if array is not None}
    about = {"format": FEATURES_FORMAT, "version": VERSION, "prompts": prompts, "record": record.as_dict(seconds=False)}
    text = json.dumps(as_json(about), allow_nan=False)
    content: bytes = as_safetensors({name: np.ascontiguousarray(array) for name, array in arrays.items()}, {"meronym": text})
    return content


def read_features(path: Path, limits: Limits = DEFAULT) -> SavedFeatures:
    """Features of points, the points, and the record of the run that they come from.

    Raises: InputError if the file is absent, damaged, or not such a file; LimitError if it is too large.
    """
    wanted = {"point", "basis", "position"}
    try:
        check_size(path, limits)
        with safe_open(path, framework="numpy") as file:
            about = json.loads((file.metadata() or {}).get("meronym", "{}"))
            arrays = {name: file.get_tensor(name) for name in sorted((wanted | {"colour", "normal"}) & set(file.keys()))}
    except Error:
        raise
    except (SafetensorError, OSError, ValueError, TypeError, KeyError, RecursionError) as error:
        raise InputError(f"{path}: not a whole safetensors file: {error}. Write it again: meronym segment.") from error
    prompts, record = _header(path, about)
    if missing := wanted - set(arrays):
        raise InputError(f"{path}: {', '.join(sorted(missing))}: missing. {_CURE}.")
    count, rank, width = arrays["position"].shape[:1], arrays["basis"].shape[:1], arrays["basis"].shape[1:2]
    shapes = {"point": count + rank, "basis": rank + width}
    for name, array in arrays.items():
        expected = shapes.get(name, (*count, 3))
        if array.ndim != 2 or array.shape != expected or array.dtype.kind != "f":
            raise InputError(f"{path}: {name}: expected floats of shape {expected}, got {array.dtype} {array.shape}. {_CURE}.")
        if not np.isfinite(array).all():
            raise InputError(f"{path}: {name}: expected finite values. Write the file again: meronym segment.")
    cloud = PointCloud(arrays["position"], arrays.get("colour"), arrays.get("normal"), source=path)
    return SavedFeatures(PointFeatures(arrays["point"], arrays["basis"]), cloud, prompts, record)


def _header(path: Path, about: Any) -> tuple[tuple[str, ...], Record]:
    """The prompts and the record that a file states."""
    if not isinstance(about, dict) or (about.get("format"), about.get("version")) != (FEATURES_FORMAT, VERSION):
        raise InputError(f"{path}: not a {FEATURES_FORMAT} file of version {VERSION}. {_CURE}.")
    prompts, record = about.get("prompts"), about.get("record")
    if not isinstance(prompts, list) or not all(isinstance(prompt, str) for prompt in prompts):
        raise InputError(f"{path}: prompts: expected a list of words, got {prompts!r:.60}. {_CURE}.")
    if not isinstance(record, dict):
        raise InputError(f"{path}: record: expected an object, got {record!r:.60}. {_CURE}.")
    try:
        return tuple(prompts), Record.from_dict(record)
    except InputError as error:
        raise InputError(f"{path}: {error} {_CURE}.") from error
