"""One picture of a whole result: photos, labels, what the reconstruction makes of them, and heat maps, with a legend."""

from __future__ import annotations

from functools import cache

import numpy as np
from jaxtyping import Bool, Float, Int, UInt8
from PIL import Image, ImageDraw, ImageFont

from meronym.io.files import slug
from meronym.results import ViewLabels
from meronym.viz.overlays import NONE_COLOUR, as_bytes, blended, heat_colours, heated
from meronym.viz.palette import palette

_ROWS = 8
_HELD_OUT_ROWS = 3
_HEAT_MAPS = 3
_CELL = (300, 260)
"""Largest width and height of one picture in the sheet, pixels."""
_MARGIN, _GAP, _LINE = 28, 10, 32
_PAPER, _INK, _FAINT, _MARK = (255, 255, 255), (28, 30, 34), (112, 116, 124), (214, 40, 57)


def contact_sheet(views: ViewLabels, prompts: tuple[str, ...]) -> Image.Image:
    """At most 8 photos, evenly chosen, a row each; heat maps of the 3 prompts that name most."""
    shares = np.bincount(views.label.ravel() + 1, minlength=len(prompts) + 1)[1:] / max(1, views.label.size)
    rows, colours = _chosen(views.held_out), palette(len(prompts)).tolist()
    hottest = np.argsort(-shares, kind="stable")[:_HEAT_MAPS].tolist()
    headings = ["photo", "labels", "reconstruction", *(prompts[k] for k in hottest)]
    height, width = views.label.shape[1:]
    scale = min(_CELL[0] / width, _CELL[1] / height)
    cell = max(1, round(width * scale)), max(1, round(height * scale))
    across = len(headings) * (cell[0] + _GAP) - _GAP
    legend = _legend(prompts, shares, across)
    top = _MARGIN + legend.height + _LINE + 6
    bottom = top + len(rows) * (cell[1] + _GAP) + 2 * _LINE
    sheet = Image.new("RGB", (across + 2 * _MARGIN, bottom), _PAPER)
    draw = ImageDraw.Draw(sheet)
    sheet.paste(legend, (_MARGIN, _MARGIN))
    for column, heading in enumerate(headings):
        x, y = _MARGIN + column * (cell[0] + _GAP), top - 17
        swatch = 24 if column >= 3 else 0
        if swatch:
            draw.rounded_rectangle((x, y - 8, x + 16, y + 8), 4, fill=tuple(colours[hottest[column - 3]]))
        draw.text((x + swatch, y), _shown(heading, 17, cell[0] - swatch), fill=_INK, font=_font(17), anchor="lm")
    for row, view in enumerate(rows):
        y = top + row * (cell[1] + _GAP)
        for column, picture in enumerate(_row(views, view, len(prompts), hottest)):
            small = Image.fromarray(picture).resize(cell, Image.Resampling.LANCZOS)
            sheet.paste(small, (_MARGIN + column * (cell[0] + _GAP), y))
        _badge(draw, _MARGIN + 8, y + 8, _shown(views.names[view], 14, cell[0] - 30), _INK)
        if views.held_out[view]:
            _badge(draw, _MARGIN + 8, y + cell[1] - 30, "held out", _MARK)
    base = bottom - _MARGIN - 6
    draw.text((_MARGIN, base), _footnote(views, len(rows)), fill=_FAINT, font=_font(15), anchor="lm")
    _scale(sheet, _MARGIN + across, base)
    return sheet


def _chosen(held_out: Bool[np.ndarray, " c"]) -> list[int]:
    """Views to show, in their order: of those held out and of the others, each evenly."""
    held, others = np.flatnonzero(held_out), np.flatnonzero(~held_out)
    most = max(_HELD_OUT_ROWS, _ROWS - len(others))
    first = _evenly(held, most)
    return sorted(first + _evenly(others, _ROWS - len(first)))


def _evenly(numbers: Int[np.ndarray, " n"], most: int) -> list[int]:
    count = min(most, len(numbers))
    chosen: list[int] = numbers[np.linspace(0, len(numbers) - 1, count).round().astype(int)].tolist() if count else []
    return chosen


def _row(views: ViewLabels, view: int, count: int, hottest: list[int]) -> list[UInt8[np.ndarray, "h w 3"]]:
    photo = views.colour[view]
    pictures = [as_bytes(photo), blended(photo, views.label[view], count), as_bytes(views.rendered[view])]
    return pictures + [heated(photo, views.score[view, k]) for k in hottest]


def _legend(prompts: tuple[str, ...], shares: Float[np.ndarray, " p"], width: int) -> Image.Image:
    """Every prompt's colour and share of all pixels, row by row."""
    names = [*(_shown(prompt, 18, 280) for prompt in prompts), "none of these"]
    colours = [*map(tuple, palette(len(prompts)).tolist()), NONE_COLOUR]
    texts = [_percent(share) for share in [*shares.tolist(), 1 - shares.sum()]]
    step = round(max(_font(18).getlength(name) + _font(18).getlength(text) for name, text in zip(names, texts, strict=True)))
    step += 76
    columns = max(1, width // step)
    legend = Image.new("RGB", (width, _LINE * -(-len(names) // columns) + 14), _PAPER)
    draw = ImageDraw.Draw(legend)
    for index, (name, colour, text) in enumerate(zip(names, colours, texts, strict=True)):
        x, y = index % columns * step, index // columns * _LINE + 14
        draw.rounded_rectangle((x, y - 11, x + 22, y + 11), 5, fill=colour)
        draw.text((x + 32, y), name, fill=_INK, font=_font(18), anchor="lm")
        draw.text((x + 40 + _font(18).getlength(name), y), text, fill=_FAINT, font=_font(18), anchor="lm")
    return legend


def _footnote(views: ViewLabels, rows: int) -> str:
    every = len(views.names)
    photos = f"{rows} of {every} photos" if rows < every else f"{every} photo{'s' * (every != 1)}"
    held_out = f"    held out: {views.held_out.sum()}, never trained on" if views.held_out.any() else ""
    return f"{photos}    %: share of the pixels of all photos{held_out}"


def _badge(draw: ImageDraw.ImageDraw, x: int, y: int, text: str, colour: tuple[int, int, int]) -> None:
    draw.rounded_rectangle((x, y, x + _font(14).getlength(text) + 14, y + 22), 5, fill=colour)
    draw.text((x + 7, y + 11), text, fill=_PAPER, font=_font(14), anchor="lm")


def _scale(sheet: Image.Image, right: int, y: int) -> None:
    """What the colours of the heat maps mean."""
    bar = Image.fromarray(np.repeat(heat_colours()[None, ::2], 14, axis=0))
    draw = ImageDraw.Draw(sheet)
    draw.text((right, y), "1", fill=_FAINT, font=_font(15), anchor="rm")
    sheet.paste(bar, (right - 16 - bar.width, y - bar.height // 2))
    draw.text((right - 24 - bar.width, y), "score  0", fill=_FAINT, font=_font(15), anchor="rm")


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %" if share >= 0.1 or share <= 0 else f"{100 * share:.1f} %"


def _shown(text: str, size: int, room: float) -> str:
    """The text as the font can show it, which knows ASCII only: others get their name in files. Cut to `room` pixels."""
    whole = shown = text if text.isascii() and text.isprintable() else slug(text)
    while whole and _font(size).getlength(shown) > room:
        whole = whole[:-1]
        shown = whole + "..."
    return shown


@cache
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)
