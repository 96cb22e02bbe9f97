"""Boats, ships and submarines."""

from __future__ import annotations

import itertools

import numpy as np
from numpy.typing import ArrayLike

from meronym_synthetic.kit.curves import FACING_SIDE, SIDES, arc, around, bezier, turn
from meronym_synthetic.kit.registry import kind
from meronym_synthetic.kit.rng import Rng
from meronym_synthetic.kit.solids import Solid, box, cylinder, ellipsoid, lathe, loft, mirrored, prism, tube, wing
from meronym_synthetic.kit.vehicles import spindle, turning_blades


def _hull(
    u: Rng, width: float, depth: float, length: float, bow: float, stern: float, sheer: float = 0, hollow: float = 0
) -> Solid:  # fmt: skip
    """Hull along z with its deck at y = 0, `sheer` higher at the ends; `hollow` > 0 scoops it out to that share."""
    z = np.linspace(1, -1, 26)
    half = width * np.clip(np.where(z > 0, 1 - np.abs(z) ** (2 / bow), 1 - (1 - stern) * z**4), 0.03, 1)
    keel = depth * np.where(z > 0, 1 - 0.4 * np.clip(z, 0, 1) ** 3, 1 - 0.3 * (1 - stern) * z**4)
    zero = np.zeros_like(z)
    skin = loft("hull", np.stack([zero, zero, z * length], 1), np.stack([half, zero, zero], 1), np.stack([zero, keel, zero], 1))
    x, y, along = skin.vertices.T
    inside = np.where(y > 1e-6, 1 - 0.14 * (hollow > 0), 1)
    shape = np.where(y > 0, -y * hollow, np.maximum(y, -depth * u(0.75, 1)))
    return Solid("hull", np.stack([x * inside, shape + sheer * (along / length) ** 2, along], 1), skin.faces)


def _sail(part: str, corners: ArrayLike, blow: float) -> Solid:
    """Thin triangular sail between three corners [3 3], blown sideways."""
    foot, clew, head = np.asarray(corners, float)
    t = np.linspace(0, 0.97, 9)[:, None]
    middle = (foot + clew) / 2 * (1 - t) + head * t + np.sin(np.pi * t) * np.array([blow, 0, 0])
    return loft(part, middle, (foot - clew) / 2 * (1 - t), np.tile([0.008, 0, 0], (len(t), 1)))


@kind("boat", family="ship", names=("boat", "rowing boat", "dinghy"), synonyms={
    "propeller": ("airscrew", "prop"), "blade": ("rotor blade", "propeller blade"), "hub": ("spinner", "center"),
    "motor": ("engine", "outboard motor"), "hull": ("boat body", "ship body", "body"), "seat": ("bench", "bench seat"),
    "oar": ("paddle",), "shaft": ("stick", "pole")})  # fmt: skip
def boat(u: Rng) -> list[Solid]:
    """Rowing boats and dinghies, with benches, oars or an outboard motor."""
    w, d, stern, sheer = u(0.25, 0.4), u(0.2, 0.35), u.pick(0.1, u(0.6, 0.9)), u(0.02, 0.2)
    pieces = [_hull(u, w, d, 1.0, u(0.7, 1.1), stern, sheer, u(0.6, 0.85))]
    low = -d * u(0.15, 0.4)
    pieces += [box("seat", (0, low, z), (w * 0.82, 0.02, u(0.05, 0.1))) for z in np.linspace(-0.55, 0.35, u.count(2, 3))]
    if u.chance(0.6):
        out, lift, z = u(0.5, 0.8), u(-0.15, 0.15), u(-0.2, 0.1)
        for x in SIDES:
            pieces.append(tube("oar/shaft", [(x * w * 0.5, 0.08, z), (x * (w + out), -lift, z - 0.15)], 0.018))
            pieces.append(ellipsoid("oar/blade", (x * (w + out + 0.1), -lift, z - 0.17), (0.16, 0.012, 0.06)))
    elif stern > 0.5:
        pieces.append(ellipsoid("motor", (0, sheer + 0.12, -1.04), (0.09, 0.11, 0.1), square=0.6))
        pieces.append(box("motor", (0, sheer - d * 0.5, -1.04), (0.03, d * 0.6, 0.05)))
        pieces += turning_blades(u, "propeller", (0, sheer - d * 1.05, -1.1), 0.1, "z")
    return pieces


@kind("kayak", family="ship", names=("kayak", "canoe"), synonyms={
    "blade": ("rotor blade", "propeller blade"), "cockpit": ("canopy", "pilot seat area", "glass canopy"),
    "hull": ("boat body", "ship body", "body"), "seat": ("bench", "bench seat"), "paddle": ("oar",), "shaft": ("stick", "pole"),
})  # fmt: skip
def kayak(u: Rng) -> list[Solid]:
    """Closed kayaks and open canoes with a paddle."""
    w, d, canoe = u(0.12, 0.2), u(0.09, 0.16), u.chance(0.4)
    pieces = [_hull(u, w, d, 1.1, u(1.2, 1.8), 0.0, u(0.03, 0.15), 0.8 if canoe else -u(0.2, 0.5))]
    if canoe:
        pieces += [box("seat", (0, -d * 0.3, z), (w * 0.8, 0.012, 0.06)) for z in (-0.5, 0.4)]
    else:
        for z in (-0.05,) if u.chance(0.7) else (-0.35, 0.3):
            rim = np.array([(0.6, 0), (0.75, 0.06), (0.6, 0.07), (0.45, 0)]) * (w, 1)
            pieces.append(lathe("cockpit", rim, (0, d * 0.3, z)))
            pieces.append(ellipsoid("seat", (0, d * 0.45, z - w * 0.4), (w * 0.4, 0.07, 0.03)))
    if u.chance(0.75):
        half, y, z, lean = u(0.4, 0.6), d * 0.3 + u(0.05, 0.1), u(0, 0.15), u(-0.1, 0.1)
        ends = [(x * half, y + x * lean, z) for x in SIDES]
        pieces.append(tube("paddle/shaft", ends, 0.015))
        pieces += [ellipsoid("paddle/blade", np.multiply(e, (1.15, 1, 1)), (0.12, 0.045, 0.012)) for e in ends]
    return pieces


@kind("speedboat", family="ship", names=("speedboat", "motorboat", "yacht"), synonyms={
    "propeller": ("airscrew", "prop"), "blade": ("rotor blade", "propeller blade"), "hub": ("spinner", "center"),
    "windshield": ("windscreen", "front window"), "window": ("porthole", "windows"), "motor": ("engine", "outboard motor"),
    "hull": ("boat body", "ship body", "body"), "seat": ("bench", "bench seat"),
    "cabin": ("deckhouse", "bridge", "superstructure"), "railing": ("handrail", "rail"), "steering wheel": ("wheel", "helm"),
})  # fmt: skip
def speedboat(u: Rng) -> list[Solid]:
    """Motorboats and yachts with windshield, cabin and outboard motors."""
    w, d, bow, sheer, cabin = u(0.26, 0.38), u(0.2, 0.3), u(0.7, 1.1), u(0, 0.1), u.chance(0.45)
    pieces = [_hull(u, w, d, 1.0, bow, u(0.8, 1), sheer, 0.0 if cabin else -0.15)]
    top, z = 0.0, u(0, 0.2)
    for k in range(u.count(1, 2) if cabin else 0):
        half, h = w * (0.75 - 0.2 * k), u(0.08, 0.12)
        side = np.array([(-0.45, 0), (0.35, 0), (0.15, 2 * h), (-0.4, 2 * h)]) * (1 - 0.3 * k, 1)
        pieces.append(prism("cabin", side, half, (0, top, z - 0.15), FACING_SIDE))
        pieces += mirrored(box, "window", (half, top + h, z - 0.2), (0.015, h * 0.5, 0.2))
        top += 2 * h
    slope = turn("x", -u(0.5, 0.9))
    pieces.append(box("windshield", (0, top + 0.07, z + 0.05), (w * (0.4 if cabin else 0.75), 0.1, 0.012), slope))
    if not cabin:
        for x in (-0.4, 0.4):
            for back in (0.15, 0.5)[: u.count(1, 2)]:
                pieces.append(ellipsoid("seat", (x * w, 0.06, z - back), (w * 0.3, 0.05, 0.1), square=0.4))
                pieces.append(ellipsoid("seat", (x * w, 0.14, z - back - 0.1), (w * 0.3, 0.12, 0.03), square=0.4))
        pieces.append(tube("steering wheel", arc((w * 0.4, 0.12, z), 0.06, 0.06, 0, 6.28, "xy"), 0.012))
    for x in [0.0] if u.chance() else [-0.3, 0.3] if u.chance(0.7) else []:
        pieces.append(ellipsoid("motor", (x * w, sheer + 0.1, -1.03), (0.07, 0.1, 0.1), square=0.6))
        pieces.append(box("motor", (x * w, sheer - d * 0.45, -1.03), (0.025, d * 0.6, 0.04)))
        pieces += turning_blades(u, "propeller", (x * w, sheer - d, -1.08), 0.08, "z")
    if u.chance(0.4):
        rail = bezier((-w * 0.9, 0.1, 0.2), (-w * 0.9, 0.12 + sheer, 1.2), (w * 0.9, 0.12 + sheer, 1.2), (w * 0.9, 0.1, 0.2))
        pieces.append(tube("railing", rail, 0.012))
        pieces += [tube("railing", [p, (p[0] * 0.95, -0.02, p[2])], 0.01) for p in rail[::3]]
    return pieces


@kind("sailing ship", family="ship", names=("sailing ship", "sailboat", "sailing boat", "tall ship"), synonyms={
    "mast": ("pole", "post"), "hull": ("boat body", "ship body", "body"), "cabin": ("deckhouse", "bridge", "superstructure"),
    "sail": ("sailcloth", "canvas"), "boom": ("sail pole", "horizontal pole"), "yard": ("crossbar", "sail beam", "spar"),
    "bowsprit": ("front pole", "front spar"), "flag": ("pennant", "banner"), "keel": ("bottom fin", "fin keel")})  # fmt: skip
def sailing_ship(u: Rng) -> list[Solid]:
    """Sailboats with triangular sails, schooners and square-rigged tall ships."""
    square = u.chance(0.45)
    w, d, sheer, n = u(0.16, 0.28), u(0.18, 0.32), u(0.03, 0.2), u.count(2, 3) if square else u.pick(1, 1, 1, 2)
    pieces = [_hull(u, w, d, 1.0, u(0.8, 1.2), u(0.5, 0.9), sheer, u.pick(0.0, -0.1, 0.6))]
    furled = u.chance(0.15)
    for k, z in enumerate([u(-0.05, 0.25)] if n == 1 else np.linspace(-0.6, 0.5, n)):
        tall = u(1.0, 1.6) * (0.85 if n > 1 and k == 0 else 1)
        pieces.append(tube("mast", [(0, -d * 0.5, z), (0, tall, z)], [u(0.025, 0.04), 0.012]))
        if square:
            levels = np.linspace(0.35, tall * 0.95, u.count(3, 4))
            for low, y in itertools.pairwise(levels):
                half = w * u(1.4, 2.0) * (1 - 0.4 * y / tall)
                pieces.append(tube("yard", [(-half, y, z + 0.03), (half, y, z + 0.03)], 0.015))
                drop, t = (y - low) * 0.9, np.linspace(0, 1, 8)
                bulge = z + 0.05 + u(0.05, 0.15) * np.sin(np.pi * t)
                path, a = np.stack([0 * t, y - drop * t, bulge], 1), np.stack([half * (0.9 + 0.2 * t), 0 * t, 0 * t], 1)
                if not furled:
                    pieces.append(loft("sail", path, a, np.tile([0, 0, 0.01], (8, 1))))
        else:
            back, low, blow = (0.55 if n == 1 else 0.45) * u(0.8, 1.1), u(0.15, 0.25), u(-0.12, 0.12)
            pieces.append(tube("boom", [(0, low, z), (blow, low, z - back - 0.1)], 0.018))
            if not furled:
                pieces.append(
                    _sail("sail", [(0, low + 0.03, z - 0.03), (blow, low + 0.03, z - back), (0, tall, z - 0.02)], blow)
                )
    if furled or u.chance(0.75):
        pieces.append(_sail("sail", [(0, 0.12, 0.95), (u(-0.1, 0.1), 0.15, z + 0.1), (0, tall * u(0.7, 0.95), z + 0.03)], 0.06))
    if square or u.chance(0.3):
        pieces.append(tube("bowsprit", [(0, sheer * 0.7, 0.8), (0, sheer + 0.15, 1.35)], [0.03, 0.012]))
    if square or u.chance(0.5):
        pieces.append(box("cabin", (0, 0.06 + sheer * 0.3, -0.6 if square else -0.25), (w * 0.7, 0.09, u(0.15, 0.25))))
    if u.chance(0.4):
        pieces.append(box("flag", (0, tall - 0.03, z - 0.12), (0.008, 0.06, 0.12)))
    if not square and u.chance(0.5):
        pieces.append(wing("keel", (0, -d * 0.8, -0.1), (0, -d - 0.35, -0.15), (0.18, 0.12), 0.025, up=(1, 0, 0)))
    return pieces


@kind("ship", family="ship", names=("ship", "cargo ship", "warship", "vessel"), synonyms={
    "propeller": ("airscrew", "prop"), "blade": ("rotor blade", "propeller blade"), "hub": ("spinner", "center"),
    "mast": ("pole", "post"), "window": ("porthole", "windows"), "hull": ("boat body", "ship body", "body"),
    "cabin": ("deckhouse", "bridge", "superstructure"), "chimney": ("funnel", "smokestack"),
    "container": ("cargo container", "cargo", "box"), "hatch": ("cargo hatch", "cover"), "crane": ("loading crane", "derrick"),
    "gun turret": ("turret", "cannon", "gun"), "barrel": ("gun barrel", "cannon barrel"),
    "lifeboat": ("small boat", "rescue boat")})  # fmt: skip
def ship(u: Rng) -> list[Solid]:
    """Container ships, warships, liners, tugs and fishing boats."""
    style = u.pick("cargo", "cargo", "warship", "liner", "tug")
    w, d = (u(0.28, 0.36), u(0.2, 0.3)) if style == "tug" else (u(0.13, 0.22), u(0.12, 0.2))
    sheer = u(0, 0.15)
    pieces = [_hull(u, w, d, 1.0, u(0.4, 0.9), u(0.6, 0.95), sheer)]
    z = {"cargo": -0.7, "tug": 0.1}.get(style, u(-0.2, 0.1))
    half, long, y = w * 0.8, {"liner": 0.7, "cargo": 0.12}.get(style, u(0.2, 0.3)), 0.0
    for k in range({"cargo": 1, "tug": 2, "liner": 3}.get(style, u.count(2, 3))):
        h = u(0.1, 0.16) if style == "cargo" else u(0.04, 0.07) * (1.6 if style == "tug" else 1)
        pieces.append(box("cabin", (0, y + h, z), (half * (1 - 0.15 * k), h, long * (1 - 0.2 * k))))
        if u.chance(0.4):
            window = (0, y + h * 1.3, z)
            pieces.append(box("window", window, (half * (1 - 0.15 * k) + 0.008, h * 0.25, long * (1 - 0.2 * k) * 0.9)))
        y += 2 * h
    for k in range(u.count(1, 3) if style == "liner" else u.count(0, 2)):
        back, r = z + long * (0.4 - 0.4 * k), w * u(0.15, 0.25)
        pieces.append(cylinder("chimney", (0, 0, back), (0, y + u(0.1, 0.2), back - u(0, 0.06)), r))
    if style == "cargo" and u.chance(0.75):
        step, size = 2 * w / 3.2, u(0.1, 0.16)
        for ahead in np.arange(z + 0.15 + size, 0.72, 2 * size + 0.015):
            for x in (-1.0, 0.0, 1.0):
                stack = u.count(0, 3) * 0.05
                if stack:
                    pieces.append(box("container", (x * step, stack + sheer * 0.1, ahead), (step * 0.47, stack + 0.005, size)))
    elif style == "cargo":
        for ahead in np.linspace(-0.4, 0.5, u.count(2, 3)):
            pieces.append(box("hatch", (0, 0.03, ahead), (w * 0.6, 0.03, 0.12)))
            pieces.append(tube("crane", [(0, 0, ahead - 0.16), (0, 0.3, ahead - 0.16), (0, 0.22, ahead + 0.1)], 0.018))
    if style == "warship":
        for ahead in (0.45, 0.65, -0.55)[: u.count(1, 3)]:
            pieces.append(ellipsoid("gun turret", (0, 0.05, ahead), (w * 0.4, 0.06, 0.08), square=0.5))
            for x in (-0.15, 0.15):
                end = (x * w, u(0.06, 0.12), ahead + float(np.sign(ahead)) * 0.26)
                pieces.append(tube("gun turret/barrel", [(x * w, 0.06, ahead), end], 0.014))
    if style != "cargo" or u.chance():
        pieces.append(tube("mast", [(0, y * 0.5, z), (0, y + u(0.15, 0.35), z - 0.02)], [0.02, 0.01]))
    if u.chance(0.3):
        pieces += turning_blades(u, "propeller", (0, -d * 0.75, -1.0), d * 0.4, "z")
    if style == "liner" or u.chance(0.2):
        pieces += [
            ellipsoid("lifeboat", (x * w * 0.9, 0.06, q), (0.03, 0.03, 0.07)) for x in SIDES for q in np.linspace(-0.5, 0.3, 5)
        ]
    return pieces


@kind("submarine", family="submarine", names=("submarine", "sub"), synonyms={
    "propeller": ("airscrew", "prop"), "blade": ("rotor blade", "propeller blade"), "hub": ("spinner", "center"),
    "window": ("porthole", "windows"), "fin": ("stabilizer fin", "tail fin"), "hull": ("boat body", "ship body", "body"),
    "tower": ("conning tower", "sail"), "periscope": ("scope",)})  # fmt: skip
def submarine(u: Rng) -> list[Solid]:
    """Slim navy submarines and stubby toy ones with portholes."""
    toy = u.chance(0.35)
    r = u(0.28, 0.4) if toy else u(0.11, 0.18)
    pieces = [spindle("hull", (0, 0, 0), 1.0, r, u(0.15, 0.4), u(0.4, 0.7))]
    z, tall, long = u(0, 0.35), r * u(0.5, 1), u(0.12, 0.2)
    base, up = (0, r * 0.8, z), (0, r + tall, z)
    if u.chance(0.6):
        pieces.append(loft("tower", [base, up], np.tile([r * 0.35, 0, 0], (2, 1)), np.tile([0, 0, long], (2, 1))))
    else:
        pieces.append(box("tower", (0, r + tall * 0.4, z), (r * 0.35, tall * 0.6, long)))
    for k in range(u.count(0, 2) + toy):
        x, end = z + 0.06 * (k - 1), r + tall + u(0.12, 0.3)
        pieces.append(tube("periscope", [(0, r, x), (0, end, x), (0, end, x + 0.07 * (k == 0) + 0.001)], 0.018))
    if u.chance(0.5):
        pieces += mirrored(wing, "fin", (0, r + tall * 0.5, z), (r * 0.3 + 0.16, r + tall * 0.5, z), (0.06, 0.04), 0.012)
    size = r + u(0.02, 0.15)
    for c, s in around(4, u.pick(0.0, 0.0, np.pi / 4)):
        pieces.append(wing("fin", (0, 0, -0.8), (size * c, size * s, -0.84), (0.12, 0.07), 0.015, up=(-s, c, 0)))
    pieces += turning_blades(u, "propeller", (0, 0, -1.02), r * u(0.5, 0.8), "z", u.count(3, 6))
    if toy:
        for q in np.linspace(-0.2, 0.5, u.count(2, 4)):
            pieces += mirrored(lathe, "window", [(0, -0.03), (0.07, -0.03), (0.075, 0.01), (0, 0.02)], (r * 0.97, 0.03, q), "x")
    return pieces
