"""STEP and IGES, made into triangles by OpenCASCADE."""

from __future__ import annotations

import tempfile
from importlib.util import find_spec
from pathlib import Path

from meronym.errors import MissingExtra
from meronym.io.apart import run_apart

_CODE = """
import sys, cascadio
source, kind, target = sys.argv[1:]
with open(source, "rb") as file:
    data = cascadio.load(file.read(), file_type=kind, tol_linear=0.01, tol_relative=True, use_parallel=False)
with open(target, "wb") as file:
    file.write(data)
sys.exit(0 if data else f"no readable {kind.upper()} file")
"""
_SECONDS = 3600.0
"""Large assemblies take minutes."""


def triangulated(path: Path) -> bytes:
    """The surface of a CAD file as a .glb file, in metres and with the file's own axes.

    Triangles are at most a hundredth of their edges' length away from the surface.

    Raises: MissingExtra without cascadio; InputError if OpenCASCADE cannot read the file.
    """
    if find_spec("cascadio") is None:
        raise MissingExtra(f"reading {path.suffix.lower()}", "cascadio", "cad")
    kind = "step" if path.suffix.lower() in (".step", ".stp") else "iges"
    with tempfile.TemporaryDirectory() as place:
        made = Path(place) / "made.glb"
        run_apart(_CODE, str(path), kind, str(made), seconds=_SECONDS)
        return made.read_bytes()
