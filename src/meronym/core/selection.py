"""Parts of shapes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from jaxtyping import Bool

from meronym.types import FaceOrigin, Finish, Gaussians, Opacity, PointCloud, Shape, Textures


def selected(shape: Shape, mask: Bool[np.ndarray, " n"]) -> Shape:
    """The elements of a mask as a shape of its own, with only the vertices that they use; it may be empty."""
    if isinstance(shape, Gaussians):
        return replace(shape, rows=shape.rows[mask], floating=shape.floating[mask], report={})
    if isinstance(shape, PointCloud):
        return replace(
            shape,
            points=shape.points[mask],
            colour=None if shape.colour is None else shape.colour[mask],
            normal=None if shape.normal is None else shape.normal[mask],
            report={},
        )
    used, inverse = np.unique(shape.faces[mask], return_inverse=True)
    texture, origin, opacity, finish = shape.texture, shape.face_origin, shape.opacity, shape.finish
    return replace(
        shape,
        vertices=shape.vertices[used],
        faces=inverse.reshape(-1, 3),
        corner_colour=None if shape.corner_colour is None else shape.corner_colour[mask],
        texture=texture and Textures(texture.images, texture.image_of_face[mask], texture.uv[mask], texture.files),
        face_origin=origin and FaceOrigin(origin.nodes, origin.node_of_face[mask], origin.face_in_node[mask]),
        report={},
        opacity=opacity and Opacity(opacity.cutoff[mask], opacity.corner[mask]),
        finish=finish
        and Finish(
            finish.materials,
            finish.material[mask],
            finish.polygon[mask],
            None if finish.normal is None else finish.normal[mask],
            finish.groups,
        ),
    )
