"""Birds, bats and fish."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from meronym_synthetic.anatomy import Range, blade, squash, unit, vec
from meronym_synthetic.kit import SIDES, Array, Dice, Kind, Piece, bezier, ellipsoid, helix, tube, turn


@dataclass(frozen=True)
class Plan:
    """What tells one bird from another; lengths are shares of the body's length."""

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


def _spread(u: Dice, root: Array, x: float, span: float, lift: float, sweep: float, chord: float, feathers: int) -> list[Piece]:
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


def _wings(u: Dice, plan: Plan, pose: str, spine: Array, along: Array, up: Array, long: float, girth: float) -> list[Piece]:
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


def _tail(u: Dice, style: str, root: Array, along: Array, up: Array, long: float, girth: float) -> list[Piece]:
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


def _beak(u: Dice, style: str, head: Array, size: float, aim: Array, reach: float) -> Piece:
    """Cone, hooked, flat or long bent beak."""
    start, tip = head + aim * size * 0.7, head + aim * (size + reach)
    if style == "flat":
        path = bezier(start, (start + tip) / 2 - vec(0, size * 0.1, 0), tip, n=6)
        return blade("head/beak", path, [size * 0.5, size * 0.4, size * 0.5, size * 0.3], (1, 0, 0), size * 0.28)
    fall = {"cone": 0.1, "hook": 0.7, "long": u(0.1, 1.0)}[style] * size
    path = bezier(start, tip, tip - vec(0, fall, reach * 0.15), n=7)
    return tube("head/beak", path, np.linspace(size * u(0.35, 0.5), size * 0.12, 7), melt=u.chance(0.5))


def _legs(u: Dice, hip: Array, girth: float, leg: float) -> list[Piece]:
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


def _bird(u: Dice, plan: Plan) -> tuple[list[Piece], Array, float]:
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
        "body",
        spine,
        girth * np.interp(np.linspace(0, 1, 7), [0, 0.35, 0.7, 1], [rear, 0.85, 1, front]),
        flat=u(0.85, 1.1),
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


def bird(u: Dice) -> list[Piece]:
    """Songbirds, doves, gulls, crows: perched, gliding, flapping."""
    return _bird(u, Plan(tails=("fan", "long", "fork", "stub"), beaks=("cone", "cone", "hook", "long")))[0]


def eagle(u: Dice) -> list[Piece]:
    """Eagles, hawks, vultures and parrots: hooked beak, broad wings."""
    wide = Plan(
        span=(0.9, 1.5),
        beaks=("hook",),
        beak=(0.6, 1.0),
        leg=(0.2, 0.35),
        pitch=(0.4, 1.1),
        tails=("fan", "fan", "long"),
    )
    return _bird(u, wide)[0]


def duck(u: Dice) -> list[Piece]:
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


def chicken(u: Dice) -> list[Piece]:
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


def owl(u: Dice) -> list[Piece]:
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
            pieces.append(
                ellipsoid("head/eye", head + size * vec(x * 0.4, 0.2, 0.9), size * np.array([0.32, 0.32, 0.15]), melt=False)
            )
    return pieces


def ostrich(u: Dice) -> list[Piece]:
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


def penguin(u: Dice) -> list[Piece]:
    """Penguins: upright spindle, wings hanging or held out, feet in front."""
    tall, girth = u(0.9, 1.2), u(0.22, 0.34)
    size, reach = girth * u(0.6, 0.8), u(0.35, 0.55)
    spine = bezier((0, girth * 0.5, -0.02), (0, tall * 0.4, u(0, 0.08)), (0, tall * 0.75, 0), n=7)
    head = spine[-1] + vec(0, size * u(0.7, 1.1), size * u(0, 0.3))
    pieces = [
        tube("body", spine, girth * np.array([0.65, 0.95, 1.05, 1, 0.9, 0.75, 0.6])),
        ellipsoid("head", head, size),
    ]
    if u.chance(0.4):
        pieces.append(tube("neck", [spine[-1], head], [girth * 0.6, size * 0.8]))
    pieces.append(_beak(u, u.pick("cone", "hook"), head, size, vec(0, 0, 1), size * u(0.4, 1.0)))
    open_ = u(0.05, 0.9)
    for x in SIDES:
        root = spine[5] + vec(x * girth * 0.7, -0.04, 0)
        path = bezier(
            root,
            root + reach * vec(x * (0.4 + open_ / 2), -0.4, 0),
            root + reach * vec(x * (0.3 + open_), -1, -0.15),
            n=7,
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


def bat(u: Dice) -> list[Piece]:
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


def _fins(u: Dice, spine: Array, r: Array, start: float, stop: float, high: float, up: float, style: str) -> list[Piece]:
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
                "fin",
                bezier(root, root + vec(0, up * high * 0.6, -half * 0.2), tip, n=6),
                [half, half * 0.15],
                (0, 0, 1),
                0.02,
            )
        ]
    shape = np.array([0.5, 1, 0.95, 0.8, 0.65, 0.55, 0.4, 0.15] if style == "front" else [0.15, 0.6, 0.9, 1, 1, 0.9, 0.7, 0.2])
    return [blade("fin", base + vec(0, up * high * 0.25, 0), high * shape, (0, 1, -0.3 * up), 0.018)]


def _tail_fin(u: Dice, style: str, root: Array, r: float, high: float) -> list[Piece]:
    """Forked, fan-shaped, crescent, shark's or pointed tail fin in the upright plane."""
    back, inner = u(0.15, 0.3), root + vec(0, 0, r)
    if style in ("fan", "point"):
        wide = [r * 0.8, high * 0.7, high * u(0.8, 1.0)] if style == "fan" else [r * 0.8, high * 0.6, 0.02]
        return [
            blade(
                "tail",
                bezier(inner, inner - vec(0, 0, back * 0.6), inner - vec(0, 0, back * 1.3), n=7),
                wide,
                (0, 1, 0),
                0.025,
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


def _body(
    u: Dice, long: float, tall: float, outline: ArrayLike, narrow: float, bend: float
) -> tuple[list[Piece], Array, Array]:
    """A fish's trunk, nose in front. Returns pieces, spine [12 3] and half-heights [12]."""
    spine = bezier((0, 0, long / 2), (bend, 0, long * 0.15), (-bend, 0, -long * 0.2), (bend, 0, -long / 2), n=12)
    knots = np.asarray(outline, float)
    r = tall * np.interp(np.linspace(0, 1, 12), np.linspace(0, 1, len(knots)), knots)
    scale, wide = vec(narrow, 1, 1), spine / [narrow, 1, 1]
    if u.chance(0.15):
        return [squash(tube("head", wide[:4], r[:4]), scale), squash(tube("body", wide[3:], r[3:]), scale)], spine, r
    return [squash(tube("body", wide, r), scale)], spine, r


def _pair(u: Dice, at: Array, wide: float, reach: float, chord: float, fall: float) -> list[Piece]:
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


def fish(u: Dice) -> list[Piece]:
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


def shark(u: Dice) -> list[Piece]:
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


def swordfish(u: Dice) -> list[Piece]:
    """Swordfish and marlins: long sword, sail or sickle fin, crescent tail."""
    tall = u(0.12, 0.18)
    pieces, spine, r = _body(u, u(1.0, 1.2), tall, [0.3, 0.8, 1, 0.8, 0.45, 0.15], u(0.5, 0.8), u(-0.1, 0.1))
    pieces.append(tube("sword", [spine[0] - vec(0, 0, 0.05), spine[0] + vec(0, 0, u(0.3, 0.6))], [0.045, 0.015], melt=False))
    pieces += _tail_fin(u, u.pick("crescent", "fork"), spine[-1], r[-1], u(0.22, 0.35))
    pieces += _fins(u, spine, r, 0.25, u(0.5, 0.8), u(0.15, 0.35), 1, u.pick("shark", "front", "even"))
    return pieces + _pair(u, spine[4] - vec(0, r[4] * 0.5, 0), r[4] * 0.4, u(0.15, 0.3), 0.05, u(0.05, 0.2))


def ray(u: Dice) -> list[Piece]:
    """Manta and sting rays: flat body, wing-like fins, whip tail, horns by chance."""
    long, wide, lift, thick = u(0.5, 0.8), u(0.4, 0.8), u(-0.2, 0.35), u(0.07, 0.12)
    pieces = [ellipsoid("body", (0, 0, 0), (u(0.2, 0.3), thick, long / 2), square=u(0.8, 1))]
    for x in SIDES:
        path = bezier(
            (x * 0.12, 0, 0),
            (x * (0.12 + wide * 0.6), 0, u(-0.05, 0.15)),
            (x * (0.12 + wide), wide * lift, -u(0, 0.25)),
            n=9,
        )
        pieces.append(blade("fin", path, [long * 0.46, long * 0.36, long * 0.18, 0.02], (0, 0, 1), thick * 0.6))
        if u.chance(0.4):
            pieces.append(
                tube(
                    "horn",
                    bezier((x * 0.12, 0, long * 0.4), (x * 0.16, 0, long * 0.6), (x * 0.1, 0, long * 0.7), n=5),
                    0.035,
                )
            )
    end = (u(-0.2, 0.2), u(-0.1, 0.2), -long / 2 - u(0.4, 0.9))
    return [
        *pieces,
        tube("tail", bezier((0, 0, -long * 0.4), (0, u(-0.1, 0.1), -long), end, n=9), np.linspace(0.05, 0.02, 9)),
    ]


def seahorse(u: Dice) -> list[Piece]:
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


def eel(u: Dice) -> list[Piece]:
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


KINDS = {
    "bird": Kind(bird, "bird", ("bird", "songbird", "dove", "pigeon", "crow", "seagull"), organic=True),
    "eagle": Kind(eagle, "bird", ("eagle", "hawk", "falcon", "vulture", "parrot"), organic=True),
    "duck": Kind(duck, "bird", ("duck", "goose", "swan"), organic=True),
    "chicken": Kind(chicken, "bird", ("chicken", "rooster", "hen", "turkey"), organic=True),
    "owl": Kind(owl, "bird", ("owl",), organic=True),
    "ostrich": Kind(ostrich, "bird", ("ostrich", "flamingo", "heron", "stork"), organic=True),
    "penguin": Kind(penguin, "bird", ("penguin",), organic=True),
    "bat": Kind(bat, "bird", ("bat", "flying fox"), organic=True),
    "fish": Kind(fish, "fish", ("fish", "goldfish", "tuna", "carp"), organic=True),
    "shark": Kind(shark, "fish", ("shark",), organic=True),
    "swordfish": Kind(swordfish, "fish", ("swordfish", "marlin"), organic=True),
    "ray": Kind(ray, "fish", ("ray", "manta ray", "stingray"), organic=True),
    "seahorse": Kind(seahorse, "fish", ("seahorse",), organic=True),
    "eel": Kind(eel, "fish", ("eel", "moray"), organic=True),
}

SYNONYMS = {
    "body": ("torso", "main body"),
    "head": ("animal head",),
    "beak": ("bill",),
    "neck": ("bird neck",),
    "wing": ("bird wing", "feathered wing"),
    "tail": ("tail fin", "tail feathers"),
    "leg": ("bird leg",),
    "thigh": ("upper leg",),
    "foot": ("webbed foot", "claw"),
    "eye": ("eyeball",),
    "ear": ("ear tuft",),
    "comb": ("crest",),
    "wattle": ("chin flap",),
    "fin": ("fish fin", "side fin", "back fin"),
    "snout": ("nose", "muzzle"),
    "horn": ("head fin",),
    "sword": ("spike", "long nose"),
    "crown": ("crest",),
}
