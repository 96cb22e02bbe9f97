"""How generated things are pictured for training: paint, patterns, light, backgrounds, low-poly versions, cameras.

Real models are plain, painted part by part, or textured, and stand before anything; every draw is one of these.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional

from meronym.core.cameras import directions_at
from meronym.render import RenderStyle
from meronym.types import Mesh, Views
from meronym_synthetic.build import Labelled
from meronym_synthetic.scenes import grounds
from meronym_synthetic.scenes.props import MATERIALS


def random_style(rng: np.random.Generator, flat: bool) -> RenderStyle:
    """Light from anywhere in front; plain colours, mostly greyish; mostly light backgrounds."""
    light = (float(rng.uniform(-0.8, 0.8)), float(rng.uniform(-0.9, 0.5)), -0.7)
    grey = rng.uniform(0.3, 0.9)
    colour = np.clip(grey + rng.normal(0, 0.25 if rng.random() < 0.3 else 0.06, 3), 0.05, 1)
    background = np.clip(rng.choice([1.0, 1.0, 1.0, 0.9, 0.5, 0.1]) + rng.normal(0, 0.05, 3), 0, 1)
    smooth = not flat and bool(rng.random() < 0.8)
    return RenderStyle(light, tuple(colour.tolist()), tuple(background.tolist()), smooth=smooth)


def random_direction(rng: np.random.Generator) -> tuple[Float[Tensor, "1 3"], Float[Tensor, " 3"]]:
    """Where to look from, and what is up in the picture: half the time upright, half the time anyhow."""
    if rng.random() < 0.5:
        elevation, azimuth = np.clip(rng.normal(15, 25), -80, 80), rng.uniform(0, 360)
        direction = directions_at(torch.tensor([elevation]), torch.tensor([azimuth]), torch.tensor([0.0, 1.0, 0.0]))
        return direction, torch.tensor([rng.normal(0, 0.15), 1.0, rng.normal(0, 0.15)]).float()
    return torch.from_numpy(rng.normal(size=(1, 3))).float(), torch.from_numpy(rng.normal(size=3)).float()


def painted(shape: Labelled, rng: np.random.Generator) -> Mesh:
    """The shape as a mesh: half of them plain, others with a colour or a material of its own for every part."""
    mesh = Mesh(shape.vertices, shape.faces)
    draw, parts = rng.random(), len(shape.names)
    if draw < 0.5:
        return mesh
    if draw < 0.75:
        palette = np.clip(rng.uniform(0.1, 0.95, (parts, 1)) + rng.normal(0, 0.15, (parts, 3)), 0, 1)
    else:
        names = rng.choice(sorted(MATERIALS), parts if rng.random() < 0.6 else 1)
        hexes = np.array([rng.choice(MATERIALS[name].colours) for name in np.resize(names, parts)])
        palette = np.stack([hexes >> 16 & 255, hexes >> 8 & 255, hexes & 255], 1) / 255
    return replace(mesh, corner_colour=np.repeat(palette[shape.part][:, None], 3, axis=1))


def blocky(shape: Labelled, rng: np.random.Generator) -> Labelled:
    """A low-poly version: vertices snap to a coarse grid, and faces that lose their area go."""
    low, size = shape.vertices.min(0), float(np.ptp(shape.vertices, axis=0).max())
    step = size / rng.uniform(9, 24)
    vertices = low + np.round((shape.vertices - low) / step) * step
    a, b, c = (vertices[shape.faces[:, k]] for k in range(3))
    own = np.linalg.norm(np.cross(b - a, c - a), axis=1) > 1e-9 * size**2
    return Labelled(vertices, shape.faces[own], shape.part[own], shape.names) if own.sum() > 20 else shape


def photographed(views: Views, rng: np.random.Generator) -> Float[Tensor, "c h w 3"]:
    """The pictures with a pattern on the surface, another background and a camera's faults, each in a share of them."""
    colour, shown = views.colour, (views.element >= 0)[..., None]
    if rng.random() < 0.35:
        colour = torch.where(shown, colour * _pattern(views, rng), colour)
    if rng.random() < 0.35:
        colour = torch.where(shown, colour, _background(colour.shape[1], colour.shape[2], rng))
    if rng.random() < 0.4:
        gain, gamma = rng.uniform(0.8, 1.2, 3) * rng.uniform(0.75, 1.2), rng.uniform(0.7, 1.4)
        colour = (colour * torch.tensor(gain).float()).clamp(0, 1) ** float(gamma)
    if rng.random() < 0.25:
        few = float(rng.uniform(0.35, 0.8))
        small = functional.interpolate(colour.permute(0, 3, 1, 2), scale_factor=few, mode="bilinear", antialias=True)
        colour = functional.interpolate(small, colour.shape[1:3], mode="bilinear").permute(0, 2, 3, 1)
        colour = colour + torch.from_numpy(rng.normal(0, rng.uniform(0, 0.04), colour.shape)).float()
    return colour.clamp(0, 1)


def _pattern(views: Views, rng: np.random.Generator) -> Float[Tensor, "c h w 1"]:
    """Spots, streaks, stripes or checks fixed to the surface: factors of its colour."""
    height, width = views.depth.shape[1:]
    y, x = torch.meshgrid(torch.arange(height) + 0.5, torch.arange(width) + 0.5, indexing="ij")
    pixel = torch.stack([x, y, torch.ones_like(x)], -1).double()
    inverse = torch.linalg.inv(views.cameras.intrinsics.double())
    ray = torch.einsum("hwj,ckj->chwk", pixel, views.cameras.world_from_camera[:, :3, :3].double() @ inverse)
    point = views.cameras.world_from_camera[:, None, None, :3, 3].double() + ray * views.depth[..., None].double()
    known = point[views.element >= 0]
    extent = float((known.amax(0) - known.amin(0)).max()) if len(known) else 1.0
    waves = 1 if rng.random() < 0.3 else 8
    stretch = np.array([1.0, 1.0, rng.choice([1.0, 0.15])])
    frequency = rng.normal(size=(waves, 3)) * stretch * rng.uniform(3, 40, (waves, 1)) / extent
    phase = torch.from_numpy(rng.uniform(0, 6.3, waves))
    wave = point.nan_to_num(posinf=0.0, neginf=0.0) @ torch.from_numpy(frequency.T) + phase
    field = torch.sin(wave).sum(-1) / waves**0.5
    if rng.random() < 0.3:
        field = field.sign()
    factor: Tensor = (1 + float(rng.uniform(0.08, 0.4)) * field).clamp(0.2, 1.6).float()[..., None]
    return factor


def _background(height: int, width: int, rng: np.random.Generator) -> Float[Tensor, "h w 3"]:
    """A gradient, clouds or a piece of ground."""
    if rng.random() < 0.5:
        makers = [*grounds.INDOORS.values(), *grounds.OUTDOORS.values()]
        texture = makers[rng.integers(len(makers))](rng)
        y, x = rng.integers(grounds.SIZE - height), rng.integers(grounds.SIZE - width)
        return torch.from_numpy(texture[y : y + height, x : x + width].copy()).float()
    ends = torch.from_numpy(rng.uniform(0, 1, (2, 1, 1, 3))).float()
    share = torch.linspace(0, 1, height)[:, None, None]
    cloud = torch.from_numpy(rng.normal(0, rng.uniform(0, 0.25), (1, 3, 6, 6))).float()
    clouds = functional.interpolate(cloud, (height, width), mode="bicubic")[0].permute(1, 2, 0)
    mixed: Tensor = (ends[0] * (1 - share) + ends[1] * share + clouds).clamp(0, 1)
    return mixed
