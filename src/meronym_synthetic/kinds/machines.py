"""Machine parts, turned parts, fasteners and simple machines."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from meronym_synthetic.kit import (  # fmt: skip
    SIDES,
    Array,
    Dice,
    Kind,
    Piece,
    arc,
    around,
    bezier,
    box,
    cylinder,
    ellipsoid,
    helix,
    lathe,
    loft,
    move,
    prism,
    tube,
    turn,
    wing,
)

_QUARTER = np.pi / 2


def _hoop(part: str, inner: float, outer: float, low: float, high: float, axis: str = "y") -> Piece:
    """Ring with a rectangular cross-section and a hole through it."""
    r, y = np.array([(inner, low), (outer, low), (outer, high), (inner, high), (inner, low)], float).T
    zero = np.zeros_like(r)
    ring = loft(part, np.stack([zero, y, zero], 1), np.stack([r, zero, zero], 1), np.stack([zero, zero, -r], 1), cap=False)
    rotation = {"x": turn("z", -_QUARTER), "y": np.eye(3), "z": turn("x", _QUARTER)}[axis]
    return Piece(part, ring.vertices @ rotation.T, ring.faces)


def _pose(u: Dice, pieces: list[Piece]) -> list[Piece]:
    """Axis upright, lying to the side, lying to the front or slanted."""
    return move(
        pieces, rotation=u.pick(np.eye(3), turn("x", _QUARTER), turn("z", _QUARTER), turn("x", u(-1, 1)) @ turn("z", u(-1, 1)))
    )


def _hexagon(radius: float, sides: int = 6) -> Array:
    return np.array(around(sides)) * radius


# --------------------------------------------------------------------------------------------------- turned parts, mech


def _section(u: Dice, part: str, r: float, low: float, high: float, bore: float) -> list[Piece]:
    """One roller of a turned part: cylinder, chamfered, rounded, grooved or conical; with a hole if `bore` > 0."""
    if bore > 0:
        return [_hoop(part, bore, r, low, high)]
    h = high - low
    shape = u.pick("plain", "plain", "plain", "chamfer", "round", "groove", "cone")
    profile = {
        "plain": [(r, low), (r, high)],
        "chamfer": [(r - 0.2 * min(h, r), low), (r, low + 0.2 * h), (r, high - 0.2 * h), (r - 0.2 * min(h, r), high)],
        "round": [
            (r * c, low + h * (s + 1) / 2)
            for c, s in zip(0.8 + 0.2 * np.cos(np.linspace(-1.5, 1.5, 9)), np.sin(np.linspace(-1.57, 1.57, 9)), strict=True)
        ],
        "groove": [
            (r, low),
            (r, low + 0.35 * h),
            (r * 0.85, low + 0.45 * h),
            (r * 0.85, low + 0.55 * h),
            (r, low + 0.65 * h),
            (r, high),
        ],
        "cone": [(r, low), (r * u(0.75, 0.95), high)],
    }[shape]
    return [lathe(part, profile)]


def _named_sizes(u: Dice, low: float, high: float) -> dict[str, float]:
    """Radii for two to four of the sizes tiny, small, medium and big, clearly apart within one shape."""
    names = u.pick(("big", "small"), ("big", "medium", "small"), ("big", "medium", "small"), ("big", "medium", "small", "tiny"))
    ratio = (low / high) ** (1 / (len(names) - 1))
    return {name: high * ratio**k * u(0.93, 1.07) for k, name in enumerate(names)}


def turned_part(u: Dice) -> list[Piece]:
    """Coaxial rollers of different radius on an axis: bearing-like, stepped shaft, spool, symmetric, on a base."""
    sizes = _named_sizes(u, u(0.08, 0.2), u(0.5, 0.8))
    order = list(sizes)
    style = u.pick("steps", "mixed", "mixed", "symmetric", "spool")
    if style == "steps":
        stack = order
    elif style == "symmetric":
        stack = order[::-1] + order[1:]
    elif style == "spool":
        stack = (
            [order[0], order[-1], order[0]] if u.chance() else [order[-1], order[0], order[1 % len(order)], order[0], order[-1]]
        )
    else:
        stack = [u.pick(*order) for _ in range(u.count(0, 3))] + [order[k] for k in u.rng.permutation(len(order))]
        stack = [name for k, name in enumerate(stack) if k == 0 or stack[k - 1] != name]
    bore = min(sizes.values()) * u(0.4, 0.75) if u.chance(0.25) else 0.0
    pieces, y = [], 0.0
    if u.chance(0.35):
        t, wide = u(0.05, 0.15), sizes["big"] * u(1.1, 1.5)
        base = u.pick("round", "square", "oblong")
        pieces.append(
            lathe("base", [(wide, 0), (wide, t)])
            if base == "round"
            else box("base", (0, t / 2, 0), (wide, t / 2, wide * (1 if base == "square" else u(0.7, 0.9))))
        )
        y = t - 0.005
    for name in stack:
        h = u(0.06, 0.3) if sizes[name] > 0.3 else u(0.08, 0.5)
        pieces += _section(u, f"{name} roller", sizes[name], y, y + h, bore)
        y += h - 0.002
    middle = move(pieces, (0, -y / 2, 0))
    return _pose(u, middle)


def bearing(u: Dice) -> list[Piece]:
    """Ball and roller bearing, open or with a flange, pillow block."""
    r, t = u(0.5, 0.7), u(0.1, 0.25)
    inner, race = r * u(0.4, 0.55), r * u(0.1, 0.16)
    pieces = [_hoop("outer ring", r - race, r, -t, t), _hoop("inner ring", inner - race, inner, -t, t)]
    middle, ball = (inner + r - race) / 2, (r - race - inner) / 2
    count = int(np.pi * middle / ball * u(0.6, 0.95))
    rollers = u.chance(0.3)
    for c, s in around(count):
        x, z = middle * c, middle * s
        pieces.append(
            cylinder("roller", (x, -t * 0.85, z), (x, t * 0.85, z), ball * 0.95)
            if rollers
            else ellipsoid("ball", (x, 0, z), ball * 1.05, melt=False)
        )
    if u.chance(0.25):
        pieces.append(_hoop("flange", r * 0.98, r * u(1.15, 1.4), -t, -t * 0.6))
    pieces = _pose(u, pieces)
    if u.chance(0.15):
        pieces = move(pieces, rotation=np.eye(3))
        low = min(float(p.vertices[:, 1].min()) for p in pieces)
        pieces.append(box("base", (0, low - 0.04, 0), (r * 1.4, 0.06, u(0.2, 0.4))))
    return pieces


def machine_part(u: Dice) -> list[Piece]:
    """Boxes and cylinders of named relative size joined at faces: brackets, housings, stepped blocks with bosses."""
    boxes = ("big box", "medium box", "small box")
    w = np.array([u(0.5, 0.8), u(0.08, 0.35), u(0.3, 0.6)])
    pieces = [box("big box", (0, 0, 0), w)]
    tops: list[tuple[Array, Array]] = [(np.zeros(3), w)]
    for name in boxes[1 : u.count(1, 3)]:
        shrink = u(0.5, 0.7)
        host, size = tops[-1] if u.chance(0.5) else tops[0]
        half = (
            size
            * u.pick((shrink, shrink, shrink), (0.25, shrink, 1.0), (shrink, shrink * 2, 0.25), (1.0, shrink * 1.3, 0.2))
            * u(0.85, 1.0)
        )
        axis, side = (1 if u.chance(0.65) else u.count(0, 2)), u.pick(*SIDES)
        centre = host + (size - half) * u.pick(0.0, 0.0, 1.0, -1.0) * (np.arange(3) != axis)
        centre[axis] = host[axis] + side * (size[axis] + half[axis] - 0.005)
        pieces.append(box(name, centre, half))
        tops.append((centre, half))
    radius = _named_sizes(u, u(0.06, 0.12), u(0.2, 0.3))
    for name in [n for n in radius if n != "tiny"][: u.count(1 if len(pieces) == 1 else 0, 3)]:
        host, size = tops[u.count(0, len(tops) - 1)]
        axis, side, r = u.pick(1, 1, 0, 2), u.pick(*SIDES), radius[name]
        across = [k for k in range(3) if k != axis]
        r = min(r, float(size[across].max()) * 0.95)
        start, direction = host.copy(), np.eye(3)[axis] * side
        start[across] += [max(size[k] - r, 0) * u.pick(-1.0, 0.0, 0.0, 1.0) for k in across]
        base = start + direction * size[axis] * 0.98
        for shift in SIDES if u.chance(0.25) else (0.0,):
            slide = np.zeros(3)
            slide[across[0]] = shift * max(size[across[0]] - r, 0)
            pieces.append(cylinder(f"{name} cylinder", base + slide, base + slide + direction * u(0.08, 0.5), r))
    return _pose(u, pieces) if u.chance(0.4) else pieces


def shaft_block(u: Dice) -> list[Piece]:
    """A machine part built along an axis: cylinders and boxes in turn, as in couplings, housings and valve blocks."""
    radius, y, pieces = _named_sizes(u, u(0.12, 0.2), u(0.4, 0.6)), 0.0, []
    names = [n for n in radius if n != "tiny"]
    for name in (names[k] for k in u.rng.permutation(len(names))):
        r, h = radius[name], u(0.1, 0.45)
        pieces.append(cylinder(f"{name} cylinder", (0, y, 0), (0, y + h, 0), r))
        y += h - 0.004
        if u.chance(0.4):
            h = u(0.06, 0.3)
            pieces.append(box(f"{name} box", (0, y + h / 2, 0), (r * u(0.8, 1.3), h / 2, r * u(0.5, 1.3))))
            y += h - 0.004
    if u.chance(0.4):
        name = names[-1]
        pieces.append(cylinder(f"{name} cylinder", (-u(0.5, 0.8), y * 0.5, 0), (u(0.5, 0.8), y * 0.5, 0), radius[name] * 0.95))
    return _pose(u, pieces)


def bracket(u: Dice) -> list[Piece]:
    """Angle bracket, U bracket and shaft bracket with holes' bosses and a stiffening rib."""
    w, h, d, t = u(0.4, 0.7), u(0.4, 0.8), u(0.2, 0.45), u(0.04, 0.1)
    pieces = [box("base", (0, 0, 0), (w, t, d))]
    style = u.pick("angle", "u", "shaft")
    if style == "shaft":
        r = d * u(0.7, 1.0)
        pieces += [
            box("wall", (0, h / 2, 0), (r, h / 2, d * 0.4)),
            _moved(_hoop("ring", r * 0.55, r * 1.1, -d * 0.6, d * 0.6, "z"), (0, h + r * 0.6, 0)),
        ]
    else:
        for s in SIDES if style == "u" else (-1.0,):
            pieces.append(box("wall", (s * (w - t), h / 2, 0), (t, h / 2, d)))
            if u.chance(0.5):
                pieces.append(_moved(_hoop("ring", 0.06, 0.13, -t * 1.8, t * 1.8, "x"), (s * (w - t), h * 0.7, 0)))
        if style == "angle" and u.chance(0.7):
            pieces.append(prism("rib", [(-w + t, 0), (w * 0.6, 0), (-w + t, h * 0.8)], t * 0.7))
    for s in SIDES if u.chance(0.6) else ():
        pieces.append(prism("bolt", _hexagon(0.07), 0.04, (s * w * 0.5, t + 0.03, d * 0.55), turn("x", _QUARTER)))
    return pieces


def _moved(piece: Piece, offset: ArrayLike) -> Piece:
    return Piece(piece.part, piece.vertices + np.asarray(offset, float), piece.faces)


# -------------------------------------------------------------------------------------------------------- wheels, gears


def gear(u: Dice) -> list[Piece]:
    """Spur gear, chain sprocket and bevel gear; solid, with a hub or with spokes; pairs at times."""
    r, n, t = u(0.45, 0.65), u.count(8, 28), u(0.05, 0.2)
    high, bevel = u(0.08, 0.16), u(0.6, 1.0) if u.chance(0.25) else 1.0
    pieces = []
    if u.chance(0.35):
        pieces += [
            _hoop("rim", r * 0.78, r, -t, t),
            *(
                box("spoke", (c * r * 0.45, 0, s * r * 0.45), (r * 0.4, t * 0.5, 0.05), turn("y", -np.arctan2(s, c)))
                for c, s in around(u.count(3, 6))
            ),
        ]
    else:
        pieces.append(
            lathe("body", [(r, -t), (r * bevel, t), (r * bevel * 0.7, t), (r * bevel * 0.65, t * 0.6), (0.001, t * 0.6)])
        )
    for c, s in around(n):
        w = np.pi * r / n * u.pick(0.5, 0.5, 0.6)
        tooth = prism(
            "tooth",
            [(r * 0.96, -w), (r + high, -w * 0.55), (r + high, w * 0.55), (r * 0.96, w)],
            t,
            rotation=turn("y", -np.arctan2(s, c)) @ turn("x", _QUARTER),
        )
        x, y, z = tooth.vertices.T
        shrink = 1 - (1 - bevel) * (y + t) / (2 * t)
        pieces.append(Piece("tooth", np.stack([x * shrink, y, z * shrink], 1), tooth.faces))
    hub = r * u(0.2, 0.35)
    pieces.append(
        _hoop("hub", hub * u(0.4, 0.6), hub, -t * u(1, 2), t * u(1.1, 2))
        if u.chance(0.7)
        else cylinder("hub", (0, -t * 1.3, 0), (0, t * 2, 0), hub)
    )
    if u.chance(0.3):
        pieces.append(cylinder("shaft", (0, -t - u(0.1, 0.4), 0), (0, t + u(0.1, 0.5), 0), hub * 0.6))
    return _pose(u, pieces)


def wheel(u: Dice) -> list[Piece]:
    """Car wheel, bicycle wheel, wagon wheel, caster and hand wheel."""
    r, style = u(0.55, 0.75), u.pick("car", "bicycle", "wagon", "caster", "hand")
    n = {"car": u.count(3, 8), "bicycle": u.count(12, 24), "wagon": u.count(6, 12)}.get(style, u.count(3, 6))
    thick = {"car": u(0.15, 0.25), "bicycle": u(0.025, 0.045), "wagon": u(0.05, 0.09)}.get(style, u(0.04, 0.07))
    inner = r * (u(0.6, 0.75) if style == "car" else 0.9)
    pieces = []
    if style in ("car", "bicycle"):
        tyre = arc((0, 0, 0), (r + inner) / 2, (r + inner) / 2, 0, 2 * np.pi, "xz", 80)
        pieces.append(tube("tire", tyre, (r - inner) / 2, flat=thick / ((r - inner) / 2), round_ends=False, melt=False))
    if style == "caster":
        pieces += [
            lathe("tire", [(r * 0.85, -0.15), (r, -0.1), (r, 0.1), (r * 0.85, 0.15)]),
            cylinder("rim", (0, -0.17, 0), (0, 0.17, 0), r * 0.6),
            cylinder("hub", (0, -0.2, 0), (0, 0.2, 0), 0.1),
        ]
        fork = [
            tube("fork", [(0, s * 0.24, 0), (0, s * 0.24, -r * 1.2), (0, 0, -r * 1.25)], 0.06, flat=0.6, melt=False)
            for s in SIDES
        ]
        return move([*pieces, *fork, cylinder("stem", (0, 0, -r * 1.2), (0, 0, -r * 1.7), 0.08)], rotation=turn("x", _QUARTER))
    pieces.append(_hoop("rim", inner * 0.88, inner * 1.03, -thick, thick))
    hub = u(0.07, 0.14)
    wide = thick * u(0.5, 1.3)
    pieces.append(cylinder("hub", (0, -wide * 1.3, 0), (0, wide * 1.3, 0), hub))
    for k, (c, s) in enumerate(around(n)):
        tilt = wide * 0.8 * (-1) ** k if style == "bicycle" else 0.0
        pieces.append(
            tube(
                "spoke",
                [(0, tilt, 0), (c * inner * 0.93, 0, s * inner * 0.93)],
                0.012 if style == "bicycle" else u(0.03, 0.06),
                melt=False,
            )
        )
    if style == "hand" and u.chance(0.6):
        pieces.append(tube("knob", [(inner * 0.95, 0, 0), (inner * 0.95, 0.25, 0)], [0.04, 0.06], melt=False))
    return _pose(u, pieces)


def pulley(u: Dice) -> list[Piece]:
    """Grooved wheel in a fork with hook and rope, or pulley block."""
    r, t = u(0.25, 0.4), u(0.08, 0.14)
    pieces = [
        lathe("wheel", [(r, -t), (r, -t * 0.7), (r * 0.75, 0), (r, t * 0.7), (r, t)], axis="z"),
        cylinder("axle", (0, 0, -t * 1.8), (0, 0, t * 1.8), 0.05),
    ]
    pieces += [box("bracket", (0, r * 0.7, z * t * 1.4), (u(0.06, 0.12), r * 0.9, 0.025)) for z in SIDES]
    pieces.append(box("bracket", (0, r * 1.6, 0), (0.1, 0.04, t * 1.6)))
    top = r * 1.6
    pieces.append(
        tube(
            "hook",
            np.concatenate([[(0, top, 0)], arc((0, top + 0.25, 0), 0.12, 0.12, -_QUARTER, np.pi * 0.9, "xy")]),
            0.035,
            melt=False,
        )
    )
    if u.chance(0.6):
        path = np.concatenate(
            [[(-r * 0.85, -u(0.4, 0.8), 0)], arc((0, 0, 0), r * 0.85, r * 0.85, np.pi, 0, "xy"), [(r * 0.85, -u(0.4, 0.8), 0)]]
        )
        pieces.append(tube("rope", path, 0.035, melt=False))
    return pieces


def propeller(u: Dice) -> list[Piece]:
    """Ship's screw and aircraft propeller with two to six blades and a nose cone."""
    n, long, ship, pitch = u.count(2, 6), u(0.5, 0.9), u.chance(0.45), u(0.3, 0.8)
    hub = u(0.09, 0.16)
    pieces = [lathe("hub", [(hub, -0.15), (hub, 0.12), (0.03, u(0.2, 0.4))], axis="z")]
    for c, s in around(n):
        along = np.array([-s * np.cos(pitch), c * np.cos(pitch), np.sin(pitch)])
        up = np.array([s * np.sin(pitch), -c * np.sin(pitch), np.cos(pitch)])
        if ship:
            out = np.array([c, s, 0])
            frame = np.stack([out, along, up], 1)
            pieces.append(
                ellipsoid("blade", out * (hub + long * 0.28), (long * 0.35, long * u(0.22, 0.28), 0.025), frame, melt=False)
            )
        else:
            pieces.append(
                wing("blade", (c * hub * 0.5, s * hub * 0.5, 0), (c * long, s * long, 0), (0.05, u(0.07, 0.1)), 0.02, along, up)
            )
    return [*pieces, cylinder("shaft", (0, 0, -u(0.2, 0.7)), (0, 0, -0.1), hub * 0.5)] if u.chance() else pieces


# ------------------------------------------------------------------------------------------------------------ fasteners


def _thread(u: Dice, r: float, low: float, high: float) -> list[Piece]:
    """Rod with a helical ridge, or plain."""
    pieces = [cylinder("thread", (0, low, 0), (0, high, 0), r)]
    if u.chance(0.7):
        coil = helix(r, high - low, max(2, round((high - low) / 0.07)), n=160) + np.array([0, low, 0])
        pieces.append(tube("thread", coil, 0.02, melt=False))
    return pieces


def bolt(u: Dice) -> list[Piece]:
    """Hex bolt, socket bolt, round-headed bolt, eye bolt and U bolt; nut and washer at times."""
    r, long, head = u(0.1, 0.18), u(0.6, 1.2), u(0.08, 0.2)
    style = u.pick("hex", "hex", "socket", "round", "eye", "square")
    smooth = u(0, 0.6) * long
    pieces = _thread(u, r * 0.95, 0, long - smooth)
    if smooth > 0.1:
        pieces.append(cylinder("shaft", (0, long - smooth, 0), (0, long, 0), r))
    if style in ("hex", "square"):
        pieces.append(
            prism(
                "head",
                _hexagon(r * u(1.6, 2.1), 6 if style == "hex" else 4),
                head / 2,
                (0, long + head / 2, 0),
                turn("x", _QUARTER),
            )
        )
    elif style == "socket":
        pieces += [
            _hoop("head", r * 0.8, r * 1.6, long, long + head * 1.3),
            cylinder("head", (0, long, 0), (0, long + head * 0.5, 0), r * 1.5),
        ]
    elif style == "round":
        pieces.append(lathe("head", [(r * 1.8, long), (r * 1.6, long + head * 0.6), (0.01, long + head)]))
    else:
        pieces.append(
            tube("ring", arc((0, long + r * 2, 0), r * 2, r * 2, 0, 2 * np.pi, "xy", 25), r * 0.8, round_ends=False, melt=False)
        )
    if u.chance(0.3):
        y = long * u(0.1, 0.4)
        pieces.append(prism("nut", _hexagon(r * 1.9), 0.09, (0, y, 0), turn("x", _QUARTER)))
    if u.chance(0.25):
        pieces.append(_hoop("washer", r * 0.9, r * 2.3, long - 0.06, long - 0.005))
    return _pose(u, pieces)


def screw(u: Dice) -> list[Piece]:
    """Wood screw with countersunk or round head, pointed; nail and wing screw."""
    r, long = u(0.08, 0.13), u(0.7, 1.1)
    style = u.pick("flat", "round", "wing", "nail")
    pieces: list[Piece] = [lathe("tip", [(0.004, -0.2), (r, 0.0)])]
    pieces += [cylinder("shaft", (0, 0, 0), (0, long, 0), r)] if style == "nail" else _thread(u, r, 0, long)
    if style == "flat":
        pieces.append(lathe("head", [(r, long - 0.01), (r * 2.4, long + 0.15), (r * 2.4, long + 0.18)]))
    elif style == "nail":
        pieces.append(cylinder("head", (0, long, 0), (0, long + 0.04, 0), r * u(1.8, 2.6)))
    else:
        pieces.append(lathe("head", [(r * 2, long - 0.01), (r * 1.8, long + 0.09), (0.02, long + 0.16)]))
    if style == "wing":
        pieces += [
            ellipsoid("wing", (s * r * 2.6, long + 0.16, 0), (0.17, 0.12, 0.04), turn("z", s * 0.6), melt=False) for s in SIDES
        ]
    return _pose(u, pieces)


def nut(u: Dice) -> list[Piece]:
    """Hex nut, flange nut, wing nut and cap nut."""
    r, t, style = u(0.5, 0.7), u(0.2, 0.4), u.pick("hex", "flange", "wing", "cap")
    hole = r * u(0.45, 0.6)
    pieces = [_hoop("thread", hole * 0.85, hole * 1.08, -t, t)]
    if style == "wing":
        pieces.append(_hoop("body", hole, r * 0.9, -t, t * 1.2))
        return _pose(
            u,
            pieces
            + [ellipsoid("wing", (s * r * 1.2, t * 1.2, 0), (0.5, 0.28, 0.08), turn("z", s * 0.6), melt=False) for s in SIDES],
        )
    ring = _hoop("body", hole, r, -t, t)
    x, y, z = ring.vertices.T
    angle = np.arctan2(z, x)
    grow = np.where(
        np.hypot(x, z) > r * 0.9, np.cos(np.pi / 6) / np.cos((angle + np.pi / 6) % (np.pi / 3) - np.pi / 6) * 1.1, 1
    )
    pieces.append(Piece("body", np.stack([x * grow, y, z * grow], 1), ring.faces))
    if style == "flange":
        pieces.append(_hoop("flange", hole, r * 1.35, -t - 0.06, -t + 0.03))
    elif style == "cap":
        pieces.append(lathe("cap", [(r * 0.8, t), (r * 0.75, t + 0.25), (0.01, t + 0.6)]))
    return _pose(u, pieces)


def spring(u: Dice) -> list[Piece]:
    """Coil spring: open, tight or conical, with plates or hooks at the ends."""
    r, h, turns = u(0.25, 0.4), u(0.7, 1.2), u(4, 9)
    coil = helix(1.0, h, turns, n=int(turns * 22))
    taper = np.linspace(r, r * (u(0.4, 0.8) if u.chance(0.3) else 1), len(coil))
    coil[:, [0, 2]] *= taper[:, None]
    pieces = [tube("coil", coil, u(0.03, 0.06), melt=False)]
    end = u.pick("none", "plates", "hooks")
    if end == "plates":
        pieces += [cylinder("end plate", (0, y - 0.03, 0), (0, y + 0.03, 0), r * 1.3) for y in (-0.03, h + 0.03)]
    elif end == "hooks":
        for y, s, p in ((0, -1, coil[0]), (h, 1, coil[-1])):
            hook = arc((0, y + s * 0.25, 0), 0.12, 0.14, -s * _QUARTER, s * np.pi, "xy")
            pieces.append(tube("hook", np.concatenate([p[None], hook]), 0.035, melt=False))
    return _pose(u, pieces)


def chain_link(u: Dice) -> list[Piece]:
    """Row of interlocked oval links."""
    a, b, r, pieces = u(0.09, 0.14), u(0.17, 0.24), u(0.03, 0.05), []
    for k in range(u.count(3, 7)):
        x = (
            np.abs(np.cos(np.linspace(0, 2 * np.pi, 33))) ** 0.7 * np.sign(np.cos(np.linspace(0, 2 * np.pi, 33))) * a,
            np.sin(np.linspace(0, 2 * np.pi, 33)) * b,
        )
        path = np.stack([x[0], x[1], 0 * x[0]], 1) @ turn("y", _QUARTER * (k % 2)).T + [0, k * 2 * (b - r), 0]
        pieces.append(tube("link", path, r, round_ends=False, melt=False))
    if u.chance(0.35):
        pieces.append(tube("hook", arc((0, -b - 0.15, 0), 0.14, 0.16, _QUARTER, 2 * np.pi, "xy"), 0.045, melt=False))
    return _pose(u, pieces)


def padlock(u: Dice) -> list[Piece]:
    """Padlock: round, square or shield body; closed or open."""
    w, h, d = u(0.32, 0.45), u(0.28, 0.42), u(0.1, 0.18)
    body = u.pick(
        box("body", (0, 0, 0), (w, h, d)),
        ellipsoid("body", (0, 0, 0), (w, h, d), square=0.4, melt=False),
        lathe("body", [(0.001, -d), (w * 1.1, -d), (w * 1.1, d), (0.001, d)], axis="z"),
    )
    x, rise, r = w * u(0.5, 0.7), u(0.2, 0.45), u(0.04, 0.07)
    hoop = np.concatenate(
        [[(-x, h * 0.6, 0)], arc((0, h + rise, 0), x, x, np.pi, 0, "xy"), [(x, h * (0.6 if u.chance(0.75) else 1.25), 0)]]
    )
    pieces = [body, tube("shackle", hoop, r, round_ends=False, melt=False)]
    if u.chance(0.8):
        pieces += [
            cylinder("keyhole", (0, -h * 0.1, d), (0, -h * 0.1, d + 0.02), 0.07),
            box("keyhole", (0, -h * 0.35, d), (0.03, 0.09, 0.02)),
        ]
    return pieces


# -------------------------------------------------------------------------------------------------------- pipes, valves


def pipe_fitting(u: Dice) -> list[Piece]:
    """Bent, tee, cross and reducing pipe fittings with flanges or collars."""
    r, long = u(0.14, 0.24), u(0.5, 0.75)
    style = u.pick("bend", "tee", "cross", "reducer")
    ends = {
        "bend": [(1, 0), (0, 1)],
        "tee": [(1, 0), (-1, 0), (0, 1)],
        "cross": [(1, 0), (-1, 0), (0, 1), (0, -1)],
        "reducer": [(1, 0), (-1, 0)],
    }[style]
    pieces: list[Piece] = []
    if style == "bend":
        pieces.append(
            tube("pipe", bezier((long, 0, 0), (0.1, 0, 0), (0, 0.1, 0), (0, long, 0)), r, round_ends=False, melt=False)
        )
    elif style == "reducer":
        pieces.append(
            tube(
                "pipe",
                [(-long, 0, 0), (-0.1, 0, 0), (0.15, 0, 0), (long, 0, 0)],
                [r, r, r * 0.6, r * 0.6],
                round_ends=False,
                melt=False,
            )
        )
    else:
        pieces += [cylinder("pipe", (0, 0, 0), (x * long, y * long, 0), r) for x, y in ends]
        if u.chance(0.3):
            pieces.append(ellipsoid("pipe", (0, 0, 0), r * 1.3, melt=False))
    flange, wide = u.chance(0.6), u(1.5, 1.9)
    for x, y in ends:
        k = r * (0.6 if style == "reducer" and x > 0 else 1)
        out = np.array([x, y, 0.0])
        if flange:
            pieces.append(cylinder("flange", out * (long - 0.06), out * (long + 0.02), k * wide))
            side = np.array([-y, x, 0.0])
            pieces += [
                cylinder("bolt", b + out * (long - 0.1), b + out * (long + 0.06), 0.03)
                for b in ((side * c + np.array([0, 0, s])) * k * (wide + 1) / 2 for c, s in around(6))
            ]
        else:
            pieces.append(cylinder("collar", out * (long - 0.16), out * long, k * 1.25))
    return _pose(u, pieces)


def valve(u: Dice) -> list[Piece]:
    """Gate valve with a hand wheel, ball valve with a lever, fire hydrant-like stop valve."""
    r, long, h = u(0.12, 0.2), u(0.45, 0.6), u(0.35, 0.6)
    pieces = [
        cylinder("pipe", (-long, 0, 0), (long, 0, 0), r),
        u.pick(
            ellipsoid("body", (0, 0, 0), (r * 1.7, r * 1.6, r * 1.5), melt=False),
            cylinder("body", (0, -r * 1.3, 0), (0, h * 0.5, 0), r * 1.3),
        ),
    ]
    pieces += [
        cylinder("flange", (s * (long - 0.05), 0, 0), (s * (long + 0.03), 0, 0), r * 1.6) for s in SIDES if u.chance(0.8)
    ]
    pieces += [cylinder("neck", (0, 0, 0), (0, h * 0.7, 0), r * 0.8), cylinder("stem", (0, h * 0.6, 0), (0, h + 0.03, 0), 0.04)]
    if u.chance(0.65):
        w = u(0.2, 0.36)
        pieces.append(tube("wheel/rim", arc((0, h, 0), w, w, 0, 2 * np.pi, "xz", 30), 0.035, round_ends=False, melt=False))
        pieces += [tube("wheel/spoke", [(0, h, 0), (w * c, h, w * s)], 0.022, melt=False) for c, s in around(u.count(3, 6))]
        pieces.append(cylinder("wheel/hub", (0, h - 0.04, 0), (0, h + 0.05, 0), 0.07))
    else:
        pieces.append(
            tube(
                "lever",
                bezier((0, h, 0), (0.2, h, 0), (0.3, h + 0.12, 0), (u(0.5, 0.8), h + 0.12, 0)),
                0.05,
                flat=0.4,
                melt=False,
            )
        )
    return pieces


def faucet(u: Dice) -> list[Piece]:
    """Kitchen and bathroom tap with arched or straight spout; two wheel handles, cross handles or one lever."""
    h, reach, r = u(0.3, 0.9), u(0.4, 0.7), u(0.05, 0.09)
    pieces = [
        lathe("base", [(u(0.12, 0.2), 0), (0.13, 0.05), (r, 0.1)]),
        cylinder("body", (0, 0.03, 0), (0, h * 0.6, 0), r * 1.4),
    ]
    tip = u(0.1, 0.35)
    path = (
        bezier((0, h * 0.5, 0), (0, h + 0.45, 0), (0, h + 0.4, reach), (0, h - tip * 0.3, reach))
        if u.chance(0.6)
        else np.array([(0, h * 0.55, 0), (0, h * 0.6, reach * 0.95), (0, h * 0.6 - 0.12, reach)])
    )
    pieces.append(tube("spout", path, r * u(0.7, 1), round_ends=False, melt=False))
    if u.chance(0.45):
        return (
            [
                *pieces,
                tube(
                    "handle",
                    [(0, h * 0.6, 0), (0.02, h * 0.6 + 0.06, 0), (u(0.2, 0.35), h * 0.6 + u(0.05, 0.25), -0.02)],
                    [r * 1.2, r, 0.035],
                    melt=False,
                ),
            ]
            if tip < 0.2
            else [*pieces, tube("handle", [(0, 0.2, 0), (0.3, u(0.22, 0.4), 0)], 0.04, melt=False)]
        )
    wide = u(0.25, 0.4)
    if u.chance(0.6):
        pieces.append(tube("body", [(-wide, 0.1, 0), (wide, 0.1, 0)], r, melt=False))
    for s in SIDES:
        pieces += [
            cylinder("stem", (s * wide, 0, 0), (s * wide, 0.25, 0), 0.06),
            lathe("base", [(0.11, 0), (0.07, 0.06)], (s * wide, 0, 0)),
        ]
        pieces += [
            tube("handle", [(s * wide, 0.27, 0), (s * wide + 0.12 * c, 0.28, 0.12 * k)], 0.03, melt=False)
            for c, k in around(4, 0.4)
        ]
    return pieces


# ------------------------------------------------------------------------------------------------------ simple machines


def crank(u: Dice) -> list[Piece]:
    """Hand crank, pedal crank and crankshaft."""
    r = u(0.05, 0.09)
    if u.chance(0.4):
        x, pieces = -0.7, []
        for k in range(u.count(2, 4)):
            y = 0.22 * (-1) ** k
            pieces += [
                cylinder("shaft", (x, 0, 0), (x + 0.16, 0, 0), r),
                *(
                    prism(
                        "arm",
                        [(-0.09, -y / 2), (0.09, -y / 2), (0.09, y * 1.4), (-0.09, y * 1.4)],
                        0.035,
                        (x + d, 0, 0),
                        turn("y", _QUARTER),
                    )
                    for d in (0.17, 0.35)
                ),
                cylinder("pin", (x + 0.16, y, 0), (x + 0.37, y, 0), r),
            ]
            x += 0.36
        return [*pieces, cylinder("shaft", (x, 0, 0), (x + 0.25, 0, 0), r)]
    long, out = u(0.4, 0.7), u(0.25, 0.45)
    pieces = [
        cylinder("shaft", (0, 0, -u(0.3, 0.5)), (0, 0, 0.05), r),
        tube("arm", [(0, 0, 0), (0, -long, 0)], [r * 1.2, r], flat=u(0.5, 1), melt=False),
    ]
    return _pose(u, [*pieces, tube("handle", [(0, -long, 0), (0, -long, out)], u(0.045, 0.08), melt=False)])


def piston(u: Dice) -> list[Piece]:
    """Engine piston with rings, pin and connecting rod; hydraulic cylinder with rod and eyes."""
    r, h = u(0.25, 0.4), u(0.35, 0.5)
    if u.chance(0.35):
        long, out = u(0.6, 0.9), u(0.2, 0.6)
        pieces = [
            cylinder("cylinder", (0, 0, 0), (0, long, 0), r * 0.6),
            cylinder("rod", (0, long - 0.05, 0), (0, long + out, 0), r * 0.28),
            cylinder("cap", (0, long - 0.05, 0), (0, long + 0.05, 0), r * 0.68),
        ]
        return _pose(
            u, pieces + [_moved(_hoop("ring", 0.05, 0.12, -0.07, 0.07, "z"), (0, y, 0)) for y in (-0.1, long + out + 0.08)]
        )
    pieces = [lathe("head", [(r, 0), (r, h), (r * 0.9, h + 0.03), (0.001, h + u(0.02, 0.1))])]
    pieces += [_hoop("piston ring", r * 0.9, r * 1.04, y * h, y * h + 0.04) for y in (0.65, 0.77, 0.88)]
    long, big = u(0.6, 0.9), u(0.14, 0.2)
    swing = turn("z", u(-0.3, 0.3))
    rod = [
        tube("rod", [(0, 0, 0), (0, -long, 0)], [0.06, 0.09], flat=0.6, melt=False),
        _moved(_hoop("ring", big * 0.6, big, -0.08, 0.08, "z"), (0, -long - big * 0.8, 0)),
    ]
    return [
        *pieces,
        cylinder("pin", (0, h * 0.3, -r * 1.02), (0, h * 0.3, r * 1.02), 0.06),
        *move(rod, (0, h * 0.3, 0), rotation=swing),
    ]


def lever(u: Dice) -> list[Piece]:
    """Switch lever with a knob in a base plate, slot or ball joint."""
    w, long, lean = u(0.25, 0.45), u(0.6, 1.0), u(-0.7, 0.7)
    top = np.array([long * np.sin(lean), long * np.cos(lean), 0])
    pieces = [
        u.pick(
            box("base", (0, -0.05, 0), (w, 0.08, w * u(0.5, 1))), lathe("base", [(w, -0.1), (w * 0.9, 0.02), (0.001, 0.04)])
        ),
        cylinder("joint", (0, 0.02, -0.1), (0, 0.02, 0.1), u(0.08, 0.12)),
    ]
    pieces.append(tube("rod", [np.zeros(3), top], u(0.03, 0.05), melt=False))
    pieces.append(
        ellipsoid("knob", top, u(0.07, 0.13)) if u.chance(0.65) else tube("handle", [top * 0.7, top], u(0.05, 0.07), melt=False)
    )
    return pieces


def crane(u: Dice) -> list[Piece]:
    """Tower crane, harbour crane and small derrick with hook."""
    h, long, r = u(0.9, 1.4), u(0.7, 1.1), u(0.03, 0.06)
    base = [box("base", (0, 0.04, 0), (u(0.2, 0.35), 0.05, u(0.2, 0.35)))]
    x = long * u(0.5, 0.9)
    if u.chance(0.55):
        lattice = u.chance(0.5)
        pieces = [
            *base,
            box("counterweight", (-long * 0.38, h - 0.08, 0), (0.09, 0.1, 0.08)),
            box("cab", (0.1, h - 0.12, 0.08), (0.08, 0.09, 0.08)),
        ]
        if lattice:
            pieces += [
                tube("tower", [(a * 0.07, 0, b * 0.07), (a * 0.07, h, b * 0.07)], 0.018, melt=False)
                for a in SIDES
                for b in SIDES
            ]
            pieces += [
                tube("tower", [(-s * 0.07, y, 0.07 * b), (s * 0.07, y + h / 10, 0.07 * b)], 0.012, melt=False)
                for k, y in enumerate(np.linspace(0, h * 0.9, 10))
                for s in [(-1) ** k]
                for b in SIDES
            ]
        else:
            pieces.append(box("tower", (0, h / 2, 0), (0.06, h / 2, 0.06)))
        pieces.append(box("arm", ((long - 0.4 * long) / 2, h, 0), (0.7 * long, 0.04, 0.05)))
        peak = (0, h + 0.3, 0)
        pieces += [
            tube("tower", [(0, h, 0), peak], 0.04, melt=False),
            *(tube("cable", [peak, (e, h, 0)], 0.012, melt=False) for e in (long * 0.8, -long * 0.35)),
        ]
        y = h
    else:
        up = u(0.4, 1.1)
        y, x = h * 0.45 + long * np.sin(up), long * np.cos(up)
        pieces = [
            *base,
            cylinder("tower", (0, 0, 0), (0, h * 0.5, 0), r * 2),
            box("cab", (0, h * 0.45, 0), (0.18, 0.14, 0.16)),
            tube("arm", [(0, h * 0.45, 0), (x, y, 0)], [r * 1.4, r * 0.8], melt=False),
        ]
    low = y - u(0.3, 0.7) * min(y, 1)
    return [
        *pieces,
        tube("cable", [(x, y, 0), (x, low, 0)], 0.012, melt=False),
        tube("hook", arc((0.0 + x, low - 0.07, 0), 0.06, 0.07, _QUARTER, 2 * np.pi, "xy"), 0.02, melt=False),
    ]


def robot_arm(u: Dice) -> list[Piece]:
    """Industrial arm with joints and a two fingers, suction cup or tool."""
    r, a, b = u(0.09, 0.14), u(0.2, 1.0), u(-1.6, -0.2)
    long, fore = u(0.4, 0.6), u(0.4, 0.6)
    p0 = np.array([0, u(0.2, 0.35), 0])
    p1 = p0 + long * np.array([-np.sin(a - 0.5), np.cos(a - 0.5), 0])
    d2 = np.array([np.sin(a - b), np.cos(a - b), 0])
    p2 = p1 + fore * d2
    boxy = u.chance(0.35)
    pieces = [lathe("base", [(r * 2.4, 0), (r * 2.4, 0.06), (r * 1.6, 0.1), (r * 1.4, p0[1])])]
    for start, end, k in ((p0, p1, 1.0), (p1, p2, 0.8)):
        pieces.append(tube("arm", [start, end], [r * k, r * k * 0.8], flat=u(0.7, 1.4), round_ends=not boxy, melt=False))
    wide = np.array([0, 0, r * 1.4])
    pieces += [cylinder("joint", p - wide, p + wide, r * k) for p, k in ((p0, 1.25), (p1, 1.1), (p2, 0.8))]
    side = np.array([-d2[1], d2[0], 0])
    for s in SIDES:
        w = u(0.05, 0.12)
        pieces.append(
            tube(
                "finger",
                [p2, p2 + d2 * 0.1 + side * s * w * 1.3, p2 + d2 * 0.28 + side * s * w * 0.7],
                [0.035, 0.03, 0.02],
                melt=False,
            )
        )
    return pieces


def anvil(u: Dice) -> list[Piece]:
    """Blacksmith's anvil with horn, waist and feet, perhaps on a tree stump."""
    h, w, d = u(0.4, 0.6), u(0.3, 0.45), u(0.13, 0.2)
    waist = loft(
        "body",
        [(0, 0.05, 0), (0, h * 0.3, 0), (0, h * 0.5, 0), (0, h, 0)],
        [(w * k, 0, 0) for k in (1.0, 0.55, 0.5, 1.0)],
        [(0, 0, d * k) for k in (1.3, 0.8, 0.8, 1.0)],
    )
    pieces = [
        waist,
        box("base", (0, 0.04, 0), (w * 1.15, 0.06, d * 1.5)),
        box("top", (-w * 0.1, h, 0), (w * 1.1, u(0.06, 0.1), d)),
    ]
    pieces.append(
        tube(
            "horn",
            bezier((w * 0.8, h, 0), (w * 1.5, h, 0), (w * u(1.8, 2.3), h + 0.04, 0)),
            np.linspace(d * 0.8, 0.02, 12),
            melt=False,
        )
    )
    if u.chance(0.3):
        pieces.append(cylinder("stump", (0, -u(0.3, 0.5), 0), (0, 0.0, 0), u(0.45, 0.6)))
    return pieces


def vise(u: Dice) -> list[Piece]:
    """Bench vise: fixed and sliding jaw, screw and handle bar."""
    w, h, gap, d = u(0.2, 0.32), u(0.22, 0.35), u(0.03, 0.3), u(0.1, 0.16)
    pieces = [
        box("base", (0, -h - 0.05, -0.05), (w * 1.2, 0.06, 0.3)),
        box("body", (0, -h * 0.4, -0.05), (w * 0.8, h * 0.6, 0.22)),
    ]
    pieces += [box("jaw", (0, h * 0.4, -d), (w, h * 0.4, d * 0.9)), box("jaw", (0, h * 0.2, gap + d), (w, h * 0.6, d * 0.9))]
    z = gap + 2 * d
    pieces += [
        box("slide", (0, -h * 0.2, z / 2), (w * 0.4, h * 0.2, z / 2)),
        cylinder("screw", (0, -h * 0.2, 0), (0, -h * 0.2, z + 0.25), 0.05),
    ]
    return [
        *pieces,
        tube("handle", [(-0.3, -h * 0.2, z + 0.2), (0.3, -h * 0.2 + u(-0.1, 0.1), z + 0.2)], 0.028, melt=False),
        *(ellipsoid("handle", (s * 0.3, -h * 0.2, z + 0.2), 0.045) for s in SIDES),
    ]


def wind_wheel(u: Dice) -> list[Piece]:
    """Modern wind wheel with three blades, and farm wind pump with many blades and a vane."""
    h, long, farm, phase = u(1.2, 1.6), u(0.5, 0.8), u.chance(0.3), u(0, 2)
    n = u.count(10, 16) if farm else u.pick(2, 3, 3, 3)
    if farm:
        long *= 0.6
        pieces = [tube("tower", [(c * 0.25, 0, s * 0.25), (0, h, 0)], 0.025, melt=False) for c, s in around(4, 0.8)]
        pieces += [
            tube("tower", [(c * k, y, s * k), (-s * k, y, c * k)], 0.015, melt=False)
            for y in (0.4, 0.8)
            for k in [0.25 * (1 - y / h)]
            for c, s in around(4, 0.8)
        ]
        pieces += [cylinder("shaft", (0, h, 0.12), (0, h, -0.4), 0.025), box("vane", (0, h, -0.5), (0.008, 0.13, 0.16))]
    else:
        pieces = [
            cylinder("tower", (0, 0, 0), (0, h, 0), [u(0.05, 0.08), 0.035]),
            ellipsoid("housing", (0, h + 0.02, -0.05), (0.06, 0.06, 0.16), square=0.6, melt=False),
        ]
    pieces.append(lathe("hub", [(0.05, 0.08), (0.055, 0.13), (0.01, 0.21)], (0, h, 0), "z"))
    for c, s in around(n, phase):
        root, tip = (c * 0.03, h + s * 0.03, 0.14), (c * long, h + s * long, 0.14)
        pieces.append(
            wing(
                "blade",
                root,
                tip,
                (0.035, 0.07) if farm else (0.06, 0.015),
                0.012,
                (-s * 0.85, c * 0.85, 0.5),
                (s * 0.5, -c * 0.5, 0.85),
            )
        )
    return pieces + ([box("base", (0, 0, 0), (0.3, 0.03, 0.3))] if u.chance(0.4) else [])


def oil_pump(u: Dice) -> list[Piece]:
    """Nodding oil pump: walking beam on a post, horse head, counterweight crank."""
    h, long, tilt = u(0.7, 0.9), u(0.6, 0.8), u(-0.3, 0.3)
    beam = [
        box("beam", (0, 0, 0), (long, 0.05, 0.05)),
        prism("head", arc((long * 0.75, 0, 0), 0.28, 0.3, -1.2, 1.2, "xy")[:, :2], 0.06),
    ]
    pieces = [*move(beam, (0, h, 0), rotation=turn("z", tilt)), box("base", (0, 0.03, 0), (long * 1.1, 0.04, 0.25))]
    pieces += [tube("post", [(x * 0.2, 0.03, z * 0.18), (0, h, 0)], 0.03, melt=False) for x in SIDES for z in SIDES]
    back, a = np.array([-long * np.cos(tilt), h - long * np.sin(tilt), 0]), u(0, 6)
    centre = np.array([-long * 0.9, 0.3, 0])
    sides = np.array([(0, 0, -0.12), (0, 0, 0.12)])
    end = centre + 0.16 * np.array([np.cos(a), np.sin(a), 0])
    pieces += [
        box("motor", (-long * 0.9, 0.17, 0), (0.14, 0.14, 0.1)),
        *(tube("rod", [back + z, end + z], 0.018, melt=False) for z in sides),
    ]
    pieces += [
        tube("counterweight", [centre + z, end + (end - centre) * 0.4 + z], [0.04, 0.1], flat=0.5, melt=False) for z in sides
    ]
    front = h + long * np.sin(tilt)
    return [*pieces, cylinder("cable", (long + 0.02, 0.05, 0), (long + 0.02, front, 0), 0.012)]


def conveyor(u: Dice) -> list[Piece]:
    """Belt or roller conveyor, level or rising, with legs and boxes on it."""
    long, w, h, tilt = u(0.8, 1.1), u(0.16, 0.28), u(0.35, 0.6), u(0, 0.3) if u.chance(0.4) else 0.0
    pieces = []
    top = [box("frame", (0, 0, s * (w + 0.03)), (long, 0.06, 0.03)) for s in SIDES]
    if u.chance(0.6):
        top += [box("belt", (0, y, 0), (long * 0.97, 0.012, w)) for y in (0.05, -0.05)] + [
            cylinder("roller", (s * long * 0.97, 0, -w), (s * long * 0.97, 0, w), 0.06) for s in SIDES
        ]
    else:
        top += [
            cylinder("roller", (x, 0.03, -w), (x, 0.03, w), 0.04)
            for x in np.linspace(-long * 0.95, long * 0.95, u.count(8, 16))
        ]
    if u.chance(0.5):
        top += [box("box", (x, 0.17, 0), (0.11, 0.11, w * 0.6)) for x in np.linspace(-0.6, 0.6, u.count(1, 3)) * long]
    pieces += move(top, (0, h, 0), rotation=turn("z", tilt))
    for x in np.linspace(-0.85, 0.85, u.count(2, 4)):
        pieces += [
            box(
                "leg",
                (x * long, (h + x * long * np.tan(tilt)) / 2, s * (w + 0.03)),
                (0.03, (h + x * long * np.tan(tilt)) / 2, 0.03),
            )
            for s in SIDES
        ]
    return pieces


KINDS = {
    "turned part": Kind(turned_part, "turned part", ("turned part", "stepped shaft", "roller bearing part")),
    "bearing": Kind(bearing, "turned part", ("bearing", "ball bearing")),
    "machine part": Kind(machine_part, "machine part", ("machine part", "mechanical part")),
    "shaft block": Kind(shaft_block, "machine part", ("mechanical part", "machine block", "coupling")),
    "bracket": Kind(bracket, "bracket", ("bracket", "angle bracket", "mount")),
    "gear": Kind(gear, "gear", ("gear", "cogwheel", "sprocket")),
    "wheel": Kind(wheel, "wheel", ("wheel", "car wheel", "bicycle wheel")),
    "pulley": Kind(pulley, "pulley", ("pulley", "pulley block")),
    "propeller": Kind(propeller, "propeller", ("propeller", "ship screw")),
    "bolt": Kind(bolt, "fastener", ("bolt", "hex bolt")),
    "screw": Kind(screw, "fastener", ("screw", "nail")),
    "nut": Kind(nut, "fastener", ("nut", "hex nut")),
    "spring": Kind(spring, "spring", ("spring", "coil spring")),
    "chain": Kind(chain_link, "chain", ("chain", "chain link")),
    "padlock": Kind(padlock, "padlock", ("padlock", "lock")),
    "pipe fitting": Kind(pipe_fitting, "pipe", ("pipe fitting", "pipe joint")),
    "valve": Kind(valve, "pipe", ("valve", "gate valve")),
    "faucet": Kind(faucet, "faucet", ("faucet", "water tap")),
    "crank": Kind(crank, "crank", ("crank", "crankshaft")),
    "piston": Kind(piston, "piston", ("piston", "hydraulic cylinder")),
    "lever": Kind(lever, "lever", ("lever", "switch lever", "joystick")),
    "crane": Kind(crane, "crane", ("crane", "tower crane")),
    "robot arm": Kind(robot_arm, "robot arm", ("robot arm", "industrial robot")),
    "anvil": Kind(anvil, "anvil", ("anvil",)),
    "vise": Kind(vise, "vise", ("vise", "bench vise")),
    "wind wheel": Kind(wind_wheel, "wind wheel", ("wind wheel", "wind power plant", "wind pump")),
    "oil pump": Kind(oil_pump, "oil pump", ("oil pump", "pump jack")),
    "conveyor": Kind(conveyor, "conveyor", ("conveyor", "conveyor belt")),
}

SYNONYMS = {
    "big roller": ("large roller", "big disc", "big cylinder", "large ring"),
    "medium roller": ("middle roller", "medium disc", "medium cylinder"),
    "small roller": ("little roller", "small disc", "small cylinder"),
    "tiny roller": ("smallest roller", "thin pin", "very small roller"),
    "big box": ("large box", "large block", "big block"),
    "medium box": ("middle box", "medium block"),
    "small box": ("little box", "small block"),
    "big cylinder": ("large cylinder", "big tube", "thick cylinder"),
    "medium cylinder": ("middle cylinder", "medium tube"),
    "small cylinder": ("little cylinder", "thin cylinder", "small tube"),
    "base": ("foot", "base plate", "bottom plate"),
    "outer ring": ("outer race", "outside ring"),
    "inner ring": ("inner race", "inside ring"),
    "ball": ("bearing ball", "sphere"),
    "roller": ("roll", "cylinder"),
    "flange": ("collar", "edge plate"),
    "wall": ("upright plate", "side plate"),
    "ring": ("eye", "loop"),
    "rib": ("stiffener", "web"),
    "bolt": ("screw", "fastener"),
    "rim": ("wheel rim", "outer ring", "edge"),
    "spoke": ("wheel spoke", "arm"),
    "body": ("main body", "housing"),
    "tooth": ("gear tooth", "cog", "teeth"),
    "hub": ("center", "wheel hub", "nave"),
    "shaft": ("axle", "rod"),
    "tire": ("tyre", "rubber"),
    "fork": ("wheel fork", "holder"),
    "stem": ("post", "spindle"),
    "knob": ("ball handle", "button"),
    "wheel": ("hand wheel", "roller"),
    "axle": ("pin", "shaft"),
    "bracket": ("frame", "side plate"),
    "hook": ("crane hook", "catch"),
    "rope": ("cord", "cable"),
    "blade": ("wing", "vane"),
    "thread": ("screw thread", "threaded rod"),
    "head": ("top", "bolt head"),
    "nut": ("hex nut",),
    "washer": ("flat ring", "disc"),
    "tip": ("point", "end"),
    "wing": ("wing tab", "ear"),
    "cap": ("cover", "dome"),
    "coil": ("spiral", "winding"),
    "end plate": ("plate", "disc"),
    "link": ("chain link", "loop"),
    "shackle": ("bow", "lock hoop", "loop"),
    "keyhole": ("key slot",),
    "pipe": ("tube", "duct"),
    "collar": ("sleeve", "ring"),
    "neck": ("bonnet", "narrow part"),
    "lever": ("handle", "bar"),
    "spout": ("outlet", "water pipe"),
    "handle": ("knob", "hand hold", "lever"),
    "arm": ("boom", "beam"),
    "pin": ("crank pin", "bolt"),
    "cylinder": ("barrel", "tube"),
    "rod": ("bar", "stick", "connecting rod"),
    "piston ring": ("ring", "seal ring"),
    "joint": ("pivot", "hinge"),
    "counterweight": ("balance weight", "weight"),
    "cab": ("cabin", "driver cabin"),
    "tower": ("mast", "column", "pole"),
    "cable": ("rope", "wire"),
    "finger": ("claw", "prong"),
    "top": ("face", "top plate"),
    "horn": ("beak", "cone"),
    "stump": ("tree stump", "wooden block"),
    "jaw": ("clamping plate", "clamp"),
    "slide": ("guide", "sliding bar"),
    "screw": ("spindle", "threaded rod"),
    "vane": ("tail", "weather vane"),
    "housing": ("engine housing", "nacelle", "casing"),
    "beam": ("walking beam", "bar"),
    "post": ("support", "column"),
    "motor": ("engine", "gear box"),
    "frame": ("side rail", "chassis"),
    "belt": ("conveyor belt", "band"),
    "box": ("package", "crate"),
    "leg": ("support", "foot"),
}
