"""The main job and a small scene on a GPU, beside the CPU's answers: do they agree, and in what time.

    python -m benchmarks.gpu
    python -m benchmarks.gpu --device cpu --tiny

shape         a procedural person of 20,000 faces from 10 views, by `recognise`
scene         a rendered scene by `lift`, on the CPU's reconstruction and features
scene anew    the same with a reconstruction of its own: training differs in the last bits, which grow, so limits are wider

Without a GPU it says so, runs everything at a tiny size, on the CPU twice, and writes nothing unless --json is given. A GPU's
seconds are those of a second run, after kernels are loaded. Writes results/gpu.json with the name of the card; exit status 1
if an answer differs by more than its limits.
"""

from __future__ import annotations

import argparse
import json
import platform
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from benchmarks.speed import mesh_of
from meronym.core import geometry
from meronym.core.device import resolve
from meronym.core.provenance import commit
from meronym.io.captures.read import read_capture
from meronym.io.files import atomic
from meronym.results import Segmentation
from meronym.scenes import pipeline as scenes
from meronym.shapes import pipeline as shapes
from meronym.testing import labelled_shape
from meronym_synthetic.scenes import arc, make_scene, render_scene, write_scene

RESULTS = Path(__file__).parent / "results"


@dataclass(frozen=True)
class Size:
    """How large the jobs are."""

    faces: int = 20_000
    views: int = 10
    photos: int = 16
    width: int = 400
    """Of the photos, pixels; height is three quarters of that, and the field gets half."""
    steps: int = 1100
    """Of the reconstruction."""


TINY = Size(faces=600, views=2, photos=4, width=64, steps=20)


@dataclass(frozen=True)
class Limits:
    """How far two devices' answers may differ."""

    labels: float = 0.999
    """Least share of the surface, or of the photos' pixels, with the same label."""
    scores: float = 0.005
    """Largest mean difference of scores, which are 0..1."""
    decibels: float = 0.01
    """Largest difference of the reconstruction's PSNR on held-out photos."""


ANEW = Limits(labels=0.97, scores=0.03, decibels=0.5)
"""For reconstructions trained apart; a guess until it is measured on a GPU."""

Job = Callable[[torch.device], Segmentation]


def differences(ours: Segmentation, theirs: Segmentation) -> dict[str, float]:
    """How far two answers for the same thing differ: by area on a shape, by pixels in photos."""
    if ours.views is None or theirs.views is None:
        pairs, weight = [(ours.label, theirs.label), (ours.score, theirs.score)], geometry.element_areas(ours.shape)
    else:
        pairs = [(ours.views.label, theirs.views.label), (ours.views.score, theirs.views.score)]
        pairs = [(one.reshape(-1), other.reshape(-1)) for one, other in pairs]
        weight = np.full(len(pairs[0][0]), 1 / len(pairs[0][0]))
    (label, other_label), (score, other_score) = pairs
    apart = np.abs(score.astype(np.float64) - other_score.astype(np.float64))
    found = {
        "labels": float(1 - weight @ (label != other_label)),
        "scores": float(apart.mean() if ours.views is not None else weight @ apart.mean(1)),
        "largest": float(apart.max()),
    }
    psnr, other_psnr = ours.record.psnr, theirs.record.psnr
    if "held_out" in psnr:
        found["decibels"] = abs(psnr["held_out"] - other_psnr["held_out"])
    return found


def within(found: dict[str, float], limits: Limits) -> bool:
    """Whether an answer is near enough to another."""
    return (
        found["labels"] >= limits.labels and found["scores"] <= limits.scores and found.get("decibels", 0.0) <= limits.decibels
    )


def run(job: Job, device: torch.device) -> tuple[Segmentation, dict[str, Any]]:
    """An answer, seconds per stage, and on a GPU the most memory that torch held, GB."""
    if device.type == "cpu":
        result = job(device)
        return result, dict(result.record.seconds)
    job(device)
    torch.cuda.reset_peak_memory_stats(device)
    result = job(device)
    return result, {**result.record.seconds, "peak_gb": torch.cuda.max_memory_allocated(device) / 2**30}


def jobs(size: Size, teacher: str, folder: Path) -> dict[str, tuple[Job, Limits]]:
    """What is computed on both devices, in this order: the CPU's scene comes first and is kept."""
    _, _, prompts = labelled_shape("person")
    words, mesh = tuple(dict.fromkeys(prompts))[:8], mesh_of("person", size.faces)
    scene = make_scene(0)
    photos = arc(scene, size.photos, size.width, size.width * 3 // 4)
    capture = read_capture(write_scene(scene, *render_scene(scene, photos), folder / "scene"))
    settings = {"reconstruction.steps": size.steps}

    def shape(device: torch.device) -> Segmentation:
        return shapes.segment(
            mesh, words, category="person", teacher=teacher, views=size.views, up=(0.0, 1.0, 0.0), device=device
        )

    def kept(device: torch.device) -> Segmentation:
        return scenes.segment(
            capture, method="lift", settings=settings, teacher=teacher, size=size.width // 2, cache=folder, device=device
        )

    def anew(device: torch.device) -> Segmentation:
        return scenes.segment(capture, method="lift", settings=settings, teacher=teacher, size=size.width // 2, device=device)

    return {"shape": (shape, Limits()), "scene": (kept, Limits()), "scene anew": (anew, ANEW)}


def main(words: Sequence[str] | None = None) -> None:
    """Compare both devices and leave the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--device", default="auto", help="auto, cuda, cuda:N or cpu")
    parser.add_argument("--tiny", action="store_true", help="seconds instead of minutes: does it run at all")
    parser.add_argument("--teacher", default="builtin")
    parser.add_argument("--json", type=Path, help="where to write, if not results/gpu.json")
    options = parser.parse_args(words)
    device = resolve(options.device)
    card = "none" if device.type == "cpu" else torch.cuda.get_device_name(device)
    if device.type == "cpu":
        print("no GPU is used: everything runs on the CPU twice, at a tiny size")
    size = TINY if options.tiny or device.type == "cpu" else Size()
    rows, agree = {}, True
    with tempfile.TemporaryDirectory() as folder:
        for name, (job, limits) in jobs(size, options.teacher, Path(folder)).items():
            expected, cpu_seconds = run(job, torch.device("cpu"))
            answer, seconds = run(job, device)
            found = differences(answer, expected)
            rows[name] = {"cpu": cpu_seconds, "device": seconds, "differences": found, "limits": asdict(limits)}
            agree = agree and within(found, limits)
            print(f"{name}: {'agrees' if within(found, limits) else 'DIFFERS'} {found}, limits {asdict(limits)}", flush=True)
            print(f"  CPU {cpu_seconds}\n  {device} {seconds}", flush=True)
    record = {
        "commit": commit(), "card": card, "torch": torch.__version__, "machine": platform.machine(),
        "threads": torch.get_num_threads(), "size": asdict(size), "agree": agree, "rows": rows,
    }  # fmt: skip
    target = options.json or (None if device.type == "cpu" else RESULTS / "gpu.json")
    if target is not None:
        with atomic(target) as temporary:
            temporary.write_text(json.dumps(record, indent=1))
    if not agree:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
