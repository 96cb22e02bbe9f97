"""3D-OVS (Liu et al., NeurIPS 2023): names in a scene from CLIP-like features and DINO, without a mask.

A feature field is distilled from features at several scales. A selection volume learns which scale suits each place; two losses
on distributions over the prompts, RDA and FDA, keep the field to what the teacher finds relevant and to the edges that image
features without words show. Density never changes, so what contributes to each pixel is found once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor
from torch.nn import functional

from meronym import distil, rays
from meronym.errors import InputError
from meronym.glance import Glance
from meronym.students.field import Field
from meronym.students.tensorf import Hits
from meronym.survey import Settled, Survey, settle
from meronym.types import PointFeatures, Views

REPELS = (0.1, 0.2, 0.4)
"""Weights of what FDA pushes apart, of which one is chosen without labels; the authors choose 0.18 to 0.35 by scene."""
TRIAL = 1 / 4
"""Share of the steps that a choice is tried for."""
WITHHELD = 6
"""Every so many-th photo judges trials that have not seen it."""
UNLIKE = 0.3
"""Cosine of features without words below which pixels are taken for different things, when trials are judged."""


@dataclass(frozen=True)
class Settings:
    """How a field is taught."""

    steps: int = 300
    rays: int = 1024
    """A step, for the features and RDA."""
    patches: int = 4
    """A step, for FDA."""
    side: int = 24
    """Rays along a patch's side."""
    reach: float = 0.45
    """A patch's side as a share of the photo's short side."""
    joint: float = 1 / 3
    """From this share of the steps on, appearance is trained too."""
    rate: float = 5e-3
    """Learning rate of the networks."""
    selection: bool = True
    rda: bool = True
    fda: bool = True
    align: float = 5.0
    """Weight of RDA."""
    sharp: float = 10.0
    """What RDA multiplies relevancies 0..1 with before a softmax makes probabilities of them."""
    attract: float = 2.0
    """Weight of what FDA draws together."""
    repel: float | None = None
    """Weight of what FDA pushes apart; None = chosen without labels."""
    shift: float = 0.7
    """Cosine of features without words above which pixels are alike."""


QUICK = Settings()
"""For two cores and the built-in teacher."""
AUTHORS = Settings(
    steps=15_000, rays=4096, patches=8, side=32, rate=1e-4, align=1.0, sharp=1.0, attract=200.0, repel=0.2
)  # fmt: skip
"""The published ones, for CLIP and DINO ViT-B/8."""


def segment(survey: Survey, settings: Settings = QUICK) -> Settled:
    """A field that knows the survey's prompts, and keeps features for other words; its names settled on the surface."""
    return settle(learn(survey, settings), survey)


def learn(survey: Survey, settings: Settings = QUICK) -> NamedField:
    """The field as the paper has it: each pixel is named by itself."""
    if settings.fda and settings.repel is None:
        settings = replace(settings, repel=choose_repel(survey, settings))
    return teach(survey, settings)


def choose_repel(survey: Survey, settings: Settings) -> float:
    """The weight whose short trial agrees best with both teachers on photos that it has not seen; labels have no part."""
    if len(survey.photos) < 2 * WITHHELD:
        return REPELS[1]
    judging = torch.arange(len(survey.photos)) % WITHHELD == WITHHELD // 2
    short = replace(settings, steps=max(1, round(TRIAL * settings.steps)), joint=1.0)
    trials = (teach(survey, replace(short, repel=weight), ~judging) for weight in REPELS)
    marks = [agreement(trial.field, survey, judging) for trial in trials]
    return REPELS[int(np.argmax(marks))]


@torch.no_grad()
def agreement(field: Field, survey: Survey, judging: Bool[Tensor, " c"]) -> float:
    """How well the labels of a field whose appearance is as it was agree with the teachers on some of the photos, 0..2.

    The share of pixels with the prompt that stands out most; and the balanced share of pairs of pixels that bear one name if
    they look alike, two if they do not.
    """
    size = survey.seen.opacity.shape
    own = judging.repeat_interleave(size[1] * size[2])
    feature = field.features(survey.seen.appearance[own], survey.seen.kept.opacity[own])
    label = (functional.normalize(feature, dim=1) @ survey.words.T).argmax(1).reshape(-1, *size[1:])
    said = functional.interpolate(survey.pyramid.relevancy(survey.text).mean(1)[judging], label.shape[1:], mode="bilinear")
    rows, columns = survey.likeness.shape[2:]
    coarse = functional.interpolate(label[:, None].float(), (rows, columns), mode="nearest")[:, 0].long().flatten(1)
    seen = survey.likeness[judging].flatten(2)
    alike, same = seen.mT @ seen, coarse[:, :, None] == coarse[:, None]
    together, apart = alike > Settings.shift, alike < UNLIKE
    pairs = (same & together).sum() / together.sum().clamp_min(1) + (~same & apart).sum() / apart.sum().clamp_min(1)
    return float((said.argmax(1) == label).float().mean() + pairs / 2)


def teach(survey: Survey, settings: Settings, own: Bool[Tensor, " c"] | None = None) -> NamedField:
    """Train a field with the losses that the settings ask for, on all photos or on some."""
    draw = torch.Generator().manual_seed(survey.seed)
    field = Field(survey.own_scene(), survey.pyramid.grid.shape[-1], survey.pyramid.grid.shape[1], draw)
    batches = Batches(survey, settings, draw, own)
    optimise(field, survey, settings, lambda joint: step_loss(field, survey, settings, batches.draw(), joint))
    return NamedField(field, survey.words, survey.pyramid.basis, survey.model.sharpness)


def optimise(field: Field, survey: Survey, settings: Settings, loss_of: Callable[[bool], Float[Tensor, ""]]) -> None:
    """All steps; `loss_of` is told whether appearance is trained too.

    Raises: InputError if the loss is not finite.
    """
    optimiser = _optimiser(field, settings.rate, False)
    joint = round(settings.joint * settings.steps)
    for done in range(settings.steps):
        if done == joint:
            optimiser = _optimiser(field, settings.rate, True)
        loss = loss_of(done >= joint)
        if not torch.isfinite(loss):
            raise InputError(f"scene field: the loss became {float(loss.detach())} at step {done}")
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        for group in optimiser.param_groups:
            group["lr"] *= 0.1 ** (1 / settings.steps)
        survey.progress("distil", done + 1, settings.steps)
    field.requires_grad_(False)


@dataclass(frozen=True, eq=False)
class Batch:
    """Rays of one step: those of the features first, then patch by patch those of FDA."""

    ray: Int[Tensor, " n"]
    hits: Hits
    appearance: Float[Tensor, "n 27"]
    """As rendered before appearance was trained."""
    feature: Float[Tensor, "r s d"]
    relevancy: Float[Tensor, "r s p"]
    likeness: Float[Tensor, "b m e"]
    colour: Float[Tensor, "r 3"]
    direction: Float[Tensor, "r 3"]


class Batches:
    """Draws the rays of each step, and what the teachers say of them."""

    def __init__(
        self, survey: Survey, settings: Settings, draw: torch.Generator, own: Bool[Tensor, " c"] | None = None
    ) -> None:
        self.survey, self.settings, self.generator = survey, settings, draw
        self.views = torch.arange(len(survey.photos)) if own is None else own.nonzero()[:, 0]
        self.appearance = survey.seen.appearance
        self.relevancy = survey.pyramid.relevancy(survey.text)
        self.height, self.width = survey.photos.colour.shape[1:3]
        self.colour, self.direction = survey.photos.colour.reshape(-1, 3), rays.all_rays(survey.photos.cameras)[1]

    def draw(self) -> Batch:
        """The next."""
        settings, survey = self.settings, self.survey
        view = self.views[torch.randint(len(self.views), (settings.rays,), generator=self.generator)]
        pixel = torch.rand(settings.rays, 2, generator=self.generator)
        feature, relevancy = self._say(view, pixel)
        parts = [self._ray(view, pixel)]
        likeness = torch.zeros(0, settings.side**2, 1)
        if settings.fda:
            patches = [self._patch() for _ in range(settings.patches)]
            parts += [ray for ray, _ in patches]
            likeness = torch.stack([seen for _, seen in patches])
        ray = torch.cat(parts)
        seen = (self.colour[parts[0]], self.direction[parts[0]])
        return Batch(ray, survey.seen.kept.take(ray), self.appearance[ray], feature, relevancy, likeness, *seen)

    def _say(self, view: Int[Tensor, " r"], place: Float[Tensor, "r 2"]) -> tuple[Tensor, Tensor]:
        """The teacher's features [r s d] and relevancies [r s p] at places of photos."""
        grid = self.survey.pyramid.grid
        rows, columns = grid.shape[2:4]
        x, y = ((place[:, k] * size).long().clamp(0, size - 1) for k, size in ((0, columns), (1, rows)))
        return grid[view, :, y, x].float(), self.relevancy[view, :, :, y, x]

    def _ray(self, view: Int[Tensor, " r"], place: Float[Tensor, "r 2"]) -> Int[Tensor, " r"]:
        x, y = (place * torch.tensor([self.width, self.height])).long().unbind(1)
        return (view * self.height + y) * self.width + x

    def _patch(self) -> tuple[Int[Tensor, " m"], Float[Tensor, "m e"]]:
        """Rays on an even grid over a random square of a random photo, and what it looks like without words."""
        view = int(self.views[torch.randint(len(self.views), (1,), generator=self.generator)])
        extent = self.settings.reach * min(self.height, self.width) / torch.tensor([self.width, self.height])
        corner = torch.rand(2, generator=self.generator) * (1 - extent)
        even = (torch.arange(self.settings.side) + 0.5) / self.settings.side
        y, x = torch.meshgrid(even, even, indexing="ij")
        place = corner + extent * torch.stack([x.flatten(), y.flatten()], 1)
        seen = functional.grid_sample(
            self.survey.likeness[view][None], (place * 2 - 1)[None, None], align_corners=False, padding_mode="border"
        )[0, :, 0].T
        return self._ray(torch.full((len(place),), view), place), seen


def step_loss(field: Field, survey: Survey, settings: Settings, batch: Batch, joint: bool) -> Float[Tensor, ""]:
    """The losses of one step: features, RDA, FDA and, once appearance is trained too, colour."""
    hits, words, count = batch.hits, survey.words, settings.rays
    first = _first(hits, count)
    local = field.scene.features(hits.point) if joint else None
    rendered = field.features(batch.appearance if local is None else hits.gather(local), hits.opacity)
    if settings.selection:
        selection = field.scales(first)
    else:
        selection = torch.full((count, batch.feature.shape[1]), 1 / batch.feature.shape[1])
    loss = distil.feature_loss(rendered[:count], (selection[:, :, None] * batch.feature).sum(1))
    if settings.rda:
        logits = functional.normalize(rendered[:count], dim=1) @ words.T / survey.contrast
        loss = loss + settings.align * distil.rda_loss(settings.sharp * logits, settings.sharp * batch.relevancy, selection)
    if settings.fda:
        patches = functional.normalize(rendered[count:], dim=1).reshape(settings.patches, -1, rendered.shape[1])
        attract, repel = distil.fda_loss(patches @ words.T / survey.contrast, batch.likeness, settings.shift)
        loss = loss + settings.attract * attract + (settings.repel or 0.0) * repel
    if local is not None:
        painted = first.gather(field.scene.shade(local[: len(first.ray)], batch.direction[first.ray]))
        loss = loss + (painted + (1 - first.opacity[:, None]) - batch.colour).square().mean()
    return loss


def _first(hits: Hits, count: int) -> Hits:
    """What contributes to the first rays."""
    places = int((hits.ray < count).sum())
    ends = (hits.opacity[:count], hits.distance[:count], hits.spread[:count])
    return Hits(hits.ray[:places], hits.point[:places], hits.weight[:places], *ends)


@dataclass(frozen=True, eq=False)
class NamedField:
    """A field and the words that it is asked for."""

    field: Field
    words: Float[Tensor, "p r"]
    basis: Float[Tensor, "r d"]
    sharpness: float

    @torch.no_grad()
    def scores(self, glance: Glance, photos: Views) -> Float[Tensor, "c p h w"]:
        """Softmax of the sharpened cosines, times opacity."""
        feature = self.field.features(glance.render(self.field.scene.features), glance.kept.opacity)
        cosine = functional.normalize(feature, dim=1) @ self.words.T
        score = (cosine * self.sharpness).softmax(1) * glance.opacity.reshape(-1, 1)
        return score.reshape(*glance.opacity.shape, -1).permute(0, 3, 1, 2)

    @torch.no_grad()
    def features(self, glance: Glance, pixels: Int[Tensor, " n"]) -> PointFeatures:
        """Rendered appearance and opacity of pixels, and where the head takes them."""
        appearance = glance.render(self.field.scene.features, pixels)
        weight, bias = self.field.mapping()
        mapping = torch.cat([weight, bias[:, None]], 1).T @ self.basis
        point = torch.cat([appearance, glance.kept.opacity[pixels, None]], 1)
        return PointFeatures(point.numpy(), mapping.numpy())


def _optimiser(field: Field, rate: float, joint: bool) -> torch.optim.Optimizer:
    """Of the head and the selection volume; with `joint` of appearance too, more slowly."""
    appearance = [*field.scene.appearance.parameters()]
    nets = [*field.scene.basis.parameters(), *field.scene.colour.parameters()]
    for parameter in (*appearance, *nets):
        parameter.requires_grad_(joint)
    groups = [
        {"params": [*field.selection.parameters()], "lr": 0.02},
        {"params": [*field.head.parameters(), *field.choose.parameters()], "lr": rate},
    ]
    if joint:
        groups += [{"params": appearance, "lr": 5e-3}, {"params": nets, "lr": 5e-5}]
    return torch.optim.Adam(groups, betas=(0.9, 0.99))
