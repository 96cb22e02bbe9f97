"""Zip files: the one shape in them, with its files, and nothing from outside."""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np
import pytest
import trimesh
from answers import answer, read_mesh
from PIL import Image
from trimesh.visual import TextureVisuals
from trimesh.visual.material import PBRMaterial

from meronym.core.up_axis import guess_up
from meronym.errors import Error, InputError, LimitError
from meronym.io.limits import Limits
from meronym.io.results import load_result, save_result
from meronym.io.shapes.read import read_shape


def gltf() -> dict[str, bytes]:
    """The files of a textured box."""
    box = trimesh.creation.box()
    picture = Image.fromarray(np.full((4, 4, 3), 99, np.uint8))
    box.visual = TextureVisuals(np.random.default_rng(0).random((8, 2)), PBRMaterial(baseColorTexture=picture))
    files: dict[str, bytes] = trimesh.Scene({"box": box}).export(file_type="gltf")
    return {("box.gltf" if name == "model.gltf" else name): data for name, data in files.items()}


def packed(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def test_gltf_with_its_files_is_saved_and_loaded_again(tmp_path: Path) -> None:
    extra = {"__MACOSX/._box.gltf": b"?", "source/.hidden.glb": b"?", "readme.txt": b"hello"}
    path = packed(tmp_path / "box.zip", {**{f"source\\{name}": data for name, data in gltf().items()}, **extra})
    mesh = read_mesh(path)
    assert mesh.source == path
    assert mesh.unit == 1.0
    assert guess_up(mesh)[0].tolist() == [0, 1, 0]
    result = answer(mesh)
    for kept in (result, load_result(save_result(result, tmp_path / "parts"))):
        back = read_mesh(save_result(kept, tmp_path / "a.glb"))
        assert back.texture is not None
        assert back.texture.images[0][0, 0, 0] == 99


def test_obj_finds_textures_in_another_folder_of_the_zip(tmp_path: Path) -> None:
    picture = tmp_path / "x.png"
    Image.new("RGB", (2, 2), (9, 8, 7)).save(picture)
    files = {
        "source/a.obj": b"mtllib a.mtl\nv 0 0 0\nv 1 0 0\nv 0 1 0\nvt 0 0\nvt 1 0\nvt 0 1\nusemtl m\nf 1/1 2/2 3/3\n",
        "source/a.mtl": b"newmtl m\nKd 1 1 1\nmap_Kd wood.png\n",
        "textures/wood.png": picture.read_bytes(),
    }
    mesh = read_mesh(packed(tmp_path / "a.zip", files))
    assert mesh.texture is not None
    assert mesh.texture.images[0][0, 0].tolist() == [9, 8, 7]
    del files["textures/wood.png"]
    assert read_mesh(packed(tmp_path / "a.zip", files)).report == {"missing_files": 1}


def test_one_shape_in_several_formats(tmp_path: Path) -> None:
    box = trimesh.creation.box()
    files = {"b/Box.stl": trimesh.creation.icosphere().export(file_type="stl"), "a/box.glb": box.export(file_type="glb")}
    assert read_shape(packed(tmp_path / "a.zip", files)).element_count == 12


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"a.txt": b"1"}, "no shape in it"),
        ({"inner.zip": b"PK\x03\x04"}, "no shape in it"),
        ({"a.stl": b"1", "b.glb": b"2"}, r"2 shapes in it: a\.stl, b\.glb"),
        ({"../a.glb": trimesh.creation.box().export(file_type="glb")}, "no shape in it"),
        ({"a.glb": b"glTF" + bytes(9)}, "ends in the header"),
        ({**gltf(), "box.gltf": gltf()["box.gltf"].replace(b"gltf_buffer", b"../../gltf_buffer")}, "leads out of the folder"),
    ],
)
def test_faults(files: dict[str, bytes], said: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=rf"a\.zip: .*{said}"):
        read_shape(packed(tmp_path / "a.zip", files))


def test_bombs_and_damage(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.zip", {"a.stl": bytes(40_000_000)})
    with pytest.raises(LimitError, match="over 100 times"):
        read_shape(path)
    with pytest.raises(LimitError, match="the limit is 1000000"):
        read_shape(path, limits=Limits(bytes=1_000_000))
    data = bytearray(packed(tmp_path / "b.zip", gltf()).read_bytes())
    rng = np.random.default_rng(0)
    for _ in range(60):
        damaged = data.copy()
        for _ in range(3):
            damaged[int(rng.integers(len(damaged)))] = int(rng.integers(256))
        (tmp_path / "c.zip").write_bytes(damaged)
        try:
            read_shape(tmp_path / "c.zip")
        except Error as error:
            assert str(error).startswith("c.zip: ")  # noqa: PT017
