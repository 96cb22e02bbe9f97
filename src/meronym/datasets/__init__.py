"""Labelled collections to measure on: iterating gives shapes or captures and prompts, ground truth takes a call of its own."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, runtime_checkable

import numpy as np
from jaxtyping import Bool, Int

from meronym.errors import Error, InputError
from meronym.types import Capture, Shape

Truth = Int[np.ndarray, " n"] | Mapping[int, Bool[np.ndarray, "p h w"]]
"""Of a shape the true label of each element: an index into the item's prompts, -1 = none of them, or not known. Of a capture
the true masks of the annotated views, one for each of the item's prompts, on the pixels of the photos at their own size
(`meronym.io.captures.photos.undistorted` moves them along)."""


@dataclass(frozen=True, eq=False)
class Item:
    """The part of a labelled shape or scene that a method may see. Nothing in it depends on which element has which label."""

    id: str
    """Unique in the dataset."""
    category: str
    """A plain word for the whole, such as "chair"; "" = not known."""
    content: Shape | Capture | Error
    """Only the surface: no source, scene or node names, through which labels could be reached. Or why it cannot be read."""
    prompts: tuple[str, ...]
    up: tuple[float, float, float] | None = None
    """The up axis, where the collection or the format states it."""

    @property
    def shape(self) -> Shape:
        """Raises: the Error that reading it met, so that one broken file does not end a run; InputError for a capture."""
        if isinstance(self.content, Error):
            raise self.content
        if isinstance(self.content, Capture):
            raise InputError(f"{self.id}: expected a shape, got photos. Give a folder of shapes.")
        return self.content

    @property
    def capture(self) -> Capture:
        """Raises: the Error that reading it met, so that one broken scene does not end a run; InputError for a shape."""
        if isinstance(self.content, Error):
            raise self.content
        if not isinstance(self.content, Capture):
            raise InputError(f"{self.id}: expected photos, got a shape. Give a folder of captures.")
        return self.content


@runtime_checkable
class Dataset(Protocol):
    """Labelled shapes or scenes. Training and prediction get `Item`s; only evaluation calls `truth`."""

    name: str

    def __len__(self) -> int: ...

    def __iter__(self) -> Iterator[Item]:
        """The items, read one by one, always in the same order."""
        ...

    def truth(self, item_id: str) -> Truth:
        """The ground truth of an item.

        Raises: InputError if there is no such item, or its labels are missing or damaged.
        """
        ...


def data_folder(root: str | Path | None, name: str) -> Path:
    """Where a dataset lies: `root`, or the folder `name` in MERONYM_DATA.

    Raises: InputError if neither is given, or there is no such folder.
    """
    collection = os.environ.get("MERONYM_DATA")
    if root is None and not collection:
        raise InputError(f"{name}: no data given. Pass its folder, or set MERONYM_DATA to the folder that holds {name!r}.")
    folder = Path(root) if root is not None else Path(collection or "") / name
    if not folder.is_dir():
        raise InputError(f"{name}: {folder} is not a folder. Pass the dataset's folder, or set MERONYM_DATA to its parent.")
    return folder
