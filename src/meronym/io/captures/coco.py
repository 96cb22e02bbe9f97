"""Labels of photos as a COCO data set: one mask with a box and a score for each connected piece of a prompt."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from jaxtyping import Bool, Int
from scipy import ndimage

from meronym.results import ViewLabels

_TOUCHING = np.ones((3, 3), dtype=bool)
"""Pixels that share a corner belong to one piece."""


def coco(views: ViewLabels, prompts: Sequence[str], files: Sequence[str], speck: float = 2e-4) -> dict[str, Any]:
    """The data set, category k + 1 being prompt k; `files` are the photos' file names in it, and pieces up to the share
    `speck` of a photo are left out.

    A piece's score is the mean of its prompt's scores over it, 0..1. Boxes are x, y, width and height in pixels.
    """
    height, width = views.label.shape[1:]
    images, annotations = [], list[dict[str, Any]]()
    for view, file in enumerate(files):
        images.append({"id": view + 1, "file_name": file, "height": height, "width": width})
        for prompt in np.unique(views.label[view][views.label[view] >= 0]).tolist():
            pieces, _ = ndimage.label(views.label[view] == prompt, structure=_TOUCHING)
            for number, (rows, columns) in enumerate(ndimage.find_objects(pieces), start=1):
                mask = pieces[rows, columns] == number
                area = int(mask.sum())
                if area <= speck * height * width:
                    continue
                whole = np.zeros((height, width), dtype=bool)
                whole[rows, columns] = mask
                score = views.score[view, prompt, rows, columns][mask].mean(dtype=np.float64)
                annotations.append(
                    {
                        "id": len(annotations) + 1,
                        "image_id": view + 1,
                        "category_id": prompt + 1,
                        "segmentation": {"size": [height, width], "counts": counts(whole)},
                        "area": area,
                        "bbox": [columns.start, rows.start, columns.stop - columns.start, rows.stop - rows.start],
                        "iscrowd": 0,
                        "score": round(float(score), 6),
                    }
                )
    categories = [{"id": k + 1, "name": name, "supercategory": ""} for k, name in enumerate(prompts)]
    return {"images": images, "categories": categories, "annotations": annotations}


def counts(mask: Bool[np.ndarray, "h w"]) -> str:
    """A mask as COCO's compressed text of run lengths.

    Runs go down the columns and alternate, beginning with unset pixels. From the fourth on, a run is told by its
    difference from the last of its kind. A number is cut into groups of five bits, lowest first, in two's complement;
    each is a character from 48 on, plus 32 if more follow.
    """
    characters = list[str]()
    for number in _differences(_runs(mask)).tolist():
        more = True
        while more:
            group, number = number & 31, number >> 5
            more = number != (-1 if group & 16 else 0)
            characters.append(chr(48 + group + 32 * more))
    return "".join(characters)


def _runs(mask: Bool[np.ndarray, "h w"]) -> Int[np.ndarray, " k"]:
    down = np.concatenate([[False], mask.T.ravel()])
    edges = np.flatnonzero(down[1:] != down[:-1])
    return np.diff(edges, prepend=0, append=mask.size)


def _differences(runs: Int[np.ndarray, " k"]) -> Int[np.ndarray, " k"]:
    return np.concatenate([runs[:3], runs[3:] - runs[1:-2]])
