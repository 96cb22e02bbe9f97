"""Seconds and memory of the main job, `meronym.segment` with the built-in teacher.

    python -m benchmarks.speed

The job is a person of 20,000 faces seen from 10 views: what loading and each stage cost in a fresh process, again in a warm
one, where the up axis is not known beforehand (elsewhere it is given, as a glTF file does), and what five other words for
the result cost. Then the cost against faces, views and prompts, each alone; every number of faces has a process of its own,
whose peak memory counts. Writes results/speed.json and results/speed.png; needs the weights in the cache and about five
minutes.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import nullcontext
from functools import partial
from importlib import import_module
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import torch
import trimesh

from meronym.core import geometry
from meronym.io.files import atomic
from meronym.protocols import Teacher
from meronym.shapes import pipeline
from meronym.teachers.builtin import HEAD, BuiltinTeacher
from meronym.testing import labelled_shape
from meronym.types import Mesh
from meronym_synthetic.kinds import KINDS

RESULTS = Path(__file__).parent / "results"
FACES = (1_000, 10_000, 100_000, 1_000_000)
VIEWS = (2, 4, 6, 10, 15, 20)
PROMPTS = (1, 2, 5, 10, 20, 50)
JOB_FACES = 20_000
JOB_VIEWS = 10
STAGES = ("find up", "render", "teacher", "lift")
UP = (0.0, 1.0, 0.0)
LAZY_IMPORTS = ("transformers.models.bert.modeling_bert", "transformers.models.dinov2.modeling_dinov2", "tokenizers")
"""What loading a teacher imports the first time."""

Seconds = dict[str, float]


def mesh_of(kind: str, count: int) -> Mesh:
    """A procedural shape refined to `count` faces, or one less: all faces are quartered, then the largest cut in three."""
    shape, _, _ = labelled_shape(kind)
    vertices, faces = shape.vertices, shape.faces
    while 4 * len(faces) <= count:
        vertices, faces = trimesh.remesh.subdivide(vertices, faces)
    while len(faces) + 2 <= count:
        area = geometry.face_normals(vertices, faces)[1]
        order = np.argsort(-area, kind="stable")
        cut, kept = np.split(faces[order], [min((count - len(faces)) // 2, len(faces))])
        middle = len(vertices) + np.arange(len(cut))
        vertices = np.concatenate([vertices, vertices[cut].mean(1)])
        fans = [np.stack([cut[:, i], cut[:, (i + 1) % 3], middle], 1) for i in range(3)]
        faces = np.concatenate([kept, *fans])
    return Mesh(vertices, faces)


def run(
    teacher: Teacher,
    mesh: Mesh,
    prompts: Sequence[str],
    category: str,
    views: int = JOB_VIEWS,
    up: Sequence[float] | None = UP,
) -> Seconds:
    """Segment once: seconds in total and of each stage ("teacher" is the teacher; "lift" is all that follows)."""
    start = time.perf_counter()
    result = pipeline.segment(mesh, prompts, category=category, teacher=teacher, views=views, up=up)
    total = time.perf_counter() - start
    before = {stage: result.record.seconds[stage] for stage in STAGES[:-1]}
    return {"total": total, **before, "lift": total - sum(before.values())}


def middle(once: Callable[[], Seconds], times: int = 3) -> Seconds:
    """The run with the median total."""
    return sorted((once() for _ in range(times)), key=lambda seconds: seconds["total"])[times // 2]


def in_new_process(function: Callable[..., Any], *arguments: Any) -> Any:
    """What `function` returns in a process that has only imported this module."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(function, *arguments).result()


def cold_job(head: Path) -> dict[str, Any]:
    """The job in a new process: seconds to import what is imported late, to load, of the first call and of later ones."""
    start = time.perf_counter()
    for name in LAZY_IMPORTS:
        import_module(name)
    imported = time.perf_counter()
    teacher = BuiltinTeacher(head)
    loaded = time.perf_counter()
    mesh, names = mesh_of("person", JOB_FACES), labelled_shape("person")[2]
    job = partial(run, teacher, mesh, names, "person")
    first = job()
    return {
        "faces": len(mesh.faces),
        "views": JOB_VIEWS,
        "prompts": len(names),
        "late_imports": imported - start,
        "load": loaded - imported,
        "first": first,
        "again": middle(job),
        "up unknown": middle(partial(job, up=None)),
        "end_to_end": loaded - imported + first["total"],
        "other words": other_words(teacher, mesh, names, "person"),
    }


def other_words(teacher: BuiltinTeacher, mesh: Mesh, names: Sequence[str], category: str) -> Seconds:
    """Seconds of five other words for a result: never said before, and said before; medians of ten."""
    result = pipeline.segment(mesh, names, category=category, teacher=teacher, up=UP)
    words = sorted({word for kind in KINDS.values() for synonyms in kind.synonyms.values() for word in synonyms})
    asked = [tuple(words[start : start + 5]) for start in range(0, 50, 5)]
    seconds: dict[str, list[float]] = {}
    for when in ("new", "said before"):
        for prompts in asked:
            start = time.perf_counter()
            pipeline.query(result, prompts, teacher, nullcontext())
            seconds.setdefault(when, []).append(time.perf_counter() - start)
    return {when: statistics.median(values) for when, values in seconds.items()}


def with_faces(head: Path, faces: int) -> dict[str, Any]:
    """Seconds for so many faces in a warm process (one run where there are many), and the process's peak memory in GB."""
    teacher, names = BuiltinTeacher(head), labelled_shape("table")[2]
    run(teacher, mesh_of("table", 1000), names, "table", views=2)
    mesh, before = mesh_of("table", faces), peak_memory()
    seconds = middle(partial(run, teacher, mesh, names, "table"), 1 if faces > 200_000 else 3)
    return {"faces": len(mesh.faces), **seconds, "peak_gb": peak_memory(), "peak_gb_before": before}


def peak_memory() -> float:
    """The most memory that this process has held so far, in GB (10^9 bytes)."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e9


def measure(head: Path) -> dict[str, Any]:
    """Everything, with the machine and the commit beside it."""
    teacher = BuiltinTeacher(head)
    mesh, names = mesh_of("person", JOB_FACES), labelled_shape("person")[2]
    words = sorted({part for kind in KINDS.values() for part in kind.synonyms})
    report: dict[str, Any] = {"machine": machine(), "job": in_new_process(cold_job, head)}
    report["faces"] = [in_new_process(with_faces, head, count) for count in FACES]
    job = partial(run, teacher, mesh)
    report["views"] = [{"views": count, **middle(partial(job, names, "person", count))} for count in VIEWS]
    report["prompts"] = [{"prompts": count, **middle(partial(job, words[:count], "person"))} for count in PROMPTS]
    return report


def machine() -> dict[str, Any]:
    """What the figures depend on besides the code, and the commit ("-dirty": files differ from it)."""
    information = Path("/proc/cpuinfo")
    lines = information.read_text().splitlines() if information.exists() else []
    model = next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), platform.processor())
    describe = ["git", "describe", "--always", "--dirty"]
    commit = subprocess.run(describe, cwd=RESULTS.parent, capture_output=True, text=True).stdout.strip()
    return {
        "processor": model,
        "cores": os.cpu_count(),
        "torch_threads": torch.get_num_threads(),
        "load_at_start": round(os.getloadavg()[0], 2),
        "python": platform.python_version(),
        "torch": torch.__version__,
        "commit": commit or None,
    }


def table(report: dict[str, Any]) -> str:
    """The report in markdown."""
    job = report["job"]
    rows = [
        [f"job, first call, {job['faces']:,} faces", job["first"]],
        ["job, again", job["again"]],
        ["job, up axis unknown", job["up unknown"]],
        *([f"{row['faces']:,} faces, peak {row['peak_gb']:.1f} GB", row] for row in report["faces"]),
        *([f"{row['views']} views", row] for row in report["views"]),
        *([f"{row['prompts']} prompts", row] for row in report["prompts"]),
    ]
    lines = [f"| seconds | total | {' | '.join(STAGES)} |", "|---" * (2 + len(STAGES)) + "|"]
    for name, seconds in rows:
        shares = " | ".join(f"{seconds[stage]:.2f} ({seconds[stage] / seconds['total']:.0%})" for stage in STAGES)
        lines.append(f"| {name} | {seconds['total']:.2f} | {shares} |")
    about = "; ".join(f"{name.replace('_', ' ')}: {value}" for name, value in report["machine"].items())
    loading = f"late imports {job['late_imports']:.2f} s, loading the teacher {job['load']:.2f} s"
    other = ", ".join(f"{1000 * seconds:.0f} ms ({when})" for when, seconds in job["other words"].items())
    loading += f", loading and first call {job['end_to_end']:.2f} s"
    return "\n".join([about, "", *lines, "", loading, f"five other words for the result: {other}"])


def plot(report: dict[str, Any], path: Path) -> None:
    """Four panels: the job's stages, and the cost against faces, views and prompts."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    colours = {"load": "#9aa0a6", "find up": "#e9c46a", "render": "#2a9d8f", "teacher": "#e76f51", "lift": "#264653"}
    figure, ((bars, faces), (views, prompts)) = pyplot.subplots(2, 2, figsize=(10, 7), layout="constrained")
    job = report["job"]
    calls = {"up unknown": job["up unknown"], "again": job["again"], "first call": {"load": job["load"], **job["first"]}}
    left = np.zeros(len(calls))
    for stage, colour in colours.items():
        width = [seconds.get(stage, 0.0) for seconds in calls.values()]
        bars.barh(list(calls), width, left=left, color=colour, label=stage, height=0.5)
        left += width
    bars.set(xlabel="seconds", title=f"{job['faces']:,} faces, {job['views']} views, {job['prompts']} prompts")
    bars.legend(frameon=False, ncols=len(colours), loc="upper center", bbox_to_anchor=(0.5, -0.18))
    for axes, key in ((faces, "faces"), (views, "views"), (prompts, "prompts")):
        rows = report[key]
        for stage in ("total", *STAGES[1:]):
            values = [row[stage] for row in rows]
            axes.plot([row[key] for row in rows], values, "o-", color=colours.get(stage, "black"), markersize=3, label=stage)
        axes.set(xlabel=key, ylabel="seconds")
        axes.grid(alpha=0.25)
    for row in report["faces"]:
        faces.annotate(f"{row['peak_gb']:.1f} GB", (row["faces"], row["total"]), (4, 6), textcoords="offset points", ha="right")
    faces.set(xscale="log", yscale="log")
    faces.margins(0.15)
    views.set(ylim=0, xticks=VIEWS)
    prompts.set(xscale="log", ylim=0)
    prompts.set_xticks(PROMPTS, labels=map(str, PROMPTS))
    prompts.minorticks_off()
    faces.legend(frameon=False)
    for axes in (bars, faces, views, prompts):
        axes.spines[["top", "right"]].set_visible(False)
    about = report["machine"]
    where = f"{about['processor']}, {about['torch_threads']} torch threads, commit {about['commit']}"
    figure.suptitle(where, fontsize=9)
    with atomic(path) as temporary:
        figure.savefig(temporary, dpi=150, format="png")


def main() -> None:
    """Measure, print the table, write the results."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--head", type=Path, default=HEAD, help="the built-in teacher's head")
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder for speed.json and speed.png")
    arguments = parser.parse_args()
    report = measure(arguments.head)
    with atomic(arguments.out / "speed.json") as temporary:
        temporary.write_text(json.dumps(report, indent=1), encoding="utf-8")
    plot(report, arguments.out / "speed.png")
    print(table(report))


if __name__ == "__main__":
    main()
