"""Scenes rendered with masks: 3D-OVS, its parts and the methods beside it, on views that were never learned from.

    meronym synthetic scenes --out SCENES --scenes 5 --views 24
    python -m benchmarks.scenes --data SCENES --kept build/scenes --parts methods

Built-in teacher, photos of 400 x 300 pixels, the field trained at 200 x 150. Settings were chosen on the first two scenes (by
name); the means of the others are given beside. Reconstructions and the teacher's features are kept in --kept. --parts:

methods   all methods, and 3D-OVS without each of its parts; settled: names spread over the surface
hasty     the lift as `meronym segment --method lift` has it: a hasty reconstruction and one scale of the teacher
views     3D-OVS with half and a quarter of the training photos
scales    3D-OVS with each of the teacher's three scales alone
oracle    3D-OVS and its parts taught by an oracle whose objects bear a wrong name in a share of the photos (uses labels)
repel     weights of what FDA pushes apart
"""

from __future__ import annotations

import argparse
import json
import zlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch.nn import functional

from meronym.cli.progress import bars
from meronym.datasets.threedovs import ThreeDOVS
from meronym.evaluation import scene_runner
from meronym.io.captures.read import holdout
from meronym.io.files import atomic
from meronym.methods import ffd, lerf, scene_lift, teacher_alone, three_d_ovs
from meronym.methods.three_d_ovs import DEFAULT
from meronym.radiance import reconstruction
from meronym.scenes import pipeline
from meronym.scenes.observation import SceneMethod, SceneObservation, SceneScores, make_consistent
from meronym.teachers.pyramid import FeaturePyramid

RESULTS = Path(__file__).parent / "results"
CHOSEN_ON = ("scene_00", "scene_01")
"""Scenes on which settings were chosen."""


def taught(**settings: Any) -> SceneMethod:
    """3D-OVS with some settings changed."""
    return lambda survey: three_d_ovs.segment(survey, replace(DEFAULT, **settings))


@lru_cache(maxsize=1)
def field_of(survey: SceneObservation) -> SceneScores:
    """3D-OVS as published: each pixel is named by itself."""
    return three_d_ovs.learn(survey)


@lru_cache(maxsize=1)
def plain_field_of(survey: SceneObservation) -> SceneScores:
    """FFD, learned once for both of its rows."""
    return ffd.segment(survey)


METHODS: dict[str, SceneMethod] = {
    "teacher alone": teacher_alone.segment,
    "teacher alone, stretched": teacher_alone.stretched,
    "FFD": plain_field_of,
    "FFD, settled": lambda survey: make_consistent(plain_field_of(survey), survey),
    "LERF": lerf.segment,
    "lift": scene_lift.segment,
    "3D-OVS as published": field_of,
    "3D-OVS": lambda survey: make_consistent(field_of(survey), survey),
    "3D-OVS without selection": taught(selection=False, repel=0.2),
    "3D-OVS without RDA": taught(rda=False, repel=0.2),
    "3D-OVS without FDA": taught(fda=False),
}


def thinned(step: int) -> Callable[[SceneObservation], SceneObservation]:
    """Every `step`-th training photo, and all that follows from them made anew."""

    def change(survey: SceneObservation) -> SceneObservation:
        own = torch.arange(len(survey.photos)) % step == 0
        few = replace(survey, photos=survey.photos.only(own), sharp=survey.sharp[own])
        few.__dict__["pyramid"] = FeaturePyramid(survey.pyramid.grid[own], survey.pyramid.basis)
        return few

    return change


def scaled(chosen: Sequence[int]) -> Callable[[SceneObservation], SceneObservation]:
    """Only some of the teacher's scales, from coarse to fine."""

    def change(survey: SceneObservation) -> SceneObservation:
        fewer = replace(survey)
        pyramid = FeaturePyramid(survey.pyramid.grid[:, list(chosen)], survey.pyramid.basis)
        fewer.__dict__.update(survey.__dict__, pyramid=pyramid)
        return fewer

    return change


def oracle(data: ThreeDOVS, share: float) -> Callable[[SceneObservation], SceneObservation]:
    """The teacher replaced by the true names, of which a share is wrong: all of an object in a photo bears another's name."""
    captures_of = {item.prompts: item for item in data}

    def change(survey: SceneObservation) -> SceneObservation:
        item = captures_of[survey.prompts]
        views = (~holdout(item.capture)).nonzero()[:, 0].tolist()
        truth, count = data.truth(item.id), len(survey.prompts)
        rows, columns = survey.pyramid.grid.shape[2:4]
        unit = torch.eye(count + 1)
        grid = torch.empty(len(views), 1, rows, columns, count + 1, dtype=torch.float16)
        for k, view in enumerate(views):
            draw = np.random.default_rng([zlib.crc32(item.id.encode()), view])
            order = np.arange(count)
            for own in range(count):
                wrong, other = draw.random() < share, draw.integers(1, count)
                order[own] = (own + other) % count if wrong else own
            masks = functional.interpolate(torch.from_numpy(truth[view]).float()[None], (rows, columns), mode="area")[0]
            named = torch.where(masks.amax(0) > 0.3, torch.from_numpy(order)[masks.argmax(0)], count)
            grid[k, 0] = unit[named].half()
        made = replace(survey)
        made.__dict__.update(survey.__dict__, pyramid=FeaturePyramid(grid, unit), text=unit[:count])
        return made

    return change


def main() -> None:
    """Measure the parts that are asked for; write results/scenes_<part>.json and print their tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--kept", type=Path, required=True)
    parser.add_argument("--parts", nargs="*", default=["methods"])
    parser.add_argument("--out", type=Path, default=RESULTS)
    arguments = parser.parse_args()
    data = ThreeDOVS(arguments.data)
    parts_of_it = {name: METHODS[name] for name in METHODS if name.startswith(("FFD", "3D-OVS"))}
    only_it = {"3D-OVS": METHODS["3D-OVS"]}
    repels = {f"repel {weight}": taught(repel=weight) for weight in three_d_ovs.REPELS}
    plan: dict[str, dict[str, tuple[dict[str, SceneMethod], Callable[[SceneObservation], SceneObservation]]]] = {
        "methods": {"all photos": (METHODS, lambda survey: survey)},
        "hasty": {"all photos": ({"lift": scene_lift.segment}, lambda survey: survey)},
        "views": {f"1/{step} of the photos": (only_it, thinned(step)) for step in (2, 4)},
        "scales": {f"scales {chosen}": (only_it, scaled(chosen)) for chosen in ((0,), (1,), (2,))},
        "oracle": {f"{share:.0%} wrong": (parts_of_it, oracle(data, share)) for share in (0.0, 0.3)},
        "repel": {"all photos": (repels, lambda survey: survey)},
    }
    for part in arguments.parts:
        report = {}
        for condition, (methods, change) in plan[part].items():
            with bars() as progress:
                teacher, settings = pipeline.hire_open("builtin"), reconstruction.DEFAULT
                if part == "hasty":
                    teacher, settings = pipeline.narrowed(teacher), reconstruction.FAST
                report[condition] = scene_runner.evaluate(
                    data, methods, teacher=teacher, settings=settings, kept=arguments.kept, change=change, progress=progress
                )
            print(
                f"## {part}: {condition}\n\n{scene_runner.table(report[condition])}\n{others(report[condition])}",
                flush=True,
            )
        with atomic(arguments.out / f"scenes_{part}.json") as temporary:
            temporary.write_text(json.dumps(report, indent=1), encoding="utf-8")


def others(report: dict[str, Any]) -> str:
    """Mean mIoU on held-out views of the scenes on which nothing was chosen."""
    scenes = [scene for name, scene in report["scenes"].items() if name not in CHOSEN_ON]
    rows = ["| method | mIoU on held-out views of the scenes on which nothing was chosen |", "|---|---|"]
    for name in scenes[0]["methods"] if scenes else ():
        rows.append(f"| {name} | {np.mean([scene['methods'][name]['held-out views']['miou'] for scene in scenes]):.1f} |")
    return "\n".join(rows) + "\n"


if __name__ == "__main__":
    main()
