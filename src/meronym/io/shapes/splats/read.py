"""Reads Gaussians (3D Gaussian splatting): from a file, or from the folder that 3DGS leaves, with the cameras of its photos."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import torch
from jaxtyping import Bool

from meronym.core.gaussians import gaussians
from meronym.errors import InputError
from meronym.io.limits import DEFAULT, Limits, check_size
from meronym.io.shapes.clouds import check_spread
from meronym.io.shapes.explained import explained
from meronym.io.shapes.splats.files import splats_in
from meronym.io.shapes.splats.formats import RESTS, ply_rows, splat_rows, spz_rows
from meronym.types import Cameras, Gaussians

_READERS = {".ply": ply_rows, ".splat": splat_rows, ".spz": spz_rows}
_LEAST = 1 / 255
"""Opacity below which a Gaussian never shows."""


def read_splats(path: Path, *, repair: bool = False, limits: Limits = DEFAULT) -> Gaussians:
    """Gaussians from a file, or of the newest iteration in a folder; there, with the cameras in its cameras.json.

    With `repair`, Gaussians that are not finite or have no rotation are left out and counted in the `report`.

    Raises: InputError if it is damaged, shows nothing, or without `repair` one is not sound; LimitError if it is too large.
    """
    file = splats_in(path) if path.is_dir() else path
    if file is None:
        raise InputError(f"{path}: no Gaussians there. Give the folder that 3DGS wrote, or the .ply file itself.")
    with explained(file):
        check_size(file, limits)
        rows = _READERS[file.suffix.lower()](file, limits)
        sound = sound_rows(rows, file.name, repair, limits)
        lost = len(rows) - len(sound)
        cameras = read_cameras(path / "cameras.json", limits) if (path / "cameras.json").is_file() else None
        shape = gaussians(sound, file, {"dropped_gaussians": lost} if lost else {}, cameras)
        check_spread(shape.points, f"{file.name}: no surface: Gaussians")
        if shape.opacity.max() < _LEAST:
            raise InputError(f"{file.name}: all {len(shape.points)} Gaussians are transparent, nothing shows. Export it again.")
        return shape


def read_cameras(path: Path, limits: Limits = DEFAULT) -> Cameras:
    """The cameras in 3DGS's cameras.json, in pixels of the first one's photo; principal points are in the middle.

    Raises: InputError if it is damaged or names no camera; LimitError if it is too large.
    """
    with explained(path):
        check_size(path, limits)
        entries = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(entries, list) or not entries:
            raise InputError(f"{path.name}: expected a list of cameras. Export it again.")
        pose = torch.eye(4, dtype=torch.float64).repeat(len(entries), 1, 1)
        intrinsics = torch.eye(3, dtype=torch.float64).repeat(len(entries), 1, 1)
        width, height = int(entries[0]["width"]), int(entries[0]["height"])
        for k, entry in enumerate(entries):
            pose[k, :3, :3] = torch.tensor(entry["rotation"], dtype=torch.float64)
            pose[k, :3, 3] = torch.tensor(entry["position"], dtype=torch.float64)
            scale = min(width / entry["width"], height / entry["height"])  # a photo of another size is seen as a whole
            intrinsics[k, 0, 0], intrinsics[k, 1, 1] = scale * entry["fx"], scale * entry["fy"]
        intrinsics[:, 0, 2], intrinsics[:, 1, 2] = width / 2, height / 2
        return sound_cameras(Cameras(pose, intrinsics, height, width), path.name, limits)


def sound_cameras(cameras: Cameras, name: str, limits: Limits) -> Cameras:
    """The cameras, checked.

    Raises: InputError that begins with `name` if there is none, one is no pinhole camera, or pictures are empty or too large.
    """
    pose, intrinsics = cameras.world_from_camera, cameras.intrinsics
    if not len(cameras) or not 0 < cameras.width * cameras.height <= limits.image_pixels or cameras.height < 0:
        size = f"{cameras.width} x {cameras.height}"
        raise InputError(f"{name}: {len(cameras)} cameras of {size} pixels, expected some with pictures. Export it again.")
    turn, focal = pose[:, :3, :3], intrinsics.diagonal(dim1=1, dim2=2)
    rigid = (turn @ turn.mT - torch.eye(3, dtype=turn.dtype)).abs().amax((1, 2)) < 1e-2
    sound = rigid & torch.isfinite(pose).all(2).all(1) & torch.isfinite(intrinsics).all(2).all(1) & (focal > 0).all(1)
    if not sound.all():
        number = int((~sound).int().argmax())
        raise InputError(
            f"{name}: camera {number}: expected a rotation, a position and focal lengths above 0, got "
            f"{pose[number].tolist()!r:.120}, {intrinsics[number].tolist()!r:.60}. Export it again, or take the file away."
        )
    return cameras


def sound_rows(rows: np.ndarray, name: str, repair: bool, limits: Limits) -> np.ndarray:
    """Rows that can be Gaussians; with `repair` without those that are not finite, too large or have no rotation.

    Raises: InputError that begins with `name` if a property is missing or no number, or without `repair` a row is not sound.
    """
    names = rows.dtype.names or ()
    wanted = ("x", "y", "z", *(f"f_dc_{k}" for k in range(3)), "opacity", "scale_0", "scale_1", *(f"rot_{k}" for k in range(4)))
    missing = [one for one in wanted if one not in names]
    if missing:
        raise InputError(
            f"{name}: Gaussians without {', '.join(missing)}. Export all properties: those of 3DGS are position, f_dc, f_rest, "
            "opacity, scale and rot."
        )
    rest = {one for one in names if one.startswith("f_rest_")}
    if len(rest) not in RESTS or rest != {f"f_rest_{k}" for k in range(len(rest))}:
        raise InputError(f"{name}: {len(rest)} properties f_rest_*, expected 0, 9, 24 or 45 (degree 0 to 3). Export it again.")
    for one in names:
        if rows.dtype[one].kind not in "fiu" or rows.dtype[one].shape or not re.fullmatch(r"[!-~]+", one):
            raise InputError(f"{name}: property {one!r:.60} is {rows.dtype[one]}, expected a number. Export it again.")
    for one in (*wanted, *rest):
        if rows.dtype[one].kind != "f":
            raise InputError(f"{name}: property {one} is {rows.dtype[one]}, expected float. Export it again.")
    bad = _unsound(rows, limits)
    if bad.any() and not repair:
        first = int(bad.argmax())
        shown = ", ".join(f"{one} {float(rows[one][first]):.4g}" for one in wanted)
        raise InputError(
            f"{name}: Gaussian {first} cannot be used: {shown}; {int(bad.sum())} of {len(rows)} are not finite, too large or "
            "without a rotation. Use repair to leave them out."
        )
    return rows[~bad] if bad.any() else rows


def _unsound(rows: np.ndarray, limits: Limits) -> Bool[np.ndarray, " n"]:
    """Gaussians that have no place, colour, size or direction, or lie or reach too far away."""
    bad = np.zeros(len(rows), bool)
    turn = np.zeros(len(rows))
    for name in rows.dtype.names or ():
        value = rows[name]
        if name in ("x", "y", "z"):
            bad |= ~(np.abs(value) < limits.coordinate)
        elif name.startswith("scale_"):  # -inf is a disc
            bad |= ~(value < np.log(limits.coordinate))
        elif name.startswith("rot_"):
            turn += np.square(value.astype(np.float64))
        elif name == "opacity":
            bad |= np.isnan(value)
        elif name.startswith("f_"):
            bad |= ~np.isfinite(value)
    return bad | ~((turn > 1e-12) & (turn < np.inf))
