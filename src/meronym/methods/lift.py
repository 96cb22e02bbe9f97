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
    logits, seen = evidence_of(shape, views, teacher, prompts, category)
    share = torch.from_numpy(geometry.element_areas(shape)).float()
    balanced = lift.balance(logits[:, :-1], share, BALANCE)
    probability = torch.cat([balanced, logits[:, -1:]], 1).softmax(1)
    label = probability.argmax(1)
    return torch.where(label == len(prompts), -1, label), probability[:, :-1], seen


def evidence_of(
    shape: Shape, views: Views, teacher: Teacher, prompts: Sequence[str], category: str | None
) -> tuple[Float[Tensor, "n _prompts_and_none"], Bool[Tensor, " n"]]:
    """Logits of the prompts and of "none of these", smoothed over the surface, and which elements were seen."""
    answer = teacher(views, prompts, category)
    if isinstance(answer, Regions):
        evidence = lift.count_votes(lift.cast_votes(answer, views, shape), len(prompts))
    else:
        evidence = lift.gather(answer, views, shape)
    logits = torch.cat([evidence.logit, evidence.none[:, None]], 1)
    usual = evidence.weight[evidence.seen].median() if evidence.seen.any() else torch.tensor(1.0)
    confidence = (evidence.weight / usual).clamp(max=1)
    return lift.spread(logits, confidence, shape, lift.surface_graph(shape), RADIUS), evidence.seen
