"""Rockets, shuttles, satellites and flying saucers."""

from __future__ import annotations

import numpy as np

from meronym_synthetic.kit.curves import QUARTER, SIDES, around, ellipse, turn
from meronym_synthetic.kit.registry import kind
from meronym_synthetic.kit.rng import Rng
from meronym_synthetic.kit.solids import Solid, box, cylinder, ellipsoid, lathe, mirrored, move, ring_of, tube, wing
from meronym_synthetic.kit.vehicles import spindle


@kind("satellite", family="satellite", names=("satellite", "space probe", "satellite dish"), synonyms={
    "base": ("bottom", "foot", "stand"), "body": ("casing", "housing", "main body"), "antenna": ("aerial",),
    "receiver": ("handset", "feed horn"), "arm": ("bracket", "support arm"), "solar panel": ("solar array", "solar wing"),
    "dish": ("dish antenna", "reflector", "bowl"), "receiver arm": ("arm", "rod"), "mast": ("pole", "post"),
    "engine": ("thruster", "nozzle")})  # fmt: skip
def satellite(u: Rng) -> list[Solid]:
    """Satellites with solar wings and dish, ball probes with antennas, ground dishes."""
    style, w, h = u.pick("box", "box", "can", "ball", "ground"), u(0.2, 0.3), u(0.25, 0.4)
    bowl = np.array([(0.05, -0.02), (0.5, 0.06), (0.85, 0.2), (1, 0.3), (0.97, 0.31), (0.5, 0.1), (0, 0.03)])
    if style == "ball":
        pieces = [ellipsoid("body", (0, 0, 0), 0.4)]
        return pieces + ring_of(4, tube, "antenna", [(0.2, 0, -0.2), (0.6, 0, -1.3)], 0.018, phase=0.78, plane="xy")
    if style == "ground":
        size = u(0.55, 0.8)
        dish = [lathe("dish", bowl * size), ellipsoid("receiver", (0, size * 0.75, 0), 0.06)]
        dish += ring_of(u.pick(1, 3), tube, "receiver arm", [(0.85 * size, size * 0.22, 0), (0, size * 0.75, 0)], 0.015)
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
            solar_panel = (x * (w + 0.12 + size + 2.08 * size * k), 0, 0)
            pieces.append(box("solar panel", solar_panel, (size, u(0.22, 0.24), 0.012), tilt))
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


@kind("shuttle", family="aircraft", names=("space shuttle", "space plane"), synonyms={
    "body": ("hull", "main body", "cabin"), "wing": ("main wing", "plane wing"),
    "tail fin": ("vertical stabilizer", "vertical tail", "fin"), "engine": ("jet engine", "thruster", "motor"),
    "cockpit": ("canopy", "pilot seat area", "glass canopy"), "cargo door": ("cargo bay door", "hatch"),
    "fuel tank": ("external tank", "tank"), "booster": ("rocket booster", "side rocket")})  # fmt: skip
def shuttle(u: Rng) -> list[Solid]:
    """Winged space shuttle or space plane, sometimes with its tank and boosters."""
    r, span, sharp = u(0.16, 0.24), u(0.5, 0.75), u.chance(0.3)
    pieces = [spindle("body", (0, 0, 0), 0.9, r, 0.6 if sharp else u(0.2, 0.35), 0.05, u(0.8, 1.1))]
    chord, low = u(0.5, 0.6), -r * 0.6
    pieces += [wing("wing", (0, low, -0.3), (x * span, low, -0.6), (chord, u(0.12, 0.2)), 0.04) for x in SIDES]
    pieces.append(wing("tail fin", (0, r * 0.6, -0.65), (0, r + u(0.3, 0.5), -0.9), (0.24, 0.12), 0.02, up=(1, 0, 0)))
    bell = np.array([(0.4, 0.4), (0.5, 0.3), (1, -1), (0.8, -1), (0, 0.2)])
    spots = [(0, 0.4), (-0.45, -0.2), (0.45, -0.2)] if u.chance(0.7) else [(-0.4, 0), (0.4, 0)]
    pieces += [lathe("engine", bell * (r * 0.4, 0.14), (x * r, y * r, -0.95), "z") for x, y in spots]
    if u.chance():
        pieces += mirrored(spindle, "engine", (r * 0.6, r * 0.6, -0.7), 0.22, r * 0.3, 0.3, 0.2)
    if u.chance(0.6):
        pieces.append(ellipsoid("cockpit", (0, r * 0.55, 0.55), (r * 0.65, r * 0.4, 0.14)))
    if u.chance(0.4):
        pieces.append(box("cargo door", (0, r * 0.8, -0.05), (r * 0.55, r * 0.28, 0.38)))
    if u.chance(0.35):
        big = r * u(1.1, 1.4)
        pieces.append(spindle("fuel tank", (0, -r * 0.75 - big, 0.1), 1.2, big, 0.25, 0.08))
        pieces += mirrored(spindle, "booster", (big * 1.35, -r * 0.75 - big, -0.1), 1.1, big * 0.45, 0.15, 0.03)
        return move(pieces, rotation=turn("x", -np.pi / 2 * u.chance()))
    return pieces


@kind("rocket", family="rocket", names=("rocket", "spaceship", "missile"), synonyms={
    "body": ("hull", "main body", "cabin"), "engine": ("jet engine", "thruster", "motor"), "window": ("porthole", "windows"),
    "booster": ("rocket booster", "side rocket"), "nose cone": ("nose", "tip", "cone"), "fin": ("stabilizer fin", "tail fin"),
})  # fmt: skip
def rocket(u: Rng) -> list[Solid]:
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
        pieces += ring_of(u.pick(2, 2, 4), lathe, "booster", profile, (r + big * 0.9, 0, 0), phase=0.4)
    if style == "comic" or u.chance(0.15):
        where = top * u(0.6, 0.75)
        edge = float(np.interp(where, t * top, rings))
        window = [(0, -0.04), (edge * 0.5, -0.04), (edge * 0.5, 0.03), (edge * 0.35, 0.04), (0, 0.03)]
        pieces.append(lathe("window", window, (0, where, edge * 0.95), "z"))
    return pieces


@kind("ufo", family="ufo", names=("ufo", "flying saucer", "alien spaceship"), synonyms={
    "body": ("hull", "main body", "cabin"), "leg": ("landing leg", "foot"), "antenna": ("aerial",),
    "dome": ("cockpit", "glass dome", "canopy"), "ring": ("rim", "edge"), "light": ("lamp",), "foot": ("landing pad", "pad"),
})  # fmt: skip
def ufo(u: Rng) -> list[Solid]:
    """Flying saucers with dome, lights, legs and antennas."""
    r, up, down = u(0.7, 1.0), u(0.12, 0.3), u(0.1, 0.25)
    profile = [(0, -down), (r * 0.5, -down * u(0.7, 1)), (r, -0.03), (r, 0.03), (r * u(0.4, 0.6), up * u(0.6, 1)), (0, up)]
    pieces = [lathe("body", profile)]
    if u.chance(0.4):
        pieces.append(tube("ring", ellipse((0, 0, 0), r, r, "xz", 32), u(0.03, 0.07)))
    dome = u(0.25, 0.45)
    pieces.append(ellipsoid("dome", (0, up * 0.7, 0), (dome, dome * u(0.7, 1.2), dome)))
    if u.chance(0.6):
        size, at = u(0.03, 0.07), u(0.75, 0.95)
        y = np.interp(at * r, [r * 0.5, r], [up * 0.7, 0.03])
        pieces += ring_of(u.count(6, 14), ellipsoid, "light", (at * r, y, 0), size)
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
