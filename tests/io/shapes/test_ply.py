"""PLY as it is found: either byte order, polygons of any size, strips, colours of all types, damage that is named."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from meronym.errors import InputError
from meronym.io.limits import Limits
from meronym.io.results import save_result
from meronym.io.shapes.ply.file import read_ply_file
from meronym.io.shapes.read import read_shape
from meronym.results import Record, Segmentation
from meronym.types import Mesh, PointCloud, Shape

PLACES = np.array([[x, y, z] for x in (0, 1) for y in (0, 1) for z in (0, 1)], dtype=float)
QUADS = [[0, 1, 3, 2], [4, 6, 7, 5], [0, 4, 5, 1], [2, 3, 7, 6], [0, 2, 6, 4], [1, 5, 7, 3]]
MIXED = [*QUADS[:4], [0, 2, 6], [0, 6, 4], [1, 5, 7, 3]]
KINDS = {"float": "f4", "double": "f8", "uchar": "u1", "ushort": "u2", "int": "i4"}


def ply(
    path: Path, order: str, faces: list[list[int]], columns: dict[str, tuple[str, np.ndarray]], face_colour: str = ""
) -> Path:
    """A file of PLACES and faces, with more columns of vertices; faces k have the colour (k, 0, 255) if a type is given."""
    formats = {"": "ascii", "<": "binary_little_endian", ">": "binary_big_endian"}
    columns = {**{axis: ("double", PLACES[:, k]) for k, axis in enumerate("xyz")}, **columns}
    head = ["ply", f"format {formats[order]} 1.0", "comment Gr\xfc\xdfe", "obj_info none", f"element vertex {len(PLACES)}"]
    head += [f"property {kind} {name}" for name, (kind, _) in columns.items()]
    head += [f"element face {len(faces)}", "property list uchar int vertex_indices"]
    head += [f"property {face_colour} {name}" for name in ("red", "green", "blue") if face_colour]
    body = b""
    rows = zip(*(values.tolist() for _, values in columns.values()), strict=True)
    if order == "":
        lines = [" ".join(f"{number:.9g}" for number in row) for row in rows]
        lines += [" ".join(map(str, [len(face), *face, *([k, 0, 255] if face_colour else [])])) for k, face in enumerate(faces)]
        body = ("\n".join(lines) + "\n").encode()
    else:
        kinds = [order + KINDS[kind] for kind, _ in columns.values()]
        body = b"".join(
            np.array(number).astype(kind).tobytes() for row in rows for number, kind in zip(row, kinds, strict=True)
        )
        for k, face in enumerate(faces):
            body += bytes([len(face)]) + np.array(face, order + "i4").tobytes()
            body += np.array([k, 0, 255], order + KINDS[face_colour]).tobytes() if face_colour else b""
    path.write_bytes("\n".join([*head, "end_header", ""]).encode("latin-1") + body)
    return path


def mesh_of(path: Path, **options: Any) -> Mesh:
    mesh = read_shape(path, **options)
    assert isinstance(mesh, Mesh)
    return mesh


def labelled(shape: Shape) -> Segmentation:
    count = shape.element_count
    return Segmentation(
        np.zeros(count, dtype=np.int64), np.ones((count, 1), np.float32), np.ones(count, bool), ("top",), shape, Record("fake")
    )


@pytest.mark.parametrize("order", ["", "<", ">"])
@pytest.mark.parametrize("faces", [QUADS, MIXED], ids=["quads", "mixed"])
@pytest.mark.parametrize("colour", ["", "uchar", "ushort"])
def test_polygons(order: str, faces: list[list[int]], colour: str, tmp_path: Path) -> None:
    mesh = mesh_of(ply(tmp_path / "a.ply", order, faces, {}, colour))
    assert mesh.finish is not None
    assert np.bincount(mesh.finish.polygon).tolist() == [len(face) - 2 for face in faces]
    np.testing.assert_array_equal(mesh.vertices[mesh.faces[:2]], PLACES[[[0, 1, 3], [0, 3, 2]]])
    assert mesh.report == {}
    text = save_result(labelled(mesh), tmp_path / "out.obj").read_text()
    assert [len(line.split()) - 1 for line in text.splitlines() if line.startswith("f ")] == list(map(len, faces))
    if colour:
        assert mesh.corner_colour is not None
        np.testing.assert_allclose(mesh.corner_colour[:, 0, 2], 1)
        np.testing.assert_allclose(mesh.corner_colour[:, 1, 0], mesh.finish.polygon / 255)


@pytest.mark.parametrize("order", ["", "<", ">"])
@pytest.mark.parametrize(("kind", "top"), [("uchar", 255), ("ushort", 65535), ("float", 1), ("double", 255)])
@pytest.mark.parametrize("names", ["red green blue", "r g b", "diffuse_red diffuse_green diffuse_blue"])
def test_colours_and_normals_of_vertices(order: str, kind: str, top: int, names: str, tmp_path: Path) -> None:
    share = np.array([[0, 0.2, 1], [0.4, 0.6, 0.8]] * 4)
    more = {name: (kind, share[:, k] * top) for k, name in enumerate(names.split())}
    more |= {f"n{axis}": ("float", 3 * PLACES[:, k]) for k, axis in enumerate("xyz")}
    mesh = mesh_of(ply(tmp_path / "a.ply", order, MIXED, {"label": ("int", PLACES[:, 0]), **more}))
    assert mesh.corner_colour is not None
    np.testing.assert_allclose(mesh.corner_colour, share[np.searchsorted([0, 1, 2, 3, 4, 5, 6, 7], mesh.faces)], atol=1e-6)
    assert mesh.finish is not None
    assert mesh.finish.normal is not None
    length = np.linalg.norm(PLACES, axis=1, keepdims=True)
    np.testing.assert_allclose(mesh.finish.normal, (PLACES / np.maximum(length, 1))[mesh.faces], atol=1e-6)
    cloud = read_shape(ply(tmp_path / "b.ply", order, [], more))
    assert isinstance(cloud, PointCloud)
    assert cloud.colour is not None
    np.testing.assert_allclose(cloud.colour, share, atol=1e-6)
    assert cloud.normal is not None


@pytest.mark.parametrize("order", ["", "<"])
def test_strips(order: str, tmp_path: Path) -> None:
    path = ply(tmp_path / "a.ply", order, [[0, 1, 3, 2, 6, -1, 4, 5, 7]], {})
    path.write_bytes(path.read_bytes().replace(b"element face", b"element tristrips"))
    mesh = mesh_of(path)
    np.testing.assert_array_equal(mesh.faces, [[0, 1, 3], [3, 1, 2], [3, 2, 6], [4, 5, 7]])


def test_textures_of_corners_and_of_vertices(tmp_path: Path) -> None:
    Image.new("RGB", (2, 2), (1, 2, 3)).save(tmp_path / "a.png")
    Image.new("RGB", (3, 3), (9, 9, 9)).save(tmp_path / "b.png")
    head = "ply\nformat ascii 1.0\ncomment TextureFile a.png\ncomment TextureFile b.png\nelement vertex 8\n"
    head += "".join(f"property float {axis}\n" for axis in "xyz") + "element face 2\nproperty list uchar int vertex_index\n"
    places = "".join("{:g} {:g} {:g}\n".format(*place) for place in PLACES)
    wedge = "4 0 1 3 2 8 0 0 1 0 1 1 0 1 1\n3 4 6 7 6 0 0 0.5 0 0.5 0.5 0\n"
    more = "property list uchar float texcoord\nproperty int texnumber\nend_header\n"
    (tmp_path / "m.ply").write_text(head + more + places + wedge)
    mesh = mesh_of(tmp_path / "m.ply")
    assert mesh.texture is not None
    assert mesh.texture.image_of_face.tolist() == [1, 1, 0]
    np.testing.assert_array_equal(mesh.texture.uv[1], [[0, 0], [1, 1], [0, 1]])
    back = mesh_of(save_result(labelled(mesh), tmp_path / "out.glb"))
    assert back.texture is not None
    assert sorted(image.shape[0] for image in back.texture.images) == [2, 3]
    (tmp_path / "p.ply").write_text(head.partition("element face")[0] + "end_header\n" + places)
    assert isinstance(read_shape(tmp_path / "p.ply"), PointCloud)
    at_vertex = ply(tmp_path / "n.ply", "<", QUADS, {"s": ("float", PLACES[:, 0]), "t": ("float", PLACES[:, 1])})
    at_vertex.write_bytes(at_vertex.read_bytes().replace(b"obj_info none", b"comment TextureFile a.png"))
    found = mesh_of(at_vertex).texture
    assert found is not None
    np.testing.assert_array_equal(found.uv[0], PLACES[[0, 1, 3], :2])


@pytest.mark.parametrize("order", ["", "<", ">"])
def test_what_is_cut_short_is_refused(order: str, tmp_path: Path) -> None:
    data = ply(tmp_path / "a.ply", order, MIXED, {}).read_bytes()
    for lost, element in ((6, "face"), (len(data) - data.index(b"end_header") - 40, "vertex")):
        (tmp_path / "a.ply").write_bytes(data[:-lost])
        with pytest.raises(InputError, match=rf"promises (\d+ lines of data, the file has \d+ of '{element}'|\d+ bytes)"):
            read_shape(tmp_path / "a.ply")


def test_repair_leaves_out_a_face_whose_count_is_damaged(tmp_path: Path) -> None:
    triangles = [face[:3] for face in QUADS] + [face[2:] + face[:1] for face in QUADS]
    colour = {name: ("uchar", 30 * np.arange(8)) for name in ("red", "green", "blue")}
    path = ply(tmp_path / "a.ply", "<", triangles, colour)
    data = bytearray(path.read_bytes())
    data[-13 * 5] = 1
    data[-13 * 8 + 1] = 200
    path.write_bytes(data)
    with pytest.raises(InputError, match=r"a\.ply: .*(damaged|refers to)"):
        read_shape(path)
    mesh = mesh_of(path, repair=True)
    assert (mesh.report["faces_out_of_range"], mesh.report["dropped_faces"]) == (2, 2)
    assert mesh.corner_colour is not None
    np.testing.assert_allclose(mesh.corner_colour[:, :, 0], 30 * np.arange(8)[mesh.faces] / 255, atol=1e-6)
    for ending in (".glb", ".ply", ".obj", ".npz"):
        save_result(labelled(mesh), tmp_path / f"out{ending}")


@given(st.lists(st.lists(st.integers(0, 7), min_size=3, max_size=6), min_size=1, max_size=6), st.sampled_from(["", "<", ">"]))
@settings(max_examples=30, deadline=None)
def test_rows_of_any_length(tmp_path_factory: pytest.TempPathFactory, faces: list[list[int]], order: str) -> None:
    path = ply(tmp_path_factory.mktemp("ply") / "a.ply", order, faces, {}, "uchar")
    file = read_ply_file(path.read_bytes(), Limits(), repair=False)
    rows = file.lists["face"]["vertex_indices"]
    assert np.split(rows.values, np.cumsum(rows.counts)[:-1])[-1].tolist() == faces[-1]
    assert rows.values.tolist() == [index for face in faces for index in face]
    assert file.columns["face"]["red"].tolist() == list(range(len(faces)))
    assert file.comments[0] == "Gr\xfc\xdfe"
