"""PoseFile photos: every format says the same of the same scene, and photos lose their lens distortion, never their place."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from capture_files import FORMATS, NUMBERS, Scene, picture, transforms, write, write_colmap, write_photos
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from meronym.core.cameras import project
from meronym.errors import InputError
from meronym.io.captures.lenses import distort
from meronym.io.captures.photos import read_mask, undistorted
from meronym.io.captures.placement import scaled
from meronym.io.captures.read import advice, holdout, is_capture, photos, read_capture
from meronym.io.captures.sfm import register
from meronym.types import Cameras, Capture

# ---------------------------------------------------------------- formats


@pytest.mark.parametrize("form", FORMATS)
def test_a_point_is_seen_at_the_same_pixel_in_every_format(form: str, tmp_path: Path) -> None:
    scene = Scene()
    write(tmp_path, form, scene)
    capture = read_capture(tmp_path)
    assert [path.name for path in capture.images] == scene.names
    assert (capture.cameras.width, capture.cameras.height) == (scene.width, scene.height)
    assert capture.cameras.world_from_camera.dtype == torch.float64
    assert not capture.distortion.any()
    assert not any(frame.fisheye for frame in capture.frames)
    assert capture.source == tmp_path
    assert capture.report == {}
    pixel, depth = project(capture.cameras, torch.from_numpy(scene.points))
    np.testing.assert_allclose(pixel, scene.pixels(), atol=1e-9)
    assert (depth > 0).all()


def test_the_formats_say_what_else_they_know(tmp_path: Path) -> None:
    scene = Scene()
    for form in ("colmap", "colmap_text"):
        write(tmp_path / form, form, scene)
        points = read_capture(tmp_path / form).points
        assert points is not None
        assert points.colour is not None
        np.testing.assert_array_equal(points.points, scene.points)
        np.testing.assert_allclose(points.colour, [[1, 0, 0.2]] * 2, atol=1e-6)
    write(tmp_path / "llff", "llff", scene)
    depth_range = read_capture(tmp_path / "llff").depth_range
    assert depth_range is not None
    assert depth_range.tolist() == [[1.5, 6.0]] * 3
    tree = transforms(scene) | {"ply_file_path": "sparse.ply"}
    write_photos(tmp_path / "nerf" / "images", scene)
    (tmp_path / "nerf" / "transforms.json").write_text(json.dumps(tree))
    capture = read_capture(tmp_path / "nerf")
    assert capture.points is None
    assert capture.report == {"files of sparse points that are missing": 1}
    head = "ply\nformat ascii 1.0\nelement vertex 2\n" + "".join(f"property float {a}\n" for a in "xyz")
    head += "".join(f"property uchar {name}\n" for name in ("red", "green", "blue")) + "end_header\n"
    rows = [f"{x} {y} {z} 255 0 51\n" for x, y, z in scene.points]
    (tmp_path / "nerf" / "sparse.ply").write_text(head + "".join(rows))
    points = read_capture(tmp_path / "nerf").points
    assert points is not None
    assert points.colour is not None
    np.testing.assert_allclose(points.points, scene.points, atol=1e-6)
    np.testing.assert_allclose(points.colour, [[1, 0, 0.2]] * 2, atol=1e-6)


LENSES = {
    "SIMPLE_PINHOLE": ([30, 12, 8], [0] * 6),
    "PINHOLE": ([30, 31, 12, 8], [0] * 6),
    "SIMPLE_RADIAL": ([30, 12, 8, 0.1], [0.1, 0, 0, 0, 0, 0]),
    "RADIAL": ([30, 12, 8, 0.1, 0.02], [0.1, 0.02, 0, 0, 0, 0]),
    "OPENCV": ([30, 31, 12, 8, 0.1, 0.02, 0.003, 0.004], [0.1, 0.02, 0.003, 0.004, 0, 0]),
    "OPENCV_FISHEYE": ([30, 31, 12, 8, 0.1, 0.02, 0.003, 0.004], [0.1, 0.02, 0, 0, 0.003, 0.004]),
    "SIMPLE_RADIAL_FISHEYE": ([30, 12, 8, 0.1], [0.1, 0, 0, 0, 0, 0]),
    "RADIAL_FISHEYE": ([30, 12, 8, 0.1, 0.02], [0.1, 0.02, 0, 0, 0, 0]),
    "SIMPLE_FISHEYE": ([30, 12, 8], [0] * 6),
    "FISHEYE": ([30, 31, 12, 8], [0] * 6),
    "FULL_OPENCV": (
        [30, 31, 12, 8, 0.1, 0.02, 0.003, 0.004, 0.05, 0.06, 0.07, 0.08],
        [0.1, 0.02, 0.003, 0.004, 0.05, 0.06, 0.07, 0.08],
    ),
    "THIN_PRISM_FISHEYE": (
        [30, 31, 12, 8, 0.1, 0.02, 0.003, 0.004, 0.05, 0.06, 0.07, 0.08],
        [0.1, 0.02, 0.003, 0.004, 0.05, 0.06, 0, 0, 0.07, 0, 0.08, 0],
    ),
}


@pytest.mark.parametrize("model", LENSES)
@pytest.mark.parametrize("form", ["colmap", "colmap_text"])
def test_colmaps_lenses(model: str, form: str, tmp_path: Path) -> None:
    params, distortion = LENSES[model]
    write(tmp_path, form, Scene(model=model, params=[float(value) for value in params]))
    capture = read_capture(tmp_path)
    fy = 30 if params[1] == 12 else 31
    assert capture.cameras.intrinsics[0].tolist() == [[30, 0, 12], [0, fy, 8], [0, 0, 1]]
    assert capture.distortion.tolist() == [[*distortion, *[0] * (12 - len(distortion))]] * 3
    assert {frame.fisheye for frame in capture.frames} == {"FISHEYE" in model}


@pytest.mark.parametrize("model", sorted(set(NUMBERS) - set(LENSES)))
@pytest.mark.parametrize("form", ["colmap", "colmap_text"])
def test_other_lenses_are_refused_by_name(model: str, form: str, tmp_path: Path) -> None:
    write(tmp_path, form, Scene(model=model))
    with pytest.raises(
        InputError, match=rf"cameras\.\w+: camera 7: its camera model '{model}' is not read; .*image_undistorter"
    ):
        read_capture(tmp_path)


@pytest.mark.parametrize(
    ("change", "distortion", "fisheye"),
    [
        ({"k1": 0.1, "k2": 0.2, "p1": 0.3, "p2": 0.4}, [0.1, 0.2, 0.3, 0.4, 0, 0], False),
        ({"camera_model": "OPENCV", "k1": 0.1, "k3": 0.5}, [0.1, 0, 0, 0, 0.5, 0], False),
        ({"camera_model": "OPENCV_FISHEYE", "k1": 0.1, "k4": 0.6}, [0.1, 0, 0, 0, 0, 0.6], True),
        ({"is_fisheye": True, "k2": 0.2, "k3": 0.5, "k4": 0.6}, [0, 0.2, 0, 0, 0.5, 0.6], True),
    ],
)
def test_lenses_of_transforms(change: dict[str, Any], distortion: list[float], fisheye: bool, tmp_path: Path) -> None:
    write(tmp_path, "transforms").write_text(json.dumps(transforms(Scene()) | change))
    capture = read_capture(tmp_path)
    assert capture.distortion.tolist() == [[*distortion, *[0] * (12 - len(distortion))]] * 3
    assert {frame.fisheye for frame in capture.frames} == {fisheye}


def test_where_the_poses_may_lie(tmp_path: Path) -> None:
    scene = Scene()
    for place in ("sparse/0", "sparse", "."):
        folder = tmp_path / place.replace("/", "_").replace(".", "here")
        write_photos(folder / "images", scene)
        model = write_colmap(folder / place, scene).parent
        for path in (folder, model):
            assert is_capture(path)
            assert len(read_capture(path)) == 3
    for form in ("transforms", "transforms_train", "llff"):
        file = write(tmp_path / form, form)
        for path in (file, file.parent, str(file)):
            assert is_capture(path)
            assert len(read_capture(path)) == 3
    write_photos(tmp_path / "plain", scene)
    (tmp_path / "chair.obj").write_text("v 0 0 0\n")
    for path in (tmp_path / "plain", tmp_path / "chair.obj", tmp_path / "missing", Path("a\0b"), Path("x" * 5000)):
        assert not is_capture(path)
    with pytest.raises(InputError, match=r"plain: 3 photos, but no poses: .*meronym\.io\.captures\.sfm\.register"):
        read_capture(tmp_path / "plain")
    with pytest.raises(InputError, match="no such folder or file"):
        read_capture(tmp_path / "missing")


def test_photos_of_another_size_have_their_lens_scaled(tmp_path: Path) -> None:
    write(tmp_path, "llff")
    for index, file in enumerate(sorted((tmp_path / "images").iterdir())):
        picture(index, 12, 8).save(file)
    capture = read_capture(tmp_path)
    assert capture.cameras.intrinsics[0].tolist() == [[15, 0, 6], [0, 15, 4], [0, 0, 1]]
    assert capture.report == {"photos of another size than the poses": 3}
    (tmp_path / "images").rename(tmp_path / "images_2")
    assert read_capture(tmp_path).images[0].parent.name == "images_2"


def test_names_of_3d_ovs_are_sorted(tmp_path: Path) -> None:
    write(tmp_path, "llff")
    (tmp_path / "segmentations").mkdir()
    (tmp_path / "segmentations" / "classes.txt").write_text("white sheet\n\nbanana \nred bag\n")
    assert read_capture(tmp_path).names == ("banana", "red bag", "white sheet")
    assert read_capture(tmp_path / "poses_bounds.npy").names == ("banana", "red bag", "white sheet")
    (tmp_path / "segmentations" / "classes.txt").write_text("bag\nbag\n")
    with pytest.raises(InputError, match=r"classes\.txt: prompts\[1\]: 'bag' repeats"):
        read_capture(tmp_path)


def test_every_eighth_photo_is_held_out(tmp_path: Path) -> None:
    for count in (11, 12, 21):
        cameras = Cameras(torch.eye(4).expand(count, 4, 4), torch.eye(3).expand(count, 3, 3), 1, 1)
        held = holdout(Capture((tmp_path,) * count, cameras, torch.zeros(count, 12))).nonzero()[:, 0].tolist()
        assert held == {11: [], 12: [4], 21: [4, 12, 20]}[count]


def test_photos_without_a_pose_are_counted_and_spoken_of(tmp_path: Path) -> None:
    write(tmp_path, "colmap")
    write_photos(tmp_path / "images", Scene(count=6))
    capture = read_capture(tmp_path)
    assert capture.report == {"photos without a pose": 3}
    assert advice(capture) == []
    write_photos(tmp_path / "images", Scene(count=7))
    write_colmap(tmp_path / "sparse" / "1", Scene())
    capture = read_capture(tmp_path)
    assert capture.report == {"photos without a pose": 4, "other models in the sparse folder": 1}
    first, second = advice(capture)
    assert first.startswith("The poses fell apart into 2 models: sparse/0 is used, with 3 photos; 1 has 3.")
    assert second.startswith("4 of 7 photos have no pose")
    assert "overlap" in second


# ---------------------------------------------------------------- pixels


def single(tmp_path: Path, save: Callable[[Path, int], None], scene: Scene | None = None, form: str = "transforms") -> Capture:
    """A capture whose photos `save` writes."""
    write(tmp_path, form, scene)
    for index, file in enumerate(sorted((tmp_path / "images").iterdir())):
        save(file, index)
    return read_capture(tmp_path)


def test_photos_at_their_own_size_are_the_photos(tmp_path: Path) -> None:
    capture = single(tmp_path, lambda file, index: picture(index, 24, 16).save(file))
    views = photos(capture)
    expected = np.stack([np.array(Image.open(path)) for path in capture.images]) / 255
    np.testing.assert_allclose(views.colour, expected, atol=1e-4)
    assert (views.element == 0).all()
    assert torch.isinf(views.depth).all()
    assert views.depth.shape == views.element.shape == (3, 16, 24)
    torch.testing.assert_close(views.cameras.intrinsics, capture.cameras.intrinsics)


def test_smaller_photos_are_means_and_their_cameras_fit(tmp_path: Path) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (3, 16, 24, 3), dtype=np.uint8)
    capture = single(tmp_path, lambda file, index: Image.fromarray(noise[index]).save(file))
    views = photos(capture, 6)
    assert (views.cameras.width, views.cameras.height) == (6, 4)
    means = noise.reshape(3, 4, 4, 6, 4, 3).mean(axis=(2, 4)) / 255
    np.testing.assert_allclose(views.colour, means, atol=1e-4)
    pixel, _ = project(views.cameras, torch.from_numpy(Scene().points))
    np.testing.assert_allclose(pixel, Scene().pixels() / 4, atol=1e-9)
    with pytest.raises(InputError, match="longest: expected at least 1 pixel, got 0"):
        photos(capture, 0)


@settings(max_examples=30, deadline=None)
@given(width=st.integers(3, 60), height=st.integers(3, 60), longest=st.integers(1, 70))
def test_no_size_moves_or_shades_a_flat_picture(width: int, height: int, longest: int, tmp_path_factory: Any) -> None:
    folder = tmp_path_factory.mktemp("flat")
    flat = Image.new("RGB", (width, height), (51, 102, 204))
    capture = single(folder, lambda file, _: flat.save(file), Scene(width=width, height=height, count=2))
    views = photos(capture, longest)
    assert max(views.cameras.width, views.cameras.height) == min(longest, max(width, height))
    assert (views.element == 0).all()
    torch.testing.assert_close(views.colour, torch.tensor([0.2, 0.4, 0.8]).expand(views.colour.shape), atol=1e-4, rtol=0)
    small = scaled(capture, longest)
    assert (small.width, small.height) == (views.cameras.width, views.cameras.height)


def test_transparent_photos_lie_over_white(tmp_path: Path) -> None:
    pixel = np.zeros((16, 24, 4), dtype=np.uint8)
    pixel[:, :8] = 200, 100, 0, 255
    pixel[:, 8:16] = 200, 100, 0, 102
    capture = single(tmp_path, lambda file, _: Image.fromarray(pixel).save(file))
    assert capture.report == {"photos with alpha": 3}
    views = photos(capture)
    np.testing.assert_allclose(views.colour[0, 0, 0], np.array([200, 100, 0]) / 255, atol=1e-4)
    np.testing.assert_allclose(views.colour[0, 0, 12], np.array([200, 100, 0]) / 255 * 0.4 + 0.6, atol=1e-4)
    np.testing.assert_allclose(views.colour[0, 0, 20], 1, atol=1e-4)
    assert views.element[0, 0].tolist() == [0] * 8 + [-1] * 16


def test_every_kind_of_pixel_is_converted_and_named(tmp_path: Path) -> None:
    grey = np.linspace(0, 255, 16 * 24).reshape(16, 24).round().astype(np.uint8)
    three = np.stack([grey, grey, grey], axis=2) / 255
    for ending, image, report in (
        (".png", Image.fromarray(grey), {"greyscale photos": 3}),
        (".png", Image.fromarray(grey.astype(np.uint16) * 257), {"16-bit photos": 3, "greyscale photos": 3}),
        (".tif", Image.fromarray(grey).convert("RGB").convert("CMYK"), {"CMYK photos": 3}),
        (".png", Image.fromarray(grey).convert("LA"), {"greyscale photos": 3, "photos with alpha": 3}),
        (".png", Image.fromarray(grey).convert("P"), {}),
        (".jpg", Image.fromarray(grey).convert("CMYK"), {"CMYK photos": 3}),
    ):
        folder = tmp_path / f"{image.mode}{ending}"
        options = {"quality": 100} if ending == ".jpg" else {}
        capture = single(folder, lambda file, _, i=image, o=options: i.save(file, **o), Scene(ending=ending))  # type: ignore[misc]
        assert capture.report == report
        np.testing.assert_allclose(photos(capture).colour[1], three, atol=0.02 if ending == ".jpg" else 1e-3)


@pytest.mark.parametrize("form", ["transforms", "colmap", "llff"])
def test_exif_turns_photos_and_where_the_size_says_so_their_cameras(form: str, tmp_path: Path) -> None:
    def stored(file: Path, index: int, upright_pose: bool) -> None:
        """A photo whose pixels lie on their side; EXIF 6 says: turn them clockwise to see it upright."""
        image = picture(index, 24, 16)
        tag = image.getexif()
        tag[0x0112] = 6
        (image.transpose(Image.Transpose.ROTATE_90) if upright_pose else image).save(file, exif=tag)

    upright = single(tmp_path / "upright", lambda file, index: stored(file, index, True), form=form)
    assert upright.report == {"photos turned by EXIF": 3}
    as_stored = single(tmp_path / "stored", lambda file, index: stored(file, index, False), form=form)
    assert as_stored.report == {"photos turned by EXIF": 3}
    assert advice(as_stored) == ["3 photos are turned upright as their EXIF data say, and their cameras with them."]
    expected = np.array(picture(1, 24, 16)) / 255
    np.testing.assert_allclose(photos(upright).colour[1], expected, atol=1e-4)
    turned = photos(as_stored)
    np.testing.assert_allclose(turned.colour[1], np.rot90(expected, -1), atol=1e-4)
    x, y = project(upright.cameras, torch.from_numpy(Scene().points))[0].unbind(-1)
    pixel, depth = project(turned.cameras, torch.from_numpy(Scene().points))
    torch.testing.assert_close(pixel, torch.stack([16 - y, x], -1))
    assert (depth > 0).all()


# ---------------------------------------------------------------- lens distortion

RADIAL = [0.12, -0.05, 0.004, -0.003, 0.02, 0.0]
BARREL = [-0.25, 0.05, 0.0, 0.0, 0.0, 0.0]
FISHEYE = [0.05, -0.02, 0.0, 0.0, 0.003, -0.001]
BENT = [(RADIAL, False), (BARREL, False), (FISHEYE, True)]


def distort_slowly(x: float, y: float, k: list[float], fisheye: bool) -> tuple[float, float]:
    """OpenCV's formulas as its documentation writes them."""
    k1, k2, p1, p2, k3, k4 = k
    r = math.hypot(x, y)
    if fisheye:
        theta = math.atan(r)
        bent = theta * (1 + k1 * theta**2 + k2 * theta**4 + k3 * theta**6 + k4 * theta**8)
        return (bent / r * x, bent / r * y) if r > 0 else (x, y)
    radial = 1 + k1 * r**2 + k2 * r**4 + k3 * r**6
    return (
        x * radial + 2 * p1 * x * y + p2 * (r**2 + 2 * x**2),
        y * radial + p1 * (r**2 + 2 * y**2) + 2 * p2 * x * y,
    )


def undistort_slowly(photo: np.ndarray, k: list[float], fisheye: bool, focal: float) -> tuple[np.ndarray, np.ndarray]:
    """One pixel after the other: where the lens shows it, and the four pixels around that. A twin of `photos`."""
    height, width, _ = photo.shape
    colour, element = np.ones(photo.shape), np.full((height, width), -1)
    for row in range(height):
        for column in range(width):
            x, y = (column + 0.5 - width / 2) / focal, (row + 0.5 - height / 2) / focal
            u, v = distort_slowly(x, y, k, fisheye)
            u, v = u * focal + width / 2, v * focal + height / 2
            if not (0 <= u <= width and 0 <= v <= height):
                continue
            element[row, column] = 0
            left, top = math.floor(u - 0.5), math.floor(v - 0.5)
            a, b = u - 0.5 - left, v - 0.5 - top
            mean = np.zeros(3)
            for i, j, share in ((0, 0, (1 - a) * (1 - b)), (1, 0, a * (1 - b)), (0, 1, (1 - a) * b), (1, 1, a * b)):
                mean += share * photo[min(max(top + j, 0), height - 1), min(max(left + i, 0), width - 1)]
            colour[row, column] = mean
    return colour, element


def bent_capture(folder: Path, k: list[float], fisheye: bool, save: Callable[[Path, int], None]) -> Capture:
    scene = Scene(width=40, height=30, focal=30, count=2)
    file = write(folder, "transforms", scene)
    for index, photo in enumerate(sorted((folder / "images").iterdir())):
        save(photo, index)
    keys = dict(zip(("k1", "k2", "p1", "p2", "k3", "k4"), k, strict=True))
    file.write_text(json.dumps(transforms(scene) | keys | {"is_fisheye": fisheye}))
    return read_capture(folder)


@pytest.mark.parametrize(("k", "fisheye"), BENT)
def test_undistortion_against_its_slow_twin(k: list[float], fisheye: bool, tmp_path: Path) -> None:
    noise = np.random.default_rng(3).integers(0, 256, (30, 40, 3), dtype=np.uint8)
    capture = bent_capture(tmp_path, k, fisheye, lambda file, _: Image.fromarray(noise).save(file))
    views = photos(capture)
    colour, element = undistort_slowly(noise / 255, k, fisheye, 30)
    np.testing.assert_array_equal(views.element[0], element)
    np.testing.assert_allclose(views.colour[0], colour, atol=1e-3)
    if k is RADIAL:
        assert (element == -1).any()


def straight(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """A smooth picture as a function of the direction."""
    return np.stack([0.5 + 0.4 * np.sin(5 * x), 0.5 + 0.4 * np.cos(4 * y), 0.5 + 0.4 * np.sin(3 * x + 4 * y)], axis=-1)


@pytest.mark.parametrize(("k", "fisheye"), BENT)
@pytest.mark.parametrize("longest", [None, 13])
def test_what_a_lens_bends_is_straight_again(k: list[float], fisheye: bool, longest: int | None, tmp_path: Path) -> None:
    photo = np.zeros((30, 40, 3))
    for row in range(30):
        for column in range(40):
            u, v = (column + 0.5 - 20) / 30, (row + 0.5 - 15) / 30
            x, y = u, v
            for _ in range(50):  # the direction that the lens shows at this pixel, by fixed-point iteration
                bent = distort_slowly(x, y, k, fisheye)
                x, y = x + u - bent[0], y + v - bent[1]
            photo[row, column] = straight(np.array(x), np.array(y))
    bent_photo = Image.fromarray((photo * 255).round().astype(np.uint8))
    capture = bent_capture(tmp_path, k, fisheye, lambda file, _: bent_photo.save(file))
    views = photos(capture, longest)
    fx, fy, cx, cy = (float(views.cameras.intrinsics[0][index]) for index in ((0, 0), (1, 1), (0, 2), (1, 2)))
    y, x = np.mgrid[: views.cameras.height, : views.cameras.width] + 0.5
    expected = straight((x - cx) / fx, (y - cy) / fy)
    shown = views.element[0].numpy() == 0
    assert shown.mean() > 0.7
    inner = shown.copy()
    inner[[0, -1]], inner[:, [0, -1]] = False, False  # the outermost pixels have no neighbours to be averaged with
    np.testing.assert_allclose(views.colour[0].numpy()[inner], expected[inner], atol=0.02 if longest is None else 0.05)
    assert (views.colour[0].numpy()[~shown] == 1).all()


@given(st.lists(st.floats(-0.5, 0.5), min_size=6, max_size=6), st.booleans(), st.floats(0, 6.28))
def test_nothing_is_shown_twice(k: list[float], fisheye: bool, angle: float) -> None:
    """Along a ray from the centre a lens without tangential part never turns back where it shows something."""
    k = [*k[:2], 0, 0, k[4], k[5] if fisheye else 0]
    reach = torch.linspace(0, 3, 400, dtype=torch.float64)
    points = reach[:, None] * torch.tensor([math.cos(angle), math.sin(angle)], dtype=torch.float64)
    bent, shown = distort(points, torch.tensor([*k, *[0] * 6], dtype=torch.float64), fisheye)
    radius = bent.norm(dim=1)[shown]
    count = int(shown.sum())
    assert shown[:count].all()
    assert (radius.diff() > -1e-12).all()
    if count < len(points):  # there is a reason to stop: just before and after, the picture has come to a halt
        a, b, c = (
            math.hypot(*distort_slowly(float(x), float(y), k, fisheye)) for x, y in (points * (1 - 1e-9))[count - 2 :][:3]
        )
        assert b - a < 0.02 or c < b


def test_masks_move_with_their_photo(tmp_path: Path) -> None:
    mask = np.zeros((30, 40), dtype=np.uint8)
    mask[5:20, 8:30] = 255
    Image.fromarray(mask).save(tmp_path / "mask.png")
    capture = bent_capture(tmp_path, RADIAL, False, lambda file, _: Image.fromarray(np.stack([mask] * 3, 2)).save(file))
    moved = undistorted(capture, 1, torch.from_numpy(read_mask(tmp_path / "mask.png")).float()[None], 20)[0]
    views = photos(capture, 20)
    inside = views.element[1] == 0
    torch.testing.assert_close(moved[inside], views.colour[1, :, :, 0][inside], atol=0.5, rtol=0)
    torch.testing.assert_close(moved[3:10, 5:15], views.colour[1, 3:10, 5:15, 0], atol=1e-4, rtol=0)
    assert 0.2 < float(moved.mean()) < 0.35


# ---------------------------------------------------------------- photos without poses


def real(name: str) -> Path:
    folder = Path(os.environ.get("MERONYM_DATA", "")) / "posed_photos" / name
    if not os.environ.get("MERONYM_DATA") or not folder.is_dir():
        pytest.skip(f"MERONYM_DATA does not hold posed_photos/{name}")
    return folder


def test_registration_of_real_photos(tmp_path: Path) -> None:
    pytest.importorskip("pycolmap", reason="pycolmap is not installed (extra poses)")
    (tmp_path / "loose").mkdir()
    known = read_capture(real("fox"))
    for path in known.images[4:20:2]:
        Image.open(path).resize((405, 720)).save(tmp_path / "loose" / path.name, quality=95)
    capture = read_capture(register(tmp_path / "loose", tmp_path / "work").model)
    assert len(capture) >= 6
    index = [[path.name for path in known.images].index(path.name) for path in capture.images]
    ours, theirs = (c.cameras.world_from_camera[:, :3, :3] for c in (capture, known))
    for a, b in ((0, 1), (0, len(index) - 1)):  # turns between two photos do not depend on the choice of the world
        turn = (ours[a].mT @ ours[b]).mT @ (theirs[index[a]].mT @ theirs[index[b]])
        assert math.degrees(math.acos(min(1, (float(turn.trace()) - 1) / 2))) < 2


@pytest.mark.parametrize(("name", "least"), [("fox", 0.95), ("nerf_synthetic_lego", 0.9999)])
def test_real_cameras_look_inwards(name: str, least: float) -> None:
    capture = read_capture(real(name))
    pose = capture.cameras.world_from_camera
    eye, forward = pose[:, :3, 3], pose[:, :3, 2]
    across = torch.eye(3, dtype=torch.float64) - forward[:, :, None] * forward[:, None]
    centre = torch.linalg.solve(across.sum(0), torch.einsum("cij,cj->i", across, eye))
    towards = torch.nn.functional.normalize(centre - eye, dim=1)
    assert float((towards * forward).sum(1).min()) > least
    views = photos(capture, 100)
    shown = (views.element == 0).float().mean()
    assert 0.95 < shown < 1 if name == "fox" else 0.2 < shown < 0.4
