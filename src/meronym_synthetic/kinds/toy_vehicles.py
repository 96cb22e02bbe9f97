"""Blocky toy vehicles: car, delivery truck, train and tank."""

from __future__ import annotations

import numpy as np

from meronym_synthetic.kinds.low_poly import ball, skin, stack, stick
from meronym_synthetic.kit.anatomy import vec
from meronym_synthetic.kit.curves import SIDES, Array, arc, turn
from meronym_synthetic.kit.registry import kind
from meronym_synthetic.kit.rng import Rng
from meronym_synthetic.kit.solids import Solid, box, cylinder, lathe, mirrored, move, prism, tube
from meronym_synthetic.kit.vehicles import four_spots


def _wheels(u: Rng, spots: list[tuple[float, float, float]], r: float, half: float) -> list[Solid]:
    """Fat toy wheels in one piece or with hubs, of 8 to 24 sides."""
    n, hub, pieces = u.pick(8, 12, 24), u.chance(0.6), []
    for x, y, z in spots:
        pieces.append(stick("wheel", (x - half, y, z), (x + half, y, z), r, None, n))
        if hub:
            pieces.append(stick("wheel/hub", (x - half * 1.15, y, z), (x + half * 1.15, y, z), r * 0.5, None, n))
    return pieces


def _toy_face(u: Rng, w: float, y: float, z: float) -> list[Solid]:
    """Headlights, bumper and by chance a grille on a toy's front at z."""
    shape, pieces = u.pick("round", "square"), [box("bumper", (0, y - 0.06, z + 0.02), (w * 1.02, 0.03, 0.035), n=2)]
    for x in SIDES:
        at = vec(x * w * 0.7, y + 0.06, z + 0.01)
        pieces.append(
            stick("headlight", at - vec(0, 0, 0.02), at + vec(0, 0, 0.025), 0.045, None, 8)
            if shape == "round"
            else box("headlight", at, (0.05, 0.035, 0.025), n=1)
        )
    if u.chance(0.5):
        pieces.append(box("grille", (0, y + 0.05, z + 0.005), (w * 0.4, 0.05, 0.015), n=2))
    return pieces


def _block(
    part: str, low: tuple[float, float], high: tuple[float, float], y: tuple[float, float], w: tuple[float, float]
) -> Solid:
    """Block with sloped ends: rear and front z below and above, lower and upper y, half-widths below and above."""
    rings = [
        [(-half, level, a), (half, level, a), (half, level, b), (-half, level, b)]
        for (a, b), level, half in zip((low, high), y, w, strict=True)
    ]
    return skin(part, rings)


def _glass(
    u: Rng,
    low: tuple[float, float],
    high: tuple[float, float],
    y: tuple[float, float],
    w: tuple[float, float],
    rear: bool,
    count: int,
) -> list[Solid]:
    """Windshield, side windows and by chance a rear window on a cabin made with `_block`'s numbers."""

    def at(x: float, k: float, t: float) -> Array:
        z = [(1 - k) * pair[0] + k * pair[1] for pair in (low, high)]
        return vec(x * ((1 - t) * w[0] + t * w[1]), (1 - t) * y[0] + t * y[1], (1 - t) * z[0] + t * z[1])

    def pane(part: str, corners: list[Array], out: Array) -> Solid:
        return skin(part, [[c + out * s for c in corners] for s in (-0.012, 0.012)])

    pieces = [
        pane("windshield", [at(x, 1, t) for x, t in ((-0.85, 0.12), (0.85, 0.12), (0.85, 0.88), (-0.85, 0.88))], vec(0, 0, 1))
    ]
    if rear:
        pieces.append(
            pane("rear window", [at(x, 0, t) for x, t in ((-0.8, 0.2), (0.8, 0.2), (0.8, 0.85), (-0.8, 0.85))], vec(0, 0, 1))
        )
    for x in SIDES:
        for i in range(count):
            a, b = (i + 0.12) / count, (i + 0.88) / count
            pieces.append(pane("window", [at(x, k, t) for k, t in ((a, 0.15), (b, 0.15), (b, 0.85), (a, 0.85))], vec(1, 0, 0)))
    return pieces


@kind("toy car", family="car", names=("toy car", "low-poly car", "cartoon car", "car"), synonyms={
    "body": ("car body", "bodywork"), "hood": ("bonnet", "engine cover"), "cabin": ("passenger compartment", "greenhouse"),
    "roof": ("car roof", "top"), "windshield": ("windscreen", "front window"), "rear window": ("back window",),
    "window": ("side window",), "wheel": ("car wheel",), "hub": ("hubcap", "rim"), "bumper": ("fender bar",),
    "headlight": ("headlamp", "front light"), "taillight": ("rear light",), "grille": ("radiator grille",),
    "door": ("car door",), "spoiler": ("rear wing",), "trunk": ("boot lid",), "siren": ("warning light", "light bar"),
    "key": ("wind-up key",), "mirror": ("side mirror",)})  # fmt: skip
def toy_car(u: Rng) -> list[Solid]:
    """Blocky cars: sedans, taxis, police cars, jeeps and wind-up toys with fat wheels."""
    w, long, r = u(0.28, 0.38), u(0.55, 0.75), u(0.13, 0.2)
    y0, y1 = r * u(0.7, 1), r * u(0.7, 1) + u(0.2, 0.28)
    nose, rear = u(0.1, 0.35) * long, -long * u(0.4, 0.98)
    pieces = [_block("body", (-long, long), (-long * 0.97, long * u(0.88, 0.99)), (y0, y1), (w, w * 0.97))]
    low, high, y, half = (
        (rear, nose + u(0, 0.15)),
        (rear + u(0, 0.15), nose - u(0, 0.1)),
        (y1, y1 + u(0.18, 0.28)),
        (w * 0.93, w * u(0.7, 0.9)),
    )
    pieces += [_block("cabin", low, high, y, half), *_glass(u, low, high, y, half, u.chance(0.7), u.count(1, 2))]
    if u.chance(0.7):
        middle = (high[0] + high[1]) / 2
        pieces.append(
            box(
                "cabin/roof" if u.chance() else "roof",
                (0, y[1] + 0.015, middle),
                (half[1] * 1.03, 0.02, (high[1] - high[0]) / 2 * 1.05),
                n=2,
            )
        )
    if u.chance(0.4):
        pieces.append(box("hood", (0, y1 + 0.012, (low[1] + long) / 2), (w * 0.85, 0.015, (long - low[1]) * 0.42), n=2))
    if u.chance(0.3) and rear > -long * 0.8:
        pieces.append(box("trunk", (0, y1 + 0.012, (rear - long) / 2), (w * 0.85, 0.015, (rear + long) * 0.42), n=2))
    pieces += _wheels(u, four_spots(w * u(0.9, 1.05), r, long * u(0.55, 0.68), -long * u(0.55, 0.68)), r, u(0.05, 0.09))
    pieces += _toy_face(u, w, (y0 + y1) / 2, long * 0.96)
    if u.chance(0.6):
        pieces += mirrored(box, "taillight", (w * 0.75, (y0 + y1) / 2 + 0.05, -long), (0.05, 0.03, 0.02), n=1)
    if u.chance(0.4):
        pieces += mirrored(
            box, "door", (w * 0.99, (y0 + y1) / 2 + 0.02, (low[0] + low[1]) / 2 + 0.03), (0.012, (y1 - y0) * 0.42, 0.17), n=2
        )
    extra = u.pick("spoiler", "siren", "key", "mirror", "none", "none")
    if extra == "spoiler":
        pieces += [
            box("spoiler", (0, y1 + 0.1, -long * 0.92), (w, 0.015, 0.06), n=2),
            *mirrored(box, "spoiler", (w * 0.6, y1 + 0.05, -long * 0.92), (0.02, 0.05, 0.03), n=1),
        ]
    elif extra == "siren":
        pieces.append(box("siren", (0, y[1] + 0.06, (high[0] + high[1]) / 2), (w * 0.5, 0.03, 0.05), n=2))
    elif extra == "key":
        pieces.append(cylinder("key", (0, y1, -long), (0, y1, -long - 0.12), 0.02))
        pieces += [box("key", (x * 0.07, y1, -long - 0.14), (0.05, 0.06, 0.015), n=1) for x in SIDES]
    elif extra == "mirror":
        pieces += mirrored(box, "mirror", (w * 1.08, y1 + 0.05, nose), (0.04, 0.03, 0.02), n=1)
    return pieces


@kind("delivery truck", family="truck", names=("delivery van", "milk truck", "box truck", "toy truck"), synonyms={
    "cabin": ("cab", "driver's cabin"), "cargo box": ("cargo area", "box body", "freight box"), "hood": ("bonnet",),
    "windshield": ("windscreen", "front window"), "window": ("side window",), "wheel": ("truck wheel",),
    "hub": ("hubcap", "rim"), "bumper": ("front bumper",), "headlight": ("headlamp", "front light"),
    "grille": ("radiator grille",), "chassis": ("frame", "underbody"), "door": ("loading door", "rear door"),
    "roof": ("top",), "sign": ("logo board",),
    "taillight": ("rear light",), "tank": ("milk tank", "liquid tank"), "fender": ("mudguard",), "mirror": ("side mirror",),
    "cargo": ("load", "goods"), "side board": ("side wall",)})  # fmt: skip
def delivery_truck(u: Rng) -> list[Solid]:
    """Blocky delivery vans, milk trucks with a tank or crates, and toy trucks with an open bed."""
    w, r, load = u(0.28, 0.36), u(0.13, 0.18), u.pick("box", "box", "box", "tank", "bed")
    floor, snout = r * u(1.1, 1.5), u(0.1, 0.3) * u.chance(0.6)
    back, front, cab = -u(0.65, 0.9), u(0.3, 0.4), u(0.32, 0.42)
    pieces = [box("chassis", (0, floor, (back + front + snout) / 2), (w * 0.8, 0.04, (front + snout - back) / 2), n=2)]
    z0, tall = front - cab, u(0.38, 0.5)
    low, high, y, half = (
        (z0, front),
        (z0, front - u(0, 0.1)),
        (floor + (0.18 if snout else 0.12), floor + tall),
        (w * 0.95, w * u(0.82, 0.92)),
    )
    pieces += [box("cabin", (0, (floor + y[0]) / 2, (z0 + front) / 2), (w * 0.95, (y[0] - floor) / 2, cab / 2), n=2)]
    pieces += [_block("cabin", low, high, y, half), *_glass(u, low, high, y, half, False, 1)]
    if snout:
        pieces.append(
            _block("hood", (front, front + snout), (front, front + snout * 0.9), (floor, y[0] + 0.02), (w * 0.85, w * 0.8))
        )
    if u.chance(0.3):
        pieces.append(box("cabin/roof", (0, y[1] + 0.02, (high[0] + high[1]) / 2), (half[1] * 1.04, 0.025, cab * 0.45), n=2))
    middle, size = (back + z0) / 2 - 0.01, (z0 - back) / 2 - 0.02
    if load == "box":
        h = u(0.26, 0.4)
        pieces.append(
            _block(
                "cargo box", (back, z0 - 0.02), (back, z0 - 0.02), (floor + 0.03, floor + 2 * h), (w * 1.03, w * u(0.92, 1.03))
            )
        )
        if u.chance(0.4):
            pieces += [box("door", (x * w * 0.48, floor + h, back), (w * 0.44, h * 0.85, 0.015), n=2) for x in SIDES]
        if u.chance(0.4):
            pieces += mirrored(box, "sign", (w * 1.02, floor + h * 1.1, middle), (0.015, h * 0.4, size * 0.6), n=2)
        if u.chance(0.2):
            pieces.append(box("cargo box/roof", (0, floor + 2 * h + 0.01, middle), (w * 1.05, 0.02, size * 1.05), n=2))
    elif load == "tank":
        rings = [(k * size, k2 * w * 0.9, k2 * 0.24) for k, k2 in ((-1, 0.75), (-0.85, 1), (0.85, 1), (1, 0.75))]
        pieces.append(stack("tank", rings, u.pick(8, 12, 24), (0, floor + 0.28, middle), turn("x", np.pi / 2)))
        pieces.append(cylinder("tank", (0, floor + 0.5, middle), (0, floor + 0.56, middle), 0.07))
    else:
        pieces += mirrored(box, "side board", (w, floor + 0.13, middle), (0.02, 0.1, size), n=2)
        pieces += [box("side board", (0, floor + 0.13, middle + k * size), (w, 0.1, 0.02), n=2) for k in SIDES]
        for k in np.linspace(-0.6, 0.6, u.count(1, 3)):
            pieces.append(
                u.pick(
                    box("cargo", (0, floor + 0.16, middle + k * size), (w * 0.6, 0.13, size * 0.25), n=2),
                    lathe(
                        "cargo",
                        [(0.08, 0), (0.08, 0.2), (0.04, 0.26), (0.04, 0.3), (0, 0.3)],
                        (0.0, floor + 0.04, middle + k * size),
                    ),
                )
            )
    wheels = [front - cab * 0.4 + snout * 0.6, back + 0.2] + ([back + 0.2 + 2.1 * r] if u.chance(0.25) and back < -0.75 else [])
    pieces += _wheels(u, [(x * w * 0.92, r, z) for x in SIDES for z in wheels], r, u(0.05, 0.08))
    if u.chance(0.3):
        pieces += [box("fender", (x * w * 0.95, 2 * r + 0.03, wheels[0]), (0.08, 0.02, r * 1.1), n=2) for x in SIDES]
    pieces += _toy_face(u, w * 0.85, floor + 0.06, front + snout)
    if u.chance(0.5):
        pieces += mirrored(box, "taillight", (w * 0.75, floor + 0.02, back), (0.05, 0.03, 0.02), n=1)
    return pieces + (
        mirrored(box, "mirror", (w * 1.1, y[0] + 0.1, front - 0.02), (0.03, 0.06, 0.015), n=1) if u.chance(0.3) else []
    )


@kind("toy train", family="train", names=("toy train", "wooden train", "steam train", "little train"), synonyms={
    "boiler": ("engine barrel", "kettle"), "cab": ("driver's cabin", "cabin"), "roof": ("cab roof",), "window": ("cab window",),
    "chimney": ("smokestack", "funnel"), "dome": ("steam dome",), "wheel": ("train wheel",), "hub": ("wheel center",),
    "chassis": ("frame", "base"), "cowcatcher": ("pilot", "plow"), "coupling": ("hook", "link"), "wagon": ("train car",),
    "cargo": ("load", "goods"), "rod": ("drive rod", "connecting rod"), "headlight": ("front lamp",),
    "track": ("rails", "railway track")})  # fmt: skip
def toy_train(u: Rng) -> list[Solid]:
    """Blocky steam engines with wagons of cargo or windows, in wood-toy style."""
    w, r, n = u(0.15, 0.2), u(0.08, 0.12), u.pick(8, 12, 24)
    y, big = r * 1.5, u(0.12, 0.16)
    pieces = [box("chassis", (0, y, 0), (w, 0.035, 0.5), n=2)]
    if u.chance(0.75):
        pieces.append(stick("boiler", (0, y + big + 0.03, -0.15), (0, y + big + 0.03, 0.46), big, None, n))
    else:
        pieces.append(box("boiler", (0, y + big + 0.02, 0.16), (big * 0.9, big, 0.3), n=2))
    h = u(0.38, 0.46)
    pieces.append(box("cab", (0, y + h / 2, -0.32), (w * 0.98, h / 2, 0.17), n=2))
    pieces.append(_block("roof", (-0.54, -0.1), (-0.5, -0.14), (y + h, y + h + u(0.03, 0.08)), (w * 1.15, w * u(0.7, 1.1))))
    if u.chance(0.7):
        pieces += mirrored(box, "window", (w, y + h * 0.7, -0.32), (0.012, h * 0.17, 0.1), n=1)
    stack_top = u(0.16, 0.28)
    levels = [(0, 0.045, 0.045), (stack_top * 0.6, 0.045, 0.045), (stack_top, u(0.045, 0.09), u(0.05, 0.09))]
    pieces.append(stack("chimney", levels, n, (0, y + 2 * big, 0.36)))
    if u.chance(0.6):
        pieces.append(stack("dome", [(0, 0.06, 0.06), (0.06, 0.055, 0.055), (0.09, 0.025, 0.025)], n, (0, y + 2 * big, 0.1)))
    if u.chance(0.5):
        pieces.append(_block("cowcatcher", (0.48, 0.62), (0.48, 0.52), (0.03, y), (w, w * 0.8)))
    if u.chance(0.4):
        pieces.append(stick("headlight", (0, y + big, 0.45), (0, y + big, 0.5), 0.05, None, 8))
    spots = [(x * w, r, z) for x in SIDES for z in (-0.35, 0.0, 0.34)[: u.count(2, 3)]]
    pieces += _wheels(u, spots, r, 0.03)
    if u.chance(0.4):
        pieces += mirrored(box, "rod", (w + 0.045, r, 0), (0.012, 0.015, 0.36), n=1)
    z = -0.5
    for _ in range(u.count(0, 2)):
        pieces.append(cylinder("coupling", (0, y, z), (0, y, z - 0.14), 0.025))
        middle, style = z - 0.14 - 0.3, u.pick("box", "open", "coach")
        pieces.append(box("wagon", (0, y, middle), (w, 0.035, 0.3), n=2))
        pieces += _wheels(u, four_spots(w, r, middle + 0.18, middle - 0.18), r, 0.03)
        if style == "open":
            pieces += mirrored(box, "wagon", (w * 0.95, y + 0.12, middle), (0.02, 0.1, 0.3), n=2)
            pieces += [box("wagon", (0, y + 0.12, middle + k * 0.28), (w * 0.95, 0.1, 0.02), n=2) for k in SIDES]
            pieces += [ball(u, "cargo", (0, y + 0.18, middle + k), (w * 0.7, 0.1, 0.12), 7, 3, 0.15) for k in (-0.13, 0.1)]
        else:
            pieces.append(box("wagon", (0, y + 0.19, middle), (w * 0.95, 0.17, 0.29), n=2))
            pieces.append(box("roof", (0, y + 0.38, middle), (w * 1.05, 0.025, 0.31), n=2))
            if style == "coach":
                pieces += [
                    box("window", (x * w * 0.95, y + 0.24, middle + k), (0.012, 0.06, 0.06), n=1)
                    for x in SIDES
                    for k in (-0.17, 0, 0.17)
                ]
        z = middle - 0.3
    if u.chance(0.3):
        pieces += mirrored(box, "track", (w, -0.02, (z + 0.6) / 2), (0.02, 0.02, (0.8 - z) / 2), n=2)
        pieces += [box("track", (0, -0.045, k), (w * 1.4, 0.012, 0.03), n=1) for k in np.arange(z, 0.7, 0.16)]
    return pieces


@kind("toy tank", family="machine", names=("toy tank", "low-poly tank", "tank", "cartoon tank"), synonyms={
    "hull": ("body", "tank body"), "turret": ("tank tower", "rotating top"), "cannon": ("gun", "gun barrel", "main gun"),
    "muzzle": ("muzzle brake", "barrel end"), "track": ("caterpillar track", "tread", "chain track"), "wheel": ("road wheel",),
    "hatch": ("turret lid", "lid"), "fender": ("mudguard", "track cover"), "antenna": ("aerial",),
    "headlight": ("front light",), "fuel drum": ("barrel", "external tank"), "machine gun": ("small gun",),
    "exhaust pipe": ("exhaust",)})  # fmt: skip
def toy_tank(u: Rng) -> list[Solid]:
    """Blocky tanks with a stubby or long gun, box or round turret, and tracks in one piece or with wheels."""
    w, long, r = u(0.24, 0.34), u(0.5, 0.65), u(0.11, 0.16)
    wide, y = u(0.07, 0.11), r * 1.1
    pieces = [
        _block(
            "hull", (-long * 0.9, long * 0.9), (-long, long * u(0.6, 1)), (y * 0.7, y + u(0.16, 0.24)), (w, w * u(0.9, 1.15))
        )
    ]
    top = float(pieces[0].vertices[:, 1].max())
    shape, wheels = u.pick("round", "point"), u.chance(0.6)
    for x in SIDES:
        a = arc((0, 0, 0), r, r, -np.pi / 2, np.pi / 2, "xy", 6 if shape == "round" else 3)[:, :2] + (long * 0.85, r)
        outline = np.concatenate([a, a[::-1] * (-1, 1)])
        pieces.append(prism("track", outline, wide, (x * (w + wide), 0, 0), turn("y", -np.pi / 2)))
        if wheels:
            for z in np.linspace(-long * 0.8, long * 0.8, u.count(3, 5)):
                pieces.append(stick("wheel", (x * (w + wide), r, z), (x * (w + 2 * wide + 0.02), r, z), r * 0.62, None, 10))
    if u.chance(0.5):
        pieces += mirrored(box, "fender", (w + wide, 2 * r + 0.02, 0), (wide * 1.1, 0.015, long * 1.02), n=2)
    n, h, size, z = u.pick(4, 6, 8, 24), u(0.14, 0.2), w * u(0.7, 0.95), -u(0, 0.15)
    aim = u(-0.5, 0.5) * u.chance(0.4)
    pieces_top = [stack("turret", [(0, size, size * 1.1), (h * 0.6, size * 0.95, size), (h, size * 0.65, size * 0.7)], n)]
    reach, b, lift = u(0.35, 0.8), u(0.03, 0.055), u(0, 0.2)
    tip = vec(0, h * 0.5 + reach * lift, size + reach)
    pieces_top.append(stick("cannon", (0, h * 0.5, size * 0.7), tip, b, b * u(0.8, 1), u.pick(6, 8, 24)))
    if u.chance(0.5):
        pieces_top.append(
            stick(
                "cannon/muzzle" if u.chance(0.6) else "cannon", tip - vec(0, 0, 0.03), tip + vec(0, 0, 0.08), b * 1.5, None, 8
            )
        )
    if u.chance(0.7):
        pieces_top.append(
            stick("hatch", (size * 0.25, h, -0.05), (size * 0.25, h + 0.035, -0.05), size * 0.32, None, u.pick(6, 8, 24))
        )
    if u.chance(0.3):
        pieces_top.append(stick("machine gun", (-size * 0.3, h + 0.05, -0.05), (-size * 0.3, h + 0.06, 0.2), 0.018))
        pieces_top.append(stick("machine gun", (-size * 0.3, h - 0.02, 0), (-size * 0.3, h + 0.05, 0), 0.02))
    if u.chance(0.4):
        pieces_top.append(cylinder("antenna", (-size * 0.5, h * 0.5, -size * 0.7), (-size * 0.5, h + 0.35, -size * 0.8), 0.009))
    pieces += move(pieces_top, (0, top, z), rotation=turn("y", aim))
    if u.chance(0.5):
        pieces += [
            stick("headlight", (x * w * 0.7, top - 0.05, long * 0.75), (x * w * 0.7, top - 0.05, long * 0.95), 0.035, None, 8)
            for x in SIDES
        ]
    if u.chance(0.25):
        pieces += [
            stick("fuel drum", (x * w * 0.5 - 0.1, top - 0.02, -long), (x * w * 0.5 + 0.1, top - 0.02, -long), 0.06, None, 8)
            for x in SIDES
        ]
    if u.chance(0.25):
        pieces.append(tube("exhaust pipe", [(w * 0.7, top - 0.08, -long), (w * 0.7, top + 0.08, -long - 0.05)], 0.025))
    return pieces
