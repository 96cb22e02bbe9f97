"""The colour of a visible spot of a shape: normals, textures, light."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float, Int, Shaped
from torch import Tensor

from meronym.render.style import DEFAULT, RenderSettings, RenderStyle
from meronym.types import Mesh


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
    image_of_face: Int[Tensor, " f"] | None
    uv: Float[Tensor, "3 2 f"] | None


def prepare(mesh: Mesh, smooth: bool, resolution: int, device: torch.device, settings: RenderSettings = DEFAULT) -> Material:
    """A mesh's material on `device`, for pictures of `resolution` pixels a side.

    Normals are made on the CPU: sums over faces, in another order each time on a GPU, would differ in their last bits.
    """
    vertices, faces = _long_last(mesh.vertices, torch.float64), _long_last(mesh.faces, torch.int64)
    a, b, c = (take(vertices, corner) for corner in faces)
    cross = (b - a).cross(c - a, dim=0)
    corner_normal = _corner_normals(take(_places(vertices), faces.view(-1)), cross, settings).float() if smooth else None
    texture = mesh.texture
    return Material(
        face_normal=_unit(cross).float().to(device),
        corner_normal=None if corner_normal is None else corner_normal.to(device),
        corner_colour=None if mesh.corner_colour is None else _long_last(mesh.corner_colour).to(device),
        images=() if texture is None else tuple(_shrink(image, 2 * resolution).to(device) for image in texture.images),
        image_of_face=None if texture is None else torch.tensor(texture.image_of_face, device=device).long(),
        uv=None if texture is None else _long_last(texture.uv).nan_to_num().to(device),
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
    for index, pixels in enumerate(material.images):
        here = (image == index).nonzero()[:, 0]
        colour[:, here] = _sample(pixels, take(uv, here)) * take(tint, here)
    return colour


def _mix(corner: Float[Tensor, "3 d m"], of: Int[Tensor, " k"], weight: Float[Tensor, "3 k"]) -> Float[Tensor, "d k"]:
    """Values at the corners, interpolated."""
    a, b, c = (take(values, of) for values in corner)
    return a.mul_(weight[0]).addcmul_(b, weight[1]).addcmul_(c, weight[2])


def _sample(image: Tensor, uv: Float[Tensor, "2 k"]) -> Float[Tensor, "3 k"]:
    """Bilinear look-up with wrap-around; v points up."""
    height, width = image.shape[:2]
    u, v = torch.nan_to_num(uv - uv.floor())
    x, y = u * width - 0.5, (1 - v) * height - 0.5
    left, top = x.floor(), y.floor()
    right_share, bottom_share = (x - left)[:, None], (y - top)[:, None]
    left, top = left.long() % width, top.long() % height
    right, bottom = (left + 1) % width, (top + 1) % height
    texels = image.reshape(-1, 3)
    corners = [texels.index_select(0, row * width + column) for row in (top, bottom) for column in (left, right)]
    upper = torch.lerp(corners[0].float(), corners[1].float(), right_share)
    lower = torch.lerp(corners[2].float(), corners[3].float(), right_share)
    return torch.lerp(upper, lower, bottom_share).T / 255


def _shrink(image: np.ndarray, largest: int) -> Tensor:
    """Average an image down until its sides are at most `largest`: finer detail would only flicker."""
    pixels = torch.tensor(np.ascontiguousarray(image))
    height, width = pixels.shape[:2]
    factor = max(height, width) / largest
    if factor <= 1:
        return pixels
    size = (max(1, round(height / factor)), max(1, round(width / factor)))
    small = torch.nn.functional.interpolate(pixels.permute(2, 0, 1)[None].float(), size, mode="area")
    return small[0].permute(1, 2, 0).round().to(torch.uint8)


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
