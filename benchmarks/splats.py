"""Seconds, memory and names of Gaussians: `meronym.segment` with the built-in teacher on splats made from meshes.

    python -m benchmarks.splats
    python -m benchmarks.splats --data DIR --names DIR/../labelled_psb_names.json     # the labelled PSB besides

Each mesh becomes 200,000 Gaussians: discs along its surface, coloured and lit from one side, as a capture would be. They are
seen from 20 views, with the up axis that is found for the mesh, and their names are compared with those that the mesh itself
gets, and with its true labels. Every shape has a process of its own, whose peak memory counts. Writes results/splats.json;
needs the weights in the cache.
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

from benchmarks.speed import RESULTS, in_new_process, machine, peak_memory
from meronym.core import geometry
from meronym.core.gaussians import gaussians, rows_of
from meronym.datasets.labelled_psb import LabelledPSB
from meronym.io.files import atomic
from meronym.shapes import pipeline
from meronym.testing import labelled_shape
from meronym.types import SH_CONSTANT, Gaussians, Mesh

GENERATED = ("chair", "airplane", "person", "cup")
COUNT, VIEWS = 200_000, 20
UP = (0.0, 1.0, 0.0)
LIGHT = (0.4, 0.8, 0.45)


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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="folder of the labelled PSB")
    parser.add_argument("--names", type=Path, help="plain names of its parts")
    arguments = parser.parse_args()
    rows = []
    for subject in shapes(arguments.data, arguments.names):
        rows.append(in_new_process(measure, subject))
        print(json.dumps(rows[-1]), flush=True)
    with atomic(RESULTS / "splats.json") as file:
        file.write_text(json.dumps({"machine": machine(), "shapes": rows}, indent=1))


if __name__ == "__main__":
    main()
