"""Contact sheet of kinds: one rendered shape of each, its parts in colours, with their names."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageDraw, ImageFont

from meronym.core.cameras import directions_at, frame
from meronym.errors import InputError
from meronym.io.files import atomic
from meronym.progress import Progress, silent
from meronym.render import TorchRenderer
from meronym.types import Mesh
from meronym.viz.palette import palette
from meronym_synthetic.build import Labelled, build
from meronym_synthetic.kinds import KINDS

_UP = torch.tensor([0.0, 1.0, 0.0])
_ELEVATION, _AZIMUTH = 20.0, 35.0
"""Of the camera, degrees."""
_LUMINANCE = np.array([0.3, 0.59, 0.11])
_MARGIN, _TITLE, _LINE = 10, 20, 15
"""Pixels: around a cell, height of its name, height of a line of part names."""


def save_gallery(
    path: str | Path, kinds: Sequence[str] = (), seed: int = 0, size: int = 200, progress: Progress = silent
) -> Path:
    """Render one shape of each kind, all by default, and write them as one PNG.

    `seed` is that of every shape, `size` the side of one picture in pixels.

    Raises: InputError for a name that is no kind and for a size below 160 pixels, which names would not fit.
    """
    chosen = sorted(KINDS) if not kinds else list(kinds)
    if unknown := [name for name in chosen if name not in KINDS]:
        raise InputError(f"gallery: no kind is called {', '.join(map(repr, unknown))}. Kinds: {', '.join(sorted(KINDS))}.")
    if size < 160:
        raise InputError(f"gallery: expected pictures of at least 160 pixels, which the names need, got {size}")
    cells = []
    for index, name in enumerate(chosen):
        progress("gallery", index, len(chosen), name)
        cells.append(_cell(name, build(KINDS[name], np.random.default_rng(seed), melt=False), size))
    progress("gallery", len(chosen), len(chosen))
    with atomic(Path(path)) as temporary:
        _sheet(cells).save(temporary, format="PNG")
    return Path(path)


def _cell(name: str, shape: Labelled, size: int) -> Image.Image:
    """Picture of a shape above its name and the names of its parts, each in its colour."""
    words = [part.split("/")[-1] for part in shape.names]
    shown = sorted(set(words))
    colours = palette(len(shown))
    of_part = np.array([shown.index(word) for word in words])[shape.part]
    mesh = Mesh(shape.vertices, shape.faces, np.repeat(colours[of_part][:, None] / 255, 3, axis=1))
    direction = directions_at(torch.tensor([_ELEVATION]), torch.tensor([_AZIMUTH]), _UP)
    picture = TorchRenderer()(mesh, frame(shape.vertices, direction, _UP, size)).colour[0]
    rows = _wrapped(shown, size)
    cell = Image.new("RGB", (size, size + _TITLE + _LINE * len(rows)), "white")
    cell.paste(Image.fromarray((picture * 255).round().byte().numpy()))
    draw = ImageDraw.Draw(cell)
    draw.text((size / 2, size + _TITLE / 2), name, fill="black", font=_font(15), anchor="mm")
    for row, names in enumerate(rows):
        x = (size - _font(12).getlength("  ".join(names))) / 2
        for word in names:
            colour = colours[shown.index(word)]
            ink = tuple((colour * min(1, 120 / (colour @ _LUMINANCE))).astype(int).tolist())
            draw.text((x, size + _TITLE + _LINE * (row + 0.5)), word, fill=ink, font=_font(12), anchor="lm")
            x += _font(12).getlength(f"{word}  ")
    return cell


def _wrapped(words: Sequence[str], width: int) -> list[list[str]]:
    """The words in rows that are at most `width` pixels wide."""
    rows: list[list[str]] = [[]]
    for word in words:
        if rows[-1] and _font(12).getlength("  ".join([*rows[-1], word])) > width:
            rows.append([])
        rows[-1].append(word)
    return rows


def _sheet(cells: Sequence[Image.Image]) -> Image.Image:
    """The cells in a grid about as wide as high; a row is as high as its highest cell."""
    columns = max(1, min(len(cells), round(len(cells) ** 0.5 * 1.2)))
    rows = [cells[first : first + columns] for first in range(0, len(cells), columns)]
    heights = [max(cell.height for cell in row) + 2 * _MARGIN for row in rows]
    width = cells[0].width + 2 * _MARGIN
    sheet = Image.new("RGB", (columns * width, sum(heights)), "white")
    top = 0
    for row, height in zip(rows, heights, strict=True):
        for column, cell in enumerate(row):
            sheet.paste(cell, (column * width + _MARGIN, top + _MARGIN))
        top += height
    return sheet


@cache
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)
