"""The main job: a shape and words in, a segmentation out; other words for it; and without words a proposal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor

from meronym.core.device import memory_errors, resolve
from meronym.core.hashing import sha256_of
from meronym.core.prompts import check_prompts
from meronym.errors import InputError, PluginError
from meronym.lifting.observation import Method
from meronym.methods.recognise import Recognise
from meronym.parts.matching import CutSettings
from meronym.parts.proposals import Proposal, ProposedPart, likely_wholes, recognised_parts
from meronym.parts.recognition import Recognition, RecognitionSettings, known_words, recognise
from meronym.parts.scene_recognition import recognise_in_scene
from meronym.progress import Progress, StageTimer, silent
from meronym.protocols import EmbeddingTeacher, Teacher
from meronym.registry import check_settings, create, settings_of
from meronym.results import Record, Segmentation, machine
from meronym.shapes.observation import DEFAULT, find_up, observe
from meronym.shapes.pretraining import TrainedStudent
from meronym.teachers.checked import CheckedTeacher, load_teacher, teacher_names
from meronym.types import Gaussians, PartTree, Relevancy, Shape, Views

DEFAULT_METHOD = "recognise"


def segment(
    shape: Shape,
    prompts: Sequence[str] | None = None,
    *,
    category: str | None = None,
    method: str = DEFAULT_METHOD,
    settings: Mapping[str, object] | None = None,
    student: str | Path | TrainedStudent | None = None,
    teacher: str | Teacher = "builtin",
    views: int = 10,
    seed: int = 0,
    up: Sequence[float] | None = None,
    device: str | torch.device = "auto",
    progress: Progress = silent,
) -> Segmentation:
    """Name the parts of a shape, by a method and a teacher, or by a `student` that `pretrain` wrote, without a teacher.

    `category` names the whole ("chair") and helps the teacher; `up` is the shape's up axis (default: stated by the format,
    else guessed; the record says how); `seed` turns the ring of views; `settings` are those of the method and the teacher by
    name ({"recognise.balance": 0.3}). Gaussians with the cameras of their photos are a scene, unless they have a category. A
    student's file is read again for each shape; for many, `TrainedStudent.load` reads it once. A student's prompts are those
    of its training unless others are given, which an open one understands.

    Raises: InputError for prompts, views, settings or an up axis that cannot be used; PluginError if the teacher breaks its
    contract; WeightsError if weights cannot be had or the student's file is damaged; DeviceError if the device is absent.
    """
    clock, place = StageTimer(progress), resolve(device)
    with clock("load"):
        if isinstance(student, str | Path):
            student = TrainedStudent.load(Path(student), device=place)
        known = None if student is None else student.ask(prompts)
        words = check_prompts(prompts or ()) if known is None else known.student.prompts
        if known is None:
            check_settings(settings, (method, *teacher_names(teacher)))
            labeller: Method = create("methods", method, settings)
            judge = CheckedTeacher(load_teacher(teacher, settings=settings, device=place), device=place)
        else:
            check_settings(settings, ())
            labeller, judge = known, known.teacher
            views, category = known.views, known.category
    of_scene = known is None and category is None and isinstance(shape, Gaussians) and shape.cameras is not None
    observation, how_up = observe(
        shape, words, judge, category=category, views=views, seed=seed, up=up, device=place, of_scene=of_scene, clock=clock
    )
    with memory_errors(), clock(method if known is None else "student"):
        labelling = labeller(observation)
    record = Record(
        method=method if known is None else "student",
        settings={
            **({"teacher": teacher if isinstance(teacher, str) else None} if known is None else {}),
            "views": views, "seed": seed, "category": category, "up": how_up, "up_axis": observation.up.tolist(),
            "device": str(place), **({"scene": True} if of_scene else {}),
        },
        options=settings_of(labeller) if known is None else {},
        teacher=observation.teacher.describe() if known is None else None,
        student=None if known is None else known.record,
        input=_input(shape),
        words={} if known is not None or judge.embedder is None else known_words(judge.embedder, words),
        machine=machine(),
        seconds=clock.seconds,
    )  # fmt: skip
    label, score, seen = (tensor.cpu().numpy() for tensor in labelling[:3])
    tree = None if labelling.tree is None else kept_tree(labelling.tree)
    label, score = _without_floaters(shape, label, score.clip(0, 1))
    return Segmentation(label, score, seen, words, shape, record, tree=tree)


def query(
    result: Segmentation, prompts: tuple[str, ...], teacher: EmbeddingTeacher, clock: AbstractContextManager[None]
) -> Segmentation:
    """Other words for a result that keeps its part tree; `teacher` is the one that the tree's features are of.

    Category and settings are those of the result's record. `clock` is entered while the words are matched.

    Raises: InputError if the teacher's space is another one.
    """
    assert result.tree is not None
    width, wanted = result.tree.features.shape[1], teacher.vocabulary.name.shape[1]
    if width != wanted:
        raise InputError(f"the result has features of width {width}, the teacher of {wanted}. Give the result's own teacher.")
    category, weights = result.record.settings.get("category"), _weights(result.record.options)
    with clock:
        if result.record.settings.get("scene") is True:
            found = recognise_in_scene(result.tree, teacher, prompts, *weights)
        else:
            found = recognise(result.tree, teacher, prompts, category if isinstance(category, str) else None, *weights)
        known = known_words(teacher, prompts)
    return _answer(result, prompts, found, replace(result.record, words=known))


def propose(
    shape: Shape,
    *,
    category: str | None = None,
    settings: Mapping[str, object] | None = None,
    teacher: str | Teacher = "builtin",
    views: int = 10,
    seed: int = 0,
    up: Sequence[float] | None = None,
    device: str | torch.device = "auto",
    progress: Progress = silent,
) -> Proposal:
    """What a shape looks like, and which of the parts that such a thing is known to have are there.

    `category` names the whole, if it is known; the others are as for `segment`, with the settings of `recognise`.

    Raises: PluginError if the teacher knows no names by itself; and as `segment` does.
    """
    clock, place = StageTimer(progress), resolve(device)
    with clock("load"):
        check_settings(settings, (DEFAULT_METHOD, *teacher_names(teacher)))
        weighing = create("methods", DEFAULT_METHOD, settings)
        judge = CheckedTeacher(load_teacher(teacher, settings=settings, device=place), device=place)
        embedder = judge.embedder
        if embedder is None:
            raise PluginError(f"teacher {judge.name}: knows no names by itself. Use builtin, or name the parts: `segment`.")
    with clock("find up"):
        names = embedder.vocabulary.wholes
        axis, how_up = find_up(shape, up, _Wholes(embedder), names, category, DEFAULT, place)
    observation, _ = observe(
        shape, (), judge, category=category, views=views, seed=seed, up=axis.tolist(), device=place, clock=clock
    )
    with memory_errors(), clock("propose"):
        options = _weights(settings_of(weighing))
        tree = kept_tree(observation.tree)
        wholes = likely_wholes(tree, embedder, category, recognition=options[0])
        words, found = recognised_parts(tree, embedder, wholes[0][0], category, recognition=options[0], cuts=options[1])
    record = Record(
        method=DEFAULT_METHOD,
        settings={
            "teacher": teacher if isinstance(teacher, str) else None, "views": views, "seed": seed,
            "category": category or wholes[0][0], "up": how_up, "up_axis": axis.tolist(), "device": str(place),
        },
        options=settings_of(weighing), teacher=judge.describe(), input=_input(shape),
        words=known_words(embedder, words) if words else {}, machine=machine(), seconds=clock.seconds,
    )  # fmt: skip
    nothing, seen = np.full(len(tree.segment), -1), observation.embedding.seen.cpu().numpy()
    bare = Segmentation(nothing, np.zeros((len(nothing), 0), np.float32), seen, (), shape, record, tree=tree)
    named = _answer(bare, words, found, record)
    parts = []
    for word in words:
        of_word = named.named_instances(word)
        parts.append(ProposedPart(word, sum(one.share for one in of_word), len(of_word)))
    return Proposal(wholes, tuple(parts), named)


def kept_tree(tree: PartTree) -> PartTree:
    """A part tree as a result keeps it, with features in half precision, so that a loaded one answers the same."""
    return replace(tree, features=tree.features.astype(np.float16))


class _Wholes:
    """A teacher that is asked for all the things that it knows, whatever the prompts."""

    def __init__(self, teacher: EmbeddingTeacher) -> None:
        self.teacher = teacher

    def __call__(self, views: Views, prompts: Sequence[str], category: str | None = None) -> Relevancy:
        """Logits of the known things."""
        maps, known = self.teacher.embed_views(views), self.teacher.vocabulary.whole * self.teacher.sharpness
        logits = tuple(torch.einsum("hwd,pd->phw", grid, known.to(grid)) for grid in maps.grid)
        return Relevancy(logits, tuple(self._none(grid) for grid in maps.grid), maps.box)

    def _none(self, grid: Float[Tensor, "gh gw d"]) -> Float[Tensor, "gh gw"]:
        return grid.new_full(grid.shape[:2], self.teacher.none)

    def describe(self) -> dict[str, Any]:
        """For the record."""
        return {"name": "known things"}


def _weights(options: Mapping[str, Any]) -> tuple[RecognitionSettings, CutSettings]:
    """How words are weighed and borders cut, from options of `recognise`, which may come from a file.

    Raises: InputError for values that are no numbers.
    """
    known: dict[str, Any] = {key: value for key, value in options.items() if key in settings_of(Recognise())}
    for key, value in known.items():
        if type(value) not in (int, float) or not np.isfinite(value):
            raise InputError(f"record.options.{key}: expected a number, got {value!r:.60}. Segment again.")
    chosen = Recognise(**known)
    wholes = max(1, int(chosen.wholes))
    return RecognitionSettings(wholes=wholes, balance=chosen.balance), CutSettings(chosen.cut, chosen.opening)


def _answer(result: Segmentation, prompts: tuple[str, ...], found: Recognition, record: Record) -> Segmentation:
    """A result with other prompts, from names of the segments of its tree."""
    assert result.tree is not None
    segment = result.tree.segment
    score = found.score.astype(np.float32).clip(0, 1)[segment]
    label, score = _without_floaters(result.shape, found.name[segment], score)
    return replace(result, label=label, score=score, prompts=prompts, record=record)


def _without_floaters(
    shape: Shape, label: Int[np.ndarray, " n"], score: Float[np.ndarray, "n p"]
) -> tuple[Int[np.ndarray, " n"], Float[np.ndarray, "n p"]]:
    """Labels and scores as they are, but for floaters among Gaussians, which no prompt names."""
    if not isinstance(shape, Gaussians):
        return label, score
    return np.where(shape.floating, -1, label), np.where(shape.floating[:, None], 0, score)


def _input(shape: Shape) -> dict[str, Any]:
    source = shape.source
    hashed = {"sha256": sha256_of(source)} if source is not None and source.is_file() else {}
    return {"source": source and source.name, **hashed, **shape.report}
