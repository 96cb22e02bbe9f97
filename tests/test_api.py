"""The public functions: whatever has parts can be given, options that mean nothing are refused, results can be asked again."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import trimesh
from fakes import Asked, Painted, Raising, Sighted, Tinted, changed
from PIL import Image
from stools import painted_stool, seat_and_leg
from tiny_capture import Colours, hasty, write_capture
from trimesh.visual import TextureVisuals
from trimesh.visual.material import PBRMaterial, SimpleMaterial

import meronym
from meronym import api, registry
from meronym.io.shapes.trimesh_objects import shape_of
from meronym.results import PointFeatures

pytestmark = pytest.mark.usefixtures("small_views")


def named(thing: Any, **options: Any) -> meronym.Segmentation:
    return meronym.segment(thing, ["seat", "leg"], teacher=Tinted(), views=2, up="y", **options)


@pytest.fixture
def stool() -> trimesh.Trimesh:
    solid = seat_and_leg(1)
    solid.visual.vertex_colors = np.where(solid.vertices[:, 1:2] < -0.1, [[200, 30, 30, 255]], [[30, 30, 200, 255]])
    return solid


# ------------------------------------------------------------------------------------------------------ what can be given


def test_a_file_a_shape_a_trimesh_and_arrays_give_one_answer(stool: trimesh.Trimesh, tmp_path: Path) -> None:
    """Those with colours the same; those without, too."""
    file = tmp_path / "stool.ply"
    stool.export(file)
    read = meronym.read(file)
    assert isinstance(read, meronym.Mesh)
    label = named(file).label
    assert set(label) == {0, 1}
    for thing in (str(file), read, stool, trimesh.Scene(stool)):
        assert (named(thing).label == label).all()
    bare = meronym.Mesh(np.array(stool.vertices), np.array(stool.faces))
    arrays = (np.asarray(stool.vertices), np.asarray(stool.faces))
    assert (named(bare).label == named(arrays).label).all()


def test_points_are_a_cloud(stool: trimesh.Trimesh) -> None:
    points, _ = trimesh.sample.sample_surface(stool, 300, seed=0)
    result = named(np.asarray(points))
    assert isinstance(result.shape, meronym.PointCloud)
    assert (result.shape.points == points).all()
    assert (named(trimesh.PointCloud(points)).label == result.label).all()
    assert (named(meronym.PointCloud(np.asarray(points))).label == result.label).all()


def test_colours_and_order_of_a_trimesh_are_kept(stool: trimesh.Trimesh) -> None:
    before = stool.copy()
    mesh = shape_of(stool)
    assert isinstance(mesh, meronym.Mesh)
    assert mesh.source is None
    assert (mesh.vertices[mesh.faces] == before.triangles).all()
    assert mesh.corner_colour is not None
    expected = np.asarray(stool.visual.vertex_colors)[stool.faces][..., :3] / 255
    assert np.abs(mesh.corner_colour - expected).max() < 1e-6
    assert (stool.vertices == before.vertices).all()


def test_faces_of_a_scene_come_node_by_node(stool: trimesh.Trimesh) -> None:
    scene = trimesh.Scene()
    scene.add_geometry(stool, node_name="left")
    scene.add_geometry(stool, node_name="right", transform=trimesh.transformations.translation_matrix((3, 0, 0)))
    mesh = shape_of(scene)
    assert isinstance(mesh, meronym.Mesh)
    assert mesh.face_origin is not None
    assert mesh.face_origin.nodes == ("left", "right")
    half = len(stool.faces)
    assert np.allclose(mesh.vertices[mesh.faces[half:]], mesh.vertices[mesh.faces[:half]] + [3, 0, 0])


PICTURE = Image.fromarray(np.random.default_rng(0).integers(0, 255, (8, 8, 3), dtype=np.uint8))


@pytest.mark.parametrize("material", [PBRMaterial(baseColorTexture=PICTURE), SimpleMaterial(image=PICTURE)])
def test_a_texture_of_a_trimesh_is_seen_and_written(material: Any, tmp_path: Path) -> None:
    box = trimesh.creation.box()
    visual = TextureVisuals(np.asarray(box.vertices)[:, :2] + 0.5, material=material)
    result = named(trimesh.Trimesh(box.vertices, box.faces, visual=visual, process=False))
    assert isinstance(result.shape, meronym.Mesh)
    assert result.shape.texture is not None
    assert (result.shape.texture.images[0] == np.asarray(PICTURE)).all()
    written = trimesh.load(result.save(tmp_path / "box.glb"))
    images = [geometry.visual.material.baseColorTexture for geometry in written.geometry.values()]
    assert images
    assert all((np.asarray(image.convert("RGB")) == np.asarray(PICTURE)).all() for image in images)


def test_nodes_and_materials_of_a_glb_that_trimesh_read_are_written_again(tmp_path: Path) -> None:
    """A factor of its material is linear there and in the file."""
    factor = np.array([128, 64, 32, 255], dtype=np.uint8)
    box = trimesh.creation.box()
    box.visual = TextureVisuals(np.zeros((len(box.vertices), 2)), PBRMaterial(baseColorFactor=factor))
    trimesh.Scene({"lid": box}).export(tmp_path / "box.glb")
    loaded = trimesh.load_scene(tmp_path / "box.glb")
    result = named(loaded)
    written = trimesh.load_scene(result.save(tmp_path / "parts.glb"))
    assert "lid" in written.graph.nodes
    assert isinstance(result.shape, meronym.Mesh)
    own = meronym.read(tmp_path / "box.glb")
    assert isinstance(own, meronym.Mesh)
    assert result.shape.corner_colour is not None
    assert own.corner_colour is not None
    assert np.abs(result.shape.corner_colour - own.corner_colour).max() < 1e-6, "as meronym reads it"
    assert {tuple(one.visual.material.baseColorFactor) for one in written.geometry.values()} == {tuple(factor)}


def test_a_folder_of_photos_without_poses_is_explained(tmp_path: Path) -> None:
    with pytest.raises(meronym.InputError, match=r"no poses of photos there .* meronym\.io\.captures\.sfm\.register does"):
        meronym.read(tmp_path)


@pytest.mark.parametrize(
    ("thing", "said"),
    [
        (np.zeros((5, 2)), r"points: expected points as numbers \[n 3\], got float64 \[5, 2\]"),
        (np.full((5, 3), np.nan), "points: point 0 is .*nan.*; 5 points are not finite"),
        (np.zeros((5, 3)), "points: no surface: points: 5, all in one place"),
        ((np.zeros((4, 2)), np.zeros((1, 3), dtype=int)), r"vertices: expected numbers of shape \[n 3\], got float64 \[4, 2\]"),
        ((np.zeros((4, 3)), np.zeros((1, 3))), r"faces: expected integers of shape \[n 3\], got float64 \[1, 3\]"),
        ((np.eye(3), np.array([[0, 1, 7]])), r"Trimesh: face 0 .* refers to vertices \[0, 1, 7\], but there are 3"),
        ((np.full((3, 3), np.inf), np.array([[0, 1, 2]])), "Trimesh: vertex 0 is .*; 3 vertices are not finite"),
        (trimesh.Scene(), "Scene: no faces"),
        (trimesh.Trimesh(), "Trimesh: no faces"),
    ],
)
def test_objects_are_held_to_the_checks_of_files(thing: Any, said: str) -> None:
    with pytest.raises(meronym.InputError, match=said):
        meronym.segment(thing, ["leg"])


# -------------------------------------------------------------------------------------------------------------- options


def test_the_up_axis_reaches_the_record(stool: trimesh.Trimesh) -> None:
    assert meronym.segment(stool, ["leg"], teacher=Tinted(), views=1, up="-z").record.settings["up_axis"] == [0, 0, -1]


@pytest.mark.parametrize("device", ["cuda", "cuda:1"])
def test_a_device_that_is_not_there_is_named(stool: trimesh.Trimesh, device: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(meronym.DeviceError, match=device):
        named(stool, device=device)


@pytest.mark.parametrize("device", ["auto", "cpu", torch.device("cpu")])
def test_the_device_stands_in_the_record(stool: trimesh.Trimesh, device: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert named(stool, device=device).record.settings["device"] == "cpu"


def test_options_that_mean_nothing_for_a_shape_are_refused(stool: trimesh.Trimesh, tmp_path: Path) -> None:
    with pytest.raises(meronym.InputError, match=r"^size, cache: means nothing for a shape. Leave it out."):
        named(stool, size=100, cache=tmp_path)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"category": "kitchen", "up": "y"}, "category, up: "),
        ({"views": 3, "student": "student.safetensors"}, "student, views: "),
    ],
)
def test_options_that_mean_nothing_for_a_capture_are_refused(options: dict[str, Any], said: str, tmp_path: Path) -> None:
    with pytest.raises(meronym.InputError, match=f"^{said}means nothing for a capture. Leave it out."):
        meronym.segment(write_capture(tmp_path / "scene", views=3), **options)


# ------------------------------------------------------------------------------------------------------- captures, query


def test_a_capture_then_other_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = hasty(monkeypatch)
    stages = []
    result = meronym.segment(
        write_capture(tmp_path / "scene"), method="lift", teacher=Colours(), size=24, cache=tmp_path / "kept",
        progress=lambda stage, *_: stages.append(stage),
    )  # fmt: skip
    assert result.prompts == ("blue box", "grey floor", "red box")
    assert {"load", "photos", "reconstruct", "features", "lift", "name"} <= set(stages)
    assert any((tmp_path / "kept").iterdir())
    other = meronym.query(result, ["red one", "blue one"], teacher=Colours())
    assert made == [12], "no training"
    assert isinstance(other.shape, meronym.PointCloud)
    assert other.shape is result.shape
    colour = other.shape.colour
    assert colour is not None
    assert (colour[other.score[:, 0].argmax()].argmax(), colour[other.score[:, 1].argmax()].argmax()) == (0, 2)
    again = meronym.query(other, ["grey one"], teacher=Colours())
    assert again.prompts == ("grey one",)


def kept(record: meronym.Record) -> meronym.Segmentation:
    """Two points with features, red and blue."""
    cloud = meronym.PointCloud(np.array([[0.0, 0, 0], [1, 0, 0]]))
    text = Colours().encode_text(["red", "blue"]).numpy()
    features = PointFeatures(text.astype(np.float32), np.eye(4, dtype=np.float32))
    return meronym.Segmentation(np.zeros(2, int), np.ones((2, 1)), np.ones(2, bool), ("thing",), cloud, record, None, features)


def test_the_teacher_of_a_record_is_a_registered_one(monkeypatch: pytest.MonkeyPatch) -> None:
    result = kept(meronym.Record("lift", {"teacher": "colours"}, teacher={"name": "tiny_capture:Colours"}))
    with pytest.raises(meronym.PluginError, match=r"^the result: names the teacher 'colours', which is not "):
        meronym.query(result, ["blue"])
    monkeypatch.setitem(registry._BUILT_IN["teachers"], "colours", "tiny_capture:Colours")
    answer = meronym.query(result, ["blue", "red"])
    assert answer.label.tolist() == [1, 0]
    assert np.allclose(answer.score[[0, 1], [1, 0]], 1, atol=1e-6)


@pytest.mark.parametrize("name", ["tiny_capture:Colours", "os:system", None, 7, {"name": "clip"}, "fakes:Asked"])
def test_a_record_names_no_code(name: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Asked, "count", 0)
    for record in (meronym.Record("lift", {"teacher": name}), meronym.Record("lift", teacher={"name": name})):
        with pytest.raises(meronym.PluginError, match=r"which is not registered; .*or give it by --teacher"):
            meronym.query(kept(record), ["blue"])
        assert meronym.query(kept(record), ["blue"], teacher="tiny_capture:Colours").prompts == ("blue",)


def test_a_teacher_that_compares_no_pictures_with_words_is_refused() -> None:
    with pytest.raises(meronym.PluginError, match="the teacher cannot compare pictures with words"):
        meronym.query(kept(meronym.Record("lift")), ["blue"], teacher=Sighted())


def test_a_result_without_features_cannot_be_queried(stool: trimesh.Trimesh, tmp_path: Path) -> None:
    cure = r"Segment a shape by the method recognise .*; or photos by a method that keeps features"
    with pytest.raises(meronym.InputError, match=f"the result: keeps nothing to compare other words with. {cure}"):
        meronym.query(named(stool), ["foot"])
    with pytest.raises(meronym.InputError, match=r"there is no result\.npz, so no result\. Give a folder"):
        meronym.query(tmp_path, ["foot"])
    with pytest.raises(meronym.InputError, match=r"prompts\[1\]: 'foot' repeats"):
        meronym.query(named(stool), ["foot", "foot"])


# -------------------------------------------------------------------------------------------------------- load, pretrain


def test_a_saved_result_is_loaded(stool: trimesh.Trimesh, tmp_path: Path) -> None:
    result = named(stool)
    loaded = meronym.load(result.save(tmp_path / "parts.npz"))
    assert loaded.prompts == result.prompts
    assert (loaded.label == result.label).all()


def test_a_folder_makes_a_student_that_names_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "stools"
    folder.mkdir()
    for leg in (0.5, 1.0):
        seat_and_leg(leg).export(folder / f"{leg}.glb")
    stages: list[tuple[Any, ...]] = []
    quick = {"part-distill.points": 200, "part-distill.batch": "100", "part-distill.steps": 1}
    options: dict[str, Any] = {"teacher": Tinted(), "backbone": "geometry", "views": 2, "epochs": 2, "settings": quick}
    student = meronym.pretrain("stools", ["seat", "leg"], progress=lambda *told: stages.append(told), **options)
    assert student == Path("stools_student/student.safetensors")
    assert [told[:4] for told in stages if told[0] == "shapes" and told[1] < 2] == [
        ("shapes", 0, 2, "0.5.glb"), ("shapes", 1, 2, "1.0.glb"),
    ]  # fmt: skip
    assert [told[:3] for told in stages if told[0] == "distil"] == [("distil", 1, 2), ("distil", 2, 2)]
    result = meronym.segment(seat_and_leg(0.8), student=student, up="y")
    assert result.prompts == ("seat", "leg")
    assert (result.record.method, result.record.teacher) == ("student", None)
    dataset = meronym.folder(folder, prompts=["seat", "leg"])
    again = meronym.pretrain(dataset, ["seat", "leg"], tmp_path / "other", **options)
    assert again.read_bytes() == student.read_bytes()
    with pytest.raises(meronym.InputError, match="out: none given"):
        meronym.pretrain(dataset, ["seat", "leg"], **options)


# ------------------------------------------------------------------------------------ other words for a shape, proposals


LEGS = {"leg_front_left", "leg_front_right", "leg_rear_left", "leg_rear_right"}


def test_parts_are_counted_and_named_by_side(tmp_path: Path) -> None:
    parts = meronym.segment(painted_stool(tmp_path / "stool.glb"), ["seat", "leg"], teacher=Painted(), views=4)
    assert [len(parts.instances(name)) for name in parts] == [1, 4]
    assert all(isinstance(leg, meronym.Mesh) and leg.element_count == 12 for leg in parts.instances("leg"))
    assert {one.name for one in parts.named_instances("leg")} == LEGS
    with pytest.raises(meronym.InputError, match="no prompt 'arm'"):
        parts.instances("arm")
    nodes = trimesh.load_scene(parts.save(tmp_path / "parts.glb")).graph.nodes
    assert {"top", "post0", "seat", *LEGS} <= set(nodes)
    leg = json.loads(parts.save(tmp_path / "parts.json").read_text())["parts"][1]
    assert {one["name"] for one in leg["instances"]} == LEGS
    assert sum(one["share"] for one in leg["instances"]) == pytest.approx(leg["share"])


def test_other_words_for_a_shape_are_what_segment_says_of_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From the result in memory or in a folder, the first words being others; and no picture is looked at."""
    file = painted_stool(tmp_path / "stool.glb")
    first = meronym.segment(file, ["handle"], category="stool", teacher=Painted(), views=4)
    direct = meronym.segment(file, ["leg"], category="stool", teacher=Painted(), views=4)
    first.save(tmp_path / "out")
    monkeypatch.setattr(Painted, "embed_views", Raising.__call__)
    for result in (first, tmp_path / "out", tmp_path / "out" / "result.npz", meronym.load(tmp_path / "out")):
        answer = meronym.query(result, ["leg"], teacher=Painted())
        assert (answer.label == direct.label).all()
        np.testing.assert_allclose(answer.score, direct.score, atol=5e-3)
        assert len(answer.instances("leg")) == 4
        assert answer.record.settings["category"] == "stool"
        assert set(answer.record.seconds) == {"load", "query"}
    again = meronym.query(answer, ["seat", "leg"], teacher=Painted())
    assert again.counts() == {"seat": 12, "leg": 48}
    saved = meronym.load(again.save(tmp_path / "again"))
    assert (saved.label == again.label).all()


def test_the_record_says_how_well_words_are_known(tmp_path: Path) -> None:
    parts = meronym.segment(painted_stool(tmp_path / "stool.glb"), ["leg", "book"], teacher=Painted(), views=2)
    assert parts.record.words["leg"] == {"familiarity": 1.0, "nearest": parts.record.words["leg"]["nearest"], "known": True}
    assert parts.record.words["leg"]["nearest"][0] == "leg"
    assert parts.record.words["book"]["known"] is False
    assert parts.counts()["book"] == 0
    assert meronym.load(parts.save(tmp_path / "out")).record == parts.record


def test_other_weights_are_another_space(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parts = meronym.segment(painted_stool(tmp_path / "stool.glb"), ["leg"], teacher=Painted(), views=2)
    with pytest.raises(meronym.PluginError, match=r"the result: names the teacher 'painted', which is not registered"):
        meronym.query(parts, ["seat"])
    with pytest.raises(meronym.PluginError, match="teacher Tinted: embeds no views"):
        meronym.query(parts, ["seat"], teacher=Tinted())
    odd = replace(parts, record=replace(parts.record, options={"balance": "0.5"}))
    with pytest.raises(meronym.InputError, match=r"record\.options\.balance: expected a number, got '0\.5'"):
        meronym.query(odd, ["seat"], teacher=Painted())
    narrow = Painted()
    narrow.vocabulary = changed(narrow.vocabulary, name=narrow.vocabulary.name[:, :5])
    with pytest.raises(meronym.InputError, match="features of width 6, the teacher of 5"):
        meronym.query(parts, ["seat"], teacher=narrow)
    monkeypatch.setattr(Painted, "describe", lambda self: {"name": "painted", "weights": [{"sha256": "1"}]})
    with pytest.raises(meronym.InputError, match="the result: made with other weights of the teacher"):
        meronym.query(parts, ["seat"], teacher=Painted())


def test_a_registered_teacher_is_loaded_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(registry._BUILT_IN["teachers"], "fakes:Painted", "fakes:Painted")
    api._loaded.cache_clear()
    made: list[int] = []
    monkeypatch.setattr(Painted, "__init__", lambda self, plain=Painted.__init__: (made.append(1), plain(self))[1])
    parts = meronym.segment(painted_stool(tmp_path / "stool.glb"), ["leg"], teacher="fakes:Painted", views=2)
    for word in ("seat", "leg"):
        assert meronym.query(parts, [word]).counts()[word] > 0
    assert len(made) == 2, "one for the pictures, one for all other words"


def test_a_proposal_needs_no_words(tmp_path: Path) -> None:
    proposal = meronym.propose(painted_stool(tmp_path / "stool.glb"), teacher=Painted(), views=4)
    assert str(proposal).startswith("looks like: stool (1.00); parts: seat, leg x 4")
    assert [(part.name, part.count) for part in proposal.parts] == [("seat", 1), ("leg", 4)]
    assert sum(part.share for part in proposal.parts) == pytest.approx(1)
    found = proposal.segmentation
    assert found.counts() == {"leg": 48, "seat": 12}
    assert found.record.settings["category"] == "stool"
    assert meronym.query(found, ["seat"], teacher=Painted()).counts() == {"seat": 12}
    bare = meronym.Mesh(found.shape.vertices, found.shape.faces, found.shape.corner_colour)  # type: ignore[union-attr]
    assert meronym.propose(bare, teacher=Painted(), views=2).segmentation.record.settings["up"].startswith("y: guessed")


def test_what_nothing_can_be_proposed_for(tmp_path: Path) -> None:
    with pytest.raises(meronym.PluginError, match=r"teacher Tinted: knows no names by itself\. Use builtin"):
        meronym.propose(painted_stool(tmp_path / "stool.glb"), teacher=Tinted())
    with pytest.raises(meronym.InputError, match="proposals are made for shapes only"):
        meronym.propose(write_capture(tmp_path / "scene", views=3))
