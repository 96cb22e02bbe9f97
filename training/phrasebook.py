"""Random ways to name parts and wholes, with their sentence embeddings.

The words are those of the generator's kinds (names and synonyms) and of `phrases/`: for each kind and part, other names and
descriptions by function, place and look, written from common knowledge.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Protocol

import numpy as np
import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from meronym.teachers.builtin import FORMS_WITH_CATEGORY
from meronym_synthetic.kinds import KINDS
from training.surroundings import WORDS

PHRASES = Path(__file__).with_name("phrases")
Key = tuple[str, str]
"""Kind and part path: ("person", "arm/forearm")."""
Texts = Mapping[Key, tuple[str, ...]]
"""(Kind, part name) -> ways to say it."""


class Encoder(Protocol):
    """Unit vectors [p d] of phrases."""

    def __call__(self, phrases: Sequence[str]) -> Tensor: ...


@cache
def read_phrases() -> tuple[Texts, Texts]:
    """Other names, and descriptions, of each part of each kind; the kind's own entry goes before that of its file."""
    names: dict[Key, tuple[str, ...]] = {}
    descriptions: dict[Key, tuple[str, ...]] = {}
    for file in sorted(PHRASES.glob("*.json")):
        book = json.loads(file.read_text(encoding="utf-8"))
        shared = book.get("*", {})
        for kind, made in KINDS.items():
            if made.make.__module__.rsplit(".", 1)[-1] == file.stem:
                for part, entry in (shared | book.get(kind, {})).items():
                    names[kind, part], descriptions[kind, part] = tuple(entry["names"]), tuple(entry["descriptions"])
    return names, descriptions


def synonyms() -> Texts:
    """All other names of every part: the generator's and those of `phrases/`."""
    written = read_phrases()[0]
    own = {(kind, part): words for kind, made in KINDS.items() for part, words in made.synonyms.items()}
    return {key: tuple(dict.fromkeys((*own.get(key, ()), *written.get(key, ())))) for key in own | dict(written)}


class Phrasebook:
    """Draws phrases, and embeds every phrase once."""

    def __init__(self, encoder: Encoder, names: Texts | None = None, descriptions: Texts | None = None) -> None:
        self.encoder = encoder
        self.names = synonyms() if names is None else names
        self.descriptions = read_phrases()[1] if descriptions is None else descriptions
        self.known: dict[str, Tensor] = {}

    def embed(self, phrases: Sequence[str]) -> Float[Tensor, "p d"]:
        """Unit vectors of phrases."""
        new = sorted({phrase for phrase in phrases if phrase not in self.known}, key=lambda phrase: (len(phrase), phrase))
        for start in range(0, len(new), 256):
            chunk = new[start : start + 256]
            self.known.update(zip(chunk, self.encoder(chunk).clone(), strict=True))
        return torch.stack([self.known[phrase] for phrase in phrases])

    def draw(self, keys: Sequence[Key], rng: np.random.Generator) -> list[str]:
        """One phrase for each key; within a kind no two parts share a phrase unless they are one part at this level."""
        phrases: list[str] = [""] * len(keys)
        by_kind: dict[str, list[int]] = {}
        for index, (kind, _) in enumerate(keys):
            by_kind.setdefault(kind, []).append(index)
        for kind, members in by_kind.items():
            coarse, plain = rng.random() < 0.25, rng.random() < 0.35
            whole = str(rng.choice(KINDS[kind].names)) if rng.random() < 0.5 else KINDS[kind].names[0]
            form = "{p}" if plain else str(rng.choice(FORMS_WITH_CATEGORY))
            names = [keys[i][1].split("/")[0 if coarse else -1] for i in members]
            taken = set(names)
            for name in sorted(set(names)):
                phrase = self._phrase(kind, name, form, whole, taken, rng)
                for i, own in zip(members, names, strict=True):
                    if own == name:
                        phrases[i] = phrase
        return phrases

    def _phrase(self, kind: str, name: str, form: str, whole: str, taken: set[str], rng: np.random.Generator) -> str:
        """The name itself, another one, or a description, which stands alone."""
        draw = rng.random()
        if draw < 0.15 and (told := self.descriptions.get((kind, name))):
            return str(rng.choice(told))
        others = [word for word in self.names.get((kind, name), ()) if word not in taken] if draw < 0.6 else []
        word = str(rng.choice(others)) if others else name
        taken.add(word)
        return form.format(p=word, c=whole)


@dataclass(frozen=True, eq=False)
class Bank:
    """One draw of the phrasebook, ready for the loss."""

    part: Float[Tensor, "q d"]
    """Embeddings of the distinct (kind, phrase) pairs."""
    entry: Int[Tensor, " keys"]
    """Row of part."""
    kind: Int[Tensor, " q"]
    """Of each row."""
    rival: Bool[Tensor, "kinds q"]
    """Rows of other families, phrased with their whole, so that they can be told apart."""
    whole: Float[Tensor, "wholes d"]
    """Embeddings of the kinds, then of the surroundings."""


def make_bank(book: Phrasebook, keys: Sequence[Key], kinds: Sequence[str], rng: np.random.Generator) -> Bank:
    """Draw phrases for all parts and wholes."""
    phrases = book.draw(keys, rng)
    rows: dict[tuple[str, str], int] = {}
    entry = [rows.setdefault((kind, phrase), len(rows)) for (kind, _), phrase in zip(keys, phrases, strict=True)]
    families = [KINDS[kind].family for kind in kinds]
    row_family = [KINDS[kind].family for kind, _ in rows]
    named = [any(name in phrase for name in KINDS[kind].names) for kind, phrase in rows]
    rival = [[n and f != family for f, n in zip(row_family, named, strict=True)] for family in families]
    number = {kind: index for index, kind in enumerate(kinds)}
    wholes = [str(rng.choice(KINDS[kind].names)) for kind in kinds]
    wholes += [str(rng.choice((name, name, *others))) for name, others in WORDS.items()]
    wholes = [whole if rng.random() < 0.6 else f"a {whole}" for whole in wholes]
    return Bank(
        book.embed([phrase for _, phrase in rows]),
        torch.tensor(entry),
        torch.tensor([number[kind] for kind, _ in rows]),
        torch.tensor(rival),
        book.embed(wholes),
    )
