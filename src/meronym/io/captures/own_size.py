"""Labels of photos as they lie on the disk: at their own size, turned and distorted as they are."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import torch
from jaxtyping import Float, Int

from meronym.io.captures.placement import WayBack
from meronym.results import ViewLabels

_BAND = 1_000_000
"""Pixels that are computed at a time."""


class OwnLabels(NamedTuple):
    """Of one photo."""

    label: Int[np.ndarray, "h w"]
    """Index into the prompts; -1 = none of these."""
    score: Float[np.ndarray, "h w"]
    """Of the label, 0..1; of pixels without one it means nothing."""


def own_labels(views: ViewLabels, view: int) -> OwnLabels:
    """The labels of a photo for its own pixels: its scores are interpolated, and then the best is taken.

    Only prompts that the photo's labels have are compared. What lies beyond the picture that was looked at, as the corners of
    a photo do that a lens has bent outwards, is none of these.
    """
    rows, columns = views.shown(view)
    label, score = views.label[view, rows, columns], views.score[view, :, rows, columns].astype(np.float32)
    if views.capture is None:
        best = np.take_along_axis(score, label.clip(0)[None], 0)[0]
        return OwnLabels(label, best)
    present = np.unique(label[label >= 0])
    back = WayBack.of(views.capture, view)
    height, width = back.size
    large, best = np.full(back.size, -1), np.zeros(back.size, dtype=np.float32)
    if not len(present):
        return OwnLabels(large, best)
    planes = torch.from_numpy(np.concatenate([score[present], score.sum(0, keepdims=True)]))
    step = max(1, _BAND // width)
    for start in range(0, height, step):
        band = slice(start, min(start + step, height))
        values, shown = back(planes, band)
        most, which = values[:-1].max(0)
        named = shown & (values[-1] > 0.5)
        large[band] = np.where(named.numpy(), present[which.numpy()], -1)
        best[band] = most.numpy()
    return OwnLabels(large, best)
