"""What PartDistill's authors published of GLIP's answers on ShapeNetPart, to train from exactly as the paper did."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from jaxtyping import Int

from meronym.datasets import Item, data_folder
from meronym.datasets.reading import check_labels, cloud, held, read_item
from meronym.datasets.shapenetpart import CATEGORIES, find, split_files
from meronym.errors import Error, InputError
from meronym.io.limits import Limits, check_count, check_size
from meronym.types import PointCloud, Votes

if TYPE_CHECKING:
    import h5py

BLOCK = 2**22
"""How many numbers of the dense array [points, boxes, parts] are held at once."""


class Predictions:
    """Files `<root>/<synset>/<id>/extracted/aggregated_v2.h5`; needs the extra `h5`.

    `split` is train, val or test, `lists` the folder of ShapeNetPart's lists (default: `<root>/train_test_split`), `limit`
    the number of shapes per category. Iterating reads the points, `votes` reads what GLIP said, `truth` the labels; none of
    them reads what another does.

    Raises: InputError if the data or the list is missing or damaged, or a category is unknown.
    """

    name = "partdistill_predictions"

    def __init__(
        self,
        root: str | Path | None = None,
        *,
        lists: Path | None = None,
        split: str = "test",
        categories: Sequence[str] | None = None,
        limit: int | None = None,
    ) -> None:
        self.root = data_folder(root, self.name)
        layout = "{synset}/{model}/extracted/aggregated_v2.h5"
        listed = split_files(lists or self.root / "train_test_split", split, layout, categories, limit)
        self._files = find(self.root, listed)

    def __len__(self) -> int:
        return len(self._files)

    def __iter__(self) -> Iterator[Item]:
        """The items; of each file `xyz` is read."""
        for item_id, file in self._files.items():
            category = item_id.split("/")[0]
            yield read_item(item_id, category.lower(), partial(_points, file), CATEGORIES[category].prompts)

    def votes(self, item_id: str) -> Votes:
        """What GLIP said of the item, as `read_votes` gives it."""
        return read_votes(held(self._files, item_id, self.name), len(CATEGORIES[item_id.split("/")[0]].prompts))

    def truth(self, item_id: str) -> Int[np.ndarray, " n"]:
        """The true part of each point: an index into the item's prompts, -1 for a part that has no prompt."""
        file = held(self._files, item_id, self.name)
        with _opened(file) as h5:
            part_id, count = _array(h5, "gt_semantic_seg", 1)[()], _array(h5, "xyz", 2).shape[0]
        return CATEGORIES[item_id.split("/")[0]].truth(part_id, f"{file}: gt_semantic_seg", count)


def read_votes(file: Path, parts: int) -> Votes:
    """The boxes of one file as sparse votes: each box is a region, weight x score the file's confidence in a point.

    A box's confidence in a point is the largest over parts (PartDistill's loss), its score the largest over points. The
    file doesn't say which view a box is from, so `view` is 0; nor which points a view shows, so those in some box are `seen`.

    Raises: InputError if the file or a field is missing or damaged; LimitError if it is too large.
    """
    with _opened(file) as h5:
        points = _array(h5, "xyz", 2).shape[0]
        boxes = _array(h5, "cls_bbox", 2)
        check_count(file.name, boxes.size, Limits())
        prompt = check_labels(boxes[()].ravel(), f"{file}: cls_bbox", boxes.size, range(parts))
        confidence = _array(h5, "conf_bbox", 3)
        if len(prompt) and confidence.shape != (points, len(prompt), parts):
            expected = f"[{points} points, {len(prompt)} boxes, {parts} parts]"
            raise InputError(f"{file}: conf_bbox: expected {expected}, got {list(confidence.shape)}. Fetch the file again.")
        blocks = [_pairs(confidence, start, file) for start in range(0, len(prompt), _step(points, parts))]
    none = np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0)
    region, element, value = (np.concatenate(column) for column in zip(none, *blocks, strict=True))
    score = np.zeros(len(prompt))
    np.maximum.at(score, region, value)
    return Votes(
        region=torch.from_numpy(region),
        element=torch.from_numpy(element),
        weight=torch.from_numpy(value / score[region]).float(),
        prompt=torch.from_numpy(prompt),
        view=torch.zeros(len(prompt), dtype=torch.int64),
        score=torch.from_numpy(score).float(),
        seen=torch.from_numpy(np.bincount(element, minlength=points) > 0),
    )


def _step(points: int, parts: int) -> int:
    """Boxes a block."""
    return max(1, BLOCK // max(1, points * parts))


def _pairs(confidence: h5py.Dataset, start: int, file: Path) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Region, element and confidence of the pairs above 0 in one block of boxes."""
    points, _, parts = confidence.shape
    block = confidence[:, start : start + _step(points, parts), :]
    wrong = ~((block >= 0) & (block <= 1))
    if wrong.any():
        value = block[wrong][0]
        raise InputError(f"{file}: conf_bbox: expected 0..1, got {value} in boxes from {start} on. Fetch the file again.")
    best = block.max(axis=2).T
    region, element = np.nonzero(best)
    return region + start, element, best[region, element]


def _points(file: Path) -> PointCloud:
    with _opened(file) as h5:
        xyz = _array(h5, "xyz", 2)
        check_count(file.name, xyz.shape[0], Limits())
        if xyz.shape[1] != 3:
            raise InputError(f"{file}: xyz: expected [n 3], got {list(xyz.shape)}. Fetch the file again.")
        return cloud(xyz[()], None, file)


@contextmanager
def _opened(file: Path) -> Iterator[h5py.File]:
    """The open file; whatever goes wrong with it becomes an InputError that names it."""
    try:
        import h5py
    except ImportError as error:
        raise InputError(f"{file.name}: reading .h5 files needs h5py. Install it: pip install 'meronym[h5]'") from error
    try:
        check_size(file, Limits())
        with h5py.File(file, "r") as h5:
            yield h5
    except Error:
        raise
    except (OSError, RuntimeError, ValueError, MemoryError) as error:
        raise InputError(f"{file}: not a readable HDF5 file ({error}). Fetch it again.") from error


def _array(h5: h5py.File, name: str, dims: int) -> h5py.Dataset:
    """A field that lies in the file itself: a link or a virtual field would read other files.

    Raises: InputError if there is none of that name with `dims` axes of numbers.
    """
    import h5py

    own = isinstance(h5.get(name, getlink=True), h5py.HardLink)
    array = h5[name] if own else None
    if not isinstance(array, h5py.Dataset) or array.is_virtual or array.external:
        raise InputError(f"{h5.filename}: {name}: there is no such array in the file. Fetch it again.")
    if array.ndim != dims or array.dtype.kind not in "iuf":
        got = f"{array.dtype} {list(array.shape)}"
        raise InputError(f"{h5.filename}: {name}: expected numbers along {dims} axes, got {got}. Fetch the file again.")
    return array
