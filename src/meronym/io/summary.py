"""What all formats of a result share: the mark of the format, the summary of a part, and values in terms of JSON."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Int

from meronym.io.files import atomic
from meronym.results import Segmentation
from meronym.types import PointCloud

FORMAT = "meronym.segmentation"
VERSION = 1
NONE = "none"
"""What the elements that no prompt names are called in a file."""


def part_summary(segmentation: Segmentation, elements: Int[np.ndarray, " k"], label: int) -> dict[str, Any]:
    """What a file says of one part; the scores of an empty one are null."""
    score = segmentation.score[elements]
    own = score[:, label] if label >= 0 else 1 - score.sum(axis=1)
    return {
        "prompt": segmentation.prompts[label] if label >= 0 else None,
        "points" if isinstance(segmentation.shape, PointCloud) else "faces": len(elements),
        "mean_score": round(float(own.mean()), 6) if len(elements) else None,
        "seen": round(float(segmentation.seen[elements].mean()), 6) if len(elements) else None,
    }


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


def save_report(folder: Path, report: Mapping[str, Any], table: str) -> list[Path]:
    """What an evaluation leaves: table.md and report.json.

    Raises: InputError if they cannot be written.
    """
    texts = {"table.md": table, "report.json": json.dumps(as_json(report), indent=1, allow_nan=False)}
    for name, text in texts.items():
        with atomic(folder / name) as temporary:
            temporary.write_text(text, encoding="utf-8")
    return [folder / name for name in texts]


def commit() -> str | None:
    """The commit of the checkout that this runs from, with "+" if files differ from it; None outside a checkout."""
    here = Path(__file__).parent
    try:
        head = subprocess.run(["git", "-C", here, "rev-parse", "--short", "HEAD"], capture_output=True, text=True)
        changed = subprocess.run(["git", "-C", here, "status", "--porcelain", "-uno"], capture_output=True, text=True)
    except OSError:
        return None
    return head.stdout.strip() + ("+" if changed.stdout.strip() else "") if head.returncode == 0 else None
