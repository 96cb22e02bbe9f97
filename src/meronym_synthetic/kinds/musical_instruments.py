"""Musical instruments."""

from __future__ import annotations

import numpy as np

from meronym_synthetic.kit.curves import CORNERS, QUARTER, SIDES, arc, around, bezier, ellipse, turn
from meronym_synthetic.kit.poses import leaning
from meronym_synthetic.kit.registry import kind
from meronym_synthetic.kit.rng import Rng
from meronym_synthetic.kit.solids import Solid, box, cylinder, ellipsoid, lathe, mirrored, move, plate, prism, ring_of, tube


def _waisted(w: float, h: float, waist: float, top: float) -> list[tuple[float, float]]:
    """Half-outline of a guitar body from y = 0 to h: lower bout, waist, upper bout."""
    y = np.linspace(0, 1, 17)
    lower, upper = (
        w * np.sqrt(np.clip(1 - ((y - 0.3) / 0.31) ** 2, 0, 1)),
        top * w * np.sqrt(np.clip(1 - ((y - 0.76) / 0.25) ** 2, 0, 1)),
    )
    middle = w * waist * np.clip(1 - np.abs(y - 0.54) / 0.3, 0, 1) ** 0.3
    return [(max(float(x), 0.02), float(k * h)) for x, k in zip(np.maximum(np.maximum(lower, upper), middle), y, strict=True)]


def _neck(u: Rng, low: float, long: float, z: float, scroll: bool, pegs: int, part: str = "head") -> list[Solid]:
    """Neck from y = low, head with pegs; a scroll for the violin family."""
    top = low + long
    pieces = [box("neck", (0, low + long / 2, z), (u(0.03, 0.045), long / 2, 0.03))]
    if scroll:
        pieces += [
            tube(part, bezier((0, top - 0.02, z), (0, top + 0.1, z), (0, top + 0.16, z - 0.06)), 0.035, melt=False),
            ellipsoid(part, (0, top + 0.17, z - 0.03), 0.05),
        ]
    else:
        pieces.append(
            plate(
                part,
                [(0.045, 0), (0.08, 0.06), (u(0.06, 0.1), 0.24), (0.03, 0.27)],
                0.022,
                (0, top - 0.01, z),
                turn("x", -u(0, 0.25)),
            )
        )
    for k in range(pegs):
        side, y = SIDES[k % 2], top + 0.05 + 0.07 * (k // 2)
        pieces.append(tube(f"{part}/peg", [(side * 0.04, y, z), (side * 0.13, y, z)], [0.012, 0.022], melt=False))
    return pieces


@kind("guitar", family="string instrument", names=("guitar", "electric guitar", "ukulele"), synonyms={
    "body": ("main body", "corpus", "sound box"), "neck": ("long narrow part", "shaft"),
    "head": ("headstock", "top", "end piece"), "peg": ("tuning peg", "tuner"), "fretboard": ("fingerboard", "frets"),
    "bridge": ("string holder", "string bridge"), "pickup": ("magnetic pickup",), "knob": ("button", "dial"),
    "sound hole": ("hole", "opening"), "string": ("cord", "wire")})  # fmt: skip
def guitar(u: Rng) -> list[Solid]:
    """Classical, steel-string, electric, bass guitar and ukulele."""
    w, h, long = u(0.28, 0.38), u(0.7, 0.9), u(0.6, 0.9)
    electric = u.chance(0.45)
    d = u(0.03, 0.05) if electric else u(0.08, 0.13)
    if electric and u.chance(0.6):
        spike = u(0.3, 0.5) if u.chance(0.2) else 0.0
        edge = [
            (-0.2, -spike * 0.6),
            (0, -0.02),
            (0.2, -spike * 0.6),
            (w, 0.12),
            (w * 0.72, h * 0.42),
            (w * 0.95, h * u(0.7, 0.9)),
            (w * 0.5, h * 0.72),
            (0, h * 0.62),
            (-w * 0.5, h * 0.76),
            (-w * 0.95, h * u(0.7, 1.0)),
            (-w * 0.72, h * 0.42),
            (-w, 0.12),
        ]
        body, join = prism("body", edge, d), h * 0.58
    else:
        body, join = plate("body", _waisted(w, h, u(0.6, 0.75), u(0.7, 0.85)), d), h * 0.9
    pieces = [body, *_neck(u, join, long, d * 0.6, False, u.pick(4, 6, 6))]
    pieces.append(box("fretboard", (0, join + long * 0.42, d + 0.012), (0.04, long * 0.56, 0.015)))
    bridge_y = h * u(0.2, 0.28)
    pieces.append(box("bridge", (0, bridge_y, d + 0.01), (u(0.08, 0.14), 0.022, 0.02)))
    if electric:
        pieces += [box("pickup", (0, h * y, d + 0.008), (0.08, 0.025, 0.015)) for y in (0.36, 0.48)[: u.count(1, 2)]]
        pieces += [cylinder("knob", (w * 0.6, h * y, d), (w * 0.6, h * y, d + 0.035), 0.025) for y in (0.12, 0.22)]
    else:
        r = w * u(0.28, 0.36)
        pieces.append(cylinder("sound hole", (0, h * 0.58, d - 0.01), (0, h * 0.58, d + 0.006), r))
    if u.chance(0.5):
        top = join + long
        pieces += [
            tube("string", [(x, bridge_y, d + 0.035), (x, top, d * 0.6 + 0.045)], 0.005, melt=False)
            for x in np.linspace(-0.03, 0.03, 4)
        ]
    return leaning(u, pieces)


@kind("violin", family="string instrument", names=("violin", "cello", "double bass"), synonyms={
    "body": ("main body", "corpus", "sound box"), "neck": ("long narrow part", "shaft"),
    "head": ("headstock", "top", "end piece"), "peg": ("tuning peg", "tuner"), "fretboard": ("fingerboard", "frets"),
    "bridge": ("string holder", "string bridge"), "sound hole": ("hole", "opening"), "string": ("cord", "wire"),
    "tailpiece": ("string holder",), "end pin": ("spike", "foot"), "chin rest": ("chin holder",),
    "bow": ("violin bow", "stick", "ribbon"), "hair": ("bow hair",), "frog": ("bow handle",)})  # fmt: skip
def violin(u: Rng) -> list[Solid]:
    """Violin, cello with an end pin, double bass; bow at times."""
    w, h, long, d = u(0.24, 0.34), u(0.75, 0.95), u(0.4, 0.55), u(0.06, 0.13)
    pieces = [plate("body", _waisted(w, h, u(0.5, 0.62), u(0.75, 0.85)), d), *_neck(u, h * 0.92, long, d * 0.7, True, 4)]
    pieces.append(box("fretboard", (0, h * 0.9 + long * 0.3, d + 0.05), (0.03, long * 0.75, 0.014), turn("x", -0.05)))
    pieces += [
        box("bridge", (0, h * 0.42, d + 0.04), (0.07, 0.012, 0.05)),
        plate("tailpiece", [(0.025, 0.02), (0.055, h * 0.26)], 0.014, (0, 0, d + 0.035)),
    ]
    sound_hole = bezier((0.1, h * 0.34, d), (0.16, h * 0.4, d), (0.08, h * 0.46, d), (0.14, h * 0.52, d))
    pieces += mirrored(tube, "sound hole", sound_hole, 0.014, melt=False)
    if u.chance(0.6):
        pieces += [
            tube(
                "string",
                [(x, h * 0.26, d + 0.05), (x, h * 0.42, d + 0.09), (x * 0.6, h * 0.92 + long, d * 0.7 + 0.04)],
                0.005,
                melt=False,
            )
            for x in np.linspace(-0.03, 0.03, 4)
        ]
    if u.chance(0.5):
        pieces.append(cylinder("end pin", (0, -u(0.12, 0.3), 0), (0, 0.03, 0), 0.015))
    else:
        pieces.append(ellipsoid("chin rest", (-w * 0.45, 0.1, d + 0.02), (0.1, 0.09, 0.03), melt=False))
    if u.chance(0.25):
        x = w + 0.15
        pieces += [
            tube("bow", bezier((x, 0, 0), (x - 0.04, h * 0.7, 0), (x, h * 1.5, 0)), 0.014, melt=False),
            tube("bow/hair", [(x + 0.03, 0.04, 0), (x + 0.01, h * 1.48, 0)], 0.01, melt=False),
            box("bow/frog", (x + 0.015, 0.04, 0), (0.025, 0.05, 0.015)),
        ]
    return leaning(u, pieces)


@kind("banjo", family="string instrument", names=("banjo", "mandolin", "lute"), synonyms={
    "body": ("main body", "corpus", "sound box"), "neck": ("long narrow part", "shaft"),
    "head": ("headstock", "top", "end piece"), "peg": ("tuning peg", "tuner"), "bridge": ("string holder", "string bridge"),
    "sound hole": ("hole", "opening"), "rim": ("hoop", "edge"), "hook": ("bracket", "tension rod")})  # fmt: skip
def banjo(u: Rng) -> list[Solid]:
    """Banjo, mandolin and lute: round or pear body."""
    r, d, long = u(0.3, 0.4), u(0.05, 0.1), u(0.6, 0.9)
    if u.chance(0.6):
        pieces = [
            lathe("body", [(r, -d), (r, d), (0.001, d)], axis="z"),
            tube("rim", ellipse((0, 0, d), r, r, "xy"), 0.025, round_ends=False, melt=False),
        ]
        pieces += ring_of(u.count(8, 16), cylinder, "rim/hook", (r * 1.03, 0, -d), (r * 1.03, 0, d), 0.014, plane="xy")
    else:
        outline = [(0.02, -r), (r * 0.75, -r * 0.8), (r, -r * 0.2), (r * 0.75, r * 0.5), (0.06, r * 1.25)]
        pieces = [
            plate("body", outline, d * u(1, 2)),
            cylinder("sound hole", (0, r * 0.15, d * 0.9), (0, r * 0.15, d * 2.02), r * 0.22),
        ]
    pieces += _neck(u, r * 0.85, long, d * 0.6, False, u.pick(4, 5, 8))
    pieces.append(box("bridge", (0, -r * 0.35, d + 0.03), (0.08, 0.015, 0.03)))
    return leaning(u, pieces)


@kind("harp", family="harp", names=("harp", "lyre"), synonyms={
    "body": ("main body", "corpus", "sound box"), "neck": ("long narrow part", "shaft"), "string": ("cord", "wire"),
    "arm": ("side arm",), "crossbar": ("bar", "beam", "top bar"), "pillar": ("column", "post"),
    "base": ("foot", "bottom", "stand")})  # fmt: skip
def harp(u: Rng) -> list[Solid]:
    """Concert harp and lyre."""
    h, w, n = u(1.1, 1.5), u(0.5, 0.75), u.count(8, 18)
    if u.chance(0.25):
        arm = bezier((w * 0.3, 0.2, 0), (w * 0.9, h * 0.4, 0), (w * 0.2, h * 0.6, 0), (w * 0.6, h * 0.8, 0))
        arms = mirrored(tube, "arm", arm, 0.05, melt=False)
        strings = [
            tube("string", [(x * 0.4, 0.25, 0), (x * 0.6, h * 0.72, 0)], 0.008, melt=False)
            for x in np.linspace(-w * 0.6, w * 0.6, 7)
        ]
        return [
            *arms,
            *strings,
            tube("crossbar", [(-w * 0.6, h * 0.72, 0), (w * 0.6, h * 0.72, 0)], 0.035),
            ellipsoid("base", (0, 0.18, 0), (w * 0.5, 0.16, 0.1), square=0.6),
        ]
    curve = bezier((0, h, 0), (w * 0.3, h * u(0.85, 1.0), 0), (w * 0.6, h * u(0.5, 0.75), 0), (w, h * 0.85, 0), n=20)
    low = np.linspace((0.12, 0.08, 0), (w, h * 0.85, 0), 20)
    pieces = [
        tube("pillar", [(0, 0, 0), (0, h, 0)], u(0.03, 0.05), melt=False),
        tube("neck", curve, 0.04, melt=False),
        tube("body", low[[0, 10, 19]], [u(0.1, 0.14), 0.1, 0.05], melt=False),
    ]
    pieces += [tube("string", [low[k], curve[k]], 0.007, melt=False) for k in np.linspace(2, 18, n).astype(int)]
    return [*pieces, box("base", (0.08, 0.02, 0), (0.18, 0.05, 0.14))]


@kind("piano", family="piano", names=("piano", "grand piano", "keyboard"), synonyms={
    "body": ("main body", "corpus", "sound box"), "keyboard": ("keys", "row of keys"), "key": ("button", "black key"),
    "stand": ("support", "holder"), "shelf": ("key bed", "ledge"), "leg": ("foot", "support"), "pedal": ("foot pedal",),
    "music stand": ("note holder", "book rest"), "lid": ("cover", "top"), "prop": ("lid support", "stick")})  # fmt: skip
def piano(u: Rng) -> list[Solid]:
    """Grand piano with open or closed lid, upright piano, electric keyboard on a stand."""
    w, style = u(0.55, 0.75), u.pick("grand", "upright", "keyboard")
    h = u(0.4, 0.55)
    z = u(0.14, 0.2)
    keys = [box("keyboard", (0, h + 0.02, z + 0.1), (w * 0.92, 0.025, 0.09))]
    if u.chance(0.6):
        keys += [
            box("keyboard/key", (x, h + 0.05, z + 0.07), (0.014, 0.015, 0.06))
            for x in np.linspace(-w * 0.85, w * 0.85, u.count(12, 24))
        ]
    if style == "keyboard":
        pieces = [box("body", (0, h, z), (w, 0.04, 0.2)), *keys]
        return pieces + [
            tube("stand", [(s * w * 0.6, 0, k * 0.25 + z), (s * w * 0.6, h - 0.03, -k * 0.2 + z)], 0.025, melt=False)
            for s, k in CORNERS
        ]
    if style == "upright":
        tall, pieces = h + u(0.35, 0.6), []
        pieces = [
            box("body", (0, tall / 2, -0.12), (w, tall / 2, 0.17)),
            box("shelf", (0, h - 0.04, z + 0.05), (w, 0.04, 0.17)),
            *keys,
        ]
        pieces += mirrored(box, "leg", (w * 0.94, h / 2 - 0.03, z + 0.15), (0.04, h / 2 - 0.03, 0.04))
        pieces += [box("pedal", (x, 0.05, 0.1), (0.025, 0.01, 0.07)) for x in (-0.08, 0, 0.08)]
        return pieces + (
            [box("music stand", (0, tall * 0.85, 0.08), (w * 0.4, 0.12, 0.012), turn("x", -0.2))] if u.chance() else []
        )
    long = u(0.8, 1.2)
    edge = np.array(
        [
            (-w, 0.2),
            (w, 0.2),
            (w, -0.1),
            (w * 0.8, -long * 0.45),
            (w * 0.1, -long * 0.7),
            (-w * 0.1, -long),
            (-w * 0.6, -long * 1.08),
            (-w, -long),
        ]
    )
    flat = turn("x", QUARTER)
    pieces = [prism("body", edge, 0.1, (0, h, 0), flat), *keys]
    if u.chance(0.75):
        lid = prism("lid", edge[2:] if u.chance() else edge, 0.015, (0, 0, 0), flat)
        angle = u(0.4, 0.9)
        pieces += move(
            [Solid("lid", lid.vertices + np.array([w, 0, 0]), lid.faces)], (-w, h + 0.11, 0), rotation=turn("z", angle)
        )
        prop = [(w * 0.7, h + 0.1, -0.3), (w * 0.4, h + 0.1 + 1.4 * w * np.tan(angle) * 0.9, -0.3)]
        pieces.append(tube("prop", prop, 0.014, melt=False))
    else:
        pieces.append(prism("lid", edge, 0.015, (0, h + 0.11, 0), flat))
    pieces += [
        tube("leg", [(x, h - 0.08, zz), (x, 0, zz)], [0.06, 0.03], melt=False)
        for x, zz in ((-w * 0.85, 0.05), (w * 0.85, 0.05), (-w * 0.4, -long * 0.8))
    ]
    return pieces + ([box("music stand", (0, h + 0.24, -0.02), (w * 0.4, 0.13, 0.01), turn("x", -0.25))] if u.chance() else [])


def _one_drum(u: Rng, r: float, d: float, part: str = "body") -> list[Solid]:
    """Drum around y with skins at both ends, rims and at times lugs."""
    t = u(0.015, 0.03)
    pieces = [
        cylinder(part, (0, -d, 0), (0, d, 0), r),
        *mirrored(cylinder, "drumhead", (0, d, 0), (0, d + 0.012, 0), r * 0.97, axes="y"),
    ]
    pieces += [tube("rim", ellipse((0, s * d, 0), r, r), t, round_ends=False, melt=False) for s in SIDES]
    return pieces + (ring_of(u.count(5, 8), cylinder, "lug", (r, -d * 0.8, 0), (r, d * 0.8, 0), 0.018) if u.chance(0.4) else [])


@kind("drum", family="drum", names=("drum", "snare drum", "bongo"), synonyms={
    "body": ("main body", "corpus", "sound box"), "rim": ("hoop", "edge"), "stand": ("support", "holder"),
    "leg": ("foot", "support"), "drumhead": ("drum skin", "membrane"), "lug": ("tension rod", "tuning screw"),
    "rope": ("cord", "chain"), "drumstick": ("stick", "beater")})  # fmt: skip
def drum(u: Rng) -> list[Solid]:
    """Snare on a stand, bongo, djembe, marching drum with ropes, drumsticks at times."""
    style, r = u.pick("snare", "djembe", "marching", "bongo"), u(0.32, 0.45)
    if style == "djembe":
        pieces = [
            lathe("body", [(r * 0.6, 0), (r * 0.4, 0.4), (r * 0.5, 0.6), (r, 0.95), (r, 1.1)]),
            cylinder("drumhead", (0, 1.1, 0), (0, 1.13, 0), r * 0.98),
            tube("rim", ellipse((0, 1.05, 0), r, r), 0.025, melt=False),
        ]
        return pieces + ring_of(u.count(8, 14), tube, "rope", [(r * 1.02, 1.05, 0), (r * 0.56, 0.62, 0)], 0.012, melt=False)
    d = {"snare": u(0.1, 0.18), "marching": u(0.25, 0.4), "bongo": u(0.15, 0.25)}[style]
    pieces = _one_drum(u, r, d)
    if style == "bongo":
        pieces = move(pieces, (-r * 1.03, 0, 0), scale=0.9) + move(_one_drum(u, r * 0.8, d), (r * 0.85, 0, 0))
    elif style == "marching":
        n = u.count(8, 14)
        pieces += [
            tube(
                "rope",
                [(r * 1.03 * c, -s * d, r * 1.03 * k), (r * 1.03 * np.cos(a), s * d, r * 1.03 * np.sin(a))],
                0.012,
                melt=False,
            )
            for s in SIDES
            for c, k in around(n)
            for a in [np.arctan2(k, c) + np.pi / n]
        ]
    else:
        pieces += [
            cylinder("stand", (0, -0.6, 0), (0, -d, 0), 0.03),
            *ring_of(3, tube, "stand/leg", [(0, -0.45, 0), (0.35, -0.75, 0)], 0.02, melt=False),
        ]
    if u.chance(0.4):
        pieces += [
            tube("drumstick", [(x, d + 0.06, -0.1), (x * 1.5, d + 0.05 + u(0, 0.2), 0.5)], [0.025, 0.018], melt=False)
            for x in (-0.12, 0.15)
        ]
    return pieces


@kind("drum kit", family="drum", names=("drum kit", "drum set"), synonyms={
    "rim": ("hoop", "edge"), "stand": ("support", "holder"), "leg": ("foot", "support"), "drumhead": ("drum skin", "membrane"),
    "lug": ("tension rod", "tuning screw"), "bass drum": ("kick drum", "big drum"), "tom": ("tom drum", "small drum"),
    "floor tom": ("floor drum",), "snare drum": ("snare",), "cymbal": ("metal disc", "brass plate"),
    "stool": ("seat", "drum stool")})  # fmt: skip
def drum_kit(u: Rng) -> list[Solid]:
    """Bass drum, toms, floor tom, snare, cymbals on stands, perhaps a stool."""
    r = u(0.28, 0.36)

    def placed(name: str, radius: float, deep: float, at: tuple[float, float, float], tilt: float) -> list[Solid]:
        named = [
            Solid(f"{name}/{p.part}" if p.part != "body" else name, p.vertices, p.faces) for p in _one_drum(u, radius, deep)
        ]
        return move(named, at, rotation=turn("x", tilt))

    pieces = placed("bass drum", r, 0.2, (0, r, 0.1), QUARTER)
    pieces += [p for s in SIDES for p in placed("tom", r * 0.5, 0.09, (s * r * 0.6, r * 2.35, 0.1), -0.4)]
    pieces += mirrored(tube, "stand", [(r * 0.3, r * 1.9, 0.1), (r * 0.6, r * 2.35, 0.1)], 0.02, melt=False)
    pieces += placed("floor tom", r * 0.65, 0.16, (-r * 1.9, 0.4, -0.1), 0)
    pieces += placed("snare drum", r * 0.6, 0.07, (r * 1.5, 0.48, -0.25), 0)
    feet = [(-r * 1.9, 0.3, -0.1, r * 0.6), (r * 1.5, 0.44, -0.25, r * 0.3)]
    pieces += [
        tube("leg", [(x + rr * c, y, z + rr * s), (x + rr * 1.2 * c, 0, z + rr * 1.2 * s)], 0.015, melt=False)
        for x, y, z, rr in feet
        for c, s in around(3)
    ]
    for s in SIDES[: u.count(1, 2)]:
        x, y, z = s * r * 2.3, u(0.9, 1.15), 0.05
        pieces += [
            tube("stand", [(x, 0, z), (x, y, z)], 0.018, melt=False),
            *(tube("stand/leg", [(x, 0.2, z), (x + 0.2 * c, 0, z + 0.2 * k)], 0.014, melt=False) for c, k in around(3)),
        ]
        pieces += move(
            [lathe("cymbal", [(r * 0.75, -0.01), (0.08, 0.03), (0.03, 0.05), (0.001, 0.05)])],
            (x, y, z),
            rotation=turn("z", u(-0.3, 0.3)),
        )
    if u.chance(0.4):
        pieces += [
            cylinder("stool", (0, 0.36, -0.75), (0, 0.42, -0.75), 0.16),
            cylinder("stool/leg", (0, 0, -0.75), (0, 0.37, -0.75), 0.03),
        ]
    return pieces


@kind("trumpet", family="wind instrument", names=("trumpet", "trombone", "french horn"), synonyms={
    "mouthpiece": ("mouth end", "blowing end"), "bell": ("horn", "funnel", "flared end"), "tube": ("pipe", "tubing"),
    "valve": ("piston", "valve cylinder"), "button": ("valve button", "key"), "slide": ("sliding tube", "u-shaped tube"),
    "brace": ("bar", "connector")})  # fmt: skip
def trumpet(u: Rng) -> list[Solid]:
    """Trumpet, bugle, trombone and horn with coiled tube."""
    style, r = u.pick("trumpet", "trumpet", "trombone", "horn"), u(0.022, 0.035)
    flare = [(r, 0), (r * 1.3, 0.2), (r * 2.2, 0.36), (u(0.16, 0.22), 0.48), (u(0.16, 0.22), 0.485), (r * 1.8, 0.36)]
    mouth = lathe("mouthpiece", [(r * 0.7, 0), (r * 0.8, 0.08), (r * 1.8, 0.14), (r * 1.8, 0.16)], (0, 0, 0), "x")
    back = Solid("mouthpiece", mouth.vertices * [-1, 1, 1], mouth.faces)
    if style == "horn":
        coil = arc((0, 0.2, 0), 0.28, 0.28, -QUARTER, 3.5 * np.pi, "xy", 50)
        pieces = [
            tube("tube", coil + np.linspace(0, 0.06, 50)[:, None] * [0, 0, 1], r, melt=False),
            *move([lathe("bell", flare, (0, 0, 0), "x")], (-0.05, -0.1, 0.04), rotation=turn("z", -0.3)),
        ]
        return [
            *pieces,
            *move([back], (-0.24, 0.46, 0), rotation=turn("z", 0.0)),
            tube("tube", [(-0.25, 0.46, 0), (0, 0.48, 0.03)], r, melt=False),
            *(cylinder("valve", (x, 0.1, 0.03), (x, 0.32, 0.03), 0.04) for x in (-0.1, 0, 0.1)),
        ]
    long, drop = u(0.3, 0.45), u(0.1, 0.16)
    pieces = [
        *move([lathe("bell", flare, (0, 0, 0), "x")], (long, 0, 0)),
        *move([back], (-long - 0.15, 0 if style == "trumpet" else -drop, 0)),
    ]
    path = np.array(
        [
            (-long - 0.16, 0, 0.04),
            (long * 0.6, 0, 0.04),
            (long * 0.8, -drop / 2, 0.04),
            (long * 0.6, -drop, 0.03),
            (-long * 0.6, -drop, 0),
            (-long * 0.8, -drop / 2, 0),
            (-long * 0.6, 0, 0),
            (long, 0, 0),
        ]
    )
    if style == "trombone":
        far = u(0.8, 1.3)
        slide = np.array(
            [
                (-long - 0.16, -drop, 0),
                (far, -drop, 0),
                (far + 0.06, -drop - 0.06, 0),
                (far, -drop - 0.12, 0),
                (-long * 0.5, -drop - 0.12, 0),
            ]
        )
        tube_path = np.array([(-long * 0.5, -drop - 0.12, 0), (-long - 0.5, -0.12, 0), (-long - 0.5, 0, 0), (long, 0, 0)])
        pieces += [tube("slide", slide, r * 0.8, melt=False), tube("tube", tube_path, r, melt=False)]
        return [
            *pieces,
            *(tube("brace", [(x, -drop, 0), (x, -drop - 0.12, 0)], 0.012, melt=False) for x in (0.1, 0.25)),
            tube("brace", [(0.1, 0, 0), (0.1, -drop, 0)], 0.012, melt=False),
        ]
    pieces.append(tube("tube", path, r * 0.9, melt=False))
    if u.chance(0.85):
        pieces += [cylinder("valve", (x, -drop * 1.3, 0.02), (x, 0.08, 0.02), 0.04) for x in (-0.1, 0.0, 0.1)] + [
            cylinder("valve/button", (x, 0.08, 0.02), (x, 0.14, 0.02), 0.022) for x in (-0.1, 0.0, 0.1)
        ]
    return move(pieces, rotation=u.pick(np.eye(3), turn("y", QUARTER), turn("z", 0.3)))


@kind("saxophone", family="wind instrument", names=("saxophone",), synonyms={
    "body": ("main body", "corpus", "sound box"), "neck": ("long narrow part", "shaft"), "key": ("button", "black key"),
    "mouthpiece": ("mouth end", "blowing end"), "bell": ("horn", "funnel", "flared end"), "rod": ("key rod", "bar"),
})  # fmt: skip
def saxophone(u: Rng) -> list[Solid]:
    """Saxophone with curved bell, keys and mouthpiece."""
    h, bend, r = u(0.8, 1.1), u(0.13, 0.2), u(0.09, 0.14)
    path = np.concatenate(
        [
            np.linspace((0, h, 0), (0, 0.2, 0), 6),
            arc((bend, 0.2, 0), bend, bend, np.pi, 2 * np.pi, "xy", 9)[1:],
            np.linspace((2 * bend, 0.25, 0), (2 * bend + 0.06, h * 0.55, 0), 5),
        ]
    )
    swell = np.interp(np.linspace(0, 1, len(path)), [0, 0.5, 0.8, 1], [0.035, 0.07, r * 0.85, r * 1.6])
    cut = 14
    neck = bezier((0, h - 0.02, 0), (0, h + 0.2, 0), (-0.1, h + 0.16, 0), (-0.25, h + 0.1, 0))
    pieces = [
        tube("body", path[: cut + 1], swell[: cut + 1], round_ends=False, melt=False),
        tube("bell", path[cut:], swell[cut:], round_ends=False, melt=False),
        tube("neck", neck, 0.028, melt=False),
    ]
    pieces.append(tube("mouthpiece", [neck[-1], neck[-1] + [-0.14, -0.02, 0]], [0.04, 0.02], flat=0.8, melt=False))
    pieces += [
        cylinder("key", (0.0, y, 0.05), (0.0, y, 0.095), u(0.03, 0.05)) for y in np.linspace(0.3, h * 0.9, u.count(4, 8))
    ]
    return [*pieces, tube("rod", [(0.05, 0.25, 0.06), (0.04, h * 0.9, 0.05)], 0.01, melt=False)]


@kind("flute", family="wind instrument", names=("flute", "recorder", "clarinet"), synonyms={
    "body": ("main body", "corpus", "sound box"), "head": ("headstock", "top", "end piece"), "key": ("button", "black key"),
    "mouthpiece": ("mouth end", "blowing end"), "bell": ("horn", "funnel", "flared end"), "rod": ("key rod", "bar"),
    "foot": ("foot joint", "end"), "hole": ("finger hole", "opening")})  # fmt: skip
def flute(u: Rng) -> list[Solid]:
    """Transverse flute with keys, recorder, clarinet with a bell."""
    long, r, style = u(1.2, 1.5), u(0.03, 0.05), u.pick("flute", "recorder", "clarinet")
    keys = [(long * k) for k in np.linspace(0.3, 0.85, u.count(5, 9))]
    pieces = [cylinder("body", (0, 0.2, 0), (0, long, 0), r)]
    if style == "recorder":
        pieces += [
            lathe("head", [(r * 1.2, 0.3), (r * 1.3, 0.05), (r * 0.9, 0.0)]),
            prism("mouthpiece", [(-r, 0.03), (r, 0.03), (r * 0.6, -0.12), (-r * 0.6, -0.12)], r * 0.7),
            lathe("foot", [(r * 1.2, long - 0.02), (r * 1.4, long + 0.06), (r, long + 0.15)]),
        ]
        pieces += [cylinder("hole", (0, y, r * 0.9), (0, y, r * 1.06), 0.018) for y in keys]
    else:
        end = (
            [lathe("bell", [(r, long - 0.02), (r * 1.3, long + 0.1), (r * 2.6, long + 0.2)])]
            if style == "clarinet"
            else [cylinder("foot", (0, long, 0), (0, long + 0.15, 0), r)]
        )
        head = (
            [lathe("mouthpiece", [(r, 0.1), (r, 0), (r * 0.3, -0.14)]), cylinder("head", (0, 0.05, 0), (0, 0.25, 0), r * 1.1)]
            if style == "clarinet"
            else [
                cylinder("head", (0, -0.15, 0), (0, 0.25, 0), r * 1.05),
                ellipsoid("mouthpiece", (0, 0, r), (0.035, 0.05, 0.02), melt=False),
            ]
        )
        pieces += [
            *end,
            *head,
            *(cylinder("key", (0, y, r), (0, y, r * 1.5), 0.03) for y in keys),
            tube("rod", [(r, 0.3 * long, r), (r, 0.85 * long, r)], 0.01, melt=False),
        ]
    return move(
        pieces, (0, -long / 2, 0), rotation=u.pick(np.eye(3), turn("z", QUARTER), turn("z", u(0.3, 1.2)), turn("z", np.pi))
    )
