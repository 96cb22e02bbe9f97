"""Render procedural shapes and keep DINOv2 features of random pixels, with the part that each pixel shows.

    python -m training.features --out build/features --shapes 60

One file a kind and block of shapes; files that exist are kept, so an interrupted run goes on where it stopped.
"""

from __future__ import annotations

import argparse
import os
import zlib
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from rich.progress import Progress
from torch.nn import functional

from meronym.core.cameras import directions_at, frame
from meronym.io.files import atomic
from meronym.render import RenderStyle, TorchRenderer
from meronym.teachers.crops import content_boxes
from meronym.teachers.features import PatchEncoder
from meronym.types import Mesh
from meronym_synthetic.build import Labelled, build
from meronym_synthetic.kinds import KINDS

BLOCK = 10
"""Shapes a file."""
VIEWS = 2
PIXELS = 128
"""Pixels kept of each view."""
SIZE = 288


def random_look(rng: np.random.Generator) -> RenderStyle:
    """Light from anywhere in front; plain colours, mostly greyish; mostly light backgrounds."""
    light = (float(rng.uniform(-0.8, 0.8)), float(rng.uniform(-0.9, 0.5)), -0.7)
    grey = rng.uniform(0.3, 0.9)
    colour = np.clip(grey + rng.normal(0, 0.25 if rng.random() < 0.3 else 0.06, 3), 0.05, 1)
    background = np.clip(rng.choice([1.0, 1.0, 1.0, 0.9, 0.5, 0.1]) + rng.normal(0, 0.05, 3), 0, 1)
    return RenderStyle(light, tuple(colour.tolist()), tuple(background.tolist()), smooth=bool(rng.random() < 0.8))


def random_direction(rng: np.random.Generator) -> tuple[torch.Tensor, torch.Tensor]:
    """Where to look from, and what is up in the picture: half the time upright, half the time anyhow."""
    if rng.random() < 0.5:
        elevation, azimuth = np.clip(rng.normal(15, 25), -80, 80), rng.uniform(0, 360)
        direction = directions_at(torch.tensor([elevation]), torch.tensor([azimuth]), torch.tensor([0.0, 1.0, 0.0]))
        return direction, torch.tensor([rng.normal(0, 0.15), 1.0, rng.normal(0, 0.15)]).float()
    return torch.from_numpy(rng.normal(size=(1, 3))).float(), torch.from_numpy(rng.normal(size=3)).float()


def as_mesh(shape: Labelled, rng: np.random.Generator) -> Mesh:
    """The shape as a mesh; a third of them with a colour of its own for every part, as game assets have."""
    mesh = Mesh(shape.vertices, shape.faces)
    if rng.random() > 0.33:
        return mesh
    palette = np.clip(rng.uniform(0.1, 0.95, (len(shape.names), 1)) + rng.normal(0, 0.15, (len(shape.names), 3)), 0, 1)
    return replace(mesh, corner_colour=np.repeat(palette[shape.part][:, None], 3, axis=1))


def observe(shape: Labelled, rng: np.random.Generator, encoder: PatchEncoder) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
    """Per view: features [PIXELS d] of random visible pixels, rare parts favoured, and the part [PIXELS] of each."""
    for _ in range(VIEWS):
        direction, up = random_direction(rng)
        views = TorchRenderer(random_look(rng))(as_mesh(shape, rng), frame(shape.vertices, direction, up, SIZE))
        x0, y0, x1, y1 = content_boxes(views)[0].tolist()
        if rng.random() < 0.2:
            width, height = (x1 - x0) * rng.uniform(0.6, 1), (y1 - y0) * rng.uniform(0.6, 1)
            x0, y0 = x0 + rng.uniform(0, x1 - x0 - width), y0 + rng.uniform(0, y1 - y0 - height)
            x1, y1 = x0 + width, y0 + height
        x0, y0, x1, y1 = round(x0), round(y0), round(x1), round(y1)
        element = views.element[0, y0:y1, x0:x1]
        row, column = (element >= 0).nonzero(as_tuple=True)
        if len(row) < 50:
            continue
        part = torch.from_numpy(shape.part)[element[row, column].long()]
        rarity = part.bincount(minlength=len(shape.names)).double().rsqrt()[part].numpy()
        chosen = torch.from_numpy(rng.choice(len(part), PIXELS, p=rarity / rarity.sum()))
        grid = encoder(views.colour[0, y0:y1, x0:x1])
        place = (torch.stack([column, row], 1)[chosen] + 0.5) / torch.tensor([x1 - x0, y1 - y0]) * 2 - 1
        sampled = functional.grid_sample(
            grid.permute(2, 0, 1)[None], place[None, None], align_corners=False, padding_mode="border"
        )
        yield sampled[0, :, 0].T, part[chosen]


def make_block(kind: str, block: int, out: Path) -> None:
    """Write the file of one block of one kind: feature, part, shape (index in the block) and the names of each shape."""
    path = out / f"{kind}.{block}.npz"
    if path.exists():
        return
    encoder = _encoder()
    names: list[str] = []
    features, parts, shapes = [np.empty((0, encoder.dim), np.float16)], [np.empty(0, int)], [np.empty(0, int)]
    for seed in range(block * BLOCK, (block + 1) * BLOCK):
        rng = np.random.default_rng([zlib.crc32(kind.encode()), seed])
        shape = build(KINDS[kind], rng)
        first = len(names)
        names.extend(shape.names)
        for feature, part in observe(shape, rng, encoder):
            features.append(feature.half().numpy())
            parts.append(part.numpy() + first)
            shapes.append(np.full(len(part), seed))
    with atomic(path) as temporary, temporary.open("wb") as file:
        np.savez(
            file,
            feature=np.concatenate(features),
            part=np.concatenate(parts),
            shape=np.concatenate(shapes),
            names=names,
        )


_shared: dict[str, PatchEncoder] = {}


def _encoder() -> PatchEncoder:
    """One encoder a process; bfloat16 halves the time and moves features by less than the dropout of the head."""
    if not _shared:
        torch.set_num_threads(1)
        _shared["encoder"] = PatchEncoder(dtype=torch.bfloat16)
    return _shared["encoder"]


def main() -> None:
    """Make all blocks, two at a time, round after round so that an early stop leaves all kinds covered."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=Path("build/features"))
    parser.add_argument("--shapes", type=int, default=20, help="shapes of each kind")
    parser.add_argument("--kinds", nargs="*", help="only these")
    parser.add_argument("--workers", type=int, default=os.cpu_count())
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    kinds = arguments.kinds or sorted(KINDS)
    with ProcessPoolExecutor(arguments.workers) as pool, Progress() as progress:
        jobs = [
            pool.submit(make_block, kind, block, arguments.out) for block in range(arguments.shapes // BLOCK) for kind in kinds
        ]
        for job in progress.track(jobs, description="features"):
            job.result()


if __name__ == "__main__":
    main()
