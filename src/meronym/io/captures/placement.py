"""Where photos lie on a canvas: upright, without lens distortion, each as long as the others; and the way back.

The pictures of a capture have one size, whatever the sizes of its photos. Each photo begins at the canvas's top left corner,
and the rest of the canvas is outside of it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from jaxtyping import Bool, Float
from torch import Tensor

from meronym.errors import InputError
from meronym.io.captures.lenses import distort, undistort
from meronym.types import Cameras, Capture

_QUARTER = ((0.0, -1.0), (1.0, 0.0))
"""A quarter turn clockwise of x to the right and y down."""


def placed_sizes(capture: Capture, longest: int | None) -> list[tuple[int, int]]:
    """Width and height of each photo on the canvas: upright, its longer side at most `longest` pixels.

    Raises: InputError if `longest` is not at least 1.
    """
    if longest is not None and longest < 1:
        raise InputError(f"longest: expected at least 1 pixel, got {longest}")
    sizes = []
    for view in range(len(capture)):
        frame = capture.frame(view)
        scale = min(1.0, (longest or math.inf) / max(frame.width, frame.height))
        width, height = (max(1, round(side * scale)) for side in (frame.width, frame.height))
        sizes.append((height, width) if frame.turns % 2 else (width, height))
    return sizes


def scaled(capture: Capture, longest: int | None) -> Cameras:
    """Cameras of the photos on the canvas, where the longer side of each is at most `longest` pixels.

    Raises: InputError if `longest` is not at least 1.
    """
    sizes = placed_sizes(capture, longest)
    pose, lens = capture.cameras.world_from_camera.clone(), capture.cameras.intrinsics.clone()
    for view, (width, height) in enumerate(sizes):
        frame = capture.frame(view)
        across, down = frame.width, frame.height
        (fx, _, cx), (_, fy, cy), _ = lens[view].tolist()
        for _ in range(frame.turns):
            fx, fy, cx, cy, across, down = fy, fx, down - cy, cx, down, across
        x, y = width / across, height / down
        lens[view] = lens.new_tensor([[fx * x, 0, cx * x], [0, fy * y, cy * y], [0, 0, 1]])
        pose[view, :3, :2] = pose[view, :3, :2] @ _turned(frame.turns).to(pose).T
    return Cameras(pose, lens, max(height for _, height in sizes), max(width for width, _ in sizes))


def _turned(turns: int) -> Float[Tensor, "2 2"]:
    turned: Tensor = torch.linalg.matrix_power(torch.tensor(_QUARTER, dtype=torch.float64), turns)
    return turned


@dataclass(frozen=True, eq=False)
class Warp:
    """Where each pixel of the canvas is found in a photo: `fine` x `fine` samples a pixel, of a photo that is first
    averaged over `coarse` x `coarse` pixels; together they keep fine patterns from turning into false ones."""

    grid: Float[Tensor, "fine_h fine_w 2"]
    inside: Float[Tensor, "fine_h fine_w"]
    fine: int
    coarse: int

    @classmethod
    def of(cls, capture: Capture, view: int, canvas: Cameras, size: tuple[int, int]) -> Warp:
        """From a photo to a canvas, where it has this width and height (`scaled`, `placed_sizes`)."""
        frame, (width, height) = capture.frame(view), size
        step = max(max(frame.width, frame.height) / max(width, height), min(frame.width, frame.height) / min(width, height))
        coarse = max(1, int(step / 2))
        fine = math.ceil(step / coarse - 1e-9)
        (fx, _, cx), (_, fy, cy), _ = canvas.intrinsics[view].double().tolist()
        rows, columns = ((torch.arange(fine * n) + 0.5) / fine for n in (canvas.height, canvas.width))
        y, x = torch.meshgrid((rows - cy) / fy, (columns - cx) / fx, indexing="ij")
        upright = torch.stack([x, y], dim=-1)
        bent, shown = distort(upright @ _turned(frame.turns).to(upright), capture.distortion[view], frame.fisheye)
        k = capture.cameras.intrinsics[view].float()
        pixel = bent * torch.stack([k[0, 0], k[1, 1]]) + k[:2, 2]
        edge = pixel.new_tensor([frame.width, frame.height])
        within = shown & ((pixel > -1e-3) & (pixel < edge + 1e-3)).all(dim=-1)
        within &= (rows < height)[:, None] & (columns < width)
        whole = coarse * torch.ceil(edge / coarse)
        grid = torch.nan_to_num(2 * pixel / whole - 1, posinf=9, neginf=-9).clamp(-9, 9)
        return cls(grid, within.float(), fine, coarse)

    def __call__(self, planes: Float[Tensor, "k photo_h photo_w"]) -> tuple[Float[Tensor, "k h w"], Float[Tensor, "h w"]]:
        """The planes on the canvas, 0 outside of the photo; and which share of each pixel is inside."""
        if self.coarse > 1:
            planes = F.avg_pool2d(planes[None], self.coarse, ceil_mode=True)[0]
        found = F.grid_sample(planes[None], self.grid[None], padding_mode="border", align_corners=False)[0] * self.inside
        both = torch.cat([found, self.inside[None]])
        both = F.avg_pool2d(both[None], self.fine)[0] if self.fine > 1 else both
        return both[:-1], both[-1]


@dataclass(frozen=True, eq=False)
class WayBack:
    """Where each pixel of a photo, as it lies on the disk, is found in its picture on a canvas."""

    place: Float[Tensor, "1 2 gh gw"]
    """Where the corners of a coarse grid over the photo are found: x and y, -1 at one edge of the picture and 1 at the other.
    In between it is interpolated, as lenses bend smoothly."""
    size: tuple[int, int]
    """Height and width of the photo."""

    @classmethod
    def of(cls, capture: Capture, view: int, cells: int = 100) -> WayBack:
        """The way back from a canvas, by a grid of so many cells along each side of the photo."""
        frame = capture.frame(view)
        (fx, _, cx), (_, fy, cy), _ = capture.cameras.intrinsics[view].double().tolist()
        y, x = (torch.linspace(0, side, cells + 1, dtype=torch.float64) for side in (frame.height, frame.width))
        y, x = torch.meshgrid((y - cy) / fy, (x - cx) / fx, indexing="ij")
        straight, shown = undistort(torch.stack([x, y], dim=-1), capture.distortion[view], frame.fisheye)
        pixel = straight * straight.new_tensor([fx, fy]) + straight.new_tensor([cx, cy])
        place = (2 * pixel / pixel.new_tensor([frame.width, frame.height]) - 1) @ _turned(frame.turns).T
        place = torch.where(shown[..., None], place.clamp(-9, 9), 9.0)
        return cls(place.permute(2, 0, 1)[None].float(), (frame.height, frame.width))

    def __call__(
        self, picture: Float[Tensor, "k h w"], rows: slice
    ) -> tuple[Float[Tensor, "k _rows photo_w"], Bool[Tensor, "_rows photo_w"]]:
        """Values of the picture, interpolated, at the pixels in some rows of the photo; and which of these it shows."""
        y, x = ((torch.arange(side, dtype=torch.float64) + 0.5) * 2 / side - 1 for side in self.size)
        at = torch.stack(torch.meshgrid(y[rows], x, indexing="ij")[::-1], dim=-1)[None].float()
        place = F.grid_sample(self.place, at, align_corners=True).permute(0, 2, 3, 1)
        margin = 1 + 1 / place.new_tensor([picture.shape[2], picture.shape[1]])  # half a pixel of the picture
        shown = (place.abs() <= margin)[0].all(dim=-1)
        return F.grid_sample(picture[None], place, padding_mode="border", align_corners=False)[0], shown
