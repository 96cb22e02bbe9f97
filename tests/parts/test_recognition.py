"""Recognition: a word gets what it names, alone or among others, and only that."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor
from torch.nn import functional

from meronym.parts.recognition import RecognitionSettings, familiarity, guess, looks, meaning, recognise
from meronym.types import FeatureMaps, PartTree, Views, Vocabulary

DIM = 64
THINGS = {
    "chair": ("seat", "backrest", "leg"),
    "person": ("head", "arm/forearm", "arm/hand", "leg/foot"),
    "car": ("roof", "wheel"),
}
ALIKE = {"backrest": "back of a seat", "wheel": "tyre"}
"""Words that mean the same to the stand-in."""
PHRASES = {"seat": "where you sit", "leg": "what it stands on", "roof": "what keeps the rain out"}
"""Another way to say a part, whose direction has nothing to do with that of its name."""
NEAR = {"place to sit": "where you sit", "floor piece": "what it stands on", "rain cover": "what keeps the rain out"}
"""Words in the neighbourhood of a phrase."""


def vector(text: str) -> Tensor:
    seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:4])
    return functional.normalize(torch.randn(DIM, generator=torch.Generator().manual_seed(seed)), dim=0)


def said(word: str, whole: str | None = None) -> Tensor:
    if word in NEAR:
        return functional.normalize(0.7 * vector(NEAR[word]) + 0.4 * vector(word), dim=0)
    own = {other: name for name, other in ALIKE.items()}.get(word, word)
    return functional.normalize(vector(own) + (0.5 * vector("of " + whole) if whole else 0), dim=0)


def vocabulary() -> Vocabulary:
    paths = [(k, path) for k, parts in enumerate(THINGS.values()) for path in parts]
    names = sorted({name for _, path in paths for name in path.split("/")})
    wholes = list(THINGS)
    return Vocabulary(
        tuple(wholes), torch.stack([vector("of " + whole) for whole in wholes]), tuple(path for _, path in paths),
        torch.stack([said(path.split("/")[-1], wholes[k]) for k, path in paths]), torch.tensor([k for k, _ in paths]),
        tuple(names), torch.stack([said(name) for name in names]), torch.stack([said(phrase) for phrase in PHRASES.values()]),
        torch.tensor([(part, list(PHRASES).index(path)) for part, (_, path) in enumerate(paths) if path in PHRASES]),
    )  # fmt: skip


class Words:
    """A teacher whose embedding of a word is a random direction, and of a patch that of its part's name."""

    sharpness, none, vocabulary = 15.0, 0.0, vocabulary()

    def embed_views(self, views: Views) -> FeatureMaps:
        raise NotImplementedError

    def embed(self, prompts: Sequence[str], category: str | None) -> Tensor:
        return torch.stack([said(prompt, category) for prompt in prompts])


TEACHER = Words()


def thing(whole: str, *parts: str) -> PartTree:
    """A tree with one loose segment for each of these parts of a thing."""
    leaves = len(parts)
    features = torch.stack([functional.normalize(said(part, whole) + 0.3 * vector("of " + whole), dim=0) for part in parts])
    parent = np.append(np.full(leaves, leaves), -1)
    area, seam = np.full(leaves, 1 / leaves), np.zeros(leaves + 1)
    return PartTree(np.arange(leaves), parent, features.double().numpy(), area, seam, True)


CHAIR = thing("chair", "seat", "backrest", "leg", "leg")


@pytest.mark.parametrize("category", ["chair", None, "armchair"])
@pytest.mark.parametrize(("word", "own"), [("seat", [0]), ("backrest", [1]), ("leg", [2, 3])])
def test_a_word_alone_takes_what_it_names_and_only_that(word: str, own: list[int], category: str | None) -> None:
    found = recognise(CHAIR, TEACHER, [word], category)
    assert np.flatnonzero(found.name == 0).tolist() == own
    assert (found.closed == 0).all()


@pytest.mark.parametrize("word", ["wheel", "roof", "hand"])
def test_a_word_that_is_not_there_takes_nothing_alone_or_among_others(word: str) -> None:
    assert (recognise(CHAIR, TEACHER, [word], "chair").name == -1).all()
    among = recognise(CHAIR, TEACHER, ["seat", word, "leg"], "chair")
    assert among.name.tolist() == [0, -1, 2, 2]


def test_another_way_to_say_a_part_is_recognised() -> None:
    assert recognise(CHAIR, TEACHER, ["back of a seat"], "chair").name.tolist() == [-1, 0, -1, -1]


@pytest.mark.parametrize("words", [("where you sit", "what it stands on"), ("place to sit", "floor piece")])
def test_a_way_to_say_a_part_or_words_near_it_stand_for_the_part(words: tuple[str, ...]) -> None:
    for word, own in zip(words, (0, 2), strict=True):
        alone = recognise(CHAIR, TEACHER, [word], "chair").name
        assert np.flatnonzero(alone == 0).tolist() == [k for k in range(4) if min(k, 2) == own]
    assert recognise(CHAIR, TEACHER, [*words], "chair").name.tolist() == [0, -1, 1, 1]
    assert (recognise(CHAIR, TEACHER, ["rain cover"], "chair").name == -1).all()


def test_words_without_a_name_are_matched_one_to_one() -> None:
    chair = torch.tensor([0])
    both = TEACHER.embed(["place to sit", "where you sit"], None)
    found = meaning(TEACHER.vocabulary, both, torch.tensor([1.0, 0, 0]), chair)
    assert found.word.tolist() == [1, -1, -1], "the second says it exactly, and for the first no part is left"
    named = TEACHER.embed(["wheel", "place to sit"], None)
    assert meaning(TEACHER.vocabulary, named, torch.tensor([1.0, 0, 0]), chair).word.tolist() == [1, -1, -1]


def test_a_coarse_word_takes_the_parts_of_its_part() -> None:
    person = thing("person", "head", "forearm", "hand", "foot")
    assert recognise(person, TEACHER, ["arm"], "person").name.tolist() == [-1, 0, 0, -1]
    assert recognise(person, TEACHER, ["arm", "hand"], "person").name.tolist() == [-1, 0, 1, -1]


@pytest.mark.parametrize("category", ["chair", None])
def test_a_word_for_the_thing_itself_takes_what_no_other_word_means(category: str | None) -> None:
    assert (recognise(CHAIR, TEACHER, ["of chair"], category).name == 0).all()
    assert recognise(CHAIR, TEACHER, ["leg", "of chair", "wheel"], category).name.tolist() == [1, 1, 0, 0]
    assert recognise(CHAIR, TEACHER, ["leg", "of chair"], category).closed.tolist() == [1, 1, 0, 0]


def test_no_part_of_another_thing_is_weighed_against_the_word_for_what_it_is() -> None:
    """A chair with a wheel, which no chair is known to have: of the car that it may be, unless it is known to be a chair."""
    features = torch.from_numpy(CHAIR.features).clone()
    features[3] = functional.normalize(said("wheel", "car") + 0.3 * vector("of car"), dim=0).double()
    odd = replace(CHAIR, features=features.numpy())
    loose = RecognitionSettings(least=0.0)
    assert recognise(odd, TEACHER, ["of chair"], None, replace(loose, certain=2.0)).name.tolist() == [0, 0, 0, -1]
    assert recognise(odd, TEACHER, ["of chair"], None, loose).name.tolist() == [0, 0, 0, 0]
    assert recognise(odd, TEACHER, ["of chair", "wheel"], None, loose).name.tolist() == [0, 0, 0, 1]


def test_a_word_for_another_thing_takes_only_what_looks_like_that() -> None:
    for word in ("of car", "of person"):
        assert (recognise(CHAIR, TEACHER, [word], "chair").name == -1).all()
    features = torch.cat([torch.from_numpy(CHAIR.features), vector("of car")[None].double()])
    laden = replace(thing("chair", "seat", "backrest", "leg", "leg", "seat"), features=features.numpy())
    assert recognise(laden, TEACHER, ["of car"], "of chair").name.tolist() == [-1, -1, -1, -1, 0]
    assert recognise(laden, TEACHER, ["of car", "of chair"], "of chair").name.tolist() == [1, 1, 1, 1, 0]


def test_the_thing_is_told_by_pictures_words_and_category() -> None:
    features, area = torch.from_numpy(CHAIR.features).float(), torch.from_numpy(CHAIR.area).float()
    none, known = torch.empty(0, DIM), TEACHER.vocabulary
    seen, blank = (looks(known, shown, area, TEACHER.sharpness) for shown in (features, torch.zeros_like(features)))
    assert int(guess(known, seen, none, None).argmax()) == 0
    words = TEACHER.embed(["head", "arm"], None)
    assert int(guess(known, blank, words, None).argmax()) == 1
    assert int(guess(known, blank, none, vector("of car")[None]).argmax()) == 2
    assert guess(known, seen, words, None).sum() == pytest.approx(1)


def test_known_parts_are_of_the_word_that_means_them_most() -> None:
    wholes = torch.arange(3)
    found = meaning(TEACHER.vocabulary, TEACHER.embed(["leg", "arm", "hand"], None), torch.tensor([0.5, 0.3, 0.2]), wholes)
    expected = {"leg": 0, "leg/foot": 0, "arm/forearm": 1}
    paths = [TEACHER.vocabulary.parts[part] for part in found.part.tolist()]
    for path, word in zip(paths, found.word.tolist(), strict=True):
        assert word == expected.get(path, -1) or (path == "arm/hand" and word in (1, 2))
    assert set(paths) == set(TEACHER.vocabulary.parts)
    assert found.rarity[paths.index("seat")] == 0 > found.rarity[paths.index("roof")]


def test_strange_words_are_said_to_be_so_and_name_nothing() -> None:
    prompts = ["leg", "flux capacitor", "腿"]
    told = familiarity(TEACHER.vocabulary, prompts, TEACHER.embed(prompts, None))
    assert [word.known for word in told] == [True, False, False]
    way = familiarity(TEACHER.vocabulary, ["place to sit"], TEACHER.embed(["place to sit"], None))[0]
    assert way.known
    assert 0.7 < way.familiarity < 0.95
    assert told[0].nearest[0] == "leg" and told[0].familiarity == pytest.approx(1, abs=1e-5)  # noqa: PT018
    found = recognise(CHAIR, TEACHER, prompts, "chair")
    assert set(found.name.tolist()) == {0, -1}
    assert np.flatnonzero(found.name == 0).tolist() == [2, 3]


@settings(max_examples=20, deadline=None)
@given(order=st.permutations(range(4)))
def test_the_order_of_words_does_not_matter(order: list[int]) -> None:
    words = ["seat", "leg", "wheel", "backrest"]
    plain, mixed = (recognise(CHAIR, TEACHER, given, "chair") for given in (words, [words[k] for k in order]))
    np.testing.assert_array_equal(np.where(mixed.name < 0, -1, np.array(order)[mixed.name]), plain.name)
    np.testing.assert_allclose(mixed.score, plain.score[:, order], atol=1e-6)
    assert plain.score.min() >= 0
    assert plain.score.sum(1).max() <= 1 + 1e-6
