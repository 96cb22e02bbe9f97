"""Hand tools, cutlery, weapons and writing things."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from meronym_synthetic.kit import (  # fmt: skip
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
    helix,
    lathe,
    loft,
    move,
    prism,
    tube,
    turn,
)


def _flat(part: str, edges: ArrayLike, thick: float, frame: Array | None = None) -> Piece:
    """Blade-like body along y: edges [m 3] of (y, left x, right x), half-thickness in z, lens-shaped cross-section."""
    y, left, right = np.asarray(edges, float).T
    zero = np.zeros_like(y)
    rotation = np.eye(3) if frame is None else frame
    centre = np.stack([(left + right) / 2, y, zero], 1) @ rotation.T
    half = np.stack([(right - left) / 2, zero, zero], 1) @ rotation.T
    return loft(part, centre, half, np.stack([zero, zero, zero + thick], 1) @ rotation.T)


def _stick(u: Dice, part: str, low: float, high: float, r: float) -> Piece:
    """Handle along y: plain, swelling, waisted, flattened or square."""
    style, y = u.pick("plain", "swell", "waist", "flat", "square"), np.linspace(low, high, 9)
    if style == "square":
        return box(part, (0, (low + high) / 2, 0), (r, (high - low) / 2, r * u(0.5, 0.9)))
    swell = {"swell": 1 + 0.35 * np.sin(np.linspace(0, np.pi, 9)), "waist": 1 - 0.3 * np.sin(np.linspace(0, np.pi, 9))}
    path = np.stack([0 * y, y, 0 * y], 1)
    return tube(
        part,
        path,
        r * swell.get(style, np.ones(9)),
        flat=u(0.4, 0.7) if style == "flat" else 1,
        round_ends=u.chance(),
        melt=False,
    )


def _pose(u: Dice, pieces: list[Piece]) -> list[Piece]:
    """Upright, upside down, lying flat, lying sideways or slanted."""
    flat, half = np.pi / 2, turn("z", np.pi)
    return move(
        pieces, rotation=u.pick(np.eye(3), half, turn("x", flat), turn("z", flat), turn("z", -flat), turn("z", u(-1, 1)))
    )


# --------------------------------------------------------------------------------------------------- crossed levers


def pliers(u: Dice) -> list[Piece]:
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
            pieces.append(_flat("jaw", np.stack([jaw[:, 1], *sides], 1), thick, lever))
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
    u: Dice, side: float, open_: float, blade: float, wide: float, long: float, style: str, loop: float
) -> list[Piece]:
    """One blade and its handle of crossed cutters: ring, straight or curved handles."""
    curve = 0.25 * wide * (style == "secateurs")
    edges = [
        (-0.06, -wide * 0.6, wide * 0.6),
        (blade * 0.3, -0.2 * wide, wide),
        (blade * 0.7, -0.05 * wide + curve, wide * 0.75 + curve),
        (blade, curve * 2, wide * 0.1 + curve * 2),
    ]
    pieces = [_flat("blade", [(y, *sorted((a * side, b * side))) for y, a, b in edges], 0.018)]
    pieces = move(pieces, (0, 0, side * 0.018))
    if style == "scissors":
        neck = bezier((0, 0, 0), (-0.02 * side, -long * 0.4, 0), (-side * (0.05 + loop * 0.5), -long * 0.6, 0))
        centre = np.array([-side * (loop + 0.03), -long * 0.6 - loop * 1.2, 0])
        ring = arc(centre, loop, loop * u(1.0, 1.7), 0, 2 * np.pi, "xy", 25)
        pieces += [
            tube("handle", neck, 0.04, melt=False),
            tube("handle/finger ring", ring, u(0.03, 0.05), flat=u(0.7, 1.2), melt=False),
        ]
    else:
        bow = 0.12 if style == "secateurs" else 0.05
        path = bezier((0, 0, 0), (-side * bow, -long * 0.3, 0), (-side * bow * 2, -long * 0.7, 0), (-side * bow, -long, 0))
        pieces.append(tube("handle", path, np.linspace(0.035, u(0.045, 0.06), len(path)), melt=False))
    return move(pieces, rotation=turn("z", -side * open_))


def _crossed(u: Dice, style: str) -> list[Piece]:
    open_ = u(0.02, 0.12) if u.chance(0.4) else u(0.12, 0.6)
    blade, wide, long = {
        "scissors": (u(0.5, 0.9), u(0.06, 0.11), u(0.3, 0.7)),
        "shears": (u(0.5, 0.9), u(0.08, 0.14), u(0.6, 1.2)),
    }.get(style, (u(0.3, 0.45), u(0.09, 0.15), u(0.6, 0.9)))
    loop = u(0.1, 0.17)
    pieces = [p for side in SIDES for p in _scissor_half(u, side, open_, blade, wide, long, style, loop)]
    return _pose(u, [*pieces, cylinder("joint", (0, 0, -0.06), (0, 0, 0.06), u(0.03, 0.07))])


def scissors(u: Dice) -> list[Piece]:
    """Office, tailor's and nail scissors, closed or open."""
    return _crossed(u, "scissors")


def shears(u: Dice) -> list[Piece]:
    """Hedge shears with long handles, and curved pruning shears."""
    return _crossed(u, u.pick("shears", "secateurs"))


def tweezers(u: Dice) -> list[Piece]:
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
        pieces.append(
            tube("tip", [end, end + np.array([-side * 0.03, long * 0.15, bend])], [wide * 0.8, tip], flat=0.4, melt=False)
        )
    return _pose(u, pieces)


def nutcracker(u: Dice) -> list[Piece]:
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
    return _pose(u, pieces)


# ------------------------------------------------------------------------------------------------ turning, striking


def wrench(u: Dice) -> list[Piece]:
    """Open-end, ring, combination and adjustable wrench."""
    long, wide, thick = u(0.9, 1.4), u(0.05, 0.09), u(0.025, 0.05)
    pieces = [
        box("handle", (0, 0, 0), (wide, long / 2, thick))
        if u.chance()
        else _flat("handle", [(-long / 2, -wide, wide), (0, -wide * 0.7, wide * 0.7), (long / 2, -wide, wide)], thick)
    ]
    ends = u.pick(("open", "open"), ("open", "ring"), ("ring", "ring"), ("adjustable", ""), ("open", ""))
    for style, side in zip(ends, (1.0, -1.0), strict=True):
        size, y = u(0.11, 0.18), side * long / 2
        head = []
        if style == "ring":
            head = [tube("ring", arc((0, size, 0), size, size, 0, 2 * np.pi, "xy", 25), u(0.035, 0.05), flat=1.2, melt=False)]
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
            head = [
                prism(
                    "jaw", [(-0.16, -0.02), (0.1, -0.02), (0.1, 0.08), (-0.06, 0.14), (-0.06, 0.34), (-0.16, 0.3)], thick * 1.3
                ),
                prism("jaw", [(gap - 0.06, 0.1), (gap + 0.06, 0.1), (gap + 0.04, 0.32), (gap - 0.06, 0.34)], thick * 1.2),
                cylinder("screw", (-0.03, 0.04, 0), (0.11, 0.04, 0), thick * 1.5),
            ]
        pieces += move(head, (0, y, 0), rotation=turn("z", (0 if side > 0 else np.pi) + u(-0.3, 0.3)))
    return _pose(u, pieces)


def screwdriver(u: Dice) -> list[Piece]:
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
        return _pose(
            u,
            [*pieces, _flat("tip", [(top - 0.02, -0.03, 0.03), (top + 0.08, -0.05, 0.05), (top + 0.14, -0.035, 0.035)], 0.012)],
        )
    return _pose(u, [*pieces, cylinder("tip", (0, top - 0.02, 0), (0, top + 0.1, 0), [0.035, 0.008])])


def hammer(u: Dice) -> list[Piece]:
    """Claw, ball, sledge, mallet and war hammer."""
    long, r, style = u(0.9, 1.5), u(0.035, 0.055), u.pick("claw", "ball", "sledge", "mallet", "war")
    w, s = u(0.16, 0.3), u(0.07, 0.12)
    pieces = [_stick(u, "handle", 0, long, r)]
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
            pieces.append(
                tube(
                    "head/spike",
                    bezier((-s, long, 0), (-w, long, 0), (-w * 1.5, long - 0.12, 0)),
                    np.linspace(0.05, 0.008, 12),
                    melt=False,
                )
            )
    return _pose(u, pieces)


def axe(u: Dice) -> list[Piece]:
    """Felling axe, hatchet, battle axe with one or two blades."""
    long, r, tall, out = u(0.8, 1.5), u(0.03, 0.05), u(0.15, 0.4), u(0.25, 0.45)
    y, double = long * u(0.82, 0.93), u.chance(0.35)
    bend = u(0, 0.1)
    pieces = [
        tube(
            "handle",
            bezier((bend, 0, 0), (-bend, long * 0.4, 0), (0, long * 0.7, 0), (0, long, 0)),
            r,
            flat=u(0.6, 1),
            melt=False,
        )
    ]
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
    return _pose(u, pieces)


def pickaxe(u: Dice) -> list[Piece]:
    """Pickaxe with two points, or a point and a flat end (mattock)."""
    long, reach, drop = u(0.9, 1.4), u(0.4, 0.6), u(0.08, 0.25)
    pieces = [_stick(u, "handle", 0, long + 0.05, u(0.035, 0.05)), box("head", (0, long, 0), (0.08, 0.06, 0.06))]
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
    return _pose(u, pieces)


def chisel(u: Dice) -> list[Piece]:
    """Wood chisel and cold chisel, file with a handle."""
    long, r, blade, w = u(0.4, 0.6), u(0.06, 0.1), u(0.4, 0.7), u(0.04, 0.1)
    pieces = [_stick(u, "handle", 0, long, r), cylinder("shaft", (0, long - 0.02, 0), (0, long + 0.12, 0), 0.03)]
    pieces.append(
        _flat(
            "blade",
            [(long + 0.08, -0.03, 0.03), (long + 0.16, -w, w), (long + blade, -w, w), (long + blade + 0.01, -w, w)],
            0.02,
        )
    )
    return _pose(u, pieces + ([cylinder("cap", (0, -0.02, 0), (0, 0.05, 0), r * 1.15)] if u.chance(0.4) else []))


def saw(u: Dice) -> list[Piece]:
    """Hand saw with teeth and a closed handle, hacksaw and bow saw with a frame."""
    long, w = u(0.9, 1.3), u(0.1, 0.16)
    ring = tube(
        "handle", arc((0, -0.13, 0), u(0.1, 0.16), 0.16, 0, 2 * np.pi, "xy", 25), u(0.03, 0.045), flat=u(0.6, 1), melt=False
    )
    if u.chance(0.55):
        end = w * u(0.3, 0.7)
        pieces = [ring, prism("blade", [(-w, -0.03), (w, -0.03), (w, long), (w - 2 * end, long)], 0.012)]
        pieces += [
            prism("blade/tooth", [(w - 0.005, y), (w - 0.005, y + 0.06), (w + 0.03, y + 0.02)], 0.012)
            for y in np.arange(0.02, long - 0.06, 0.06)
        ]
        return _pose(u, pieces)
    tall, r = u(0.15, 0.3), u(0.02, 0.03)
    frame = (
        np.array([(0.0, 0, 0), (-tall, 0.05, 0), (-tall, long - 0.05, 0), (0, long, 0)])
        if u.chance()
        else arc((0, long / 2, 0), tall * 1.3, long / 2, np.pi / 2, 1.5 * np.pi, "xy")
    )
    return _pose(u, [ring, tube("frame", frame, r, melt=False), box("blade", (0, long / 2, 0), (0.025, long / 2, 0.008))])


def drill(u: Dice) -> list[Piece]:
    """Cordless drill with battery, corded drill, hand drill with a crank."""
    y, r = u(0.6, 0.75), u(0.1, 0.14)
    if u.chance(0.2):
        wheel = u(0.12, 0.2)
        pieces = [
            _stick(u, "handle", 0.5, 0.8, 0.06),
            cylinder("shaft", (0, -0.2, 0), (0, 0.55, 0), 0.03),
            lathe("wheel", [(0.001, -0.02), (wheel, -0.02), (wheel, 0.02), (0.001, 0.02)], (0.08, 0.25, 0), "x"),
        ]
        pieces += [
            tube("crank", [(0.1, 0.25, 0), (0.12, 0.25, wheel * 1.3), (0.25, 0.25, wheel * 1.3)], 0.025),
            cylinder("chuck", (0, -0.35, 0), (0, -0.2, 0), 0.06),
        ]
        return [*pieces, cylinder("bit", (0, -0.7, 0), (0, -0.35, 0), [0.005, 0.025])]
    pieces = [
        tube(
            "body",
            [(0, y, -0.3), (0, y, -0.1), (0, y, 0.25)],
            [r, r * 1.1, r],
            flat=u(1, 1.2),
            round_ends=u.chance(),
            melt=False,
        )
    ]
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


def clamp(u: Dice) -> list[Piece]:
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
    return _pose(u, pieces)


# ----------------------------------------------------------------------------------------------------- long handles


def _long_handle(u: Dice, long: float, r: float) -> list[Piece]:
    """Pole from y = 0 up, now and then ending in a D, T or ball."""
    end, part = u.pick("plain", "plain", "d", "t"), "handle"
    if end == "plain":
        return [_stick(u, part, 0, long, r)]
    pieces = [cylinder("handle/shaft", (0, 0, 0), (0, long, 0), r)]
    if end == "t":
        return [*pieces, tube("handle/crossbar", [(-0.14, long, 0), (0.14, long, 0)], r * 1.2, melt=False)]
    return [
        *pieces,
        tube(
            "handle/crossbar",
            [
                (0, long, 0),
                (-0.12, long + 0.08, 0),
                (-0.12, long + 0.2, 0),
                (0.12, long + 0.2, 0),
                (0.12, long + 0.08, 0),
                (0, long, 0),
            ],
            r,
            melt=False,
        ),
    ]


def shovel(u: Dice) -> list[Piece]:
    """Pointed spade, square snow shovel, garden trowel."""
    long, w, h = u(0.3, 1.2), u(0.16, 0.3), u(0.3, 0.5)
    shape = u.pick(
        [(0.0, -w, w), (-h * 0.5, -w, w), (-h, -0.02, 0.02)],
        [(0.0, -w, w), (-h * 0.6, -w * 0.9, w * 0.9), (-h, -w * 0.8, w * 0.8)],
    )
    blade = _flat("blade", [(0.06, -0.03, 0.03), *shape], 0.02)
    x, y, z = blade.vertices.T
    curl = u(0.3, 1.2)
    return _pose(
        u,
        [
            Piece("blade", np.stack([x, y, z + curl * x**2 + u(0, 0.2) * y**2], 1), blade.faces),
            *_long_handle(u, long, u(0.025, 0.045)),
        ],
    )


def rake(u: Dice) -> list[Piece]:
    """Garden rake with short teeth, leaf rake as a fan, pitchfork and hoe."""
    long, w, style = u(1.0, 1.5), u(0.2, 0.4), u.pick("rake", "fan", "fork", "hoe")
    pieces = _long_handle(u, long, u(0.025, 0.04))
    if style == "hoe":
        return _pose(
            u,
            [
                *pieces,
                tube("neck", bezier((0, 0.02, 0), (0, -0.1, 0), (0, -0.1, 0.1)), 0.025),
                box("blade", (0, -0.16, 0.1), (w * 0.5, 0.1, 0.012), turn("x", 0.3)),
            ],
        )
    if style == "rake":
        pieces.append(box("head", (0, -0.02, 0), (w, 0.03, 0.03)))
        pieces += [
            tube("head/tine", [(x, -0.02, 0), (x, -0.06, 0.1), (x, -0.1, 0.2)], [0.02, 0.018, 0.012], melt=False)
            for x in np.linspace(-w, w, u.count(7, 14))
        ]
    else:
        n, reach = (u.count(9, 15), u(0.4, 0.6)) if style == "fan" else (u.count(3, 5), u(0.4, 0.55))
        for x in np.linspace(-1, 1, n):
            path = [(0, 0, 0), (x * w * 0.6, -reach * 0.5, 0), (x * w, -reach, 0), (x * w * 1.02, -reach - 0.04, 0.05)]
            if style == "fork":
                path = [(0, 0, 0), (x * w * 0.6, -0.06, 0), (x * w * 0.6, -reach * 0.6, 0.03), (x * w * 0.6, -reach, 0.0)]
            pieces.append(tube("head/tine", path, [0.018, 0.016, 0.016, 0.01], melt=False))
        if style == "fan":
            pieces.append(box("head", (0, -reach * 0.5, 0), (w * 0.62, 0.02, 0.022)))
    return _pose(u, pieces)


def broom(u: Dice) -> list[Piece]:
    """Push broom, household broom, witch's broom, mop and dust brush."""
    long, w, h = u(0.4, 1.4), u(0.15, 0.4), u(0.15, 0.35)
    pieces = [_stick(u, "handle", 0, long, u(0.022, 0.035))]
    style = u.pick("push", "flat", "witch", "mop")
    if style == "witch":
        pieces += [
            lathe("bristle", [(0.03, 0.08), (0.12, -h * 0.6), (0.16, -h * 1.6), (0.001, -h * 2)]),
            cylinder("band", (0, 0.0, 0), (0, 0.05, 0), 0.09),
        ]
    elif style == "flat":
        pieces += [
            _flat("bristle", [(0.1, -0.05, 0.05), (0.0, -w * 0.6, w * 0.6), (-h * 1.4, -w, w)], 0.05),
            tube("band", [(-w * 0.55, 0.02, 0), (w * 0.55, 0.02, 0)], 0.06, flat=0.6, melt=False),
        ]
    else:
        pieces.append(box("head", (0, 0, 0), (w, 0.04, 0.07)))
        if style == "push":
            pieces += [
                box("bristle", (x, -h / 2 - 0.03, 0), (w / 7, h / 2, 0.06), turn("z", x * 0.3))
                for x in np.linspace(-w * 0.88, w * 0.88, 7)
            ]
        else:
            pieces += [
                tube(
                    "mop string",
                    bezier((x, 0, 0), (x * 1.3, -h, u(-0.1, 0.2)), (x * 1.6, -h * 2, u(-0.1, 0.3))),
                    0.025,
                    melt=False,
                )
                for x in np.linspace(-w, w, 12)
            ]
    return _pose(u, pieces)


def brush(u: Dice) -> list[Piece]:
    """Flat paint brush, round artist's brush, hair brush and scrubbing brush."""
    style, long, w = u.pick("paint", "artist", "hair"), u(0.4, 0.7), u(0.12, 0.25)
    if style == "hair":
        pieces = [
            _stick(u, "handle", -long, 0.02, 0.04),
            ellipsoid("head", (0, 0.3, 0), (w, 0.32, 0.04), square=u(0.4, 1), melt=False),
        ]
        spots = [(x, y) for x in np.linspace(-0.6, 0.6, 5) for y in np.linspace(0.08, 0.52, 7)]
        return _pose(u, pieces + [tube("bristle", [(x * w, y, 0.02), (x * w, y, 0.14)], 0.012, melt=False) for x, y in spots])
    if style == "artist":
        w = u(0.03, 0.05)
        body = [(0.001, -long * 1.5), (w * 0.5, -long), (w, -0.1), (w * 0.8, 0)]
        return _pose(
            u,
            [
                lathe("handle", body),
                lathe("metal band", [(w, -0.02), (w * 1.1, 0.15)]),
                lathe("bristle", [(w, 0.14), (w * 1.4, 0.24), (0.003, 0.42)]),
            ],
        )
    handle = _flat("handle", [(-long, -0.04, 0.04), (-long * 0.7, -0.06, 0.06), (-long * 0.3, -0.03, 0.03), (0, -w, w)], 0.04)
    return _pose(
        u,
        [
            handle,
            box("metal band", (0, 0.08, 0), (w, 0.09, 0.05)),
            _flat("bristle", [(0.15, -w, w), (0.3, -w * 1.05, w * 1.05), (u(0.4, 0.55), -w, w)], 0.045),
        ],
    )


def paint_roller(u: Dice) -> list[Piece]:
    """Roller on a bent wire arm."""
    w, r, h = u(0.25, 0.45), u(0.07, 0.12), u(0.3, 0.5)
    arm = [(0, 0, 0), (0, h * 0.4, 0), (w * 1.15, h * 0.5, 0), (w * 1.15, h, 0), (w * 0.9, h, 0)]
    return _pose(
        u,
        [
            tube("arm", arm, 0.02, melt=False),
            _stick(u, "handle", -u(0.3, 0.5), 0.03, 0.05),
            cylinder("roller", (-w, h, 0), (w, h, 0), r),
        ],
    )


# ------------------------------------------------------------------------------------------------- blades and points


def _edge(u: Dice, base: float, long: float, w: float, part: str = "blade") -> Piece:
    """Knife or sword blade from y = base up: straight, leaf-shaped, curved or one-edged."""
    style, t = u.pick("one-edged", "double", "leaf", "curved", "clip"), np.linspace(0, 1, 14)
    left, right = np.full(14, -w), np.full(14, w)
    if style in ("double", "leaf"):
        shape = np.minimum(1, (1.0 - t) * u(3, 8) + 0.02) * (1 + (0.4 * np.sin(t * 2 * np.pi - 1.5) if style == "leaf" else 0))
        left, right = -w * shape, w * shape
    elif style == "curved":
        bend = u(0.15, 0.45) * long * t**2
        left, right = -w + bend, w * (1 - 1.8 * np.maximum(t - 0.7, 0) / 0.3) + bend
    elif style == "clip":
        left, right = -w + np.maximum(t - 0.65, 0) * 3 * w, w - np.maximum(t - 0.85, 0) * 5 * w
    else:
        right = w - 1.9 * w * np.maximum(t - 0.55, 0) ** 2 / 0.2
    return _flat(part, np.stack([base + long * t, left, np.maximum(right, left + 0.004)], 1), u(0.012, 0.025))


def knife(u: Dice) -> list[Piece]:
    """Kitchen, table, hunting and pocket knife, cleaver."""
    long, w, handle = u(0.5, 0.9), u(0.05, 0.1), u(0.35, 0.5)
    pieces = [_stick(u, "handle", -handle, 0, u(0.04, 0.06))]
    if u.chance(0.15):
        pieces.append(box("blade", (0.06, long * 0.35, 0), (w * 1.6, long * 0.36, 0.012)))
    else:
        pieces.append(_edge(u, -0.02, long, w))
    if u.chance(0.4):
        pieces.append(box("guard", (0, 0, 0), (w * u(1, 1.6), 0.025, 0.05)))
    return _pose(u, pieces)


def sword(u: Dice) -> list[Piece]:
    """Long sword, short sword, sabre, katana and dagger."""
    long, w, handle, r = (u(0.4, 0.7) if u.chance(0.3) else u(0.9, 1.5)), u(0.03, 0.07), u(0.2, 0.4), u(0.025, 0.04)
    pieces = [_edge(u, -0.02, long, w), _stick(u, "handle", -handle, 0, r)]
    style, g = u.pick("bar", "curved", "disc", "basket"), u(0.1, 0.25)
    if style == "bar":
        pieces.append(box("guard", (0, 0, 0), (g, 0.025, 0.03)))
    elif style == "disc":
        pieces.append(lathe("guard", [(g * 0.5, -0.015), (g * 0.5, 0.015)]))
    else:
        pieces.append(tube("guard", bezier((-g, u(-0.08, 0.12), 0), (0, -0.05, 0), (g, u(-0.08, 0.12), 0)), 0.025, melt=False))
        if style == "basket":
            pieces.append(tube("guard", bezier((g, 0, 0), (g * 1.3, -handle * 0.5, 0), (0, -handle, 0)), 0.02, melt=False))
    if u.chance(0.7):
        pieces.append(ellipsoid("pommel", (0, -handle - 0.02, 0), (u(0.04, 0.06), 0.045, 0.045), melt=False))
    return _pose(u, pieces)


def spear(u: Dice) -> list[Piece]:
    """Spear, lance, halberd and trident."""
    long, r, style = u(1.3, 1.8), u(0.018, 0.03), u.pick("spear", "spear", "halberd", "trident")
    pieces = [cylinder("shaft", (0, 0, 0), (0, long, 0), r)]
    if style == "trident":
        pieces += [
            tube("head/point", [(0, long, 0), (x, long + 0.03, 0), (x, long + 0.3, 0)], [0.025, 0.022, 0.008], melt=False)
            for x in (-0.14, 0, 0.14)
        ]
    else:
        w, h = u(0.04, 0.08), u(0.2, 0.4)
        pieces.append(
            _flat("head/point", [(long - 0.03, -r * 1.3, r * 1.3), (long + h * 0.3, -w, w), (long + h, -0.004, 0.004)], 0.02)
        )
    if style == "halberd":
        pieces.append(
            prism("head/blade", [(0, -0.06), (0.22, -0.16), (0.27, 0), (0.22, 0.16), (0, 0.06)], 0.015, (0, long - 0.1, 0))
        )
    return _pose(u, pieces)


def bow_and_arrow(u: Dice) -> list[Piece]:
    """Simple and recurved bow with or without an arrow on the string; single arrow."""
    h, d, pull = u(0.6, 0.9), u(0.25, 0.45), u(0, 0.25)
    pieces = []
    if u.chance(0.85):
        curl = u(0, 0.2)
        for side in SIDES:
            path = bezier(
                (d, side * 0.08, 0), (d * 0.9, side * h * 0.6, 0), (-curl * 0.5, side * h * 0.8, 0), (curl * 0.6, side * h, 0)
            )
            pieces.append(tube("bow", path, np.linspace(0.035, 0.016, len(path)), flat=0.7, melt=False))
            pieces.append(tube("string", [(curl * 0.5, side * h * 0.98, 0), (-pull, 0, 0)], 0.01, melt=False))
        pieces.append(cylinder("handle", (d, -0.1, 0), (d, 0.1, 0), 0.04))
        if u.chance(0.4):
            return pieces
    tip = d + u(0.15, 0.3)
    pieces += [
        cylinder("arrow/shaft", (-pull, 0, 0), (tip, 0, 0), 0.014),
        cylinder("arrow/arrowhead", (tip, 0, 0), (tip + 0.12, 0, 0), [0.045, 0.002]),
    ]
    for c, s in around(3):
        blade = box("arrow/feather", (0.06 - pull, 0.03, 0), (0.06, 0.03, 0.005))
        pieces += move([blade], rotation=turn("x", np.arctan2(s, c)))
    return pieces


# -------------------------------------------------------------------------------------------------------------- guns


def _trigger(x: float, y: float) -> list[Piece]:
    ring = tube("trigger guard", arc((x, y, 0), 0.09, 0.08, np.pi, 2 * np.pi, "xy"), 0.013, melt=False)
    return [ring, tube("trigger", bezier((x, y + 0.01, 0), (x + 0.03, y - 0.03, 0), (x, y - 0.06, 0)), 0.012, melt=False)]


def pistol(u: Dice) -> list[Piece]:
    """Automatic pistol, revolver, flintlock and ray gun."""
    long, t, style, lean = u(0.4, 0.7), u(0.035, 0.055), u.pick("automatic", "revolver", "flintlock", "ray"), u(0.1, 0.45)
    handle = tube(
        "handle",
        [(-0.1, 0.02, 0), (-0.1 - lean * 0.35, -u(0.3, 0.42), 0)],
        [0.075, 0.085],
        flat=0.6,
        round_ends=u.chance(),
        melt=False,
    )
    pieces = [handle, *_trigger(0.06, -0.04)]
    if style == "automatic":
        pieces += [
            box("slide", (long * 0.35, 0.08, 0), (long * 0.55 + 0.05, 0.05, t)),
            box("body", (long * 0.25, 0.0, 0), (long * 0.42, 0.045, t * 0.9)),
            cylinder("barrel", (long * 0.8, 0.08, 0), (long + 0.03, 0.08, 0), 0.025),
        ]
    elif style == "revolver":
        pieces += [
            box("body", (0.05, 0.06, 0), (0.18, 0.08, t * 0.8)),
            cylinder("cylinder", (-0.02, 0.08, 0), (0.18, 0.08, 0), u(0.08, 0.11)),
            cylinder("barrel", (0.18, 0.1, 0), (0.2 + long * 0.6, 0.1, 0), 0.035),
        ]
    elif style == "flintlock":
        pieces += [
            tube("body", bezier((-0.12, 0.0, 0), (0.1, 0.05, 0), (long * 0.8, 0.05, 0)), 0.05, melt=False),
            cylinder("barrel", (0.0, 0.1, 0), (long * 1.1, 0.1, 0), [0.04, 0.03]),
        ]
    else:
        pieces += [
            ellipsoid("body", (0.08, 0.08, 0), (0.25, 0.12, 0.11), melt=False),
            cylinder("barrel", (0.25, 0.08, 0), (long, 0.08, 0), [0.05, 0.03]),
        ]
        pieces += [
            lathe("barrel", [(0.03, x - 0.015), (0.1, x), (0.03, x + 0.015)], (0, 0.08, 0), "x")
            for x in np.linspace(0.36, long, 3)
        ]
    if style != "ray":
        pieces.append(tube("hammer", [(-0.12, 0.06, 0), (-0.2, 0.14, 0)], 0.02, melt=False))
    if u.chance(0.4):
        pieces.append(box("sight", (long * 0.7, 0.15, 0), (0.02, 0.03, 0.01)))
    return move(pieces, scale=1.6, rotation=u.pick(np.eye(3), turn("y", np.pi / 2), turn("y", np.pi)))


def rifle(u: Dice) -> list[Piece]:
    """Hunting rifle, assault rifle, shotgun, musket and submachine gun."""
    style, long = u.pick("hunting", "assault", "assault", "shotgun"), u(0.5, 0.9)
    stock_y = u(-0.15, -0.05)
    pieces = [
        box("body", (0.1, 0, 0), (0.22, u(0.05, 0.08), 0.04)),
        cylinder("barrel", (0.3, 0.03, 0), (0.3 + long, 0.03, 0), u(0.018, 0.03)),
        *_trigger(0.02, -0.06),
    ]
    if style == "assault":
        pieces.append(tube("handle", [(-0.06, -0.03, 0), (-0.13, -0.28, 0)], 0.05, flat=0.7, melt=False))
        curve = u(0, 0.15)
        pieces.append(
            tube(
                "magazine",
                bezier((0.2, -0.03, 0), (0.21, -0.2, 0), (0.22 + curve, -u(0.3, 0.42), 0)),
                0.055,
                flat=0.5,
                round_ends=False,
                melt=False,
            )
        )
        pieces.append(cylinder("fore end", (0.3, 0.02, 0), (0.3 + long * 0.5, 0.02, 0), 0.045))
    else:
        pieces.append(tube("fore end", [(0.28, -0.02, 0), (0.3 + long * u(0.3, 0.75), 0.0, 0)], [0.05, 0.035], melt=False))
        if style == "shotgun" and u.chance():
            pieces.append(cylinder("barrel", (0.3, -0.02, 0), (0.3 + long, -0.02, 0), 0.025))
    if style == "assault" and u.chance(0.4):
        pieces += [
            tube("stock", [(-0.1, y0, 0), (-0.5, y1, 0)], 0.02, melt=False) for y0, y1 in [(0.02, 0.02), (-0.03, -0.12)]
        ] + [box("stock", (-0.5, -0.05, 0), (0.02, 0.11, 0.03))]
    else:
        pieces.append(
            prism(
                "stock",
                [(-0.1, 0.05), (-0.1, -0.06), (-0.3, stock_y), (-0.6, stock_y - 0.12), (-0.6, 0.03), (-0.3, 0.0)],
                u(0.03, 0.045),
            )
        )
    if u.chance(0.45):
        y = u(0.13, 0.17)
        pieces += [
            lathe("scope", [(0.045, 0), (0.03, 0.1), (0.03, 0.25), (0.05, 0.36)], (-0.05, y, 0), "x"),
            *(box("scope mount", (x, y / 2 + 0.01, 0), (0.02, y / 2, 0.015)) for x in (0.05, 0.2)),
        ]
    else:
        pieces.append(prism("sight", [(-0.02, 0), (0.02, 0), (0, 0.06)], 0.008, (0.27 + long, 0.04, 0)))
    return move(pieces, scale=1.2, rotation=u.pick(np.eye(3), turn("y", np.pi / 2), turn("z", 0.5), turn("z", np.pi / 2)))


# ------------------------------------------------------------------------------------------------------------ cutlery


def _cutlery_handle(u: Dice, long: float) -> Piece:
    w = u(0.03, 0.06)
    return _flat(
        "handle",
        [(-long, -w * 0.6, w * 0.6), (-long * 0.85, -w, w), (-long * 0.3, -w * 0.4, w * 0.4), (0.02, -0.022, 0.022)],
        u(0.015, 0.03),
    )


def fork(u: Dice) -> list[Piece]:
    """Dinner fork, salad fork, carving fork with two to four tines."""
    w, h, n = u(0.07, 0.12), u(0.25, 0.45), u.count(2, 4)
    pieces = [
        _cutlery_handle(u, u(0.6, 0.9)),
        _flat("neck", [(0, -0.02, 0.02), (0.08, -w * 0.7, w * 0.7), (0.16, -w, w), (0.2, -w, w)], 0.018),
    ]
    return _pose(
        u,
        pieces
        + [
            tube(
                "tine",
                bezier((x, 0.16, 0), (x, 0.16 + h * 0.5, -0.06), (x, 0.16 + h, 0.03)),
                np.linspace(0.02, 0.008, 12),
                melt=False,
            )
            for x in np.linspace(-w, w, n) * 0.85
        ],
    )


def spoon(u: Dice) -> list[Piece]:
    """Table spoon, wooden spoon, soup ladle and measuring scoop."""
    w, h, ladle = u(0.1, 0.16), u(0.14, 0.22), u.chance(0.4)
    outer = np.array([(0.02, -1.0), (0.6, -0.8), (0.95, -0.35), (1.0, 0.0)])
    shell = lathe("bowl", [*outer, *(outer[::-1] * 0.86), (0.001, -0.86)])
    if ladle:
        r, long = u(0.16, 0.24), u(0.8, 1.2)
        scoop = Piece("bowl", shell.vertices * [r, r * u(0.7, 1), r], shell.faces)
        return _pose(
            u,
            [
                scoop,
                tube(
                    "handle",
                    bezier((r * 0.95, -0.02, 0), (r * 1.1, long * 0.5, 0), (r * u(1.0, 1.3), long, 0)),
                    0.022,
                    flat=u(0.6, 1.3),
                    melt=False,
                ),
            ],
        )
    scoop = Piece("bowl", shell.vertices @ turn("x", np.pi / 2).T * [w, h, w * 0.4] + [0, h * 0.95, 0.02], shell.faces)
    return _pose(u, [scoop, _cutlery_handle(u, u(0.6, 1.0)) if u.chance(0.7) else _stick(u, "handle", -0.8, 0.04, 0.03)])


def spatula(u: Dice) -> list[Piece]:
    """Turner with or without slots, cake server, dough scraper."""
    w, h, tilt = u(0.12, 0.2), u(0.25, 0.4), u(0, 0.6)
    slots = u.count(2, 4) if u.chance() else 0
    if slots:
        blade = [
            box("blade", (x, h / 2, 0), (w / slots * 0.4, h / 2, 0.012)) for x in np.linspace(-w * 0.85, w * 0.85, slots + 1)
        ] + [box("blade", (0, y, 0), (w, 0.03, 0.012)) for y in (0.02, h)]
    else:
        blade = [
            _flat(
                "blade",
                [(0, -w * u(0.4, 1), w * u(0.4, 1)), (h * 0.3, -w, w), (h, -w, w), (h * 1.01, -w * 0.95, w * 0.95)],
                0.015,
            )
        ]
    pieces = move(blade, rotation=turn("x", tilt))
    return _pose(
        u, [*pieces, cylinder("handle/shaft", (0, -0.35, 0), (0, 0.03, 0), 0.02), _stick(u, "handle", -u(0.7, 0.9), -0.3, 0.04)]
    )


def whisk(u: Dice) -> list[Piece]:
    """Balloon whisk of wire loops."""
    w, h, n = u(0.15, 0.25), u(0.5, 0.8), u.count(3, 6)
    pieces = [_stick(u, "handle", -u(0.4, 0.6), 0.03, u(0.035, 0.055))]
    for c, s in around(2 * n)[:n]:
        path = bezier(
            (0.02, 0, 0),
            (w * 1.5, h * 0.7, 0),
            (w * 1.2, h * 1.25, 0),
            (-w * 1.2, h * 1.25, 0),
            (-w * 1.5, h * 0.7, 0),
            (-0.02, 0, 0),
            n=24,
        )
        pieces += move([tube("wire", path, 0.012, melt=False)], rotation=turn("y", np.arctan2(s, c)))
    return _pose(u, pieces)


def corkscrew(u: Dice) -> list[Piece]:
    """T-handled and winged corkscrew."""
    long = u(0.4, 0.6)
    coil = tube("screw", helix(u(0.04, 0.06), long, u(4, 7)), 0.016, melt=False)
    top = [cylinder("shaft", (0, long - 0.02, 0), (0, long + 0.25, 0), 0.025)]
    if u.chance():
        return _pose(
            u,
            [
                coil,
                *top,
                tube(
                    "handle",
                    [(-0.25, long + 0.25, 0), (0, long + 0.25, 0), (0.25, long + 0.25, 0)],
                    [0.05, 0.06, 0.05],
                    melt=False,
                ),
            ],
        )
    swing = u(0.1, 2.0)
    arms = [
        tube(
            "arm",
            [(x * 0.08, long, 0), (x * (0.1 + 0.4 * np.sin(swing)), long - 0.4 * np.cos(swing), 0)],
            [0.03, 0.04],
            flat=0.5,
            melt=False,
        )
        for x in SIDES
    ]
    ring = tube("frame", arc((0, 0.02, 0), 0.1, 0.1, 0, 2 * np.pi, "xz", 25), 0.025, melt=False)
    posts = [tube("frame", [(x * 0.1, 0, 0), (x * 0.1, long, 0)], 0.02, melt=False) for x in SIDES]
    return _pose(
        u,
        [
            coil,
            *top,
            *arms,
            ring,
            *posts,
            box("frame", (0, long, 0), (0.11, 0.04, 0.05)),
            ellipsoid("handle", (0, long + 0.28, 0), (0.1, 0.05, 0.03)),
        ],
    )


# ------------------------------------------------------------------------------------------------------- small things


def pen(u: Dice) -> list[Piece]:
    """Ball pen, fountain pen, marker and pencil."""
    long, r, style = u(0.9, 1.3), u(0.035, 0.08), u.pick("pen", "marker", "pencil", "pencil")
    if style == "pencil":
        pieces = [
            lathe("body", [(0.001, 0), (r, 0), (r, long)]),
            lathe("tip", [(r, long), (r * 0.15, long + u(0.12, 0.25)), (0.001, long + 0.26)]),
        ]
        return _pose(
            u,
            pieces
            + (
                [
                    cylinder("metal band", (0, -0.05, 0), (0, 0.02, 0), r * 1.08),
                    cylinder("eraser", (0, -0.14, 0), (0, -0.04, 0), r),
                ]
                if u.chance(0.6)
                else []
            ),
        )
    pieces = [
        lathe("body", [(r * 0.8, 0), (r, 0.1), (r, long * 0.8), (r * 0.7, long)]),
        lathe("tip", [(r * 0.7, long - 0.01), (r * 0.2, long + 0.1), (0.004, long + 0.13)]),
    ]
    split = long * u(0.25, 0.5)
    pieces.append(cylinder("cap", (0, -0.03, 0), (0, split, 0), r * 1.15))
    return _pose(
        u,
        pieces
        + (
            [
                box("clip", (0, split * 0.55, r * 1.4), (0.018, split * 0.45, 0.012)),
                box("clip", (0, 0.03, r * 1.2), (0.018, 0.02, r * 0.3)),
            ]
            if u.chance(0.7)
            else []
        ),
    )


def toothbrush(u: Dice) -> list[Piece]:
    """Manual and electric toothbrush, and safety razor."""
    long, electric = u(0.7, 1.0), u.chance(0.3)
    pieces = [lathe("handle", [(0.08, -long), (0.085, -long * 0.5), (0.03, 0)])] if electric else [_cutlery_handle(u, long)]
    h, w = u(0.12, 0.2), u(0.035, 0.055)
    pieces += [
        tube("neck", [(0, -0.02, 0), (0, 0.18, 0)], 0.02, melt=False),
        ellipsoid("head", (0, 0.18 + h, 0), (w * 1.2, h, 0.02), square=0.5, melt=False),
    ]
    return _pose(
        u,
        pieces
        + [
            box("bristle", (x * w * 0.6, 0.18 + h + y * h * 0.8, 0.06), (w * 0.3, h * 0.12, 0.05))
            for x in SIDES
            for y in np.linspace(-0.9, 0.9, 5)
        ],
    )


def razor(u: Dice) -> list[Piece]:
    """Safety razor, cartridge razor and straight razor."""
    if u.chance(0.25):
        return _pose(
            u,
            [
                *move([box("blade", (0, 0.3, 0), (0.08, 0.32, 0.012))], rotation=turn("z", u(-0.3, 2.2))),
                tube("handle", [(0.03, 0, 0), (0.05, -0.35, 0), (0.0, -0.7, 0)], 0.04, flat=0.5, melt=False),
                cylinder("joint", (0, 0, -0.04), (0, 0, 0.04), 0.03),
            ],
        )
    w, tilt = u(0.18, 0.28), turn("x", u(0.2, 0.9))
    return _pose(
        u,
        [
            _stick(u, "handle", -u(0.6, 0.9), 0.02, u(0.035, 0.05)),
            box("head", (0, 0.04, 0.02), (w, 0.07, 0.03), tilt),
            box("head/blade", (0, 0.06, 0.05), (w * 0.95, 0.05, 0.012), tilt),
        ],
    )


def comb(u: Dice) -> list[Piece]:
    """Straight comb and comb with a handle."""
    w, h, n = u(0.5, 0.8), u(0.15, 0.3), u.count(14, 26)
    pieces = [box("spine", (0, 0, 0), (w, u(0.03, 0.06), 0.03))]
    pieces += [
        tube("tooth", [(x, 0, 0), (x, -h, 0)], [0.3 * w / n * 1.8, 0.005], melt=False)
        for x in np.linspace(-w * 0.96, w * 0.96, n)
    ]
    return _pose(
        u,
        pieces
        + (
            [tube("handle", [(w, 0, 0), (w + u(0.3, 0.6), 0, 0)], [0.045, 0.035], flat=0.6, melt=False)]
            if u.chance(0.5)
            else []
        ),
    )


def magnifying_glass(u: Dice) -> list[Piece]:
    """Round lens in a ring on a handle."""
    r, t = u(0.3, 0.45), u(0.025, 0.05)
    lens = lathe("lens", [(0.001, -0.04), (r, -0.01), (r, 0.01), (0.001, 0.04)], axis="z")
    pieces = [lens, tube("frame", arc((0, 0, 0), r, r, 0, 2 * np.pi, "xy", 25), t, flat=u(0.8, 1.6), melt=False)]
    return _pose(
        u,
        [
            *pieces,
            cylinder("neck", (0, -r - 0.12, 0), (0, -r, 0), 0.025),
            _stick(u, "handle", -r - u(0.5, 0.8), -r - 0.1, u(0.04, 0.07)),
        ],
    )


def key(u: Dice) -> list[Piece]:
    """Old bit key, flat door key and clover-headed key."""
    long, r = u(0.6, 1.0), u(0.14, 0.22)
    style = u.pick("ring", "disc", "clover")
    if style == "ring":
        head = [tube("head", arc((0, r, 0), r, r * u(0.8, 1.1), 0, 2 * np.pi, "xy", 25), 0.04, melt=False)]
    elif style == "disc":
        head = [lathe("head", [(0.001, -0.03), (r, -0.03), (r, 0.03), (0.001, 0.03)], (0, r, 0), "z")]
    else:
        head = [
            tube("head", arc((x, y, 0), r * 0.55, r * 0.55, 0, 2 * np.pi, "xy", 20), 0.035, melt=False)
            for x, y in [(-r * 0.6, r * 0.5), (r * 0.6, r * 0.5), (0, r * 1.3)]
        ]
    shaft = (
        [cylinder("shaft", (0, 0.03, 0), (0, -long, 0), 0.035)]
        if u.chance()
        else [box("shaft", (0, -long / 2, 0), (0.06, long / 2 + 0.03, 0.02))]
    )
    teeth = [
        box("tooth", (0.04 + d, y, 0), (d + 0.03, 0.03, 0.02))
        for y in np.linspace(-long * 0.97, -long * u(0.5, 0.8), u.count(2, 5))
        for d in [u(0.03, 0.07)]
    ]
    return _pose(u, [*head, *shaft, *teeth])


def fishing_rod(u: Dice) -> list[Piece]:
    """Rod with reel, guides and line."""
    long, bend = u(1.4, 1.8), u(0, 0.5)
    path = bezier((0, 0, 0), (0, long * 0.5, 0), (0, long * 0.8, bend * 0.3), (0, long * 0.95, bend))
    pieces = [tube("rod", path, np.linspace(0.025, 0.01, len(path)), melt=False), _stick(u, "handle", -0.35, 0.12, 0.04)]
    pieces += [
        cylinder("reel", (-0.06, -0.02, 0.1), (0.06, -0.02, 0.1), u(0.06, 0.09)),
        tube("reel", [(0, 0, 0), (0, -0.02, 0.1)], 0.02),
        tube("reel/crank", [(0.05, -0.02, 0.1), (0.12, -0.02, 0.1), (0.12, -0.1, 0.1)], 0.015),
    ]
    pieces += [
        tube("guide", arc(path[k] + [0, 0, 0.03], 0.03, 0.03, 0, 2 * np.pi, "xz", 12), 0.008, melt=False) for k in (4, 7, 9)
    ]
    return pieces + ([tube("line", [path[-1], path[-1] - [0, u(0.4, 1), -0.05]], 0.007, melt=False)] if u.chance() else [])


def anchor(u: Dice) -> list[Piece]:
    """Ship's anchor with ring and stock, and grapnel with four arms."""
    h, w, r = u(0.8, 1.2), u(0.35, 0.55), u(0.035, 0.06)
    pieces = [
        cylinder("shaft", (0, 0, 0), (0, h, 0), r),
        tube("ring", arc((0, h + 0.08, 0), 0.09, 0.09, 0, 2 * np.pi, "xy", 20), 0.025, melt=False),
    ]
    if u.chance(0.75):
        pieces.append(tube("crossbar", [(-w * 0.7, h * 0.88, 0), (w * 0.7, h * 0.88, 0)], r * 0.9, melt=False))
    for c, s in around(u.pick(2, 2, 2, 4)):
        path = bezier((0, 0, 0), (w * 0.7, 0, 0), (w, h * u(0.25, 0.4), 0))
        fluke = prism("arm/fluke", [(-0.1, -0.08), (0.1, -0.08), (0, 0.16)], 0.025, path[-1], turn("y", np.pi / 2))
        pieces += move(
            [tube("arm", path, np.linspace(r * 1.2, r * 0.7, len(path)), melt=False), fluke],
            rotation=turn("y", np.arctan2(s, c)),
        )
    return pieces


KINDS = {
    "pliers": Kind(pliers, "pliers", ("pliers", "needle nose pliers", "tongs"), organic=True),
    "scissors": Kind(scissors, "pliers", ("scissors",)),
    "shears": Kind(shears, "pliers", ("shears", "garden shears", "pruning shears")),
    "tweezers": Kind(tweezers, "pliers", ("tweezers", "tongs")),
    "nutcracker": Kind(nutcracker, "pliers", ("nutcracker",)),
    "wrench": Kind(wrench, "wrench", ("wrench", "spanner")),
    "clamp": Kind(clamp, "wrench", ("clamp", "screw clamp")),
    "screwdriver": Kind(screwdriver, "screwdriver", ("screwdriver",)),
    "chisel": Kind(chisel, "screwdriver", ("chisel",)),
    "hammer": Kind(hammer, "striking tool", ("hammer", "mallet", "sledgehammer")),
    "axe": Kind(axe, "striking tool", ("axe", "hatchet", "battle axe")),
    "pickaxe": Kind(pickaxe, "striking tool", ("pickaxe", "mattock")),
    "saw": Kind(saw, "saw", ("saw", "hand saw", "hacksaw")),
    "drill": Kind(drill, "gun", ("drill", "power drill")),
    "pistol": Kind(pistol, "gun", ("pistol", "handgun", "revolver")),
    "rifle": Kind(rifle, "gun", ("rifle", "shotgun", "machine gun")),
    "shovel": Kind(shovel, "digging tool", ("shovel", "spade")),
    "rake": Kind(rake, "digging tool", ("rake", "pitchfork", "hoe")),
    "broom": Kind(broom, "brush", ("broom", "mop")),
    "brush": Kind(brush, "brush", ("brush", "paint brush", "hairbrush")),
    "toothbrush": Kind(toothbrush, "brush", ("toothbrush",)),
    "paint roller": Kind(paint_roller, "brush", ("paint roller",)),
    "knife": Kind(knife, "knife", ("knife", "kitchen knife")),
    "sword": Kind(sword, "knife", ("sword", "dagger", "sabre")),
    "spear": Kind(spear, "spear", ("spear", "lance", "halberd")),
    "bow": Kind(bow_and_arrow, "bow", ("bow and arrow", "bow")),
    "fork": Kind(fork, "cutlery", ("fork", "dinner fork")),
    "spoon": Kind(spoon, "cutlery", ("spoon", "ladle")),
    "spatula": Kind(spatula, "cutlery", ("spatula", "turner")),
    "whisk": Kind(whisk, "cutlery", ("whisk",)),
    "corkscrew": Kind(corkscrew, "corkscrew", ("corkscrew", "wine opener")),
    "pen": Kind(pen, "pen", ("pen", "pencil", "marker")),
    "razor": Kind(razor, "razor", ("razor", "shaver")),
    "comb": Kind(comb, "comb", ("comb",)),
    "magnifying glass": Kind(magnifying_glass, "magnifying glass", ("magnifying glass", "magnifier")),
    "key": Kind(key, "key", ("key", "door key")),
    "fishing rod": Kind(fishing_rod, "fishing rod", ("fishing rod", "fishing pole")),
    "anchor": Kind(anchor, "anchor", ("anchor", "ship anchor")),
}

SYNONYMS = {
    "jaw": ("clamping end", "mouth", "nose"),
    "joint": ("pivot", "hinge", "rivet"),
    "handle": ("hand hold", "lever", "hilt"),
    "finger ring": ("finger hole", "finger loop"),
    "blade": ("cutting edge", "cutter"),
    "arm": ("lever", "bar"),
    "tip": ("point", "end"),
    "ring": ("eye", "loop"),
    "screw": ("thread", "spiral"),
    "shaft": ("rod", "pole", "shank"),
    "head": ("tool head", "top"),
    "face": ("striking face", "hammer face"),
    "claw": ("nail puller", "fork"),
    "spike": ("point", "thorn"),
    "point": ("tip", "spike", "spearhead"),
    "cap": ("end cap", "cover"),
    "tooth": ("teeth", "prong"),
    "frame": ("bracket", "bow"),
    "body": ("housing", "casing", "main body"),
    "chuck": ("bit holder",),
    "bit": ("drill bit",),
    "trigger": ("switch", "trigger button"),
    "battery": ("battery pack",),
    "cord": ("cable", "power cable"),
    "crank": ("crank handle", "winder"),
    "wheel": ("gear wheel",),
    "crossbar": ("cross piece", "bar"),
    "neck": ("narrow part", "collar"),
    "tine": ("prong", "tooth"),
    "bristle": ("hair", "brush hair"),
    "band": ("binding", "strap"),
    "mop string": ("mop cord", "strand"),
    "metal band": ("ferrule", "metal ring"),
    "roller": ("roll", "drum"),
    "guard": ("cross guard", "hand guard"),
    "pommel": ("handle end", "knob"),
    "bow": ("bow arm", "curved wood"),
    "string": ("bowstring", "cord"),
    "arrow": ("projectile",),
    "arrowhead": ("arrow tip", "point"),
    "feather": ("fletching", "vane"),
    "trigger guard": ("trigger ring",),
    "slide": ("gun slide", "upper part"),
    "barrel": ("gun barrel", "muzzle", "tube"),
    "cylinder": ("drum", "revolver drum"),
    "hammer": ("firing hammer",),
    "sight": ("aiming sight", "iron sight"),
    "magazine": ("clip", "ammunition clip"),
    "fore end": ("front handle", "hand guard"),
    "stock": ("gun stock", "shoulder stock", "butt"),
    "scope": ("telescope", "aiming scope"),
    "scope mount": ("scope holder",),
    "bowl": ("scoop", "spoon head"),
    "wire": ("wire loop", "whisk wire"),
    "eraser": ("rubber",),
    "clip": ("pocket clip",),
    "spine": ("back", "comb back"),
    "lens": ("glass", "magnifying lens"),
    "rod": ("pole", "stick"),
    "reel": ("spool", "winder"),
    "guide": ("line ring", "eyelet"),
    "line": ("fishing line", "string"),
    "fluke": ("anchor tip", "blade"),
}
