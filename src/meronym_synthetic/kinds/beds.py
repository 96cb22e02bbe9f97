"""Beds and cribs."""

from __future__ import annotations

import numpy as np

from meronym_synthetic.kit.curves import CORNERS, SIDES, bezier
from meronym_synthetic.kit.furniture import bar, corner_legs
from meronym_synthetic.kit.registry import kind
from meronym_synthetic.kit.rng import Rng
from meronym_synthetic.kit.solids import Solid, box, cylinder, ellipsoid, mirrored, plate, tube


def _board(u: Rng, part: str, w: float, low: float, high: float, z: float) -> list[Solid]:
    """Head or foot end of a bed: board, arched board or bars."""
    style, middle = u.pick("board", "arch", "bars", "cushion"), (low + high) / 2
    if style == "board":
        return [box(part, (0, middle, z), (w, (high - low) / 2, u(0.02, 0.05)))]
    if style == "cushion":
        return [ellipsoid(part, (0, middle, z), (w, (high - low) / 2, 0.07), square=0.4)]
    if style == "arch":
        rim = [(w, low), (w, middle), (w * 0.9, middle + (high - middle) * 0.5), (w * 0.6, high), (0.01, high * 1.05)]
        return [plate(part, rim, 0.03, (0, 0, z))]
    pieces = mirrored(cylinder, part, (w, low, z), (w, high, z), 0.03)
    pieces.append(tube(part, bezier((-w, high, z), (0, high + u(0, 0.3), z), (w, high, z)), 0.025))
    return pieces + [cylinder(part, (x * w, low, z), (x * w, high, z), 0.015) for x in np.linspace(-0.8, 0.8, u.count(3, 8))]


def _mattress(u: Rng, w: float, long: float, y: float) -> list[Solid]:
    """Mattress with its lower side at y, pillows, blanket."""
    t = u(0.06, 0.13)
    pieces = [
        u.pick(
            box("mattress", (0, y + t, 0), (w * 0.96, t, long * 0.97)),
            ellipsoid("mattress", (0, y + t, 0), (w * 0.96, t, long * 0.97), square=0.3),
        )
    ]
    if u.chance(0.8):
        for x in (-0.47, 0.47) if w > 0.5 else (0.0,):
            pillow = (x * w, y + 2 * t + 0.04, -long * 0.75)
            pieces.append(ellipsoid("pillow", pillow, (min(w * 0.4, 0.35), 0.07, 0.16), square=0.6))
    if u.chance(0.5):
        pieces.append(ellipsoid("blanket", (0, y + t * 1.2, long * 0.25), (w * 1.03, t * 1.15, long * 0.73), square=0.3))
    return pieces


@kind("bed", family="bed", names=("bed", "double bed", "single bed"), synonyms={
    "leg": ("table leg", "support", "foot"), "frame": ("body", "case", "casing", "surround"),
    "mattress": ("bedding", "bed surface"), "pillow": ("cushion",), "blanket": ("cover", "duvet", "quilt"),
    "headboard": ("head end", "bed head"), "footboard": ("foot end", "bed end"), "post": ("bedpost", "pole", "pillar"),
    "canopy": ("bed roof", "tester")})  # fmt: skip
def bed(u: Rng) -> list[Solid]:
    """Single and double beds: box, legs, headboard, footboard, four posts with a canopy."""
    w, long, y = u(0.4, 0.9), u(0.85, 1.05), u(0.12, 0.4)
    deep = u(0.04, min(0.14, y))
    pieces = [box("frame", (0, y - deep, 0), (w, deep, long)), *_mattress(u, w, long, y)]
    if deep * 2 < y:
        pieces += corner_legs(u, w, long, y - deep, u(0.03, 0.06))
    style = u.pick("head", "head", "both", "both", "none", "posts")
    low = y - 2 * deep
    if style == "posts":
        h = u(1.1, 1.6)
        pieces += [bar("post", (x * w, 0, z * long), (x * w, h, z * long), 0.035, u.chance()) for x, z in CORNERS]
        if u.chance(0.7):
            pieces.append(box("canopy", (0, h, 0), (w * 1.04, u(0.01, 0.08), long * 1.04)))
    if style != "none":
        pieces += _board(u, "headboard", w, low, y + u(0.35, 0.8), -long - 0.02)
    if style == "both":
        pieces += _board(u, "footboard", w, low, y + u(0.15, 0.45), long + 0.02)
    return pieces


@kind("bunk bed", family="bed", names=("bunk bed", "loft bed"), synonyms={
    "frame": ("body", "case", "casing", "surround"), "rail": ("bar", "railing", "guard rail"),
    "mattress": ("bedding", "bed surface"), "pillow": ("cushion",), "blanket": ("cover", "duvet", "quilt"),
    "post": ("bedpost", "pole", "pillar"), "ladder": ("steps", "rungs")})  # fmt: skip
def bunk_bed(u: Rng) -> list[Solid]:
    """Two beds over each other with posts, guard rails and ladder."""
    w, long, low, high = u(0.35, 0.45), u(0.75, 0.95), u(0.15, 0.3), u(0.9, 1.1)
    top, square = high + u(0.25, 0.4), u.chance()
    pieces = mirrored(bar, "post", (w, 0, long), (w, top, long), 0.035, square, axes="xz")
    for y in (low, high):
        pieces += [box("frame", (0, y - 0.05, 0), (w, 0.05, long)), *_mattress(u, w, long, y)]
    for y in np.linspace(high + 0.12, top, u.count(1, 3)):
        pieces += [bar("rail", (x * w, y, -long), (x * w, y, long * (0.4 if x > 0 else 1)), 0.02, square) for x in SIDES]
        pieces += mirrored(bar, "rail", (-w, y, long), (w, y, long), 0.02, square, axes="z")
    x, slant = w + 0.04, u(0, 0.3)
    pieces += [bar("ladder", (x + slant, 0, long * k), (x, high + 0.1, long * k), 0.02, square) for k in (0.5, 0.85)]
    for t in np.linspace(0.15, 0.9, u.count(3, 5)):
        step = x + slant * (1 - t)
        pieces.append(bar("ladder", (step, high * t, long * 0.5), (step, high * t, long * 0.85), 0.018, square))
    return pieces


@kind("crib", family="bed", names=("crib", "baby bed", "cot"), synonyms={
    "leg": ("table leg", "support", "foot"), "frame": ("body", "case", "casing", "surround"),
    "rail": ("bar", "railing", "guard rail"), "mattress": ("bedding", "bed surface"), "pillow": ("cushion",),
    "blanket": ("cover", "duvet", "quilt"), "headboard": ("head end", "bed head"), "bar": ("slat", "rod", "crossbar"),
    "rocker": ("runner", "curved foot"), "wheel": ("caster", "roller")})  # fmt: skip
def crib(u: Rng) -> list[Solid]:
    """Baby beds with barred sides, on legs, wheels or rockers."""
    w, long, low, top = u(0.35, 0.45), u(0.6, 0.8), u(0.2, 0.4), u(0.8, 1.0)
    pieces = [box("frame", (0, low - 0.03, 0), (w, 0.03, long)), *_mattress(u, w, long, low)]
    pieces += [bar("leg", (x * w, 0.05, z * long), (x * w, top, z * long), 0.035, u.chance()) for x, z in CORNERS]
    for x in SIDES:
        pieces += [bar("rail", (x * w, y, -long), (x * w, y, long), 0.025, square=True) for y in (low, top)]
        pieces += [cylinder("bar", (x * w, low, z), (x * w, top, z), 0.014) for z in np.linspace(-long, long, u.count(7, 12))]
    for z in SIDES:
        if u.chance():
            pieces.append(box("headboard", (0, (low + top) / 2, z * long), (w, (top - low) / 2, 0.02)))
        else:
            pieces += [bar("rail", (-w, y, z * long), (w, y, z * long), 0.025, square=True) for y in (low, top)]
            pieces += [
                cylinder("bar", (x, low, z * long), (x, top, z * long), 0.014) for x in np.linspace(-w, w, u.count(4, 7))
            ]
    feet = u.pick("wheel", "rocker", "none")
    if feet == "wheel":
        pieces += [cylinder("wheel", (x * w - 0.02, 0.05, z * long), (x * w + 0.02, 0.05, z * long), 0.05) for x, z in CORNERS]
    elif feet == "rocker":
        rocker = bezier((-w * 1.4, 0.12, long), (0, -0.08, long), (w * 1.4, 0.12, long))
        pieces += mirrored(tube, "rocker", rocker, 0.025, axes="z")
    return pieces
