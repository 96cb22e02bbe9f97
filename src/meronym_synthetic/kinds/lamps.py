"""Lamps, bulbs, flashlights and candle holders."""

from __future__ import annotations

import numpy as np

from meronym_synthetic.kit.curves import SIDES, Array, around, bezier, ellipse, helix, turn
from meronym_synthetic.kit.devices import housing, raised_disc
from meronym_synthetic.kit.registry import kind
from meronym_synthetic.kit.rng import Rng
from meronym_synthetic.kit.solids import Solid, box, cylinder, ellipsoid, lathe, move, ring_of, tapered_block, tube
from meronym_synthetic.kit.vessels import Point, curved_handle, hollow, smooth_profile


@kind("light bulb", family="light", names=("light bulb", "bulb"), synonyms={
    "base": ("bottom", "foot", "stand"), "body": ("casing", "housing", "main body"), "contact": ("tip", "metal contact"),
    "bulb": ("glass", "glass bulb")})  # fmt: skip
def light_bulb(u: Rng) -> list[Solid]:
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


@kind("flashlight", family="light", names=("flashlight", "torch"), synonyms={
    "body": ("casing", "housing", "main body"), "handle": ("hold", "hand hold"), "ring": ("hoop", "loop", "band"),
    "strap": ("band", "belt"), "lens": ("glass", "objective"), "head": ("top part", "front part"),
    "switch": ("on-off switch", "slider", "button"), "cap": ("end cap", "tail cap")})  # fmt: skip
def flashlight(u: Rng) -> list[Solid]:
    """Torches: straight tubes with a wide head, lantern lights with a bow handle."""
    r, long, wide = u(0.1, 0.15), u(0.5, 0.75), u(1.2, 1.9)
    if u.chance(0.25):
        w = u(0.25, 0.32)
        pieces = [
            housing(u, "body", (0, w, -0.1), (w * 0.8, w * 0.8, 0.45)),
            lathe("head", [(w * 0.8, 0), (w * 1.15, 0.2), (w * 1.15, 0.3), (0, 0.3)], (0, w, 0.3), "z"),
        ]
        pieces += [
            tube("handle", [(0, 1.7 * w, 0.25), (0, 2.4 * w, 0.2), (0, 2.4 * w, -0.4), (0, 1.7 * w, -0.45)], 0.05),
            raised_disc("lens", (0, w, 0.6), w, 0.03),
        ]
        return [*pieces, box("switch", (0, 2.4 * w + 0.05, 0.05), (0.03, 0.02, 0.06))]
    pieces = [cylinder("body", (0, 0, -long), (0, 0, long * 0.5), r)]
    head = np.array([(1, 0), (wide, 0.18), (wide, 0.36), (wide * 0.9, 0.36), (0, 0.33)]) * (r, 1)
    pieces += [
        lathe("head", head, (0, 0, long * 0.5), "z"),
        raised_disc("lens", (0, 0, long * 0.5 + 0.33), r * wide * 0.88, 0.02),
    ]
    pieces.append(ellipsoid("switch", (0, r, long * u(0, 0.3)), (0.035, 0.03, 0.08)))
    pieces.append(lathe("cap", [(r * 1.08, 0), (r * 1.08, -0.12), (0, -0.15)], (0, 0, -long * 0.95), "z"))
    pieces += [
        lathe("ring", [(r, -0.02), (r * 1.06, 0), (r, 0.02)], (0, 0, -long + 0.25 + 0.09 * k), "z")
        for k in range(u.count(0, 5))
    ]
    if u.chance(0.4):
        strap = bezier((0, 0, -long), (0, -0.3, -long - 0.5), (0.2, 0.3, -long - 0.5), (0, 0, -long), n=16)
        pieces.append(tube("strap", strap, 0.016))
    return pieces


def _shade(u: Rng, y: float, r: float, tall: float, centre: Array | None = None, axis: str = "y") -> Solid:
    """Open lampshade above y: cone, drum, bell, empire or globe."""
    style, narrow = u.pick("cone", "cone", "drum", "bell", "globe"), u(0.35, 0.7)
    at = np.array([0, y, 0]) if centre is None else centre
    if style == "globe":
        lampshade = [(r * 0.3, 0), *((r * np.cos(a), tall / 2 + tall / 2 * np.sin(a)) for a in np.linspace(-1.2, 1.5, 10))]
        return lathe("lampshade", lampshade, at, axis)
    profile = {
        "cone": [(1, 0), (narrow, 1)],
        "drum": [(1, 0), (0.98, 1)],
        "bell": [(1, 0), (0.75, 0.3), (0.6, 0.7), (0.45, 1)],
    }[style]
    outer = np.array(profile) * (r, tall)
    return lathe("lampshade", np.concatenate([outer[::-1] * (0.94, 1), outer]), at, axis)


def _foot(u: Rng, r: float) -> list[Solid]:
    """Base of a standing lamp."""
    style = u.pick("disc", "dome", "square", "tripod")
    if style == "square":
        return [box("base", (0, 0.03, 0), (r, 0.03, r))]
    if style == "tripod":
        return [
            tube("base", bezier((0, 0.12, 0), (r * 0.6 * c, 0.12, r * 0.6 * s), (r * 1.2 * c, 0, r * 1.2 * s)), 0.025)
            for c, s in around(3)
        ]
    return [lathe("base", [(0.01, 0), (r, 0), (r, 0.04), (0.03, 0.06 if style == "disc" else r * 0.7)])]


@kind("table lamp", family="lamp", names=("table lamp", "lamp", "bedside lamp"), synonyms={
    "base": ("foot", "stand", "bottom"), "lampshade": ("shade", "lamp cover", "lamp head"),
    "pole": ("stand", "post", "stem", "rod"), "bulb": ("light bulb", "lamp bulb", "light")})  # fmt: skip
def table_lamp(u: Rng) -> list[Solid]:
    """Bedside lamps: vase, ball, stick or candlestick body, or a plain block, under a shade, some with a bulb."""
    h, r, shade = u(0.35, 0.7), u(0.15, 0.25), u(0.25, 0.45)
    style = u.pick("stick", "vase", "ball", "turned", "block")
    if style == "vase":
        pieces = [lathe("base", [(r * 0.6, 0), (r, h * 0.3), (r * 0.8, h * 0.6), (r * 0.3, h * 0.85), (0.03, h)])]
    elif style == "ball":
        pieces = [
            ellipsoid("base", (0, h * 0.45, 0), (r * 1.1, h * 0.45, r * 1.1)),
            cylinder("pole", (0, h * 0.8, 0), (0, h, 0), 0.025),
        ]
    elif style == "block":
        pieces = [box("base", (0, h * 0.4, 0), (r * 0.6, h * 0.4, r * 0.6)), cylinder("pole", (0, h * 0.8, 0), (0, h, 0), 0.02)]
    elif style == "turned":
        y = np.linspace(0.04, h, 16)
        pieces = [*_foot(u, r), lathe("pole", np.stack([0.035 * (1.3 + np.sin(y * u(20, 40))), y], 1))]
    else:
        pieces = [*_foot(u, r), cylinder("pole", (0, 0.02, 0), (0, h, 0), u(0.015, 0.04))]
    tall = shade * u(0.7, 1.2)
    pieces.append(_shade(u, h - tall * u(0.1, 0.4), shade, tall))
    pieces.append(cylinder("pole", (0, h * 0.95, 0), (0, h + tall * 0.5, 0), 0.015))
    if u.chance(0.6):
        pieces.append(ellipsoid("bulb", (0, h + 0.06, 0), (0.05, 0.08, 0.05)))
    return pieces


@kind("floor lamp", family="lamp", names=("floor lamp", "standing lamp", "lamp"), synonyms={
    "leg": ("table leg", "support", "foot"), "base": ("foot", "stand", "bottom"),
    "lampshade": ("shade", "lamp cover", "lamp head"), "pole": ("stand", "post", "stem", "rod"),
    "bulb": ("light bulb", "lamp bulb", "light")})  # fmt: skip
def floor_lamp(u: Rng) -> list[Solid]:
    """Tall lamps: straight pole, tripod, arched arm or torch."""
    h, shade = u(1.2, 1.7), u(0.15, 0.32)
    style, tall = u.pick("straight", "straight", "tripod", "arch", "torch"), shade * u(0.8, 1.4)
    if style == "tripod":
        pieces = ring_of(3, cylinder, "leg", (0, h, 0), (0.4, 0, 0), 0.022, phase=0.5)
        return [*pieces, cylinder("pole", (0, h - 0.05, 0), (0, h + tall * 0.6, 0), 0.03), _shade(u, h, shade, tall)]
    pieces = _foot(u, u(0.15, 0.28))
    if style == "arch":
        reach = u(0.4, 0.9)
        pieces.append(tube("pole", bezier((0, 0.03, 0), (0, h * 1.2, 0), (reach, h * 1.3, 0), (reach, h * 0.85, 0)), 0.02))
        return [
            *pieces,
            _shade(u, 0, shade, tall, np.array([reach, h * 0.85 - tall * 0.85, 0])),
            ellipsoid("bulb", (reach, h * 0.85 - tall * 0.4, 0), 0.05),
        ]
    pieces.append(cylinder("pole", (0, 0.02, 0), (0, h, 0), u(0.015, 0.03)))
    if style == "torch":
        lampshade = [(0.03, h - 0.02), (shade * 0.7, h + 0.08), (shade, h + 0.18), (shade * 0.9, h + 0.18), (0.03, h + 0.02)]
        return [*pieces, lathe("lampshade", lampshade)]
    return [*pieces, _shade(u, h - tall * 0.5, shade, tall), ellipsoid("bulb", (0, h, 0), (0.05, 0.07, 0.05))]


@kind("desk lamp", family="lamp", names=("desk lamp", "reading lamp", "articulated lamp"), synonyms={
    "base": ("foot", "stand", "bottom"), "lampshade": ("shade", "lamp cover", "lamp head"),
    "bulb": ("light bulb", "lamp bulb", "light"), "arm": ("boom", "lamp arm"), "joint": ("pivot", "hinge")})  # fmt: skip
def desk_lamp(u: Rng) -> list[Solid]:
    """Articulated and goose-neck lamps with a small shade."""
    a, b = u(0.35, 0.6), u(0.3, 0.6)
    tilt, fold = u(-0.7, 0.1), u(0.5, 1.5)
    knee = np.array([0, 0.06 + a * np.cos(tilt), a * np.sin(tilt)])
    tip = knee + b * np.array([0, np.cos(fold), np.sin(fold)])
    pieces = _foot(u, u(0.14, 0.22))
    if u.chance(0.3):
        pieces.append(tube("arm", bezier((0, 0.05, 0), knee * 1.3, tip), 0.022))
    else:
        gap = u.pick(0.0, 0.03)
        for start, end in ((np.array([0, 0.04, 0]), knee), (knee, tip)):
            pieces += [tube("arm", [start + np.array([x, 0, 0]), end + np.array([x, 0, 0])], 0.016) for x in {-gap, gap}]
        pieces += [ellipsoid("joint", knee, 0.035)] if u.chance() else []
    down, r, long = turn("x", u(0.2, 1.2)), u(0.1, 0.18), u(0.15, 0.25)
    lampshade = [(r * 0.93, 0.0), (r * 0.3, long * 0.9), (r * 0.35, long), (r * 0.6, long * 0.6), (r, 0)][::-1]
    skin = lathe("lampshade", lampshade, (0, -long * 0.8, 0))
    pieces.append(Solid("lampshade", skin.vertices @ turn("x", -0.6).T @ down.T + tip, skin.faces))
    pieces.append(ellipsoid("bulb", tip + down @ turn("x", -0.6) @ np.array([0, -long * 0.6, 0]), 0.05))
    return pieces


@kind("chandelier", family="lamp", names=("chandelier", "hanging lamp", "ceiling lamp"), synonyms={
    "frame": ("body", "case", "casing", "surround"), "base": ("foot", "stand", "bottom"),
    "lampshade": ("shade", "lamp cover", "lamp head"), "bulb": ("light bulb", "lamp bulb", "light"),
    "arm": ("boom", "lamp arm"), "chain": ("cord", "suspension", "cable"), "candle": ("candle holder", "socket")})  # fmt: skip
def chandelier(u: Rng) -> list[Solid]:
    """Hanging lamps: curved arms with candles or shades, a ring of candles, or one pendant shade."""
    n, r, drop = u.count(3, 9), u(0.4, 0.7), u(0.4, 0.8)
    pieces = [
        tube("chain", [(0, 0.1, 0), (0, drop, 0)], 0.018),
        lathe("base", [(0.12, drop), (0.1, drop + 0.05), (0.01, drop + 0.06)]),
    ]
    style = u.pick("arms", "arms", "ring", "pendant")
    if style == "pendant":
        return [
            *pieces,
            _shade(u, -0.25, u(0.3, 0.5), u(0.25, 0.5)),
            ellipsoid("bulb", (0, -0.12, 0), 0.08),
            cylinder("chain", (0, -0.1, 0), (0, 0.2, 0), 0.02),
        ]
    if style == "ring":
        pieces.append(tube("frame", ellipse((0, -0.2, 0), r, r, "xz", 32), 0.03))
        pieces += ring_of(u.count(3, 4), tube, "chain", [(0, 0.15, 0), (r, -0.2, 0)], 0.012)
    else:
        pieces.append(lathe("frame", [(0.01, -0.35), (0.06, -0.3), (0.1, -0.2), (0.04, -0.08), (0.07, 0.02), (0.03, 0.15)]))
        sag = u(0.1, 0.3)
        pieces += [
            tube(
                "arm",
                bezier((0, -0.15, 0), (0.4 * r * c, -0.15 - sag, 0.4 * r * s), (r * c, -0.4, r * s), (r * c, -0.15, r * s)),
                0.02,
            )
            for c, s in around(n)
        ]
    shaded = u.chance(0.4)
    for c, s in around(n):
        x, z = r * c, r * s
        pieces.append(cylinder("candle", (x, -0.2, z), (x, -0.04, z), 0.03))
        pieces.append(
            _shade(u, -0.05, 0.1, 0.14, np.array([x, -0.05, z])) if shaded else ellipsoid("bulb", (x, 0, z), (0.03, 0.06, 0.03))
        )
    return pieces


@kind("street lamp", family="post", names=("street lamp", "street light", "lamp post", "lantern"), synonyms={
    "base": ("foundation", "foot", "plinth"), "post": ("pole", "pillar", "column"), "cap": ("top", "head"),
    "arm": ("side arm", "bracket"), "lamp": ("light", "lantern", "lamp head"), "bulb": ("light bulb", "light")})  # fmt: skip
def street_lamp(u: Rng) -> list[Solid]:
    """Curved modern street lights, twin lamps and old lanterns on a post."""
    h, r, style = u(0.9, 1.7), u(0.02, 0.045), u.pick("arm", "twin", "lantern", "globe")
    pieces = [cylinder("post", (0, 0, 0), (0, h, 0), [r * 1.3, r * 0.8])]
    pieces.append(lathe("base", [(r * u(2, 3.5), 0), (r * 2, 0.06), (r * 1.5, u(0.1, 0.2)), (0, 0.2)]))
    if style in ("arm", "twin"):
        reach, rise, curved = u(0.25, 0.5), u(-0.05, 0.2), u.chance(0.6)
        for x in SIDES[: 2 if style == "twin" else 1]:
            end = (x * reach, h + rise, 0)
            path = bezier((0, h - 0.03, 0), (0, h + rise + 0.15, 0), end) if curved else [(0, h - 0.03, 0), end]
            pieces.append(tube("arm", path, r * 0.6))
            pieces.append(ellipsoid("lamp", (x * (reach + 0.08), h + rise, 0), (0.14, 0.035, 0.06), square=0.7))
            pieces.append(ellipsoid("bulb", (x * (reach + 0.1), h + rise - 0.03, 0), (0.08, 0.02, 0.045)))
        return pieces
    heads = [(0.0, h)] if u.chance(0.6) else [(-0.22, h - 0.12), (0.22, h - 0.12), (0.0, h)]
    for x, y in heads:
        if x:
            pieces.append(tube("arm", bezier((0, h - 0.3, 0), (x, h - 0.35, 0), (x, y, 0)), r * 0.6))
        if style == "globe":
            pieces.append(ellipsoid("lamp", (x, y + 0.1, 0), 0.12))
            continue
        size = u(0.07, 0.1)
        pieces.append(tapered_block("lamp", (x, y, 0), (x, y + 0.22, 0), (size * 0.7, size * 0.7), (size * 1.2, size * 1.2)))
        pieces.append(tapered_block("lamp/cap", (x, y + 0.22, 0), (x, y + 0.33, 0), (size * 1.5, size * 1.5), (0.01, 0.01)))
        pieces.append(ellipsoid("lamp/cap", (x, y + 0.34, 0), 0.02))
    return pieces


@kind("candle holder", family="candle holder", names=("candle holder", "candlestick", "candelabra"), synonyms={
    "base": ("foot", "bottom", "pedestal"), "handle": ("ear", "holder", "hand hold"), "stem": ("shaft", "stalk", "post"),
    "arm": ("branch",), "cup": ("candle cup", "socket"), "candle": ("wax candle",), "flame": ("fire",)})  # fmt: skip
def candle_holder(u: Rng) -> list[Solid]:
    """Candlestick, chamberstick and candelabra, with or without candle."""
    style, h, foot = u.pick("stick", "dish", "branched"), u(0.4, 1.0), u(0.22, 0.35)
    pieces = []
    spots: list[Point] = [(0.0, h)]
    if style == "dish":
        h, spots = 0.1, [(0.0, 0.1)]
        pieces += [
            hollow("base", [(foot, 0), (foot * 1.4, 0.08)], 0.02),
            *move(curved_handle(u, (0, 0.06), (0, 0.0), 0.15, 0.025), (foot * 1.3, 0.05, 0)),
        ]
    else:
        pieces.append(lathe("base", smooth_profile((foot, 0), (foot * 0.9, 0.06), (0.05, 0.15))))
        stem = smooth_profile((0.04, 0.1), (u(0.04, 0.1), h * 0.4), (0.03, h * 0.55), (u(0.04, 0.09), h * 0.8), (0.04, h), n=30)
        pieces.append(lathe("stem", stem))
    if style == "branched":
        reach = u(0.3, 0.5)
        spots += [(side * reach * k, h) for k in range(1, u.count(2, 3)) for side in SIDES]
        pieces += [tube("arm", bezier((0, h * 0.6, 0), (x, h * 0.4, 0), (x, h, 0)), 0.025, melt=False) for x, _ in spots[1:]]
    for x, y in spots:
        pieces.append(lathe("cup", [(0.03, y - 0.02), (0.09, y + 0.03), (0.08, y + 0.08), (0.001, y + 0.06)], (x, 0, 0)))
    if u.chance(0.6):
        tall = u(0.2, 0.5)
        for x, y in spots:
            pieces += [
                cylinder("candle", (x, y + 0.05, 0), (x, y + tall, 0), 0.055),
                tube("candle/flame", [(x, y + tall + 0.02, 0), (x, y + tall + 0.12, 0)], [0.03, 0.008], melt=False),
            ]
    return pieces
