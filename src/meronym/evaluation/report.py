"""The files that an evaluation leaves."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from meronym.io.documents import as_json
from meronym.io.files import write_file


def save_report(folder: Path, report: Mapping[str, Any], table: str) -> list[Path]:
    """Write table.md and report.json.

    Raises: InputError if they cannot be written.
    """
    texts = {"table.md": table, "report.json": json.dumps(as_json(report), indent=1, allow_nan=False)}
    return [write_file(folder / name, text.encode("utf-8")) for name, text in texts.items()]
