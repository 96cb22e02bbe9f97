"""One picture of a whole result: photos, their labels, the reconstruction and heat maps, with a legend."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Int, UInt8
from PIL import Image, ImageDraw

from meronym.results import ViewLabels
from meronym.viz.legend import FAINT, INK, LINE, PAPER, font, legend, printable
from meronym.viz.overlays import as_bytes, blended, heat_colours, heated
from meronym.viz.palette import palette

_MARGIN, _GAP = 28, 10
_MARK = (214, 40, 57)
"""Colour of the mark "held out"."""


@dataclass(frozen=True)
class SheetSettings:
    """The size of a contact sheet."""

    rows: int = 8
    """Photos, at the most."""
    held_out_rows: int = 3
    """Held-out photos among these, if there are enough others."""
    heat_maps: int = 3
    """Prompts with a heat map, at the most: those that name most."""
    cell: tuple[int, int] = (300, 260)
    """Largest width and height of one picture, pixels."""


def contact_sheet(views: ViewLabels, prompts: tuple[str, ...], settings: SheetSettings | None = None) -> Image.Image:
    """Photos, evenly chosen, a row each: the photo, its labels, the reconstruction and heat maps."""
    settings = settings or SheetSettings()
    shares = views.shares(len(prompts))[1:]
    rows, colours = _chosen(views.held_out, settings), palette(len(prompts)).tolist()
    hottest = np.argsort(-shares, kind="stable")[: settings.heat_maps].tolist()
    headings = ["photo", "labels", "reconstruction", *(prompts[k] for k in hottest)]
    height, width = views.label.shape[1:]
    scale = min(settings.cell[0] / width, settings.cell[1] / height)
    cells = [tuple(max(1, round(scale * part.stop)) for part in reversed(views.shown(view))) for view in rows]
    cell = max(1, round(width * scale))
    across = len(headings) * (cell + _GAP) - _GAP
    key = legend(prompts, shares, across)
    top = _MARGIN + key.height + LINE + 6
    bottom = top + sum(down + _GAP for _, down in cells) + 2 * LINE
    sheet = Image.new("RGB", (across + 2 * _MARGIN, bottom), PAPER)
    draw = ImageDraw.Draw(sheet)
    sheet.paste(key, (_MARGIN, _MARGIN))
    for column, heading in enumerate(headings):
        x, y = _MARGIN + column * (cell + _GAP), top - 17
        swatch = 24 if column >= 3 else 0
        if swatch:
            draw.rounded_rectangle((x, y - 8, x + 16, y + 8), 4, fill=tuple(colours[hottest[column - 3]]))
        draw.text((x + swatch, y), printable(heading, 17, cell - swatch), fill=INK, font=font(17), anchor="lm")
    y = top
    for view, size in zip(rows, cells, strict=True):
        for column, picture in enumerate(_row(views, view, len(prompts), hottest)):
            small = Image.fromarray(picture).resize(size, Image.Resampling.LANCZOS)
            sheet.paste(small, (_MARGIN + column * (cell + _GAP), y))
        _badge(draw, _MARGIN + 8, y + 8, printable(views.names[view], 14, cell - 30), INK)
        if views.held_out[view]:
            _badge(draw, _MARGIN + 8, y + size[1] - 30, "held out", _MARK)
        y += size[1] + _GAP
    base = bottom - _MARGIN - 6
    draw.text((_MARGIN, base), _footnote(views, len(rows)), fill=FAINT, font=font(15), anchor="lm")
    _scale(sheet, _MARGIN + across, base)
    return sheet


def _chosen(held_out: Bool[np.ndarray, " c"], settings: SheetSettings) -> list[int]:
    """Views to show, in their order: of those held out and of the others, each evenly."""
    held, others = np.flatnonzero(held_out), np.flatnonzero(~held_out)
    most = max(settings.held_out_rows, settings.rows - len(others))
    first = _evenly(held, most)
    return sorted(first + _evenly(others, settings.rows - len(first)))


def _evenly(numbers: Int[np.ndarray, " n"], most: int) -> list[int]:
    count = min(most, len(numbers))
    chosen: list[int] = numbers[np.linspace(0, len(numbers) - 1, count).round().astype(int)].tolist() if count else []
    return chosen


def _row(views: ViewLabels, view: int, count: int, hottest: list[int]) -> list[UInt8[np.ndarray, "h w 3"]]:
    own = views.shown(view)
    photo = views.colour[view][own]
    pictures = [as_bytes(photo), blended(photo, views.label[view][own], count), as_bytes(views.rendered[view][own])]
    return pictures + [heated(photo, views.score[view, k][own]) for k in hottest]


def _footnote(views: ViewLabels, rows: int) -> str:
    every = len(views.names)
    photos = f"{rows} of {every} photos" if rows < every else f"{every} photo{'s' * (every != 1)}"
    held_out = f"    held out: {views.held_out.sum()}, never trained on" if views.held_out.any() else ""
    return f"{photos}    %: share of the pixels of all photos{held_out}"


def _badge(draw: ImageDraw.ImageDraw, x: int, y: int, text: str, colour: tuple[int, int, int]) -> None:
    draw.rounded_rectangle((x, y, x + font(14).getlength(text) + 14, y + 22), 5, fill=colour)
    draw.text((x + 7, y + 11), text, fill=PAPER, font=font(14), anchor="lm")


def _scale(sheet: Image.Image, right: int, y: int) -> None:
    """A bar of the heat maps' colours, from 0 to 1."""
    bar = Image.fromarray(np.repeat(heat_colours()[None, ::2], 14, axis=0))
    draw = ImageDraw.Draw(sheet)
    draw.text((right, y), "1", fill=FAINT, font=font(15), anchor="rm")
    sheet.paste(bar, (right - 16 - bar.width, y - bar.height // 2))
    draw.text((right - 24 - bar.width, y), "score  0", fill=FAINT, font=font(15), anchor="rm")
