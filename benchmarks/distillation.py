"""Distillation beside the smoothed lift and the smoothed vote, with much evidence, little, and wrong names.

    python -m benchmarks.distillation --data DATA/labelled_psb --names DATA/labelled_psb_names.json --kept build/kept

Labelled PSB, built-in teacher, closed list of names, mIoU as in `benchmarks.labelled_psb`. The teacher's answers for 10 views
of every shape are kept in --kept; all else is made from them: fewer views, missing regions, boxes, an oracle's regions with
wrong names. Whatever is compared gets the same evidence and the same smoothing. --parts:

creases      smoothing with and without
views        10, 5, 2 and 1
outside      Pre on shapes that are not in the pool
tta          one shape at a time
missing      80 % of the regions
boxes        cut from the teacher's maps
names        an oracle's regions, of which a share has another's name: --shares
names-alone  the same, one shape at a time
noisy-boxes  the same as boxes
inputs       the student's features
stop         the gain of choosing the epoch on test labels, as the authors do
open         a student tied to the sentence encoder, also for words that it was not trained on
generated    procedural shapes in the pool: --pools (--categories Airplane Chair Ant)
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import safetensors.torch
import torch

from meronym.core import geometry, provenance
from meronym.datasets import Item
from meronym.evaluation import metrics
from meronym.evaluation.datasets import open_dataset
from meronym.evaluation.metrics import Answer
from meronym.io.files import atomic
from meronym.lifting import graph, voting
from meronym.lifting.observation import Backbone, Method, Observation
from meronym.methods.lift import Lift, Vote
from meronym.methods.part_distill import Example, PartDistill, align, example, predict
from meronym.shapes.observation import observe
from meronym.students.backbones import Geometry, Lifted
from meronym.teachers.builtin import BuiltinTeacher
from meronym.teachers.checked import CheckedTeacher
from meronym.teachers.oracle import OracleDetector
from meronym.testing import labelled_shape
from meronym.types import Cameras, FeatureMaps, Labelling, Regions, Relevancy, Views

RESULTS = Path(__file__).parent / "results"
PARAPHRASES = Path(__file__).with_name("paraphrases.json")
CHOSEN_ON = ("Airplane", "Armadillo", "Fish", "Human", "Plier", "Teddy")
"""Smoothing and the student's settings were chosen on these; the others' figures are given beside."""
SOFT, VOTES, FORWARD = PartDistill(), PartDistill(targets="votes"), PartDistill(targets="votes", backward=False)
PAPER = replace(VOTES, agreement="share")
"""Regions re-scored as PartDistill does."""
Change = Callable[[Observation, np.random.Generator], Observation]
Learn = Callable[[Sequence[Observation]], Sequence[Labelling]]


class Kept(Lifted):
    """The default backbone; features of the same pictures are computed once."""

    def __init__(self) -> None:
        self.kept: WeakKeyDictionary[FeatureMaps, torch.Tensor] = WeakKeyDictionary()

    def __call__(self, observation: Observation) -> torch.Tensor:
        if observation.maps not in self.kept:
            self.kept[observation.maps] = super().__call__(observation)
        return self.kept[observation.maps]


LIFTED = Kept()


def kept_observation(item: Item, teacher: BuiltinTeacher, folder: Path) -> Observation:
    """An observation from 10 views, from the folder if it is there."""
    file = folder / f"{item.id.replace('/', '_')}.pt"
    if not file.exists():
        observation, _ = observe(item.shape, item.prompts, CheckedTeacher(teacher), category=item.category)
        answer, views = observation.answer, observation.views
        assert isinstance(answer, Relevancy)
        held = {
            "up": observation.up, "pose": views.cameras.world_from_camera, "lens": views.cameras.intrinsics,
            "depth": views.depth, "element": views.element.int(), "logit": answer.logit,
            "none": tuple(grid.clone() for grid in answer.none), "box": answer.box,
            "maps": tuple(grid.half() for grid in observation.maps.grid),
        }  # fmt: skip
        folder.mkdir(parents=True, exist_ok=True)
        with atomic(file) as temporary:
            torch.save(held, temporary)
    held = torch.load(file, weights_only=True)
    size = held["element"].shape[1:]
    colour = torch.zeros(1, 1, 1, 1).expand(*held["element"].shape, 3)
    views = Views(Cameras(held["pose"], held["lens"], *size), colour, held["depth"], held["element"])
    answer = Relevancy(held["logit"], held["none"], held["box"])
    maps = FeatureMaps(tuple(grid.float() for grid in held["maps"]), held["box"])
    observation = Observation(item.shape, item.prompts, item.category, held["up"], teacher, teacher, lambda: views)
    return made(observation, views, answer, maps)


@dataclass(frozen=True, eq=False)
class Given:
    """A teacher and encoder whose answers are given."""

    answer: Relevancy | Regions
    maps: FeatureMaps

    def __call__(self, views: Views, prompts: Sequence[str], category: str | None = None) -> Relevancy | Regions:
        return self.answer

    def features(self, views: Views) -> FeatureMaps:
        return self.maps

    def describe(self) -> dict[str, Any]:
        return {"name": "given"}


def made(observation: Observation, views: Views, answer: Relevancy | Regions, maps: FeatureMaps) -> Observation:
    """An observation whose views and answers are given, with the same smoothing."""
    given = Given(answer, maps)
    return replace(observation, show=lambda: views, teacher=given, encoder=given, link=lambda shape: observation.links)


def fewer(count: int) -> Change:
    """Some of the views, drawn at random."""

    def change(observation: Observation, rng: np.random.Generator) -> Observation:
        if count == len(observation.views):
            return observation
        chosen = sorted(rng.choice(len(observation.views), count, replace=False).tolist())
        views, answer, maps = observation.views, observation.answer, observation.maps
        assert isinstance(answer, Relevancy)
        part = views.only(torch.tensor(chosen))
        told = Relevancy(tuple(answer.logit[i] for i in chosen), tuple(answer.none[i] for i in chosen), answer.box[chosen])
        return made(observation, part, told, FeatureMaps(tuple(maps.grid[i] for i in chosen), maps.box[chosen]))

    return change


def missing(share: float) -> Change:
    """The teacher's maps cut into regions, of which a share is lost."""

    def change(observation: Observation, rng: np.random.Generator) -> Observation:
        assert isinstance(observation.answer, Relevancy)
        regions = voting.regions_from_relevancy(observation.answer, observation.views)
        kept = torch.from_numpy(np.sort(rng.permutation(len(regions.view))[: max(1, round((1 - share) * len(regions.view)))]))
        assert regions.mask is not None
        fields = {name: getattr(regions, name)[kept] for name in ("view", "prompt", "score", "box", "mask")}
        return made(observation, observation.views, Regions(**fields), observation.maps)

    return change


def boxes(observation: Observation, rng: np.random.Generator) -> Observation:
    """Rectangles cut from the teacher's maps, as a detector would give them."""
    assert isinstance(observation.answer, Relevancy)
    return made(
        observation,
        observation.views,
        voting.regions_from_relevancy(observation.answer, observation.views, boxes=True),
        observation.maps,
    )


def oracle(rename: float, truth: Callable[[Observation], np.ndarray], box: bool) -> Change:
    """Regions of the true labels, of which a share has another part's name. An ablation: labels are used here."""

    def change(observation: Observation, rng: np.random.Generator) -> Observation:
        label = torch.from_numpy(truth(observation))
        judge = OracleDetector(label, rename=rename, boxes=box, seed=int(rng.integers(2**31)))
        return made(
            observation,
            observation.views,
            judge(observation.views, observation.prompts, observation.category),
            observation.maps,
        )

    return change


def each(method: Method) -> Learn:
    """A method of one shape at a time."""
    return lambda observations: [method(observation) for observation in observations]


def alone(settings: PartDistill) -> Learn:
    """One student for each shape (TTA)."""

    def method(observation: Observation) -> Labelling:
        features = LIFTED(observation)
        return predict(align([example(observation, features, settings)], observation.prompts, settings), observation, features)

    return each(method)


def pre(settings: PartDistill, backbone: Backbone | None = None) -> Learn:
    """One student for all shapes of a category, which are the pool."""

    def learn(observations: Sequence[Observation]) -> Sequence[Labelling]:
        see = backbone or LIFTED
        features = [see(observation) for observation in observations]
        examples = [example(observation, seen, settings) for observation, seen in zip(observations, features, strict=True)]
        student = align(examples, observations[0].prompts, settings)
        return [predict(student, observation, seen) for observation, seen in zip(observations, features, strict=True)]

    return learn


def outside(settings: PartDistill, backbone: Backbone | None = None) -> Learn:
    """Two students for each category, each aligned to one half of the shapes and used for the other."""

    def learn(observations: Sequence[Observation]) -> Sequence[Labelling]:
        see = backbone or LIFTED
        features = [see(observation) for observation in observations]
        told: dict[int, Labelling] = {}
        for half in (0, 1):
            examples = [example(observations[i], features[i], settings) for i in range(half, len(observations), 2)]
            student = align(examples, observations[0].prompts, settings)
            told |= {i: predict(student, observations[i], features[i]) for i in range(1 - half, len(observations), 2)}
        return [told[i] for i in range(len(observations))]

    return learn


def chosen_on_labels(settings: PartDistill, truth: Callable[[Observation], np.ndarray]) -> Learn:
    """Pre as the authors stop it: of all epochs the one that is best on the test labels. Shows the gain by that leak."""

    def learn(observations: Sequence[Observation]) -> Sequence[Labelling]:
        see, after = LIFTED, []
        features = [see(observation) for observation in observations]
        examples = [example(observation, seen, settings) for observation, seen in zip(observations, features, strict=True)]
        with tempfile.TemporaryDirectory() as folder:
            state = Path(folder) / "state.safetensors"
            student = align(
                examples, observations[0].prompts, settings, state=state,
                progress=lambda *_: after.append(state.read_bytes()) if state.exists() else None,
            )  # fmt: skip
        best: tuple[float, Sequence[Labelling]] = (-1.0, ())
        for held in [safetensors.torch.load(one) for one in after] + [
            {f"student.{k}": v for k, v in student.state_dict().items()}
        ]:
            student.load_state_dict({key[8:]: value for key, value in held.items() if key.startswith("student.")})
            told = [predict(student, observation, seen) for observation, seen in zip(observations, features, strict=True)]
            answers = [
                Answer(
                    "",
                    one.score.argmax(1).numpy(),
                    truth(observation),
                    geometry.element_areas(observation.shape),
                    observation.prompts,
                )
                for one, observation in zip(told, observations, strict=True)
            ]
            best = max(best, (metrics.summary(answers)["miou"], told), key=lambda pair: pair[0])
        return best[1]

    return learn


def with_generated(count: int, kinds: dict[str, str], teacher: BuiltinTeacher, folder: Path) -> Learn:
    """Pre on `count` procedural shapes of the category, 4 views each, and half of the real ones; used for the other half."""

    def examples_of(category: str, prompts: tuple[str, ...]) -> list[Example]:
        made_of = []
        for seed in range(count):
            file = folder / f"generated_{category}_{seed}.safetensors"
            if not file.exists():
                mesh = labelled_shape(kinds[category], 5000 + seed)[0]
                observation, _ = observe(mesh, prompts, CheckedTeacher(teacher), category=category, views=4, up=(0.0, 1.0, 0.0))
                example(observation, LIFTED(observation), SOFT).save(file)
            made_of.append(Example.load(file))
        return made_of

    def learn(observations: Sequence[Observation]) -> Sequence[Labelling]:
        see = LIFTED
        features = [see(observation) for observation in observations]
        told: dict[int, Labelling] = {}
        for half in (0, 1):
            examples = [example(observations[i], features[i], SOFT) for i in range(half, len(observations), 2)]
            student = align(
                [*examples_of(str(observations[0].category), observations[0].prompts), *examples], observations[0].prompts, SOFT
            )
            told |= {i: predict(student, observations[i], features[i]) for i in range(1 - half, len(observations), 2)}
        return [told[i] for i in range(len(observations))]

    return learn


def both(inner: tuple[Backbone, ...]) -> Backbone:
    """Several backbones side by side."""

    class Joined:
        def __call__(self, observation: Observation) -> torch.Tensor:
            return torch.cat([part(observation) for part in inner], 1)

        def describe(self, observation: Observation) -> dict[str, Any]:
            return {"name": "joined", "weights": []}

    return Joined()


def in_other_words(learn: Learn, teacher: BuiltinTeacher) -> Learn:
    """With the teacher's answers for words that it was not trained on."""

    return lambda observations: learn([other_words(observation, teacher) for observation in observations])


def other_words(observation: Observation, teacher: BuiltinTeacher) -> Observation:
    """An observation with the words of paraphrases.json for the parts."""
    words = json.loads(PARAPHRASES.read_text(encoding="utf-8"))
    names = words.get(observation.category, {})
    new = replace(observation, prompts=tuple(names.get(prompt, prompt) for prompt in observation.prompts))
    text, scale = teacher.embed(new.prompts, observation.category), teacher.head.log_scale.exp()
    logit = tuple(torch.einsum("hwd,pd->phw", teacher.head(grid), text) * scale for grid in observation.maps.grid)
    assert isinstance(observation.answer, Relevancy)
    return made(new, observation.views, replace(observation.answer, logit=logit), observation.maps)


def open_student(ask: bool, teacher: BuiltinTeacher) -> Learn:
    """Pre with a student tied to the sentence encoder, for the words of its training or for others."""

    def learn(observations: Sequence[Observation]) -> Sequence[Labelling]:
        features = [LIFTED(observation) for observation in observations]
        examples = [example(observation, seen, SOFT) for observation, seen in zip(observations, features, strict=True)]
        category = observations[0].category
        student = align(examples, observations[0].prompts, SOFT, directions=teacher.embed(observations[0].prompts, category))
        if ask:
            words = other_words(observations[0], teacher).prompts
            student = student.with_prompts(words, teacher.embed(words, category))
        return [predict(student, observation, seen) for observation, seen in zip(observations, features, strict=True)]

    return learn


def smoothed(radius: float, crease: float) -> Learn:
    """The lift with another smoothing."""

    link = partial(graph.surface_graph, settings=replace(graph.DEFAULT, crease=crease))
    return each(lambda observation: Lift()(replace(observation, link=link, radius=radius)))


def parts(
    truth: Callable[[Observation], np.ndarray],
    teacher: BuiltinTeacher,
    folder: Path,
    shares: Sequence[float],
    pools: Sequence[int],
) -> dict[str, list[tuple[str, Change, dict[str, Learn]]]]:
    """Every part of the benchmark: its conditions, and the methods that are compared under each."""
    base: dict[str, Learn] = {"lift": each(Lift()), "vote": each(Vote())}
    soft: dict[str, Learn] = {**base, "Pre soft": pre(SOFT)}
    votes: dict[str, Learn] = {
        "Pre votes, forward": pre(FORWARD),
        "Pre votes, backward": pre(VOTES),
        "Pre votes, backward of the paper": pre(PAPER),
    }
    hard: dict[str, Learn] = {"vote": base["vote"], **votes}
    one_by_one = {
        "TTA votes, forward": alone(FORWARD),
        "TTA votes, backward": alone(VOTES),
    }
    joined = both((LIFTED, Geometry()))
    inputs: dict[str, Learn] = {
        "lifted, pool": pre(SOFT),
        "lifted, outside": outside(SOFT),
        "geometry, pool": pre(SOFT, Geometry()),
        "geometry, outside": outside(SOFT, Geometry()),
        "both, pool": pre(SOFT, joined),
        "both, outside": outside(SOFT, joined),
    }
    creases = {
        f"radius {radius}, crease {crease}": smoothed(radius, crease)
        for radius, crease in ((0.04, 0.0), (0.2, 0.0), (0.04, 0.5), (0.1, 0.5), (0.2, 0.5), (0.3, 0.5), (0.2, 0.2), (0.2, 1.0))
    }
    kinds = {"airplane": "airplane", "chair": "chair", "ant": "ant"}
    generated = {f"{n} generated, half of the real": with_generated(n, kinds, teacher, folder) for n in pools}
    words: dict[str, Learn] = {
        "lift": base["lift"],
        "lift, other words": in_other_words(base["lift"], teacher),
        "open student": open_student(False, teacher),
        "open student, other words": open_student(True, teacher),
    }
    return {
        "creases": [("10 views", fewer(10), creases)],
        "views": [(f"{n} views", fewer(n), {**soft, **votes}) for n in (10, 5, 2, 1)],
        "outside": [(f"{n} views", fewer(n), {"Pre soft, outside": outside(SOFT)}) for n in (10, 2)],
        "tta": [("10 views", fewer(10), {**base, "TTA soft": alone(SOFT)})],
        "missing": [("80 % of the regions missing", missing(0.8), hard)],
        "boxes": [("boxes cut from the maps", boxes, hard)],
        "names": [(f"{share:.0%} wrong names", oracle(share, truth, False), hard) for share in shares],
        "names-alone": [(f"{share:.0%} wrong names", oracle(share, truth, False), one_by_one) for share in shares],
        "noisy-boxes": [(f"{share:.0%} wrong names", oracle(share, truth, True), hard) for share in shares],
        "inputs": [("10 views", fewer(10), inputs)],
        "stop": [("10 views", fewer(10), {"last epoch": pre(SOFT), "best on test labels": chosen_on_labels(SOFT, truth)})],
        "open": [("10 views", fewer(10), words)],
        "generated": [("10 views", fewer(10), generated)],
    }


def main() -> None:
    """Measure the chosen parts; write distillation_<part>.json and print the rows, after each condition."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--names", type=Path, required=True)
    parser.add_argument("--kept", type=Path, required=True)
    parser.add_argument("--parts", nargs="*", default=["views"])
    parser.add_argument("--shares", nargs="*", type=float, default=[0.0, 0.2, 0.4, 0.6], help="of wrong names")
    parser.add_argument("--pools", nargs="*", type=int, default=[0, 50, 200], help="numbers of generated shapes")
    parser.add_argument("--limit", type=int, help="shapes of a category")
    parser.add_argument("--categories", nargs="*")
    parser.add_argument("--out", type=Path, default=RESULTS)
    arguments = parser.parse_args()
    data = open_dataset(
        "labelled-psb", arguments.data, names=arguments.names, categories=arguments.categories, limit=arguments.limit
    )
    teacher, observations, ids = BuiltinTeacher(), {}, {}
    for item in data:
        observation = kept_observation(item, teacher, arguments.kept)
        observations.setdefault(item.id.split("/")[0], []).append((item.id, observation))
        ids[id(observation.shape)] = item.id
    plan = parts(
        lambda observation: data.truth(ids[id(observation.shape)]),
        teacher,
        arguments.kept,
        arguments.shares,
        arguments.pools,
    )
    for part in arguments.parts:
        rows = {}
        for condition, change, compared in plan[part]:
            answers: dict[str, list[Answer]] = {name: [] for name in compared}
            for category, group in observations.items():
                rng = np.random.default_rng(0)
                given = [change(observation, rng) for _, observation in group]
                area = [geometry.element_areas(observation.shape) for observation in given]
                for name, learn in compared.items():
                    for (item_id, observation), answer, share in zip(group, learn(given), area, strict=True):
                        best = answer.score.argmax(1).numpy()
                        answers[name].append(Answer(category, best, data.truth(item_id), share, observation.prompts))
                print(part, condition, category, flush=True)
            rows[condition] = {name: figures(told) for name, told in answers.items()}
            report = {"shapes": len(data), "rows": rows, "commit": provenance.commit(), "machine": f"{os.cpu_count()} cores"}
            with atomic(arguments.out / f"distillation_{part}.json") as temporary:
                temporary.write_text(json.dumps(report, indent=1), encoding="utf-8")
            for name, figure in rows[condition].items():
                cells = [f"{figure[half]:.1f}" if half in figure else "" for half in ("all", "chosen on", "others")]
                print(" | ".join(["", condition, name, *cells, ""]).strip(), flush=True)


def figures(answers: Sequence[Answer]) -> dict[str, float]:
    """mIoU over all categories, over those that choices were made on, and over the others, as far as there are such."""
    halves = {"all": answers, "chosen on": [a for a in answers if a.category in CHOSEN_ON]}
    halves["others"] = [answer for answer in answers if answer.category not in CHOSEN_ON]
    return {name: metrics.summary(half)["miou"] for name, half in halves.items() if half}


if __name__ == "__main__":
    main()
