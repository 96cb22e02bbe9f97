"""Seconds of a step of training, of an alignment and of an answer, and the memory that many regions need.

    python -m benchmarks.distil_speed

Step: a batch of 16 shapes x 2,048 points. The straightforward way recomputes Point-M2AE for every step and trains the paper's
head on it (three layers of 681); ours trains on features that were computed once. "The same head" takes the backbone from the
one and the head from the other. All in one run, one after the other, the median of several; weights are random, as time does
not depend on them. Alignment and answers: an airplane of the generator with 20,000 faces. Memory: 1,000 boxes on 100,000
points, in a process of its own. Writes results/distil_speed.json.
"""

from __future__ import annotations

import json
import os
import platform
import resource
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from benchmarks.speed import mesh_of
from meronym.core import cameras
from meronym.io.files import atomic
from meronym.lifting import losses, voting
from meronym.lifting.observation import Backbone
from meronym.methods.part_distill import Example, PartDistill, align, example, predict
from meronym.render import TorchRenderer
from meronym.shapes.observation import observe
from meronym.students.backbones import Geometry, Lifted
from meronym.students.head import Student
from meronym.students.point_m2ae import PointM2AE
from meronym.teachers.builtin import BuiltinTeacher
from meronym.teachers.checked import CheckedTeacher
from meronym.testing import labelled_shape
from meronym.types import PointCloud, Regions

RESULTS = Path(__file__).parent / "results"
SHAPES, POINTS, PARTS = 16, 2048, 4
FACES = 20_000


def seconds(once: Callable[[], Any], times: int = 3) -> float:
    """The median of several runs, after one that is not counted."""
    once()
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        once()
        taken.append(time.perf_counter() - start)
    return sorted(taken)[times // 2]


def steps() -> dict[str, float]:
    """Seconds of a training step, three ways."""
    draw = torch.Generator().manual_seed(0)
    clouds = torch.rand(SHAPES, POINTS, 3, generator=draw) - 0.5
    mass = torch.rand(SHAPES * POINTS, PARTS, generator=draw)
    backbone = PointM2AE()
    wide = nn.Sequential(*[layer for _ in range(3) for layer in (nn.Linear(681, 681), nn.ReLU())], nn.Linear(681, PARTS))
    own = Student(681, tuple("abcd"), None)
    with torch.no_grad():
        kept = backbone(clouds).reshape(-1, 681)
    own.fit_whitening(kept[::16])
    white = own.whiten(kept)

    def step(head: nn.Module, features: Callable[[], Tensor]) -> Callable[[], None]:
        optimiser = torch.optim.Adam([p for p in head.parameters() if p.requires_grad], 1e-3)

        def once() -> None:
            loss = losses.forward_loss(head(features())[:, :PARTS], mass, torch.ones(PARTS))
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()

        return once

    return {
        "backbone at each step, the paper's head": seconds(step(wide, lambda: backbone(clouds).reshape(-1, 681))),
        "backbone at each step, the same head": seconds(step(own, lambda: own.whiten(backbone(clouds).reshape(-1, 681)))),
        "features kept (ours)": seconds(step(own, lambda: white)),
    }


def answers() -> dict[str, float]:
    """Seconds to align a student to one shape with the teacher's answers at hand, and of an answer of a trained one."""
    mesh, names = mesh_of("airplane", FACES), tuple(dict.fromkeys(labelled_shape("airplane")[2]))[:4]
    teacher, method = BuiltinTeacher(), PartDistill()

    def fresh(views: int) -> Any:
        return observe(mesh, names, CheckedTeacher(teacher), category="airplane", up=(0.0, 1.0, 0.0), views=views)[0]

    observation = fresh(10)
    _ = observation.answer, observation.maps
    result = {"TTA, teacher's answers at hand": seconds(lambda: method(observation), 1)}
    for name, backbone, views in (
        ("lifted, 10 views", Lifted(), 10),
        ("lifted, 4 views", Lifted(), 4),
        ("geometry", Geometry(), 10),
    ):
        student = align([example(observation, backbone(observation), method)], names, method)
        result[f"Pre, one answer, {name}"] = seconds(lambda b=backbone, s=student, v=views: answer(s, fresh(v), b))  # type: ignore[misc]
    return result


def answer(student: Student, observation: Any, backbone: Backbone) -> Any:
    """From the shape to labels, rendering included."""
    return predict(student, observation, backbone(observation))


def memory() -> dict[str, float]:
    """Peak memory of 1,000 boxes on 100,000 points: votes, targets, re-scoring and training."""
    draw = torch.Generator().manual_seed(0)
    points = torch.randn(100_000, 3, generator=draw, dtype=torch.float64)
    cloud = PointCloud((points / points.norm(dim=1, keepdim=True)).numpy())
    up = torch.tensor([0.0, 1.0, 0.0])
    views = TorchRenderer()(cloud, cameras.frame(cloud.points, cameras.spread(10, up), up, 448))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    low = torch.rand(1000, 2, generator=draw) * 300
    box = torch.cat([low, low + 40 + torch.rand(1000, 2, generator=draw) * 100], 1)
    view, prompt = torch.arange(1000) % 10, torch.arange(1000) % PARTS
    votes = voting.cast_votes(Regions(view, prompt, torch.rand(1000, generator=draw), box), views, cloud)
    features = torch.from_numpy(cloud.points).float()
    align([Example(features, None, votes)], tuple("abcd"), PartDistill())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    return {"votes": len(votes.region), "GiB before": before, "GiB at the most": peak}


def main() -> None:
    """Measure, print, write."""
    measured: dict[str, Any] = {"step": steps(), "answers": answers()}
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        measured["memory"] = pool.submit(memory).result()
    ours = measured["step"]["features kept (ours)"]
    measured["ratio"] = {name: value / ours for name, value in measured["step"].items()}
    measured["machine"] = (
        f"{platform.machine()}, {os.cpu_count()} cores, torch {torch.__version__}, {torch.get_num_threads()} threads"
    )
    with atomic(RESULTS / "distil_speed.json") as temporary:
        temporary.write_text(json.dumps(measured, indent=1), encoding="utf-8")
    print(json.dumps(measured, indent=1))


if __name__ == "__main__":
    main()
