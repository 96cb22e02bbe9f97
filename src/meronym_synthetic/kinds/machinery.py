"""Cranes, robot arms and workshop machines."""

from __future__ import annotations

import numpy as np

from meronym_synthetic.kit.curves import QUARTER, SIDES, arc, around, bezier, turn
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
    prism,
    ring_of,
    tube,
    wing,
)


@kind("crane", family="crane", names=("crane", "tower crane"), synonyms={
    "base": ("foot", "base plate", "bottom plate"), "hook": ("crane hook", "catch"), "arm": ("boom", "beam"),
    "counterweight": ("balance weight", "weight"), "cab": ("cabin", "driver cabin"), "tower": ("mast", "column", "pole"),
    "cable": ("rope", "wire")})  # fmt: skip
def crane(u: Rng) -> list[Solid]:
    """Tower crane, harbour crane and small derrick with hook."""
    h, long, r = u(0.9, 1.4), u(0.7, 1.1), u(0.03, 0.06)
    base = [box("base", (0, 0.04, 0), (u(0.2, 0.35), 0.05, u(0.2, 0.35)))]
    x = long * u(0.5, 0.9)
    if u.chance(0.55):
        lattice = u.chance(0.5)
        pieces = [
            *base,
            box("counterweight", (-long * 0.38, h - 0.08, 0), (0.09, 0.1, 0.08)),
            box("cab", (0.1, h - 0.12, 0.08), (0.08, 0.09, 0.08)),
        ]
        if lattice:
            pieces += mirrored(tube, "tower", [(0.07, 0, 0.07), (0.07, h, 0.07)], 0.018, melt=False, axes="xz")
            pieces += [
                tube("tower", [(-s * 0.07, y, 0.07 * b), (s * 0.07, y + h / 10, 0.07 * b)], 0.012, melt=False)
                for k, y in enumerate(np.linspace(0, h * 0.9, 10))
                for s in [(-1) ** k]
                for b in SIDES
            ]
        else:
            pieces.append(box("tower", (0, h / 2, 0), (0.06, h / 2, 0.06)))
        pieces.append(box("arm", ((long - 0.4 * long) / 2, h, 0), (0.7 * long, 0.04, 0.05)))
        peak = (0, h + 0.3, 0)
        pieces += [
            tube("tower", [(0, h, 0), peak], 0.04, melt=False),
            *(tube("cable", [peak, (e, h, 0)], 0.012, melt=False) for e in (long * 0.8, -long * 0.35)),
        ]
        y = h
    else:
        up = u(0.4, 1.1)
        y, x = h * 0.45 + long * np.sin(up), long * np.cos(up)
        pieces = [
            *base,
            cylinder("tower", (0, 0, 0), (0, h * 0.5, 0), r * 2),
            box("cab", (0, h * 0.45, 0), (0.18, 0.14, 0.16)),
            tube("arm", [(0, h * 0.45, 0), (x, y, 0)], [r * 1.4, r * 0.8], melt=False),
        ]
    low = y - u(0.3, 0.7) * min(y, 1)
    return [
        *pieces,
        tube("cable", [(x, y, 0), (x, low, 0)], 0.012, melt=False),
        tube("hook", arc((0.0 + x, low - 0.07, 0), 0.06, 0.07, QUARTER, 2 * np.pi, "xy"), 0.02, melt=False),
    ]


@kind("robot arm", family="robot arm", names=("robot arm", "industrial robot"), synonyms={
    "base": ("foot", "base plate", "bottom plate"), "arm": ("boom", "beam"), "joint": ("pivot", "hinge"),
    "finger": ("claw", "prong")})  # fmt: skip
def robot_arm(u: Rng) -> list[Solid]:
    """Industrial arm with joints and a two fingers, suction cup or tool."""
    r, a, b = u(0.09, 0.14), u(0.2, 1.0), u(-1.6, -0.2)
    long, fore = u(0.4, 0.6), u(0.4, 0.6)
    p0 = np.array([0, u(0.2, 0.35), 0])
    p1 = p0 + long * np.array([-np.sin(a - 0.5), np.cos(a - 0.5), 0])
    d2 = np.array([np.sin(a - b), np.cos(a - b), 0])
    p2 = p1 + fore * d2
    boxy = u.chance(0.35)
    pieces = [lathe("base", [(r * 2.4, 0), (r * 2.4, 0.06), (r * 1.6, 0.1), (r * 1.4, p0[1])])]
    for start, end, k in ((p0, p1, 1.0), (p1, p2, 0.8)):
        pieces.append(tube("arm", [start, end], [r * k, r * k * 0.8], flat=u(0.7, 1.4), round_ends=not boxy, melt=False))
    wide = np.array([0, 0, r * 1.4])
    pieces += [cylinder("joint", p - wide, p + wide, r * k) for p, k in ((p0, 1.25), (p1, 1.1), (p2, 0.8))]
    side = np.array([-d2[1], d2[0], 0])
    for s in SIDES:
        w = u(0.05, 0.12)
        finger = [p2, p2 + d2 * 0.1 + side * s * w * 1.3, p2 + d2 * 0.28 + side * s * w * 0.7]
        pieces.append(tube("finger", finger, [0.035, 0.03, 0.02], melt=False))
    return pieces


@kind("anvil", family="anvil", names=("anvil",), synonyms={
    "base": ("foot", "base plate", "bottom plate"), "body": ("main body", "housing"), "top": ("face", "top plate"),
    "horn": ("beak", "cone"), "stump": ("tree stump", "wooden block")})  # fmt: skip
def anvil(u: Rng) -> list[Solid]:
    """Blacksmith's anvil with horn, waist and feet, perhaps on a tree stump."""
    h, w, d = u(0.4, 0.6), u(0.3, 0.45), u(0.13, 0.2)
    body = [(0, 0.05, 0), (0, h * 0.3, 0), (0, h * 0.5, 0), (0, h, 0)]
    waist = loft("body", body, [(w * k, 0, 0) for k in (1.0, 0.55, 0.5, 1.0)], [(0, 0, d * k) for k in (1.3, 0.8, 0.8, 1.0)])
    pieces = [
        waist,
        box("base", (0, 0.04, 0), (w * 1.15, 0.06, d * 1.5)),
        box("top", (-w * 0.1, h, 0), (w * 1.1, u(0.06, 0.1), d)),
    ]
    horn = bezier((w * 0.8, h, 0), (w * 1.5, h, 0), (w * u(1.8, 2.3), h + 0.04, 0))
    pieces.append(tube("horn", horn, np.linspace(d * 0.8, 0.02, 12), melt=False))
    if u.chance(0.3):
        pieces.append(cylinder("stump", (0, -u(0.3, 0.5), 0), (0, 0.0, 0), u(0.45, 0.6)))
    return pieces


@kind("vise", family="vise", names=("vise", "bench vise"), synonyms={
    "base": ("foot", "base plate", "bottom plate"), "body": ("main body", "housing"), "handle": ("knob", "hand hold", "lever"),
    "jaw": ("clamping plate", "clamp"), "slide": ("guide", "sliding bar"), "screw": ("spindle", "threaded rod")})  # fmt: skip
def vise(u: Rng) -> list[Solid]:
    """Bench vise: fixed and sliding jaw, screw and handle bar."""
    w, h, gap, d = u(0.2, 0.32), u(0.22, 0.35), u(0.03, 0.3), u(0.1, 0.16)
    pieces = [
        box("base", (0, -h - 0.05, -0.05), (w * 1.2, 0.06, 0.3)),
        box("body", (0, -h * 0.4, -0.05), (w * 0.8, h * 0.6, 0.22)),
    ]
    pieces += [box("jaw", (0, h * 0.4, -d), (w, h * 0.4, d * 0.9)), box("jaw", (0, h * 0.2, gap + d), (w, h * 0.6, d * 0.9))]
    z = gap + 2 * d
    pieces += [
        box("slide", (0, -h * 0.2, z / 2), (w * 0.4, h * 0.2, z / 2)),
        cylinder("screw", (0, -h * 0.2, 0), (0, -h * 0.2, z + 0.25), 0.05),
    ]
    return [
        *pieces,
        tube("handle", [(-0.3, -h * 0.2, z + 0.2), (0.3, -h * 0.2 + u(-0.1, 0.1), z + 0.2)], 0.028, melt=False),
        *mirrored(ellipsoid, "handle", (0.3, -h * 0.2, z + 0.2), 0.045),
    ]


@kind("wind wheel", family="wind wheel", names=("wind wheel", "wind power plant", "wind pump"), synonyms={
    "base": ("foot", "base plate", "bottom plate"), "hub": ("center", "wheel hub", "nave"), "shaft": ("axle", "rod"),
    "blade": ("wing", "vane"), "tower": ("mast", "column", "pole"), "vane": ("tail", "weather vane"),
    "housing": ("engine housing", "nacelle", "casing")})  # fmt: skip
def wind_wheel(u: Rng) -> list[Solid]:
    """Modern wind wheel with three blades, and farm wind pump with many blades and a vane."""
    h, long, farm, phase = u(1.2, 1.6), u(0.5, 0.8), u.chance(0.3), u(0, 2)
    n = u.count(10, 16) if farm else u.pick(2, 3, 3, 3)
    if farm:
        long *= 0.6
        pieces = ring_of(4, tube, "tower", [(0.25, 0, 0), (0, h, 0)], 0.025, melt=False, phase=0.8)
        pieces += [
            tube("tower", [(c * k, y, s * k), (-s * k, y, c * k)], 0.015, melt=False)
            for y in (0.4, 0.8)
            for k in [0.25 * (1 - y / h)]
            for c, s in around(4, 0.8)
        ]
        pieces += [cylinder("shaft", (0, h, 0.12), (0, h, -0.4), 0.025), box("vane", (0, h, -0.5), (0.008, 0.13, 0.16))]
    else:
        pieces = [
            cylinder("tower", (0, 0, 0), (0, h, 0), [u(0.05, 0.08), 0.035]),
            ellipsoid("housing", (0, h + 0.02, -0.05), (0.06, 0.06, 0.16), square=0.6, melt=False),
        ]
    pieces.append(lathe("hub", [(0.05, 0.08), (0.055, 0.13), (0.01, 0.21)], (0, h, 0), "z"))
    for c, s in around(n, phase):
        root, tip = (c * 0.03, h + s * 0.03, 0.14), (c * long, h + s * long, 0.14)
        pieces.append(
            wing(
                "blade",
                root,
                tip,
                (0.035, 0.07) if farm else (0.06, 0.015),
                0.012,
                (-s * 0.85, c * 0.85, 0.5),
                (s * 0.5, -c * 0.5, 0.85),
            )
        )
    return pieces + ([box("base", (0, 0, 0), (0.3, 0.03, 0.3))] if u.chance(0.4) else [])


@kind("oil pump", family="oil pump", names=("oil pump", "pump jack"), synonyms={
    "base": ("foot", "base plate", "bottom plate"), "head": ("top", "bolt head"), "rod": ("bar", "stick", "connecting rod"),
    "counterweight": ("balance weight", "weight"), "cable": ("rope", "wire"), "beam": ("walking beam", "bar"),
    "post": ("support", "column"), "motor": ("engine", "gear box")})  # fmt: skip
def oil_pump(u: Rng) -> list[Solid]:
    """Nodding oil pump: walking beam on a post, horse head, counterweight crank."""
    h, long, tilt = u(0.7, 0.9), u(0.6, 0.8), u(-0.3, 0.3)
    beam = [
        box("beam", (0, 0, 0), (long, 0.05, 0.05)),
        prism("head", arc((long * 0.75, 0, 0), 0.28, 0.3, -1.2, 1.2, "xy")[:, :2], 0.06),
    ]
    pieces = [*move(beam, (0, h, 0), rotation=turn("z", tilt)), box("base", (0, 0.03, 0), (long * 1.1, 0.04, 0.25))]
    pieces += mirrored(tube, "post", [(0.2, 0.03, 0.18), (0, h, 0)], 0.03, melt=False, axes="xz")
    back, a = np.array([-long * np.cos(tilt), h - long * np.sin(tilt), 0]), u(0, 6)
    centre = np.array([-long * 0.9, 0.3, 0])
    sides = np.array([(0, 0, -0.12), (0, 0, 0.12)])
    end = centre + 0.16 * np.array([np.cos(a), np.sin(a), 0])
    pieces += [
        box("motor", (-long * 0.9, 0.17, 0), (0.14, 0.14, 0.1)),
        *(tube("rod", [back + z, end + z], 0.018, melt=False) for z in sides),
    ]
    pieces += [
        tube("counterweight", [centre + z, end + (end - centre) * 0.4 + z], [0.04, 0.1], flat=0.5, melt=False) for z in sides
    ]
    front = h + long * np.sin(tilt)
    return [*pieces, cylinder("cable", (long + 0.02, 0.05, 0), (long + 0.02, front, 0), 0.012)]


@kind("conveyor", family="conveyor", names=("conveyor", "conveyor belt"), synonyms={
    "roller": ("roll", "cylinder"), "frame": ("side rail", "chassis"), "belt": ("conveyor belt", "band"),
    "box": ("package", "crate"), "leg": ("support", "foot")})  # fmt: skip
def conveyor(u: Rng) -> list[Solid]:
    """Belt or roller conveyor, level or rising, with legs and boxes on it."""
    long, w, h, tilt = u(0.8, 1.1), u(0.16, 0.28), u(0.35, 0.6), u(0, 0.3) if u.chance(0.4) else 0.0
    pieces = []
    top = mirrored(box, "frame", (0, 0, w + 0.03), (long, 0.06, 0.03), axes="z")
    if u.chance(0.6):
        top += [box("belt", (0, y, 0), (long * 0.97, 0.012, w)) for y in (0.05, -0.05)] + mirrored(
            cylinder, "roller", (long * 0.97, 0, -w), (long * 0.97, 0, w), 0.06
        )
    else:
        top += [
            cylinder("roller", (x, 0.03, -w), (x, 0.03, w), 0.04)
            for x in np.linspace(-long * 0.95, long * 0.95, u.count(8, 16))
        ]
    if u.chance(0.5):
        top += [box("box", (x, 0.17, 0), (0.11, 0.11, w * 0.6)) for x in np.linspace(-0.6, 0.6, u.count(1, 3)) * long]
    pieces += move(top, (0, h, 0), rotation=turn("z", tilt))
    for x in np.linspace(-0.85, 0.85, u.count(2, 4)):
        leg = (x * long, (h + x * long * np.tan(tilt)) / 2, w + 0.03)
        pieces += mirrored(box, "leg", leg, (0.03, (h + x * long * np.tan(tilt)) / 2, 0.03), axes="z")
    return pieces
