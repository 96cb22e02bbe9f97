"""Render procedural things and scenes, and keep DINOv2 features of random pixels with the name of what each pixel shows.

    python -m training.features --out build/features --shapes 12 --scenes 120

One file a kind and block of shapes, and one a scene; files that exist are kept, so an interrupted run goes on where it was.
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
from jaxtyping import Float, Int
from rich.progress import Progress
from torch import Tensor
from torch.nn import functional

from meronym.core.cameras import directions_at, frame
from meronym.io.files import atomic
from meronym.render import TorchRenderer
from meronym.teachers.crops import content_boxes
from meronym.teachers.features import PatchEncoder
from meronym.types import Cameras
from meronym_synthetic.build import Labelled, build
from meronym_synthetic.kinds import KINDS
from meronym_synthetic.scenes.layout import UP, Scene, make_scene
from meronym_synthetic.scenes.light import render_scene
from training import looks, surroundings

BLOCK = 4
"""Shapes a file."""
VIEWS = 3
PIXELS = 128
"""Pixels kept of each view."""
SIZE = 288
BLOCKY = 0.12
"""Share of the shapes that are low-poly."""
WINDOWS = 8
"""Pictures of each scene."""
PHOTO = 320
"""Pixels a side of the photos that these are cut from."""
WINDOW_TOKENS = 196
"""Patches of each, as many as the teacher spends on a window of a photo."""
FIRST_SCENE = 1_000_000
"""Seed of the first scene: far above those of scenes that are measured on."""

Sample = tuple[Float[Tensor, "k d"], Int[np.ndarray, " k"]]
"""Features of pixels, and what each shows."""


def observe(shape: Labelled, rng: np.random.Generator, encoder: PatchEncoder) -> Iterator[Sample]:
    """Per view, random visible pixels and the part of each; rare parts are favoured."""
    flat = bool(rng.random() < BLOCKY)
    shape = looks.blocky(shape, rng) if flat else shape
    for _ in range(VIEWS):
        direction, up = looks.random_direction(rng)
        render = TorchRenderer(looks.random_style(rng, flat))
        views = render(looks.painted(shape, rng), frame(shape.vertices, direction, up, SIZE))
        views = replace(views, colour=looks.photographed(views, rng))
        x0, y0, x1, y1 = content_boxes(views)[0].tolist()
        if rng.random() < 0.2:
            width, height = (x1 - x0) * rng.uniform(0.6, 1), (y1 - y0) * rng.uniform(0.6, 1)
            x0, y0 = x0 + rng.uniform(0, x1 - x0 - width), y0 + rng.uniform(0, y1 - y0 - height)
            x1, y1 = x0 + width, y0 + height
        x0, y0, x1, y1 = round(x0), round(y0), round(x1), round(y1)
        element = views.element[0, y0:y1, x0:x1].numpy()
        label = np.where(element >= 0, shape.part[element], -1)
        yield from _sample(views.colour[0, y0:y1, x0:x1], label, encoder, encoder.tokens, rng)


def observe_scene(seed: int, encoder: PatchEncoder) -> tuple[list[Sample], tuple[str, ...]]:
    """Windows of photos of one scene, as the teacher looks at captures, and the names that pixels are indices of."""
    rng = np.random.default_rng([seed, 77])
    scene, around_it = surroundings.furnished(make_scene(seed), rng)
    photos, label = render_scene(scene, _cameras(scene, rng))
    names = (*scene.names, around_it)
    label = np.where((label < 0) & (photos.element.numpy() >= 0), len(scene.names), label)
    samples: list[Sample] = []
    for index in range(WINDOWS):
        photo, own = photos.colour[index // 2], label[index // 2]
        height, width = own.shape
        side = round(min(height, width) * rng.uniform(0.2, 1.0))
        x, y = int(rng.integers(width - side + 1)), int(rng.integers(height - side + 1))
        crop = photo[y : y + side, x : x + side]
        enlarge = max(1.0, (WINDOW_TOKENS * 14**2 / side**2) ** 0.5)
        size = round(side * enlarge)
        large = functional.interpolate(crop.permute(2, 0, 1)[None], (size, size), mode="bilinear", antialias=True)[0]
        samples += _sample(large.permute(1, 2, 0), own[y : y + side, x : x + side], encoder, WINDOW_TOKENS, rng)
    return samples, names


def _cameras(scene: Scene, rng: np.random.Generator) -> Cameras:
    """From all sides, as people hold a camera; some look so far up that the wall or the sky is seen."""
    count = WINDOWS // 2
    elevation, azimuth = torch.from_numpy(rng.uniform(2, 45, count)), torch.from_numpy(rng.uniform(0, 360, count))
    things = scene.mesh.vertices[np.unique(scene.mesh.faces[: scene.things])]
    cameras = frame(things, directions_at(elevation.float(), azimuth.float(), UP.float()), UP.float(), PHOTO)
    zoom = torch.ones(count, 3, 3, dtype=cameras.intrinsics.dtype)
    zoom[:, [0, 1], [0, 1]] = torch.from_numpy(rng.uniform(0.55, 1, (count, 1))).to(zoom)
    return replace(cameras, intrinsics=cameras.intrinsics * zoom)


def _sample(
    picture: Float[Tensor, "h w 3"], label: Int[np.ndarray, "y x"], encoder: PatchEncoder, tokens: int, rng: np.random.Generator
) -> Iterator[Sample]:
    """Random pixels that show something; what is rare in the picture is favoured. `label` may have another resolution."""
    row, column = np.nonzero(label >= 0)
    if len(row) < 50:
        return
    shown = label[row, column]
    rarity = 1 / np.sqrt(np.bincount(shown))[shown]
    chosen = rng.choice(len(shown), PIXELS, p=rarity / rarity.sum())
    grid = encoder(picture, tokens)
    place = torch.from_numpy(np.stack([column, row], 1)[chosen] + 0.5) / torch.tensor(label.shape[::-1]) * 2 - 1
    sampled = functional.grid_sample(
        grid.permute(2, 0, 1)[None], place[None, None].float(), align_corners=False, padding_mode="border"
    )
    yield sampled[0, :, 0].T, shown[chosen]


def make_block(kind: str, block: int, out: Path) -> None:
    """Write the file of one block of one kind: feature, part, shape (number) and the names of each shape's parts."""
    path = out / f"{kind}.{block}.npz"
    if path.exists():
        return
    encoder = _encoder()
    names: list[str] = []
    features, parts, shapes = [np.empty((0, encoder.dim), np.float16)], [np.empty(0, int)], [np.empty(0, int)]
    for seed in range(block * BLOCK, (block + 1) * BLOCK):
        rng = np.random.default_rng([zlib.crc32(kind.encode()), seed])
        shape = build(KINDS[kind], rng)
        for feature, part in observe(shape, rng, encoder):
            features.append(feature.half().numpy())
            parts.append(part + len(names))
            shapes.append(np.full(len(part), seed))
        names.extend(shape.names)
    _write(path, np.concatenate(features), np.concatenate(parts), np.concatenate(shapes), names)


def make_scene_file(number: int, out: Path) -> None:
    """Write the file of one scene; its names are those of whole things and of what surrounds them."""
    path = out / f"scene.{number}.npz"
    if path.exists():
        return
    samples, names = observe_scene(FIRST_SCENE + number, _encoder())
    feature = np.concatenate([one.half().numpy() for one, _ in samples])
    shown = np.concatenate([label for _, label in samples])
    _write(path, feature, shown, np.full(len(shown), number), list(names))


def _write(
    path: Path, feature: np.ndarray, part: Int[np.ndarray, " n"], shape: Int[np.ndarray, " n"], names: list[str]
) -> None:
    with atomic(path) as temporary, temporary.open("wb") as file:
        np.savez(file, feature=feature, part=part, shape=shape, names=names)


_shared: dict[str, PatchEncoder] = {}


def _encoder() -> PatchEncoder:
    """One encoder a process."""
    if not _shared:
        torch.set_num_threads(1)
        _shared["encoder"] = PatchEncoder()
    return _shared["encoder"]


def main() -> None:
    """Make all files, round after round so that an early stop leaves all kinds covered."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=Path("build/features"))
    parser.add_argument("--shapes", type=int, default=12, help="shapes of each kind")
    parser.add_argument("--scenes", type=int, default=120)
    parser.add_argument("--kinds", nargs="*", help="only these")
    parser.add_argument("--workers", type=int, default=os.cpu_count())
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    kinds, blocks = arguments.kinds or sorted(KINDS), arguments.shapes // BLOCK
    with ProcessPoolExecutor(arguments.workers) as pool, Progress() as progress:
        jobs = []
        for block in range(blocks):
            jobs += [pool.submit(make_block, kind, block, arguments.out) for kind in kinds]
            share = range(block * arguments.scenes // blocks, (block + 1) * arguments.scenes // blocks)
            jobs += [pool.submit(make_scene_file, number, arguments.out) for number in share]
        for job in progress.track(jobs, description="features"):
            job.result()


if __name__ == "__main__":
    main()
