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

from meronym import pipelines
from meronym.generator.kinds import KINDS
from meronym.io.files import atomic
from meronym.teachers.builtin import BuiltinTeacher, TextEncoder
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
    """Train a head for each fold without its families and measure it on the fold's categories."""
    text, rows = TextEncoder(), {}
    for number, fold in enumerate(FOLDS):
        without = {family for families in fold.values() for family in families}
        kinds = [name for name, kind in KINDS.items() if kind.family not in without]
        path = arguments.features / f"left_out_{number}.safetensors"
        trained = head.train(head.load(arguments.features, kinds), text)
        head.save(trained, path, {"kinds": len(kinds), "without": sorted(without)})
        rows |= run(arguments, sorted(fold), BuiltinTeacher(path))["categories"]
    return {"miou": sum(row["miou"] for row in rows.values()) / len(rows), "categories": rows}


def run(arguments: argparse.Namespace, categories: list[str] | None, teacher: BuiltinTeacher, other: bool = False) -> Any:
    """One evaluation, with the prompts as they are or paraphrased."""
    words = json.loads(PARAPHRASES.read_text(encoding="utf-8")) if other else {}
    data = pipelines.open_dataset(
        "labelled-psb", arguments.data, names=arguments.names, categories=categories, limit=arguments.limit
    )
    return pipelines.evaluate(
        data, teacher=teacher, rename=lambda category, prompt: words.get(category, {}).get(prompt, prompt), progress=print
    )


def main() -> None:
    """Measure, print a table, write results/labelled_psb.json."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--names", type=Path, required=True)
    parser.add_argument("--features", type=Path, help="kept features, for the left-out figures; none = skip them")
    parser.add_argument("--limit", type=int)
    arguments = parser.parse_args()
    teacher = BuiltinTeacher()
    report = {"plain": run(arguments, None, teacher), "paraphrased": run(arguments, None, teacher, other=True)}
    if arguments.features:
        report["left out"] = left_out(arguments)
    with atomic(RESULTS / "labelled_psb.json") as temporary:
        temporary.write_text(json.dumps(report, indent=1), encoding="utf-8")
    print("| category | " + " | ".join(report) + " | majority |\n|" + "---|" * (len(report) + 2))
    for name, row in report["plain"]["categories"].items():
        cells = [f"{part['categories'][name]['miou']:.1f}" for part in report.values()]
        print(f"| {name} | " + " | ".join(cells) + f" | {row['majority']:.1f} |")
    print("| mean | " + " | ".join(f"{part['miou']:.1f}" for part in report.values()) + " | |")


if __name__ == "__main__":
    main()
