"""Where the reference values lie: MERONYM_GOLDEN, or the folder beside the tests; further seeds need no change to a test."""

from __future__ import annotations

import os
from pathlib import Path


def golden_files(pattern: str) -> list[Path]:
    """Every reference file that matches; at least one."""
    folder = Path(os.environ.get("MERONYM_GOLDEN") or Path(__file__).parents[1] / "golden")
    files = sorted(folder.glob(pattern))
    assert files, f"{folder}: no {pattern}; set MERONYM_GOLDEN to the folder that holds the reference values"
    return files
