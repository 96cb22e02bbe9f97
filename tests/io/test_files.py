"""Guards: atomic writes, names, prompts, and what is checked before a parser."""

from __future__ import annotations

import io
import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from meronym.core.prompts import check_prompts, slug, slugs, unique
from meronym.errors import InputError, LimitError
from meronym.io.arrays import read_npz
from meronym.io.files import atomic, check_target, make_folder
from meronym.io.images import open_image, pixels
from meronym.io.limits import Limits
from meronym.io.shapes.folder import ShapeFolder, TrimeshResolver
from meronym.io.shapes.gltf.document import Gltf, read_gltf


def test_atomic_replaces_only_at_success(tmp_path: Path) -> None:
    target = tmp_path / "out.txt"
    target.write_text("old")
    with atomic(target) as temporary:
        assert temporary.parent == tmp_path
        assert temporary.suffix == ".txt"
        temporary.write_text("new")
        assert target.read_text() == "old"
    assert target.read_text() == "new"
    with pytest.raises(RuntimeError, match="half way"), atomic(target) as temporary:  # noqa: PT012
        temporary.write_text("torn")
        raise RuntimeError("half way")
    assert [path.read_text() for path in tmp_path.iterdir()] == ["new"]


def test_folders_are_made_or_refused_by_name(tmp_path: Path) -> None:
    for _ in range(2):
        assert make_folder(tmp_path / "a" / "b").is_dir()
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match=r"file/c: cannot be made: Not a directory\. Choose another folder"):
        make_folder(tmp_path / "file" / "c")


def test_atomic_says_that_the_disk_is_full(tmp_path: Path) -> None:
    def write() -> None:
        with atomic(tmp_path / "out.bin") as temporary:
            temporary.write_bytes(b"half")
            raise OSError(28, os.strerror(28))

    with pytest.raises(InputError, match=r"out\.bin: cannot be written: No space left.*Free some space"):
        write()
    assert not list(tmp_path.iterdir())


def test_targets_that_cannot_be_written_are_refused_first(tmp_path: Path) -> None:
    source = tmp_path / "chair.glb"
    source.write_bytes(b"x")
    (tmp_path / "link.glb").symlink_to(source)
    for path, message in (
        (tmp_path / "no" / "a.ply", "does not exist. Create it"),
        (tmp_path, "this is a folder"),
        (source, "overwrite the input"),
        (tmp_path / "link.glb", "overwrite the input"),
        (tmp_path / "a\0b.ply", "not a usable path"),
        (tmp_path / ("a" * 400 + ".ply"), "not a usable path"),
    ):
        with pytest.raises(InputError, match=message):
            check_target(path, source)
    check_target(tmp_path / "fine.ply", source)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")
def test_read_only_folder_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(InputError, match="read-only"):
            check_target(tmp_path / "a.ply")
    finally:
        tmp_path.chmod(0o700)


@pytest.mark.parametrize(
    ("prompt", "name"),
    [("leg", "leg"), ("Wooden  Table!", "wooden-table"), ("../../etc/passwd", "etc-passwd"), ("café", "cafe")],
)
def test_slug(prompt: str, name: str) -> None:
    assert slug(prompt) == name


@given(st.lists(st.text(), max_size=8))
def test_slugs_are_safe_and_unique(prompts: list[str]) -> None:
    names = slugs([*prompts, "nul", "🪑", "كرسي", "\0", "..", "nul"])
    assert len(set(names)) == len(names)
    for name in names:
        assert name.isascii()
        assert 0 < len(name) < 80
        assert all(c.isalnum() or c == "-" for c in name)
        assert name not in {"nul", "con"}


def test_slug_of_a_word_without_ascii_is_stable() -> None:
    assert slug("🪑") == slug("🪑") != slug("🛋")


def test_unique_counts_on() -> None:
    assert unique(["leg", "leg", "seat", "leg.1"], taken={"seat"}) == ["leg", "leg.1", "seat.1", "leg.1.1"]


def test_prompts_are_stripped_and_kept_in_order() -> None:
    assert check_prompts([" seat ", "leg", "🪑", "כיסא"]) == ("seat", "leg", "🪑", "כיסא")


@pytest.mark.parametrize(
    ("prompts", "message"),
    [
        ([], "none given"),
        ("leg", "single text 'leg'"),
        (["leg", "  "], r"prompts\[1\].*empty"),
        (["leg", "seat", "Leg "], r"prompts\[2\]: 'Leg' repeats prompts\[0\]"),
        (["cafe\u0301", "caf\u00e9"], "repeats"),
        (["a\0b"], r"control character '\\x00'"),
        (["a\nb"], "control character"),
        (["\ud800"], "control character"),
        (["x" * 10_000], "10000 characters"),
        ([f"p{k}" for k in range(501)], "501 given, at most 500"),
    ],
)
def test_bad_prompts_are_named(prompts: list[str], message: str) -> None:
    with pytest.raises(InputError, match=message):
        check_prompts(prompts)


def test_folder_hands_out_only_what_lies_inside(tmp_path: Path) -> None:
    inside = tmp_path / "in"
    inside.mkdir()
    (tmp_path / "secret.bin").write_bytes(b"secret")
    (inside / "my file.bin").write_bytes(b"fine")
    (inside / "link.bin").symlink_to(tmp_path / "secret.bin")
    folder = ShapeFolder(inside, Limits())
    assert folder.get("my%20file.bin") == TrimeshResolver(folder)["./my file.bin"] == b"fine"
    assert folder.get("data:application/octet-stream;base64,ZmluZQ==") == b"fine"
    with pytest.raises(FileNotFoundError):
        folder.get("nothing.bin")
    assert (folder.missing, folder.refused) == (1, None)
    for name in (
        "../secret.bin",
        "%2e%2e/secret.bin",
        "..\\secret.bin",
        str(tmp_path / "secret.bin"),
        "link.bin",
        "file:///etc/passwd",
        "http://example.com/a.bin",
        "C:\\a.bin",
        "a\0.bin",
    ):
        folder = ShapeFolder(inside, Limits())
        with pytest.raises(InputError, match="leads out of the folder"):
            folder.get(name)
        assert folder.refused is not None
    with pytest.raises(LimitError, match="4 bytes, the limit is 3"):
        ShapeFolder(inside, Limits(bytes=3)).get("my file.bin")


def test_zip_bombs_and_pickles_are_refused(tmp_path: Path) -> None:
    bomb, pickle, fine = tmp_path / "bomb.npz", tmp_path / "pickle.npz", tmp_path / "fine.npz"
    np.savez_compressed(bomb, points=np.zeros((1_000_000, 3)))
    with pytest.raises(LimitError, match=r"unpack to 24000\d+, over 100 times"):
        read_npz(bomb, Limits())
    np.savez(pickle, points=np.array([{"a": 1}], dtype=object))
    with pytest.raises(InputError, match=r"pickle\.npz"):
        read_npz(pickle, Limits())
    np.savez(fine, points=np.ones((5, 3)))
    assert read_npz(fine, Limits())["points"].shape == (5, 3)
    fine.write_bytes(fine.read_bytes().replace(b"(5, 3)", b"(9, 9)"))
    with pytest.raises(InputError, match=r"fine\.npz"):
        read_npz(fine, Limits())


def _encoded(image: Image.Image, kind: str = "PNG") -> bytes:
    file = io.BytesIO()
    image.save(file, kind)
    return file.getvalue()


def test_images_of_any_mode_become_rgb() -> None:
    grey16 = Image.fromarray(np.full((4, 6), 0x80FF, dtype=np.uint16))
    for image, kind, expected in (
        (Image.new("CMYK", (6, 4), (0, 255, 255, 0)), "JPEG", (254, 0, 0)),
        (Image.new("LA", (6, 4), (90, 10)), "PNG", (90, 90, 90)),
        (Image.new("1", (6, 4), 1), "PNG", (255, 255, 255)),
        (Image.new("P", (6, 4), 0), "PNG", (0, 0, 0)),
        (grey16, "PNG", (128, 128, 128)),
    ):
        array = pixels(open_image(_encoded(image, kind), "a", Limits()), "a", Limits())
        assert array.shape == (4, 6, 3)
        assert array.dtype == np.uint8
        assert np.abs(array[0, 0].astype(int) - expected).max() <= 2


def test_image_bombs_and_stumps_are_named() -> None:
    bomb = _encoded(Image.new("1", (12_000, 12_000)))
    with pytest.raises(LimitError, match=r"'wood\.png' is too large"):
        open_image(bomb, "wood.png", Limits())
    stump = _encoded(Image.effect_noise((64, 64), 50).convert("RGB"), "JPEG")[:-600]
    with pytest.raises(InputError, match=r"'wood\.jpg' is damaged"):
        pixels(open_image(stump, "wood.jpg", Limits()), "wood.jpg", Limits())
    with pytest.raises(InputError, match="cannot be read"):
        open_image(b"no image", "wood.jpg", Limits())


def test_large_images_are_made_smaller() -> None:
    image = open_image(_encoded(Image.new("L", (5000, 100))), "a", Limits())
    assert pixels(image, "a", Limits()).shape == (82, 4096, 3)


@pytest.mark.parametrize(
    "data",
    [
        b"glTF",
        b"{",
        b"[]",
        b"[" * 100_000,
        b"glTF" + bytes(30),
        b"[" * 101 + b"{}" + b"]" * 101,
        b'{"a":' * 101 + b"{}" + b"}" * 101,
    ],
)
def test_damaged_gltf_containers_are_input_errors(data: bytes, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="again"):
        read_gltf(data, ShapeFolder(tmp_path, Limits()))


def test_sparse_and_strided_accessors(tmp_path: Path) -> None:
    parts = (np.arange(12, dtype="<f4"), np.array([1, 0], "<u2"), np.full(3, 7, "<f4"))
    data = b"".join(part.tobytes() for part in parts)
    vector = {"componentType": 5126, "type": "VEC3"}
    sparse = {
        "count": 1,
        "indices": {"bufferView": 1, "componentType": 5123},
        "values": {"bufferView": 2},
    }
    tree = {
        "accessors": [
            {**vector, "bufferView": 0, "count": 3},
            {**vector, "count": 2, "sparse": sparse},
            {"bufferView": 2, "componentType": 5121, "count": 4, "type": "SCALAR", "normalized": True},
            {**vector, "bufferView": 0, "count": 4},
        ],
        "bufferViews": [
            {"buffer": 0, "byteLength": 48, "byteStride": 16},
            {"buffer": 0, "byteOffset": 48, "byteLength": 4},
            {"buffer": 0, "byteOffset": 52, "byteLength": 12},
        ],
        "buffers": [{"byteLength": 64}],
    }
    gltf = Gltf(tree, (data,), ShapeFolder(tmp_path, Limits()))
    assert gltf.rows(0).tolist() == [[0, 1, 2], [4, 5, 6], [8, 9, 10]]
    assert gltf.rows(1).tolist() == [[0, 0, 0], [7, 7, 7]]
    np.testing.assert_allclose(gltf.values(2)[:, 0], np.frombuffer(parts[2].tobytes(), "u1")[:4] / 255, rtol=1e-6)
    with pytest.raises(InputError, match="promises 60 bytes of data, the file has 48"):
        gltf.rows(3)
    with pytest.raises(LimitError, match="4 faces or points"):
        Gltf({"accessors": [{**vector, "count": 12}]}, (), ShapeFolder(tmp_path, Limits(faces=3))).rows(0)
