"""Imports point down only; nothing heavy is imported before it is needed; torchvision never is."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "meronym"
LAYERS = (
    {"errors"},
    {"types", "progress"},
    {"core", "results"},
    {"protocols"},
    {"registry", "weights", "render"},
    {"viz"},
    {"io"},
    {"radiance"},
    {"lifting"},
    {"parts"},
    {"teachers", "students", "datasets"},
    {"methods"},
    {"shapes", "scenes"},
    {"evaluation", "testing"},
    {"api"},
    {"cli"},
)
"""From the bottom up; what a module imports lies in its own layer or in one below."""
APART = ({"teachers", "students", "datasets"}, {"shapes", "scenes"})
"""Rooms of one layer that never import each other."""
UPWARDS = {("results", "io"), ("results", "api"), ("results", "parts")}
"""results.Segmentation saves itself, counts instances and answers other words: it reaches up, inside its methods only."""


def module_name(file: Path) -> str:
    parts = file.relative_to(SOURCE.parent).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


MODULES = {module_name(file): file for file in sorted(SOURCE.rglob("*.py"))}


@cache
def parsed(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


def imports(tree: ast.AST) -> Iterator[str]:
    """Every module that a file imports, wherever in the file."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            assert node.module is not None
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def families(name: str) -> set[str]:
    """The second components of what a module imports of meronym."""
    return {target.split(".")[1] for target in imports(parsed(MODULES[name])) if target in MODULES and target != "meronym"}


def height(family: str) -> int:
    return next(level for level, layer in enumerate(LAYERS) if family in layer)


def test_every_module_has_its_layer() -> None:
    assert {name.split(".")[1] for name in MODULES if name != "meronym"} == set().union(*LAYERS)


@pytest.mark.parametrize("name", [name for name in MODULES if name != "meronym"])
def test_imports_point_down(name: str) -> None:
    own = name.split(".")[1]
    others = families(name) - {own}
    assert {(own, other) for other in others if height(other) > height(own)} <= UPWARDS
    assert not any(own in rooms and others & rooms for rooms in APART)


def test_no_two_modules_import_each_other_by_any_way() -> None:
    """Cycles inside a folder too; imports inside of functions count."""
    below = {
        name: {target for target in imports(parsed(file)) if target in MODULES and target != name and target != "meronym"}
        for name, file in MODULES.items()
        if name not in ("meronym", "meronym.results")
    }
    done: set[str] = set()
    while ready := {name for name, needs in below.items() if name not in done and not (needs & below.keys()) - done}:
        done |= ready
    assert below.keys() - done == set()


def test_results_reach_io_inside_its_methods_only() -> None:
    body = parsed(MODULES["meronym.results"]).body
    assert not any(
        "meronym.io" in target or "meronym.api" in target
        for node in body
        if not isinstance(node, ast.ClassDef)
        for target in imports(node)
    )


def test_the_synthetic_package_uses_the_foundations_only() -> None:
    files = sorted((SOURCE.parent / "meronym_synthetic").rglob("*.py"))
    assert len(files) > 20
    for file in files:
        ours = {target for target in imports(parsed(file)) if target.startswith("meronym.")}
        assert {target.split(".")[1] for target in ours} <= {"types", "errors", "progress", "core", "render", "viz", "io"}, file


def test_few_know_the_synthetic_package() -> None:
    knowing = {name for name, file in MODULES.items() if any("meronym_synthetic" in target for target in imports(parsed(file)))}
    assert knowing == {"meronym.testing.plugins", "meronym.testing.teachers", "meronym.cli.synthetic"}


def test_torchvision_is_imported_nowhere() -> None:
    files = [file for folder in ("src", "training", "benchmarks", "tests") for file in (ROOT / folder).rglob("*.py")]
    assert len(files) > 40
    for file in files:
        found = [name for name in imports(parsed(file)) if name.startswith("torchvision")]
        assert found == [], file


@pytest.mark.parametrize("module", ["meronym", "meronym.cli.main"])
def test_importing_is_light(module: str) -> None:
    heavy = ("torch", "transformers", "trimesh", "warp", "scipy", "torchvision")
    code = f"import sys, {module}; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT / "src")
    assert done.stdout.strip() == "[]"
