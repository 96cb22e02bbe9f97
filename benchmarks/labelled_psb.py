"""The built-in teacher on the labelled PSB: plain prompts, paraphrased ones, and with each category's family left out.

    python -m benchmarks.labelled_psb --data DATA/labelled_psb --names DATA/labelled_psb_names.json --features build/features

Left out: for every fold the head is trained again without the families of three tested categories and their siblings
(`FOLDS`), then measured on those three. Every figure is also given for the categories on which faults were looked for
(`CHOSEN_ON`) and for the others, on which nothing was chosen.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from meronym.evaluation.datasets import open_dataset
from meronym.evaluation.report import Row, mean_row, rows_table
from meronym.evaluation.runner import evaluate
from meronym.io.files import atomic
from meronym.shapes.pipeline import DEFAULT_METHOD
from meronym.teachers.builtin import HEAD, BuiltinTeacher
from meronym.teachers.text import TextEncoder
from meronym_synthetic.kinds import KINDS
from training import head
from training.phrasebook import Phrasebook

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
CHOSEN_ON = ("airplane", "armadillo", "fish", "person", "pliers", "teddy bear")
"""Categories, in plain English, that settings and words may be chosen on."""


def left_out(arguments: argparse.Namespace) -> dict[str, Any]:
    """Measure each fold's categories with a head trained without their families; heads that exist are taken as they are."""
    result: dict[str, Any] = {}
    for number, fold in enumerate(FOLDS):
        categories = [name for name in sorted(fold) if arguments.categories is None or name in arguments.categories]
        if not categories:
            continue
        path = arguments.features / f"left_out_{number}_{arguments.steps}.safetensors"
        if not path.exists():
            train_without({family for families in fold.values() for family in families}, path, arguments)
        report = run(arguments, categories, BuiltinTeacher(path))
        of_all = {key: result.get(key, {}) | report[key] for key in ("categories", "items", "item_figures", "failures")}
        result = {key: value for key, value in report.items() if key not in ("miou", "figures", "floors")} | of_all
    return result


def train_without(families: set[str], path: Path, arguments: argparse.Namespace) -> None:
    """Write a head that never met these families."""
    pixels = head.load(arguments.features, [name for name, kind in KINDS.items() if kind.family not in families])
    book, settings = Phrasebook(TextEncoder()), head.TrainingSettings(steps=arguments.steps)
    trained = head.train(pixels, head.load(arguments.features, ["scene"]), book, settings)
    about = {"without": sorted(families), "steps": settings.steps, "seed": settings.seed}
    head.save(trained, head.vocabulary(book, pixels.keys), path, {kind for kind, _ in pixels.keys}, about)


def run(arguments: argparse.Namespace, categories: list[str] | None, teacher: BuiltinTeacher, other: bool = False) -> Any:
    """One evaluation of the method, with the prompts as they are or paraphrased."""
    words = json.loads(PARAPHRASES.read_text(encoding="utf-8")) if other else {}
    data = open_dataset("labelled-psb", arguments.data, names=arguments.names, categories=categories, limit=arguments.limit)
    report = evaluate(
        data,
        methods=[arguments.method],
        teacher=teacher,
        rename=lambda category, prompt: words.get(category, {}).get(prompt, prompt),
        progress=lambda stage, done=0, total=0, note="": print(done, total, note, flush=True),
    ).report
    own = report.pop("methods")[arguments.method]
    return {**report, "method": arguments.method, **own}


def rows(categories: dict[str, Any]) -> dict[str, Row]:
    """Every figure of each category, and their means: all categories, those chosen on, the others."""
    table: dict[str, Row] = {
        name: {"closed list": row["miou"], **row["figures"], "majority": row["majority"], "random": row["random"]}
        for name, row in sorted(categories.items())
    }
    halves = {
        "all": list(table.values()),
        "chosen on": [row for name, row in table.items() if name in CHOSEN_ON],
        "the others": [row for name, row in table.items() if name not in CHOSEN_ON],
    }
    return table | {name: mean_row(own) for name, own in halves.items() if own}


def main() -> None:
    """Measure, write labelled_psb_*.json, print a table of each part."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--names", type=Path, required=True)
    parser.add_argument("--features", type=Path, default=Path("build/features"), help="kept features, for the left-out figures")
    parser.add_argument("--steps", type=int, default=head.TrainingSettings.steps, help="of training, for the left-out figures")
    parser.add_argument("--head", type=Path, default=HEAD, help="of the plain and paraphrased figures")
    parser.add_argument("--method", default=DEFAULT_METHOD)
    parser.add_argument("--parts", nargs="*", default=["plain", "paraphrased", "left out"])
    parser.add_argument("--categories", nargs="*", help="the benchmark's names; all, if none are given")
    parser.add_argument("--limit", type=int, help="at most so many shapes of a category")
    parser.add_argument("--out", type=Path, default=RESULTS)
    arguments = parser.parse_args()
    for part in arguments.parts:
        if part == "left out":
            result = left_out(arguments)
        else:
            result = run(arguments, arguments.categories, BuiltinTeacher(arguments.head), part == "paraphrased")
        result["rows"] = rows(result["categories"])
        with atomic(arguments.out / f"labelled_psb_{part.replace(' ', '_')}.json") as temporary:
            temporary.write_text(json.dumps(result, indent=1), encoding="utf-8")
        print(
            f"\n{part}, {result['method']}, commit {result['commit']}\n\n{rows_table('category', result['rows'])}", flush=True
        )


if __name__ == "__main__":
    main()
