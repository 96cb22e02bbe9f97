"""Clothes, shoes, bags, glasses and jewellery."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from meronym_synthetic.kit import (  # fmt: skip
    SIDES,
    Array,
    Dice,
    Kind,
    Piece,
    arc,
    around,
    bezier,
    box,
    cylinder,
    ellipsoid,
    lathe,
    loft,
    move,
    plate,
    prism,
    tube,
    turn,
)


def _loop(centre: ArrayLike, radius_a: float, radius_b: float, plane: str = "xz") -> Array:
    """Closed ellipse [25 3]."""
    return arc(centre, radius_a, radius_b, 0, 2 * np.pi, plane, 25)


def _dome(part: str, profile: ArrayLike, wall: float = 0.03, oval: float = 1.0) -> Piece:
    """Hollow cap open at the bottom: profile [m 2] of (radius, height) from the edge to the top."""
    outer = np.asarray(profile, float)
    skin = lathe(part, [*np.maximum(outer - wall, 0.001)[::-1], *outer])
    return Piece(part, skin.vertices * [1, 1, oval], skin.faces)


def _hoop(part: str, profile: ArrayLike) -> Piece:
    """Turned ring around y with a hole through it: closed profile [m 2] of (radius, height)."""
    r, y = np.asarray([*np.asarray(profile, float), np.asarray(profile, float)[0]]).T
    zero = np.zeros_like(r)
    return loft(part, np.stack([zero, y, zero], 1), np.stack([r, zero, zero], 1), np.stack([zero, zero, -r], 1), cap=False)


def _dome_profile(r: float, h: float, flat: float = 0.5) -> Array:
    """Quarter of a superellipse from (r, 0) to (0, h); `flat` 1 is a ball, 0.3 nearly a cylinder."""
    angle = np.linspace(0, np.pi / 2, 12)
    return np.stack([r * np.maximum(np.cos(angle), 1e-3) ** flat, h * np.sin(angle) ** flat], 1)


# -------------------------------------------------------------------------------------------------------------- eyewear


def _lens_outline(u: Dice, style: str, a: float, b: float) -> Array:
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


def glasses(u: Dice) -> list[Piece]:
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
    front: list[Piece] = []
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
        front.append(
            tube("bridge", [(-gap - a * 0.3, b * 0.72, 0), (0, b * 0.76, 0), (gap + a * 0.3, b * 0.72, 0)], t, melt=False)
        )
    if u.chance(0.45):
        front += [
            ellipsoid("nose pad", (side * gap * 0.8, -b * 0.15, -0.05), (0.018, 0.05, 0.03), melt=False) for side in SIDES
        ]
    outer, high = middle + a + t * 0.5, b * (u(0.1, 0.6) if style != "half moon" else 0.1)
    reach = middle + a * np.sqrt(max(0.05, 1 - (high / b) ** 2)) if style in ("round", "oval", "aviator") else outer - t
    front.append(
        tube("hinge" if u.chance(0.4) else "frame", [(reach - 0.02, high, 0), (outer + 0.03, high, -0.01)], t * 1.2, melt=False)
    )
    last = front[-1]
    front.append(Piece(last.part, last.vertices * [-1, 1, 1], last.faces))
    front = [Piece(p.part, p.vertices - [0, 0, 1] * (wrap * p.vertices[:, :1] ** 2), p.faces) for p in front]
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


def goggles(u: Dice) -> list[Piece]:
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
    pieces = [Piece(p.part, p.vertices - [0, 0, 1] * (0.4 * p.vertices[:, :1] ** 2), p.faces) for p in pieces]
    if u.chance(0.7):
        strap = arc((0, 0, -0.15), w * 1.05, u(0.6, 0.9), np.pi, 2 * np.pi, "xz", 20)
        return [*pieces, tube("strap", strap, u(0.015, 0.025), flat=u(2.5, 5), melt=False)]
    return pieces + [
        tube("temple", [(s * w * 1.05, 0, -0.1), (s * w, 0, -0.6), (s * w * 0.95, -0.15, -0.9)], 0.03, flat=2, melt=False)
        for s in SIDES
    ]


# ---------------------------------------------------------------------------------------------------------------- hats


def _brim(part: str, r: float, wide: float, curl: float) -> Piece:
    """Ring brim at y = 0 whose sides turn up by `curl`."""
    skin = _hoop(part, [(r * 0.9, -0.015), (r + wide, -0.015), (r + wide, 0.015), (r * 0.9, 0.02)])
    x, y, z = skin.vertices.T
    return Piece(part, np.stack([x, y + curl * (x / (r + wide)) ** 2 - 0.3 * curl * (z / (r + wide)) ** 2, z], 1), skin.faces)


def hat(u: Dice) -> list[Piece]:
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
        crown = Piece("crown", np.stack([x * (1 - 0.15 * y / h), y - dent, z * 1.1], 1), crown.faces)
    curl = {"cowboy": u(0.15, 0.35), "sombrero": u(0.05, 0.2), "bowler": u(0.03, 0.1)}.get(style, u(-0.06, 0.05))
    pieces = [crown, _brim("brim", r, wide, curl)]
    if u.chance(0.65):
        tall = u(0.03, 0.07)
        pieces.append(
            _hoop(
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
        pieces.append(
            tube(
                "feather",
                bezier((r, 0.05, 0), (r * 1.1, 0.4, 0), (r * 0.8, 0.7, -0.2)),
                0.05 * np.sin(np.linspace(0.4, 3, 12)),
                flat=0.2,
                melt=False,
            )
        )
    return move(pieces, rotation=u.pick(np.eye(3), np.eye(3), turn("x", u(-0.3, 0.3)), turn("z", np.pi)))


def cap(u: Dice) -> list[Piece]:
    """Baseball cap, peaked officer's cap, beanie and bobble hat."""
    r, h = u(0.42, 0.5), u(0.35, 0.5)
    style = u.pick("baseball", "baseball", "officer", "beanie")
    if style == "officer":
        top = np.array([(r, 0.0), (r * 1.02, h * 0.3), (r * 1.35, h * 0.6), (r * 1.2, h * 0.75), (0.001, h * 0.7)])
        pieces = [
            _dome("crown", top),
            _hoop("band", [(r * 0.9, 0), (r * 1.03, 0), (r * 1.04, h * 0.25), (r * 0.9, h * 0.25)]),
            ellipsoid("badge", (0, h * 0.35, r * 1.1), (0.07, 0.09, 0.03)),
        ]
    else:
        pieces = [_dome("crown", _dome_profile(r, h * (1.2 if style == "beanie" else 1), u(0.6, 1)))]
    if style == "beanie":
        if u.chance(0.7):
            pieces.append(tube("cuff", _loop((0, 0.05, 0), r, r), 0.07, flat=u(1, 1.6), round_ends=False, melt=False))
        return pieces + ([ellipsoid("bobble", (0, h * 1.2 + 0.08, 0), u(0.1, 0.16))] if u.chance(0.6) else [])
    reach, w = u(0.25, 0.45), r * u(0.75, 0.95)
    visor = plate(
        "visor", [(w, 0), (w * 0.98, reach * 0.4), (w * 0.75, reach * 0.8), (0.02, reach)], 0.015, rotation=turn("x", np.pi / 2)
    )
    x, y, z = visor.vertices.T
    pieces.append(Piece("visor", np.stack([x, y - 0.9 * x**2 - u(0, 0.3) * z + 0.05, z + r * 0.72], 1), visor.faces))
    return pieces + ([ellipsoid("button", (0, h, 0), (0.04, 0.02, 0.04))] if style == "baseball" and u.chance(0.7) else [])


def crown(u: Dice) -> list[Piece]:
    """King's crown, tiara and closed crown with arches."""
    r, h, n = u(0.45, 0.6), u(0.2, 0.35), u.count(5, 10)
    pieces = [_hoop("ring", [(r * 0.93, 0), (r, 0), (r * 1.02, h * 0.6), (r * 0.95, h * 0.6)])]
    closed, up = u.chance(0.25), np.array([0, h, 0])
    for c, s in around(n):
        spot, spike = np.array([c, 0, s]) * r * 0.99, turn("y", np.arctan2(c, s))
        pieces.append(
            prism("spike", [(-0.11, 0), (0.11, 0), (0.02, u(0.9, 1.2) * h), (-0.02, h)], 0.015, spot + up * 0.5, spike)
        )
        if u.chance(0.7):
            pieces.append(ellipsoid("jewel", spot * 1.06 + [0, h * u(0.25, 0.35), 0], u(0.03, 0.05)))
        pieces.append(ellipsoid("jewel", spot * 1.0 + [0, h * 1.6, 0], 0.035))
        if closed:
            pieces.append(tube("arch", bezier(spot + up * 0.5, spot * 1.1 + up * 3.2, up * 2.6), 0.025, melt=False))
    return pieces + ([ellipsoid("jewel", (0, h * 2.7, 0), 0.08)] if closed else [])


def helmet(u: Dice) -> list[Piece]:
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
            pieces.append(
                tube(
                    "crest", bezier((0, h * 0.8, r * 0.6), (0, h * 1.7, 0), (0, h * 0.6, -r * 1.3)), 0.07, flat=0.6, melt=False
                )
            )
            pieces.append(
                _hoop("collar", [(r * 0.85, -low - 0.12), (r * 1.15, -low - 0.12), (r * 0.95, -low), (r * 0.85, -low)])
            )
        else:
            pieces.append(
                tube(
                    "chin guard",
                    arc((0, -low * 0.75, 0), r * 1.05, r * 1.25, 0.2, np.pi - 0.2, "xz", 16),
                    0.11,
                    flat=0.6,
                    melt=False,
                )
            )
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
        pieces.append(tube("band", _loop((0, 0.02, 0), r, r), 0.04, flat=1.5, round_ends=False, melt=False))
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
        pieces.append(
            tube(
                "strap",
                bezier((-r * 0.95, 0, 0.1), (-r, -0.7, 0.1), (r, -0.7, 0.1), (r * 0.95, 0, 0.1)),
                0.025,
                flat=0.5,
                melt=False,
            )
        )
    return pieces


def mask(u: Dice) -> list[Piece]:
    """Theatre mask, eye mask, tribal mask with horns, surgical mask."""
    style, w, h = u.pick("theatre", "eye", "tribal", "surgical"), u(0.38, 0.5), u(0.5, 0.7)
    pieces: list[Piece] = []
    if style == "eye":
        pieces.append(
            plate("face", [(w * 0.5, -0.18), (w * 1.1, -0.1), (w * 1.25, 0.1), (w * 0.9, 0.22), (w * 0.3, 0.14)], 0.025)
        )
    elif style == "surgical":
        pieces += [ellipsoid("face", (0, y, 0.0), (w, 0.16, 0.12), square=0.7, melt=False) for y in (-0.18, 0.0, 0.18)]
    else:
        pieces.append(ellipsoid("face", (0, 0, 0), (w, h, u(0.1, 0.2)), square=u(0.7, 1), melt=False))
        pieces.append(tube("nose", [(0, h * 0.25, 0.1), (0, -h * 0.12, u(0.2, 0.35))], [0.035, 0.08]))
        pieces.append(
            tube("mouth", bezier((-w * 0.4, -h * 0.45, 0.12), (0, -h * u(0.3, 0.8), 0.2), (w * 0.4, -h * 0.45, 0.12)), 0.045)
        )
    if style != "surgical":
        pieces += [
            ellipsoid(
                "eye",
                (s * w * 0.42, h * 0.22 if style != "eye" else 0.02, 0.13 if style != "eye" else 0.02),
                (0.1, 0.055, 0.05),
            )
            for s in SIDES
        ]
    if style == "tribal":
        pieces += [
            tube(
                "horn",
                bezier((s * w * 0.6, h * 0.7, 0), (s * w * 1.4, h * 0.9, 0), (s * w, h * 1.5, 0)),
                np.linspace(0.08, 0.01, 12),
            )
            for s in SIDES
        ]
    if u.chance(0.6):
        pieces.append(
            tube(
                "strap",
                arc((0, 0.02, -0.0), w * 0.98, u(0.4, 0.7), np.pi, 2 * np.pi, "xz", 18),
                0.012,
                flat=u(1, 4),
                melt=False,
            )
        )
    return move(pieces)


# ------------------------------------------------------------------------------------------------------------- footwear


def _foot(u: Dice, heel: float, pointed: float, top: float) -> tuple[list[Piece], float]:
    """Sole, upper and heel of a shoe pointing to +z, heel raised by `heel`; also the height of the ankle."""
    z = np.linspace(-0.5, 0.55, 12)
    wide = (
        0.17
        * (1 + 0.25 * np.sin((z + 0.1) * 3))
        * np.sqrt(np.clip(1 - (np.abs(z - 0.02) / 0.56) ** (6 - 3.5 * pointed), 0.01, 1))
    )
    lift, t = heel * np.clip((0.25 - z) / 0.5, 0, 1) ** 1.3, u(0.025, 0.06)
    high = np.interp(z, [-0.5, -0.35, -0.1, 0.1, 0.35, 0.55], [0.8 * top, top, top * 0.95, 0.2, 0.13, 0.04]) * u(0.9, 1.1)
    zero = np.zeros(12)
    across = np.stack([wide, zero, zero], 1)
    sole = loft("sole", np.stack([zero, lift + t, z], 1), across * 1.08, np.stack([zero, zero + t, zero], 1))
    upper = loft("upper", np.stack([zero, lift + t + high / 2, z], 1), across, np.stack([zero, high / 2 + 0.02, zero], 1))
    return [sole, upper], heel + top + t


def shoe(u: Dice) -> list[Piece]:
    """Sneaker, loafer and dress shoe."""
    heel = u(0, 0.08)
    pieces, _ = _foot(u, heel, u(0, 0.6), u(0.25, 0.38))
    if heel > 0.03 or u.chance(0.3):
        pieces.append(box("heel", (0, heel / 2 + 0.01, -0.36), (0.14, heel / 2 + 0.03, 0.13)))
    pieces.append(tube("collar", _loop((0, 0.29 + heel, -0.28), 0.12, 0.2), u(0.025, 0.045), melt=False))
    if u.chance(0.7):
        pieces += [
            tube("lace", arc((0, y, z), 0.1, 0.04, 0, np.pi, "xy", 8), 0.018, melt=False)
            for y, z in zip(np.linspace(0.2, 0.3, 4), np.linspace(0.2, -0.02, 4), strict=True)
        ]
        pieces.append(tube("tongue", [(0, 0.23, 0.18), (0, 0.38, -0.06)], 0.07, flat=0.25, melt=False))
    return _pair(u, pieces)


def _pair(u: Dice, pieces: list[Piece]) -> list[Piece]:
    """One shoe or, now and then, two side by side."""
    if u.chance(0.75):
        return pieces
    return move(pieces, (-0.25, 0, 0)) + move(pieces, (0.25, 0, u(-0.1, 0.1)))


def boot(u: Dice) -> list[Piece]:
    """Rubber boot, cowboy boot, work boot, riding boot; heel, laces and cuff vary."""
    heel, tall, r = u(0.03, 0.15), u(0.3, 0.9), u(0.15, 0.2)
    pieces, ankle = _foot(u, heel, u(0, 0.9), 0.3)
    path = [(0, ankle - 0.15, -0.28), (0, ankle + tall * 0.4, -0.3), (0, ankle + tall, -u(0.26, 0.34))]
    pieces.append(tube("shaft", path, [r, r * 0.98, r * u(1, 1.25)], flat=u(1, 1.25), round_ends=False, melt=False))
    pieces.append(box("heel", (0, heel / 2 + 0.01, -0.36), (0.13, heel / 2 + 0.03, 0.12)))
    if u.chance(0.4):
        pieces.append(
            tube("cuff", _loop((0, ankle + tall, -0.3), r * 1.05, r * 1.2), 0.05, flat=1.3, round_ends=False, melt=False)
        )
    if u.chance(0.35):
        pieces += [
            tube("lace", [(-0.1, y, -0.3 + r * 1.02), (0.1, y, -0.3 + r * 1.02)], 0.018, melt=False)
            for y in np.linspace(ankle, ankle + tall * 0.9, 5)
        ]
    return _pair(u, pieces)


def high_heel(u: Dice) -> list[Piece]:
    """Pump, sandal and stiletto with thin or block heel, ankle strap at times."""
    heel = u(0.25, 0.5)
    pieces, _ = _foot(u, heel, u(0.5, 1), u(0.1, 0.16))
    r = u(0.02, 0.09)
    pieces.append(tube("heel", [(0, heel + 0.02, -0.4), (0, 0.02, -0.42)], [0.1, r], round_ends=False, melt=False))
    if u.chance(0.5):
        pieces.append(tube("strap", _loop((0, heel + 0.28, -0.36), 0.12, 0.14), 0.02, melt=False))
        pieces.append(tube("strap", [(0, heel + 0.1, -0.46), (0, heel + 0.28, -0.5)], 0.03, flat=0.5, melt=False))
    return _pair(u, pieces)


# ----------------------------------------------------------------------------------------------------------------- bags


def backpack(u: Dice) -> list[Piece]:
    """School, hiking and roll-top backpack."""
    w, h, d = u(0.3, 0.42), u(0.45, 0.65), u(0.16, 0.28)
    pieces = [ellipsoid("body", (0, h, 0), (w, h, d), square=u(0.3, 0.6), melt=False)]
    if u.chance(0.8):
        pieces.append(
            ellipsoid("pocket", (0, h * u(0.5, 0.65), d), (w * u(0.6, 0.85), h * u(0.3, 0.45), d * 0.5), square=0.4, melt=False)
        )
    if u.chance(0.4):
        pieces += [ellipsoid("pocket", (s * w, h * 0.55, 0), (0.1, h * 0.35, d * 0.7), square=0.5, melt=False) for s in SIDES]
    if u.chance(0.4):
        pieces.append(ellipsoid("flap", (0, h * 1.85, d * 0.2), (w * 1.05, h * 0.25, d * 1.1), square=0.5, melt=False))
    for s in SIDES:
        path = bezier(
            (s * w * 0.4, h * 1.85, -d * 0.8),
            (s * w * 0.7, h * 1.9, -d * 2.4),
            (s * w * 0.9, h * 0.5, -d * 2.2),
            (s * w * 0.7, h * 0.2, -d * 0.8),
        )
        pieces.append(tube("strap", path, u(0.05, 0.08), flat=0.35, melt=False))
    pieces.append(tube("handle", arc((0, h * 1.95, -d * 0.6), 0.1, 0.13, 0, np.pi, "xy"), 0.022, melt=False))
    if u.chance(0.25):
        pieces.append(tube("bedroll", [(-w, h * 2.05, 0), (w, h * 2.05, 0)], 0.12, round_ends=False, melt=False))
    return pieces


def handbag(u: Dice) -> list[Piece]:
    """Hand bag, tote, purse, doctor's bag and shopping bag."""
    w, h, d = u(0.4, 0.6), u(0.25, 0.45), u(0.08, 0.2)
    style = u.pick("soft", "box", "trapezoid")
    if style == "soft":
        pieces = [ellipsoid("body", (0, h, 0), (w, h, d), square=u(0.4, 0.8), melt=False)]
    elif style == "box":
        pieces = [box("body", (0, h, 0), (w, h, d))]
    else:
        pieces = [prism("body", [(-w, 0), (w, 0), (w * u(0.6, 0.9), 2 * h), (-w * u(0.6, 0.9), 2 * h)], d)]
    rise, r, reach = u(0.2, 0.8), u(0.015, 0.035), w * u(0.4, 0.7)
    for z in (-d * 0.6, d * 0.6) if u.chance(0.6) else (0.0,):
        pieces.append(
            tube("handle", arc((0, 2 * h - 0.06, z), reach, rise, 0, np.pi, "xy", 18), r, flat=u(0.6, 1.3), melt=False)
        )
    if u.chance(0.45):
        pieces.append(box("flap", (0, h * 1.55, d + 0.01), (w * 0.95, h * 0.4, 0.02)))
    if u.chance(0.6):
        pieces.append(box("clasp", (0, h * 1.25, d + 0.035), (0.06, 0.05, 0.02)))
    return pieces


def suitcase(u: Dice) -> list[Piece]:
    """Trolley case with pull handle and wheels, briefcase, old leather case, travel trunk."""
    w, h, d = u(0.4, 0.6), u(0.3, 0.65), u(0.12, 0.25)
    trolley = u.chance(0.55)
    pieces = [
        ellipsoid("body", (0, h, 0), (w, h, d), square=u(0.12, 0.3), melt=False)
        if u.chance()
        else box("body", (0, h, 0), (w, h, d))
    ]
    pieces.append(
        tube("handle", arc((0, 2 * h - 0.02, 0), 0.14, 0.12, 0, np.pi, "xy"), 0.025, melt=False)
        if u.chance()
        else tube(
            "handle",
            [(-0.15, 2 * h, 0), (-0.15, 2 * h + 0.09, 0), (0.15, 2 * h + 0.09, 0), (0.15, 2 * h, 0)],
            0.025,
            melt=False,
        )
    )
    if trolley:
        x, y = w * 0.45, 2 * h + u(0.25, 0.6)
        pieces.append(
            tube(
                "pull handle",
                [(-x, 2 * h - 0.05, -d * 0.7), (-x, y, -d * 0.7), (x, y, -d * 0.7), (x, 2 * h - 0.05, -d * 0.7)],
                0.025,
                melt=False,
            )
        )
        pieces += [
            cylinder("wheel", (s * w * 0.8 - 0.03, -0.03, z), (s * w * 0.8 + 0.03, -0.03, z), 0.07)
            for s in SIDES
            for z in ((-d * 0.7, d * 0.7) if u.chance() else (-d * 0.7,))
        ]
    else:
        pieces += [box("latch", (s * w * 0.6, 2 * h - 0.05, d + 0.01), (0.05, 0.06, 0.015)) for s in SIDES]
        if u.chance(0.6):
            pieces += [
                box("corner", (s * w * 0.95, y, z * d * 0.95), (0.05, 0.05, 0.03))
                for s in SIDES
                for y in (0.04, 2 * h - 0.04)
                for z in SIDES
            ]
    if u.chance(0.4):
        pieces += [box("strap", (s * w * 0.5, h, 0), (0.035, h * 1.02, d * 1.03)) for s in SIDES]
    return pieces


# ------------------------------------------------------------------------------------------------ jewellery, accessories


def watch(u: Dice) -> list[Piece]:
    """Round and square watch, closed in a ring or laid out flat; pocket watch on a chain."""
    r, t, square = u(0.25, 0.4), u(0.05, 0.1), u.chance(0.3)
    pieces = (
        [box("case", (0, 0, 0), (r, r * 1.1, t))]
        if square
        else [
            lathe("case", [(0.001, -t), (r, -t), (r, t), (r * 0.9, t * 1.1), (r * 0.88, t * 0.9), (0.001, t * 0.9)], axis="z")
        ]
    )
    pieces.append(
        box("dial", (0, 0, t), (r * 0.85, r * 0.95, 0.012))
        if square
        else cylinder("dial", (0, 0, t * 0.8), (0, 0, t * 0.98), r * 0.87)
    )
    pieces += [
        tube("hand", [(0, 0, t * 1.15), (k * r * np.sin(a), k * r * np.cos(a), t * 1.15)], 0.016, melt=False)
        for k, a in ((0.45, u(0, 6)), (0.7, u(0, 6)))
    ]
    if u.chance(0.2):
        pieces += [
            tube("chain", arc((u(-0.4, 0.4), r + 0.45, 0), 0.3, 0.4, -np.pi / 2, np.pi, "xy"), 0.03, melt=False),
            cylinder("knob", (0, r * 0.95, 0), (0, r + 0.1, 0), 0.05),
        ]
        return pieces
    pieces.append(cylinder("knob", (r * 0.95, 0, 0), (r + 0.06, 0, 0), 0.045))
    w = r * u(0.5, 0.75)
    if u.chance(0.55):
        a, b = r * 1.15, r * u(1.2, 1.6)
        pieces.append(
            tube(
                "strap",
                arc((0, 0, -b), a, b, np.pi / 2 + 0.5, 2.5 * np.pi - 0.5, "yz", 24),
                w,
                flat=0.12,
                round_ends=False,
                melt=False,
            )
        )
    else:
        long = u(0.6, 0.9)
        pieces += [box("strap", (0, s * (r + long / 2 - 0.03), -t * 0.5), (w, long / 2, 0.025)) for s in SIDES]
        pieces.append(
            tube(
                "buckle",
                [(-w, r + long, 0), (-w, r + long + 0.1, 0), (w, r + long + 0.1, 0), (w, r + long, 0), (-w, r + long, 0)],
                0.022,
                melt=False,
            )
        )
    return pieces


def ring(u: Dice) -> list[Piece]:
    """Finger ring: plain, signet, or with one or several stones."""
    r, t = u(0.5, 0.65), u(0.05, 0.1)
    pieces = [tube("band", arc((0, 0, 0), r, r, 0, 2 * np.pi, "xy", 40), t, flat=u(0.5, 1), round_ends=False, melt=False)]
    g = u(0.12, 0.3)
    if u.chance(0.25):
        return [*pieces, box("signet", (0, r + t, 0), (g, 0.05, g))]
    stone = (
        lathe("gem", [(0.01, -g * 0.8), (g, 0), (g * 0.65, g * 0.4), (0.001, g * 0.4)], (0, r + t + g * 0.8, 0))
        if u.chance(0.6)
        else ellipsoid("gem", (0, r + t + g * 0.5, 0), (g, g * 0.7, g))
    )
    pieces += [
        stone,
        *(tube("setting", [(0, r, 0), (g * 0.9 * c, r + t + g * 0.8, g * 0.9 * s)], 0.025, melt=False) for c, s in around(4)),
    ]
    if u.chance(0.3):
        pieces += [ellipsoid("gem", (r * np.sin(a), r * np.cos(a) + 0.06, 0), 0.07) for a in (-0.5, 0.5)]
    return pieces


def necklace(u: Dice) -> list[Piece]:
    """Bead string, chain with pendant, amulet."""
    a, b = u(0.4, 0.6), u(0.5, 0.8)
    pieces = []
    if u.chance():
        n = u.count(18, 30)
        pieces += [ellipsoid("bead", (a * c, b * s, 0), 2.2 / n * (1.3 - 0.5 * s) * 0.8) for c, s in around(n, -np.pi / 2)]
    else:
        pieces.append(tube("chain", arc((0, 0, 0), a, b, 0, 2 * np.pi, "xy", 36), u(0.02, 0.035), round_ends=False, melt=False))
    if pieces[0].part != "bead" or u.chance(0.4):
        y, g = -b - 0.1, u(0.08, 0.18)
        pieces.append(
            u.pick(
                ellipsoid("pendant", (0, y, 0), (g, g * 1.3, 0.05)),
                prism(
                    "pendant",
                    [(-g, g), (0, g * 0.7), (g, g), (g * 1.1, 0.3 * g), (0, -g), (-g * 1.1, 0.3 * g)],
                    0.04,
                    (0, y, 0),
                ),
            )
        )
    return move(pieces, rotation=u.pick(np.eye(3), turn("x", u(-1.4, -0.5))))


def belt(u: Dice) -> list[Piece]:
    """Belt closed in a loop or rolled out, with frame or plate buckle."""
    w, t = u(0.06, 0.13), 0.02
    if u.chance(0.7):
        a, b = u(0.55, 0.7), u(0.4, 0.6)
        path = arc((0, 0, 0), a, b, np.pi / 2, 2.5 * np.pi, "xz", 40)
    else:
        b, path = 0.0, np.array([(x, 0, 0) for x in np.linspace(-1.0, 0, 20)])
    pieces = [tube("strap", path, w, flat=t / w, round_ends=False, melt=False)]
    if pieces[0].vertices[:, 1].max() < w * 0.5:
        pieces = [tube("strap", path, t, flat=w / t, round_ends=False, melt=False)]
    if u.chance(0.4):
        return [*pieces, box("buckle", (0, 0, b + 0.02), (w * 1.3, w * 1.2, 0.025))]
    edge = np.array([(-w, -w, 0), (w, -w, 0), (w, w, 0), (-w, w, 0), (-w, -w, 0)]) * 1.25 + [0, 0, b + 0.02]
    return [
        *pieces,
        tube("buckle", edge, 0.028, melt=False),
        tube("pin", [(-w * 1.2, 0, b + 0.04), (w * 1.25, 0, b + 0.04)], 0.018, melt=False),
    ]


def shirt(u: Dice) -> list[Piece]:
    """T-shirt, long-sleeved shirt, jacket, tank top; sleeves hanging or spread."""
    w, h, d = u(0.32, 0.45), u(0.45, 0.65), u(0.14, 0.22)
    y = np.linspace(-h, h, 8)
    wide = np.interp(y, [-h, 0, h * 0.75, h], [w * u(0.9, 1.15), w * 0.95, w * 1.05, w * 0.55])
    zero = np.zeros(8)
    pieces = [
        loft(
            "body",
            np.stack([zero, y, zero], 1),
            np.stack([wide, zero, zero], 1),
            np.stack([zero, zero, np.interp(y, [-h, h * 0.7, h], [d, d, d * 0.6])], 1),
        )
    ]
    long, swing, r = u.pick(0.0, u(0.25, 0.4), u(0.7, 0.95), u(0.7, 0.95)), u(0.1, 1.3), u(0.1, 0.15)
    for s in SIDES if long else ():
        start = np.array([s * w * 0.85, h * 0.78, 0])
        end = start + long * np.array([s * np.sin(swing), -np.cos(swing), u(0, 0.15)])
        pieces.append(
            tube("sleeve", np.linspace(start, end, 4), np.linspace(r * 1.25, r * 0.8, 4), round_ends=False, melt=False)
        )
        if long > 0.6 and u.chance(0.5):
            pieces.append(tube("sleeve/cuff", [end - 0.08 * (end - start), end], r * 0.95, round_ends=False, melt=False))
    if u.chance(0.7):
        pieces.append(tube("collar", _loop((0, h * 1.0, 0), w * 0.42, d * 0.65), u(0.03, 0.06), flat=1.2, melt=False))
    if u.chance(0.45):
        pieces += [ellipsoid("button", (0, k * h, d * 1.0), (0.025, 0.025, 0.015)) for k in np.linspace(-0.8, 0.7, 6)]
    if u.chance(0.35):
        pieces.append(box("pocket", (w * 0.45, h * 0.3, d * 0.88), (0.1, 0.12, 0.02)))
    return move(pieces)


def trousers(u: Dice) -> list[Piece]:
    """Jeans, shorts, wide and tight trousers."""
    w, d, long, hip = u(0.28, 0.36), u(0.16, 0.22), u.pick(u(0.3, 0.5), u(0.9, 1.2), u(0.9, 1.2)), u(0.25, 0.35)
    zero, y = np.zeros(4), np.linspace(-0.05, hip, 4)
    pieces = [
        loft(
            "hip",
            np.stack([zero, y, zero], 1),
            np.stack([np.linspace(w, w * 0.85, 4), zero, zero], 1),
            np.stack([zero, zero, zero + d], 1),
        )
    ]
    flare, stance = u(0.6, 1.3), u(0, 0.2)
    for s in SIDES:
        path = np.linspace((s * w * 0.5, 0.05, 0), (s * (w * 0.5 + stance), -long, u(-0.1, 0.1)), 5)
        pieces.append(tube("leg", path, np.linspace(w * 0.53, w * 0.5 * flare, 5), flat=d / w * 1.6, melt=False))
    if u.chance(0.75):
        pieces.append(
            loft("waistband", [(0, hip - 0.03, 0), (0, hip + 0.05, 0)], [(w * 0.9, 0, 0)] * 2, [(0, 0, d * 1.06)] * 2)
        )
    return pieces + ([box("pocket", (s * w * 0.5, 0.02, -d * 0.9), (0.1, 0.1, 0.04)) for s in SIDES] if u.chance(0.4) else [])


def glove(u: Dice) -> list[Piece]:
    """Five-fingered glove, mitten and boxing glove."""
    style, w = u.pick("glove", "glove", "mitten", "boxing"), u(0.2, 0.26)
    fat = 1.5 if style == "boxing" else 1.0
    pieces = [
        ellipsoid("palm", (0, 0, 0), (w * fat, 0.28, 0.11 * fat**2), square=0.8),
        tube(
            "thumb",
            [(w * 0.7 * fat, -0.1, 0.02), (w * 1.3 * fat, 0.1, 0.05), (w * 1.45 * fat, 0.24, 0.05)],
            [0.085, 0.075, 0.06],
        ),
    ]
    if style == "glove":
        spread, r = u(0.02, 0.15), u(0.045, 0.06)
        for k, x in enumerate(np.linspace(-1, 1, 4)):
            long = (0.26, 0.36, 0.4, 0.34)[k]
            pieces.append(
                tube("finger", [(x * w * 0.75, 0.18, 0), (x * (w * 0.8 + spread), 0.2 + long, u(0, 0.08))], [r * 1.1, r * 0.9])
            )
    else:
        pieces.append(ellipsoid("finger", (0, 0.3, 0.03), (w * 0.95 * fat, 0.28, 0.11 * fat**2)))
    return [*pieces, tube("cuff", [(0, -0.2, 0), (0, -u(0.4, 0.6), 0)], [w * 0.8, w * u(0.8, 1.1)], flat=0.6)]


def umbrella(u: Dice) -> list[Piece]:
    """Closed umbrella, rolled tight or loose, with hooked, straight or ball handle."""
    long, r = u(0.8, 1.1), u(0.07, 0.14)
    tip = 0.25 + long
    pieces = [
        lathe("canopy", [(r * 0.7, 0.28), (r, 0.34), (r * 0.75, 0.25 + long * 0.6), (0.02, tip)]),
        cylinder("shaft", (0, -0.1, 0), (0, tip, 0), 0.02),
        cylinder("tip", (0, tip - 0.02, 0), (0, tip + 0.13, 0), [0.025, 0.01]),
    ]
    if u.chance(0.6):
        k = u(0.08, 0.14)
        return [
            *pieces,
            tube(
                "handle",
                np.concatenate([[(0, 0.1, 0)], arc((k, -0.2, 0), k, k, np.pi, 2 * np.pi + 0.3, "xy")]),
                u(0.028, 0.04),
                melt=False,
            ),
            cylinder("band", (0, 0.45, 0), (0, 0.5, 0), r * 1.02),
        ]
    return [
        *pieces,
        u.pick(
            tube("handle", [(0, 0.1, 0), (0, -0.25, 0)], 0.045, melt=False),
            ellipsoid("handle", (0, -0.12, 0), (0.07, 0.09, 0.07)),
        ),
    ]


def tie(u: Dice) -> list[Piece]:
    """Long tie with or without neck loop, and bow tie."""
    if u.chance(0.3):
        w, h = u(0.4, 0.6), u(0.18, 0.3)
        wings = [
            prism("wing", [(s * 0.04, -0.06), (s * w, -h), (s * w * u(0.9, 1.05), h), (s * 0.04, 0.06)], 0.04) for s in SIDES
        ]
        return [*wings, ellipsoid("knot", (0, 0, 0.02), (0.08, 0.09, 0.08), square=0.5)]
    long, w = u(1.0, 1.4), u(0.1, 0.18)
    pieces = [
        plate("strip", [(0.06, 0), (w, -long * 0.85), (0.005, -long)], 0.02),
        prism("knot", [(-0.11, 0.1), (0.11, 0.1), (0.06, -0.06), (-0.06, -0.06)], 0.05),
    ]
    if u.chance(0.6):
        pieces.append(tube("loop", _loop((0, 0.1, -0.2), 0.22, 0.22), 0.03, flat=1.3, melt=False))
    return pieces + (
        [plate("strip", [(0.05, 0), (w * 0.6, -long * 0.65), (0.005, -long * 0.75)], 0.015, (0.03, 0, -0.04))]
        if u.chance()
        else []
    )


def sock(u: Dice) -> list[Piece]:
    """Long and short sock, Christmas stocking."""
    tall, r = u(0.3, 0.8), u(0.12, 0.16)
    path = bezier((0, tall, 0), (0, tall * 0.4, 0), (0, -0.05, -0.08), (0, -0.05, 0.2))
    pieces = [
        tube("leg", path[:9], r),
        tube("foot", [path[8], (0, -0.06, 0.25), (0, -0.08, u(0.4, 0.55))], [r, r * 0.95, r * 0.75]),
        ellipsoid("foot/heel", (0, -0.06, -0.02), r * 0.9),
    ]
    return pieces + ([tube("cuff", [(0, tall - 0.06, 0), (0, tall + 0.06, 0)], r * 1.2)] if u.chance(0.7) else [])


KINDS = {
    "glasses": Kind(glasses, "eyewear", ("glasses", "eyeglasses", "spectacles", "sunglasses")),
    "goggles": Kind(goggles, "eyewear", ("goggles", "ski goggles", "safety glasses")),
    "hat": Kind(hat, "hat", ("hat", "top hat", "cowboy hat")),
    "cap": Kind(cap, "hat", ("cap", "baseball cap", "beanie")),
    "crown": Kind(crown, "crown", ("crown", "king's crown")),
    "helmet": Kind(helmet, "hat", ("helmet", "hard hat")),
    "mask": Kind(mask, "mask", ("mask", "face mask")),
    "shoe": Kind(shoe, "footwear", ("shoe", "sneaker")),
    "boot": Kind(boot, "footwear", ("boot", "cowboy boot")),
    "high heel": Kind(high_heel, "footwear", ("high heel", "high-heeled shoe", "pump")),
    "sock": Kind(sock, "footwear", ("sock", "stocking"), organic=True),
    "backpack": Kind(backpack, "bag", ("backpack", "rucksack")),
    "handbag": Kind(handbag, "bag", ("handbag", "purse", "tote bag")),
    "suitcase": Kind(suitcase, "bag", ("suitcase", "briefcase", "luggage")),
    "pocket watch": Kind(watch, "clock", ("watch", "pocket watch")),
    "ring": Kind(ring, "jewellery", ("ring", "finger ring")),
    "necklace": Kind(necklace, "jewellery", ("necklace", "pendant necklace")),
    "belt": Kind(belt, "belt", ("belt", "leather belt")),
    "shirt": Kind(shirt, "clothing", ("shirt", "jacket", "t-shirt")),
    "trousers": Kind(trousers, "clothing", ("trousers", "pants", "jeans", "shorts")),
    "glove": Kind(glove, "glove", ("glove", "mitten"), organic=True),
    "closed umbrella": Kind(umbrella, "umbrella", ("closed umbrella", "umbrella")),
    "tie": Kind(tie, "tie", ("tie", "necktie", "bow tie")),
}

SYNONYMS = {
    "lens": ("glass", "eyeglass lens"),
    "frame": ("rim", "glasses frame", "lens frame"),
    "bridge": ("nose bridge", "middle piece"),
    "temple": ("side arm", "glasses arm", "ear arm"),
    "nose pad": ("nose rest", "pad"),
    "hinge": ("joint", "end piece"),
    "strap": ("band", "belt"),
    "crown": ("hat top", "hat body"),
    "brim": ("hat edge", "rim"),
    "band": ("ribbon", "hat band", "strap"),
    "feather": ("plume",),
    "visor": ("peak", "bill", "shield"),
    "badge": ("emblem",),
    "cuff": ("fold", "turned edge", "trim"),
    "bobble": ("pompom", "ball"),
    "button": ("knob", "stud"),
    "ring": ("circlet", "band", "base"),
    "spike": ("point", "prong"),
    "jewel": ("gem", "stone"),
    "arch": ("bow", "hoop"),
    "shell": ("dome", "helmet body"),
    "ridge": ("comb", "rib"),
    "crest": ("plume", "comb"),
    "collar": ("neck opening", "neck"),
    "chin guard": ("chin bar", "jaw guard"),
    "horn": ("antler", "spike"),
    "face guard": ("cage", "grille"),
    "face": ("front", "mask body"),
    "nose": ("snout",),
    "mouth": ("lips",),
    "eye": ("eye hole",),
    "sole": ("shoe bottom", "bottom"),
    "upper": ("shoe upper", "body", "shoe top"),
    "heel": ("back of the sole", "shoe heel"),
    "lace": ("shoelace", "string"),
    "tongue": ("flap",),
    "shaft": ("boot shaft", "leg", "rod"),
    "body": ("main body", "bag", "compartment"),
    "pocket": ("pouch", "outer pocket"),
    "flap": ("cover", "lid"),
    "handle": ("carry loop", "hand hold"),
    "bedroll": ("roll", "sleeping mat"),
    "clasp": ("lock", "buckle"),
    "pull handle": ("telescopic handle", "trolley handle"),
    "wheel": ("caster", "roller"),
    "latch": ("lock", "clasp"),
    "corner": ("corner cap",),
    "case": ("watch case", "housing"),
    "dial": ("watch face", "clock face"),
    "hand": ("pointer", "watch hand"),
    "knob": ("crown wheel", "winder"),
    "chain": ("link chain", "cord"),
    "buckle": ("clasp", "fastener"),
    "gem": ("stone", "diamond", "jewel"),
    "setting": ("prong", "gem holder"),
    "signet": ("seal plate", "flat top"),
    "bead": ("pearl", "ball"),
    "pendant": ("charm", "medallion"),
    "pin": ("prong",),
    "sleeve": ("arm", "arm sleeve"),
    "leg": ("trouser leg",),
    "hip": ("seat", "upper part"),
    "waistband": ("belt", "waist"),
    "palm": ("hand", "back of the hand"),
    "thumb": ("thumb finger",),
    "finger": ("digit",),
    "canopy": ("cover", "fabric"),
    "tip": ("point", "spike"),
    "wing": ("bow", "loop"),
    "knot": ("tie knot", "center"),
    "strip": ("tie end", "cloth"),
    "loop": ("neck loop", "collar band"),
    "foot": ("foot part",),
}
