"""Turned parts, bearings, gears, wheels, cranks and pistons."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from meronym_synthetic.kit.curves import QUARTER, SIDES, Array, arc, around, ellipse, turn
from meronym_synthetic.kit.machines import flat_ring, polygon
from meronym_synthetic.kit.poses import any_axis
from meronym_synthetic.kit.registry import kind
from meronym_synthetic.kit.rng import Rng
from meronym_synthetic.kit.solids import Solid, box, cylinder, ellipsoid, lathe, mirrored, move, prism, tube, wing


def _section(u: Rng, part: str, r: float, low: float, high: float, bore: float) -> list[Solid]:
    """One roller of a turned part: cylinder, chamfered, rounded, grooved or conical; with a hole if `bore` > 0."""
    if bore > 0:
        return [flat_ring(part, bore, r, low, high)]
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


def _named_sizes(u: Rng, low: float, high: float) -> dict[str, float]:
    """Radii for two to four of the sizes tiny, small, medium and big, clearly apart within one shape."""
    names = u.pick(("big", "small"), ("big", "medium", "small"), ("big", "medium", "small"), ("big", "medium", "small", "tiny"))
    ratio = (low / high) ** (1 / (len(names) - 1))
    return {name: high * ratio**k * u(0.93, 1.07) for k, name in enumerate(names)}


@kind("turned part", family="turned part", names=("turned part", "stepped shaft", "roller bearing part"), synonyms={
    "big roller": ("large roller", "big disc", "big cylinder", "large ring"),
    "medium roller": ("middle roller", "medium disc", "medium cylinder"),
    "small roller": ("little roller", "small disc", "small cylinder"),
    "tiny roller": ("smallest roller", "thin pin", "very small roller"), "base": ("foot", "base plate", "bottom plate"),
})  # fmt: skip
def turned_part(u: Rng) -> list[Solid]:
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
    return any_axis(u, middle)


@kind("bearing", family="turned part", names=("bearing", "ball bearing"), synonyms={
    "base": ("foot", "base plate", "bottom plate"), "outer ring": ("outer race", "outside ring"),
    "inner ring": ("inner race", "inside ring"), "ball": ("bearing ball", "sphere"), "roller": ("roll", "cylinder"),
    "flange": ("collar", "edge plate")})  # fmt: skip
def bearing(u: Rng) -> list[Solid]:
    """Ball and roller bearing, open or with a flange, pillow block."""
    r, t = u(0.5, 0.7), u(0.1, 0.25)
    inner, race = r * u(0.4, 0.55), r * u(0.1, 0.16)
    pieces = [flat_ring("outer ring", r - race, r, -t, t), flat_ring("inner ring", inner - race, inner, -t, t)]
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
        pieces.append(flat_ring("flange", r * 0.98, r * u(1.15, 1.4), -t, -t * 0.6))
    pieces = any_axis(u, pieces)
    if u.chance(0.15):
        pieces = move(pieces, rotation=np.eye(3))
        low = min(float(p.vertices[:, 1].min()) for p in pieces)
        pieces.append(box("base", (0, low - 0.04, 0), (r * 1.4, 0.06, u(0.2, 0.4))))
    return pieces


@kind("machine part", family="machine part", names=("machine part", "mechanical part"), synonyms={
    "big box": ("large box", "large block", "big block"), "medium box": ("middle box", "medium block"),
    "small box": ("little box", "small block"), "big cylinder": ("large cylinder", "big tube", "thick cylinder"),
    "medium cylinder": ("middle cylinder", "medium tube"), "small cylinder": ("little cylinder", "thin cylinder", "small tube"),
})  # fmt: skip
def machine_part(u: Rng) -> list[Solid]:
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
    return any_axis(u, pieces) if u.chance(0.4) else pieces


@kind("shaft block", family="machine part", names=("mechanical part", "machine block", "coupling"), synonyms={
    "big box": ("large box", "large block", "big block"), "medium box": ("middle box", "medium block"),
    "small box": ("little box", "small block"), "big cylinder": ("large cylinder", "big tube", "thick cylinder"),
    "medium cylinder": ("middle cylinder", "medium tube"), "small cylinder": ("little cylinder", "thin cylinder", "small tube"),
})  # fmt: skip
def shaft_block(u: Rng) -> list[Solid]:
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
    return any_axis(u, pieces)


@kind("bracket", family="bracket", names=("bracket", "angle bracket", "mount"), synonyms={
    "base": ("foot", "base plate", "bottom plate"), "wall": ("upright plate", "side plate"), "ring": ("eye", "loop"),
    "rib": ("stiffener", "web"), "bolt": ("screw", "fastener")})  # fmt: skip
def bracket(u: Rng) -> list[Solid]:
    """Angle bracket, U bracket and shaft bracket with holes' bosses and a stiffening rib."""
    w, h, d, t = u(0.4, 0.7), u(0.4, 0.8), u(0.2, 0.45), u(0.04, 0.1)
    pieces = [box("base", (0, 0, 0), (w, t, d))]
    style = u.pick("angle", "u", "shaft")
    if style == "shaft":
        r = d * u(0.7, 1.0)
        pieces += [
            box("wall", (0, h / 2, 0), (r, h / 2, d * 0.4)),
            _moved(flat_ring("ring", r * 0.55, r * 1.1, -d * 0.6, d * 0.6, "z"), (0, h + r * 0.6, 0)),
        ]
    else:
        for s in SIDES if style == "u" else (-1.0,):
            pieces.append(box("wall", (s * (w - t), h / 2, 0), (t, h / 2, d)))
            if u.chance(0.5):
                pieces.append(_moved(flat_ring("ring", 0.06, 0.13, -t * 1.8, t * 1.8, "x"), (s * (w - t), h * 0.7, 0)))
        if style == "angle" and u.chance(0.7):
            pieces.append(prism("rib", [(-w + t, 0), (w * 0.6, 0), (-w + t, h * 0.8)], t * 0.7))
    for s in SIDES if u.chance(0.6) else ():
        pieces.append(prism("bolt", polygon(0.07), 0.04, (s * w * 0.5, t + 0.03, d * 0.55), turn("x", QUARTER)))
    return pieces


def _moved(piece: Solid, offset: ArrayLike) -> Solid:
    return Solid(piece.part, piece.vertices + np.asarray(offset, float), piece.faces)


@kind("gear", family="gear", names=("gear", "cogwheel", "sprocket"), synonyms={
    "rim": ("wheel rim", "outer ring", "edge"), "spoke": ("wheel spoke", "arm"), "body": ("main body", "housing"),
    "tooth": ("gear tooth", "cog", "teeth"), "hub": ("center", "wheel hub", "nave"), "shaft": ("axle", "rod")})  # fmt: skip
def gear(u: Rng) -> list[Solid]:
    """Spur gear, chain sprocket and bevel gear; solid, with a hub or with spokes; pairs at times."""
    r, n, t = u(0.45, 0.65), u.count(8, 28), u(0.05, 0.2)
    high, bevel = u(0.08, 0.16), u(0.6, 1.0) if u.chance(0.25) else 1.0
    pieces = []
    if u.chance(0.35):
        pieces += [
            flat_ring("rim", r * 0.78, r, -t, t),
            *(
                box("spoke", (c * r * 0.45, 0, s * r * 0.45), (r * 0.4, t * 0.5, 0.05), turn("y", -np.arctan2(s, c)))
                for c, s in around(u.count(3, 6))
            ),
        ]
    else:
        body = [(r, -t), (r * bevel, t), (r * bevel * 0.7, t), (r * bevel * 0.65, t * 0.6), (0.001, t * 0.6)]
        pieces.append(lathe("body", body))
    for c, s in around(n):
        w = np.pi * r / n * u.pick(0.5, 0.5, 0.6)
        tooth_outline = [(r * 0.96, -w), (r + high, -w * 0.55), (r + high, w * 0.55), (r * 0.96, w)]
        tooth = prism("tooth", tooth_outline, t, rotation=turn("y", -np.arctan2(s, c)) @ turn("x", QUARTER))
        x, y, z = tooth.vertices.T
        shrink = 1 - (1 - bevel) * (y + t) / (2 * t)
        pieces.append(Solid("tooth", np.stack([x * shrink, y, z * shrink], 1), tooth.faces))
    hub = r * u(0.2, 0.35)
    pieces.append(
        flat_ring("hub", hub * u(0.4, 0.6), hub, -t * u(1, 2), t * u(1.1, 2))
        if u.chance(0.7)
        else cylinder("hub", (0, -t * 1.3, 0), (0, t * 2, 0), hub)
    )
    if u.chance(0.3):
        pieces.append(cylinder("shaft", (0, -t - u(0.1, 0.4), 0), (0, t + u(0.1, 0.5), 0), hub * 0.6))
    return any_axis(u, pieces)


@kind("wheel", family="wheel", names=("wheel", "car wheel", "bicycle wheel"), synonyms={
    "rim": ("wheel rim", "outer ring", "edge"), "spoke": ("wheel spoke", "arm"), "hub": ("center", "wheel hub", "nave"),
    "tire": ("tyre", "rubber"), "fork": ("wheel fork", "holder"), "stem": ("post", "spindle"),
    "knob": ("ball handle", "button")})  # fmt: skip
def wheel(u: Rng) -> list[Solid]:
    """Car wheel, bicycle wheel, wagon wheel, caster and hand wheel."""
    r, style = u(0.55, 0.75), u.pick("car", "bicycle", "wagon", "caster", "hand")
    n = {"car": u.count(3, 8), "bicycle": u.count(12, 24), "wagon": u.count(6, 12)}.get(style, u.count(3, 6))
    thick = {"car": u(0.15, 0.25), "bicycle": u(0.025, 0.045), "wagon": u(0.05, 0.09)}.get(style, u(0.04, 0.07))
    inner = r * (u(0.6, 0.75) if style == "car" else 0.9)
    pieces = []
    if style in ("car", "bicycle"):
        tyre = ellipse((0, 0, 0), (r + inner) / 2, (r + inner) / 2, "xz", 80)
        pieces.append(tube("tire", tyre, (r - inner) / 2, flat=thick / ((r - inner) / 2), round_ends=False, melt=False))
    if style == "caster":
        pieces += [
            lathe("tire", [(r * 0.85, -0.15), (r, -0.1), (r, 0.1), (r * 0.85, 0.15)]),
            cylinder("rim", (0, -0.17, 0), (0, 0.17, 0), r * 0.6),
            cylinder("hub", (0, -0.2, 0), (0, 0.2, 0), 0.1),
        ]
        fork_path = [(0, 0.24, 0), (0, 0.24, -r * 1.2), (0, 0, -r * 1.25)]
        fork = mirrored(tube, "fork", fork_path, 0.06, flat=0.6, melt=False, axes="y")
        return move([*pieces, *fork, cylinder("stem", (0, 0, -r * 1.2), (0, 0, -r * 1.7), 0.08)], rotation=turn("x", QUARTER))
    pieces.append(flat_ring("rim", inner * 0.88, inner * 1.03, -thick, thick))
    hub = u(0.07, 0.14)
    wide = thick * u(0.5, 1.3)
    pieces.append(cylinder("hub", (0, -wide * 1.3, 0), (0, wide * 1.3, 0), hub))
    for k, (c, s) in enumerate(around(n)):
        tilt = wide * 0.8 * (-1) ** k if style == "bicycle" else 0.0
        spoke = [(0, tilt, 0), (c * inner * 0.93, 0, s * inner * 0.93)]
        pieces.append(tube("spoke", spoke, 0.012 if style == "bicycle" else u(0.03, 0.06), melt=False))
    if style == "hand" and u.chance(0.6):
        pieces.append(tube("knob", [(inner * 0.95, 0, 0), (inner * 0.95, 0.25, 0)], [0.04, 0.06], melt=False))
    return any_axis(u, pieces)


@kind("pulley", family="pulley", names=("pulley", "pulley block"), synonyms={
    "wheel": ("hand wheel", "roller"), "axle": ("pin", "shaft"), "bracket": ("frame", "side plate"),
    "hook": ("crane hook", "catch"), "rope": ("cord", "cable")})  # fmt: skip
def pulley(u: Rng) -> list[Solid]:
    """Grooved wheel in a fork with hook and rope, or pulley block."""
    r, t = u(0.25, 0.4), u(0.08, 0.14)
    pieces = [
        lathe("wheel", [(r, -t), (r, -t * 0.7), (r * 0.75, 0), (r, t * 0.7), (r, t)], axis="z"),
        cylinder("axle", (0, 0, -t * 1.8), (0, 0, t * 1.8), 0.05),
    ]
    pieces += [box("bracket", (0, r * 0.7, z * t * 1.4), (u(0.06, 0.12), r * 0.9, 0.025)) for z in SIDES]
    pieces.append(box("bracket", (0, r * 1.6, 0), (0.1, 0.04, t * 1.6)))
    top = r * 1.6
    hook = np.concatenate([[(0, top, 0)], arc((0, top + 0.25, 0), 0.12, 0.12, -QUARTER, np.pi * 0.9, "xy")])
    pieces.append(tube("hook", hook, 0.035, melt=False))
    if u.chance(0.6):
        path = np.concatenate(
            [[(-r * 0.85, -u(0.4, 0.8), 0)], arc((0, 0, 0), r * 0.85, r * 0.85, np.pi, 0, "xy"), [(r * 0.85, -u(0.4, 0.8), 0)]]
        )
        pieces.append(tube("rope", path, 0.035, melt=False))
    return pieces


@kind("propeller", family="propeller", names=("propeller", "ship screw"), synonyms={
    "hub": ("center", "wheel hub", "nave"), "shaft": ("axle", "rod"), "blade": ("wing", "vane")})  # fmt: skip
def propeller(u: Rng) -> list[Solid]:
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
            blade = out * (hub + long * 0.28)
            pieces.append(ellipsoid("blade", blade, (long * 0.35, long * u(0.22, 0.28), 0.025), frame, melt=False))
        else:
            blade_at = (c * hub * 0.5, s * hub * 0.5, 0)
            pieces.append(wing("blade", blade_at, (c * long, s * long, 0), (0.05, u(0.07, 0.1)), 0.02, along, up))
    return [*pieces, cylinder("shaft", (0, 0, -u(0.2, 0.7)), (0, 0, -0.1), hub * 0.5)] if u.chance() else pieces


@kind("crank", family="crank", names=("crank", "crankshaft"), synonyms={
    "shaft": ("axle", "rod"), "handle": ("knob", "hand hold", "lever"), "arm": ("boom", "beam"), "pin": ("crank pin", "bolt"),
})  # fmt: skip
def crank(u: Rng) -> list[Solid]:
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
                        turn("y", QUARTER),
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
    return any_axis(u, [*pieces, tube("handle", [(0, -long, 0), (0, -long, out)], u(0.045, 0.08), melt=False)])


@kind("piston", family="piston", names=("piston", "hydraulic cylinder"), synonyms={
    "ring": ("eye", "loop"), "head": ("top", "bolt head"), "cap": ("cover", "dome"), "pin": ("crank pin", "bolt"),
    "cylinder": ("barrel", "tube"), "rod": ("bar", "stick", "connecting rod"), "piston ring": ("ring", "seal ring"),
})  # fmt: skip
def piston(u: Rng) -> list[Solid]:
    """Engine piston with rings, pin and connecting rod; hydraulic cylinder with rod and eyes."""
    r, h = u(0.25, 0.4), u(0.35, 0.5)
    if u.chance(0.35):
        long, out = u(0.6, 0.9), u(0.2, 0.6)
        pieces = [
            cylinder("cylinder", (0, 0, 0), (0, long, 0), r * 0.6),
            cylinder("rod", (0, long - 0.05, 0), (0, long + out, 0), r * 0.28),
            cylinder("cap", (0, long - 0.05, 0), (0, long + 0.05, 0), r * 0.68),
        ]
        return any_axis(
            u, pieces + [_moved(flat_ring("ring", 0.05, 0.12, -0.07, 0.07, "z"), (0, y, 0)) for y in (-0.1, long + out + 0.08)]
        )
    pieces = [lathe("head", [(r, 0), (r, h), (r * 0.9, h + 0.03), (0.001, h + u(0.02, 0.1))])]
    pieces += [flat_ring("piston ring", r * 0.9, r * 1.04, y * h, y * h + 0.04) for y in (0.65, 0.77, 0.88)]
    long, big = u(0.6, 0.9), u(0.14, 0.2)
    swing = turn("z", u(-0.3, 0.3))
    rod = [
        tube("rod", [(0, 0, 0), (0, -long, 0)], [0.06, 0.09], flat=0.6, melt=False),
        _moved(flat_ring("ring", big * 0.6, big, -0.08, 0.08, "z"), (0, -long - big * 0.8, 0)),
    ]
    return [
        *pieces,
        cylinder("pin", (0, h * 0.3, -r * 1.02), (0, h * 0.3, r * 1.02), 0.06),
        *move(rod, (0, h * 0.3, 0), rotation=swing),
    ]


@kind("lever", family="lever", names=("lever", "switch lever", "joystick"), synonyms={
    "base": ("foot", "base plate", "bottom plate"), "knob": ("ball handle", "button"), "handle": ("knob", "hand hold", "lever"),
    "rod": ("bar", "stick", "connecting rod"), "joint": ("pivot", "hinge")})  # fmt: skip
def lever(u: Rng) -> list[Solid]:
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
