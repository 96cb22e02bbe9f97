"""Names on a tree: the best choice of names and cuts, beside all that there are."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meronym.parts.matching import CutSettings, best_names
from meronym.types import PartTree


def tree_of(parent: list[int], area: list[float], seam: list[float], loose: bool = False) -> PartTree:
    leaves = len(area)
    return PartTree(np.arange(leaves), np.array(parent), np.zeros((leaves, 1)), np.array(area), np.array(seam), loose)


def random_tree(rng: np.random.Generator, leaves: int, loose: bool) -> PartTree:
    parent, open_nodes = [-1] * (2 * leaves - 1), list(range(leaves))
    for new in range(leaves, 2 * leaves - 1):
        for _ in range(2):
            parent[open_nodes.pop(rng.integers(len(open_nodes)))] = new
        open_nodes.append(new)
    area = rng.uniform(0.1, 1, leaves)
    seam = np.concatenate([np.zeros(leaves), rng.uniform(0, 2, leaves - 1)])
    return tree_of(parent, (area / area.sum()).tolist(), seam.tolist(), loose)


def energy(tree: PartTree, names: tuple[int, ...], probability: np.ndarray, cuts: CutSettings) -> float:
    """Of a name for every node: what the leaves' names cost, and every child that is called otherwise than its parent."""
    leaves, root = len(tree.area), len(tree.parent) - 1
    cost = np.minimum(-np.log(np.maximum(probability, 1e-300)), cuts.most) * tree.area[:, None]
    total = float(sum(cost[leaf, names[leaf]] for leaf in range(leaves)))
    for node, above in enumerate(tree.parent.tolist()):
        if above >= 0 and names[node] != names[above] and not (tree.loose and above == root):
            total += cuts.cut + cuts.opening * float(tree.seam[above])
    return total


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10_000), leaves=st.integers(2, 4), words=st.integers(1, 3), loose=st.booleans())
def test_no_choice_of_names_and_cuts_is_better(seed: int, leaves: int, words: int, loose: bool) -> None:
    rng = np.random.default_rng(seed)
    tree, cuts = random_tree(rng, leaves, loose), CutSettings(cut=0.1, opening=0.2)
    probability = rng.dirichlet(np.ones(words) * 0.5, leaves)
    found = best_names(tree, probability, cuts)
    inner = range(len(tree.parent) - leaves)
    least = min(energy(tree, names, probability, cuts) for names in product(range(words), repeat=len(tree.parent)))
    own = min(energy(tree, (*found.tolist(), *above), probability, cuts) for above in product(range(words), repeat=len(inner)))
    assert own == pytest.approx(least)


def test_a_border_is_drawn_where_the_sides_differ_by_more_than_it_costs() -> None:
    sure = np.array([[0.9, 0.1], [0.1, 0.9]])
    across = [0.0, 0.0, 1.0]
    assert best_names(tree_of([2, 2, -1], [0.5, 0.5], across), sure, CutSettings(cut=0.0, opening=0.1)).tolist() == [0, 1]
    dear = best_names(tree_of([2, 2, -1], [0.6, 0.4], across), sure, CutSettings(cut=0.0, opening=10.0))
    assert dear.tolist() == [0, 0]


def test_pieces_that_do_not_hang_together_are_named_each_by_itself() -> None:
    sure = np.array([[0.6, 0.4], [0.4, 0.6]])
    dear = CutSettings(cut=100.0)
    assert best_names(tree_of([2, 2, -1], [0.9, 0.1], [0.0, 0.0, 0.0], loose=True), sure, dear).tolist() == [0, 1]
    assert best_names(tree_of([2, 2, -1], [0.9, 0.1], [0.0, 0.0, 0.0]), sure, dear).tolist() == [0, 0]


@given(seed=st.integers(0, 1000))
@settings(max_examples=20, deadline=None)
def test_the_order_of_the_words_does_not_matter(seed: int) -> None:
    rng = np.random.default_rng(seed)
    tree, order = random_tree(rng, 6, bool(rng.random() < 0.5)), rng.permutation(4)
    probability = rng.dirichlet(np.ones(4), 6)
    np.testing.assert_array_equal(order[best_names(tree, probability[:, order])], best_names(tree, probability))


def test_a_tree_of_one_segment_has_its_best_name() -> None:
    assert best_names(tree_of([-1], [1.0], [0.0]), np.array([[0.2, 0.7, 0.1]])).tolist() == [1]
