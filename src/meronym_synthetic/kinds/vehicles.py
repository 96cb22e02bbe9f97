"""Things that fly, sail or dive."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from meronym_synthetic.kit import (  # fmt: skip
    SIDES,
    Dice,
    Kind,
    Piece,
    arc,
    around,
    bezier,
    box,
    cylinder,
    ellipsoid,
    lathe,
    loft,
    move,
    plate,
    prism,
    tube,
    turn,
    wing,
)

FACING_SIDE = turn("y", -np.pi / 2)
"""Puts an outline drawn in (z, y) upright along z."""


def _spindle(
    part: str,
    centre: ArrayLike,
    length: float,
    radius: float,
    nose: float,
    tail: float,
    flat: float = 1.0,
    rise: float = 0.0,
) -> Piece:
    """Round body along z, `length` half-long; nose and tail are the tapered shares; the tail end sits `rise` higher."""
    t = np.linspace(0, 1, 24)
    front, rear = np.clip(t / nose, 0, 1), np.clip((1 - t) / tail, 0, 1)
    r = radius * np.clip(np.sqrt(1 - (1 - front) ** 2) * rear**0.8, 0.04, 1)
    zero = np.zeros_like(t)
    centres = np.asarray(centre, float) + np.stack([zero, rise * (1 - rear), length * (1 - 2 * t)], 1)
    return loft(part, centres, np.stack([r, zero, zero], 1), np.stack([zero, r * flat, zero], 1))


def _propeller(u: Dice, part: str, centre: ArrayLike, radius: float, axis: str, blades: int = 0) -> list[Piece]:
    """Hub and blades turning about "y" or "z"."""
    c, normal = np.asarray(centre, float), np.array([0, float(axis == "y"), float(axis == "z")])
    tilt, chord, tip = u(0, 0.5), min(radius, 0.6) * u(0.08, 0.18), u(0.5, 1)
    pieces = [lathe(f"{part}/hub", min(radius, 0.5) * np.array([(0.12, -0.08), (0.12, 0.05), (0.08, 0.15), (0, 0.2)]), c, axis)]
    for p, q in around(blades or u.count(2, 4), u(0, 3)):
        out = np.array([p, q, 0]) if axis == "z" else np.array([p, 0, q])
        side = np.cross(normal, out) * np.cos(tilt) + normal * np.sin(tilt)
        ends = (c + out * radius * 0.05, c + out * radius)
        pieces.append(wing(f"{part}/blade", *ends, (chord, chord * tip), chord * 0.15, side, np.cross(out, side)))
    return pieces


def _wheels(u: Dice, spots: list[tuple[float, float, float]], drop: float, r: float) -> list[Piece]:
    """Landing gear: a leg and a wheel under each spot."""
    pieces = []
    for x, y, z in spots:
        pieces.append(tube("landing gear", [(x, y, z), (x * 1.8, y - drop, z)], r * 0.25))
        pieces.append(_wheel("landing gear/wheel", (x * 1.8, y - drop, z), r, r * 0.3))
    return pieces


def _wheel(part: str, centre: ArrayLike, r: float, half: float) -> Piece:
    return lathe(part, [(r * 0.2, -half), (r * 0.9, -half), (r, 0), (r * 0.9, half), (r * 0.2, half)], centre, "x")


def _tail(u: Dice, style: str, r: float, z: float, y: float, size: float, sweep: float) -> list[Piece]:
    """Tail fins and horizontal stabilizers at the rear end of a body of radius r."""
    fin, flat, chord, thick = "tail/tail fin", "tail/horizontal stabilizer", size * u(0.3, 0.5), u(0.008, 0.02)
    tall, span, taper = size * u(0.7, 1.1), size * u(0.8, 1.3), u(0.4, 0.8)
    chords = (chord, chord * taper)
    if style == "v":
        return [wing(fin, (0, y, z), (x * span * 0.7, y + tall * 0.8, z - sweep), chords, thick, up=(1, 0, 0)) for x in SIDES]
    if style == "twin":
        lean = u(0, 0.3)
        tips = [(x * r * 0.8, x * (r * 0.8 + lean * tall)) for x in SIDES]
        pieces = [wing(fin, (a, y, z), (b, y + tall, z - sweep), chords, thick, up=(1, 0, 0)) for a, b in tips]
    else:
        pieces = [wing(fin, (0, y, z), (0, y + tall, z - sweep), chords, thick, up=(1, 0, 0))]
    high = {"t": tall, "cross": tall * 0.4}.get(style, 0.0)
    rear = z - sweep * high / tall
    pieces += [wing(flat, (0, y + high, rear), (x * span, y + high + 0.02, rear - sweep * 0.7), chords, thick) for x in SIDES]
    return pieces


def airplane(u: Dice) -> list[Piece]:
    """Airliners, fighters, delta wings, propeller planes and gliders."""
    style = u.pick("airliner", "airliner", "airliner", "fighter", "fighter", "delta", "prop", "prop", "glider")
    r = {"airliner": u(0.09, 0.17), "prop": u(0.1, 0.18), "glider": u(0.05, 0.08)}.get(style, u(0.07, 0.11))
    span, chord, sweep, taper = {
        "airliner": (u(0.8, 1.2), u(0.16, 0.26), u(0.2, 0.6), u(0.25, 0.5)),
        "fighter": (u(0.5, 0.8), u(0.25, 0.42), u(0.1, 0.4), u(0.2, 0.5)),
        "delta": (u(0.5, 0.85), u(0.5, 0.7), 0.5, u(0.03, 0.15)),
        "prop": (u(0.85, 1.2), u(0.14, 0.24), u(-0.05, 0.1), u(0.6, 1)),
        "glider": (u(1.3, 1.8), u(0.08, 0.13), u(-0.05, 0.08), u(0.4, 0.7)),
    }[style]
    sharp = style in ("fighter", "delta")
    nose, tail, rise = (u(0.4, 0.6), u(0.1, 0.3), 0.0) if sharp else (u(0.1, 0.25), u(0.3, 0.6), r * u(0, 0.8))
    pieces = [_spindle("body", (0, 0, 0), 1.0, r, nose, tail, u(0.8, 1.2), rise)]
    high, dihedral = r * u.pick(-0.6, -0.6, 0.0, 0.85), span * u(-0.02, 0.15)
    z, thick = (-0.25 if sharp else u(-0.05, 0.25)), u(0.015, 0.035)

    def on_wing(t: float) -> tuple[float, float, float]:
        return (span * t, high + dihedral * t, z - sweep * t)

    for x in SIDES:
        tip = np.array(on_wing(1)) * (x, 1, 1)
        pieces.append(wing("wing", (0, high, z), tip, (chord, chord * taper), thick))
        if style in ("airliner", "glider") and u.chance(0.3):
            up = tip + np.array([x * 0.04, 0.12, -0.08])
            pieces.append(wing("wing/winglet", tip, up, (chord * taper, chord * 0.15), thick * 0.4, up=(1, 0, 0)))
    tails = {"fighter": ("plain", "twin", "twin"), "delta": ("none", "twin")}.get(style, ("plain", "plain", "t", "cross", "v"))
    kind, size = u.pick(*tails), u(0.24, 0.4)
    if kind == "none":
        pieces.append(wing("tail/tail fin", (0, 0, -0.7), (0, size * 1.1, -0.95), (0.28, 0.1), 0.012, up=(1, 0, 0)))
    else:
        pieces += _tail(u, kind, r, u(-0.85, -0.75), rise * 0.7, size, size * u(0.1, 0.8))
    if sharp and u.chance(0.25):
        pieces += [wing("canard", (0, 0.02, 0.45), (x * 0.3, 0.03, 0.3), (0.12, 0.04), 0.012) for x in SIDES]
    pieces += _engines(u, style, r, on_wing)
    if style != "airliner" or u.chance(0.3):
        front, long = (u(0.3, 0.5), 0.25) if style != "airliner" else (0.85, 0.08)
        pieces.append(ellipsoid("cockpit", (0, r * 0.75, front), (r * 0.6, r * u(0.5, 0.8), long)))
    elif u.chance(0.5):
        pieces += [ellipsoid("window", (x * r * 0.96, r * 0.2, q), 0.018) for x in SIDES for q in np.linspace(-0.4, 0.6, 12)]
    if u.chance(0.45):
        spread = r * u(0.4, 0.8)
        pieces += _wheels(u, [(spread, -r * 0.4, -0.1), (-spread, -r * 0.4, -0.1), (0, -r * 0.3, 0.5)], r * u(0.9, 1.6), 0.06)
    return pieces


def _engines(u: Dice, style: str, r: float, on_wing: Callable[[float], tuple[float, float, float]]) -> list[Piece]:
    """Jets under the wing or at the rear, nozzles and intakes, propellers at the nose or on the wing."""
    if style == "glider":
        return []
    if style in ("fighter", "delta"):
        n, size = u.count(1, 2), r * u(0.5, 0.8)
        spots = [0.0] if n == 1 else [-size, size]
        pieces = [lathe("engine", [(size, 0.25), (size, 0), (size * 0.8, -0.1), (0, 0)], (x, 0, -0.97), "z") for x in spots]
        if u.chance():
            pieces += [box("air intake", (x * r, -r * 0.2, 0.1), (r * 0.4, r * 0.6, u(0.2, 0.4))) for x in SIDES]
        if u.chance(0.4):
            for x in SIDES:
                a, b, c = np.array(on_wing(0.7)) * (x, 1, 1) - (0, 0.05, 0)
                pieces.append(_spindle("missile", (a, b, c + 0.1), 0.2, 0.025, 0.3, 0.1))
        return pieces
    if style == "prop" and u.chance(0.6):
        return _propeller(u, "propeller", (0, 0, 0.99), u(0.22, 0.38), "z")
    size, length, pieces = r * u(0.4, 0.65), u(0.12, 0.22), []
    rear = style == "airliner" and u.chance(0.25)
    where = [0.35] if u.chance(0.65) else [0.3, 0.6]
    for x in SIDES:
        for t in [0.0] if rear else where:
            spot = np.array((r + size * 0.9, r * 0.3, -0.5) if rear else on_wing(t)) * (x, 1, 1)
            if style == "prop":
                pieces.append(_spindle("engine", np.add(spot, (0, 0, 0.15)), 0.28, size, 0.3, 0.6))
                pieces += _propeller(u, "propeller", np.add(spot, (0, 0, 0.43)), r * 1.4, "z")
                continue
            pod = spot if rear else spot + np.array([0, -size * 1.1, 0.14])
            bowl = [(0, 0.6), (0.8, 0.9), (0.9, 1), (1, 0.8), (1, 0), (0.7, -1), (0.4, -1), (0, -1.3)]
            pieces.append(lathe("engine", np.array(bowl) * (size, length), pod, "z"))
            pieces.append(
                box(
                    "engine",
                    (spot + pod) / 2,
                    (0.012 + 0.5 * size * rear, size * 0.6 * (not rear) + 0.015, length * 0.6),
                )
            )
    return pieces


def biplane(u: Dice) -> list[Piece]:
    """Two or three stacked wings with supports between them, a nose propeller and fixed wheels."""
    r, span, chord, gap, z = u(0.1, 0.17), u(0.8, 1.1), u(0.14, 0.22), u(0.28, 0.45), u(0.2, 0.45)
    thick, stagger, low = u(0.012, 0.03), u(0, 0.12), -r * u(0.3, 0.9)
    pieces = [_spindle("body", (0, 0, 0), 0.9, r, u(0.08, 0.2), u(0.5, 0.8), u(0.9, 1.2))]
    levels = [low, low + gap] if u.chance(0.85) else [low, low + gap * 0.8, low + gap * 1.6]
    for k, y in enumerate(levels):
        reach, ahead = span * u(0.85, 1), z + stagger * k
        pieces += [wing("wing", (0, y, ahead), (x * reach, y + 0.03, ahead), (chord, chord * 0.85), thick) for x in SIDES]
    for x in SIDES:
        for t in (0.15, 0.45, 0.8)[: u.count(2, 3)]:
            foot, top = (x * t * span, low, z), (x * t * span, levels[-1] + 0.02, z + stagger * (len(levels) - 1))
            pieces += [tube("wing support", [np.add(foot, (0, 0, d)), np.add(top, (0, 0, d))], 0.012) for d in (-0.09, 0.09)]
    pieces += _tail(u, "plain", r, -0.78, 0.02, u(0.25, 0.35), 0.06) + _propeller(
        u, "propeller", (0, 0, 0.9), u(0.25, 0.35), "z", 2
    )
    pieces += _wheels(u, [(0.14, -r * 0.5, z), (-0.14, -r * 0.5, z)], r * u(1.2, 1.8), u(0.07, 0.1))
    if u.chance(0.7):
        pieces.append(lathe("cockpit", [(r * 0.6, 0), (r * 0.65, 0.03), (r * 0.5, 0.05), (0, 0.01)], (0, r * 0.8, -0.05)))
        pieces.append(plate("windshield", [(r * 0.4, 0), (r * 0.4, 0.05), (0.02, 0.1)], 0.01, (0, r * 0.85, 0.08)))
    return pieces


def shuttle(u: Dice) -> list[Piece]:
    """Winged space shuttle or space plane, sometimes with its tank and boosters."""
    r, span, sharp = u(0.16, 0.24), u(0.5, 0.75), u.chance(0.3)
    pieces = [_spindle("body", (0, 0, 0), 0.9, r, 0.6 if sharp else u(0.2, 0.35), 0.05, u(0.8, 1.1))]
    chord, low = u(0.5, 0.6), -r * 0.6
    pieces += [wing("wing", (0, low, -0.3), (x * span, low, -0.6), (chord, u(0.12, 0.2)), 0.04) for x in SIDES]
    pieces.append(wing("tail fin", (0, r * 0.6, -0.65), (0, r + u(0.3, 0.5), -0.9), (0.24, 0.12), 0.02, up=(1, 0, 0)))
    bell = np.array([(0.4, 0.4), (0.5, 0.3), (1, -1), (0.8, -1), (0, 0.2)])
    spots = [(0, 0.4), (-0.45, -0.2), (0.45, -0.2)] if u.chance(0.7) else [(-0.4, 0), (0.4, 0)]
    pieces += [lathe("engine", bell * (r * 0.4, 0.14), (x * r, y * r, -0.95), "z") for x, y in spots]
    if u.chance():
        pieces += [_spindle("engine", (x * r * 0.6, r * 0.6, -0.7), 0.22, r * 0.3, 0.3, 0.2) for x in SIDES]
    if u.chance(0.6):
        pieces.append(ellipsoid("cockpit", (0, r * 0.55, 0.55), (r * 0.65, r * 0.4, 0.14)))
    if u.chance(0.4):
        pieces.append(box("cargo door", (0, r * 0.8, -0.05), (r * 0.55, r * 0.28, 0.38)))
    if u.chance(0.35):
        big = r * u(1.1, 1.4)
        pieces.append(_spindle("fuel tank", (0, -r * 0.75 - big, 0.1), 1.2, big, 0.25, 0.08))
        pieces += [_spindle("booster", (x * big * 1.35, -r * 0.75 - big, -0.1), 1.1, big * 0.45, 0.15, 0.03) for x in SIDES]
        return move(pieces, rotation=turn("x", -np.pi / 2 * u.chance()))
    return pieces


def helicopter(u: Dice) -> list[Piece]:
    """Bubble, transport, gunship and tandem helicopters on skids or wheels."""
    w, h, long, tandem = u(0.2, 0.32), u(0.22, 0.35), u(0.4, 0.6), u.chance(0.15)
    front = u(0.05, 0.2)
    if tandem:
        long, front, h = 0.95, 0.0, h * 0.8
    pieces = [ellipsoid("body", (0, 0, front), (w, h, long), square=u(0.4, 1))]
    if u.chance(0.7):
        pieces.append(ellipsoid("cockpit", (0, h * 0.12, front + long * 0.45), (w * 0.93, h * 0.82, long * 0.6), square=0.8))
    span = u(0.9, 1.3) * (0.8 if tandem else 1)
    masts = [long * 0.75, -long * 0.75] if tandem else [front - 0.02]
    for k, z in enumerate(masts):
        top = h + u(0.1, 0.2) + 0.1 * k * tandem
        pieces.append(cylinder("rotor/mast", (0, h * 0.5, z), (0, top, z), 0.03))
        pieces.append(ellipsoid("engine", (0, h * 0.85, z - 0.08), (w * u(0.4, 0.7), h * 0.4, 0.25), square=0.7))
        pieces += _propeller(u, "rotor", (0, top, z), span, "y")
    if not tandem:
        end, rise = -u(1.0, 1.4), u(0, 0.2)
        pieces.append(tube("tail/tail boom", [(0, h * 0.3, -0.1), (0, h * 0.3 + rise, end)], [u(0.08, 0.15), 0.04]))
        tip, size = (0, h * 0.3 + rise, end), u(0.15, 0.3)
        lift = np.add(tip, (0, size, -0.1))
        pieces.append(wing("tail/tail fin", tip, lift, (0.1, 0.05), 0.015, up=(1, 0, 0)))
        if u.chance(0.6):
            back = end + u(0.05, 0.3)
            ends = [(x * u(0.2, 0.3), h * 0.3 + rise, back) for x in SIDES]
            pieces += [wing("tail/horizontal stabilizer", (0, h * 0.3 + rise, back), e, (0.08, 0.06), 0.012) for e in ends]
        rotor = _propeller(u, "tail rotor", (0, 0, 0.04), u(0.15, 0.25), "z", u.pick(2, 2, 4))
        pieces += move(rotor, np.add(tip, (0, size * u(0, 0.9), -0.03)), rotation=turn("y", np.pi / 2))
    drop = h + u(0.08, 0.2)
    if u.chance(0.6):
        for x in SIDES:
            rail = [(x * w, -drop + 0.06, 0.5), (x * w, -drop, 0.38), (x * w, -drop, -0.3)]
            pieces.append(tube("landing skid", np.add(rail, (0, 0, front)), 0.022))
            pieces += [
                tube("landing skid", [(x * w * 0.5, -h * 0.6, front + z), (x * w, -drop, front + z)], 0.016)
                for z in (-0.15, 0.2)
            ]
    else:
        pieces += _wheels(
            u, [(w * 0.8, -h * 0.4, 0), (-w * 0.8, -h * 0.4, 0), (0, -h * 0.4, front + long * 0.6)], h * 0.8, 0.07
        )
    if u.chance(0.25):
        for x in SIDES:
            pieces.append(wing("wing", (0, -h * 0.1, 0), (x * (w + 0.3), -h * 0.25, 0), (0.1, 0.07), 0.02))
            pieces.append(_spindle("missile", (x * (w + 0.18), -h * 0.3, 0), 0.22, 0.05, 0.3, 0.1))
    if u.chance(0.4):
        pieces += [box("door", (x * w * 0.97, -h * 0.05, front - 0.05), (0.03, h * 0.6, long * 0.3)) for x in SIDES]
    return pieces


def drone(u: Dice) -> list[Piece]:
    """Quad-, hexa- and octocopters with landing legs, guards and a camera."""
    n, w, h, reach, size = u.pick(4, 4, 4, 6, 8), u(0.2, 0.35), u(0.06, 0.14), u(0.6, 0.9), u(0.22, 0.36)
    size, rise, r = size * (4 / n) ** 0.5, u(-0.02, 0.12), u(0.02, 0.045)
    shape = u.pick("ellipsoid", "box", "disc")
    if shape == "disc":
        pieces = [lathe("body", [(0, -h), (w, -h * 0.6), (w, h * 0.6), (0, h)])]
    else:
        pieces = [ellipsoid("body", (0, 0, 0), (w, h, w * u(1, 1.5)), square=0.2 if shape == "box" else u(0.5, 1))]
    guard, down = u.chance(0.3), u.chance(0.15)
    for c, s in around(n, np.pi / n):
        spot = (reach * c, rise, reach * s)
        pieces.append(tube("arm", [(w * 0.4 * c, 0, w * 0.4 * s), spot], [r, r * 0.8], flat=u(0.6, 1.2)))
        pieces.append(cylinder("motor", (spot[0], rise - 0.05, spot[2]), (spot[0], rise + 0.05, spot[2]), r * 1.6))
        pieces += _propeller(u, "propeller", (spot[0], rise + (-0.06 if down else 0.06), spot[2]), size, "y", u.pick(2, 2, 3))
        if guard:
            pieces.append(tube("guard", arc(spot, size * 1.08, size * 1.08, 0, 2 * np.pi, "xz", 24), 0.015))
    legs, drop = u.pick("skids", "arms", "none"), u(0.2, 0.35)
    if legs == "skids":
        for x in SIDES:
            pieces += [tube("leg", [(x * w * 0.5, -h * 0.5, z), (x * w * 1.1, -drop, z)], 0.018) for z in (-0.12, 0.12)]
            pieces.append(tube("leg", [(x * w * 1.1, -drop, -0.3), (x * w * 1.1, -drop, 0.3)], 0.02))
    elif legs == "arms":
        pieces += [
            tube("leg", [(reach * c, rise, reach * s), (reach * c, -drop, reach * s)], 0.02) for c, s in around(n, np.pi / n)
        ]
    if u.chance(0.7):
        pieces.append(ellipsoid("camera", (0, -h - 0.04, w * 0.6), u(0.05, 0.09), square=u(0.3, 1)))
    if u.chance(0.3):
        pieces.append(tube("antenna", [(0, 0, -w * 0.8), (0, h + u(0.1, 0.25), -w)], 0.012))
    return pieces


def rocket(u: Dice) -> list[Piece]:
    """Launchers with stages and boosters, slim missiles and comic-book rockets on three fins."""
    style = u.pick("launcher", "missile", "comic")
    r, h = (u(0.22, 0.4), u(1.2, 1.7)) if style == "comic" else (u(0.08, 0.17), u(1.6, 2.2))
    t, cone = np.linspace(0, 1, 12), u(0.25, 0.5) * (1 if style == "comic" else 0.8)
    top = h - cone
    if style == "comic":
        rings = r * (0.55 + 0.45 * np.sin(np.pi * np.clip(t * 0.75 + 0.1, 0, 1)))
        r_top = float(rings[-1])
    else:
        r_top = r * u.pick(1.0, 1.0, 0.75)
        rings = np.where(t < 0.55, r, r_top)
    pieces = [lathe("body", np.stack([rings, t * top], 1))]
    bulge = u(0.5, 1)
    pieces.append(lathe("nose cone", np.stack([r_top * (1 - t) ** bulge, top + cone * t], 1)))
    n, low, size = u.pick(3, 4, 4), u(0, 0.25), r * u(0.8, 2)
    legs = style == "comic" or u.chance(0.3)
    for c, s in around(n, u(0, 1)):
        foot = -u(0.1, 0.25) if legs else low
        root, tip = (rings[0] * 0.7 * c, low + 0.25, rings[0] * 0.7 * s), ((r + size) * c, foot + 0.1, (r + size) * s)
        pieces.append(wing("fin", root, tip, (u(0.15, 0.25), u(0.05, 0.15)), 0.02, (0, -1, 0), (-s, 0, c)))
    bell = np.array([(0.3, 0.05), (0.45, 0), (0.8, -0.18), (0.7, -0.18), (0, 0)]) * (1, u(0.6, 1.2))
    spots = around(4) if style == "launcher" and u.chance(0.4) else [(0, 0)]
    shrink = 1.0 if len(spots) == 1 else 0.5
    pieces += [lathe("engine", bell * (r * shrink, 1), (x * r * 0.5, 0, z * r * 0.5)) for x, z in spots]
    if style == "launcher" and u.chance(0.6):
        big, tall = r * u(0.4, 0.7), top * u(0.4, 0.8)
        profile = np.array([(0.8, -0.05), (1, 0), (1, 0.85), (0.6, 0.93), (0, 1)]) * (big, tall)
        pieces += [
            lathe("booster", profile, ((r + big * 0.9) * c, 0, (r + big * 0.9) * s)) for c, s in around(u.pick(2, 2, 4), 0.4)
        ]
    if style == "comic" or u.chance(0.15):
        where = top * u(0.6, 0.75)
        edge = float(np.interp(where, t * top, rings))
        pieces.append(
            lathe(
                "window",
                [(0, -0.04), (edge * 0.5, -0.04), (edge * 0.5, 0.03), (edge * 0.35, 0.04), (0, 0.03)],
                (0, where, edge * 0.95),
                "z",
            )
        )
    return pieces


def balloon(u: Dice) -> list[Piece]:
    """Hot air balloon: envelope, ropes, burner and basket."""
    r, low, w, h = u(0.6, 0.85), u(0.25, 0.4), u(0.12, 0.2), u(0.1, 0.17)
    t, mouth = np.linspace(0, np.pi * 0.82, 16), u(0.9, 1.3)
    y = -np.cos(np.pi - t) * 1.0
    skin = np.stack([r * np.sin(t), np.where(y < 0, y * mouth, y)], 1)[::-1] * (1, r)
    bottom = low + 2 * h - skin[0, 1]
    pieces = [lathe("balloon", np.add(skin, (0, bottom)))]
    if u.chance(0.4):
        pieces.append(lathe("basket", [(w * 0.8, 0), (w, h), (w * 1.1, 2 * h), (w * 0.9, 2 * h), (w * 0.8, h), (0, 0.05)]))
    else:
        pieces.append(box("basket", (0, h, 0), (w, h, w)))
    mouth_r = float(skin[0, 0])
    for c, s in around(u.pick(4, 4, 6, 8), np.pi / 4):
        pieces.append(
            tube(
                "rope",
                [(w * c * 1.2, h * 1.9, w * s * 1.2), (mouth_r * c, bottom + skin[0, 1] + 0.02, mouth_r * s)],
                0.012,
            )
        )
    if u.chance(0.6):
        pieces.append(cylinder("burner", (0, h, 0), (0, h * 2 + low * 0.6, 0), [0.06, 0.035]))
    if u.chance(0.3):
        pieces += [ellipsoid("sandbag", (w * c, h * 1.4, w * s), (0.04, 0.07, 0.04)) for c, s in around(4)]
    return pieces


def airship(u: Dice) -> list[Piece]:
    """Blimps and zeppelins."""
    r = u(0.22, 0.4)
    pieces = [_spindle("body", (0, 0, 0), 1.0, r, u(0.35, 0.6), u(0.5, 0.8))]
    long, h, z = u(0.12, 0.3), u(0.05, 0.09), u(0, 0.3)
    pieces.append(ellipsoid("gondola", (0, -r * 0.92 - h * 0.4, z), (u(0.06, 0.1), h, long), square=u(0.3, 0.8)))
    phase, size = u.pick(0.0, np.pi / 4), u(0.2, 0.35)
    for c, s in around(u.pick(3, 4, 4), phase + np.pi / 2):
        pieces.append(wing("tail fin", (0, 0, -0.75), (size * c, size * s, -0.88), (0.2, 0.12), 0.015, up=(-s, c, 0)))
    if u.chance(0.7):
        for x in SIDES:
            spot = (x * r * 0.75, -r * 0.85, z - 0.2)
            pieces += [
                _spindle("engine", spot, 0.09, 0.045, 0.3, 0.6),
                *_propeller(u, "propeller", np.add(spot, (0, 0, -0.1)), 0.1, "z"),
            ]
            pieces.append(tube("engine", [spot, (x * r * 0.55, -r * 0.6, z - 0.2)], 0.015))
    return pieces


def ufo(u: Dice) -> list[Piece]:
    """Flying saucers with dome, lights, legs and antennas."""
    r, up, down = u(0.7, 1.0), u(0.12, 0.3), u(0.1, 0.25)
    profile = [
        (0, -down),
        (r * 0.5, -down * u(0.7, 1)),
        (r, -0.03),
        (r, 0.03),
        (r * u(0.4, 0.6), up * u(0.6, 1)),
        (0, up),
    ]
    pieces = [lathe("body", profile)]
    if u.chance(0.4):
        pieces.append(tube("ring", arc((0, 0, 0), r, r, 0, 2 * np.pi, "xz", 32), u(0.03, 0.07)))
    dome = u(0.25, 0.45)
    pieces.append(ellipsoid("dome", (0, up * 0.7, 0), (dome, dome * u(0.7, 1.2), dome)))
    if u.chance(0.6):
        size, at = u(0.03, 0.07), u(0.75, 0.95)
        y = np.interp(at * r, [r * 0.5, r], [up * 0.7, 0.03])
        pieces += [ellipsoid("light", (at * r * c, y, at * r * s), size) for c, s in around(u.count(6, 14))]
    if u.chance(0.5):
        for c, s in around(u.count(3, 4), 0.5):
            foot = (r * 0.7 * c, -down - u(0.25, 0.3), r * 0.7 * s)
            pieces += [
                tube("leg", [(r * 0.45 * c, -down * 0.7, r * 0.45 * s), foot], 0.03),
                ellipsoid("leg/foot", foot, (0.08, 0.03, 0.08)),
            ]
    if u.chance(0.4):
        pieces += [
            tube("antenna", [(0, up, 0), (0, up + dome + 0.3, 0)], 0.015),
            ellipsoid("antenna", (0, up + dome + 0.3, 0), 0.04),
        ]
    return pieces


def _hull(
    u: Dice, width: float, depth: float, length: float, bow: float, stern: float, sheer: float = 0, hollow: float = 0
) -> Piece:  # fmt: skip
    """Hull along z with its deck at y = 0, `sheer` higher at the ends; `hollow` > 0 scoops it out to that share."""
    z = np.linspace(1, -1, 26)
    half = width * np.clip(np.where(z > 0, 1 - np.abs(z) ** (2 / bow), 1 - (1 - stern) * z**4), 0.03, 1)
    keel = depth * np.where(z > 0, 1 - 0.4 * np.clip(z, 0, 1) ** 3, 1 - 0.3 * (1 - stern) * z**4)
    zero = np.zeros_like(z)
    skin = loft("hull", np.stack([zero, zero, z * length], 1), np.stack([half, zero, zero], 1), np.stack([zero, keel, zero], 1))
    x, y, along = skin.vertices.T
    inside = np.where(y > 1e-6, 1 - 0.14 * (hollow > 0), 1)
    shape = np.where(y > 0, -y * hollow, np.maximum(y, -depth * u(0.75, 1)))
    return Piece("hull", np.stack([x * inside, shape + sheer * (along / length) ** 2, along], 1), skin.faces)


def _sail(part: str, corners: ArrayLike, blow: float) -> Piece:
    """Thin triangular sail between three corners [3 3], blown sideways."""
    foot, clew, head = np.asarray(corners, float)
    t = np.linspace(0, 0.97, 9)[:, None]
    middle = (foot + clew) / 2 * (1 - t) + head * t + np.sin(np.pi * t) * np.array([blow, 0, 0])
    return loft(part, middle, (foot - clew) / 2 * (1 - t), np.tile([0.008, 0, 0], (len(t), 1)))


def boat(u: Dice) -> list[Piece]:
    """Rowing boats and dinghies, with benches, oars or an outboard motor."""
    w, d, stern, sheer = u(0.25, 0.4), u(0.2, 0.35), u.pick(0.1, u(0.6, 0.9)), u(0.02, 0.2)
    pieces = [_hull(u, w, d, 1.0, u(0.7, 1.1), stern, sheer, u(0.6, 0.85))]
    low = -d * u(0.15, 0.4)
    pieces += [box("seat", (0, low, z), (w * 0.82, 0.02, u(0.05, 0.1))) for z in np.linspace(-0.55, 0.35, u.count(2, 3))]
    if u.chance(0.6):
        out, lift, z = u(0.5, 0.8), u(-0.15, 0.15), u(-0.2, 0.1)
        for x in SIDES:
            pieces.append(tube("oar/shaft", [(x * w * 0.5, 0.08, z), (x * (w + out), -lift, z - 0.15)], 0.018))
            pieces.append(ellipsoid("oar/blade", (x * (w + out + 0.1), -lift, z - 0.17), (0.16, 0.012, 0.06)))
    elif stern > 0.5:
        pieces.append(ellipsoid("motor", (0, sheer + 0.12, -1.04), (0.09, 0.11, 0.1), square=0.6))
        pieces.append(box("motor", (0, sheer - d * 0.5, -1.04), (0.03, d * 0.6, 0.05)))
        pieces += _propeller(u, "propeller", (0, sheer - d * 1.05, -1.1), 0.1, "z")
    return pieces


def kayak(u: Dice) -> list[Piece]:
    """Closed kayaks and open canoes with a paddle."""
    w, d, canoe = u(0.12, 0.2), u(0.09, 0.16), u.chance(0.4)
    pieces = [_hull(u, w, d, 1.1, u(1.2, 1.8), 0.0, u(0.03, 0.15), 0.8 if canoe else -u(0.2, 0.5))]
    if canoe:
        pieces += [box("seat", (0, -d * 0.3, z), (w * 0.8, 0.012, 0.06)) for z in (-0.5, 0.4)]
    else:
        for z in (-0.05,) if u.chance(0.7) else (-0.35, 0.3):
            rim = np.array([(0.6, 0), (0.75, 0.06), (0.6, 0.07), (0.45, 0)]) * (w, 1)
            pieces.append(lathe("cockpit", rim, (0, d * 0.3, z)))
            pieces.append(ellipsoid("seat", (0, d * 0.45, z - w * 0.4), (w * 0.4, 0.07, 0.03)))
    if u.chance(0.75):
        half, y, z, lean = u(0.4, 0.6), d * 0.3 + u(0.05, 0.1), u(0, 0.15), u(-0.1, 0.1)
        ends = [(x * half, y + x * lean, z) for x in SIDES]
        pieces.append(tube("paddle/shaft", ends, 0.015))
        pieces += [ellipsoid("paddle/blade", np.multiply(e, (1.15, 1, 1)), (0.12, 0.045, 0.012)) for e in ends]
    return pieces


def speedboat(u: Dice) -> list[Piece]:
    """Motorboats and yachts with windshield, cabin and outboard motors."""
    w, d, bow, sheer, cabin = u(0.26, 0.38), u(0.2, 0.3), u(0.7, 1.1), u(0, 0.1), u.chance(0.45)
    pieces = [_hull(u, w, d, 1.0, bow, u(0.8, 1), sheer, 0.0 if cabin else -0.15)]
    top, z = 0.0, u(0, 0.2)
    for k in range(u.count(1, 2) if cabin else 0):
        half, h = w * (0.75 - 0.2 * k), u(0.08, 0.12)
        side = np.array([(-0.45, 0), (0.35, 0), (0.15, 2 * h), (-0.4, 2 * h)]) * (1 - 0.3 * k, 1)
        pieces.append(prism("cabin", side, half, (0, top, z - 0.15), FACING_SIDE))
        pieces += [box("window", (x * half, top + h, z - 0.2), (0.015, h * 0.5, 0.2)) for x in SIDES]
        top += 2 * h
    slope = turn("x", -u(0.5, 0.9))
    pieces.append(box("windshield", (0, top + 0.07, z + 0.05), (w * (0.4 if cabin else 0.75), 0.1, 0.012), slope))
    if not cabin:
        for x in (-0.4, 0.4):
            for back in (0.15, 0.5)[: u.count(1, 2)]:
                pieces.append(ellipsoid("seat", (x * w, 0.06, z - back), (w * 0.3, 0.05, 0.1), square=0.4))
                pieces.append(ellipsoid("seat", (x * w, 0.14, z - back - 0.1), (w * 0.3, 0.12, 0.03), square=0.4))
        pieces.append(tube("steering wheel", arc((w * 0.4, 0.12, z), 0.06, 0.06, 0, 6.28, "xy"), 0.012))
    for x in [0.0] if u.chance() else [-0.3, 0.3] if u.chance(0.7) else []:
        pieces.append(ellipsoid("motor", (x * w, sheer + 0.1, -1.03), (0.07, 0.1, 0.1), square=0.6))
        pieces.append(box("motor", (x * w, sheer - d * 0.45, -1.03), (0.025, d * 0.6, 0.04)))
        pieces += _propeller(u, "propeller", (x * w, sheer - d, -1.08), 0.08, "z")
    if u.chance(0.4):
        rail = bezier((-w * 0.9, 0.1, 0.2), (-w * 0.9, 0.12 + sheer, 1.2), (w * 0.9, 0.12 + sheer, 1.2), (w * 0.9, 0.1, 0.2))
        pieces.append(tube("railing", rail, 0.012))
        pieces += [tube("railing", [p, (p[0] * 0.95, -0.02, p[2])], 0.01) for p in rail[::3]]
    return pieces


def sailing_ship(u: Dice) -> list[Piece]:
    """Sailboats with triangular sails, schooners and square-rigged tall ships."""
    square = u.chance(0.45)
    w, d, sheer, n = u(0.16, 0.28), u(0.18, 0.32), u(0.03, 0.2), u.count(2, 3) if square else u.pick(1, 1, 1, 2)
    pieces = [_hull(u, w, d, 1.0, u(0.8, 1.2), u(0.5, 0.9), sheer, u.pick(0.0, -0.1, 0.6))]
    furled = u.chance(0.15)
    for k, z in enumerate([u(-0.05, 0.25)] if n == 1 else np.linspace(-0.6, 0.5, n)):
        tall = u(1.0, 1.6) * (0.85 if n > 1 and k == 0 else 1)
        pieces.append(tube("mast", [(0, -d * 0.5, z), (0, tall, z)], [u(0.025, 0.04), 0.012]))
        if square:
            levels = np.linspace(0.35, tall * 0.95, u.count(3, 4))
            for low, y in itertools.pairwise(levels):
                half = w * u(1.4, 2.0) * (1 - 0.4 * y / tall)
                pieces.append(tube("yard", [(-half, y, z + 0.03), (half, y, z + 0.03)], 0.015))
                drop, t = (y - low) * 0.9, np.linspace(0, 1, 8)
                bulge = z + 0.05 + u(0.05, 0.15) * np.sin(np.pi * t)
                path, a = np.stack([0 * t, y - drop * t, bulge], 1), np.stack([half * (0.9 + 0.2 * t), 0 * t, 0 * t], 1)
                if not furled:
                    pieces.append(loft("sail", path, a, np.tile([0, 0, 0.01], (8, 1))))
        else:
            back, low, blow = (0.55 if n == 1 else 0.45) * u(0.8, 1.1), u(0.15, 0.25), u(-0.12, 0.12)
            pieces.append(tube("boom", [(0, low, z), (blow, low, z - back - 0.1)], 0.018))
            if not furled:
                pieces.append(
                    _sail("sail", [(0, low + 0.03, z - 0.03), (blow, low + 0.03, z - back), (0, tall, z - 0.02)], blow)
                )
    if furled or u.chance(0.75):
        pieces.append(_sail("sail", [(0, 0.12, 0.95), (u(-0.1, 0.1), 0.15, z + 0.1), (0, tall * u(0.7, 0.95), z + 0.03)], 0.06))
    if square or u.chance(0.3):
        pieces.append(tube("bowsprit", [(0, sheer * 0.7, 0.8), (0, sheer + 0.15, 1.35)], [0.03, 0.012]))
    if square or u.chance(0.5):
        pieces.append(box("cabin", (0, 0.06 + sheer * 0.3, -0.6 if square else -0.25), (w * 0.7, 0.09, u(0.15, 0.25))))
    if u.chance(0.4):
        pieces.append(box("flag", (0, tall - 0.03, z - 0.12), (0.008, 0.06, 0.12)))
    if not square and u.chance(0.5):
        pieces.append(wing("keel", (0, -d * 0.8, -0.1), (0, -d - 0.35, -0.15), (0.18, 0.12), 0.025, up=(1, 0, 0)))
    return pieces


def ship(u: Dice) -> list[Piece]:
    """Container ships, warships, liners, tugs and fishing boats."""
    style = u.pick("cargo", "cargo", "warship", "liner", "tug")
    w, d = (u(0.28, 0.36), u(0.2, 0.3)) if style == "tug" else (u(0.13, 0.22), u(0.12, 0.2))
    sheer = u(0, 0.15)
    pieces = [_hull(u, w, d, 1.0, u(0.4, 0.9), u(0.6, 0.95), sheer)]
    z = {"cargo": -0.7, "tug": 0.1}.get(style, u(-0.2, 0.1))
    half, long, y = w * 0.8, {"liner": 0.7, "cargo": 0.12}.get(style, u(0.2, 0.3)), 0.0
    for k in range({"cargo": 1, "tug": 2, "liner": 3}.get(style, u.count(2, 3))):
        h = u(0.1, 0.16) if style == "cargo" else u(0.04, 0.07) * (1.6 if style == "tug" else 1)
        pieces.append(box("cabin", (0, y + h, z), (half * (1 - 0.15 * k), h, long * (1 - 0.2 * k))))
        if u.chance(0.4):
            pieces.append(
                box("window", (0, y + h * 1.3, z), (half * (1 - 0.15 * k) + 0.008, h * 0.25, long * (1 - 0.2 * k) * 0.9))
            )
        y += 2 * h
    for k in range(u.count(1, 3) if style == "liner" else u.count(0, 2)):
        back, r = z + long * (0.4 - 0.4 * k), w * u(0.15, 0.25)
        pieces.append(cylinder("chimney", (0, 0, back), (0, y + u(0.1, 0.2), back - u(0, 0.06)), r))
    if style == "cargo" and u.chance(0.75):
        step, size = 2 * w / 3.2, u(0.1, 0.16)
        for ahead in np.arange(z + 0.15 + size, 0.72, 2 * size + 0.015):
            for x in (-1.0, 0.0, 1.0):
                stack = u.count(0, 3) * 0.05
                if stack:
                    pieces.append(box("container", (x * step, stack + sheer * 0.1, ahead), (step * 0.47, stack + 0.005, size)))
    elif style == "cargo":
        for ahead in np.linspace(-0.4, 0.5, u.count(2, 3)):
            pieces.append(box("hatch", (0, 0.03, ahead), (w * 0.6, 0.03, 0.12)))
            pieces.append(tube("crane", [(0, 0, ahead - 0.16), (0, 0.3, ahead - 0.16), (0, 0.22, ahead + 0.1)], 0.018))
    if style == "warship":
        for ahead in (0.45, 0.65, -0.55)[: u.count(1, 3)]:
            pieces.append(ellipsoid("gun turret", (0, 0.05, ahead), (w * 0.4, 0.06, 0.08), square=0.5))
            for x in (-0.15, 0.15):
                end = (x * w, u(0.06, 0.12), ahead + float(np.sign(ahead)) * 0.26)
                pieces.append(tube("gun turret/barrel", [(x * w, 0.06, ahead), end], 0.014))
    if style != "cargo" or u.chance():
        pieces.append(tube("mast", [(0, y * 0.5, z), (0, y + u(0.15, 0.35), z - 0.02)], [0.02, 0.01]))
    if u.chance(0.3):
        pieces += _propeller(u, "propeller", (0, -d * 0.75, -1.0), d * 0.4, "z")
    if style == "liner" or u.chance(0.2):
        pieces += [
            ellipsoid("lifeboat", (x * w * 0.9, 0.06, q), (0.03, 0.03, 0.07)) for x in SIDES for q in np.linspace(-0.5, 0.3, 5)
        ]
    return pieces


def submarine(u: Dice) -> list[Piece]:
    """Slim navy submarines and stubby toy ones with portholes."""
    toy = u.chance(0.35)
    r = u(0.28, 0.4) if toy else u(0.11, 0.18)
    pieces = [_spindle("hull", (0, 0, 0), 1.0, r, u(0.15, 0.4), u(0.4, 0.7))]
    z, tall, long = u(0, 0.35), r * u(0.5, 1), u(0.12, 0.2)
    base, up = (0, r * 0.8, z), (0, r + tall, z)
    if u.chance(0.6):
        pieces.append(loft("tower", [base, up], np.tile([r * 0.35, 0, 0], (2, 1)), np.tile([0, 0, long], (2, 1))))
    else:
        pieces.append(box("tower", (0, r + tall * 0.4, z), (r * 0.35, tall * 0.6, long)))
    for k in range(u.count(0, 2) + toy):
        x, end = z + 0.06 * (k - 1), r + tall + u(0.12, 0.3)
        pieces.append(tube("periscope", [(0, r, x), (0, end, x), (0, end, x + 0.07 * (k == 0) + 0.001)], 0.018))
    if u.chance(0.5):
        pieces += [
            wing("fin", (0, r + tall * 0.5, z), (x * (r * 0.3 + 0.16), r + tall * 0.5, z), (0.06, 0.04), 0.012) for x in SIDES
        ]
    size = r + u(0.02, 0.15)
    for c, s in around(4, u.pick(0.0, 0.0, np.pi / 4)):
        pieces.append(wing("fin", (0, 0, -0.8), (size * c, size * s, -0.84), (0.12, 0.07), 0.015, up=(-s, c, 0)))
    pieces += _propeller(u, "propeller", (0, 0, -1.02), r * u(0.5, 0.8), "z", u.count(3, 6))
    if toy:
        for q in np.linspace(-0.2, 0.5, u.count(2, 4)):
            pieces += [
                lathe("window", [(0, -0.03), (0.07, -0.03), (0.075, 0.01), (0, 0.02)], (x * r * 0.97, 0.03, q), "x")
                for x in SIDES
            ]
    return pieces


KINDS = {
    "airplane": Kind(airplane, "aircraft", ("airplane", "plane", "aircraft", "jet")),
    "biplane": Kind(biplane, "aircraft", ("biplane", "old propeller plane")),
    "shuttle": Kind(shuttle, "aircraft", ("space shuttle", "space plane")),
    "helicopter": Kind(helicopter, "rotorcraft", ("helicopter", "chopper")),
    "drone": Kind(drone, "rotorcraft", ("drone", "quadcopter")),
    "rocket": Kind(rocket, "rocket", ("rocket", "spaceship", "missile")),
    "balloon": Kind(balloon, "balloon", ("hot air balloon", "balloon")),
    "airship": Kind(airship, "balloon", ("airship", "blimp", "zeppelin")),
    "ufo": Kind(ufo, "ufo", ("ufo", "flying saucer", "alien spaceship")),
    "boat": Kind(boat, "ship", ("boat", "rowing boat", "dinghy")),
    "kayak": Kind(kayak, "ship", ("kayak", "canoe")),
    "speedboat": Kind(speedboat, "ship", ("speedboat", "motorboat", "yacht")),
    "sailing ship": Kind(sailing_ship, "ship", ("sailing ship", "sailboat", "sailing boat", "tall ship")),
    "ship": Kind(ship, "ship", ("ship", "cargo ship", "warship", "vessel")),
    "submarine": Kind(submarine, "submarine", ("submarine", "sub")),
}

SYNONYMS = {
    "body": ("hull", "main body", "cabin"),
    "wing": ("main wing", "plane wing"),
    "winglet": ("wing tip", "wingtip"),
    "tail": ("tail section", "rear end", "tail assembly"),
    "tail fin": ("vertical stabilizer", "vertical tail", "fin"),
    "horizontal stabilizer": ("stabilizer", "tail wing", "rear wing"),
    "canard": ("front wing", "foreplane"),
    "engine": ("jet engine", "thruster", "motor"),
    "air intake": ("engine intake", "inlet"),
    "propeller": ("airscrew", "prop"),
    "rotor": ("main rotor", "propeller", "rotor blades"),
    "tail rotor": ("rear rotor", "small rotor"),
    "blade": ("rotor blade", "propeller blade"),
    "hub": ("spinner", "center"),
    "mast": ("pole", "post"),
    "tail boom": ("tail beam", "boom"),
    "landing gear": ("undercarriage", "wheels"),
    "landing skid": ("skid", "landing gear", "runner"),
    "wheel": ("tire", "tyre"),
    "wing support": ("brace", "wing post"),
    "cockpit": ("canopy", "pilot seat area", "glass canopy"),
    "windshield": ("windscreen", "front window"),
    "window": ("porthole", "windows"),
    "cargo door": ("cargo bay door", "hatch"),
    "fuel tank": ("external tank", "tank"),
    "booster": ("rocket booster", "side rocket"),
    "missile": ("rocket", "bomb", "weapon"),
    "door": ("side door", "entrance"),
    "arm": ("rotor arm", "boom"),
    "motor": ("engine", "outboard motor"),
    "guard": ("propeller guard", "protective ring"),
    "leg": ("landing leg", "foot"),
    "camera": ("lens",),
    "antenna": ("aerial",),
    "nose cone": ("nose", "tip", "cone"),
    "fin": ("stabilizer fin", "tail fin"),
    "balloon": ("envelope", "balloon fabric"),
    "basket": ("gondola", "wicker basket"),
    "rope": ("cable", "line", "string"),
    "burner": ("flame", "gas burner"),
    "sandbag": ("weight", "ballast"),
    "gondola": ("cabin", "passenger cabin"),
    "dome": ("cockpit", "glass dome", "canopy"),
    "ring": ("rim", "edge"),
    "light": ("lamp",),
    "foot": ("landing pad", "pad"),
    "hull": ("boat body", "ship body", "body"),
    "seat": ("bench", "bench seat"),
    "oar": ("paddle",),
    "paddle": ("oar",),
    "shaft": ("stick", "pole"),
    "cabin": ("deckhouse", "bridge", "superstructure"),
    "railing": ("handrail", "rail"),
    "steering wheel": ("wheel", "helm"),
    "sail": ("sailcloth", "canvas"),
    "boom": ("sail pole", "horizontal pole"),
    "yard": ("crossbar", "sail beam", "spar"),
    "bowsprit": ("front pole", "front spar"),
    "flag": ("pennant", "banner"),
    "keel": ("bottom fin", "fin keel"),
    "chimney": ("funnel", "smokestack"),
    "container": ("cargo container", "cargo", "box"),
    "hatch": ("cargo hatch", "cover"),
    "crane": ("loading crane", "derrick"),
    "gun turret": ("turret", "cannon", "gun"),
    "barrel": ("gun barrel", "cannon barrel"),
    "lifeboat": ("small boat", "rescue boat"),
    "tower": ("conning tower", "sail"),
    "periscope": ("scope",),
}
