"""Buildings, street furniture, plants and fruit."""

from __future__ import annotations

import itertools

import numpy as np
from numpy.typing import ArrayLike

from meronym_synthetic.kit import (
    SIDES,
    Array,
    Dice,
    Kind,
    Piece,
    arc,
    around,
    bezier,
    box,
    cylinder,
    ellipsoid,
    lathe,
    loft,
    move,
    plate,
    prism,
    tube,
    turn,
    wing,
)


def _block(part: str, low: ArrayLike, high: ArrayLike, half: tuple[float, float], top: tuple[float, float]) -> Piece:
    """Straight block between the centres of its lower and upper face; half-sizes in x and z of both faces."""
    cube = box(part, (0, 0, 0), (1, 1, 1), n=4)
    t = (cube.vertices[:, 1:2] + 1) / 2
    size = (1 - t) * np.array([half[0], 0, half[1]]) + t * np.array([top[0], 0, top[1]])
    return Piece(part, cube.vertices * size + (1 - t) * np.asarray(low, float) + t * np.asarray(high, float), cube.faces)


def _wall_things(u: Dice, w: float, h: float, d: float, floor: float, front: bool) -> list[Piece]:
    """Windows on all sides and, on the front, a door with steps or canopy; w, h, d are half-sizes."""
    pieces, deep = [], 0.02
    n, m, size = u.count(1, 3), u.count(1, 2), h * u(0.2, 0.32)
    for y in (floor + h * (0.55 if front else 1.0),) if h < 0.35 or u.chance(0.5) else (floor + h * 0.5, floor + h * 1.5):
        for x in np.linspace(-0.65, 0.65, n) * w if n > 1 else []:
            if abs(x) > 0.15 or y > floor + h or not front:
                pieces += [box("window", (x, y, z * d), (w * 0.16, size, deep)) for z in SIDES]
        for z in np.linspace(-0.5, 0.5, m) * d if m > 1 else [0.0]:
            pieces += [box("window", (x * w, y, z), (deep, size, d * 0.16)) for x in SIDES]
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


def _roof(u: Dice, style: str, w: float, d: float, y: float, rise: float) -> list[Piece]:
    """Gable, hipped, pyramid, flat or shed roof over a 2w x 2d rectangle."""
    over = u(1.02, 1.2)
    a, b = w * over, d * over
    if style == "gable":
        if u.chance():
            return [prism("roof", [(-a, 0), (a, 0), (0, rise)], b, (0, y, 0))]
        tilt, length, thick = np.arctan2(rise, w), np.hypot(w, rise) * over / 2, u(0.015, 0.04)
        pieces = [prism("wall", [(-w, 0), (w, 0), (0, rise)], d, (0, y, 0))]
        middle = np.array([np.cos(tilt), -np.sin(tilt)]) * length + (0, rise + thick)
        return pieces + [
            box("roof", (x * middle[0], y + middle[1], 0), (length * 1.03, thick, b), turn("z", -x * tilt)) for x in SIDES
        ]
    if style == "flat":
        return [box("roof", (0, y + 0.02, 0), (a, 0.03, b))]
    if style == "shed":
        return [prism("roof", [(-a, 0), (a, 0), (a, 0.04), (-a, rise * 0.6)], b, (0, y, 0))]
    ridge = (0.0, 0.0) if style == "pyramid" else (w * 0.02, d * u(0.3, 0.7))
    return [_block("roof", (0, y, 0), (0, y + rise, 0), (a, b), ridge)]


def house(u: Dice) -> list[Piece]:
    """Cottages, town houses, sheds, barns and modern flat-roofed houses."""
    w, d, h = u(0.4, 0.7), u(0.4, 0.7), u(0.22, 0.5)
    style, rise = u.pick("gable", "gable", "gable", "hip", "pyramid", "flat", "shed"), u(0.25, 0.6)
    pieces = [
        box("wall", (0, h, 0), (w, h, d)),
        *_roof(u, style, w, d, 2 * h, rise),
        *_wall_things(u, w, h, d, 0, True),
    ]
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
        pieces += [
            cylinder("balcony/railing", (x * w * 0.4, h * 1.05, d + 0.21), (x * w * 0.4, h * 1.36, d + 0.21), 0.014)
            for x in SIDES
        ]
    return pieces


def _tower(u: Dice, centre: tuple[float, float], r: float, h: float, top: str) -> list[Piece]:
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
            pieces.append(_block("roof", (x, h, z), (x, h + rise, z), (over, over), (0, 0)))
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


def castle(u: Dice) -> list[Piece]:
    """Castles with corner towers, walls with battlements, a gate and a keep."""
    w, d, h, r = u(0.6, 0.8), u(0.5, 0.75), u(0.3, 0.45), u(0.13, 0.2)
    corner = _tower(u, (0, 0), r, h * u(1.2, 1.8), u.pick("roof", "battlement"))
    pieces = [piece for x in SIDES for z in SIDES for piece in move(corner, (x * w, 0, z * d))]
    for side in SIDES:
        pieces += [
            box("wall", (0, h / 2, side * d), (w, h / 2, 0.05)),
            box("wall", (side * w, h / 2, 0), (0.05, h / 2, d)),
        ]
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


def tower(u: Dice) -> list[Piece]:
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


def church(u: Dice) -> list[Piece]:
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
        pieces.append(_block("tower/spire", (0, tall, at), (0, tall + spire, at), (size * 1.1, size * 1.1), (0, 0)))
    else:
        pieces.append(lathe("tower/spire", [(size, 0), (size * 0.4, spire * 0.5), (0, spire)], (0, tall, at)))
    if u.chance(0.8):
        y = tall + spire
        pieces += [
            box("cross", (0, y + 0.07, at), (0.014, 0.11, 0.014)),
            box("cross", (0, y + 0.1, at), (0.055, 0.014, 0.014)),
        ]
    pieces.append(box("door", (0, h * 0.3, at + size), (size * 0.45, h * 0.3, 0.025)))
    if u.chance(0.5):
        pieces.append(lathe("clock", [(size * 0.5, -0.02), (size * 0.5, 0.02), (0, 0.025)], (0, tall * 0.8, at + size), "z"))
    if u.chance(0.4):
        apse = [
            lathe("wall", [(w * 0.7, 0), (w * 0.7, h * 0.8)]),
            lathe("roof", [(w * 0.75, 0), (0, 0.25)], (0, h * 0.8, 0)),
        ]
        pieces += move(apse, (0, 0, -d))
    return pieces


def windmill(u: Dice) -> list[Piece]:
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
                sails.append(
                    wing(
                        "sail",
                        start + side * wide + (0, y, z),
                        end + side * wide + (0, y, z),
                        (wide, wide),
                        0.012,
                        side,
                        (0, 0, 1),
                    )
                )
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
        pieces += [tube("tower", [(x * w, 0, q * w), (x * 0.03, h, q * 0.03)], 0.016) for x in SIDES for q in SIDES]
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
        pieces.append(
            wing("blade", (0, h, 0.13), (reach * c, h + reach * s, 0.13), chord, 0.014, side, np.cross((c, s, 0), side))
        )
    return pieces


def lighthouse(u: Dice) -> list[Piece]:
    """Lighthouses: tower, gallery, lamp room, roof."""
    r, h, top = u(0.22, 0.32), u(1.0, 1.5), u(0.12, 0.2)
    pieces = [lathe("tower", [(r, 0), (top + (r - top) * u(0.25, 0.5), h * 0.5), (top, h)])]
    if u.chance(0.7):
        pieces.append(lathe("base", [(r * 1.5, -0.12), (r * 1.4, 0.02), (r, 0.03)]))
    deck, lamp = top * u(1.4, 1.8), top * u(0.6, 0.85)
    pieces.append(lathe("balcony", [(top, 0), (deck, 0.03), (deck, 0.06), (0, 0.06)], (0, h, 0)))
    if u.chance(0.7):
        pieces.append(tube("balcony/railing", arc((0, h + 0.15, 0), deck * 0.95, deck * 0.95, 0, 2 * np.pi, "xz", 25), 0.012))
        pieces += [
            cylinder(
                "balcony/railing",
                (deck * 0.95 * c, h, deck * 0.95 * s),
                (deck * 0.95 * c, h + 0.15, deck * 0.95 * s),
                0.009,
            )
            for c, s in around(8)
        ]
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


def bridge(u: Dice) -> list[Piece]:
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
        pieces += [box("pillar", (q * 0.95, h / 2, 0), (0.06, h / 2, w)) for q in SIDES]
    return pieces


def tent(u: Dice) -> list[Piece]:
    """Ridge tents, domes, tepees, market pavilions and circus tents."""
    style, w, d, h = u.pick("ridge", "dome", "tepee", "pavilion", "circus"), u(0.5, 0.7), u(0.6, 0.9), u(0.6, 0.9)
    pieces = []
    if style == "ridge":
        pieces.append(prism("canvas", [(-w, 0), (w, 0), (0, h)], d))
        pieces.append(prism("door", [(-w * 0.3, 0), (w * 0.3, 0), (0, h * 0.75)], 0.02, (0, 0, d)))
        pieces += [cylinder("pole", (0, 0, z * d * 1.03), (0, h * 1.04, z * d * 1.03), 0.018) for z in SIDES]
        for x in SIDES:
            for z in SIDES:
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
        pieces += [
            tube("pole", [(w * c, 0, w * s), (-w * 0.25 * c, h * 1.6, -w * 0.25 * s)], 0.018) for c, s in around(u.count(5, 8))
        ]
        pieces.append(
            prism(
                "door",
                [(-0.12, 0), (0.12, 0), (0, 0.45)],
                0.03,
                (0, 0, w * 0.87),
                turn("x", -float(np.arctan2(w * 0.9, h * 1.3))),
            )
        )
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
    pieces.append(_block("roof", (0, high, 0), (0, high + rise, 0), (w * 1.05, w * 1.05), (0, 0)))
    pieces += [cylinder("pole", (x * w, 0, z * w), (x * w, high + 0.02, z * w), 0.022) for x in SIDES for z in SIDES]
    if u.chance(0.5):
        pieces += [box("roof", (0, high - 0.05, z * w), (w, 0.05, 0.01)) for z in SIDES] + [
            box("roof", (x * w, high - 0.05, 0), (0.01, 0.05, w)) for x in SIDES
        ]
    return pieces


def well(u: Dice) -> list[Piece]:
    """Stone wells with a roof, a winch and a bucket."""
    r, h, thick = u(0.35, 0.5), u(0.3, 0.5), u(0.05, 0.1)
    inner = r - thick
    pieces = [lathe("wall", [(0, 0), (r, 0), (r, h), (inner, h), (inner, h * 0.3), (0, h * 0.3)])]
    if u.chance(0.4):
        pieces.append(tube("rim", arc((0, h, 0), r - thick / 2, r - thick / 2, 0, 2 * np.pi, "xz", 25), thick * 0.65))
    tall, t = u(0.9, 1.2), u(0.025, 0.04)
    pieces += [box("post", (x * (r - thick / 2), tall / 2, 0), (t, tall / 2, t)) for x in SIDES]
    if u.chance(0.85):
        pieces += move(
            _roof(u, u.pick("gable", "gable", "hip"), r * 0.7, r * 1.15, tall, u(0.2, 0.35)),
            rotation=turn("y", np.pi / 2),
        )
    axle = h + (tall - h) * u(0.5, 0.7)
    pieces.append(cylinder("axle", (-r, axle, 0), (r, axle, 0), u(0.025, 0.05)))
    if u.chance(0.7):
        pieces.append(
            tube(
                "crank",
                [(r, axle, 0), (r + 0.1, axle, 0), (r + 0.1, axle - 0.13, 0.05), (r + 0.2, axle - 0.13, 0.05)],
                0.018,
            )
        )
    drop = h + u(-0.1, 0.1)
    pieces.append(tube("rope", [(0, axle, 0), (0, drop + 0.1, 0)], 0.01))
    pieces.append(lathe("bucket", [(0.07, -0.08), (0.1, 0.08), (0.08, 0.08), (0.06, -0.05)], (0, drop, 0)))
    pieces.append(tube("bucket/handle", arc((0, drop + 0.07, 0), 0.09, 0.08, 0, np.pi, "xy"), 0.008))
    return pieces


def fence(u: Dice) -> list[Piece]:
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
            pieces += [
                cylinder("bar", (x, 0.05, 0), (x, h, 0), 0.012),
                lathe("bar", [(0.022, 0), (0, 0.07)], (x, h, 0)),
            ]
    return pieces


def gate(u: Dice) -> list[Piece]:
    """Garden gates, double iron gates and stone archways with doors."""
    style, w, h, t = u.pick("iron", "wood", "arch"), u(0.4, 0.7), u(0.8, 1.1), u(0.05, 0.09)
    pieces = [box("post", (x * (w + t), h * 0.52, 0), (t, h * 0.52, t)) for x in SIDES]
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
        mirrored = [Piece(p.part, p.vertices * (-side, 1, 1), p.faces) for p in leaves]
        pieces += move(mirrored, (side * w, 0, 0), rotation=turn("y", side * opened))
    return pieces


def street_lamp(u: Dice) -> list[Piece]:
    """Curved modern street lights, twin lamps and old lanterns on a post."""
    h, r, style = u(0.9, 1.7), u(0.02, 0.045), u.pick("arm", "twin", "lantern", "globe")
    pieces = [cylinder("post", (0, 0, 0), (0, h, 0), [r * 1.3, r * 0.8])]
    pieces.append(lathe("base", [(r * u(2, 3.5), 0), (r * 2, 0.06), (r * 1.5, u(0.1, 0.2)), (0, 0.2)]))
    if style in ("arm", "twin"):
        reach, rise, curved = u(0.25, 0.5), u(-0.05, 0.2), u.chance(0.6)
        for x in SIDES[: 2 if style == "twin" else 1]:
            end = (x * reach, h + rise, 0)
            path = bezier((0, h - 0.03, 0), (0, h + rise + 0.15, 0), end) if curved else [(0, h - 0.03, 0), end]
            pieces.append(tube("arm", path, r * 0.6))
            pieces.append(ellipsoid("lamp", (x * (reach + 0.08), h + rise, 0), (0.14, 0.035, 0.06), square=0.7))
            pieces.append(ellipsoid("bulb", (x * (reach + 0.1), h + rise - 0.03, 0), (0.08, 0.02, 0.045)))
        return pieces
    heads = [(0.0, h)] if u.chance(0.6) else [(-0.22, h - 0.12), (0.22, h - 0.12), (0.0, h)]
    for x, y in heads:
        if x:
            pieces.append(tube("arm", bezier((0, h - 0.3, 0), (x, h - 0.35, 0), (x, y, 0)), r * 0.6))
        if style == "globe":
            pieces.append(ellipsoid("lamp", (x, y + 0.1, 0), 0.12))
            continue
        size = u(0.07, 0.1)
        pieces.append(_block("lamp", (x, y, 0), (x, y + 0.22, 0), (size * 0.7, size * 0.7), (size * 1.2, size * 1.2)))
        pieces.append(_block("lamp/cap", (x, y + 0.22, 0), (x, y + 0.33, 0), (size * 1.5, size * 1.5), (0.01, 0.01)))
        pieces.append(ellipsoid("lamp/cap", (x, y + 0.34, 0), 0.02))
    return pieces


def traffic_light(u: Dice) -> list[Piece]:
    """Traffic lights on a post or hanging from an arm."""
    h, w, n, r = u(1.0, 1.5), u(0.09, 0.13), u.pick(2, 3, 3), u(0.025, 0.04)
    pieces = [cylinder("post", (0, 0, 0), (0, h, 0), r)]
    if u.chance():
        pieces.append(lathe("base", [(r * 3, 0), (r * 3, 0.05), (r * 1.2, 0.08), (0, 0.08)]))
    reach = u(0.4, 0.8) if u.chance(0.35) else 0.0
    if reach:
        pieces.append(tube("arm", [(0, h - 0.03, 0), (reach, h + 0.05, 0)], r * 0.8))
    for x in [0.0, reach] if reach else [0.0]:
        tall, y = w * 1.05 * n, h - w * n * 0.6 if x or u.chance() else h
        z, visors = r + w * 0.3, u.chance(0.7)
        pieces.append(box("housing", (x, y, z), (w * 0.7, tall * 0.9, w * 0.45)))
        for k in range(n):
            at = y + tall * 1.7 * ((k + 0.5) / n - 0.5)
            front = z + w * 0.45
            pieces.append(ellipsoid("light", (x, at, front), (w * 0.45, w * 0.45, 0.03)))
            if visors:
                hood = arc((x, at, front + 0.05), w * 0.5, w * 0.5, 0.3, np.pi - 0.3, "xy", 9)
                pieces.append(loft("visor", hood, np.tile([0, 0, 0.06], (9, 1)), np.tile([0, 0.008, 0], (9, 1))))
    return pieces


def mailbox(u: Dice) -> list[Piece]:
    """Letter boxes on a post, pillar boxes and street mailboxes on legs."""
    style, h = u.pick("rural", "rural", "pillar", "street"), u(0.8, 1.1)
    if style == "pillar":
        r = u(0.2, 0.28)
        pieces = [cylinder("body", (0, 0, 0), (0, h, 0), r), lathe("base", [(r * 1.15, 0), (r * 1.15, 0.08), (r, 0.1)])]
        pieces.append(lathe("cap", [(r * 1.15, 0), (r * 1.15, 0.06), (r * 0.6, 0.13), (0, 0.15)], (0, h, 0)))
        pieces += [
            box("slot", (0, h * 0.82, r), (r * 0.5, 0.025, 0.02)),
            box("door", (0, h * 0.45, r * 0.95), (r * 0.45, h * 0.22, 0.03)),
        ]
        return pieces
    w, d, tall = u(0.12, 0.18), u(0.22, 0.32), u(0.1, 0.15)
    if style == "street":
        w, d, tall, y = w * 1.6, d * 0.9, 0.35, u(0.2, 0.3)
        pieces = [
            cylinder("leg", (x * w * 0.8, 0, z * d * 0.8), (x * w * 0.8, y + 0.05, z * d * 0.8), 0.025)
            for x in SIDES
            for z in SIDES
        ]
    else:
        y = h
        pieces = (
            [box("post", (0, h / 2, 0), (0.035, h / 2, 0.035))]
            if u.chance()
            else [cylinder("post", (0, 0, 0), (0, h, 0), 0.03)]
        )
    pieces.append(box("body", (0, y + tall / 2, 0), (w, tall / 2, d)))
    pieces.append(lathe("body", [(1, -d), (1, d)], (0, 0, 0), "z"))
    pieces[-1] = Piece("body", pieces[-1].vertices * (w, w * 0.8, 1) + (0, y + tall, 0), pieces[-1].faces)
    pieces.append(box("door", (0, y + tall * 0.55, d), (w * 0.8, tall * 0.5, 0.015)))
    pieces.append(tube("handle", [(-0.05, y + tall, d + 0.03), (0.05, y + tall, d + 0.03)], 0.014))
    if style == "rural" and u.chance(0.75):
        lift = u.pick(0.0, 1.57)
        arm = [cylinder("flag", (0, 0, 0), (0, 0.22, 0), 0.012), box("flag", (0, 0.2, 0.05), (0.008, 0.045, 0.06))]
        pieces += move(arm, (w + 0.02, y + tall, 0), rotation=turn("x", -lift))
    if style == "street":
        pieces.append(box("slot", (0, y + tall * 1.1, d), (w * 0.6, 0.02, 0.025)))
    return pieces


def signpost(u: Dice) -> list[Piece]:
    """Direction arrows, road signs and notice boards."""
    style, h, r = u.pick("arrows", "arrows", "round", "triangle", "octagon", "board"), u(1.0, 1.5), u(0.025, 0.05)
    if style == "board":
        w, tall = u(0.4, 0.7), u(0.2, 0.35)
        pieces = [cylinder("post", (x * w * 0.8, 0, 0), (x * w * 0.8, h, 0), r) for x in SIDES]
        return [
            *pieces,
            box("sign", (0, h - tall, r), (w, tall, 0.02)),
            *([box("roof", (0, h + 0.03, 0), (w * 1.1, 0.025, 0.1))] if u.chance() else []),
        ]
    pieces = [cylinder("post", (0, 0, 0), (0, h, 0), r)]
    if u.chance(0.3):
        pieces.append(lathe("base", [(r * 4, 0), (r * 3, 0.05), (0, 0.07)]))
    if style == "arrows":
        for k in range(u.count(1, 4)):
            long, half, y = u(0.25, 0.4), u(0.06, 0.08), h - 0.1 - 0.19 * k
            arrow = [(-0.08, -half), (long, -half), (long + half, 0), (long, half), (-0.08, half)]
            pieces.append(prism("sign", arrow, 0.015, (0, y, 0), turn("y", u.pick(0, np.pi) + u(-0.7, 0.7))))
        return pieces
    size, n = u(0.16, 0.26), {"round": 24, "triangle": 3, "octagon": 8}[style]
    outline = [(size * c, size * s) for c, s in around(n, np.pi / 2 if n == 3 else np.pi / n)]
    pieces.append(prism("sign", outline, 0.012, (0, h, r)))
    if u.chance(0.3):
        pieces.append(box("sign", (0, h - size - 0.12, r), (size * 0.8, 0.07, 0.012)))
    return pieces


def fountain(u: Dice) -> list[Piece]:
    """Tiered fountains with basins, water and a top figure or jet."""
    r, h = u(0.6, 0.85), u(0.15, 0.25)
    rim = r * u(0.8, 0.92)
    basin = [(0, 0), (r, 0), (r * u(1, 1.06), h), (rim, h), (rim * 0.97, h * 0.4), (0, h * 0.4)]
    pieces = [lathe("basin", basin)]
    water = u.chance(0.6)
    if water:
        pieces.append(lathe("water", [(rim * 0.99, h * 0.4), (rim * 0.99, h * 0.75), (0, h * 0.75)]))
    y, size = h * 0.4, rim * u(0.55, 0.7)
    for _ in range(u.count(1, 3)):
        tall = u(0.25, 0.45)
        neck = size * u(0.1, 0.2)
        pieces.append(
            lathe("column", [(neck * 2, 0), (neck, tall * 0.3), (neck * u(0.8, 1.5), tall * 0.6), (neck, tall)], (0, y, 0))
        )
        y += tall
        bowl = np.array([(0.1, -0.1), (0.6, 0.02), (1, 0.22), (0.93, 0.22), (0.5, 0.1), (0, 0.08)]) * size
        pieces.append(lathe("bowl", bowl, (0, y, 0)))
        if water:
            pieces.append(lathe("water", np.array([(0.7, 0.12), (0.75, 0.17), (0, 0.17)]) * size, (0, y, 0)))
        y, size = y + 0.03, size * u(0.5, 0.65)
    top = u.pick("ball", "jet", "cone")
    if top == "jet":
        pieces += [
            tube("water", bezier((0, y, 0), (0.1 * c, y + 0.4, 0.1 * s), (0.2 * c, y + 0.05, 0.2 * s)), 0.014)
            for c, s in around(6)
        ]
    elif top == "ball":
        pieces += [cylinder("column", (0, y, 0), (0, y + 0.1, 0), 0.03), ellipsoid("ornament", (0, y + 0.15, 0), 0.07)]
    else:
        pieces.append(lathe("ornament", [(0.06, 0), (0.07, 0.08), (0.02, 0.2), (0, 0.25)], (0, y, 0)))
    return pieces


def barrel(u: Dice) -> list[Piece]:
    """Wooden barrels with hoops and steel drums, standing or lying."""
    r, h, wood = u(0.35, 0.5), u(1.0, 1.4), u.chance(0.7)
    bulge = u(0.1, 0.3) if wood else 0.0
    t = np.linspace(0, 1, 15)
    radius = r * (1 + bulge * np.sin(np.pi * t))
    lid = 0.03
    pieces = [lathe("body", np.stack([radius, t * h], 1))]
    hoops = (
        u.pick([0.06, 0.3, 0.7, 0.94], [0.05, 0.25, 0.75, 0.95], [0.15, 0.85])
        if wood
        else u.pick([0.0, 0.33, 0.66, 1.0], [0.35, 0.65])
    )
    wide = u(0.02, 0.05) if wood else 0.018
    for q in hoops:
        edge = float(np.interp(q, t, radius))
        pieces.append(
            lathe(
                "hoop",
                [(edge, -wide), (edge * 1.035, -wide * 0.8), (edge * 1.035, wide * 0.8), (edge, wide)],
                (0, q * h, 0),
            )
        )
    pieces += [cylinder("lid", (0, y - lid, 0), (0, y + 0.008, 0), r * 0.93) for y in ((h, 0.008 + lid) if wood else (h,))]
    if u.chance(0.35):
        edge = r * (1 + bulge)
        pieces.append(cylinder("plug", (0, h / 2, edge * 0.9), (0, h / 2, edge + 0.05), 0.04))
    if u.chance(0.25):
        pieces = move(pieces, (0, r * (1 + bulge), -h / 2), rotation=turn("x", np.pi / 2))
        if u.chance(0.6):
            pieces += [box("stand", (0, r * 0.3, z * h * 0.3), (r * 0.9, r * 0.3, 0.06)) for z in SIDES]
            pieces += move(
                [
                    cylinder("tap", (0, 0, 0), (0, 0, 0.15), 0.03),
                    cylinder("tap/handle", (0, 0, 0.1), (0, 0.1, 0.1), 0.02),
                ],
                (0, r * 0.6, h / 2),
            )
    return pieces


def crate(u: Dice) -> list[Piece]:
    """Wooden and metal crates: closed with frames and braces, or open with slats."""
    w, h, d, t = u(0.4, 0.6), u(0.3, 0.6), u(0.4, 0.6), u(0.03, 0.06)
    pieces = []
    if u.chance(0.6):
        pieces.append(box("board", (0, h, 0), (w, h, d)))
        brace = u.chance(0.6)
        for side in SIDES:
            for q in SIDES:
                pieces += [
                    box("frame", (side * w, h, q * d), (t, h + t, t)),
                    box("frame", (0, h + side * h, q * d), (w + t, t, t)),
                ]
                pieces.append(box("frame", (side * w, h + q * h, 0), (t, t, d)))
            if brace:
                angle = float(np.arctan2(h, w))
                pieces.append(box("brace", (0, h, side * d), (np.hypot(w, h) * 0.95, t * 0.7, t * 0.5), turn("z", angle)))
                angle = float(np.arctan2(h, d))
                pieces.append(box("brace", (side * w, h, 0), (t * 0.5, t * 0.7, np.hypot(d, h) * 0.95), turn("x", angle)))
        return pieces
    n = u.count(2, 4)
    gap = h / n
    for k in range(n):
        y = gap * (2 * k + 1)
        pieces += [box("board", (0, y, z * d), (w, gap * 0.75, 0.02)) for z in SIDES]
        pieces += [box("board", (x * w, y, 0), (0.02, gap * 0.75, d)) for x in SIDES]
    pieces += [box("post", (x * (w - t), h, z * (d - t)), (t * 0.9, h, t * 0.9)) for x in SIDES for z in SIDES]
    pieces.append(box("bottom", (0, 0.02, 0), (w, 0.02, d)))
    return pieces


def chest(u: Dice) -> list[Piece]:
    """Treasure chests with a round or flat lid, shut or open."""
    w, h, d, thick = u(0.5, 0.7), u(0.2, 0.3), u(0.3, 0.42), 0.03
    pieces = [box("body", (0, thick, 0), (w, thick, d))]
    pieces += [box("body", (0, h, z * (d - thick)), (w, h, thick)) for z in SIDES] + [
        box("body", (x * (w - thick), h, 0), (thick, h, d)) for x in SIDES
    ]
    round_lid, opened = u.chance(0.7), u.pick(0.0, 0.0, u(0.6, 1.7))
    z = np.linspace(-1, 1, 9)
    rise = u(0.5, 0.9) * d
    outline = (
        [(-d, 0.0), *((q * d, rise * float(np.sqrt(1 - q * q)) + 0.02) for q in z), (d, 0.0)]
        if round_lid
        else [(-d, 0.0), (-d, 0.1), (d, 0.1), (d, 0.0)]
    )
    sideways = turn("y", np.pi / 2)
    lid = [prism("lid", outline, w, rotation=sideways)]
    bands = np.linspace(-0.85, 0.85, u.pick(2, 3, 4))
    for x in bands:
        lid.append(prism("band", np.array(outline) * 1.03, 0.035, (x * w, 0, 0), sideways))
        pieces.append(box("band", (x * w, h, 0), (0.035, h, d * 1.03)))
    lid.append(box("lock", (0, 0.02, d + 0.02), (0.05, 0.06, 0.025)))
    hinged = [Piece(p.part, np.add(p.vertices, (0, 0, d)), p.faces) for p in lid]
    pieces += move(hinged, (0, 2 * h, -d), rotation=turn("x", -opened))
    if opened and u.chance(0.7):
        pieces.append(ellipsoid("treasure", (0, h * 1.5, 0), (w * 0.85, h * 0.7, d * 0.8), square=0.7))
    if u.chance(0.5):
        pieces += [
            tube("handle", np.add(arc((x * w, h, 0), 0.1, 0.1, np.pi, 2 * np.pi, "zy", 9), (x * 0.02, 0, 0)), 0.018)
            for x in SIDES
        ]
    if u.chance(0.25):
        pieces += [ellipsoid("foot", (x * w * 0.9, -0.02, q * d * 0.85), 0.06) for x in SIDES for q in SIDES]
    return pieces


def _branches(u: Dice, h: float, n: int, reach: float, r: float) -> tuple[list[Piece], list[Array]]:
    """Branches from the upper trunk, and their ends."""
    pieces, ends = [], []
    for c, s in around(n, u(0, 6)):
        y, out, rise = h * u(0.55, 0.95), reach * u(0.6, 1), u(0.15, 0.5)
        end = np.array([out * c, y + rise, out * s])
        pieces.append(
            tube(
                "branch",
                bezier((0, y, 0), (out * 0.6 * c, y + 0.05, out * 0.6 * s), end, n=5),
                np.linspace(r * 0.6, r * 0.25, 5),
            )
        )
        ends.append(end)
    return pieces, ends


def tree(u: Dice) -> list[Piece]:
    """Broadleaf trees: ball crowns, clouds of foliage, bare winter trees."""
    style, h, r = u.pick("ball", "cloud", "cloud", "column", "bare"), u(0.5, 0.9), u(0.05, 0.11)
    sway = u(-0.12, 0.12)
    trunk = bezier((0, 0, 0), (sway, h * 0.5, sway), (0, h, 0), n=7)
    pieces = [tube("trunk", trunk, r * np.linspace(u(1.2, 1.7), 0.7, 7), round_ends=False)]
    if u.chance(0.35):
        pieces += [
            tube("root", [(0, 0.12, 0), (2.6 * r * c, 0.0, 2.6 * r * s)], [r * 0.7, r * 0.3]) for c, s in around(u.count(3, 5))
        ]
    branches, ends = _branches(u, h, u.count(3, 7), u(0.3, 0.5), r)
    if style == "bare":
        pieces += branches
        for end in [*ends, np.array([0, h + 0.35, 0])]:
            for _ in range(u.count(2, 3)):
                twig = np.add(np.multiply(end, (u(1.1, 1.6), 1, u(1.1, 1.6))), (u(-0.1, 0.1), u(0.1, 0.3), u(-0.1, 0.1)))
                pieces.append(tube("branch", [end, twig], [r * 0.3, 0.02]))
        return [*pieces, tube("branch", [(0, h * 0.95, 0), (0, h + 0.37, 0)], [r * 0.7, r * 0.3])]
    size = u(0.35, 0.6)
    if style == "ball":
        pieces.append(ellipsoid("foliage", (0, h + size * 0.7, 0), (size, size * u(0.8, 1.3), size)))
    elif style == "column":
        pieces.append(ellipsoid("foliage", (0, h + size * 1.2, 0), (size * 0.5, size * 1.5, size * 0.5)))
    else:
        pieces += branches
        pieces += [
            ellipsoid("foliage", np.add(end, (0, 0.08, 0)), (size * u(0.45, 0.7), size * u(0.4, 0.55), size * u(0.45, 0.7)))
            for end in ends
        ]
        pieces.append(ellipsoid("foliage", (0, h + 0.35, 0), (size * 0.8, size * 0.7, size * 0.8)))
    if style == "ball" and u.chance(0.4):
        y = h + size * u(0.5, 0.8)
        pieces += [ellipsoid("fruit", (size * 0.95 * c, y, size * 0.95 * s), 0.06, melt=False) for c, s in around(6)]
    return pieces


def conifer(u: Dice) -> list[Piece]:
    """Firs and pines: stacked cones or drooping branches; Christmas trees."""
    h, r, n, low = u(1.3, 1.9), u(0.35, 0.6), u.count(1, 5), u(0.15, 0.4)
    pieces = [cylinder("trunk", (0, 0, 0), (0, h * 0.9, 0), [u(0.05, 0.09), 0.02])]
    if u.chance(0.75):
        for k in range(n):
            y, size = low + (h - low) * k / n * 0.85, r * (1 - 0.75 * k / n)
            tall = (h - low) / n * u(1.2, 1.5) if k < n - 1 else h - y
            pieces.append(lathe("foliage", [(size * 0.7, 0.02), (size, 0), (size * 0.35, tall * 0.6), (0, tall)], (0, y, 0)))
    else:
        for y in np.linspace(low, h * 0.9, u.count(5, 8)):
            size = r * (1.05 - y / h)
            for c, s in around(u.count(5, 8), u(0, 1)):
                droop = (size * c, y - size * 0.25, size * s)
                pieces.append(tube("branch", [(0, y, 0), droop], [0.035, 0.02], flat=0.6))
    if u.chance(0.2) and pieces[-1].part == "foliage":
        pieces.append(ellipsoid("star", (0, h, 0), 0.06, melt=False))
        pieces += [
            ellipsoid(
                "ornament",
                (r * 0.75 * (1 - t) * c, low + (h - low) * t * 0.85, r * 0.75 * (1 - t) * s),
                0.045,
                melt=False,
            )
            for t in (0.15, 0.4, 0.6)
            for c, s in around(5, 9 * t)
        ]
    return pieces


def _frond(part: str, start: Array, out: tuple[float, float], reach: float, rise: float, droop: float, wide: float) -> Piece:
    """Long arching leaf."""
    c, s = out
    path = bezier(
        start,
        start + np.array([c * reach * 0.5, rise, s * reach * 0.5]),
        start + np.array([c * reach, rise - droop, s * reach]),
        n=10,
    )
    t = np.linspace(0, 1, 10)
    half = wide * np.sin(np.pi * (0.12 + 0.86 * t)) ** 0.7
    side = np.array([-s, 0, c])
    return loft(part, path, half[:, None] * side, np.tile([0, 0.012, 0], (10, 1)))


def palm(u: Dice) -> list[Piece]:
    """Palm trees, straight or bent, with coconuts."""
    h, bend, r = u(1.0, 1.6), u(-0.4, 0.4), u(0.05, 0.09)
    trunk = bezier((0, 0, 0), (0, h * 0.5, 0), (bend, h, 0), n=12)
    pieces = [tube("trunk", trunk, r * np.linspace(1.5, 0.8, 12), round_ends=False)]
    if u.chance(0.4):
        pieces += [lathe("trunk", [(r * 0.9, -0.02), (r * (1.5 - 0.6 * k / 8), 0.03)], trunk[k + 1]) for k in range(9)]
    rise, droop, reach = u(0.15, 0.4), u(0.3, 0.7), u(0.45, 0.7)
    pieces += [
        _frond("leaf", trunk[-1], out, reach * u(0.85, 1.1), rise, droop, u(0.06, 0.12)) for out in around(u.count(6, 11))
    ]
    if u.chance(0.5):
        pieces += [
            ellipsoid("coconut", trunk[-1] + (0.08 * c, -0.07, 0.08 * s), u(0.05, 0.07)) for c, s in around(u.count(2, 4))
        ]
    return pieces


def flower(u: Dice) -> list[Piece]:
    """Daisies, tulips, roses and bell-shaped flowers on a stem with leaves."""
    h, r, style, n = u(0.8, 1.2), u(0.02, 0.035), u.pick("daisy", "daisy", "tulip", "layers"), u.count(5, 12)
    sway = u(-0.15, 0.15)
    stem = bezier((0, 0, 0), (sway, h * 0.5, 0), (0, h, 0), n=10)
    pieces = [tube("stem", stem, r)]
    if style == "tulip":
        size, n = u(0.15, 0.22), u.count(4, 6)
        for c, s in around(n):
            path = bezier(
                (0, h, 0),
                (size * 1.3 * c, h + size * 0.3, size * 1.3 * s),
                (size * u(0.3, 0.9) * c, h + size * 2.2, size * 0.7 * s),
                n=8,
            )
            half = size * 0.7 * np.sin(np.pi * np.linspace(0.12, 0.97, 8))
            pieces.append(loft("petal", path, half[:, None] * np.array([-s, 0, c]), np.tile([0.012 * c, 0, 0.012 * s], (8, 1))))
    else:
        size, reach, lift = u(0.07, 0.14), u(0.22, 0.4), u(-0.1, 0.15)
        for k in range(1 if style == "daisy" else u.count(2, 3)):
            out, up = reach * (1 - 0.25 * k), lift + 0.08 * k
            for c, s in around(n, 0.3 * k):
                path = np.linspace((0, h, 0), (out * c, h + up, out * s), 8)
                half = min(0.1, 2.2 * out / n) * np.sin(np.pi * np.linspace(0.15, 0.95, 8)) ** 0.6
                pieces.append(loft("petal", path, half[:, None] * np.array([-s, 0, c]), np.tile([0, 0.012, 0], (8, 1))))
        pieces.append(ellipsoid("center", (0, h + 0.02, 0), (size, size * u(0.4, 0.8), size)))
        tilt = turn("x", u(0, 1.2))
        head = [p for p in pieces if p.part != "stem"]
        pieces = [pieces[0], *(Piece(p.part, (p.vertices - (0, h, 0)) @ tilt.T + (0, h, 0), p.faces) for p in head)]
    for k in range(u.count(0, 4)):
        at = stem[2 + k]
        angle = u(0, 6.28)
        pieces.append(_frond("leaf", at, (np.cos(angle), np.sin(angle)), u(0.25, 0.4), u(0.1, 0.4), u(0, 0.2), u(0.05, 0.09)))
    return pieces


def cactus(u: Dice) -> list[Piece]:
    """Tall cacti with bent arms, ball cacti and flat prickly pears, sometimes in a pot."""
    style, h, r, pieces = u.pick("column", "column", "ball", "pads"), u(0.8, 1.3), u(0.12, 0.2), []
    if style == "column":
        pieces.append(tube("body", [(0, 0, 0), (0, h * 0.5, 0), (0, h, 0)], r))
        for k in range(u.count(0, 4)):
            c, s = around(4, 0.3)[k]
            y, out, rise = h * u(0.25, 0.6), r + u(0.15, 0.25), u(0.2, 0.45)
            pieces.append(
                tube(
                    "arm",
                    [(0, y, 0), (out * c, y, out * s), (out * c * 1.1, y + rise, out * s * 1.1)],
                    r * u(0.5, 0.75),
                )
            )
    elif style == "ball":
        size = u(0.35, 0.5)
        pieces.append(ellipsoid("body", (0, size * 0.9, 0), (size, size * u(0.8, 1.2), size)))
    else:
        pieces.append(ellipsoid("body", (0, 0.3, 0), (0.24, 0.34, 0.08)))
        for x, y in ((-0.25, 0.62), (0.22, 0.7), (0.0, 0.85))[: u.count(2, 3)]:
            pieces.append(ellipsoid("arm", (x, y, 0), (0.16, 0.22, 0.06), turn("z", -x * 2)))
    top = max(float(p.vertices[:, 1].max()) for p in pieces if p.part == "body")
    if u.chance(0.4):
        pieces += [ellipsoid("flower", (0.05 * c, top, 0.05 * s), (0.05, 0.035, 0.05), melt=False) for c, s in around(3)]
    if u.chance(0.45):
        wide = max(r, 0.25) * 1.2
        pot = [
            lathe(
                "pot",
                [
                    (wide * 0.7, -0.4),
                    (wide, 0.0),
                    (wide * 1.1, 0.0),
                    (wide * 1.1, 0.09),
                    (wide * 0.95, 0.09),
                    (wide * 0.9, 0.03),
                    (0, 0.03),
                ],
            )
        ]
        pieces += pot
    return pieces


def mushroom(u: Dice) -> list[Piece]:
    """Toadstools, button mushrooms and flat caps, single or in a group."""
    pieces = []
    for k in range(u.pick(1, 1, 1, 2, 3)):
        scale, spot = 1 - 0.35 * (k > 0), np.array([0.55 * k * (-1) ** k, 0, 0.2 * k])
        h, r, size, tall = u(0.4, 0.8), u(0.08, 0.18), u(0.35, 0.55), u(0.2, 0.4)
        one = [tube("stem", [(0, 0, 0), (0, h * 0.4, 0), (0, h, 0)], [r * u(1.1, 1.6), r, r * 0.9])]
        shape = u.pick("dome", "cone", "flat", "egg")
        if shape == "egg":
            one.append(ellipsoid("cap", (0, h + tall * 0.4, 0), (size * 0.6, tall, size * 0.6)))
        else:
            t = np.linspace(0, np.pi / 2, 9)
            outer = np.stack(
                [size * np.cos(t), (tall * np.sin(t) if shape == "dome" else tall * (1 - np.cos(t)) * u(0.6, 1))], 1
            )
            low = [(r * 0.8, 0.06), (size * 0.92, -0.03)]
            one.append(lathe("cap", [*low, *outer.tolist()], (0, h - 0.03, 0)))
            if shape == "dome" and u.chance(0.5):
                one += [
                    ellipsoid("spot", (size * 0.7 * c, h + tall * 0.7, size * 0.7 * s), 0.06, melt=False)
                    for c, s in around(u.count(4, 7))
                ]
        if u.chance(0.3):
            one.append(lathe("ring", [(r, 0.03), (r * 1.8, 0), (r, -0.01)], (0, h * 0.65, 0)))
        pieces += move(one, spot, scale) if k else one
    return pieces


def potted_plant(u: Dice) -> list[Piece]:
    """House plants in round or square pots: long leaves, small trees, bushes, flowers."""
    r, h, square = u(0.22, 0.38), u(0.25, 0.5), u.chance(0.25)
    low, lip = r * u(0.6, 0.95), u(0.03, 0.07)
    if square:
        pieces = [
            _block("pot", (0, 0, 0), (0, h, 0), (low, low), (r, r)),
            box("soil", (0, h, 0), (r * 0.88, 0.015, r * 0.88)),
        ]
    else:
        edge = (
            [(low, 0), (r, h - 2 * lip), (r * 1.08, h - 2 * lip), (r * 1.08, h)]
            if u.chance()
            else [(low, 0), (r * u(0.95, 1.25), h * 0.5), (r, h)]
        )
        pieces = [
            lathe("pot", [*edge, (r * 0.92, h), (r * 0.9, h - 0.05), (0, h - 0.05)]),
            cylinder("soil", (0, h - 0.08, 0), (0, h - 0.03, 0), r * 0.9),
        ]
    if not square and u.chance(0.3):
        pieces.append(lathe("saucer", [(low, -0.03), (low * 1.4, 0.02), (low * 1.35, 0.02), (low, -0.01), (0, -0.01)]))
    style, top = u.pick("fronds", "fronds", "blades", "tree", "bush", "flowers"), np.array([0, h - 0.05, 0])
    if style in ("fronds", "blades"):
        for _ in range(u.count(7, 14)):
            a = u(0, 6.28)
            out = (float(np.cos(a)), float(np.sin(a)))
            reach, rise, droop = (
                (u(0.3, 0.6), u(0.4, 0.8), u(0.1, 0.5)) if style == "fronds" else (u(0.05, 0.25), u(0.6, 1.1), 0.0)
            )
            pieces.append(_frond("leaf", top, out, reach, rise, droop, u(0.05, 0.1)))
        return pieces
    if style == "tree":
        tall, size = u(0.4, 0.7), u(0.25, 0.4)
        pieces.append(tube("stem", [top, np.add(top, (0, tall, 0))], u(0.025, 0.045)))
        return [*pieces, ellipsoid("foliage", np.add(top, (0, tall + size * 0.7, 0)), size)]
    if style == "bush":
        size = r * u(0.7, 0.9)
        blobs = [
            ellipsoid("foliage", (0.5 * r * c, h + size * u(0.6, 1.1), 0.5 * r * s), size * u(0.7, 1))
            for c, s in around(u.count(4, 6))
        ]
        return pieces + blobs
    for c, s in around(u.count(3, 6)):
        end = top + np.array([c * u(0.1, 0.35), u(0.35, 0.65), s * u(0.1, 0.35)])
        pieces += [tube("stem", [top, end], 0.016), ellipsoid("flower", end, (0.08, 0.05, 0.08))]
        pieces.append(_frond("leaf", top, (c, s), u(0.2, 0.4), 0.3, 0.2, 0.06))
    return pieces


def bush(u: Dice) -> list[Piece]:
    """Round shrubs, hedges and berry bushes."""
    w, d, h = u(0.35, 0.8), u(0.35, 0.5), u(0.35, 0.6)
    if u.chance(0.25):
        return [
            ellipsoid("foliage", (0, h, 0), (w * 1.2, h, d * 0.7), square=0.25),
            tube("stem", [(0, 0, 0), (0, h * 0.4, 0)], 0.06),
        ]
    pieces = [ellipsoid("foliage", (0, h * 0.9, 0), (w * 0.8, h, d * 0.8))]
    for c, s in around(u.count(4, 8), u(0, 3)):
        size = h * u(0.5, 0.75)
        pieces.append(ellipsoid("foliage", (w * 0.7 * c, size * u(0.9, 1.3), d * 0.7 * s), size))
    for c, s in around(u.count(2, 4), u(0, 3)):
        pieces.append(tube("branch", [(0.05 * c, -0.12, 0.05 * s), (0.25 * c, 0.3, 0.25 * s)], 0.03))
    if u.chance(0.4):
        for c, s in around(u.count(6, 10), u(0, 3)):
            pieces.append(ellipsoid("berry", (w * 0.95 * c, h * u(0.6, 1.2), d * 0.95 * s), 0.05, melt=False))
    return pieces


def _stalk(u: Dice, y: float, r: float, leaf: float) -> list[Piece]:
    """Stem of a fruit, sometimes with a leaf."""
    tall, lean = u(0.1, 0.25), u(-0.1, 0.1)
    pieces = [tube("stem", bezier((0, y - 0.06, 0), (0, y + tall * 0.5, 0), (lean, y + tall, 0), n=5), r)]
    if u.chance(leaf):
        pieces.append(
            _frond(
                "leaf",
                np.array([0, y + tall * 0.3, 0]),
                (0.8, 0.6),
                u(0.2, 0.35),
                u(0.05, 0.2),
                u(0, 0.15),
                u(0.06, 0.1),
            )
        )
    return pieces


def apple(u: Dice) -> list[Piece]:
    """Apples, cherries-like round fruit and bitten apples' whole shape."""
    r, dip = u(0.45, 0.55), u(0.1, 0.3)
    t = np.linspace(0, np.pi, 24)
    profile = np.stack(
        [r * np.sin(t) * (1 + 0.1 * np.cos(t + np.pi)), r * (-np.cos(t) * (1 - dip * np.abs(np.cos(t)) ** 6))], 1
    )
    top = float(profile[-1, 1])
    return [lathe("body", profile), *_stalk(u, top, u(0.018, 0.03), 0.6)]


def pear(u: Dice) -> list[Piece]:
    """Pears, slim or fat."""
    h, r, neck = u(0.6, 0.9), u(0.38, 0.48), u(0.4, 0.6)
    pieces = [
        ellipsoid("body", (0, 0, 0), (r, r * 0.95, r)),
        tube("body", [(0, 0, 0), (0, h * 0.5, 0), (u(-0.06, 0.06), h, 0)], [r * 0.9, r * 0.75, r * neck]),
    ]
    return pieces + _stalk(u, h + r * neck, u(0.02, 0.03), 0.5)


def pineapple(u: Dice) -> list[Piece]:
    """Pineapples with a leaf crown; knobbly or smooth."""
    r, h = u(0.28, 0.38), u(0.4, 0.6)
    pieces = [ellipsoid("body", (0, 0, 0), (r, h, r), square=u(0.7, 0.95), melt=False)]
    if u.chance(0.6):
        for t in np.linspace(-0.75, 0.75, 7):
            ring = r * np.sqrt(1 - t * t * 0.85)
            for c, s in around(9, 4 * t):
                spot = np.array([ring * c, t * h, ring * s])
                pieces.append(cylinder("body", spot * 0.9, spot * 1.12, [0.07, 0.015]))
    top = np.array([0, h * 0.9, 0])
    for ring in range(u.count(2, 4)):
        out, rise = 0.3 - 0.08 * ring, 0.25 + 0.15 * ring
        pieces += [_frond("leaf", top, q, out, rise, u(-0.05, 0.1), 0.05) for q in around(u.count(5, 7), ring)]
    return pieces


def carrot(u: Dice) -> list[Piece]:
    """Carrots and radishes with greens."""
    h, r, t = u(0.8, 1.2), u(0.12, 0.2), np.linspace(0, 1, 8)
    if u.chance(0.25):
        h, r = u(0.4, 0.6), u(0.25, 0.32)
    sway = u(-0.1, 0.1)
    pieces = [tube("root", bezier((0, 0, 0), (sway, -h * 0.5, 0), (0, -h, 0), n=8), r * (1 - t) ** u(0.5, 0.9) + 0.015)]
    style = u.pick("fronds", "stalks")
    for c, s in around(u.count(3, 7)):
        if style == "fronds":
            pieces.append(
                _frond("leaf", np.array([0, r * 0.5, 0]), (c, s), u(0.15, 0.35), u(0.3, 0.6), u(0, 0.2), u(0.04, 0.08))
            )
        else:
            end = (u(0.08, 0.22) * c, u(0.3, 0.5), u(0.08, 0.22) * s)
            pieces += [tube("stem", [(0, 0, 0), end], 0.025), ellipsoid("leaf", end, (0.08, 0.12, 0.08))]
    return pieces


def pumpkin(u: Dice) -> list[Piece]:
    """Ribbed pumpkins, plain or carved."""
    n, r, h = u.count(7, 11), u(0.4, 0.5), u(0.3, 0.45)
    pieces = [ellipsoid("body", (r * 0.45 * c, 0, r * 0.45 * s), (r * 0.55, h, r * 0.55)) for c, s in around(n)]
    lean = u(-0.15, 0.15)
    pieces.append(
        tube(
            "stem",
            bezier((0, h * 0.8, 0), (0, h * 1.2, 0), (lean, h + u(0.15, 0.3), 0), n=5),
            [0.08, 0.06, 0.05, 0.045, 0.05],
        )
    )
    if u.chance(0.3):
        pieces += [prism("eye", [(-0.07, -0.05), (0.07, -0.05), (0, 0.08)], 0.04, (x * 0.17, 0.08, r * 0.9)) for x in SIDES]
        pieces.append(prism("mouth", [(-0.2, 0.03), (-0.1, -0.06), (0.1, -0.06), (0.2, 0.03)], 0.04, (0, -0.13, r * 0.9)))
    elif u.chance(0.4):
        pieces.append(_frond("leaf", np.array([0, h, 0]), (0.7, 0.7), u(0.3, 0.45), 0.15, 0.15, 0.14))
    return pieces


def banana(u: Dice) -> list[Piece]:
    """A single banana or a bunch on its stem."""
    n, long, curve, r = u.pick(1, 3, 4, 5), u(0.7, 0.9), u(0.2, 0.4), u(0.08, 0.11)
    pieces = []
    t = np.linspace(0, 1, 10)
    for k in range(n):
        a = (k - (n - 1) / 2) * u(0.28, 0.36)
        path = bezier((0, 0, 0), (0, -0.4 * long, curve), (0, -long, -curve * 0.3), n=10)
        radius = r * np.clip(np.sin(np.pi * (0.08 + 0.86 * t)) ** 0.5, 0.35, 1)
        pieces.append(tube("body", path @ (turn("y", a * 0.6) @ turn("z", a)).T, radius))
        tip = path[-1] @ (turn("y", a * 0.6) @ turn("z", a)).T
        pieces.append(ellipsoid("tip", tip, 0.04))
    pieces.append(tube("stem", [(0, -0.03, 0), (0, u(0.1, 0.2), -0.04)], [r * 0.5 + 0.01 * n, 0.04]))
    return pieces


def umbrella(u: Dice) -> list[Piece]:
    """Rain umbrellas with a hook handle, open or folded; beach and garden parasols."""
    h, r, n, style = u(1.0, 1.4), u(0.55, 0.8), u.pick(6, 8, 8), u.pick("rain", "rain", "parasol", "folded")
    pieces = [cylinder("shaft", (0, 0, 0), (0, h, 0), u(0.014, 0.03))]
    if style == "folded":
        pieces.append(lathe("canopy", [(0.02, 0.3 * h), (0.08, 0.4 * h), (0.06, 0.75 * h), (0.02, 0.97 * h)]))
    else:
        rise, y = r * u(0.35, 0.6), h * 0.97
        t = np.linspace(0, 1, 9)
        profile = np.stack([r * np.sin(t * 1.45) / np.sin(1.45), y - rise * (1 - np.cos(t * 1.45)) / (1 - np.cos(1.45))], 1)
        scallop = [(float(a), float(b) - 0.015) for a, b in profile[::-1]]
        pieces.append(lathe("canopy", [*profile.tolist(), *scallop[1:-1], (0.0, y - 0.02)]))
        if u.chance(0.7):
            for c, s in around(n):
                rib = np.stack([profile[1:, 0] * c, profile[1:, 1] - 0.02, profile[1:, 0] * s], 1)
                pieces.append(tube("rib", rib, 0.01))
                if style == "rain":
                    pieces.append(tube("rib", [(0, h * 0.65, 0), rib[4]], 0.008))
    pieces.append(cylinder("tip", (0, h * 0.95, 0), (0, h + u(0.05, 0.12), 0), [0.02, 0.01]))
    if style == "parasol":
        if u.chance(0.7):
            pieces.append(lathe("base", [(0.22, 0), (0.22, 0.05), (0.05, 0.1), (0, 0.1)]))
        return pieces
    if u.chance(0.7):
        size = u(0.06, 0.1)
        hook = arc((size, -0.05, 0), size, size, np.pi, 2 * np.pi, "xy", 10)
        pieces.append(tube("handle", np.concatenate([[(0, 0.12, 0)], hook]), 0.028))
    else:
        pieces.append(tube("handle", [(0, -0.1, 0), (0, 0.1, 0)], u(0.03, 0.045)))
    return pieces


def flag(u: Dice) -> list[Piece]:
    """Flags on a pole: waving, pennants, banners on a crossbar."""
    h, r, w, tall = u(1.2, 1.8), u(0.015, 0.035), u(0.5, 0.8), u(0.3, 0.5)
    pieces = [cylinder("pole", (0, 0, 0), (0, h, 0), [r * 1.2, r * 0.8])]
    style, x = u.pick("waving", "waving", "pennant", "banner"), np.linspace(0, 1, 20)
    if style == "banner":
        pieces += [cylinder("crossbar", (-w * 0.45, h - 0.08, 0.03), (w * 0.45, h - 0.08, 0.03), r * 0.7)]
        pieces.append(
            plate(
                "flag",
                [(w * 0.4, h - 0.08), (w * 0.4, h - 1.6 * tall), (0.01, h - 1.6 * tall - u(0, 0.15))],
                0.01,
                (0, 0, 0.03),
            )
        )
    else:
        wave = u(0.02, 0.08) * np.sin(x * u(4, 9)) * x
        y = h - tall / 2 - 0.03 - u(0, 0.15) * x
        half = tall / 2 * ((1 - x) * 0.98 + 0.02 if style == "pennant" else np.ones(20))
        zero = np.zeros(20)
        pieces.append(
            loft("flag", np.stack([x * w, y, wave], 1), np.stack([zero, half, zero], 1), np.tile([0, 0, 0.01], (20, 1)))
        )
    if u.chance(0.7):
        pieces.append(
            ellipsoid("ball", (0, h, 0), r * 1.8) if u.chance(0.7) else lathe("tip", [(r * 2, 0), (0, 0.12)], (0, h, 0))
        )
    if u.chance(0.6):
        size = u(0.12, 0.25)
        pieces.append(
            lathe("base", [(size, 0), (size, 0.04), (size * 0.5, 0.08), (0, 0.09)])
            if u.chance()
            else box("base", (0, 0.03, 0), (size, 0.04, size))
        )
    return pieces


KINDS = {
    "house": Kind(house, "building", ("house", "cottage", "building", "hut")),
    "castle": Kind(castle, "building", ("castle", "fortress")),
    "tower": Kind(tower, "building", ("tower", "water tower", "skyscraper")),
    "church": Kind(church, "building", ("church", "chapel", "mosque")),
    "windmill": Kind(windmill, "building", ("windmill", "wind mill")),
    "lighthouse": Kind(lighthouse, "building", ("lighthouse",)),
    "bridge": Kind(bridge, "bridge", ("bridge",)),
    "tent": Kind(tent, "tent", ("tent", "camping tent", "pavilion")),
    "well": Kind(well, "well", ("well", "water well")),
    "fence": Kind(fence, "fence", ("fence", "wooden fence")),
    "gate": Kind(gate, "fence", ("gate", "garden gate")),
    "street lamp": Kind(street_lamp, "post", ("street lamp", "street light", "lamp post", "lantern")),
    "traffic light": Kind(traffic_light, "post", ("traffic light", "traffic signal")),
    "mailbox": Kind(mailbox, "post", ("mailbox", "letter box", "post box")),
    "signpost": Kind(signpost, "post", ("signpost", "road sign", "traffic sign", "sign")),
    "flag": Kind(flag, "post", ("flag", "banner", "flagpole")),
    "fountain": Kind(fountain, "fountain", ("fountain", "water fountain")),
    "barrel": Kind(barrel, "crate", ("barrel", "drum", "cask")),
    "crate": Kind(crate, "crate", ("crate", "wooden box", "box")),
    "chest": Kind(chest, "crate", ("chest", "treasure chest", "trunk")),
    "tree": Kind(tree, "plant", ("tree", "broadleaf tree"), organic=True),
    "conifer": Kind(conifer, "plant", ("fir tree", "pine tree", "conifer", "christmas tree")),
    "palm": Kind(palm, "plant", ("palm tree", "palm")),
    "flower": Kind(flower, "plant", ("flower", "daisy", "tulip")),
    "cactus": Kind(cactus, "plant", ("cactus",), organic=True),
    "mushroom": Kind(mushroom, "mushroom", ("mushroom", "toadstool")),
    "potted plant": Kind(potted_plant, "plant", ("potted plant", "house plant", "plant pot")),
    "bush": Kind(bush, "plant", ("bush", "shrub", "hedge"), organic=True),
    "apple": Kind(apple, "fruit", ("apple", "fruit")),
    "pear": Kind(pear, "fruit", ("pear",), organic=True),
    "pineapple": Kind(pineapple, "fruit", ("pineapple",)),
    "carrot": Kind(carrot, "fruit", ("carrot", "radish", "vegetable")),
    "pumpkin": Kind(pumpkin, "fruit", ("pumpkin", "jack-o'-lantern"), organic=True),
    "banana": Kind(banana, "fruit", ("banana", "bunch of bananas"), organic=True),
    "umbrella": Kind(umbrella, "umbrella", ("umbrella", "parasol", "beach umbrella")),
}

SYNONYMS = {
    "wall": ("house wall", "outer wall", "building wall"),
    "roof": ("rooftop", "top"),
    "window": ("glass", "windows"),
    "door": ("entrance", "doorway", "front door"),
    "door handle": ("door knob", "handle"),
    "step": ("stair", "stairs", "doorstep"),
    "canopy": ("awning", "cover", "porch roof"),
    "column": ("pillar", "post"),
    "chimney": ("smokestack", "chimney stack"),
    "garage door": ("garage",),
    "base": ("foundation", "foot", "plinth"),
    "balcony": ("gallery", "platform"),
    "railing": ("handrail", "rail", "guard rail"),
    "tower": ("turret", "tall part"),
    "battlement": ("crenellation", "wall top", "merlon"),
    "flag": ("banner", "pennant"),
    "flagpole": ("pole", "flag staff"),
    "gate": ("gateway", "entrance", "door"),
    "drawbridge": ("bridge",),
    "leg": ("support", "stand"),
    "tank": ("water tank", "container"),
    "brace": ("crossbar", "cross beam"),
    "antenna": ("aerial", "mast"),
    "dome": ("round roof", "cupola"),
    "spire": ("steeple", "pointed roof"),
    "cross": ("crucifix",),
    "clock": ("clock face",),
    "axle": ("shaft", "roller"),
    "sail": ("windmill blade", "blade", "wing"),
    "blade": ("rotor blade", "windmill blade"),
    "engine housing": ("nacelle", "generator"),
    "hub": ("rotor hub", "center"),
    "tail": ("tail vane", "vane"),
    "lamp room": ("lantern room", "light"),
    "roadway": ("deck", "road", "bridge deck"),
    "pillar": ("pier", "support", "column"),
    "arch": ("archway", "curve"),
    "cable": ("rope", "wire", "suspension cable"),
    "canvas": ("tent fabric", "cloth", "tarp"),
    "pole": ("tent pole", "rod", "stick", "mast"),
    "rope": ("cord", "string", "line"),
    "peg": ("stake", "tent peg"),
    "rim": ("edge", "border"),
    "post": ("pole", "pillar", "column"),
    "cap": ("top", "head"),
    "crank": ("winch handle", "handle"),
    "bucket": ("pail",),
    "handle": ("pull", "knob"),
    "rail": ("crossbar", "horizontal bar"),
    "picket": ("slat", "board", "fence board"),
    "bar": ("rod", "iron bar"),
    "frame": ("framework", "edge frame"),
    "board": ("plank", "side", "slat"),
    "hinge": ("door hinge",),
    "arm": ("side arm", "bracket"),
    "lamp": ("light", "lantern", "lamp head"),
    "bulb": ("light bulb", "light"),
    "housing": ("casing", "signal head", "box"),
    "light": ("lamp", "signal"),
    "visor": ("shade", "light hood"),
    "body": ("main part", "main body"),
    "slot": ("letter slot", "opening"),
    "sign": ("sign board", "board", "plate"),
    "basin": ("pool", "tub"),
    "water": ("water jet", "liquid"),
    "bowl": ("dish", "upper basin"),
    "ornament": ("decoration", "bauble", "figure"),
    "hoop": ("metal ring", "band", "ring"),
    "lid": ("cover", "top"),
    "plug": ("cork", "stopper"),
    "stand": ("support", "rack"),
    "tap": ("spigot", "faucet"),
    "bottom": ("floor", "base"),
    "band": ("metal band", "strap"),
    "lock": ("latch", "padlock"),
    "treasure": ("gold", "coins"),
    "foot": ("leg", "stand"),
    "trunk": ("tree trunk", "stem"),
    "root": ("tree root", "tap root"),
    "branch": ("bough", "twig"),
    "foliage": ("leaves", "crown", "treetop"),
    "fruit": ("apple", "berry"),
    "star": ("tree topper",),
    "leaf": ("leaves", "frond", "green leaf"),
    "coconut": ("fruit", "nut"),
    "stem": ("stalk", "shaft"),
    "petal": ("flower petal", "petals"),
    "center": ("flower center", "middle"),
    "flower": ("blossom", "bloom"),
    "pot": ("flower pot", "plant pot", "planter"),
    "spot": ("dot",),
    "ring": ("collar",),
    "soil": ("earth", "dirt"),
    "saucer": ("plate", "tray"),
    "berry": ("fruit", "berries"),
    "eye": ("carved eye",),
    "mouth": ("carved mouth",),
    "tip": ("end", "point"),
    "shaft": ("pole", "stick", "rod"),
    "rib": ("spoke", "wire"),
    "crossbar": ("horizontal bar", "yard"),
    "ball": ("knob", "finial"),
}
