"""Methods measured side by side on labelled shapes. The labels reach the metrics and nothing else."""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import Any

import torch

from meronym.core import geometry
from meronym.datasets import Dataset, Item
from meronym.datasets.coseg import Coseg
from meronym.datasets.folder import Folder
from meronym.datasets.labelled_psb import LabelledPSB
from meronym.datasets.named_gltf import NamedGltf
from meronym.datasets.partnete import PartNetE
from meronym.datasets.shapenetpart import ShapeNetPart
from meronym.errors import DeviceError, Error, InputError
from meronym.evaluation import metrics
from meronym.evaluation.metrics import PROTOCOLS, Answer
from meronym.io.summary import commit
from meronym.lifting.observation import Observation
from meronym.methods.part_distill import DEFAULT, align, example, predict
from meronym.progress import Progress, silent
from meronym.protocols import Teacher
from meronym.registry import load
from meronym.shapes.observation import observe
from meronym.students.backbones import Lifted
from meronym.teachers.checked import CheckedTeacher, load_teacher
from meronym.types import Labelling

PROTOCOL_OF = {
    "labelled-psb": "present-class",
    "named-gltf": "present-class",
    "folder": "present-class",
    "coseg": "present-class",
    "shapenetpart": "p1-class",
    "partnete": "partnete-part",
}
"""The convention of the published figures on each dataset."""
PRE = "part-distill-pre"
"""The one method that learns from all shapes of a category first, none of which is labelled, and then needs no teacher."""

Naming = Callable[[Observation], Labelling]

KEPT = 24
"""The pictures of so many shapes of a category are kept for a method that needs them twice; of more, they are made again."""


def open_dataset(
    name: str,
    root: Path,
    *,
    names: Path | None = None,
    categories: Sequence[str] | None = None,
    limit: int | None = None,
    split: str = "test",
    prompts: Sequence[str] = (),
    category: str = "",
) -> Dataset:
    """A labelled collection by name; `prompts` and `category` are for a folder, `split` for the published ones.

    Raises: InputError if there is none by that name, or its files are not where they should be.
    """
    chosen: dict[str, Any] = {"categories": categories, "limit": limit}
    if name == "labelled-psb":
        return LabelledPSB(root, names=names, **chosen)
    if name == "shapenetpart":
        return ShapeNetPart(root, split=split, **chosen)
    if name == "partnete":
        return PartNetE(root, split=split, **chosen)
    if name == "coseg" and names is not None:
        return Coseg(root, names=names, **chosen)
    if name == "coseg":
        raise InputError("coseg: its labels are numbers. Give their names as JSON with --names.")
    if name == "named-gltf":
        return NamedGltf(root, limit=limit)
    if name == "folder":
        return Folder(root, prompts=prompts, category=category, limit=limit)
    raise InputError(f"dataset: expected one of {', '.join(PROTOCOL_OF)}, got {name!r}")


def evaluate(
    dataset: Dataset,
    *,
    methods: Sequence[str] = ("lift",),
    teacher: str | Teacher = "builtin",
    views: int = 10,
    protocol: str = "present-class",
    rename: Callable[[str, str], str] = lambda category, prompt: prompt,
    settings: Mapping[str, object] | None = None,
    device: str | torch.device = "auto",
    progress: Progress = silent,
) -> dict[str, Any]:
    """Measure methods on labelled shapes; a shape that fails counts as 0 and is listed.

    All methods get the same views and the same answers of the teacher. The list of names is closed, as in the published
    figures: every element takes the name that scores best. What comes of it if "none of these" may win is beside it, as
    `miou_with_none`. `rename` says a prompt in other words, for measuring how much the wording matters.

    Raises: InputError for an unknown protocol; PluginError for an unknown method.
    """
    if str(device) not in ("auto", "cpu"):
        raise DeviceError(f"device: expected 'auto' or 'cpu', got {str(device)!r:.40}")
    if protocol not in PROTOCOLS:
        raise InputError(f"protocol: expected one of {', '.join(PROTOCOLS)}, got {protocol!r}")
    runs = {name: _Run(name) for name in dict.fromkeys(methods)}
    judge = CheckedTeacher(load_teacher(teacher))
    seconds_looking, done = 0.0, 0
    for (category, prompts), group in groupby(dataset, lambda item: (item.category, item.prompts)):
        words = tuple(rename(category, prompt) for prompt in prompts)
        shown = [_Shown(item, words, judge, views) for item in group]
        for run in runs.values():
            run.prepare(shown)
        for one in shown:
            for run in runs.values():
                run.measure(one, dataset)
            one.close()
            seconds_looking += one.seconds
            done += 1
            progress("shapes", done, len(dataset), one.item.id)
    return {
        "dataset": dataset.name,
        "teacher": judge.describe(),
        "protocol": f"{protocol}: {PROTOCOLS[protocol].sentence}; closed list of names",
        "views": views,
        "seconds_looking": round(seconds_looking, 1),
        "methods": {name: run.report(protocol) for name, run in runs.items()},
        "commit": commit(),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
    }


class _Shown:
    """A shape with what the teacher says of it, looked at when first needed."""

    def __init__(self, item: Item, prompts: tuple[str, ...], teacher: CheckedTeacher, views: int) -> None:
        self.item, self.prompts, self.teacher, self.views = item, prompts, teacher, views
        self.seconds = 0.0
        self._look: Observation | None = None

    def look(self) -> Observation:
        """Rendered and asked.

        Raises: the Error that it met.
        """
        if self._look is None:
            start = time.perf_counter()
            item, category = self.item, self.item.category or None
            observation, _ = observe(item.shape, self.prompts, self.teacher, category=category, views=self.views, up=item.up)
            _ = observation.answer
            self.seconds += time.perf_counter() - start
            self._look = observation
        return self._look

    def close(self) -> None:
        """Forget the pictures."""
        self._look = None


class _Run:
    """One method, and what came of it so far."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.method: Naming | None = None if name == PRE else load("methods", name)
        self.closed: dict[str, Answer] = {}
        self.free: list[Answer] = []
        self.failures: dict[str, str] = {}
        self.seconds = 0.0

    def prepare(self, shown: Sequence[_Shown]) -> None:
        """Let a method that learns from a collection learn from this one."""
        if self.name != PRE:
            return
        try:
            self.method = self._learned(shown)
        except Error as error:
            self.method = _failing(error)

    def _learned(self, shown: Sequence[_Shown]) -> Naming:
        examples, backbone = [], Lifted()
        for one in shown:
            try:
                observation = one.look()
            except Error:
                continue  # measure() meets it again and lists it
            start = time.perf_counter()
            examples.append(example(observation, backbone(observation), DEFAULT))
            self.seconds += time.perf_counter() - start
            if len(shown) > KEPT:
                one.close()
        if not examples:
            raise InputError(f"{PRE}: none of {len(shown)} shapes can be learned from")
        start = time.perf_counter()
        student = align(examples, shown[0].prompts, DEFAULT)
        self.seconds += time.perf_counter() - start
        return lambda observation: predict(student, observation, backbone(observation))

    def measure(self, shown: _Shown, dataset: Dataset) -> None:
        """One shape."""
        item = shown.item
        try:
            observation = shown.look()
            start = time.perf_counter()
            assert self.method is not None
            label, score, _ = self.method(observation)
            self.seconds += time.perf_counter() - start
            truth = dataset.truth(item.id)
        except Error as error:
            self.failures[item.id] = f"{type(error).__name__}: {error}"
            self.closed[item.id] = Answer.failed(item.category, item.prompts)
            self.free.append(self.closed[item.id])
            return
        area = geometry.element_areas(item.shape)
        self.closed[item.id] = Answer(item.category, score.argmax(1).numpy(), truth, area, item.prompts)
        self.free.append(replace(self.closed[item.id], prediction=label.numpy()))

    def report(self, protocol: str) -> dict[str, Any]:
        """Figures of the method under a protocol."""
        whole = metrics.summary(list(self.closed.values()), protocol)
        counted = {item_id: answer for item_id, answer in self.closed.items() if answer.weight[answer.truth >= 0].sum() > 0}
        categories = {}
        for name in dict.fromkeys(answer.category for answer in counted.values()):
            row = metrics.summary([answer for answer in counted.values() if answer.category == name], protocol)
            categories[name] = {
                "miou": row["miou"],
                "majority": row["majority_floor"],
                "random": row["random_floor"],
                "shapes": row["shapes"],
            }
        return {
            "miou": whole["miou"],
            "miou_with_none": metrics.summary(self.free, protocol)["miou"],
            "accuracy": whole["accuracy"],
            "floors": {"majority": whole["majority_floor"], "random": whole["random_floor"]},
            "categories": categories,
            "shapes": {item_id: metrics.summary([answer], protocol)["miou"] for item_id, answer in counted.items()},
            "failures": self.failures,
            "seconds": round(self.seconds, 1),
        }


def _failing(error: Error) -> Naming:
    """What stands for a method that could not learn: every shape fails for the same reason."""

    def method(observation: Observation) -> Labelling:
        raise error

    return method


def table(report: dict[str, Any]) -> str:
    """The figures of all methods as Markdown, protocol and floors with them."""
    methods = report["methods"]
    first = next(iter(methods.values()))
    rows = [
        f"{report['dataset']}, {report['views']} views, teacher {report['teacher']['name']}.",
        f"mIoU in percent, {report['protocol']}.",
        f"Commit {report['commit']}, {report['machine']}.",
        "",
        "| category | " + " | ".join(methods) + " | majority | random | shapes |",
        "|" + "---|" * (len(methods) + 4),
    ]
    for name, floor in first["categories"].items():
        figures = [f"{method['categories'][name]['miou']:.1f}" for method in methods.values()]
        rows.append(f"| {name} | {' | '.join(figures)} | {floor['majority']:.1f} | {floor['random']:.1f} | {floor['shapes']} |")
    means = " | ".join(f"**{method['miou']:.1f}**" for method in methods.values())
    shapes = sum(row["shapes"] for row in first["categories"].values())
    rows.append(f"| all | {means} | {first['floors']['majority']:.1f} | {first['floors']['random']:.1f} | {shapes} |")
    blanks = " | | | |"
    rows.append("| with none | " + " | ".join(f"{method['miou_with_none']:.1f}" for method in methods.values()) + blanks)
    rows.append("| failed | " + " | ".join(str(len(method["failures"])) for method in methods.values()) + blanks)
    rows.append("| seconds a shape | " + " | ".join(f"{m['seconds'] / max(shapes, 1):.2f}" for m in methods.values()) + blanks)
    rows.append(
        f"\nSeconds a shape are without looking, which all methods share: {report['seconds_looking'] / max(shapes, 1):.2f}."
    )
    for name, method in methods.items():
        rows += [f"{name} failed on {item}: {why}" for item, why in method["failures"].items()]
    return "\n".join(rows) + "\n"


def plot(report: dict[str, Any], path: Path) -> Path:
    """The figures as bars, by category.

    Raises: InputError if matplotlib is missing.
    """
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise InputError("the plot needs matplotlib: pip install 'meronym[bench]'") from error
    methods = report["methods"]
    categories = [*next(iter(methods.values()))["categories"], "all"]
    figure = Figure(figsize=(max(6, len(categories) * (0.25 + 0.14 * len(methods))), 4), layout="constrained")
    axes = figure.add_subplot()
    width = 0.8 / len(methods)
    for index, (name, method) in enumerate(methods.items()):
        values = [row["miou"] for row in method["categories"].values()] + [method["miou"]]
        places = [place + (index - (len(methods) - 1) / 2) * width for place in range(len(categories))]
        axes.bar(places, values, width, label=f"{name} {method['miou']:.1f}")
    axes.set_xticks(range(len(categories)), categories, rotation=45, ha="right")
    axes.set_ylabel("mIoU, percent")
    axes.set_title(report["protocol"], fontsize=7)
    axes.legend(fontsize=7, ncols=min(4, len(methods)))
    figure.savefig(path, dpi=130)
    return path
