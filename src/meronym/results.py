"""Results: labels of the elements of a shape, for a capture also of the pixels of its photos, and how they came to be."""

from __future__ import annotations

import math
import platform
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from jaxtyping import Bool, Float, Int

from meronym.core.selection import selected
from meronym.errors import InputError
from meronym.types import Capture, PartTree, Shape

if TYPE_CHECKING:
    import trimesh

    from meronym.parts.instances import Instance


@dataclass(frozen=True)
class Record:
    """How a result came to be, in enough detail to produce it again."""

    method: str
    """Name of the method, or "student"."""
    settings: Mapping[str, Any] = field(default_factory=dict)
    """Of the run: views, seed, category, up axis, device; for a capture also the size of the photos, the
    reconstruction and its extent."""
    options: Mapping[str, Any] = field(default_factory=dict)
    """Every setting of the method."""
    teacher: Mapping[str, Any] | None = None
    """Name, weights with hashes and licences, settings; None for a student that needs no teacher."""
    student: Mapping[str, Any] | None = None
    """The student's own record, with the hash of its file."""
    input: Mapping[str, Any] = field(default_factory=dict)
    """Name of the file ("source"), its hash ("sha256"), and the findings of reading it: kind -> count."""
    psnr: Mapping[str, float] = field(default_factory=dict)
    """Of the reconstruction of a capture, decibels, on training views and on held-out views."""
    words: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """How well the teacher knows each prompt, if it states its vocabulary: "familiarity" (cosine with the nearest name),
    "nearest" (names, nearest first) and "known"."""
    machine: Mapping[str, str] = field(default_factory=dict)
    """Versions of Python and of the packages that compute."""
    seconds: Mapping[str, float] = field(default_factory=dict)
    """Per stage."""
    meronym: str = field(default_factory=lambda: version("meronym"))
    """Version of this package."""

    def as_dict(self, *, seconds: bool = True) -> dict[str, Any]:
        """The fields that are not empty; without `seconds` equal runs have equal records."""
        return {key: value for key, value in asdict(self).items() if value not in (None, {}) and (seconds or key != "seconds")}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Record:
        """The record whose `as_dict` this is; unknown fields, and words that are not described as here, are passed over.

        Raises: InputError if there is no method, or a field is of another type.
        """
        known = {one.name: values[one.name] for one in fields(cls) if one.name in values}
        if not isinstance(known.get("method"), str):
            raise InputError(f"record.method: expected text, got {known.get('method')!r:.60}.")
        for name, value in known.items():
            kind = _KINDS[name]
            if not isinstance(value, kind) and not (value is None and name in ("teacher", "student")):
                raise InputError(f"record.{name}: expected {kind.__name__}, got {value!r:.60}.")
        for name, kinds in (("psnr", (int, float)), ("seconds", (int, float)), ("machine", (str,))):
            inner = {key: math.nan if value is None else value for key, value in known.get(name, {}).items()}
            for key, value in inner.items():
                if isinstance(value, bool) or not isinstance(value, kinds):
                    raise InputError(f"record.{name}.{key:.60}: expected {kinds[-1].__name__}, got {value!r:.60}.")
            known[name] = inner
        known["words"] = {word: about for word, about in known.get("words", {}).items() if _describes_a_word(about)}
        return cls(**known)


_KINDS: dict[str, type] = {
    **dict.fromkeys(("method", "meronym"), str),
    **dict.fromkeys(("settings", "options", "teacher", "student", "input", "psnr", "words", "machine", "seconds"), dict),
}
"""Types of a record's fields when it is read from a file."""


def _describes_a_word(about: object) -> bool:
    """Whether a value from a file has the form of `Record.words`."""
    if not isinstance(about, dict) or not isinstance(about.get("known"), bool):
        return False
    near, familiarity = about.get("nearest"), about.get("familiarity")
    return (
        isinstance(familiarity, int | float) and isinstance(near, list | tuple) and all(isinstance(name, str) for name in near)
    )


def machine() -> dict[str, str]:
    """Versions of what results depend on."""
    import torch

    return {"python": platform.python_version(), "torch": torch.__version__, "numpy": np.__version__}


@dataclass(frozen=True, eq=False)
class ViewLabels:
    """Labels of the pixels of a capture's photos."""

    names: tuple[str, ...]
    """Of the photos' files, with folders below that of all photos: "left/IMG_1.jpg"."""
    label: Int[np.ndarray, "c h w"]
    """Index into the prompts; -1 = none of these."""
    score: Float[np.ndarray, "c p h w"]
    """0..1 (half precision); a pixel's sum to at most 1."""
    colour: Float[np.ndarray, "c h w 3"]
    """The photos without lens distortion, 0..1."""
    rendered: Float[np.ndarray, "c h w 3"]
    """The reconstruction through the same cameras, 0..1."""
    held_out: Bool[np.ndarray, " c"]
    """Never trained on."""
    size: Int[np.ndarray, "c 2"] | None = None
    """Height and width of each photo in these arrays, at their top left; None = all of them."""
    capture: Capture | None = None
    """Poses, lenses and own sizes of the photos; None = not known."""

    def shown(self, view: int) -> tuple[slice, slice]:
        """Rows and columns in which a photo lies."""
        height, width = self.label.shape[1:] if self.size is None else self.size[view].tolist()
        return slice(height), slice(width)

    def shares(self, count: int) -> Float[np.ndarray, " count1"]:
        """Share of the pixels of all photos that has none of `count` prompts, and then of each of them."""
        labels = [self.label[view][self.shown(view)].ravel() for view in range(len(self.names))]
        found = sum(np.bincount(label + 1, minlength=count + 1) for label in labels)
        return np.asarray(found / max(1, sum(label.size for label in labels)))


@dataclass(frozen=True, eq=False)
class PointFeatures:
    """Features of points in the space of a teacher's text, in low rank: point @ basis, not normalised."""

    point: Float[np.ndarray, "n r"]
    basis: Float[np.ndarray, "r d"]


@dataclass(frozen=True, eq=False)
class Segmentation:
    """Which prompt names each element of a shape; for a capture, of its surface points, with labels of all photos beside.

    Behaves like a mapping from prompts to parts: `parts["leg"]`, `"leg" in parts`, `list(parts)`, `len(parts)`.
    """

    label: Int[np.ndarray, " n"]
    """Index into prompts; -1 = none of these."""
    score: Float[np.ndarray, "n p"]
    """0..1; a row sums to at most 1, the rest is "none of these"."""
    seen: Bool[np.ndarray, " n"]
    """False = no view showed the element; its label is inferred from its neighbours."""
    prompts: tuple[str, ...]
    shape: Shape
    record: Record
    """How the result came to be."""
    views: ViewLabels | None = None
    """Labels of the photos; None for a shape."""
    features: PointFeatures | None = None
    """Of the elements, to be compared with other words; None where the method keeps none."""
    tree: PartTree | None = None
    """Segments without words, to be matched with other words; None where the method keeps none."""

    def __post_init__(self) -> None:
        n, p = self.shape.element_count, len(self.prompts)
        expected = {"label": (n,), "score": (n, p), "seen": (n,)}
        for name, shape in expected.items():
            got = getattr(self, name).shape
            if got != shape:
                raise InputError(f"Segmentation.{name}: expected shape {shape} ({n} elements, {p} prompts), got {got}")
        if len(self.label) and (self.label.min() < -1 or self.label.max() >= p):
            raise InputError(f"Segmentation.label: expected -1..{p - 1}, got {self.label.min()}..{self.label.max()}")
        if not np.isfinite(self.score).all() or (self.score.size and (self.score.min() < 0 or self.score.max() > 1)):
            raise InputError("Segmentation.score: expected finite values in 0..1")
        if self.tree is not None and self.tree.segment.shape != (n,):
            raise InputError(f"Segmentation.tree: expected segments of {n} elements, got {self.tree.segment.shape}")

    def __len__(self) -> int:
        return len(self.prompts)

    def __iter__(self) -> Iterator[str]:
        return iter(self.prompts)

    def __contains__(self, prompt: object) -> bool:
        return prompt in self.prompts

    def __getitem__(self, prompt: str) -> Shape:
        """The part that `prompt` names, as a shape of its own; it may be empty.

        Raises: InputError if `prompt` is not one of `prompts`.
        """
        return selected(self.shape, self.label == self._number(prompt))

    def _number(self, prompt: str) -> int:
        if prompt not in self.prompts:
            raise InputError(f"no prompt {prompt!r}; there are {', '.join(map(repr, self.prompts))}.")
        return self.prompts.index(prompt)

    def __repr__(self) -> str:
        parts = ", ".join(f"{name} {count}" for name, count in self.counts().items())
        photos = "" if self.views is None else f", {len(self.views.names)} photos"
        return f"Segmentation({parts}, none {(self.label < 0).sum()}{photos})"

    def counts(self) -> dict[str, int]:
        """Number of elements per prompt; 0 = the prompt names nothing here."""
        found = np.bincount(self.label[self.label >= 0], minlength=len(self.prompts))
        return {name: int(count) for name, count in zip(self.prompts, found, strict=True)}

    @cached_property
    def instance(self) -> Int[np.ndarray, " n"]:
        """Number of each element's instance within its label, from 0, the largest first; -1 where no prompt names it."""
        from meronym.parts.instances import instances

        return instances(self.shape, self.label)

    def instances(self, prompt: str) -> list[Shape]:
        """The parts that `prompt` names, each as a shape of its own, the largest first: four legs.

        Raises: InputError if `prompt` is not one of `prompts`.
        """
        own = self.label == self._number(prompt)
        return [selected(self.shape, own & (self.instance == k)) for k in range(int(self.instance[own].max(initial=-1)) + 1)]

    def named_instances(self, prompt: str) -> tuple[Instance, ...]:
        """Name, share and centre of each instance of a prompt, in their order: "leg" if it is one, or "leg_1", "leg_2", ...

        If the file's format states which way is up and front (glTF), and the up axis was not set otherwise, they are named
        after their sides where these are unambiguous: "wheel_front_left", which is the thing's own left.

        Raises: InputError if `prompt` is not one of `prompts`.
        """
        from meronym.parts.instances import described

        own = self.label == self._number(prompt)
        return described(self.shape, own, self.instance, prompt, self.record.settings.get("up_axis"))

    def query(self, prompts: Sequence[str]) -> Segmentation:
        """The answer for other words, from what a result keeps; nothing is rendered, looked at or trained again.

        Raises: InputError for prompts that cannot be used, or a result that keeps nothing; see `meronym.query`.
        """
        from meronym.api import query

        return query(self, prompts)

    def save(self, path: str | Path, *, capped: bool = False) -> Path:
        """Write one file, whose ending chooses the format, or without an ending a folder of all.

        The endings are .glb .ply .obj .3mf .usdz .usda .usdc .urdf .npz .json; with `capped`, the parts in a .3mf are
        closed surfaces, to be printed. The folder of a shape holds parts.glb (of a mesh), parts.ply, parts.json and result.npz;
        that of a capture label maps, heat maps, pictures, points, COCO masks and result.npz. `meronym.load` reads a folder or
        an .npz back.

        Raises: InputError for another ending, a read-only place or a full disk; MissingExtra if what writes the format is not
        installed.
        """
        from meronym.io.results import save_result

        return save_result(self, path, capped=capped)

    def to_trimesh(self) -> trimesh.Scene:
        """The shape as a trimesh scene with one named node per part; textures and hierarchy are kept."""
        from meronym.io.shapes.write import to_trimesh

        return to_trimesh(self)
