"""Pens, combs, keys, fishing rods, anchors and other small things."""

from __future__ import annotations

import numpy as np

from meronym_synthetic.kit.curves import SIDES, around, bezier, ellipse, turn
from meronym_synthetic.kit.poses import laid_down
from meronym_synthetic.kit.registry import kind
from meronym_synthetic.kit.rng import Rng
from meronym_synthetic.kit.solids import Solid, box, cylinder, ellipsoid, lathe, move, prism, tube
from meronym_synthetic.kit.tools import cutlery_handle, grip


@kind("pen", family="pen", names=("pen", "pencil", "marker"), synonyms={
    "tip": ("point", "end"), "cap": ("end cap", "cover"), "body": ("housing", "casing", "main body"),
    "metal band": ("ferrule", "metal ring"), "eraser": ("rubber",), "clip": ("pocket clip",)})  # fmt: skip
def pen(u: Rng) -> list[Solid]:
    """Ball pen, fountain pen, marker and pencil."""
    long, r, style = u(0.9, 1.3), u(0.035, 0.08), u.pick("pen", "marker", "pencil", "pencil")
    if style == "pencil":
        pieces = [
            lathe("body", [(0.001, 0), (r, 0), (r, long)]),
            lathe("tip", [(r, long), (r * 0.15, long + u(0.12, 0.25)), (0.001, long + 0.26)]),
        ]
        return laid_down(
            u,
            pieces
            + (
                [
                    cylinder("metal band", (0, -0.05, 0), (0, 0.02, 0), r * 1.08),
                    cylinder("eraser", (0, -0.14, 0), (0, -0.04, 0), r),
                ]
                if u.chance(0.6)
                else []
            ),
        )
    pieces = [
        lathe("body", [(r * 0.8, 0), (r, 0.1), (r, long * 0.8), (r * 0.7, long)]),
        lathe("tip", [(r * 0.7, long - 0.01), (r * 0.2, long + 0.1), (0.004, long + 0.13)]),
    ]
    split = long * u(0.25, 0.5)
    pieces.append(cylinder("cap", (0, -0.03, 0), (0, split, 0), r * 1.15))
    return laid_down(
        u,
        pieces
        + (
            [
                box("clip", (0, split * 0.55, r * 1.4), (0.018, split * 0.45, 0.012)),
                box("clip", (0, 0.03, r * 1.2), (0.018, 0.02, r * 0.3)),
            ]
            if u.chance(0.7)
            else []
        ),
    )


@kind("toothbrush", family="brush", names=("toothbrush",), synonyms={
    "handle": ("hand hold", "lever", "hilt"), "head": ("tool head", "top"), "neck": ("narrow part", "collar"),
    "bristle": ("hair", "brush hair")})  # fmt: skip
def toothbrush(u: Rng) -> list[Solid]:
    """Manual and electric toothbrush, and safety razor."""
    long, electric = u(0.7, 1.0), u.chance(0.3)
    pieces = [lathe("handle", [(0.08, -long), (0.085, -long * 0.5), (0.03, 0)])] if electric else [cutlery_handle(u, long)]
    h, w = u(0.12, 0.2), u(0.035, 0.055)
    pieces += [
        tube("neck", [(0, -0.02, 0), (0, 0.18, 0)], 0.02, melt=False),
        ellipsoid("head", (0, 0.18 + h, 0), (w * 1.2, h, 0.02), square=0.5, melt=False),
    ]
    return laid_down(
        u,
        pieces
        + [
            box("bristle", (x * w * 0.6, 0.18 + h + y * h * 0.8, 0.06), (w * 0.3, h * 0.12, 0.05))
            for x in SIDES
            for y in np.linspace(-0.9, 0.9, 5)
        ],
    )


@kind("razor", family="razor", names=("razor", "shaver"), synonyms={
    "joint": ("pivot", "hinge", "rivet"), "handle": ("hand hold", "lever", "hilt"), "blade": ("cutting edge", "cutter"),
    "head": ("tool head", "top")})  # fmt: skip
def razor(u: Rng) -> list[Solid]:
    """Safety razor, cartridge razor and straight razor."""
    if u.chance(0.25):
        return laid_down(
            u,
            [
                *move([box("blade", (0, 0.3, 0), (0.08, 0.32, 0.012))], rotation=turn("z", u(-0.3, 2.2))),
                tube("handle", [(0.03, 0, 0), (0.05, -0.35, 0), (0.0, -0.7, 0)], 0.04, flat=0.5, melt=False),
                cylinder("joint", (0, 0, -0.04), (0, 0, 0.04), 0.03),
            ],
        )
    w, tilt = u(0.18, 0.28), turn("x", u(0.2, 0.9))
    return laid_down(
        u,
        [
            grip(u, "handle", -u(0.6, 0.9), 0.02, u(0.035, 0.05)),
            box("head", (0, 0.04, 0.02), (w, 0.07, 0.03), tilt),
            box("head/blade", (0, 0.06, 0.05), (w * 0.95, 0.05, 0.012), tilt),
        ],
    )


@kind("comb", family="comb", names=("comb",), synonyms={
    "handle": ("hand hold", "lever", "hilt"), "tooth": ("teeth", "prong"), "spine": ("back", "comb back")})  # fmt: skip
def comb(u: Rng) -> list[Solid]:
    """Straight comb and comb with a handle."""
    w, h, n = u(0.5, 0.8), u(0.15, 0.3), u.count(14, 26)
    pieces = [box("spine", (0, 0, 0), (w, u(0.03, 0.06), 0.03))]
    pieces += [
        tube("tooth", [(x, 0, 0), (x, -h, 0)], [0.3 * w / n * 1.8, 0.005], melt=False)
        for x in np.linspace(-w * 0.96, w * 0.96, n)
    ]
    return laid_down(
        u,
        pieces
        + (
            [tube("handle", [(w, 0, 0), (w + u(0.3, 0.6), 0, 0)], [0.045, 0.035], flat=0.6, melt=False)]
            if u.chance(0.5)
            else []
        ),
    )


@kind("magnifying glass", family="magnifying glass", names=("magnifying glass", "magnifier"), synonyms={
    "handle": ("hand hold", "lever", "hilt"), "frame": ("bracket", "bow"), "neck": ("narrow part", "collar"),
    "lens": ("glass", "magnifying lens")})  # fmt: skip
def magnifying_glass(u: Rng) -> list[Solid]:
    """Round lens in a ring on a handle."""
    r, t = u(0.3, 0.45), u(0.025, 0.05)
    lens = lathe("lens", [(0.001, -0.04), (r, -0.01), (r, 0.01), (0.001, 0.04)], axis="z")
    pieces = [lens, tube("frame", ellipse((0, 0, 0), r, r, "xy", 25), t, flat=u(0.8, 1.6), melt=False)]
    return laid_down(
        u,
        [
            *pieces,
            cylinder("neck", (0, -r - 0.12, 0), (0, -r, 0), 0.025),
            grip(u, "handle", -r - u(0.5, 0.8), -r - 0.1, u(0.04, 0.07)),
        ],
    )


@kind("key", family="key", names=("key", "door key"), synonyms={
    "shaft": ("rod", "pole", "shank"), "head": ("tool head", "top"), "tooth": ("teeth", "prong")})  # fmt: skip
def key(u: Rng) -> list[Solid]:
    """Old bit key, flat door key and clover-headed key."""
    long, r = u(0.6, 1.0), u(0.14, 0.22)
    style = u.pick("ring", "disc", "clover")
    if style == "ring":
        head = [tube("head", ellipse((0, r, 0), r, r * u(0.8, 1.1), "xy", 25), 0.04, melt=False)]
    elif style == "disc":
        head = [lathe("head", [(0.001, -0.03), (r, -0.03), (r, 0.03), (0.001, 0.03)], (0, r, 0), "z")]
    else:
        head = [
            tube("head", ellipse((x, y, 0), r * 0.55, r * 0.55, "xy", 20), 0.035, melt=False)
            for x, y in [(-r * 0.6, r * 0.5), (r * 0.6, r * 0.5), (0, r * 1.3)]
        ]
    shaft = (
        [cylinder("shaft", (0, 0.03, 0), (0, -long, 0), 0.035)]
        if u.chance()
        else [box("shaft", (0, -long / 2, 0), (0.06, long / 2 + 0.03, 0.02))]
    )
    teeth = [
        box("tooth", (0.04 + d, y, 0), (d + 0.03, 0.03, 0.02))
        for y in np.linspace(-long * 0.97, -long * u(0.5, 0.8), u.count(2, 5))
        for d in [u(0.03, 0.07)]
    ]
    return laid_down(u, [*head, *shaft, *teeth])


@kind("fishing rod", family="fishing rod", names=("fishing rod", "fishing pole"), synonyms={
    "handle": ("hand hold", "lever", "hilt"), "crank": ("crank handle", "winder"), "rod": ("pole", "stick"),
    "reel": ("spool", "winder"), "guide": ("line ring", "eyelet"), "line": ("fishing line", "string")})  # fmt: skip
def fishing_rod(u: Rng) -> list[Solid]:
    """Rod with reel, guides and line."""
    long, bend = u(1.4, 1.8), u(0, 0.5)
    path = bezier((0, 0, 0), (0, long * 0.5, 0), (0, long * 0.8, bend * 0.3), (0, long * 0.95, bend))
    pieces = [tube("rod", path, np.linspace(0.025, 0.01, len(path)), melt=False), grip(u, "handle", -0.35, 0.12, 0.04)]
    pieces += [
        cylinder("reel", (-0.06, -0.02, 0.1), (0.06, -0.02, 0.1), u(0.06, 0.09)),
        tube("reel", [(0, 0, 0), (0, -0.02, 0.1)], 0.02),
        tube("reel/crank", [(0.05, -0.02, 0.1), (0.12, -0.02, 0.1), (0.12, -0.1, 0.1)], 0.015),
    ]
    pieces += [tube("guide", ellipse(path[k] + [0, 0, 0.03], 0.03, 0.03, "xz", 12), 0.008, melt=False) for k in (4, 7, 9)]
    return pieces + ([tube("line", [path[-1], path[-1] - [0, u(0.4, 1), -0.05]], 0.007, melt=False)] if u.chance() else [])


@kind("anchor", family="anchor", names=("anchor", "ship anchor"), synonyms={
    "arm": ("lever", "bar"), "ring": ("eye", "loop"), "shaft": ("rod", "pole", "shank"), "crossbar": ("cross piece", "bar"),
    "fluke": ("anchor tip", "blade")})  # fmt: skip
def anchor(u: Rng) -> list[Solid]:
    """Ship's anchor with ring and stock, and grapnel with four arms."""
    h, w, r = u(0.8, 1.2), u(0.35, 0.55), u(0.035, 0.06)
    pieces = [
        cylinder("shaft", (0, 0, 0), (0, h, 0), r),
        tube("ring", ellipse((0, h + 0.08, 0), 0.09, 0.09, "xy", 20), 0.025, melt=False),
    ]
    if u.chance(0.75):
        pieces.append(tube("crossbar", [(-w * 0.7, h * 0.88, 0), (w * 0.7, h * 0.88, 0)], r * 0.9, melt=False))
    for c, s in around(u.pick(2, 2, 2, 4)):
        path = bezier((0, 0, 0), (w * 0.7, 0, 0), (w, h * u(0.25, 0.4), 0))
        fluke = prism("arm/fluke", [(-0.1, -0.08), (0.1, -0.08), (0, 0.16)], 0.025, path[-1], turn("y", np.pi / 2))
        pieces += move(
            [tube("arm", path, np.linspace(r * 1.2, r * 0.7, len(path)), melt=False), fluke],
            rotation=turn("y", np.arctan2(s, c)),
        )
    return pieces
