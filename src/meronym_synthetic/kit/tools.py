"""Grips and blades of hand tools."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from meronym_synthetic.kit.curves import Array
from meronym_synthetic.kit.rng import Rng
from meronym_synthetic.kit.solids import Solid, box, loft, tube


def flat_blade(part: str, edges: ArrayLike, thick: float, frame: Array | None = None) -> Solid:
    """Blade-like body along y: edges [m 3] of (y, left x, right x), half-thickness in z, lens-shaped cross-section."""
    y, left, right = np.asarray(edges, float).T
    zero = np.zeros_like(y)
    rotation = np.eye(3) if frame is None else frame
    centre = np.stack([(left + right) / 2, y, zero], 1) @ rotation.T
    half = np.stack([(right - left) / 2, zero, zero], 1) @ rotation.T
    return loft(part, centre, half, np.stack([zero, zero, zero + thick], 1) @ rotation.T)


def grip(u: Rng, part: str, low: float, high: float, r: float) -> Solid:
    """Handle along y: plain, swelling, waisted, flattened or square."""
    style, y = u.pick("plain", "swell", "waist", "flat", "square"), np.linspace(low, high, 9)
    if style == "square":
        return box(part, (0, (low + high) / 2, 0), (r, (high - low) / 2, r * u(0.5, 0.9)))
    swell = {"swell": 1 + 0.35 * np.sin(np.linspace(0, np.pi, 9)), "waist": 1 - 0.3 * np.sin(np.linspace(0, np.pi, 9))}
    path = np.stack([0 * y, y, 0 * y], 1)
    return tube(
        part,
        path,
        r * swell.get(style, np.ones(9)),
        flat=u(0.4, 0.7) if style == "flat" else 1,
        round_ends=u.chance(),
        melt=False,
    )


def cutting_blade(u: Rng, base: float, long: float, w: float, part: str = "blade") -> Solid:
    """Knife or sword blade from y = base up: straight, leaf-shaped, curved or one-edged."""
    style, t = u.pick("one-edged", "double", "leaf", "curved", "clip"), np.linspace(0, 1, 14)
    left, right = np.full(14, -w), np.full(14, w)
    if style in ("double", "leaf"):
        shape = np.minimum(1, (1.0 - t) * u(3, 8) + 0.02) * (1 + (0.4 * np.sin(t * 2 * np.pi - 1.5) if style == "leaf" else 0))
        left, right = -w * shape, w * shape
    elif style == "curved":
        bend = u(0.15, 0.45) * long * t**2
        left, right = -w + bend, w * (1 - 1.8 * np.maximum(t - 0.7, 0) / 0.3) + bend
    elif style == "clip":
        left, right = -w + np.maximum(t - 0.65, 0) * 3 * w, w - np.maximum(t - 0.85, 0) * 5 * w
    else:
        right = w - 1.9 * w * np.maximum(t - 0.55, 0) ** 2 / 0.2
    return flat_blade(part, np.stack([base + long * t, left, np.maximum(right, left + 0.004)], 1), u(0.012, 0.025))


def cutlery_handle(u: Rng, long: float) -> Solid:
    w = u(0.03, 0.06)
    return flat_blade(
        "handle",
        [(-long, -w * 0.6, w * 0.6), (-long * 0.85, -w, w), (-long * 0.3, -w * 0.4, w * 0.4), (0.02, -0.022, 0.022)],
        u(0.015, 0.03),
    )
