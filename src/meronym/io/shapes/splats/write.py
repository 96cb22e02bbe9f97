"""Writes Gaussians as PLY files of 3DGS: all of a result with their labels, and each part as a file of its own."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from meronym.core.prompts import slugs
from meronym.io.documents import FORMAT, VERSION
from meronym.io.shapes.ply.file import TYPES
from meronym.results import Segmentation
from meronym.types import Gaussians

_KINDS = {code: name for name, code in reversed(TYPES.items())}
SIGNED = f"{FORMAT} {VERSION} part"
"""Comment in the files of single parts."""


def labelled_ply(result: Segmentation, shape: Gaussians) -> bytes:
    """All Gaussians with every property that they were read with, unchanged, and their `label`; the prompts are comments."""
    names = [name for name in shape.names if name != "label"]
    rows = np.empty(len(shape.rows), [*((name, shape.rows.dtype[name]) for name in names), ("label", "<i4")])
    for name in names:
        rows[name] = shape.rows[name]
    rows["label"] = result.label
    comments = [f"prompt {k} {json.dumps(prompt)}" for k, prompt in enumerate(result.prompts)]
    return _ply(rows, [f"{FORMAT} {VERSION}", *comments])


def part_plys(result: Segmentation, shape: Gaussians) -> dict[str, bytes]:
    """A PLY file, by its name, for each prompt that names something, which viewers of Gaussians open."""
    chosen = {name: result.label == k for k, name in enumerate(slugs(result.prompts))}
    return {f"{name}.ply": _ply(shape.rows[own], [SIGNED]) for name, own in chosen.items() if own.any()}


def is_part(file: Path) -> bool:
    """Whether `part_plys` made a file."""
    with file.open("rb") as content:
        return f"comment {SIGNED}\n".encode() in content.read(200)


def _ply(rows: np.ndarray, comments: list[str]) -> bytes:
    properties = [f"property {_KINDS[rows.dtype[name].str[1:]]} {name}" for name in rows.dtype.names or ()]
    header = ["ply", "format binary_little_endian 1.0", *(f"comment {text}" for text in comments)]
    header += [f"element vertex {len(rows)}", *properties, "end_header", ""]
    return "\n".join(header).encode() + rows.tobytes()
