"""Cars, vans, buses and trucks."""

from __future__ import annotations

import numpy as np

from meronym_synthetic.kit.curves import SIDES, arc, bezier, turn
from meronym_synthetic.kit.registry import kind
from meronym_synthetic.kit.rng import Rng
from meronym_synthetic.kit.solids import Solid, box, cylinder, ellipsoid, lathe, mirrored, tube
from meronym_synthetic.kit.vehicles import body_shell, cabin, car_wheels, four_spots, slab, steering_wheel


def _face(u: Rng, w: float, y: float, z: float, h: float) -> list[Solid]:
    """Headlights, bumper, grille and licence plate at the front of a vehicle."""
    size, pieces, round_lamps = u(0.035, 0.06), [], u.chance()
    for x in SIDES:
        spot = (x * w * 0.72, y, z)
        half = (size, size, size * 0.5) if round_lamps else (size * 1.5, size * 0.7, size * 0.6)
        pieces.append(ellipsoid("headlight", spot, half, square=1.0 if round_lamps else 0.4))
    if u.chance(0.7):
        pieces.append(ellipsoid("bumper", (0, y - h, z), (w * 1.02, u(0.03, 0.05), 0.05), square=0.3))
    if u.chance(0.45):
        pieces.append(box("grille", (0, y - h * 0.3, z), (w * u(0.3, 0.5), h * 0.35, 0.025)))
    if u.chance(0.3):
        pieces.append(box("license plate", (0, y - h, z + 0.03), (0.08, 0.022, 0.03)))
    return pieces


def _rear(u: Rng, w: float, y: float, z: float, h: float) -> list[Solid]:
    """Taillights, bumper and exhaust pipes at the rear end."""
    pieces = [box("taillight", (x * w * 0.8, y, z), (u(0.03, 0.05) * 1.2, u(0.02, 0.05), 0.02)) for x in SIDES]
    if u.chance(0.6):
        pieces.append(ellipsoid("bumper", (0, y - h, z), (w * 1.02, u(0.03, 0.05), 0.045), square=0.3))
    if u.chance(0.35):
        spots = [-0.5, 0.5] if u.chance() else [0.5]
        pieces += [
            cylinder("exhaust pipe", (x * w, y - h * 1.2, z + 0.15), (x * w, y - h * 1.2, z - 0.06), 0.025) for x in spots
        ]
    return pieces


def _mirrors(u: Rng, w: float, y: float, z: float) -> list[Solid]:
    size = u(0.035, 0.055)
    return mirrored(ellipsoid, "mirror", (w + size * 0.8, y, z), (size, size * 0.7, size * 0.5), square=0.6)


@kind("car", family="car", names=("car", "automobile", "sports car", "sedan"), synonyms={
    "body": ("bodywork", "car body", "main body"), "roof": ("top", "rooftop"), "windshield": ("windscreen", "front window"),
    "rear window": ("back window", "rear windshield"), "window": ("side window", "glass"), "hood": ("bonnet", "engine cover"),
    "trunk lid": ("trunk", "boot", "boot lid"), "fender": ("mudguard", "wheel arch", "mud guard"),
    "bumper": ("front bumper", "fender bar"), "grille": ("grill", "radiator grille"), "license plate": ("number plate",),
    "headlight": ("headlamp", "front light", "lamp"), "taillight": ("rear light", "back light", "brake light"),
    "mirror": ("side mirror", "rear-view mirror", "wing mirror"), "door": ("car door", "side door"), "door handle": ("handle",),
    "exhaust pipe": ("exhaust", "tailpipe", "muffler"), "spoiler": ("rear wing", "rear spoiler"),
    "spare wheel": ("spare tire",), "roof sign": ("sign", "taxi sign"), "wheel": ("car wheel", "roller"),
    "tire": ("tyre", "rubber tire"), "rim": ("wheel rim", "alloy"), "hub": ("hubcap", "wheel center"),
    "seat": ("saddle", "driver's seat"), "steering wheel": ("driving wheel",), "steering column": ("steering shaft", "stem"),
})  # fmt: skip
def car(u: Rng) -> list[Solid]:
    """Sedans, hatchbacks, off-roaders, sports cars and stubby toy cars."""
    style = u.pick("sedan", "sedan", "hatch", "suv", "sports", "toy", "classic")
    long = u(0.65, 0.8) if style == "toy" else u(0.95, 1.08)
    w, r = u(0.36, 0.46), u(0.14, 0.19) * (1.25 if style in ("suv", "toy") else 1)
    belt, top = {
        "sports": (u(0.33, 0.38), u(0.5, 0.57)),
        "suv": (u(0.48, 0.56), u(0.78, 0.9)),
        "toy": (u(0.42, 0.5), u(0.75, 0.9)),
    }.get(style, (u(0.4, 0.46), u(0.64, 0.74)))
    base, roof = {
        "sedan": ((-0.66, u(0.3, 0.4)), (-0.42, u(0.05, 0.15))), "hatch": ((-0.93, 0.4), (u(-0.85, -0.65), 0.12)),
        "suv": ((-0.96, 0.38), (u(-0.95, -0.85), u(0.15, 0.3))), "sports": ((-0.8, 0.25), (-0.35, -0.05)),
        "toy": ((-0.7, 0.35), (-0.6, 0.2)), "classic": ((-0.6, 0.15), (-0.5, 0.08)),
    }[style]  # fmt: skip
    low, square, hood = u(0.08, 0.14) + 0.3 * r, u(0.12, 0.5), belt * u(0.7, 0.95)
    z = np.linspace(1, -1, 25)
    deck = u(0.85, 1.0)
    high = np.interp(z, [-1, -0.8, base[0], base[1], 0.85, 1], [belt * 0.9, belt * deck, belt, belt, hood, hood * 0.85])
    half = w * (1 - u(0.05, 0.25) * np.abs(z) ** 4)
    pieces = [body_shell("body", z * long, half, low, high, square)]
    edge, inner = (base[0] * long, base[1] * long), (roof[0] * long, roof[1] * long)
    sides = (w * 0.94, w * u(0.72, 0.88))
    if style != "sports" or u.chance(0.75):
        pieces += cabin(u, "body", edge, inner, (belt - 0.03, top), sides, u.count(1, 2) + (style == "suv"))
    else:
        corners = np.array([(-0.85, belt, edge[1]), (0.85, belt, edge[1]), (0.75, top, inner[1]), (-0.75, top, inner[1])])
        pieces.append(slab("windshield", corners * (w, 1, 1), 0.012))
        pieces += [ellipsoid("seat", (x * w, belt + 0.05, -0.2), (w * 0.3, 0.13, 0.05), square=0.5) for x in (-0.45, 0.45)]
        pieces += steering_wheel((w * 0.45, belt + 0.03, 0.05), 0.08, 0.3)
    if u.chance(0.7):
        part = z > base[1] + 0.04
        pieces.append(body_shell("body/hood", z[part] * long, half[part] * 0.85, high[part] - 0.05, high[part] + 0.012, 0.3))
    if style in ("sedan", "classic", "sports") and u.chance(0.7):
        part = z < base[0] - 0.02
        pieces.append(
            body_shell("body/trunk lid", z[part] * long, half[part] * 0.85, high[part] - 0.05, high[part] + 0.012, 0.3)
        )
    front, rear = long * u(0.58, 0.68), -long * u(0.55, 0.65)
    pieces += car_wheels(u, four_spots(w * u(0.85, 1), r, front, rear), r, u(0.05, 0.09))
    if u.chance(0.4) or style == "classic":
        pieces += [
            ellipsoid("body/fender", (x * w * 0.85, r * 1.1, q), (w * 0.2, r * 1.1, r * 1.35), square=0.8)
            for x in SIDES
            for q in (front, rear)
        ]
    mid, gap = (front + rear) / 2, u(0.18, 0.24)
    if u.chance(0.55):
        doors = [mid + 0.02] if u.chance() else [mid + gap, mid - gap]
        size = (0.02, (belt - low) * 0.4, gap * (1.3 if len(doors) == 1 else 0.93))
        handles = u.chance()
        for x in SIDES:
            pieces += [box("body/door", (x * w * 0.985, (belt + low) / 2, q), size) for q in doors]
            if handles:
                pieces += [
                    ellipsoid("door handle", (x * (w + 0.01), belt * 0.85, q - size[2] * 0.6), (0.015, 0.012, 0.04))
                    for q in doors
                ]
    pieces += _face(u, w * 0.95, hood * 0.78, long * 0.97, hood * 0.35) + _rear(
        u, w * 0.95, belt * 0.75, -long * 0.98, belt * 0.3
    )
    if u.chance(0.6):
        pieces += _mirrors(u, w, belt + 0.06, edge[1] - 0.08)
    if u.chance(0.7 if style == "sports" else 0.08):
        pieces.append(box("spoiler", (0, belt * deck + 0.12, -long * 0.92), (w * 0.9, 0.012, 0.07)))
        pieces += mirrored(box, "spoiler", (w * 0.6, belt * deck + 0.05, -long * 0.92), (0.015, 0.08, 0.04))
    if style == "suv" and u.chance(0.4):
        tire = [(r * 0.9, -0.06), (r, 0), (r * 0.9, 0.06)]
        pieces.append(lathe("spare wheel", tire, (0, belt, -long * 1.03), "z"))
    if u.chance(0.12):
        pieces.append(box("roof sign", (0, top + 0.06, (inner[0] + inner[1]) / 2), (u(0.1, 0.25), 0.04, 0.05)))
    return pieces


@kind("van", family="car", names=("van", "minibus", "ambulance"), synonyms={
    "body": ("bodywork", "car body", "main body"), "roof": ("top", "rooftop"), "windshield": ("windscreen", "front window"),
    "rear window": ("back window", "rear windshield"), "window": ("side window", "glass"),
    "bumper": ("front bumper", "fender bar"), "grille": ("grill", "radiator grille"), "license plate": ("number plate",),
    "headlight": ("headlamp", "front light", "lamp"), "taillight": ("rear light", "back light", "brake light"),
    "mirror": ("side mirror", "rear-view mirror", "wing mirror"), "door": ("car door", "side door"),
    "exhaust pipe": ("exhaust", "tailpipe", "muffler"), "roof rack": ("luggage rack", "rack"),
    "siren light": ("emergency light", "siren", "beacon"), "wheel": ("car wheel", "roller"), "tire": ("tyre", "rubber tire"),
    "rim": ("wheel rim", "alloy"), "hub": ("hubcap", "wheel center")})  # fmt: skip
def van(u: Rng) -> list[Solid]:
    """Panel vans, minibuses and ambulances."""
    w, belt, top, r, low = u(0.36, 0.44), u(0.42, 0.52), u(0.85, 1.0), u(0.14, 0.17), u(0.12, 0.16)
    snub = u.chance(0.4)
    nose = 0.97 if snub else u(0.7, 0.8)
    z = np.array([1, 0.97, nose, -0.95, -1])
    high = [belt * 0.85, belt * 0.9, belt, belt, belt * 0.95]
    pieces = [body_shell("body", z, w * np.array([0.9, 1, 1, 1, 0.95]), low, high, u(0.12, 0.3))]
    sides = (w * 0.99, w * u(0.85, 0.97))
    pieces += cabin(u, "body", (-0.97, nose), (-0.95, nose - u(0.1, 0.35)), (belt - 0.03, top), sides, u.pick(1, 3, 4, 5))
    pieces += car_wheels(u, four_spots(w * 0.93, r, 0.62, -0.6), r, 0.07) + _face(u, w, belt * 0.75, 0.98, 0.15)
    pieces += _rear(u, w, belt * 0.9, -0.99, 0.22) + _mirrors(u, w, belt + 0.1, nose - 0.08)
    if u.chance(0.6):
        for x in SIDES:
            pieces.append(box("body/door", (x * w, (low + belt) / 2, nose - 0.25), (0.015, (belt - low) * 0.45, 0.17)))
            pieces.append(box("body/door", (x * w, (low + belt) / 2, nose - 0.65), (0.015, (belt - low) * 0.45, 0.2)))
    if u.chance(0.3):
        pieces.append(box("siren light", (0, top + 0.06, nose - 0.45), (w * 0.6, 0.04, 0.05)))
    elif u.chance(0.3):
        pieces += mirrored(tube, "roof rack", [(w * 0.6, top + 0.08, -0.8), (w * 0.6, top + 0.08, 0.3)], 0.015)
        pieces += [tube("roof rack", [(-w * 0.6, top + 0.06, q), (w * 0.6, top + 0.06, q)], 0.02) for q in (-0.7, -0.2, 0.2)]
    return pieces


@kind("bus", family="car", names=("bus", "coach", "school bus"), synonyms={
    "body": ("bodywork", "car body", "main body"), "roof": ("top", "rooftop"), "windshield": ("windscreen", "front window"),
    "rear window": ("back window", "rear windshield"), "window": ("side window", "glass"), "hood": ("bonnet", "engine cover"),
    "bumper": ("front bumper", "fender bar"), "grille": ("grill", "radiator grille"), "license plate": ("number plate",),
    "headlight": ("headlamp", "front light", "lamp"), "taillight": ("rear light", "back light", "brake light"),
    "mirror": ("side mirror", "rear-view mirror", "wing mirror"), "door": ("car door", "side door"),
    "exhaust pipe": ("exhaust", "tailpipe", "muffler"), "roof sign": ("sign", "taxi sign"), "wheel": ("car wheel", "roller"),
    "tire": ("tyre", "rubber tire"), "rim": ("wheel rim", "alloy"), "hub": ("hubcap", "wheel center")})  # fmt: skip
def bus(u: Rng) -> list[Solid]:
    """City buses, coaches, double-deckers and long-nosed school buses."""
    w, r, low, double, school = u(0.24, 0.32), u(0.1, 0.13), u(0.08, 0.12), u.chance(0.25), u.chance(0.25)
    belt, top = u(0.3, 0.38), u(0.6, 0.75)
    nose = 0.7 if school else 0.99
    pieces = [body_shell("body", [nose, nose - 0.03, -0.98, -1], w * np.array([0.96, 1, 1, 0.97]), low, belt, 0.1)]
    n = u.count(4, 7)
    for k in range(1 + double):
        shift = k * (top - belt)
        slope = u(0, 0.06)
        pieces += cabin(
            u, "body", (-1, nose), (-0.99, nose - slope), (belt + shift - 0.02, top + shift), (w, w * u(0.93, 1)), n
        )
    if school:
        pieces.append(
            body_shell("body/hood", [1, 0.97, 0.68], w * np.array([0.65, 0.75, 0.8]), low, [belt * 0.8, belt * 0.9, belt], 0.25)
        )
    door = np.linspace(nose - 0.13, -0.2, 2)[: u.count(1, 2)]
    for q in door:
        pieces.append(box("body/door", (w, (low + top) / 2 - 0.02, q), (0.02, (top - low) * 0.42, 0.08)))
    rear = -u(0.5, 0.65)
    pieces += car_wheels(u, four_spots(w * 0.92, r, nose - 0.28 if not school else 0.75, rear), r, 0.055)
    pieces += _face(u, w * (0.75 if school else 0.95), belt * 0.7, 0.99, 0.12) + _rear(u, w, belt * 0.8, -1.0, 0.1)
    if u.chance(0.6):
        pieces += _mirrors(u, w, belt + 0.15, nose + 0.03)
    if u.chance(0.3):
        roof_sign = (0, top * (2 if double else 1) - belt * double + 0.02, nose - 0.08)
        pieces.append(box("roof sign", roof_sign, (w * 0.7, 0.045, 0.02)))
    return pieces


def _cab(u: Rng, w: float, front: float, floor: float, top: float, r: float) -> tuple[list[Solid], float]:
    """Driver's cab of a truck, with or without a hood; also returns its rear end."""
    nosed, belt = u.chance(0.4), floor + (top - floor) * u(0.4, 0.55)
    nose = front - u(0.3, 0.4) if nosed else front
    rear = nose - u(0.3, 0.45)
    pieces = [body_shell("cab", [nose, nose - 0.02, rear], w * np.array([0.97, 1, 1]), floor - 0.1, belt, 0.12)]
    pieces += cabin(u, "cab", (rear, nose), (rear, nose - u(0, 0.12)), (belt - 0.02, top), (w, w * u(0.85, 1)), 1)
    if nosed:
        stations = [front, front - 0.04, nose - 0.02]
        pieces.append(
            body_shell(
                "cab/hood", stations, w * np.array([0.65, 0.75, 0.8]), floor - 0.1, [belt * 0.92, belt * 0.97, belt], 0.3
            )
        )
        if u.chance():
            pieces += mirrored(ellipsoid, "cab/fender", (w * 0.85, r * 1.2, front - 0.2), (w * 0.2, r, r * 1.3))
    elif u.chance(0.5):
        pieces += mirrored(box, "cab/door", (w, (floor + belt) / 2 - 0.04, nose - 0.18), (0.015, (belt - floor) * 0.5, 0.13))
    pieces += _face(u, w * 0.9, floor + 0.05, front, 0.12) + _mirrors(u, w, belt + 0.1, nose + 0.01)
    return pieces, rear


@kind("truck", family="truck", names=("truck", "lorry", "semi-trailer"), synonyms={
    "roof": ("top", "rooftop"), "windshield": ("windscreen", "front window"), "rear window": ("back window", "rear windshield"),
    "window": ("side window", "glass"), "hood": ("bonnet", "engine cover"), "fender": ("mudguard", "wheel arch", "mud guard"),
    "bumper": ("front bumper", "fender bar"), "grille": ("grill", "radiator grille"), "license plate": ("number plate",),
    "headlight": ("headlamp", "front light", "lamp"), "mirror": ("side mirror", "rear-view mirror", "wing mirror"),
    "door": ("car door", "side door"), "exhaust pipe": ("exhaust", "tailpipe", "muffler"), "wheel": ("car wheel", "roller"),
    "tire": ("tyre", "rubber tire"), "rim": ("wheel rim", "alloy"), "hub": ("hubcap", "wheel center"),
    "cab": ("driver's cab", "cabin"), "frame": ("chassis", "main frame"), "trailer": ("semi-trailer", "cargo box"),
    "cargo box": ("cargo area", "container", "box"), "cargo bed": ("truck bed", "load bed", "bed"), "rear door": ("back door",),
    "tank": ("tanker", "cistern"), "fuel tank": ("gas tank", "petrol tank"), "hatch": ("cover", "lid"),
    "log": ("tree trunk", "wood"), "lifting arm": ("hydraulic arm", "lift")})  # fmt: skip
def truck(u: Rng) -> list[Solid]:
    """Box, tank, dump, flatbed and garbage trucks, and semi-trailers."""
    w, r, half = u(0.24, 0.32), u(0.1, 0.15), u(0.045, 0.06)
    floor, semi = r * 1.5, u.chance(0.35)
    pieces, back = _cab(u, w, 1.0, floor + 0.05, u(0.55, 0.75), r)
    rear = -u(1.2, 1.5) if semi else -u(0.7, 1.0)
    pieces.append(box("frame", (0, floor - 0.04, (0.9 + rear) / 2), (w * 0.45, 0.04, (0.9 - rear) / 2)))
    load, gap = u.pick("box", "box", "tank", "dump", "flat", "logs"), back - u(0.04, 0.12)
    middle, long, high = (gap + rear) / 2, (gap - rear) / 2, u(0.25, 0.4)
    if load == "box":
        pieces.append(box("trailer" if semi else "cargo box", (0, floor + high, middle), (w, high, long)))
        if u.chance(0.4):
            pieces += mirrored(box, "rear door", (w * 0.49, floor + high, rear), (w * 0.46, high * 0.95, 0.012))
    elif load == "tank":
        pieces.append(ellipsoid("tank", (0, floor + w * 0.9, middle), (w * 0.95, w * u(0.8, 1), long), square=0.5))
        pieces += [
            ellipsoid("hatch", (0, floor + w * 1.85, middle + q), (0.06, 0.05, 0.06))
            for q in np.linspace(-0.3, 0.3, u.count(1, 3))
        ]
    elif load == "dump":
        tilt, h = u.pick(0.0, 0.0, u(0.2, 0.7)), high * 0.6
        corners = np.array([(-1, 0, 0), (1, 0, 0), (1, 0, 2 * long), (-1, 0, 2 * long)])
        turned, spot = turn("x", -tilt), np.array([0, floor, rear])
        for x in SIDES:
            side = np.array([(x * w, 0, 0), (x * w, 0, 2 * long), (x * w * 1.05, 2 * h, 2 * long), (x * w * 1.05, 2 * h, 0)])
            pieces.append(slab("cargo bed", side @ turned.T + spot, 0.02))
        for q, lean in ((0.0, 0.1), (2 * long, 0.0)):
            end = np.array([(-w, 0, q), (w, 0, q), (w, 2 * h, q - lean), (-w, 2 * h, q - lean)])
            pieces.append(slab("cargo bed", end @ turned.T + spot, 0.02))
        pieces.append(slab("cargo bed", (corners * (w, 1, 1)) @ turned.T + spot, 0.025))
        if tilt:
            pieces.append(tube("lifting arm", [(0, floor, middle), np.array([0, 0, long]) @ turned.T + spot], 0.03))
    else:
        pieces.append(box("trailer" if semi else "cargo bed", (0, floor + 0.01, middle), (w, 0.03, long)))
        pieces += [box("trailer" if semi else "cargo bed", (0, floor + 0.12, gap), (w, 0.12, 0.02))]
        if load == "logs":
            pieces += [
                cylinder("log", (x, y, rear + 0.02), (x, y, gap - 0.05), 0.08)
                for x, y in (
                    (-0.17, floor + 0.11),
                    (0, floor + 0.11),
                    (0.17, floor + 0.11),
                    (-0.08, floor + 0.25),
                    (0.08, floor + 0.25),
                )
            ]
    axles = [0.72, *(rear + 0.15 + 2.15 * r * k for k in range(u.count(1, 2 + semi))), *([back - 0.15] if semi else [])]
    pieces += car_wheels(u, [(x * (w - half), r, q) for x in SIDES for q in axles], r, half)
    if u.chance(0.4):
        pieces += [
            cylinder("exhaust pipe", (x * w * 0.9, floor, back - 0.02), (x * w * 0.9, u(0.75, 0.95), back - 0.02), 0.025)
            for x in SIDES
        ]
    if u.chance(0.4):
        fuel_tank = (w * 0.85, floor - 0.08, back - 0.2)
        pieces += mirrored(cylinder, "fuel tank", fuel_tank, (w * 0.85, floor - 0.08, back + 0.1), 0.06)
    return pieces


@kind("pickup", family="car", names=("pickup truck", "pickup"), synonyms={
    "body": ("bodywork", "car body", "main body"), "roof": ("top", "rooftop"), "windshield": ("windscreen", "front window"),
    "rear window": ("back window", "rear windshield"), "window": ("side window", "glass"), "hood": ("bonnet", "engine cover"),
    "bumper": ("front bumper", "fender bar"), "grille": ("grill", "radiator grille"), "license plate": ("number plate",),
    "headlight": ("headlamp", "front light", "lamp"), "taillight": ("rear light", "back light", "brake light"),
    "mirror": ("side mirror", "rear-view mirror", "wing mirror"), "exhaust pipe": ("exhaust", "tailpipe", "muffler"),
    "wheel": ("car wheel", "roller"), "tire": ("tyre", "rubber tire"), "rim": ("wheel rim", "alloy"),
    "hub": ("hubcap", "wheel center"), "cargo bed": ("truck bed", "load bed", "bed"), "tailgate": ("rear gate", "rear flap"),
    "roll bar": ("safety bar", "roll hoop")})  # fmt: skip
def pickup(u: Rng) -> list[Solid]:
    """Pickup trucks with an open bed."""
    w, belt, r, low = u(0.36, 0.44), u(0.46, 0.56), u(0.16, 0.22), u(0.18, 0.24)
    top, crew = belt + u(0.25, 0.36), u.chance()
    split = -0.3 if crew else -0.02
    stations = np.array([1, 0.96, 0.4, split])
    pieces = [
        body_shell("body", stations, w * np.array([0.9, 0.98, 1, 1]), low, belt * np.array([0.85, 0.93, 1, 1]), u(0.12, 0.3))
    ]
    pieces += cabin(u, "body", (split, 0.42), (split + 0.05, u(0.1, 0.25)), (belt - 0.02, top), (w * 0.96, w * 0.82), 1 + crew)
    pieces.append(box("cargo bed", (0, low + 0.07, (split - 1) / 2), (w * 0.97, 0.06, (1 + split) / 2)))
    cargo_bed = (w * 0.93, (low + belt) / 2, (split - 1) / 2)
    pieces += mirrored(box, "cargo bed", cargo_bed, (w * 0.06, (belt - low) / 2, (1 + split) / 2))
    pieces.append(box("tailgate", (0, (low + belt) / 2 + 0.02, -0.99), (w * 0.88, (belt - low) * 0.42, 0.025)))
    pieces += car_wheels(u, four_spots(w * 0.95, r, 0.66, -0.6), r, u(0.07, 0.1)) + _face(u, w, belt * 0.75, 0.97, 0.15)
    pieces += _rear(u, w, belt * 0.8, -1.0, (belt * 0.8 - low) * 0.85) + _mirrors(u, w, belt + 0.06, 0.3)
    if u.chance(0.6):
        pieces.append(body_shell("body/hood", [0.94, 0.45], w * 0.85, belt * 0.85, [belt * 0.95 + 0.012, belt + 0.012], 0.3))
    if u.chance(0.3):
        pieces += [
            tube(
                "roll bar",
                [
                    (-w * 0.9, belt, split - 0.08),
                    (-w * 0.7, top, split - 0.05),
                    (w * 0.7, top, split - 0.05),
                    (w * 0.9, belt, split - 0.08),
                ],
                0.025,
            )
        ]
    return pieces


@kind("fire engine", family="truck", names=("fire engine", "fire truck"), synonyms={
    "body": ("bodywork", "car body", "main body"), "roof": ("top", "rooftop"), "windshield": ("windscreen", "front window"),
    "rear window": ("back window", "rear windshield"), "window": ("side window", "glass"), "hood": ("bonnet", "engine cover"),
    "fender": ("mudguard", "wheel arch", "mud guard"), "bumper": ("front bumper", "fender bar"),
    "grille": ("grill", "radiator grille"), "license plate": ("number plate",),
    "headlight": ("headlamp", "front light", "lamp"), "mirror": ("side mirror", "rear-view mirror", "wing mirror"),
    "door": ("car door", "side door"), "siren light": ("emergency light", "siren", "beacon"), "wheel": ("car wheel", "roller"),
    "tire": ("tyre", "rubber tire"), "rim": ("wheel rim", "alloy"), "hub": ("hubcap", "wheel center"),
    "cab": ("driver's cab", "cabin"), "locker": ("storage compartment", "shutter"),
    "turntable": ("rotating platform", "ladder base"), "ladder": ("fire ladder", "turntable ladder"),
    "rung": ("ladder step", "crossbar"), "hose reel": ("hose",)})  # fmt: skip
def fire_engine(u: Rng) -> list[Solid]:
    """Fire engines with ladder, siren lights and hose lockers."""
    w, r, half = u(0.26, 0.32), u(0.11, 0.14), 0.055
    floor, top = r * 1.5, u(0.62, 0.72)
    pieces, back = _cab(u, w, 1.0, floor + 0.05, top, r)
    rear, high = -u(0.85, 1.1), u(0.2, 0.26)
    middle, long = (back + rear) / 2, (back - rear) / 2
    pieces.append(box("body", (0, floor + high - 0.03, middle), (w, high, long)))
    for x in SIDES:
        pieces += [
            box("locker", (x * w, floor + high, middle + q * long), (0.015, high * 0.6, long * 0.2))
            for q in (-0.7, 0.0, 0.7)[: u.count(2, 3)]
        ]
    lift, deck = u.pick(0.0, u(0.2, 0.6)), floor + 2 * high
    reach, tilt = u(1.3, 1.8), turn("x", -lift)
    foot = np.array([0, deck + 0.08, rear + 0.2])
    pieces.append(cylinder("turntable", (0, deck - 0.06, rear + 0.2), (0, deck + 0.08, rear + 0.2), w * 0.55))
    for x in SIDES:
        pieces.append(tube("ladder", [(x * 0.1, *foot[1:]), np.array([x * 0.1, 0, reach]) @ tilt.T + foot], 0.022))
    pieces += [
        tube("ladder/rung", [np.array([x * 0.1, 0, q]) @ tilt.T + foot for x in SIDES], 0.014)
        for q in np.linspace(0.1, reach, 12)
    ]
    light = u.pick("bar", "two")
    if light == "bar":
        pieces.append(box("siren light", (0, top + 0.05, back + 0.25), (w * 0.8, 0.035, 0.04)))
    else:
        pieces += mirrored(lathe, "siren light", [(0.04, 0), (0.04, 0.07), (0, 0.1)], (w * 0.7, top + 0.02, back + 0.2))
    if u.chance(0.4):
        hose_reel = [(0.09, -0.12), (0.09, -0.1), (0.06, -0.1), (0.06, 0.1), (0.09, 0.1), (0.09, 0.12)]
        pieces.append(lathe("hose reel", hose_reel, (0, deck + 0.06, back - 0.15), "x"))
    axles = [0.72, rear + 0.3, *([rear + 0.3 + 2.1 * r] if u.chance(0.4) else [])]
    return pieces + car_wheels(u, [(x * (w - 0.04), r, q) for x in SIDES for q in axles], r, half)


@kind("race car", family="race car", names=("race car", "racing car", "formula one car"), synonyms={
    "body": ("bodywork", "car body", "main body"), "mirror": ("side mirror", "rear-view mirror", "wing mirror"),
    "exhaust pipe": ("exhaust", "tailpipe", "muffler"), "wheel": ("car wheel", "roller"), "tire": ("tyre", "rubber tire"),
    "rim": ("wheel rim", "alloy"), "hub": ("hubcap", "wheel center"), "seat": ("saddle", "driver's seat"),
    "steering wheel": ("driving wheel",), "steering column": ("steering shaft", "stem"),
    "roll bar": ("safety bar", "roll hoop"), "cockpit": ("driver's opening", "driver seat area"),
    "suspension arm": ("wishbone", "suspension"), "front wing": ("front spoiler", "nose wing"),
    "rear wing": ("rear spoiler", "spoiler"), "side pod": ("side box", "air intake")})  # fmt: skip
def race_car(u: Rng) -> list[Solid]:
    """Open-wheel racing cars with front and rear wing, and vintage cigars."""
    vintage, r, w = u.chance(0.3), u(0.14, 0.18), u(0.13, 0.18)
    y, half = r * 0.95, 0.04 if vintage else u(0.07, 0.1)
    z = np.linspace(1.05, -0.95, 20)
    fat = w * np.interp(z, [-0.95, -0.5, 0.1, 1.05], [0.5, 1, 1, 0.3])
    high = y + np.interp(z, [-0.95, -0.3, 0.0, 1.05], [0.08, 0.22, 0.16, 0.0])
    pieces = [body_shell("body", z, fat, y - 0.1, high, u(0.4, 0.8))]
    pieces.append(lathe("cockpit", np.array([(0.7, 0), (0.8, 0.03), (0.65, 0.05), (0, 0.03)]) * (w, 1), (0, y + 0.15, 0.02)))
    pieces.append(ellipsoid("seat", (0, y + 0.18, -0.1), (w * 0.5, 0.1, 0.04)))
    track = w + u(0.22, 0.3)
    front, rear = u(0.6, 0.72), -u(0.6, 0.72)
    pieces += car_wheels(u, four_spots(track, r, front, front)[::2], r, half) + car_wheels(
        u, four_spots(track, r * 1.1, rear, rear)[::2], r * 1.1, half * 1.2
    )
    for x in SIDES:
        for q in (front, rear):
            pieces += [
                tube("suspension arm", [(x * w * 0.4, y, q + d), (x * (track - half), y, q)], 0.016) for d in (-0.1, 0.1)
            ]
    if vintage:
        pieces += mirrored(tube, "exhaust pipe", [(w, y, 0.3), (w * 1.2, y, 0), (w * 1.1, y, -0.9)], 0.022)
    else:
        span = track + half * u(0.4, 1)
        pieces.append(box("front wing", (0, y - 0.07, 1.02), (span, 0.012, 0.1)))
        pieces += mirrored(box, "front wing", (span, y - 0.03, 1.02), (0.012, 0.05, 0.12))
        tall = y + u(0.22, 0.35)
        pieces += [
            box("rear wing", (0, tall - 0.08 * k, -0.95), (track * 0.85, 0.01, 0.09), turn("x", -0.15))
            for k in range(u.count(1, 2))
        ]
        pieces += mirrored(box, "rear wing", (track * 0.85, tall - 0.06, -0.95), (0.01, 0.12, 0.12))
        pieces.append(box("rear wing", (0, (tall + y) / 2, -0.93), (0.02, (tall - y) / 2, 0.04)))
        pieces += mirrored(ellipsoid, "side pod", (w * 1.3, y, -0.15), (0.12, 0.1, 0.38), square=0.5)
        if u.chance():
            pieces.append(tube("roll bar", arc((0, y + 0.14, 0.0), w * 0.8, w * 0.8, 0.1, np.pi - 0.1, "xy"), 0.018))
    pieces += steering_wheel((0, y + 0.2, 0.14), 0.05, 0.3)
    if u.chance(0.4):
        pieces += _mirrors(u, w, y + 0.2, 0.2)
    return pieces


@kind("go-kart", family="race car", names=("go-kart", "kart"), synonyms={
    "body": ("bodywork", "car body", "main body"), "bumper": ("front bumper", "fender bar"), "wheel": ("car wheel", "roller"),
    "tire": ("tyre", "rubber tire"), "rim": ("wheel rim", "alloy"), "hub": ("hubcap", "wheel center"),
    "axle": ("wheel axle", "axis"), "seat": ("saddle", "driver's seat"), "steering wheel": ("driving wheel",),
    "steering column": ("steering shaft", "stem"), "frame": ("chassis", "main frame"), "floor": ("floor panel", "footboard"),
    "engine": ("motor", "engine block")})  # fmt: skip
def go_kart(u: Rng) -> list[Solid]:
    """Go-karts and toy pedal cars: a frame, a seat, a steering wheel."""
    w, r, y = u(0.28, 0.38), u(0.12, 0.17), u(0.1, 0.14)
    loop = [
        (-w, y, -0.6),
        (w, y, -0.6),
        (w * 0.8, y, 0.1),
        (w * 0.5, y, 0.65),
        (-w * 0.5, y, 0.65),
        (-w * 0.8, y, 0.1),
        (-w, y, -0.6),
    ]
    pieces = [tube("frame", loop, u(0.02, 0.035)), box("floor", (0, y, 0.15), (w * 0.6, 0.012, 0.5))]
    pieces += car_wheels(u, four_spots(w * 1.3, r, 0.5, 0.5)[::2], r, 0.06) + car_wheels(
        u, four_spots(w * 1.3, r, -0.5, -0.5)[::2], r, 0.09
    )
    pieces += [cylinder("axle", (-w * 1.3, r, q), (w * 1.3, r, q), 0.022) for q in (0.5, -0.5)]
    pieces.append(ellipsoid("seat", (0, y + 0.07, -0.2), (w * 0.6, 0.06, 0.2), square=0.5))
    pieces.append(ellipsoid("seat", (0, y + 0.25, -0.4), (w * 0.6, u(0.18, 0.26), 0.05), turn("x", -0.2), square=0.6))
    pieces += steering_wheel((0, y + 0.3, 0.1), 0.11, 0.7)
    pieces.append(tube("steering column", [(0, y + 0.3, 0.1), (0, y, 0.4)], 0.018))
    pieces.append(box("engine", (w * 0.6, y + 0.08, -0.48), (0.09, 0.09, 0.1)))
    if u.chance(0.7):
        bumper = bezier((-w, y, 0.55), (-w, y + 0.05, 0.95), (w, y + 0.05, 0.95), (w, y, 0.55))
        pieces.append(tube("bumper", bumper, u(0.025, 0.05)))
    if u.chance(0.6):
        bumper_path = [(w * 0.9, y, 0.3), (w * 1.4, y + 0.03, 0.2), (w * 1.4, y + 0.03, -0.2), (w, y, -0.3)]
        pieces += mirrored(tube, "bumper", bumper_path, 0.025)
    if u.chance(0.4):
        pieces.append(body_shell("body", [0.9, 0.8, 0.4], [w * 0.5, w * 0.7, w * 0.5], y, [y + 0.1, y + 0.2, y + 0.25], 0.5))
    return pieces
