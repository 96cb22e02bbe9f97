"""Low-poly trees, rocks, campfires and lanterns, as games have them."""

from __future__ import annotations

import numpy as np

from meronym_synthetic.kinds.low_poly import ball, skin, stack, stick
from meronym_synthetic.kit.anatomy import vec
from meronym_synthetic.kit.curves import SIDES, arc, around, ellipse, turn
from meronym_synthetic.kit.registry import kind
from meronym_synthetic.kit.rng import Rng
from meronym_synthetic.kit.solids import Solid, box, cylinder, tube


def _grass(u: Rng, spots: int, reach: float, part: str = "grass") -> list[Solid]:
    """Tufts of pointed blades within a distance of the middle."""
    pieces = []
    for _ in range(spots):
        a, q = u(0, 6.28), reach * u(0.5, 1)
        root = vec(np.cos(a) * q, 0, np.sin(a) * q)
        for _ in range(u.count(2, 4)):
            tip = root + vec(u(-0.08, 0.08), u(0.1, 0.22), u(-0.08, 0.08))
            pieces.append(stick(part, root + vec(u(-0.03, 0.03), 0, u(-0.03, 0.03)), tip, 0.018, 0.003, 3))
    return pieces


def _ground(u: Rng, r: float, part: str) -> Solid:
    """Flat uneven island of ground below y = 0."""
    n = u.pick(7, 9, 12)
    edge = [(c * r * u(0.85, 1.1), s * r * u(0.85, 1.1)) for c, s in around(n)]
    return skin(part, [[(x * k, y, z * k) for x, z in edge] for y, k in ((-u(0.05, 0.12), 0.85), (-0.02, 1), (0.005, 0.97))])


@kind("low-poly tree", family="plant", names=("tree", "low-poly tree", "cartoon tree", "pine tree"), synonyms={
    "trunk": ("stem", "wood"), "foliage": ("leaves", "tree crown", "treetop"), "branch": ("bough", "twig"),
    "leaf": ("leaves",), "root": ("roots",), "grass": ("blades of grass",), "ground": ("soil", "island"),
    "fruit": ("apple",), "snow": ("snow cap",)})  # fmt: skip
def low_poly_tree(u: Rng) -> list[Solid]:
    """Trees with faceted balls, stacked cones, cubes, flat leaves or bare branches."""
    style, h, r = u.pick("balls", "balls", "cones", "cones", "cube", "palm", "bare"), u(0.4, 0.9), u(0.05, 0.09)
    bend = vec(u(-0.1, 0.1), 0, u(-0.1, 0.1))
    n, top, pieces = u.pick(5, 6, 8), vec(0, h, 0) + bend, []
    pieces += [
        stick("trunk", (0, 0, 0), top * 0.5, r * 1.3, r, n),
        stick("trunk", top * 0.48, top + vec(0, 0.1, 0), r, r * 0.75, n),
    ]
    tips = []
    if style in ("balls", "cube", "bare") and (style == "bare" or u.chance(0.6)):
        for c, s in around(u.count(2, 4), u(0, 6)):
            start = top * u(0.5, 0.95)
            end = start + vec(c * u(0.2, 0.4), u(0.15, 0.35), s * u(0.2, 0.4))
            tips.append(end)
            pieces.append(stick("branch", start, end, r * 0.5, r * 0.3, 5))
    if style == "balls":
        size = u(0.25, 0.42)
        pieces.append(
            ball(u, "foliage", top + vec(0, size * 0.8, 0), size * vec(1, u(0.75, 1.2), 1), u.pick(6, 7, 9), u.pick(3, 4), 0.08)
        )
        spots = tips or [top + vec(c * size * 0.7, u(0, size), s * size * 0.7) for c, s in around(u.count(0, 4), u(0, 6))]
        pieces += [ball(u, "foliage", p, size * u(0.45, 0.75), 6, 3, 0.12) for p in spots]
        if u.chance(0.2):
            for c, s in around(5, u(0, 6)):
                pieces.append(ball(u, "fruit", top + vec(c * size * 0.9, size * u(0.5, 1.1), s * size * 0.9), 0.045, 6, 3))
    elif style == "cones":
        m, w, tall, y = u.count(2, 5), u(0.3, 0.45), u(0.3, 0.42), h * u(0.35, 0.6)
        for k in range(m):
            size = w * (1 - 0.75 * k / m)
            at = bend * y / h + vec(0, y, 0)
            pieces.append(
                stack(
                    "foliage",
                    [(0, size, size), (tall * 0.08, size * 0.95, size * 0.95), (tall, size * 0.12, size * 0.12)],
                    n + 1,
                    at,
                    turn("y", k),
                )
            )
            y += tall * u(0.5, 0.62)
        if u.chance(0.15):
            pieces.append(
                stack("snow", [(0, size * 0.45, size * 0.45), (tall * 0.5, 0.01, 0.01)], n + 1, at + vec(0, tall * 0.6, 0))
            )
    elif style == "cube":
        size = u(0.25, 0.38)
        pieces.append(box("foliage", top + vec(0, size * 0.8, 0), size * vec(1, u(0.8, 1.1), 1), n=2))
        pieces += [box("foliage", p, size * u(0.35, 0.55), n=1) for p in tips]
    elif style == "palm":
        for c, s in around(u.count(5, 8), u(0, 6)):
            a, b = top + vec(c * 0.3, u(0.1, 0.2), s * 0.3), top + vec(c * 0.6, -u(0, 0.2), s * 0.6)
            side = vec(-s, 0, c) * 0.08
            for p, q, near, far in ((top + vec(0, 0.1, 0), a, 0.4, 1.0), (a, b, 1.0, 0.15)):
                rings = [[e - side * k, e + vec(0, 0.02, 0), e + side * k] for e, k in ((p, near), (q, far))]
                pieces.append(skin("leaf", rings))
    else:
        for end in [*tips, top]:
            for c, s in around(2, u(0, 6)):
                pieces.append(stick("branch", end, end + vec(c * 0.12, u(0.1, 0.2), s * 0.12), r * 0.3, r * 0.12, 4))
            if u.chance(0.3):
                pieces.append(
                    skin(
                        "leaf",
                        [
                            [end + vec(x, 0.1 + y, z) for x, y in ((0, 0), (0.05, 0.06), (0, 0.14), (-0.05, 0.06))]
                            for z in (-0.006, 0.006)
                        ],
                    )
                )
    if u.chance(0.3):
        pieces += [
            stick("root", (0, r * 1.2, 0), (c * r * 3, 0, s * r * 3), r * 0.6, r * 0.2, 5)
            for c, s in around(u.count(3, 5), u(0, 6))
        ]
    if u.chance(0.35):
        pieces.append(_ground(u, u(0.3, 0.5), "ground"))
        pieces += _grass(u, u.count(0, 6), 0.35)
    return pieces


@kind("rocks", family="rock", names=("rocks", "boulders", "stones", "rocks on grass"), synonyms={
    "rock": ("stone", "boulder"), "grass": ("blades of grass", "lawn"), "ground": ("soil", "island", "base"),
    "moss": ("green cover",), "mushroom": ("toadstool",), "bush": ("shrub",), "crystal": ("gem",),
    "flower": ("blossom",)})  # fmt: skip
def rocks(u: Rng) -> list[Solid]:
    """Heaps of faceted stones, flat slabs or spires on a patch of ground with grass, moss and mushrooms."""
    style, reach, pieces = u.pick("heap", "slabs", "spires"), u(0.4, 0.6), []
    pieces.append(_ground(u, reach * 1.25, "ground" if u.chance(0.6) else "grass"))
    for k in range(u.count(1, 6)):
        size = u(0.22, 0.38) if k == 0 else u(0.07, 0.2)
        a, q = u(0, 6.28), 0.0 if k == 0 else reach * u(0.5, 0.9)
        at = vec(np.cos(a) * q, 0, np.sin(a) * q)
        shape = {"heap": (1, u(0.7, 1), 1), "slabs": (1.2, 0.45, 1), "spires": (0.6, u(1.3, 2), 0.6)}[style]
        half = size * np.array(shape)
        pieces.append(ball(u, "rock", at + vec(0, half[1] * 0.6, 0), half, u.pick(5, 6, 7, 8), u.pick(2, 3), 0.2))
        if k == 0 and u.chance(0.25):
            pieces.append(ball(u, "moss", at + vec(0, half[1] * 1.35, 0), half * (0.7, 0.3, 0.7), 7, 3, 0.15))
    pieces += _grass(u, u.count(2, 9), reach * 1.1)
    extra = u.pick("mushroom", "bush", "crystal", "flower", "none", "none")
    at = vec(reach * u(0.6, 0.8), 0, reach * u(0.3, 0.6))
    if extra == "mushroom":
        pieces += [
            stick("mushroom", at, at + vec(0, 0.12, 0), 0.03),
            stack("mushroom", [(0, 0.09, 0.09), (0.04, 0.08, 0.08), (0.08, 0.02, 0.02)], 8, at + vec(0, 0.11, 0)),
        ]
    elif extra == "bush":
        pieces += [ball(u, "bush", at + vec(k * 0.1, 0.08, 0), u(0.09, 0.15), 7, 3, 0.15) for k in (-1, 0, 1)]
    elif extra == "crystal":
        pieces += [stick("crystal", at, at + vec(c * 0.1, u(0.15, 0.3), s * 0.1), 0.05, 0.008, 5) for c, s in around(3)]
    elif extra == "flower":
        for c, s in around(3):
            stem = at + vec(c * 0.1, u(0.12, 0.2), s * 0.1)
            pieces += [
                stick("grass", stem * (1, 0, 1), stem, 0.008, None, 4),
                ball(u, "flower", stem, (0.045, 0.025, 0.045), 6, 3),
            ]
    return pieces


@kind("campfire", family="campfire", names=("campfire", "bonfire", "fire pit", "camp fire"), synonyms={
    "log": ("firewood", "wood"), "stone": ("rock", "stone ring"), "flame": ("fire", "flames"), "pot": ("cauldron", "kettle"),
    "stick": ("tripod", "pole", "spit"), "ash": ("embers", "coals"), "chain": ("cord",), "handle": ("pot handle",),
})  # fmt: skip
def campfire(u: Rng) -> list[Solid]:
    """Logs as a star, tepee or stack within stones, burning or cold, by chance under a pot on sticks."""
    style, long, r, n = u.pick("star", "tepee", "stack"), u(0.3, 0.42), u(0.035, 0.06), u.count(4, 7)
    sides, pieces = u.pick(5, 6, 8), []
    if style == "stack":
        for k in range(u.count(2, 3)):
            for x in SIDES:
                a, b = vec(-long, r + 2 * r * k, x * long * 0.55), vec(long, r + 2 * r * k, x * long * 0.55)
                pieces.append(stick("log", *((a, b) if k % 2 == 0 else (a[[2, 1, 0]], b[[2, 1, 0]])), r, None, sides))
    else:
        for c, s in around(n, u(0, 3)):
            foot, lift = vec(c * long, r, s * long), u(0.3, 0.42) if style == "tepee" else 0.07
            pieces.append(stick("log", foot, vec(-c * 0.04, lift, -s * 0.04), r, r * 0.8, sides))
    if u.chance(0.75):
        size, m = u(0.07, 0.1), u.count(8, 12)
        for c, s in around(m):
            pieces.append(
                ball(
                    u,
                    "stone",
                    (c * long * 1.35, size * 0.6, s * long * 1.35),
                    size * vec(u(0.8, 1.2), u(0.7, 1), u(0.8, 1.2)),
                    6,
                    3,
                    0.15,
                )
            )
    if u.chance(0.75):
        tall = u(0.35, 0.6)
        levels = [(0, 0.1, 0.1), (0.25, 0.17, 0.17), (0.6, 0.1, 0.1), (1, 0.005, 0.005)]
        pieces.append(stack("flame", [(y * tall + 0.08, a, b) for y, a, b in levels], sides))
        for c, s in around(u.count(2, 4), u(0, 3)):
            pieces.append(
                stack(
                    "flame", [(y * tall * u(0.4, 0.7), a * 0.6, b * 0.6) for y, a, b in levels], 5, (c * 0.13, 0.08, s * 0.13)
                )
            )
    else:
        pieces.append(ball(u, "ash", (0, 0.02, 0), (long * 0.7, 0.05, long * 0.7), 9, 3, 0.1))
    if u.chance(0.35):
        high, tripod = u(0.8, 1), u.chance(0.5)
        if tripod:
            pieces += [
                stick("stick", (c * long * 1.3, 0, s * long * 1.3), (-c * 0.04, high, -s * 0.04), 0.022)
                for c, s in around(3, 0.4)
            ]
        else:
            pieces += [stick("stick", (x * long * 1.5, 0, 0), (x * long * 1.5, high, 0), 0.025) for x in SIDES]
            pieces.append(stick("stick", (-long * 1.7, high, 0), (long * 1.7, high, 0), 0.02))
        pieces.append(cylinder("chain", (0, high, 0), (0, high * 0.8, 0), 0.012))
        w, y = u(0.13, 0.17), high * 0.55
        pieces.append(
            stack(
                "pot",
                [(0, w * 0.6, w * 0.6), (0.06, w, w), (0.15, w * 0.95, w * 0.95), (0.18, w * 1.08, w * 1.08)],
                10,
                (0, y, 0),
            )
        )
        pieces.append(tube("pot/handle", arc((0, y + 0.17, 0), w, high * 0.8 - y - 0.17, 0, np.pi, "xy", 7), 0.012))
    return pieces


@kind("lantern", family="lantern", names=("lantern", "oil lantern", "camping lantern", "storm lamp"), synonyms={
    "base": ("bottom", "foot"), "glass": ("lamp glass", "lamp window"), "frame": ("cage", "bars"),
    "roof": ("cap", "lid", "top"),
    "handle": ("carrying ring", "loop", "bail"), "candle": ("wax candle",), "flame": ("fire", "light"), "tank": ("oil tank",),
    "chimney": ("vent",), "hook": ("hanger", "bracket"), "chain": ("links",), "post": ("pole",)})  # fmt: skip
def lantern(u: Rng) -> list[Solid]:
    """Square, six-sided and round lanterns with frame, glass, roof and handle; carried, or hanging from a post."""
    n, r, h = u.pick(4, 4, 6, 24), u(0.11, 0.16), u(0.22, 0.36)
    closed, foot = u.chance(0.5), u(0.03, 0.06)
    pieces = [stack("base", [(0, r * 1.15, r * 1.15), (foot, r * u(1, 1.15), r * 1.1)], n)]
    if n == 24 and u.chance(0.6):
        pieces.append(stack("tank", [(foot, r * 1.05, r * 1.05), (foot + 0.1, r * 0.8, r * 0.8)], n))
        foot += 0.1
    top = foot + h
    bars, phase = (n, np.pi / n + np.pi / 2) if n < 24 else (u.pick(3, 4), 0.4)
    corner = r / np.cos(np.pi / n) * 0.95
    for c, s in around(bars, phase):
        pieces.append(stick("frame", (c * corner, foot, s * corner), (c * corner, top, s * corner), 0.013, None, 4))
    if closed:
        w = r * 0.88
        pieces.append(stack("glass", [(foot, w * 0.9, w * 0.9), (foot + h * 0.4, w, w), (top, w * 0.85, w * 0.85)], n))
    else:
        tall = h * u(0.35, 0.6)
        pieces += [
            stick("candle", (0, foot, 0), (0, foot + tall, 0), r * 0.35, None, 8),
            stack("flame", [(0, 0.012, 0.012), (0.03, 0.022, 0.022), (0.08, 0.003, 0.003)], 5, (0, foot + tall, 0)),
        ]
    rise = u(0.06, 0.16)
    pieces.append(stack("roof", [(0, r * 1.2, r * 1.2), (0.015, r * 1.2, r * 1.2), (rise, r * 0.35, r * 0.35)], n, (0, top, 0)))
    peak = top + rise
    if u.chance(0.6):
        pieces.append(
            stack(
                "chimney",
                [(0, r * 0.35, r * 0.35), (0.04, r * 0.35, r * 0.35), (0.05, r * 0.45, r * 0.45), (0.07, r * 0.2, r * 0.2)],
                max(n, 6),
                (0, peak, 0),
            )
        )
        peak += 0.07
    if u.chance(0.4):
        pieces.append(tube("handle", arc((0, top * 0.7, 0), r * 1.35, peak - top * 0.7 + 0.12, 0, np.pi, "xy", 11), 0.011))
        ring = peak + 0.12
    else:
        pieces.append(tube("handle", ellipse((0, peak + 0.05, 0), 0.05, 0.055, "xy", 11), 0.012))
        ring = peak + 0.1
    if u.chance(0.3):
        x, high = -u(0.3, 0.4), ring + u(0.15, 0.25)
        pieces.append(cylinder("chain", (0, ring, 0), (0, high, 0), 0.012))
        pieces += [
            stick("hook", (x, high, 0), (0.05, high, 0), 0.02),
            stick("hook", (x, high - 0.2, 0), (x * 0.4, high, 0), 0.016),
        ]
        pieces.append(stick("post", (x, -u(0.5, 0.9), 0), (x, high + 0.08, 0), 0.035))
    return pieces
