"""The base colour, texture and transparency of a USD material."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Float
from PIL import Image

from meronym.io.images import open_image
from meronym.io.shapes.folder import ShapeFolder

_COLOURS = ("diffuseColor", "base_color", "diffuse_texture", "diffuse_color_constant", "baseColor")
"""Inputs of UsdPreviewSurface, MaterialX's and Omniverse's surfaces that give the base colour."""


class Look(NamedTuple):
    """What a material says."""

    colour: Float[np.ndarray, " 3"] | None = None
    """Linear, 0..1, multiplies the picture; None = not said."""
    picture: Image.Image | None = None
    coordinates: str = "st"
    """The primvar that the picture is looked up with."""
    transform: tuple[Float[np.ndarray, "2 2"], Float[np.ndarray, " 2"]] | None = None
    """Matrix and shift of these coordinates."""
    alpha: float = 1.0
    cutoff: float = 0.0
    """As in `Submesh`."""

    def turned(self, uv: Float[np.ndarray, "f 3 2"]) -> Float[np.ndarray, "f 3 2"]:
        """The coordinates in the picture."""
        if self.transform is None:
            return uv[..., :2]
        matrix, shift = self.transform
        moved: np.ndarray = uv[..., :2] @ matrix.T + shift
        return moved


def look_of(prim: Any, folder: ShapeFolder, known: dict[str, Look]) -> Look:
    """The look of the material that a prim is bound to; `known` keeps those that were read before."""
    from pxr import UsdShade

    material = UsdShade.MaterialBindingAPI(prim).ComputeBoundMaterial()[0]
    if not material:
        return Look()
    path = str(material.GetPath())
    if path not in known:
        known[path] = _read(material, folder)
    return known[path]


def _read(material: Any, folder: ShapeFolder) -> Look:
    surface = next(
        (shader for shader in (material.ComputeSurfaceSource(context)[0] for context in ("", "mtlx", "mdl")) if shader), None
    )
    if surface is None:
        return Look()
    opacity, texture_alpha = _producer(surface, "opacity")
    threshold = surface.GetInput("opacityThreshold")
    cutoff = float((threshold and threshold.Get()) or 0.0)
    alpha = min(max(float(opacity), 0.0), 1.0) if isinstance(opacity, float) else 1.0
    cutoff = cutoff or (0.5 if alpha < 1 or texture_alpha else 0.0)
    for name in _COLOURS:
        value, texture = _producer(surface, name)
        if texture:
            picture = _picture(texture, folder)
            if picture is not None:
                scale = texture.GetInput("scale") and texture.GetInput("scale").Get()
                tint = None if not scale or scale == (1, 1, 1, 1) else np.array(scale, np.float64)
                alpha = alpha if tint is None or not texture_alpha else min(max(float(tint[3]), 0.0), 1.0)
                return Look(None if tint is None else tint[:3], picture, *_coordinates(texture), alpha, cutoff)
        elif value is not None and np.shape(value) in ((3,), (4,)):
            return Look(np.array(value, np.float64)[:3], alpha=alpha, cutoff=cutoff)
    return Look(alpha=alpha, cutoff=cutoff)


def _producer(shader: Any, name: str) -> tuple[Any, Any]:
    """The value of an input, or the shader with a texture file that it comes from; (None, None) if neither."""
    from pxr import Sdf, UsdShade

    source = shader.GetInput(name)
    if not source:
        return None, None
    for attribute in source.GetValueProducingAttributes():
        producer = UsdShade.Shader(attribute.GetPrim())
        if isinstance(attribute.Get(), Sdf.AssetPath):
            return None, shader
        if producer and producer.GetInput("file") and producer.GetPath() != shader.GetPath():
            return None, producer
        return attribute.Get(), None
    return None, None


def _picture(texture: Any, folder: ShapeFolder) -> Image.Image | None:
    """The picture of a texture, whose path is relative to the layer that states it; None if its file is missing."""
    from pxr import Ar, Sdf

    source = texture.GetInput("file") or texture.GetInput("diffuse_texture")
    attributes = source.GetValueProducingAttributes()
    asset = attributes[0].Get() if attributes else None
    if asset is None or not asset.path:
        return None
    layer = attributes[0].GetPropertyStack()[0].layer
    place, root = Sdf.ComputeAssetPathRelativeToLayer(layer, asset.path), folder.path.resolve()
    name = asset.path.removeprefix("./")
    if Ar.IsPackageRelativePath(place):
        name = Ar.SplitPackageRelativePathOuter(place)[1]
    elif Path(place).is_absolute() and Path(place).is_relative_to(root):
        name = Path(place).relative_to(root).as_posix()
    try:
        return open_image(folder.get(name), name, folder.limits)
    except FileNotFoundError:
        return None


def _coordinates(texture: Any) -> tuple[str, tuple[np.ndarray, np.ndarray] | None]:
    """The primvar and the transform of the coordinates of a texture."""
    from pxr import UsdShade

    source, transform = texture.GetInput("st") or texture.GetInput("texcoord"), None
    while source and source.HasConnectedSource():
        shader = UsdShade.Shader(source.GetConnectedSource()[0].GetPrim())
        said = {one.GetBaseName(): one for one in shader.GetInputs()}
        if shader.GetIdAttr().Get() == "UsdTransform2d" and transform is None:
            transform = _transform(said)
            source = said.get("in")
            continue
        name = said.get("varname") or said.get("geomprop")
        values = name.GetValueProducingAttributes() if name else ()
        value = values[0].Get() if values else None
        return str(value) if value else "st", transform
    return "st", transform


def _transform(said: dict[str, Any]) -> tuple[np.ndarray, np.ndarray]:
    """Matrix and shift of a UsdTransform2d: scaled, turned counter-clockwise by degrees, moved."""

    def value(name: str, otherwise: Any) -> Any:
        found = said[name].Get() if name in said else None
        return otherwise if found is None else found

    angle = np.radians(value("rotation", 0.0))
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    return turn * np.array(value("scale", (1, 1)), float), np.array(value("translation", (0, 0)), float)
