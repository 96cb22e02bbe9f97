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
    """The mean of a dense teacher's logits; or hard regions, which are cut from a dense teacher's maps, counted."""
    balance: float | None = None
    """Share of a prompt's mean over the shape that is taken back; None = the observation's, 0.5 for shapes, 0 for captures."""
    doubt: float = 1.0
    """By how many logits "none of these" has to win: real shapes are recognised more weakly than the generated ones on which
    "none" was calibrated."""

    def __call__(self, observation: Observation) -> Labelling:
        return self.label(self.smoothed(observation), self.evidence_of(observation).seen, observation)

    def evidence_of(self, observation: Observation) -> gather.Evidence:
        """Evidence for each element, before any smoothing."""
        if self.evidence == "votes":
            return voting.count_votes(observation.votes, len(observation.prompts))
        return observation.evidence

    def smoothed(self, observation: Observation) -> Float[Tensor, "n _prompts_and_none"]:
        """Logits of the prompts and of "none of these", smoothed over the surface; elements weigh by how much they are seen."""
        evidence = self.evidence_of(observation)
        usual = evidence.weight[evidence.seen].median() if evidence.seen.any() else evidence.weight.new_ones(())
        return observation.smooth(evidence.with_none, (evidence.weight / usual).clamp(max=1))

    def label(
        self, logits: Float[Tensor, "n _prompts_and_none"], seen: Bool[Tensor, " n"], observation: Observation
    ) -> Labelling:
        """Labels from smooth logits of the prompts and of "none of these"."""
        share = torch.from_numpy(geometry.element_areas(observation.shape)).to(logits)
        balanced = gather.balance(logits[:, :-1], share, observation.balance if self.balance is None else self.balance)
        return best_prompts(torch.cat([balanced, logits[:, -1:]], 1), seen, self.doubt)


Vote = partial(Lift, evidence="votes")
"""`lift` from hard regions."""


def best_prompts(
    logits: Float[Tensor, "n _prompts_and_none"], seen: Bool[Tensor, " n"], doubt: float = Lift.doubt
) -> Labelling:
    """The best prompt of each element, unless "none of these" is better by more than `doubt`."""
    best, label = logits[:, :-1].max(1)
    return Labelling(torch.where(logits[:, -1] > best + doubt, -1, label), logits.softmax(1)[:, :-1], seen)
