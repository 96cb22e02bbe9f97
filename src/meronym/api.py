"""One way in for everything that has parts: meshes, point clouds and captured scenes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from meronym.errors import InputError
from meronym.io.captures.read import is_capture, read_capture
from meronym.io.shapes.read import read_shape
from meronym.results import Segmentation
from meronym.scenes import pipeline as scene_pipeline
from meronym.shapes import pipeline as shape_pipeline
from meronym.types import Capture, Shape


def read(path: str | Path, *, repair: bool = False) -> Shape | Capture:
    """A mesh or point cloud from a file, or a capture from a folder of photos with poses.

    Raises: InputError if it is missing, damaged or none of these; LimitError if it is too large.
    """
    path = Path(path)
    if not is_capture(path):
        if path.is_dir():
            raise InputError(
                f"{path}: no poses of photos there (COLMAP, transforms.json or poses_bounds.npy). For photos without poses, "
                "`meronym segment` finds them; from Python, meronym.io.sfm.register does."
            )
        return read_shape(path, repair=repair)
    return read_capture(path)


def segment(thing: Shape | Capture, prompts: Sequence[str] | None = None, **options: Any) -> Segmentation:
    """Name the parts of a shape, or what is in a captured scene.

    Options: those of `meronym.pipelines.segment` for shapes (category, method, student, teacher, views, seed, up), of
    `meronym.captures.segment` for captures (method, teacher, size, seed, kept, film, mesh).

    Raises: what these raise.
    """
    if isinstance(thing, Capture):
        return scene_pipeline.segment(thing, prompts, **options)
    return shape_pipeline.segment(thing, prompts, **options)
