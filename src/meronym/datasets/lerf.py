"""LERF-OVS: scenes of LERF (Kerr et al., ICCV 2023) with polygons that LangSplat's authors drew (Qin et al., CVPR 2024)."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Bool
from PIL import Image, ImageDraw

from meronym.core.prompts import check_prompts
from meronym.datasets import Item, data_folder
from meronym.datasets.reading import held, read_json
from meronym.datasets.scenes import fitted, read_capture_item
from meronym.errors import InputError
from meronym.io.captures.pose_file import explained
from meronym.io.captures.read import read_capture
from meronym.types import PhotoFrame

_MOST = 100_000_000


class LERF:
    """Folders `<root>/<scene>` with images/ and sparse/0, and `<root>/label/<scene>/frame_00041.json` beside them:
    {"info": {"width", "height"}, "objects": [{"category", "segmentation": [[x, y], ...]}]}, named like their photos.

    Prompts are a scene's categories in alphabetical order; several objects of a category are one mask, and a category
    that a frame has no object of has an empty one there.

    Raises: InputError if there are no labelled scenes.
    """

    name = "lerf_ovs"

    def __init__(self, root: str | Path | None = None) -> None:
        self.root = data_folder(root, self.name)
        labels = self.root / "label"
        scenes = sorted(folder.name for folder in labels.iterdir() if folder.is_dir()) if labels.is_dir() else []
        self._files = {scene: files for scene in scenes if (files := sorted((labels / scene).glob("*.json")))}
        if not self._files:
            raise InputError(f"{self.root}: no labelled scenes there. Expected label/<scene>/frame_*.json.")

    def __len__(self) -> int:
        return len(self._files)

    def __iter__(self) -> Iterator[Item]:
        """The items; of the labels only the categories are read."""
        for scene in self._files:
            yield read_capture_item(scene, self.root / scene, partial(self._prompts, scene))

    def truth(self, item_id: str) -> dict[int, Bool[np.ndarray, "p h w"]]:
        """The true masks of the annotated views, at the photos' own size.

        Raises: InputError if there is no such scene, or a label file is damaged or belongs to no photo.
        """
        files = held(self._files, item_id, self.name)
        capture = read_capture(self.root / item_id)
        prompts = self._prompts(item_id)
        view_of = {photo.stem: view for view, photo in enumerate(capture.images)}
        masks = {}
        for file in files:
            if file.stem not in view_of:
                raise InputError(f"{file}: there is no photo {file.stem!r} with a pose, of {len(capture)}. Remove the file.")
            masks[view_of[file.stem]] = _masks(file, prompts, capture.frame(view_of[file.stem]))
        return masks

    def _prompts(self, scene: str) -> tuple[str, ...]:
        with explained(self.root / "label" / scene):
            return check_prompts(sorted({name for file in self._files[scene] for name, _ in _objects(file)[1]}))


def _objects(file: Path) -> tuple[tuple[int, int], list[tuple[str, Any]]]:
    """Width and height that a label file is for, and its categories with their polygons."""
    tree = read_json(file)
    try:
        width, height = int(tree["info"]["width"]), int(tree["info"]["height"])
        objects = [(str(entry["category"]).strip(), entry["segmentation"]) for entry in tree["objects"]]
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise InputError(f"{file}: not a label file ({type(error).__name__}: {error}). Expected info and objects.") from error
    if width < 1 or height < 1 or width * height > _MOST:
        raise InputError(f"{file}: it is for a photo of {width} x {height} pixels. Fetch it again.")
    return (width, height), objects


def _masks(file: Path, prompts: tuple[str, ...], photo: PhotoFrame) -> Bool[np.ndarray, "p h w"]:
    size, objects = _objects(file)
    drawn = [Image.new("1", size) for _ in prompts]
    for name, polygon in objects:
        try:
            corners = [(float(x), float(y)) for x, y in polygon]
        except (TypeError, ValueError, OverflowError) as error:
            raise InputError(f"{file}: the polygon of {name!r} is {str(polygon)[:60]}, expected corners x, y.") from error
        if len(corners) < 3 or not all(math.isfinite(value) and abs(value) < 1e6 for corner in corners for value in corner):
            raise InputError(f"{file}: the polygon of {name!r} is {str(polygon)[:60]}, expected 3 or more finite corners.")
        ImageDraw.Draw(drawn[prompts.index(name)]).polygon(corners, fill=1, outline=1)
    return np.stack([fitted(np.array(picture), photo, str(file)) for picture in drawn])
