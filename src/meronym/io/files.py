"""Atomic writes, and checks of the places that they go to."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from meronym.errors import InputError


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


def make_folder(path: Path) -> Path:
    """The folder, made with those above it if it is not there.

    Raises: InputError if it cannot be made.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(f"{str(path)[:200]}: cannot be made: {reason}. Choose another folder.") from error
    return path


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


def write_file(path: Path, content: bytes) -> Path:
    """Write a file atomically.

    Raises: InputError if the place cannot be written to or is full.
    """
    with atomic(path) as temporary:
        temporary.write_bytes(content)
    return path
