"""`meronym batch`: every shape of a folder, by one student that learns from all of them."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import tyro

from meronym.cli.arguments import Device, Settings, check_input_folder, read_settings
from meronym.cli.progress import bars
from meronym.cli.segment import written_files
from meronym.core.prompts import check_prompts
from meronym.errors import Error, InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from meronym.datasets.folder import Folder
    from meronym.progress import Progress
    from meronym.shapes.pretraining import TrainedStudent


def batch(
    folder: Annotated[Path, tyro.conf.Positional],
    prompts: list[str],
    category: str | None = None,
    teacher: str = "builtin",
    views: int = 10,
    seed: int = 0,
    settings: Settings = [],  # noqa: B006
    device: Device = "auto",
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
        teacher: A built-in or installed teacher such as builtin, clip or owlv2; a detector with SAM such as
            grounding-dino+sam; or "module:attribute".
        views: Number of pictures of a shape that the teacher gets.
        seed: The same seed gives the same answers.
        settings: Of the training or the teacher, such as part-distill.targets=votes or clip.tokens=400.
        device: Where to compute; auto takes a GPU where there is one.
        out: Folder for the results [default: <folder>_parts].
    """
    check_input_folder(folder)
    words, chosen = check_prompts(prompts), read_settings(settings)
    target = out or Path(f"{folder.resolve().name}_parts")
    if target.resolve().is_relative_to(folder.resolve()):
        raise InputError(f"{target}: lies in {folder}, all of which is read. Choose another folder with --out.")
    from meronym import api
    from meronym.datasets.folder import Folder
    from meronym.shapes.pretraining import TrainedStudent

    shapes = Folder(folder, prompts=words, category=category or "")
    failures = dict[str, Error]()
    with bars() as progress:
        student = api.pretrain(
            shapes, words, target, category=category, teacher=teacher, views=views, seed=seed, settings=chosen,
            device=device, progress=progress,
        )  # fmt: skip
        print(student)
        for written in _name_all(shapes, TrainedStudent.load(student), target, device, failures, progress):
            print(written)
    for name, error in failures.items():
        print(f"{name}: {type(error).__name__}: {error}", file=sys.stderr)
    if failures:
        raise InputError(f"{len(failures)} shapes failed, see above; the others are in {target}.")


def _name_all(
    shapes: Folder, student: TrainedStudent, target: Path, device: Device, failures: dict[str, Error], progress: Progress
) -> Iterator[Path]:
    """The files of all shapes that have no result of this student yet; what fails is put into `failures`."""
    from meronym import api
    from meronym.io.files import make_folder
    from meronym.io.shapes.read import read_shape

    for index, item in enumerate(shapes):
        progress("name", index, len(shapes), item.id)
        place = target / item.id
        if _record(place / "parts.json").get("student") == student.record:
            continue
        try:
            result = api.segment(read_shape(shapes.root / item.id), student=student, device=device)
            result.save(make_folder(place))
            yield from written_files(place)
        except Error as error:
            failures[item.id] = error
    progress("name", len(shapes), len(shapes))


def _record(file: Path) -> dict[str, Any]:
    """How a result came to be; nothing if there is none."""
    if not file.exists():
        return {}
    record: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))["record"]
    return record
