"""The colour of a visible spot of a shape: normals, textures, light."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Bool, Float, Int, Shaped, UInt8
from torch import Tensor

from meronym.render.style import DEFAULT, RenderSettings, RenderStyle
from meronym.types import Mesh, Textures

TIE = 1e-4
"""How far alpha may fall below a cutoff that it equals: interpolation rounds, and half a step of 8 bits is 0.002."""


@dataclass(frozen=True, eq=False)
class Pierced:
    """Where faces are see-through."""

    faces: Bool[Tensor, " f"]
    """Those that are so somewhere."""
    cutoff: Float[Tensor, " f"]
    """Alpha below which a spot is not shown."""
    corner_alpha: Float[Tensor, "3 1 f"]
    """Corner, channel, face."""


@dataclass(frozen=True, eq=False)
class Material:
    """A mesh's normals, colours and textures, faces last."""

    face_normal: Float[Tensor, "3 f"]
    corner_normal: Float[Tensor, "3 3 f"] | None
    """Corner, axis, face; None = flat."""
    corner_colour: Float[Tensor, "3 3 f"] | None
    """Corner, channel, face."""
    images: tuple[Tensor, ...]
    """Each uint8 [h w 3]."""
    alpha: tuple[Tensor | None, ...]
    """Of each image, uint8 [h w 1]; None = 255 throughout. Only faces that are see-through somewhere have images with alpha."""
    image_of_face: Int[Tensor, " f"] | None
    uv: Float[Tensor, "3 2 f"] | None
    pierced: Pierced | None
    """None = all faces are opaque."""


def prepare(mesh: Mesh, smooth: bool, resolution: int, device: torch.device, settings: RenderSettings = DEFAULT) -> Material:
    """A mesh's material on `device`, for pictures of `resolution` pixels a side.

    Normals are made on the CPU: sums over faces, in another order each time on a GPU, would differ in their last bits.
    """
    vertices, faces = _long_last(mesh.vertices, torch.float64), _long_last(mesh.faces, torch.int64)
    a, b, c = (take(vertices, corner) for corner in faces)
    cross = (b - a).cross(c - a, dim=0)
    corner_normal = _corner_normals(take(_places(vertices), faces.view(-1)), cross, settings).float() if smooth else None
    texture, pierced = mesh.texture, _pierced(mesh)
    images, image_of_face = ([], None) if texture is None else _images(texture, pierced, 2 * resolution)
    return Material(
        face_normal=_unit(cross).float().to(device),
        corner_normal=None if corner_normal is None else corner_normal.to(device),
        corner_colour=None if mesh.corner_colour is None else _long_last(mesh.corner_colour).to(device),
        images=tuple(image[..., :3].contiguous().to(device) for image in images),
        alpha=tuple(image[..., 3:].contiguous().to(device) if image.shape[2] == 4 else None for image in images),
        image_of_face=None if image_of_face is None else torch.tensor(image_of_face, device=device).long(),
        uv=None if texture is None else _long_last(texture.uv).nan_to_num().to(device),
        pierced=None
        if pierced is None or mesh.opacity is None
        else Pierced(
            torch.tensor(pierced, device=device),
            torch.tensor(mesh.opacity.cutoff - TIE, dtype=torch.float32, device=device),
            _long_last(mesh.opacity.corner[:, :, None]).to(device),
        ),
    )


def shade(
    material: Material,
    style: RenderStyle,
    shown: Int[Tensor, " m"],
    of: Int[Tensor, " k"],
    weight: Float[Tensor, "3 k"],
    corner: Float[Tensor, "3 3 m"],
    pose: Float[Tensor, "4 4"],
) -> Float[Tensor, "3 k"]:
    """Colour, 0..1, of `k` spots: barycentric `weight` on face `shown[of]`, whose `corner`s are in camera space.

    Surfaces are lit on the side that is seen.
    """
    camera_from_world = pose[:3, :3].mT.float()
    flat = camera_from_world @ take(material.face_normal, shown)
    away = torch.where((flat * corner[0].float()).sum(0) > 0, -1.0, 1.0)
    if material.corner_normal is None:
        bright = take(lit(flat * away, style), of)
    else:
        normal = _mix((camera_from_world @ take(material.corner_normal, shown)) * away, of, weight)
        bright = lit(_unit(normal), style)
    return (_base_colour(material, style, shown, of, weight) * bright).clamp_(0, 1)


def shown_at(material: Material, face: Int[Tensor, " k"], weight: Float[Tensor, "3 k"]) -> Bool[Tensor, " k"]:
    """Whether spots, at barycentric `weight` on faces, are shown: their alpha is not below the cutoff of the face."""
    assert material.pierced is not None
    alpha = _mix(material.pierced.corner_alpha, face, weight)[0]
    if material.image_of_face is not None and material.uv is not None:
        image = take(material.image_of_face, face)
        for index, plane in enumerate(material.alpha):
            if plane is not None:
                here = (image == index).nonzero()[:, 0]
                alpha[here] *= _sample(plane, _mix(material.uv, take(face, here), take(weight, here)))[0]
    return alpha >= take(material.pierced.cutoff, face)


def lit(normal: Float[Tensor, "3 k"], style: RenderStyle) -> Float[Tensor, " k"]:
    """Brightness of spots with unit normals in camera space, on the seen side: ambient, key light, light at the eye."""
    towards_light = _unit(normal.new_tensor(style.light))
    return style.ambient + style.key * (towards_light @ normal).clamp(min=0) + style.headlight * normal[2].square()


def take(array: Shaped[Tensor, "*d n"], index: Int[Tensor, " k"]) -> Shaped[Tensor, "*d k"]:
    """Entries `index` of the last axis; several times faster than brackets."""
    return array.index_select(-1, index)


def _long_last(array: np.ndarray, dtype: torch.dtype = torch.float32) -> Tensor:
    return torch.tensor(np.moveaxis(array, 0, -1), dtype=dtype).contiguous()


def _unit(vector: Float[Tensor, "3 ..."]) -> Float[Tensor, "3 ..."]:
    """Scaled to length 1; a zero vector stays zero."""
    return vector * vector.square().sum(0).clamp(min=torch.finfo(vector.dtype).tiny).rsqrt()


def _base_colour(
    material: Material, style: RenderStyle, shown: Int[Tensor, " m"], of: Int[Tensor, " k"], weight: Float[Tensor, "3 k"]
) -> Float[Tensor, "3 k"]:
    if material.corner_colour is None:
        colour = weight.new_tensor(style.colour)[:, None].expand(3, len(of))
    else:
        colour = _mix(take(material.corner_colour, shown), of, weight)
    if material.image_of_face is None or material.uv is None:
        return colour
    tint = torch.ones_like(weight) if material.corner_colour is None else colour
    colour = colour.clone()
    uv, image = _mix(take(material.uv, shown), of, weight), take(take(material.image_of_face, shown), of)
    for index, (pixels, alpha) in enumerate(zip(material.images, material.alpha, strict=True)):
        here = (image == index).nonzero()[:, 0]
        colour[:, here] = _sample(pixels, take(uv, here), alpha) * take(tint, here)
    return colour


def _mix(corner: Float[Tensor, "3 d m"], of: Int[Tensor, " k"], weight: Float[Tensor, "3 k"]) -> Float[Tensor, "d k"]:
    """Values at the corners, interpolated."""
    a, b, c = (take(values, of) for values in corner)
    return a.mul_(weight[0]).addcmul_(b, weight[1]).addcmul_(c, weight[2])


def _sample(
    image: UInt8[Tensor, "h w d"], uv: Float[Tensor, "2 k"], alpha: UInt8[Tensor, "h w 1"] | None = None
) -> Float[Tensor, "d k"]:
    """Bilinear look-up with wrap-around, 0..1; v points up. Texels count by their alpha, as clear ones have any colour."""
    height, width = image.shape[:2]
    u, v = torch.nan_to_num(uv - uv.floor())
    x, y = u * width - 0.5, (1 - v) * height - 0.5
    left, top = x.floor(), y.floor()
    right_share, bottom_share = (x - left)[:, None], (y - top)[:, None]
    left, top = left.long() % width, top.long() % height
    right, bottom = (left + 1) % width, (top + 1) % height
    places = [row * width + column for row in (top, bottom) for column in (left, right)]

    def mixed(corners: list[Tensor]) -> Tensor:
        upper = torch.lerp(corners[0], corners[1], right_share)
        lower = torch.lerp(corners[2], corners[3], right_share)
        return torch.lerp(upper, lower, bottom_share)

    corners = [image.view(-1, image.shape[2]).index_select(0, place).float() for place in places]
    if alpha is None:
        return mixed(corners).T / 255
    share = [alpha.view(-1, 1).index_select(0, place).float() for place in places]
    weighted = mixed([corner * own for corner, own in zip(corners, share, strict=True)])
    return (weighted / mixed(share).clamp_(min=1e-6)).T / 255


def _pierced(mesh: Mesh) -> Bool[np.ndarray, " f"] | None:
    """Faces that may be see-through somewhere, by the least alpha of their image and corners; None = there are none."""
    if mesh.opacity is None:
        return None
    least = mesh.opacity.corner.min(axis=1)
    if mesh.texture is not None:
        images = mesh.texture.images
        of_image = [image[..., 3].min(initial=255) / 255 if image.shape[2] == 4 else 1.0 for image in images]
        least = least * np.array([*of_image, 1.0])[mesh.texture.image_of_face]  # -1, no image, is the last
    pierced: np.ndarray = least < mesh.opacity.cutoff - TIE
    return pierced if pierced.any() else None


def _images(
    texture: Textures, pierced: Bool[np.ndarray, " f"] | None, largest: int
) -> tuple[list[Tensor], Int[np.ndarray, " f"]]:
    """Images with sides of at most `largest`, and which one each face has: one with alpha only if it is pierced."""
    images, image_of_face = list(texture.images), texture.image_of_face
    for index, image in enumerate(texture.images):
        if image.shape[2] == 3:
            continue
        own = texture.image_of_face == index
        opaque = own if pierced is None else own & ~pierced
        if not (own & ~opaque).any():
            images[index] = image[..., :3]
        elif opaque.any():
            image_of_face = np.where(opaque, len(images), image_of_face)
            images.append(image[..., :3])
    return [_shrink(image, largest) for image in images], image_of_face


def _shrink(image: UInt8[np.ndarray, "h w d"], largest: int) -> UInt8[Tensor, "_h _w d"]:
    """Average an image down until its sides are at most `largest`: finer detail would only flicker.

    Colours count by their alpha, so that what is under clear texels does not show at their borders.
    """
    pixels = torch.tensor(np.ascontiguousarray(image))
    height, width = pixels.shape[:2]
    factor = max(height, width) / largest
    if factor <= 1:
        return pixels
    size = (max(1, round(height / factor)), max(1, round(width / factor)))
    layers = pixels.permute(2, 0, 1)[None].float()
    small = torch.nn.functional.interpolate(layers, size, mode="area")
    if layers.shape[1] == 4:
        alpha, mean = layers[:, 3:], small[:, 3:]
        weighted = torch.nn.functional.interpolate(layers[:, :3] * alpha, size, mode="area") / mean.clamp(min=1e-6)
        colour = torch.where(mean > 0, weighted, small[:, :3]).clamp(max=255)
        small = torch.cat([colour, _as_dense(mean, alpha)], dim=1)
    return small[0].permute(1, 2, 0).round().to(torch.uint8)


def _as_dense(mean: Float[Tensor, "1 1 h w"], alpha: Float[Tensor, "1 1 _h _w"]) -> Float[Tensor, "1 1 h w"]:
    """Averages of alpha 0..255, changed in their order so that the share above any cutoff is that of `alpha`.

    Plain averages of fine leaves are all below the cutoff, and the leaves would vanish. Equal averages are told apart by a
    sequence that spreads evenly (multiples of the golden ratio).
    """
    count = mean.numel()
    at = torch.arange(count, dtype=torch.float64)
    order = (mean.view(-1).double() + 1e-3 * (at * (5**0.5 - 1) / 2 % 1)).argsort()
    below = torch.bincount(alpha.long().view(-1), minlength=256).cumsum(0).double()
    value = torch.searchsorted(below, (at + 0.5) * (alpha.numel() / count), right=True)
    return torch.empty(count).scatter_(0, order, value.clamp_(max=255).float()).view_as(mean)


def _corner_normals(place: Int[Tensor, " n"], cross: Float[Tensor, "3 f"], settings: RenderSettings) -> Float[Tensor, "3 3 f"]:
    """Area-weighted mean, at each corner, of the faces around its `place` that lie within 45 degrees of its own.

    `cross` is each face's normal times twice its area; faces count alike from either side, so a flipped neighbour does
    no harm. Where too many faces meet to compare each with each (`crowd`, `pair_limit`), a creased corner has its own
    face's normal.
    """
    weighted = cross.repeat(1, 3)
    own = _unit(weighted)
    faces_at = torch.bincount(place)
    mean = take(_unit(torch.stack([torch.bincount(place, axis) for axis in weighted])), place)
    agree = (mean * own).sum(0) >= settings.gentle
    creased = torch.bincount(place, (~agree).double()) > 0
    result = torch.where(agree, mean, own)
    pairwise = creased & (faces_at <= settings.crowd)
    if 0 < int(faces_at[pairwise].square().sum()) <= settings.pair_limit:
        corner = take(pairwise, place).nonzero()[:, 0]
        corner = take(corner, take(place, corner).argsort(stable=True))
        repeat = take(faces_at, take(place, corner))
        count = torch.where(pairwise, faces_at, 0)
        first = take(count.cumsum(0) - count, take(place, corner))
        this = torch.repeat_interleave(repeat)
        other = torch.arange(len(this), device=this.device) - take(repeat.cumsum(0) - repeat - first, this)
        own, weighted = take(own, corner), take(weighted, corner)
        cosine = (take(own, this) * take(own, other)).sum(0)
        share = take(weighted, other) * torch.where(cosine.abs() >= settings.crease, cosine.sign(), 0)
        result[:, corner] = _unit(torch.stack([torch.bincount(this, axis, len(corner)) for axis in share]))
    return result.view(3, 3, -1).transpose(0, 1).contiguous()


def _places(vertices: Float[Tensor, "3 v"]) -> Int[Tensor, " v"]:
    """One number per distinct position, the same for vertices at the same place."""
    code = np.zeros(vertices.shape[1], dtype=np.uint64)
    for axis in (vertices + 0.0).numpy().view(np.uint64):  # + 0.0: -0 and 0 are one place
        code = (code ^ axis ^ (axis >> np.uint64(32))) * np.uint64(0x9E3779B97F4A7C15)
        code ^= code >> np.uint64(29)
    return torch.from_numpy(np.unique(code, return_inverse=True)[1].reshape(-1))
