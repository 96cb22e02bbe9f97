"""STL and OFF as they are found: colours, several solids, names, headers of all kinds, damage that is named."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest
import trimesh

from meronym.errors import InputError
from meronym.io.shapes.read import read_shape
from meronym.types import Mesh, PointCloud

BOX = trimesh.creation.box()


def mesh_of(path: Path, content: bytes | str, repair: bool = False) -> Mesh:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    mesh = read_shape(path, repair=repair)
    assert isinstance(mesh, Mesh)
    return mesh


def solid(name: str, shift: float = 0.0) -> str:
    lines = [f"solid {name}"]
    for corners in np.add(BOX.vertices, [shift, 0, 0])[BOX.faces].tolist():
        lines += [
            "facet normal 0 0 1",
            " outer loop",
            *(f"  vertex {x} {y} {z}" for x, y, z in corners),
            " endloop",
            "endfacet",
        ]
    return "\n".join([*lines, f"endsolid {name}", ""])


def binary(header: bytes, stored: list[int]) -> bytes:
    facets = [
        np.zeros(3, "<f4").tobytes() + corners.astype("<f4").tobytes() + struct.pack("<H", value)
        for corners, value in zip(BOX.vertices[BOX.faces], stored, strict=True)
    ]
    return header.ljust(80, b"\0") + struct.pack("<I", 12) + b"".join(facets)


def test_solids_are_nodes(tmp_path: Path) -> None:
    text = solid("left") + solid("T\xfcr 1e5", 3) + "solid empty\nendsolid empty\n" + solid("left", 6)
    for content in (text.encode("latin-1"), text.replace("\n", "\r\n").encode(), text.replace(" ", "\t").encode("latin-1")):
        mesh = mesh_of(tmp_path / "a.stl", content)
        assert mesh.face_origin is not None
        assert [name.replace("\t", " ") for name in mesh.face_origin.nodes] == ["left", "T\xfcr 1e5", "left.1"]
        assert np.bincount(mesh.face_origin.node_of_face).tolist() == [12, 12, 12]
        np.testing.assert_array_equal(mesh.vertices[mesh.faces][12:24], np.add(BOX.vertices, [3, 0, 0])[BOX.faces])
        assert len(mesh.vertices) == 24
    assert len(mesh_of(tmp_path / "a.stl", solid("x").upper()).faces) == 12


def test_map_coordinates_in_text_stl(tmp_path: Path) -> None:
    mesh = mesh_of(tmp_path / "a.stl", solid("x", 5648349.3))
    np.testing.assert_allclose(np.ptp(mesh.vertices, axis=0), 1, atol=1e-8)


@pytest.mark.parametrize("header", [b"", b"solid named by SolidWorks", b"COLOR=\xff\x80\0\xff,MATERIAL=x"])
def test_colours(header: bytes, tmp_path: Path) -> None:
    magics = header.startswith(b"COLOR")
    own, common = (0, 0x8000) if magics else (0x8000, 0)
    blue_first = [k << 10 | 31 for k in range(11)]
    mesh = mesh_of(tmp_path / "a.stl", binary(header, [own | value for value in blue_first] + [common]))
    assert mesh.corner_colour is not None
    expected = np.array([[1, 0, k / 31] if magics else [k / 31, 0, 1] for k in range(11)])
    np.testing.assert_allclose(mesh.corner_colour[:11, 0], expected, atol=1e-6)
    np.testing.assert_allclose(mesh.corner_colour[11, 2], [1, 128 / 255, 0] if magics else [1, 1, 1], atol=1e-6)
    assert mesh_of(tmp_path / "b.stl", binary(b"", [0] * 12)).corner_colour is None


def test_text_stl_that_was_cut_short(tmp_path: Path) -> None:
    text = solid("x")
    lines = text.splitlines(keepends=True)
    for kept, left in ((lines[:36], 5), (lines[:39], 5), ([*lines[:40], "  vertex 0.5"], 5), (lines[:-1], 12)):
        with pytest.raises(InputError, match=rf"a\.stl: {left} facets, then the file ends .*cut short"):
            mesh_of(tmp_path / "a.stl", "".join(kept))
        assert len(mesh_of(tmp_path / "a.stl", "".join(kept), repair=True).faces) == left
    with pytest.raises(InputError, match="12 facets have 143 numbers"):
        mesh_of(tmp_path / "a.stl", text.replace("vertex -0.5 ", "vertex ", 1))


VERTICES = [" ".join(f"{number:g}" for number in place) for place in BOX.vertices]
FACES = [f"3 {a} {b} {c}" for a, b, c in BOX.faces]


@pytest.mark.parametrize(
    "head", ["OFF\n8 12 0\n", "OFF 8 12 0\n", "OFF\n8 12\n", "# a\nOFF # b\n\n# c\n8 12 18\n\n", "# \xfc\nOFF\n8 12 0\n"]
)
def test_headers_of_off(head: str, tmp_path: Path) -> None:
    mesh = mesh_of(tmp_path / "a.off", (head + "\n".join([*VERTICES, "# here", "", *FACES])).encode("latin-1"))
    np.testing.assert_array_equal(mesh.vertices[mesh.faces], BOX.vertices[BOX.faces])
    assert (mesh.corner_colour, mesh.report) == (None, {})


@pytest.mark.parametrize(
    ("head", "vertex", "face"),
    [
        ("COFF", " 255 51 0 255", ""),
        ("COFF", " 1.0 0.2 0.0 1.0", ""),
        ("OFF", " 255 51 0", ""),
        ("CNOFF", " 0 0 1 255 51 0 255", ""),
        ("OFF", "", " 255 51 0"),
        ("OFF", "", " 1.0 0.2 0.0 1.0"),
        ("NOFF", " 0 0 1", " 255 51 0"),
    ],
)
def test_colours_of_off(head: str, vertex: str, face: str, tmp_path: Path) -> None:
    lines = [head, "8 12 0", *(line + vertex for line in VERTICES), *(line + face for line in FACES)]
    mesh = mesh_of(tmp_path / "a.off", "\n".join(lines))
    assert mesh.corner_colour is not None
    np.testing.assert_allclose(mesh.corner_colour.reshape(-1, 3), np.tile([1, 0.2, 0], (36, 1)), atol=1e-6)
    assert mesh.finish is not None
    assert (mesh.finish.normal is not None) == ("N" in head)


def test_off_of_polygons_and_of_points(tmp_path: Path) -> None:
    mesh = mesh_of(tmp_path / "a.off", "\n".join(["OFF", "8 2 0", *VERTICES, "4 0 1 3 2", "3 4 6 7 1"]))
    assert mesh.finish is not None
    assert mesh.finish.polygon.tolist() == [0, 0, 1]
    (tmp_path / "b.off").write_text("\n".join(["OFF", "8 0 0", *VERTICES]))
    assert isinstance(read_shape(tmp_path / "b.off"), PointCloud)


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ([*VERTICES, *FACES[:9]], r"promises 20 lines of data, the file has 17 \(9 of 12 faces\)"),
        (VERTICES[:5], r"promises 20 lines of data, the file has 5 \(5 of 8 vertices\)|promises \d+ bytes"),
        ([*VERTICES, *FACES[:11], "3 1"], "face 11 promises 3 corners, its line has 1"),
        ([*VERTICES, *FACES[:11], "3 1 2 8"], r"face 11 of 'a' refers to vertices \[1, 2, 8\], but there are 8"),
        ([*VERTICES[:7], "1 2", *FACES], "vertex 7 has 2 numbers, others have 3"),
        ([*VERTICES[:7], "1 2 x", *FACES], "cannot read the line '1 2 x'"),
    ],
)
def test_damaged_off_is_refused(lines: list[str], message: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=rf"a\.off: .*({message})"):
        mesh_of(tmp_path / "a.off", "\n".join(["OFF", "8 12 0", *lines]))
