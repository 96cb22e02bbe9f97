"""Writing: nothing of the shape is lost, and every part can be found by its name."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import trimesh
from answers import read_mesh
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from trimesh.transformations import translation_matrix
from trimesh.visual import TextureVisuals
from trimesh.visual.material import PBRMaterial

from meronym.core import cameras
from meronym.errors import InputError
from meronym.io.limits import Limits
from meronym.io.results import load_result, save_result
from meronym.io.shapes.folder import ShapeFolder
from meronym.io.shapes.gltf.document import Gltf, read_gltf
from meronym.io.shapes.read import read_shape
from meronym.io.shapes.trimesh_objects import shape_of
from meronym.io.shapes.write import to_trimesh
from meronym.render import TorchRenderer
from meronym.results import Record, Segmentation
from meronym.types import Mesh, Opacity, PointCloud, Shape, Textures
from meronym.viz.palette import palette

PROMPTS = ("leg", "wooden seat", "كرسي")
RECORD = Record("fake", {"seed": 1})


def answer(shape: Shape, seed: int = 0, prompts: tuple[str, ...] = PROMPTS) -> Segmentation:
    rng, n, p = np.random.default_rng(seed), shape.element_count, len(prompts)
    label = rng.integers(-1, p, n)
    return Segmentation(label, rng.random((n, p)).astype(np.float32) / p, rng.random(n) < 0.7, prompts, shape, RECORD)


def wood(kind: str = "PNG") -> Image.Image:
    """A picture that was opened from a file, as trimesh's loaders open them."""
    file = io.BytesIO()
    Image.fromarray(np.random.default_rng(3).integers(0, 256, (16, 16, 3), dtype=np.uint8)).save(file, kind)
    return Image.open(file)


def table(path: Path) -> Path:
    """A .glb: a textured top, with two instances of one textured leg and a plain knob below it."""
    rng, scene = np.random.default_rng(0), trimesh.Scene()
    material = PBRMaterial("wood", baseColorTexture=wood(), normalTexture=wood("JPEG"), roughnessFactor=0.25)
    top, leg, knob = trimesh.creation.box(), trimesh.creation.cylinder(0.1, 1), trimesh.creation.icosphere(subdivisions=1)
    top.visual = TextureVisuals(rng.random((len(top.vertices), 2)), material)
    leg.visual = TextureVisuals(rng.random((len(leg.vertices), 2)), material)
    knob.visual.vertex_colors = rng.integers(0, 256, (len(knob.vertices), 4), dtype=np.uint8)
    assert knob.vertex_normals.shape
    scene.add_geometry(top, node_name="top", geom_name="top", transform=np.diag([3, 3, 0.1, 1]))
    scene.geometry["post"] = leg
    for k in range(2):
        shift = translation_matrix([k, 0, -5])
        scene.graph.update(frame_to=f"post{k}", frame_from="top", matrix=shift, geometry="post")
    scene.add_geometry(knob, node_name="knob", geom_name="knob", parent_node_name="post1", transform=np.diag([1, -1, 1, 1.0]))
    path.write_bytes(scene.export(file_type="glb", include_normals=True))
    return path


def document(path: Path) -> Gltf:
    return read_gltf(path.read_bytes(), ShapeFolder(path.parent, Limits()))


def prompt_of(mesh: Mesh) -> np.ndarray:
    """Label of each face of a file that `save` wrote, from the extras of its nodes."""
    assert mesh.face_origin is not None
    assert mesh.source is not None
    said = {}
    for node in document(mesh.source).tree["nodes"]:
        if "mesh" in node:
            said[node["name"]] = node["extras"]["meronym"]["prompt"]
    labels = [PROMPTS.index(said[name.split("/")[0]]) if said[name.split("/")[0]] else -1 for name in mesh.face_origin.nodes]
    return np.array(labels)[mesh.face_origin.node_of_face]


def rows(mesh: Mesh, label: np.ndarray) -> np.ndarray:
    """A table of faces that does not depend on their order: label, corners, uv, colour."""
    columns = [label[:, None], mesh.vertices[mesh.faces].reshape(len(label), -1)]
    if mesh.texture is not None:
        columns += [mesh.texture.image_of_face[:, None] >= 0, mesh.texture.uv.reshape(len(label), -1)]
    if mesh.corner_colour is not None:
        columns.append(mesh.corner_colour.reshape(len(label), -1))
    table = np.round(np.hstack(columns), 5) + 0.0
    return table[np.lexsort(table[:, :10].T)]


def test_glb_keeps_every_face_texture_and_colour(tmp_path: Path) -> None:
    mesh = read_mesh(table(tmp_path / "table.glb"))
    segmentation = answer(mesh)
    back = read_mesh(save_result(segmentation, tmp_path / "parts.glb"))
    np.testing.assert_allclose(rows(back, prompt_of(back)), rows(mesh, segmentation.label), atol=2e-5)
    assert mesh.texture is not None
    assert back.texture is not None
    np.testing.assert_array_equal(mesh.texture.images, back.texture.images)


def test_glb_keeps_hierarchy_materials_and_the_bytes_of_images(tmp_path: Path) -> None:
    path = table(tmp_path / "table.glb")
    before = document(path)
    segmentation = answer(read_mesh(path))
    after = document(save_result(segmentation, tmp_path / "parts.glb"))
    assert after.tree["materials"] == before.tree["materials"]
    assert after.tree["textures"] == before.tree["textures"]
    assert [after.image(k) for k in range(2)] == [before.image(k) for k in range(2)]
    for old, new in zip(before.tree["nodes"], after.tree["nodes"], strict=False):
        assert old["name"] == new["name"]
        assert old.get("matrix") == new.get("matrix")
        assert new.get("children", [])[: len(old.get("children", []))] == old.get("children", [])
        assert "mesh" not in new
    added = after.tree["nodes"][len(before.tree["nodes"]) :]
    names = [node["name"] for node in added]
    assert len(names) == len(set(names))
    for prompt in PROMPTS:
        numbered = {one.name for one in segmentation.named_instances(prompt)}
        assert len(numbered) > 1
        assert {name.split(".")[0] for name in names if name.startswith(prompt)} == numbered
    assert {"none", "none.1"} <= set(names), "what has no name has no instances"
    faces = dict.fromkeys((*PROMPTS, None), 0)
    for node in added:
        said = node["extras"]["meronym"]
        assert 0 <= said["mean_score"] <= 1
        assert after.tree["meshes"][node["mesh"]]["extras"]["meronym"]["prompt"] == said["prompt"]
        faces[said["prompt"]] += said["faces"]
    assert faces == {**segmentation.counts(), None: int((segmentation.label < 0).sum())}
    assert after.tree["asset"]["extras"]["meronym"]["prompts"] == list(PROMPTS)


def test_glb_normals_and_bounds(tmp_path: Path) -> None:
    mesh = read_mesh(table(tmp_path / "table.glb"))
    after = document(save_result(answer(mesh), tmp_path / "parts.glb"))
    for item in after.tree["meshes"]:
        for primitive in item["primitives"]:
            counts = {after.count(index) for index in primitive["attributes"].values()}
            assert "NORMAL" in primitive["attributes"]
            assert len(counts) == 1
            position = after.rows(primitive["attributes"]["POSITION"])
            accessor = after.item("accessors", primitive["attributes"]["POSITION"])
            assert [accessor["min"], accessor["max"]] == [position.min(0).tolist(), position.max(0).tolist()]
            assert set(after.rows(primitive["indices"])[:, 0]) == set(range(len(position)))


def test_instances_with_the_same_answer_share_their_mesh(tmp_path: Path) -> None:
    mesh = read_mesh(table(tmp_path / "table.glb"))
    n = len(mesh.faces)
    whole = Segmentation(np.zeros(n, int), np.ones((n, 1)), np.ones(n, bool), ("wood",), mesh, RECORD)
    after = document(save_result(whole, tmp_path / "parts.glb"))
    before = document(tmp_path / "table.glb")
    assert len(after.tree["meshes"]) == 3
    assert len(after.tree["nodes"]) == len(before.tree["nodes"]) + 4
    assert len(after.tree["accessors"]) == len(before.tree["accessors"]) + 3  # a feature id for each mesh


def test_to_trimesh(tmp_path: Path) -> None:
    mesh = read_mesh(table(tmp_path / "table.glb"))
    scene = to_trimesh(answer(mesh))
    assert {"top", "post0", "leg_1", "wooden seat_2", "كرسي_1", "none"} <= set(scene.graph.nodes)
    assert sum(len(scene.geometry[scene.graph[node][1]].faces) for node in scene.graph.nodes_geometry) == len(mesh.faces)
    np.testing.assert_allclose(scene.bounds, [mesh.vertices.min(axis=0), mesh.vertices.max(axis=0)], atol=1e-5)
    seat = scene.geometry[scene.graph["wooden seat_2"][1]]
    assert seat.visual.material.name == "wood"
    assert seat.visual.material.normalTexture.format == "JPEG"
    assert seat.metadata["meronym"] == {"prompt": "wooden seat"}


def test_skins_animations_and_morphs_survive(tmp_path: Path) -> None:
    """They are not understood by trimesh; the tree keeps them, and the numbers that they refer to."""
    path = table(tmp_path / "table.glb")
    tree, old = json.loads(json.dumps(document(path).tree)), document(path)
    primitive = tree["meshes"][0]["primitives"][0]
    primitive["targets"] = [{"POSITION": primitive["attributes"]["POSITION"]}]
    node = next(k for k, item in enumerate(tree["nodes"]) if item.get("mesh") == 0)
    tree["nodes"][node]["weights"] = [0.5]
    times = len(tree["accessors"])
    tree["accessors"] += [{"bufferView": 0, "componentType": 5126, "count": 2, "type": "SCALAR"}] * 2
    tree["animations"] = [
        {
            "channels": [
                {"sampler": 0, "target": {"node": node, "path": "weights"}},
                {"sampler": 0, "target": {"node": node, "path": "translation"}},
            ],
            "samplers": [{"input": times, "output": times + 1}],
        }
    ]
    tree["buffers"] = [{"byteLength": len(old.buffers[0]), "uri": "a.bin"}]
    (tmp_path / "a.bin").write_bytes(old.buffers[0])
    (tmp_path / "a.gltf").write_text(json.dumps(tree))
    after = document(save_result(answer(read_mesh(tmp_path / "a.gltf")), tmp_path / "parts.glb"))
    channels = after.tree["animations"][0]["channels"]
    moved = [channel["target"]["node"] for channel in channels if channel["target"]["path"] == "weights"]
    assert len(moved) == len({after.tree["nodes"][index]["name"] for index in moved}) > 3
    assert sorted(moved) == sorted(after.tree["nodes"][node]["children"][-len(moved) :])
    for index in moved:
        child = after.tree["nodes"][index]
        assert child["weights"] == [0.5]
        (cut,) = after.tree["meshes"][child["mesh"]]["primitives"]
        np.testing.assert_array_equal(after.rows(cut["targets"][0]["POSITION"]), after.rows(cut["attributes"]["POSITION"]))
    sampler = after.tree["animations"][0]["samplers"][0]
    np.testing.assert_array_equal(after.rows(sampler["input"])[:, 0], np.frombuffer(old.view(0), "<f4")[:2])
    assert after.tree["buffers"][0].keys() == {"byteLength"}


@pytest.mark.parametrize("ending", ["ply", "stl", "off", "obj"])
def test_glb_of_other_formats(ending: str, tmp_path: Path) -> None:
    sphere = trimesh.creation.icosphere(subdivisions=1)
    if ending == "ply":
        sphere.visual.vertex_colors = np.random.default_rng(0).integers(90, 256, (len(sphere.vertices), 4), dtype=np.uint8)
    if ending == "obj":
        sphere.visual = TextureVisuals(np.random.default_rng(0).random((len(sphere.vertices), 2)), image=wood("JPEG"))
    sphere.export(tmp_path / f"ball.{ending}")
    mesh = read_mesh(tmp_path / f"ball.{ending}")
    segmentation = answer(mesh)
    back = read_mesh(save_result(segmentation, tmp_path / "parts.glb"))
    columns = slice(17 if ending == "obj" else 10)
    np.testing.assert_allclose(rows(back, prompt_of(back))[:, columns], rows(mesh, segmentation.label)[:, columns], atol=2e-5)
    if ending in ("ply", "obj"):
        difference = rows(back, prompt_of(back))[:, columns.stop :] - rows(mesh, segmentation.label)[:, columns.stop :]
        assert difference.shape[1] == 9
        assert np.abs(difference).max() < 0.01
    if ending == "obj":
        assert mesh.texture is not None
        assert back.texture is not None
        np.testing.assert_array_equal(mesh.texture.images[0], back.texture.images[0])


def test_glb_of_a_mesh_that_no_file_stands_behind(tmp_path: Path) -> None:
    rng, box = np.random.default_rng(0), trimesh.creation.box()
    image = rng.integers(0, 256, (5, 7, 3), dtype=np.uint8)
    texture = Textures((image,), np.array([0, -1] * 6), rng.random((12, 3, 2)).astype(np.float32))
    colour = rng.random((12, 3, 3)).astype(np.float32) / 2 + 0.5
    segmentation = answer(Mesh(box.vertices, box.faces, colour, texture))
    back = read_mesh(save_result(segmentation, tmp_path / "parts.glb"))
    assert back.texture is not None
    assert back.corner_colour is not None
    np.testing.assert_array_equal(back.texture.images[0], image)
    order = [np.lexsort(np.round(m.vertices[m.faces].reshape(12, 9), 4).T) for m in (back, segmentation.shape)]
    np.testing.assert_allclose(back.corner_colour[order[0]], colour[order[1]], atol=0.01)
    np.testing.assert_array_equal(prompt_of(back)[order[0]], segmentation.label[order[1]])
    textured = texture.image_of_face[order[1]] == 0
    np.testing.assert_array_equal(back.texture.image_of_face[order[0]] == 0, textured)
    np.testing.assert_allclose(back.texture.uv[order[0]][textured], texture.uv[order[1]][textured], atol=1e-6)


def leaves(place: Path, ending: str) -> Mesh:
    """A box with a half-clear picture and a plain one, from a file of its own, or from none."""
    picture = np.random.default_rng(0).integers(0, 256, (6, 4, 4), dtype=np.uint8)
    picture[..., 3] = np.where(np.arange(6) < 3, 0, 255)[:, None]
    rng, box = np.random.default_rng(1), trimesh.creation.box()
    if ending == "none":
        texture = Textures((picture,), np.array([0, 0, -1] * 4), rng.random((12, 3, 2)).astype(np.float32))
        opacity = Opacity(np.array([0.5, 0.0, 0.25] * 4), np.linspace(0, 1, 36).reshape(12, 3))
        return Mesh(box.vertices, box.faces, np.full((12, 3, 3), 0.8), texture, opacity=opacity)
    image, uv = Image.fromarray(picture), rng.random((8, 2))
    if ending == "glb":
        material = PBRMaterial("leaf", baseColorTexture=image, alphaMode="MASK", alphaCutoff=0.3)
        clear = trimesh.Trimesh(box.vertices, box.faces, visual=TextureVisuals(uv, material=material), process=False)
        trimesh.Scene([clear, trimesh.creation.icosphere(0, radius=0.3)]).export(place / "leaves.glb")
        return read_mesh(place / "leaves.glb")
    image.save(place / "leaf.png")
    (place / "leaves.mtl").write_text("newmtl leaf\nmap_Kd leaf.png\nmap_d leaf.png\nd 0.75\nKd 0.5 0.6 0.7\n")
    lines = [f"v {x} {y} {z}" for x, y, z in box.vertices] + [f"vt {u} {v}" for u, v in uv] + ["usemtl leaf"]
    lines += ["f " + " ".join(f"{k + 1}/{k + 1}" for k in face) for face in box.faces]
    (place / "leaves.obj").write_text("mtllib leaves.mtl\n" + "\n".join(lines) + "\n")
    return read_mesh(place / "leaves.obj")


@pytest.mark.parametrize("ending", ["glb", "obj", "none"])
@pytest.mark.parametrize("written", ["parts.glb", "parts.npz", "parts.obj"])
def test_what_was_see_through_is_so_in_the_files_of_a_result(ending: str, written: str, tmp_path: Path) -> None:
    mesh = leaves(tmp_path, ending)
    assert mesh.opacity is not None
    path = save_result(answer(mesh), tmp_path / written)
    back = load_result(path).shape if written == "parts.npz" else read_mesh(path)
    assert isinstance(back, Mesh)
    assert back.opacity is not None
    if written == "parts.obj":
        assert (back.opacity.cutoff > 0).any()
        return  # neither the colours of corners nor cutoffs are written there
    up = torch.tensor([0.0, 1, 0])
    look = cameras.frame(mesh.vertices, cameras.spread(4, up), up, 40)
    found, expected = (TorchRenderer()(shape, look) for shape in (back, mesh))
    same = (found.element >= 0) == (expected.element >= 0)
    assert same.float().mean() > 0.99
    assert (found.colour - expected.colour)[same].abs().mean() < 0.01
    plain = TorchRenderer()(replace(mesh, opacity=None), look)
    assert ((plain.element >= 0) != (expected.element >= 0)).float().mean() > 0.02


def test_repaired_faces_are_left_out_of_the_file(tmp_path: Path) -> None:
    sphere = trimesh.creation.icosphere(subdivisions=0)
    faces = np.vstack([[[0, 0, 1]], sphere.faces, sphere.faces[:2], [[0, 1, 99]]])
    trimesh.Trimesh(sphere.vertices, faces, process=False).export(tmp_path / "ball.ply")
    mesh = read_shape(tmp_path / "ball.ply", repair=True)
    assert read_shape(save_result(answer(mesh), tmp_path / "parts.glb")).element_count == mesh.element_count == 20


def test_part_can_be_saved_again(tmp_path: Path) -> None:
    mesh = read_mesh(table(tmp_path / "table.glb"))
    segmentation = answer(mesh)
    leg = segmentation["leg"]
    assert isinstance(leg, Mesh)
    mask = segmentation.label == 0
    np.testing.assert_array_equal(leg.vertices[leg.faces], mesh.vertices[mesh.faces[mask]])
    assert leg.texture is not None
    assert mesh.texture is not None
    np.testing.assert_array_equal(leg.texture.uv, mesh.texture.uv[mask])
    back = read_mesh(save_result(answer(leg), tmp_path / "leg.glb"))
    np.testing.assert_allclose(rows(back, np.zeros(len(leg.faces))), rows(leg, np.zeros(len(leg.faces))), atol=2e-5)
    with pytest.raises(InputError, match="no prompt 'arm'; there are 'leg'"):
        segmentation["arm"]


@given(
    n=st.integers(2, 40),
    seed=st.integers(0, 1000),
    prompts=st.lists(st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1), min_size=1, max_size=4, unique=True),
)
@settings(max_examples=25, deadline=None)
def test_npz_gives_back_what_was_saved(tmp_path_factory: Any, n: int, seed: int, prompts: list[str]) -> None:
    cloud = PointCloud(np.random.default_rng(seed).random((n, 3)))
    segmentation = answer(cloud, seed, tuple(prompts))
    path = save_result(segmentation, tmp_path_factory.mktemp("npz") / "a.npz")
    back = load_result(path)
    for name in ("label", "score", "seen"):
        np.testing.assert_array_equal(getattr(back, name), getattr(segmentation, name))
    assert back.prompts == tuple(prompts)
    assert back.record == RECORD


@given(seed=st.integers(0, 10_000))
@settings(max_examples=10, deadline=None)
def test_glb_keeps_every_triangle_exactly_once(tmp_path_factory: Any, seed: int) -> None:
    folder = tmp_path_factory.mktemp("glb")
    mesh = read_mesh(table(folder / "table.glb"))
    segmentation = answer(mesh, seed)
    back = read_mesh(save_result(segmentation, folder / "parts.glb"))
    np.testing.assert_allclose(rows(back, prompt_of(back)), rows(mesh, segmentation.label), atol=2e-5)


def test_other_archives_are_refused(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", label=np.zeros(3))
    with pytest.raises(InputError, match=r"a\.npz: not a meronym\.segmentation file of version 1"):
        load_result(tmp_path / "a.npz")


def test_ply_holds_labels_scores_and_names(tmp_path: Path) -> None:
    mesh = read_mesh(table(tmp_path / "table.glb"))
    segmentation = answer(mesh)
    path = save_result(segmentation, tmp_path / "a.ply")
    assert b'\ncomment prompt 2 "\\u0643\\u0631\\u0633\\u064a"\n' in path.read_bytes()
    loaded = trimesh.load_mesh(path, process=False)
    np.testing.assert_array_equal(loaded.faces, mesh.faces)
    np.testing.assert_array_equal(loaded.vertices, mesh.vertices)
    data = loaded.metadata["_ply_raw"]["face"]["data"]
    np.testing.assert_array_equal(data["label"], segmentation.label)
    np.testing.assert_array_equal(data["seen"], segmentation.seen)
    np.testing.assert_array_equal(data["score_1"], segmentation.score[:, 1])
    expected = np.vstack([palette(3), [[150, 150, 150]]])[segmentation.label]
    np.testing.assert_array_equal(loaded.visual.face_colors[:, :3], expected)


def test_ply_of_points(tmp_path: Path) -> None:
    segmentation = answer(PointCloud(np.random.default_rng(0).random((30, 3))))
    path = save_result(segmentation, tmp_path / "a.ply")
    cloud = read_shape(path)
    assert isinstance(cloud, PointCloud)
    np.testing.assert_array_equal(cloud.points, segmentation.shape.points)  # type: ignore[union-attr]
    raw = trimesh.load_scene(path).geometry["a.ply"].metadata["_ply_raw"]["vertex"]["data"]
    np.testing.assert_array_equal(raw["label"], segmentation.label)


def test_glb_and_obj_of_points(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    segmentation = answer(PointCloud(rng.random((30, 3)), rng.random((30, 3)), rng.random((30, 3))))
    scene = trimesh.load_scene(save_result(segmentation, tmp_path / "a.glb"))
    counts = {node: len(scene.geometry[scene.graph[node][1]].vertices) for node in scene.graph.nodes_geometry}
    assert counts == {**segmentation.counts(), "none": int((segmentation.label < 0).sum())}
    text = save_result(segmentation, tmp_path / "a.obj").read_text()
    assert text.count("\nv ") == text.count("\np ") == 30


def test_obj_groups(tmp_path: Path) -> None:
    mesh = read_mesh(table(tmp_path / "table.glb"))
    segmentation = answer(mesh)
    path = save_result(segmentation, tmp_path / "out.obj")
    assert {item.name for item in tmp_path.iterdir()} == {"table.glb", "out.obj", "out.mtl", "out_0.png"}
    groups, group = dict[str, int](), ""
    for line in path.read_text().splitlines():
        if line.startswith("g "):
            group = line[2:]
        groups[group] = groups.get(group, 0) + line.startswith("f ")
    label = segmentation.label
    assert [groups[name] for name in ("leg", "wooden-seat", "none")] == [(label == k).sum() for k in (0, 1, -1)]
    back = read_mesh(path)
    np.testing.assert_array_equal(back.texture and back.texture.images[0], mesh.texture and mesh.texture.images[0])
    order = [np.lexsort(np.round(m.vertices[m.faces].reshape(-1, 9), 4).T) for m in (back, mesh)]
    assert back.texture is not None
    assert mesh.texture is not None
    np.testing.assert_allclose(back.texture.uv[order[0]], mesh.texture.uv[order[1]], atol=1e-6)


@pytest.mark.parametrize("size", [1.0, 1e-3])
def test_map_coordinates_are_kept_in_a_node_above_all(size: float, tmp_path: Path) -> None:
    """Single precision has half a metre there."""
    place = np.array([665186.5, 5648349.3, 240.0])
    post = trimesh.creation.box((0.1 * size, 0.1 * size, size))
    post.apply_translation(place)
    scene = trimesh.Scene()
    scene.add_geometry(post, node_name="post", geom_name="post")
    for k, above in ((1, "post"), (2, "post1")):
        turn = trimesh.transformations.rotation_matrix(0.5 * k, [0, 0, 1], place)
        scene.graph.update(frame_from=above, frame_to=f"post{k}", matrix=turn, geometry="post")
    cloud = PointCloud(post.vertices, normal=np.tile([0.0, 0, 1], (8, 1)))
    for shape in (Mesh(post.vertices, post.faces), shape_of(scene), cloud):
        path = save_result(answer(shape), tmp_path / "parts.glb")
        gltf = document(path)
        stored = [gltf.rows(p["attributes"]["POSITION"]) for mesh in gltf.tree["meshes"] for p in mesh["primitives"]]
        assert max(np.abs(rows).max() for rows in stored) < 10 * size
        if isinstance(shape, PointCloud):
            (root,) = (gltf.tree["nodes"][index] for index in gltf.tree["scenes"][0]["nodes"])
            found = np.concatenate(stored) + root["translation"]
            expected = shape.points
        else:
            back = read_mesh(path)
            found, expected = (m.vertices[m.faces].reshape(-1, 3) for m in (back, shape))
        difference = np.sort(found.round(9), axis=0) - np.sort(expected.round(9), axis=0)
        assert np.abs(difference).max() < 1e-6 * size + 3e-9


def test_shapes_near_the_origin_have_no_offset(tmp_path: Path) -> None:
    tree = document(save_result(answer(Mesh(*box_at(3.0))), tmp_path / "a.glb")).tree
    assert all("translation" not in node for node in tree["nodes"])
    assert "translation" in str(document(save_result(answer(Mesh(*box_at(30.0))), tmp_path / "b.glb")).tree["nodes"])


def box_at(x: float) -> tuple[np.ndarray, np.ndarray]:
    box = trimesh.creation.box()
    return np.add(box.vertices, [x, 0, 0]), np.array(box.faces)


def test_json(tmp_path: Path) -> None:
    box = trimesh.creation.box((1, 2, 3))
    label = np.array([0] * 5 + [-1] * 3 + [0] * 4)
    settings = {"nan": float("nan"), "path": Path("a"), "array": np.arange(2), "inf": np.float32("inf")}
    segmentation = Segmentation(
        label,
        np.full((12, 2), 0.25),
        np.arange(12) < 6,
        ("leg", "seat"),
        Mesh(box.vertices, box.faces),
        Record("fake", settings),
    )
    text = save_result(segmentation, tmp_path / "a.json").read_text()
    assert "NaN" not in text
    data = json.loads(text)
    assert (data["format"], data["version"], data["element"], data["count"]) == ("meronym.segmentation", 1, "face", 12)
    assert data["labels"] == [[0, 5], [-1, 3], [0, 4]]
    assert data["record"]["settings"] == {"nan": None, "path": "a", "array": [0, 1], "inf": None}
    leg, seat, none = data["parts"]
    assert (leg["prompt"], leg["faces"], leg["mean_score"]) == ("leg", 9, 0.25)
    assert (seat["faces"], seat["share"], seat["mean_score"]) == (0, 0, None)
    assert (none["prompt"], none["mean_score"]) == (None, 0.5)
    share = box.area_faces[label == 0].sum() / box.area
    assert leg["share"] == pytest.approx(share)
    assert leg["share"] + none["share"] == pytest.approx(1)


def test_the_same_answer_gives_the_same_bytes(tmp_path: Path) -> None:
    for ending in (".glb", ".ply", ".obj", ".npz", ".json"):
        files = []
        for k in range(2):
            segmentation = answer(read_mesh(table(tmp_path / "table.glb")))
            files.append(save_result(segmentation, tmp_path / f"out{ending}").read_bytes())
            (tmp_path / f"out{ending}").rename(tmp_path / f"{k}{ending}")
        assert files[0] == files[1], ending


def test_palette() -> None:
    assert palette(0).shape == (0, 3)
    assert palette(3).tolist() == [[230, 159, 0], [86, 180, 233], [0, 158, 115]]
    assert len(np.unique(palette(200), axis=0)) == 200
    np.testing.assert_array_equal(palette(50)[:20], palette(20))
