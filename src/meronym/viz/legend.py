"""The legend of a picture: colour, name and share of each prompt."""

from __future__ import annotations

from functools import cache

import numpy as np
from jaxtyping import Float
from PIL import Image, ImageDraw, ImageFont

from meronym.core.prompts import slug
from meronym.viz.palette import NONE_COLOUR, palette

PAPER, INK, FAINT = (255, 255, 255), (28, 30, 34), (112, 116, 124)
LINE = 32
"""Height of a row, pixels."""


def legend(
    prompts: tuple[str, ...], shares: Float[np.ndarray, " p"], width: int, none: tuple[int, int, int] = NONE_COLOUR
) -> Image.Image:
    """Every prompt, then "none of these" in the colour `none`, row by row; the rest of the shares is that of none."""
    names = [*(printable(prompt, 18, 280) for prompt in prompts), "none of these"]
    colours = [*map(tuple, palette(len(prompts)).tolist()), none]
    texts = [_percent(share) for share in [*shares.tolist(), max(1 - float(shares.sum()), 0.0)]]
    step = round(max(font(18).getlength(name) + font(18).getlength(text) for name, text in zip(names, texts, strict=True)))
    step += 76
    columns = max(1, width // step)
    picture = Image.new("RGB", (width, LINE * -(-len(names) // columns) + 14), PAPER)
    draw = ImageDraw.Draw(picture)
    for index, (name, colour, text) in enumerate(zip(names, colours, texts, strict=True)):
        x, y = index % columns * step, index // columns * LINE + 14
        draw.rounded_rectangle((x, y - 11, x + 22, y + 11), 5, fill=colour)
        draw.text((x + 32, y), name, fill=INK, font=font(18), anchor="lm")
        draw.text((x + 40 + font(18).getlength(name), y), text, fill=FAINT, font=font(18), anchor="lm")
    return picture


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %" if share >= 0.1 or share <= 0 else f"{100 * share:.1f} %"


def printable(text: str, size: int, room: float) -> str:
    """A text in the characters that the font has, ASCII only: others get their name in files. Cut to `room` pixels."""
    whole = shown = text if text.isascii() and text.isprintable() else slug(text)
    while whole and font(size).getlength(shown) > room:
        whole = whole[:-1]
        shown = whole + "..."
    return shown


@cache
def font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """Pillow's own font at a size in pixels."""
    return ImageFont.load_default(size)
