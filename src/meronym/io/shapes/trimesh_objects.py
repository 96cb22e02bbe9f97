"""From trimesh objects and plain arrays to shapes, held to the checks that files are."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import trimesh

from meronym.errors import InputError
from meronym.io.limits import Limits
from meronym.io.shapes.clouds import sound_cloud
from meronym.io.shapes.explained import explained
from meronym.io.shapes.join import join
from meronym.io.shapes.trimesh_read import cloud_of, copied, from_scene
from meronym.types import Shape

TrimeshObject = trimesh.Trimesh | trimesh.Scene | trimesh.PointCloud


def shape_of(thing: TrimeshObject) -> Shape:
    """The shape of a trimesh object, its geometries joined in world coordinates, colours and textures kept.

    Faces keep their order: that of the mesh; in a scene, node by node (`Mesh.face_origin`). The object is not changed.

    Raises: InputError if it has no surface, or holds values that are not finite; LimitError if it is too large.
    """
    name = Path(type(thing).__name__)
    with explained(name):
        scene = copied(thing if isinstance(thing, trimesh.Scene) else trimesh.Scene(thing))
        cloud = cloud_of(scene)
        if cloud is not None:
            return replace(sound_cloud(*cloud, name, False, Limits()), source=None)
        return replace(join(*from_scene(scene, False, Limits()), scene, name, False, Limits(), 0), source=None)


def mesh_of(vertices: np.ndarray, faces: np.ndarray) -> Shape:
    """The mesh of vertices [v 3] and of faces [f 3] that are indices of them.

    Raises: InputError if the arrays have other shapes or types, or show no surface.
    """
    for name, array, kinds in (("vertices", vertices, "fiu"), ("faces", faces, "iu")):
        if array.ndim != 2 or array.shape[1] != 3 or array.dtype.kind not in kinds:
            wanted = "numbers" if "f" in kinds else "integers"
            raise InputError(f"{name}: expected {wanted} of shape [n 3], got {array.dtype} {list(array.shape)}.")
    return shape_of(trimesh.Trimesh(vertices, faces, process=False))


def cloud_of_points(points: np.ndarray) -> Shape:
    """The point cloud of points [n 3].

    Raises: InputError if the array has another shape or type, or its points are not finite or all in one place.
    """
    name = Path("points")
    with explained(name):
        return replace(sound_cloud(points, None, None, name, False, Limits()), source=None)
