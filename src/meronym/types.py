"""The data that the parts of meronym hand to each other: frozen dataclasses with shapes.

Arrays that come from or go to files are numpy; arrays that are computed with are torch.
Axes: v vertices, f faces, n elements (faces of a mesh or points of a cloud), c cameras (= views), h w pixels, p prompts,
u regions, k votes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from jaxtyping import Bool, Float, Int
from torch import Tensor

from meronym.errors import InputError

if TYPE_CHECKING:
    import trimesh


@dataclass(frozen=True, eq=False)
class Mesh:
    """A triangle mesh in world coordinates, all of a file's geometries joined."""

    vertices: Float[np.ndarray, "v 3"]
    """World units, as in the file."""
    faces: Int[np.ndarray, "f 3"]
    """Vertex indices, counter-clockwise seen from outside."""
    corner_colour: Float[np.ndarray, "f 3 3"] | None = None
    """Colour at each corner of each face (vertex colours, or the material's), 0..1 sRGB; None = no colour known."""
    texture: Textures | None = None
    """Images and per-corner coordinates; multiplies corner_colour where a face has one."""
    source: Path | None = None
    """The file it was read from; its hierarchy and materials are taken from there on export."""
    scene: trimesh.Scene | None = None
    """What the parser made of the file, kept by reference for export."""
    face_origin: FaceOrigin | None = None
    """Which node and which of its faces each face came from."""
    report: Mapping[str, int] = field(default_factory=dict)
    """What validation found and, with repair, dropped: kind -> count."""

    @property
    def element_count(self) -> int:
        """Faces: the elements that prompts are given to."""
        return len(self.faces)


@dataclass(frozen=True, eq=False)
class Textures:
    """Base-colour images of a mesh, sampled per pixel when rendering."""

    images: tuple[np.ndarray, ...]
    """Each uint8 [h w 3], row 0 at the top."""
    image_of_face: Int[np.ndarray, " f"]
    """Index into images; -1 = the face has no texture."""
    uv: Float[np.ndarray, "f 3 2"]
    """Per-corner coordinates, origin at the bottom left (trimesh's convention); wrap around outside 0..1."""


@dataclass(frozen=True, eq=False)
class FaceOrigin:
    """Where the joined faces come from in the file's scene graph."""

    nodes: tuple[str, ...]
    """Scene-graph node of each instance, in the order in which they were joined."""
    node_of_face: Int[np.ndarray, " f"]
    """Index into nodes."""
    face_in_node: Int[np.ndarray, " f"]
    """Index of the face in that node's geometry."""


@dataclass(frozen=True, eq=False)
class PointCloud:
    """Points in world coordinates."""

    points: Float[np.ndarray, "n 3"]
    colour: Float[np.ndarray, "n 3"] | None = None
    """0..1."""
    normal: Float[np.ndarray, "n 3"] | None = None
    """Unit length; the sign may be arbitrary."""
    source: Path | None = None
    report: Mapping[str, int] = field(default_factory=dict)

    @property
    def element_count(self) -> int:
        """Points: the elements that prompts are given to."""
        return len(self.points)


Shape = Mesh | PointCloud


@dataclass(frozen=True, eq=False)
class Cameras:
    """Pinhole cameras, OpenCV convention: x right, y down, z forward; pixel centres at +0.5."""

    world_from_camera: Float[Tensor, "c 4 4"]
    intrinsics: Float[Tensor, "c 3 3"]
    """Pixels."""
    height: int
    width: int

    def __len__(self) -> int:
        return len(self.world_from_camera)

    def only(self, own: Bool[Tensor, " c"] | Int[Tensor, " n"]) -> Cameras:
        """Some of them."""
        return Cameras(self.world_from_camera[own], self.intrinsics[own], self.height, self.width)


@dataclass(frozen=True, eq=False)
class Views:
    """Pictures, and per pixel the element each one shows."""

    cameras: Cameras
    colour: Float[Tensor, "c h w 3"]
    """0..1, sRGB."""
    depth: Float[Tensor, "c h w"]
    """Camera z, world units; inf = nothing."""
    element: Int[Tensor, "c h w"]
    """Face or point id; -1 = nothing."""

    def __len__(self) -> int:
        return len(self.colour)

    def only(self, own: Bool[Tensor, " c"] | Int[Tensor, " n"]) -> Views:
        """Some of them."""
        return Views(self.cameras.only(own), self.colour[own], self.depth[own], self.element[own])


@dataclass(frozen=True, eq=False)
class Capture:
    """Posed photos of one scene, in the order of their names; that order is what view numbers mean."""

    images: tuple[Path, ...]
    cameras: Cameras
    """Of the photos without their lens distortion, in pixels of the photos at their own size."""
    distortion: Float[Tensor, "c 6"]
    """OpenCV's k1 k2 p1 p2 k3 k4 (k4 for fisheye lenses only); zeros = none."""
    fisheye: bool = False
    """The distortion is OpenCV's fisheye model with k1 k2 k3 k4; p1 and p2 are 0."""
    points: PointCloud | None = None
    """Sparse points of the reconstruction that the poses come from, world units."""
    depth_range: Float[Tensor, "c 2"] | None = None
    """Nearest and farthest depth that each camera sees, world units, where the file says it (LLFF)."""
    names: tuple[str, ...] = ()
    """What the capture itself says is in it (segmentations/classes.txt)."""
    source: Path | None = None
    report: Mapping[str, int] = field(default_factory=dict)
    """What reading found: kind -> count."""

    def __len__(self) -> int:
        return len(self.images)


@dataclass(frozen=True, eq=False)
class Regions:
    """Boxes or masks of prompts in views, as detectors give them (PartDistill's knowledge units)."""

    view: Int[Tensor, " u"]
    prompt: Int[Tensor, " u"]
    score: Float[Tensor, " u"]
    """0..1."""
    box: Float[Tensor, "u 4"]
    """x0 y0 x1 y1 in pixels, half open."""
    mask: Bool[Tensor, "u h w"] | None = None


@dataclass(frozen=True, eq=False)
class Relevancy:
    """Per-pixel scores of every prompt, as dense teachers give them, on a grid that may be coarser than the view."""

    logit: tuple[Float[Tensor, "p _gh _gw"], ...]
    """One grid a view. Natural logits: softmax over prompts and `none` is a probability."""
    none: tuple[Float[Tensor, "_gh _gw"], ...]
    """Logit of "none of these" on the same grid."""
    box: Float[Tensor, "c 4"]
    """The rectangle of the view that the grid covers: x0 y0 x1 y1 in pixels."""

    def __len__(self) -> int:
        return len(self.logit)


@dataclass(frozen=True, eq=False)
class FeatureMaps:
    """Features of what each view shows, on a grid that may be coarser than the view."""

    grid: tuple[Float[Tensor, "_gh _gw d"], ...]
    """One a view."""
    box: Float[Tensor, "c 4"]
    """The rectangle of the view that the grid covers: x0 y0 x1 y1 in pixels."""


@dataclass(frozen=True, eq=False)
class Votes:
    """Which elements each piece of evidence speaks of: sparse pairs (region, element)."""

    region: Int[Tensor, " k"]
    element: Int[Tensor, " k"]
    weight: Float[Tensor, " k"]
    """How much of the element the region covers, 0..1."""
    prompt: Int[Tensor, " u"]
    view: Int[Tensor, " u"]
    score: Float[Tensor, " u"]
    """0..1."""
    seen: Bool[Tensor, " n"]
    """Shown by at least one view."""


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
        from meronym.io.result import part

        return part(self, prompt)

    def save(self, path: str | Path) -> Path:
        """Write the result; the ending chooses the format: .glb .ply .obj .npz .json.

        Raises: InputError for another ending, a read-only place or a full disk.
        """
        from meronym.io.result import save

        return save(self, Path(path))

    def to_trimesh(self) -> trimesh.Scene:
        """The shape as a trimesh scene with one named node per part; textures and hierarchy are kept."""
        from meronym.io.result import to_trimesh

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
        from meronym.io.scene_result import save_scene

        return save_scene(self, Path(folder))
