"""What stands in scenes, and what it is painted with."""

from __future__ import annotations

import colorsys
from dataclasses import dataclass, field

import numpy as np
from jaxtyping import Float

from meronym.generator.build import build
from meronym.generator.kinds import KINDS
from meronym.types import Mesh


@dataclass(frozen=True)
class Stuff:
    """A material."""

    colours: tuple[int, ...]
    """One of them is taken; 0xRRGGBB, sRGB."""
    gloss: float
    """Strength of the highlight, 0..1."""
    grain: float
    """Contrast of its pattern, 0..1."""


STUFF = {
    "paint": Stuff((0xC8312B, 0x2D5FA8, 0xE2A72E, 0x3C8D4F, 0xE0703A, 0x2F9AA3, 0x7A3B8F), 0.35, 0.04),
    "ceramic": Stuff((0xE9E4D8, 0x3F6FA0, 0xB5472F, 0x6C9A8B, 0xD9A441, 0x8B3A4A), 0.4, 0.05),
    "wood": Stuff((0x8A5A33, 0xA9713F, 0x6B4226, 0xBF9362), 0.06, 0.3),
    "pale wood": Stuff((0xC9975B, 0xD3A870, 0xB9813F), 0.15, 0.25),
    "fabric": Stuff((0x6F8298, 0xA34B3F, 0x4F6D53, 0xB89B6C, 0x34506E, 0x8A5F86), 0.0, 0.14),
    "leather": Stuff((0x7A4A2B, 0x4A2F22, 0x9A4B2E, 0x2F3A48), 0.15, 0.12),
    "linen": Stuff((0xE6E0D2, 0xD9DEE2), 0.0, 0.08),
    "metal": Stuff((0xA4A8AE, 0x8C9097, 0xBFC3C8), 0.6, 0.06),
    "iron": Stuff((0x4A4C50, 0x5B5450), 0.25, 0.15),
    "gold": Stuff((0xCFA23A, 0xB98A33), 0.6, 0.06),
    "black": Stuff((0x26272B, 0x303136), 0.15, 0.05),
    "glass": Stuff((0x35526A, 0x2A3F50), 0.7, 0.02),
    "white": Stuff((0xEDEAE4, 0xE4E8EA), 0.2, 0.04),
    "brown fur": Stuff((0x8B5E3C, 0xB98550, 0x6A4A33, 0xC9A878), 0.0, 0.3),
    "grey hide": Stuff((0x85807C, 0x77757A), 0.03, 0.22),
    "tawny": Stuff((0xC99A4E, 0xBE8A45), 0.0, 0.35),
    "green skin": Stuff((0x5E8F3A, 0x4C7F46), 0.15, 0.25),
    "leaf": Stuff((0x3F7A35, 0x5C9440, 0x2F6339), 0.04, 0.3),
    "snow": Stuff((0xF1F3F6,), 0.05, 0.05),
    "orange": Stuff((0xE58A1F, 0xDB7A22), 0.1, 0.12),
    "red": Stuff((0xC42A26, 0xB3221F), 0.25, 0.12),
    "yellow": Stuff((0xE9C331, 0xF0CF45), 0.1, 0.1),
    "pink": Stuff((0xD98A94, 0xE0A0A0), 0.05, 0.08),
    "stone": Stuff((0x9A958A, 0xB3A78F, 0x8A8D90), 0.0, 0.35),
    "plaster": Stuff((0xE2D6BC, 0xD9C3A0, 0xCFD6D4), 0.0, 0.12),
    "roof tile": Stuff((0xA5452E, 0x8C3B2A, 0x5A4A48), 0.02, 0.3),
    "earth": Stuff((0x54402F,), 0.0, 0.3),
    "terracotta": Stuff((0xB5623C, 0xC07A50), 0.03, 0.2),
}

USUAL: dict[str, tuple[str, ...]] = {
    "glass": ("window", "rear window", "windshield", "screen", "lens", "lamp room", "cockpit"),
    "black": ("tire", "eye", "nose", "axle", "grille", "pedal", "door handle", "button", "peg", "sound hole", "hour mark"),
    "metal": (
        "rim",
        "hub",
        "spoke",
        "bumper",
        "mirror",
        "exhaust pipe",
        "kickstand",
        "handlebar",
        "fork",
        "headlight",
        "chain",
    ),
    "white": ("license plate", "mattress", "pillow", "tusk", "claw", "dial", "bulb", "sail", "spot", "lamp"),
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
    rolls: tuple[int, ...] = ()
    """Seeds of the generator with which it is easily recognised; () = any of the first 20."""
    size: float = 1.0
    """Beside the others."""


CAST = {
    "chair": Role("wood", {"seat": "fabric", "wheel": "black"}),
    "rocking_chair": Role("wood", {"seat": "fabric"}),
    "armchair": Role("fabric", {"leg": "wood", "base": "black", "wheel": "black"}, (1,)),
    "sofa": Role("fabric", {"leg": "wood", "pillow": "fabric"}),
    "bed": Role("wood", {"blanket": "fabric", "canopy": "linen"}),
    "table_lamp": Role("ceramic", {"lampshade": "linen", "pole": "metal"}),
    "grandfather_clock": Role("wood", {"pendulum": "gold", "clock hand": "black"}),
    "teddy_bear": Role("brown fur"),
    "snowman": Role("snow", {"hat": "black", "nose": "orange", "arm": "wood"}),
    "robot": Role("paint", {"eye": "yellow", "neck": "metal", "forearm": "metal", "thigh": "metal", "hand": "iron"}),
    "dog": Role("brown fur"),
    "elephant": Role("grey hide"),
    "giraffe": Role("tawny", {"mane": "brown fur", "horn": "brown fur"}),
    "rabbit": Role("white", {"nose": "pink"}),
    "turtle": Role("green skin", {"shell": "wood", "body": "wood"}),
    "duck": Role("yellow", {"leg": "orange", "thigh": "orange", "foot": "orange"}),
    "penguin": Role("black", {"foot": "orange", "body": "black"}),
    "chicken": Role("white", {"leg": "orange", "thigh": "white", "foot": "orange"}),
    "frog": Role("green skin"),
    "car": Role("paint"),
    "bus": Role("paint"),
    "truck": Role("paint", {"cargo box": "white", "trailer": "white", "frame": "black", "log": "wood"}),
    "fire engine": Role("red", {"ladder": "metal", "hose": "white"}),
    "tractor": Role("paint", {"seat": "black"}),
    "motorcycle": Role("paint", {"engine": "metal", "seat": "black", "frame": "iron", "footrest": "metal"}),
    "bicycle": Role("paint", {"seat": "black", "handle": "black"}),
    "airplane": Role("white", {"wing": "paint", "tail fin": "paint", "blade": "iron", "wheel": "black", "engine": "metal"}),
    "helicopter": Role("paint", {"blade": "iron", "wheel": "black", "mast": "metal", "landing skid": "metal"}),
    "rocket": Role("white", {"fin": "red", "nose cone": "red", "engine": "iron"}),
    "sailing ship": Role("wood", {"sail": "linen", "hull": "paint"}),
    "guitar": Role("pale wood", {"neck": "wood", "fretboard": "black", "head": "wood", "bridge": "black", "string": "metal"}),
    "piano": Role("black", {"keyboard": "white", "key": "white", "pedal": "gold"}),
    "drum": Role("red", {"drumhead": "linen", "rim": "metal", "lug": "metal", "drumstick": "pale wood", "rope": "linen"}),
    "laptop": Role("metal", {"keyboard": "black", "key": "black"}),
    "camera": Role("black", {"dial": "metal", "flash": "white"}),
    "desk fan": Role("white", {"blade": "paint", "cage": "metal"}),
    "iron": Role("paint", {"soleplate": "metal", "handle": "white", "cord": "black"}),
    "watering can": Role("paint"),
    "teapot": Role("ceramic"),
    "cup": Role("ceramic"),
    "bucket": Role("paint", {"handle": "metal", "hoop": "metal", "rim": "metal"}),
    "basket": Role("pale wood"),
    "mushroom": Role("white", {"cap": "red"}),
    "potted plant": Role("terracotta", {"flower": "red", "stem": "leaf"}),
    "cactus": Role("leaf", {"pot": "terracotta", "flower": "pink"}),
    "apple": Role("red", {"stem": "wood"}),
    "pear": Role("yellow", {"stem": "wood"}),
    "pineapple": Role("orange"),
    "pumpkin": Role("orange", {"stem": "leaf"}),
    "umbrella": Role("paint", {"shaft": "metal", "tip": "metal", "handle": "wood"}),
    "house": Role("plaster", {"roof": "roof tile", "door": "wood", "garage door": "white", "chimney": "roof tile"}),
    "castle": Role("stone", {"roof": "roof tile", "gate": "wood", "drawbridge": "wood"}),
    "windmill": Role("plaster", {"roof": "roof tile", "blade": "wood", "sail": "linen", "door": "wood"}),
    "lighthouse": Role("white", {"roof": "red", "door": "red", "balcony": "iron", "railing": "iron"}),
    "barrel": Role("wood", {"hoop": "iron"}),
    "chest": Role("wood", {"band": "iron", "lock": "gold"}),
    "tree": Role("leaf", {"branch": "wood"}),
    "palm": Role("leaf", {"coconut": "earth"}),
    "boot": Role("leather", {"sole": "black", "heel": "black", "lace": "linen"}),
    "backpack": Role("fabric", {"strap": "black", "handle": "black"}),
    "hat": Role("fabric", {"band": "black", "feather": "white"}),
    "anchor": Role("iron"),
    "wheelbarrow": Role("paint", {"frame": "metal", "leg": "metal", "handle": "wood"}),
    "toilet": Role("white", {"seat": "linen", "button": "metal"}),
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
    grain: Float[np.ndarray, " f"]
    """Contrast of the pattern, 0..1."""


def perform(kind: str, rng: np.random.Generator) -> Painted:
    """Make and paint one thing of a kind in `CAST`."""
    role = CAST[kind]
    roll = int(rng.choice(role.rolls)) if role.rolls else int(rng.integers(20))
    shape = build(KINDS[kind], np.random.default_rng(roll), melt=False)
    words = [name.split("/")[-1] for name in shape.names]
    stuff = [role.parts.get(word) or _USUAL.get(word) or role.stuff for word in words]
    main = {name: int(rng.choice(STUFF[name].colours)) for name in sorted(set(stuff))}
    colour = np.array([_shade_of(main[name], rng) for name in stuff])[shape.part]
    gloss, grain = (np.array([getattr(STUFF[name], trait) for name in stuff])[shape.part] for trait in ("gloss", "grain"))
    mesh = Mesh(shape.vertices, shape.faces, np.repeat(colour[:, None], 3, axis=1))
    return Painted(KINDS[kind].names[0], KINDS[kind].family, mesh, gloss, grain)


_USUAL = {part: stuff for stuff, parts in USUAL.items() for part in parts}


def _shade_of(colour: int, rng: np.random.Generator) -> tuple[float, float, float]:
    """A colour near the given one, so that neighbouring parts of one stuff can be told apart."""
    hue, light, saturation = colorsys.rgb_to_hls(*((colour >> shift & 255) / 255 for shift in (16, 8, 0)))
    hue, light = hue + rng.uniform(-0.008, 0.008), light * rng.uniform(0.84, 1.1)
    return colorsys.hls_to_rgb(hue % 1, min(light, 0.96), saturation)
