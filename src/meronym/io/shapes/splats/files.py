"""Where Gaussians are: told by names and headers of files, without any reader."""

from __future__ import annotations

import re
from pathlib import Path

SPLATS = (".splat", ".spz")
"""Endings of files that hold Gaussians and nothing else."""
_POSES = ("sparse", "colmap", "transforms.json", "transforms_train.json", "poses_bounds.npy")
"""Files and folders of poses of photos."""
_HEADER = 65536
"""Bytes in which a PLY file's header must end."""


def is_splats(path: Path) -> bool:
    """Whether a file holds Gaussians, or a folder is what 3DGS, gsplat or nerfstudio leave of them."""
    if path.is_dir():
        return splats_in(path) is not None
    return path.is_file() and (path.suffix.lower() in SPLATS or (path.suffix.lower() == ".ply" and _is_splat_ply(path)))


def splats_in(folder: Path) -> Path | None:
    """The file of a folder's Gaussians, of the newest iteration; None = it is no such folder.

    3DGS: point_cloud/iteration_30000/point_cloud.ply; gsplat: ply/point_cloud_29999.ply; nerfstudio: splat.ply. Where there
    are poses of photos beside that, the folder is taken for these.
    """
    found = [*folder.glob("point_cloud/iteration_*/point_cloud.ply"), *folder.glob("ply/point_cloud_*.ply")]
    newest = sorted((int((re.findall(r"\d+", str(file.relative_to(folder))) or [0])[-1]), file) for file in found)
    exports = [folder / "splat.ply", *(folder / f"point_cloud{ending}" for ending in (".ply", *SPLATS))]
    poses = any((folder / name).exists() for name in _POSES)
    files = [file for _, file in reversed(newest)] or ([] if poses else exports)
    return next((file for file in files if is_splats(file)), None)


def _is_splat_ply(path: Path) -> bool:
    """Whether a PLY file has the properties of Gaussians: those of 3DGS, or packed by SuperSplat."""
    with path.open("rb") as file:
        head, end, _ = file.read(_HEADER).partition(b"end_header")
    names = set(re.findall(r"(?m)^property\s+\w+\s+(\w+)\s*$", head.decode("latin-1"))) if end else set()
    return {"scale_0", "rot_0"} <= names or "packed_rotation" in names
