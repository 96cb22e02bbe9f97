"""Writes a result as USD: one mesh, in it a subset of faces for each instance of a part, with semantic labels."""

from __future__ import annotations

import io
import json
import struct
import tempfile
import zipfile
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Float, Int

from meronym.core.colour import linear_from_srgb
from meronym.core.gaussians import as_points
from meronym.core.prompts import unique
from meronym.io.documents import FORMAT, VERSION, as_json, part_names, part_summary
from meronym.io.images import png
from meronym.io.shapes.offset import offset_of
from meronym.results import Segmentation
from meronym.types import Mesh, PointCloud
from meronym.viz.palette import NONE_COLOUR, palette

TAXONOMY = "class"
"""Of the semantic labels (UsdSemantics): what the thing is called in NVIDIA's tools."""

_MATERIALS = 1000
"""More are not told apart."""


def write_usd(result: Segmentation, path: Path) -> dict[Path, bytes]:
    """The files of a result as .usda, .usdc or .usdz: the scene, and beside it (.usdz: in it) the textures.

    The mesh keeps its colours and textures; one without any shows its parts in colours. Subsets of the family "parts" have
    the instances' names. A shape that is far from the origin is moved there, and its transform puts it back.

    It needs usd-core.
    """
    from pxr import Usd

    ending = path.suffix.lower()
    stage, stem = Usd.Stage.CreateInMemory(), path.stem
    root = _root(stage, result)
    pictures = dict[str, bytes]()
    shape = as_points(result.shape)
    if isinstance(shape, PointCloud):
        _points(root, result, shape)
    else:
        names = _mesh(root, result, shape, stem)
        images = () if shape.texture is None else shape.texture.images
        pictures = {name: png(image) for name, image in zip(names, images, strict=True)}
    layer = stage.GetRootLayer()
    if ending == ".usda":
        scene = layer.ExportToString().encode()
    else:
        with tempfile.TemporaryDirectory() as place:
            crate = Path(place) / "scene.usdc"
            layer.Export(str(crate))
            scene = crate.read_bytes()
    if ending == ".usdz":
        return {path: _package({"scene.usdc": scene, **pictures})}
    return {**{path.with_name(name): data for name, data in pictures.items()}, path: scene}


def _root(stage: Any, result: Segmentation) -> Any:
    """The prim that holds all, with the axes and the unit of the shape, and how the result came to be."""
    from pxr import UsdGeom, UsdSemantics, Vt

    up = np.abs(result.record.settings.get("up_axis") or (0, 1, 0))
    UsdGeom.SetStageUpAxis(stage, UsdGeom.Tokens.z if np.argmax(up) == 2 else UsdGeom.Tokens.y)
    if isinstance(result.shape, Mesh) and result.shape.unit is not None:
        UsdGeom.SetStageMetersPerUnit(stage, result.shape.unit)
    root = UsdGeom.Xform.Define(stage, "/shape").GetPrim()
    stage.SetDefaultPrim(root)
    record = json.dumps(as_json(result.record.as_dict(seconds=False)), allow_nan=False)
    root.SetCustomDataByKey("meronym", {"format": FORMAT, "version": VERSION, "record": record})
    root.SetCustomDataByKey("meronym:prompts", Vt.StringArray(list(result.prompts)))
    category = result.record.settings.get("category")
    if isinstance(category, str) and category:
        UsdSemantics.LabelsAPI.Apply(root, TAXONOMY).CreateLabelsAttr([category])
    return root


def _parts(result: Segmentation) -> list[tuple[str, int, Int[np.ndarray, " k"], str]]:
    """The name, label and elements of each instance that has some, and a name for its prim."""
    found = []
    for (label, number), name in part_names(result).items():
        own = np.flatnonzero((result.label == label) & (result.instance == number))
        if len(own):
            found.append((name, label, own))
    from pxr import Tf

    prims = unique([Tf.MakeValidIdentifier(name) for name, _, _ in found], separator="_")
    return [(*one, prim) for one, prim in zip(found, prims, strict=True)]


def _named(prim: Any, result: Segmentation, name: str, label: int, own: Int[np.ndarray, " k"]) -> None:
    """Put the name and label of a part on a prim."""
    from pxr import UsdSemantics

    prim.SetDisplayName(name)
    said = part_summary(result, own, label)
    prim.SetCustomDataByKey("meronym", {key: value for key, value in said.items() if value is not None})
    if label >= 0:
        UsdSemantics.LabelsAPI.Apply(prim, TAXONOMY).CreateLabelsAttr([result.prompts[label]])


def _moved(xform: Any, places: Float[np.ndarray, "n 3"]) -> Float[np.ndarray, "n 3"]:
    """The places in single precision, relative to the translation that the prim gets if they are far away."""
    from pxr import Gf

    offset = offset_of(places)
    if offset.any():
        xform.AddTranslateOp().Set(Gf.Vec3d(*offset.tolist()))
    moved: np.ndarray = (places - offset).astype(np.float32)
    return moved


# ---------------------------------------------------------------- points


def _points(root: Any, result: Segmentation, cloud: PointCloud) -> None:
    """One prim of points for each part."""
    from pxr import UsdGeom, Vt

    places = _moved(UsdGeom.Xformable(root), cloud.points)
    colours = (
        np.vstack([palette(len(result.prompts)), NONE_COLOUR])[result.label] / 255 if cloud.colour is None else cloud.colour
    )
    width = float(np.ptp(cloud.points, axis=0).max()) / max(len(places), 1) ** 0.5
    for name, label, own, prim_name in _parts(result):
        points = UsdGeom.Points.Define(root.GetStage(), root.GetPath().AppendChild(prim_name))
        points.CreatePointsAttr(Vt.Vec3fArray.FromNumpy(places[own]))
        points.CreateWidthsAttr([width])
        points.SetWidthsInterpolation(UsdGeom.Tokens.constant)
        points.CreateExtentAttr(UsdGeom.PointBased.ComputeExtent(points.GetPointsAttr().Get()))
        linear = linear_from_srgb(colours[own].astype(np.float64)).astype(np.float32)
        points.CreateDisplayColorPrimvar(UsdGeom.Tokens.vertex).Set(Vt.Vec3fArray.FromNumpy(linear))
        _named(points.GetPrim(), result, name, label, own)


# ---------------------------------------------------------------- meshes


def _mesh(root: Any, result: Segmentation, shape: Mesh, stem: str) -> list[str]:
    """The mesh with its subsets and materials; the names of the files of its textures."""
    from pxr import Sdf, UsdGeom, Vt

    mesh = UsdGeom.Mesh.Define(root.GetStage(), root.GetPath().AppendChild("mesh"))
    places = _moved(mesh, shape.vertices)
    mesh.CreatePointsAttr(Vt.Vec3fArray.FromNumpy(places))
    mesh.CreateFaceVertexCountsAttr(Vt.IntArray(len(shape.faces), 3))
    mesh.CreateFaceVertexIndicesAttr(Vt.IntArray.FromNumpy(shape.faces.astype(np.int32).ravel()))
    mesh.CreateSubdivisionSchemeAttr(UsdGeom.Tokens.none)
    mesh.CreateExtentAttr(UsdGeom.PointBased.ComputeExtent(mesh.GetPointsAttr().Get()))
    colour = shape.corner_colour
    if colour is None and shape.texture is None:
        colour = np.repeat(np.vstack([palette(len(result.prompts)), NONE_COLOUR])[result.label][:, None] / 255, 3, axis=1)
    if colour is not None:
        linear = linear_from_srgb(colour.astype(np.float64)).astype(np.float32)
        kind, rows = UsdGeom.Tokens.faceVarying, linear.reshape(-1, 3)
        if (linear == linear[:, :1]).all():
            kind, rows = UsdGeom.Tokens.uniform, linear[:, 0]
            if (rows == rows[:1]).all():
                kind, rows = UsdGeom.Tokens.constant, rows[:1]
        mesh.CreateDisplayColorPrimvar(kind).Set(Vt.Vec3fArray.FromNumpy(np.ascontiguousarray(rows)))
    if shape.texture is not None:
        st = UsdGeom.PrimvarsAPI(mesh).CreatePrimvar("st", Sdf.ValueTypeNames.TexCoord2fArray, UsdGeom.Tokens.faceVarying)
        st.Set(Vt.Vec2fArray.FromNumpy(shape.texture.uv.astype(np.float32).reshape(-1, 2)))
    for name, label, own, prim_name in _parts(result):
        indices = Vt.IntArray.FromNumpy(own.astype(np.int32))
        subset = UsdGeom.Subset.CreateGeomSubset(mesh, prim_name, "face", indices, "parts", UsdGeom.Tokens.partition)
        _named(subset.GetPrim(), result, name, label, own)
    return _materials(mesh, shape, stem)


class _Look(NamedTuple):
    """What a material is made of."""

    image: int
    cutoff: float
    alpha: float
    tint: tuple[float, ...]
    """Linear factor of the image."""


def _materials(mesh: Any, shape: Mesh, stem: str) -> list[str]:
    """Bind a material to the faces of each texture and each transparency; plain opaque faces need none."""
    from pxr import UsdGeom, UsdShade, Vt

    images = () if shape.texture is None else shape.texture.images
    names = [f"{stem}_{k}.png" for k in range(len(images))]
    image = np.full(len(shape.faces), -1) if shape.texture is None else shape.texture.image_of_face
    cutoff = np.zeros(len(image)) if shape.opacity is None else shape.opacity.cutoff
    alpha = np.ones(len(image)) if shape.opacity is None else np.where(cutoff > 0, shape.opacity.corner.mean(1), 1.0)
    tint = np.ones((len(image), 3))
    if shape.corner_colour is not None:
        tint = linear_from_srgb(shape.corner_colour.mean(1).astype(np.float64))
    keys, which = np.unique(np.column_stack([image, cutoff, alpha, tint]).round(5), axis=0, return_inverse=True)
    if len(keys) > _MATERIALS:  # colours change from face to face: a mean colour for each texture
        kind, which = np.unique(np.column_stack([image, cutoff]), axis=0, return_inverse=True)
        groups = [which.reshape(-1) == k for k in range(len(kind))]
        keys = np.stack([np.r_[row, alpha[own].mean(), tint[own].mean(0)] for row, own in zip(kind, groups, strict=True)])
    used = np.flatnonzero((keys[:, 0] >= 0) | (keys[:, 1] > 0))
    taken = [child.GetName() for child in mesh.GetPrim().GetChildren()]
    labels = unique([f"material_{number}" for number in range(len(used))], taken, "_")
    for name, key in zip(labels, used.tolist(), strict=True):
        look = _Look(int(keys[key, 0]), float(keys[key, 1]), float(keys[key, 2]), tuple(keys[key, 3:].tolist()))
        own = Vt.IntArray.FromNumpy(np.flatnonzero(which.reshape(-1) == key).astype(np.int32))
        subset = UsdGeom.Subset.CreateGeomSubset(mesh, name, "face", own, "materialBind", UsdGeom.Tokens.nonOverlapping)
        parent = mesh.GetPath().GetParentPath().AppendChild("looks").AppendChild(name)
        material = _material(mesh.GetPrim().GetStage(), parent, look, names)
        if look.image >= 0 and look.cutoff > 0 and images[look.image].shape[2] == 4:
            surface = UsdShade.Shader.Get(mesh.GetPrim().GetStage(), parent.AppendChild("surface"))
            texture = UsdShade.Shader.Get(mesh.GetPrim().GetStage(), parent.AppendChild("texture"))
            surface.GetInput("opacity").ConnectToSource(texture.ConnectableAPI(), "a")
        UsdShade.MaterialBindingAPI.Apply(subset.GetPrim()).Bind(material)
    return names


def _material(stage: Any, path: Any, look: _Look, names: list[str]) -> Any:
    """A UsdPreviewSurface of a texture, or of a colour."""
    from pxr import Gf, Sdf, UsdShade

    kinds = Sdf.ValueTypeNames
    material = UsdShade.Material.Define(stage, path)
    surface = UsdShade.Shader.Define(stage, path.AppendChild("surface"))
    surface.CreateIdAttr("UsdPreviewSurface")
    surface.CreateInput("opacity", kinds.Float).Set(look.alpha)
    surface.CreateInput("opacityThreshold", kinds.Float).Set(look.cutoff)
    surface.CreateInput("roughness", kinds.Float).Set(0.8)
    colour = surface.CreateInput("diffuseColor", kinds.Color3f)
    if look.image < 0:
        colour.Set(Gf.Vec3f(*look.tint))
    else:
        reader = UsdShade.Shader.Define(stage, path.AppendChild("coordinates"))
        reader.CreateIdAttr("UsdPrimvarReader_float2")
        reader.CreateInput("varname", kinds.String).Set("st")
        texture = UsdShade.Shader.Define(stage, path.AppendChild("texture"))
        texture.CreateIdAttr("UsdUVTexture")
        texture.CreateInput("file", kinds.Asset).Set(Sdf.AssetPath(names[look.image]))
        texture.CreateInput("scale", kinds.Float4).Set(Gf.Vec4f(*look.tint, look.alpha))
        for wrap in ("wrapS", "wrapT"):
            texture.CreateInput(wrap, kinds.Token).Set("repeat")
        texture.CreateInput("st", kinds.Float2).ConnectToSource(reader.ConnectableAPI(), "result")
        for output, kind in (("rgb", kinds.Float3), ("a", kinds.Float)):
            texture.CreateOutput(output, kind)
        colour.ConnectToSource(texture.ConnectableAPI(), "rgb")
    material.CreateSurfaceOutput().ConnectToSource(surface.ConnectableAPI(), "surface")
    return material


def _package(files: dict[str, bytes]) -> bytes:
    """A .usdz file: a zip without compression, in which the bytes of each file begin at a multiple of 64."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_STORED) as archive:
        for name, data in files.items():
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            padding = -(content.tell() + 30 + len(name.encode()) + 4) % 64
            info.extra = struct.pack("<HH", 0x1986, padding) + bytes(padding)
            archive.writestr(info, data)
    return content.getvalue()
