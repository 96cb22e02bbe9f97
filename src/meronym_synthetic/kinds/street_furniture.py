"""Traffic lights, mailboxes, signposts, fountains and flags."""

from __future__ import annotations

import numpy as np

from meronym_synthetic.kit.curves import arc, around, bezier, turn
from meronym_synthetic.kit.registry import kind
from meronym_synthetic.kit.rng import Rng
from meronym_synthetic.kit.solids import Solid, box, cylinder, ellipsoid, lathe, loft, mirrored, move, plate, prism, tube


@kind("traffic light", family="post", names=("traffic light", "traffic signal"), synonyms={
    "base": ("foundation", "foot", "plinth"), "post": ("pole", "pillar", "column"), "arm": ("side arm", "bracket"),
    "housing": ("casing", "signal head", "box"), "light": ("lamp", "signal"), "visor": ("shade", "light hood")})  # fmt: skip
def traffic_light(u: Rng) -> list[Solid]:
    """Traffic lights on a post or hanging from an arm."""
    h, w, n, r = u(1.0, 1.5), u(0.09, 0.13), u.pick(2, 3, 3), u(0.025, 0.04)
    pieces = [cylinder("post", (0, 0, 0), (0, h, 0), r)]
    if u.chance():
        pieces.append(lathe("base", [(r * 3, 0), (r * 3, 0.05), (r * 1.2, 0.08), (0, 0.08)]))
    reach = u(0.4, 0.8) if u.chance(0.35) else 0.0
    if reach:
        pieces.append(tube("arm", [(0, h - 0.03, 0), (reach, h + 0.05, 0)], r * 0.8))
    for x in [0.0, reach] if reach else [0.0]:
        tall, y = w * 1.05 * n, h - w * n * 0.6 if x or u.chance() else h
        z, visors = r + w * 0.3, u.chance(0.7)
        pieces.append(box("housing", (x, y, z), (w * 0.7, tall * 0.9, w * 0.45)))
        for k in range(n):
            at = y + tall * 1.7 * ((k + 0.5) / n - 0.5)
            front = z + w * 0.45
            pieces.append(ellipsoid("light", (x, at, front), (w * 0.45, w * 0.45, 0.03)))
            if visors:
                hood = arc((x, at, front + 0.05), w * 0.5, w * 0.5, 0.3, np.pi - 0.3, "xy", 9)
                pieces.append(loft("visor", hood, np.tile([0, 0, 0.06], (9, 1)), np.tile([0, 0.008, 0], (9, 1))))
    return pieces


@kind("mailbox", family="post", names=("mailbox", "letter box", "post box"), synonyms={
    "door": ("entrance", "doorway", "front door"), "base": ("foundation", "foot", "plinth"), "flag": ("banner", "pennant"),
    "leg": ("support", "stand"), "post": ("pole", "pillar", "column"), "cap": ("top", "head"), "handle": ("pull", "knob"),
    "body": ("main part", "main body"), "slot": ("letter slot", "opening")})  # fmt: skip
def mailbox(u: Rng) -> list[Solid]:
    """Letter boxes on a post, pillar boxes and street mailboxes on legs."""
    style, h = u.pick("rural", "rural", "pillar", "street"), u(0.8, 1.1)
    if style == "pillar":
        r = u(0.2, 0.28)
        pieces = [cylinder("body", (0, 0, 0), (0, h, 0), r), lathe("base", [(r * 1.15, 0), (r * 1.15, 0.08), (r, 0.1)])]
        pieces.append(lathe("cap", [(r * 1.15, 0), (r * 1.15, 0.06), (r * 0.6, 0.13), (0, 0.15)], (0, h, 0)))
        pieces += [
            box("slot", (0, h * 0.82, r), (r * 0.5, 0.025, 0.02)),
            box("door", (0, h * 0.45, r * 0.95), (r * 0.45, h * 0.22, 0.03)),
        ]
        return pieces
    w, d, tall = u(0.12, 0.18), u(0.22, 0.32), u(0.1, 0.15)
    if style == "street":
        w, d, tall, y = w * 1.6, d * 0.9, 0.35, u(0.2, 0.3)
        pieces = mirrored(cylinder, "leg", (w * 0.8, 0, d * 0.8), (w * 0.8, y + 0.05, d * 0.8), 0.025, axes="xz")
    else:
        y = h
        pieces = (
            [box("post", (0, h / 2, 0), (0.035, h / 2, 0.035))]
            if u.chance()
            else [cylinder("post", (0, 0, 0), (0, h, 0), 0.03)]
        )
    pieces.append(box("body", (0, y + tall / 2, 0), (w, tall / 2, d)))
    pieces.append(lathe("body", [(1, -d), (1, d)], (0, 0, 0), "z"))
    pieces[-1] = Solid("body", pieces[-1].vertices * (w, w * 0.8, 1) + (0, y + tall, 0), pieces[-1].faces)
    pieces.append(box("door", (0, y + tall * 0.55, d), (w * 0.8, tall * 0.5, 0.015)))
    pieces.append(tube("handle", [(-0.05, y + tall, d + 0.03), (0.05, y + tall, d + 0.03)], 0.014))
    if style == "rural" and u.chance(0.75):
        lift = u.pick(0.0, 1.57)
        arm = [cylinder("flag", (0, 0, 0), (0, 0.22, 0), 0.012), box("flag", (0, 0.2, 0.05), (0.008, 0.045, 0.06))]
        pieces += move(arm, (w + 0.02, y + tall, 0), rotation=turn("x", -lift))
    if style == "street":
        pieces.append(box("slot", (0, y + tall * 1.1, d), (w * 0.6, 0.02, 0.025)))
    return pieces


@kind("signpost", family="post", names=("signpost", "road sign", "traffic sign", "sign"), synonyms={
    "roof": ("rooftop", "top"), "base": ("foundation", "foot", "plinth"), "post": ("pole", "pillar", "column"),
    "sign": ("sign board", "board", "plate")})  # fmt: skip
def signpost(u: Rng) -> list[Solid]:
    """Direction arrows, road signs and notice boards."""
    style, h, r = u.pick("arrows", "arrows", "round", "triangle", "octagon", "board"), u(1.0, 1.5), u(0.025, 0.05)
    if style == "board":
        w, tall = u(0.4, 0.7), u(0.2, 0.35)
        pieces = mirrored(cylinder, "post", (w * 0.8, 0, 0), (w * 0.8, h, 0), r)
        return [
            *pieces,
            box("sign", (0, h - tall, r), (w, tall, 0.02)),
            *([box("roof", (0, h + 0.03, 0), (w * 1.1, 0.025, 0.1))] if u.chance() else []),
        ]
    pieces = [cylinder("post", (0, 0, 0), (0, h, 0), r)]
    if u.chance(0.3):
        pieces.append(lathe("base", [(r * 4, 0), (r * 3, 0.05), (0, 0.07)]))
    if style == "arrows":
        for k in range(u.count(1, 4)):
            long, half, y = u(0.25, 0.4), u(0.06, 0.08), h - 0.1 - 0.19 * k
            arrow = [(-0.08, -half), (long, -half), (long + half, 0), (long, half), (-0.08, half)]
            pieces.append(prism("sign", arrow, 0.015, (0, y, 0), turn("y", u.pick(0, np.pi) + u(-0.7, 0.7))))
        return pieces
    size, n = u(0.16, 0.26), {"round": 24, "triangle": 3, "octagon": 8}[style]
    outline = [(size * c, size * s) for c, s in around(n, np.pi / 2 if n == 3 else np.pi / n)]
    pieces.append(prism("sign", outline, 0.012, (0, h, r)))
    if u.chance(0.3):
        pieces.append(box("sign", (0, h - size - 0.12, r), (size * 0.8, 0.07, 0.012)))
    return pieces


@kind("fountain", family="fountain", names=("fountain", "water fountain"), synonyms={
    "column": ("pillar", "post"), "basin": ("pool", "tub"), "water": ("water jet", "liquid"), "bowl": ("dish", "upper basin"),
    "ornament": ("decoration", "bauble", "figure")})  # fmt: skip
def fountain(u: Rng) -> list[Solid]:
    """Tiered fountains with basins, water and a top figure or jet."""
    r, h = u(0.6, 0.85), u(0.15, 0.25)
    rim = r * u(0.8, 0.92)
    basin = [(0, 0), (r, 0), (r * u(1, 1.06), h), (rim, h), (rim * 0.97, h * 0.4), (0, h * 0.4)]
    pieces = [lathe("basin", basin)]
    water = u.chance(0.6)
    if water:
        pieces.append(lathe("water", [(rim * 0.99, h * 0.4), (rim * 0.99, h * 0.75), (0, h * 0.75)]))
    y, size = h * 0.4, rim * u(0.55, 0.7)
    for _ in range(u.count(1, 3)):
        tall = u(0.25, 0.45)
        neck = size * u(0.1, 0.2)
        column = [(neck * 2, 0), (neck, tall * 0.3), (neck * u(0.8, 1.5), tall * 0.6), (neck, tall)]
        pieces.append(lathe("column", column, (0, y, 0)))
        y += tall
        bowl = np.array([(0.1, -0.1), (0.6, 0.02), (1, 0.22), (0.93, 0.22), (0.5, 0.1), (0, 0.08)]) * size
        pieces.append(lathe("bowl", bowl, (0, y, 0)))
        if water:
            pieces.append(lathe("water", np.array([(0.7, 0.12), (0.75, 0.17), (0, 0.17)]) * size, (0, y, 0)))
        y, size = y + 0.03, size * u(0.5, 0.65)
    top = u.pick("ball", "jet", "cone")
    if top == "jet":
        pieces += [
            tube("water", bezier((0, y, 0), (0.1 * c, y + 0.4, 0.1 * s), (0.2 * c, y + 0.05, 0.2 * s)), 0.014)
            for c, s in around(6)
        ]
    elif top == "ball":
        pieces += [cylinder("column", (0, y, 0), (0, y + 0.1, 0), 0.03), ellipsoid("ornament", (0, y + 0.15, 0), 0.07)]
    else:
        pieces.append(lathe("ornament", [(0.06, 0), (0.07, 0.08), (0.02, 0.2), (0, 0.25)], (0, y, 0)))
    return pieces


@kind("flag", family="post", names=("flag", "banner", "flagpole"), synonyms={
    "base": ("foundation", "foot", "plinth"), "flag": ("banner", "pennant"), "pole": ("tent pole", "rod", "stick", "mast"),
    "tip": ("end", "point"), "crossbar": ("horizontal bar", "yard"), "ball": ("knob", "finial")})  # fmt: skip
def flag(u: Rng) -> list[Solid]:
    """Flags on a pole: waving, pennants, banners on a crossbar."""
    h, r, w, tall = u(1.2, 1.8), u(0.015, 0.035), u(0.5, 0.8), u(0.3, 0.5)
    pieces = [cylinder("pole", (0, 0, 0), (0, h, 0), [r * 1.2, r * 0.8])]
    style, x = u.pick("waving", "waving", "pennant", "banner"), np.linspace(0, 1, 20)
    if style == "banner":
        pieces += [cylinder("crossbar", (-w * 0.45, h - 0.08, 0.03), (w * 0.45, h - 0.08, 0.03), r * 0.7)]
        flag_outline = [(w * 0.4, h - 0.08), (w * 0.4, h - 1.6 * tall), (0.01, h - 1.6 * tall - u(0, 0.15))]
        pieces.append(plate("flag", flag_outline, 0.01, (0, 0, 0.03)))
    else:
        wave = u(0.02, 0.08) * np.sin(x * u(4, 9)) * x
        y = h - tall / 2 - 0.03 - u(0, 0.15) * x
        half = tall / 2 * ((1 - x) * 0.98 + 0.02 if style == "pennant" else np.ones(20))
        zero = np.zeros(20)
        flag_at = np.stack([x * w, y, wave], 1)
        pieces.append(loft("flag", flag_at, np.stack([zero, half, zero], 1), np.tile([0, 0, 0.01], (20, 1))))
    if u.chance(0.7):
        pieces.append(
            ellipsoid("ball", (0, h, 0), r * 1.8) if u.chance(0.7) else lathe("tip", [(r * 2, 0), (0, 0.12)], (0, h, 0))
        )
    if u.chance(0.6):
        size = u(0.12, 0.25)
        pieces.append(
            lathe("base", [(size, 0), (size, 0.04), (size * 0.5, 0.08), (0, 0.09)])
            if u.chance()
            else box("base", (0, 0.03, 0), (size, 0.04, size))
        )
    return pieces
