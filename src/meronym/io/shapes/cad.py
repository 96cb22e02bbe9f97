"""STEP and IGES, made into triangles by OpenCASCADE."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from meronym.errors import InputError, MissingExtra


def triangulated(path: Path) -> bytes:
    """The surface of a CAD file as a .glb file, in metres and with the file's own axes.

    Triangles are at most a hundredth of their edges' length away from the surface.

    Raises: MissingExtra without cascadio; InputError if OpenCASCADE cannot read the file.
    """
    try:
        import cascadio
    except ImportError as error:
        raise MissingExtra(f"reading {path.suffix.lower()}", "cascadio", "cad") from error
    kind: Literal["step", "iges"] = "step" if path.suffix.lower() in (".step", ".stp") else "iges"
    data = cascadio.load(path.read_bytes(), file_type=kind, tol_linear=0.01, tol_relative=True, use_parallel=False)
    if not data:
        raise InputError(f"not a readable {kind.upper()} file. Export it again.")
    return data
