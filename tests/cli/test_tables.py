"""What is said of a result beside its tables."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from gltf_files import named, table

from meronym.cli.tables import say_losses


def test_losses_are_said_in_lines(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    result = named(table().save(tmp_path / "in.glb"))
    say_losses(result)
    assert capsys.readouterr() == ("", "")
    report = {"degenerate_faces": 3, "missing_files": 2, "FOO_x is not known": 1}
    say_losses(replace(result, shape=replace(result.shape, report=report)))
    assert capsys.readouterr().err.splitlines() == [
        "Note: not read of the file: missing files 2.",
        "Note: FOO_x is not known (1).",
    ]
