"""Part names out of glTF files: how they are cleaned, and that nothing of them reaches an item but the prompts."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import trimesh

from meronym.datasets import Dataset, Item
from meronym.datasets.named_gltf import NamedGltf, plain_names
from meronym.errors import InputError


def write(file: Path, names: list[str], materials: list[str] | None = None) -> Path:
    """A row of boxes, the i-th with 12 * 4**i faces so that each part is told by its size."""
    scene = trimesh.Scene()
    for index, name in enumerate(names):
        box = trimesh.creation.box()
        for _ in range(index):
            box = box.subdivide()
        box.apply_translation([2 * index, 0, 0])
        material = trimesh.visual.material.PBRMaterial(name=materials[index] if materials else f"material{index}")
        box.visual = trimesh.visual.TextureVisuals(uv=np.zeros((len(box.vertices), 2)), material=material)
        scene.add_geometry(box, node_name=name, geom_name=f"geometry{index}")
    file.parent.mkdir(parents=True, exist_ok=True)
    scene.export(file)
    return file


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("Wheel", "wheel"),
        ("ArmLeft", "arm"),
        ("leg-right", "leg"),
        ("Grip_L", "grip"),
        ("LOD0_armUpper_L.001", "arm upper"),
        ("bumper_lod0_mesh", "bumper"),
        ("Hose_low", "hose"),
        ("RubberWood_low", "rubber wood"),
        ("2H_Axe", "axe"),
        ("x_button", "button"),
        ("USBPort", "usb port"),
        ("left", "left"),
        ("back", "back"),
        ("seat back", "seat back"),
        ("polySurface6", ""),
        ("Cube.001", ""),
        ("mesh_12", ""),
        ("node0", ""),
        ("", ""),
    ],
)
def test_a_name_becomes_plain_words(name: str, plain: str) -> None:
    assert plain_names([name]) == [plain]


def test_words_of_the_file_name_go_unless_nothing_is_left() -> None:
    assert plain_names(["Knight_Helmet", "Knight"], "Knight") == ["helmet", "knight"]


def test_places_go_only_where_several_parts_share_the_rest() -> None:
    assert plain_names(["wheel-front-left", "wheel-back-left", "body"]) == ["wheel", "wheel", "body"]
    assert plain_names(["seat", "seat_back"]) == ["seat", "seat back"]
    assert plain_names(["front", "back"]) == ["front", "back"]


def test_prompts_and_truth_come_from_the_nodes(tmp_path: Path) -> None:
    write(tmp_path / "toys" / "RedTruck.glb", ["wheel-left", "Body", "wheel-right", "Cube"])
    dataset = NamedGltf(tmp_path)
    assert isinstance(dataset, Dataset)
    (item,) = dataset
    assert (item.id, item.category, item.prompts) == ("toys/RedTruck.glb", "red truck", ("body", "wheel"))
    truth = dataset.truth(item.id)
    assert len(truth) == item.shape.element_count
    assert np.bincount(truth + 1).tolist() == [12 * 64, 12 * 4, 12 + 12 * 16]
    box_of_face = np.rint(item.shape.vertices[item.shape.faces].mean(axis=1)[:, 0] / 2).astype(int)
    np.testing.assert_array_equal(truth, np.array([1, 0, 1, -1])[box_of_face])


def test_materials_name_the_parts_where_nodes_do_not(tmp_path: Path) -> None:
    write(tmp_path / "jar.glb", ["Mesh.001", "Mesh.002"], ["Glass", "metalParts"])
    (item,) = NamedGltf(tmp_path)
    assert item.prompts == ("glass", "metal parts")


def test_files_with_fewer_than_two_names_are_left_out(tmp_path: Path) -> None:
    write(tmp_path / "blob.glb", ["Mesh.001", "polySurface2"])
    with pytest.raises(InputError, match="none of 1 glTF files there has two named parts"):
        NamedGltf(tmp_path)
    write(tmp_path / "cart.glb", ["wheel", "box"])
    write(tmp_path / "dray.glb", ["wheel", "box"])
    assert [item.id for item in NamedGltf(tmp_path)] == ["cart.glb", "dray.glb"]
    assert [item.id for item in NamedGltf(tmp_path, limit=1)] == ["cart.glb"]


def test_items_are_the_same_bytes_whichever_part_has_which_name(tmp_path: Path, digest: Callable[[Item], str]) -> None:
    write(tmp_path / "cart.glb", ["wheel", "body", "handle"])
    before = NamedGltf(tmp_path)
    (seen,), truth = map(digest, before), before.truth("cart.glb")
    write(tmp_path / "cart.glb", ["handle", "wheel", "body"])
    after = NamedGltf(tmp_path)
    assert list(map(digest, after)) == [seen]
    assert not np.array_equal(after.truth("cart.glb"), truth)


def test_an_item_holds_no_way_to_the_labels(tmp_path: Path) -> None:
    write(tmp_path / "cart.glb", ["wheel", "body"])
    (item,) = NamedGltf(tmp_path)
    assert set(vars(item)) == {"id", "category", "content", "prompts", "up"}
    assert item.shape.source is None
    assert item.shape.scene is None
    assert item.shape.face_origin is None


def test_bad_input_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MERONYM_DATA", raising=False)
    with pytest.raises(InputError, match="set MERONYM_DATA"):
        NamedGltf()
    write(tmp_path / "cart.glb", ["wheel", "body"])
    with pytest.raises(InputError, match="no item 'dray'"):
        NamedGltf(tmp_path).truth("dray")
    (tmp_path / "torn.glb").write_bytes((tmp_path / "cart.glb").read_bytes()[:100])
    with pytest.raises(InputError, match=r"torn\.glb"):
        NamedGltf(tmp_path)


def test_the_real_files() -> None:
    data = Path(os.environ.get("MERONYM_DATA", ""))
    if not (data / "gltf_named_parts").is_dir():
        pytest.skip("MERONYM_DATA does not hold gltf_named_parts")
    dataset = NamedGltf(limit=8)
    prompts = {item.id: item.prompts for item in dataset}
    assert {"head", "arm", "leg", "helmet"} <= set(prompts["kaykit/Knight.glb"])
    assert set(dataset.truth("kaykit/Knight.glb")) == set(range(len(prompts["kaykit/Knight.glb"])))
