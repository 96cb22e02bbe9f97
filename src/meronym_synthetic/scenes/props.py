"""What stands in scenes, and what it is painted with."""

from __future__ import annotations

import colorsys
from dataclasses import dataclass, field

import numpy as np
from jaxtyping import Float

from meronym.types import Mesh
from meronym_synthetic.build import build
from meronym_synthetic.kinds import KINDS


@dataclass(frozen=True)
class Stuff:
    """A material."""

    colours: tuple[int, ...]
    """One of them is taken; 0xRRGGBB, sRGB."""
    gloss: float
    """Strength of the highlight, 0..1."""
    blotch: float
    """Contrast of its spots, 0..1."""
    streak: float = 0.0
    """Contrast of its grain, 0..1."""


STUFF = {
    "paint": Stuff((0xC8312B, 0x2D5FA8, 0xE2A72E, 0x3C8D4F, 0xE0703A, 0x2F9AA3, 0x7A3B8F), 0.35, 0.04),
    "ceramic": Stuff((0xE9E4D8, 0x3F6FA0, 0xB5472F, 0x6C9A8B, 0xD9A441, 0x8B3A4A), 0.4, 0.05),
    "wood": Stuff((0x8A5A33, 0xA9713F, 0x6B4226, 0xBF9362), 0.06, 0.06, 0.32),
    "pale wood": Stuff((0xC9975B, 0xD3A870, 0xB9813F), 0.15, 0.05, 0.2),
    "fabric": Stuff((0x6F8298, 0xA34B3F, 0x4F6D53, 0xB89B6C, 0x34506E, 0x8A5F86), 0.0, 0.14),
    "leather": Stuff((0x7A4A2B, 0x4A2F22, 0x9A4B2E, 0x2F3A48), 0.15, 0.12),
    "linen": Stuff((0xE6E0D2, 0xD9DEE2), 0.0, 0.08),
    "metal": Stuff((0xA4A8AE, 0x8C9097, 0xBFC3C8), 0.6, 0.06),
    "iron": Stuff((0x4A4C50, 0x5B5450), 0.25, 0.12),
    "gold": Stuff((0xCFA23A, 0xB98A33), 0.6, 0.06),
    "black": Stuff((0x26272B, 0x303136), 0.15, 0.05),
    "glass": Stuff((0x35526A, 0x2A3F50), 0.7, 0.02),
    "white": Stuff((0xEDEAE4, 0xE4E8EA), 0.2, 0.04),
    "brown fur": Stuff((0x8B5E3C, 0xB98550, 0x6A4A33, 0xC9A878), 0.0, 0.16, 0.16),
    "grey hide": Stuff((0x85807C, 0x77757A), 0.03, 0.22),
    "tawny": Stuff((0xC99A4E, 0xBE8A45), 0.0, 0.4),
    "green skin": Stuff((0x5E8F3A, 0x4C7F46), 0.15, 0.25),
    "leaf": Stuff((0x3F7A35, 0x5C9440, 0x2F6339), 0.04, 0.3),
    "snow": Stuff((0xF1F3F6,), 0.05, 0.05),
    "orange": Stuff((0xE58A1F, 0xDB7A22), 0.1, 0.12),
    "red": Stuff((0xC42A26, 0xB3221F), 0.25, 0.12),
    "yellow": Stuff((0xE9C331, 0xF0CF45), 0.1, 0.1),
    "pink": Stuff((0xD98A94, 0xE0A0A0), 0.05, 0.08),
    "stone": Stuff((0x9A958A, 0xB3A78F, 0x8A8D90), 0.0, 0.3),
    "plaster": Stuff((0xE2D6BC, 0xD9C3A0, 0xCFD6D4), 0.0, 0.12),
    "roof tile": Stuff((0xA5452E, 0x8C3B2A, 0x5A4A48), 0.02, 0.2, 0.15),
    "earth": Stuff((0x54402F,), 0.0, 0.3),
    "terracotta": Stuff((0xB5623C, 0xC07A50), 0.03, 0.2),
}

USUAL: dict[str, tuple[str, ...]] = {
    "glass": ("window", "rear window", "windshield", "screen", "lens", "lamp room", "cockpit"),
    "black": ("tire", "eye", "nose", "axle", "grille", "pedal", "door handle", "button", "peg", "sound hole", "hour mark"),
    "metal": ("rim", "hub", "spoke", "bumper", "mirror", "exhaust pipe", "kickstand", "handlebar", "fork", "chain"),
    "white": ("headlight", "license plate", "mattress", "pillow", "tusk", "claw", "dial", "bulb", "spot", "lamp"),
    "red": ("taillight", "comb", "wattle", "flag", "scarf"),
    "leaf": ("leaf", "foliage"),
    "orange": ("beak",),
    "wood": ("trunk", "broom"),
    "earth": ("soil",),
}
"""Parts that look alike on whatever they are of."""


@dataclass(frozen=True)
class Role:
    """One kind of thing in scenes."""

    stuff: str
    """What it is mostly made of."""
    parts: dict[str, str] = field(default_factory=dict)
    """Parts of other stuff; goes before USUAL."""
    rolls: tuple[int, ...] = tuple(range(8))
    """Seeds of the generator with which it is easily recognised."""
    name: str = ""
    """Which of the kind's names it goes by, where the first says too little."""


CAST = {
    "chair": Role("wood", {"seat": "fabric", "wheel": "black"}, rolls=(0, 2, 4)),
    "rocking_chair": Role("wood", {"seat": "fabric"}),
    "armchair": Role("fabric", {"leg": "wood", "base": "black", "wheel": "black"}, rolls=(1, 4, 6)),
    "sofa": Role("fabric", {"leg": "wood", "pillow": "fabric"}),
    "bed": Role("wood", {"blanket": "fabric", "canopy": "linen"}, rolls=(1, 2, 4, 5, 7)),
    "table_lamp": Role("ceramic", {"lampshade": "linen", "pole": "metal"}, rolls=(4, 5, 6, 7)),
    "grandfather_clock": Role("wood", {"pendulum": "gold", "clock hand": "black"}),
    "teddy_bear": Role("brown fur"),
    "snowman": Role("snow", {"hat": "black", "nose": "orange", "arm": "wood"}),
    "robot": Role(
        "paint",
        {"eye": "yellow", "neck": "metal", "forearm": "metal", "thigh": "metal", "hand": "iron"},
        rolls=(0, 1, 2, 4, 5, 6),
    ),
    "dog": Role("brown fur", rolls=(2, 3, 5, 7)),
    "elephant": Role("grey hide", {"trunk": "grey hide"}, rolls=(0, 1, 2)),
    "giraffe": Role("tawny", {"mane": "brown fur", "horn": "brown fur"}, rolls=(0, 1, 2, 4, 7)),
    "rabbit": Role("white", {"nose": "pink"}, rolls=(0, 2, 3)),
    "turtle": Role("green skin", {"shell": "wood", "body": "wood"}, rolls=(0, 2, 4, 6)),
    "duck": Role("yellow", {"leg": "orange", "thigh": "orange", "foot": "orange"}, rolls=(0, 1, 2)),
    "penguin": Role("black", {"foot": "orange", "body": "white"}),
    "chicken": Role("white", {"leg": "orange", "thigh": "white", "foot": "orange"}, rolls=(1, 2, 3, 5)),
    "frog": Role("green skin"),
    "car": Role("paint", rolls=(1, 2, 3, 4, 5, 6)),
    "bus": Role("paint"),
    "truck": Role("paint", {"cargo box": "white", "trailer": "white", "frame": "black", "log": "wood"}),
    "fire engine": Role("red", {"ladder": "metal", "hose": "white"}),
    "tractor": Role("paint", {"seat": "black"}),
    "motorcycle": Role("paint", {"engine": "metal", "seat": "black", "frame": "iron", "footrest": "metal"}),
    "bicycle": Role("paint", {"seat": "black", "handle": "black"}),
    "airplane": Role(
        "white",
        {"wing": "paint", "tail fin": "paint", "blade": "iron", "wheel": "black", "engine": "metal"},
        rolls=(1, 2, 3, 4),
    ),
    "helicopter": Role(
        "paint", {"blade": "iron", "wheel": "black", "mast": "metal", "landing skid": "metal"}, rolls=(1, 3, 4, 5)
    ),
    "rocket": Role("white", {"fin": "red", "nose cone": "red", "engine": "iron"}),
    "sailing ship": Role("wood", {"sail": "linen", "hull": "paint"}, rolls=(0, 1, 2, 4, 7)),
    "guitar": Role(
        "pale wood",
        {"neck": "wood", "fretboard": "black", "head": "wood", "bridge": "black", "string": "metal"},
        rolls=(0, 1, 3, 6),
    ),
    "piano": Role("black", {"keyboard": "white", "key": "white", "pedal": "gold"}, rolls=(0, 2, 3, 5, 6)),
    "drum": Role(
        "red",
        {"drumhead": "linen", "rim": "metal", "lug": "metal", "drumstick": "pale wood", "rope": "linen"},
        rolls=(0, 1, 4, 5, 6),
    ),
    "laptop": Role("metal", {"keyboard": "black", "key": "black"}, rolls=(0, 1, 6)),
    "camera": Role("black", {"dial": "metal", "flash": "white"}, rolls=(1, 6)),
    "desk fan": Role("white", {"blade": "paint", "cage": "metal"}, rolls=(1, 3, 5, 6, 7)),
    "iron": Role(
        "paint", {"soleplate": "metal", "handle": "white", "cord": "black"}, rolls=(0, 2, 3, 4, 5, 7), name="clothes iron"
    ),
    "watering can": Role("paint"),
    "teapot": Role("ceramic", rolls=(0, 1, 2, 4, 7)),
    "cup": Role("ceramic", rolls=(0, 2, 3, 7)),
    "bucket": Role("paint", {"handle": "metal", "hoop": "metal", "rim": "metal"}, rolls=(0, 2, 3, 6, 7)),
    "basket": Role("pale wood", rolls=(1, 3, 5, 7)),
    "mushroom": Role("white", {"cap": "red"}, rolls=(0, 1, 6)),
    "potted plant": Role("terracotta", {"flower": "red", "stem": "leaf"}, rolls=(1, 3, 5, 7)),
    "cactus": Role("leaf", {"pot": "terracotta", "flower": "pink"}, rolls=(1, 3, 5, 6, 7)),
    "apple": Role("red", {"stem": "wood"}),
    "pear": Role("yellow", {"stem": "wood"}),
    "pineapple": Role("orange", rolls=(0, 2, 3, 4, 7)),
    "pumpkin": Role("orange", {"stem": "leaf"}),
    "umbrella": Role("paint", {"shaft": "metal", "tip": "metal", "handle": "wood"}, rolls=(0, 1, 6)),
    "house": Role("plaster", {"roof": "roof tile", "door": "wood", "garage door": "white", "chimney": "roof tile"}),
    "castle": Role("stone", {"roof": "roof tile", "gate": "wood", "drawbridge": "wood"}, rolls=(0, 2, 3, 5, 6, 7)),
    "windmill": Role("plaster", {"roof": "roof tile", "blade": "wood", "sail": "linen", "door": "wood"}, rolls=(1, 6)),
    "lighthouse": Role("white", {"roof": "red", "door": "red", "balcony": "iron", "railing": "iron"}),
    "barrel": Role("wood", {"hoop": "iron"}, rolls=(0, 1, 6)),
    "chest": Role("wood", {"band": "iron", "lock": "gold"}, rolls=(0, 3, 4, 5, 6, 7), name="treasure chest"),
    "tree": Role("leaf", {"branch": "wood"}, rolls=(1, 6)),
    "palm": Role("leaf", {"coconut": "earth"}),
    "boot": Role("leather", {"sole": "black", "heel": "black", "lace": "linen"}),
    "backpack": Role("fabric", {"strap": "black", "handle": "black"}, rolls=(1, 3, 4, 5, 7)),
    "hat": Role("fabric", {"band": "black", "feather": "white"}, rolls=(0, 1, 2, 7)),
    "anchor": Role("iron"),
    "wheelbarrow": Role("paint", {"frame": "metal", "leg": "metal", "handle": "wood"}),
    "toilet": Role("white", {"seat": "linen", "button": "metal"}, rolls=(1, 2, 3, 4)),
    "trophy": Role("gold", {"base": "black"}),
}
"""Kinds of the generator that a stranger names at once."""


@dataclass(frozen=True, eq=False)
class Painted:
    """A thing and what its surface is like; a few hundredths to a few units large, y up."""

    name: str
    family: str
    mesh: Mesh
    gloss: Float[np.ndarray, " f"]
    """Strength of the highlight, 0..1."""
    grain: Float[np.ndarray, "f 2"]
    """Contrast of spots and of streaks, 0..1."""


def title(kind: str) -> str:
    """What a kind in `CAST` is called in scenes."""
    return CAST[kind].name or KINDS[kind].names[0]


def perform(kind: str, rng: np.random.Generator) -> Painted:
    """Make and paint one thing of a kind in `CAST`."""
    role = CAST[kind]
    shape = build(KINDS[kind], np.random.default_rng(int(rng.choice(role.rolls))), melt=False)
    words = [name.split("/")[-1] for name in shape.names]
    stuff = [role.parts.get(word) or _USUAL.get(word) or role.stuff for word in words]
    main = {name: int(rng.choice(STUFF[name].colours)) for name in sorted(set(stuff))}
    vary = 0.01 if KINDS[kind].organic else 0.07
    colour = np.array([_shade_of(main[name], vary, rng) for name in stuff])[shape.part]
    gloss = np.array([STUFF[name].gloss for name in stuff])[shape.part]
    grain = np.array([(STUFF[name].blotch, STUFF[name].streak) for name in stuff])[shape.part]
    mesh = Mesh(shape.vertices, shape.faces, np.repeat(colour[:, None], 3, axis=1))
    return Painted(title(kind), KINDS[kind].family, mesh, gloss, grain)


_USUAL = {part: stuff for stuff, parts in USUAL.items() for part in parts}


def _shade_of(colour: int, vary: float, rng: np.random.Generator) -> tuple[float, float, float]:
    """A colour near the given one, so that neighbouring parts of one stuff can be told apart."""
    hue, light, saturation = colorsys.rgb_to_hls(*((colour >> shift & 255) / 255 for shift in (16, 8, 0)))
    hue, light = hue + vary * rng.uniform(-0.1, 0.1), light * (1 + vary * rng.uniform(-1.4, 1))
    return colorsys.hls_to_rgb(hue % 1, min(light, 0.96), saturation)
