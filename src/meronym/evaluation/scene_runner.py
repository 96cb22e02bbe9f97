"""Scenes with masks: all methods on the same survey, figures on the views that were learned from and on those that were not."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor
from torch.nn import functional

from meronym.core import cameras
from meronym.core.colour import psnr
from meronym.datasets import CaptureDataset
from meronym.errors import DeviceError, Error
from meronym.evaluation import metrics
from meronym.io.captures.read import undistorted
from meronym.io.summary import commit
from meronym.progress import Progress, silent
from meronym.protocols import Teacher
from meronym.radiance.reconstruction import DEFAULT, ReconstructionSettings
from meronym.radiance.rendered import RenderedRays
from meronym.registry import load
from meronym.scenes import pipeline
from meronym.scenes.observation import SceneMethod, SceneObservation
from meronym.scenes.pipeline import sides

PROTOCOL = (
    "closed list of names, best of them at each pixel, at the photos' own size. mIoU standard: pixels of all views together, "
    "mean over names that occur; 3D-OVS's: each view and name by itself, 0 for a name that a view does not show"
)
NEAR = 0.03
"""Share of its distance by which a point may lie off what a view shows there and still count as seen."""


def evaluate(
    dataset: CaptureDataset,
    methods: Mapping[str, SceneMethod] | Sequence[str],
    *,
    teacher: str | Teacher = "builtin",
    size: int = pipeline.SIZE,
    settings: ReconstructionSettings = DEFAULT,
    kept: Path | None = None,
    options: Mapping[str, object] | None = None,
    device: str | torch.device = "auto",
    change: Callable[[SceneObservation], SceneObservation] = lambda scene: scene,
    progress: Progress = silent,
) -> dict[str, Any]:
    """Figures of every method on every scene: a report that `table` prints. Labels reach the figures only.

    `change` makes another survey of each, for ablations. A scene that cannot be read is listed under failures.
    """
    if str(device) not in ("auto", "cpu"):
        raise DeviceError(f"device: expected 'auto' or 'cpu', got {str(device)!r:.40}")
    model = pipeline.hire_open(teacher)
    known = methods if isinstance(methods, Mapping) else {name: load("scene_methods", name) for name in methods}
    report: dict[str, Any] = {
        "dataset": dataset.name, "protocol": PROTOCOL, "teacher": model.describe(), "size": size,
        "machine": f"{os.cpu_count()} cores", "commit": commit(), "scenes": {}, "failures": {},
    }  # fmt: skip
    for number, item in enumerate(dataset):
        progress("scenes", number, len(dataset))
        try:
            capture = item.capture
            shot = pipeline.Photos.of(capture, size)
            scene = pipeline.observe(capture, shot, item.prompts, model, settings=settings, kept=kept, progress=progress)
            scene, views, held_out = change(scene), shot.views, shot.held_out
            truth = {
                view: (undistorted(capture, view, torch.from_numpy(masks).float()) > 0.5).numpy()
                for view, masks in dataset.truth(item.id).items()
            }
            rendered = scene.glance(views.cameras)
            rows = {}
            for name, method in known.items():
                start = time.perf_counter()
                named = method(scene)
                seconds = time.perf_counter() - start
                scores = named.scores(rendered, shot.sharp)
                rows[name] = {
                    **{
                        side: metrics.scene_figures(*_pairs(scores, truth, own))
                        for side, own in sides(held_out).items()
                        if any(bool(own[view]) for view in truth)
                    },
                    "consistency": consistency(rendered, scores.argmax(1)),
                    "seconds": round(seconds, 1),
                }
        except Error as error:
            report["failures"][item.id] = f"{type(error).__name__}: {error}"
            continue
        quality = {side: round(psnr(rendered.colour[own], views.colour[own]), 2) for side, own in sides(held_out).items()}
        ruler = {"masks": consistency(rendered, _labels(truth, rendered))} if len(truth) == len(views) else {}
        report["scenes"][item.id] = {"prompts": item.prompts, "psnr": quality, "methods": rows, "consistency": ruler}
    progress("scenes", len(dataset), len(dataset))
    return report


def _pairs(
    scores: Float[Tensor, "c p h w"], truth: Mapping[int, Bool[np.ndarray, "p hh ww"]], own: Bool[Tensor, " c"]
) -> tuple[list[Int[np.ndarray, "hh ww"]], list[Bool[np.ndarray, "p hh ww"]]]:
    """Best prompts at the photos' own size, beside the masks, of the annotated views among `own`."""
    views = [view for view in truth if bool(own[view])]
    label = [
        functional.interpolate(scores[view][None], truth[view].shape[1:], mode="bilinear")[0].argmax(0).numpy()
        for view in views
    ]
    return label, [truth[view] for view in views]


def _labels(truth: Mapping[int, Bool[np.ndarray, "p hh ww"]], rendered: RenderedRays) -> Int[Tensor, "c h w"]:
    """The masks as labels of the pixels of a glance; -1 where there is none."""
    size = rendered.opacity.shape[1:]
    shares = [functional.interpolate(torch.from_numpy(truth[k]).float()[None], size, mode="area")[0] for k in sorted(truth)]
    return torch.stack([torch.where(share.sum(0) > 0.5, share.argmax(0), -1) for share in shares])


def consistency(rendered: RenderedRays, label: Int[Tensor, "c h w"]) -> float:
    """Share of points of the surface, in percent, that bear one label in all views that see them, of those that two see.

    The points are those that every 37th pixel shows.
    """
    points = rendered.points.reshape(-1, 3)[::37]
    pixel, depth = cameras.project(rendered.cameras, points)
    first, seen = torch.full((len(points),), -2), torch.zeros(len(points), dtype=torch.long)
    kept = torch.ones(len(points), dtype=torch.bool)
    for view in range(len(label)):
        x, y = pixel[view].floor().long().unbind(1)
        inside = (depth[view] > 0) & (x >= 0) & (y >= 0) & (x < rendered.cameras.width) & (y < rendered.cameras.height)
        point = inside.nonzero()[:, 0]
        at = (view, y[point], x[point])
        away = (points[point] - rendered.cameras.world_from_camera[view, :3, 3].to(points)).norm(dim=1)
        shown = (away - rendered.distance[at]).abs() < NEAR * away
        point, said = point[shown], label[at][shown]
        kept[point] &= (first[point] == said) | (seen[point] == 0)
        first[point] = torch.where(seen[point] == 0, said, first[point])
        seen[point] += 1
    return 100 * float(kept[seen >= 2].float().mean())


def table(report: dict[str, Any]) -> str:
    """The figures as Markdown, protocol and circumstances with them."""
    scenes = report["scenes"]
    rows = [
        f"{report['dataset']}, {len(scenes)} scenes, photos of {report['size']} pixels, teacher {report['teacher']['name']}.",
        f"{report['protocol'][0].upper()}{report['protocol'][1:]}.",
        f"Commit {report['commit']}, {report['machine']}.",
    ]
    names = list(next(iter(scenes.values()))["methods"]) if scenes else []
    for side in ("held-out views", "training views"):
        having = {scene: row for scene, row in scenes.items() if all(side in row["methods"][name] for name in names)}
        if not having:
            continue
        rows += [
            "",
            f"mIoU (standard), {side}:",
            "",
            "| method | " + " | ".join(having) + " | mean | 3D-OVS's mIoU | its accuracy |",
        ]
        rows.append("|" + "---|" * (len(having) + 4))
        for name in names:
            own = [row["methods"][name][side] for row in having.values()]
            figures = [f"{row['miou']:.1f}" for row in own]
            means = [f"{np.mean([row[key] for row in own]):.1f}" for key in ("miou", "miou_3dovs", "accuracy_3dovs")]
            rows.append(f"| {name} | {' | '.join(figures)} | **{means[0]}** | {means[1]} | {means[2]} |")
    rows += ["", "| method | one label in all views that see a point | seconds to learn |", "|---|---|---|"]
    for name in names:
        own = [row["methods"][name] for row in scenes.values()]
        same, seconds = (np.mean([row[key] for row in own]) for key in ("consistency", "seconds"))
        rows.append(f"| {name} | {same:.1f} % | {seconds:.0f} |")
    rulers = [row["consistency"]["masks"] for row in scenes.values() if row["consistency"]]
    if rulers:
        rows.append(f"| the masks themselves, on the same points | {np.mean(rulers):.1f} % | |")
    rows += [f"\nPSNR {scene}: {row['psnr']}, prompts: {', '.join(row['prompts'])}." for scene, row in scenes.items()]
    rows += [f"\n{scene} failed: {why}" for scene, why in report["failures"].items()]
    return "\n".join(rows) + "\n"
