"""Scenes rendered with masks: 3D-OVS, its parts and the methods beside it, on views that were never learned from.

    meronym synthetic scenes --out SCENES --scenes 5 --views 24
    python -m benchmarks.scenes --data SCENES --kept build/scenes --parts methods

Built-in teacher, photos of 400 x 300 pixels, the field trained at 200 x 150. Settings were chosen on the first two scenes (by
name); the means of the others are given beside. Reconstructions and the teacher's features are kept in --kept. --parts:

methods   all methods, and 3D-OVS without each of its parts; consistent: names gathered on the surface and smoothed over it
fast      the methods without training as `meronym segment` has them, with the fast reconstruction and one scale of the teacher
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
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch.nn import functional

from meronym.cli.progress import bars
from meronym.datasets.threedovs import ThreeDOVS
from meronym.evaluation.report import table
from meronym.evaluation.runner import evaluate
from meronym.io.captures.read import holdout
from meronym.io.files import atomic
from meronym.lifting.observation import Method, Observation
from meronym.methods.ffd import Ffd
from meronym.methods.lerf import Lerf
from meronym.methods.lift import Lift
from meronym.methods.recognise import Recognise
from meronym.methods.scene_evidence import SceneEvidence, scene_of
from meronym.methods.teacher_alone import TeacherAlone
from meronym.methods.three_d_ovs import OVS3D, surface_features
from meronym.radiance.reconstruction import PRESETS
from meronym.students.feature_field import FeatureField
from meronym.teachers.checked import load_teacher
from meronym.teachers.pyramid import FeaturePyramid
from meronym.teachers.windows import narrowed
from meronym.types import Labelling

RESULTS = Path(__file__).parent / "results"
CHOSEN_ON = ("scene_00", "scene_01")
"""Scenes on which settings were chosen."""


@lru_cache(maxsize=2)
def field_of(scene: SceneEvidence, settings: OVS3D) -> FeatureField:
    """A trained field, learned once for the rows with and without consistent names."""
    return settings.learn(scene)


@dataclass(frozen=True)
class Shared:
    """3D-OVS or FFD with a field that several rows share."""

    settings: OVS3D
    consistent: bool

    def __call__(self, observation: Observation) -> Labelling:
        scene = scene_of(observation, "shared")
        field = field_of(scene, self.settings)
        pixels, features = self.settings.pixel_scores(field, scene), surface_features(field, scene)
        if self.consistent:
            return scene.label_surface(observation, pixels, features)
        return scene.label(pixels, features)


METHODS: dict[str, Method] = {
    "teacher alone": TeacherAlone(),
    "teacher alone, stretched": TeacherAlone(stretched=True),
    "FFD": Shared(Ffd(), False),
    "FFD, consistent": Shared(Ffd(), True),
    "LERF": Lerf(),
    "lift": Lift(),
    "recognise": Recognise(),
    "3D-OVS, quick settings, not consistent": Shared(OVS3D(), False),
    "3D-OVS": Shared(OVS3D(), True),
    "3D-OVS without selection": OVS3D(selection=False, repel=0.2),
    "3D-OVS without RDA": OVS3D(rda=False, repel=0.2),
    "3D-OVS without FDA": OVS3D(fda=False),
}


def changed(observation: Observation, **fields: Any) -> Observation:
    """An observation whose scene has other fields; everything that follows from them is computed again."""
    return replace(observation, scene=replace(scene_of(observation, "changed"), **fields))


def with_pyramid(pyramid: FeaturePyramid) -> Callable[..., FeaturePyramid]:
    """Stands for encoding photos whose features are known."""
    return lambda model, photos, progress: pyramid


def thinned(step: int) -> Callable[[Observation], Observation]:
    """Every `step`-th training photo."""

    def change(observation: Observation) -> Observation:
        scene = scene_of(observation, "thinned")
        own = torch.arange(len(scene.photos)) % step == 0
        few = FeaturePyramid(scene.pyramid.grid[own], scene.pyramid.basis)
        return changed(observation, photos=scene.photos.only(own), sharp=scene.sharp.only(own), encode_photos=with_pyramid(few))

    return change


def scaled(chosen: Sequence[int]) -> Callable[[Observation], Observation]:
    """Only chosen scales of the teacher, from coarse to fine."""

    def change(observation: Observation) -> Observation:
        scene = scene_of(observation, "scaled")
        fewer = FeaturePyramid(scene.pyramid.grid[:, list(chosen)], scene.pyramid.basis)
        return changed(observation, encode_photos=with_pyramid(fewer))

    return change


@dataclass(frozen=True)
class Words:
    """A text encoder of an oracle: the k-th prompt is the k-th unit vector."""

    prompts: tuple[str, ...]
    sharpness: float
    scales: tuple[float, ...] = (1.0,)
    stride: float = 1.0

    def encode_image(self, picture: torch.Tensor) -> torch.Tensor:
        raise NotImplementedError("the oracle's features are known")

    def encode_text(self, prompts: Sequence[str]) -> torch.Tensor:
        return torch.eye(len(self.prompts) + 1)[[self.prompts.index(prompt) for prompt in prompts]]

    def describe(self) -> dict[str, Any]:
        return {"name": "oracle", "uses_labels": True}


def oracle(data: ThreeDOVS, share: float) -> Callable[[Observation], Observation]:
    """The teacher replaced by the true names, of which a share is wrong: all of an object in a photo bears another's name."""
    captures_of = {item.prompts: item for item in data}

    def change(observation: Observation) -> Observation:
        scene = scene_of(observation, "oracle")
        item = captures_of[scene.prompts]
        views = (~holdout(item.capture)).nonzero()[:, 0].tolist()
        truth, count = data.truth(item.id), len(scene.prompts)
        rows, columns = scene.pyramid.grid.shape[2:4]
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
        words = Words(scene.prompts, scene.text_model.sharpness)
        return changed(observation, model=words, encode_photos=with_pyramid(FeaturePyramid(grid, unit)))

    return change


def main() -> None:
    """Measure the parts that are asked for; write results/scenes_<part>.json and print their tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--kept", type=Path, required=True)
    parser.add_argument("--parts", nargs="*", default=["methods"])
    parser.add_argument("--methods", nargs="*", help="only these rows of METHODS, for the part methods")
    parser.add_argument("--out", type=Path, default=RESULTS)
    arguments = parser.parse_args()
    data = ThreeDOVS(arguments.data)
    rows = {name: METHODS[name] for name in arguments.methods or METHODS}
    parts_of_it = {name: METHODS[name] for name in METHODS if name.startswith(("FFD", "3D-OVS"))}
    only_it = {"3D-OVS": METHODS["3D-OVS"]}
    repels: dict[str, Method] = {f"repel {weight}": OVS3D(repel=weight) for weight in OVS3D.repels}
    plan: dict[str, dict[str, tuple[dict[str, Method], Callable[[Observation], Observation]]]] = {
        "methods": {"all photos": (rows, lambda observation: observation)},
        "fast": {"all photos": ({"lift": Lift(), "recognise": Recognise()}, lambda observation: observation)},
        "views": {f"1/{step} of the photos": (only_it, thinned(step)) for step in (2, 4)},
        "scales": {f"scales {chosen}": (only_it, scaled(chosen)) for chosen in ((0,), (1,), (2,))},
        "oracle": {f"{share:.0%} wrong": (parts_of_it, oracle(data, share)) for share in (0.0, 0.3)},
        "repel": {"all photos": (repels, lambda observation: observation)},
    }
    for part in arguments.parts:
        report = {}
        for condition, (methods, change) in plan[part].items():
            teacher = load_teacher("builtin")
            with bars() as progress:
                report[condition] = evaluate(
                    data, methods=methods, teacher=narrowed(teacher) if part == "fast" else teacher, protocol="views",
                    reconstruction=PRESETS["fast" if part == "fast" else "default"], cache=arguments.kept, change=change,
                    progress=progress,
                ).report  # fmt: skip
            print(f"## {part}: {condition}\n\n{table(report[condition])}\n{others(report[condition])}", flush=True)
        with atomic(arguments.out / f"scenes_{part}.json") as temporary:
            temporary.write_text(json.dumps(report, indent=1), encoding="utf-8")


def others(report: dict[str, Any]) -> str:
    """Mean mIoU on held-out views of the scenes on which nothing was chosen."""
    rows = ["| method | mIoU on held-out views of the scenes on which nothing was chosen |", "|---|---|"]
    for name, method in report["methods"].items():
        own = [miou for scene, miou in method["items"].items() if scene not in CHOSEN_ON]
        rows += [f"| {name} | {np.mean(own):.1f} |"] if own else []
    return "\n".join(rows) + "\n"


if __name__ == "__main__":
    main()
