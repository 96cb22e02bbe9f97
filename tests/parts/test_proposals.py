"""Proposals: what it is, and which of its known parts are there, without words."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from fakes import Painted

from meronym.errors import PluginError
from meronym.parts.proposals import ProposalSettings, known_parts, likely_wholes, recognised_parts
from meronym.types import PartTree


def tree(*shares: float) -> PartTree:
    """Segments that look like the seat and the leg of a stool, of so much area, each a piece of its own."""
    count = len(shares)
    parent = np.append(np.full(count, count), -1)
    return PartTree(
        np.arange(count), parent, Painted().vocabulary.part[:count].numpy(), np.array(shares), np.zeros(count + 1), True
    )


def test_a_stool_looks_like_one_and_has_its_parts() -> None:
    teacher = Painted()
    wholes = likely_wholes(tree(0.3, 0.7), teacher)
    assert wholes[0][0] == "stool"
    assert wholes[0][1] > 0.9
    names, found = recognised_parts(tree(0.3, 0.7), teacher, "stool")
    assert names == ("leg", "seat"), "the largest first"
    assert found.name.tolist() == [1, 0]
    assert found.score.shape == (2, 2)


def test_a_part_without_surface_to_speak_of_is_not_there() -> None:
    names, found = recognised_parts(tree(0.003, 0.997), Painted(), "stool")
    assert names == ("leg",)
    assert found.name.tolist() == [-1, 0]
    assert recognised_parts(tree(0.003, 0.997), Painted(), "stool", settings=ProposalSettings(least=0))[0] == ("leg", "seat")


def test_the_category_counts_beside_the_pictures() -> None:
    free, told = (dict(likely_wholes(tree(0.3, 0.7), Painted(), category)) for category in (None, "mug"))
    assert told["stool"] < free["stool"] - 0.01


def test_things_of_which_no_part_is_known_are_passed_over() -> None:
    teacher = Painted()
    only_mugs = replace(
        teacher.vocabulary, parts=("handle",), part=teacher.vocabulary.part[2:], whole_of_part=torch.tensor([1])
    )
    teacher.vocabulary = only_mugs
    assert [name for name, _ in likely_wholes(tree(0.3, 0.7), teacher)] == ["mug"]
    teacher.vocabulary = replace(only_mugs, parts=(), part=only_mugs.part[:0], whole_of_part=torch.zeros(0, dtype=torch.long))
    with pytest.raises(PluginError, match=r"vocabulary has no parts.* Use builtin"):
        likely_wholes(tree(0.3, 0.7), teacher)


def test_names_are_the_coarse_ones() -> None:
    words = replace(Painted().vocabulary, parts=("seat/cushion", "seat/frame", "handle"))
    assert known_parts(words, "stool") == ("seat",)
