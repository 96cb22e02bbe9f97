"""Things on wheels, tracks and runners."""

from __future__ import annotations

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
    prism,
    tube,
    turn,
)

FACING_SIDE = turn("y", -np.pi / 2)
"""Puts an outline drawn in (z, y) upright along z."""


def _block(part: str, back: ArrayLike, front: ArrayLike) -> Piece:
    """Solid between two quadrilaterals [4 3] whose corners are listed around the same way."""
    cube = box(part, (0.5, 0.5, 0.5), (0.5, 0.5, 0.5))
    x, y, z = cube.vertices.T[:, :, None]

    def quad(corners: ArrayLike) -> Array:
        a, b, c, d = np.asarray(corners, float)
        return np.asarray((a * (1 - x) + b * x) * (1 - y) + (d * (1 - x) + c * x) * y)

    return Piece(part, quad(back) * (1 - z) + quad(front) * z, cube.faces)


def _slab(part: str, corners: ArrayLike, thick: float) -> Piece:
    """Flat board of half-thickness `thick` with the given corners [4 3]."""
    c = np.asarray(corners, float)
    normal = np.cross(c[2] - c[0], c[3] - c[1])
    shift = normal / np.linalg.norm(normal) * thick
    return _block(part, c - shift, c + shift)


def _shell(part: str, z: ArrayLike, half: ArrayLike, low: ArrayLike, high: ArrayLike, square: float) -> Piece:
    """Skin along z with half-widths, lower and upper edges at each station; `square` as in ellipsoid."""
    at, w, a, b = (np.broadcast_to(np.asarray(v, float), (len(np.atleast_1d(z)),)) for v in (z, half, low, high))
    zero, one = np.zeros(len(at)), np.ones(len(at))
    skin = loft(part, np.stack([zero, zero, at], 1), np.stack([one, zero, zero], 1), np.stack([zero, one, zero], 1))
    x, y, along = skin.vertices.T
    bulge_x, bulge_y = (np.sign(v) * np.abs(v) ** square for v in (x, y))
    width, middle, rise = (np.interp(along, at[::-1], v[::-1]) for v in (w, (a + b) / 2, (b - a) / 2))
    return Piece(part, np.stack([bulge_x * width, middle + bulge_y * rise, along], 1), skin.faces)


def _wheels(u: Dice, spots: list[tuple[float, float, float]], r: float, half: float) -> list[Piece]:
    """Car wheels of one style with their axles along x."""
    size, dish, spokes, nut, pieces = u(0.5, 0.75), u(0.6, 1.1), u.pick(0, 0, 4, 5, 6), u.chance(), []
    bare = u.chance(0.2)
    for x, y, z in spots:
        tire = np.array([(size, -1), (0.9, -1), (1, -0.6), (1, 0.6), (0.9, 1), (size, 1)]) * (r, half)
        pieces.append(lathe("wheel/tire", tire, (x, y, z), "x"))
        if bare:
            continue
        side = half * (1.0 if x >= 0 else -1.0)
        rim = np.array([(size, 0.5), (size, 1.08), (size * 0.9, 1.1), (size * 0.8, dish), (0, dish)]) * (r, side)
        pieces.append(lathe("wheel/rim", rim, (x, y, z), "x"))
        for c, s in around(spokes):
            end = (x + side * 1.1, y + r * size * 0.95 * c, z + r * size * 0.95 * s)
            pieces.append(cylinder("wheel/rim", (x + side * 1.1, y, z), end, r * 0.07))
        if nut:
            pieces.append(ellipsoid("wheel/hub", (x + side * dish, y, z), (half * 0.3, r * 0.15, r * 0.15)))
    return pieces


def _four(x: float, y: float, front: float, rear: float) -> list[tuple[float, float, float]]:
    return [(side * x, y, z) for side in SIDES for z in (front, rear)]


def _cabin(
    u: Dice,
    part: str,
    base: tuple[float, float],
    top: tuple[float, float],
    y: tuple[float, float],
    half: tuple[float, float],
    windows: int,
    rear: bool = True,
) -> list[Piece]:
    """Upper body with roof, windshield and windows: rear and front z, y and half-width at its lower and upper edge."""

    def corner(x: float, t: float, up: float) -> Array:
        z = (1 - up) * (base[0] + t * (base[1] - base[0])) + up * (top[0] + t * (top[1] - top[0]))
        return np.array([x * (half[0] + up * (half[1] - half[0])), y[0] + up * (y[1] - y[0]), z])

    def ring(up: float) -> Array:
        return np.array([corner(-1, 0, up), corner(1, 0, up), corner(1, 1, up), corner(-1, 1, up)])

    def glass(name: str, t: float) -> Piece:
        low, high, side = 0.12, 0.88, 0.88
        corners = [corner(-side, t, low), corner(side, t, low), corner(side, t, high), corner(-side, t, high)]
        return _slab(name, corners, 0.012)

    lid = np.array([0, u(0.02, 0.05), 0])
    overhang = u(1.0, 1.04)
    centre = ring(1).mean(0)
    roof = centre + (ring(1) - centre) * (overhang, 1, overhang)
    pieces = [
        _block(part, ring(0), ring(1)),
        _block(f"{part}/roof", roof - lid / 3, roof + lid),
        glass("windshield", 1),
    ]
    if rear:
        pieces.append(glass("rear window", 0))
    gap = u(0.03, 0.07)
    for x in SIDES:
        for k in range(windows):
            a, b = 0.04 + 0.92 * k / windows + gap / 2, 0.04 + 0.92 * (k + 1) / windows - gap / 2
            pieces.append(
                _slab("window", [corner(x, a, 0.15), corner(x, b, 0.15), corner(x, b, 0.88), corner(x, a, 0.88)], 0.012)
            )
    return pieces


def _face(u: Dice, w: float, y: float, z: float, h: float) -> list[Piece]:
    """Headlights, bumper, grille and licence plate at the front of a vehicle."""
    size, pieces, round_lamps = u(0.035, 0.06), [], u.chance()
    for x in SIDES:
        spot = (x * w * 0.72, y, z)
        half = (size, size, size * 0.5) if round_lamps else (size * 1.5, size * 0.7, size * 0.6)
        pieces.append(ellipsoid("headlight", spot, half, square=1.0 if round_lamps else 0.4))
    if u.chance(0.7):
        pieces.append(ellipsoid("bumper", (0, y - h, z), (w * 1.02, u(0.03, 0.05), 0.05), square=0.3))
    if u.chance(0.45):
        pieces.append(box("grille", (0, y - h * 0.3, z), (w * u(0.3, 0.5), h * 0.35, 0.025)))
    if u.chance(0.3):
        pieces.append(box("license plate", (0, y - h, z + 0.03), (0.08, 0.022, 0.03)))
    return pieces


def _rear(u: Dice, w: float, y: float, z: float, h: float) -> list[Piece]:
    """Taillights, bumper and exhaust pipes at the rear end."""
    pieces = [box("taillight", (x * w * 0.8, y, z), (u(0.03, 0.05) * 1.2, u(0.02, 0.05), 0.02)) for x in SIDES]
    if u.chance(0.6):
        pieces.append(ellipsoid("bumper", (0, y - h, z), (w * 1.02, u(0.03, 0.05), 0.045), square=0.3))
    if u.chance(0.35):
        spots = [-0.5, 0.5] if u.chance() else [0.5]
        pieces += [
            cylinder("exhaust pipe", (x * w, y - h * 1.2, z + 0.15), (x * w, y - h * 1.2, z - 0.06), 0.025) for x in spots
        ]
    return pieces


def _mirrors(u: Dice, w: float, y: float, z: float) -> list[Piece]:
    size = u(0.035, 0.055)
    return [ellipsoid("mirror", (x * (w + size * 0.8), y, z), (size, size * 0.7, size * 0.5), square=0.6) for x in SIDES]


def _steering_wheel(centre: ArrayLike, r: float, lean: float) -> list[Piece]:
    c, tilt = np.asarray(centre, float), turn("x", lean)
    ring = arc((0, 0, 0), r, r, 0, 2 * np.pi, "xy", 20) @ tilt.T + c
    foot = c + tilt @ np.array([0, 0, r * 1.6])
    return [
        tube("steering wheel", ring, r * 0.13),
        tube("steering wheel", ring[[0, 10]], r * 0.1),
        tube("steering column", [c, foot], r * 0.1),
    ]


def car(u: Dice) -> list[Piece]:
    """Sedans, hatchbacks, off-roaders, sports cars and stubby toy cars."""
    style = u.pick("sedan", "sedan", "hatch", "suv", "sports", "toy", "classic")
    long = u(0.65, 0.8) if style == "toy" else u(0.95, 1.08)
    w, r = u(0.36, 0.46), u(0.14, 0.19) * (1.25 if style in ("suv", "toy") else 1)
    belt, top = {
        "sports": (u(0.33, 0.38), u(0.5, 0.57)),
        "suv": (u(0.48, 0.56), u(0.78, 0.9)),
        "toy": (u(0.42, 0.5), u(0.75, 0.9)),
    }.get(style, (u(0.4, 0.46), u(0.64, 0.74)))
    base, roof = {
        "sedan": ((-0.66, u(0.3, 0.4)), (-0.42, u(0.05, 0.15))), "hatch": ((-0.93, 0.4), (u(-0.85, -0.65), 0.12)),
        "suv": ((-0.96, 0.38), (u(-0.95, -0.85), u(0.15, 0.3))), "sports": ((-0.8, 0.25), (-0.35, -0.05)),
        "toy": ((-0.7, 0.35), (-0.6, 0.2)), "classic": ((-0.6, 0.15), (-0.5, 0.08)),
    }[style]  # fmt: skip
    low, square, hood = u(0.08, 0.14) + 0.3 * r, u(0.12, 0.5), belt * u(0.7, 0.95)
    z = np.linspace(1, -1, 25)
    deck = u(0.85, 1.0)
    high = np.interp(z, [-1, -0.8, base[0], base[1], 0.85, 1], [belt * 0.9, belt * deck, belt, belt, hood, hood * 0.85])
    half = w * (1 - u(0.05, 0.25) * np.abs(z) ** 4)
    pieces = [_shell("body", z * long, half, low, high, square)]
    edge, inner = (base[0] * long, base[1] * long), (roof[0] * long, roof[1] * long)
    sides = (w * 0.94, w * u(0.72, 0.88))
    if style != "sports" or u.chance(0.75):
        pieces += _cabin(u, "body", edge, inner, (belt - 0.03, top), sides, u.count(1, 2) + (style == "suv"))
    else:
        corners = np.array([(-0.85, belt, edge[1]), (0.85, belt, edge[1]), (0.75, top, inner[1]), (-0.75, top, inner[1])])
        pieces.append(_slab("windshield", corners * (w, 1, 1), 0.012))
        pieces += [ellipsoid("seat", (x * w, belt + 0.05, -0.2), (w * 0.3, 0.13, 0.05), square=0.5) for x in (-0.45, 0.45)]
        pieces += _steering_wheel((w * 0.45, belt + 0.03, 0.05), 0.08, 0.3)
    if u.chance(0.7):
        part = z > base[1] + 0.04
        pieces.append(_shell("body/hood", z[part] * long, half[part] * 0.85, high[part] - 0.05, high[part] + 0.012, 0.3))
    if style in ("sedan", "classic", "sports") and u.chance(0.7):
        part = z < base[0] - 0.02
        pieces.append(_shell("body/trunk lid", z[part] * long, half[part] * 0.85, high[part] - 0.05, high[part] + 0.012, 0.3))
    front, rear = long * u(0.58, 0.68), -long * u(0.55, 0.65)
    pieces += _wheels(u, _four(w * u(0.85, 1), r, front, rear), r, u(0.05, 0.09))
    if u.chance(0.4) or style == "classic":
        pieces += [
            ellipsoid("body/fender", (x * w * 0.85, r * 1.1, q), (w * 0.2, r * 1.1, r * 1.35), square=0.8)
            for x in SIDES
            for q in (front, rear)
        ]
    mid, gap = (front + rear) / 2, u(0.18, 0.24)
    if u.chance(0.55):
        doors = [mid + 0.02] if u.chance() else [mid + gap, mid - gap]
        size = (0.02, (belt - low) * 0.4, gap * (1.3 if len(doors) == 1 else 0.93))
        handles = u.chance()
        for x in SIDES:
            pieces += [box("body/door", (x * w * 0.985, (belt + low) / 2, q), size) for q in doors]
            if handles:
                pieces += [
                    ellipsoid("door handle", (x * (w + 0.01), belt * 0.85, q - size[2] * 0.6), (0.015, 0.012, 0.04))
                    for q in doors
                ]
    pieces += _face(u, w * 0.95, hood * 0.78, long * 0.97, hood * 0.35) + _rear(
        u, w * 0.95, belt * 0.75, -long * 0.98, belt * 0.3
    )
    if u.chance(0.6):
        pieces += _mirrors(u, w, belt + 0.06, edge[1] - 0.08)
    if u.chance(0.7 if style == "sports" else 0.08):
        pieces.append(box("spoiler", (0, belt * deck + 0.12, -long * 0.92), (w * 0.9, 0.012, 0.07)))
        pieces += [box("spoiler", (x * w * 0.6, belt * deck + 0.05, -long * 0.92), (0.015, 0.08, 0.04)) for x in SIDES]
    if style == "suv" and u.chance(0.4):
        tire = [(r * 0.9, -0.06), (r, 0), (r * 0.9, 0.06)]
        pieces.append(lathe("spare wheel", tire, (0, belt, -long * 1.03), "z"))
    if u.chance(0.12):
        pieces.append(box("roof sign", (0, top + 0.06, (inner[0] + inner[1]) / 2), (u(0.1, 0.25), 0.04, 0.05)))
    return pieces


def van(u: Dice) -> list[Piece]:
    """Panel vans, minibuses and ambulances."""
    w, belt, top, r, low = u(0.36, 0.44), u(0.42, 0.52), u(0.85, 1.0), u(0.14, 0.17), u(0.12, 0.16)
    snub = u.chance(0.4)
    nose = 0.97 if snub else u(0.7, 0.8)
    z = np.array([1, 0.97, nose, -0.95, -1])
    high = [belt * 0.85, belt * 0.9, belt, belt, belt * 0.95]
    pieces = [_shell("body", z, w * np.array([0.9, 1, 1, 1, 0.95]), low, high, u(0.12, 0.3))]
    sides = (w * 0.99, w * u(0.85, 0.97))
    pieces += _cabin(u, "body", (-0.97, nose), (-0.95, nose - u(0.1, 0.35)), (belt - 0.03, top), sides, u.pick(1, 3, 4, 5))
    pieces += _wheels(u, _four(w * 0.93, r, 0.62, -0.6), r, 0.07) + _face(u, w, belt * 0.75, 0.98, 0.15)
    pieces += _rear(u, w, belt * 0.9, -0.99, 0.22) + _mirrors(u, w, belt + 0.1, nose - 0.08)
    if u.chance(0.6):
        for x in SIDES:
            pieces.append(box("body/door", (x * w, (low + belt) / 2, nose - 0.25), (0.015, (belt - low) * 0.45, 0.17)))
            pieces.append(box("body/door", (x * w, (low + belt) / 2, nose - 0.65), (0.015, (belt - low) * 0.45, 0.2)))
    if u.chance(0.3):
        pieces.append(box("siren light", (0, top + 0.06, nose - 0.45), (w * 0.6, 0.04, 0.05)))
    elif u.chance(0.3):
        pieces += [tube("roof rack", [(x * w * 0.6, top + 0.08, -0.8), (x * w * 0.6, top + 0.08, 0.3)], 0.015) for x in SIDES]
        pieces += [tube("roof rack", [(-w * 0.6, top + 0.06, q), (w * 0.6, top + 0.06, q)], 0.02) for q in (-0.7, -0.2, 0.2)]
    return pieces


def bus(u: Dice) -> list[Piece]:
    """City buses, coaches, double-deckers and long-nosed school buses."""
    w, r, low, double, school = u(0.24, 0.32), u(0.1, 0.13), u(0.08, 0.12), u.chance(0.25), u.chance(0.25)
    belt, top = u(0.3, 0.38), u(0.6, 0.75)
    nose = 0.7 if school else 0.99
    pieces = [_shell("body", [nose, nose - 0.03, -0.98, -1], w * np.array([0.96, 1, 1, 0.97]), low, belt, 0.1)]
    n = u.count(4, 7)
    for k in range(1 + double):
        shift = k * (top - belt)
        slope = u(0, 0.06)
        pieces += _cabin(
            u, "body", (-1, nose), (-0.99, nose - slope), (belt + shift - 0.02, top + shift), (w, w * u(0.93, 1)), n
        )
    if school:
        pieces.append(
            _shell("body/hood", [1, 0.97, 0.68], w * np.array([0.65, 0.75, 0.8]), low, [belt * 0.8, belt * 0.9, belt], 0.25)
        )
    door = np.linspace(nose - 0.13, -0.2, 2)[: u.count(1, 2)]
    for q in door:
        pieces.append(box("body/door", (w, (low + top) / 2 - 0.02, q), (0.02, (top - low) * 0.42, 0.08)))
    rear = -u(0.5, 0.65)
    pieces += _wheels(u, _four(w * 0.92, r, nose - 0.28 if not school else 0.75, rear), r, 0.055)
    pieces += _face(u, w * (0.75 if school else 0.95), belt * 0.7, 0.99, 0.12) + _rear(u, w, belt * 0.8, -1.0, 0.1)
    if u.chance(0.6):
        pieces += _mirrors(u, w, belt + 0.15, nose + 0.03)
    if u.chance(0.3):
        pieces.append(
            box("roof sign", (0, top * (2 if double else 1) - belt * double + 0.02, nose - 0.08), (w * 0.7, 0.045, 0.02))
        )
    return pieces


def _cab(u: Dice, w: float, front: float, floor: float, top: float, r: float) -> tuple[list[Piece], float]:
    """Driver's cab of a truck, with or without a hood; also returns its rear end."""
    nosed, belt = u.chance(0.4), floor + (top - floor) * u(0.4, 0.55)
    nose = front - u(0.3, 0.4) if nosed else front
    rear = nose - u(0.3, 0.45)
    pieces = [_shell("cab", [nose, nose - 0.02, rear], w * np.array([0.97, 1, 1]), floor - 0.1, belt, 0.12)]
    pieces += _cabin(u, "cab", (rear, nose), (rear, nose - u(0, 0.12)), (belt - 0.02, top), (w, w * u(0.85, 1)), 1)
    if nosed:
        stations = [front, front - 0.04, nose - 0.02]
        pieces.append(
            _shell(
                "cab/hood",
                stations,
                w * np.array([0.65, 0.75, 0.8]),
                floor - 0.1,
                [belt * 0.92, belt * 0.97, belt],
                0.3,
            )
        )
        if u.chance():
            pieces += [ellipsoid("cab/fender", (x * w * 0.85, r * 1.2, front - 0.2), (w * 0.2, r, r * 1.3)) for x in SIDES]
    elif u.chance(0.5):
        pieces += [
            box("cab/door", (x * w, (floor + belt) / 2 - 0.04, nose - 0.18), (0.015, (belt - floor) * 0.5, 0.13)) for x in SIDES
        ]
    pieces += _face(u, w * 0.9, floor + 0.05, front, 0.12) + _mirrors(u, w, belt + 0.1, nose + 0.01)
    return pieces, rear


def truck(u: Dice) -> list[Piece]:
    """Box, tank, dump, flatbed and garbage trucks, and semi-trailers."""
    w, r, half = u(0.24, 0.32), u(0.1, 0.15), u(0.045, 0.06)
    floor, semi = r * 1.5, u.chance(0.35)
    pieces, back = _cab(u, w, 1.0, floor + 0.05, u(0.55, 0.75), r)
    rear = -u(1.2, 1.5) if semi else -u(0.7, 1.0)
    pieces.append(box("frame", (0, floor - 0.04, (0.9 + rear) / 2), (w * 0.45, 0.04, (0.9 - rear) / 2)))
    load, gap = u.pick("box", "box", "tank", "dump", "flat", "logs"), back - u(0.04, 0.12)
    middle, long, high = (gap + rear) / 2, (gap - rear) / 2, u(0.25, 0.4)
    if load == "box":
        pieces.append(box("trailer" if semi else "cargo box", (0, floor + high, middle), (w, high, long)))
        if u.chance(0.4):
            pieces += [box("rear door", (x * w * 0.49, floor + high, rear), (w * 0.46, high * 0.95, 0.012)) for x in SIDES]
    elif load == "tank":
        pieces.append(ellipsoid("tank", (0, floor + w * 0.9, middle), (w * 0.95, w * u(0.8, 1), long), square=0.5))
        pieces += [
            ellipsoid("hatch", (0, floor + w * 1.85, middle + q), (0.06, 0.05, 0.06))
            for q in np.linspace(-0.3, 0.3, u.count(1, 3))
        ]
    elif load == "dump":
        tilt, h = u.pick(0.0, 0.0, u(0.2, 0.7)), high * 0.6
        corners = np.array([(-1, 0, 0), (1, 0, 0), (1, 0, 2 * long), (-1, 0, 2 * long)])
        turned, spot = turn("x", -tilt), np.array([0, floor, rear])
        for x in SIDES:
            side = np.array([(x * w, 0, 0), (x * w, 0, 2 * long), (x * w * 1.05, 2 * h, 2 * long), (x * w * 1.05, 2 * h, 0)])
            pieces.append(_slab("cargo bed", side @ turned.T + spot, 0.02))
        for q, lean in ((0.0, 0.1), (2 * long, 0.0)):
            end = np.array([(-w, 0, q), (w, 0, q), (w, 2 * h, q - lean), (-w, 2 * h, q - lean)])
            pieces.append(_slab("cargo bed", end @ turned.T + spot, 0.02))
        pieces.append(_slab("cargo bed", (corners * (w, 1, 1)) @ turned.T + spot, 0.025))
        if tilt:
            pieces.append(tube("lifting arm", [(0, floor, middle), np.array([0, 0, long]) @ turned.T + spot], 0.03))
    else:
        pieces.append(box("trailer" if semi else "cargo bed", (0, floor + 0.01, middle), (w, 0.03, long)))
        pieces += [box("trailer" if semi else "cargo bed", (0, floor + 0.12, gap), (w, 0.12, 0.02))]
        if load == "logs":
            pieces += [
                cylinder("log", (x, y, rear + 0.02), (x, y, gap - 0.05), 0.08)
                for x, y in (
                    (-0.17, floor + 0.11),
                    (0, floor + 0.11),
                    (0.17, floor + 0.11),
                    (-0.08, floor + 0.25),
                    (0.08, floor + 0.25),
                )
            ]
    axles = [0.72, *(rear + 0.15 + 2.15 * r * k for k in range(u.count(1, 2 + semi))), *([back - 0.15] if semi else [])]
    pieces += _wheels(u, [(x * (w - half), r, q) for x in SIDES for q in axles], r, half)
    if u.chance(0.4):
        pieces += [
            cylinder("exhaust pipe", (x * w * 0.9, floor, back - 0.02), (x * w * 0.9, u(0.75, 0.95), back - 0.02), 0.025)
            for x in SIDES
        ]
    if u.chance(0.4):
        pieces += [
            cylinder("fuel tank", (x * w * 0.85, floor - 0.08, back - 0.2), (x * w * 0.85, floor - 0.08, back + 0.1), 0.06)
            for x in SIDES
        ]
    return pieces


def pickup(u: Dice) -> list[Piece]:
    """Pickup trucks with an open bed."""
    w, belt, r, low = u(0.36, 0.44), u(0.46, 0.56), u(0.16, 0.22), u(0.18, 0.24)
    top, crew = belt + u(0.25, 0.36), u.chance()
    split = -0.3 if crew else -0.02
    stations = np.array([1, 0.96, 0.4, split])
    pieces = [_shell("body", stations, w * np.array([0.9, 0.98, 1, 1]), low, belt * np.array([0.85, 0.93, 1, 1]), u(0.12, 0.3))]
    pieces += _cabin(u, "body", (split, 0.42), (split + 0.05, u(0.1, 0.25)), (belt - 0.02, top), (w * 0.96, w * 0.82), 1 + crew)
    pieces.append(box("cargo bed", (0, low + 0.07, (split - 1) / 2), (w * 0.97, 0.06, (1 + split) / 2)))
    for x in SIDES:
        pieces.append(
            box(
                "cargo bed",
                (x * w * 0.93, (low + belt) / 2, (split - 1) / 2),
                (w * 0.06, (belt - low) / 2, (1 + split) / 2),
            )
        )
    pieces.append(box("tailgate", (0, (low + belt) / 2 + 0.02, -0.99), (w * 0.88, (belt - low) * 0.42, 0.025)))
    pieces += _wheels(u, _four(w * 0.95, r, 0.66, -0.6), r, u(0.07, 0.1)) + _face(u, w, belt * 0.75, 0.97, 0.15)
    pieces += _rear(u, w, belt * 0.8, -1.0, (belt * 0.8 - low) * 0.85) + _mirrors(u, w, belt + 0.06, 0.3)
    if u.chance(0.6):
        pieces.append(_shell("body/hood", [0.94, 0.45], w * 0.85, belt * 0.85, [belt * 0.95 + 0.012, belt + 0.012], 0.3))
    if u.chance(0.3):
        pieces += [
            tube(
                "roll bar",
                [
                    (-w * 0.9, belt, split - 0.08),
                    (-w * 0.7, top, split - 0.05),
                    (w * 0.7, top, split - 0.05),
                    (w * 0.9, belt, split - 0.08),
                ],
                0.025,
            )
        ]
    return pieces


def fire_engine(u: Dice) -> list[Piece]:
    """Fire engines with ladder, siren lights and hose lockers."""
    w, r, half = u(0.26, 0.32), u(0.11, 0.14), 0.055
    floor, top = r * 1.5, u(0.62, 0.72)
    pieces, back = _cab(u, w, 1.0, floor + 0.05, top, r)
    rear, high = -u(0.85, 1.1), u(0.2, 0.26)
    middle, long = (back + rear) / 2, (back - rear) / 2
    pieces.append(box("body", (0, floor + high - 0.03, middle), (w, high, long)))
    for x in SIDES:
        pieces += [
            box("locker", (x * w, floor + high, middle + q * long), (0.015, high * 0.6, long * 0.2))
            for q in (-0.7, 0.0, 0.7)[: u.count(2, 3)]
        ]
    lift, deck = u.pick(0.0, u(0.2, 0.6)), floor + 2 * high
    reach, tilt = u(1.3, 1.8), turn("x", -lift)
    foot = np.array([0, deck + 0.08, rear + 0.2])
    pieces.append(cylinder("turntable", (0, deck - 0.06, rear + 0.2), (0, deck + 0.08, rear + 0.2), w * 0.55))
    for x in SIDES:
        pieces.append(tube("ladder", [(x * 0.1, *foot[1:]), np.array([x * 0.1, 0, reach]) @ tilt.T + foot], 0.022))
    pieces += [
        tube("ladder/rung", [np.array([x * 0.1, 0, q]) @ tilt.T + foot for x in SIDES], 0.014)
        for q in np.linspace(0.1, reach, 12)
    ]
    light = u.pick("bar", "two")
    if light == "bar":
        pieces.append(box("siren light", (0, top + 0.05, back + 0.25), (w * 0.8, 0.035, 0.04)))
    else:
        pieces += [
            lathe("siren light", [(0.04, 0), (0.04, 0.07), (0, 0.1)], (x * w * 0.7, top + 0.02, back + 0.2)) for x in SIDES
        ]
    if u.chance(0.4):
        pieces.append(
            lathe(
                "hose reel",
                [(0.09, -0.12), (0.09, -0.1), (0.06, -0.1), (0.06, 0.1), (0.09, 0.1), (0.09, 0.12)],
                (0, deck + 0.06, back - 0.15),
                "x",
            )
        )
    axles = [0.72, rear + 0.3, *([rear + 0.3 + 2.1 * r] if u.chance(0.4) else [])]
    return pieces + _wheels(u, [(x * (w - 0.04), r, q) for x in SIDES for q in axles], r, half)


def tractor(u: Dice) -> list[Piece]:
    """Farm tractors, old and new, with or without a cab."""
    big, small, w = u(0.36, 0.46), u(0.2, 0.3), u(0.18, 0.24)
    low, high, back = small * 1.1, small * 1.1 + u(0.28, 0.36), -0.15
    z = np.linspace(0.85, back, 6)
    pieces = [_shell("hood", z, w * u(0.7, 0.9), low, high - 0.03 * np.linspace(1, 0, 6), u(0.2, 0.6))]
    pieces.append(box("body", (0, low * 0.95, 0.05), (w * 0.6, 0.1, 0.75)))
    pieces += _wheels(u, _four(w * 1.7, big, -0.5, -0.5)[::2], big, u(0.1, 0.15))
    front = w * u(0.7, 1.6)
    pieces += _wheels(u, _four(front, small, 0.6, 0.6)[::2], small, u(0.06, 0.09))
    pieces.append(cylinder("axle", (-front, small, 0.6), (front, small, 0.6), 0.035))
    pieces.append(cylinder("axle", (-w * 1.7, big, -0.5), (w * 1.7, big, -0.5), 0.05))
    if u.chance(0.7):
        for x in SIDES:
            path = arc((x * w * 1.6, big, -0.5), big * 1.12, big * 1.12, 0.3, 2.6, "zy")
            pieces.append(tube("fender", path, 0.12, flat=0.15, round_ends=False))
            pieces.append(box("fender", (x * w * 1.1, big * 1.5, -0.5), (0.02, big * 0.6, big * 0.6)))
    pieces.append(ellipsoid("seat", (0, high - 0.05, -0.55), (w * 0.7, 0.04, 0.12), square=0.5))
    pieces.append(ellipsoid("seat", (0, high + 0.08, -0.66), (w * 0.7, 0.14, 0.03), square=0.5))
    pieces += _steering_wheel((0, high + 0.1, -0.25), 0.1, 0.8)
    pieces.append(box("body", (0, (low + high) / 2 - 0.06, -0.5), (w * 0.9, (high - low) / 2, 0.25)))
    if u.chance(0.5):
        top = high + u(0.5, 0.65)
        if u.chance():
            pieces += _cabin(u, "cab", (-0.8, -0.12), (-0.75, -0.2), (low + 0.15, top), (w * 1.05, w), 1)
        else:
            posts = [(x * w, q) for x in SIDES for q in (-0.15, -0.78)]
            pieces += [tube("roof post", [(x, low, q), (x, top, q)], 0.02) for x, q in posts]
            pieces.append(box("roof", (0, top, -0.46), (w * 1.15, 0.03, 0.38)))
    if u.chance(0.8):
        pieces.append(cylinder("exhaust pipe", (w * 0.4, high - 0.1, 0.4), (w * 0.4, high + u(0.2, 0.4), 0.4), 0.03))
    pieces += [ellipsoid("headlight", (x * w * 0.5, high - 0.12, 0.86), 0.04) for x in SIDES]
    if u.chance(0.6):
        pieces.append(box("grille", (0, (low + high) / 2, 0.86), (w * 0.45, 0.1, 0.02)))
    return pieces


def _track(x: float, long: float, r: float, half: float) -> list[Piece]:
    """Endless track around road wheels, its axis along x."""
    n = int(long / r) + 1
    front = arc((0, r, long - r), r, r, -np.pi / 2, np.pi / 2, "zy", 8)
    rear = arc((0, r, r - long), r, r, np.pi / 2, 3 * np.pi / 2, "zy", 8)
    loop = np.concatenate([front, rear])[:, 2:0:-1]
    belt = prism("track", loop, half, (x, 0, 0), FACING_SIDE)
    spots = np.linspace(r * 0.9 - long, long - r * 0.9, n)
    return [
        belt,
        *(cylinder("wheel", (x - half * 1.15, r * 0.8, z), (x + half * 1.15, r * 0.8, z), r * 0.6) for z in spots),
    ]


def excavator(u: Dice) -> list[Piece]:
    """Excavators, bulldozers and wheel loaders."""
    style, w, r = u.pick("excavator", "excavator", "bulldozer", "loader"), u(0.26, 0.34), u(0.14, 0.2)
    pieces, long = [], u(0.5, 0.65)
    if style == "loader" or u.chance(0.15):
        pieces += _wheels(u, _four(w, r * 1.3, long * 0.7, -long * 0.7), r * 1.3, 0.09)
        pieces.append(box("body", (0, r * 1.6, 0), (w * 0.8, r * 0.45, long * 0.95)))
    else:
        pieces += [piece for x in SIDES for piece in _track(x * w, long, r, 0.09)]
        pieces.append(box("body", (0, r, 0), (w, r * 0.4, long * 0.5)))
    deck, turned = 2 * r, u(-0.6, 0.6) if style == "excavator" else 0.0
    top = [box("body", (0, deck + 0.14, -0.2), (w * 0.95, 0.13, 0.38))]
    if u.chance(0.5):
        top.append(ellipsoid("counterweight", (0, deck + 0.15, -0.6), (w * 0.95, 0.15, 0.12), square=0.4))
    side = -w * 0.45 if style == "excavator" else 0.0
    wide = w * 0.45 if style == "excavator" else w * 0.65
    front = 0.25 if style == "excavator" else 0.1
    cab = _cabin(
        u,
        "cab",
        (front - 0.4, front),
        (front - 0.38, front - u(0, 0.1)),
        (deck + 0.05, deck + u(0.55, 0.7)),
        (wide, wide * 0.95),
        1,
    )
    top += [Piece(p.part, np.add(p.vertices, (side, 0, 0)), p.faces) for p in cab]
    if u.chance(0.5):
        top.append(cylinder("exhaust pipe", (w * 0.5, deck + 0.2, -0.4), (w * 0.5, deck + u(0.4, 0.55), -0.4), 0.025))
    if style == "excavator":
        x, y = w * 0.2, deck + 0.12
        bend = np.array([x, y + u(0.5, 0.75), u(0.5, 0.75)])
        end = np.add(bend, (0, -u(0.1, 0.5), u(0.3, 0.5)))
        top.append(tube("arm/boom", bezier((x, y, 0.1), (x, bend[1] + 0.1, 0.2), bend, n=8), 0.06, flat=0.7))
        top.append(tube("arm", [np.add(bend, (0, 0.05, -0.05)), end], [0.05, 0.035]))
        top.append(tube("hydraulic cylinder", [(x, y + 0.05, 0.25), np.add(bend, (x, y + 0.2, 0.4)) / 2], 0.025))
        curl, size = u(-0.5, 0.9), u(0.11, 0.16)
        top += _bucket(end, size, curl, size)
    else:
        y, ahead, lift = r, long + u(0.15, 0.25), u(-0.05, 0.25)
        for q in SIDES:
            top.append(tube("arm", [(q * w * 0.7, y + 0.05, -0.1), (q * w * 0.7, y + lift, ahead)], 0.035))
        if style == "bulldozer":
            curve = arc((0, y + lift + 0.02, ahead + 0.25), 0.25, 0.25, np.pi * 0.72, np.pi * 1.28, "zy", 8)
            a = np.tile([w * u(1.2, 1.5), 0, 0], (8, 1))
            top.append(loft("blade", curve, a, np.tile([0, 0, 0.03], (8, 1))))
        else:
            top += _bucket(np.array([0, y + lift, ahead]), 0.16, u(-1.2, 0), w * 1.2)
    return pieces + [Piece(p.part, p.vertices @ turn("y", turned).T, p.faces) for p in top]


def _bucket(end: Array, size: float, curl: float, half: float) -> list[Piece]:
    """Digging bucket with teeth, hung at `end`."""
    path = arc((0, -size, 0), size, size, np.pi * 0.4, np.pi * 1.7, "zy", 12) @ turn("x", curl).T + end
    shell = loft("bucket", path, np.tile([half, 0, 0], (12, 1)), np.gradient(path, axis=0)[:, [0, 2, 1]] * (0, 0.35, -0.35))
    cheeks = [
        cylinder("bucket", np.add(end, (x * half * 0.7, -size, 0)), np.add(end, (x * half * 0.75, -size, 0)), size * 0.9)
        for x in SIDES
    ]
    lip, step = path[-1], path[-1] - path[-3]
    teeth = [
        tube("bucket/tooth", [np.add(lip, (q * half, 0, 0)), lip + step * 0.5 + (q * half, 0, 0)], [0.018, 0.01])
        for q in np.linspace(-0.7, 0.7, 4)
    ]
    return [shell, *cheeks, *teeth]


def race_car(u: Dice) -> list[Piece]:
    """Open-wheel racing cars with front and rear wing, and vintage cigars."""
    vintage, r, w = u.chance(0.3), u(0.14, 0.18), u(0.13, 0.18)
    y, half = r * 0.95, 0.04 if vintage else u(0.07, 0.1)
    z = np.linspace(1.05, -0.95, 20)
    fat = w * np.interp(z, [-0.95, -0.5, 0.1, 1.05], [0.5, 1, 1, 0.3])
    high = y + np.interp(z, [-0.95, -0.3, 0.0, 1.05], [0.08, 0.22, 0.16, 0.0])
    pieces = [_shell("body", z, fat, y - 0.1, high, u(0.4, 0.8))]
    pieces.append(lathe("cockpit", np.array([(0.7, 0), (0.8, 0.03), (0.65, 0.05), (0, 0.03)]) * (w, 1), (0, y + 0.15, 0.02)))
    pieces.append(ellipsoid("seat", (0, y + 0.18, -0.1), (w * 0.5, 0.1, 0.04)))
    track = w + u(0.22, 0.3)
    front, rear = u(0.6, 0.72), -u(0.6, 0.72)
    pieces += _wheels(u, _four(track, r, front, front)[::2], r, half) + _wheels(
        u, _four(track, r * 1.1, rear, rear)[::2], r * 1.1, half * 1.2
    )
    for x in SIDES:
        for q in (front, rear):
            pieces += [
                tube("suspension arm", [(x * w * 0.4, y, q + d), (x * (track - half), y, q)], 0.016) for d in (-0.1, 0.1)
            ]
    if vintage:
        pieces += [tube("exhaust pipe", [(x * w, y, 0.3), (x * w * 1.2, y, 0), (x * w * 1.1, y, -0.9)], 0.022) for x in SIDES]
    else:
        span = track + half * u(0.4, 1)
        pieces.append(box("front wing", (0, y - 0.07, 1.02), (span, 0.012, 0.1)))
        pieces += [box("front wing", (x * span, y - 0.03, 1.02), (0.012, 0.05, 0.12)) for x in SIDES]
        tall = y + u(0.22, 0.35)
        pieces += [
            box("rear wing", (0, tall - 0.08 * k, -0.95), (track * 0.85, 0.01, 0.09), turn("x", -0.15))
            for k in range(u.count(1, 2))
        ]
        pieces += [box("rear wing", (x * track * 0.85, tall - 0.06, -0.95), (0.01, 0.12, 0.12)) for x in SIDES]
        pieces.append(box("rear wing", (0, (tall + y) / 2, -0.93), (0.02, (tall - y) / 2, 0.04)))
        pieces += [ellipsoid("side pod", (x * w * 1.3, y, -0.15), (0.12, 0.1, 0.38), square=0.5) for x in SIDES]
        if u.chance():
            pieces.append(tube("roll bar", arc((0, y + 0.14, 0.0), w * 0.8, w * 0.8, 0.1, np.pi - 0.1, "xy"), 0.018))
    pieces += _steering_wheel((0, y + 0.2, 0.14), 0.05, 0.3)
    if u.chance(0.4):
        pieces += _mirrors(u, w, y + 0.2, 0.2)
    return pieces


def go_kart(u: Dice) -> list[Piece]:
    """Go-karts and toy pedal cars: a frame, a seat, a steering wheel."""
    w, r, y = u(0.28, 0.38), u(0.12, 0.17), u(0.1, 0.14)
    loop = [
        (-w, y, -0.6),
        (w, y, -0.6),
        (w * 0.8, y, 0.1),
        (w * 0.5, y, 0.65),
        (-w * 0.5, y, 0.65),
        (-w * 0.8, y, 0.1),
        (-w, y, -0.6),
    ]
    pieces = [tube("frame", loop, u(0.02, 0.035)), box("floor", (0, y, 0.15), (w * 0.6, 0.012, 0.5))]
    pieces += _wheels(u, _four(w * 1.3, r, 0.5, 0.5)[::2], r, 0.06) + _wheels(u, _four(w * 1.3, r, -0.5, -0.5)[::2], r, 0.09)
    pieces += [cylinder("axle", (-w * 1.3, r, q), (w * 1.3, r, q), 0.022) for q in (0.5, -0.5)]
    pieces.append(ellipsoid("seat", (0, y + 0.07, -0.2), (w * 0.6, 0.06, 0.2), square=0.5))
    pieces.append(ellipsoid("seat", (0, y + 0.25, -0.4), (w * 0.6, u(0.18, 0.26), 0.05), turn("x", -0.2), square=0.6))
    pieces += _steering_wheel((0, y + 0.3, 0.1), 0.11, 0.7)
    pieces.append(tube("steering column", [(0, y + 0.3, 0.1), (0, y, 0.4)], 0.018))
    pieces.append(box("engine", (w * 0.6, y + 0.08, -0.48), (0.09, 0.09, 0.1)))
    if u.chance(0.7):
        pieces.append(
            tube("bumper", bezier((-w, y, 0.55), (-w, y + 0.05, 0.95), (w, y + 0.05, 0.95), (w, y, 0.55)), u(0.025, 0.05))
        )
    if u.chance(0.6):
        pieces += [
            tube(
                "bumper",
                [(x * w * 0.9, y, 0.3), (x * w * 1.4, y + 0.03, 0.2), (x * w * 1.4, y + 0.03, -0.2), (x * w, y, -0.3)],
                0.025,
            )
            for x in SIDES
        ]
    if u.chance(0.4):
        pieces.append(_shell("body", [0.9, 0.8, 0.4], [w * 0.5, w * 0.7, w * 0.5], y, [y + 0.1, y + 0.2, y + 0.25], 0.5))
    return pieces


def _bike_wheel(u: Dice, z: float, r: float, thick: float, spokes: int) -> list[Piece]:
    """Thin wheel in the plane of symmetry, with spokes."""
    ring = arc((0, r, z), r - thick, r - thick, 0, 2 * np.pi, "zy", 33)
    rim = arc((0, r, z), r - 2 * thick, r - 2 * thick, 0, 2 * np.pi, "zy", 33)
    pieces = [tube("wheel/tire", ring, thick), tube("wheel/rim", rim, thick * 0.7)]
    pieces.append(cylinder("wheel/hub", (-0.05, r, z), (0.05, r, z), max(0.025, thick * 0.8)))
    size = 0.008 if spokes > 7 else thick * 0.5
    return pieces + [
        cylinder("wheel/spoke", (0, r, z), (0, r + c * (r - thick), z + s * (r - thick)), size) for c, s in around(spokes)
    ]


def bicycle(u: Dice) -> list[Piece]:
    """City, racing, mountain and folding bicycles, tandems rarely."""
    r, thick, tube_r = u(0.26, 0.36), u(0.014, 0.03), u(0.014, 0.024)
    if u.chance(0.15):
        r *= 0.65
    rear, front, n = -u(0.45, 0.5), u(0.5, 0.58), u.pick(8, 12, 16, 24)
    pieces = _bike_wheel(u, rear, r, thick, n) + _bike_wheel(u, front, r, thick, n)
    crank, seat = np.array([0, r * u(0.8, 0.95), -0.05]), np.array([0, u(0.75, 0.9), -0.2])
    head, low_head = np.array([0, u(0.76, 0.86), front - 0.17]), np.array([0, u(0.6, 0.68), front - 0.13])
    post = crank + (seat - crank) * 0.8
    lines = [(crank, low_head), (crank, post), (head, low_head)]
    lines += [] if u.chance(0.25) else [(post, head - (0, 0.04, 0))]
    pieces += [tube("frame", line, tube_r) for line in lines]
    for x in SIDES:
        hub = np.array([x * 0.05, r, rear])
        pieces += [tube("frame", [crank, hub], tube_r * 0.7), tube("frame", [post, hub], tube_r * 0.7)]
        pieces.append(tube("fork", [low_head, np.add(low_head, (x * 0.05, -0.08, 0.02)), (x * 0.05, r, front)], tube_r * 0.8))
        arm = crank + np.array([x * 0.06, -x * 0.1, x * 0.06])
        pieces += [
            tube("crank", [np.add(crank, (x * 0.06, 0, 0)), arm], 0.014),
            box("pedal", np.add(arm, (x * 0.06, 0, 0)), (0.05, 0.012, 0.035)),
        ]
    pieces.append(tube("seat post", [post, seat], tube_r * 0.8))
    pieces.append(
        loft(
            "seat",
            [np.add(seat, (0, 0.02, q)) for q in (-0.1, -0.06, 0.02, 0.14)],
            [(s, 0, 0) for s in (0.04, 0.08, 0.05, 0.018)],
            [(0, s, 0) for s in (0.02, 0.03, 0.025, 0.015)],
        )
    )
    top, bar = np.add(head, (0, u(0.04, 0.12), -0.02)), u(0.2, 0.28)
    pieces.append(tube("handlebar", [head, top], tube_r))
    style = u.pick("flat", "drop", "swept", "high")
    for x in SIDES:
        side = np.add(top, (x * bar, 0, 0))
        bends: dict[str, list[tuple[float, float, float]]] = {
            "flat": [(0, 0, -0.03)],
            "drop": [(0, 0, 0.08), (0, -0.1, 0.1), (0, -0.13, 0)],
            "swept": [(0, 0.02, -0.18)],
            "high": [(0, 0.16, -0.02), (x * 0.05, 0.16, -0.14)],
        }
        tips = bends[style]
        pieces.append(tube("handlebar", [top, side * (0.9, 1, 1), *(side + t for t in tips)], tube_r * 0.85))
        end = side + tips[-1]
        pieces.append(
            tube(
                "handlebar/handle",
                [end, end + (np.array([x * 0.08, 0, 0]) if style == "flat" else np.array([0, 0, -0.08]))],
                tube_r * 1.3,
            )
        )
    if u.chance(0.6):
        path = np.array(
            [
                (-0.07, crank[1] + 0.07, crank[2]),
                (-0.07, r + 0.03, rear),
                (-0.07, r - 0.03, rear),
                (-0.07, crank[1] - 0.07, crank[2]),
                (-0.07, crank[1] + 0.07, crank[2]),
            ]
        )
        pieces += [tube("chain", path, 0.01), cylinder("chainring", crank - (0.08, 0, 0), crank - (0.06, 0, 0), 0.075)]
    if u.chance(0.4):
        for z, a, b in ((rear, 0.3, 2.8), (front, 0.6, 2.6)):
            pieces.append(tube("fender", arc((0, r, z), r * 1.1, r * 1.1, a, b, "zy"), 0.03, flat=0.3))
    if u.chance(0.3):
        pieces.append(box("rack", (0, 2 * r + 0.05, rear), (0.06, 0.012, 0.18)))
        pieces += [tube("rack", [(x * 0.055, 2 * r + 0.05, rear - 0.05), (x * 0.055, r, rear)], 0.01) for x in SIDES]
    if u.chance(0.2):
        pieces.append(box("basket", np.add(top, (0, -0.03, 0.16)), (0.13, 0.09, 0.1)))
        pieces.append(tube("basket", [top, np.add(top, (0, -0.05, 0.1))], 0.015))
    return pieces


def motorcycle(u: Dice) -> list[Piece]:
    """Sport bikes, cruisers, dirt bikes and cafe racers."""
    style, r, thick = u.pick("sport", "cruiser", "dirt", "classic"), u(0.25, 0.32), u(0.045, 0.08)
    rear, front = -u(0.55, 0.65), u(0.6, 0.8)
    n, tall = u.pick(3, 5, 6, 14), 2 * r + u(0.02, 0.12)
    pieces = _bike_wheel(u, rear, r, thick, n) + _bike_wheel(u, front, r * u(0.95, 1.1), thick * 0.85, n)
    head = np.array([0, tall + 0.1, front - (0.35 if style == "cruiser" else 0.22)])
    low, seat_y = np.array([0, r * 0.9, 0.0]), tall - (0.08 if style == "cruiser" else 0)
    springs, mirrors = u.chance(0.6), u.chance()
    for x in SIDES:
        pieces.append(tube("fork", [np.add(head, (x * 0.07, 0.03, 0)), (x * 0.07, r, front)], 0.025))
        pieces.append(tube("swingarm", [np.add(low, (x * 0.07, 0, -0.05)), (x * 0.07, r, rear)], 0.03))
        pieces.append(
            tube(
                "frame",
                [
                    head,
                    np.add(low, (x * 0.06, -0.1, 0.2)),
                    np.add(low, (x * 0.06, -0.1, -0.15)),
                    (x * 0.06, seat_y - 0.03, -0.3),
                    head,
                ],
                0.022,
            )
        )
        if springs:
            pieces.append(tube("shock absorber", [(x * 0.08, seat_y - 0.05, -0.3), (x * 0.08, r + 0.05, rear + 0.05)], 0.03))
        pieces.append(tube("footrest", [np.add(low, (x * 0.06, -0.02, -0.1)), np.add(low, (x * 0.2, -0.02, -0.1))], 0.018))
    pieces.append(ellipsoid("engine", np.add(low, (0, 0.02, 0.08)), (0.11, 0.17, 0.2), square=0.5))
    pieces += [
        cylinder("engine", np.add(low, (0, 0.1, 0.12 + q * 0.06)), np.add(low, (0, 0.32, 0.1 + q * 0.16)), 0.075)
        for q in ((-1, 1) if style == "cruiser" else (0,))
    ]
    pieces.append(
        ellipsoid(
            "fuel tank",
            (0, tall + 0.06, 0.1),
            (u(0.1, 0.14), u(0.09, 0.12), u(0.2, 0.26)),
            turn("x", -0.15),
            square=0.8,
        )
    )
    pieces.append(ellipsoid("seat", (0, seat_y + 0.02, -0.25), (0.11, 0.05, 0.22), square=0.6))
    pieces.append(ellipsoid("seat", (0, seat_y + 0.07, -0.52), (0.09, 0.045, 0.18), turn("x", 0.2), square=0.6))
    rise, back = {"sport": (0.0, 0.06), "cruiser": (u(0.15, 0.4), 0.22), "dirt": (0.16, 0.08)}.get(style, (0.08, 0.1))
    for x in SIDES:
        end = np.add(head, (x * 0.3, rise, -back))
        pieces.append(tube("handlebar", [head, np.add(head, (x * 0.12, rise, 0)), end], 0.018))
        pieces.append(tube("handlebar/handle", [end, np.add(end, (x * 0.1, 0, -0.03))], 0.026))
        if mirrors:
            pieces += [
                tube("mirror", [end, np.add(end, (x * 0.05, 0.15, 0.03))], 0.01),
                ellipsoid("mirror", np.add(end, (x * 0.06, 0.17, 0.03)), (0.05, 0.035, 0.015)),
            ]
    if style == "sport":
        pieces.append(ellipsoid("fairing", np.add(head, (0, -0.05, 0.1)), (0.16, 0.17, 0.2), turn("x", 0.4)))
        pieces += [ellipsoid("fairing", (x * 0.13, r * 1.2, 0.2), (0.035, 0.22, 0.3)) for x in SIDES]
        pieces.append(ellipsoid("windshield", np.add(head, (0, 0.14, 0.1)), (0.1, 0.09, 0.05), turn("x", -0.6)))
    pieces.append(ellipsoid("headlight", np.add(head, (0, -0.04, 0.26 if style == "sport" else 0.12)), (0.08, 0.08, 0.07)))
    lift = 0.18 if style == "dirt" else 0.02
    for z, a, b, up in ((rear, 0.6, 2.6, 0.0), (front, 0.5, 2.3, lift)):
        pieces.append(tube("fender", arc((0, r + up, z), r * 1.12, r * 1.12, a, b, "zy"), thick * 1.2, flat=0.3))
    pieces.append(box("taillight", (0, seat_y + 0.08, -0.7), (0.05, 0.025, 0.02)))
    for x in SIDES if u.chance(0.4) else (1.0,):
        path = [
            np.add(low, (x * 0.06, 0.1, 0.28)),
            np.add(low, (x * 0.13, -0.12, 0.15)),
            (x * 0.14, r * 0.75, -0.3),
            (x * 0.16, r * 0.95, -0.75),
        ]
        pieces.append(tube("exhaust pipe", path, [0.025, 0.025, 0.035, 0.045]))
    if u.chance(0.4):
        pieces.append(tube("kickstand", [np.add(low, (-0.06, -0.1, -0.1)), (-0.25, 0, -0.15)], 0.014))
    return pieces


def scooter(u: Dice) -> list[Piece]:
    """Motor scooters with leg shield, and stand-up kick scooters."""
    if u.chance(0.45):
        r, y = u(0.08, 0.14), u(0.1, 0.16)
        pieces = _bike_wheel(u, -0.5, r, r * 0.25, 5) + _bike_wheel(u, 0.55, r, r * 0.25, 5)
        head, top = np.array([0, y + 0.15, 0.45]), np.array([0, u(0.8, 1.1), 0.36])
        pieces += [
            box("deck", (0, y, -0.05), (u(0.07, 0.12), 0.02, 0.38)),
            tube("frame", [np.array([0, y, 0.3]), head], 0.03),
        ]
        pieces += [tube("fork", [head, np.array([x * 0.05, r, 0.55])], 0.02) for x in SIDES] + [
            tube("frame", [(x * 0.05, y, -0.4), (x * 0.05, r, -0.5)], 0.018) for x in SIDES
        ]
        pieces.append(tube("steering column", [head, top], 0.024))
        pieces += [tube("handlebar", [top, np.add(top, (x * 0.25, 0, 0))], 0.018) for x in SIDES]
        pieces += [
            tube("handlebar/handle", [np.add(top, (x * 0.17, 0, 0)), np.add(top, (x * 0.28, 0, 0))], 0.028) for x in SIDES
        ]
        if u.chance(0.6):
            pieces.append(tube("fender", arc((0, r, -0.5), r * 1.3, r * 1.3, 0.5, 2.5, "zy"), 0.04, flat=0.25))
        return pieces
    r, w = u(0.16, 0.21), u(0.13, 0.17)
    pieces = _bike_wheel(u, -0.5, r, 0.05, 5) + _bike_wheel(u, 0.6, r, 0.05, 5)
    head = np.array([0, u(0.78, 0.9), 0.42])
    pieces.append(
        _block(
            "leg shield",
            [(-w, r, 0.42), (w, r, 0.42), (w, r, 0.46), (-w, r, 0.46)],
            [(-w * 0.7, head[1], 0.38), (w * 0.7, head[1], 0.38), (w * 0.7, head[1], 0.43), (-w * 0.7, head[1], 0.43)],
        )
    )
    pieces += [
        box("floor", (0, r * 0.95, 0.15), (w, 0.03, 0.3)),
        ellipsoid("body", (0, r * 1.7, -0.4), (w, r * 1.1, 0.36), square=0.7),
    ]
    pieces.append(ellipsoid("seat", (0, r * 2.8, -0.35), (w * 0.8, 0.05, u(0.25, 0.34)), square=0.6))
    pieces += [tube("fork", [np.add(head, (0, -0.1, 0)), (x * 0.07, r, 0.6)], 0.022) for x in SIDES]
    pieces.append(ellipsoid("fender", (0, r * 1.5, 0.6), (0.08, r * 0.8, r * 1.1)))
    for x in SIDES:
        pieces += [
            tube("handlebar", [head, np.add(head, (x * 0.25, 0.05, -0.08))], 0.022),
            tube("handlebar/handle", [np.add(head, (x * 0.2, 0.04, -0.06)), np.add(head, (x * 0.32, 0.06, -0.1))], 0.03),
        ]
    pieces.append(ellipsoid("headlight", np.add(head, (0, 0.02, 0.08)), 0.06))
    if u.chance(0.5):
        ends = [np.add(head, (x * 0.2, 0.05, -0.05)) for x in SIDES]
        pieces += [
            piece
            for e in ends
            for piece in (
                tube("mirror", [e, np.add(e, (0, 0.15, 0))], 0.01),
                ellipsoid("mirror", np.add(e, (0, 0.18, 0)), (0.05, 0.04, 0.012)),
            )
        ]
    if u.chance(0.35):
        pieces.append(box("storage box", (0, r * 3.1, -0.72), (0.14, 0.11, 0.11)))
        pieces.append(box("rack", (0, r * 2.6, -0.68), (0.06, 0.02, 0.15)))
    return pieces


def skateboard(u: Dice) -> list[Piece]:
    """Skateboards and longboards, upright or leaning."""
    w, kick, r = u(0.17, 0.26), u(0.05, 0.2), u(0.055, 0.09)
    z = np.linspace(-1, 1, 21)
    half = w * np.sqrt(np.clip(1 - np.abs(z) ** u(4, 9), 0.002, 1))
    y = 2.2 * r + kick * np.clip((np.abs(z) - 0.65) / 0.35, 0, 1) ** 1.5
    zero = np.zeros_like(z)
    pieces = [
        loft(
            "board",
            np.stack([zero, y, z], 1),
            np.stack([half, zero, zero], 1),
            np.tile([0, u(0.02, 0.035), 0], (21, 1)),
        )
    ]
    at, spread = u(0.5, 0.65), w * u(0.75, 1)
    for q in (at, -at):
        pieces.append(cylinder("axle", (-spread, r, q), (spread, r, q), 0.022))
        pieces.append(box("axle", (0, r * 1.5, q), (w * 0.4, r * 0.7, 0.06)))
    pieces += [cylinder("wheel", (x * spread - 0.045, r, q), (x * spread + 0.045, r, q), r) for x in SIDES for q in (at, -at)]
    return pieces


def _rail_wheels(spots: ArrayLike, w: float, r: float) -> list[Piece]:
    profile = np.array([(1.12, -0.03), (1.12, -0.015), (1, 0), (1, 0.03), (0.6, 0.035), (0.3, 0.02), (0.25, 0.05), (0, 0.05)])
    return [lathe("wheel", profile * (r, x), (x * w, r, z), "x") for x in SIDES for z in np.asarray(spots, float)]


def locomotive(u: Dice) -> list[Piece]:
    """Steam engines with boiler and chimney; modern diesel, electric and high-speed engines."""
    w, r = u(0.22, 0.28), u(0.11, 0.16)
    if u.chance(0.45):
        top, nose, bullet = u(0.6, 0.7), u(0.05, 0.3), u.chance(0.4)
        z = np.linspace(1.2, -1.2, 20)
        slope = 1 - np.clip((z - 1.2 + nose * (2.5 if bullet else 1)) / (nose * 2.5), 0, 1) ** 2 * (0.8 if bullet else 0.3)
        pieces = [_shell("body", z, w * (0.3 + 0.7 * np.sqrt(slope)), r * 1.2, r * 1.2 + top * slope, u(0.15, 0.4))]
        high = r * 1.2 + top
        pieces.append(ellipsoid("windshield", (0, high - 0.15, 1.2 - nose * 0.8), (w * 0.7, 0.09, nose * 0.5), square=0.6))
        pieces += [
            box("window", (x * w, high - 0.2, q), (0.015, 0.07, 0.09))
            for x in SIDES
            for q in np.linspace(-0.9, 0.6, u.count(0, 7))
        ]
        pieces += [box("door", (x * w, r + 0.3, 0.78), (0.015, 0.2, 0.08)) for x in SIDES]
        if u.chance():
            pieces.append(tube("power collector", [(0, high, -0.3), (0, high + 0.15, -0.15), (0, high + 0.28, -0.35)], 0.02))
            pieces.append(cylinder("power collector", (-w, high + 0.28, -0.35), (w, high + 0.28, -0.35), 0.02))
        pieces += _rail_wheels((0.85, 0.55, -0.55, -0.85), w * 0.8, r) + [
            ellipsoid("headlight", (x * w * 0.55, r * 2.2, 1.15), 0.045) for x in SIDES
        ]
        return pieces
    big, fat, y = r * u(1.2, 1.7), w * u(0.7, 0.95), u(0.5, 0.6)
    pieces = [
        cylinder("boiler", (0, y, -0.35), (0, y, 0.9), fat),
        lathe("boiler", [(fat, 0), (fat * 0.8, 0.06), (0, 0.07)], (0, y, 0.9), "z"),
    ]
    pieces.append(box("frame", (0, (r * 0.6 + y - fat * 0.8) / 2, 0.1), (w * 0.7, (y - fat * 0.8 - r * 0.6) / 2, 1.0)))
    flare, tall = u(0.8, 1.8), u(0.2, 0.35)
    stack = np.array([(0.075, -0.1), (0.075, tall * 0.6), (0.075 * flare, tall), (0, tall)])
    pieces += [
        lathe("chimney", stack, (0, y + fat, u(0.65, 0.78))),
        lathe("dome", [(0.1, -0.08), (0.1, 0.05), (0, 0.13)], (0, y + fat, u(0, 0.3))),
    ]
    high = y + fat + u(0.1, 0.2)
    pieces.append(box("cab", (0, (y + high) / 2 - 0.08, -0.65), (w, (high - y) / 2 + 0.1, 0.28)))
    pieces.append(box("cab/roof", (0, high + 0.04, -0.65), (w * 1.1, 0.035, 0.35)))
    pieces += [box("window", (x * w, high - 0.12, -0.65), (0.015, 0.08, 0.12)) for x in SIDES]
    spots = np.linspace(-0.5, 0.35, u.count(2, 4))
    pieces += _rail_wheels(spots, w * 0.85, min(big, 0.85 / len(spots) / 1.9)) + _rail_wheels(
        (0.7, 0.9)[: u.count(1, 2)], w * 0.85, r * 0.6
    )
    if u.chance(0.7):
        pieces += [tube("connecting rod", [(x * w, r, -0.5), (x * w, r, 0.55)], 0.025) for x in SIDES]
        pieces += [cylinder("piston", (x * w * 0.95, r * 1.2, 0.5), (x * w * 0.95, r * 1.2, 0.8), 0.08) for x in SIDES]
    if u.chance(0.6):
        pieces.append(
            _block(
                "cowcatcher",
                [(-w, 0.02, 1.05), (w, 0.02, 1.05), (w, 0.2, 1.05), (-w, 0.2, 1.05)],
                [(-0.03, 0.02, 1.35), (0.03, 0.02, 1.35), (0.03, 0.1, 1.15), (-0.03, 0.1, 1.15)],
            )
        )
    pieces.append(lathe("headlight", [(0.06, 0), (0.07, 0.08), (0, 0.08)], (0, y + fat * 0.9, 0.85), "z"))
    if u.chance(0.5):
        pieces += [
            box("coal car", (0, y - 0.1, -1.3), (w, 0.2, 0.3)),
            box("frame", (0, y - 0.32, -1.15), (w * 0.7, 0.1, 0.45)),
        ]
        pieces += _rail_wheels((-1.45, -1.15), w * 0.85, r)
    return pieces


def railcar(u: Dice) -> list[Piece]:
    """Passenger, box, tank and open goods wagons."""
    w, r, long, load = u(0.22, 0.28), u(0.09, 0.13), u(0.8, 1.1), u.pick("coach", "box", "tank", "open")
    floor, h = 2 * r, u(0.2, 0.3)
    pieces = [box("frame", (0, floor, 0), (w * 0.95, 0.045, long))]
    if load == "tank":
        pieces.append(ellipsoid("tank", (0, floor + w * 0.9, 0), (w * 0.9, w * 0.9, long * 0.95), square=0.4))
        pieces.append(cylinder("hatch", (0, floor + w * 1.7, 0), (0, floor + w * 1.95, 0), 0.09))
    elif load == "open":
        pieces += [box("cargo bed", (x * w, floor + h * 0.7, 0), (0.02, h * 0.7, long)) for x in SIDES]
        pieces += [box("cargo bed", (0, floor + h * 0.7, x * long), (w, h * 0.7, 0.02)) for x in SIDES]
        if u.chance(0.6):
            pieces.append(ellipsoid("cargo", (0, floor + h, 0), (w * 0.9, h * 0.8, long * 0.93), square=0.7))
    else:
        pieces.append(box("body", (0, floor + h, 0), (w, h, long * 0.98)))
        pieces.append(ellipsoid("roof", (0, floor + 2 * h, 0), (w * 1.08, u(0.05, 0.12), long), square=0.5))
        n = u.count(4, 8) if load == "coach" else 0
        pieces += [
            box("window", (x * w, floor + h * 1.2, q), (0.015, h * 0.4, 0.3 * long / n))
            for x in SIDES
            for q in np.linspace(-0.75, 0.75, n) * long
        ]
        doors = (0.9 * long, -0.9 * long) if load == "coach" else (0.0,)
        wide = 0.06 if load == "coach" else 0.22
        pieces += [box("door", (x * w, floor + h * 0.95, q), (0.02, h * 0.85, wide)) for x in SIDES for q in doors]
    spots = (0.8, 0.55, -0.55, -0.8) if u.chance(0.6) else (0.6, -0.6)
    pieces += _rail_wheels(np.array(spots) * long, w * 0.8, r)
    pieces += [tube("coupling", [(0, floor, x * long), (0, floor, x * (long + 0.12))], 0.03) for x in SIDES]
    return pieces


def tank(u: Dice) -> list[Piece]:
    """Battle tanks, old and modern."""
    w, r, long = u(0.38, 0.48), u(0.13, 0.19), u(0.75, 0.95)
    low, high = r * 0.8, 2 * r + u(0.08, 0.14)
    z = np.array([long, long * 0.75, long * 0.4, -long * 0.95, -long])
    pieces = [_shell("body", z, w * u(0.75, 0.95), low, [high * 0.6, high * 0.85, high, high, high * 0.8], 0.12)]
    broad, covered = u(0.08, 0.11), u.chance()
    for x in SIDES:
        pieces += _track(x * w, long * 1.02, r, broad)
        if covered:
            pieces.append(box("fender", (x * w, 2 * r + 0.03, 0), (0.12, 0.015, long * 0.95)))
    at, size = u(-0.2, 0.15), w * u(0.6, 0.8)
    h, turned = u(0.1, 0.16), turn("y", u.pick(0.0, u(-0.8, 0.8)))
    shape = u.pick("dome", "block", "drum")
    if shape == "dome":
        top = [ellipsoid("turret", (0, h * 0.6, 0), (size, h * 1.3, size * 1.2), square=0.7)]
    elif shape == "block":
        base = np.array([(-size, 0, -size), (size, 0, -size), (size * 0.8, 0, size * 1.2), (-size * 0.8, 0, size * 1.2)])
        top = [_block("turret", base, base * (0.75, 1, 0.75) + (0, 2 * h, 0))]
    else:
        top = [lathe("turret", [(size, 0), (size, h), (size * 0.75, 2 * h), (0, 2 * h)])]
    lift, reach, thick = u(0, 0.15), u(0.7, 1.2), u(0.03, 0.05)
    end = np.array([0, h + lift * reach, size * 0.8 + reach])
    top.append(tube("turret/barrel", [np.array([0, h, size * 0.5]), end], [thick * 1.2, thick], round_ends=False))
    if u.chance(0.5):
        top.append(cylinder("turret/barrel", end - (0, 0, 0.08), end, thick * 1.8))
    top += [
        lathe("turret/hatch", [(0.1, 0), (0.1, 0.05), (0, 0.07)], (x * size * 0.4, 2 * h - 0.02, -0.1))
        for x in SIDES[: u.count(1, 2)]
    ]
    if u.chance(0.4):
        top.append(tube("antenna", [(size * 0.6, h, -size * 0.7), (size * 0.65, h + u(0.4, 0.7), -size * 0.75)], 0.012))
    if u.chance(0.4):
        top += [
            tube("machine gun", [(size * 0.3, 2 * h + 0.08, 0), (size * 0.3, 2 * h + 0.1, 0.35)], 0.018),
            cylinder("machine gun", (size * 0.3, 2 * h, 0), (size * 0.3, 2 * h + 0.08, 0), 0.02),
        ]
    return pieces + [Piece(p.part, p.vertices @ turned.T + (0, high - 0.02, at), p.faces) for p in top]


def _spoked(x: float, r: float, z: float, half: float, n: int) -> list[Piece]:
    """Wooden wagon wheel."""
    ring = arc((x, r, z), r * 0.93, r * 0.93, 0, 2 * np.pi, "zy", 25)
    spokes = [cylinder("wheel/spoke", (x, r, z), (x, r + c * r * 0.92, z + s * r * 0.92), r * 0.06) for c, s in around(n)]
    return [
        tube("wheel/rim", ring, r * 0.08),
        cylinder("wheel/hub", (x - half, r, z), (x + half, r, z), r * 0.16),
        *spokes,
    ]


def cart(u: Dice) -> list[Piece]:
    """Two- and four-wheeled wooden carts, covered wagons, hand trolleys."""
    r, w, long, h = u(0.22, 0.42), u(0.25, 0.36), u(0.45, 0.75), u(0.08, 0.2)
    four, n, solid = u.chance(0.5), u.pick(6, 8, 10), u.chance(0.1)
    floor, spots = r * u(1.05, 1.4), ((0.65 * long, -0.65 * long) if four else (0.0,))
    pieces = [box("cargo bed", (0, floor, 0), (w, 0.03, long))]
    slats, lean = u.chance(0.4), u(1, 1.25)
    for x in SIDES:
        rows = np.linspace(0.3, 1, 3) if slats else [0.5]
        for q in rows:
            pieces.append(
                box(
                    "side board",
                    (x * w * (1 + (lean - 1) * q), floor + 2 * h * q, 0),
                    (0.018, h * (0.22 if slats else 1.0), long),
                )
            )
        if slats:
            pieces += [box("side board", (x * w * lean, floor + h, q * long), (0.02, h, 0.02)) for q in (-0.9, 0, 0.9)]
    if u.chance(0.8):
        pieces += [box("side board", (0, floor + h, x * long), (w * lean, h, 0.018)) for x in SIDES]
    for z in spots:
        pieces.append(cylinder("axle", (-w * 1.3, r, z), (w * 1.3, r, z), 0.03))
        pieces.append(box("axle", (0, (r + floor) / 2, z), (w * 0.3, (floor - r) / 2 + 0.02, 0.04)))
        for x in SIDES:
            disc = cylinder("wheel", (x * w * 1.25, r, z), (x * w * 1.35, r, z), r)
            pieces += [disc] if solid else _spoked(x * w * 1.3, r, z, 0.05, n)
    reach, rise = u(0.5, 0.9), u(-0.2, 0.2) + (0 if four else 0.1)
    if u.chance(0.5):
        pieces += [
            tube("shaft", [(x * w * 0.8, floor, long * 0.8), (x * w * 0.7, floor + rise, long + reach)], 0.025) for x in SIDES
        ]
    else:
        pieces.append(tube("shaft", [(0, floor, long * 0.9), (0, floor + rise, long + reach)], 0.028))
        pieces.append(tube("handle", [(-0.14, floor + rise, long + reach), (0.14, floor + rise, long + reach)], 0.026))
    if u.chance(0.3):
        along, top = np.linspace(long, -long, 8), floor + 2 * h + u(0.5, 0.9)
        pieces.append(_shell("cover", along, w * lean * 1.02, floor + h, top + 0.06 * np.sin(5 * along), 0.7))
    if u.chance(0.35):
        pieces.append(box("seat", (0, floor + 2 * h + 0.03, long * 0.75), (w * lean, 0.025, 0.1)))
    return pieces


def wheelbarrow(u: Dice) -> list[Piece]:
    """Garden barrows with one or two wheels."""
    r, w, y = u(0.16, 0.24), u(0.26, 0.36), u(0.32, 0.42)
    low = np.add(np.array([(-w * 0.6, 0, -0.35), (w * 0.6, 0, -0.35), (w * 0.55, 0, 0.2), (-w * 0.55, 0, 0.2)]), (0, y, 0))
    high = np.add(np.array([(-w, 0.3, -0.55), (w, 0.3, -0.55), (w * 0.9, 0.26, 0.55), (-w * 0.9, 0.26, 0.55)]), (0, y, 0))
    pieces = [_slab("tray", low, 0.015)] + [_slab("tray", [low[i], low[i - 1], high[i - 1], high[i]], 0.015) for i in range(4)]
    z = 0.6
    for x in SIDES:
        path = [
            (x * 0.06, r, z),
            (x * w * 0.5, y - 0.02, 0.1),
            (x * w * 0.75, y + 0.03, -0.5),
            (x * w * 0.85, y + u(0.1, 0.2), -1.0),
        ]
        pieces += [
            tube("frame", path, 0.022),
            tube("handle", path[-1] + np.array([(0, 0, 0), (0, 0.02, -0.18)]), 0.034),
        ]
        leg = [(x * w * 0.6, y, -0.15), (x * w * 0.6, 0, -0.3), (x * w * 0.6, y, -0.45)]
        pieces.append(tube("leg", leg, 0.022))
    wheels = (0.0,) if u.chance(0.8) else (-0.15, 0.15)
    pieces.append(cylinder("axle", (-0.2, r, z), (0.2, r, z), 0.018))
    if u.chance(0.5):
        for x in wheels:
            pieces += _spoked(x, r, z, 0.04, u.pick(4, 5, 6))
    else:
        pieces += _wheels(u, [(x, r, z) for x in wheels], r, 0.05)
    return pieces


def stroller(u: Dice) -> list[Piece]:
    """Prams with a tub and strollers with a seat."""
    w, r = u(0.22, 0.3), u(0.09, 0.17)
    pram, big = u.chance(0.45), u(1, 1.8)
    y = r * 2 + u(0.18, 0.3)
    spots, pieces = ((0.42, r), (-0.42, r * big)), []
    for z, size in spots:
        for x in SIDES:
            pieces += (
                _spoked(x * w, size, z, 0.03, u.pick(5, 8))
                if pram
                else [cylinder("wheel", (x * w - 0.03, size, z), (x * w + 0.03, size, z), size)]
            )
            pieces.append(tube("frame", [(x * w * 0.9, size, z), (x * w * 0.9, y + 0.05, -z * 0.6)], 0.018))
        pieces.append(cylinder("axle", (-w, size, z), (w, size, z), 0.018))
    top = u(0.95, 1.1)
    handle = [
        (-w * 0.9, y - 0.1, 0.2),
        (-w * 0.9, top - 0.05, -0.55),
        (-w * 0.7, top, -0.62),
        (w * 0.7, top, -0.62),
        (w * 0.9, top - 0.05, -0.55),
        (w * 0.9, y - 0.1, 0.2),
    ]
    pieces += [tube("handle", handle, 0.02), tube("handle", handle[2:4], 0.03)]
    if pram:
        along = np.linspace(0.5, -0.5, 14)
        curve = np.sqrt(1 - (along / 0.52) ** 4)
        pieces.append(_shell("basket", along, w * (0.6 + 0.4 * curve), y + 0.21 - 0.26 * curve, y + 0.25, 0.5))
        pieces.append(ellipsoid("hood", (0, y + 0.25, -0.2), (w, u(0.25, 0.32), 0.3)))
        return pieces
    lean = turn("x", -u(0.3, 0.7))
    pieces.append(box("seat", (0, y, 0.1), (w * 0.8, 0.03, 0.2)))
    pieces.append(box("backrest", np.array([0, 0.25, 0]) @ lean.T + (0, y, -0.08), (w * 0.8, 0.27, 0.03), lean))
    hood = arc((0, y + 0.4, -0.15), 0.32, 0.3, 0.2, 2.0, "zy", 10)
    pieces.append(loft("hood", hood, np.tile([w * 0.95, 0, 0], (10, 1)), np.tile([0, 0.012, 0.012], (10, 1))))
    pieces.append(tube("footrest", [(-w * 0.7, y - 0.22, 0.42), (w * 0.7, y - 0.22, 0.42)], 0.022))
    pieces += [tube("footrest", [(x * w * 0.7, y, 0.28), (x * w * 0.7, y - 0.22, 0.42)], 0.016) for x in SIDES]
    if u.chance():
        pieces.append(
            tube(
                "safety bar",
                bezier(
                    (-w * 0.85, y + 0.2, 0.0),
                    (-w * 0.8, y + 0.25, 0.45),
                    (w * 0.8, y + 0.25, 0.45),
                    (w * 0.85, y + 0.2, 0.0),
                ),
                0.022,
            )
        )
    if u.chance(0.5):
        pieces.append(box("basket", (0, r + 0.1, -0.05), (w * 0.88, 0.07, 0.25)))
    return pieces


def sled(u: Dice) -> list[Piece]:
    """Wooden sleds, sleighs with a seat, toboggans."""
    w, h, long, r = u(0.2, 0.3), u(0.15, 0.25), u(0.6, 0.85), u(0.02, 0.035)
    curl = u(0.15, 0.35)
    pieces, sleigh = [], u.chance(0.35)
    for x in SIDES:
        front = arc((x * w, curl, long * 0.85), curl, curl - r, -np.pi / 2, u(0.6, 1.8), "zy", 10)
        pieces.append(tube("runner", np.concatenate([[(x * w, r, -long)], front]), r, flat=u(0.6, 1)))
        pieces += [tube("leg", [(x * w, r, q * long), (x * w * 0.9, h, q * long)], r) for q in (-0.75, 0, 0.65)]
    pieces += [box("crossbar", (0, h, q * long), (w, 0.02, 0.03)) for q in (-0.75, 0, 0.65)]
    if sleigh:
        z = np.linspace(0.7, -0.85, 12) * long
        high = h + np.interp(z, [-long, 0, long], [0.45, 0.18, 0.3])
        pieces.append(_shell("body", z, w, h, high, 0.3))
        pieces.append(ellipsoid("seat", (0, h + 0.25, -0.35 * long), (w * 0.8, 0.06, 0.15), square=0.5))
        pieces.append(ellipsoid("backrest", (0, h + 0.42, -0.65 * long), (w * 0.95, 0.25, 0.05), square=0.6))
    else:
        pieces += [
            box("seat", (q * w * 0.8, h + 0.03, -0.05), (w * 0.16, 0.015, long * 0.85))
            for q in np.linspace(-1, 1, u.count(3, 5))
        ]
        if u.chance(0.3):
            pieces += [box("backrest", (0, h + 0.25, -0.8 * long), (w, 0.04, 0.015))] + [
                tube("backrest", [(x * w * 0.9, h, -0.8 * long), (x * w * 0.9, h + 0.28, -0.8 * long)], 0.018) for x in SIDES
            ]
    if u.chance(0.5):
        pieces.append(
            tube("rope", bezier((-w, h, 0.8 * long), (-w, h, long + 0.7), (w, h, long + 0.7), (w, h, 0.8 * long)), 0.014)
        )
    return pieces


KINDS = {
    "car": Kind(car, "car", ("car", "automobile", "sports car", "sedan")),
    "van": Kind(van, "car", ("van", "minibus", "ambulance")),
    "pickup": Kind(pickup, "car", ("pickup truck", "pickup")),
    "race car": Kind(race_car, "race car", ("race car", "racing car", "formula one car")),
    "go-kart": Kind(go_kart, "race car", ("go-kart", "kart")),
    "bus": Kind(bus, "car", ("bus", "coach", "school bus")),
    "truck": Kind(truck, "truck", ("truck", "lorry", "semi-trailer")),
    "fire engine": Kind(fire_engine, "truck", ("fire engine", "fire truck")),
    "tractor": Kind(tractor, "machine", ("tractor", "farm tractor")),
    "excavator": Kind(excavator, "machine", ("excavator", "digger", "bulldozer", "construction vehicle")),
    "tank": Kind(tank, "machine", ("tank", "battle tank", "armored vehicle")),
    "motorcycle": Kind(motorcycle, "two-wheeler", ("motorcycle", "motorbike")),
    "scooter": Kind(scooter, "two-wheeler", ("scooter", "moped", "kick scooter")),
    "bicycle": Kind(bicycle, "two-wheeler", ("bicycle", "bike")),
    "skateboard": Kind(skateboard, "skateboard", ("skateboard", "longboard")),
    "locomotive": Kind(locomotive, "train", ("locomotive", "train", "train engine")),
    "railcar": Kind(railcar, "train", ("train wagon", "railway carriage", "freight car")),
    "cart": Kind(cart, "cart", ("cart", "wooden wagon", "handcart")),
    "wheelbarrow": Kind(wheelbarrow, "cart", ("wheelbarrow", "barrow")),
    "stroller": Kind(stroller, "cart", ("stroller", "baby carriage", "pram")),
    "sled": Kind(sled, "sled", ("sled", "sleigh", "toboggan")),
}

SYNONYMS = {
    "body": ("bodywork", "car body", "main body"),
    "roof": ("top", "rooftop"),
    "windshield": ("windscreen", "front window"),
    "rear window": ("back window", "rear windshield"),
    "window": ("side window", "glass"),
    "hood": ("bonnet", "engine cover"),
    "trunk lid": ("trunk", "boot", "boot lid"),
    "fender": ("mudguard", "wheel arch", "mud guard"),
    "bumper": ("front bumper", "fender bar"),
    "grille": ("grill", "radiator grille"),
    "license plate": ("number plate",),
    "headlight": ("headlamp", "front light", "lamp"),
    "taillight": ("rear light", "back light", "brake light"),
    "mirror": ("side mirror", "rear-view mirror", "wing mirror"),
    "door": ("car door", "side door"),
    "door handle": ("handle",),
    "exhaust pipe": ("exhaust", "tailpipe", "muffler"),
    "spoiler": ("rear wing", "rear spoiler"),
    "spare wheel": ("spare tire",),
    "roof sign": ("sign", "taxi sign"),
    "roof rack": ("luggage rack", "rack"),
    "siren light": ("emergency light", "siren", "beacon"),
    "wheel": ("car wheel", "roller"),
    "tire": ("tyre", "rubber tire"),
    "rim": ("wheel rim", "alloy"),
    "hub": ("hubcap", "wheel center"),
    "spoke": ("wheel spoke",),
    "axle": ("wheel axle", "axis"),
    "seat": ("saddle", "driver's seat"),
    "backrest": ("seat back", "back"),
    "steering wheel": ("driving wheel",),
    "steering column": ("steering shaft", "stem"),
    "cab": ("driver's cab", "cabin"),
    "frame": ("chassis", "main frame"),
    "trailer": ("semi-trailer", "cargo box"),
    "cargo box": ("cargo area", "container", "box"),
    "cargo bed": ("truck bed", "load bed", "bed"),
    "rear door": ("back door",),
    "tank": ("tanker", "cistern"),
    "fuel tank": ("gas tank", "petrol tank"),
    "hatch": ("cover", "lid"),
    "log": ("tree trunk", "wood"),
    "lifting arm": ("hydraulic arm", "lift"),
    "tailgate": ("rear gate", "rear flap"),
    "roll bar": ("safety bar", "roll hoop"),
    "locker": ("storage compartment", "shutter"),
    "turntable": ("rotating platform", "ladder base"),
    "ladder": ("fire ladder", "turntable ladder"),
    "rung": ("ladder step", "crossbar"),
    "hose reel": ("hose",),
    "roof post": ("post", "pillar"),
    "track": ("crawler track", "caterpillar track", "tread", "chain"),
    "counterweight": ("rear weight", "ballast"),
    "arm": ("digger arm", "lifting arm"),
    "boom": ("upper arm",),
    "hydraulic cylinder": ("hydraulic ram", "piston"),
    "blade": ("bulldozer blade", "plow", "shovel"),
    "bucket": ("shovel", "scoop"),
    "tooth": ("bucket tooth", "spike"),
    "cockpit": ("driver's opening", "driver seat area"),
    "suspension arm": ("wishbone", "suspension"),
    "front wing": ("front spoiler", "nose wing"),
    "rear wing": ("rear spoiler", "spoiler"),
    "side pod": ("side box", "air intake"),
    "floor": ("floor panel", "footboard"),
    "engine": ("motor", "engine block"),
    "fork": ("front fork", "wheel fork"),
    "crank": ("crank arm", "pedal arm"),
    "pedal": ("foot pedal",),
    "seat post": ("saddle post", "seat tube"),
    "handlebar": ("handlebars", "handle bar"),
    "handle": ("hand hold", "handlebar end"),
    "chain": ("drive chain",),
    "chainring": ("sprocket", "chain wheel", "gear"),
    "rack": ("luggage rack", "carrier"),
    "basket": ("carrier", "bin"),
    "swingarm": ("rear fork", "rear arm"),
    "shock absorber": ("damper", "suspension", "spring"),
    "footrest": ("foot peg", "foot support"),
    "fairing": ("front cover", "cowl"),
    "kickstand": ("side stand", "stand"),
    "deck": ("board", "foot board"),
    "leg shield": ("front shield", "front cover"),
    "storage box": ("top case", "luggage box"),
    "board": ("deck", "plank"),
    "power collector": ("pantograph", "current collector"),
    "boiler": ("steam boiler", "tank"),
    "chimney": ("smokestack", "funnel"),
    "dome": ("steam dome",),
    "connecting rod": ("drive rod", "coupling rod"),
    "piston": ("steam cylinder", "cylinder"),
    "cowcatcher": ("plow", "pilot"),
    "coal car": ("tender", "coal wagon"),
    "coupling": ("coupler", "hook"),
    "cargo": ("load", "freight"),
    "turret": ("gun turret", "tank turret"),
    "barrel": ("cannon", "gun barrel", "gun"),
    "antenna": ("aerial",),
    "machine gun": ("gun",),
    "side board": ("side wall", "side", "fence"),
    "shaft": ("pull bar", "drawbar", "pole"),
    "cover": ("canvas", "tarp", "canopy"),
    "tray": ("tub", "bucket", "basin"),
    "leg": ("support leg", "stand"),
    "safety bar": ("front bar", "guard rail"),
    "runner": ("skid", "blade", "ski"),
    "crossbar": ("crosspiece", "beam"),
    "rope": ("cord", "string"),
}
