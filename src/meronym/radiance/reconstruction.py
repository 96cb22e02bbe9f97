"""Reconstruction of a radiance field from posed photos, coarse to fine (TensoRF: Chen et al., ECCV 2022)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import torch

from meronym.errors import InputError
from meronym.progress import Progress, silent
from meronym.radiance import rays
from meronym.radiance.checkpoint import Training, optimiser_of
from meronym.radiance.rays import Space
from meronym.radiance.tensorf import OccupancySettings, TensoRF, samples_per_ray
from meronym.types import Views


@dataclass(frozen=True)
class ReconstructionSettings:
    """How a scene is reconstructed."""

    steps: int = 1500
    rays: int = 1024
    """A step, at the most."""
    samples: int = 10_000
    """Contributing samples a step, from which the number of rays follows: few while all is fog, more later."""
    voxels: tuple[int, int] = (48**3, 128**3)
    """At the start and at the end."""
    refine_at: tuple[float, ...] = (2000 / 30000, 3000 / 30000, 4000 / 30000, 5500 / 30000)
    """When the grid becomes finer, as shares of all steps (the authors' configuration for forward-facing photos)."""
    occupancy_at: float = 2500 / 30000
    """When empty space is first left out, and the grid cut down to what is left."""
    occupancy: OccupancySettings = field(default_factory=OccupancySettings)
    distortion: float = 1e-3
    """Weight of the distortion of rays, which draws what contributes to a ray together; from mip-NeRF 360, not in TensoRF."""
    variation: float = 1e-2
    """Weight of the total variation of density and appearance; falls to a tenth."""
    seed: int = 0


PRESETS = {
    "default": ReconstructionSettings(),
    "fast": ReconstructionSettings(steps=1100, samples=3000, voxels=(48**3, 96**3)),
    "paper": ReconstructionSettings(steps=30_000, rays=4096, samples=10**9, voxels=(128**3, 640**3)),
}
"""default: for two cores and photos of 200 x 150 pixels. fast: a third of the time, 4 dB blurrier, for methods that train
nothing else. paper: TensoRF's and 3D-OVS's settings for forward-facing photos; for a GPU."""


def reconstruct(
    views: Views,
    space: Space,
    settings: ReconstructionSettings = PRESETS["default"],
    progress: Progress = silent,
    state: Path | None = None,
) -> TensoRF:
    """A field that renders like the photos, on their device. Pixels that show nothing (element -1) are white, and
    those that are outside of the photos teach nothing.

    With `state`, a file, an interrupted reconstruction from the same photos and settings goes on from the last tenth, to the
    same bytes on a CPU; the file is the caller's to remove.

    Raises: InputError if the loss is not finite.
    """
    device = views.colour.device
    draw = torch.Generator().manual_seed(settings.seed)
    first, last = settings.voxels
    stages = [round(first * (last / first) ** (k / len(settings.refine_at))) for k in range(1, len(settings.refine_at) + 1)]
    field = TensoRF([round(first ** (1 / 3))] * 3, draw=draw, occupancy=settings.occupancy).to(device)
    known = views.known.flatten()
    origin, direction, colour = (part[known] for part in (*rays.all_rays(views.cameras), views.colour.reshape(-1, 3)))
    cut_out = bool((views.element.flatten()[known] < 0).any())
    refine = dict(zip((round(share * settings.steps) for share in settings.refine_at), stages, strict=True))
    run = Training(field, optimiser_of(field), draw, float(samples_per_ray(field)))
    if state is not None:
        run = Training.resumed(state, field) or run
    field, optimiser, draw, each = run.field, run.optimiser, run.draw, run.each
    for done in range(run.done, settings.steps):
        count = max(1, min(settings.rays, round(settings.samples / max(each, 1.0))))
        chosen = torch.randint(len(colour), (count,), generator=draw).to(device)
        jitter = torch.rand(count, 1, generator=draw).to(device)
        batch = space.sample(origin[chosen], direction[chosen], samples_per_ray(field), jitter)
        samples = field.march(batch)
        each = 0.9 * each + 0.1 * len(samples.ray) / count
        background = 1.0 if cut_out else float(torch.rand(1, generator=draw))
        error = (field.paint(samples, direction[chosen], background) - colour[chosen]).square().mean()
        smooth = settings.variation * 0.1 ** (done / settings.steps)
        loss = (
            error
            + settings.distortion * samples.spread.mean()
            + smooth * (field.density.variation() + field.appearance.variation())
        )
        if not torch.isfinite(loss):
            raise InputError(
                f"reconstruction: the loss became {float(loss.detach())} at step {done}; check the poses of the photos"
            )
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        for group in optimiser.param_groups:
            group["lr"] *= 0.1 ** (1 / settings.steps)
        if _refined(field, done, settings, refine):
            optimiser = optimiser_of(field)
        progress("reconstruct", done + 1, settings.steps)
        if state is not None and (done + 1) % max(settings.steps // 10, 1) == 0:
            Training(field, optimiser, draw, each, done + 1).keep(state)
    field.update_occupancy()
    return field.requires_grad_(False)


def _refined(field: TensoRF, done: int, settings: ReconstructionSettings, voxels: Mapping[int, int]) -> bool:
    """Leave out empty space and refine the grid, if it is time after a step; returns whether the field has new parameters.

    `voxels`: to how many the grid is refined, by the step.
    """
    first, cropped = settings.occupancy_at * settings.steps, done == round(settings.occupancy_at * settings.steps)
    if cropped:
        field.update_occupancy()
        field.crop()
    if done in voxels:
        field.upsample(voxels[done])
        field.update_occupancy()
    if done > first and done % max(settings.steps // 10, 1) == 0:
        field.update_occupancy()
    return cropped or done in voxels
