"""Compressed glTF is read as what was compressed, and written plain."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import DracoPy
import numpy as np
import pytest
from gltf_files import Document, saved, soup, table, table_arrays
from hypothesis import given, settings
from hypothesis import strategies as st

from meronym.errors import InputError, LimitError, MissingExtra
from meronym.io.limits import Limits
from meronym.io.shapes.gltf.meshopt import decode
from meronym.io.shapes.read import read_shape


def meshopt_bytes(rows: np.ndarray) -> bytes:
    """Rows of bytes [n k] in meshoptimizer's format, version 0, every difference stored whole."""
    stream = b"\xa0"
    block = min(0x2000 // rows.shape[1] & ~15, 256)
    last = np.zeros(rows.shape[1], "u1")
    for base in range(0, len(rows), block):
        part = rows[base : base + block]
        delta = (part - np.vstack([last, part[:-1]])).astype("i1")
        coded = (delta << 1 ^ delta >> 7).astype("u1")
        groups = -(-len(part) // 16)
        for column in np.pad(coded, ((0, groups * 16 - len(part)), (0, 0))).T:
            stream += b"\xff" * -(-groups // 4) + column.tobytes()
        last = part[-1]
    return stream + bytes(max(32 - rows.shape[1], 0)) + bytes(rows.shape[1])


@settings(deadline=None, max_examples=30)
@given(st.integers(1, 600), st.sampled_from([4, 12, 64, 256]), st.integers(0, 2**31))
def test_any_rows_come_back(count: int, stride: int, seed: int) -> None:
    rows = np.random.default_rng(seed).integers(0, 256, (count, stride), dtype=np.uint8)
    assert decode(meshopt_bytes(rows), count, stride, "ATTRIBUTES", "NONE") == rows.tobytes()


def with_meshopt(name: str, fallback: bool) -> Document:
    """A table whose positions are compressed; the plain bytes lie in a buffer that isn't there, or beside."""
    document, (points, faces) = Document(), table_arrays()
    document.node(mesh=document.mesh(points, faces))
    plain = document.tree["bufferViews"][0]
    document.view(meshopt_bytes(points.view("u1").reshape(-1, 12)))
    packed = document.tree["bufferViews"].pop()
    plain["extensions"] = {name: {**packed, "byteStride": 12, "count": 40, "mode": "ATTRIBUTES"}}
    if fallback:
        plain |= {"buffer": 1, "byteOffset": 0}
        document.tree["buffers"] = [{"byteLength": 480, "extensions": {name: {"fallback": True}}}]
        document.tree["extensionsRequired"] = [name]
    document.use(name)
    return document


@pytest.mark.parametrize("name", ["EXT_meshopt_compression", "KHR_meshopt_compression"])
@pytest.mark.parametrize("fallback", [False, True])
def test_meshopt(name: str, fallback: bool, tmp_path: Path) -> None:
    after = saved(with_meshopt(name, fallback), tmp_path)
    table().save(tmp_path / "plain.glb")
    np.testing.assert_array_equal(soup(tmp_path / "in.glb"), soup(tmp_path / "plain.glb"))
    np.testing.assert_array_equal(soup(tmp_path / "parts.glb"), soup(tmp_path / "plain.glb"))
    assert len(after.tree["buffers"]) == 1
    assert name not in after.tree["extensionsUsed"]
    assert "extensionsRequired" not in after.tree


@pytest.mark.parametrize(
    "change", [{"count": 57}, {"byteStride": 8}, {"mode": "ELSE"}, {"byteLength": 70}, {"byteLength": 10**9}]
)
def test_damaged_meshopt_is_refused(change: dict[str, Any], tmp_path: Path) -> None:
    document = with_meshopt("EXT_meshopt_compression", True)
    document.tree["bufferViews"][0]["extensions"]["EXT_meshopt_compression"] |= change
    with pytest.raises(InputError, match=r"in\.glb: (meshopt|compressed)"):
        read_shape(document.save(tmp_path / "in.glb"))


def test_a_few_bytes_do_not_unpack_to_gigabytes(tmp_path: Path) -> None:
    document = with_meshopt("EXT_meshopt_compression", True)
    document.tree["bufferViews"][0]["extensions"]["EXT_meshopt_compression"]["count"] = 10**8
    with pytest.raises(LimitError, match=r"meshopt data: .* unpack to 1200000000"):
        read_shape(document.save(tmp_path / "in.glb"))
    document = table()
    sparse = {"count": 1, "indices": {"bufferView": 1, "componentType": 5123}, "values": {"bufferView": 0}}
    for _ in range(2):
        document.tree["accessors"].append({"componentType": 5126, "type": "VEC3", "count": 700_000, "sparse": sparse})
    with pytest.raises(LimitError, match=r"accessors without data: .* unpack to 16800000"):
        read_shape(document.save(tmp_path / "in.glb"))
    assert read_shape(tmp_path / "in.glb", limits=Limits(small=20_000_000)).element_count == 60


# ---------------------------------------------------------------- Draco


def with_draco(needed: bool = True, **options: Any) -> Document:
    """A table that is stored with Draco only, or plainly as well."""
    document, (points, faces) = table(), table_arrays()
    packed = document.view(DracoPy.encode(points, faces=faces, quantization_bits=14, **options))
    held = {"bufferView": packed, "attributes": {"POSITION": 0}}
    document.primitive["extensions"] = {"KHR_draco_mesh_compression": held}
    document.use("KHR_draco_mesh_compression")
    if needed:
        document.tree["extensionsRequired"] = ["KHR_draco_mesh_compression"]
        for accessor in document.tree["accessors"]:
            del accessor["bufferView"]
    return document


@pytest.mark.parametrize("level", [0, 7])
def test_draco(level: int, tmp_path: Path) -> None:
    after = saved(with_draco(compression_level=level), tmp_path)
    table().save(tmp_path / "plain.glb")
    for name in ("in.glb", "parts.glb"):
        centres = [np.sort(soup(tmp_path / one).reshape(-1, 3, 3).mean(axis=1), axis=0) for one in (name, "plain.glb")]
        np.testing.assert_allclose(*centres, atol=2e-3)
    assert "KHR_draco_mesh_compression" not in after.tree["extensionsUsed"]
    for mesh in after.tree["meshes"]:
        accessor = mesh["primitives"][0]["attributes"]["POSITION"]
        assert after.tree["accessors"][accessor]["min"] == after.rows(accessor).min(axis=0).tolist()


def test_damaged_draco_is_refused(tmp_path: Path) -> None:
    document = with_draco()
    view = document.tree["bufferViews"][-1]
    start, data = view["byteOffset"], document.data
    for bad in (data[:start] + b"OGARD" + data[start + 5 :], data[: start + 30] + bytes(len(data) - start - 30)):
        document.data = bad
        with pytest.raises(InputError, match=r"in\.glb: Draco data"):
            read_shape(document.save(tmp_path / "in.glb"))
    document.data = data[: start + 11] + b"\xff\xff\xff\x7f" * 2 + data[start + 19 :]
    with pytest.raises(LimitError, match="a Draco mesh"):
        read_shape(document.save(tmp_path / "in.glb"))


def test_without_the_decoder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "DracoPy", None)
    with pytest.raises(MissingExtra, match=r"gltf-transform.*pip install 'meronym\[compressed\]'"):
        read_shape(with_draco().save(tmp_path / "in.glb"))
    after = saved(with_draco(needed=False), tmp_path)
    table().save(tmp_path / "plain.glb")
    np.testing.assert_array_equal(soup(tmp_path / "parts.glb"), soup(tmp_path / "plain.glb"))
    assert "KHR_draco_mesh_compression" not in after.tree["extensionsUsed"]
