"""The pure-torch renderer, which defines what is correct.

A mesh is cut at the near plane and projected; each triangle becomes one horizontal span per row of samples it crosses,
each span becomes samples, and per sample the nearest triangle wins (of equals, the one that comes first). A sample
belongs to a triangle if its centre lies inside; a centre on an edge belongs to the triangle to the right of it or
below, so that neighbours neither overlap nor leave gaps.

Pictures are sampled every half pixel. Elements and depth are those of the pixel centres; colour is the mean over the
pixel by the trapezoid rule, which smooths edges.

Meshes may be see-through in places (`types.Opacity`). Triangles that are so nowhere are filled first; of the others, each
sample that would be the nearest is dropped where its alpha is below the cutoff of its face, so that the next surface wins it.
There is one layer: a sample is shown in full, in colour, depth and element alike, or not at all, also where a file asks for
blending.

Arrays in here have their long axis last: torch works along that several times faster.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Bool, Float, Int
from scipy.spatial import cKDTree
from torch import Tensor

from meronym.errors import InputError
from meronym.render.shading import Material, lit, prepare, shade, shown_at, take
from meronym.render.spans import batches, covered, expand
from meronym.render.style import RenderSettings, RenderStyle
from meronym.types import Cameras, Mesh, PointCloud, Views

SLIVER = 1e-9
"""Triangles whose doubled area, in samples, is below this have one depth throughout: its slope would be noise."""
EMPTY = torch.iinfo(torch.int64).max


@dataclass(frozen=True, eq=False)
class Triangles:
    """Projected triangles, in samples (centres at +0.5)."""

    x: Float[Tensor, "3 t"]
    y: Float[Tensor, "3 t"]
    inverse_depth: Float[Tensor, "3 t"]
    """Positive."""
    face: Int[Tensor, " t"]
    """The mesh's face, ascending."""


@dataclass(frozen=True, eq=False)
class Sieve:
    """Drops samples of triangles that are see-through in places."""

    of: Bool[Tensor, " t"]
    """The triangles."""
    shown: Callable[[Int[Tensor, " k"], Int[Tensor, " k"]], Bool[Tensor, " k"]]
    """Whether triangles are opaque at samples, given the indices of both."""


Picture = tuple[Float[Tensor, "h w 3"], Float[Tensor, "h w"], Int[Tensor, "h w"]]
"""Colour, depth, element."""


def render_mesh(mesh: Mesh, cameras: Cameras, style: RenderStyle, settings: RenderSettings) -> Views:
    """Views of a mesh, on the device of the cameras."""
    _check(mesh.vertices, mesh.faces)
    device = cameras.world_from_camera.device
    vertices = torch.tensor(mesh.vertices.T, dtype=torch.float64, device=device).contiguous()
    faces = torch.tensor(mesh.faces.T, dtype=torch.int64, device=device).contiguous()
    material = prepare(mesh, style.smooth, max(cameras.height, cameras.width), device, settings)
    pictures = []
    for pose, sample_from_ray, height, width in _samplings(cameras):
        inside = pose[:3, :3].mT @ (vertices - pose[:3, 3:])
        triangles = project_triangles(inside, faces, sample_from_ray, settings.near)
        sieve = _sieve(material, triangles, inside, faces, sample_from_ray, width)
        winner = fill(triangles, height, width, settings.chunk, sieve).view(-1)
        hit = (winner >= 0).nonzero()[:, 0]
        face = take(triangles.face, take(winner, hit))
        seen = torch.zeros(faces.shape[1], dtype=torch.bool, device=device).index_fill_(0, face, True)
        shown, of = seen.nonzero()[:, 0], take(seen.cumsum(0) - 1, face)
        corner = torch.stack([take(inside, vertex) for vertex in take(faces, shown)])
        weight = _barycentric(_planes(corner, sample_from_ray), of, hit % width, hit // width)
        depth = (weight * take(corner[:, 2].float(), of)).sum(0)
        colour = shade(material, style, shown, of, weight, corner, pose)
        pictures.append(_picture(hit, face, depth, colour, style, height, width))
    return _stack(pictures, cameras)


def render_points(cloud: PointCloud, cameras: Cameras, style: RenderStyle, settings: RenderSettings) -> Views:
    """Views of a point cloud, on the device of the cameras: each point is a disc that faces the camera.

    The radius is the mean distance to the fifth neighbour, and at least 0.71 pixels, which closes the gaps between points.
    Points without normals are darker the farther away they are.
    """
    _check(cloud.points, None)
    device = cameras.world_from_camera.device
    points = torch.tensor(cloud.points.T, dtype=torch.float64, device=device)
    radius = float(cKDTree(cloud.points).query(cloud.points, k=[min(settings.disc_neighbour + 1, len(cloud.points))])[0].mean())
    plain = torch.tensor(style.colour, device=device)[:, None].expand(3, len(cloud.points))
    colour = plain if cloud.colour is None else torch.tensor(cloud.colour.T, dtype=torch.float32, device=device)
    pictures = []
    for pose, sample_from_ray, height, width in _samplings(cameras):
        inside = pose[:3, :3].mT @ (points - pose[:3, 3:])
        winner = _fill_discs(inside, radius, sample_from_ray, height, width, settings).view(-1)
        hit = (winner >= 0).nonzero()[:, 0]
        point = take(winner, hit)
        if cloud.normal is None:
            low, high = inside[2].min(), inside[2].max()
            bright = (1 - style.fade * (inside[2] - low) / (high - low).clamp(min=1e-30)).float()
        else:
            normal = pose[:3, :3].mT @ torch.tensor(cloud.normal.T, dtype=torch.float64, device=device)
            bright = lit(torch.where((normal * inside).sum(0) > 0, -normal, normal).float(), style)
        rgb = take(colour * bright, point).clamp(0, 1)
        pictures.append(_picture(hit, point, take(inside[2], point).float(), rgb, style, height, width))
    return _stack(pictures, cameras)


def project_triangles(
    inside: Float[Tensor, "3 v"], faces: Int[Tensor, "3 f"], sample_from_ray: Float[Tensor, "3 3"], nearest: float
) -> Triangles:
    """Cut faces at the near plane and project them.

    `inside` are the vertices in camera space; `nearest` is the near plane, as a share of the distance to the farthest of them.
    """
    near = nearest * float(inside.square().sum(0).max().sqrt())
    front = inside[2] > near
    if bool(front.all()):
        projected = _project(inside, sample_from_ray)
        x, y, inverse = (take(array, faces.reshape(-1)).view(3, -1) for array in projected)
        return Triangles(x, y, inverse, torch.arange(faces.shape[1], device=faces.device))
    count = take(front.long(), faces.reshape(-1)).view(3, -1).sum(0)
    whole, crossing = (count == 3).nonzero()[:, 0], ((count > 0) & (count < 3)).nonzero()[:, 0]
    pieces, owner = _cut(inside.T[faces.T[crossing]], near)
    face, order = torch.cat([whole, crossing[owner]]).sort(stable=True)
    corner = torch.cat([inside.T[faces.T[whole]], pieces])[order].permute(2, 1, 0)
    x, y, inverse = _project(corner.reshape(3, -1), sample_from_ray).view(3, 3, -1)
    return Triangles(x, y, inverse, face)


def _project(inside: Float[Tensor, "3 k"], sample_from_ray: Float[Tensor, "3 3"]) -> Float[Tensor, "3 k"]:
    """x, y and inverse depth."""
    inverse = 1 / inside[2]
    return torch.cat([(sample_from_ray @ inside)[:2] * inverse, inverse[None]])


def _cut(corner: Float[Tensor, "k 3 3"], near: float) -> tuple[Float[Tensor, "m 3 3"], Int[Tensor, " m"]]:
    """The parts beyond the near plane of triangles that cross it, and which triangle each part is of."""
    front = corner[:, :, 2] > near
    single = front.sum(1) == 1
    odd = torch.where(single, front.int().argmax(1), (~front).int().argmax(1))
    turn = (odd[:, None] + torch.arange(3, device=corner.device)) % 3
    a, b, c = corner.gather(1, turn[:, :, None].expand(-1, -1, 3)).unbind(1)
    ab, ac = _crossing(a, b, near), _crossing(a, c, near)
    one, two = single.nonzero()[:, 0], (~single).nonzero()[:, 0]
    parts = [
        torch.stack([a, ab, ac], dim=1)[one],
        torch.stack([ab, b, c], dim=1)[two],
        torch.stack([ab, c, ac], dim=1)[two],
    ]
    return torch.cat(parts), torch.cat([one, two, two])


def _crossing(p: Float[Tensor, "k 3"], q: Float[Tensor, "k 3"], near: float) -> Float[Tensor, "k 3"]:
    """Where p-q meets the near plane; the same to the last bit for q-p, so that neighbours stay joined."""
    swap = (p[:, 2] > q[:, 2])[:, None]
    p, q = torch.where(swap, q, p), torch.where(swap, p, q)
    point = p + ((near - p[:, 2]) / (q[:, 2] - p[:, 2]))[:, None] * (q - p)
    return torch.cat([point[:, :2], torch.full_like(point[:, 2:], near)], dim=1)


def fill(triangles: Triangles, height: int, width: int, chunk: int, sieve: Sieve | None = None) -> Int[Tensor, "h w"]:
    """Nearest triangle per sample, of those that the sieve lets pass; -1 = nothing. Its slow twin is beside its tests."""
    key = torch.full((height * width,), EMPTY, device=triangles.x.device)
    top, rows = covered(triangles.y.amin(0), triangles.y.amax(0), height)
    columns = covered(triangles.x.amin(0), triangles.x.amax(0), width)[1]
    kept = ((rows > 0) & (columns > 0)).nonzero()[:, 0]
    groups: list[tuple[Tensor, Sieve | None]] = [(kept, None)]
    if sieve is not None:
        sieved = take(sieve.of, kept)
        groups = [(kept[~sieved], None), (kept[sieved], sieve)]
    for group, own in groups:
        for some in batches(take(rows, group), chunk):
            triangle = group[some]
            owner, step = expand(take(rows, triangle))
            row = take(top, take(triangle, owner)) + step
            left, count, start, slope = _spans(triangles, triangle, owner, row.double() + 0.5, width)
            first, name = row * width + left, take(triangle, owner)
            for part in batches(count, chunk):
                span, offset = expand(count[part])
                depth = 1 / (take(start[part], span) + take(slope[part], span) * offset)
                value = (depth.view(torch.int32).long() << 32) | take(name[part], span)
                sample = take(first[part], span) + offset
                if own is not None:
                    nearer = (value < take(key, sample)).nonzero()[:, 0]
                    nearer = nearer[own.shown(take(value, nearer) & 0xFFFFFFFF, take(sample, nearer))]
                    sample, value = take(sample, nearer), take(value, nearer)
                key.scatter_reduce_(0, sample, value, "amin")
    return torch.where(key == EMPTY, -1, key & 0xFFFFFFFF).view(height, width)


def _sieve(
    material: Material,
    triangles: Triangles,
    inside: Float[Tensor, "3 v"],
    faces: Int[Tensor, "3 f"],
    sample_from_ray: Float[Tensor, "3 3"],
    width: int,
) -> Sieve | None:
    """What drops see-through samples of a view that is `width` samples wide; None = there are none."""
    if material.pierced is None:
        return None
    pierced = material.pierced.faces.nonzero()[:, 0]
    planes = _planes(torch.stack([take(inside, vertex) for vertex in take(faces, pierced)]), sample_from_ray)
    row_of_face = torch.zeros_like(faces[0]).index_copy_(0, pierced, torch.arange(len(pierced), device=faces.device))

    def shown(triangle: Int[Tensor, " k"], sample: Int[Tensor, " k"]) -> Bool[Tensor, " k"]:
        face = take(triangles.face, triangle)
        return shown_at(material, face, _barycentric(planes, take(row_of_face, face), sample % width, sample // width))

    return Sieve(take(material.pierced.faces, triangles.face), shown)


def _spans(
    triangles: Triangles, triangle: Int[Tensor, " m"], owner: Int[Tensor, " s"], line: Float[Tensor, " s"], width: int
) -> tuple[Int[Tensor, " s"], Int[Tensor, " s"], Float[Tensor, " s"], Float[Tensor, " s"]]:
    """Where rows, centred on y = `line`, lie inside triangles `triangle[owner]`.

    First column, number of columns, inverse depth at the first, its step per column.
    """
    x, y, z = (take(array, triangle) for array in (triangles.x, triangles.y, triangles.inverse_depth))
    ux, uy, uz = x[1] - x[0], y[1] - y[0], z[1] - z[0]
    wx, wy, wz = x[2] - x[0], y[2] - y[0], z[2] - z[0]
    area = ux * wy - wx * uy
    sliver = area.abs() < SLIVER
    across = torch.where(sliver, 0, (uz * wy - wz * uy) / area)
    along = torch.where(sliver, 0, (ux * wz - wx * uz) / area)
    corner = z[0] - x[0] * across - y[0] * along
    low, high = z.amin(0), z.amax(0)
    for a, b in ((0, 1), (1, 2), (0, 1)):  # sort the corners downwards
        swap = y[a] > y[b]
        x[a], x[b] = torch.where(swap, x[b], x[a]), torch.where(swap, x[a], x[b])
        y[a], y[b] = torch.where(swap, y[b], y[a]), torch.where(swap, y[a], y[b])
    slant = torch.stack([x[1] - x[0], x[2] - x[1], x[2] - x[0]]) / torch.stack([y[1] - y[0], y[2] - y[1], y[2] - y[0]])
    long = take(x[0], owner) + (line - take(y[0], owner)) * take(slant[2], owner)
    half = owner + len(triangle) * (line >= take(y[1], owner))  # the upper of the two short edges, or the lower
    short = take(x[:2].view(-1), half) + (line - take(y[:2].view(-1), half)) * take(slant[:2].view(-1), half)
    first, count = covered(torch.minimum(long, short), torch.maximum(long, short), width)
    step, edge = take(across, owner), take(corner, owner) + line * take(along, owner)
    low, high = take(low, owner), take(high, owner)
    start = (edge + (first + 0.5) * step).clamp(low, high)
    stop = (edge + (first + count - 0.5) * step).clamp(low, high)
    return first, count, start.float(), ((stop - start) / (count - 1).clamp(min=1)).float()


def _fill_discs(
    inside: Float[Tensor, "3 n"],
    radius: float,
    sample_from_ray: Float[Tensor, "3 3"],
    height: int,
    width: int,
    settings: RenderSettings,
) -> Int[Tensor, "h w"]:
    """Nearest point per sample; -1 = nothing."""
    key = torch.full((height * width,), EMPTY, device=inside.device)
    front = (inside[2] > settings.near * float(inside.square().sum(0).max().sqrt())).nonzero()[:, 0]
    x, y, inverse = _project(take(inside, front), sample_from_ray)
    size = (radius * sample_from_ray[0, 0] * inverse).clamp(min=2 * settings.least_disc)
    point_key = ((1 / inverse).float().view(torch.int32).long() << 32) | front
    top, rows = covered(y - size, y + size, height)
    for some in batches(rows, settings.chunk):
        owner, step = expand(rows[some])
        owner = owner + some.start
        row = take(top, owner) + step
        half = (take(size, owner).square() - (row + 0.5 - take(y, owner)).square()).clamp(min=0).sqrt()
        left, count = covered(take(x, owner) - half, take(x, owner) + half, width)
        first, name = row * width + left, take(point_key, owner)
        for part in batches(count, settings.chunk):
            span, offset = expand(count[part])
            key.scatter_reduce_(0, take(first[part], span) + offset, take(name[part], span), "amin")
    return torch.where(key == EMPTY, -1, key & 0xFFFFFFFF).view(height, width)


def _planes(corner: Float[Tensor, "3 3 m"], sample_from_ray: Float[Tensor, "3 3"]) -> Float[Tensor, "3 3 m"]:
    """How the weights of the corners of triangles, in camera space, change over samples: per column, per row, constant.

    A ray d meets the plane through the corners (columns of V) where V w = d; the weights are w, scaled to sum 1.
    """
    a, b, c = corner
    normals = torch.stack([b.cross(c, dim=0), c.cross(a, dim=0), a.cross(b, dim=0)])
    inverse = (normals / (a * normals[0]).sum(0)).transpose(1, 2) @ torch.linalg.inv(sample_from_ray)
    planes: Tensor = inverse.permute(2, 0, 1).float().nan_to_num().contiguous()
    return planes


def _barycentric(
    planes: Float[Tensor, "3 3 m"], of: Int[Tensor, " k"], column: Int[Tensor, " k"], row: Int[Tensor, " k"]
) -> Float[Tensor, "3 k"]:
    """Perspective-correct weights of the corners of triangles `of` at samples."""
    per_x, per_y, constant = planes
    weight = take(constant, of).addcmul_(take(per_x, of), column + 0.5).addcmul_(take(per_y, of), row + 0.5)
    weight = weight.clamp_(min=1e-30)
    weight /= weight.sum(0)
    return weight


def _samplings(cameras: Cameras) -> Iterator[tuple[Float[Tensor, "4 4"], Float[Tensor, "3 3"], int, int]]:
    """Per camera: pose, sample-from-ray matrix, and the height and width of the grid of samples.

    Sample k lies at pixel coordinate k / 2, so that pixel centres are the odd samples.
    """
    poses, intrinsics = cameras.world_from_camera.double(), cameras.intrinsics.double()
    sample_from_pixel = poses.new_tensor([[2, 0, 0.5], [0, 2, 0.5], [0, 0, 1]])
    for pose, ray_to_pixel in zip(poses, intrinsics, strict=True):
        yield pose, sample_from_pixel @ ray_to_pixel, 2 * cameras.height + 1, 2 * cameras.width + 1


def _picture(
    hit: Int[Tensor, " k"],
    element: Int[Tensor, " k"],
    depth: Float[Tensor, " k"],
    colour: Float[Tensor, "3 k"],
    style: RenderStyle,
    height: int,
    width: int,
) -> Picture:
    """Samples to pixels."""
    device = hit.device
    every = torch.full((height * width,), -1, device=device).scatter_(0, hit, element)
    deep = torch.full((height * width,), torch.inf, device=device).scatter_(0, hit, depth)
    rgb = torch.empty(3, height, width, device=device)
    for plane, background, values in zip(rgb, style.background, colour, strict=True):
        plane.fill_(background).view(-1).scatter_(0, hit, values)
    rgb = (rgb[:, :-2:2] + rgb[:, 2::2]).add_(rgb[:, 1::2], alpha=2)
    rgb = (rgb[:, :, :-2:2] + rgb[:, :, 2::2]).add_(rgb[:, :, 1::2], alpha=2) / 16
    return rgb.permute(1, 2, 0), deep.view(height, width)[1::2, 1::2], every.view(height, width)[1::2, 1::2]


def _stack(pictures: list[Picture], cameras: Cameras) -> Views:
    colour, depth, element = (torch.stack(parts) for parts in zip(*pictures, strict=True))
    return Views(cameras, colour, depth, element)


def _check(points: Float[np.ndarray, "v 3"], faces: Int[np.ndarray, "f 3"] | None) -> None:
    if len(points if faces is None else faces) == 0:
        raise InputError("cannot render an empty shape: it has no " + ("point" if faces is None else "face"))
    if not np.isfinite(points).all():
        row = int(np.flatnonzero(~np.isfinite(points).all(1))[0])
        raise InputError(f"cannot render: point {row} is {points[row].tolist()}; expected finite numbers, repair the shape")
    if faces is not None and not 0 <= faces.min() <= faces.max() < len(points):
        raise InputError(f"cannot render: faces name vertices {faces.min()}..{faces.max()}, the mesh has {len(points)}")
