"""Fans, kitchen machines and cleaning machines."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from meronym_synthetic.kit.curves import CORNERS, QUARTER, SIDES, arc, around, bezier, ellipse, turn
from meronym_synthetic.kit.devices import housing, key_grid, raised_disc
from meronym_synthetic.kit.registry import kind
from meronym_synthetic.kit.rng import Rng
from meronym_synthetic.kit.solids import (
    Solid,
    box,
    cylinder,
    ellipsoid,
    lathe,
    loft,
    mirrored,
    move,
    plate,
    prism,
    ring_of,
    tube,
)


@kind("desk fan", family="fan", names=("fan", "desk fan", "electric fan"), synonyms={
    "base": ("bottom", "foot", "stand"), "stand": ("support", "post", "pole"), "button": ("push button", "key"),
    "hub": ("center", "middle"), "blade": ("fan blade", "knife"), "rod": ("pole", "bar"), "motor": ("engine", "motor housing"),
    "cage": ("guard", "grille", "wire guard")})  # fmt: skip
def desk_fan(u: Rng) -> list[Solid]:
    """Desk, floor and ceiling fans with a cage or bare blades."""
    r, n, spin = u(0.4, 0.55), u.count(3, 5), u(0, 2)
    fan = [lathe("hub", [(0.09, -0.06), (0.09, 0.04), (0, 0.09)], (0, 0, 0), "z")]
    for c, s in around(n, spin):
        path = np.linspace((0.06 * c, 0.06 * s, 0), (r * 0.88 * c, r * 0.88 * s, 0), 8)
        half = r * 0.32 * np.sin(np.pi * np.linspace(0.12, 0.85, 8)) ** 0.6
        side = np.array([-s * 0.9, c * 0.9, 0.4])
        fan.append(loft("blade", path, half[:, None] * side, np.tile([0, 0, 0.012], (8, 1))))
    if u.chance(0.2):
        frame = [cylinder("rod", (0, 0, -0.6), (0, 0, 0), 0.03), raised_disc("base", (0, 0, -0.6), 0.14, 0.08)]
        motor = ellipsoid("motor", (0, 0, -0.08), (0.16, 0.16, 0.1))
        return move([*fan, *frame, motor], rotation=turn("x", QUARTER))
    fan.append(ellipsoid("motor", (0, 0, -0.2), (0.13, 0.13, 0.18)))
    if u.chance(0.8):
        fan += [tube("cage", ellipse((0, 0, z), r * k, r * k, "xy", 29), 0.012) for z, k in ((0, 1), (0.12, 0.6), (-0.1, 0.7))]
        cage = [(0, 0, 0.15), (0.6 * r, 0, 0.12), (r, 0, 0), (0.6 * r, 0, -0.11)]
        fan += ring_of(u.pick(12, 16, 20), tube, "cage", cage, 0.008, plane="xy")
        fan.append(raised_disc("cage", (0, 0, 0.13), 0.1, 0.03))
    tall = u(0.65, 0.8) if u.chance(0.6) else u(1.2, 1.6)
    pieces = move(fan, (0, tall, 0.15), rotation=turn("x", u(-0.3, 0.15)))
    pieces.append(cylinder("stand", (0, 0, 0), (0, tall, 0), [0.05, 0.035]))
    base = u(0.25, 0.35)
    pieces.append(lathe("base", [(base, 0), (base * 0.95, 0.05), (0.08, 0.1), (0, 0.1)]))
    pieces += [box("button", (0.05 * k, 0.08, base * 0.6), (0.018, 0.025, 0.03)) for k in range(-2, 2)]
    return pieces


@kind("vacuum cleaner", family="vacuum cleaner", names=("vacuum cleaner", "vacuum", "hoover"), synonyms={
    "button": ("push button", "key"), "body": ("casing", "housing", "main body"), "cable": ("cord", "wire"),
    "handle": ("hold", "hand hold"), "sensor": ("detector", "eye"), "bumper": ("front bumper", "edge"),
    "wheel": ("roller", "tire"), "nozzle": ("suction head", "mouthpiece", "outlet"), "tube": ("pipe", "main tube", "shaft"),
    "dust container": ("dust bin", "dust cup"), "hose": ("flexible tube", "pipe")})  # fmt: skip
def vacuum_cleaner(u: Rng) -> list[Solid]:
    """Canister cleaners with hose, uprights, sticks and robot discs."""
    style, r = u.pick("canister", "upright", "stick", "robot"), u(0.1, 0.14)
    if style == "robot":
        size = u(0.5, 0.6)
        pieces = [
            lathe("body", [(size * 0.95, 0.02), (size, 0.06), (size, 0.17), (size * 0.94, 0.2), (0, 0.2)]),
            raised_disc("button", (0, 0.19, 0.2), 0.07, 0.03, "y"),
        ]
        pieces += [
            tube("bumper", arc((0, 0.11, 0), size * 1.01, size * 1.01, 0.2, np.pi - 0.2, "xz", 20), 0.05),
            raised_disc("sensor", (0, 0.19, -0.1), 0.12, 0.08, "y"),
        ]
        return pieces + mirrored(cylinder, "wheel", (0.3, 0.03, 0), (0.36, 0.03, 0), 0.06)
    head = [housing(u, "nozzle", (0, 0.05, 0.9), (u(0.2, 0.32), 0.05, 0.12))]
    top = np.array([0, u(1.1, 1.3), 0.1])
    low = np.array([0, 0.1, 0.85])
    handle = [tube("handle", [top, np.add(top, (0, 0.1, -0.12)), np.add(top, (0, 0.12, -0.3))], 0.04)]
    if style != "canister":
        pieces = [*head, tube("tube", [low, top], 0.035), *handle]
        middle = low + (top - low) * (0.72 if style == "stick" else 0.4)
        frame = turn("x", float(np.arctan2(top[2] - low[2], top[1] - low[1])))
        pieces.append(ellipsoid("body", middle, (r * 1.3, 0.28, r * 1.3), frame, square=0.6))
        pieces.append(ellipsoid("dust container", np.add(middle, (0, -0.08, r)), (r * 0.9, 0.2, r * 0.9), frame, square=0.5))
        return pieces + mirrored(cylinder, "wheel", (0.15, 0.06, 0.82), (0.2, 0.06, 0.82), 0.06)
    w, h = u(0.22, 0.3), u(0.18, 0.25)
    pieces = [*head, tube("tube", [low, top], 0.035), *handle]
    pieces.append(ellipsoid("body", (0.1, h + 0.05, -0.5), (w, h, u(0.32, 0.42)), square=u(0.6, 1)))
    hose = bezier(np.add(top, (0, 0.1, -0.2)), (0.1, 1.5, -0.9), (0.1, 0.9, 0.3), (0.1, h * 1.3, -0.2), n=18)
    pieces.append(tube("hose", hose, 0.05))
    pieces += [cylinder("wheel", (0.1 + x * (w + 0.01), 0.14, -0.65), (0.1 + x * (w - 0.05), 0.14, -0.65), 0.14) for x in SIDES]
    if u.chance(0.6):
        pieces.append(tube("body/handle", arc((0.1, 2 * h, -0.5), 0.15, 0.1, 0, np.pi, "zy"), 0.03))
    if u.chance(0.4):
        pieces.append(tube("cable", bezier((0.1, h, -0.85), (0.1, 0, -1.1), (0.5, 0, -1.2)), 0.016))
    return pieces


def _panel_row(u: Rng, w: float, y: float, z: float) -> list[Solid]:
    """Knobs, buttons and a display along the front of a household machine."""
    n, pieces = u.count(1, 5), []
    start = u.pick(-0.8, 0.1) if n < 4 else -0.8
    pieces += [raised_disc("knob", (w * (start + 0.22 * k), y, z), u(0.035, 0.05), u(0.03, 0.06)) for k in range(n)]
    if u.chance(0.6):
        pieces.append(box("display", (w * (0.6 if start < 0 else -0.5), y, z), (w * 0.22, 0.035, 0.01)))
    return pieces


def _bar_handle(u: Rng, a: ArrayLike, b: ArrayLike, out: float, r: float) -> list[Solid]:
    """Bow handle standing `out` off a front."""
    p, q, away = np.asarray(a, float), np.asarray(b, float), np.array([0, 0, out])
    return [
        tube("handle", [p, p + away, q + away, q], r)
        if u.chance(0.7)
        else box("handle", (p + q) / 2 + away / 2, np.abs(q - p) / 2 + (r, r, out / 2))
    ]


@kind("washing machine", family="appliance", names=("washing machine", "washer", "dryer"), synonyms={
    "lid": ("cover", "top", "cap"), "body": ("casing", "housing", "main body"),
    "knob": ("dial", "control knob", "turning knob"), "foot": ("leg", "stand"), "handle": ("hold", "hand hold"),
    "control panel": ("panel", "controls"), "drawer": ("compartment", "tray"), "display": ("screen", "digital display"),
    "door": ("front door", "flap"), "window": ("glass", "viewing window")})  # fmt: skip
def washing_machine(u: Rng) -> list[Solid]:
    """Front loaders with a round door and top loaders with a lid; dryers."""
    w, h, d = u(0.42, 0.52), u(0.55, 0.68), u(0.38, 0.5)
    pieces = [box("body", (0, h, 0), (w, h, d))]
    if u.chance(0.75):
        r, y = w * u(0.5, 0.72), h * u(0.8, 0.95)
        ring = [(r, 0), (r * 0.98, 0.05), (r * 0.75, 0.06), (r * 0.72, 0.03), (0, u(0.03, 0.07))]
        pieces += [lathe("door", ring, (0, y, d), "z"), raised_disc("door/window", (0, y, d + 0.02), r * 0.7, 0.035)]
        if u.chance(0.6):
            pieces.append(box("door/handle", (r * 0.85, y, d + 0.06), (0.025, 0.06, 0.02)))
        pieces.append(box("control panel", (0, 2 * h - 0.1, d), (w * 0.98, 0.09, 0.012)))
        pieces += _panel_row(u, w, 2 * h - 0.1, d + 0.01)
        if u.chance(0.7):
            pieces.append(box("drawer", (-w * 0.65, 2 * h - 0.1, d + 0.01), (w * 0.28, 0.06, 0.015)))
    else:
        pieces.append(box("lid", (0, 2 * h + 0.015, 0.06), (w * 0.85, 0.015, d * 0.75)))
        pieces.append(box("control panel", (0, 2 * h + 0.1, -d * 0.85), (w, 0.11, d * 0.14)))
        pieces += _panel_row(u, w, 2 * h + 0.11, -d * 0.71)
    if u.chance(0.5):
        pieces += mirrored(cylinder, "foot", (w * 0.85, -0.05, d * 0.85), (w * 0.85, 0.01, d * 0.85), 0.04, axes="xz")
    return pieces


@kind("refrigerator", family="appliance", names=("refrigerator", "fridge"), synonyms={
    "body": ("casing", "housing", "main body"), "foot": ("leg", "stand"), "handle": ("hold", "hand hold"),
    "door": ("front door", "flap"), "water dispenser": ("ice dispenser", "dispenser")})  # fmt: skip
def refrigerator(u: Rng) -> list[Solid]:
    """One-door, two-door, side-by-side and retro refrigerators."""
    w, h, d, thick = u(0.38, 0.5), u(0.75, 0.95), u(0.35, 0.42), 0.035
    style, retro = u.pick("two", "two", "one", "wide"), u.chance(0.25)
    pieces = [ellipsoid("body", (0, h, 0), (w, h, d), square=0.15) if retro else box("body", (0, h, 0), (w, h, d))]
    split, gap = h * u(0.6, 1.4), 0.012
    fronts = [(0.0, h, w, h)]
    if style == "two":
        fronts = [(0, split / 2, w, split / 2), (0, h + split / 2, w, h - split / 2)]
    elif style == "wide" and u.chance():
        fronts = [(-w / 2, h, w / 2, h), (w / 2, h, w / 2, h)]
    elif style == "wide":
        fronts = [(-w / 2, h * 1.3, w / 2, h * 0.7), (w / 2, h * 1.3, w / 2, h * 0.7), (0, h * 0.3, w, h * 0.3)]
    for x, y, a, b in fronts:
        pieces.append(housing(u, "door", (x, y, d + thick), (a - gap, b - gap, thick)))
        side = (-1.0 if x > 0 else 1.0) * a * 0.8
        long = min(b * 0.6, 0.3)
        lying = b < 0.35 * h
        ends = ((x - 0.2, y + b * 0.6), (x + 0.2, y + b * 0.6)) if lying else ((x + side, y - long), (x + side, y + long))
        z = d + 2 * thick
        pieces += _bar_handle(u, (*ends[0], z), (*ends[1], z), 0.06, 0.018)
    if style == "wide" and u.chance(0.6):
        pieces.append(box("water dispenser", (-w / 2, h * 1.2, d + 2 * thick), (w * 0.2, 0.16, 0.012)))
    if u.chance(0.4):
        pieces += mirrored(cylinder, "foot", (w * 0.85, -0.06, d * 0.8), (w * 0.85, 0.01, d * 0.8), 0.04, axes="xz")
    return pieces


@kind("oven", family="appliance", names=("oven", "stove", "cooker"), synonyms={
    "body": ("casing", "housing", "main body"), "knob": ("dial", "control knob", "turning knob"),
    "handle": ("hold", "hand hold"), "drawer": ("compartment", "tray"), "door": ("front door", "flap"),
    "window": ("glass", "viewing window"), "burner": ("hotplate", "cooking plate", "stove top"),
    "grate": ("pot support", "grid"), "backsplash": ("back wall", "back board"), "clock": ("timer",)})  # fmt: skip
def oven(u: Rng) -> list[Solid]:
    """Kitchen stoves with burners, knobs and oven door; built-in ovens."""
    w, h, d = u(0.45, 0.55), u(0.45, 0.55), u(0.4, 0.5)
    pieces = [box("body", (0, h, 0), (w, h, d))]
    low, tall = u(0.1, 0.3) * h, h * u(0.45, 0.6)
    y = low + tall
    pieces += [
        box("door", (0, y, d), (w * 0.96, tall, 0.03)),
        box("door/window", (0, y - 0.02, d + 0.03), (w * 0.65, tall * 0.55, 0.01)),
    ]
    pieces += _bar_handle(u, (-w * 0.75, y + tall * 0.82, d + 0.03), (w * 0.75, y + tall * 0.82, d + 0.03), 0.06, 0.022)
    row = (y + tall + 2 * h) / 2
    pieces += [raised_disc("knob", (w * x, row, d), 0.045, 0.05) for x in np.linspace(-0.8, 0.8, u.count(4, 6))]
    if u.chance(0.8):
        gas = u.chance()
        for x, z in CORNERS:
            spot, r = (x * w * 0.5, 2 * h, z * d * 0.45), u(0.1, 0.16)
            pieces.append(raised_disc("burner", spot, r * (0.5 if gas else 1), 0.03, "y"))
            if gas:
                pieces += [
                    box("burner/grate", (spot[0], 2 * h + 0.05, spot[2]), (r * a + 0.012, 0.01, r * b + 0.012))
                    for a, b in ((1, 0), (0, 1))
                ]
    if u.chance(0.5):
        pieces.append(box("backsplash", (0, 2 * h + 0.12, -d * 0.95), (w, 0.13, 0.03)))
        if u.chance():
            pieces.append(box("clock", (0, 2 * h + 0.14, -d * 0.88), (0.1, 0.04, 0.01)))
    if low > 0.08:
        pieces += [box("drawer", (0, low * 0.5, d), (w * 0.96, low * 0.45, 0.025))]
    return pieces


@kind("microwave", family="appliance", names=("microwave", "microwave oven"), synonyms={
    "button": ("push button", "key"), "body": ("casing", "housing", "main body"),
    "knob": ("dial", "control knob", "turning knob"), "foot": ("leg", "stand"), "handle": ("hold", "hand hold"),
    "control panel": ("panel", "controls"), "display": ("screen", "digital display"), "door": ("front door", "flap"),
    "window": ("glass", "viewing window")})  # fmt: skip
def microwave(u: Rng) -> list[Solid]:
    """Microwave ovens: door with window, panel with buttons or dials."""
    w, h, d, share = u(0.6, 0.75), u(0.32, 0.4), u(0.35, 0.48), u(0.68, 0.78)
    pieces = [housing(u, "body", (0, h, 0), (w, h, d))]
    x = w * (share - 1)
    door = [
        box("door", (0, 0, 0), (w * share, h * 0.93, 0.025)),
        box("door/window", (0, 0, 0.022), (w * share * 0.75, h * 0.62, 0.012)),
    ]
    door += (
        _bar_handle(u, (w * share * 0.9, -h * 0.6, 0.02), (w * share * 0.9, h * 0.6, 0.02), 0.05, 0.02)
        if u.chance(0.75)
        else []
    )
    swing = u.pick(0.0, 0.0, u(0.5, 1.5))
    hinged = [Solid(p.part, np.add(p.vertices, (w * share, 0, 0)), p.faces) for p in door]
    pieces += move(hinged, (x - w * share, h, d + 0.02), rotation=turn("y", -swing))
    centre = (w + x + w * share) / 2
    wide = (w - x - w * share) / 2 * 0.85
    pieces.append(box("control panel", (centre, h, d), (wide, h * 0.9, 0.02)))
    pieces.append(box("display", (centre, h * 1.6, d + 0.02), (wide * 0.8, h * 0.12, 0.01)))
    if u.chance():
        pieces += move(
            key_grid("button", wide * 0.85, h * 0.5, (0, 0, 0), u.count(3, 5), 3, 0.015),
            (centre, h * 0.8, d + 0.02),
            rotation=turn("x", QUARTER),
        )
    else:
        pieces += [raised_disc("knob", (centre, h * y, d + 0.02), wide * 0.5, 0.05) for y in (1.1, 0.55)]
    if u.chance(0.5):
        pieces += mirrored(cylinder, "foot", (w * 0.8, -0.04, d * 0.8), (w * 0.8, 0.01, d * 0.8), 0.04, axes="xz")
    return pieces


@kind("dishwasher", family="appliance", names=("dishwasher",), synonyms={
    "body": ("casing", "housing", "main body"), "knob": ("dial", "control knob", "turning knob"),
    "handle": ("hold", "hand hold"), "control panel": ("panel", "controls"), "display": ("screen", "digital display"),
    "door": ("front door", "flap"), "rack": ("basket", "dish rack")})  # fmt: skip
def dishwasher(u: Rng) -> list[Solid]:
    """Dishwashers, closed or with the door down and racks out."""
    w, h, d, thick = u(0.42, 0.5), u(0.55, 0.62), u(0.4, 0.48), 0.03
    opened = u.chance(0.35)
    door = [box("door", (0, h, 0), (w, h * 0.96, thick))]
    door += _bar_handle(u, (-w * 0.7, h * 1.7, thick), (w * 0.7, h * 1.7, thick), 0.05, 0.02)
    door += [
        box("control panel", (0, 2 * h * 0.93, thick), (w * 0.95, 0.05, 0.012)),
        *_panel_row(u, w * 0.9, 2 * h * 0.93, thick + 0.01),
    ]
    if not opened:
        return [box("body", (0, h, 0), (w, h, d)), *move(door, (0, 0, d + thick))]
    pieces = mirrored(box, "body", (w, h, 0), (thick, h, d)) + [box("body", (0, y, 0), (w, thick, d)) for y in (thick, 2 * h)]
    pieces.append(box("body", (0, h, -d), (w, h, thick)))
    for y, out in ((h * 0.4, u(0.1, 0.6)), (h * 1.2, u(0, 0.3))):
        pieces += [
            tube("rack", [(-w * 0.94, y, out + z * d), (w * 0.94, y, out + z * d)], 0.014) for z in np.linspace(-0.9, 0.7, 6)
        ]
        pieces += [
            tube("rack", [(x * w * 0.94, y + k, out - d * 0.9), (x * w * 0.94, y + k, out + d * 0.7)], 0.014)
            for x in SIDES
            for k in (0, 0.12)
        ]
    return pieces + move(door, (0, 0.03, d), rotation=turn("x", u(1.2, QUARTER)))


@kind("toaster", family="toaster", names=("toaster",), synonyms={
    "base": ("bottom", "foot", "stand"), "body": ("casing", "housing", "main body"),
    "knob": ("dial", "control knob", "turning knob"), "cord": ("cable", "wire", "power cord"),
    "slot": ("opening", "bread slot"), "bread": ("toast", "slice of bread"), "lever": ("push lever", "slider")})  # fmt: skip
def toaster(u: Rng) -> list[Solid]:
    """Pop-up toasters with slots, lever, dial and bread."""
    w, h, d, n = u(0.5, 0.65), u(0.3, 0.38), u(0.22, 0.32), u.pick(1, 2, 2)
    pieces = [
        ellipsoid("body", (0, h, 0), (w, h, d), square=u(0.15, 0.5)),
        box("base", (0, 0.02, 0), (w * 0.92, 0.03, d * 0.92)),
    ]
    for z in (0.0,) if n == 1 else (-d * 0.42, d * 0.42):
        pieces.append(box("slot", (0, 2 * h - 0.005, z), (w * 0.72, 0.015, d * 0.15)))
        if u.chance(0.4):
            pieces.append(box("bread", (0, 2 * h + 0.04, z), (w * 0.6, u(0.1, 0.2), d * 0.1)))
    y = h * u(0.9, 1.5)
    pieces.append(box("lever", (w + 0.03, y, 0), (0.06, 0.025, 0.07)))
    if u.chance(0.7):
        pieces.append(lathe("knob", [(0.06, 0), (0.06, 0.05), (0, 0.06)], (w * 0.97, h * 0.5, 0), "x"))
    if u.chance(0.4):
        pieces.append(tube("cord", bezier((-w * 0.95, 0.06, 0), (-w - 0.3, 0, 0), (-w - 0.2, 0, 0.4)), 0.018))
    return pieces


@kind("blender", family="kitchen machine", names=("blender", "mixer"), synonyms={
    "base": ("bottom", "foot", "stand"), "lid": ("cover", "top", "cap"), "button": ("push button", "key"),
    "knob": ("dial", "control knob", "turning knob"), "handle": ("hold", "hand hold"), "head": ("top part", "front part"),
    "blade": ("fan blade", "knife"), "jug": ("pitcher", "container", "jar"), "shaft": ("rod", "stick")})  # fmt: skip
def blender(u: Rng) -> list[Solid]:
    """Jug blenders on a motor base, hand blenders."""
    if u.chance(0.25):
        r, h = u(0.09, 0.12), u(0.5, 0.65)
        pieces = [
            tube("handle", [(0, h, 0), (0, h * 1.6, 0.02), (0, h * 2, 0)], [r * 0.9, r, r * 1.1]),
            cylinder("shaft", (0, 0.12, 0), (0, h, 0), [0.05, 0.06]),
        ]
        pieces += [
            lathe("head", [(0.15, 0), (0.15, 0.03), (0.05, 0.16), (0, 0.17)]),
            box("blade", (0, 0.02, 0), (0.1, 0.01, 0.02)),
        ]
        return [*pieces, raised_disc("button", (0, h * 1.5, r * 0.85), 0.04, 0.03)]
    w, h = u(0.26, 0.34), u(0.3, 0.42)
    top = w * u(0.65, 0.85)
    square = u.chance(0.4)
    profile = [(w, 0), (w * 0.98, 0.05), (top, h), (0, h)]
    base = lathe("base", profile)
    pieces = [
        Solid("base", np.sign(base.vertices) * np.abs(base.vertices) ** (0.8, 1, 0.8) if square else base.vertices, base.faces)
    ]
    r0, r1, tall = top * 0.8, u(0.26, 0.34), u(0.6, 0.85)
    pieces.append(lathe("jug", [(r0, h), (r0 * 1.05, h + 0.05), (r1, h + tall), (r1 * 1.03, h + tall)]))
    lid = [(r1 * 1.05, 0), (r1 * 1.05, 0.06), (r1 * 0.5, 0.08), (r1 * 0.4, 0.16), (0, 0.16)]
    pieces.append(lathe("lid", lid, (0, h + tall, 0)))
    if u.chance(0.75):
        handle = bezier((r0, h + 0.12, 0), (r1 + 0.3, h + 0.05, 0), (r1 + 0.3, h + tall, 0), (r1 * 0.95, h + tall - 0.06, 0))
        pieces.append(tube("handle", handle, 0.035))
    if u.chance():
        pieces.append(raised_disc("knob", (0, h * 0.45, (w + top) / 2 - 0.02), 0.08, 0.07))
    else:
        pieces += [ellipsoid("button", (0.08 * k, h * 0.4, (w + top) / 2), (0.03, 0.03, 0.03)) for k in (-1.5, -0.5, 0.5, 1.5)]
    return pieces


@kind("coffee machine", family="kitchen machine", names=("coffee machine", "coffee maker", "espresso machine"), synonyms={
    "base": ("bottom", "foot", "stand"), "lid": ("cover", "top", "cap"), "button": ("push button", "key"),
    "body": ("casing", "housing", "main body"), "knob": ("dial", "control knob", "turning knob"),
    "handle": ("hold", "hand hold"), "head": ("top part", "front part"), "pot": ("glass pot", "coffee pot", "carafe"),
    "filter holder": ("filter", "portafilter"), "spout": ("nozzle", "beak"), "steam pipe": ("steam wand", "pipe"),
    "drip tray": ("tray", "grid"), "cup": ("mug",), "water tank": ("tank", "water container")})  # fmt: skip
def coffee_machine(u: Rng) -> list[Solid]:
    """Filter machines with a glass pot, espresso machines with a portafilter."""
    w, d, h, t = u(0.3, 0.42), u(0.3, 0.4), u(0.5, 0.65), 0.05
    pieces = [
        box("base", (0, t, 0.05), (w, t, d)),
        housing(u, "body", (0, h, -d * 0.65), (w, h, d * 0.4)),
        housing(u, "head", (0, 2 * h - 0.12, 0), (w * 0.97, 0.15, d)),
    ]
    low = 2 * t
    if u.chance(0.55):
        r = w * 0.65
        pot = [(r * 0.8, 0), (r, 0.1), (r, 0.25), (r * 0.65, 0.45), (r * 0.7, 0.5)]
        pieces += [
            lathe("pot", pot, (0, low, 0.12)),
            lathe("pot/lid", [(r * 0.7, 0), (r * 0.5, 0.04), (0, 0.05)], (0, low + 0.49, 0.12)),
        ]
        pieces.append(
            tube(
                "pot/handle",
                bezier(
                    (0, low + 0.45, 0.12 + r * 0.6), (0, low + 0.5, 0.3 + r), (0, low + 0.1, 0.3 + r), (0, low + 0.1, 0.1 + r)
                ),
                0.03,
            )
        )
        pieces.append(cylinder("filter holder", (0, low + 0.55, 0.12), (0, 2 * h - 0.2, 0.12), [r * 0.6, r]))
        pieces.append(raised_disc("button", (w * 0.6, t, d + 0.05), 0.03, 0.03))
    else:
        pieces.append(cylinder("filter holder", (0, 2 * h - 0.38, 0.12), (0, 2 * h - 0.22, 0.12), 0.12))
        pieces += [
            tube("filter holder/handle", [(0, 2 * h - 0.32, 0.2), (0, 2 * h - 0.35, 0.6)], 0.035),
            tube("spout", [(0, 2 * h - 0.36, 0.12), (0, 2 * h - 0.47, 0.14)], 0.03),
        ]
        pieces.append(tube("steam pipe", [(w * 0.8, 2 * h - 0.2, d * 0.8), (w * 0.85, 0.5, d)], 0.018))
        pieces.append(box("drip tray", (0, low + 0.01, 0.15), (w * 0.8, 0.015, d * 0.6)))
        if u.chance(0.6):
            pieces.append(lathe("cup", [(0.07, 0), (0.1, 0.14), (0.09, 0.14), (0.06, 0.02)], (0, low + 0.02, 0.14)))
    pieces += [raised_disc("knob", (w * x, 2 * h - 0.1, d), 0.045, 0.05) for x in (-0.6, 0.0, 0.6)[: u.count(1, 3)]]
    if u.chance(0.4):
        pieces.append(box("water tank", (0, h * 1.1, -d * 1.15), (w * 0.8, h * 0.7, d * 0.2)))
    return pieces


@kind("kettle", family="kitchen machine", names=("kettle", "electric kettle"), synonyms={
    "base": ("bottom", "foot", "stand"), "lid": ("cover", "top", "cap"), "body": ("casing", "housing", "main body"),
    "knob": ("dial", "control knob", "turning knob"), "cord": ("cable", "wire", "power cord"), "handle": ("hold", "hand hold"),
    "switch": ("on-off switch", "slider", "button"), "spout": ("nozzle", "beak"),
    "water gauge": ("water window", "level window")})  # fmt: skip
def kettle(u: Rng) -> list[Solid]:
    """Electric kettles on a base plate and whistling stove kettles."""
    stove = u.chance(0.35)
    r, h = (u(0.45, 0.55), u(0.45, 0.6)) if stove else (u(0.3, 0.4), u(0.7, 1.0))
    top = r * u(0.4, 0.55) if stove else r * u(0.65, 0.9)
    t = np.linspace(0, 1, 10)
    swell = r + (top - r) * t ** (2.5 if stove else u(0.8, 1.6))
    pieces = [lathe("body", np.stack([swell, 0.06 + t * h], 1))]
    pieces += [
        lathe("lid", [(top * 0.98, 0), (top * 0.7, 0.06), (0, 0.09)], (0, h + 0.05, 0)),
        ellipsoid("lid/knob", (0, h + 0.17, 0), u(0.04, 0.07)),
    ]
    y = h * (0.55 if stove else 0.8)
    out = float(np.interp(y, 0.06 + t * h, swell))
    if stove or u.chance(0.4):
        path = bezier((0, y * 0.7, out * 0.9), (0, y * 0.7, out + 0.25), (0, h + 0.05, out + u(0.25, 0.4)))
        pieces.append(tube("spout", path, np.linspace(0.1, 0.05, 12), round_ends=False))
    else:
        spout = [(-0.13, 0.0), (0.13, 0.0), (0.0, 0.17)]
        pieces.append(prism("spout", spout, 0.09, (0, h - 0.1, top), turn("x", QUARTER) @ turn("x", u(-0.4, -0.1))))
    if stove:
        pieces.append(tube("handle", arc((0, h * 0.85, 0), r * 0.75, u(0.5, 0.65), 0.15, np.pi - 0.15, "zy"), 0.04))
    else:
        high, low = h * u(0.95, 1.05), h * u(0.2, 0.4)
        handle = bezier((0, high, -top * 0.9), (0, high + 0.1, -r - 0.4), (0, low, -r - 0.4), (0, low, -r * 0.9))
        pieces.append(tube("handle", handle, u(0.04, 0.06)))
        pieces += [
            lathe("base", [(r * 1.02, 0), (r * 1.02, 0.05), (0, 0.06)]),
            box("switch", (0, 0.15, -r - 0.06), (0.05, 0.025, 0.06)),
        ]
        if u.chance(0.4):
            pieces.append(tube("cord", bezier((0, 0.02, -r), (0, 0, -r - 0.5), (0.5, 0, -r - 0.4)), 0.02))
        if u.chance(0.4):
            pieces.append(box("water gauge", (out * 0.97, h * 0.5, 0), (0.02, h * 0.25, 0.04)))
    return pieces


@kind("iron", family="iron", names=("iron", "clothes iron", "steam iron"), synonyms={
    "button": ("push button", "key"), "body": ("casing", "housing", "main body"), "dial": ("rotary dial", "knob"),
    "cord": ("cable", "wire", "power cord"), "handle": ("hold", "hand hold"),
    "nozzle": ("suction head", "mouthpiece", "outlet"), "soleplate": ("iron plate", "hot plate", "bottom plate")})  # fmt: skip
def iron(u: Rng) -> list[Solid]:
    """Steam irons: soleplate, body, handle, dial, cord; standing or flat."""
    w, long, h = u(0.26, 0.34), u(0.65, 0.8), u(0.14, 0.22)
    z = np.linspace(1, -1, 18)
    half = w * np.clip(1 - np.clip(z + 0.3, 0, None) ** 2 / 1.75, 0.03, 1)
    zero = np.zeros_like(z)

    def layer(part: str, y: float, thick: float, size: float) -> Solid:
        a = np.stack([half * size, zero, zero], 1)
        return loft(part, np.stack([zero, zero + y, z * long * size], 1), a, np.tile([0, thick, 0], (18, 1)))

    pieces = [layer("soleplate", 0.03, 0.03, 1.0), layer("body", h, h, 0.93)]
    top, end = 2 * h + u(0.25, 0.35), -long * 0.75
    closed = u.chance(0.7)
    path = [(0, h * 1.5, long * 0.35), (0, top, long * 0.15), (0, top, end), (0, h, end)]
    pieces.append(tube("handle", path if closed else path[:3], u(0.055, 0.08)))
    pieces.append(raised_disc("dial", (0, 1.85 * h, -0.05), 0.11, 0.06, "y"))
    if u.chance(0.7):
        pieces += [
            ellipsoid("button", (0, top + 0.05, long * 0.05 - 0.12 * k), (0.03, 0.03, 0.04)) for k in range(u.count(1, 2))
        ]
    if u.chance(0.6):
        pieces.append(tube("cord", bezier((0, top, end), (0, top + 0.2, end - 0.3), (0.3, 0.1, end - 0.5)), 0.025))
    if u.chance(0.3):
        pieces.append(cylinder("nozzle", (0, h * 1.2, long * 0.6), (0, h * 1.25, long * 0.75), 0.035))
    return move(pieces, rotation=turn("x", -QUARTER * 0.9)) if u.chance(0.25) else pieces


@kind("hair dryer", family="hair dryer", names=("hair dryer", "blow dryer"), synonyms={
    "body": ("casing", "housing", "main body"), "cord": ("cable", "wire", "power cord"), "handle": ("hold", "hand hold"),
    "switch": ("on-off switch", "slider", "button"), "nozzle": ("suction head", "mouthpiece", "outlet"),
    "air intake": ("air inlet", "rear grille")})  # fmt: skip
def hair_dryer(u: Rng) -> list[Solid]:
    """Hair dryers with pistol handle, nozzle or diffuser."""
    r, long, drop, lean = u(0.2, 0.28), u(0.4, 0.6), u(0.6, 0.8), u(-0.15, 0.25)
    taper = u(0.6, 0.95)
    pieces = [lathe("body", [(r * 0.6, -long), (r, -long * 0.75), (r, 0), (r * taper, long), (0, long)], (0, 0, 0), "z")]
    handle = [(0, -r * 0.5, -long * 0.35), (0, -drop * 0.5, -long * 0.35 - lean * 0.5), (0, -drop, -long * 0.35 - lean)]
    pieces.append(tube("handle", handle, u(0.08, 0.12)))
    style = u.pick("flat", "cone", "diffuser", "none")
    if style == "flat":
        skin = lathe("nozzle", [(r * taper * 1.02, 0), (r * 0.6, 0.25), (0, 0.25)], (0, 0, long), "z").vertices
        t = (skin[:, 2:3] - long) / 0.25
        faces = lathe("nozzle", [(1, 0), (1, 1), (1, 2)], (0, 0, 0), "z").faces
        pieces.append(Solid("nozzle", skin * np.concatenate([1 + 0.5 * t, 1 - 0.7 * t, np.ones_like(t)], 1), faces))
    elif style == "cone":
        pieces.append(cylinder("nozzle", (0, 0, long), (0, 0, long + 0.25), [r * taper * 1.02, r * 0.6]))
    elif style == "diffuser":
        pieces.append(lathe("nozzle", [(r * taper, 0), (r * 1.6, 0.25), (r * 1.6, 0.33), (0, 0.31)], (0, 0, long), "z"))
    pieces.append(raised_disc("air intake", (0, 0, -long), r * 0.6, 0.03, sign=-1.0))
    pieces += [
        box("switch", (0, -r - 0.12 - 0.13 * k, -long * 0.35 + 0.09 - lean * 0.25), (0.03, 0.045, 0.03))
        for k in range(u.count(1, 2))
    ]
    if u.chance(0.6):
        end = np.array([0, -drop, -long * 0.35 - lean])
        cord = bezier(end, np.add(end, (0, -0.4, 0)), np.add(end, (0.3, -0.4, 0.2)), np.add(end, (0.5, -0.5, 0)))
        pieces.append(tube("cord", cord, 0.025))
    return pieces


@kind("sewing machine", family="sewing machine", names=("sewing machine",), synonyms={
    "base": ("bottom", "foot", "stand"), "body": ("casing", "housing", "main body"),
    "knob": ("dial", "control knob", "turning knob"), "arm": ("bracket", "support arm"), "head": ("top part", "front part"),
    "needle": ("pin", "point"), "presser foot": ("foot",), "hand wheel": ("wheel", "balance wheel"),
    "spool": ("thread spool", "bobbin", "thread"), "crank": ("hand crank", "handle"), "fabric": ("cloth",)})  # fmt: skip
def sewing_machine(u: Rng) -> list[Solid]:
    """Sewing machines, old and new."""
    w, d, h, t = u(0.7, 0.85), u(0.22, 0.3), u(0.75, 0.9), u(0.05, 0.09)
    r = u(0.1, 0.15)
    pieces = [housing(u, "base", (0, t, 0), (w, t, d))]
    pieces += [
        housing(u, "body", (w * 0.65, h * 0.5, 0), (w * 0.22, h * 0.5, d * 0.7)),
        housing(u, "arm", (-w * 0.05, h - r, 0), (w * 0.8, r, d * 0.6)),
    ]
    x = -w * 0.65
    pieces += [
        housing(u, "head", (x, h * 0.72, 0), (w * 0.17, h * 0.25, d * 0.62)),
        cylinder("needle", (x, 2 * t, 0), (x, h * 0.55, 0), 0.014),
    ]
    pieces += [
        box("presser foot", (x, 2 * t + 0.03, 0), (0.06, 0.012, 0.06)),
        cylinder("presser foot", (x + 0.05, 2 * t, 0), (x + 0.05, h * 0.55, 0), 0.016),
    ]
    hand_wheel = [(0.12, 0), (0.15, 0.02), (0.15, 0.07), (0.1, 0.09), (0, 0.09)]
    pieces.append(lathe("hand wheel", hand_wheel, (w * 0.86, h * 0.85, 0), "x"))
    for k in range(u.count(1, 2)):
        spot = (w * (0.1 + 0.3 * k), h, 0)
        pieces += [
            cylinder("spool", spot, (spot[0], h + 0.22, 0), 0.014),
            cylinder("spool", (spot[0], h + 0.02, 0), (spot[0], h + 0.18, 0), 0.06),
        ]
    pieces += [raised_disc("knob", (w * 0.65, h * y, d * 0.7), 0.07, 0.05) for y in (0.65, 0.4)[: u.count(1, 2)]]
    if u.chance(0.3):
        pieces += [tube("crank", [(w * 0.95, h * 0.85, 0), (w * 1.0, h * 0.98, 0), (w * 1.12, h * 0.98, 0)], 0.02)]
    if u.chance(0.3):
        pieces.append(box("fabric", (x, 2 * t + 0.01, 0.15), (0.18, 0.006, d * 1.1)))
    return pieces


@kind("fan", family="fan", names=("fan", "electric fan", "ceiling fan"), synonyms={
    "base": ("foot", "stand", "bottom"), "pole": ("stand", "post", "stem", "rod"), "blade": ("fan blade", "vane"),
    "hub": ("center", "nave"), "motor": ("engine", "motor housing"), "lamp": ("light", "globe"), "cage": ("guard", "grille"),
})  # fmt: skip
def fan(u: Rng) -> list[Solid]:
    """Desk, floor and ceiling fans with three to six blades, with or without cage."""
    n, r = u.count(3, 6), u(0.35, 0.55)
    ceiling = u.chance(0.35)
    blade = u(0.1, 0.16) if ceiling else u(0.15, 0.26)
    face = turn("x", -np.pi / 2) if ceiling else turn("x", u(-0.2, 0.1))
    outline = [(0.03, 0.06), (blade * 0.7, r * 0.35), (blade, r * 0.75), (blade * 0.7, r)]
    pieces = [
        plate("blade", outline, 0.012, (0, 0, 0), face @ turn("z", 2 * np.pi * k / n) @ turn("y", 0.35)) for k in range(n)
    ]
    if ceiling:
        drop = u(0.15, 0.5)
        pieces += [
            lathe("motor", [(0.01, -0.1), (0.12, -0.06), (0.14, 0.05), (0.03, 0.1)]),
            cylinder("pole", (0, 0.05, 0), (0, drop, 0), 0.02),
        ]
        pieces.append(lathe("base", [(0.03, drop - 0.06), (0.1, drop), (0.01, drop)]))
        return pieces + [ellipsoid("lamp", (0, -0.14, 0), (0.13, 0.1, 0.13))] * u.chance()
    pieces += [ellipsoid("hub", (0, 0, 0.03), (0.07, 0.07, 0.06)), ellipsoid("motor", (0, 0, -0.17), (0.11, 0.11, 0.17))]
    if u.chance(0.75):
        for z, k in ((-0.09, 1.0), (0.0, 1.12), (0.09, 1.0)):
            pieces.append(tube("cage", ellipse((0, 0, z), r * k, r * k, "xy", 32), 0.014))
        pieces += [
            tube(
                "cage", bezier((0.05 * c, 0.05 * s, z * 0.13), (r * c, r * s, z * 0.15), (r * 1.12 * c, r * 1.12 * s, 0)), 0.009
            )
            for c, s in around(u.count(8, 16))
            for z in SIDES
        ]
    h = u(0.55, 0.75) if u.chance() else u(1, 1.5)
    pieces += [
        cylinder("pole", (0, 0, -0.2), (0, -h, -0.2), 0.03),
        lathe("base", [(0.3, 0), (0.28, 0.05), (0.05, 0.09)], (0, -h - 0.05, -0.2)),
    ]
    return pieces
