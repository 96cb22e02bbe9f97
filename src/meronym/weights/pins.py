"""Digests of weights, and pins: trust on first use.

meronym knows the repository, the revision and the licence of the hub's models, not the digests of their files. The first
fetch writes commit and sha256 of every file to `pins.json` beside them. A folder that was filled by hand is pinned in the same
way when it is first used; its revision is then unknown. Every later use is checked against the pins: a file that was changed,
removed or added is refused. The first use is trusted; to hold other machines to the same bytes, copy the folder with its pins.
"""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError, safe_open

from meronym.core.hashing import sha256_of
from meronym.errors import WeightsError

TENSORS = "model.safetensors"
PINS = "pins.json"
READABLE = (".json", ".txt", ".model")
"""Endings of the files that transformers reads beside the tensors."""


def check(folder: Path, cure: str) -> None:
    """Check every file of a folder against its pins; pin it first if this is its first use.

    Raises: WeightsError, with both hashes, if a file was changed, removed or added.
    """
    if not (folder / PINS).exists():
        pin(folder, None, None)
    pinned, found = read_pins(folder)["files"], _digests(folder)
    cure = f"If you changed it on purpose, delete {folder / PINS}. Otherwise: {cure}"
    for name in sorted(pinned.keys() | found.keys()):
        check_digest(folder / name, pinned.get(name, "no such file"), found.get(name, "no such file"), cure)


def pin(folder: Path, repository: str | None, commit: str | None) -> None:
    """Write `pins.json`: repository and commit (None = unknown), and the sha256 of every file.

    Raises: WeightsError if there are no tensors to pin, or the file cannot be written.
    """
    try:
        with safe_open(folder / TENSORS, framework="np"):
            pass
    except (SafetensorError, OSError) as error:
        raise WeightsError(f"{folder / TENSORS}: not a whole safetensors file ({error}). Put the right one there.") from error
    pins = {"repository": repository, "revision": commit, "files": _digests(folder)}
    temporary = folder / f".{PINS}.{os.getpid()}"
    try:
        temporary.write_text(json.dumps(pins, indent=1), encoding="utf-8")
        os.replace(temporary, folder / PINS)
    except OSError as error:
        raise WeightsError(f"{folder / PINS} cannot be written: {error}. Open the folder once as a user who can.") from error


def read_pins(folder: Path) -> dict[str, Any]:
    """Repository and revision (None = unknown), and the sha256 of every file.

    Raises: WeightsError if `pins.json` is damaged.
    """
    try:
        pins = json.loads((folder / PINS).read_bytes())
        return {"repository": pins["repository"], "revision": pins["revision"], "files": dict(pins["files"])}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise WeightsError(f"{folder / PINS}: damaged ({error!r}). Delete it to pin the folder as it is now.") from error


def check_digest(file: Path | str, expected: str, found: str, cure: str) -> None:
    """Raise WeightsError unless two hashes agree."""
    if found != expected:
        raise WeightsError(f"{file}: sha256 mismatch: expected {expected}, found {found}. {cure}")


def tensor_sha256(file: Path) -> str:
    """sha256 over the tensors of a safetensors file, in order of name: name, dtype, shape, bytes.

    Independent of how the file lays them out, so that every source gives the same value.

    Raises: WeightsError if it is no whole safetensors file.
    """
    digest = hashlib.sha256()
    try:
        with safe_open(file, framework="np") as tensors:
            for key in sorted(tensors.keys()):
                value = np.ascontiguousarray(tensors.get_tensor(key))
                digest.update(f"{key} {value.dtype} {list(value.shape)}\n".encode())
                digest.update(value.data.cast("B"))
    except (SafetensorError, OSError, AttributeError, TypeError) as error:  # the last two: a type that numpy lacks
        raise WeightsError(f"{file}: not a whole safetensors file ({error}). Delete its folder and fetch again.") from error
    return digest.hexdigest()


def _digests(folder: Path) -> dict[str, str]:
    """sha256 of every file of a folder that transformers could read."""
    readable = (*READABLE, ".safetensors")
    try:
        files = [file for file in sorted(folder.iterdir()) if file.suffix in readable and file.name != PINS]
        return {file.name: sha256_of(file) for file in files}
    except OSError as error:
        raise WeightsError(f"{folder}: cannot be read: {error}") from error
