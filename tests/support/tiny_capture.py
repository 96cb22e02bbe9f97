"""A tiny captured scene on disk with its answer: two boxes on a chequered floor; and a teacher that goes by colour.

"tiny_capture:Colours" is the name of a teacher, "tiny_capture:Eyes" of an encoder, "tiny_capture:few_steps" of a method.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import trimesh
from fakes import Tinted
from jaxtyping import Float
from PIL import Image
from torch import Tensor
from torch.nn import functional

from meronym import registry
from meronym.core.cameras import look_at
from meronym.lifting.observation import Observation
from meronym.methods.scene_evidence import scene_of
from meronym.methods.three_d_ovs import OVS3D
from meronym.progress import Progress, silent
from meronym.radiance.reconstruction import ReconstructionSettings
from meronym.radiance.tensorf import OccupancySettings, TensoRF
from meronym.render import TorchRenderer
from meronym.scenes import observation
from meronym.types import Cameras, FeatureMaps, Mesh, Views, Vocabulary
from meronym_synthetic.scenes.write import poses_bounds

NAMES = ("blue box", "grey floor", "red box")
WIDTH, HEIGHT = 48, 36
_PAINT = {"blue box": (0.15, 0.25, 0.85), "red box": (0.85, 0.15, 0.1)}
_CORNERS = {"blue box": ((0.1, 0.0, -0.3), (0.6, 0.5, 0.2)), "red box": ((-0.65, 0.0, -0.2), (-0.15, 0.35, 0.3))}
"""Low and high; y is up."""
_COLOUR = {"blue": (-0.5, -0.5, 1.0), "red": (1.0, -0.5, -0.5), "grey": (0.0, 0.0, 0.0), "lime": (-0.5, 1.0, -0.5)}


def solid() -> tuple[trimesh.Trimesh, np.ndarray]:
    """The scene, and the name (index) of each face."""
    pieces, number = [], []
    for name, (low, high) in _CORNERS.items():
        box = trimesh.creation.box(bounds=[low, high]).subdivide().subdivide()
        pieces.append(box)
        number += [NAMES.index(name)] * len(box.faces)
    tiles = np.arange(-12, 12) / 4
    for x in tiles:
        for z in tiles:
            corner = np.array([[x, 0, z], [x, 0, z + 0.25], [x + 0.25, 0, z + 0.25], [x + 0.25, 0, z]])
            pieces.append(trimesh.Trimesh(corner, [[0, 1, 2], [0, 2, 3]], process=False))
            number += [NAMES.index("grey floor")] * 2
    return trimesh.util.concatenate(pieces), np.array(number)


def photographed(views: int) -> tuple[Views, np.ndarray]:
    """Photos on an arc, and the name of each pixel."""
    mesh, number = solid()
    rng = np.random.default_rng(0)
    paint = np.array([_PAINT.get(name, (0.5, 0.5, 0.5)) for name in NAMES])
    shade = np.repeat(rng.uniform(0.6, 1.15, len(number) // 2), 2)
    colour = (paint[number] * shade[:, None]).clip(0, 1)
    shape = Mesh(np.array(mesh.vertices), np.array(mesh.faces), np.repeat(colour[:, None], 3, axis=1))
    turn = torch.linspace(-0.35, 0.35, views, dtype=torch.float64)
    rise = 0.85 + 0.2 * torch.cos(9 * turn)
    eye = 2 * torch.stack([rise.cos() * turn.sin(), rise.sin(), rise.cos() * turn.cos()], 1)
    up = torch.tensor([0.0, 1.0, 0.0], dtype=torch.float64)
    pose = look_at(eye, torch.tensor([0.0, 0.15, 0.0], dtype=torch.float64), up)
    lens = torch.tensor([[1.25 * WIDTH, 0, WIDTH / 2], [0, 1.25 * WIDTH, HEIGHT / 2], [0, 0, 1]], dtype=torch.float64)
    shot = TorchRenderer()(shape, Cameras(pose, lens.repeat(views, 1, 1), HEIGHT, WIDTH))
    assert bool((shot.element >= 0).all()), "no photo looks past the floor"
    # the renderer lights faces by their direction; these photos show bare paint
    plain = torch.from_numpy(colour).float()[shot.element]
    return replace(shot, colour=plain), number[shot.element.numpy()]


def write_capture(folder: Path, views: int = 14) -> Path:
    """The scene in 3D-OVS's layout."""
    shot, label = photographed(views)
    (folder / "images").mkdir(parents=True)
    for view in range(views):
        pixels = (shot.colour[view] * 255).round().to(torch.uint8).numpy()
        Image.fromarray(pixels).save(folder / "images" / f"{view:02d}.png")
        masks = folder / "segmentations" / str(view)
        masks.mkdir(parents=True)
        for index, name in enumerate(NAMES):
            Image.fromarray(np.where(label[view] == index, 255, 0).astype(np.uint8)).save(masks / f"{name}.png")
    (folder / "segmentations" / "classes.txt").write_text("\n".join(NAMES) + "\n", encoding="utf-8")
    np.save(folder / "poses_bounds.npy", poses_bounds(shot))
    return folder


class Colours(Tinted):
    """Sees pictures and reads words in one space: of a word, the colour that it begins with."""

    scales: Sequence[float] = (0.5, 0.25)
    stride = 0.5
    sharpness = 20.0

    def encode_image(self, picture: Float[Tensor, "h w 3"]) -> Float[Tensor, "gh gw d"]:
        mean = functional.avg_pool2d(picture.permute(2, 0, 1)[None], 3)[0].permute(1, 2, 0)
        return _unit(mean - mean.mean(-1, keepdim=True))

    def encode_text(self, prompts: Sequence[str]) -> Float[Tensor, "p d"]:
        return _unit(torch.tensor([_COLOUR.get(prompt.split()[0], (0.3, -0.6, 0.3)) for prompt in prompts]))

    def describe(self) -> dict[str, Any]:
        return {"name": "tiny_capture:Colours"}


def _unit(colour: Float[Tensor, "*n 3"]) -> Float[Tensor, "*n 4"]:
    """A fourth number is the more, the less colour there is."""
    return functional.normalize(torch.cat([colour, torch.full_like(colour[..., :1], 0.15)], -1), dim=-1)


class Knowing(Colours):
    """Colours that knows some things by name, of which lime ones are not in the scene."""

    none = 0.0

    def __init__(self) -> None:
        names = ("blue box", "grey floor", "red box", "lime tree")
        told = self.encode_text(names)
        self.vocabulary = Vocabulary(
            names, told, names, told, torch.arange(len(names)), names, told, told[:0], torch.empty(0, 2).long()
        )

    def embed(self, prompts: Sequence[str], category: str | None) -> Float[Tensor, "p d"]:
        return self.encode_text(prompts)

    def embed_views(self, views: Views) -> FeatureMaps:
        raise NotImplementedError


class Eyes:
    """An encoder for which pixels of one colour are alike."""

    def features(self, views: Views, tokens: int | None = None) -> FeatureMaps:
        grids = tuple(self.encode_image(colour) for colour in views.colour)
        height, width = views.colour.shape[1:3]
        return FeatureMaps(grids, torch.tensor([[0.0, 0.0, width, height]], device=views.colour.device).repeat(len(views), 1))

    def describe(self) -> dict[str, Any]:
        return {"name": "eyes"}

    def encode_image(self, picture: Float[Tensor, "h w 3"], tokens: int | None = None) -> Float[Tensor, "gh gw d"]:
        return functional.avg_pool2d(picture.permute(2, 0, 1)[None], 8)[0].permute(1, 2, 0)


few_steps = partial(OVS3D, steps=30, rays=256, patches=2, side=12, repel=0.2)
"""3D-OVS in a few steps; "tiny_capture:few_steps" on the command line."""


def reworded(observation: Observation, prompts: tuple[str, ...], seed: int = 0) -> Observation:
    """The observation of a capture with other words; neither the reconstruction nor the photos' features are made again."""
    scene = scene_of(observation, "reworded")
    other = replace(
        scene, prompts=prompts, seed=seed, reconstruct=lambda *_: scene.field, encode_photos=lambda *_: scene.pyramid
    )
    return replace(observation, prompts=prompts, seed=seed, scene=other)


FEW_STEPS = ReconstructionSettings(
    steps=60, rays=256, samples=3000, voxels=(12**3, 24**3), occupancy=OccupancySettings((24, 24), -1.0)
)
"""A reconstruction in few steps, from which no empty space is left out."""


def hasty(patch: pytest.MonkeyPatch, steps: int = 60) -> list[int]:
    """Scenes are reconstructed in few steps, and DINOv2 has no part in it.

    Gives a list to which each reconstruction adds the number of its photos.
    """
    made: list[int] = []
    thorough = observation.reconstruct

    def quick(
        views: Views, space: Any, settings: ReconstructionSettings, progress: Progress = silent, state: Path | None = None
    ) -> TensoRF:
        made.append(len(views))
        return thorough(views, space, replace(FEW_STEPS, steps=steps, seed=settings.seed), progress, state)

    patch.setattr(observation, "reconstruct", quick)
    patch.setitem(registry._BUILT_IN["encoders"], "dinov2", "tiny_capture:Eyes")
    return made
