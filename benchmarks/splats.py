"""Seconds, memory and names of Gaussians: `meronym.segment` with the built-in teacher on splats made from meshes.

    python -m benchmarks.splats
    python -m benchmarks.splats --data DIR --names DIR/../labelled_psb_names.json     # the labelled PSB besides
    python -m benchmarks.splats --scenes 5                                            # generated scenes instead

Each mesh becomes 200,000 Gaussians: discs along its surface, coloured and lit from one side, as a capture would be. They are
seen from 20 views, with the up axis that is found for the mesh, and their names are compared with those that the mesh itself
gets, and with its true labels. Every shape has a process of its own, whose peak memory counts. Writes results/splats.json.

--scenes N: scenes of the seeds 0 to N - 1, photographed from an arc, become 200,000 Gaussians where the pixels of the photos
lie, in their colours, with the cameras of the photos: a 3DGS folder as exact as can be. They are named as a scene, and, given
a category, as one thing; and two words for what is not there are asked alone. Writes results/splats_scenes.json.

Both need the weights in the cache.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from jaxtyping import Float, Int
from scipy.spatial import cKDTree

from benchmarks.speed import RESULTS, in_new_process, machine, peak_memory
from meronym.core import geometry
from meronym.core.gaussians import gaussians, rows_of
from meronym.datasets.labelled_psb import LabelledPSB
from meronym.evaluation.metrics import part_iou
from meronym.io.files import atomic
from meronym.shapes import pipeline
from meronym.testing import labelled_shape
from meronym.types import SH_CONSTANT, Gaussians, Mesh
from meronym_synthetic.scenes.layout import arc, make_scene
from meronym_synthetic.scenes.light import render_scene

GENERATED = ("chair", "airplane", "person", "cup")
COUNT, VIEWS = 200_000, 20
UP = (0.0, 1.0, 0.0)
LIGHT = (0.4, 0.8, 0.45)
PHOTOS = 12
ABSENT = ("banana", "zebra")
"""Words for what no generated scene has."""


def splats_of(
    mesh: Mesh, count: int, generator: torch.Generator, opacity: float = 0.95
) -> tuple[Gaussians, Int[np.ndarray, " n"]]:
    """Gaussians along a mesh's surface, and the face that each comes from: discs that overlap, lit from one side."""
    points, face = geometry.sample_surface(mesh, count, generator)
    normal = geometry.element_normals(mesh)[face]
    spacing = np.sqrt(geometry.face_normals(mesh.vertices, mesh.faces)[1].sum() / count)
    scale = np.broadcast_to(np.log(spacing * np.array([1.0, 1.0, 0.1])), points.shape)
    plain = np.full(points.shape, 0.72) if mesh.corner_colour is None else mesh.corner_colour[face].mean(1)
    colour = plain * (0.5 + 0.5 * np.abs(normal @ np.array(LIGHT)))[:, None]
    logit = np.full(count, np.log(opacity / (1 - opacity)))
    return gaussians(rows_of(points, scale, _turn(normal), logit, (colour - 0.5) / SH_CONSTANT)), face


def _turn(normal: Float[np.ndarray, "n 3"]) -> Float[np.ndarray, "n 4"]:
    """Quaternions w x y z, of any length, that turn z to the normals."""
    x, y, z = normal.T
    half = np.stack([1 + z, -y, x, np.zeros_like(z)], 1)
    return np.where((z < -0.9999)[:, None], [0.0, 1.0, 0.0, 0.0], half)


class Subject(NamedTuple):
    """A labelled mesh."""

    name: str
    mesh: Mesh
    truth: Int[np.ndarray, " f"]
    prompts: tuple[str, ...]
    category: str
    up: tuple[float, float, float] | None


def measure(subject: Subject) -> dict[str, Any]:
    """Seconds and memory of a mesh's Gaussians, and which share of them is named as the mesh is, and rightly."""
    mesh, truth = subject.mesh, subject.truth
    segment = partial(pipeline.segment, prompts=subject.prompts, category=subject.category, views=VIEWS)
    of_mesh = segment(mesh, up=subject.up)
    shape, face = splats_of(mesh, COUNT, torch.Generator().manual_seed(0))
    start, busy = time.perf_counter(), time.process_time()
    result = segment(shape, up=of_mesh.record.settings["up_axis"])
    seconds, processor, peak = time.perf_counter() - start, time.process_time() - busy, peak_memory()
    return {
        "shape": subject.name, "gaussians": COUNT, "views": VIEWS, "seconds": round(seconds, 1),
        "processor_seconds": round(processor, 1), "peak_gb": round(peak, 2), "stages": dict(result.record.seconds),
        "as_mesh": round(float((result.label == of_mesh.label[face]).mean()), 4),
        "right": round(float((result.label == truth[face]).mean()), 4),
        "mesh_right": round(float((of_mesh.label == truth)[face].mean()), 4),
    }  # fmt: skip


def shapes(data: Path | None, names: Path | None) -> Iterator[Subject]:
    """Generated things, and the first of each category of the labelled PSB."""
    for kind in GENERATED:
        mesh, label, words = labelled_shape(kind)
        yield Subject(kind, mesh, label, words, kind, UP)
    if data is not None:
        dataset = LabelledPSB(data, names=names, limit=1)
        for item in dataset:
            mesh = item.shape
            assert isinstance(mesh, Mesh)
            yield Subject(item.id, mesh, dataset.truth(item.id), item.prompts, item.category, item.up)


def photographed(seed: int) -> tuple[Gaussians, Int[np.ndarray, " n"], tuple[str, ...]]:
    """A generated scene as Gaussians where the pixels of its photos lie, the name of each (-1 = the wall), and the names."""
    scene = make_scene(seed)
    views, label = render_scene(scene, arc(scene, PHOTOS))
    row, column = torch.meshgrid(*(torch.arange(side) + 0.5 for side in views.element.shape[1:]), indexing="ij")
    points = []
    for depth, pose, lens in zip(views.depth, views.cameras.world_from_camera, views.cameras.intrinsics, strict=True):
        ray = torch.stack([(column - lens[0, 2]) / lens[0, 0], (row - lens[1, 2]) / lens[1, 1], torch.ones_like(row)], 2)
        points.append((ray * depth[..., None]).double() @ pose[:3, :3].double().T + pose[:3, 3].double())
    shown = (views.element >= 0).numpy()
    own = np.random.default_rng(0).permutation(int(shown.sum()))[:COUNT]
    place, colour, name = (array[shown][own] for array in (torch.stack(points).numpy(), views.colour.numpy(), label))
    spacing = cKDTree(place).query(place, k=4)[0][:, 1:].mean(1).clip(1e-6)
    scale = np.log(0.7 * np.repeat(spacing[:, None], 3, 1))
    rows = rows_of(place, scale, np.tile([1.0, 0, 0, 0], (COUNT, 1)), np.full(COUNT, 3.0), (colour - 0.5) / SH_CONSTANT)
    return gaussians(rows, cameras=views.cameras), name, scene.names


def measure_scene(seed: int) -> dict[str, Any]:
    """mIoU of a scene's names (of Gaussians, in percent), as a scene and as one thing; share that absent words take."""
    shape, truth, words = photographed(seed)
    row: dict[str, Any] = {"scene": seed, "names": words}
    for how, category in (("as a scene", None), ("as one thing", "scene")):
        start = time.perf_counter()
        found = pipeline.segment(shape, words, category=category, views=PHOTOS)
        row[f"{how}, seconds"] = round(time.perf_counter() - start, 1)
        row[how] = round(
            100 * float(np.nanmean(part_iou(found.label, truth, np.ones(COUNT), len(words), unnamed="counted"))), 1
        )
    row["absent"] = [round(100 * float((pipeline.segment(shape, [w], views=PHOTOS).label == 0).mean()), 2) for w in ABSENT]
    return row


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="folder of the labelled PSB")
    parser.add_argument("--names", type=Path, help="plain names of its parts")
    parser.add_argument("--scenes", type=int, default=0, help="number of generated scenes, which are measured instead")
    arguments = parser.parse_args()
    run, subjects = measure, shapes(arguments.data, arguments.names)
    if arguments.scenes:
        run, subjects = measure_scene, range(arguments.scenes)
    rows = []
    for subject in subjects:
        rows.append(in_new_process(run, subject))
        print(json.dumps(rows[-1]), flush=True)
    with atomic(RESULTS / ("splats_scenes.json" if arguments.scenes else "splats.json")) as file:
        file.write_text(json.dumps({"machine": machine(), "shapes": rows}, indent=1))


if __name__ == "__main__":
    main()
