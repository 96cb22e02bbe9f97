"""Files for each photo of a capture: pictures of it, and label maps and masks that lie over the photo as the user has it."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Int
from PIL import Image

from meronym.core.cameras import opengl_from_opencv
from meronym.core.prompts import slug, unique
from meronym.io.captures.lenses import TERMS
from meronym.io.captures.own_size import OwnLabels, own_labels
from meronym.io.captures.pose_file import PHOTO_ENDINGS
from meronym.io.documents import json_bytes
from meronym.io.files import make_folder, write_file
from meronym.io.images import png
from meronym.results import ViewLabels
from meronym.viz.overlays import as_bytes, blended, heat_picture, label_picture

_RESERVED = set('<>:"\\|?*')
"""Characters that no name of a file has on Windows."""


def photo_paths(names: Sequence[str]) -> list[str]:
    """The photos' own names, with folders; a name that could lead elsewhere, or is no name of a file everywhere, as a slug."""
    return unique(name if all(map(_is_plain, name.split("/"))) else slug(name) for name in names)


def _is_plain(part: str) -> bool:
    odd = _RESERVED & set(part) or part.startswith(".") or part != part.rstrip(" .") or not part.isprintable()
    return 0 < len(part) < 120 and not odd


def _bare(paths: Sequence[str]) -> list[str]:
    """The names without ending, where that leaves them apart."""
    bare = [path.removesuffix(Path(path).suffix) if Path(path).suffix.lower() in PHOTO_ENDINGS else path for path in paths]
    alike = Counter(name.casefold() for name in bare)
    return [name if alike[name.casefold()] == 1 else path for name, path in zip(bare, paths, strict=True)]


def write_pictures(folder: Path, views: ViewLabels, names: Sequence[str]) -> list[dict[str, Any]]:
    """Write each photo as it was looked at, a blend with its labels, its rendering, and heat maps of the prompts, which are
    called `names` in names of files.

    Returns an entry for scene.json a photo; the label map and masks in it are written by `write_labels`.
    """
    described = []
    paths = photo_paths(views.names)
    for view, (path, bare) in enumerate(zip(paths, _bare(paths), strict=True)):
        rows, columns = views.shown(view)
        colour, label = views.colour[view, rows, columns], views.label[view, rows, columns]
        pictures = {
            "photo": (f"photos/{bare}.png", as_bytes(colour)),
            "colours": (f"colours/{bare}.png", blended(colour, label, len(names))),
            "rendered": (f"rendered/{bare}.png", as_bytes(views.rendered[view, rows, columns])),
        }
        heat = [f"relevancy/{bare}_{name}.png" for name in names]
        for file, picture in pictures.values():
            _write(folder / file, png(picture))
        for file, score in zip(heat, views.score[view, :, rows, columns], strict=True):
            _write(folder / file, png(heat_picture(score)))
        described.append(
            {
                "name": views.names[view],
                "held_out": bool(views.held_out[view]),
                **shares(label, len(names)),
                **{kind: file for kind, (file, _) in pictures.items()},
                "labels": f"labels/{bare}.png",
                "relevancy": heat,
                "masks": [f"masks/{name}/{path}.png" for name in names],
            }
        )
    return described


def shares(label: Int[np.ndarray, "*n"], count: int) -> dict[str, Any]:
    """Share of each prompt and of none of these, 0..1."""
    none, *found = np.bincount(label.ravel() + 1, minlength=count + 1) / max(1, label.size)
    return {"shares": [round(share, 6) for share in found], "none": round(none, 6)}


def files_of(view: Mapping[str, Any]) -> list[str]:
    """All files of a photo, of its entry in scene.json."""
    return [*(view[kind] for kind in ("photo", "labels", "colours", "rendered")), *view["relevancy"], *view["masks"]]


def write_labels(
    folder: Path, views: ViewLabels, described: Sequence[Mapping[str, Any]], count: int
) -> Iterator[tuple[str, OwnLabels]]:
    """Write the label map and the masks of each photo under the names in `described`, and yield its name and its labels.

    A mask is white where the photo shows the prompt, and black elsewhere.
    """
    for view, about in enumerate(described):
        own = own_labels(views, view)
        _write(folder / about["labels"], png(label_picture(own.label, count)))
        for prompt, file in enumerate(about["masks"]):
            _write(folder / file, png(Image.fromarray(own.label == prompt)))
        yield views.names[view], own


def write_transforms(
    folder: Path, views: ViewLabels, described: Sequence[Mapping[str, Any]], names: Sequence[str]
) -> list[str]:
    """Write the poses and the masks of each prompt as a transforms.json, beside the masks; nerfstudio reads the photos from
    where they lie.

    Returns the files: none where the photos' poses are not known, or their lens is none that nerfstudio knows.
    """
    capture = views.capture
    if capture is None:
        return []
    kinds = {capture.frame(view).fisheye for view in range(len(capture))}
    strange = [6, 7, 8, 9, 10, 11, *((2, 3) if True in kinds else (5,))]
    if len(kinds) > 1 or capture.distortion[:, strange].any():
        return []
    files = [f"masks/{name}/transforms.json" for name in names]
    poses = opengl_from_opencv(capture.cameras.world_from_camera.double()).tolist()
    for prompt, file in enumerate(files):
        place, frames = (folder / file).parent, list[dict[str, Any]]()
        for view, about in enumerate(described):
            frame, lens = capture.frame(view), capture.cameras.intrinsics[view].tolist()
            frames.append(
                {
                    "file_path": _relative(capture.images[view], place),
                    "mask_path": _relative(folder / about["masks"][prompt], place),
                    "transform_matrix": poses[view],
                    **{"w": frame.width, "h": frame.height, "fl_x": lens[0][0], "fl_y": lens[1][1]},
                    **{"cx": lens[0][2], "cy": lens[1][2]},
                    **dict(zip(TERMS[:6], capture.distortion[view].tolist(), strict=False)),
                }
            )
        model = "OPENCV_FISHEYE" if True in kinds else "OPENCV"
        write_file(folder / file, json_bytes({"camera_model": model, "frames": frames}))
    return files


def _relative(path: Path, place: Path) -> str:
    try:
        return Path(os.path.relpath(path.absolute(), place.absolute())).as_posix()
    except ValueError:  # another drive
        return path.absolute().as_posix()


def _write(path: Path, content: bytes) -> None:
    make_folder(path.parent)
    write_file(path, content)
