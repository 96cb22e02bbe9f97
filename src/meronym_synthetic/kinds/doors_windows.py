"""Doors, windows, and what hangs or leans on walls."""

from __future__ import annotations

import numpy as np

from meronym_synthetic.kit.curves import SIDES, Array, arc, ellipse, turn
from meronym_synthetic.kit.furniture import bar
from meronym_synthetic.kit.registry import kind
from meronym_synthetic.kit.rng import Rng
from meronym_synthetic.kit.solids import Solid, box, cylinder, ellipsoid, lathe, mirrored, plate, tube


@kind("mirror", family="mirror", names=("mirror", "looking glass"), synonyms={
    "leg": ("table leg", "support", "foot"), "handle": ("knob", "pull", "lever"),
    "frame": ("body", "case", "casing", "surround"), "base": ("foot", "stand", "bottom"),
    "pole": ("stand", "post", "stem", "rod"), "glass": ("window glass", "glazing", "mirror surface")})  # fmt: skip
def mirror(u: Rng) -> list[Solid]:
    """Wall, standing, hand and vanity mirrors, oval or rectangular."""
    w, h, rim = u(0.25, 0.5), u(0.4, 0.8), u(0.03, 0.08)
    if u.chance(0.55):
        pieces = [tube("frame", ellipse((0, 0, 0), w, h, "xy", 36), rim * 0.7)]
        pieces.append(ellipsoid("glass", (0, 0, 0), (w, h, 0.015)))
    else:
        pieces = mirrored(box, "frame", (w, 0, 0), (rim, h + rim, 0.03))
        pieces += [*mirrored(box, "frame", (0, h, 0), (w, rim, 0.03), axes="y"), box("glass", (0, 0, 0), (w, h, 0.012))]
    style = u.pick("wall", "stand", "hand", "vanity")
    if style == "stand":
        pieces += mirrored(cylinder, "leg", (w + rim, h * 0.3, 0), (w + rim, -h * 1.25, 0), 0.025)
        pieces += mirrored(cylinder, "leg", (w + rim, -h * 1.2, -0.3), (w + rim, -h * 1.2, 0.3), 0.025)
    elif style == "hand":
        pieces.append(tube("handle", [(0, -h, 0), (0, -h - u(0.4, 0.7), 0)], [0.05, 0.06]))
    elif style == "vanity":
        pieces += [
            cylinder("pole", (0, -h, 0), (0, -h - 0.4, 0), 0.03),
            lathe("base", [(0.3, 0), (0.28, 0.05), (0.03, 0.1)], (0, -h - 0.45, 0)),
        ]
    return pieces


@kind("ladder", family="ladder", names=("ladder", "stepladder"), synonyms={
    "rung": ("step", "crossbar"), "side rail": ("stile", "ladder rail"), "platform": ("top step",)})  # fmt: skip
def ladder(u: Rng) -> list[Solid]:
    """Straight, step and double ladders with rungs or flat steps."""
    w, h, n, lean, square = u(0.2, 0.35), u(1.2, 2), u.count(4, 9), u(0, 0.5), u.chance()
    flat = u.chance(0.4)
    style = u.pick("single", "double", "platform")
    narrow = u(0.7, 1)
    pieces = []
    for side in (1.0,) if style == "single" else SIDES:
        pieces += mirrored(bar, "side rail", (w, 0, side * (lean + 0.15)), (w * narrow, h, 0.02 * side), 0.03, square)
        for t in np.linspace(0.12, 0.93, n if side > 0 else max(2, n // 3)):
            z, half = side * ((lean + 0.15) * (1 - t) + 0.02 * t), w * (1 - t + t * narrow)
            if flat and side > 0:
                pieces.append(box("rung", (0, h * t, z), (half, 0.015, 0.07)))
            else:
                pieces.append(bar("rung", (-half, h * t, z), (half, h * t, z), 0.02, square))
    if style == "platform":
        pieces.append(box("platform", (0, h, 0), (w * narrow, 0.02, 0.13)))
    return pieces


@kind("fireplace", family="fireplace", names=("fireplace", "open fire"), synonyms={
    "frame": ("body", "case", "casing", "surround"), "back": ("back board", "rear wall"),
    "top": ("top board", "top surface", "cover"), "hearth": ("fireplace floor", "hearthstone"),
    "chimney": ("flue", "chimney breast"), "log": ("firewood",), "flame": ("fire",)})  # fmt: skip
def fireplace(u: Rng) -> list[Solid]:
    """Open fireplaces with surround, hearth, logs and chimney."""
    w, h, d, post = u(0.5, 0.8), u(0.6, 0.9), u(0.15, 0.3), u(0.12, 0.22)
    pieces = [*mirrored(box, "frame", (w - post, h / 2, 0), (post, h / 2, d)), box("frame", (0, h * 0.85, 0), (w, h * 0.15, d))]
    pieces += [
        box("back", (0, h / 2, -d * 0.9), (w, h / 2, d * 0.1)),
        box("top", (0, h + 0.03, 0.02), (w * u(1.03, 1.2), u(0.03, 0.06), d * 1.15)),
    ]
    pieces.append(box("hearth", (0, -0.03, d * 0.3), (w * u(1, 1.15), 0.04, d * u(1.4, 1.8))))
    if u.chance(0.6):
        taper, rise = u(0.4, 0.9), u(0.4, 0.9)
        pieces.append(box("chimney", (0, h + rise / 2, -d * 0.3), (w * taper, rise / 2, d * 0.6)))
    if u.chance(0.7):
        pieces += [
            cylinder("log", (-w * 0.4, 0.06 + y, z * d), (w * 0.4, 0.06 + y, -z * d), 0.05)
            for y, z in ((0, 0.3), (0, -0.3), (0.08, 0))
        ]
        if u.chance():
            pieces += [
                lathe("flame", [(0.01, 0), (0.07, 0.08), (0.04, 0.18), (0.005, u(0.2, 0.35))], (x, 0.12, 0))
                for x in (-0.1, 0, 0.1)
            ]
    return pieces


@kind("door", family="opening", names=("door", "double door"), synonyms={
    "handle": ("knob", "pull", "lever"), "frame": ("body", "case", "casing", "surround"), "door": ("door leaf", "door wing"),
    "glass": ("window glass", "glazing", "mirror surface"), "hinge": ("door hinge",)})  # fmt: skip
def door(u: Rng) -> list[Solid]:
    """Single and double doors in a frame, closed or ajar, with fields, glass, handle, knob, hinges."""
    w, h, t = u(0.35, 0.5), u(0.9, 1.1), u(0.02, 0.04)
    double, ajar = u.chance(0.25), u(0.2, 1.2) * u.chance(0.4)
    total = w * 2 if double else w
    pieces = []
    if u.chance(0.75):
        rim = u(0.04, 0.08)
        pieces += [
            *mirrored(box, "frame", (total + rim, 0.0, 0), (rim, h, t * 2)),
            box("frame", (0, h + rim, 0), (total + 2 * rim, rim, t * 2)),
        ]
    style, knob = u.pick("plain", "fields", "glass"), u.pick("knob", "lever", "bar")
    rows = u.count(1, 3)
    for x in SIDES if double else (u.pick(*SIDES),):
        leaf = [box("door", (-x * w, 0, 0), (w, h, t))]
        for y in (np.arange(rows) * 2 + 1) * h / rows - h if style != "plain" else ():
            size = (w * 0.7, h / rows * 0.78, t * 1.4)
            leaf.append(box("door" if style == "fields" else "glass", (-x * w, y, 0), size, n=3))
        if u.chance(0.5):
            leaf += [cylinder("hinge", (0, y * h - 0.06, t), (0, y * h + 0.06, t), 0.025) for y in (-0.7, 0.7)]
        for z in SIDES:
            at = np.array([-x * w * 1.8, 0, z * (t + 0.04)])
            leaf.append(cylinder("handle", at - (0, 0, z * 0.06), at, 0.018))
            leaf.append(
                ellipsoid("handle", at, 0.045)
                if knob == "knob"
                else box("handle", at, (0.012, 0.2, 0.012) if knob == "bar" else (0.09, 0.015, 0.012), n=2)
            )
        hinge = np.array([x * total, 0, 0])
        pieces += [Solid(p.part, p.vertices @ turn("y", x * ajar).T + hinge, p.faces) for p in leaf]
    return pieces


@kind("window", family="opening", names=("window", "casement"), synonyms={
    "handle": ("knob", "pull", "lever"), "frame": ("body", "case", "casing", "surround"), "bar": ("slat", "rod", "crossbar"),
    "glass": ("window glass", "glazing", "mirror surface"), "sill": ("ledge", "windowsill"), "shutter": ("blind",),
})  # fmt: skip
def window(u: Rng) -> list[Solid]:
    """Windows with bars, sill, shutters, arched or rectangular, one wing or two."""
    w, h, rim = u(0.35, 0.7), u(0.45, 0.8), u(0.03, 0.07)
    arched = u.chance(0.3)
    pieces = [*mirrored(box, "frame", (w, 0, 0), (rim, h, 0.05)), box("frame", (0, -h, 0), (w + rim, rim, 0.05))]
    if arched:
        pieces.append(tube("frame", arc((0, h, 0), w, w * 0.8, 0, np.pi, "xy", 20), rim))
        glass = [(w, -h), (w, h), *((w * np.cos(a), h + w * 0.8 * np.sin(a)) for a in np.linspace(0.2, 1.55, 6))]
        pieces.append(plate("glass", glass, 0.01))
    else:
        pieces += [box("frame", (0, h, 0), (w + rim, rim, 0.05)), box("glass", (0, 0, 0), (w, h, 0.01))]
    pieces += [box("bar", (x * w, 0, 0), (0.02, h, 0.025)) for x in np.linspace(-1, 1, u.count(2, 4))[1:-1]]
    pieces += [box("bar", (0, y * h, 0), (w, 0.02, 0.025)) for y in np.linspace(-1, 1, u.count(2, 4))[1:-1]]
    if u.chance(0.6):
        pieces.append(box("sill", (0, -h - rim, 0.08), (w * 1.2, 0.03, 0.14)))
    if u.chance(0.35):
        for x in SIDES:
            angle = u(0, 0.8)
            at = np.array([x * (w + rim), 0, 0.06]) + np.array([x * np.cos(angle), 0, np.sin(angle)]) * w / 2
            pieces.append(box("shutter", at, (w / 2, h, 0.02), turn("y", -x * angle)))
    if u.chance(0.3):
        pieces.append(box("handle", (w * 0.1, 0, 0.06), (0.015, 0.07, 0.03), n=2))
    return pieces


@kind("curtain", family="curtain", names=("curtain", "drapes"), synonyms={
    "curtain": ("drape", "cloth"), "rod": ("curtain rail", "pole"), "tieback": ("curtain tie", "band"),
    "ring": ("curtain ring", "loop")})  # fmt: skip
def curtain(u: Rng) -> list[Solid]:
    """Pleated cloth on a rod, one or two sides, hanging free or tied."""
    w, h, waves, depth = u(0.6, 1), u(1, 1.8), u.count(5, 12), u(0.03, 0.07)
    pieces = [cylinder("rod", (-w * 1.1, 0.04, 0), (w * 1.1, 0.04, 0), u(0.02, 0.035))]
    pieces += [
        u.pick(
            ellipsoid("rod", (x * w * 1.1, 0.04, 0), 0.05),
            lathe("rod", [(0.05, -0.05), (0.01, 0.08)], (x * w * 1.1, 0.04, 0), "x"),
        )
        for x in SIDES
    ]
    share, tied = u(0.35, 0.95), u.chance(0.4)
    for x in SIDES if u.chance(0.8) else (0.0,):
        half = w * share / (2 if x else 1)
        y = np.linspace(0, -h, 14)
        pinch = 1 - u(0.5, 0.7) * np.exp(-(((y / h) + 0.6) ** 2) / 0.05) if tied else 1 + 0 * y
        s = np.linspace(-1, 1, 90)
        wave = depth * np.sin(s * np.pi * waves)
        outer = x * w * 0.98 + (x * half * (-1 + (1 - pinch)) if x else 0 * y)
        grid = np.stack(
            [outer[:, None] + half * pinch[:, None] * s, np.repeat(y[:, None], 90, 1), np.repeat(wave[None], 14, 0)], -1
        )
        pieces.append(_sheet("curtain", grid, 0.012))
        if tied and x:
            pieces.append(tube("tieback", ellipse((outer[8], -h * 0.6, 0), half * 0.45, depth * 1.8, "xz", 14), 0.03))
    if u.chance(0.4):
        pieces += [
            tube("ring", ellipse((k * w, 0.02, 0), 0.05, 0.05, "zy", 14), 0.01)
            for k in np.linspace(-0.95, 0.95, u.count(8, 14))
        ]
    return pieces


def _sheet(part: str, grid: Array, thick: float) -> Solid:
    """Cloth with a front and a back: points [m n 3], thick in z."""
    m, n, _ = grid.shape
    i = (np.arange(m - 1)[:, None] * n + np.arange(n - 1)[None]).ravel()
    front = np.concatenate([np.stack([i, i + n, i + n + 1], 1), np.stack([i, i + n + 1, i + 1], 1)])
    points = grid.reshape(-1, 3)
    offset = np.array([0, 0, thick])
    vertices = np.concatenate([points + offset, points - offset])
    return Solid(part, vertices, np.concatenate([front, front[:, ::-1] + m * n]))
