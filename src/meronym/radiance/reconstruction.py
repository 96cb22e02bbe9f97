"""TensoRF: a radiance field from posed photos, coarse to fine. What scenes are named on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch

from meronym.errors import InputError
from meronym.radiance import rays
from meronym.radiance.rays import Space
from meronym.radiance.tensorf import TensoRF, samples_per_ray
from meronym.types import Views

Step = Callable[[int, int, float], None]
"""Told the steps done, of how many, and the loss."""
REFINE_AT = (2000 / 30000, 3000 / 30000, 4000 / 30000, 5500 / 30000)
"""When the grid becomes finer, as shares of all steps (Chen et al., configuration for forward-facing photos)."""
MASK_AT = 2500 / 30000
"""When empty space is first left out, and the grid cut down to what is left."""
GATHER = 1e-3
"""Weight of the distortion of rays, which draws what contributes to a ray together; from mip-NeRF 360, not in TensoRF."""
SMOOTH = 1e-2
"""Weight of the total variation of density and appearance."""


@dataclass(frozen=True)
class ReconstructionSettings:
    """How a scene is reconstructed."""

    steps: int = 1500
    rays: int = 1024
    """A step, at the most."""
    samples: int = 10_000
    """Contributing places a step, from which the number of rays follows: few while all is fog, more later."""
    voxels: tuple[int, int] = (48**3, 128**3)
    """At the start and at the end."""
    seed: int = 0


DEFAULT = ReconstructionSettings()
"""For two cores and photos of 200 x 150 pixels."""
FAST = ReconstructionSettings(steps=1100, samples=3000, voxels=(48**3, 96**3))
"""In a third of the time, 4 dB blurrier: for methods that train nothing else."""
PAPER = ReconstructionSettings(steps=30_000, rays=4096, samples=10**9, voxels=(128**3, 640**3))
"""The settings of TensoRF and 3D-OVS for forward-facing photos; for a GPU."""


def reconstruct(views: Views, space: Space, settings: ReconstructionSettings = DEFAULT, step: Step | None = None) -> TensoRF:
    """A field that looks like the photos. Pixels that show nothing (element -1) are seen as white.

    Raises: InputError if the loss is not finite.
    """
    device = views.colour.device
    draw = torch.Generator().manual_seed(settings.seed)
    first, last = settings.voxels
    stages = [round(first * (last / first) ** (k / len(REFINE_AT))) for k in range(1, len(REFINE_AT) + 1)]
    field = TensoRF([round(first ** (1 / 3))] * 3, draw=draw).to(device)
    origin, direction = rays.all_rays(views.cameras)
    colour = views.colour.reshape(-1, 3)
    cut_out = bool((views.element < 0).any())
    refine = dict(zip((round(share * settings.steps) for share in REFINE_AT), stages, strict=True))
    optimiser, each = _optimiser(field), float(samples_per_ray(field))
    for done in range(settings.steps):
        count = max(1, min(settings.rays, round(settings.samples / max(each, 1.0))))
        chosen = torch.randint(len(colour), (count,), generator=draw)
        jitter = torch.rand(count, 1, generator=draw).to(device)
        batch = space.sample(origin[chosen], direction[chosen], samples_per_ray(field), jitter)
        hits = field.march(batch)
        each = 0.9 * each + 0.1 * len(hits.ray) / count
        background = 1.0 if cut_out else float(torch.rand(1, generator=draw))
        error = (field.paint(hits, direction[chosen], background) - colour[chosen]).square().mean()
        smooth = SMOOTH * 0.1 ** (done / settings.steps)
        loss = error + GATHER * hits.spread.mean() + smooth * (field.density.variation() + field.appearance.variation())
        if not torch.isfinite(loss):
            raise InputError(
                f"reconstruction: the loss became {float(loss.detach())} at step {done}; check the poses of the photos"
            )
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        for group in optimiser.param_groups:
            group["lr"] *= 0.1 ** (1 / settings.steps)
        if done == round(MASK_AT * settings.steps):
            field.look_around()
            field.shrink()
            optimiser = _optimiser(field)
        if done in refine:
            field.refine(refine[done])
            field.look_around()
            optimiser = _optimiser(field)
        if done > MASK_AT * settings.steps and done % max(settings.steps // 10, 1) == 0:
            field.look_around()
        if step:
            step(done + 1, settings.steps, float(error.detach()))
    field.look_around()
    return field.requires_grad_(False)


def _optimiser(field: TensoRF) -> torch.optim.Optimizer:
    tensors = [*field.density.parameters(), *field.appearance.parameters()]
    nets = [*field.basis.parameters(), *field.colour.parameters()]
    return torch.optim.Adam([{"params": tensors, "lr": 0.02}, {"params": nets, "lr": 1e-3}], betas=(0.9, 0.99))
