"""People, robots, dolls and other upright two-armed figures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from meronym_synthetic.kit.curves import SIDES, Array, arc, around, bezier, ellipse, turn
from meronym_synthetic.kit.registry import kind
from meronym_synthetic.kit.rng import Rng
from meronym_synthetic.kit.solids import Solid, box, cylinder, ellipsoid, lathe, loft, move, plate, tube

Draw = Callable[[str, Array, Array, float, float], list[Solid]]
"""(part, start, end, start radius, end radius) -> the pieces of one length of an arm or a leg."""


@dataclass(frozen=True)
class Body:
    """The joints of a posed figure."""

    pelvis: Array
    chest: Array
    """Level with the shoulders."""
    head: Array
    """Middle of the head."""
    size: float
    """Radius of the head."""
    wide: float
    """Half the distance of the shoulders."""
    arms: list[Array]
    """Per side [4 3]: shoulder, bend, hand, finger tip."""
    legs: list[Array]
    """Per side [4 3]: hip, knee, ankle, foot tip."""


def _aim(side: float, out: float, fore: float) -> Array:
    """Downward unit vector turned by `out` to its side and `fore` to the front."""
    return np.array([side * np.sin(out), -np.cos(out) * np.cos(fore), np.cos(out) * np.sin(fore)])


def _step(u: Rng, stance: str) -> list[tuple[float, float, float]]:
    """Leg angles per side: out, thigh to the front, lower leg to the front."""
    if stance == "stride":
        swing = u(0.2, 0.6)
        return [(u(0, 0.1), swing, swing - u(0.1, 0.4)), (u(0, 0.1), -swing, -swing - u(0.1, 0.5))]
    if stance == "run":
        lift = u(0.8, 1.4)
        return [(0.03, -u(0.2, 0.7), -u(1.0, 1.7)), (0.03, lift, lift - u(0.9, 1.5))]
    if stance == "seat":
        out, thigh, shin = u(0.05, 0.5), u(1.25, 1.6), u(0.8, 1.5) if u.chance(0.3) else u(-0.2, 0.3)
        return [(out, thigh, shin)] * 2
    if stance == "crouch":
        thigh = u(0.4, 1.1)
        return [(u(0.05, 0.4), thigh, -u(0.2, 0.8))] * 2
    if stance == "lift":
        thigh = u(0.7, 1.7)
        return [(0.04, 0, 0), (u(0, 0.4), thigh, thigh - u(0, 1.6))]
    out = u(0.3, 0.6) if stance == "spread" else u(0.02, 0.15)
    return [(out, u(-0.08, 0.08), u(-0.12, 0.02)) for _ in SIDES]


def _reach(u: Rng, gesture: str, side: float) -> tuple[Array, Array]:
    """Directions of the upper arm and the forearm."""
    out, fore, out_turn, fore_turn = {
        "T": (u(1.35, 1.7), 0.0, u(-0.15, 0.15), 0.0),
        "A": (u(0.4, 1.0), u(-0.1, 0.2), u(-0.15, 0.1), u(0, 0.2)),
        "down": (u(0.1, 0.25), u(-0.2, 0.1), u(-0.1, 0), u(0, 0.4)),
        "up": (u(2.2, 2.9), 0.0, u(-0.1, 0.7), 0.0),
        "front": (u(0, 0.4), u(1.0, 1.7), u(-0.2, 0.1), u(-0.2, 0.5)),
        "swing": (u(0.1, 0.25), side * u(0.3, 0.9), 0.0, u(0.2, 1.5)),
        "hips": (u(0.7, 1.0), -u(0, 0.3), -u(1.3, 1.6), u(0.2, 0.5)),
        "carry": (u(0.1, 0.4), u(-0.1, 0.3), u(-0.3, 0), u(1.1, 1.6)),
    }[gesture]
    return _aim(side, out, fore), _aim(side, out + out_turn, fore + fore_turn)


def _body(
    u: Rng,
    head: float = 0.12,
    wide: float = 0.19,
    torso: float = 0.5,
    arm: float = 0.6,
    leg: float = 0.82,
    hips: float = 0.1,
    neck: float = 0.07,
    stances: tuple[str, ...] = ("stand", "stand", "stride", "run", "seat", "crouch", "lift", "spread"),
) -> Body:
    """A figure in a random pose, one of the stances, with these sizes."""
    stance = u.pick(*stances)
    lean = u(0.1, 0.5) if stance in ("run", "crouch") else u(-0.05, 0.1)
    up, tilt = _aim(1, 0, np.pi - lean), _aim(u.pick(*SIDES), u(0, 0.15), np.pi - lean - u(-0.2, 0.3))
    tilt[1] = abs(tilt[1])
    chest = up * torso
    both = u.pick("T", "A", "A", "down", "up", "front", "hips", "carry") if stance not in ("run", "stride") else "swing"
    gestures = (both, u.pick("up", "front", "down", "T", "carry", "hips")) if u.chance(0.3) else (both, both)
    arms, legs, share = [], [], u(0.8, 1)
    for side, gesture, (out, thigh, shin) in zip(SIDES, gestures, _step(u, stance), strict=True):
        upper, lower = _reach(u, gesture, side)
        shoulder = chest + np.array([side * wide, -0.02, 0])
        bend = shoulder + upper * arm * 0.42
        hand = bend + lower * arm * 0.4 * share
        arms.append(np.array([shoulder, bend, hand, hand + lower * arm * 0.2]))
        hip = np.array([side * hips, 0, 0])
        knee = hip + _aim(side, out, thigh) * leg * 0.52
        ankle = knee + _aim(side, out * 0.7, shin) * leg * 0.48
        toe = ankle + np.array([side * 0.15, np.sin(shin) - 0.25, np.cos(shin)]) * leg * u(0.17, 0.24)
        legs.append(np.array([hip, knee, ankle, toe]))
    return Body(np.zeros(3), chest, chest + tilt * (neck + head * 1.05), head, wide, arms, legs)


def _soft(part: str, start: Array, end: Array, r0: float, r1: float) -> list[Solid]:
    """Fleshy length of an arm or leg."""
    return [tube(part, [start, start * 0.65 + end * 0.35, end], [r0, max(r0, r1) * 1.05, r1])]


def _tin(part: str, start: Array, end: Array, r0: float, r1: float) -> list[Solid]:
    """Straight cylinder with a ball joint at its end."""
    return [cylinder(part, start, end, [r0, r1]), ellipsoid(part, end, r1 * 1.15)]


def _plank(part: str, start: Array, end: Array, r0: float, r1: float) -> list[Solid]:
    """Square beam."""
    along = end - start
    length = float(np.linalg.norm(along))
    y = along / length
    x = np.array([1.0, 0, 0]) - y * y[0] if abs(y[0]) < 0.9 else np.array([0, 0, 1.0])
    x /= np.linalg.norm(x)
    half = (r0 + r1) / 2
    return [box(part, (start + end) / 2, (half, length / 2 + half * 0.3, half), np.stack([x, y, np.cross(x, y)], 1), n=3)]


def _beams(b: Body, draw: Draw, arm: float, leg: float, hand: str = "arm/hand", foot: str = "leg/foot") -> list[Solid]:
    """Arms and legs of these radii."""
    pieces = []
    for a, g in zip(b.arms, b.legs, strict=True):
        pieces += draw("arm/upper arm", a[0], a[1], arm * 1.1, arm * 0.9) + draw(
            "arm/forearm", a[1], a[2], arm * 0.9, arm * 0.7
        )
        pieces += draw(hand, a[2], a[3], arm * 0.8, arm * 0.7)
        pieces += draw("leg/thigh", g[0], g[1], leg * 1.15, leg * 0.85) + draw(
            "leg/lower leg", g[1], g[2], leg * 0.8, leg * 0.55
        )
        pieces += draw(foot, g[2] * 0.9 + g[3] * 0.1 - np.array([0, leg * 0.2, 0]), g[3], leg * 0.65, leg * 0.5)
    return pieces


def _trunk(b: Body, part: str, depth: float, waist: float, hips: float) -> list[Solid]:
    """Chest, middle and hips."""
    up = b.chest - b.pelvis
    size = float(np.linalg.norm(up))
    pose = turn("x", float(np.arctan2(up[2], up[1])))
    return [
        ellipsoid(part, b.pelvis + up * 0.72, (b.wide * 0.98, size * 0.34, depth), pose, square=0.85),
        ellipsoid(part, b.pelvis + up * 0.35, (waist, size * 0.38, max(depth * 0.85, waist * 0.7)), pose),
        ellipsoid(part, b.pelvis + up * 0.04, (hips, size * 0.24, depth), square=0.9),
        tube(part, [b.arms[0][0] * (0.9, 1, 1), b.chest, b.arms[1][0] * (0.9, 1, 1)], depth * 0.65),
    ]


def _hair(u: Rng, c: Array, r: float, part: str = "head/hair") -> list[Solid]:
    """Short, long, curly, bun and pony-tail hair for a head of radius r."""
    pieces = [ellipsoid(part, c + np.array([0, 0.2, -0.2]) * r, np.array([1.08, 1.12, 1.08]) * r, turn("x", u(-0.2, 0.2)))]
    style = u.pick("short", "long", "bun", "tail", "curls")
    if style == "long":
        pieces.append(ellipsoid(part, c + np.array([0, -0.8, -0.55]) * r, np.array([0.95, u(1.2, 2), 0.5]) * r))
    elif style == "bun":
        pieces.append(ellipsoid(part, c + np.array([0, u(0.3, 1.2), -1.1]) * r, r * u(0.3, 0.5)))
    elif style == "tail":
        path = c + r * bezier((0, 0.5, -1), (0, 0.7, -2), (0, -1.2, -1.7))
        pieces.append(tube(part, path, r * np.linspace(0.32, 0.12, len(path))))
    elif style == "curls":
        pieces += [ellipsoid(part, c + r * np.array([0.8 * x, u(0, 0.9), 0.7 * z - 0.4]), r * 0.5) for x, z in around(7)]
    return pieces


def _hat(u: Rng, c: Array, r: float, pointed: bool = False) -> list[Solid]:
    """Top hat, cap, beanie, cowboy hat or a pointed hat on a head of radius r."""
    brim, tall = u(1.3, 2), u(0.9, 1.6)
    profile = {
        "top": [(0.01, 0), (brim, 0), (brim, 0.1), (0.9, 0.12), (0.95, tall), (0.01, tall)],
        "beanie": [(1.1, -0.2), (1.1, 0.1), (0.9, 0.6), (0.4, 0.85), (0.01, 0.9)],
        "cone": [(0.01, 0), (brim, -0.1), (0.95, 0.1), (0.5, tall), (0.01, tall * 1.7)],
        "cowboy": [(0.01, 0), (brim, 0.1), (brim, 0.2), (0.9, 0.1), (0.8, 0.8), (0.01, 0.7)],
    }["cone" if pointed else u.pick("top", "beanie", "cone", "cowboy")]
    return [lathe("hat", np.array(profile) * r, c + np.array([0, 0.5 * r, 0]))]


def _sword(u: Rng, hand: Array, size: float = 1.0) -> list[Solid]:
    """Sword standing in a hand."""
    long, fore = u(0.6, 1) * size, u(0, 1)
    parts = [
        plate("sword/blade", [(0.03, 0.06), (0.03, long * 0.85), (0.002, long)], 0.012),
        box("sword/guard", (0, 0.06, 0), (u(0.06, 0.12), 0.015, 0.02), n=2),
        cylinder("sword/handle", (0, -0.1, 0), (0, 0.06, 0), 0.018),
    ]
    return move(parts, hand, rotation=turn("x", fore) @ turn("y", u(0, 1.6)))


def _cape(u: Rng, b: Body, part: str) -> Solid:
    """Sheet that hangs from the shoulders behind the back."""
    top, drop, flare, blow = b.chest, u(0.7, 1.3), u(1, 1.8), u(0.05, 0.35)
    t = np.linspace(0, 1, 8)[:, None]
    centre = top + np.array([0, 0, -0.12]) + t * np.array([0, -drop, 0]) + t**2 * np.array([0, 0, -blow])
    half = b.wide * (0.9 + (flare - 0.9) * t) * np.array([1.0, 0, 0])
    return loft(part, centre, half, np.tile([[0, 0.0, 0.02]], (8, 1)))


def _fingers(a: Array, r: float, u: Rng) -> list[Solid]:
    """Five short fingers on an arm [4 3]."""
    along = a[3] - a[2]
    across = np.cross(along, [0, 0, 1.0])
    across /= np.linalg.norm(across) + 1e-6
    spread, long = u(0.5, 1.2), u(0.6, 1)
    tips = [a[3] + along * long * (1 - abs(k) * 0.15) + across * r * k * spread for k in (-1.2, -0.4, 0.4, 1.2)]
    thumb = tube("arm/hand", [a[2] + along * 0.3, a[2] + along * 0.9 + across * r * 2 + np.array([0, 0, r])], r * 0.45)
    return [thumb, *(tube("arm/hand", [a[3] + (tip - a[3]) * 0.1, tip], r * 0.42) for tip in tips)]


@kind("person", family="humanoid", names=("person", "human", "man", "woman", "human figure"), organic=True, synonyms={
    "torso": ("body", "trunk", "upper body", "chest"), "head": ("head of the figure", "noggin"), "neck": ("nape",),
    "hair": ("hairstyle", "wig"), "arm": ("upper extremity", "sleeve"), "upper arm": ("top of the arm",),
    "forearm": ("lower arm",), "hand": ("palm and fingers", "mitten"), "leg": ("lower extremity", "trouser leg"),
    "thigh": ("upper leg",), "lower leg": ("shin", "shank"), "foot": ("shoe", "feet"), "skirt": ("kilt", "dress"),
    "hat": ("cap", "headwear")})  # fmt: skip
def person(u: Rng) -> list[Solid]:
    """Men, women, children and cartoon people, thin to fat, in many poses, naked or in skirt, hat and hair."""
    build = u.pick("man", "woman", "child", "cartoon", "fat", "thin")
    head = {"child": u(0.14, 0.18), "cartoon": u(0.2, 0.32)}.get(build, u(0.1, 0.135))
    short = build in ("child", "cartoon")
    b = _body(
        u,
        head,
        wide=u(0.13, 0.17) if short or build == "woman" else u(0.16, 0.24),
        torso=u(0.35, 0.45) if short else u(0.45, 0.55),
        arm=u(0.4, 0.55) if short else u(0.6, 0.75),
        leg=u(0.4, 0.6) if short else u(0.75, 0.95),
        hips=u(0.07, 0.11),
        neck=u(0.03, 0.1),
    )
    thick = {"fat": u(1.3, 1.7), "thin": u(0.65, 0.8), "man": u(0.9, 1.3)}.get(build, u(0.8, 1))
    waist = {"fat": u(0.22, 0.3), "woman": u(0.09, 0.12)}.get(build, u(0.11, 0.16))
    pieces = _trunk(b, "torso", u(0.09, 0.12) * (1 + thick) / 2, waist, waist * 0.4 + u(0.08, 0.12))
    pieces += _beams(b, _soft, 0.045 * thick, 0.075 * thick)
    if u.chance(0.4):
        pieces += [piece for a in b.arms for piece in _fingers(a, 0.045 * thick, u)]
    pieces.append(tube(u.pick("torso", "torso", "neck"), [b.chest, b.chest * 0.4 + b.head * 0.6], u(0.04, 0.055) * thick**0.5))
    pieces.append(ellipsoid("head", b.head, head * np.array([u(0.75, 1), u(1, 1.2), u(0.85, 1)])))
    if u.chance():
        pieces.append(ellipsoid("head", b.head + head * np.array([0, -0.1, 1]), head * 0.2))
    if u.chance():
        pieces += _hair(u, b.head, head)
    if u.chance(0.15):
        pieces += _hat(u, b.head, head)
    if build == "woman" and u.chance():
        flare, drop = u(0.15, 0.4), u(0.3, 0.7)
        pieces.append(lathe("skirt", [(waist, 0.12), (0.15, 0), (flare, -drop), (flare * 0.9, -drop), (0.05, -0.05)]))
    return pieces


@kind("robot", family="humanoid", names=("robot", "android", "toy robot"), synonyms={
    "torso": ("body", "trunk", "upper body", "chest"), "head": ("head of the figure", "noggin"), "neck": ("nape",),
    "arm": ("upper extremity", "sleeve"), "upper arm": ("top of the arm",), "forearm": ("lower arm",),
    "shoulder": ("shoulder joint",), "hand": ("palm and fingers", "mitten"), "claw": ("tong", "robot hand"),
    "leg": ("lower extremity", "trouser leg"), "thigh": ("upper leg",), "lower leg": ("shin", "shank"),
    "foot": ("shoe", "feet"), "eye": ("eyeball",), "screen": ("display", "monitor"), "antenna": ("aerial",),
    "wheel": ("roller",), "base": ("plinth", "pedestal", "stand")})  # fmt: skip
def robot(u: Rng) -> list[Solid]:
    """Tin robots of boxes or cylinders, on legs, wheels or tracks, with antennas and claws."""
    head, wide, torso = u(0.12, 0.25), u(0.2, 0.35), u(0.4, 0.6)
    b = _body(
        u, head, wide, torso, arm=u(0.5, 0.8), leg=u(0.4, 0.8), hips=wide * 0.55, stances=("stand", "stand", "stride", "spread")
    )
    draw, r, depth = u.pick(_tin, _plank), u(0.04, 0.09), u(0.12, 0.25)
    core = b.chest / 2
    if u.chance(0.6):
        pieces = [box("torso", core, (wide * 0.85, torso * 0.56, depth))]
    else:
        pieces = [
            lathe(
                "torso",
                [(wide * 0.6, -torso * 0.55), (wide * 0.85, -torso * 0.4), (wide * 0.85, torso * 0.45), (0.05, torso * 0.58)],
                core,
            )
        ]
    pieces += [cylinder("arm/shoulder", a[0] - np.sign(a[0][0]) * np.array([0.08, 0, 0]), a[0], r * 1.4) for a in b.arms]
    if u.chance(0.75):
        pieces += _beams(b, draw, r, r * u(1, 1.4))
    else:
        pieces += [piece for piece in _beams(b, draw, r, r) if piece.part.startswith("arm")]
        pieces += [cylinder("wheel", (x * wide, -0.15, 0), (x * wide * 0.7, -0.15, 0), u(0.18, 0.25)) for x in SIDES]
        pieces.append(box("base", (0, -0.1, 0), (wide * 0.7, 0.1, 0.12)))
    if u.chance(0.4):
        pieces += [
            tube("arm/claw", [a[3], a[3] + (a[3] - a[2]) * 0.7 + np.array([0, 0, x * r])], r * 0.4)
            for a in b.arms
            for x in SIDES
        ]
    pieces.append(cylinder("neck", b.chest, b.head, head * 0.4))
    shape = u.pick("box", "can", "ball")
    if shape == "box":
        pieces.append(box("head", b.head, (head * u(0.8, 1.3), head * u(0.7, 1), head)))
    elif shape == "can":
        pieces.append(lathe("head", [(head, -head), (head, head * 0.5), (head * 0.6, head * 0.9), (0.01, head)], b.head))
    else:
        pieces.append(ellipsoid("head", b.head, head))
    pieces += [ellipsoid("head/eye", b.head + head * np.array([x * 0.4, 0.2, 0.95]), head * 0.22) for x in SIDES]
    if u.chance():
        for x in u.pick((0.0,), SIDES):
            top = b.head + head * np.array([x * 0.6, u(1.5, 2), 0])
            pieces += [
                cylinder("head/antenna", b.head + head * np.array([x * 0.5, 0.7, 0]), top, 0.012),
                ellipsoid("head/antenna", top, 0.03),
            ]
    if u.chance(0.3):
        pieces.append(box("screen", core + np.array([0, torso * 0.1, depth]), (wide * 0.5, torso * 0.2, 0.02), n=2))
    return pieces


@kind("teddy bear", family="toy bear", names=("teddy bear", "plush bear", "stuffed bear", "teddy"), organic=True, synonyms={
    "torso": ("body", "trunk", "upper body", "chest"), "head": ("head of the figure", "noggin"),
    "arm": ("upper extremity", "sleeve"), "leg": ("lower extremity", "trouser leg"), "ear": ("ear flap",), "eye": ("eyeball",),
    "nose": ("nostrils",), "snout": ("muzzle", "nose"), "bow tie": ("bow", "ribbon")})  # fmt: skip
def teddy_bear(u: Rng) -> list[Solid]:
    """Fat plush bears that stand, lie spread or rest on the ground, with snout, bow or patchy feet."""
    head, fat = u(0.24, 0.36), u(0.24, 0.36)
    b = _body(
        u,
        head,
        wide=fat * 0.8,
        torso=u(0.4, 0.6),
        arm=u(0.4, 0.6),
        leg=u(0.4, 0.6),
        hips=fat * 0.6,
        neck=-0.04,
        stances=("stand", "spread", "seat", "seat"),
    )
    pieces = [ellipsoid("torso", b.chest * 0.45, (fat, float(np.linalg.norm(b.chest)) * 0.62, fat * u(0.8, 1)))]
    pieces.append(ellipsoid("head", b.head, head * np.array([u(1, 1.15), u(0.85, 1), u(0.85, 1)])))
    ear, size = u.pick("ear", "ear", "head/ear"), head * u(0.3, 0.45)
    pieces += [ellipsoid(ear, b.head + head * np.array([x * 0.75, u(0.7, 0.85), 0]), (size, size, size * 0.6)) for x in SIDES]
    thick, stub = u(0.09, 0.14), u(1, 1.4)
    for a, g in zip(b.arms, b.legs, strict=True):
        pieces.append(tube("arm", [a[0] * 0.8 + b.chest * 0.2, a[1], a[2]], [thick, thick, thick * u(0.9, 1.2)]))
        pieces += [tube("leg", [g[0], g[1], g[2]], [thick * 1.2, thick * 1.2, thick]), tube("leg", [g[2], g[3]], thick * stub)]
    if u.chance(0.7):
        pieces.append(
            ellipsoid(
                u.pick("head/snout", "head"), b.head + head * np.array([0, -0.25, 0.85]), head * np.array([0.45, 0.35, 0.35])
            )
        )
        pieces.append(ellipsoid("head/nose", b.head + head * np.array([0, -0.1, 1.2]), head * 0.12, melt=False))
    if u.chance():
        pieces += [
            ellipsoid("head/eye", b.head + head * np.array([x * 0.35, 0.2, 0.92]), head * 0.1, melt=False) for x in SIDES
        ]
    if u.chance(0.2):
        pieces += [
            ellipsoid(
                "bow tie", b.chest + np.array([x * 0.1, 0, fat * 0.75]), (0.1, 0.06, 0.04), turn("z", x * 0.3), melt=False
            )
            for x in SIDES
        ]
    return pieces


@kind("doll", family="humanoid", names=("doll", "rag doll", "puppet"), organic=True, synonyms={
    "torso": ("body", "trunk", "upper body", "chest"), "head": ("head of the figure", "noggin"), "hair": ("hairstyle", "wig"),
    "arm": ("upper extremity", "sleeve"), "upper arm": ("top of the arm",), "forearm": ("lower arm",),
    "hand": ("palm and fingers", "mitten"), "leg": ("lower extremity", "trouser leg"), "thigh": ("upper leg",),
    "lower leg": ("shin", "shank"), "foot": ("shoe", "feet"), "dress": ("skirt", "gown"), "eye": ("eyeball",)})  # fmt: skip
def doll(u: Rng) -> list[Solid]:
    """Rag dolls and wooden dolls with a big head, hair and dress."""
    head = u(0.16, 0.26)
    b = _body(
        u,
        head,
        wide=u(0.11, 0.16),
        torso=u(0.3, 0.4),
        arm=u(0.4, 0.5),
        leg=u(0.4, 0.6),
        hips=0.08,
        neck=0.03,
        stances=("stand", "spread", "seat"),
    )
    pieces = _trunk(b, "torso", 0.09, 0.09, 0.1) + _beams(b, _soft, u(0.035, 0.05), u(0.05, 0.06))
    pieces += [tube("torso", [b.chest, b.head], 0.04), ellipsoid("head", b.head, head), *_hair(u, b.head, head)]
    pieces += [ellipsoid("head/eye", b.head + head * np.array([x * 0.35, 0.1, 0.9]), head * 0.14, melt=False) for x in SIDES]
    if u.chance(0.7):
        flare = u(0.2, 0.35)
        pieces.append(lathe("dress", [(0.14, 0.3), (0.11, 0.12), (flare, -u(0.15, 0.4)), (flare * 0.8, -0.15), (0.05, 0)]))
    return pieces


@kind("snowman", family="snowman", names=("snowman", "snow figure"), synonyms={
    "body": ("torso", "trunk"), "head": ("head of the figure", "noggin"), "arm": ("upper extremity", "sleeve"),
    "hat": ("cap", "headwear"), "eye": ("eyeball",), "nose": ("nostrils",), "scarf": ("shawl", "muffler"), "broom": ("besom",),
    "button": ("knob",)})  # fmt: skip
def snowman(u: Rng) -> list[Solid]:
    """Two or three balls of snow with carrot nose, stick arms, hat, scarf, buttons or a broom."""
    n, y, r = u.count(2, 3), 0.0, u(0.35, 0.5)
    pieces: list[Solid] = []
    for i in range(n):
        pieces.append(ellipsoid("body" if i < n - 1 else "head", (0, y, 0), (r, r * u(0.85, 1), r)))
        if i < n - 1:
            belly, low, y, r = r, y, y + r * 1.35, r * u(0.65, 0.8)
    head = np.array([0, y, 0])
    if u.chance(0.85):
        pieces.append(tube("nose", [(0, y, r * 0.9), (0, y + u(-0.1, 0.1), r * u(1.4, 2))], [r * 0.15, 0.01]))
    if u.chance(0.8):
        pieces += [ellipsoid("eye", head + r * np.array([x * 0.35, 0.3, 0.87]), r * 0.1) for x in SIDES]
    if u.chance(0.8):
        for x in SIDES:
            tip = np.array([x * belly * u(1.8, 2.3), low + u(0.2, 0.7), u(-0.1, 0.3)])
            pieces.append(tube("arm", [np.array([x * belly * 0.7, low + belly * 0.3, 0]), tip], 0.03))
            pieces += [tube("arm", [tip * 0.95, tip + np.array([x * 0.1, k * 0.1, 0])], 0.015) for k in (-1, 0.2, 1)]
    if u.chance(0.7):
        pieces += _hat(u, head, r * 0.85)
    if u.chance(0.6):
        pieces.append(tube("scarf", ellipse((0, y - r * 0.7, 0), r * 0.8, r * 0.8, "xz", 24), r * 0.18))
        pieces.append(tube("scarf", [(0.1, y - r * 0.7, r * 0.8), (0.15, y - r * 1.8, r * 1.1)], r * 0.15, flat=0.5))
    if u.chance():
        pieces += [ellipsoid("button", (0, low + belly * k, belly * np.sqrt(1 - k * k)), 0.035) for k in (0.6, 0.3, 0)]
    if u.chance(0.2):
        pieces += [
            cylinder("broom", (belly * 1.2, low - belly, 0.2), (belly * 1.2, y, 0.2), 0.02),
            lathe("broom", [(0.02, 0.3), (0.12, 0), (0.01, 0)], (belly * 1.2, y, 0.2)),
        ]
    return pieces


@kind("astronaut", family="humanoid", names=("astronaut", "spaceman", "cosmonaut"), organic=True, synonyms={
    "torso": ("body", "trunk", "upper body", "chest"), "arm": ("upper extremity", "sleeve"), "upper arm": ("top of the arm",),
    "forearm": ("lower arm",), "leg": ("lower extremity", "trouser leg"), "thigh": ("upper leg",),
    "lower leg": ("shin", "shank"), "boot": ("shoe", "foot"), "glove": ("hand", "gauntlet"),
    "backpack": ("rucksack", "bag", "life support pack"), "helmet": ("headgear", "head protection"),
    "visor": ("face shield", "eye shield")})  # fmt: skip
def astronaut(u: Rng) -> list[Solid]:
    """Bulky space suits with helmet, visor and backpack."""
    b = _body(
        u,
        head=u(0.16, 0.22),
        wide=u(0.2, 0.26),
        arm=u(0.55, 0.65),
        leg=u(0.6, 0.8),
        hips=0.13,
        neck=0.02,
        stances=("stand", "stride", "spread", "lift", "seat"),
    )
    pieces = _trunk(b, "torso", u(0.14, 0.18), u(0.18, 0.22), 0.2) + _beams(
        b, _soft, u(0.075, 0.1), u(0.1, 0.13), "arm/glove", "leg/boot"
    )
    pieces.append(ellipsoid("helmet", b.head, b.size, melt=u.chance()))
    visor = b.head + np.array([0, 0.02, b.size * 0.35])
    pieces.append(ellipsoid("helmet/visor", visor, b.size * np.array([0.8, 0.65, 0.75]), melt=False))
    pieces.append(box("backpack", b.chest * 0.65 + np.array([0, 0, -0.2]), (u(0.14, 0.2), u(0.18, 0.26), u(0.06, 0.12))))
    return pieces


@kind("knight", family="humanoid", names=("knight", "warrior", "soldier in armor"), organic=True, synonyms={
    "neck": ("nape",), "arm": ("upper extremity", "sleeve"), "upper arm": ("top of the arm",), "forearm": ("lower arm",),
    "hand": ("palm and fingers", "mitten"), "leg": ("lower extremity", "trouser leg"), "thigh": ("upper leg",),
    "lower leg": ("shin", "shank"), "foot": ("shoe", "feet"), "cape": ("cloak", "mantilla"),
    "helmet": ("headgear", "head protection"), "visor": ("face shield", "eye shield"), "plume": ("feather", "crest"),
    "armor": ("breastplate", "body armor", "torso"), "shoulder pad": ("pauldron", "shoulder armor"),
    "sword": ("weapon", "saber"), "blade": ("sword blade", "edge"), "handle": ("hilt", "haft"),
    "guard": ("crossguard", "hand guard"), "shield": ("buckler", "defensive plate")})  # fmt: skip
def knight(u: Rng) -> list[Solid]:
    """Armored fighters with helmet, sword, round, square or kite shield, cape and plume."""
    b = _body(u, wide=u(0.2, 0.26), stances=("stand", "stand", "stride", "spread", "crouch", "lift"))
    soft = u.chance(0.7)
    pieces = _trunk(b, "armor", u(0.12, 0.15), u(0.13, 0.17), 0.15) + _beams(
        b, _soft if soft else _plank, u(0.055, 0.07), u(0.08, 0.1)
    )
    pieces += [
        ellipsoid("armor/shoulder pad", a[0] + np.array([0, 0.03, 0]), (0.1, 0.07, 0.1), melt=False) for a in b.arms if soft
    ]
    r, c = b.size, b.head
    pieces.append(cylinder("neck", b.chest, c, 0.05))
    pieces.append(lathe("helmet", r * np.array([(1, -1.1), (1.1, 0.1), (0.9, 0.8), (0.4, 1.2), (0.01, u(1.2, 1.5))]), c))
    if u.chance(0.6):
        visor = c + r * np.array([0, -0.1, 0.5])
        pieces.append(ellipsoid("helmet/visor", visor, r * np.array([0.85, 0.6, u(0.7, 1)]), melt=False))
    if u.chance(0.4):
        pieces.append(tube("helmet/plume", c + r * arc((0, 0, -0.3), 1.3, 1.5, np.pi * 0.4, np.pi, "zy"), r * 0.25))
    if u.chance(0.75):
        pieces += _sword(u, b.arms[0][3])
    if u.chance(0.7):
        hand, w, h = b.arms[1][2], u(0.18, 0.28), u(0.25, 0.4)
        outline = u.pick(
            [(0.01, -h), (w * 0.7, -h * 0.5), (w, 0.2 * h), (w, h * 0.8)],
            [(w, -h), (w, h)],
            [(w * np.cos(k), w * np.sin(k)) for k in np.linspace(-1.5, 1.5, 9)],
        )
        pieces.append(plate("shield", outline, 0.025, hand + np.array([0.07, 0, 0.03]), turn("y", u(0, 1.57))))
    if u.chance(0.4):
        pieces.append(_cape(u, b, "cape"))
    return pieces


@kind(
    "game character", family="humanoid", names=("game character", "blocky character", "low-poly character", "hero"),
    synonyms={
    "body": ("torso", "trunk"), "head": ("head of the figure", "noggin"), "hair": ("hairstyle", "wig"),
    "arm": ("upper extremity", "sleeve"), "hand": ("palm and fingers", "mitten"), "leg": ("lower extremity", "trouser leg"),
    "foot": ("shoe", "feet"), "hat": ("cap", "headwear"), "eye": ("eyeball",),
    "backpack": ("rucksack", "bag", "life support pack"), "sword": ("weapon", "saber"), "blade": ("sword blade", "edge"),
    "handle": ("hilt", "haft"), "guard": ("crossguard", "hand guard")})  # fmt: skip
def game_character(u: Rng) -> list[Solid]:
    """Blocky low-poly heroes: box head, box body, straight arms and legs, hats, hair, swords and backpacks."""
    head = u(0.18, 0.36)
    b = _body(
        u,
        head,
        wide=u(0.22, 0.3),
        torso=u(0.35, 0.5),
        arm=u(0.4, 0.6),
        leg=u(0.3, 0.55),
        hips=0.11,
        neck=-0.02,
        stances=("stand", "stand", "stride", "spread"),
    )
    depth, thick = u(0.1, 0.16), u(0.06, 0.1)
    pieces = [box("body", b.chest * 0.5, (b.wide * u(0.7, 0.95), float(np.linalg.norm(b.chest)) * 0.56, depth))]
    fine = u.chance()
    for a, g in zip(b.arms, b.legs, strict=True):
        pieces += _plank("arm", a[0], a[2], thick, thick * 0.9) + _plank(
            "arm/hand" if fine else "arm", a[2], a[3], thick * 0.8, thick * 0.8
        )
        pieces += _plank("leg", g[0], g[2], thick * 1.2, thick) + _plank(
            "leg/foot" if fine else "leg", g[2], g[3], thick * 0.7, thick * 0.7
        )
    square = u.chance(0.6)
    pieces.append(
        box("head", b.head, head * np.array([u(0.9, 1.1), 1, u(0.8, 1)]))
        if square
        else ellipsoid("head", b.head, head, square=u(0.6, 1))
    )
    if u.chance():
        pieces += [
            box("head/eye", b.head + head * np.array([x * 0.4, 0.1, 0.95]), head * np.array([0.1, 0.15, 0.08]), n=1)
            for x in SIDES
        ]
    style = u.pick("hat", "hair", "cap", "bald")
    if style == "hat":
        pieces += _hat(u, b.head + np.array([0, head * 0.5, 0]), head * 0.8)
    elif style == "hair":
        pieces.append(box("head/hair", b.head + head * np.array([0, 0.75, -0.1]), head * np.array([1.15, 0.4, 1.05]), n=3))
        pieces.append(box("head/hair", b.head + head * np.array([0, 0, -0.9]), head * np.array([1.15, u(0.5, 1.2), 0.2]), n=3))
    elif style == "cap":
        pieces += [
            box("hat", b.head + head * np.array([0, 0.95, 0]), head * np.array([1.1, 0.2, 1.1])),
            box("hat", b.head + head * np.array([0, 0.85, 1.3]), head * np.array([0.8, 0.06, 0.5])),
        ]
    if u.chance(0.25):
        pieces += _sword(u, b.arms[0][3])
    if u.chance(0.2):
        pieces.append(box("backpack", b.chest * 0.55 + np.array([0, 0, -depth - 0.08]), (0.14, 0.17, 0.09)))
    return pieces


def _robed(u: Rng, b: Body, part: str, flare: float) -> list[Solid]:
    """A floor-length robe with wide sleeves, hands and a head."""
    drop = -float(min(g[2][1] for g in b.legs)) + 0.05
    profile = [
        (0.01, -drop),
        (flare, -drop),
        (flare * 0.6, -0.2),
        (b.wide * 0.75, 0.05),
        (b.wide, b.chest[1]),
        (0.05, b.chest[1] + 0.08),
    ]
    pieces = [lathe(part, profile)]
    for a in b.arms:
        pieces.append(tube("arm", [a[0], a[1], a[2]], [0.07, 0.07, u(0.07, 0.13)], round_ends=False))
        pieces.append(tube("arm/hand", [a[2], a[3]], 0.045))
    pieces += [tube("neck", [b.chest, b.head], 0.05), ellipsoid("head", b.head, b.size * np.array([0.9, 1.1, 0.95]))]
    return pieces


@kind("mage", family="humanoid", names=("mage", "wizard", "witch", "sorcerer"), synonyms={
    "head": ("head of the figure", "noggin"), "neck": ("nape",), "arm": ("upper extremity", "sleeve"),
    "hand": ("palm and fingers", "mitten"), "robe": ("gown", "dress", "tunic"), "cloak": ("cape", "coat"),
    "hat": ("cap", "headwear"), "beard": ("facial hair",), "staff": ("stick", "wand", "rod")})  # fmt: skip
def mage(u: Rng) -> list[Solid]:
    """Wizards and witches in robes with pointed hat, staff, beard and cloak."""
    b = _body(u, head=u(0.12, 0.2), torso=u(0.4, 0.5), leg=u(0.5, 0.8), stances=("stand",))
    pieces = _robed(u, b, "robe", u(0.25, 0.45)) + _hat(u, b.head, b.size, pointed=u.chance(0.9))
    if u.chance(0.5):
        pieces.append(_cape(u, b, "cloak"))
    if u.chance(0.8):
        x, _, z = b.arms[0][3]
        foot, top = b.legs[0][2][1] - 0.05, b.arms[0][3][1] + u(0.3, 0.7)
        pieces.append(tube("staff", [(x, foot, z), (x, top, z)], 0.025))
        pieces.append(
            u.pick(
                ellipsoid("staff", (x, top + 0.05, z), 0.08),
                tube("staff", arc((x, top + 0.08, z), 0.08, 0.1, -1.5, 4, "xy"), 0.025),
            )
        )
    if u.chance(0.6):
        beard = b.head + np.array([0, -b.size * 1.2, b.size * 0.6])
        pieces.append(ellipsoid("head/beard", beard, (b.size * 0.6, b.size * u(0.8, 1.8), b.size * 0.35)))
    return pieces


@kind("gnome", family="humanoid", names=("gnome", "dwarf", "garden gnome"), organic=True, synonyms={
    "torso": ("body", "trunk", "upper body", "chest"), "head": ("head of the figure", "noggin"),
    "arm": ("upper extremity", "sleeve"), "hand": ("palm and fingers", "mitten"), "leg": ("lower extremity", "trouser leg"),
    "boot": ("shoe", "foot"), "hat": ("cap", "headwear"), "beard": ("facial hair",), "nose": ("nostrils",)})  # fmt: skip
def gnome(u: Rng) -> list[Solid]:
    """Garden gnomes and dwarfs: stout, bearded, pointed hat."""
    b = _body(
        u,
        head=u(0.18, 0.25),
        wide=u(0.2, 0.26),
        torso=u(0.35, 0.42),
        arm=u(0.4, 0.5),
        leg=u(0.25, 0.4),
        hips=0.11,
        neck=-0.02,
        stances=("stand", "stride", "seat"),
    )
    pieces = [ellipsoid("torso", b.chest * 0.5, (b.wide * 1.05, 0.28, b.wide * 0.95)), ellipsoid("head", b.head, b.size)]
    for a, g in zip(b.arms, b.legs, strict=True):
        pieces += (
            _soft("arm", a[0], a[1], 0.08, 0.07)
            + _soft("arm", a[1], a[2], 0.07, 0.06)
            + _soft("arm/hand", a[2], a[3], 0.065, 0.06)
        )
        pieces += (
            _soft("leg", g[0], g[1], 0.11, 0.1)
            + _soft("leg", g[1], g[2], 0.1, 0.08)
            + _soft("leg/boot", g[2], g[3], 0.08, 0.08)
        )
    r, c = b.size, b.head
    pieces.append(ellipsoid("head/beard", c + r * np.array([0, -0.8, 0.6]), r * np.array([u(0.7, 1), u(0.8, 1.5), 0.5])))
    pieces.append(ellipsoid("head/nose", c + r * np.array([0, 0, 1]), r * u(0.18, 0.3)))
    return pieces + _hat(u, c, r, pointed=True)


@kind("skeleton", family="humanoid", names=("skeleton", "bones"), synonyms={
    "head": ("head of the figure", "noggin"), "arm": ("upper extremity", "sleeve"), "upper arm": ("top of the arm",),
    "forearm": ("lower arm",), "hand": ("palm and fingers", "mitten"), "leg": ("lower extremity", "trouser leg"),
    "thigh": ("upper leg",), "lower leg": ("shin", "shank"), "foot": ("shoe", "feet"), "jaw": ("chin", "jawbone"),
    "spine": ("backbone", "vertebrae"), "rib cage": ("ribs", "chest bones"), "pelvis": ("hip bone", "hips")})  # fmt: skip
def skeleton(u: Rng) -> list[Solid]:
    """Bones only: head with jaw, spine, rib cage, hip bone, thin arms and legs with knobs."""
    b = _body(u, head=u(0.12, 0.2), wide=u(0.15, 0.2), neck=0.09)
    up = b.chest - b.pelvis
    pieces = [tube("spine", [b.pelvis, b.pelvis + up * 0.5 + np.array([0, 0, -0.04]), b.chest, b.head], 0.028)]
    for k in np.linspace(0.5, 1, u.count(4, 6)):
        ring = ellipse(up * k + np.array([0, 0, 0.02]), b.wide * u(0.7, 0.8) * np.sin(k * 2.2), 0.1, "xz", 20)
        pieces.append(tube("rib cage", ring, 0.02))
    pieces.append(tube("rib cage", [up * 0.6 + np.array([0, 0, 0.12]), up + np.array([0, 0, 0.1])], 0.02))
    pieces.append(tube("rib cage", [b.arms[0][0], b.chest, b.arms[1][0]], 0.022))
    pelvis = [b.legs[0][0] * 1.2 + (0, 0.08, 0), (0, -0.02, 0.03), b.legs[1][0] * 1.2 + (0, 0.08, 0)]
    pieces.append(tube("pelvis", pelvis, [0.05, 0.04, 0.05]))
    for a, g in zip(b.arms, b.legs, strict=True):
        for names, p, r in (
            (("arm/upper arm", "arm/forearm", "arm/hand"), a, 0.022),
            (("leg/thigh", "leg/lower leg", "leg/foot"), g, 0.028),
        ):
            pieces += [
                tube(name, [p[i], p[i] * 0.8 + p[i + 1] * 0.2, p[i] * 0.2 + p[i + 1] * 0.8, p[i + 1]], [r * 1.5, r, r, r * 1.5])
                for i, name in enumerate(names)
            ]
        pieces += _fingers(a, 0.04, u)
    pieces += [
        ellipsoid("head", b.head, b.size * np.array([0.85, 0.95, 1])),
        box("head/jaw", b.head + b.size * np.array([0, -0.9, 0.5]), b.size * np.array([0.45, 0.25, 0.4])),
    ]
    return pieces


@kind("angel", family="humanoid", names=("angel", "fairy", "winged figure"), organic=True, synonyms={
    "torso": ("body", "trunk", "upper body", "chest"), "head": ("head of the figure", "noggin"), "neck": ("nape",),
    "hair": ("hairstyle", "wig"), "arm": ("upper extremity", "sleeve"), "upper arm": ("top of the arm",),
    "forearm": ("lower arm",), "hand": ("palm and fingers", "mitten"), "leg": ("lower extremity", "trouser leg"),
    "thigh": ("upper leg",), "lower leg": ("shin", "shank"), "foot": ("shoe", "feet"), "robe": ("gown", "dress", "tunic"),
    "wing": ("feathered wing",), "halo": ("ring", "nimbus")})  # fmt: skip
def angel(u: Rng) -> list[Solid]:
    """Winged figures in robe or bare, with halo."""
    b = _body(u, head=u(0.11, 0.2), leg=u(0.5, 0.85), stances=("stand", "stand", "stride", "lift"))
    if u.chance(0.6):
        pieces = _robed(u, b, "robe", u(0.2, 0.35))
    else:
        pieces = _trunk(b, "torso", 0.1, u(0.1, 0.15), 0.13) + _beams(b, _soft, u(0.04, 0.055), u(0.06, 0.08))
        pieces += [tube("neck", [b.chest, b.head], 0.045), ellipsoid("head", b.head, b.size)]
    pieces += _hair(u, b.head, b.size)
    span, rise, chord, fold = u(0.4, 0.9), u(-0.2, 0.5), u(0.2, 0.35), u(0.1, 0.4)
    for x in SIDES:
        root = b.chest + np.array([x * 0.04, -0.15, -0.09])
        path = root + bezier((0, 0, 0), (x * span * 0.4, 0.5, -fold * 0.3), (x * span, rise, -fold), n=9)
        half = chord * np.array([0.3, 0.5, 0.7, 0.9, 1, 1, 0.9, 0.65, 0.1])[:, None]
        pieces.append(loft("wing", path - half * (0, 1, 0), half * (-x * 0.3, 1, 0), np.tile([[0, 0, 0.025]], (9, 1))))
    if u.chance(0.6):
        halo = ellipse(b.head + np.array([0, b.size * 1.5, -0.02]), 0.12, 0.12, "xz", 24)
        pieces.append(tube("halo", halo, 0.015, melt=False))
    return pieces


@kind("alien", family="humanoid", names=("alien", "extraterrestrial", "creature"), organic=True, synonyms={
    "torso": ("body", "trunk", "upper body", "chest"), "head": ("head of the figure", "noggin"), "neck": ("nape",),
    "arm": ("upper extremity", "sleeve"), "upper arm": ("top of the arm",), "forearm": ("lower arm",),
    "hand": ("palm and fingers", "mitten"), "leg": ("lower extremity", "trouser leg"), "thigh": ("upper leg",),
    "lower leg": ("shin", "shank"), "foot": ("shoe", "feet"), "eye": ("eyeball",), "antenna": ("aerial",)})  # fmt: skip
def alien(u: Rng) -> list[Solid]:
    """Thin figures with a big egg head, large eyes, antennas and two to four fingers."""
    b = _body(
        u,
        head=u(0.18, 0.28),
        wide=u(0.1, 0.15),
        torso=u(0.35, 0.5),
        arm=u(0.6, 0.8),
        leg=u(0.5, 0.8),
        hips=0.07,
        neck=u(0.08, 0.2),
    )
    pieces = _trunk(b, "torso", u(0.07, 0.1), u(0.06, 0.15), 0.09) + _beams(b, _soft, u(0.03, 0.04), u(0.04, 0.05))
    r, c = b.size, b.head
    pieces += [
        tube("neck", [b.chest, c], 0.035),
        ellipsoid("head", c, r * np.array([0.85, 1.1, 0.9])),
        ellipsoid("head", c + r * np.array([0, -0.6, 0.2]), r * 0.5),
    ]
    pieces += [
        ellipsoid(
            "head/eye",
            c + r * np.array([x * 0.4, -0.05, 0.72]),
            r * np.array([0.3, u(0.2, 0.3), 0.2]),
            turn("z", x * 0.5),
            melt=False,
        )
        for x in SIDES
    ]
    if u.chance(0.4):
        pieces += [
            tube("head/antenna", c + r * bezier((x * 0.3, 0.8, 0), (x * 0.5, 1.6, 0), (x * 0.8, 1.8, 0.2)), 0.022)
            for x in SIDES
        ]
    return pieces
