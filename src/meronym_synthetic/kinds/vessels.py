"""Vases, cups, bottles, pots and other things that hold liquids or food."""

from __future__ import annotations

import numpy as np

from meronym_synthetic.kit.curves import SIDES, Array, arc, around, bezier, ellipse, turn
from meronym_synthetic.kit.registry import kind
from meronym_synthetic.kit.rng import Rng
from meronym_synthetic.kit.solids import Solid, box, cylinder, ellipsoid, lathe, mirrored, move, ring_of, tube
from meronym_synthetic.kit.vessels import Point, curved_handle, hollow, smooth_profile


def _square(pieces: list[Solid], power: float) -> list[Solid]:
    """The pieces with rounded-square instead of round cross-sections (power 2 = round, 8 = nearly square)."""
    squared = []
    for p in pieces:
        x, _, z = np.abs(p.vertices.T) / (np.hypot(p.vertices[:, 0], p.vertices[:, 2]) + 1e-9)
        grow = np.where(x + z > 0, (x**power + z**power + 1e-12) ** (-1 / power), 1)
        squared.append(Solid(p.part, p.vertices * np.stack([grow, np.ones_like(grow), grow], 1), p.faces))
    return squared


def _maybe_square(u: Rng, pieces: list[Solid], probability: float) -> list[Solid]:
    """Now and then squared or flattened, else as they are."""
    if not u.chance(probability):
        return pieces
    if u.chance(0.6):
        return _square(pieces, u(4, 10))
    flat = u(0.4, 0.8)
    return [Solid(p.part, p.vertices * [1, 1, flat], p.faces) for p in pieces]


def _radius(profile: Array, y: float) -> float:
    """Radius of a rising profile at a height."""
    return float(np.interp(y, profile[:, 1], profile[:, 0]))


def _bail(u: Rng, r: float, y: float, rise: float, thick: float) -> list[Solid]:
    """Hoop handle over the top, upright or folded to one side."""
    lean = u(-0.3, 0.3) if u.chance(0.7) else u(0.9, 1.4)
    hoop = [tube("handle", arc((0, 0, 0), r, rise, 0, np.pi, "xy", 20), thick, melt=False)]
    if u.chance(0.3):
        hoop.append(cylinder("handle", (-0.4 * r, rise * 0.98, 0), (0.4 * r, rise * 0.98, 0), thick * 1.8))
    return move(hoop, (0, y, 0), rotation=turn("x", lean))


def _lid(u: Rng, r: float, y: float, knob: bool = True) -> list[Solid]:
    """Flat, domed or stepped lid with a ball, button, ring or bar knob."""
    high = r * u(0.05, 0.5)
    shape = u.pick(
        [(r, 0.0), (r, high * 0.5), (0.001, high)], [(r, -0.02), (r * 1.02, 0.03), (r * 0.7, high * 0.8), (0.001, high)]
    )
    pieces = [lathe("lid", smooth_profile((0.001, -0.02), *shape), (0, y, 0))]
    if not knob:
        return pieces
    style, k = u.pick("ball", "button", "bar", "spike"), r * u(0.1, 0.22)
    if style == "ball":
        return [*pieces, ellipsoid("lid/knob", (0, y + high + k * 0.8, 0), (k, k * u(0.7, 1.2), k), melt=False)]
    if style == "button":
        knob_profile = [(k * 0.4, 0), (k * 0.4, k), (k, k * 1.2), (k, k * 1.6), (0.001, k * 1.8)]
        return [*pieces, lathe("lid/knob", knob_profile, (0, y + high - 0.02, 0))]
    if style == "spike":
        return [
            *pieces,
            lathe("lid/knob", smooth_profile((k * 0.6, 0), (k * 0.3, k), (k, k * 2), (0.01, k * 3.5)), (0, y + high - 0.02, 0)),
        ]
    return [
        *pieces,
        tube("lid/knob", arc((0, y + high * 0.7, 0), k * 2, high * 0.3 + k * 2, 0, np.pi, "xy"), k * 0.4, melt=False),
    ]


def _spout(u: Rng, start: Point, end: Point, r: float) -> list[Solid]:
    """Tapered pouring tube in the x y plane: S-curved or straight, with a cut or flared mouth."""
    (x0, y0), (x1, y1) = start, end
    if u.chance(0.65):
        path = bezier((x0, y0, 0), (x0 + 0.8 * (x1 - x0), y0, 0), (x0 + 0.6 * (x1 - x0), y1, 0), (x1, y1, 0), n=14)
    else:
        path = np.linspace((x0, y0, 0), (x1, y1, 0), 5)
    return [tube("spout", path, r * np.linspace(1, u(0.4, 0.7), len(path)), round_ends=u.chance(), melt=False)]


def _lip(u: Rng, wall: Solid) -> list[Solid]:
    """A wall with its top edge pulled out at +x into a pouring lip."""
    x, y, z = wall.vertices.T
    rise = np.clip((y - y.max()) / u(0.15, 0.35) + 1, 0, 1)
    weight = rise * np.exp(-((np.arctan2(z, x) / u(0.3, 0.5)) ** 2))
    bent = wall.vertices + np.stack([weight * u(0.1, 0.25), weight * u(0, 0.08), -0.3 * z * weight], 1)
    lip = weight[wall.faces].mean(1) > 0.15
    return [Solid(wall.part, bent, wall.faces[~lip]), Solid("spout", bent, wall.faces[lip])]


_VASES = {  # ranges: bottom and widest radius, its place 0..1, height, neck radius and height, flare, foot; handles
    "amphora": ((0.08, 0.16), (0.36, 0.55), (0.6, 0.78), (1.0, 1.4), (0.12, 0.22), (0.25, 0.5), (1.1, 1.8), (0, 0.12), (2, 2)),
    "jug": ((0.25, 0.4), (0.4, 0.6), (0.35, 0.6), (0.7, 1.1), (0.2, 0.33), (0.12, 0.4), (1.0, 1.4), (-0.1, 0.1), (1, 1)),
    "urn": ((0.12, 0.25), (0.45, 0.65), (0.6, 0.8), (0.6, 0.9), (0.33, 0.44), (0.06, 0.2), (1.1, 1.4), (0.1, 0.3), (0, 2)),
    "bottle": ((0.2, 0.35), (0.3, 0.42), (0.3, 0.7), (0.7, 1.1), (0.07, 0.13), (0.3, 0.8), (1.0, 1.7), (-0.1, 0.08), (0, 0)),
    "bulb": ((0.15, 0.25), (0.5, 0.65), (0.42, 0.58), (0.8, 1.0), (0.1, 0.22), (0.12, 0.6), (1.2, 2.2), (-0.1, 0.15), (0, 1)),
    "slim": ((0.15, 0.28), (0.22, 0.35), (0.5, 0.8), (1.2, 1.8), (0.12, 0.2), (0.1, 0.5), (1.2, 2.4), (-0.1, 0.1), (0, 0)),
    "bowl": ((0.12, 0.22), (0.5, 0.7), (0.72, 0.9), (0.4, 0.6), (0.45, 0.5), (0.03, 0.1), (1.0, 1.25), (0.1, 0.4), (0, 2)),
    "low": ((0.25, 0.4), (0.5, 0.7), (0.4, 0.6), (0.3, 0.6), (0.15, 0.3), (0.15, 0.5), (1.0, 2.0), (-0.1, 0.1), (0, 1)),
    "trumpet": ((0.12, 0.2), (0.16, 0.24), (0.3, 0.6), (0.5, 0.8), (0.12, 0.16), (0.4, 0.9), (2.0, 3.2), (0.05, 0.15), (0, 0)),
}  # fmt: skip


def _turned_vase(u: Rng, style: str, spout: float) -> list[Solid]:
    """A vase of a style of the table above; `spout` is the chance of a pouring lip or tube where it has one handle."""
    *ranges, handles = _VASES[style]
    low, wide, where, height, neck, rise, flare, foot = (u(*span) for span in ranges)
    foot, count = max(foot, 0.0), u.pick(*handles)
    top, waist = foot + height, u(0.8, 1.0)
    body = smooth_profile((low, foot), (low + 0.62 * (wide - low), foot + 0.5 * where * height), (wide, foot + where * height),
                   (neck + 0.6 * (wide - neck), foot + (0.55 + 0.45 * where) * height), (neck, top), n=30)  # fmt: skip
    collar = smooth_profile((neck, top), (neck * waist, top + rise * 0.5), (neck * flare, top + rise))
    pieces = [hollow("body", body), hollow("neck", collar, floor=False)]
    if foot > 0.03:
        spread = low * u(1.0, 1.8)
        pieces.append(
            lathe(
                "base",
                u.pick(
                    [(spread, 0), (spread, foot * 0.4), (low * 0.95, foot * 1.1)],
                    [(spread, 0), (low * 0.6, foot * 0.6), (low, foot * 1.1)],
                ),
            )
        )
    if u.chance(0.3):
        r = u(0.015, 0.035)
        pieces.append(tube("neck/rim", ellipse((0, top + rise, 0), neck * flare, neck * flare, "xz", 25), r, melt=False))
    if style in ("urn", "bowl", "low") and u.chance(0.3):
        pieces += _lid(u, neck * flare, top + rise)
    r, y1 = u(0.025, 0.055), foot + height * u(max(where - 0.15, 0.2), 0.9)
    loops = style in ("urn", "bowl", "bulb") or u.chance(0.15)
    start = foot + height * u(0.85, 0.95) if loops else top + rise * u(0.4, 0.95)
    x0 = _radius(body if loops else collar, start) - 0.02
    y1 = min(y1, start - 0.2)
    sides: list[Solid] = []
    seed = u.count(0, 2**30)
    for side in SIDES[:count]:
        same = Rng(np.random.default_rng(seed))
        sides += curved_handle(same, (x0, start), (_radius(body, y1) - 0.02, y1), wide * same(0.15, 0.4), r, side)
    if count == 1 and u.chance(spout):
        if u.chance(0.6):
            pieces = [p for wall in pieces for p in (_lip(u, wall) if wall.part == "neck" else [wall])]
        else:
            y1 = foot + height * where
            sides += _spout(u, (wide - 0.06, y1), (wide + u(0.2, 0.4), top + u(-0.1, 0.3)), u(0.07, 0.11))
    return [*_maybe_square(u, pieces, 0.0 if sides else 0.25), *sides]


@kind("vase", family="vase", names=("vase", "flower vase", "pottery vase"), synonyms={
    "body": ("main body", "vessel", "container"), "neck": ("collar", "narrow top"), "rim": ("lip", "edge", "brim"),
    "base": ("foot", "bottom", "pedestal"), "handle": ("ear", "holder", "hand hold"),
    "spout": ("pouring lip", "beak", "nozzle"), "lid": ("cover", "top", "cap"), "knob": ("lid knob", "lid handle", "button"),
})  # fmt: skip
def vase(u: Rng) -> list[Solid]:
    """Amphora, urn, bottle-like, bulbous, slim, low, bowl-like, trumpet and jug vases."""
    return _turned_vase(u, u.pick(*_VASES), 0.3)


@kind("amphora", family="vase", names=("amphora", "greek vase"), synonyms={
    "body": ("main body", "vessel", "container"), "neck": ("collar", "narrow top"), "rim": ("lip", "edge", "brim"),
    "base": ("foot", "bottom", "pedestal"), "handle": ("ear", "holder", "hand hold")})  # fmt: skip
def amphora(u: Rng) -> list[Solid]:
    """Greek amphora with two handles."""
    return _turned_vase(u, "amphora", 0)


@kind("urn", family="vase", names=("urn", "garden urn"), synonyms={
    "body": ("main body", "vessel", "container"), "neck": ("collar", "narrow top"), "rim": ("lip", "edge", "brim"),
    "base": ("foot", "bottom", "pedestal"), "handle": ("ear", "holder", "hand hold"), "lid": ("cover", "top", "cap"),
    "knob": ("lid knob", "lid handle", "button")})  # fmt: skip
def urn(u: Rng) -> list[Solid]:
    """Footed urn, with lid or handles at times."""
    return _turned_vase(u, u.pick("urn", "bowl"), 0)


@kind("pitcher", family="vase", names=("pitcher", "jug", "water jug"), synonyms={
    "body": ("main body", "vessel", "container"), "neck": ("collar", "narrow top"), "rim": ("lip", "edge", "brim"),
    "base": ("foot", "bottom", "pedestal"), "handle": ("ear", "holder", "hand hold"),
    "spout": ("pouring lip", "beak", "nozzle")})  # fmt: skip
def pitcher(u: Rng) -> list[Solid]:
    """Water jug: bulging jug with neck, or a plain tapered one, with handle and pouring lip."""
    if u.chance(0.55):
        return _turned_vase(u, "jug", 0.85)
    low, high, h, r = u(0.3, 0.42), u(0.22, 0.4), u(0.8, 1.3), u(0.03, 0.06)
    body = smooth_profile((low, 0), (low * u(0.95, 1.2), h * 0.4), (high, h))
    pieces = _lip(u, hollow("body", body))
    pieces += curved_handle(
        u, (_radius(body, h * 0.88) - 0.02, h * 0.88), (_radius(body, h * 0.3) - 0.02, h * 0.3), u(0.15, 0.3), r, -1
    )
    return pieces


@kind("cup", family="cup", names=("cup", "mug", "coffee mug", "tea cup", "beer mug"), synonyms={
    "body": ("main body", "vessel", "container"), "rim": ("lip", "edge", "brim"), "base": ("foot", "bottom", "pedestal"),
    "handle": ("ear", "holder", "hand hold"), "saucer": ("small plate", "coaster")})  # fmt: skip
def cup(u: Rng) -> list[Solid]:
    """Straight mug, tapered mug, tea cup, beer mug and barrel-shaped cup, rarely squared, with foot or saucer."""
    style = u.pick("mug", "mug", "taper", "tea", "beer", "barrel")
    w, wall, r = u(0.32, 0.48), u(0.02, 0.05), u(0.03, 0.06)
    h, low, middle = {
        "mug": (u(0.7, 1.1), w, w),
        "taper": (u(0.6, 1.1), w * u(0.6, 0.85), w * u(0.85, 0.95)),
        "tea": (u(0.4, 0.6), w * u(0.4, 0.6), w * 0.92),
        "beer": (u(1.0, 1.3), w * u(0.95, 1.1), w),
        "barrel": (u(0.7, 1.0), w * u(0.7, 0.9), w * 1.15),
    }[style]
    foot = u(0.04, 0.1) if u.chance(0.25) or style == "tea" else 0.0
    body = smooth_profile((low, foot), (middle, foot + h * 0.45), (w * (1.1 if style == "tea" else 1), foot + h))
    pieces = [hollow("body", body, wall)]
    if foot:
        pieces.append(lathe("base", [(low * u(0.8, 1.2), 0), (low * 0.85, foot * 1.2)]))
    if u.chance(0.2):
        edge = body[-1, 0] - wall / 2
        pieces.append(tube("body/rim", ellipse((0, foot + h, 0), edge, edge, "xz", 25), wall * u(0.6, 1.0), melt=False))
    pieces = _maybe_square(u, pieces, 0.1)
    y0, y1 = foot + h * u(0.75, 0.93), foot + h * u(0.12, 0.4)
    face = float(max(p.vertices[:, 0].max() for p in pieces)) / float(body[:, 0].max())
    pieces += curved_handle(
        u, (_radius(body, y0) * face - wall / 2, y0), (_radius(body, y1) * face - wall / 2, y1), u(0.15, 0.32), r
    )
    if u.chance(0.12):
        saucer = [(w * 0.5, -0.06), (w * 0.6, -0.05), (w * 1.5, 0.04), (w * 1.45, 0.06), (w * 0.5, 0.0), (0.001, 0.0)]
        pieces.append(lathe("saucer", saucer))
    return pieces


@kind("wine glass", family="goblet", names=("wine glass", "goblet", "chalice"), synonyms={
    "base": ("foot", "bottom", "pedestal"), "handle": ("ear", "holder", "hand hold"), "bowl": ("cup", "glass bowl", "basin"),
    "stem": ("shaft", "stalk", "post")})  # fmt: skip
def wine_glass(u: Rng) -> list[Solid]:
    """Wine, champagne, cocktail and brandy glass, metal goblet and chalice."""
    h, w, stem, foot, thin = u(0.4, 0.8), u(0.25, 0.45), u(0.15, 0.6), u(0.22, 0.38), u(0.02, 0.04)
    style, y = u.pick("wine", "flute", "cocktail", "goblet"), 0.04 + stem
    bowl = {
        "wine": smooth_profile((0.03, y), (w, y + h * 0.4), (w * u(0.7, 0.95), y + h)),
        "flute": smooth_profile((0.03, y), (w * 0.6, y + h * 0.5), (w * 0.55, y + h * 1.3)),
        "cocktail": smooth_profile((0.03, y), (w * 1.4, y + h * 0.7), n=6),
        "goblet": smooth_profile((0.06, y), (w * 0.9, y + h * 0.4), (w * 1.1, y + h)),
    }[style]
    post = [(thin, 0.03), (thin, 0.04 + stem)]
    if u.chance(0.35):
        post = [
            (thin, 0.03),
            (thin, 0.03 + stem * 0.4),
            (thin * u(2, 3.5), 0.03 + stem * 0.55),
            (thin, 0.03 + stem * 0.7),
            (thin, 0.05 + stem),
        ]
    pieces = [
        hollow("bowl", bowl, 0.015),
        lathe("stem", post),
        lathe("base", [(foot, 0), (foot, 0.015), (thin * 1.5, u(0.03, 0.12))]),
    ]
    if style == "goblet" and u.chance(0.3):
        for side in SIDES:
            pieces += curved_handle(u, (w * 0.95, y + h * 0.85), (w * 0.8, y + h * 0.3), w * 0.3, 0.03, side)
    return pieces


@kind("teapot", family="kettle", names=("teapot", "coffee pot"), synonyms={
    "body": ("main body", "vessel", "container"), "base": ("foot", "bottom", "pedestal"),
    "handle": ("ear", "holder", "hand hold"), "spout": ("pouring lip", "beak", "nozzle"), "lid": ("cover", "top", "cap"),
    "knob": ("lid knob", "lid handle", "button")})  # fmt: skip
def teapot(u: Rng) -> list[Solid]:
    """Round, tall, squat and squared teapots and coffee pots; handle at the side or over the top."""
    w, h, low = u(0.4, 0.6), u(0.4, 0.95), u(0.2, 0.45)
    top = w * u(0.35, 0.7)
    body = smooth_profile((low, 0), (w, h * u(0.35, 0.6)), (top, h))
    pieces = [lathe("body", [(0.001, 0), *body, (0.001, h)]), *_lid(u, top * 0.95, h)]
    if u.chance(0.3):
        pieces.append(lathe("base", [(low * 1.1, -0.06), (low * 0.95, 0.03)]))
    pieces = _maybe_square(u, pieces, 0.15)
    y0 = h * u(0.2, 0.5)
    pieces += _spout(u, (_radius(body, y0) - 0.08, y0), (w + u(0.2, 0.4), h * u(0.85, 1.1)), u(0.07, 0.12))
    if u.chance(0.3):
        return pieces + _bail(u, top + 0.04, h - 0.05, u(0.35, 0.55), u(0.025, 0.04))
    return pieces + curved_handle(
        u,
        (_radius(body, h * 0.85) - 0.03, h * 0.85),
        (_radius(body, h * 0.25) - 0.03, h * 0.25),
        u(0.2, 0.35),
        u(0.03, 0.05),
        -1,
    )


@kind("tea kettle", family="kettle", names=("kettle", "tea kettle"), synonyms={
    "body": ("main body", "vessel", "container"), "base": ("foot", "bottom", "pedestal"),
    "handle": ("ear", "holder", "hand hold"), "spout": ("pouring lip", "beak", "nozzle"), "lid": ("cover", "top", "cap"),
    "knob": ("lid knob", "lid handle", "button")})  # fmt: skip
def tea_kettle(u: Rng) -> list[Solid]:
    """Stove kettle with a hoop handle, and electric kettle with a side handle on a power base."""
    if u.chance():
        w, h = u(0.45, 0.6), u(0.4, 0.65)
        body, top = smooth_profile((w * 0.9, 0), (w, h * 0.3), (w * 0.45, h)), w * 0.42
        pieces = [lathe("body", [(0.001, 0), *body, (0.001, h)]), *_lid(u, top, h)]
        y0 = h * u(0.3, 0.5)
        pieces += _spout(u, (_radius(body, y0) - 0.06, y0), (w + u(0.15, 0.3), h * u(0.9, 1.15)), u(0.07, 0.11))
        hoop = arc((0, h * 0.6, 0), w * 0.75, h * u(0.7, 1.1), 0.1, np.pi - 0.1, "xy", 18)
        return [*pieces, tube("handle", hoop, u(0.025, 0.045), melt=False)]
    w, top, h = u(0.32, 0.42), u(0.22, 0.3), u(0.8, 1.1)
    body = smooth_profile((w, 0.05), (w * 0.98, h * 0.4), (top, h))
    pieces = [lathe("body", [(0.001, 0.05), *body, (0.001, h)]), *_lid(u, top * 0.97, h, u.chance(0.4))]
    pieces.append(lathe("base", [(w * 1.1, -0.04), (w * 1.12, 0.03), (w * 0.9, 0.06)]))
    pieces += curved_handle(u, (top - 0.02, h * 0.95), (w - 0.04, h * u(0.15, 0.4)), u(0.18, 0.3), u(0.035, 0.06), -1)
    return [
        *pieces,
        tube("spout", [(top * 0.7, h * 0.85, 0), (top + u(0.08, 0.18), h, 0)], [0.12, 0.05], flat=0.8, round_ends=False),
    ]


@kind("bottle", family="bottle", names=("bottle", "wine bottle", "water bottle"), synonyms={
    "body": ("main body", "vessel", "container"), "neck": ("collar", "narrow top"), "cap": ("lid", "bottle cap", "screw cap"),
    "cork": ("stopper", "plug"), "nozzle": ("spray nozzle", "outlet", "tip"), "label": ("sticker", "tag")})  # fmt: skip
def bottle(u: Rng) -> list[Solid]:
    """Wine, beer, water, sauce, pharmacy and flat bottles with cap, cork or open mouth."""
    w, h, neck, rise, shoulder = u(0.2, 0.4), u(0.6, 1.1), u(0.07, 0.13), u(0.08, 0.5), u(0.05, 0.35)
    waist = u(0.75, 1.0) if u.chance(0.3) else 1.0
    body = smooth_profile(
        (w * 0.9, 0), (w, 0.04), (w, h * 0.3), (w * waist, h * 0.5), (w, h * 0.75), (w, h), (neck, h + shoulder), n=36
    )
    y = h + shoulder + rise
    pieces = _maybe_square(u, [lathe("body", [(0.001, 0), *body])], 0.3)
    neck_profile = [(neck, y - rise - 0.01), (neck, y - 0.06), (neck * 1.2, y - 0.05), (neck * 1.2, y)]
    pieces.append(hollow("neck", neck_profile, 0.025, floor=False))
    top = u.pick("cap", "cap", "cork", "open", "pump")
    if top == "cap":
        c = neck * u(1.2, 1.8)
        pieces.append(lathe("cap", [(c, 0), (c, u(0.08, 0.2)), (0.001, 0.2)], (0, y - 0.06, 0)))
    elif top == "cork":
        pieces.append(cylinder("cork", (0, y - 0.05, 0), (0, y + u(0.05, 0.12), 0), [neck * 0.9, neck]))
    elif top == "pump":
        pieces += [lathe("cap", [(neck * 1.3, 0), (neck * 1.3, 0.1), (neck * 0.4, 0.12), (neck * 0.4, 0.25)], (0, y - 0.05, 0))]
        pieces += [box("nozzle", (0.1, y + 0.22, 0), (0.18, 0.03, 0.05))]
    if u.chance(0.2):
        pieces.append(hollow("label", [(w * waist + 0.02, h * 0.42), (w * waist + 0.02, h * 0.58)], 0.03, floor=False))
    return pieces


@kind("flask", family="bottle", names=("flask", "laboratory flask"), synonyms={
    "body": ("main body", "vessel", "container"), "neck": ("collar", "narrow top"), "cap": ("lid", "bottle cap", "screw cap"),
    "stopper": ("plug", "cork")})  # fmt: skip
def flask(u: Rng) -> list[Solid]:
    """Laboratory flask: cone, ball or flat-bottomed; and hip flask."""
    if u.chance(0.25):
        w, h = u(0.3, 0.45), u(0.5, 0.75)
        return [
            ellipsoid("body", (0, h * 0.5, 0), (w, h * 0.5, u(0.1, 0.18)), square=0.35, melt=False),
            cylinder("neck", (0, h * 0.95, 0), (0, h + 0.1, 0), 0.09),
            cylinder("cap", (0, h + 0.08, 0), (0, h + 0.22, 0), 0.11),
        ]
    w, h, neck, rise = u(0.35, 0.5), u(0.5, 0.8), u(0.09, 0.15), u(0.2, 0.6)
    body = (
        smooth_profile((w, 0), (w, 0.05), (neck, h), n=12)
        if u.chance()
        else smooth_profile((w * 0.3, 0), (w, h * 0.45), (neck, h))
    )
    lip = [(neck, h), (neck, h + rise * 0.9), (neck * 1.4, h + rise)]
    pieces = [hollow("body", body, 0.02), hollow("neck", lip, 0.02, floor=False)]
    return pieces + (
        [cylinder("stopper", (0, h + rise - 0.05, 0), (0, h + rise + 0.1, 0), [neck, neck * 1.3])] if u.chance(0.3) else []
    )


@kind("bowl", family="dish", names=("bowl", "salad bowl"), synonyms={
    "body": ("main body", "vessel", "container"), "rim": ("lip", "edge", "brim"), "base": ("foot", "bottom", "pedestal"),
    "handle": ("ear", "holder", "hand hold")})  # fmt: skip
def bowl(u: Rng) -> list[Solid]:
    """Salad, soup, rice and mixing bowl; foot and handles at times."""
    w, h, low = u(0.5, 0.75), u(0.25, 0.6), u(0.2, 0.4)
    foot = u(0.04, 0.15) if u.chance(0.6) else 0.0
    pieces = [hollow("body", smooth_profile((low, foot), (w * u(0.8, 0.97), foot + h * 0.5), (w, foot + h)), u(0.02, 0.05))]
    if foot:
        pieces.append(lathe("base", [(low * u(0.9, 1.3), 0), (low * 0.9, foot + 0.02)]))
    if u.chance(0.3):
        pieces.append(tube("rim", ellipse((0, foot + h, 0), w - 0.01, w - 0.01, "xz", 25), u(0.025, 0.045), melt=False))
    if u.chance(0.2):
        loop = arc((w - 0.02, foot + h * 0.85, 0), 0.15, 0.18, -np.pi / 2, np.pi / 2, "xz")
        pieces += [tube("handle", loop * [side, 1, 1], 0.03, melt=False) for side in SIDES]
    return pieces


@kind("plate", family="dish", names=("plate", "dinner plate", "dish"), synonyms={
    "rim": ("lip", "edge", "brim"), "center": ("middle", "flat center", "well")})  # fmt: skip
def dish(u: Rng) -> list[Solid]:
    """Dinner plate, deep plate, oval platter; with a raised edge."""
    w, rise, middle = u(0.6, 0.8), u(0.04, 0.16), u(0.5, 0.75)
    pieces = [lathe("center", [(w * middle * 0.8, 0), (w * middle, 0.03), (w * middle, 0.05), (0.001, 0.05)])]
    pieces.append(hollow("rim", [(w * middle, 0.0), (w, rise), (w, rise + 0.03), (w * middle, 0.05)], 0.02, floor=False))
    return _maybe_square(u, pieces, 0.25)


@kind("pot", family="pot", names=("pot", "cooking pot", "saucepan"), synonyms={
    "body": ("main body", "vessel", "container"), "handle": ("ear", "holder", "hand hold"), "lid": ("cover", "top", "cap"),
    "knob": ("lid knob", "lid handle", "button"), "leg": ("foot", "support")})  # fmt: skip
def pot(u: Rng) -> list[Solid]:
    """Stock pot, stew pot, saucepan and cauldron."""
    w, h, wall = u(0.4, 0.6), u(0.3, 0.8), u(0.02, 0.04)
    style = u.pick("two", "two", "long", "cauldron")
    if style == "cauldron":
        body = smooth_profile((0.15, 0.12), (w, 0.15 + h * 0.45), (w * 0.7, 0.15 + h))
        feet = ring_of(3, tube, "leg", [(0.2, 0.2, 0), (0.35, 0, 0)], [0.06, 0.04], melt=False)
        return [hollow("body", body), *feet, *_bail(u, w * 0.75, 0.1 + h, w * u(0.6, 1), 0.025)]
    body = smooth_profile((w * u(0.85, 1), 0), (w, h * 0.2), (w, h))
    pieces = [hollow("body", body, wall)]
    if u.chance(0.6):
        pieces += _lid(u, w * 1.01, h)
    y = h * u(0.7, 0.9)
    if style == "long":
        return [
            *pieces,
            tube("handle", [(w - 0.02, y, 0), (w + u(0.5, 0.9), y + u(0, 0.15), 0)], [0.04, 0.055], flat=u(0.5, 1), melt=False),
        ]
    ring = arc((0, 0, 0), 0.14, 0.17, -np.pi / 2, np.pi / 2, "xz")
    return pieces + [
        tube("handle", ring * [side, 1, 1] + [side * (w - 0.02), y, 0], u(0.025, 0.04), melt=False) for side in SIDES
    ]


@kind("pan", family="pot", names=("pan", "frying pan", "skillet"), synonyms={
    "body": ("main body", "vessel", "container"), "handle": ("ear", "holder", "hand hold"), "lid": ("cover", "top", "cap"),
    "knob": ("lid knob", "lid handle", "button")})  # fmt: skip
def pan(u: Rng) -> list[Solid]:
    """Frying pan, wok and sauté pan, with one long handle and perhaps a small one opposite."""
    w, h = u(0.4, 0.55), u(0.08, 0.25)
    body = smooth_profile((w * u(0.4, 0.95), 0), (w * 0.95, h * 0.6), (w, h))
    long, y = u(0.6, 1.0), h * 0.8
    path = bezier((w - 0.03, y, 0), (w + long * 0.3, y + u(0, 0.2), 0), (w + long, y + u(0, 0.15), 0))
    pieces = [
        hollow("body", body, 0.025),
        tube("handle", path, np.linspace(0.035, u(0.04, 0.06), len(path)), flat=u(0.4, 1), melt=False),
    ]
    if u.chance(0.2):
        pieces.append(tube("handle", arc((-w + 0.02, y, 0), -0.12, 0.15, -np.pi / 2, np.pi / 2, "xz"), 0.025))
    return pieces + (_lid(u, w, h) if u.chance(0.2) else [])


@kind("bucket", family="bucket", names=("bucket", "pail"), synonyms={
    "body": ("main body", "vessel", "container"), "rim": ("lip", "edge", "brim"), "handle": ("ear", "holder", "hand hold"),
    "hoop": ("ring", "metal band")})  # fmt: skip
def bucket(u: Rng) -> list[Solid]:
    """Pail with a wire handle up or down, smooth or with hoops."""
    low, w, h = u(0.3, 0.4), u(0.38, 0.55), u(0.5, 0.85)
    pieces = [hollow("body", [(low, 0), (w, h)], 0.02)]
    for y in [0.98] if u.chance() else [0.2, 0.7, 0.98]:
        r = low + (w - low) * y
        pieces.append(tube("rim" if y > 0.9 else "hoop", ellipse((0, h * y, 0), r, r, "xz", 25), 0.025, melt=False))
    return pieces + _bail(u, w, h * 0.92, w * u(0.8, 1.2), u(0.012, 0.025))


@kind("basket", family="bucket", names=("basket", "picnic basket"), synonyms={
    "body": ("main body", "vessel", "container"), "rim": ("lip", "edge", "brim"), "handle": ("ear", "holder", "hand hold"),
})  # fmt: skip
def basket(u: Rng) -> list[Solid]:
    """Picnic and laundry basket: smooth or woven rings, arched handle or two grab loops."""
    low, w, h, flat = u(0.35, 0.5), u(0.45, 0.65), u(0.3, 0.6), u(0.6, 1)
    pieces = [hollow("body", [(low, 0), (w, h)], 0.03)]
    if u.chance():
        pieces = [hollow("body", [(low, 0), (low * 1.02, 0.05)], 0.03)]
        for y in np.linspace(0.1, 0.95, u.count(4, 8)):
            r = low + (w - low) * y
            pieces.append(tube("body", ellipse((0, h * y, 0), r, r, "xz", 25), 0.025, melt=False))
        pieces += ring_of(12, tube, "body", [(low, 0, 0), (w, h, 0)], 0.02, melt=False)
    pieces.append(tube("rim", ellipse((0, h, 0), w - 0.01, w - 0.01, "xz", 25), 0.035, melt=False))
    if u.chance(0.7):
        handle = arc((0, h - 0.05, 0), w - 0.02, u(0.4, 0.8), 0, np.pi, "xy", 20)
        pieces.append(tube("handle", handle, u(0.025, 0.045), flat=0.6, melt=False))
    else:
        ring = arc((0, 0, 0), 0.12, 0.18, -np.pi / 2, np.pi / 2, "xy")
        pieces += [tube("handle", ring * [side, 1, 1] + [side * (w - 0.02), h, 0], 0.03, melt=False) for side in SIDES]
    return [Solid(p.part, p.vertices * [1, 1, flat], p.faces) for p in _maybe_square(u, pieces, 0.25)]


@kind("jar", family="jar", names=("jar", "canister"), synonyms={
    "body": ("main body", "vessel", "container"), "neck": ("collar", "narrow top"), "lid": ("cover", "top", "cap"),
    "knob": ("lid knob", "lid handle", "button")})  # fmt: skip
def jar(u: Rng) -> list[Solid]:
    """Jam jar, cookie jar, ginger jar and canister."""
    w, h = u(0.35, 0.5), u(0.5, 1.0)
    top = w * u(0.6, 1.0)
    body = smooth_profile((w * u(0.6, 1.0), 0), (w, h * 0.3), (w, h * 0.7), (top, h))
    pieces = [lathe("body", [(0.001, 0), *body])]
    if u.chance(0.4):
        pieces.append(lathe("neck", [(top * 0.9, h - 0.02), (top * 0.9, h + 0.12), (0.001, h + 0.12)]))
        pieces.append(lathe("lid", [(top, h + 0.06), (top, h + u(0.15, 0.25)), (0.001, h + 0.25)]))
    else:
        pieces += _lid(u, top * 1.05, h)
    return _maybe_square(u, pieces, 0.2)


@kind("watering can", family="kettle", names=("watering can",), synonyms={
    "body": ("main body", "vessel", "container"), "handle": ("ear", "holder", "hand hold"),
    "spout": ("pouring lip", "beak", "nozzle"), "sprinkler head": ("rose", "shower head")})  # fmt: skip
def watering_can(u: Rng) -> list[Solid]:
    """Garden and indoor watering can, with or without a sprinkler head."""
    w, h, far = u(0.35, 0.45), u(0.5, 0.8), u(0.9, 1.2)
    tip = h * u(0.9, 1.3)
    pieces = [hollow("body", smooth_profile((w, 0), (w * u(0.95, 1.1), h * 0.5), (w * u(0.6, 1), h)), 0.025)]
    pieces.append(
        tube(
            "spout",
            bezier((w - 0.08, 0.12, 0), (w + 0.25, 0.2, 0), (far, tip, 0))
            if u.chance()
            else [(w - 0.08, 0.15, 0), (far, tip, 0)],
            u(0.04, 0.06),
            melt=False,
        )
    )
    if u.chance(0.65):
        sprinkler_head = [(far - 0.02, tip - 0.02, 0), (far + 0.1, tip + 0.08, 0)]
        pieces.append(tube("spout/sprinkler head", sprinkler_head, [0.06, 0.16], round_ends=False))
    if u.chance(0.6):
        handle = arc((-w * 0.3, h * 0.75, 0), w * 0.85, h * u(0.45, 0.65), 0.1, np.pi + 0.9, "xy", 20)
        pieces.append(tube("handle", handle, 0.03, melt=False))
    else:
        pieces += curved_handle(u, (w * 0.7, h * 0.9), (w * 0.95, h * 0.3), u(0.15, 0.3), 0.03, -1)
    return pieces


@kind("keg", family="crate", names=("keg", "barrel", "cask"), synonyms={
    "body": ("main body", "vessel", "container"), "hoop": ("ring", "metal band"), "stand": ("support", "cradle"),
    "tap": ("faucet", "valve")})  # fmt: skip
def keg(u: Rng) -> list[Solid]:
    """Wooden barrel with hoops, upright or lying, and oil drum."""
    w, h, bulge = u(0.35, 0.45), u(0.9, 1.3), u(1.0, 1.3)
    body = smooth_profile((w, 0), (w * bulge, h / 2), (w, h))
    pieces = [lathe("body", [(0.001, 0.02), *body, (0.001, h - 0.02)])]
    for y in u.pick([0.03, 0.3, 0.7, 0.97], [0.1, 0.9], [0.33, 0.67]):
        r = _radius(body, y * h)
        pieces.append(hollow("hoop", [(r + 0.012, y * h - 0.03), (r + 0.012, y * h + 0.03)], 0.04, floor=False))
    if u.chance(0.5):
        return pieces
    pieces = move(pieces, (-h / 2, w * bulge + 0.1, 0), rotation=turn("z", -np.pi / 2))
    if u.chance(0.7):
        pieces += mirrored(box, "stand", (h * 0.3, 0.08, 0), (0.06, 0.1, w * 0.9))
        tap = [(h * 0.48, w * bulge * 0.7, 0), (h * 0.62, w * bulge * 0.7, 0), (h * 0.62, w * bulge * 0.5, 0)]
        pieces.append(tube("tap", tap, 0.03))
    return pieces


@kind("spray bottle", family="bottle", names=("spray bottle", "spray can"), synonyms={
    "body": ("main body", "vessel", "container"), "neck": ("collar", "narrow top"), "cap": ("lid", "bottle cap", "screw cap"),
    "nozzle": ("spray nozzle", "outlet", "tip"), "trigger": ("lever", "spray trigger"), "head": ("sprayer head", "spray head"),
})  # fmt: skip
def spray_bottle(u: Rng) -> list[Solid]:
    """Cleaning sprayer with trigger, and aerosol can."""
    w, h = u(0.22, 0.32), u(0.6, 0.9)
    if u.chance(0.25):
        return [
            lathe("body", [(0.001, 0), (w, 0), (w, h), (w * 0.6, h + 0.12), (0.001, h + 0.12)]),
            lathe("cap", [(w * 0.62, h + 0.08), (w * 0.62, h + 0.3), (0.001, h + 0.3)]),
        ]
    body = smooth_profile((w, 0), (w * 1.05, h * 0.3), (w * u(0.6, 1), h * 0.7), (0.09, h))
    y = h + 0.22
    pieces = _maybe_square(u, [lathe("body", [(0.001, 0), *body])], 0.6)
    pieces += [
        lathe("neck", [(0.09, h - 0.02), (0.12, h), (0.12, h + 0.1), (0.06, h + 0.16)]),
        box("head", (0.06, y, 0), (0.2, 0.07, 0.06)),
    ]
    pieces += [cylinder("nozzle", (0.25, y + 0.02, 0), (0.33, y + 0.02, 0), 0.04)]
    return [
        *pieces,
        tube("trigger", bezier((0.14, y - 0.04, 0), (0.2, y - 0.15, 0), (0.14, y - 0.3, 0)), 0.028, flat=1.5, melt=False),
    ]


@kind("flower pot", family="bucket", names=("flower pot", "planter"), synonyms={
    "body": ("main body", "vessel", "container"), "rim": ("lip", "edge", "brim"), "saucer": ("small plate", "coaster"),
    "soil": ("dirt", "earth"), "leaf": ("plant leaf", "foliage")})  # fmt: skip
def flower_pot(u: Rng) -> list[Solid]:
    """Terracotta pot, planter and trough, empty, with soil or with a plant."""
    low, w, h = u(0.25, 0.4), u(0.4, 0.55), u(0.5, 0.8)
    pieces = [hollow("body", smooth_profile((low, 0), ((low + w) / 2 * u(0.95, 1.1), h * 0.5), (w, h)), 0.04)]
    if u.chance(0.7):
        pieces.append(hollow("rim", [(w * 1.08, h * 0.8), (w * 1.1, h)], 0.07, floor=False))
    if u.chance(0.4):
        pieces.append(lathe("saucer", [(low * 1.2, -0.02), (low * 1.5, 0.05), (low * 1.45, 0.06), (0.001, 0.01)]))
    if u.chance(0.6):
        pieces.append(lathe("soil", [(w * 0.96, h * 0.85), (w * 0.9, h * 0.88), (0.001, h * 0.9)]))
    pieces = _maybe_square(u, pieces, 0.25)
    if u.chance(0.45):
        for c, s in around(u.count(4, 9), u(0, 6)):
            reach, tall = u(0.2, 0.5), u(0.3, 0.8)
            path = bezier(
                (0, h * 0.8, 0), (reach * 0.3 * c, h + tall, reach * 0.3 * s), (reach * c, h + tall * u(0.5, 1), reach * s)
            )
            pieces.append(tube("leaf", path, 0.06 * np.sin(np.linspace(0.3, 3.0, len(path))), flat=0.25, melt=False))
    return pieces


@kind("trash can", family="bucket", names=("trash can", "garbage bin", "dustbin"), synonyms={
    "body": ("main body", "vessel", "container"), "base": ("foot", "bottom", "pedestal"),
    "handle": ("ear", "holder", "hand hold"), "lid": ("cover", "top", "cap"), "knob": ("lid knob", "lid handle", "button"),
    "wheel": ("roller",), "pedal": ("foot pedal",)})  # fmt: skip
def trash_can(u: Rng) -> list[Solid]:
    """Round bin, pedal bin, dustbin with lid and wheeled bin."""
    w, h = u(0.32, 0.42), u(0.8, 1.1)
    style = u.pick("open", "dust", "pedal", "wheeled")
    if style == "wheeled":
        pieces = _square([hollow("body", [(w * 0.8, 0.08), (w, h)])], 9)
        pieces += [
            box("lid", (0, h + 0.04, 0), (w * 1.08, 0.05, w * 1.1), turn("x", u(-0.05, 0.1))),
            tube("handle", [(-w * 0.8, h, -w * 1.1), (w * 0.8, h, -w * 1.1)], 0.035),
        ]
        return pieces + mirrored(cylinder, "wheel", (w * 0.95, 0.12, -w * 0.8), (w * 0.95 + 0.1, 0.12, -w * 0.8), 0.14)
    pieces = [hollow("body", [(w * u(0.75, 1), 0), (w, h)], 0.02)]
    if style == "dust":
        pieces += _lid(u, w * 1.05, h)
        pieces += [
            tube("handle", arc((x * w * 0.93, h * 0.75, 0), x * 0.1, 0.12, -np.pi / 2, np.pi / 2, "xz"), 0.02, melt=False)
            for x in SIDES
        ]
    elif style == "pedal":
        pieces += [
            *_lid(u, w * 1.02, h, False),
            box("pedal", (0, 0.05, w * 0.95), (0.1, 0.015, 0.12)),
            lathe("base", [(w * 1.03, 0), (w * 1.03, 0.06)]),
        ]
    return _maybe_square(u, pieces, 0.25)


@kind("ashtray", family="dish", names=("ashtray",), synonyms={
    "body": ("main body", "vessel", "container"), "rest": ("cigarette rest", "notch"), "cigarette": ("smoke",)})  # fmt: skip
def ashtray(u: Rng) -> list[Solid]:
    """Round and square ashtrays with notches, perhaps with a cigarette."""
    w, h = u(0.5, 0.7), u(0.12, 0.3)
    pieces = [hollow("body", smooth_profile((w * u(0.7, 1), 0), (w, h * 0.6), (w * 0.95, h)), u(0.08, 0.14))]
    pieces += [
        cylinder("rest", (w * 0.8 * c, h, w * 0.8 * s), (w * 1.02 * c, h + 0.02, w * 1.02 * s), u(0.03, 0.05))
        for c, s in around(u.count(3, 4))
    ]
    pieces = _maybe_square(u, pieces, 0.4)
    if u.chance(0.5):
        pieces.append(cylinder("cigarette", (w * 0.3, h * 0.8, 0.1), (w * 1.15, h + 0.06, 0.0), 0.03))
    return pieces


@kind("trophy", family="goblet", names=("trophy", "cup trophy"), synonyms={
    "base": ("foot", "bottom", "pedestal"), "handle": ("ear", "holder", "hand hold"), "lid": ("cover", "top", "cap"),
    "knob": ("lid knob", "lid handle", "button"), "bowl": ("cup", "glass bowl", "basin"), "stem": ("shaft", "stalk", "post"),
})  # fmt: skip
def trophy(u: Rng) -> list[Solid]:
    """Cup with two handles on a plinth, with lid, star or plain."""
    w, h, stem, foot = u(0.28, 0.4), u(0.45, 0.75), u(0.15, 0.4), u(0.1, 0.25)
    y = foot + stem
    body = smooth_profile((0.05, y), (w * u(0.7, 0.95), y + h * 0.35), (w, y + h))
    pieces = [
        hollow("bowl", body),
        lathe("stem", smooth_profile((w * 0.6, foot), (0.04, foot + stem * 0.4), (0.07, foot + stem * 0.7), (0.05, y + 0.02))),
    ]
    wide = w * u(0.7, 1.0)
    pieces.append(
        box("base", (0, foot / 2, 0), (wide, foot / 2, wide))
        if u.chance()
        else lathe("base", [(wide, 0), (wide * 0.9, foot), (0.001, foot)])
    )
    seed, reach, r = u.count(0, 2**30), u(0.12, 0.25), u(0.02, 0.035)
    for side in SIDES if u.chance(0.85) else ():
        pieces += curved_handle(
            Rng(np.random.default_rng(seed)), (w * 0.93, y + h * 0.85), (w * 0.75, y + h * 0.3), reach, r, side
        )
    if u.chance(0.3):
        pieces += _lid(u, w, y + h)
    return pieces


@kind("thermos", family="bottle", names=("thermos", "vacuum bottle"), synonyms={
    "body": ("main body", "vessel", "container"), "handle": ("ear", "holder", "hand hold"), "lid": ("cover", "top", "cap"),
})  # fmt: skip
def thermos(u: Rng) -> list[Solid]:
    """Tall cylinder with cup lid and perhaps a handle."""
    w, h = u(0.2, 0.3), u(0.8, 1.1)
    pieces = [lathe("body", [(0.001, 0), (w, 0), (w, h), (w * 0.8, h + 0.08), (0.001, h + 0.08)])]
    pieces.append(lathe("lid", [(w * 0.85, h + 0.03), (w * 0.8, h + u(0.2, 0.35)), (0.001, h + 0.35)]))
    return pieces + (curved_handle(u, (w - 0.02, h * 0.9), (w - 0.02, h * 0.35), u(0.12, 0.2), 0.03) if u.chance(0.6) else [])
