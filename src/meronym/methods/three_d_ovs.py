"""`3d-ovs`: names in a captured scene from CLIP-like features and DINO, without a mask (Liu et al., NeurIPS 2023).

A feature field is distilled from features at several scales. A selection volume learns which scale suits each place; two losses
on distributions over the prompts, RDA and FDA, keep the field to the teacher's relevancies and to the edges that image features
without words show. Density never changes, so the samples of each pixel are found once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np
import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor
from torch.nn import functional

from meronym.errors import InputError
from meronym.lifting import losses
from meronym.lifting.observation import Observation
from meronym.methods.scene_evidence import PixelScores, SceneEvidence, scene_of
from meronym.radiance import rays
from meronym.radiance.rendered import RenderedRays
from meronym.radiance.samples import PackedSamples
from meronym.students.feature_field import FeatureField
from meronym.types import Labelling, Views

_FEW = 0.01
"""Nothing is learned from a photo of which no larger share is known."""


@dataclass(frozen=True)
class OVS3D:
    """How a field is trained; the defaults are for two cores and the built-in teacher, the preset "paper" is the authors'."""

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
    consistent: bool = True
    """Gather names on the surface and smooth them over it, so that a point has one name in all views; not in the paper."""
    contrast: bool = True
    """Weigh the words against the other things that the teacher knows, so that a word which names nothing gets nothing; not in
    the paper."""
    align: float = 5.0
    """Weight of RDA."""
    sharp: float = 10.0
    """Factor of relevancies 0..1 before a softmax in RDA makes probabilities of them."""
    attract: float = 2.0
    """Weight of FDA's attraction."""
    repel: float | None = None
    """Weight of FDA's repulsion; None = chosen without labels among `repels`."""
    repels: tuple[float, ...] = (0.1, 0.2, 0.4)
    """Candidates for `repel`; the authors choose 0.18 to 0.35 by scene."""
    trial: float = 1 / 4
    """Share of the steps that a candidate is trained for."""
    withheld: int = 6
    """Every so many-th photo is left out of the candidates' training, and judges them."""
    shift: float = 0.7
    """Cosine of features without words above which pixels are alike."""
    unlike: float = 0.3
    """The same cosine below which pixels count as different things, when candidates are judged."""

    reconstruction: ClassVar[str] = "default"
    needs_text: ClassVar[bool] = True
    """Only teachers that compare pictures with words can be learned from."""
    PRESETS: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        "paper": {
            "steps": 15_000, "rays": 4096, "patches": 8, "side": 32, "rate": 1e-4, "align": 1.0, "sharp": 1.0,
            "attract": 200.0, "repel": 0.2, "consistent": False, "contrast": False,
        }
    }  # fmt: skip

    def __call__(self, observation: Observation) -> Labelling:
        scene = scene_of(observation, "3d-ovs")
        field = self.learn(scene)
        pixels, features = self.pixel_scores(field, scene), surface_features(field, scene)
        if self.consistent:
            return scene.label_surface(observation, pixels, features)
        return scene.label(pixels, features)

    def learn(self, scene: SceneEvidence) -> FeatureField:
        """Train the field, with a weight of FDA's repulsion that is chosen first if none is given."""
        settings = replace(self, repel=choose_repel(scene, self)) if self.fda and self.repel is None else self
        return train(scene, settings)

    def pixel_scores(self, field: FeatureField, scene: SceneEvidence) -> PixelScores:
        """Softmax of the sharpened cosines of rendered features, times opacity and how likely it is one of the words at all."""
        words, sharpness = scene.words, scene.text_model.sharpness

        @torch.no_grad()
        def pixels(rendered: RenderedRays, photos: Views) -> Float[Tensor, "c p h w"]:
            feature = field.features(rendered.render(field.scene.features), rendered.samples.opacity)
            unit = functional.normalize(feature, dim=1)
            score = (unit @ words.T * sharpness).softmax(1) * rendered.opacity.reshape(-1, 1)
            if self.contrast:
                score = score * scene.recognition(unit)
            return score.reshape(*rendered.opacity.shape, -1).permute(0, 3, 1, 2)

        return pixels


@torch.no_grad()
def surface_features(field: FeatureField, scene: SceneEvidence) -> tuple[Float[Tensor, "n 28"], Float[Tensor, "28 d"]]:
    """Features of the surface points: mean rendered appearance and opacity, and the head as one linear map."""
    rendered = scene.rendered
    appearance = rendered.render(field.scene.features).reshape(*rendered.opacity.shape, -1)
    opacity = rendered.samples.opacity.reshape(*rendered.opacity.shape, 1)
    weight, bias = field.mapping()
    mapping = torch.cat([weight, bias[:, None]], 1).T @ scene.pyramid.basis
    return scene.surface.gather(torch.cat([appearance, opacity], 3)), mapping


def choose_repel(scene: SceneEvidence, settings: OVS3D) -> float:
    """The candidate whose short training agrees best with teacher and encoder on photos withheld from it, without labels."""
    if len(scene.photos) < 2 * settings.withheld:
        return settings.repels[len(settings.repels) // 2]
    judging = torch.arange(len(scene.photos)) % settings.withheld == settings.withheld // 2
    short = replace(settings, steps=max(1, round(settings.trial * settings.steps)), joint=1.0)
    trials = (train(scene, replace(short, repel=weight), ~judging) for weight in settings.repels)
    return settings.repels[int(np.argmax([agreement(trial, scene, judging, settings) for trial in trials]))]


@torch.no_grad()
def agreement(field: FeatureField, scene: SceneEvidence, judging: Bool[Tensor, " c"], settings: OVS3D) -> float:
    """How well the labels of a field with unchanged appearance agree with teacher and encoder on chosen photos, 0..2.

    The share of pixels labelled with the prompt that stands out most, plus half of: the share of pairs of pixels that look
    alike and have one label, plus the share of pairs that look different and have two.
    """
    size = scene.rendered.opacity.shape
    judging = judging.to(scene.words.device)
    own = judging.repeat_interleave(size[1] * size[2])
    feature = field.features(scene.rendered.appearance[own], scene.rendered.samples.opacity[own])
    label = (functional.normalize(feature, dim=1) @ scene.words.T).argmax(1).reshape(-1, *size[1:])
    told = functional.interpolate(scene.pyramid.relevancy(scene.text).mean(1)[judging], label.shape[1:], mode="bilinear")
    known = scene.photos.known[judging]
    coarse, whole = (
        functional.interpolate(each[:, None].float(), scene.likeness.shape[2:], mode="nearest")[:, 0].long().flatten(1)
        for each in (label, known)
    )
    looks, shown = scene.likeness[judging].flatten(2), whole.bool()
    alike, same, both = looks.mT @ looks, coarse[:, :, None] == coarse[:, None], shown[:, :, None] & shown[:, None]
    together, apart = both & (alike > settings.shift), both & (alike < settings.unlike)
    pairs = (same & together).sum() / together.sum().clamp_min(1) + (~same & apart).sum() / apart.sum().clamp_min(1)
    return float((told.argmax(1) == label)[known].float().mean() + pairs / 2)


def train(scene: SceneEvidence, settings: OVS3D, own: Bool[Tensor, " c"] | None = None) -> FeatureField:
    """Train a field with the losses that the settings ask for, on all photos or on chosen ones."""
    draw = torch.Generator().manual_seed(scene.seed)
    field = FeatureField(scene.copy_field(), scene.pyramid.grid.shape[-1], scene.pyramid.grid.shape[1], draw)
    field = field.to(scene.photos.colour.device)
    batches = Batches(scene, settings, draw, own)
    optimise(field, scene, settings, lambda joint: step_loss(field, scene, settings, batches.draw(), joint))
    return field


def optimise(field: FeatureField, scene: SceneEvidence, settings: OVS3D, loss_of: Callable[[bool], Float[Tensor, ""]]) -> None:
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
    samples: PackedSamples
    appearance: Float[Tensor, "n 27"]
    """As rendered before appearance was trained."""
    feature: Float[Tensor, "r s d"]
    relevancy: Float[Tensor, "r s p"]
    likeness: Float[Tensor, "b m e"]
    colour: Float[Tensor, "r 3"]
    direction: Float[Tensor, "r 3"]


class Batches:
    """Draws the rays of each step, with the teacher's features, relevancies and likeness there.

    Random numbers are drawn on the CPU, so that a seed means the same on every device.
    """

    def __init__(
        self, scene: SceneEvidence, settings: OVS3D, draw: torch.Generator, own: Bool[Tensor, " c"] | None = None
    ) -> None:
        self.scene, self.settings, self.generator = scene, settings, draw
        self.known = scene.photos.known.flatten().cpu()
        enough = scene.photos.known.flatten(1).float().mean(1).cpu() > _FEW
        self.views = (enough if own is None else enough & own.cpu()).nonzero()[:, 0]
        self.appearance = scene.rendered.appearance
        self.relevancy = scene.pyramid.relevancy(scene.text)
        self.height, self.width = scene.photos.colour.shape[1:3]
        self.colour, self.direction = scene.photos.colour.reshape(-1, 3), rays.all_rays(scene.photos.cameras)[1]
        self.device = scene.photos.colour.device

    def draw(self) -> Batch:
        """The rays of the next step."""
        settings, scene = self.settings, self.scene
        view, place = self._known(self._places)
        feature, relevancy = self._evidence_at(view, place)
        rays_of = [self._ray(view, place)]
        likeness = torch.zeros(0, settings.side**2, 1, device=self.device)
        if settings.fda:
            patches = [self._patch() for _ in range(settings.patches)]
            rays_of += [ray for ray, _ in patches]
            likeness = torch.stack([looks for _, looks in patches])
        ray, first = torch.cat(rays_of), rays_of[0]
        samples = scene.rendered.samples.take(ray)
        return Batch(
            ray, samples, self.appearance[ray], feature, relevancy, likeness, self.colour[first], self.direction[first]
        )

    def _places(self) -> tuple[Int[Tensor, " r"], Float[Tensor, "r 2"]]:
        """Random photos, and a random place 0..1 in each."""
        view = self.views[torch.randint(len(self.views), (self.settings.rays,), generator=self.generator)]
        return view, torch.rand(self.settings.rays, 2, generator=self.generator)

    def _known(self, draw: Callable[[], tuple[Tensor, Tensor]]) -> tuple[Int[Tensor, " r"], Float[Tensor, "r 2"]]:
        """Photos and places in them that `draw` gives; those outside of their photo are replaced by others of them."""
        while True:
            view, place = draw()
            known = self.known[self._ray(view, place).cpu()]
            if known.all():
                return view, place
            if known.any():
                others = known.nonzero()[:, 0]
                other = others[torch.randint(len(others), known.shape, generator=self.generator)]
                chosen = torch.where(known, torch.arange(len(known)), other)
                return view[chosen], place[chosen]

    def _evidence_at(self, view: Int[Tensor, " r"], place: Float[Tensor, "r 2"]) -> tuple[Tensor, Tensor]:
        """The teacher's features [r s d] and relevancies [r s p] at places 0..1 of photos."""
        grid = self.scene.pyramid.grid
        rows, columns = grid.shape[2:4]
        x, y = ((place[:, k] * size).long().clamp(0, size - 1) for k, size in ((0, columns), (1, rows)))
        view, x, y = view.to(self.device), x.to(self.device), y.to(self.device)
        return grid[view, :, y, x].float(), self.relevancy[view, :, :, y, x]

    def _ray(self, view: Int[Tensor, " r"], place: Float[Tensor, "r 2"]) -> Int[Tensor, " r"]:
        x, y = (place * torch.tensor([self.width, self.height])).long().unbind(1)
        return ((view * self.height + y) * self.width + x).to(self.device)

    def _patch(self) -> tuple[Int[Tensor, " m"], Float[Tensor, "m e"]]:
        """Rays on an even grid over a random square of a random photo, and features without words there."""
        view, place = self._known(self._square)
        at = (place * 2 - 1)[None, None].to(self.device)
        likeness = self.scene.likeness[int(view[0])][None]
        looks = functional.grid_sample(likeness, at, align_corners=False, padding_mode="border")[0, :, 0].T
        return self._ray(view, place), looks

    def _square(self) -> tuple[Int[Tensor, " m"], Float[Tensor, "m 2"]]:
        """A random photo, and places on an even grid over a random square of it."""
        view = self.views[torch.randint(len(self.views), (1,), generator=self.generator)]
        extent = self.settings.reach * min(self.height, self.width) / torch.tensor([self.width, self.height])
        corner = torch.rand(2, generator=self.generator) * (1 - extent)
        even = (torch.arange(self.settings.side) + 0.5) / self.settings.side
        y, x = torch.meshgrid(even, even, indexing="ij")
        place = corner + extent * torch.stack([x.flatten(), y.flatten()], 1)
        return view.expand(len(place)), place


def step_loss(field: FeatureField, scene: SceneEvidence, settings: OVS3D, batch: Batch, joint: bool) -> Float[Tensor, ""]:
    """The losses of one step: features, RDA, FDA and, once appearance is trained too, colour."""
    samples, words, count = batch.samples, scene.words, settings.rays
    first = _first(samples, count)
    local = field.scene.features(samples.point) if joint else None
    rendered = field.features(batch.appearance if local is None else samples.accumulate(local), samples.opacity)
    if settings.selection:
        selection = field.scales(first)
    else:
        selection = batch.feature.new_full(batch.feature.shape[:2], 1 / batch.feature.shape[1])
    loss = losses.feature_loss(rendered[:count], (selection[:, :, None] * batch.feature).sum(1))
    if settings.rda:
        logits = functional.normalize(rendered[:count], dim=1) @ words.T / scene.contrast
        loss = loss + settings.align * losses.rda_loss(settings.sharp * logits, settings.sharp * batch.relevancy, selection)
    if settings.fda:
        patches = functional.normalize(rendered[count:], dim=1).reshape(settings.patches, -1, rendered.shape[1])
        attract, repel = losses.fda_loss(patches @ words.T / scene.contrast, batch.likeness, settings.shift)
        loss = loss + settings.attract * attract + (settings.repel or 0.0) * repel
    if local is not None:
        painted = first.accumulate(field.scene.shade(local[: len(first.ray)], batch.direction[first.ray]))
        loss = loss + (painted + (1 - first.opacity[:, None]) - batch.colour).square().mean()
    return loss


def _first(samples: PackedSamples, count: int) -> PackedSamples:
    """The samples of the first rays."""
    places = int((samples.ray < count).sum())
    of_rays = (samples.opacity[:count], samples.distance[:count], samples.spread[:count])
    return PackedSamples(samples.ray[:places], samples.point[:places], samples.weight[:places], *of_rays)


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
