"""Tractors, excavators and tanks."""

from __future__ import annotations

import numpy as np

from meronym_synthetic.kit.curves import FACING_SIDE, SIDES, Array, arc, bezier, turn
from meronym_synthetic.kit.registry import kind
from meronym_synthetic.kit.rng import Rng
from meronym_synthetic.kit.solids import Solid, box, cylinder, ellipsoid, lathe, loft, mirrored, prism, tube
from meronym_synthetic.kit.vehicles import body_shell, cabin, car_wheels, four_spots, hexahedron, steering_wheel


@kind("tractor", family="machine", names=("tractor", "farm tractor"), synonyms={
    "body": ("bodywork", "car body", "main body"), "roof": ("top", "rooftop"), "windshield": ("windscreen", "front window"),
    "rear window": ("back window", "rear windshield"), "window": ("side window", "glass"), "hood": ("bonnet", "engine cover"),
    "fender": ("mudguard", "wheel arch", "mud guard"), "grille": ("grill", "radiator grille"),
    "headlight": ("headlamp", "front light", "lamp"), "exhaust pipe": ("exhaust", "tailpipe", "muffler"),
    "wheel": ("car wheel", "roller"), "tire": ("tyre", "rubber tire"), "rim": ("wheel rim", "alloy"),
    "hub": ("hubcap", "wheel center"), "axle": ("wheel axle", "axis"), "seat": ("saddle", "driver's seat"),
    "steering wheel": ("driving wheel",), "steering column": ("steering shaft", "stem"), "cab": ("driver's cab", "cabin"),
    "roof post": ("post", "pillar")})  # fmt: skip
def tractor(u: Rng) -> list[Solid]:
    """Farm tractors, old and new, with or without a cab."""
    big, small, w = u(0.36, 0.46), u(0.2, 0.3), u(0.18, 0.24)
    low, high, back = small * 1.1, small * 1.1 + u(0.28, 0.36), -0.15
    z = np.linspace(0.85, back, 6)
    pieces = [body_shell("hood", z, w * u(0.7, 0.9), low, high - 0.03 * np.linspace(1, 0, 6), u(0.2, 0.6))]
    pieces.append(box("body", (0, low * 0.95, 0.05), (w * 0.6, 0.1, 0.75)))
    pieces += car_wheels(u, four_spots(w * 1.7, big, -0.5, -0.5)[::2], big, u(0.1, 0.15))
    front = w * u(0.7, 1.6)
    pieces += car_wheels(u, four_spots(front, small, 0.6, 0.6)[::2], small, u(0.06, 0.09))
    pieces.append(cylinder("axle", (-front, small, 0.6), (front, small, 0.6), 0.035))
    pieces.append(cylinder("axle", (-w * 1.7, big, -0.5), (w * 1.7, big, -0.5), 0.05))
    if u.chance(0.7):
        for x in SIDES:
            path = arc((x * w * 1.6, big, -0.5), big * 1.12, big * 1.12, 0.3, 2.6, "zy")
            pieces.append(tube("fender", path, 0.12, flat=0.15, round_ends=False))
            pieces.append(box("fender", (x * w * 1.1, big * 1.5, -0.5), (0.02, big * 0.6, big * 0.6)))
    pieces.append(ellipsoid("seat", (0, high - 0.05, -0.55), (w * 0.7, 0.04, 0.12), square=0.5))
    pieces.append(ellipsoid("seat", (0, high + 0.08, -0.66), (w * 0.7, 0.14, 0.03), square=0.5))
    pieces += steering_wheel((0, high + 0.1, -0.25), 0.1, 0.8)
    pieces.append(box("body", (0, (low + high) / 2 - 0.06, -0.5), (w * 0.9, (high - low) / 2, 0.25)))
    if u.chance(0.5):
        top = high + u(0.5, 0.65)
        if u.chance():
            pieces += cabin(u, "cab", (-0.8, -0.12), (-0.75, -0.2), (low + 0.15, top), (w * 1.05, w), 1)
        else:
            posts = [(x * w, q) for x in SIDES for q in (-0.15, -0.78)]
            pieces += [tube("roof post", [(x, low, q), (x, top, q)], 0.02) for x, q in posts]
            pieces.append(box("roof", (0, top, -0.46), (w * 1.15, 0.03, 0.38)))
    if u.chance(0.8):
        pieces.append(cylinder("exhaust pipe", (w * 0.4, high - 0.1, 0.4), (w * 0.4, high + u(0.2, 0.4), 0.4), 0.03))
    pieces += mirrored(ellipsoid, "headlight", (w * 0.5, high - 0.12, 0.86), 0.04)
    if u.chance(0.6):
        pieces.append(box("grille", (0, (low + high) / 2, 0.86), (w * 0.45, 0.1, 0.02)))
    return pieces


def _track(x: float, long: float, r: float, half: float) -> list[Solid]:
    """Endless track around road wheels, its axis along x."""
    n = int(long / r) + 1
    front = arc((0, r, long - r), r, r, -np.pi / 2, np.pi / 2, "zy", 8)
    rear = arc((0, r, r - long), r, r, np.pi / 2, 3 * np.pi / 2, "zy", 8)
    loop = np.concatenate([front, rear])[:, 2:0:-1]
    belt = prism("track", loop, half, (x, 0, 0), FACING_SIDE)
    spots = np.linspace(r * 0.9 - long, long - r * 0.9, n)
    return [belt, *(cylinder("wheel", (x - half * 1.15, r * 0.8, z), (x + half * 1.15, r * 0.8, z), r * 0.6) for z in spots)]


@kind("excavator", family="machine", names=("excavator", "digger", "bulldozer", "construction vehicle"), synonyms={
    "body": ("bodywork", "car body", "main body"), "roof": ("top", "rooftop"), "windshield": ("windscreen", "front window"),
    "rear window": ("back window", "rear windshield"), "window": ("side window", "glass"),
    "exhaust pipe": ("exhaust", "tailpipe", "muffler"), "wheel": ("car wheel", "roller"), "tire": ("tyre", "rubber tire"),
    "rim": ("wheel rim", "alloy"), "hub": ("hubcap", "wheel center"), "cab": ("driver's cab", "cabin"),
    "track": ("crawler track", "caterpillar track", "tread", "chain"), "counterweight": ("rear weight", "ballast"),
    "arm": ("digger arm", "lifting arm"), "boom": ("upper arm",), "hydraulic cylinder": ("hydraulic ram", "piston"),
    "blade": ("bulldozer blade", "plow", "shovel"), "bucket": ("shovel", "scoop"), "tooth": ("bucket tooth", "spike"),
})  # fmt: skip
def excavator(u: Rng) -> list[Solid]:
    """Excavators, bulldozers and wheel loaders."""
    style, w, r = u.pick("excavator", "excavator", "bulldozer", "loader"), u(0.26, 0.34), u(0.14, 0.2)
    pieces, long = [], u(0.5, 0.65)
    if style == "loader" or u.chance(0.15):
        pieces += car_wheels(u, four_spots(w, r * 1.3, long * 0.7, -long * 0.7), r * 1.3, 0.09)
        pieces.append(box("body", (0, r * 1.6, 0), (w * 0.8, r * 0.45, long * 0.95)))
    else:
        pieces += [piece for x in SIDES for piece in _track(x * w, long, r, 0.09)]
        pieces.append(box("body", (0, r, 0), (w, r * 0.4, long * 0.5)))
    deck, turned = 2 * r, u(-0.6, 0.6) if style == "excavator" else 0.0
    top = [box("body", (0, deck + 0.14, -0.2), (w * 0.95, 0.13, 0.38))]
    if u.chance(0.5):
        top.append(ellipsoid("counterweight", (0, deck + 0.15, -0.6), (w * 0.95, 0.15, 0.12), square=0.4))
    side = -w * 0.45 if style == "excavator" else 0.0
    wide = w * 0.45 if style == "excavator" else w * 0.65
    front = 0.25 if style == "excavator" else 0.1
    cab = cabin(
        u,
        "cab",
        (front - 0.4, front),
        (front - 0.38, front - u(0, 0.1)),
        (deck + 0.05, deck + u(0.55, 0.7)),
        (wide, wide * 0.95),
        1,
    )
    top += [Solid(p.part, np.add(p.vertices, (side, 0, 0)), p.faces) for p in cab]
    if u.chance(0.5):
        top.append(cylinder("exhaust pipe", (w * 0.5, deck + 0.2, -0.4), (w * 0.5, deck + u(0.4, 0.55), -0.4), 0.025))
    if style == "excavator":
        x, y = w * 0.2, deck + 0.12
        bend = np.array([x, y + u(0.5, 0.75), u(0.5, 0.75)])
        end = np.add(bend, (0, -u(0.1, 0.5), u(0.3, 0.5)))
        top.append(tube("arm/boom", bezier((x, y, 0.1), (x, bend[1] + 0.1, 0.2), bend, n=8), 0.06, flat=0.7))
        top.append(tube("arm", [np.add(bend, (0, 0.05, -0.05)), end], [0.05, 0.035]))
        top.append(tube("hydraulic cylinder", [(x, y + 0.05, 0.25), np.add(bend, (x, y + 0.2, 0.4)) / 2], 0.025))
        curl, size = u(-0.5, 0.9), u(0.11, 0.16)
        top += _bucket(end, size, curl, size)
    else:
        y, ahead, lift = r, long + u(0.15, 0.25), u(-0.05, 0.25)
        top += mirrored(tube, "arm", [(w * 0.7, y + 0.05, -0.1), (w * 0.7, y + lift, ahead)], 0.035)
        if style == "bulldozer":
            curve = arc((0, y + lift + 0.02, ahead + 0.25), 0.25, 0.25, np.pi * 0.72, np.pi * 1.28, "zy", 8)
            a = np.tile([w * u(1.2, 1.5), 0, 0], (8, 1))
            top.append(loft("blade", curve, a, np.tile([0, 0, 0.03], (8, 1))))
        else:
            top += _bucket(np.array([0, y + lift, ahead]), 0.16, u(-1.2, 0), w * 1.2)
    return pieces + [Solid(p.part, p.vertices @ turn("y", turned).T, p.faces) for p in top]


def _bucket(end: Array, size: float, curl: float, half: float) -> list[Solid]:
    """Digging bucket with teeth, hung at `end`."""
    path = arc((0, -size, 0), size, size, np.pi * 0.4, np.pi * 1.7, "zy", 12) @ turn("x", curl).T + end
    shell = loft("bucket", path, np.tile([half, 0, 0], (12, 1)), np.gradient(path, axis=0)[:, [0, 2, 1]] * (0, 0.35, -0.35))
    cheeks = [
        cylinder("bucket", np.add(end, (x * half * 0.7, -size, 0)), np.add(end, (x * half * 0.75, -size, 0)), size * 0.9)
        for x in SIDES
    ]
    lip, step = path[-1], path[-1] - path[-3]
    teeth = [
        tube("bucket/tooth", [np.add(lip, (q * half, 0, 0)), lip + step * 0.5 + (q * half, 0, 0)], [0.018, 0.01])
        for q in np.linspace(-0.7, 0.7, 4)
    ]
    return [shell, *cheeks, *teeth]


@kind("tank", family="machine", names=("tank", "battle tank", "armored vehicle"), synonyms={
    "body": ("bodywork", "car body", "main body"), "fender": ("mudguard", "wheel arch", "mud guard"),
    "wheel": ("car wheel", "roller"), "hatch": ("cover", "lid"),
    "track": ("crawler track", "caterpillar track", "tread", "chain"), "turret": ("gun turret", "tank turret"),
    "barrel": ("cannon", "gun barrel", "gun"), "antenna": ("aerial",), "machine gun": ("gun",)})  # fmt: skip
def tank(u: Rng) -> list[Solid]:
    """Battle tanks, old and modern."""
    w, r, long = u(0.38, 0.48), u(0.13, 0.19), u(0.75, 0.95)
    low, high = r * 0.8, 2 * r + u(0.08, 0.14)
    z = np.array([long, long * 0.75, long * 0.4, -long * 0.95, -long])
    pieces = [body_shell("body", z, w * u(0.75, 0.95), low, [high * 0.6, high * 0.85, high, high, high * 0.8], 0.12)]
    broad, covered = u(0.08, 0.11), u.chance()
    for x in SIDES:
        pieces += _track(x * w, long * 1.02, r, broad)
        if covered:
            pieces.append(box("fender", (x * w, 2 * r + 0.03, 0), (0.12, 0.015, long * 0.95)))
    at, size = u(-0.2, 0.15), w * u(0.6, 0.8)
    h, turned = u(0.1, 0.16), turn("y", u.pick(0.0, u(-0.8, 0.8)))
    shape = u.pick("dome", "block", "drum")
    if shape == "dome":
        top = [ellipsoid("turret", (0, h * 0.6, 0), (size, h * 1.3, size * 1.2), square=0.7)]
    elif shape == "block":
        base = np.array([(-size, 0, -size), (size, 0, -size), (size * 0.8, 0, size * 1.2), (-size * 0.8, 0, size * 1.2)])
        top = [hexahedron("turret", base, base * (0.75, 1, 0.75) + (0, 2 * h, 0))]
    else:
        top = [lathe("turret", [(size, 0), (size, h), (size * 0.75, 2 * h), (0, 2 * h)])]
    lift, reach, thick = u(0, 0.15), u(0.7, 1.2), u(0.03, 0.05)
    end = np.array([0, h + lift * reach, size * 0.8 + reach])
    top.append(tube("turret/barrel", [np.array([0, h, size * 0.5]), end], [thick * 1.2, thick], round_ends=False))
    if u.chance(0.5):
        top.append(cylinder("turret/barrel", end - (0, 0, 0.08), end, thick * 1.8))
    top += [
        lathe("turret/hatch", [(0.1, 0), (0.1, 0.05), (0, 0.07)], (x * size * 0.4, 2 * h - 0.02, -0.1))
        for x in SIDES[: u.count(1, 2)]
    ]
    if u.chance(0.4):
        top.append(tube("antenna", [(size * 0.6, h, -size * 0.7), (size * 0.65, h + u(0.4, 0.7), -size * 0.75)], 0.012))
    if u.chance(0.4):
        top += [
            tube("machine gun", [(size * 0.3, 2 * h + 0.08, 0), (size * 0.3, 2 * h + 0.1, 0.35)], 0.018),
            cylinder("machine gun", (size * 0.3, 2 * h, 0), (size * 0.3, 2 * h + 0.08, 0), 0.02),
        ]
    return pieces + [Solid(p.part, p.vertices @ turned.T + (0, high - 0.02, at), p.faces) for p in top]
