"""Writes a result as 3MF for 3D printing: an object and a colour for each part, standing upright."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.sax.saxutils import quoteattr

import numpy as np
from jaxtyping import Float

from meronym.io.documents import NONE
from meronym.io.shapes.offset import offset_of
from meronym.io.shapes.solids import Part, parts_of, upright
from meronym.io.shapes.three_mf.read import UNITS
from meronym.results import Segmentation
from meronym.types import Mesh
from meronym.viz.palette import NONE_COLOUR, palette

_TYPES = """<?xml version="1.0" encoding="UTF-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="model" ContentType="application/vnd.ms-package.3dmanufacturing-3dmodel+xml"/>
</Types>
"""
_RELATIONS = """<?xml version="1.0" encoding="UTF-8"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Target="/3D/3dmodel.model" Id="model" Type="http://schemas.microsoft.com/3dmanufacturing/2013/01/3dmodel"/>
</Relationships>
"""


def write_3mf(result: Segmentation, path: Path, close: bool = False) -> dict[Path, bytes]:
    """The .3mf file of a result: an object for each instance of a part, all of them components of one build item.

    Materials have the prompts' names and colours. With `close`, parts are closed (see `caps`). The item's
    transform turns the shape's up axis to z, and puts back what lies far from the origin.

    Raises: InputError for a point cloud.
    """
    parts, name = parts_of(result, close), path.stem
    offset = offset_of(np.concatenate([part.vertices for part in parts])).astype(np.float32).astype(np.float64)
    turn = upright(result.record.settings.get("up_axis"))
    unit = result.shape.unit if isinstance(result.shape, Mesh) else None
    word = next((word for word, metres in UNITS.items() if unit and abs(unit / metres - 1) < 1e-6), "millimeter")
    colours = np.vstack([palette(len(result.prompts)), NONE_COLOUR])
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<model unit="{word}" xml:lang="en-US" xmlns="http://schemas.microsoft.com/3dmanufacturing/core/2015/02">\n'
        '<metadata name="Application">meronym</metadata>\n<resources>\n<basematerials id="1">\n'
    ]
    for prompt, colour in zip((*result.prompts, NONE), colours.tolist(), strict=True):
        lines.append(f'<base name={quoteattr(prompt)} displaycolor="#{bytes(colour).hex().upper()}FF"/>\n')
    lines.append("</basematerials>\n")
    for number, part in enumerate(parts, 2):
        lines += _object(number, part, part.label % len(colours), part.vertices - offset)
    lines.append(f'<object id="{len(parts) + 2}" type="model" name={quoteattr(name)}>\n<components>\n')
    lines += [f'<component objectid="{number}"/>\n' for number in range(2, len(parts) + 2)]
    place = " ".join(f"{value:.17g}" for value in (*(turn.T.ravel() + 0.0), *(turn @ offset + 0.0)))
    lines.append(f'</components>\n</object>\n</resources>\n<build>\n<item objectid="{len(parts) + 2}" transform="{place}"/>\n')
    lines.append("</build>\n</model>\n")
    model = "".join(lines)
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for file, text in (("[Content_Types].xml", _TYPES), ("_rels/.rels", _RELATIONS), ("3D/3dmodel.model", model)):
            archive.writestr(zipfile.ZipInfo(file, (1980, 1, 1, 0, 0, 0)), text, zipfile.ZIP_DEFLATED, 6)
    return {path: content.getvalue()}


def _object(number: int, part: Part, material: int, places: Float[np.ndarray, "v 3"]) -> Iterator[str]:
    yield f'<object id="{number}" type="model" name={quoteattr(part.name)} pid="1" pindex="{material}">\n<mesh>\n<vertices>\n'
    yield '<vertex x="%.9g" y="%.9g" z="%.9g"/>\n' * len(places) % tuple(places.ravel().tolist())
    yield "</vertices>\n<triangles>\n"
    yield '<triangle v1="%d" v2="%d" v3="%d"/>\n' * len(part.faces) % tuple(part.faces.ravel().tolist())
    yield "</triangles>\n</mesh>\n</object>\n"
