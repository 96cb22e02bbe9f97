"""Riders on horses, motorcycles and bicycles."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from meronym_synthetic.kinds.low_poly import Figure, belonging, cape, face, figure, rod, stack, stick
from meronym_synthetic.kinds.two_wheelers import bicycle, motorcycle
from meronym_synthetic.kit.anatomy import vec
from meronym_synthetic.kit.curves import CORNERS, SIDES, Array, arc, bezier, turn
from meronym_synthetic.kit.furniture import bar
from meronym_synthetic.kit.registry import kind
from meronym_synthetic.kit.rng import Rng
from meronym_synthetic.kit.solids import Solid, box, ellipsoid, loft, mirrored, move, plate, tube


def horse_at(u: Rng, style: str, h: float, g: float, long: float, gait: float) -> list[Solid]:
    """A horse that stands or walks to +z: height of its back's middle line, half its width, half its length."""
    pieces = []
    if style == "round":
        path = [(0, h, -long), (0, h - 0.02, 0), (0, h + 0.02, long)]
        pieces.append(tube("horse/torso", path, [g, g * 0.92, g * 1.02]))
    elif style == "block":
        pieces.append(box("horse/torso", (0, h, 0), (g * 0.85, g * 0.95, long + g * 0.7), n=3))
    else:
        levels = [(-1, 0.55), (-0.75, 1), (0, 0.9), (0.75, 1.02), (1, 0.6)]
        body = [(k * (long + g * 0.8), g * w, g * w) for k, w in levels]
        pieces.append(stack("horse/torso", body, 8, (0, h, 0), turn("x", np.pi / 2)))
    rise, reach, r = u(0.28, 0.42), u(0.12, 0.28), g * u(0.45, 0.55)
    root, crest = vec(0, h + g * 0.4, long + g * 0.2), vec(0, h + g * 0.5 + rise, long + g * 0.2 + reach)
    nose = crest + vec(0, -u(0.1, 0.22), u(0.2, 0.28))
    pieces.append(rod(style, "horse/neck" if u.chance(0.7) else "horse/torso", root, crest, r * 1.3, r * 0.9))
    pieces.append(rod(style, "horse/head", crest - (nose - crest) * 0.15, nose, r, r * 0.65))
    ear = [(x * r * 0.6, crest[1] + r * 0.6, crest[2]) for x in SIDES]
    pieces += [stick("horse/ear", e, np.add(e, (e[0] * 0.3, r * 0.9, 0)), r * 0.3, r * 0.08, 4) for e in ear]
    if u.chance(0.4):
        eyes = crest * 0.75 + nose * 0.25 + vec(0, r * 0.3, 0)
        pieces += [ellipsoid("horse/eye", eyes + vec(x * r * 0.85, 0, 0), r * 0.18, melt=False) for x in SIDES]
    if u.chance(0.8):
        back = vec(0, r * 0.5, -r * 1.1)
        ridge = [crest + vec(0, r * 0.9, -r * 0.5), (crest + root) / 2 + back, root + back + vec(0, 0, -r * 0.2)]
        if style == "round":
            pieces.append(tube("horse/mane", ridge, r * u(0.35, 0.5), flat=0.5))
        else:
            pieces += [rod(style, "horse/mane", a, b, r * 0.35) for a, b in pairwise(ridge)]
    tail = [
        vec(0, h + g * 0.6, -long - g * 0.6),
        vec(0, h + g * 0.3, -long - g * 1.4),
        vec(0, h * u(0.3, 0.6), -long - g * u(1.3, 2)),
    ]
    pieces += [
        rod(style, "horse/tail", tail[0], tail[1], g * 0.2, g * 0.28),
        rod(style, "horse/tail", tail[1], tail[2], g * 0.28, g * 0.12),
    ]
    slim, hoof = g * u(0.26, 0.36), u.chance(0.7)
    for x, z in CORNERS:
        top, swing = vec(x * g * 0.55, h - g * 0.4, z * long * 0.9), gait * x * z
        lift = max(0.0, swing) * u(0, 0.3)
        toe = vec(x * g * 0.6, 0.05 + lift, top[2] + swing * 0.4 * h)
        knee = top * 0.48 + toe * 0.52 + vec(0, 0, (0.05 if z > 0 else -0.04) + lift * 0.5)
        pieces.append(rod(style, "horse/leg", top, knee, slim * 1.6, slim))
        pieces.append(rod(style, "horse/leg", knee, toe, slim, slim * 0.85))
        pieces.append(
            stick("horse/hoof" if hoof else "horse/leg", toe + vec(0, 0.03, 0), toe - vec(0, 0.05, 0), slim, slim * 1.35, 8)
        )
    return pieces


def clothes(u: Rng, f: Figure, low: float) -> list[Solid]:
    """Hat, hair or helmet, and sometimes a cape, for a rider."""
    c, r, n = f.head, f.size, 4 if f.style == "block" else 10
    top = u.pick("helmet", "hat", "hair")
    if top == "hair":
        pieces = [f.lump(u, "hair", c + r * vec(0, 0.4, -0.25), r * vec(1.1, 0.8, 0.95))]
    elif top == "helmet":
        pieces = [stack("helmet", r * np.array([(0.1, 1.1, 1.1), (0.6, 1.05, 1.05), (0.95, 0.7, 0.7), (1.1, 0.2, 0.2)]), n, c)]
    else:
        brim = r * np.array([(0.45, 1.6, 1.6), (0.55, 1.6, 1.6), (0.56, 0.95, 0.95), (1.2, 0.8, 0.8)])
        pieces = [stack("hat", brim, max(n, 8), c)]
    return pieces + (face(u, f) if u.chance(0.6) else []) + ([cape(u, f, "cape", low)] if u.chance(0.3) else [])


@kind("horse rider", family="quadruped", names=("rider on a horse", "horse and rider", "horseman", "cavalry"), organic=True,
    synonyms={
    "horse": ("steed", "mount"), "rider": ("horseman", "jockey", "person on the horse"), "torso": ("horse body", "barrel"),
    "body": ("rider's body",), "head": ("face",), "neck": ("horse neck",), "mane": ("horse hair",), "ear": ("ears",),
    "leg": ("legs",), "hoof": ("hooves", "horse foot"), "tail": ("horse tail",), "eye": ("eyes",),
    "saddle": ("riding seat",), "saddle blanket": ("saddle cloth", "caparison"), "reins": ("bridle", "rein"),
    "stirrup": ("foot loop",), "arm": ("arms",), "hand": ("palm",), "boot": ("shoe",), "helmet": ("riding helmet",),
    "hat": ("headwear",), "hair": ("hairstyle",), "cape": ("cloak",), "lance": ("spear",), "flag": ("pennant", "banner"),
    "shield": ("buckler",), "sword": ("saber",)})  # fmt: skip
def horse_rider(u: Rng) -> list[Solid]:
    """People astride a standing or walking horse: jockeys, cowboys, knights with lance; blocky, faceted or smooth."""
    g, long, h = u(0.16, 0.22), u(0.32, 0.45), u(0.6, 0.8)
    toy, size = u.chance(0.4), u(0.75, 0.95)
    f = figure(
        u, toy, "body", "hand", "boot", vec(0, h + g + 0.06 * size, u(-0.08, 0.02)),
        vec(0.06, h + g + u(0.18, 0.26) * size, 0.26 * size), g * 1.05, size,
    )  # fmt: skip
    pieces = horse_at(u, f.style, h, g, long, u(0, 0.6) * u.chance(0.7))
    pieces += belonging("rider", [*f.pieces, *clothes(u, f, h * 0.9)])
    z = f.pelvis[2]
    if u.chance(0.8):
        path = [(0, h + g + k, z + q) for k, q in ((0.07, -0.17), (0.02, -0.1), (0.015, 0.08), (0.06, 0.15))]
        half = [(w, 0, 0) for w in (0.09, g * 0.75, g * 0.7, 0.06)]
        pieces.append(loft("saddle", path, half, [(0, 0.03, 0.01)] * 4))
        pieces += mirrored(box, "saddle", (g * 1.0, h + g * 0.2, z), (0.015, g * 0.7, 0.1), n=2)
    if u.chance(0.35):
        cover = [(x * g * 1.06, h + g * 0.25, z - 0.05) for x in SIDES]
        pieces += [box("saddle blanket", c, (0.012, g * 0.9, long * u(0.5, 0.9)), n=2) for c in cover]
        pieces.append(box("saddle blanket", (0, h + g * 1.02, z - 0.05), (g * 1.06, 0.015, long * 0.6), n=2))
    if u.chance(0.6):
        heads = next(p for p in pieces if p.part == "horse/head").vertices
        nose = heads[heads[:, 2] > np.quantile(heads[:, 2], 0.6)].mean(0)
        for x in SIDES:
            hand = f.arms[int(x > 0)][2]
            middle = (hand + nose) / 2 + vec(x * 0.08, -0.08, 0)
            pieces.append(tube("reins", bezier(hand, middle, nose + vec(x * 0.07, 0, 0), n=7), 0.011, melt=False))
    if u.chance(0.4):
        for x, leg in zip(SIDES, f.legs, strict=True):
            pieces.append(tube("stirrup", arc(leg[3] - vec(0, 0.01, 0), 0.05, 0.05, 0, 6.28, "xy", 9), 0.012, melt=False))
            pieces.append(tube("stirrup", [leg[3] + vec(0, 0.05, 0), vec(x * g, h + g * 0.3, z + 0.03)], 0.01, melt=False))
    gear = u.pick("none", "none", "lance", "sword")
    hand = f.arms[0][2]
    if gear == "lance":
        tilt = turn("x", u(0.2, 1.4))
        ends = [hand + tilt @ vec(0, k, 0) for k in (-0.3, u(0.6, 0.9))]
        pieces.append(stick("lance", ends[0], ends[1], 0.025, 0.012))
        if u.chance(0.5):
            pieces.append(box("flag", ends[1] - tilt @ vec(0, 0.12, 0.12), (0.008, 0.07, 0.12), tilt, n=2))
        if u.chance(0.5):
            pieces.append(
                plate("shield", [(0.02, -0.2), (0.13, 0), (0.14, 0.15)], 0.02, f.arms[1][2] + vec(0.07, 0, 0), turn("y", 1.57))
            )
    elif gear == "sword":
        pieces += move(
            [plate("sword", [(0.025, -0.08), (0.03, 0.4), (0.004, 0.5)], 0.012)], hand, rotation=turn("x", u(-0.5, 0.8))
        )
    return pieces


def _spots(pieces: list[Solid], part: str) -> Array:
    """Lowest, middle and highest point of the solids with this part name."""
    vertices = np.concatenate([piece.vertices for piece in pieces if piece.part == part])
    return np.array([vertices.min(0), vertices.mean(0), vertices.max(0)])


def _toy_bike(u: Rng, motor: bool) -> list[Solid]:
    """Chunky bicycle or motorcycle of blocks and fat wheels."""
    r, w, n, pieces = u(0.24, 0.32), u(0.05, 0.09) if motor else 0.03, u.pick(8, 12, 24), []
    front, y = u(0.5, 0.65), r * 1.2
    for z in (-0.5, front):
        pieces.append(stick("wheel", (-w, r, z), (w, r, z), r, None, n))
        pieces.append(stick("wheel/hub", (-w * 1.2, r, z), (w * 1.2, r, z), r * 0.4, None, n))
    top = vec(0, 2 * r + u(0.2, 0.35), front - 0.15)
    pieces += [bar("fork", (x * (w + 0.03), r, front), top + vec(x * (w + 0.03), -0.05, 0), 0.025, True) for x in SIDES]
    pieces.append(bar("handlebar", top - vec(0.26, 0, 0), top + vec(0.26, 0, 0), 0.025, True))
    pieces += [bar("handlebar/handle", top + vec(x * 0.2, 0, 0), top + vec(x * 0.32, 0, 0), 0.035, True) for x in SIDES]
    if motor:
        pieces += [
            box("frame", (0, y, 0), (w * 1.2, 0.05, 0.48), n=2),
            box("engine", (0, y * 0.85, 0.05), (0.1, r * 0.5, 0.16), n=2),
        ]
        pieces.append(stack("fuel tank", [(0, 0.11, 0.18), (0.14, 0.07, 0.13)], 4, (0, y + 0.05, 0.17)))
        pieces.append(box("seat", (0, y + 0.1, -0.25), (0.1, 0.04, 0.22), n=2))
        pieces.append(stick("headlight", top + vec(0, -0.06, 0.03), top + vec(0, -0.06, 0.12), 0.07, 0.08, 8))
        pieces += [box("fender", (0, 2 * r + 0.03, z), (w * 1.2, 0.02, r * 0.6), n=2) for z in (-0.5, front)]
        pieces.append(stick("exhaust pipe", (0.13, r * 0.8, 0.1), (0.13, r * 0.9, -0.6), 0.03, 0.045, 6))
        pieces += mirrored(box, "footrest", (0.16, r * 0.8, 0.0), (0.06, 0.015, 0.03), n=1)
    else:
        low, post = vec(0, r, -0.02), vec(0, 2 * r + 0.15, -0.2)
        frame = [(low, post), (low, top - vec(0, 0.15, 0)), (post - vec(0, 0.1, 0), top - vec(0, 0.08, 0))]
        frame += [(low, vec(0.05, r, -0.5)), (post - vec(0, 0.1, 0), vec(0.05, r, -0.5))]
        pieces += [bar("frame", a, b, 0.022, True) for a, b in frame]
        pieces.append(box("seat", post + vec(0, 0.03, 0), (0.07, 0.025, 0.12), n=2))
        pieces += [bar("crank", low, low + vec(x * 0.08, -x * 0.1, 0), 0.015, True) for x in SIDES]
        pieces += [box("pedal", low + vec(x * 0.12, -x * 0.1, 0), (0.05, 0.015, 0.035), n=1) for x in SIDES]
    return pieces


def _astride(u: Rng, pieces: list[Solid], rest: str) -> list[Solid]:
    """A rider sat on the first seat, with hands on the handles and feet on a part of a two-wheeler."""
    seat, handles, feet = _spots(pieces, "seat"), _spots(pieces, "handlebar/handle"), _spots(pieces, rest)
    first = next(piece for piece in pieces if piece.part == "seat").vertices
    at = vec(0, first[:, 1].max() + 0.05, first[:, 2].mean() - 0.02)
    reach = vec(handles[2][0] * 0.85, handles[1][1] + 0.03, handles[1][2])
    down = vec(feet[2][0] * 0.85, feet[1][1], feet[1][2])
    size = u(1.2, 1.4) * float(np.clip((seat[2][1] - feet[1][1]) / 0.6, 0.8, 1.1))
    f = figure(u, u.chance(0.35), "body", "hand", "boot", at, reach, 0.14, size, feet=down)
    return belonging("rider", [*f.pieces, *clothes(u, f, at[1])])


@kind("motorcycle rider", family="two-wheeler", names=("rider on a motorcycle", "motorcyclist", "biker"), synonyms={
    "fairing": ("front cover", "cowl"), "kickstand": ("side stand",), "mirror": ("side mirror",), "taillight": ("rear light",),
    "shock absorber": ("damper", "spring"), "swingarm": ("rear fork",), "windshield": ("windscreen",),
    "rider": ("biker", "person on the motorcycle"), "body": ("rider's body", "jacket"), "head": ("face",), "arm": ("arms",),
    "hand": ("glove",), "leg": ("legs",), "boot": ("shoe",), "helmet": ("crash helmet",), "hat": ("headwear",),
    "hair": ("hairstyle",), "cape": ("scarf",), "eye": ("eyes",), "wheel": ("motorcycle wheel",),
    "tire": ("tyre",), "rim": ("wheel rim",), "hub": ("wheel center",), "spoke": ("wheel spoke",), "fork": ("front fork",),
    "handlebar": ("handlebars",), "handle": ("handlebar end",), "seat": ("saddle",), "frame": ("chassis",),
    "engine": ("motor", "engine block"), "fuel tank": ("gas tank",), "headlight": ("front light", "lamp"),
    "fender": ("mudguard",), "exhaust pipe": ("exhaust", "muffler"), "footrest": ("foot peg",)})  # fmt: skip
def motorcycle_rider(u: Rng) -> list[Solid]:
    """Motorcyclists on realistic or chunky toy motorcycles."""
    pieces = motorcycle(u) if u.chance(0.6) else _toy_bike(u, True)
    return pieces + _astride(u, pieces, "footrest")


@kind("cyclist", family="two-wheeler", names=("cyclist", "rider on a bicycle", "bicycle rider"), synonyms={
    "basket": ("carrier",), "chain": ("drive chain",), "chainring": ("sprocket",), "fender": ("mudguard",),
    "rack": ("luggage rack",), "seat post": ("saddle post",),
    "rider": ("person on the bicycle", "biker"), "body": ("rider's body", "jersey"), "head": ("face",), "arm": ("arms",),
    "hand": ("glove",), "leg": ("legs",), "boot": ("shoe",), "helmet": ("bike helmet",), "hat": ("headwear",),
    "hair": ("hairstyle",), "cape": ("scarf",), "eye": ("eyes",), "wheel": ("bicycle wheel",),
    "tire": ("tyre",), "rim": ("wheel rim",), "hub": ("wheel center",), "spoke": ("wheel spoke",), "fork": ("front fork",),
    "handlebar": ("handlebars",), "handle": ("handlebar end",), "seat": ("saddle",), "frame": ("bicycle frame",),
    "crank": ("pedal arm",), "pedal": ("foot pedal",)})  # fmt: skip
def cyclist(u: Rng) -> list[Solid]:
    """Cyclists on realistic or chunky toy bicycles."""
    pieces = bicycle(u) if u.chance(0.6) else _toy_bike(u, False)
    return pieces + _astride(u, pieces, "pedal")
