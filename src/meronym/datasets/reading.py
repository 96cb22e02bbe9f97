"""What the readers of several collections share: items, tables of numbers, checked labels, names files."""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from jaxtyping import Float, Int
from numpy.lib.recfunctions import repack_fields

from meronym.core.up_axis import stated_up
from meronym.datasets import Item
from meronym.errors import Error, InputError
from meronym.io.limits import Limits, check_size
from meronym.io.shapes.clouds import check_spread, clean_cloud
from meronym.types import Gaussians, Mesh, PointCloud, Shape

Held = TypeVar("Held")


def read_item(
    item_id: str,
    category: str,
    read: Callable[[], Shape],
    prompts: tuple[str, ...],
    up: tuple[float, float, float] | None = None,
) -> Item:
    """An item with what `read` gives, stripped of every way back to the file; or with the Error that it raises.

    `up` is what the collection says; else it is what the format says.
    """
    try:
        shape = read()
    except Error as error:
        return Item(item_id, category, error, prompts, up)
    if up is None and (stated := stated_up(shape)) is not None:
        up = (float(stated == "x"), float(stated == "y"), float(stated == "z"))
    return Item(item_id, category, bare(shape), prompts, up)


def bare(shape: Shape) -> Shape:
    """The surface alone: no source, scene, node names or labels of Gaussians, through which labels could be reached."""
    if isinstance(shape, Mesh):
        return replace(shape, source=None, scene=None, face_origin=None)
    if isinstance(shape, Gaussians):
        return replace(shape, source=None, rows=repack_fields(shape.rows[[name for name in shape.names if name != "label"]]))
    return replace(shape, source=None)


def cloud(points: Float[np.ndarray, "n 3"], normal: Float[np.ndarray, "n 3"] | None, file: Path) -> PointCloud:
    """A point cloud with normals of unit length.

    Raises: InputError if a number is not finite or all points lie in one place; LimitError if there are too many.
    """
    for name, array in (("points", points), ("normals", normal)):
        if array is not None and not np.isfinite(array).all():
            first = int((~np.isfinite(array).all(1)).argmax())
            raise InputError(f"{file}: {name}: row {first} is {array[first].tolist()}, not finite. Make the file again.")
    kept = clean_cloud(points, None, normal, file, Limits())
    if kept.report:
        raise InputError(f"{file}: points: {kept.report['dropped_points']} are too far away. Scale the shape.")
    check_spread(kept.points, f"{file}: points")
    return replace(kept, source=None)


def read_table(file: Path, columns: Sequence[int]) -> Float[np.ndarray, "n c"]:
    """Some columns of a text file of numbers; the others are not looked at.

    Raises: InputError if the file is missing, or does not hold numbers there; LimitError if it is too large.
    """
    if not file.is_file():
        raise InputError(f"{file}: there is no such file. Check the folder, or fetch the data again.")
    try:
        check_size(file, Limits())
        with warnings.catch_warnings():
            warnings.simplefilter("error", UserWarning)  # numpy's for a file without data
            table: np.ndarray = np.loadtxt(file, usecols=columns, ndmin=2, encoding="utf-8")
    except Error:
        raise
    except (OSError, ValueError, UserWarning) as error:
        raise InputError(f"{file}: cannot read columns {list(columns)} ({error}). Expected lines of numbers.") from error
    return table


def check_labels(label: np.ndarray, where: str, count: int, span: range) -> Int[np.ndarray, " n"]:
    """The labels as whole numbers; `where` says which file and field they are from.

    Raises: InputError if they are not `count` whole numbers in `span`.
    """
    if label.shape != (count,) or label.dtype.kind not in "iuf":
        got = f"{label.dtype} {list(label.shape)}"
        raise InputError(f"{where}: expected {count} numbers, one for each element, got {got}. Make them for this very shape.")
    wrong = ~np.isin(label, np.array(span))
    if wrong.any():
        first = int(wrong.argmax())
        expected = f"a whole number in {span[0]}..{span[-1]}" if span else "nothing, as there are no names"
        raise InputError(f"{where}: label {first} is {label[first]}, expected {expected}. Correct the file or the names.")
    return label.astype(np.int64)


def held(files: Mapping[str, Held], item_id: str, name: str) -> Held:
    """Raises: InputError if a dataset has no item by that name."""
    if item_id not in files:
        raise InputError(f"{name}: no item {item_id!r}, of {len(files)}")
    return files[item_id]


def choose(categories: Sequence[str] | None, known: Iterable[str], where: Path) -> list[str]:
    """The categories that are asked for, or all.

    Raises: InputError for one that is not there.
    """
    known = list(known)
    unknown = sorted(set(categories or ()) - set(known))
    if unknown:
        raise InputError(f"{where}: no category {', '.join(unknown)}; known: {', '.join(known)}")
    return known if categories is None else list(categories)


def natural(file: Path) -> tuple[list[str | int], str]:
    """A key that sorts 2.off before 10.off."""
    parts = re.split(r"(\d+)", file.as_posix().casefold())
    return [int(part) if part.isdecimal() else part for part in parts], file.as_posix()


def read_json(file: Path) -> Any:
    """Raises: InputError if the file is missing or is not JSON."""
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"{file}: not a readable JSON file ({error}). Check the path, or fetch it again.") from error


def plain_names(file: Path, categories: Sequence[str]) -> tuple[dict[str, str], dict[str, dict[str, str]]]:
    """The word for each category, and for each category raw part name -> plain name.

    Raises: InputError if the file is not {category: {"category": word, "parts": {raw: plain}}} for all of them.
    """
    entries = read_json(file)
    try:
        words = {category: str(entries[category]["category"]) for category in categories}
        parts = {category: {str(k): str(v) for k, v in entries[category]["parts"].items()} for category in categories}
    except KeyError as error:
        raise InputError(f"{file}: no entry {error}. Expected category -> category, parts.") from error
    except (TypeError, AttributeError) as error:
        raise InputError(f"{file}: not a readable names file ({error}). Expected category -> category, parts.") from error
    return words, parts
