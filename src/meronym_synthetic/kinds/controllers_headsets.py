"""Controllers for games, televisions and virtual reality."""

from __future__ import annotations

import numpy as np

from meronym_synthetic.kit.curves import QUARTER, SIDES, arc, around, bezier, ellipse, turn
from meronym_synthetic.kit.devices import housing, key_grid, raised_disc
from meronym_synthetic.kit.registry import kind
from meronym_synthetic.kit.rng import Rng
from meronym_synthetic.kit.solids import Solid, box, cylinder, ellipsoid, lathe, loft, mirrored, move, tube


@kind("game controller", family="controller", names=("game controller", "gamepad", "joystick"), synonyms={
    "base": ("bottom", "foot", "stand"), "touchpad": ("trackpad", "touch surface"), "button": ("push button", "key"),
    "body": ("casing", "housing", "main body"), "knob": ("dial", "control knob", "turning knob"), "cable": ("cord", "wire"),
    "menu button": ("start button", "small button"), "shoulder button": ("bumper", "upper trigger"),
    "stick": ("joystick", "lever"), "trigger": ("trigger button", "finger lever"),
    "direction pad": ("d-pad", "arrow buttons", "cross buttons"), "handle": ("hold", "hand hold"),
    "thumbstick": ("analog stick", "joystick", "stick")})  # fmt: skip
def game_controller(u: Rng) -> list[Solid]:
    """Gamepads with handles, flat retro pads, joysticks."""
    style = u.pick("pad", "pad", "pad", "retro", "joystick")
    if style == "joystick":
        w, tall = u(0.3, 0.45), u(0.5, 0.8)
        pieces = [
            housing(u, "base", (0, 0.08, 0), (w, 0.09, w * u(0.9, 1.2))),
            lathe("base", [(0.15, 0), (0.08, 0.08), (0, 0.1)], (0, 0.15, 0)),
        ]
        pieces += [
            tube("stick", [(0, 0.1, 0), (0, tall * 0.6, 0.02), (0, tall, 0.06)], [0.04, 0.06, 0.08])
            if u.chance()
            else cylinder("stick", (0, 0.1, 0), (0, tall, 0), 0.03)
        ]
        pieces += [
            ellipsoid("stick/knob", (0, tall, 0.04), u(0.08, 0.11)),
            raised_disc("button", (w * 0.6, 0.16, w * 0.6), 0.07, 0.05, "y"),
        ]
        if u.chance():
            pieces.append(ellipsoid("trigger", (0, tall * 0.75, 0.13), (0.03, 0.07, 0.05)))
        return pieces + [raised_disc("button", (-w * 0.6, 0.16, w * 0.6), 0.07, 0.05, "y")] * u.chance()
    w, d, h, y = u(0.5, 0.65), u(0.26, 0.34), u(0.09, 0.14), 0.0
    pieces = [ellipsoid("body", (0, 0, 0), (w, h, d), square=0.15 if style == "retro" else u(0.4, 0.7))]
    y = h * 0.95
    cross = [
        box("direction pad", (-w * 0.62, y, -0.02), (0.1, 0.03, 0.032)),
        box("direction pad", (-w * 0.62, y, -0.02), (0.032, 0.03, 0.1)),
    ]
    if style == "retro":
        pieces += [*cross, *(raised_disc("button", (w * x, y, 0.05 * (0.5 - x) + 0.03), 0.06, 0.04, "y") for x in (0.45, 0.72))]
        return pieces + mirrored(ellipsoid, "button", (0.08, y, 0.05), (0.06, 0.025, 0.02))
    spread, drop, back = w * u(0.8, 1.0), u(0.05, 0.2), u(0.35, 0.55)
    for x in SIDES:
        handle = bezier((x * w * 0.7, -0.02, 0), (x * spread, -0.02, back * 0.6), (x * spread * 1.08, -drop, back + 0.15))
        pieces.append(tube("body/handle", handle, u(0.11, 0.14)))
        pieces.append(ellipsoid("button/shoulder button", (x * w * 0.65, h * 0.5, -d * 0.95), (0.16, 0.035, 0.05)))
        pieces.append(ellipsoid("trigger", (x * w * 0.65, -h * 0.1, -d * 1.05), (0.11, 0.07, 0.09)))
    low = d * 0.45
    sticks = [(-w * 0.32, low), (w * 0.32, low)] if u.chance() else [(-w * 0.62, -0.05), (w * 0.3, low)]
    for x, z in sticks:
        pieces.append(cylinder("thumbstick", (x, h * 0.6, z), (x, y + 0.08, z), 0.035))
        thumbstick = [(0.06, 0), (0.085, 0.015), (0.085, 0.03), (0.05, 0.022), (0, 0.02)]
        pieces.append(lathe("thumbstick", thumbstick, (x, y + 0.07, z)))
    if sticks[0][1] != low:
        cross = move(cross, (w * 0.3, 0, low))
    pieces += cross
    pieces += [ellipsoid("button", (w * 0.62 + 0.09 * c, y, -0.03 + 0.09 * s), (0.038, 0.035, 0.038)) for c, s in around(4)]
    pieces += mirrored(ellipsoid, "button/menu button", (0.12, y, -0.08), (0.035, 0.02, 0.018))
    if u.chance(0.35):
        pieces.append(box("touchpad", (0, y, -0.1), (0.17, 0.02, 0.09)))
    if u.chance(0.3):
        pieces.append(tube("cable", bezier((0, 0, -d), (0, 0, -d - 0.4), (0.4, -0.1, -d - 0.6)), 0.02))
    return pieces


@kind(
    "vr controller", family="controller", names=("VR controller", "virtual reality controller", "motion controller"),
    synonyms={
    "touchpad": ("trackpad", "touch surface"), "button": ("push button", "key"), "body": ("casing", "housing", "main body"),
    "side button": ("squeeze button", "thumb button"), "menu button": ("start button", "small button"),
    "trigger": ("trigger button", "finger lever"), "handle": ("hold", "hand hold"),
    "thumbstick": ("analog stick", "joystick", "stick"), "ball": ("sphere", "glowing ball"), "ring": ("hoop", "loop", "band"),
    "strap": ("band", "belt")})  # fmt: skip
def vr_controller(u: Rng) -> list[Solid]:
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
            hoop = ellipse((0, 0, 0), size, size * u(0.8, 1), "xz", 33) @ turn("x", tilt).T
            ring = np.add(hoop, (0, -size * np.sin(tilt) * 0.8, 0.05 + size * 0.8))
            pieces += [tube("ring", ring, u(0.07, 0.1), flat=u(0.6, 1.2))]
            pieces.append(ellipsoid("body", (0, 0, -0.05), (r * 1.15, r * 0.8, 0.22)))
            pieces.append(raised_disc("touchpad", (0, r * 0.72, -0.22), r * 0.8, 0.04, "y"))
            pieces.append(ellipsoid("button/menu button", (0, r * 0.8, -0.02), (0.03, 0.025, 0.03)))
            pieces.append(ellipsoid("button", (0, r * 0.75, -0.42), (0.035, 0.025, 0.035)))
        pieces.append(ellipsoid("trigger", (0, -r * 0.9, -0.22), (r * 0.4, 0.08, 0.1), turn("x", 0.4)))
        pieces += mirrored(ellipsoid, "button/side button", (r * 0.85, -0.02, -0.5), (0.025, 0.05, 0.14))
        return pieces
    handle = [(0, -0.05, 0), (0, -long * 0.5, -0.02), (0, -long, 0.0)] @ end.T
    pieces.append(tube("body/handle", handle, [r * 1.05, r, r * u(0.8, 1.1)], flat=u(0.8, 1.1)))
    size, flat = u(0.2, 0.27), u(0.07, 0.11)
    face = [ellipsoid("body", (0, 0, 0.04), (size, flat, size * u(1, 1.3)), square=u(0.7, 1))]
    top, side = flat * 0.9, u.pick(-1.0, 1.0)
    face.append(cylinder("thumbstick", (side * size * 0.35, 0, 0.08), (side * size * 0.35, top + 0.07, 0.08), 0.03))
    thumbstick = [(0.05, 0), (0.075, 0.02), (0.075, 0.035), (0, 0.025)]
    face.append(lathe("thumbstick", thumbstick, (side * size * 0.35, top + 0.06, 0.08)))
    for z in (0.1, -0.05):
        face.append(raised_disc("button", (-side * size * 0.35, top * 0.85, z), 0.04, 0.04, "y"))
    if u.chance(0.7):
        face.append(raised_disc("button/menu button", (side * size * 0.25, top * 0.85, -0.12), 0.022, 0.03, "y"))
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


@kind("vr headset", family="headset", names=("VR headset", "virtual reality goggles"), synonyms={
    "camera": ("camera lens", "webcam"), "body": ("casing", "housing", "main body"),
    "knob": ("dial", "control knob", "turning knob"), "strap": ("band", "belt"), "face cushion": ("face pad", "foam"),
    "lens": ("glass", "objective"), "ear cup": ("ear cover", "headphone cup", "earphone")})  # fmt: skip
def vr_headset(u: Rng) -> list[Solid]:
    """Virtual reality goggles with straps, lenses, cameras and face cushion."""
    w, h, d = u(0.45, 0.55), u(0.24, 0.3), u(0.16, 0.25)
    pieces = [ellipsoid("body", (0, 0, 0.3), (w, h, d), square=u(0.25, 0.6))]
    t = np.linspace(0, 2 * np.pi, 25)
    rim = np.stack([w * 0.85 * np.cos(t), h * 0.85 * np.sin(t), 0 * t + 0.3 - d * 0.9], 1)
    pieces.append(tube("face cushion", rim, u(0.05, 0.07)))
    pieces += mirrored(raised_disc, "lens", (w * 0.4, 0, 0.3 - d * 0.8), 0.13, 0.06, sign=-1.0)
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
        pieces += mirrored(ellipsoid, "camera", (w * 0.75, h * 0.6, 0.3 + d * 0.8), 0.05, axes="xy")
    if u.chance(0.4):
        pieces += mirrored(ellipsoid, "ear cup", (w * 1.05, -0.1, -0.2), (0.05, 0.13, 0.1))
    if u.chance(0.4):
        pieces.append(raised_disc("knob", (0, 0, -back), 0.1, 0.08, sign=-1.0))
    return pieces


@kind("remote control", family="controller", names=("remote control", "tv remote"), synonyms={
    "screen": ("display", "monitor screen", "glass"), "button": ("push button", "key"),
    "body": ("casing", "housing", "main body"), "power button": ("on button", "off button"),
    "direction pad": ("d-pad", "arrow buttons", "cross buttons"), "sensor": ("detector", "eye")})  # fmt: skip
def remote_control(u: Rng) -> list[Solid]:
    """Long television remotes, short ones with a pad, key fobs."""
    w, long, thick = u(0.16, 0.26), u(0.6, 0.9), u(0.05, 0.09)
    pieces = [housing(u, "body", (0, 0, 0), (w, thick, long))]
    y = thick * 0.95
    if u.chance(0.7):
        pieces += [
            raised_disc("direction pad", (0, y, -long * 0.15), w * 0.6, 0.03, "y"),
            raised_disc("button", (0, y + 0.02, -long * 0.15), w * 0.25, 0.03, "y"),
        ]
        rows = u.count(2, 4)
        pieces += key_grid("button", w * 0.8, long * 0.28, (0, y, long * 0.5), rows, 3, 0.03)
    else:
        pieces += key_grid("button", w * 0.8, long * 0.65, (0, y, long * 0.15), u.count(5, 8), u.count(2, 3), 0.03)
    if u.chance(0.8):
        pieces.append(raised_disc("button/power button", (-w * 0.55, y, -long * 0.82), w * 0.2, 0.035, "y"))
    if u.chance(0.3):
        pieces.append(box("screen", (0, y, -long * 0.6), (w * 0.7, 0.012, long * 0.14)))
    if u.chance(0.3):
        pieces.append(box("sensor", (0, 0, -long), (w * 0.5, thick * 0.5, 0.02)))
    return pieces
