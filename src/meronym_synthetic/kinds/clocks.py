"""Clocks and watches."""

from __future__ import annotations

import numpy as np

from meronym_synthetic.kit.curves import QUARTER, SIDES, Array, arc, around, bezier, turn
from meronym_synthetic.kit.devices import housing, key_grid, raised_disc
from meronym_synthetic.kit.registry import kind
from meronym_synthetic.kit.rng import Rng
from meronym_synthetic.kit.solids import Solid, box, cylinder, ellipsoid, lathe, loft, mirrored, move, plate, prism, tube


@kind("alarm clock", family="clock", names=("clock", "alarm clock", "wall clock"), synonyms={
    "base": ("bottom", "foot", "stand"), "screen": ("display", "monitor screen", "glass"), "frame": ("bezel", "border", "rim"),
    "button": ("push button", "key"), "body": ("casing", "housing", "main body"), "foot": ("leg", "stand"),
    "handle": ("hold", "hand hold"), "door": ("front door", "flap"), "face": ("clock face", "dial"),
    "hour mark": ("hour marker", "number"), "hand": ("clock hand", "pointer"), "hour hand": ("short hand",),
    "minute hand": ("long hand",), "bell": ("alarm bell",), "hammer": ("bell hammer", "striker"), "top": ("crown", "gable"),
    "pendulum": ("swing", "weight")})  # fmt: skip
def alarm_clock(u: Rng) -> list[Solid]:
    """Wall clocks, alarm clocks with bells, tall pendulum clocks, digital clocks."""
    style, r = u.pick("wall", "alarm", "pendulum", "digital"), u(0.4, 0.55)
    if style == "digital":
        w, h, d = u(0.6, 0.8), u(0.25, 0.35), u(0.15, 0.3)
        return [
            housing(u, "body", (0, h, 0), (w, h, d)),
            box("screen", (0, h, d), (w * 0.85, h * 0.65, 0.015)),
            *key_grid("button", w * 0.6, d * 0.3, (0, 2 * h, 0), 1, 4),
        ]
    deep, square = u(0.06, 0.14), u.chance(0.2)
    rim = np.array([(1, -1), (1.1, -0.5), (1.1, 1), (0.98, 1.2), (0.95, 0.9), (0, 0.9)]) * (r, deep)
    face = [box("frame", (0, 0, 0), (r * 1.1, r * 1.1, deep)) if square else lathe("frame", rim, (0, 0, 0), "z")]
    z = deep * (1.0 if square else 0.9)
    face.append(raised_disc("face", (0, 0, z), r * 0.93, 0.02))
    for k, (c, s) in enumerate(around(12)):
        size = (0.012 if k % 3 else 0.02) * 1.2
        hour_mark = (r * 0.8 * c, r * 0.8 * s, z + 0.02)
        face.append(box("hour mark", hour_mark, (size * 2.2, size, 0.01), turn("z", float(np.arctan2(s, c)))))
    for name, long, thick in (("hand/hour hand", 0.5, 0.03), ("hand/minute hand", 0.75, 0.022)):
        a = u(0, 6.28)
        face.append(
            plate(name, [(thick, -0.08), (thick, long * r * 0.9), (0.005, long * r)], 0.012, (0, 0, z + 0.04), turn("z", a))
        )
    face.append(raised_disc("hand", (0, 0, z + 0.02), 0.035, 0.05))
    if style == "wall":
        return face
    if style == "alarm":
        face += mirrored(ellipsoid, "bell", (r * 0.6, r * 1.15, 0), (r * 0.35, r * 0.28, r * 0.35), turn("z", -0.5))
        face += mirrored(tube, "foot", [(r * 0.6, -r * 0.8, 0), (r * 0.85, -r * 1.3, 0)], [0.06, 0.035])
        face += [
            tube("handle", arc((0, r * 1.2, 0), r * 0.45, r * 0.4, 0.2, np.pi - 0.2, "xy"), 0.025),
            cylinder("hammer", (0, r, 0), (0, r * 1.4, 0), 0.025),
        ]
        return face
    tall, w, d = u(1.0, 1.3), r * u(0.75, 0.9), u(0.15, 0.25)
    pieces = move(face, (0, 2 * tall, d))
    pieces += [
        box("body", (0, tall * 0.8, 0), (w * 0.8, tall * 0.8, d)),
        box("body", (0, 2 * tall, 0), (r * 1.2, r * 1.25, d)),
        box("base", (0, 0.12, 0), (w * 1.15, 0.15, d * 1.2)),
    ]
    pieces += [
        prism("top", [(-r * 1.3, 0), (r * 1.3, 0), (0, r * 0.6)], d * 1.1, (0, 2 * tall + r * 1.2, 0)),
        box("door", (0, tall * 0.85, d), (w * 0.6, tall * 0.55, 0.015)),
    ]
    return [
        *pieces,
        cylinder("pendulum", (0, tall * 0.65, d + 0.03), (0, tall * 1.35, d + 0.03), 0.014),
        raised_disc("pendulum", (0, tall * 0.62, d + 0.02), 0.12, 0.03),
    ]


@kind("watch", family="clock", names=("watch", "pocket watch"), synonyms={
    "screen": ("display", "monitor screen", "glass"), "ring": ("hoop", "loop", "band"), "strap": ("band", "belt"),
    "case": ("housing", "box", "watch case"), "face": ("clock face", "dial"), "hand": ("clock hand", "pointer"),
    "hour hand": ("short hand",), "minute hand": ("long hand",), "crown": ("winding knob", "side knob"),
    "chain": ("watch chain",), "buckle": ("clasp", "fastener")})  # fmt: skip
def watch(u: Rng) -> list[Solid]:
    """Watches, round or square, closed round the arm or laid flat; pocket watches."""
    r, deep, square, flat = u(0.3, 0.42), u(0.05, 0.09), u.chance(0.35), u.chance(0.3)
    body = [
        housing(u, "case", (0, 0, 0), (r * 0.9, r, deep))
        if square
        else lathe("case", [(r, -deep), (r * 1.05, 0), (r, deep), (0, deep)], (0, 0, 0), "z")
    ]
    digital = square and u.chance(0.6)
    size = (r * 0.75, r * 0.85, 0.012)
    if digital:
        body.append(box("screen", (0, 0, deep), size))
    else:
        body.append(raised_disc("face", (0, 0, deep), r * 0.85, 0.012))
        for name, long in (("hand/hour hand", 0.45), ("hand/minute hand", 0.7)):
            body.append(
                plate(
                    name,
                    [(0.018, -0.04), (0.018, long * r * 0.9), (0.004, long * r)],
                    0.01,
                    (0, 0, deep + 0.025),
                    turn("z", u(0, 6.28)),
                )
            )
    body.append(lathe("crown", [(0.045, 0), (0.045, 0.07), (0, 0.075)], (r * 0.95, 0, 0), "x"))
    if u.chance(0.2) and not square:
        body += [tube("ring", arc((0, r + 0.12, 0), 0.09, 0.09, 0, 6.28, "xy"), 0.022)]
        return [
            *body,
            tube("chain", bezier((0, r + 0.2, 0), (0.2, r + 0.7, 0), (0.8, r + 0.3, 0), (1.1, r + 0.5, 0), n=16), 0.025),
        ]
    wide = r * u(0.5, 0.75)
    if flat:
        for y in SIDES:
            path = [(0, y * r * 0.85, 0), (0, y * 1.0, -0.02), (0, y * 1.3, -0.02)]
            body.append(loft("strap", path, np.outer([1, 0.8, 0.7], (wide, 0, 0)), np.tile([0, 0, 0.025], (3, 1))))
        buckle = [(-wide * 0.8, 1.28, 0), (-wide * 0.8, 1.42, 0), (wide * 0.8, 1.42, 0), (wide * 0.8, 1.28, 0)]
        body.append(tube("buckle", buckle, 0.025))
        return body
    big = u(0.55, 0.68)
    loop = arc((0, 0, -big * 0.85), big, big * 0.85, QUARTER + 0.45, 2.5 * np.pi - 0.45, "yz", 30)
    normal = loop - (0, 0, -big * 0.85)
    normal /= np.linalg.norm(normal, axis=1, keepdims=True)
    shape = 0.75 + 0.25 * np.abs(np.linspace(-1, 1, 30))
    body.append(loft("strap", loop, np.outer(shape * wide, (1, 0, 0)), normal * 0.028))
    if u.chance(0.7):
        body.append(box("buckle", (0, 0, -big * 1.7 - 0.03), (wide * 0.85, 0.1, 0.03)))
    return body


def _clock_hands(u: Rng, r: float, centre: Array) -> list[Solid]:
    """Two or three hands on a dial that looks to +z."""
    sizes = [(0.55, 0.035), (0.8, 0.022)] + [(0.85, 0.01)] * u.chance(0.3)
    return [
        plate("clock hand", [(r * t, -r * 0.1), (r * t, r * a * 0.8), (0.003, r * a)], 0.008, centre, turn("z", u(0, 6.28)))
        for a, t in sizes
    ]


@kind("clock", family="clock", names=("clock", "wall clock", "alarm clock"), synonyms={
    "leg": ("table leg", "support", "foot"), "handle": ("knob", "pull", "lever"),
    "frame": ("body", "case", "casing", "surround"), "clock hand": ("pointer", "hour hand", "minute hand"),
    "dial": ("clock face", "face"), "bell": ("alarm bell", "gong")})  # fmt: skip
def clock(u: Rng) -> list[Solid]:
    """Round and square wall clocks, alarm clocks with bells and feet, mantel-top clocks."""
    r, thick = u(0.4, 0.6), u(0.04, 0.2)
    style = u.pick("round", "round", "square", "alarm", "arch")
    if style == "square":
        pieces = [box("frame", (0, 0, 0), (r * 1.15, r * 1.15, thick))]
    elif style == "arch":
        pieces = [
            plate(
                "frame",
                [
                    (r * 1.4, -r * 1.3),
                    (r * 1.25, -r * 1.1),
                    (r * 1.2, 0),
                    (r * 1.1, r * 0.6),
                    (r * 0.7, r * 1.05),
                    (0.01, r * 1.25),
                ],
                thick,
            )
        ]
    else:
        pieces = [
            lathe(
                "frame",
                [
                    (r * 1.02, -thick),
                    (r * 1.1, -thick * 0.5),
                    (r * 1.1, thick),
                    (r * 0.98, thick * 1.05),
                    (r * 0.98, thick * 0.5),
                ],
                (0, 0, 0),
                "z",
            )
        ]
    pieces.append(cylinder("dial", (0, 0, 0), (0, 0, thick * 1.02), r))
    pieces += _clock_hands(u, r, np.array([0, 0, thick * 1.1 + 0.01]))
    if style == "alarm":
        pieces += mirrored(ellipsoid, "bell", (r * 0.6, r * 1.15, 0), (r * 0.4, r * 0.28, r * 0.3), turn("z", -0.5))
        pieces += mirrored(tube, "leg", [(r * 0.6, -r * 0.8, 0), (r * 0.9, -r * 1.3, 0)], 0.05)
        pieces.append(tube("handle", arc((0, r * 1.3, 0), r * 0.5, r * 0.35, 0, np.pi, "xy"), 0.03))
    return pieces


@kind("grandfather clock", family="clock", names=("grandfather clock", "longcase clock", "pendulum clock"), synonyms={
    "base": ("foot", "stand", "bottom"), "clock hand": ("pointer", "hour hand", "minute hand"), "dial": ("clock face", "face"),
    "body": ("case", "trunk", "cabinet"), "head": ("hood", "bonnet"), "crown": ("cornice", "top ornament"),
    "pendulum": ("bob", "swinging weight")})  # fmt: skip
def grandfather_clock(u: Rng) -> list[Solid]:
    """Tall case clocks with dial, pendulum, base and crown."""
    w, h, d = u(0.16, 0.24), u(1.3, 1.8), u(0.12, 0.18)
    head, foot, r = h * 0.78, h * u(0.15, 0.25), w * 0.95
    pieces = [
        box("body", (0, (head + foot) / 2, 0), (w, (head - foot) / 2, d * 0.85)),
        box("base", (0, foot / 2, 0), (w * 1.3, foot / 2, d)),
    ]
    pieces.append(box("head", (0, head + r * 1.1, 0), (w * 1.25, r * 1.15, d)))
    pieces.append(
        u.pick(
            plate("crown", [(w * 1.4, 0), (w * 1.3, 0.05), (w * 0.6, 0.15), (0.01, 0.22)], d, (0, head + r * 2.2, 0)),
            box("crown", (0, head + r * 2.3, 0), (w * 1.4, 0.04, d * 1.15)),
        )
    )
    pieces.append(cylinder("dial", (0, head + r * 1.1, d * 0.9), (0, head + r * 1.1, d + 0.02), r))
    pieces += _clock_hands(u, r, np.array([0, head + r * 1.1, d + 0.035]))
    pieces += [
        cylinder("pendulum", (0, head, d * 0.9), (0, foot + h * 0.18, d * 0.9), 0.012),
        ellipsoid("pendulum", (0, foot + h * 0.15, d * 0.9), (0.07, 0.07, 0.02)),
    ]
    return pieces


@kind("pocket watch", family="clock", names=("watch", "pocket watch"), synonyms={
    "strap": ("band", "belt"), "case": ("watch case", "housing"), "dial": ("watch face", "clock face"),
    "hand": ("pointer", "watch hand"), "knob": ("crown wheel", "winder"), "chain": ("link chain", "cord"),
    "buckle": ("clasp", "fastener")})  # fmt: skip
def pocket_watch(u: Rng) -> list[Solid]:
    """Round and square watch, closed in a ring or laid out flat; pocket watch on a chain."""
    r, t, square = u(0.25, 0.4), u(0.05, 0.1), u.chance(0.3)
    pieces = (
        [box("case", (0, 0, 0), (r, r * 1.1, t))]
        if square
        else [
            lathe("case", [(0.001, -t), (r, -t), (r, t), (r * 0.9, t * 1.1), (r * 0.88, t * 0.9), (0.001, t * 0.9)], axis="z")
        ]
    )
    pieces.append(
        box("dial", (0, 0, t), (r * 0.85, r * 0.95, 0.012))
        if square
        else cylinder("dial", (0, 0, t * 0.8), (0, 0, t * 0.98), r * 0.87)
    )
    pieces += [
        tube("hand", [(0, 0, t * 1.15), (k * r * np.sin(a), k * r * np.cos(a), t * 1.15)], 0.016, melt=False)
        for k, a in ((0.45, u(0, 6)), (0.7, u(0, 6)))
    ]
    if u.chance(0.2):
        pieces += [
            tube("chain", arc((u(-0.4, 0.4), r + 0.45, 0), 0.3, 0.4, -np.pi / 2, np.pi, "xy"), 0.03, melt=False),
            cylinder("knob", (0, r * 0.95, 0), (0, r + 0.1, 0), 0.05),
        ]
        return pieces
    pieces.append(cylinder("knob", (r * 0.95, 0, 0), (r + 0.06, 0, 0), 0.045))
    w = r * u(0.5, 0.75)
    if u.chance(0.55):
        a, b = r * 1.15, r * u(1.2, 1.6)
        strap = arc((0, 0, -b), a, b, np.pi / 2 + 0.5, 2.5 * np.pi - 0.5, "yz", 24)
        pieces.append(tube("strap", strap, w, flat=0.12, round_ends=False, melt=False))
    else:
        long = u(0.6, 0.9)
        pieces += mirrored(box, "strap", (0, r + long / 2 - 0.03, -t * 0.5), (w, long / 2, 0.025), axes="y")
        buckle = [(-w, r + long, 0), (-w, r + long + 0.1, 0), (w, r + long + 0.1, 0), (w, r + long, 0), (-w, r + long, 0)]
        pieces.append(tube("buckle", buckle, 0.022, melt=False))
    return pieces
