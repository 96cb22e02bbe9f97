"""Shovels, rakes, brooms, brushes and paint rollers."""

from __future__ import annotations

import numpy as np

from meronym_synthetic.kit.curves import bezier, turn
from meronym_synthetic.kit.poses import laid_down
from meronym_synthetic.kit.registry import kind
from meronym_synthetic.kit.rng import Rng
from meronym_synthetic.kit.solids import Solid, box, cylinder, ellipsoid, lathe, tube
from meronym_synthetic.kit.tools import flat_blade, grip


def _long_handle(u: Rng, long: float, r: float) -> list[Solid]:
    """Pole from y = 0 up, now and then ending in a D, T or ball."""
    end, part = u.pick("plain", "plain", "d", "t"), "handle"
    if end == "plain":
        return [grip(u, part, 0, long, r)]
    pieces = [cylinder("handle/shaft", (0, 0, 0), (0, long, 0), r)]
    if end == "t":
        return [*pieces, tube("handle/crossbar", [(-0.14, long, 0), (0.14, long, 0)], r * 1.2, melt=False)]
    return [
        *pieces,
        tube(
            "handle/crossbar",
            [
                (0, long, 0),
                (-0.12, long + 0.08, 0),
                (-0.12, long + 0.2, 0),
                (0.12, long + 0.2, 0),
                (0.12, long + 0.08, 0),
                (0, long, 0),
            ],
            r,
            melt=False,
        ),
    ]


@kind("shovel", family="digging tool", names=("shovel", "spade"), synonyms={
    "handle": ("hand hold", "lever", "hilt"), "blade": ("cutting edge", "cutter"), "shaft": ("rod", "pole", "shank"),
    "crossbar": ("cross piece", "bar")})  # fmt: skip
def shovel(u: Rng) -> list[Solid]:
    """Pointed spade, square snow shovel, garden trowel."""
    long, w, h = u(0.3, 1.2), u(0.16, 0.3), u(0.3, 0.5)
    shape = u.pick(
        [(0.0, -w, w), (-h * 0.5, -w, w), (-h, -0.02, 0.02)],
        [(0.0, -w, w), (-h * 0.6, -w * 0.9, w * 0.9), (-h, -w * 0.8, w * 0.8)],
    )
    blade = flat_blade("blade", [(0.06, -0.03, 0.03), *shape], 0.02)
    x, y, z = blade.vertices.T
    curl = u(0.3, 1.2)
    return laid_down(
        u,
        [
            Solid("blade", np.stack([x, y, z + curl * x**2 + u(0, 0.2) * y**2], 1), blade.faces),
            *_long_handle(u, long, u(0.025, 0.045)),
        ],
    )


@kind("rake", family="digging tool", names=("rake", "pitchfork", "hoe"), synonyms={
    "handle": ("hand hold", "lever", "hilt"), "blade": ("cutting edge", "cutter"), "shaft": ("rod", "pole", "shank"),
    "head": ("tool head", "top"), "crossbar": ("cross piece", "bar"), "neck": ("narrow part", "collar"),
    "tine": ("prong", "tooth")})  # fmt: skip
def rake(u: Rng) -> list[Solid]:
    """Garden rake with short teeth, leaf rake as a fan, pitchfork and hoe."""
    long, w, style = u(1.0, 1.5), u(0.2, 0.4), u.pick("rake", "fan", "fork", "hoe")
    pieces = _long_handle(u, long, u(0.025, 0.04))
    if style == "hoe":
        return laid_down(
            u,
            [
                *pieces,
                tube("neck", bezier((0, 0.02, 0), (0, -0.1, 0), (0, -0.1, 0.1)), 0.025),
                box("blade", (0, -0.16, 0.1), (w * 0.5, 0.1, 0.012), turn("x", 0.3)),
            ],
        )
    if style == "rake":
        pieces.append(box("head", (0, -0.02, 0), (w, 0.03, 0.03)))
        pieces += [
            tube("head/tine", [(x, -0.02, 0), (x, -0.06, 0.1), (x, -0.1, 0.2)], [0.02, 0.018, 0.012], melt=False)
            for x in np.linspace(-w, w, u.count(7, 14))
        ]
    else:
        n, reach = (u.count(9, 15), u(0.4, 0.6)) if style == "fan" else (u.count(3, 5), u(0.4, 0.55))
        for x in np.linspace(-1, 1, n):
            path = [(0, 0, 0), (x * w * 0.6, -reach * 0.5, 0), (x * w, -reach, 0), (x * w * 1.02, -reach - 0.04, 0.05)]
            if style == "fork":
                path = [(0, 0, 0), (x * w * 0.6, -0.06, 0), (x * w * 0.6, -reach * 0.6, 0.03), (x * w * 0.6, -reach, 0.0)]
            pieces.append(tube("head/tine", path, [0.018, 0.016, 0.016, 0.01], melt=False))
        if style == "fan":
            pieces.append(box("head", (0, -reach * 0.5, 0), (w * 0.62, 0.02, 0.022)))
    return laid_down(u, pieces)


@kind("broom", family="brush", names=("broom", "mop"), synonyms={
    "handle": ("hand hold", "lever", "hilt"), "head": ("tool head", "top"), "bristle": ("hair", "brush hair"),
    "band": ("binding", "strap"), "mop string": ("mop cord", "strand")})  # fmt: skip
def broom(u: Rng) -> list[Solid]:
    """Push broom, household broom, witch's broom, mop and dust brush."""
    long, w, h = u(0.4, 1.4), u(0.15, 0.4), u(0.15, 0.35)
    pieces = [grip(u, "handle", 0, long, u(0.022, 0.035))]
    style = u.pick("push", "flat", "witch", "mop")
    if style == "witch":
        pieces += [
            lathe("bristle", [(0.03, 0.08), (0.12, -h * 0.6), (0.16, -h * 1.6), (0.001, -h * 2)]),
            cylinder("band", (0, 0.0, 0), (0, 0.05, 0), 0.09),
        ]
    elif style == "flat":
        pieces += [
            flat_blade("bristle", [(0.1, -0.05, 0.05), (0.0, -w * 0.6, w * 0.6), (-h * 1.4, -w, w)], 0.05),
            tube("band", [(-w * 0.55, 0.02, 0), (w * 0.55, 0.02, 0)], 0.06, flat=0.6, melt=False),
        ]
    else:
        pieces.append(box("head", (0, 0, 0), (w, 0.04, 0.07)))
        if style == "push":
            pieces += [
                box("bristle", (x, -h / 2 - 0.03, 0), (w / 7, h / 2, 0.06), turn("z", x * 0.3))
                for x in np.linspace(-w * 0.88, w * 0.88, 7)
            ]
        else:
            pieces += [
                tube(
                    "mop string",
                    bezier((x, 0, 0), (x * 1.3, -h, u(-0.1, 0.2)), (x * 1.6, -h * 2, u(-0.1, 0.3))),
                    0.025,
                    melt=False,
                )
                for x in np.linspace(-w, w, 12)
            ]
    return laid_down(u, pieces)


@kind("brush", family="brush", names=("brush", "paint brush", "hairbrush"), synonyms={
    "handle": ("hand hold", "lever", "hilt"), "head": ("tool head", "top"), "bristle": ("hair", "brush hair"),
    "metal band": ("ferrule", "metal ring")})  # fmt: skip
def brush(u: Rng) -> list[Solid]:
    """Flat paint brush, round artist's brush, hair brush and scrubbing brush."""
    style, long, w = u.pick("paint", "artist", "hair"), u(0.4, 0.7), u(0.12, 0.25)
    if style == "hair":
        pieces = [
            grip(u, "handle", -long, 0.02, 0.04),
            ellipsoid("head", (0, 0.3, 0), (w, 0.32, 0.04), square=u(0.4, 1), melt=False),
        ]
        spots = [(x, y) for x in np.linspace(-0.6, 0.6, 5) for y in np.linspace(0.08, 0.52, 7)]
        return laid_down(
            u, pieces + [tube("bristle", [(x * w, y, 0.02), (x * w, y, 0.14)], 0.012, melt=False) for x, y in spots]
        )
    if style == "artist":
        w = u(0.03, 0.05)
        body = [(0.001, -long * 1.5), (w * 0.5, -long), (w, -0.1), (w * 0.8, 0)]
        return laid_down(
            u,
            [
                lathe("handle", body),
                lathe("metal band", [(w, -0.02), (w * 1.1, 0.15)]),
                lathe("bristle", [(w, 0.14), (w * 1.4, 0.24), (0.003, 0.42)]),
            ],
        )
    handle_edges = [(-long, -0.04, 0.04), (-long * 0.7, -0.06, 0.06), (-long * 0.3, -0.03, 0.03), (0, -w, w)]
    handle = flat_blade("handle", handle_edges, 0.04)
    return laid_down(
        u,
        [
            handle,
            box("metal band", (0, 0.08, 0), (w, 0.09, 0.05)),
            flat_blade("bristle", [(0.15, -w, w), (0.3, -w * 1.05, w * 1.05), (u(0.4, 0.55), -w, w)], 0.045),
        ],
    )


@kind("paint roller", family="brush", names=("paint roller",), synonyms={
    "handle": ("hand hold", "lever", "hilt"), "arm": ("lever", "bar"), "roller": ("roll", "drum")})  # fmt: skip
def paint_roller(u: Rng) -> list[Solid]:
    """Roller on a bent wire arm."""
    w, r, h = u(0.25, 0.45), u(0.07, 0.12), u(0.3, 0.5)
    arm = [(0, 0, 0), (0, h * 0.4, 0), (w * 1.15, h * 0.5, 0), (w * 1.15, h, 0), (w * 0.9, h, 0)]
    return laid_down(
        u,
        [
            tube("arm", arm, 0.02, melt=False),
            grip(u, "handle", -u(0.3, 0.5), 0.03, 0.05),
            cylinder("roller", (-w, h, 0), (w, h, 0), r),
        ],
    )
