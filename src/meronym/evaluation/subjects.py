"""Labelled items as methods and metrics meet them: shapes and captures alike are observed, labelled, then measured."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor
from torch.nn import functional

from meronym.datasets import Item
from meronym.evaluation import metrics
from meronym.evaluation.consistency import consistency
from meronym.evaluation.words import WordAnswers
from meronym.io.captures.photos import undistorted
from meronym.io.captures.placement import placed_sizes
from meronym.io.captures.read import holdout
from meronym.lifting.observation import Observation
from meronym.methods.scene_evidence import best_labels, pixel_scores, scene_of
from meronym.parts.instances import instances
from meronym.progress import StageTimer
from meronym.radiance.reconstruction import ReconstructionSettings
from meronym.radiance.rendered import RenderedRays
from meronym.scenes.observation import CaptureSettings, Photos, sides
from meronym.scenes.observation import observe as observe_capture
from meronym.shapes.observation import ViewSettings
from meronym.shapes.observation import observe as observe_shape
from meronym.teachers.checked import CheckedTeacher
from meronym.types import Capture, Labelling, Shape


@dataclass(frozen=True)
class Conditions:
    """How items are observed: the same for all methods."""

    views: int = 10
    """Of a shape."""
    view: ViewSettings | None = None
    """How they are rendered; None = as usual."""
    capture: CaptureSettings = field(default_factory=CaptureSettings)
    reconstruction: ReconstructionSettings = field(default_factory=ReconstructionSettings)
    cache: Path | None = None
    """For reconstructions and features of photos."""
    device: torch.device = field(default_factory=lambda: torch.device("cpu"))
    change: Callable[[Observation], Observation] = lambda observation: observation
    """Makes another observation of each, for ablations."""


@dataclass(frozen=True, eq=False)
class Prediction:
    """The final answer of a method for one item, before any label is read."""

    closed: tuple[Int[np.ndarray, ...], ...]
    """The best prompt of every element of a shape (one array), or of every pixel of each photo of a capture."""
    free: tuple[Int[np.ndarray, ...], ...]
    """The same with -1 where "none of these" wins."""
    figures: Mapping[str, float] = field(default_factory=dict)
    """Measured without labels."""
    instance: Int[np.ndarray, " n"] | None = None
    """Of a shape: number of the connected instance of each element within its label in `free`; -1 = none."""
    words: WordAnswers | None = None
    """Of a shape: the answers to single words, where the method was asked for them."""


class Subject:
    """One item: observed when first needed, forgotten on `close`."""

    def __init__(self, item: Item, prompts: tuple[str, ...], teacher: CheckedTeacher, conditions: Conditions) -> None:
        self.item, self.prompts, self.teacher, self.conditions = item, prompts, teacher, conditions
        self.seconds = 0.0
        self._observation: Observation | None = None
        self._shot: Photos | None = None

    def observation(self) -> Observation:
        """The item with its views and the teacher's answers.

        Raises: the Error that it met.
        """
        if self._observation is None:
            start = time.perf_counter()
            photos = isinstance(self.item.content, Capture)
            made = self._observe_photos(self.item.capture) if photos else self._observe_shape(self.item.shape)
            self._observation = self.conditions.change(made)
            self.seconds += time.perf_counter() - start
        return self._observation

    def _observe_shape(self, shape: Shape) -> Observation:
        given = self.conditions
        made, _ = observe_shape(
            shape, self.prompts, self.teacher, category=self.item.category or None, views=given.views, up=self.item.up,
            device=given.device, settings=given.view,
        )  # fmt: skip
        _ = made.answer
        return made

    def _observe_photos(self, capture: Capture) -> Observation:
        given = self.conditions
        self._shot = Photos.of(capture, given.capture, given.device)
        return observe_capture(
            capture, self._shot, self.prompts, self.teacher, settings=given.capture, reconstruction=given.reconstruction,
            cache_folder=given.cache, clock=StageTimer(),
        )  # fmt: skip

    def close(self) -> None:
        """Forget pictures and answers."""
        self._observation = self._shot = None

    def predict(self, labelling: Labelling, words: WordAnswers | None = None) -> Prediction:
        """What is reported of a labelling; labels have no part in it."""
        if self._shot is None:
            last = labelling.score.argmax(1) if labelling.closed is None else labelling.closed
            label = labelling.label.cpu().numpy()
            return Prediction((last.cpu().numpy(),), (label,), instance=instances(self.item.shape, label), words=words)
        rendered = scene_of(self.observation(), "evaluation").render(self._shot.views.cameras)
        best = labelling if labelling.closed is None else _certain(labelling, labelling.closed)
        scores = self._scores(best, rendered)
        free = self._large(scores if best is labelling else self._scores(_certain(labelling, labelling.label), rendered))
        same = {"one label in all views": consistency(rendered, scores.argmax(1))}
        closed = tuple(one.argmax(0).numpy() for one in self._large(scores))
        return Prediction(closed, tuple(best_labels(one, 0).numpy() for one in free), same)

    def _scores(self, labelling: Labelling, rendered: RenderedRays) -> Float[Tensor, "c p h w"]:
        assert self._shot is not None
        return pixel_scores(self.observation(), labelling, rendered, self._shot.sharp)

    def _large(self, scores: Float[Tensor, "c p h w"]) -> Iterator[Float[Tensor, "p _H _W"]]:
        """Scores of the pixels of each photo at its own size, upright."""
        small, large = (placed_sizes(self.item.capture, longest) for longest in (self.conditions.capture.size, None))
        for one, (width, height), (own_width, own_height) in zip(scores, small, large, strict=True):
            yield functional.interpolate(one[None, :, :height, :width], (own_height, own_width), mode="bilinear")[0].cpu()

    def quality(self) -> dict[str, float]:
        """Of a capture: how like the photos the reconstruction is, decibels."""
        if self._shot is None:
            return {}
        rendered = scene_of(self.observation(), "evaluation").render(self._shot.views.cameras)
        return {f"PSNR, {side}": value for side, value in self._shot.psnr(rendered.colour).items()}

    def scene_figures(self, prediction: Prediction, truth: Mapping[int, Bool[np.ndarray, "p h w"]]) -> dict[str, float]:
        """Of a capture: mIoU and accuracy in percent, of held-out and of training views, as far as they are annotated."""
        held_out = holdout(self.item.capture)
        masks = {view: self._straight(view, mask) for view, mask in truth.items()}
        row: dict[str, float] = {}
        for side, own in sides(held_out).items():
            views = [view for view in masks if bool(own[view])]
            if views:
                found = metrics.scene_figures([prediction.closed[view] for view in views], [masks[view] for view in views])
                row |= {f"{name}, {side}": value for name, value in found.items() if isinstance(value, float)}
        return row | dict(prediction.figures)

    def consistency_of_truth(self, truth: Mapping[int, Bool[np.ndarray, "p h w"]]) -> float | None:
        """Of a capture whose photos are all annotated: the consistency of the true masks, measured alike."""
        if self._shot is None or len(truth) < len(self._shot.views):
            return None
        rendered = scene_of(self.observation(), "evaluation").render(self._shot.views.cameras)
        labels = torch.full(rendered.opacity.shape, -1)
        for view, (width, height) in enumerate(placed_sizes(self.item.capture, self.conditions.capture.size)):
            mask = torch.from_numpy(self._straight(view, truth[view])).float()[None]
            share = functional.interpolate(mask, (height, width), mode="area")[0]
            labels[view, :height, :width] = torch.where(share.sum(0) > 0.5, share.argmax(0), -1)
        return consistency(rendered, labels)

    def _straight(self, view: int, mask: Bool[np.ndarray, "p h w"]) -> Bool[np.ndarray, "p h w"]:
        """Masks without the lens distortion of their photo, upright."""
        width, height = placed_sizes(self.item.capture, None)[view]
        straight = undistorted(self.item.capture, view, torch.from_numpy(mask).float())[:, :height, :width]
        return np.asarray(straight > 0.5)


def _certain(labelling: Labelling, label: Int[Tensor, " n"]) -> Labelling:
    """The labelling whose scores are 1 for these labels and 0 for all others."""
    return labelling._replace(score=functional.one_hot(label + 1, labelling.score.shape[1] + 1)[:, 1:].float())
