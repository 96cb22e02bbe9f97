"""Knives, forks, spoons and kitchen tools."""

from __future__ import annotations

import numpy as np

from meronym_synthetic.kit.curves import around, bezier, ellipse, helix, turn
from meronym_synthetic.kit.poses import laid_down
from meronym_synthetic.kit.registry import kind
from meronym_synthetic.kit.rng import Rng
from meronym_synthetic.kit.solids import Solid, box, cylinder, ellipsoid, lathe, mirrored, move, tube
from meronym_synthetic.kit.tools import cutlery_handle, cutting_blade, flat_blade, grip


@kind("knife", family="knife", names=("knife", "kitchen knife"), synonyms={
    "handle": ("hand hold", "lever", "hilt"), "blade": ("cutting edge", "cutter"), "guard": ("cross guard", "hand guard"),
})  # fmt: skip
def knife(u: Rng) -> list[Solid]:
    """Kitchen, table, hunting and pocket knife, cleaver."""
    long, w, handle = u(0.5, 0.9), u(0.05, 0.1), u(0.35, 0.5)
    pieces = [grip(u, "handle", -handle, 0, u(0.04, 0.06))]
    if u.chance(0.15):
        pieces.append(box("blade", (0.06, long * 0.35, 0), (w * 1.6, long * 0.36, 0.012)))
    else:
        pieces.append(cutting_blade(u, -0.02, long, w))
    if u.chance(0.4):
        pieces.append(box("guard", (0, 0, 0), (w * u(1, 1.6), 0.025, 0.05)))
    return laid_down(u, pieces)


@kind("fork", family="cutlery", names=("fork", "dinner fork"), synonyms={
    "handle": ("hand hold", "lever", "hilt"), "neck": ("narrow part", "collar"), "tine": ("prong", "tooth")})  # fmt: skip
def fork(u: Rng) -> list[Solid]:
    """Dinner fork, salad fork, carving fork with two to four tines."""
    w, h, n = u(0.07, 0.12), u(0.25, 0.45), u.count(2, 4)
    pieces = [
        cutlery_handle(u, u(0.6, 0.9)),
        flat_blade("neck", [(0, -0.02, 0.02), (0.08, -w * 0.7, w * 0.7), (0.16, -w, w), (0.2, -w, w)], 0.018),
    ]
    return laid_down(
        u,
        pieces
        + [
            tube(
                "tine",
                bezier((x, 0.16, 0), (x, 0.16 + h * 0.5, -0.06), (x, 0.16 + h, 0.03)),
                np.linspace(0.02, 0.008, 12),
                melt=False,
            )
            for x in np.linspace(-w, w, n) * 0.85
        ],
    )


@kind("spoon", family="cutlery", names=("spoon", "ladle"), synonyms={
    "handle": ("hand hold", "lever", "hilt"), "bowl": ("scoop", "spoon head")})  # fmt: skip
def spoon(u: Rng) -> list[Solid]:
    """Table spoon, wooden spoon, soup ladle and measuring scoop."""
    w, h, ladle = u(0.1, 0.16), u(0.14, 0.22), u.chance(0.4)
    outer = np.array([(0.02, -1.0), (0.6, -0.8), (0.95, -0.35), (1.0, 0.0)])
    shell = lathe("bowl", [*outer, *(outer[::-1] * 0.86), (0.001, -0.86)])
    if ladle:
        r, long = u(0.16, 0.24), u(0.8, 1.2)
        scoop = Solid("bowl", shell.vertices * [r, r * u(0.7, 1), r], shell.faces)
        return laid_down(
            u,
            [
                scoop,
                tube(
                    "handle",
                    bezier((r * 0.95, -0.02, 0), (r * 1.1, long * 0.5, 0), (r * u(1.0, 1.3), long, 0)),
                    0.022,
                    flat=u(0.6, 1.3),
                    melt=False,
                ),
            ],
        )
    scoop = Solid("bowl", shell.vertices @ turn("x", np.pi / 2).T * [w, h, w * 0.4] + [0, h * 0.95, 0.02], shell.faces)
    return laid_down(u, [scoop, cutlery_handle(u, u(0.6, 1.0)) if u.chance(0.7) else grip(u, "handle", -0.8, 0.04, 0.03)])


@kind("spatula", family="cutlery", names=("spatula", "turner"), synonyms={
    "handle": ("hand hold", "lever", "hilt"), "blade": ("cutting edge", "cutter"), "shaft": ("rod", "pole", "shank"),
})  # fmt: skip
def spatula(u: Rng) -> list[Solid]:
    """Turner with or without slots, cake server, dough scraper."""
    w, h, tilt = u(0.12, 0.2), u(0.25, 0.4), u(0, 0.6)
    slots = u.count(2, 4) if u.chance() else 0
    if slots:
        blade = [
            box("blade", (x, h / 2, 0), (w / slots * 0.4, h / 2, 0.012)) for x in np.linspace(-w * 0.85, w * 0.85, slots + 1)
        ] + [box("blade", (0, y, 0), (w, 0.03, 0.012)) for y in (0.02, h)]
    else:
        blade_edges = [(0, -w * u(0.4, 1), w * u(0.4, 1)), (h * 0.3, -w, w), (h, -w, w), (h * 1.01, -w * 0.95, w * 0.95)]
        blade = [flat_blade("blade", blade_edges, 0.015)]
    pieces = move(blade, rotation=turn("x", tilt))
    return laid_down(
        u, [*pieces, cylinder("handle/shaft", (0, -0.35, 0), (0, 0.03, 0), 0.02), grip(u, "handle", -u(0.7, 0.9), -0.3, 0.04)]
    )


@kind("whisk", family="cutlery", names=("whisk",), synonyms={
    "handle": ("hand hold", "lever", "hilt"), "wire": ("wire loop", "whisk wire")})  # fmt: skip
def whisk(u: Rng) -> list[Solid]:
    """Balloon whisk of wire loops."""
    w, h, n = u(0.15, 0.25), u(0.5, 0.8), u.count(3, 6)
    pieces = [grip(u, "handle", -u(0.4, 0.6), 0.03, u(0.035, 0.055))]
    for c, s in around(2 * n)[:n]:
        path = bezier(
            (0.02, 0, 0),
            (w * 1.5, h * 0.7, 0),
            (w * 1.2, h * 1.25, 0),
            (-w * 1.2, h * 1.25, 0),
            (-w * 1.5, h * 0.7, 0),
            (-0.02, 0, 0),
            n=24,
        )
        pieces += move([tube("wire", path, 0.012, melt=False)], rotation=turn("y", np.arctan2(s, c)))
    return laid_down(u, pieces)


@kind("corkscrew", family="corkscrew", names=("corkscrew", "wine opener"), synonyms={
    "handle": ("hand hold", "lever", "hilt"), "arm": ("lever", "bar"), "screw": ("thread", "spiral"),
    "shaft": ("rod", "pole", "shank"), "frame": ("bracket", "bow")})  # fmt: skip
def corkscrew(u: Rng) -> list[Solid]:
    """T-handled and winged corkscrew."""
    long = u(0.4, 0.6)
    coil = tube("screw", helix(u(0.04, 0.06), long, u(4, 7)), 0.016, melt=False)
    top = [cylinder("shaft", (0, long - 0.02, 0), (0, long + 0.25, 0), 0.025)]
    if u.chance():
        handle = [(-0.25, long + 0.25, 0), (0, long + 0.25, 0), (0.25, long + 0.25, 0)]
        return laid_down(u, [coil, *top, tube("handle", handle, [0.05, 0.06, 0.05], melt=False)])
    swing = u(0.1, 2.0)
    arm = [(0.08, long, 0), (0.1 + 0.4 * np.sin(swing), long - 0.4 * np.cos(swing), 0)]
    arms = mirrored(tube, "arm", arm, [0.03, 0.04], flat=0.5, melt=False)
    ring = tube("frame", ellipse((0, 0.02, 0), 0.1, 0.1, "xz", 25), 0.025, melt=False)
    posts = mirrored(tube, "frame", [(0.1, 0, 0), (0.1, long, 0)], 0.02, melt=False)
    return laid_down(
        u,
        [
            coil,
            *top,
            *arms,
            ring,
            *posts,
            box("frame", (0, long, 0), (0.11, 0.04, 0.05)),
            ellipsoid("handle", (0, long + 0.28, 0), (0.1, 0.05, 0.03)),
        ],
    )
