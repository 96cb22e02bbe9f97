"""The data that the parts of meronym hand to each other: frozen dataclasses with shapes.

Arrays that come from or go to files are numpy; arrays that are computed with are torch.
Axes: v vertices, f faces, n elements (faces of a mesh, points of a cloud, Gaussians), c cameras (= views), h w pixels,
p prompts, u regions, k votes.
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
    finish: Finish | None = None
    """Materials, polygons and normals of the file, for writing; None = not known, or kept by `scene`."""
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
    files: tuple[bytes | None, ...] = ()
    """The .png or .jpg file of each image, for writing: images may have been made smaller. None = there is none; () = for no
    image."""


@dataclass(frozen=True, eq=False)
class Opacity:
    """Where a mesh is see-through: where the alpha of a spot, `corner` times the image's, is below the cutoff of its face.

    A spot is shown in full or not at all, as a pixel names one element: what a file blends (glTF's BLEND) has cutoff 0.5.
    """

    cutoff: Float[np.ndarray, " f"]
    """0 = the face is opaque, whatever its alpha."""
    corner: Float[np.ndarray, "f 3"]
    """Alpha at each corner of each face, 0..1."""


class NamedMaterial(NamedTuple):
    """A material of a file."""

    name: str
    colour: tuple[float, float, float] | None = None
    """Diffuse, 0..1 sRGB; None = the file doesn't say."""
    alpha: float = 1.0
    """0..1."""


@dataclass(frozen=True, eq=False)
class Finish:
    """How a file describes a mesh's surface, beside what is rendered: kept for writing."""

    materials: tuple[NamedMaterial, ...]
    material: Int[np.ndarray, " f"]
    """Index into materials; -1 = none."""
    polygon: Int[np.ndarray, " f"]
    """Faces with the same number were cut from one polygon of the file."""
    normal: Float[np.ndarray, "f 3 3"] | None
    """Unit length at each corner, or zero where the file has none; None = nowhere."""
    groups: tuple[tuple[str, ...], ...] = ()
    """Of each node of the `FaceOrigin`: the names of the groups that hold it, its own name last; () = told by `Mesh.scene`."""


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


SH_CONSTANT = 0.28209479177387814
"""The spherical harmonic of degree 0: 1 / (2 sqrt pi)."""


@dataclass(frozen=True, eq=False)
class Gaussians:
    """3D Gaussians in world coordinates, as 3D Gaussian splatting reconstructs them (Kerbl et al., SIGGRAPH 2023)."""

    rows: np.ndarray
    """Structured [n]: the properties of a PLY file of 3DGS, untouched. Centre x y z; f_dc_*, f_rest_* spherical harmonics, of
    f_rest all of red first; opacity as a logit; scale_* as logarithms, world units; rot_* w x y z, of any length."""
    floating: Bool[np.ndarray, " n"]
    """Floaters, faint or stray and away from the thing: they neither frame it nor are shown, and no prompt names them."""
    cameras: Cameras | None = None
    """Of the photos that it was reconstructed from, where they are known."""
    source: Path | None = None
    report: Mapping[str, int] = field(default_factory=dict)

    @property
    def element_count(self) -> int:
        """Gaussians: the elements that prompts are given to."""
        return len(self.rows)

    @cached_property
    def points(self) -> Float[np.ndarray, "n 3"]:
        """Centres, world units."""
        return np.stack([self.rows[axis].astype(np.float64) for axis in "xyz"], 1)

    @cached_property
    def deviation(self) -> Float[np.ndarray, "n 3"]:
        """Standard deviations along the own axes, world units; those of 2D Gaussians, which have two, end in 0."""
        flat: np.ndarray = np.exp(self._columns(*(name for name in (f"scale_{k}" for k in range(3)) if name in self.names)))
        return np.pad(flat, ((0, 0), (0, 3 - flat.shape[1])))

    @cached_property
    def rotation(self) -> Float[np.ndarray, "n 4"]:
        """Unit quaternions w x y z: world from own axes."""
        turn = np.stack([self.rows[f"rot_{k}"].astype(np.float64) for k in range(4)], 1)
        unit: np.ndarray = turn / np.linalg.norm(turn, axis=1, keepdims=True)
        return unit.astype(np.float32)

    @cached_property
    def opacity(self) -> Float[np.ndarray, " n"]:
        """0..1."""
        logit: np.ndarray = self._columns("opacity")[:, 0]
        share: np.ndarray = 0.5 + 0.5 * np.tanh(logit / 2)
        return share

    @property
    def colour(self) -> Float[np.ndarray, "n 3"]:
        """From all sides together, 0..1 sRGB: of the spherical harmonics only the constant."""
        mean: np.ndarray = 0.5 + SH_CONSTANT * self._columns(*(f"f_dc_{k}" for k in range(3)))
        return mean.clip(0, 1)

    @property
    def names(self) -> tuple[str, ...]:
        """Of the properties."""
        return self.rows.dtype.names or ()

    def _columns(self, *names: str) -> np.ndarray:
        """Properties as columns, single precision."""
        return np.stack([self.rows[name].astype(np.float32) for name in names], 1)


Shape = Mesh | PointCloud | Gaussians


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
    """Face, point or Gaussian id; -1 = nothing. Of faces that are see-through in places (`Mesh.opacity`), only where they are
    not; of Gaussians, the one that contributes most, where together they are at least half opaque."""
    outside: Bool[Tensor, "c h w"] | None = None
    """Of photos: pixels that no photo shows, from which nothing is learned; their element is -1. None = there are none."""

    def __len__(self) -> int:
        return len(self.colour)

    @property
    def known(self) -> Bool[Tensor, "c h w"]:
        """Pixels that are not outside."""
        return torch.ones_like(self.element, dtype=torch.bool) if self.outside is None else ~self.outside

    @property
    def extent(self) -> Int[Tensor, "c 2"]:
        """Height and width of the part of each picture, from its top left corner, beyond which all is outside."""
        sides = []
        for axis in (2, 1):
            some = self.known.any(axis)
            sides.append((some * torch.arange(1, some.shape[1] + 1, device=some.device)).amax(1))
        return torch.stack(sides, 1)

    def only(self, own: Bool[Tensor, " c"] | Int[Tensor, " n"]) -> Views:
        """Chosen views, by mask or index."""
        outside = None if self.outside is None else self.outside[own]
        return Views(self.cameras.only(own), self.colour[own], self.depth[own], self.element[own], outside)

    def to(self, device: torch.device) -> Views:
        """The views on another device."""
        outside = None if self.outside is None else self.outside.to(device)
        colour, depth, element = (tensor.to(device) for tensor in (self.colour, self.depth, self.element))
        return Views(self.cameras.to(device), colour, depth, element, outside)


@dataclass(frozen=True)
class PhotoFrame:
    """A photo as it lies on the disk, or as EXIF turns it where its pose is for that."""

    name: str
    """Below the folder of the photos, with ending: "left/IMG_1.jpg"."""
    width: int
    """Pixels."""
    height: int
    turns: int = 0
    """Quarter turns clockwise, 0 to 3, after which it is upright."""
    mask: Path | None = None
    """Picture that is black where nothing is to be learned from the photo."""
    fisheye: bool = False
    """Its distortion is that of a fisheye lens."""


@dataclass(frozen=True, eq=False)
class Capture:
    """Posed photos of one scene, in the order of their names; that order is what view numbers mean."""

    images: tuple[Path, ...]
    cameras: Cameras
    """Of the photos without their lens distortion, in pixels of each at its own size; height and width are the largest."""
    distortion: Float[Tensor, "c 12"]
    """k1 k2 p1 p2 k3 k4 k5 k6 s1 s2 s3 s4 of `io.captures.lenses.distort`; zeros = none."""
    points: PointCloud | None = None
    """Sparse points of the reconstruction that the poses come from, world units."""
    depth_range: Float[Tensor, "c 2"] | None = None
    """Nearest and farthest depth that each camera sees, world units, where the file says it (LLFF)."""
    names: tuple[str, ...] = ()
    """What the capture itself says is in it (segmentations/classes.txt)."""
    source: Path | None = None
    report: Mapping[str, int] = field(default_factory=dict)
    """What reading found: kind -> count."""
    frames: tuple[PhotoFrame, ...] = ()
    """Of each photo; none = all are as large as the cameras' pictures, and upright."""
    notes: tuple[str, ...] = ()
    """What was chosen or left out in reading, in sentences."""

    def __len__(self) -> int:
        return len(self.images)

    def frame(self, view: int) -> PhotoFrame:
        """Name, size and turn of a photo."""
        if self.frames:
            return self.frames[view]
        return PhotoFrame(self.images[view].name, self.cameras.width, self.cameras.height)


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
    phrase: Float[Tensor, "s d"]
    """Unit embeddings of other ways to say the parts: synonyms and descriptions, without a whole."""
    part_of_phrase: Int[Tensor, "m 2"]
    """Pairs (index into parts, index into phrase), sorted: a phrase can be said of several parts."""

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
