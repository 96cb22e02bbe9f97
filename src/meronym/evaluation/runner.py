"""Methods measured side by side on labelled shapes or scenes. Labels are read once predictions are final."""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
import torch
from jaxtyping import Int

from meronym.core import geometry
from meronym.core.device import resolve
from meronym.core.provenance import commit
from meronym.datasets import Dataset, Item, Truth
from meronym.errors import Error, InputError
from meronym.evaluation.aggregate import scene_report, shape_report
from meronym.evaluation.metrics import PROTOCOLS, VIEWS_PROTOCOL, VIEWS_SENTENCE, Answer, Unnamed
from meronym.evaluation.subjects import Conditions, Prediction, Subject
from meronym.evaluation.words import SENTENCES, absent_words, ask, failed, region_figures, word_figures
from meronym.lifting.observation import Backbone, Method, Observation
from meronym.methods.openscene import OpenScene
from meronym.methods.part_distill import PartDistill, align, example, predict
from meronym.parts.instances import instances
from meronym.progress import Progress, silent
from meronym.protocols import Teacher
from meronym.radiance.reconstruction import PRESETS, ReconstructionSettings
from meronym.registry import check_settings, create
from meronym.scenes.observation import CaptureSettings
from meronym.scenes.pipeline import reconstruction_of
from meronym.teachers.checked import CheckedTeacher, load_teacher, teacher_names
from meronym.types import Labelling

PRE = "part-distill-pre"
"""The one method that learns from all shapes of a category first, none of which is labelled, and then needs no teacher."""
KEPT = 24
"""The pictures of so many shapes of a category are kept for a method that needs them twice; of more, they are made again."""


@dataclass(frozen=True, eq=False)
class Evaluation:
    """Figures, and the predictions that they are of."""

    report: dict[str, Any]
    """What `report.table` prints."""
    predictions: Mapping[str, Mapping[str, Prediction]]
    """Method -> item -> the prediction that was measured; items that failed are absent."""


def evaluate(
    dataset: Dataset,
    *,
    methods: Mapping[str, Method] | Sequence[str] = ("recognise",),
    settings: Mapping[str, object] | None = None,
    teacher: str | Teacher = "builtin",
    protocol: str | None = None,
    views: int = 10,
    size: int = CaptureSettings.size,
    reconstruction: ReconstructionSettings = PRESETS["default"],
    cache: Path | None = None,
    words: bool = True,
    rename: Callable[[str, str], str] = lambda category, prompt: prompt,
    change: Callable[[Observation], Observation] = lambda observation: observation,
    device: str | torch.device = "auto",
    progress: Progress = silent,
) -> Evaluation:
    """Measure methods on labelled shapes or scenes; an item that fails counts as 0 and is listed.

    All methods get the same views and the same answers of the teacher. The list of names is closed, as in the published
    figures: every element or pixel takes the name that scores best; figures with "none of these" stand beside them. With
    `words`, methods that train nothing are also asked for single words of each shape (`evaluation.words`), which takes some
    twenty answers more. `views` is for shapes, `size` (pixels), `reconstruction` and `cache` for captures. `rename` says a
    prompt in other words, for measuring how much the wording matters; `change` makes another observation, for ablations.

    Raises: InputError for an unknown protocol or setting; PluginError for an unknown method.
    """
    protocol = protocol or "present-class"
    sentence = _sentence(protocol)
    place = resolve(device)
    chosen = dict.fromkeys(methods) if not isinstance(methods, Mapping) else methods
    names = ("part-distill" if name == PRE else name for name in chosen)
    check_settings(settings, (*names, "reconstruction", *teacher_names(teacher)))
    asking = words and protocol != VIEWS_PROTOCOL
    runs = {name: _Run(name, method, settings, asking) for name, method in chosen.items()}
    judge = CheckedTeacher(load_teacher(teacher, settings=settings, device=place), device=place)
    conditions = Conditions(
        views=views, capture=CaptureSettings(size=size), reconstruction=reconstruction_of(reconstruction, settings),
        cache=cache, device=place, change=change,
    )  # fmt: skip
    measured = commit()
    seconds, done, quality = 0.0, 0, dict[str, dict[str, float]]()
    for (category, prompts), group in groupby(dataset, lambda item: (item.category, item.prompts)):
        said = tuple(rename(category, prompt) for prompt in prompts)
        subjects = [Subject(item, said, judge, conditions) for item in group]
        for run in runs.values():
            run.prepare(subjects)
        for subject in subjects:
            for run in runs.values():
                run.label(subject)
            _measure(subject, runs, dataset, protocol, quality)
            subject.close()
            seconds, done = seconds + subject.seconds, done + 1
            progress("evaluate", done, len(dataset), subject.item.id)
    summarise = scene_report if protocol == VIEWS_PROTOCOL else shape_report
    report = {
        "dataset": dataset.name,
        "teacher": judge.describe(),
        "protocol": f"{protocol}: {sentence}; closed list of names",
        "seen": f"photos of {size} pixels" if protocol == VIEWS_PROTOCOL else f"{views} views",
        "seconds_observing": round(seconds, 1),
        "methods": {
            name: {**summarise(run.measured, protocol), "failures": run.failures, "seconds": round(run.seconds, 1)}
            for name, run in runs.items()
        },
        "sentences": {} if protocol == VIEWS_PROTOCOL else dict(SENTENCES),
        "quality": quality,
        "commit": measured,
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, {place}",
    }
    return Evaluation(report, {name: run.predictions for name, run in runs.items()})


def _sentence(protocol: str) -> str:
    """What is printed of a protocol.

    Raises: InputError if there is none by that name.
    """
    sentences = {name: known.sentence for name, known in PROTOCOLS.items()} | {VIEWS_PROTOCOL: VIEWS_SENTENCE}
    if protocol not in sentences:
        raise InputError(f"protocol: expected one of {', '.join(sentences)}, got {protocol!r}")
    return sentences[protocol]


class _Run:
    """One method, its final predictions and, later, what they are worth."""

    def __init__(self, name: str, method: Method | None, settings: Mapping[str, object] | None, asking: bool) -> None:
        self.name = name
        self.training = create("methods", "part-distill", settings) if name == PRE else PartDistill()
        self.method: Method | None = method or (None if name == PRE else create("methods", name, settings))
        self.asks = asking and name != PRE and not isinstance(self.method, PartDistill | OpenScene)
        self.predictions: dict[str, Prediction] = {}
        self.measured: dict[str, Answer | dict[str, float]] = {}
        self.failures: dict[str, str] = {}
        self.seconds = 0.0

    def prepare(self, subjects: Sequence[Subject]) -> None:
        """Let a method that learns from a collection learn from this one."""
        if self.name == PRE:
            try:
                self.method = self._learned(subjects)
            except Error as error:
                self.method = _failing(error)

    def _learned(self, subjects: Sequence[Subject]) -> Method:
        examples = []
        backbone: Backbone = create("students", self.training.backbone, device=subjects[0].conditions.device)
        for subject in subjects:
            try:
                observation = subject.observation()
            except Error:
                continue  # label() meets it again and lists it
            start = time.perf_counter()
            examples.append(example(observation, backbone(observation), self.training))
            self.seconds += time.perf_counter() - start
            if len(subjects) > KEPT:
                subject.close()
        if not examples:
            raise InputError(f"{PRE}: none of {len(subjects)} shapes can be learned from")
        start = time.perf_counter()
        student = align(examples, subjects[0].prompts, self.training)
        self.seconds += time.perf_counter() - start
        return lambda observation: predict(student, observation, backbone(observation))

    def label(self, subject: Subject) -> None:
        """Predict one item; nothing is changed afterwards."""
        try:
            observation = subject.observation()
            start = time.perf_counter()
            assert self.method is not None
            labelling = self.method(observation)
            self.seconds += time.perf_counter() - start
            absent = absent_words(subject.item.category, (*subject.item.prompts, *subject.prompts))
            words = ask(self.method, observation, absent) if self.asks else None
            self.predictions[subject.item.id] = subject.predict(labelling, words)
        except Error as error:
            self.failures[subject.item.id] = f"{type(error).__name__}: {error}"


def _measure(
    subject: Subject, runs: Mapping[str, _Run], dataset: Dataset, protocol: str, quality: dict[str, dict[str, float]]
) -> None:
    """Compare the predictions of all methods for an item with its ground truth, which is read here and nowhere else."""
    item = subject.item
    truth: Truth = np.empty(0, dtype=np.int64)
    try:
        if any(item.id in run.predictions for run in runs.values()):
            truth = dataset.truth(item.id)
    except Error as error:
        for run in runs.values():
            run.predictions.pop(item.id, None)
            run.failures.setdefault(item.id, f"{type(error).__name__}: {error}")
    true_instance = None
    for run in runs.values():
        prediction = run.predictions.get(item.id)
        if prediction is None:
            run.measured[item.id] = Answer.failed(item.category, item.prompts, failed(run.asks))
        elif isinstance(truth, np.ndarray):
            true_instance = instances(item.shape, truth) if true_instance is None else true_instance
            run.measured[item.id] = _answer(item, prediction, truth, true_instance, PROTOCOLS[protocol].unnamed)
        else:
            run.measured[item.id] = subject.scene_figures(prediction, truth)
            if item.id not in quality:
                masks = subject.consistency_of_truth(truth)
                quality[item.id] = subject.quality() | ({} if masks is None else {"one label in all views, true masks": masks})


def _answer(
    item: Item, prediction: Prediction, truth: Int[np.ndarray, " n"], instance: Int[np.ndarray, " n"], unnamed: Unnamed
) -> Answer:
    """A prediction for a shape beside its truth, and what single words and instances are worth."""
    area, free = geometry.element_areas(item.shape), prediction.free[0]
    assert prediction.instance is not None
    figures = region_figures(free, prediction.instance, truth, instance, area, unnamed)
    if prediction.words is not None:
        figures |= word_figures(prediction.words, truth, area, unnamed)
    return Answer(item.category, prediction.closed[0], truth, area, item.prompts, free, figures)


def _failing(error: Error) -> Method:
    """Stands for a method that could not learn: every item fails for the same reason."""

    def method(observation: Observation) -> Labelling:
        raise error

    return method
