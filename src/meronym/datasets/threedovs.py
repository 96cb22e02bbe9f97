"""The 3D-OVS dataset (Liu et al., NeurIPS 2023): forward-facing scenes with masks of everything in some photos."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from jaxtyping import Bool

from meronym.datasets import Item, data_folder
from meronym.datasets.reading import held
from meronym.datasets.scenes import fitted, read_capture_item
from meronym.errors import InputError
from meronym.io.captures.photos import read_mask
from meronym.io.captures.pose_file import listed
from meronym.io.captures.read import read_capture
from meronym.io.paths import inside
from meronym.types import Capture

_CLASSES = Path("segmentations") / "classes.txt"


class ThreeDOVS:
    """Folders `<root>/<scene>` with images/, poses_bounds.npy, segmentations/classes.txt (one description a line) and
    segmentations/<number>/<description>.png, where the number counts the photos by name from 0. `root` may be a scene.

    Prompts are the descriptions in alphabetical order.

    Raises: InputError if there are no scenes.
    """

    name = "threedovs"

    def __init__(self, root: str | Path | None = None) -> None:
        folder = data_folder(root, self.name)
        scenes = [folder] if (folder / _CLASSES).is_file() else sorted(f for f in folder.iterdir() if (f / _CLASSES).is_file())
        if not scenes:
            raise InputError(f"{folder}: no scenes there. Expected <scene>/{_CLASSES}.")
        self._scenes = {scene.resolve().name: scene for scene in scenes}

    def __len__(self) -> int:
        return len(self._scenes)

    def __iter__(self) -> Iterator[Item]:
        """The items; of segmentations/ only the names in classes.txt are read."""
        for item_id, scene in self._scenes.items():
            yield read_capture_item(item_id, scene)

    def truth(self, item_id: str) -> dict[int, Bool[np.ndarray, "p h w"]]:
        """The true masks of the annotated views, at the photos' own size.

        Raises: InputError if there is no such scene, or a mask is missing, damaged or of another shape than the photo.
        """
        scene = held(self._scenes, item_id, self.name)
        capture = read_capture(scene)
        view_of = _views(capture)
        folders = sorted(folder for folder in (scene / "segmentations").iterdir() if folder.name.isdecimal())
        if not folders:
            raise InputError(f"{scene / 'segmentations'}: no annotated photos. Expected <number>/<description>.png.")
        masks = {}
        for folder in folders:
            if int(folder.name) not in view_of:
                raise InputError(
                    f"{folder}: there is no photo {folder.name} with a pose, of {len(view_of)}. Remove the folder."
                )
            files = [inside(folder, f"{name}.png", linked_folders=True) for name in capture.names]
            missing = [file.name for file in files if not file.is_file()]
            if missing:
                raise InputError(f"{folder}: {len(missing)} masks are missing: {', '.join(missing[:5])}. Fetch them again.")
            view = view_of[int(folder.name)]
            masks[view] = np.stack([fitted(read_mask(file), capture.frame(view), str(file)) for file in files])
        return masks


def _views(capture: Capture) -> dict[int, int]:
    """Number of a photo among all in its folder -> view, which counts only those with a pose."""
    number = {photo: index for index, photo in enumerate(listed(capture.images[0].parent))}
    return {number[photo]: view for view, photo in enumerate(capture.images) if photo in number}
