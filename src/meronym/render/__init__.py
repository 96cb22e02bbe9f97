"""Pictures of shapes, by a z-buffer in pure torch."""

from meronym.render.rasterize import TorchRenderer
from meronym.render.shading import RenderStyle

__all__ = ["RenderStyle", "TorchRenderer"]
