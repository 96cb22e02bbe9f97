"""Names of files that other files state."""

from __future__ import annotations

from pathlib import Path, PureWindowsPath

from meronym.errors import InputError


def beside(name: str) -> str:
    """A name as it is, or the last part of an absolute path: that is a place on the machine which wrote it."""
    windows = PureWindowsPath(name)
    return windows.name if windows.drive or windows.root else name


def inside(folder: Path, name: str, kind: str = "file", *, linked_folders: bool = False) -> Path:
    """The path of a file that another file names, below `folder`; it need not exist.

    `kind` is the word for it in errors. With `linked_folders`, folders below `folder` may be links to anywhere; the file
    itself may not.

    Raises: InputError if the name leads out of the folder.
    """
    plain = name.strip().replace("\\", "/")
    if not plain or ":" in plain or "\0" in plain or plain.startswith("/") or ".." in plain.split("/"):
        raise InputError(f"the {kind} {name[:80]!r} leads out of the folder. Put it there, and name it relative to {folder}.")
    path = folder / plain
    root = path.parent if linked_folders else folder
    if not path.resolve().is_relative_to(root.resolve()):
        raise InputError(
            f"the {kind} {name[:80]!r} is a link that leads out of {'its' if linked_folders else 'the'} folder. Copy it there."
        )
    return path
