"""Cabinets, wardrobes and kitchens of few plain boxes, as games have them."""

from __future__ import annotations

import numpy as np

from meronym_synthetic.kinds.blocky_furniture import feet
from meronym_synthetic.kinds.low_poly import stack, stick
from meronym_synthetic.kit.curves import CORNERS, SIDES
from meronym_synthetic.kit.registry import kind
from meronym_synthetic.kit.rng import Rng
from meronym_synthetic.kit.solids import Solid, box, mirrored


def _grips(u: Rng, style: str, x: float, y: float, z: float, upright: bool) -> list[Solid]:
    """Knob, bar, cup or no handle on a front that looks to +z."""
    if style == "knob":
        return [stick("handle", (x, y, z), (x, y, z + 0.035), 0.02, 0.026, 6)]
    if style == "bar":
        return [box("handle", (x, y, z + 0.02), (0.012, 0.07, 0.015) if upright else (0.07, 0.012, 0.015), n=1)]
    return [box("handle", (x, y, z + 0.01), (0.025, 0.025, 0.012), n=1)] if style == "plate" else []


def _fronts(
    u: Rng, part: str, left: float, right: float, low: float, high: float, z: float, rows: int, columns: int, style: str
) -> list[Solid]:
    """Grid of raised doors or drawers with handles."""
    w, h, gap, pieces, panel = (right - left) / columns / 2, (high - low) / rows / 2, u(0.008, 0.02), [], u.chance(0.25)
    for i in range(rows):
        for j in range(columns):
            x, y = left + (2 * j + 1) * w, low + (2 * i + 1) * h
            out = u(0.05, 0.2) if part == "drawer" and u.chance(0.08) else 0.0
            pieces.append(box(part, (x, y, z + out), (w - gap, h - gap, 0.025 + out), n=5))
            if panel:
                pieces.append(box(part, (x, y, z + 2 * out + 0.02), (w * 0.7, h * 0.75, 0.018), n=4))
            inward = (1 if j % 2 == 0 else -1) * (w - gap - 0.04) if part == "door" else 0.0
            level = y + h * u(-0.1, 0.1) if part == "door" else y
            pieces += _grips(u, style, x + inward, level, z + 2 * out + 0.028, part == "door")
    return pieces


@kind("box cabinet", family="storage", names=("cabinet", "sideboard", "low-poly cabinet", "commode", "tv stand"), synonyms={
    "body": ("carcass", "cabinet body"), "top": ("top board", "table top"), "door": ("cabinet door",),
    "drawer": ("drawer front",), "handle": ("knob", "pull"), "leg": ("foot",), "base": ("plinth",),
    "shelf": ("open compartment", "board"),
    "side panel": ("side wall", "side"), "back panel": ("back wall", "rear board"), "books": ("book",), "vase": ("pot",),
})  # fmt: skip
def box_cabinet(u: Rng) -> list[Solid]:
    """Blocky sideboards, drawer chests, TV stands and cabinets with doors, drawers and open compartments."""
    w, h, d, style = u(0.35, 0.85), u(0.2, 0.42), u(0.17, 0.26), u.pick("knob", "bar", "plate", "none")
    foot, pieces = u(0.05, 0.2) * u.chance(0.75), []
    pieces = feet(u, w, d, foot) if foot else [box("base", (0, 0.03, -0.01), (w * 0.95, 0.03, d * 0.92))]
    low = foot or 0.06
    y, layout = low + h, u.pick("doors", "drawers", "mixed", "mixed", "open")
    if layout == "open":
        pieces += mirrored(box, "side panel", (w - 0.015, y, 0), (0.015, h, d), n=2)
        pieces += [
            box("back panel", (0, y, -d + 0.01), (w, h, 0.01)),
            box("body", (0, low + 0.015, 0), (w, 0.015, d)),
        ]
        pieces += [
            box("shelf", (0, low + 2 * h * k, 0), (w - 0.03, 0.013, d * 0.95)) for k in np.linspace(0, 1, u.count(3, 4))[1:-1]
        ]
        split = u(-0.2, 0.2) * w
        pieces.append(box("side panel", (split, y, 0), (0.013, h, d * 0.95)))
        pieces += _fronts(
            u,
            "door",
            split if split < 0 else -w + 0.02,
            w - 0.02 if split < 0 else split,
            low + 0.03,
            low + 2 * h - 0.01,
            d,
            1,
            u.count(1, 2),
            style,
        )
    else:
        pieces.append(box("body", (0, y, 0), (w, h, d)))
        if layout != "mixed":
            rows, columns = (1, max(2, round(w / 0.25))) if layout == "doors" else (u.count(2, 4), u.count(1, 2))
            pieces += _fronts(u, layout[:-1], -w + 0.02, w - 0.02, low + 0.02, low + 2 * h - 0.02, d, rows, columns, style)
        elif u.chance():
            cut = low + 2 * h * u(0.6, 0.75)
            pieces += _fronts(u, "door", -w + 0.02, w - 0.02, low + 0.02, cut, d, 1, max(2, round(w / 0.25)), style)
            pieces += _fronts(u, "drawer", -w + 0.02, w - 0.02, cut, low + 2 * h - 0.02, d, 1, u.count(2, 3), style)
        else:
            cut = u.pick(-0.35, 0.35) * w
            left, right = ("drawer", "door") if cut < 0 else ("door", "drawer")
            for part, a, b in ((left, -w + 0.02, cut), (right, cut, w - 0.02)):
                rows, columns = (u.count(2, 4), 1) if part == "drawer" else (1, 2)
                pieces += _fronts(u, part, a, b, low + 0.02, low + 2 * h - 0.02, d, rows, columns, style)
    over = u(0, 0.03)
    pieces.append(box("top", (0, low + 2 * h + 0.015, 0), (w + over, u(0.012, 0.025), d + over)))
    if u.chance(0.2):
        pieces.append(
            stack(
                "vase",
                [(0, 0.04, 0.04), (0.08, 0.07, 0.07), (0.16, 0.03, 0.03), (0.19, 0.045, 0.045)],
                7,
                (w * u(-0.7, 0.7), low + 2 * h + 0.03, 0),
            )
        )
    if u.chance(0.15):
        x = w * u(-0.6, 0.3)
        pieces += [
            box("books", (x + 0.045 * k, low + 2 * h + 0.11, 0), (0.018, u(0.07, 0.09), 0.07), n=1)
            for k in range(u.count(2, 5))
        ]
    return pieces


@kind("box wardrobe", family="storage", names=("wardrobe", "low-poly wardrobe", "closet", "tall cabinet", "locker"), synonyms={
    "body": ("carcass", "wardrobe body"), "top": ("cornice", "top board"), "door": ("wardrobe door",),
    "drawer": ("drawer front",), "handle": ("knob", "pull"), "leg": ("foot",), "base": ("plinth",),
    "mirror": ("mirror glass",)})  # fmt: skip
def box_wardrobe(u: Rng) -> list[Solid]:
    """Blocky wardrobes and tall cabinets with doors above and drawers below."""
    w, h, d, style = u(0.25, 0.55), u(0.65, 0.85), u(0.17, 0.26), u.pick("knob", "bar", "plate")
    foot = u(0.05, 0.12) * u.chance(0.5)
    pieces = feet(u, w, d, foot) if foot else [box("base", (0, 0.04, 0), (w * u(0.94, 1.04), 0.04, d * 1.02))]
    low = foot or 0.08
    pieces.append(box("body", (0, low + h, 0), (w, h, d)))
    cut, n = low + 2 * h * u(0.15, 0.35) * u.chance(0.6), 1 if w < 0.3 else 2 if w < 0.45 else 3
    if cut > low:
        pieces += _fronts(u, "drawer", -w + 0.02, w - 0.02, low + 0.02, cut, d, u.count(1, 2), u.count(1, 2), style)
    pieces += _fronts(u, "door", -w + 0.02, w - 0.02, max(cut, low) + 0.02, low + 2 * h - 0.03, d, 1, n, style)
    if u.chance(0.2):
        pieces.append(box("mirror", (0, (max(cut, low) + low + 2 * h) / 2, d + 0.025), (w / n * 0.55, h * 0.45, 0.01), n=1))
    top = low + 2 * h
    if u.chance(0.7):
        pieces.append(stack("top", [(0, w * 1.02, d * 1.02), (0.05, w * u(1, 1.1), d * 1.1)], 4, (0, top, 0)))
    return pieces


@kind("kitchen unit", family="storage", names=("kitchen unit", "kitchen counter", "kitchen cabinet", "kitchenette"), synonyms={
    "body": ("carcass", "base cabinet"), "worktop": ("counter", "kitchen top"), "door": ("cabinet door",),
    "drawer": ("drawer front",), "handle": ("knob", "pull"), "base": ("plinth", "kickboard"), "sink": ("basin",),
    "faucet": ("tap",), "stove": ("cooktop", "hob"), "burner": ("hot plate",), "oven door": ("oven front",),
    "knob": ("dial",), "upper cabinet": ("wall cabinet", "overhead cupboard"), "hood": ("range hood", "extractor"),
    "backsplash": ("wall tiles", "back wall"),})  # fmt: skip
def kitchen_unit(u: Rng) -> list[Solid]:
    """Kitchen blocks of one to four modules with sink, stove, drawers and wall cabinets."""
    n, m, h, d, style = u.count(1, 4), u(0.25, 0.32), u(0.36, 0.42), u(0.25, 0.3), u.pick("knob", "bar", "plate")
    w, base = n * m, u(0.05, 0.08)
    top = base + 2 * h + 0.02
    pieces = [
        box("base", (0, base / 2, -0.03), (w * 0.98, base / 2, d - 0.04)),
        box("body", (0, base + h, 0), (w, h, d)),
    ]
    pieces.append(box("worktop", (0, top, 0.01), (w + 0.015, u(0.015, 0.03), d + 0.025)))
    jobs = [u.pick("door", "drawer", "sink", "stove", "both") for _ in range(n)]
    for k, job in enumerate(jobs):
        x = (2 * k + 1 - n) * m
        a, b = x - m + 0.01, x + m - 0.01
        if job == "stove":
            pieces += [box("oven door", (x, base + h * 0.85, d), (m * 0.85, h * 0.6, 0.02), n=2)]
            pieces.append(box("handle", (x, base + h * 1.55, d + 0.035), (m * 0.6, 0.012, 0.015), n=1))
            pieces += [
                stick("knob", (x + q * m, base + h * 1.8, d), (x + q * m, base + h * 1.8, d + 0.03), 0.025, None, 8)
                for q in (-0.6, -0.2, 0.2, 0.6)
            ]
            pieces.append(box("stove", (x, top + 0.03, 0), (m * 0.85, 0.012, d * 0.85), n=2))
            pieces += [
                stick(
                    "stove/burner",
                    (x + i * m * 0.4, top + 0.03, j * d * 0.4),
                    (x + i * m * 0.4, top + 0.055, j * d * 0.4),
                    0.07,
                    None,
                    10,
                )
                for i, j in CORNERS
            ]
            if u.chance(0.5):
                pieces.append(
                    stack(
                        "hood",
                        [(0, m * 0.8, d * 0.7), (0.1, m * 0.75, d * 0.65), (0.25, 0.09, 0.09), (0.5, 0.09, 0.09)],
                        4,
                        (x, top + 0.55, -d * 0.3),
                    )
                )
        elif job == "drawer":
            pieces += _fronts(u, "drawer", a, b, base + 0.02, base + 2 * h - 0.02, d, u.count(2, 4), 1, style)
        else:
            cut = base + 2 * h * (0.72 if job == "both" else 1) - 0.02
            pieces += _fronts(u, "door", a, b, base + 0.02, cut, d, 1, 1 if m < 0.28 else 2, style)
            if job == "both":
                pieces += _fronts(u, "drawer", a, b, cut, base + 2 * h - 0.02, d, 1, 1, style)
        if job == "sink":
            half, lip = (m * 0.65, d * 0.6), 0.02
            pieces += [box("sink", (x + i * half[0], top + 0.02, 0), (lip, 0.025, half[1]), n=1) for i in SIDES]
            pieces += [box("sink", (x, top + 0.02, j * half[1]), (half[0], 0.025, lip), n=1) for j in SIDES]
            pieces.append(box("sink", (x, top + 0.012, 0), (half[0], 0.012, half[1]), n=1))
            high, z = u(0.16, 0.26), -d * 0.75
            pieces += [
                stick("faucet", (x, top, z), (x, top + high, z), 0.02),
                stick("faucet", (x, top + high, z - 0.015), (x, top + high - 0.01, z + 0.17), 0.016),
            ]
            pieces.append(stick("faucet", (x, top + high, z + 0.16), (x, top + high - 0.05, z + 0.16), 0.016))
    if u.chance(0.3):
        pieces.append(box("backsplash", (0, top + 0.3, -d + 0.01), (w, 0.3, 0.012)))
    if u.chance(0.4):
        y, tall = top + 0.62, u(0.2, 0.28)
        for k, job in enumerate(jobs):
            if job != "stove":
                x = (2 * k + 1 - n) * m
                pieces.append(box("upper cabinet", (x, y + tall, -d * 0.4), (m * 0.995, tall, d * 0.6)))
                pieces += _fronts(u, "door", x - m + 0.01, x + m - 0.01, y + 0.01, y + 2 * tall - 0.01, d * 0.2, 1, 1, style)
    return pieces
