"""Reads captures: photos of one scene with their poses, in the formats of several programs.

COLMAP's sparse models, transforms.json (instant-ngp, nerfstudio, NeRF's synthetic scenes), LLFF's poses_bounds.npy and
3D-OVS's scenes. `register` in `meronym.io.captures.sfm` finds poses for photos that have none, `photos` reads the pixels.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from jaxtyping import Bool
from torch import Tensor

from meronym.core.prompts import check_prompts
from meronym.errors import InputError
from meronym.io.captures.colmap import model_folder, read_colmap
from meronym.io.captures.llff import read_llff
from meronym.io.captures.photos import Header, photo_header, photos, undistorted
from meronym.io.captures.placement import scaled
from meronym.io.captures.pose_file import Lens, PoseFile, Shot, explained, listed
from meronym.io.captures.transforms import read_transforms
from meronym.io.limits import DEFAULT, Limits
from meronym.types import Cameras, Capture, PhotoFrame

__all__ = ["advice", "holdout", "is_capture", "photos", "read_capture", "scaled", "undistorted"]

WITHOUT_POSE = "photos without a pose"
TURNED = "photos turned by EXIF"
MASKED = "photos with a mask"
_QUARTER_TURNS = {3: 2, 6: 1, 8: 3}
"""Clockwise, by EXIF's orientation; the others mirror, which no camera does."""


def is_capture(path: str | Path) -> bool:
    """Whether there are photos with poses in a folder; or the path is a file of poses itself."""
    try:
        return _poses(Path(path)) is not None
    except (OSError, ValueError):
        return False


def read_capture(path: str | Path, *, limits: Limits = DEFAULT) -> Capture:
    """Read posed photos from a folder, a transforms*.json, a poses_bounds.npy or a folder of a sparse COLMAP model.

    In a folder a COLMAP model in sparse comes before transforms.json, that before transforms_train.json and poses_bounds.npy,
    and these before a COLMAP model in a place of its own, such as dense/0/sparse. The photos may be of many sizes, and smaller
    or larger than those that the poses were found with, if their sides have the same ratio.

    Raises: InputError if there are no poses, fewer than two photos, most of them are missing, or something is damaged or
    senseless; LimitError if a file is too large.
    """
    path = Path(path)
    with explained(path):
        poses = _poses(path)
        if poses is None:
            raise InputError(_nothing(path))
        if poses.is_dir():
            posed = read_colmap(poses, limits)
        else:
            posed = (read_transforms if poses.suffix == ".json" else read_llff)(poses, limits)
        if len(posed.shots) < 2:
            raise InputError(f"{poses}: {len(posed.shots)} photos with a pose, at least 2 are needed. Register more photos.")
        return replace(_assemble(posed, path, limits), names=_names(path if path.is_dir() else path.parent))


def holdout(capture: Capture) -> Bool[Tensor, " c"]:
    """The photos that are never trained on: of 12 or more every eighth by name, from the fifth (4, 12, 20, ...).

    Fewer than 12 photos are all needed: none is held out.
    """
    index = torch.arange(len(capture))
    return (index % 8 == 4) & (len(capture) >= 12)


def advice(capture: Capture) -> list[str]:
    """What to know of a capture, in sentences: what was chosen or left out, and reasons to doubt a result, with their cure."""
    reasons = [*capture.notes]
    turned, masked, lost = (capture.report.get(kind, 0) for kind in (TURNED, MASKED, WITHOUT_POSE))
    if turned:
        reasons.append(f"{turned} photos are turned upright as their EXIF data say, and their cameras with them.")
    if masked:
        folder = next(frame.mask for frame in capture.frames if frame.mask is not None).parent
        reasons.append(f"{masked} photos have a mask in {folder}: nothing is learned from what is black there.")
    if lost > len(capture):
        reasons.append(
            f"{lost} of {lost + len(capture)} photos have no pose, so that little of the scene may be seen. Take photos that "
            "overlap more (a third of a picture between neighbours), sharp ones and from all sides, and register them again."
        )
    return reasons


def _poses(path: Path) -> Path | None:
    """The file or folder that holds the poses; None = there are none."""
    if path.is_file():
        return path if path.suffix == ".json" or path.name == "poses_bounds.npy" else None
    if not path.is_dir():
        return None
    files = (path / name for name in ("transforms.json", "transforms_train.json", "poses_bounds.npy"))
    return model_folder(path) or next((file for file in files if file.is_file()), None) or model_folder(path, nested=True)


def _nothing(path: Path) -> str:
    if not path.exists():
        return f"{path}: there is no such folder or file. Check the path."
    loose = len(listed(path)) or len(listed(path / "images"))
    cure = "Find their poses first (meronym.io.captures.sfm.register, or COLMAP)" if loose else "Give the folder of a capture"
    return (
        f"{path}: {loose} photos, but no poses: neither sparse/0 (COLMAP) nor transforms.json nor poses_bounds.npy (LLFF). "
        f"{cure}."
    )


def _names(folder: Path) -> tuple[str, ...]:
    """The words in segmentations/classes.txt (3D-OVS), in alphabetical order."""
    file = folder / "segmentations" / "classes.txt"
    if not file.is_file():
        return ()
    with explained(file):
        words = sorted(line.strip() for line in file.read_text(encoding="utf-8-sig").splitlines())
        return check_prompts([word for word in words if word])


# ---------------------------------------------------------------- putting it together


def _assemble(posed: PoseFile, source: Path, limits: Limits) -> Capture:
    shots = sorted(posed.shots, key=lambda shot: shot.path.as_posix())
    headers = [photo_header(shot.path, limits) for shot in shots]
    folder = posed.folder or Path(os.path.commonpath([shot.path.parent for shot in shots]))
    frames = tuple(_frame(shot, header, folder) for shot, header in zip(shots, headers, strict=True))
    lenses = [_resized(shot.lens, frame.width, frame.height) for shot, frame in zip(shots, frames, strict=True)]
    upright = sum(
        header.upright == (frame.width, frame.height) != (header.width, header.height)
        for header, frame in zip(headers, frames, strict=True)
    )
    report = {
        **posed.report,
        **Counter(kind for header in headers for kind in header.kinds),
        WITHOUT_POSE: _without_pose(shots),
        TURNED: upright + sum(frame.turns > 0 for frame in frames),
        "photos of another size than the poses": sum(
            (lens.width, lens.height) != (shot.lens.width, shot.lens.height) for shot, lens in zip(shots, lenses, strict=True)
        ),
        MASKED: sum(frame.mask is not None for frame in frames),
    }
    depths = [shot.depth for shot in shots if shot.depth is not None]
    matrices = [[[lens.fx, 0.0, lens.cx], [0.0, lens.fy, lens.cy], [0.0, 0.0, 1.0]] for lens in lenses]
    return Capture(
        images=tuple(shot.path for shot in shots),
        cameras=Cameras(
            torch.from_numpy(np.stack([shot.world_from_camera for shot in shots])),
            torch.tensor(matrices, dtype=torch.float64),
            max(frame.height for frame in frames),
            max(frame.width for frame in frames),
        ),
        distortion=torch.tensor([lens.distortion for lens in lenses], dtype=torch.float64),
        points=posed.points,
        depth_range=torch.tensor(depths, dtype=torch.float64) if len(depths) == len(shots) else None,
        source=source,
        report={kind: count for kind, count in report.items() if count},
        frames=frames,
        notes=posed.notes,
    )


def _frame(shot: Shot, header: Header, folder: Path) -> PhotoFrame:
    """A photo at the size that its pose is for: the pixels as they are stored, or if only that fits, as EXIF turns them.

    The programs that find poses look at the pixels as they are stored. So a pose that fits both ways is for these, and the
    photo is made upright together with its camera.
    """
    stored, upright, lens = (header.width, header.height), header.upright, shot.lens
    size = next((size for size in (stored, upright) if _alike(size, lens)), None)
    if size is None:
        turned = f" ({upright[0]} x {upright[1]} upright)" if upright != stored else ""
        raise InputError(
            f"{shot.path.name}: the photo has {stored[0]} x {stored[1]} pixels{turned}, but its pose is for {lens.width} x "
            f"{lens.height}. Use the photos that the poses were found with."
        )
    turns = _QUARTER_TURNS.get(header.orientation, 0) if size == stored else 0
    return PhotoFrame(shot.path.relative_to(folder).as_posix(), *size, turns, shot.mask, lens.fisheye)


def _alike(size: tuple[int, int], lens: Lens) -> bool:
    """Whether a photo of this size can be the lens's picture, made smaller or larger and rounded to whole pixels."""
    return abs(size[0] / lens.width - size[1] / lens.height) <= (size != (lens.width, lens.height)) * (
        1 / lens.width + 1 / lens.height
    )


def _resized(lens: Lens, width: int, height: int) -> Lens:
    x, y = width / lens.width, height / lens.height
    return replace(lens, width=width, height=height, fx=lens.fx * x, cx=lens.cx * x, fy=lens.fy * y, cy=lens.cy * y)


def _without_pose(shots: Sequence[Shot]) -> int:
    """The number of photos that lie beside those with a pose."""
    posed = {shot.path for shot in shots}
    return sum(file not in posed for folder in {shot.path.parent for shot in shots} for file in listed(folder))
