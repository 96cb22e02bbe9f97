"""Pictures of glTF documents: each decoded once, all together within limits, those that cannot be read named."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from gltf_files import Document, saved, table_arrays
from PIL import Image

from meronym.errors import LimitError
from meronym.io.limits import Limits
from meronym.io.shapes.read import read_shape
from meronym.types import Mesh

KTX2 = b"\xabKTX 20\xbb\r\n\x1a\n" + bytes(100)


def picture(shade: int, side: int = 8) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (side, side), (shade, 0, 0)).save(file, "PNG")
    return file.getvalue()


def tables(pictures: list[bytes]) -> Document:
    """A table for each picture."""
    document, (points, faces) = Document(), table_arrays()
    document.tree |= {"images": [], "textures": [], "materials": []}
    uv = document.accessor(points[:, :2].copy())
    for k, content in enumerate(pictures):
        document.tree["images"].append({"bufferView": document.view(content), "mimeType": "image/png"})
        document.tree["textures"].append({"source": k})
        document.tree["materials"].append({"pbrMetallicRoughness": {"baseColorTexture": {"index": k}}})
        mesh = document.mesh(points + np.float32(k), faces, material=k)
        document.tree["meshes"][mesh]["primitives"][0]["attributes"]["TEXCOORD_0"] = uv
        document.node(mesh=mesh)
    return document


def shown(path: Path, limits: Limits | None = None) -> list[int]:
    """The shade of each picture that is used, in the order of the faces."""
    mesh = read_shape(path, limits=limits or Limits())
    assert isinstance(mesh, Mesh)
    assert mesh.texture is not None
    return [int(mesh.texture.images[index][0, 0, 0]) for index in mesh.texture.image_of_face[::60]]


def test_equal_pictures_are_decoded_once(tmp_path: Path) -> None:
    path = tables([picture(5), picture(9), picture(5), picture(5)]).save(tmp_path / "in.glb")
    mesh = read_shape(path)
    assert isinstance(mesh, Mesh)
    assert mesh.texture is not None
    assert len(mesh.texture.images) == 2
    assert shown(path) == [5, 9, 5, 5]


def test_all_pictures_together_are_limited(tmp_path: Path) -> None:
    path = tables([picture(k, 200) for k in range(4)]).save(tmp_path / "in.glb")
    strict = {"image_pixels": 100_000, "small": 1000, "ratio": 10}
    with pytest.raises(LimitError, match=r"in\.glb: its pictures together: \d+ bytes unpack to 360000, the limit is 300000"):
        shown(path, Limits(**strict))
    assert shown(path, Limits(**{**strict, "ratio": 1000})) == [0, 1, 2, 3]


def test_pictures_that_cannot_be_read_are_named_and_kept(tmp_path: Path) -> None:
    document = tables([picture(5), KTX2, picture(7), KTX2])
    basis = {"KHR_texture_basisu": {"source": 1}}
    document.tree["textures"][0] = {"source": 0, "extensions": basis}
    document.tree["textures"][1] = {"extensions": basis}
    document.use("KHR_texture_basisu")
    after = saved(document, tmp_path)
    mesh = read_shape(tmp_path / "in.glb")
    assert isinstance(mesh, Mesh)
    assert mesh.texture is not None
    assert mesh.texture.image_of_face[::60].tolist() == [0, -1, 1, -1]
    assert [(line.split(" are")[0], "ktxdecompress" in line, count) for line, count in mesh.report.items()] == [
        ("textures in KTX2", True, 2)
    ]
    assert bytes(after.view(after.tree["images"][1]["bufferView"])) == KTX2
