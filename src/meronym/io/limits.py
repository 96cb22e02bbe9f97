"""What is checked before a parser sees a file: its size, what its header promises, its neighbours and its images."""

from __future__ import annotations

import base64
import binascii
import io
import re
import struct
import warnings
import zipfile
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

import numpy as np
from jaxtyping import UInt8
from PIL import Image

from meronym.errors import InputError, LimitError

MAX_IMAGE_SIDE = 4096
_MAX_PIXELS = 80_000_000
_MAX_RATIO = 100
_SMALL = 16_000_000
_HEADER = 65536
_IMAGE_ENDINGS = {".png", ".jpg", ".jpeg", ".bmp", ".tga", ".webp", ".gif", ".tif", ".tiff"}
_PLY_BYTES = {
    **dict.fromkeys(("char", "uchar", "int8", "uint8"), 1),
    **dict.fromkeys(("short", "ushort", "int16", "uint16", "float16"), 2),
    **dict.fromkeys(("int", "uint", "float", "int32", "uint32", "float32"), 4),
    **dict.fromkeys(("double", "float64", "int64", "uint64"), 8),
}


@dataclass
class ShapeFolder:
    """Hands out the files that lie beside or below a shape, and no others.

    It stands where trimesh expects a resolver. Parsers tend to swallow a refusal, so the first is kept in `refused`.
    """

    path: Path
    """The folder of the shape."""
    limits: Limits
    refused: InputError | LimitError | None = None
    missing: int = 0
    """Files that were asked for and are not there."""

    def get(self, name: str) -> bytes:
        """The bytes of the file `name`, or of a `data:` URI.

        Raises: InputError if the name leads out of the folder, LimitError if the file or image is too large,
        FileNotFoundError if it is not there.
        """
        try:
            data = _data_uri(name) if name.startswith("data:") else self._file(name)
            if Path(name).suffix.lower() in _IMAGE_ENDINGS:
                open_image(data, name)
            return data
        except (InputError, LimitError) as error:
            self.refused = self.refused or error
            raise

    __getitem__ = get

    def _file(self, name: str) -> bytes:
        plain = unquote(name.strip()).replace("\\", "/")
        if ":" in plain or "\0" in plain or plain.startswith("/") or ".." in plain.split("/"):
            raise InputError(f"the file name {name[:80]!r} leads out of the folder. Put the file beside the shape.")
        path = (self.path / plain).resolve()
        if not path.is_relative_to(self.path.resolve()):
            raise InputError(f"the file {name[:80]!r} is a link that leads out of the folder. Copy it into the folder.")
        if not path.is_file():
            self.missing += 1
            raise FileNotFoundError(name)
        check_size(path, self.limits)
        return path.read_bytes()


def _data_uri(uri: str) -> bytes:
    head, _, body = uri.partition(",")
    if not head.endswith(";base64"):
        raise InputError(f"the data URI {uri[:40]!r} is not base64. Save the file as .glb.")
    try:
        return base64.b64decode(body)
    except (binascii.Error, ValueError) as error:
        raise InputError(f"the data URI {uri[:40]!r} is damaged: {error}. Export the file again.") from error


def check_size(path: Path, limits: Limits) -> int:
    """The size of a file in bytes.

    Raises: InputError if it is empty, LimitError if it is too large.
    """
    size = path.stat().st_size
    if size == 0:
        raise InputError(f"{path.name}: the file is empty (0 bytes). Export it again.")
    if size > limits.bytes:
        raise LimitError(f"{path.name}: {size} bytes, the limit is {limits.bytes}. Raise Limits.bytes.")
    return size


def check_count(name: str, count: int, limits: Limits) -> None:
    """Raises: LimitError if a file promises more faces or points than the limits allow."""
    if count > limits.faces:
        raise LimitError(f"{name}: {count} faces or points, the limit is {limits.faces}. Simplify it or raise the limit.")


def check_promise(name: str, promised: int, present: int) -> None:
    """Raises: InputError if a header promises more bytes than are there."""
    if promised > present:
        raise InputError(f"{name}: the header promises {promised} bytes of data, the file has {present}. Export it again.")


# ---------------------------------------------------------------- formats


def check_stl(path: Path, limits: Limits) -> None:
    """Raises: InputError or LimitError if the header of an STL file does not fit its size or the limits."""
    size = check_size(path, limits)
    with path.open("rb") as file:
        head = file.read(_HEADER)
    count = struct.unpack("<I", head[80:84])[0] if len(head) >= 84 else -1
    if count >= 0 and size == 84 + 50 * count:
        check_count(path.name, count, limits)
    elif not head.lstrip().lower().startswith(b"solid"):
        if count < 0:
            raise InputError(f"{path.name}: the file ends in the header ({size} bytes). Export it again.")
        check_promise(path.name, 50 * count, size - 84)
        raise InputError(f"{path.name}: {size - 84 - 50 * count} bytes more than the header says. Export it again.")


def check_ply(path: Path, limits: Limits) -> None:
    """Raises: InputError or LimitError if the header of a PLY file is damaged or promises more than the file holds."""
    size = check_size(path, limits)
    with path.open("rb") as file:
        head = file.read(_HEADER)
    end = re.search(rb"(?m)^end_header[ \t]*\r?\n?", head)
    if not re.match(rb"ply\s", head):
        raise InputError(f"{path.name}: not a PLY file, it begins with {head[:8]!r}. Check its ending.")
    if end is None:
        raise InputError(f"{path.name}: the file ends in the header ({size} bytes). Export it again.")
    ascii_data, promised, row, count = b"format ascii" in head, 0, 0, 0
    for line in [*head[: end.start()].splitlines(), b"element end 0"]:
        words = line.decode("utf-8", "replace").split()
        if words[:1] == ["element"]:
            promised += count * row
            if len(words) != 3 or not words[2].isdecimal():
                raise InputError(f"{path.name}: cannot read the header line {line[:60]!r}. Export it again.")
            count, row = int(words[2]), 0
            check_count(path.name, count, limits)
        elif words[:1] == ["property"] and len(words) >= 3:
            if ascii_data:
                row += 2
            elif words[1] in _PLY_BYTES or (words[1] == "list" and words[2] in _PLY_BYTES):
                row += _PLY_BYTES[words[2] if words[1] == "list" else words[1]]
            else:
                raise InputError(f"{path.name}: unknown type in the header line {line[:60]!r}. Export it again.")
    check_promise(path.name, promised - ascii_data, size - end.end())


def check_off(path: Path, limits: Limits) -> None:
    """Raises: InputError or LimitError if the header of an OFF file is damaged or promises more than the file holds."""
    size = check_size(path, limits)
    with path.open("rb") as file:
        head = re.sub(rb"#[^\n]*", b"", file.read(_HEADER))
    match = re.match(rb"\s*C?OFF\s+(\d+)\s+(\d+)(?=\s)", head)
    if match is None:
        raise InputError(f"{path.name}: expected OFF and two counts, the file begins with {head[:24]!r}. Export it again.")
    vertices, faces = int(match[1]), int(match[2])
    check_count(path.name, max(vertices // 3, faces), limits)
    check_promise(path.name, 6 * vertices + 4 * faces, size)


def check_obj(path: Path, limits: Limits) -> None:
    """Raises: InputError or LimitError if an OBJ file holds too many faces, or counts vertices in a way we cannot."""
    check_size(path, limits)
    faces, relative = 0, False
    with path.open("rb") as file:
        for line in file:
            if line.startswith(b"f "):
                faces += 1
                relative = relative or b" -" in line
            elif relative and line.startswith(b"v "):
                raise InputError(
                    f"{path.name}: faces count vertices backwards (as in {b'f -3 -2 -1'!r}) before all vertices are given. "
                    "Export it with absolute indices."
                )
    check_count(path.name, faces, limits)


def first_bad_face(path: Path) -> str:
    """What is wrong with the first face of an OBJ file that refers to a vertex that is not there."""
    lines = path.read_text("utf-8", "replace").splitlines()
    count = sum(line.startswith("v ") for line in lines)
    for index, line in enumerate(line for line in lines if line.startswith("f ")):
        for corner in line.split()[1:]:
            number = corner.split("/")[0].lstrip("-")
            if not number.isdecimal() or not 1 <= int(number) <= count:
                return f"face {index} ({line[:60]!r}) refers to vertex {corner}, but there are {count}"
    return "a face refers to a texture coordinate or normal that is not there"


def read_npz(path: Path, limits: Limits) -> dict[str, np.ndarray]:
    """The arrays of an .npz file; nothing is unpickled.

    Raises: InputError if it is damaged or holds Python objects, LimitError for a zip bomb.
    """
    size = check_size(path, limits)
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            unpacked = sum(member.file_size for member in members)
            if unpacked > limits.bytes or unpacked > max(_MAX_RATIO * size, _SMALL):
                raise LimitError(f"{path.name}: {size} bytes unpack to {unpacked}, over {_MAX_RATIO} times. Refused.")
            for member in members:
                with archive.open(member) as file:
                    version = np.lib.format.read_magic(file)
                    read_header = np.lib.format.read_array_header_1_0 if version == (1, 0) else None
                    shape, _, dtype = (read_header or np.lib.format.read_array_header_2_0)(file)
                    promised = dtype.itemsize * int(np.prod(shape, dtype=object))
                    check_promise(f"{path.name}: {member.filename}", promised, member.file_size - file.tell())
        with np.load(path, allow_pickle=False) as arrays:
            return {name: arrays[name] for name in arrays.files}
    except (zipfile.BadZipFile, ValueError, EOFError, OSError, KeyError, NotImplementedError, RuntimeError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(f"{path.name}: not a readable .npz file: {error}. Save it again.") from error


# ---------------------------------------------------------------- images


def open_image(data: bytes, name: str) -> Image.Image:
    """An image whose size is known and bearable; its pixels are not decoded yet.

    Raises: InputError if it is not an image, LimitError if it has too many pixels.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(data))
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise LimitError(f"the image {name[:80]!r} is too large: {error}. Make it smaller.") from error
    except (OSError, ValueError, SyntaxError) as error:
        raise InputError(f"the image {name[:80]!r} cannot be read ({len(data)} bytes). Replace it.") from error
    if image.width * image.height > _MAX_PIXELS:
        raise LimitError(f"the image {name[:80]!r} has {image.width} x {image.height} pixels. Make it smaller.")
    return image


def pixels(image: Image.Image, name: str) -> UInt8[np.ndarray, "h w 3"]:
    """The RGB pixels of an image of any mode, at most 4096 a side.

    Raises: InputError if the image is truncated or damaged.
    """
    try:
        image.load()
        if image.mode.startswith("I"):
            image = Image.fromarray((np.asarray(image).astype(np.int64) >> 8).clip(0, 255).astype(np.uint8))
        image = image.convert("RGBA" if image.mode == "P" else "RGB").convert("RGB")
    except (OSError, ValueError, SyntaxError, struct.error, EOFError) as error:
        raise InputError(f"the image {name[:80]!r} is damaged: {error}. Replace it.") from error
    image.thumbnail((MAX_IMAGE_SIDE, MAX_IMAGE_SIDE))
    return np.array(image)


@dataclass(frozen=True)
class Limits:
    """How large an input may be; above it a LimitError is raised before memory is taken."""

    faces: int = 20_000_000
    """Faces of a mesh, or points of a cloud, all instances counted."""
    bytes: int = 2_000_000_000
    """Size of any one file."""
