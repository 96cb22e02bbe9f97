"""`lift`: what the teacher sees, averaged over the views, smoothed over the surface. No training.

The baseline that every distilled student has to beat.
"""

from __future__ import annotations

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from meronym.core import geometry
from meronym.lifting import diffusion, gather, voting
from meronym.lifting.observation import Observation
from meronym.types import Labelling

RADIUS = 0.15
"""How far evidence spreads over the surface, in bounding-sphere radii."""
DOUBT = 1.0
"""By how many logits "none of these" has to win: real shapes are recognised more weakly than the generated ones on which
"none" was calibrated."""
BALANCE = 0.5
"""Share of a prompt's mean over the shape that is taken back."""


def segment(observation: Observation) -> Labelling:
    """Mean of everything that the views say of an element, smoothed."""
    return label_by(*evidence_of(observation), observation)


def vote(observation: Observation) -> Labelling:
    """The same from hard regions: a dense teacher's maps are cut into regions first, as a detector would give them."""
    evidence = voting.count_votes(observation.votes, len(observation.prompts))
    return label_by(_smooth(evidence, observation), evidence.seen, observation)


def label_by(logits: Float[Tensor, "n _prompts_and_none"], seen: Bool[Tensor, " n"], observation: Observation) -> Labelling:
    """Labels from smooth logits of the prompts and of "none of these"."""
    share = torch.from_numpy(geometry.element_areas(observation.shape)).float()
    return name(torch.cat([gather.balance(logits[:, :-1], share, BALANCE), logits[:, -1:]], 1), seen)


def name(logits: Float[Tensor, "n _prompts_and_none"], seen: Bool[Tensor, " n"], doubt: float = DOUBT) -> Labelling:
    """The best prompt, unless "none of these" is better by more than `doubt`."""
    best, label = logits[:, :-1].max(1)
    return Labelling(torch.where(logits[:, -1] > best + doubt, -1, label), logits.softmax(1)[:, :-1], seen)


def evidence_of(observation: Observation) -> tuple[Float[Tensor, "n _prompts_and_none"], Bool[Tensor, " n"]]:
    """Logits of the prompts and of "none of these", smoothed over the surface, and which elements were seen."""
    return _smooth(observation.evidence, observation), observation.evidence.seen


def _smooth(evidence: gather.Evidence, observation: Observation) -> Float[Tensor, "n _prompts_and_none"]:
    usual = evidence.weight[evidence.seen].median() if evidence.seen.any() else torch.tensor(1.0)
    confidence = (evidence.weight / usual).clamp(max=1)
    return diffusion.diffuse(evidence.with_none, confidence, observation.shape, observation.links, RADIUS)
