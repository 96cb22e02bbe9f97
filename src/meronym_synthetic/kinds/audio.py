"""Headphones, microphones, speakers and radios."""

from __future__ import annotations

import numpy as np

from meronym_synthetic.kit.curves import SIDES, arc, bezier, ellipse, turn
from meronym_synthetic.kit.devices import housing, raised_disc
from meronym_synthetic.kit.registry import kind
from meronym_synthetic.kit.rng import Rng
from meronym_synthetic.kit.solids import Solid, box, cylinder, ellipsoid, lathe, loft, mirrored, move, prism, ring_of, tube


@kind("headphones", family="headset", names=("headphones", "headset"), synonyms={
    "cable": ("cord", "wire"), "ear cup": ("ear cover", "headphone cup", "earphone"), "arm": ("bracket", "support arm"),
    "headband": ("band", "head strap", "bow"), "cushion": ("pad", "padding", "ear pad"), "microphone": ("mic", "boom mic"),
})  # fmt: skip
def headphones(u: Rng) -> list[Solid]:
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
        pieces += [Solid(p.part, (p.vertices - (0, low, 0)) * (1, 1.15, 1) + (0, low, 0), p.faces) for p in cup]
        pieces.append(tube("arm", [(x * r, 0.05, 0), (x * (r + thick * 0.4), low, 0)], 0.035, flat=0.6))
    if u.chance(0.4):
        mic = bezier((r, low, 0.1), (r, low - 0.2, 0.4), (r * 0.4, low - 0.35, 0.55))
        pieces += [tube("microphone", mic, 0.018), ellipsoid("microphone", mic[-1], (0.06, 0.04, 0.04))]
    if u.chance(0.4):
        cable = bezier((-r, low - size, 0), (-r, low - 0.7, 0.1), (0, low - 0.6, 0.2), (0.1, low - 1.1, 0.2))
        pieces.append(tube("cable", cable, 0.016))
    return pieces


@kind("earphones", family="headset", names=("earphones", "earbuds"), synonyms={
    "lid": ("cover", "top", "cap"), "cable": ("cord", "wire"), "earbud": ("earphone", "bud"), "ear tip": ("rubber tip", "tip"),
    "stem": ("stalk", "shaft"), "ear hook": ("hook", "ear loop"), "plug": ("jack", "connector"),
    "remote": ("control", "volume control"), "case": ("housing", "box", "watch case")})  # fmt: skip
def earphones(u: Rng) -> list[Solid]:
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
            ear_hook = bezier((0.05 * x, 0.05, 0), (0.05 * x, 0.4, 0), (0.05 * x, 0.3, -0.35), (0.05 * x, -0.1, -0.3))
            bud.append(tube("ear hook", ear_hook, 0.025))
        pieces += move(bud, (x * 0.4, 0.3, 0), rotation=turn("z", x * tilt))
        if not wireless:
            cable = bezier((x * 0.45, 0.3 - stem, 0), (x * 0.45, -0.5, 0.1), (0, -0.4, 0), (0, -0.7, 0))
            pieces.append(tube("cable", cable, 0.018))
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


@kind("microphone", family="microphone", names=("microphone", "mic"), synonyms={
    "base": ("bottom", "foot", "stand"), "stand": ("support", "post", "pole"), "body": ("casing", "housing", "main body"),
    "cable": ("cord", "wire"), "handle": ("hold", "hand hold"), "ring": ("hoop", "loop", "band"),
    "head": ("top part", "front part"), "switch": ("on-off switch", "slider", "button")})  # fmt: skip
def microphone(u: Rng) -> list[Solid]:
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
            pieces.append(tube("ring", ellipse((0, 0.6, 0), 0.28, 0.28, "xz", 25), 0.025))
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


@kind("speaker", family="audio", names=("speaker", "loudspeaker", "megaphone"), synonyms={
    "button": ("push button", "key"), "body": ("casing", "housing", "main body"),
    "knob": ("dial", "control knob", "turning knob"), "foot": ("leg", "stand"), "trigger": ("trigger button", "finger lever"),
    "handle": ("hold", "hand hold"), "light ring": ("light", "glowing ring"), "horn": ("bell", "funnel"),
    "cone": ("speaker cone", "membrane", "woofer"), "dust cap": ("center cap", "dome")})  # fmt: skip
def speaker(u: Rng) -> list[Solid]:
    """Box speakers with cones, round smart speakers, megaphone horns."""
    style = u.pick("box", "box", "round", "horn")
    if style == "round":
        r, h = u(0.3, 0.45), u(0.4, 0.9)
        pieces = [
            cylinder("body", (0, 0, 0), (0, h, 0), [r, r * u(0.85, 1)]) if u.chance(0.6) else ellipsoid("body", (0, r, 0), r)
        ]
        top = max(float(p.vertices[:, 1].max()) for p in pieces)
        pieces += ring_of(u.count(2, 4), raised_disc, "button", (0.1, top - 0.02, 0), 0.04, 0.04, "y")
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
    pieces = [housing(u, "body", (0, h, 0), (w, h, d))]
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
        pieces += mirrored(raised_disc, "knob", (w * 0.5, 0.12, d), 0.05, 0.05)
    if u.chance(0.4):
        pieces += mirrored(lathe, "foot", [(0.05, -0.06), (0.06, 0.0)], (w * 0.75, 0, d * 0.75), axes="xz")
    return pieces


@kind("radio", family="audio", names=("radio", "boom box", "walkie-talkie"), synonyms={
    "screen": ("display", "monitor screen", "glass"), "button": ("push button", "key"),
    "speaker": ("loudspeaker", "sound holes"), "body": ("casing", "housing", "main body"),
    "knob": ("dial", "control knob", "turning knob"), "antenna": ("aerial",), "dial": ("rotary dial", "knob"),
    "handle": ("hold", "hand hold"), "cassette deck": ("tape deck", "cassette door")})  # fmt: skip
def radio(u: Rng) -> list[Solid]:
    """Portable radios, boom boxes, walkie-talkies and old table radios."""
    style, w, h, d = u.pick("portable", "boombox", "vintage", "walkie"), u(0.6, 0.8), u(0.3, 0.42), u(0.15, 0.25)
    if style == "walkie":
        w, h = u(0.24, 0.32), u(0.5, 0.6)
        pieces = [
            housing(u, "body", (0, h, 0), (w, h, d)),
            tube("antenna", [(w * 0.6, h * 1.9, 0), (w * 0.6, 2 * h + u(0.4, 0.8), 0)], [0.06, 0.035]),
        ]
        pieces += [box("speaker", (0, h * (0.35 + 0.12 * k), d), (w * 0.6, 0.02, 0.012)) for k in range(4)]
        pieces += [
            box("screen", (0, h * 1.5, d), (w * 0.65, h * 0.2, 0.015)),
            raised_disc("knob", (-w * 0.5, 2 * h - 0.02, 0), 0.06, 0.08, "y"),
        ]
        return [
            *pieces,
            box("button", (-w, h * 1.3, 0), (0.02, 0.12, d * 0.5)),
            *(raised_disc("button", (x * w * 0.4, h * 1.1, d), 0.04, 0.03) for x in (-1, 0, 1)),
        ]
    if style == "vintage" and u.chance():
        t = np.linspace(0, np.pi, 12)
        arch = [(-w * 0.75, 0), (w * 0.75, 0), *((w * 0.75 * np.cos(q), h + h * 1.2 * np.sin(q)) for q in t)]
        pieces = [prism("body", arch, d)]
    else:
        pieces = [housing(u, "body", (0, h, 0), (w, h, d))]
    if style == "boombox":
        pieces += mirrored(raised_disc, "speaker", (w * 0.62, h * 0.9, d), h * 0.65, 0.05)
        pieces += [
            box("cassette deck", (0, h * 0.75, d), (w * 0.25, h * 0.35, 0.02)),
            box("dial", (0, h * 1.6, d), (w * 0.6, h * 0.12, 0.02)),
        ]
        pieces += [box("button", (w * x, 2 * h, 0.05), (0.05, 0.02, 0.04)) for x in (-0.2, 0, 0.2)]
    else:
        pieces += [
            raised_disc("speaker", (-w * 0.3, h, d), h * 0.6, 0.04),
            box("dial", (w * 0.4, h * 1.3, d), (w * 0.25, h * 0.2, 0.02)),
        ]
        pieces += [raised_disc("knob", (w * x, h * 0.5, d), 0.08, 0.08) for x in (0.2, 0.5)]
    if style != "vintage":
        handle = [(-w * 0.85, 1.9 * h, 0), (-w * 0.8, 2 * h + 0.2, 0), (w * 0.8, 2 * h + 0.2, 0), (w * 0.85, 1.9 * h, 0)]
        pieces.append(tube("handle", handle, 0.035))
        pieces.append(tube("antenna", [(w * 0.8, 1.9 * h, -d * 0.8), (w * u(0.3, 1.1), 2 * h + u(0.4, 0.8), -d * 0.9)], 0.014))
    return pieces
