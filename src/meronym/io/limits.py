"""How large an input may be, and the checks of it that all formats share."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from meronym.errors import InputError, LimitError


@dataclass(frozen=True)
class Limits:
    """How large an input may be; above it a LimitError is raised before memory is taken."""

    faces: int = 20_000_000
    """Faces of a mesh, or points of a cloud, all instances counted."""
    instances: int = 100_000
    """Placements of geometries in one scene."""
    bytes: int = 2_000_000_000
    """Size of any one file, and of the arrays of an archive together."""
    ratio: int = 100
    """Unpacked size of an archive over its packed size; more is taken for a bomb."""
    small: int = 16_000_000
    """Unpacked bytes of an archive up to which its ratio does not matter."""
    nodes: int = 500_000
    """Nodes of a scene, all instances of their meshes counted."""
    image_pixels: int = 80_000_000
    """Width times height of any one picture. Pillow itself refuses pictures of over 178 million pixels."""
    image_side: int = 4096
    """Pixels of the longer side of a texture; a larger one is not refused but made smaller."""
    photos_bytes: int = 16_000_000_000
    """Memory that the pictures of one capture may take."""
    coordinate: float = 1e15
    """Largest coordinate, world units."""


DEFAULT = Limits()


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


def check_instances(count: int, limits: Limits) -> None:
    """Raises: LimitError if a scene places more geometries than the limits allow."""
    if count > limits.instances:
        raise LimitError(f"over {limits.instances} placements of geometries. Join them, or raise Limits.instances.")


def check_promise(name: str, promised: int, present: int) -> None:
    """Raises: InputError if a header promises more bytes than are there."""
    if promised > present:
        raise InputError(f"{name}: the header promises {promised} bytes of data, the file has {present}. Export it again.")


def check_unpacked(name: str, unpacked: int, packed: int, limits: Limits, least: int = 0) -> None:
    """Raises: LimitError if what is stored in `packed` bytes unpacks to too many, and to more than `least`."""
    most = min(max(limits.ratio * packed, limits.small, least), limits.bytes)
    if unpacked > most:
        raise LimitError(f"{name}: {packed} bytes unpack to {unpacked}, the limit is {most}. Refused.")
