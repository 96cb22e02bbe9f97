"""A glTF document divided into parts: what refers to its meshes and nodes still does so, and nothing is lost silently."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from gltf_files import Document, named, opened, saved, soup, table, table_arrays

from meronym.errors import InputError, LimitError
from meronym.io.limits import Limits
from meronym.io.results import load_result, save_result
from meronym.io.shapes.gltf.document import Gltf
from meronym.io.shapes.gltf.graph import instances
from meronym.io.shapes.read import read_shape
from meronym.io.shapes.write import save_file
from meronym.types import Mesh


def nodes(gltf: Gltf, name: str) -> list[int]:
    return [index for index, node in enumerate(gltf.tree["nodes"]) if node.get("name", "").split("_")[0] == name]


def part_meshes(gltf: Gltf) -> set[int]:
    return {node["mesh"] for node in gltf.tree["nodes"] if "mesh" in node}


# ---------------------------------------------------------------- instancing, names


@pytest.mark.parametrize("needed", [False, True])
def test_copies_of_a_mesh_become_nodes(needed: bool, tmp_path: Path) -> None:
    document = table()
    rotation = np.array([[0, 0, 0, 32767], [0, 23170, 0, 23170], [0, 0, 0, 32767]], "<i2")
    attributes = {
        "TRANSLATION": document.accessor(np.array([[0, 0, 0], [4, 0, 0], [8, 0, 0]], "<f4")),
        "ROTATION": document.accessor(rotation, normalized=True),
        "SCALE": document.accessor(np.array([[1, 1, 1], [1, 1, 1], [0.5, 0.5, 2]], "<f4")),
    }
    document.tree["nodes"][0] |= {
        "translation": [0, 10, 0],
        "extensions": {"EXT_mesh_gpu_instancing": {"attributes": attributes}},
    }
    document.use("EXT_mesh_gpu_instancing")
    if needed:
        document.tree["extensionsRequired"] = ["EXT_mesh_gpu_instancing"]
    mesh = read_shape(document.save(tmp_path / "in.glb"))
    assert isinstance(mesh, Mesh)
    assert mesh.element_count == 180
    points, faces = table_arrays()
    turned = points[:, [2, 1, 0]] * [1, 1, -1] + [4, 10, 0]
    np.testing.assert_allclose(mesh.vertices[mesh.faces[60:120]], turned[faces], atol=1e-3)
    np.testing.assert_allclose(mesh.vertices[mesh.faces[120:]], points[faces] * [0.5, 0.5, 2] + [8, 10, 0], atol=1e-6)
    after = opened(save_file(named(tmp_path / "in.glb", legs=10.8), tmp_path / "parts.glb"))
    assert [node["name"] for node in after.tree["nodes"]][1::2] == ["table/0", "table/1", "table/2"] or len(
        after.tree["nodes"]
    ) > 6
    assert "extensionsRequired" not in after.tree
    assert "EXT_mesh_gpu_instancing" not in after.tree["extensionsUsed"]
    np.testing.assert_allclose(soup(tmp_path / "parts.glb"), soup(tmp_path / "in.glb"), atol=1e-3)


def test_copies_keep_their_features(tmp_path: Path) -> None:
    document = table()
    attributes = {
        "TRANSLATION": document.accessor(np.array([[0, 0, 0], [4, 0, 0]], "<f4")),
        "_FEATURE_ID_0": document.accessor(np.array([5, 7], "<f4")),
    }
    features = {"featureIds": [{"featureCount": 8, "attribute": 0}, {"featureCount": 2}]}
    extensions = {"EXT_mesh_gpu_instancing": {"attributes": attributes}, "EXT_instance_features": features}
    document.tree["nodes"][0]["extensions"] = extensions
    after = saved(document, tmp_path)
    found = set()
    for name in ("table/0", "table/1"):
        below = next(node for node in after.tree["nodes"] if node["name"] == name)["children"]
        for child in (after.tree["nodes"][index] for index in below):
            held = child["extensions"]["EXT_mesh_gpu_instancing"]["attributes"]
            numbers = [one["attribute"] for one in child["extensions"]["EXT_instance_features"]["featureIds"]]
            found.add((name, *(after.rows(held[f"_FEATURE_ID_{number}"]).item() for number in numbers)))
    assert found == {("table/0", 5, 0), ("table/1", 7, 1)}
    again = opened(save_file(named(tmp_path / "parts.glb"), tmp_path / "again.glb"))
    assert len(part_meshes(again)) == len(part_meshes(after))
    np.testing.assert_allclose(soup(tmp_path / "again.glb"), soup(tmp_path / "in.glb"), atol=1e-3)


def test_too_many_copies_are_refused(tmp_path: Path) -> None:
    document = table()
    places = document.accessor(np.zeros((9, 3), "<f4"))
    document.tree["nodes"][0]["extensions"] = {"EXT_mesh_gpu_instancing": {"attributes": {"TRANSLATION": places}}}
    with pytest.raises(LimitError, match=r"9 copies of a mesh.*Limits\.nodes"):
        read_shape(document.save(tmp_path / "in.glb"), limits=Limits(nodes=8))
    document.tree["nodes"][0]["extensions"]["EXT_mesh_gpu_instancing"]["attributes"]["SCALE"] = document.primitive["indices"]
    with pytest.raises(InputError, match=r"EXT_mesh_gpu_instancing: attributes of \[9, 180\] rows"):
        read_shape(document.save(tmp_path / "in.glb"))


@pytest.mark.parametrize(
    "names", [("a", "a/0"), ("a", "a"), ("", ""), ("a/0", "a/1"), ("world", "leg_1"), ("a", "a/0.1"), (None, 3)]
)
def test_names_are_no_keys(names: tuple[Any, Any], tmp_path: Path) -> None:
    document, (points, faces) = table(), table_arrays()
    first = document.tree["meshes"][0]["primitives"]
    first.append({**first[0], "attributes": {"POSITION": document.accessor(points + np.float32(5))}})
    second = document.mesh(points - np.array([5, 0, 0], "<f4"), faces)
    document.tree["nodes"][0]["name"] = names[0]
    document.node(mesh=second, name=names[1])
    document.node(mesh=second, name="a/1", translation=[0, 0, 9])
    path = document.save(tmp_path / "in.glb")
    mesh = read_shape(path)
    assert isinstance(mesh, Mesh)
    assert mesh.scene is not None
    assert mesh.face_origin is not None
    assert len(set(mesh.face_origin.nodes)) == 4
    assert set(mesh.face_origin.nodes) == set(mesh.scene.graph.nodes_geometry)
    after = opened(save_file(named(path), tmp_path / "parts.glb"))
    np.testing.assert_allclose(soup(tmp_path / "parts.glb"), soup(path), atol=1e-4)
    made = [node["name"] for node in after.tree["nodes"][3:]]
    assert len(set(made)) == len(made)
    loaded = load_result(save_result(named(path), tmp_path / "kept.npz"))
    assert save_file(loaded, tmp_path / "loaded.glb").read_bytes() == (tmp_path / "parts.glb").read_bytes()


def test_a_deep_chain_of_nodes(tmp_path: Path) -> None:
    document = table()
    document.tree["nodes"] = [{"children": [k + 1], "translation": [1, 0, 0]} for k in range(1500)] + [{"mesh": 0}]
    after = saved(document, tmp_path)
    np.testing.assert_allclose(soup(tmp_path / "parts.glb"), soup(tmp_path / "in.glb"), atol=1e-3)
    assert len(instances(after)) == len(part_meshes(after))
    with pytest.raises(LimitError, match=r"more than 1500 .*Limits\.nodes"):
        read_shape(tmp_path / "in.glb", limits=Limits(nodes=1500))


# ---------------------------------------------------------------- who refers to meshes and nodes


def with_target() -> Document:
    """Two nodes, "Face" and "Body", that show one mesh with a morph target."""
    document, (points, _) = table(), table_arrays()
    document.primitive["targets"] = [{"POSITION": document.accessor(points * np.float32(0.1))}]
    document.tree["nodes"][0]["name"] = "Face"
    document.node(name="Body", mesh=0, translation=[5, 0, 0])
    return document


def test_vrm_0_names_all_new_meshes(tmp_path: Path) -> None:
    document, (points, faces) = with_target(), table_arrays()
    document.tree["nodes"].append({"name": "hidden", "mesh": document.mesh(points, faces)})
    groups = [
        {"name": "A", "binds": [{"mesh": 0, "index": 0, "weight": 100}, {"mesh": 1, "index": 0, "weight": 50}]},
        {"name": "B"},
    ]
    annotations = [{"mesh": 0, "firstPersonFlag": "Auto"}]
    avatar = {
        "blendShapeMaster": {"blendShapeGroups": groups},
        "firstPerson": {"firstPersonBone": 1, "meshAnnotations": annotations},
    }
    document.use("VRM", {**avatar, "humanoid": {"humanBones": [{"bone": "hips", "node": 1}]}})
    after = saved(document, tmp_path, ".vrm")
    avatar = after.tree["extensions"]["VRM"]
    hidden = after.tree["nodes"][2]["mesh"]
    shown = sorted(part_meshes(after) - {hidden})
    binds = avatar["blendShapeMaster"]["blendShapeGroups"][0]["binds"]
    assert len(shown) > 1
    assert sorted(bind["mesh"] for bind in binds if bind["weight"] == 100) == shown
    assert [bind["mesh"] for bind in binds if bind["weight"] == 50] == [hidden]
    assert sorted(one["mesh"] for one in avatar["firstPerson"]["meshAnnotations"]) == shown
    assert avatar["humanoid"] == {"humanBones": [{"bone": "hips", "node": 1}]}
    for mesh in shown:
        assert all(len(primitive["targets"]) == 1 for primitive in after.tree["meshes"][mesh]["primitives"])


def test_vrm_1_names_all_new_nodes(tmp_path: Path) -> None:
    document = with_target()
    bind = {"node": 0, "index": 0, "weight": 1.0}
    expressions = {"preset": {"aa": {"morphTargetBinds": [bind]}}, "custom": {"x": {"morphTargetBinds": [{**bind, "node": 1}]}}}
    document.use("VRMC_vrm", {"expressions": expressions, "firstPerson": {"meshAnnotations": [{"node": 0, "type": "auto"}]}})
    document.use("VRMC_springBone", {"springs": [{"joints": [{"node": 1}]}]})
    after = saved(document, tmp_path, ".vrm")
    face, body = (after.tree["nodes"][index]["children"] for index in (0, 1))
    avatar = after.tree["extensions"]["VRMC_vrm"]
    assert [one["node"] for one in avatar["expressions"]["preset"]["aa"]["morphTargetBinds"]] == face
    assert [one["node"] for one in avatar["expressions"]["custom"]["x"]["morphTargetBinds"]] == body
    assert [one["node"] for one in avatar["firstPerson"]["meshAnnotations"]] == face
    assert after.tree["extensions"]["VRMC_springBone"] == {"springs": [{"joints": [{"node": 1}]}]}
    again = save_file(named(tmp_path / "in.vrm"), tmp_path / "parts.vrm")
    assert again.read_bytes() == (tmp_path / "parts.glb").read_bytes()


def test_pointers_of_animations(tmp_path: Path) -> None:
    document = with_target()
    document.tree["meshes"].insert(0, {"primitives": document.tree["meshes"][0]["primitives"]})
    for node in document.tree["nodes"]:
        node["mesh"] = 1
    document.tree["materials"] = [{}]
    sampler = {"input": document.accessor(np.array([0, 1], "<f4")), "output": document.accessor(np.array([0, 1], "<f4"))}
    pointers = ["/meshes/1/weights/0", "/nodes/1/weights", "/nodes/1/translation", "/materials/0/emissiveFactor"]
    targets = [{"path": "pointer", "extensions": {"KHR_animation_pointer": {"pointer": pointer}}} for pointer in pointers]
    channels = [{"sampler": 0, "target": target} for target in [*targets, {"node": 0, "path": "weights"}]]
    document.tree["animations"] = [{"samplers": [sampler], "channels": channels}]
    after = saved(document, tmp_path)
    found = [channel["target"] for channel in after.tree["animations"][0]["channels"]]
    pointing = [target["extensions"]["KHR_animation_pointer"]["pointer"] for target in found if target["path"] == "pointer"]
    face, body = (after.tree["nodes"][index]["children"] for index in (0, 1))
    wanted = [f"/meshes/{mesh}/weights/0" for mesh in sorted(part_meshes(after))] + [f"/nodes/{node}/weights" for node in body]
    assert sorted(pointing) == sorted([*wanted, *pointers[2:]])
    assert [target["node"] for target in found if target["path"] == "weights"] == face


def test_what_needs_a_whole_mesh_keeps_it(tmp_path: Path) -> None:
    document = table()
    document.use("OMI_physics_shape", {"shapes": [{"type": "convex", "convex": {"mesh": 0}}]})
    after = saved(document, tmp_path)
    collider = after.tree["extensions"]["OMI_physics_shape"]["shapes"][0]["convex"]["mesh"]
    assert collider not in part_meshes(after)
    assert after.count(after.tree["meshes"][collider]["primitives"][0]["indices"]) == 180


def test_unknown_extensions_are_kept_or_named(tmp_path: Path) -> None:
    document = table()
    document.use("FOO_sounds", {"clips": [{"bufferView": document.view(b"la la la")}]})
    document.use("FOO_things", {"accessor": 0})
    document.use("FOO_words", {"words": ["a", 0.5, True]})
    document.use("FOO_outline")
    document.primitive["extensions"] = {
        "FOO_outline": {"indices": 1},
        "KHR_materials_variants": {"mappings": [{"material": 0}]},
    }
    after = saved(document, tmp_path)
    report = read_shape(tmp_path / "in.glb").report
    assert [line.split()[0] for line in report] == ["FOO_sounds", "FOO_things", "FOO_outline"]
    assert "as it is" in list(report)[1]
    assert "not written" in list(report)[2]
    assert bytes(after.view(after.tree["extensions"]["FOO_sounds"]["clips"][0]["bufferView"])) == b"la la la"
    for mesh in after.tree["meshes"]:
        assert list(mesh["primitives"][0]["extensions"]) == ["KHR_materials_variants", "EXT_mesh_features"]
    assert "FOO_outline" not in after.tree["extensionsUsed"]
    assert "FOO_things" in after.tree["extensionsUsed"]


# ---------------------------------------------------------------- morph targets


@pytest.mark.parametrize("based", [False, True])
def test_sparse_morph_targets_stay_sparse(based: bool, tmp_path: Path) -> None:
    document, (points, _) = table(), table_arrays()
    moved = np.array([3, 12, 39])
    offset = np.zeros_like(points)
    offset[moved] = np.arange(1, 10, dtype="<f4").reshape(3, 3)
    where, values = document.view(moved.astype("<u2").tobytes()), document.view(offset[moved].tobytes())
    indices = {"bufferView": where, "componentType": 5123}
    sparse = {"count": 3, "indices": indices, "values": {"bufferView": values}}
    base = {"bufferView": document.view(bytes(480))} if based else {}
    document.tree["accessors"].append({**base, "componentType": 5126, "type": "VEC3", "count": 40, "sparse": sparse})
    document.tree["accessors"].append({"componentType": 5126, "type": "VEC3", "count": 40, "min": [0] * 3, "max": [0] * 3})
    count = len(document.tree["accessors"])
    document.primitive["targets"] = [{"POSITION": count - 2}, {"POSITION": count - 1}]
    after = saved(document, tmp_path)
    found = {}
    for mesh in after.tree["meshes"]:
        primitive = mesh["primitives"][0]
        first, second = (target["POSITION"] for target in primitive["targets"])
        assert "bufferView" not in after.tree["accessors"][first]
        assert not after.rows(second).any()
        for place, by in zip(after.rows(primitive["attributes"]["POSITION"]), after.rows(first), strict=True):
            found[tuple(place.tolist())] = by.tolist()
    assert found == {tuple(place.tolist()): by.tolist() for place, by in zip(points, offset, strict=True)}


def test_schemas_beside_the_file_come_along(tmp_path: Path) -> None:
    document = table()
    classes = {"wood": {"properties": {"age": {"type": "SCALAR", "componentType": "UINT8"}}}}
    (tmp_path / "schema.json").write_text(json.dumps({"id": "s", "classes": classes}))
    tables = [{"class": "wood", "count": 1, "properties": {"age": {"values": document.view(b"\x07")}}}]
    document.use("EXT_structural_metadata", {"schemaUri": "schema.json", "propertyTables": tables})
    held = saved(document, tmp_path).tree["extensions"]["EXT_structural_metadata"]
    assert "schemaUri" not in held
    assert set(held["schema"]["classes"]) == {"wood", "meronym_part"}
    document.tree["extensions"]["EXT_structural_metadata"]["schemaUri"] = "https://example.org/schema.json"
    held = saved(document, tmp_path).tree["extensions"]["EXT_structural_metadata"]
    assert len(held["propertyTables"]) == 1
