"""How the world fits into the cube that a field fills.

`Ndc` for forward-facing photos (Mildenhall et al., NeRF, appendix C), `Contracted` for photos from all around (Barron et al.,
mip-NeRF 360, eq. 10), `Box` for a thing of known extent.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from meronym.core import cameras
from meronym.radiance.rays import Samples, Space
from meronym.types import Cameras, Views


@dataclass(frozen=True)
class SpaceSettings:
    """How a space is chosen and where it begins."""

    forward: float = 25.0
    """Degrees between a camera's axis and the mean axis up to which photos count as forward-facing."""
    stated: float = 0.9
    """Where a field begins in front of the cameras, as a share of the nearest depth that is stated."""
    guessed: float = 0.3
    """The same, as a share of the distance to where the cameras' axes meet, if no depth is stated."""


@dataclass(frozen=True, eq=False)
class Box:
    """A cuboid of the world."""

    low: Float[Tensor, " 3"]
    high: Float[Tensor, " 3"]

    def sample(
        self, origin: Float[Tensor, "r 3"], direction: Float[Tensor, "r 3"], count: int, jitter: Float[Tensor, "r 1"]
    ) -> Samples:
        """Evenly between where the ray enters the box and where it leaves."""
        slope = torch.where(direction.abs() < 1e-9, torch.full_like(direction, 1e-9), direction)
        ends = torch.stack([(self.low - origin) / slope, (self.high - origin) / slope])
        near = ends.amin(0).amax(1, keepdim=True).clamp_min(1e-6)
        far = torch.maximum(ends.amax(0).amin(1, keepdim=True), near)
        gap = (far - near) / count
        distance = near + gap * (torch.arange(count).to(origin) + jitter)
        place = origin[:, None] + direction[:, None] * distance[..., None]
        size = (self.high - self.low) / 2
        point = (place - self.low) / size - 1
        step = gap * (direction / size).norm(dim=1, keepdim=True)
        return Samples(point, distance, step.expand_as(distance), (point.abs() <= 1).all(-1) & (far > near))

    def world(self, point: Float[Tensor, "n 3"]) -> Float[Tensor, "n 3"]:
        return self.low + (point + 1) * (self.high - self.low) / 2

    def describe(self) -> dict[str, object]:
        return {"space": "box", "low": self.low.tolist(), "high": self.high.tolist()}


@dataclass(frozen=True, eq=False)
class Contracted:
    """The whole world: a ball as it is in the inner half of the cube, all that lies outside of it in the outer half."""

    centre: Float[Tensor, " 3"]
    radius: float
    near: float
    """Distance from the camera at which the field begins, in radii."""

    def sample(
        self, origin: Float[Tensor, "r 3"], direction: Float[Tensor, "r 3"], count: int, jitter: Float[Tensor, "r 1"]
    ) -> Samples:
        """Evenly in distance as far as two radii behind the centre, evenly in its inverse from there on."""
        share = (torch.arange(count).to(origin) + jitter) / count
        edges = torch.cat([share, share[:, -1:] + 1 / count], 1).clamp(max=1 - 1e-4)
        turn = (origin - self.centre).norm(dim=1, keepdim=True) / self.radius + 2
        even = self.near + (turn - self.near) * edges / 0.75
        away = 0.25 * turn / (1 - edges).clamp_min(1e-6)
        reach = torch.where(edges < 0.75, even, away) * self.radius
        place = (origin - self.centre)[:, None] + direction[:, None] * reach[..., None]
        point = contract(place / self.radius) / 2
        step = (point[:, 1:] - point[:, :-1]).norm(dim=-1)
        return Samples(point[:, :-1], reach[:, :-1], step, torch.ones_like(step, dtype=torch.bool))

    def world(self, point: Float[Tensor, "n 3"]) -> Float[Tensor, "n 3"]:
        """What lies at infinity, or beyond it in the corners of the cube, comes to 100 radii."""
        length = (2 * point).norm(dim=1, keepdim=True)
        away: Tensor = torch.where(length <= 1, length, 1 / (2 - length).clamp_min(0.01))
        place: Tensor = self.centre + self.radius * away * 2 * point / length.clamp_min(1e-9)
        return place

    def describe(self) -> dict[str, object]:
        return {"space": "contracted", "centre": self.centre.tolist(), "radius": self.radius}


def contract(point: Float[Tensor, "*n 3"]) -> Float[Tensor, "*n 3"]:
    """The unit ball as it is, all else into the ball of radius 2. mip-NeRF 360, eq. 10."""
    length = point.norm(dim=-1, keepdim=True).clamp_min(1e-9)
    inside: Tensor = torch.where(length <= 1, point, (2 - 1 / length) * point / length)
    return inside


@dataclass(frozen=True, eq=False)
class Ndc:
    """What the frustum of a reference camera holds from `near` to infinity."""

    world_from_reference: Float[Tensor, "4 4"]
    slope: Float[Tensor, " 2"]
    """Half width and half height of the frustum at depth 1, margins included."""
    near: float
    """Depth of the near plane, world units."""

    def sample(
        self, origin: Float[Tensor, "r 3"], direction: Float[Tensor, "r 3"], count: int, jitter: Float[Tensor, "r 1"]
    ) -> Samples:
        """Evenly between the near plane and infinity in the cube, which is evenly in inverse depth."""
        rotation = self.world_from_reference[:3, :3]
        start, along = (origin - self.world_from_reference[:3, 3]) @ rotation, direction @ rotation
        ahead = along[:, 2:] > 1e-6
        along = torch.where(ahead, along, along.new_tensor([0.0, 0.0, 1.0]))
        shift = (self.near - start[:, 2:]) / along[:, 2:]
        start = start + shift * along
        first = torch.cat([start[:, :2] / start[:, 2:] / self.slope, -torch.ones_like(start[:, 2:])], 1)
        last = torch.cat([along[:, :2] / along[:, 2:] / self.slope, torch.ones_like(start[:, 2:])], 1)
        share = ((torch.arange(count).to(origin) + jitter) / count).clamp(max=1 - 1e-4)
        point = first[:, None] + (last - first)[:, None] * share[..., None]
        depth = self.near / (1 - share)
        distance = shift + (depth - self.near) / along[:, 2:]
        step = (last - first).norm(dim=1, keepdim=True) / count
        inside = (point.abs() <= 1).all(-1) & (distance > 0) & ahead
        return Samples(point, distance, step.expand_as(distance), inside)

    def world(self, point: Float[Tensor, "n 3"]) -> Float[Tensor, "n 3"]:
        """What lies at infinity comes to 200 times the near plane's depth."""
        depth = self.near / (1 - (point[:, 2:] + 1) / 2).clamp_min(0.005)
        place = torch.cat([point[:, :2] * self.slope * depth, depth], 1)
        return place @ self.world_from_reference[:3, :3].T + self.world_from_reference[:3, 3]

    def describe(self) -> dict[str, object]:
        return {"space": "ndc", "near": self.near}


def fit_space(views: Views, depth_range: Float[Tensor, "c 2"] | None = None, settings: SpaceSettings | None = None) -> Space:
    """The space that suits photos: a box for a thing cut out of its background, NDC for forward-facing ones, else contracted.

    `depth_range`: nearest and farthest depth of each camera, where it is known.
    """
    cams, settings = views.cameras, settings or SpaceSettings()
    pose = cams.world_from_camera.double()
    axis = pose[:, :3, 2]
    mean = torch.nn.functional.normalize(axis.mean(0), dim=0)
    centre = focus(cams)
    away = (centre - pose[:, :3, 3]).norm(dim=1)
    half = away * views.extent[:, 0] / 2 / cams.intrinsics[:, 1, 1].double()
    clear = (views.known & (views.element < 0)).flatten(1).sum(1) / views.known.flatten(1).sum(1).clamp_min(1)
    if bool(clear.median() > 0.1):
        half = float(half.median())
        return Box((centre - half).float(), (centre + half).float())
    if bool((axis @ mean).min() > math.cos(math.radians(settings.forward))):
        reference = torch.eye(4, dtype=torch.float64, device=pose.device)
        reference[:3, :3] = _upright(mean, -pose[:, :3, 1].mean(0))
        reference[:3, 3] = pose[:, :3, 3].mean(0)
        near = _nearest_depth(cams, reference, depth_range, float(away.median()), settings)
        corner = _corners(views, reference)
        return Ndc(reference.float(), (1.05 * corner).float(), near)
    radius = float(half.median())
    nearest = settings.guessed * away if depth_range is None else settings.stated * depth_range[:, 0].to(away)
    return Contracted(centre.float(), radius, float(nearest.min()) / radius)


def focus(cams: Cameras) -> Float[Tensor, " 3"]:
    """The point nearest to all optical axes; a little in front of the cameras where these are parallel."""
    pose = cams.world_from_camera.double()
    eye, axis = pose[:, :3, 3], pose[:, :3, 2]
    unit = torch.eye(3, dtype=torch.float64, device=pose.device)
    flat = unit - axis[:, :, None] * axis[:, None]
    system = flat.sum(0) + 1e-6 * unit
    spread = (eye - eye.mean(0)).norm(dim=1).max().clamp_min(1e-6)
    guess = eye.mean(0) + axis.mean(0) * spread
    meeting: Tensor = torch.linalg.solve(system, torch.einsum("cij,cj->i", flat, eye) + 1e-6 * guess)
    return meeting


def _nearest_depth(
    cams: Cameras,
    reference: Float[Tensor, "4 4"],
    depth_range: Float[Tensor, "c 2"] | None,
    away: float,
    settings: SpaceSettings,
) -> float:
    """Depth of the near plane from the reference camera, in front of all that is seen."""
    forward = reference[:3, 2]
    offset = (cams.world_from_camera[:, :3, 3].double() - reference[:3, 3]) @ forward
    nearest = torch.full_like(offset, settings.guessed * away) if depth_range is None else depth_range[:, 0].to(offset)
    lean = cams.world_from_camera[:, :3, 2].double() @ forward
    return float(settings.stated * (offset + nearest * lean).min().clamp_min(0.02 * away))


def _corners(views: Views, reference: Float[Tensor, "4 4"]) -> Float[Tensor, " 2"]:
    """Slopes of the frustum of the reference camera that holds the directions of all pixels that are known, at most 2."""
    _, direction = cameras.rays(views.cameras)
    seen = direction[views.known].double() @ reference[:3, :3]
    slope = (seen[:, :2] / seen[:, 2:].clamp_min(0.2)).abs().amax(0)
    return slope.clamp(max=2.0)


def _upright(forward: Float[Tensor, " 3"], up: Float[Tensor, " 3"]) -> Float[Tensor, "3 3"]:
    right = torch.nn.functional.normalize(torch.linalg.cross(forward, up), dim=0)
    return torch.stack([right, torch.linalg.cross(forward, right), forward], 1)
