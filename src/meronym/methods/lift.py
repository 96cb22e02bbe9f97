"""`lift`: what the teacher sees, averaged over the views, smoothed over the surface. No training.

The baseline that every distilled student has to beat.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from meronym import geometry, lift
from meronym.plugins import Teacher
from meronym.types import Regions, Shape, Views

RADIUS = 0.04
"""How far evidence spreads over the surface, in bounding-sphere radii."""
BALANCE = 0.5
"""Share of a prompt's mean over the shape that is taken back."""


def segment(
    shape: Shape, views: Views, teacher: Teacher, prompts: Sequence[str], category: str | None
) -> tuple[Int[Tensor, " n"], Float[Tensor, "n p"], Bool[Tensor, " n"]]:
    """Label (-1 = none of these), score 0..1 and seen of every element."""
    answer = teacher(views, prompts, category)
    if isinstance(answer, Regions):
        evidence = lift.count_votes(lift.cast_votes(answer, views, shape), len(prompts))
    else:
        evidence = lift.gather(answer, views, shape)
    logits = torch.cat([evidence.logit, evidence.none[:, None]], 1)
    confidence = (
        (evidence.weight / evidence.weight[evidence.seen].median()).clamp(max=1) if evidence.seen.any() else evidence.weight
    )
    smooth = lift.spread(logits, confidence, shape, lift.surface_graph(shape), RADIUS)
    share = torch.from_numpy(geometry.element_areas(shape)).float()
    smooth[:, :-1] = lift.balance(smooth[:, :-1], share, BALANCE)
    probability = smooth.softmax(1)
    label = probability.argmax(1)
    return torch.where(label == len(prompts), -1, label), probability[:, :-1], evidence.seen
