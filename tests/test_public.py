"""The public face: exactly these names, and each of them loads."""

from __future__ import annotations

import ast
import inspect
import tomllib
from importlib.metadata import version
from pathlib import Path

import pytest
import torch

import meronym

ROOT = Path(__file__).parents[1]


def test_all_is_exactly_this() -> None:
    assert meronym.__all__ == [
        "Capture",
        "DeviceError",
        "Error",
        "Gaussians",
        "InputError",
        "LimitError",
        "Mesh",
        "MissingExtra",
        "OracleTeacher",
        "PluginError",
        "PointCloud",
        "Proposal",
        "Record",
        "Segmentation",
        "Teacher",
        "WeightsError",
        "__version__",
        "check_backbone",
        "check_dataset",
        "check_kind",
        "check_method",
        "check_renderer",
        "check_teacher",
        "folder",
        "load",
        "pretrain",
        "propose",
        "query",
        "read",
        "segment",
    ]
    assert dir(meronym) == meronym.__all__


def test_every_name_loads() -> None:
    loaded = {name: getattr(meronym, name) for name in meronym.__all__}
    assert all(issubclass(loaded[name], meronym.Error) for name in loaded if name.endswith("Error"))
    assert issubclass(meronym.InputError, ValueError)
    assert issubclass(meronym.MissingExtra, meronym.Error)
    assert issubclass(meronym.MissingExtra, ImportError)
    assert {loaded[name].__module__ for name in ("read", "segment", "load", "query", "propose", "pretrain")} == {"meronym.api"}
    assert loaded["folder"].__module__ == "meronym.datasets.folder"
    checks = [name for name in loaded if name.startswith("check_")]
    assert len(checks) == 6
    assert {loaded[name].__module__.rpartition(".")[0] for name in checks} == {"meronym.testing"}
    assert isinstance(meronym.OracleTeacher(torch.tensor([0])), meronym.Teacher)


def test_every_option_is_named_and_typed() -> None:
    """So that an editor completes them and mypy checks them."""
    for function in (meronym.read, meronym.segment, meronym.load, meronym.query, meronym.propose, meronym.pretrain):
        signature = inspect.signature(function)
        assert all(one.kind not in (one.VAR_KEYWORD, one.VAR_POSITIONAL) for one in signature.parameters.values())
        assert all(one.annotation is not one.empty for one in signature.parameters.values())
        assert signature.return_annotation is not signature.empty


def test_another_name_does_not() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        _ = meronym.nonsense


def test_version_is_the_projects() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert meronym.__version__ == version("meronym") == project["version"]


def test_only_the_command_line_prints() -> None:
    printing = set()
    for file in (ROOT / "src").rglob("*.py"):
        text = file.read_text(encoding="utf-8")
        tree = ast.parse(text if "print" in text else "")
        if any(isinstance(node, ast.Name) and node.id == "print" for node in ast.walk(tree)):
            printing.add(file.parent.relative_to(ROOT / "src").as_posix())
    assert printing == {"meronym/cli"}
