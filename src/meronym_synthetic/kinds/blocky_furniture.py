"""Seats, pictures, shelves and lamps of few plain shapes, as games have them."""

from __future__ import annotations

import numpy as np

from meronym_synthetic.kinds.low_poly import ball, skin, stack, stick
from meronym_synthetic.kit.anatomy import vec
from meronym_synthetic.kit.curves import CORNERS, SIDES, turn
from meronym_synthetic.kit.furniture import bar
from meronym_synthetic.kit.registry import kind
from meronym_synthetic.kit.rng import Rng
from meronym_synthetic.kit.solids import Solid, box, cylinder, lathe, mirrored, move


def _pad(u: Rng, style: str, part: str, centre: tuple[float, float, float], half: tuple[float, float, float]) -> Solid:
    """Cushion as a plain box, or one with slanted edges above and below."""
    if style == "box":
        return box(part, centre, half, n=2)
    x, y, z = half
    c = min(x, y, z) * 0.5
    return stack(part, [(-y, x - c, z - c), (-y + c, x, z), (y - c, x, z), (y, x - c, z - c)], 4, centre)


def feet(u: Rng, w: float, d: float, top: float) -> list[Solid]:
    """Block, tapered, slanted or plank feet under a 2w x 2d body."""
    style, r, pieces = u.pick("block", "taper", "slant", "plank"), u(0.025, 0.05), []
    if style == "plank":
        return [box("leg", (x * w * 0.85, top / 2, 0), (r, top / 2, d * 0.9), n=2) for x in SIDES]
    for x, z in CORNERS:
        head, out = vec(x * (w - r * 1.5), top, z * (d - r * 1.5)), top * 0.35 if style == "slant" else 0.0
        foot = head * (1, 0, 1) + vec(x * out * 0.5, 0, z * out * 0.3)
        if style == "block":
            pieces.append(box("leg", (head + foot) / 2, (r, top / 2, r), n=1))
        else:
            pieces.append(stick("leg", head, foot, r, r * 0.6, 4 if style == "taper" else 6))
    return pieces


def _couch(u: Rng, places: int) -> list[Solid]:
    """Seat with a base, cushions in front and behind, armrests and legs, all of boxes."""
    style, w, d = u.pick("box", "box", "cut"), u(0.28, 0.34) * places, u(0.34, 0.42)
    legs, base, soft = u(0.05, 0.16) * u.chance(0.85), u(0.06, 0.12), u(0.05, 0.09)
    arm, tall, back, arms = u(0.05, 0.11), u(0.12, 0.22), u(0.06, 0.1), u.chance(0.85)
    y, pieces = legs + base * 2, feet(u, w + (arm if arms else 0), d, legs) if legs else []
    pieces.append(box("base", (0, legs + base, 0), (w, base, d)))
    one, lean, high = u.chance(0.25), u(0, 0.25) * u.chance(0.6), u(0.22, 0.34)
    rest = [box("backrest", (0, high, 0), (w, high, back))]
    pieces += move(rest, (0, y - base * 0.5, -d + back), rotation=turn("x", -lean))
    n = 1 if one else places
    for k in range(n):
        x, half = (2 * k + 1 - n) * w / n, w / n - 0.012
        pieces.append(_pad(u, style, "seat cushion", (x, y + soft, back * 0.8), (half, soft, d - back * 0.8)))
        if u.chance(0.85):
            pad = [_pad(u, style, "back cushion", (0, high * 0.9, back * 1.6), (half * 0.97, high * 0.75, soft))]
            pieces += move(pad, (x, y + soft, -d + back), rotation=turn("x", -lean - 0.12))
    if arms:
        flat = u.chance(0.3)
        for x in SIDES:
            low = y - base * 2
            middle = (x * (w + arm), (low + y + tall * 2) / 2, 0)
            pieces.append(_pad(u, style, "armrest", middle, (arm, (y + tall * 2 - low) / 2, d * u(0.9, 1))))
            if flat:
                pieces.append(box("armrest", (x * (w + arm), y + tall * 2, 0), (arm * 1.25, 0.02, d), n=2))
    for x in SIDES[: u.count(0, 2)]:
        size, half = u(0.1, 0.14), 0.045
        pillow = [_pad(u, "cut", "pillow", (0, 0, 0), (size, size, half))]
        spot = (x * (w - size * 1.1), y + 2 * soft + size * 0.9, -d + 2 * back + 2 * soft + 0.1)
        pieces += move(pillow, spot, rotation=turn("x", -0.35) @ turn("z", u(-0.5, 0.5)))
    if places > 1 and u.chance(0.2):
        x = u.pick(*SIDES) * w * (1 - 1 / places)
        pieces.append(box("base", (x, legs + base, d + 0.25), (w / places, base, 0.25)))
        pieces.append(_pad(u, style, "seat cushion", (x, y + soft, d + 0.25), (w / places - 0.01, soft, 0.25)))
    if u.chance(0.12):
        pieces.append(box("blanket", (w * u(-0.5, 0.5), y + high * 1.9, -d + back), (w / places * 0.5, 0.02, back * 1.3), n=2))
    return pieces


@kind("box sofa", family="seating", names=("sofa", "couch", "low-poly sofa", "loveseat", "settee"), synonyms={
    "seat cushion": ("seat", "sofa cushion", "seat pad"), "back cushion": ("back pad", "cushion"), "armrest": ("arm", "side"),
    "backrest": ("back", "sofa back"), "base": ("frame", "sofa base"), "leg": ("foot", "sofa leg"),
    "pillow": ("throw pillow", "small cushion"), "blanket": ("throw",)})  # fmt: skip
def box_sofa(u: Rng) -> list[Solid]:
    """Blocky sofas for two to four, some with a chaise, pillows or a slanted back."""
    return _couch(u, u.count(2, 4))


@kind("box armchair", family="seating", names=("armchair", "low-poly armchair", "easy chair", "club chair"), synonyms={
    "seat cushion": ("seat", "seat pad"), "back cushion": ("back pad", "cushion"), "armrest": ("arm", "side"),
    "backrest": ("back", "chair back"), "base": ("frame", "chair base"), "leg": ("foot", "chair leg"),
    "pillow": ("throw pillow", "small cushion"), "blanket": ("throw",)})  # fmt: skip
def box_armchair(u: Rng) -> list[Solid]:
    """Blocky armchairs with cushions, armrests and legs."""
    return _couch(u, 1)


@kind("picture frame", family="picture", names=("picture frame", "photo frame", "framed picture", "painting"), synonyms={
    "frame": ("border", "molding"), "picture": ("photo", "image", "canvas"), "stand": ("easel back", "prop"),
    "mat": ("passe-partout", "inner border"), "hook": ("hanger",), "cord": ("wire", "string"), "base": ("foot",),
})  # fmt: skip
def picture_frame(u: Rng) -> list[Solid]:
    """Pictures that stand on a table with a prop or a foot, or hang on a wall by a cord."""
    w, h, b, t, style = u(0.2, 0.45), u(0.25, 0.45), u(0.025, 0.08), u(0.015, 0.04), u.pick("prop", "prop", "foot", "wall")
    if u.chance(0.25):
        n = u.pick(8, 24)
        ring = [(np.cos(a), np.sin(a)) for a in (np.arange(n) + 0.5) * 2 * np.pi / n]
        pieces = []
        for (x0, y0), (x1, y1) in zip(ring, [*ring[1:], ring[0]], strict=True):
            quad = [(x0, y0, 1), (x1, y1, 1), (x1, y1, 0), (x0, y0, 0)]
            corners = [vec(x * (w - (1 - k) * b), y * (h - (1 - k) * b), 0) for x, y, k in quad]
            pieces.append(skin("frame", [[c + vec(0, 0, z) for c in corners] for z in (-t, t)]))
        pieces.append(skin("picture", [[vec(x * (w - b), y * (h - b), z) for x, y in ring] for z in (-t * 0.5, t * 0.3)]))
    else:
        pieces = [*mirrored(box, "frame", (w - b / 2, 0, 0), (b / 2, h, t), n=2)]
        pieces += [box("frame", (0, y * (h - b / 2), 0), (w - b, b / 2, t)) for y in SIDES]
        pieces.append(box("picture", (0, 0, -t * 0.2), (w - b, h - b, t * 0.5)))
        if u.chance(0.3):
            m = u(0.03, 0.06)
            pieces += mirrored(box, "mat", (w - b - m / 2, 0, t * 0.45), (m / 2, h - b, t * 0.25), n=1)
            pieces += [box("mat", (0, y * (h - b - m / 2), t * 0.45), (w - b - m, m / 2, t * 0.25)) for y in SIDES]
    if style == "wall":
        if u.chance(0.6):
            peak = vec(0, h + u(0.1, 0.2), -t)
            pieces += [cylinder("cord", (x * w * 0.6, h - 0.02, -t), peak, 0.008) for x in SIDES]
            pieces.append(stick("hook", peak - vec(0, 0, 0.02), peak + vec(0, 0, 0.02), 0.018))
        return pieces
    if style == "foot":
        pieces.append(box("base", (0, -h - 0.02, 0), (w * u(0.4, 0.9), 0.02, u(0.06, 0.1))))
        return pieces
    lean = u(0.15, 0.35)
    pieces = move(pieces, (0, h * np.cos(lean), 0), rotation=turn("x", -lean))
    return [
        *pieces,
        bar("stand", (0, h * 1.3, -h * 0.3 * np.sin(lean) - t - 0.06), (0, 0.01, -h * (np.sin(lean) + 0.45)), 0.016, True),
    ]


@kind("bracket shelf", family="storage", names=("wall shelf", "shelf", "floating shelf", "low-poly shelf"), synonyms={
    "board": ("shelf board", "plank", "shelf"), "bracket": ("support", "shelf holder"), "books": ("book",),
    "plant": ("leaves", "foliage"), "pot": ("flower pot",), "box": ("container",), "hook": ("peg",),
    "rail": ("back board", "wall strip")})  # fmt: skip
def bracket_shelf(u: Rng) -> list[Solid]:
    """One to three wall boards on brackets, empty or with books, boxes and plants."""
    w, d, t, n, gap = u(0.35, 0.7), u(0.1, 0.17), u(0.012, 0.03), u.count(1, 3), u(0.3, 0.4)
    style, pieces = u.pick("triangle", "angle", "block", "curve"), []
    spread = w * u(0.5, 0.8)
    for k in range(n):
        y = k * gap
        pieces.append(box("board", (0, y, 0), (w, t, d)))
        for x in (-spread, spread) if w < 0.55 else (-spread, 0.0, spread):
            s, r = d * u(1.2, 1.5), 0.014
            if style == "triangle":
                corners = [vec(x, y - t, -d), vec(x, y - t, d * 0.6), vec(x, y - t - s, -d)]
                pieces.append(skin("bracket", [[c + vec(q, 0, 0) for c in corners] for q in (-r, r)]))
            elif style == "block":
                pieces.append(box("bracket", (x, y - t - 0.03, -d * 0.2), (0.03, 0.03, d * 0.7), n=2))
            else:
                low, front = vec(x, y - t - s, -d + r), vec(x, y - t - r, d * 0.7)
                pieces += [
                    bar("bracket", vec(x, y - t, -d + r), low, r, True),
                    bar("bracket", front * (1, 1, 0) - vec(0, 0, d), front, r, True),
                ]
                if style == "curve":
                    pieces.append(bar("bracket", low + vec(0, s * 0.2, 0), front - vec(0, 0, d * 0.4), r, True))
        if u.chance(0.5):
            x = -w * 0.85
            for _ in range(u.count(2, 6)):
                thick, tall = u(0.015, 0.03), u(0.08, 0.12)
                pieces.append(box("books", (x + thick, y + t + tall, 0), (thick * 0.95, tall, d * u(0.6, 0.85)), n=1))
                x += 2 * thick
        if u.chance(0.3):
            at = vec(w * u(0.3, 0.7), y + t, 0)
            pieces += [
                stack("pot", [(0, 0.04, 0.04), (0.09, 0.055, 0.055)], 8, at),
                ball(u, "plant", at + vec(0, 0.15, 0), (0.09, 0.08, 0.08), 7, 3, 0.2),
            ]
        elif u.chance(0.25):
            pieces.append(box("box", (w * u(0.2, 0.6), y + t + 0.06, 0), (u(0.06, 0.1), 0.06, d * 0.7), n=2))
    if u.chance(0.3):
        pieces.append(box("rail", (0, -0.12, -d + 0.01), (w * 0.9, 0.035, 0.012), n=2))
        pieces += [
            stick("hook", (x * w, -0.12, -d), (x * w, -0.11, -d + 0.09), 0.012) for x in np.linspace(-0.7, 0.7, u.count(3, 5))
        ]
    return pieces


@kind("cone lamp", family="lamp", names=("table lamp", "low-poly lamp", "lamp", "floor lamp", "bedside lamp"), synonyms={
    "shade": ("lampshade", "lamp screen"), "base": ("foot", "lamp base"), "stem": ("pole", "lamp post", "stand"),
    "bulb": ("light bulb",), "switch": ("pull chain", "button"), "leg": ("tripod leg",),
})  # fmt: skip
def cone_lamp(u: Rng) -> list[Solid]:
    """Table and floor lamps of a plain cone or drum over a stem and a flat, block or three-legged foot."""
    n, floor = u.pick(6, 8, 24), u.chance(0.35)
    tall, r, h = u(0.9, 1.2) if floor else u(0.25, 0.45), u(0.16, 0.26), u(0.18, 0.3)
    foot, pieces = u.pick("disc", "block", "pot", "tripod"), []
    if foot == "disc":
        size = u(0.1, 0.16)
        pieces.append(stack("base", [(0, size, size), (0.035, size * u(0.7, 1), size * 0.85)], n))
    elif foot == "block":
        pieces.append(box("base", (0, 0.05, 0), (u(0.08, 0.13), 0.05, u(0.08, 0.12))))
    elif foot == "pot":
        a, b, k = u(0.06, 0.1), u(0.1, 0.15), u(0.3, 0.7) * min(tall, 0.4)
        pieces.append(stack("base", [(0, a, a), (k * 0.4, b, b), (k, a * 0.4, a * 0.4)], n))
    else:
        for q in range(3):
            c, s = np.cos(q * 2.1), np.sin(q * 2.1)
            pieces.append(stick("leg", (0, tall * 0.55, 0), (c * tall * 0.3, 0, s * tall * 0.3), 0.018, 0.014))
    pieces.append(
        stick("stem", (0, 0.02 if foot != "tripod" else tall * 0.5, 0), (0, tall + h * 0.5, 0), u(0.015, 0.03), None, 6)
    )
    top = r * u.pick(u(0.35, 0.6), u(0.6, 0.8), 1.0)
    if u.chance(0.5):
        wall = [(r, 0), (top, h), (top - 0.012, h), (r - 0.012, 0)]
        ring = lathe("shade", [*wall, wall[0]], (0, tall, 0))
        pieces.append(ring if n == 24 else stack("shade", [(0, r, r), (h, top, top)], n, (0, tall, 0)))
    else:
        pieces.append(stack("shade", [(0, r, r), (h, top, top)], n, (0, tall, 0)))
    if u.chance(0.5):
        pieces.append(ball(u, "bulb", (0, tall - 0.01, 0), 0.055, 8, 4))
    if u.chance(0.3):
        x = r * 0.6
        pieces += [
            cylinder("switch", (x, tall + 0.02, 0), (x, tall - 0.12, 0), 0.006),
            ball(u, "switch", (x, tall - 0.13, 0), 0.016, 6, 3),
        ]
    return pieces
