"""`meronym query`: other words for a segmented scene."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import tyro

from meronym.cli.arguments import Device, check_input
from meronym.core.prompts import check_prompts


def query(
    result: Annotated[Path, tyro.conf.Positional],
    prompts: list[str],
    teacher: str | None = None,
    device: Device = "auto",
    out: Path | None = None,
) -> None:
    """Label a segmented scene with other words; nothing is trained again.

    Leaves in OUT: points.ply, in which score_<k> is how well the k-th word fits each point.

        meronym query kitchen_parts --prompts teapot "cutting board"

    Args:
        result: The folder that `meronym segment` left, or its features.safetensors.
        prompts: The words.
        teacher: Whose features these are [default: the registered teacher that the file names]. One that was given as
            "module:attribute" has to be given again: a file is not trusted to name code.
        device: Where to compute; auto takes a GPU where there is one.
        out: Folder for the answer [default: <result>/query].
    """
    check_input(result)
    words = check_prompts(prompts)
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    from meronym import api
    from meronym.io.files import make_folder
    from meronym.types import PointCloud

    answer = api.query(result, words, teacher=teacher, device=device)
    place = result if result.is_dir() else result.parent
    written = answer.save(make_folder(out or place / "query") / "points.ply")
    assert isinstance(answer.shape, PointCloud)
    table = Table("word", "best cosine", "where", "points it fits best")
    for index, word in enumerate(words):
        peak = int(answer.score[:, index].argmax())
        where = " ".join(f"{value:.3g}" for value in answer.shape.points[peak])
        table.add_row(escape(word), f"{2 * answer.score[peak, index] - 1:.2f}", where, f"{(answer.label == index).mean():.1%}")
    console = Console()
    console.print(table)
    console.print(f"Answered in {1000 * answer.record.seconds['query']:.0f} ms.")
    print(written)
