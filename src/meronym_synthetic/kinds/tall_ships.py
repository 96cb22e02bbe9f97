"""Tall ships with masts, yards and rigging."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from meronym_synthetic.kinds.low_poly import ball, skin, stack, stick
from meronym_synthetic.kit.anatomy import vec
from meronym_synthetic.kit.curves import SIDES, Array, arc, turn
from meronym_synthetic.kit.registry import kind
from meronym_synthetic.kit.rng import Rng
from meronym_synthetic.kit.solids import Solid, box, cylinder, lathe, move, tube
from meronym_synthetic.kit.vehicles import hexahedron


def _ship_hull(u: Rng, w: float, d: float, bow: float, stern: float) -> tuple[list[Solid], Array]:
    """Hull and deck along z with raised ends; also the deck's heights [m 3] of (z, half-width, y)."""
    z = np.array([1.12, 0.98, 0.8, 0.5, 0.1, -0.35, -0.42, -0.75, -1.0])
    half = w * np.array([0.03, 0.35, 0.68, 0.95, 1, 0.98, 0.97, 0.88, u(0.65, 0.8)])
    top = np.array([bow * 1.2, bow, bow * 0.6, 0.1 * bow, 0, 0, stern * 0.75, stern * 0.9, stern])
    low = -d * np.array([-0.2, 0.35, 0.75, 0.95, 1, 1, 1, 0.95, u(0.5, 0.8)])
    rings = []
    for k, h, t, b in zip(z, half, top, low, strict=True):
        mid = b + (t - b) * 0.5
        right = [(h, t), (h * 1.06, mid), (h * 0.6, b + 0.06 * (t - b)), (0.02, b)]
        rings.append([(x, y, k) for x, y in right] + [(-x, y, k) for x, y in right[::-1]])
    pieces = [skin("hull", rings)]
    board = [[(-h * 0.9, t + s, k), (h * 0.9, t + s, k), (h * 0.9, t - 0.02, k), (-h * 0.9, t - 0.02, k)]
             for k, h, t in zip(z[1:], half[1:], top[1:], strict=True) for s in (0.012,)]  # fmt: skip
    return [*pieces, skin("deck", board)], np.stack([z, half, top], 1)


def _sails(u: Rng, mast: Array, tall: float, w: float, square: bool, furled: bool, fine: bool) -> list[Solid]:
    """Yards with square sails, or a gaff sail with its boom, on a mast that stands at a point."""
    pieces, (_, y0, z) = [], mast
    if not square:
        reach, low, high = u(0.3, 0.42), y0 + 0.15, y0 + tall * u(0.75, 0.9)
        foot, head = vec(0.03, low + 0.02, z - reach), vec(0.03, high, z - reach * u(0.3, 0.8))
        pieces.append(stick("boom", (0, low, z), (0.02, low, z - reach - 0.05), 0.014))
        pieces.append(stick("boom", (0, high - 0.15, z), head, 0.012))
        rings = [
            [p + vec(x, 0, 0) for p in (vec(0, low + 0.02, z - 0.02), foot, head, vec(0, high - 0.15, z - 0.02))]
            for x in (-0.006, 0.006)
        ]
        return pieces if furled else [*pieces, skin("sail", rings)]
    levels = np.linspace(y0 + u(0.2, 0.3), y0 + tall * 0.95, u.count(3, 4))
    for low, y in pairwise(levels):
        wide, t = w * u(1.5, 1.9) * (1 - 0.45 * (y - y0) / tall), np.linspace(0, 1, 5)
        pieces.append(stick("yard", (-wide * 1.05, y, z + 0.035), (wide * 1.05, y, z + 0.035), 0.013))
        if furled:
            pieces.append(tube("sail", [(-wide, y - 0.025, z + 0.04), (wide, y - 0.025, z + 0.04)], 0.025))
            continue
        blow, drop = u(0.05, 0.13), (y - low) * 0.9
        rings = []
        for k in t:
            c = vec(0, y - drop * k, z + 0.05 + blow * np.sin(np.pi * k * 0.9))
            h = wide * (0.92 + 0.15 * k)
            across = np.linspace(-1, 1, 5)
            front = [c + vec(x * h, 0, blow * 0.5 * (1 - x * x)) for x in across]
            rings.append([*front, *(p - vec(0, 0, 0.012) for p in front[::-1])])
        pieces.append(skin("sail", rings))
    return pieces


@kind("tall ship", family="ship", names=("tall ship", "galleon", "pirate ship", "sailing ship", "frigate"), synonyms={
    "hull": ("ship body", "boat body"), "deck": ("ship floor", "planking"), "mast": ("pole",), "sail": ("sailcloth", "canvas"),
    "jib": ("front sail", "triangular sail"), "yard": ("crossbar", "spar"), "boom": ("sail pole", "gaff"),
    "rope": ("rigging", "shrouds", "ropes"), "bowsprit": ("front pole", "front spar"), "flag": ("pennant", "banner"),
    "crow's nest": ("lookout", "mast basket"), "steering blade": ("steering board", "stern blade"), "anchor": ("ship anchor",),
    "railing": ("rail", "bulwark"), "cabin": ("deckhouse", "captain's cabin"), "window": ("stern windows",),
    "cannon": ("gun", "gun barrel"), "helm": ("steering wheel",), "figurehead": ("bow figure",),
    "lantern": ("stern lamp",)})  # fmt: skip
def tall_ship(u: Rng) -> list[Solid]:
    """Two to four masted ships, square-rigged or with gaff sails, with shrouds, crow's nest, cannons; stubby toys too."""
    toy, square, furled = u.chance(0.3), u.chance(0.7), u.chance(0.15)
    w, d, bow, stern = u(0.3, 0.38) if toy else u(0.17, 0.25), u(0.22, 0.32), u(0.08, 0.2), u(0.12, 0.3)
    pieces, deck = _ship_hull(u, w, d, bow, stern)
    n = u.count(1, 2) if toy else u.count(2, 4)
    order = np.argsort(deck[:, 0])
    spots, ropes, nest = np.linspace(-0.68, 0.55, n) if n > 1 else [0.05], u.chance(0.8), u.count(0, n - 1)
    r, heads = u(0.008, 0.012), []
    for k, z in enumerate(spots):
        y, half = (float(np.interp(z, deck[order, 0], deck[order, i])) for i in (2, 1))
        tall = u(1.0, 1.25) * (0.85 if k in (0, n - 1) and n > 1 else 1)
        head = vec(0, y + tall, z)
        heads.append(head)
        pieces.append(stick("mast", (0, y - 0.05, z), head, u(0.024, 0.035), 0.012, 8))
        pieces += _sails(u, vec(0, y, z), tall, w, square and not (n > 2 and k == 0 and u.chance()), furled, False)
        top = y + tall * u(0.55, 0.7)
        if ropes:
            for x in SIDES:
                feet = [vec(x * half * 1.02, y + 0.03, z + q) for q in (-0.13, -0.04, 0.05)]
                pieces += [cylinder("rope", foot, (0, top, z), r * 0.7) for foot in feet]
                for q in np.linspace(0.15, 0.75, 4):
                    rung = [foot * (1 - q) + vec(0, top, z) * q for foot in (feet[0], feet[-1])]
                    pieces.append(cylinder("rope", rung[0], rung[1], r * 0.55))
        if k == nest and u.chance(0.75):
            pieces.append(
                lathe(
                    "crow's nest", [(0.04, -0.06), (0.075, 0), (0.08, 0.06), (0.07, 0.06), (0.06, 0.01), (0, 0.01)], (0, top, z)
                )
            )
        if u.chance(0.6):
            pieces.append(box("flag", head - (0, 0.04, 0.08), (0.005, 0.035, 0.08), turn("y", u(-0.5, 0.5)), n=2))
    tip = vec(0, bow + u(0.15, 0.3), u(1.45, 1.6))
    pieces.append(stick("bowsprit", (0, bow * 0.9, 0.9), tip, 0.026, 0.012))
    if ropes:
        pieces += [cylinder("rope", a, b, r * 0.7) for a, b in pairwise([*heads, tip])]
        pieces.append(cylinder("rope", heads[0], (0, stern + 0.05, -1.0), r * 0.7))
    if u.chance(0.7) and not furled:
        for q in (0.95, 0.55)[: u.count(1, 2)]:
            foot, peak = tip * q + vec(0, bow, 0.7) * (1 - q), heads[-1] * 0.75 * q + tip * (1 - 0.75 * q) + vec(0, 0.02, 0)
            clew = vec(u(-0.05, 0.05), bow + 0.15, 0.75 * q + 0.05)
            pieces.append(skin("jib", [[p + vec(x, 0, 0) for p in (foot, clew, peak)] for x in (-0.006, 0.006)]))
    for a, b in pairwise(deck[1:]):
        if abs(a[2] - b[2]) < 0.12:
            lift = u(0.055, 0.06)
            for x in SIDES:
                ends = [vec(x * p[1] * 0.97, p[2] + lift, p[0]) for p in (a, b)]
                pieces.append(cylinder("railing", ends[0], ends[1], 0.011))
                posts = [ends[0] * (1 - q) + ends[1] * q for q in (0.0, 0.33, 0.67)]
                pieces += [cylinder("railing", p - vec(0, lift, 0), p, 0.009) for p in posts]
    aft = vec(0, stern, -0.85)
    if u.chance(0.6):
        pieces.append(box("cabin", aft + vec(0, 0.04, 0), (w * 0.55, 0.06, 0.1), n=2))
    if u.chance(0.6):
        pieces += [box("window", (x * w * 0.35, stern * 0.45, -1.0), (w * 0.12, 0.04, 0.015), n=1) for x in (-1, 0, 1)]
    pieces.append(hexahedron("steering blade", *(
        [(x * 0.015, y, z) for x, y, z in ((-1, -d * 0.85, k), (1, -d * 0.85, k), (1, stern * 0.2, k), (-1, stern * 0.2, k))]
        for k in (-1.16, -0.98))))  # fmt: skip
    if u.chance(0.5):
        for x, z in [(x, z) for x in SIDES for z in np.linspace(-0.25, 0.4, u.count(2, 4))]:
            pieces.append(stick("cannon", (x * w * 0.9, -d * 0.15, z), (x * w * 1.2, -d * 0.15, z), 0.022, 0.026, 8))
    if u.chance(0.5):
        at, s = vec(w * 0.75, -0.02, 0.82), 0.09
        iron = [
            stick("anchor", (0, 0, 0), (0, -1.6 * s, 0), 0.011),
            stick("anchor", (-0.4 * s, -0.3 * s, 0), (0.4 * s, -0.3 * s, 0), 0.01),
        ]
        iron.append(tube("anchor", arc((0, -0.9 * s, 0), 0.7 * s, 0.7 * s, np.pi + 0.2, 2 * np.pi - 0.2, "xy", 7), 0.012))
        pieces += move(iron, at, rotation=turn("y", 1.1)) + move(iron, at * (-1, 1, 1), rotation=turn("y", -1.1))
    if u.chance(0.4):
        c = vec(0, stern + 0.1, -0.72)
        pieces += [stick("helm", c - vec(0, 0.08, 0), c, 0.012), tube("helm", arc(c, 0.05, 0.05, 0, 6.28, "xy", 9), 0.009)]
    if u.chance(0.3):
        pieces.append(ball(u, "figurehead", (0, bow * 0.8, 1.16), (0.035, 0.09, 0.05)))
    if u.chance(0.3):
        pieces.append(stack("lantern", [(0, 0.02, 0.02), (0.05, 0.03, 0.03), (0.08, 0.01, 0.01)], 6, (0, stern + 0.02, -1.02)))
    return pieces
