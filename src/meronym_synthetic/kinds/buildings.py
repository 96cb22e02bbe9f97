"""Buildings, bridges, tents, wells and fences."""

from __future__ import annotations

import itertools

import numpy as np

from meronym_synthetic.kit.curves import CORNERS, SIDES, arc, around, ellipse, turn
from meronym_synthetic.kit.registry import kind
from meronym_synthetic.kit.rng import Rng
from meronym_synthetic.kit.solids import (
    Solid,
    box,
    cylinder,
    ellipsoid,
    lathe,
    loft,
    mirrored,
    move,
    plate,
    prism,
    ring_of,
    tapered_block,
    tube,
    wing,
)


def _wall_things(u: Rng, w: float, h: float, d: float, floor: float, front: bool) -> list[Solid]:
    """Windows on all sides and, on the front, a door with steps or canopy; w, h, d are half-sizes."""
    pieces, deep = [], 0.02
    n, m, size = u.count(1, 3), u.count(1, 2), h * u(0.2, 0.32)
    for y in (floor + h * (0.55 if front else 1.0),) if h < 0.35 or u.chance(0.5) else (floor + h * 0.5, floor + h * 1.5):
        for x in np.linspace(-0.65, 0.65, n) * w if n > 1 else []:
            if abs(x) > 0.15 or y > floor + h or not front:
                pieces += mirrored(box, "window", (x, y, d), (w * 0.16, size, deep), axes="z")
        for z in np.linspace(-0.5, 0.5, m) * d if m > 1 else [0.0]:
            pieces += mirrored(box, "window", (w, y, z), (deep, size, d * 0.16))
    if front:
        at, tall, wide = u.pick(0.0, 0.0, -0.3 * w), h * u(0.4, 0.6), u(0.07, 0.11)
        pieces.append(box("door", (at, floor + tall, d), (wide, tall, deep * 1.3)))
        if u.chance(0.4):
            pieces.append(ellipsoid("door handle", (at + wide * 0.7, floor + tall, d + 0.035), 0.015))
        if u.chance(0.5):
            pieces += [
                box("step", (at, floor + 0.02 - 0.03 * k, d + 0.04 + 0.05 * k), (wide * 1.5, 0.025, 0.05))
                for k in range(u.count(1, 2))
            ]
        if u.chance(0.3):
            pieces.append(box("canopy", (at, floor + 2 * tall + 0.04, d + 0.1), (wide * 2, 0.02, 0.12)))
            pieces += [
                cylinder(
                    "column",
                    (at + x * wide * 1.7, floor, d + 0.19),
                    (at + x * wide * 1.7, floor + 2 * tall + 0.04, d + 0.19),
                    0.018,
                )
                for x in SIDES
            ]
    return pieces


def _roof(u: Rng, style: str, w: float, d: float, y: float, rise: float) -> list[Solid]:
    """Gable, hipped, pyramid, flat or shed roof over a 2w x 2d rectangle."""
    over = u(1.02, 1.2)
    a, b = w * over, d * over
    if style == "gable":
        if u.chance():
            return [prism("roof", [(-a, 0), (a, 0), (0, rise)], b, (0, y, 0))]
        tilt, length, thick = np.arctan2(rise, w), np.hypot(w, rise) * over / 2, u(0.015, 0.04)
        pieces = [prism("wall", [(-w, 0), (w, 0), (0, rise)], d, (0, y, 0))]
        middle = np.array([np.cos(tilt), -np.sin(tilt)]) * length + (0, rise + thick)
        return pieces + mirrored(box, "roof", (middle[0], y + middle[1], 0), (length * 1.03, thick, b), turn("z", -tilt))
    if style == "flat":
        return [box("roof", (0, y + 0.02, 0), (a, 0.03, b))]
    if style == "shed":
        return [prism("roof", [(-a, 0), (a, 0), (a, 0.04), (-a, rise * 0.6)], b, (0, y, 0))]
    ridge = (0.0, 0.0) if style == "pyramid" else (w * 0.02, d * u(0.3, 0.7))
    return [tapered_block("roof", (0, y, 0), (0, y + rise, 0), (a, b), ridge)]


@kind("house", family="building", names=("house", "cottage", "building", "hut"), synonyms={
    "wall": ("house wall", "outer wall", "building wall"), "roof": ("rooftop", "top"), "window": ("glass", "windows"),
    "door": ("entrance", "doorway", "front door"), "door handle": ("door knob", "handle"),
    "step": ("stair", "stairs", "doorstep"), "canopy": ("awning", "cover", "porch roof"), "column": ("pillar", "post"),
    "chimney": ("smokestack", "chimney stack"), "garage door": ("garage",), "base": ("foundation", "foot", "plinth"),
    "balcony": ("gallery", "platform"), "railing": ("handrail", "rail", "guard rail")})  # fmt: skip
def house(u: Rng) -> list[Solid]:
    """Cottages, town houses, sheds, barns and modern flat-roofed houses."""
    w, d, h = u(0.4, 0.7), u(0.4, 0.7), u(0.22, 0.5)
    style, rise = u.pick("gable", "gable", "gable", "hip", "pyramid", "flat", "shed"), u(0.25, 0.6)
    pieces = [box("wall", (0, h, 0), (w, h, d)), *_roof(u, style, w, d, 2 * h, rise), *_wall_things(u, w, h, d, 0, True)]
    if u.chance(0.6):
        x, z, wide = u(-0.6, 0.6) * w, u(-0.6, 0.3) * d, u(0.05, 0.09)
        tall = 2 * h + rise * u(0.8, 1.1)
        pieces.append(box("chimney", (x, h + tall / 2, z), (wide, tall / 2 - h / 2 + h * 0.5, wide)))
        if u.chance():
            pieces.append(box("chimney", (x, h + tall / 2 + tall / 2, z), (wide * 1.2, 0.02, wide * 1.2)))
    if u.chance(0.3):
        side, low = u.pick(-1.0, 1.0), h * u(0.5, 0.8)
        annex = [
            box("wall", (0, low, 0), (w * 0.5, low, d * 0.7)),
            *_roof(u, u.pick("flat", "shed", "gable"), w * 0.5, d * 0.7, 2 * low, rise * 0.5),
        ]
        if u.chance(0.5):
            annex.append(box("garage door", (0, low * 0.8, d * 0.7), (w * 0.38, low * 0.75, 0.02)))
        pieces += move(annex, (side * w * 1.4, 0, 0))
    if u.chance(0.25):
        pieces.append(box("base", (0, -0.03, 0), (w * 1.1, 0.05, d * 1.15)))
    if u.chance(0.2) and h > 0.35:
        pieces.append(box("balcony", (0, h * 1.05, d + 0.1), (w * 0.4, 0.02, 0.12)))
        pieces += [
            tube("balcony/railing", [(-w * 0.4, h * y, d + 0.21), (w * 0.4, h * y, d + 0.21)], 0.012) for y in (1.2, 1.35)
        ]
        pieces += mirrored(cylinder, "balcony/railing", (w * 0.4, h * 1.05, d + 0.21), (w * 0.4, h * 1.36, d + 0.21), 0.014)
    return pieces


def _tower(u: Rng, centre: tuple[float, float], r: float, h: float, top: str) -> list[Solid]:
    """Round or square tower with a pointed roof or battlements."""
    x, z = centre
    square, pieces, wide = u.chance(0.3), [], r * u(1.0, 1.2)
    if square:
        pieces.append(box("tower", (x, h / 2, z), (r * 0.9, h / 2, r * 0.9)))
    else:
        pieces.append(lathe("tower", [(r * u(1, 1.15), 0), (r, h * 0.2), (r, h * 0.8), (wide, h * 0.88), (wide, h)], (x, 0, z)))
    if top == "roof":
        rise, over = r * u(1.2, 2.6), wide * u(1.05, 1.3)
        if square:
            pieces.append(tapered_block("roof", (x, h, z), (x, h + rise, z), (over, over), (0, 0)))
        else:
            pieces.append(lathe("roof", [(over, 0), (over * u(0.45, 0.5), rise * 0.5), (0, rise)], (x, h, z)))
        if u.chance(0.35):
            pieces.append(cylinder("flag/flagpole", (x, h + rise * 0.9, z), (x, h + rise + 0.2, z), 0.01))
            pieces.append(box("flag", (x + 0.07, h + rise + 0.15, z), (0.07, 0.04, 0.006)))
    else:
        n, size = u.pick(6, 8), wide * 0.2
        pieces += [
            box(
                "battlement",
                (x + wide * 0.88 * c, h + size * 0.8, z + wide * 0.88 * s),
                size,
                turn("y", float(np.arctan2(c, s))),
            )
            for c, s in around(n)
        ]
    if u.chance(0.5):
        pieces += [
            box("window", (x, y, z + r * 0.95), (r * 0.14, r * 0.28, r * 0.1))
            for y in np.linspace(h * 0.35, h * 0.7, u.count(1, 2))
        ]
    return pieces


@kind("castle", family="building", names=("castle", "fortress"), synonyms={
    "wall": ("house wall", "outer wall", "building wall"), "roof": ("rooftop", "top"), "window": ("glass", "windows"),
    "base": ("foundation", "foot", "plinth"), "tower": ("turret", "tall part"),
    "battlement": ("crenellation", "wall top", "merlon"), "flag": ("banner", "pennant"), "flagpole": ("pole", "flag staff"),
    "gate": ("gateway", "entrance", "door"), "drawbridge": ("bridge",)})  # fmt: skip
def castle(u: Rng) -> list[Solid]:
    """Castles with corner towers, walls with battlements, a gate and a keep."""
    w, d, h, r = u(0.6, 0.8), u(0.5, 0.75), u(0.3, 0.45), u(0.13, 0.2)
    corner = _tower(u, (0, 0), r, h * u(1.2, 1.8), u.pick("roof", "battlement"))
    pieces = [piece for x, z in CORNERS for piece in move(corner, (x * w, 0, z * d))]
    for side in SIDES:
        pieces += [box("wall", (0, h / 2, side * d), (w, h / 2, 0.05)), box("wall", (side * w, h / 2, 0), (0.05, h / 2, d))]
        n = u.count(5, 9)
        for t in np.linspace(-1, 1, n):
            pieces.append(box("battlement", (t * (w - r), h + 0.03, side * d), (0.04, 0.04, 0.05), n=2))
            pieces.append(box("battlement", (side * w, h + 0.03, t * (d - r)), (0.05, 0.04, 0.04), n=2))
    gate = u(0.1, 0.15)
    arch = np.concatenate([[(-gate, 0), (gate, 0)], arc((0, 0.2, 0), gate, gate, 0, np.pi, "xy", 9)[:, :2]])
    pieces.append(prism("gate", arch, 0.07, (0, 0, d)))
    if u.chance(0.5):
        gatehouse = _tower(u, (0, 0), r * 0.7, h * u(1.0, 1.3), u.pick("roof", "battlement"))
        pieces += [piece for x in SIDES for piece in move(gatehouse, (x * (gate + r * 0.7), 0, d))]
    if u.chance(0.75):
        size, tall = u(0.2, 0.32), h * u(1.5, 2.4)
        if u.chance():
            pieces += _tower(u, (0, -0.1), size, tall, u.pick("roof", "battlement"))
        else:
            keep = [
                box("wall", (0, tall * 0.4, 0), (size, tall * 0.4, size)),
                *_roof(u, u.pick("hip", "pyramid"), size, size, tall * 0.8, 0.3),
            ]
            pieces += move(keep, (0, 0, -0.1))
    if u.chance(0.4):
        pieces.append(box("base", (0, -0.03, 0), (w + r * 1.3, 0.05, d + r * 1.3)))
    if u.chance(0.25):
        pieces.append(box("drawbridge", (0, 0.0, d + 0.25), (gate, 0.02, 0.22)))
    return pieces


@kind("tower", family="building", names=("tower", "water tower", "skyscraper"), synonyms={
    "wall": ("house wall", "outer wall", "building wall"), "roof": ("rooftop", "top"), "window": ("glass", "windows"),
    "door": ("entrance", "doorway", "front door"), "tower": ("turret", "tall part"),
    "battlement": ("crenellation", "wall top", "merlon"), "flag": ("banner", "pennant"), "flagpole": ("pole", "flag staff"),
    "leg": ("support", "stand"), "tank": ("water tank", "container"), "brace": ("crossbar", "cross beam"),
    "antenna": ("aerial", "mast")})  # fmt: skip
def tower(u: Rng) -> list[Solid]:
    """Single round or square towers, water towers and skyscrapers."""
    style = u.pick("keep", "keep", "water", "skyscraper")
    if style == "keep":
        r, h = u(0.2, 0.35), u(0.9, 1.4)
        pieces = _tower(u, (0, 0), r, h, u.pick("roof", "battlement"))
        return [*pieces, box("door", (0, 0.13, r * 1.03), (0.08, 0.14, 0.05))]
    if style == "water":
        r, h, n, spread = u(0.3, 0.45), u(0.7, 1.1), u.pick(4, 4, 6), u(0.8, 1.2)
        feet = [(r * spread * c, 0, r * spread * s) for c, s in around(n, np.pi / 4)]
        pieces = [tube("leg", [foot, (foot[0] * 0.8 / spread, h, foot[2] * 0.8 / spread)], 0.025) for foot in feet]
        tall, dome = u(0.4, 0.6), u(0.1, 0.3)
        pieces.append(lathe("tank", [(0, -0.15), (r, 0), (r, tall), (0, tall + 0.01)], (0, h, 0)))
        pieces.append(lathe("roof", [(r * 1.08, 0), (r * 0.6, dome * 0.7), (0, dome)], (0, h + tall, 0)))
        mid = [np.add(np.multiply(foot, (0.9, 0, 0.9)), (0, h / 2, 0)) for foot in feet]
        pieces += [tube("brace", [mid[k - 1], mid[k]], 0.014) for k in range(n)]
        return pieces
    w, d, y, pieces = u(0.25, 0.4), u(0.25, 0.4), 0.0, []
    for k in range(u.count(1, 3)):
        h, shrink = u(0.5, 0.9) / (1 + 0.3 * k), 1 - 0.22 * k
        pieces.append(box("wall", (0, y + h / 2, 0), (w * shrink, h / 2, d * shrink)))
        rows = np.linspace(y + 0.08, y + h - 0.08, u.count(3, 6))
        if u.chance(0.4):
            pieces += [box("window", (0, q, 0), (w * shrink + 0.01, 0.03, d * shrink + 0.01)) for q in rows]
        else:
            pieces += [
                box("window", (x * w * shrink, q, z * d * shrink), (w * 0.16 * shrink, 0.03, 0.012))
                for q in rows
                for x in (-0.6, 0, 0.6)
                for z in SIDES
            ]
        y += h
    if u.chance(0.6):
        pieces.append(cylinder("antenna", (0, y, 0), (0, y + u(0.2, 0.5), 0), [0.025, 0.008]))
    return [*pieces, box("door", (0, 0.08, d), (0.08, 0.08, 0.02))]


@kind("church", family="building", names=("church", "chapel", "mosque"), synonyms={
    "wall": ("house wall", "outer wall", "building wall"), "roof": ("rooftop", "top"), "window": ("glass", "windows"),
    "door": ("entrance", "doorway", "front door"), "door handle": ("door knob", "handle"),
    "step": ("stair", "stairs", "doorstep"), "canopy": ("awning", "cover", "porch roof"), "column": ("pillar", "post"),
    "balcony": ("gallery", "platform"), "tower": ("turret", "tall part"), "flag": ("banner", "pennant"),
    "flagpole": ("pole", "flag staff"), "dome": ("round roof", "cupola"), "spire": ("steeple", "pointed roof"),
    "cross": ("crucifix",), "clock": ("clock face",)})  # fmt: skip
def church(u: Rng) -> list[Solid]:
    """Churches and chapels with a steeple and a cross; mosques with dome and minarets."""
    w, d, h = u(0.25, 0.36), u(0.5, 0.75), u(0.25, 0.4)
    if u.chance(0.25):
        d = w * u(1, 1.3)
        pieces = [
            box("wall", (0, h / 2, 0), (w, h / 2, d)),
            lathe("dome", [(w * 0.9, 0), (w * 0.95, 0.12), (w * 0.6, 0.3), (0, 0.45)], (0, h - 0.01, 0)),
        ]
        minaret = [
            *_tower(u, (0, 0), 0.06, h * u(2, 2.8), "roof"),
            lathe("balcony", [(0.06, 0), (0.1, 0.04), (0.1, 0.07), (0.06, 0.07)], (0, h * 1.5, 0)),
        ]
        spots = [(x, z) for z in SIDES[: u.count(1, 2)] for x in SIDES]
        pieces += [piece for x, z in spots for piece in move(minaret, (x * w * 1.2, 0, z * d * 0.9))]
        return pieces + _wall_things(u, w, h / 2, d, 0, True)
    pieces = [box("wall", (0, h / 2, 0), (w, h / 2, d)), *_roof(u, "gable", w, d, h, u(0.25, 0.45))]
    pieces += _wall_things(u, w, h / 2, d, 0, False)
    size, tall, at = w * u(0.4, 0.6), h * u(1.8, 2.6), d * u(0.95, 1.1)
    pieces.append(box("tower", (0, tall / 2, at), (size, tall / 2, size)))
    spire = u(0.3, 0.7)
    if u.chance():
        pieces.append(tapered_block("tower/spire", (0, tall, at), (0, tall + spire, at), (size * 1.1, size * 1.1), (0, 0)))
    else:
        pieces.append(lathe("tower/spire", [(size, 0), (size * 0.4, spire * 0.5), (0, spire)], (0, tall, at)))
    if u.chance(0.8):
        y = tall + spire
        pieces += [box("cross", (0, y + 0.07, at), (0.014, 0.11, 0.014)), box("cross", (0, y + 0.1, at), (0.055, 0.014, 0.014))]
    pieces.append(box("door", (0, h * 0.3, at + size), (size * 0.45, h * 0.3, 0.025)))
    if u.chance(0.5):
        pieces.append(lathe("clock", [(size * 0.5, -0.02), (size * 0.5, 0.02), (0, 0.025)], (0, tall * 0.8, at + size), "z"))
    if u.chance(0.4):
        apse = [lathe("wall", [(w * 0.7, 0), (w * 0.7, h * 0.8)]), lathe("roof", [(w * 0.75, 0), (0, 0.25)], (0, h * 0.8, 0))]
        pieces += move(apse, (0, 0, -d))
    return pieces


@kind("windmill", family="building", names=("windmill", "wind mill"), synonyms={
    "roof": ("rooftop", "top"), "window": ("glass", "windows"), "door": ("entrance", "doorway", "front door"),
    "balcony": ("gallery", "platform"), "tower": ("turret", "tall part"), "axle": ("shaft", "roller"),
    "sail": ("windmill blade", "blade", "wing"), "blade": ("rotor blade", "windmill blade"),
    "engine housing": ("nacelle", "generator"), "hub": ("rotor hub", "center"), "tail": ("tail vane", "vane")})  # fmt: skip
def windmill(u: Rng) -> list[Solid]:
    """Dutch and toy windmills with four sails, farm wind pumps and modern wind power towers."""
    style, h = u.pick("dutch", "dutch", "modern", "pump"), u(1.0, 1.4)
    spin, sails, z = u(0, 1.5), [], 0.0
    if style == "dutch":
        r, top, rise = u(0.26, 0.36), u(0.16, 0.22), u(0.15, 0.3)
        pieces = [
            lathe("tower", [(r, 0), (top, h), (0, h)]),
            lathe("roof", [(top * 1.1, 0), (top * 0.9, rise * 0.6), (0, rise)], (0, h, 0)),
        ]
        pieces.append(box("door", (0, 0.13, r * 0.93), (0.07, 0.13, 0.04)))
        pieces += [box("window", (0, y, r + (top - r) * y / h), (0.04, 0.05, 0.03)) for y in (0.5, 0.75)[: u.count(1, 2)]]
        z, y, reach, wide = top + 0.12, h, u(0.7, 0.85), u(0.07, 0.11)
        pieces.append(cylinder("axle", (0, y, 0), (0, y, z + 0.03), 0.03))
        lattice = u.chance()
        for c, s in around(4, spin):
            sails.append(tube("sail", [(0, y, z), (reach * c, y + reach * s, z)], 0.015))
            side = np.array([-s, c, 0])
            start, end = np.array([c, s, 0]) * reach * 0.25, np.array([c, s, 0]) * reach
            if lattice:
                path = [start, start + side * wide * 2, end + side * wide * 2, end]
                sails.append(tube("sail", np.add(np.array(path), (0, y, z)), 0.012))
                rungs = np.linspace(0.25, 1, 7) * reach
                sails += [
                    tube("sail", [np.array([c, s, 0]) * q + side * k + (0, y, z) for k in (0, 2 * wide)], 0.009) for q in rungs
                ]
            else:
                sail = start + side * wide + (0, y, z)
                sails.append(wing("sail", sail, end + side * wide + (0, y, z), (wide, wide), 0.012, side, (0, 0, 1)))
        if u.chance(0.3):
            pieces.append(lathe("balcony", [(r, 0), (r * 1.4, 0.02), (r * 1.4, 0.05), (r, 0.06)], (0, h * 0.4, 0)))
        return pieces + sails
    thin = style == "modern"
    pieces = []
    if thin:
        pieces.append(cylinder("tower", (0, 0, 0), (0, h, 0), [u(0.05, 0.08), 0.03]))
        pieces.append(ellipsoid("engine housing", (0, h + 0.02, -0.03), (0.05, 0.05, 0.14), square=0.6))
    else:
        w = u(0.2, 0.28)
        pieces += mirrored(tube, "tower", [(w, 0, w), (0.03, h, 0.03)], 0.016, axes="xz")
        for y in (0.2, 0.45, 0.7):
            k = w * (1 - y)
            ring = [(-k, y * h, -k), (k, y * h, -k), (k, y * h, k), (-k, y * h, k), (-k, y * h, -k)]
            pieces.append(tube("tower", ring, 0.012))
        pieces += [tube("tail", [(0, h, 0), (0, h, -0.35)], 0.014), box("tail", (0, h, -0.42), (0.008, 0.1, 0.12))]
    pieces.append(ellipsoid("hub", (0, h + 0.02 * thin, 0.13), (0.05, 0.05, 0.06)))
    pieces.append(tube("hub", [(0, h, 0), (0, h, 0.12)], 0.02))
    reach = u(0.55, 0.75) if thin else u(0.28, 0.4)
    for c, s in around(3 if thin else u.count(8, 14), spin):
        side = np.array([-s * 0.9, c * 0.9, 0.4])
        chord = (0.05, 0.012) if thin else (0.02, 0.06)
        blade = (0, h, 0.13)
        pieces.append(wing("blade", blade, (reach * c, h + reach * s, 0.13), chord, 0.014, side, np.cross((c, s, 0), side)))
    return pieces


@kind("lighthouse", family="building", names=("lighthouse",), synonyms={
    "wall": ("house wall", "outer wall", "building wall"), "roof": ("rooftop", "top"), "window": ("glass", "windows"),
    "door": ("entrance", "doorway", "front door"), "base": ("foundation", "foot", "plinth"), "balcony": ("gallery", "platform"),
    "railing": ("handrail", "rail", "guard rail"), "tower": ("turret", "tall part"), "lamp room": ("lantern room", "light"),
})  # fmt: skip
def lighthouse(u: Rng) -> list[Solid]:
    """Lighthouses: tower, gallery, lamp room, roof."""
    r, h, top = u(0.22, 0.32), u(1.0, 1.5), u(0.12, 0.2)
    pieces = [lathe("tower", [(r, 0), (top + (r - top) * u(0.25, 0.5), h * 0.5), (top, h)])]
    if u.chance(0.7):
        pieces.append(lathe("base", [(r * 1.5, -0.12), (r * 1.4, 0.02), (r, 0.03)]))
    deck, lamp = top * u(1.4, 1.8), top * u(0.6, 0.85)
    pieces.append(lathe("balcony", [(top, 0), (deck, 0.03), (deck, 0.06), (0, 0.06)], (0, h, 0)))
    if u.chance(0.7):
        pieces.append(tube("balcony/railing", ellipse((0, h + 0.15, 0), deck * 0.95, deck * 0.95, "xz", 25), 0.012))
        pieces += ring_of(8, cylinder, "balcony/railing", (deck * 0.95, h, 0), (deck * 0.95, h + 0.15, 0), 0.009)
    tall, rise = u(0.15, 0.25), u(0.1, 0.22)
    pieces.append(cylinder("lamp room", (0, h + 0.04, 0), (0, h + tall, 0), lamp))
    pieces.append(lathe("roof", [(lamp * 1.25, 0), (lamp * 0.8, rise * 0.6), (0, rise)], (0, h + tall, 0)))
    if u.chance(0.5):
        pieces.append(ellipsoid("roof", (0, h + tall + rise, 0), 0.03))
    pieces.append(box("door", (0, 0.12, r * 0.95), (0.06, 0.12, 0.05)))
    pieces += [
        box("window", (0, y * h, (r + top) / 2 * (1.25 - 0.45 * y)), (0.035, 0.05, 0.05)) for y in (0.4, 0.65)[: u.count(0, 2)]
    ]
    if u.chance(0.25):
        annex = [box("wall", (0, 0.12, 0), (0.2, 0.12, 0.18)), *_roof(u, "gable", 0.2, 0.18, 0.24, 0.14)]
        pieces += move(annex, (r + 0.15, 0, 0))
    return pieces


@kind("bridge", family="bridge", names=("bridge",), synonyms={
    "railing": ("handrail", "rail", "guard rail"), "tower": ("turret", "tall part"), "roadway": ("deck", "road", "bridge deck"),
    "pillar": ("pier", "support", "column"), "arch": ("archway", "curve"), "cable": ("rope", "wire", "suspension cable"),
})  # fmt: skip
def bridge(u: Rng) -> list[Solid]:
    """Beam, arch, suspension, truss and small wooden garden bridges; the roadway runs along x."""
    style, w, h = u.pick("beam", "arch", "suspension", "garden", "truss"), u(0.15, 0.26), u(0.25, 0.45)
    x = np.linspace(-1, 1, 21)
    bow = u(0.15, 0.4) if style == "garden" else u(0, 0.08)
    deck = np.stack([x, h + bow * (1 - x**2), 0 * x], 1)
    pieces = [loft("roadway", deck, np.tile([0, 0, w], (21, 1)), np.tile([0, 0.03, 0], (21, 1)))]
    n = u.count(2, 4)
    if style in ("beam", "suspension"):
        piers = np.linspace(-0.6, 0.6, n) if style == "beam" else [-0.5, 0.5]
        for q in piers:
            pieces += [box("pillar", (q, (h + bow * 0.7) / 2, 0), (0.06, (h + bow * 0.7) / 2, w * u(0.6, 0.95)))]
    if style == "arch":
        for k in range(n):
            a, b = -0.95 + 1.9 * k / n, -0.95 + 1.9 * (k + 1) / n
            path = arc(((a + b) / 2, 0, 0), (b - a) / 2, h * 0.92, 0, np.pi, "xy", 15)
            pieces.append(loft("arch", path, np.tile([0, 0, w * 0.95], (15, 1)), (path - ((a + b) / 2, 0, 0)) * 0.12))
            pieces += [box("pillar", (q, h / 2, 0), (0.035, h / 2, w * 0.9)) for q in (a, b)]
    if style == "suspension":
        tall = h + u(0.35, 0.55)
        for z in SIDES:
            pieces += [box("tower", (q, tall / 2, z * w), (0.04, tall / 2, 0.035)) for q in (-0.5, 0.5)]
            for a, b, dip in ((-0.5, 0.5, 1.0), (-1, -0.5, 0.0), (0.5, 1, 0.0)):
                t = np.linspace(0, 1, 13)
                ends = (tall if a != -1 else h, tall if b != 1 else h)
                y = ends[0] * (1 - t) + ends[1] * t - 4 * dip * t * (1 - t) * (tall - h - 0.1)
                path = np.stack([a + (b - a) * t, y, 0 * t + z * w], 1)
                pieces.append(tube("cable", path, 0.014))
                pieces += [tube("cable", [p, (p[0], h, p[2])], 0.008) for p in path[2:-1:2]]
        pieces += [box("tower", (q, tall - 0.04, 0), (0.035, 0.03, w)) for q in (-0.5, 0.5)]
        return pieces
    rail = u(0.12, 0.28)
    for z in SIDES:
        side = np.add(deck, (0, 0, z * w * 0.95))
        pieces.append(tube("railing", np.add(side, (0, rail, 0)), 0.016))
        step = 1 if style == "truss" else 2
        posts = side[:: 2 * step]
        pieces += [tube("railing", [p, np.add(p, (0, rail, 0))], 0.012) for p in posts]
        if style == "truss":
            pieces += [tube("railing", [a, np.add(b, (0, rail, 0))], 0.012) for a, b in itertools.pairwise(posts)]
    if style in ("garden", "truss"):
        pieces += mirrored(box, "pillar", (0.95, h / 2, 0), (0.06, h / 2, w))
    return pieces


@kind("tent", family="tent", names=("tent", "camping tent", "pavilion"), synonyms={
    "wall": ("house wall", "outer wall", "building wall"), "roof": ("rooftop", "top"),
    "door": ("entrance", "doorway", "front door"), "flag": ("banner", "pennant"), "canvas": ("tent fabric", "cloth", "tarp"),
    "pole": ("tent pole", "rod", "stick", "mast"), "rope": ("cord", "string", "line"), "peg": ("stake", "tent peg"),
})  # fmt: skip
def tent(u: Rng) -> list[Solid]:
    """Ridge tents, domes, tepees, market pavilions and circus tents."""
    style, w, d, h = u.pick("ridge", "dome", "tepee", "pavilion", "circus"), u(0.5, 0.7), u(0.6, 0.9), u(0.6, 0.9)
    pieces = []
    if style == "ridge":
        pieces.append(prism("canvas", [(-w, 0), (w, 0), (0, h)], d))
        pieces.append(prism("door", [(-w * 0.3, 0), (w * 0.3, 0), (0, h * 0.75)], 0.02, (0, 0, d)))
        pieces += mirrored(cylinder, "pole", (0, 0, d * 1.03), (0, h * 1.04, d * 1.03), 0.018, axes="z")
        for x, z in CORNERS:
            pieces.append(tube("rope", [(x * w * 0.35, h * 0.65, z * d), (x * w * 1.4, 0, z * d * 1.1)], 0.01))
            pieces.append(cylinder("peg", (x * w * 1.4, -0.05, z * d * 1.1), (x * w * 1.4, 0.05, z * d * 1.1), 0.015))
        return pieces
    if style == "dome":
        pieces.append(lathe("canvas", [(w, 0), (w * 0.95, h * 0.35), (w * 0.7, h * 0.62), (w * 0.35, h * 0.77), (0, h * 0.8)]))
        for k in range(u.count(2, 3)):
            path = arc((0, 0, 0), w * 1.01, h * 0.83, 0, np.pi, "xy", 20) @ turn("y", np.pi * k / 3 + 0.4).T
            pieces.append(tube("pole", path, 0.015))
        pieces.append(ellipsoid("door", (0, h * 0.25, w * 0.85), (w * 0.3, h * 0.25, w * 0.17)))
        return pieces
    if style == "tepee":
        pieces.append(cylinder("canvas", (0, 0, 0), (0, h * 1.3, 0), [w, w * 0.1]))
        pieces += ring_of(u.count(5, 8), tube, "pole", [(w, 0, 0), (-w * 0.25, h * 1.6, 0)], 0.018)
        door = [(-0.12, 0), (0.12, 0), (0, 0.45)]
        pieces.append(prism("door", door, 0.03, (0, 0, w * 0.87), turn("x", -float(np.arctan2(w * 0.9, h * 1.3)))))
        return pieces
    high, rise = h * u(0.6, 0.8), u(0.25, 0.45)
    if style == "circus":
        pieces += [
            cylinder("wall", (0, 0, 0), (0, high * 0.6, 0), w * 1.1),
            lathe("roof", [(w * 1.2, 0), (w * 0.4, rise * 0.5), (0, rise * 1.5)], (0, high * 0.6, 0)),
        ]
        pieces.append(cylinder("pole", (0, high * 0.6 + rise, 0), (0, high * 0.6 + rise * 1.5 + 0.2, 0), 0.014))
        pieces.append(box("flag", (0.08, high * 0.6 + rise * 1.5 + 0.15, 0), (0.08, 0.04, 0.006)))
        pieces.append(box("door", (0, high * 0.25, w * 1.08), (0.13, high * 0.25, 0.03)))
        return pieces
    pieces.append(tapered_block("roof", (0, high, 0), (0, high + rise, 0), (w * 1.05, w * 1.05), (0, 0)))
    pieces += mirrored(cylinder, "pole", (w, 0, w), (w, high + 0.02, w), 0.022, axes="xz")
    if u.chance(0.5):
        pieces += mirrored(box, "roof", (0, high - 0.05, w), (w, 0.05, 0.01), axes="z") + mirrored(
            box, "roof", (w, high - 0.05, 0), (0.01, 0.05, w)
        )
    return pieces


@kind("well", family="well", names=("well", "water well"), synonyms={
    "wall": ("house wall", "outer wall", "building wall"), "roof": ("rooftop", "top"), "axle": ("shaft", "roller"),
    "rope": ("cord", "string", "line"), "rim": ("edge", "border"), "post": ("pole", "pillar", "column"),
    "crank": ("winch handle", "handle"), "bucket": ("pail",), "handle": ("pull", "knob")})  # fmt: skip
def well(u: Rng) -> list[Solid]:
    """Stone wells with a roof, a winch and a bucket."""
    r, h, thick = u(0.35, 0.5), u(0.3, 0.5), u(0.05, 0.1)
    inner = r - thick
    pieces = [lathe("wall", [(0, 0), (r, 0), (r, h), (inner, h), (inner, h * 0.3), (0, h * 0.3)])]
    if u.chance(0.4):
        pieces.append(tube("rim", ellipse((0, h, 0), r - thick / 2, r - thick / 2, "xz", 25), thick * 0.65))
    tall, t = u(0.9, 1.2), u(0.025, 0.04)
    pieces += mirrored(box, "post", (r - thick / 2, tall / 2, 0), (t, tall / 2, t))
    if u.chance(0.85):
        pieces += move(
            _roof(u, u.pick("gable", "gable", "hip"), r * 0.7, r * 1.15, tall, u(0.2, 0.35)), rotation=turn("y", np.pi / 2)
        )
    axle = h + (tall - h) * u(0.5, 0.7)
    pieces.append(cylinder("axle", (-r, axle, 0), (r, axle, 0), u(0.025, 0.05)))
    if u.chance(0.7):
        crank = [(r, axle, 0), (r + 0.1, axle, 0), (r + 0.1, axle - 0.13, 0.05), (r + 0.2, axle - 0.13, 0.05)]
        pieces.append(tube("crank", crank, 0.018))
    drop = h + u(-0.1, 0.1)
    pieces.append(tube("rope", [(0, axle, 0), (0, drop + 0.1, 0)], 0.01))
    pieces.append(lathe("bucket", [(0.07, -0.08), (0.1, 0.08), (0.08, 0.08), (0.06, -0.05)], (0, drop, 0)))
    pieces.append(tube("bucket/handle", arc((0, drop + 0.07, 0), 0.09, 0.08, 0, np.pi, "xy"), 0.008))
    return pieces


@kind("fence", family="fence", names=("fence", "wooden fence"), synonyms={
    "post": ("pole", "pillar", "column"), "cap": ("top", "head"), "rail": ("crossbar", "horizontal bar"),
    "picket": ("slat", "board", "fence board"), "bar": ("rod", "iron bar")})  # fmt: skip
def fence(u: Rng) -> list[Solid]:
    """Picket, ranch, plank, iron and wire fences."""
    style, h, long = u.pick("picket", "ranch", "plank", "iron", "wire"), u(0.5, 0.9), u(0.8, 1.1)
    n, t = u.count(2, 4), u(0.03, 0.05)
    spots, tip = np.linspace(-long, long, n), u(0.03, 0.1)
    pieces = []
    for x in spots:
        pieces.append(box("post", (x, h * 0.53, 0), (t, h * 0.53, t)))
        if style in ("picket", "iron") and u.chance(0.7):
            pieces.append(ellipsoid("post/cap", (x, h * 1.08, 0), t * 1.3))
    rails = u.count(2, 4) if style == "ranch" else 5 if style == "wire" else 2
    thick = 0.01 if style == "wire" else u(0.014, 0.025)
    for y in np.linspace(0.25, 0.88 if style in ("ranch", "wire") else 0.78, rails) * h:
        half = (long, thick if style != "ranch" else 0.045, thick)
        pieces.append(
            tube("rail", [(-long, y, 0), (long, y, 0)], thick) if style in ("wire", "iron") else box("rail", (0, y, 0), half)
        )
    if style in ("picket", "plank"):
        m = u.count(9, 15)
        wide = long / m * (u(0.45, 0.7) if style == "picket" else 0.97)
        shape = [(wide, 0.03), (wide, h * 0.9), (0.002, h * 0.9 + tip)] if style == "picket" else [(wide, 0.03), (wide, h)]
        pieces += [plate("picket", np.array(shape), 0.012, (x, 0, 0.03)) for x in np.linspace(-long + wide, long - wide, m)]
    if style == "iron":
        for x in np.linspace(-long, long, u.count(11, 19)):
            pieces += [cylinder("bar", (x, 0.05, 0), (x, h, 0), 0.012), lathe("bar", [(0.022, 0), (0, 0.07)], (x, h, 0))]
    return pieces


@kind("gate", family="fence", names=("gate", "garden gate"), synonyms={
    "arch": ("archway", "curve"), "post": ("pole", "pillar", "column"), "cap": ("top", "head"), "handle": ("pull", "knob"),
    "bar": ("rod", "iron bar"), "frame": ("framework", "edge frame"), "board": ("plank", "side", "slat"),
    "hinge": ("door hinge",)})  # fmt: skip
def gate(u: Rng) -> list[Solid]:
    """Garden gates, double iron gates and stone archways with doors."""
    style, w, h, t = u.pick("iron", "wood", "arch"), u(0.4, 0.7), u(0.8, 1.1), u(0.05, 0.09)
    pieces = mirrored(box, "post", (w + t, h * 0.52, 0), (t, h * 0.52, t))
    if style == "arch":
        path = arc((0, h, 0), w + t, u(0.3, 0.6), 0, np.pi, "xy", 16)
        pieces.append(tube("arch", path, t, round_ends=False))
    elif u.chance(0.7):
        pieces += [ellipsoid("post/cap", (x * (w + t), h * 1.06, 0), t * 1.3, square=u.pick(0.3, 1.0)) for x in SIDES]
    double, leaves, curve = u.chance(0.65), [], u(-0.2, 0.2)
    opened = u.pick(0.0, u(0.2, 1.2))
    wide = w if double else 2 * w
    x = np.linspace(0.03, wide - 0.02, u.count(5, 9))
    top = h * (0.85 + curve * np.sin(np.pi / 2 * x / wide))
    if style == "iron":
        leaves += [cylinder("bar", (a, 0.06, 0), (a, b, 0), 0.014) for a, b in zip(x, top, strict=True)]
        leaves.append(tube("frame", np.stack([x, top, 0 * x], 1), 0.02))
        leaves += [tube("frame", [(0.02, y, 0), (wide - 0.02, y, 0)], 0.018) for y in (0.08, 0.45 * h)]
    else:
        half = (x[1] - x[0]) * 0.47
        leaves += [box("board", (a, b / 2 + 0.03, 0), (half, b / 2 - 0.03, 0.014)) for a, b in zip(x, top, strict=True)]
        leaves += [box("frame", (wide / 2, y, 0.02), (wide * 0.48, 0.03, 0.015)) for y in (0.2, 0.65 * h)]
        angle = float(np.arctan2(0.65 * h - 0.2, wide))
        leaves.append(box("frame", (wide / 2, 0.1 + 0.325 * h, 0.02), (wide * 0.5, 0.025, 0.012), turn("z", angle)))
    if u.chance(0.6):
        leaves.append(ellipsoid("handle", (wide - 0.06, h * 0.45, 0.05), (0.035, 0.02, 0.03)))
    leaves += [cylinder("hinge", (0, y, 0), (0, y + 0.08, 0), 0.022) for y in (0.15, h * 0.6)]
    for side in SIDES[: 2 if double else 1]:
        leaf = [Solid(p.part, p.vertices * (-side, 1, 1), p.faces) for p in leaves]
        pieces += move(leaf, (side * w, 0, 0), rotation=turn("y", side * opened))
    return pieces
