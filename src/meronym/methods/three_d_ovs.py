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

from meronym.errors import InputError
from meronym.lifting import losses
from meronym.radiance import rays
from meronym.radiance.rendered import RenderedRays
from meronym.radiance.tensorf import Hits
from meronym.results import PointFeatures
from meronym.scenes.observation import ConsistentScores, SceneObservation, make_consistent
from meronym.students.feature_field import FeatureField
from meronym.types import Views

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


DEFAULT = Settings()
"""For two cores and the built-in teacher."""
PAPER = Settings(
    steps=15_000, rays=4096, patches=8, side=32, rate=1e-4, align=1.0, sharp=1.0, attract=200.0, repel=0.2
)  # fmt: skip
"""The published ones, for CLIP and DINO ViT-B/8."""


def segment(scene: SceneObservation, settings: Settings = DEFAULT) -> ConsistentScores:
    """A field that knows the survey's prompts, and keeps features for other words; its names settled on the surface."""
    return make_consistent(learn(scene, settings), scene)


def learn(scene: SceneObservation, settings: Settings = DEFAULT) -> FieldScores:
    """The field as the paper has it: each pixel is named by itself."""
    if settings.fda and settings.repel is None:
        settings = replace(settings, repel=choose_repel(scene, settings))
    return teach(scene, settings)


def choose_repel(scene: SceneObservation, settings: Settings) -> float:
    """The weight whose short trial agrees best with both teachers on photos that it has not seen; labels have no part."""
    if len(scene.photos) < 2 * WITHHELD:
        return REPELS[1]
    judging = torch.arange(len(scene.photos)) % WITHHELD == WITHHELD // 2
    short = replace(settings, steps=max(1, round(TRIAL * settings.steps)), joint=1.0)
    trials = (teach(scene, replace(short, repel=weight), ~judging) for weight in REPELS)
    marks = [agreement(trial.field, scene, judging) for trial in trials]
    return REPELS[int(np.argmax(marks))]


@torch.no_grad()
def agreement(field: FeatureField, scene: SceneObservation, judging: Bool[Tensor, " c"]) -> float:
    """How well the labels of a field whose appearance is as it was agree with the teachers on some of the photos, 0..2.

    The share of pixels with the prompt that stands out most; and the balanced share of pairs of pixels that bear one name if
    they look alike, two if they do not.
    """
    size = scene.seen.opacity.shape
    own = judging.repeat_interleave(size[1] * size[2])
    feature = field.features(scene.seen.appearance[own], scene.seen.kept.opacity[own])
    label = (functional.normalize(feature, dim=1) @ scene.words.T).argmax(1).reshape(-1, *size[1:])
    said = functional.interpolate(scene.pyramid.relevancy(scene.text).mean(1)[judging], label.shape[1:], mode="bilinear")
    rows, columns = scene.likeness.shape[2:]
    coarse = functional.interpolate(label[:, None].float(), (rows, columns), mode="nearest")[:, 0].long().flatten(1)
    seen = scene.likeness[judging].flatten(2)
    alike, same = seen.mT @ seen, coarse[:, :, None] == coarse[:, None]
    together, apart = alike > Settings.shift, alike < UNLIKE
    pairs = (same & together).sum() / together.sum().clamp_min(1) + (~same & apart).sum() / apart.sum().clamp_min(1)
    return float((said.argmax(1) == label).float().mean() + pairs / 2)


def teach(scene: SceneObservation, settings: Settings, own: Bool[Tensor, " c"] | None = None) -> FieldScores:
    """Train a field with the losses that the settings ask for, on all photos or on some."""
    draw = torch.Generator().manual_seed(scene.seed)
    field = FeatureField(scene.own_scene(), scene.pyramid.grid.shape[-1], scene.pyramid.grid.shape[1], draw)
    batches = Batches(scene, settings, draw, own)
    optimise(field, scene, settings, lambda joint: step_loss(field, scene, settings, batches.draw(), joint))
    return FieldScores(field, scene.words, scene.pyramid.basis, scene.model.sharpness)


def optimise(
    field: FeatureField, scene: SceneObservation, settings: Settings, loss_of: Callable[[bool], Float[Tensor, ""]]
) -> None:
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
        scene.progress("distil", done + 1, settings.steps)
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
        self, scene: SceneObservation, settings: Settings, draw: torch.Generator, own: Bool[Tensor, " c"] | None = None
    ) -> None:
        self.scene, self.settings, self.generator = scene, settings, draw
        self.views = torch.arange(len(scene.photos)) if own is None else own.nonzero()[:, 0]
        self.appearance = scene.seen.appearance
        self.relevancy = scene.pyramid.relevancy(scene.text)
        self.height, self.width = scene.photos.colour.shape[1:3]
        self.colour, self.direction = scene.photos.colour.reshape(-1, 3), rays.all_rays(scene.photos.cameras)[1]

    def draw(self) -> Batch:
        """The next."""
        settings, scene = self.settings, self.scene
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
        return Batch(ray, scene.seen.kept.take(ray), self.appearance[ray], feature, relevancy, likeness, *seen)

    def _say(self, view: Int[Tensor, " r"], place: Float[Tensor, "r 2"]) -> tuple[Tensor, Tensor]:
        """The teacher's features [r s d] and relevancies [r s p] at places of photos."""
        grid = self.scene.pyramid.grid
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
            self.scene.likeness[view][None], (place * 2 - 1)[None, None], align_corners=False, padding_mode="border"
        )[0, :, 0].T
        return self._ray(torch.full((len(place),), view), place), seen


def step_loss(field: FeatureField, scene: SceneObservation, settings: Settings, batch: Batch, joint: bool) -> Float[Tensor, ""]:
    """The losses of one step: features, RDA, FDA and, once appearance is trained too, colour."""
    hits, words, count = batch.hits, scene.words, settings.rays
    first = _first(hits, count)
    local = field.scene.features(hits.point) if joint else None
    rendered = field.features(batch.appearance if local is None else hits.gather(local), hits.opacity)
    if settings.selection:
        selection = field.scales(first)
    else:
        selection = torch.full((count, batch.feature.shape[1]), 1 / batch.feature.shape[1])
    loss = losses.feature_loss(rendered[:count], (selection[:, :, None] * batch.feature).sum(1))
    if settings.rda:
        logits = functional.normalize(rendered[:count], dim=1) @ words.T / scene.contrast
        loss = loss + settings.align * losses.rda_loss(settings.sharp * logits, settings.sharp * batch.relevancy, selection)
    if settings.fda:
        patches = functional.normalize(rendered[count:], dim=1).reshape(settings.patches, -1, rendered.shape[1])
        attract, repel = losses.fda_loss(patches @ words.T / scene.contrast, batch.likeness, settings.shift)
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
class FieldScores:
    """A field and the words that it is asked for."""

    field: FeatureField
    words: Float[Tensor, "p r"]
    basis: Float[Tensor, "r d"]
    sharpness: float

    @torch.no_grad()
    def scores(self, rendered: RenderedRays, photos: Views) -> Float[Tensor, "c p h w"]:
        """Softmax of the sharpened cosines, times opacity."""
        feature = self.field.features(rendered.render(self.field.scene.features), rendered.kept.opacity)
        cosine = functional.normalize(feature, dim=1) @ self.words.T
        score = (cosine * self.sharpness).softmax(1) * rendered.opacity.reshape(-1, 1)
        return score.reshape(*rendered.opacity.shape, -1).permute(0, 3, 1, 2)

    @torch.no_grad()
    def features(self, rendered: RenderedRays, pixels: Int[Tensor, " n"]) -> PointFeatures:
        """Rendered appearance and opacity of pixels, and where the head takes them."""
        appearance = rendered.render(self.field.scene.features, pixels)
        weight, bias = self.field.mapping()
        mapping = torch.cat([weight, bias[:, None]], 1).T @ self.basis
        point = torch.cat([appearance, rendered.kept.opacity[pixels, None]], 1)
        return PointFeatures(point.numpy(), mapping.numpy())


def _optimiser(field: FeatureField, rate: float, joint: bool) -> torch.optim.Optimizer:
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
