"""Bathtubs, toilets, sinks and faucets."""

from __future__ import annotations

import numpy as np

from meronym_synthetic.kit.curves import SIDES, around, bezier, ellipse, turn
from meronym_synthetic.kit.furniture import corner_legs, fronts
from meronym_synthetic.kit.registry import kind
from meronym_synthetic.kit.rng import Rng
from meronym_synthetic.kit.solids import Solid, box, cylinder, ellipsoid, lathe, mirrored, tube


def _faucet(u: Rng, x: float, y: float, z: float, reach: float, handles: bool = True) -> list[Solid]:
    """Tap that bends from (x, y, z) to the front, with one or two handles."""
    h = u(0.15, 0.35)
    faucet_path = bezier((x, y, z), (x, y + h * 1.5, z), (x, y + h * 1.3, z + reach), (x, y + h * 0.4, z + reach))
    pieces = [tube("faucet", faucet_path, 0.03)]
    spots = u.pick((0.0,), (-0.15, 0.15)) if handles else ()
    return pieces + [
        u.pick(
            ellipsoid("handle", (x + k, y + 0.06, z), (0.04, 0.06, 0.04)),
            box("handle", (x + k, y + 0.08, z), (0.06, 0.02, 0.02), n=2),
        )
        for k in spots
        if k or u.chance()
    ]


def _tub(part: str, w: float, d: float, h: float, square: float, narrow: float = 0.8, wall: float = 0.06) -> Solid:
    """Hollow vessel with a rounded rectangular rim, open at the top, its lower side at y = 0."""
    ring = np.array(
        [(narrow * 0.9, 0), (narrow, 0.05), (1, 1), (1 + wall, 1.04), (1, 1.04), (0.95, 1), (narrow * 0.93, 0.15), (0.01, 0.12)]
    )
    skin = lathe(part, ring * (1, h))
    flat = skin.vertices[:, [0, 2]]
    radius = np.linalg.norm(flat, axis=1, keepdims=True) + 1e-9
    bulge = np.maximum(np.abs(flat / radius).max(1, keepdims=True), 0.7) ** (square - 1)
    x, z = (flat * bulge).T
    return Solid(part, np.stack([x * w, skin.vertices[:, 1], z * d], 1), skin.faces)


@kind("bathtub", family="bathroom", names=("bathtub", "bath"), synonyms={
    "leg": ("table leg", "support", "foot"), "handle": ("knob", "pull", "lever"), "base": ("foot", "stand", "bottom"),
    "tub": ("bath", "basin"), "faucet": ("tap", "spigot"), "shower": ("shower head",)})  # fmt: skip
def bathtub(u: Rng) -> list[Solid]:
    """Oval and boxy tubs, free-standing on feet or built in, with tap and shower."""
    w, d, h, lift = u(0.7, 0.95), u(0.35, 0.45), u(0.4, 0.55), 0.0
    pieces = [_tub("tub", w, d, h, u(0.2, 0.9), u(0.7, 0.95))]
    if u.chance(0.4):
        lift = 0.1
        leg = bezier((w * 0.6, 0.08, d * 0.6), (w * 0.8, 0.05, d * 0.9), (w * 0.7, -lift, d * 0.8))
        pieces += mirrored(tube, "leg", leg, 0.045, axes="xz")
    elif u.chance(0.3):
        pieces.append(box("base", (0, h * 0.3, 0), (w * 1.02, h * 0.3, d * 1.02)))
    if u.chance(0.8):
        tap = _faucet(u, 0, h, 0, 0.15)
        pieces += [Solid(p.part, p.vertices @ turn("y", np.pi / 2).T + (-w * 1.05, 0, 0), p.faces) for p in tap]
    if u.chance(0.2):
        pieces += [
            tube("shower", bezier((-w, h, 0), (-w, h * 4.2, 0), (-w * 0.5, h * 3.2, 0)), 0.02),
            lathe("shower", [(0.12, -0.03), (0.02, 0.06)], (-w * 0.5, h * 3.1, 0)),
        ]
    return pieces


@kind("toilet", family="bathroom", names=("toilet", "lavatory", "water closet"), synonyms={
    "handle": ("knob", "pull", "lever"), "base": ("foot", "stand", "bottom"), "bowl": ("toilet bowl", "pan"),
    "seat": ("toilet seat", "ring"), "lid": ("cover", "toilet lid"), "tank": ("cistern", "water tank"),
    "button": ("flush button", "push button")})  # fmt: skip
def toilet(u: Rng) -> list[Solid]:
    """Toilets with tank, bowl, seat and lid up or down, standing or hung on the wall."""
    w, d, h = u(0.2, 0.26), u(0.28, 0.36), u(0.38, 0.48)
    bowl = _tub("bowl", w, d, h * 0.6, u(0.8, 1.1), u(0.4, 0.7))
    pieces = [Solid("bowl", bowl.vertices + np.array([0, h * 0.4, 0.1]), bowl.faces)]
    if u.chance(0.8):
        foot = lathe("base", [(0.8, 0), (0.7, 0.1), (0.55, 0.7), (0.7, 1)])
        pieces.append(Solid("base", foot.vertices * (w * 0.8, h * 0.5, d * 0.8) + (0, 0, 0.02), foot.faces))
    pieces.append(tube("seat", ellipse((0, h + 0.025, 0.1), w * 0.88, d * 0.88, "xz", 30), u(0.03, 0.04)))
    if u.chance(0.8):
        open_lid = u.chance()
        pose = turn("x", -u(0.05, 0.25)) if open_lid else turn("x", np.pi / 2)
        at = (0, h + d, -d * 0.75) if open_lid else (0, h + 0.06, 0.1)
        pieces.append(ellipsoid("lid", at, (w, d, 0.025), pose))
    if u.chance(0.85):
        tall, wide = u(0.25, 0.4), w * u(0.9, 1.2)
        pieces += [
            box("tank", (0, h + tall / 2 - 0.02, -d * 0.95), (wide, tall / 2 + 0.03, 0.11)),
            box("tank", (0, h + tall + 0.02, -d * 0.95), (wide * 1.06, 0.025, 0.125)),
        ]
        pieces.append(
            u.pick(
                cylinder("handle", (-wide * 0.7, h + tall * 0.8, -d), (-wide * 0.7, h + tall * 0.8, -d * 0.55), 0.02),
                cylinder("button", (0, h + tall, -d * 0.95), (0, h + tall + 0.06, -d * 0.95), 0.04),
            )
        )
        pieces.append(box("base", (0, h * 0.75, -d * 0.75), (w * 0.6, h * 0.24, 0.15)))
    return pieces


@kind("sink", family="bathroom", names=("sink", "washbasin", "wash basin"), synonyms={
    "leg": ("table leg", "support", "foot"), "handle": ("knob", "pull", "lever"), "top": ("top board", "top surface", "cover"),
    "door": ("door leaf", "door wing"), "faucet": ("tap", "spigot"), "basin": ("bowl", "washbasin"),
    "pedestal": ("column", "foot", "stand"), "cabinet": ("cupboard", "vanity")})  # fmt: skip
def sink(u: Rng) -> list[Solid]:
    """Wash basins on a pedestal, a cabinet, a wall or in a kitchen board."""
    w, d, y = u(0.35, 0.5), u(0.25, 0.35), u(0.75, 0.9)
    basin = _tub("basin", w, d, u(0.18, 0.3), u(0.2, 1), u(0.5, 0.9), 0.12)
    pieces = [Solid("basin", basin.vertices + np.array([0, y, 0]), basin.faces)]
    rim = float(pieces[0].vertices[:, 1].max())
    pieces += [box("basin", (0, rim - 0.03, -d), (w, 0.035, 0.1)), *_faucet(u, 0, rim - 0.02, -d, d * 0.7)]
    style = u.pick("pedestal", "cabinet", "wall", "legs")
    if style == "pedestal":
        pieces.append(lathe("pedestal", [(0.17, 0), (0.15, 0.05), (0.09, y * 0.4), (0.1, y * 0.8), (0.16, y + 0.03)]))
    elif style == "cabinet":
        cw, cd = w * u(1.1, 1.8), d * 1.3
        pieces += [
            box("cabinet", (0, y / 2 + 0.06, -0.04), (cw, y / 2, cd)),
            *fronts(u, "door", (-cw, 0.1), (cw, y), cd - 0.04, 1, u.count(1, 3)),
        ]
        pieces.append(box("top", (0, y + 0.07, -0.04), (cw * 1.04, 0.02, cd * 1.05)))
    elif style == "legs":
        pieces += corner_legs(u, w * 0.9, d * 0.9, y + 0.05, 0.03)
    return pieces


@kind("faucet", family="faucet", names=("faucet", "water tap"), synonyms={
    "base": ("foot", "base plate", "bottom plate"), "body": ("main body", "housing"), "stem": ("post", "spindle"),
    "spout": ("outlet", "water pipe"), "handle": ("knob", "hand hold", "lever")})  # fmt: skip
def faucet(u: Rng) -> list[Solid]:
    """Kitchen and bathroom tap with arched or straight spout; two wheel handles, cross handles or one lever."""
    h, reach, r = u(0.3, 0.9), u(0.4, 0.7), u(0.05, 0.09)
    pieces = [
        lathe("base", [(u(0.12, 0.2), 0), (0.13, 0.05), (r, 0.1)]),
        cylinder("body", (0, 0.03, 0), (0, h * 0.6, 0), r * 1.4),
    ]
    tip = u(0.1, 0.35)
    path = (
        bezier((0, h * 0.5, 0), (0, h + 0.45, 0), (0, h + 0.4, reach), (0, h - tip * 0.3, reach))
        if u.chance(0.6)
        else np.array([(0, h * 0.55, 0), (0, h * 0.6, reach * 0.95), (0, h * 0.6 - 0.12, reach)])
    )
    pieces.append(tube("spout", path, r * u(0.7, 1), round_ends=False, melt=False))
    if u.chance(0.45):
        return (
            [
                *pieces,
                tube(
                    "handle",
                    [(0, h * 0.6, 0), (0.02, h * 0.6 + 0.06, 0), (u(0.2, 0.35), h * 0.6 + u(0.05, 0.25), -0.02)],
                    [r * 1.2, r, 0.035],
                    melt=False,
                ),
            ]
            if tip < 0.2
            else [*pieces, tube("handle", [(0, 0.2, 0), (0.3, u(0.22, 0.4), 0)], 0.04, melt=False)]
        )
    wide = u(0.25, 0.4)
    if u.chance(0.6):
        pieces.append(tube("body", [(-wide, 0.1, 0), (wide, 0.1, 0)], r, melt=False))
    for s in SIDES:
        pieces += [
            cylinder("stem", (s * wide, 0, 0), (s * wide, 0.25, 0), 0.06),
            lathe("base", [(0.11, 0), (0.07, 0.06)], (s * wide, 0, 0)),
        ]
        pieces += [
            tube("handle", [(s * wide, 0.27, 0), (s * wide + 0.12 * c, 0.28, 0.12 * k)], 0.03, melt=False)
            for c, k in around(4, 0.4)
        ]
    return pieces
