"""Bad input: every fault of a shape's file ends in a sound shape or in one of our errors, and in nothing else."""

from __future__ import annotations

import base64
import io
import json
import struct
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import trimesh
from mutations import mutate_digit, mutate_tree
from PIL import Image
from trimesh.visual import TextureVisuals

from meronym.errors import Error, InputError, LimitError
from meronym.io.limits import Limits
from meronym.io.results import save_result
from meronym.io.shapes.read import read_shape
from meronym.io.shapes.trimesh_objects import shape_of
from meronym.results import Record, Segmentation
from meronym.types import Mesh, PointCloud, Shape

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import laspy
    import pypcd4

FORMATS = ("glb", "gltf", "ply", "ply_ascii", "stl", "stl_ascii", "obj", "off", "xyz")


def small_files() -> dict[str, bytes]:
    """One small sound file of each format."""
    box = trimesh.creation.box()
    box.visual = TextureVisuals(uv=box.vertices[:, :2] + 0.5, image=Image.new("RGB", (4, 4), (200, 90, 10)))
    scene = trimesh.Scene()
    scene.add_geometry(box, node_name="body", geom_name="body")
    lid = trimesh.creation.icosphere(subdivisions=0)
    scene.add_geometry(lid, node_name="lid", parent_node_name="body", transform=np.diag([1, -1, 1, 1.0]))
    plain = trimesh.creation.icosphere(subdivisions=0)
    gltf = scene.export(file_type="gltf", embed_buffers=True)["model.gltf"]
    return {
        "glb": scene.export(file_type="glb"),
        "gltf": gltf,
        "ply": plain.export(file_type="ply"),
        "ply_ascii": plain.export(file_type="ply", encoding="ascii"),
        "stl": plain.export(file_type="stl"),
        "stl_ascii": plain.export(file_type="stl_ascii").encode(),
        "obj": plain.export(file_type="obj", include_normals=True).encode(),
        "off": plain.export(file_type="off").encode(),
        "xyz": "\n".join(" ".join(map(str, row)) for row in np.hstack([plain.vertices, plain.vertices])).encode(),
    }


FURTHER = ("3mf", "usda", "dae", "las", "pcd")


def further_files(folder: Path) -> dict[str, bytes]:
    """One small sound file of each format that an extra reads; 3MF without compression, so that damage gets to its parser."""
    scan, cloud, solid = (folder / name for name in ("a.las", "a.pcd", "a.3mf"))
    points = np.random.default_rng(0).random((30, 3))
    header = laspy.LasHeader(point_format=3, version="1.4")
    header.scales = np.full(3, 1e-6)
    data = laspy.LasData(header)
    data.x, data.y, data.z = points.T
    data.write(scan)
    pypcd4.PointCloud.from_xyz_points(points.astype(np.float32)).save(cloud)
    ball = trimesh.creation.icosphere(subdivisions=0)
    ball.visual.vertex_colors = np.random.default_rng(0).integers(0, 256, (len(ball.vertices), 4), dtype=np.uint8)
    solid.write_bytes(ball.export(file_type="3mf", compression=zipfile.ZIP_STORED))
    result = Segmentation(np.arange(20) % 2, np.zeros((20, 2)), np.ones(20, bool), ("a", "b"), shape_of(ball), Record("fake"))
    scene = save_result(result, folder / "a.usda").read_bytes()
    return {
        "3mf": solid.read_bytes(),
        "usda": scene,
        "dae": ball.export(file_type="dae"),
        "las": scan.read_bytes(),
        "pcd": cloud.read_bytes(),
    }


ODD = (b"-1", b"999999999999", b"nan", b"1e999", b"null", b"[]", b"{}", b"\n", b" ", b"0", b'"x"')
ODD_JSON = (-1, 0, 1, 2, 7, 255, 10**12, 2**70, 0.5, 1e300, float("nan"), None, True, "", "x", [], {}, [[]], [1, 2], {"a": 1})


def mutated(data: bytes, rng: np.random.Generator) -> bytes:
    """The bytes with one to four random faults; glTF's tree and buffer are also damaged where the parser gets to them."""
    is_glb = data[:4] == b"glTF"
    if (is_glb or data[:1] == b"{") and rng.random() < 0.8:
        length = struct.unpack("<I", data[12:16])[0] if is_glb else len(data)
        start = 20 if is_glb else 0
        tree, chunk = json.loads(data[start : start + length]), bytearray(data[start + length + 8 :])
        for _ in range(rng.integers(0, 3)):
            mutate_tree(tree, rng, ODD_JSON)
        for _ in range(rng.integers(0, 3) if is_glb else 0):
            at = 4 * int(rng.integers(len(chunk) // 4))
            chunk[at : at + 4] = struct.pack("<f", rng.choice([np.nan, np.inf, 3e38, 1e-40, -2.0, 0.0]))
        text = json.dumps(tree).encode()
        if not is_glb:
            return text
        text += b" " * (-len(text) % 4)
        head = struct.pack("<4sIIII", b"glTF", 2, 28 + len(text) + len(chunk), len(text), 0x4E4F534A)
        return head + text + struct.pack("<II", len(chunk), 0x004E4942) + chunk
    damaged = bytearray(data)
    for _ in range(rng.integers(1, 5)):
        at, end = sorted(int(x) for x in rng.integers(0, len(damaged) + 1, 2))
        match rng.integers(8):
            case 0 | 1:
                damaged[at : at + 1] = bytes([rng.integers(256)])
            case 2:
                damaged[at : at + 4] = struct.pack("<f", rng.choice([np.nan, np.inf, 3e38, -1.0]))[: len(damaged) - at]
            case 3 if rng.random() < 0.3:
                del damaged[at:]
            case 4 if rng.random() < 0.3:
                del damaged[at : min(end, at + 40)]
            case 5 if rng.random() < 0.3:
                damaged[at:at] = damaged[at : min(end, at + 200)]
            case _:
                mutate_digit(damaged, rng, ODD)
    return bytes(damaged)


def assert_sound(shape: Shape) -> None:
    if isinstance(shape, PointCloud):
        assert np.isfinite(shape.points).all()
        assert np.ptp(shape.points, axis=0).max() > 0
        return
    corners = shape.vertices[shape.faces]
    assert shape.faces.min() >= 0
    assert np.isfinite(shape.vertices).all()
    area = np.linalg.norm(np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=1).sum()
    assert 0 < area < np.inf
    assert shape.face_origin is not None
    assert len(shape.face_origin.node_of_face) == len(shape.face_origin.face_in_node) == len(shape.faces)
    if shape.corner_colour is not None:
        assert shape.corner_colour.shape == (len(shape.faces), 3, 3)
        assert (shape.corner_colour >= 0).all()
    if shape.texture is not None:
        assert shape.texture.uv.shape == (len(shape.faces), 3, 2)
        assert shape.texture.image_of_face.max() < len(shape.texture.images)


def fuzz(format_: str, count: int, folder: Path, data: bytes | None = None) -> int:
    """Read `count` damaged files, half of them with repair; how many were still good."""
    data, good = data or small_files()[format_], 0
    path = folder / f"fuzz.{format_.split('_')[0]}"
    for seed in range(count):
        path.write_bytes(mutated(data, np.random.default_rng(seed)))
        try:
            shape = read_shape(path, repair=seed % 2 == 1)
        except Error as error:
            assert path.name in str(error), f"seed {seed}: {error}"  # noqa: PT017
            continue
        except Exception as error:
            raise AssertionError(f"seed {seed} leaks {type(error).__name__}: {error}") from error
        assert_sound(shape)
        good += 1
        if isinstance(shape, Mesh) and seed % 2 == 0:
            n = len(shape.faces)
            save_result(
                Segmentation(np.arange(n) % 2, np.zeros((n, 2)), np.ones(n, bool), ("a", "b"), shape, Record("fake")),
                folder / "o.glb",
            )
            assert read_shape(folder / "o.glb").element_count == n
    return good


@pytest.mark.parametrize("format_", FORMATS)
def test_fuzz(format_: str, tmp_path: Path) -> None:
    good = fuzz(format_, 200, tmp_path)
    assert 0 < good < 200


@pytest.mark.long
@pytest.mark.parametrize("format_", FORMATS)
def test_fuzz_long(format_: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    if "long" not in request.config.getoption("-m"):
        pytest.skip("takes minutes; run with -m long")
    assert 0 < fuzz(format_, 5000, tmp_path) < 5000


@pytest.mark.parametrize("format_", FURTHER)
def test_fuzz_of_further_formats(format_: str, tmp_path: Path) -> None:
    assert fuzz(format_, 100, tmp_path, further_files(tmp_path)[format_]) < 100


@pytest.mark.long
@pytest.mark.parametrize("format_", FURTHER)
def test_fuzz_long_of_further_formats(format_: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    if "long" not in request.config.getoption("-m"):
        pytest.skip("takes minutes; run with -m long")
    assert fuzz(format_, 5000, tmp_path, further_files(tmp_path)[format_]) < 5000


# ---------------------------------------------------------------- row 1: empty, truncated, wrong ending


@pytest.mark.parametrize("format_", FORMATS)
def test_row_1_empty_and_truncated(format_: str, tmp_path: Path) -> None:
    data = small_files()[format_]
    path = tmp_path / f"chair.{format_.split('_')[0]}"
    path.write_bytes(b"")
    with pytest.raises(InputError, match=r"chair\.\w+: the file is empty \(0 bytes\)\. Export it again"):
        read_shape(path)
    path.write_bytes(data[: 60 if format_ != "xyz" else 8])
    with pytest.raises(InputError, match=r"chair\.\w+: "):
        read_shape(path)


def test_row_1_the_header_is_named(tmp_path: Path) -> None:
    path = tmp_path / "chair.ply"
    path.write_bytes(small_files()["ply"][:101])
    with pytest.raises(InputError, match=r"chair\.ply: the file ends in the header \(101 bytes\)\. Export it again\."):
        read_shape(path)


def test_row_1_wrong_ending(tmp_path: Path) -> None:
    files = small_files()
    for name, content, message in (
        ("a.ply", files["glb"], "not a .ply file, it begins with b'glTF'"),
        ("a.glb", files["ply"], "not a .glb file"),
        ("a.stl", b"PK\x03\x04rest", "not a .stl file"),
        ("a.off", files["obj"], "expected OFF"),
        ("a.blend", b"x", "'.blend' are not read"),
        ("a.zip", b"PK\x03\x04", "not a readable zip file"),
        ("a.7z", b"x", "'.7z' are not read"),
    ):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(InputError, match=message):
            read_shape(tmp_path / name)
    with pytest.raises(InputError, match="no such file"):
        read_shape(tmp_path / "missing.ply")
    with pytest.raises(InputError, match="no such file"):
        read_shape("a\0b.ply")


# ---------------------------------------------------------------- rows 2 to 5: what the parser lets through


def ply(vertices: np.ndarray, faces: np.ndarray) -> bytes:
    lines = ["ply", "format ascii 1.0", f"element vertex {len(vertices)}"]
    lines += [f"property double {axis}" for axis in "xyz"]
    lines += [f"element face {len(faces)}", "property list uchar int vertex_indices", "end_header"]
    lines += [" ".join(map(str, row)) for row in vertices] + [" ".join(map(str, [3, *row])) for row in faces]
    return "\n".join([*lines, ""]).encode()


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    def write_ply(vertices: Any, faces: Any) -> Path:
        path = tmp_path / "chair.ply"
        path.write_bytes(ply(np.array(vertices, dtype=float), np.array(faces).reshape(-1, 3)))
        return path

    return write_ply


SQUARE = [[0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0]]


def test_row_2_face_index_out_of_range(write: Callable[..., Path]) -> None:
    path = write(SQUARE, [[0, 1, 2], [0, 2, 9], [0, -1, 3], [0, 2, 3]])
    with pytest.raises(InputError, match=r"chair\.ply: face 1 of .*\[0, 2, 9\], but there are 4; 2 faces are wrong"):
        read_shape(path)
    mesh = read_shape(path, repair=True)
    assert isinstance(mesh, Mesh)
    assert len(mesh.faces) == 2
    assert mesh.report == {"faces_out_of_range": 2, "dropped_faces": 2}
    assert mesh.face_origin is not None
    assert mesh.face_origin.face_in_node.tolist() == [0, 3]


def test_row_2_obj_and_off(tmp_path: Path) -> None:
    corners = "v 0 0 0\nv 1 0 0\nv 0 1 0\n"
    (tmp_path / "a.obj").write_text(corners + "f 1 2 3\nf 1/1 2/1 7/1\n")
    with pytest.raises(InputError, match=r"a\.obj: face 1 \('f 1/1 2/1 7/1'\) refers to vertex 7/1, but there are 3"):
        read_shape(tmp_path / "a.obj")
    (tmp_path / "b.obj").write_text(corners + "f -3 -2 -1\n")
    assert read_shape(tmp_path / "b.obj").element_count == 1
    (tmp_path / "b.obj").write_text(corners + "f -3 -2 -1\n" + corners)
    assert read_shape(tmp_path / "b.obj").element_count == 1
    (tmp_path / "a.off").write_bytes(small_files()["off"].replace(b"\n3 ", b"\n3 9", 1))
    with pytest.raises(InputError, match=r"a\.off: .*face index outside the range"):
        read_shape(tmp_path / "a.off")


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_row_3_vertices_that_are_not_finite(write: Callable[..., Path], bad: float) -> None:
    path = write([*SQUARE, [bad, 0, 9]], [[0, 1, 2], [0, 2, 4], [0, 2, 3]])
    with pytest.raises(InputError, match=r"chair\.ply: vertex 4 is .*; 1 vertices are not finite\. Use repair"):
        read_shape(path)
    mesh = read_shape(path, repair=True)
    assert isinstance(mesh, Mesh)
    assert mesh.report == {"vertices_not_finite": 1, "dropped_faces": 1}
    np.testing.assert_array_equal([mesh.vertices.min(axis=0), mesh.vertices.max(axis=0)], [[0, 0, 0], [1, 1, 0]])


def test_row_3_far_away(write: Callable[..., Path]) -> None:
    with pytest.raises(InputError, match=r"a coordinate is 1e\+300; the limit is 1e\+15"):
        read_shape(write([[0, 0, 0], [1e300, 0, 0], [0, 1e300, 0]], [[0, 1, 2]]))


@pytest.mark.parametrize("repair", [False, True])
def test_row_4_no_surface(write: Callable[..., Path], repair: bool) -> None:
    for vertices, faces in (
        (SQUARE, [[0, 0, 1], [2, 2, 2]]),
        ([[1, 2, 3]] * 3, [[0, 1, 2]]),
        ([[0, 0, 0], [1, 1, 1], [2, 2, 2]], [[0, 1, 2]]),
        ([[1, 2, 3]], []),
        ([[1, 2, 3]] * 5, []),
    ):
        with pytest.raises(InputError, match=r"chair\.ply: no surface"):
            read_shape(write(vertices, faces), repair=repair)


def test_row_5_odd_faces_are_counted(write: Callable[..., Path]) -> None:
    vertices = [*SQUARE, [0.5, 0.5, 1], [0, 0, 0]]
    faces = [[0, 1, 2], [0, 2, 3], [3, 2, 0], [5, 1, 1], [0, 1, 4], [5, 1, 4], [1, 3, 0]]
    mesh = read_shape(write(vertices, faces))
    assert isinstance(mesh, Mesh)
    assert len(mesh.faces) == len(faces)
    assert mesh.report == {"degenerate_faces": 1, "duplicate_faces": 2, "non_manifold_edges": 1, "inverted_edges": 1}
    repaired = read_shape(write(vertices, faces), repair=True)
    assert repaired.report["dropped_faces"] == 3
    assert repaired.element_count == 4


# ---------------------------------------------------------------- row 6: nothing to label


def test_row_6_empty_scene_and_lines(tmp_path: Path) -> None:
    (tmp_path / "empty.gltf").write_text('{"asset": {"version": "2.0"}, "scenes": [{"nodes": []}]}')
    (tmp_path / "lines.obj").write_text("v 0 0 0\nv 1 0 0\nv 1 1 0\nl 1 2 3\n")
    path = trimesh.load_path(np.array([[[0, 0, 0], [1, 0, 0]], [[1, 0, 0], [1, 1, 0]]], dtype=float))
    (tmp_path / "lines.glb").write_bytes(trimesh.Scene(path).export(file_type="glb"))
    (tmp_path / "nothing.stl").write_text("solid x\nendsolid x\n")
    for name in ("empty.gltf", "lines.glb", "nothing.stl"):
        with pytest.raises(InputError, match=rf"{name}: .*(no faces|damaged)"):
            read_shape(tmp_path / name)


# ---------------------------------------------------------------- row 7: too much


def gltf_tree() -> dict[str, Any]:
    tree: dict[str, Any] = json.loads(small_files()["gltf"])
    return tree


def write_tree(folder: Path, tree: dict[str, Any]) -> Path:
    path = folder / "chair.gltf"
    path.write_text(json.dumps(tree))
    return path


def test_row_7_limits(tmp_path: Path) -> None:
    files = small_files()
    for format_ in ("glb", "ply", "ply_ascii", "stl", "off", "obj", "xyz"):
        path = tmp_path / f"chair.{format_.split('_')[0]}"
        path.write_bytes(files[format_])
        with pytest.raises(LimitError, match=r"chair\.\w+: .*the limit is 10"):
            read_shape(path, limits=Limits(faces=10))
        with pytest.raises(LimitError, match="bytes, the limit is 100"):
            read_shape(path, limits=Limits(bytes=100))


def test_row_7_node_cycles_and_many_instances(tmp_path: Path) -> None:
    tree = gltf_tree()
    tree["nodes"][0]["children"] = [0]
    with pytest.raises(LimitError, match=r"chair\.gltf: glTF nodes\[0\] is reached twice"):
        read_shape(write_tree(tmp_path, tree))
    tree["nodes"] = [{"children": [k + 1, k + 1]} for k in range(24)] + [{"mesh": 0}]
    with pytest.raises(LimitError, match="reached twice"):
        read_shape(write_tree(tmp_path, tree))
    tree["nodes"] = [{"mesh": 0}] * 50
    tree["scenes"] = [{"nodes": list(range(50))}]
    with pytest.raises(LimitError, match="all instances together: 600 faces or points, the limit is 100"):
        read_shape(write_tree(tmp_path, tree), limits=Limits(faces=100))


def test_row_7_a_billion_faces_from_nothing(tmp_path: Path) -> None:
    tree = gltf_tree()
    accessor = tree["accessors"][tree["meshes"][0]["primitives"][0]["indices"]]
    accessor["count"] = 3 * 10**9
    with pytest.raises(LimitError, match="1000000000 faces"):
        read_shape(write_tree(tmp_path, tree))


# ---------------------------------------------------------------- row 8: promises


def test_row_8_promises(tmp_path: Path) -> None:
    files = small_files()
    stl = files["stl"][:80] + struct.pack("<I", 10_000_000) + files["stl"][84:]
    cases = {
        "a.stl": stl,
        "a.ply": files["ply"].replace(b"element vertex 12", b"element vertex 12000000"),
        "b.ply": files["ply_ascii"].replace(b"element face 20", b"element face 9000000"),
        "a.off": files["off"].replace(b"12 20 0", b"12 9000000 0"),
        "a.glb": files["glb"][:8] + struct.pack("<I", 2**31) + files["glb"][12:],
        "b.glb": files["glb"][:-100],
    }
    for name, data in cases.items():
        assert data != files[name.split(".")[1]], name
        (tmp_path / name).write_bytes(data)
        with pytest.raises(InputError, match=rf"{name}: .*promises \d+ bytes"):
            read_shape(tmp_path / name)
    tree = gltf_tree()
    tree["bufferViews"][0]["byteLength"] = 10**12
    with pytest.raises(InputError, match=r"bufferViews\[0\] promises"):
        read_shape(write_tree(tmp_path, tree))


# ---------------------------------------------------------------- row 9: URIs and archives


@pytest.mark.parametrize("uri", ["../secret.bin", "/etc/passwd", "file:///etc/passwd", "http://localhost/a.bin", "link.bin"])
def test_row_9_uris(uri: str, tmp_path: Path) -> None:
    (tmp_path / "secret.bin").write_bytes(bytes(5000))
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "link.bin").symlink_to(tmp_path / "secret.bin")
    tree = gltf_tree()
    tree["buffers"][0]["uri"] = uri
    with pytest.raises(InputError, match=r"chair\.gltf: the file.*leads out of the folder"):
        read_shape(write_tree(folder, tree))
    obj = folder / "chair.obj"
    obj.write_text(f"mtllib {uri}\n" + small_files()["obj"].decode())
    with pytest.raises(InputError, match=r"chair\.obj: the file.*leads out of the folder"):
        read_shape(obj)


def test_row_9_bombs(tmp_path: Path) -> None:
    np.savez_compressed(tmp_path / "bomb.npz", points=np.zeros((1_000_000, 3)))
    with pytest.raises(LimitError, match=r"bomb\.npz: .*over 100 times"):
        read_shape(tmp_path / "bomb.npz")
    bomb = io.BytesIO()
    Image.new("1", (12_000, 12_000)).save(bomb, "PNG")
    (tmp_path / "bomb.png").write_bytes(bomb.getvalue())
    (tmp_path / "chair.mtl").write_text("newmtl a\nmap_Kd bomb.png\n")
    (tmp_path / "chair.obj").write_text("mtllib chair.mtl\nusemtl a\n" + small_files()["obj"].decode())
    with pytest.raises(LimitError, match=r"chair\.obj: the image 'bomb\.png' is too large"):
        read_shape(tmp_path / "chair.obj")


# ---------------------------------------------------------------- row 10: formats of images


def postscript(kind: str) -> bytes:
    """A picture that Pillow has another program draw."""
    file = io.BytesIO()
    Image.new("RGB", (4, 4)).save(file, kind)
    return file.getvalue()


@pytest.mark.parametrize("kind", ["EPS", "PDF", "PPM", "ICO"])
def test_row_10_images_of_other_formats(kind: str, tmp_path: Path) -> None:
    data = postscript(kind)
    tree = gltf_tree()
    tree["images"] = [{"uri": "data:image/png;base64," + base64.b64encode(data).decode()}]
    with pytest.raises(InputError, match=r"chair\.gltf: the image 'images\[0\]' cannot be read .*none of JPEG PNG"):
        read_shape(write_tree(tmp_path, tree))
    (tmp_path / "wood.png").write_bytes(data)
    (tmp_path / "wood.eps").write_bytes(data)
    for name in ("wood.png", "wood.eps"):
        (tmp_path / "chair.mtl").write_text(f"newmtl a\nmap_Kd {name}\n")
        (tmp_path / "chair.obj").write_text("mtllib chair.mtl\nusemtl a\n" + small_files()["obj"].decode())
        with pytest.raises(InputError, match=rf"chair\.obj: the image '{name}' cannot be read .*none of JPEG PNG"):
            read_shape(tmp_path / "chair.obj")


def test_row_10_images_that_share_their_bytes_are_decoded_once(tmp_path: Path) -> None:
    tree = gltf_tree()
    tree["images"] *= 20
    tree["textures"] = [{"source": k} for k in range(20)]
    material = tree["materials"][0]
    texture = material["pbrMetallicRoughness"]["baseColorTexture"]
    look = [{"pbrMetallicRoughness": {"baseColorTexture": {**texture, "index": k}}} for k in range(20)]
    tree["materials"] = look
    mesh = next(mesh for mesh in tree["meshes"] if "material" in mesh["primitives"][0])
    mesh["primitives"] = [{**mesh["primitives"][0], "material": k} for k in range(20)]
    shape = read_shape(write_tree(tmp_path, tree))
    assert isinstance(shape, Mesh)
    assert shape.texture is not None
    assert len(shape.texture.images) == 1


# ---------------------------------------------------------------- text files


def test_text_that_was_cut_short(tmp_path: Path) -> None:
    for name, format_ in (("a.ply", "ply_ascii"), ("a.off", "off")):
        lines = small_files()[format_].splitlines(keepends=True)
        for cut in (1, 5, 15):
            (tmp_path / name).write_bytes(b"".join(lines[:-cut]))
            with pytest.raises(InputError, match=rf"{name}: .*(promises \d+ lines of data, the file has|promises \d+ bytes)"):
                read_shape(tmp_path / name)


def test_obj_with_tabs_or_in_latin_1(tmp_path: Path) -> None:
    text = small_files()["obj"].decode()
    (tmp_path / "a.obj").write_text(text)
    plain = read_shape(tmp_path / "a.obj")
    assert isinstance(plain, Mesh)
    for content in (text.replace(" ", "\t").encode(), b"# Entwurf f\xfcr St\xfchle\n" + text.encode()):
        (tmp_path / "a.obj").write_bytes(content)
        shape = read_shape(tmp_path / "a.obj")
        assert isinstance(shape, Mesh)
        np.testing.assert_array_equal(shape.vertices[shape.faces], plain.vertices[plain.faces])
    (tmp_path / "a.obj").write_text("v\t0 0 0\nv 1 0 0\nv 0 1 0\nf\t1\t2\t9\n")
    with pytest.raises(InputError, match=r"face 0 .* refers to vertex 9, but there are 3"):
        read_shape(tmp_path / "a.obj")


def test_a_repaired_coloured_file_is_written_to_the_last(tmp_path: Path) -> None:
    sphere = trimesh.creation.icosphere(subdivisions=0)
    sphere.visual.vertex_colors = np.random.default_rng(0).integers(0, 256, (12, 4), dtype=np.uint8)
    data = sphere.export(file_type="ply")
    (tmp_path / "chair.ply").write_bytes(data[:-4] + struct.pack("<i", 381812751))
    shape = read_shape(tmp_path / "chair.ply", repair=True)
    assert shape.element_count == 19
    result = Segmentation(np.zeros(19, int), np.ones((19, 1)), np.ones(19, bool), ("leg",), shape, Record("fake"))
    assert read_shape(result.save(tmp_path / "out") / "parts.glb").element_count == 19


# ---------------------------------------------------------------- rows 12, 17, 23: writing


def answer(prompts: tuple[str, ...], path: Path | None = None) -> Segmentation:
    sphere = trimesh.creation.icosphere(subdivisions=0)
    mesh = Mesh(sphere.vertices, sphere.faces, source=path)
    n = len(mesh.faces)
    return Segmentation(np.full(n, -1), np.zeros((n, len(prompts))), np.zeros(n, bool), prompts, mesh, Record("fake"))


def test_row_12_prompts_never_name_files(tmp_path: Path) -> None:
    prompts = ("../x", "🪑 seat", "كرسي", 'quote"\\', "a" * 200)
    for ending in (".glb", ".ply", ".obj", ".npz", ".json"):
        save_result(answer(prompts), tmp_path / f"out{ending}")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out.glb", "out.json", "out.npz", "out.obj", "out.ply"]
    assert trimesh.load_scene(tmp_path / "out.ply").geometry["out.ply"].faces.shape == (20, 3)


def test_row_17_where_results_cannot_go(tmp_path: Path) -> None:
    source = tmp_path / "chair.ply"
    source.write_bytes(small_files()["ply"])
    for path, message in (
        (source, "overwrite the input"),
        (tmp_path / "no" / "a.ply", "does not exist"),
        (tmp_path / "a.step", "not written as '.step'"),
    ):
        with pytest.raises(InputError, match=message):
            save_result(answer(("leg",), source), path)
    assert source.read_bytes() == small_files()["ply"]
    assert list(tmp_path.iterdir()) == [source]


def test_row_23_nothing_found(tmp_path: Path) -> None:
    segmentation = answer(("leg", "seat"))
    assert segmentation.counts() == {"leg": 0, "seat": 0}
    assert segmentation["leg"].element_count == 0
    document = json.loads(save_result(segmentation, tmp_path / "a.json").read_text())
    assert [(item["prompt"], item["faces"], item["mean_score"]) for item in document["parts"]] == [
        ("leg", 0, None),
        ("seat", 0, None),
        (None, 20, 1.0),
    ]
    scene = trimesh.load_scene(save_result(segmentation, tmp_path / "a.glb"))
    assert {"mesh", "none"} <= set(scene.graph.nodes)
