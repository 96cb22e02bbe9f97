"""The command line: `meronym segment | evaluate | weights | doctor`."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import tyro
from rich.console import Console
from rich.table import Table

from meronym.errors import Error, InputError

if TYPE_CHECKING:
    from meronym.types import Segmentation

Up = Literal["x", "-x", "y", "-y", "z", "-z"]


def segment(
    input: Annotated[Path, tyro.conf.Positional],
    prompts: list[str],
    category: str | None = None,
    method: str = "lift",
    teacher: str = "builtin",
    views: int = 10,
    seed: int = 0,
    up: Up | None = None,
    repair: bool = False,
    preview: bool = False,
    out: Path | None = None,
) -> None:
    """Name the parts of a mesh or point cloud.

    Leaves in OUT: parts.glb (the input with its textures and hierarchy, one named node per part), parts.ply (labels and
    scores), parts.json (shares, scores and how the answer came to be) and, with --preview, preview.png.

        meronym segment chair.glb --prompts seat backrest leg armrest --category chair --preview

    Args:
        input: GLB, glTF, OBJ, PLY, STL, OFF, or points as XYZ, NPZ or PLY.
        prompts: The words, one part each.
        category: What the whole thing is called; helps the teacher.
        method: How views become labels.
        teacher: A built-in or installed teacher, or "module:attribute".
        views: Number of pictures that the teacher looks at.
        seed: Turns the ring of views; the same seed gives the same answer.
        up: The shape's up axis; guessed if the format does not say.
        repair: Drop broken faces and vertices instead of refusing the file.
        preview: Also write preview.png, the input beside its labels from four sides.
        out: Folder for the results [default: <input>_parts beside the current folder's other files].
    """
    from meronym import pipelines, read
    from meronym.preview import save_preview

    folder = out or Path(f"{input.stem}_parts")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"{folder}: cannot be made: {error.strerror}. Choose another folder with --out.") from error
    console = Console(stderr=True)
    with console.status("read") as status:
        shape = read(input, repair=repair)
        axis = None if up is None else [(-1.0 if "-" in up else 1.0) * (up[-1] == name) for name in "xyz"]
        result = pipelines.segment(
            shape, prompts, category=category, method=method, teacher=teacher, views=views, seed=seed, up=axis,
            progress=status.update,
        )  # fmt: skip
        status.update("write")
        endings = ("glb", "ply", "json") if hasattr(shape, "faces") else ("ply", "json")
        written = [result.save(folder / f"parts.{ending}") for ending in endings]
        if preview:
            written.append(save_preview(result, folder / "preview.png"))
    _print_parts(result)
    for path in written:
        print(path)


def _print_parts(result: Segmentation) -> None:
    from meronym.geometry import element_areas

    table = Table("part", "share of area", "mean score", "seen", "inferred")
    area = element_areas(result.shape)
    for index, name in enumerate([*result.prompts, "none of these"]):
        own = result.label == (index if index < len(result.prompts) else -1)
        share = float(area[own].sum())
        if share == 0:
            table.add_row(name, "0.0 %", "", "", "")
            continue
        score = result.score[own, index] if index < len(result.prompts) else 1 - result.score[own].sum(1)
        seen = float(area[own & result.seen].sum()) / share
        mean = float((score * area[own]).sum()) / share
        table.add_row(name, f"{share:.1%}", f"{mean:.2f}", f"{seen:.0%}", f"{1 - seen:.0%}")
    console = Console()
    console.print(table)
    missing = [name for name, count in result.counts().items() if count == 0]
    if missing:
        console.print(f"Nothing found for: {', '.join(missing)}.")
    console.print(f"Up axis {result.record['settings']['up']}. Seconds: {sum(result.record['seconds'].values()):.1f}.")


def evaluate(
    dataset: Annotated[Literal["labelled-psb", "named-gltf"], tyro.conf.Positional],
    data: Path,
    json_out: Annotated[Path, tyro.conf.arg(name="json")],
    names: Path | None = None,
    method: str = "lift",
    teacher: str = "builtin",
    categories: list[str] | None = None,
    limit: int | None = None,
    views: int = 10,
) -> None:
    """Measure a method on shapes with labels. The labels reach the metrics only.

        meronym evaluate labelled-psb --data psb/ --names names.json --json psb.json

    Args:
        dataset: labelled-psb: <Category>/<id>.npz with V, F, face_label, names; named-gltf: glTF whose nodes name the parts.
        data: The folder that holds it.
        json_out: Where to write mIoU, per category and per shape, floors, protocol, seconds and commit.
        names: JSON that maps a category's raw labels to plain English (labelled-psb).
        method: How views become labels.
        teacher: A built-in or installed teacher, or "module:attribute".
        categories: Only these.
        limit: At most so many shapes of a category.
        views: Number of pictures that the teacher looks at.
    """
    from rich.progress import Progress

    from meronym import pipelines
    from meronym.io.files import atomic, check_target

    check_target(json_out)
    source = pipelines.open_dataset(dataset, data, names=names, categories=categories, limit=limit)
    with Progress(console=Console(stderr=True)) as progress:
        task = progress.add_task(dataset, total=len(source))
        report = pipelines.evaluate(
            source, method=method, teacher=teacher, views=views, progress=lambda _: progress.advance(task)
        )
    with atomic(json_out) as temporary:
        temporary.write_text(json.dumps(report, indent=1), encoding="utf-8")
    table = Table("category", "mIoU", "majority", "random", "shapes", title=report["protocol"])
    for name, row in report["categories"].items():
        table.add_row(name, *(f"{row[key]:.1f}" for key in ("miou", "majority", "random")), str(row["shapes"]))
    table.add_row("mean", f"{report['miou']:.1f}", *(f"{report['floors'][key]:.1f}" for key in ("majority", "random")))
    Console().print(table)
    print(json_out)


def weights(
    action: Annotated[Literal["list", "fetch", "verify"], tyro.conf.Positional],
    names: Annotated[list[str], tyro.conf.Positional] = [],  # noqa: B006
) -> None:
    """The pretrained weights that teachers use: what there is, download, check.

        meronym weights fetch

    Args:
        action: list what is known, fetch what is missing, or verify every byte.
        names: Which; all if none is named.
    """
    from meronym import weights as catalogue

    if action == "list":
        table = Table("name", "what", "licence", "state", "folder")
        for row in catalogue.status():
            table.add_row(row["name"], row["what"], row["licence"], row["state"], row["folder"])
        Console().print(table)
        return
    for name in names or catalogue.names():
        if action == "fetch":
            catalogue.fetch(name, progress=print)
        else:
            print(f"{name}: {catalogue.verify(name)['sha256']} verified")


def doctor() -> None:
    """What works on this machine, and what to install for the rest."""
    from meronym.doctor import report

    table = Table("what", "state", "cure")
    for row in report():
        table.add_row(row.what, f"[green]{row.state}" if row.works else f"[yellow]{row.state}", row.cure)
    Console().print(table)


def main() -> None:
    """Entry point: errors that meronym raises on purpose are said in one line, exit status 2."""
    verbs: dict[str, Callable[..., None]] = {
        "segment": segment, "evaluate": evaluate, "weights": weights, "doctor": doctor,
    }  # fmt: skip
    try:
        tyro.extras.subcommand_cli_from_dict(verbs, prog="meronym", description="Names the parts of 3D things.")
    except Error as error:
        print(f"meronym: {type(error).__name__}: {error}", file=sys.stderr)
        sys.exit(2)
    except BrokenPipeError:
        os._exit(0)
    except KeyboardInterrupt:
        sys.exit(130)
