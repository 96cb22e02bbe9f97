"""Swords, spears, bows and guns."""

from __future__ import annotations

import numpy as np

from meronym_synthetic.kit.curves import SIDES, arc, around, bezier, turn
from meronym_synthetic.kit.poses import laid_down
from meronym_synthetic.kit.registry import kind
from meronym_synthetic.kit.rng import Rng
from meronym_synthetic.kit.solids import Solid, box, cylinder, ellipsoid, lathe, move, prism, tube
from meronym_synthetic.kit.tools import cutting_blade, flat_blade, grip


@kind("sword", family="knife", names=("sword", "dagger", "sabre"), synonyms={
    "handle": ("hand hold", "lever", "hilt"), "blade": ("cutting edge", "cutter"), "guard": ("cross guard", "hand guard"),
    "pommel": ("handle end", "knob")})  # fmt: skip
def sword(u: Rng) -> list[Solid]:
    """Long sword, short sword, sabre, katana and dagger."""
    long, w, handle, r = (u(0.4, 0.7) if u.chance(0.3) else u(0.9, 1.5)), u(0.03, 0.07), u(0.2, 0.4), u(0.025, 0.04)
    pieces = [cutting_blade(u, -0.02, long, w), grip(u, "handle", -handle, 0, r)]
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
    return laid_down(u, pieces)


@kind("spear", family="spear", names=("spear", "lance", "halberd"), synonyms={
    "blade": ("cutting edge", "cutter"), "shaft": ("rod", "pole", "shank"), "head": ("tool head", "top"),
    "point": ("tip", "spike", "spearhead")})  # fmt: skip
def spear(u: Rng) -> list[Solid]:
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
        point = [(long - 0.03, -r * 1.3, r * 1.3), (long + h * 0.3, -w, w), (long + h, -0.004, 0.004)]
        pieces.append(flat_blade("head/point", point, 0.02))
    if style == "halberd":
        blade = [(0, -0.06), (0.22, -0.16), (0.27, 0), (0.22, 0.16), (0, 0.06)]
        pieces.append(prism("head/blade", blade, 0.015, (0, long - 0.1, 0)))
    return laid_down(u, pieces)


@kind("bow", family="bow", names=("bow and arrow", "bow"), synonyms={
    "handle": ("hand hold", "lever", "hilt"), "shaft": ("rod", "pole", "shank"), "bow": ("bow arm", "curved wood"),
    "string": ("bowstring", "cord"), "arrow": ("projectile",), "arrowhead": ("arrow tip", "point"),
    "feather": ("fletching", "vane")})  # fmt: skip
def bow_and_arrow(u: Rng) -> list[Solid]:
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


def _trigger(x: float, y: float) -> list[Solid]:
    ring = tube("trigger guard", arc((x, y, 0), 0.09, 0.08, np.pi, 2 * np.pi, "xy"), 0.013, melt=False)
    return [ring, tube("trigger", bezier((x, y + 0.01, 0), (x + 0.03, y - 0.03, 0), (x, y - 0.06, 0)), 0.012, melt=False)]


@kind("pistol", family="gun", names=("pistol", "handgun", "revolver"), synonyms={
    "handle": ("hand hold", "lever", "hilt"), "body": ("housing", "casing", "main body"),
    "trigger": ("switch", "trigger button"), "trigger guard": ("trigger ring",), "slide": ("gun slide", "upper part"),
    "barrel": ("gun barrel", "muzzle", "tube"), "cylinder": ("drum", "revolver drum"), "hammer": ("firing hammer",),
    "sight": ("aiming sight", "iron sight")})  # fmt: skip
def pistol(u: Rng) -> list[Solid]:
    """Automatic pistol, revolver, flintlock and ray gun."""
    long, t, style, lean = u(0.4, 0.7), u(0.035, 0.055), u.pick("automatic", "revolver", "flintlock", "ray"), u(0.1, 0.45)
    handle_path = [(-0.1, 0.02, 0), (-0.1 - lean * 0.35, -u(0.3, 0.42), 0)]
    handle = tube("handle", handle_path, [0.075, 0.085], flat=0.6, round_ends=u.chance(), melt=False)
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


@kind("rifle", family="gun", names=("rifle", "shotgun", "machine gun"), synonyms={
    "handle": ("hand hold", "lever", "hilt"), "body": ("housing", "casing", "main body"),
    "trigger": ("switch", "trigger button"), "trigger guard": ("trigger ring",), "barrel": ("gun barrel", "muzzle", "tube"),
    "sight": ("aiming sight", "iron sight"), "magazine": ("clip", "ammunition clip"),
    "fore end": ("front handle", "hand guard"), "stock": ("gun stock", "shoulder stock", "butt"),
    "scope": ("telescope", "aiming scope"), "scope mount": ("scope holder",)})  # fmt: skip
def rifle(u: Rng) -> list[Solid]:
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
        magazine = bezier((0.2, -0.03, 0), (0.21, -0.2, 0), (0.22 + curve, -u(0.3, 0.42), 0))
        pieces.append(tube("magazine", magazine, 0.055, flat=0.5, round_ends=False, melt=False))
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
        stock = [(-0.1, 0.05), (-0.1, -0.06), (-0.3, stock_y), (-0.6, stock_y - 0.12), (-0.6, 0.03), (-0.3, 0.0)]
        pieces.append(prism("stock", stock, u(0.03, 0.045)))
    if u.chance(0.45):
        y = u(0.13, 0.17)
        pieces += [
            lathe("scope", [(0.045, 0), (0.03, 0.1), (0.03, 0.25), (0.05, 0.36)], (-0.05, y, 0), "x"),
            *(box("scope mount", (x, y / 2 + 0.01, 0), (0.02, y / 2, 0.015)) for x in (0.05, 0.2)),
        ]
    else:
        pieces.append(prism("sight", [(-0.02, 0), (0.02, 0), (0, 0.06)], 0.008, (0.27 + long, 0.04, 0)))
    return move(pieces, scale=1.2, rotation=u.pick(np.eye(3), turn("y", np.pi / 2), turn("z", 0.5), turn("z", np.pi / 2)))
