"""The contracts of the plug-in families, and how one is found by name."""

from __future__ import annotations

import importlib
from importlib.metadata import entry_points
from typing import Any

from meronym.errors import PluginError

_BUILT_IN = {
    "teachers": {
        "builtin": "meronym.teachers.builtin:BuiltinTeacher",
        "clip": "meronym.teachers.clip:ClipTeacher",
        "siglip2": "meronym.teachers.clip:SiglipTeacher",
        "clipseg": "meronym.teachers.clip:ClipSegTeacher",
        "grounding-dino": "meronym.teachers.detector:GroundingDino",
        "mm-grounding-dino": "meronym.teachers.detector:MMGroundingDino",
        "owlv2": "meronym.teachers.detector:Owlv2",
        "omdet-turbo": "meronym.teachers.detector:OmDetTurbo",
    },
    "students": {
        "lifted": "meronym.students.backbones:Lifted",
        "geometry": "meronym.students.backbones:Geometry",
        "point-m2ae": "meronym.students.backbones:PointM2AEBackbone",
    },
    "encoders": {"dinov2": "meronym.teachers.features:PatchEncoder"},
    "methods": {
        "part-distill": "meronym.methods.part_distill:segment",
        "lift": "meronym.methods.lift:segment",
        "vote": "meronym.methods.lift:vote",
        "pointclip": "meronym.methods.pointclip:pointclip",
        "pointclip-v2": "meronym.methods.pointclip:pointclip_v2",
        "satr": "meronym.methods.satr:segment",
        "part-slip": "meronym.methods.part_slip:segment",
        "openscene": "meronym.methods.openscene:segment",
    },
    "scene_methods": {
        "3d-ovs": "meronym.methods.three_d_ovs:segment",
        "lift": "meronym.methods.scene_lift:segment",
        "ffd": "meronym.methods.ffd:segment",
        "lerf": "meronym.methods.lerf:segment",
        "teacher-alone": "meronym.methods.teacher_alone:segment",
    },
}


def load(family: str, name: str) -> Any:
    """Find a plug-in: a built-in name, an installed one (entry point group `meronym.<family>`), or "module:attribute".

    Returns the class or factory, not an instance.

    Raises: PluginError if nothing by that name can be loaded; the message lists what can.
    """
    known = dict(_BUILT_IN.get(family, {}))
    known.update({point.name: point.value for point in entry_points(group=f"meronym.{family}")})
    target = known.get(name, name)
    if ":" not in target:
        raise PluginError(f"no {family[:-1]} named {name!r}; known: {', '.join(sorted(known))}, or 'module:attribute'")
    module, attribute = target.split(":", 1)
    try:
        return getattr(importlib.import_module(module), attribute)
    except (ImportError, AttributeError) as error:
        raise PluginError(f"{family[:-1]} {name!r} ({target}) cannot be loaded: {error}") from error
