"""Carts, wheelbarrows, strollers and sleds."""

from __future__ import annotations

import numpy as np

from meronym_synthetic.kit.curves import SIDES, arc, around, bezier, ellipse, turn
from meronym_synthetic.kit.registry import kind
from meronym_synthetic.kit.rng import Rng
from meronym_synthetic.kit.solids import Solid, box, cylinder, ellipsoid, loft, mirrored, tube
from meronym_synthetic.kit.vehicles import body_shell, car_wheels, slab


def _spoked(x: float, r: float, z: float, half: float, n: int) -> list[Solid]:
    """Wooden wagon wheel."""
    ring = ellipse((x, r, z), r * 0.93, r * 0.93, "zy", 25)
    spokes = [cylinder("wheel/spoke", (x, r, z), (x, r + c * r * 0.92, z + s * r * 0.92), r * 0.06) for c, s in around(n)]
    return [tube("wheel/rim", ring, r * 0.08), cylinder("wheel/hub", (x - half, r, z), (x + half, r, z), r * 0.16), *spokes]


@kind("cart", family="cart", names=("cart", "wooden wagon", "handcart"), synonyms={
    "wheel": ("car wheel", "roller"), "rim": ("wheel rim", "alloy"), "hub": ("hubcap", "wheel center"),
    "spoke": ("wheel spoke",), "axle": ("wheel axle", "axis"), "seat": ("saddle", "driver's seat"),
    "cargo bed": ("truck bed", "load bed", "bed"), "handle": ("hand hold", "handlebar end"),
    "side board": ("side wall", "side", "fence"), "shaft": ("pull bar", "drawbar", "pole"),
    "cover": ("canvas", "tarp", "canopy")})  # fmt: skip
def cart(u: Rng) -> list[Solid]:
    """Two- and four-wheeled wooden carts, covered wagons, hand trolleys."""
    r, w, long, h = u(0.22, 0.42), u(0.25, 0.36), u(0.45, 0.75), u(0.08, 0.2)
    four, n, solid = u.chance(0.5), u.pick(6, 8, 10), u.chance(0.1)
    floor, spots = r * u(1.05, 1.4), ((0.65 * long, -0.65 * long) if four else (0.0,))
    pieces = [box("cargo bed", (0, floor, 0), (w, 0.03, long))]
    slats, lean = u.chance(0.4), u(1, 1.25)
    for x in SIDES:
        rows = np.linspace(0.3, 1, 3) if slats else [0.5]
        for q in rows:
            side_board = (x * w * (1 + (lean - 1) * q), floor + 2 * h * q, 0)
            pieces.append(box("side board", side_board, (0.018, h * (0.22 if slats else 1.0), long)))
        if slats:
            pieces += [box("side board", (x * w * lean, floor + h, q * long), (0.02, h, 0.02)) for q in (-0.9, 0, 0.9)]
    if u.chance(0.8):
        pieces += mirrored(box, "side board", (0, floor + h, long), (w * lean, h, 0.018), axes="z")
    for z in spots:
        pieces.append(cylinder("axle", (-w * 1.3, r, z), (w * 1.3, r, z), 0.03))
        pieces.append(box("axle", (0, (r + floor) / 2, z), (w * 0.3, (floor - r) / 2 + 0.02, 0.04)))
        for x in SIDES:
            disc = cylinder("wheel", (x * w * 1.25, r, z), (x * w * 1.35, r, z), r)
            pieces += [disc] if solid else _spoked(x * w * 1.3, r, z, 0.05, n)
    reach, rise = u(0.5, 0.9), u(-0.2, 0.2) + (0 if four else 0.1)
    if u.chance(0.5):
        pieces += mirrored(tube, "shaft", [(w * 0.8, floor, long * 0.8), (w * 0.7, floor + rise, long + reach)], 0.025)
    else:
        pieces.append(tube("shaft", [(0, floor, long * 0.9), (0, floor + rise, long + reach)], 0.028))
        pieces.append(tube("handle", [(-0.14, floor + rise, long + reach), (0.14, floor + rise, long + reach)], 0.026))
    if u.chance(0.3):
        along, top = np.linspace(long, -long, 8), floor + 2 * h + u(0.5, 0.9)
        pieces.append(body_shell("cover", along, w * lean * 1.02, floor + h, top + 0.06 * np.sin(5 * along), 0.7))
    if u.chance(0.35):
        pieces.append(box("seat", (0, floor + 2 * h + 0.03, long * 0.75), (w * lean, 0.025, 0.1)))
    return pieces


@kind("wheelbarrow", family="cart", names=("wheelbarrow", "barrow"), synonyms={
    "wheel": ("car wheel", "roller"), "tire": ("tyre", "rubber tire"), "rim": ("wheel rim", "alloy"),
    "hub": ("hubcap", "wheel center"), "spoke": ("wheel spoke",), "axle": ("wheel axle", "axis"),
    "frame": ("chassis", "main frame"), "handle": ("hand hold", "handlebar end"), "tray": ("tub", "bucket", "basin"),
    "leg": ("support leg", "stand")})  # fmt: skip
def wheelbarrow(u: Rng) -> list[Solid]:
    """Garden barrows with one or two wheels."""
    r, w, y = u(0.16, 0.24), u(0.26, 0.36), u(0.32, 0.42)
    low = np.add(np.array([(-w * 0.6, 0, -0.35), (w * 0.6, 0, -0.35), (w * 0.55, 0, 0.2), (-w * 0.55, 0, 0.2)]), (0, y, 0))
    high = np.add(np.array([(-w, 0.3, -0.55), (w, 0.3, -0.55), (w * 0.9, 0.26, 0.55), (-w * 0.9, 0.26, 0.55)]), (0, y, 0))
    pieces = [slab("tray", low, 0.015)] + [slab("tray", [low[i], low[i - 1], high[i - 1], high[i]], 0.015) for i in range(4)]
    z = 0.6
    for x in SIDES:
        path = [
            (x * 0.06, r, z),
            (x * w * 0.5, y - 0.02, 0.1),
            (x * w * 0.75, y + 0.03, -0.5),
            (x * w * 0.85, y + u(0.1, 0.2), -1.0),
        ]
        pieces += [tube("frame", path, 0.022), tube("handle", path[-1] + np.array([(0, 0, 0), (0, 0.02, -0.18)]), 0.034)]
        leg = [(x * w * 0.6, y, -0.15), (x * w * 0.6, 0, -0.3), (x * w * 0.6, y, -0.45)]
        pieces.append(tube("leg", leg, 0.022))
    wheels = (0.0,) if u.chance(0.8) else (-0.15, 0.15)
    pieces.append(cylinder("axle", (-0.2, r, z), (0.2, r, z), 0.018))
    if u.chance(0.5):
        for x in wheels:
            pieces += _spoked(x, r, z, 0.04, u.pick(4, 5, 6))
    else:
        pieces += car_wheels(u, [(x, r, z) for x in wheels], r, 0.05)
    return pieces


@kind("stroller", family="cart", names=("stroller", "baby carriage", "pram"), synonyms={
    "hood": ("bonnet", "engine cover"), "wheel": ("car wheel", "roller"), "rim": ("wheel rim", "alloy"),
    "hub": ("hubcap", "wheel center"), "spoke": ("wheel spoke",), "axle": ("wheel axle", "axis"),
    "seat": ("saddle", "driver's seat"), "backrest": ("seat back", "back"), "frame": ("chassis", "main frame"),
    "handle": ("hand hold", "handlebar end"), "basket": ("carrier", "bin"), "footrest": ("foot peg", "foot support"),
    "safety bar": ("front bar", "guard rail")})  # fmt: skip
def stroller(u: Rng) -> list[Solid]:
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
        pieces.append(body_shell("basket", along, w * (0.6 + 0.4 * curve), y + 0.21 - 0.26 * curve, y + 0.25, 0.5))
        pieces.append(ellipsoid("hood", (0, y + 0.25, -0.2), (w, u(0.25, 0.32), 0.3)))
        return pieces
    lean = turn("x", -u(0.3, 0.7))
    pieces.append(box("seat", (0, y, 0.1), (w * 0.8, 0.03, 0.2)))
    pieces.append(box("backrest", np.array([0, 0.25, 0]) @ lean.T + (0, y, -0.08), (w * 0.8, 0.27, 0.03), lean))
    hood = arc((0, y + 0.4, -0.15), 0.32, 0.3, 0.2, 2.0, "zy", 10)
    pieces.append(loft("hood", hood, np.tile([w * 0.95, 0, 0], (10, 1)), np.tile([0, 0.012, 0.012], (10, 1))))
    pieces.append(tube("footrest", [(-w * 0.7, y - 0.22, 0.42), (w * 0.7, y - 0.22, 0.42)], 0.022))
    pieces += mirrored(tube, "footrest", [(w * 0.7, y, 0.28), (w * 0.7, y - 0.22, 0.42)], 0.016)
    if u.chance():
        pieces.append(
            tube(
                "safety bar",
                bezier(
                    (-w * 0.85, y + 0.2, 0.0), (-w * 0.8, y + 0.25, 0.45), (w * 0.8, y + 0.25, 0.45), (w * 0.85, y + 0.2, 0.0)
                ),
                0.022,
            )
        )
    if u.chance(0.5):
        pieces.append(box("basket", (0, r + 0.1, -0.05), (w * 0.88, 0.07, 0.25)))
    return pieces


@kind("sled", family="sled", names=("sled", "sleigh", "toboggan"), synonyms={
    "body": ("bodywork", "car body", "main body"), "seat": ("saddle", "driver's seat"), "backrest": ("seat back", "back"),
    "leg": ("support leg", "stand"), "runner": ("skid", "blade", "ski"), "crossbar": ("crosspiece", "beam"),
    "rope": ("cord", "string")})  # fmt: skip
def sled(u: Rng) -> list[Solid]:
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
        pieces.append(body_shell("body", z, w, h, high, 0.3))
        pieces.append(ellipsoid("seat", (0, h + 0.25, -0.35 * long), (w * 0.8, 0.06, 0.15), square=0.5))
        pieces.append(ellipsoid("backrest", (0, h + 0.42, -0.65 * long), (w * 0.95, 0.25, 0.05), square=0.6))
    else:
        pieces += [
            box("seat", (q * w * 0.8, h + 0.03, -0.05), (w * 0.16, 0.015, long * 0.85))
            for q in np.linspace(-1, 1, u.count(3, 5))
        ]
        if u.chance(0.3):
            pieces += [
                box("backrest", (0, h + 0.25, -0.8 * long), (w, 0.04, 0.015)),
                *mirrored(tube, "backrest", [(w * 0.9, h, -0.8 * long), (w * 0.9, h + 0.28, -0.8 * long)], 0.018),
            ]
    if u.chance(0.5):
        rope = bezier((-w, h, 0.8 * long), (-w, h, long + 0.7), (w, h, long + 0.7), (w, h, 0.8 * long))
        pieces.append(tube("rope", rope, 0.014))
    return pieces
