"""Arguments that several verbs share, and checks of them that need no heavy import."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Literal

import tyro

from meronym.errors import InputError

Device = Literal["auto", "cpu", "cuda"]
Settings = Annotated[list[str], tyro.conf.arg(name="set", metavar="NAME.SETTING=VALUE ...")]


def read_settings(given: Sequence[str]) -> dict[str, object]:
    """ "part-distill.targets=votes" as {"part-distill.targets": "votes"}.

    Raises: InputError if one has another form, or is given twice.
    """
    settings = dict[str, object]()
    for text in given:
        key, equals, value = text.partition("=")
        if not equals or "" in key.partition("."):
            raise InputError(f"--set {text}: expected NAME.SETTING=VALUE, such as part-distill.targets=votes.")
        if key in settings:
            raise InputError(f"--set {text}: {key} is given twice. Leave one out.")
        settings[key] = value
    return settings


def check_input(path: Path) -> None:
    """Raises: InputError if there is no such file or folder."""
    if not path.exists():
        raise InputError(f"{path}: there is no such file or folder. Check the path.")


def holds_photos(path: Path) -> bool:
    """Whether an input is photos: a folder, unless it is one of Gaussians, or a file of poses."""
    if not path.is_dir():
        return path.suffix == ".json"
    from meronym.io.shapes.splats.files import is_splats

    return not is_splats(path)


def check_input_folder(path: Path) -> None:
    """Raises: InputError if there is no such folder."""
    if not path.is_dir():
        raise InputError(f"{path}: there is no such folder. Check the path.")


def refuse(things: str, options: Mapping[str, bool]) -> None:
    """Raises: InputError that names the options which are given, though they mean nothing for these things."""
    odd = [f"--{name}" for name, given in options.items() if given]
    if odd:
        raise InputError(f"{', '.join(odd)}: means nothing for {things}. Leave it out.")
