"""Labelled items as methods and metrics meet them: shapes and captures alike are observed, labelled, then measured."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from jaxtyping import Bool, Int
from torch.nn import functional

from meronym.datasets import Item
from meronym.evaluation import metrics
from meronym.evaluation.consistency import consistency
from meronym.io.captures.photos import undistorted
from meronym.io.captures.read import holdout
from meronym.lifting.observation import Observation
from meronym.methods.scene_evidence import best_labels, pixel_scores, scene_of
from meronym.progress import StageTimer
from meronym.radiance.reconstruction import ReconstructionSettings
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

    def predict(self, labelling: Labelling) -> Prediction:
        """What is reported of a labelling; labels have no part in it."""
        if self._shot is None:
            return Prediction((labelling.score.argmax(1).cpu().numpy(),), (labelling.label.cpu().numpy(),))
        observation, shot = self.observation(), self._shot
        capture = self.item.capture
        rendered = scene_of(observation, "evaluation").render(shot.views.cameras)
        scores = pixel_scores(observation, labelling, rendered, shot.sharp)
        size = (capture.cameras.height, capture.cameras.width)
        large = [functional.interpolate(one[None], size, mode="bilinear")[0].cpu() for one in scores]
        closed = tuple(one.argmax(0).numpy() for one in large)
        free = tuple(best_labels(one, 0).numpy() for one in large)
        same = {"one label in all views": consistency(rendered, scores.argmax(1))}
        return Prediction(closed, free, same)

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
        size = rendered.opacity.shape[1:]
        masks = [torch.from_numpy(self._straight(view, truth[view])).float()[None] for view in sorted(truth)]
        shares = [functional.interpolate(mask, size, mode="area")[0] for mask in masks]
        labels = torch.stack([torch.where(share.sum(0) > 0.5, share.argmax(0), -1) for share in shares])
        return consistency(rendered, labels)

    def _straight(self, view: int, mask: Bool[np.ndarray, "p h w"]) -> Bool[np.ndarray, "p h w"]:
        """Masks without the lens distortion of their photo."""
        straight: np.ndarray = (undistorted(self.item.capture, view, torch.from_numpy(mask).float()) > 0.5).numpy()
        return straight
