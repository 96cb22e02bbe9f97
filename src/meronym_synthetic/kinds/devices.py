"""Electronics, household machines and instruments."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from meronym_synthetic.kit import (
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
    helix,
    lathe,
    loft,
    move,
    plate,
    prism,
    tube,
    turn,
)

QUARTER = np.pi / 2


def _case(u: Dice, part: str, centre: ArrayLike, half: ArrayLike) -> Piece:
    """Housing: a box, more or less rounded."""
    return box(part, centre, half) if u.chance(0.4) else ellipsoid(part, centre, half, square=u(0.12, 0.3))


def _disc(part: str, centre: ArrayLike, r: float, thick: float, axis: str = "z", sign: float = 1.0) -> Piece:
    """Knob, lens or button standing out of a surface."""
    return lathe(part, [(r, 0), (r, sign * thick * 0.8), (r * 0.85, sign * thick), (0, sign * thick)], centre, axis)


def _keys(part: str, w: float, d: float, centre: ArrayLike, rows: int, columns: int, high: float = 0.02) -> list[Piece]:
    """Keys on a horizontal 2w x 2d field."""
    c, pieces = np.asarray(centre, float), []
    for i in range(rows):
        for j in range(columns):
            spot = np.add(c, ((2 * j + 1 - columns) * w / columns, 0, (2 * i + 1 - rows) * d / rows))
            pieces.append(box(part, spot, (w / columns * 0.82, high, d / rows * 0.8), n=1))
    return pieces


def _around_x(pieces: list[Piece], pivot: ArrayLike, angle: float) -> list[Piece]:
    """Pieces swung about a hinge along x."""
    p, frame = np.asarray(pivot, float), turn("x", angle)
    return move([Piece(q.part, q.vertices - p, q.faces) for q in pieces], p, rotation=frame)


def laptop(u: Dice) -> list[Piece]:
    """Laptops opened at various angles or nearly closed."""
    w, d, thick, opened = u(0.6, 0.8), u(0.4, 0.52), u(0.02, 0.05), u.pick(u(1.6, 2.3), u(1.6, 2.3), u(0.2, 1.2), 3.0)
    pieces = [box("base", (0, 0, 0), (w, thick, d))]
    if u.chance(0.8):
        pieces += _keys("keyboard/key", w * 0.88, d * 0.42, (0, thick + 0.005, -d * 0.3), u.count(4, 6), u.count(9, 13), 0.012)
    else:
        pieces.append(box("keyboard", (0, thick, -d * 0.3), (w * 0.88, 0.012, d * 0.42)))
    if u.chance(0.9):
        pieces.append(box("touchpad", (0, thick, d * 0.6), (w * u(0.2, 0.35), 0.008, d * u(0.2, 0.28))))
    lid = [box("lid", (0, thick * 2, 0), (w, thick * 0.6, d)), box("screen", (0, thick * 1.4, 0), (w * 0.92, 0.008, d * 0.88))]
    if u.chance(0.3):
        lid.append(_disc("camera", (0, thick * 1.4, d * 0.94), 0.015, 0.01, "y", -1))
    pieces += _around_x(lid, (0, thick * 1.2, -d), -opened)
    pieces += [
        cylinder("hinge", (x * w * 0.6 - 0.1, thick * 1.2, -d), (x * w * 0.6 + 0.1, thick * 1.2, -d), thick * 0.9)
        for x in SIDES
    ]
    if u.chance(0.25):
        pieces += [box("port", (x * w, 0, z), (0.012, thick * 0.4, 0.03)) for x in SIDES for z in (-0.15, 0.0)]
    return pieces


def _screen(u: Dice, w: float, h: float, y: float, deep: float) -> list[Piece]:
    """Flat display with a frame."""
    edge = u(0.02, 0.06)
    pieces = [_case(u, "frame", (0, y, 0), (w, h, deep)), box("screen", (0, y, deep), (w - edge, h - edge, 0.012))]
    if u.chance(0.5):
        pieces.append(_case(u, "back", (0, y, -deep * 1.2), (w * u(0.4, 0.8), h * u(0.4, 0.8), deep)))
    return pieces


def monitor(u: Dice) -> list[Piece]:
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
        pieces.append(
            prism(
                "stand", [(-0.1, 0), (0.1, 0), (0.06, y - h * 0.5), (-0.06, y - h * 0.5)], 0.03, (0, 0, -0.08), turn("x", 0.05)
            )
        )
    else:
        pieces.append(cylinder("stand", (0, 0.02, -0.08), (0, y, -0.08), u(0.03, 0.06)))
    size = u(0.2, 0.35)
    pieces.append(
        box("base", (0, 0.015, 0), (size * 1.2, 0.015, size * 0.8))
        if u.chance()
        else lathe("base", [(size, 0), (size * 0.9, 0.03), (0, 0.04)])
    )
    if u.chance(0.4):
        pieces += [_disc("button", (w * 0.6 + 0.06 * k, y - h + 0.015, 0.03), 0.014, 0.012) for k in range(4)]
    return pieces


def tv(u: Dice) -> list[Piece]:
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
    pieces = [_case(u, "body", (0, h, 0), (w, h, d))]
    pieces.append(ellipsoid("screen", (shift, h, d), (w * (0.68 if side else 0.85), h * 0.82, 0.05), square=u(0.25, 0.5)))
    if side:
        pieces += [_disc("knob", (w * 0.75, h * y, d), 0.07, 0.06) for y in (1.6, 1.2)]
        pieces += [box("speaker", (w * 0.75, h * y, d), (w * 0.15, 0.015, 0.015)) for y in (0.4, 0.55, 0.7)]
    if u.chance(0.75):
        pieces += [tube("antenna", [(0, 2 * h, 0), (x * u(0.3, 0.5), 2 * h + u(0.4, 0.7), -0.1)], 0.014) for x in SIDES]
        pieces.append(ellipsoid("antenna", (0, 2 * h, 0), (0.12, 0.05, 0.1)))
    if u.chance(0.6):
        pieces += [
            tube("leg", [(x * w * 0.7, 0.03, z * d * 0.7), (x * w * 0.85, -0.3, z * d * 0.85)], [0.035, 0.02])
            for x in SIDES
            for z in SIDES
        ]
    return pieces


def phone(u: Dice) -> list[Piece]:
    """Smartphones, button phones, flip phones and old desk telephones with a receiver."""
    style = u.pick("smart", "smart", "buttons", "flip", "desk")
    w, h, d = u(0.36, 0.45), u(0.75, 0.9), u(0.03, 0.06)
    if style == "smart":
        pieces = [
            _case(u, "body", (0, h, 0), (w, h, d)),
            box("screen", (0, h, d * 0.9), (w * 0.93, h * u(0.82, 0.95), d * 0.2)),
        ]
        x, n = u.pick(-0.55, 0.0) * w, u.count(1, 3)
        if u.chance(0.6):
            pieces.append(box("camera", (x, h * 1.7, -d), (0.12, 0.13, 0.015)))
        pieces += [
            _disc("camera", (x + 0.05 * (-1) ** k, h * 1.7 + 0.08 * (k - 1), -d), 0.045, 0.035, sign=-1.0) for k in range(n)
        ]
        pieces += [box("button", (w, h * y, 0), (0.012, 0.06, d * 0.4)) for y in (1.35, 1.15)[: u.count(1, 2)]]
        if u.chance(0.35):
            pieces.append(_disc("button", (0, h * 0.09, d), 0.05, 0.012))
        return pieces
    if style == "desk":
        return _desk_phone(u)
    d *= 2
    low = [_case(u, "body", (0, h * 0.5, 0), (w, h * 0.5, d))]
    keys = _keys("button", w * 0.85, h * 0.36, (0, 0, 0), u.count(4, 5), 3, 0.025)
    low += move(keys, (0, h * 0.42, d), rotation=turn("x", QUARTER))
    high = [
        _case(u, "body" if style == "buttons" else "lid", (0, h * 1.5, 0), (w, h * 0.52, d)),
        box("screen", (0, h * 1.5, d), (w * 0.8, h * 0.36, 0.012)),
    ]
    if style == "flip":
        high = _around_x(high, (0, h, d), u(-0.2, 0.6))
        low.append(cylinder("hinge", (-w * 0.9, h, d * 0.6), (w * 0.9, h, d * 0.6), d * 0.7))
    if u.chance(0.6):
        low.append(cylinder("antenna", (w * 0.7, h * 1.9, -d * 0.4), (w * 0.7, h * 2 + u(0.15, 0.4), -d * 0.4), 0.04))
    return low + high


def _desk_phone(u: Dice) -> list[Piece]:
    w, d, h = u(0.4, 0.5), u(0.35, 0.45), u(0.22, 0.32)
    slope = [(-d, 0), (d, 0), (d, 0.1), (-d * 0.3, 2 * h), (-d, 2 * h)]
    pieces = [prism("body", slope, w, rotation=turn("y", -QUARTER))]
    tilt = float(np.arctan2(2 * h - 0.1, 1.3 * d))
    face = [_disc("dial", (0, 0, 0), 0.22, 0.04, "y")] if u.chance() else _keys("button", 0.2, 0.2, (0, 0.01, 0), 4, 3, 0.03)
    if u.chance() and face[0].part == "dial":
        face += [_disc("dial/hole", (0.15 * c, 0.035, 0.15 * s), 0.03, 0.012, "y") for c, s in around(10)]
    pieces += move(face, (0, h + 0.06, 0.35 * d), rotation=turn("x", tilt))
    y, long = 2 * h + 0.1, w * u(1.1, 1.3)
    pieces.append(tube("receiver", bezier((-long, y, -0.65 * d), (0, y + 0.16, -0.65 * d), (long, y, -0.65 * d)), 0.055))
    pieces += [cylinder("receiver", (x * long, y + 0.04, -0.65 * d), (x * long, y - 0.07, -0.65 * d), 0.11) for x in SIDES]
    pieces += [box("cradle", (x * w * 0.5, 2 * h + 0.05, -0.65 * d), (0.03, 0.08, 0.08)) for x in SIDES]
    if u.chance(0.6):
        coil = helix(0.03, 0.5, 9)[:, [1, 0, 2]] * (1, 1, 1) + (-w - 0.55, 0.05, -0.3)
        pieces += [tube("cord", coil, 0.012), tube("cord", [(-w - 0.55, 0.05, -0.3), (-long, y - 0.05, -0.65 * d)], 0.012)]
    return pieces


def tablet(u: Dice) -> list[Piece]:
    """Tablets lying, standing or on a kickstand, sometimes with a pen."""
    w, h, d = u(0.5, 0.7), u(0.7, 0.9), u(0.015, 0.035)
    edge = u(0.03, 0.09)
    flat = [_case(u, "body", (0, h, 0), (w, h, d)), box("screen", (0, h, d), (w - edge, h - edge, 0.006))]
    if u.chance(0.6):
        flat.append(_disc("button", (0, edge * 0.5, d), edge * 0.4, 0.01))
    flat.append(_disc("camera", (w * 0.75, h * 1.85, -d), 0.05, 0.02, sign=-1.0))
    if u.chance():
        return flat
    lean = u(0.2, 0.5)
    pieces = _around_x(flat, (0, 0, 0), -lean)
    if u.chance(0.6):
        top, back = 1.2 * h * np.cos(lean), 1.2 * h * np.sin(lean)
        pieces += [tube("stand", [(x * w * 0.4, top, -back), (x * w * 0.5, 0.02, -back - 0.4)], 0.025) for x in SIDES]
    else:
        pieces.append(tube("pen", [(w + 0.1, 0.02, 0.3), (w + 0.1, 0.02, -0.4)], 0.025))
    return pieces


def keyboard(u: Dice) -> list[Piece]:
    """Computer keyboards with or without number block."""
    w, d, thick, rows = u(0.8, 1.1), u(0.25, 0.36), u(0.02, 0.05), u.count(4, 6)
    pieces = [_case(u, "body", (0, 0, 0), (w, thick, d))]
    block, y = u.chance(0.6), thick + 0.01
    main = w * (0.7 if block else 0.93)
    high = u(0.015, 0.035)
    pieces += _keys("key", main, d * 0.68, (main - w + 0.04, y, -d * 0.1), rows - 1, u.count(11, 14), high)
    if block:
        pieces += _keys("key", w * 0.22, d * 0.68, (w * 0.74, y, -d * 0.1), rows - 1, 4, high)
    x = main - w + 0.04
    pieces += [box("key/space bar", (x, y, d * 0.75), (main * 0.4, high, d * 0.12))]
    pieces += [
        piece
        for side in SIDES
        for piece in _keys("key", main * 0.26, d * 0.13, (x + side * main * 0.7, y, d * 0.75), 1, 3, high)
    ]
    if u.chance(0.4):
        pieces += [tube("cable", bezier((0, 0, -d), (0.1, 0, -d - 0.3), (-0.3, 0, -d - 0.5)), 0.014)]
    if u.chance(0.4):
        pieces += [box("foot", (s * w * 0.8, -thick * 1.6, -d * 0.8), (0.06, thick * 0.9, 0.02)) for s in SIDES]
        pieces = _around_x(pieces, (0, 0, d), u(0.03, 0.15))
    return pieces


def computer_mouse(u: Dice) -> list[Piece]:
    """Computer mice: with wheel and two buttons, wired or not."""
    w, h, d = u(0.28, 0.38), u(0.15, 0.26), u(0.5, 0.62)
    t = np.linspace(-1, 1, 22)
    half = w * (1 - np.abs(t) ** u(3, 6)) ** 0.5 * (1 - 0.12 * np.cos(2 * t))
    top = h * 2 * np.sqrt(np.clip(1 - np.abs(t + 0.15) ** 2.2 / 1.4, 0.02, 1))
    zero = np.zeros_like(t)
    skin = loft("body", np.stack([zero, zero, t * d], 1), np.stack([half, zero, zero], 1), np.stack([zero, top, zero], 1))
    pieces = [Piece("body", np.maximum(skin.vertices, (-9, 0, -9)), skin.faces)]
    front = t > u(0.0, 0.15)
    for x in SIDES:
        path = np.stack([x * half[front] * 0.48, top[front] * 0.86 + 0.012, t[front] * d], 1)
        a = np.stack([half[front] * 0.42, -x * top[front] * 0.1, zero[front]], 1)
        pieces.append(loft("button", path, a, np.tile([0, 0.03, 0], (len(path), 1))))
    y = float(np.interp(0.45, t, top))
    if u.chance(0.85):
        pieces.append(lathe("scroll wheel", [(0.07, -0.03), (0.08, 0), (0.07, 0.03)], (0, y * 0.97, 0.45 * d), "x"))
    if u.chance(0.55):
        pieces.append(
            tube("cable", bezier((0, 0.06, d * 0.95), (0, 0.05, d + 0.4), (0.4, 0.02, d + 0.5), (0.3, 0.02, d + 0.9)), 0.022)
        )
    if u.chance(0.35):
        pieces += [ellipsoid("button/side button", (w * 0.9, h * 0.9, z), (0.05, 0.03, 0.07)) for z in (-0.05, 0.12)]
    return pieces


def game_controller(u: Dice) -> list[Piece]:
    """Gamepads with handles, flat retro pads, joysticks."""
    style = u.pick("pad", "pad", "pad", "retro", "joystick")
    if style == "joystick":
        w, tall = u(0.3, 0.45), u(0.5, 0.8)
        pieces = [
            _case(u, "base", (0, 0.08, 0), (w, 0.09, w * u(0.9, 1.2))),
            lathe("base", [(0.15, 0), (0.08, 0.08), (0, 0.1)], (0, 0.15, 0)),
        ]
        pieces += [
            tube("stick", [(0, 0.1, 0), (0, tall * 0.6, 0.02), (0, tall, 0.06)], [0.04, 0.06, 0.08])
            if u.chance()
            else cylinder("stick", (0, 0.1, 0), (0, tall, 0), 0.03)
        ]
        pieces += [
            ellipsoid("stick/knob", (0, tall, 0.04), u(0.08, 0.11)),
            _disc("button", (w * 0.6, 0.16, w * 0.6), 0.07, 0.05, "y"),
        ]
        if u.chance():
            pieces.append(ellipsoid("trigger", (0, tall * 0.75, 0.13), (0.03, 0.07, 0.05)))
        return pieces + [_disc("button", (-w * 0.6, 0.16, w * 0.6), 0.07, 0.05, "y")] * u.chance()
    w, d, h, y = u(0.5, 0.65), u(0.26, 0.34), u(0.09, 0.14), 0.0
    pieces = [ellipsoid("body", (0, 0, 0), (w, h, d), square=0.15 if style == "retro" else u(0.4, 0.7))]
    y = h * 0.95
    cross = [
        box("direction pad", (-w * 0.62, y, -0.02), (0.1, 0.03, 0.032)),
        box("direction pad", (-w * 0.62, y, -0.02), (0.032, 0.03, 0.1)),
    ]
    if style == "retro":
        return [*pieces, *cross, *(_disc("button", (w * x, y, 0.05 * (0.5 - x) + 0.03), 0.06, 0.04, "y") for x in (0.45, 0.72)),
                *(ellipsoid("button", (x * 0.08, y, 0.05), (0.06, 0.025, 0.02)) for x in SIDES)]  # fmt: skip
    spread, drop, back = w * u(0.8, 1.0), u(0.05, 0.2), u(0.35, 0.55)
    for x in SIDES:
        pieces.append(
            tube(
                "body/handle",
                bezier((x * w * 0.7, -0.02, 0), (x * spread, -0.02, back * 0.6), (x * spread * 1.08, -drop, back + 0.15)),
                u(0.11, 0.14),
            )
        )
        pieces.append(ellipsoid("button/shoulder button", (x * w * 0.65, h * 0.5, -d * 0.95), (0.16, 0.035, 0.05)))
        pieces.append(ellipsoid("trigger", (x * w * 0.65, -h * 0.1, -d * 1.05), (0.11, 0.07, 0.09)))
    low = d * 0.45
    sticks = [(-w * 0.32, low), (w * 0.32, low)] if u.chance() else [(-w * 0.62, -0.05), (w * 0.3, low)]
    for x, z in sticks:
        pieces.append(cylinder("thumbstick", (x, h * 0.6, z), (x, y + 0.08, z), 0.035))
        pieces.append(
            lathe("thumbstick", [(0.06, 0), (0.085, 0.015), (0.085, 0.03), (0.05, 0.022), (0, 0.02)], (x, y + 0.07, z))
        )
    if sticks[0][1] != low:
        cross = move(cross, (w * 0.3, 0, low))
    pieces += cross
    pieces += [ellipsoid("button", (w * 0.62 + 0.09 * c, y, -0.03 + 0.09 * s), (0.038, 0.035, 0.038)) for c, s in around(4)]
    pieces += [ellipsoid("button/menu button", (x * 0.12, y, -0.08), (0.035, 0.02, 0.018)) for x in SIDES]
    if u.chance(0.35):
        pieces.append(box("touchpad", (0, y, -0.1), (0.17, 0.02, 0.09)))
    if u.chance(0.3):
        pieces.append(tube("cable", bezier((0, 0, -d), (0, 0, -d - 0.4), (0.4, -0.1, -d - 0.6)), 0.02))
    return pieces


def vr_controller(u: Dice) -> list[Piece]:
    """Motion controllers: ring above, below or none; long wands with a hoop head; glowing ball on a stick."""
    style, lean, r = u.pick("ring", "ring", "ring", "plain", "wand", "wand", "ball"), u(0.2, 0.7), u(0.11, 0.15)
    long, end = u(0.6, 0.85), turn("x", lean)
    pieces = []
    if style in ("wand", "ball"):
        t = np.linspace(0, 1, 7)
        shape = r * np.interp(t, [0, 0.3, 0.6, 1], [0.95, u(0.75, 0.9), 0.95, 1.15])
        pieces.append(tube("body/handle", np.outer(1 - t, (0, 0, -1.1)), shape, flat=u(0.7, 0.95)))
        if style == "ball":
            pieces.append(ellipsoid("ball", (0, 0, 0.18), u(0.18, 0.24)))
            pieces += [ellipsoid("button", (0, r * 0.85, -0.3), (0.06, 0.03, 0.07))]
            pieces += [
                ellipsoid("button", (x * 0.08, r * 0.7, -0.3 + z), (0.03, 0.025, 0.03)) for x in SIDES for z in (-0.07, 0.08)
            ]
        else:
            size, tilt = u(0.26, 0.36), u(0.3, 0.9)
            hoop = arc((0, 0, 0), size, size * u(0.8, 1), 0, 2 * np.pi, "xz", 33) @ turn("x", tilt).T
            pieces += [
                tube("ring", np.add(hoop, (0, -size * np.sin(tilt) * 0.8, 0.05 + size * 0.8)), u(0.07, 0.1), flat=u(0.6, 1.2))
            ]
            pieces.append(ellipsoid("body", (0, 0, -0.05), (r * 1.15, r * 0.8, 0.22)))
            pieces.append(_disc("touchpad", (0, r * 0.72, -0.22), r * 0.8, 0.04, "y"))
            pieces.append(ellipsoid("button/menu button", (0, r * 0.8, -0.02), (0.03, 0.025, 0.03)))
            pieces.append(ellipsoid("button", (0, r * 0.75, -0.42), (0.035, 0.025, 0.035)))
        pieces.append(ellipsoid("trigger", (0, -r * 0.9, -0.22), (r * 0.4, 0.08, 0.1), turn("x", 0.4)))
        pieces += [ellipsoid("button/side button", (x * r * 0.85, -0.02, -0.5), (0.025, 0.05, 0.14)) for x in SIDES]
        return pieces
    handle = [(0, -0.05, 0), (0, -long * 0.5, -0.02), (0, -long, 0.0)] @ end.T
    pieces.append(tube("body/handle", handle, [r * 1.05, r, r * u(0.8, 1.1)], flat=u(0.8, 1.1)))
    size, flat = u(0.2, 0.27), u(0.07, 0.11)
    face = [ellipsoid("body", (0, 0, 0.04), (size, flat, size * u(1, 1.3)), square=u(0.7, 1))]
    top, side = flat * 0.9, u.pick(-1.0, 1.0)
    face.append(cylinder("thumbstick", (side * size * 0.35, 0, 0.08), (side * size * 0.35, top + 0.07, 0.08), 0.03))
    face.append(
        lathe("thumbstick", [(0.05, 0), (0.075, 0.02), (0.075, 0.035), (0, 0.025)], (side * size * 0.35, top + 0.06, 0.08))
    )
    for z in (0.1, -0.05):
        face.append(_disc("button", (-side * size * 0.35, top * 0.85, z), 0.04, 0.04, "y"))
    if u.chance(0.7):
        face.append(_disc("button/menu button", (side * size * 0.25, top * 0.85, -0.12), 0.022, 0.03, "y"))
    if u.chance(0.25):
        face.append(ellipsoid("touchpad", (-side * size * 0.1, top * 0.9, -0.08), (0.05, 0.02, 0.09)))
    face.append(ellipsoid("trigger", (0, -flat - 0.04, size * 0.95), (0.07, 0.1, 0.08), turn("x", -0.3)))
    pieces += face
    pieces.append(ellipsoid("button/side button", (side * -r * 0.5, -long * 0.35, r * 0.7) @ end.T, (0.05, 0.11, 0.06), end))
    if style == "ring":
        big, up, tilt = size * u(1.5, 1.9), u.pick(u(0.05, 0.2), -u(0.1, 0.25)), u(-0.4, 0.6)
        gap = u.pick(0.0, 0.0, 0.6)
        hoop = arc((0, 0, 0), big, big, -QUARTER + gap, 1.5 * np.pi - gap, "xz", 30) @ turn("x", tilt).T + (0, up, 0.12)
        pieces.append(tube("ring", hoop, u(0.035, 0.05), flat=u(0.8, 2.0)))
        inner = min(range(len(hoop)), key=lambda k: float(np.linalg.norm(hoop[k])))
        for q in (hoop[inner], hoop[-1 - inner]):
            pieces.append(tube("ring", [np.multiply(q, (0.4, 0.0, 0.4)), q], 0.045))
    if u.chance(0.3):
        strap = bezier(handle[-1], handle[-1] + (0.15, -0.3, -0.1), handle[-1] + (-0.15, -0.3, -0.1), handle[-1], n=14)
        pieces.append(tube("strap", strap, 0.016))
    return pieces


def vr_headset(u: Dice) -> list[Piece]:
    """Virtual reality goggles with straps, lenses, cameras and face cushion."""
    w, h, d = u(0.45, 0.55), u(0.24, 0.3), u(0.16, 0.25)
    pieces = [ellipsoid("body", (0, 0, 0.3), (w, h, d), square=u(0.25, 0.6))]
    t = np.linspace(0, 2 * np.pi, 25)
    rim = np.stack([w * 0.85 * np.cos(t), h * 0.85 * np.sin(t), 0 * t + 0.3 - d * 0.9], 1)
    pieces.append(tube("face cushion", rim, u(0.05, 0.07)))
    pieces += [_disc("lens", (x * w * 0.4, 0, 0.3 - d * 0.8), 0.13, 0.06, sign=-1.0) for x in SIDES]
    tall, back = u(0.06, 0.12), u(0.65, 0.85)
    half = bezier((w, 0, 0.25), (w * 1.2, 0, -0.2), (w * 0.9, 0, -back), (0, 0, -back), n=14)
    loop = np.concatenate([half, (half * (-1, 1, 1))[-2::-1]])
    normal = np.cross(np.gradient(loop, axis=0), (0, 1, 0))
    normal /= np.linalg.norm(normal, axis=1, keepdims=True)
    pieces.append(loft("strap", loop, np.tile([0, tall, 0], (len(loop), 1)), normal * 0.02))
    if u.chance(0.7):
        over = bezier((0, h * 0.9, 0.25), (0, 0.75, 0), (0, 0.6, -back), (0, 0.05, -back), n=14)
        pieces.append(
            loft("strap", over, np.tile([0.06, 0, 0], (14, 1)), np.gradient(over, axis=0)[:, [0, 2, 1]] * (0, 0.25, -0.25))
        )
    if u.chance(0.5):
        pieces += [ellipsoid("camera", (x * w * 0.75, y * h * 0.6, 0.3 + d * 0.8), 0.05) for x in SIDES for y in SIDES]
    if u.chance(0.4):
        pieces += [ellipsoid("ear cup", (x * w * 1.05, -0.1, -0.2), (0.05, 0.13, 0.1)) for x in SIDES]
    if u.chance(0.4):
        pieces.append(_disc("knob", (0, 0, -back), 0.1, 0.08, sign=-1.0))
    return pieces


def camera(u: Dice) -> list[Piece]:
    """Reflex, compact, film and video cameras, some on a tripod; security cameras."""
    style, w, h, d = u.pick("reflex", "reflex", "compact", "movie", "security"), u(0.5, 0.62), u(0.3, 0.38), u(0.14, 0.24)
    if style == "security":
        r, long = u(0.16, 0.22), u(0.4, 0.55)
        head = [cylinder("body", (0, 0, -long), (0, 0, long), r) if u.chance() else box("body", (0, 0, 0), (r, r * 0.85, long))]
        head += [_disc("lens", (0, 0, long), r * 0.65, 0.06)]
        if u.chance():
            head.append(box("hood", (0, r * 1.05, 0.08), (r * 1.15, 0.02, long * 1.05)))
        pieces = move(head, rotation=turn("x", u(0.1, 0.5)))
        return [
            *pieces,
            tube("arm", [(0, 0, -0.2), (0, u(0.3, 0.5), -0.3), (0, 0.35, -0.6)], 0.05),
            _disc("base", (0, 0.35, -0.66), 0.17, 0.06),
        ]
    if style == "movie":
        w, d = u(0.18, 0.26), u(0.45, 0.6)
    pieces = [_case(u, "body", (0, 0, 0), (w, h, d))]
    r, long, shift = h * (0.6 if style == "movie" else u(0.6, 0.85)), u(0.1, 0.5), u(-0.15, 0.1) * (style != "movie")
    profile = [
        (r, 0),
        (r, long * 0.4),
        (r * 0.9, long * 0.45),
        (r * u(0.85, 1.1), long),
        (r * 0.75, long),
        (r * 0.7, long * 0.8),
        (0, long * 0.75),
    ]
    pieces.append(lathe("lens", profile, (shift, 0, d * 0.95), "z"))
    if style == "reflex":
        pieces.append(_block_top("viewfinder", (shift, h, 0), w * 0.35, d * 0.9, u(0.1, 0.2)))
        if u.chance(0.7):
            pieces.append(ellipsoid("body/handle", (-w * 0.85, -0.02, d * 0.6), (w * 0.2, h * 0.95, d * 0.7), square=0.6))
    elif u.chance(0.6):
        pieces.append(box("viewfinder", (0, h * 1.15, -d * 0.4), (0.08, h * 0.18, d * 0.5)))
    pieces.append(_disc("button", (-w * 0.7, h, 0.02), 0.05, 0.05, "y"))
    if u.chance(0.6):
        pieces.append(_disc("dial", (w * 0.7, h, 0), 0.09, 0.07, "y"))
    if u.chance(0.4):
        pieces.append(box("flash", (w * 0.55, h * 0.6, d), (0.09, 0.06, 0.02)))
    if style != "movie":
        pieces.append(box("screen", (0, -0.02, -d), (w * 0.6, h * 0.65, 0.012)))
    if style == "movie" and u.chance(0.6):
        pieces += [lathe("film reel", [(0.25, -0.05), (0.25, 0.05), (0, 0.05)], (0, h + 0.2, z), "x") for z in (0.2, -0.25)]
    elif style == "movie":
        pieces.append(
            tube("handle", [(0, h, d * 0.5), (0, h + 0.18, d * 0.4), (0, h + 0.18, -d * 0.4), (0, h, -d * 0.5)], 0.04)
        )
    if u.chance(0.3):
        pieces.append(
            tube("strap", bezier((-w, h * 0.7, 0), (-w * 1.6, -1.2, 0), (w * 1.6, -1.2, 0), (w, h * 0.7, 0), n=16), 0.025)
        )
    elif u.chance(0.3):
        pieces.append(cylinder("tripod/head", (0, -h - 0.12, 0), (0, -h, 0), 0.09))
        pieces += [
            tube("tripod/leg", [(0, -h - 0.1, 0), (0.55 * c, -h - 1.3, 0.55 * q)], [0.04, 0.025]) for c, q in around(3, QUARTER)
        ]
    return pieces


def _block_top(part: str, foot: tuple[float, float, float], w: float, d: float, rise: float) -> Piece:
    """Hump with sloping sides."""
    x, y, z = foot
    return prism(part, [(-w, -0.02), (w, -0.02), (w * 0.55, rise), (-w * 0.55, rise)], d, (x, y, z))


def headphones(u: Dice) -> list[Piece]:
    """Over-ear and on-ear headphones, headsets with a microphone."""
    r, tall, size = u(0.45, 0.55), u(0.5, 0.65), u(0.18, 0.28)
    band = arc((0, 0, 0), r, tall, 0, np.pi, "xy", 24)
    wide = u(0.04, 0.09)
    normal = band / np.linalg.norm(band, axis=1, keepdims=True)
    pieces = [loft("headband", band, np.tile([0, 0, wide], (24, 1)), normal * u(0.015, 0.03))]
    if u.chance(0.6):
        pad = arc((0, -0.03, 0), r, tall, 0.9, np.pi - 0.9, "xy", 12)
        pieces.append(loft("headband/cushion", pad, np.tile([0, 0, wide * 1.1], (12, 1)), np.tile([0, 0.035, 0], (12, 1))))
    thick, low = u(0.06, 0.1), -u(0.05, 0.15)
    for x in SIDES:
        shell = np.array([(size * 0.9, 0), (size, thick * 0.5), (size * 0.8, thick), (0, thick * 1.1)]) * (1, x)
        cushion = np.array(
            [(size * 0.9, 0), (size, -thick * 0.3), (size * 0.85, -thick * 0.8), (size * 0.5, -thick * 0.8), (0, -thick * 0.3)]
        ) * (1, x)
        cup = [lathe("ear cup", shell, (x * r, low, 0), "x"), lathe("ear cup/cushion", cushion, (x * r, low, 0), "x")]
        pieces += [Piece(p.part, (p.vertices - (0, low, 0)) * (1, 1.15, 1) + (0, low, 0), p.faces) for p in cup]
        pieces.append(tube("arm", [(x * r, 0.05, 0), (x * (r + thick * 0.4), low, 0)], 0.035, flat=0.6))
    if u.chance(0.4):
        mic = bezier((r, low, 0.1), (r, low - 0.2, 0.4), (r * 0.4, low - 0.35, 0.55))
        pieces += [tube("microphone", mic, 0.018), ellipsoid("microphone", mic[-1], (0.06, 0.04, 0.04))]
    if u.chance(0.4):
        pieces.append(
            tube("cable", bezier((-r, low - size, 0), (-r, low - 0.7, 0.1), (0, low - 0.6, 0.2), (0.1, low - 1.1, 0.2)), 0.016)
        )
    return pieces


def earphones(u: Dice) -> list[Piece]:
    """Earbuds on a cable, and wireless buds with a stem, with or without a charging case."""
    wireless, pieces = u.chance(0.5), []
    stem, hook, tilt = u(0.25, 0.45), u.chance(0.3), u(-0.2, 0.2)
    for x in SIDES:
        bud = [
            ellipsoid("earbud", (0, 0, 0), (0.13, 0.13, 0.11)),
            ellipsoid("ear tip", (-0.13 * x, 0.02, 0.03), (0.08, 0.07, 0.07)),
        ]
        bud.append(tube("stem", [(0.03 * x, -0.03, 0), (0.05 * x, -stem, 0.02)], [0.05, 0.035]))
        if hook:
            bud.append(
                tube(
                    "ear hook",
                    bezier((0.05 * x, 0.05, 0), (0.05 * x, 0.4, 0), (0.05 * x, 0.3, -0.35), (0.05 * x, -0.1, -0.3)),
                    0.025,
                )
            )
        pieces += move(bud, (x * 0.4, 0.3, 0), rotation=turn("z", x * tilt))
        if not wireless:
            pieces.append(
                tube("cable", bezier((x * 0.45, 0.3 - stem, 0), (x * 0.45, -0.5, 0.1), (0, -0.4, 0), (0, -0.7, 0)), 0.018)
            )
    if not wireless:
        pieces.append(tube("cable", bezier((0, -0.7, 0), (0, -1.1, 0.1), (0.3, -1.1, 0), (0.3, -1.4, 0)), 0.02))
        pieces += [
            cylinder("plug", (0.3, -1.4, 0), (0.3, -1.55, 0), 0.04),
            cylinder("plug", (0.3, -1.55, 0), (0.3, -1.68, 0), 0.016),
        ]
        if u.chance(0.6):
            pieces.append(ellipsoid("remote", (0.42, -0.2, 0.05), (0.035, 0.1, 0.03)))
    elif u.chance(0.5):
        pieces.append(ellipsoid("case", (0, -0.6, 0), (0.42, 0.28, 0.17), square=0.5))
        pieces.append(ellipsoid("case/lid", (0, -0.25, -0.2), (0.42, 0.1, 0.17), turn("x", -0.9), square=0.5))
    return pieces


def microphone(u: Dice) -> list[Piece]:
    """Hand-held, studio, vintage and stand microphones."""
    style, pieces = u.pick("hand", "hand", "studio", "stand"), []
    r, long = u(0.1, 0.14), u(0.7, 1.0)
    if style == "studio":
        pieces = [
            cylinder("body", (0, 0.4, 0), (0, 0.75, 0), r * 1.5),
            ellipsoid("head", (0, 0.95, 0), (r * 1.5, 0.27, r * 1.5), square=0.5),
        ]
        pieces += [lathe("base", [(0.35, 0), (0.33, 0.05), (0, 0.07)]), cylinder("stand", (0, 0.04, 0), (0, 0.42, 0), 0.03)]
        if u.chance():
            pieces.append(tube("ring", arc((0, 0.6, 0), 0.28, 0.28, 0, 2 * np.pi, "xz", 25), 0.025))
        return pieces
    mic = [
        cylinder("handle", (0, 0, 0), (0, long, 0), [r * 0.65, r * u(0.8, 1)]),
        ellipsoid("head", (0, long + r * 0.7, 0), (r * 1.4, r * u(1.4, 1.8), r * 1.4)),
    ]
    mic.append(lathe("ring", [(r * 1.38, -0.025), (r * 1.48, 0), (r * 1.38, 0.025)], (0, long + r * 0.7, 0)))
    if u.chance(0.6):
        mic.append(box("switch", (0, long * 0.75, r * 0.85), (0.025, 0.06, 0.02)))
    if style == "hand":
        if u.chance(0.5):
            mic.append(tube("cable", bezier((0, 0, 0), (0, -0.5, 0), (0.5, -0.5, 0), (0.4, -0.9, 0)), 0.03))
        return mic
    tall = u(1.2, 1.6)
    pieces = move(mic, (0, tall - 0.25, 0.05), 0.6, turn("x", u(0.3, 1.0)))
    pieces += [cylinder("stand", (0, 0, 0), (0, tall, 0), 0.022), lathe("base", [(0.3, 0), (0.28, 0.04), (0, 0.06)])]
    return pieces


def speaker(u: Dice) -> list[Piece]:
    """Box speakers with cones, round smart speakers, megaphone horns."""
    style = u.pick("box", "box", "round", "horn")
    if style == "round":
        r, h = u(0.3, 0.45), u(0.4, 0.9)
        pieces = [
            cylinder("body", (0, 0, 0), (0, h, 0), [r, r * u(0.85, 1)]) if u.chance(0.6) else ellipsoid("body", (0, r, 0), r)
        ]
        top = max(float(p.vertices[:, 1].max()) for p in pieces)
        pieces += [_disc("button", (0.1 * c, top - 0.02, 0.1 * s), 0.04, 0.04, "y") for c, s in around(u.count(2, 4))]
        if top > 1.9 * r:
            return pieces
        return [*pieces, lathe("light ring", [(r * 1.01, 0), (r * 1.02, 0.02), (r * 1.01, 0.04)], (0, 0.04, 0))]
    if style == "horn":
        t = np.linspace(0, 1, 10)
        pieces = [
            lathe("horn", np.stack([0.08 + 0.4 * t**2, t * 0.9], 1), (0, 0, 0), "z"),
            cylinder("body", (0, 0, -0.3), (0, 0, 0.02), 0.16),
        ]
        pieces.append(tube("handle", [(0, -0.05, -0.15), (0, -0.4, -0.2)], 0.055))
        return [*pieces, ellipsoid("trigger", (0, -0.2, -0.08), (0.025, 0.06, 0.03))]
    w, h, d, n = u(0.3, 0.45), u(0.5, 0.85), u(0.28, 0.4), u.count(1, 3)
    pieces = [_case(u, "body", (0, h, 0), (w, h, d))]
    y, r = 0.1 * h, w * 0.85
    for _ in range(n):
        if y + r > 1.9 * h:
            break
        cone = [(r, -0.02), (r, 0.025), (r * 0.88, 0.035), (r * 0.8, 0.01), (r * 0.3, -0.06), (0, -0.06)]
        pieces += [
            lathe("cone", cone, (0, y + r, d), "z"),
            ellipsoid("cone/dust cap", (0, y + r, d - 0.01), (r * 0.3, r * 0.3, 0.05)),
        ]
        y, r = y + 2.1 * r, r * u(0.5, 0.7)
    if u.chance(0.3):
        pieces += [_disc("knob", (x * w * 0.5, 0.12, d), 0.05, 0.05) for x in SIDES]
    if u.chance(0.4):
        pieces += [lathe("foot", [(0.05, -0.06), (0.06, 0.0)], (x * w * 0.75, 0, z * d * 0.75)) for x in SIDES for z in SIDES]
    return pieces


def radio(u: Dice) -> list[Piece]:
    """Portable radios, boom boxes, walkie-talkies and old table radios."""
    style, w, h, d = u.pick("portable", "boombox", "vintage", "walkie"), u(0.6, 0.8), u(0.3, 0.42), u(0.15, 0.25)
    if style == "walkie":
        w, h = u(0.24, 0.32), u(0.5, 0.6)
        pieces = [
            _case(u, "body", (0, h, 0), (w, h, d)),
            tube("antenna", [(w * 0.6, h * 1.9, 0), (w * 0.6, 2 * h + u(0.4, 0.8), 0)], [0.06, 0.035]),
        ]
        pieces += [box("speaker", (0, h * (0.35 + 0.12 * k), d), (w * 0.6, 0.02, 0.012)) for k in range(4)]
        pieces += [
            box("screen", (0, h * 1.5, d), (w * 0.65, h * 0.2, 0.015)),
            _disc("knob", (-w * 0.5, 2 * h - 0.02, 0), 0.06, 0.08, "y"),
        ]
        return [
            *pieces,
            box("button", (-w, h * 1.3, 0), (0.02, 0.12, d * 0.5)),
            *(_disc("button", (x * w * 0.4, h * 1.1, d), 0.04, 0.03) for x in (-1, 0, 1)),
        ]
    if style == "vintage" and u.chance():
        t = np.linspace(0, np.pi, 12)
        arch = [(-w * 0.75, 0), (w * 0.75, 0), *((w * 0.75 * np.cos(q), h + h * 1.2 * np.sin(q)) for q in t)]
        pieces = [prism("body", arch, d)]
    else:
        pieces = [_case(u, "body", (0, h, 0), (w, h, d))]
    if style == "boombox":
        pieces += [_disc("speaker", (x * w * 0.62, h * 0.9, d), h * 0.65, 0.05) for x in SIDES]
        pieces += [
            box("cassette deck", (0, h * 0.75, d), (w * 0.25, h * 0.35, 0.02)),
            box("dial", (0, h * 1.6, d), (w * 0.6, h * 0.12, 0.02)),
        ]
        pieces += [box("button", (w * x, 2 * h, 0.05), (0.05, 0.02, 0.04)) for x in (-0.2, 0, 0.2)]
    else:
        pieces += [
            _disc("speaker", (-w * 0.3, h, d), h * 0.6, 0.04),
            box("dial", (w * 0.4, h * 1.3, d), (w * 0.25, h * 0.2, 0.02)),
        ]
        pieces += [_disc("knob", (w * x, h * 0.5, d), 0.08, 0.08) for x in (0.2, 0.5)]
    if style != "vintage":
        pieces.append(
            tube(
                "handle",
                [(-w * 0.85, 1.9 * h, 0), (-w * 0.8, 2 * h + 0.2, 0), (w * 0.8, 2 * h + 0.2, 0), (w * 0.85, 1.9 * h, 0)],
                0.035,
            )
        )
        pieces.append(tube("antenna", [(w * 0.8, 1.9 * h, -d * 0.8), (w * u(0.3, 1.1), 2 * h + u(0.4, 0.8), -d * 0.9)], 0.014))
    return pieces


def remote_control(u: Dice) -> list[Piece]:
    """Long television remotes, short ones with a pad, key fobs."""
    w, long, thick = u(0.16, 0.26), u(0.6, 0.9), u(0.05, 0.09)
    pieces = [_case(u, "body", (0, 0, 0), (w, thick, long))]
    y = thick * 0.95
    if u.chance(0.7):
        pieces += [
            _disc("direction pad", (0, y, -long * 0.15), w * 0.6, 0.03, "y"),
            _disc("button", (0, y + 0.02, -long * 0.15), w * 0.25, 0.03, "y"),
        ]
        rows = u.count(2, 4)
        pieces += _keys("button", w * 0.8, long * 0.28, (0, y, long * 0.5), rows, 3, 0.03)
    else:
        pieces += _keys("button", w * 0.8, long * 0.65, (0, y, long * 0.15), u.count(5, 8), u.count(2, 3), 0.03)
    if u.chance(0.8):
        pieces.append(_disc("button/power button", (-w * 0.55, y, -long * 0.82), w * 0.2, 0.035, "y"))
    if u.chance(0.3):
        pieces.append(box("screen", (0, y, -long * 0.6), (w * 0.7, 0.012, long * 0.14)))
    if u.chance(0.3):
        pieces.append(box("sensor", (0, 0, -long), (w * 0.5, thick * 0.5, 0.02)))
    return pieces


def printer(u: Dice) -> list[Piece]:
    """Desktop printers and copiers: trays, scanner lid, control panel, paper."""
    w, h, d = u(0.5, 0.7), u(0.2, 0.4), u(0.35, 0.5)
    pieces = [_case(u, "body", (0, h, 0), (w, h, d))]
    if u.chance(0.7):
        pieces.append(ellipsoid("lid", (0, 2 * h + 0.04, -0.02), (w * 0.98, 0.07, d * 0.95), square=0.2))
    slope = turn("x", u(0.2, 0.6))
    pieces.append(box("control panel", (w * u(-0.3, 0.5), 1.85 * h, d), (w * 0.35, 0.015, 0.1), slope))
    pieces.append(_disc("button", (w * 0.8, 1.7 * h, d), 0.025, 0.03))
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


def desk_fan(u: Dice) -> list[Piece]:
    """Desk, floor and ceiling fans with a cage or bare blades."""
    r, n, spin = u(0.4, 0.55), u.count(3, 5), u(0, 2)
    fan = [lathe("hub", [(0.09, -0.06), (0.09, 0.04), (0, 0.09)], (0, 0, 0), "z")]
    for c, s in around(n, spin):
        path = np.linspace((0.06 * c, 0.06 * s, 0), (r * 0.88 * c, r * 0.88 * s, 0), 8)
        half = r * 0.32 * np.sin(np.pi * np.linspace(0.12, 0.85, 8)) ** 0.6
        side = np.array([-s * 0.9, c * 0.9, 0.4])
        fan.append(loft("blade", path, half[:, None] * side, np.tile([0, 0, 0.012], (8, 1))))
    if u.chance(0.2):
        frame = [cylinder("rod", (0, 0, -0.6), (0, 0, 0), 0.03), _disc("base", (0, 0, -0.6), 0.14, 0.08)]
        motor = ellipsoid("motor", (0, 0, -0.08), (0.16, 0.16, 0.1))
        return move([*fan, *frame, motor], rotation=turn("x", QUARTER))
    fan.append(ellipsoid("motor", (0, 0, -0.2), (0.13, 0.13, 0.18)))
    if u.chance(0.8):
        fan += [
            tube("cage", arc((0, 0, z), r * k, r * k, 0, 2 * np.pi, "xy", 29), 0.012)
            for z, k in ((0, 1), (0.12, 0.6), (-0.1, 0.7))
        ]
        fan += [
            tube(
                "cage",
                [(0, 0, 0.15), (0.6 * r * c, 0.6 * r * s, 0.12), (r * c, r * s, 0), (0.6 * r * c, 0.6 * r * s, -0.11)],
                0.008,
            )
            for c, s in around(u.pick(12, 16, 20))
        ]
        fan.append(_disc("cage", (0, 0, 0.13), 0.1, 0.03))
    tall = u(0.65, 0.8) if u.chance(0.6) else u(1.2, 1.6)
    pieces = move(fan, (0, tall, 0.15), rotation=turn("x", u(-0.3, 0.15)))
    pieces.append(cylinder("stand", (0, 0, 0), (0, tall, 0), [0.05, 0.035]))
    base = u(0.25, 0.35)
    pieces.append(lathe("base", [(base, 0), (base * 0.95, 0.05), (0.08, 0.1), (0, 0.1)]))
    pieces += [box("button", (0.05 * k, 0.08, base * 0.6), (0.018, 0.025, 0.03)) for k in range(-2, 2)]
    return pieces


def vacuum_cleaner(u: Dice) -> list[Piece]:
    """Canister cleaners with hose, uprights, sticks and robot discs."""
    style, r = u.pick("canister", "upright", "stick", "robot"), u(0.1, 0.14)
    if style == "robot":
        size = u(0.5, 0.6)
        pieces = [
            lathe("body", [(size * 0.95, 0.02), (size, 0.06), (size, 0.17), (size * 0.94, 0.2), (0, 0.2)]),
            _disc("button", (0, 0.19, 0.2), 0.07, 0.03, "y"),
        ]
        pieces += [
            tube("bumper", arc((0, 0.11, 0), size * 1.01, size * 1.01, 0.2, np.pi - 0.2, "xz", 20), 0.05),
            _disc("sensor", (0, 0.19, -0.1), 0.12, 0.08, "y"),
        ]
        return pieces + [cylinder("wheel", (x * 0.3, 0.03, 0), (x * 0.36, 0.03, 0), 0.06) for x in SIDES]
    head = [_case(u, "nozzle", (0, 0.05, 0.9), (u(0.2, 0.32), 0.05, 0.12))]
    top = np.array([0, u(1.1, 1.3), 0.1])
    low = np.array([0, 0.1, 0.85])
    handle = [tube("handle", [top, np.add(top, (0, 0.1, -0.12)), np.add(top, (0, 0.12, -0.3))], 0.04)]
    if style != "canister":
        pieces = [*head, tube("tube", [low, top], 0.035), *handle]
        middle = low + (top - low) * (0.72 if style == "stick" else 0.4)
        frame = turn("x", float(np.arctan2(top[2] - low[2], top[1] - low[1])))
        pieces.append(ellipsoid("body", middle, (r * 1.3, 0.28, r * 1.3), frame, square=0.6))
        pieces.append(ellipsoid("dust container", np.add(middle, (0, -0.08, r)), (r * 0.9, 0.2, r * 0.9), frame, square=0.5))
        return pieces + [cylinder("wheel", (x * 0.15, 0.06, 0.82), (x * 0.2, 0.06, 0.82), 0.06) for x in SIDES]
    w, h = u(0.22, 0.3), u(0.18, 0.25)
    pieces = [*head, tube("tube", [low, top], 0.035), *handle]
    pieces.append(ellipsoid("body", (0.1, h + 0.05, -0.5), (w, h, u(0.32, 0.42)), square=u(0.6, 1)))
    pieces.append(
        tube("hose", bezier(np.add(top, (0, 0.1, -0.2)), (0.1, 1.5, -0.9), (0.1, 0.9, 0.3), (0.1, h * 1.3, -0.2), n=18), 0.05)
    )
    pieces += [cylinder("wheel", (0.1 + x * (w + 0.01), 0.14, -0.65), (0.1 + x * (w - 0.05), 0.14, -0.65), 0.14) for x in SIDES]
    if u.chance(0.6):
        pieces.append(tube("body/handle", arc((0.1, 2 * h, -0.5), 0.15, 0.1, 0, np.pi, "zy"), 0.03))
    if u.chance(0.4):
        pieces.append(tube("cable", bezier((0.1, h, -0.85), (0.1, 0, -1.1), (0.5, 0, -1.2)), 0.016))
    return pieces


def _panel_row(u: Dice, w: float, y: float, z: float) -> list[Piece]:
    """Knobs, buttons and a display along the front of a household machine."""
    n, pieces = u.count(1, 5), []
    start = u.pick(-0.8, 0.1) if n < 4 else -0.8
    pieces += [_disc("knob", (w * (start + 0.22 * k), y, z), u(0.035, 0.05), u(0.03, 0.06)) for k in range(n)]
    if u.chance(0.6):
        pieces.append(box("display", (w * (0.6 if start < 0 else -0.5), y, z), (w * 0.22, 0.035, 0.01)))
    return pieces


def _bar_handle(u: Dice, a: ArrayLike, b: ArrayLike, out: float, r: float) -> list[Piece]:
    """Bow handle standing `out` off a front."""
    p, q, away = np.asarray(a, float), np.asarray(b, float), np.array([0, 0, out])
    return [
        tube("handle", [p, p + away, q + away, q], r)
        if u.chance(0.7)
        else box("handle", (p + q) / 2 + away / 2, np.abs(q - p) / 2 + (r, r, out / 2))
    ]


def washing_machine(u: Dice) -> list[Piece]:
    """Front loaders with a round door and top loaders with a lid; dryers."""
    w, h, d = u(0.42, 0.52), u(0.55, 0.68), u(0.38, 0.5)
    pieces = [box("body", (0, h, 0), (w, h, d))]
    if u.chance(0.75):
        r, y = w * u(0.5, 0.72), h * u(0.8, 0.95)
        ring = [(r, 0), (r * 0.98, 0.05), (r * 0.75, 0.06), (r * 0.72, 0.03), (0, u(0.03, 0.07))]
        pieces += [lathe("door", ring, (0, y, d), "z"), _disc("door/window", (0, y, d + 0.02), r * 0.7, 0.035)]
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
        pieces += [
            cylinder("foot", (x * w * 0.85, -0.05, z * d * 0.85), (x * w * 0.85, 0.01, z * d * 0.85), 0.04)
            for x in SIDES
            for z in SIDES
        ]
    return pieces


def refrigerator(u: Dice) -> list[Piece]:
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
        pieces.append(_case(u, "door", (x, y, d + thick), (a - gap, b - gap, thick)))
        side = (-1.0 if x > 0 else 1.0) * a * 0.8
        long = min(b * 0.6, 0.3)
        lying = b < 0.35 * h
        ends = ((x - 0.2, y + b * 0.6), (x + 0.2, y + b * 0.6)) if lying else ((x + side, y - long), (x + side, y + long))
        z = d + 2 * thick
        pieces += _bar_handle(u, (*ends[0], z), (*ends[1], z), 0.06, 0.018)
    if style == "wide" and u.chance(0.6):
        pieces.append(box("water dispenser", (-w / 2, h * 1.2, d + 2 * thick), (w * 0.2, 0.16, 0.012)))
    if u.chance(0.4):
        pieces += [
            cylinder("foot", (x * w * 0.85, -0.06, z * d * 0.8), (x * w * 0.85, 0.01, z * d * 0.8), 0.04)
            for x in SIDES
            for z in SIDES
        ]
    return pieces


def oven(u: Dice) -> list[Piece]:
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
    pieces += [_disc("knob", (w * x, row, d), 0.045, 0.05) for x in np.linspace(-0.8, 0.8, u.count(4, 6))]
    if u.chance(0.8):
        gas = u.chance()
        for x in SIDES:
            for z in SIDES:
                spot, r = (x * w * 0.5, 2 * h, z * d * 0.45), u(0.1, 0.16)
                pieces.append(_disc("burner", spot, r * (0.5 if gas else 1), 0.03, "y"))
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


def microwave(u: Dice) -> list[Piece]:
    """Microwave ovens: door with window, panel with buttons or dials."""
    w, h, d, share = u(0.6, 0.75), u(0.32, 0.4), u(0.35, 0.48), u(0.68, 0.78)
    pieces = [_case(u, "body", (0, h, 0), (w, h, d))]
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
    hinged = [Piece(p.part, np.add(p.vertices, (w * share, 0, 0)), p.faces) for p in door]
    pieces += move(hinged, (x - w * share, h, d + 0.02), rotation=turn("y", -swing))
    centre = (w + x + w * share) / 2
    wide = (w - x - w * share) / 2 * 0.85
    pieces.append(box("control panel", (centre, h, d), (wide, h * 0.9, 0.02)))
    pieces.append(box("display", (centre, h * 1.6, d + 0.02), (wide * 0.8, h * 0.12, 0.01)))
    if u.chance():
        pieces += move(
            _keys("button", wide * 0.85, h * 0.5, (0, 0, 0), u.count(3, 5), 3, 0.015),
            (centre, h * 0.8, d + 0.02),
            rotation=turn("x", QUARTER),
        )
    else:
        pieces += [_disc("knob", (centre, h * y, d + 0.02), wide * 0.5, 0.05) for y in (1.1, 0.55)]
    if u.chance(0.5):
        pieces += [
            cylinder("foot", (a * w * 0.8, -0.04, z * d * 0.8), (a * w * 0.8, 0.01, z * d * 0.8), 0.04)
            for a in SIDES
            for z in SIDES
        ]
    return pieces


def dishwasher(u: Dice) -> list[Piece]:
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
    pieces = [box("body", (x * w, h, 0), (thick, h, d)) for x in SIDES] + [
        box("body", (0, y, 0), (w, thick, d)) for y in (thick, 2 * h)
    ]
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


def toaster(u: Dice) -> list[Piece]:
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


def blender(u: Dice) -> list[Piece]:
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
        return [*pieces, _disc("button", (0, h * 1.5, r * 0.85), 0.04, 0.03)]
    w, h = u(0.26, 0.34), u(0.3, 0.42)
    top = w * u(0.65, 0.85)
    square = u.chance(0.4)
    profile = [(w, 0), (w * 0.98, 0.05), (top, h), (0, h)]
    base = lathe("base", profile)
    pieces = [
        Piece("base", np.sign(base.vertices) * np.abs(base.vertices) ** (0.8, 1, 0.8) if square else base.vertices, base.faces)
    ]
    r0, r1, tall = top * 0.8, u(0.26, 0.34), u(0.6, 0.85)
    pieces.append(lathe("jug", [(r0, h), (r0 * 1.05, h + 0.05), (r1, h + tall), (r1 * 1.03, h + tall)]))
    pieces.append(
        lathe("lid", [(r1 * 1.05, 0), (r1 * 1.05, 0.06), (r1 * 0.5, 0.08), (r1 * 0.4, 0.16), (0, 0.16)], (0, h + tall, 0))
    )
    if u.chance(0.75):
        pieces.append(
            tube(
                "handle",
                bezier((r0, h + 0.12, 0), (r1 + 0.3, h + 0.05, 0), (r1 + 0.3, h + tall, 0), (r1 * 0.95, h + tall - 0.06, 0)),
                0.035,
            )
        )
    if u.chance():
        pieces.append(_disc("knob", (0, h * 0.45, (w + top) / 2 - 0.02), 0.08, 0.07))
    else:
        pieces += [ellipsoid("button", (0.08 * k, h * 0.4, (w + top) / 2), (0.03, 0.03, 0.03)) for k in (-1.5, -0.5, 0.5, 1.5)]
    return pieces


def coffee_machine(u: Dice) -> list[Piece]:
    """Filter machines with a glass pot, espresso machines with a portafilter."""
    w, d, h, t = u(0.3, 0.42), u(0.3, 0.4), u(0.5, 0.65), 0.05
    pieces = [
        box("base", (0, t, 0.05), (w, t, d)),
        _case(u, "body", (0, h, -d * 0.65), (w, h, d * 0.4)),
        _case(u, "head", (0, 2 * h - 0.12, 0), (w * 0.97, 0.15, d)),
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
        pieces.append(_disc("button", (w * 0.6, t, d + 0.05), 0.03, 0.03))
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
    pieces += [_disc("knob", (w * x, 2 * h - 0.1, d), 0.045, 0.05) for x in (-0.6, 0.0, 0.6)[: u.count(1, 3)]]
    if u.chance(0.4):
        pieces.append(box("water tank", (0, h * 1.1, -d * 1.15), (w * 0.8, h * 0.7, d * 0.2)))
    return pieces


def kettle(u: Dice) -> list[Piece]:
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
        pieces.append(
            prism(
                "spout",
                [(-0.13, 0.0), (0.13, 0.0), (0.0, 0.17)],
                0.09,
                (0, h - 0.1, top),
                turn("x", QUARTER) @ turn("x", u(-0.4, -0.1)),
            )
        )
    if stove:
        pieces.append(tube("handle", arc((0, h * 0.85, 0), r * 0.75, u(0.5, 0.65), 0.15, np.pi - 0.15, "zy"), 0.04))
    else:
        high, low = h * u(0.95, 1.05), h * u(0.2, 0.4)
        pieces.append(
            tube(
                "handle",
                bezier((0, high, -top * 0.9), (0, high + 0.1, -r - 0.4), (0, low, -r - 0.4), (0, low, -r * 0.9)),
                u(0.04, 0.06),
            )
        )
        pieces += [
            lathe("base", [(r * 1.02, 0), (r * 1.02, 0.05), (0, 0.06)]),
            box("switch", (0, 0.15, -r - 0.06), (0.05, 0.025, 0.06)),
        ]
        if u.chance(0.4):
            pieces.append(tube("cord", bezier((0, 0.02, -r), (0, 0, -r - 0.5), (0.5, 0, -r - 0.4)), 0.02))
        if u.chance(0.4):
            pieces.append(box("water gauge", (out * 0.97, h * 0.5, 0), (0.02, h * 0.25, 0.04)))
    return pieces


def iron(u: Dice) -> list[Piece]:
    """Steam irons: soleplate, body, handle, dial, cord; standing or flat."""
    w, long, h = u(0.26, 0.34), u(0.65, 0.8), u(0.14, 0.22)
    z = np.linspace(1, -1, 18)
    half = w * np.clip(1 - np.clip(z + 0.3, 0, None) ** 2 / 1.75, 0.03, 1)
    zero = np.zeros_like(z)

    def layer(part: str, y: float, thick: float, size: float) -> Piece:
        a = np.stack([half * size, zero, zero], 1)
        return loft(part, np.stack([zero, zero + y, z * long * size], 1), a, np.tile([0, thick, 0], (18, 1)))

    pieces = [layer("soleplate", 0.03, 0.03, 1.0), layer("body", h, h, 0.93)]
    top, end = 2 * h + u(0.25, 0.35), -long * 0.75
    closed = u.chance(0.7)
    path = [(0, h * 1.5, long * 0.35), (0, top, long * 0.15), (0, top, end), (0, h, end)]
    pieces.append(tube("handle", path if closed else path[:3], u(0.055, 0.08)))
    pieces.append(_disc("dial", (0, 1.85 * h, -0.05), 0.11, 0.06, "y"))
    if u.chance(0.7):
        pieces += [
            ellipsoid("button", (0, top + 0.05, long * 0.05 - 0.12 * k), (0.03, 0.03, 0.04)) for k in range(u.count(1, 2))
        ]
    if u.chance(0.6):
        pieces.append(tube("cord", bezier((0, top, end), (0, top + 0.2, end - 0.3), (0.3, 0.1, end - 0.5)), 0.025))
    if u.chance(0.3):
        pieces.append(cylinder("nozzle", (0, h * 1.2, long * 0.6), (0, h * 1.25, long * 0.75), 0.035))
    return move(pieces, rotation=turn("x", -QUARTER * 0.9)) if u.chance(0.25) else pieces


def hair_dryer(u: Dice) -> list[Piece]:
    """Hair dryers with pistol handle, nozzle or diffuser."""
    r, long, drop, lean = u(0.2, 0.28), u(0.4, 0.6), u(0.6, 0.8), u(-0.15, 0.25)
    taper = u(0.6, 0.95)
    pieces = [lathe("body", [(r * 0.6, -long), (r, -long * 0.75), (r, 0), (r * taper, long), (0, long)], (0, 0, 0), "z")]
    pieces.append(
        tube(
            "handle",
            [(0, -r * 0.5, -long * 0.35), (0, -drop * 0.5, -long * 0.35 - lean * 0.5), (0, -drop, -long * 0.35 - lean)],
            u(0.08, 0.12),
        )
    )
    style = u.pick("flat", "cone", "diffuser", "none")
    if style == "flat":
        skin = lathe("nozzle", [(r * taper * 1.02, 0), (r * 0.6, 0.25), (0, 0.25)], (0, 0, long), "z").vertices
        t = (skin[:, 2:3] - long) / 0.25
        faces = lathe("nozzle", [(1, 0), (1, 1), (1, 2)], (0, 0, 0), "z").faces
        pieces.append(Piece("nozzle", skin * np.concatenate([1 + 0.5 * t, 1 - 0.7 * t, np.ones_like(t)], 1), faces))
    elif style == "cone":
        pieces.append(cylinder("nozzle", (0, 0, long), (0, 0, long + 0.25), [r * taper * 1.02, r * 0.6]))
    elif style == "diffuser":
        pieces.append(lathe("nozzle", [(r * taper, 0), (r * 1.6, 0.25), (r * 1.6, 0.33), (0, 0.31)], (0, 0, long), "z"))
    pieces.append(_disc("air intake", (0, 0, -long), r * 0.6, 0.03, sign=-1.0))
    pieces += [
        box("switch", (0, -r - 0.12 - 0.13 * k, -long * 0.35 + 0.09 - lean * 0.25), (0.03, 0.045, 0.03))
        for k in range(u.count(1, 2))
    ]
    if u.chance(0.6):
        end = np.array([0, -drop, -long * 0.35 - lean])
        pieces.append(
            tube(
                "cord",
                bezier(end, np.add(end, (0, -0.4, 0)), np.add(end, (0.3, -0.4, 0.2)), np.add(end, (0.5, -0.5, 0))),
                0.025,
            )
        )
    return pieces


def sewing_machine(u: Dice) -> list[Piece]:
    """Sewing machines, old and new."""
    w, d, h, t = u(0.7, 0.85), u(0.22, 0.3), u(0.75, 0.9), u(0.05, 0.09)
    r = u(0.1, 0.15)
    pieces = [_case(u, "base", (0, t, 0), (w, t, d))]
    pieces += [
        _case(u, "body", (w * 0.65, h * 0.5, 0), (w * 0.22, h * 0.5, d * 0.7)),
        _case(u, "arm", (-w * 0.05, h - r, 0), (w * 0.8, r, d * 0.6)),
    ]
    x = -w * 0.65
    pieces += [
        _case(u, "head", (x, h * 0.72, 0), (w * 0.17, h * 0.25, d * 0.62)),
        cylinder("needle", (x, 2 * t, 0), (x, h * 0.55, 0), 0.014),
    ]
    pieces += [
        box("presser foot", (x, 2 * t + 0.03, 0), (0.06, 0.012, 0.06)),
        cylinder("presser foot", (x + 0.05, 2 * t, 0), (x + 0.05, h * 0.55, 0), 0.016),
    ]
    pieces.append(
        lathe("hand wheel", [(0.12, 0), (0.15, 0.02), (0.15, 0.07), (0.1, 0.09), (0, 0.09)], (w * 0.86, h * 0.85, 0), "x")
    )
    for k in range(u.count(1, 2)):
        spot = (w * (0.1 + 0.3 * k), h, 0)
        pieces += [
            cylinder("spool", spot, (spot[0], h + 0.22, 0), 0.014),
            cylinder("spool", (spot[0], h + 0.02, 0), (spot[0], h + 0.18, 0), 0.06),
        ]
    pieces += [_disc("knob", (w * 0.65, h * y, d * 0.7), 0.07, 0.05) for y in (0.65, 0.4)[: u.count(1, 2)]]
    if u.chance(0.3):
        pieces += [tube("crank", [(w * 0.95, h * 0.85, 0), (w * 1.0, h * 0.98, 0), (w * 1.12, h * 0.98, 0)], 0.02)]
    if u.chance(0.3):
        pieces.append(box("fabric", (x, 2 * t + 0.01, 0.15), (0.18, 0.006, d * 1.1)))
    return pieces


def telescope(u: Dice) -> list[Piece]:
    """Telescopes on a tripod, spyglasses, fat reflector tubes."""
    long, r, style = u(0.6, 0.8), u(0.07, 0.11), u.pick("refractor", "refractor", "reflector", "spyglass")
    if style == "spyglass":
        n, start, pieces = u.count(2, 4), -long, []
        for k in range(n):
            end, size = -long + 2 * long * (k + 1) / n, r * (0.65 + 0.55 * k / (n - 1))
            pieces.append(cylinder("tube", (0, 0, start), (0, 0, end), size))
            pieces.append(cylinder("ring", (0, 0, end - 0.05), (0, 0, end), size * 1.12))
            start = end - 0.02
        pieces += [
            cylinder("eyepiece", (0, 0, -long - 0.1), (0, 0, -long), r * 0.8),
            _disc("lens", (0, 0, long), r * 1.1, 0.02),
        ]
        return pieces
    if style == "reflector":
        r *= 2
    barrel = [cylinder("tube", (0, 0, -long), (0, 0, long), r), cylinder("tube", (0, 0, long), (0, 0, long + 0.15), r * 1.15)]
    barrel.append(_disc("lens", (0, 0, long + 0.12), r * 0.95, 0.03))
    if style == "reflector":
        barrel.append(tube("eyepiece", [(0, r * 0.8, long * 0.7), (0, r + 0.14, long * 0.7)], 0.05))
    else:
        barrel += [
            cylinder("eyepiece", (0, 0, -long - 0.12), (0, 0, -long), r * 0.5),
            tube("eyepiece", [(0, 0, -long - 0.1), (0, 0.13, -long - 0.14)], 0.035),
        ]
    if u.chance(0.7):
        barrel += [
            cylinder("finder scope", (0, r + 0.06, -long * 0.8), (0, r + 0.06, -long * 0.3), 0.03),
            box("finder scope", (0, r + 0.02, -long * 0.55), (0.015, 0.04, 0.03)),
        ]
    pieces = move(barrel, (0, 0.15, 0), rotation=turn("x", -u(0.1, 0.9)))
    pieces.append(cylinder("mount", (0, -0.2, 0), (0, 0.15, 0), 0.06))
    spread, tall = u(0.4, 0.6), u(0.9, 1.2)
    pieces += [
        tube("tripod/leg", [(0, -0.12, 0), (spread * c, -tall, spread * s)], [0.035, 0.025]) for c, s in around(3, QUARTER)
    ]
    if u.chance(0.4):
        pieces.append(tube("mount", [(0, 0, 0), (0.3, -0.15, 0)], 0.02))
        pieces.append(cylinder("counterweight", (0.24, -0.12, 0), (0.32, -0.16, 0), 0.07))
    return pieces


def microscope(u: Dice) -> list[Piece]:
    """Light microscopes with one or two eyepieces."""
    w, d, h, lean = u(0.25, 0.33), u(0.32, 0.42), u(0.95, 1.15), u(0.2, 0.6)
    pieces = (
        [_case(u, "base", (0, 0.06, 0), (w, 0.07, d))]
        if u.chance(0.7)
        else [box("base", (x * w * 0.7, 0.05, 0), (0.07, 0.05, d)) for x in SIDES]
    )
    if pieces[-1].part == "base" and len(pieces) == 2:
        pieces.append(box("base", (0, 0.05, -d * 0.85), (w * 0.75, 0.05, 0.08)))
    arm = bezier((0, 0.08, -d * 0.8), (0, h * 0.5, -d * 1.3), (0, h * 0.9, -d * 0.9), (0, h * 0.95, 0.0))
    pieces.append(tube("arm", arm, u(0.05, 0.08)))
    stage = h * 0.4
    pieces += [
        box("stage", (0, stage, 0.02), (w * 0.8, 0.025, 0.22)),
        box("stage", (0, stage - 0.02, -d * 0.6), (0.06, 0.03, d * 0.45)),
    ]
    pieces += [box("clip", (x * 0.1, stage + 0.035, 0.05), (0.015, 0.01, 0.1)) for x in SIDES]
    pieces.append(cylinder("lens wheel", (0, h * 0.78, 0.02), (0, h * 0.84, 0.02), 0.12))
    for c, s in around(u.pick(1, 3, 3), QUARTER):
        pieces.append(
            cylinder(
                "objective lens",
                (0.06 * c, h * 0.8, 0.02 + 0.06 * s),
                (0.11 * c, h * 0.58, 0.02 + 0.11 * s - 0.06),
                [0.045, 0.03],
            )
        )
    end = np.array([0, h + 0.35, -lean * 0.4])
    top = np.array([0, h * 0.82, 0.02])
    for x in SIDES if u.chance(0.4) else (0.0,):
        tip = np.add(end, (x * 0.09, 0, 0))
        pieces += [cylinder("tube", top, tip, 0.055), cylinder("eyepiece", tip, tip + (end - top) * 0.2, 0.07)]
    knobs = (0.3, 0.45)[: u.count(1, 2)]
    for y in knobs:
        pieces += [
            lathe("focus knob", [(0.08, 0), (0.08, x * 0.06), (0, x * 0.07)], (x * 0.05, h * y, -d * 0.95), "x") for x in SIDES
        ]
    pieces.append(_disc("lamp" if u.chance(0.6) else "mirror", (0, 0.13, 0.03), 0.08, 0.05, "y"))
    return pieces


def light_bulb(u: Dice) -> list[Piece]:
    """Pear-shaped, globe, candle and spiral energy-saving bulbs with a screw base."""
    style, r = u.pick("pear", "pear", "globe", "candle", "spiral"), u(0.38, 0.5)
    low = u(0.14, 0.18)
    pieces = [cylinder("base", (0, -0.4, 0), (0, 0, 0), low)]
    pieces += [lathe("base", [(low, -0.03), (low * 1.1, 0), (low, 0.03)], (0, -0.06 - 0.09 * k, 0)) for k in range(4)]
    pieces.append(lathe("contact", [(0, -0.07), (low * 0.5, -0.05), (low * 0.9, 0)], (0, -0.4, 0)))
    if style == "spiral":
        pieces += [cylinder("body", (0, 0, 0), (0, 0.2, 0), [low, low * 1.6])]
        coil = np.add(helix(low * 1.2, 0.7, u(2.5, 4)), (0, 0.22, 0))
        return [*pieces, tube("bulb", coil, 0.06)]
    t = np.linspace(0, 1, 20)
    if style == "candle":
        profile = low + (r * 0.55 - low) * np.sin(np.pi * np.clip(t * 1.3, 0, 0.5))
        profile = np.where(t > 0.4, profile * np.clip((1 - t) / 0.6, 0, 1) ** 0.8, profile)
        pieces.append(lathe("bulb", np.stack([profile, t * 0.95], 1)))
    else:
        pieces.append(ellipsoid("bulb", (0, r * (1.5 if style == "pear" else 1.1), 0), r))
        pieces.append(tube("bulb", [(0, 0, 0), (0, 0.25, 0), (0, r * 1.2, 0)], [low, low * 1.3, r * 0.85], round_ends=False))
    return pieces


def flashlight(u: Dice) -> list[Piece]:
    """Torches: straight tubes with a wide head, lantern lights with a bow handle."""
    r, long, wide = u(0.1, 0.15), u(0.5, 0.75), u(1.2, 1.9)
    if u.chance(0.25):
        w = u(0.25, 0.32)
        pieces = [
            _case(u, "body", (0, w, -0.1), (w * 0.8, w * 0.8, 0.45)),
            lathe("head", [(w * 0.8, 0), (w * 1.15, 0.2), (w * 1.15, 0.3), (0, 0.3)], (0, w, 0.3), "z"),
        ]
        pieces += [
            tube("handle", [(0, 1.7 * w, 0.25), (0, 2.4 * w, 0.2), (0, 2.4 * w, -0.4), (0, 1.7 * w, -0.45)], 0.05),
            _disc("lens", (0, w, 0.6), w, 0.03),
        ]
        return [*pieces, box("switch", (0, 2.4 * w + 0.05, 0.05), (0.03, 0.02, 0.06))]
    pieces = [cylinder("body", (0, 0, -long), (0, 0, long * 0.5), r)]
    head = np.array([(1, 0), (wide, 0.18), (wide, 0.36), (wide * 0.9, 0.36), (0, 0.33)]) * (r, 1)
    pieces += [lathe("head", head, (0, 0, long * 0.5), "z"), _disc("lens", (0, 0, long * 0.5 + 0.33), r * wide * 0.88, 0.02)]
    pieces.append(ellipsoid("switch", (0, r, long * u(0, 0.3)), (0.035, 0.03, 0.08)))
    pieces.append(lathe("cap", [(r * 1.08, 0), (r * 1.08, -0.12), (0, -0.15)], (0, 0, -long * 0.95), "z"))
    pieces += [
        lathe("ring", [(r, -0.02), (r * 1.06, 0), (r, 0.02)], (0, 0, -long + 0.25 + 0.09 * k), "z")
        for k in range(u.count(0, 5))
    ]
    if u.chance(0.4):
        pieces.append(
            tube("strap", bezier((0, 0, -long), (0, -0.3, -long - 0.5), (0.2, 0.3, -long - 0.5), (0, 0, -long), n=16), 0.016)
        )
    return pieces


def clock(u: Dice) -> list[Piece]:
    """Wall clocks, alarm clocks with bells, tall pendulum clocks, digital clocks."""
    style, r = u.pick("wall", "alarm", "pendulum", "digital"), u(0.4, 0.55)
    if style == "digital":
        w, h, d = u(0.6, 0.8), u(0.25, 0.35), u(0.15, 0.3)
        return [
            _case(u, "body", (0, h, 0), (w, h, d)),
            box("screen", (0, h, d), (w * 0.85, h * 0.65, 0.015)),
            *_keys("button", w * 0.6, d * 0.3, (0, 2 * h, 0), 1, 4),
        ]
    deep, square = u(0.06, 0.14), u.chance(0.2)
    rim = np.array([(1, -1), (1.1, -0.5), (1.1, 1), (0.98, 1.2), (0.95, 0.9), (0, 0.9)]) * (r, deep)
    face = [box("frame", (0, 0, 0), (r * 1.1, r * 1.1, deep)) if square else lathe("frame", rim, (0, 0, 0), "z")]
    z = deep * (1.0 if square else 0.9)
    face.append(_disc("face", (0, 0, z), r * 0.93, 0.02))
    for k, (c, s) in enumerate(around(12)):
        size = (0.012 if k % 3 else 0.02) * 1.2
        face.append(
            box("hour mark", (r * 0.8 * c, r * 0.8 * s, z + 0.02), (size * 2.2, size, 0.01), turn("z", float(np.arctan2(s, c))))
        )
    for name, long, thick in (("hand/hour hand", 0.5, 0.03), ("hand/minute hand", 0.75, 0.022)):
        a = u(0, 6.28)
        face.append(
            plate(name, [(thick, -0.08), (thick, long * r * 0.9), (0.005, long * r)], 0.012, (0, 0, z + 0.04), turn("z", a))
        )
    face.append(_disc("hand", (0, 0, z + 0.02), 0.035, 0.05))
    if style == "wall":
        return face
    if style == "alarm":
        face += [
            ellipsoid("bell", (x * r * 0.6, r * 1.15, 0), (r * 0.35, r * 0.28, r * 0.35), turn("z", -x * 0.5)) for x in SIDES
        ]
        face += [tube("foot", [(x * r * 0.6, -r * 0.8, 0), (x * r * 0.85, -r * 1.3, 0)], [0.06, 0.035]) for x in SIDES]
        face += [
            tube("handle", arc((0, r * 1.2, 0), r * 0.45, r * 0.4, 0.2, np.pi - 0.2, "xy"), 0.025),
            cylinder("hammer", (0, r, 0), (0, r * 1.4, 0), 0.025),
        ]
        return face
    tall, w, d = u(1.0, 1.3), r * u(0.75, 0.9), u(0.15, 0.25)
    pieces = move(face, (0, 2 * tall, d))
    pieces += [
        box("body", (0, tall * 0.8, 0), (w * 0.8, tall * 0.8, d)),
        box("body", (0, 2 * tall, 0), (r * 1.2, r * 1.25, d)),
        box("base", (0, 0.12, 0), (w * 1.15, 0.15, d * 1.2)),
    ]
    pieces += [
        prism("top", [(-r * 1.3, 0), (r * 1.3, 0), (0, r * 0.6)], d * 1.1, (0, 2 * tall + r * 1.2, 0)),
        box("door", (0, tall * 0.85, d), (w * 0.6, tall * 0.55, 0.015)),
    ]
    return [
        *pieces,
        cylinder("pendulum", (0, tall * 0.65, d + 0.03), (0, tall * 1.35, d + 0.03), 0.014),
        _disc("pendulum", (0, tall * 0.62, d + 0.02), 0.12, 0.03),
    ]


def watch(u: Dice) -> list[Piece]:
    """Watches, round or square, closed round the arm or laid flat; pocket watches."""
    r, deep, square, flat = u(0.3, 0.42), u(0.05, 0.09), u.chance(0.35), u.chance(0.3)
    body = [
        _case(u, "case", (0, 0, 0), (r * 0.9, r, deep))
        if square
        else lathe("case", [(r, -deep), (r * 1.05, 0), (r, deep), (0, deep)], (0, 0, 0), "z")
    ]
    digital = square and u.chance(0.6)
    size = (r * 0.75, r * 0.85, 0.012)
    if digital:
        body.append(box("screen", (0, 0, deep), size))
    else:
        body.append(_disc("face", (0, 0, deep), r * 0.85, 0.012))
        for name, long in (("hand/hour hand", 0.45), ("hand/minute hand", 0.7)):
            body.append(
                plate(
                    name,
                    [(0.018, -0.04), (0.018, long * r * 0.9), (0.004, long * r)],
                    0.01,
                    (0, 0, deep + 0.025),
                    turn("z", u(0, 6.28)),
                )
            )
    body.append(lathe("crown", [(0.045, 0), (0.045, 0.07), (0, 0.075)], (r * 0.95, 0, 0), "x"))
    if u.chance(0.2) and not square:
        body += [tube("ring", arc((0, r + 0.12, 0), 0.09, 0.09, 0, 6.28, "xy"), 0.022)]
        return [
            *body,
            tube("chain", bezier((0, r + 0.2, 0), (0.2, r + 0.7, 0), (0.8, r + 0.3, 0), (1.1, r + 0.5, 0), n=16), 0.025),
        ]
    wide = r * u(0.5, 0.75)
    if flat:
        for y in SIDES:
            path = [(0, y * r * 0.85, 0), (0, y * 1.0, -0.02), (0, y * 1.3, -0.02)]
            body.append(loft("strap", path, np.outer([1, 0.8, 0.7], (wide, 0, 0)), np.tile([0, 0, 0.025], (3, 1))))
        body.append(
            tube(
                "buckle", [(-wide * 0.8, 1.28, 0), (-wide * 0.8, 1.42, 0), (wide * 0.8, 1.42, 0), (wide * 0.8, 1.28, 0)], 0.025
            )
        )
        return body
    big = u(0.55, 0.68)
    loop = arc((0, 0, -big * 0.85), big, big * 0.85, QUARTER + 0.45, 2.5 * np.pi - 0.45, "yz", 30)
    normal = loop - (0, 0, -big * 0.85)
    normal /= np.linalg.norm(normal, axis=1, keepdims=True)
    shape = 0.75 + 0.25 * np.abs(np.linspace(-1, 1, 30))
    body.append(loft("strap", loop, np.outer(shape * wide, (1, 0, 0)), normal * 0.028))
    if u.chance(0.7):
        body.append(box("buckle", (0, 0, -big * 1.7 - 0.03), (wide * 0.85, 0.1, 0.03)))
    return body


def calculator(u: Dice) -> list[Piece]:
    """Pocket and desk calculators, card terminals."""
    w, d, thick, lean = u(0.4, 0.55), u(0.6, 0.8), u(0.04, 0.1), u(0, 0.3)
    share = u(0.18, 0.28)
    pieces = [_case(u, "body", (0, 0, 0), (w, thick, d))]
    pieces.append(box("screen", (0, thick, -d * (0.95 - share)), (w * 0.85, 0.015, d * share * 0.8)))
    pieces += _keys(
        "button", w * 0.88, d * (0.9 - share), (0, thick + 0.01, d * share * 0.9), u.count(4, 7), u.count(3, 5), u(0.015, 0.035)
    )
    if u.chance(0.4):
        pieces.append(box("solar cell", (w * 0.4, thick + 0.005, -d * 0.95), (w * 0.4, 0.01, d * 0.035)))
    if u.chance(0.2):
        pieces.append(box("paper", (0, thick + 0.2, -d), (w * 0.5, 0.25, 0.01), turn("x", -0.4)))
    return move(pieces, rotation=turn("x", lean))


def syringe(u: Dice) -> list[Piece]:
    """Medical syringes with plunger and needle."""
    r, long, out = u(0.09, 0.16), u(0.45, 0.65), u(0.1, 0.6)
    pieces = [
        cylinder("barrel", (0, -long, 0), (0, long, 0), r),
        lathe("barrel", [(r, 0), (r * 0.35, -0.07), (r * 0.3, -0.15), (0, -0.15)], (0, -long, 0)),
    ]
    pieces.append(cylinder("needle", (0, -long - 0.12, 0), (0, -long - u(0.45, 0.7), 0), [0.018, 0.008]))
    if u.chance(0.7):
        pieces.append(cylinder("needle hub", (0, -long - 0.25, 0), (0, -long - 0.1, 0), [r * 0.25, r * 0.4]))
    flange = u.pick("wings", "disc")
    pieces.append(
        ellipsoid("flange", (0, long, 0), (r * 2.3, 0.025, r * 1.1), square=0.6)
        if flange == "wings"
        else cylinder("flange", (0, long - 0.02, 0), (0, long + 0.02, 0), r * 1.7)
    )
    top = long + out
    pieces += [
        box("plunger", (0, (long + top) / 2, 0), a)
        for a in ((r * 0.6, out / 2 + 0.05, 0.015), (0.015, out / 2 + 0.05, r * 0.6))
    ]
    if u.chance(0.3):
        pieces += [tube("ring", arc((x * r * 2, long, 0), r * 0.8, r * 0.8, 0, 6.28, "xy"), 0.025) for x in SIDES]
    return [*pieces, cylinder("plunger", (0, top, 0), (0, top + 0.04, 0), r * u(0.9, 1.3))]


def satellite(u: Dice) -> list[Piece]:
    """Satellites with solar wings and dish, ball probes with antennas, ground dishes."""
    style, w, h = u.pick("box", "box", "can", "ball", "ground"), u(0.2, 0.3), u(0.25, 0.4)
    bowl = np.array([(0.05, -0.02), (0.5, 0.06), (0.85, 0.2), (1, 0.3), (0.97, 0.31), (0.5, 0.1), (0, 0.03)])
    if style == "ball":
        pieces = [ellipsoid("body", (0, 0, 0), 0.4)]
        return pieces + [
            tube("antenna", [(0.2 * c, 0.2 * s, -0.2), (0.6 * c, 0.6 * s, -1.3)], 0.018) for c, s in around(4, 0.78)
        ]
    if style == "ground":
        size = u(0.55, 0.8)
        dish = [lathe("dish", bowl * size), ellipsoid("receiver", (0, size * 0.75, 0), 0.06)]
        dish += [
            tube("receiver arm", [(0.85 * size * c, size * 0.22, 0.85 * size * s), (0, size * 0.75, 0)], 0.015)
            for c, s in around(u.pick(1, 3))
        ]
        pieces = move(dish, (0, 0.5, 0.08), rotation=turn("x", u(0.5, 1.2)))
        return [
            *pieces,
            cylinder("mast", (0, -0.4, 0), (0, 0.5, 0), 0.05),
            lathe("base", [(0.3, 0), (0.28, 0.05), (0, 0.07)], (0, -0.42, 0)),
        ]
    pieces = [box("body", (0, 0, 0), (w, h, w)) if style == "box" else cylinder("body", (0, -h, 0), (0, h, 0), w)]
    n, tilt = u.count(1, 3), turn("x", u(0, 1))
    size = u(0.22, 0.32) / (1 + 0.25 * (n - 1))
    for x in SIDES:
        pieces.append(tube("arm", [(x * w * 0.9, 0, 0), (x * (w + 0.15 + 2.05 * size * (n - 1)), 0, 0)], 0.02))
        for k in range(n):
            pieces.append(
                box("solar panel", (x * (w + 0.12 + size + 2.08 * size * k), 0, 0), (size, u(0.22, 0.24), 0.012), tilt)
            )
    big = u(0.25, 0.4)
    where = u.pick("top", "front")
    dish = [
        lathe("dish", bowl * big),
        tube("receiver", [(0, 0, 0), (0, big * 0.6, 0)], 0.018),
        cylinder("dish", (0, -0.1, 0), (0, 0.03, 0), 0.03),
    ]
    pieces += move(dish, (0, h + 0.08, 0)) if where == "top" else move(dish, (0, 0, w + 0.08), rotation=turn("x", QUARTER))
    pieces += [tube("antenna", [(0.1 * x, -h, 0), (0.2 * x, -h - u(0.3, 0.5), 0.1)], 0.014) for x in SIDES[: u.count(0, 2)]]
    if u.chance(0.4):
        pieces.append(lathe("engine", [(0.05, 0), (0.13, -0.15), (0, -0.12)], (0, -h, 0)))
    return pieces


KINDS = {
    "laptop": Kind(laptop, "screen", ("laptop", "notebook computer")),
    "monitor": Kind(monitor, "screen", ("monitor", "computer screen", "display")),
    "tv": Kind(tv, "screen", ("television", "tv", "tv set")),
    "tablet": Kind(tablet, "screen", ("tablet", "tablet computer")),
    "phone": Kind(phone, "phone", ("phone", "smartphone", "telephone", "cell phone")),
    "keyboard": Kind(keyboard, "keyboard", ("keyboard", "computer keyboard")),
    "calculator": Kind(calculator, "keyboard", ("calculator", "pocket calculator")),
    "computer mouse": Kind(computer_mouse, "mouse", ("computer mouse", "mouse")),
    "game controller": Kind(game_controller, "controller", ("game controller", "gamepad", "joystick")),
    "vr controller": Kind(vr_controller, "controller", ("VR controller", "virtual reality controller", "motion controller")),
    "remote control": Kind(remote_control, "controller", ("remote control", "tv remote")),
    "vr headset": Kind(vr_headset, "headset", ("VR headset", "virtual reality goggles")),
    "headphones": Kind(headphones, "headset", ("headphones", "headset")),
    "earphones": Kind(earphones, "headset", ("earphones", "earbuds")),
    "camera": Kind(camera, "camera", ("camera", "photo camera", "video camera")),
    "telescope": Kind(telescope, "optics", ("telescope", "spyglass")),
    "microscope": Kind(microscope, "optics", ("microscope",)),
    "microphone": Kind(microphone, "microphone", ("microphone", "mic")),
    "speaker": Kind(speaker, "audio", ("speaker", "loudspeaker", "megaphone")),
    "radio": Kind(radio, "audio", ("radio", "boom box", "walkie-talkie")),
    "printer": Kind(printer, "printer", ("printer", "copier")),
    "desk fan": Kind(desk_fan, "fan", ("fan", "desk fan", "electric fan")),
    "vacuum cleaner": Kind(vacuum_cleaner, "vacuum cleaner", ("vacuum cleaner", "vacuum", "hoover")),
    "washing machine": Kind(washing_machine, "appliance", ("washing machine", "washer", "dryer")),
    "refrigerator": Kind(refrigerator, "appliance", ("refrigerator", "fridge")),
    "oven": Kind(oven, "appliance", ("oven", "stove", "cooker")),
    "microwave": Kind(microwave, "appliance", ("microwave", "microwave oven")),
    "dishwasher": Kind(dishwasher, "appliance", ("dishwasher",)),
    "toaster": Kind(toaster, "toaster", ("toaster",)),
    "blender": Kind(blender, "kitchen machine", ("blender", "mixer")),
    "coffee machine": Kind(coffee_machine, "kitchen machine", ("coffee machine", "coffee maker", "espresso machine")),
    "kettle": Kind(kettle, "kitchen machine", ("kettle", "electric kettle")),
    "iron": Kind(iron, "iron", ("iron", "clothes iron", "steam iron")),
    "hair dryer": Kind(hair_dryer, "hair dryer", ("hair dryer", "blow dryer")),
    "sewing machine": Kind(sewing_machine, "sewing machine", ("sewing machine",)),
    "light bulb": Kind(light_bulb, "light", ("light bulb", "bulb")),
    "flashlight": Kind(flashlight, "light", ("flashlight", "torch")),
    "alarm clock": Kind(clock, "clock", ("clock", "alarm clock", "wall clock")),
    "watch": Kind(watch, "clock", ("watch", "pocket watch")),
    "syringe": Kind(syringe, "syringe", ("syringe", "injection needle")),
    "satellite": Kind(satellite, "satellite", ("satellite", "space probe", "satellite dish")),
}

SYNONYMS = {
    "base": ("bottom", "foot", "stand"),
    "key": ("button", "keys"),
    "keyboard": ("keys", "key area"),
    "space bar": ("space key",),
    "touchpad": ("trackpad", "touch surface"),
    "lid": ("cover", "top", "cap"),
    "screen": ("display", "monitor screen", "glass"),
    "camera": ("camera lens", "webcam"),
    "hinge": ("joint",),
    "port": ("socket", "connector"),
    "frame": ("bezel", "border", "rim"),
    "back": ("rear cover", "back cover", "back side"),
    "stand": ("support", "post", "pole"),
    "button": ("push button", "key"),
    "leg": ("foot", "support"),
    "speaker": ("loudspeaker", "sound holes"),
    "body": ("casing", "housing", "main body"),
    "knob": ("dial", "control knob", "turning knob"),
    "antenna": ("aerial",),
    "dial": ("rotary dial", "knob"),
    "hole": ("finger hole",),
    "receiver": ("handset", "feed horn"),
    "cradle": ("hook", "rest"),
    "cord": ("cable", "wire", "power cord"),
    "pen": ("stylus",),
    "cable": ("cord", "wire"),
    "foot": ("leg", "stand"),
    "scroll wheel": ("mouse wheel", "wheel"),
    "side button": ("squeeze button", "thumb button"),
    "menu button": ("start button", "small button"),
    "shoulder button": ("bumper", "upper trigger"),
    "power button": ("on button", "off button"),
    "stick": ("joystick", "lever"),
    "trigger": ("trigger button", "finger lever"),
    "direction pad": ("d-pad", "arrow buttons", "cross buttons"),
    "handle": ("hold", "hand hold"),
    "thumbstick": ("analog stick", "joystick", "stick"),
    "ball": ("sphere", "glowing ball"),
    "ring": ("hoop", "loop", "band"),
    "strap": ("band", "belt"),
    "face cushion": ("face pad", "foam"),
    "lens": ("glass", "objective"),
    "ear cup": ("ear cover", "headphone cup", "earphone"),
    "hood": ("shade", "sun shield"),
    "arm": ("bracket", "support arm"),
    "viewfinder": ("finder", "prism"),
    "flash": ("flash light",),
    "film reel": ("reel", "spool"),
    "tripod": ("stand", "three-legged stand"),
    "head": ("top part", "front part"),
    "headband": ("band", "head strap", "bow"),
    "cushion": ("pad", "padding", "ear pad"),
    "microphone": ("mic", "boom mic"),
    "earbud": ("earphone", "bud"),
    "ear tip": ("rubber tip", "tip"),
    "stem": ("stalk", "shaft"),
    "ear hook": ("hook", "ear loop"),
    "plug": ("jack", "connector"),
    "remote": ("control", "volume control"),
    "case": ("housing", "box", "watch case"),
    "switch": ("on-off switch", "slider", "button"),
    "light ring": ("light", "glowing ring"),
    "horn": ("bell", "funnel"),
    "cone": ("speaker cone", "membrane", "woofer"),
    "dust cap": ("center cap", "dome"),
    "cassette deck": ("tape deck", "cassette door"),
    "sensor": ("detector", "eye"),
    "control panel": ("panel", "controls"),
    "opening": ("slot", "paper outlet"),
    "paper tray": ("tray", "paper holder"),
    "paper": ("sheet",),
    "drawer": ("compartment", "tray"),
    "hub": ("center", "middle"),
    "blade": ("fan blade", "knife"),
    "rod": ("pole", "bar"),
    "motor": ("engine", "motor housing"),
    "cage": ("guard", "grille", "wire guard"),
    "bumper": ("front bumper", "edge"),
    "wheel": ("roller", "tire"),
    "nozzle": ("suction head", "mouthpiece", "outlet"),
    "tube": ("pipe", "main tube", "shaft"),
    "dust container": ("dust bin", "dust cup"),
    "hose": ("flexible tube", "pipe"),
    "display": ("screen", "digital display"),
    "door": ("front door", "flap"),
    "window": ("glass", "viewing window"),
    "water dispenser": ("ice dispenser", "dispenser"),
    "burner": ("hotplate", "cooking plate", "stove top"),
    "grate": ("pot support", "grid"),
    "backsplash": ("back wall", "back board"),
    "clock": ("timer",),
    "rack": ("basket", "dish rack"),
    "slot": ("opening", "bread slot"),
    "bread": ("toast", "slice of bread"),
    "lever": ("push lever", "slider"),
    "jug": ("pitcher", "container", "jar"),
    "shaft": ("rod", "stick"),
    "pot": ("glass pot", "coffee pot", "carafe"),
    "filter holder": ("filter", "portafilter"),
    "spout": ("nozzle", "beak"),
    "steam pipe": ("steam wand", "pipe"),
    "drip tray": ("tray", "grid"),
    "cup": ("mug",),
    "water tank": ("tank", "water container"),
    "water gauge": ("water window", "level window"),
    "soleplate": ("iron plate", "hot plate", "bottom plate"),
    "air intake": ("air inlet", "rear grille"),
    "needle": ("pin", "point"),
    "presser foot": ("foot",),
    "hand wheel": ("wheel", "balance wheel"),
    "spool": ("thread spool", "bobbin", "thread"),
    "crank": ("hand crank", "handle"),
    "fabric": ("cloth",),
    "eyepiece": ("ocular", "viewing lens"),
    "finder scope": ("finder", "small telescope"),
    "mount": ("holder", "base"),
    "counterweight": ("weight",),
    "stage": ("platform", "table", "specimen table"),
    "clip": ("slide clip", "clamp"),
    "lens wheel": ("turret", "revolver"),
    "objective lens": ("objective", "lens"),
    "focus knob": ("knob", "focus wheel"),
    "lamp": ("light", "light source"),
    "mirror": ("reflector",),
    "contact": ("tip", "metal contact"),
    "bulb": ("glass", "glass bulb"),
    "cap": ("end cap", "tail cap"),
    "face": ("clock face", "dial"),
    "hour mark": ("hour marker", "number"),
    "hand": ("clock hand", "pointer"),
    "hour hand": ("short hand",),
    "minute hand": ("long hand",),
    "bell": ("alarm bell",),
    "hammer": ("bell hammer", "striker"),
    "top": ("crown", "gable"),
    "pendulum": ("swing", "weight"),
    "crown": ("winding knob", "side knob"),
    "chain": ("watch chain",),
    "buckle": ("clasp", "fastener"),
    "solar cell": ("light cell",),
    "barrel": ("tube", "cylinder"),
    "needle hub": ("needle base",),
    "flange": ("finger flange", "finger rest", "wings"),
    "plunger": ("piston", "push rod"),
    "solar panel": ("solar array", "solar wing"),
    "dish": ("dish antenna", "reflector", "bowl"),
    "receiver arm": ("arm", "rod"),
    "mast": ("pole", "post"),
    "engine": ("thruster", "nozzle"),
}
