"""Sports gear."""

from __future__ import annotations

import numpy as np

from meronym_synthetic.kit.curves import QUARTER, SIDES, arc, around, bezier, ellipse, turn
from meronym_synthetic.kit.poses import leaning
from meronym_synthetic.kit.registry import kind
from meronym_synthetic.kit.rng import Rng
from meronym_synthetic.kit.solids import Solid, box, cylinder, ellipsoid, lathe, loft, mirrored, move, prism, tube


@kind("racket", family="racket", names=("tennis racket", "badminton racket", "table tennis bat"), synonyms={
    "string": ("cord", "wire"), "face": ("paddle", "racket blade"), "frame": ("racket frame", "rim", "support"),
    "shaft": ("stick", "rod", "pole"), "handle": ("hand hold", "hand bar")})  # fmt: skip
def racket(u: Rng) -> list[Solid]:
    """Tennis, badminton, squash and table tennis racket."""
    a, long = u(0.25, 0.34), u(0.4, 0.7)
    if u.chance(0.25):
        return leaning(
            u,
            [
                lathe("face", [(0.001, -0.02), (a, -0.02), (a, 0.02), (0.001, 0.02)], (0, a, 0), "z"),
                box("handle", (0, -0.13, 0), (0.05, 0.18, 0.03)),
            ],
        )
    b, t = a * u(1.1, 1.5), u(0.016, 0.03)
    pieces = [tube("frame", ellipse((0, b, 0), a, b, "xy"), t, round_ends=False, melt=False)]
    for k in np.linspace(-0.85, 0.85, u.count(7, 12)):
        s = float(np.sqrt(1 - k * k))
        pieces += [
            tube("string", [(k * a, b - s * b, 0), (k * a, b + s * b, 0)], 0.006, melt=False),
            tube("string", [(-s * a, b + k * b, 0), (s * a, b + k * b, 0)], 0.006, melt=False),
        ]
    if u.chance(0.6):
        pieces += mirrored(tube, "shaft", [(a * 0.5, b * 0.15, 0), (0, -long * 0.45, 0)], t, melt=False)
    else:
        pieces.append(cylinder("shaft", (0, 0.0, 0), (0, -long * 0.5, 0), t * 0.9))
    return leaning(
        u, [*pieces, tube("handle", [(0, -long * 0.4, 0), (0, -long, 0)], [0.03, u(0.035, 0.05)], round_ends=False, melt=False)]
    )


@kind("golf club", family="club", names=("golf club", "putter"), synonyms={
    "head": ("headstock", "top", "end piece"), "shaft": ("stick", "rod", "pole"), "handle": ("hand hold", "hand bar"),
})  # fmt: skip
def golf_club(u: Rng) -> list[Solid]:
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
    return leaning(u, move(pieces, rotation=turn("z", u(0, 0.4))))


@kind("baseball bat", family="club", names=("baseball bat", "cricket bat"), synonyms={
    "knob": ("button", "dial"), "handle": ("hand hold", "hand bar"), "barrel": ("thick end", "bat blade", "hitting part"),
})  # fmt: skip
def baseball_bat(u: Rng) -> list[Solid]:
    """Baseball bat, cricket bat and club."""
    long, r = u(1.1, 1.4), u(0.06, 0.09)
    if u.chance(0.3):
        return leaning(
            u, [box("barrel", (0, 0.45, 0), (u(0.09, 0.13), 0.42, 0.04)), cylinder("handle", (0, 0.85, 0), (0, 1.25, 0), 0.035)]
        )
    barrel = [(0.028, long * 0.39), (r * 0.8, long * 0.65), (r, long * 0.85), (r * 0.95, long), (r * 0.4, long + 0.03)]
    return leaning(
        u,
        [
            lathe("handle", [(0.026, 0.03), (0.028, long * 0.4)]),
            lathe("knob", [(0.045, 0), (0.05, 0.03), (0.03, 0.05)]),
            lathe("barrel", barrel),
        ],
    )


@kind("hockey stick", family="club", names=("hockey stick", "lacrosse stick"), synonyms={
    "head": ("headstock", "top", "end piece"), "shaft": ("stick", "rod", "pole"), "handle": ("hand hold", "hand bar"),
    "blade": ("hitting end", "runner"), "net": ("mesh", "netting")})  # fmt: skip
def hockey_stick(u: Rng) -> list[Solid]:
    """Ice hockey, field hockey and lacrosse stick."""
    long, style = u(1.2, 1.5), u.pick("ice", "field", "lacrosse")
    pieces = [
        box("shaft", (0, long * 0.5, 0), (0.025, long * 0.5, 0.018))
        if u.chance()
        else cylinder("shaft", (0, 0, 0), (0, long, 0), 0.025),
        cylinder("handle", (0, long * 0.8, 0), (0, long + 0.02, 0), 0.033),
    ]
    if style == "ice":
        blade = bezier((0, 0.05, 0), (0.02, -0.03, 0), (0.2, 0, 0.02), (0.34, 0.03, u(0, 0.08)))
        pieces.append(tube("blade", blade, 0.05, flat=0.3, melt=False))
    elif style == "field":
        pieces.append(tube("blade", arc((0.1, 0.02, 0), 0.1, 0.12, np.pi, 2 * np.pi, "xy"), 0.04, flat=0.8, melt=False))
    else:
        pieces.append(tube("head", ellipse((0, -0.2, 0), 0.12, 0.2, "xy"), 0.02, melt=False))
        pieces += [tube("head/net", [(x, -0.36, -0.02), (x, -0.03, -0.02)], 0.008, melt=False) for x in (-0.06, 0, 0.06)] + [
            tube("head/net", [(-0.11, y, -0.02), (0.11, y, -0.02)], 0.008, melt=False) for y in (-0.28, -0.2, -0.12)
        ]
    return leaning(u, pieces)


@kind("skis", family="board", names=("skis", "pair of skis"), synonyms={
    "handle": ("hand hold", "hand bar"), "ski": ("runner", "board"), "binding": ("boot binding", "boot holder"),
    "pole": ("stick", "post", "mast"), "basket": ("snow disc",)})  # fmt: skip
def skis(u: Rng) -> list[Solid]:
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
    return move(pieces, rotation=u.pick(np.eye(3), turn("x", -QUARTER), turn("y", u(0, 1))))


@kind("snowboard", family="board", names=("snowboard", "surfboard"), synonyms={
    "binding": ("boot binding", "boot holder"), "strap": ("band", "belt"), "board": ("deck", "plank"),
    "fin": ("surfboard fin", "keel")})  # fmt: skip
def snowboard(u: Rng) -> list[Solid]:
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
    board = np.stack([zero, rise, z * long], 1)
    pieces = [loft("board", board, np.stack([half, zero, zero], 1), np.stack([zero, zero + 0.02, zero], 1))]
    if style == "snow":
        for s in SIDES:
            k = s * long * u(0.28, 0.36)
            strap = bezier((-w * 0.2, 0.05, k - 0.08), (0, 0.3, k), (-w * 0.2, 0.05, k + 0.08))
            pieces += [
                box("binding", (0, 0.04, k), (w * 0.9, 0.02, 0.08)),
                box("binding", (-w * 0.8, 0.14, k), (0.02, 0.1, 0.08)),
                tube("binding/strap", strap, 0.025, melt=False),
            ]
    else:
        pieces += [
            prism("fin", [(-0.06, 0), (0.06, 0), (-0.08, -0.16)], 0.012, (x, -0.01, -long * 0.85), turn("y", QUARTER))
            for x in u.pick((0.0,), (-0.08, 0.0, 0.08))
        ]
    return move(pieces, rotation=u.pick(np.eye(3), turn("x", -QUARTER), turn("z", u(-0.5, 0.5))))


@kind("roller skate", family="footwear", names=("roller skate", "ice skate", "inline skate"), synonyms={
    "frame": ("racket frame", "rim", "support"), "blade": ("hitting end", "runner"), "axle": ("axis", "rod"),
    "wheel": ("roller",), "boot": ("shoe", "skate shoe"), "lace": ("shoelace", "string"), "blade holder": ("blade mount",),
    "stopper": ("brake", "toe stop")})  # fmt: skip
def roller_skate(u: Rng) -> list[Solid]:
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
    boot = [(0, 0.15, -0.17), (0, u(0.4, 0.6), -0.2)]
    pieces.append(tube("boot", boot, [0.13, 0.14], flat=1.2, round_ends=False, melt=False))
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


@kind("barbell", family="weights", names=("barbell", "dumbbell", "kettlebell"), synonyms={
    "handle": ("hand hold", "hand bar"), "weight": ("weight plate", "disc"), "bar": ("rod", "handle"),
    "collar": ("ring", "clamp")})  # fmt: skip
def barbell(u: Rng) -> list[Solid]:
    """Long barbell with several plates, short dumbbell with discs, hexagons or balls, kettlebell."""
    style = u.pick("barbell", "dumbbell", "hexagon", "ball", "kettlebell")
    if style == "kettlebell":
        r = u(0.3, 0.4)
        handle = bezier((-r * 0.6, r * 0.6, 0), (-r * 0.8, r * 2.2, 0), (r * 0.8, r * 2.2, 0), (r * 0.6, r * 0.6, 0), n=16)
        return [ellipsoid("weight", (0, 0, 0), (r, r * 0.95, r), melt=False), tube("handle", handle, 0.06, melt=False)]
    long = u(0.9, 1.1) if style == "barbell" else u(0.25, 0.4)
    pieces = [cylinder("bar", (-long, 0, 0), (long, 0, 0), u(0.02, 0.04) if style == "barbell" else u(0.035, 0.06))]
    for s in SIDES:
        x = long * (0.72 if style == "barbell" else 0.8)
        if style == "ball":
            pieces.append(ellipsoid("weight", (s * long, 0, 0), u(0.15, 0.17) * 1.1, melt=False))
        elif style == "hexagon":
            pieces.append(prism("weight", np.array(around(6)) * 0.19, 0.12, (s * long, 0, 0), turn("y", QUARTER)))
        else:
            r = u(0.3, 0.38) if s < 0 else float(np.ptp(pieces[1].vertices[:, 1])) / 2
            for k in range(3):
                t = 0.045
                pieces.append(cylinder("weight", (s * x, 0, 0), (s * (x + t), 0, 0), r * (1 - 0.18 * k)))
                x += t + 0.006
            pieces.append(cylinder("collar", (s * x, 0, 0), (s * (x + 0.05), 0, 0), 0.07))
    return pieces


@kind("basketball hoop", family="goal", names=("basketball hoop", "basketball goal"), synonyms={
    "base": ("foot", "bottom", "stand"), "net": ("mesh", "netting"), "pole": ("stick", "post", "mast"),
    "backboard": ("board", "back plate"), "ring": ("hoop", "rim")})  # fmt: skip
def basketball_hoop(u: Rng) -> list[Solid]:
    """Backboard with ring and net on a pole with a base, or wall mounted."""
    h, r = u(1.1, 1.4), u(0.13, 0.17)
    pieces = [
        box("backboard", (0, h, 0), (u(0.32, 0.42), u(0.2, 0.28), 0.02))
        if u.chance(0.75)
        else prism("backboard", ellipse((0, h, 0), 0.38, 0.26, "xy", 24)[:-1, :2], 0.02)
    ]
    y, z = h - 0.1, r + 0.06
    pieces += [tube("ring", ellipse((0, y, z), r, r), 0.015, melt=False), box("ring", (0, y, 0.04), (0.04, 0.02, 0.04))]
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


@kind("soccer goal", family="goal", names=("soccer goal", "football goal"), synonyms={
    "crossbar": ("bar", "beam", "top bar"), "frame": ("racket frame", "rim", "support"), "net": ("mesh", "netting"),
    "post": ("goal post", "upright")})  # fmt: skip
def soccer_goal(u: Rng) -> list[Solid]:
    """Goal of posts with crossbar, back frame and net."""
    w, h, d, r = u(0.7, 1.0), u(0.5, 0.7), u(0.3, 0.5), u(0.02, 0.035)
    top = d * u(0.1, 0.5)
    pieces = [
        *mirrored(tube, "post", [(w, 0, 0), (w, h, 0)], r, melt=False),
        tube("crossbar", [(-w, h, 0), (w, h, 0)], r, melt=False),
    ]
    pieces += [
        *mirrored(tube, "frame", [(w, h, 0), (w, h, -top), (w, 0, -d), (w, 0, 0)], r * 0.6, melt=False),
        tube("frame", [(-w, 0, -d), (w, 0, -d)], r * 0.6, melt=False),
    ]
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


@kind("dart", family="dart", names=("dart",), synonyms={
    "shaft": ("stick", "rod", "pole"), "barrel": ("thick end", "bat blade", "hitting part"), "tip": ("point", "spike"),
    "flight": ("feather", "fin", "wing")})  # fmt: skip
def dart(u: Rng) -> list[Solid]:
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
    return leaning(u, pieces)


@kind("bowling pin", family="bowling pin", names=("bowling pin", "skittle"), synonyms={
    "body": ("main body", "corpus", "sound box"), "neck": ("long narrow part", "shaft"),
    "head": ("headstock", "top", "end piece"), "hole": ("finger hole", "opening"), "stripe": ("band", "ring"),
    "ball": ("sphere", "globe")})  # fmt: skip
def bowling_pin(u: Rng) -> list[Solid]:
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
    return move(pieces, rotation=u.pick(np.eye(3), np.eye(3), turn("z", QUARTER)))


@kind("skateboard", family="skateboard", names=("skateboard", "longboard"), synonyms={
    "wheel": ("car wheel", "roller"), "axle": ("wheel axle", "axis"), "board": ("deck", "plank")})  # fmt: skip
def skateboard(u: Rng) -> list[Solid]:
    """Skateboards and longboards, upright or leaning."""
    w, kick, r = u(0.17, 0.26), u(0.05, 0.2), u(0.055, 0.09)
    z = np.linspace(-1, 1, 21)
    half = w * np.sqrt(np.clip(1 - np.abs(z) ** u(4, 9), 0.002, 1))
    y = 2.2 * r + kick * np.clip((np.abs(z) - 0.65) / 0.35, 0, 1) ** 1.5
    zero = np.zeros_like(z)
    board = np.stack([zero, y, z], 1)
    pieces = [loft("board", board, np.stack([half, zero, zero], 1), np.tile([0, u(0.02, 0.035), 0], (21, 1)))]
    at, spread = u(0.5, 0.65), w * u(0.75, 1)
    for q in (at, -at):
        pieces.append(cylinder("axle", (-spread, r, q), (spread, r, q), 0.022))
        pieces.append(box("axle", (0, r * 1.5, q), (w * 0.4, r * 0.7, 0.06)))
    pieces += [cylinder("wheel", (x * spread - 0.045, r, q), (x * spread + 0.045, r, q), r) for x in SIDES for q in (at, -at)]
    return pieces
