"""Reads 3MF, the format of 3D printing, with lib3mf: build items, components, colours, materials and textures."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import trimesh
from PIL import Image

from meronym.core.prompts import unique
from meronym.errors import InputError, LimitError, MissingExtra
from meronym.io.images import open_image
from meronym.io.limits import Limits, check_count, check_instances
from meronym.io.shapes.painted import painted
from meronym.io.zips import members, unpack

UNITS = {"micron": 1e-6, "millimeter": 1e-3, "centimeter": 1e-2, "inch": 0.0254, "foot": 0.3048, "meter": 1.0}
"""Metres per unit, in the order in which lib3mf numbers them."""

_TAGS = re.compile(rb"<(?:\w+:)?(object|component)\b([^>]*)>")
_ATTRIBUTES = re.compile(rb"([\w:]+)\s*=\s*(\"[^\"]*\"|'[^']*')")
_DEPTH = 100
"""Of components in components."""


def read_3mf(path: Path, limits: Limits) -> tuple[trimesh.Scene, float]:
    """The scene that the build items of a 3MF file make, and the metres of its unit; supports are left out.

    Raises: MissingExtra without lib3mf, LimitError for a zip bomb or too many faces; lib3mf's errors if it is damaged.
    """
    try:
        import lib3mf
    except ImportError as error:
        raise MissingExtra("reading .3mf", "lib3mf", "formats") from error
    _check_components(path, limits)
    model = lib3mf.get_wrapper().CreateModel()
    model.QueryReader("3mf").ReadFromFile(str(path))
    scene, total, names = trimesh.Scene(), 0, list[str]()
    paint, shared = _Paint(lib3mf, model, limits), dict[int, list[str]]()
    placed = []
    for placement in _build(model):
        number = placement.mesh.GetUniqueResourceID()
        total += placement.mesh.GetTriangleCount()
        check_count("all instances together", total, limits)
        check_instances(len(names), limits)
        if number not in shared:
            shared[number] = []
            for geometry in paint.geometries(placement.mesh):
                shared[number].append(f"object{number}.{len(shared[number])}")
                scene.geometry[shared[number][-1]] = geometry
        placed += [(placement.matrix, key) for key in shared[number]]
        names += [placement.name] * len(shared[number])
    for name, (matrix, key) in zip(unique(names, {str(scene.graph.base_frame)}), placed, strict=True):
        scene.graph.update(frame_to=name, matrix=matrix, geometry=key)
    return scene, list(UNITS.values())[int(model.GetUnit())]


def _check_components(path: Path, limits: Limits) -> None:
    """Look for components of components before lib3mf gets the file: it goes through every placement.

    Raises: InputError or LimitError if the zip file is damaged, or components are nested too deeply or too often.
    """
    models = {name: unpack(path, file) for name, file in members(path, limits).items() if name.lower().endswith(".model")}
    found: dict[tuple[str, bytes], tuple[int, int]] = {}  # placements and depth of each object
    for name, data in sorted(models.items(), key=lambda item: b"path=" in item[1]):
        if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
            raise InputError(f"{name} is in UTF-16. Export it again as UTF-8.")
        key, placements, depth = (name, b""), 0, 0
        for kind, attributes in _TAGS.findall(data):
            said = dict(_ATTRIBUTES.findall(attributes))
            if kind == b"object":
                key, placements, depth = (name, said.get(b"id", b"")[1:-1]), 0, 0
            else:
                other = next((text for word, text in said.items() if word.endswith(b"path")), None)
                file = name if other is None else other[1:-1].decode("utf-8", "replace").strip("/")
                number = said.get(b"objectid", b"")[1:-1]
                if not number.isdigit():
                    raise InputError(f"{name} has a component without the number of an object. Export it again.")
                more, below = found.get((file, number), (1, 0))
                placements, depth = placements + more, max(depth, below + 1)
                check_instances(placements, limits)
                if depth > _DEPTH:
                    raise LimitError(f"components are nested over {_DEPTH} deep. Join them.")
            found[key] = max(placements, 1), depth


class _Placement(NamedTuple):
    name: str
    matrix: np.ndarray
    mesh: Any


def _build(model: Any) -> Iterator[_Placement]:
    """Every mesh that is printed, in the order of the file."""
    items = model.GetBuildItems()
    while items.MoveNext():
        item = items.GetCurrent()
        thing = item.GetObjectResource()
        yield from _placements(model, thing, _matrix(item.GetObjectTransform()), item.GetPartNumber() or thing.GetName())


def _placements(model: Any, thing: Any, matrix: np.ndarray, name: str) -> Iterator[_Placement]:
    if "support" in thing.GetType().name.lower():
        return
    number = thing.GetUniqueResourceID()
    if thing.IsMeshObject():
        yield _Placement(name or f"object{number}", matrix, model.GetMeshObjectByID(number))
    elif thing.IsComponentsObject():
        whole = model.GetComponentsObjectByID(number)
        for k in range(whole.GetComponentCount()):
            part = whole.GetComponent(k)
            own = part.GetObjectResource()
            yield from _placements(model, own, matrix @ _matrix(part.GetTransform()), own.GetName() or name)


def _matrix(transform: Any) -> np.ndarray:
    """World from object, of a row-vector matrix without its last column."""
    matrix = np.eye(4)
    matrix[:3] = np.array([list(row) for row in transform.Fields]).T
    return matrix


class _Group(NamedTuple):
    """A group of properties."""

    ids: np.ndarray
    """Sorted; never 0."""
    rows: np.ndarray
    """The colour (four numbers 0..1) or texture coordinate (two numbers) that each stands for."""
    picture: Image.Image | None = None

    def at(self, ids: np.ndarray) -> np.ndarray:
        """The rows of [f 3] ids; a corner without one is as the first of its face."""
        ids = np.where(ids > 0, ids, ids[:, :1])
        return self.rows[np.minimum(np.searchsorted(self.ids, ids), len(self.ids) - 1)]


@dataclass
class _Paint:
    """Looks up the properties of triangles: colours of materials, colours at corners, and textures."""

    lib: Any
    model: Any
    limits: Limits
    groups: dict[int, _Group | None] = field(default_factory=dict)

    def geometries(self, mesh: Any) -> list[trimesh.Trimesh]:
        """One geometry for the faces that have colours or nothing, and one for each texture."""
        vertices = _table(mesh.GetVertices(), 3, "<f4").astype(np.float64)
        faces = _table(mesh.GetTriangleIndices(), 3, "<u4").astype(np.int64)
        said = _table(mesh.GetAllTriangleProperties(), 4, "<u4").astype(np.int64)
        level = mesh.GetObjectLevelProperty()
        if level[2]:
            said[said[:, 0] == 0] = (level[0], level[1], level[1], level[1])
        colour, uv = np.ones((len(faces), 3, 3)), np.zeros((len(faces), 3, 2))
        textured, coloured = np.zeros(len(faces), np.int64), False
        for number in np.unique(said[:, 0]).tolist():
            own, group = said[:, 0] == number, self._group(number)
            if group is None:
                continue
            if group.picture is None:
                colour[own], coloured = group.at(said[own, 1:])[..., :3], True
            else:
                uv[own], textured[own] = group.at(said[own, 1:]), number
        result = []
        for number in np.unique(textured).tolist():
            own, group = textured == number, self._group(number)
            picture = group and group.picture
            result.append(painted(vertices, faces[own], colour[own] if coloured else None, uv[own], picture))
        return result

    def _group(self, number: int) -> _Group | None:
        """The group of that number; None if there is none, or it says nothing of colours."""
        if number not in self.groups:
            self.groups[number] = self._read_group(number) if number else None
        return self.groups[number]

    def _read_group(self, number: int) -> _Group | None:
        kind, kinds = self.model.GetPropertyTypeByID(number), self.lib.PropertyType
        if kind == kinds.BaseMaterial:
            materials = self.model.GetBaseMaterialGroupByID(number)
            return _grouped({k: _rgba(materials.GetDisplayColor(k)) for k in materials.GetAllPropertyIDs()})
        if kind == kinds.Colors:
            colours = self.model.GetColorGroupByID(number)
            return _grouped({k: _rgba(colours.GetColor(k)) for k in colours.GetAllPropertyIDs()})
        if kind == kinds.TexCoord:
            texture = self.model.GetTexture2DGroupByID(number)
            points = {k: texture.GetTex2Coord(k) for k in texture.GetAllPropertyIDs()}
            attachment = texture.GetTexture2D().GetAttachment()
            picture = open_image(bytes(attachment.WriteToBuffer()), attachment.GetPath(), self.limits)
            return _grouped({k: [point.U, point.V] for k, point in points.items()}, picture)
        if kind == kinds.Multi:
            multi = self.model.GetMultiPropertyGroupByID(number)
            below = self._group(multi.GetLayer(0).ResourceID)
            ids = multi.GetAllPropertyIDs()
            if below is None or not ids:
                return None
            rows = below.at(np.array([[multi.GetMultiProperty(k)[0]] for k in ids]))[:, 0].tolist()
            return _grouped(dict(zip(ids, rows, strict=True)), below.picture)
        return None


def _table(structures: list[Any], width: int, kind: str) -> np.ndarray:
    """The numbers of ctypes structures, which lib3mf cuts from one array, as rows of that array."""
    return np.frombuffer(structures[0]._b_base_, kind).reshape(-1, width) if structures else np.zeros((0, width), kind)


def _grouped(rows: dict[int, list[float]], picture: Image.Image | None = None) -> _Group | None:
    ids = sorted(rows)
    return _Group(np.array(ids), np.array([rows[k] for k in ids]), picture) if ids else None


def _rgba(colour: Any) -> list[float]:
    return [colour.Red / 255, colour.Green / 255, colour.Blue / 255, colour.Alpha / 255]
