"""OBJ in and out: groups, polygons, materials, normals and colours are kept, whatever the file's encoding and habits."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from meronym.errors import InputError, LimitError
from meronym.io.limits import Limits
from meronym.io.results import load_result, save_result
from meronym.io.shapes.folder import ShapeFolder
from meronym.io.shapes.gltf.document import Gltf, read_gltf
from meronym.io.shapes.obj.mtl import read_mtl
from meronym.io.shapes.read import read_shape
from meronym.results import Record, Segmentation
from meronym.types import Mesh, PointCloud, Shape

CORNERS = "v 0 0 0\nv 1 0 0\nv 1 1 0\nv 0 1 0\nv 0 0 1\nv 1 0 1\nv 1 1 1\nv 0 1 1\n"
SIDES = "f 4 3 2 1\nf 5 6 7 8\nf 1 2 6 5\nf 2 3 7 6\nf 3 4 8 7\nf 4 1 5 8\n"


def mesh_of(path: Path, content: str | bytes, **options: Any) -> Mesh:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    mesh = read_shape(path, **options)
    assert isinstance(mesh, Mesh)
    return mesh


def labelled(shape: Shape, label: np.ndarray | None = None) -> Segmentation:
    count = shape.element_count
    label = np.zeros(count, dtype=np.int64) if label is None else label
    return Segmentation(
        label, np.full((count, 2), 0.5, np.float32), np.ones(count, bool), ("top", "leg"), shape, Record("fake")
    )


def document(path: Path) -> Gltf:
    return read_gltf(path.read_bytes(), ShapeFolder(path.parent, Limits()))


def tree_of(result: Segmentation, path: Path) -> dict[str, Any]:
    return document(save_result(result, path)).tree


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.encode("utf-8-sig"),
        lambda text: text.encode("utf-16"),
        lambda text: text.replace("\n", "\r\n").encode(),
        lambda text: text.replace("\n", "\r").encode(),
        lambda text: text.replace(" ", "\t").encode(),
        lambda text: "".join(f"  {line}  \n" for line in text.splitlines()).encode(),
        lambda text: text.replace("\n", " # why\n").encode(),
        lambda text: text.replace("4 3 2 1", "4 3 \\\n2 1\\\n").encode(),
        lambda text: text.replace("4 3 2 1", "4// 3// 2// 1//").encode(),
        lambda text: text.replace("4 3 2 1", "4/ 3/ 2/ 1/").encode(),
        lambda text: text.replace("4 3 2 1", "-5 -6 -7 -8").encode(),
        lambda text: b"# Gr\xfc\xdfe\n" + text.encode(),
        lambda text: text.rstrip("\n").encode(),
        lambda text: (text.rstrip("\n") + "//").encode(),
        lambda text: ("s off\nvp 0.1\nlod 1\n" + text).encode(),
        lambda text: ("g\no\nusemtl\nmtllib\n" + text).encode(),
    ],
)  # fmt: skip
def test_the_same_mesh_however_it_is_written(change: Any, tmp_path: Path) -> None:
    mesh = mesh_of(tmp_path / "a.obj", change(CORNERS + SIDES))
    plain = mesh_of(tmp_path / "b.obj", CORNERS + SIDES)
    np.testing.assert_array_equal(mesh.vertices[mesh.faces], plain.vertices[plain.faces])
    assert len(plain.faces) == 12
    assert mesh.report == {}


def test_vertices_that_follow_negative_indices_do_not_matter(tmp_path: Path) -> None:
    mesh = mesh_of(tmp_path / "a.obj", "v 0 0 0\nv 1 0 0\nv 0 1 0\nf -3 -2 -1\nv 0 0 5\nv 1 0 5\nv 0 1 5\nf -3 -2 -1\n")
    np.testing.assert_array_equal(mesh.vertices[mesh.faces][:, :, 2], [[0, 0, 0], [5, 5, 5]])


def test_what_is_no_surface_is_counted(tmp_path: Path) -> None:
    mesh = mesh_of(tmp_path / "a.obj", CORNERS + SIDES + "f 1 2\nf 3\nl 1 2 3\np 4\ncurv 0 1 1 2 3 4\n")
    assert (len(mesh.faces), mesh.report) == (12, {"lines_left_out": 4})


def test_blocks_end_at_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = (CORNERS + SIDES).replace("4 3 2 1", "4 3 \\\n2 1")
    whole = mesh_of(tmp_path / "a.obj", text)
    for size in (1, 7, 50):
        monkeypatch.setattr("meronym.io.shapes.obj.read._BLOCK", size)
        mesh = mesh_of(tmp_path / "b.obj", text)
        np.testing.assert_array_equal(mesh.vertices[mesh.faces], whole.vertices[whole.faces])


def test_groups_are_nodes_and_materials_keep_their_names(tmp_path: Path) -> None:
    (tmp_path / "my look.mtl").write_bytes(
        "newmtl rot\xe9\nKd 1 0 0\nd 0.5\nnewmtl green leaf\n\tKd 0 1 0\nTr 0.25\nnewmtl unused\n# gr\xfcn\n".encode("latin-1")
    )
    side = SIDES.splitlines(keepends=True)
    text = (
        "usemtl rot\xe9\nmtllib my look.mtl\n" + CORNERS + "o body\n" + side[0] + "g side\n" + side[1] + "usemtl green leaf\n"
    )
    text += side[2] + "g T\xfcr\n" + side[3] + "o top\nusemtl gone\n" + side[4] + "o body\ng side\n" + side[5]
    mesh = mesh_of(tmp_path / "a.obj", text.encode("latin-1"))
    assert mesh.face_origin is not None
    assert mesh.face_origin.nodes == ("body", "side", "T\xfcr", "top")
    assert mesh.face_origin.node_of_face.tolist() == [0, 0, 1, 1, 1, 1, 2, 2, 3, 3, 1, 1]
    assert mesh.face_origin.face_in_node.tolist() == [0, 1, 0, 1, 2, 3, 0, 1, 0, 1, 4, 5]
    tree = tree_of(labelled(mesh), tmp_path / "a.glb")
    names = [node["name"] for node in tree["nodes"]]
    below = {node["name"]: [names[k] for k in node.get("children", ())] for node in tree["nodes"]}
    assert [names[k] for k in tree["scenes"][0]["nodes"]] == ["body", "top"]
    assert {"side", "T\xfcr"} < set(below["body"])
    materials = {material["name"]: material for material in tree["materials"]}
    assert set(materials) == {"rot\xe9", "green leaf", "gone"}
    assert {one["pbrMetallicRoughness"]["metallicFactor"] for one in materials.values()} == {0}
    assert [materials[name].get("alphaMode") for name in ("rot\xe9", "green leaf", "gone")] == ["BLEND", "BLEND", None]
    np.testing.assert_allclose(materials["green leaf"]["pbrMetallicRoughness"]["baseColorFactor"], [0, 1, 0, 0.75])


def test_normals_reach_glb_and_obj(tmp_path: Path) -> None:
    normals = "vn 0 0 -2\nvn 0 0 1\nvn 0.6 0.8 0\n"
    faces = "f 4//1 3//1 2//1 1//1\nf 5//2 6//3 7//2 8//3\n" + "".join(SIDES.splitlines(keepends=True)[2:])
    mesh = mesh_of(tmp_path / "a.obj", CORNERS + normals + faces)
    document_ = document(save_result(labelled(mesh), tmp_path / "a.glb"))
    (primitive,) = [one for m in document_.tree["meshes"] for one in m["primitives"]]
    found = document_.rows(primitive["attributes"]["NORMAL"])
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1, atol=1e-6)
    position = document_.rows(primitive["attributes"]["POSITION"])
    tilted = position[np.isclose(found, [0.6, 0.8, 0]).all(axis=1)]
    assert sorted(map(tuple, tilted.tolist())) == [(0, 1, 1), (1, 0, 1)]
    text = save_result(labelled(mesh), tmp_path / "out.obj").read_text()
    assert [line for line in text.splitlines() if line.startswith("vn")] == ["vn 0 0 -1", "vn 0 0 1", "vn 0.6 0.8 0"]
    assert "f 5//2 6//3 7//2 8//3\n" in text
    assert "f 1 2 6 5\n" in text


def test_polygons_of_one_part_come_out_whole(tmp_path: Path) -> None:
    ring = "".join(f"v {np.cos(t):.4f} {np.sin(t):.4f} 3\n" for t in np.arange(7) * 2 * np.pi / 7)
    concave = "v 0 0 9\nv 2 0 9\nv 2 2 9\nv 1 0.2 9\nv 0 2 9\n"
    lines = [*SIDES.splitlines(), "f 9 10 11 12 13 14 15", "f 16 17 18 19 20"]
    mesh = mesh_of(tmp_path / "a.obj", CORNERS + ring + concave + "\n".join(lines) + "\n")
    label = np.zeros(mesh.element_count, dtype=np.int64)
    label[1:4] = 1
    text = save_result(labelled(mesh, label), tmp_path / "out.obj").read_text()
    faces = [line.split()[1:] for line in text.splitlines() if line.startswith("f ")]
    assert sorted(map(len, faces)) == [3, 3, 4, 4, 4, 4, 4, 5, 7]
    (five,) = (face for face in faces if len(face) == 5)
    start = five.index("16")
    assert five[start:] + five[:start] == ["16", "17", "18", "19", "20"]
    back = read_shape(tmp_path / "out.obj")
    assert back.element_count == mesh.element_count


def test_materials_come_out_with_their_maps(tmp_path: Path) -> None:
    Image.new("RGB", (5000, 2), (200, 100, 0)).save(tmp_path / "my wood.jpg")
    Image.new("L", (4, 4), 99).save(tmp_path / "holes.png")
    (tmp_path / "a.mtl").write_text(
        "newmtl wood\nKd 0.5 1 1\nmap_Kd -clamp on -s 2 3 1 -o 0.5 my wood.jpg\nmap_Bump -bm 0.2 bumps.png\n"
        "newmtl leaf\nd 0.7\nmap_d holes.png\nnewmtl red\nKd 1 0 0\n"
    )
    side = SIDES.splitlines(keepends=True)
    mapped = "vt 0 0\nvt 1 0\nvt 1 1\nvt 0 1\nusemtl wood\nf 4/1 3/2 2/3 1/4\nusemtl leaf\nf 5/1 6/2 7/3 8/4\nusemtl red\n"
    mesh = mesh_of(tmp_path / "a.obj", "mtllib a.mtl\n" + CORNERS + mapped + "".join(side[2:]))
    assert mesh.report == {"maps_left_out": 1}
    assert mesh.texture is not None
    assert mesh.texture.images[0].shape[1] == 4096, "what is rendered is made smaller"
    np.testing.assert_allclose(mesh.texture.uv[0], [[0.5, 0], [2.5, 0], [2.5, 3]])
    save_result(labelled(mesh), tmp_path / "out.obj")
    entries = read_mtl((tmp_path / "out.mtl").read_bytes())
    assert set(entries) == {"wood", "leaf", "red"}
    assert (entries["wood"].colour, entries["red"].colour, entries["leaf"].alpha) == ((0.5, 1, 1), (1, 0, 0), 0.7)
    assert (tmp_path / entries["wood"].maps["map_kd"]).read_bytes() == (tmp_path / "my wood.jpg").read_bytes()
    assert entries["leaf"].maps["map_d"] == entries["leaf"].maps["map_kd"]
    assert entries["red"].maps == {}
    written = document(save_result(labelled(mesh), tmp_path / "a.glb"))
    assert (tmp_path / "my wood.jpg").read_bytes() in [written.image(k) for k in range(2)]
    loaded = load_result(save_result(labelled(mesh), tmp_path / "a.npz"))
    assert tree_of(loaded, tmp_path / "b.glb")["materials"] == written.tree["materials"]
    assert isinstance(loaded.shape, Mesh)
    assert loaded.shape.finish is not None
    assert mesh.finish is not None
    assert loaded.shape.finish.materials == mesh.finish.materials
    assert loaded.shape.finish.groups == mesh.finish.groups


@pytest.mark.parametrize("folder", ["", "C:\\Users\\me\\", "/home/me/", "\\\\server\\share\\", "./"])
def test_pictures_of_another_machine_are_looked_for_beside_the_file(folder: str, tmp_path: Path) -> None:
    Image.new("RGB", (2, 2)).save(tmp_path / "wood.png")
    mapped = "mtllib a.mtl\nusemtl wood\nvt 0 0\nf 1/1 2/1 3/1\n"
    for name, missing in (("wood.png", {}), ("gone.png", {"missing_files": 1})):
        (tmp_path / "a.mtl").write_text(f"newmtl wood\nmap_Kd {folder}{name}\n")
        mesh = mesh_of(tmp_path / "a.obj", CORNERS + mapped)
        assert ((mesh.texture is None), mesh.report) == (bool(missing), missing)
    (tmp_path / "a.mtl").write_text("newmtl wood\nmap_Kd ../wood.png\n")
    with pytest.raises(InputError, match=r"a\.obj: the file .* leads out of the folder"):
        mesh_of(tmp_path / "a.obj", CORNERS + mapped)


@pytest.mark.parametrize("top", [1, 255])
def test_colours_of_vertices(top: int, tmp_path: Path) -> None:
    colour = np.random.default_rng(0).integers(0, 256, (8, 3))
    said = colour if top == 255 else colour / 255
    lines = [f"{line} {r} {g} {b}" for line, (r, g, b) in zip(CORNERS.splitlines(), said.tolist(), strict=True)]
    mesh = mesh_of(tmp_path / "a.obj", "\n".join(lines) + "\n" + SIDES)
    assert mesh.corner_colour is not None
    np.testing.assert_allclose(mesh.corner_colour, (colour / 255)[mesh.faces], atol=1e-6)
    for name in ("out.obj", "out.glb"):
        back = read_shape(save_result(labelled(mesh), tmp_path / name))
        assert isinstance(back, Mesh)
        assert back.corner_colour is not None
        order = [np.lexsort(np.round(m.vertices[m.faces].reshape(-1, 9), 4).T) for m in (back, mesh)]
        np.testing.assert_allclose(back.corner_colour[order[0]], mesh.corner_colour[order[1]], atol=2e-3)
    cloud = read_shape(mesh_points(tmp_path, lines))
    assert isinstance(cloud, PointCloud)
    again = read_shape(save_result(labelled(cloud), tmp_path / "points.obj"))
    assert isinstance(again, PointCloud)
    assert again.colour is not None
    np.testing.assert_allclose(again.colour, colour / 255, atol=1e-4)


def mesh_points(folder: Path, lines: list[str]) -> Path:
    (folder / "p.obj").write_text("\n".join(lines))
    return folder / "p.obj"


def test_materials_of_glb_reach_obj(tmp_path: Path) -> None:
    (tmp_path / "a.mtl").write_text("newmtl Painted\nKd 0.8 0.2 0.1\nd 0.6\nnewmtl Plain\nKd 0 0 1\n")
    side = SIDES.splitlines(keepends=True)
    text = "mtllib a.mtl\n" + CORNERS + "usemtl Painted\n" + "".join(side[:3]) + "usemtl Plain\n" + "".join(side[3:])
    glb = read_shape(save_result(labelled(mesh_of(tmp_path / "a.obj", text)), tmp_path / "a.glb"))
    save_result(labelled(glb), tmp_path / "out.obj")
    entries = read_mtl((tmp_path / "out.mtl").read_bytes())
    assert entries["Painted"].colour == pytest.approx((0.8, 0.2, 0.1), abs=1e-4)
    assert (entries["Painted"].alpha, entries["Plain"].colour) == (pytest.approx(0.6), (0, 0, 1))
    assert " 0.8" not in (tmp_path / "out.obj").read_text(), "colours that materials say are not said again at vertices"


def test_bad_indices_are_named_or_left_out_with_all_that_is_theirs(tmp_path: Path) -> None:
    (tmp_path / "a.mtl").write_text("newmtl red\nKd 1 0 0\nnewmtl blue\nKd 0 0 1\n")
    faces = "usemtl red\nf 1/1/1 2/1/1 3/1/1\nf 1 2 99\nusemtl blue\ng b\nf 1 1 2\nf 1/1/1 3/1/1 4/1/1\n"
    text = "mtllib a.mtl\n" + CORNERS + "vt 0 0\nvn 0 0 1\n" + faces
    with pytest.raises(InputError, match=r"a\.obj: face 1 \('f 1 2 99'\) refers to vertex 99, but there are 8"):
        mesh_of(tmp_path / "a.obj", text)
    mesh = mesh_of(tmp_path / "a.obj", text, repair=True)
    assert mesh.report == {"faces_out_of_range": 1, "degenerate_faces": 1, "dropped_faces": 2}
    assert mesh.finish is not None
    assert mesh.finish.normal is not None
    assert mesh.corner_colour is not None
    assert mesh.finish.material.tolist() == [0, 1]
    assert mesh.finish.normal.shape == (2, 3, 3)
    np.testing.assert_array_equal(mesh.corner_colour[:, 0], [[1, 0, 0], [0, 0, 1]])
    for ending in (".glb", ".ply", ".obj", ".npz", ".json"):
        path = save_result(labelled(mesh), tmp_path / f"out{ending}")
        if ending in (".glb", ".ply", ".obj"):
            assert read_shape(path).element_count == 2
    with pytest.raises(InputError, match="refers to normal 1//7, but there are 1"):
        mesh_of(tmp_path / "b.obj", CORNERS + "vn 0 0 1\nf 1//1 2//1 1//7\n")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("v 0 0\nf 1 1 1\n", "has fewer than 3 numbers"),
        ("v 0 0 x\nf 1 1 1\n", r"cannot read the line ' ?0 0 x'"),
        (CORNERS + "f 1 2 b\n", "cannot read the line '1 2 b'"),
        (CORNERS + "f 1/2/3/4 2 3\n", "cannot read the corners"),
        (CORNERS + "l 1 2\n", "no faces"),
        (CORNERS + "cstype bezier\nsurf 0 1 0 1 1 2 3 4\n", "no faces"),
        ("o nothing\n", "no faces"),
    ],
)
def test_damaged_files_are_refused(text: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=rf"a\.obj: .*{message}"):
        mesh_of(tmp_path / "a.obj", text)


def test_too_many_faces_are_refused(tmp_path: Path) -> None:
    with pytest.raises(LimitError, match="6 faces or points, the limit is 5"):
        mesh_of(tmp_path / "a.obj", CORNERS + SIDES, limits=Limits(faces=5))


@given(st.integers(0, 2**32), st.sampled_from([0.01, 1.0, 1e4]), st.sampled_from([0.0, 5.6e6]))
@settings(max_examples=20, deadline=None)
def test_places_survive_obj_and_glb(tmp_path_factory: pytest.TempPathFactory, seed: int, size: float, offset: float) -> None:
    rng, place = np.random.default_rng(seed), tmp_path_factory.mktemp("obj")
    vertices = rng.random((9, 3)) * size + offset
    mesh = Mesh(vertices, np.arange(9).reshape(3, 3))
    for name, precision in (("a.obj", 1e-7), ("a.glb", 1e-6), ("a.ply", 1e-12)):
        back = read_shape(save_result(labelled(mesh), place / name))
        assert isinstance(back, Mesh)
        found, expected = (np.sort(m.vertices[m.faces].reshape(3, 9), axis=0) for m in (back, mesh))
        assert np.abs(found - expected).max() <= precision * size + 2e-9 * (offset > 0)
