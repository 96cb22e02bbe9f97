"""PSNR of reconstructions on photos that were never learned from.

    python -m benchmarks.reconstruction --data DATA/posed_photos

lego: 20 of NeRF's synthetic views, of which publications learn from 100, at 200 x 200 pixels; fox: 50 photos with lens
distortion, the longer side 200 pixels. TensoRF (Chen et al., ECCV 2022) reports 36.46 dB on lego with 100 views of 800 x 800
pixels and 30,000 steps: with fewer views, pixels and steps as here, that is a ceiling and no comparison.
"""

from __future__ import annotations

import argparse
import os
import time
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from meronym.core.colour import psnr
from meronym.core.provenance import commit
from meronym.io.captures.read import holdout, photos, read_capture
from meronym.radiance import spaces
from meronym.radiance.reconstruction import PRESETS, reconstruct
from meronym.radiance.rendered import RenderedRays


def main() -> None:
    """Reconstruct both and print a table; with --pictures, leave held-out views beside their photos."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--size", type=int, default=200)
    parser.add_argument("--pictures", type=Path)
    arguments = parser.parse_args()
    print(f"commit {commit()}, {os.cpu_count()} cores, {PRESETS['default']}")
    print("| scene | photos | space | held-out PSNR | seconds |\n|---|---|---|---|---|")
    for name in ("nerf_synthetic_lego", "fox"):
        capture = read_capture(arguments.data / name)
        views, away = photos(capture, arguments.size), holdout(capture)
        learned, other = views.only(~away), views.only(away)
        space = spaces.fit_space(learned, None if capture.depth_range is None else capture.depth_range[~away])
        start = time.perf_counter()
        scene = reconstruct(learned, space)
        seconds = time.perf_counter() - start
        colour = RenderedRays.of(scene, space, other.cameras).colour
        print(f"| {name} | {len(learned)} | {space.describe()['space']} | {psnr(colour, other.colour):.2f} | {seconds:.0f} |")
        if arguments.pictures:
            arguments.pictures.mkdir(parents=True, exist_ok=True)
            sheet = torch.cat([torch.cat(list(colour), 1), torch.cat(list(other.colour), 1)])
            Image.fromarray((255 * sheet.numpy()).astype(np.uint8)).save(arguments.pictures / f"{name}.png")


if __name__ == "__main__":
    main()
