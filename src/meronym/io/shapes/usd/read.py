"""Reads USD (.usda .usdc .usd .usdz) with usd-core: meshes with their subsets, simple solids, points and preview materials."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import trimesh
from jaxtyping import Float, Int

from meronym.core.prompts import unique
from meronym.errors import InputError, MissingExtra
from meronym.io.apart import run_apart
from meronym.io.limits import check_count, check_instances, check_size
from meronym.io.shapes.folder import ShapeFolder
from meronym.io.shapes.painted import painted
from meronym.io.shapes.polygons import Cut, triangulate
from meronym.io.shapes.submesh import srgb_of
from meronym.io.shapes.usd.look import Look, look_of
from meronym.io.zips import members

_OPEN = """
import sys
from pxr import Sdf
layer = Sdf.Layer.FindOrOpen(sys.argv[1])
layer.Traverse("/", lambda path: path.IsPropertyPath() and layer.GetObjectAtPath(path).GetInfo("default"))
"""
"""Goes through a binary file once: damaged ones may keep its parser for ever."""


class UsdScene(NamedTuple):
    """What a stage shows at its earliest time."""

    scene: trimesh.Scene
    """In world coordinates; a point cloud alone if the stage has points and no surface."""
    up: str
    unit: float | None
    """Metres per world unit; None = not said."""
    left_out: int
    """Curves, patches and volumes, which are not read."""


def read_usd(path: Path, folder: ShapeFolder) -> UsdScene:
    """The meshes and solids that a stage shows, one node for each mesh or subset of its faces.

    Raises: MissingExtra without usd-core; InputError if the file is damaged, or refers to layers outside of its folder or that
    are missing; LimitError if it is too large.
    """
    try:
        from pxr import Tf, Usd, UsdGeom, UsdUtils
    except ImportError as error:
        raise MissingExtra(f"reading {path.suffix.lower()}", "usd-core", "formats") from error
    if path.suffix.lower() == ".usdz":
        members(path, folder.limits)
        folder.path = folder.archive = path
    quiet = UsdUtils.CoalescingDiagnosticDelegate()  # takes what would be printed
    try:
        layers = _checked_layers(path, folder)
        stage = Usd.Stage.Open(layers[0])
        reader = _Reader(folder, Usd.TimeCode.EarliestTime(), UsdGeom.XformCache(Usd.TimeCode.EarliestTime()))
        reader.walk(Usd.PrimRange(stage.GetPseudoRoot(), Usd.TraverseInstanceProxies()), np.eye(4))
        if folder.refused is not None:
            raise folder.refused
        up = UsdGeom.GetStageUpAxis(stage).lower()
        said = UsdGeom.StageHasAuthoredMetersPerUnit(stage)
        unit = float(UsdGeom.GetStageMetersPerUnit(stage)) if said else None
        return UsdScene(reader.scene(), up, unit, reader.left_out)
    except Tf.ErrorException as error:
        reason = str(error).partition(" : ")[2].strip(" '\n").replace(str(path), path.name)
        raise InputError(f"not a readable USD file ({reason[:200]}). Export it again.") from error
    finally:
        del quiet


def _checked_layers(path: Path, folder: ShapeFolder) -> list[Any]:
    """The layers that a stage is composed of; all lie in the folder of the file, or in the .usdz file itself."""
    from pxr import Ar, Sdf

    root = path.parent.resolve()
    layers, seen, todo = [], set[str](), [str(path)]
    while todo:
        name = todo.pop()
        if name in seen:
            continue
        seen.add(name)
        file = Path(Ar.SplitPackageRelativePathOuter(name)[0] if Ar.IsPackageRelativePath(name) else name)
        if ":" in name or not file.resolve().is_relative_to(root):
            raise InputError(f"the layer {name[:80]!r} lies outside of the file's folder. Put it there, or flatten the stage.")
        if not file.is_file():
            raise InputError(f"the layer {name[:80]!r} is missing. Put it beside the file, or flatten the stage.")
        size = check_size(file, folder.limits)
        if file.suffix.lower() != ".usda":
            run_apart(_OPEN, name, seconds=20 + size / 1e6)
        layer = Sdf.Layer.FindOrOpen(name)
        if layer is None:
            raise InputError(f"the layer {file.name!r} cannot be read. Export it again.")
        layers.append(layer)
        check_instances(len(layers), folder.limits)
        below = filter(None, layer.GetCompositionAssetDependencies())  # "" is the layer itself
        todo += [Sdf.ComputeAssetPathRelativeToLayer(layer, one) for one in below]
    return layers


@dataclass
class _Reader:
    """Collects what is shown."""

    folder: ShapeFolder
    time: Any
    worlds: Any
    """Matrices of prims; a UsdGeom.XformCache."""
    shapes: dict[str, list[tuple[str, trimesh.Trimesh]]] = field(default_factory=dict)
    """By path of a prim: the name and geometry of each of its parts."""
    placed: list[tuple[str, int, np.ndarray]] = field(default_factory=list)
    """Path, number in `shapes`, and world matrix."""
    points: list[tuple[np.ndarray, np.ndarray | None]] = field(default_factory=list)
    """Positions and colours, 0..1 sRGB."""
    looks: dict[str, Look] = field(default_factory=dict)
    faces: int = 0
    instances: int = 0
    """Of point instancers."""
    left_out: int = 0

    def walk(self, prims: Any, above: np.ndarray) -> None:
        """Take what prims show; `above` is put before their world matrices."""
        from pxr import UsdGeom

        walker = iter(prims)
        for prim in walker:
            if prim.HasAuthoredMetadata("clips"):
                raise InputError(f"{prim.GetPath()}: value clips are not read. Flatten the stage.")
            if not prim.IsA(UsdGeom.Imageable):
                continue
            seen = UsdGeom.Imageable(prim)
            if seen.GetVisibilityAttr().Get(self.time) == "invisible" or seen.ComputePurpose() in ("guide", "proxy"):
                walker.PruneChildren()
            elif prim.IsA(UsdGeom.PointInstancer):
                walker.PruneChildren()
                self._instances(UsdGeom.PointInstancer(prim), above)
            elif prim.IsA(UsdGeom.Gprim):
                self._take(prim, above @ np.array(self.worlds.GetLocalToWorldTransform(prim)).T)

    def _instances(self, instancer: Any, above: np.ndarray) -> None:
        from pxr import Usd, UsdGeom

        prim = instancer.GetPrim()
        prototypes, which = instancer.GetPrototypesRel().GetTargets(), instancer.GetProtoIndicesAttr().Get(self.time)
        self.instances += len(which or ())
        check_instances(self.instances, self.folder.limits)
        matrices = instancer.ComputeInstanceTransformsAtTime(self.time, self.time, UsdGeom.PointInstancer.ExcludeProtoXform)
        mask = instancer.ComputeMaskAtTime(self.time)
        world = above @ np.array(self.worlds.GetLocalToWorldTransform(prim)).T
        for k, matrix in enumerate(matrices):
            if mask and not mask[k]:
                continue
            prototype = prim.GetStage().GetPrimAtPath(prototypes[which[k]])
            out = np.linalg.inv(np.array(self.worlds.GetParentToWorldTransform(prototype)).T)
            self.walk(Usd.PrimRange(prototype, Usd.TraverseInstanceProxies()), world @ np.array(matrix).T @ out)

    def _take(self, prim: Any, world: np.ndarray) -> None:
        from pxr import UsdGeom

        if prim.IsA(UsdGeom.Points):
            position = np.array(UsdGeom.Points(prim).GetPointsAttr().Get(self.time) or np.zeros((0, 3)), np.float64)
            check_count("points", sum(len(one) for one, _ in self.points) + len(position), self.folder.limits)
            kind, colour = self._primvar(prim, "displayColor")
            plain = colour is None or len(colour) != (1 if kind == "constant" else len(position))
            rgb = None if plain or colour is None else np.broadcast_to(srgb_of(colour), position.shape)
            self.points.append((trimesh.transform_points(position, world), rgb))
            return
        source = prim.GetPrimInPrototype() if prim.IsInstanceProxy() else prim
        path = str(source.GetPath())
        if path not in self.shapes:
            solid = _solid(prim, self.time)
            if prim.IsA(UsdGeom.Mesh):
                self.shapes[path] = list(self._mesh(prim))
            elif solid is not None:
                self.shapes[path] = [(prim.GetName(), self._painted(prim, prim, solid.vertices, solid.faces, None))]
            else:
                self.shapes[path] = []
                self.left_out += 1
        self.faces += sum(len(shape.faces) for _, shape in self.shapes[path])
        check_count("all instances together", self.faces, self.folder.limits)
        self.placed += [(path, k, world) for k in range(len(self.shapes[path]))]
        check_instances(len(self.placed), self.folder.limits)

    def _mesh(self, prim: Any) -> Iterator[tuple[str, trimesh.Trimesh]]:
        """The faces of each subset of a mesh, and those in none; subsets of materials also cut those of parts."""
        from pxr import UsdGeom

        mesh = UsdGeom.Mesh(prim)
        points = np.array(mesh.GetPointsAttr().Get(self.time) or np.zeros((0, 3)), np.float64)
        counts = np.array(mesh.GetFaceVertexCountsAttr().Get(self.time) or (), np.int64)
        corners = np.array(mesh.GetFaceVertexIndicesAttr().Get(self.time) or (), np.int64)
        faces = self._triangles(str(prim.GetPath()), mesh, counts, points, corners)
        material, part = np.full(len(counts), -1), np.full(len(counts), -1)
        subsets = [one for one in UsdGeom.Subset.GetAllGeomSubsets(mesh) if one.GetElementTypeAttr().Get() == "face"]
        for k, subset in enumerate(subsets):
            own = np.array(subset.GetIndicesAttr().Get(self.time) or (), np.int64)
            if own.size and (own.min() < 0 or own.max() >= len(counts)):
                raise InputError(
                    f"{subset.GetPath()}: faces {own.min()}..{own.max()}, the mesh has {len(counts)}. Export again."
                )
            (material if subset.GetFamilyNameAttr().Get() == "materialBind" else part)[own] = k
        keys = np.stack([part[faces.polygon], material[faces.polygon]], axis=1)
        found, which = np.unique(keys, axis=0, return_inverse=True)
        for number, (of_part, of_material) in enumerate(found.tolist()):
            own = which.reshape(-1) == number
            named = subsets[of_part if of_part >= 0 else of_material] if max(of_part, of_material) >= 0 else None
            bound = subsets[of_material].GetPrim() if of_material >= 0 else prim
            some = Cut(faces.corner[own], faces.polygon[own])
            name = prim.GetName() if named is None else named.GetPrim().GetDisplayName() or named.GetPrim().GetName()
            yield name, self._painted(prim, bound, points, corners[some.corner], some)

    def _triangles(
        self,
        name: str,
        mesh: Any,
        counts: Int[np.ndarray, " p"],
        points: Float[np.ndarray, "v 3"],
        corners: Int[np.ndarray, " c"],
    ) -> Cut:
        """The faces as triangles; those that are holes are left out."""
        if counts.min(initial=0) < 0 or counts.sum() != len(corners):
            raise InputError(f"{name}: faces have {counts.sum()} corners, {len(corners)} are given. Export the file again.")
        shown = np.ones(len(counts), dtype=bool)
        shown[[k for k in mesh.GetHoleIndicesAttr().Get(self.time) or () if 0 <= k < len(counts)]] = False
        check_count(name, int(np.maximum(counts - 2, 0)[shown].sum()), self.folder.limits)
        places = points[np.clip(corners, 0, len(points) - 1)] if len(points) else np.zeros((len(corners), 3))
        cut = triangulate(counts, places)
        kept = shown[cut.polygon]
        corner = cut.corner[kept]
        return Cut(corner[:, ::-1] if mesh.GetOrientationAttr().Get(self.time) == "leftHanded" else corner, cut.polygon[kept])

    def _painted(self, prim: Any, bound: Any, points: np.ndarray, faces: np.ndarray, some: Cut | None) -> trimesh.Trimesh:
        """A geometry with the look of the material that `bound` has, or with colours of its own."""
        look, colour, uv = look_of(bound, self.folder, self.looks), None, None
        if look.colour is not None:
            colour = np.broadcast_to(srgb_of(look.colour[None]), (len(faces), 3, 3))
        elif look.picture is None:
            display = self._at_corners(prim, "displayColor", faces, some, len(points))
            colour = None if display is None else srgb_of(display.reshape(-1, 3)).reshape(-1, 3, 3)
        if look.picture is not None:
            uv = self._at_corners(prim, look.coordinates, faces, some, len(points))
            uv = None if uv is None else look.turned(uv)
        return painted(points, faces, colour, uv, look.picture, look.alpha, look.cutoff)

    def _at_corners(self, prim: Any, name: str, faces: np.ndarray, some: Cut | None, count: int) -> np.ndarray | None:
        """The values of a primvar at the corners of faces; None if there is none, or it does not fit."""
        kind, values = self._primvar(prim, name)
        if values is None or not len(values):
            return None
        if kind == "constant":
            return np.broadcast_to(values[0], (*faces.shape, values.shape[1]))
        if kind in ("vertex", "varying"):
            return values[np.clip(faces, 0, count - 1)] if len(values) == count else None
        if some is None:
            return None
        index = some.corner if kind == "faceVarying" else np.repeat(some.polygon[:, None], 3, axis=1)
        return values[index] if index.max(initial=0) < len(values) else None

    def _primvar(self, prim: Any, name: str) -> tuple[str, np.ndarray | None]:
        from pxr import UsdGeom

        primvar = UsdGeom.PrimvarsAPI(prim).FindPrimvarWithInheritance(name)
        values = primvar.ComputeFlattened(self.time) if primvar and primvar.HasValue() else None
        array = None if values is None else np.array(values, np.float64)
        return str(primvar.GetInterpolation()) if primvar else "", array if array is None or array.ndim == 2 else None

    def scene(self) -> trimesh.Scene:
        """All that was found."""
        scene = trimesh.Scene()
        if not self.placed and self.points:
            known = all(colour is not None for _, colour in self.points)
            rgb = np.concatenate([colour for _, colour in self.points if colour is not None]) if known else None
            colours = None if rgb is None else (np.clip(rgb, 0, 1) * 255).round().astype(np.uint8)
            scene.add_geometry(trimesh.PointCloud(np.concatenate([point for point, _ in self.points]), colours))
            return scene
        self.left_out += len(self.points)
        for path, parts in self.shapes.items():
            scene.geometry.update({f"{path}.{k}": shape for k, (_, shape) in enumerate(parts)})
        names = unique((self.shapes[path][k][0] for path, k, _ in self.placed), {str(scene.graph.base_frame)})
        for name, (path, k, world) in zip(names, self.placed, strict=True):
            scene.graph.update(frame_to=name, matrix=world, geometry=f"{path}.{k}")
        return scene


def _solid(prim: Any, time: Any) -> trimesh.Trimesh | None:
    """The surface of a solid that is given by numbers; None if the prim is none."""

    def number(name: str) -> float:
        return float(prim.GetAttribute(name).Get(time))

    kind, solid = prim.GetTypeName(), None
    if kind == "Cube":
        solid = trimesh.creation.box([number("size")] * 3)
    elif kind == "Sphere":
        solid = trimesh.creation.icosphere(3, number("radius"))
    elif kind == "Cylinder":
        solid = trimesh.creation.cylinder(number("radius"), number("height"), sections=48)
    elif kind == "Cone":
        solid = trimesh.creation.cone(number("radius"), number("height"), sections=48)
    elif kind == "Capsule":
        solid = trimesh.creation.capsule(number("height"), number("radius"))
    if solid is None or kind in ("Cube", "Sphere"):
        return solid
    solid.apply_translation(-solid.bounds.mean(0))
    turns = {"X": [[0, 0, 1], [1, 0, 0], [0, 1, 0]], "Y": [[0, 1, 0], [0, 0, 1], [1, 0, 0]]}
    turn = turns.get(prim.GetAttribute("axis").Get(time), np.eye(3))
    return trimesh.Trimesh(solid.vertices @ np.array(turn, float).T, solid.faces, process=False)
