"""Bodies, cabins, wheels and propellers of vehicles."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from meronym_synthetic.kit.curves import SIDES, Array, around, ellipse, turn
from meronym_synthetic.kit.rng import Rng
from meronym_synthetic.kit.solids import Solid, box, cylinder, ellipsoid, lathe, loft, tube, wing


def hexahedron(part: str, back: ArrayLike, front: ArrayLike) -> Solid:
    """Solid between two quadrilaterals [4 3] whose corners are listed around the same way."""
    cube = box(part, (0.5, 0.5, 0.5), (0.5, 0.5, 0.5))
    x, y, z = cube.vertices.T[:, :, None]

    def quad(corners: ArrayLike) -> Array:
        a, b, c, d = np.asarray(corners, float)
        return np.asarray((a * (1 - x) + b * x) * (1 - y) + (d * (1 - x) + c * x) * y)

    return Solid(part, quad(back) * (1 - z) + quad(front) * z, cube.faces)


def slab(part: str, corners: ArrayLike, thick: float) -> Solid:
    """Flat board of half-thickness `thick` with the given corners [4 3]."""
    c = np.asarray(corners, float)
    normal = np.cross(c[2] - c[0], c[3] - c[1])
    shift = normal / np.linalg.norm(normal) * thick
    return hexahedron(part, c - shift, c + shift)


def body_shell(part: str, z: ArrayLike, half: ArrayLike, low: ArrayLike, high: ArrayLike, square: float) -> Solid:
    """Skin along z with half-widths, lower and upper edges at each station; `square` as in ellipsoid."""
    at, w, a, b = (np.broadcast_to(np.asarray(v, float), (len(np.atleast_1d(z)),)) for v in (z, half, low, high))
    zero, one = np.zeros(len(at)), np.ones(len(at))
    skin = loft(part, np.stack([zero, zero, at], 1), np.stack([one, zero, zero], 1), np.stack([zero, one, zero], 1))
    x, y, along = skin.vertices.T
    bulge_x, bulge_y = (np.sign(v) * np.abs(v) ** square for v in (x, y))
    width, middle, rise = (np.interp(along, at[::-1], v[::-1]) for v in (w, (a + b) / 2, (b - a) / 2))
    return Solid(part, np.stack([bulge_x * width, middle + bulge_y * rise, along], 1), skin.faces)


def car_wheels(u: Rng, spots: list[tuple[float, float, float]], r: float, half: float) -> list[Solid]:
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


def four_spots(x: float, y: float, front: float, rear: float) -> list[tuple[float, float, float]]:
    return [(side * x, y, z) for side in SIDES for z in (front, rear)]


def cabin(
    u: Rng,
    part: str,
    base: tuple[float, float],
    top: tuple[float, float],
    y: tuple[float, float],
    half: tuple[float, float],
    windows: int,
    rear: bool = True,
) -> list[Solid]:
    """Upper body with roof, windshield and windows: rear and front z, y and half-width at its lower and upper edge."""

    def corner(x: float, t: float, up: float) -> Array:
        z = (1 - up) * (base[0] + t * (base[1] - base[0])) + up * (top[0] + t * (top[1] - top[0]))
        return np.array([x * (half[0] + up * (half[1] - half[0])), y[0] + up * (y[1] - y[0]), z])

    def ring(up: float) -> Array:
        return np.array([corner(-1, 0, up), corner(1, 0, up), corner(1, 1, up), corner(-1, 1, up)])

    def glass(name: str, t: float) -> Solid:
        low, high, side = 0.12, 0.88, 0.88
        corners = [corner(-side, t, low), corner(side, t, low), corner(side, t, high), corner(-side, t, high)]
        return slab(name, corners, 0.012)

    lid = np.array([0, u(0.02, 0.05), 0])
    overhang = u(1.0, 1.04)
    centre = ring(1).mean(0)
    roof = centre + (ring(1) - centre) * (overhang, 1, overhang)
    pieces = [
        hexahedron(part, ring(0), ring(1)),
        hexahedron(f"{part}/roof", roof - lid / 3, roof + lid),
        glass("windshield", 1),
    ]
    if rear:
        pieces.append(glass("rear window", 0))
    gap = u(0.03, 0.07)
    for x in SIDES:
        for k in range(windows):
            a, b = 0.04 + 0.92 * k / windows + gap / 2, 0.04 + 0.92 * (k + 1) / windows - gap / 2
            pieces.append(
                slab("window", [corner(x, a, 0.15), corner(x, b, 0.15), corner(x, b, 0.88), corner(x, a, 0.88)], 0.012)
            )
    return pieces


def steering_wheel(centre: ArrayLike, r: float, lean: float) -> list[Solid]:
    c, tilt = np.asarray(centre, float), turn("x", lean)
    ring = ellipse((0, 0, 0), r, r, "xy", 20) @ tilt.T + c
    foot = c + tilt @ np.array([0, 0, r * 1.6])
    return [
        tube("steering wheel", ring, r * 0.13),
        tube("steering wheel", ring[[0, 10]], r * 0.1),
        tube("steering column", [c, foot], r * 0.1),
    ]


def spindle(
    part: str, centre: ArrayLike, length: float, radius: float, nose: float, tail: float, flat: float = 1.0, rise: float = 0.0
) -> Solid:
    """Round body along z, `length` half-long; nose and tail are the tapered shares; the tail end sits `rise` higher."""
    t = np.linspace(0, 1, 24)
    front, rear = np.clip(t / nose, 0, 1), np.clip((1 - t) / tail, 0, 1)
    r = radius * np.clip(np.sqrt(1 - (1 - front) ** 2) * rear**0.8, 0.04, 1)
    zero = np.zeros_like(t)
    centres = np.asarray(centre, float) + np.stack([zero, rise * (1 - rear), length * (1 - 2 * t)], 1)
    return loft(part, centres, np.stack([r, zero, zero], 1), np.stack([zero, r * flat, zero], 1))


def turning_blades(u: Rng, part: str, centre: ArrayLike, radius: float, axis: str, blades: int = 0) -> list[Solid]:
    """Hub and blades turning about "y" or "z"."""
    c, normal = np.asarray(centre, float), np.array([0, float(axis == "y"), float(axis == "z")])
    tilt, chord, tip = u(0, 0.5), min(radius, 0.6) * u(0.08, 0.18), u(0.5, 1)
    pieces = [lathe(f"{part}/hub", min(radius, 0.5) * np.array([(0.12, -0.08), (0.12, 0.05), (0.08, 0.15), (0, 0.2)]), c, axis)]
    for p, q in around(blades or u.count(2, 4), u(0, 3)):
        out = np.array([p, q, 0]) if axis == "z" else np.array([p, 0, q])
        side = np.cross(normal, out) * np.cos(tilt) + normal * np.sin(tilt)
        ends = (c + out * radius * 0.05, c + out * radius)
        pieces.append(wing(f"{part}/blade", *ends, (chord, chord * tip), chord * 0.15, side, np.cross(out, side)))
    return pieces
