"""Mammals that climb, hop, swim or fly."""

from __future__ import annotations

import numpy as np

from meronym_synthetic.kit.anatomy import blade, ears, limb, unit, vec
from meronym_synthetic.kit.curves import SIDES, Array, bezier
from meronym_synthetic.kit.registry import kind
from meronym_synthetic.kit.rng import Rng
from meronym_synthetic.kit.solids import Solid, ellipsoid, tube, wing


@kind("bat", family="bird", names=("bat", "flying fox"), organic=True, synonyms={
    "body": ("torso", "main body"), "head": ("animal head",), "wing": ("bird wing", "feathered wing"), "leg": ("bird leg",),
    "ear": ("ear tuft",)})  # fmt: skip
def bat(u: Rng) -> list[Solid]:
    """Bats: scalloped skin wings, big ears, small feet."""
    girth, size, span, lift = u(0.09, 0.15), u(0.09, 0.14), u(0.6, 1.0), u(-0.2, 0.7)
    upright = u.chance()
    along = vec(0, 1, 0.2) if upright else vec(0, 0.2, 1)
    down = -unit(along)
    body = bezier(down * 0.2, (0, 0, 0), -down * 0.12, n=5)
    head = body[-1] - down * (size + girth * 0.3)
    pieces = [tube("body", body, girth * np.array([0.5, 0.8, 1, 1, 0.8])), ellipsoid("head", head, size)]
    for x in SIDES:
        ear = head + vec(x * size * 0.6, size * 0.6, 0)
        pieces.append(tube("ear", [ear, ear + size * vec(x * 0.4, u(0.8, 1.6), 0)], [size * 0.45, size * 0.12]))
        t = np.linspace(0, 1, 25)
        front = bezier((x * 0.04, 0, 0), (x * span * 0.5, span * lift, 0), (x * span, span * lift * 0.7, 0), n=25) - down * 0.1
        chord = 0.4 * (1 - t**2) * (0.75 + 0.25 * np.abs(np.cos(t * np.pi * u.pick(2, 3)))) + 0.01
        pieces.append(blade("wing", front + down * chord[:, None] * 0.5, chord * 0.5, down, 0.02))
        if u.chance(0.6):
            pieces.append(tube("leg", [down * 0.2 + vec(x * 0.05, 0, 0), down * 0.36 + vec(x * 0.09, 0, 0)], [0.035, 0.025]))
    return pieces


@kind("monkey", family="humanoid", names=("monkey", "ape", "gorilla", "chimpanzee"), organic=True, synonyms={
    "torso": ("body", "main body"), "head": ("animal head", "face"), "neck": ("animal neck",), "ear": ("animal ear",),
    "leg": ("animal leg",), "thigh": ("upper leg",), "lower leg": ("shin",), "foot": ("hoof",), "tail": ("animal tail",),
    "snout": ("muzzle",), "arm": ("monkey arm", "front leg"), "upper arm": ("arm above the forearm",),
    "forearm": ("lower arm",), "hand": ("palm",)})  # fmt: skip
def monkey(u: Rng) -> list[Solid]:
    """Monkeys and apes: on all fours, upright or sat; with or without a tail."""
    pose, length, r, size = u.pick("fours", "upright", "sat", "sat"), u(0.5, 0.65), u(0.05, 0.08), u(0.13, 0.19)
    lean = {"fours": u(0.7, 1.2), "upright": u(0, 0.35), "sat": u(0, 0.4)}[pose]
    girth, arm, leg = u(0.13, 0.22), u(0.55, 0.75), u(0.45, 0.6)
    hip = vec(0, {"fours": leg * 0.8, "upright": leg * 0.9, "sat": girth * 1.05}[pose], -0.1)
    spine = vec(0, np.cos(lean), np.sin(lean))
    chest = hip + length * spine
    head = chest + spine * girth * 0.8 + vec(0, size * 0.7, size * 0.4)
    torso = [hip, (hip + chest) / 2 + vec(0, 0, u(-0.05, 0.02)), chest]
    pieces = [tube("torso", torso, [girth * u(0.8, 1), girth * u(0.8, 1.1), girth * u(0.9, 1.15)])]
    pieces += [
        ellipsoid("head", head, size),
        ellipsoid(u.pick("head", "head/snout"), head + vec(0, -size * 0.3, size * 0.7), size * u(0.5, 0.7)),
    ]
    pieces.append(tube("neck", [chest, head], size * 0.55))
    fine, grow = u.chance(0.6), u(0.8, 1.2)
    for x in SIDES:
        if u.chance(0.85):
            ear = head + vec(x * size * 1.0, 0.1 * size, 0)
            pieces.append(ellipsoid("ear", ear, (size * 0.25, size * u(0.35, 0.5), size * 0.3)))
        shoulder, seat = chest + vec(x * girth * 1.0, -0.02, 0), hip + vec(x * girth * 0.6, 0, 0)
        raised = pose != "fours" and u.chance(0.3)
        reach = vec(x * u(0.3, 0.8), u(0.2, 0.8), u(0, 0.6)) if raised else vec(x * u(0.05, 0.3), -1, u(0, 0.6))
        hand = shoulder + arm * (unit(reach) if raised or pose != "sat" else unit(reach * [1, 0.8, 1]))
        hand[1] = r if pose == "fours" else max(hand[1], r)
        bend = (shoulder + hand) / 2 + vec(x * u(0, 0.1), 0, -u(0, 0.12))
        tip = hand + vec(0, -0.3, 1) * 0.08 if pose == "fours" else hand + unit(hand - bend) * 0.08
        pieces += limb(
            ("arm/upper arm", "arm/forearm", "arm/hand") if fine else ("arm",) * 3,
            [shoulder, bend, hand, tip],
            [r * 1.2, r * 0.9, r * 0.7, r * 0.8],
        )
        if pose == "sat":
            knee, heel = (
                seat + vec(x * u(0.05, 0.2), u(0.05, 0.25), leg * 0.5),
                seat + vec(x * u(0, 0.2), 0, leg * u(0.45, 0.7)),
            )
        else:
            knee, heel = seat + vec(x * 0.06, -leg * 0.4, u(0.02, 0.18)), seat + vec(x * 0.05, 0, u(-0.1, 0.1))
        heel[1] = r
        pieces += limb(
            ("leg/thigh", "leg/lower leg", "leg/foot") if fine else ("leg",) * 3,
            [seat, knee, heel, heel + vec(0, 0, 0.14 * grow)],
            [r * 1.5, r, r * 0.8, r * 0.7],
        )
    if u.chance(0.7):
        end = hip + vec(u(-0.4, 0.4), u(-0.1, 0.5), -u(0.2, 0.6))
        tail = bezier(hip - vec(0, 0, girth * 0.6), hip + vec(0, u(-0.1, 0.2), -0.6), end, n=10)
        pieces.append(tube("tail", tail, np.linspace(0.04, 0.025, 10)))
    return pieces


def _swimmer(u: Rng, long: float, girth: float, blunt: float, slim: float) -> tuple[list[Solid], Array, Array]:
    """Spindle from nose (front) to tail root, head marked by chance. Returns pieces, spine [19 3] and radii [19]."""
    spine = bezier((0, 0, long / 2), (0, u(-0.1, 0.15), 0), (0, u(-0.2, 0.25), -long / 2), n=19)
    r = girth * np.interp(
        np.linspace(0, 1, 19), [0, 0.12, u(0.3, 0.45), 0.75, 1], [blunt, (1 + blunt) / 2, 1, u(0.45, 0.65), slim]
    )
    if u.chance(0.65):
        cut = u.count(4, 8)
        return [tube("head", spine[: cut + 1], r[: cut + 1]), tube("body", spine[cut:], r[cut:])], spine, r
    return [tube("body", spine, r)], spine, r


def _flukes(u: Rng, root: Array, wide: float, chord: float) -> list[Solid]:
    """Level tail fin of two lobes."""
    sweep = u(0.1, 0.35)
    return [wing("tail", root, root + vec(x * wide, 0, -sweep), (chord, chord * u(0.1, 0.4)), 0.03) for x in SIDES]


@kind("whale", family="sea mammal", names=("whale",), organic=True, synonyms={
    "body": ("torso", "main body"), "head": ("animal head", "face"), "tail": ("animal tail",),
    "fin": ("side fin", "swimming fin")})  # fmt: skip
def whale(u: Rng) -> list[Solid]:
    """Whales: blunt heavy head, long side fins, level tail fin; small back fin by chance."""
    long, girth = u(1.2, 1.7), u(0.2, 0.34)
    pieces, spine, r = _swimmer(u, long, girth, u(0.45, 0.9), u(0.1, 0.2))
    pieces += _flukes(u, spine[-1], u(0.25, 0.45), u(0.1, 0.16))
    reach, at = u(0.2, 0.5), spine[6]
    pieces += [
        wing(
            "fin",
            at + vec(x * r[6] * 0.85, -r[6] * 0.4, 0),
            at + vec(x * (r[6] + reach), -r[6] * 0.4 - u(0, 0.25), -u(0.05, 0.3)),
            (0.1, 0.04),
            0.03,
        )
        for x in SIDES
    ]
    if u.chance(0.6):
        top, tall = spine[12] + vec(0, r[12] * 0.8, 0), u(0.06, 0.35)
        pieces.append(wing("fin", top, top + vec(0, tall, -u(0.05, 0.2)), (0.1, 0.03), 0.03, up=(1, 0, 0)))
    return pieces


@kind("dolphin", family="sea mammal", names=("dolphin", "orca", "porpoise"), organic=True, synonyms={
    "body": ("torso", "main body"), "head": ("animal head", "face"), "tail": ("animal tail",), "snout": ("muzzle",),
    "fin": ("side fin", "swimming fin")})  # fmt: skip
def dolphin(u: Rng) -> list[Solid]:
    """Dolphins and orcas: beak by chance, tall back fin, side fins, level tail fin."""
    long, girth = u(1.1, 1.5), u(0.13, 0.22)
    pieces, spine, r = _swimmer(u, long, girth, u(0.4, 0.6), u(0.15, 0.25))
    if u.chance(0.75):
        snout = [spine[0] - vec(0, girth * 0.2, 0.05), spine[0] + vec(0, -girth * 0.3, u(0.12, 0.22))]
        pieces.append(tube("head/snout", snout, [girth * 0.35, girth * 0.2]))
    pieces += _flukes(u, spine[-1], u(0.2, 0.35), u(0.07, 0.12))
    tall, top, at = u(0.12, 0.3), spine[10] + vec(0, r[10] * 0.85, 0), spine[6]
    pieces.append(wing("fin", top, top + vec(0, tall, -u(0.1, 0.25)), (u(0.09, 0.15), 0.02), 0.025, up=(1, 0, 0)))
    reach = u(0.15, 0.3)
    return pieces + [
        wing(
            "fin",
            at + vec(x * r[6] * 0.8, -r[6] * 0.5, 0),
            at + vec(x * (r[6] + reach * 0.6), -r[6] * 0.5 - reach * 0.7, -reach * 0.7),
            (0.08, 0.03),
            0.025,
        )
        for x in SIDES
    ]


@kind("seal", family="sea mammal", names=("seal", "sea lion", "walrus"), organic=True, synonyms={
    "body": ("torso", "main body"), "head": ("animal head", "face"), "neck": ("animal neck",), "tail": ("animal tail",),
    "snout": ("muzzle",), "tusk": ("ivory tusk", "long tooth"), "fin": ("side fin", "swimming fin")})  # fmt: skip
def seal(u: Rng) -> list[Solid]:
    """Seals, sea lions and walruses: head raised or low, side fins, split tail fin, tusks by chance."""
    girth, size, raised = u(0.17, 0.28), u(0.1, 0.16), u.pick(u(0.0, 0.1), u(0.2, 0.5))
    spine = bezier((0, girth * 0.3, -0.7), (0, girth * 0.7, -0.2), (0, girth * 0.9, 0.2), (0, girth + raised, 0.4), n=9)
    r = girth * np.interp(np.linspace(0, 1, 9), [0, 0.5, 0.75, 1], [0.3, 0.95, 1, 0.6])
    head = spine[-1] + vec(0, size * 0.8 + raised * 0.3, size * 0.8)
    pieces = [
        tube("body", spine, r),
        tube("neck", [spine[-1], head], [girth * 0.6, size * 0.85]),
        ellipsoid("head", head, size * np.array([1, 1, 1.15])),
    ]
    pieces.append(
        tube(
            u.pick("head", "head/snout"),
            [head, head + vec(0, -size * 0.3, size * u(0.9, 1.4))],
            [size * 0.7, size * u(0.4, 0.6)],
        )
    )
    for x in SIDES:
        at, back = spine[6] + vec(x * girth * 0.7, -girth * 0.5, 0), spine[0]
        pieces.append(wing("fin", at, [x * (girth + u(0.15, 0.35)), 0.03, at[2] - u(0, 0.25)], (u(0.08, 0.12), 0.06), 0.03))
        tail = back + vec(x * 0.02, 0, 0.05)
        pieces.append(
            wing("tail", tail, back + vec(x * u(0.1, 0.2), -0.03, -u(0.15, 0.3)), (0.07, 0.07), 0.03, along=(1, 0, 0))
        )
        if u.chance(0.15):
            tusk = [head + vec(x * size * 0.4, -size * 0.5, size * 0.9), head + vec(x * size * 0.5, -size * 2, size)]
            pieces.append(tube("tusk", tusk, [0.025, 0.015], melt=False))
    return pieces


@kind("kangaroo", family="upright creature", names=("kangaroo", "wallaby"), organic=True, synonyms={
    "torso": ("body", "main body"), "head": ("animal head", "face"), "neck": ("animal neck",), "ear": ("animal ear",),
    "leg": ("animal leg",), "thigh": ("upper leg",), "lower leg": ("shin",), "foot": ("hoof",), "tail": ("animal tail",),
    "pouch": ("pocket",), "arm": ("monkey arm", "front leg"), "upper arm": ("arm above the forearm",),
    "forearm": ("lower arm",)})  # fmt: skip
def kangaroo(u: Rng) -> list[Solid]:
    """Kangaroos and wallabies: leaning upright on long feet and a thick tail, short arms, long ears."""
    lean, girth, size = u(0.25, 0.9), u(0.17, 0.24), u(0.09, 0.13)
    hip, spine = vec(0, u(0.4, 0.55), -0.15), vec(0, np.cos(lean), np.sin(lean))
    chest = hip + u(0.4, 0.55) * spine
    neck = chest + u(0.15, 0.3) * unit(spine + vec(0, 0.5, 0))
    side, up, aim = np.eye(3)
    head = neck + vec(0, size * 0.3, size * 0.5)
    pieces = [
        tube("torso", [hip, (hip + chest) / 2, chest], [girth, girth * u(0.8, 1), girth * u(0.55, 0.75)]),
        tube("neck", [chest, neck], [girth * 0.5, size * 0.65]),
    ]
    pieces += [
        ellipsoid("head", head, size),
        tube("head", [head, head + vec(0, -size * 0.4, size * u(1.2, 1.8))], [size * 0.8, size * 0.45]),
    ]
    pieces += ears(u, u.pick("long", "point"), head, size, side, up, aim)
    back = hip + vec(0, -girth * 0.4, -girth * 0.7)
    pieces.append(
        tube(
            "tail",
            bezier(
                back + vec(0, 0.1, 0.1), [0, 0.08, back[2] - 0.25], [u(-0.1, 0.1), u(0.06, 0.25), back[2] - u(0.5, 0.9)], n=10
            ),
            np.linspace(girth * 0.5, 0.03, 10),
        )
    )
    fine = u.chance(0.5)
    for x in SIDES:
        shoulder, thigh = chest + vec(x * girth * 0.6, 0, 0.02), hip + vec(x * girth * 0.7, -girth * 0.1, 0)
        bend, hand = (
            shoulder + vec(x * 0.05, -u(0.1, 0.18), 0.05),
            shoulder + vec(x * u(-0.02, 0.05), -u(0.05, 0.25), u(0.15, 0.28)),
        )
        pieces += limb(("arm/upper arm", "arm/forearm") if fine else ("arm",) * 2, [shoulder, bend, hand], [0.055, 0.04, 0.03])
        knee, heel = (
            thigh + vec(x * 0.04, -u(0.08, 0.2), u(0.2, 0.3)),
            vec(thigh[0] + x * 0.04, 0.06, thigh[2] + u(-0.1, 0.05)),
        )
        names = ("leg/thigh", "leg/lower leg", "leg/foot") if fine else ("leg",) * 3
        pieces += limb(names, [thigh, knee, heel, heel + vec(0, -0.02, u(0.25, 0.4))], [girth * 0.65, 0.08, 0.05, 0.04])
    if u.chance(0.3):
        pieces.append(ellipsoid("pouch", hip + 0.15 * spine + vec(0, 0, girth * 0.75), (girth * 0.5, girth * 0.5, girth * 0.4)))
    return pieces
