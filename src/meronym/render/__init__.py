"""Pictures of shapes: a pure-torch renderer that defines what is correct, and a fast one that agrees with it."""

from meronym.plugins import Renderer
from meronym.render.rasterize import TorchRenderer
from meronym.render.shading import Look
from meronym.render.warp import WarpRenderer, available

__all__ = ["Look", "TorchRenderer", "WarpRenderer", "best_renderer"]


def best_renderer(look: Look | None = None) -> Renderer:
    """The fast renderer where NVIDIA Warp is installed, else the pure-torch one."""
    return WarpRenderer(look) if available() else TorchRenderer(look)
