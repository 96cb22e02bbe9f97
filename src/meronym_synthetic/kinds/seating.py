"""Things to sit on."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from meronym_synthetic.kit.curves import CORNERS, SIDES, Array, arc, around, bezier, ellipse, turn
from meronym_synthetic.kit.registry import kind
from meronym_synthetic.kit.rng import Rng
from meronym_synthetic.kit.solids import Solid, box, cylinder, ellipsoid, lathe, loft, mirrored, plate, ring_of, tube


def _four_legs(u: Rng, w: float, d: float, top: float, bottom: float, r: float, part: str = "leg") -> list[Solid]:
    """Round or square, straight, splayed or tapered legs under the corners of a w x d rectangle (half sizes)."""
    spread, taper, style = u(0, 0.15), u(0.5, 1), u.pick("round", "cut", "square")
    legs = []
    for x, z in CORNERS:
        head, foot = (np.array([x * (w - r * 1.5), top, z * (d - r * 1.5)]), np.array([x * spread, bottom - top, z * spread]))
        if style == "square":
            legs.append(box(part, head + np.array([0, (bottom - top) / 2, 0]), (r, (top - bottom) / 2, r), n=3))
        else:
            legs.append(tube(part, [head, head + foot], [r, r * taper], round_ends=style == "round"))
    return legs


def _base(u: Rng, style: str, w: float, d: float, h: float, r: float) -> list[Solid]:
    """Support of a seat of height h: legs, star, sled, cantilever, X, side boards, pedestal."""
    if style == "four":
        legs = _four_legs(u, w, d, h, 0, r)
        if u.chance(0.3):
            legs += mirrored(tube, "stretcher", [(w * 0.95, h * 0.4, -d * 0.9), (w * 0.95, h * 0.4, d * 0.9)], r * 0.7)
            legs.append(tube("stretcher", [(-w * 0.95, h * 0.4, 0), (w * 0.95, h * 0.4, 0)], r * 0.7))
        return legs
    if style == "star":
        legs = [tube("leg", [(0, h, 0), (0, 0.15, 0)], r * 1.5)]
        legs += ring_of(u.pick(4, 5, 5), tube, "leg", [(0, 0.15, 0), (w, 0.08, 0)], r)
        wheels = ring_of(5, ellipsoid, "wheel", (w, 0.06, 0), 0.06)
        return legs + wheels if len(legs) == 6 and u.chance(0.7) else legs
    if style == "pedestal":
        foot = lathe("leg", [(w * 0.8, 0), (w * 0.75, 0.04), (r * 1.5, u(0.06, 0.2)), (r * 1.5, h * 0.7), (w * u(0.1, 0.6), h)])
        return [foot]
    if style == "slabs":
        return [box("leg", (x * w * 0.97, h / 2, 0), (r, h / 2, d * u(0.9, 1))) for x in SIDES]
    if style == "bent":
        ring = [(-w, 0.02, -d), (-w, 0.02, d), (-w, h, d * 0.95), (w, h, d * 0.95), (w, 0.02, d), (w, 0.02, -d), (-w, 0.02, -d)]
        return [tube("leg", [a, b], r * 0.8) for a, b in pairwise(ring)]
    if style == "cross":
        legs = mirrored(tube, "leg", [(w, h, d), (w, 0, -d)], r, axes="xz")
        return [*legs, tube("leg", [(-w, h / 2, 0), (w, h / 2, 0)], r * 0.7)]
    sled = [(h, 0.9), (0.0, 1.0), (0.0, -1.0), (h, -0.9)]
    return [tube("leg", [(x * w, y, z * d) for y, z in sled], r) for x in SIDES]


def _back(u: Rng, style: str, w: float, foot: Array, tall: float, lean: float, thick: float) -> list[Solid]:
    """Backrest that rises from `foot` and leans back: board, slats, bars, hoop, splat, shell, open frame, wicket."""
    r, pose = u(0.02, 0.04), turn("x", -lean)

    def at(x: float, y: float) -> tuple[float, float, float]:
        return (foot[0] + x, foot[1] + y, foot[2] - lean * y)

    if style == "board":
        low = u(0, 0.4) * u.chance()
        pieces = [box("backrest", at(0, tall * (1 + low) / 2), (w * u(0.8, 1), tall * (1 - low) / 2, thick), pose)]
        return pieces + [tube("backrest", [at(x * w * 0.6, -0.02), at(x * w * 0.6, tall * 0.6)], r) for x in SIDES if low]
    if style == "shell":
        return [ellipsoid("backrest", at(0, tall * 0.52), (w, tall * 0.58, thick * 1.5), pose, square=u(0.5, 1))]
    if style == "arch":
        rim = [(w, 0), (w, tall * 0.5), (w * 0.9, tall * 0.8), (w * 0.55, tall), (0.01, tall * u(1, 1.15))]
        return [plate("backrest", rim, thick, foot, pose)]
    if style == "hoop":
        pieces = [tube("backrest", [at(x, y) for x, y, _ in arc((0, 0, 0), w, tall, 0, np.pi, "xy")], r)]
        spokes = np.linspace(-0.7, 0.7, u.count(3, 8))
        return pieces + [tube("backrest", [at(x * w, 0), at(x * w, tall * np.sqrt(1 - x * x))], r * 0.6) for x in spokes]
    pieces = [tube("backrest", [at(x * (w - r), -0.02), at(x * (w - r), tall)], r) for x in SIDES]
    if style == "slats":
        half = u(0.03, 0.1)
        return pieces + [
            box("backrest", at(0, tall * y), (w, half, r * 0.8), pose) for y in np.linspace(0.35, 1, u.count(1, 4))
        ]
    pieces.append(box("backrest", at(0, tall), (w, u(0.03, 0.08), r), pose))
    if style == "bars":
        return pieces + [
            tube("backrest", [at(x * w, 0), at(x * w, tall)], r * 0.6) for x in np.linspace(-0.75, 0.75, u.count(3, 9))
        ]
    if style == "splat":
        rim = [(w * 0.2, 0), (w * 0.35, tall * 0.3), (w * 0.15, tall * 0.55), (w * 0.35, tall * 0.85), (w * 0.3, tall)]
        return [*pieces, plate("backrest", rim, r * 0.6, foot, pose)]
    return [*pieces, box("backrest", at(0, tall * 0.7), (w * 0.95, tall * 0.3, thick * 0.7), pose)]


def _arms(u: Rng, w: float, d: float, h: float, rear: float, r: float) -> list[Solid]:
    """Pair of armrests: bars on posts, loops, closed sides, thick pads."""
    rise, reach, style = u(0.2, 0.4), d * u(0.5, 0.95), u.pick("bar", "bar", "loop", "side", "pad", "curl")
    pieces = []
    for x in SIDES:
        if style == "bar":
            armrest = [(x * w, h + rise, rear), (x * w, h + rise, reach)]
            pieces.append(tube("armrest", armrest, r * u(0.8, 1.5), flat=u(0.5, 1.5)))
            pieces.append(tube("armrest", [(x * w, h, reach * 0.8), (x * w, h + rise, reach * 0.8)], r * 0.8))
        elif style == "loop":
            corners = [(x * w, h, rear * 0.7), (x * w, h + rise, rear * 0.7), (x * w, h + rise, reach), (x * w, h, reach)]
            pieces.append(tube("armrest", corners, r))
        elif style == "side":
            pieces.append(box("armrest", (x * w, h + rise / 2 - 0.03, 0), (u(0.03, 0.08), rise / 2 + 0.03, d * 0.95)))
        elif style == "pad":
            pieces.append(box("armrest", (x * w * 1.05, h + rise, reach * 0.1), (r * 1.6, r * 0.7, reach * 0.8)))
            pieces.append(tube("armrest", [(x * w * 0.9, h, 0), (x * w * 1.05, h, 0), (x * w * 1.05, h + rise, 0)], r * 0.8))
        else:
            path = bezier((x * w, h + rise, rear), (x * w * 1.15, h + rise * 1.1, reach), (x * w, h, reach * 0.9), n=10)
            pieces.append(tube("armrest", path, r))
    return pieces


def _one_piece(u: Rng, w: float, d: float, h: float, tall: float, thick: float) -> list[Solid]:
    """Seat and backrest bent from one sheet, flat or bowl-shaped."""
    lean, n = u(0.05, 0.3), 9
    path = bezier((0, h + 0.05, d), (0, h - 0.06, -d * 0.4), (0, h - 0.04, -d * 1.15), (0, h + tall, -d * (1 + lean)), n=2 * n)
    slope = np.gradient(path, axis=0)
    normal = np.cross(slope, (1.0, 0, 0))
    normal *= thick / np.linalg.norm(normal, axis=1, keepdims=True)
    half = w * np.concatenate([np.linspace(0.95, 1, n), np.linspace(1, u(0.6, 1), n)])[:, None] * np.array([1.0, 0, 0])
    cut = n + 1
    return [
        loft("seat", path[: cut + 1], half[: cut + 1], normal[: cut + 1]),
        loft("backrest", path[cut:], half[cut:], normal[cut:]),
    ]


@kind("chair", family="seating", names=("chair", "dining chair", "office chair"), synonyms={
    "backrest": ("back", "back support", "chair back"), "armrest": ("arm", "arm support", "arm of the chair"),
    "seat": ("seat surface", "seat pad", "bottom"), "leg": ("chair leg", "foot", "support"), "stretcher": ("crossbar", "rung"),
    "wheel": ("caster", "roller")})  # fmt: skip
def chair(u: Rng) -> list[Solid]:
    """Dining, office, folding, cantilever, slatted, shell and slab chairs, with and without arms."""
    w, d, h, thick, tall, r = u(0.35, 0.6), u(0.35, 0.6), u(0.5, 1), u(0.02, 0.07), u(0.4, 1.0), u(0.02, 0.05)
    lean, seat = u(0, 0.2), u.pick("board", "board", "cushion", "round", "sheet", "slats")
    if seat == "sheet":
        pieces = _one_piece(u, w, d, h, tall, thick * 0.7)
    elif seat == "board":
        pieces = [box("seat", (0, h, 0), (w, thick, d))]
    elif seat == "cushion":
        pieces = [ellipsoid("seat", (0, h, 0), (w * 1.05, thick * 1.6, d * 1.05), square=u(0.3, 0.7))]
    elif seat == "slats":
        pieces = [box("seat", (0, h, z * d), (w, thick * 0.5, d * 0.13)) for z in np.linspace(-0.85, 0.85, 5)]
        pieces += mirrored(box, "seat", (w * 0.85, h - thick, 0), (0.03, thick * 0.6, d * 0.97))
    else:
        d = w
        pieces = [lathe("seat", [(w, -thick), (w * 1.05, 0), (w, thick), (0.001, thick * 0.8)], (0, h, 0))]
    base = u.pick("four", "four", "four", "four", "star", "sled", "bent", "slabs", "cross", "pedestal")
    pieces += _base(u, base, w, d, h, r)
    if seat != "sheet":
        style = u.pick("board", "board", "slats", "hoop", "shell", "bars", "splat", "arch", "framed")
        foot = np.array([0, h, -d + thick if style not in ("hoop", "bars") or seat != "round" else -d * 0.75])
        pieces += _back(u, style, w * (1 if seat != "round" else 0.85), foot, tall, lean, thick)
    return pieces + (_arms(u, w, d, h, -d + thick, r) if u.chance(0.45) else [])


@kind("stool", family="seating", names=("stool", "bar stool"), synonyms={
    "seat": ("seat surface", "seat pad", "bottom"), "leg": ("chair leg", "foot", "support"),
    "footrest": ("foot ring", "foot support", "foot plate"), "base": ("plinth", "stand")})  # fmt: skip
def stool(u: Rng) -> list[Solid]:
    """Bar stools, milking stools, low box stools: no back."""
    w, h, r, t = u(0.25, 0.4), u(0.4, 1.1), u(0.02, 0.05), u(0.02, 0.08)
    if u.chance(0.7):
        pieces = [lathe("seat", [(w * 0.95, -t), (w, 0), (w * 0.95, t), (0.001, t * 0.8)], (0, h, 0))]
    else:
        pieces = [u.pick(box("seat", (0, h, 0), (w, t, w * 0.8)), ellipsoid("seat", (0, h, 0), (w, t, w), square=0.4))]
    style = u.pick("splay", "splay", "corner", "column")
    if style == "column":
        pieces += [
            cylinder("leg", (0, h, 0), (0, 0.05, 0), r),
            lathe("base", [(0.001, 0), (w * 0.9, 0), (w * 0.8, 0.05), (0.03, 0.08)]),
        ]
    elif style == "corner":
        pieces += _four_legs(u, w * 0.9, w * 0.75, h, 0, r)
    else:
        pieces += ring_of(u.count(3, 4), tube, "leg", [(0.6 * w, h, 0), (w, 0, 0)], r, phase=0.4)
    if u.chance(0.5) and style != "corner":
        size = w * (0.6 if style == "column" else 0.85)
        pieces.append(tube("footrest", ellipse((0, h * 0.35, 0), size, size, "xz", 24), r * 0.7))
        if style == "column":
            pieces.append(tube("footrest", [(-size, h * 0.35, 0), (size, h * 0.35, 0)], r * 0.6))
    return pieces


def _cushion(
    u: Rng, part: str, centre: tuple[float, float, float], half: tuple[float, float, float], lean: float, soft: bool
) -> Solid:
    """Upholstered block, crisp or plump."""
    if soft:
        return ellipsoid(part, centre, np.array(half) * 1.05, turn("x", -lean), square=0.35)
    return box(part, centre, half, turn("x", -lean))


def _upholstered(u: Rng, places: int) -> list[Solid]:
    """Armchairs and sofas: thick seat, back and arms around `places` cushions, on short legs or a plinth."""
    wide, d, soft, lean = u(0.36, 0.45) * places, u(0.4, 0.5), u.chance(), u(0, 0.25)
    leg, thick, arm, back = u(0.05, 0.25), u(0.1, 0.2), u(0.06, 0.16), u(0.08, 0.16)
    top, tall = leg + 2 * thick, u(0.4, 0.8)
    split = u.chance(0.7)
    pieces = (
        _four_legs(u, wide + arm, d, leg + 0.02, 0, u(0.025, 0.05))
        if u.chance(0.75)
        else [box("base", (0, leg / 2, 0), (wide, leg / 2, d * 0.9))]
    )
    pieces.append(box("seat", (0, leg + thick * 0.6, 0), (wide, thick * 0.6, d)))
    for k in np.linspace(-1, 1, 2 * places + 1)[1::2] if split else (0.0,):
        half = wide / places if split else wide
        pieces.append(_cushion(u, "seat", (k * wide, top - thick * 0.4, 0.03), (half * 0.97, thick * 0.5, d), 0, soft))
        if split and u.chance(0.8):
            pieces.append(
                _cushion(
                    u,
                    "backrest",
                    (k * wide, top + tall * 0.4, -d + back * 1.3),
                    (half * 0.95, tall * 0.42, back * 0.7),
                    lean,
                    soft,
                )
            )
    pieces.append(
        _cushion(
            u,
            "backrest",
            (0, leg + (tall + thick) / 2 + thick / 2, -d),
            (wide + arm, (tall + thick) / 2, back),
            lean,
            soft and not split,
        )
    )
    rise, style = u(0.15, 0.35), u.pick("box", "round", "flare", "none" if places > 1 else "box")
    for x in SIDES if style != "none" else ():
        at = x * (wide + arm)
        if style == "flare":
            path = [(at, leg + 0.02, 0), (at, top + rise, 0)]
            armrest = np.mean(path, 0)
            pieces.append(box("armrest", armrest, (arm * 0.8, (top + rise - leg) / 2, d), turn("z", -x * u(0.05, 0.2))))
        else:
            pieces.append(
                _cushion(u, "armrest", (at, (leg + top + rise) / 2, 0), (arm, (top + rise - leg) / 2, d * 1.02), 0, soft)
            )
        if style == "round":
            pieces.append(tube("armrest", [(at, top + rise, -d), (at, top + rise, d)], arm * 1.15, round_ends=False))
    if u.chance(0.3):
        pieces += [
            ellipsoid("pillow", (x * wide * 0.7, top + 0.2, -d * 0.4), (0.2, 0.2, 0.08), turn("x", -0.4), square=0.6)
            for x in SIDES[:places]
        ]
    return pieces


@kind("armchair", family="seating", names=("armchair", "lounge chair", "easy chair"), synonyms={
    "backrest": ("back", "back support", "chair back"), "armrest": ("arm", "arm support", "arm of the chair"),
    "seat": ("seat surface", "seat pad", "bottom"), "leg": ("chair leg", "foot", "support"), "stretcher": ("crossbar", "rung"),
    "footrest": ("foot ring", "foot support", "foot plate"), "wheel": ("caster", "roller"), "base": ("plinth", "stand"),
    "pillow": ("cushion",)})  # fmt: skip
def armchair(u: Rng) -> list[Solid]:
    """Thick club chairs, tub chairs, wooden-arm lounge chairs, recliners."""
    style = u.pick("club", "club", "tub", "lounge")
    if style == "club":
        return _upholstered(u, 1)
    w, d, h, r = u(0.4, 0.5), u(0.42, 0.5), u(0.35, 0.5), u(0.025, 0.045)
    if style == "tub":
        tall, t = u(0.4, 0.6), u(0.05, 0.1)
        pieces = [
            ellipsoid("seat", (0, h, 0.03), (w, u(0.08, 0.14), d), square=0.6),
            *_base(u, u.pick("four", "pedestal", "star"), w * 0.8, d * 0.8, h, r),
        ]
        for part, start, stop in (("armrest", 0.08, 0.3), ("backrest", 0.3, 0.7), ("armrest", 0.7, 0.92)):
            path = arc(
                (0, h + tall * 0.3, 0), w, d, -np.pi * (start - 0.1), -np.pi * (stop + 0.1 * np.sign(stop - 0.6)), "xz", 9
            )
            lift = tall * (0.9 if part == "backrest" else u(0.45, 0.7))
            pieces.append(
                loft(
                    part,
                    path + np.array([0, lift / 2 - tall * 0.3, 0]),
                    np.tile([[0, lift / 2 + 0.1, 0]], (9, 1)),
                    (path - (0, h + tall * 0.3, 0)) * t / w,
                )
            )
        return pieces
    lean, deep = u(0.25, 0.6), u(0.06, 0.12)
    pieces = [
        _cushion(u, "seat", (0, h, 0), (w, deep, d), 0.1, True),
        *_base(u, u.pick("four", "sled", "slabs", "star"), w * 1.05, d, h, r),
    ]
    pieces += _back(u, u.pick("board", "shell", "slats", "arch"), w, np.array([0, h, -d + deep]), u(0.6, 1), lean, deep)
    pieces += _arms(u, w * 1.08, d, h, -d, r * 1.2)
    return (
        [*pieces, _cushion(u, "footrest", (0, h * 0.7, d * 1.5), (w * 0.9, deep, d * 0.4), -0.5, True)]
        if u.chance(0.15)
        else pieces
    )


@kind("sofa", family="seating", names=("sofa", "couch", "settee"), synonyms={
    "backrest": ("back", "back support", "chair back"), "armrest": ("arm", "arm support", "arm of the chair"),
    "seat": ("seat surface", "seat pad", "bottom"), "leg": ("chair leg", "foot", "support"), "base": ("plinth", "stand"),
    "pillow": ("cushion",)})  # fmt: skip
def sofa(u: Rng) -> list[Solid]:
    """Two to four seats, with cushions, corner part, or as a plain bench-like couch."""
    pieces = _upholstered(u, u.pick(2, 2, 3, 3, 4))
    if u.chance(0.2):
        seat = max((p for p in pieces if p.part == "seat"), key=lambda p: float(np.ptp(p.vertices[:, 0])))
        low, high = seat.vertices.min(0), seat.vertices.max(0)
        x = u.pick(low[0] + 0.35, high[0] - 0.35)
        seat_at = (x, (low[1] + high[1]) / 2 + 0.03, high[2] + 0.35)
        pieces.append(box("seat", seat_at, (0.35, (high[1] - low[1]) / 2 + 0.05, 0.4)))
        pieces.append(box("base", (x, low[1] / 2, high[2] + 0.35), (0.3, low[1] / 2 + 0.01, 0.35)))
    return pieces


@kind("bench", family="seating", names=("bench", "park bench", "pew"), synonyms={
    "backrest": ("back", "back support", "chair back"), "armrest": ("arm", "arm support", "arm of the chair"),
    "seat": ("seat surface", "seat pad", "bottom"), "leg": ("chair leg", "foot", "support"), "stretcher": ("crossbar", "rung"),
})  # fmt: skip
def bench(u: Rng) -> list[Solid]:
    """Park benches of slats, plain boards, stone benches, church pews."""
    w, d, h, r = u(0.7, 1.2), u(0.2, 0.35), u(0.4, 0.55), u(0.02, 0.05)
    if u.chance():
        pieces = [box("seat", (0, h, z * d), (w, 0.015, d * 0.8 / u.count(3, 5))) for z in np.linspace(-0.8, 0.8, 4)]
    else:
        pieces = [box("seat", (0, h, 0), (w, u(0.02, 0.1), d))]
    inner, style = w * u(0.75, 0.97), u.pick("four", "slabs", "sled", "block", "frame")
    if style == "block":
        pieces += [box("leg", (x * inner * 0.85, h / 2, 0), (u(0.06, 0.15), h / 2, d * 0.85)) for x in SIDES]
    elif style == "frame":
        for x in SIDES:
            pieces += mirrored(tube, "leg", [(x * inner, 0, d * 1.1), (x * inner, h, d * 0.8)], r, axes="z")
            pieces.append(tube("leg", [(x * inner, h - 0.02, -d), (x * inner, h - 0.02, d)], r))
    else:
        pieces += _base(u, style, inner, d, h, r)
    if u.chance(0.6):
        tall, lean = u(0.4, 0.6), u(0.05, 0.3)
        pieces += _back(u, u.pick("board", "slats", "slats", "bars"), w, np.array([0, h, -d]), tall, lean, 0.02)
        if u.chance(0.6):
            pieces += _arms(u, w * 0.97, d, h, -d, r)
    return pieces


@kind("rocking chair", family="seating", names=("rocking chair", "rocker"), synonyms={
    "backrest": ("back", "back support", "chair back"), "armrest": ("arm", "arm support", "arm of the chair"),
    "seat": ("seat surface", "seat pad", "bottom"), "leg": ("chair leg", "foot", "support"),
    "rocker": ("runner", "curved foot")})  # fmt: skip
def rocking_chair(u: Rng) -> list[Solid]:
    """Wooden chairs on two bent runners."""
    w, d, h, r = u(0.38, 0.5), u(0.38, 0.5), u(0.45, 0.6), u(0.025, 0.04)
    pieces = [u.pick(box("seat", (0, h, 0), (w, 0.03, d)), ellipsoid("seat", (0, h, 0), (w, 0.07, d), square=0.5))]
    pieces += _four_legs(u, w, d, h, 0.06, r)
    pieces += _back(
        u, u.pick("slats", "bars", "hoop", "board", "splat"), w, np.array([0, h, -d]), u(0.7, 1.1), u(0.1, 0.3), 0.03
    )
    reach, rise = d * u(1.6, 2.1), u(0.15, 0.35)
    pieces += mirrored(tube, "rocker", bezier((w, rise, -reach), (w, -rise * 0.9, 0), (w, rise, reach * 0.85)), r)
    return pieces + (_arms(u, w, d, h, -d, r) if u.chance(0.8) else [])


@kind("throne", family="seating", names=("throne", "royal chair"), synonyms={
    "backrest": ("back", "back support", "chair back"), "armrest": ("arm", "arm support", "arm of the chair"),
    "seat": ("seat surface", "seat pad", "bottom"), "leg": ("chair leg", "foot", "support"), "cushion": ("pad", "pillow"),
    "ornament": ("decoration", "finial"), "step": ("platform", "podium")})  # fmt: skip
def throne(u: Rng) -> list[Solid]:
    """Royal chairs: massive block or carved legs, very tall back with crest, thick arms, steps."""
    w, d, h, tall, t = u(0.4, 0.55), u(0.38, 0.5), u(0.45, 0.6), u(1, 1.6), u(0.05, 0.12)
    pieces = [box("seat", (0, h, 0), (w, t, d))]
    pieces += (
        [box("leg", (0, h / 2, 0), (w * 0.97, h / 2, d * 0.97))] if u.chance(0.4) else _four_legs(u, w, d, h, 0, u(0.05, 0.08))
    )
    pieces += _back(u, u.pick("board", "arch", "arch"), w, np.array([0, h, -d + t]), tall, u(0, 0.1), t)
    if u.chance(0.7):
        pieces += [
            lathe("ornament", [(0.06, 0), (0.08, 0.08), (0.01, u(0.15, 0.35))], (x * w * 0.85, h + tall * 0.75, -d))
            for x in SIDES
        ]
        pieces.append(ellipsoid("ornament", (0, h + tall, -d), (0.13, 0.12, 0.08)))
    rise = u(0.25, 0.4)
    for x in SIDES:
        pieces += [
            box("armrest", (x * w, h + rise, 0), (u(0.05, 0.09), 0.05, d)),
            box("armrest", (x * w, h + rise / 2, d * 0.85), (0.05, rise / 2, 0.05)),
        ]
    if u.chance(0.6):
        pieces.append(ellipsoid("cushion", (0, h + t + 0.03, 0.03), (w * 0.8, 0.07, d * 0.85), square=0.5))
    return [*pieces, box("step", (0, -0.06, 0.15), (w * 1.4, 0.07, d * 1.5))] if u.chance(0.4) else pieces


@kind("swing", family="swing", names=("swing", "playground swing"), synonyms={
    "backrest": ("back", "back support", "chair back"), "seat": ("seat surface", "seat pad", "bottom"),
    "rope": ("chain", "cord", "line"), "frame": ("rack", "framework", "tubing")})  # fmt: skip
def swing(u: Rng) -> list[Solid]:
    """Board, tyre or bench on ropes or chains, hanging from an A-frame, a bar or nothing."""
    h, r, w = u(1.1, 1.6), u(0.025, 0.045), u(0.2, 0.3)
    style, push = u.pick("board", "board", "tire", "bench"), u(-0.3, 0.3)
    n = u.pick(1, 1, 2) if style == "board" else 1
    w = w * 2 if style == "bench" else w
    pieces = []
    for x in (np.arange(n) - (n - 1) / 2) * 0.8:
        y, z = h * 0.25 + abs(push) * 0.15, h * push
        if style == "tire":
            pieces.append(tube("seat", ellipse((x, y + 0.2, z), w, w, "xy", 24), 0.09))
        else:
            pieces.append(box("seat", (x, y, z), (w, 0.025, w * 0.5 if style == "board" else 0.22)))
        if style == "bench":
            pieces += _back(u, u.pick("board", "slats", "bars"), w, np.array([x, y, z - 0.2]), 0.4, 0.2, 0.02)
        line = u(0.01, 0.025)
        pieces += [
            tube(
                "rope",
                [(x + k * w * 0.9, y + 0.2 * (style == "tire"), z), (x + k * w * (0.9 if style != "tire" else 0.5), h, 0)],
                line,
            )
            for k in SIDES
        ]
    span = w + 0.35 + 0.4 * (n - 1)
    if u.chance(0.8):
        pieces.append(cylinder("frame", (-span - 0.1, h, 0), (span + 0.1, h, 0), r))
        pieces += mirrored(cylinder, "frame", (span, h, 0), (span + 0.15, 0, h * 0.4), r, axes="xz")
    return pieces


@kind("pouf", family="seating", names=("pouf", "ottoman", "bean bag"), synonyms={
    "backrest": ("back", "back support", "chair back"), "seat": ("seat surface", "seat pad", "bottom"),
    "leg": ("chair leg", "foot", "support"), "base": ("plinth", "stand"), "body": ("cover", "block")})  # fmt: skip
def pouf(u: Rng) -> list[Solid]:
    """Bean bags, round and cubic upholstered ottomans."""
    w, h = u(0.4, 0.6), u(0.2, 0.4)
    style = u.pick("bag", "ball", "drum", "cube")
    if style == "bag":
        pieces = [
            ellipsoid("seat", (0, h * 0.8, 0.1), (w, h * 0.8, w)),
            ellipsoid("backrest", (0, h * 1.5, -w * 0.5), (w * 0.7, h * u(1, 1.4), w * 0.45), turn("x", -0.4)),
        ]
        return [*pieces, ellipsoid("base", (0, h * 0.35, -0.05), (w * 1.05, h * 0.5, w * 1.1), square=0.7)]
    low = u(0.08, 0.18) * u.chance(0.6)
    if style == "cube":
        pieces = [
            box("body", (0, low + h, 0), (w, h, w)),
            ellipsoid("seat", (0, low + 2 * h, 0), (w, u(0.06, 0.14), w), square=0.3),
        ]
    elif style == "drum":
        pieces = [
            cylinder("body", (0, low, 0), (0, low + 2 * h, 0), w),
            ellipsoid("seat", (0, low + 2 * h, 0), (w * 1.02, 0.1, w * 1.02)),
        ]
    else:
        pieces = [
            ellipsoid("body", (0, low + h, 0), (w, h, w), square=0.8),
            lathe("seat", [(w * 0.7, -0.03), (w * 0.75, 0.02), (0.01, 0.06)], (0, low + 1.93 * h, 0)),
        ]
    return pieces + (_four_legs(u, w * 0.75, w * 0.75, low + h * 0.3, 0, 0.03) if low else [])


@kind("wheelchair", family="seating", names=("wheelchair", "rolling chair"), synonyms={
    "backrest": ("back", "back support", "chair back"), "armrest": ("arm", "arm support", "arm of the chair"),
    "seat": ("seat surface", "seat pad", "bottom"), "footrest": ("foot ring", "foot support", "foot plate"),
    "wheel": ("caster", "roller"), "caster": ("small wheel", "front wheel"), "axle": ("wheel shaft", "hub"),
    "frame": ("rack", "framework", "tubing"), "handle": ("push handle", "hold")})  # fmt: skip
def wheelchair(u: Rng) -> list[Solid]:
    """Wheelchairs with large or small rear wheels, casters, footrests, push handles."""
    w, d, h, big = u(0.28, 0.36), u(0.28, 0.36), u(0.5, 0.6), u(0.25, 0.45)
    tall, r, t = u(0.5, 0.7), 0.025, u(0.02, 0.05)
    pieces = [box("seat", (0, h, 0), (w, t, d)), box("backrest", (0, h + tall / 2, -d), (w, tall / 2, t))]
    for x in SIDES:
        side, hub = x * (w + 0.06), np.array([0, big, -d * 0.6])
        pieces.append(tube("wheel", ellipse(hub + np.array([side + x * 0.03, 0, 0]), big, big, "zy", 32), 0.03))
        pieces += [
            tube("wheel", [hub + np.array([side + x * 0.03, 0, 0]), hub + np.array([side + x * 0.03, big * s, big * c])], 0.008)
            for c, s in around(u.count(6, 12))
        ]
        pieces.append(cylinder("axle", hub, hub + np.array([side + x * 0.06, 0, 0]), 0.03))
        pieces.append(cylinder("caster", (x * w - 0.025, 0.09, d * 1.1), (x * w + 0.025, 0.09, d * 1.1), 0.09))
        pieces.append(tube("frame", [(x * w, 0.09, d * 1.1), (x * w, h, d)], r))
        pieces += [
            tube("frame", [(x * w, h, -d), (x * w, h, d)], r),
            tube("frame", [(x * w, big, -d * 0.6), (x * w, h, -d)], r),
        ]
        pieces.append(tube("handle", [(x * w, h, -d), (x * w, h + tall + 0.08, -d), (x * w, h + tall + 0.08, -d - 0.2)], r))
        pieces += [
            box("armrest", (x * w, h + 0.25, -0.02), (0.04, 0.025, d * 0.8)),
            tube("armrest", [(x * w, h, d * 0.5), (x * w, h + 0.25, d * 0.5)], r),
        ]
        pieces.append(tube("footrest", [(x * w * 0.8, h, d), (x * w * 0.8, 0.15, d * 1.5)], r))
        pieces.append(box("footrest", (x * w * 0.6, 0.14, d * 1.7), (w * 0.38, 0.015, 0.1)))
    return pieces
