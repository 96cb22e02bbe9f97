"""Reports of an evaluation: tables, plots and files."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from meronym.errors import MissingExtra
from meronym.io.documents import as_json
from meronym.io.files import write_file

Row = Mapping[str, float | None]
"""Column -> figure in percent, or a whole number; None = not measured."""


def table(report: dict[str, Any]) -> str:
    """The figures of all methods as Markdown, with protocol, floors and circumstances."""
    methods = report["methods"]
    first = next(iter(methods.values()))
    floors = list(first["floors"])
    items = sum(row["items"] for row in first["categories"].values())
    blanks = " |" * (len(floors) + 1)
    rows = [
        f"{report['dataset']}, {report['seen']}, teacher {report['teacher']['name']}.",
        f"mIoU in percent, {report['protocol']}.",
        f"Commit {report['commit']}, {report['machine']}.",
        "",
        "| category | " + " | ".join([*methods, *floors, "items"]) + " |",
        "|" + "---|" * (len(methods) + len(floors) + 2),
    ]
    for name, row in first["categories"].items():
        figures = [f"{method['categories'][name]['miou']:.1f}" for method in methods.values()]
        rows.append(
            f"| {name} | " + " | ".join([*figures, *(f"{row[floor]:.1f}" for floor in floors), str(row["items"])]) + " |"
        )
    means = [f"**{method['miou']:.1f}**" for method in methods.values()]
    rows.append("| all | " + " | ".join([*means, *(f"{first['floors'][floor]:.1f}" for floor in floors), str(items)]) + " |")
    for name in dict.fromkeys(name for method in methods.values() for name in method["figures"]):
        values = [method["figures"].get(name) for method in methods.values()]
        rows.append(f"| {name} | " + " | ".join(map(_cell, values)) + " |" + blanks)
    rows.append("| failed | " + " | ".join(str(len(method["failures"])) for method in methods.values()) + " |" + blanks)
    each = [f"{method['seconds'] / max(items, 1):.2f}" for method in methods.values()]
    rows.append("| seconds an item | " + " | ".join(each) + " |" + blanks)
    rows.append(
        "\nSeconds an item are without rendering, reconstruction and the teacher's answers, which all methods share: "
        f"{report['seconds_observing'] / max(items, 1):.2f}."
    )
    rows += [f"{name}: {sentence}." for name, sentence in report["sentences"].items()]
    for item, quality in report["quality"].items():
        rows.append(f"{item}: " + ", ".join(f"{name} {value:.1f}" for name, value in quality.items()) + ".")
    for name, method in methods.items():
        rows += [f"{name} failed on {item}: {why}" for item, why in method["failures"].items()]
    return "\n".join(rows) + "\n"


def mean_row(rows: Sequence[Row]) -> dict[str, float | None]:
    """Means of the columns of rows; None = no row has the figure."""
    columns = {name: [row[name] for row in rows] for name in rows[0]}
    measured = {name: [value for value in values if value is not None] for name, values in columns.items()}
    return {name: sum(values) / len(values) if values else None for name, values in measured.items()}


def rows_table(corner: str, rows: Mapping[str, Row]) -> str:
    """Rows of figures as Markdown, "-" for what was not measured; all rows have the columns of the first."""
    columns = list(next(iter(rows.values())))
    lines = [f"| {corner} | " + " | ".join(columns) + " |", "|" + "---|" * (len(columns) + 1)]
    for name, row in rows.items():
        lines.append(f"| {name} | " + " | ".join(_cell(row[column]) for column in columns) + " |")
    return "\n".join(lines) + "\n"


def _cell(value: float | None) -> str:
    return "-" if value is None else str(value) if isinstance(value, int) else f"{value:.1f}"


def plot(report: dict[str, Any], path: Path) -> Path:
    """The figures as bars, by category.

    Raises: MissingExtra if matplotlib is not installed.
    """
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise MissingExtra("the plot", "matplotlib", "bench") from error
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


def save_report(folder: Path, report: Mapping[str, Any], table: str) -> list[Path]:
    """Write table.md and report.json.

    Raises: InputError if they cannot be written.
    """
    texts = {"table.md": table, "report.json": json.dumps(as_json(report), indent=1, allow_nan=False)}
    return [write_file(folder / name, text.encode("utf-8")) for name, text in texts.items()]
