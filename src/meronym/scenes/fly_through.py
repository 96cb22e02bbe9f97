"""A film along the cameras of a capture, labels beside it."""

from __future__ import annotations

import numpy as np
import torch
from jaxtyping import Float, Int, UInt8
from scipy.interpolate import CubicSpline
from scipy.spatial.transform import Rotation, Slerp
from torch import Tensor

from meronym.lifting.observation import Observation
from meronym.methods.scene_evidence import best_labels, pixel_scores, scene_of
from meronym.types import Cameras, Labelling, Views
from meronym.viz.overlays import as_bytes, blended


def fly_through_of(observation: Observation, labelling: Labelling, pictures: int = 48) -> UInt8[np.ndarray, "f h w 3"]:
    """A flight along the cameras of the photos and back: the reconstruction, beside its labels."""
    scene = scene_of(observation, "fly-through")
    cams = scene.photos.cameras.to(torch.device("cpu"))
    stops = np.linspace(0, len(cams) - 1, min(len(cams), 8)).round().astype(int)
    pose = cams.world_from_camera[_shortest_tour(cams.world_from_camera[:, :3, 3])][stops].numpy()
    turn, when = Slerp(stops, Rotation.from_matrix(pose[:, :3, :3])), np.linspace(0, len(cams) - 1, pictures // 2)
    path = np.tile(np.eye(4), (len(when), 1, 1))
    path[:, :3, :3] = turn(when).as_matrix()
    path[:, :3, 3] = CubicSpline(stops, pose[:, :3, 3])(when) if len(stops) > 2 else pose[:1, :3, 3]
    lens = cams.intrinsics[:1].expand(len(when), 3, 3)
    height, width = scene.photos.extent[0].tolist()
    flight = Cameras(torch.from_numpy(path), lens, height, width).to(scene.photos.colour.device)
    rendered = scene.render(flight)
    nothing = torch.full(rendered.opacity.shape, -1, device=rendered.opacity.device)
    pictures_there = Views(flight, rendered.colour, torch.full_like(rendered.opacity, torch.inf), nothing)
    label = best_labels(pixel_scores(observation, labelling, rendered, pictures_there), 1).cpu().numpy()
    shown = zip(rendered.colour.cpu().numpy(), label, strict=True)
    frames = [np.concatenate([as_bytes(colour), blended(colour, own, len(scene.prompts))], 1) for colour, own in shown]
    return np.stack([*frames, *frames[::-1]])


def _shortest_tour(position: Float[Tensor, "c 3"]) -> Int[Tensor, " c"]:
    """An order without leaps: from an outermost camera always to the nearest that is left."""
    apart, order = torch.cdist(position, position), [int((position - position.mean(0)).norm(dim=1).argmax())]
    while len(order) < len(position):
        apart[:, order[-1]] = torch.inf
        order.append(int(apart[order[-1]].argmin()))
    return torch.tensor(order)
