"""COLMAP's models where programs put them: the largest of several, and the photos that belong to it."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from capture_files import Scene, picture, write, write_colmap, write_photos
from PIL import Image

from meronym.errors import InputError
from meronym.io.captures.read import advice, is_capture, photos, read_capture


@pytest.mark.parametrize("text", [False, True])
@pytest.mark.parametrize(
    ("model", "images"),
    [
        ("sparse", "images"),
        ("sparse/0", "input"),
        ("sparse/0", "images_4"),
        ("dense/0/sparse", "dense/0/images"),
        ("dense/sparse", "dense/images"),
        ("colmap/sparse/0", "images"),
        ("colmap/sparse/0", "images_8"),
        ("colmap", "images"),
        ("distorted/sparse/0", "input"),
        ("colmap_sparse/0", "images"),
        ("colmap_text", "images"),
        ("sparse/0", "."),
    ],
)
def test_where_models_and_photos_lie(model: str, images: str, text: bool, tmp_path: Path) -> None:
    write_colmap(tmp_path / model, Scene(), text)
    write_photos(tmp_path / images, Scene())
    assert is_capture(tmp_path)
    for path in (tmp_path, tmp_path / model):
        capture = read_capture(path)
        assert capture.images == tuple(tmp_path / images / name for name in Scene().names)
        assert [frame.name for frame in capture.frames] == Scene().names


def test_the_largest_of_several_models_is_taken(tmp_path: Path) -> None:
    write_photos(tmp_path / "images", Scene(count=6))
    for name, count in (("0", 2), ("1", 5), ("2", 3), ("10", 4)):
        write_colmap(tmp_path / "sparse" / name, Scene(count=count), text=name == "1")
    capture = read_capture(tmp_path)
    assert len(capture) == 5
    assert capture.report == {"other models in the sparse folder": 3, "photos without a pose": 1}
    (note,) = advice(capture)
    assert "4 models: sparse/1 is used, with 5 photos; 0 has 2, 2 has 3, 10 has 4." in note
    assert len(read_capture(tmp_path / "sparse" / "2")) == 3


def test_of_several_dense_reconstructions_the_largest_is_taken(tmp_path: Path) -> None:
    """COLMAP's automatic reconstruction keeps each with photos of its own."""
    for name, count in (("0", 2), ("1", 4)):
        write_colmap(tmp_path / "dense" / name / "sparse", Scene(count=count))
        write_photos(tmp_path / "dense" / name / "images", Scene(count=count))
    capture = read_capture(tmp_path)
    assert len(capture) == 4
    assert capture.images[0].parts[-4:-1] == ("dense", "1", "images")
    assert capture.notes[0].startswith("The poses fell apart into 2 models: 1/sparse is used, with 4 photos; 0 has 2.")


def test_scenes_named_by_numbers_are_not_parts_of_one(tmp_path: Path) -> None:
    for name in ("24", "37"):
        write_colmap(tmp_path / name / "sparse", Scene())
        write_photos(tmp_path / name / "images", Scene())
    assert read_capture(tmp_path / "24").notes == ()


def test_a_damaged_model_is_not_passed_over(tmp_path: Path) -> None:
    write(tmp_path, "colmap", Scene())
    (tmp_path / "sparse" / "1").mkdir()
    (tmp_path / "sparse" / "1" / "images.bin").write_bytes(b"\x09")
    with pytest.raises(InputError, match=r"sparse/1/cameras\.bin: there is no such file"):
        read_capture(tmp_path)


def test_transforms_come_before_what_they_were_made_from(tmp_path: Path) -> None:
    """nerfstudio and instant-ngp keep COLMAP's model beside; a user edits transforms.json."""
    write(tmp_path, "transforms")
    write_colmap(tmp_path / "colmap" / "sparse" / "0", Scene(count=2))
    assert len(read_capture(tmp_path)) == 3


def test_a_model_of_distorted_photos_has_these(tmp_path: Path) -> None:
    """3D Gaussian splatting keeps them in input, beside straightened ones of the same names in images."""
    write_colmap(tmp_path / "distorted" / "sparse" / "0", Scene())
    for folder in ("input", "images"):
        write_photos(tmp_path / folder, Scene())
    assert {path.parent.name for path in read_capture(tmp_path).images} == {"input"}


def test_photos_of_a_neighbouring_scene_are_not_taken(tmp_path: Path) -> None:
    write(tmp_path / "scene", "colmap", Scene(count=4))
    write_photos(tmp_path / "images", Scene(count=4))
    (tmp_path / "scene" / "images" / "p003.png").unlink()
    capture = read_capture(tmp_path / "scene")
    assert {path.parent.parent.name for path in capture.images} == {"scene"}
    assert len(capture) == 3


def test_a_camera_for_every_photo(tmp_path: Path) -> None:
    """As COLMAP's undistorter writes them: sizes that differ by some pixels."""
    write(tmp_path, "colmap_text", Scene())
    model, sizes = tmp_path / "sparse" / "0", [(24, 16), (25, 17), (16, 24)]
    (model / "cameras.txt").write_text(
        "".join(f"{k} PINHOLE {w} {h} {30 + k} {30 + k} {w / 2} {h / 2 + 1}\n" for k, (w, h) in enumerate(sizes))
    )
    lines = (model / "images.txt").read_text()
    for k, (size, name) in enumerate(zip(sizes, Scene().names, strict=True)):
        picture(k, *size).save(tmp_path / "images" / name)
        lines = lines.replace(f"7 {name}", f"{k} {name}")
    (model / "images.txt").write_text(lines)
    capture = read_capture(tmp_path)
    assert [(frame.width, frame.height) for frame in capture.frames] == sizes
    assert capture.cameras.intrinsics[:, 0, 0].tolist() == [30, 31, 32]
    assert capture.cameras.intrinsics[:, 1, 2].tolist() == [9, 9.5, 13]
    views = photos(capture)
    assert views.colour.shape == (3, 24, 25, 3)
    for view, (width, height) in enumerate(sizes):
        assert views.extent[view].tolist() == [height, width]
        expected = np.array(picture(view, width, height)) / 255
        np.testing.assert_allclose(views.colour[view, :height, :width], expected, atol=1e-4)
        assert (views.element[view] == 0).sum() == views.known[view].sum() == width * height


# ---------------------------------------------------------------- masks


def test_black_in_a_mask_is_outside_of_the_photo(tmp_path: Path) -> None:
    write(tmp_path, "colmap", Scene())
    left = np.zeros((16, 24), dtype=np.uint8)
    left[:, 10:] = 1
    (tmp_path / "masks").mkdir()
    Image.fromarray(left).save(tmp_path / "masks" / "p000.png.png")
    Image.fromarray(np.kron(left * 255, np.ones((2, 2), dtype=np.uint8))).save(tmp_path / "masks" / "p002.png")
    capture = read_capture(tmp_path)
    assert [frame.mask and frame.mask.name for frame in capture.frames] == ["p000.png.png", None, "p002.png"]
    assert capture.report == {"photos with a mask": 2}
    assert "2 photos have a mask" in advice(capture)[0]
    views = photos(capture)
    for view in (0, 2):
        np.testing.assert_array_equal(views.known[view], left > 0)
        assert (views.element[view] == left.astype(int) - 1).all()
        assert (views.colour[view, :, :10] == 1).all()
    assert views.known[1].all()


def test_masks_that_fit_no_photo_or_hide_all(tmp_path: Path) -> None:
    write(tmp_path, "colmap", Scene())
    (tmp_path / "masks").mkdir()
    for name in Scene().names:
        Image.new("L", (24, 16)).save(tmp_path / "masks" / f"{name}.png")
    with pytest.raises(InputError, match="the masks of the photos hide everything"):
        photos(read_capture(tmp_path))
    Image.new("L", (24, 20)).save(tmp_path / "masks" / "p001.png.png")
    with pytest.raises(InputError, match=r"p001\.png\.png: the mask has 24 x 20 pixels, its photo 24 x 16"):
        photos(read_capture(tmp_path))


def test_photos_under_other_endings(tmp_path: Path) -> None:
    """Converted after the poses were found; of two, the one that is named is taken."""
    write(tmp_path, "colmap", Scene())
    for name in ("p000", "p001"):
        picture(5, 24, 16).save(tmp_path / "images" / f"{name}.JPG")
    (tmp_path / "images" / "p000.png").unlink()
    assert [path.name for path in read_capture(tmp_path).images] == ["p000.JPG", "p001.png", "p002.png"]
    shutil.rmtree(tmp_path / "images")
    with pytest.raises(InputError, match="3 of 3 photos are missing"):
        read_capture(tmp_path)
