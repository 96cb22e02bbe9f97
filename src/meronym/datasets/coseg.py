"""The Shape COSEG dataset (Wang et al., SIGGRAPH Asia 2012): sets of meshes with a numbered part for every face."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

import numpy as np
from jaxtyping import Int

from meronym.datasets import Item, data_folder
from meronym.datasets.reading import check_labels, choose, held, natural, plain_names, read_item, read_table
from meronym.errors import InputError
from meronym.io.shapes.read import read_shape


class Coseg:
    """Files `<root>/<Set>/shapes/<id>.off`, and `<root>/<Set>/gt/<id>.seg` with a number for each face, one a line.

    Its parts have no names. `names` is a JSON file that gives them: {Set: {"category": word, "parts": {number: name}}}; two
    numbers may share a name. `limit` is the number of shapes per set.

    Raises: InputError if the data or the names file is missing or damaged, or a set is unknown.
    """

    name = "coseg"

    def __init__(
        self,
        root: str | Path | None = None,
        *,
        names: Path,
        categories: Sequence[str] | None = None,
        limit: int | None = None,
    ) -> None:
        self.root = data_folder(root, self.name)
        found = sorted(folder.name for folder in self.root.iterdir() if any(folder.glob("shapes/*.off")))
        if not found:
            raise InputError(f"{self.root}: no shapes there. Expected <Set>/shapes/<id>.off.")
        chosen = choose(categories, found, self.root)
        self._words, parts = plain_names(names, chosen)
        wrong = [f"{own}: {number}" for own in chosen for number in parts[own] if not number.isdecimal()]
        if wrong or not all(parts.values()):
            raise InputError(
                f"{names}: expected part numbers and names for every set, got {wrong or parts}. Add or correct them."
            )
        self._parts = {own: {int(number): name for number, name in parts[own].items()} for own in chosen}
        self._files = {
            f"{own}/{file.stem}": file
            for own in chosen
            for file in sorted((self.root / own / "shapes").glob("*.off"), key=natural)[:limit]
        }

    def __len__(self) -> int:
        return len(self._files)

    def __iter__(self) -> Iterator[Item]:
        """The items; reads each .off file."""
        for item_id, file in self._files.items():
            own = item_id.split("/")[0]
            yield read_item(item_id, self._words[own], partial(read_shape, file), self._prompts(own))

    def truth(self, item_id: str) -> Int[np.ndarray, " n"]:
        """The true part of each face: an index into the item's prompts."""
        file = held(self._files, item_id, self.name)
        own = item_id.split("/")[0]
        labels = file.parents[1] / "gt" / f"{file.stem}.seg"
        count, top = read_shape(file).element_count, max(self._parts[own])
        number = check_labels(read_table(labels, [0])[:, 0], str(labels), count, range(top + 1))
        nameless = sorted(set(number.tolist()) - set(self._parts[own]))
        if nameless:
            raise InputError(f"{labels}: parts {nameless} have no name. Add them to the names file under {own!r}.")
        index: np.ndarray = np.full(top + 1, -1)
        for each, name in self._parts[own].items():
            index[each] = self._prompts(own).index(name)
        true: Int[np.ndarray, " n"] = index[number]
        return true

    def _prompts(self, own: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self._parts[own].values()))
