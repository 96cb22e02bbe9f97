"""Dinosaurs, dragons and other beasts on two legs."""

from __future__ import annotations

import numpy as np

from meronym_synthetic.kit.anatomy import blade, eyes, limb, unit, vec
from meronym_synthetic.kit.curves import SIDES, Array, bezier, turn
from meronym_synthetic.kit.registry import kind
from meronym_synthetic.kit.rng import Rng
from meronym_synthetic.kit.solids import Solid, ellipsoid, tube


def _fingers(u: Rng, part: str, palm: Array, way: Array, side: Array, n: int, long: float, r: float) -> list[Solid]:
    """Claws or fingers fanned from the end of a limb."""
    fan = np.linspace(-0.7, 0.7, n)
    return [tube(part, [palm, palm + long * unit(way + k * side)], [r, r * 0.6]) for k in fan]


def _biped_legs(u: Rng, hip: Array, wide: float, tall: float, r: float, fine: bool, foot: float) -> list[Solid]:
    """Two legs standing, stepping or with bent knees; the sole is at `hip` minus `tall`."""
    names = ("leg/thigh", "leg/lower leg", "leg/foot") if fine else ("leg",) * 3
    stance, spread, bend = u(0, 0.35), u(0, 0.35), u(0.02, 0.35)
    claws, turned = u.count(3, 4) if u.chance(0.4) else 0, u(0, 0.5)
    pieces = []
    for x in SIDES:
        top = hip + vec(x * wide, 0, 0)
        ankle = vec(
            top[0] + x * spread * tall * 0.6, hip[1] - tall + r * 0.6, top[2] + x * stance * tall * 0.5 - bend * tall * 0.3
        )
        knee = (top * 0.52 + ankle * 0.48) + vec(x * 0.03, 0, bend * tall * 0.6)
        way = unit(vec(x * turned, 0, 1))
        toe = ankle + foot * way - vec(0, r * 0.1, 0)
        pieces += limb(names, [top, knee, ankle, toe], [r * 1.5, r * 1.05, r * 0.75, r * 0.65])
        pieces += _fingers(u, names[-1], toe, way, vec(way[2], 0, -way[0]), claws, foot * 0.5, r * 0.45) if claws else []
    return pieces


def _arms(u: Rng, shoulder: Array, wide: float, length: float, r: float, fine: bool) -> list[Solid]:
    """Two arms raised, stretched, hanging or bent to the front, alike or each in its own way."""
    names = ("arm/upper arm", "arm/forearm", "arm/hand") if fine else ("arm",) * 3
    pose, claws = u.pick("down", "out", "up", "front", "bent", "own"), u.count(3, 4) if u.chance(0.45) else 0
    pieces = []
    for x in SIDES:
        kind = u.pick("down", "out", "up", "front", "bent") if pose == "own" else pose
        first, second = {
            "down": ((0.35, -1, 0.1), (0.15, -1, 0.3)),
            "out": ((1, u(-0.3, 0.3), 0.1), (1, u(-0.2, 0.8), 0.3)),
            "up": ((1, u(0.0, 0.8), 0.1), (u(-0.2, 0.6), 1, 0.2)),
            "front": ((0.4, u(-0.5, 0.1), 1), (u(-0.2, 0.2), u(-0.2, 0.5), 1)),
            "bent": ((0.7, -1, 0), (u(-0.3, 0.4), u(0, 1), 1)),
        }[kind]
        start = shoulder + vec(x * wide, 0, 0)
        bend = start + 0.5 * length * unit(np.array(first) * [x, 1, 1])
        way = unit(np.array(second) * [x, 1, 1])
        palm = bend + 0.42 * length * way
        pieces += limb(names, [start, bend, palm, palm + way * 0.16 * length], [r * 1.2, r, r * 0.8, r * 0.85])
        side = unit(np.cross(way, vec(0, 0.3, 1) if abs(way[2]) < 0.9 else vec(0, 1, 0)))
        pieces += _fingers(u, names[-1], palm + way * 0.14 * length, way, side, claws, length * 0.17, r * 0.5) if claws else []
    return pieces


def _snouted_head(u: Rng, neck: Array, size: float, aim: Array, ears: str) -> list[Solid]:
    """Ball with a muzzle; ears long, round or none, horns by chance."""
    head, up = neck + vec(0, size * 0.6, size * 0.3), vec(0, 1, 0)
    pieces = [ellipsoid("head", head, size * np.array([0.95, 0.95, 1.05]))]
    pieces.append(
        tube(u.pick("head", "head/snout"), [head, head + aim * size * u(1.1, 2.0)], [size * 0.75, size * u(0.35, 0.55)])
    )
    side, long = unit(np.cross(up, aim)), size * (u(1.0, 1.8) if ears == "long" else u(0.4, 0.7))
    for x in SIDES if ears != "none" else ():
        base, way = head + size * (0.6 * up + 0.55 * x * side), unit(up + u(0.3, 1.0) * x * side - 0.3 * aim)
        path = [base + way * long * t for t in np.linspace(-0.2, 1, 6)]
        if u.chance():
            pieces.append(tube("ear", path, size * np.array([0.25, 0.35, 0.4, 0.35, 0.25, 0.1])))
        else:
            pieces.append(blade("ear", path, size * np.array([0.25, 0.45, 0.4, 0.08]), np.cross(way, aim), size * 0.12))
    if ears == "none" and u.chance(0.6):
        pieces += [
            tube(
                "horn",
                [head + size * vec(x * 0.5, 0.7, 0), head + size * vec(x * u(0.6, 1), u(1.2, 1.9), -0.2)],
                [0.05, 0.02],
                melt=False,
            )
            for x in SIDES
        ]
    return pieces + (eyes(head, size, 0.5, 0.4, 0.75, 0.15) if u.chance(0.3) else [])


@kind(
    "armadillo", family="upright creature", names=("armadillo", "standing armadillo", "upright beast"), organic=True,
    synonyms={
    "head": ("animal head",), "torso": ("body", "chest", "front of the body"), "shell": ("hard shell", "back shell", "armour"),
    "leg": ("animal leg",), "thigh": ("upper leg",), "lower leg": ("shin",), "foot": ("animal foot",),
    "arm": ("animal arm", "front leg"), "upper arm": ("arm above the forearm",), "forearm": ("lower arm",),
    "hand": ("palm and fingers",), "ear": ("animal ear",), "tail": ("animal tail",), "neck": ("animal neck",),
    "snout": ("muzzle", "nose"), "eye": ("eyeball", "eye stalk")})  # fmt: skip
def armadillo(u: Rng) -> list[Solid]:
    """An armoured beast that stands like a person: shelled back, long ears, thin tail, arms in any pose."""
    tall, girth, length, lean = u(0.3, 0.45), u(0.17, 0.25), u(0.3, 0.42), u(-0.1, 0.3)
    hip = vec(0, tall, 0)
    way = vec(0, np.cos(lean), np.sin(lean))
    spine = bezier(hip, hip + way * length * 0.5 - vec(0, 0, u(-0.05, 0.08)), hip + way * length, n=10)
    profile = girth * np.interp(np.linspace(0, 1, 10), [0, 0.4, 0.8, 1], [0.85, 1, 0.95, 0.7])
    back = vec(0, 0.05, -girth * u(0.3, 0.5))
    pieces = [
        tube("torso", spine + vec(0, 0, girth * 0.1), profile * 0.95),
        tube("shell", spine + back, profile * u(1.0, 1.12)),
    ]
    size = u(0.1, 0.15)
    neck = spine[-1] + way * girth * 0.5
    if u.chance(0.3):
        pieces.append(tube("neck", [spine[-1], neck + way * 0.05], [girth * 0.6, size * 0.8]))
    pieces += _snouted_head(u, neck, size, unit(vec(u(-0.3, 0.3), u(-0.5, 0.2), 1)), "long")
    fine, r = u.chance(0.85), u(0.05, 0.075)
    pieces += _arms(u, spine[-2], girth * 0.75, u(0.45, 0.65), r, fine)
    pieces += _biped_legs(u, hip, girth * 0.55, tall, r * 1.2, fine, u(0.12, 0.2))
    root, far = hip - vec(0, 0, girth * 0.9), u(0.3, 0.6)
    end = root + vec(u(-0.3, 0.3), u(-0.9, 0.1) * tall, -far)
    tail = bezier(root, root - vec(0, tall * u(0.2, 0.6), far * 0.5), end, n=9)
    pieces.append(tube("tail", tail, np.linspace(0.08, 0.025, 9)))
    return pieces


@kind("monster", family="upright creature", names=("monster", "upright creature", "toy dinosaur"), organic=True, synonyms={
    "head": ("animal head",), "torso": ("body", "chest", "front of the body"), "leg": ("animal leg",), "thigh": ("upper leg",),
    "lower leg": ("shin",), "foot": ("animal foot",), "arm": ("animal arm", "front leg"),
    "upper arm": ("arm above the forearm",), "forearm": ("lower arm",), "hand": ("palm and fingers",), "ear": ("animal ear",),
    "tail": ("animal tail",), "neck": ("animal neck",), "snout": ("muzzle", "nose"), "eye": ("eyeball", "eye stalk"),
    "horn": ("spike on the head",), "spike": ("spine", "thorn")})  # fmt: skip
def monster(u: Rng) -> list[Solid]:
    """Upright monsters and toy dinosaurs: heavy tail, ears or horns, spikes down the back by chance."""
    tall, girth, length, lean = u(0.25, 0.45), u(0.15, 0.28), u(0.35, 0.5), u(-0.05, 0.4)
    hip, way = vec(0, tall, 0), vec(0, np.cos(lean), np.sin(lean))
    spine = bezier(hip, hip + way * length * 0.5, hip + way * length, n=10)
    top = u(0.6, 1.1)
    pieces = [tube("torso", spine, girth * np.interp(np.linspace(0, 1, 10), [0, 0.4, 1], [0.95, 1, top]))]
    size, reach = u(0.1, 0.2), u(0.02, 0.15)
    neck = spine[-1] + way * (girth * top * 0.6 + reach)
    if u.chance(0.5):
        pieces.append(tube("neck", [spine[-1], neck + way * size * 0.4], [girth * top * 0.6, size * 0.8]))
    else:
        pieces.append(tube("torso", [spine[-1], neck], [girth * top * 0.8, size * 0.8]))
    pieces += _snouted_head(u, neck, size, unit(vec(0, u(-0.3, 0.2), 1)), u.pick("round", "none", "long"))
    fine, r = u.chance(0.75), u(0.045, 0.08)
    pieces += _arms(u, spine[-2], girth * top * 0.85, u(0.35, 0.6), r, fine) + _biped_legs(
        u, hip, girth * 0.6, tall, r * 1.3, fine, u(0.12, 0.22)
    )
    if u.chance(0.85):
        far = u(0.35, 0.8)
        tail = bezier(
            hip - vec(0, 0, girth * 0.4),
            hip - vec(0, tall * 0.8, girth + far * 0.3),
            (u(-0.3, 0.3), u(0.05, 0.3), -girth - far),
            n=10,
        )
        pieces.append(tube("tail", tail, np.linspace(girth * 0.6, 0.035, 10)))
    if u.chance(0.3):
        rise = [spot - vec(0, 0, girth * 0.95) for spot in spine[2::2]]
        pieces += [tube("spike", [spot, spot + vec(0, 0.04, -u(0.08, 0.14))], [0.05, 0.015], melt=False) for spot in rise]
    return pieces


def _dinosaur_tail(u: Rng, root: Array, r: float, long: float) -> Solid:
    end = root + vec(u(-0.3, 0.3), u(-0.6, 0.2) * root[1], -long)
    return tube("tail", bezier(root, root - vec(0, root[1] * u(0, 0.4), long * 0.5), end, n=14), np.linspace(r, 0.03, 14))


@kind("tyrannosaurus", family="reptile", names=("dinosaur", "tyrannosaurus", "raptor"), organic=True, synonyms={
    "head": ("animal head",), "torso": ("body", "chest", "front of the body"), "leg": ("animal leg",), "thigh": ("upper leg",),
    "lower leg": ("shin",), "foot": ("animal foot",), "arm": ("animal arm", "front leg"),
    "upper arm": ("arm above the forearm",), "forearm": ("lower arm",), "tail": ("animal tail",), "neck": ("animal neck",),
    "jaw": ("mouth", "mandible"), "snout": ("muzzle", "nose")})  # fmt: skip
def tyrannosaurus(u: Rng) -> list[Solid]:
    """Two-legged dinosaurs: big jaws, tiny arms, long balancing tail."""
    tall, r, long, pitch = u(0.45, 0.65), u(0.15, 0.22), u(0.4, 0.55), u(0.0, 0.8)
    hip, way = vec(0, tall, 0), vec(0, np.sin(pitch), np.cos(pitch))
    spine = bezier(hip - way * 0.1, hip + way * long * 0.5, hip + way * long, n=10)
    pieces = [
        tube("torso", spine, r * np.interp(np.linspace(0, 1, 10), [0, 0.4, 1], [0.9, 1, 0.7])),
        _dinosaur_tail(u, spine[0], r * 0.85, u(0.6, 0.9)),
    ]
    size = u(0.11, 0.17)
    head = spine[-1] + vec(0, u(0.1, 0.3), u(0.1, 0.25))
    pieces += [
        tube("neck", bezier(spine[-1], spine[-1] + way * 0.1, head, n=6), np.linspace(r * 0.65, size * 0.7, 6)),
        ellipsoid("head", head, size),
    ]
    nose, gape = head + vec(0, -size * 0.2, size + u(0.12, 0.25)), u(0, 0.1)
    pieces += [tube(u.pick("head", "head/snout"), [head, nose + vec(0, gape * 0.3, 0)], [size * 0.8, size * 0.55])]
    pieces += (
        [tube("head/jaw", [head - vec(0, size * 0.3, 0), nose - vec(0, size * 0.4 + gape, 0.03)], [size * 0.55, size * 0.35])]
        if u.chance(0.6)
        else []
    )
    fine = u.chance(0.4)
    for x in SIDES:
        start = spine[-2] + vec(x * r * 0.6, -r * 0.3, 0)
        bend = start + vec(x * 0.03, -0.08, 0.05)
        pieces += limb(
            ("arm/upper arm", "arm/forearm") if fine else ("arm",) * 2,
            [start, bend, bend + vec(-x * 0.02, u(-0.05, 0.03), 0.1)],
            [0.045, 0.035, 0.03],
        )
    return pieces + _biped_legs(u, hip, r * 0.7, tall, r * 0.5, fine, u(0.15, 0.25))


def _four_legs(u: Rng, spine: Array, wide: float, r: float) -> list[Solid]:
    pieces, swing, part = [], u(-0.12, 0.12), u.pick("leg", "leg/foot")
    for k, top in enumerate((spine[-2], spine[1])):
        for x in SIDES:
            toe = vec(x * wide, r * 0.5, top[2] + x * (1 - 2 * k) * swing)
            knee = (top + toe) / 2 + vec(x * wide * 0.5, 0, (0.05 if k else -0.05))
            pieces += [
                tube("leg", [top + vec(x * wide * 0.8, 0, 0), knee, toe], [r * 1.3, r, r * 0.9]),
                ellipsoid(part, toe + vec(0, 0, r * 0.4), r * np.array([1.1, 0.6, 1.4])),
            ]
    return pieces


@kind(
    "long-necked dinosaur", family="reptile", names=("long-necked dinosaur", "dinosaur", "stegosaurus", "triceratops"),
    organic=True, synonyms={
    "head": ("animal head",), "torso": ("body", "chest", "front of the body"), "leg": ("animal leg",), "foot": ("animal foot",),
    "tail": ("animal tail",), "neck": ("animal neck",), "horn": ("spike on the head",), "plate": ("back plate",),
    "frill": ("neck shield",)})  # fmt: skip
def long_necked_dinosaur(u: Rng) -> list[Solid]:
    """Four-legged dinosaurs: long-necked, plated or horned with a frill."""
    style = u.pick("neck", "neck", "plates", "horns")
    tall, r, long = u(0.35, 0.55), u(0.17, 0.25), u(0.5, 0.7)
    spine = bezier((0, tall, -long / 2), (0, tall + u(0.05, 0.2), 0), (0, tall * u(0.8, 1.0), long / 2), n=10)
    pieces = [
        tube("torso", spine, r * np.interp(np.linspace(0, 1, 10), [0, 0.5, 1], [0.75, 1, 0.75])),
        _dinosaur_tail(u, spine[0], r * 0.7, u(0.5, 0.9)),
    ]
    size = {"neck": u(0.07, 0.11), "plates": u(0.08, 0.11), "horns": u(0.15, 0.2)}[style]
    reach, rise = (u(0.5, 0.9), u(0.3, 1.3)) if style == "neck" else (u(0.1, 0.2), u(-0.5, 0.3))
    head = spine[-1] + vec(0, np.sin(rise), np.cos(rise)) * reach + vec(0, 0, size)
    neck = bezier(spine[-1], spine[-1] + vec(0, 0, reach * 0.6), head, n=10)
    pieces.append(tube("neck", neck, np.linspace(r * 0.7, size * 0.75, 10)))
    pieces += [
        ellipsoid("head", head, size),
        tube("head", [head, head + vec(0, -size * 0.4, size * 1.5)], [size * 0.8, size * 0.45]),
    ]
    if style == "plates":
        high = u(0.1, 0.2)
        pieces += [
            blade("plate", [spot + vec(0, r * 0.6, 0), spot + vec(0, r + high, 0)], [0.07, 0.02], (0, 0, 1), 0.02)
            for spot in spine
        ]
    elif style == "horns":
        frill = head + vec(0, size * 0.6, -size * 0.6)
        pieces.append(ellipsoid("frill", frill, (size * 1.5, size * 1.3, 0.06), turn("x", -0.5)))
        spots = [(-0.4, 0.7, 0.5), (0.4, 0.7, 0.5), (0.0, 0.1, 1.6)]
        pieces += [
            tube(
                "horn", [head + size * np.array(s), head + size * (np.array(s) + vec(0, 0.7, 0.8))], [0.045, 0.015], melt=False
            )
            for s in spots
        ]
    return pieces + _four_legs(u, spine, r * 0.6, r * u(0.3, 0.42))


@kind("dragon", family="reptile", names=("dragon",), organic=True, synonyms={
    "head": ("animal head",), "torso": ("body", "chest", "front of the body"), "leg": ("animal leg",), "foot": ("animal foot",),
    "tail": ("animal tail",), "neck": ("animal neck",), "wing": ("insect wing", "flying wing"), "snout": ("muzzle", "nose"),
    "horn": ("spike on the head",), "spike": ("spine", "thorn")})  # fmt: skip
def dragon(u: Rng) -> list[Solid]:
    """Dragons on four legs or winged serpents: skin wings, horns, spikes, long tail."""
    tall, r, long = u(0.35, 0.5), u(0.12, 0.18), u(0.45, 0.65)
    spine = bezier((0, tall, -long / 2), (0, tall - 0.02, 0), (0, tall + u(0, 0.15), long / 2), n=10)
    pieces = [
        tube("torso", spine, r * np.interp(np.linspace(0, 1, 10), [0, 0.5, 1], [0.75, 1, 0.85])),
        _dinosaur_tail(u, spine[0], r * 0.7, u(0.6, 1.0)),
    ]
    size, rise = u(0.08, 0.12), u(0.1, 0.5)
    head = spine[-1] + vec(0, rise, u(0.15, 0.35))
    neck = bezier(spine[-1], spine[-1] + vec(0, rise * 0.2, 0.3), head - vec(0, -0.02, 0.15), head, n=10)
    pieces.append(tube("neck", neck, np.linspace(r * 0.7, size * 0.7, 10)))
    pieces += [
        ellipsoid("head", head, size),
        tube(u.pick("head", "head/snout"), [head, head + vec(0, -size * 0.5, size + u(0.08, 0.18))], [size * 0.8, size * 0.45]),
    ]
    span, lift, sweep = u(0.6, 1.0), u(0.0, 1.0), u(0, 0.4)
    t = np.linspace(0, 1, 25)
    for x in SIDES:
        horn = [head + size * vec(x * 0.5, 0.6, -0.2), head + size * vec(x * 0.8, 1.2, -1.4)]
        pieces.append(tube("horn", horn, [0.035, 0.015], melt=False))
        root = spine[7] + vec(x * r * 0.5, r * 0.5, 0)
        front = bezier(root, root + span * vec(x * 0.4, lift + 0.2, 0.2), root + span * vec(x, lift * 0.8, -sweep), n=25)
        chord = 0.22 * (1 - t**2) * (0.8 + 0.2 * np.abs(np.cos(t * np.pi * 3))) + 0.01
        pieces.append(blade("wing", front - vec(0, 0, 1) * chord[:, None], chord, (0, 0, 1), 0.02))
    if u.chance(0.4):
        pieces += [
            tube("spike", [spot + vec(0, r * 0.7, 0), spot + vec(0, r + u(0.06, 0.1), -0.04)], [0.045, 0.015], melt=False)
            for spot in spine[1::2]
        ]
    return pieces + (_four_legs(u, spine, r * 0.7, r * u(0.35, 0.45)) if u.chance(0.8) else [])
