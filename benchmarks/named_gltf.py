"""The built-in teacher on glTF files whose authors named the parts, file by file and by where they come from.

    python -m benchmarks.named_gltf --data DATA/gltf_named_parts

A file's first folder says where it comes from. Writes results/named_gltf.json and results/named_gltf.md.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from meronym.cli.progress import bars
from meronym.core import geometry
from meronym.datasets.named_gltf import NamedGltf
from meronym.evaluation import metrics
from meronym.evaluation.metrics import Answer
from meronym.evaluation.report import Row, mean_row, rows_table
from meronym.evaluation.runner import evaluate
from meronym.io.files import atomic
from meronym.shapes.pipeline import DEFAULT_METHOD
from meronym.teachers.builtin import HEAD

RESULTS = Path(__file__).parent / "results"


def rows(data: NamedGltf, report: dict[str, Any]) -> dict[str, dict[str, float | None]]:
    """Per file: number of parts, all figures and the floors, in percent."""
    table = {}
    for item in data:
        truth, area = data.truth(item.id), geometry.element_areas(item.shape)
        floors = metrics.summary([Answer(item.category, truth, truth, area, item.prompts)])
        table[item.id] = {
            "parts": len(item.prompts),
            "closed list": report["items"][item.id],
            **report["item_figures"][item.id],
            "majority": floors["majority_floor"],
            "random": floors["random_floor"],
        }
    return table


def means(files: Mapping[str, Row]) -> dict[str, Row]:
    """Means over the files of each group, and over all files; the number of files beside them."""
    groups: dict[str, list[Row]] = {}
    for name, row in files.items():
        groups.setdefault(Path(name).parts[0], []).append(row)
    groups["all files"] = list(files.values())
    return {name: {"files": len(own), **mean_row(own)} for name, own in groups.items()}


def markdown(report: dict[str, Any]) -> str:
    """Two tables, groups and files, with how they came to be above them."""
    about = f"Commit {report['commit']}, {report['machine']}, {report['seen']}, {report['method']}. {report['protocol']}."
    lines = [about, "", rows_table("group", report["groups"]), rows_table("file", report["files"])]
    lines += [f"{name}: {sentence}." for name, sentence in report["sentences"].items()]
    lines += ["", *(f"Failed, counted as 0: {name}: {why}" for name, why in report["failures"].items())]
    return "\n".join(lines).rstrip() + "\n"


def main() -> None:
    """Measure, print the tables, write the results."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder with one folder of .glb and .gltf files a group")
    parser.add_argument("--teacher", default="builtin", help="a teacher's name, or module:attribute")
    parser.add_argument("--head", type=Path, default=HEAD, help="of the teacher, if it is the built-in one")
    parser.add_argument("--method", default=DEFAULT_METHOD)
    parser.add_argument("--limit", type=int, help="at most so many files")
    parser.add_argument("--out", type=Path, default=RESULTS)
    arguments = parser.parse_args()
    data = NamedGltf(arguments.data, limit=arguments.limit)
    settings = {"builtin.head": str(arguments.head)} if arguments.teacher == "builtin" else {}
    with bars() as progress:
        report = evaluate(
            data, methods=[arguments.method], teacher=arguments.teacher, settings=settings, progress=progress
        ).report
    report |= {"method": arguments.method, **report.pop("methods")[arguments.method]}
    report["files"] = rows(data, report)
    report["groups"] = means(report["files"])
    text = markdown(report)
    for name, content in {"named_gltf.json": json.dumps(report, indent=1), "named_gltf.md": text}.items():
        with atomic(arguments.out / name) as temporary:
            temporary.write_text(content, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
