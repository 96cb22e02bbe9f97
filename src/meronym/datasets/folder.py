"""Any folder of meshes and point clouds, with or without labels: what training on one's own shapes starts from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

import numpy as np
from jaxtyping import Int

from meronym.core.prompts import check_prompts
from meronym.datasets import Item
from meronym.datasets.reading import check_labels, held, natural, read_item, read_table
from meronym.errors import Error, InputError
from meronym.io.limits import Limits, check_size
from meronym.io.shapes.read import ENDINGS, read_shape
from meronym.io.shapes.tables import OFTEN_OTHERS

_LABELS = (".labels.npy", ".labels.txt", ".seg")


class Folder:
    """All files below `root` that `meronym.read` opens, in natural order of their names; hidden ones are left out.

    All shapes are of one `category` (a plain word) and share the `prompts`; training needs neither. Labels may lie beside a
    shape as `<stem>.labels.npy`, `<stem>.labels.txt` or `<stem>.seg`: for each face or point, an index into the prompts, or
    -1; in the text files one a line.

    Raises: InputError if there is no such folder or no shape in it, or the prompts cannot be used.
    """

    name = "folder"

    def __init__(self, root: str | Path, *, prompts: Sequence[str] = (), category: str = "", limit: int | None = None) -> None:
        self.root = Path(root)
        self.prompts = check_prompts(prompts) if prompts else ()
        self.category = category
        if not self.root.is_dir():
            raise InputError(f"{self.root}: there is no such folder. Check the path.")
        endings = [ending for ending in ENDINGS if ending not in OFTEN_OTHERS]
        found = (file for file in self.root.rglob("*") if file.suffix.lower() in endings and not file.name.startswith("."))
        files = sorted(filter(Path.is_file, found), key=natural)[:limit]
        if not files:
            raise InputError(f"{self.root}: no shapes there. Expected files that end in {' '.join(endings)}.")
        self._files = {file.relative_to(self.root).as_posix(): file for file in files}

    def __len__(self) -> int:
        return len(self._files)

    def __iter__(self) -> Iterator[Item]:
        """The items; each file is read when its turn comes, labels are not."""
        for item_id, file in self._files.items():
            yield read_item(item_id, self.category, partial(read_shape, file), self.prompts)

    def truth(self, item_id: str) -> Int[np.ndarray, " n"]:
        """The true label of each element: an index into the prompts, -1 = nobody says what it is."""
        file = held(self._files, item_id, self.name)
        beside = [file.with_name(file.stem + ending) for ending in _LABELS]
        labels = next((place for place in beside if place.is_file()), None)
        if labels is None:
            names = ", ".join(place.name for place in beside)
            raise InputError(f"{file}: no labels beside it. To measure, add one of {names}; training needs none.")
        label = _numbers(labels) if labels.suffix == ".npy" else read_table(labels, [0])[:, 0]
        return check_labels(label, str(labels), read_shape(file).element_count, range(-1, len(self.prompts)))


def _numbers(file: Path) -> np.ndarray:
    try:
        check_size(file, Limits())
        array: np.ndarray = np.load(file, mmap_mode="r", allow_pickle=False)
    except Error:
        raise
    except (OSError, ValueError, EOFError) as error:
        raise InputError(f"{file}: not a readable .npy file of numbers ({error}). Save it again.") from error
    return array
