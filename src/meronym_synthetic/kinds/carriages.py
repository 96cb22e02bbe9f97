"""Horse-drawn carriages and chariots."""

from __future__ import annotations

import numpy as np

from meronym_synthetic.kinds.low_poly import belonging, figure, stack, stick
from meronym_synthetic.kinds.riders import clothes, horse_at
from meronym_synthetic.kit.anatomy import vec
from meronym_synthetic.kit.curves import SIDES, Array, arc, around, bezier, ellipse, turn
from meronym_synthetic.kit.furniture import bar
from meronym_synthetic.kit.registry import kind
from meronym_synthetic.kit.rng import Rng
from meronym_synthetic.kit.solids import Solid, box, cylinder, loft, mirrored, move, tube


def _wagon_wheel(x: float, r: float, z: float, n: int, thick: float) -> list[Solid]:
    """Wooden wheel with spokes."""
    pieces = [tube("wheel/rim", ellipse((x, r, z), r * 0.92, r * 0.92, "zy", 17), r * thick)]
    pieces.append(stick("wheel/hub", (x - 0.05, r, z), (x + 0.05, r, z), r * 0.17, None, 8))
    return pieces + [cylinder("wheel/spoke", (x, r, z), (x, r + c * r * 0.9, z + s * r * 0.9), r * 0.06) for c, s in around(n)]


def _team(u: Rng, style: str, z: float, floor: float, w: float) -> list[Solid]:
    """One or two horses before a vehicle whose front is at z, with shafts or a pole and reins."""
    g, long, h = u(0.13, 0.17), u(0.28, 0.36), u(0.5, 0.62)
    two, middle = u.chance(0.5), z + 0.25 + long + g
    pieces = []
    for x in SIDES if two else (0.0,):
        horse = horse_at(u, style, h, g, long, u(0, 0.6) * u.chance(0.6))
        pieces += move(horse, (x * (g + 0.08), 0, middle))
        if u.chance(0.7):
            collar = ellipse((x * (g + 0.08), h + g * 0.2, middle + long * 0.9), g * 1.05, g * 1.2, "xy", 13)
            pieces.append(tube("harness", collar, 0.02))
        pieces.append(tube("reins", [(x * 0.1, floor + 0.45, z - 0.1), (x * (g + 0.08), h + g + 0.25, middle + long)], 0.01))
    if two:
        pieces.append(tube("shaft", [(0, floor, z - 0.1), (0, h, middle + long)], 0.025))
    else:
        pieces += [
            tube("shaft", [(x * w * 0.5, floor, z - 0.1), (x * (g + 0.05), h, middle + long * 0.7)], 0.022) for x in SIDES
        ]
    return pieces


def _driver(u: Rng, at: Array, size: float, seated: bool) -> list[Solid]:
    """A coachman on a seat, or a charioteer stood on a floor."""
    toy = u.chance(0.4)
    if seated:
        f = figure(
            u,
            toy,
            "body",
            "hand",
            "boot",
            at,
            at + vec(0.07, 0.22, 0.3) * size,
            0.08,
            size,
            feet=at + vec(0.08, -0.3, 0.25) * size,
        )
        return belonging("driver", [*f.pieces, *clothes(u, f, at[1])])
    f = figure(u, toy, "body", "hand", "boot", size=size)
    return belonging("driver", move([*f.pieces, *clothes(u, f, 0.3)], at))


@kind("horse carriage", family="cart", names=("horse-drawn carriage", "carriage", "coach", "stagecoach", "buggy"), synonyms={
    "body": ("torso of the person",), "arm": ("arms",), "hand": ("palm",), "boot": ("shoe",), "hat": ("headwear",),
    "helmet": ("headgear",), "hair": ("hairstyle",), "cape": ("cloak",), "ear": ("ears",), "eye": ("eyes",),
    "neck": ("horse neck",),
    "carriage": ("carriage body", "coach body", "cabin"), "door": ("carriage door",), "window": ("glass",),
    "roof": ("top", "carriage roof"), "canopy": ("folding hood", "cover"), "seat": ("bench", "coachman's seat"),
    "wheel": ("carriage wheel", "wagon wheel"), "rim": ("wheel rim",), "hub": ("wheel center",), "spoke": ("wheel spoke",),
    "axle": ("wheel axle",), "shaft": ("drawbar", "pole"), "harness": ("horse collar",), "reins": ("lines",),
    "lantern": ("lamp", "carriage light"), "step": ("footstep",), "luggage": ("suitcases", "baggage"),
    "horse": ("horses", "draft animal"), "torso": ("horse body",), "head": ("face",), "leg": ("legs",), "hoof": ("hooves",),
    "mane": ("horse hair",), "tail": ("horse tail",), "driver": ("coachman",)})  # fmt: skip
def horse_carriage(u: Rng) -> list[Solid]:
    """Closed coaches, open carriages and buggies, with or without horses and coachman."""
    style, coach = u.pick("block", "facet", "round"), u.pick("closed", "open", "buggy")
    w, long, back, n = u(0.24, 0.3), u(0.35, 0.5), u(0.24, 0.32), u.pick(8, 10, 12)
    front, floor = back * u(0.7, 0.9), back * u(1.15, 1.4)
    z0, pieces = long * 0.8, []
    for z, r in ((-long * 0.85, back), (long * 0.95, front)):
        pieces += [solid for x in SIDES for solid in _wagon_wheel(x * (w + 0.07), r, z, n, u(0.07, 0.1))]
        pieces.append(cylinder("axle", (-w - 0.07, r, z), (w + 0.07, r, z), 0.025))
        pieces.append(bar("axle", (0, r, z), (0, floor, z), 0.03, True))
    h = u(0.2, 0.28) if coach != "closed" else u(0.3, 0.36)
    low = [(0, w * 0.8, long * 0.7), (h * 0.5, w, long * 0.95), (h * (1 if coach != "closed" else 2), w, long * u(0.85, 1))]
    sides = 4 if style != "round" else 24
    pieces.append(stack("carriage", low, sides, (0, floor, -0.05)))
    pieces.append(box("carriage", (0, floor + 0.02, 0.1), (w * 0.8, 0.025, long * 1.2), n=2))
    if coach == "closed":
        pieces.append(
            stack("carriage/roof", [(0, w * 1.1, long * 1.08), (0.07, w * 0.85, long * 0.85)], sides, (0, floor + 2 * h, -0.05))
        )
        x = w * 1.005
        pieces += mirrored(box, "carriage/door", (x, floor + h, -0.05), (0.015, h * 0.8, long * 0.33), n=2)
        pieces += mirrored(box, "carriage/window", (x + 0.01, floor + h * 1.4, -0.05), (0.015, h * 0.3, long * 0.24), n=2)
        if u.chance(0.5):
            pieces += mirrored(
                box, "carriage/window", (x, floor + h * 1.4, long * 0.5), (0.012, h * 0.3, long * 0.14), axes="xz", n=1
            )
        if u.chance(0.3):
            pieces += [box("luggage", (k, floor + 2 * h + 0.13, -0.1), (0.1, 0.07, 0.16), n=2) for k in (-0.1, 0.12)]
    else:
        pieces.append(box("seat", (0, floor + h, -long * 0.5), (w * 0.85, 0.05, 0.13), n=2))
        pieces.append(box("seat", (0, floor + h + 0.15, -long * 0.5 - 0.13), (w * 0.85, 0.14, 0.04), n=2))
        if u.chance(0.7):
            hood = arc((0, floor + h + 0.15, -long * 0.4), 0.33, 0.36, 0.5, 3.0, "zy", 8)
            pieces.append(loft("canopy", hood, [(w * 1.02, 0, 0)] * 8, [(0, 0.012, 0.012)] * 8))
    seat = vec(0, floor + h * u(0.9, 1.2), z0 + 0.16)
    if coach != "buggy":
        pieces += [
            box("seat", seat, (w * 0.7, 0.03, 0.1), n=2),
            box("seat", seat + vec(0, 0.12, -0.1), (w * 0.7, 0.1, 0.02), n=2),
        ]
        pieces += [
            box("carriage", (seat + vec(0, floor, z0 + 0.16)) / 2 * vec(0, 1, 1), (w * 0.5, (seat[1] - floor) / 2, 0.08), n=2)
        ]
    if u.chance(0.4):
        lamp = vec(w + 0.05, floor + h * 1.2, long * 0.8)
        pieces += mirrored(box, "lantern", lamp, (0.035, 0.05, 0.035), n=2)
        pieces += mirrored(box, "lantern", lamp + vec(-0.04, 0, 0), (0.04, 0.012, 0.012), n=1)
    if u.chance(0.5):
        pieces += mirrored(box, "step", (w + 0.02, floor - 0.08, -0.05), (0.06, 0.012, 0.08), n=1)
    if coach != "buggy" and u.chance(0.4):
        pieces += _driver(u, seat + vec(0, 0.07, 0), u(0.6, 0.7), True)
    if u.chance(0.75):
        return pieces + _team(u, style, z0 + 0.3, floor, w)
    return pieces + mirrored(tube, "shaft", [(w * 0.6, floor, z0 + 0.2), (w * 0.5, front, long + u(0.7, 0.9))], 0.022)


@kind("chariot", family="cart", names=("chariot", "war chariot", "roman chariot"), synonyms={
    "arm": ("arms",), "hand": ("palm",), "boot": ("shoe",), "hat": ("headwear",), "helmet": ("headgear",),
    "hair": ("hairstyle",),
    "cape": ("cloak",), "ear": ("ears",), "eye": ("eyes",), "neck": ("horse neck",), "upper arm": ("top of the arm",),
    "forearm": ("lower arm",), "thigh": ("upper leg",), "lower leg": ("shin", "shank"),
    "body": ("chariot body", "front panel", "parapet"), "floor": ("platform", "standing floor"), "rail": ("handrail", "rim"),
    "wheel": ("chariot wheel",), "rim": ("wheel rim",), "hub": ("wheel center",), "spoke": ("wheel spoke",),
    "axle": ("wheel axle",), "shaft": ("drawbar", "pole"), "yoke": ("crosspiece",), "harness": ("horse collar",),
    "reins": ("lines",), "horse": ("horses",), "torso": ("horse body",), "head": ("face",), "leg": ("legs",),
    "hoof": ("hooves",), "mane": ("horse hair",), "tail": ("horse tail",), "driver": ("charioteer",),
    "spear": ("javelin", "lance")})  # fmt: skip
def chariot(u: Rng) -> list[Solid]:
    """Two-wheeled chariots with a rounded or square front, with or without horses and driver."""
    style, r, w, n = u.pick("block", "facet", "round"), u(0.2, 0.3), u(0.2, 0.28), u.pick(4, 6, 8)
    floor, d, h = r * u(1.0, 1.3), u(0.18, 0.26), u(0.25, 0.36)
    pieces = [solid for x in SIDES for solid in _wagon_wheel(x * (w + 0.08), r, -0.02, n, u(0.07, 0.11))]
    pieces += [
        cylinder("axle", (-w - 0.12, r, -0.02), (w + 0.12, r, -0.02), 0.025),
        box("floor", (0, floor, 0), (w, 0.02, d), n=2),
    ]
    if style == "block":
        pieces += [
            box("body", (0, floor + h * 0.5, d), (w, h * 0.55, 0.02), n=2),
            *mirrored(box, "body", (w, floor + h * 0.35, 0), (0.02, h * 0.4, d), n=2),
        ]
        pieces += [bar("rail", (-w, floor + h * 1.05, d), (w, floor + h * 1.05, d), 0.025, True)]
    else:
        angle = np.linspace(-0.35, np.pi + 0.35, 8 if style == "facet" else 16)
        edge = np.stack([w * np.cos(angle), 0 * angle, d * np.sin(angle)], 1)
        tall = h * (0.45 + 0.25 * np.maximum(np.sin(angle), 0))
        for a, b, k in zip(edge, edge[1:], tall, strict=False):
            side = (b - a) / 2
            frame = turn("y", float(-np.arctan2(side[2], side[0])))
            pieces.append(
                box("body", (a + b) / 2 + vec(0, floor + k, 0), (float(np.linalg.norm(side)) * 1.05, k, 0.015), frame, n=1)
            )
        top = edge + np.stack([0 * tall, floor + 2 * tall, 0 * tall], 1)
        if u.chance(0.7):
            pieces.append(tube("rail", top, 0.022))
    if u.chance(0.5):
        pieces += _driver(u, vec(0, floor + 0.02, -d * 0.1), u(0.75, 0.9), False)
    if u.chance(0.3):
        pieces.append(stick("spear", (w * 0.8, floor, d * 0.3), (w * 1.3, floor + 0.9, -0.1), 0.016, 0.01))
    if u.chance(0.65):
        return pieces + _team(u, style, d + 0.05, floor, w)
    end = vec(0, floor + 0.15, d + u(0.6, 0.9))
    pieces.append(tube("shaft", [vec(0, floor, 0), vec(0, floor, d + 0.2), end], 0.024))
    return [
        *pieces,
        tube("yoke", bezier(end - vec(0.25, 0.05, 0), end + vec(0, 0.08, 0), end + vec(0.25, -0.05, 0), n=7), 0.024),
    ]
