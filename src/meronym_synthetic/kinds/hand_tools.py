"""Pliers, scissors, wrenches, hammers, saws, drills and other hand tools."""

from __future__ import annotations

import numpy as np

from meronym_synthetic.kit.curves import SIDES, arc, bezier, ellipse, turn
from meronym_synthetic.kit.poses import laid_down
from meronym_synthetic.kit.registry import kind
from meronym_synthetic.kit.rng import Rng
from meronym_synthetic.kit.solids import Solid, box, cylinder, ellipsoid, lathe, move, prism, tube
from meronym_synthetic.kit.tools import flat_blade, grip


@kind("pliers", family="pliers", names=("pliers", "needle nose pliers", "tongs"), organic=True, synonyms={
    "jaw": ("clamping end", "mouth", "nose"), "joint": ("pivot", "hinge", "rivet"), "handle": ("hand hold", "lever", "hilt"),
})  # fmt: skip
def pliers(u: Rng) -> list[Solid]:
    """Needle nose, combination, slip joint, groove, cutter and nipper pliers, closed to wide open, any handle curve."""
    style = u.pick("needle", "combination", "slip", "groove", "cutter", "nipper")
    frame = u.pick(np.eye(3), turn("x", np.pi / 2), turn("z", np.pi / 2) @ turn("x", np.pi / 2), turn("z", np.pi))
    spread = u(0.0, 0.12) if u.chance(0.4) else u(0.1, 0.45)
    long, reach, r, thick = (
        u(0.7, 1.3),
        {"needle": u(0.5, 0.8), "nipper": u(0.12, 0.25)}.get(style, u(0.25, 0.5)),
        u(0.035, 0.068),
        u(0.04, 0.08),
    )
    joint = u(0.11, 0.19)
    bow, end, base, sleeve = u(0.1, 0.35), u(0.02, 0.25), u(0.03, 0.09), u.chance(0.4)
    solid, tip = u.chance(0.65), {"needle": u(0.01, 0.03), "nipper": 0.06}.get(style, u(0.04, 0.09))
    bulge = {"nipper": u(0.15, 0.25), "slip": u(0.1, 0.16), "groove": u(0.1, 0.18)}.get(style, u(0.06, 0.11))
    hook = u(0.1, 0.3) if style == "groove" else 0.0
    disc = lathe("joint", [(0.001, -thick * 1.3), (joint, -thick * 1.3), (joint, thick * 1.3), (0.001, thick * 1.3)], axis="z")
    pieces = move([disc], rotation=frame)
    if u.chance(0.5):
        knob = joint * u(0.3, 0.6)
        pieces.append(cylinder("joint", frame @ [0, 0, -thick * 1.8], frame @ [0, 0, thick * 1.8], knob))
    for side in SIDES:
        lever = frame @ turn("z", -side * spread / 2)
        control = [
            (0.02, joint * 0.3, 0),
            (bulge * 1.4, reach * 0.35, 0),
            (bulge, reach * 0.8, 0),
            (hook * 0.5 + tip, reach, 0),
        ]
        jaw = bezier(*control) * [side, 1, 1] + [hook * 0.6, 0, 0]
        if solid:
            inner = 0.006 + (jaw[:, 0] * side) * (0.35 if style in ("slip", "nipper") else 0.05)
            outer = np.maximum(np.abs(jaw[:, 0]), tip) + tip * 0.6
            sides = (inner, outer) if side > 0 else (-outer, -inner)
            pieces.append(flat_blade("jaw", np.stack([jaw[:, 1], *sides], 1), thick, lever))
        else:
            pieces.append(tube("jaw", jaw @ lever.T, np.linspace(r * 1.2, max(tip, 0.025), len(jaw)), flat=u(0.8, 1.3)))
        path = bezier(
            (0.0, -joint * 0.3, 0), (base + bow, -long * u(0.2, 0.4), 0), (bow * 1.1, -long * 0.7, 0), (base + end, -long, 0)
        ) * [-side, 1, 1]
        swell = np.linspace(r * 1.1, r * u(0.7, 1.0), len(path))
        pieces.append(tube("handle", path @ lever.T, swell, flat=u(0.6, 1.2)))
        if sleeve:
            pieces.append(tube("handle", path[4:] @ lever.T, swell[4:] * 1.4))
    return pieces


def _scissor_half(
    u: Rng, side: float, open_: float, blade: float, wide: float, long: float, style: str, loop: float
) -> list[Solid]:
    """One blade and its handle of crossed cutters: ring, straight or curved handles."""
    curve = 0.25 * wide * (style == "secateurs")
    edges = [
        (-0.06, -wide * 0.6, wide * 0.6),
        (blade * 0.3, -0.2 * wide, wide),
        (blade * 0.7, -0.05 * wide + curve, wide * 0.75 + curve),
        (blade, curve * 2, wide * 0.1 + curve * 2),
    ]
    pieces = [flat_blade("blade", [(y, *sorted((a * side, b * side))) for y, a, b in edges], 0.018)]
    pieces = move(pieces, (0, 0, side * 0.018))
    if style == "scissors":
        neck = bezier((0, 0, 0), (-0.02 * side, -long * 0.4, 0), (-side * (0.05 + loop * 0.5), -long * 0.6, 0))
        centre = np.array([-side * (loop + 0.03), -long * 0.6 - loop * 1.2, 0])
        ring = ellipse(centre, loop, loop * u(1.0, 1.7), "xy", 25)
        pieces += [
            tube("handle", neck, 0.04, melt=False),
            tube("handle/finger ring", ring, u(0.03, 0.05), flat=u(0.7, 1.2), melt=False),
        ]
    else:
        bow = 0.12 if style == "secateurs" else 0.05
        path = bezier((0, 0, 0), (-side * bow, -long * 0.3, 0), (-side * bow * 2, -long * 0.7, 0), (-side * bow, -long, 0))
        pieces.append(tube("handle", path, np.linspace(0.035, u(0.045, 0.06), len(path)), melt=False))
    return move(pieces, rotation=turn("z", -side * open_))


def _crossed(u: Rng, style: str) -> list[Solid]:
    open_ = u(0.02, 0.12) if u.chance(0.4) else u(0.12, 0.6)
    blade, wide, long = {
        "scissors": (u(0.5, 0.9), u(0.06, 0.11), u(0.3, 0.7)),
        "shears": (u(0.5, 0.9), u(0.08, 0.14), u(0.6, 1.2)),
    }.get(style, (u(0.3, 0.45), u(0.09, 0.15), u(0.6, 0.9)))
    loop = u(0.1, 0.17)
    pieces = [p for side in SIDES for p in _scissor_half(u, side, open_, blade, wide, long, style, loop)]
    return laid_down(u, [*pieces, cylinder("joint", (0, 0, -0.06), (0, 0, 0.06), u(0.03, 0.07))])


@kind("scissors", family="pliers", names=("scissors",), synonyms={
    "joint": ("pivot", "hinge", "rivet"), "handle": ("hand hold", "lever", "hilt"),
    "finger ring": ("finger hole", "finger loop"), "blade": ("cutting edge", "cutter")})  # fmt: skip
def scissors(u: Rng) -> list[Solid]:
    """Office, tailor's and nail scissors, closed or open."""
    return _crossed(u, "scissors")


@kind("shears", family="pliers", names=("shears", "garden shears", "pruning shears"), synonyms={
    "joint": ("pivot", "hinge", "rivet"), "handle": ("hand hold", "lever", "hilt"), "blade": ("cutting edge", "cutter"),
})  # fmt: skip
def shears(u: Rng) -> list[Solid]:
    """Hedge shears with long handles, and curved pruning shears."""
    return _crossed(u, u.pick("shears", "secateurs"))


@kind("tweezers", family="pliers", names=("tweezers", "tongs"), synonyms={
    "joint": ("pivot", "hinge", "rivet"), "arm": ("lever", "bar"), "tip": ("point", "end")})  # fmt: skip
def tweezers(u: Rng) -> list[Solid]:
    """Pointed, flat and angled tweezers, and kitchen or ice tongs with wide ends."""
    long, gap, wide, tongs = u(1.0, 1.4), u(0.08, 0.3), u(0.03, 0.08), u.chance(0.3)
    tip, bend = (0.08 if tongs else u(0.01, 0.04)), u(0, 0.15)
    pieces = (
        [box("joint", (0, 0, 0), (0.035, 0.07, wide))] if u.chance() else [cylinder("joint", (0, 0, -wide), (0, 0, wide), 0.05)]
    )
    for side in SIDES:
        path = bezier(
            (side * 0.01, 0, 0), (side * gap * 1.4, long * 0.4, 0), (side * gap, long * 0.7, 0), (side * 0.05, long * 0.85, 0)
        )
        end = path[-1]
        pieces.append(tube("arm", path, wide * np.linspace(1, 0.8, len(path)), flat=0.3, melt=False))
        tip_path = [end, end + np.array([-side * 0.03, long * 0.15, bend])]
        pieces.append(tube("tip", tip_path, [wide * 0.8, tip], flat=0.4, melt=False))
    return laid_down(u, pieces)


@kind("nutcracker", family="pliers", names=("nutcracker",), synonyms={
    "jaw": ("clamping end", "mouth", "nose"), "joint": ("pivot", "hinge", "rivet"), "handle": ("hand hold", "lever", "hilt"),
})  # fmt: skip
def nutcracker(u: Rng) -> list[Solid]:
    """Two levers hinged at one end, with toothed jaws next to the hinge; garlic press alike."""
    long, open_, r = u(0.9, 1.3), u(0.12, 0.4), u(0.035, 0.06)
    pieces = [cylinder("joint", (0, 0, -0.08), (0, 0, 0.08), u(0.07, 0.11))]
    for side in SIDES:
        jaw = bezier((0, 0, 0), (side * 0.18, -0.1, 0), (side * 0.06, -0.35, 0))
        lever = bezier((side * 0.06, -0.35, 0), (side * 0.02, -long * 0.6, 0), (side * u(0.08, 0.16), -long, 0))
        pieces += move(
            [tube("jaw", jaw, 0.06), tube("handle", lever, np.linspace(r, r * u(0.8, 1.3), len(lever)))],
            rotation=turn("z", side * open_),
        )
    return laid_down(u, pieces)


@kind("wrench", family="wrench", names=("wrench", "spanner"), synonyms={
    "jaw": ("clamping end", "mouth", "nose"), "handle": ("hand hold", "lever", "hilt"), "ring": ("eye", "loop"),
    "screw": ("thread", "spiral")})  # fmt: skip
def wrench(u: Rng) -> list[Solid]:
    """Open-end, ring, combination and adjustable wrench."""
    long, wide, thick = u(0.9, 1.4), u(0.05, 0.09), u(0.025, 0.05)
    pieces = [
        box("handle", (0, 0, 0), (wide, long / 2, thick))
        if u.chance()
        else flat_blade("handle", [(-long / 2, -wide, wide), (0, -wide * 0.7, wide * 0.7), (long / 2, -wide, wide)], thick)
    ]
    ends = u.pick(("open", "open"), ("open", "ring"), ("ring", "ring"), ("adjustable", ""), ("open", ""))
    for style, side in zip(ends, (1.0, -1.0), strict=True):
        size, y = u(0.11, 0.18), side * long / 2
        head = []
        if style == "ring":
            head = [tube("ring", ellipse((0, size, 0), size, size, "xy", 25), u(0.035, 0.05), flat=1.2, melt=False)]
        elif style == "open":
            head = [
                tube(
                    "jaw",
                    arc((0, size, 0), size, size * 1.1, -np.pi / 2, 0.35 * np.pi, "xy", 10) * [s, 1, 1],
                    0.055,
                    flat=0.8,
                    melt=False,
                )
                for s in SIDES
            ]
        elif style == "adjustable":
            gap = u(0.05, 0.2)
            jaw = [(-0.16, -0.02), (0.1, -0.02), (0.1, 0.08), (-0.06, 0.14), (-0.06, 0.34), (-0.16, 0.3)]
            head = [
                prism("jaw", jaw, thick * 1.3),
                prism("jaw", [(gap - 0.06, 0.1), (gap + 0.06, 0.1), (gap + 0.04, 0.32), (gap - 0.06, 0.34)], thick * 1.2),
                cylinder("screw", (-0.03, 0.04, 0), (0.11, 0.04, 0), thick * 1.5),
            ]
        pieces += move(head, (0, y, 0), rotation=turn("z", (0 if side > 0 else np.pi) + u(-0.3, 0.3)))
    return laid_down(u, pieces)


@kind("screwdriver", family="screwdriver", names=("screwdriver",), synonyms={
    "handle": ("hand hold", "lever", "hilt"), "tip": ("point", "end"), "shaft": ("rod", "pole", "shank")})  # fmt: skip
def screwdriver(u: Rng) -> list[Solid]:
    """Flat and cross-head screwdriver, stubby or long."""
    long, r, rod = u(0.4, 0.6), u(0.08, 0.14), u(0.25, 0.8)
    waist = u(0.6, 0.9)
    profile = [
        (0.001, 0),
        (r * 0.8, 0.01),
        (r, long * 0.15),
        (r, long * 0.6),
        (r * waist, long * 0.8),
        (r * 0.8, long * 0.95),
        (0.03, long),
    ]
    pieces = [lathe("handle", profile), cylinder("shaft", (0, long - 0.02, 0), (0, long + rod, 0), u(0.02, 0.035))]
    top = long + rod
    if u.chance():
        return laid_down(
            u,
            [
                *pieces,
                flat_blade("tip", [(top - 0.02, -0.03, 0.03), (top + 0.08, -0.05, 0.05), (top + 0.14, -0.035, 0.035)], 0.012),
            ],
        )
    return laid_down(u, [*pieces, cylinder("tip", (0, top - 0.02, 0), (0, top + 0.1, 0), [0.035, 0.008])])


@kind("hammer", family="striking tool", names=("hammer", "mallet", "sledgehammer"), synonyms={
    "handle": ("hand hold", "lever", "hilt"), "head": ("tool head", "top"), "face": ("striking face", "hammer face"),
    "claw": ("nail puller", "fork"), "spike": ("point", "thorn")})  # fmt: skip
def hammer(u: Rng) -> list[Solid]:
    """Claw, ball, sledge, mallet and war hammer."""
    long, r, style = u(0.9, 1.5), u(0.035, 0.055), u.pick("claw", "ball", "sledge", "mallet", "war")
    w, s = u(0.16, 0.3), u(0.07, 0.12)
    pieces = [grip(u, "handle", 0, long, r)]
    if style in ("sledge", "mallet"):
        k = s * u(1.1, 1.6)
        pieces.append(box("head", (0, long, 0), (w, k, k)) if u.chance() else cylinder("head", (-w, long, 0), (w, long, 0), k))
    else:
        pieces += [
            box("head", (0, long, 0), (s, s * 0.9, s * 0.7)),
            cylinder("head", (s * 0.8, long, 0), (w, long, 0), s * 0.7),
            cylinder("head/face", (w, long, 0), (w + 0.06, long, 0), s * 0.95),
        ]
        if style == "claw":
            for z in SIDES:
                path = bezier(
                    (-s * 0.8, long + 0.02, z * 0.03),
                    (-w * 0.9, long + 0.06, z * 0.04),
                    (-w * 1.3, long - u(0.05, 0.2), z * 0.06),
                )
                pieces.append(tube("head/claw", path, np.linspace(0.045, 0.015, len(path)), flat=0.7, melt=False))
        elif style == "ball":
            pieces.append(ellipsoid("head", (-s * 1.3, long, 0), s * 0.8))
        else:
            spike = bezier((-s, long, 0), (-w, long, 0), (-w * 1.5, long - 0.12, 0))
            pieces.append(tube("head/spike", spike, np.linspace(0.05, 0.008, 12), melt=False))
    return laid_down(u, pieces)


@kind("axe", family="striking tool", names=("axe", "hatchet", "battle axe"), synonyms={
    "handle": ("hand hold", "lever", "hilt"), "blade": ("cutting edge", "cutter"), "head": ("tool head", "top"),
    "spike": ("point", "thorn")})  # fmt: skip
def axe(u: Rng) -> list[Solid]:
    """Felling axe, hatchet, battle axe with one or two blades."""
    long, r, tall, out = u(0.8, 1.5), u(0.03, 0.05), u(0.15, 0.4), u(0.25, 0.45)
    y, double = long * u(0.82, 0.93), u.chance(0.35)
    bend = u(0, 0.1)
    handle = bezier((bend, 0, 0), (-bend, long * 0.4, 0), (0, long * 0.7, 0), (0, long, 0))
    pieces = [tube("handle", handle, r, flat=u(0.6, 1), melt=False)]
    pieces.append(box("head", (0, y, 0), (r * 1.6, 0.09, r * 1.4)))
    for side in SIDES[: 2 if double else 1]:
        edge = [
            (side * x, yy)
            for x, yy in [
                (r, -0.07),
                (out * 0.9, -tall * u(0.8, 1.3)),
                (out * 1.1, 0),
                (out * 0.9, tall * u(0.5, 1)),
                (r, 0.07),
            ]
        ]
        pieces.append(prism("head/blade", edge, u(0.015, 0.03), (0, y, 0)))
    if not double and u.chance(0.3):
        pieces.append(tube("head/spike", [(0, y, 0), (0.25, y, 0)], [0.05, 0.01], melt=False))
    if u.chance(0.15):
        pieces.append(tube("head/spike", [(0, long, 0), (0, long + 0.2, 0)], [0.04, 0.01], melt=False))
    return laid_down(u, pieces)


@kind("pickaxe", family="striking tool", names=("pickaxe", "mattock"), synonyms={
    "handle": ("hand hold", "lever", "hilt"), "blade": ("cutting edge", "cutter"), "head": ("tool head", "top"),
    "point": ("tip", "spike", "spearhead")})  # fmt: skip
def pickaxe(u: Rng) -> list[Solid]:
    """Pickaxe with two points, or a point and a flat end (mattock)."""
    long, reach, drop = u(0.9, 1.4), u(0.4, 0.6), u(0.08, 0.25)
    pieces = [grip(u, "handle", 0, long + 0.05, u(0.035, 0.05)), box("head", (0, long, 0), (0.08, 0.06, 0.06))]
    for side in SIDES:
        path = bezier((0, long, 0), (side * reach * 0.5, long + 0.05, 0), (side * reach, long - drop, 0))
        flat = side > 0 and u.chance(0.5)
        pieces.append(
            tube(
                "head/blade" if flat else "head/point",
                path,
                np.linspace(0.05, 0.07 if flat else 0.012, 12),
                flat=0.35 if flat else 1,
                melt=False,
            )
        )
    return laid_down(u, pieces)


@kind("chisel", family="screwdriver", names=("chisel",), synonyms={
    "handle": ("hand hold", "lever", "hilt"), "blade": ("cutting edge", "cutter"), "shaft": ("rod", "pole", "shank"),
    "cap": ("end cap", "cover")})  # fmt: skip
def chisel(u: Rng) -> list[Solid]:
    """Wood chisel and cold chisel, file with a handle."""
    long, r, blade, w = u(0.4, 0.6), u(0.06, 0.1), u(0.4, 0.7), u(0.04, 0.1)
    pieces = [grip(u, "handle", 0, long, r), cylinder("shaft", (0, long - 0.02, 0), (0, long + 0.12, 0), 0.03)]
    blade_edges = [(long + 0.08, -0.03, 0.03), (long + 0.16, -w, w), (long + blade, -w, w), (long + blade + 0.01, -w, w)]
    pieces.append(flat_blade("blade", blade_edges, 0.02))
    return laid_down(u, pieces + ([cylinder("cap", (0, -0.02, 0), (0, 0.05, 0), r * 1.15)] if u.chance(0.4) else []))


@kind("saw", family="saw", names=("saw", "hand saw", "hacksaw"), synonyms={
    "handle": ("hand hold", "lever", "hilt"), "blade": ("cutting edge", "cutter"), "tooth": ("teeth", "prong"),
    "frame": ("bracket", "bow")})  # fmt: skip
def saw(u: Rng) -> list[Solid]:
    """Hand saw with teeth and a closed handle, hacksaw and bow saw with a frame."""
    long, w = u(0.9, 1.3), u(0.1, 0.16)
    ring = tube("handle", ellipse((0, -0.13, 0), u(0.1, 0.16), 0.16, "xy", 25), u(0.03, 0.045), flat=u(0.6, 1), melt=False)
    if u.chance(0.55):
        end = w * u(0.3, 0.7)
        pieces = [ring, prism("blade", [(-w, -0.03), (w, -0.03), (w, long), (w - 2 * end, long)], 0.012)]
        pieces += [
            prism("blade/tooth", [(w - 0.005, y), (w - 0.005, y + 0.06), (w + 0.03, y + 0.02)], 0.012)
            for y in np.arange(0.02, long - 0.06, 0.06)
        ]
        return laid_down(u, pieces)
    tall, r = u(0.15, 0.3), u(0.02, 0.03)
    frame = (
        np.array([(0.0, 0, 0), (-tall, 0.05, 0), (-tall, long - 0.05, 0), (0, long, 0)])
        if u.chance()
        else arc((0, long / 2, 0), tall * 1.3, long / 2, np.pi / 2, 1.5 * np.pi, "xy")
    )
    return laid_down(u, [ring, tube("frame", frame, r, melt=False), box("blade", (0, long / 2, 0), (0.025, long / 2, 0.008))])


@kind("drill", family="gun", names=("drill", "power drill"), synonyms={
    "handle": ("hand hold", "lever", "hilt"), "shaft": ("rod", "pole", "shank"), "body": ("housing", "casing", "main body"),
    "chuck": ("bit holder",), "bit": ("drill bit",), "trigger": ("switch", "trigger button"), "battery": ("battery pack",),
    "cord": ("cable", "power cable"), "crank": ("crank handle", "winder"), "wheel": ("gear wheel",)})  # fmt: skip
def drill(u: Rng) -> list[Solid]:
    """Cordless drill with battery, corded drill, hand drill with a crank."""
    y, r = u(0.6, 0.75), u(0.1, 0.14)
    if u.chance(0.2):
        wheel = u(0.12, 0.2)
        pieces = [
            grip(u, "handle", 0.5, 0.8, 0.06),
            cylinder("shaft", (0, -0.2, 0), (0, 0.55, 0), 0.03),
            lathe("wheel", [(0.001, -0.02), (wheel, -0.02), (wheel, 0.02), (0.001, 0.02)], (0.08, 0.25, 0), "x"),
        ]
        pieces += [
            tube("crank", [(0.1, 0.25, 0), (0.12, 0.25, wheel * 1.3), (0.25, 0.25, wheel * 1.3)], 0.025),
            cylinder("chuck", (0, -0.35, 0), (0, -0.2, 0), 0.06),
        ]
        return [*pieces, cylinder("bit", (0, -0.7, 0), (0, -0.35, 0), [0.005, 0.025])]
    body = [(0, y, -0.3), (0, y, -0.1), (0, y, 0.25)]
    pieces = [tube("body", body, [r, r * 1.1, r], flat=u(1, 1.2), round_ends=u.chance(), melt=False)]
    lean = u(0.0, 0.12)
    pieces.append(tube("handle", [(0, y, -0.12), (0, 0.1, -0.12 - lean)], [0.075, 0.07], flat=u(1, 1.4), melt=False))
    pieces += [
        lathe("chuck", [(r * 0.8, 0.22), (r * 0.75, 0.32), (r * 0.4, 0.42)], (0, y, 0), "z"),
        cylinder("bit", (0, y, 0.4), (0, y, 0.4 + u(0.2, 0.5)), u(0.015, 0.03)),
    ]
    pieces.append(box("trigger", (0, y - r - 0.07, -0.03), (0.025, 0.06, 0.04)))
    if u.chance(0.7):
        return [*pieces, box("battery", (0, 0.05, -0.1 - lean), (0.1, u(0.05, 0.09), u(0.13, 0.18)))]
    return [*pieces, tube("cord", bezier((0, 0.1, -0.15), (0, -0.3, -0.2), (0, -0.1, -0.8)), 0.018, melt=False)]


@kind("clamp", family="wrench", names=("clamp", "screw clamp"), synonyms={
    "jaw": ("clamping end", "mouth", "nose"), "handle": ("hand hold", "lever", "hilt"), "screw": ("thread", "spiral"),
    "frame": ("bracket", "bow")})  # fmt: skip
def clamp(u: Rng) -> list[Solid]:
    """C-clamp and bar clamp with screw and toggle."""
    w, h, r = u(0.3, 0.5), u(0.6, 1.0), u(0.04, 0.07)
    corner = np.array([(0.0, h, 0), (-w, h, 0), (-w, 0, 0), (0, 0, 0)])
    path = corner if u.chance(0.6) else bezier((0, h, 0), (-w * 1.8, h, 0), (-w * 1.8, 0, 0), (0, 0, 0), n=16)
    low, high = -u(0.15, 0.4), h * u(0.4, 0.8)
    pieces = [
        tube("frame", path, r, flat=u(0.6, 1), round_ends=False, melt=False),
        cylinder("screw", (0, low, 0), (0, high, 0), 0.03),
    ]
    pieces += [
        cylinder("jaw", (0, high, 0), (0, high + 0.05, 0), 0.08),
        cylinder("jaw", (0, h - 0.08, 0), (0, h, 0), 0.08),
        tube("handle", [(-0.18, low, 0), (0.18, low, 0)], 0.022),
    ]
    return laid_down(u, pieces)
