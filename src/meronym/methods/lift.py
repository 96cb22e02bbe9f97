"""`lift` and `vote`: the teacher's answers, averaged over the views of each element and smoothed over the surface. No training.

The baseline that every distilled student has to beat.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Literal

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from meronym.core import geometry
from meronym.lifting import gather, voting
from meronym.lifting.observation import Observation
from meronym.types import Labelling


@dataclass(frozen=True)
class Lift:
    """Labels from the smoothed mean of everything that the views say of an element."""

    evidence: Literal["mean", "votes"] = "mean"
    """The mean of a dense teacher's maps; or hard regions, which are cut from a dense teacher's maps, counted."""
    balance: float = 0.5
    """Share of a prompt's mean logit over the shape that is taken back: a word that suits all of it names no part of it."""
    doubt: float = 1.0
    """By how many logits "none of these" has to win: real shapes are recognised more weakly than the generated ones on which
    "none" was calibrated."""

    def __call__(self, observation: Observation) -> Labelling:
        votes = self.evidence == "votes"
        evidence = voting.count_votes(observation.votes, len(observation.prompts)) if votes else observation.evidence
        sure = gather.confidence(evidence.weight)
        if evidence.of_probabilities:
            logits = observation.smooth(evidence.with_none.softmax(1), sure).clamp_min(1e-9).log()
        else:
            smooth = observation.smooth(evidence.with_none, sure)
            share = torch.from_numpy(geometry.element_areas(observation.shape)).to(smooth)
            logits = torch.cat([gather.balance(smooth[:, :-1], share, self.balance), smooth[:, -1:]], 1)
        return best_prompts(logits, evidence.seen, self.doubt)


Vote = partial(Lift, evidence="votes")
"""`lift` from hard regions."""


def best_prompts(
    logits: Float[Tensor, "n _prompts_and_none"], seen: Bool[Tensor, " n"], doubt: float = Lift.doubt
) -> Labelling:
    """The best prompt of each element, unless "none of these" is better by more than `doubt`."""
    best, label = logits[:, :-1].max(1)
    return Labelling(torch.where(logits[:, -1] > best + doubt, -1, label), logits.softmax(1)[:, :-1], seen)
