"""`meronym doctor`: the state of this machine, and the cure for what does not work."""

from __future__ import annotations

import importlib.util
import os
import platform
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version


@dataclass(frozen=True)
class Finding:
    """One line of the report."""

    what: str
    state: str
    works: bool
    cure: str = ""


def doctor() -> None:
    """What works on this machine, the device that will be used, and the cure for what does not work.

    meronym doctor
    """
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table("what", "state", "cure")
    for row in report():
        table.add_row(Text(row.what), Text(row.state, style="green" if row.works else "yellow"), Text(row.cure))
    Console().print(table)


def report() -> Iterator[Finding]:
    """Everything that a result depends on: interpreter, packages, devices, weights."""
    from meronym.weights import catalogue

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
    """What `--device auto` stands for."""
    import torch

    if not torch.cuda.is_available():
        return Finding("device auto", "cpu; torch sees no GPU", True)
    index = torch.cuda.current_device()
    return Finding("device auto", f"cuda:{index}, {torch.cuda.get_device_name(index)}", True)
