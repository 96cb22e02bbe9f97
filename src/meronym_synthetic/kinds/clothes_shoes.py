"""Clothes and shoes."""

from __future__ import annotations

import numpy as np

from meronym_synthetic.kit.curves import SIDES, arc, bezier, ellipse
from meronym_synthetic.kit.registry import kind
from meronym_synthetic.kit.rng import Rng
from meronym_synthetic.kit.solids import Solid, box, ellipsoid, loft, mirrored, move, plate, prism, tube


def _foot(u: Rng, heel: float, pointed: float, top: float) -> tuple[list[Solid], float]:
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


@kind("shoe", family="footwear", names=("shoe", "sneaker"), synonyms={
    "collar": ("neck opening", "neck"), "sole": ("shoe bottom", "bottom"), "upper": ("shoe upper", "body", "shoe top"),
    "heel": ("back of the sole", "shoe heel"), "lace": ("shoelace", "string"), "tongue": ("flap",)})  # fmt: skip
def shoe(u: Rng) -> list[Solid]:
    """Sneaker, loafer and dress shoe."""
    heel = u(0, 0.08)
    pieces, _ = _foot(u, heel, u(0, 0.6), u(0.25, 0.38))
    if heel > 0.03 or u.chance(0.3):
        pieces.append(box("heel", (0, heel / 2 + 0.01, -0.36), (0.14, heel / 2 + 0.03, 0.13)))
    pieces.append(tube("collar", ellipse((0, 0.29 + heel, -0.28), 0.12, 0.2, n=25), u(0.025, 0.045), melt=False))
    if u.chance(0.7):
        pieces += [
            tube("lace", arc((0, y, z), 0.1, 0.04, 0, np.pi, "xy", 8), 0.018, melt=False)
            for y, z in zip(np.linspace(0.2, 0.3, 4), np.linspace(0.2, -0.02, 4), strict=True)
        ]
        pieces.append(tube("tongue", [(0, 0.23, 0.18), (0, 0.38, -0.06)], 0.07, flat=0.25, melt=False))
    return _pair(u, pieces)


def _pair(u: Rng, pieces: list[Solid]) -> list[Solid]:
    """One shoe or, now and then, two side by side."""
    if u.chance(0.75):
        return pieces
    return move(pieces, (-0.25, 0, 0)) + move(pieces, (0.25, 0, u(-0.1, 0.1)))


@kind("boot", family="footwear", names=("boot", "cowboy boot"), synonyms={
    "cuff": ("fold", "turned edge", "trim"), "sole": ("shoe bottom", "bottom"), "upper": ("shoe upper", "body", "shoe top"),
    "heel": ("back of the sole", "shoe heel"), "lace": ("shoelace", "string"), "shaft": ("boot shaft", "leg", "rod"),
})  # fmt: skip
def boot(u: Rng) -> list[Solid]:
    """Rubber boot, cowboy boot, work boot, riding boot; heel, laces and cuff vary."""
    heel, tall, r = u(0.03, 0.15), u(0.3, 0.9), u(0.15, 0.2)
    pieces, ankle = _foot(u, heel, u(0, 0.9), 0.3)
    path = [(0, ankle - 0.15, -0.28), (0, ankle + tall * 0.4, -0.3), (0, ankle + tall, -u(0.26, 0.34))]
    pieces.append(tube("shaft", path, [r, r * 0.98, r * u(1, 1.25)], flat=u(1, 1.25), round_ends=False, melt=False))
    pieces.append(box("heel", (0, heel / 2 + 0.01, -0.36), (0.13, heel / 2 + 0.03, 0.12)))
    if u.chance(0.4):
        cuff = ellipse((0, ankle + tall, -0.3), r * 1.05, r * 1.2, n=25)
        pieces.append(tube("cuff", cuff, 0.05, flat=1.3, round_ends=False, melt=False))
    if u.chance(0.35):
        pieces += [
            tube("lace", [(-0.1, y, -0.3 + r * 1.02), (0.1, y, -0.3 + r * 1.02)], 0.018, melt=False)
            for y in np.linspace(ankle, ankle + tall * 0.9, 5)
        ]
    return _pair(u, pieces)


@kind("high heel", family="footwear", names=("high heel", "high-heeled shoe", "pump"), synonyms={
    "strap": ("band", "belt"), "sole": ("shoe bottom", "bottom"), "upper": ("shoe upper", "body", "shoe top"),
    "heel": ("back of the sole", "shoe heel")})  # fmt: skip
def high_heel(u: Rng) -> list[Solid]:
    """Pump, sandal and stiletto with thin or block heel, ankle strap at times."""
    heel = u(0.25, 0.5)
    pieces, _ = _foot(u, heel, u(0.5, 1), u(0.1, 0.16))
    r = u(0.02, 0.09)
    pieces.append(tube("heel", [(0, heel + 0.02, -0.4), (0, 0.02, -0.42)], [0.1, r], round_ends=False, melt=False))
    if u.chance(0.5):
        pieces.append(tube("strap", ellipse((0, heel + 0.28, -0.36), 0.12, 0.14, n=25), 0.02, melt=False))
        pieces.append(tube("strap", [(0, heel + 0.1, -0.46), (0, heel + 0.28, -0.5)], 0.03, flat=0.5, melt=False))
    return _pair(u, pieces)


@kind("belt", family="belt", names=("belt", "leather belt"), synonyms={
    "strap": ("band", "belt"), "buckle": ("clasp", "fastener"), "pin": ("prong",)})  # fmt: skip
def belt(u: Rng) -> list[Solid]:
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


@kind("shirt", family="clothing", names=("shirt", "jacket", "t-shirt"), synonyms={
    "cuff": ("fold", "turned edge", "trim"), "button": ("knob", "stud"), "collar": ("neck opening", "neck"),
    "body": ("main body", "bag", "compartment"), "pocket": ("pouch", "outer pocket"), "sleeve": ("arm", "arm sleeve"),
})  # fmt: skip
def shirt(u: Rng) -> list[Solid]:
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
        sleeve = np.linspace(start, end, 4)
        pieces.append(tube("sleeve", sleeve, np.linspace(r * 1.25, r * 0.8, 4), round_ends=False, melt=False))
        if long > 0.6 and u.chance(0.5):
            pieces.append(tube("sleeve/cuff", [end - 0.08 * (end - start), end], r * 0.95, round_ends=False, melt=False))
    if u.chance(0.7):
        pieces.append(tube("collar", ellipse((0, h * 1.0, 0), w * 0.42, d * 0.65, n=25), u(0.03, 0.06), flat=1.2, melt=False))
    if u.chance(0.45):
        pieces += [ellipsoid("button", (0, k * h, d * 1.0), (0.025, 0.025, 0.015)) for k in np.linspace(-0.8, 0.7, 6)]
    if u.chance(0.35):
        pieces.append(box("pocket", (w * 0.45, h * 0.3, d * 0.88), (0.1, 0.12, 0.02)))
    return move(pieces)


@kind("trousers", family="clothing", names=("trousers", "pants", "jeans", "shorts"), synonyms={
    "pocket": ("pouch", "outer pocket"), "leg": ("trouser leg",), "hip": ("seat", "upper part"), "waistband": ("belt", "waist"),
})  # fmt: skip
def trousers(u: Rng) -> list[Solid]:
    """Jeans, shorts, wide and tight trousers."""
    w, d, long, hip = u(0.28, 0.36), u(0.16, 0.22), u.pick(u(0.3, 0.5), u(0.9, 1.2), u(0.9, 1.2)), u(0.25, 0.35)
    zero, y = np.zeros(4), np.linspace(-0.05, hip, 4)
    hip_at = np.stack([zero, y, zero], 1)
    pieces = [loft("hip", hip_at, np.stack([np.linspace(w, w * 0.85, 4), zero, zero], 1), np.stack([zero, zero, zero + d], 1))]
    flare, stance = u(0.6, 1.3), u(0, 0.2)
    for s in SIDES:
        path = np.linspace((s * w * 0.5, 0.05, 0), (s * (w * 0.5 + stance), -long, u(-0.1, 0.1)), 5)
        pieces.append(tube("leg", path, np.linspace(w * 0.53, w * 0.5 * flare, 5), flat=d / w * 1.6, melt=False))
    if u.chance(0.75):
        waistband = [(0, hip - 0.03, 0), (0, hip + 0.05, 0)]
        pieces.append(loft("waistband", waistband, [(w * 0.9, 0, 0)] * 2, [(0, 0, d * 1.06)] * 2))
    return pieces + (mirrored(box, "pocket", (w * 0.5, 0.02, -d * 0.9), (0.1, 0.1, 0.04)) if u.chance(0.4) else [])


@kind("glove", family="glove", names=("glove", "mitten"), organic=True, synonyms={
    "cuff": ("fold", "turned edge", "trim"), "palm": ("hand", "back of the hand"), "thumb": ("thumb finger",),
    "finger": ("digit",)})  # fmt: skip
def glove(u: Rng) -> list[Solid]:
    """Five-fingered glove, mitten and boxing glove."""
    style, w = u.pick("glove", "glove", "mitten", "boxing"), u(0.2, 0.26)
    fat = 1.5 if style == "boxing" else 1.0
    thumb = [(w * 0.7 * fat, -0.1, 0.02), (w * 1.3 * fat, 0.1, 0.05), (w * 1.45 * fat, 0.24, 0.05)]
    pieces = [
        ellipsoid("palm", (0, 0, 0), (w * fat, 0.28, 0.11 * fat**2), square=0.8),
        tube("thumb", thumb, [0.085, 0.075, 0.06]),
    ]
    if style == "glove":
        spread, r = u(0.02, 0.15), u(0.045, 0.06)
        for k, x in enumerate(np.linspace(-1, 1, 4)):
            long = (0.26, 0.36, 0.4, 0.34)[k]
            finger = [(x * w * 0.75, 0.18, 0), (x * (w * 0.8 + spread), 0.2 + long, u(0, 0.08))]
            pieces.append(tube("finger", finger, [r * 1.1, r * 0.9]))
    else:
        pieces.append(ellipsoid("finger", (0, 0.3, 0.03), (w * 0.95 * fat, 0.28, 0.11 * fat**2)))
    return [*pieces, tube("cuff", [(0, -0.2, 0), (0, -u(0.4, 0.6), 0)], [w * 0.8, w * u(0.8, 1.1)], flat=0.6)]


@kind("tie", family="tie", names=("tie", "necktie", "bow tie"), synonyms={
    "wing": ("bow", "loop"), "knot": ("tie knot", "center"), "strip": ("tie end", "cloth"),
    "loop": ("neck loop", "collar band")})  # fmt: skip
def tie(u: Rng) -> list[Solid]:
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
        pieces.append(tube("loop", ellipse((0, 0.1, -0.2), 0.22, 0.22, n=25), 0.03, flat=1.3, melt=False))
    return pieces + (
        [plate("strip", [(0.05, 0), (w * 0.6, -long * 0.65), (0.005, -long * 0.75)], 0.015, (0.03, 0, -0.04))]
        if u.chance()
        else []
    )


@kind("sock", family="footwear", names=("sock", "stocking"), organic=True, synonyms={
    "cuff": ("fold", "turned edge", "trim"), "heel": ("back of the sole", "shoe heel"), "leg": ("trouser leg",),
    "foot": ("foot part",)})  # fmt: skip
def sock(u: Rng) -> list[Solid]:
    """Long and short sock, Christmas stocking."""
    tall, r = u(0.3, 0.8), u(0.12, 0.16)
    path = bezier((0, tall, 0), (0, tall * 0.4, 0), (0, -0.05, -0.08), (0, -0.05, 0.2))
    pieces = [
        tube("leg", path[:9], r),
        tube("foot", [path[8], (0, -0.06, 0.25), (0, -0.08, u(0.4, 0.55))], [r, r * 0.95, r * 0.75]),
        ellipsoid("foot/heel", (0, -0.06, -0.02), r * 0.9),
    ]
    return pieces + ([tube("cuff", [(0, tall - 0.06, 0), (0, tall + 0.06, 0)], r * 1.2)] if u.chance(0.7) else [])
