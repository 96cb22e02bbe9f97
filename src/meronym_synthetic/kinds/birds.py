"""Birds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from meronym_synthetic.kit.anatomy import Range, blade, unit, vec
from meronym_synthetic.kit.curves import SIDES, Array, bezier, turn
from meronym_synthetic.kit.registry import kind
from meronym_synthetic.kit.rng import Rng
from meronym_synthetic.kit.solids import Solid, ellipsoid, tube


@dataclass(frozen=True)
class Plan:
    """Proportions of a bird; lengths are shares of the body's length."""

    girth: Range = (0.2, 0.32)
    pitch: Range = (0.1, 0.7)
    """Angle of the body over the horizon when perched, radians."""
    neck: Range = (0.05, 0.25)
    head: Range = (0.14, 0.2)
    beak: Range = (0.6, 1.2)
    """Length as a share of the head's radius."""
    beaks: tuple[str, ...] = ("cone", "cone", "hook")
    leg: Range = (0.2, 0.45)
    span: Range = (0.6, 1.2)
    """Length of one spread wing."""
    poses: tuple[str, ...] = ("perched", "perched", "flying", "flying", "raised")
    tails: tuple[str, ...] = ("fan", "long", "fork")


def _spread(u: Rng, root: Array, x: float, span: float, lift: float, sweep: float, chord: float, feathers: int) -> list[Solid]:
    """One spread wing, bent in the middle, with finger feathers at its end."""
    middle = root + span * vec(x * 0.5, lift * 0.7, 0.12)
    tip = root + span * vec(x, lift, -sweep)
    path = bezier(root, middle, tip, n=10)
    pieces = [blade("wing", path, [chord, chord * 1.05, chord * 0.75, chord * 0.25], (0, 0, -1), 0.03)]
    for k in range(feathers):
        start = path[6] + vec(0, 0, -chord * 0.2 * k)
        reach = span * 0.45 * unit(vec(x * (1 - 0.15 * k), lift * 0.6, -sweep - 0.22 * k))
        pieces.append(blade("wing", [start, start + reach / 2, start + reach], [0.045, 0.04, 0.015], (0, 0, -1), 0.015))
    return pieces


def _wings(u: Rng, plan: Plan, pose: str, spine: Array, along: Array, up: Array, long: float, girth: float) -> list[Solid]:
    """Both wings: folded to the sides, spread or raised."""
    shoulder = spine[4] + up * girth * 0.45
    if pose == "perched":
        reach, high, soft = long * u(0.75, 1.05), girth * u(0.45, 0.75), u.chance(0.4)
        pieces = []
        for x in SIDES:
            path = bezier(
                shoulder + vec(x * girth * 0.75, 0, 0) + along * 0.08,
                shoulder + vec(x * girth * 1.15, 0, 0) - along * reach * 0.5,
                shoulder + vec(x * girth * 0.4, 0, 0) - along * reach,
                n=8,
            )
            if soft:
                pieces.append(tube("wing", path, high * np.array([0.3, 0.5, 0.6, 0.6, 0.5, 0.4, 0.25, 0.1]), flat=1.3))
            else:
                pieces.append(blade("wing", path - up * high * 0.4, [high * 0.4, high, high * 0.8, 0.03], up, girth * 0.2))
        return pieces
    lift = {"flying": u(-0.2, 0.4), "raised": u(0.7, 2.0)}[pose]
    span, sweep, chord, feathers = long * u(*plan.span), u(-0.1, 0.5), long * u(0.12, 0.22), u.pick(0, 0, 0, 4, 5)
    span /= np.hypot(1, max(lift, 0)) ** 0.7
    pieces = []
    for x in SIDES:
        pieces += _spread(u, shoulder + vec(x * girth * 0.4, 0, -chord * 0.2), x, span, lift, sweep, chord, feathers)
    return pieces


def _tail(u: Rng, style: str, root: Array, along: Array, up: Array, long: float, girth: float) -> list[Solid]:
    """Fan, long, forked, upright or short tail feathers; `root` lies inside the rump."""
    reach = (
        long * {"fan": u(0.3, 0.5), "long": u(0.5, 0.9), "fork": u(0.35, 0.6), "up": u(0.35, 0.6), "stub": u(0.15, 0.22)}[style]
    )
    back = unit(-along + up * (u(0.6, 1.6) if style == "up" else u(-0.3, 0.3)))
    if style == "fork":
        middle, point = root + back * reach * 0.6, root + back * reach
        split = [bezier(root, middle, point + vec(x * reach * 0.4, 0, 0), n=6) for x in SIDES]
        return [blade("tail", path, [girth * 0.3, girth * 0.3, 0.02], (1, 0, 0.01), 0.025) for path in split]
    if style == "up" and u.chance(0.6):
        sheaf = [unit(back + along * k) for k in np.linspace(-0.5, 0.5, 4)]
        return [
            tube(
                "tail",
                bezier(root, root + d * reach * 0.7, root + d * reach - along * 0.1, n=6),
                [0.05, 0.06, 0.06, 0.05, 0.04, 0.03],
            )
            for d in sheaf
        ]
    end = girth * (u(0.2, 0.5) if style == "long" else u(0.5, 1.0))
    return [
        blade(
            "tail",
            bezier(root, root + back * reach * 0.5, root + back * reach, n=6),
            [girth * 0.35, end, end * 0.9],
            (1, 0, 0),
            girth * u(0.1, 0.2),
        )
    ]


def _beak(u: Rng, style: str, head: Array, size: float, aim: Array, reach: float) -> Solid:
    """Cone, hooked, flat or long bent beak."""
    start, tip = head + aim * size * 0.7, head + aim * (size + reach)
    if style == "flat":
        path = bezier(start, (start + tip) / 2 - vec(0, size * 0.1, 0), tip, n=6)
        return blade("head/beak", path, [size * 0.5, size * 0.4, size * 0.5, size * 0.3], (1, 0, 0), size * 0.28)
    fall = {"cone": 0.1, "hook": 0.7, "long": u(0.1, 1.0)}[style] * size
    path = bezier(start, tip, tip - vec(0, fall, reach * 0.15), n=7)
    return tube("head/beak", path, np.linspace(size * u(0.35, 0.5), size * 0.12, 7), melt=u.chance(0.5))


def _legs(u: Rng, hip: Array, girth: float, leg: float) -> list[Solid]:
    """Two thin legs with feet of toes, webs or none, standing on the ground."""
    r, foot, stride, thigh = u(0.022, 0.035), u.pick("claws", "web", "none"), u(0, 0.15) * leg, u.chance(0.35)
    feet = u.pick("leg", "leg/foot")
    pieces = []
    for x in SIDES:
        top, ground = hip + vec(x * girth * 0.45, 0, 0), vec(x * girth * u(0.4, 0.6), r, hip[2] + x * stride + 0.02)
        knee = (top + ground) / 2 - vec(0, 0, u(0, 0.12) * leg)
        pieces.append(tube("leg", [top, knee, ground], [r * 1.2, r, r]))
        if thigh:
            pieces.append(tube("leg/thigh", [top + vec(0, girth * 0.1, 0), top * 0.5 + knee * 0.5], [girth * 0.4, r * 1.8]))
        size = girth * u(0.4, 0.7)
        if foot == "claws":
            pieces += [tube(feet, [ground, ground + vec(k * size * 0.6, 0, size)], [r, r * 0.7]) for k in (-1, 0, 1)]
            pieces.append(tube(feet, [ground, ground - vec(0, 0, size * 0.6)], [r, r * 0.7]))
        elif foot == "web":
            path = [ground - vec(0, 0, r), ground + vec(0, 0, size * 0.5), ground + vec(0, 0, size)]
            pieces.append(blade(feet, path, [r, size * 0.35, size * 0.5], (1, 0, 0), r))
    return pieces


def _bird(u: Rng, plan: Plan) -> tuple[list[Solid], Array, float]:
    """Any bird, perched, flying or with raised wings. Returns pieces, centre and radius of the head."""
    long, chubby, pose = u(0.65, 0.9), u(1.1, 1.3) if u.chance(0.2) else 1.0, u.pick(*plan.poses)
    girth, size, leg = long * u(*plan.girth) * chubby, long * u(*plan.head) * chubby, long * u(*plan.leg)
    pitch = u(-0.1, 0.3) if pose == "flying" else u(*plan.pitch)
    along, up = vec(0, np.sin(pitch), np.cos(pitch)), vec(0, np.cos(pitch), -np.sin(pitch))
    drop = girth * np.cos(pitch) + 0.42 * long * np.sin(pitch)
    centre = vec(0, leg + drop, 0)
    spine = bezier(centre - along * long * 0.5, centre - up * girth * u(0, 0.6), centre + along * long * 0.42, n=7)
    front, rear = u(0.55, 0.85), u(0.25, 0.45)
    body = tube(
        "body", spine, girth * np.interp(np.linspace(0, 1, 7), [0, 0.35, 0.7, 1], [rear, 0.85, 1, front]), flat=u(0.85, 1.1)
    )
    if u.chance(0.25):
        body = ellipsoid("body", centre, (girth, girth, long * 0.55), turn("x", -pitch))

    chest, reach = spine[-1] + up * girth * 0.3, long * u(*plan.neck)
    rise = u(-0.2, 0.5) if pose == "flying" else u(0.6, 1.5)
    head = chest + (reach + size * 0.7 + girth * 0.2) * vec(0, np.sin(rise), np.cos(rise))
    bow = reach * u(0, 0.5) if pose != "flying" else 0.0
    yaw, nod = u(-0.8, 0.8) if u.chance(0.25) else 0.0, u(-0.3, 0.15)
    aim = vec(np.sin(yaw) * np.cos(nod), np.sin(nod), np.cos(yaw) * np.cos(nod))
    pieces = [body, ellipsoid("head", head, size * np.array([0.95, u(0.9, 1.05), u(1, 1.2)]), turn("y", yaw))]
    curve = bezier(spine[-2], chest + vec(0, 0, bow + girth * 0.3), (chest + head) / 2 - vec(0, 0, bow), head, n=8)
    if reach > 0.1 * long or u.chance(0.4):
        pieces.append(tube("neck", curve, np.linspace(girth * front * 0.7, size * u(0.55, 0.8), 8)))
    else:
        pieces.append(tube("body", curve[:5], np.linspace(girth * front, size * 0.9, 5)))
    pieces.append(_beak(u, u.pick(*plan.beaks), head, size, aim, size * u(*plan.beak)))
    if u.chance(0.3):
        side = unit(np.cross(vec(0, 1, 0), aim))
        eyes = [head + size * (0.5 * aim + x * 0.75 * side + vec(0, 0.3, 0)) for x in SIDES]
        pieces += [ellipsoid("head/eye", eye, size * 0.18, melt=False) for eye in eyes]
    pieces += _wings(u, plan, pose, spine, along, up, long, girth)
    pieces += _tail(u, u.pick(*plan.tails), spine[0] + along * girth * 0.4, along, up, long, girth)
    if pose == "perched" or (pose == "raised" and u.chance(0.7)):
        pieces += _legs(u, centre - vec(0, drop * 0.6, 0.05 * long), girth, leg)
    elif u.chance(0.3):
        start = spine[1] - up * girth * 0.6
        pieces += [
            tube("leg", [start + vec(x * girth * 0.3, 0, 0.1), start + vec(x * girth * 0.3, 0, 0) - along * leg], 0.025)
            for x in SIDES
        ]
    return pieces, head, size


@kind("bird", family="bird", names=("bird", "songbird", "dove", "pigeon", "crow", "seagull"), organic=True, synonyms={
    "body": ("torso", "main body"), "head": ("animal head",), "beak": ("bill",), "neck": ("bird neck",),
    "wing": ("bird wing", "feathered wing"), "tail": ("tail fin", "tail feathers"), "leg": ("bird leg",),
    "thigh": ("upper leg",), "foot": ("webbed foot", "claw"), "eye": ("eyeball",)})  # fmt: skip
def bird(u: Rng) -> list[Solid]:
    """Songbirds, doves, gulls, crows: perched, gliding, flapping."""
    return _bird(u, Plan(tails=("fan", "long", "fork", "stub"), beaks=("cone", "cone", "hook", "long")))[0]


@kind("eagle", family="bird", names=("eagle", "hawk", "falcon", "vulture", "parrot"), organic=True, synonyms={
    "body": ("torso", "main body"), "head": ("animal head",), "beak": ("bill",), "neck": ("bird neck",),
    "wing": ("bird wing", "feathered wing"), "tail": ("tail fin", "tail feathers"), "leg": ("bird leg",),
    "thigh": ("upper leg",), "foot": ("webbed foot", "claw"), "eye": ("eyeball",)})  # fmt: skip
def eagle(u: Rng) -> list[Solid]:
    """Eagles, hawks, vultures and parrots: hooked beak, broad wings."""
    wide = Plan(
        span=(0.9, 1.5), beaks=("hook",), beak=(0.6, 1.0), leg=(0.2, 0.35), pitch=(0.4, 1.1), tails=("fan", "fan", "long")
    )
    return _bird(u, wide)[0]


@kind("duck", family="bird", names=("duck", "goose", "swan"), organic=True, synonyms={
    "body": ("torso", "main body"), "head": ("animal head",), "beak": ("bill",), "neck": ("bird neck",),
    "wing": ("bird wing", "feathered wing"), "tail": ("tail fin", "tail feathers"), "leg": ("bird leg",),
    "thigh": ("upper leg",), "foot": ("webbed foot", "claw"), "eye": ("eyeball",)})  # fmt: skip
def duck(u: Rng) -> list[Solid]:
    """Ducks, geese and swans: afloat, on foot or flying; flat bill, short to very long neck."""
    neck = u.pick((0.05, 0.2), (0.3, 0.5), (0.6, 1.0))
    plan = Plan(
        (0.24, 0.34),
        (-0.1, 0.25),
        neck,
        (0.13, 0.19),
        (0.7, 1.2),
        ("flat", "flat", "cone"),
        u.pick((0.0, 0.02), (0.12, 0.25)),
        (0.6, 1.0),
        ("perched", "perched", "perched", "flying", "raised"),
        ("stub", "stub", "fan"),
    )
    return _bird(u, plan)[0]


@kind("chicken", family="bird", names=("chicken", "rooster", "hen", "turkey"), organic=True, synonyms={
    "body": ("torso", "main body"), "head": ("animal head",), "beak": ("bill",), "neck": ("bird neck",),
    "wing": ("bird wing", "feathered wing"), "tail": ("tail fin", "tail feathers"), "leg": ("bird leg",),
    "thigh": ("upper leg",), "foot": ("webbed foot", "claw"), "eye": ("eyeball",), "comb": ("crest",), "wattle": ("chin flap",),
})  # fmt: skip
def chicken(u: Rng) -> list[Solid]:
    """Hens, roosters and turkeys: comb and wattle, upright tail."""
    plan = Plan(
        (0.27, 0.36),
        (0.0, 0.35),
        (0.15, 0.35),
        (0.13, 0.17),
        (0.5, 0.8),
        ("cone",),
        (0.25, 0.45),
        (0.4, 0.6),
        ("perched", "perched", "perched", "raised"),
        ("up", "up", "fan"),
    )
    pieces, head, size = _bird(u, plan)
    if u.chance(0.8):
        row = np.linspace(-0.5, 0.6, u.count(3, 5))
        pieces += [
            ellipsoid("head/comb", head + size * vec(0, 1.0, k), size * np.array([0.2, 0.4, 0.25]), melt=False) for k in row
        ]
    if u.chance(0.6):
        pieces.append(ellipsoid("head/wattle", head + size * vec(0, -0.9, 0.9), size * np.array([0.22, 0.4, 0.22]), melt=False))
    return pieces


@kind("owl", family="bird", names=("owl",), organic=True, synonyms={
    "body": ("torso", "main body"), "head": ("animal head",), "beak": ("bill",), "neck": ("bird neck",),
    "wing": ("bird wing", "feathered wing"), "tail": ("tail fin", "tail feathers"), "leg": ("bird leg",),
    "thigh": ("upper leg",), "foot": ("webbed foot", "claw"), "eye": ("eyeball",), "ear": ("ear tuft",)})  # fmt: skip
def owl(u: Rng) -> list[Solid]:
    """Owls: upright, big head, ear tufts, disc eyes."""
    plan = Plan(
        (0.26, 0.36),
        (1.0, 1.4),
        (0.0, 0.04),
        (0.25, 0.33),
        (0.15, 0.3),
        ("hook",),
        (0.05, 0.15),
        (0.7, 1.2),
        ("perched", "perched", "flying", "raised"),
        ("fan", "stub"),
    )
    pieces, head, size = _bird(u, plan)
    for x in SIDES:
        if u.chance(0.7):
            base = head + size * vec(x * 0.55, 0.6, 0.1)
            pieces.append(tube("ear", [base, base + size * vec(x * 0.2, 0.6, 0)], [size * 0.3, size * 0.08]))
        if u.chance(0.7):
            eye = head + size * vec(x * 0.4, 0.2, 0.9)
            pieces.append(ellipsoid("head/eye", eye, size * np.array([0.32, 0.32, 0.15]), melt=False))
    return pieces


@kind("ostrich", family="bird", names=("ostrich", "flamingo", "heron", "stork"), organic=True, synonyms={
    "body": ("torso", "main body"), "head": ("animal head",), "beak": ("bill",), "neck": ("bird neck",),
    "wing": ("bird wing", "feathered wing"), "tail": ("tail fin", "tail feathers"), "leg": ("bird leg",),
    "thigh": ("upper leg",), "foot": ("webbed foot", "claw"), "eye": ("eyeball",)})  # fmt: skip
def ostrich(u: Rng) -> list[Solid]:
    """Ostriches, flamingos, herons and storks: long legs, long neck."""
    plan = Plan(
        (0.22, 0.34),
        (0.0, 0.5),
        (0.5, 1.2),
        (0.09, 0.13),
        (1.0, 2.5),
        ("cone", "long", "hook"),
        (0.7, 1.3),
        (0.7, 1.1),
        ("perched", "perched", "perched", "flying"),
        ("stub", "fan"),
    )
    return _bird(u, plan)[0]


@kind("penguin", family="bird", names=("penguin",), organic=True, synonyms={
    "body": ("torso", "main body"), "head": ("animal head",), "beak": ("bill",), "neck": ("bird neck",),
    "wing": ("bird wing", "feathered wing"), "tail": ("tail fin", "tail feathers"), "foot": ("webbed foot", "claw"),
})  # fmt: skip
def penguin(u: Rng) -> list[Solid]:
    """Penguins: upright spindle, wings hanging or held out, feet in front."""
    tall, girth = u(0.9, 1.2), u(0.22, 0.34)
    size, reach = girth * u(0.6, 0.8), u(0.35, 0.55)
    spine = bezier((0, girth * 0.5, -0.02), (0, tall * 0.4, u(0, 0.08)), (0, tall * 0.75, 0), n=7)
    head = spine[-1] + vec(0, size * u(0.7, 1.1), size * u(0, 0.3))
    pieces = [tube("body", spine, girth * np.array([0.65, 0.95, 1.05, 1, 0.9, 0.75, 0.6])), ellipsoid("head", head, size)]
    if u.chance(0.4):
        pieces.append(tube("neck", [spine[-1], head], [girth * 0.6, size * 0.8]))
    pieces.append(_beak(u, u.pick("cone", "hook"), head, size, vec(0, 0, 1), size * u(0.4, 1.0)))
    open_ = u(0.05, 0.9)
    for x in SIDES:
        root = spine[5] + vec(x * girth * 0.7, -0.04, 0)
        path = bezier(
            root, root + reach * vec(x * (0.4 + open_ / 2), -0.4, 0), root + reach * vec(x * (0.3 + open_), -1, -0.15), n=7
        )
        pieces.append(blade("wing", path, [0.08, 0.11, 0.09, 0.04], (0, 0, 1), 0.035))
        foot = vec(x * girth * 0.5, 0.03, 0)
        pieces.append(
            blade(
                "foot",
                [foot - vec(0, 0, 0.05), foot + vec(0, 0, 0.15), foot + vec(0, 0, girth + u(0, 0.08))],
                [0.06, 0.1, 0.12],
                (1, 0, 0),
                0.035,
            )
        )
    if u.chance(0.7):
        pieces.append(tube("tail", [(0, 0.16, -girth * 0.4), (0, 0.04, -girth - u(0.05, 0.15))], [0.09, 0.035]))
    return pieces
