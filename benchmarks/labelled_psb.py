"""The built-in teacher on the labelled PSB: plain prompts, paraphrased ones, and with each category's family left out.

    python -m benchmarks.labelled_psb --data DATA/labelled_psb --names DATA/labelled_psb_names.json --features build/features

Left out: for every fold the head is trained again without the families of three tested categories and their siblings
(`FOLDS`), then measured on those three. Nothing is chosen here; choices are made by `training.choose` on generated shapes.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from meronym.evaluation.datasets import open_dataset
from meronym.evaluation.runner import evaluate
from meronym.io.files import atomic
from meronym.teachers.builtin import BuiltinTeacher
from meronym.teachers.text import TextEncoder
from meronym_synthetic.kinds import KINDS
from training import head

RESULTS = Path(__file__).parent / "results"
PARAPHRASES = Path(__file__).with_name("paraphrases.json")

FOLDS: tuple[dict[str, tuple[str, ...]], ...] = (
    {
        "Airplane": ("aircraft", "rotorcraft", "rocket"),
        "Chair": ("seating", "swing", "rocking horse"),
        "Octopus": ("cephalopod", "starfish", "spider"),
    },
    {
        "Ant": ("insect", "spider", "crustacean"),
        "Glasses": ("eyewear", "mask"),
        "Table": ("table", "storage", "bed"),
    },
    {
        "Armadillo": ("upright creature", "humanoid", "reptile", "toy bear"),
        "Human": ("humanoid", "upright creature", "toy bear", "snowman"),
        "Plier": ("pliers", "wrench", "cutlery"),
    },
    {
        "Fish": ("fish", "sea mammal"),
        "Teddy": ("toy bear", "snowman"),
        "Vase": ("vase", "kettle", "bottle", "jar", "cup", "goblet"),
    },
)
"""Category of the benchmark -> families of the generator that are it or look like it."""


def left_out(arguments: argparse.Namespace) -> dict[str, Any]:
    """Measure each fold's categories with a head trained without their families; heads that exist are taken as they are."""
    rows: dict[str, Any] = {}
    for number, fold in enumerate(FOLDS):
        categories = [name for name in sorted(fold) if arguments.categories is None or name in arguments.categories]
        if not categories:
            continue
        without = {family for families in fold.values() for family in families}
        path = arguments.features / f"left_out_{number}.safetensors"
        if not path.exists():
            kinds = [name for name, kind in KINDS.items() if kind.family not in without]
            pixels = head.load(arguments.features, kinds)
            head.save(head.train(pixels, TextEncoder(), steps=6000), path, kinds, {"without": sorted(without)})
        rows |= run(arguments, categories, BuiltinTeacher(path))["categories"]
    return {"miou": sum(row["miou"] for row in rows.values()) / len(rows), "categories": dict(sorted(rows.items()))}


def run(arguments: argparse.Namespace, categories: list[str] | None, teacher: BuiltinTeacher, other: bool = False) -> Any:
    """One evaluation of `lift`, with the prompts as they are or paraphrased."""
    words = json.loads(PARAPHRASES.read_text(encoding="utf-8")) if other else {}
    data = open_dataset("labelled-psb", arguments.data, names=arguments.names, categories=categories, limit=arguments.limit)
    report = evaluate(
        data,
        teacher=teacher,
        rename=lambda category, prompt: words.get(category, {}).get(prompt, prompt),
        progress=lambda stage, done=0, total=0, note="": print(done, total, note, flush=True),
    ).report
    lift = report.pop("methods")["lift"]
    return {**report, "method": "lift", **lift}


def main() -> None:
    """Measure, write labelled_psb_*.json, print the table of all that it holds."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--names", type=Path, required=True)
    parser.add_argument("--features", type=Path, help="kept features; only for the left-out figures")
    parser.add_argument("--parts", nargs="*", default=["plain", "paraphrased", "left out"])
    parser.add_argument("--categories", nargs="*", help="the benchmark's names; all, if none are given")
    parser.add_argument("--limit", type=int, help="at most so many shapes of a category")
    parser.add_argument("--out", type=Path, default=RESULTS)
    arguments = parser.parse_args()
    for part in arguments.parts:
        if part == "left out":
            result = left_out(arguments)
        else:
            result = run(arguments, arguments.categories, BuiltinTeacher(), part == "paraphrased")
        with atomic(arguments.out / f"labelled_psb_{part.replace(' ', '_')}.json") as temporary:
            temporary.write_text(json.dumps(result, indent=1), encoding="utf-8")
    report = {path.stem[13:]: json.loads(path.read_text("utf-8")) for path in sorted(arguments.out.glob("labelled_psb_*.json"))}
    print("| category | " + " | ".join(report) + " |\n|" + "---|" * (len(report) + 1))
    for name in next(iter(report.values()))["categories"]:
        print(f"| {name} | " + " | ".join(f"{part['categories'][name]['miou']:.1f}" for part in report.values()) + " |")
    print("| mean | " + " | ".join(f"{part['miou']:.1f}" for part in report.values()) + " |")


if __name__ == "__main__":
    main()
