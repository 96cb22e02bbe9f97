"""Insects, spiders, shellfish, soft sea animals, reptiles, frogs and upright beasts."""

from __future__ import annotations

import numpy as np

from meronym_synthetic.anatomy import Range, blade, limb, squash, unit, vec
from meronym_synthetic.kit import SIDES, Array, Dice, Kind, Piece, around, bezier, ellipsoid, lathe, tube, turn


def _bent_legs(u: Dice, roots: Array, wide: float, reach: float, high: float, r: float, part: str = "leg") -> list[Piece]:
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


def _antennae(u: Dice, head: Array, size: float, length: float, r: float = 0.022) -> list[Piece]:
    """Two curved antennae on the front of a head."""
    rise, spread, soft = u(0.1, 1.0), u(0.2, 0.7), r >= 0.022
    pieces = []
    for x in SIDES:
        start = head + size * vec(x * 0.4, 0.4, 0.6)
        way = unit(vec(x * spread, rise, 1))
        middle, end = start + length * vec(x * 0.1, 0.7 * rise, 0.3), start + length * way
        pieces.append(tube("antenna", bezier(start, middle, end, n=7), r, melt=soft))
    return pieces


def _jaws(u: Dice, head: Array, size: float) -> list[Piece]:
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


def _segments(u: Dice, h: float, waist: float, abdomen: Range, slim: float = 1.0) -> tuple[list[Piece], Array, float, Array]:
    """Head, thorax and abdomen in a row. Returns pieces, head centre and radius, and thorax ends [2 3]."""
    size, chest, long = u(0.09, 0.16), u(0.08, 0.13) * slim, u(0.18, 0.35)
    front, back = vec(0, h, long / 2), vec(0, h + u(-0.03, 0.04), -long / 2)
    pieces = [
        tube(
            "thorax",
            bezier(back, (front + back) / 2 + vec(0, u(0, 0.06), 0), front, n=6),
            chest * np.array([0.6, 0.85, 1, 1, 0.9, 0.7]),
        )
    ]
    head = front + vec(0, u(-0.05, 0.05), size * u(0.7, 1.0) + chest * 0.4)
    pieces.append(ellipsoid("head", head, size * np.array([u(0.8, 1.15), u(0.7, 0.95), 1])))
    fat, tilt = u(*abdomen), u(-0.4, 0.4)
    reach = fat * u(1.3, 2.4)
    start = back - vec(0, 0, waist)
    way = vec(0, np.sin(tilt), -np.cos(tilt))
    pieces.append(tube("thorax" if u.chance() else "abdomen", [back, start + way * fat * 0.3], max(0.03, chest * 0.35)))
    shape = u.pick([0.4, 0.9, 1, 0.8, 0.35], [0.6, 1, 0.9, 0.6, 0.2], [0.3, 0.7, 1, 1, 0.6])
    pieces.append(
        tube(
            "abdomen",
            [start + way * (fat * 0.5 + reach * k) for k in np.linspace(0, 1, 9)],
            fat * np.interp(np.linspace(0, 1, 9), np.linspace(0, 1, 5), shape),
        )
    )
    return pieces, head, size, np.array([back, front])


def _insect_wings(u: Dice, root: Array, sizes: tuple[tuple[float, float], ...], sweep: Range, lift: Range) -> list[Piece]:
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


def _eyes(head: Array, size: float, x: float, y: float, z: float, r: float) -> list[Piece]:
    """Two hard eyes, placed in units of the head's radius."""
    return [ellipsoid("head/eye", head + size * vec(side * x, y, z), size * r, melt=False) for side in SIDES]


def ant(u: Dice) -> list[Piece]:
    """Ants and termites: three-part body, six thin legs."""
    h = u(0.15, 0.35)
    pieces, head, size, ends = _segments(u, h, u(0.02, 0.08), (0.1, 0.2))
    roots = ends[0] + (ends[1] - ends[0]) * np.array([0.9, 0.5, 0.15])[:, None] - vec(0, 0.03, 0)
    pieces += _bent_legs(u, roots, 0.05, u(0.4, 0.7), u(0.02, 0.2), u(0.022, 0.035)) + _antennae(u, head, size, u(0.2, 0.4))
    return (
        pieces
        + (_jaws(u, head, size) if u.chance(0.5) else [])
        + (_eyes(head, size, 0.75, 0.35, 0.35, 0.22) if u.chance(0.3) else [])
    )


def bee(u: Dice) -> list[Piece]:
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
        pieces += _eyes(head, size, 0.65, 0.3, 0.4, u(0.3, 0.5))
    return pieces + (_antennae(u, head, size, u(0.12, 0.25)) if u.chance(0.85) else [])


def spider(u: Dice) -> list[Piece]:
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
    return pieces + (_eyes(head, size, 0.35, 0.45, 0.9, 0.2) if u.chance(0.4) else [])


def beetle(u: Dice) -> list[Piece]:
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
        pieces.append(
            tube(
                "horn",
                bezier(top, top + vec(0, 0.05, 0.2), top + vec(0, u(0.15, 0.3), u(0.1, 0.25)), n=7),
                np.linspace(0.05, 0.025, 7),
            )
        )
    return pieces + (_antennae(u, head, size, u(0.15, 0.35)) if u.chance(0.7) else _jaws(u, head, size))


def butterfly(u: Dice) -> list[Piece]:
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


def dragonfly(u: Dice) -> list[Piece]:
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
    ) + _eyes(head, size, 0.7, 0.2, 0.4, 0.55)
    if u.chance(0.6):
        pieces += _bent_legs(
            u, vec(0, -r * 0.6, 0) + vec(0, 0, 1) * np.linspace(0.14, 0.02, 3)[:, None], 0.03, 0.2, -0.03, 0.022
        )
    return pieces


def grasshopper(u: Dice) -> list[Piece]:
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
    return pieces + _antennae(u, head, size, u(0.3, 0.6)) + (_eyes(head, size, 0.7, 0.5, 0.3, 0.35) if u.chance() else [])


def _claw_arm(u: Dice, shoulder: Array, x: float, reach: float, size: float, r: float) -> list[Piece]:
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
        pieces.append(
            tube(
                "claw",
                bezier(start, start + size * vec(side * x * 0.5, 0, 0.7), start + size * vec(-side * x * 0.2, 0, 1.4), n=6),
                np.linspace(size * thick, 0.022, 6),
            )
        )
    return pieces


def scorpion(u: Dice) -> list[Piece]:
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


def crab(u: Dice) -> list[Piece]:
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


def lobster(u: Dice) -> list[Piece]:
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
    return pieces + _antennae(u, front[-1], r * 0.5, u(0.4, 0.8), 0.022) + _eyes(front[-1], r * 0.6, 0.6, 0.7, 0.1, 0.35)


def _tentacles(u: Dice, centre: Array, n: int, ring: float, length: float, r: float, style: str) -> list[Piece]:
    """A ring of tentacles that lie on the ground, hang, curl up at their ends or wave."""
    pieces, each = [], u.chance(0.4)
    rise, wave = u(-0.1, 0.6), u(0.0, 0.35)
    for c, s in around(n, u(0, 1)):
        if each:
            rise, wave = u(-0.2, 0.7), u(0.0, 0.4)
        out, side = vec(c, 0, s), vec(-s, 0, c) * u.pick(-1, 1)
        t = np.linspace(0, 1, 14)[:, None]
        lift = {
            "flat": -1.0 + 0 * t,
            "hang": -3 * t,
            "curl": -2.2 * t + 4.2 * t**3 * (0.6 + rise),
            "wave": -1.2 * t + rise * np.sin(t * 6),
        }[style]
        spread = t if style != "hang" else np.sqrt(t) * u(0.1, 0.5)
        path = centre + out * (ring + length * spread * (0.9 if style != "curl" else 1 - 0.35 * t**2))
        path = (
            path
            + side * wave * length * np.sin(t * u(3, 7)) * t
            + vec(0, length * 0.3, 0) * lift * (1 if style != "flat" else np.minimum(t * 4, 1))
        )
        pieces.append(tube("tentacle", path, r * np.linspace(1, u(0.35, 0.5), 14)))
    return pieces


def octopus(u: Dice) -> list[Piece]:
    """Octopuses: ball, egg, sack or leaning head over eight curled, spread or hanging tentacles."""
    size, tall = u(0.18, 0.34), u(0.8, 1.9)
    lean, shape = u(-0.6, 0.1), u.pick("ball", "sack", "bulb")
    way = vec(0, np.cos(lean), np.sin(lean))
    base = vec(0, 0, 0)
    if shape == "ball":
        pieces = [ellipsoid("head", base + way * size * tall * 0.7, size * np.array([1, tall, 1]), turn("x", lean))]
    else:
        profile = np.array([0.75, 0.8, 0.95, 1, 0.85, 0.5] if shape == "sack" else [0.7, 0.6, 0.8, 1.05, 1, 0.65])
        pieces = [
            tube(
                "head",
                [base + way * size * tall * 1.3 * t for t in np.linspace(0, 1, 12)],
                size * np.interp(np.linspace(0, 1, 12), np.linspace(0, 1, 6), profile),
            )
        ]
    length, r = u(0.5, 1.1), size * u(0.2, 0.38)
    pieces += _tentacles(
        u,
        base,
        u.pick(8, 8, 8, 6),
        size * u(0.35, 0.65),
        length,
        max(r, 0.05),
        u.pick("flat", "hang", "curl", "curl", "wave"),
    )
    if u.chance(0.4):
        pieces += _eyes(base + way * size * 0.6, size, 0.75, 0.1, 0.5, u(0.15, 0.28))
    return pieces


def squid(u: Dice) -> list[Piece]:
    """Squids and cuttlefish: pointed tube with side fins, tentacles to the front."""
    long, r = u(0.6, 0.9), u(0.1, 0.18)
    t = np.linspace(0, 1, 12)
    pieces = [
        tube(
            "body",
            np.stack([0 * t, 0 * t, -long * t], 1),
            r * np.interp(t, [0, 0.3, 0.8, 1], [0.8, 1, u(0.5, 0.8), 0.15]),
        )
    ]
    pieces.append(ellipsoid("head", (0, 0, r * 0.5), (r * 0.8, r * 0.75, r * 0.9)))
    fin, chord = u(0.12, 0.3), u(0.1, 0.25)
    pieces += [
        blade(
            "fin",
            [(x * 0.02, 0, -long * 0.78), (x * fin * 0.6, 0, -long * 0.8), (x * fin, 0, -long * 0.85)],
            [chord, chord * 0.7, 0.03],
            (0, 0, 1),
            0.025,
        )
        for x in SIDES
    ]
    for c, s in around(u.pick(6, 8, 8, 10)):
        reach, bow = u(0.3, 0.6), u(0, 0.25)
        out = vec(c, s, 0)
        path = bezier(
            out * r * 0.4 + vec(0, 0, r),
            out * (r * 0.5 + bow) + vec(0, 0, r + reach * 0.6),
            out * (r * 0.3 + u(-0.05, 0.3)) + vec(0, 0, r + reach),
            n=9,
        )
        pieces.append(tube("tentacle", path, np.linspace(0.045, 0.025, 9)))
    return pieces + (_eyes(vec(0, 0, r * 0.5), r, 0.75, 0.1, 0.3, 0.25) if u.chance(0.7) else [])


def jellyfish(u: Dice) -> list[Piece]:
    """Jellyfish: dome, bell or cup over hanging tentacles."""
    r, tall, edge = u(0.3, 0.5), u(0.2, 0.5), u(0.8, 1.1)
    profile = [
        (0.01, tall),
        (r * 0.5, tall * 0.92),
        (r * 0.85, tall * 0.6),
        (r, tall * 0.2),
        (r * edge, 0),
        (r * edge * 0.9, 0),
        (r * 0.5, tall * 0.35),
        (0.01, tall * 0.5),
    ]
    curve = np.array(profile)
    fine = np.stack([np.interp(np.linspace(0, 7, 29), np.arange(8), curve[:, k]) for k in range(2)], 1)
    pieces = [lathe("head", fine) if u.chance(0.6) else ellipsoid("head", (0, tall * 0.3, 0), (r, tall * 0.8, r))]
    length, wave, thin = u(0.5, 1.1), u(0.01, 0.06), u(0.022, 0.03)
    for c, s in around(u.count(6, 14)):
        t = np.linspace(0, 1, 12) * u(0.6, 1)
        path = np.stack(
            [
                c * r * (0.75 + 0.1 * t) + wave * np.sin(9 * t),
                0.12 * tall - length * t,
                s * r * (0.75 + 0.1 * t) + wave * np.cos(8 * t),
            ],
            1,
        )
        pieces.append(tube("tentacle", path, thin))
    if u.chance(0.6):
        pieces += [
            tube(
                "tentacle",
                bezier(
                    (c * 0.05, tall * 0.4, s * 0.05),
                    (c * 0.15, -length * 0.4, s * 0.1),
                    (c * 0.1, -length * 0.7, s * 0.12),
                    n=8,
                ),
                np.linspace(0.07, 0.03, 8),
            )
            for c, s in around(4)
        ]
    return pieces


def starfish(u: Dice) -> list[Piece]:
    """Starfish: five or more thick or thin arms around a flat middle."""
    n, reach, r, bend = u.pick(5, 5, 5, 6, 8), u(0.45, 0.8), u(0.08, 0.16), u(-0.15, 0.15)
    pieces = [ellipsoid("body", (0, 0.06, 0), (r * u(1.9, 2.3), u(0.1, 0.15), r * u(1.9, 2.3)))]
    for c, s in around(n, u(0, 1)):
        path = bezier(
            (c * r * 1.4, 0.06, s * r * 1.4),
            (c * reach * 0.5 - bend * s, u(0.04, 0.1), s * reach * 0.5 + bend * c),
            (c * reach, u(0.03, 0.12), s * reach),
            n=8,
        )
        pieces.append(tube("arm", path, np.linspace(r, 0.03, 8)))
    return pieces


def snail(u: Dice) -> list[Piece]:
    """Snails with a flat coil or cone shell; slugs without one."""
    long, r = u(0.8, 1.2), u(0.08, 0.13)
    spine = bezier((0, 0.04, -long / 2), (0, r, 0), (0, r * 1.2, long * 0.35), (0, u(0.15, 0.4), long / 2), n=14)
    pieces = [
        tube("body", spine[:11], r * np.interp(np.linspace(0, 1, 11), [0, 0.5, 1], [0.3, 1.1, 1])),
        tube("head", spine[10:], r * u(0.9, 1.15)),
    ]
    style, size = u.pick("coil", "coil", "cone", "slug"), u(0.2, 0.34)
    centre = vec(0, r * 1.2 + size * 0.9, -long * 0.08)
    if style == "coil":
        t = np.linspace(0, 1, 60)
        angle, grow = -np.pi / 2 - t * 2 * np.pi * u(1.8, 2.6), 1 - 0.85 * t
        lean = u(0, 0.25)
        path = np.stack([lean * t * size, np.sin(angle) * grow * size * 0.62, np.cos(angle) * grow * size * 0.62], 1) + centre
        pieces.append(tube("shell", path, size * 0.4 * grow + 0.02))
    elif style == "cone":
        tilt = turn("x", -u(0.5, 1.2))
        pieces += [
            ellipsoid(
                "shell",
                centre - vec(0, size * 0.2, 0) + tilt @ vec(0, size * k * 0.9, 0),
                size * (1 - 0.75 * k) * np.array([1, 0.8, 1]),
                tilt,
            )
            for k in np.linspace(0, 1, 5)
        ]
    top = spine[-1]
    pieces += [
        tube(
            "antenna",
            [top + vec(x * r * 0.4, r * 0.4, 0), top + vec(x * u(0.06, 0.15), r + u(0.1, 0.2), 0.08)],
            [0.03, 0.025],
        )
        for x in SIDES
    ]
    return pieces


def _sprawl(u: Dice, roots: Array, wide: float, reach: float, r: float, fine: bool) -> list[Piece]:
    """Reptile legs: out to the sides, then down to a flat foot; in step or walking."""
    feet, stride = u.pick("leg", "leg/foot"), u(0, 0.5) * reach
    names = ("leg/thigh", "leg/lower leg", "leg/foot") if fine else ("leg", "leg", feet)
    pieces, bend = [], u(0.1, 0.5) * reach
    for k, root in enumerate(roots):
        for x in SIDES:
            start, sign = root + vec(x * wide, 0, 0), 1 if k == 0 else -1
            knee = start + vec(x * reach * 0.6, u(-0.02, 0.06), sign * -bend * 0.5)
            heel = vec(knee[0] + x * reach * 0.15, r * 0.7, knee[2] + sign * bend * 0.6 + x * sign * stride * 0.5)
            toe = heel + vec(x * reach * 0.15, -r * 0.1, reach * 0.35)
            pieces += limb(names, [start, knee, heel, toe], [r * 1.2, r, r * 0.75, r * 0.75])
    return pieces


def turtle(u: Dice) -> list[Piece]:
    """Turtles and tortoises: domed shell, neck out or in, stump legs or swimming fins."""
    wide, long, tall, h = u(0.3, 0.42), u(0.4, 0.5), u(0.14, 0.34), u(0.12, 0.22)
    swimming = u.chance(0.35)
    pieces = [
        ellipsoid("shell", (0, h, 0), (wide, tall, long), melt=u.chance()),
        ellipsoid("body", (0, h - 0.02, 0), (wide * 0.85, 0.09, long * 0.92)),
    ]
    size, reach, rise = u(0.09, 0.14), u(0.05, 0.3), u(0, 0.25)
    head = vec(0, h + rise, long + reach)
    pieces += [
        tube("neck", [vec(0, h - 0.01, long * 0.8), head], [size * 0.8, size * 0.7]),
        ellipsoid("head", head, size * np.array([0.9, 0.85, 1.25])),
    ]
    if swimming:
        for x in SIDES:
            root, back = vec(x * wide * 0.6, h - 0.02, long * 0.6), vec(x * wide * 0.6, h - 0.02, -long * 0.65)
            tip = root + vec(x * u(0.4, 0.6), u(-0.15, 0.2), u(-0.4, 0.1))
            pieces.append(
                blade(
                    "leg",
                    bezier(root, root + vec(x * 0.3, 0, 0.15), tip, n=8),
                    [0.08, 0.12, 0.1, 0.03],
                    (0.3 * x, 0, 1),
                    0.035,
                )
            )
            pieces.append(
                blade(
                    "leg",
                    [back, back + vec(x * 0.12, 0, -0.1), back + vec(x * 0.2, -0.02, -0.25)],
                    [0.06, 0.08, 0.05],
                    (1, 0, x * 0.5),
                    0.03,
                )
            )
    else:
        pieces += _sprawl(
            u,
            np.array([(0, h - 0.03, long * 0.55), (0, h - 0.03, -long * 0.6)]),
            wide * 0.55,
            u(0.18, 0.3),
            u(0.06, 0.09),
            u.chance(0.3),
        )
    if u.chance(0.7):
        pieces.append(tube("tail", [(0, h - 0.02, -long * 0.85), (0, h - 0.06, -long - u(0.08, 0.25))], [0.06, 0.025]))
    return pieces + (_eyes(head, size, 0.65, 0.4, 0.6, 0.2) if u.chance(0.4) else [])


def _reptile(u: Dice, long: float, r: float, flat: float, snout: Range, tail: Range, neck: float) -> tuple[list[Piece], Array]:
    """Low body on sprawled legs with a long tail. Returns pieces and spine [14 3] from rump to shoulders."""
    h, wave = r * flat + u(0.02, 0.12), u(-0.25, 0.25)
    spine = bezier((0, h, -long / 2), (wave * 0.4, h + u(0, 0.05), 0), (0, h, long / 2), n=14)
    scale, t = np.array([1, flat, 1]), np.linspace(0, 1, 14)
    pieces = [squash(tube("torso", spine / scale, r * np.interp(t, [0, 0.4, 0.8, 1], [0.7, 1.05, 0.95, 0.7])), scale)]
    size, reach = r * u(0.6, 0.85), r * u(*snout)
    root = spine[-1]
    head = root + vec(-wave * 0.4, u(0, neck), size + neck)
    pieces.append(tube("neck", bezier(root, (root + head) / 2, head, n=6), np.linspace(r * 0.62, size * 0.75, 6)))
    pieces.append(squash(ellipsoid("head", head / scale, size), scale))
    nose, gape = head + vec(-wave * 0.2, -size * 0.2, size * 0.5 + reach), u(0, 0.35) if u.chance(0.4) else 0.0
    part, blunt = u.pick("head", "head/snout"), u(0.35, 0.55)
    pieces.append(tube(part, [head, nose + vec(0, gape * reach * 0.6, 0)], [size * 0.7, size * blunt]))
    if gape:
        pieces.append(
            tube(
                "head/jaw",
                [head - vec(0, size * 0.2, 0), nose - vec(0, gape * reach * 0.6, 0)],
                [size * 0.55, size * blunt * 0.8],
            )
        )
    far = long * u(*tail)
    end = spine[0] + vec(u(-0.6, 0.6) * far, 0.03 - h, -far * u(0.7, 1))
    path = bezier(
        spine[0],
        spine[0] - vec(wave * 0.3, h * 0.3, far * 0.4),
        (spine[0] + end) / 2 + vec(-wave, -h * 0.3, -far * 0.2),
        end,
        n=14,
    )
    pieces.append(tube("tail", path, np.linspace(r * 0.68, 0.03, 14)))
    pieces += _sprawl(
        u,
        spine[[11, 2]] - vec(0, r * flat * 0.2, 0),
        r * 0.6,
        u(0.18, 0.3),
        max(r * u(0.28, 0.42), 0.035),
        u.chance(0.25),
    )
    return pieces + (_eyes(head, size, 0.55, 0.6 * flat + 0.15, 0.4, 0.25) if u.chance(0.5) else []), spine


def crocodile(u: Dice) -> list[Piece]:
    """Crocodiles and alligators: long jaws, thick tail, ridge of scales by chance."""
    pieces, spine = _reptile(u, u(0.6, 0.8), u(0.12, 0.18), u(0.6, 0.85), (1.8, 2.8), (0.8, 1.2), 0.03)
    if u.chance(0.4):
        pieces += [ellipsoid("spike", spot + vec(0, 0.1, 0), (0.02, 0.05, 0.03), melt=False) for spot in spine[::2]]
    return pieces


def lizard(u: Dice) -> list[Piece]:
    """Lizards, geckos, salamanders and iguanas: slim, short head, whip tail, crest by chance."""
    pieces, spine = _reptile(u, u(0.5, 0.7), u(0.08, 0.14), u(0.6, 0.95), (0.5, 1.2), (1.0, 1.9), u(0, 0.1))
    if u.chance(0.25):
        pieces.append(blade("crest", spine + vec(0, 0.09, 0), [0.03, 0.09, 0.06], (0, 1, 0), 0.015))
    return pieces


def snake(u: Dice) -> list[Piece]:
    """Snakes and worms: winding, coiled or rearing, hood by chance."""
    r, style, n = u(0.04, 0.08), u.pick("wind", "wind", "coil", "rear"), 48
    t = np.linspace(0, 1, n)
    if style == "coil":
        turns = u(1.5, 2.5)
        path = np.stack(
            [
                0.4 * (1 - 0.4 * t) * np.cos(t * 2 * np.pi * turns),
                r + t * r * 2.6 * turns,
                0.4 * (1 - 0.4 * t) * np.sin(t * 2 * np.pi * turns),
            ],
            1,
        )
        path = np.concatenate(
            [
                path,
                bezier(path[-1], path[-1] + 3 * (path[-1] - path[-2]) + vec(0, 0.15, 0), path[-1] + vec(0, 0.3, 0.25), n=10)[
                    1:
                ],
            ]
        )
    else:
        path = np.stack([u(0.1, 0.25) * np.sin(t * u(6, 16)) * (1 - 0.3 * t), np.full(n, r), (t - 0.5) * u(1.2, 1.7)], 1)
        if style == "rear":
            path = np.concatenate(
                [
                    path,
                    bezier(
                        path[-1],
                        path[-1] + vec(0, 0, 0.25),
                        path[-1] + vec(0, 0.4, -0.1),
                        path[-1] + vec(0, 0.45, 0.15),
                        n=12,
                    )[1:],
                ]
            )
    m, cut = len(path), u.count(8, 16)
    radius = r * np.interp(np.linspace(0, 1, m), [0, 0.35, 0.85, 1], [0.35, 1, 0.95, 0.75])
    pieces = (
        [tube("tail", path[: cut + 1], radius[: cut + 1])] if u.chance() else [tube("body", path[: cut + 1], radius[: cut + 1])]
    )
    way = unit(path[-1] - path[-2])
    pieces += [
        tube("body", path[cut:], radius[cut:]),
        tube("head", [path[-1], path[-1] + way * r, path[-1] + way * r * 2.4], [r, r * u(1.15, 1.6), r * 0.7]),
    ]
    if style == "rear" and u.chance():
        pieces.append(ellipsoid("hood", path[-4], (r * 2.4, r * 2.2, 0.04)))
    return pieces + (_eyes(path[-1] + way * r, r, 0.9, 0.7, 0.2, 0.3) if u.chance(0.4) else [])


def frog(u: Dice) -> list[Piece]:
    """Frogs and toads: squat body, bulging eyes, folded hind legs, webbed feet."""
    r, long = u(0.2, 0.3), u(0.35, 0.5)
    rear, front = vec(0, r * 0.75, -long / 2), vec(0, r + u(0.05, 0.2), long / 2)
    size = r * u(0.75, 1.0)
    head = front + vec(0, size * 0.25, size * 0.5)
    pieces = [
        tube("torso", [rear, (rear + front) / 2, front], [r * 0.75, r, r * 0.85]),
        ellipsoid("head", head, size * np.array([1.1, 0.7, 1])),
    ]
    pieces += [
        ellipsoid("head/eye", head + size * vec(x * 0.6, 0.6, 0.2), size * u(0.25, 0.35), melt=u.chance()) for x in SIDES
    ]
    names, feet = ("leg/thigh", "leg/lower leg", "leg/foot") if u.chance(0.4) else ("leg",) * 3, u.chance(0.7)
    for x in SIDES:
        hip = rear + vec(x * r * 0.5, 0, 0)
        knee = hip + vec(x * u(0.1, 0.25), u(0.0, 0.12), u(0.2, 0.35))
        heel = vec(knee[0] + x * 0.03, 0.05, rear[2] - u(0, 0.1))
        toe = heel + vec(x * 0.08, -0.02, u(0.2, 0.35))
        pieces += limb(names, [hip, knee, heel, toe], [0.1, 0.075, 0.05, 0.04])
        shoulder = front + vec(x * r * 0.7, -r * 0.3, -0.02)
        hand = vec(shoulder[0] + x * u(0, 0.12), 0.04, shoulder[2] + u(-0.05, 0.12))
        pieces += limb(names[1:], [shoulder, hand, hand + vec(x * 0.02, -0.01, 0.1)], [0.07, 0.045, 0.04])
        if feet:
            pieces += [
                blade(
                    names[-1],
                    [spot - vec(0, 0, 0.06), spot + vec(x * 0.02, 0, 0.04), spot + vec(x * 0.03, -0.01, 0.12)],
                    [0.03, 0.07, 0.09],
                    (1, 0, 0),
                    0.025,
                )
                for spot in (toe, hand + vec(0, 0, 0.06))
            ]
    return pieces


def _fingers(u: Dice, part: str, palm: Array, way: Array, side: Array, n: int, long: float, r: float) -> list[Piece]:
    """Claws or fingers fanned from the end of a limb."""
    fan = np.linspace(-0.7, 0.7, n)
    return [tube(part, [palm, palm + long * unit(way + k * side)], [r, r * 0.6]) for k in fan]


def _biped_legs(u: Dice, hip: Array, wide: float, tall: float, r: float, fine: bool, foot: float) -> list[Piece]:
    """Two legs standing, stepping or with bent knees; the sole is at `hip` minus `tall`."""
    names = ("leg/thigh", "leg/lower leg", "leg/foot") if fine else ("leg",) * 3
    stance, spread, bend = u(0, 0.35), u(0, 0.35), u(0.02, 0.35)
    claws, turned = u.count(3, 4) if u.chance(0.4) else 0, u(0, 0.5)
    pieces = []
    for x in SIDES:
        top = hip + vec(x * wide, 0, 0)
        ankle = vec(
            top[0] + x * spread * tall * 0.6,
            hip[1] - tall + r * 0.6,
            top[2] + x * stance * tall * 0.5 - bend * tall * 0.3,
        )
        knee = (top * 0.52 + ankle * 0.48) + vec(x * 0.03, 0, bend * tall * 0.6)
        way = unit(vec(x * turned, 0, 1))
        toe = ankle + foot * way - vec(0, r * 0.1, 0)
        pieces += limb(names, [top, knee, ankle, toe], [r * 1.5, r * 1.05, r * 0.75, r * 0.65])
        pieces += _fingers(u, names[-1], toe, way, vec(way[2], 0, -way[0]), claws, foot * 0.5, r * 0.45) if claws else []
    return pieces


def _arms(u: Dice, shoulder: Array, wide: float, length: float, r: float, fine: bool) -> list[Piece]:
    """Two arms raised, stretched, hanging or bent to the front, alike or each in its own way."""
    names = ("arm/upper arm", "arm/forearm", "arm/hand") if fine else ("arm",) * 3
    pose, claws = u.pick("down", "out", "up", "front", "bent", "own"), u.count(3, 4) if u.chance(0.45) else 0
    pieces = []
    for x in SIDES:
        kind = u.pick("down", "out", "up", "front", "bent") if pose == "own" else pose
        first, second = {
            "down": ((0.35, -1, 0.1), (0.15, -1, 0.3)),
            "out": ((1, u(-0.3, 0.3), 0.1), (1, u(-0.2, 0.8), 0.3)),
            "up": ((1, u(0.0, 0.8), 0.1), (u(-0.2, 0.6), 1, 0.2)),
            "front": ((0.4, u(-0.5, 0.1), 1), (u(-0.2, 0.2), u(-0.2, 0.5), 1)),
            "bent": ((0.7, -1, 0), (u(-0.3, 0.4), u(0, 1), 1)),
        }[kind]
        start = shoulder + vec(x * wide, 0, 0)
        bend = start + 0.5 * length * unit(np.array(first) * [x, 1, 1])
        way = unit(np.array(second) * [x, 1, 1])
        palm = bend + 0.42 * length * way
        pieces += limb(names, [start, bend, palm, palm + way * 0.16 * length], [r * 1.2, r, r * 0.8, r * 0.85])
        side = unit(np.cross(way, vec(0, 0.3, 1) if abs(way[2]) < 0.9 else vec(0, 1, 0)))
        pieces += _fingers(u, names[-1], palm + way * 0.14 * length, way, side, claws, length * 0.17, r * 0.5) if claws else []
    return pieces


def _snouted_head(u: Dice, neck: Array, size: float, aim: Array, ears: str) -> list[Piece]:
    """Ball with a muzzle; ears long, round or none, horns by chance."""
    head, up = neck + vec(0, size * 0.6, size * 0.3), vec(0, 1, 0)
    pieces = [ellipsoid("head", head, size * np.array([0.95, 0.95, 1.05]))]
    pieces.append(
        tube(u.pick("head", "head/snout"), [head, head + aim * size * u(1.1, 2.0)], [size * 0.75, size * u(0.35, 0.55)])
    )
    side, long = unit(np.cross(up, aim)), size * (u(1.0, 1.8) if ears == "long" else u(0.4, 0.7))
    for x in SIDES if ears != "none" else ():
        base, way = head + size * (0.6 * up + 0.55 * x * side), unit(up + u(0.3, 1.0) * x * side - 0.3 * aim)
        path = [base + way * long * t for t in np.linspace(-0.2, 1, 6)]
        if u.chance():
            pieces.append(tube("ear", path, size * np.array([0.25, 0.35, 0.4, 0.35, 0.25, 0.1])))
        else:
            pieces.append(blade("ear", path, size * np.array([0.25, 0.45, 0.4, 0.08]), np.cross(way, aim), size * 0.12))
    if ears == "none" and u.chance(0.6):
        pieces += [
            tube(
                "horn",
                [head + size * vec(x * 0.5, 0.7, 0), head + size * vec(x * u(0.6, 1), u(1.2, 1.9), -0.2)],
                [0.05, 0.02],
                melt=False,
            )
            for x in SIDES
        ]
    return pieces + (_eyes(head, size, 0.5, 0.4, 0.75, 0.15) if u.chance(0.3) else [])


def armadillo(u: Dice) -> list[Piece]:
    """An armoured beast that stands like a person: shelled back, long ears, thin tail, arms in any pose."""
    tall, girth, length, lean = u(0.3, 0.45), u(0.17, 0.25), u(0.3, 0.42), u(-0.1, 0.3)
    hip = vec(0, tall, 0)
    way = vec(0, np.cos(lean), np.sin(lean))
    spine = bezier(hip, hip + way * length * 0.5 - vec(0, 0, u(-0.05, 0.08)), hip + way * length, n=10)
    profile = girth * np.interp(np.linspace(0, 1, 10), [0, 0.4, 0.8, 1], [0.85, 1, 0.95, 0.7])
    back = vec(0, 0.05, -girth * u(0.3, 0.5))
    pieces = [
        tube("torso", spine + vec(0, 0, girth * 0.1), profile * 0.95),
        tube("shell", spine + back, profile * u(1.0, 1.12)),
    ]
    size = u(0.1, 0.15)
    neck = spine[-1] + way * girth * 0.5
    if u.chance(0.3):
        pieces.append(tube("neck", [spine[-1], neck + way * 0.05], [girth * 0.6, size * 0.8]))
    pieces += _snouted_head(u, neck, size, unit(vec(u(-0.3, 0.3), u(-0.5, 0.2), 1)), "long")
    fine, r = u.chance(0.85), u(0.05, 0.075)
    pieces += _arms(u, spine[-2], girth * 0.75, u(0.45, 0.65), r, fine)
    pieces += _biped_legs(u, hip, girth * 0.55, tall, r * 1.2, fine, u(0.12, 0.2))
    root, far = hip - vec(0, 0, girth * 0.9), u(0.3, 0.6)
    end = root + vec(u(-0.3, 0.3), u(-0.9, 0.1) * tall, -far)
    pieces.append(
        tube("tail", bezier(root, root - vec(0, tall * u(0.2, 0.6), far * 0.5), end, n=9), np.linspace(0.08, 0.025, 9))
    )
    return pieces


def monster(u: Dice) -> list[Piece]:
    """Upright monsters and toy dinosaurs: heavy tail, ears or horns, spikes down the back by chance."""
    tall, girth, length, lean = u(0.25, 0.45), u(0.15, 0.28), u(0.35, 0.5), u(-0.05, 0.4)
    hip, way = vec(0, tall, 0), vec(0, np.cos(lean), np.sin(lean))
    spine = bezier(hip, hip + way * length * 0.5, hip + way * length, n=10)
    top = u(0.6, 1.1)
    pieces = [tube("torso", spine, girth * np.interp(np.linspace(0, 1, 10), [0, 0.4, 1], [0.95, 1, top]))]
    size, reach = u(0.1, 0.2), u(0.02, 0.15)
    neck = spine[-1] + way * (girth * top * 0.6 + reach)
    if u.chance(0.5):
        pieces.append(tube("neck", [spine[-1], neck + way * size * 0.4], [girth * top * 0.6, size * 0.8]))
    else:
        pieces.append(tube("torso", [spine[-1], neck], [girth * top * 0.8, size * 0.8]))
    pieces += _snouted_head(u, neck, size, unit(vec(0, u(-0.3, 0.2), 1)), u.pick("round", "none", "long"))
    fine, r = u.chance(0.75), u(0.045, 0.08)
    pieces += _arms(u, spine[-2], girth * top * 0.85, u(0.35, 0.6), r, fine) + _biped_legs(
        u, hip, girth * 0.6, tall, r * 1.3, fine, u(0.12, 0.22)
    )
    if u.chance(0.85):
        far = u(0.35, 0.8)
        tail = bezier(
            hip - vec(0, 0, girth * 0.4),
            hip - vec(0, tall * 0.8, girth + far * 0.3),
            (u(-0.3, 0.3), u(0.05, 0.3), -girth - far),
            n=10,
        )
        pieces.append(tube("tail", tail, np.linspace(girth * 0.6, 0.035, 10)))
    if u.chance(0.3):
        rise = [spot - vec(0, 0, girth * 0.95) for spot in spine[2::2]]
        pieces += [tube("spike", [spot, spot + vec(0, 0.04, -u(0.08, 0.14))], [0.05, 0.015], melt=False) for spot in rise]
    return pieces


def _dinosaur_tail(u: Dice, root: Array, r: float, long: float) -> Piece:
    end = root + vec(u(-0.3, 0.3), u(-0.6, 0.2) * root[1], -long)
    return tube("tail", bezier(root, root - vec(0, root[1] * u(0, 0.4), long * 0.5), end, n=14), np.linspace(r, 0.03, 14))


def tyrannosaurus(u: Dice) -> list[Piece]:
    """Two-legged dinosaurs: big jaws, tiny arms, long balancing tail."""
    tall, r, long, pitch = u(0.45, 0.65), u(0.15, 0.22), u(0.4, 0.55), u(0.0, 0.8)
    hip, way = vec(0, tall, 0), vec(0, np.sin(pitch), np.cos(pitch))
    spine = bezier(hip - way * 0.1, hip + way * long * 0.5, hip + way * long, n=10)
    pieces = [
        tube("torso", spine, r * np.interp(np.linspace(0, 1, 10), [0, 0.4, 1], [0.9, 1, 0.7])),
        _dinosaur_tail(u, spine[0], r * 0.85, u(0.6, 0.9)),
    ]
    size = u(0.11, 0.17)
    head = spine[-1] + vec(0, u(0.1, 0.3), u(0.1, 0.25))
    pieces += [
        tube("neck", bezier(spine[-1], spine[-1] + way * 0.1, head, n=6), np.linspace(r * 0.65, size * 0.7, 6)),
        ellipsoid("head", head, size),
    ]
    nose, gape = head + vec(0, -size * 0.2, size + u(0.12, 0.25)), u(0, 0.1)
    pieces += [tube(u.pick("head", "head/snout"), [head, nose + vec(0, gape * 0.3, 0)], [size * 0.8, size * 0.55])]
    pieces += (
        [
            tube(
                "head/jaw",
                [head - vec(0, size * 0.3, 0), nose - vec(0, size * 0.4 + gape, 0.03)],
                [size * 0.55, size * 0.35],
            )
        ]
        if u.chance(0.6)
        else []
    )
    fine = u.chance(0.4)
    for x in SIDES:
        start = spine[-2] + vec(x * r * 0.6, -r * 0.3, 0)
        bend = start + vec(x * 0.03, -0.08, 0.05)
        pieces += limb(
            ("arm/upper arm", "arm/forearm") if fine else ("arm",) * 2,
            [start, bend, bend + vec(-x * 0.02, u(-0.05, 0.03), 0.1)],
            [0.045, 0.035, 0.03],
        )
    return pieces + _biped_legs(u, hip, r * 0.7, tall, r * 0.5, fine, u(0.15, 0.25))


def _four_legs(u: Dice, spine: Array, wide: float, r: float) -> list[Piece]:
    pieces, swing, part = [], u(-0.12, 0.12), u.pick("leg", "leg/foot")
    for k, top in enumerate((spine[-2], spine[1])):
        for x in SIDES:
            toe = vec(x * wide, r * 0.5, top[2] + x * (1 - 2 * k) * swing)
            knee = (top + toe) / 2 + vec(x * wide * 0.5, 0, (0.05 if k else -0.05))
            pieces += [
                tube("leg", [top + vec(x * wide * 0.8, 0, 0), knee, toe], [r * 1.3, r, r * 0.9]),
                ellipsoid(part, toe + vec(0, 0, r * 0.4), r * np.array([1.1, 0.6, 1.4])),
            ]
    return pieces


def long_neck(u: Dice) -> list[Piece]:
    """Four-legged dinosaurs: long-necked, plated or horned with a frill."""
    style = u.pick("neck", "neck", "plates", "horns")
    tall, r, long = u(0.35, 0.55), u(0.17, 0.25), u(0.5, 0.7)
    spine = bezier((0, tall, -long / 2), (0, tall + u(0.05, 0.2), 0), (0, tall * u(0.8, 1.0), long / 2), n=10)
    pieces = [
        tube("torso", spine, r * np.interp(np.linspace(0, 1, 10), [0, 0.5, 1], [0.75, 1, 0.75])),
        _dinosaur_tail(u, spine[0], r * 0.7, u(0.5, 0.9)),
    ]
    size = {"neck": u(0.07, 0.11), "plates": u(0.08, 0.11), "horns": u(0.15, 0.2)}[style]
    reach, rise = (u(0.5, 0.9), u(0.3, 1.3)) if style == "neck" else (u(0.1, 0.2), u(-0.5, 0.3))
    head = spine[-1] + vec(0, np.sin(rise), np.cos(rise)) * reach + vec(0, 0, size)
    pieces.append(
        tube(
            "neck",
            bezier(spine[-1], spine[-1] + vec(0, 0, reach * 0.6), head, n=10),
            np.linspace(r * 0.7, size * 0.75, 10),
        )
    )
    pieces += [
        ellipsoid("head", head, size),
        tube("head", [head, head + vec(0, -size * 0.4, size * 1.5)], [size * 0.8, size * 0.45]),
    ]
    if style == "plates":
        high = u(0.1, 0.2)
        pieces += [
            blade("plate", [spot + vec(0, r * 0.6, 0), spot + vec(0, r + high, 0)], [0.07, 0.02], (0, 0, 1), 0.02)
            for spot in spine
        ]
    elif style == "horns":
        pieces.append(
            ellipsoid("frill", head + vec(0, size * 0.6, -size * 0.6), (size * 1.5, size * 1.3, 0.06), turn("x", -0.5))
        )
        spots = [(-0.4, 0.7, 0.5), (0.4, 0.7, 0.5), (0.0, 0.1, 1.6)]
        pieces += [
            tube(
                "horn",
                [head + size * np.array(s), head + size * (np.array(s) + vec(0, 0.7, 0.8))],
                [0.045, 0.015],
                melt=False,
            )
            for s in spots
        ]
    return pieces + _four_legs(u, spine, r * 0.6, r * u(0.3, 0.42))


def dragon(u: Dice) -> list[Piece]:
    """Dragons on four legs or winged serpents: skin wings, horns, spikes, long tail."""
    tall, r, long = u(0.35, 0.5), u(0.12, 0.18), u(0.45, 0.65)
    spine = bezier((0, tall, -long / 2), (0, tall - 0.02, 0), (0, tall + u(0, 0.15), long / 2), n=10)
    pieces = [
        tube("torso", spine, r * np.interp(np.linspace(0, 1, 10), [0, 0.5, 1], [0.75, 1, 0.85])),
        _dinosaur_tail(u, spine[0], r * 0.7, u(0.6, 1.0)),
    ]
    size, rise = u(0.08, 0.12), u(0.1, 0.5)
    head = spine[-1] + vec(0, rise, u(0.15, 0.35))
    pieces.append(
        tube(
            "neck",
            bezier(spine[-1], spine[-1] + vec(0, rise * 0.2, 0.3), head - vec(0, -0.02, 0.15), head, n=10),
            np.linspace(r * 0.7, size * 0.7, 10),
        )
    )
    pieces += [
        ellipsoid("head", head, size),
        tube(
            u.pick("head", "head/snout"),
            [head, head + vec(0, -size * 0.5, size + u(0.08, 0.18))],
            [size * 0.8, size * 0.45],
        ),
    ]
    span, lift, sweep = u(0.6, 1.0), u(0.0, 1.0), u(0, 0.4)
    t = np.linspace(0, 1, 25)
    for x in SIDES:
        pieces.append(
            tube(
                "horn",
                [head + size * vec(x * 0.5, 0.6, -0.2), head + size * vec(x * 0.8, 1.2, -1.4)],
                [0.035, 0.015],
                melt=False,
            )
        )
        root = spine[7] + vec(x * r * 0.5, r * 0.5, 0)
        front = bezier(root, root + span * vec(x * 0.4, lift + 0.2, 0.2), root + span * vec(x, lift * 0.8, -sweep), n=25)
        chord = 0.22 * (1 - t**2) * (0.8 + 0.2 * np.abs(np.cos(t * np.pi * 3))) + 0.01
        pieces.append(blade("wing", front - vec(0, 0, 1) * chord[:, None], chord, (0, 0, 1), 0.02))
    if u.chance(0.4):
        pieces += [
            tube("spike", [spot + vec(0, r * 0.7, 0), spot + vec(0, r + u(0.06, 0.1), -0.04)], [0.045, 0.015], melt=False)
            for spot in spine[1::2]
        ]
    return pieces + (_four_legs(u, spine, r * 0.7, r * u(0.35, 0.45)) if u.chance(0.8) else [])


def caterpillar(u: Dice) -> list[Piece]:
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


KINDS = {
    "ant": Kind(ant, "insect", ("ant", "termite"), organic=True),
    "bee": Kind(bee, "insect", ("bee", "wasp", "fly", "bumblebee"), organic=True),
    "beetle": Kind(beetle, "insect", ("beetle", "ladybug", "bug"), organic=True),
    "butterfly": Kind(butterfly, "insect", ("butterfly", "moth"), organic=True),
    "dragonfly": Kind(dragonfly, "insect", ("dragonfly", "damselfly"), organic=True),
    "grasshopper": Kind(grasshopper, "insect", ("grasshopper", "cricket", "locust"), organic=True),
    "caterpillar": Kind(caterpillar, "insect", ("caterpillar", "centipede", "grub"), organic=True),
    "spider": Kind(spider, "spider", ("spider", "tarantula"), organic=True),
    "scorpion": Kind(scorpion, "crustacean", ("scorpion",), organic=True),
    "crab": Kind(crab, "crustacean", ("crab",), organic=True),
    "lobster": Kind(lobster, "crustacean", ("lobster", "crayfish", "shrimp"), organic=True),
    "octopus": Kind(octopus, "cephalopod", ("octopus",), organic=True),
    "squid": Kind(squid, "cephalopod", ("squid", "cuttlefish"), organic=True),
    "jellyfish": Kind(jellyfish, "cephalopod", ("jellyfish",), organic=True),
    "starfish": Kind(starfish, "starfish", ("starfish", "sea star"), organic=True),
    "snail": Kind(snail, "snail", ("snail", "slug"), organic=True),
    "turtle": Kind(turtle, "reptile", ("turtle", "tortoise"), organic=True),
    "crocodile": Kind(crocodile, "reptile", ("crocodile", "alligator"), organic=True),
    "lizard": Kind(lizard, "reptile", ("lizard", "gecko", "salamander", "iguana"), organic=True),
    "snake": Kind(snake, "reptile", ("snake", "serpent", "cobra"), organic=True),
    "frog": Kind(frog, "reptile", ("frog", "toad"), organic=True),
    "tyrannosaurus": Kind(tyrannosaurus, "reptile", ("dinosaur", "tyrannosaurus", "raptor"), organic=True),
    "long_neck": Kind(long_neck, "reptile", ("long-necked dinosaur", "dinosaur", "stegosaurus", "triceratops"), organic=True),
    "dragon": Kind(dragon, "reptile", ("dragon",), organic=True),
    "armadillo": Kind(armadillo, "upright creature", ("armadillo", "standing armadillo", "upright beast"), organic=True),
    "monster": Kind(monster, "upright creature", ("monster", "upright creature", "toy dinosaur"), organic=True),
}

SYNONYMS = {
    "head": ("animal head",),
    "thorax": ("middle body", "chest"),
    "abdomen": ("rear body", "hind body"),
    "body": ("torso", "main body"),
    "torso": ("body", "chest", "front of the body"),
    "shell": ("hard shell", "back shell", "armour"),
    "leg": ("animal leg",),
    "thigh": ("upper leg",),
    "lower leg": ("shin",),
    "foot": ("animal foot",),
    "arm": ("animal arm", "front leg"),
    "upper arm": ("arm above the forearm",),
    "forearm": ("lower arm",),
    "hand": ("palm and fingers",),
    "ear": ("animal ear",),
    "tail": ("animal tail",),
    "neck": ("animal neck",),
    "antenna": ("antennae", "insect antenna"),
    "wing": ("insect wing", "flying wing"),
    "jaw": ("mouth", "mandible"),
    "fang": ("tooth", "mouth part"),
    "snout": ("muzzle", "nose"),
    "eye": ("eyeball", "eye stalk"),
    "horn": ("spike on the head",),
    "claw": ("pinching claw", "scissor hand"),
    "sting": ("stinger",),
    "tentacle": ("octopus arm", "sucker arm", "long soft arm"),
    "fin": ("side fin",),
    "spike": ("spine", "thorn"),
    "crest": ("ridge",),
    "hood": ("neck hood",),
    "plate": ("back plate",),
    "frill": ("neck shield",),
}
