"""Bad captures: every fault of poses or photos ends in a sound capture or in one of our errors, and in nothing else."""

from __future__ import annotations

import io
import json
import struct
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from capture_files import Scene, llff_table, picture, transforms, write, write_colmap, write_photos
from mutations import mutate_digit, mutate_tree
from PIL import Image

from meronym.errors import Error, InputError, LimitError
from meronym.io.captures.photos import photo_header
from meronym.io.captures.read import photos, read_capture
from meronym.io.limits import Limits

# ---------------------------------------------------------------- fuzz

FUZZED = {
    "colmap": ["sparse/0/images.bin", "sparse/0/cameras.bin", "sparse/0/points3D.bin"],
    "colmap_text": ["sparse/0/images.txt", "sparse/0/cameras.txt", "sparse/0/points3D.txt"],
    "transforms": ["transforms.json"],
    "transforms_frames": ["transforms.json"],
    "transforms_train": ["transforms_train.json"],
    "llff": ["poses_bounds.npy", "segmentations/classes.txt"],
    "photo_png": ["images/p001.png"],
    "photo_jpg": ["images/p001.jpg"],
    "photo_tif": ["images/p001.tif"],
    "photo_webp": ["images/p001.webp"],
}
ODD = (b"-1", b"999999999999", b"nan", b"1e999", b"-inf", b"null", b"\n", b" ", b"0", b'"x"', b"\0", b"../", b"#")
ODD_JSON = (-1, 0, 1, 2, 255, 10**12, 2**70, 0.5, 1e300, float("nan"), float("inf"), None, True, "", "x", "../a", [], {}, [[]])
ODD_FLOATS = (np.nan, np.inf, -np.inf, 3e300, -1.0, 0.0, 1e-310)


def mutated(data: bytes, rng: np.random.Generator) -> bytes:
    """The bytes with one to four random faults; JSON is also damaged where a parser gets to it."""
    if data[:1] == b"{" and rng.random() < 0.8:
        tree = json.loads(data)
        for _ in range(rng.integers(1, 4)):
            mutate_tree(tree, rng, ODD_JSON)
        return json.dumps(tree).encode()
    damaged = bytearray(data)
    for _ in range(rng.integers(1, 5)):
        at, end = sorted(int(x) for x in rng.integers(0, len(damaged) + 1, 2))
        match rng.integers(9):
            case 0 | 1:
                damaged[at : at + 1] = bytes([rng.integers(256)])
            case 2 | 3:
                damaged[at : at + 8] = struct.pack("<d", rng.choice(ODD_FLOATS))[: len(damaged) - at]
            case 4:
                damaged[at : at + 8] = struct.pack("<Q", rng.choice([0, 1, 2**31, 2**62, 2**63 - 1]))[: len(damaged) - at]
            case 5 if rng.random() < 0.3:
                del damaged[at:]
            case 6 if rng.random() < 0.3:
                del damaged[at : min(end, at + 40)]
            case 7 if rng.random() < 0.3:
                damaged[at:at] = damaged[at : min(end, at + 200)]
            case _:
                mutate_digit(damaged, rng, ODD)
    return bytes(damaged)


def fuzz(form: str, rounds: int, folder: Path) -> int:
    """Read damaged captures; gives the number that were accepted, each sound."""
    ending = f".{form.removeprefix('photo_')}" if form.startswith("photo") else ".png"
    write(folder, "transforms" if form.startswith("photo") else form, Scene(ending=ending))
    if form == "llff":
        (folder / "segmentations").mkdir()
        (folder / "segmentations" / "classes.txt").write_text("a bag\nsheet\n")
    original = {name: (folder / name).read_bytes() for name in FUZZED[form]}
    rng = np.random.default_rng(7)
    good, unnamed = 0, None
    for _ in range(rounds):
        name = FUZZED[form][rng.integers(len(FUZZED[form]))]
        (folder / name).write_bytes(mutated(original[name], rng))
        try:
            capture = read_capture(folder)
            views = photos(capture, 8)
        except Error as error:
            unnamed = unnamed or (str(error) if str(folder) not in str(error) else None)
        else:
            good += 1
            cameras = capture.cameras
            rotation = cameras.world_from_camera[:, :3, :3]
            for tensor in (cameras.world_from_camera, cameras.intrinsics, capture.distortion, views.colour):
                assert torch.isfinite(tensor).all()
            torch.testing.assert_close(rotation @ rotation.mT, torch.eye(3).double().expand_as(rotation), atol=1e-9, rtol=0)
            assert (torch.linalg.det(rotation) > 0).all()
            assert (cameras.intrinsics[:, [0, 1], [0, 1]] > 0).all()
            assert capture.points is None or np.isfinite(capture.points.points).all()
            assert capture.depth_range is None or (capture.depth_range[:, 1] > capture.depth_range[:, 0]).all()
            assert len(set(capture.images)) == len(capture) >= 2
        (folder / name).write_bytes(original[name])
    assert unnamed is None, "an error that does not name its file"
    return good


@pytest.mark.parametrize("form", FUZZED)
def test_fuzz(form: str, tmp_path: Path) -> None:
    assert (form != "photo_png") <= fuzz(form, 100, tmp_path) < 100  # every byte of a PNG is under a checksum


@pytest.mark.long
@pytest.mark.parametrize("form", FUZZED)
def test_fuzz_long(form: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    if "long" not in request.config.getoption("-m"):
        pytest.skip("takes minutes; run with -m long")
    assert (form != "photo_png") <= fuzz(form, 5000, tmp_path) < 5000


# ---------------------------------------------------------------- row 8: promises


@pytest.mark.parametrize("name", ["cameras", "images", "points3D"])
def test_row_8_binary_files_that_promise_too_much(name: str, tmp_path: Path) -> None:
    model = write(tmp_path, "colmap").parent
    file = model / f"{name}.bin"
    data = file.read_bytes()
    file.write_bytes(struct.pack("<Q", 2**40) + data[8:])
    tracemalloc.start()
    with pytest.raises(InputError, match=rf"{name}\.bin: it promises 1099511627776 entries, but \d+ bytes are left at byte 8"):
        read_capture(tmp_path)
    assert tracemalloc.get_traced_memory()[1] < 5_000_000
    tracemalloc.stop()
    for length in range(8, len(data), 11):
        file.write_bytes(data[:length])
        with pytest.raises(InputError, match=rf"{name}\.bin: it (ends at byte {length}|promises)"):
            read_capture(tmp_path)
    file.write_bytes(b"")
    with pytest.raises(InputError, match=rf"{name}\.bin: the file is empty"):
        read_capture(tmp_path)


def test_row_8_an_array_that_promises_too_much(tmp_path: Path) -> None:
    file = write(tmp_path, "llff")
    data = file.read_bytes()
    file.write_bytes(data.replace(b"(3, 17)", b"(3000000000, 17)").replace(b" " * 9 + b"\n", b"\n"))
    with pytest.raises(
        InputError, match=r"poses_bounds\.npy: the header promises 408000000000 bytes of data, the file has 408"
    ):
        read_capture(tmp_path)
    np.save(file, np.array([{"a": 1}], dtype=object), allow_pickle=True)
    with pytest.raises(InputError, match=r"poses_bounds\.npy: it holds Python objects"):
        read_capture(tmp_path)
    np.save(file, np.zeros((3, 15)))
    with pytest.raises(InputError, match=r"poses_bounds\.npy: expected n x 17 numbers, got float64 \[3, 15\]"):
        read_capture(tmp_path)


# ---------------------------------------------------------------- row 9: paths


@pytest.mark.parametrize(
    "name", ["../secret.png", "/etc/passwd", "http://localhost/a.png", "C:\\a.png", "images/../../x.png", ""]
)
@pytest.mark.parametrize("form", ["transforms", "colmap"])
def test_row_9_paths_that_lead_out(name: str, form: str, tmp_path: Path) -> None:
    """Nothing outside of the folder is looked at: the photo counts as missing."""
    picture(0, 24, 16).save(tmp_path / "secret.png")
    folder = tmp_path / "in"
    file = write(folder, form)
    if form == "colmap":
        file.write_bytes(file.read_bytes().replace(b"p001.png", name.encode()))
    else:
        tree = transforms(Scene())
        tree["frames"][1]["file_path"] = name
        file.write_text(json.dumps(tree))
    capture = read_capture(folder)
    assert [path.name for path in capture.images] == ["p000.png", "p002.png"]
    assert capture.report == {"photos that are missing": 1, "photos without a pose": 1}


def test_row_9_links(tmp_path: Path) -> None:
    picture(0, 24, 16).save(tmp_path / "secret.png")
    write(tmp_path / "in", "transforms")
    (tmp_path / "in" / "images" / "p001.png").unlink()
    (tmp_path / "in" / "images" / "p001.png").symlink_to(tmp_path / "secret.png")
    with pytest.raises(InputError, match=r"'images/p001\.png' is a link that leads out of its folder"):
        read_capture(tmp_path / "in")
    (tmp_path / "in" / "transforms.json").write_text(json.dumps(transforms(Scene()) | {"ply_file_path": "../a.ply"}))
    with pytest.raises(InputError, match="leads out"):
        read_capture(tmp_path / "in")


# ---------------------------------------------------------------- row 10: photos


def test_row_10_bombs_and_damaged_photos(tmp_path: Path) -> None:
    write(tmp_path, "transforms", Scene(ending=".jpg"))
    file = tmp_path / "images" / "p001.jpg"
    data = file.read_bytes()
    file.write_bytes(data[:-60])
    capture = read_capture(tmp_path)
    with pytest.raises(InputError, match=r"images/p001\.jpg: the photo is damaged.*truncated.*Replace it"):
        photos(capture)
    for content in (data[:20], b"no photo at all", b"GIF89a" + bytes(50)):
        file.write_bytes(content)
        with pytest.raises(InputError, match=r"p001\.jpg: the photo is damaged, or of a kind that is not read"):
            read_capture(tmp_path)
    file.write_bytes(b"")
    with pytest.raises(InputError, match=r"p001\.jpg: the file is empty"):
        read_capture(tmp_path)
    bomb = io.BytesIO()
    Image.new("1", (12_000, 12_000)).save(bomb, "PNG")
    file.write_bytes(bomb.getvalue())
    with pytest.raises(LimitError, match=r"p001\.jpg: the photo is too large: .*144000000 pixels"):
        read_capture(tmp_path)


def test_row_10_photos_that_changed_after_reading(tmp_path: Path) -> None:
    write(tmp_path, "transforms")
    capture = read_capture(tmp_path)
    picture(1, 10, 10).save(capture.images[1])
    with pytest.raises(InputError, match=r"p001\.png: it has 10 x 10 pixels now, but the poses are for 24 x 16"):
        photos(capture)
    capture.images[1].unlink()
    with pytest.raises(InputError, match=r"p001\.png: the photo is damaged"):
        photos(capture)


def test_row_10_more_photos_than_memory(tmp_path: Path) -> None:
    write(tmp_path, "transforms")
    capture = read_capture(tmp_path)
    limits = Limits(photos_bytes=21 * 3 * 24 * 16 - 1)
    with pytest.raises(LimitError, match=r"3 photos of 24 x 16 pixels take .*Ask for smaller ones"):
        photos(capture, limits=limits)
    assert len(photos(capture, 23, limits)) == 3


@pytest.mark.parametrize("orientation", [2, 3, 6])
def test_row_10_exif_that_nothing_decides(orientation: int, tmp_path: Path) -> None:
    """The pose of a square photo may be for either way up: it is taken to be for the pixels as they are stored."""
    scene = Scene(width=16)
    for form in ("transforms", "transforms_train", "llff", "colmap"):
        folder = tmp_path / form
        write(folder, form, scene)
        tag = Image.Exif()
        tag[0x0112] = orientation
        picture(1, 16, 16).save(folder / "images" / "p001.png", exif=tag)
        assert photo_header(folder / "images" / "p001.png").turned
        capture = read_capture(folder)
        turns = {2: 0, 3: 2, 6: 1}[orientation]
        assert capture.report.get("photos turned by EXIF", 0) == (turns > 0)
        expected = np.rot90(np.array(picture(1, 16, 16)), -turns) / 255
        np.testing.assert_allclose(photos(capture).colour[1], expected, atol=1e-4)


def test_row_10_sizes_that_contradict_the_poses(tmp_path: Path) -> None:
    write(tmp_path, "transforms")
    picture(1, 16, 24).save(tmp_path / "images" / "p001.png")
    with pytest.raises(
        InputError, match=r"p001\.png: the photo has 16 x 24 pixels, but its pose is for 24 x 16\. Use the photos"
    ):
        read_capture(tmp_path)
    tag = Image.Exif()
    tag[0x0112] = 8
    picture(1, 20, 16).save(tmp_path / "images" / "p001.png", exif=tag)
    with pytest.raises(InputError, match=r"has 20 x 16 pixels \(16 x 20 upright\), but its pose is for 24 x 16"):
        read_capture(tmp_path)


# ---------------------------------------------------------------- row 11: poses and lenses


def test_row_11_missing_photos(tmp_path: Path) -> None:
    for form in ("transforms", "transforms_train", "colmap", "colmap_text"):
        folder = tmp_path / form
        write(folder, form, Scene(count=9))
        for index in range(1, 8):
            (folder / "images" / f"p{index:03d}.png").unlink()
        with pytest.raises(
            InputError, match=r"7 of 9 photos are missing from .*: (\S*p\d+(\.png)?, ){5}\.\.\.\. Put them there"
        ) as raised:
            read_capture(folder)
        assert "p007" in str(raised.value)
        assert "p002" not in str(raised.value)
    write(tmp_path / "llff", "llff")
    (tmp_path / "llff" / "images" / "p001.png").unlink()
    with pytest.raises(InputError, match=r"poses_bounds\.npy: 3 poses, but 2 photos in .*images"):
        read_capture(tmp_path / "llff")


def changed(change: Callable[[np.ndarray], None]) -> Callable[[Path, str], None]:
    """Writes a capture whose second pose is damaged in world-from-camera form."""

    def write_changed(folder: Path, form: str) -> None:
        file = write(folder, form)
        if form == "llff":
            table = llff_table(Scene())
            matrix = table[1, :15].reshape(3, 5)
            change(matrix)
            np.save(file, table)
        else:
            tree = transforms(Scene(), form)
            matrix = np.array(tree["frames"][1]["transform_matrix"])
            change(matrix)
            tree["frames"][1]["transform_matrix"] = matrix.tolist()
            file.write_text(json.dumps(tree))

    return write_changed


def put(value: float, *index: int) -> Callable[[np.ndarray], None]:
    def change(matrix: np.ndarray) -> None:
        matrix[index] = value

    return change


def scale(*columns: float) -> Callable[[np.ndarray], None]:
    def change(matrix: np.ndarray) -> None:
        matrix[:3, :3] *= columns

    return change


@pytest.mark.parametrize("form", ["transforms", "llff"])
@pytest.mark.parametrize(
    ("change", "message"),
    [
        (put(np.nan, 0, 0), "its pose holds nan"),
        (put(np.inf, 1, 3), "its pose holds inf"),
        (put(1e20, 1, 3), r"it stands at .*1e\+20.*the limit is 1e\+15"),
        (scale(2, 2, 2), r"its rotation is not orthonormal \(off by 3, at most 0\.01 is put right\)"),
        (scale(1, 1, 0), "its rotation is not orthonormal"),
        (scale(1e200, 1, 1), "its rotation is not orthonormal"),
        (scale(1, -1, 1), r"its rotation is left-handed \(determinant -1\)\. Flip the sign"),
    ],
)
def test_row_11_poses(change: Callable[[np.ndarray], None], message: str, form: str, tmp_path: Path) -> None:
    changed(change)(tmp_path, form)
    with pytest.raises(InputError, match=rf"(transforms\.json|poses_bounds\.npy): (images/)?p001\.png: {message}"):
        read_capture(tmp_path)


def test_row_11_rounded_rotations_are_made_exact(tmp_path: Path) -> None:
    changed(scale(1.003, 0.998, 1.0))(tmp_path, "transforms")
    rotation = read_capture(tmp_path).cameras.world_from_camera[:, :3, :3]
    torch.testing.assert_close(rotation @ rotation.mT, torch.eye(3).double().expand(3, 3, 3), atol=1e-12, rtol=0)
    expected = torch.from_numpy(Scene().poses[1, :3, :3])
    torch.testing.assert_close(rotation[1], expected, atol=1e-9, rtol=0)


@pytest.mark.parametrize("form", ["colmap", "colmap_text"])
def test_row_11_quaternions(form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from scipy.spatial.transform import Rotation

    real = Rotation.as_quat
    for factor, message in ((1.1, "not of length 1"), (0.0, "not of length 1"), (np.nan, "nan.*not of length 1")):
        monkeypatch.setattr("capture_files.Rotation", _Scaled(real, factor))
        write(tmp_path, form)
        with pytest.raises(InputError, match=rf"images\.\w+: p00\d\.png: its rotation is the quaternion .*{message}"):
            read_capture(tmp_path)


class _Scaled:
    """Quaternions of the wrong length."""

    def __init__(self, real: Any, factor: float) -> None:
        self.real, self.factor = real, factor

    def from_matrix(self, matrix: np.ndarray) -> Any:
        from types import SimpleNamespace

        from scipy.spatial.transform import Rotation

        return SimpleNamespace(as_quat=lambda: self.factor * self.real(Rotation.from_matrix(matrix)))


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ([0, 12, 8], "focal length in x is 0.0, expected more than 0"),
        ([-30, 12, 8], "focal length in x is -30.0, expected more than 0"),
        ([np.nan, 12, 8], "focal length in x is nan, expected more than 0"),
        ([0.05, 12, 8], r"focal length in x is 0\.05 for 24 pixels\. It must be in pixels"),
        ([30, 500, 8], "principal point is 500 8, far outside of 24 x 16 pixels"),
        ([30, 12, np.nan], "principal point is 12 nan, far outside"),
        ([30, 12, 8, np.inf], "lens distortion is"),
    ],
)
@pytest.mark.parametrize("form", ["colmap", "colmap_text"])
def test_row_11_lenses(params: list[float], message: str, form: str, tmp_path: Path) -> None:
    write(tmp_path, form, Scene(model="SIMPLE_RADIAL" if len(params) == 4 else "SIMPLE_PINHOLE", params=params))
    with pytest.raises(InputError, match=rf"cameras\.\w+: camera 7: its {message}"):
        read_capture(tmp_path)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"fl_x": 0}, "focal length in x is 0.0, expected more than 0"),
        ({"fl_x": "30"}, "fl_x: expected a number, got '30'"),
        ({"w": 24.5}, "w and h: expected whole numbers"),
        ({"w": 0}, r"0 x 16 pixels"),
        ({"camera_model": "EQUIRECTANGULAR"}, "camera model 'EQUIRECTANGULAR' is not read; .*image_undistorter"),
        ({"ftheta_p0": 1.0}, "camera model 'ftheta_p0' is not read"),
        ({"k4": 0.1}, "k4 without a fisheye lens"),
        ({"is_fisheye": True, "p1": 0.1}, "p1 and p2 with a fisheye lens"),
        ({"k1": None}, "k1: expected a number, got None"),
        ({"frames": []}, "0 photos with a pose, at least 2 are needed"),
        ({"frames": 3}, "expected an object with a list of frames"),
        ({"frames": [{}]}, "each frame needs a file_path"),
        ({"ply_file_path": 3}, "ply_file_path: expected a file name"),
    ],
)
def test_row_11_transforms(change: dict[str, Any], message: str, tmp_path: Path) -> None:
    write(tmp_path, "transforms").write_text(json.dumps(transforms(Scene()) | change))
    with pytest.raises(InputError, match=rf"transforms\.json.*{message}"):
        read_capture(tmp_path)


def test_row_11_what_else_json_may_be(tmp_path: Path) -> None:
    file = write(tmp_path, "transforms")
    for text in ("", "{", "[" * 100_000, "[]", "\xff", '{"frames": [1]}', '{"frames": {}}'):
        file.write_text(text, encoding="latin-1")
        with pytest.raises(Error, match=r"transforms\.json: "):
            read_capture(tmp_path)
    tree = transforms(Scene(), "transforms_train")
    del tree["camera_angle_x"]
    file.write_text(json.dumps(tree))
    with pytest.raises(InputError, match="camera_angle_x: expected a number, got None"):
        read_capture(tmp_path)
    file.write_text(json.dumps(tree | {"camera_angle_x": 4}))
    with pytest.raises(InputError, match="camera_angle_x: expected an angle of 0 to pi, got 4"):
        read_capture(tmp_path)


def test_row_11_two_poses_for_a_photo_and_too_few_photos(tmp_path: Path) -> None:
    tree = transforms(Scene())
    file = write(tmp_path, "transforms")
    file.write_text(json.dumps(tree | {"frames": [*tree["frames"], tree["frames"][0]]}))
    with pytest.raises(InputError, match=r"the photo 'p002\.png' has two poses"):
        read_capture(tmp_path)
    for form in ("transforms", "llff", "colmap", "colmap_text"):
        write(tmp_path / form, form, Scene(count=1))
        with pytest.raises(InputError, match="1 photos with a pose, at least 2 are needed"):
            read_capture(tmp_path / form)


def test_row_11_models_that_lack_something(tmp_path: Path) -> None:
    model = write(tmp_path, "colmap").parent
    points = (model / "points3D.bin").read_bytes()
    (model / "points3D.bin").write_bytes(points[:16] + struct.pack("<d", np.nan) + points[24:])
    capture = read_capture(tmp_path)
    assert capture.report == {"points that are not finite": 1}
    assert capture.points is not None
    np.testing.assert_array_equal(capture.points.points, Scene().points[1:])
    (model / "points3D.bin").unlink()
    assert read_capture(tmp_path).points is None
    data = (model / "cameras.bin").read_bytes()
    (model / "cameras.bin").write_bytes(data[:8] + struct.pack("<i", 8) + data[12:])
    with pytest.raises(InputError, match=r"images\.bin: p002\.png: its camera 7 is not in cameras\.bin"):
        read_capture(tmp_path)
    (model / "cameras.bin").unlink()
    with pytest.raises(InputError, match=r"cameras\.bin: there is no such file, but images\.bin is there"):
        read_capture(tmp_path)


def test_row_11_depths(tmp_path: Path) -> None:
    file = write(tmp_path, "llff")
    for near, far in ((0.0, 1.0), (2.0, 1.0), (np.nan, 1.0), (1.0, np.inf)):
        table = llff_table(Scene())
        table[1, 15:] = near, far
        np.save(file, table)
        with pytest.raises(InputError, match=r"p001\.png: its depths are .*, expected 0 < near < far"):
            read_capture(tmp_path)


def test_row_11_photos_in_folders_with_odd_names(tmp_path: Path) -> None:
    names = ["left eye/ä.png", "left eye/b.png", "right/ä.png"]
    write_photos(tmp_path, Scene())
    for old, new in zip(Scene().names, names, strict=True):
        (tmp_path / "images" / new).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / old).rename(tmp_path / "images" / new)
    for text in (False, True):
        file = write_colmap(tmp_path / f"sparse{text}", Scene(), text=text)
        data = file.read_bytes()
        for old, new in zip(Scene().names, names, strict=True):
            data = data.replace(old.encode(), new.encode())
        file.write_bytes(data)
        capture = read_capture(file.parent)
        assert [path.relative_to(tmp_path / "images").as_posix() for path in capture.images] == sorted(names)
