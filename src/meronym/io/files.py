"""Guards on files and names: atomic writes, safe names, and what is checked before a parser sees a file."""

from __future__ import annotations

import base64
import binascii
import hashlib
import io
import json
import os
import re
import secrets
import struct
import unicodedata
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import numpy as np
from jaxtyping import Shaped, UInt8
from PIL import Image

from meronym.errors import InputError, LimitError

MAX_PROMPTS = 500
MAX_PROMPT_LENGTH = 200
MAX_IMAGE_SIDE = 4096
_MAX_PIXELS = 80_000_000
_MAX_RATIO = 100
_SMALL = 16_000_000
_HEADER = 65536
_RESERVED = {"con", "prn", "aux", "nul", *(f"{port}{k}" for port in ("com", "lpt") for k in range(1, 10))}
_IMAGE_ENDINGS = {".png", ".jpg", ".jpeg", ".bmp", ".tga", ".webp", ".gif", ".tif", ".tiff"}
_PLY_BYTES = {
    **dict.fromkeys(("char", "uchar", "int8", "uint8"), 1),
    **dict.fromkeys(("short", "ushort", "int16", "uint16", "float16"), 2),
    **dict.fromkeys(("int", "uint", "float", "int32", "uint32", "float32"), 4),
    **dict.fromkeys(("double", "float64", "int64", "uint64"), 8),
}
_COMPONENT = {5120: "<i1", 5121: "<u1", 5122: "<i2", 5123: "<u2", 5125: "<u4", 5126: "<f4"}
_WIDTH = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4, "MAT2": 4, "MAT3": 9, "MAT4": 16}
_UNREADABLE = ("KHR_draco_mesh_compression", "EXT_meshopt_compression", "EXT_mesh_gpu_instancing")


@dataclass(frozen=True)
class Limits:
    """How large an input may be; above it a LimitError is raised before memory is taken."""

    faces: int = 20_000_000
    """Faces of a mesh, or points of a cloud, all instances counted."""
    bytes: int = 2_000_000_000
    """Size of any one file."""


# ---------------------------------------------------------------- writing


def check_target(path: Path, source: Path | None = None) -> None:
    """Check that a result can be written to `path` before time is spent on it.

    Raises: InputError if the folder is missing or read-only, if `path` is a folder, or if it is the input itself.
    """
    try:
        path.stat()
        present = True
    except FileNotFoundError:
        present = False
    except (OSError, ValueError) as error:
        raise InputError(f"{str(path)[:80]!r}: not a usable path: {error}. Choose another name.") from error
    folder = path.parent
    if not folder.is_dir():
        raise InputError(f"{path}: the folder {str(folder)!r} does not exist. Create it, or choose another place.")
    if path.is_dir():
        raise InputError(f"{path}: this is a folder. Give the name of a file.")
    if not os.access(folder, os.W_OK):
        raise InputError(f"{path}: the folder {str(folder)!r} is read-only. Choose another place.")
    if source is not None and present and source.exists() and path.samefile(source):
        raise InputError(f"{path}: the output would overwrite the input. Give it another name.")


@contextmanager
def atomic(path: Path) -> Iterator[Path]:
    """Yield a temporary path in the same folder that becomes `path` if all goes well and is removed if not.

    Raises: InputError if the place cannot be written to or is full.
    """
    check_target(path)
    temporary = path.with_name(f".{secrets.token_hex(8)}{path.suffix}")
    try:
        yield temporary
        with temporary.open("r+b") as file:
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except OSError as error:
        reason = error.strerror or str(error)
        raise InputError(f"{path}: cannot be written: {reason}. Free some space, or choose another place.") from error
    finally:
        temporary.unlink(missing_ok=True)


# ---------------------------------------------------------------- names


def slug(prompt: str) -> str:
    """A file name made from a prompt: lower-case ASCII letters, digits and dashes, never empty, never a device name.

    A prompt that has no ASCII form gets the start of its sha256 instead, so that it has the same name everywhere.
    """
    text = unicodedata.normalize("NFKD", prompt).encode("ascii", "ignore").decode()
    name = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:60].strip("-")
    if name and name not in _RESERVED:
        return name
    return "part-" + hashlib.sha256(prompt.encode("utf-8", "surrogatepass")).hexdigest()[:8]


def slugs(prompts: Sequence[str]) -> tuple[str, ...]:
    """One slug for each prompt, no two alike."""
    return tuple(unique((slug(prompt) for prompt in prompts), separator="-"))


def unique(names: Iterable[str], taken: Iterable[str] = (), separator: str = ".") -> list[str]:
    """The names, with a number added to those that are taken or repeat: leg, leg.1, leg.2."""
    used, counts, result = set(taken), dict[str, int](), []
    for name in names:
        candidate = name
        while candidate in used:
            counts[name] = counts.get(name, 0) + 1
            candidate = f"{name}{separator}{counts[name]}"
        used.add(candidate)
        result.append(candidate)
    return result


def check_prompts(prompts: Sequence[str]) -> tuple[str, ...]:
    """The prompts without surrounding white space, in their order.

    Raises: InputError if there are none, too many, or one that is empty, repeated, too long or not printable text.
    """
    if isinstance(prompts, str):
        raise InputError(f"prompts: expected a list of words, got the single text {prompts[:40]!r}. Put it in a list.")
    if not prompts:
        raise InputError("prompts: none given. Name at least one part, such as 'leg'.")
    if len(prompts) > MAX_PROMPTS:
        raise InputError(f"prompts: {len(prompts)} given, at most {MAX_PROMPTS} are possible. Split the list.")
    result, seen = [], dict[str, int]()
    for index, raw in enumerate(prompts):
        if not isinstance(raw, str):
            raise InputError(f"prompts[{index}]: expected text, got {type(raw).__name__} {raw!r:.40}.")
        prompt = raw.strip()
        if not prompt:
            raise InputError(f"prompts[{index}]: {raw[:40]!r} is empty. Remove it, or name a part.")
        if len(prompt) > MAX_PROMPT_LENGTH:
            raise InputError(
                f"prompts[{index}]: {prompt[:40]!r}... has {len(prompt)} characters. Use at most {MAX_PROMPT_LENGTH}."
            )
        bad = next((c for c in prompt if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp")), None)
        if bad is not None:
            raise InputError(f"prompts[{index}]: {prompt[:40]!r} holds the control character {bad!r}. Remove it.")
        key = unicodedata.normalize("NFC", prompt).casefold()
        if key in seen:
            raise InputError(f"prompts[{index}]: {prompt!r} repeats prompts[{seen[key]}]. Remove one of them.")
        seen[key] = index
        result.append(prompt)
    return tuple(result)


# ---------------------------------------------------------------- reading


@dataclass
class Folder:
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


def _check_promise(name: str, promised: int, present: int) -> None:
    if promised > present:
        raise InputError(f"{name}: the header promises {promised} bytes of data, the file has {present}. Export it again.")


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
        _check_promise(path.name, 50 * count, size - 84)
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
    _check_promise(path.name, promised - ascii_data, size - end.end())


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
    _check_promise(path.name, 6 * vertices + 4 * faces, size)


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
                    _check_promise(f"{path.name}: {member.filename}", promised, member.file_size - file.tell())
        with np.load(path, allow_pickle=False) as arrays:
            return {name: arrays[name] for name in arrays.files}
    except (zipfile.BadZipFile, ValueError, EOFError, OSError, KeyError, NotImplementedError, RuntimeError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(f"{path.name}: not a readable .npz file: {error}. Save it again.") from error


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


# ---------------------------------------------------------------- glTF


@dataclass(frozen=True, eq=False)
class Gltf:
    """A glTF document: the JSON tree, and the bytes that it points into.

    glTF is not left to trimesh, which forgets skins, animations, tangents, texture transforms and further UV sets.
    """

    tree: dict[str, Any]
    buffers: tuple[bytes, ...]
    folder: Folder

    def item(self, kind: str, index: Any) -> dict[str, Any]:
        """Entry `index` of the list `kind` ("nodes", "meshes", ...).

        Raises: InputError if there is no such entry.
        """
        entries = self.tree.get(kind)
        if not isinstance(entries, list) or type(index) is not int or not 0 <= index < len(entries):
            count = len(entries) if isinstance(entries, list) else 0
            raise InputError(f"glTF {kind}[{index!r:.20}] is referred to, but there are {count}. Export the file again.")
        entry = entries[index]
        if not isinstance(entry, dict):
            raise InputError(f"glTF {kind}[{index}] is not an object. Export the file again.")
        return entry

    def view(self, index: Any) -> memoryview:
        """The bytes of a buffer view."""
        view = self.item("bufferViews", index)
        start, length = view.get("byteOffset", 0), view["byteLength"]
        self.item("buffers", view["buffer"])
        data = self.buffers[view["buffer"]]
        if type(start) is not int or type(length) is not int or min(start, length) < 0 or start + length > len(data):
            raise InputError(
                f"glTF bufferViews[{index}] promises bytes {start} to {start}+{length}, "
                f"the buffer has {len(data)}. Export the file again."
            )
        return memoryview(data)[start : start + length]

    def count(self, index: Any) -> int:
        """How many rows an accessor promises.

        Raises: LimitError if there are more than three a face.
        """
        count = self.item("accessors", index)["count"]
        if type(count) is not int or count < 0:
            raise InputError(f"glTF accessors[{index}].count is {count!r:.20}. Export the file again.")
        check_count(f"glTF accessors[{index}]", count // 3, self.folder.limits)
        return count

    def rows(self, index: Any) -> Shaped[np.ndarray, "count width"]:
        """The numbers of an accessor as they are stored; a view where that is possible."""
        accessor, count = self.item("accessors", index), self.count(index)
        dtype, width = np.dtype(_COMPONENT[accessor["componentType"]]), _WIDTH[accessor["type"]]
        sparse = accessor.get("sparse")
        if "bufferView" in accessor:
            offset = accessor.get("byteOffset", 0)
            stride = self.item("bufferViews", accessor["bufferView"]).get("byteStride", width * dtype.itemsize)
            array = self._array(accessor["bufferView"], dtype, (count, width), offset, stride)
        elif sparse is not None:
            array = np.zeros((count, width), dtype)
        else:
            raise InputError(f"glTF accessors[{index}] holds no data. Export the file without compression.")
        if sparse is not None:
            where, values, few = sparse["indices"], sparse["values"], sparse["count"]
            type_ = np.dtype(_COMPONENT[where["componentType"]])
            array = array.copy()
            rows = self._array(where["bufferView"], type_, (few, 1), where.get("byteOffset", 0), type_.itemsize)
            stride = width * dtype.itemsize
            array[rows[:, 0]] = self._array(values["bufferView"], dtype, (few, width), values.get("byteOffset", 0), stride)
        return array

    def _array(self, view: int, dtype: np.dtype[Any], shape: tuple[int, int], offset: int, stride: int) -> np.ndarray:
        data, row = self.view(view), shape[1] * dtype.itemsize
        if stride < row or offset < 0 or shape[0] < 0:
            raise InputError(f"glTF bufferViews[{view}]: a stride of {stride} bytes for rows of {row} bytes.")
        _check_promise(f"glTF bufferViews[{view}]", offset + max(shape[0] - 1, 0) * stride + row * bool(shape[0]), len(data))
        return np.ndarray(shape, dtype, data, offset, (stride, dtype.itemsize))

    def values(self, index: Any) -> Shaped[np.ndarray, "count width"]:
        """The numbers of an accessor; normalised integers become 0..1 or -1..1."""
        array = self.rows(index)
        if self.item("accessors", index).get("normalized") and array.dtype.kind in "iu":
            return np.maximum(array / np.float32(np.iinfo(array.dtype).max), -1)
        return array

    def image(self, index: Any) -> bytes | None:
        """The bytes of an image file; None if it lies outside the document and is missing."""
        image = self.item("images", index)
        if "bufferView" in image:
            return bytes(self.view(image["bufferView"]))
        try:
            return self.folder.get(image["uri"])
        except FileNotFoundError:
            return None


def read_gltf(data: bytes, folder: Folder) -> Gltf:
    """Take a .glb or .gltf file apart; every promise of its headers is checked.

    Raises: InputError if it is damaged, or needs an extension that is not understood.
    """
    chunk = b""
    if data[:4] == b"glTF":
        if len(data) < 20:
            raise InputError(f"the file ends in the header ({len(data)} bytes). Export it again.")
        _, version, length, json_length, kind = struct.unpack("<4sIII4s", data[:20])
        if version != 2 or kind != b"JSON":
            raise InputError(f"glTF version {version}, first chunk {kind!r}; only version 2 is read. Export it again.")
        _check_promise("GLB", max(length, 20 + json_length), len(data))
        text, rest = data[20 : 20 + json_length], 20 + json_length
        if rest + 8 <= len(data):
            bin_length, kind = struct.unpack("<I4s", data[rest : rest + 8])
            _check_promise("GLB", bin_length, len(data) - rest - 8)
            chunk = data[rest + 8 : rest + 8 + bin_length] if kind == b"BIN\0" else b""
    else:
        text = data
    try:
        tree = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputError(f"the glTF's JSON is damaged: {error}. Export it again.") from error
    if not isinstance(tree, dict):
        raise InputError("the glTF's JSON is not an object. Export it again.")
    unreadable = sorted(set(_UNREADABLE) & set(tree.get("extensionsRequired", ())))
    if unreadable:
        raise InputError(f"the glTF needs {', '.join(unreadable)}, which is not understood. Export it uncompressed.")
    buffers = []
    for index, buffer in enumerate(tree.get("buffers", ())):
        try:
            content = folder.get(buffer["uri"]) if "uri" in buffer else chunk
        except FileNotFoundError as error:
            raise InputError(f"the file {buffer['uri'][:80]!r} is missing. Put it beside the .gltf file.") from error
        _check_promise(f"glTF buffers[{index}]", buffer["byteLength"], len(content))
        buffers.append(content)
    gltf = Gltf(tree, tuple(buffers), folder)
    _check_tree(gltf)
    return gltf


def _check_tree(gltf: Gltf) -> None:
    """Make sure that whatever a result is written from holds together, also what reading does not look at."""
    tree = gltf.tree
    for kind in ("accessors", "animations", "bufferViews", "images", "materials", "meshes", "nodes", "skins", "textures"):
        for index in range(len(tree.get(kind, ()))):
            gltf.item(kind, index)
    if not isinstance(tree.get("asset", {}), dict):
        raise InputError(f"glTF asset is {tree['asset']!r:.40}. Export the file again.")
    for index in range(len(tree.get("bufferViews", ()))):
        gltf.view(index)
    for slot, key in view_slots({key: value for key, value in tree.items() if key != "bufferViews"}):
        gltf.item("bufferViews", slot[key])
    for slot, key in accessor_slots(tree):
        gltf.item("accessors", slot[key])
    for node in tree.get("nodes", ()):
        if "mesh" in node:
            gltf.item("meshes", node["mesh"])
        for child in node.get("children", ()):
            gltf.item("nodes", child)
    for image in tree.get("images", ()):
        if "uri" in image and not isinstance(image["uri"], str):
            raise InputError(f"glTF images[].uri is {image['uri']!r:.40}. Export the file again.")
    for index, animation in enumerate(tree.get("animations", ())):
        if any(not isinstance(channel["target"], dict) for channel in animation["channels"]):
            raise InputError(f"glTF animations[{index}] has a channel without a target. Export the file again.")


def accessor_slots(tree: Mapping[str, Any]) -> Iterator[tuple[Any, Any]]:
    """Every place in a glTF tree that names an accessor: (container, key)."""
    for mesh in tree.get("meshes", ()):
        for primitive in mesh["primitives"]:
            for group in (primitive["attributes"], *primitive.get("targets", ())):
                yield from ((group, key) for key in group)
            if "indices" in primitive:
                yield primitive, "indices"
    yield from ((skin, "inverseBindMatrices") for skin in tree.get("skins", ()) if "inverseBindMatrices" in skin)
    for animation in tree.get("animations", ()):
        for sampler in animation.get("samplers", ()):
            yield from ((sampler, key) for key in ("input", "output"))
    for node in tree.get("nodes", ()):
        group = node.get("extensions", {}).get("EXT_mesh_gpu_instancing", {}).get("attributes", {})
        yield from ((group, key) for key in group)


def view_slots(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every place below `value` that names a buffer view; extensions may do so as well."""
    if isinstance(value, dict):
        for key, item in value.items():
            if key == "bufferView" and isinstance(item, int):
                yield value, key
            elif key != "extras":
                yield from view_slots(item)
    elif isinstance(value, list):
        for item in value:
            yield from view_slots(item)
