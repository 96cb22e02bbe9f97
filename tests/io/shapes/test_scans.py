"""Laser scans: places on a map in full precision, colours of 8 and 16 bits, and nothing where nothing was measured."""

from __future__ import annotations

import sys
import warnings
from pathlib import Path

import numpy as np
import pytest
from answers import read_cloud

from meronym.core.up_axis import guess_up
from meronym.errors import InputError, LimitError, MissingExtra
from meronym.io.limits import Limits
from meronym.io.shapes.read import read_shape

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import laspy
    import pye57
    import pypcd4

RNG = np.random.default_rng(0)
PLACES = np.round(RNG.random((40, 3)) * 10 + [456789.123, 5612345.678, 100], 3)
COLOURS = RNG.integers(0, 256, (40, 3))


def las(path: Path, scale: int) -> Path:
    header = laspy.LasHeader(point_format=3, version="1.4")
    header.scales, header.offsets = np.full(3, 0.001), np.floor(PLACES.min(0))
    data = laspy.LasData(header)
    data.x, data.y, data.z = PLACES.T
    data.red, data.green, data.blue = (COLOURS * scale).astype(np.uint16).T
    data.write(path)
    return path


@pytest.mark.parametrize("ending", ["las", "laz"])
@pytest.mark.parametrize("scale", [1, 257])
def test_las(ending: str, scale: int, tmp_path: Path) -> None:
    cloud = read_cloud(las(tmp_path / f"a.{ending}", scale))
    np.testing.assert_allclose(cloud.points, PLACES, atol=1e-6)
    assert cloud.colour is not None
    np.testing.assert_allclose(cloud.colour, COLOURS / 255, atol=1e-6)
    assert guess_up(cloud)[1] == f"z: the format (.{ending}) says so"


def test_las_cut_short_or_too_large(tmp_path: Path) -> None:
    path = las(tmp_path / "a.las", 1)
    with pytest.raises(LimitError, match="40 faces or points, the limit is 20"):
        read_shape(path, limits=Limits(faces=20))
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(InputError, match=r"a\.las: the header promises"):
        read_shape(path)
    path = las(tmp_path / "a.laz", 1)
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(InputError, match=r"a\.laz: "):
        read_shape(path)


def test_e57_scans_are_put_together(tmp_path: Path) -> None:
    path = tmp_path / "a.e57"
    file = pye57.E57(str(path), mode="w")
    colour = dict(zip(("colorRed", "colorGreen", "colorBlue"), COLOURS.astype(np.uint8).T, strict=True))
    local = PLACES - PLACES[0]
    for k in range(2):
        places = dict(zip(("cartesianX", "cartesianY", "cartesianZ"), local.T, strict=True))
        file.write_scan_raw({**places, **colour}, rotation=np.array([1.0, 0, 0, 0]), translation=PLACES[0] + [0, 0, 50 * k])
    file.close()
    cloud = read_cloud(path)
    np.testing.assert_allclose(cloud.points, np.concatenate([PLACES, PLACES + np.array([0, 0, 50])]), atol=1e-5)
    assert cloud.colour is not None
    np.testing.assert_allclose(cloud.colour[:40], COLOURS / 255, atol=1e-6)
    path.write_bytes(path.read_bytes()[:2000])
    with pytest.raises(InputError, match=r"a\.e57: "):
        read_shape(path)


@pytest.mark.parametrize("encoding", ["binary", "binary_compressed"])
def test_pcd(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "a.pcd"
    points = RNG.random((40, 3)).astype(np.float32)
    points[3] = np.nan
    packed = pypcd4.PointCloud.encode_rgb(COLOURS.astype(np.uint8)).reshape(-1)
    pypcd4.PointCloud.from_xyzrgb_points(np.column_stack([points, packed])).save(path, encoding=pypcd4.Encoding(encoding))
    cloud = read_cloud(path)
    kept = np.arange(40) != 3
    np.testing.assert_array_equal(cloud.points, points[kept])
    assert cloud.colour is not None
    np.testing.assert_allclose(cloud.colour, COLOURS[kept] / 255, atol=1e-6)
    assert cloud.report == {"points_not_measured": 1}
    whole = path.read_bytes()
    path.write_bytes(whole[:-20])
    with pytest.raises(InputError, match=r"a\.pcd: .*promises"):
        read_shape(path)
    path.write_bytes(whole.replace(b"POINTS 40", b"POINTS 99"))
    with pytest.raises(InputError, match=r"a\.pcd: "):
        read_shape(path)
    path.write_bytes(whole.replace(b"POINTS 40", b"POINTS 99999999999"))
    with pytest.raises(LimitError, match=r"a\.pcd: "):
        read_shape(path)


def test_pcd_as_text_with_normals(tmp_path: Path) -> None:
    fields = "x y z rgb normal_x normal_y normal_z"
    head = f"# .PCD v0.7\nVERSION 0.7\nFIELDS {fields}\nSIZE 4 4 4 4 4 4 4\nTYPE F F F U F F F\nCOUNT 1 1 1 1 1 1 1\n"
    head += "WIDTH 2\nHEIGHT 1\nVIEWPOINT 0 0 0 1 0 0 0\nPOINTS 2\nDATA ascii\n"
    path = tmp_path / "a.pcd"
    path.write_text(head + "0 0 0 16711680 0 0 1\n1 2 3 255 0 1 0\n")
    cloud = read_cloud(path)
    assert cloud.colour is not None
    assert cloud.normal is not None
    assert cloud.colour.tolist() == [[1, 0, 0], [0, 0, 1]]
    assert cloud.normal.tolist() == [[0, 0, 1], [0, 1, 0]]
    path.write_text(head + "0 0 0 16711680 0 0 1\n")
    with pytest.raises(InputError, match="promises 2 points, the file has 1"):
        read_shape(path)


@pytest.mark.parametrize(("ending", "package"), [("laz", "lazrs"), ("e57", "pye57"), ("pcd", "pypcd4.pypcd4")])
def test_without_the_extra(ending: str, package: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    (tmp_path / f"a.{ending}").write_bytes(b"12345678")
    with pytest.raises(MissingExtra, match=rf"reading \.{ending} needs .*meronym\[scans\]"):
        read_shape(tmp_path / f"a.{ending}")
