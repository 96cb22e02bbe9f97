"""Results and comparisons of shapes for tests of formats."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from meronym.io.shapes.read import read_shape
from meronym.results import Record, Segmentation
from meronym.types import Mesh, PointCloud, Shape

PROMPTS = ("leg", "wooden seat", 'ك "<&>')


def answer(shape: Shape, up: list[int] | None = None) -> Segmentation:
    """A result that gives a shape's elements three prompts and none by where they are along x."""
    place = shape.points if isinstance(shape, PointCloud) else shape.vertices[shape.faces].mean(1)
    n = len(place)
    label = np.searchsorted(np.quantile(place[:, 0], [0.25, 0.5, 0.75]), place[:, 0]) - 1
    settings = {"up_axis": up or [0, 1, 0], "category": "chair"}
    return Segmentation(label, np.full((n, 3), 0.25, np.float32), np.ones(n, bool), PROMPTS, shape, Record("fake", settings))


def read_mesh(path: Path, **options: bool) -> Mesh:
    mesh = read_shape(path, **options)
    assert isinstance(mesh, Mesh)
    return mesh


def read_cloud(path: Path) -> PointCloud:
    cloud = read_shape(path)
    assert isinstance(cloud, PointCloud)
    return cloud


def triangles_by_name(mesh: Mesh, decimals: int = 4) -> dict[str, list[tuple[float, ...]]]:
    """The triangles of each node, each from its least corner on, in an order of their own."""
    assert mesh.face_origin is not None
    corners = np.round(mesh.vertices[mesh.faces], decimals) + 0.0
    result: dict[str, list[tuple[float, ...]]] = {}
    for node, triangle in zip(mesh.face_origin.node_of_face.tolist(), corners.tolist(), strict=True):
        first = min(range(3), key=lambda k: triangle[k])
        turned = [value for k in range(3) for value in triangle[(first + k) % 3]]
        result.setdefault(mesh.face_origin.nodes[node], []).append(tuple(turned))
    return {name: sorted(rows) for name, rows in result.items()}


def expected_triangles(result: Segmentation, turn: np.ndarray | None = None) -> dict[str, list[tuple[float, ...]]]:
    """As `triangles_by_name`, for the instances that a result names, turned by a matrix."""
    from meronym.io.documents import part_names
    from meronym.types import FaceOrigin

    assert isinstance(result.shape, Mesh)
    names = part_names(result)
    keys = list(names)
    node = np.array([keys.index(key) for key in zip(result.label.tolist(), result.instance.tolist(), strict=True)])
    origin = FaceOrigin(tuple(names.values()), node, np.arange(len(node)))
    vertices = result.shape.vertices @ (np.eye(3) if turn is None else turn).T
    return triangles_by_name(Mesh(vertices, result.shape.faces, face_origin=origin))
