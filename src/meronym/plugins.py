"""The contracts of the plug-in families, and how one is found by name."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from importlib.metadata import entry_points
from typing import Any, Protocol, runtime_checkable

import torch
from jaxtyping import Float
from torch import Tensor

from meronym.errors import PluginError
from meronym.types import Cameras, FeatureMaps, Regions, Relevancy, Shape, Views

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


@runtime_checkable
class Teacher(Protocol):
    """Looks at pictures and says where each prompt is. It never learns that there is a third dimension."""

    def __call__(self, views: Views, prompts: Sequence[str], category: str | None = None) -> Relevancy | Regions:
        """Score every prompt in every view. `category` names the whole thing, where the user said so."""
        ...

    def describe(self) -> dict[str, Any]:
        """What goes into the record: name, weights with sha256 and licence, settings."""
        ...


@runtime_checkable
class Encoder(Protocol):
    """Sees pictures without words. A teacher may be one too; then its pictures are encoded once for both."""

    def features(self, views: Views) -> FeatureMaps:
        """Features of what each view shows."""
        ...

    def describe(self) -> dict[str, Any]:
        """What goes into the record: name, weights with sha256 and licence."""
        ...


@runtime_checkable
class VisionLanguage(Protocol):
    """Sees pictures and reads words in one space, so that they can be compared long after the picture was seen."""

    scales: Sequence[float]
    """Sides of the windows in which it wants to be shown a photo, as shares of the photo's short side; up to 1."""
    stride: float
    """How far apart the windows lie, as a share of their side."""
    sharpness: float
    """What the model itself multiplies cosines with before a softmax makes probabilities of them; CLIP: 100."""

    def see(self, picture: Float[Tensor, "h w 3"]) -> Float[Tensor, "gh gw d"]:
        """Unit features of a picture 0..1 on a grid that covers it; 1 x 1 where the model speaks of pictures as wholes."""
        ...

    def read(self, prompts: Sequence[str]) -> Float[Tensor, "p d"]:
        """Unit features of words."""
        ...

    def describe(self) -> dict[str, Any]:
        """What goes into the record: name, weights with sha256 and licence, settings."""
        ...


@runtime_checkable
class Renderer(Protocol):
    """Makes views of a shape."""

    def __call__(self, shape: Shape, cameras: Cameras) -> Views:
        """Render `shape` from every camera."""
        ...


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


def check_answer(answer: Any, views: Views, prompts: int, name: str) -> None:
    """Hold a teacher's answer against the contract.

    Raises: PluginError that names the teacher, the field, what was expected and what came.
    """
    if isinstance(answer, Relevancy):
        _expect(name, "Relevancy.logit", f"{len(views)} grids", len(answer.logit) == len(views), f"{len(answer.logit)}")
        _expect(name, "Relevancy.none", f"{len(views)} grids", len(answer.none) == len(views), f"{len(answer.none)}")
        _expect(name, "Relevancy.box", (len(views), 4), tuple(answer.box.shape) == (len(views), 4), tuple(answer.box.shape))
        spans = bool(torch.isfinite(answer.box).all() and (answer.box[:, 2:] > answer.box[:, :2]).all())
        _expect(name, "Relevancy.box", "finite x0 < x1 and y0 < y1", spans, answer.box.tolist())
        for logit, none in zip(answer.logit, answer.none, strict=True):
            shape = tuple(logit.shape)
            fits = len(shape) == 3 and shape[0] == prompts and min(shape[1:]) > 0
            _expect(name, "Relevancy.logit", f"({prompts}, gh, gw)", fits, shape)
            _expect(name, "Relevancy.none", shape[1:], tuple(none.shape) == shape[1:], tuple(none.shape))
            _expect(name, "Relevancy.logit", "finite values", bool(torch.isfinite(logit).all()), "NaN or infinity")
            _expect(name, "Relevancy.none", "finite values", bool(torch.isfinite(none).all()), "NaN or infinity")
    elif isinstance(answer, Regions):
        count = len(answer.view)
        for field, shape in {"prompt": (count,), "score": (count,), "box": (count, 4)}.items():
            got = tuple(getattr(answer, field).shape)
            _expect(name, f"Regions.{field}", shape, got == shape, got)
        if answer.mask is not None:
            shape, got = (count, *views.element.shape[1:]), tuple(answer.mask.shape)
            _expect(name, "Regions.mask", shape, got == shape, got)
        if count:
            for field, limit in {"view": len(views), "prompt": prompts}.items():
                low, high = int(getattr(answer, field).min()), int(getattr(answer, field).max())
                _expect(name, f"Regions.{field}", f"0..{limit - 1}", low >= 0 and high < limit, f"{low}..{high}")
            inside = bool(((answer.score >= 0) & (answer.score <= 1)).all())
            _expect(name, "Regions.score", "values in 0..1", inside, f"{answer.score.min()}..{answer.score.max()}")
            _expect(name, "Regions.box", "finite values", bool(torch.isfinite(answer.box).all()), "NaN or infinity")
    else:
        raise PluginError(f"teacher {name}: expected Relevancy or Regions, got {type(answer).__name__}")


def _expect(name: str, field: str, expected: Any, fits: bool, got: Any) -> None:
    if not fits:
        raise PluginError(f"teacher {name}: {field}: expected {expected}, got {got}")
