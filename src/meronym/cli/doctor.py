"""What works on this machine, and the cure for what does not."""

from __future__ import annotations

import importlib.util
import os
import platform
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version

from meronym.weights import catalogue


@dataclass(frozen=True)
class Finding:
    """One line of the report."""

    what: str
    state: str
    works: bool
    cure: str = ""


def report() -> Iterator[Finding]:
    """Everything that a result depends on: interpreter, packages, devices, weights."""
    yield Finding("python", platform.python_version(), True)
    for package in ("torch", "transformers", "trimesh", "numpy"):
        yield Finding(package, version(package), True)
    yield _torchvision()
    yield _device()
    yield Finding("cores", str(os.cpu_count()), True)
    for row in catalogue.status(at_hand=True):
        present = row["state"] == "present"
        yield Finding(
            f"weights {row['name']}", row["state"], present, "" if present else f"meronym weights fetch {row['name']}"
        )
    folder = catalogue.root()
    place = next(parent for parent in (folder, *folder.parents) if parent.exists())
    writable = os.access(place, os.W_OK)
    yield Finding(
        f"cache {folder}", "writable" if writable else "read-only", writable, "" if writable else "set MERONYM_WEIGHTS"
    )


def _torchvision() -> Finding:
    """meronym never uses torchvision; one that does not match torch makes transformers unimportable."""
    if importlib.util.find_spec("torchvision") is None:
        return Finding("torchvision", "absent, as it should be", True)
    try:
        importlib.import_module("torchvision")
    except (ImportError, RuntimeError, OSError) as error:
        return Finding("torchvision", f"broken: {error}", False, "pip uninstall torchvision")
    return Finding("torchvision", f"{version('torchvision')} (not used)", True)


def _device() -> Finding:
    import torch

    if torch.cuda.is_available():
        return Finding("GPU", torch.cuda.get_device_name(), True)
    return Finding("GPU", "none; everything runs on the CPU", True)
