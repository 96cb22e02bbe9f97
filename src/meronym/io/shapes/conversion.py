"""How a file that is not read becomes one that is."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

_IMPORTERS = {".fbx": "import_scene.fbx", ".abc": "wm.alembic_import"}
"""Blender's operators."""
_EXPORTS = {
    ".max": "In 3ds Max, File > Export > glTF",
    ".ma": "In Maya, export it as USD",
    ".mb": "In Maya, export it as USD",
    ".c4d": "In Cinema 4D, File > Export > glTF",
    ".skp": "In SketchUp, File > Export > 3D Model > glTF",
    ".dwg": "In your CAD program, export it as STEP or STL",
    ".dxf": "In your CAD program, export it as STEP or STL",
    ".sldprt": "In SolidWorks, save it as STEP",
    ".sldasm": "In SolidWorks, save it as STEP",
    ".f3d": "In Fusion, export it as STEP",
    ".rcp": "In ReCap, export it as E57",
    ".rcs": "In ReCap, export it as E57",
}
_ARCHIVES = (".gz", ".7z", ".rar", ".tar", ".bz2", ".xz")
_ASSIMP = (".3ds", ".x3d", ".wrl", ".lwo", ".ac", ".x", ".ms3d", ".amf")


def conversion(path: Path) -> str:
    """The command or steps after which a file of a format that is not read is one that is."""
    ending, new = path.suffix.lower(), path.with_suffix(".glb").name
    if ending in _ARCHIVES:
        return "Unpack it first."
    if ending in _EXPORTS:
        return f"{_EXPORTS[ending]}."
    if ending in _ASSIMP:
        return f"Convert it: assimp export {shlex.quote(path.name)} {shlex.quote(new)}"
    if ending == ".ifc":
        return f"Convert it: IfcConvert {shlex.quote(path.name)} {shlex.quote(new)}"
    if ending == ".blend" or ending in _IMPORTERS:
        return f"Convert it: {_blender(path, new, _IMPORTERS.get(ending))}"
    return "Convert it."


def _blender(path: Path, new: str, importer: str | None) -> str:
    """The command that lets Blender export a glTF file, of its own file or of one that it imports."""
    steps = "import bpy; "
    if importer is not None:
        steps += "bpy.ops.wm.read_factory_settings(use_empty=True); "
        steps += f"bpy.ops.{importer}(filepath={json.dumps(path.name)}); "
    steps += f"bpy.ops.export_scene.gltf(filepath={json.dumps(new)})"
    opened = [path.name] if importer is None else []
    return shlex.join(["blender", "--background", *opened, "--python-expr", steps])
