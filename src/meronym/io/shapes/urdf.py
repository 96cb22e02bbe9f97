"""Writes a result as URDF, the format of robots' simulators: a link for each instance of a part, all of them fixed."""

from __future__ import annotations

import struct
from pathlib import Path
from xml.sax.saxutils import quoteattr

import numpy as np
from jaxtyping import Float, Int

from meronym.core.prompts import slugs, unique
from meronym.io.shapes.solids import parts_of, upright
from meronym.io.shapes.stl import FACET
from meronym.results import Segmentation
from meronym.types import Mesh
from meronym.viz.palette import NONE_COLOUR, palette


def write_urdf(result: Segmentation, path: Path) -> dict[Path, bytes]:
    """The files of a result as .urdf: an .stl for each instance of a part, then the robot that they make.

    Every link hangs on the empty link `world` by a fixed joint, whose origin is the middle of the part. The shape's up axis
    becomes z; sizes are in metres if the shape's unit is known.

    Raises: InputError for a point cloud.
    """
    parts = parts_of(result, False)
    turn = upright(result.record.settings.get("up_axis"))
    unit = (isinstance(result.shape, Mesh) and result.shape.unit) or 1.0
    colours = np.vstack([palette(len(result.prompts)), NONE_COLOUR]) / 255
    files, lines = dict[Path, bytes](), [f'<?xml version="1.0"?>\n<robot name={quoteattr(path.stem)}>\n<link name="world"/>\n']
    names = unique((slug.replace("-", "_") for slug in slugs([part.name for part in parts])), ["world"], "_")
    for part, name in zip(parts, names, strict=True):
        places = part.vertices @ turn.T * unit
        middle = (places.min(axis=0) + places.max(axis=0)) / 2
        file = path.with_name(f"{path.stem}_{name}.stl")
        files[file] = _stl(places - middle, part.faces)
        shape = f"<geometry><mesh filename={quoteattr(file.name)}/></geometry>"
        rgba = " ".join(f"{value:.4g}" for value in (*colours[part.label], 1))
        origin = " ".join(f"{value:.12g}" for value in middle + 0.0)
        lines.append(
            f'<link name="{name}">\n<visual>{shape}<material name="{name}"><color rgba="{rgba}"/></material></visual>\n'
            f"<collision>{shape}</collision>\n</link>\n"
            f'<joint name="{name}_joint" type="fixed">\n'
            f'<parent link="world"/><child link="{name}"/><origin xyz="{origin}"/>\n</joint>\n'
        )
    return {**files, path: "".join([*lines, "</robot>\n"]).encode()}


def _stl(vertices: Float[np.ndarray, "v 3"], faces: Int[np.ndarray, "f 3"]) -> bytes:
    """A binary STL file; its normals are left to the reader, as the format allows."""
    rows = np.zeros(len(faces), FACET)
    rows["corner"] = vertices[faces]
    return b"meronym".ljust(80) + struct.pack("<I", len(faces)) + rows.tobytes()
