"""Chess pieces, toys and playground things."""

from __future__ import annotations

import numpy as np

from meronym_synthetic.kit.curves import QUARTER, SIDES, around, bezier, ellipse, helix, turn
from meronym_synthetic.kit.registry import kind
from meronym_synthetic.kit.rng import Rng
from meronym_synthetic.kit.solids import Solid, box, cylinder, ellipsoid, lathe, mirrored, move, prism, ring_of, tube


def _chess_base(u: Rng, top: float, r: float) -> list[Solid]:
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


@kind("chess king", family="chess piece", names=("chess king", "chess piece"), synonyms={
    "body": ("main body", "corpus", "sound box"), "head": ("headstock", "top", "end piece"),
    "base": ("foot", "bottom", "stand"), "collar": ("ring", "clamp"), "cross": ("crucifix",)})  # fmt: skip
def chess_king(u: Rng) -> list[Solid]:
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


@kind("chess queen", family="chess piece", names=("chess queen", "chess piece"), synonyms={
    "body": ("main body", "corpus", "sound box"), "head": ("headstock", "top", "end piece"),
    "base": ("foot", "bottom", "stand"), "collar": ("ring", "clamp"), "ball": ("sphere", "globe"),
    "spike": ("crown point", "prong")})  # fmt: skip
def chess_queen(u: Rng) -> list[Solid]:
    """Chess queen with a toothed crown and a ball."""
    top, r = u(0.7, 0.95), u(0.09, 0.12)
    wide = r * u(1.6, 2.0)
    pieces = [
        *_chess_base(u, top, r),
        lathe("head", [(r * 0.9, top), (wide, top + 0.26), (wide * 0.8, top + 0.26), (0.05, top + 0.33)]),
        ellipsoid("head/ball", (0, top + 0.37, 0), 0.05, melt=False),
    ]
    spike = (wide * 0.92, top + 0.28, 0)
    return pieces + ring_of(u.count(6, 10), ellipsoid, "head/spike", spike, (0.035, 0.05, 0.035), melt=False)


@kind("chess pawn", family="chess piece", names=("chess pawn", "chess bishop", "chess piece"), synonyms={
    "body": ("main body", "corpus", "sound box"), "head": ("headstock", "top", "end piece"),
    "base": ("foot", "bottom", "stand"), "collar": ("ring", "clamp"), "ball": ("sphere", "globe")})  # fmt: skip
def chess_pawn(u: Rng) -> list[Solid]:
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


@kind("chess rook", family="chess piece", names=("chess rook", "chess castle", "chess piece"), synonyms={
    "body": ("main body", "corpus", "sound box"), "head": ("headstock", "top", "end piece"),
    "base": ("foot", "bottom", "stand"), "collar": ("ring", "clamp"), "battlement": ("tooth", "merlon")})  # fmt: skip
def chess_rook(u: Rng) -> list[Solid]:
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


@kind("chess knight", family="chess piece", names=("chess knight", "chess piece"), organic=True, synonyms={
    "neck": ("long narrow part", "shaft"), "head": ("headstock", "top", "end piece"), "base": ("foot", "bottom", "stand"),
    "ear": ("horse ear",), "mane": ("horse hair", "hair")})  # fmt: skip
def chess_knight(u: Rng) -> list[Solid]:
    """Chess knight: a horse's neck and head on a turned base."""
    foot, y = u(0.26, 0.34), u(0.15, 0.25)
    nod = u(-0.06, 0.08)
    pieces = [lathe("base", [(foot, 0), (foot, y * 0.4), (foot * 0.75, y * 0.7), (foot * 0.8, y)])]
    neck = bezier((0, y * 0.9, 0), (-0.18, y + 0.3, 0), (-0.08, y + 0.6, 0), (0.02, y + 0.62, 0))
    pieces.append(tube("neck", neck, np.linspace(0.19, 0.11, 12), flat=u(0.6, 0.9)))
    head = [(0, y + 0.6, 0), (0.16, y + 0.5 - nod, 0), (0.3, y + 0.4 - nod, 0)]
    pieces.append(tube("head", head, [0.12, 0.1, 0.07], flat=0.8))
    ear = [(-0.01, y + 0.68, 0.05), (-0.01, y + 0.8, 0.06)]
    pieces += mirrored(tube, "head/ear", ear, [0.035, 0.012], melt=False, axes="z")
    if u.chance(0.6):
        pieces.append(tube("mane", bezier((-0.08, y + 0.72, 0), (-0.28, y + 0.6, 0), (-0.22, y + 0.15, 0)), 0.035, melt=False))
    return pieces


@kind("spinning top", family="spinning toy", names=("spinning top", "toy top"), synonyms={
    "body": ("main body", "corpus", "sound box"), "handle": ("hand hold", "hand bar"), "tip": ("point", "spike")})  # fmt: skip
def spinning_top(u: Rng) -> list[Solid]:
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


@kind("yo-yo", family="spinning toy", names=("yo-yo",), synonyms={
    "string": ("cord", "wire"), "axle": ("axis", "rod"), "disc": ("half", "yo-yo half")})  # fmt: skip
def yo_yo(u: Rng) -> list[Solid]:
    """Yo-yo: two discs, an axle and a string with a loop."""
    r, t = u(0.3, 0.4), u(0.08, 0.16)
    pieces = [cylinder("axle", (0, 0, -0.08), (0, 0, 0.08), 0.06)]
    for s in SIDES:
        disc = [(r * 0.7, 0.03), (r, 0.05), (r, 0.06 + t * 0.5), (r * 0.8, 0.06 + t), (0.001, 0.05 + t)]
        half = lathe("disc", disc, axis="z")
        pieces.append(Solid("disc", half.vertices * [1, 1, s], half.faces))
    top = u(0.6, 1.1)
    return [
        *pieces,
        tube("string", [(0.05, 0, 0), (0.05, top, 0)], 0.014, melt=False),
        tube("string", ellipse((0.05, top + 0.08, 0), 0.06, 0.08, "xy"), 0.014, melt=False),
    ]


@kind("kite", family="kite", names=("kite",), synonyms={
    "bow": ("violin bow", "stick", "ribbon"), "frame": ("racket frame", "rim", "support"), "sail": ("cloth", "kite cover"),
    "tail": ("tail ribbon", "train"), "line": ("kite string", "cord")})  # fmt: skip
def kite(u: Rng) -> list[Solid]:
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


def _hobby_horse(u: Rng, y: float) -> list[Solid]:
    """Simple horse facing +x whose legs end near y - 0.3."""
    r = u(0.11, 0.15)
    pieces = [
        tube("body", [(-0.25, y, 0), (0.25, y, 0)], r, flat=u(0.9, 1.2)),
        tube("neck", [(0.24, y + 0.05, 0), (0.4, y + 0.34, 0)], [0.1, 0.075]),
        tube("head", [(0.38, y + 0.36, 0), (0.58, y + 0.26, 0)], [0.085, 0.055]),
    ]
    pieces += mirrored(tube, "head/ear", [(0.37, y + 0.42, 0.04), (0.36, y + 0.5, 0.05)], [0.025, 0.01], axes="z")
    pieces += [
        tube("leg", [(x, y, s * 0.08), (x * 1.3, y - 0.34, s * 0.13)], [0.055, 0.04]) for x in (-0.24, 0.24) for s in SIDES
    ]
    return [*pieces, tube("tail", bezier((-0.34, y + 0.05, 0), (-0.5, y + 0.05, 0), (-0.5, y - 0.25, 0)), 0.03)]


@kind("rocking horse", family="rocking horse", names=("rocking horse",), organic=True, synonyms={
    "body": ("main body", "corpus", "sound box"), "neck": ("long narrow part", "shaft"),
    "head": ("headstock", "top", "end piece"), "crossbar": ("bar", "beam", "top bar"), "leg": ("foot", "support"),
    "handle": ("hand hold", "hand bar"), "ear": ("horse ear",), "tail": ("tail ribbon", "train"),
    "rocker": ("runner", "curved foot"), "saddle": ("seat",)})  # fmt: skip
def rocking_horse(u: Rng) -> list[Solid]:
    """Rocking horse on two runners, with saddle and hand bar."""
    y = 0.5
    pieces = _hobby_horse(u, y)
    bow = u(0.05, 0.2)
    rocker = bezier((-0.65, 0.1 + bow, 0.15), (-0.2, 0.08 - bow, 0.15), (0.2, 0.08 - bow, 0.15), (0.65, 0.1 + bow, 0.15))
    pieces += mirrored(tube, "rocker", rocker, 0.035, flat=1.3, melt=False, axes="z")
    pieces += [tube("crossbar", [(x, 0.1, -0.16), (x, 0.1, 0.16)], 0.025, melt=False) for x in (-0.33, 0.33)]
    if u.chance(0.7):
        pieces.append(ellipsoid("saddle", (-0.02, y + 0.12, 0), (0.15, 0.05, 0.14), melt=False))
    return [*pieces, tube("handle", [(0.36, y + 0.3, -0.17), (0.36, y + 0.3, 0.17)], 0.022, melt=False)]


@kind("swing set", family="playground", names=("swing set", "swing"), synonyms={
    "crossbar": ("bar", "beam", "top bar"), "leg": ("foot", "support"), "rope": ("cord", "chain"),
    "seat": ("swing seat", "seat board")})  # fmt: skip
def swing_set(u: Rng) -> list[Solid]:
    """A-frame swing with one to three seats, mid-swing or at rest."""
    w, h, d, n, r = u(0.5, 0.9), u(0.9, 1.2), u(0.3, 0.5), u.count(1, 3), u(0.025, 0.04)
    pieces = [
        *mirrored(tube, "leg", [(w, h, 0), (w + 0.08, 0, d)], r, melt=False, axes="xz"),
        tube("crossbar", [(-w, h, 0), (w, h, 0)], r * 1.1, melt=False),
    ]
    for x in np.linspace(-w, w, n + 2)[1:-1]:
        a, long = u(-0.6, 0.6), h * u(0.6, 0.75)
        z, y = long * np.sin(a), h - long * np.cos(a)
        half = min(0.16, w / (n + 1) * 0.7)
        pieces += [tube("rope", [(x + s * half * 0.9, h, 0), (x + s * half * 0.9, y, z)], 0.012, melt=False) for s in SIDES]
        pieces.append(box("seat", (x, y, z), (half, 0.02, 0.08), turn("x", -a)))
    return pieces


@kind("slide", family="playground", names=("slide", "playground slide"), synonyms={
    "leg": ("foot", "support"), "chute": ("slide", "sliding surface"), "side rail": ("side wall", "edge"),
    "platform": ("deck", "floor"), "ladder": ("steps", "stairs"), "rung": ("step", "ladder step"),
    "handrail": ("rail", "railing")})  # fmt: skip
def slide(u: Rng) -> list[Solid]:
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
    pieces += mirrored(tube, "leg", [(w, h, 0.1), (w * 1.1, 0, 0.12)], 0.025, melt=False)
    return pieces + (
        mirrored(tube, "handrail", [(w, h + 0.25, back), (w, h + 0.25, 0.08), (w, h, 0.12)], 0.018, melt=False)
        if u.chance(0.6)
        else []
    )


@kind("seesaw", family="playground", names=("seesaw",), synonyms={
    "stand": ("support", "holder"), "handle": ("hand hold", "hand bar"), "axle": ("axis", "rod"),
    "seat": ("swing seat", "seat board"), "plank": ("board", "beam"), "backrest": ("back", "back support"), "spring": ("coil",),
})  # fmt: skip
def seesaw(u: Rng) -> list[Solid]:
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
            + mirrored(tube, "stand", [(0, h, 0.08), (0.2, 0, 0.16)], 0.03, melt=False, axes="xz")
            + [cylinder("axle", (0, h, -0.15), (0, h, 0.15), 0.03)]
        )
    if base == "block":
        return [*pieces, prism("stand", [(-0.22, 0), (0.22, 0), (0.06, h), (-0.06, h)], 0.12)]
    return [*pieces, tube("spring", helix(0.1, h, 5), 0.022, melt=False), cylinder("stand", (0, 0, 0), (0, 0.04, 0), 0.2)]


@kind("carousel", family="carousel", names=("carousel", "merry-go-round"), synonyms={
    "body": ("main body", "corpus", "sound box"), "neck": ("long narrow part", "shaft"),
    "head": ("headstock", "top", "end piece"), "leg": ("foot", "support"), "pole": ("stick", "post", "mast"),
    "ball": ("sphere", "globe"), "ear": ("horse ear",), "tail": ("tail ribbon", "train"), "platform": ("deck", "floor"),
    "handrail": ("rail", "railing"), "center pole": ("column", "middle pole"), "roof": ("canopy", "top"),
    "horse": ("carousel horse", "pony")})  # fmt: skip
def carousel(u: Rng) -> list[Solid]:
    """Merry-go-round with horses on poles under a roof, and playground spinner with bars."""
    r = u(0.7, 0.9)
    if u.chance(0.35):
        pieces = [cylinder("platform", (0, 0.08, 0), (0, 0.13, 0), r), cylinder("center pole", (0, 0, 0), (0, 0.55, 0), 0.06)]
        handrail = [(0.06, 0.5, 0), (r * 0.85, 0.5, 0), (r * 0.92, 0.1, 0)]
        pieces += ring_of(u.count(4, 6), tube, "handrail", handrail, 0.022, melt=False)
        return pieces
    h, n, ride = u(0.75, 1.0), u.count(4, 7), u(0.28, 0.36)
    pieces = [cylinder("platform", (0, 0, 0), (0, 0.07, 0), r), cylinder("center pole", (0, 0.05, 0), (0, h, 0), u(0.08, 0.2))]
    pieces.append(lathe("roof", [(r * 1.05, h - 0.06), (r * 1.08, h), (r * 0.5, h + u(0.15, 0.25)), (0.02, h + u(0.3, 0.5))]))
    for k, (c, s) in enumerate(around(n)):
        x, z, y = r * 0.72 * c, r * 0.72 * s, h * 0.42 + 0.07 * (-1) ** k
        horse = [Solid(f"horse/{p.part.split('/')[-1]}", p.vertices - [0, 0.5, 0], p.faces) for p in _hobby_horse(u, 0.5)]
        pieces += move(horse, (x, y, z), scale=ride * 1.2, rotation=turn("y", -np.arctan2(s, c) - QUARTER))
        pieces.append(cylinder("pole", (x, 0.05, z), (x, h, z), 0.014))
    return pieces + ([ellipsoid("roof/ball", (0, h + 0.45, 0), 0.05)] if u.chance() else [])
