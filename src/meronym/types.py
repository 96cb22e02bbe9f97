"""The data that the parts of meronym hand to each other: frozen dataclasses with shapes.

Arrays that come from or go to files are numpy; arrays that are computed with are torch.
Axes: v vertices, f faces, n elements (faces of a mesh or points of a cloud), c cameras (= views), h w pixels, p prompts,
u regions, k votes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

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
    opacity: Opacity | None = None
    """Where it lets through what is behind it; None = nowhere."""
    up: str | None = None
    """The axis that its file says is up: "x", "y" or "z"; None = it says nothing."""
    unit: float | None = None
    """Metres per world unit, if its file says so."""

    @property
    def element_count(self) -> int:
        """Faces: the elements that prompts are given to."""
        return len(self.faces)


@dataclass(frozen=True, eq=False)
class Textures:
    """Base-colour images of a mesh, sampled per pixel when rendering."""

    images: tuple[np.ndarray, ...]
    """Each uint8 [h w 3], or [h w 4] with alpha (not premultiplied), which `Mesh.opacity` makes use of; row 0 at the top."""
    image_of_face: Int[np.ndarray, " f"]
    """Index into images; -1 = the face has no texture."""
    uv: Float[np.ndarray, "f 3 2"]
    """Per-corner coordinates, origin at the bottom left (trimesh's convention); wrap around outside 0..1."""


@dataclass(frozen=True, eq=False)
class Opacity:
    """Where a mesh is see-through: where the alpha of a spot, `corner` times the image's, is below the cutoff of its face.

    A spot is shown in full or not at all, as a pixel names one element: what a file blends (glTF's BLEND) has cutoff 0.5.
    """

    cutoff: Float[np.ndarray, " f"]
    """0 = the face is opaque, whatever its alpha."""
    corner: Float[np.ndarray, "f 3"]
    """Alpha at each corner of each face, 0..1."""


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
        """Chosen cameras, by mask or index."""
        return Cameras(self.world_from_camera[own], self.intrinsics[own], self.height, self.width)

    def to(self, device: torch.device) -> Cameras:
        """The cameras on another device."""
        return Cameras(self.world_from_camera.to(device), self.intrinsics.to(device), self.height, self.width)


@dataclass(frozen=True, eq=False)
class Views:
    """Pictures, and per pixel the element each one shows."""

    cameras: Cameras
    colour: Float[Tensor, "c h w 3"]
    """0..1, sRGB."""
    depth: Float[Tensor, "c h w"]
    """Camera z, world units; inf = nothing."""
    element: Int[Tensor, "c h w"]
    """Face or point id; -1 = nothing. Of faces that are see-through in places (`Mesh.opacity`), only where they are not."""

    def __len__(self) -> int:
        return len(self.colour)

    def only(self, own: Bool[Tensor, " c"] | Int[Tensor, " n"]) -> Views:
        """Chosen views, by mask or index."""
        return Views(self.cameras.only(own), self.colour[own], self.depth[own], self.element[own])

    def to(self, device: torch.device) -> Views:
        """The views on another device."""
        return Views(self.cameras.to(device), self.colour.to(device), self.depth.to(device), self.element.to(device))


@dataclass(frozen=True, eq=False)
class Capture:
    """PoseFile photos of one scene, in the order of their names; that order is what view numbers mean."""

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


@dataclass(frozen=True, eq=False)
class PartTree:
    """A shape's elements joined without words, from fine to coarse. Nodes 0..l-1 are the finest, the last is the root."""

    segment: Int[np.ndarray, " n"]
    """Finest segment of each element."""
    parent: Int[np.ndarray, " s"]
    """Of each node; -1 = the root. Parents come after their children."""
    features: Float[np.ndarray, "l d"]
    """Of the finest segments: means over their elements."""
    area: Float[np.ndarray, " l"]
    """Of the finest segments, as shares of the shape."""
    seam: Float[np.ndarray, " s"]
    """How open the border between a node's children is, bounding-sphere radii; 0 for the finest."""
    loose: bool
    """The root's children are pieces that do not hang together."""


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """Wholes and parts whose names an image-text teacher knows."""

    wholes: tuple[str, ...]
    """Names of things: "chair"."""
    whole: Float[Tensor, "k d"]
    """Their unit embeddings."""
    parts: tuple[str, ...]
    """Paths of part names, from coarse to fine: "arm/forearm"."""
    part: Float[Tensor, "v d"]
    """Unit embeddings of the parts, each named with its whole."""
    whole_of_part: Int[Tensor, " v"]
    """Index into wholes."""
    names: tuple[str, ...]
    """All that a part is called: the components of the paths."""
    name: Float[Tensor, "q d"]
    """Their unit embeddings, without a whole."""

    @cached_property
    def names_of_part(self) -> Int[Tensor, "v m"]:
        """Indices into names of the components of each path; the last is repeated."""
        number = {name: index for index, name in enumerate(self.names)}
        rows = [[number[name] for name in path.split("/")] for path in self.parts]
        longest = max(map(len, rows), default=1)
        return torch.tensor([row + row[-1:] * (longest - len(row)) for row in rows], dtype=torch.long)


class Labelling(NamedTuple):
    """The answer of a method for the elements of a shape."""

    label: Int[Tensor, " n"]
    """Index into prompts; -1 = none of these."""
    score: Float[Tensor, "n p"]
    """0..1; a row sums to at most 1, the rest is "none of these"."""
    seen: Bool[Tensor, " n"]
    """False = inferred."""
    pixels: Callable[[Any, Views], Tensor] | None = None
    """Of a capture, by a method that labels pixels: scores [c p h w] for `radiance.rendered.RenderedRays` of any cameras and
    the photos there; None = a pixel has the scores of the surface point that it shows."""
    features: tuple[Tensor, Tensor] | None = None
    """Of the elements, for other words: [n r] and a basis [r d] in the space of the teacher's text."""
    closed: Int[Tensor, " n"] | None = None
    """The best prompt if one of them must be right; None = the one that scores best."""
    tree: PartTree | None = None
    """Segments without words, for other words; their features are in the space of the teacher's text."""
