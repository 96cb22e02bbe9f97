"""Reads the materials of MTL files (Wavefront, 1995)."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from PIL import Image

from meronym.io.images import open_image, pixels, storable
from meronym.io.paths import beside
from meronym.io.shapes.folder import ShapeFolder
from meronym.io.shapes.text import plain_text
from meronym.types import NamedMaterial

_ARGUMENTS = {"blendu": 1, "blendv": 1, "bm": 1, "boost": 1, "cc": 1, "clamp": 1, "imfchan": 1, "mm": 2, "texres": 1, "type": 1}
"""Options of a map, and how many words follow them; -o, -s and -t take up to three numbers."""


@dataclass
class MtlMaterial:
    """A material as an MTL file has it."""

    colour: tuple[float, float, float] | None = None
    """Kd, 0..1 sRGB."""
    alpha: float = 1.0
    """d, or 1 - Tr; 0..1."""
    maps: dict[str, str] = field(default_factory=dict)
    """File of each map, by keyword in lower case."""
    scale: tuple[float, float] = (1.0, 1.0)
    """Of the texture coordinates, map_Kd's option -s."""
    offset: tuple[float, float] = (0.0, 0.0)
    """Of the texture coordinates, map_Kd's option -o."""

    def picture(self, folder: ShapeFolder) -> tuple[np.ndarray, bytes | None] | None:
        """The base colour image, its alpha from map_d, and its file if it is that; None if no map is there.

        Raises: InputError, LimitError as `ShapeFolder.get` and `open_image`.
        """
        (own, file), (mask, file_of_mask) = (self._open(keyword, folder) for keyword in ("map_kd", "map_d"))
        picture = own or (mask and Image.new("RGB", mask.size, "white"))
        if picture is None:
            return None
        name = self.maps.get("map_kd", self.maps.get("map_d", ""))
        if own is not None and (mask is None or (file == file_of_mask and own.has_transparency_data)):
            return pixels(own, name, folder.limits, mask is not None), storable(file)
        if mask is not None:
            alpha = mask.convert("RGBA").getchannel("A") if mask.has_transparency_data else mask.convert("L")
            picture = picture.convert("RGB")
            picture.putalpha(alpha.resize(picture.size))
        return pixels(picture, name, folder.limits, True), None

    def _open(self, keyword: str, folder: ShapeFolder) -> tuple[Image.Image | None, bytes]:
        try:
            data = folder.get(self.maps[keyword]) if keyword in self.maps else b""
        except FileNotFoundError:
            data = b""
        return open_image(data, self.maps[keyword], folder.limits) if data else None, data

    def named(self, name: str) -> NamedMaterial:
        """What is kept of it for writing."""
        return NamedMaterial(name, self.colour, self.alpha)


def read_mtl(data: bytes) -> dict[str, MtlMaterial]:
    """The materials of an MTL file by name; lines that are not understood are passed over."""
    result, current = dict[str, MtlMaterial](), MtlMaterial()
    dissolve = False
    for line in plain_text(data).replace(b"\\\n", b" ").decode().split("\n"):
        keyword, _, rest = line.strip().replace("\t", " ").partition(" ")
        keyword, rest = keyword.lower(), rest.strip()
        words = rest.split()
        if keyword == "newmtl":
            current, dissolve = result.setdefault(rest, MtlMaterial()), False
        elif keyword == "kd" and (colour := _floats(words[:3])):
            red, green, blue = (min(max(part, 0.0), 1.0) for part in (colour * 3)[:3])
            current.colour = red, green, blue
        elif keyword in ("d", "tr") and (value := _floats(words[-1:])) and not (dissolve and keyword == "tr"):
            alpha = min(max(value[0], 0.0), 1.0)
            current.alpha, dissolve = (1 - alpha, False) if keyword == "tr" else (alpha, True)
        elif (keyword.startswith("map_") or keyword in ("bump", "norm", "disp", "refl")) and words:
            _read_map(current, keyword, rest)
    return result


def _read_map(material: MtlMaterial, keyword: str, rest: str) -> None:
    """Take the options off a map's line; what remains is the name of its file, which may hold spaces."""
    while rest.startswith("-"):
        option, _, rest = rest[1:].partition(" ")
        rest = rest.lstrip()
        if option in ("o", "s", "t"):
            numbers = list[float]()
            while len(numbers) < 3 and (number := _floats([rest.partition(" ")[0]])):
                numbers += number
                rest = rest.partition(" ")[2].lstrip()
            if keyword == "map_kd" and option in ("o", "s") and numbers:
                pair = numbers[0], [*numbers, 0.0 if option == "o" else 1.0][1]
                material.scale, material.offset = (pair, material.offset) if option == "s" else (material.scale, pair)
            continue
        for _ in range(_ARGUMENTS.get(option, 0)):
            rest = rest.partition(" ")[2].lstrip()
    if rest:
        material.maps[keyword] = beside(rest)


def _floats(words: list[str]) -> list[float]:
    """The numbers that words are; none if one is not finite or no number."""
    try:
        numbers = [float(word) for word in words]
    except ValueError:
        return []
    return numbers if np.isfinite(numbers).all() else []
