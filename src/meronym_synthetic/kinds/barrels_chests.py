"""Barrels, crates and chests."""

from __future__ import annotations

import numpy as np

from meronym_synthetic.kit.curves import SIDES, arc, turn
from meronym_synthetic.kit.registry import kind
from meronym_synthetic.kit.rng import Rng
from meronym_synthetic.kit.solids import Solid, box, cylinder, ellipsoid, lathe, mirrored, move, prism, tube


@kind("barrel", family="crate", names=("barrel", "drum", "cask"), synonyms={
    "handle": ("pull", "knob"), "body": ("main part", "main body"), "hoop": ("metal ring", "band", "ring"),
    "lid": ("cover", "top"), "plug": ("cork", "stopper"), "stand": ("support", "rack"), "tap": ("spigot", "faucet"),
})  # fmt: skip
def barrel(u: Rng) -> list[Solid]:
    """Wooden barrels with hoops and steel drums, standing or lying."""
    r, h, wood = u(0.35, 0.5), u(1.0, 1.4), u.chance(0.7)
    bulge = u(0.1, 0.3) if wood else 0.0
    t = np.linspace(0, 1, 15)
    radius = r * (1 + bulge * np.sin(np.pi * t))
    lid = 0.03
    pieces = [lathe("body", np.stack([radius, t * h], 1))]
    hoops = (
        u.pick([0.06, 0.3, 0.7, 0.94], [0.05, 0.25, 0.75, 0.95], [0.15, 0.85])
        if wood
        else u.pick([0.0, 0.33, 0.66, 1.0], [0.35, 0.65])
    )
    wide = u(0.02, 0.05) if wood else 0.018
    for q in hoops:
        edge = float(np.interp(q, t, radius))
        hoop = [(edge, -wide), (edge * 1.035, -wide * 0.8), (edge * 1.035, wide * 0.8), (edge, wide)]
        pieces.append(lathe("hoop", hoop, (0, q * h, 0)))
    pieces += [cylinder("lid", (0, y - lid, 0), (0, y + 0.008, 0), r * 0.93) for y in ((h, 0.008 + lid) if wood else (h,))]
    if u.chance(0.35):
        edge = r * (1 + bulge)
        pieces.append(cylinder("plug", (0, h / 2, edge * 0.9), (0, h / 2, edge + 0.05), 0.04))
    if u.chance(0.25):
        pieces = move(pieces, (0, r * (1 + bulge), -h / 2), rotation=turn("x", np.pi / 2))
        if u.chance(0.6):
            pieces += mirrored(box, "stand", (0, r * 0.3, h * 0.3), (r * 0.9, r * 0.3, 0.06), axes="z")
            pieces += move(
                [cylinder("tap", (0, 0, 0), (0, 0, 0.15), 0.03), cylinder("tap/handle", (0, 0, 0.1), (0, 0.1, 0.1), 0.02)],
                (0, r * 0.6, h / 2),
            )
    return pieces


@kind("crate", family="crate", names=("crate", "wooden box", "box"), synonyms={
    "brace": ("crossbar", "cross beam"), "post": ("pole", "pillar", "column"), "frame": ("framework", "edge frame"),
    "board": ("plank", "side", "slat"), "bottom": ("floor", "base")})  # fmt: skip
def crate(u: Rng) -> list[Solid]:
    """Wooden and metal crates: closed with frames and braces, or open with slats."""
    w, h, d, t = u(0.4, 0.6), u(0.3, 0.6), u(0.4, 0.6), u(0.03, 0.06)
    pieces = []
    if u.chance(0.6):
        pieces.append(box("board", (0, h, 0), (w, h, d)))
        brace = u.chance(0.6)
        for side in SIDES:
            for q in SIDES:
                pieces += [
                    box("frame", (side * w, h, q * d), (t, h + t, t)),
                    box("frame", (0, h + side * h, q * d), (w + t, t, t)),
                ]
                pieces.append(box("frame", (side * w, h + q * h, 0), (t, t, d)))
            if brace:
                angle = float(np.arctan2(h, w))
                pieces.append(box("brace", (0, h, side * d), (np.hypot(w, h) * 0.95, t * 0.7, t * 0.5), turn("z", angle)))
                angle = float(np.arctan2(h, d))
                pieces.append(box("brace", (side * w, h, 0), (t * 0.5, t * 0.7, np.hypot(d, h) * 0.95), turn("x", angle)))
        return pieces
    n = u.count(2, 4)
    gap = h / n
    for k in range(n):
        y = gap * (2 * k + 1)
        pieces += mirrored(box, "board", (0, y, d), (w, gap * 0.75, 0.02), axes="z")
        pieces += mirrored(box, "board", (w, y, 0), (0.02, gap * 0.75, d))
    pieces += mirrored(box, "post", (w - t, h, d - t), (t * 0.9, h, t * 0.9), axes="xz")
    pieces.append(box("bottom", (0, 0.02, 0), (w, 0.02, d)))
    return pieces


@kind("chest", family="crate", names=("chest", "treasure chest", "trunk"), synonyms={
    "handle": ("pull", "knob"), "body": ("main part", "main body"), "lid": ("cover", "top"), "band": ("metal band", "strap"),
    "lock": ("latch", "padlock"), "treasure": ("gold", "coins"), "foot": ("leg", "stand")})  # fmt: skip
def chest(u: Rng) -> list[Solid]:
    """Treasure chests with a round or flat lid, shut or open."""
    w, h, d, thick = u(0.5, 0.7), u(0.2, 0.3), u(0.3, 0.42), 0.03
    pieces = [box("body", (0, thick, 0), (w, thick, d))]
    body = (w - thick, h, 0)
    pieces += mirrored(box, "body", (0, h, d - thick), (w, h, thick), axes="z") + mirrored(box, "body", body, (thick, h, d))
    round_lid, opened = u.chance(0.7), u.pick(0.0, 0.0, u(0.6, 1.7))
    z = np.linspace(-1, 1, 9)
    rise = u(0.5, 0.9) * d
    outline = (
        [(-d, 0.0), *((q * d, rise * float(np.sqrt(1 - q * q)) + 0.02) for q in z), (d, 0.0)]
        if round_lid
        else [(-d, 0.0), (-d, 0.1), (d, 0.1), (d, 0.0)]
    )
    sideways = turn("y", np.pi / 2)
    lid = [prism("lid", outline, w, rotation=sideways)]
    bands = np.linspace(-0.85, 0.85, u.pick(2, 3, 4))
    for x in bands:
        lid.append(prism("band", np.array(outline) * 1.03, 0.035, (x * w, 0, 0), sideways))
        pieces.append(box("band", (x * w, h, 0), (0.035, h, d * 1.03)))
    lid.append(box("lock", (0, 0.02, d + 0.02), (0.05, 0.06, 0.025)))
    hinged = [Solid(p.part, np.add(p.vertices, (0, 0, d)), p.faces) for p in lid]
    pieces += move(hinged, (0, 2 * h, -d), rotation=turn("x", -opened))
    if opened and u.chance(0.7):
        pieces.append(ellipsoid("treasure", (0, h * 1.5, 0), (w * 0.85, h * 0.7, d * 0.8), square=0.7))
    if u.chance(0.5):
        pieces += [
            tube("handle", np.add(arc((x * w, h, 0), 0.1, 0.1, np.pi, 2 * np.pi, "zy", 9), (x * 0.02, 0, 0)), 0.018)
            for x in SIDES
        ]
    if u.chance(0.25):
        pieces += mirrored(ellipsoid, "foot", (w * 0.9, -0.02, d * 0.85), 0.06, axes="xz")
    return pieces
