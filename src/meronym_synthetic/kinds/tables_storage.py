"""Tables, desks, cabinets and shelves."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from meronym_synthetic.kit.curves import CORNERS, SIDES, around, bezier, turn
from meronym_synthetic.kit.furniture import bar, corner_legs, fronts
from meronym_synthetic.kit.registry import kind
from meronym_synthetic.kit.rng import Rng
from meronym_synthetic.kit.solids import Solid, box, cylinder, ellipsoid, lathe, mirrored, prism, tube


def _disc(part: str, y: float, rx: float, rz: float, thick: float) -> Solid:
    """Round or oval slab, its middle at height y."""
    skin = lathe(part, [(0.96, -thick), (1, 0), (0.96, thick), (0.001, thick)], (0, y, 0))
    return Solid(part, skin.vertices * (rx, 1, rz), skin.faces)


def _case(u: Rng, part: str, w: float, h: float, d: float, y: float, solid: bool) -> list[Solid]:
    """Closed body, or an open box of boards, from height y upwards."""
    if solid:
        return [box(part, (0, y + h / 2, 0), (w, h / 2, d))]
    t = u(0.015, 0.04)
    pieces = mirrored(box, part, (w - t, y + h / 2, 0), (t, h / 2, d))
    pieces += [box(part, (0, level, 0), (w, t, d)) for level in (y + t, y + h - t)]
    return [*pieces, box("back", (0, y + h / 2, -d + t), (w - t, h / 2, t * 0.5))] if u.chance(0.75) else pieces


def _plinth(u: Rng, w: float, d: float) -> tuple[float, list[Solid]]:
    """Feet or base of a piece of storage: its height and pieces."""
    style = u.pick("leg", "leg", "base", "none")
    if style == "leg":
        h = u(0.08, 0.35)
        return h, corner_legs(u, w * 0.95, d * 0.95, h + 0.01, u(0.025, 0.04))
    if style == "base":
        h = u(0.05, 0.12)
        return h, [box("base", (0, h / 2, 0), (w * u(0.92, 1.04), h / 2, d * u(0.9, 1.04)))]
    return 0.0, []


@kind("table", family="table", names=("table", "dining table", "coffee table", "side table"), synonyms={
    "tabletop": ("table surface", "top", "desktop", "table board"), "leg": ("table leg", "support", "foot"),
    "apron": ("skirt", "table rail"), "shelf": ("board", "ledge", "rack")})  # fmt: skip
def table(u: Rng) -> list[Solid]:
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
        pieces += corner_legs(u, lw, ld, h, r)
        if u.chance(0.25):
            pieces += mirrored(bar, "leg", (lw * 0.95, h * 0.2, -ld * 0.95), (lw * 0.95, h * 0.2, ld * 0.95), r * 0.6, square)
            pieces.append(bar("leg", (-lw * 0.95, h * 0.2, 0), (lw * 0.95, h * 0.2, 0), r * 0.6, square))
        if u.chance(0.2):
            deep = u(0.04, 0.1)
            pieces += mirrored(box, "apron", (0, h - thick - deep / 2, ld * 0.92), (lw * 0.95, deep, 0.015), axes="z")
            pieces += mirrored(box, "apron", (lw * 0.92, h - thick - deep / 2, 0), (0.015, deep, ld * 0.95))
        if u.chance(0.15):
            pieces.append(box("shelf", (0, h * u(0.25, 0.4), 0), (lw * 0.97, 0.015, ld * 0.97)))
    elif base == "pedestal":
        pieces += _column(u, h, min(w, d))
    elif base == "trestle":
        for x in SIDES:
            pieces.append(bar("leg", (x * lw * 0.8, h, 0), (x * lw * 0.8, 0.03, 0), r * 1.5, square))
            pieces.append(bar("leg", (x * lw * 0.8, 0.03, -ld), (x * lw * 0.8, 0.03, ld), r, square))
        pieces.append(bar("leg", (-lw * 0.8, h * 0.4, 0), (lw * 0.8, h * 0.4, 0), r, square))
    elif base == "cross":
        pieces += mirrored(bar, "leg", (lw, h, ld), (lw, 0, -ld), r, square, axes="xz")
    elif base == "slabs":
        pieces += [box("leg", (x * (lw - r), h / 2, 0), (r, h / 2, ld), turn("z", x * u(0, 0.12))) for x in SIDES]
    elif base == "sled":
        for x in SIDES:
            ring = [(x * lw, h, ld), (x * lw, 0, ld), (x * lw, 0, -ld), (x * lw, h, -ld)]
            pieces += [bar("leg", a, b, r * 0.8, square) for a, b in pairwise(ring)]
    elif base == "tripod":
        pieces += [tube("leg", [(lw * 0.5 * c, h, ld * 0.5 * s), (lw * c, 0, ld * s)], r) for c, s in around(3, 0.5)]
    else:
        pieces.append(box("leg", (0, h / 2, 0), (lw * u(0.4, 0.9), h / 2, ld * u(0.4, 0.9))))
    return pieces


def _column(u: Rng, h: float, w: float) -> list[Solid]:
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


@kind("desk", family="table", names=("desk", "writing desk", "office desk"), synonyms={
    "tabletop": ("table surface", "top", "desktop", "table board"), "leg": ("table leg", "support", "foot"),
    "shelf": ("board", "ledge", "rack"), "drawer": ("pull-out drawer", "drawer front"), "handle": ("knob", "pull", "lever"),
    "frame": ("body", "case", "casing", "surround"), "back": ("back board", "rear wall")})  # fmt: skip
def desk(u: Rng) -> list[Solid]:
    """Writing desks: legs or drawer blocks on one or both sides, modesty board, hutch or shelf on top."""
    w, d, h, thick = u(0.6, 1), u(0.3, 0.5), u(0.6, 0.8), u(0.015, 0.04)
    pieces = [box("tabletop", (0, h, 0), (w, thick, d))]
    style = u.pick("one", "both", "legs", "slabs")
    block = w * u(0.2, 0.32)
    for x in {"one": (u.pick(*SIDES),), "both": SIDES}.get(style, ()):
        low = u(0.02, 0.2)
        pieces.append(box("frame", (x * (w - block), (h + low) / 2, 0), (block, (h - low) / 2, d * 0.93)))
        centre = x * (w - block)
        pieces += fronts(u, "drawer", (centre - block, low), (centre + block, h - thick), d * 0.93, u.count(2, 4), 1)
    if style == "slabs":
        pieces += mirrored(box, "leg", (w - 0.03, h / 2, 0), (0.02, h / 2, d * 0.95))
    elif style != "both" or u.chance():
        pieces += corner_legs(u, w * 0.97, d * 0.95, h, u(0.02, 0.04))
    if style == "legs" and u.chance(0.7):
        pieces += fronts(u, "drawer", (-w * 0.9, h - 0.16), (w * 0.9, h - thick), d * 0.9, 1, u.count(1, 3))
        pieces.append(box("frame", (0, h - 0.08, 0), (w * 0.92, 0.07, d * 0.9)))
    if u.chance(0.4):
        pieces.append(box("back", (0, h * 0.65, -d * 0.9), (w * 0.95, h * 0.3, 0.012)))
    if u.chance(0.3):
        rise = u(0.25, 0.5)
        pieces += mirrored(box, "shelf", (w * 0.95, h + rise / 2, -d * 0.6), (0.02, rise / 2, d * 0.38))
        pieces += [box("shelf", (0, h + rise * k, -d * 0.6), (w, 0.015, d * 0.4)) for k in (0.5, 1)]
    return pieces


def _storage(u: Rng, w: float, h: float, d: float, doors: int, rows: int, share: float) -> list[Solid]:
    """Body with `doors` above `rows` of drawers, which take this share of the height; base, top and cornice."""
    y, pieces = _plinth(u, w, d)
    pieces += _case(u, "frame", w, h, d, y, solid=True)
    split = y + h * (share if rows else 0.02)
    cols = u.pick(1, 1, 2) if w > 0.4 else 1
    edge = w - u(0, 0.04)
    if rows:
        pieces += fronts(u, "drawer", (-edge, y + 0.02), (edge, split - 0.01), d, rows, cols)
    if doors:
        pieces += fronts(u, "door", (-edge, split), (edge, y + h - 0.02), d, 1, doors)
    if u.chance(0.6):
        over, thick = u(1, 1.08), u(0.012, 0.04)
        pieces.append(box("top", (0, y + h + thick * 0.9, 0), (w * over, thick, d * over + 0.02)))
    return pieces


@kind("cabinet", family="storage", names=("cabinet", "cupboard", "sideboard", "file cabinet"), synonyms={
    "leg": ("table leg", "support", "foot"), "shelf": ("board", "ledge", "rack"), "drawer": ("pull-out drawer", "drawer front"),
    "handle": ("knob", "pull", "lever"), "frame": ("body", "case", "casing", "surround"), "back": ("back board", "rear wall"),
    "top": ("top board", "top surface", "cover"), "base": ("foot", "stand", "bottom"), "door": ("door leaf", "door wing"),
})  # fmt: skip
def cabinet(u: Rng) -> list[Solid]:
    """Sideboards, cupboards, display and file cabinets with doors, drawers, open shelves."""
    if u.chance(0.25):
        return _storage(u, u(0.22, 0.3), u(0.7, 1.2), u(0.25, 0.35), 0, u.count(2, 4), 1.0)
    w, h = u(0.4, 0.9), u(0.5, 1.2)
    if u.chance(0.7):
        return _storage(u, w, h, u(0.2, 0.4), u.count(1, 4), u.count(0, 2), u(0.2, 0.4))
    y, pieces = _plinth(u, w, 0.25)
    pieces += _case(u, "frame", w, h, 0.25, y, solid=False)
    pieces += [box("shelf", (0, y + h * k, 0), (w * 0.97, 0.015, 0.23)) for k in (0.5, 0.75)]
    return pieces + fronts(u, "door", (-w * 0.97, y + 0.03), (w * 0.97, y + h * 0.5), 0.25, 1, u.count(2, 3))


@kind("dresser", family="storage", names=("dresser", "chest of drawers", "commode"), synonyms={
    "leg": ("table leg", "support", "foot"), "drawer": ("pull-out drawer", "drawer front"), "handle": ("knob", "pull", "lever"),
    "frame": ("body", "case", "casing", "surround"), "top": ("top board", "top surface", "cover"),
    "base": ("foot", "stand", "bottom"), "mirror": ("looking glass",)})  # fmt: skip
def dresser(u: Rng) -> list[Solid]:
    """Chests of drawers, low and wide or tall, some with a mirror."""
    w, h, d = u(0.4, 0.8), u(0.5, 1.2), u(0.22, 0.35)
    pieces = _storage(u, w, h, d, 0, u.count(2, 6), 1.0)
    if u.chance(0.25):
        top = max(float(piece.vertices[:, 1].max()) for piece in pieces)
        size = u(0.25, 0.4)
        pieces.append(box("mirror", (0, top + size * 0.95, -d * 0.8), (w * u(0.5, 0.9), size, 0.02)))
    return pieces


@kind("nightstand", family="storage", names=("nightstand", "bedside table", "night table"), synonyms={
    "leg": ("table leg", "support", "foot"), "shelf": ("board", "ledge", "rack"), "drawer": ("pull-out drawer", "drawer front"),
    "handle": ("knob", "pull", "lever"), "frame": ("body", "case", "casing", "surround"),
    "top": ("top board", "top surface", "cover"), "base": ("foot", "stand", "bottom"), "door": ("door leaf", "door wing"),
})  # fmt: skip
def nightstand(u: Rng) -> list[Solid]:
    """Small bedside cabinets with one to three drawers, or one drawer over an open shelf."""
    w, d = u(0.25, 0.35), u(0.22, 0.32)
    if u.chance(0.6):
        return _storage(u, w, u(0.3, 0.6), d, u.pick(0, 0, 1), u.count(1, 3), u(0.5, 0.7) if u.chance(0.3) else 1.0)
    h = u(0.5, 0.7)
    pieces = [*corner_legs(u, w, d, h, u(0.02, 0.035)), box("top", (0, h, 0), (w * 1.05, 0.02, d * 1.05))]
    pieces += [
        box("frame", (0, h - 0.1, 0), (w * 0.95, 0.09, d * 0.95)),
        box("shelf", (0, h * 0.25, 0), (w * 0.95, 0.015, d * 0.95)),
    ]
    return pieces + fronts(u, "drawer", (-w * 0.92, h - 0.18), (w * 0.92, h - 0.03), d * 0.95, 1, 1)


@kind("wardrobe", family="storage", names=("wardrobe", "closet", "armoire"), synonyms={
    "leg": ("table leg", "support", "foot"), "shelf": ("board", "ledge", "rack"), "drawer": ("pull-out drawer", "drawer front"),
    "handle": ("knob", "pull", "lever"), "frame": ("body", "case", "casing", "surround"), "back": ("back board", "rear wall"),
    "top": ("top board", "top surface", "cover"), "base": ("foot", "stand", "bottom"), "door": ("door leaf", "door wing"),
    "rail": ("bar", "railing", "guard rail")})  # fmt: skip
def wardrobe(u: Rng) -> list[Solid]:
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


@kind("bookshelf", family="storage", names=("bookshelf", "bookcase", "shelving unit"), synonyms={
    "leg": ("table leg", "support", "foot"), "shelf": ("board", "ledge", "rack"), "back": ("back board", "rear wall"),
    "side": ("side board", "side wall", "upright"), "divider": ("partition", "upright"), "book": ("books", "volume"),
})  # fmt: skip
def bookshelf(u: Rng) -> list[Solid]:
    """Bookcases: closed or open back, grid, ladder or wire, with or without books."""
    w, h, d, n, t = u(0.3, 0.8), u(0.8, 1.7), u(0.12, 0.25), u.count(3, 6), u(0.012, 0.03)
    levels = np.linspace(u(0.02, 0.15), h, n)
    if u.chance(0.7):
        pieces = mirrored(box, "side", (w, h / 2, 0), (t, h / 2 + t, d))
        if u.chance(0.6):
            pieces.append(box("back", (0, h / 2, -d), (w, h / 2, 0.01)))
        if u.chance(0.3):
            pieces += [box("divider", (x, h / 2, 0), (t, h / 2, d * 0.97)) for x in np.linspace(-w, w, u.count(3, 4))[1:-1]]
    else:
        pieces = [bar("leg", (x * w, 0, z * d), (x * w, h + 0.03, z * d), 0.02, u.chance()) for x, z in CORNERS]
    pieces += [box("shelf", (0, y, 0), (w, t, d)) for y in levels]
    if u.chance(0.35):
        for y, space in zip(levels[:-1], np.diff(levels), strict=True):
            x = -w * 0.93
            while x < w * u(0.2, 0.9):
                thick, tall = u(0.015, 0.035), space * u(0.5, 0.85)
                pieces.append(box("book", (x + thick, y + t + tall / 2, 0), (thick * 0.95, tall / 2, d * u(0.6, 0.85)), n=1))
                x += 2 * thick
    return pieces


@kind("coat rack", family="coat rack", names=("coat rack", "coat stand", "hat stand"), synonyms={
    "leg": ("table leg", "support", "foot"), "base": ("foot", "stand", "bottom"), "pole": ("stand", "post", "stem", "rod"),
    "board": ("plank", "backing board"), "hook": ("peg", "hanger")})  # fmt: skip
def coat_rack(u: Rng) -> list[Solid]:
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


@kind("shelf", family="storage", names=("wall shelf", "shelf"), synonyms={
    "shelf": ("board", "ledge", "rack"), "side": ("side board", "side wall", "upright"),
    "bracket": ("shelf support", "console"), "rope": ("cord", "string")})  # fmt: skip
def shelf(u: Rng) -> list[Solid]:
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
                bracket = [low, tip] if style == "bracket" else bezier(low, (x, y - 0.19, d * 0.5), tip)
                pieces.append(tube("bracket", bracket, 0.015))
        elif style == "rope":
            rope = [(x, levels[0] - 0.05, d * 0.8), (x, top, d * 0.8), (x * 0.5, top + 0.5, 0)]
            pieces += mirrored(tube, "rope", rope, 0.014, axes="z")
    if style == "cube":
        pieces += mirrored(box, "side", (w, top / 2 + 0.15, 0), (t, top / 2 + 0.15, d))
        pieces.append(box("shelf", (0, top + 0.3, 0), (w, t, d)))
    return pieces
