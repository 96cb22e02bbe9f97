"""How pictures are lit and coloured, and what rendering them may cost."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class RenderStyle:
    """How pictures are lit and coloured."""

    light: tuple[float, float, float] = (-0.45, -0.65, -0.6)
    """Direction to the light in camera space (x right, y down, z forward): by default from the upper left."""
    colour: tuple[float, float, float] = (0.72, 0.72, 0.72)
    """Of shapes that have none, 0..1."""
    background: tuple[float, float, float] = (1.0, 1.0, 1.0)
    """0..1."""
    smooth: bool = True
    """Round off edges below 45 degrees; False = every face is flat."""
    ambient: float = 0.38
    """Brightness of a surface that no light reaches, 0..1; the three together are 1 where both lights fall straight."""
    key: float = 0.47
    """Brightness that the light adds to a surface that faces it."""
    headlight: float = 0.25
    """Brightness that a light at the eye adds to a surface that faces it, so that no side of a shape is without shading."""
    fade: float = 0.4
    """Share of its brightness that the farthest point of a cloud without normals loses, as depth is all that shades it."""


@dataclass(frozen=True)
class RenderSettings:
    """Tolerances and limits of the renderer."""

    near: float = 1e-4
    """Near plane, as a share of the distance to the farthest vertex: nearer geometry has no finite picture."""
    crease: float = 0.7071
    """Cosine of the angle above which an edge stays sharp: 45 degrees."""
    gentle: float = 0.9239
    """Cosine of half that angle: faces this close to their mean are within 45 degrees of each other, pairs aside."""
    crowd: int = 48
    """Faces around one position above which a crease there is not resolved: the cost grows with the square."""
    pair_limit: int = 6_000_000
    """Pairs of faces at creases above which every creased corner gets its own face's normal: they take about 1 GB."""
    disc_neighbour: int = 5
    """Which neighbour's mean distance is the radius of a point's disc: the fifth lies beyond the gaps around it."""
    least_disc: float = 0.71
    """The least radius of a disc, pixels: half a pixel's diagonal, so that no point falls between pixel centres."""
    chunk: int = 1 << 18
    """About how many samples are worked on at once, which bounds memory."""


DEFAULT = RenderSettings()
