"""Helmets of riders and pilots."""

from __future__ import annotations

import numpy as np

from meronym_synthetic.kinds.low_poly import skin, stack, stick
from meronym_synthetic.kit.anatomy import vec
from meronym_synthetic.kit.curves import SIDES, arc, bezier, ellipse, turn
from meronym_synthetic.kit.registry import kind
from meronym_synthetic.kit.rng import Rng
from meronym_synthetic.kit.solids import Solid, box, cylinder, ellipsoid, move, tube


def _shell(part: str, r: float, low: float, cut: float, n: int) -> Solid:
    """Hollow head shell of radius r down to height `low`, open to the front (+z) below the height `cut` (of r)."""
    rings = []
    for a in np.linspace(-np.pi, np.pi, n):
        c, s = np.sin(a), -np.cos(a)
        edge = low + (cut - low) * np.clip((s - 0.2) / 0.35, 0, 1)
        y = np.sin(np.linspace(np.arcsin(edge), 0.995 * np.pi / 2, 8))
        wide = np.sqrt(1 - np.where(y > 0, y, y * 0.55) ** 2)
        outer = np.stack([c * wide, y, s * wide * 1.1], 1) * r
        inner = np.where(outer[:, 1:2] > 0, 0.88, [[0.88, 1, 0.88]]) * outer
        rings.append(np.concatenate([outer, inner[::-1]]))
    return skin(part, rings)


def _band(part: str, r: float, y: tuple[float, float], start: float, wide: tuple[float, float], jut: float) -> Solid:
    """Curved sheet before the face from angle `start` on one side to the other: heights and widths in units of r."""
    low, high = wide
    rows = []
    for q in np.linspace(start, np.pi - start, 11):
        c, s = np.cos(q) * r, np.sin(q) * r * jut
        rows.append([vec(c * k, h * r, s * k) for h, k in ((y[0], low), (y[1], high), (y[1], high * 0.94), (y[0], low * 0.94))])
    return skin(part, rows)


@kind("crash helmet", family="hat", names=("crash helmet", "motorcycle helmet", "racing helmet", "full-face helmet"), synonyms={
    "shell": ("helmet shell", "outer shell"), "visor": ("face shield", "eye shield"), "chin guard": ("chin bar", "jaw guard"),
    "strap": ("chin strap", "band"), "padding": ("lining", "cushion"), "peak": ("sun shade", "bill"), "vent": ("air intake",),
    "hinge": ("visor screw", "pivot"), "buckle": ("clasp",), "stripe": ("decal",)})  # fmt: skip
def crash_helmet(u: Rng) -> list[Solid]:
    """Motorcycle, motocross and open-face helmets, smooth or faceted."""
    r, style = u(0.28, 0.34), u.pick("full", "full", "cross", "open")
    low, cut, n = -u(0.55, 0.75), u(0.3, 0.45), u.pick(20, 24, 32)
    pieces = [_shell("shell", r, low, cut, n=n)]
    if style != "open":
        jut, edge = (1.12, low + u(0.3, 0.4)) if style == "full" else (1.35, low + u(0.2, 0.35))
        part = "chin guard" if u.chance(0.7) else "shell"
        pieces.append(_band(part, r, (low - 0.1, edge), -0.5, (0.95, 1.03), jut))
    if style != "cross" or u.chance(0.4):
        low_edge = low + (0.3 if style != "open" else u(0.1, 0.6))
        glass = [_band("visor", r, (low_edge, cut + 0.06), u(0.1, 0.4), (1.0, 0.98), 1.12)]
        pieces += move(glass, rotation=turn("x", -u(0.6, 0.9))) if u.chance(0.25) else glass
    if u.chance(0.5):
        pieces += [stick("hinge", (x * r * 0.9, r * 0.1, 0.02), (x * r * 1.09, r * 0.1, 0.02), 0.04, 0.035, 10) for x in SIDES]
    if style == "cross" or u.chance(0.15):
        y, reach = r * (cut + 0.25), r * u(0.6, 0.9)
        rings = [
            [vec(x * r * w, h, z) for x in (-1, 1)] + [vec(x * r * w, h + 0.02, z) for x in (1, -1)]
            for w, h, z in ((0.8, y, r * 0.7), (0.55, y + 0.03, r + reach))
        ]
        pieces.append(skin("peak", rings))
    if u.chance(0.5):
        strap = bezier(
            (-r * 0.85, r * low, 0),
            (-r * 0.5, r * (low - 0.8), r * 0.2),
            (r * 0.5, r * (low - 0.8), r * 0.2),
            (r * 0.85, r * low, 0),
            n=11,
        )
        pieces.append(tube("strap", strap, 0.022, flat=0.4))
        if u.chance(0.4):
            pieces.append(box("buckle", strap[5], (0.035, 0.02, 0.03), n=1))
    if u.chance(0.4):
        pieces.append(tube("padding", ellipse((0, r * low, 0), r * 0.82, r * 0.9, "xz", 17), r * 0.1))
    if u.chance(0.35):
        pieces += [box("vent", (x * r * 0.35, r * 0.86, r * 0.55), (0.03, 0.015, 0.06), turn("x", 0.55), n=1) for x in SIDES]
    if u.chance(0.25):
        pieces.append(tube("stripe", arc((0, 0, 0), r * 1.11, r * 1.0, 0.6, np.pi - 0.3, "zy", 11), 0.035, flat=0.5))
    return pieces


@kind("flight helmet", family="hat", names=("flight helmet", "pilot helmet", "fighter pilot helmet"), synonyms={
    "shell": ("helmet shell", "leather cap"), "visor": ("sun visor", "face shield"), "goggles": ("eyewear", "flying goggles"),
    "lens": ("goggle glass",), "strap": ("chin strap", "band"), "ear cup": ("earphone", "ear flap", "ear cover"),
    "mask": ("oxygen mask", "breathing mask"), "hose": ("oxygen hose", "air tube"), "microphone": ("boom mic",),
    "buckle": ("clasp",), "visor cover": ("visor housing", "track"), "cable": ("cord", "wire")})  # fmt: skip
def flight_helmet(u: Rng) -> list[Solid]:
    """Jet pilot helmets with visor, mask and hose; leather flying caps with goggles; helicopter helmets with microphone."""
    r, style, n = u(0.28, 0.33), u.pick("jet", "jet", "old", "heli"), u.pick(20, 24, 32)
    low, cut = -u(0.55, 0.8), u(0.3, 0.45)
    pieces = [_shell("shell", r, low, cut, n=n)]
    if u.chance(0.85):
        y = r * u(-0.25, -0.1)
        for x in SIDES:
            size = r * u(0.28, 0.36)
            pieces.append(
                stack(
                    "ear cup",
                    [(0, size, size * 1.2), (0.05, size, size * 1.2), (0.08, size * 0.6, size * 0.8)],
                    u.pick(8, 12, 24),
                    (x * r * 0.88, y, -0.02),
                    turn("z", -x * np.pi / 2),
                )
            )
    if style == "old":
        y, gap, size = r * u(0.2, 0.45), r * 0.42, r * u(0.27, 0.34)
        for x in SIDES:
            c = vec(x * gap, y, r * 1.04)
            pieces.append(tube("goggles", arc(c, size, size * 0.8, 0, 6.28, "xy", 13), 0.022))
            pieces.append(ellipsoid("goggles/lens" if u.chance(0.7) else "goggles", c, (size * 0.95, size * 0.75, 0.02)))
        pieces.append(cylinder("goggles", (-gap * 0.3, y, r * 1.05), (gap * 0.3, y, r * 1.05), 0.018))
        pieces.append(
            tube("strap", arc((0, y + 0.02, 0), r * 1.02, r * 1.12, np.pi * 0.8, np.pi * 2.2, "xz", 15), 0.028, flat=0.4)
        )
    else:
        top, wide = cut + 0.12, u(0.1, 0.4)
        lo, hi = (cut, cut + 0.45) if u.chance(0.25) else (u(-0.25, -0.1), top)
        k = [float(np.sqrt(1 - y * y * 0.9)) * 1.06 for y in (lo, hi)]
        pieces.append(_band("visor", r, (lo, hi), wide, (k[0], k[1]), 1.1))
        if u.chance(0.5):
            pieces.append(tube("visor cover", arc((0, r * top, 0), r * 0.96, r * 1.08, -0.1, np.pi + 0.1, "xz", 13), 0.035))
    if style == "jet" or (style == "old" and u.chance(0.2)):
        c = vec(0, r * u(-0.55, -0.4), r * 1.05)
        size = r * u(0.32, 0.42)
        mask = [(-0.06, 1, 1), (0.06, 0.85, 0.9), (0.13, 0.45, 0.5)]
        pieces.append(
            stack("mask", [(y, size * p, size * q * 1.1) for y, p, q in mask], u.pick(8, 12, 24), c, turn("x", np.pi / 2 + 0.2))
        )
        hose = bezier(
            c + vec(0, -0.05, 0.1),
            c + vec(0, -0.25, 0.2),
            c + vec(u(-0.3, 0.3), -0.5, 0),
            c + vec(u(-0.3, 0.3), -u(0.5, 0.7), 0.05),
            n=22,
        )
        pieces.append(tube("hose", hose, 0.04 * (1 + 0.15 * np.sin(np.arange(22) * np.pi / 1.5))))
        pieces += [
            cylinder("strap", (x * r * 0.88, r * -0.35, r * 0.3), c + vec(x * size * 0.8, 0.02, 0), 0.018) for x in SIDES
        ]
    else:
        strap = bezier(
            (-r * 0.85, r * low, 0),
            (-r * 0.5, r * (low - 0.7), r * 0.25),
            (r * 0.5, r * (low - 0.7), r * 0.25),
            (r * 0.85, r * low, 0),
            n=11,
        )
        pieces.append(tube("strap", strap, 0.024, flat=0.4))
        if u.chance(0.4):
            pieces.append(box("buckle", strap[5], (0.035, 0.02, 0.03), n=1))
        if style == "heli":
            boom = bezier((r * 0.95, -r * 0.2, 0.02), (r * 1.0, -r * 0.6, r * 0.8), (r * 0.15, -r * 0.62, r * 1.15), n=9)
            pieces += [tube("microphone", boom, 0.014), ellipsoid("microphone", boom[-1], (0.045, 0.03, 0.03))]
    if u.chance(0.3):
        pieces.append(
            tube(
                "cable", bezier((-r * 0.9, -r * 0.3, -0.05), (-r * 1.4, -r * 1.2, -0.1), (-r * 0.9, -r * 1.9, -0.1), n=9), 0.014
            )
        )
    return pieces
