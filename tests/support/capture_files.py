"""Small captures in every format, written by the tests that read them."""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image
from scipy.spatial.transform import Rotation

from meronym.core.cameras import look_at
from meronym.types import Cameras, Capture, PhotoFrame

FORMATS = ("colmap", "colmap_text", "transforms", "transforms_frames", "transforms_train", "llff")
NUMBERS = {"SIMPLE_PINHOLE": 0, "PINHOLE": 1, "SIMPLE_RADIAL": 2, "RADIAL": 3, "OPENCV": 4, "OPENCV_FISHEYE": 5}
NUMBERS |= {"FULL_OPENCV": 6, "FOV": 7, "SIMPLE_RADIAL_FISHEYE": 8, "RADIAL_FISHEYE": 9, "THIN_PRISM_FISHEYE": 10}
NUMBERS |= {"RAD_TAN_THIN_PRISM_FISHEYE": 11, "DIVISION": 13, "SIMPLE_FISHEYE": 14, "FISHEYE": 15}


def poses(count: int) -> np.ndarray:
    """World from camera, OpenCV, on an arc around the origin."""
    turn = torch.linspace(0, 1.5, count, dtype=torch.float64)
    eye = torch.stack([3 * torch.cos(turn), 3 * torch.sin(turn), 0.5 + 0.4 * turn], dim=1)
    up = torch.tensor([0.1, 0.0, 1.0], dtype=torch.float64)
    return look_at(eye, torch.zeros(3, dtype=torch.float64), up).numpy()


@dataclass
class Scene:
    """Contents of the files. The photos are not written in the order of their names."""

    count: int = 3
    width: int = 24
    height: int = 16
    focal: float = 30.0
    model: str = "PINHOLE"
    params: list[float] | None = None
    ending: str = ".png"
    points: np.ndarray = field(default_factory=lambda: np.array([[0.1, 0.2, 0.3], [-0.4, 0.1, 0.0]]))

    @property
    def poses(self) -> np.ndarray:
        return poses(self.count)

    @property
    def names(self) -> list[str]:
        return [f"p{index:03d}{self.ending}" for index in range(self.count)]

    @property
    def lens(self) -> list[float]:
        return self.params or [self.focal, self.focal, self.width / 2, self.height / 2]

    def pixels(self) -> np.ndarray:
        """Where each photo shows each point, by hand."""
        found = np.zeros((self.count, len(self.points), 2))
        for view, pose in enumerate(self.poses):
            for index, point in enumerate(self.points):
                x, y, z = np.linalg.inv(pose)[:3] @ [*point, 1]
                found[view, index] = self.focal * x / z + self.width / 2, self.focal * y / z + self.height / 2
        return found


def picture(seed: int, width: int, height: int) -> Image.Image:
    """A smooth coloured picture."""
    rng = np.random.default_rng(seed)
    coarse = Image.fromarray(rng.integers(0, 256, (4, 5, 3), dtype=np.uint8))
    return coarse.resize((width, height), Image.Resampling.BICUBIC)


def write_photos(folder: Path, scene: Scene) -> None:
    for index, name in enumerate(scene.names):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        picture(index, scene.width, scene.height).save(folder / name)


def write(folder: Path, form: str, scene: Scene | None = None) -> Path:
    """A capture in `folder`; gives the file that the faults of its format go into."""
    scene = scene or Scene()
    write_photos(folder / "images", scene)
    if form.startswith("colmap"):
        return write_colmap(folder / "sparse" / "0", scene, text=form == "colmap_text")
    if form == "llff":
        np.save(folder / "poses_bounds.npy", llff_table(scene))
        return folder / "poses_bounds.npy"
    path = folder / ("transforms_train.json" if form == "transforms_train" else "transforms.json")
    path.write_text(json.dumps(transforms(scene, form)))
    return path


def write_colmap(model: Path, scene: Scene, text: bool = False) -> Path:
    """A sparse model with one camera; the last photo comes first. Gives its images file."""
    model.mkdir(parents=True, exist_ok=True)
    rows: list[tuple[int, list[float], str]] = []
    for index, (name, pose) in enumerate(zip(scene.names, scene.poses, strict=True)):
        inverse = np.linalg.inv(pose)
        x, y, z, w = Rotation.from_matrix(inverse[:3, :3]).as_quat()
        rows.insert(0, (index + 1, [w, x, y, z, *inverse[:3, 3]], name))
    if text:
        (model / "cameras.txt").write_text(f"# a comment\n7 {scene.model} {scene.width} {scene.height} {_join(scene.lens)}\n")
        lines = [f"{index} {_join(motion)} 7 {name}\n{'1.5 2.5 -1' if index % 2 else ''}\n" for index, motion, name in rows]
        (model / "images.txt").write_text("# a comment\n" + "".join(lines))
        (model / "points3D.txt").write_text(
            "# a comment\n" + "".join(f"{k} {_join(point)} 255 0 51 0.5 1 0 2 0\n" for k, point in enumerate(scene.points))
        )
        return model / "images.txt"
    lens = scene.lens
    head = struct.pack("<QiiQQ", 1, 7, NUMBERS[scene.model], scene.width, scene.height)
    (model / "cameras.bin").write_bytes(head + struct.pack(f"<{len(lens)}d", *lens))
    images = struct.pack("<Q", len(rows))
    for index, motion, name in rows:
        images += struct.pack("<i7di", index, *motion, 7) + name.encode() + b"\0"
        images += struct.pack("<Q", index % 2) + struct.pack("<ddq", 1.5, 2.5, -1) * (index % 2)
    (model / "images.bin").write_bytes(images)
    points = struct.pack("<Q", len(scene.points))
    for index, point in enumerate(scene.points):
        points += struct.pack("<Q3d3Bd", index, *point, 255, 0, 51, 0.5) + struct.pack("<Qiiii", 2, 1, 0, 2, 0)
    (model / "points3D.bin").write_bytes(points)
    return model / "images.bin"


def _join(values: Any) -> str:
    return " ".join(repr(float(value)) for value in values)


def transforms(scene: Scene, form: str = "transforms") -> dict[str, Any]:
    """transforms.json; `transforms_frames` has its lens in every frame, `transforms_train` is NeRF's: angle, no endings."""
    fx, fy, cx, cy = scene.lens[:4]
    lens: dict[str, Any] = {"w": scene.width, "h": scene.height, "fl_x": fx, "fl_y": fy, "cx": cx, "cy": cy}
    opengl = scene.poses @ np.diag([1.0, -1, -1, 1])
    frames: list[dict[str, Any]] = [
        {"file_path": f"images/{name}", "transform_matrix": matrix.tolist()}
        for name, matrix in reversed(list(zip(scene.names, opengl, strict=True)))
    ]
    if form == "transforms_frames":
        return {"frames": [{**frame, **lens} for frame in frames]}
    if form == "transforms_train":
        for frame in frames:
            frame["file_path"] = "./" + frame["file_path"].removesuffix(scene.ending)
        return {"camera_angle_x": 2 * float(np.arctan(scene.width / 2 / fx)), "frames": frames}
    return {**lens, "frames": frames}


def llff_table(scene: Scene) -> np.ndarray:
    rows = []
    for pose in scene.poses:
        right, down, forward, position = pose[:3, :4].T
        size = [scene.height, scene.width, scene.focal]
        rows.append([*np.column_stack([down, right, -forward, position, size]).ravel(), 1.5, 6.0])
    return np.array(rows)


BARREL = [-0.1, 0.02, 0.002, -0.003, 0.01, 0, 0, 0, 0, 0, 0, 0]
RATIONAL = [0.1, 0.02, 0.003, 0.004, 0.01, 0.05, 0.02, 0.01, 0.004, 0.0, -0.003, 0.001]
PRISM = [0.05, -0.02, 0.002, 0.001, 0.003, -0.001, 0, 0, 0.004, 0, -0.003, 0]
LENSES = [([0.0] * 12, False), (BARREL, False), (RATIONAL, False), (PRISM, True)]


def capture_of(frames: list[PhotoFrame], distortion: list[float] | None = None, fisheye: bool = False) -> Capture:
    """Cameras on an arc around the origin; each photo has a lens of its own, off the middle."""
    turn = torch.linspace(0, 1.2, len(frames), dtype=torch.float64)
    eye = torch.stack([3 * turn.cos(), 3 * turn.sin(), 0.4 + 0.3 * turn], 1)
    pose = look_at(eye, torch.zeros(3, dtype=torch.float64), torch.tensor([0.1, 0.0, 1.0], dtype=torch.float64))
    lens = torch.zeros(len(frames), 3, 3, dtype=torch.float64)
    for view, frame in enumerate(frames):
        side = max(frame.width, frame.height)
        lens[view] = torch.tensor([[1.1 * side, 0, 0.47 * frame.width], [0, 1.2 * side, 0.52 * frame.height], [0, 0, 1]])
    cameras = Cameras(pose, lens, max(frame.height for frame in frames), max(frame.width for frame in frames))
    bent = torch.tensor([distortion or [0.0] * 12] * len(frames), dtype=torch.float64)
    return Capture(
        tuple(Path(frame.name) for frame in frames),
        cameras,
        bent,
        frames=tuple(replace(frame, fisheye=fisheye) for frame in frames),
    )
