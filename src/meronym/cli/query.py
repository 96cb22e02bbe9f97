"""`meronym query`: other words for a result."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import tyro

from meronym.cli.arguments import Device, check_input, refuse
from meronym.cli.segment import written_files
from meronym.cli.tables import print_parts, say_words
from meronym.core.prompts import check_prompts

if TYPE_CHECKING:
    from meronym.results import Segmentation


def query(
    result: Annotated[Path, tyro.conf.Positional],
    prompts: list[str],
    teacher: str | None = None,
    preview: bool = False,
    device: Device = "auto",
    out: Path | None = None,
) -> None:
    """Other words for a segmented shape or scene: nothing is rendered, encoded or trained again.

    Of a shape, the words are matched with the segments that its result keeps, in milliseconds, and OUT gets the files that
    `meronym segment` leaves.

        meronym query chair_parts --prompts screw cushion --preview

    Of photos, OUT gets points.ply, in which score_<k> is how well the k-th word fits each point, and preview.png, the points
    beside their labels. A word that fits nothing gets nothing.

        meronym query kitchen_parts --prompts teapot "cutting board"

    Args:
        result: The folder that `meronym segment` or `meronym propose` left, its result.npz, or a scene's features.safetensors.
        prompts: The words.
        teacher: The one that the result was made with [default: the registered teacher that the result names]. One that was
            given as "module:attribute" has to be given again: a file is not trusted to name code.
        preview: Also write preview.png, the shape beside its labels from four sides.
        device: Where to compute; auto takes a GPU where there is one.
        out: Folder for the answer [default: <result>/query].
    """
    check_input(result)
    words = check_prompts(prompts)
    from meronym import api
    from meronym.io.files import make_folder
    from meronym.io.pictures import save_picture_of_points, save_preview

    answer = api.query(result, words, teacher=teacher, device=device)
    if answer.tree is None:
        refuse("photos", {"preview": preview})
    folder = make_folder(out or (result if result.is_dir() else result.parent) / "query")
    if answer.tree is None:
        written = [answer.save(folder / "points.ply"), *save_picture_of_points(answer, folder / "preview.png")]
        _print_points(answer)
    else:
        answer.save(folder)
        written = written_files(folder)
        if preview:
            written.append(save_preview(answer, folder / "preview.png"))
        print_parts(answer)
    print(f"Answered in {1000 * answer.record.seconds['query']:.0f} ms.")
    say_words(answer)
    print(*written, sep="\n")


def _print_points(answer: Segmentation) -> None:
    """Where each word fits best in a scene."""
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    from meronym.core.geometry import element_positions

    table = Table("word", "share of points", "best score", "where it is best")
    for index, word in enumerate(answer.prompts):
        peak = int(answer.score[:, index].argmax())
        where = " ".join(f"{value:.3g}" for value in element_positions(answer.shape)[peak])
        table.add_row(escape(word), f"{(answer.label == index).mean():.1%}", f"{answer.score[peak, index]:.2f}", where)
    table.add_row("none of these", f"{(answer.label < 0).mean():.1%}", "", "")
    Console().print(table)
