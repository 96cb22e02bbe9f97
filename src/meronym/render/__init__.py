"""Pictures of shapes, by a z-buffer in pure torch."""

from meronym.render.renderer import TorchRenderer
from meronym.render.style import RenderSettings, RenderStyle

__all__ = ["RenderSettings", "RenderStyle", "TorchRenderer"]
