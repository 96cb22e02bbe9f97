"""Writes scenes in 3D-OVS's layout (LLFF poses, masks per class), with transforms.json beside it."""

from __future__ import annotations

import json
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import torch
from jaxtyping import Float, Int
from PIL import Image

from meronym.core.cameras import opengl_from_opencv
from meronym.errors import InputError
from meronym.io.files import atomic
from meronym.types import Cameras, Views
from meronym_synthetic.scenes.layout import Scene


def check_vacant(folder: Path) -> None:
    """Raises: InputError if `folder` is a file or holds files."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError(f"{folder}: is there already. Choose another folder with --out, or remove it.")


def write_scene(scene: Scene, views: Views, label: Int[np.ndarray, "c h w"], folder: str | Path) -> Path:
    """Write a scene to `folder`: images, poses_bounds.npy, transforms.json, segmentations, and scene.json last.

    Raises: InputError if the folder holds something already or cannot be written to.
    """
    folder = Path(folder)
    check_vacant(folder)
    try:
        for place in ("images", *(f"segmentations/{index}" for index in range(len(views)))):
            (folder / place).mkdir(parents=True)
    except OSError as error:
        raise InputError(f"{folder}: cannot be made: {error.strerror}. Choose another folder with --out.") from error
    names = [f"images/{index:03d}.png" for index in range(len(views))]
    for index, name in enumerate(names):
        _picture(folder / name, (views.colour[index] * 255).round().to(torch.uint8).numpy())
        for number, word in enumerate(scene.names):
            mask = np.where(label[index] == number, 255, 0).astype(np.uint8)
            _picture(folder / "segmentations" / str(index) / f"{word}.png", mask)
    with atomic(folder / "poses_bounds.npy") as temporary, temporary.open("wb") as file:
        np.save(file, poses_bounds(views))
    _text(folder / "segmentations" / "classes.txt", "\n".join(scene.names) + "\n")
    _text(folder / "transforms.json", json.dumps(_transforms(views.cameras, names), indent=1))
    record = {
        "meronym": version("meronym"), "torch": torch.__version__, "numpy": np.__version__, "seed": scene.seed,
        "classes": scene.names, "outdoors": scene.outdoors, "sun": scene.sun, "objects": [asdict(prop) for prop in scene.props],
    }  # fmt: skip
    _text(folder / "scene.json", json.dumps(record, indent=1))
    return folder


def poses_bounds(views: Views) -> Float[np.ndarray, "c 17"]:
    """LLFF's rows: 3 x 5 (down, right, backwards, position, [height, width, focal length]), nearest and farthest depth."""
    cameras = views.cameras
    pose = cameras.world_from_camera[:, :3].double().numpy()
    x, y, z, position = (pose[:, :, k] for k in range(4))
    size = np.stack([np.full(len(pose), side) for side in (cameras.height, cameras.width)], 1).astype(float)
    shape = np.concatenate([size, cameras.intrinsics[:, :1, 0].double().numpy()], 1)
    matrix = np.stack([y, x, -z, position, shape], 2)
    depth = views.depth.double().flatten(1)
    bounds = torch.stack([depth.amin(1), depth.masked_fill(depth.isinf(), 0).amax(1)], 1).numpy()
    return np.concatenate([matrix.reshape(-1, 15), bounds], 1)


def _transforms(cameras: Cameras, names: list[str]) -> dict[str, Any]:
    """Content of transforms.json, as nerfstudio reads it."""
    focal = cameras.intrinsics[0]
    poses = opengl_from_opencv(cameras.world_from_camera.double()).tolist()
    return {
        "camera_model": "OPENCV", "w": cameras.width, "h": cameras.height, "fl_x": float(focal[0, 0]),
        "fl_y": float(focal[1, 1]), "cx": float(focal[0, 2]), "cy": float(focal[1, 2]), "k1": 0.0, "k2": 0.0,
        "p1": 0.0, "p2": 0.0,
        "frames": [{"file_path": name, "transform_matrix": pose} for name, pose in zip(names, poses, strict=True)],
    }  # fmt: skip


def _picture(path: Path, pixels: np.ndarray) -> None:
    with atomic(path) as temporary:
        Image.fromarray(pixels).save(temporary, format="PNG")


def _text(path: Path, text: str) -> None:
    with atomic(path) as temporary:
        temporary.write_text(text, encoding="utf-8")
