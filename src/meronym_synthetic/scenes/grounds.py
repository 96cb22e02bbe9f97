"""Random textures of the ground that repeat without a seam."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from jaxtyping import Float

SIZE = 1024
"""Pixels a side."""
TILE = 1.6
"""Units after which a texture repeats."""

Texture = Float[np.ndarray, "n n 3"]


def noise(rng: np.random.Generator, steep: float, along: float = 1.0) -> Float[np.ndarray, "n n"]:
    """Smooth noise, mean 0 and deviation 1, that repeats; steeper = coarser; `along` > 1 stretches it along the rows."""
    frequency = np.fft.fftfreq(SIZE, 1 / SIZE)
    radius = np.hypot(frequency[:, None], frequency[None, : SIZE // 2 + 1] * along)
    radius[0, 0] = np.inf
    field = np.fft.irfft2(np.fft.rfft2(rng.normal(size=(SIZE, SIZE))) * np.maximum(radius, 2.0) ** -steep)
    result: np.ndarray = field / field.std()
    return result


def blend(low: int, high: int, share: Float[np.ndarray, "n n"]) -> Texture:
    """Mix two colours (0xRRGGBB) by a share that is clipped to 0..1."""
    a, b = (np.array([colour >> 16 & 255, colour >> 8 & 255, colour & 255]) / 255 for colour in (low, high))
    colour: np.ndarray = np.clip(a + (b - a) * share[..., None], 0, 1)
    return colour


def _cells(rows: int, columns: int, shift: float, gap: float) -> tuple[np.ndarray, Float[np.ndarray, "n n"]]:
    """Grid of rectangles: index of the rectangle at each pixel, and 1 inside of it, 0 in the gaps (share of a row)."""
    y, x = np.meshgrid(np.arange(SIZE) / SIZE * rows, np.arange(SIZE) / SIZE * columns, indexing="ij")
    row = y.astype(int)
    x = (x + shift * (row % round(1 / shift) if shift else 0)) % columns
    edge = np.minimum(np.minimum(y % 1, 1 - y % 1) / rows, np.minimum(x % 1, 1 - x % 1) / columns) * rows
    return row * columns + x.astype(int), np.clip(edge / gap - 0.5, 0, 1)


def _jointed(stones: Texture, joint: int, inside: Float[np.ndarray, "n n"]) -> Texture:
    """Stones with joints of a colour (0xRRGGBB) between them."""
    stones += (blend(joint, joint, inside) - stones) * (1 - inside[..., None])
    return stones


def planks(rng: np.random.Generator) -> Texture:
    """Floorboards."""
    cell, inside = _cells(10, 2, 0.5, 0.02)
    each = rng.normal(size=cell.max() + 1)[cell]
    grain = noise(np.random.default_rng(rng.integers(1 << 30)), 1.1, 14)
    low, high = [(0x6E4526, 0xB07B48), (0x8A6238, 0xC79C66), (0x5A3A28, 0x8F6242)][rng.integers(3)]
    floor: np.ndarray = blend(low, high, 0.5 + 0.22 * each + 0.2 * grain) * (0.45 + 0.55 * inside[..., None])
    return floor


def tiles(rng: np.random.Generator) -> Texture:
    """Square tiles in two tones."""
    cell, inside = _cells(8, 8, 0.0, 0.035)
    odd = (cell // 8 + cell % 8) % 2
    low, high = [(0x5E7480, 0xD8D6CC), (0x9C5A44, 0xD9C9B0), (0x4E5256, 0xC9CBC8)][rng.integers(3)]
    tone = 0.85 * odd + 0.05 * rng.normal(size=64)[cell] + 0.07 * noise(rng, 1.6)
    return _jointed(blend(low, high, tone), 0x8F8B84, inside)


def grass(rng: np.random.Generator) -> Texture:
    """A lawn."""
    blades = 0.5 + 0.26 * noise(rng, 0.5) + 0.08 * noise(rng, 1.5) + 0.14 * noise(rng, 0.6, 0.3)
    return blend(0x2B4A1C, 0x7F9F45, blades)


def cloth(rng: np.random.Generator) -> Texture:
    """A checked tablecloth."""
    y, x = np.meshgrid(np.arange(SIZE), np.arange(SIZE), indexing="ij")
    stripes = ((y * 16 // SIZE) % 2 + (x * 16 // SIZE) % 2) / 2
    thread = 0.06 * np.sin(y * (2 * np.pi / 8)) * np.sin(x * (2 * np.pi / 8))
    colour = [0xB23A3A, 0x3A5FA0, 0x3F7F5A][rng.integers(3)]
    return blend(0xF0EBE0, colour, 0.85 * stripes + thread + 0.03 * noise(rng, 1.2))


def sand(rng: np.random.Generator) -> Texture:
    """A beach."""
    return blend(0xA98F63, 0xE0CC9E, 0.5 + 0.16 * noise(rng, 0.5) + 0.2 * noise(rng, 1.7, 0.4))


def bricks(rng: np.random.Generator) -> Texture:
    """A pavement."""
    cell, inside = _cells(16, 8, 0.5, 0.1)
    low, high = [(0x7A4032, 0xB5715A), (0x6F6A66, 0xA8A39A)][rng.integers(2)]
    tone = 0.5 + 0.22 * rng.normal(size=cell.max() + 1)[cell] + 0.15 * noise(rng, 0.8)
    return _jointed(blend(low, high, tone), 0x777065, inside)


INDOORS: dict[str, Callable[[np.random.Generator], Texture]] = {
    "wooden floor": planks,
    "tiled floor": tiles,
    "tablecloth": cloth,
}
OUTDOORS: dict[str, Callable[[np.random.Generator], Texture]] = {
    "grass": grass,
    "sand": sand,
    "brick pavement": bricks,
}
