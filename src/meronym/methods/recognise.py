"""`recognise`: words matched with the nodes of a part tree, "none of these" among them. No training.

Of a teacher that embeds its views once, what is known to be there besides is weighed against the words; a teacher that only
answers prompts is averaged as `lift` does, and the tree decides the borders.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from meronym.core import geometry
from meronym.lifting import gather
from meronym.lifting.observation import Observation
from meronym.parts.matching import CutSettings, best_names
from meronym.parts.recognition import RecognitionSettings, recognise
from meronym.parts.scene_recognition import recognise_in_scene
from meronym.types import Labelling, PartTree


@dataclass(frozen=True)
class Recognise:
    """Labels for the segments of a part tree."""

    wholes: int = RecognitionSettings.wholes
    """Known things, at the most, whose parts are offered silently beside the words."""
    balance: float = RecognitionSettings.balance
    """Share of a prompt's mean logit over the shape that is taken back: a word that suits all of it names no part of it."""
    cut: float = CutSettings.cut
    """Price of a border between two names inside a connected piece, nats times the share of the surface."""
    opening: float = CutSettings.opening
    """More for each bounding-sphere radius of it that leads across smooth surface."""

    def __call__(self, observation: Observation) -> Labelling:
        tree, cuts = observation.tree, CutSettings(cut=self.cut, opening=self.opening)
        if observation.embedder is not None:
            words, settings = observation.prompts, RecognitionSettings(wholes=self.wholes, balance=self.balance)
            if observation.of_scene:
                found = recognise_in_scene(tree, observation.embedder, words, settings, cuts)
            else:
                found = recognise(tree, observation.embedder, words, observation.category, settings, cuts)
            return labelling_of(tree, found.name, found.closed, found.score, observation.embedding.seen, keep=True)
        evidence, last = observation.evidence, len(observation.prompts)
        logits = observation.smooth(evidence.with_none, gather.confidence(evidence.weight))
        share = torch.from_numpy(geometry.element_areas(observation.shape)).to(logits)
        if not evidence.of_probabilities:
            logits = torch.cat([gather.balance(logits[:, :-1], share, self.balance), logits[:, -1:]], 1)
        free, closed = (_means(tree, part.softmax(1), share) for part in (logits, logits[:, :-1]))
        name = best_names(tree, free, cuts)
        name[name == last] = -1
        return labelling_of(tree, name, best_names(tree, closed, cuts), free[:, :last], evidence.seen)


def labelling_of(
    tree: PartTree,
    name: Int[np.ndarray, " l"],
    closed: Int[np.ndarray, " l"],
    score: Float[np.ndarray, "l p"],
    seen: Bool[Tensor, " n"],
    keep: bool = False,
) -> Labelling:
    """What the segments are called, for the elements; `keep`: other words can be matched with the tree later."""
    segment = tree.segment
    return Labelling(
        torch.from_numpy(name)[segment], torch.from_numpy(score).float()[segment].clamp(0, 1), seen,
        closed=torch.from_numpy(closed)[segment], tree=tree if keep else None,
    )  # fmt: skip


def _means(tree: PartTree, values: Float[Tensor, "n c"], share: Float[Tensor, " n"]) -> Float[np.ndarray, "l c"]:
    """Means of elements' values over the finest segments."""
    count = len(tree.area)
    total = torch.zeros(count, values.shape[1]).index_add_(0, torch.from_numpy(tree.segment), values * share[:, None])
    weight = torch.zeros(count).index_add_(0, torch.from_numpy(tree.segment), share)
    return (total / weight.clamp_min(1e-12)[:, None]).double().numpy()
