"""Photos as phones write them."""

from __future__ import annotations

import base64
import sys
from pathlib import Path

import numpy as np
import pytest
from capture_files import Scene, write
from PIL import Image

from meronym.errors import MissingExtra
from meronym.io.captures.photos import photo_header, photos
from meronym.io.captures.read import read_capture

HEIC = """
AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAXxtZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAAACJpbG9jAAAAAERAAAEA
AQAAAAABoAABAAAAAAAAAEgAAAAjaWluZgAAAAAAAQAAABVpbmZlAgAAAAABAABodmMxAAAAAA5waXRtAAAAAAABAAAA/GlwcnAAAADcaXBjbwAAAHVodmND
AQNwAAAAkAAAAAAAHvAA/P34+AAADwNgAAEAGEABDAH//wNwAAADAJAAAAMAAAMAHroCQGEAAQApQgEBA3AAAAMAkAAAAwAAAwAeoCCBBZbqrprm4CGgwIAA
AAyAAAADAIRiAAEABkQBwXPBiQAAABNjb2xybmNseAABAA0ABoAAAAAUaXNwZQAAAAAAAABAAAAAQAAAAChjbGFwAAAAGAAAAAEAAAAQAAAAAf///9gAAAAC
////0AAAAAIAAAAQcGl4aQAAAAADCAgIAAAAGGlwbWEAAAAAAAAAAQABBYECAwWEAAAAUG1kYXQAAABEKAGvEyGlIGjlNVP9KpdSAWB+pMAs8abNDLZBeYU2
ExDCXSI0DZuzX+RTYKz+gDcX0jL++smygOfHKju7JMC0b92c6Ew=
"""
"""24 x 16 pixels, red beside blue."""


@pytest.mark.parametrize("ending", [".heic", ".HEIC", ".jpg"])
def test_heic_is_read_whatever_its_ending(ending: str, tmp_path: Path) -> None:
    write(tmp_path, "transforms", Scene(ending=".jpg"))
    named = tmp_path / "images" / f"p001{ending}"
    (tmp_path / "images" / "p001.jpg").unlink()
    named.write_bytes(base64.b64decode(HEIC))
    assert photo_header(named)[:3] == (24, 16, 1)
    capture = read_capture(tmp_path)
    assert capture.images[1] == named
    colour = photos(capture).colour[1]
    np.testing.assert_allclose(colour[:, :10], np.broadcast_to(np.array([200, 40, 40]) / 255, (16, 10, 3)), atol=0.1)
    np.testing.assert_allclose(colour[:, 14:], np.broadcast_to(np.array([40, 40, 200]) / 255, (16, 10, 3)), atol=0.1)


def test_without_the_extra_heic_is_named_with_the_cure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pi_heif", None)
    file = tmp_path / "IMG_1.HEIC"
    file.write_bytes(base64.b64decode(HEIC))
    with pytest.raises(MissingExtra, match=r"IMG_1\.HEIC is HEIC.*heif-convert IMG_1\.HEIC IMG_1\.jpg.*'meronym\[heic\]'"):
        photo_header(file)


def test_a_mask_for_something_else_than_alpha(tmp_path: Path) -> None:
    """What is transparent is known to be empty; what a mask hides is not known."""
    write(tmp_path, "colmap")
    pixel = np.full((16, 24, 4), 200, dtype=np.uint8)
    pixel[:8, :, 3] = 0
    Image.fromarray(pixel).save(tmp_path / "images" / "p001.png")
    (tmp_path / "masks").mkdir()
    mask = np.zeros((16, 24), dtype=np.uint8)
    mask[:, :12] = 255
    Image.fromarray(mask).save(tmp_path / "masks" / "p001.png")
    views = photos(read_capture(tmp_path))
    assert (views.element[1, :8] == -1).all()
    assert (views.element[1, 8:, :12] == 0).all()
    assert views.known[1, :, :12].all()
    assert not views.known[1, :, 12:].any()
