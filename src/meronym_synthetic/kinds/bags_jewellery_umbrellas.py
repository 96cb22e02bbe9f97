"""Bags, suitcases, jewellery and umbrellas."""

from __future__ import annotations

import numpy as np

from meronym_synthetic.kit.curves import SIDES, arc, around, bezier, ellipse, turn
from meronym_synthetic.kit.registry import kind
from meronym_synthetic.kit.rng import Rng
from meronym_synthetic.kit.solids import Solid, box, cylinder, ellipsoid, lathe, mirrored, move, prism, ring_of, tube


@kind("umbrella", family="umbrella", names=("umbrella", "parasol", "beach umbrella"), synonyms={
    "canopy": ("awning", "cover", "porch roof"), "base": ("foundation", "foot", "plinth"), "handle": ("pull", "knob"),
    "tip": ("end", "point"), "shaft": ("pole", "stick", "rod"), "rib": ("spoke", "wire")})  # fmt: skip
def umbrella(u: Rng) -> list[Solid]:
    """Rain umbrellas with a hook handle, open or folded; beach and garden parasols."""
    h, r, n, style = u(1.0, 1.4), u(0.55, 0.8), u.pick(6, 8, 8), u.pick("rain", "rain", "parasol", "folded")
    pieces = [cylinder("shaft", (0, 0, 0), (0, h, 0), u(0.014, 0.03))]
    if style == "folded":
        pieces.append(lathe("canopy", [(0.02, 0.3 * h), (0.08, 0.4 * h), (0.06, 0.75 * h), (0.02, 0.97 * h)]))
    else:
        rise, y = r * u(0.35, 0.6), h * 0.97
        t = np.linspace(0, 1, 9)
        profile = np.stack([r * np.sin(t * 1.45) / np.sin(1.45), y - rise * (1 - np.cos(t * 1.45)) / (1 - np.cos(1.45))], 1)
        scallop = [(float(a), float(b) - 0.015) for a, b in profile[::-1]]
        pieces.append(lathe("canopy", [*profile.tolist(), *scallop[1:-1], (0.0, y - 0.02)]))
        if u.chance(0.7):
            for c, s in around(n):
                rib = np.stack([profile[1:, 0] * c, profile[1:, 1] - 0.02, profile[1:, 0] * s], 1)
                pieces.append(tube("rib", rib, 0.01))
                if style == "rain":
                    pieces.append(tube("rib", [(0, h * 0.65, 0), rib[4]], 0.008))
    pieces.append(cylinder("tip", (0, h * 0.95, 0), (0, h + u(0.05, 0.12), 0), [0.02, 0.01]))
    if style == "parasol":
        if u.chance(0.7):
            pieces.append(lathe("base", [(0.22, 0), (0.22, 0.05), (0.05, 0.1), (0, 0.1)]))
        return pieces
    if u.chance(0.7):
        size = u(0.06, 0.1)
        hook = arc((size, -0.05, 0), size, size, np.pi, 2 * np.pi, "xy", 10)
        pieces.append(tube("handle", np.concatenate([[(0, 0.12, 0)], hook]), 0.028))
    else:
        pieces.append(tube("handle", [(0, -0.1, 0), (0, 0.1, 0)], u(0.03, 0.045)))
    return pieces


@kind("backpack", family="bag", names=("backpack", "rucksack"), synonyms={
    "strap": ("band", "belt"), "body": ("main body", "bag", "compartment"), "pocket": ("pouch", "outer pocket"),
    "flap": ("cover", "lid"), "handle": ("carry loop", "hand hold"), "bedroll": ("roll", "sleeping mat")})  # fmt: skip
def backpack(u: Rng) -> list[Solid]:
    """School, hiking and roll-top backpack."""
    w, h, d = u(0.3, 0.42), u(0.45, 0.65), u(0.16, 0.28)
    pieces = [ellipsoid("body", (0, h, 0), (w, h, d), square=u(0.3, 0.6), melt=False)]
    if u.chance(0.8):
        pocket = (0, h * u(0.5, 0.65), d)
        pieces.append(ellipsoid("pocket", pocket, (w * u(0.6, 0.85), h * u(0.3, 0.45), d * 0.5), square=0.4, melt=False))
    if u.chance(0.4):
        pieces += mirrored(ellipsoid, "pocket", (w, h * 0.55, 0), (0.1, h * 0.35, d * 0.7), square=0.5, melt=False)
    if u.chance(0.4):
        pieces.append(ellipsoid("flap", (0, h * 1.85, d * 0.2), (w * 1.05, h * 0.25, d * 1.1), square=0.5, melt=False))
    for s in SIDES:
        path = bezier(
            (s * w * 0.4, h * 1.85, -d * 0.8),
            (s * w * 0.7, h * 1.9, -d * 2.4),
            (s * w * 0.9, h * 0.5, -d * 2.2),
            (s * w * 0.7, h * 0.2, -d * 0.8),
        )
        pieces.append(tube("strap", path, u(0.05, 0.08), flat=0.35, melt=False))
    pieces.append(tube("handle", arc((0, h * 1.95, -d * 0.6), 0.1, 0.13, 0, np.pi, "xy"), 0.022, melt=False))
    if u.chance(0.25):
        pieces.append(tube("bedroll", [(-w, h * 2.05, 0), (w, h * 2.05, 0)], 0.12, round_ends=False, melt=False))
    return pieces


@kind("handbag", family="bag", names=("handbag", "purse", "tote bag"), synonyms={
    "body": ("main body", "bag", "compartment"), "flap": ("cover", "lid"), "handle": ("carry loop", "hand hold"),
    "clasp": ("lock", "buckle")})  # fmt: skip
def handbag(u: Rng) -> list[Solid]:
    """Hand bag, tote, purse, doctor's bag and shopping bag."""
    w, h, d = u(0.4, 0.6), u(0.25, 0.45), u(0.08, 0.2)
    style = u.pick("soft", "box", "trapezoid")
    if style == "soft":
        pieces = [ellipsoid("body", (0, h, 0), (w, h, d), square=u(0.4, 0.8), melt=False)]
    elif style == "box":
        pieces = [box("body", (0, h, 0), (w, h, d))]
    else:
        pieces = [prism("body", [(-w, 0), (w, 0), (w * u(0.6, 0.9), 2 * h), (-w * u(0.6, 0.9), 2 * h)], d)]
    rise, r, reach = u(0.2, 0.8), u(0.015, 0.035), w * u(0.4, 0.7)
    for z in (-d * 0.6, d * 0.6) if u.chance(0.6) else (0.0,):
        handle = arc((0, 2 * h - 0.06, z), reach, rise, 0, np.pi, "xy", 18)
        pieces.append(tube("handle", handle, r, flat=u(0.6, 1.3), melt=False))
    if u.chance(0.45):
        pieces.append(box("flap", (0, h * 1.55, d + 0.01), (w * 0.95, h * 0.4, 0.02)))
    if u.chance(0.6):
        pieces.append(box("clasp", (0, h * 1.25, d + 0.035), (0.06, 0.05, 0.02)))
    return pieces


@kind("suitcase", family="bag", names=("suitcase", "briefcase", "luggage"), synonyms={
    "strap": ("band", "belt"), "body": ("main body", "bag", "compartment"), "handle": ("carry loop", "hand hold"),
    "pull handle": ("telescopic handle", "trolley handle"), "wheel": ("caster", "roller"), "latch": ("lock", "clasp"),
    "corner": ("corner cap",)})  # fmt: skip
def suitcase(u: Rng) -> list[Solid]:
    """Trolley case with pull handle and wheels, briefcase, old leather case, travel trunk."""
    w, h, d = u(0.4, 0.6), u(0.3, 0.65), u(0.12, 0.25)
    trolley = u.chance(0.55)
    pieces = [
        ellipsoid("body", (0, h, 0), (w, h, d), square=u(0.12, 0.3), melt=False)
        if u.chance()
        else box("body", (0, h, 0), (w, h, d))
    ]
    handle = [(-0.15, 2 * h, 0), (-0.15, 2 * h + 0.09, 0), (0.15, 2 * h + 0.09, 0), (0.15, 2 * h, 0)]
    pieces.append(
        tube("handle", arc((0, 2 * h - 0.02, 0), 0.14, 0.12, 0, np.pi, "xy"), 0.025, melt=False)
        if u.chance()
        else tube("handle", handle, 0.025, melt=False)
    )
    if trolley:
        x, y = w * 0.45, 2 * h + u(0.25, 0.6)
        pull_handle = [(-x, 2 * h - 0.05, -d * 0.7), (-x, y, -d * 0.7), (x, y, -d * 0.7), (x, 2 * h - 0.05, -d * 0.7)]
        pieces.append(tube("pull handle", pull_handle, 0.025, melt=False))
        pieces += [
            cylinder("wheel", (s * w * 0.8 - 0.03, -0.03, z), (s * w * 0.8 + 0.03, -0.03, z), 0.07)
            for s in SIDES
            for z in ((-d * 0.7, d * 0.7) if u.chance() else (-d * 0.7,))
        ]
    else:
        pieces += mirrored(box, "latch", (w * 0.6, 2 * h - 0.05, d + 0.01), (0.05, 0.06, 0.015))
        if u.chance(0.6):
            pieces += [
                box("corner", (s * w * 0.95, y, z * d * 0.95), (0.05, 0.05, 0.03))
                for s in SIDES
                for y in (0.04, 2 * h - 0.04)
                for z in SIDES
            ]
    if u.chance(0.4):
        pieces += mirrored(box, "strap", (w * 0.5, h, 0), (0.035, h * 1.02, d * 1.03))
    return pieces


@kind("ring", family="jewellery", names=("ring", "finger ring"), synonyms={
    "band": ("ribbon", "hat band", "strap"), "gem": ("stone", "diamond", "jewel"), "setting": ("prong", "gem holder"),
    "signet": ("seal plate", "flat top")})  # fmt: skip
def ring(u: Rng) -> list[Solid]:
    """Finger ring: plain, signet, or with one or several stones."""
    r, t = u(0.5, 0.65), u(0.05, 0.1)
    pieces = [tube("band", ellipse((0, 0, 0), r, r, "xy", 40), t, flat=u(0.5, 1), round_ends=False, melt=False)]
    g = u(0.12, 0.3)
    if u.chance(0.25):
        return [*pieces, box("signet", (0, r + t, 0), (g, 0.05, g))]
    stone = (
        lathe("gem", [(0.01, -g * 0.8), (g, 0), (g * 0.65, g * 0.4), (0.001, g * 0.4)], (0, r + t + g * 0.8, 0))
        if u.chance(0.6)
        else ellipsoid("gem", (0, r + t + g * 0.5, 0), (g, g * 0.7, g))
    )
    pieces += [stone, *ring_of(4, tube, "setting", [(0, r, 0), (g * 0.9, r + t + g * 0.8, 0)], 0.025, melt=False)]
    if u.chance(0.3):
        pieces += [ellipsoid("gem", (r * np.sin(a), r * np.cos(a) + 0.06, 0), 0.07) for a in (-0.5, 0.5)]
    return pieces


@kind("necklace", family="jewellery", names=("necklace", "pendant necklace"), synonyms={
    "chain": ("link chain", "cord"), "bead": ("pearl", "ball"), "pendant": ("charm", "medallion")})  # fmt: skip
def necklace(u: Rng) -> list[Solid]:
    """Bead string, chain with pendant, amulet."""
    a, b = u(0.4, 0.6), u(0.5, 0.8)
    pieces = []
    if u.chance():
        n = u.count(18, 30)
        pieces += [ellipsoid("bead", (a * c, b * s, 0), 2.2 / n * (1.3 - 0.5 * s) * 0.8) for c, s in around(n, -np.pi / 2)]
    else:
        pieces.append(tube("chain", ellipse((0, 0, 0), a, b, "xy", 36), u(0.02, 0.035), round_ends=False, melt=False))
    if pieces[0].part != "bead" or u.chance(0.4):
        y, g = -b - 0.1, u(0.08, 0.18)
        pendant = [(-g, g), (0, g * 0.7), (g, g), (g * 1.1, 0.3 * g), (0, -g), (-g * 1.1, 0.3 * g)]
        pieces.append(u.pick(ellipsoid("pendant", (0, y, 0), (g, g * 1.3, 0.05)), prism("pendant", pendant, 0.04, (0, y, 0))))
    return move(pieces, rotation=u.pick(np.eye(3), turn("x", u(-1.4, -0.5))))


@kind("closed umbrella", family="umbrella", names=("closed umbrella", "umbrella"), synonyms={
    "band": ("ribbon", "hat band", "strap"), "shaft": ("boot shaft", "leg", "rod"), "handle": ("carry loop", "hand hold"),
    "canopy": ("cover", "fabric"), "tip": ("point", "spike")})  # fmt: skip
def closed_umbrella(u: Rng) -> list[Solid]:
    """Closed umbrella, rolled tight or loose, with hooked, straight or ball handle."""
    long, r = u(0.8, 1.1), u(0.07, 0.14)
    tip = 0.25 + long
    pieces = [
        lathe("canopy", [(r * 0.7, 0.28), (r, 0.34), (r * 0.75, 0.25 + long * 0.6), (0.02, tip)]),
        cylinder("shaft", (0, -0.1, 0), (0, tip, 0), 0.02),
        cylinder("tip", (0, tip - 0.02, 0), (0, tip + 0.13, 0), [0.025, 0.01]),
    ]
    if u.chance(0.6):
        k = u(0.08, 0.14)
        handle = np.concatenate([[(0, 0.1, 0)], arc((k, -0.2, 0), k, k, np.pi, 2 * np.pi + 0.3, "xy")])
        return [
            *pieces,
            tube("handle", handle, u(0.028, 0.04), melt=False),
            cylinder("band", (0, 0.45, 0), (0, 0.5, 0), r * 1.02),
        ]
    return [
        *pieces,
        u.pick(
            tube("handle", [(0, 0.1, 0), (0, -0.25, 0)], 0.045, melt=False),
            ellipsoid("handle", (0, -0.12, 0), (0.07, 0.09, 0.07)),
        ),
    ]
