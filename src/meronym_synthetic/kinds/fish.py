"""Fish, rays, seahorses and eels."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from meronym_synthetic.kit.anatomy import blade, squash, vec
from meronym_synthetic.kit.curves import SIDES, Array, bezier, helix
from meronym_synthetic.kit.registry import kind
from meronym_synthetic.kit.rng import Rng
from meronym_synthetic.kit.solids import Solid, ellipsoid, tube


def _fins(u: Rng, spine: Array, r: Array, start: float, stop: float, high: float, up: float, style: str) -> list[Solid]:
    """A fin along the back (up 1) or below (up -1) between two shares of the spine."""
    t = np.linspace(start, stop, 8) * (len(spine) - 1)
    index = np.arange(len(spine))
    base = np.stack([np.interp(t, index, spine[:, k]) for k in range(3)], 1)
    base[:, 1] += up * np.interp(t, index, r) * 0.9
    if style == "shark":
        root = (base[1] + base[-2]) / 2
        half = abs(base[0, 2] - base[-1, 2]) / 2
        tip = root + vec(0, up * high, -half * u(0.7, 1.5))
        return [
            blade(
                "fin", bezier(root, root + vec(0, up * high * 0.6, -half * 0.2), tip, n=6), [half, half * 0.15], (0, 0, 1), 0.02
            )
        ]
    shape = np.array([0.5, 1, 0.95, 0.8, 0.65, 0.55, 0.4, 0.15] if style == "front" else [0.15, 0.6, 0.9, 1, 1, 0.9, 0.7, 0.2])
    return [blade("fin", base + vec(0, up * high * 0.25, 0), high * shape, (0, 1, -0.3 * up), 0.018)]


def _tail_fin(u: Rng, style: str, root: Array, r: float, high: float) -> list[Solid]:
    """Forked, fan-shaped, crescent, shark's or pointed tail fin in the upright plane."""
    back, inner = u(0.15, 0.3), root + vec(0, 0, r)
    if style in ("fan", "point"):
        wide = [r * 0.8, high * 0.7, high * u(0.8, 1.0)] if style == "fan" else [r * 0.8, high * 0.6, 0.02]
        return [
            blade(
                "tail", bezier(inner, inner - vec(0, 0, back * 0.6), inner - vec(0, 0, back * 1.3), n=7), wide, (0, 1, 0), 0.025
            )
        ]
    lobes = {"fork": (1.0, -1.0), "crescent": (1.2, -1.2), "shark": (1.2, -u(0.3, 0.7))}[style]
    return [
        blade(
            "tail",
            bezier(
                inner,
                inner + vec(0, y * high * 0.3, -back * 0.7),
                inner + vec(0, y * high, -back * (1 if style == "fork" else 0.8)),
                n=7,
            ),
            [r * 0.9, 0.08, 0.02],
            (0, 0.25, 1),
            0.022,
        )
        for y in lobes
    ]


def _body(u: Rng, long: float, tall: float, outline: ArrayLike, narrow: float, bend: float) -> tuple[list[Solid], Array, Array]:
    """A fish's trunk, nose in front. Returns pieces, spine [12 3] and half-heights [12]."""
    spine = bezier((0, 0, long / 2), (bend, 0, long * 0.15), (-bend, 0, -long * 0.2), (bend, 0, -long / 2), n=12)
    knots = np.asarray(outline, float)
    r = tall * np.interp(np.linspace(0, 1, 12), np.linspace(0, 1, len(knots)), knots)
    scale, wide = vec(narrow, 1, 1), spine / [narrow, 1, 1]
    if u.chance(0.15):
        return [squash(tube("head", wide[:4], r[:4]), scale), squash(tube("body", wide[3:], r[3:]), scale)], spine, r
    return [squash(tube("body", wide, r), scale)], spine, r


def _pair(u: Rng, at: Array, wide: float, reach: float, chord: float, fall: float) -> list[Solid]:
    """Two side fins."""
    back = u(0.3, 1.2)
    return [
        blade(
            "fin",
            bezier(
                at + vec(x * wide, 0, 0),
                at + vec(x * (wide + reach * 0.6), -fall * 0.4, 0),
                at + vec(x * (wide + reach), -fall, -reach * back),
                n=6,
            ),
            [chord * 0.7, chord, chord * 0.4],
            (0, 0.3, 1),
            0.018,
        )
        for x in SIDES
    ]


@kind("fish", family="fish", names=("fish", "goldfish", "tuna", "carp"), organic=True, synonyms={
    "body": ("torso", "main body"), "head": ("animal head",), "tail": ("tail fin", "tail feathers"), "eye": ("eyeball",),
    "fin": ("fish fin", "side fin", "back fin")})  # fmt: skip
def fish(u: Rng) -> list[Solid]:
    """Tuna, carp, pike, disc-shaped, ball-shaped fish with every sort of fin."""
    shape = u.pick("tuna", "carp", "pike", "disc", "ball", "drop")
    long = {"pike": u(1.2, 1.5), "ball": u(0.6, 0.8), "disc": u(0.7, 0.9)}.get(shape, u(0.9, 1.3))
    tall = long * {"pike": u(0.08, 0.12), "ball": u(0.35, 0.45), "disc": u(0.38, 0.5)}.get(shape, u(0.14, 0.25))
    nose = u(0.1, 0.4)
    outline = {"ball": [0.5, 0.9, 1, 0.9, 0.5, 0.2], "drop": [0.6, 1, 0.9, 0.6, 0.35, 0.15]}.get(
        shape, [nose, 0.7, 1, 0.9, 0.55, u(0.12, 0.25)]
    )
    narrow = u(0.7, 1) if shape == "ball" else u(0.2, 0.4) if shape == "disc" else u(0.4, 0.8)
    pieces, spine, r = _body(u, long, tall, outline, narrow, u(-0.12, 0.12) if u.chance() else 0.0)
    high = tall * u(0.5, 1.1) + 0.04
    pieces += _tail_fin(
        u, u.pick("fork", "fork", "fan", "fan", "crescent", "point"), spine[-1], r[-1], max(tall * u(0.7, 1.3), 0.15)
    )
    if u.chance(0.9):
        pieces += _fins(u, spine, r, u(0.2, 0.45), u(0.6, 0.85), high, 1, u.pick("front", "even", "shark"))
    if u.chance(0.6):
        pieces += _fins(u, spine, r, u(0.55, 0.65), u(0.75, 0.9), high * u(0.5, 0.9), -1, u.pick("front", "even", "shark"))
    if u.chance(0.85):
        pieces += _pair(u, spine[4] - vec(0, r[4] * u(0, 0.5), 0), r[4] * narrow * 0.75, u(0.12, 0.3), u(0.05, 0.09), u(0, 0.2))
    if u.chance(0.4):
        pieces += _pair(u, spine[5] - vec(0, r[5] * 0.8, 0), r[5] * narrow * 0.2, u(0.06, 0.14), 0.05, u(0.1, 0.2))
    if u.chance(0.35):
        pieces += [ellipsoid("eye", spine[1] + vec(x * r[1] * narrow * 0.9, r[1] * 0.35, 0), 0.035, melt=False) for x in SIDES]
    return pieces


@kind("shark", family="fish", names=("shark",), organic=True, synonyms={
    "body": ("torso", "main body"), "head": ("animal head",), "tail": ("tail fin", "tail feathers"),
    "fin": ("fish fin", "side fin", "back fin")})  # fmt: skip
def shark(u: Rng) -> list[Solid]:
    """Sharks, some with a hammer head: round body, triangular fins, uneven tail."""
    tall = u(0.12, 0.2)
    pieces, spine, r = _body(u, u(1.2, 1.5), tall, [u(0.2, 0.5), 0.8, 1, 0.85, 0.5, 0.25], u(0.8, 1.1), u(-0.15, 0.15))
    pieces += _tail_fin(u, u.pick("shark", "shark", "crescent"), spine[-1], r[-1], u(0.25, 0.4))
    pieces += _fins(u, spine, r, 0.35, u(0.5, 0.6), u(0.18, 0.32), 1, "shark")
    if u.chance(0.6):
        pieces += _fins(u, spine, r, 0.75, 0.85, u(0.07, 0.12), 1, "shark")
    if u.chance(0.5):
        pieces += _fins(u, spine, r, 0.7, 0.8, u(0.07, 0.12), -1, "shark")
    pieces += _pair(u, spine[4] - vec(0, r[4] * 0.4, 0), r[4] * 0.7, u(0.25, 0.4), u(0.07, 0.11), u(0.05, 0.25))
    if u.chance(0.15):
        pieces.append(ellipsoid("head", spine[0] + vec(0, 0, 0.05), (u(0.22, 0.35), 0.06, 0.09)))
    return pieces


@kind("swordfish", family="fish", names=("swordfish", "marlin"), organic=True, synonyms={
    "body": ("torso", "main body"), "head": ("animal head",), "tail": ("tail fin", "tail feathers"),
    "fin": ("fish fin", "side fin", "back fin"), "sword": ("spike", "long nose")})  # fmt: skip
def swordfish(u: Rng) -> list[Solid]:
    """Swordfish and marlins: long sword, sail or sickle fin, crescent tail."""
    tall = u(0.12, 0.18)
    pieces, spine, r = _body(u, u(1.0, 1.2), tall, [0.3, 0.8, 1, 0.8, 0.45, 0.15], u(0.5, 0.8), u(-0.1, 0.1))
    pieces.append(tube("sword", [spine[0] - vec(0, 0, 0.05), spine[0] + vec(0, 0, u(0.3, 0.6))], [0.045, 0.015], melt=False))
    pieces += _tail_fin(u, u.pick("crescent", "fork"), spine[-1], r[-1], u(0.22, 0.35))
    pieces += _fins(u, spine, r, 0.25, u(0.5, 0.8), u(0.15, 0.35), 1, u.pick("shark", "front", "even"))
    return pieces + _pair(u, spine[4] - vec(0, r[4] * 0.5, 0), r[4] * 0.4, u(0.15, 0.3), 0.05, u(0.05, 0.2))


@kind("ray", family="fish", names=("ray", "manta ray", "stingray"), organic=True, synonyms={
    "body": ("torso", "main body"), "tail": ("tail fin", "tail feathers"), "fin": ("fish fin", "side fin", "back fin"),
    "horn": ("head fin",)})  # fmt: skip
def ray(u: Rng) -> list[Solid]:
    """Manta and sting rays: flat body, wing-like fins, whip tail, horns by chance."""
    long, wide, lift, thick = u(0.5, 0.8), u(0.4, 0.8), u(-0.2, 0.35), u(0.07, 0.12)
    pieces = [ellipsoid("body", (0, 0, 0), (u(0.2, 0.3), thick, long / 2), square=u(0.8, 1))]
    for x in SIDES:
        path = bezier(
            (x * 0.12, 0, 0), (x * (0.12 + wide * 0.6), 0, u(-0.05, 0.15)), (x * (0.12 + wide), wide * lift, -u(0, 0.25)), n=9
        )
        pieces.append(blade("fin", path, [long * 0.46, long * 0.36, long * 0.18, 0.02], (0, 0, 1), thick * 0.6))
        if u.chance(0.4):
            horn = bezier((x * 0.12, 0, long * 0.4), (x * 0.16, 0, long * 0.6), (x * 0.1, 0, long * 0.7), n=5)
            pieces.append(tube("horn", horn, 0.035))
    end = (u(-0.2, 0.2), u(-0.1, 0.2), -long / 2 - u(0.4, 0.9))
    return [*pieces, tube("tail", bezier((0, 0, -long * 0.4), (0, u(-0.1, 0.1), -long), end, n=9), np.linspace(0.05, 0.02, 9))]


@kind("seahorse", family="fish", names=("seahorse",), organic=True, synonyms={
    "body": ("torso", "main body"), "head": ("animal head",), "neck": ("bird neck",), "tail": ("tail fin", "tail feathers"),
    "fin": ("fish fin", "side fin", "back fin"), "snout": ("nose", "muzzle"), "crown": ("crest",)})  # fmt: skip
def seahorse(u: Rng) -> list[Solid]:
    """Seahorses: upright S, tube snout, rolled tail, back fin."""
    girth, size = u(0.07, 0.15), u(0.08, 0.12)
    spine = bezier((0, 0.95, 0), (0, 0.85, -0.25), (0, 0.5, u(0.2, 0.35)), (0, 0.2, -0.05), n=10)
    roll = helix(u(0.1, 0.16), 0.05, u(0.9, 1.4), 24)
    coil = np.stack([roll[:, 1], -roll[:, 2], roll[:, 0] - roll[0, 0]], 1) * np.linspace(1, 0.5, 24)[:, None]
    head = spine[0] + vec(0, size * 0.3, size * 0.5)
    fall = u(-0.15, 0.0)
    return [
        tube("body", spine[2:], girth * np.array([0.6, 0.8, 1, 1, 0.9, 0.7, 0.55, 0.4])),
        tube("neck", spine[:4], [size * 0.7, girth * 0.5, girth * 0.55, girth * 0.7]),
        tube("tail", np.concatenate([spine[-2:-1], spine[-1] + coil]), np.linspace(girth * 0.45, 0.025, 25)),
        ellipsoid("head", head, size * np.array([0.8, 1, 1.1])),
        tube("head/snout", [head, head + vec(0, fall - size * 0.3, size + u(0.12, 0.22))], [size * 0.5, size * 0.3]),
        blade("fin", [spine[5] + vec(0, 0, -girth * k) for k in (0.5, 1.2, 1.9)], [0.1, 0.14, 0.12], (0, 1, 0), 0.02),
        *[
            tube("head/crown", [head + vec(0, size * 0.6, -k), head + vec(0, size * 1.5, -k * 2.5)], [0.04, 0.02])
            for k in (0.0, 0.06)
        ][: u.count(0, 2)],
    ]


@kind("eel", family="fish", names=("eel", "moray"), organic=True, synonyms={
    "body": ("torso", "main body"), "head": ("animal head",), "tail": ("tail fin", "tail feathers"),
    "fin": ("fish fin", "side fin", "back fin")})  # fmt: skip
def eel(u: Rng) -> list[Solid]:
    """Eels: long winding body with a seam of fin along back and tail."""
    long, r, wave = u(1.4, 1.8), u(0.05, 0.09), u(0.05, 0.2)
    z = np.linspace(long / 2, -long / 2, 30)
    spine = np.stack([wave * np.sin(z * u(3, 7)) * np.linspace(0.3, 1, 30), np.zeros(30), z], 1)
    radius = r * np.interp(np.linspace(0, 1, 30), [0, 0.08, 0.5, 1], [0.7, 1.1, 1, 0.4])
    pieces = [
        tube("head", spine[:4], radius[:4] * 1.1),
        tube("body", spine[3:20], radius[3:20]),
        tube("tail", spine[19:], radius[19:]),
    ]
    start = u.count(6, 14)
    pieces.append(blade("fin", spine[start:] + vec(0, r * 0.8, 0), [0.03, u(0.06, 0.1), 0.05], (0, 1, 0), 0.015))
    return pieces + (_pair(u, spine[5], r * 0.7, u(0.06, 0.12), 0.04, 0.05) if u.chance(0.7) else [])
