"""From indexed polygons, as PLY and OFF have them, to a mesh."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from jaxtyping import Float, Int

from meronym.errors import InputError
from meronym.io.shapes.clouds import sound_cloud
from meronym.io.shapes.folder import ShapeFolder
from meronym.io.shapes.join import sound_mesh
from meronym.io.shapes.polygons import triangulate
from meronym.io.shapes.rows import unit_rows
from meronym.types import FaceOrigin, Finish, Mesh, Shape, Textures


@dataclass(frozen=True)
class Polygons:
    """Polygons that share vertices, as a file has them; nothing is checked."""

    places: Float[np.ndarray, "v 3"]
    sizes: Int[np.ndarray, " p"]
    """Corners of each polygon."""
    corner: Int[np.ndarray, " c"]
    """Vertex at each corner, one polygon after the other."""
    colour: Float[np.ndarray, "v 3"] | None = None
    """0..1 sRGB; wins over those of polygons."""
    normal: Float[np.ndarray, "v 3"] | None = None
    """Of any length; zero = none."""
    polygon_colour: Float[np.ndarray, "p 3"] | None = None
    """0..1 sRGB."""
    images: tuple[np.ndarray, ...] = ()
    """As in `Textures`."""
    files: tuple[bytes | None, ...] = ()
    """As in `Textures`."""
    image: Int[np.ndarray, " p"] | None = None
    """Index into images; -1 = none."""
    uv: Float[np.ndarray, "c 2"] | None = None
    """Texture coordinates, origin at the bottom left."""


def polygon_mesh(polygons: Polygons, path: Path, folder: ShapeFolder, repair: bool) -> Shape:
    """The polygons as a mesh, or their vertices as points if there are none.

    Raises: InputError if there is no surface, or something refers to what is not there (unless `repair`); LimitError.
    """
    places, corner, colour = polygons.places, polygons.corner, polygons.colour
    normal = None if polygons.normal is None else unit_rows(polygons.normal)
    normal = normal if normal is not None and normal.any() else None
    if not len(polygons.sizes):
        return sound_cloud(places, colour, normal, path, repair, folder.limits)
    bad = (corner < 0) | (corner >= len(places))
    polygon_of = np.repeat(np.arange(len(polygons.sizes)), polygons.sizes)
    if bad.any() and not repair:
        first = int(polygon_of[bad.argmax()])
        raise InputError(
            f"{path.name}: face {first} of {path.stem!r} refers to vertices {corner[polygon_of == first][:9].tolist()}, but "
            f"there are {len(places)}; {len(np.unique(polygon_of[bad]))} faces are wrong: a face index outside the range. "
            "Use repair to leave them out, or export the file again."
        )
    corner = np.where(bad, 0, corner)
    cut = triangulate(polygons.sizes, places[corner] if len(places) else np.zeros((len(corner), 3)))
    wrong = np.isin(cut.polygon, polygon_of[bad])
    faces = corner[cut.corner]
    used = np.unique(faces[~wrong])
    corner_colour = None
    if colour is not None:
        corner_colour = colour[faces].astype(np.float32)
    elif polygons.polygon_colour is not None:
        corner_colour = np.repeat(polygons.polygon_colour[cut.polygon, None].astype(np.float32), 3, axis=1)
    texture = None
    if polygons.uv is not None and polygons.image is not None and polygons.images:
        uv = np.nan_to_num(polygons.uv, posinf=0.0, neginf=0.0)[cut.corner].astype(np.float32)
        texture = Textures(polygons.images, polygons.image[cut.polygon], uv, polygons.files)
    mesh = Mesh(
        places[used],
        np.where(wrong[:, None], -1, np.searchsorted(used, faces)),
        corner_colour=corner_colour,
        texture=texture,
        source=path,
        face_origin=FaceOrigin((path.stem,), np.zeros(len(faces), dtype=np.int64), np.arange(len(faces))),
        finish=Finish(
            (),
            np.full(len(faces), -1),
            cut.polygon,
            None if normal is None else normal[faces].astype(np.float32),
            ((path.stem,),),
        ),
    )
    return sound_mesh(mesh, path.name, repair, folder.limits, folder.missing)
