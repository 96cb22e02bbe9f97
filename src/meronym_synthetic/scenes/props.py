"""Objects that stand in scenes, and their materials."""

from __future__ import annotations

import colorsys
from dataclasses import dataclass, field

import numpy as np
from jaxtyping import Float

from meronym.types import Mesh
from meronym_synthetic.build import build
from meronym_synthetic.kinds import KINDS


@dataclass(frozen=True)
class PropMaterial:
    """Colours and surface of a material."""

    colours: tuple[int, ...]
    """One of them is drawn; 0xRRGGBB, sRGB."""
    gloss: float
    """Strength of the highlight, 0..1."""
    blotch: float
    """Contrast of its spots, 0..1."""
    streak: float = 0.0
    """Contrast of its grain, 0..1."""


MATERIALS = {
    "paint": PropMaterial((0xC8312B, 0x2D5FA8, 0xE2A72E, 0x3C8D4F, 0xE0703A, 0x2F9AA3, 0x7A3B8F), 0.35, 0.04),
    "ceramic": PropMaterial((0xE9E4D8, 0x3F6FA0, 0xB5472F, 0x6C9A8B, 0xD9A441, 0x8B3A4A), 0.4, 0.05),
    "wood": PropMaterial((0x8A5A33, 0xA9713F, 0x6B4226, 0xBF9362), 0.06, 0.06, 0.32),
    "pale wood": PropMaterial((0xC9975B, 0xD3A870, 0xB9813F), 0.15, 0.05, 0.2),
    "fabric": PropMaterial((0x6F8298, 0xA34B3F, 0x4F6D53, 0xB89B6C, 0x34506E, 0x8A5F86), 0.0, 0.14),
    "leather": PropMaterial((0x7A4A2B, 0x4A2F22, 0x9A4B2E, 0x2F3A48), 0.15, 0.12),
    "linen": PropMaterial((0xE6E0D2, 0xD9DEE2), 0.0, 0.08),
    "metal": PropMaterial((0xA4A8AE, 0x8C9097, 0xBFC3C8), 0.6, 0.06),
    "iron": PropMaterial((0x4A4C50, 0x5B5450), 0.25, 0.12),
    "gold": PropMaterial((0xCFA23A, 0xB98A33), 0.6, 0.06),
    "black": PropMaterial((0x26272B, 0x303136), 0.15, 0.05),
    "glass": PropMaterial((0x35526A, 0x2A3F50), 0.7, 0.02),
    "white": PropMaterial((0xEDEAE4, 0xE4E8EA), 0.2, 0.04),
    "brown fur": PropMaterial((0x8B5E3C, 0xB98550, 0x6A4A33, 0xC9A878), 0.0, 0.16, 0.16),
    "grey hide": PropMaterial((0x85807C, 0x77757A), 0.03, 0.22),
    "tawny": PropMaterial((0xC99A4E, 0xBE8A45), 0.0, 0.4),
    "green skin": PropMaterial((0x5E8F3A, 0x4C7F46), 0.15, 0.25),
    "leaf": PropMaterial((0x3F7A35, 0x5C9440, 0x2F6339), 0.04, 0.3),
    "snow": PropMaterial((0xF1F3F6,), 0.05, 0.05),
    "orange": PropMaterial((0xE58A1F, 0xDB7A22), 0.1, 0.12),
    "red": PropMaterial((0xC42A26, 0xB3221F), 0.25, 0.12),
    "yellow": PropMaterial((0xE9C331, 0xF0CF45), 0.1, 0.1),
    "pink": PropMaterial((0xD98A94, 0xE0A0A0), 0.05, 0.08),
    "stone": PropMaterial((0x9A958A, 0xB3A78F, 0x8A8D90), 0.0, 0.3),
    "plaster": PropMaterial((0xE2D6BC, 0xD9C3A0, 0xCFD6D4), 0.0, 0.12),
    "roof tile": PropMaterial((0xA5452E, 0x8C3B2A, 0x5A4A48), 0.02, 0.2, 0.15),
    "earth": PropMaterial((0x54402F,), 0.0, 0.3),
    "terracotta": PropMaterial((0xB5623C, 0xC07A50), 0.03, 0.2),
}

PART_MATERIALS: dict[str, tuple[str, ...]] = {
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
"""Material -> parts that are made of it on any object."""


@dataclass(frozen=True)
class PropKind:
    """How objects of a kind are made and painted for scenes."""

    material: str
    """Of most parts."""
    parts: dict[str, str] = field(default_factory=dict)
    """Part -> its material; goes before `PART_MATERIALS`."""
    seeds: tuple[int, ...] = tuple(range(8))
    """Seeds whose shapes are easily recognised."""
    name: str = ""
    """Class name in scenes; empty = the first of the kind's names."""


PROPS = {
    "chair": PropKind("wood", {"seat": "fabric", "wheel": "black"}, seeds=(0, 2, 4)),
    "rocking chair": PropKind("wood", {"seat": "fabric"}),
    "armchair": PropKind("fabric", {"leg": "wood", "base": "black", "wheel": "black"}, seeds=(1, 4, 6)),
    "sofa": PropKind("fabric", {"leg": "wood", "pillow": "fabric"}),
    "bed": PropKind("wood", {"blanket": "fabric", "canopy": "linen"}, seeds=(1, 2, 4, 5, 7)),
    "table lamp": PropKind("ceramic", {"lampshade": "linen", "pole": "metal"}, seeds=(4, 5, 6, 7)),
    "grandfather clock": PropKind("wood", {"pendulum": "gold", "clock hand": "black"}),
    "teddy bear": PropKind("brown fur"),
    "snowman": PropKind("snow", {"hat": "black", "nose": "orange", "arm": "wood"}),
    "robot": PropKind(
        "paint",
        {"eye": "yellow", "neck": "metal", "forearm": "metal", "thigh": "metal", "hand": "iron"},
        seeds=(0, 1, 2, 4, 5, 6),
    ),
    "dog": PropKind("brown fur", seeds=(2, 3, 5, 7)),
    "elephant": PropKind("grey hide", {"trunk": "grey hide"}, seeds=(0, 1, 2)),
    "giraffe": PropKind("tawny", {"mane": "brown fur", "horn": "brown fur"}, seeds=(0, 1, 2, 4, 7)),
    "rabbit": PropKind("white", {"nose": "pink"}, seeds=(0, 2, 3)),
    "turtle": PropKind("green skin", {"shell": "wood", "body": "wood"}, seeds=(0, 2, 4, 6)),
    "duck": PropKind("yellow", {"leg": "orange", "thigh": "orange", "foot": "orange"}, seeds=(0, 1, 2)),
    "penguin": PropKind("black", {"foot": "orange", "body": "white"}),
    "chicken": PropKind("white", {"leg": "orange", "thigh": "white", "foot": "orange"}, seeds=(1, 2, 3, 5)),
    "frog": PropKind("green skin"),
    "car": PropKind("paint", seeds=(1, 2, 3, 4, 5, 6)),
    "bus": PropKind("paint"),
    "truck": PropKind("paint", {"cargo box": "white", "trailer": "white", "frame": "black", "log": "wood"}),
    "fire engine": PropKind("red", {"ladder": "metal", "hose": "white"}),
    "tractor": PropKind("paint", {"seat": "black"}),
    "motorcycle": PropKind("paint", {"engine": "metal", "seat": "black", "frame": "iron", "footrest": "metal"}),
    "bicycle": PropKind("paint", {"seat": "black", "handle": "black"}),
    "airplane": PropKind(
        "white",
        {"wing": "paint", "tail fin": "paint", "blade": "iron", "wheel": "black", "engine": "metal"},
        seeds=(1, 2, 3, 4),
    ),
    "helicopter": PropKind(
        "paint", {"blade": "iron", "wheel": "black", "mast": "metal", "landing skid": "metal"}, seeds=(1, 3, 4, 5)
    ),
    "rocket": PropKind("white", {"fin": "red", "nose cone": "red", "engine": "iron"}),
    "sailing ship": PropKind("wood", {"sail": "linen", "hull": "paint"}, seeds=(0, 1, 2, 4, 7)),
    "guitar": PropKind(
        "pale wood",
        {"neck": "wood", "fretboard": "black", "head": "wood", "bridge": "black", "string": "metal"},
        seeds=(0, 1, 3, 6),
    ),
    "piano": PropKind("black", {"keyboard": "white", "key": "white", "pedal": "gold"}, seeds=(0, 2, 3, 5, 6)),
    "drum": PropKind(
        "red",
        {"drumhead": "linen", "rim": "metal", "lug": "metal", "drumstick": "pale wood", "rope": "linen"},
        seeds=(0, 1, 4, 5, 6),
    ),
    "laptop": PropKind("metal", {"keyboard": "black", "key": "black"}, seeds=(0, 1, 6)),
    "camera": PropKind("black", {"dial": "metal", "flash": "white"}, seeds=(1, 6)),
    "desk fan": PropKind("white", {"blade": "paint", "cage": "metal"}, seeds=(1, 3, 5, 6, 7)),
    "iron": PropKind(
        "paint", {"soleplate": "metal", "handle": "white", "cord": "black"}, seeds=(0, 2, 3, 4, 5, 7), name="clothes iron"
    ),
    "watering can": PropKind("paint"),
    "teapot": PropKind("ceramic", seeds=(0, 1, 2, 4, 7)),
    "cup": PropKind("ceramic", seeds=(0, 2, 3, 7)),
    "bucket": PropKind("paint", {"handle": "metal", "hoop": "metal", "rim": "metal"}, seeds=(0, 2, 3, 6, 7)),
    "basket": PropKind("pale wood", seeds=(1, 3, 5, 7)),
    "mushroom": PropKind("white", {"cap": "red"}, seeds=(0, 1, 6)),
    "potted plant": PropKind("terracotta", {"flower": "red", "stem": "leaf"}, seeds=(1, 3, 5, 7)),
    "cactus": PropKind("leaf", {"pot": "terracotta", "flower": "pink"}, seeds=(1, 3, 5, 6, 7)),
    "apple": PropKind("red", {"stem": "wood"}),
    "pear": PropKind("yellow", {"stem": "wood"}),
    "pineapple": PropKind("orange", seeds=(0, 2, 3, 4, 7)),
    "pumpkin": PropKind("orange", {"stem": "leaf"}),
    "umbrella": PropKind("paint", {"shaft": "metal", "tip": "metal", "handle": "wood"}, seeds=(0, 1, 6)),
    "house": PropKind("plaster", {"roof": "roof tile", "door": "wood", "garage door": "white", "chimney": "roof tile"}),
    "castle": PropKind("stone", {"roof": "roof tile", "gate": "wood", "drawbridge": "wood"}, seeds=(0, 2, 3, 5, 6, 7)),
    "windmill": PropKind("plaster", {"roof": "roof tile", "blade": "wood", "sail": "linen", "door": "wood"}, seeds=(1, 6)),
    "lighthouse": PropKind("white", {"roof": "red", "door": "red", "balcony": "iron", "railing": "iron"}),
    "barrel": PropKind("wood", {"hoop": "iron"}, seeds=(0, 1, 6)),
    "chest": PropKind("wood", {"band": "iron", "lock": "gold"}, seeds=(0, 3, 4, 5, 6, 7), name="treasure chest"),
    "tree": PropKind("leaf", {"branch": "wood"}, seeds=(1, 6)),
    "palm": PropKind("leaf", {"coconut": "earth"}),
    "boot": PropKind("leather", {"sole": "black", "heel": "black", "lace": "linen"}),
    "backpack": PropKind("fabric", {"strap": "black", "handle": "black"}, seeds=(1, 3, 4, 5, 7)),
    "hat": PropKind("fabric", {"band": "black", "feather": "white"}, seeds=(0, 1, 2, 7)),
    "anchor": PropKind("iron"),
    "wheelbarrow": PropKind("paint", {"frame": "metal", "leg": "metal", "handle": "wood"}),
    "toilet": PropKind("white", {"seat": "linen", "button": "metal"}, seeds=(1, 2, 3, 4)),
    "trophy": PropKind("gold", {"base": "black"}),
}
"""Kinds that people recognise at once."""


@dataclass(frozen=True, eq=False)
class PaintedMesh:
    """A mesh with the class name and the surface of an object; y up, of any size."""

    name: str
    family: str
    mesh: Mesh
    gloss: Float[np.ndarray, " f"]
    """Strength of the highlight, 0..1."""
    grain: Float[np.ndarray, "f 2"]
    """Contrast of spots and of streaks, 0..1."""


def prop_name(kind: str) -> str:
    """Class name in scenes of a kind in `PROPS`."""
    return PROPS[kind].name or KINDS[kind].names[0]


def make_prop(kind: str, rng: np.random.Generator) -> PaintedMesh:
    """Make and paint one object of a kind in `PROPS`."""
    prop = PROPS[kind]
    shape = build(KINDS[kind], np.random.default_rng(int(rng.choice(prop.seeds))), melt=False)
    words = [name.split("/")[-1] for name in shape.names]
    materials = [prop.parts.get(word) or _MATERIAL_OF_PART.get(word) or prop.material for word in words]
    main = {name: int(rng.choice(MATERIALS[name].colours)) for name in sorted(set(materials))}
    vary = 0.01 if KINDS[kind].organic else 0.07
    colour = np.array([_shade_of(main[name], vary, rng) for name in materials])[shape.part]
    gloss = np.array([MATERIALS[name].gloss for name in materials])[shape.part]
    grain = np.array([(MATERIALS[name].blotch, MATERIALS[name].streak) for name in materials])[shape.part]
    mesh = Mesh(shape.vertices, shape.faces, np.repeat(colour[:, None], 3, axis=1))
    return PaintedMesh(prop_name(kind), KINDS[kind].family, mesh, gloss, grain)


_MATERIAL_OF_PART = {part: material for material, parts in PART_MATERIALS.items() for part in parts}


def _shade_of(colour: int, vary: float, rng: np.random.Generator) -> tuple[float, float, float]:
    """A colour near the given one, so that neighbouring parts of one material can be told apart."""
    hue, light, saturation = colorsys.rgb_to_hls(*((colour >> shift & 255) / 255 for shift in (16, 8, 0)))
    hue, light = hue + vary * rng.uniform(-0.1, 0.1), light * (1 + vary * rng.uniform(-1.4, 1))
    return colorsys.hls_to_rgb(hue % 1, min(light, 0.96), saturation)
