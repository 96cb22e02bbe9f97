"""ShapeNetPart (Yi et al., SIGGRAPH Asia 2016): points in 16 categories with 50 kinds of parts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
from jaxtyping import Int

from meronym.datasets import Item, data_folder
from meronym.datasets.reading import check_labels, choose, cloud, held, read_item, read_json, read_table
from meronym.errors import InputError
from meronym.types import PointCloud


class Category(NamedTuple):
    """How a category is written in the files."""

    synset: str
    first: int
    """Part ids are counted through all categories; this is the category's first."""
    names: tuple[str, ...]
    """A prompt for each part id from `first` on, as PartDistill words it; "" = it has none."""

    @property
    def prompts(self) -> tuple[str, ...]:
        """The names that there are."""
        return tuple(name for name in self.names if name)

    def truth(self, part_id: np.ndarray, where: str, count: int) -> Int[np.ndarray, " n"]:
        """Indices into `prompts`, -1 for a part without a name.

        Raises: InputError if these are not `count` part ids of the category.
        """
        label = check_labels(part_id, where, count, range(self.first, self.first + len(self.names)))
        index: np.ndarray = np.array([self.prompts.index(name) if name else -1 for name in self.names])
        true: Int[np.ndarray, " n"] = index[label - self.first]
        return true


CATEGORIES: Mapping[str, Category] = {
    "Airplane": Category("02691156", 0, ("body", "wing", "tail", "engine")),
    "Bag": Category("02773838", 4, ("handle", "body")),
    "Cap": Category("02954340", 6, ("panels or crown", "visor or peak")),
    "Car": Category("02958343", 8, ("roof", "hood", "wheel or tire", "body")),
    "Chair": Category("03001627", 12, ("back", "seat", "leg", "armrest")),
    "Earphone": Category("03261776", 16, ("earcup", "headband", "data wire")),
    "Guitar": Category("03467517", 19, ("head or tuners", "neck", "body")),
    "Knife": Category("03624134", 22, ("blade", "handle")),
    "Lamp": Category("03636649", 24, ("base", "lampshade", "", "")),
    "Laptop": Category("03642806", 28, ("keyboard", "screen or monitor")),
    "Motorbike": Category("03790512", 30, ("gas tank", "seat", "wheel", "handle", "headlight", "frame")),
    "Mug": Category("03797390", 36, ("handle", "cup")),
    "Pistol": Category("03948459", 38, ("frame", "grip", "trigger")),
    "Rocket": Category("04099429", 41, ("body", "fin", "nose cone")),
    "Skateboard": Category("04225987", 44, ("wheel", "deck", "belt for foot")),
    "Table": Category("04379243", 47, ("tabletop", "leg", "drawer")),
}
"""PartDistill names two of the lamp's four parts. Points of the others (canopy, tube) have no prompt here, so that P1 counts
them against the names that they are given, and lamps have two parts, as in PointCLIPv2. PartDistill's own evaluation counts
four, of which the two nameless are 1 if absent and 0 if not."""


class ShapeNetPart:
    """Files `<root>/<synset>/<id>.txt` with lines of x y z, a normal and a part id, y up, points as they are in the file.

    `split` is train, val or test: `<root>/train_test_split/shuffled_<split>_file_list.json` lists its shapes. `limit` is the
    number of shapes per category.

    Raises: InputError if the data or the list is missing or damaged, or a category is unknown.
    """

    name = "shapenetpart"

    def __init__(
        self,
        root: str | Path | None = None,
        *,
        split: str = "test",
        categories: Sequence[str] | None = None,
        limit: int | None = None,
    ) -> None:
        self.root = data_folder(root, self.name)
        listed = split_files(self.root / "train_test_split", split, "{synset}/{model}.txt", categories, limit)
        self._files = find(self.root, listed)

    def __len__(self) -> int:
        return len(self._files)

    def __iter__(self) -> Iterator[Item]:
        """The items; of each file all columns but the last are read. One that is listed and missing is an item too."""
        for item_id, file in self._files.items():
            category = item_id.split("/")[0]
            yield read_item(item_id, category.lower(), partial(_cloud, file), CATEGORIES[category].prompts, up=(0.0, 1.0, 0.0))

    def truth(self, item_id: str) -> Int[np.ndarray, " n"]:
        """The true part of each point: an index into the item's prompts, -1 for a part that has no prompt."""
        file = held(self._files, item_id, self.name)
        part_id = read_table(file, [6])[:, 0]
        return CATEGORIES[item_id.split("/")[0]].truth(part_id, f"{file}: column 6", len(part_id))


def split_files(
    lists: Path, split: str, layout: str, categories: Sequence[str] | None = None, limit: int | None = None
) -> dict[str, str]:
    """The files of an official split, `layout` with its synset and model: item id -> path below the data's root.

    Raises: InputError if the list is missing or damaged, or a category is unknown.
    """
    if split not in ("train", "val", "test"):
        raise InputError(f"split: expected train, val or test, got {split!r}")
    file = lists / f"shuffled_{split}_file_list.json"
    entries = read_json(file)
    models: dict[str, set[str]] = {}
    for entry in entries if isinstance(entries, list) else [entries]:
        match = re.fullmatch(r"shape_data/(\d+)/([\w-]+)", entry) if isinstance(entry, str) else None
        if match is None:
            raise InputError(f"{file}: expected a list of 'shape_data/<synset>/<id>', got {str(entry)[:80]!r}. Fetch it again.")
        models.setdefault(match[1], set()).add(match[2])
    known = [name for name, category in CATEGORIES.items() if category.synset in models]
    return {
        f"{name}/{model}": layout.format(synset=CATEGORIES[name].synset, model=model)
        for name in choose(categories, known, file)
        for model in sorted(models[CATEGORIES[name].synset])[:limit]
    }


def find(root: Path, listed: Mapping[str, str]) -> dict[str, Path]:
    """Item id -> file.

    Raises: InputError if none of the files is there; single ones may be missing.
    """
    files = {item_id: root / path for item_id, path in listed.items()}
    if not any(file.is_file() for file in files.values()):
        example = next(iter(files.values()), root)
        raise InputError(f"{root}: none of the {len(files)} listed shapes is there, such as {example}. Check the folder.")
    return files


def _cloud(file: Path) -> PointCloud:
    table = read_table(file, range(6))
    return cloud(table[:, :3], table[:, 3:], file)
