"""Octopuses, squids, jellyfish, starfish and snails."""

from __future__ import annotations

import numpy as np

from meronym_synthetic.kit.anatomy import blade, eyes, vec
from meronym_synthetic.kit.curves import SIDES, Array, around, bezier, turn
from meronym_synthetic.kit.registry import kind
from meronym_synthetic.kit.rng import Rng
from meronym_synthetic.kit.solids import Solid, ellipsoid, lathe, tube


def _tentacles(u: Rng, centre: Array, n: int, ring: float, length: float, r: float, style: str) -> list[Solid]:
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


@kind("octopus", family="cephalopod", names=("octopus",), organic=True, synonyms={
    "head": ("animal head",), "eye": ("eyeball", "eye stalk"), "tentacle": ("octopus arm", "sucker arm", "long soft arm"),
})  # fmt: skip
def octopus(u: Rng) -> list[Solid]:
    """Octopuses: ball, egg, sack or leaning head over eight curled, spread or hanging tentacles."""
    size, tall = u(0.18, 0.34), u(0.8, 1.9)
    lean, shape = u(-0.6, 0.1), u.pick("ball", "sack", "bulb")
    way = vec(0, np.cos(lean), np.sin(lean))
    base = vec(0, 0, 0)
    if shape == "ball":
        pieces = [ellipsoid("head", base + way * size * tall * 0.7, size * np.array([1, tall, 1]), turn("x", lean))]
    else:
        profile = np.array([0.75, 0.8, 0.95, 1, 0.85, 0.5] if shape == "sack" else [0.7, 0.6, 0.8, 1.05, 1, 0.65])
        head = [base + way * size * tall * 1.3 * t for t in np.linspace(0, 1, 12)]
        pieces = [tube("head", head, size * np.interp(np.linspace(0, 1, 12), np.linspace(0, 1, 6), profile))]
    length, r = u(0.5, 1.1), size * u(0.2, 0.38)
    pieces += _tentacles(
        u, base, u.pick(8, 8, 8, 6), size * u(0.35, 0.65), length, max(r, 0.05), u.pick("flat", "hang", "curl", "curl", "wave")
    )
    if u.chance(0.4):
        pieces += eyes(base + way * size * 0.6, size, 0.75, 0.1, 0.5, u(0.15, 0.28))
    return pieces


@kind("squid", family="cephalopod", names=("squid", "cuttlefish"), organic=True, synonyms={
    "head": ("animal head",), "body": ("torso", "main body"), "eye": ("eyeball", "eye stalk"),
    "tentacle": ("octopus arm", "sucker arm", "long soft arm"), "fin": ("side fin",)})  # fmt: skip
def squid(u: Rng) -> list[Solid]:
    """Squids and cuttlefish: pointed tube with side fins, tentacles to the front."""
    long, r = u(0.6, 0.9), u(0.1, 0.18)
    t = np.linspace(0, 1, 12)
    body = np.stack([0 * t, 0 * t, -long * t], 1)
    pieces = [tube("body", body, r * np.interp(t, [0, 0.3, 0.8, 1], [0.8, 1, u(0.5, 0.8), 0.15]))]
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
    return pieces + (eyes(vec(0, 0, r * 0.5), r, 0.75, 0.1, 0.3, 0.25) if u.chance(0.7) else [])


@kind("jellyfish", family="cephalopod", names=("jellyfish",), organic=True, synonyms={
    "head": ("animal head",), "tentacle": ("octopus arm", "sucker arm", "long soft arm")})  # fmt: skip
def jellyfish(u: Rng) -> list[Solid]:
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


@kind("starfish", family="starfish", names=("starfish", "sea star"), organic=True, synonyms={
    "body": ("torso", "main body"), "arm": ("animal arm", "front leg")})  # fmt: skip
def starfish(u: Rng) -> list[Solid]:
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


@kind("snail", family="snail", names=("snail", "slug"), organic=True, synonyms={
    "head": ("animal head",), "body": ("torso", "main body"), "shell": ("hard shell", "back shell", "armour"),
    "antenna": ("antennae", "insect antenna")})  # fmt: skip
def snail(u: Rng) -> list[Solid]:
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
            "antenna", [top + vec(x * r * 0.4, r * 0.4, 0), top + vec(x * u(0.06, 0.15), r + u(0.1, 0.2), 0.08)], [0.03, 0.025]
        )
        for x in SIDES
    ]
    return pieces
