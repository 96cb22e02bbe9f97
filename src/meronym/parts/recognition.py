"""Which words name which segments of a part tree: recognised beside everything else that could be there, not ranked.

A word is weighed against the parts that such a thing is known to have, offered silently (contrast). Which thing it is, is told
by the given category, by the words themselves and by the pictures. What is likelier one of those parts, or nothing known, has
none of the words. A known part that a word means, or whose coarser part it means, speaks for the word: it is called so, or one
of the ways to say it is. Words that the teacher knows by no name are matched one to one with the parts that are left. A word
for the thing itself takes what no other word means; a word for another thing takes only places that look more like it than like
any other thing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import torch
from jaxtyping import Bool, Float, Int
from scipy.optimize import linear_sum_assignment
from torch import Tensor
from torch.nn import functional

from meronym.parts.matching import CutSettings, best_names
from meronym.protocols import EmbeddingTeacher
from meronym.types import PartTree, Vocabulary


@dataclass(frozen=True)
class RecognitionSettings:
    """How words are weighed."""

    wholes: int = 3
    """Known things, at the most, whose parts are offered silently."""
    least: float = 0.08
    """They are at least this likely, next to the likeliest."""
    by_words: float = 8.0
    """Weight of the mean likeness (cosine) of the words and a thing's parts in the guess of what it is, in nats."""
    by_thing: float = 0.8
    """The same of words and a thing's own name, next to that of words and parts."""
    certain: float = 0.2
    """Probability, by all else that is known, that the thing is what a word says, from which on no silent part is weighed
    against that word."""
    by_category: float = 12.0
    """Weight of the likeness of the given category and a thing's name."""
    strange: float = 0.5
    """A category less like a name than this says nothing."""
    same: float = 0.85
    """Likeness to its name, or to a way to say it, from which on a word means a known part."""
    nearly: float = 0.5
    """A word that means no known part stands for one that no other word means, if it is this like it."""
    margin: float = 0.02
    """By how much less like it other parts may be for which it stands too."""
    balance: float = 0.5
    """Share of a word's mean logit over the shape that is taken back: a word that suits all of it names no part of it."""
    nothing: float = -3.0
    """Logit, balanced, of nothing known: what no word and no known part reaches has no name."""
    familiar: float = 0.5
    """Likeness to the nearest known name below which a word is not known, and names nothing."""
    told: float = 0.7
    """Likeness to a way to say a part from which on a word is known all the same."""
    stretched: float = 10.0
    """Factor of a word's cosines in a scene, stretched over it to 0..1, that makes logits of them (3D-OVS, section 3.3: over
    each photo)."""
    other: float = 0.6
    """Likeness to a word below which a known thing is another one, against which places are weighed."""


DEFAULT = RecognitionSettings()


@dataclass(frozen=True, eq=False)
class Recognition:
    """The answer for the finest segments."""

    name: Int[np.ndarray, " l"]
    """Index into the words; -1 = none of them."""
    closed: Int[np.ndarray, " l"]
    """The best word if one of them must be right."""
    score: Float[np.ndarray, "l p"]
    """0..1; a row sums to at most 1."""


@dataclass(frozen=True)
class Word:
    """How well a word is known."""

    familiarity: float
    """Cosine with the nearest name that the teacher knows, or way to say it; at most 1."""
    nearest: tuple[str, ...]
    """The nearest names, nearest first."""
    known: bool


def recognise(
    tree: PartTree,
    teacher: EmbeddingTeacher,
    prompts: Sequence[str],
    category: str | None = None,
    settings: RecognitionSettings = DEFAULT,
    cuts: CutSettings | None = None,
) -> Recognition:
    """Names for the segments of a tree whose features are embeddings of the teacher."""
    words, features, area = teacher.vocabulary, tensor(tree.features), tensor(tree.area)
    plain, count = teacher.embed(prompts, None).cpu(), len(prompts)
    called = None if category is None else teacher.embed([category], None).cpu()
    seen = looks(words, features, area, teacher.sharpness)
    chance = guess(words, seen, plain, called, settings)
    order = chance.argsort(descending=True)[: settings.wholes]
    order = order[chance[order] >= settings.least * chance[order[0]]]
    share = chance[order] / chance[order].sum()
    said = [teacher.embed(prompts, words.wholes[int(k)]).cpu() * part for k, part in zip(order, share, strict=True)]
    text = functional.normalize(torch.stack(said).sum(0), dim=-1)
    if called is not None:
        trust = (((called @ words.whole.T).max() - settings.strange) / (1 - settings.strange)).clamp(0, 1)
        text = functional.normalize(text + trust * teacher.embed(prompts, category).cpu(), dim=-1)
    offered = meaning(words, plain, chance, order, settings)
    logits = _logits(words, features, teacher.sharpness, text, offered)
    logits = logits - settings.balance * (area @ logits)
    known = torch.tensor([word.known for word in familiarity(words, prompts, plain, settings)])
    closed = best_names(tree, logits[:, :count].softmax(1).numpy(), cuts or CutSettings())
    logits[:, :count][:, ~known] = -torch.inf
    logits[:, :count][_another_thing(words, features, plain, offered, settings)] = -torch.inf
    silent = functional.pad(logits[:, count:], (0, 1), value=-torch.inf).amax(1, keepdim=True)
    for index in offered.of_whole.nonzero()[:, 0].tolist():
        others = torch.arange(count) != index
        told = guess(words, seen, plain[others], called, settings)
        if told[plain[index] @ words.whole.T >= settings.other].sum() >= settings.certain:
            logits[:, index] = torch.maximum(logits[:, index], silent[:, 0])
    rest = silent.clamp_min(settings.nothing)
    free = torch.cat([logits[:, :count], rest], 1).softmax(1).numpy()
    named = best_names(tree, free, cuts or CutSettings())
    return Recognition(np.where(named == count, -1, named), closed, free[:, :count])


@dataclass(frozen=True, eq=False)
class Offered:
    """Known parts that are weighed beside the words."""

    part: Int[Tensor, " m"]
    """Index into the vocabulary's parts."""
    word: Int[Tensor, " m"]
    """The word that means it, or a coarser part that it belongs to; -1 = none."""
    rarity: Float[Tensor, " m"]
    """Logit that it loses because its whole is not the likeliest."""
    of_whole: Bool[Tensor, " p"]
    """The words for the thing itself."""


def _logits(
    words: Vocabulary, features: Float[Tensor, "l d"], sharpness: float, text: Float[Tensor, "p d"], offered: Offered
) -> Float[Tensor, "l q"]:
    """Of the words, each as high as that of a part that it means; then of the parts that no word means."""
    logit = features @ text.T * sharpness
    parts = features @ words.part[offered.part].T * sharpness + offered.rarity
    for index in range(len(text)):
        if (own := offered.word == index).any():
            logit[:, index] = torch.maximum(logit[:, index], parts[:, own].amax(1))
    return torch.cat([logit, parts[:, offered.word < 0]], 1)


def looks(
    words: Vocabulary, features: Float[Tensor, "l d"], area: Float[Tensor, " l"], sharpness: float
) -> Float[Tensor, " k"]:
    """How much of the surface looks like each of the known things, as a logarithm."""
    return (area @ (features @ words.whole.T * sharpness).softmax(1)).clamp_min(1e-4).log()


def guess(
    words: Vocabulary,
    seen: Float[Tensor, " k"],
    prompts: Float[Tensor, "p d"],
    category: Float[Tensor, "1 d"] | None,
    settings: RecognitionSettings = DEFAULT,
) -> Float[Tensor, " k"]:
    """How likely the shape is each of the known things, by its `looks`, its category and the words asked for, if any."""
    fit = torch.full((len(prompts), len(words.wholes)), -1.0)
    names = prompts @ words.name.T
    own = names[:, words.names_of_part].amax(2)
    fit = fit.scatter_reduce(1, words.whole_of_part.expand(len(prompts), -1), own, "amax")
    fit = torch.maximum(fit, settings.by_thing * (prompts @ words.whole.T))
    total = seen + settings.by_words * fit.sum(0) / max(len(prompts), 1)
    if category is not None:
        total = total + settings.by_category * (category @ words.whole.T)[0].clamp_min(settings.strange)
    return total.softmax(0)


def meaning(
    words: Vocabulary,
    prompts: Float[Tensor, "p d"],
    chance: Float[Tensor, " k"],
    wholes: Int[Tensor, " w"],
    settings: RecognitionSettings = DEFAULT,
) -> Offered:
    """The parts of `wholes`, which are sorted likeliest first, and which word means each of them."""
    part = torch.isin(words.whole_of_part, wholes).nonzero()[:, 0]
    names = prompts @ words.name.T
    named = names[:, words.names_of_part[part]].amax(2)
    told = _told(words, prompts, part, named)
    word = _meant(named, settings.same)
    met = torch.isin(torch.arange(len(prompts)), word)
    word = torch.where(word < 0, _meant(told.masked_fill(met[:, None], -1.0), settings.same), word)
    met = torch.isin(torch.arange(len(prompts)), word)
    strange = torch.cat([names, prompts @ words.whole.T], 1).amax(1) < settings.same
    near = torch.where(strange[:, None], told, named).masked_fill(met[:, None] | (word >= 0), -1.0)
    leaf, group = words.names_of_part[part][:, -1].unique(return_inverse=True)
    best = near.new_full((len(prompts), len(leaf)), -1.0).scatter_reduce(1, group.expand(len(prompts), -1), near, "amax")
    for index, column in zip(*linear_sum_assignment(best.numpy(), maximize=True), strict=True):
        if (reached := best[index, column]) >= settings.nearly:
            alike = (near[index] >= reached - settings.margin) & (near[index] == near.amax(0))
            word[(word < 0) & (alike | (group == column))] = int(index)
    things = prompts @ words.whole[wholes].T
    of_whole = things[:, 0] >= functional.pad(named, (0, 1), value=settings.other).amax(1)
    for index in of_whole.nonzero()[:, 0].tolist():
        word[(word < 0) & torch.isin(words.whole_of_part[part], wholes[things[index] >= settings.other])] = index
    rarity = (chance[words.whole_of_part[part]] / chance[wholes[0]]).log() / 2
    return Offered(part, word, rarity, of_whole)


def _another_thing(
    words: Vocabulary,
    features: Float[Tensor, "l d"],
    prompts: Float[Tensor, "p d"],
    offered: Offered,
    settings: RecognitionSettings,
) -> Bool[Tensor, "l p"]:
    """Where a word for a thing that the whole is not, nor any part is called, is less like what is there than others are."""
    things, seen = prompts @ words.whole.T, features @ words.whole.T
    named = (prompts @ words.name.T).amax(1) >= settings.same
    wrong = torch.zeros(len(features), len(prompts), dtype=torch.bool)
    for index in ((things.amax(1) >= settings.same) & ~named & ~offered.of_whole).nonzero()[:, 0].tolist():
        own = seen[:, things[index] >= settings.same].amax(1)
        wrong[:, index] = own < seen.masked_fill(things[index] >= settings.other, -1.0).amax(1)
    return wrong


def _meant(likeness: Float[Tensor, "p m"], least: float) -> Int[Tensor, " m"]:
    """The word that is most like each part, if it is at least so; -1 = none."""
    best, nearest = likeness.max(0)
    return torch.where(best >= least, nearest, -1)


def _told(
    words: Vocabulary, prompts: Float[Tensor, "p d"], part: Int[Tensor, " m"], named: Float[Tensor, "p m"]
) -> Float[Tensor, "p m"]:
    """Likeness of prompts and sorted parts by the ways to say these, where that is larger than `named`, by their names."""
    of, phrase = words.part_of_phrase[torch.isin(words.part_of_phrase[:, 0], part)].T.contiguous()
    column = torch.searchsorted(part, of).expand(len(prompts), -1)
    return named.scatter_reduce(1, column, prompts @ words.phrase[phrase].T, "amax")


def familiarity(
    words: Vocabulary, prompts: Sequence[str], embedded: Float[Tensor, "p d"], settings: RecognitionSettings = DEFAULT
) -> list[Word]:
    """How well each word is known, and the known names that are nearest to it."""
    names = (*words.names, *words.wholes)
    cosine = embedded @ torch.cat([words.name, words.whole]).T
    told = torch.cat([embedded @ words.phrase.T, embedded.new_zeros(len(prompts), 1)], 1).amax(1)
    result = []
    for prompt, row, phrase in zip(prompts, cosine, told.tolist(), strict=True):
        nearest = list(dict.fromkeys(names[int(index)] for index in row.argsort(descending=True)[:8]))[:3]
        best = min(max(float(row.max()), phrase if phrase >= settings.told else 0.0), 1.0)
        readable = any(letter.isascii() and letter.isalpha() for letter in prompt)
        result.append(Word(best, tuple(nearest), readable and best >= settings.familiar))
    return result


def known_words(teacher: EmbeddingTeacher, prompts: Sequence[str]) -> dict[str, dict[str, Any]]:
    """How well the teacher knows each prompt, for the record."""
    found = familiarity(teacher.vocabulary, prompts, teacher.embed(prompts, None).cpu())
    return {
        prompt: {**asdict(word), "familiarity": round(word.familiarity, 4), "nearest": list(word.nearest)}
        for prompt, word in zip(prompts, found, strict=True)
    }


def tensor(array: Float[np.ndarray, "*s"]) -> Float[Tensor, "*s"]:
    """In single precision."""
    return torch.from_numpy(array).float()
