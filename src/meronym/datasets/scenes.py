"""What the readers of labelled captures share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
from jaxtyping import Bool

from meronym.datasets import Item
from meronym.errors import Error, InputError
from meronym.io.captures.read import read_capture
from meronym.types import PhotoFrame


def read_capture_item(item_id: str, folder: Path, prompts: Callable[[], tuple[str, ...]] | None = None) -> Item:
    """An item with the capture in a folder and its prompts (None: the capture's own names); or with the Error of reading it."""
    try:
        capture = read_capture(folder)
        return Item(item_id, "", capture, capture.names if prompts is None else prompts())
    except Error as error:
        return Item(item_id, "", error, ())


def fitted(mask: Bool[np.ndarray, "_h _w"], photo: PhotoFrame, where: str) -> Bool[np.ndarray, "h w"]:
    """A mask at the size of its photo; the nearest pixel is taken where it was drawn on a larger or smaller one.

    Raises: InputError if its sides have another ratio than the photo's.
    """
    height, width = photo.height, photo.width
    if mask.shape == (height, width):
        return mask
    if abs(mask.shape[1] / width - mask.shape[0] / height) > 1 / width + 1 / height:
        raise InputError(f"{where}: drawn on {mask.shape[1]} x {mask.shape[0]} pixels, but the photo has {width} x {height}.")
    rows, columns = (
        ((np.arange(side) + 0.5) * (have / side)).astype(int) for side, have in zip((height, width), mask.shape, strict=True)
    )
    resized: Bool[np.ndarray, "h w"] = mask[rows[:, None], columns]
    return resized
