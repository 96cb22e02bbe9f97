"""Locomotives and railcars."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from meronym_synthetic.kit.curves import SIDES
from meronym_synthetic.kit.registry import kind
from meronym_synthetic.kit.rng import Rng
from meronym_synthetic.kit.solids import Solid, box, cylinder, ellipsoid, lathe, mirrored, tube
from meronym_synthetic.kit.vehicles import body_shell, hexahedron


def _rail_wheels(spots: ArrayLike, w: float, r: float) -> list[Solid]:
    profile = np.array([(1.12, -0.03), (1.12, -0.015), (1, 0), (1, 0.03), (0.6, 0.035), (0.3, 0.02), (0.25, 0.05), (0, 0.05)])
    return [lathe("wheel", profile * (r, x), (x * w, r, z), "x") for x in SIDES for z in np.asarray(spots, float)]


@kind("locomotive", family="train", names=("locomotive", "train", "train engine"), synonyms={
    "body": ("bodywork", "car body", "main body"), "roof": ("top", "rooftop"), "windshield": ("windscreen", "front window"),
    "window": ("side window", "glass"), "headlight": ("headlamp", "front light", "lamp"), "door": ("car door", "side door"),
    "wheel": ("car wheel", "roller"), "cab": ("driver's cab", "cabin"), "frame": ("chassis", "main frame"),
    "power collector": ("pantograph", "current collector"), "boiler": ("steam boiler", "tank"),
    "chimney": ("smokestack", "funnel"), "dome": ("steam dome",), "connecting rod": ("drive rod", "coupling rod"),
    "piston": ("steam cylinder", "cylinder"), "cowcatcher": ("plow", "pilot"), "coal car": ("tender", "coal wagon"),
})  # fmt: skip
def locomotive(u: Rng) -> list[Solid]:
    """Steam engines with boiler and chimney; modern diesel, electric and high-speed engines."""
    w, r = u(0.22, 0.28), u(0.11, 0.16)
    if u.chance(0.45):
        top, nose, bullet = u(0.6, 0.7), u(0.05, 0.3), u.chance(0.4)
        z = np.linspace(1.2, -1.2, 20)
        slope = 1 - np.clip((z - 1.2 + nose * (2.5 if bullet else 1)) / (nose * 2.5), 0, 1) ** 2 * (0.8 if bullet else 0.3)
        pieces = [body_shell("body", z, w * (0.3 + 0.7 * np.sqrt(slope)), r * 1.2, r * 1.2 + top * slope, u(0.15, 0.4))]
        high = r * 1.2 + top
        pieces.append(ellipsoid("windshield", (0, high - 0.15, 1.2 - nose * 0.8), (w * 0.7, 0.09, nose * 0.5), square=0.6))
        pieces += [
            box("window", (x * w, high - 0.2, q), (0.015, 0.07, 0.09))
            for x in SIDES
            for q in np.linspace(-0.9, 0.6, u.count(0, 7))
        ]
        pieces += mirrored(box, "door", (w, r + 0.3, 0.78), (0.015, 0.2, 0.08))
        if u.chance():
            pieces.append(tube("power collector", [(0, high, -0.3), (0, high + 0.15, -0.15), (0, high + 0.28, -0.35)], 0.02))
            pieces.append(cylinder("power collector", (-w, high + 0.28, -0.35), (w, high + 0.28, -0.35), 0.02))
        headlight = (w * 0.55, r * 2.2, 1.15)
        pieces += _rail_wheels((0.85, 0.55, -0.55, -0.85), w * 0.8, r) + mirrored(ellipsoid, "headlight", headlight, 0.045)
        return pieces
    big, fat, y = r * u(1.2, 1.7), w * u(0.7, 0.95), u(0.5, 0.6)
    pieces = [
        cylinder("boiler", (0, y, -0.35), (0, y, 0.9), fat),
        lathe("boiler", [(fat, 0), (fat * 0.8, 0.06), (0, 0.07)], (0, y, 0.9), "z"),
    ]
    pieces.append(box("frame", (0, (r * 0.6 + y - fat * 0.8) / 2, 0.1), (w * 0.7, (y - fat * 0.8 - r * 0.6) / 2, 1.0)))
    flare, tall = u(0.8, 1.8), u(0.2, 0.35)
    stack = np.array([(0.075, -0.1), (0.075, tall * 0.6), (0.075 * flare, tall), (0, tall)])
    pieces += [
        lathe("chimney", stack, (0, y + fat, u(0.65, 0.78))),
        lathe("dome", [(0.1, -0.08), (0.1, 0.05), (0, 0.13)], (0, y + fat, u(0, 0.3))),
    ]
    high = y + fat + u(0.1, 0.2)
    pieces.append(box("cab", (0, (y + high) / 2 - 0.08, -0.65), (w, (high - y) / 2 + 0.1, 0.28)))
    pieces.append(box("cab/roof", (0, high + 0.04, -0.65), (w * 1.1, 0.035, 0.35)))
    pieces += mirrored(box, "window", (w, high - 0.12, -0.65), (0.015, 0.08, 0.12))
    spots = np.linspace(-0.5, 0.35, u.count(2, 4))
    pieces += _rail_wheels(spots, w * 0.85, min(big, 0.85 / len(spots) / 1.9)) + _rail_wheels(
        (0.7, 0.9)[: u.count(1, 2)], w * 0.85, r * 0.6
    )
    if u.chance(0.7):
        pieces += mirrored(tube, "connecting rod", [(w, r, -0.5), (w, r, 0.55)], 0.025)
        pieces += mirrored(cylinder, "piston", (w * 0.95, r * 1.2, 0.5), (w * 0.95, r * 1.2, 0.8), 0.08)
    if u.chance(0.6):
        pieces.append(
            hexahedron(
                "cowcatcher",
                [(-w, 0.02, 1.05), (w, 0.02, 1.05), (w, 0.2, 1.05), (-w, 0.2, 1.05)],
                [(-0.03, 0.02, 1.35), (0.03, 0.02, 1.35), (0.03, 0.1, 1.15), (-0.03, 0.1, 1.15)],
            )
        )
    pieces.append(lathe("headlight", [(0.06, 0), (0.07, 0.08), (0, 0.08)], (0, y + fat * 0.9, 0.85), "z"))
    if u.chance(0.5):
        pieces += [box("coal car", (0, y - 0.1, -1.3), (w, 0.2, 0.3)), box("frame", (0, y - 0.32, -1.15), (w * 0.7, 0.1, 0.45))]
        pieces += _rail_wheels((-1.45, -1.15), w * 0.85, r)
    return pieces


@kind("railcar", family="train", names=("train wagon", "railway carriage", "freight car"), synonyms={
    "body": ("bodywork", "car body", "main body"), "roof": ("top", "rooftop"), "window": ("side window", "glass"),
    "door": ("car door", "side door"), "wheel": ("car wheel", "roller"), "frame": ("chassis", "main frame"),
    "cargo bed": ("truck bed", "load bed", "bed"), "tank": ("tanker", "cistern"), "hatch": ("cover", "lid"),
    "coupling": ("coupler", "hook"), "cargo": ("load", "freight")})  # fmt: skip
def railcar(u: Rng) -> list[Solid]:
    """Passenger, box, tank and open goods wagons."""
    w, r, long, load = u(0.22, 0.28), u(0.09, 0.13), u(0.8, 1.1), u.pick("coach", "box", "tank", "open")
    floor, h = 2 * r, u(0.2, 0.3)
    pieces = [box("frame", (0, floor, 0), (w * 0.95, 0.045, long))]
    if load == "tank":
        pieces.append(ellipsoid("tank", (0, floor + w * 0.9, 0), (w * 0.9, w * 0.9, long * 0.95), square=0.4))
        pieces.append(cylinder("hatch", (0, floor + w * 1.7, 0), (0, floor + w * 1.95, 0), 0.09))
    elif load == "open":
        pieces += mirrored(box, "cargo bed", (w, floor + h * 0.7, 0), (0.02, h * 0.7, long))
        pieces += mirrored(box, "cargo bed", (0, floor + h * 0.7, long), (w, h * 0.7, 0.02), axes="z")
        if u.chance(0.6):
            pieces.append(ellipsoid("cargo", (0, floor + h, 0), (w * 0.9, h * 0.8, long * 0.93), square=0.7))
    else:
        pieces.append(box("body", (0, floor + h, 0), (w, h, long * 0.98)))
        pieces.append(ellipsoid("roof", (0, floor + 2 * h, 0), (w * 1.08, u(0.05, 0.12), long), square=0.5))
        n = u.count(4, 8) if load == "coach" else 0
        pieces += [
            box("window", (x * w, floor + h * 1.2, q), (0.015, h * 0.4, 0.3 * long / n))
            for x in SIDES
            for q in np.linspace(-0.75, 0.75, n) * long
        ]
        doors = (0.9 * long, -0.9 * long) if load == "coach" else (0.0,)
        wide = 0.06 if load == "coach" else 0.22
        pieces += [box("door", (x * w, floor + h * 0.95, q), (0.02, h * 0.85, wide)) for x in SIDES for q in doors]
    spots = (0.8, 0.55, -0.55, -0.8) if u.chance(0.6) else (0.6, -0.6)
    pieces += _rail_wheels(np.array(spots) * long, w * 0.8, r)
    pieces += mirrored(tube, "coupling", [(0, floor, long), (0, floor, long + 0.12)], 0.03, axes="z")
    return pieces
