"""`meronym propose`: what a shape is and which parts it has, without words."""

from __future__ import annotations

import json
import shlex
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import tyro

from meronym.cli.arguments import Device, Settings, check_input, holds_photos, read_settings
from meronym.cli.progress import bars
from meronym.cli.segment import prepare, save
from meronym.cli.tables import about_shape, print_parts, print_summary
from meronym.core.directions import Up
from meronym.errors import InputError

if TYPE_CHECKING:
    from meronym.parts.proposals import Proposal


def propose(
    input: Annotated[Path, tyro.conf.Positional],
    category: str | None = None,
    teacher: str = "builtin",
    views: int = 10,
    seed: int = 0,
    up: Up | None = None,
    repair: bool = False,
    preview: bool = False,
    json: bool = False,
    settings: Settings = [],  # noqa: B006
    device: Device = "auto",
    out: Path | None = None,
) -> None:
    """Say what a shape looks like and which parts it has; no words are needed.

    Prints one line, such as "looks like: chair (0.81); parts: seat, backrest, leg x 4", and the command to go on with, in
    which you can change the words. Leaves in OUT what `meronym segment` leaves.

        meronym propose chair.glb --preview

    Args:
        input: A mesh, points or Gaussians, in any format that `meronym segment` reads.
        category: What the whole shape is called, if you know better; its known parts are looked for.
        teacher: One that knows names by itself: builtin, or "module:attribute".
        views: Number of pictures of the shape that the teacher gets.
        seed: Turns the ring of views; the same seed gives the same answer.
        up: The shape's up axis; guessed if the format does not say.
        repair: Drop broken faces and vertices instead of refusing the file.
        preview: Also write preview.png, the shape beside its labels from four sides.
        json: Print one JSON object instead: wholes, parts, the command to go on with, and files.
        settings: Of recognise or the teacher, such as recognise.balance=0.3 or builtin.tokens=400.
        device: Where to compute; auto takes a GPU where there is one.
        out: Folder for the results, or one file [default: <input>_parts in the current folder].
    """
    check_input(input)
    if holds_photos(input):
        raise InputError(f"{input}: proposals are made for shapes only. Name what to look for in photos: meronym segment.")
    chosen, folder = read_settings(settings), out or Path(f"{input.resolve().stem}_parts")
    from meronym import api
    from meronym.io.shapes.read import read_shape

    prepare(folder, input)
    with bars() as progress:
        progress("read")
        shape = read_shape(input, repair=repair)
        proposal = api.propose(
            shape, category=category, teacher=teacher, views=views, seed=seed, up=up, settings=chosen, device=device,
            progress=progress,
        )  # fmt: skip
        progress("write")
        written = save(proposal.segmentation, folder, preview)
    if json:
        print(_document(proposal, input, written))
        return
    print_parts(proposal.segmentation)
    print_summary(proposal.segmentation, about_shape(proposal.segmentation))
    print(proposal)
    print(f"Go on with: {_command(proposal, input)}")
    print(*written, sep="\n")


def _command(proposal: Proposal, file: Path) -> str:
    """The command that asks for the proposed parts, to be edited; of a shape without any, for a part of your choice."""
    words = [part.name for part in proposal.parts] or ["PART"]
    category = proposal.segmentation.record.settings["category"]
    return shlex.join(["meronym", "segment", str(file), "--category", category, "--prompts", *words])


def _document(proposal: Proposal, file: Path, written: list[Path]) -> str:
    document: dict[str, Any] = {
        "wholes": [{"name": name, "probability": round(chance, 4)} for name, chance in proposal.wholes],
        "parts": [{**asdict(part), "share": round(part.share, 4)} for part in proposal.parts],
        "command": _command(proposal, file),
        "files": [str(path) for path in written],
    }
    return json.dumps(document, ensure_ascii=False)
