"""Cameras and laboratory instruments."""

from __future__ import annotations

import numpy as np

from meronym_synthetic.kit.curves import QUARTER, SIDES, arc, around, bezier, turn
from meronym_synthetic.kit.devices import housing, raised_disc
from meronym_synthetic.kit.registry import kind
from meronym_synthetic.kit.rng import Rng
from meronym_synthetic.kit.solids import Solid, box, cylinder, ellipsoid, lathe, mirrored, move, prism, ring_of, tube


@kind("camera", family="camera", names=("camera", "photo camera", "video camera"), synonyms={
    "base": ("bottom", "foot", "stand"), "screen": ("display", "monitor screen", "glass"), "button": ("push button", "key"),
    "leg": ("foot", "support"), "body": ("casing", "housing", "main body"), "dial": ("rotary dial", "knob"),
    "handle": ("hold", "hand hold"), "strap": ("band", "belt"), "lens": ("glass", "objective"), "hood": ("shade", "sun shield"),
    "arm": ("bracket", "support arm"), "viewfinder": ("finder", "prism"), "flash": ("flash light",),
    "film reel": ("reel", "spool"), "tripod": ("stand", "three-legged stand"), "head": ("top part", "front part")})  # fmt: skip
def camera(u: Rng) -> list[Solid]:
    """Reflex, compact, film and video cameras, some on a tripod; security cameras."""
    style, w, h, d = u.pick("reflex", "reflex", "compact", "movie", "security"), u(0.5, 0.62), u(0.3, 0.38), u(0.14, 0.24)
    if style == "security":
        r, long = u(0.16, 0.22), u(0.4, 0.55)
        head = [cylinder("body", (0, 0, -long), (0, 0, long), r) if u.chance() else box("body", (0, 0, 0), (r, r * 0.85, long))]
        head += [raised_disc("lens", (0, 0, long), r * 0.65, 0.06)]
        if u.chance():
            head.append(box("hood", (0, r * 1.05, 0.08), (r * 1.15, 0.02, long * 1.05)))
        pieces = move(head, rotation=turn("x", u(0.1, 0.5)))
        return [
            *pieces,
            tube("arm", [(0, 0, -0.2), (0, u(0.3, 0.5), -0.3), (0, 0.35, -0.6)], 0.05),
            raised_disc("base", (0, 0.35, -0.66), 0.17, 0.06),
        ]
    if style == "movie":
        w, d = u(0.18, 0.26), u(0.45, 0.6)
    pieces = [housing(u, "body", (0, 0, 0), (w, h, d))]
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
    pieces.append(raised_disc("button", (-w * 0.7, h, 0.02), 0.05, 0.05, "y"))
    if u.chance(0.6):
        pieces.append(raised_disc("dial", (w * 0.7, h, 0), 0.09, 0.07, "y"))
    if u.chance(0.4):
        pieces.append(box("flash", (w * 0.55, h * 0.6, d), (0.09, 0.06, 0.02)))
    if style != "movie":
        pieces.append(box("screen", (0, -0.02, -d), (w * 0.6, h * 0.65, 0.012)))
    if style == "movie" and u.chance(0.6):
        pieces += [lathe("film reel", [(0.25, -0.05), (0.25, 0.05), (0, 0.05)], (0, h + 0.2, z), "x") for z in (0.2, -0.25)]
    elif style == "movie":
        handle = [(0, h, d * 0.5), (0, h + 0.18, d * 0.4), (0, h + 0.18, -d * 0.4), (0, h, -d * 0.5)]
        pieces.append(tube("handle", handle, 0.04))
    if u.chance(0.3):
        strap = bezier((-w, h * 0.7, 0), (-w * 1.6, -1.2, 0), (w * 1.6, -1.2, 0), (w, h * 0.7, 0), n=16)
        pieces.append(tube("strap", strap, 0.025))
    elif u.chance(0.3):
        pieces.append(cylinder("tripod/head", (0, -h - 0.12, 0), (0, -h, 0), 0.09))
        pieces += ring_of(3, tube, "tripod/leg", [(0, -h - 0.1, 0), (0.55, -h - 1.3, 0)], [0.04, 0.025], phase=QUARTER)
    return pieces


def _block_top(part: str, foot: tuple[float, float, float], w: float, d: float, rise: float) -> Solid:
    """Hump with sloping sides."""
    x, y, z = foot
    return prism(part, [(-w, -0.02), (w, -0.02), (w * 0.55, rise), (-w * 0.55, rise)], d, (x, y, z))


@kind("telescope", family="optics", names=("telescope", "spyglass"), synonyms={
    "leg": ("foot", "support"), "ring": ("hoop", "loop", "band"), "lens": ("glass", "objective"),
    "tripod": ("stand", "three-legged stand"), "tube": ("pipe", "main tube", "shaft"), "eyepiece": ("ocular", "viewing lens"),
    "finder scope": ("finder", "small telescope"), "mount": ("holder", "base"), "counterweight": ("weight",)})  # fmt: skip
def telescope(u: Rng) -> list[Solid]:
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
            raised_disc("lens", (0, 0, long), r * 1.1, 0.02),
        ]
        return pieces
    if style == "reflector":
        r *= 2
    barrel = [cylinder("tube", (0, 0, -long), (0, 0, long), r), cylinder("tube", (0, 0, long), (0, 0, long + 0.15), r * 1.15)]
    barrel.append(raised_disc("lens", (0, 0, long + 0.12), r * 0.95, 0.03))
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
    pieces += ring_of(3, tube, "tripod/leg", [(0, -0.12, 0), (spread, -tall, 0)], [0.035, 0.025], phase=QUARTER)
    if u.chance(0.4):
        pieces.append(tube("mount", [(0, 0, 0), (0.3, -0.15, 0)], 0.02))
        pieces.append(cylinder("counterweight", (0.24, -0.12, 0), (0.32, -0.16, 0), 0.07))
    return pieces


@kind("microscope", family="optics", names=("microscope",), synonyms={
    "base": ("bottom", "foot", "stand"), "arm": ("bracket", "support arm"), "tube": ("pipe", "main tube", "shaft"),
    "eyepiece": ("ocular", "viewing lens"), "stage": ("platform", "table", "specimen table"), "clip": ("slide clip", "clamp"),
    "lens wheel": ("turret", "revolver"), "objective lens": ("objective", "lens"), "focus knob": ("knob", "focus wheel"),
    "lamp": ("light", "light source"), "mirror": ("reflector",)})  # fmt: skip
def microscope(u: Rng) -> list[Solid]:
    """Light microscopes with one or two eyepieces."""
    w, d, h, lean = u(0.25, 0.33), u(0.32, 0.42), u(0.95, 1.15), u(0.2, 0.6)
    pieces = (
        [housing(u, "base", (0, 0.06, 0), (w, 0.07, d))]
        if u.chance(0.7)
        else mirrored(box, "base", (w * 0.7, 0.05, 0), (0.07, 0.05, d))
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
    pieces += mirrored(box, "clip", (0.1, stage + 0.035, 0.05), (0.015, 0.01, 0.1))
    pieces.append(cylinder("lens wheel", (0, h * 0.78, 0.02), (0, h * 0.84, 0.02), 0.12))
    for c, s in around(u.pick(1, 3, 3), QUARTER):
        objective_lens = (0.06 * c, h * 0.8, 0.02 + 0.06 * s)
        pieces.append(cylinder("objective lens", objective_lens, (0.11 * c, h * 0.58, 0.02 + 0.11 * s - 0.06), [0.045, 0.03]))
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
    pieces.append(raised_disc("lamp" if u.chance(0.6) else "mirror", (0, 0.13, 0.03), 0.08, 0.05, "y"))
    return pieces


@kind("syringe", family="syringe", names=("syringe", "injection needle"), synonyms={
    "ring": ("hoop", "loop", "band"), "needle": ("pin", "point"), "barrel": ("tube", "cylinder"),
    "needle hub": ("needle base",), "flange": ("finger flange", "finger rest", "wings"), "plunger": ("piston", "push rod"),
})  # fmt: skip
def syringe(u: Rng) -> list[Solid]:
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
