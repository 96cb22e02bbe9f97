"""Labels of photos as a COCO data set: one mask with a box and a score for each connected piece of a prompt."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
from jaxtyping import Bool, Int
from scipy import ndimage

from meronym.io.captures.own_size import OwnLabels

_TOUCHING = np.ones((3, 3), dtype=bool)
"""Pixels that share a corner belong to one piece."""


def coco(prompts: Sequence[str], photos: Iterable[tuple[str, OwnLabels]], speck: float = 2e-4) -> dict[str, Any]:
    """The data set of photos and their file names in it, category k + 1 being prompt k; pieces up to the share `speck` of a
    photo are left out.

    A piece's score is the mean of its prompt's scores over it, 0..1. Boxes are x, y, width and height in pixels.
    """
    images, annotations = list[dict[str, Any]](), list[dict[str, Any]]()
    for image, (file, own) in enumerate(photos, start=1):
        height, width = own.label.shape
        images.append({"id": image, "file_name": file, "height": height, "width": width})
        for piece in pieces(own, speck):
            annotations.append({"id": len(annotations) + 1, "image_id": image, **piece})
    categories = [{"id": k + 1, "name": name, "supercategory": ""} for k, name in enumerate(prompts)]
    return {"images": images, "categories": categories, "annotations": annotations}


def pieces(own: OwnLabels, speck: float) -> Iterator[dict[str, Any]]:
    """The pieces of each prompt in one photo that are larger than the share `speck` of it."""
    height, width = own.label.shape
    for prompt in np.unique(own.label[own.label >= 0]).tolist():
        found, _ = ndimage.label(own.label == prompt, structure=_TOUCHING)
        for number, (rows, columns) in enumerate(ndimage.find_objects(found), start=1):
            mask = found[rows, columns] == number
            area, corner = int(mask.sum()), (rows.start, columns.start)
            if area > speck * height * width:
                yield {
                    "category_id": prompt + 1,
                    "segmentation": {
                        "size": [height, width],
                        "counts": counts(mask, corner, height, width),
                    },
                    "area": area,
                    "bbox": [columns.start, rows.start, columns.stop - columns.start, rows.stop - rows.start],
                    "iscrowd": 0,
                    "score": round(float(own.score[rows, columns][mask].mean(dtype=np.float64)), 6),
                }


def counts(mask: Bool[np.ndarray, "h w"], corner: tuple[int, int], height: int, width: int) -> str:
    """A mask as COCO's compressed text of run lengths; its top left `corner` lies at that row and column of a picture.

    Runs go down the columns of the picture and alternate, beginning with unset pixels. From the fourth on, a run is told by
    its difference from the last of its kind. A number is cut into groups of five bits, lowest first, in two's complement; each
    is a character from 48 on, plus 32 if more follow.
    """
    characters = list[str]()
    for number in _differences(_runs(mask, corner, height, width)).tolist():
        more = True
        while more:
            group, number = number & 31, number >> 5
            more = number != (-1 if group & 16 else 0)
            characters.append(chr(48 + group + 32 * more))
    return "".join(characters)


def _runs(mask: Bool[np.ndarray, "h w"], corner: tuple[int, int], height: int, width: int) -> Int[np.ndarray, " k"]:
    row, column = corner
    strip = np.zeros((mask.shape[1], height), dtype=bool)  # the picture's columns that the mask covers, one after the other
    strip[:, row : row + mask.shape[0]] = mask.T
    down = np.concatenate([[False], strip.ravel(), [False]])
    edges = column * height + np.flatnonzero(down[1:] != down[:-1])
    if len(edges) and edges[-1] == height * width:
        edges = edges[:-1]
    return np.diff(edges, prepend=0, append=height * width)


def _differences(runs: Int[np.ndarray, " k"]) -> Int[np.ndarray, " k"]:
    return np.concatenate([runs[:3], runs[3:] - runs[1:-2]])
