"""Real assets with the words that people would use, to be judged by looking: one sheet of pictures.

    python -m benchmarks.by_eye --assets DATA/assets_by_eye --named DATA/gltf_named_parts --out docs/pictures/by_eye.png

Words of `--assets` stand in its words.json, those of `--named` in by_eye.json beside this file. Each asset is shown as it came,
in the colours of its words, and, in the last picture, with its first word alone.
"""

from __future__ import annotations

import argparse
import io
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageDraw

import meronym
from meronym.cli.progress import bars
from meronym.core import cameras, geometry
from meronym.io.files import write_file
from meronym.render import TorchRenderer
from meronym.types import Shape
from meronym.viz.legend import LINE, PAPER, font, legend
from meronym.viz.overlays import as_bytes
from meronym.viz.preview import painted

SIDE = 300
"""Pixels of a picture."""


def assets(folders: dict[Path, Path]) -> Iterator[tuple[Path, str, list[str]]]:
    """File, category and words of every asset."""
    for folder, words in folders.items():
        for name, asset in json.loads(words.read_text(encoding="utf-8")).items():
            yield folder / name, asset["category"], asset["prompts"]


def picture(shape: Shape, up: list[float], azimuth: float) -> np.ndarray:
    """A shape from one side."""
    axis = torch.tensor(up)
    direction = cameras.directions_at(torch.tensor([20.0]), torch.tensor([azimuth]), axis)
    views = TorchRenderer()(shape, cameras.frame(geometry.used_points(shape), direction, axis, SIDE))
    return as_bytes(views.colour[0].numpy())


def row(file: Path, category: str, words: list[str]) -> Image.Image:
    """One asset: input, labels from two sides, the first word alone, and what the colours mean."""
    parts = meronym.segment(file, words, category=category)
    alone = parts.query(words[:1])
    up = parts.record.settings["up_axis"]
    sides = [(parts.shape, 30.0), (painted(parts), 30.0), (painted(parts), 210.0), (painted(alone), 30.0)]
    strip = np.concatenate([picture(shape, up, azimuth) for shape, azimuth in sides], 1)
    share = geometry.element_areas(parts.shape)
    key = legend(tuple(words), np.array([share[parts.label == k].sum() for k in range(len(words))]), strip.shape[1] - 20)
    sheet = Image.new("RGB", (strip.shape[1], strip.shape[0] + key.height + 2 * LINE), PAPER)
    sheet.paste(Image.fromarray(strip), (0, LINE))
    ImageDraw.Draw(sheet).text(
        (10, LINE // 2), f"{file.stem} ({category}); last picture: {words[0]!r} alone", font=font(18), anchor="lm", fill="black"
    )
    sheet.paste(key, (10, strip.shape[0] + LINE))
    return sheet


def main() -> None:
    """Write the sheet, two assets beside each other."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--assets", type=Path, required=True)
    parser.add_argument("--named", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    folders = {arguments.assets: arguments.assets / "words.json", arguments.named: Path(__file__).with_suffix(".json")}
    rows = []
    with bars() as progress:
        chosen = list(assets(folders))
        for done, asset in enumerate(chosen):
            progress("assets", done, len(chosen), asset[0].stem)
            rows.append(row(*asset))
    width, columns = rows[0].width, 2
    heights = [max(one.height for one in rows[k : k + columns]) for k in range(0, len(rows), columns)]
    sheet = Image.new("RGB", (columns * width, sum(heights)), PAPER)
    for index, one in enumerate(rows):
        sheet.paste(one, (index % columns * width, sum(heights[: index // columns])))
    file = io.BytesIO()
    sheet.quantize(256).save(file, "PNG")
    write_file(arguments.out, file.getvalue())


if __name__ == "__main__":
    main()
