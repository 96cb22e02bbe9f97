"""What things stand on and before, for training: more grounds than measured scenes have, walls and sky, each with its name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np

from meronym_synthetic.scenes import grounds
from meronym_synthetic.scenes.grounds import Texture, blend, noise
from meronym_synthetic.scenes.layout import Scene


def _speckled(low: int, high: int, steep: float, contrast: float) -> Callable[[np.random.Generator], Texture]:
    def texture(rng: np.random.Generator) -> Texture:
        return blend(low, high, 0.5 + contrast * noise(rng, steep) + 0.1 * noise(rng, 1.6))

    return texture


def _veined(rng: np.random.Generator) -> Texture:
    vein = np.exp(-((noise(rng, 1.8) / 0.12) ** 2))
    return blend(0xECE9E2, 0x8F8B86, 0.75 * vein + 0.08 * noise(rng, 1.2))


def _rippled(rng: np.random.Generator) -> Texture:
    return blend(0x1F4E6B, 0x8FC0D4, 0.45 + 0.2 * noise(rng, 1.3, 3.0) + 0.12 * noise(rng, 0.9, 2.0))


def _woven(rng: np.random.Generator) -> Texture:
    base = int(rng.choice([0x7A3034, 0x3F4F6B, 0x6B5B49, 0x4F6048]))
    return blend(base, 0xCFC2AC, 0.25 + 0.12 * noise(rng, 0.3) + 0.25 * (noise(rng, 2.4) > 0.6))


GROUNDS: Mapping[str, Callable[[np.random.Generator], Texture]] = {
    **grounds.INDOORS,
    **grounds.OUTDOORS,
    "carpet": _woven,
    "marble floor": _veined,
    "concrete floor": _speckled(0x7F7F7C, 0xB4B3AE, 0.9, 0.12),
    "wooden table": grounds.planks,
    "asphalt road": _speckled(0x2C2D2F, 0x6A6B6D, 0.25, 0.2),
    "gravel": _speckled(0x5E5A54, 0xC9C4BA, 0.6, 0.3),
    "soil": _speckled(0x3A2A1E, 0x7A5B42, 0.7, 0.25),
    "snow": _speckled(0xDDE6EE, 0xFFFFFF, 0.8, 0.2),
    "water": _rippled,
}
"""Name -> texture."""

WORDS: Mapping[str, tuple[str, ...]] = {
    "wooden floor": ("floor", "parquet", "floorboards", "wood floor", "planks"),
    "tiled floor": ("floor", "tiles", "tile floor", "floor tiles"),
    "tablecloth": ("cloth", "table cover", "checked cloth"),
    "grass": ("lawn", "meadow", "turf", "grassland"),
    "sand": ("beach", "sandy ground", "desert"),
    "brick pavement": ("pavement", "paving", "brick path", "paving stones"),
    "carpet": ("rug", "floor covering", "carpeted floor"),
    "marble floor": ("marble", "stone floor", "floor"),
    "concrete floor": ("concrete", "floor", "cement floor", "bare floor"),
    "wooden table": ("table", "desk", "tabletop", "wooden desk", "table top"),
    "asphalt road": ("road", "street", "asphalt", "tarmac"),
    "gravel": ("pebbles", "stones", "gravel path"),
    "soil": ("earth", "dirt", "mud", "ground"),
    "snow": ("snowy ground", "snow field"),
    "water": ("pond", "lake", "sea", "water surface"),
    "wall": ("room wall", "wallpaper", "backdrop", "background wall"),
    "sky": ("clear sky", "blue sky", "heaven", "air"),
}
"""Surroundings, with other words for them."""


def furnished(scene: Scene, rng: np.random.Generator) -> tuple[Scene, str]:
    """The scene on any of GROUNDS, half of the time another one, and the name of what is behind it: wall or sky."""
    old = next(name for name in scene.names if name in grounds.INDOORS or name in grounds.OUTDOORS)
    new = str(rng.choice(sorted(GROUNDS.keys() - set(scene.names) | {old}))) if rng.random() < 0.6 else old
    names = tuple(new if name == old else name for name in scene.names)
    return replace(scene, names=names, ground=GROUNDS[new](rng)), "sky" if scene.outdoors else "wall"
