"""The renderer of shapes, and its way out where a GPU's memory ends."""

from __future__ import annotations

from functools import partial

import torch

from meronym.core import cameras as core_cameras
from meronym.core.device import in_chunks, resolve
from meronym.render.rasterize import render_mesh, render_points
from meronym.render.splats import render_gaussians
from meronym.render.style import DEFAULT, RenderSettings, RenderStyle
from meronym.types import Cameras, Gaussians, PointCloud, Shape, Views


class TorchRenderer:
    """Renders meshes, point clouds and Gaussians."""

    def __init__(
        self,
        style: RenderStyle | None = None,
        settings: RenderSettings = DEFAULT,
        device: str | torch.device | None = None,
    ) -> None:
        """`device`: where to render and where the views will be; None = where the cameras are.

        Raises: InputError or DeviceError for a device that cannot be used.
        """
        self.style = style or RenderStyle()
        self.settings = settings
        self.device = None if device is None else resolve(device)

    def __call__(self, shape: Shape, cameras: Cameras) -> Views:
        """Render `shape` from every camera; on the CPU where it does not fit into a GPU's memory.

        Raises: InputError if the shape has no element, or a coordinate that is not finite; DeviceError if the views do not fit.
        """
        device = self.device or cameras.world_from_camera.device

        def render(where: torch.device, start: int, stop: int) -> Views:
            views = self._render(shape, _on(cameras.only(torch.arange(start, stop)), where))
            return Views(_on(views.cameras, device), views.colour.to(device), views.depth.to(device), views.element.to(device))

        on_cpu = partial(render, torch.device("cpu"))
        parts = list(in_chunks(partial(render, device), len(cameras), len(cameras), on_cpu))
        return parts[0] if len(parts) == 1 else _joined(parts)

    def _render(self, shape: Shape, cameras: Cameras) -> Views:
        if isinstance(shape, PointCloud):
            return render_points(shape, cameras, self.style, self.settings)
        if isinstance(shape, Gaussians):
            return render_gaussians(shape, cameras, self.style)
        return render_mesh(shape, cameras, self.style, self.settings)


def _on(cameras: Cameras, device: torch.device) -> Cameras:
    return Cameras(cameras.world_from_camera.to(device), cameras.intrinsics.to(device), cameras.height, cameras.width)


def _joined(parts: list[Views]) -> Views:
    colour, depth, element = (torch.cat([getattr(part, name) for part in parts]) for name in ("colour", "depth", "element"))
    return Views(core_cameras.join([part.cameras for part in parts]), colour, depth, element)
