"""The public face: exactly these names, and each of them loads."""

from __future__ import annotations

import ast
import tomllib
from importlib.metadata import version
from pathlib import Path

import pytest

import meronym

ROOT = Path(__file__).parents[1]


def test_all_is_exactly_this() -> None:
    assert meronym.__all__ == [
        "Capture",
        "DeviceError",
        "Error",
        "InputError",
        "LimitError",
        "Mesh",
        "PluginError",
        "PointCloud",
        "Segmentation",
        "WeightsError",
        "folder",
        "pretrain",
        "read",
        "segment",
    ]
    assert dir(meronym) == meronym.__all__


def test_every_name_loads() -> None:
    loaded = {name: getattr(meronym, name) for name in meronym.__all__}
    assert all(issubclass(loaded[name], meronym.Error) for name in loaded if name.endswith("Error"))
    assert issubclass(meronym.InputError, ValueError)
    assert loaded["read"].__module__ == "meronym.api"
    assert loaded["segment"].__module__ == "meronym.api"
    assert loaded["pretrain"].__module__ == "meronym.shapes.pretraining"
    assert loaded["folder"].__module__ == "meronym.datasets.folder"


def test_another_name_does_not() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        _ = meronym.nonsense


def test_version_is_the_projects() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert version("meronym") == project["version"]


def test_only_the_command_line_prints() -> None:
    printing = set()
    for file in (ROOT / "src").rglob("*.py"):
        text = file.read_text(encoding="utf-8")
        tree = ast.parse(text if "print" in text else "")
        if any(isinstance(node, ast.Name) and node.id == "print" for node in ast.walk(tree)):
            printing.add(file.name)
    assert printing == {"main.py", "scenes.py"}
