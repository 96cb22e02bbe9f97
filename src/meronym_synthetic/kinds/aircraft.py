"""Airplanes, helicopters, drones, balloons and airships."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from meronym_synthetic.kit.curves import SIDES, around, ellipse, turn
from meronym_synthetic.kit.registry import kind
from meronym_synthetic.kit.rng import Rng
from meronym_synthetic.kit.solids import Solid, box, cylinder, ellipsoid, lathe, mirrored, move, plate, ring_of, tube, wing
from meronym_synthetic.kit.vehicles import spindle, turning_blades


def _wheels(u: Rng, spots: list[tuple[float, float, float]], drop: float, r: float) -> list[Solid]:
    """Landing gear: a leg and a wheel under each spot."""
    pieces = []
    for x, y, z in spots:
        pieces.append(tube("landing gear", [(x, y, z), (x * 1.8, y - drop, z)], r * 0.25))
        pieces.append(_wheel("landing gear/wheel", (x * 1.8, y - drop, z), r, r * 0.3))
    return pieces


def _wheel(part: str, centre: ArrayLike, r: float, half: float) -> Solid:
    return lathe(part, [(r * 0.2, -half), (r * 0.9, -half), (r, 0), (r * 0.9, half), (r * 0.2, half)], centre, "x")


def _tail(u: Rng, style: str, r: float, z: float, y: float, size: float, sweep: float) -> list[Solid]:
    """Tail fins and horizontal stabilizers at the rear end of a body of radius r."""
    fin, flat, chord, thick = "tail/tail fin", "tail/horizontal stabilizer", size * u(0.3, 0.5), u(0.008, 0.02)
    tall, span, taper = size * u(0.7, 1.1), size * u(0.8, 1.3), u(0.4, 0.8)
    chords = (chord, chord * taper)
    if style == "v":
        return mirrored(wing, fin, (0, y, z), (span * 0.7, y + tall * 0.8, z - sweep), chords, thick, up=(1, 0, 0))
    if style == "twin":
        lean = u(0, 0.3)
        tips = [(x * r * 0.8, x * (r * 0.8 + lean * tall)) for x in SIDES]
        pieces = [wing(fin, (a, y, z), (b, y + tall, z - sweep), chords, thick, up=(1, 0, 0)) for a, b in tips]
    else:
        pieces = [wing(fin, (0, y, z), (0, y + tall, z - sweep), chords, thick, up=(1, 0, 0))]
    high = {"t": tall, "cross": tall * 0.4}.get(style, 0.0)
    rear = z - sweep * high / tall
    pieces += mirrored(wing, flat, (0, y + high, rear), (span, y + high + 0.02, rear - sweep * 0.7), chords, thick)
    return pieces


@kind("airplane", family="aircraft", names=("airplane", "plane", "aircraft", "jet"), synonyms={
    "body": ("hull", "main body", "cabin"), "wing": ("main wing", "plane wing"), "winglet": ("wing tip", "wingtip"),
    "tail": ("tail section", "rear end", "tail assembly"), "tail fin": ("vertical stabilizer", "vertical tail", "fin"),
    "horizontal stabilizer": ("stabilizer", "tail wing", "rear wing"), "canard": ("front wing", "foreplane"),
    "engine": ("jet engine", "thruster", "motor"), "air intake": ("engine intake", "inlet"), "propeller": ("airscrew", "prop"),
    "blade": ("rotor blade", "propeller blade"), "hub": ("spinner", "center"), "landing gear": ("undercarriage", "wheels"),
    "wheel": ("tire", "tyre"), "cockpit": ("canopy", "pilot seat area", "glass canopy"), "window": ("porthole", "windows"),
    "missile": ("rocket", "bomb", "weapon")})  # fmt: skip
def airplane(u: Rng) -> list[Solid]:
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
    pieces = [spindle("body", (0, 0, 0), 1.0, r, nose, tail, u(0.8, 1.2), rise)]
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
        pieces += mirrored(wing, "canard", (0, 0.02, 0.45), (0.3, 0.03, 0.3), (0.12, 0.04), 0.012)
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


def _engines(u: Rng, style: str, r: float, on_wing: Callable[[float], tuple[float, float, float]]) -> list[Solid]:
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
                pieces.append(spindle("missile", (a, b, c + 0.1), 0.2, 0.025, 0.3, 0.1))
        return pieces
    if style == "prop" and u.chance(0.6):
        return turning_blades(u, "propeller", (0, 0, 0.99), u(0.22, 0.38), "z")
    size, length, pieces = r * u(0.4, 0.65), u(0.12, 0.22), []
    rear = style == "airliner" and u.chance(0.25)
    where = [0.35] if u.chance(0.65) else [0.3, 0.6]
    for x in SIDES:
        for t in [0.0] if rear else where:
            spot = np.array((r + size * 0.9, r * 0.3, -0.5) if rear else on_wing(t)) * (x, 1, 1)
            if style == "prop":
                pieces.append(spindle("engine", np.add(spot, (0, 0, 0.15)), 0.28, size, 0.3, 0.6))
                pieces += turning_blades(u, "propeller", np.add(spot, (0, 0, 0.43)), r * 1.4, "z")
                continue
            pod = spot if rear else spot + np.array([0, -size * 1.1, 0.14])
            bowl = [(0, 0.6), (0.8, 0.9), (0.9, 1), (1, 0.8), (1, 0), (0.7, -1), (0.4, -1), (0, -1.3)]
            pieces.append(lathe("engine", np.array(bowl) * (size, length), pod, "z"))
            engine = (spot + pod) / 2
            pieces.append(box("engine", engine, (0.012 + 0.5 * size * rear, size * 0.6 * (not rear) + 0.015, length * 0.6)))
    return pieces


@kind("biplane", family="aircraft", names=("biplane", "old propeller plane"), synonyms={
    "body": ("hull", "main body", "cabin"), "wing": ("main wing", "plane wing"),
    "tail": ("tail section", "rear end", "tail assembly"), "tail fin": ("vertical stabilizer", "vertical tail", "fin"),
    "horizontal stabilizer": ("stabilizer", "tail wing", "rear wing"), "propeller": ("airscrew", "prop"),
    "blade": ("rotor blade", "propeller blade"), "hub": ("spinner", "center"), "landing gear": ("undercarriage", "wheels"),
    "wheel": ("tire", "tyre"), "wing support": ("brace", "wing post"), "cockpit": ("canopy", "pilot seat area", "glass canopy"),
    "windshield": ("windscreen", "front window")})  # fmt: skip
def biplane(u: Rng) -> list[Solid]:
    """Two or three stacked wings with supports between them, a nose propeller and fixed wheels."""
    r, span, chord, gap, z = u(0.1, 0.17), u(0.8, 1.1), u(0.14, 0.22), u(0.28, 0.45), u(0.2, 0.45)
    thick, stagger, low = u(0.012, 0.03), u(0, 0.12), -r * u(0.3, 0.9)
    pieces = [spindle("body", (0, 0, 0), 0.9, r, u(0.08, 0.2), u(0.5, 0.8), u(0.9, 1.2))]
    levels = [low, low + gap] if u.chance(0.85) else [low, low + gap * 0.8, low + gap * 1.6]
    for k, y in enumerate(levels):
        reach, ahead = span * u(0.85, 1), z + stagger * k
        pieces += mirrored(wing, "wing", (0, y, ahead), (reach, y + 0.03, ahead), (chord, chord * 0.85), thick)
    for x in SIDES:
        for t in (0.15, 0.45, 0.8)[: u.count(2, 3)]:
            foot, top = (x * t * span, low, z), (x * t * span, levels[-1] + 0.02, z + stagger * (len(levels) - 1))
            pieces += [tube("wing support", [np.add(foot, (0, 0, d)), np.add(top, (0, 0, d))], 0.012) for d in (-0.09, 0.09)]
    pieces += _tail(u, "plain", r, -0.78, 0.02, u(0.25, 0.35), 0.06) + turning_blades(
        u, "propeller", (0, 0, 0.9), u(0.25, 0.35), "z", 2
    )
    pieces += _wheels(u, [(0.14, -r * 0.5, z), (-0.14, -r * 0.5, z)], r * u(1.2, 1.8), u(0.07, 0.1))
    if u.chance(0.7):
        pieces.append(lathe("cockpit", [(r * 0.6, 0), (r * 0.65, 0.03), (r * 0.5, 0.05), (0, 0.01)], (0, r * 0.8, -0.05)))
        pieces.append(plate("windshield", [(r * 0.4, 0), (r * 0.4, 0.05), (0.02, 0.1)], 0.01, (0, r * 0.85, 0.08)))
    return pieces


@kind("helicopter", family="rotorcraft", names=("helicopter", "chopper"), synonyms={
    "body": ("hull", "main body", "cabin"), "wing": ("main wing", "plane wing"),
    "tail": ("tail section", "rear end", "tail assembly"), "tail fin": ("vertical stabilizer", "vertical tail", "fin"),
    "horizontal stabilizer": ("stabilizer", "tail wing", "rear wing"), "engine": ("jet engine", "thruster", "motor"),
    "rotor": ("main rotor", "propeller", "rotor blades"), "tail rotor": ("rear rotor", "small rotor"),
    "blade": ("rotor blade", "propeller blade"), "hub": ("spinner", "center"), "mast": ("pole", "post"),
    "tail boom": ("tail beam", "boom"), "landing gear": ("undercarriage", "wheels"),
    "landing skid": ("skid", "landing gear", "runner"), "wheel": ("tire", "tyre"),
    "cockpit": ("canopy", "pilot seat area", "glass canopy"), "missile": ("rocket", "bomb", "weapon"),
    "door": ("side door", "entrance")})  # fmt: skip
def helicopter(u: Rng) -> list[Solid]:
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
        pieces += turning_blades(u, "rotor", (0, top, z), span, "y")
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
        rotor = turning_blades(u, "tail rotor", (0, 0, 0.04), u(0.15, 0.25), "z", u.pick(2, 2, 4))
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
            pieces.append(spindle("missile", (x * (w + 0.18), -h * 0.3, 0), 0.22, 0.05, 0.3, 0.1))
    if u.chance(0.4):
        pieces += mirrored(box, "door", (w * 0.97, -h * 0.05, front - 0.05), (0.03, h * 0.6, long * 0.3))
    return pieces


@kind("drone", family="rotorcraft", names=("drone", "quadcopter"), synonyms={
    "body": ("hull", "main body", "cabin"), "propeller": ("airscrew", "prop"), "blade": ("rotor blade", "propeller blade"),
    "hub": ("spinner", "center"), "arm": ("rotor arm", "boom"), "motor": ("engine", "outboard motor"),
    "guard": ("propeller guard", "protective ring"), "leg": ("landing leg", "foot"), "camera": ("lens",),
    "antenna": ("aerial",)})  # fmt: skip
def drone(u: Rng) -> list[Solid]:
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
        pieces += turning_blades(
            u, "propeller", (spot[0], rise + (-0.06 if down else 0.06), spot[2]), size, "y", u.pick(2, 2, 3)
        )
        if guard:
            pieces.append(tube("guard", ellipse(spot, size * 1.08, size * 1.08, "xz", 24), 0.015))
    legs, drop = u.pick("skids", "arms", "none"), u(0.2, 0.35)
    if legs == "skids":
        for x in SIDES:
            pieces += [tube("leg", [(x * w * 0.5, -h * 0.5, z), (x * w * 1.1, -drop, z)], 0.018) for z in (-0.12, 0.12)]
            pieces.append(tube("leg", [(x * w * 1.1, -drop, -0.3), (x * w * 1.1, -drop, 0.3)], 0.02))
    elif legs == "arms":
        pieces += ring_of(n, tube, "leg", [(reach, rise, 0), (reach, -drop, 0)], 0.02, phase=np.pi / n)
    if u.chance(0.7):
        pieces.append(ellipsoid("camera", (0, -h - 0.04, w * 0.6), u(0.05, 0.09), square=u(0.3, 1)))
    if u.chance(0.3):
        pieces.append(tube("antenna", [(0, 0, -w * 0.8), (0, h + u(0.1, 0.25), -w)], 0.012))
    return pieces


@kind("balloon", family="balloon", names=("hot air balloon", "balloon"), synonyms={
    "balloon": ("envelope", "balloon fabric"), "basket": ("gondola", "wicker basket"), "rope": ("cable", "line", "string"),
    "burner": ("flame", "gas burner"), "sandbag": ("weight", "ballast")})  # fmt: skip
def balloon(u: Rng) -> list[Solid]:
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
        rope = [(w * c * 1.2, h * 1.9, w * s * 1.2), (mouth_r * c, bottom + skin[0, 1] + 0.02, mouth_r * s)]
        pieces.append(tube("rope", rope, 0.012))
    if u.chance(0.6):
        pieces.append(cylinder("burner", (0, h, 0), (0, h * 2 + low * 0.6, 0), [0.06, 0.035]))
    if u.chance(0.3):
        pieces += ring_of(4, ellipsoid, "sandbag", (w, h * 1.4, 0), (0.04, 0.07, 0.04))
    return pieces


@kind("airship", family="balloon", names=("airship", "blimp", "zeppelin"), synonyms={
    "body": ("hull", "main body", "cabin"), "tail fin": ("vertical stabilizer", "vertical tail", "fin"),
    "engine": ("jet engine", "thruster", "motor"), "propeller": ("airscrew", "prop"),
    "blade": ("rotor blade", "propeller blade"), "hub": ("spinner", "center"), "gondola": ("cabin", "passenger cabin"),
})  # fmt: skip
def airship(u: Rng) -> list[Solid]:
    """Blimps and zeppelins."""
    r = u(0.22, 0.4)
    pieces = [spindle("body", (0, 0, 0), 1.0, r, u(0.35, 0.6), u(0.5, 0.8))]
    long, h, z = u(0.12, 0.3), u(0.05, 0.09), u(0, 0.3)
    pieces.append(ellipsoid("gondola", (0, -r * 0.92 - h * 0.4, z), (u(0.06, 0.1), h, long), square=u(0.3, 0.8)))
    phase, size = u.pick(0.0, np.pi / 4), u(0.2, 0.35)
    for c, s in around(u.pick(3, 4, 4), phase + np.pi / 2):
        pieces.append(wing("tail fin", (0, 0, -0.75), (size * c, size * s, -0.88), (0.2, 0.12), 0.015, up=(-s, c, 0)))
    if u.chance(0.7):
        for x in SIDES:
            spot = (x * r * 0.75, -r * 0.85, z - 0.2)
            pieces += [
                spindle("engine", spot, 0.09, 0.045, 0.3, 0.6),
                *turning_blades(u, "propeller", np.add(spot, (0, 0, -0.1)), 0.1, "z"),
            ]
            pieces.append(tube("engine", [spot, (x * r * 0.55, -r * 0.6, z - 0.2)], 0.015))
    return pieces
