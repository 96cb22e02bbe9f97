"""Four-legged mammals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from meronym_synthetic.kit.anatomy import Range, ears, unit, vec
from meronym_synthetic.kit.curves import SIDES, Array, bezier, helix, turn
from meronym_synthetic.kit.registry import kind
from meronym_synthetic.kit.rng import Rng
from meronym_synthetic.kit.solids import Solid, box, cylinder, ellipsoid, tube

_STANDING = ("stand", "stand", "walk", "walk", "gallop", "lie")


_NIMBLE = ("stand", "walk", "walk", "gallop", "sit", "lie")


@dataclass(frozen=True)
class Plan:
    """Proportions and pose of a four-legged animal; lengths are shares of the torso's length."""

    leg: Range
    """Height of the spine over the ground."""
    girth: Range
    neck: Range
    rise: Range
    """Angle of the neck over the horizon, radians."""
    head: Range
    """Radius of the head."""
    snout: Range
    """Length of the snout as a share of the head's radius."""
    slim: Range = (0.045, 0.075)
    """Radius of the lower leg."""
    ears: tuple[str, ...] = ("point", "side")
    tails: tuple[str, ...] = ("thin",)
    poses: tuple[str, ...] = _STANDING
    nod: Range = (-0.6, 0.1)
    """Angle of the face over the horizon, radians."""
    blunt: Range = (0.4, 0.65)
    """Radius of the snout's end as a share of the head's."""


class Beast(NamedTuple):
    """A four-legged body, and where horns, humps and the like may grow."""

    pieces: list[Solid]
    spine: Array
    """[m 3] from rump to shoulders"""
    girth: float
    neck: Array
    """[n 3] from shoulders to head"""
    head: Array
    size: float
    """Radius of the head."""
    side: Array
    up: Array
    aim: Array
    """Unit axes of the head; it faces along `aim`."""
    nose: Array


def _bar(part: str, start: Array, end: Array, thick: float, wide: float) -> Solid:
    """Square bar between two points in a plane x = constant (or a level one along x)."""
    along = end - start
    pitch = np.arctan2(along[1], np.hypot(along[0], along[2]))
    frame = turn("y", float(np.arctan2(along[0], along[2]))) @ turn("x", -float(pitch))
    return box(part, (start + end) / 2, (wide, thick, float(np.linalg.norm(along)) / 2), frame, 3)


def _leg(u: Rng, path: list[Array], slim: float, fine: bool, foot: str) -> list[Solid]:
    """Hip, knee, ankle and ground: one tube or three; hoof, pad or no foot."""
    r = slim * np.array([1.9, 1.25, 0.85, 0.9])
    toe = path[3]
    if fine:
        pieces = [
            tube("leg/thigh", path[:2], r[:2]),
            tube("leg/lower leg", path[1:3], r[1:3]),
            tube("leg/foot", path[2:], r[2:]),
        ]
    else:
        pieces = [tube("leg", path, r)]
    if foot == "hoof":
        pieces.append(cylinder("leg/foot", toe + vec(0, slim, 0), toe - vec(0, slim * 0.6, 0), [slim, slim * 1.5]))
    elif foot == "pad":
        pieces.append(ellipsoid("leg/foot", toe + vec(0, 0, slim * 0.7), (slim * 1.3, slim * 0.9, slim * 1.9)))
    return pieces


def _legs(u: Rng, spine: Array, girth: float, slim: float, pose: str) -> list[Solid]:
    """Four legs from the torso to the ground for a pose."""
    fine, foot, swing = (u.chance(0.25), u.pick("hoof", "pad", "none", "none"), u(0.12, 0.35) if pose == "walk" else u(0, 0.06))
    width, spread, bend = girth * u(0.5, 0.75), u(0.85, 1.3), u(0, 0.5)
    pieces = []
    for front in (True, False):
        hip = spine[-1 if front else 0] + vec(0, -0.25 * girth, -0.1 * girth if front else 0.15 * girth)
        for x in SIDES:
            top = hip + vec(x * width, 0, 0)
            tall, sign = top[1], 1 if front else -1
            toe = vec(x * max(width * spread, slim * 1.6), slim, top[2] + x * sign * swing * tall)
            if pose == "gallop":
                toe += [0, tall * u(0, 0.35), sign * tall * u(0.2, 0.8)]
            kink = tall * bend * 0.25 * (-0.6 if front else 1.0)
            knee, ankle = top * 0.52 + toe * 0.48 + vec(0, 0, kink), top * 0.17 + toe * 0.83 - vec(0, 0, kink * 0.9)
            if pose in ("sit", "lie") and not front:
                reach = max(girth * 1.3, slim * 5)
                out = vec(x * (width + slim * 1.5), 0, top[2])
                knee, ankle, toe = (
                    out + vec(0, tall + slim, reach),
                    out + vec(0, slim * 1.2, reach * 0.35),
                    out + vec(0, slim, reach),
                )
            elif pose == "lie":
                reach = max(girth * 1.5, slim * 6)
                out = vec(x * (width + slim * 0.8), slim, top[2])
                knee, ankle, toe = out + vec(0, 0, reach * 0.1), out + vec(0, 0, reach * 0.6), out + vec(0, 0, reach)
            pieces += _leg(u, [top, knee, ankle, toe], slim, fine, foot)
    return pieces


def _tail(u: Rng, style: str, root: Array, length: float) -> list[Solid]:
    """Thin, raised, bushy, flowing, stubby or curly tail from its root."""
    if style == "stub":
        return [ellipsoid("tail", root - vec(0, -0.02, 0.03), (0.05, 0.05, u(0.06, 0.11)), turn("x", u(0, 0.8)))]
    if style == "curl":
        coil = helix(0.05, u(0.1, 0.2), u(1, 2), 24)[:, [0, 2, 1]] * [1, 1, -1]
        return [tube("tail", root + coil - vec(0.05, 0, 0), 0.022)]
    long = length * u(0.4, 0.9)
    lift = u(0.3, 1.2) if style == "up" or (style == "bushy" and u.chance(0.5)) else u(-1.2, -0.5)
    middle = root + vec(0, long * u(-0.1, 0.3), -long * u(0.4, 0.8))
    end = root + vec(long * u(-0.3, 0.3), long * lift * 0.9, -long * u(0.3, 0.9))
    end[1] = max(end[1], 0.05)
    path = bezier(root + vec(0, 0, 0.05), middle, end, n=9)
    if style in ("thin", "up"):
        r = u(0.025, 0.04)
        tuft = [ellipsoid("tail", end, (r * 2, r * 3, r * 2))] if style == "thin" and u.chance(0.3) else []
        return [tube("tail", path, np.linspace(r * u(1, 2), r * u(0.7, 1), 9)), *tuft]
    r = u(0.06, 0.12)
    return [tube("tail", path, r * np.interp(np.linspace(0, 1, 9), [0, u(0.4, 0.7), 1], [0.45, 1, u(0.2, 0.5)]))]


def _face(u: Rng, plan: Plan, head: Array, size: float, side: Array, up: Array, aim: Array) -> tuple[list[Solid], Array]:
    """A head as one tapered form or a ball with a snout; eyes and a nose by chance. Also returns the nose's place."""
    reach, blunt, drop = size * (1 + u(*plan.snout)), size * u(*plan.blunt), size * u(0, 0.3)
    nose = head + aim * (reach - blunt) - up * drop
    if u.chance(0.5):
        path = [head - 0.3 * size * aim, head + 0.25 * size * aim, nose]
        pieces = [tube("head", path, [size * 0.85, size * 0.85, blunt], flat=u(0.85, 1.2))]
    else:
        part = u.pick("head", "head/snout")
        pieces = [ellipsoid("head", head, size * np.array([u(0.85, 1.05), u(0.85, 1.05), 1.0]))]
        pieces.append(tube(part, [head + 0.4 * size * aim - up * drop, nose], [blunt * u(1, 1.5), blunt]))
    if u.chance(0.3):
        spot, r = head + size * (0.45 * aim + 0.4 * up), size * u(0.1, 0.18)
        pieces += [ellipsoid("head/eye", spot + x * 0.72 * size * side, r, melt=False) for x in SIDES]
    if u.chance(0.2):
        pieces.append(ellipsoid("head/nose", nose + aim * blunt * 0.9 + up * blunt * 0.3, blunt * 0.4, melt=False))
    return pieces, nose + aim * blunt


def _beast(u: Rng, plan: Plan) -> Beast:
    """Any four-legged animal: natural or a chubby toy; on its feet, walking, running, sat or lying."""
    length, chubby = u(0.75, 1.05), u(1.15, 1.45) if u.chance(0.25) else 1.0
    girth, slim = length * u(*plan.girth) * chubby**0.8, max(length * u(*plan.slim) * chubby, 0.028)
    tall, pose = length * u(*plan.leg) / chubby, u.pick(*plan.poses)
    tall = max(tall, girth + slim)
    hind, fore = tall, tall * u(0.92, 1.12)
    if pose == "sit":
        hind, fore = girth * 1.05, max(tall * u(1.0, 1.2), girth * 1.9)
    elif pose == "lie":
        hind, fore = girth * 0.95, girth * u(0.95, 1.15)
    depth = np.sqrt(max(length**2 - (fore - hind) ** 2, (length * 0.55) ** 2)) / 2
    spine = bezier((0, hind, -depth), (0, (hind + fore) / 2 + girth * u(-0.3, 0.5), 0), (0, fore, depth), n=13)
    rump, waist, chest = u(0.72, 1), u(0.7, 1.15), u(0.85, 1.1)

    rise = u(*plan.rise) if u.chance(0.85) else u(-0.6, 0.1)
    reach, size = length * u(*plan.neck), length * u(*plan.head) * chubby
    root = spine[-1] + vec(0, girth * chest * 0.35 * np.sin(rise), girth * chest * 0.5)
    crest = root + reach * vec(0, np.sin(rise), np.cos(rise)) + vec(0, girth * 0.2, 0)
    crest[1] = max(crest[1], size * 1.3)
    yaw, nod = u(-0.7, 0.7) if u.chance(0.3) else 0.0, u(*plan.nod) + 0.3 * min(rise, 0)
    aim = vec(np.cos(nod) * np.sin(yaw), np.sin(nod), np.cos(nod) * np.cos(yaw))
    side = unit(np.cross(vec(0, 1, 0), aim))
    up, head = np.cross(aim, side), crest + aim * size * 0.5
    neck = bezier(root - vec(0, 0, girth * 0.3), (root + crest) / 2 + vec(0, reach * u(-0.15, 0.2), 0), crest, n=6)

    back = unit(spine[0] - spine[2])
    if u.chance(0.25):
        pitch = float(np.arctan2(fore - hind, 2 * depth))
        rear = spine.mean(0) + unit(spine[0] - spine[-1]) * (length * 0.52 + girth * 0.3)
        torso = spine.mean(0)
        pieces = [ellipsoid("torso", torso, (girth * u(0.9, 1.1), girth, length * 0.52 + girth * 0.35), turn("x", -pitch))]
    else:
        profile = np.interp(np.linspace(0, 1, 13), [0, 0.45, 1], [rump, waist, chest])
        pieces = [tube("torso", spine, girth * profile, flat=u(0.95, 1.3))]
        rear = spine[0] + girth * rump * (0.75 * back + 0.35 * np.cross(vec(1, 0, 0), back))
    pieces.append(
        tube("neck" if reach > size * 0.5 else "torso", neck, np.linspace(girth * u(0.5, 0.75), size * u(0.55, 0.8), 6))
    )
    face, nose = _face(u, plan, head, size, side, up, aim)
    pieces += face + ears(u, u.pick(*plan.ears), head, size, side, up, aim) + _legs(u, spine, girth, slim, pose)
    if plan.tails:
        pieces += _tail(u, u.pick(*plan.tails), rear, length)
    return Beast(pieces, spine, girth, neck, head, size, side, up, aim, nose)


def _horns(u: Rng, beast: Beast, part: str, style: str, long: float, r: float) -> list[Solid]:
    """A pair of horns: straight, curved forwards like a bull's, or rolled like a ram's."""
    pieces = []
    for x in SIDES:
        side, base = beast.side * x, beast.head + beast.size * (0.75 * beast.up + 0.35 * x * beast.side)
        if style == "bull":
            path = bezier(base, base + long * side, base + long * (side * 0.9 + beast.up + 0.3 * beast.aim), n=8)
        elif style == "ram":
            angle = np.linspace(0.5 * np.pi, u(1.6, 2.6) * np.pi, 14)[:, None]
            path = base + 0.5 * long * (np.cos(angle) * -beast.aim + (np.sin(angle) - 1) * beast.up) * -1 * [1, -1, 1]
            path = path + side * np.linspace(0.05, 0.7, 14)[:, None] * long
        else:
            path = bezier(
                base, base + long * (beast.up * 0.6 + 0.2 * side), base + long * (beast.up - u(0, 0.6) * beast.aim), n=8
            )
        pieces.append(tube(part, path, np.linspace(r, r * 0.25, len(path)), melt=False))
    return pieces


def _mane(u: Rng, beast: Beast) -> Solid:
    """Hair along the top of a neck: a smooth crest or a thin fin."""
    neck = np.concatenate([beast.neck, [beast.head + beast.size * 0.5 * beast.up]])
    back = unit(np.cross(neck[-1] - neck[0], vec(-1, 0, 0)))
    back = back if back[2] < 0 or back[1] > 0 else -back
    ridge = neck + back * np.linspace(beast.girth * 0.5, beast.size * 0.6, len(neck))[:, None]
    r = beast.size * u(0.25, 0.45)
    return tube("mane", ridge, np.linspace(r, r * 0.8, len(neck)), flat=u(0.35, 1))


@kind("dog", family="quadruped", names=("dog", "hound", "puppy"), organic=True, synonyms={
    "torso": ("body", "main body"), "head": ("animal head", "face"), "neck": ("animal neck",), "ear": ("animal ear",),
    "leg": ("animal leg",), "thigh": ("upper leg",), "lower leg": ("shin",), "foot": ("hoof",), "tail": ("animal tail",),
    "snout": ("muzzle",), "nose": ("nostril",), "eye": ("eyeball",)})  # fmt: skip
def dog(u: Rng) -> list[Solid]:
    """Hounds, terriers, dachshunds and wolves, with hanging or pricked ears."""
    tall = u.pick((0.35, 0.5), (0.55, 0.75), (0.7, 0.95))
    tails = ("thin", "up", "up", "bushy", "stub")
    return _beast(
        u,
        Plan(
            tall,
            (0.16, 0.27),
            (0.1, 0.35),
            (0.3, 1.2),
            (0.13, 0.2),
            (0.5, 1.3),
            (0.045, 0.08),
            ("point", "flop", "flop", "round"),
            tails=tails,
            poses=_NIMBLE,
        ),
    ).pieces


@kind("wolf", family="quadruped", names=("wolf", "fox", "coyote"), organic=True, synonyms={
    "torso": ("body", "main body"), "head": ("animal head", "face"), "neck": ("animal neck",), "ear": ("animal ear",),
    "leg": ("animal leg",), "thigh": ("upper leg",), "lower leg": ("shin",), "foot": ("hoof",), "tail": ("animal tail",),
    "snout": ("muzzle",), "nose": ("nostril",), "eye": ("eyeball",)})  # fmt: skip
def wolf(u: Rng) -> list[Solid]:
    """Wolves and foxes: pricked ears, long snout, bushy tail."""
    return _beast(
        u,
        Plan(
            (0.5, 0.75),
            (0.15, 0.23),
            (0.12, 0.3),
            (0.1, 0.9),
            (0.12, 0.18),
            (0.8, 1.4),
            (0.04, 0.06),
            ("point",),
            ("bushy",),
            _NIMBLE,
            blunt=(0.25, 0.4),
        ),
    ).pieces


@kind("cat", family="quadruped", names=("cat", "tiger", "leopard", "kitten"), organic=True, synonyms={
    "torso": ("body", "main body"), "head": ("animal head", "face"), "neck": ("animal neck",), "ear": ("animal ear",),
    "leg": ("animal leg",), "thigh": ("upper leg",), "lower leg": ("shin",), "foot": ("hoof",), "tail": ("animal tail",),
    "snout": ("muzzle",), "nose": ("nostril",), "eye": ("eyeball",)})  # fmt: skip
def cat(u: Rng) -> list[Solid]:
    """House cats and big cats: round head, short snout, long tail."""
    return _beast(
        u,
        Plan(
            (0.4, 0.65),
            (0.14, 0.23),
            (0.05, 0.2),
            (0.2, 1.0),
            (0.13, 0.19),
            (0.1, 0.4),
            (0.045, 0.075),
            ("point", "point", "round"),
            ("thin", "up", "bushy"),
            _NIMBLE,
            (-0.4, 0.1),
            (0.35, 0.55),
        ),
    ).pieces


@kind("lion", family="quadruped", names=("lion", "big cat"), organic=True, synonyms={
    "torso": ("body", "main body"), "head": ("animal head", "face"), "neck": ("animal neck",), "ear": ("animal ear",),
    "leg": ("animal leg",), "thigh": ("upper leg",), "lower leg": ("shin",), "foot": ("hoof",), "tail": ("animal tail",),
    "snout": ("muzzle",), "nose": ("nostril",), "eye": ("eyeball",), "mane": ("hair", "neck hair")})  # fmt: skip
def lion(u: Rng) -> list[Solid]:
    """Maned or not; the mane is a ball, a collar or a ring of tufts."""
    plan = Plan(
        (0.5, 0.68),
        (0.17, 0.25),
        (0.1, 0.22),
        (0.2, 0.8),
        (0.14, 0.19),
        (0.3, 0.6),
        (0.055, 0.085),
        ("round",),
        ("thin",),
        _NIMBLE,
    )
    beast = _beast(u, plan)
    head, size, style = beast.head, beast.size, u.pick("ball", "collar", "tufts", "none")
    back = head - beast.aim * size * 0.6
    if style == "ball":
        return [*beast.pieces, ellipsoid("mane", back, size * u(1.3, 1.6), melt=u.chance())]
    if style == "collar":
        mane = [back + beast.aim * size * 0.35, back - beast.aim * size * 0.4]
        return [*beast.pieces, tube("mane", mane, [size * 1.45, size * 1.2], round_ends=False)]
    if style == "tufts":
        ring = [(np.cos(a), np.sin(a)) for a in np.linspace(0, 2 * np.pi, 12)[:-1]]
        spots = [back + size * 1.05 * (c * beast.side + s * beast.up) for c, s in ring]
        return beast.pieces + [ellipsoid("mane", spot, size * 0.5) for spot in spots]
    return beast.pieces


@kind("bear", family="quadruped", names=("bear", "polar bear"), organic=True, synonyms={
    "torso": ("body", "main body"), "head": ("animal head", "face"), "neck": ("animal neck",), "ear": ("animal ear",),
    "leg": ("animal leg",), "thigh": ("upper leg",), "lower leg": ("shin",), "foot": ("hoof",), "tail": ("animal tail",),
    "snout": ("muzzle",), "nose": ("nostril",), "eye": ("eyeball",)})  # fmt: skip
def bear(u: Rng) -> list[Solid]:
    """Bears: heavy, round ears, stub tail."""
    return _beast(
        u,
        Plan(
            (0.42, 0.62),
            (0.24, 0.34),
            (0.05, 0.22),
            (-0.1, 0.6),
            (0.15, 0.22),
            (0.4, 0.8),
            (0.08, 0.12),
            ("round",),
            ("stub",),
            _NIMBLE,
        ),
    ).pieces


@kind("horse", family="quadruped", names=("horse", "donkey", "zebra", "pony"), organic=True, synonyms={
    "torso": ("body", "main body"), "head": ("animal head", "face"), "neck": ("animal neck",), "ear": ("animal ear",),
    "leg": ("animal leg",), "thigh": ("upper leg",), "lower leg": ("shin",), "foot": ("hoof",), "tail": ("animal tail",),
    "snout": ("muzzle",), "nose": ("nostril",), "eye": ("eyeball",), "mane": ("hair", "neck hair")})  # fmt: skip
def horse(u: Rng) -> list[Solid]:
    """Horses, donkeys and zebras: long legs and neck, mane, flowing tail."""
    beast = _beast(
        u,
        Plan(
            (0.75, 1.0),
            (0.17, 0.25),
            (0.4, 0.65),
            (0.4, 1.2),
            (0.1, 0.14),
            (1.3, 2.2),
            (0.035, 0.06),
            ("point", "long"),
            ("bushy", "bushy", "thin"),
            nod=(-1.0, -0.2),
            blunt=(0.5, 0.75),
            poses=("stand", "stand", "walk", "walk", "gallop"),
        ),
    )
    return [*beast.pieces, _mane(u, beast)] if u.chance(0.6) else beast.pieces


@kind("cow", family="quadruped", names=("cow", "bull", "buffalo", "ox"), organic=True, synonyms={
    "torso": ("body", "main body"), "head": ("animal head", "face"), "neck": ("animal neck",), "ear": ("animal ear",),
    "leg": ("animal leg",), "thigh": ("upper leg",), "lower leg": ("shin",), "foot": ("hoof",), "tail": ("animal tail",),
    "snout": ("muzzle",), "nose": ("nostril",), "eye": ("eyeball",), "horn": ("animal horn",),
    "hump": ("camel hump", "back hump"), "udder": ("milk bag",)})  # fmt: skip
def cow(u: Rng) -> list[Solid]:
    """Cows, bulls and buffaloes, with horns, shoulder hump and udder by chance."""
    beast = _beast(
        u,
        Plan(
            (0.55, 0.75),
            (0.22, 0.32),
            (0.15, 0.35),
            (-0.1, 0.7),
            (0.13, 0.18),
            (0.8, 1.3),
            (0.045, 0.07),
            ("side",),
            ("thin",),
            blunt=(0.6, 0.85),
        ),
    )
    pieces, girth = beast.pieces, beast.girth
    if u.chance(0.65):
        pieces += _horns(u, beast, "horn", u.pick("bull", "bull", "straight"), beast.size * u(0.6, 1.3), u(0.03, 0.045))
    if u.chance(0.35):
        pieces.append(ellipsoid("udder", beast.spine[2] - vec(0, girth * 0.95, 0), (girth * 0.4, girth * 0.25, girth * 0.45)))
    if u.chance(0.2):
        pieces.append(ellipsoid("hump", beast.spine[-1] + vec(0, girth * 0.7, -0.05), (girth * 0.5, girth * 0.55, girth * 0.7)))
    return pieces


@kind("pig", family="quadruped", names=("pig", "boar", "hog"), organic=True, synonyms={
    "torso": ("body", "main body"), "head": ("animal head", "face"), "neck": ("animal neck",), "ear": ("animal ear",),
    "leg": ("animal leg",), "thigh": ("upper leg",), "lower leg": ("shin",), "foot": ("hoof",), "tail": ("animal tail",),
    "snout": ("muzzle",), "nose": ("nostril",), "eye": ("eyeball",), "tusk": ("ivory tusk", "long tooth")})  # fmt: skip
def pig(u: Rng) -> list[Solid]:
    """Pigs and boars: barrel body, short legs, disc snout, tusks by chance."""
    plan = Plan(
        (0.38, 0.52),
        (0.25, 0.36),
        (0.0, 0.14),
        (-0.2, 0.3),
        (0.16, 0.23),
        (0.5, 0.9),
        (0.055, 0.085),
        ("point", "flop", "side"),
        ("curl", "curl", "thin", "stub"),
    )
    beast = _beast(u, plan)
    disc = cylinder("head/snout", beast.nose - beast.aim * 0.04, beast.nose + beast.aim * 0.02, beast.size * u(0.4, 0.55))
    tusks = _horns(
        u,
        beast._replace(head=beast.nose - beast.aim * beast.size * 0.5 - beast.up * beast.size * 0.7),
        "tusk",
        "straight",
        0.12,
        0.02,
    )
    return beast.pieces + ([disc] if u.chance(0.7) else []) + (tusks if u.chance(0.15) else [])


@kind("sheep", family="quadruped", names=("sheep", "goat", "lamb"), organic=True, synonyms={
    "torso": ("body", "main body"), "head": ("animal head", "face"), "neck": ("animal neck",), "ear": ("animal ear",),
    "leg": ("animal leg",), "thigh": ("upper leg",), "lower leg": ("shin",), "foot": ("hoof",), "tail": ("animal tail",),
    "snout": ("muzzle",), "nose": ("nostril",), "eye": ("eyeball",), "horn": ("animal horn",), "beard": ("chin hair",),
})  # fmt: skip
def sheep(u: Rng) -> list[Solid]:
    """Sheep and goats: smooth or woolly torso, horns straight or rolled, beard by chance."""
    plan = Plan(
        (0.5, 0.72),
        (0.2, 0.34),
        (0.12, 0.35),
        (0.2, 1.0),
        (0.11, 0.16),
        (0.6, 1.1),
        (0.04, 0.06),
        ("side", "flop"),
        ("stub", "stub", "thin"),
    )
    beast = _beast(u, plan)
    pieces, girth = beast.pieces, beast.girth
    if u.chance(0.35):
        for spot in beast.spine[::2]:
            turns = np.linspace(-2.2, 2.2, 6) + u(-0.3, 0.3)
            pieces += [
                ellipsoid("torso", spot + girth * 0.75 * vec(np.sin(a), np.cos(a), 0), girth * u(0.32, 0.45)) for a in turns
            ]
    if u.chance(0.6):
        pieces += _horns(u, beast, "horn", u.pick("ram", "straight"), beast.size * u(1.0, 1.8), u(0.03, 0.05))
    if u.chance(0.2):
        chin = beast.nose - beast.aim * beast.size * 0.4 - beast.up * beast.size * 0.2
        pieces.append(tube("beard", [chin, chin - beast.up * beast.size * 0.8], [0.045, 0.02]))
    return pieces


@kind("deer", family="quadruped", names=("deer", "stag", "antelope", "elk"), organic=True, synonyms={
    "torso": ("body", "main body"), "head": ("animal head", "face"), "neck": ("animal neck",), "ear": ("animal ear",),
    "leg": ("animal leg",), "thigh": ("upper leg",), "lower leg": ("shin",), "foot": ("hoof",), "tail": ("animal tail",),
    "snout": ("muzzle",), "nose": ("nostril",), "eye": ("eyeball",), "horn": ("animal horn",),
    "antler": ("deer antler", "branched horn")})  # fmt: skip
def deer(u: Rng) -> list[Solid]:
    """Deer, elk and antelopes: antlers, horns or bare head."""
    plan = Plan(
        (0.75, 1.05),
        (0.15, 0.22),
        (0.3, 0.6),
        (0.5, 1.3),
        (0.1, 0.13),
        (0.9, 1.5),
        (0.03, 0.045),
        ("side", "point"),
        ("stub", "stub", "thin"),
    )
    beast = _beast(u, plan)
    style, long, r = u.pick("antler", "antler", "horn", "bare"), u(0.3, 0.6), u(0.02, 0.032)
    if style == "horn":
        return beast.pieces + _horns(u, beast, "horn", "straight", long, r)
    if style == "bare":
        return beast.pieces
    pieces, spread = beast.pieces, u(0.3, 0.7)
    for x in SIDES:
        base = beast.head + beast.size * (0.7 * beast.up + 0.3 * x * beast.side)
        stem = bezier(
            base,
            base + long * (0.5 * beast.up + spread * x * beast.side - 0.3 * beast.aim),
            base + long * (beast.up + spread * 0.8 * x * beast.side),
            n=9,
        )
        pieces.append(tube("antler", stem, np.linspace(r, r * 0.5, 9), melt=False))
        for k in range(2, 2 + u.count(2, 5)):
            tip = stem[k] + long * u(0.2, 0.4) * unit(beast.aim + u(0, 1) * beast.up + u(-0.4, 0.6) * x * beast.side)
            pieces.append(tube("antler", [stem[k], tip], [r * 0.8, r * 0.3], melt=False))
    return pieces


@kind("elephant", family="quadruped", names=("elephant", "mammoth"), organic=True, synonyms={
    "torso": ("body", "main body"), "head": ("animal head", "face"), "neck": ("animal neck",), "ear": ("animal ear",),
    "leg": ("animal leg",), "thigh": ("upper leg",), "lower leg": ("shin",), "foot": ("hoof",), "tail": ("animal tail",),
    "snout": ("muzzle",), "nose": ("nostril",), "eye": ("eyeball",), "trunk": ("elephant trunk", "long nose"),
    "tusk": ("ivory tusk", "long tooth")})  # fmt: skip
def elephant(u: Rng) -> list[Solid]:
    """Elephants and mammoths: trunk hanging, forward or raised; fan ears; tusks."""
    beast = _beast(
        u,
        Plan(
            (0.7, 0.95),
            (0.28, 0.38),
            (0.02, 0.15),
            (0.1, 0.7),
            (0.2, 0.28),
            (-0.2, 0.0),
            (0.09, 0.14),
            ("fan",),
            ("thin",),
            ("stand", "walk"),
            nod=(-0.4, 0.0),
            blunt=(0.6, 0.75),
        ),
    )
    head, size, aim = beast.head, beast.size, beast.aim
    start, long = head + aim * size * 0.75 - vec(0, size * 0.2, 0), u(0.45, 0.8)
    shape = u.pick((0.3, -0.7, 0.25, -1.1), (0.5, -0.5, 0.9, -0.6), (0.6, -0.5, 0.8, 0.6), (0.4, -0.8, 0.0, -0.9))
    middle, end = (start + long * (f * aim + vec(0, h, 0)) for f, h in (shape[:2], shape[2:]))
    end[1] = max(end[1], 0.06)
    pieces = [
        *beast.pieces,
        tube("trunk", bezier(start, middle, end, n=10), np.linspace(size * 0.42, size * u(0.15, 0.25), 10)),
    ]
    if u.chance(0.75):
        for x in SIDES:
            root = head + size * (0.75 * aim - 0.45 * beast.up + 0.4 * x * beast.side)
            reach = root + long * 0.5 * aim
            tusk = bezier(root - aim * 0.1, reach - vec(0, 0.15, 0), reach + vec(0, u(-0.1, 0.15), 0.05), n=7)
            pieces.append(tube("tusk", tusk, np.linspace(0.04, 0.015, 7), melt=False))
    return pieces


@kind("rhinoceros", family="quadruped", names=("rhinoceros", "rhino", "hippopotamus"), organic=True, synonyms={
    "torso": ("body", "main body"), "head": ("animal head", "face"), "neck": ("animal neck",), "ear": ("animal ear",),
    "leg": ("animal leg",), "thigh": ("upper leg",), "lower leg": ("shin",), "foot": ("hoof",), "tail": ("animal tail",),
    "snout": ("muzzle",), "nose": ("nostril",), "eye": ("eyeball",), "horn": ("animal horn",)})  # fmt: skip
def rhinoceros(u: Rng) -> list[Solid]:
    """Rhinoceroses with one or two horns on the nose, and hippopotamuses without."""
    beast = _beast(
        u,
        Plan(
            (0.45, 0.6),
            (0.27, 0.36),
            (0.05, 0.2),
            (-0.2, 0.3),
            (0.16, 0.21),
            (0.9, 1.5),
            (0.08, 0.12),
            ("point", "side", "round"),
            ("thin", "stub"),
            blunt=(0.65, 0.95),
            poses=("stand", "walk", "walk", "lie"),
        ),
    )
    horns, long = [], u(0.15, 0.35)
    for back, tall in ((0.5, 1.0), (1.2, u(0.3, 0.7)))[: u.pick(0, 1, 2, 2)]:
        base = beast.nose + beast.size * (-back * beast.aim + 0.35 * beast.up)
        tip = base + long * tall * (beast.up + u(0.1, 0.5) * beast.aim)
        horn = bezier(base, (base + tip) / 2 + beast.aim * 0.03, tip, n=6)
        horns.append(tube("horn", horn, np.linspace(0.075, 0.015, 6), melt=False))
    return beast.pieces + horns


@kind("giraffe", family="quadruped", names=("giraffe",), organic=True, synonyms={
    "torso": ("body", "main body"), "head": ("animal head", "face"), "neck": ("animal neck",), "ear": ("animal ear",),
    "leg": ("animal leg",), "thigh": ("upper leg",), "lower leg": ("shin",), "foot": ("hoof",), "tail": ("animal tail",),
    "snout": ("muzzle",), "nose": ("nostril",), "eye": ("eyeball",), "horn": ("animal horn",), "mane": ("hair", "neck hair"),
})  # fmt: skip
def giraffe(u: Rng) -> list[Solid]:
    """Giraffes and okapis: sloping back, very long neck, two knobs on the head."""
    plan = Plan(
        (1.1, 1.5),
        (0.2, 0.3),
        (0.9, 1.6),
        (0.8, 1.4),
        (0.11, 0.15),
        (0.9, 1.5),
        (0.045, 0.07),
        ("side",),
        ("thin",),
        ("stand", "walk"),
    )
    beast = _beast(u, plan)
    pieces = beast.pieces + (_horns(u, beast, "horn", "straight", beast.size * u(0.5, 0.9), 0.028) if u.chance(0.8) else [])
    return [*pieces, _mane(u, beast)] if u.chance(0.4) else pieces


@kind("camel", family="quadruped", names=("camel", "llama"), organic=True, synonyms={
    "torso": ("body", "main body"), "head": ("animal head", "face"), "neck": ("animal neck",), "ear": ("animal ear",),
    "leg": ("animal leg",), "thigh": ("upper leg",), "lower leg": ("shin",), "foot": ("hoof",), "tail": ("animal tail",),
    "snout": ("muzzle",), "nose": ("nostril",), "eye": ("eyeball",), "hump": ("camel hump", "back hump")})  # fmt: skip
def camel(u: Rng) -> list[Solid]:
    """One or two humps, low swung neck; llamas have none."""
    beast = _beast(
        u,
        Plan(
            (0.85, 1.1),
            (0.2, 0.27),
            (0.45, 0.75),
            (0.4, 1.3),
            (0.1, 0.13),
            (0.9, 1.4),
            (0.04, 0.06),
            ("point", "side"),
            ("thin", "stub"),
            poses=("stand", "walk", "walk", "lie"),
            nod=(-0.3, 0.1),
        ),
    )
    girth = beast.girth
    spots = u.pick((6,), (6,), (4, 10), (4, 10), ())
    tall = girth * u(0.5, 0.9)
    humps = [
        ellipsoid("hump", beast.spine[k] + vec(0, girth * 0.85, 0), (girth * 0.5, tall, girth * u(0.5, 0.75))) for k in spots
    ]
    return beast.pieces + humps


@kind("rabbit", family="quadruped", names=("rabbit", "bunny", "hare"), organic=True, synonyms={
    "torso": ("body", "main body"), "head": ("animal head", "face"), "neck": ("animal neck",), "ear": ("animal ear",),
    "leg": ("animal leg",), "thigh": ("upper leg",), "lower leg": ("shin",), "foot": ("hoof",), "tail": ("animal tail",),
    "snout": ("muzzle",), "nose": ("nostril",), "eye": ("eyeball",)})  # fmt: skip
def rabbit(u: Rng) -> list[Solid]:
    """Rabbits and hares, mostly sat, ears up or laid back."""
    plan = Plan(
        (0.4, 0.55),
        (0.24, 0.36),
        (0.0, 0.12),
        (0.4, 1.1),
        (0.18, 0.26),
        (0.1, 0.5),
        (0.06, 0.085),
        ("long",),
        ("stub",),
        ("sit", "sit", "lie", "walk"),
    )
    return _beast(u, plan).pieces


@kind("mouse", family="quadruped", names=("mouse", "rat", "squirrel"), organic=True, synonyms={
    "torso": ("body", "main body"), "head": ("animal head", "face"), "ear": ("animal ear",), "leg": ("animal leg",),
    "thigh": ("upper leg",), "lower leg": ("shin",), "foot": ("hoof",), "tail": ("animal tail",), "snout": ("muzzle",),
    "nose": ("nostril",), "eye": ("eyeball",)})  # fmt: skip
def mouse(u: Rng) -> list[Solid]:
    """Mice, rats and squirrels: low, round ears, long thin or bushy tail."""
    tails = ("thin", "thin", "up", "bushy")
    return _beast(
        u,
        Plan(
            (0.32, 0.45),
            (0.23, 0.34),
            (0.0, 0.08),
            (0.0, 0.7),
            (0.16, 0.24),
            (0.6, 1.1),
            (0.04, 0.06),
            ("round", "round", "point"),
            tails=tails,
            poses=("stand", "walk", "lie", "sit"),
            blunt=(0.15, 0.35),
        ),
    ).pieces


@kind("quadruped", family="quadruped", names=("four-legged animal", "animal", "beast", "quadruped"), organic=True, synonyms={
    "torso": ("body", "main body"), "head": ("animal head", "face"), "neck": ("animal neck",), "ear": ("animal ear",),
    "leg": ("animal leg",), "thigh": ("upper leg",), "lower leg": ("shin",), "foot": ("hoof",), "tail": ("animal tail",),
    "snout": ("muzzle",), "nose": ("nostril",), "eye": ("eyeball",), "horn": ("animal horn",)})  # fmt: skip
def quadruped(u: Rng) -> list[Solid]:
    """Any four-legged animal, of proportions between all the others."""
    ears, tails = ("point", "round", "flop", "side", "long"), ("thin", "up", "bushy", "stub")
    beast = _beast(
        u,
        Plan(
            (0.4, 1.1),
            (0.14, 0.34),
            (0.0, 0.8),
            (-0.3, 1.4),
            (0.1, 0.24),
            (0.2, 1.8),
            (0.035, 0.11),
            ears=ears,
            tails=tails,
            poses=_NIMBLE,
            blunt=(0.25, 0.8),
        ),
    )
    return beast.pieces + (
        _horns(u, beast, "horn", u.pick("bull", "ram", "straight"), u(0.15, 0.35), 0.03) if u.chance(0.15) else []
    )


@kind("block animal", family="quadruped", names=("block animal", "four-legged animal", "toy animal"), synonyms={
    "torso": ("body", "main body"), "head": ("animal head", "face"), "neck": ("animal neck",), "ear": ("animal ear",),
    "leg": ("animal leg",), "tail": ("animal tail",), "snout": ("muzzle",), "horn": ("animal horn",),
    "trunk": ("elephant trunk", "long nose")})  # fmt: skip
def block_animal(u: Rng) -> list[Solid]:
    """Any four-legged animal of boxes, as in block-world games; with horns or a trunk by chance."""
    wide, tall, long, slim, leg = u(0.14, 0.3), u(0.13, 0.28), u(0.35, 0.5), u(0.05, 0.1), u(0.2, 0.6)
    size, reach = u(0.13, 0.26), u(0.0, 0.5)
    rise = u(0.3, 1.4)
    back, chest = vec(0, leg + tall, -long), vec(0, leg + tall * 1.2, long)
    head = chest + (reach + size * 0.8) * vec(0, np.sin(rise), np.cos(rise)) + vec(0, size * 0.3, size * 0.3)
    pieces = [
        box("torso", (0, leg + tall, 0), (wide, tall, long), n=4),
        box("head", head, (size * u(0.8, 1.1), size * u(0.8, 1), size), n=4),
    ]
    pieces.append(_bar("neck", chest - vec(0, 0, size * 0.5), head, size * 0.6, size * 0.55))
    nose, snout = head - vec(0, size * 0.4, 0), size * u(1.2, 1.9)
    pieces.append(_bar(u.pick("head", "head/snout"), nose, nose + vec(0, 0, snout), size * u(0.3, 0.5), size * u(0.4, 0.7)))
    style, high, apart, swing = u.pick("ear", "ear", "both", "horn"), size * u(0.25, 0.9), u(0.5, 1.0), u(0, 0.15)
    for x in SIDES:
        spot = head + size * vec(x * apart, 0.8, -0.3)
        if style != "horn":
            pieces.append(_bar("ear", spot, spot + vec(x * u(0, 0.1), high, 0), size * 0.15, size * 0.28))
        if style != "ear":
            root = head + size * vec(x * 0.6, 0.8, 0.4)
            pieces.append(_bar("horn", root, root + vec(0, size * 0.8, 0), size * 0.15, size * 0.15))
        for end, step in ((back + vec(0, 0, slim), swing), (chest - vec(0, 0, slim), -swing)):
            top = vec(x * (wide - slim), leg + tall * 0.3, end[2])
            pieces.append(_bar("leg", top, vec(top[0], 0, top[2] + x * step), slim, slim))
    if u.chance(0.15):
        tip = nose + vec(0, -min(size * 2, nose[1] - 0.05), snout)
        pieces.append(_bar("trunk", nose + vec(0, 0, snout * 0.9), tip, size * 0.25, size * 0.3))
    if u.chance(0.85):
        rear = back + vec(0, tall * 0.7, 0.05)
        pieces.append(_bar("tail", rear, rear + vec(0, u(-0.4, 0.2), -u(0.15, 0.4)), u(0.03, 0.06), u(0.03, 0.06)))
    return pieces
