"""Bicycles, motorcycles and scooters."""

from __future__ import annotations

import numpy as np

from meronym_synthetic.kit.curves import SIDES, arc, around, ellipse, turn
from meronym_synthetic.kit.registry import kind
from meronym_synthetic.kit.rng import Rng
from meronym_synthetic.kit.solids import Solid, box, cylinder, ellipsoid, loft, mirrored, tube
from meronym_synthetic.kit.vehicles import hexahedron


def _bike_wheel(u: Rng, z: float, r: float, thick: float, spokes: int) -> list[Solid]:
    """Thin wheel in the plane of symmetry, with spokes."""
    ring = ellipse((0, r, z), r - thick, r - thick, "zy", 33)
    rim = ellipse((0, r, z), r - 2 * thick, r - 2 * thick, "zy", 33)
    pieces = [tube("wheel/tire", ring, thick), tube("wheel/rim", rim, thick * 0.7)]
    pieces.append(cylinder("wheel/hub", (-0.05, r, z), (0.05, r, z), max(0.025, thick * 0.8)))
    size = 0.008 if spokes > 7 else thick * 0.5
    return pieces + [
        cylinder("wheel/spoke", (0, r, z), (0, r + c * (r - thick), z + s * (r - thick)), size) for c, s in around(spokes)
    ]


@kind("bicycle", family="two-wheeler", names=("bicycle", "bike"), synonyms={
    "fender": ("mudguard", "wheel arch", "mud guard"), "wheel": ("car wheel", "roller"), "tire": ("tyre", "rubber tire"),
    "rim": ("wheel rim", "alloy"), "hub": ("hubcap", "wheel center"), "spoke": ("wheel spoke",),
    "seat": ("saddle", "driver's seat"), "frame": ("chassis", "main frame"), "fork": ("front fork", "wheel fork"),
    "crank": ("crank arm", "pedal arm"), "pedal": ("foot pedal",), "seat post": ("saddle post", "seat tube"),
    "handlebar": ("handlebars", "handle bar"), "handle": ("hand hold", "handlebar end"), "chain": ("drive chain",),
    "chainring": ("sprocket", "chain wheel", "gear"), "rack": ("luggage rack", "carrier"), "basket": ("carrier", "bin"),
})  # fmt: skip
def bicycle(u: Rng) -> list[Solid]:
    """City, racing, mountain and folding bicycles, tandems rarely."""
    r, thick, tube_r = u(0.26, 0.36), u(0.014, 0.03), u(0.014, 0.024)
    if u.chance(0.15):
        r *= 0.65
    rear, front, n = -u(0.45, 0.5), u(0.5, 0.58), u.pick(8, 12, 16, 24)
    pieces = _bike_wheel(u, rear, r, thick, n) + _bike_wheel(u, front, r, thick, n)
    crank, seat = np.array([0, r * u(0.8, 0.95), -0.05]), np.array([0, u(0.75, 0.9), -0.2])
    head, low_head = np.array([0, u(0.76, 0.86), front - 0.17]), np.array([0, u(0.6, 0.68), front - 0.13])
    post = crank + (seat - crank) * 0.8
    lines = [(crank, low_head), (crank, post), (head, low_head)]
    lines += [] if u.chance(0.25) else [(post, head - (0, 0.04, 0))]
    pieces += [tube("frame", line, tube_r) for line in lines]
    for x in SIDES:
        hub = np.array([x * 0.05, r, rear])
        pieces += [tube("frame", [crank, hub], tube_r * 0.7), tube("frame", [post, hub], tube_r * 0.7)]
        pieces.append(tube("fork", [low_head, np.add(low_head, (x * 0.05, -0.08, 0.02)), (x * 0.05, r, front)], tube_r * 0.8))
        arm = crank + np.array([x * 0.06, -x * 0.1, x * 0.06])
        pieces += [
            tube("crank", [np.add(crank, (x * 0.06, 0, 0)), arm], 0.014),
            box("pedal", np.add(arm, (x * 0.06, 0, 0)), (0.05, 0.012, 0.035)),
        ]
    pieces.append(tube("seat post", [post, seat], tube_r * 0.8))
    seat_at = [np.add(seat, (0, 0.02, q)) for q in (-0.1, -0.06, 0.02, 0.14)]
    pieces.append(
        loft("seat", seat_at, [(s, 0, 0) for s in (0.04, 0.08, 0.05, 0.018)], [(0, s, 0) for s in (0.02, 0.03, 0.025, 0.015)])
    )
    top, bar = np.add(head, (0, u(0.04, 0.12), -0.02)), u(0.2, 0.28)
    pieces.append(tube("handlebar", [head, top], tube_r))
    style = u.pick("flat", "drop", "swept", "high")
    for x in SIDES:
        side = np.add(top, (x * bar, 0, 0))
        bends: dict[str, list[tuple[float, float, float]]] = {
            "flat": [(0, 0, -0.03)],
            "drop": [(0, 0, 0.08), (0, -0.1, 0.1), (0, -0.13, 0)],
            "swept": [(0, 0.02, -0.18)],
            "high": [(0, 0.16, -0.02), (x * 0.05, 0.16, -0.14)],
        }
        tips = bends[style]
        pieces.append(tube("handlebar", [top, side * (0.9, 1, 1), *(side + t for t in tips)], tube_r * 0.85))
        end = side + tips[-1]
        handle = [end, end + (np.array([x * 0.08, 0, 0]) if style == "flat" else np.array([0, 0, -0.08]))]
        pieces.append(tube("handlebar/handle", handle, tube_r * 1.3))
    if u.chance(0.6):
        path = np.array(
            [
                (-0.07, crank[1] + 0.07, crank[2]),
                (-0.07, r + 0.03, rear),
                (-0.07, r - 0.03, rear),
                (-0.07, crank[1] - 0.07, crank[2]),
                (-0.07, crank[1] + 0.07, crank[2]),
            ]
        )
        pieces += [tube("chain", path, 0.01), cylinder("chainring", crank - (0.08, 0, 0), crank - (0.06, 0, 0), 0.075)]
    if u.chance(0.4):
        for z, a, b in ((rear, 0.3, 2.8), (front, 0.6, 2.6)):
            pieces.append(tube("fender", arc((0, r, z), r * 1.1, r * 1.1, a, b, "zy"), 0.03, flat=0.3))
    if u.chance(0.3):
        pieces.append(box("rack", (0, 2 * r + 0.05, rear), (0.06, 0.012, 0.18)))
        pieces += mirrored(tube, "rack", [(0.055, 2 * r + 0.05, rear - 0.05), (0.055, r, rear)], 0.01)
    if u.chance(0.2):
        pieces.append(box("basket", np.add(top, (0, -0.03, 0.16)), (0.13, 0.09, 0.1)))
        pieces.append(tube("basket", [top, np.add(top, (0, -0.05, 0.1))], 0.015))
    return pieces


@kind("motorcycle", family="two-wheeler", names=("motorcycle", "motorbike"), synonyms={
    "windshield": ("windscreen", "front window"), "fender": ("mudguard", "wheel arch", "mud guard"),
    "headlight": ("headlamp", "front light", "lamp"), "taillight": ("rear light", "back light", "brake light"),
    "mirror": ("side mirror", "rear-view mirror", "wing mirror"), "exhaust pipe": ("exhaust", "tailpipe", "muffler"),
    "wheel": ("car wheel", "roller"), "tire": ("tyre", "rubber tire"), "rim": ("wheel rim", "alloy"),
    "hub": ("hubcap", "wheel center"), "spoke": ("wheel spoke",), "seat": ("saddle", "driver's seat"),
    "frame": ("chassis", "main frame"), "fuel tank": ("gas tank", "petrol tank"), "engine": ("motor", "engine block"),
    "fork": ("front fork", "wheel fork"), "handlebar": ("handlebars", "handle bar"), "handle": ("hand hold", "handlebar end"),
    "swingarm": ("rear fork", "rear arm"), "shock absorber": ("damper", "suspension", "spring"),
    "footrest": ("foot peg", "foot support"), "fairing": ("front cover", "cowl"), "kickstand": ("side stand", "stand"),
})  # fmt: skip
def motorcycle(u: Rng) -> list[Solid]:
    """Sport bikes, cruisers, dirt bikes and cafe racers."""
    style, r, thick = u.pick("sport", "cruiser", "dirt", "classic"), u(0.25, 0.32), u(0.045, 0.08)
    rear, front = -u(0.55, 0.65), u(0.6, 0.8)
    n, tall = u.pick(3, 5, 6, 14), 2 * r + u(0.02, 0.12)
    pieces = _bike_wheel(u, rear, r, thick, n) + _bike_wheel(u, front, r * u(0.95, 1.1), thick * 0.85, n)
    head = np.array([0, tall + 0.1, front - (0.35 if style == "cruiser" else 0.22)])
    low, seat_y = np.array([0, r * 0.9, 0.0]), tall - (0.08 if style == "cruiser" else 0)
    springs, mirrors = u.chance(0.6), u.chance()
    for x in SIDES:
        pieces.append(tube("fork", [np.add(head, (x * 0.07, 0.03, 0)), (x * 0.07, r, front)], 0.025))
        pieces.append(tube("swingarm", [np.add(low, (x * 0.07, 0, -0.05)), (x * 0.07, r, rear)], 0.03))
        pieces.append(
            tube(
                "frame",
                [
                    head,
                    np.add(low, (x * 0.06, -0.1, 0.2)),
                    np.add(low, (x * 0.06, -0.1, -0.15)),
                    (x * 0.06, seat_y - 0.03, -0.3),
                    head,
                ],
                0.022,
            )
        )
        if springs:
            pieces.append(tube("shock absorber", [(x * 0.08, seat_y - 0.05, -0.3), (x * 0.08, r + 0.05, rear + 0.05)], 0.03))
        pieces.append(tube("footrest", [np.add(low, (x * 0.06, -0.02, -0.1)), np.add(low, (x * 0.2, -0.02, -0.1))], 0.018))
    pieces.append(ellipsoid("engine", np.add(low, (0, 0.02, 0.08)), (0.11, 0.17, 0.2), square=0.5))
    pieces += [
        cylinder("engine", np.add(low, (0, 0.1, 0.12 + q * 0.06)), np.add(low, (0, 0.32, 0.1 + q * 0.16)), 0.075)
        for q in ((-1, 1) if style == "cruiser" else (0,))
    ]
    fuel_tank = (0, tall + 0.06, 0.1)
    pieces.append(ellipsoid("fuel tank", fuel_tank, (u(0.1, 0.14), u(0.09, 0.12), u(0.2, 0.26)), turn("x", -0.15), square=0.8))
    pieces.append(ellipsoid("seat", (0, seat_y + 0.02, -0.25), (0.11, 0.05, 0.22), square=0.6))
    pieces.append(ellipsoid("seat", (0, seat_y + 0.07, -0.52), (0.09, 0.045, 0.18), turn("x", 0.2), square=0.6))
    rise, back = {"sport": (0.0, 0.06), "cruiser": (u(0.15, 0.4), 0.22), "dirt": (0.16, 0.08)}.get(style, (0.08, 0.1))
    for x in SIDES:
        end = np.add(head, (x * 0.3, rise, -back))
        pieces.append(tube("handlebar", [head, np.add(head, (x * 0.12, rise, 0)), end], 0.018))
        pieces.append(tube("handlebar/handle", [end, np.add(end, (x * 0.1, 0, -0.03))], 0.026))
        if mirrors:
            pieces += [
                tube("mirror", [end, np.add(end, (x * 0.05, 0.15, 0.03))], 0.01),
                ellipsoid("mirror", np.add(end, (x * 0.06, 0.17, 0.03)), (0.05, 0.035, 0.015)),
            ]
    if style == "sport":
        pieces.append(ellipsoid("fairing", np.add(head, (0, -0.05, 0.1)), (0.16, 0.17, 0.2), turn("x", 0.4)))
        pieces += mirrored(ellipsoid, "fairing", (0.13, r * 1.2, 0.2), (0.035, 0.22, 0.3))
        pieces.append(ellipsoid("windshield", np.add(head, (0, 0.14, 0.1)), (0.1, 0.09, 0.05), turn("x", -0.6)))
    pieces.append(ellipsoid("headlight", np.add(head, (0, -0.04, 0.26 if style == "sport" else 0.12)), (0.08, 0.08, 0.07)))
    lift = 0.18 if style == "dirt" else 0.02
    for z, a, b, up in ((rear, 0.6, 2.6, 0.0), (front, 0.5, 2.3, lift)):
        pieces.append(tube("fender", arc((0, r + up, z), r * 1.12, r * 1.12, a, b, "zy"), thick * 1.2, flat=0.3))
    pieces.append(box("taillight", (0, seat_y + 0.08, -0.7), (0.05, 0.025, 0.02)))
    for x in SIDES if u.chance(0.4) else (1.0,):
        path = [
            np.add(low, (x * 0.06, 0.1, 0.28)),
            np.add(low, (x * 0.13, -0.12, 0.15)),
            (x * 0.14, r * 0.75, -0.3),
            (x * 0.16, r * 0.95, -0.75),
        ]
        pieces.append(tube("exhaust pipe", path, [0.025, 0.025, 0.035, 0.045]))
    if u.chance(0.4):
        pieces.append(tube("kickstand", [np.add(low, (-0.06, -0.1, -0.1)), (-0.25, 0, -0.15)], 0.014))
    return pieces


@kind("scooter", family="two-wheeler", names=("scooter", "moped", "kick scooter"), synonyms={
    "body": ("bodywork", "car body", "main body"), "fender": ("mudguard", "wheel arch", "mud guard"),
    "headlight": ("headlamp", "front light", "lamp"), "mirror": ("side mirror", "rear-view mirror", "wing mirror"),
    "wheel": ("car wheel", "roller"), "tire": ("tyre", "rubber tire"), "rim": ("wheel rim", "alloy"),
    "hub": ("hubcap", "wheel center"), "spoke": ("wheel spoke",), "seat": ("saddle", "driver's seat"),
    "steering column": ("steering shaft", "stem"), "frame": ("chassis", "main frame"), "floor": ("floor panel", "footboard"),
    "fork": ("front fork", "wheel fork"), "handlebar": ("handlebars", "handle bar"), "handle": ("hand hold", "handlebar end"),
    "rack": ("luggage rack", "carrier"), "deck": ("board", "foot board"), "leg shield": ("front shield", "front cover"),
    "storage box": ("top case", "luggage box")})  # fmt: skip
def scooter(u: Rng) -> list[Solid]:
    """Motor scooters with leg shield, and stand-up kick scooters."""
    if u.chance(0.45):
        r, y = u(0.08, 0.14), u(0.1, 0.16)
        pieces = _bike_wheel(u, -0.5, r, r * 0.25, 5) + _bike_wheel(u, 0.55, r, r * 0.25, 5)
        head, top = np.array([0, y + 0.15, 0.45]), np.array([0, u(0.8, 1.1), 0.36])
        pieces += [box("deck", (0, y, -0.05), (u(0.07, 0.12), 0.02, 0.38)), tube("frame", [np.array([0, y, 0.3]), head], 0.03)]
        pieces += [tube("fork", [head, np.array([x * 0.05, r, 0.55])], 0.02) for x in SIDES] + mirrored(
            tube, "frame", [(0.05, y, -0.4), (0.05, r, -0.5)], 0.018
        )
        pieces.append(tube("steering column", [head, top], 0.024))
        pieces += [tube("handlebar", [top, np.add(top, (x * 0.25, 0, 0))], 0.018) for x in SIDES]
        pieces += [
            tube("handlebar/handle", [np.add(top, (x * 0.17, 0, 0)), np.add(top, (x * 0.28, 0, 0))], 0.028) for x in SIDES
        ]
        if u.chance(0.6):
            pieces.append(tube("fender", arc((0, r, -0.5), r * 1.3, r * 1.3, 0.5, 2.5, "zy"), 0.04, flat=0.25))
        return pieces
    r, w = u(0.16, 0.21), u(0.13, 0.17)
    pieces = _bike_wheel(u, -0.5, r, 0.05, 5) + _bike_wheel(u, 0.6, r, 0.05, 5)
    head = np.array([0, u(0.78, 0.9), 0.42])
    pieces.append(
        hexahedron(
            "leg shield",
            [(-w, r, 0.42), (w, r, 0.42), (w, r, 0.46), (-w, r, 0.46)],
            [(-w * 0.7, head[1], 0.38), (w * 0.7, head[1], 0.38), (w * 0.7, head[1], 0.43), (-w * 0.7, head[1], 0.43)],
        )
    )
    pieces += [
        box("floor", (0, r * 0.95, 0.15), (w, 0.03, 0.3)),
        ellipsoid("body", (0, r * 1.7, -0.4), (w, r * 1.1, 0.36), square=0.7),
    ]
    pieces.append(ellipsoid("seat", (0, r * 2.8, -0.35), (w * 0.8, 0.05, u(0.25, 0.34)), square=0.6))
    pieces += [tube("fork", [np.add(head, (0, -0.1, 0)), (x * 0.07, r, 0.6)], 0.022) for x in SIDES]
    pieces.append(ellipsoid("fender", (0, r * 1.5, 0.6), (0.08, r * 0.8, r * 1.1)))
    for x in SIDES:
        pieces += [
            tube("handlebar", [head, np.add(head, (x * 0.25, 0.05, -0.08))], 0.022),
            tube("handlebar/handle", [np.add(head, (x * 0.2, 0.04, -0.06)), np.add(head, (x * 0.32, 0.06, -0.1))], 0.03),
        ]
    pieces.append(ellipsoid("headlight", np.add(head, (0, 0.02, 0.08)), 0.06))
    if u.chance(0.5):
        ends = [np.add(head, (x * 0.2, 0.05, -0.05)) for x in SIDES]
        pieces += [
            piece
            for e in ends
            for piece in (
                tube("mirror", [e, np.add(e, (0, 0.15, 0))], 0.01),
                ellipsoid("mirror", np.add(e, (0, 0.18, 0)), (0.05, 0.04, 0.012)),
            )
        ]
    if u.chance(0.35):
        pieces.append(box("storage box", (0, r * 3.1, -0.72), (0.14, 0.11, 0.11)))
        pieces.append(box("rack", (0, r * 2.6, -0.68), (0.06, 0.02, 0.15)))
    return pieces
