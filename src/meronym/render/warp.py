# mypy: disable-error-code="valid-type"
"""The fast renderer: the same projection and shading, with the filling of triangles done by an NVIDIA Warp kernel."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.util import find_spec
from typing import Any, no_type_check

import torch
from jaxtyping import Int
from torch import Tensor

from meronym.errors import PluginError
from meronym.render.rasterize import EMPTY, SLIVER, Triangles, render_mesh, render_points
from meronym.render.shading import Look
from meronym.types import Cameras, PointCloud, Shape, Views

_GPU_SHARES = 32
"""Threads that share the rows of one triangle on a GPU."""


class WarpRenderer:
    """Renders meshes as `TorchRenderer` does, several times faster; point clouds exactly as it does.

    Works on the device where the cameras are: CPU or CUDA.
    """

    def __init__(self, look: Look | None = None) -> None:
        """Raises: PluginError if NVIDIA Warp is not installed."""
        if not available():
            raise PluginError("the warp renderer needs NVIDIA Warp, which is not installed: pip install meronym[fast]")
        self.look = look or Look()

    def __call__(self, shape: Shape, cameras: Cameras) -> Views:
        """Render `shape` from every camera.

        Raises: InputError if the shape has no element, or a number that is not finite.
        """
        if isinstance(shape, PointCloud):
            return render_points(shape, cameras, self.look, 1 << 18)
        return render_mesh(shape, cameras, self.look, fill)


def available() -> bool:
    """Whether NVIDIA Warp is installed."""
    return find_spec("warp") is not None


def fill(triangles: Triangles, height: int, width: int) -> Int[Tensor, "h w"]:
    """Nearest triangle per sample; -1 = nothing. The same as `rasterize.fill`."""
    import warp as wp

    kernel = _kernel()
    key = torch.full((height * width,), EMPTY, device=triangles.x.device)
    shares = 1 if key.device.type == "cpu" else _GPU_SHARES
    arrays = [wp.from_torch(t.contiguous()) for t in (triangles.x, triangles.y, triangles.inverse_depth, key)]
    size = (len(triangles.face), shares)
    wp.launch(kernel, dim=size, inputs=[*arrays, height, width, shares], device=arrays[0].device)
    return torch.where(key == EMPTY, -1, key & 0xFFFFFFFF).view(height, width)


@contextmanager
def _no_stderr() -> Iterator[None]:
    """Where there is no GPU, Warp's library says so on the process's error stream, and no setting stops it."""
    sys.stderr.flush()
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


@cache
@no_type_check
def _kernel() -> Any:
    """Compile the kernel, once a process (and once a machine: Warp keeps what it compiled)."""
    import warp as wp

    wp.config.quiet, wp.config.log_level = True, 40  # older versions heed the first, newer ones the second
    with _no_stderr():
        wp.init()
    real = wp.float64

    @wp.func
    def covered(x: real, size: int) -> int:
        return int(wp.clamp(wp.ceil(x - real(0.5)), real(0.0), real(size)))

    @wp.kernel
    def fill_triangles(
        px: wp.array2d(dtype=real),
        py: wp.array2d(dtype=real),
        pz: wp.array2d(dtype=real),
        key: wp.array(dtype=wp.int64),
        height: int,
        width: int,
        shares: int,
    ) -> None:
        t, share = wp.tid()
        x = wp.vec3d(px[0, t], px[1, t], px[2, t])
        y = wp.vec3d(py[0, t], py[1, t], py[2, t])
        z = wp.vec3d(pz[0, t], pz[1, t], pz[2, t])
        ux, uy, uz = x[1] - x[0], y[1] - y[0], z[1] - z[0]
        wx, wy, wz = x[2] - x[0], y[2] - y[0], z[2] - z[0]
        area = ux * wy - wx * uy
        if covered(wp.min(x), width) == covered(wp.max(x), width):
            return
        across, along = real(0.0), real(0.0)
        if wp.abs(area) >= real(SLIVER):
            across = (uz * wy - wz * uy) / area
            along = (ux * wz - wx * uz) / area
        corner = z[0] - x[0] * across - y[0] * along
        low, high = wp.min(z), wp.max(z)
        for row in range(covered(wp.min(y), height) + share, covered(wp.max(y), height), shares):
            line = real(row) + real(0.5)
            left, right = real(wp.inf), real(-wp.inf)
            for a in range(3):
                b = (a + 1) % 3
                x0, y0, x1, y1 = x[a], y[a], x[b], y[b]
                if y[a] >= y[b]:
                    x0, y0, x1, y1 = x[b], y[b], x[a], y[a]
                if y0 <= line and line < y1:
                    crossing = x0 + (line - y0) * ((x1 - x0) / (y1 - y0))
                    left = wp.min(left, crossing)
                    right = wp.max(right, crossing)
            first = covered(left, width)
            last = covered(right, width) - 1
            edge = corner + line * along
            start = wp.clamp(edge + (real(first) + real(0.5)) * across, low, high)
            stop = wp.clamp(edge + (real(last) + real(0.5)) * across, low, high)
            begin = wp.float32(start)
            slope = wp.float32((stop - start) / real(wp.max(last - first, 1)))
            for column in range(first, last + 1):
                depth = wp.float32(1.0) / (begin + slope * wp.float32(column - first))
                value = (wp.int64(wp.cast(depth, wp.int32)) << wp.int64(32)) | wp.int64(t)
                wp.atomic_min(key, row * width + column, value)

    return fill_triangles
