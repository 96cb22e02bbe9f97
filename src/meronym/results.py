"""Results: labels of the elements of a shape, and for a capture of the pixels of its photos."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from jaxtyping import Bool, Float, Int
from torch import Tensor

from meronym.errors import InputError

if TYPE_CHECKING:
    import trimesh
from meronym.types import Shape


class Labelling(NamedTuple):
    """What a method says of a shape."""

    label: Int[Tensor, " n"]
    """Index into prompts; -1 = none of these."""
    score: Float[Tensor, "n p"]
    """0..1; a row sums to at most 1, the rest is "none of these"."""
    seen: Bool[Tensor, " n"]
    """False = inferred."""


@dataclass(frozen=True, eq=False)
class Segmentation:
    """The answer: which prompt names each element."""

    label: Int[np.ndarray, " n"]
    """Index into prompts; -1 = none of these."""
    score: Float[np.ndarray, "n p"]
    """0..1; a row sums to at most 1, the rest is "none of these"."""
    seen: Bool[np.ndarray, " n"]
    """False = no view showed the element; its label is inferred from its neighbours."""
    prompts: tuple[str, ...]
    shape: Shape
    record: Mapping[str, Any]
    """How the answer came to be: versions, weights and licences, seed, settings, seconds per stage."""

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

    def __getitem__(self, prompt: str) -> Shape:
        """The part that `prompt` names, as a shape of its own; it may be empty.

        Raises: InputError if `prompt` is not one of `prompts`.
        """
        from meronym.io.shapes.write import part

        return part(self, prompt)

    def save(self, path: str | Path) -> Path:
        """Write the result; the ending chooses the format: .glb .ply .obj .npz .json.

        Raises: InputError for another ending, a read-only place or a full disk.
        """
        from meronym.io.shapes.write import save

        return save(self, Path(path))

    def to_trimesh(self) -> trimesh.Scene:
        """The shape as a trimesh scene with one named node per part; textures and hierarchy are kept."""
        from meronym.io.shapes.write import to_trimesh

        return to_trimesh(self)

    def counts(self) -> dict[str, int]:
        """Number of elements per prompt; 0 = the prompt names nothing here."""
        found = np.bincount(self.label[self.label >= 0], minlength=len(self.prompts))
        return {name: int(count) for name, count in zip(self.prompts, found, strict=True)}


@dataclass(frozen=True, eq=False)
class ViewLabels:
    """What is said of each pixel of each photo."""

    names: tuple[str, ...]
    """Of the photos, without folder and ending."""
    label: Int[np.ndarray, "c h w"]
    """Index into the prompts; -1 = none of these."""
    score: Float[np.ndarray, "c p h w"]
    """0..1 (half precision); a pixel's sum to at most 1."""
    colour: Float[np.ndarray, "c h w 3"]
    """The photos without lens distortion, 0..1."""
    rendered: Float[np.ndarray, "c h w 3"]
    """What the reconstruction makes of them, 0..1."""
    held_out: Bool[np.ndarray, " c"]
    """Never trained on."""


@dataclass(frozen=True, eq=False)
class PointFeatures:
    """Features of points in the space of a teacher's text, in low rank: point @ basis, not normalised."""

    point: Float[np.ndarray, "n r"]
    basis: Float[np.ndarray, "r d"]


@dataclass(frozen=True, eq=False)
class SceneSegmentation:
    """The answer for a captured scene: points of its surface, every photo, and what is needed to ask for other words."""

    points: Segmentation
    """Of the surface that was reconstructed."""
    views: ViewLabels
    features: PointFeatures | None
    """For `meronym query`; None = the method keeps none."""

    @property
    def prompts(self) -> tuple[str, ...]:
        return self.points.prompts

    @property
    def record(self) -> Mapping[str, Any]:
        """How the answer came to be."""
        return self.points.record

    def __getitem__(self, prompt: str) -> Shape:
        """The points that `prompt` names. Raises: InputError if it is not one of the prompts."""
        return self.points[prompt]

    def save(self, folder: str | Path) -> Path:
        """Write everything into `folder`: label maps, heat maps, pictures, points, COCO masks, record.

        Raises: InputError for a read-only place or a full disk.
        """
        from meronym.io.captures.write import save_scene

        return save_scene(self, Path(folder))
