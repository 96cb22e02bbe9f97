"""Insects, spiders, scorpions and crustaceans."""

from __future__ import annotations

import numpy as np

from meronym_synthetic.kit.anatomy import Range, blade, eyes, limb, squash, unit, vec
from meronym_synthetic.kit.curves import SIDES, Array, bezier
from meronym_synthetic.kit.registry import kind
from meronym_synthetic.kit.rng import Rng
from meronym_synthetic.kit.solids import Solid, ellipsoid, tube


def _bent_legs(u: Rng, roots: Array, wide: float, reach: float, high: float, r: float, part: str = "leg") -> list[Solid]:
    """Pairs of thin legs, from points on the middle line [n 3] out to the ground, knees raised by `high`."""
    fan, r1 = u(0.3, 0.9), r * u(0.6, 1)
    pieces = []
    for k, root in enumerate(roots):
        turned = fan * (1 - 2 * k / max(len(roots) - 1, 1))
        for x in SIDES:
            way = vec(x * np.cos(turned), 0, np.sin(turned))
            length = reach * u(0.9, 1.1)
            start = root + vec(x * wide, 0, 0)
            knee, heel = start + way * length * 0.45 + vec(0, high, 0), start + way * length * 0.9
            heel[1], toe = root[1] * 0.25, start + way * length * 1.1
            toe[1] = r1
            pieces.append(tube(part, [start, knee, heel, toe], [r, r, r1, r1]))
    return pieces


def _antennae(u: Rng, head: Array, size: float, length: float, r: float = 0.022) -> list[Solid]:
    """Two curved antennae on the front of a head."""
    rise, spread, soft = u(0.1, 1.0), u(0.2, 0.7), r >= 0.022
    pieces = []
    for x in SIDES:
        start = head + size * vec(x * 0.4, 0.4, 0.6)
        way = unit(vec(x * spread, rise, 1))
        middle, end = start + length * vec(x * 0.1, 0.7 * rise, 0.3), start + length * way
        pieces.append(tube("antenna", bezier(start, middle, end, n=7), r, melt=soft))
    return pieces


def _jaws(u: Rng, head: Array, size: float) -> list[Solid]:
    """Two small biting jaws."""
    reach = size * u(0.5, 1.0)
    paths = [
        (
            head + size * vec(x * 0.5, -0.2, 0.7),
            head + size * vec(x * 0.5, -0.2, 0.9) + vec(0, 0, reach / 2),
            head + vec(0, -0.2 * size, size + reach),
        )
        for x in SIDES
    ]
    return [tube("head/jaw", bezier(*path, n=5), np.linspace(0.035, 0.02, 5)) for path in paths]


def _segments(u: Rng, h: float, waist: float, abdomen: Range, slim: float = 1.0) -> tuple[list[Solid], Array, float, Array]:
    """Head, thorax and abdomen in a row. Returns pieces, head centre and radius, and thorax ends [2 3]."""
    size, chest, long = u(0.09, 0.16), u(0.08, 0.13) * slim, u(0.18, 0.35)
    front, back = vec(0, h, long / 2), vec(0, h + u(-0.03, 0.04), -long / 2)
    thorax = bezier(back, (front + back) / 2 + vec(0, u(0, 0.06), 0), front, n=6)
    pieces = [tube("thorax", thorax, chest * np.array([0.6, 0.85, 1, 1, 0.9, 0.7]))]
    head = front + vec(0, u(-0.05, 0.05), size * u(0.7, 1.0) + chest * 0.4)
    pieces.append(ellipsoid("head", head, size * np.array([u(0.8, 1.15), u(0.7, 0.95), 1])))
    fat, tilt = u(*abdomen), u(-0.4, 0.4)
    reach = fat * u(1.3, 2.4)
    start = back - vec(0, 0, waist)
    way = vec(0, np.sin(tilt), -np.cos(tilt))
    pieces.append(tube("thorax" if u.chance() else "abdomen", [back, start + way * fat * 0.3], max(0.03, chest * 0.35)))
    shape = u.pick([0.4, 0.9, 1, 0.8, 0.35], [0.6, 1, 0.9, 0.6, 0.2], [0.3, 0.7, 1, 1, 0.6])
    abdomen_path = [start + way * (fat * 0.5 + reach * k) for k in np.linspace(0, 1, 9)]
    pieces.append(tube("abdomen", abdomen_path, fat * np.interp(np.linspace(0, 1, 9), np.linspace(0, 1, 5), shape)))
    return pieces, head, size, np.array([back, front])


def _insect_wings(u: Rng, root: Array, sizes: tuple[tuple[float, float], ...], sweep: Range, lift: Range) -> list[Solid]:
    """Pairs of flat wings: (length, half-chord) each, swept back and lifted."""
    pieces, up = [], u(*lift)
    for k, (long, chord) in enumerate(sizes):
        back = u(*sweep)
        for x in SIDES:
            start = root + vec(x * 0.04, 0.04, -0.09 * k)
            way = unit(vec(x, up, -back))
            across = unit(np.cross(way, vec(0, 1, 0.001)))
            path = [start + way * long * t for t in np.linspace(0, 1, 9)]
            pieces.append(blade("wing", path, chord * np.array([0.2, 0.6, 0.95, 1, 0.6]), across, 0.014))
    return pieces


@kind("ant", family="insect", names=("ant", "termite"), organic=True, synonyms={
    "head": ("animal head",), "thorax": ("middle body", "chest"), "abdomen": ("rear body", "hind body"), "leg": ("animal leg",),
    "antenna": ("antennae", "insect antenna"), "jaw": ("mouth", "mandible"), "eye": ("eyeball", "eye stalk")})  # fmt: skip
def ant(u: Rng) -> list[Solid]:
    """Ants and termites: three-part body, six thin legs."""
    h = u(0.15, 0.35)
    pieces, head, size, ends = _segments(u, h, u(0.02, 0.08), (0.1, 0.2))
    roots = ends[0] + (ends[1] - ends[0]) * np.array([0.9, 0.5, 0.15])[:, None] - vec(0, 0.03, 0)
    pieces += _bent_legs(u, roots, 0.05, u(0.4, 0.7), u(0.02, 0.2), u(0.022, 0.035)) + _antennae(u, head, size, u(0.2, 0.4))
    return (
        pieces
        + (_jaws(u, head, size) if u.chance(0.5) else [])
        + (eyes(head, size, 0.75, 0.35, 0.35, 0.22) if u.chance(0.3) else [])
    )


@kind("bee", family="insect", names=("bee", "wasp", "fly", "bumblebee"), organic=True, synonyms={
    "head": ("animal head",), "thorax": ("middle body", "chest"), "abdomen": ("rear body", "hind body"), "leg": ("animal leg",),
    "antenna": ("antennae", "insect antenna"), "wing": ("insect wing", "flying wing"), "eye": ("eyeball", "eye stalk"),
})  # fmt: skip
def bee(u: Rng) -> list[Solid]:
    """Bees, wasps and flies, at rest or in flight, with one or two pairs of wings."""
    h, wasp = u(0.2, 0.35), u.chance(0.4)
    pieces, head, size, ends = _segments(
        u, h, u(0.03, 0.1) if wasp else 0.0, (0.09, 0.14) if wasp else (0.15, 0.24), 1.0 if wasp else 1.4
    )
    roots = ends[0] + (ends[1] - ends[0]) * np.array([0.9, 0.5, 0.1])[:, None] - vec(0, 0.05, 0)
    pieces += _bent_legs(u, roots, 0.05, u(0.25, 0.45), u(0.0, 0.08), u(0.022, 0.03))
    long, chord = u(0.4, 0.7), u(0.09, 0.15)
    wings = ((long, chord), (long * 0.7, chord * 0.8))[: u.pick(1, 2, 2)]
    pieces += _insect_wings(u, ends.mean(0) + vec(0, 0.08, 0), wings, (0.1, 1.6), (0.0, 0.9))
    if u.chance(0.5):
        pieces += eyes(head, size, 0.65, 0.3, 0.4, u(0.3, 0.5))
    return pieces + (_antennae(u, head, size, u(0.12, 0.25)) if u.chance(0.85) else [])


@kind("spider", family="spider", names=("spider", "tarantula"), organic=True, synonyms={
    "head": ("animal head",), "abdomen": ("rear body", "hind body"), "leg": ("animal leg",), "fang": ("tooth", "mouth part"),
    "eye": ("eyeball", "eye stalk")})  # fmt: skip
def spider(u: Rng) -> list[Solid]:
    """Spiders: small front body, big round abdomen, eight legs with high knees."""
    h, size, fat = u(0.15, 0.35), u(0.1, 0.16), u(0.14, 0.28)
    head, back = vec(0, h, 0.1), vec(0, h + u(0, 0.12), -fat * u(0.8, 1.1))
    long = fat * u(1, 1.5)
    pieces = [
        ellipsoid("head", head, size * np.array([1, 0.8, 1.2])),
        ellipsoid("abdomen", back - vec(0, 0, long * 0.5), (fat, fat * u(0.75, 1), long)),
    ]
    pieces.append(tube("abdomen", [head, back], 0.045))
    roots = head + vec(0, -0.01, 1) * np.linspace(0.08, -0.07, 4)[:, None]
    pieces += _bent_legs(u, roots, size * 0.7, u(0.5, 0.9), u(0.1, 0.4), u(0.022, 0.035))
    if u.chance(0.6):
        pieces += [
            tube("head/fang", [head + size * vec(x * 0.4, -0.2, 1), head + size * vec(x * 0.3, -0.8, 1.4)], [0.035, 0.02])
            for x in SIDES
        ]
    return pieces + (eyes(head, size, 0.35, 0.45, 0.9, 0.2) if u.chance(0.4) else [])


@kind("beetle", family="insect", names=("beetle", "ladybug", "bug"), organic=True, synonyms={
    "head": ("animal head",), "thorax": ("middle body", "chest"), "body": ("torso", "main body"),
    "shell": ("hard shell", "back shell", "armour"), "leg": ("animal leg",), "antenna": ("antennae", "insect antenna"),
    "jaw": ("mouth", "mandible"), "horn": ("spike on the head",)})  # fmt: skip
def beetle(u: Rng) -> list[Solid]:
    """Beetles, ladybirds and bugs: domed shell, short legs, horn or antennae."""
    wide, long, tall, h = u(0.2, 0.38), u(0.35, 0.5), u(0.14, 0.3), u(0.1, 0.18)
    size = wide * u(0.4, 0.6)
    head = vec(0, h, long + size * u(0.3, 0.7))
    pieces = [
        ellipsoid("shell", (0, h + 0.03, 0), (wide, tall, long), melt=u.chance()),
        ellipsoid("body", (0, h - 0.02, 0), (wide * 0.9, 0.1, long * 0.95)),
    ]
    pieces.append(ellipsoid("head", head, size * np.array([u(0.9, 1.2), 0.7, 0.8])))
    if u.chance():
        pieces.append(ellipsoid("thorax", (0, h + 0.02, long * 0.85), (wide * 0.8, tall * 0.75, size * 0.8)))
    roots = vec(0, h, 0) + vec(0, 0, 1) * np.linspace(long * 0.6, -long * 0.5, 3)[:, None]
    pieces += _bent_legs(u, roots, wide * 0.75, u(0.25, 0.45), u(0.02, 0.12), u(0.025, 0.04))
    if u.chance(0.3):
        top = head + size * vec(0, 0.3, 0.6)
        horn = bezier(top, top + vec(0, 0.05, 0.2), top + vec(0, u(0.15, 0.3), u(0.1, 0.25)), n=7)
        pieces.append(tube("horn", horn, np.linspace(0.05, 0.025, 7)))
    return pieces + (_antennae(u, head, size, u(0.15, 0.35)) if u.chance(0.7) else _jaws(u, head, size))


@kind("butterfly", family="insect", names=("butterfly", "moth"), organic=True, synonyms={
    "head": ("animal head",), "thorax": ("middle body", "chest"), "abdomen": ("rear body", "hind body"),
    "body": ("torso", "main body"), "leg": ("animal leg",), "antenna": ("antennae", "insect antenna"),
    "wing": ("insect wing", "flying wing")})  # fmt: skip
def butterfly(u: Rng) -> list[Solid]:
    """Butterflies and moths: two pairs of broad wings, flat or folded up."""
    long, r, up = u(0.4, 0.6), u(0.035, 0.07), u.pick(u(-0.1, 0.4), u(0.4, 2.5))
    head = vec(0, 0, long / 2 + r)
    pieces = [ellipsoid("head", head, r * 1.15)]
    names = ("abdomen", "thorax") if u.chance(0.3) else ("body", "body")
    pieces += [
        tube(names[0], [(0, 0, -long / 2), (0, 0, 0)], [r * 0.6, r]),
        tube(names[1], [(0, 0, 0), (0, 0, long / 2)], [r * 1.1, r]),
    ]
    span, chord = u(0.5, 0.9), u(0.22, 0.36)
    low = u(0.6, 0.9)
    for x in SIDES:
        for reach, half, turned, shape in (
            (span, chord, u(-0.7, -0.2), [0.2, 0.5, 0.9, 1, 0.5]),
            (span * low, chord * 0.9, u(0.3, 0.8), [0.25, 0.8, 1, 0.9, 0.4]),
        ):
            way = unit(vec(x, up, -turned * np.hypot(1, up)))
            across = unit(np.cross(way, vec(-x * up, 1, 0)))
            path = [vec(x * r * 0.5, 0, -turned * 0.15) + way * reach * t for t in np.linspace(0, 1, 9)]
            pieces.append(blade("wing", path, half * np.array(shape), across, 0.012))
    if u.chance(0.4):
        pieces += _bent_legs(u, vec(0, -0.02, 0) + vec(0, 0, 1) * np.linspace(0.1, -0.05, 3)[:, None], r * 0.5, 0.2, 0.0, 0.022)
    return pieces + _antennae(u, head, r, u(0.2, 0.4))


@kind("dragonfly", family="insect", names=("dragonfly", "damselfly"), organic=True, synonyms={
    "head": ("animal head",), "thorax": ("middle body", "chest"), "abdomen": ("rear body", "hind body"), "leg": ("animal leg",),
    "wing": ("insect wing", "flying wing"), "eye": ("eyeball", "eye stalk")})  # fmt: skip
def dragonfly(u: Rng) -> list[Solid]:
    """Dragonflies: stick-like abdomen, two pairs of narrow wings, big eyes."""
    r, size, long = u(0.055, 0.09), u(0.07, 0.1), u(0.6, 0.9)
    tail = bezier((0, 0, 0), (0, u(-0.1, 0.1), -long / 2), (0, u(-0.15, 0.2), -long), n=9)
    head = vec(0, 0, 0.2 + size * 0.6)
    pieces = [
        tube("abdomen", tail, np.linspace(r * 0.7, 0.03, 9)),
        tube("thorax", [(0, 0, -0.05), (0, 0.02, 0.15)], r),
        ellipsoid("head", head, size),
    ]
    reach, chord = u(0.5, 0.8), u(0.05, 0.09)
    pieces += _insect_wings(
        u, vec(0, r * 0.5, 0.1), ((reach, chord), (reach * u(0.85, 1), chord * 1.15)), (-0.3, 0.4), (-0.1, 0.4)
    ) + eyes(head, size, 0.7, 0.2, 0.4, 0.55)
    if u.chance(0.6):
        pieces += _bent_legs(
            u, vec(0, -r * 0.6, 0) + vec(0, 0, 1) * np.linspace(0.14, 0.02, 3)[:, None], 0.03, 0.2, -0.03, 0.022
        )
    return pieces


@kind("grasshopper", family="insect", names=("grasshopper", "cricket", "locust"), organic=True, synonyms={
    "head": ("animal head",), "thorax": ("middle body", "chest"), "abdomen": ("rear body", "hind body"), "leg": ("animal leg",),
    "thigh": ("upper leg",), "lower leg": ("shin",), "foot": ("animal foot",), "antenna": ("antennae", "insect antenna"),
    "wing": ("insect wing", "flying wing"), "eye": ("eyeball", "eye stalk")})  # fmt: skip
def grasshopper(u: Rng) -> list[Solid]:
    """Grasshoppers, crickets and mantises: long body, tall hind legs, long antennae."""
    h, r, long = u(0.2, 0.3), u(0.07, 0.11), u(0.6, 0.9)
    spine = bezier((0, h - 0.04, -long / 2), (0, h, 0), (0, h + u(0.0, 0.25), long / 2), n=9)
    size = r * u(0.9, 1.3)
    head = spine[-1] + vec(0, 0.02, size * 0.7)
    pieces = [
        tube("abdomen", spine[:6], r * np.array([0.3, 0.6, 0.8, 0.9, 1, 1])),
        tube("thorax", spine[5:], r * 1.05),
        ellipsoid("head", head, size * np.array([0.9, 1.15, 0.9])),
    ]
    pieces += _bent_legs(u, spine[[7, 6]] - vec(0, 0.04, 0), r * 0.6, u(0.25, 0.35), u(0.0, 0.1), 0.023)
    tall, back = u(0.2, 0.4), u(0.15, 0.35)
    names = ("leg/thigh", "leg/lower leg", "leg/foot") if u.chance() else ("leg",) * 3
    for x in SIDES:
        hip = spine[4] + vec(x * r * 0.9, 0, 0)
        knee = hip + vec(x * 0.08, tall, -back)
        heel = vec(knee[0] + x * 0.06, 0.03, knee[2] - u(0.05, 0.2))
        pieces += limb(names, [hip, knee, heel, heel + vec(0, 0, 0.1)], [0.06, 0.035, 0.023, 0.023])
    if u.chance(0.6):
        pieces += [
            blade(
                "wing",
                [
                    spine[6] + vec(x * r * 0.5, r * 0.8, 0),
                    spine[3] + vec(x * r * 0.6, r * 0.9, 0),
                    spine[0] + vec(x * r * 0.4, r * 0.6, -0.1),
                ],
                [0.05, 0.09, 0.03],
                (0, 1, 0),
                0.02,
            )
            for x in SIDES
        ]
    return pieces + _antennae(u, head, size, u(0.3, 0.6)) + (eyes(head, size, 0.7, 0.5, 0.3, 0.35) if u.chance() else [])


def _claw_arm(u: Rng, shoulder: Array, x: float, reach: float, size: float, r: float) -> list[Solid]:
    """An arm with a two-fingered claw, held forward."""
    bend = shoulder + reach * vec(x * u(0.4, 0.7), u(-0.05, 0.15), u(0.1, 0.4))
    palm = bend + reach * unit(vec(-x * u(-0.1, 0.5), u(-0.1, 0.2), 1)) * 0.6
    arm = u.pick("arm", "claw")
    pieces = [
        tube(arm, [shoulder, bend, palm], [r, r, r * 0.9]),
        ellipsoid("claw", palm + vec(0, 0, size * 0.7), size * np.array([0.75, 0.5, 1])),
    ]
    for side, thick in ((1, 0.35), (-1, 0.25)):
        start = palm + size * vec(side * x * 0.35, 0, 1.2)
        claw = bezier(start, start + size * vec(side * x * 0.5, 0, 0.7), start + size * vec(-side * x * 0.2, 0, 1.4), n=6)
        pieces.append(tube("claw", claw, np.linspace(size * thick, 0.022, 6)))
    return pieces


@kind("scorpion", family="crustacean", names=("scorpion",), organic=True, synonyms={
    "head": ("animal head",), "body": ("torso", "main body"), "leg": ("animal leg",), "arm": ("animal arm", "front leg"),
    "tail": ("animal tail",), "claw": ("pinching claw", "scissor hand"), "sting": ("stinger",)})  # fmt: skip
def scorpion(u: Rng) -> list[Solid]:
    """Scorpions: flat body, arched tail with sting, two claws, eight legs."""
    h, r, long = u(0.12, 0.2), u(0.11, 0.17), u(0.4, 0.6)
    spine = bezier((0, h, -long / 2), (0, h + 0.05, 0), (0, h, long / 2), n=8)
    pieces = [squash(tube("body", spine[:6] / [1, 0.6, 1], r * np.array([0.6, 0.8, 1, 1.1, 1.1, 1])), (1, 0.6, 1))]
    pieces.append(squash(tube("head", spine[5:] / [1, 0.6, 1], r * 0.95), (1, 0.6, 1)))
    tall, back = u(0.5, 0.8), u(0.2, 0.5)
    tail = bezier(
        spine[0],
        spine[0] - vec(0, 0, back + 0.2),
        spine[0] + vec(0, tall * 1.3, -back),
        spine[0] + vec(0, tall, u(0, 0.3)),
        n=u.count(6, 9),
    )
    beads = u.chance()
    pieces += (
        [ellipsoid("tail", spot, r * k) for spot, k in zip(tail, np.linspace(0.6, 0.4, len(tail)), strict=True)]
        if beads
        else []
    )
    pieces += [tube("tail", tail, np.linspace(r * (0.4 if beads else 0.6), r * 0.35, len(tail)))]
    pieces.append(
        tube(
            u.pick("tail", "tail/sting"),
            [tail[-1], tail[-1] + vec(0, -0.05, 0.1), tail[-1] + vec(0, -0.15, 0.12)],
            [r * 0.5, 0.04, 0.02],
        )
    )
    for x in SIDES:
        pieces += _claw_arm(u, spine[-1] + vec(x * r * 0.7, 0, 0), x, u(0.3, 0.5), u(0.08, 0.13), 0.035)
    return pieces + _bent_legs(u, spine[[6, 5, 4, 3]], r * 0.8, u(0.3, 0.45), u(0.02, 0.1), 0.025)


@kind("crab", family="crustacean", names=("crab",), organic=True, synonyms={
    "body": ("torso", "main body"), "shell": ("hard shell", "back shell", "armour"), "leg": ("animal leg",),
    "arm": ("animal arm", "front leg"), "eye": ("eyeball", "eye stalk"), "claw": ("pinching claw", "scissor hand"),
})  # fmt: skip
def crab(u: Rng) -> list[Solid]:
    """Crabs: wide flat body, two claws (even or one large), eight legs, eyes on stalks."""
    h, wide, long, tall = u(0.18, 0.3), u(0.28, 0.42), u(0.2, 0.3), u(0.1, 0.17)
    pieces = [ellipsoid(u.pick("body", "shell"), (0, h, 0), (wide, tall, long), square=u(0.7, 1))]
    if u.chance(0.3):
        pieces.append(ellipsoid("body", (0, h - tall * 0.5, 0), (wide * 0.85, tall * 0.7, long * 0.85)))
    roots = vec(0, h - 0.03, 0) + vec(0, 0, 1) * np.linspace(long * 0.5, -long * 0.7, 4)[:, None]
    pieces += _bent_legs(u, roots, wide * 0.75, u(0.4, 0.6), u(0.0, 0.2), u(0.028, 0.045))
    size, uneven = u(0.09, 0.15), u(1, 1.7) if u.chance(0.4) else 1.0
    for x in SIDES:
        pieces += _claw_arm(u, vec(x * wide * 0.7, h, long * 0.6), x, u(0.3, 0.45), size * (uneven if x > 0 else 1), 0.045)
    stalk = u(0.05, 0.15)
    for x in SIDES:
        base = vec(x * wide * u(0.2, 0.35), h + tall * 0.4, long * 0.8)
        pieces += [
            tube("eye", [base, base + vec(0, stalk, 0.02)], 0.022),
            ellipsoid("eye", base + vec(0, stalk + 0.02, 0.02), 0.035),
        ]
    return pieces


@kind("lobster", family="crustacean", names=("lobster", "crayfish", "shrimp"), organic=True, synonyms={
    "head": ("animal head",), "body": ("torso", "main body"), "leg": ("animal leg",), "arm": ("animal arm", "front leg"),
    "tail": ("animal tail",), "antenna": ("antennae", "insect antenna"), "eye": ("eyeball", "eye stalk"),
    "claw": ("pinching claw", "scissor hand")})  # fmt: skip
def lobster(u: Rng) -> list[Solid]:
    """Lobsters, crayfish and shrimps: long jointed tail with a fan, claws, long antennae."""
    h, r, long, curl = u(0.15, 0.22), u(0.1, 0.15), u(0.5, 0.7), u(-0.1, 0.02)
    front = [vec(0, h, 0), vec(0, h + 0.03, 0.25), vec(0, h, 0.5)]
    pieces = [tube(u.pick("body", "head"), front, [r, r * 1.05, r * 0.6])]
    tail = bezier((0, h, 0.02), (0, h + 0.03, -long * 0.5), (0, h + curl, -long), n=7)
    pieces += [tube("tail", tail, np.linspace(r * 0.9, r * 0.5, 7))]
    if u.chance():
        pieces += [
            ellipsoid("tail", spot, (k, k * 0.9, 0.06)) for spot, k in zip(tail[1:], np.linspace(r, r * 0.65, 6), strict=True)
        ]
    pieces += [
        blade(
            "tail",
            [tail[-1], tail[-1] + vec(k * 0.1, 0, -0.12), tail[-1] + vec(k * 0.16, -0.01, -0.22)],
            [0.03, 0.07, 0.05],
            (1, 0, 0.3 * k),
            0.025,
        )
        for k in (-1, 0, 1)
    ]
    if u.chance(0.8):
        for x in SIDES:
            pieces += _claw_arm(u, vec(x * r * 0.7, h, 0.4), x, u(0.35, 0.5), u(0.09, 0.15), 0.045)
    pieces += _bent_legs(
        u,
        vec(0, h - 0.05, 0) + vec(0, 0, 1) * np.linspace(0.35, 0.05, u.count(3, 4))[:, None],
        r * 0.7,
        u(0.3, 0.4),
        u(0, 0.08),
        0.025,
    )
    return pieces + _antennae(u, front[-1], r * 0.5, u(0.4, 0.8), 0.022) + eyes(front[-1], r * 0.6, 0.6, 0.7, 0.1, 0.35)


@kind("caterpillar", family="insect", names=("caterpillar", "centipede", "grub"), organic=True, synonyms={
    "head": ("animal head",), "body": ("torso", "main body"), "leg": ("animal leg",), "antenna": ("antennae", "insect antenna"),
})  # fmt: skip
def caterpillar(u: Rng) -> list[Solid]:
    """Caterpillars, centipedes and grubs: beads or a smooth tube, arched or flat, many short legs."""
    n, r, arch, wave = u.count(7, 12), u(0.08, 0.13), u.pick(0.0, u(0.1, 0.35)), u(0, 0.15)
    t = np.linspace(0, 1, n)
    long = n * r * u(1.1, 1.5)
    spine = np.stack([wave * np.sin(t * 5), r + 0.05 + arch * np.sin(t * np.pi) ** 2, (t - 0.5) * long], 1)
    beads, legs = u.chance(0.7), u.chance(0.75)
    pieces = [ellipsoid("body", spot, r * u(0.9, 1.1)) for spot in spine[:-1]] if beads else [tube("body", spine[:-1], r)]
    head = spine[-1] + vec(0, u(0, 0.1), r * 0.2)
    pieces += [ellipsoid("head", head, r * u(1.0, 1.3)), *_antennae(u, head, r, u(0.12, 0.3))]
    for spot in spine[:-1] if legs else ():
        pieces += [
            tube("leg", [spot + vec(x * r * 0.4, -r * 0.5, 0), spot + vec(x * r * 0.8, -r - 0.05, 0)], [0.035, 0.025])
            for x in SIDES
        ]
    return pieces
