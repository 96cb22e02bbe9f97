"""The file that a mesh was read from, for results that were loaded from an archive."""

from __future__ import annotations

from dataclasses import replace

from meronym.core.hashing import sha256_of
from meronym.errors import Error
from meronym.io.limits import DEFAULT, Limits, check_size
from meronym.io.shapes.read import read_shape
from meronym.types import Mesh


def with_scene(mesh: Mesh, sha256: object, limits: Limits = DEFAULT) -> Mesh:
    """The mesh with nodes, materials and files of images from its source.

    If the source's hash is not `sha256`, or it cannot be read, the mesh as it is.
    """
    if mesh.scene is not None or mesh.face_origin is None or mesh.source is None or not isinstance(sha256, str):
        return mesh
    try:
        if not mesh.source.is_file():
            return mesh
        check_size(mesh.source, limits)
        if sha256_of(mesh.source) != sha256:
            return mesh
        source = read_shape(mesh.source, repair=True, limits=limits)
    except (OSError, Error):
        return mesh
    if not isinstance(source, Mesh):
        return mesh
    texture, stored = mesh.texture, source.texture
    if texture is not None and stored is not None and len(texture.images) == len(stored.images):
        texture = replace(texture, files=stored.files)
    return replace(mesh, scene=source.scene, texture=texture)
