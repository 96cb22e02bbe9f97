"""Trees, flowers, mushrooms, fruit and vegetables."""

from __future__ import annotations

import numpy as np

from meronym_synthetic.kit.curves import Array, around, bezier, turn
from meronym_synthetic.kit.registry import kind
from meronym_synthetic.kit.rng import Rng
from meronym_synthetic.kit.solids import (
    Solid,
    box,
    cylinder,
    ellipsoid,
    lathe,
    loft,
    mirrored,
    move,
    prism,
    ring_of,
    tapered_block,
    tube,
)


def _branches(u: Rng, h: float, n: int, reach: float, r: float) -> tuple[list[Solid], list[Array]]:
    """Branches from the upper trunk, and their ends."""
    pieces, ends = [], []
    for c, s in around(n, u(0, 6)):
        y, out, rise = h * u(0.55, 0.95), reach * u(0.6, 1), u(0.15, 0.5)
        end = np.array([out * c, y + rise, out * s])
        branch = bezier((0, y, 0), (out * 0.6 * c, y + 0.05, out * 0.6 * s), end, n=5)
        pieces.append(tube("branch", branch, np.linspace(r * 0.6, r * 0.25, 5)))
        ends.append(end)
    return pieces, ends


@kind("tree", family="plant", names=("tree", "broadleaf tree"), organic=True, synonyms={
    "trunk": ("tree trunk", "stem"), "root": ("tree root", "tap root"), "branch": ("bough", "twig"),
    "foliage": ("leaves", "crown", "treetop"), "fruit": ("apple", "berry")})  # fmt: skip
def tree(u: Rng) -> list[Solid]:
    """Broadleaf trees: ball crowns, clouds of foliage, bare winter trees."""
    style, h, r = u.pick("ball", "cloud", "cloud", "column", "bare"), u(0.5, 0.9), u(0.05, 0.11)
    sway = u(-0.12, 0.12)
    trunk = bezier((0, 0, 0), (sway, h * 0.5, sway), (0, h, 0), n=7)
    pieces = [tube("trunk", trunk, r * np.linspace(u(1.2, 1.7), 0.7, 7), round_ends=False)]
    if u.chance(0.35):
        pieces += ring_of(u.count(3, 5), tube, "root", [(0, 0.12, 0), (2.6 * r, 0.0, 0)], [r * 0.7, r * 0.3])
    branches, ends = _branches(u, h, u.count(3, 7), u(0.3, 0.5), r)
    if style == "bare":
        pieces += branches
        for end in [*ends, np.array([0, h + 0.35, 0])]:
            for _ in range(u.count(2, 3)):
                twig = np.add(np.multiply(end, (u(1.1, 1.6), 1, u(1.1, 1.6))), (u(-0.1, 0.1), u(0.1, 0.3), u(-0.1, 0.1)))
                pieces.append(tube("branch", [end, twig], [r * 0.3, 0.02]))
        return [*pieces, tube("branch", [(0, h * 0.95, 0), (0, h + 0.37, 0)], [r * 0.7, r * 0.3])]
    size = u(0.35, 0.6)
    if style == "ball":
        pieces.append(ellipsoid("foliage", (0, h + size * 0.7, 0), (size, size * u(0.8, 1.3), size)))
    elif style == "column":
        pieces.append(ellipsoid("foliage", (0, h + size * 1.2, 0), (size * 0.5, size * 1.5, size * 0.5)))
    else:
        pieces += branches
        pieces += [
            ellipsoid("foliage", np.add(end, (0, 0.08, 0)), (size * u(0.45, 0.7), size * u(0.4, 0.55), size * u(0.45, 0.7)))
            for end in ends
        ]
        pieces.append(ellipsoid("foliage", (0, h + 0.35, 0), (size * 0.8, size * 0.7, size * 0.8)))
    if style == "ball" and u.chance(0.4):
        y = h + size * u(0.5, 0.8)
        pieces += ring_of(6, ellipsoid, "fruit", (size * 0.95, y, 0), 0.06, melt=False)
    return pieces


@kind("conifer", family="plant", names=("fir tree", "pine tree", "conifer", "christmas tree"), synonyms={
    "ornament": ("decoration", "bauble", "figure"), "trunk": ("tree trunk", "stem"), "branch": ("bough", "twig"),
    "foliage": ("leaves", "crown", "treetop"), "star": ("tree topper",)})  # fmt: skip
def conifer(u: Rng) -> list[Solid]:
    """Firs and pines: stacked cones or drooping branches; Christmas trees."""
    h, r, n, low = u(1.3, 1.9), u(0.35, 0.6), u.count(1, 5), u(0.15, 0.4)
    pieces = [cylinder("trunk", (0, 0, 0), (0, h * 0.9, 0), [u(0.05, 0.09), 0.02])]
    if u.chance(0.75):
        for k in range(n):
            y, size = low + (h - low) * k / n * 0.85, r * (1 - 0.75 * k / n)
            tall = (h - low) / n * u(1.2, 1.5) if k < n - 1 else h - y
            pieces.append(lathe("foliage", [(size * 0.7, 0.02), (size, 0), (size * 0.35, tall * 0.6), (0, tall)], (0, y, 0)))
    else:
        for y in np.linspace(low, h * 0.9, u.count(5, 8)):
            size = r * (1.05 - y / h)
            for c, s in around(u.count(5, 8), u(0, 1)):
                droop = (size * c, y - size * 0.25, size * s)
                pieces.append(tube("branch", [(0, y, 0), droop], [0.035, 0.02], flat=0.6))
    if u.chance(0.2) and pieces[-1].part == "foliage":
        pieces.append(ellipsoid("star", (0, h, 0), 0.06, melt=False))
        pieces += [
            ellipsoid(
                "ornament", (r * 0.75 * (1 - t) * c, low + (h - low) * t * 0.85, r * 0.75 * (1 - t) * s), 0.045, melt=False
            )
            for t in (0.15, 0.4, 0.6)
            for c, s in around(5, 9 * t)
        ]
    return pieces


def _frond(part: str, start: Array, out: tuple[float, float], reach: float, rise: float, droop: float, wide: float) -> Solid:
    """Long arching leaf."""
    c, s = out
    path = bezier(
        start,
        start + np.array([c * reach * 0.5, rise, s * reach * 0.5]),
        start + np.array([c * reach, rise - droop, s * reach]),
        n=10,
    )
    t = np.linspace(0, 1, 10)
    half = wide * np.sin(np.pi * (0.12 + 0.86 * t)) ** 0.7
    side = np.array([-s, 0, c])
    return loft(part, path, half[:, None] * side, np.tile([0, 0.012, 0], (10, 1)))


@kind("palm", family="plant", names=("palm tree", "palm"), synonyms={
    "trunk": ("tree trunk", "stem"), "leaf": ("leaves", "frond", "green leaf"), "coconut": ("fruit", "nut")})  # fmt: skip
def palm(u: Rng) -> list[Solid]:
    """Palm trees, straight or bent, with coconuts."""
    h, bend, r = u(1.0, 1.6), u(-0.4, 0.4), u(0.05, 0.09)
    trunk = bezier((0, 0, 0), (0, h * 0.5, 0), (bend, h, 0), n=12)
    pieces = [tube("trunk", trunk, r * np.linspace(1.5, 0.8, 12), round_ends=False)]
    if u.chance(0.4):
        pieces += [lathe("trunk", [(r * 0.9, -0.02), (r * (1.5 - 0.6 * k / 8), 0.03)], trunk[k + 1]) for k in range(9)]
    rise, droop, reach = u(0.15, 0.4), u(0.3, 0.7), u(0.45, 0.7)
    pieces += [
        _frond("leaf", trunk[-1], out, reach * u(0.85, 1.1), rise, droop, u(0.06, 0.12)) for out in around(u.count(6, 11))
    ]
    if u.chance(0.5):
        pieces += [
            ellipsoid("coconut", trunk[-1] + (0.08 * c, -0.07, 0.08 * s), u(0.05, 0.07)) for c, s in around(u.count(2, 4))
        ]
    return pieces


@kind("flower", family="plant", names=("flower", "daisy", "tulip"), synonyms={
    "leaf": ("leaves", "frond", "green leaf"), "stem": ("stalk", "shaft"), "petal": ("flower petal", "petals"),
    "center": ("flower center", "middle")})  # fmt: skip
def flower(u: Rng) -> list[Solid]:
    """Daisies, tulips, roses and bell-shaped flowers on a stem with leaves."""
    h, r, style, n = u(0.8, 1.2), u(0.02, 0.035), u.pick("daisy", "daisy", "tulip", "layers"), u.count(5, 12)
    sway = u(-0.15, 0.15)
    stem = bezier((0, 0, 0), (sway, h * 0.5, 0), (0, h, 0), n=10)
    pieces = [tube("stem", stem, r)]
    if style == "tulip":
        size, n = u(0.15, 0.22), u.count(4, 6)
        for c, s in around(n):
            path = bezier(
                (0, h, 0),
                (size * 1.3 * c, h + size * 0.3, size * 1.3 * s),
                (size * u(0.3, 0.9) * c, h + size * 2.2, size * 0.7 * s),
                n=8,
            )
            half = size * 0.7 * np.sin(np.pi * np.linspace(0.12, 0.97, 8))
            pieces.append(loft("petal", path, half[:, None] * np.array([-s, 0, c]), np.tile([0.012 * c, 0, 0.012 * s], (8, 1))))
    else:
        size, reach, lift = u(0.07, 0.14), u(0.22, 0.4), u(-0.1, 0.15)
        for k in range(1 if style == "daisy" else u.count(2, 3)):
            out, up = reach * (1 - 0.25 * k), lift + 0.08 * k
            for c, s in around(n, 0.3 * k):
                path = np.linspace((0, h, 0), (out * c, h + up, out * s), 8)
                half = min(0.1, 2.2 * out / n) * np.sin(np.pi * np.linspace(0.15, 0.95, 8)) ** 0.6
                pieces.append(loft("petal", path, half[:, None] * np.array([-s, 0, c]), np.tile([0, 0.012, 0], (8, 1))))
        pieces.append(ellipsoid("center", (0, h + 0.02, 0), (size, size * u(0.4, 0.8), size)))
        tilt = turn("x", u(0, 1.2))
        head = [p for p in pieces if p.part != "stem"]
        pieces = [pieces[0], *(Solid(p.part, (p.vertices - (0, h, 0)) @ tilt.T + (0, h, 0), p.faces) for p in head)]
    for k in range(u.count(0, 4)):
        at = stem[2 + k]
        angle = u(0, 6.28)
        pieces.append(_frond("leaf", at, (np.cos(angle), np.sin(angle)), u(0.25, 0.4), u(0.1, 0.4), u(0, 0.2), u(0.05, 0.09)))
    return pieces


@kind("cactus", family="plant", names=("cactus",), organic=True, synonyms={
    "arm": ("side arm", "bracket"), "body": ("main part", "main body"), "flower": ("blossom", "bloom"),
    "pot": ("flower pot", "plant pot", "planter")})  # fmt: skip
def cactus(u: Rng) -> list[Solid]:
    """Tall cacti with bent arms, ball cacti and flat prickly pears, sometimes in a pot."""
    style, h, r, pieces = u.pick("column", "column", "ball", "pads"), u(0.8, 1.3), u(0.12, 0.2), []
    if style == "column":
        pieces.append(tube("body", [(0, 0, 0), (0, h * 0.5, 0), (0, h, 0)], r))
        for k in range(u.count(0, 4)):
            c, s = around(4, 0.3)[k]
            y, out, rise = h * u(0.25, 0.6), r + u(0.15, 0.25), u(0.2, 0.45)
            arm = [(0, y, 0), (out * c, y, out * s), (out * c * 1.1, y + rise, out * s * 1.1)]
            pieces.append(tube("arm", arm, r * u(0.5, 0.75)))
    elif style == "ball":
        size = u(0.35, 0.5)
        pieces.append(ellipsoid("body", (0, size * 0.9, 0), (size, size * u(0.8, 1.2), size)))
    else:
        pieces.append(ellipsoid("body", (0, 0.3, 0), (0.24, 0.34, 0.08)))
        for x, y in ((-0.25, 0.62), (0.22, 0.7), (0.0, 0.85))[: u.count(2, 3)]:
            pieces.append(ellipsoid("arm", (x, y, 0), (0.16, 0.22, 0.06), turn("z", -x * 2)))
    top = max(float(p.vertices[:, 1].max()) for p in pieces if p.part == "body")
    if u.chance(0.4):
        pieces += ring_of(3, ellipsoid, "flower", (0.05, top, 0), (0.05, 0.035, 0.05), melt=False)
    if u.chance(0.45):
        wide = max(r, 0.25) * 1.2
        pot = [
            lathe(
                "pot",
                [
                    (wide * 0.7, -0.4),
                    (wide, 0.0),
                    (wide * 1.1, 0.0),
                    (wide * 1.1, 0.09),
                    (wide * 0.95, 0.09),
                    (wide * 0.9, 0.03),
                    (0, 0.03),
                ],
            )
        ]
        pieces += pot
    return pieces


@kind("mushroom", family="mushroom", names=("mushroom", "toadstool"), synonyms={
    "cap": ("top", "head"), "stem": ("stalk", "shaft"), "spot": ("dot",), "ring": ("collar",)})  # fmt: skip
def mushroom(u: Rng) -> list[Solid]:
    """Toadstools, button mushrooms and flat caps, single or in a group."""
    pieces = []
    for k in range(u.pick(1, 1, 1, 2, 3)):
        scale, spot = 1 - 0.35 * (k > 0), np.array([0.55 * k * (-1) ** k, 0, 0.2 * k])
        h, r, size, tall = u(0.4, 0.8), u(0.08, 0.18), u(0.35, 0.55), u(0.2, 0.4)
        one = [tube("stem", [(0, 0, 0), (0, h * 0.4, 0), (0, h, 0)], [r * u(1.1, 1.6), r, r * 0.9])]
        shape = u.pick("dome", "cone", "flat", "egg")
        if shape == "egg":
            one.append(ellipsoid("cap", (0, h + tall * 0.4, 0), (size * 0.6, tall, size * 0.6)))
        else:
            t = np.linspace(0, np.pi / 2, 9)
            outer = np.stack(
                [size * np.cos(t), (tall * np.sin(t) if shape == "dome" else tall * (1 - np.cos(t)) * u(0.6, 1))], 1
            )
            low = [(r * 0.8, 0.06), (size * 0.92, -0.03)]
            one.append(lathe("cap", [*low, *outer.tolist()], (0, h - 0.03, 0)))
            if shape == "dome" and u.chance(0.5):
                one += ring_of(u.count(4, 7), ellipsoid, "spot", (size * 0.7, h + tall * 0.7, 0), 0.06, melt=False)
        if u.chance(0.3):
            one.append(lathe("ring", [(r, 0.03), (r * 1.8, 0), (r, -0.01)], (0, h * 0.65, 0)))
        pieces += move(one, spot, scale) if k else one
    return pieces


@kind("potted plant", family="plant", names=("potted plant", "house plant", "plant pot"), synonyms={
    "foliage": ("leaves", "crown", "treetop"), "leaf": ("leaves", "frond", "green leaf"), "stem": ("stalk", "shaft"),
    "flower": ("blossom", "bloom"), "pot": ("flower pot", "plant pot", "planter"), "soil": ("earth", "dirt"),
    "saucer": ("plate", "tray")})  # fmt: skip
def potted_plant(u: Rng) -> list[Solid]:
    """House plants in round or square pots: long leaves, small trees, bushes, flowers."""
    r, h, square = u(0.22, 0.38), u(0.25, 0.5), u.chance(0.25)
    low, lip = r * u(0.6, 0.95), u(0.03, 0.07)
    if square:
        pieces = [
            tapered_block("pot", (0, 0, 0), (0, h, 0), (low, low), (r, r)),
            box("soil", (0, h, 0), (r * 0.88, 0.015, r * 0.88)),
        ]
    else:
        edge = (
            [(low, 0), (r, h - 2 * lip), (r * 1.08, h - 2 * lip), (r * 1.08, h)]
            if u.chance()
            else [(low, 0), (r * u(0.95, 1.25), h * 0.5), (r, h)]
        )
        pieces = [
            lathe("pot", [*edge, (r * 0.92, h), (r * 0.9, h - 0.05), (0, h - 0.05)]),
            cylinder("soil", (0, h - 0.08, 0), (0, h - 0.03, 0), r * 0.9),
        ]
    if not square and u.chance(0.3):
        pieces.append(lathe("saucer", [(low, -0.03), (low * 1.4, 0.02), (low * 1.35, 0.02), (low, -0.01), (0, -0.01)]))
    style, top = u.pick("fronds", "fronds", "blades", "tree", "bush", "flowers"), np.array([0, h - 0.05, 0])
    if style in ("fronds", "blades"):
        for _ in range(u.count(7, 14)):
            a = u(0, 6.28)
            out = (float(np.cos(a)), float(np.sin(a)))
            reach, rise, droop = (
                (u(0.3, 0.6), u(0.4, 0.8), u(0.1, 0.5)) if style == "fronds" else (u(0.05, 0.25), u(0.6, 1.1), 0.0)
            )
            pieces.append(_frond("leaf", top, out, reach, rise, droop, u(0.05, 0.1)))
        return pieces
    if style == "tree":
        tall, size = u(0.4, 0.7), u(0.25, 0.4)
        pieces.append(tube("stem", [top, np.add(top, (0, tall, 0))], u(0.025, 0.045)))
        return [*pieces, ellipsoid("foliage", np.add(top, (0, tall + size * 0.7, 0)), size)]
    if style == "bush":
        size = r * u(0.7, 0.9)
        blobs = [
            ellipsoid("foliage", (0.5 * r * c, h + size * u(0.6, 1.1), 0.5 * r * s), size * u(0.7, 1))
            for c, s in around(u.count(4, 6))
        ]
        return pieces + blobs
    for c, s in around(u.count(3, 6)):
        end = top + np.array([c * u(0.1, 0.35), u(0.35, 0.65), s * u(0.1, 0.35)])
        pieces += [tube("stem", [top, end], 0.016), ellipsoid("flower", end, (0.08, 0.05, 0.08))]
        pieces.append(_frond("leaf", top, (c, s), u(0.2, 0.4), 0.3, 0.2, 0.06))
    return pieces


@kind("bush", family="plant", names=("bush", "shrub", "hedge"), organic=True, synonyms={
    "branch": ("bough", "twig"), "foliage": ("leaves", "crown", "treetop"), "stem": ("stalk", "shaft"),
    "berry": ("fruit", "berries")})  # fmt: skip
def bush(u: Rng) -> list[Solid]:
    """Round shrubs, hedges and berry bushes."""
    w, d, h = u(0.35, 0.8), u(0.35, 0.5), u(0.35, 0.6)
    if u.chance(0.25):
        return [
            ellipsoid("foliage", (0, h, 0), (w * 1.2, h, d * 0.7), square=0.25),
            tube("stem", [(0, 0, 0), (0, h * 0.4, 0)], 0.06),
        ]
    pieces = [ellipsoid("foliage", (0, h * 0.9, 0), (w * 0.8, h, d * 0.8))]
    for c, s in around(u.count(4, 8), u(0, 3)):
        size = h * u(0.5, 0.75)
        pieces.append(ellipsoid("foliage", (w * 0.7 * c, size * u(0.9, 1.3), d * 0.7 * s), size))
    pieces += ring_of(u.count(2, 4), tube, "branch", [(0.05, -0.12, 0), (0.25, 0.3, 0)], 0.03, phase=u(0, 3))
    if u.chance(0.4):
        for c, s in around(u.count(6, 10), u(0, 3)):
            pieces.append(ellipsoid("berry", (w * 0.95 * c, h * u(0.6, 1.2), d * 0.95 * s), 0.05, melt=False))
    return pieces


def _stalk(u: Rng, y: float, r: float, leaf: float) -> list[Solid]:
    """Stem of a fruit, sometimes with a leaf."""
    tall, lean = u(0.1, 0.25), u(-0.1, 0.1)
    pieces = [tube("stem", bezier((0, y - 0.06, 0), (0, y + tall * 0.5, 0), (lean, y + tall, 0), n=5), r)]
    if u.chance(leaf):
        pieces.append(
            _frond("leaf", np.array([0, y + tall * 0.3, 0]), (0.8, 0.6), u(0.2, 0.35), u(0.05, 0.2), u(0, 0.15), u(0.06, 0.1))
        )
    return pieces


@kind("apple", family="fruit", names=("apple", "fruit"), synonyms={
    "body": ("main part", "main body"), "leaf": ("leaves", "frond", "green leaf"), "stem": ("stalk", "shaft")})  # fmt: skip
def apple(u: Rng) -> list[Solid]:
    """Apples, cherries-like round fruit and bitten apples' whole shape."""
    r, dip = u(0.45, 0.55), u(0.1, 0.3)
    t = np.linspace(0, np.pi, 24)
    profile = np.stack(
        [r * np.sin(t) * (1 + 0.1 * np.cos(t + np.pi)), r * (-np.cos(t) * (1 - dip * np.abs(np.cos(t)) ** 6))], 1
    )
    top = float(profile[-1, 1])
    return [lathe("body", profile), *_stalk(u, top, u(0.018, 0.03), 0.6)]


@kind("pear", family="fruit", names=("pear",), organic=True, synonyms={
    "body": ("main part", "main body"), "leaf": ("leaves", "frond", "green leaf"), "stem": ("stalk", "shaft")})  # fmt: skip
def pear(u: Rng) -> list[Solid]:
    """Pears, slim or fat."""
    h, r, neck = u(0.6, 0.9), u(0.38, 0.48), u(0.4, 0.6)
    pieces = [
        ellipsoid("body", (0, 0, 0), (r, r * 0.95, r)),
        tube("body", [(0, 0, 0), (0, h * 0.5, 0), (u(-0.06, 0.06), h, 0)], [r * 0.9, r * 0.75, r * neck]),
    ]
    return pieces + _stalk(u, h + r * neck, u(0.02, 0.03), 0.5)


@kind("pineapple", family="fruit", names=("pineapple",), synonyms={
    "body": ("main part", "main body"), "leaf": ("leaves", "frond", "green leaf")})  # fmt: skip
def pineapple(u: Rng) -> list[Solid]:
    """Pineapples with a leaf crown; knobbly or smooth."""
    r, h = u(0.28, 0.38), u(0.4, 0.6)
    pieces = [ellipsoid("body", (0, 0, 0), (r, h, r), square=u(0.7, 0.95), melt=False)]
    if u.chance(0.6):
        for t in np.linspace(-0.75, 0.75, 7):
            ring = r * np.sqrt(1 - t * t * 0.85)
            for c, s in around(9, 4 * t):
                spot = np.array([ring * c, t * h, ring * s])
                pieces.append(cylinder("body", spot * 0.9, spot * 1.12, [0.07, 0.015]))
    top = np.array([0, h * 0.9, 0])
    for ring in range(u.count(2, 4)):
        out, rise = 0.3 - 0.08 * ring, 0.25 + 0.15 * ring
        pieces += [_frond("leaf", top, q, out, rise, u(-0.05, 0.1), 0.05) for q in around(u.count(5, 7), ring)]
    return pieces


@kind("carrot", family="fruit", names=("carrot", "radish", "vegetable"), synonyms={
    "root": ("tree root", "tap root"), "leaf": ("leaves", "frond", "green leaf"), "stem": ("stalk", "shaft")})  # fmt: skip
def carrot(u: Rng) -> list[Solid]:
    """Carrots and radishes with greens."""
    h, r, t = u(0.8, 1.2), u(0.12, 0.2), np.linspace(0, 1, 8)
    if u.chance(0.25):
        h, r = u(0.4, 0.6), u(0.25, 0.32)
    sway = u(-0.1, 0.1)
    pieces = [tube("root", bezier((0, 0, 0), (sway, -h * 0.5, 0), (0, -h, 0), n=8), r * (1 - t) ** u(0.5, 0.9) + 0.015)]
    style = u.pick("fronds", "stalks")
    for c, s in around(u.count(3, 7)):
        if style == "fronds":
            pieces.append(
                _frond("leaf", np.array([0, r * 0.5, 0]), (c, s), u(0.15, 0.35), u(0.3, 0.6), u(0, 0.2), u(0.04, 0.08))
            )
        else:
            end = (u(0.08, 0.22) * c, u(0.3, 0.5), u(0.08, 0.22) * s)
            pieces += [tube("stem", [(0, 0, 0), end], 0.025), ellipsoid("leaf", end, (0.08, 0.12, 0.08))]
    return pieces


@kind("pumpkin", family="fruit", names=("pumpkin", "jack-o'-lantern"), organic=True, synonyms={
    "body": ("main part", "main body"), "leaf": ("leaves", "frond", "green leaf"), "stem": ("stalk", "shaft"),
    "eye": ("carved eye",), "mouth": ("carved mouth",)})  # fmt: skip
def pumpkin(u: Rng) -> list[Solid]:
    """Ribbed pumpkins, plain or carved."""
    n, r, h = u.count(7, 11), u(0.4, 0.5), u(0.3, 0.45)
    pieces = ring_of(n, ellipsoid, "body", (r * 0.45, 0, 0), (r * 0.55, h, r * 0.55))
    lean = u(-0.15, 0.15)
    stem = bezier((0, h * 0.8, 0), (0, h * 1.2, 0), (lean, h + u(0.15, 0.3), 0), n=5)
    pieces.append(tube("stem", stem, [0.08, 0.06, 0.05, 0.045, 0.05]))
    if u.chance(0.3):
        pieces += mirrored(prism, "eye", [(-0.07, -0.05), (0.07, -0.05), (0, 0.08)], 0.04, (0.17, 0.08, r * 0.9))
        pieces.append(prism("mouth", [(-0.2, 0.03), (-0.1, -0.06), (0.1, -0.06), (0.2, 0.03)], 0.04, (0, -0.13, r * 0.9)))
    elif u.chance(0.4):
        pieces.append(_frond("leaf", np.array([0, h, 0]), (0.7, 0.7), u(0.3, 0.45), 0.15, 0.15, 0.14))
    return pieces


@kind("banana", family="fruit", names=("banana", "bunch of bananas"), organic=True, synonyms={
    "body": ("main part", "main body"), "stem": ("stalk", "shaft"), "tip": ("end", "point")})  # fmt: skip
def banana(u: Rng) -> list[Solid]:
    """A single banana or a bunch on its stem."""
    n, long, curve, r = u.pick(1, 3, 4, 5), u(0.7, 0.9), u(0.2, 0.4), u(0.08, 0.11)
    pieces = []
    t = np.linspace(0, 1, 10)
    for k in range(n):
        a = (k - (n - 1) / 2) * u(0.28, 0.36)
        path = bezier((0, 0, 0), (0, -0.4 * long, curve), (0, -long, -curve * 0.3), n=10)
        radius = r * np.clip(np.sin(np.pi * (0.08 + 0.86 * t)) ** 0.5, 0.35, 1)
        pieces.append(tube("body", path @ (turn("y", a * 0.6) @ turn("z", a)).T, radius))
        tip = path[-1] @ (turn("y", a * 0.6) @ turn("z", a)).T
        pieces.append(ellipsoid("tip", tip, 0.04))
    pieces.append(tube("stem", [(0, -0.03, 0), (0, u(0.1, 0.2), -0.04)], [r * 0.5 + 0.01 * n, 0.04]))
    return pieces
