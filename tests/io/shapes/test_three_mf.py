"""3MF: what printers' programs write is read with its colours, and what is written opens there as named, coloured objects."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import lib3mf
import numpy as np
import pytest
import trimesh
from answers import PROMPTS, answer, expected_triangles, read_mesh, triangles_by_name
from PIL import Image

from meronym.errors import InputError, LimitError, MissingExtra
from meronym.io.limits import Limits
from meronym.io.results import save_result
from meronym.io.shapes.read import read_shape
from meronym.io.shapes.solids import not_closed
from meronym.results import Segmentation
from meronym.types import Mesh, PointCloud
from meronym.viz.palette import palette

HEAD = """<?xml version="1.0" encoding="UTF-8"?><model unit="{unit}" xml:lang="en-US"
xmlns="http://schemas.microsoft.com/3dmanufacturing/core/2015/02"
xmlns:m="http://schemas.microsoft.com/3dmanufacturing/material/2015/02"
xmlns:p="http://schemas.microsoft.com/3dmanufacturing/production/2015/06" requiredextensions="p">"""
TYPES = """<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="model" ContentType="application/vnd.ms-package.3dmanufacturing-3dmodel+xml"/>
<Default Extension="png" ContentType="image/png"/></Types>"""
RELATIONS = """<?xml version="1.0" encoding="UTF-8"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>"""
MODEL = '<Relationship Target="/{}" Id="r{}" Type="http://schemas.microsoft.com/3dmanufacturing/2013/01/3dmodel"/>'
PICTURE = '<Relationship Target="/{}" Id="t" Type="http://schemas.microsoft.com/3dmanufacturing/2013/01/3dtexture"/>'
TETRAHEDRON = ((0, 0, 0), (1, 0, 0), (0, 1, 0), (0, 0, 1)), ((0, 2, 1), (0, 1, 3), (0, 3, 2), (1, 2, 3))


def uuid(k: int) -> str:
    return f'p:UUID="00000000-0000-0000-0000-{k:012d}"'


def tetrahedron(properties: tuple[str, ...] = ("",) * 4, scale: float = 1) -> str:
    points, faces = TETRAHEDRON
    vertices = "".join(f'<vertex x="{scale * x}" y="{scale * y}" z="{scale * z}"/>' for x, y, z in points)
    triangles = "".join(f'<triangle v1="{a}" v2="{b}" v3="{c}" {p}/>' for (a, b, c), p in zip(faces, properties, strict=True))
    return f"<mesh><vertices>{vertices}</vertices><triangles>{triangles}</triangles></mesh>"


def three_mf(path: Path, resources: str, items: str, unit: str = "millimeter", **files: bytes | str) -> Path:
    inner = "".join(MODEL.format(name, k) for k, name in enumerate(files) if name.endswith(".model"))
    pictures = "".join(PICTURE.format(name) for name in files if name.endswith(".png"))
    model = f"{HEAD.format(unit=unit)}<resources>{resources}</resources><build {uuid(999)}>{items}</build></model>"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        archive.writestr("_rels/.rels", RELATIONS.format(MODEL.format("3D/3dmodel.model", 9)))
        archive.writestr("3D/3dmodel.model", model)
        archive.writestr("3D/_rels/3dmodel.model.rels", RELATIONS.format(inner + pictures))
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def table() -> trimesh.Trimesh:
    top = trimesh.creation.box((2, 0.2, 1)).subdivide()
    legs = [trimesh.creation.box((0.1, 1, 0.1)).apply_translation((x, -0.6, z)) for x in (-0.9, 0.9) for z in (-0.4, 0.4)]
    return trimesh.util.concatenate([top, *legs])


def test_components_in_other_files_of_the_package(tmp_path: Path) -> None:
    """Bambu Studio keeps several objects in one further file, whose numbers are its own."""
    inner = (
        f"{HEAD.format(unit='millimeter')}<resources>"
        f'<object id="1" type="model" name="small" {uuid(1)}>{tetrahedron()}</object>'
        f'<object id="2" type="model" name="large" {uuid(2)}>{tetrahedron(scale=3)}</object></resources><build/></model>'
    )
    outer = (
        f'<object id="8" type="model" name="both" {uuid(8)}><components>'
        f'<component p:path="/3D/Objects/inner.model" objectid="1" {uuid(3)}/>'
        f'<component p:path="/3D/Objects/inner.model" objectid="2" {uuid(4)} transform="1 0 0 0 1 0 0 0 1 10 0 0"/>'
        "</components></object>"
        f'<object id="9" type="support" name="prop" {uuid(9)}>{tetrahedron(scale=50)}</object>'
    )
    items = f'<item objectid="8" {uuid(5)} transform="0 1 0 -1 0 0 0 0 1 0 0 7"/><item objectid="9" {uuid(6)}/>'
    path = three_mf(tmp_path / "plate.3mf", outer, items, "inch", **{"3D/Objects/inner.model": inner})
    mesh = read_mesh(path)
    assert mesh.face_origin is not None
    assert mesh.face_origin.nodes == ("small", "large")
    assert mesh.unit == 0.0254
    large = mesh.vertices[mesh.faces[mesh.face_origin.node_of_face == 1]].reshape(-1, 3)
    np.testing.assert_allclose([large.min(0), large.max(0)], [[-3, 10, 7], [0, 13, 10]], atol=1e-5)


def test_colours_of_materials_corners_and_textures(tmp_path: Path) -> None:
    png = io.BytesIO()
    Image.new("RGB", (4, 4), (10, 20, 30)).save(png, "PNG")
    resources = (
        '<basematerials id="1"><base name="red" displaycolor="#FF0000"/><base name="green" displaycolor="#00FF00"/>'
        '</basematerials><m:colorgroup id="2"><m:color color="#0000FF"/><m:color color="#FFFF00"/></m:colorgroup>'
        '<m:texture2d id="3" path="/3D/Textures/a.png" contenttype="image/png"/>'
        '<m:texture2dgroup id="4" texid="3"><m:tex2coord u="0" v="0"/><m:tex2coord u="1" v="0.25"/></m:texture2dgroup>'
        f'<object id="5" type="model" pid="1" pindex="1" {uuid(1)}>'
        + tetrahedron(("", 'pid="1" p1="0"', 'pid="2" p1="0" p2="1" p3="0"', 'pid="4" p1="0" p2="1" p3="1"'))
        + "</object>"
    )
    mesh = read_mesh(
        three_mf(tmp_path / "a.3mf", resources, f'<item objectid="5" {uuid(2)}/>', **{"3D/Textures/a.png": png.getvalue()})
    )
    assert mesh.corner_colour is not None
    assert mesh.texture is not None
    order = np.argsort(mesh.texture.image_of_face, kind="stable")
    expected = [[[0, 1, 0]] * 3, [[1, 0, 0]] * 3, [[0, 0, 1], [1, 1, 0], [0, 0, 1]], [[1, 1, 1]] * 3]
    np.testing.assert_allclose(mesh.corner_colour[order], expected)
    assert sorted(mesh.texture.image_of_face.tolist()) == [-1, -1, -1, 0]
    np.testing.assert_allclose(mesh.texture.uv[order[-1]], [[0, 0], [1, 0.25], [1, 0.25]])
    assert mesh.texture.images[0][0, 0].tolist() == [10, 20, 30]


def test_components_of_components_of_components_are_limited(tmp_path: Path) -> None:
    resources = f'<object id="1" type="model" {uuid(1)}>{tetrahedron()}</object>'
    for k in range(2, 40):
        twice = "".join(f'<component objectid="{k - 1}" {uuid(100 * j + k)}/>' for j in (1, 2))
        resources += f'<object id="{k}" type="model" {uuid(k)}><components>{twice}</components></object>'
    path = three_mf(tmp_path / "bomb.3mf", resources, f'<item objectid="39" {uuid(99)}/>')
    with pytest.raises(LimitError, match="placements"):
        read_shape(path, limits=Limits(instances=1000))


@pytest.mark.parametrize("data", [b"PK\x03\x04 damaged", b"solid", b"PK\x03\x04"])
def test_damaged(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.3mf").write_bytes(data)
    with pytest.raises(InputError, match=r"a\.3mf"):
        read_shape(tmp_path / "a.3mf")


def test_written_parts_come_back_by_name_upright_and_in_their_colours(tmp_path: Path) -> None:
    whole = table()
    result = answer(Mesh(np.array(whole.vertices), np.array(whole.faces), unit=1.0))
    path = save_result(result, tmp_path / "table.3mf")
    data = path.read_bytes()
    assert save_result(result, path).read_bytes() == data
    mesh = read_mesh(path)
    assert mesh.unit == 1.0
    assert triangles_by_name(mesh) == expected_triangles(result, np.array([[1, 0, 0], [0, 0, -1], [0, 1, 0]]))
    assert mesh.corner_colour is not None
    found = {tuple(row) for row in (mesh.corner_colour[:, 0] * 255).round().astype(int).tolist()}
    assert found == {(150, 150, 150), *map(tuple, palette(3).tolist())}
    model = lib3mf.get_wrapper().CreateModel()
    reader = model.QueryReader("3mf")
    reader.SetStrictModeActive(True)
    reader.ReadFromFile(str(path))
    assert reader.GetWarningCount() == 0
    groups = model.GetBaseMaterialGroups()
    assert groups.MoveNext()
    materials = groups.GetCurrentBaseMaterialGroup()
    assert [materials.GetName(k) for k in materials.GetAllPropertyIDs()] == [*PROMPTS, "none"]
    assert {*trimesh.load_scene(path).geometry} >= {"leg", "wooden seat"}


def test_capped_parts_are_solids(tmp_path: Path) -> None:
    whole = trimesh.creation.icosphere(3)
    result = answer(Mesh(np.array(whole.vertices), np.array(whole.faces)))
    assert not any(part.is_watertight for part in trimesh.load_scene(save_result(result, tmp_path / "a.3mf")).geometry.values())
    scene = trimesh.load_scene(save_result(result, tmp_path / "a.3mf", capped=True))
    assert all(part.is_watertight and part.is_winding_consistent for part in scene.geometry.values())
    assert sum(part.volume for part in scene.geometry.values()) == pytest.approx(whole.volume, rel=0.1)
    assert not_closed(result) == ([], len(scene.geometry))


def test_a_flat_part_is_no_solid() -> None:
    box = trimesh.creation.box()
    result = answer(Mesh(np.array(box.vertices), np.array(box.faces)))
    side = np.isclose(box.vertices[box.faces][:, :, 0], -0.5).all(axis=1)
    flat = Segmentation(np.where(side, 0, 1), result.score, result.seen, PROMPTS, result.shape, result.record)
    assert not_closed(flat) == (["leg"], 2)


def test_map_coordinates_stay_exact(tmp_path: Path) -> None:
    whole = trimesh.creation.box((0.1, 0.1, 1)).subdivide()
    shift = np.array([456789.125, 5612345.5, 120.25])
    result = answer(Mesh(whole.vertices + shift, np.array(whole.faces)), up=[0, 0, 1])
    with zipfile.ZipFile(save_result(result, tmp_path / "a.3mf")) as archive:
        text = archive.read("3D/3dmodel.model").decode()
    assert 'transform="1 0 0 0 1 0 0 0 1 4' in text
    mesh = read_mesh(tmp_path / "a.3mf")
    np.testing.assert_allclose(np.unique(mesh.vertices, axis=0), np.unique(result.shape.vertices, axis=0), atol=1e-6)


def test_what_cannot_be_printed(tmp_path: Path) -> None:
    cloud = PointCloud(np.random.default_rng(0).random((20, 3)))
    with pytest.raises(InputError, match="no surface of their own"):
        save_result(answer(cloud), tmp_path / "a.3mf")
    whole = table()
    with pytest.raises(InputError, match=r"\.3mf files only"):
        save_result(answer(Mesh(np.array(whole.vertices), np.array(whole.faces))), tmp_path / "a.glb", capped=True)


def test_without_lib3mf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.3mf").write_bytes(b"PK\x03\x04")
    monkeypatch.setitem(__import__("sys").modules, "lib3mf", None)
    with pytest.raises(MissingExtra, match=r"pip install 'meronym\[formats\]'"):
        read_shape(tmp_path / "a.3mf")
