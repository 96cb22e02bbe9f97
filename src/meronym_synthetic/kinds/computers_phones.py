"""Computers, screens, telephones and printers."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from meronym_synthetic.kit.curves import QUARTER, SIDES, bezier, helix, turn
from meronym_synthetic.kit.devices import housing, key_grid, raised_disc
from meronym_synthetic.kit.registry import kind
from meronym_synthetic.kit.rng import Rng
from meronym_synthetic.kit.solids import Solid, box, cylinder, ellipsoid, lathe, loft, mirrored, move, prism, ring_of, tube


def _around_x(pieces: list[Solid], pivot: ArrayLike, angle: float) -> list[Solid]:
    """Pieces swung about a hinge along x."""
    p, frame = np.asarray(pivot, float), turn("x", angle)
    return move([Solid(q.part, q.vertices - p, q.faces) for q in pieces], p, rotation=frame)


@kind("laptop", family="screen", names=("laptop", "notebook computer"), synonyms={
    "base": ("bottom", "foot", "stand"), "key": ("button", "keys"), "keyboard": ("keys", "key area"),
    "touchpad": ("trackpad", "touch surface"), "lid": ("cover", "top", "cap"), "screen": ("display", "monitor screen", "glass"),
    "camera": ("camera lens", "webcam"), "hinge": ("joint",), "port": ("socket", "connector")})  # fmt: skip
def laptop(u: Rng) -> list[Solid]:
    """Laptops opened at various angles or nearly closed."""
    w, d, thick, opened = u(0.6, 0.8), u(0.4, 0.52), u(0.02, 0.05), u.pick(u(1.6, 2.3), u(1.6, 2.3), u(0.2, 1.2), 3.0)
    pieces = [box("base", (0, 0, 0), (w, thick, d))]
    if u.chance(0.8):
        pieces += key_grid(
            "keyboard/key", w * 0.88, d * 0.42, (0, thick + 0.005, -d * 0.3), u.count(4, 6), u.count(9, 13), 0.012
        )
    else:
        pieces.append(box("keyboard", (0, thick, -d * 0.3), (w * 0.88, 0.012, d * 0.42)))
    if u.chance(0.9):
        pieces.append(box("touchpad", (0, thick, d * 0.6), (w * u(0.2, 0.35), 0.008, d * u(0.2, 0.28))))
    lid = [box("lid", (0, thick * 2, 0), (w, thick * 0.6, d)), box("screen", (0, thick * 1.4, 0), (w * 0.92, 0.008, d * 0.88))]
    if u.chance(0.3):
        lid.append(raised_disc("camera", (0, thick * 1.4, d * 0.94), 0.015, 0.01, "y", -1))
    pieces += _around_x(lid, (0, thick * 1.2, -d), -opened)
    pieces += [
        cylinder("hinge", (x * w * 0.6 - 0.1, thick * 1.2, -d), (x * w * 0.6 + 0.1, thick * 1.2, -d), thick * 0.9)
        for x in SIDES
    ]
    if u.chance(0.25):
        pieces += [box("port", (x * w, 0, z), (0.012, thick * 0.4, 0.03)) for x in SIDES for z in (-0.15, 0.0)]
    return pieces


def _screen(u: Rng, w: float, h: float, y: float, deep: float) -> list[Solid]:
    """Flat display with a frame."""
    edge = u(0.02, 0.06)
    pieces = [housing(u, "frame", (0, y, 0), (w, h, deep)), box("screen", (0, y, deep), (w - edge, h - edge, 0.012))]
    if u.chance(0.5):
        pieces.append(housing(u, "back", (0, y, -deep * 1.2), (w * u(0.4, 0.8), h * u(0.4, 0.8), deep)))
    return pieces


@kind("monitor", family="screen", names=("monitor", "computer screen", "display"), synonyms={
    "base": ("bottom", "foot", "stand"), "screen": ("display", "monitor screen", "glass"), "frame": ("bezel", "border", "rim"),
    "back": ("rear cover", "back cover", "back side"), "stand": ("support", "post", "pole"), "button": ("push button", "key"),
})  # fmt: skip
def monitor(u: Rng) -> list[Solid]:
    """Flat monitors on a stand and old tube monitors."""
    w, h, y = u(0.6, 0.95), u(0.38, 0.5), u(0.7, 0.9)
    if u.chance(0.25):
        w, deep = u(0.45, 0.55), u(0.4, 0.5)
        pieces = [
            box("frame", (0, y, 0), (w, w * 0.85, 0.1)),
            ellipsoid("screen", (0, y, 0.08), (w * 0.8, w * 0.65, 0.06), square=0.4),
        ]
        z = np.array([-0.05, -0.3, -0.8])
        sizes = np.array([0.95, 0.75, 0.5]) * w
        pieces.append(loft("back", [(0, y, q) for q in z], np.outer(sizes * 1.2, (1, 0, 0)), np.outer(sizes * 1.05, (0, 1, 0))))
        low = y - w * 0.85
        pieces += [lathe("base", [(deep * 0.8, 0), (deep * 0.7, 0.06), (0.15, 0.1), (0, 0.1)], (0, low - 0.15, -0.1))]
        return [*pieces, cylinder("stand", (0, low - 0.1, -0.1), (0, low + 0.05, -0.1), 0.15)]
    pieces, style = _screen(u, w, h, y, u(0.02, 0.05)), u.pick("post", "arch", "wedge")
    if style == "arch":
        pieces.append(tube("stand", [(-0.25, 0.02, 0.2), (0, y - h * 0.6, -0.1), (0.25, 0.02, 0.2)], 0.03))
    elif style == "wedge":
        stand = [(-0.1, 0), (0.1, 0), (0.06, y - h * 0.5), (-0.06, y - h * 0.5)]
        pieces.append(prism("stand", stand, 0.03, (0, 0, -0.08), turn("x", 0.05)))
    else:
        pieces.append(cylinder("stand", (0, 0.02, -0.08), (0, y, -0.08), u(0.03, 0.06)))
    size = u(0.2, 0.35)
    pieces.append(
        box("base", (0, 0.015, 0), (size * 1.2, 0.015, size * 0.8))
        if u.chance()
        else lathe("base", [(size, 0), (size * 0.9, 0.03), (0, 0.04)])
    )
    if u.chance(0.4):
        pieces += [raised_disc("button", (w * 0.6 + 0.06 * k, y - h + 0.015, 0.03), 0.014, 0.012) for k in range(4)]
    return pieces


@kind("tv", family="screen", names=("television", "tv", "tv set"), synonyms={
    "base": ("bottom", "foot", "stand"), "screen": ("display", "monitor screen", "glass"), "frame": ("bezel", "border", "rim"),
    "back": ("rear cover", "back cover", "back side"), "stand": ("support", "post", "pole"), "leg": ("foot", "support"),
    "speaker": ("loudspeaker", "sound holes"), "body": ("casing", "housing", "main body"),
    "knob": ("dial", "control knob", "turning knob"), "antenna": ("aerial",)})  # fmt: skip
def tv(u: Rng) -> list[Solid]:
    """Flat televisions on feet or a stand; vintage sets with knobs, antennas and legs."""
    if u.chance(0.5):
        w, h = u(0.9, 1.2), u(0.5, 0.65)
        pieces = _screen(u, w, h, h + 0.15, u(0.02, 0.04))
        if u.chance():
            for x in SIDES:
                pieces += [tube("leg", [(x * w * 0.7, 0.17, 0), (x * w * 0.7, 0, z)], 0.02) for z in (-0.2, 0.2)]
        else:
            pieces += [box("stand", (0, 0.1, 0), (0.12, 0.08, 0.03)), box("base", (0, 0.015, 0), (w * u(0.3, 0.6), 0.02, 0.18))]
        if u.chance(0.25):
            pieces.append(box("speaker", (0, 0.13, 0.06), (w * 0.8, 0.04, 0.05)))
        return pieces
    w, h, d, side = u(0.6, 0.8), u(0.42, 0.55), u(0.3, 0.45), u.chance(0.7)
    shift = -w * 0.22 if side else 0.0
    pieces = [housing(u, "body", (0, h, 0), (w, h, d))]
    pieces.append(ellipsoid("screen", (shift, h, d), (w * (0.68 if side else 0.85), h * 0.82, 0.05), square=u(0.25, 0.5)))
    if side:
        pieces += [raised_disc("knob", (w * 0.75, h * y, d), 0.07, 0.06) for y in (1.6, 1.2)]
        pieces += [box("speaker", (w * 0.75, h * y, d), (w * 0.15, 0.015, 0.015)) for y in (0.4, 0.55, 0.7)]
    if u.chance(0.75):
        pieces += [tube("antenna", [(0, 2 * h, 0), (x * u(0.3, 0.5), 2 * h + u(0.4, 0.7), -0.1)], 0.014) for x in SIDES]
        pieces.append(ellipsoid("antenna", (0, 2 * h, 0), (0.12, 0.05, 0.1)))
    if u.chance(0.6):
        pieces += mirrored(tube, "leg", [(w * 0.7, 0.03, d * 0.7), (w * 0.85, -0.3, d * 0.85)], [0.035, 0.02], axes="xz")
    return pieces


@kind("phone", family="phone", names=("phone", "smartphone", "telephone", "cell phone"), synonyms={
    "lid": ("cover", "top", "cap"), "screen": ("display", "monitor screen", "glass"), "camera": ("camera lens", "webcam"),
    "hinge": ("joint",), "button": ("push button", "key"), "body": ("casing", "housing", "main body"), "antenna": ("aerial",),
    "dial": ("rotary dial", "knob"), "hole": ("finger hole",), "receiver": ("handset", "feed horn"), "cradle": ("hook", "rest"),
    "cord": ("cable", "wire", "power cord")})  # fmt: skip
def phone(u: Rng) -> list[Solid]:
    """Smartphones, button phones, flip phones and old desk telephones with a receiver."""
    style = u.pick("smart", "smart", "buttons", "flip", "desk")
    w, h, d = u(0.36, 0.45), u(0.75, 0.9), u(0.03, 0.06)
    if style == "smart":
        pieces = [
            housing(u, "body", (0, h, 0), (w, h, d)),
            box("screen", (0, h, d * 0.9), (w * 0.93, h * u(0.82, 0.95), d * 0.2)),
        ]
        x, n = u.pick(-0.55, 0.0) * w, u.count(1, 3)
        if u.chance(0.6):
            pieces.append(box("camera", (x, h * 1.7, -d), (0.12, 0.13, 0.015)))
        pieces += [
            raised_disc("camera", (x + 0.05 * (-1) ** k, h * 1.7 + 0.08 * (k - 1), -d), 0.045, 0.035, sign=-1.0)
            for k in range(n)
        ]
        pieces += [box("button", (w, h * y, 0), (0.012, 0.06, d * 0.4)) for y in (1.35, 1.15)[: u.count(1, 2)]]
        if u.chance(0.35):
            pieces.append(raised_disc("button", (0, h * 0.09, d), 0.05, 0.012))
        return pieces
    if style == "desk":
        return _desk_phone(u)
    d *= 2
    low = [housing(u, "body", (0, h * 0.5, 0), (w, h * 0.5, d))]
    keys = key_grid("button", w * 0.85, h * 0.36, (0, 0, 0), u.count(4, 5), 3, 0.025)
    low += move(keys, (0, h * 0.42, d), rotation=turn("x", QUARTER))
    high = [
        housing(u, "body" if style == "buttons" else "lid", (0, h * 1.5, 0), (w, h * 0.52, d)),
        box("screen", (0, h * 1.5, d), (w * 0.8, h * 0.36, 0.012)),
    ]
    if style == "flip":
        high = _around_x(high, (0, h, d), u(-0.2, 0.6))
        low.append(cylinder("hinge", (-w * 0.9, h, d * 0.6), (w * 0.9, h, d * 0.6), d * 0.7))
    if u.chance(0.6):
        low.append(cylinder("antenna", (w * 0.7, h * 1.9, -d * 0.4), (w * 0.7, h * 2 + u(0.15, 0.4), -d * 0.4), 0.04))
    return low + high


def _desk_phone(u: Rng) -> list[Solid]:
    w, d, h = u(0.4, 0.5), u(0.35, 0.45), u(0.22, 0.32)
    slope = [(-d, 0), (d, 0), (d, 0.1), (-d * 0.3, 2 * h), (-d, 2 * h)]
    pieces = [prism("body", slope, w, rotation=turn("y", -QUARTER))]
    tilt = float(np.arctan2(2 * h - 0.1, 1.3 * d))
    face = (
        [raised_disc("dial", (0, 0, 0), 0.22, 0.04, "y")]
        if u.chance()
        else key_grid("button", 0.2, 0.2, (0, 0.01, 0), 4, 3, 0.03)
    )
    if u.chance() and face[0].part == "dial":
        face += ring_of(10, raised_disc, "dial/hole", (0.15, 0.035, 0), 0.03, 0.012, "y")
    pieces += move(face, (0, h + 0.06, 0.35 * d), rotation=turn("x", tilt))
    y, long = 2 * h + 0.1, w * u(1.1, 1.3)
    pieces.append(tube("receiver", bezier((-long, y, -0.65 * d), (0, y + 0.16, -0.65 * d), (long, y, -0.65 * d)), 0.055))
    pieces += mirrored(cylinder, "receiver", (long, y + 0.04, -0.65 * d), (long, y - 0.07, -0.65 * d), 0.11)
    pieces += mirrored(box, "cradle", (w * 0.5, 2 * h + 0.05, -0.65 * d), (0.03, 0.08, 0.08))
    if u.chance(0.6):
        coil = helix(0.03, 0.5, 9)[:, [1, 0, 2]] * (1, 1, 1) + (-w - 0.55, 0.05, -0.3)
        pieces += [tube("cord", coil, 0.012), tube("cord", [(-w - 0.55, 0.05, -0.3), (-long, y - 0.05, -0.65 * d)], 0.012)]
    return pieces


@kind("tablet", family="screen", names=("tablet", "tablet computer"), synonyms={
    "screen": ("display", "monitor screen", "glass"), "camera": ("camera lens", "webcam"), "stand": ("support", "post", "pole"),
    "button": ("push button", "key"), "body": ("casing", "housing", "main body"), "pen": ("stylus",)})  # fmt: skip
def tablet(u: Rng) -> list[Solid]:
    """Tablets lying, standing or on a kickstand, sometimes with a pen."""
    w, h, d = u(0.5, 0.7), u(0.7, 0.9), u(0.015, 0.035)
    edge = u(0.03, 0.09)
    flat = [housing(u, "body", (0, h, 0), (w, h, d)), box("screen", (0, h, d), (w - edge, h - edge, 0.006))]
    if u.chance(0.6):
        flat.append(raised_disc("button", (0, edge * 0.5, d), edge * 0.4, 0.01))
    flat.append(raised_disc("camera", (w * 0.75, h * 1.85, -d), 0.05, 0.02, sign=-1.0))
    if u.chance():
        return flat
    lean = u(0.2, 0.5)
    pieces = _around_x(flat, (0, 0, 0), -lean)
    if u.chance(0.6):
        top, back = 1.2 * h * np.cos(lean), 1.2 * h * np.sin(lean)
        pieces += mirrored(tube, "stand", [(w * 0.4, top, -back), (w * 0.5, 0.02, -back - 0.4)], 0.025)
    else:
        pieces.append(tube("pen", [(w + 0.1, 0.02, 0.3), (w + 0.1, 0.02, -0.4)], 0.025))
    return pieces


@kind("keyboard", family="keyboard", names=("keyboard", "computer keyboard"), synonyms={
    "key": ("button", "keys"), "space bar": ("space key",), "body": ("casing", "housing", "main body"),
    "cable": ("cord", "wire"), "foot": ("leg", "stand")})  # fmt: skip
def keyboard(u: Rng) -> list[Solid]:
    """Computer keyboards with or without number block."""
    w, d, thick, rows = u(0.8, 1.1), u(0.25, 0.36), u(0.02, 0.05), u.count(4, 6)
    pieces = [housing(u, "body", (0, 0, 0), (w, thick, d))]
    block, y = u.chance(0.6), thick + 0.01
    main = w * (0.7 if block else 0.93)
    high = u(0.015, 0.035)
    pieces += key_grid("key", main, d * 0.68, (main - w + 0.04, y, -d * 0.1), rows - 1, u.count(11, 14), high)
    if block:
        pieces += key_grid("key", w * 0.22, d * 0.68, (w * 0.74, y, -d * 0.1), rows - 1, 4, high)
    x = main - w + 0.04
    pieces += [box("key/space bar", (x, y, d * 0.75), (main * 0.4, high, d * 0.12))]
    pieces += [
        piece
        for side in SIDES
        for piece in key_grid("key", main * 0.26, d * 0.13, (x + side * main * 0.7, y, d * 0.75), 1, 3, high)
    ]
    if u.chance(0.4):
        pieces += [tube("cable", bezier((0, 0, -d), (0.1, 0, -d - 0.3), (-0.3, 0, -d - 0.5)), 0.014)]
    if u.chance(0.4):
        pieces += mirrored(box, "foot", (w * 0.8, -thick * 1.6, -d * 0.8), (0.06, thick * 0.9, 0.02))
        pieces = _around_x(pieces, (0, 0, d), u(0.03, 0.15))
    return pieces


@kind("computer mouse", family="mouse", names=("computer mouse", "mouse"), synonyms={
    "button": ("push button", "key"), "body": ("casing", "housing", "main body"), "cable": ("cord", "wire"),
    "scroll wheel": ("mouse wheel", "wheel"), "side button": ("squeeze button", "thumb button")})  # fmt: skip
def computer_mouse(u: Rng) -> list[Solid]:
    """Computer mice: with wheel and two buttons, wired or not."""
    w, h, d = u(0.28, 0.38), u(0.15, 0.26), u(0.5, 0.62)
    t = np.linspace(-1, 1, 22)
    half = w * (1 - np.abs(t) ** u(3, 6)) ** 0.5 * (1 - 0.12 * np.cos(2 * t))
    top = h * 2 * np.sqrt(np.clip(1 - np.abs(t + 0.15) ** 2.2 / 1.4, 0.02, 1))
    zero = np.zeros_like(t)
    skin = loft("body", np.stack([zero, zero, t * d], 1), np.stack([half, zero, zero], 1), np.stack([zero, top, zero], 1))
    pieces = [Solid("body", np.maximum(skin.vertices, (-9, 0, -9)), skin.faces)]
    front = t > u(0.0, 0.15)
    for x in SIDES:
        path = np.stack([x * half[front] * 0.48, top[front] * 0.86 + 0.012, t[front] * d], 1)
        a = np.stack([half[front] * 0.42, -x * top[front] * 0.1, zero[front]], 1)
        pieces.append(loft("button", path, a, np.tile([0, 0.03, 0], (len(path), 1))))
    y = float(np.interp(0.45, t, top))
    if u.chance(0.85):
        pieces.append(lathe("scroll wheel", [(0.07, -0.03), (0.08, 0), (0.07, 0.03)], (0, y * 0.97, 0.45 * d), "x"))
    if u.chance(0.55):
        cable = bezier((0, 0.06, d * 0.95), (0, 0.05, d + 0.4), (0.4, 0.02, d + 0.5), (0.3, 0.02, d + 0.9))
        pieces.append(tube("cable", cable, 0.022))
    if u.chance(0.35):
        pieces += [ellipsoid("button/side button", (w * 0.9, h * 0.9, z), (0.05, 0.03, 0.07)) for z in (-0.05, 0.12)]
    return pieces


@kind("printer", family="printer", names=("printer", "copier"), synonyms={
    "lid": ("cover", "top", "cap"), "button": ("push button", "key"), "body": ("casing", "housing", "main body"),
    "handle": ("hold", "hand hold"), "control panel": ("panel", "controls"), "opening": ("slot", "paper outlet"),
    "paper tray": ("tray", "paper holder"), "paper": ("sheet",), "drawer": ("compartment", "tray")})  # fmt: skip
def printer(u: Rng) -> list[Solid]:
    """Desktop printers and copiers: trays, scanner lid, control panel, paper."""
    w, h, d = u(0.5, 0.7), u(0.2, 0.4), u(0.35, 0.5)
    pieces = [housing(u, "body", (0, h, 0), (w, h, d))]
    if u.chance(0.7):
        pieces.append(ellipsoid("lid", (0, 2 * h + 0.04, -0.02), (w * 0.98, 0.07, d * 0.95), square=0.2))
    slope = turn("x", u(0.2, 0.6))
    pieces.append(box("control panel", (w * u(-0.3, 0.5), 1.85 * h, d), (w * 0.35, 0.015, 0.1), slope))
    pieces.append(raised_disc("button", (w * 0.8, 1.7 * h, d), 0.025, 0.03))
    pieces.append(box("opening", (0, h * 0.8, d), (w * 0.75, h * 0.18, 0.012)))
    pieces.append(box("paper tray", (0, h * 0.6, d + 0.18), (w * 0.65, 0.015, 0.2)))
    if u.chance(0.6):
        pieces.append(box("paper", (0, h * 0.68, d + u(0.08, 0.2)), (w * 0.5, 0.01, 0.2)))
    if u.chance(0.6):
        lean = turn("x", -u(0.2, 0.6))
        pieces.append(box("paper tray", (0, 2 * h + 0.22, -d * 0.95), (w * 0.6, 0.26, 0.015), lean))
        pieces.append(box("paper", (0, 2 * h + 0.3, -d * 0.9), (w * 0.5, 0.3, 0.01), lean))
    if u.chance(0.3):
        pieces += [
            box("drawer", (0, -0.12, 0), (w * 0.97, 0.12, d * 0.97)),
            box("drawer/handle", (0, -0.1, d), (w * 0.2, 0.025, 0.03)),
        ]
    return pieces


@kind("calculator", family="keyboard", names=("calculator", "pocket calculator"), synonyms={
    "screen": ("display", "monitor screen", "glass"), "button": ("push button", "key"),
    "body": ("casing", "housing", "main body"), "paper": ("sheet",), "solar cell": ("light cell",)})  # fmt: skip
def calculator(u: Rng) -> list[Solid]:
    """Pocket and desk calculators, card terminals."""
    w, d, thick, lean = u(0.4, 0.55), u(0.6, 0.8), u(0.04, 0.1), u(0, 0.3)
    share = u(0.18, 0.28)
    pieces = [housing(u, "body", (0, 0, 0), (w, thick, d))]
    pieces.append(box("screen", (0, thick, -d * (0.95 - share)), (w * 0.85, 0.015, d * share * 0.8)))
    pieces += key_grid(
        "button", w * 0.88, d * (0.9 - share), (0, thick + 0.01, d * share * 0.9), u.count(4, 7), u.count(3, 5), u(0.015, 0.035)
    )
    if u.chance(0.4):
        pieces.append(box("solar cell", (w * 0.4, thick + 0.005, -d * 0.95), (w * 0.4, 0.01, d * 0.035)))
    if u.chance(0.2):
        pieces.append(box("paper", (0, thick + 0.2, -d), (w * 0.5, 0.25, 0.01), turn("x", -0.4)))
    return move(pieces, rotation=turn("x", lean))
