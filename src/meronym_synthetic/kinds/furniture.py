"""Tables, storage, beds, lamps, and what else stands in a home."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from meronym_synthetic.kit import (
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
    lathe,
    plate,
    prism,
    tube,
    turn,
)

Point = tuple[float, float, float]


def _disc(part: str, y: float, rx: float, rz: float, thick: float) -> Piece:
    """Round or oval slab, its middle at height y."""
    skin = lathe(part, [(0.96, -thick), (1, 0), (0.96, thick), (0.001, thick)], (0, y, 0))
    return Piece(part, skin.vertices * (rx, 1, rz), skin.faces)


def _bar(part: str, start: Point, end: Point, r: float, square: bool) -> Piece:
    """Straight bar, round or with four edges."""
    if not square:
        return cylinder(part, start, end, r)
    centre = np.linspace(start, end, 2)
    along = centre[1] - centre[0]
    side = np.cross(along, (0, 0, 1.0) if abs(along[2]) < 0.9 * np.linalg.norm(along) else (0, 1.0, 0))
    side /= np.linalg.norm(side)
    other = np.cross(along, side) / np.linalg.norm(along)
    frame = np.stack([side, along / np.linalg.norm(along), other], 1)
    return box(part, centre.mean(0), (r, float(np.linalg.norm(along)) / 2, r), frame, n=3)


def _corner_legs(u: Dice, w: float, d: float, top: float, r: float, bottom: float = 0) -> list[Piece]:
    """Four legs under a 2w x 2d rectangle: round, square, splayed, turned, curved or hairpin."""
    style, splay = u.pick("round", "square", "taper", "turned", "curved", "hairpin"), u(0, 0.12) * u.chance()
    pieces = []
    for x in SIDES:
        for z in SIDES:
            head, foot = (x * (w - r), top, z * (d - r)), (x * (w - r + splay), bottom, z * (d - r + splay))
            if style in ("round", "square"):
                pieces.append(_bar("leg", head, foot, r, style == "square"))
            elif style == "taper":
                pieces.append(cylinder("leg", head, foot, [r * 1.2, r * 0.6]))
            elif style == "turned":
                knots = np.linspace(0, 1, 12)
                swell = r * (1 + 0.35 * np.sin(knots * 19)) * (1.2 - 0.5 * knots)
                pieces.append(tube("leg", np.linspace(head, foot, 12), swell, round_ends=False))
            elif style == "curved":
                middle = np.mean([head, foot], 0) + np.array([x, 0, z]) * (top - bottom) * 0.2
                path = bezier(head, middle, (x * (w - 3 * r), bottom + r, z * (d - 3 * r)), (foot[0], bottom, foot[2]))
                pieces.append(tube("leg", path, r * np.linspace(1.4, 0.7, len(path))))
            else:
                tops = [(head[0] - x * 0.1, top, head[2]), (head[0], top, head[2] - z * 0.1)]
                pieces += [tube("leg", [tip, foot], r * 0.35) for tip in tops]
    return pieces


def _knob(u: Dice, style: str, x: float, y: float, z: float) -> list[Piece]:
    """Handle on a front that looks to +z."""
    if style == "knob":
        return [ellipsoid("handle", (x, y, z + 0.02), 0.025)]
    if style == "bar":
        return [box("handle", (x, y, z + 0.02), (0.07, 0.012, 0.02), n=2)]
    if style == "tall":
        return [box("handle", (x, y, z + 0.02), (0.012, u(0.08, 0.2), 0.02), n=2)]
    return [tube("handle", arc((x, y, z), 0.06, 0.05, 0, np.pi, "xz", 8), 0.01)] if style == "ring" else []


def _fronts(
    u: Dice, part: str, low: tuple[float, float], high: tuple[float, float], z: float, rows: int, cols: int
) -> list[Piece]:
    """Grid of drawers or doors with handles between two (x, y) corners, in front of depth z; some may be open."""
    style, gap, thick = (
        u.pick("knob", "bar", "tall" if part == "door" else "ring", "none"),
        u(0.01, 0.03),
        u(0.012, 0.03),
    )
    half = ((high[0] - low[0]) / cols / 2, (high[1] - low[1]) / rows / 2)
    pieces: list[Piece] = []
    for i in range(rows):
        for j in range(cols):
            x, y = low[0] + (2 * j + 1) * half[0], low[1] + (2 * i + 1) * half[1]
            out = u(0.1, 0.25) if part == "drawer" and u.chance(0.07) else 0.0
            size = (half[0] - gap, half[1] - gap, thick + out)
            pieces.append(box(part, (x, y, z + out), size, n=4))
            inward = (1.0 if j % 2 == 0 else -1.0) * (half[0] - gap - 0.05) if part == "door" else 0.0
            pieces += _knob(u, style, x + inward, y, z + 2 * out + thick)
    return pieces


def _case(u: Dice, part: str, w: float, h: float, d: float, y: float, solid: bool) -> list[Piece]:
    """Closed body, or an open box of boards, from height y upwards."""
    if solid:
        return [box(part, (0, y + h / 2, 0), (w, h / 2, d))]
    t = u(0.015, 0.04)
    pieces = [box(part, (x * (w - t), y + h / 2, 0), (t, h / 2, d)) for x in SIDES]
    pieces += [box(part, (0, level, 0), (w, t, d)) for level in (y + t, y + h - t)]
    return [*pieces, box("back", (0, y + h / 2, -d + t), (w - t, h / 2, t * 0.5))] if u.chance(0.75) else pieces


def _plinth(u: Dice, w: float, d: float) -> tuple[float, list[Piece]]:
    """Feet or base of a piece of storage: its height and pieces."""
    style = u.pick("leg", "leg", "base", "none")
    if style == "leg":
        h = u(0.08, 0.35)
        return h, _corner_legs(u, w * 0.95, d * 0.95, h + 0.01, u(0.025, 0.04))
    if style == "base":
        h = u(0.05, 0.12)
        return h, [box("base", (0, h / 2, 0), (w * u(0.92, 1.04), h / 2, d * u(0.9, 1.04)))]
    return 0.0, []


def table(u: Dice) -> list[Piece]:
    """Dining, coffee and side tables: rectangular, round or oval top on legs, pedestal, trestle, X, slabs or block."""
    w, h, thick = u(0.45, 1), u(0.3, 0.9), u(0.1, 0.18) if u.chance(0.15) else u(0.012, 0.06)
    d, r = w * u(0.4, 1), u(0.02, 0.06)
    form = u.pick("board", "board", "board", "round", "oval", "soft", "polygon")
    if form == "board":
        pieces = [box("tabletop", (0, h, 0), (w, thick, d))]
    elif form in ("round", "oval"):
        d = w if form == "round" else d
        pieces = [_disc("tabletop", h, w, d, thick)]
    elif form == "soft":
        pieces = [ellipsoid("tabletop", (0, h, 0), (w, thick, d), square=0.3)]
    else:
        d, edge = w, np.array(around(u.pick(5, 6, 8))) * w
        pieces = [prism("tabletop", edge, thick, (0, h, 0), turn("x", np.pi / 2))]
    inset = u(0.5, 0.65) if form in ("round", "oval", "polygon") else u(0.75, 0.97)
    lw, ld, square = w * inset, d * inset, u.chance()
    base = u.pick("four", "four", "four", "four", "pedestal", "trestle", "cross", "slabs", "sled", "tripod", "block")
    if base == "four":
        pieces += _corner_legs(u, lw, ld, h, r)
        if u.chance(0.25):
            pieces += [
                _bar("leg", (x * lw * 0.95, h * 0.2, -ld * 0.95), (x * lw * 0.95, h * 0.2, ld * 0.95), r * 0.6, square)
                for x in SIDES
            ]
            pieces.append(_bar("leg", (-lw * 0.95, h * 0.2, 0), (lw * 0.95, h * 0.2, 0), r * 0.6, square))
        if u.chance(0.2):
            deep = u(0.04, 0.1)
            pieces += [box("apron", (0, h - thick - deep / 2, z * ld * 0.92), (lw * 0.95, deep, 0.015)) for z in SIDES]
            pieces += [box("apron", (x * lw * 0.92, h - thick - deep / 2, 0), (0.015, deep, ld * 0.95)) for x in SIDES]
        if u.chance(0.15):
            pieces.append(box("shelf", (0, h * u(0.25, 0.4), 0), (lw * 0.97, 0.015, ld * 0.97)))
    elif base == "pedestal":
        pieces += _column(u, h, min(w, d))
    elif base == "trestle":
        for x in SIDES:
            pieces.append(_bar("leg", (x * lw * 0.8, h, 0), (x * lw * 0.8, 0.03, 0), r * 1.5, square))
            pieces.append(_bar("leg", (x * lw * 0.8, 0.03, -ld), (x * lw * 0.8, 0.03, ld), r, square))
        pieces.append(_bar("leg", (-lw * 0.8, h * 0.4, 0), (lw * 0.8, h * 0.4, 0), r, square))
    elif base == "cross":
        pieces += [_bar("leg", (x * lw, h, z * ld), (x * lw, 0, -z * ld), r, square) for x in SIDES for z in SIDES]
    elif base == "slabs":
        pieces += [box("leg", (x * (lw - r), h / 2, 0), (r, h / 2, ld), turn("z", x * u(0, 0.12))) for x in SIDES]
    elif base == "sled":
        for x in SIDES:
            ring = [(x * lw, h, ld), (x * lw, 0, ld), (x * lw, 0, -ld), (x * lw, h, -ld)]
            pieces += [_bar("leg", a, b, r * 0.8, square) for a, b in pairwise(ring)]
    elif base == "tripod":
        pieces += [tube("leg", [(lw * 0.5 * c, h, ld * 0.5 * s), (lw * c, 0, ld * s)], r) for c, s in around(3, 0.5)]
    else:
        pieces.append(box("leg", (0, h / 2, 0), (lw * u(0.4, 0.9), h / 2, ld * u(0.4, 0.9))))
    return pieces


def _column(u: Dice, h: float, w: float) -> list[Piece]:
    """One column with a disc, a cone or three to five feet."""
    r = u(0.03, 0.1)
    foot = u.pick("disc", "feet", "feet", "cone", "vase")
    if foot == "cone":
        return [lathe("leg", [(w * u(0.4, 0.7), 0), (r, h * u(0.3, 0.8)), (w * u(0.1, 0.5), h)])]
    if foot == "vase":
        return [lathe("leg", [(w * 0.5, 0), (w * 0.5, 0.05), (r, 0.1), (r * 2, h * 0.35), (r, h * 0.7), (r * 2, h)])]
    pieces = [cylinder("leg", (0, h, 0), (0, 0.04, 0), r)]
    if foot == "disc":
        return [*pieces, lathe("leg", [(w * 0.6, 0), (w * 0.6, 0.03), (r, 0.08)])]
    for c, s in around(u.count(3, 5), u(0, 1)):
        path = bezier((0, h * 0.4, 0), (0.4 * w * c, h * 0.3, 0.4 * w * s), (0.7 * w * c, 0, 0.7 * w * s))
        pieces.append(tube("leg", path, r * np.linspace(0.8, 0.5, len(path))))
    return pieces


def desk(u: Dice) -> list[Piece]:
    """Writing desks: legs or drawer blocks on one or both sides, modesty board, hutch or shelf on top."""
    w, d, h, thick = u(0.6, 1), u(0.3, 0.5), u(0.6, 0.8), u(0.015, 0.04)
    pieces = [box("tabletop", (0, h, 0), (w, thick, d))]
    style = u.pick("one", "both", "legs", "slabs")
    block = w * u(0.2, 0.32)
    for x in {"one": (u.pick(*SIDES),), "both": SIDES}.get(style, ()):
        low = u(0.02, 0.2)
        pieces.append(box("frame", (x * (w - block), (h + low) / 2, 0), (block, (h - low) / 2, d * 0.93)))
        centre = x * (w - block)
        pieces += _fronts(u, "drawer", (centre - block, low), (centre + block, h - thick), d * 0.93, u.count(2, 4), 1)
    if style == "slabs":
        pieces += [box("leg", (x * (w - 0.03), h / 2, 0), (0.02, h / 2, d * 0.95)) for x in SIDES]
    elif style != "both" or u.chance():
        pieces += _corner_legs(u, w * 0.97, d * 0.95, h, u(0.02, 0.04))
    if style == "legs" and u.chance(0.7):
        pieces += _fronts(u, "drawer", (-w * 0.9, h - 0.16), (w * 0.9, h - thick), d * 0.9, 1, u.count(1, 3))
        pieces.append(box("frame", (0, h - 0.08, 0), (w * 0.92, 0.07, d * 0.9)))
    if u.chance(0.4):
        pieces.append(box("back", (0, h * 0.65, -d * 0.9), (w * 0.95, h * 0.3, 0.012)))
    if u.chance(0.3):
        rise = u(0.25, 0.5)
        pieces += [box("shelf", (x * w * 0.95, h + rise / 2, -d * 0.6), (0.02, rise / 2, d * 0.38)) for x in SIDES]
        pieces += [box("shelf", (0, h + rise * k, -d * 0.6), (w, 0.015, d * 0.4)) for k in (0.5, 1)]
    return pieces


def _storage(u: Dice, w: float, h: float, d: float, doors: int, rows: int, share: float) -> list[Piece]:
    """Body with `doors` above `rows` of drawers, which take this share of the height; base, top and cornice."""
    y, pieces = _plinth(u, w, d)
    pieces += _case(u, "frame", w, h, d, y, solid=True)
    split = y + h * (share if rows else 0.02)
    cols = u.pick(1, 1, 2) if w > 0.4 else 1
    edge = w - u(0, 0.04)
    if rows:
        pieces += _fronts(u, "drawer", (-edge, y + 0.02), (edge, split - 0.01), d, rows, cols)
    if doors:
        pieces += _fronts(u, "door", (-edge, split), (edge, y + h - 0.02), d, 1, doors)
    if u.chance(0.6):
        over, thick = u(1, 1.08), u(0.012, 0.04)
        pieces.append(box("top", (0, y + h + thick * 0.9, 0), (w * over, thick, d * over + 0.02)))
    return pieces


def cabinet(u: Dice) -> list[Piece]:
    """Sideboards, cupboards, display and file cabinets with doors, drawers, open shelves."""
    if u.chance(0.25):
        return _storage(u, u(0.22, 0.3), u(0.7, 1.2), u(0.25, 0.35), 0, u.count(2, 4), 1.0)
    w, h = u(0.4, 0.9), u(0.5, 1.2)
    if u.chance(0.7):
        return _storage(u, w, h, u(0.2, 0.4), u.count(1, 4), u.count(0, 2), u(0.2, 0.4))
    y, pieces = _plinth(u, w, 0.25)
    pieces += _case(u, "frame", w, h, 0.25, y, solid=False)
    pieces += [box("shelf", (0, y + h * k, 0), (w * 0.97, 0.015, 0.23)) for k in (0.5, 0.75)]
    return pieces + _fronts(u, "door", (-w * 0.97, y + 0.03), (w * 0.97, y + h * 0.5), 0.25, 1, u.count(2, 3))


def dresser(u: Dice) -> list[Piece]:
    """Chests of drawers, low and wide or tall, some with a mirror."""
    w, h, d = u(0.4, 0.8), u(0.5, 1.2), u(0.22, 0.35)
    pieces = _storage(u, w, h, d, 0, u.count(2, 6), 1.0)
    if u.chance(0.25):
        top = max(float(piece.vertices[:, 1].max()) for piece in pieces)
        size = u(0.25, 0.4)
        pieces.append(box("mirror", (0, top + size * 0.95, -d * 0.8), (w * u(0.5, 0.9), size, 0.02)))
    return pieces


def nightstand(u: Dice) -> list[Piece]:
    """Small bedside cabinets with one to three drawers, or one drawer over an open shelf."""
    w, d = u(0.25, 0.35), u(0.22, 0.32)
    if u.chance(0.6):
        return _storage(u, w, u(0.3, 0.6), d, u.pick(0, 0, 1), u.count(1, 3), u(0.5, 0.7) if u.chance(0.3) else 1.0)
    h = u(0.5, 0.7)
    pieces = [*_corner_legs(u, w, d, h, u(0.02, 0.035)), box("top", (0, h, 0), (w * 1.05, 0.02, d * 1.05))]
    pieces += [
        box("frame", (0, h - 0.1, 0), (w * 0.95, 0.09, d * 0.95)),
        box("shelf", (0, h * 0.25, 0), (w * 0.95, 0.015, d * 0.95)),
    ]
    return pieces + _fronts(u, "drawer", (-w * 0.92, h - 0.18), (w * 0.92, h - 0.03), d * 0.95, 1, 1)


def wardrobe(u: Dice) -> list[Piece]:
    """Tall clothes cupboards with doors, maybe drawers below, maybe one door open over a rail."""
    w, h, d = u(0.4, 0.8), u(1.3, 1.8), u(0.25, 0.35)
    if u.chance(0.75):
        return _storage(u, w, h, d, u.count(2, 4), u.pick(0, 0, 1, 2), u(0.15, 0.3))
    pieces = _case(u, "frame", w, h, d, 0, solid=False)
    pieces += [
        tube("rail", [(-w, h * 0.85, 0), (w, h * 0.85, 0)], 0.02),
        box("shelf", (0, h * 0.92, 0), (w * 0.97, 0.015, d * 0.9)),
    ]
    for x in SIDES:
        angle = u(0.6, 1.8)
        hinge = np.array([x * w, h / 2, d]) + np.array([-x * np.cos(angle), 0, np.sin(angle)]) * w / 2
        pieces.append(box("door", hinge, (w / 2, h / 2, 0.015), turn("y", x * angle)))
    return pieces


def bookshelf(u: Dice) -> list[Piece]:
    """Bookcases: closed or open back, grid, ladder or wire, with or without books."""
    w, h, d, n, t = u(0.3, 0.8), u(0.8, 1.7), u(0.12, 0.25), u.count(3, 6), u(0.012, 0.03)
    levels = np.linspace(u(0.02, 0.15), h, n)
    if u.chance(0.7):
        pieces = [box("side", (x * w, h / 2, 0), (t, h / 2 + t, d)) for x in SIDES]
        if u.chance(0.6):
            pieces.append(box("back", (0, h / 2, -d), (w, h / 2, 0.01)))
        if u.chance(0.3):
            pieces += [box("divider", (x, h / 2, 0), (t, h / 2, d * 0.97)) for x in np.linspace(-w, w, u.count(3, 4))[1:-1]]
    else:
        pieces = [_bar("leg", (x * w, 0, z * d), (x * w, h + 0.03, z * d), 0.02, u.chance()) for x in SIDES for z in SIDES]
    pieces += [box("shelf", (0, y, 0), (w, t, d)) for y in levels]
    if u.chance(0.35):
        for y, space in zip(levels[:-1], np.diff(levels), strict=True):
            x = -w * 0.93
            while x < w * u(0.2, 0.9):
                thick, tall = u(0.015, 0.035), space * u(0.5, 0.85)
                pieces.append(box("book", (x + thick, y + t + tall / 2, 0), (thick * 0.95, tall / 2, d * u(0.6, 0.85)), n=1))
                x += 2 * thick
    return pieces


def _board(u: Dice, part: str, w: float, low: float, high: float, z: float) -> list[Piece]:
    """Head or foot end of a bed: board, arched board or bars."""
    style, middle = u.pick("board", "arch", "bars", "cushion"), (low + high) / 2
    if style == "board":
        return [box(part, (0, middle, z), (w, (high - low) / 2, u(0.02, 0.05)))]
    if style == "cushion":
        return [ellipsoid(part, (0, middle, z), (w, (high - low) / 2, 0.07), square=0.4)]
    if style == "arch":
        rim = [(w, low), (w, middle), (w * 0.9, middle + (high - middle) * 0.5), (w * 0.6, high), (0.01, high * 1.05)]
        return [plate(part, rim, 0.03, (0, 0, z))]
    pieces = [cylinder(part, (x * w, low, z), (x * w, high, z), 0.03) for x in SIDES]
    pieces.append(tube(part, bezier((-w, high, z), (0, high + u(0, 0.3), z), (w, high, z)), 0.025))
    return pieces + [cylinder(part, (x * w, low, z), (x * w, high, z), 0.015) for x in np.linspace(-0.8, 0.8, u.count(3, 8))]


def _mattress(u: Dice, w: float, long: float, y: float) -> list[Piece]:
    """Mattress with its lower side at y, pillows, blanket."""
    t = u(0.06, 0.13)
    pieces = [
        u.pick(
            box("mattress", (0, y + t, 0), (w * 0.96, t, long * 0.97)),
            ellipsoid("mattress", (0, y + t, 0), (w * 0.96, t, long * 0.97), square=0.3),
        )
    ]
    if u.chance(0.8):
        for x in (-0.47, 0.47) if w > 0.5 else (0.0,):
            pieces.append(
                ellipsoid("pillow", (x * w, y + 2 * t + 0.04, -long * 0.75), (min(w * 0.4, 0.35), 0.07, 0.16), square=0.6)
            )
    if u.chance(0.5):
        pieces.append(ellipsoid("blanket", (0, y + t * 1.2, long * 0.25), (w * 1.03, t * 1.15, long * 0.73), square=0.3))
    return pieces


def bed(u: Dice) -> list[Piece]:
    """Single and double beds: box, legs, headboard, footboard, four posts with a canopy."""
    w, long, y = u(0.4, 0.9), u(0.85, 1.05), u(0.12, 0.4)
    deep = u(0.04, min(0.14, y))
    pieces = [box("frame", (0, y - deep, 0), (w, deep, long)), *_mattress(u, w, long, y)]
    if deep * 2 < y:
        pieces += _corner_legs(u, w, long, y - deep, u(0.03, 0.06))
    style = u.pick("head", "head", "both", "both", "none", "posts")
    low = y - 2 * deep
    if style == "posts":
        h = u(1.1, 1.6)
        pieces += [_bar("post", (x * w, 0, z * long), (x * w, h, z * long), 0.035, u.chance()) for x in SIDES for z in SIDES]
        if u.chance(0.7):
            pieces.append(box("canopy", (0, h, 0), (w * 1.04, u(0.01, 0.08), long * 1.04)))
    if style != "none":
        pieces += _board(u, "headboard", w, low, y + u(0.35, 0.8), -long - 0.02)
    if style == "both":
        pieces += _board(u, "footboard", w, low, y + u(0.15, 0.45), long + 0.02)
    return pieces


def bunk_bed(u: Dice) -> list[Piece]:
    """Two beds over each other with posts, guard rails and ladder."""
    w, long, low, high = u(0.35, 0.45), u(0.75, 0.95), u(0.15, 0.3), u(0.9, 1.1)
    top, square = high + u(0.25, 0.4), u.chance()
    pieces = [_bar("post", (x * w, 0, z * long), (x * w, top, z * long), 0.035, square) for x in SIDES for z in SIDES]
    for y in (low, high):
        pieces += [box("frame", (0, y - 0.05, 0), (w, 0.05, long)), *_mattress(u, w, long, y)]
    for y in np.linspace(high + 0.12, top, u.count(1, 3)):
        pieces += [_bar("rail", (x * w, y, -long), (x * w, y, long * (0.4 if x > 0 else 1)), 0.02, square) for x in SIDES]
        pieces += [_bar("rail", (-w, y, z * long), (w, y, z * long), 0.02, square) for z in SIDES]
    x, slant = w + 0.04, u(0, 0.3)
    pieces += [_bar("ladder", (x + slant, 0, long * k), (x, high + 0.1, long * k), 0.02, square) for k in (0.5, 0.85)]
    for t in np.linspace(0.15, 0.9, u.count(3, 5)):
        step = x + slant * (1 - t)
        pieces.append(_bar("ladder", (step, high * t, long * 0.5), (step, high * t, long * 0.85), 0.018, square))
    return pieces


def crib(u: Dice) -> list[Piece]:
    """Baby beds with barred sides, on legs, wheels or rockers."""
    w, long, low, top = u(0.35, 0.45), u(0.6, 0.8), u(0.2, 0.4), u(0.8, 1.0)
    pieces = [box("frame", (0, low - 0.03, 0), (w, 0.03, long)), *_mattress(u, w, long, low)]
    pieces += [_bar("leg", (x * w, 0.05, z * long), (x * w, top, z * long), 0.035, u.chance()) for x in SIDES for z in SIDES]
    for x in SIDES:
        pieces += [_bar("rail", (x * w, y, -long), (x * w, y, long), 0.025, square=True) for y in (low, top)]
        pieces += [cylinder("bar", (x * w, low, z), (x * w, top, z), 0.014) for z in np.linspace(-long, long, u.count(7, 12))]
    for z in SIDES:
        if u.chance():
            pieces.append(box("headboard", (0, (low + top) / 2, z * long), (w, (top - low) / 2, 0.02)))
        else:
            pieces += [_bar("rail", (-w, y, z * long), (w, y, z * long), 0.025, square=True) for y in (low, top)]
            pieces += [
                cylinder("bar", (x, low, z * long), (x, top, z * long), 0.014) for x in np.linspace(-w, w, u.count(4, 7))
            ]
    feet = u.pick("wheel", "rocker", "none")
    if feet == "wheel":
        pieces += [
            cylinder("wheel", (x * w - 0.02, 0.05, z * long), (x * w + 0.02, 0.05, z * long), 0.05)
            for x in SIDES
            for z in SIDES
        ]
    elif feet == "rocker":
        pieces += [
            tube("rocker", bezier((-w * 1.4, 0.12, z * long), (0, -0.08, z * long), (w * 1.4, 0.12, z * long)), 0.025)
            for z in SIDES
        ]
    return pieces


def _shade(u: Dice, y: float, r: float, tall: float, centre: Array | None = None, axis: str = "y") -> Piece:
    """Open lampshade above y: cone, drum, bell, empire or globe."""
    style, narrow = u.pick("cone", "cone", "drum", "bell", "globe"), u(0.35, 0.7)
    at = np.array([0, y, 0]) if centre is None else centre
    if style == "globe":
        return lathe(
            "lampshade",
            [(r * 0.3, 0), *((r * np.cos(a), tall / 2 + tall / 2 * np.sin(a)) for a in np.linspace(-1.2, 1.5, 10))],
            at,
            axis,
        )
    profile = {
        "cone": [(1, 0), (narrow, 1)],
        "drum": [(1, 0), (0.98, 1)],
        "bell": [(1, 0), (0.75, 0.3), (0.6, 0.7), (0.45, 1)],
    }[style]
    outer = np.array(profile) * (r, tall)
    return lathe("lampshade", np.concatenate([outer[::-1] * (0.94, 1), outer]), at, axis)


def _foot(u: Dice, r: float) -> list[Piece]:
    """Base of a standing lamp."""
    style = u.pick("disc", "dome", "square", "tripod")
    if style == "square":
        return [box("base", (0, 0.03, 0), (r, 0.03, r))]
    if style == "tripod":
        return [
            tube("base", bezier((0, 0.12, 0), (r * 0.6 * c, 0.12, r * 0.6 * s), (r * 1.2 * c, 0, r * 1.2 * s)), 0.025)
            for c, s in around(3)
        ]
    return [lathe("base", [(0.01, 0), (r, 0), (r, 0.04), (0.03, 0.06 if style == "disc" else r * 0.7)])]


def table_lamp(u: Dice) -> list[Piece]:
    """Bedside lamps: vase, ball, stick or candlestick body, or a plain block, under a shade, some with a bulb."""
    h, r, shade = u(0.35, 0.7), u(0.15, 0.25), u(0.25, 0.45)
    style = u.pick("stick", "vase", "ball", "turned", "block")
    if style == "vase":
        pieces = [lathe("base", [(r * 0.6, 0), (r, h * 0.3), (r * 0.8, h * 0.6), (r * 0.3, h * 0.85), (0.03, h)])]
    elif style == "ball":
        pieces = [
            ellipsoid("base", (0, h * 0.45, 0), (r * 1.1, h * 0.45, r * 1.1)),
            cylinder("pole", (0, h * 0.8, 0), (0, h, 0), 0.025),
        ]
    elif style == "block":
        pieces = [
            box("base", (0, h * 0.4, 0), (r * 0.6, h * 0.4, r * 0.6)),
            cylinder("pole", (0, h * 0.8, 0), (0, h, 0), 0.02),
        ]
    elif style == "turned":
        y = np.linspace(0.04, h, 16)
        pieces = [*_foot(u, r), lathe("pole", np.stack([0.035 * (1.3 + np.sin(y * u(20, 40))), y], 1))]
    else:
        pieces = [*_foot(u, r), cylinder("pole", (0, 0.02, 0), (0, h, 0), u(0.015, 0.04))]
    tall = shade * u(0.7, 1.2)
    pieces.append(_shade(u, h - tall * u(0.1, 0.4), shade, tall))
    pieces.append(cylinder("pole", (0, h * 0.95, 0), (0, h + tall * 0.5, 0), 0.015))
    if u.chance(0.6):
        pieces.append(ellipsoid("bulb", (0, h + 0.06, 0), (0.05, 0.08, 0.05)))
    return pieces


def floor_lamp(u: Dice) -> list[Piece]:
    """Tall lamps: straight pole, tripod, arched arm or torch."""
    h, shade = u(1.2, 1.7), u(0.15, 0.32)
    style, tall = u.pick("straight", "straight", "tripod", "arch", "torch"), shade * u(0.8, 1.4)
    if style == "tripod":
        pieces = [cylinder("leg", (0, h, 0), (0.4 * c, 0, 0.4 * s), 0.022) for c, s in around(3, 0.5)]
        return [*pieces, cylinder("pole", (0, h - 0.05, 0), (0, h + tall * 0.6, 0), 0.03), _shade(u, h, shade, tall)]
    pieces = _foot(u, u(0.15, 0.28))
    if style == "arch":
        reach = u(0.4, 0.9)
        pieces.append(tube("pole", bezier((0, 0.03, 0), (0, h * 1.2, 0), (reach, h * 1.3, 0), (reach, h * 0.85, 0)), 0.02))
        return [
            *pieces,
            _shade(u, 0, shade, tall, np.array([reach, h * 0.85 - tall * 0.85, 0])),
            ellipsoid("bulb", (reach, h * 0.85 - tall * 0.4, 0), 0.05),
        ]
    pieces.append(cylinder("pole", (0, 0.02, 0), (0, h, 0), u(0.015, 0.03)))
    if style == "torch":
        return [
            *pieces,
            lathe(
                "lampshade",
                [
                    (0.03, h - 0.02),
                    (shade * 0.7, h + 0.08),
                    (shade, h + 0.18),
                    (shade * 0.9, h + 0.18),
                    (0.03, h + 0.02),
                ],
            ),
        ]
    return [*pieces, _shade(u, h - tall * 0.5, shade, tall), ellipsoid("bulb", (0, h, 0), (0.05, 0.07, 0.05))]


def desk_lamp(u: Dice) -> list[Piece]:
    """Articulated and goose-neck lamps with a small shade."""
    a, b = u(0.35, 0.6), u(0.3, 0.6)
    tilt, fold = u(-0.7, 0.1), u(0.5, 1.5)
    knee = np.array([0, 0.06 + a * np.cos(tilt), a * np.sin(tilt)])
    tip = knee + b * np.array([0, np.cos(fold), np.sin(fold)])
    pieces = _foot(u, u(0.14, 0.22))
    if u.chance(0.3):
        pieces.append(tube("arm", bezier((0, 0.05, 0), knee * 1.3, tip), 0.022))
    else:
        gap = u.pick(0.0, 0.03)
        for start, end in ((np.array([0, 0.04, 0]), knee), (knee, tip)):
            pieces += [tube("arm", [start + np.array([x, 0, 0]), end + np.array([x, 0, 0])], 0.016) for x in {-gap, gap}]
        pieces += [ellipsoid("joint", knee, 0.035)] if u.chance() else []
    down, r, long = turn("x", u(0.2, 1.2)), u(0.1, 0.18), u(0.15, 0.25)
    skin = lathe(
        "lampshade",
        [(r * 0.93, 0.0), (r * 0.3, long * 0.9), (r * 0.35, long), (r * 0.6, long * 0.6), (r, 0)][::-1],
        (0, -long * 0.8, 0),
    )
    pieces.append(Piece("lampshade", skin.vertices @ turn("x", -0.6).T @ down.T + tip, skin.faces))
    pieces.append(ellipsoid("bulb", tip + down @ turn("x", -0.6) @ np.array([0, -long * 0.6, 0]), 0.05))
    return pieces


def chandelier(u: Dice) -> list[Piece]:
    """Hanging lamps: curved arms with candles or shades, a ring of candles, or one pendant shade."""
    n, r, drop = u.count(3, 9), u(0.4, 0.7), u(0.4, 0.8)
    pieces = [
        tube("chain", [(0, 0.1, 0), (0, drop, 0)], 0.018),
        lathe("base", [(0.12, drop), (0.1, drop + 0.05), (0.01, drop + 0.06)]),
    ]
    style = u.pick("arms", "arms", "ring", "pendant")
    if style == "pendant":
        return [
            *pieces,
            _shade(u, -0.25, u(0.3, 0.5), u(0.25, 0.5)),
            ellipsoid("bulb", (0, -0.12, 0), 0.08),
            cylinder("chain", (0, -0.1, 0), (0, 0.2, 0), 0.02),
        ]
    if style == "ring":
        pieces.append(tube("frame", arc((0, -0.2, 0), r, r, 0, 2 * np.pi, "xz", 32), 0.03))
        pieces += [tube("chain", [(0, 0.15, 0), (r * c, -0.2, r * s)], 0.012) for c, s in around(u.count(3, 4))]
    else:
        pieces.append(lathe("frame", [(0.01, -0.35), (0.06, -0.3), (0.1, -0.2), (0.04, -0.08), (0.07, 0.02), (0.03, 0.15)]))
        sag = u(0.1, 0.3)
        pieces += [
            tube(
                "arm",
                bezier((0, -0.15, 0), (0.4 * r * c, -0.15 - sag, 0.4 * r * s), (r * c, -0.4, r * s), (r * c, -0.15, r * s)),
                0.02,
            )
            for c, s in around(n)
        ]
    shaded = u.chance(0.4)
    for c, s in around(n):
        x, z = r * c, r * s
        pieces.append(cylinder("candle", (x, -0.2, z), (x, -0.04, z), 0.03))
        pieces.append(
            _shade(u, -0.05, 0.1, 0.14, np.array([x, -0.05, z])) if shaded else ellipsoid("bulb", (x, 0, z), (0.03, 0.06, 0.03))
        )
    return pieces


def mirror(u: Dice) -> list[Piece]:
    """Wall, standing, hand and vanity mirrors, oval or rectangular."""
    w, h, rim = u(0.25, 0.5), u(0.4, 0.8), u(0.03, 0.08)
    if u.chance(0.55):
        pieces = [tube("frame", arc((0, 0, 0), w, h, 0, 2 * np.pi, "xy", 36), rim * 0.7)]
        pieces.append(ellipsoid("glass", (0, 0, 0), (w, h, 0.015)))
    else:
        pieces = [box("frame", (x * w, 0, 0), (rim, h + rim, 0.03)) for x in SIDES]
        pieces += [box("frame", (0, y * h, 0), (w, rim, 0.03)) for y in SIDES] + [box("glass", (0, 0, 0), (w, h, 0.012))]
    style = u.pick("wall", "stand", "hand", "vanity")
    if style == "stand":
        pieces += [cylinder("leg", (x * (w + rim), h * 0.3, 0), (x * (w + rim), -h * 1.25, 0), 0.025) for x in SIDES]
        pieces += [cylinder("leg", (x * (w + rim), -h * 1.2, -0.3), (x * (w + rim), -h * 1.2, 0.3), 0.025) for x in SIDES]
    elif style == "hand":
        pieces.append(tube("handle", [(0, -h, 0), (0, -h - u(0.4, 0.7), 0)], [0.05, 0.06]))
    elif style == "vanity":
        pieces += [
            cylinder("pole", (0, -h, 0), (0, -h - 0.4, 0), 0.03),
            lathe("base", [(0.3, 0), (0.28, 0.05), (0.03, 0.1)], (0, -h - 0.45, 0)),
        ]
    return pieces


def _clock_hands(u: Dice, r: float, centre: Array) -> list[Piece]:
    """Two or three hands on a dial that looks to +z."""
    sizes = [(0.55, 0.035), (0.8, 0.022)] + [(0.85, 0.01)] * u.chance(0.3)
    return [
        plate(
            "clock hand",
            [(r * t, -r * 0.1), (r * t, r * a * 0.8), (0.003, r * a)],
            0.008,
            centre,
            turn("z", u(0, 6.28)),
        )
        for a, t in sizes
    ]


def clock(u: Dice) -> list[Piece]:
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
        pieces += [
            ellipsoid("bell", (x * r * 0.6, r * 1.15, 0), (r * 0.4, r * 0.28, r * 0.3), turn("z", -x * 0.5)) for x in SIDES
        ]
        pieces += [tube("leg", [(x * r * 0.6, -r * 0.8, 0), (x * r * 0.9, -r * 1.3, 0)], 0.05) for x in SIDES]
        pieces.append(tube("handle", arc((0, r * 1.3, 0), r * 0.5, r * 0.35, 0, np.pi, "xy"), 0.03))
    return pieces


def grandfather_clock(u: Dice) -> list[Piece]:
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


def fan(u: Dice) -> list[Piece]:
    """Desk, floor and ceiling fans with three to six blades, with or without cage."""
    n, r = u.count(3, 6), u(0.35, 0.55)
    ceiling = u.chance(0.35)
    blade = u(0.1, 0.16) if ceiling else u(0.15, 0.26)
    face = turn("x", -np.pi / 2) if ceiling else turn("x", u(-0.2, 0.1))
    outline = [(0.03, 0.06), (blade * 0.7, r * 0.35), (blade, r * 0.75), (blade * 0.7, r)]
    pieces = [
        plate("blade", outline, 0.012, (0, 0, 0), face @ turn("z", 2 * np.pi * k / n) @ turn("y", 0.35)) for k in range(n)
    ]
    if ceiling:
        drop = u(0.15, 0.5)
        pieces += [
            lathe("motor", [(0.01, -0.1), (0.12, -0.06), (0.14, 0.05), (0.03, 0.1)]),
            cylinder("pole", (0, 0.05, 0), (0, drop, 0), 0.02),
        ]
        pieces.append(lathe("base", [(0.03, drop - 0.06), (0.1, drop), (0.01, drop)]))
        return pieces + [ellipsoid("lamp", (0, -0.14, 0), (0.13, 0.1, 0.13))] * u.chance()
    pieces += [
        ellipsoid("hub", (0, 0, 0.03), (0.07, 0.07, 0.06)),
        ellipsoid("motor", (0, 0, -0.17), (0.11, 0.11, 0.17)),
    ]
    if u.chance(0.75):
        for z, k in ((-0.09, 1.0), (0.0, 1.12), (0.09, 1.0)):
            pieces.append(tube("cage", arc((0, 0, z), r * k, r * k, 0, 2 * np.pi, "xy", 32), 0.014))
        pieces += [
            tube(
                "cage",
                bezier((0.05 * c, 0.05 * s, z * 0.13), (r * c, r * s, z * 0.15), (r * 1.12 * c, r * 1.12 * s, 0)),
                0.009,
            )
            for c, s in around(u.count(8, 16))
            for z in SIDES
        ]
    h = u(0.55, 0.75) if u.chance() else u(1, 1.5)
    pieces += [
        cylinder("pole", (0, 0, -0.2), (0, -h, -0.2), 0.03),
        lathe("base", [(0.3, 0), (0.28, 0.05), (0.05, 0.09)], (0, -h - 0.05, -0.2)),
    ]
    return pieces


def ladder(u: Dice) -> list[Piece]:
    """Straight, step and double ladders with rungs or flat steps."""
    w, h, n, lean, square = u(0.2, 0.35), u(1.2, 2), u.count(4, 9), u(0, 0.5), u.chance()
    flat = u.chance(0.4)
    style = u.pick("single", "double", "platform")
    narrow = u(0.7, 1)
    pieces = []
    for side in (1.0,) if style == "single" else SIDES:
        pieces += [
            _bar("side rail", (x * w, 0, side * (lean + 0.15)), (x * w * narrow, h, 0.02 * side), 0.03, square) for x in SIDES
        ]
        for t in np.linspace(0.12, 0.93, n if side > 0 else max(2, n // 3)):
            z, half = side * ((lean + 0.15) * (1 - t) + 0.02 * t), w * (1 - t + t * narrow)
            if flat and side > 0:
                pieces.append(box("rung", (0, h * t, z), (half, 0.015, 0.07)))
            else:
                pieces.append(_bar("rung", (-half, h * t, z), (half, h * t, z), 0.02, square))
    if style == "platform":
        pieces.append(box("platform", (0, h, 0), (w * narrow, 0.02, 0.13)))
    return pieces


def coat_rack(u: Dice) -> list[Piece]:
    """Standing poles with hooks and feet, or a wall board with pegs."""
    if u.chance(0.25):
        w, n = u(0.5, 0.9), u.count(3, 6)
        pieces = [box("board", (0, 0, 0), (w, u(0.06, 0.12), 0.02))]
        return pieces + [
            tube("hook", bezier((x, 0.02, 0), (x, -0.08, 0.2), (x, 0.1, 0.16)), 0.018) for x in np.linspace(-0.85, 0.85, n) * w
        ]
    h, n, r = u(1.3, 1.8), u.count(3, 8), u(0.02, 0.04)
    pieces = [cylinder("pole", (0, 0.03, 0), (0, h, 0), r), ellipsoid("pole", (0, h, 0), r * 1.5)]
    for i, (c, s) in enumerate(around(n)):
        y = h - 0.1 - 0.15 * (i % 2) * u.chance(0.7)
        pieces.append(tube("hook", bezier((0, y, 0), (0.15 * c, y - 0.08, 0.15 * s), (0.2 * c, y + 0.12, 0.2 * s)), r * 0.6))
    if u.chance(0.6):
        return pieces + [
            tube("leg", bezier((0, 0.25, 0), (0.15 * c, 0.2, 0.15 * s), (0.35 * c, 0.02, 0.35 * s)), r * 0.8)
            for c, s in around(u.count(3, 5))
        ]
    return [*pieces, lathe("base", [(0.28, 0), (0.27, 0.05), (r, 0.08)])]


def fireplace(u: Dice) -> list[Piece]:
    """Open fireplaces with surround, hearth, logs and chimney."""
    w, h, d, post = u(0.5, 0.8), u(0.6, 0.9), u(0.15, 0.3), u(0.12, 0.22)
    pieces = [box("frame", (x * (w - post), h / 2, 0), (post, h / 2, d)) for x in SIDES] + [
        box("frame", (0, h * 0.85, 0), (w, h * 0.15, d))
    ]
    pieces += [
        box("back", (0, h / 2, -d * 0.9), (w, h / 2, d * 0.1)),
        box("top", (0, h + 0.03, 0.02), (w * u(1.03, 1.2), u(0.03, 0.06), d * 1.15)),
    ]
    pieces.append(box("hearth", (0, -0.03, d * 0.3), (w * u(1, 1.15), 0.04, d * u(1.4, 1.8))))
    if u.chance(0.6):
        taper, rise = u(0.4, 0.9), u(0.4, 0.9)
        pieces.append(box("chimney", (0, h + rise / 2, -d * 0.3), (w * taper, rise / 2, d * 0.6)))
    if u.chance(0.7):
        pieces += [
            cylinder("log", (-w * 0.4, 0.06 + y, z * d), (w * 0.4, 0.06 + y, -z * d), 0.05)
            for y, z in ((0, 0.3), (0, -0.3), (0.08, 0))
        ]
        if u.chance():
            pieces += [
                lathe("flame", [(0.01, 0), (0.07, 0.08), (0.04, 0.18), (0.005, u(0.2, 0.35))], (x, 0.12, 0))
                for x in (-0.1, 0, 0.1)
            ]
    return pieces


def _faucet(u: Dice, x: float, y: float, z: float, reach: float, handles: bool = True) -> list[Piece]:
    """Tap that bends from (x, y, z) to the front, with one or two handles."""
    h = u(0.15, 0.35)
    pieces = [
        tube(
            "faucet",
            bezier((x, y, z), (x, y + h * 1.5, z), (x, y + h * 1.3, z + reach), (x, y + h * 0.4, z + reach)),
            0.03,
        )
    ]
    spots = u.pick((0.0,), (-0.15, 0.15)) if handles else ()
    return pieces + [
        u.pick(
            ellipsoid("handle", (x + k, y + 0.06, z), (0.04, 0.06, 0.04)),
            box("handle", (x + k, y + 0.08, z), (0.06, 0.02, 0.02), n=2),
        )
        for k in spots
        if k or u.chance()
    ]


def _tub(part: str, w: float, d: float, h: float, square: float, narrow: float = 0.8, wall: float = 0.06) -> Piece:
    """Hollow vessel with a rounded rectangular rim, open at the top, its lower side at y = 0."""
    ring = np.array(
        [
            (narrow * 0.9, 0),
            (narrow, 0.05),
            (1, 1),
            (1 + wall, 1.04),
            (1, 1.04),
            (0.95, 1),
            (narrow * 0.93, 0.15),
            (0.01, 0.12),
        ]
    )
    skin = lathe(part, ring * (1, h))
    flat = skin.vertices[:, [0, 2]]
    radius = np.linalg.norm(flat, axis=1, keepdims=True) + 1e-9
    bulge = np.maximum(np.abs(flat / radius).max(1, keepdims=True), 0.7) ** (square - 1)
    x, z = (flat * bulge).T
    return Piece(part, np.stack([x * w, skin.vertices[:, 1], z * d], 1), skin.faces)


def bathtub(u: Dice) -> list[Piece]:
    """Oval and boxy tubs, free-standing on feet or built in, with tap and shower."""
    w, d, h, lift = u(0.7, 0.95), u(0.35, 0.45), u(0.4, 0.55), 0.0
    pieces = [_tub("tub", w, d, h, u(0.2, 0.9), u(0.7, 0.95))]
    if u.chance(0.4):
        lift = 0.1
        pieces += [
            tube(
                "leg",
                bezier(
                    (x * w * 0.6, 0.08, z * d * 0.6),
                    (x * w * 0.8, 0.05, z * d * 0.9),
                    (x * w * 0.7, -lift, z * d * 0.8),
                ),
                0.045,
            )
            for x in SIDES
            for z in SIDES
        ]
    elif u.chance(0.3):
        pieces.append(box("base", (0, h * 0.3, 0), (w * 1.02, h * 0.3, d * 1.02)))
    if u.chance(0.8):
        tap = _faucet(u, 0, h, 0, 0.15)
        pieces += [Piece(p.part, p.vertices @ turn("y", np.pi / 2).T + (-w * 1.05, 0, 0), p.faces) for p in tap]
    if u.chance(0.2):
        pieces += [
            tube("shower", bezier((-w, h, 0), (-w, h * 4.2, 0), (-w * 0.5, h * 3.2, 0)), 0.02),
            lathe("shower", [(0.12, -0.03), (0.02, 0.06)], (-w * 0.5, h * 3.1, 0)),
        ]
    return pieces


def toilet(u: Dice) -> list[Piece]:
    """Toilets with tank, bowl, seat and lid up or down, standing or hung on the wall."""
    w, d, h = u(0.2, 0.26), u(0.28, 0.36), u(0.38, 0.48)
    bowl = _tub("bowl", w, d, h * 0.6, u(0.8, 1.1), u(0.4, 0.7))
    pieces = [Piece("bowl", bowl.vertices + np.array([0, h * 0.4, 0.1]), bowl.faces)]
    if u.chance(0.8):
        foot = lathe("base", [(0.8, 0), (0.7, 0.1), (0.55, 0.7), (0.7, 1)])
        pieces.append(Piece("base", foot.vertices * (w * 0.8, h * 0.5, d * 0.8) + (0, 0, 0.02), foot.faces))
    pieces.append(tube("seat", arc((0, h + 0.025, 0.1), w * 0.88, d * 0.88, 0, 2 * np.pi, "xz", 30), u(0.03, 0.04)))
    if u.chance(0.8):
        open_lid = u.chance()
        pose = turn("x", -u(0.05, 0.25)) if open_lid else turn("x", np.pi / 2)
        at = (0, h + d, -d * 0.75) if open_lid else (0, h + 0.06, 0.1)
        pieces.append(ellipsoid("lid", at, (w, d, 0.025), pose))
    if u.chance(0.85):
        tall, wide = u(0.25, 0.4), w * u(0.9, 1.2)
        pieces += [
            box("tank", (0, h + tall / 2 - 0.02, -d * 0.95), (wide, tall / 2 + 0.03, 0.11)),
            box("tank", (0, h + tall + 0.02, -d * 0.95), (wide * 1.06, 0.025, 0.125)),
        ]
        pieces.append(
            u.pick(
                cylinder("handle", (-wide * 0.7, h + tall * 0.8, -d), (-wide * 0.7, h + tall * 0.8, -d * 0.55), 0.02),
                cylinder("button", (0, h + tall, -d * 0.95), (0, h + tall + 0.06, -d * 0.95), 0.04),
            )
        )
        pieces.append(box("base", (0, h * 0.75, -d * 0.75), (w * 0.6, h * 0.24, 0.15)))
    return pieces


def sink(u: Dice) -> list[Piece]:
    """Wash basins on a pedestal, a cabinet, a wall or in a kitchen board."""
    w, d, y = u(0.35, 0.5), u(0.25, 0.35), u(0.75, 0.9)
    basin = _tub("basin", w, d, u(0.18, 0.3), u(0.2, 1), u(0.5, 0.9), 0.12)
    pieces = [Piece("basin", basin.vertices + np.array([0, y, 0]), basin.faces)]
    rim = float(pieces[0].vertices[:, 1].max())
    pieces += [box("basin", (0, rim - 0.03, -d), (w, 0.035, 0.1)), *_faucet(u, 0, rim - 0.02, -d, d * 0.7)]
    style = u.pick("pedestal", "cabinet", "wall", "legs")
    if style == "pedestal":
        pieces.append(lathe("pedestal", [(0.17, 0), (0.15, 0.05), (0.09, y * 0.4), (0.1, y * 0.8), (0.16, y + 0.03)]))
    elif style == "cabinet":
        cw, cd = w * u(1.1, 1.8), d * 1.3
        pieces += [
            box("cabinet", (0, y / 2 + 0.06, -0.04), (cw, y / 2, cd)),
            *_fronts(u, "door", (-cw, 0.1), (cw, y), cd - 0.04, 1, u.count(1, 3)),
        ]
        pieces.append(box("top", (0, y + 0.07, -0.04), (cw * 1.04, 0.02, cd * 1.05)))
    elif style == "legs":
        pieces += _corner_legs(u, w * 0.9, d * 0.9, y + 0.05, 0.03)
    return pieces


def door(u: Dice) -> list[Piece]:
    """Single and double doors in a frame, closed or ajar, with fields, glass, handle, knob, hinges."""
    w, h, t = u(0.35, 0.5), u(0.9, 1.1), u(0.02, 0.04)
    double, ajar = u.chance(0.25), u(0.2, 1.2) * u.chance(0.4)
    total = w * 2 if double else w
    pieces = []
    if u.chance(0.75):
        rim = u(0.04, 0.08)
        pieces += [box("frame", (x * (total + rim), 0.0, 0), (rim, h, t * 2)) for x in SIDES] + [
            box("frame", (0, h + rim, 0), (total + 2 * rim, rim, t * 2))
        ]
    style, knob = u.pick("plain", "fields", "glass"), u.pick("knob", "lever", "bar")
    rows = u.count(1, 3)
    for x in SIDES if double else (u.pick(*SIDES),):
        leaf = [box("door", (-x * w, 0, 0), (w, h, t))]
        for y in (np.arange(rows) * 2 + 1) * h / rows - h if style != "plain" else ():
            size = (w * 0.7, h / rows * 0.78, t * 1.4)
            leaf.append(box("door" if style == "fields" else "glass", (-x * w, y, 0), size, n=3))
        if u.chance(0.5):
            leaf += [cylinder("hinge", (0, y * h - 0.06, t), (0, y * h + 0.06, t), 0.025) for y in (-0.7, 0.7)]
        for z in SIDES:
            at = np.array([-x * w * 1.8, 0, z * (t + 0.04)])
            leaf.append(cylinder("handle", at - (0, 0, z * 0.06), at, 0.018))
            leaf.append(
                ellipsoid("handle", at, 0.045)
                if knob == "knob"
                else box("handle", at, (0.012, 0.2, 0.012) if knob == "bar" else (0.09, 0.015, 0.012), n=2)
            )
        hinge = np.array([x * total, 0, 0])
        pieces += [Piece(p.part, p.vertices @ turn("y", x * ajar).T + hinge, p.faces) for p in leaf]
    return pieces


def window(u: Dice) -> list[Piece]:
    """Windows with bars, sill, shutters, arched or rectangular, one wing or two."""
    w, h, rim = u(0.35, 0.7), u(0.45, 0.8), u(0.03, 0.07)
    arched = u.chance(0.3)
    pieces = [box("frame", (x * w, 0, 0), (rim, h, 0.05)) for x in SIDES] + [box("frame", (0, -h, 0), (w + rim, rim, 0.05))]
    if arched:
        pieces.append(tube("frame", arc((0, h, 0), w, w * 0.8, 0, np.pi, "xy", 20), rim))
        pieces.append(
            plate(
                "glass",
                [(w, -h), (w, h), *((w * np.cos(a), h + w * 0.8 * np.sin(a)) for a in np.linspace(0.2, 1.55, 6))],
                0.01,
            )
        )
    else:
        pieces += [box("frame", (0, h, 0), (w + rim, rim, 0.05)), box("glass", (0, 0, 0), (w, h, 0.01))]
    pieces += [box("bar", (x * w, 0, 0), (0.02, h, 0.025)) for x in np.linspace(-1, 1, u.count(2, 4))[1:-1]]
    pieces += [box("bar", (0, y * h, 0), (w, 0.02, 0.025)) for y in np.linspace(-1, 1, u.count(2, 4))[1:-1]]
    if u.chance(0.6):
        pieces.append(box("sill", (0, -h - rim, 0.08), (w * 1.2, 0.03, 0.14)))
    if u.chance(0.35):
        for x in SIDES:
            angle = u(0, 0.8)
            at = np.array([x * (w + rim), 0, 0.06]) + np.array([x * np.cos(angle), 0, np.sin(angle)]) * w / 2
            pieces.append(box("shutter", at, (w / 2, h, 0.02), turn("y", -x * angle)))
    if u.chance(0.3):
        pieces.append(box("handle", (w * 0.1, 0, 0.06), (0.015, 0.07, 0.03), n=2))
    return pieces


def shelf(u: Dice) -> list[Piece]:
    """Wall shelves: boards on brackets, cubes, corner boards or hung on ropes."""
    w, d, n, t = u(0.5, 0.9), u(0.15, 0.25), u.count(1, 4), u(0.015, 0.035)
    levels, style = np.arange(n) * u(0.3, 0.45), u.pick("bracket", "curved", "cube", "rope")
    pieces = [box("shelf", (0, y, 0), (w, t, d)) for y in levels]
    top = float(levels[-1])
    for x in (-w * 0.7, w * 0.7):
        if style in ("bracket", "curved"):
            for y in levels:
                pieces += [
                    box("bracket", (x, y - 0.1, -d * 0.95), (0.015, 0.1, 0.012), n=2),
                    box("bracket", (x, y - t, 0), (0.015, 0.012, d * 0.9), n=2),
                ]
                low, tip = (x, y - 0.19, -d * 0.9), (x, y - t, d * 0.7)
                pieces.append(
                    tube("bracket", [low, tip] if style == "bracket" else bezier(low, (x, y - 0.19, d * 0.5), tip), 0.015)
                )
        elif style == "rope":
            pieces += [
                tube("rope", [(x, levels[0] - 0.05, z * d * 0.8), (x, top, z * d * 0.8), (x * 0.5, top + 0.5, 0)], 0.014)
                for z in SIDES
            ]
    if style == "cube":
        pieces += [box("side", (x * w, top / 2 + 0.15, 0), (t, top / 2 + 0.15, d)) for x in SIDES]
        pieces.append(box("shelf", (0, top + 0.3, 0), (w, t, d)))
    return pieces


def curtain(u: Dice) -> list[Piece]:
    """Pleated cloth on a rod, one or two sides, hanging free or tied."""
    w, h, waves, depth = u(0.6, 1), u(1, 1.8), u.count(5, 12), u(0.03, 0.07)
    pieces = [cylinder("rod", (-w * 1.1, 0.04, 0), (w * 1.1, 0.04, 0), u(0.02, 0.035))]
    pieces += [
        u.pick(
            ellipsoid("rod", (x * w * 1.1, 0.04, 0), 0.05),
            lathe("rod", [(0.05, -0.05), (0.01, 0.08)], (x * w * 1.1, 0.04, 0), "x"),
        )
        for x in SIDES
    ]
    share, tied = u(0.35, 0.95), u.chance(0.4)
    for x in SIDES if u.chance(0.8) else (0.0,):
        half = w * share / (2 if x else 1)
        y = np.linspace(0, -h, 14)
        pinch = 1 - u(0.5, 0.7) * np.exp(-(((y / h) + 0.6) ** 2) / 0.05) if tied else 1 + 0 * y
        s = np.linspace(-1, 1, 90)
        wave = depth * np.sin(s * np.pi * waves)
        outer = x * w * 0.98 + (x * half * (-1 + (1 - pinch)) if x else 0 * y)
        grid = np.stack(
            [outer[:, None] + half * pinch[:, None] * s, np.repeat(y[:, None], 90, 1), np.repeat(wave[None], 14, 0)], -1
        )
        pieces.append(_sheet("curtain", grid, 0.012))
        if tied and x:
            pieces.append(tube("tieback", arc((outer[8], -h * 0.6, 0), half * 0.45, depth * 1.8, 0, 2 * np.pi, "xz"), 0.03))
    if u.chance(0.4):
        pieces += [
            tube("ring", arc((k * w, 0.02, 0), 0.05, 0.05, 0, 2 * np.pi, "zy"), 0.01)
            for k in np.linspace(-0.95, 0.95, u.count(8, 14))
        ]
    return pieces


def _sheet(part: str, grid: Array, thick: float) -> Piece:
    """Cloth with a front and a back: points [m n 3], thick in z."""
    m, n, _ = grid.shape
    i = (np.arange(m - 1)[:, None] * n + np.arange(n - 1)[None]).ravel()
    front = np.concatenate([np.stack([i, i + n, i + n + 1], 1), np.stack([i, i + n + 1, i + 1], 1)])
    points = grid.reshape(-1, 3)
    offset = np.array([0, 0, thick])
    vertices = np.concatenate([points + offset, points - offset])
    return Piece(part, vertices, np.concatenate([front, front[:, ::-1] + m * n]))


KINDS = {
    "table": Kind(table, "table", ("table", "dining table", "coffee table", "side table")),
    "desk": Kind(desk, "table", ("desk", "writing desk", "office desk")),
    "cabinet": Kind(cabinet, "storage", ("cabinet", "cupboard", "sideboard", "file cabinet")),
    "dresser": Kind(dresser, "storage", ("dresser", "chest of drawers", "commode")),
    "nightstand": Kind(nightstand, "storage", ("nightstand", "bedside table", "night table")),
    "wardrobe": Kind(wardrobe, "storage", ("wardrobe", "closet", "armoire")),
    "bookshelf": Kind(bookshelf, "storage", ("bookshelf", "bookcase", "shelving unit")),
    "shelf": Kind(shelf, "storage", ("wall shelf", "shelf")),
    "bed": Kind(bed, "bed", ("bed", "double bed", "single bed")),
    "bunk_bed": Kind(bunk_bed, "bed", ("bunk bed", "loft bed")),
    "crib": Kind(crib, "bed", ("crib", "baby bed", "cot")),
    "table_lamp": Kind(table_lamp, "lamp", ("table lamp", "lamp", "bedside lamp")),
    "floor_lamp": Kind(floor_lamp, "lamp", ("floor lamp", "standing lamp", "lamp")),
    "desk_lamp": Kind(desk_lamp, "lamp", ("desk lamp", "reading lamp", "articulated lamp")),
    "chandelier": Kind(chandelier, "lamp", ("chandelier", "hanging lamp", "ceiling lamp")),
    "mirror": Kind(mirror, "mirror", ("mirror", "looking glass")),
    "clock": Kind(clock, "clock", ("clock", "wall clock", "alarm clock")),
    "grandfather_clock": Kind(grandfather_clock, "clock", ("grandfather clock", "longcase clock", "pendulum clock")),
    "fan": Kind(fan, "fan", ("fan", "electric fan", "ceiling fan")),
    "ladder": Kind(ladder, "ladder", ("ladder", "stepladder")),
    "coat_rack": Kind(coat_rack, "coat rack", ("coat rack", "coat stand", "hat stand")),
    "fireplace": Kind(fireplace, "fireplace", ("fireplace", "open fire")),
    "bathtub": Kind(bathtub, "bathroom", ("bathtub", "bath")),
    "toilet": Kind(toilet, "bathroom", ("toilet", "lavatory", "water closet")),
    "sink": Kind(sink, "bathroom", ("sink", "washbasin", "wash basin")),
    "door": Kind(door, "opening", ("door", "double door")),
    "window": Kind(window, "opening", ("window", "casement")),
    "curtain": Kind(curtain, "curtain", ("curtain", "drapes")),
}

SYNONYMS = {
    "tabletop": ("table surface", "top", "desktop", "table board"),
    "leg": ("table leg", "support", "foot"),
    "apron": ("skirt", "table rail"),
    "shelf": ("board", "ledge", "rack"),
    "drawer": ("pull-out drawer", "drawer front"),
    "handle": ("knob", "pull", "lever"),
    "frame": ("body", "case", "casing", "surround"),
    "back": ("back board", "rear wall"),
    "side": ("side board", "side wall", "upright"),
    "top": ("top board", "top surface", "cover"),
    "base": ("foot", "stand", "bottom"),
    "door": ("door leaf", "door wing"),
    "mirror": ("looking glass",),
    "rail": ("bar", "railing", "guard rail"),
    "divider": ("partition", "upright"),
    "book": ("books", "volume"),
    "mattress": ("bedding", "bed surface"),
    "pillow": ("cushion",),
    "blanket": ("cover", "duvet", "quilt"),
    "headboard": ("head end", "bed head"),
    "footboard": ("foot end", "bed end"),
    "post": ("bedpost", "pole", "pillar"),
    "canopy": ("bed roof", "tester"),
    "ladder": ("steps", "rungs"),
    "bar": ("slat", "rod", "crossbar"),
    "rocker": ("runner", "curved foot"),
    "wheel": ("caster", "roller"),
    "lampshade": ("shade", "lamp cover", "lamp head"),
    "pole": ("stand", "post", "stem", "rod"),
    "bulb": ("light bulb", "lamp bulb", "light"),
    "arm": ("boom", "lamp arm"),
    "joint": ("pivot", "hinge"),
    "chain": ("cord", "suspension", "cable"),
    "candle": ("candle holder", "socket"),
    "glass": ("window glass", "glazing", "mirror surface"),
    "clock hand": ("pointer", "hour hand", "minute hand"),
    "dial": ("clock face", "face"),
    "bell": ("alarm bell", "gong"),
    "body": ("case", "trunk", "cabinet"),
    "head": ("hood", "bonnet"),
    "crown": ("cornice", "top ornament"),
    "pendulum": ("bob", "swinging weight"),
    "blade": ("fan blade", "vane"),
    "hub": ("center", "nave"),
    "motor": ("engine", "motor housing"),
    "lamp": ("light", "globe"),
    "cage": ("guard", "grille"),
    "rung": ("step", "crossbar"),
    "side rail": ("stile", "ladder rail"),
    "platform": ("top step",),
    "board": ("plank", "backing board"),
    "hook": ("peg", "hanger"),
    "hearth": ("fireplace floor", "hearthstone"),
    "chimney": ("flue", "chimney breast"),
    "log": ("firewood",),
    "flame": ("fire",),
    "tub": ("bath", "basin"),
    "faucet": ("tap", "spigot"),
    "shower": ("shower head",),
    "bowl": ("toilet bowl", "pan"),
    "seat": ("toilet seat", "ring"),
    "lid": ("cover", "toilet lid"),
    "tank": ("cistern", "water tank"),
    "button": ("flush button", "push button"),
    "basin": ("bowl", "washbasin"),
    "pedestal": ("column", "foot", "stand"),
    "cabinet": ("cupboard", "vanity"),
    "hinge": ("door hinge",),
    "sill": ("ledge", "windowsill"),
    "shutter": ("blind",),
    "bracket": ("shelf support", "console"),
    "rope": ("cord", "string"),
    "curtain": ("drape", "cloth"),
    "rod": ("curtain rail", "pole"),
    "tieback": ("curtain tie", "band"),
    "ring": ("curtain ring", "loop"),
}
