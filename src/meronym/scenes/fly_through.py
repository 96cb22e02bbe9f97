"""A film along the cameras of a capture, labels beside it."""

from __future__ import annotations

import numpy as np
import torch
from jaxtyping import Float, Int, UInt8
from scipy.interpolate import CubicSpline
from scipy.spatial.transform import Rotation, Slerp
from torch import Tensor

from meronym.scenes.observation import SceneObservation, SceneScores, best_labels
from meronym.types import Cameras
from meronym.viz.overlays import as_bytes, blended


def fly_through_of(scene: SceneObservation, named: SceneScores, pictures: int = 48) -> UInt8[np.ndarray, "f h w 3"]:
    """A flight along the cameras of the photos and back: what the reconstruction looks like, beside its labels."""
    cams = scene.photos.cameras
    stops = np.linspace(0, len(cams) - 1, min(len(cams), 8)).round().astype(int)
    pose = cams.world_from_camera[_shortest_tour(cams.world_from_camera[:, :3, 3])][stops].numpy()
    turn, when = Slerp(stops, Rotation.from_matrix(pose[:, :3, :3])), np.linspace(0, len(cams) - 1, pictures // 2)
    path = np.tile(np.eye(4), (len(when), 1, 1))
    path[:, :3, :3] = turn(when).as_matrix()
    path[:, :3, 3] = CubicSpline(stops, pose[:, :3, 3])(when) if len(stops) > 2 else pose[:1, :3, 3]
    lens = cams.intrinsics[:1].expand(len(when), 3, 3)
    rendered = scene.glance(Cameras(torch.from_numpy(path), lens, cams.height, cams.width))
    label = best_labels(named.scores(rendered, scene.photos), 1).numpy()
    seen = zip(rendered.colour.numpy(), label, strict=True)
    frames = [np.concatenate([as_bytes(colour), blended(colour, said, len(scene.prompts))], 1) for colour, said in seen]
    return np.stack([*frames, *frames[::-1]])


def _shortest_tour(position: Float[Tensor, "c 3"]) -> Int[Tensor, " c"]:
    """An order without leaps: from an outermost camera always to the nearest that is left."""
    apart, order = torch.cdist(position, position), [int((position - position.mean(0)).norm(dim=1).argmax())]
    while len(order) < len(position):
        apart[:, order[-1]] = torch.inf
        order.append(int(apart[order[-1]].argmin()))
    return torch.tensor(order)
