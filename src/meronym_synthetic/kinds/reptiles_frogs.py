"""Turtles, crocodiles, lizards, snakes and frogs."""

from __future__ import annotations

import numpy as np

from meronym_synthetic.kit.anatomy import Range, blade, eyes, limb, squash, unit, vec
from meronym_synthetic.kit.curves import SIDES, Array, bezier
from meronym_synthetic.kit.registry import kind
from meronym_synthetic.kit.rng import Rng
from meronym_synthetic.kit.solids import Solid, ellipsoid, tube


def _sprawl(u: Rng, roots: Array, wide: float, reach: float, r: float, fine: bool) -> list[Solid]:
    """Reptile legs: out to the sides, then down to a flat foot; in step or walking."""
    feet, stride = u.pick("leg", "leg/foot"), u(0, 0.5) * reach
    names = ("leg/thigh", "leg/lower leg", "leg/foot") if fine else ("leg", "leg", feet)
    pieces, bend = [], u(0.1, 0.5) * reach
    for k, root in enumerate(roots):
        for x in SIDES:
            start, sign = root + vec(x * wide, 0, 0), 1 if k == 0 else -1
            knee = start + vec(x * reach * 0.6, u(-0.02, 0.06), sign * -bend * 0.5)
            heel = vec(knee[0] + x * reach * 0.15, r * 0.7, knee[2] + sign * bend * 0.6 + x * sign * stride * 0.5)
            toe = heel + vec(x * reach * 0.15, -r * 0.1, reach * 0.35)
            pieces += limb(names, [start, knee, heel, toe], [r * 1.2, r, r * 0.75, r * 0.75])
    return pieces


@kind("turtle", family="reptile", names=("turtle", "tortoise"), organic=True, synonyms={
    "head": ("animal head",), "body": ("torso", "main body"), "shell": ("hard shell", "back shell", "armour"),
    "leg": ("animal leg",), "thigh": ("upper leg",), "lower leg": ("shin",), "foot": ("animal foot",), "tail": ("animal tail",),
    "neck": ("animal neck",), "eye": ("eyeball", "eye stalk")})  # fmt: skip
def turtle(u: Rng) -> list[Solid]:
    """Turtles and tortoises: domed shell, neck out or in, stump legs or swimming fins."""
    wide, long, tall, h = u(0.3, 0.42), u(0.4, 0.5), u(0.14, 0.34), u(0.12, 0.22)
    swimming = u.chance(0.35)
    pieces = [
        ellipsoid("shell", (0, h, 0), (wide, tall, long), melt=u.chance()),
        ellipsoid("body", (0, h - 0.02, 0), (wide * 0.85, 0.09, long * 0.92)),
    ]
    size, reach, rise = u(0.09, 0.14), u(0.05, 0.3), u(0, 0.25)
    head = vec(0, h + rise, long + reach)
    pieces += [
        tube("neck", [vec(0, h - 0.01, long * 0.8), head], [size * 0.8, size * 0.7]),
        ellipsoid("head", head, size * np.array([0.9, 0.85, 1.25])),
    ]
    if swimming:
        for x in SIDES:
            root, back = vec(x * wide * 0.6, h - 0.02, long * 0.6), vec(x * wide * 0.6, h - 0.02, -long * 0.65)
            tip = root + vec(x * u(0.4, 0.6), u(-0.15, 0.2), u(-0.4, 0.1))
            pieces.append(
                blade(
                    "leg", bezier(root, root + vec(x * 0.3, 0, 0.15), tip, n=8), [0.08, 0.12, 0.1, 0.03], (0.3 * x, 0, 1), 0.035
                )
            )
            pieces.append(
                blade(
                    "leg",
                    [back, back + vec(x * 0.12, 0, -0.1), back + vec(x * 0.2, -0.02, -0.25)],
                    [0.06, 0.08, 0.05],
                    (1, 0, x * 0.5),
                    0.03,
                )
            )
    else:
        pieces += _sprawl(
            u,
            np.array([(0, h - 0.03, long * 0.55), (0, h - 0.03, -long * 0.6)]),
            wide * 0.55,
            u(0.18, 0.3),
            u(0.06, 0.09),
            u.chance(0.3),
        )
    if u.chance(0.7):
        pieces.append(tube("tail", [(0, h - 0.02, -long * 0.85), (0, h - 0.06, -long - u(0.08, 0.25))], [0.06, 0.025]))
    return pieces + (eyes(head, size, 0.65, 0.4, 0.6, 0.2) if u.chance(0.4) else [])


def _reptile(u: Rng, long: float, r: float, flat: float, snout: Range, tail: Range, neck: float) -> tuple[list[Solid], Array]:
    """Low body on sprawled legs with a long tail. Returns pieces and spine [14 3] from rump to shoulders."""
    h, wave = r * flat + u(0.02, 0.12), u(-0.25, 0.25)
    spine = bezier((0, h, -long / 2), (wave * 0.4, h + u(0, 0.05), 0), (0, h, long / 2), n=14)
    scale, t = np.array([1, flat, 1]), np.linspace(0, 1, 14)
    pieces = [squash(tube("torso", spine / scale, r * np.interp(t, [0, 0.4, 0.8, 1], [0.7, 1.05, 0.95, 0.7])), scale)]
    size, reach = r * u(0.6, 0.85), r * u(*snout)
    root = spine[-1]
    head = root + vec(-wave * 0.4, u(0, neck), size + neck)
    pieces.append(tube("neck", bezier(root, (root + head) / 2, head, n=6), np.linspace(r * 0.62, size * 0.75, 6)))
    pieces.append(squash(ellipsoid("head", head / scale, size), scale))
    nose, gape = head + vec(-wave * 0.2, -size * 0.2, size * 0.5 + reach), u(0, 0.35) if u.chance(0.4) else 0.0
    part, blunt = u.pick("head", "head/snout"), u(0.35, 0.55)
    pieces.append(tube(part, [head, nose + vec(0, gape * reach * 0.6, 0)], [size * 0.7, size * blunt]))
    if gape:
        jaw = [head - vec(0, size * 0.2, 0), nose - vec(0, gape * reach * 0.6, 0)]
        pieces.append(tube("head/jaw", jaw, [size * 0.55, size * blunt * 0.8]))
    far = long * u(*tail)
    end = spine[0] + vec(u(-0.6, 0.6) * far, 0.03 - h, -far * u(0.7, 1))
    path = bezier(
        spine[0],
        spine[0] - vec(wave * 0.3, h * 0.3, far * 0.4),
        (spine[0] + end) / 2 + vec(-wave, -h * 0.3, -far * 0.2),
        end,
        n=14,
    )
    pieces.append(tube("tail", path, np.linspace(r * 0.68, 0.03, 14)))
    pieces += _sprawl(
        u, spine[[11, 2]] - vec(0, r * flat * 0.2, 0), r * 0.6, u(0.18, 0.3), max(r * u(0.28, 0.42), 0.035), u.chance(0.25)
    )
    return pieces + (eyes(head, size, 0.55, 0.6 * flat + 0.15, 0.4, 0.25) if u.chance(0.5) else []), spine


@kind("crocodile", family="reptile", names=("crocodile", "alligator"), organic=True, synonyms={
    "head": ("animal head",), "torso": ("body", "chest", "front of the body"), "leg": ("animal leg",), "thigh": ("upper leg",),
    "lower leg": ("shin",), "foot": ("animal foot",), "tail": ("animal tail",), "neck": ("animal neck",),
    "jaw": ("mouth", "mandible"), "snout": ("muzzle", "nose"), "eye": ("eyeball", "eye stalk"), "spike": ("spine", "thorn"),
})  # fmt: skip
def crocodile(u: Rng) -> list[Solid]:
    """Crocodiles and alligators: long jaws, thick tail, ridge of scales by chance."""
    pieces, spine = _reptile(u, u(0.6, 0.8), u(0.12, 0.18), u(0.6, 0.85), (1.8, 2.8), (0.8, 1.2), 0.03)
    if u.chance(0.4):
        pieces += [ellipsoid("spike", spot + vec(0, 0.1, 0), (0.02, 0.05, 0.03), melt=False) for spot in spine[::2]]
    return pieces


@kind("lizard", family="reptile", names=("lizard", "gecko", "salamander", "iguana"), organic=True, synonyms={
    "head": ("animal head",), "torso": ("body", "chest", "front of the body"), "leg": ("animal leg",), "thigh": ("upper leg",),
    "lower leg": ("shin",), "foot": ("animal foot",), "tail": ("animal tail",), "neck": ("animal neck",),
    "jaw": ("mouth", "mandible"), "snout": ("muzzle", "nose"), "eye": ("eyeball", "eye stalk"), "crest": ("ridge",),
})  # fmt: skip
def lizard(u: Rng) -> list[Solid]:
    """Lizards, geckos, salamanders and iguanas: slim, short head, whip tail, crest by chance."""
    pieces, spine = _reptile(u, u(0.5, 0.7), u(0.08, 0.14), u(0.6, 0.95), (0.5, 1.2), (1.0, 1.9), u(0, 0.1))
    if u.chance(0.25):
        pieces.append(blade("crest", spine + vec(0, 0.09, 0), [0.03, 0.09, 0.06], (0, 1, 0), 0.015))
    return pieces


@kind("snake", family="reptile", names=("snake", "serpent", "cobra"), organic=True, synonyms={
    "head": ("animal head",), "body": ("torso", "main body"), "tail": ("animal tail",), "eye": ("eyeball", "eye stalk"),
    "hood": ("neck hood",)})  # fmt: skip
def snake(u: Rng) -> list[Solid]:
    """Snakes and worms: winding, coiled or rearing, hood by chance."""
    r, style, n = u(0.04, 0.08), u.pick("wind", "wind", "coil", "rear"), 48
    t = np.linspace(0, 1, n)
    if style == "coil":
        turns = u(1.5, 2.5)
        path = np.stack(
            [
                0.4 * (1 - 0.4 * t) * np.cos(t * 2 * np.pi * turns),
                r + t * r * 2.6 * turns,
                0.4 * (1 - 0.4 * t) * np.sin(t * 2 * np.pi * turns),
            ],
            1,
        )
        path = np.concatenate(
            [
                path,
                bezier(path[-1], path[-1] + 3 * (path[-1] - path[-2]) + vec(0, 0.15, 0), path[-1] + vec(0, 0.3, 0.25), n=10)[
                    1:
                ],
            ]
        )
    else:
        path = np.stack([u(0.1, 0.25) * np.sin(t * u(6, 16)) * (1 - 0.3 * t), np.full(n, r), (t - 0.5) * u(1.2, 1.7)], 1)
        if style == "rear":
            path = np.concatenate(
                [
                    path,
                    bezier(
                        path[-1], path[-1] + vec(0, 0, 0.25), path[-1] + vec(0, 0.4, -0.1), path[-1] + vec(0, 0.45, 0.15), n=12
                    )[1:],
                ]
            )
    m, cut = len(path), u.count(8, 16)
    radius = r * np.interp(np.linspace(0, 1, m), [0, 0.35, 0.85, 1], [0.35, 1, 0.95, 0.75])
    pieces = (
        [tube("tail", path[: cut + 1], radius[: cut + 1])] if u.chance() else [tube("body", path[: cut + 1], radius[: cut + 1])]
    )
    way = unit(path[-1] - path[-2])
    pieces += [
        tube("body", path[cut:], radius[cut:]),
        tube("head", [path[-1], path[-1] + way * r, path[-1] + way * r * 2.4], [r, r * u(1.15, 1.6), r * 0.7]),
    ]
    if style == "rear" and u.chance():
        pieces.append(ellipsoid("hood", path[-4], (r * 2.4, r * 2.2, 0.04)))
    return pieces + (eyes(path[-1] + way * r, r, 0.9, 0.7, 0.2, 0.3) if u.chance(0.4) else [])


@kind("frog", family="reptile", names=("frog", "toad"), organic=True, synonyms={
    "head": ("animal head",), "torso": ("body", "chest", "front of the body"), "leg": ("animal leg",), "thigh": ("upper leg",),
    "lower leg": ("shin",), "foot": ("animal foot",), "eye": ("eyeball", "eye stalk")})  # fmt: skip
def frog(u: Rng) -> list[Solid]:
    """Frogs and toads: squat body, bulging eyes, folded hind legs, webbed feet."""
    r, long = u(0.2, 0.3), u(0.35, 0.5)
    rear, front = vec(0, r * 0.75, -long / 2), vec(0, r + u(0.05, 0.2), long / 2)
    size = r * u(0.75, 1.0)
    head = front + vec(0, size * 0.25, size * 0.5)
    pieces = [
        tube("torso", [rear, (rear + front) / 2, front], [r * 0.75, r, r * 0.85]),
        ellipsoid("head", head, size * np.array([1.1, 0.7, 1])),
    ]
    pieces += [
        ellipsoid("head/eye", head + size * vec(x * 0.6, 0.6, 0.2), size * u(0.25, 0.35), melt=u.chance()) for x in SIDES
    ]
    names, feet = ("leg/thigh", "leg/lower leg", "leg/foot") if u.chance(0.4) else ("leg",) * 3, u.chance(0.7)
    for x in SIDES:
        hip = rear + vec(x * r * 0.5, 0, 0)
        knee = hip + vec(x * u(0.1, 0.25), u(0.0, 0.12), u(0.2, 0.35))
        heel = vec(knee[0] + x * 0.03, 0.05, rear[2] - u(0, 0.1))
        toe = heel + vec(x * 0.08, -0.02, u(0.2, 0.35))
        pieces += limb(names, [hip, knee, heel, toe], [0.1, 0.075, 0.05, 0.04])
        shoulder = front + vec(x * r * 0.7, -r * 0.3, -0.02)
        hand = vec(shoulder[0] + x * u(0, 0.12), 0.04, shoulder[2] + u(-0.05, 0.12))
        pieces += limb(names[1:], [shoulder, hand, hand + vec(x * 0.02, -0.01, 0.1)], [0.07, 0.045, 0.04])
        if feet:
            pieces += [
                blade(
                    names[-1],
                    [spot - vec(0, 0, 0.06), spot + vec(x * 0.02, 0, 0.04), spot + vec(x * 0.03, -0.01, 0.12)],
                    [0.03, 0.07, 0.09],
                    (1, 0, 0),
                    0.025,
                )
                for spot in (toe, hand + vec(0, 0, 0.06))
            ]
    return pieces
