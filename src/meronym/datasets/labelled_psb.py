"""The labelled Princeton Segmentation Benchmark (Kalogerakis et al., SIGGRAPH 2010): every face has a named part."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

import numpy as np
from jaxtyping import Int

from meronym.datasets import Item, data_folder
from meronym.datasets.reading import choose, held, natural, plain_names, read_item
from meronym.errors import InputError
from meronym.io.arrays import read_npz
from meronym.io.limits import Limits
from meronym.types import Mesh


class LabelledPSB:
    """Files `<root>/<Category>/<id>.npz` with V [v 3], F [f 3], face_label [f] and the part names that it indexes.

    `names` is a JSON file of plain English for the benchmark's own names: {Category: {"category": word, "parts":
    {raw: plain}}}; without it the raw names are the prompts. `limit` is the number of shapes per category.

    Raises: InputError if the data or the names file is missing or damaged, or a category is unknown.
    """

    name = "labelled_psb"

    def __init__(
        self,
        root: str | Path | None = None,
        *,
        names: Path | None = None,
        categories: Sequence[str] | None = None,
        limit: int | None = None,
    ) -> None:
        self.root = data_folder(root, self.name)
        found = sorted(folder.name for folder in self.root.iterdir() if any(folder.glob("*.npz")))
        if not found:
            raise InputError(f"{self.root}: no shapes there. Expected <Category>/<id>.npz.")
        chosen = choose(categories, found, self.root)
        self._words, self._parts = plain_names(names, chosen) if names else self._raw_names(chosen)
        self._files = {
            f"{category}/{file.stem}": file
            for category in chosen
            for file in sorted((self.root / category).glob("*.npz"), key=natural)[:limit]
        }

    def __len__(self) -> int:
        return len(self._files)

    def __iter__(self) -> Iterator[Item]:
        """The items; reads V and F of each file, never its labels."""
        for item_id, file in self._files.items():
            category = file.parent.name
            prompts = tuple(dict.fromkeys(self._parts[category].values()))
            yield read_item(item_id, self._words[category], partial(_mesh, file), prompts)

    def truth(self, item_id: str) -> Int[np.ndarray, " n"]:
        """The true part of each face: an index into the item's prompts, -1 for a name that has no prompt."""
        file = held(self._files, item_id, self.name)
        faces, label, names = _arrays(file, "F", "face_label", "names")
        if label.shape != (len(faces),) or (len(label) and (label.min() < 0 or label.max() >= len(names))):
            span = f"{label.min()}..{label.max()}" if label.size else "nothing"
            raise InputError(f"{file}: face_label: expected {len(faces)} of 0..{len(names) - 1}, got {label.shape}, {span}")
        plain = self._parts[file.parent.name]
        prompts = list(dict.fromkeys(plain.values()))
        index = [prompts.index(plain[name]) if name in plain else -1 for name in names.tolist()]
        true: Int[np.ndarray, " n"] = np.array(index, dtype=np.int64)[label]
        return true

    def _raw_names(self, categories: Sequence[str]) -> tuple[dict[str, str], dict[str, dict[str, str]]]:
        """Every name that a category's files list, whether or not a face has it, in alphabetical order."""
        parts = {}
        for category in categories:
            listed = [_arrays(file, "names")[0].tolist() for file in (self.root / category).glob("*.npz")]
            parts[category] = {name: name for name in sorted({name for names in listed for name in names})}
        return {category: category.lower() for category in categories}, parts


def _arrays(file: Path, *wanted: str) -> list[np.ndarray]:
    arrays = read_npz(file, Limits())
    kinds = {"V": "f", "F": "iu", "face_label": "iu", "names": "U"}
    for name in wanted:
        if name not in arrays or arrays[name].dtype.kind not in kinds[name]:
            got = arrays[name].dtype if name in arrays else "none"
            raise InputError(f"{file}: {name}: expected an array of kind {kinds[name]!r}, got {got}. Make it again.")
    return [arrays[name] for name in wanted]


def _mesh(file: Path) -> Mesh:
    vertices, faces = _arrays(file, "V", "F")
    if vertices.ndim != 2 or vertices.shape[1] != 3 or faces.ndim != 2 or faces.shape[1] != 3 or not len(faces):
        raise InputError(f"{file}: expected V [v 3] and F [f 3], got {vertices.shape} and {faces.shape}")
    if not np.isfinite(vertices).all() or faces.min() < 0 or faces.max() >= len(vertices):
        raise InputError(f"{file}: V has NaN or infinite values, or F points outside its {len(vertices)} rows")
    return Mesh(vertices.astype(np.float64), faces.astype(np.int64))
