"""Bars, legs, drawers and doors of furniture."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from meronym_synthetic.kit.curves import CORNERS, arc, bezier
from meronym_synthetic.kit.rng import Rng
from meronym_synthetic.kit.solids import Solid, box, cylinder, ellipsoid, tube


def bar(part: str, start: ArrayLike, end: ArrayLike, r: float, square: bool) -> Solid:
    """Straight bar, round or with four edges."""
    if not square:
        return cylinder(part, start, end, r)
    centre = np.array([start, end], float)
    along = centre[1] - centre[0]
    side = np.cross(along, (0, 0, 1.0) if abs(along[2]) < 0.9 * np.linalg.norm(along) else (0, 1.0, 0))
    side /= np.linalg.norm(side)
    other = np.cross(along, side) / np.linalg.norm(along)
    frame = np.stack([side, along / np.linalg.norm(along), other], 1)
    return box(part, centre.mean(0), (r, float(np.linalg.norm(along)) / 2, r), frame, n=3)


def corner_legs(u: Rng, w: float, d: float, top: float, r: float, bottom: float = 0) -> list[Solid]:
    """Four legs under a 2w x 2d rectangle: round, square, splayed, turned, curved or hairpin."""
    style, splay = u.pick("round", "square", "taper", "turned", "curved", "hairpin"), u(0, 0.12) * u.chance()
    pieces = []
    for x, z in CORNERS:
        head, foot = (x * (w - r), top, z * (d - r)), (x * (w - r + splay), bottom, z * (d - r + splay))
        if style in ("round", "square"):
            pieces.append(bar("leg", head, foot, r, style == "square"))
        elif style == "taper":
            pieces.append(cylinder("leg", head, foot, [r * 1.2, r * 0.6]))
        elif style == "turned":
            knots = np.linspace(0, 1, 12)
            swell = r * (1 + 0.35 * np.sin(knots * 19)) * (1.2 - 0.5 * knots)
            pieces.append(tube("leg", np.linspace(head, foot, 12), swell, round_ends=False))
        elif style == "curved":
            middle = np.mean([head, foot], 0) + np.array([x, 0, z]) * (top - bottom) * 0.2
            path = bezier(head, middle, (x * (w - 3 * r), bottom + r, z * (d - 3 * r)), (foot[0], bottom, foot[2]))
            pieces.append(tube("leg", path, r * np.linspace(1.4, 0.7, len(path))))
        else:
            tops = [(head[0] - x * 0.1, top, head[2]), (head[0], top, head[2] - z * 0.1)]
            pieces += [tube("leg", [tip, foot], r * 0.35) for tip in tops]
    return pieces


def front_handle(u: Rng, style: str, x: float, y: float, z: float) -> list[Solid]:
    """Handle on a front that looks to +z."""
    if style == "knob":
        return [ellipsoid("handle", (x, y, z + 0.02), 0.025)]
    if style == "bar":
        return [box("handle", (x, y, z + 0.02), (0.07, 0.012, 0.02), n=2)]
    if style == "tall":
        return [box("handle", (x, y, z + 0.02), (0.012, u(0.08, 0.2), 0.02), n=2)]
    return [tube("handle", arc((x, y, z), 0.06, 0.05, 0, np.pi, "xz", 8), 0.01)] if style == "ring" else []


def fronts(
    u: Rng, part: str, low: tuple[float, float], high: tuple[float, float], z: float, rows: int, cols: int
) -> list[Solid]:
    """Grid of drawers or doors with handles between two (x, y) corners, in front of depth z; some may be open."""
    style, gap, thick = (u.pick("knob", "bar", "tall" if part == "door" else "ring", "none"), u(0.01, 0.03), u(0.012, 0.03))
    half = ((high[0] - low[0]) / cols / 2, (high[1] - low[1]) / rows / 2)
    pieces: list[Solid] = []
    for i in range(rows):
        for j in range(cols):
            x, y = low[0] + (2 * j + 1) * half[0], low[1] + (2 * i + 1) * half[1]
            out = u(0.1, 0.25) if part == "drawer" and u.chance(0.07) else 0.0
            size = (half[0] - gap, half[1] - gap, thick + out)
            pieces.append(box(part, (x, y, z + out), size, n=4))
            inward = (1.0 if j % 2 == 0 else -1.0) * (half[0] - gap - 0.05) if part == "door" else 0.0
            pieces += front_handle(u, style, x + inward, y, z + 2 * out + thick)
    return pieces
