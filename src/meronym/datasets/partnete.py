"""PartNet-Ensembled (Liu et al., PartSLIP, CVPR 2023): coloured point clouds in 45 categories, with small parts."""

from __future__ import annotations

import pickle
import re
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import IO, Any

import numpy as np
from jaxtyping import Int

from meronym.datasets import Item, data_folder
from meronym.datasets.reading import check_labels, choose, held, natural, read_item, read_json
from meronym.errors import Error, InputError
from meronym.io.arrays import read_npy_header
from meronym.io.limits import Limits, check_size
from meronym.io.shapes.read import read_shape
from meronym.types import PointCloud

_ARRAY = {
    ("numpy", "ndarray"),
    ("numpy", "dtype"),
    ("numpy.core.multiarray", "_reconstruct"),
    ("numpy._core.multiarray", "_reconstruct"),
}
"""All that the pickle of an array refers to."""


class PartNetE:
    """Folders `<root>/<split>/<Category>/<id>` (or below `<root>/data`) with pc.ply and label.npy; `<root>/PartNetE_meta.json`.

    `split` is test (1,906 shapes) or few_shot (8 a category); `limit` is the number of shapes per category. Most points
    belong to no named part: their label is -1, and the protocol "partnete-part" counts a name that they are given as wrong.

    Raises: InputError if the data or the list of names is missing or damaged, or a category is unknown.
    """

    name = "partnete"

    def __init__(
        self,
        root: str | Path | None = None,
        *,
        split: str = "test",
        categories: Sequence[str] | None = None,
        limit: int | None = None,
    ) -> None:
        self.root = data_folder(root, self.name)
        if split not in ("test", "few_shot"):
            raise InputError(f"split: expected test or few_shot, got {split!r}")
        self._prompts = _part_names(self.root / "PartNetE_meta.json")
        shapes = next((place for place in (self.root / split, self.root / "data" / split) if place.is_dir()), None)
        if shapes is None:
            raise InputError(f"{self.root}: there is no folder {split} or data/{split}. Pass the folder that holds it.")
        known = [category for category in self._prompts if (shapes / category).is_dir()]
        self._folders = {
            f"{category}/{folder.name}": folder
            for category in choose(categories, known, shapes)
            for folder in sorted(filter(Path.is_dir, (shapes / category).iterdir()), key=natural)[:limit]
        }
        if not self._folders:
            raise InputError(f"{shapes}: no shapes there. Expected <Category>/<id>/pc.ply.")

    def __len__(self) -> int:
        return len(self._folders)

    def __iter__(self) -> Iterator[Item]:
        """The items; reads each pc.ply."""
        for item_id, folder in self._folders.items():
            category = item_id.split("/")[0]
            word = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", category).lower()
            yield read_item(item_id, word, partial(_cloud, folder / "pc.ply"), self._prompts[category])

    def truth(self, item_id: str) -> Int[np.ndarray, " n"]:
        """The true part of each point: an index into the item's prompts, -1 = none of them."""
        folder = held(self._folders, item_id, self.name)
        parts = len(self._prompts[item_id.split("/")[0]])
        label, count = read_array(folder / "label.npy", "semantic_seg"), _cloud(folder / "pc.ply").element_count
        return check_labels(label, f"{folder / 'label.npy'}: semantic_seg", count, range(-1, parts))


def _part_names(file: Path) -> dict[str, tuple[str, ...]]:
    meta = read_json(file)
    for category, names in meta.items() if isinstance(meta, dict) else [("", None)]:
        if not isinstance(names, list) or not names or not all(isinstance(name, str) for name in names):
            raise InputError(f"{file}: {category!r}: expected a list of part names, got {str(names)[:80]}. Fetch it again.")
    return {category: tuple(names) for category, names in meta.items()}


def _cloud(file: Path) -> PointCloud:
    shape = read_shape(file)
    if not isinstance(shape, PointCloud):
        raise InputError(f"{file}: expected a point cloud, got a mesh of {shape.element_count} faces. Fetch it again.")
    return shape


# ---------------------------------------------------------------- pickled arrays


class _Pickled:
    """Stands for whatever numpy pickles: keeps what the file says of it, and runs nothing."""

    def __init__(self, *said: Any) -> None:
        self.said = said

    def __setstate__(self, state: Any) -> None:
        self.state = state


class _Unpickler(pickle.Unpickler):
    """Builds lists, dicts and `_Pickled`; anything else that a file refers to is refused."""

    def find_class(self, module: str, name: str) -> type[_Pickled]:
        if (module, name) not in _ARRAY:
            raise pickle.UnpicklingError(f"it refers to {module}.{name}")
        return _Pickled


def read_array(file: Path, key: str) -> np.ndarray:
    """The array of whole numbers under `key` in a dict that numpy.save has pickled; no code of the file's choosing is run.

    Raises: InputError if the file is missing, or holds anything but a dict of arrays; LimitError if it is too large.
    """
    try:
        check_size(file, Limits())
        with file.open("rb") as stream:
            arrays = _object(stream).state[4][0]
        _, shape, kind, _, data = arrays[key].state
        dtype = np.dtype(kind.state[1] + kind.said[0])
        if dtype.kind not in "iu":
            raise InputError(f"{file}: {key}: expected whole numbers, got {dtype}. Fetch the file again.")
        array: np.ndarray = np.frombuffer(data, dtype).reshape(shape)
    except Error:
        raise
    except Exception as error:  # unpickling a damaged file may raise anything at all
        reason = f"{type(error).__name__}: {error}"[:200]
        raise InputError(f"{file}: {key}: not a dict of arrays as numpy.save writes it ({reason}). Fetch it again.") from error
    return array


def _object(stream: IO[bytes]) -> Any:
    """The array of one object that an .npy file holds, unpickled into `_Pickled`."""
    shape, dtype = read_npy_header(stream)
    if shape != () or dtype.kind != "O":
        raise ValueError(f"an array of {dtype}, shape {shape}")
    return _Unpickler(stream).load()
