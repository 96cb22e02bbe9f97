"""COLLADA: geometry, materials, textures, axes and units; what is not read is counted."""

from __future__ import annotations

import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
from answers import read_mesh

from meronym.errors import InputError, MissingExtra
from meronym.io.images import png
from meronym.io.shapes.read import read_shape

DOCUMENT = """<?xml version="1.0" encoding="utf-8"?>
<COLLADA xmlns="http://www.collada.org/2005/11/COLLADASchema" version="1.4.1">
<asset><unit name="inch" meter="0.0254"/><up_axis>Z_UP</up_axis></asset>
<library_images><image id="picture"><init_from>wood.png</init_from></image></library_images>
<library_effects>
<effect id="plain"><profile_COMMON><technique sid="common"><lambert><diffuse><color>0.5 0.25 0 1</color></diffuse></lambert>
</technique></profile_COMMON></effect>
<effect id="wooden"><profile_COMMON><newparam sid="s"><surface type="2D"><init_from>picture</init_from></surface></newparam>
<newparam sid="t"><sampler2D><source>s</source></sampler2D></newparam><technique sid="common"><lambert><diffuse>
<texture texture="t" texcoord="UV"/></diffuse></lambert></technique></profile_COMMON></effect></library_effects>
<library_materials><material id="m1"><instance_effect url="#plain"/></material>
<material id="m2"><instance_effect url="#wooden"/></material></library_materials>
<library_geometries><geometry id="g"><mesh>
<source id="p"><float_array id="pa" count="15">0 0 0 1 0 0 1 1 0 0 1 0 0 0 1</float_array><technique_common>
<accessor source="#pa" count="5" stride="3"><param name="X" type="float"/><param name="Y" type="float"/>
<param name="Z" type="float"/></accessor></technique_common></source>
<source id="u"><float_array id="ua" count="6">0 0 1 0 1 0.5</float_array><technique_common>
<accessor source="#ua" count="3" stride="2"><param name="S" type="float"/><param name="T" type="float"/></accessor>
</technique_common></source>
<vertices id="v"><input semantic="POSITION" source="#p"/></vertices>
<polylist material="a" count="1"><input semantic="VERTEX" source="#v" offset="0"/><vcount>4</vcount><p>0 1 2 3</p></polylist>
<triangles material="b" count="1"><input semantic="VERTEX" source="#v" offset="0"/>
<input semantic="TEXCOORD" source="#u" offset="1" set="0"/><p>1 0 0 1 4 2</p></triangles>
</mesh></geometry></library_geometries>
<library_visual_scenes><visual_scene id="s"><node id="n"><translate>5 0 0</translate><instance_geometry url="#g">
<bind_material><technique_common><instance_material symbol="a" target="#m1"/><instance_material symbol="b" target="#m2"/>
</technique_common></bind_material></instance_geometry></node>{more}</visual_scene></library_visual_scenes>
<scene><instance_visual_scene url="#s"/></scene></COLLADA>
"""


def test_colours_textures_axes_and_units(tmp_path: Path) -> None:
    (tmp_path / "wood.png").write_bytes(png(np.full((2, 2, 3), 77, np.uint8)))
    path = tmp_path / "a.dae"
    path.write_text(DOCUMENT.format(more='<node id="k"><instance_controller url="#skin"/></node>'))
    mesh = read_mesh(path)
    assert (mesh.up, mesh.unit, mesh.report) == ("z", 0.0254, {"skins_left_out": 1})
    assert mesh.corner_colour is not None
    assert mesh.texture is not None
    np.testing.assert_allclose([mesh.vertices.min(0), mesh.vertices.max(0)], [[5, 0, 0], [6, 1, 1]])
    np.testing.assert_allclose(mesh.corner_colour[:2, 0], [[0.5, 0.25, 0]] * 2, atol=0.01)
    assert mesh.texture.image_of_face.tolist() == [-1, -1, 0]
    np.testing.assert_allclose(mesh.texture.uv[2], [[0, 0], [1, 0], [1, 0.5]])


def test_with_its_textures_in_a_zae(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zae", "w") as archive:
        archive.writestr("a/a.dae", DOCUMENT.format(more=""))
        archive.writestr("a/wood.png", png(np.full((2, 2, 3), 77, np.uint8)))
    mesh = read_mesh(tmp_path / "a.zae")
    assert mesh.texture is not None
    assert mesh.up == "z"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("<COLLADA", '<!DOCTYPE c [<!ENTITY e SYSTEM "file:///etc/passwd">]><COLLADA', "entities"),
        ("wood.png", "../wood.png", "leads out of the folder"),
        ("instance_geometry", "instance_controller", "skinned"),
        ("</COLLADA>", "", "damaged"),
    ],
)
def test_faults(old: str, new: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "a.dae").write_text(DOCUMENT.format(more="").replace(old, new))
    with pytest.raises(InputError, match=f"^a\\.dae: .*{said}"):
        read_shape(tmp_path / "a.dae")


def test_without_pycollada(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "collada", None)
    (tmp_path / "a.dae").write_text(DOCUMENT.format(more=""))
    with pytest.raises(MissingExtra, match=r"meronym\[formats\]"):
        read_shape(tmp_path / "a.dae")
