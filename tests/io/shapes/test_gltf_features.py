"""Parts as features: every vertex says which prompt names it, beside whatever features a file has already."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from gltf_files import Document, named, opened, saved, table

from meronym.io.shapes.gltf.document import Gltf
from meronym.io.shapes.write import save_file
from meronym.results import Record, Segmentation
from meronym.types import PointCloud


def texts(gltf: Gltf, stored: dict[str, Any], dtype: str = "<u4") -> list[str]:
    ends = np.frombuffer(gltf.view(stored["stringOffsets"]), dtype).tolist()
    content = bytes(gltf.view(stored["values"]))
    return [content[start:end].decode() for start, end in pairwise(ends)]


def prompts_by_features(gltf: Gltf) -> list[tuple[str | None, str | None]]:
    """For each mesh: the name that its features give, and the one that its extras give."""
    tables, found = gltf.tree["extensions"]["EXT_structural_metadata"]["propertyTables"], []
    for mesh in gltf.tree["meshes"]:
        for primitive in mesh["primitives"]:
            own = next(
                one for one in primitive["extensions"]["EXT_mesh_features"]["featureIds"] if one.get("label") == "meronym_part"
            )
            identity = set(gltf.rows(primitive["attributes"][f"_FEATURE_ID_{own['attribute']}"])[:, 0].tolist())
            assert len(identity) == 1
            row = identity.pop()
            names = texts(gltf, tables[own["propertyTable"]]["properties"]["name"])
            assert own["featureCount"] == len(names)
            found.append((None if row == own["nullFeatureId"] else names[row], mesh["extras"]["meronym"]["prompt"]))
    return found


def test_features_name_the_parts(tmp_path: Path) -> None:
    result = named(table().save(tmp_path / "in.glb"))
    result.label[:7] = -1
    gltf = opened(save_file(result, tmp_path / "parts.glb"))
    found = prompts_by_features(gltf)
    assert set(found) == {("top", "top"), ("leg", "leg"), (None, None)}
    assert {"EXT_mesh_features", "EXT_structural_metadata"} <= set(gltf.tree["extensionsUsed"])
    assert all(view["byteOffset"] % 8 == 0 for view in gltf.tree["bufferViews"])


def test_many_prompts_and_points(tmp_path: Path) -> None:
    prompts = tuple(f"Teil ä{k}" for k in range(300))
    cloud = PointCloud(np.random.default_rng(0).random((300, 3)))
    label = np.arange(300)
    result = Segmentation(label, np.full((300, 300), 1 / 300), np.ones(300, bool), prompts, cloud, Record("fake"))
    gltf = opened(save_file(result, tmp_path / "parts.glb"))
    for mesh in gltf.tree["meshes"]:
        mesh["extras"] = {"meronym": {"prompt": mesh["name"]}}
    assert sorted(prompts_by_features(gltf)) == sorted((name, name) for name in prompts)


def with_features() -> Document:
    """A table whose vertices 0..39 are features, with two tables of their properties."""
    document = table()
    numbers = {"values": document.view(np.arange(40, dtype="<u4").tobytes())}
    words = [f"v{k}" for k in range(40)]
    ends = np.cumsum([0, *map(len, words)]).astype("<u2")
    names = {"values": document.view("".join(words).encode()), "stringOffsets": document.view(ends.tobytes())}
    names |= {"arrayOffsets": document.view(np.arange(41, dtype="<u4").tobytes()), "stringOffsetType": "UINT16"}
    tables = [{"class": "a", "count": 40, "properties": {"number": numbers, "values": names}}]
    document.use("EXT_structural_metadata", {"schema": {"id": "s", "classes": {"a": {}}}, "propertyTables": tables})
    document.use("EXT_mesh_features")
    document.primitive["extensions"] = {"EXT_mesh_features": {"featureIds": [{"featureCount": 40, "propertyTable": 0}]}}
    return document


def test_features_of_the_file_stay(tmp_path: Path) -> None:
    document = with_features()
    after = saved(document, tmp_path)
    held = after.tree["extensions"]["EXT_structural_metadata"]
    stored = held["propertyTables"][0]["properties"]
    assert np.frombuffer(after.view(stored["number"]["values"]), "<u4").tolist() == list(range(40))
    assert texts(after, stored["values"], "<u2") == [f"v{k}" for k in range(40)]
    assert np.frombuffer(after.view(stored["values"]["arrayOffsets"]), "<u4").tolist() == list(range(41))
    assert set(prompts_by_features(after)) == {("top", "top"), ("leg", "leg")}
    before = opened(tmp_path / "in.glb").rows(0)
    for mesh in after.tree["meshes"]:
        attributes = mesh["primitives"][0]["attributes"]
        identity = after.rows(attributes["_FEATURE_ID_0"])[:, 0]
        assert len(set(identity.tolist())) == len(identity)
        np.testing.assert_array_equal(after.rows(attributes["POSITION"]), before[identity])


def test_a_result_of_a_result_has_one_set(tmp_path: Path) -> None:
    saved(with_features(), tmp_path)
    again = opened(save_file(named(tmp_path / "parts.glb"), tmp_path / "again.glb"))
    assert len(again.tree["extensions"]["EXT_structural_metadata"]["propertyTables"]) == 2
    assert set(prompts_by_features(again)) == {("top", "top"), ("leg", "leg")}
    names = {tuple(mesh["primitives"][0]["attributes"]) for mesh in again.tree["meshes"]}
    assert names == {("POSITION", "_FEATURE_ID_0", "_FEATURE_ID_1")}
