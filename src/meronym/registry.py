"""Plug-ins by name: built-in ones, installed ones (entry points), and "module:attribute"."""

from __future__ import annotations

import ast
import importlib
import inspect
from collections.abc import Mapping, Sequence
from dataclasses import asdict, is_dataclass
from functools import partial
from importlib.metadata import entry_points
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from meronym.errors import InputError, PluginError

_BUILT_IN = {
    "teachers": {
        "builtin": "meronym.teachers.builtin:BuiltinTeacher",
        "clip": "meronym.teachers.clip:ClipTeacher",
        "siglip2": "meronym.teachers.clip:SiglipTeacher",
        "clipseg": "meronym.teachers.clip:ClipSegTeacher",
        "tipsv2": "meronym.teachers.tips:TipsTeacher",
        "grounding-dino": "meronym.teachers.detector:GroundingDino",
        "mm-grounding-dino": "meronym.teachers.detector:MMGroundingDino",
        "owlv2": "meronym.teachers.detector:Owlv2",
        "omdet-turbo": "meronym.teachers.detector:OmDetTurbo",
    },
    "segmenters": {"sam": "meronym.teachers.masks:Sam", "sam2": "meronym.teachers.masks:Sam2"},
    "students": {
        "lifted": "meronym.students.backbones:Lifted",
        "geometry": "meronym.students.backbones:Geometry",
        "point-m2ae": "meronym.students.backbones:PointM2AEBackbone",
    },
    "encoders": {"dinov2": "meronym.teachers.features:PatchEncoder"},
    "methods": {
        "part-distill": "meronym.methods.part_distill:PartDistill",
        "recognise": "meronym.methods.recognise:Recognise",
        "lift": "meronym.methods.lift:Lift",
        "vote": "meronym.methods.lift:Vote",
        "pointclip": "meronym.methods.pointclip:PointClip",
        "pointclip-v2": "meronym.methods.pointclip:PointClipV2",
        "satr": "meronym.methods.satr:Satr",
        "part-slip": "meronym.methods.part_slip:PartSlip",
        "openscene": "meronym.methods.openscene:OpenScene",
        "3d-ovs": "meronym.methods.three_d_ovs:OVS3D",
        "ffd": "meronym.methods.ffd:Ffd",
        "lerf": "meronym.methods.lerf:Lerf",
        "teacher-alone": "meronym.methods.teacher_alone:TeacherAlone",
    },
}


def load(family: str, name: str) -> Any:
    """Find a plug-in that a user or a program names: a registered name, or "module:attribute".

    Never for names that come from files: see `load_registered`. Returns the class or factory, not an instance.

    Raises: PluginError if nothing by that name can be loaded; the message lists what can.
    """
    target = _known(family).get(name, name)
    if ":" not in target:
        raise PluginError(f"no {family[:-1]} named {name!r}; known: {', '.join(sorted(_known(family)))}, or 'module:attribute'")
    return _imported(family, name, target)


def load_registered(family: str, name: object, file: str) -> Any:
    """Find a plug-in that a file names: a built-in or installed one only, so that opening a file never runs code of its own.

    Raises: PluginError if nothing by that name is registered.
    """
    known = _known(family)
    if not isinstance(name, str) or name not in known:
        raise PluginError(
            f"{file}: names the {family[:-1]} {str(name)[:80]!r}, which is not registered; known: {', '.join(sorted(known))}. "
            f"Install the package that registers it{', or give it by --teacher' if family == 'teachers' else ''}."
        )
    return _imported(family, name, known[name])


def create(family: str, name: str, settings: Mapping[str, object] | None = None, **given: object) -> Any:
    """Make a plug-in, with what `settings` has under "<name>.<argument>", and with those of `given` that it takes.

    Texts among the settings are read as Python literals where they are some ("8", "0.5", "True", "None"). The setting "preset"
    stands for all those of one entry of the class's PRESETS.

    Raises: PluginError if it cannot be found or made; InputError for a setting that it does not have.
    """
    factory = load(family, name)
    try:
        known = inspect.signature(factory).parameters
    except (TypeError, ValueError) as error:
        raise PluginError(f"{family[:-1]} {name!r}: expected a class or a function, got {factory!r}.") from error
    chosen = chosen_settings(short_name(name), settings, tuple(known), _presets(factory))
    _check_types(name, factory, chosen)
    return factory(**{key: value for key, value in given.items() if key in known}, **chosen)


def chosen_settings(
    name: str,
    settings: Mapping[str, object] | None,
    known: Sequence[str],
    presets: Mapping[Any, Mapping[str, object]],
) -> dict[str, object]:
    """What `settings` has under "<name>.", as values; a preset is replaced by what it stands for.

    Raises: InputError for a setting or preset that there is not.
    """
    chosen = {key[len(name) + 1 :]: _value(value) for key, value in (settings or {}).items() if key.startswith(f"{name}.")}
    if (preset := chosen.pop("preset", None)) is not None:
        if preset not in presets:
            raise InputError(f"{name}: no preset {preset!r}; there are {', '.join(presets) or 'none'}.")
        chosen = {**presets[preset], **chosen}
    unknown = sorted(set(chosen) - set(known))
    if unknown:
        raise InputError(f"{name}: no setting {', '.join(unknown)}; there are {', '.join(known) or 'none'}.")
    return chosen


def settings_of(plugin: object) -> dict[str, Any]:
    """Every setting of a plug-in that is a dataclass, for the record; of others nothing is known."""
    return asdict(plugin) if is_dataclass(plugin) and not isinstance(plugin, type) else {}


def check_settings(settings: Mapping[str, object] | None, names: tuple[str, ...]) -> None:
    """Raises: InputError if a setting is of no plug-in that takes part."""
    known = tuple(map(short_name, names))
    odd = sorted(key for key in settings or {} if key.partition(".")[0] not in known)
    if odd:
        raise InputError(f"{', '.join(odd)}: expected <name>.<setting> with a name among {', '.join(known) or 'none'}.")


def short_name(name: str) -> str:
    """The name that settings of a plug-in begin with: its own, or the attribute of "module:attribute"."""
    return name.rpartition(":")[2]


def _presets(factory: Any) -> Mapping[Any, Mapping[str, object]]:
    """The presets of a class; a partial of it (FFD is one of 3D-OVS) keeps them, but for what it sets itself."""
    if isinstance(factory, partial):
        return {name: {**preset, **factory.keywords} for name, preset in _presets(factory.func).items()}
    presets: Mapping[Any, Mapping[str, object]] = getattr(factory, "PRESETS", {})
    return presets


def _check_types(name: str, factory: Any, chosen: Mapping[str, object]) -> None:
    """Raises: InputError for a setting whose value is not one that its annotation allows."""
    owner = factory.func if isinstance(factory, partial) else factory
    try:
        hints = get_type_hints(getattr(owner, "__init__") if isinstance(owner, type) else owner)  # noqa: B009
    except (NameError, TypeError):
        return  # annotations that only a type checker can resolve
    for key, value in chosen.items():
        if key in hints and not _fits(value, hints[key]):
            raise InputError(f"{name}.{key}: expected {_described(hints[key])}, got {value!r:.80}.")


def _fits(value: object, hint: Any) -> bool:
    """Whether a value is of a plain type, a Literal, or a union of these; of any other type nothing is said."""
    origin, options = get_origin(hint), get_args(hint)
    if origin is Literal:
        return value in options
    if origin in (Union, UnionType):
        return any(_fits(value, option) for option in options)
    if hint is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    if hint is int:
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, hint) if hint in (bool, str, NoneType) else True


def _described(hint: Any) -> str:
    if get_origin(hint) is Literal:
        return "one of " + ", ".join(map(str, get_args(hint)))
    return getattr(hint, "__name__", None) or str(hint).replace("typing.", "")


def _known(family: str) -> dict[str, str]:
    """Name -> "module:attribute"."""
    return {**_BUILT_IN.get(family, {}), **{point.name: point.value for point in entry_points(group=f"meronym.{family}")}}


def _imported(family: str, name: str, target: str) -> Any:
    module, attribute = target.split(":", 1)
    try:
        return getattr(importlib.import_module(module), attribute)
    except (ImportError, AttributeError) as error:
        raise PluginError(f"{family[:-1]} {name!r} ({target}) cannot be loaded: {error}") from error


def _value(value: object) -> object:
    try:
        return ast.literal_eval(value) if isinstance(value, str) else value
    except (ValueError, SyntaxError):
        return value
