"""Distillation losses, and scores of a teacher's regions by the student's labels; all on the device of their inputs.

For shapes: PartDistill (Umam et al., CVPR 2024), sections 3.2 and 3.3, over sparse votes: the dense array [points, regions,
parts] is never made. All votes on an element for one prompt cost the student the same, so they are added up first: a student
learns from a target mass [elements, prompts], whatever the number of regions.

For scenes: 3D-OVS (Liu et al., NeurIPS 2023), section 3: relevancy-distribution alignment (RDA) and feature-distribution
alignment (FDA).
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Sequence
from typing import Literal

import torch
from jaxtyping import Float, Int
from torch import Tensor

from meronym.types import Votes

Normalise = Literal["point", "unit"]


def confidence_of(votes: Votes) -> Float[Tensor, " k"]:
    """The teacher's confidence in each vote, 0..1: the region's score times the share of the element that it covers."""
    return votes.weight * votes.score[votes.region]


def target_mass(
    votes: Votes, confidence: Float[Tensor, " k"], prompts: int, normalise: Normalise = "point"
) -> Float[Tensor, "n p"]:
    """Target of each element: the sum of its votes' confidences for each prompt.

    "point" divides an element's by the number of votes on it, as the published code does; "unit" divides a region's by its
    number of elements, as the paper's equation does, and by the number of regions.
    """
    n = len(votes.seen)
    if normalise == "point":
        count = torch.bincount(votes.element, minlength=n)[votes.element]
    else:
        count = torch.bincount(votes.region, minlength=len(votes.prompt))[votes.region] * max(len(votes.prompt), 1) / max(n, 1)
    mass = confidence.new_zeros(n * prompts)
    mass.index_add_(0, votes.element * prompts + votes.prompt[votes.region], confidence / count)
    return mass.reshape(n, prompts)


def class_weights(count: Float[Tensor, " p"]) -> Float[Tensor, " p"]:
    """How much rarer prompts weigh more, 1..4, from the number of votes for each: log to base 4 of the rarity."""
    rarity = count.sum() / (len(count) * count.clamp_min(1e-9))
    return (rarity.clamp_min(1e-9).log() / math.log(4) + 1).clamp(1, 4)


def vote_counts(votes: Votes, prompts: int) -> Float[Tensor, " p"]:
    """Number of votes (pairs of region and element) for each prompt."""
    return torch.bincount(votes.prompt[votes.region], minlength=prompts).float()


def forward_loss(
    logits: Float[Tensor, "n p"], mass: Float[Tensor, "n p"], class_weight: Float[Tensor, " p"]
) -> Float[Tensor, ""]:
    """Weighted cross entropy of the student to all votes, mean over elements; those without a vote count with 0."""
    return -(mass * class_weight * logits.log_softmax(1)).sum() / len(logits)


def rescore(student: Int[Tensor, " n"], votes: Votes) -> Float[Tensor, " u"]:
    """Backward distillation: the share of each region's elements that the student labels as the region does, 0..1.

    0 for a region without elements. PartDistill, section 3.3.
    """
    agrees = (student[votes.element] == votes.prompt[votes.region]).double()
    right = agrees.new_zeros(len(votes.prompt)).index_add_(0, votes.region, agrees)
    return (right / torch.bincount(votes.region, minlength=len(votes.prompt)).clamp_min(1)).float()


def fit_scores(student: Int[Tensor, " n"], votes: Votes) -> Float[Tensor, " u"]:
    """Backward distillation by overlap: how well a region fits its own prompt, beside the prompt that it fits best, 0..1.

    Fit is intersection over union with what the student labels so, among the elements that some region of the same view
    covers. A right box around a thin part holds much else, so that the share of it that the student agrees with is small
    (`rescore`); but no other prompt fits it better, and it keeps a score of 1. Not in the paper.
    """
    prompts = 1 + int(torch.cat([student, votes.prompt, student.new_zeros(1)]).max())
    n, regions, views = len(votes.seen), len(votes.prompt), 1 + int(torch.cat([votes.view, votes.view.new_zeros(1)]).max())
    label = student[votes.element]
    inside = torch.bincount(votes.region * prompts + label, minlength=regions * prompts).reshape(regions, prompts)
    covered = torch.unique(votes.view[votes.region] * n + votes.element)
    in_view = torch.bincount(covered // n * prompts + student[covered % n], minlength=views * prompts).reshape(views, prompts)
    union = inside.sum(1, keepdim=True) + in_view[votes.view] - inside
    fits = inside / union.clamp_min(1)
    own = fits.gather(1, votes.prompt[:, None])[:, 0]
    return own / fits.amax(1).clamp_min(1e-9)


class Plateau:
    """Tells when backward distillation begins: a moving average of the loss has moved by less than `tolerance`.

    The average is over `window` epochs, or over all while they are fewer; it never begins before epoch `window`, as in the
    authors' loop. Labels have no part in it.
    """

    def __init__(self, losses: Sequence[float] = (), window: int = 5, tolerance: float = 0.01) -> None:
        self.window, self.tolerance = window, tolerance
        self.recent: deque[float] = deque((round(loss, 4) for loss in losses), window + 1)

    def __call__(self, loss: float) -> bool:
        """Add an epoch's loss; True when it is time."""
        self.recent.append(round(loss, 4))
        if len(self.recent) < self.window:
            return False
        now, before = list(self.recent)[-self.window :], list(self.recent)[:-1]
        return abs(sum(now) / len(now) - sum(before) / len(before)) < self.tolerance


def divergence(p: Float[Tensor, "*b c"], q: Float[Tensor, "*b c"]) -> Float[Tensor, "*b"]:
    """Jensen-Shannon divergence of distributions, in nats."""
    p, q = p.clamp_min(1e-8), q.clamp_min(1e-8)
    middle = ((p + q) / 2).log()
    apart: Tensor = ((p * (p.log() - middle)).sum(-1) + (q * (q.log() - middle)).sum(-1)) / 2
    return apart


def feature_loss(rendered: Float[Tensor, "r d"], chosen: Float[Tensor, "r d"]) -> Float[Tensor, ""]:
    """Minus the mean cosine of rendered features and the teacher's features at the chosen scales."""
    return -torch.nn.functional.cosine_similarity(rendered, chosen, dim=1).mean()


def rda_loss(
    logits: Float[Tensor, "r p"], relevancy: Float[Tensor, "r s p"], selection: Float[Tensor, "r s"]
) -> Float[Tensor, ""]:
    """Relevancy-distribution alignment: the field's distribution over prompts against the teacher's, scales mixed by selection.

    3D-OVS, section 3.3. `logits`: rendered features times text, neither normalised nor sharpened, as in the authors' code;
    `relevancy` 0..1 (`pyramid.relevancy`).
    """
    target = (selection[:, :, None] * relevancy).sum(1)
    return divergence(logits.softmax(1), target.softmax(1)).mean()


def fda_loss(
    logits: Float[Tensor, "b n p"], seen: Float[Tensor, "b n d"], shift: float = 0.7
) -> tuple[Float[Tensor, ""], Float[Tensor, ""]]:
    """Feature-distribution alignment: pixels that look alike have one prompt (first), others another (second, negative).

    All pairs of the n pixels of a patch; `logits`: cosines with the prompts over the temperature; `seen`: image features
    without words. Pairs whose cosine is above `shift` attract, those below repel, each normalised by their number: the
    paper's re-balanced weights. 3D-OVS, section 3.4.
    """
    unit = torch.nn.functional.normalize(seen, dim=-1)
    alike = unit @ unit.mT - shift
    apart = pairwise_divergence(logits)
    attract = (alike.clamp_min(0) * apart).sum() / (alike > 0).sum().clamp_min(1)
    repel = (alike.clamp_max(0) * apart).sum() / (alike < 0).sum().clamp_min(1)
    return attract, repel


def pairwise_divergence(logits: Float[Tensor, "b n p"]) -> Float[Tensor, "b n n"]:
    """Kullback-Leibler divergence between the distributions of every two rows, the mean of both directions, in nats.

    The paper speaks of Jensen and Shannon's. The authors' code computes this one: summed over all pairs, one direction and the
    mean of both are the same.
    """
    log = logits.log_softmax(-1)
    cross = log.exp() @ log.mT
    own = (log.exp() * log).sum(-1)
    return (own[:, :, None] + own[:, None] - cross - cross.mT) / 2
