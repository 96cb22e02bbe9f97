"""Musical instruments, sports gear, games and playground things."""

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
    plate,
    prism,
    tube,
    turn,
)

_QUARTER = np.pi / 2


def _loop(centre: ArrayLike, radius_a: float, radius_b: float, plane: str = "xz") -> Array:
    """Closed ellipse [33 3]."""
    return arc(centre, radius_a, radius_b, 0, 2 * np.pi, plane, 33)


def _lean(u: Dice, pieces: list[Piece]) -> list[Piece]:
    """Upright, leaning back, lying on the back or on the side."""
    return move(
        pieces, rotation=u.pick(np.eye(3), np.eye(3), turn("x", -u(0.1, 0.4)), turn("x", -_QUARTER), turn("z", u(-1.6, 1.6)))
    )


# ------------------------------------------------------------------------------------------------------------- strings


def _waisted(w: float, h: float, waist: float, top: float) -> list[tuple[float, float]]:
    """Half-outline of a guitar body from y = 0 to h: lower bout, waist, upper bout."""
    y = np.linspace(0, 1, 17)
    lower, upper = (
        w * np.sqrt(np.clip(1 - ((y - 0.3) / 0.31) ** 2, 0, 1)),
        top * w * np.sqrt(np.clip(1 - ((y - 0.76) / 0.25) ** 2, 0, 1)),
    )
    middle = w * waist * np.clip(1 - np.abs(y - 0.54) / 0.3, 0, 1) ** 0.3
    return [(max(float(x), 0.02), float(k * h)) for x, k in zip(np.maximum(np.maximum(lower, upper), middle), y, strict=True)]


def _neck(u: Dice, low: float, long: float, z: float, scroll: bool, pegs: int, part: str = "head") -> list[Piece]:
    """Neck from y = low, head with pegs; a scroll for the violin family."""
    top = low + long
    pieces = [box("neck", (0, low + long / 2, z), (u(0.03, 0.045), long / 2, 0.03))]
    if scroll:
        pieces += [
            tube(part, bezier((0, top - 0.02, z), (0, top + 0.1, z), (0, top + 0.16, z - 0.06)), 0.035, melt=False),
            ellipsoid(part, (0, top + 0.17, z - 0.03), 0.05),
        ]
    else:
        pieces.append(
            plate(
                part,
                [(0.045, 0), (0.08, 0.06), (u(0.06, 0.1), 0.24), (0.03, 0.27)],
                0.022,
                (0, top - 0.01, z),
                turn("x", -u(0, 0.25)),
            )
        )
    for k in range(pegs):
        side, y = SIDES[k % 2], top + 0.05 + 0.07 * (k // 2)
        pieces.append(tube(f"{part}/peg", [(side * 0.04, y, z), (side * 0.13, y, z)], [0.012, 0.022], melt=False))
    return pieces


def guitar(u: Dice) -> list[Piece]:
    """Classical, steel-string, electric, bass guitar and ukulele."""
    w, h, long = u(0.28, 0.38), u(0.7, 0.9), u(0.6, 0.9)
    electric = u.chance(0.45)
    d = u(0.03, 0.05) if electric else u(0.08, 0.13)
    if electric and u.chance(0.6):
        spike = u(0.3, 0.5) if u.chance(0.2) else 0.0
        edge = [
            (-0.2, -spike * 0.6),
            (0, -0.02),
            (0.2, -spike * 0.6),
            (w, 0.12),
            (w * 0.72, h * 0.42),
            (w * 0.95, h * u(0.7, 0.9)),
            (w * 0.5, h * 0.72),
            (0, h * 0.62),
            (-w * 0.5, h * 0.76),
            (-w * 0.95, h * u(0.7, 1.0)),
            (-w * 0.72, h * 0.42),
            (-w, 0.12),
        ]
        body, join = prism("body", edge, d), h * 0.58
    else:
        body, join = plate("body", _waisted(w, h, u(0.6, 0.75), u(0.7, 0.85)), d), h * 0.9
    pieces = [body, *_neck(u, join, long, d * 0.6, False, u.pick(4, 6, 6))]
    pieces.append(box("fretboard", (0, join + long * 0.42, d + 0.012), (0.04, long * 0.56, 0.015)))
    bridge_y = h * u(0.2, 0.28)
    pieces.append(box("bridge", (0, bridge_y, d + 0.01), (u(0.08, 0.14), 0.022, 0.02)))
    if electric:
        pieces += [box("pickup", (0, h * y, d + 0.008), (0.08, 0.025, 0.015)) for y in (0.36, 0.48)[: u.count(1, 2)]]
        pieces += [cylinder("knob", (w * 0.6, h * y, d), (w * 0.6, h * y, d + 0.035), 0.025) for y in (0.12, 0.22)]
    else:
        r = w * u(0.28, 0.36)
        pieces.append(cylinder("sound hole", (0, h * 0.58, d - 0.01), (0, h * 0.58, d + 0.006), r))
    if u.chance(0.5):
        top = join + long
        pieces += [
            tube("string", [(x, bridge_y, d + 0.035), (x, top, d * 0.6 + 0.045)], 0.005, melt=False)
            for x in np.linspace(-0.03, 0.03, 4)
        ]
    return _lean(u, pieces)


def violin(u: Dice) -> list[Piece]:
    """Violin, cello with an end pin, double bass; bow at times."""
    w, h, long, d = u(0.24, 0.34), u(0.75, 0.95), u(0.4, 0.55), u(0.06, 0.13)
    pieces = [plate("body", _waisted(w, h, u(0.5, 0.62), u(0.75, 0.85)), d), *_neck(u, h * 0.92, long, d * 0.7, True, 4)]
    pieces.append(box("fretboard", (0, h * 0.9 + long * 0.3, d + 0.05), (0.03, long * 0.75, 0.014), turn("x", -0.05)))
    pieces += [
        box("bridge", (0, h * 0.42, d + 0.04), (0.07, 0.012, 0.05)),
        plate("tailpiece", [(0.025, 0.02), (0.055, h * 0.26)], 0.014, (0, 0, d + 0.035)),
    ]
    pieces += [
        tube(
            "sound hole",
            bezier((s * 0.1, h * 0.34, d), (s * 0.16, h * 0.4, d), (s * 0.08, h * 0.46, d), (s * 0.14, h * 0.52, d)),
            0.014,
            melt=False,
        )
        for s in SIDES
    ]
    if u.chance(0.6):
        pieces += [
            tube(
                "string",
                [(x, h * 0.26, d + 0.05), (x, h * 0.42, d + 0.09), (x * 0.6, h * 0.92 + long, d * 0.7 + 0.04)],
                0.005,
                melt=False,
            )
            for x in np.linspace(-0.03, 0.03, 4)
        ]
    if u.chance(0.5):
        pieces.append(cylinder("end pin", (0, -u(0.12, 0.3), 0), (0, 0.03, 0), 0.015))
    else:
        pieces.append(ellipsoid("chin rest", (-w * 0.45, 0.1, d + 0.02), (0.1, 0.09, 0.03), melt=False))
    if u.chance(0.25):
        x = w + 0.15
        pieces += [
            tube("bow", bezier((x, 0, 0), (x - 0.04, h * 0.7, 0), (x, h * 1.5, 0)), 0.014, melt=False),
            tube("bow/hair", [(x + 0.03, 0.04, 0), (x + 0.01, h * 1.48, 0)], 0.01, melt=False),
            box("bow/frog", (x + 0.015, 0.04, 0), (0.025, 0.05, 0.015)),
        ]
    return _lean(u, pieces)


def banjo(u: Dice) -> list[Piece]:
    """Banjo, mandolin and lute: round or pear body."""
    r, d, long = u(0.3, 0.4), u(0.05, 0.1), u(0.6, 0.9)
    if u.chance(0.6):
        pieces = [
            lathe("body", [(r, -d), (r, d), (0.001, d)], axis="z"),
            tube("rim", _loop((0, 0, d), r, r, "xy"), 0.025, round_ends=False, melt=False),
        ]
        pieces += [
            cylinder("rim/hook", (r * 1.03 * c, r * 1.03 * s, -d), (r * 1.03 * c, r * 1.03 * s, d), 0.014)
            for c, s in around(u.count(8, 16))
        ]
    else:
        outline = [(0.02, -r), (r * 0.75, -r * 0.8), (r, -r * 0.2), (r * 0.75, r * 0.5), (0.06, r * 1.25)]
        pieces = [
            plate("body", outline, d * u(1, 2)),
            cylinder("sound hole", (0, r * 0.15, d * 0.9), (0, r * 0.15, d * 2.02), r * 0.22),
        ]
    pieces += _neck(u, r * 0.85, long, d * 0.6, False, u.pick(4, 5, 8))
    pieces.append(box("bridge", (0, -r * 0.35, d + 0.03), (0.08, 0.015, 0.03)))
    return _lean(u, pieces)


def harp(u: Dice) -> list[Piece]:
    """Concert harp and lyre."""
    h, w, n = u(1.1, 1.5), u(0.5, 0.75), u.count(8, 18)
    if u.chance(0.25):
        arms = [
            tube(
                "arm",
                bezier((s * w * 0.3, 0.2, 0), (s * w * 0.9, h * 0.4, 0), (s * w * 0.2, h * 0.6, 0), (s * w * 0.6, h * 0.8, 0)),
                0.05,
                melt=False,
            )
            for s in SIDES
        ]
        strings = [
            tube("string", [(x * 0.4, 0.25, 0), (x * 0.6, h * 0.72, 0)], 0.008, melt=False)
            for x in np.linspace(-w * 0.6, w * 0.6, 7)
        ]
        return [
            *arms,
            *strings,
            tube("crossbar", [(-w * 0.6, h * 0.72, 0), (w * 0.6, h * 0.72, 0)], 0.035),
            ellipsoid("base", (0, 0.18, 0), (w * 0.5, 0.16, 0.1), square=0.6),
        ]
    curve = bezier((0, h, 0), (w * 0.3, h * u(0.85, 1.0), 0), (w * 0.6, h * u(0.5, 0.75), 0), (w, h * 0.85, 0), n=20)
    low = np.linspace((0.12, 0.08, 0), (w, h * 0.85, 0), 20)
    pieces = [
        tube("pillar", [(0, 0, 0), (0, h, 0)], u(0.03, 0.05), melt=False),
        tube("neck", curve, 0.04, melt=False),
        tube("body", low[[0, 10, 19]], [u(0.1, 0.14), 0.1, 0.05], melt=False),
    ]
    pieces += [tube("string", [low[k], curve[k]], 0.007, melt=False) for k in np.linspace(2, 18, n).astype(int)]
    return [*pieces, box("base", (0.08, 0.02, 0), (0.18, 0.05, 0.14))]


# ------------------------------------------------------------------------------------------------------- keys and drums


def piano(u: Dice) -> list[Piece]:
    """Grand piano with open or closed lid, upright piano, electric keyboard on a stand."""
    w, style = u(0.55, 0.75), u.pick("grand", "upright", "keyboard")
    h = u(0.4, 0.55)
    z = u(0.14, 0.2)
    keys = [box("keyboard", (0, h + 0.02, z + 0.1), (w * 0.92, 0.025, 0.09))]
    if u.chance(0.6):
        keys += [
            box("keyboard/key", (x, h + 0.05, z + 0.07), (0.014, 0.015, 0.06))
            for x in np.linspace(-w * 0.85, w * 0.85, u.count(12, 24))
        ]
    if style == "keyboard":
        pieces = [box("body", (0, h, z), (w, 0.04, 0.2)), *keys]
        return pieces + [
            tube("stand", [(s * w * 0.6, 0, k * 0.25 + z), (s * w * 0.6, h - 0.03, -k * 0.2 + z)], 0.025, melt=False)
            for s in SIDES
            for k in SIDES
        ]
    if style == "upright":
        tall, pieces = h + u(0.35, 0.6), []
        pieces = [
            box("body", (0, tall / 2, -0.12), (w, tall / 2, 0.17)),
            box("shelf", (0, h - 0.04, z + 0.05), (w, 0.04, 0.17)),
            *keys,
        ]
        pieces += [box("leg", (s * w * 0.94, h / 2 - 0.03, z + 0.15), (0.04, h / 2 - 0.03, 0.04)) for s in SIDES]
        pieces += [box("pedal", (x, 0.05, 0.1), (0.025, 0.01, 0.07)) for x in (-0.08, 0, 0.08)]
        return pieces + (
            [box("music stand", (0, tall * 0.85, 0.08), (w * 0.4, 0.12, 0.012), turn("x", -0.2))] if u.chance() else []
        )
    long = u(0.8, 1.2)
    edge = np.array(
        [
            (-w, 0.2),
            (w, 0.2),
            (w, -0.1),
            (w * 0.8, -long * 0.45),
            (w * 0.1, -long * 0.7),
            (-w * 0.1, -long),
            (-w * 0.6, -long * 1.08),
            (-w, -long),
        ]
    )
    flat = turn("x", _QUARTER)
    pieces = [prism("body", edge, 0.1, (0, h, 0), flat), *keys]
    if u.chance(0.75):
        lid = prism("lid", edge[2:] if u.chance() else edge, 0.015, (0, 0, 0), flat)
        angle = u(0.4, 0.9)
        pieces += move(
            [Piece("lid", lid.vertices + np.array([w, 0, 0]), lid.faces)], (-w, h + 0.11, 0), rotation=turn("z", angle)
        )
        pieces.append(
            tube(
                "prop",
                [(w * 0.7, h + 0.1, -0.3), (w * 0.4, h + 0.1 + (1.4 * w) * np.tan(angle) * 0.9, -0.3)],
                0.014,
                melt=False,
            )
        )
    else:
        pieces.append(prism("lid", edge, 0.015, (0, h + 0.11, 0), flat))
    pieces += [
        tube("leg", [(x, h - 0.08, zz), (x, 0, zz)], [0.06, 0.03], melt=False)
        for x, zz in ((-w * 0.85, 0.05), (w * 0.85, 0.05), (-w * 0.4, -long * 0.8))
    ]
    return pieces + ([box("music stand", (0, h + 0.24, -0.02), (w * 0.4, 0.13, 0.01), turn("x", -0.25))] if u.chance() else [])


def _one_drum(u: Dice, r: float, d: float, part: str = "body") -> list[Piece]:
    """Drum around y with skins at both ends, rims and at times lugs."""
    t = u(0.015, 0.03)
    pieces = [
        cylinder(part, (0, -d, 0), (0, d, 0), r),
        *(cylinder("drumhead", (0, s * d, 0), (0, s * (d + 0.012), 0), r * 0.97) for s in SIDES),
    ]
    pieces += [tube("rim", _loop((0, s * d, 0), r, r), t, round_ends=False, melt=False) for s in SIDES]
    return pieces + (
        [cylinder("lug", (r * c, -d * 0.8, r * s), (r * c, d * 0.8, r * s), 0.018) for c, s in around(u.count(5, 8))]
        if u.chance(0.4)
        else []
    )


def drum(u: Dice) -> list[Piece]:
    """Snare on a stand, bongo, djembe, marching drum with ropes, drumsticks at times."""
    style, r = u.pick("snare", "djembe", "marching", "bongo"), u(0.32, 0.45)
    if style == "djembe":
        pieces = [
            lathe("body", [(r * 0.6, 0), (r * 0.4, 0.4), (r * 0.5, 0.6), (r, 0.95), (r, 1.1)]),
            cylinder("drumhead", (0, 1.1, 0), (0, 1.13, 0), r * 0.98),
            tube("rim", _loop((0, 1.05, 0), r, r), 0.025, melt=False),
        ]
        return pieces + [
            tube("rope", [(r * 1.02 * c, 1.05, r * 1.02 * s), (r * 0.56 * c, 0.62, r * 0.56 * s)], 0.012, melt=False)
            for c, s in around(u.count(8, 14))
        ]
    d = {"snare": u(0.1, 0.18), "marching": u(0.25, 0.4), "bongo": u(0.15, 0.25)}[style]
    pieces = _one_drum(u, r, d)
    if style == "bongo":
        pieces = move(pieces, (-r * 1.03, 0, 0), scale=0.9) + move(_one_drum(u, r * 0.8, d), (r * 0.85, 0, 0))
    elif style == "marching":
        n = u.count(8, 14)
        pieces += [
            tube(
                "rope",
                [(r * 1.03 * c, -s * d, r * 1.03 * k), (r * 1.03 * np.cos(a), s * d, r * 1.03 * np.sin(a))],
                0.012,
                melt=False,
            )
            for s in SIDES
            for c, k in around(n)
            for a in [np.arctan2(k, c) + np.pi / n]
        ]
    else:
        pieces += [
            cylinder("stand", (0, -0.6, 0), (0, -d, 0), 0.03),
            *(tube("stand/leg", [(0, -0.45, 0), (0.35 * c, -0.75, 0.35 * s)], 0.02, melt=False) for c, s in around(3)),
        ]
    if u.chance(0.4):
        pieces += [
            tube("drumstick", [(x, d + 0.06, -0.1), (x * 1.5, d + 0.05 + u(0, 0.2), 0.5)], [0.025, 0.018], melt=False)
            for x in (-0.12, 0.15)
        ]
    return pieces


def drum_kit(u: Dice) -> list[Piece]:
    """Bass drum, toms, floor tom, snare, cymbals on stands, perhaps a stool."""
    r = u(0.28, 0.36)

    def placed(name: str, radius: float, deep: float, at: tuple[float, float, float], tilt: float) -> list[Piece]:
        named = [
            Piece(f"{name}/{p.part}" if p.part != "body" else name, p.vertices, p.faces) for p in _one_drum(u, radius, deep)
        ]
        return move(named, at, rotation=turn("x", tilt))

    pieces = placed("bass drum", r, 0.2, (0, r, 0.1), _QUARTER)
    pieces += [p for s in SIDES for p in placed("tom", r * 0.5, 0.09, (s * r * 0.6, r * 2.35, 0.1), -0.4)]
    pieces += [tube("stand", [(s * r * 0.3, r * 1.9, 0.1), (s * r * 0.6, r * 2.35, 0.1)], 0.02, melt=False) for s in SIDES]
    pieces += placed("floor tom", r * 0.65, 0.16, (-r * 1.9, 0.4, -0.1), 0)
    pieces += placed("snare drum", r * 0.6, 0.07, (r * 1.5, 0.48, -0.25), 0)
    feet = [(-r * 1.9, 0.3, -0.1, r * 0.6), (r * 1.5, 0.44, -0.25, r * 0.3)]
    pieces += [
        tube("leg", [(x + rr * c, y, z + rr * s), (x + rr * 1.2 * c, 0, z + rr * 1.2 * s)], 0.015, melt=False)
        for x, y, z, rr in feet
        for c, s in around(3)
    ]
    for s in SIDES[: u.count(1, 2)]:
        x, y, z = s * r * 2.3, u(0.9, 1.15), 0.05
        pieces += [
            tube("stand", [(x, 0, z), (x, y, z)], 0.018, melt=False),
            *(tube("stand/leg", [(x, 0.2, z), (x + 0.2 * c, 0, z + 0.2 * k)], 0.014, melt=False) for c, k in around(3)),
        ]
        pieces += move(
            [lathe("cymbal", [(r * 0.75, -0.01), (0.08, 0.03), (0.03, 0.05), (0.001, 0.05)])],
            (x, y, z),
            rotation=turn("z", u(-0.3, 0.3)),
        )
    if u.chance(0.4):
        pieces += [
            cylinder("stool", (0, 0.36, -0.75), (0, 0.42, -0.75), 0.16),
            cylinder("stool/leg", (0, 0, -0.75), (0, 0.37, -0.75), 0.03),
        ]
    return pieces


# ---------------------------------------------------------------------------------------------------------------- winds


def trumpet(u: Dice) -> list[Piece]:
    """Trumpet, bugle, trombone and horn with coiled tube."""
    style, r = u.pick("trumpet", "trumpet", "trombone", "horn"), u(0.022, 0.035)
    flare = [(r, 0), (r * 1.3, 0.2), (r * 2.2, 0.36), (u(0.16, 0.22), 0.48), (u(0.16, 0.22), 0.485), (r * 1.8, 0.36)]
    mouth = lathe("mouthpiece", [(r * 0.7, 0), (r * 0.8, 0.08), (r * 1.8, 0.14), (r * 1.8, 0.16)], (0, 0, 0), "x")
    back = Piece("mouthpiece", mouth.vertices * [-1, 1, 1], mouth.faces)
    if style == "horn":
        coil = arc((0, 0.2, 0), 0.28, 0.28, -_QUARTER, 3.5 * np.pi, "xy", 50)
        pieces = [
            tube("tube", coil + np.linspace(0, 0.06, 50)[:, None] * [0, 0, 1], r, melt=False),
            *move([lathe("bell", flare, (0, 0, 0), "x")], (-0.05, -0.1, 0.04), rotation=turn("z", -0.3)),
        ]
        return [
            *pieces,
            *move([back], (-0.24, 0.46, 0), rotation=turn("z", 0.0)),
            tube("tube", [(-0.25, 0.46, 0), (0, 0.48, 0.03)], r, melt=False),
            *(cylinder("valve", (x, 0.1, 0.03), (x, 0.32, 0.03), 0.04) for x in (-0.1, 0, 0.1)),
        ]
    long, drop = u(0.3, 0.45), u(0.1, 0.16)
    pieces = [
        *move([lathe("bell", flare, (0, 0, 0), "x")], (long, 0, 0)),
        *move([back], (-long - 0.15, 0 if style == "trumpet" else -drop, 0)),
    ]
    path = np.array(
        [
            (-long - 0.16, 0, 0.04),
            (long * 0.6, 0, 0.04),
            (long * 0.8, -drop / 2, 0.04),
            (long * 0.6, -drop, 0.03),
            (-long * 0.6, -drop, 0),
            (-long * 0.8, -drop / 2, 0),
            (-long * 0.6, 0, 0),
            (long, 0, 0),
        ]
    )
    if style == "trombone":
        far = u(0.8, 1.3)
        slide = np.array(
            [
                (-long - 0.16, -drop, 0),
                (far, -drop, 0),
                (far + 0.06, -drop - 0.06, 0),
                (far, -drop - 0.12, 0),
                (-long * 0.5, -drop - 0.12, 0),
            ]
        )
        pieces += [
            tube("slide", slide, r * 0.8, melt=False),
            tube(
                "tube",
                np.array([(-long * 0.5, -drop - 0.12, 0), (-long - 0.5, -0.12, 0), (-long - 0.5, 0, 0), (long, 0, 0)]),
                r,
                melt=False,
            ),
        ]
        return [
            *pieces,
            *(tube("brace", [(x, -drop, 0), (x, -drop - 0.12, 0)], 0.012, melt=False) for x in (0.1, 0.25)),
            tube("brace", [(0.1, 0, 0), (0.1, -drop, 0)], 0.012, melt=False),
        ]
    pieces.append(tube("tube", path, r * 0.9, melt=False))
    if u.chance(0.85):
        pieces += [cylinder("valve", (x, -drop * 1.3, 0.02), (x, 0.08, 0.02), 0.04) for x in (-0.1, 0.0, 0.1)] + [
            cylinder("valve/button", (x, 0.08, 0.02), (x, 0.14, 0.02), 0.022) for x in (-0.1, 0.0, 0.1)
        ]
    return move(pieces, rotation=u.pick(np.eye(3), turn("y", _QUARTER), turn("z", 0.3)))


def saxophone(u: Dice) -> list[Piece]:
    """Saxophone with curved bell, keys and mouthpiece."""
    h, bend, r = u(0.8, 1.1), u(0.13, 0.2), u(0.09, 0.14)
    path = np.concatenate(
        [
            np.linspace((0, h, 0), (0, 0.2, 0), 6),
            arc((bend, 0.2, 0), bend, bend, np.pi, 2 * np.pi, "xy", 9)[1:],
            np.linspace((2 * bend, 0.25, 0), (2 * bend + 0.06, h * 0.55, 0), 5),
        ]
    )
    swell = np.interp(np.linspace(0, 1, len(path)), [0, 0.5, 0.8, 1], [0.035, 0.07, r * 0.85, r * 1.6])
    cut = 14
    neck = bezier((0, h - 0.02, 0), (0, h + 0.2, 0), (-0.1, h + 0.16, 0), (-0.25, h + 0.1, 0))
    pieces = [
        tube("body", path[: cut + 1], swell[: cut + 1], round_ends=False, melt=False),
        tube("bell", path[cut:], swell[cut:], round_ends=False, melt=False),
        tube("neck", neck, 0.028, melt=False),
    ]
    pieces.append(tube("mouthpiece", [neck[-1], neck[-1] + [-0.14, -0.02, 0]], [0.04, 0.02], flat=0.8, melt=False))
    pieces += [
        cylinder("key", (0.0, y, 0.05), (0.0, y, 0.095), u(0.03, 0.05)) for y in np.linspace(0.3, h * 0.9, u.count(4, 8))
    ]
    return [*pieces, tube("rod", [(0.05, 0.25, 0.06), (0.04, h * 0.9, 0.05)], 0.01, melt=False)]


def flute(u: Dice) -> list[Piece]:
    """Transverse flute with keys, recorder, clarinet with a bell."""
    long, r, style = u(1.2, 1.5), u(0.03, 0.05), u.pick("flute", "recorder", "clarinet")
    keys = [(long * k) for k in np.linspace(0.3, 0.85, u.count(5, 9))]
    pieces = [cylinder("body", (0, 0.2, 0), (0, long, 0), r)]
    if style == "recorder":
        pieces += [
            lathe("head", [(r * 1.2, 0.3), (r * 1.3, 0.05), (r * 0.9, 0.0)]),
            prism("mouthpiece", [(-r, 0.03), (r, 0.03), (r * 0.6, -0.12), (-r * 0.6, -0.12)], r * 0.7),
            lathe("foot", [(r * 1.2, long - 0.02), (r * 1.4, long + 0.06), (r, long + 0.15)]),
        ]
        pieces += [cylinder("hole", (0, y, r * 0.9), (0, y, r * 1.06), 0.018) for y in keys]
    else:
        end = (
            [lathe("bell", [(r, long - 0.02), (r * 1.3, long + 0.1), (r * 2.6, long + 0.2)])]
            if style == "clarinet"
            else [cylinder("foot", (0, long, 0), (0, long + 0.15, 0), r)]
        )
        head = (
            [lathe("mouthpiece", [(r, 0.1), (r, 0), (r * 0.3, -0.14)]), cylinder("head", (0, 0.05, 0), (0, 0.25, 0), r * 1.1)]
            if style == "clarinet"
            else [
                cylinder("head", (0, -0.15, 0), (0, 0.25, 0), r * 1.05),
                ellipsoid("mouthpiece", (0, 0, r), (0.035, 0.05, 0.02), melt=False),
            ]
        )
        pieces += [
            *end,
            *head,
            *(cylinder("key", (0, y, r), (0, y, r * 1.5), 0.03) for y in keys),
            tube("rod", [(r, 0.3 * long, r), (r, 0.85 * long, r)], 0.01, melt=False),
        ]
    return move(
        pieces, (0, -long / 2, 0), rotation=u.pick(np.eye(3), turn("z", _QUARTER), turn("z", u(0.3, 1.2)), turn("z", np.pi))
    )


# ---------------------------------------------------------------------------------------------------------- sports gear


def racket(u: Dice) -> list[Piece]:
    """Tennis, badminton, squash and table tennis racket."""
    a, long = u(0.25, 0.34), u(0.4, 0.7)
    if u.chance(0.25):
        return _lean(
            u,
            [
                lathe("face", [(0.001, -0.02), (a, -0.02), (a, 0.02), (0.001, 0.02)], (0, a, 0), "z"),
                box("handle", (0, -0.13, 0), (0.05, 0.18, 0.03)),
            ],
        )
    b, t = a * u(1.1, 1.5), u(0.016, 0.03)
    pieces = [tube("frame", _loop((0, b, 0), a, b, "xy"), t, round_ends=False, melt=False)]
    for k in np.linspace(-0.85, 0.85, u.count(7, 12)):
        s = float(np.sqrt(1 - k * k))
        pieces += [
            tube("string", [(k * a, b - s * b, 0), (k * a, b + s * b, 0)], 0.006, melt=False),
            tube("string", [(-s * a, b + k * b, 0), (s * a, b + k * b, 0)], 0.006, melt=False),
        ]
    if u.chance(0.6):
        pieces += [tube("shaft", [(s * a * 0.5, b * 0.15, 0), (0, -long * 0.45, 0)], t, melt=False) for s in SIDES]
    else:
        pieces.append(cylinder("shaft", (0, 0.0, 0), (0, -long * 0.5, 0), t * 0.9))
    return _lean(
        u, [*pieces, tube("handle", [(0, -long * 0.4, 0), (0, -long, 0)], [0.03, u(0.035, 0.05)], round_ends=False, melt=False)]
    )


def golf_club(u: Dice) -> list[Piece]:
    """Driver, iron, putter and hockey stick-like clubs."""
    long, style = u(1.3, 1.6), u.pick("driver", "iron", "putter")
    pieces = [
        cylinder("shaft", (0, 0.05, 0), (0, long, 0), 0.016),
        cylinder("handle", (0, long * 0.78, 0), (0, long, 0), [0.022, 0.032]),
    ]
    if style == "driver":
        pieces.append(ellipsoid("head", (0.09, 0.03, 0), (0.15, 0.07, 0.11), melt=False))
    elif style == "iron":
        pieces.append(prism("head", [(-0.03, 0), (0.2, -0.03), (0.23, 0.12), (0, 0.06)], 0.025, rotation=turn("x", 0.3)))
    else:
        pieces.append(box("head", (0.08, 0.03, 0), (0.14, 0.035, 0.035)))
    return _lean(u, move(pieces, rotation=turn("z", u(0, 0.4))))


def bat(u: Dice) -> list[Piece]:
    """Baseball bat, cricket bat and club."""
    long, r = u(1.1, 1.4), u(0.06, 0.09)
    if u.chance(0.3):
        return _lean(
            u, [box("barrel", (0, 0.45, 0), (u(0.09, 0.13), 0.42, 0.04)), cylinder("handle", (0, 0.85, 0), (0, 1.25, 0), 0.035)]
        )
    return _lean(
        u,
        [
            lathe("handle", [(0.026, 0.03), (0.028, long * 0.4)]),
            lathe("knob", [(0.045, 0), (0.05, 0.03), (0.03, 0.05)]),
            lathe(
                "barrel",
                [(0.028, long * 0.39), (r * 0.8, long * 0.65), (r, long * 0.85), (r * 0.95, long), (r * 0.4, long + 0.03)],
            ),
        ],
    )


def hockey_stick(u: Dice) -> list[Piece]:
    """Ice hockey, field hockey and lacrosse stick."""
    long, style = u(1.2, 1.5), u.pick("ice", "field", "lacrosse")
    pieces = [
        box("shaft", (0, long * 0.5, 0), (0.025, long * 0.5, 0.018))
        if u.chance()
        else cylinder("shaft", (0, 0, 0), (0, long, 0), 0.025),
        cylinder("handle", (0, long * 0.8, 0), (0, long + 0.02, 0), 0.033),
    ]
    if style == "ice":
        pieces.append(
            tube(
                "blade",
                bezier((0, 0.05, 0), (0.02, -0.03, 0), (0.2, 0, 0.02), (0.34, 0.03, u(0, 0.08))),
                0.05,
                flat=0.3,
                melt=False,
            )
        )
    elif style == "field":
        pieces.append(tube("blade", arc((0.1, 0.02, 0), 0.1, 0.12, np.pi, 2 * np.pi, "xy"), 0.04, flat=0.8, melt=False))
    else:
        pieces.append(tube("head", _loop((0, -0.2, 0), 0.12, 0.2, "xy"), 0.02, melt=False))
        pieces += [tube("head/net", [(x, -0.36, -0.02), (x, -0.03, -0.02)], 0.008, melt=False) for x in (-0.06, 0, 0.06)] + [
            tube("head/net", [(-0.11, y, -0.02), (0.11, y, -0.02)], 0.008, melt=False) for y in (-0.28, -0.2, -0.12)
        ]
    return _lean(u, pieces)


def skis(u: Dice) -> list[Piece]:
    """Pair of skis with bindings and poles."""
    long, w, gap = u(0.8, 1.0), u(0.04, 0.06), u(0.1, 0.2)
    pieces = []
    for s in SIDES:
        x = s * gap
        path = np.array([(x, 0, -long), (x, 0, 0), (x, 0, long * 0.8), (x, 0.05, long * 0.95), (x, 0.15, long * 1.05)])
        pieces += [
            tube("ski", path, [w, w * 0.8, w, w * 0.9, w * 0.4], flat=0.3, melt=False),
            box("binding", (x, 0.05, 0.12), (w * 0.8, 0.045, 0.06)),
            box("binding", (x, 0.05, -0.16), (w * 0.8, 0.055, 0.06)),
        ]
        if u.chance(0.6):
            px = s * (gap + 0.2)
            pieces += [
                cylinder("pole", (px, 0.0, -long * 0.6), (px, 0.05, long * 0.5), 0.013),
                cylinder("pole/handle", (px, 0.05, long * 0.5), (px, 0.06, long * 0.66), 0.025),
                cylinder("pole/basket", (px, 0.0, -long * 0.54), (px, 0.002, -long * 0.53), 0.05),
            ]
    return move(pieces, rotation=u.pick(np.eye(3), turn("x", -_QUARTER), turn("y", u(0, 1))))


def snowboard(u: Dice) -> list[Piece]:
    """Snowboard with bindings, surfboard with fins."""
    long, w, style = u(0.7, 0.95), u(0.13, 0.2), u.pick("snow", "surf")
    z = np.linspace(-1, 1, 15)
    rise = u(0.06, 0.18) * np.maximum(np.abs(z) - 0.7, 0) / 0.3
    half = (
        w
        * np.sqrt(np.clip(1 - np.abs(z) ** (3 if style == "surf" else 8), 0.02, 1))
        * (1 - 0.12 * (1 - z**2) * (style == "snow"))
    )
    zero = np.zeros(15)
    pieces = [
        loft(
            "board",
            np.stack([zero, rise, z * long], 1),
            np.stack([half, zero, zero], 1),
            np.stack([zero, zero + 0.02, zero], 1),
        )
    ]
    if style == "snow":
        for s in SIDES:
            k = s * long * u(0.28, 0.36)
            pieces += [
                box("binding", (0, 0.04, k), (w * 0.9, 0.02, 0.08)),
                box("binding", (-w * 0.8, 0.14, k), (0.02, 0.1, 0.08)),
                tube(
                    "binding/strap",
                    bezier((-w * 0.2, 0.05, k - 0.08), (0, 0.3, k), (-w * 0.2, 0.05, k + 0.08)),
                    0.025,
                    melt=False,
                ),
            ]
    else:
        pieces += [
            prism("fin", [(-0.06, 0), (0.06, 0), (-0.08, -0.16)], 0.012, (x, -0.01, -long * 0.85), turn("y", _QUARTER))
            for x in u.pick((0.0,), (-0.08, 0.0, 0.08))
        ]
    return move(pieces, rotation=u.pick(np.eye(3), turn("x", -_QUARTER), turn("z", u(-0.5, 0.5))))


def roller_skate(u: Dice) -> list[Piece]:
    """Quad roller skate, inline skate and ice skate."""
    style = u.pick("quad", "inline", "ice")
    pieces = [
        loft(
            "boot",
            [(0, 0.12, z) for z in (-0.32, -0.25, 0.1, 0.3, 0.4)],
            [(k, 0, 0) for k in (0.06, 0.12, 0.14, 0.12, 0.04)],
            [(0, k, 0) for k in (0.08, 0.13, 0.12, 0.09, 0.04)],
        )
    ]
    pieces.append(
        tube("boot", [(0, 0.15, -0.17), (0, u(0.4, 0.6), -0.2)], [0.13, 0.14], flat=1.2, round_ends=False, melt=False)
    )
    pieces += [
        tube("lace", arc((0, y, z), 0.1, 0.035, 0, np.pi, "xy", 8), 0.016, melt=False)
        for y, z in ((0.22, 0.14), (0.25, 0.06), (0.3, 0.0))
    ]
    if style == "ice":
        return [
            *pieces,
            box("blade", (0, -0.16, 0.03), (0.012, 0.04, 0.45)),
            *(box("blade holder", (0, -0.07, z), (0.03, 0.07, 0.04)) for z in (-0.2, 0.22)),
        ]
    if style == "inline":
        return [
            *pieces,
            box("frame", (0, -0.05, 0.02), (0.035, 0.06, 0.4)),
            *(cylinder("wheel", (-0.025, -0.12, z), (0.025, -0.12, z), 0.085) for z in np.linspace(-0.32, 0.36, 4)),
        ]
    pieces += [
        box("frame", (0, -0.02, 0.02), (0.11, 0.02, 0.36)),
        *(cylinder("axle", (-0.14, -0.09, z), (0.14, -0.09, z), 0.02) for z in (-0.2, 0.24)),
        *(box("frame", (0, -0.06, z), (0.04, 0.05, 0.04)) for z in (-0.2, 0.24)),
    ]
    return [
        *pieces,
        *(cylinder("wheel", (s * 0.1, -0.1, z), (s * 0.18, -0.1, z), 0.075) for s in SIDES for z in (-0.2, 0.24)),
        cylinder("stopper", (0, -0.12, 0.42), (0, -0.01, 0.38), 0.05),
    ]


def barbell(u: Dice) -> list[Piece]:
    """Long barbell with several plates, short dumbbell with discs, hexagons or balls, kettlebell."""
    style = u.pick("barbell", "dumbbell", "hexagon", "ball", "kettlebell")
    if style == "kettlebell":
        r = u(0.3, 0.4)
        return [
            ellipsoid("weight", (0, 0, 0), (r, r * 0.95, r), melt=False),
            tube(
                "handle",
                bezier((-r * 0.6, r * 0.6, 0), (-r * 0.8, r * 2.2, 0), (r * 0.8, r * 2.2, 0), (r * 0.6, r * 0.6, 0), n=16),
                0.06,
                melt=False,
            ),
        ]
    long = u(0.9, 1.1) if style == "barbell" else u(0.25, 0.4)
    pieces = [cylinder("bar", (-long, 0, 0), (long, 0, 0), u(0.02, 0.04) if style == "barbell" else u(0.035, 0.06))]
    for s in SIDES:
        x = long * (0.72 if style == "barbell" else 0.8)
        if style == "ball":
            pieces.append(ellipsoid("weight", (s * long, 0, 0), u(0.15, 0.17) * 1.1, melt=False))
        elif style == "hexagon":
            pieces.append(prism("weight", np.array(around(6)) * 0.19, 0.12, (s * long, 0, 0), turn("y", _QUARTER)))
        else:
            r = u(0.3, 0.38) if s < 0 else float(np.ptp(pieces[1].vertices[:, 1])) / 2
            for k in range(3):
                t = 0.045
                pieces.append(cylinder("weight", (s * x, 0, 0), (s * (x + t), 0, 0), r * (1 - 0.18 * k)))
                x += t + 0.006
            pieces.append(cylinder("collar", (s * x, 0, 0), (s * (x + 0.05), 0, 0), 0.07))
    return pieces


def basketball_hoop(u: Dice) -> list[Piece]:
    """Backboard with ring and net on a pole with a base, or wall mounted."""
    h, r = u(1.1, 1.4), u(0.13, 0.17)
    pieces = [
        box("backboard", (0, h, 0), (u(0.32, 0.42), u(0.2, 0.28), 0.02))
        if u.chance(0.75)
        else prism("backboard", arc((0, h, 0), 0.38, 0.26, 0, 2 * np.pi, "xy", 24)[:-1, :2], 0.02)
    ]
    y, z = h - 0.1, r + 0.06
    pieces += [tube("ring", _loop((0, y, z), r, r), 0.015, melt=False), box("ring", (0, y, 0.04), (0.04, 0.02, 0.04))]
    if u.chance(0.8):
        pieces += [
            tube(
                "net",
                [
                    (r * c, y, z + r * s),
                    (r * 0.7 * np.cos(a), y - 0.14, z + r * 0.7 * np.sin(a)),
                    (r * 0.5 * np.cos(b), y - 0.28, z + r * 0.5 * np.sin(b)),
                ],
                0.007,
                melt=False,
            )
            for c, s in around(10)
            for k in SIDES
            for a in [np.arctan2(s, c) + k * 0.3]
            for b in [np.arctan2(s, c) + k * 0.6]
        ]
    if u.chance(0.8):
        back = u(0.2, 0.45)
        pieces += [
            cylinder("pole", (0, 0, -back), (0, h - 0.2, -back), 0.04),
            tube("pole", [(0, h - 0.22, -back), (0, h - 0.02, -0.01)], 0.035, melt=False),
            box("base", (0, 0.05, -back - 0.1), (0.25, 0.06, 0.3)),
        ]
    return pieces


def soccer_goal(u: Dice) -> list[Piece]:
    """Goal of posts with crossbar, back frame and net."""
    w, h, d, r = u(0.7, 1.0), u(0.5, 0.7), u(0.3, 0.5), u(0.02, 0.035)
    top = d * u(0.1, 0.5)
    pieces = [tube("post", [(s * w, 0, 0), (s * w, h, 0)], r, melt=False) for s in SIDES] + [
        tube("crossbar", [(-w, h, 0), (w, h, 0)], r, melt=False)
    ]
    pieces += [
        tube("frame", [(s * w, h, 0), (s * w, h, -top), (s * w, 0, -d), (s * w, 0, 0)], r * 0.6, melt=False) for s in SIDES
    ] + [tube("frame", [(-w, 0, -d), (w, 0, -d)], r * 0.6, melt=False)]
    n = u.count(8, 12)
    pieces += [tube("net", [(x, h, 0), (x, h, -top), (x, 0, -d)], 0.007, melt=False) for x in np.linspace(-w, w, n)]
    return pieces + [
        tube(
            "net",
            [(-w, h * k, 0), (-w, h * k, -d + (d - top) * k), (w, h * k, -d + (d - top) * k), (w, h * k, 0)],
            0.007,
            melt=False,
        )
        for k in np.linspace(0.1, 1, 6)
    ]


def dart(u: Dice) -> list[Piece]:
    """Dart with tip, barrel, shaft and flights."""
    r, wide = u(0.035, 0.06), u(0.1, 0.18)
    pieces = [
        cylinder("tip", (0, -0.3, 0), (0, 0, 0), [0.004, 0.02]),
        lathe("barrel", [(0.02, 0), (r, 0.05), (r * u(0.7, 1), 0.2), (r, 0.36), (0.02, 0.42)]),
        cylinder("shaft", (0, 0.4, 0), (0, 0.85, 0), 0.016),
    ]
    for c, s in around(u.pick(3, 4, 4)):
        pieces += move(
            [prism("flight", [(0, 0.6), (wide, 0.72), (wide, 0.85), (0, 0.9)], 0.006)], rotation=turn("y", np.arctan2(s, c))
        )
    return _lean(u, pieces)


def bowling_pin(u: Dice) -> list[Piece]:
    """Bowling pin, with stripe, alone or with a ball."""
    body = [(0.12, 0), (0.2, 0.2), (0.24, 0.42), (0.17, 0.65), (0.1, 0.82)]
    pieces = [
        lathe("body", body),
        lathe("neck", [(0.1, 0.81), (0.085, 0.9), (0.1, 0.99)]),
        ellipsoid("head", (0, 1.06, 0), (0.125, 0.15, 0.125), melt=False),
    ]
    if u.chance(0.4):
        pieces.append(lathe("stripe", [(0.105, 0.84), (0.095, 0.9), (0.1, 0.93)]))
    if u.chance(0.25):
        return [
            *move(pieces, (0.3, 0, -0.1)),
            ellipsoid("ball", (-0.25, 0.3, 0.15), 0.3, melt=False),
            *(
                cylinder(
                    "ball/hole", (-0.25 + 0.06 * c, 0.58, 0.17 + 0.06 * s), (-0.25 + 0.06 * c, 0.62, 0.17 + 0.06 * s), 0.03
                )
                for c, s in around(3)
            ),
        ]
    return move(pieces, rotation=u.pick(np.eye(3), np.eye(3), turn("z", _QUARTER)))


# ----------------------------------------------------------------------------------------------------------------- games


def _chess_base(u: Dice, top: float, r: float) -> list[Piece]:
    """Base and concave body of a chess piece up to y = top with radius about r."""
    foot, step = u(0.26, 0.34), u(0.1, 0.18)
    base = u.pick(
        [(foot, 0), (foot, step * 0.5), (foot * 0.8, step)],
        [(foot, 0), (foot * 0.97, step * 0.4), (foot * 0.8, step * 0.5), (foot * 0.85, step * 0.8), (foot * 0.6, step)],
    )
    t = np.linspace(0, 1, 10)
    body = [(r + (foot * 0.7 - r) * (1 - k) ** 2, step * 0.9 + (top - step * 0.9) * k) for k in t]
    collar = r * u(1.3, 1.7)
    return [
        lathe("base", base),
        lathe("body", body),
        lathe("collar", [(r * 0.9, top - 0.04), (collar, top - 0.01), (collar, top + 0.02), (r * 0.9, top + 0.05)]),
    ]


def chess_king(u: Dice) -> list[Piece]:
    """Chess king with a cross."""
    top, r = u(0.75, 1.0), u(0.09, 0.13)
    pieces = [
        *_chess_base(u, top, r),
        lathe("head", [(r * 0.9, top), (r * u(1.5, 1.8), top + 0.26), (r, top + 0.33), (0.02, top + 0.36)]),
    ]
    y = top + 0.46
    return [
        *pieces,
        box("head/cross", (0, y, 0), (0.028, 0.12, 0.025)),
        box("head/cross", (0, y + 0.02, 0), (0.08, 0.028, 0.025)),
    ]


def chess_queen(u: Dice) -> list[Piece]:
    """Chess queen with a toothed crown and a ball."""
    top, r = u(0.7, 0.95), u(0.09, 0.12)
    wide = r * u(1.6, 2.0)
    pieces = [
        *_chess_base(u, top, r),
        lathe("head", [(r * 0.9, top), (wide, top + 0.26), (wide * 0.8, top + 0.26), (0.05, top + 0.33)]),
        ellipsoid("head/ball", (0, top + 0.37, 0), 0.05, melt=False),
    ]
    return pieces + [
        ellipsoid("head/spike", (wide * 0.92 * c, top + 0.28, wide * 0.92 * s), (0.035, 0.05, 0.035), melt=False)
        for c, s in around(u.count(6, 10))
    ]


def chess_pawn(u: Dice) -> list[Piece]:
    """Chess pawn and bishop: ball or pointed head."""
    top, r = u(0.4, 0.6), u(0.08, 0.12)
    if u.chance(0.35):
        top += 0.25
        return [
            *_chess_base(u, top, r),
            ellipsoid("head", (0, top + 0.16, 0), (0.12, 0.19, 0.12), melt=False),
            ellipsoid("head/ball", (0, top + 0.37, 0), 0.04, melt=False),
        ]
    k = u(0.14, 0.2)
    return [*_chess_base(u, top, r), ellipsoid("head", (0, top + k * 0.9, 0), k, melt=False)]


def chess_rook(u: Dice) -> list[Piece]:
    """Chess rook: tower head with battlements."""
    top, r = u(0.45, 0.65), u(0.13, 0.18)
    wide = r * u(1.2, 1.5)
    pieces = [*_chess_base(u, top, r), lathe("head", [(r, top), (wide, top + 0.06), (wide, top + 0.18), (0.001, top + 0.18)])]
    n = u.count(4, 7)
    return pieces + [
        box(
            "head/battlement",
            (wide * 0.86 * c, top + 0.21, wide * 0.86 * s),
            (wide * 0.14, 0.06, wide * 1.5 / n),
            turn("y", -np.arctan2(s, c)),
        )
        for c, s in around(n)
    ]


def chess_knight(u: Dice) -> list[Piece]:
    """Chess knight: a horse's neck and head on a turned base."""
    foot, y = u(0.26, 0.34), u(0.15, 0.25)
    nod = u(-0.06, 0.08)
    pieces = [lathe("base", [(foot, 0), (foot, y * 0.4), (foot * 0.75, y * 0.7), (foot * 0.8, y)])]
    pieces.append(
        tube(
            "neck",
            bezier((0, y * 0.9, 0), (-0.18, y + 0.3, 0), (-0.08, y + 0.6, 0), (0.02, y + 0.62, 0)),
            np.linspace(0.19, 0.11, 12),
            flat=u(0.6, 0.9),
        )
    )
    pieces.append(
        tube("head", [(0, y + 0.6, 0), (0.16, y + 0.5 - nod, 0), (0.3, y + 0.4 - nod, 0)], [0.12, 0.1, 0.07], flat=0.8)
    )
    pieces += [
        tube("head/ear", [(-0.01, y + 0.68, s * 0.05), (-0.01, y + 0.8, s * 0.06)], [0.035, 0.012], melt=False) for s in SIDES
    ]
    if u.chance(0.6):
        pieces.append(tube("mane", bezier((-0.08, y + 0.72, 0), (-0.28, y + 0.6, 0), (-0.22, y + 0.15, 0)), 0.035, melt=False))
    return pieces


def spinning_top(u: Dice) -> list[Piece]:
    """Peg top, finger top and humming top."""
    r, h = u(0.4, 0.6), u(0.3, 0.7)
    mid = u(0.4, 0.75) * h
    pieces = [
        lathe(
            "body",
            [
                (0.05, 0.1),
                (r * u(0.4, 0.8), 0.1 + mid * 0.5),
                (r, 0.1 + mid),
                (r * u(0.5, 0.9), 0.1 + h * 0.9),
                (0.06, 0.1 + h),
            ],
        ),
        lathe("tip", [(0.008, -0.05), (0.05, 0.12)]),
        cylinder("handle", (0, h + 0.08, 0), (0, h + u(0.3, 0.5), 0), u(0.03, 0.06)),
    ]
    return move(
        pieces + ([ellipsoid("handle", (0, h + 0.42, 0), 0.09)] if u.chance(0.3) else []), rotation=turn("z", u(-0.6, 0.6))
    )


def yo_yo(u: Dice) -> list[Piece]:
    """Yo-yo: two discs, an axle and a string with a loop."""
    r, t = u(0.3, 0.4), u(0.08, 0.16)
    pieces = [cylinder("axle", (0, 0, -0.08), (0, 0, 0.08), 0.06)]
    for s in SIDES:
        half = lathe(
            "disc", [(r * 0.7, 0.03), (r, 0.05), (r, 0.06 + t * 0.5), (r * 0.8, 0.06 + t), (0.001, 0.05 + t)], axis="z"
        )
        pieces.append(Piece("disc", half.vertices * [1, 1, s], half.faces))
    top = u(0.6, 1.1)
    return [
        *pieces,
        tube("string", [(0.05, 0, 0), (0.05, top, 0)], 0.014, melt=False),
        tube("string", _loop((0.05, top + 0.08, 0), 0.06, 0.08, "xy"), 0.014, melt=False),
    ]


def kite(u: Dice) -> list[Piece]:
    """Diamond and delta kite with frame, tail and line."""
    w, h = u(0.45, 0.65), u(0.5, 0.7)
    delta = u.chance(0.3)
    edge = (
        [(-w * 1.3, -h * 0.5), (0, -h * 0.3), (w * 1.3, -h * 0.5), (0, h)]
        if delta
        else [(0, -h), (w, h * 0.3), (0, h * 0.8), (-w, h * 0.3)]
    )
    low = -h * 0.3 if delta else -h
    pieces = [
        prism("sail", edge, 0.008),
        tube("frame", [(0, low, 0.02), (0, edge[3][1] if delta else h * 0.8, 0.02)], 0.014, melt=False),
        tube("frame", [(-w, h * 0.1 if delta else h * 0.3, 0.02), (w, h * 0.1 if delta else h * 0.3, 0.02)], 0.014, melt=False),
    ]
    tail = bezier(
        (0, low, 0), (u(-0.3, 0.3), low - 0.3, 0.1), (u(-0.4, 0.4), low - 0.5, -0.1), (u(-0.3, 0.3), low - u(0.6, 1), 0)
    )
    pieces.append(tube("tail", tail, 0.014, melt=False))
    pieces += [
        prism("tail/bow", [(-0.09, 0.05), (0, 0.01), (0.09, 0.05), (0.09, -0.05), (0, -0.01), (-0.09, -0.05)], 0.01, tail[k])
        for k in (4, 7, 10)
    ]
    return pieces + ([tube("line", [(0, 0, 0.02), (0, -0.4, 0.9)], 0.009, melt=False)] if u.chance(0.5) else [])


# ------------------------------------------------------------------------------------------------------------ playground


def _hobby_horse(u: Dice, y: float) -> list[Piece]:
    """Simple horse facing +x whose legs end near y - 0.3."""
    r = u(0.11, 0.15)
    pieces = [
        tube("body", [(-0.25, y, 0), (0.25, y, 0)], r, flat=u(0.9, 1.2)),
        tube("neck", [(0.24, y + 0.05, 0), (0.4, y + 0.34, 0)], [0.1, 0.075]),
        tube("head", [(0.38, y + 0.36, 0), (0.58, y + 0.26, 0)], [0.085, 0.055]),
    ]
    pieces += [tube("head/ear", [(0.37, y + 0.42, s * 0.04), (0.36, y + 0.5, s * 0.05)], [0.025, 0.01]) for s in SIDES]
    pieces += [
        tube("leg", [(x, y, s * 0.08), (x * 1.3, y - 0.34, s * 0.13)], [0.055, 0.04]) for x in (-0.24, 0.24) for s in SIDES
    ]
    return [*pieces, tube("tail", bezier((-0.34, y + 0.05, 0), (-0.5, y + 0.05, 0), (-0.5, y - 0.25, 0)), 0.03)]


def rocking_horse(u: Dice) -> list[Piece]:
    """Rocking horse on two runners, with saddle and hand bar."""
    y = 0.5
    pieces = _hobby_horse(u, y)
    bow = u(0.05, 0.2)
    pieces += [
        tube(
            "rocker",
            bezier(
                (-0.65, 0.1 + bow, s * 0.15),
                (-0.2, 0.08 - bow, s * 0.15),
                (0.2, 0.08 - bow, s * 0.15),
                (0.65, 0.1 + bow, s * 0.15),
            ),
            0.035,
            flat=1.3,
            melt=False,
        )
        for s in SIDES
    ]
    pieces += [tube("crossbar", [(x, 0.1, -0.16), (x, 0.1, 0.16)], 0.025, melt=False) for x in (-0.33, 0.33)]
    if u.chance(0.7):
        pieces.append(ellipsoid("saddle", (-0.02, y + 0.12, 0), (0.15, 0.05, 0.14), melt=False))
    return [*pieces, tube("handle", [(0.36, y + 0.3, -0.17), (0.36, y + 0.3, 0.17)], 0.022, melt=False)]


def swing_set(u: Dice) -> list[Piece]:
    """A-frame swing with one to three seats, mid-swing or at rest."""
    w, h, d, n, r = u(0.5, 0.9), u(0.9, 1.2), u(0.3, 0.5), u.count(1, 3), u(0.025, 0.04)
    pieces = [tube("leg", [(s * w, h, 0), (s * (w + 0.08), 0, k * d)], r, melt=False) for s in SIDES for k in SIDES] + [
        tube("crossbar", [(-w, h, 0), (w, h, 0)], r * 1.1, melt=False)
    ]
    for x in np.linspace(-w, w, n + 2)[1:-1]:
        a, long = u(-0.6, 0.6), h * u(0.6, 0.75)
        z, y = long * np.sin(a), h - long * np.cos(a)
        half = min(0.16, w / (n + 1) * 0.7)
        pieces += [tube("rope", [(x + s * half * 0.9, h, 0), (x + s * half * 0.9, y, z)], 0.012, melt=False) for s in SIDES]
        pieces.append(box("seat", (x, y, z), (half, 0.02, 0.08), turn("x", -a)))
    return pieces


def slide(u: Dice) -> list[Piece]:
    """Playground slide, straight, wavy or tubular, with ladder, platform and rails."""
    h, w, long = u(0.7, 1.0), u(0.13, 0.2), u(0.8, 1.2)
    path = bezier((0, h, 0.1), (0, h * u(0.7, 1), 0.3), (0, u(0, 0.2), long * 0.7), (0, 0.06, long))
    if u.chance(0.15):
        pieces = [tube("chute", path + np.array([0, w * 0.6, 0]), w, round_ends=False, melt=False)]
    else:
        pieces = [
            tube("chute", path, w, flat=0.1, round_ends=False, melt=False),
            *(tube("side rail", path + np.array([s * w, 0.05, 0]), 0.025, flat=1.8, melt=False) for s in SIDES),
        ]
    pieces.append(box("platform", (0, h, -0.02), (w * 1.1, 0.02, 0.16)))
    back = -0.18
    lean = u(0.05, 0.35)
    pieces += [tube("ladder", [(s * w, h + u(0.15, 0.3), back), (s * w, 0, back - lean)], 0.022, melt=False) for s in SIDES]
    pieces += [
        tube("ladder/rung", [(-w, y, back - lean * (1 - y / h)), (w, y, back - lean * (1 - y / h))], 0.018, melt=False)
        for y in np.linspace(0.1, h * 0.95, u.count(4, 7))
    ]
    pieces += [tube("leg", [(s * w, h, 0.1), (s * w * 1.1, 0, 0.12)], 0.025, melt=False) for s in SIDES]
    return pieces + (
        [
            tube("handrail", [(s * w, h + 0.25, back), (s * w, h + 0.25, 0.08), (s * w, h, 0.12)], 0.018, melt=False)
            for s in SIDES
        ]
        if u.chance(0.6)
        else []
    )


def seesaw(u: Dice) -> list[Piece]:
    """Plank on a stand, seats and handles at the ends, tilted."""
    long, h, tilt = u(0.8, 1.1), u(0.25, 0.4), u(-0.3, 0.3)
    top = [box("plank", (0, 0, 0), (long, u(0.02, 0.04), u(0.07, 0.12)))]
    for s in SIDES:
        top += [
            tube(
                "handle",
                [
                    (s * long * 0.72, 0, -0.05),
                    (s * long * 0.72, 0.2, -0.09),
                    (s * long * 0.72, 0.2, 0.09),
                    (s * long * 0.72, 0, 0.05),
                ],
                0.018,
                melt=False,
            ),
            box("seat", (s * long * 0.9, 0.05, 0), (0.09, 0.025, 0.1)),
        ]
        if u.chance(0.4):
            top.append(box("backrest", (s * long, 0.14, 0), (0.02, 0.12, 0.1)))
    pieces = move(top, (0, h, 0), rotation=turn("z", tilt))
    base = u.pick("a", "block", "spring")
    if base == "a":
        return (
            pieces
            + [tube("stand", [(0, h, z * 0.08), (x * 0.2, 0, z * 0.16)], 0.03, melt=False) for x in SIDES for z in SIDES]
            + [cylinder("axle", (0, h, -0.15), (0, h, 0.15), 0.03)]
        )
    if base == "block":
        return [*pieces, prism("stand", [(-0.22, 0), (0.22, 0), (0.06, h), (-0.06, h)], 0.12)]
    return [*pieces, tube("spring", helix(0.1, h, 5), 0.022, melt=False), cylinder("stand", (0, 0, 0), (0, 0.04, 0), 0.2)]


def carousel(u: Dice) -> list[Piece]:
    """Merry-go-round with horses on poles under a roof, and playground spinner with bars."""
    r = u(0.7, 0.9)
    if u.chance(0.35):
        pieces = [cylinder("platform", (0, 0.08, 0), (0, 0.13, 0), r), cylinder("center pole", (0, 0, 0), (0, 0.55, 0), 0.06)]
        for c, s in around(u.count(4, 6)):
            pieces.append(
                tube(
                    "handrail",
                    [(0.06 * c, 0.5, 0.06 * s), (r * 0.85 * c, 0.5, r * 0.85 * s), (r * 0.92 * c, 0.1, r * 0.92 * s)],
                    0.022,
                    melt=False,
                )
            )
        return pieces
    h, n, ride = u(0.75, 1.0), u.count(4, 7), u(0.28, 0.36)
    pieces = [cylinder("platform", (0, 0, 0), (0, 0.07, 0), r), cylinder("center pole", (0, 0.05, 0), (0, h, 0), u(0.08, 0.2))]
    pieces.append(lathe("roof", [(r * 1.05, h - 0.06), (r * 1.08, h), (r * 0.5, h + u(0.15, 0.25)), (0.02, h + u(0.3, 0.5))]))
    for k, (c, s) in enumerate(around(n)):
        x, z, y = r * 0.72 * c, r * 0.72 * s, h * 0.42 + 0.07 * (-1) ** k
        horse = [Piece(f"horse/{p.part.split('/')[-1]}", p.vertices - [0, 0.5, 0], p.faces) for p in _hobby_horse(u, 0.5)]
        pieces += move(horse, (x, y, z), scale=ride * 1.2, rotation=turn("y", -np.arctan2(s, c) - _QUARTER))
        pieces.append(cylinder("pole", (x, 0.05, z), (x, h, z), 0.014))
    return pieces + ([ellipsoid("roof/ball", (0, h + 0.45, 0), 0.05)] if u.chance() else [])


KINDS = {
    "guitar": Kind(guitar, "string instrument", ("guitar", "electric guitar", "ukulele")),
    "violin": Kind(violin, "string instrument", ("violin", "cello", "double bass")),
    "banjo": Kind(banjo, "string instrument", ("banjo", "mandolin", "lute")),
    "harp": Kind(harp, "harp", ("harp", "lyre")),
    "piano": Kind(piano, "piano", ("piano", "grand piano", "keyboard")),
    "drum": Kind(drum, "drum", ("drum", "snare drum", "bongo")),
    "drum kit": Kind(drum_kit, "drum", ("drum kit", "drum set")),
    "trumpet": Kind(trumpet, "wind instrument", ("trumpet", "trombone", "french horn")),
    "saxophone": Kind(saxophone, "wind instrument", ("saxophone",)),
    "flute": Kind(flute, "wind instrument", ("flute", "recorder", "clarinet")),
    "racket": Kind(racket, "racket", ("tennis racket", "badminton racket", "table tennis bat")),
    "golf club": Kind(golf_club, "club", ("golf club", "putter")),
    "baseball bat": Kind(bat, "club", ("baseball bat", "cricket bat")),
    "hockey stick": Kind(hockey_stick, "club", ("hockey stick", "lacrosse stick")),
    "skis": Kind(skis, "board", ("skis", "pair of skis")),
    "snowboard": Kind(snowboard, "board", ("snowboard", "surfboard")),
    "roller skate": Kind(roller_skate, "footwear", ("roller skate", "ice skate", "inline skate")),
    "barbell": Kind(barbell, "weights", ("barbell", "dumbbell", "kettlebell")),
    "basketball hoop": Kind(basketball_hoop, "goal", ("basketball hoop", "basketball goal")),
    "soccer goal": Kind(soccer_goal, "goal", ("soccer goal", "football goal")),
    "dart": Kind(dart, "dart", ("dart",)),
    "bowling pin": Kind(bowling_pin, "bowling pin", ("bowling pin", "skittle")),
    "chess king": Kind(chess_king, "chess piece", ("chess king", "chess piece")),
    "chess queen": Kind(chess_queen, "chess piece", ("chess queen", "chess piece")),
    "chess pawn": Kind(chess_pawn, "chess piece", ("chess pawn", "chess bishop", "chess piece")),
    "chess rook": Kind(chess_rook, "chess piece", ("chess rook", "chess castle", "chess piece")),
    "chess knight": Kind(chess_knight, "chess piece", ("chess knight", "chess piece"), organic=True),
    "spinning top": Kind(spinning_top, "spinning toy", ("spinning top", "toy top")),
    "yo-yo": Kind(yo_yo, "spinning toy", ("yo-yo",)),
    "kite": Kind(kite, "kite", ("kite",)),
    "rocking horse": Kind(rocking_horse, "rocking horse", ("rocking horse",), organic=True),
    "swing set": Kind(swing_set, "playground", ("swing set", "swing")),
    "slide": Kind(slide, "playground", ("slide", "playground slide")),
    "seesaw": Kind(seesaw, "playground", ("seesaw",)),
    "carousel": Kind(carousel, "carousel", ("carousel", "merry-go-round")),
}

SYNONYMS = {
    "body": ("main body", "corpus", "sound box"),
    "neck": ("long narrow part", "shaft"),
    "head": ("headstock", "top", "end piece"),
    "peg": ("tuning peg", "tuner"),
    "fretboard": ("fingerboard", "frets"),
    "bridge": ("string holder", "string bridge"),
    "pickup": ("magnetic pickup",),
    "knob": ("button", "dial"),
    "sound hole": ("hole", "opening"),
    "string": ("cord", "wire"),
    "tailpiece": ("string holder",),
    "end pin": ("spike", "foot"),
    "chin rest": ("chin holder",),
    "bow": ("violin bow", "stick", "ribbon"),
    "hair": ("bow hair",),
    "frog": ("bow handle",),
    "rim": ("hoop", "edge"),
    "hook": ("bracket", "tension rod"),
    "arm": ("side arm",),
    "crossbar": ("bar", "beam", "top bar"),
    "pillar": ("column", "post"),
    "base": ("foot", "bottom", "stand"),
    "keyboard": ("keys", "row of keys"),
    "key": ("button", "black key"),
    "stand": ("support", "holder"),
    "shelf": ("key bed", "ledge"),
    "leg": ("foot", "support"),
    "pedal": ("foot pedal",),
    "music stand": ("note holder", "book rest"),
    "lid": ("cover", "top"),
    "prop": ("lid support", "stick"),
    "drumhead": ("drum skin", "membrane"),
    "lug": ("tension rod", "tuning screw"),
    "rope": ("cord", "chain"),
    "drumstick": ("stick", "beater"),
    "bass drum": ("kick drum", "big drum"),
    "tom": ("tom drum", "small drum"),
    "floor tom": ("floor drum",),
    "snare drum": ("snare",),
    "cymbal": ("metal disc", "brass plate"),
    "stool": ("seat", "drum stool"),
    "mouthpiece": ("mouth end", "blowing end"),
    "bell": ("horn", "funnel", "flared end"),
    "tube": ("pipe", "tubing"),
    "valve": ("piston", "valve cylinder"),
    "button": ("valve button", "key"),
    "slide": ("sliding tube", "u-shaped tube"),
    "brace": ("bar", "connector"),
    "rod": ("key rod", "bar"),
    "foot": ("foot joint", "end"),
    "hole": ("finger hole", "opening"),
    "face": ("paddle", "racket blade"),
    "frame": ("racket frame", "rim", "support"),
    "shaft": ("stick", "rod", "pole"),
    "handle": ("hand hold", "hand bar"),
    "barrel": ("thick end", "bat blade", "hitting part"),
    "blade": ("hitting end", "runner"),
    "net": ("mesh", "netting"),
    "ski": ("runner", "board"),
    "binding": ("boot binding", "boot holder"),
    "strap": ("band", "belt"),
    "pole": ("stick", "post", "mast"),
    "basket": ("snow disc",),
    "board": ("deck", "plank"),
    "axle": ("axis", "rod"),
    "wheel": ("roller",),
    "fin": ("surfboard fin", "keel"),
    "boot": ("shoe", "skate shoe"),
    "lace": ("shoelace", "string"),
    "blade holder": ("blade mount",),
    "stopper": ("brake", "toe stop"),
    "weight": ("weight plate", "disc"),
    "bar": ("rod", "handle"),
    "collar": ("ring", "clamp"),
    "backboard": ("board", "back plate"),
    "ring": ("hoop", "rim"),
    "post": ("goal post", "upright"),
    "tip": ("point", "spike"),
    "flight": ("feather", "fin", "wing"),
    "stripe": ("band", "ring"),
    "ball": ("sphere", "globe"),
    "cross": ("crucifix",),
    "spike": ("crown point", "prong"),
    "battlement": ("tooth", "merlon"),
    "ear": ("horse ear",),
    "mane": ("horse hair", "hair"),
    "disc": ("half", "yo-yo half"),
    "sail": ("cloth", "kite cover"),
    "tail": ("tail ribbon", "train"),
    "line": ("kite string", "cord"),
    "rocker": ("runner", "curved foot"),
    "saddle": ("seat",),
    "seat": ("swing seat", "seat board"),
    "chute": ("slide", "sliding surface"),
    "side rail": ("side wall", "edge"),
    "platform": ("deck", "floor"),
    "ladder": ("steps", "stairs"),
    "rung": ("step", "ladder step"),
    "handrail": ("rail", "railing"),
    "plank": ("board", "beam"),
    "backrest": ("back", "back support"),
    "spring": ("coil",),
    "center pole": ("column", "middle pole"),
    "roof": ("canopy", "top"),
    "horse": ("carousel horse", "pony"),
}
