"""Busts, hands, feet and masks."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from meronym_synthetic.kit.curves import SIDES, Array, arc, around, bezier, turn
from meronym_synthetic.kit.registry import kind
from meronym_synthetic.kit.rng import Rng
from meronym_synthetic.kit.solids import Solid, box, cylinder, ellipsoid, lathe, mirrored, move, plate, tube, wing


@kind("bust", family="bust", names=("bust", "head sculpture", "portrait bust", "human head"), organic=True, synonyms={
    "neck": ("nape",), "hair": ("hairstyle", "wig"), "beard": ("facial hair",), "ear": ("ear flap",), "eye": ("eyeball",),
    "nose": ("nostrils",), "mouth": ("lips",), "face": ("front of the head", "head"), "shoulders": ("chest", "upper body"),
    "base": ("plinth", "pedestal", "stand")})  # fmt: skip
def bust(u: Rng) -> list[Solid]:
    """Sculpted heads with neck and shoulders, bald or with hair and beard, with or without a plinth."""
    r = np.array([u(0.36, 0.44), u(0.48, 0.56), u(0.42, 0.5)])
    c, nod = np.zeros(3), np.array([0, 0.55, 0.08])
    pieces = [
        ellipsoid("face", c, r * np.array([1, 0.95, 0.98])),
        ellipsoid("face", (0, -r[1] * 0.5, r[2] * 0.25), r * np.array([0.75, 0.6, 0.7])),
        tube("neck", [-nod * 1.9, -nod * 0.6 - (0, 0, 0.12)], [u(0.2, 0.28), u(0.17, 0.24)]),
    ]
    nose = [(0, r[1] * 0.12, r[2] * 0.95), (0, -r[1] * 0.2, r[2] * u(1.1, 1.25))]
    pieces.append(tube("face/nose", nose, [0.05, u(0.07, 0.1)]))
    pieces += [ellipsoid("face/eye", r * np.array([x * 0.4, 0.12, 0.87]), np.array([0.09, 0.055, 0.05])) for x in SIDES]
    mouth = r * np.array([0, -0.55, 0.9]) + np.array([0, 0, 0.03])
    pieces.append(ellipsoid("face/mouth", mouth, (u(0.11, 0.17), u(0.04, 0.07), 0.06)))
    if u.chance(0.8):
        pieces += [
            ellipsoid("ear", r * np.array([x * 1.02, 0, -0.1]), (0.06, u(0.11, 0.16), 0.09), turn("y", -x * 0.4)) for x in SIDES
        ]
    if u.chance(0.75):
        back = c + np.array([0, 0.13, -0.14])
        pieces.append(ellipsoid("hair", back, r * np.array([1.06, 1.02, 1.03])))
        style = u.pick("short", "long", "bun", "curls")
        if style == "long":
            pieces.append(ellipsoid("hair", (0, -0.45, -0.35), (u(0.35, 0.45), u(0.5, 0.7), 0.22)))
        elif style == "bun":
            pieces.append(ellipsoid("hair", (0, u(0, 0.5), -0.65), u(0.15, 0.22)))
        elif style == "curls":
            pieces += [
                ellipsoid("hair", back + r * np.array([0.8 * x, u(0, 0.9), 0.8 * z - 0.1]), u(0.15, 0.22)) for x, z in around(9)
            ]
    if u.chance(0.25):
        pieces.append(ellipsoid("beard", (0, -r[1] * 0.95, r[2] * 0.55), (0.26, u(0.2, 0.4), 0.2)))
    if u.chance(0.8):
        wide = u(0.45, 0.75)
        pieces.append(ellipsoid("shoulders", (0, -1.25, -0.08), (wide, u(0.25, 0.4), u(0.28, 0.36)), square=u(0.6, 1)))
        pieces += mirrored(ellipsoid, "shoulders", (wide * 0.75, -1.2, -0.08), (0.25, 0.25, 0.25))
        bottom = -1.5
    else:
        pieces.append(ellipsoid("neck", (0, -1.05, -0.05), (0.35, 0.15, 0.3)))
        bottom = -1.1
    if u.chance(0.5):
        w, h = u(0.25, 0.4), u(0.2, 0.45)
        pieces.append(
            u.pick(
                box("base", (0, bottom - h / 2, -0.05), (w, h / 2, w)),
                lathe("base", [(w, -h), (w, -h * 0.8), (w * 0.5, -h * 0.5), (w * 0.6, 0.1), (0.01, 0.12)], (0, bottom, -0.05)),
            )
        )
    return pieces


@kind("hand", family="hand", names=("hand", "human hand"), organic=True, synonyms={
    "forearm": ("lower arm",), "palm": ("flat of the hand", "middle of the hand"), "finger": ("digit",),
    "index finger": ("forefinger", "pointer finger", "first finger"), "middle finger": ("long finger", "second finger"),
    "ring finger": ("third finger", "fourth digit"), "little finger": ("pinky", "small finger"), "thumb": ("first digit",),
})  # fmt: skip
def hand(u: Rng) -> list[Solid]:
    """Left and right hands, open, spread, pointing, relaxed, closed or with some fingers up, some with a forearm."""
    pose, side = u.pick("open", "spread", "point", "relaxed", "closed", "count", "ok"), u.pick(*SIDES)
    thick, long, fan = u(0.1, 0.14), u(0.6, 0.85), {"spread": u(0.15, 0.28), "open": u(0, 0.1)}.get(pose, u(0, 0.12))
    w = u(0.42, 0.52)
    pieces = [
        ellipsoid("palm", (0, 0, 0), (w, u(0.48, 0.58), u(0.15, 0.2)), square=0.6),
        tube("palm", [(-w * 0.6, 0.4, 0), (w * 0.6, 0.4, 0)], 0.15),
    ]
    raised = u.count(1, 4)
    for i, (name, size) in enumerate((("index", 0.94), ("middle", 1.04), ("ring", 0.96), ("little", 0.76))):
        curl = {
            "open": u(0, 0.12),
            "spread": u(0, 0.1),
            "relaxed": u(0.2, 0.5),
            "closed": u(0.95, 1.1),
            "point": 0.05 if i == 0 else u(0.9, 1.05),
            "count": u(0, 0.1) if i < raised else u(0.9, 1.05),
            "ok": u(0.55, 0.65) if i == 0 else u(0, 0.25),
        }[pose]
        x, tilt = w * (-0.72 + 0.48 * i), (i - 1.4) * fan
        points, bend = [np.array([x, 0.45 - 0.03 * (i - 1) ** 2, 0])], 0.0
        for share, step in ((0.45, 1.4), (0.32, 1.7), (0.28, 1.0)):
            bend += curl * step
            points.append(
                points[-1]
                + long * size * share * np.array([np.sin(tilt) * np.cos(bend), np.cos(bend) * np.cos(tilt), np.sin(bend)])
            )
        pieces.append(tube(f"finger/{name} finger", points, thick * size * np.array([1.05, 1, 0.93, 0.82])))
    out = {"closed": -0.4, "point": -0.3, "count": -0.3, "ok": 0.1}.get(pose, u(0.3, 0.9))
    root = np.array([-w * 0.65, -0.3, 0.05])
    knuckle = root + np.array([-0.22 - 0.1 * max(out, 0), 0.32, 0.12 if out > 0 else 0.28])
    tip = knuckle + 0.42 * np.array([-np.sin(out), np.cos(out) * 0.9, 0.1 if out > 0.2 else 0.25])
    pieces.append(tube("finger/thumb", [root, knuckle, (knuckle + tip) / 2, tip], thick * np.array([1.4, 1.2, 1.1, 0.9])))
    if u.chance(0.7):
        pieces.append(
            tube(u.pick("palm", "forearm"), [(0, -0.35, 0), (0, -u(0.7, 1.2), u(-0.2, 0.2))], [u(0.24, 0.3), u(0.24, 0.34)])
        )
    flip = np.array([side, 1, 1])
    return [Solid(p.part, p.vertices * flip, p.faces, _mirror(p.distance, flip)) for p in pieces]


def _mirror(distance: Callable[[Array], Array] | None, flip: Array) -> Callable[[Array], Array] | None:
    return None if distance is None else lambda x: distance(x * flip)


@kind("foot", family="foot", names=("foot", "human foot", "bare foot"), organic=True, synonyms={
    "heel": ("back of the foot",), "toe": ("toe tip", "front of the foot"),
    "instep": ("arch", "top of the foot", "middle of the foot"), "ankle": ("lower leg", "shin")})  # fmt: skip
def foot(u: Rng) -> list[Solid]:
    """Bare human feet with ankle and five toes, left or right, long or short, cut at the shin or lower."""
    side, long, wide, slim = u.pick(*SIDES), u(1.1, 1.5), u(0.28, 0.36), u(0.15, 0.2)
    back, front = -long * 0.3, long * 0.42
    pieces = [
        ellipsoid("heel", (0, 0.17, back - 0.04), (wide * 0.68, 0.19, 0.24)),
        tube("instep", [(0, 0.24, back + 0.15), (0, 0.2, 0.1), (0, 0.13, front)], [0.22, 0.19, 0.12]),
        ellipsoid("instep", (0, 0.12, front - 0.05), (wide, 0.12, 0.26)),
        ellipsoid("instep", (side * wide * -0.2, 0.12, 0.0), (wide * 0.7, 0.13, long * 0.35)),
    ]
    top = (0, u(0.75, 1.4), back + u(-0.1, 0.1))
    pieces.append(tube("ankle", [(0, 0.35, back + 0.04), (0, 0.55, back), top], [0.2, slim, u(0.17, 0.26)]))
    fan = u(1, 1.25)
    for i in range(5):
        x, r, z = side * wide * (0.82 - 0.41 * i), 0.1 if i == 0 else 0.075 - 0.005 * i, front + 0.1 - 0.05 * i
        path = [(x, 0.12, z - 0.05), (x * fan, 0.13, z + 0.1), (x * fan, 0.09, z + 0.24 - 0.03 * i)]
        pieces.append(tube("toe", path, [r, r, r * 0.9]))
    return pieces


@kind("face mask", family="mask", names=("mask", "face mask"), synonyms={
    "eye": ("eyeball",), "nose": ("nostrils",), "mouth": ("lips",), "strap": ("band", "belt"), "handle": ("hilt", "haft"),
    "face": ("front of the head", "head"), "front": ("cover", "cloth"), "lens": ("goggle glass", "eye glass"),
    "filter": ("canister", "cartridge"), "horn": ("antler",), "feather": ("plume",)})  # fmt: skip
def face_mask(u: Rng) -> list[Solid]:
    """Theatre, carnival, tribal, surgical and gas masks."""
    w, h = u(0.4, 0.55), u(0.5, 0.75)
    style = u.pick("theatre", "carnival", "tribal", "surgical", "gas")
    if style == "surgical":
        pieces = [ellipsoid("front", (0, 0, 0), (w, h * 0.55, 0.2), square=0.6)]
        pieces += [tube("front", arc((0, y, 0), w * 0.92, 0.22, 0, np.pi, "xz"), 0.025) for y in (-0.12, 0.02, 0.16)]
        return pieces + [
            tube("strap", arc((x * w * 0.9, 0, 0), u(0.5, 0.7), 0.25, np.pi / 2, 3 * np.pi / 2, "zy"), 0.025) for x in SIDES
        ]
    pieces = [ellipsoid("face", (0, 0, 0), (w, h * (0.5 if style == "carnival" else 1), 0.22), square=0.85)]
    if style == "gas":
        pieces += mirrored(cylinder, "lens", (w * 0.45, h * 0.25, 0.1), (w * 0.5, h * 0.25, 0.3), 0.15)
        pieces += [
            cylinder("filter", (x, -h * 0.4, 0.1), (x * 1.6, -h * 0.55, u(0.4, 0.6)), 0.17) for x in u.pick((0.0,), (-0.2, 0.2))
        ]
        return pieces + [tube("strap", arc((0, y, 0), w * 0.9, 0.7, 0, -np.pi, "xz"), 0.03) for y in (-0.15, 0.2)]
    pieces += [
        ellipsoid("eye", (x * w * 0.42, h * 0.15, 0.18), (0.11, u(0.05, 0.1), 0.06), turn("z", x * u(-0.3, 0.3))) for x in SIDES
    ]
    pieces.append(tube("nose", [(0, h * 0.2, 0.2), (0, -h * 0.2, u(0.3, 0.6))], [0.05, 0.09]))
    if style != "carnival":
        mouth = bezier((-0.2, -h * 0.55, 0.16), (0, -h * u(0.4, 0.75), 0.24), (0.2, -h * 0.55, 0.16))
        pieces.append(tube("mouth", mouth, u(0.03, 0.06)))
    if style == "tribal":
        pieces += [
            wing("horn", (x * w * 0.6, h * 0.7, 0), (x * w, h * u(1.1, 1.6), 0), (0.12, 0.03), 0.06, (1, 0, 0), (0, 0, 1))
            for x in SIDES
        ]
    if style == "carnival":
        pieces += [
            plate("feather", [(0.03, 0), (0.08, 0.4), (0.01, u(0.6, 0.9))], 0.02, (0, h * 0.35, 0), turn("z", k))
            for k in np.linspace(-0.9, 0.9, u.count(3, 7))
        ]
        if u.chance():
            pieces.append(cylinder("handle", (w * 0.9, 0, 0), (w * 1.2, -1.2, 0), 0.03))
    return pieces


@kind("mask", family="mask", names=("mask", "face mask"), synonyms={
    "strap": ("band", "belt"), "horn": ("antler", "spike"), "face": ("front", "mask body"), "nose": ("snout",),
    "mouth": ("lips",), "eye": ("eye hole",)})  # fmt: skip
def mask(u: Rng) -> list[Solid]:
    """Theatre mask, eye mask, tribal mask with horns, surgical mask."""
    style, w, h = u.pick("theatre", "eye", "tribal", "surgical"), u(0.38, 0.5), u(0.5, 0.7)
    pieces: list[Solid] = []
    if style == "eye":
        face = [(w * 0.5, -0.18), (w * 1.1, -0.1), (w * 1.25, 0.1), (w * 0.9, 0.22), (w * 0.3, 0.14)]
        pieces.append(plate("face", face, 0.025))
    elif style == "surgical":
        pieces += [ellipsoid("face", (0, y, 0.0), (w, 0.16, 0.12), square=0.7, melt=False) for y in (-0.18, 0.0, 0.18)]
    else:
        pieces.append(ellipsoid("face", (0, 0, 0), (w, h, u(0.1, 0.2)), square=u(0.7, 1), melt=False))
        pieces.append(tube("nose", [(0, h * 0.25, 0.1), (0, -h * 0.12, u(0.2, 0.35))], [0.035, 0.08]))
        mouth = bezier((-w * 0.4, -h * 0.45, 0.12), (0, -h * u(0.3, 0.8), 0.2), (w * 0.4, -h * 0.45, 0.12))
        pieces.append(tube("mouth", mouth, 0.045))
    if style != "surgical":
        eye = (w * 0.42, h * 0.22 if style != "eye" else 0.02, 0.13 if style != "eye" else 0.02)
        pieces += mirrored(ellipsoid, "eye", eye, (0.1, 0.055, 0.05))
    if style == "tribal":
        horn = bezier((w * 0.6, h * 0.7, 0), (w * 1.4, h * 0.9, 0), (w, h * 1.5, 0))
        pieces += mirrored(tube, "horn", horn, np.linspace(0.08, 0.01, 12))
    if u.chance(0.6):
        strap = arc((0, 0.02, -0.0), w * 0.98, u(0.4, 0.7), np.pi, 2 * np.pi, "xz", 18)
        pieces.append(tube("strap", strap, 0.012, flat=u(1, 4), melt=False))
    return move(pieces)
