"""Solids with few flat faces and jointed toy figures, which the low-poly kinds share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from meronym_synthetic.kit.anatomy import unit, vec
from meronym_synthetic.kit.curves import SIDES, Array, around, bezier, turn
from meronym_synthetic.kit.furniture import bar
from meronym_synthetic.kit.rng import Rng
from meronym_synthetic.kit.solids import Solid, box, ellipsoid, move, prism, tube


def skin(part: str, rings: ArrayLike, tips: ArrayLike | None = None) -> Solid:
    """Flat faces over rings [m n 3]; both ends close in a point each, `tips` [2 3] or the middle of the end ring."""
    ring = np.asarray(rings, float)
    m, n = ring.shape[:2]
    ends = ring[[0, -1]].mean(1) if tips is None else np.asarray(tips, float)
    vertices = np.concatenate([ring.reshape(-1, 3), ends])
    i, j = np.arange(m - 1)[:, None] * n, np.arange(n)[None]
    k = (j + 1) % n
    faces = [np.stack([i + j, i + k, i + n + j], -1).reshape(-1, 3), np.stack([i + k, i + n + k, i + n + j], -1).reshape(-1, 3)]
    j, k, top = j[0], k[0], (m - 1) * n
    faces += [np.stack([k, j, np.full(n, m * n)], 1), np.stack([top + j, top + k, np.full(n, m * n + 1)], 1)]
    corners = np.concatenate(faces)
    return Solid(part, vertices[corners].reshape(-1, 3), np.arange(corners.size).reshape(-1, 3))


def stack(part: str, levels: ArrayLike, n: int = 6, centre: ArrayLike = (0, 0, 0), rotation: Array | None = None) -> Solid:
    """Polygons with n corners over each other: levels [m 3] of (y, half-width in x, half-depth in z); n = 4 is a block."""
    y, a, b = np.asarray(levels, float).T
    angle = (np.arange(n) + 0.5) * 2 * np.pi / n + np.pi / 2
    grow = 1 / np.cos(np.pi / n)
    ring = np.stack([a[:, None] * np.cos(angle) * grow, y[:, None] + 0 * angle, b[:, None] * np.sin(angle) * grow], -1)
    frame = np.eye(3) if rotation is None else rotation
    return skin(part, ring @ frame.T + np.asarray(centre, float))


def stick(part: str, start: ArrayLike, end: ArrayLike, r: float, r_end: float | None = None, n: int = 6) -> Solid:
    """Straight prism with n sides between two points; it narrows or widens to `r_end`."""
    a, b = np.asarray(start, float), np.asarray(end, float)
    along = unit(b - a)
    x = unit(np.cross(along, (0, 0, 1.0) if abs(along[2]) < 0.9 else (1.0, 0, 0)))
    frame = np.stack([x, along, np.cross(x, along)], 1)
    last = r if r_end is None else r_end
    return stack(part, [(0, r, r), (float(np.linalg.norm(b - a)), last, last)], n, a, frame)


def ball(u: Rng, part: str, centre: ArrayLike, radius: ArrayLike, n: int = 7, rings: int = 4, rough: float = 0.0) -> Solid:
    """Ball or boulder with flat faces; `rough` moves its corners by that share of the radius."""
    half = np.broadcast_to(np.asarray(radius, float), (3,))
    latitude = np.linspace(-np.pi / 2, np.pi / 2, rings + 2)[1:-1]
    angle = np.arange(n) * 2 * np.pi / n + (np.arange(rings) % 2)[:, None] * np.pi / n
    r = np.cos(latitude)[:, None]
    points = np.stack([r * np.cos(angle), np.sin(latitude)[:, None] + 0 * angle, r * np.sin(angle)], -1)
    points = points * (1 + rough * u.rng.uniform(-1, 1, (rings, n, 1)))
    return skin(part, points * half + np.asarray(centre, float), np.array([(0, -1.0, 0), (0, 1.0, 0)]) * half + centre)


def rod(style: str, part: str, start: ArrayLike, end: ArrayLike, r: float, r_end: float | None = None) -> Solid:
    """A straight length of a limb in a style: "block", "facet" or "round"."""
    last = r if r_end is None else r_end
    if style == "round":
        return tube(part, np.array([start, end], float), [r, last])
    return bar(part, start, end, (r + last) / 2, True) if style == "block" else stick(part, start, end, r, last, 6)


def lump(u: Rng, style: str, part: str, centre: ArrayLike, half: ArrayLike) -> Solid:
    """A rounded, faceted or square upright body."""
    size = np.broadcast_to(np.asarray(half, float), (3,))
    if style == "round":
        return ellipsoid(part, centre, size, square=0.75)
    return box(part, centre, size * 0.92, n=2) if style == "block" else ball(u, part, centre, size * 1.08, 8, 4)


def belonging(whole: str, solids: Sequence[Solid]) -> list[Solid]:
    """The solids as parts of something: "arm/hand" of a "rider" becomes "rider/hand"."""
    names = [solid.part.split("/")[-1] for solid in solids]
    return [
        Solid(f"{whole}/{name}", solid.vertices, solid.faces, solid.distance) for name, solid in zip(names, solids, strict=True)
    ]


class Figure(NamedTuple):
    """A jointed figure, and where its clothes and things go."""

    pieces: list[Solid]
    style: str
    """"block", "facet" or "round"."""
    sides: int
    pelvis: Array
    chest: Array
    head: Array
    size: float
    """Radius of the head."""
    wide: float
    """Half the distance of the shoulders."""
    deep: float
    thick: float
    """Radius of an arm."""
    arms: list[Array]
    """Per side [3 3]: shoulder, elbow, hand."""
    legs: list[Array]
    """Per side [4 3]: hip, knee, ankle, toe."""
    lean: Array
    """Rotation of the torso."""

    def rod(self, part: str, start: ArrayLike, end: ArrayLike, r: float, r_end: float | None = None) -> Solid:
        """A length of a limb, or a pole, in the style of the figure."""
        return rod(self.style, part, start, end, r, r_end)

    def lump(self, u: Rng, part: str, centre: ArrayLike, half: ArrayLike) -> Solid:
        """A rounded, faceted or square body in the style of the figure, upright."""
        return lump(u, self.style, part, centre, half)

    def coat(self, part: str, low: float, high: float, grow: float, flare: float = 1.0) -> Solid:
        """A shell around the torso between two shares of its height, `grow` wider than it."""
        n = 4 if self.style == "block" else 8 if self.style == "facet" else 24
        tall = float(np.linalg.norm(self.chest - self.pelvis))
        w, d = self.wide * 0.8 + grow, self.deep + grow
        levels = [(low * tall, w * flare, d * flare), (high * tall, w, d)]
        return stack(part, levels, n, self.pelvis, self.lean)


def figure(
    u: Rng,
    toy: bool,
    torso: str = "body",
    hand: str = "arm/hand",
    foot: str = "leg/foot",
    seat: Array | None = None,
    reach: Array | None = None,
    astride: float = 0.12,
    size: float = 1.0,
    head: str = "head",
    feet: Array | None = None,
) -> Figure:
    """A figure about 1 tall with its feet at y = 0, standing or striding; or seated at `seat`, hands at `reach` and
    feet at `feet` (right side).

    `toy` gives a big head and short limbs; `astride` is the distance of the knees from the middle of a seated figure.
    """
    style, fine = u.pick("block", "facet", "round"), seat is None and u.chance(0.4)
    r = u(0.17, 0.25) if toy else u(0.07, 0.095)
    tall, leg = (u(0.26, 0.34), u(0.2, 0.3)) if toy else (u(0.3, 0.36), u(0.44, 0.5))
    arm, wide = (u(0.28, 0.36), u(0.15, 0.21)) if toy else (u(0.4, 0.46), u(0.12, 0.15))
    thick, deep = (u(0.05, 0.075), u(0.09, 0.13)) if toy else (u(0.034, 0.048), u(0.07, 0.09))
    r, tall, leg, arm, wide, thick, deep = (x * size for x in (r, tall, leg, arm, wide, thick, deep))
    tilt = u(0, 0.1) if seat is None else u(-0.05, 0.15)
    if seat is not None and reach is not None:
        tilt += float(np.clip((reach[2] - seat[2] - arm * 0.8) / tall, 0, 0.7))
    lean = turn("x", tilt)
    pelvis = vec(0, leg + thick * 0.6, 0) if seat is None else seat
    up = lean @ vec(0, tall, 0)
    chest = pelvis + up
    top = chest + vec(0, r * u(0.85, 1.0) + (0 if toy else 0.03), r * 0.1)
    swing, spread, lift = u(0, 0.5) * u.chance(0.4), u(0.2, 0.7), u(0.1, 1.3)
    arms, legs = [], []
    for x in SIDES:
        shoulder = chest + lean @ vec(x * (wide + thick * 0.3), -thick * 0.9, 0)
        if reach is None:
            fore = lift if u.chance(0.4) else u(-0.2, 0.3)
            elbow = shoulder + arm * 0.5 * unit(vec(x * np.sin(spread), -1, np.sin(fore) * 0.7))
            palm = elbow + arm * 0.5 * unit(vec(x * np.sin(spread) * 0.5, -np.cos(fore), np.sin(fore) + 0.15))
        else:
            palm = reach * vec(x, 1, 1)
            elbow = (shoulder + palm) / 2 + vec(x * arm * 0.15, -arm * 0.2, -arm * 0.05)
        arms.append(np.array([shoulder, elbow, palm]))
        hip = pelvis + vec(x * (wide * 0.42 if seat is None else wide * 0.5), 0, 0)
        if seat is None:
            ankle = vec(hip[0] * 1.15, thick * 0.9, x * swing * leg)
            knee, toe = (hip + ankle) / 2 + vec(0, 0, 0.03 * leg), ankle + vec(x * 0.01, -thick * 0.1, thick * u(1.6, 2))
        else:
            knee = hip + vec(x * astride - hip[0] + x * thick, -leg * 0.3, leg * 0.42)
            ankle = knee + vec(0, -leg * 0.5, -leg * 0.12)
            if feet is not None:
                ankle = feet * vec(x, 1, 1) + vec(0, thick, 0)
                knee = (hip + ankle) / 2 + vec(x * thick, leg * 0.12, leg * 0.25)
            toe = ankle + vec(x * 0.01, 0, thick * 1.8)
        legs.append(np.array([hip, knee, ankle, toe]))
    f = Figure([], style, 6, pelvis, chest, top, r, wide, deep, thick, arms, legs, lean)
    pieces, waist = f.pieces, u(0.7, 1)
    pieces.append(f.coat(torso, -0.12, 1, 0, waist))
    if not toy or u.chance(0.3):
        pieces.append(f.rod("neck" if fine else head, chest - up * 0.05, top, thick * 0.8))
    pieces.append(f.lump(u, head, top, r * vec(u(0.9, 1.05), u(0.9, 1.05), u(0.85, 1))))
    for a, g in zip(arms, legs, strict=True):
        upper, lower = ("arm/upper arm", "arm/forearm") if fine else ("arm", "arm")
        thigh, shin = ("leg/thigh", "leg/lower leg") if fine else ("leg", "leg")
        wrist = a[1] * 0.3 + a[2] * 0.7
        pieces += [f.rod(upper, a[0], a[1], thick * 1.1, thick), f.rod(lower, a[1], wrist, thick, thick * 0.85)]
        pieces.append(f.lump(u, hand, a[2] * 0.9 + wrist * 0.1, thick * 1.15))
        pieces += [f.rod(thigh, g[0], g[1], thick * 1.3, thick * 1.15), f.rod(shin, g[1], g[2], thick * 1.15, thick)]
        pieces.append(box(foot, (g[2] + g[3]) / 2 - (0, thick * 0.3, 0), (thick * 1.1, thick * 0.65, thick * 1.9), n=2))
        if foot.endswith("boot"):
            pieces.append(f.rod(foot, g[2], g[1] * 0.35 + g[2] * 0.65, thick * 1.15, thick * 1.35))
    return f


def face(u: Rng, f: Figure, part: str = "head") -> list[Solid]:
    """Eyes, and by chance a nose, on the front of a head."""
    y, gap, r = u(-0.1, 0.15), u(0.3, 0.45), f.size * u(0.08, 0.16)
    eyes = [
        box(f"{part}/eye", f.head + f.size * vec(x * gap, y, 0.9), (r, r * 1.3, f.size * 0.12), n=1)
        if f.style == "block"
        else ellipsoid(f"{part}/eye", f.head + f.size * vec(x * gap, y, 0.86), (r, r * 1.3, f.size * 0.14), melt=False)
        for x in SIDES
    ]
    nose = [f.lump(u, part, f.head + f.size * vec(0, y - 0.3, 0.95), f.size * 0.15)] if u.chance(0.4) else []
    return eyes + nose


def cape(u: Rng, f: Figure, part: str, low: float) -> Solid:
    """Cloth from the shoulders down behind the back, to the height `low`."""
    w, flare, blow = f.wide * u(0.8, 1.05), u(1, 1.5), u(0.02, 0.16)
    top = f.chest + vec(0, 0.01, -f.deep - 0.02)
    foot = vec(0, low, top[2] - blow)
    rings = []
    for t in np.linspace(0, 1, 4):
        c, half = top * (1 - t) + foot * t - vec(0, 0, blow * 0.3 * np.sin(np.pi * t)), w * (1 + (flare - 1) * t)
        rings.append([c + vec(x * half, 0, z) for x, z in ((-1, -0.015), (1, -0.015), (1, 0.015), (-1, 0.015))])
    return skin(part, rings)


def held(u: Rng, solids: list[Solid], hand: Array) -> list[Solid]:
    """Things made around the origin, upright or slanting to the front in a hand."""
    return move(solids, hand, rotation=turn("z", u(-0.2, 0.2)) @ turn("x", u.pick(0.0, u(0, 0.5), u(0.6, 1.5))))


def sword(u: Rng, f: Figure, whole: str = "sword") -> list[Solid]:
    """Broad toy sword in one hand, in one piece of name or with blade, guard and handle."""
    long, w, fine = u(0.4, 0.7), u(0.025, 0.05), u.chance(0.5)
    blade, guard, handle = (f"{whole}/{part}" if fine else whole for part in ("blade", "guard", "handle"))
    outline = [(-w, 0.05), (w, 0.05), (w * u(0.8, 1.2), long * 0.85), (0, long), (-w * u(0.8, 1), long * 0.85)]
    pieces = [prism(blade, outline, 0.014), box(guard, (0, 0.05, 0), (w * u(1.8, 2.6), 0.018, 0.025), n=1)]
    pieces += [stick(handle, (0, -0.09, 0), (0, 0.05, 0), 0.018), ball(u, handle, (0, -0.1, 0), 0.028, 6, 3)]
    return held(u, pieces, f.arms[0][2] + vec(0, 0, f.thick * 0.5))


def shield(u: Rng, f: Figure) -> list[Solid]:
    """Round, pointed or square shield on the other arm."""
    w, h, style = u(0.13, 0.2), u(0.18, 0.27), u.pick("round", "point", "square", "kite")
    outline = {
        "round": [(w * c, w * s) for c, s in around(u.pick(8, 10, 24))],
        "point": [(0, -h), (w, -h * 0.2), (w, h * 0.7), (-w, h * 0.7), (-w, -h * 0.2)],
        "square": [(-w, -h * 0.8), (w, -h * 0.8), (w, h * 0.8), (-w, h * 0.8)],
        "kite": [(0, -h * 1.2), (w * 0.9, h * 0.3), (w * 0.5, h * 0.8), (0, h), (-w * 0.5, h * 0.8), (-w * 0.9, h * 0.3)],
    }[style]
    pieces = [prism("shield", outline, 0.02)]
    if u.chance(0.6):
        pieces.append(ball(u, "shield", (0, 0, 0.02), (w * 0.35, w * 0.35, 0.035), 8, 3))
    if u.chance(0.3):
        pieces += [
            box("shield", (0, 0, 0.015), (w * 0.12, h * 0.6, 0.016), n=1),
            box("shield", (0, 0, 0.015), (w * 0.7, w * 0.1, 0.016), n=1),
        ]
    side = u.pick(0.0, u(0.2, 1.4))
    return move(pieces, f.arms[1][2] + vec(0.03 + 0.04 * np.sin(side), 0, f.thick + 0.03), rotation=turn("y", side))


def axe(u: Rng, f: Figure) -> list[Solid]:
    """Battle axe with one or two blades."""
    long, w, fine = u(0.25, 0.4), u(0.1, 0.16), u.chance()
    pieces = [stick("axe/handle" if fine else "axe", (0, -0.12, 0), (0, long, 0), 0.02)]
    for x in SIDES if u.chance(0.6) else (1.0,):
        edge = [
            (0, long - 0.05),
            (x * w * 0.6, long - 0.12),
            (x * w, long - 0.03),
            (x * w, long + 0.04),
            (x * w * 0.5, long + 0.03),
        ]
        pieces.append(prism("axe/blade" if fine else "axe", edge, 0.016))
    return held(u, pieces, f.arms[0][2])


def bow(u: Rng, f: Figure) -> list[Solid]:
    """Bow with its string in one hand."""
    h, deep = u(0.25, 0.4), u(0.1, 0.16)
    path = bezier((0, -h, -deep), (0, -h * 0.5, deep), (0, h * 0.5, deep), (0, h, -deep), n=8)
    pieces = [tube("bow", path, 0.017), tube("bow/bowstring" if u.chance(0.4) else "bow", path[[0, -1]], 0.006)]
    return move(pieces, f.arms[1][2] - vec(0, 0, deep * 0.4), rotation=turn("y", u(-0.8, 0.8)))
