"""Reading: everything in a file ends in one mesh in world coordinates, with its colours and where it came from."""

from __future__ import annotations

import io
import json
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import trimesh
from answers import read_cloud, read_mesh
from PIL import Image
from trimesh.transformations import rotation_matrix, translation_matrix
from trimesh.visual import TextureVisuals
from trimesh.visual.material import PBRMaterial

from meronym.errors import InputError
from meronym.io.shapes.read import read_shape
from meronym.io.shapes.trimesh_objects import shape_of
from meronym.types import Mesh


def chair_scene() -> trimesh.Scene:
    """A textured seat, four instances of one red leg below a turned node, and a mirrored back with vertex colours."""
    rng = np.random.default_rng(0)
    wood = Image.fromarray(rng.integers(0, 256, (8, 8, 3), dtype=np.uint8))
    seat = trimesh.creation.box((2, 2, 0.2))
    seat.visual = TextureVisuals(rng.random((8, 2)), PBRMaterial("wood", baseColorTexture=wood))
    leg = trimesh.creation.box((0.2, 0.2, 1))
    leg.visual = TextureVisuals(material=PBRMaterial("red", baseColorFactor=[255, 0, 0, 255]))
    back = trimesh.creation.icosphere(subdivisions=1)
    back.visual.vertex_colors = rng.integers(0, 256, (len(back.vertices), 4), dtype=np.uint8)
    scene = trimesh.Scene()
    scene.add_geometry(seat, node_name="seat", geom_name="seat", transform=rotation_matrix(0.3, [0, 1, 0]))
    scene.geometry["leg"] = leg
    for k in range(4):
        shift = translation_matrix([k % 2, k // 2, -0.6])
        scene.graph.update(frame_to=f"leg{k}", frame_from="seat", matrix=shift, geometry="leg")
    mirror = translation_matrix([0, 1, 2]) @ np.diag([1, -1, 2, 1])
    scene.add_geometry(back, node_name="back", geom_name="back", parent_node_name="seat", transform=mirror)
    return scene


def write(path: Path, scene: trimesh.Scene) -> Path:
    if path.suffix == ".glb":
        path.write_bytes(scene.export(file_type="glb"))
    else:
        for name, data in scene.export(file_type="gltf").items():
            path.with_name(path.name if name == "model.gltf" else name).write_bytes(data)
    return path


@pytest.mark.parametrize("name", ["chair.glb", "chair.gltf"])
def test_gltf_is_joined_in_world_coordinates(name: str, tmp_path: Path) -> None:
    scene = chair_scene()
    mesh = read_mesh(write(tmp_path / name, scene))
    assert mesh.face_origin is not None
    assert mesh.scene is not None
    assert mesh.source == tmp_path / name
    assert mesh.face_origin.nodes == ("seat", "leg0", "leg1", "leg2", "leg3", "back")
    for index, node in enumerate(mesh.face_origin.nodes):
        matrix, geometry = scene.graph[node]
        source = scene.geometry[geometry]
        own = mesh.face_origin.node_of_face == index
        np.testing.assert_array_equal(mesh.face_origin.face_in_node[own], np.arange(len(source.faces)))
        expected = trimesh.transform_points(source.vertices, matrix)[source.faces]
        expected = expected[:, ::-1] if node == "back" else expected
        np.testing.assert_allclose(mesh.vertices[mesh.faces[own]], expected, atol=1e-6)
        assert trimesh.Trimesh(mesh.vertices, mesh.faces[own]).volume > 0
        np.testing.assert_allclose(mesh.scene.graph[node][0], matrix, atol=1e-12)
    np.testing.assert_allclose(mesh.scene.bounds, scene.bounds, atol=1e-6)
    assert mesh.report == {}


def test_gltf_colours_and_textures(tmp_path: Path) -> None:
    scene = chair_scene()
    mesh = read_mesh(write(tmp_path / "chair.glb", scene))
    assert mesh.texture is not None
    assert mesh.corner_colour is not None
    seat, leg, back = (scene.geometry[name] for name in ("seat", "leg", "back"))
    assert mesh.texture.image_of_face.tolist() == [0] * 12 + [-1] * (48 + len(back.faces))
    np.testing.assert_array_equal(mesh.texture.images[0], np.array(seat.visual.material.baseColorTexture))
    np.testing.assert_allclose(mesh.texture.uv[:12], seat.visual.uv[seat.faces], atol=1e-6)
    np.testing.assert_array_equal(mesh.corner_colour[:12], 1)
    np.testing.assert_array_equal(mesh.corner_colour[12:60], np.broadcast_to([1, 0, 0], (48, 3, 3)))
    linear = (back.visual.vertex_colors[:, :3] / 255)[back.faces][:, ::-1]
    srgb = np.where(linear < 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055)
    np.testing.assert_allclose(mesh.corner_colour[60:], srgb, atol=1e-6)
    assert len(leg.faces) == 12


def build(tree: dict[str, Any], arrays: list[np.ndarray], path: Path) -> Path:
    """A .glb whose accessor k is array k."""
    kinds = {"f4": 5126, "u1": 5121, "u2": 5123, "u4": 5125}
    shapes = {1: "SCALAR", 2: "VEC2", 3: "VEC3", 4: "VEC4", 16: "MAT4"}
    blob, views, accessors = b"", [], []
    for k, array in enumerate(arrays):
        rows = array.reshape(len(array), -1)
        views.append({"buffer": 0, "byteOffset": len(blob), "byteLength": array.nbytes})
        kind = array.dtype.str[1:]
        accessor = {"bufferView": k, "componentType": kinds[kind], "count": len(rows), "type": shapes[rows.shape[1]]}
        accessors.append({**accessor, "normalized": True} if kind == "u1" else accessor)
        blob += array.tobytes() + bytes(-array.nbytes % 4)
    base = {"asset": {"version": "2.0"}, "accessors": accessors, "bufferViews": views, "buffers": [{"byteLength": len(blob)}]}
    text = json.dumps(base | tree).encode()
    text += b" " * (-len(text) % 4)
    head = struct.pack("<4sIIII", b"glTF", 2, 28 + len(text) + len(blob), len(text), 0x4E4F534A)
    path.write_bytes(head + text + struct.pack("<II", len(blob), 0x004E4942) + blob)
    return path


CORNERS = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0], [1, 1, 0], [0, 2, 0]], dtype="<f4")


@pytest.mark.parametrize(
    ("mode", "faces"),
    [
        (4, [[0, 1, 2]]),
        (5, [[0, 1, 2], [1, 3, 2], [2, 3, 4]]),
        (6, [[1, 2, 0], [2, 3, 0], [3, 4, 0]]),
    ],
)
def test_strips_and_fans_are_unrolled(mode: int, faces: list[list[int]], tmp_path: Path) -> None:
    tree = {"nodes": [{"mesh": 0}], "meshes": [{"primitives": [{"attributes": {"POSITION": 0}, "mode": mode}]}]}
    mesh = read_mesh(build(tree, [CORNERS], tmp_path / "a.glb"))
    np.testing.assert_array_equal(mesh.vertices[mesh.faces], CORNERS[faces])


def test_several_primitives_names_and_transforms(tmp_path: Path) -> None:
    primitive = {"attributes": {"POSITION": 0}}
    turned = {"translation": [1, 2, 3], "rotation": [0, 0, 2**-0.5, 2**-0.5], "scale": [2, 1, 1]}
    tree = {
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": [{"name": "a", "children": [1, 2, 3], **turned}, {"name": "a", "mesh": 0}, {"mesh": 1}, {"name": "world"}],
        "meshes": [{"primitives": [primitive, {**primitive, "mode": 1}, primitive]}, {"primitives": [primitive]}],
    }
    mesh = read_mesh(build(tree, [CORNERS[:3]], tmp_path / "a.glb"))
    assert mesh.face_origin is not None
    assert mesh.scene is not None
    assert mesh.face_origin.nodes == ("a.1/0", "a.1/2", "node2")
    np.testing.assert_allclose(mesh.vertices[mesh.faces[0]], [[1, 2, 3], [1, 4, 3], [0, 2, 3]], atol=1e-6)
    assert set(mesh.face_origin.nodes) == set(mesh.scene.graph.nodes_geometry)


def test_integer_coordinates_second_set_and_texture_transform(tmp_path: Path) -> None:
    uv = np.array([[0, 0], [255, 0], [0, 51], [255, 255], [0, 0]], dtype="u1")
    change = {"offset": [0.5, 0.25], "rotation": np.pi / 2, "scale": [2, 1]}
    info = {"index": 0, "texCoord": 1, "extensions": {"KHR_texture_transform": change}}
    tree = {
        "nodes": [{"mesh": 0}],
        "meshes": [{"primitives": [{"attributes": {"POSITION": 0, "TEXCOORD_1": 1}, "mode": 5, "material": 0}]}],
        "materials": [{"pbrMetallicRoughness": {"baseColorTexture": info}}],
        "textures": [{"source": 0}],
        "images": [{"uri": "wood.png"}],
    }
    path = build(tree, [CORNERS, uv], tmp_path / "a.glb")
    missing = read_mesh(path)
    assert missing.texture is None
    assert missing.report == {"missing_files": 1}
    Image.new("RGB", (3, 2), (10, 20, 30)).save(tmp_path / "wood.png")
    mesh = read_mesh(path)
    assert mesh.texture is not None
    assert mesh.texture.images[0].shape == (2, 3, 3)
    # u' = v + 0.5 and v' = -2 u + 0.25, counted from the top; ours are counted from the bottom
    np.testing.assert_allclose(mesh.texture.uv[0], [[0.5, 0.75], [0.5, 2.75], [0.7, 0.75]], atol=1e-6)


def test_skinned_meshes_stand_where_their_joints_put_them(tmp_path: Path) -> None:
    bind = np.stack([np.eye(4), translation_matrix([0, -1, 0]).T]).astype("<f4")
    joints = np.array([[0, 0, 0, 0], [0, 0, 0, 0], [1, 0, 0, 0]], dtype="<u2")
    weights = np.array([[1, 0, 0, 0]] * 3, dtype="<f4")
    tree = {
        "nodes": [
            {"mesh": 0, "skin": 0, "translation": [100, 0, 0]},
            {"translation": [0, 0, 5], "children": [2]},
            {"translation": [0, 3, 0]},
        ],
        "skins": [{"joints": [1, 2], "inverseBindMatrices": 3}],
        "meshes": [{"primitives": [{"attributes": {"POSITION": 0, "JOINTS_0": 1, "WEIGHTS_0": 2}}]}],
    }
    mesh = read_mesh(build(tree, [CORNERS[:3], joints, weights, bind], tmp_path / "a.glb"))
    np.testing.assert_allclose(mesh.vertices[mesh.faces[0]], [[0, 0, 5], [1, 0, 5], [0, 3, 5]], atol=1e-6)


def test_vertices_that_no_face_uses_are_left_behind(tmp_path: Path) -> None:
    far = np.vstack([CORNERS, [[1e6, 0, 0]]]).astype("<f4")
    indices = np.array([1, 3, 2], dtype="<u4")
    tree = {"nodes": [{"mesh": 0}], "meshes": [{"primitives": [{"attributes": {"POSITION": 0}, "indices": 1}]}]}
    mesh = read_mesh(build(tree, [far, indices], tmp_path / "a.glb"))
    assert mesh.vertices.max() == 1
    np.testing.assert_array_equal(mesh.vertices[mesh.faces[0]], CORNERS[[1, 3, 2]])


@pytest.mark.parametrize("ending", ["ply", "stl", "off", "obj"])
def test_plain_meshes_keep_the_order_of_their_faces(ending: str, tmp_path: Path) -> None:
    sphere = trimesh.creation.icosphere(subdivisions=1)
    path = tmp_path / f"ball.{ending}"
    sphere.export(path)
    mesh = read_mesh(path)
    np.testing.assert_allclose(mesh.vertices[mesh.faces], sphere.triangles, atol=1e-6)
    assert mesh.report == {}
    assert (mesh.corner_colour, mesh.texture) == (None, None)


def test_ply_colours(tmp_path: Path) -> None:
    sphere = trimesh.creation.icosphere(subdivisions=0)
    colours = np.random.default_rng(0).integers(0, 256, (20, 4), dtype=np.uint8)
    sphere.visual.vertex_colors = colours[:12]
    sphere.export(tmp_path / "vertex.ply")
    by_vertex = read_mesh(tmp_path / "vertex.ply").corner_colour
    assert by_vertex is not None
    np.testing.assert_allclose(by_vertex, colours[:12, :3][sphere.faces] / 255, atol=1e-6)
    sphere.visual = trimesh.visual.ColorVisuals(sphere, face_colors=colours)
    sphere.export(tmp_path / "face.ply")
    by_face = read_mesh(tmp_path / "face.ply").corner_colour
    assert by_face is not None
    np.testing.assert_allclose(by_face, np.repeat(colours[:, None, :3], 3, axis=1) / 255, atol=1e-6)


def test_a_missing_texture_is_counted_and_not_printed(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    data = trimesh.creation.box().export(file_type="ply")
    path = tmp_path / "a.ply"
    path.write_bytes(data.replace(b"\nelement vertex", b"\ncomment TextureFile nope.png\nelement vertex"))
    assert read_mesh(path).report == {"missing_files": 1}
    assert capfd.readouterr() == ("", "")


def test_obj_with_materials(tmp_path: Path) -> None:
    Image.new("RGB", (2, 2), (9, 8, 7)).save(tmp_path / "wood grain.png")
    (tmp_path / "a.mtl").write_text("newmtl wood\nmap_Kd wood grain.png\nnewmtl red\nKd 0.5 0 0\n")
    faces = "usemtl wood\nf 1/1 2/2 3/3\nusemtl red\nf 2/2 4/4 3/3\n"
    corners = "v 0 0 0\nv 1 0 0\nv 0 1 0\nv 1 1 0\nvt 0 0\nvt 1 0\nvt 0 1\nvt 1 1\n"
    (tmp_path / "a.obj").write_text("mtllib a.mtl\n" + corners + faces)
    mesh = read_mesh(tmp_path / "a.obj")
    assert mesh.texture is not None
    assert mesh.corner_colour is not None
    textured = mesh.texture.image_of_face == 0
    assert sorted(mesh.texture.image_of_face) == [-1, 0]
    np.testing.assert_array_equal(mesh.texture.images[0], np.full((2, 2, 3), [9, 8, 7]))
    np.testing.assert_array_equal(mesh.texture.uv[textured][0], [[0, 0], [1, 0], [0, 1]])
    np.testing.assert_array_equal(mesh.corner_colour[textured], 1)
    np.testing.assert_allclose(mesh.corner_colour[~textured], np.broadcast_to([0.5, 0, 0], (1, 3, 3)))
    (tmp_path / "a.mtl").unlink()
    assert read_mesh(tmp_path / "a.obj").report == {"missing_files": 1}


# ---------------------------------------------------------------- alpha


def clear_picture() -> Image.Image:
    """Red, its upper half clear; the alphas in between are 100 and 200 of 255."""
    pixels = np.full((4, 2, 4), [200, 10, 20, 255], dtype=np.uint8)
    pixels[:2, :, 3] = 0
    pixels[1:3, 1, 3] = 100, 200
    return Image.fromarray(pixels)


UV_CORNERS = np.array([[0, 0], [1, 0], [0, 1], [1, 1], [0, 1]], dtype="<f4")
FACTOR = [0.5, 0.25, 0.125, 0.75]


def leaf(path: Path, materials: list[dict[str, Any]], *colours: np.ndarray, picture: bool = True) -> Mesh:
    """Three triangles of each material, in a file with leaf.png beside it; `colours` are COLOR_0."""
    attributes = {"POSITION": 0, "TEXCOORD_0": 1} | ({"COLOR_0": 3} if colours else {})
    indices = np.array([0, 1, 2, 1, 3, 2, 2, 3, 4], dtype="<u2")
    texture = {"baseColorTexture": {"index": 0}} if picture else {}
    tree = {
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": [{"mesh": 0}],
        "meshes": [{"primitives": [{"attributes": attributes, "indices": 2, "material": k} for k in range(len(materials))]}],
        "materials": [{"pbrMetallicRoughness": {"baseColorFactor": FACTOR, **texture}, **one} for one in materials],
        "textures": [{"source": 0}],
        "images": [{"uri": "leaf.png"}],
    }
    return read_mesh(build(tree, [CORNERS, UV_CORNERS, indices, *colours], path))


@pytest.mark.parametrize(
    ("material", "cutoff"),
    [
        ({"alphaMode": "MASK"}, 0.5),
        ({"alphaMode": "MASK", "alphaCutoff": 0.25}, 0.25),
        ({"alphaMode": "MASK", "alphaCutoff": 0}, None),
        ({"alphaMode": "BLEND"}, 0.5),
        ({"alphaMode": "BLEND", "alphaCutoff": 0.1}, 0.5),
        ({"alphaMode": "OPAQUE", "alphaCutoff": 0.9}, None),
        ({}, None),
    ],
)
def test_gltf_alpha_is_that_of_its_mode(material: dict[str, Any], cutoff: float | None, tmp_path: Path) -> None:
    clear_picture().save(tmp_path / "leaf.png")
    mesh = leaf(tmp_path / "a.glb", [material])
    assert mesh.texture is not None
    assert (mesh.opacity is None) == (cutoff is None)
    expected = np.asarray(clear_picture() if cutoff else clear_picture().convert("RGB"))
    np.testing.assert_array_equal(mesh.texture.images[0], expected)
    if mesh.opacity is not None:
        assert mesh.opacity.cutoff.tolist() == [cutoff] * 3
        np.testing.assert_allclose(mesh.opacity.corner, 0.75)


@pytest.mark.parametrize("picture", [True, False])
@pytest.mark.parametrize("mode", ["MASK", "OPAQUE"])
def test_gltf_factor_and_colours_of_vertices_multiply_and_are_linear(picture: bool, mode: str, tmp_path: Path) -> None:
    clear_picture().save(tmp_path / "leaf.png")
    rgba = np.array([[255, 128, 64, 255], [10, 20, 30, 40], [1, 2, 3, 4], [255, 255, 255, 0], [9, 9, 9, 99]], dtype="u1")
    mesh = leaf(tmp_path / "a.glb", [{"alphaMode": mode}], rgba, picture=picture)
    corners = np.array([[0, 1, 2], [1, 3, 2], [2, 3, 4]])
    linear = (rgba / 255 * FACTOR)[corners]
    srgb = np.where(linear < 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055)
    assert mesh.corner_colour is not None
    np.testing.assert_allclose(mesh.corner_colour, srgb[..., :3], atol=1e-6)
    assert (mesh.texture is not None) == picture
    assert (mesh.opacity is not None) == (mode == "MASK")
    if mesh.opacity is not None:
        np.testing.assert_allclose(mesh.opacity.corner, linear[..., 3], atol=1e-6)
    without_alpha = np.ascontiguousarray(rgba[:, :3] / 255).astype("<f4")
    plain = leaf(tmp_path / "b.glb", [{"alphaMode": "MASK", "alphaCutoff": 0.8}], without_alpha, picture=True)
    assert plain.corner_colour is not None
    np.testing.assert_allclose(plain.corner_colour, mesh.corner_colour, atol=1e-6)


def test_a_picture_of_opaque_and_clear_materials_is_read_with_and_without_alpha(tmp_path: Path) -> None:
    clear_picture().save(tmp_path / "leaf.png")
    mesh = leaf(tmp_path / "a.glb", [{"alphaMode": "MASK"}, {}, {"alphaMode": "BLEND"}])
    assert mesh.texture is not None
    assert mesh.opacity is not None
    assert [image.shape for image in mesh.texture.images] == [(4, 2, 4), (4, 2, 3)]
    assert mesh.texture.image_of_face.tolist() == [0] * 3 + [1] * 3 + [0] * 3
    assert mesh.opacity.cutoff.tolist() == [0.5] * 3 + [0] * 3 + [0.5] * 3


def test_what_is_nowhere_clear_is_opaque(tmp_path: Path) -> None:
    clear_picture().convert("RGB").convert("RGBA").save(tmp_path / "leaf.png")
    mesh = leaf(tmp_path / "a.glb", [{"alphaMode": "MASK"}, {"alphaMode": "BLEND"}])
    assert mesh.texture is not None
    assert [image.shape for image in mesh.texture.images] == [(4, 2, 3)]
    assert mesh.opacity is None


def test_a_shape_that_would_be_invisible_is_opaque(tmp_path: Path) -> None:
    """Some exporters write alpha 0 by mistake; there is no other surface to show."""
    clear_picture().save(tmp_path / "leaf.png")
    assert leaf(tmp_path / "a.glb", [{"alphaMode": "MASK", "alphaCutoff": 0.8}]).opacity is None
    assert leaf(tmp_path / "b.glb", [{"alphaMode": "MASK", "alphaCutoff": 0.8}, {}]).opacity is not None


@pytest.mark.parametrize("cutoff", ["0.5", -1, [0.5], None, float("nan"), float("inf")])
def test_a_cutoff_that_is_no_number_is_refused(cutoff: Any, tmp_path: Path) -> None:
    clear_picture().save(tmp_path / "leaf.png")
    with pytest.raises(InputError, match="alphaCutoff"):
        leaf(tmp_path / "a.glb", [{"alphaMode": "MASK", "alphaCutoff": cutoff}])


@pytest.mark.parametrize("mode", ["P", "LA", "RGBA", "tRNS"])
def test_alpha_of_every_kind_of_picture_is_read(mode: str, tmp_path: Path) -> None:
    picture, path = clear_picture(), tmp_path / "leaf.png"
    if mode == "P":
        picture.quantize().save(path)
    elif mode == "tRNS":
        Image.new("RGB", (2, 4), (7, 8, 9)).save(path, transparency=(7, 8, 9))
    else:
        picture.convert(mode).save(path)
    with_opaque = leaf(tmp_path / "a.glb", [{"alphaMode": "MASK"}, {}])
    assert with_opaque.texture is not None
    assert with_opaque.texture.images[0].shape == (4, 2, 4)
    alpha = np.zeros((4, 2)) if mode == "tRNS" else np.asarray(picture)[..., 3]
    np.testing.assert_allclose(with_opaque.texture.images[0][..., 3], alpha, atol=2)


@pytest.mark.parametrize(
    ("lines", "cutoff", "channels", "corner"),
    [
        ("map_Kd leaf.png", None, 3, 1),
        ("map_Kd leaf.png\nd 1.0", None, 3, 1),
        ("map_Kd leaf.png\nmap_d leaf.png", 0.5, 4, 1),
        ("map_Kd leaf.png\nmap_d gone.png", None, 3, 1),
        ("map_Kd leaf.png\nmap_d grey.png\nd 0.9", 0.5, 4, 0.9),
        ("map_d grey.png", 0.5, 4, 1),
        ("map_Kd leaf.png\nd 0.25", 0.5, 3, 0.25),
        ("Kd 0.5 0 0\nd 0.25", 0.5, None, 0.25),
        ("Kd 0.5 0 0\nd thick", None, None, 1),
    ],
)
def test_obj_dissolve(lines: str, cutoff: float | None, channels: int | None, corner: float, tmp_path: Path) -> None:
    clear_picture().save(tmp_path / "leaf.png")
    clear_picture().getchannel("A").resize((4, 8)).save(tmp_path / "grey.png")
    (tmp_path / "a.mtl").write_text(f"newmtl leaf\n{lines}\nnewmtl red\nKd 0.5 0 0\n")
    corners = "v 0 0 0\nv 1 0 0\nv 0 1 0\nv 1 1 0\nvt 0 0\nvt 1 0\nvt 0 1\nvt 1 1\n"
    (tmp_path / "a.obj").write_text("mtllib a.mtl\n" + corners + "usemtl leaf\nf 1/1 2/2 3/3\nusemtl red\nf 2/2 4/4 3/3\n")
    mesh = read_mesh(tmp_path / "a.obj")
    assert (None if mesh.texture is None else mesh.texture.images[0].shape[2]) == channels
    assert (mesh.opacity is None) == (cutoff is None)
    assert mesh.report == ({"missing_files": 1} if "gone" in lines else {})
    if mesh.opacity is not None:
        of_leaf = mesh.opacity.cutoff == cutoff
        assert mesh.opacity.cutoff.tolist() in ([0.5, 0], [0, 0.5])
        np.testing.assert_allclose(mesh.opacity.corner[of_leaf], corner)
        if mesh.texture is not None and channels == 4:
            alpha, expected = mesh.texture.images[0][..., 3], np.asarray(clear_picture())[..., 3]
            if "map_d leaf" in lines:
                np.testing.assert_array_equal(alpha, expected)
            assert alpha[:1].max() < 60 < 200 < alpha[-1:].min()


def test_alpha_and_colours_of_vertices_of_a_trimesh(tmp_path: Path) -> None:
    """They are those that reading the file it came from gives."""
    clear_picture().save(tmp_path / "leaf.png")
    rgba = np.array([[255, 128, 64, 255], [10, 20, 30, 40], [1, 2, 3, 4], [255, 255, 255, 0], [9, 9, 9, 99]], dtype="u1")
    own = leaf(tmp_path / "a.glb", [{"alphaMode": "MASK", "alphaCutoff": 0.3}], rgba)
    data = (tmp_path / "a.glb").read_bytes()
    loaded = trimesh.load_scene(io.BytesIO(data), file_type="glb", resolver=trimesh.resolvers.FilePathResolver(tmp_path))
    mesh = shape_of(loaded)
    assert isinstance(mesh, Mesh)
    assert mesh.texture is not None
    assert own.texture is not None
    assert mesh.opacity is not None
    assert own.opacity is not None
    np.testing.assert_array_equal(mesh.texture.images[0], own.texture.images[0])
    np.testing.assert_allclose(mesh.opacity.cutoff, own.opacity.cutoff)
    np.testing.assert_allclose(mesh.opacity.corner, own.opacity.corner, atol=0.003)
    assert mesh.corner_colour is not None
    np.testing.assert_allclose(mesh.corner_colour, own.corner_colour, atol=0.01)


def test_point_clouds(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    points, normal = rng.normal(size=(50, 3)), rng.normal(size=(50, 3))
    normal /= np.linalg.norm(normal, axis=1, keepdims=True)
    colour = rng.integers(0, 256, (50, 3), dtype=np.uint8)
    np.savez(tmp_path / "a.npz", points=points, normal=normal, colour=colour)
    np.savetxt(tmp_path / "a.xyz", np.hstack([points, colour]))
    np.savetxt(tmp_path / "b.xyz", np.hstack([points, normal, np.ones((50, 1))]), delimiter=",")
    np.savetxt(tmp_path / "c.xyz", np.hstack([points, colour / 255, normal]))
    trimesh.PointCloud(points, np.pad(colour, ((0, 0), (0, 1)), constant_values=255)).export(tmp_path / "a.ply")
    header = [
        "ply",
        "format ascii 1.0",
        "element vertex 50",
        *(f"property float {k}" for k in ["x", "y", "z", "nx", "ny", "nz"]),
    ]
    rows = [" ".join(map(str, row)) for row in np.hstack([points, 2 * normal])]
    (tmp_path / "b.ply").write_text("\n".join([*header, "end_header", *rows, ""]))
    for name, has_colour, has_normal in (
        ("a.npz", True, True),
        ("a.xyz", True, False),
        ("b.xyz", False, True),
        ("c.xyz", True, True),
        ("a.ply", True, False),
        ("b.ply", False, True),
    ):
        cloud = read_cloud(tmp_path / name)
        np.testing.assert_allclose(cloud.points, points, atol=1e-6)
        assert (cloud.colour is not None, cloud.normal is not None) == (has_colour, has_normal), name
        if cloud.colour is not None:
            np.testing.assert_allclose(cloud.colour, colour / 255, atol=1e-6)
        if cloud.normal is not None:
            np.testing.assert_allclose(cloud.normal, normal, atol=1e-5)


def test_bad_points_are_named_or_left_out(tmp_path: Path) -> None:
    points = np.random.default_rng(0).random((9, 3))
    points[4, 1] = np.nan
    np.savez(tmp_path / "a.npz", points=points)
    with pytest.raises(InputError, match=r"a\.npz: point 4 is .*nan.*; 1 points"):
        read_shape(tmp_path / "a.npz")
    cloud = read_shape(tmp_path / "a.npz", repair=True)
    assert cloud.element_count == 8
    assert cloud.report == {"points_not_finite": 1, "dropped_points": 1}
    np.savez(tmp_path / "b.npz", vertices=points)
    with pytest.raises(InputError, match=r"expected an array 'points' \[n 3\], found vertices"):
        read_shape(tmp_path / "b.npz")


def test_a_large_mesh_is_read_whole(tmp_path: Path) -> None:
    sphere = trimesh.creation.icosphere(subdivisions=6)
    (tmp_path / "big.glb").write_bytes(trimesh.Scene(sphere).export(file_type="glb"))
    mesh = read_mesh(tmp_path / "big.glb")
    assert len(mesh.faces) == 81920
    assert mesh.report == {}
