"""Glasses, hats and helmets."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from meronym_synthetic.kit.curves import SIDES, Array, arc, around, bezier, ellipse, turn
from meronym_synthetic.kit.registry import kind
from meronym_synthetic.kit.rng import Rng
from meronym_synthetic.kit.solids import Solid, box, cylinder, ellipsoid, hoop, lathe, mirrored, move, plate, prism, tube


def _dome(part: str, profile: ArrayLike, wall: float = 0.03, oval: float = 1.0) -> Solid:
    """Hollow cap open at the bottom: profile [m 2] of (radius, height) from the edge to the top."""
    outer = np.asarray(profile, float)
    skin = lathe(part, [*np.maximum(outer - wall, 0.001)[::-1], *outer])
    return Solid(part, skin.vertices * [1, 1, oval], skin.faces)


def _dome_profile(r: float, h: float, flat: float = 0.5) -> Array:
    """Quarter of a superellipse from (r, 0) to (0, h); `flat` 1 is a ball, 0.3 nearly a cylinder."""
    angle = np.linspace(0, np.pi / 2, 12)
    return np.stack([r * np.maximum(np.cos(angle), 1e-3) ** flat, h * np.sin(angle) ** flat], 1)


def _lens_outline(u: Rng, style: str, a: float, b: float) -> Array:
    """Closed outline [32 2] of the right lens around 0; +x is the outer side."""
    angle = np.linspace(0, 2 * np.pi, 33)[:-1]
    power = {"rectangular": u(0.3, 0.5), "goggles": u(0.5, 0.8)}.get(style, 1.0)
    x, y = (np.sign(t) * np.abs(t) ** power for t in (np.cos(angle), np.sin(angle)))
    if style == "aviator":
        y, x = np.where(y < 0, y * 1.25, y * 0.75), x * (1 + 0.15 * y) + 0.1 * np.minimum(y, 0)
    elif style == "cat":
        y = y + 0.35 * np.maximum(x, 0) ** 2 * (y > -0.5)
    elif style == "half moon":
        y = np.where(y > 0, y * 0.35, y)
    return np.stack([x * a, y * b], 1)


@kind("glasses", family="eyewear", names=("glasses", "eyeglasses", "spectacles", "sunglasses"), synonyms={
    "lens": ("glass", "eyeglass lens"), "frame": ("rim", "glasses frame", "lens frame"),
    "bridge": ("nose bridge", "middle piece"), "temple": ("side arm", "glasses arm", "ear arm"),
    "nose pad": ("nose rest", "pad"), "hinge": ("joint", "end piece")})  # fmt: skip
def glasses(u: Rng) -> list[Solid]:
    """Round, rectangular, aviator, cat-eye, half-moon and rimless glasses and sunglasses; temples open, splayed or folded."""
    style = u.pick("round", "rectangular", "rectangular", "aviator", "cat", "half moon", "oval")
    a = u(0.24, 0.36)
    b = a * {"round": 1.0, "aviator": u(0.75, 0.9)}.get(style, u(0.5, 0.8))
    gap, t, wrap = u(0.05, 0.14), (u(0.012, 0.025) if u.chance() else u(0.025, 0.055)), u(0, 0.35)
    rim = u.pick("full", "full", "full", "rimless", "top", "plate")
    outline = _lens_outline(u, style, a, b)
    middle = a + gap
    shift = np.array([middle, 0])
    closed = np.concatenate([outline, outline[:2]])
    front: list[Solid] = []
    show_lens = rim in ("rimless", "top") or u.chance(0.85)
    for side in SIDES:
        curve = np.concatenate([(closed + shift) * [side, 1], np.zeros((len(closed), 1))], 1)
        if show_lens:
            front.append(prism("lens", (outline + shift) * [side, 1], u(0.006, 0.015)))
        if rim == "top":
            front.append(tube("frame", curve[:18], t, melt=False))
        elif rim in ("full", "plate"):
            front.append(tube("frame", curve, t, flat=1.0 if rim == "full" else u(1.5, 2.2), round_ends=False, melt=False))
    y = b * u(0.05, 0.6)
    inner = gap + a * 0.12
    bow = u(-0.05, 0.1)
    front.append(tube("bridge", bezier((-inner, y, 0), (0, y + bow * 2, 0.02), (inner, y, 0)), t * u(0.9, 1.4), melt=False))
    if style == "aviator" and u.chance(0.7):
        bridge = [(-gap - a * 0.3, b * 0.72, 0), (0, b * 0.76, 0), (gap + a * 0.3, b * 0.72, 0)]
        front.append(tube("bridge", bridge, t, melt=False))
    if u.chance(0.45):
        front += mirrored(ellipsoid, "nose pad", (gap * 0.8, -b * 0.15, -0.05), (0.018, 0.05, 0.03), melt=False)
    outer, high = middle + a + t * 0.5, b * (u(0.1, 0.6) if style != "half moon" else 0.1)
    reach = middle + a * np.sqrt(max(0.05, 1 - (high / b) ** 2)) if style in ("round", "oval", "aviator") else outer - t
    front.append(
        tube("hinge" if u.chance(0.4) else "frame", [(reach - 0.02, high, 0), (outer + 0.03, high, -0.01)], t * 1.2, melt=False)
    )
    last = front[-1]
    front.append(Solid(last.part, last.vertices * [-1, 1, 1], last.faces))
    front = [Solid(p.part, p.vertices - [0, 0, 1] * (wrap * p.vertices[:, :1] ** 2), p.faces) for p in front]
    x, z, long = outer + 0.02, -wrap * outer**2, u(0.9, 1.3)
    pose, bend, flat, r = (
        u.pick("back", "back", "splayed", "inward", "folded"),
        u(0.05, 0.25),
        u(0.4, 1.8),
        min(max(t * u(0.7, 1.2), 0.014), 0.038),
    )
    for k, side in enumerate(SIDES):
        turned = {"splayed": u(0.15, 0.5), "inward": -u(0.1, 0.5), "folded": -np.pi / 2 + 0.05 + 0.08 * k}.get(pose, 0.0)
        path = (
            bezier((0, 0, 0), (0, 0, -long * 0.6), (0, u(0, 0.03), -long * 0.75), (0, -bend, -long), n=14)
            @ turn("y", -turned).T
        )
        drop = 0.03 * k if pose == "folded" else 0.0
        temple = path * [side, 1, 1] + [side * x, high - drop, z]
        front.append(tube("temple", temple, np.linspace(r, r * u(0.8, 1.5), 14), flat=flat, melt=False))
    return move(front, rotation=u.pick(np.eye(3), np.eye(3), turn("x", u(-0.4, 0.4)), turn("x", np.pi)))


@kind("goggles", family="eyewear", names=("goggles", "ski goggles", "safety glasses"), synonyms={
    "lens": ("glass", "eyeglass lens"), "frame": ("rim", "glasses frame", "lens frame"),
    "bridge": ("nose bridge", "middle piece"), "temple": ("side arm", "glasses arm", "ear arm"), "strap": ("band", "belt"),
})  # fmt: skip
def goggles(u: Rng) -> list[Solid]:
    """Ski, swimming and safety goggles with a strap, and visor glasses with one wide lens."""
    w, h, deep = u(0.5, 0.65), u(0.18, 0.3), u(0.08, 0.25)
    two = u.chance(0.4)
    pieces = []
    for side in SIDES if two else (0.0,):
        a, x = (w * 0.46, side * w * 0.54) if two else (w, 0.0)
        edge = _lens_outline(u, "round" if two and u.chance() else "goggles", a, h)
        pieces += [prism("lens", edge, 0.015, (x, 0, deep)), prism("frame", edge * 1.12, deep * 0.5, (x, 0, deep * 0.45))]
        ring = np.concatenate([np.concatenate([edge, edge[:2]]) * 1.06 + [x, 0], np.full((34, 1), deep)], 1)
        pieces.append(tube("frame", ring, u(0.02, 0.04), round_ends=False, melt=False))
    if two:
        pieces.append(tube("bridge", [(-0.1, 0, deep * 0.6), (0.1, 0, deep * 0.6)], u(0.02, 0.05), melt=False))
    pieces = [Solid(p.part, p.vertices - [0, 0, 1] * (0.4 * p.vertices[:, :1] ** 2), p.faces) for p in pieces]
    if u.chance(0.7):
        strap = arc((0, 0, -0.15), w * 1.05, u(0.6, 0.9), np.pi, 2 * np.pi, "xz", 20)
        return [*pieces, tube("strap", strap, u(0.015, 0.025), flat=u(2.5, 5), melt=False)]
    temple = [(w * 1.05, 0, -0.1), (w, 0, -0.6), (w * 0.95, -0.15, -0.9)]
    return pieces + mirrored(tube, "temple", temple, 0.03, flat=2, melt=False)


def _brim(part: str, r: float, wide: float, curl: float) -> Solid:
    """Ring brim at y = 0 whose sides turn up by `curl`."""
    skin = hoop(part, [(r * 0.9, -0.015), (r + wide, -0.015), (r + wide, 0.015), (r * 0.9, 0.02)])
    x, y, z = skin.vertices.T
    return Solid(part, np.stack([x, y + curl * (x / (r + wide)) ** 2 - 0.3 * curl * (z / (r + wide)) ** 2, z], 1), skin.faces)


@kind("hat", family="hat", names=("hat", "top hat", "cowboy hat"), synonyms={
    "crown": ("hat top", "hat body"), "brim": ("hat edge", "rim"), "band": ("ribbon", "hat band", "strap"),
    "feather": ("plume",)})  # fmt: skip
def hat(u: Rng) -> list[Solid]:
    """Fedora, cowboy, bowler, straw, sun, witch, sombrero and top hat."""
    style = u.pick("fedora", "cowboy", "bowler", "sun", "witch", "sombrero", "top")
    r, h = u(0.38, 0.48), {"top": u(0.6, 0.9), "witch": u(0.9, 1.3), "sun": u(0.25, 0.35)}.get(style, u(0.35, 0.5))
    wide = {
        "sombrero": u(0.45, 0.6),
        "sun": u(0.3, 0.5),
        "witch": u(0.3, 0.45),
        "top": u(0.12, 0.2),
        "bowler": u(0.1, 0.18),
    }.get(style, u(0.18, 0.3))
    shape = {
        "witch": np.array([(r, 0.0), (r * 0.55, h * 0.45), (r * 0.2, h * 0.8), (0.01, h)]),
        "top": np.array([(r, 0.0), (r * 0.93, h * 0.5), (r * u(0.95, 1.15), h), (0.001, h)]),
    }
    crown = _dome("crown", shape.get(style, _dome_profile(r, h, u(0.35, 0.8))), oval=1.0)
    if style in ("fedora", "cowboy"):
        x, y, z = crown.vertices.T
        dent = np.clip(y / h, 0, 1) ** 3 * np.exp(-((x / 0.12) ** 2)) * h * u(0.15, 0.4)
        crown = Solid("crown", np.stack([x * (1 - 0.15 * y / h), y - dent, z * 1.1], 1), crown.faces)
    curl = {"cowboy": u(0.15, 0.35), "sombrero": u(0.05, 0.2), "bowler": u(0.03, 0.1)}.get(style, u(-0.06, 0.05))
    pieces = [crown, _brim("brim", r, wide, curl)]
    if u.chance(0.65):
        tall = u(0.03, 0.07)
        pieces.append(
            hoop(
                "band",
                [
                    (r * 0.9, 0.02),
                    (r * 1.02, 0.02),
                    (r * (0.99 if style != "witch" else 0.92), 0.02 + tall * 2),
                    (r * 0.8, 0.02 + tall * 2),
                ],
            )
        )
    if u.chance(0.15):
        feather = bezier((r, 0.05, 0), (r * 1.1, 0.4, 0), (r * 0.8, 0.7, -0.2))
        pieces.append(tube("feather", feather, 0.05 * np.sin(np.linspace(0.4, 3, 12)), flat=0.2, melt=False))
    return move(pieces, rotation=u.pick(np.eye(3), np.eye(3), turn("x", u(-0.3, 0.3)), turn("z", np.pi)))


@kind("cap", family="hat", names=("cap", "baseball cap", "beanie"), synonyms={
    "crown": ("hat top", "hat body"), "band": ("ribbon", "hat band", "strap"), "visor": ("peak", "bill", "shield"),
    "badge": ("emblem",), "cuff": ("fold", "turned edge", "trim"), "bobble": ("pompom", "ball"), "button": ("knob", "stud"),
})  # fmt: skip
def cap(u: Rng) -> list[Solid]:
    """Baseball cap, peaked officer's cap, beanie and bobble hat."""
    r, h = u(0.42, 0.5), u(0.35, 0.5)
    style = u.pick("baseball", "baseball", "officer", "beanie")
    if style == "officer":
        top = np.array([(r, 0.0), (r * 1.02, h * 0.3), (r * 1.35, h * 0.6), (r * 1.2, h * 0.75), (0.001, h * 0.7)])
        pieces = [
            _dome("crown", top),
            hoop("band", [(r * 0.9, 0), (r * 1.03, 0), (r * 1.04, h * 0.25), (r * 0.9, h * 0.25)]),
            ellipsoid("badge", (0, h * 0.35, r * 1.1), (0.07, 0.09, 0.03)),
        ]
    else:
        pieces = [_dome("crown", _dome_profile(r, h * (1.2 if style == "beanie" else 1), u(0.6, 1)))]
    if style == "beanie":
        if u.chance(0.7):
            pieces.append(tube("cuff", ellipse((0, 0.05, 0), r, r, n=25), 0.07, flat=u(1, 1.6), round_ends=False, melt=False))
        return pieces + ([ellipsoid("bobble", (0, h * 1.2 + 0.08, 0), u(0.1, 0.16))] if u.chance(0.6) else [])
    reach, w = u(0.25, 0.45), r * u(0.75, 0.95)
    visor_outline = [(w, 0), (w * 0.98, reach * 0.4), (w * 0.75, reach * 0.8), (0.02, reach)]
    visor = plate("visor", visor_outline, 0.015, rotation=turn("x", np.pi / 2))
    x, y, z = visor.vertices.T
    pieces.append(Solid("visor", np.stack([x, y - 0.9 * x**2 - u(0, 0.3) * z + 0.05, z + r * 0.72], 1), visor.faces))
    return pieces + ([ellipsoid("button", (0, h, 0), (0.04, 0.02, 0.04))] if style == "baseball" and u.chance(0.7) else [])


@kind("crown", family="crown", names=("crown", "king's crown"), synonyms={
    "ring": ("circlet", "band", "base"), "spike": ("point", "prong"), "jewel": ("gem", "stone"), "arch": ("bow", "hoop"),
})  # fmt: skip
def crown(u: Rng) -> list[Solid]:
    """King's crown, tiara and closed crown with arches."""
    r, h, n = u(0.45, 0.6), u(0.2, 0.35), u.count(5, 10)
    pieces = [hoop("ring", [(r * 0.93, 0), (r, 0), (r * 1.02, h * 0.6), (r * 0.95, h * 0.6)])]
    closed, up = u.chance(0.25), np.array([0, h, 0])
    for c, s in around(n):
        spot, spike = np.array([c, 0, s]) * r * 0.99, turn("y", np.arctan2(c, s))
        spike_outline = [(-0.11, 0), (0.11, 0), (0.02, u(0.9, 1.2) * h), (-0.02, h)]
        pieces.append(prism("spike", spike_outline, 0.015, spot + up * 0.5, spike))
        if u.chance(0.7):
            pieces.append(ellipsoid("jewel", spot * 1.06 + [0, h * u(0.25, 0.35), 0], u(0.03, 0.05)))
        pieces.append(ellipsoid("jewel", spot * 1.0 + [0, h * 1.6, 0], 0.035))
        if closed:
            pieces.append(tube("arch", bezier(spot + up * 0.5, spot * 1.1 + up * 3.2, up * 2.6), 0.025, melt=False))
    return pieces + ([ellipsoid("jewel", (0, h * 2.7, 0), 0.08)] if closed else [])


@kind("helmet", family="hat", names=("helmet", "hard hat"), synonyms={
    "strap": ("band", "belt"), "brim": ("hat edge", "rim"), "band": ("ribbon", "hat band", "strap"),
    "visor": ("peak", "bill", "shield"), "shell": ("dome", "helmet body"), "ridge": ("comb", "rib"), "crest": ("plume", "comb"),
    "collar": ("neck opening", "neck"), "chin guard": ("chin bar", "jaw guard"), "horn": ("antler", "spike"),
    "face guard": ("cage", "grille")})  # fmt: skip
def helmet(u: Rng) -> list[Solid]:
    """Hard hat, motorcycle, knight, viking, football, soldier and bicycle helmet."""
    style, r, h = u.pick("hard", "motor", "knight", "viking", "football", "soldier", "bicycle"), u(0.42, 0.5), u(0.42, 0.6)
    low = {"motor": 0.45, "knight": 0.55, "football": 0.35, "soldier": 0.1}.get(style, 0.0)
    profile = (
        np.concatenate([[(r * u(0.85, 1.0), -low)], _dome_profile(r, h, u(0.7, 1.0))])
        if low
        else _dome_profile(r, h, u(0.6, 1.0))
    )
    pieces = [_dome("shell", profile, oval=u(1.0, 1.25))]
    if style == "hard":
        pieces += [_brim("brim", r, u(0.06, 0.15), 0.0), box("ridge", (0, h * 0.95, 0), (0.04, 0.06, r * 0.8))]
    elif style in ("motor", "knight"):
        front = arc((0, -0.02, 0), r * 1.08, r * 1.18, 0.5, np.pi - 0.5, "xz", 16)
        pieces.append(tube("visor", front, u(0.03, 0.04), flat=u(3, 5), round_ends=False, melt=False))
        if style == "knight":
            crest = bezier((0, h * 0.8, r * 0.6), (0, h * 1.7, 0), (0, h * 0.6, -r * 1.3))
            pieces.append(tube("crest", crest, 0.07, flat=0.6, melt=False))
            collar = [(r * 0.85, -low - 0.12), (r * 1.15, -low - 0.12), (r * 0.95, -low), (r * 0.85, -low)]
            pieces.append(hoop("collar", collar))
        else:
            chin_guard = arc((0, -low * 0.75, 0), r * 1.05, r * 1.25, 0.2, np.pi - 0.2, "xz", 16)
            pieces.append(tube("chin guard", chin_guard, 0.11, flat=0.6, melt=False))
    elif style == "viking":
        pieces += [
            tube(
                "horn",
                bezier((s * r * 0.9, h * 0.2, 0), (s * r * 1.8, h * 0.2, 0), (s * r * 1.7, h * u(0.9, 1.5), 0)),
                np.linspace(0.09, 0.01, 12),
                melt=False,
            )
            for s in SIDES
        ]
        pieces.append(tube("band", ellipse((0, 0.02, 0), r, r, n=25), 0.04, flat=1.5, round_ends=False, melt=False))
    elif style == "football":
        pieces += [
            tube("face guard", arc((0, y, r * 0.5), r * 0.95, r * 0.95, 0, np.pi, "xz", 16), 0.025, melt=False)
            for y in (-0.15, -0.28)
        ]
        pieces.append(cylinder("face guard", (0, -0.3, r * 1.42), (0, -0.13, r * 1.42), 0.025))
    elif style == "bicycle":
        pieces += [
            tube("ridge", bezier((x * r, 0.1, r), (x * r * 1.1, h * 1.5, 0), (x * r, 0.05, -r * 1.1)), 0.05, melt=False)
            for x in (-0.6, -0.2, 0.2, 0.6)
        ]
    if style in ("hard", "soldier", "bicycle") and u.chance(0.5):
        strap = bezier((-r * 0.95, 0, 0.1), (-r, -0.7, 0.1), (r, -0.7, 0.1), (r * 0.95, 0, 0.1))
        pieces.append(tube("strap", strap, 0.025, flat=0.5, melt=False))
    return pieces
