"""Saving and loading: the same object comes back, the same run gives the same bytes, and nothing is believed of a file."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import trimesh
from fake_scene import PROMPTS, fake_scene
from hypothesis import given, settings
from hypothesis import strategies as st

from meronym.core.hashing import sha256_of
from meronym.errors import Error, InputError, LimitError
from meronym.io.archive import ARCHIVE_LIMITS
from meronym.io.results import load_result
from meronym.io.shapes.read import read_shape
from meronym.results import PointFeatures, Record, Segmentation
from meronym.types import Mesh, Opacity, PartTree, PointCloud, Shape, Textures

RECORD = Record("lift", {"seed": 3, "up_axis": [0.0, 0.0, 1.0]}, {"balance": 0.5}, {"name": "fake"}, seconds={"lift": 1.5})


def equal(a: Any, b: Any) -> None:
    """Assert that two values are equal: arrays by value, dataclasses field by field."""
    if isinstance(a, np.ndarray):
        np.testing.assert_array_equal(a, b)
    elif isinstance(a, tuple) and any(isinstance(item, np.ndarray) for item in a):
        assert len(a) == len(b)
        for x, y in zip(a, b, strict=True):
            equal(x, y)
    elif hasattr(a, "__dataclass_fields__") and not isinstance(a, Record):
        assert type(a) is type(b)
        for name in a.__dataclass_fields__:
            if name != "scene":
                equal(getattr(a, name), getattr(b, name))
    else:
        assert a == b


def labelled(shape: Shape, rng: np.random.Generator, prompts: tuple[str, ...] = ("leg", "كرسي"), **more: Any) -> Segmentation:
    n, p = shape.element_count, len(prompts)
    score = (rng.random((n, p)) / p).astype(rng.choice([np.float16, np.float32, np.float64]))
    return Segmentation(rng.integers(-1, p, n), score, rng.random(n) < 0.7, prompts, shape, RECORD, **more)


def some_mesh(rng: np.random.Generator, faces: int, colour: bool, images: int) -> Mesh:
    texture = None
    if images:
        pictures = tuple(rng.integers(0, 256, (k + 1, 3, 3 + k % 2), dtype=np.uint8) for k in range(images))
        texture = Textures(pictures, rng.integers(-1, images, faces), rng.random((faces, 3, 2)).astype(np.float32))
    corner = rng.random((faces, 3, 3)).astype(np.float32) if colour else None
    mesh = Mesh(rng.normal(size=(faces + 2, 3)), rng.integers(0, faces + 2, (faces, 3)), corner, texture, report={"odd": 2})
    if images < 2:
        return mesh
    return replace(mesh, opacity=Opacity(rng.choice([0, 0.5], faces), rng.random((faces, 3))))


def some_tree(rng: np.random.Generator, count: int) -> PartTree:
    """A tree of a few segments, joined one after another."""
    leaves = int(rng.integers(1, 5))
    parent = np.array([*(max(leaves, leaves + k - 1) for k in range(leaves)), *range(leaves + 1, 2 * leaves - 1), -1])
    parent = parent if leaves > 1 else np.array([-1])
    features = rng.normal(size=(leaves, 5)).astype(np.float16)
    return PartTree(
        rng.integers(0, leaves, count), parent, features, rng.random(leaves), rng.random(len(parent)), bool(rng.random() < 0.5)
    )


def some_cloud(rng: np.random.Generator, points: int, colour: bool, normal: bool) -> PointCloud:
    first, second = (rng.random((points, 3)).astype(np.float32) if wanted else None for wanted in (colour, normal))
    return PointCloud(rng.normal(size=(points, 3)), first, second)


@given(
    seed=st.integers(0, 10_000),
    count=st.integers(0, 30),
    first=st.booleans(),
    second=st.integers(0, 2),
    mesh=st.booleans(),
    featured=st.booleans(),
    folder=st.booleans(),
    prompts=st.lists(st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1), max_size=4, unique=True),
)
@settings(max_examples=40, deadline=None)
def test_a_shape_comes_back(
    seed: int,
    count: int,
    first: bool,
    second: int,
    mesh: bool,
    featured: bool,
    folder: bool,
    prompts: list[str],
    tmp_path_factory: Any,
) -> None:
    rng, place = np.random.default_rng(seed), tmp_path_factory.mktemp("saved")
    count = max(count, 1) if mesh and folder else count  # a glTF file without triangles is not written
    shape = some_mesh(rng, count, first, second) if mesh else some_cloud(rng, count, first, second > 0)
    features = PointFeatures(rng.normal(size=(count, 2)).astype(np.float16), rng.normal(size=(2, 5))) if featured else None
    tree = some_tree(rng, count) if rng.random() < 0.5 else None
    result = labelled(shape, rng, tuple(prompts), features=features, tree=tree)
    back = load_result(result.save(place / ("parts" if folder else "parts.npz")))
    equal(result if folder else replace(result, record=replace(RECORD, seconds={})), back)
    assert (place / "parts" / "parts.glb").exists() == (folder and mesh)
    again = back.save(place / "again.npz")
    assert again.read_bytes() == result.save(place / "first.npz").read_bytes()


@pytest.mark.parametrize("name", ["scene", "scene.npz"])
def test_a_capture_comes_back(name: str, tmp_path: Path) -> None:
    result = fake_scene(views=3, height=30, width=40)
    assert result.views is not None
    result = replace(result, record=replace(result.record, seconds={"lift": 2.0} if name == "scene" else {}))
    back = load_result(result.save(tmp_path / name))
    assert back.views is not None
    for field in ("colour", "rendered"):
        np.testing.assert_allclose(getattr(back.views, field), getattr(result.views, field), atol=0.501 / 255)
    assert result.features is not None
    basis = result.features.basis.astype(np.float32 if name == "scene" else np.float64)
    views = replace(result.views, colour=back.views.colour, rendered=back.views.rendered)
    equal(replace(result, views=views, features=replace(result.features, basis=basis)), back)
    first, second = (each.save(tmp_path / place) for each, place in ((back, "a"), (load_result(tmp_path / name), "b")))
    for file in ("result.npz", "points.ply", "scene.json", "features.safetensors", "contact_sheet.png"):
        assert (first / file).read_bytes() == (second / file).read_bytes()


def test_what_a_word_names_nowhere_costs_nothing(tmp_path: Path) -> None:
    """Scores that are all zero pack better than a bomb may; they are read all the same."""
    cloud = PointCloud(np.random.default_rng(0).normal(size=(20_000, 3)))
    prompts = tuple(f"word {k}" for k in range(300))
    result = Segmentation(
        np.full(20_000, -1), np.zeros((20_000, 300), np.float32), np.ones(20_000, bool), prompts, cloud, RECORD
    )
    file = result.save(tmp_path / "a.npz")
    assert file.stat().st_size < 1_000_000
    np.testing.assert_array_equal(load_result(file).score, result.score)


# ---------------------------------------------------------------- the source


def chair(path: Path) -> Path:
    scene = trimesh.Scene()
    scene.add_geometry(trimesh.creation.box(), node_name="seat", geom_name="seat")
    scene.add_geometry(trimesh.creation.box((0.1, 0.1, 1)), node_name="post", geom_name="post", parent_node_name="seat")
    path.write_bytes(scene.export(file_type="glb"))
    return path


def of_file(path: Path, sha256: str | None) -> Segmentation:
    result = labelled(read_shape(path), np.random.default_rng(0))
    return replace(result, record=replace(RECORD, input={"source": path.name, **({"sha256": sha256} if sha256 else {})}))


def nodes(path: Path) -> set[str]:
    return set(trimesh.load_scene(path).graph.nodes)


def test_a_loaded_mesh_has_its_hierarchy_as_long_as_its_file_is_unchanged(tmp_path: Path) -> None:
    source = chair(tmp_path / "chair.glb")
    result = of_file(source, sha256_of(source))
    result.save(tmp_path / "out")
    expected = (tmp_path / "out" / "parts.glb").read_bytes()
    back = load_result(tmp_path / "out")
    assert isinstance(back.shape, Mesh)
    assert back.shape.source == source.resolve()
    assert back.save(tmp_path / "again.glb").read_bytes() == expected
    assert {"seat", "post"} <= nodes(tmp_path / "again.glb")

    (tmp_path / "deeper").mkdir()
    (tmp_path / "out").rename(tmp_path / "deeper" / "out")
    assert "seat" not in nodes(load_result(tmp_path / "deeper" / "out").save(tmp_path / "away.glb")), (
        "it isn't beside its source"
    )
    source.rename(tmp_path / "deeper" / "chair.glb")
    assert load_result(tmp_path / "deeper" / "out").save(tmp_path / "moved.glb").read_bytes() == expected, "both were moved"

    (tmp_path / "deeper" / "chair.glb").write_bytes(source.name.encode())
    plain = load_result(tmp_path / "deeper" / "out").save(tmp_path / "plain.glb")
    assert "seat" not in nodes(plain), "it is another file now"
    assert sum(len(each.faces) for each in trimesh.load_scene(plain).geometry.values()) == 24


@pytest.mark.parametrize("sha256", [None, "0" * 64])
def test_without_a_hash_that_fits_the_source_is_not_read(sha256: str | None, tmp_path: Path) -> None:
    of_file(chair(tmp_path / "chair.glb"), sha256).save(tmp_path / "a.npz")
    assert "seat" not in nodes(load_result(tmp_path / "a.npz").save(tmp_path / "a.glb"))


@pytest.mark.parametrize(
    "source", ["/etc/passwd", "//host/share/chair.glb", "\\\\host\\share", "C:/a.glb", "file://a", "a\0b", "", 7, None]
)
def test_sources_that_are_not_taken(source: object, tmp_path: Path) -> None:
    file = tampered(tmp_path, lambda arrays: about(arrays, source=source))
    assert load_result(file).shape.source is None


def test_a_source_that_does_not_fit_its_result(tmp_path: Path) -> None:
    source = chair(tmp_path / "chair.glb")
    result = of_file(source, sha256_of(source))

    def beyond(arrays: dict[str, Any]) -> None:
        arrays["face_in_node"] = arrays["face_in_node"] + 99

    for change in (beyond, lambda arrays: about(arrays, nodes=["seat", "nobody"])):
        with pytest.raises(InputError, match="faces and its file do not fit together"):
            load_result(tampered(tmp_path, change, result)).save(tmp_path / "a.glb")


# ---------------------------------------------------------------- the same run, the same bytes


def test_seconds_change_no_bytes(tmp_path: Path) -> None:
    for shape in (some_mesh(np.random.default_rng(0), 20, True, 1), some_cloud(np.random.default_rng(0), 20, True, True)):
        result = labelled(shape, np.random.default_rng(1))
        files = {ending: result.save(tmp_path / f"a.{ending}").read_bytes() for ending in ("glb", "ply", "npz", "json")}
        slower = replace(result, record=replace(RECORD, seconds={"lift": 99.0, "render": 1.0}))
        for ending, content in files.items():
            assert (slower.save(tmp_path / f"b.{ending}").read_bytes() == content) == (ending != "json"), ending


def test_seconds_of_a_capture_stand_in_its_json_only(tmp_path: Path) -> None:
    result = fake_scene(views=2, height=20, width=30)
    slower = replace(result, record=replace(result.record, seconds={"lift": 99.0}))
    folders = [each.save(tmp_path / name) for name, each in (("a", result), ("b", slower))]
    first, second = (
        {str(file.relative_to(folder)): file for file in folder.rglob("*") if file.is_file()} for folder in folders
    )
    assert first.keys() == second.keys()
    assert {name for name in first if first[name].read_bytes() != second[name].read_bytes()} == {"scene.json"}


# ---------------------------------------------------------------- folders


def test_a_folder_takes_the_place_of_an_earlier_one(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    labelled(some_mesh(rng, 5, False, 0), rng).save(tmp_path / "out")
    (tmp_path / "out" / "mine.txt").write_text("mine")
    cloud = labelled(some_cloud(rng, 5, False, False), rng)
    cloud.save(tmp_path / "out")
    assert {file.name for file in (tmp_path / "out").iterdir()} == {"mine.txt", "parts.json", "parts.ply", "result.npz"}
    assert isinstance(load_result(tmp_path / "out").shape, PointCloud)
    (tmp_path / "dotted.glb").mkdir()
    assert load_result(cloud.save(tmp_path / "dotted.glb")).shape.element_count == 5


def test_a_folder_that_holds_the_input(tmp_path: Path) -> None:
    source = tmp_path / "parts.glb"
    result = of_file(chair(source), None)
    with pytest.raises(InputError, match=r"parts\.glb: the output would overwrite the input"):
        result.save(tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["parts.glb"]


# ---------------------------------------------------------------- files that are no results


def tampered(tmp_path: Path, change: Callable[[dict[str, Any]], None], result: Segmentation | None = None) -> Path:
    rng = np.random.default_rng(0)
    file = (result or labelled(some_mesh(rng, 6, True, 1), rng)).save(tmp_path / "tampered.npz")
    with np.load(file) as stored:
        arrays = dict(stored)
    change(arrays)
    np.savez_compressed(file, **arrays)
    return file


def about(arrays: dict[str, Any], **values: object) -> None:
    arrays["about"] = np.array(json.dumps({**json.loads(str(arrays["about"])), **values}))


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("format", np.array("other"), r"not a meronym\.segmentation file of version 1"),
        ("version", np.array(2), "of version 1"),
        ("version", np.array([1, 1]), "of version 1"),
        ("prompts", np.array([1, 2]), "prompts: expected kind U"),
        ("label", np.full(6, 2), r"label: expected -1\.\.1, found 2\.\.2"),
        ("label", np.zeros((6, 1), int), r"label: expected kind i \['any'\], found int64 \[6, 1\]"),
        ("score", np.zeros((6, 3)), r"score: expected kind f \[6, 2\]"),
        ("score", np.full((6, 2), 2.0), r"Segmentation\.score: expected finite values in 0\.\.1"),
        ("score", np.full((6, 2), np.nan), "score: expected finite values"),
        ("seen", np.ones(6), "seen: expected kind b"),
        ("vertices", np.full((8, 3), np.inf), "vertices: expected finite"),
        ("faces", np.full((6, 3), 8), r"faces: expected 0\.\.7, found 8\.\.8"),
        ("faces", np.full((6, 3), -1), r"faces: expected 0\.\.7"),
        ("corner_colour", np.zeros((6, 3)), "corner_colour: expected kind f"),
        ("image_of_face", np.full(6, 1), r"image_of_face: expected -1\.\.0"),
        ("image_0", np.zeros((2, 2, 5), np.uint8), r"image_0: expected kind u \['any', 'any', 3\]"),
        ("uv", np.zeros((6, 2)), "uv: expected kind f"),
        ("about", np.array("[]"), "about: expected an object"),
        ("about", np.array("{"), "about: damaged"),
        ("about", np.array("[" * 100_000), "about: damaged"),
        ("about", np.array('{"report": {"x": "y"}}'), r"about\.report: expected whole numbers"),
        ("record", np.array("{}"), r"tampered\.npz: record\.method: expected text, got None"),
        ("record", np.array('{"method": "lift", "settings": 3}'), r"record\.settings: expected dict, got 3"),
        ("record", np.array('{"method": "lift", "psnr": {"a": "b"}}'), r"record\.psnr\.a: expected float"),
    ],
)
def test_archives_that_do_not_fit(name: str, value: np.ndarray, message: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=message):
        load_result(tampered(tmp_path, lambda arrays: arrays.update({name: value})))


@pytest.mark.parametrize(
    "name", ["label", "score", "seen", "prompts", "record", "about", "vertices", "faces", "image_0", "format"]
)
def test_archives_that_lack_something(name: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"tampered\.npz: "):
        load_result(tampered(tmp_path, lambda arrays: arrays.pop(name)))


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("view_label", np.full((2, 20, 30), 3), r"view_label: expected -1\.\.2"),
        ("view_label", np.zeros((1, 20, 30), int), r"view_label: expected kind i \[2, 'any', 'any'\]"),
        ("view_score", np.zeros((2, 3, 20, 29), np.float16), r"view_score: expected kind f \[2, 3, 20, 30\]"),
        ("view_score", np.full((2, 3, 20, 30), -1, np.float16), r"view_score: expected values in 0\.\.1"),
        ("view_colour", np.zeros((2, 20, 30, 3)), "view_colour: expected kind u"),
        ("view_held_out", np.zeros(3, bool), r"view_held_out: expected kind b \[2\]"),
        ("feature_basis", np.zeros((3, 5)), r"feature_basis: expected kind f \[4, 'any'\]"),
    ],
)
def test_archives_of_captures_that_do_not_fit(name: str, value: np.ndarray, message: str, tmp_path: Path) -> None:
    scene = fake_scene(views=2, height=20, width=30)
    with pytest.raises(InputError, match=message):
        load_result(tampered(tmp_path, lambda arrays: arrays.update({name: value}), scene))


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("tree_segment", np.full(6, 9), r"tree_segment: expected 0\.\."),
        ("tree_segment", np.zeros(5, int), r"tree_segment: expected kind i \[6\]"),
        ("tree_parent", np.array([0, 0, -1]), "tree_parent: expected parents after their children"),
        ("tree_parent", np.array([1, 2, 2]), "tree_parent: expected parents after their children"),
        ("tree_parent", np.array([2, 3, -1]), r"tree_parent: expected -1\.\.2"),
        ("tree_features", np.zeros((3, 5), np.float16), r"tree_features: expected kind f \[2, 'any'\]"),
        ("tree_features", np.full((2, 5), np.inf, np.float16), "tree_features: expected finite"),
        ("tree_area", np.array([-1.0, 1]), "tree_area, tree_seam: expected a tree without negative sizes"),
        ("tree_area", np.zeros(0), "tree_area, tree_seam: expected a tree"),
        ("tree_area", np.ones(4), "tree_area, tree_seam: expected a tree"),
        ("tree_seam", np.array([0, 0, np.nan]), "tree_seam: expected finite"),
        ("tree_loose", np.ones(1), "tree_loose: expected kind b"),
        *(
            (f"tree_{part}", None, f"tree_{part}: missing")
            for part in ("segment", "parent", "features", "area", "seam", "loose")
        ),
    ],
)
def test_archives_with_a_tree_that_does_not_fit(name: str, value: np.ndarray | None, message: str, tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    tree = PartTree(np.array([0, 1] * 3), np.array([2, 2, -1]), np.ones((2, 5)), np.ones(2) / 2, np.zeros(3), False)
    result = labelled(some_mesh(rng, 6, True, 1), rng, tree=tree)
    assert load_result(tampered(tmp_path, lambda arrays: None, result)).tree is not None

    def change(arrays: dict[str, Any]) -> None:
        del arrays[name]
        if value is not None:
            arrays[name] = value

    with pytest.raises(InputError, match=message):
        load_result(tampered(tmp_path, change, result))


def test_a_tree_of_another_shape_is_refused() -> None:
    rng = np.random.default_rng(0)
    with pytest.raises(InputError, match=r"Segmentation\.tree: expected segments of 6 elements, got \(5,\)"):
        labelled(some_mesh(rng, 6, True, 0), rng, tree=some_tree(rng, 5))


def test_words_of_a_record_that_say_nothing_are_passed_over() -> None:
    good = {"familiarity": 0.5, "nearest": ["leg"], "known": True}
    odd = {"a": 3, "b": {}, "c": {**good, "nearest": "leg"}, "d": {**good, "known": 1}, "e": {**good, "familiarity": None}}
    record = Record.from_dict({"method": "recognise", "words": {"leg": good, **odd}})
    assert record.words == {"leg": good}
    assert Record.from_dict({"method": "lift"}).words == {}
    with pytest.raises(InputError, match=r"record\.words: expected dict, got \[\]"):
        Record.from_dict({"method": "lift", "words": []})


def test_pickles_and_bombs(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", label=np.array([{"a": 1}], dtype=object), format="meronym.segmentation", version=1)
    with pytest.raises(InputError, match=r"a\.npz: not a readable \.npz file"):
        load_result(tmp_path / "a.npz")
    np.savez_compressed(tmp_path / "b.npz", score=np.zeros((50_000, 500), np.float32))
    with pytest.raises(LimitError, match=r"b\.npz: unpacks to 100000\d+ bytes, the limit is 9000000"):
        load_result(tmp_path / "b.npz", replace(ARCHIVE_LIMITS, bytes=9_000_000))
    rng = np.random.default_rng(0)
    result = labelled(some_cloud(rng, 50, True, True), rng)
    with pytest.raises(LimitError, match="50 faces or points, the limit is 49"):
        load_result(result.save(tmp_path / "c.npz"), replace(ARCHIVE_LIMITS, faces=49))


def test_places_without_a_result(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"there is no result\.npz, so no result to load\. Give a folder"):
        load_result(tmp_path)
    for path, message in ((tmp_path / "no.npz", "no such file or folder"), (chair(tmp_path / "a.glb"), "not loaded from such")):
        with pytest.raises(InputError, match=message):
            load_result(path)
    fake_scene(views=1, height=20, width=30).save(tmp_path / "scene")
    (tmp_path / "scene" / "scene.json").write_text("{}")
    with pytest.raises(InputError, match=r"scene\.json: damaged"):
        load_result(tmp_path / "scene")
    (tmp_path / "scene" / "scene.json").unlink()
    assert load_result(tmp_path / "scene").prompts == PROMPTS
    other = replace(fake_scene(PROMPTS[:1]), views=None)
    (tmp_path / "scene" / "result.npz").write_bytes(
        replace(fake_scene(views=1, height=20, width=30), shape=other["red mug"], label=np.zeros(300, int),
                score=np.zeros((300, 3)), seen=np.ones(300, bool), features=None).save(tmp_path / "b.npz").read_bytes()
    )  # fmt: skip
    with pytest.raises(InputError, match=r"features\.safetensors: 1200 points, result\.npz has 300"):
        load_result(tmp_path / "scene")


@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_damaged_archives_are_our_errors(data: st.DataObject, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Bytes changed within arrays, where no checksum of the zip file is in the way, and anywhere in the file."""
    rng = np.random.default_rng(data.draw(st.integers(0, 99)))
    folder = tmp_path_factory.getbasetemp()
    mesh = labelled(some_mesh(rng, 6, True, 1), rng, tree=some_tree(rng, 6))
    result = mesh if data.draw(st.booleans()) else fake_scene(views=1, height=4, width=5)

    def change(arrays: dict[str, Any]) -> None:
        for _ in range(data.draw(st.integers(1, 3))):
            name = data.draw(st.sampled_from(sorted(arrays)))
            file = io.BytesIO()
            np.save(file, arrays[name])
            content = bytearray(file.getvalue())
            content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
            with suppress(Exception):
                arrays[name] = np.load(io.BytesIO(content), allow_pickle=False)

    file = tampered(folder, change, result)
    content = bytearray(file.read_bytes())
    if data.draw(st.booleans()):
        content[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(st.integers(1, 255))
    file.write_bytes(content)
    with suppress(Error):
        back = load_result(file)
        assert np.isfinite(back.score).all()
        back.save(folder / "sound.json")
