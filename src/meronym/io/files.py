"""Files and names: how large an input may be, atomic writes, safe names, and prompts that can be used."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from meronym.errors import InputError

_RESERVED = {"con", "prn", "aux", "nul", *(f"{port}{k}" for port in ("com", "lpt") for k in range(1, 10))}


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


def make_folder(path: Path) -> Path:
    """The folder, made with those above it if it is not there.

    Raises: InputError if it cannot be made.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"{path}: cannot be made: {error.strerror}. Choose another folder.") from error
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
