"""Bolts, springs, chains, locks, pipes and valves."""

from __future__ import annotations

import numpy as np

from meronym_synthetic.kit.curves import QUARTER, SIDES, arc, around, bezier, ellipse, helix, turn
from meronym_synthetic.kit.machines import flat_ring, polygon
from meronym_synthetic.kit.poses import any_axis
from meronym_synthetic.kit.registry import kind
from meronym_synthetic.kit.rng import Rng
from meronym_synthetic.kit.solids import Solid, box, cylinder, ellipsoid, lathe, mirrored, prism, ring_of, tube


def _thread(u: Rng, r: float, low: float, high: float) -> list[Solid]:
    """Rod with a helical ridge, or plain."""
    pieces = [cylinder("thread", (0, low, 0), (0, high, 0), r)]
    if u.chance(0.7):
        coil = helix(r, high - low, max(2, round((high - low) / 0.07)), n=160) + np.array([0, low, 0])
        pieces.append(tube("thread", coil, 0.02, melt=False))
    return pieces


@kind("bolt", family="fastener", names=("bolt", "hex bolt"), synonyms={
    "ring": ("eye", "loop"), "shaft": ("axle", "rod"), "thread": ("screw thread", "threaded rod"), "head": ("top", "bolt head"),
    "nut": ("hex nut",), "washer": ("flat ring", "disc")})  # fmt: skip
def bolt(u: Rng) -> list[Solid]:
    """Hex bolt, socket bolt, round-headed bolt, eye bolt and U bolt; nut and washer at times."""
    r, long, head = u(0.1, 0.18), u(0.6, 1.2), u(0.08, 0.2)
    style = u.pick("hex", "hex", "socket", "round", "eye", "square")
    smooth = u(0, 0.6) * long
    pieces = _thread(u, r * 0.95, 0, long - smooth)
    if smooth > 0.1:
        pieces.append(cylinder("shaft", (0, long - smooth, 0), (0, long, 0), r))
    if style in ("hex", "square"):
        head_outline = polygon(r * u(1.6, 2.1), 6 if style == "hex" else 4)
        pieces.append(prism("head", head_outline, head / 2, (0, long + head / 2, 0), turn("x", QUARTER)))
    elif style == "socket":
        pieces += [
            flat_ring("head", r * 0.8, r * 1.6, long, long + head * 1.3),
            cylinder("head", (0, long, 0), (0, long + head * 0.5, 0), r * 1.5),
        ]
    elif style == "round":
        pieces.append(lathe("head", [(r * 1.8, long), (r * 1.6, long + head * 0.6), (0.01, long + head)]))
    else:
        ring = ellipse((0, long + r * 2, 0), r * 2, r * 2, "xy", 25)
        pieces.append(tube("ring", ring, r * 0.8, round_ends=False, melt=False))
    if u.chance(0.3):
        y = long * u(0.1, 0.4)
        pieces.append(prism("nut", polygon(r * 1.9), 0.09, (0, y, 0), turn("x", QUARTER)))
    if u.chance(0.25):
        pieces.append(flat_ring("washer", r * 0.9, r * 2.3, long - 0.06, long - 0.005))
    return any_axis(u, pieces)


@kind("screw", family="fastener", names=("screw", "nail"), synonyms={
    "shaft": ("axle", "rod"), "thread": ("screw thread", "threaded rod"), "head": ("top", "bolt head"), "tip": ("point", "end"),
    "wing": ("wing tab", "ear")})  # fmt: skip
def screw(u: Rng) -> list[Solid]:
    """Wood screw with countersunk or round head, pointed; nail and wing screw."""
    r, long = u(0.08, 0.13), u(0.7, 1.1)
    style = u.pick("flat", "round", "wing", "nail")
    pieces: list[Solid] = [lathe("tip", [(0.004, -0.2), (r, 0.0)])]
    pieces += [cylinder("shaft", (0, 0, 0), (0, long, 0), r)] if style == "nail" else _thread(u, r, 0, long)
    if style == "flat":
        pieces.append(lathe("head", [(r, long - 0.01), (r * 2.4, long + 0.15), (r * 2.4, long + 0.18)]))
    elif style == "nail":
        pieces.append(cylinder("head", (0, long, 0), (0, long + 0.04, 0), r * u(1.8, 2.6)))
    else:
        pieces.append(lathe("head", [(r * 2, long - 0.01), (r * 1.8, long + 0.09), (0.02, long + 0.16)]))
    if style == "wing":
        pieces += mirrored(ellipsoid, "wing", (r * 2.6, long + 0.16, 0), (0.17, 0.12, 0.04), turn("z", 0.6), melt=False)
    return any_axis(u, pieces)


@kind("nut", family="fastener", names=("nut", "hex nut"), synonyms={
    "flange": ("collar", "edge plate"), "body": ("main body", "housing"), "thread": ("screw thread", "threaded rod"),
    "wing": ("wing tab", "ear"), "cap": ("cover", "dome")})  # fmt: skip
def nut(u: Rng) -> list[Solid]:
    """Hex nut, flange nut, wing nut and cap nut."""
    r, t, style = u(0.5, 0.7), u(0.2, 0.4), u.pick("hex", "flange", "wing", "cap")
    hole = r * u(0.45, 0.6)
    pieces = [flat_ring("thread", hole * 0.85, hole * 1.08, -t, t)]
    if style == "wing":
        pieces.append(flat_ring("body", hole, r * 0.9, -t, t * 1.2))
        return any_axis(
            u, pieces + mirrored(ellipsoid, "wing", (r * 1.2, t * 1.2, 0), (0.5, 0.28, 0.08), turn("z", 0.6), melt=False)
        )
    ring = flat_ring("body", hole, r, -t, t)
    x, y, z = ring.vertices.T
    angle = np.arctan2(z, x)
    grow = np.where(
        np.hypot(x, z) > r * 0.9, np.cos(np.pi / 6) / np.cos((angle + np.pi / 6) % (np.pi / 3) - np.pi / 6) * 1.1, 1
    )
    pieces.append(Solid("body", np.stack([x * grow, y, z * grow], 1), ring.faces))
    if style == "flange":
        pieces.append(flat_ring("flange", hole, r * 1.35, -t - 0.06, -t + 0.03))
    elif style == "cap":
        pieces.append(lathe("cap", [(r * 0.8, t), (r * 0.75, t + 0.25), (0.01, t + 0.6)]))
    return any_axis(u, pieces)


@kind("spring", family="spring", names=("spring", "coil spring"), synonyms={
    "hook": ("crane hook", "catch"), "coil": ("spiral", "winding"), "end plate": ("plate", "disc")})  # fmt: skip
def spring(u: Rng) -> list[Solid]:
    """Coil spring: open, tight or conical, with plates or hooks at the ends."""
    r, h, turns = u(0.25, 0.4), u(0.7, 1.2), u(4, 9)
    coil = helix(1.0, h, turns, n=int(turns * 22))
    taper = np.linspace(r, r * (u(0.4, 0.8) if u.chance(0.3) else 1), len(coil))
    coil[:, [0, 2]] *= taper[:, None]
    pieces = [tube("coil", coil, u(0.03, 0.06), melt=False)]
    end = u.pick("none", "plates", "hooks")
    if end == "plates":
        pieces += [cylinder("end plate", (0, y - 0.03, 0), (0, y + 0.03, 0), r * 1.3) for y in (-0.03, h + 0.03)]
    elif end == "hooks":
        for y, s, p in ((0, -1, coil[0]), (h, 1, coil[-1])):
            hook = arc((0, y + s * 0.25, 0), 0.12, 0.14, -s * QUARTER, s * np.pi, "xy")
            pieces.append(tube("hook", np.concatenate([p[None], hook]), 0.035, melt=False))
    return any_axis(u, pieces)


@kind("chain", family="chain", names=("chain", "chain link"), synonyms={
    "hook": ("crane hook", "catch"), "link": ("chain link", "loop")})  # fmt: skip
def chain_link(u: Rng) -> list[Solid]:
    """Row of interlocked oval links."""
    a, b, r, pieces = u(0.09, 0.14), u(0.17, 0.24), u(0.03, 0.05), []
    for k in range(u.count(3, 7)):
        x = (
            np.abs(np.cos(np.linspace(0, 2 * np.pi, 33))) ** 0.7 * np.sign(np.cos(np.linspace(0, 2 * np.pi, 33))) * a,
            np.sin(np.linspace(0, 2 * np.pi, 33)) * b,
        )
        path = np.stack([x[0], x[1], 0 * x[0]], 1) @ turn("y", QUARTER * (k % 2)).T + [0, k * 2 * (b - r), 0]
        pieces.append(tube("link", path, r, round_ends=False, melt=False))
    if u.chance(0.35):
        pieces.append(tube("hook", arc((0, -b - 0.15, 0), 0.14, 0.16, QUARTER, 2 * np.pi, "xy"), 0.045, melt=False))
    return any_axis(u, pieces)


@kind("padlock", family="padlock", names=("padlock", "lock"), synonyms={
    "body": ("main body", "housing"), "shackle": ("bow", "lock hoop", "loop"), "keyhole": ("key slot",)})  # fmt: skip
def padlock(u: Rng) -> list[Solid]:
    """Padlock: round, square or shield body; closed or open."""
    w, h, d = u(0.32, 0.45), u(0.28, 0.42), u(0.1, 0.18)
    body = u.pick(
        box("body", (0, 0, 0), (w, h, d)),
        ellipsoid("body", (0, 0, 0), (w, h, d), square=0.4, melt=False),
        lathe("body", [(0.001, -d), (w * 1.1, -d), (w * 1.1, d), (0.001, d)], axis="z"),
    )
    x, rise, r = w * u(0.5, 0.7), u(0.2, 0.45), u(0.04, 0.07)
    hoop = np.concatenate(
        [[(-x, h * 0.6, 0)], arc((0, h + rise, 0), x, x, np.pi, 0, "xy"), [(x, h * (0.6 if u.chance(0.75) else 1.25), 0)]]
    )
    pieces = [body, tube("shackle", hoop, r, round_ends=False, melt=False)]
    if u.chance(0.8):
        pieces += [
            cylinder("keyhole", (0, -h * 0.1, d), (0, -h * 0.1, d + 0.02), 0.07),
            box("keyhole", (0, -h * 0.35, d), (0.03, 0.09, 0.02)),
        ]
    return pieces


@kind("pipe fitting", family="pipe", names=("pipe fitting", "pipe joint"), synonyms={
    "flange": ("collar", "edge plate"), "bolt": ("screw", "fastener"), "pipe": ("tube", "duct"), "collar": ("sleeve", "ring"),
})  # fmt: skip
def pipe_fitting(u: Rng) -> list[Solid]:
    """Bent, tee, cross and reducing pipe fittings with flanges or collars."""
    r, long = u(0.14, 0.24), u(0.5, 0.75)
    style = u.pick("bend", "tee", "cross", "reducer")
    ends = {
        "bend": [(1, 0), (0, 1)],
        "tee": [(1, 0), (-1, 0), (0, 1)],
        "cross": [(1, 0), (-1, 0), (0, 1), (0, -1)],
        "reducer": [(1, 0), (-1, 0)],
    }[style]
    pieces: list[Solid] = []
    if style == "bend":
        pipe = bezier((long, 0, 0), (0.1, 0, 0), (0, 0.1, 0), (0, long, 0))
        pieces.append(tube("pipe", pipe, r, round_ends=False, melt=False))
    elif style == "reducer":
        pipe_path = [(-long, 0, 0), (-0.1, 0, 0), (0.15, 0, 0), (long, 0, 0)]
        pieces.append(tube("pipe", pipe_path, [r, r, r * 0.6, r * 0.6], round_ends=False, melt=False))
    else:
        pieces += [cylinder("pipe", (0, 0, 0), (x * long, y * long, 0), r) for x, y in ends]
        if u.chance(0.3):
            pieces.append(ellipsoid("pipe", (0, 0, 0), r * 1.3, melt=False))
    flange, wide = u.chance(0.6), u(1.5, 1.9)
    for x, y in ends:
        k = r * (0.6 if style == "reducer" and x > 0 else 1)
        out = np.array([x, y, 0.0])
        if flange:
            pieces.append(cylinder("flange", out * (long - 0.06), out * (long + 0.02), k * wide))
            side = np.array([-y, x, 0.0])
            pieces += [
                cylinder("bolt", b + out * (long - 0.1), b + out * (long + 0.06), 0.03)
                for b in ((side * c + np.array([0, 0, s])) * k * (wide + 1) / 2 for c, s in around(6))
            ]
        else:
            pieces.append(cylinder("collar", out * (long - 0.16), out * long, k * 1.25))
    return any_axis(u, pieces)


@kind("valve", family="pipe", names=("valve", "gate valve"), synonyms={
    "flange": ("collar", "edge plate"), "rim": ("wheel rim", "outer ring", "edge"), "spoke": ("wheel spoke", "arm"),
    "body": ("main body", "housing"), "hub": ("center", "wheel hub", "nave"), "stem": ("post", "spindle"),
    "wheel": ("hand wheel", "roller"), "pipe": ("tube", "duct"), "neck": ("bonnet", "narrow part"), "lever": ("handle", "bar"),
})  # fmt: skip
def valve(u: Rng) -> list[Solid]:
    """Gate valve with a hand wheel, ball valve with a lever, fire hydrant-like stop valve."""
    r, long, h = u(0.12, 0.2), u(0.45, 0.6), u(0.35, 0.6)
    pieces = [
        cylinder("pipe", (-long, 0, 0), (long, 0, 0), r),
        u.pick(
            ellipsoid("body", (0, 0, 0), (r * 1.7, r * 1.6, r * 1.5), melt=False),
            cylinder("body", (0, -r * 1.3, 0), (0, h * 0.5, 0), r * 1.3),
        ),
    ]
    pieces += [
        cylinder("flange", (s * (long - 0.05), 0, 0), (s * (long + 0.03), 0, 0), r * 1.6) for s in SIDES if u.chance(0.8)
    ]
    pieces += [cylinder("neck", (0, 0, 0), (0, h * 0.7, 0), r * 0.8), cylinder("stem", (0, h * 0.6, 0), (0, h + 0.03, 0), 0.04)]
    if u.chance(0.65):
        w = u(0.2, 0.36)
        pieces.append(tube("wheel/rim", ellipse((0, h, 0), w, w, "xz", 30), 0.035, round_ends=False, melt=False))
        pieces += ring_of(u.count(3, 6), tube, "wheel/spoke", [(0, h, 0), (w, h, 0)], 0.022, melt=False)
        pieces.append(cylinder("wheel/hub", (0, h - 0.04, 0), (0, h + 0.05, 0), 0.07))
    else:
        lever = bezier((0, h, 0), (0.2, h, 0), (0.3, h + 0.12, 0), (u(0.5, 0.8), h + 0.12, 0))
        pieces.append(tube("lever", lever, 0.05, flat=0.4, melt=False))
    return pieces
