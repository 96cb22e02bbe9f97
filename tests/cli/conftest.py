"""Shapes, scenes and teachers that the tests of several verbs share."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pytest
import trimesh
from fakes import Asked
from stools import painted_stool, seat_and_leg
from tiny_capture import hasty, write_capture

from meronym import registry
from meronym.scenes import fly_through, meshing, pipeline
from meronym.teachers.builtin import BuiltinTeacher


@pytest.fixture
def stool(tmp_path: Path) -> Path:
    file = tmp_path / "stool.glb"
    seat_and_leg(1).export(file)
    return file


@pytest.fixture
def painted(tmp_path: Path) -> Path:
    """A file with a red seat and four blue legs that do not touch each other."""
    return painted_stool(tmp_path / "stool.glb")


@pytest.fixture
def stools(tmp_path: Path) -> Path:
    """Four files: two meshes, one of them in a folder of its own, points, and one that cannot be read."""
    folder = tmp_path / "stools"
    (folder / "high").mkdir(parents=True)
    seat_and_leg(0.5).export(folder / "low.glb")
    seat_and_leg(1.5).export(folder / "high" / "bar.glb")
    points, _ = trimesh.sample.sample_surface(seat_and_leg(1), 300, seed=0)
    trimesh.PointCloud(points).export(folder / "low.ply")
    (folder / "broken.obj").write_text("nothing\n", encoding="utf-8")
    return folder


@pytest.fixture
def tiny(tiny_teacher: BuiltinTeacher, monkeypatch: pytest.MonkeyPatch) -> str:
    """The name of a plug-in that gives the built-in teacher with random weights."""
    monkeypatch.setitem(sys.modules, "tiny_plugin", SimpleNamespace(Teacher=lambda: tiny_teacher))
    return "tiny_plugin:Teacher"


@pytest.fixture
def students(monkeypatch: pytest.MonkeyPatch) -> str:
    """Settings of small students, whose encoder sees colours; and the count of questions to `fakes:Counted` begins at 0."""
    monkeypatch.setitem(registry._BUILT_IN["encoders"], "dinov2", "fakes:Sighted")
    monkeypatch.setattr(Asked, "count", 0)
    return "--set part-distill.points=200 part-distill.batch=100 part-distill.steps=1"


@pytest.fixture
def scene(tmp_path: Path) -> Path:
    """A folder of photos with poses, masks and names."""
    return write_capture(tmp_path / "scene")


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Photos of each scene that was reconstructed, in few steps; films are short, surfaces coarse."""
    monkeypatch.setattr(pipeline, "fly_through_of", partial(fly_through.fly_through_of, pictures=4))
    monkeypatch.setattr(pipeline, "mesh_of_surface", partial(meshing.mesh_of_surface, settings=meshing.MeshSettings(cells=24)))
    return hasty(monkeypatch)
