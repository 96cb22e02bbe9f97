"""JSON documents of results: the format's name, summaries of parts, and values in terms of JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
from jaxtyping import Int

from meronym.results import Segmentation
from meronym.types import Gaussians, Mesh, Shape

FORMAT = "meronym.segmentation"
VERSION = 1
NONE = "none"
"""Name of the elements that no prompt names."""


def part_summary(segmentation: Segmentation, elements: Int[np.ndarray, " k"], label: int) -> dict[str, Any]:
    """Count and mean score of one part; the scores of an empty one are null."""
    score = segmentation.score[elements]
    own = score[:, label] if label >= 0 else 1 - score.sum(axis=1)
    return {
        "prompt": segmentation.prompts[label] if label >= 0 else None,
        f"{element(segmentation.shape)}s": len(elements),
        "mean_score": round(float(own.mean()), 6) if len(elements) else None,
        "seen": round(float(segmentation.seen[elements].mean()), 6) if len(elements) else None,
    }


def element(shape: Shape) -> str:
    """What a shape's elements are called."""
    return "face" if isinstance(shape, Mesh) else "gaussian" if isinstance(shape, Gaussians) else "point"


def part_names(segmentation: Segmentation) -> dict[tuple[int, int], str]:
    """What is called so: (label, instance) -> name; the elements without a name are one."""
    named = {
        (label, number): one.name
        for label, prompt in enumerate(segmentation.prompts)
        for number, one in enumerate(segmentation.named_instances(prompt))
    }
    return {**named, (-1, -1): NONE}


def as_json(value: Any) -> Any:
    """A value in terms that JSON has; numbers that are not finite become null."""
    if isinstance(value, Mapping):
        return {str(key): as_json(item) for key, item in value.items()}
    if isinstance(value, np.ndarray | np.generic):
        return as_json(value.tolist())
    if isinstance(value, list | tuple | set | frozenset):
        return [as_json(item) for item in value]
    if isinstance(value, float):
        return value if np.isfinite(value) else None
    return value if value is None or isinstance(value, bool | int | str) else str(value)


def json_bytes(document: Mapping[str, Any]) -> bytes:
    """A document as UTF-8; lone surrogates, which UTF-8 has not, are escaped."""
    text = json.dumps(as_json(document), allow_nan=False, ensure_ascii=False)
    return text.encode("utf-8", "backslashreplace") + b"\n"
