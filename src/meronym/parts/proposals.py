"""Proposals: what a shape looks like, and which of the parts that such a thing is known to have are there, without words."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Int

from meronym.errors import PluginError
from meronym.parts.matching import CutSettings
from meronym.parts.recognition import Recognition, RecognitionSettings, guess, looks, recognise, tensor
from meronym.protocols import EmbeddingTeacher
from meronym.results import Segmentation
from meronym.types import PartTree, Vocabulary


@dataclass(frozen=True)
class ProposalSettings:
    """What is proposed."""

    least: float = 0.005
    """A part that takes a smaller share of the surface is not there."""
    wholes: int = 3
    """Things that it may be, at the most."""
    sure: float = 0.25
    """Probability of the likeliest thing, among all known things, below which a proposal says that it is a guess."""


DEFAULT = ProposalSettings()


@dataclass(frozen=True)
class ProposedPart:
    """A part that is there."""

    name: str
    share: float
    """Of the surface."""
    count: int
    """Instances."""


@dataclass(frozen=True, eq=False)
class Proposal:
    """What a shape looks like, and the parts that were recognised; as text, one line."""

    wholes: tuple[tuple[str, float], ...]
    """Names of things that it may be, likeliest first, with their probabilities among all known things."""
    parts: tuple[ProposedPart, ...]
    """Largest first."""
    segmentation: Segmentation
    """The parts as labels; its prompts are the names of `parts`."""

    def __str__(self) -> str:
        wholes = ", ".join(f"{name} ({chance:.2f})" for name, chance in self.wholes)
        parts = ", ".join(part.name + (f" x {part.count}" if part.count > 1 else "") for part in self.parts)
        looks = (
            "looks like" if self.wholes[0][1] >= DEFAULT.sure else "not recognised for sure (give its --category); most like"
        )
        return f"{looks}: {wholes}; parts: {parts or 'none recognised'}"


def likely_wholes(
    tree: PartTree,
    teacher: EmbeddingTeacher,
    category: str | None = None,
    settings: ProposalSettings = DEFAULT,
    recognition: RecognitionSettings | None = None,
) -> tuple[tuple[str, float], ...]:
    """The known things that a shape may be, likeliest first, with their probabilities; at least one.

    Things of which no part is known, such as grass, are passed over.

    Raises: PluginError if the teacher knows no thing with parts.
    """
    words, weighing = teacher.vocabulary, recognition or RecognitionSettings()
    if not len(words.part):
        raise PluginError("the teacher's vocabulary has no parts, so that it can propose none. Use builtin, or name the parts.")
    seen = looks(words, tensor(tree.features), tensor(tree.area), teacher.sharpness)
    said = None if category is None else teacher.embed([category], None).cpu()
    chance = guess(words, seen, words.name[:0], said, weighing)
    has_parts = torch.bincount(words.whole_of_part, minlength=len(words.wholes)) > 0
    order = torch.where(has_parts, chance, -1).argsort(descending=True)[: min(settings.wholes, int(has_parts.sum()))]
    likely = [index for index in order.tolist() if chance[index] >= weighing.least * chance[order[0]]]
    return tuple((words.wholes[index], float(chance[index])) for index in likely)


def known_parts(words: Vocabulary, whole: str) -> tuple[str, ...]:
    """The coarse names of the parts that a thing is known to have."""
    of = words.whole_of_part.tolist()
    return tuple(dict.fromkeys(p.split("/")[0] for p, k in zip(words.parts, of, strict=True) if words.wholes[k] == whole))


def recognised_parts(
    tree: PartTree,
    teacher: EmbeddingTeacher,
    whole: str,
    category: str | None = None,
    settings: ProposalSettings = DEFAULT,
    recognition: RecognitionSettings | None = None,
    cuts: CutSettings | None = None,
) -> tuple[tuple[str, ...], Recognition]:
    """The known parts of a thing that are there, largest first, and the answer for them."""
    names = known_parts(teacher.vocabulary, whole)
    found = recognise(tree, teacher, names, category or whole, recognition or RecognitionSettings(), cuts)
    share = np.bincount(found.name[found.name >= 0], tree.area[found.name >= 0], len(names))
    kept = np.argsort(-share, kind="stable")
    kept = kept[share[kept] >= settings.least]
    answer = Recognition(_renumbered(found.name, kept), _renumbered(found.closed, kept), found.score[:, kept])
    return tuple(names[index] for index in kept), answer


def _renumbered(name: Int[np.ndarray, " l"], kept: Int[np.ndarray, " k"]) -> Int[np.ndarray, " l"]:
    """Labels as indices into those that are kept; -1 for all others."""
    same = name[:, None] == kept
    number: np.ndarray = np.where(same.any(1), same.argmax(1) if len(kept) else -1, -1)
    return number
