"""What the command line does with scenes: segment photos, ask for other words, render labelled scenes."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np
import tyro
from rich.console import Console
from rich.table import Table

from meronym.errors import InputError

if TYPE_CHECKING:
    from meronym.progress import Progress
    from meronym.results import Segmentation


def segment_capture(
    folder: Path,
    prompts: list[str],
    out: Path,
    *,
    method: str | None,
    teacher: str,
    size: int,
    seed: int,
    film: Literal["gif", "mp4"] | None,
    mesh: bool,
) -> None:
    """Name what is in photos and leave all files in `out`."""
    from meronym.io.captures.read import advice, read_capture
    from meronym.io.captures.write import check_folder
    from meronym.scenes import pipeline

    check_folder(out, folder)
    capture = read_capture(_posed(folder, out / "sfm"))
    for said in advice(capture):
        Console(stderr=True).print(f"Note: {said}")
    film_file, mesh_file = film and out / f"flight.{film}", out / "scene.glb" if mesh else None
    with bars() as progress:
        result = pipeline.segment(
            capture, prompts or None, method=method or pipeline.DEFAULT_METHOD, teacher=teacher, size=size, seed=seed,
            kept=out / "kept", film=film_file, mesh=mesh_file, progress=progress,
        )  # fmt: skip
    result.save(out)
    _print_things(result)
    features = [] if result.features is None else ["features.safetensors"]
    made = [out / name for name in ("contact_sheet.png", "points.ply", "coco.json", "scene.json", *features)]
    print(*made, *(file for file in (film_file, mesh_file) if file is not None), sep="\n")


def _posed(folder: Path, work: Path) -> Path:
    """A folder of photos with poses; those without are found, unless they were found in `work` before."""
    from meronym.io.captures.pose_file import listed
    from meronym.io.captures.read import is_capture
    from meronym.io.captures.sfm import register

    photos = next((place for place in (folder, folder / "images") if listed(place)), None)
    if photos is None or is_capture(folder):
        return folder
    if is_capture(work) and [file.name for file in listed(work / "images")] == [file.name for file in listed(photos)]:
        return work
    return register(photos, work)


def _print_things(result: Segmentation) -> None:
    assert result.views is not None
    table = Table("thing", "share of pixels", "share of points", "mean score")
    for index, name in enumerate([*result.prompts, "none of these"]):
        number = index if index < len(result.prompts) else -1
        pixels, points = (result.views.label == number).mean(), (result.label == number).mean()
        score = "" if number < 0 or not points else f"{result.score[result.label == number, index].mean():.2f}"
        table.add_row(name, f"{pixels:.1%}", f"{points:.1%}", score)
    console = Console()
    console.print(table)
    missing = [name for name, count in result.counts().items() if count == 0]
    if missing:
        console.print(f"Nothing found for: {', '.join(missing)}.", soft_wrap=True)
    quality = ", ".join(f"{value:.1f} dB on {name}" for name, value in result.record.psnr.items())
    console.print(f"Reconstruction: {quality}. Seconds: {sum(result.record.seconds.values()):.0f}.", soft_wrap=True)


def evaluate_scenes(dataset: str, data: Path, out: Path, methods: list[str], teacher: str) -> None:
    """Leaves table.md and report.json in `out`; reconstructions and features are kept in OUT/kept."""
    from meronym.datasets.lerf import LERF
    from meronym.datasets.threedovs import ThreeDOVS
    from meronym.evaluation import scene_runner
    from meronym.evaluation.report import save_report
    from meronym.io.files import make_folder

    source = ThreeDOVS(data) if dataset == "3d-ovs" else LERF(data)
    make_folder(out)
    with bars() as progress:
        report = scene_runner.evaluate(source, methods, teacher=teacher, kept=out / "kept", progress=progress)
    table = scene_runner.table(report)
    print(table)
    print(*save_report(out, report, table), sep="\n")


@contextmanager
def bars() -> Iterator[Progress]:
    """Progress bars, one a stage; a stage that doesn't say how far it is has ended when another begins.

    Where no terminal shows bars, each stage is named on a line of its own.
    """
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        tasks = {}

        def end() -> None:
            for task in progress.tasks:
                if task.total == 1:
                    progress.update(task.id, completed=1)

        def tell(stage: str, done: int = 0, total: int = 0, note: str = "") -> None:
            if stage not in tasks:
                end()
                if not progress.console.is_terminal:
                    print(stage, file=sys.stderr, flush=True)
                tasks[stage] = progress.add_task(stage, total=total or 1)
            progress.update(tasks[stage], completed=done, total=total or 1)

        yield tell
        end()


def query(
    result: Annotated[Path, tyro.conf.Positional],
    prompts: list[str],
    out: Path | None = None,
) -> None:
    """Ask a segmented scene for other words; nothing is trained again.

    Leaves in OUT: points.ply, in which score_<k> is how well the k-th word fits each point.

        meronym query kitchen_parts --prompts teapot "cutting board"

    Args:
        result: The folder that `meronym segment` left, or its features.safetensors.
        prompts: The words.
        out: Folder for the answer [default: <result>/query].
    """
    import time

    from meronym.core.prompts import check_prompts
    from meronym.io.captures.features import read_features
    from meronym.io.files import make_folder
    from meronym.results import Segmentation
    from meronym.scenes import pipeline
    from meronym.scenes.query import query as fit

    words = check_prompts(prompts)
    file = result / "features.safetensors" if result.is_dir() else result
    if result.is_dir() and not file.exists():
        raise InputError(f"{file}: there is no such file. Segment with a method that keeps features: 3d-ovs, lift or ffd.")
    features, cloud, _, record = read_features(file)
    model = pipeline.hire_open(record.settings.get("teacher") or (record.teacher or {}).get("name", ""))
    start = time.perf_counter()
    cosine = fit(features, model.encode_text(words).numpy())
    seconds = time.perf_counter() - start
    best = cosine.argmax(1)
    answer = Segmentation(best, (cosine + 1).clip(0, 2) / 2, np.ones(len(best), dtype=bool), words, cloud, record)
    written = answer.save(make_folder(out or file.parent / "query") / "points.ply")
    table = Table("word", "best cosine", "where", "points it fits best")
    for index, word in enumerate(words):
        peak = int(cosine[:, index].argmax())
        place = " ".join(f"{value:.3g}" for value in cloud.points[peak])
        table.add_row(word, f"{cosine[peak, index]:.2f}", place, f"{(best == index).mean():.1%}")
    console = Console()
    console.print(table)
    console.print(f"Answered in {1000 * seconds:.0f} ms.")
    print(written)


def scenes(
    action: Annotated[Literal["render"], tyro.conf.Positional],
    out: Path,
    seed: int = 0,
    scenes: int | None = None,
    views: int = 30,
    width: int = 400,
    height: int = 300,
    layout: Literal["arc", "around"] = "arc",
    models: Path | None = None,
) -> None:
    """Labelled scenes by dice in 3D-OVS's layout: named things on a ground, photos with poses, a mask of each class.

        meronym scenes render --out scene/ --seed 3

    Args:
        action: render.
        out: Folder for the scene.
        seed: The same seed gives the same files.
        scenes: Make so many, with seeds from `seed` on, in OUT/scene_00, OUT/scene_01 ...
        views: Number of photos.
        width: Pixels.
        height: Pixels.
        layout: arc: from the front, 35 degrees to either side; around: from all sides.
        models: Folder of glTF files, a thing each, named after their files; up to three take part in a scene.
    """
    from meronym_synthetic import scenes as sets

    files = [] if models is None else sets.model_files(models)
    for index in range(scenes or 1):
        folder = out / f"scene_{index:02d}" if scenes else out
        sets.check_vacant(folder)
        scene = sets.make_scene(seed + index, files)
        cameras = {"arc": sets.arc, "around": sets.around}[layout](scene, views, width, height)
        print(sets.write_scene(scene, *sets.render_scene(scene, cameras), folder))
