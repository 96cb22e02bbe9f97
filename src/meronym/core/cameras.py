"""Directions around a shape, cameras that frame it, projection and rays.

OpenCV convention throughout: x right, y down, z forward, pixel centres at +0.5. Cameras made here are float64, so that
a shape far from the origin does not shake, and on the device of the directions.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from meronym.core import geometry
from meronym.errors import InputError
from meronym.types import Cameras, Shape

_PARTSLIP = ((10, 0), (10, 90), (10, 180), (10, 270), (40, 0), (40, 120), (40, 240), (-20, 60), (-20, 180), (-20, 300))
"""Elevation and azimuth in degrees of PartSLIP's ten views (Liu et al., CVPR 2023)."""


def directions_at(
    elevation: Float[Tensor, " c"],
    azimuth: Float[Tensor, " c"],
    up: Float[Tensor, " 3"],
    front: Float[Tensor, " 3"] | None = None,
) -> Float[Tensor, "c 3"]:
    """Unit vectors from the centre of a shape towards the viewer; angles in degrees.

    Azimuth 0 is `front`, made level: by default the axis that follows `up` cyclically (z for y up, which is glTF's
    front). Azimuth 90 is `up` x front.
    """
    up = _unit(up, "up")
    level = torch.roll(up, 1) if front is None else front.double()
    level = level - (level @ up) * up
    level = _unit(level, "front") if float(level.norm()) > 1e-6 else _across(up)
    side = torch.linalg.cross(up, level)
    e, a = torch.deg2rad(elevation.double())[:, None], torch.deg2rad(azimuth.double())[:, None]
    directions: Tensor = torch.sin(e) * up + torch.cos(e) * (torch.cos(a) * level + torch.sin(a) * side)
    return directions


def partslip(up: Float[Tensor, " 3"], front: Float[Tensor, " 3"] | None = None) -> Float[Tensor, "10 3"]:
    """PartSLIP's ten directions: four at 10 degrees, three from above, three from below."""
    elevation, azimuth = torch.tensor(_PARTSLIP, dtype=torch.float64, device=up.device).T
    return directions_at(elevation, azimuth, up, front)


def spread(
    n: int, up: Float[Tensor, " 3"], front: Float[Tensor, " 3"] | None = None, start: float = 30.0
) -> Float[Tensor, "n 3"]:
    """`n` directions spread evenly around a shape, from 58 degrees above to 33 below; the same for the same arguments.

    A Fibonacci spiral that starts at azimuth `start`, in degrees from `front`. Raises: InputError if `n` < 1.
    """
    if n < 1:
        raise InputError(f"number of views: expected at least 1, got {n}")
    i = torch.arange(n, dtype=torch.float64, device=up.device)
    sine = 0.15 + 0.7 * (1 - (2 * i + 1) / n)
    golden = 180 * (3 - math.sqrt(5))
    return directions_at(torch.rad2deg(torch.asin(sine)), start + golden * i, up, front)


def long_side(shape: Shape, up: Float[Tensor, " 3"]) -> Float[Tensor, " 3"]:
    """The level direction along which a shape extends most, towards its lighter end: what turns the shape turns it too.

    Raises: InputError if the shape has no finite point.
    """
    up = _unit(up, "up")
    points, weight = (torch.from_numpy(array).to(up.device) for array in geometry.weighted_points(shape))
    points = points - weight @ points
    level = points - (points @ up)[:, None] * up
    axis: Tensor = torch.linalg.eigh((weight * level.T) @ level).eigenvectors[:, -1]
    return axis.mul(1.0 if float(weight @ (level @ axis).pow(3)) >= 0 else -1.0)


def chosen(cameras: Cameras, count: int, size: int, seed: int = 0) -> Cameras:
    """At most `count` cameras, as unlike each other in place and direction as can be; their longer side gets `size` pixels.

    The first is the one of number `seed`.

    Raises: InputError if `count` < 1.
    """
    if count < 1:
        raise InputError(f"number of views: expected at least 1, got {count}")
    pose = cameras.world_from_camera.double().roll(-seed, 0)
    eye = pose[:, :3, 3] - pose[:, :3, 3].mean(0)
    place = torch.cat([eye / eye.norm(dim=1).mean().clamp(min=1e-30), pose[:, :3, 2]], 1)
    own = geometry.farthest_points(place[None], min(count, len(place)))[0]
    scale = size / max(cameras.height, cameras.width)
    intrinsics = cameras.intrinsics.double().roll(-seed, 0)[own] * torch.tensor([scale, scale, 1])[:, None]
    return Cameras(pose[own], intrinsics, round(cameras.height * scale), round(cameras.width * scale))


def look_at(eye: Float[Tensor, "c 3"], target: Float[Tensor, " 3"], up: Float[Tensor, " 3"]) -> Float[Tensor, "c 4 4"]:
    """World-from-camera matrices at `eye` facing `target`, with `up` towards the top of the picture.

    Looking straight along `up`, another axis takes its place.
    """
    eye, up = eye.double(), _unit(up, "up")
    forward = torch.nn.functional.normalize(target.double() - eye, dim=1)
    along = (forward @ up).abs() > 0.9999
    above = torch.where(along[:, None], _across(up), up)
    right = torch.nn.functional.normalize(torch.linalg.cross(forward, above), dim=1)
    pose = torch.eye(4, dtype=torch.float64, device=eye.device).repeat(len(eye), 1, 1)
    pose[:, :3] = torch.stack([right, torch.linalg.cross(forward, right), forward, eye], dim=2)
    return pose


def orbit(
    directions: Float[Tensor, "c 3"],
    up: Float[Tensor, " 3"],
    centre: Float[Tensor, " 3"],
    distance: float,
    fov: float,
    size: int,
) -> Cameras:
    """Cameras on a sphere of radius `distance` around `centre`; `fov` in degrees, square pictures of `size` pixels.

    Raises: InputError for a distance, angle or size that no camera has.
    """
    if not (distance > 0 and math.isfinite(distance)) or not 0 < fov < 180 or size < 1:
        raise InputError(
            f"orbit: expected distance > 0, 0 < fov < 180 degrees and size >= 1 pixel, got {distance}, {fov}, {size}"
        )
    focal = size / 2 / math.tan(math.radians(fov) / 2)
    intrinsics = torch.tensor(
        [[focal, 0, size / 2], [0, focal, size / 2], [0, 0, 1]], dtype=torch.float64, device=directions.device
    )
    eye = centre.double() + distance * torch.nn.functional.normalize(directions.double(), dim=1)
    return Cameras(look_at(eye, centre, up), intrinsics.repeat(len(directions), 1, 1), size, size)


def frame(
    points: Float[np.ndarray, "n 3"],
    directions: Float[Tensor, "c 3"],
    up: Float[Tensor, " 3"],
    size: int = 448,
    margin: float = 0.05,
    distance: float = 3.5,
) -> Cameras:
    """Cameras that see `points` as large as the square picture allows, with `margin` (share of the side) around them.

    `distance` is in radii of the bounding sphere, so perspective is mild; focal length and principal point follow from
    the projected bounding box of each view.

    Raises: InputError if the points are not finite, or do not span any space.
    """
    if len(points) == 0 or not np.isfinite(points).all():
        raise InputError(f"cannot frame {len(points)} points: expected at least one, all finite; repair the shape first")
    cloud = torch.as_tensor(np.asarray(points, dtype=np.float64), device=directions.device)
    axes = look_at(directions[:1], torch.zeros_like(up), up)[0, :3, :3]  # the box turns with the views, not with the world
    turned = (cloud - cloud[0]) @ axes
    centre = cloud[0] + axes @ (turned.amin(0) + turned.amax(0)) / 2
    radius = float((cloud - centre).norm(dim=1).max())
    if not 0 < radius < math.inf:
        raise InputError(f"cannot frame {len(points)} points: their radius is {radius}; expected a shape with some extent")
    cameras = orbit(directions, up, centre, distance * radius, 30.0, size)
    inside = _into_cameras(cameras, cloud)
    flat = inside[..., :2] / inside[..., 2:]
    low, high = flat.amin(1), flat.amax(1)
    extent = (high - low).amax(1).clamp(min=1e-3 / distance)
    focal = size * (1 - 2 * margin) / extent
    intrinsics = torch.eye(3, dtype=torch.float64, device=directions.device).repeat(len(directions), 1, 1)
    intrinsics[:, 0, 0] = intrinsics[:, 1, 1] = focal
    intrinsics[:, :2, 2] = size / 2 - focal[:, None] * (low + high) / 2
    return Cameras(cameras.world_from_camera, intrinsics, size, size)


def project(cameras: Cameras, points: Float[Tensor, "n 3"]) -> tuple[Float[Tensor, "c n 2"], Float[Tensor, "c n"]]:
    """Pixel coordinates (x, y) and depth (camera z, world units) of world points; only depth > 0 is in front."""
    inside = _into_cameras(cameras, points)
    pixel = inside @ cameras.intrinsics.to(inside).mT
    return pixel[..., :2] / pixel[..., 2:], inside[..., 2]


def rays(cameras: Cameras) -> tuple[Float[Tensor, "c 3"], Float[Tensor, "c h w 3"]]:
    """Origin of each camera, and the unit direction through each pixel centre, both in world coordinates."""
    like = cameras.intrinsics
    rows, columns = (torch.arange(side, dtype=like.dtype, device=like.device) for side in (cameras.height, cameras.width))
    y, x = torch.meshgrid(rows + 0.5, columns + 0.5, indexing="ij")
    pixel = torch.stack([x, y, torch.ones_like(x)], dim=-1)
    rotation = cameras.world_from_camera[:, :3, :3]
    direction = torch.einsum("cij,hwj->chwi", rotation @ torch.linalg.inv(cameras.intrinsics), pixel)
    return cameras.world_from_camera[:, :3, 3], torch.nn.functional.normalize(direction, dim=-1)


def opengl_from_opencv(world_from_camera: Float[Tensor, "*c 4 4"]) -> Float[Tensor, "*c 4 4"]:
    """The same poses for cameras with y up and z backward (OpenGL, glTF, NeRF); it is its own inverse."""
    return world_from_camera * world_from_camera.new_tensor([1, -1, -1, 1])


def join(parts: Sequence[Cameras]) -> Cameras:
    """Cameras of one picture size, one after the other."""
    poses, intrinsics = (torch.cat([getattr(part, name) for part in parts]) for name in ("world_from_camera", "intrinsics"))
    return Cameras(poses, intrinsics, parts[0].height, parts[0].width)


def _into_cameras(cameras: Cameras, points: Float[Tensor, "n 3"]) -> Float[Tensor, "c n 3"]:
    pose = cameras.world_from_camera.to(points)
    return (points - pose[:, None, :3, 3]) @ pose[:, :3, :3]


def _unit(vector: Float[Tensor, " 3"], name: str) -> Float[Tensor, " 3"]:
    length = float(vector.double().norm())
    if not 0 < length < math.inf:
        raise InputError(f"{name}: expected a finite vector with some length, got {vector.tolist()}")
    return vector.double() / length


def _across(up: Float[Tensor, " 3"]) -> Float[Tensor, " 3"]:
    """A unit vector at right angles to `up`, for when `up` itself cannot serve."""
    axis = torch.eye(3, dtype=up.dtype, device=up.device)[int(up.abs().argmin())]
    return torch.nn.functional.normalize(axis - (axis @ up) * up, dim=0)
