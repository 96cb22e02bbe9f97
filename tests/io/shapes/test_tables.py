"""Point clouds from tables: headings, separators, colours of any range, an intensity before or after them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from meronym.errors import InputError, LimitError
from meronym.io.limits import Limits
from meronym.io.shapes.read import read_shape
from meronym.types import PointCloud

RNG = np.random.default_rng(0)
POINTS = RNG.random((40, 3))
COLOUR = RNG.integers(0, 256, (40, 3))
NORMAL = np.tile([0.6, 0, 0.8], (40, 1))
INTENSITY = RNG.integers(0, 2048, (40, 1))


def cloud_of(path: Path, content: str | bytes, **options: Any) -> PointCloud:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    cloud = read_shape(path, **options)
    assert isinstance(cloud, PointCloud)
    return cloud


def table(*columns: np.ndarray, by: str = " ") -> str:
    return "".join(by.join(f"{number:.9g}" for number in row) + "\n" for row in np.hstack(columns))


def check(cloud: PointCloud, *, colour: bool = True, normal: bool = False) -> None:
    np.testing.assert_allclose(cloud.points, POINTS, atol=1e-8)
    assert (cloud.colour is not None, cloud.normal is not None) == (colour, normal)
    if cloud.colour is not None:
        np.testing.assert_allclose(cloud.colour, COLOUR / 255, atol=1e-6)
    if cloud.normal is not None:
        np.testing.assert_allclose(cloud.normal, NORMAL, atol=1e-6)


@pytest.mark.parametrize("by", [" ", "\t", ",", ", ", ";", " ; ", "   "])
@pytest.mark.parametrize(
    "heading",
    [
        "",
        "# x y z\n",
        "// X Y Z R G B\n",
        "X Y Z R G B\n",
        "//X Y Z R G B\n40\n",
        "#\n# why\n\n",
        "x;y;z;red;green;blue\n",
        "40\n",
    ],
)
def test_headings_and_separators(heading: str, by: str, tmp_path: Path) -> None:
    check(cloud_of(tmp_path / "a.xyz", heading + table(POINTS, COLOUR, by=by)))


@pytest.mark.parametrize(
    ("columns", "normal"),
    [
        ((POINTS, INTENSITY, COLOUR), False),
        ((POINTS, COLOUR, INTENSITY), False),
        ((POINTS, INTENSITY / 2048, COLOUR), False),
        ((POINTS, COLOUR, INTENSITY / 2048), False),
        ((POINTS, COLOUR, NORMAL), True),
        ((POINTS, NORMAL, COLOUR), True),
        ((POINTS, NORMAL, COLOUR, INTENSITY), True),
        ((POINTS, COLOUR / 255), False),
        ((POINTS, COLOUR * 257), False),
    ],
)
def test_columns_without_a_heading(columns: tuple[np.ndarray, ...], normal: bool, tmp_path: Path) -> None:
    cloud = cloud_of(tmp_path / "a.xyz", table(*columns))
    check(cloud, normal=normal)
    unused = sum(column.shape[1] == 1 for column in columns)
    assert cloud.report == ({"columns_left_out": unused} if unused else {})


def test_a_pts_file_has_its_count_first_and_intensity_before_colours(tmp_path: Path) -> None:
    low = INTENSITY % 200
    check(cloud_of(tmp_path / "a.pts", "40\n" + table(POINTS, low, COLOUR)))
    check(
        cloud_of(
            tmp_path / "b.pts",
            "15\n" + table(POINTS[:15], low[:15], COLOUR[:15]) + "25\n" + table(POINTS[15:], low[15:], COLOUR[15:]),
        )
    )
    with pytest.raises(InputError, match=r"a\.pts: promises 40 points, has 39: it was cut short"):
        cloud_of(tmp_path / "a.pts", "40\n" + table(POINTS, low, COLOUR).rsplit("\n", 2)[0])


def test_a_heading_says_which_columns_are_which(tmp_path: Path) -> None:
    check(
        cloud_of(
            tmp_path / "a.csv",
            '"blue","green","red",Z (m),Y [m],X,Scan Angle\n' + table(COLOUR[:, ::-1], POINTS[:, ::-1], INTENSITY, by=","),
        )
    )
    check(cloud_of(tmp_path / "a.txt", "#nx ny nz x y z r g b\n" + table(NORMAL, POINTS, COLOUR)), normal=True)
    with pytest.raises(InputError, match="heading names 4 columns, the lines have 6"):
        cloud_of(tmp_path / "c.txt", "# a x y z\n" + table(POINTS, COLOUR))
    check(cloud_of(tmp_path / "d.csv", "x;y;z;\n" + table(POINTS, COLOUR, by=";").replace("\n", ";\n")))
    cloud = cloud_of(tmp_path / "b.txt", "// X Y Z Intensity\n" + table(POINTS, INTENSITY))
    assert (cloud.colour, cloud.report) == (None, {"columns_left_out": 1})


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "latin-1"])
def test_encodings_and_decimal_commas(encoding: str, tmp_path: Path) -> None:
    text = "# Gr\xfc\xdfe\n" + table(POINTS, COLOUR)
    check(cloud_of(tmp_path / "a.xyz", text.replace("\n", "\r\n").encode(encoding)))
    check(cloud_of(tmp_path / "b.xyz", table(POINTS, COLOUR, by=";").replace(".", ",").encode(encoding)))
    check(cloud_of(tmp_path / "c.xyz", table(POINTS, COLOUR).replace(".", ",").encode(encoding)))


def test_map_coordinates_keep_their_digits(tmp_path: Path) -> None:
    places = np.add(POINTS, [665186, 5648349, 240])
    cloud = cloud_of(tmp_path / "a.xyz", "".join(f"{x:.6f} {y:.6f} {z:.6f}\n" for x, y, z in places))
    np.testing.assert_allclose(cloud.points, places, atol=1e-6)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("3\nwater\nO 0 0 0\nH 1 0 0\n", "cannot read the line 'water'"),
        ("name\n1 2 3\n4 5 6\n", "cannot read the line b'name'"),
        ("1 2 3\n4 5 6\n7 8\n", "expected 3 numbers a line, found 2 in line 2"),
        ("1 2\n3 4\n", "expected 3 numbers a line, found 2"),
        ("hello\nworld\n", "expected lines of three numbers"),
        ("# only this\n", "expected lines of three numbers"),
        ("1 2 3\n4 5 6 # 7\n7 x 8\n", "cannot read the line '7 x 8'"),
    ],
)
def test_other_texts_are_refused(text: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=rf"a\.xyz: .*{message}"):
        cloud_of(tmp_path / "a.xyz", text)


def test_too_many_points_are_refused(tmp_path: Path) -> None:
    with pytest.raises(LimitError, match="40 faces or points"):
        cloud_of(tmp_path / "a.xyz", table(POINTS), limits=Limits(faces=39))


@pytest.mark.parametrize(
    "arrays",
    [
        {"points": POINTS, "colors": COLOUR.astype(np.uint8)},
        {"xyz": POINTS.astype(np.float64), "rgb": COLOUR},
        {"Points": POINTS, "color": COLOUR / 255},
        {"pos": POINTS[None], "colours": COLOUR.astype(float)},
        {"coord": POINTS, "rgb": (COLOUR * 257).astype(np.uint16)},
        {"points": POINTS, "colors": np.hstack([COLOUR, np.full((40, 1), 255)]).astype(np.uint8)},
        {"points": np.hstack([POINTS, COLOUR])},
        {"arr_0": np.hstack([POINTS, COLOUR])},
    ],
)
def test_names_of_arrays(arrays: dict[str, np.ndarray], tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", **arrays)
    cloud = read_shape(tmp_path / "a.npz")
    assert isinstance(cloud, PointCloud)
    check(cloud)


def test_one_array(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.hstack([POINTS, COLOUR, NORMAL]))
    kinds = [*((axis, "f8") for axis in "xyz"), *((name, "u1") for name in ("red", "green", "blue")), ("label", "i4")]
    named = np.zeros(40, kinds)
    for name, column in zip((kind[0] for kind in kinds), [*POINTS.T, *COLOUR.T], strict=False):
        named[name] = column
    np.save(tmp_path / "b.npy", named)
    for name in ("a.npy", "b.npy"):
        cloud = read_shape(tmp_path / name)
        assert isinstance(cloud, PointCloud)
        check(cloud, normal=name == "a.npy")
    for wrong, message in (
        (np.arange(9), r"\[n 3\]"),
        (np.array(["a"]), r"\[n 3\]"),
        (np.zeros(3, [("x", "f4")]), "fields x, y"),
    ):
        np.save(tmp_path / "c.npy", wrong)
        with pytest.raises(InputError, match=rf"c\.npy: .*{message}"):
            read_shape(tmp_path / "c.npy")
