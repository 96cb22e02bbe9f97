"""The command line: `meronym segment | query | pretrain | batch | evaluate | scenes | weights | doctor`."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import tyro
from rich.console import Console
from rich.table import Table

from meronym.errors import Error, InputError

if TYPE_CHECKING:
    from meronym.results import Segmentation

Up = Literal["x", "-x", "y", "-y", "z", "-z"]


def segment(
    input: Annotated[Path, tyro.conf.Positional],
    prompts: list[str] = [],  # noqa: B006
    category: str | None = None,
    method: str | None = None,
    student: Path | None = None,
    teacher: str = "builtin",
    views: int = 10,
    seed: int = 0,
    up: Up | None = None,
    repair: bool = False,
    preview: bool = False,
    size: int = 200,
    film: Literal["gif", "mp4"] | None = None,
    mesh: bool = False,
    out: Path | None = None,
) -> None:
    """Name the parts of a mesh or point cloud, or what is in a folder of photos.

    Of a shape, leaves in OUT: parts.glb (the input with its textures and hierarchy, one named node per part), parts.ply (labels
    and scores), parts.json (shares, scores and how the answer came to be) and, with --preview, preview.png.

        meronym segment chair.glb --prompts seat backrest leg armrest --category chair --preview

    Of photos: contact_sheet.png (look there first), labels/ and relevancy/ (a PNG for every photo), points.ply, objects/ (a
    PLY for each word), coco.json, scene.json, and features.safetensors, which `meronym query` asks for other words.

        meronym segment kitchen/ --prompts kettle mug "wooden table" --film gif

    Args:
        input: GLB, glTF, OBJ, PLY, STL, OFF, or points as XYZ, NPZ or PLY. Or a folder of photos with poses: COLMAP,
            transforms.json, LLFF, 3D-OVS; without poses they are found, if pycolmap is installed.
        prompts: The words, one part or thing each. For photos, those in segmentations/classes.txt if none are given.
        category: What the whole shape is called; helps the teacher.
        method: How views become labels. Shapes: lift (default), vote, part-distill, pointclip, pointclip-v2, satr, openscene,
            part-slip. Photos: 3d-ovs (default), lift (no training), ffd, lerf, teacher-alone.
        student: A file that `meronym pretrain` wrote; no teacher is asked, and its prompts are used unless others are given.
        teacher: A built-in or installed teacher, or "module:attribute".
        views: Number of pictures of a shape that the teacher looks at.
        seed: Turns the ring of views; the same seed gives the same answer.
        up: The shape's up axis; guessed if the format does not say.
        repair: Drop broken faces and vertices of a shape instead of refusing the file.
        preview: Also write preview.png, the shape beside its labels from four sides.
        size: Pixels along the longer side of a photo, as the field sees it.
        film: Also write a flight through the scene, its labels beside it.
        mesh: Also write the scene's surface, scene.glb, one named node per thing.
        out: Folder for the results [default: <input>_parts beside the current folder's other files].
    """
    from meronym.io.files import make_folder

    if not input.exists():
        raise InputError(f"{input}: there is no such file or folder. Check the path.")
    folder = out or Path(f"{input.resolve().stem}_parts")
    photos = input.is_dir() or input.suffix == ".json"
    _refuse("photos", {"category": category, "student": student, "up": up, "repair": repair, "preview": preview}, photos)
    _refuse("shapes", {"film": film, "mesh": mesh}, not photos)
    make_folder(folder)
    if photos:
        from meronym.cli.scenes import segment_capture

        segment_capture(input, prompts, folder, method=method, teacher=teacher, size=size, seed=seed, film=film, mesh=mesh)
        return
    from meronym.io.pictures import save_preview
    from meronym.io.shapes.read import read_shape
    from meronym.shapes import pipeline

    console = Console(stderr=True)
    with console.status("read") as status:
        shape = read_shape(input, repair=repair)
        axis = None if up is None else [(-1.0 if "-" in up else 1.0) * (up[-1] == name) for name in "xyz"]
        words = None if student and not prompts else prompts
        result = pipeline.segment(
            shape, words, category=category, method=method or pipeline.DEFAULT_METHOD, student=student, teacher=teacher,
            views=views, seed=seed, up=axis, progress=lambda stage, done=0, total=0, note="": status.update(stage),
        )  # fmt: skip
        status.update("write")
        written = _write(result, folder)
        if preview:
            written.append(save_preview(result, folder / "preview.png"))
    _print_parts(result)
    for path in written:
        print(path)


def _refuse(things: str, options: dict[str, object], given: bool) -> None:
    """Raises: InputError if an option is set that means nothing for what is given."""
    odd = [f"--{name}" for name, value in options.items() if value not in (None, False)]
    if given and odd:
        raise InputError(f"{', '.join(odd)}: means nothing for {things}. Leave it out.")


def _write(result: Segmentation, folder: Path) -> list[Path]:
    """The files of a result; the record last, so that it says that all are there."""
    endings = ("glb", "ply", "json") if hasattr(result.shape, "faces") else ("ply", "json")
    return [result.save(folder / f"parts.{ending}") for ending in endings]


def _record(file: Path) -> dict[str, Any]:
    """How a result came to be; nothing if there is none."""
    if not file.exists():
        return {}
    record: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))["record"]
    return record


def _print_parts(result: Segmentation) -> None:
    from meronym.core.geometry import element_areas

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
    console.print(f"Up axis {result.record.settings['up']}. Seconds: {sum(result.record.seconds.values()):.1f}.")


def pretrain(
    folder: Annotated[Path, tyro.conf.Positional],
    prompts: list[str],
    category: str | None = None,
    teacher: str = "builtin",
    backbone: str = "lifted",
    open: bool = False,
    labelled: Path | None = None,
    views: int = 10,
    epochs: int = 25,
    seed: int = 0,
    out: Path | None = None,
) -> None:
    """Align one student to a folder of unlabelled shapes; it then names parts without a teacher.

    Leaves OUT/student.safetensors. An interrupted run goes on where it was when it is started again.

        meronym pretrain chairs/ --prompts seat backrest leg armrest --category chair
        meronym segment new_chair.glb --student chairs_student/student.safetensors

    Args:
        folder: Meshes and point clouds of one kind of thing, at any depth.
        prompts: The words, one part each.
        category: What the things are called; helps the teacher.
        teacher: A built-in or installed teacher, or "module:attribute".
        backbone: What the student sees: lifted (image features), geometry (no pictures: quick), or
            point-m2ae (needs its checkpoint).
        open: Tie the student to a sentence encoder, so that it can be asked for other words later.
        labelled: A few shapes with labels beside them (<name>.labels.npy, one index into the prompts per face), to be mixed in.
        views: Number of pictures that the teacher looks at.
        epochs: How long to train.
        seed: The same seed gives the same student.
        out: Folder for the student [default: <folder>_student].
    """
    from dataclasses import replace

    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    from meronym.datasets.folder import Folder
    from meronym.methods.part_distill import DEFAULT
    from meronym.shapes import pretraining

    shapes = Folder(folder, prompts=prompts, category=category or "")
    few = None if labelled is None else Folder(labelled, prompts=prompts, category=category or "")
    target = out or Path(f"{folder.resolve().name}_student")
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[said]}"), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        looking = bar.add_task("look", total=len(shapes) + (0 if few is None else len(few)), said="")
        training = bar.add_task("distil", total=epochs, said="")

        def look(stage: str, done: int = 0, total: int = 0, note: str = "") -> None:
            bar.update(looking, advance=1, said=stage)

        def epoch(done: int, total: int, loss: float, agreement: float) -> None:
            bar.update(training, completed=done, said=f"loss {loss:.3f}, agreement {agreement:.0%}")

        student = pretraining.pretrain(
            shapes, prompts, target, category=category, teacher=teacher, backbone=backbone, open_words=open, labelled=few,
            views=views, settings=replace(DEFAULT, epochs=epochs, seed=seed), progress=look, epoch=epoch,
        )  # fmt: skip
    print(student)


def batch(
    folder: Annotated[Path, tyro.conf.Positional],
    prompts: list[str],
    category: str | None = None,
    teacher: str = "builtin",
    views: int = 10,
    seed: int = 0,
    out: Path | None = None,
) -> None:
    """Name the parts of every shape in a folder: one student learns from all of them (Pre), then labels each.

    Leaves in OUT the student, and for every shape a folder of its name with what `meronym segment` leaves.
    Run again, it goes on where it was.

        meronym batch chairs/ --prompts seat backrest leg armrest --category chair

    Args:
        folder: Meshes and point clouds of one kind of thing, at any depth.
        prompts: The words, one part each.
        category: What the things are called; helps the teacher.
        teacher: A built-in or installed teacher, or "module:attribute".
        views: Number of pictures that the teacher looks at.
        seed: The same seed gives the same answers.
        out: Folder for the results [default: <folder>_parts].
    """
    from meronym.datasets.folder import Folder
    from meronym.io.files import make_folder
    from meronym.io.shapes.read import read_shape
    from meronym.shapes import pipeline, pretraining

    target = out or Path(f"{folder.resolve().name}_parts")
    if target.resolve().is_relative_to(folder.resolve()):
        raise InputError(f"{target}: lies in {folder}, all of which is read. Choose another folder with --out.")
    pretrain(folder, prompts, category, teacher, views=views, seed=seed, out=target)
    student = target / "student.safetensors"
    known = pretraining.TrainedStudent.load(student)
    failures = 0
    for item in Folder(folder, prompts=prompts, category=category or ""):
        place = target / item.id
        if _record(place / "parts.json").get("student") == known.record:
            continue
        try:
            result = pipeline.segment(read_shape(folder / item.id), student=known)
        except Error as error:
            failures += 1
            print(f"{item.id}: {type(error).__name__}: {error}", file=sys.stderr)
            continue
        for path in _write(result, make_folder(place)):
            print(path)
    if failures:
        raise InputError(f"{failures} shapes failed, see above; the others are in {target}.")


def evaluate(
    dataset: Annotated[
        Literal["labelled-psb", "shapenetpart", "partnete", "coseg", "named-gltf", "folder", "3d-ovs", "lerf-ovs"],
        tyro.conf.Positional,
    ],
    data: Path,
    out: Path,
    methods: str = "lift",
    teacher: str = "builtin",
    protocol: str | None = None,
    names: Path | None = None,
    categories: list[str] | None = None,
    prompts: list[str] = [],  # noqa: B006
    category: str = "",
    split: str = "test",
    limit: int | None = None,
    views: int = 10,
) -> None:
    """Measure methods side by side on shapes or scenes with labels. The labels reach the metrics only.

    Leaves in OUT: table.md, report.json (per category and shape, floors, protocol, failures, seconds, commit) and plot.png.

        meronym evaluate labelled-psb --data psb/ --names names.json --methods lift,vote,part-distill --out results/

    Args:
        dataset: labelled-psb: <Category>/<id>.npz; shapenetpart: the published text files and split lists; partnete: PartSLIP's
            layout; coseg: shapes/*.off and gt/*.seg; named-gltf: glTF whose nodes name the parts; folder: labels beside shapes;
            3d-ovs: scenes with segmentations/, as `meronym scenes render` makes; lerf-ovs: scenes and label/<scene>/*.json.
        data: The folder that holds it.
        out: Folder for the results.
        methods: Names with commas between: lift, vote, part-distill, part-distill-pre (learns from all shapes of a category,
            without labels), pointclip, pointclip-v2, satr, openscene, part-slip; of scenes 3d-ovs, lift, ffd, lerf,
            teacher-alone.
        teacher: A built-in or installed teacher, or "module:attribute".
        protocol: Averaging convention [default: the dataset's published one].
        names: JSON that maps a category's raw labels to plain English (labelled-psb, coseg).
        categories: Only these.
        prompts: The words that the labels index (folder).
        category: What the things are called (folder).
        split: Which of the published lists (shapenetpart, partnete).
        limit: At most so many shapes of a category.
        views: Number of pictures that the teacher looks at.
    """
    if dataset in ("3d-ovs", "lerf-ovs"):
        from meronym.cli.scenes import evaluate_scenes

        _refuse("scenes", {"protocol": protocol, "names": names, "categories": categories, "limit": limit}, True)
        evaluate_scenes(dataset, data, out, methods.split(","), teacher)
        return
    from rich.progress import Progress

    from meronym.evaluation import runner
    from meronym.evaluation.report import save_report
    from meronym.io.files import make_folder

    source = runner.open_dataset(
        dataset, data, names=names, categories=categories, limit=limit, split=split, prompts=prompts, category=category
    )
    make_folder(out)
    with Progress(console=Console(stderr=True)) as progress:
        task = progress.add_task(dataset, total=len(source))
        report = runner.evaluate(
            source, methods=methods.split(","), teacher=teacher, views=views,
            protocol=protocol or runner.PROTOCOL_OF[dataset], progress=lambda _: progress.advance(task),
        )  # fmt: skip
    table = runner.table(report)
    print(table)
    print(*save_report(out, report, table), runner.plot(report, out / "plot.png"), sep="\n")


def weights(
    action: Annotated[Literal["list", "fetch", "verify"], tyro.conf.Positional],
    names: Annotated[list[str], tyro.conf.Positional] = [],  # noqa: B006
) -> None:
    """The pretrained weights that teachers use: what there is, download, check.

        meronym weights fetch

    Args:
        action: list what is known, fetch what is missing, or verify every byte.
        names: Which; without any, what the default teacher needs and what is in the cache.
    """
    from meronym.weights import catalogue as catalogue

    def show(stage: str, done: int = 0, total: int = 0, note: str = "") -> None:
        if note:
            print(f"{stage}: {note}")

    if action == "list":
        table = Table("name", "what", "licence", "state", "folder")
        for row in catalogue.status():
            table.add_row(row["name"], row["what"], row["licence"], row["state"], row["folder"])
        Console().print(table)
        return
    for name in names or catalogue.names(at_hand=True):
        if action == "fetch":
            catalogue.fetch(name, progress=show)
        else:
            print(f"{name}: {catalogue.verify(name)['sha256']} verified")


def doctor() -> None:
    """What works on this machine, and what to install for the rest."""
    from meronym.cli.doctor import report

    table = Table("what", "state", "cure")
    for row in report():
        table.add_row(row.what, f"[green]{row.state}" if row.works else f"[yellow]{row.state}", row.cure)
    Console().print(table)


def main() -> None:
    """Entry point: errors that meronym raises on purpose are said in one line, exit status 2."""
    from meronym.cli.scenes import query, scenes

    verbs: dict[str, Callable[..., None]] = {
        "segment": segment, "query": query, "pretrain": pretrain, "batch": batch, "evaluate": evaluate, "scenes": scenes,
        "weights": weights, "doctor": doctor,
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
