"""Gaussians in and out: every format against a slow writer, nothing lost in PLY, faults said."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from splat_files import cameras_json, compressed, dot_splat, ply, some_rows, spz

import meronym
from meronym.errors import Error, InputError, LimitError
from meronym.io.limits import Limits
from meronym.io.shapes.read import read_shape
from meronym.io.shapes.splats.files import is_splats
from meronym.io.shapes.splats.read import read_cameras, read_splats
from meronym.results import Record, Segmentation
from meronym.types import Gaussians

few = settings(max_examples=10, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])


def read(path: Path, repair: bool = False) -> Gaussians:
    shape = read_shape(path, repair=repair)
    assert isinstance(shape, Gaussians)
    return shape


def same_turn(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Cosine of half the angle between rotations; q and -q are one."""
    return np.abs((a * b).sum(1))


# ---------------------------------------------------------------- PLY


@few
@given(st.integers(0, 3), st.sampled_from(["binary_little_endian", "binary_big_endian"]), st.integers(0, 99))
def test_ply_keeps_every_property_bit_for_bit(tmp_path: Path, degree: int, form: str, seed: int) -> None:
    rows = some_rows(12, degree, seed)
    more = np.empty(12, [*((name, rows.dtype[name]) for name in rows.dtype.names), ("segment", "<i4"), ("sure", "<f8")])
    for name in rows.dtype.names:
        more[name] = rows[name]
    more["segment"], more["sure"] = np.arange(12), np.random.default_rng(seed).normal(size=12)
    shape = read(ply(tmp_path / "a.ply", form, vertex=more))
    assert shape.rows.tobytes() == more.tobytes()
    label = np.arange(12) % 3 - 1
    result = Segmentation(label, np.zeros((12, 2)), np.ones(12, bool), ("a wheel", "Ü\n"), shape, Record("lift"))
    for again in (read(result.save(tmp_path / "b.ply")), read(replaced(result, tmp_path / "b.ply").save(tmp_path / "c.ply"))):
        assert again.names == (*shape.names, "label")
        assert all(again.rows[name].tobytes() == shape.rows[name].tobytes() for name in shape.names)
        np.testing.assert_array_equal(again.rows["label"], label)
    header = (tmp_path / "b.ply").read_bytes().partition(b"end_header")[0].decode()
    assert 'comment prompt 0 "a wheel"\n' in header
    assert 'comment prompt 1 "\\u00dc\\n"\n' in header


def replaced(result: Segmentation, path: Path) -> Segmentation:
    """The result on a shape that was read from a file that has labels."""
    return Segmentation(result.label, result.score, result.seen, result.prompts, read(path), result.record)


def test_what_the_properties_mean(tmp_path: Path) -> None:
    rows = some_rows(5)
    rows["f_dc_0"], rows["opacity"], rows["scale_1"] = 1.0, [0, 2, -2, 88, -np.inf], np.log(0.25)
    shape = read(ply(tmp_path / "a.ply", vertex=rows))
    np.testing.assert_allclose(shape.colour[:, 0], 0.5 + 0.28209479, rtol=1e-6)
    np.testing.assert_allclose(shape.opacity, [0.5, 0.880797, 0.119203, 1, 0], atol=1e-6)
    np.testing.assert_allclose(shape.deviation[:, 1], 0.25, rtol=1e-6)
    np.testing.assert_allclose(np.linalg.norm(shape.rotation, axis=1), 1, rtol=1e-6)
    np.testing.assert_array_equal(shape.points[:, 2], rows["z"])


def test_ascii_doubles_discs_and_bytes_of_colour(tmp_path: Path) -> None:
    rows = some_rows(6, 0)
    text = read(ply(tmp_path / "text.ply", "ascii", vertex=rows))
    assert text.rows.tobytes() == rows.tobytes()
    double = rows.astype([(name, "<f8") for name in rows.dtype.names])
    assert read(ply(tmp_path / "double.ply", vertex=double)).rows.dtype["x"] == np.float64
    flat = rows[[name for name in rows.dtype.names if name != "scale_2"]]
    two = read(ply(tmp_path / "two.ply", vertex=np.array(flat.tolist(), [(n, "<f4") for n in flat.dtype.names])))
    np.testing.assert_array_equal(two.deviation[:, 2], 0)
    names = [name for name in rows.dtype.names if not name.startswith("f_")]
    painted = np.zeros(6, [*((name, "<f4") for name in names), *((name, "u1") for name in ("red", "green", "blue"))])
    for name in names:
        painted[name] = rows[name]
    painted["green"] = 51
    of_bytes = read(ply(tmp_path / "bytes.ply", vertex=painted))
    np.testing.assert_allclose(of_bytes.colour, [[0, 0.2, 0]] * 6, atol=1e-6)


def test_a_cloud_or_mesh_in_ply_is_none(tmp_path: Path) -> None:
    points = np.zeros(3, [("x", "<f4"), ("y", "<f4"), ("z", "<f4"), ("opacity", "<f4")])
    points["x"] = [0, 1, 2]
    assert not is_splats(ply(tmp_path / "a.ply", vertex=points))
    assert isinstance(read_shape(tmp_path / "a.ply"), meronym.PointCloud)
    (tmp_path / "b.ply").write_bytes(b"no ply")
    assert not is_splats(tmp_path / "b.ply")


# ---------------------------------------------------------------- other formats


def test_dot_splat(tmp_path: Path) -> None:
    rows = some_rows(30, 0)
    rows["f_dc_1"] = np.clip(rows["f_dc_1"], -1.7, 1.7)
    shape, wanted = read(dot_splat(tmp_path / "a.splat", rows)), Gaussians(rows, np.zeros(30, bool))
    np.testing.assert_array_equal(shape.points, wanted.points)
    np.testing.assert_allclose(shape.deviation, wanted.deviation, rtol=1e-5)
    np.testing.assert_allclose(shape.opacity, wanted.opacity, atol=0.003)
    np.testing.assert_allclose(shape.colour, wanted.colour, atol=0.003)
    assert same_turn(shape.rotation, wanted.rotation).min() > 0.999
    again = read(
        Segmentation(np.zeros(30, int), np.ones((30, 1)), np.ones(30, bool), ("a",), shape, Record("")).save(tmp_path / "b.ply")
    )
    np.testing.assert_array_equal(again.points, shape.points)


@pytest.mark.parametrize("version", [2, 3])
@pytest.mark.parametrize("degree", [0, 2, 3])
def test_spz(tmp_path: Path, version: int, degree: int) -> None:
    rows = some_rows(25, degree)
    for name in rows.dtype.names:
        if name.startswith("f_"):
            rows[name] = np.clip(rows[name], -0.99, 0.99)
    shape, wanted = read(spz(tmp_path / "a.spz", rows, version)), Gaussians(rows, np.zeros(25, bool))
    np.testing.assert_allclose(shape.points, wanted.points, atol=2e-4)
    np.testing.assert_allclose(np.log(shape.deviation), np.log(wanted.deviation), atol=0.04)
    np.testing.assert_allclose(shape.opacity, wanted.opacity, atol=0.003)
    np.testing.assert_allclose(shape.colour, wanted.colour, atol=0.005)
    assert same_turn(shape.rotation, wanted.rotation).min() > (0.99 if version == 2 else 0.99999)
    for name in rows.dtype.names:
        if name.startswith("f_rest"):
            np.testing.assert_allclose(shape.rows[name], rows[name], atol=0.005)


@pytest.mark.parametrize("degree", [0, 1])
@pytest.mark.parametrize("colours", [True, False])
def test_supersplats_compressed_ply(tmp_path: Path, degree: int, colours: bool) -> None:
    rows = some_rows(300, degree)
    rows["f_dc_0"] = np.clip(rows["f_dc_0"], -1.7, 1.7)
    file = compressed(tmp_path / "a.compressed.ply", rows, colours)
    shape, wanted = read(file), Gaussians(rows, np.zeros(300, bool))
    np.testing.assert_allclose(shape.points, wanted.points, atol=0.01)
    np.testing.assert_allclose(shape.deviation, wanted.deviation, rtol=0.01)
    np.testing.assert_allclose(shape.opacity, wanted.opacity, atol=0.003)
    np.testing.assert_allclose(shape.colour[:, 0], wanted.colour[:, 0], atol=0.01)
    assert same_turn(shape.rotation, wanted.rotation).min() > 0.9999
    if degree:
        np.testing.assert_allclose(shape.rows["f_rest_5"], rows["f_rest_5"].clip(-3.9, 3.9), atol=0.05)


# ---------------------------------------------------------------- folders


def test_the_newest_iteration_with_its_cameras(tmp_path: Path) -> None:
    for number in (30000, 7000, 900):
        place = tmp_path / "chair" / "point_cloud" / f"iteration_{number}"
        place.mkdir(parents=True)
        ply(place / "point_cloud.ply", vertex=some_rows(number // 100, 0))
    eyes = np.array([[3.0, 0, 1], [0, 3, 1], [-3, 0, 1], [0, -3, 1]])
    cameras_json(tmp_path / "chair" / "cameras.json", eyes)
    shape = meronym.read(tmp_path / "chair")
    assert isinstance(shape, Gaussians)
    assert shape.element_count == 300
    assert shape.source == tmp_path / "chair" / "point_cloud" / "iteration_30000" / "point_cloud.ply"
    assert shape.cameras is not None
    np.testing.assert_allclose(shape.cameras.world_from_camera[:, :3, 3], eyes)
    assert (shape.cameras.height, shape.cameras.width) == (48, 64)
    np.testing.assert_allclose(shape.cameras.intrinsics[0], [[60, 0, 32], [0, 60, 24], [0, 0, 1]])


@pytest.mark.parametrize("name", ["splat.ply", "ply/point_cloud_29999.ply", "point_cloud.ply", "point_cloud.spz"])
def test_exports_of_other_programs(tmp_path: Path, name: str) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (spz if name.endswith("spz") else lambda path, rows: ply(path, vertex=rows))(tmp_path / name, some_rows(9, 0))
    assert meronym.read(tmp_path).source == tmp_path / name


def test_photos_with_poses_come_before_an_export_beside_them(tmp_path: Path) -> None:
    ply(tmp_path / "splat.ply", vertex=some_rows(9, 0))
    assert is_splats(tmp_path)
    (tmp_path / "sparse").mkdir()
    assert not is_splats(tmp_path)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"rotation": [[2, 0, 0], [0, 1, 0], [0, 0, 1]]}, "camera 1: expected a rotation"),
        ({"position": [0, float("nan"), 0]}, "camera 1"),
        ({"fx": -1}, "camera 1"),
        ({"fx": "wide"}, "damaged"),
    ],
)
def test_damaged_cameras_are_refused(tmp_path: Path, change: dict[str, object], said: str) -> None:
    file = cameras_json(tmp_path / "cameras.json", np.array([[3.0, 0, 1], [0, 3, 1]]))
    entries = json.loads(file.read_text())
    entries[1] |= change
    file.write_text(json.dumps(entries))
    with pytest.raises(InputError, match=said):
        read_cameras(file)


# ---------------------------------------------------------------- faults


@pytest.mark.parametrize(
    ("name", "value"),
    [("x", np.nan), ("y", 1e20), ("scale_0", np.inf), ("scale_2", 60.0), ("f_dc_1", np.inf), ("opacity", np.nan), ("rot", 0.0)],
)
def test_gaussians_that_cannot_be_used(tmp_path: Path, name: str, value: float) -> None:
    rows = some_rows(20)
    for own in ("rot_0", "rot_1", "rot_2", "rot_3") if name == "rot" else (name,):
        rows[own][7] = value
    file = ply(tmp_path / "a.ply", vertex=rows)
    with pytest.raises(InputError, match=r"a\.ply: Gaussian 7 cannot be used: .*1 of 20 .*repair"):
        read(file)
    shape = read(file, repair=True)
    assert shape.report["dropped_gaussians"] == 1
    assert shape.rows.tobytes() == np.delete(rows, 7).tobytes()


def without(rows: np.ndarray, *names: str) -> np.ndarray:
    kept = [name for name in rows.dtype.names or () if name not in names]
    return np.array(rows[kept].tolist(), [(name, "<f4") for name in kept])


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (without(some_rows(9), "opacity"), "without opacity"),
        (without(some_rows(9), "f_rest_44"), "44 properties f_rest"),
        (some_rows(9)[:0], "0, all in one place"),
        (np.repeat(some_rows(1), 9), "9, all in one place"),
    ],
)
def test_files_that_are_no_gaussians_after_all(tmp_path: Path, rows: np.ndarray, said: str) -> None:
    with pytest.raises(InputError, match=said):
        read(ply(tmp_path / "a.ply", vertex=rows))


def test_nothing_to_see_is_said(tmp_path: Path) -> None:
    rows = some_rows(9)
    rows["opacity"] = -7
    with pytest.raises(InputError, match="all 9 Gaussians are transparent"):
        read(ply(tmp_path / "a.ply", vertex=rows))


def test_what_was_cut_short_is_refused(tmp_path: Path) -> None:
    files = [
        ply(tmp_path / "a.ply", vertex=some_rows(9)), dot_splat(tmp_path / "b.splat", some_rows(9)),
        spz(tmp_path / "c.spz", some_rows(9)), spz(tmp_path / "d.spz", some_rows(9), count=10),
        ply(tmp_path / "e.ply", "ascii", vertex=some_rows(9)), compressed(tmp_path / "f.ply", some_rows(9)),
    ]  # fmt: skip
    for file in files:
        data = file.read_bytes()
        file.write_bytes(data if file.stem == "d" else data[:-20])
        with pytest.raises(InputError, match=rf"{file.name}: .*(promises|multiple of 32|damaged)"):
            read(file)


def test_sizes_are_limited_before_anything_is_allocated(tmp_path: Path) -> None:
    small = Limits(faces=8)
    for file in (dot_splat(tmp_path / "b.splat", some_rows(9)), spz(tmp_path / "c.spz", some_rows(1), count=2**31)):
        with pytest.raises(LimitError, match="faces or points"):
            read_splats(file, limits=small)
    with pytest.raises(InputError, match="version 4"):
        read(spz(tmp_path / "d.spz", some_rows(2), version=4))
    (tmp_path / "e.spz").write_bytes(b"PK\x03\x04" + bytes(40))
    with pytest.raises(InputError, match=r"not an \.spz file"):
        read(tmp_path / "e.spz")


@pytest.mark.parametrize("kind", ["a.ply", "b.splat", "c.spz", "d.ply"])
def test_damaged_bytes_give_gaussians_or_an_error_of_ours(tmp_path: Path, kind: str) -> None:
    write = {"a.ply": lambda path, rows: ply(path, vertex=rows), "b.splat": dot_splat, "c.spz": spz, "d.ply": compressed}[kind]
    file = write(tmp_path / kind, some_rows(12, 1))
    sound, rng = file.read_bytes(), np.random.default_rng(0)
    for _ in range(40):
        data = bytearray(sound)
        for at in rng.integers(0, len(data) if rng.random() < 0.5 else 200, rng.integers(1, 4)):
            data[at] = rng.integers(256)
        file.write_bytes(data[: rng.integers(len(data)) if rng.random() < 0.2 else None])
        try:
            shape = read_shape(file, repair=bool(rng.integers(2)))
        except Error:
            continue
        assert np.isfinite(getattr(shape, "points", np.zeros(1))).all()
        if isinstance(shape, Gaussians):
            assert np.isfinite(shape.deviation).all()
            assert np.isfinite(shape.colour).all()
            np.testing.assert_allclose(np.linalg.norm(shape.rotation, axis=1), 1, atol=1e-4)


# ---------------------------------------------------------------- results


def test_a_folder_of_results(tmp_path: Path) -> None:
    """Labels beside all, and a file for each part, which replaces those of an earlier result and nothing else."""
    rows = some_rows(12)
    shape = read(ply(tmp_path / "in.ply", vertex=rows))
    label = np.array([0, 1] * 5 + [-1, -1])
    result = Segmentation(label, np.zeros((12, 3)), np.ones(12, bool), ("wheel", "../x", "horn"), shape, Record("lift"))
    out = tmp_path / "out"
    (out / "objects").mkdir(parents=True)
    ply(out / "objects" / "mine.ply", vertex=rows)
    result.save(out)
    parts = sorted(file.name for file in (out / "objects").iterdir())
    assert parts == sorted(["mine.ply", "wheel.ply", "x.ply"])
    assert read(out / "objects" / "wheel.ply").rows.tobytes() == rows[label == 0].tobytes()
    assert not (out / "parts.glb").exists()
    document = json.loads((out / "parts.json").read_text())
    assert document["element"] == "gaussian"
    loaded = meronym.load(out)
    assert isinstance(loaded.shape, Gaussians)
    assert loaded.shape.rows.tobytes() == rows.tobytes()
    assert isinstance(loaded["wheel"], Gaussians)
    assert loaded["wheel"].element_count == 5
    first = {file.name: file.read_bytes() for file in out.rglob("*") if file.is_file()}
    result.save(out)
    assert first == {file.name: file.read_bytes() for file in out.rglob("*") if file.is_file()}
    Segmentation(label * 0, np.zeros((12, 1)), result.seen, ("all",), shape, Record("lift")).save(out)
    assert sorted(file.name for file in (out / "objects").iterdir()) == ["all.ply", "mine.ply"]
    assert list(result.to_trimesh().geometry)[-1] == "none"


def test_a_part_is_not_written_over_its_own_source(tmp_path: Path) -> None:
    (tmp_path / "objects").mkdir()
    file = ply(tmp_path / "objects" / "wheel.ply", vertex=some_rows(9))
    result = Segmentation(np.zeros(9, int), np.ones((9, 1)), np.ones(9, bool), ("wheel",), read(file), Record("lift"))
    with pytest.raises(InputError, match="overwrite the input"):
        result.save(tmp_path)
    assert file.exists()


def test_cameras_are_kept_and_checked_in_archives(tmp_path: Path) -> None:
    file = ply(tmp_path / "splat.ply", vertex=some_rows(9))
    cameras_json(tmp_path / "cameras.json", np.array([[3.0, 0, 1], [0, 3, 1]]))
    shape = meronym.read(tmp_path)
    result = Segmentation(np.zeros(9, int), np.ones((9, 1)), np.ones(9, bool), ("a",), shape, Record("lift"))
    again = meronym.load(result.save(tmp_path / "a.npz")).shape
    assert isinstance(again, Gaussians)
    assert again.cameras is not None
    assert again.cameras.width == 64
    assert again.source == file
    arrays = dict(np.load(tmp_path / "a.npz"))
    arrays["gaussians"]["x"][3] = np.nan
    np.savez(tmp_path / "b.npz", **arrays)
    with pytest.raises(InputError, match=r"b\.npz: gaussians: Gaussian 3 cannot be used"):
        meronym.load(tmp_path / "b.npz")
    good = dict(np.load(tmp_path / "a.npz"))
    good["camera"][1, 0, 0] = 0
    np.savez(tmp_path / "c.npz", **good)
    with pytest.raises(InputError, match=r"c\.npz: camera: camera 1: expected a rotation"):
        meronym.load(tmp_path / "c.npz")
    odd = np.zeros(9, [*((n, "<f4") for n in some_rows(9).dtype.names), ("end_header\n", "u1")])
    for name in some_rows(9).dtype.names:
        odd[name] = some_rows(9)[name]
    np.savez(tmp_path / "d.npz", **{**np.load(tmp_path / "a.npz"), "gaussians": odd})
    with pytest.raises(InputError, match=r"d\.npz: gaussians: property 'end_header"):
        meronym.load(tmp_path / "d.npz")
