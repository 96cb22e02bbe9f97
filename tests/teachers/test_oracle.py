"""The oracle as a detector: faultless, it draws what there is; with faults, as many as were asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from meronym.errors import InputError
from meronym.lifting import voting
from meronym.protocols import Teacher
from meronym.teachers.checked import check_answer
from meronym.teachers.oracle import OracleDetector
from meronym.testing import check_teacher
from meronym.types import Cameras, Regions, Views

PROMPTS = ("seat", "back", "leg", "arm")
LABEL = torch.arange(5) % 5 - 1
"""Element 0 is no part; 1 to 4 are the prompts in turn."""


def mosaics(count: int, size: int = 64, cell: int = 8, elements: int = 5) -> Views:
    """Pictures of random squares, each an element or (the lower right corner too) nothing."""
    generator = torch.Generator().manual_seed(0)
    square = torch.randint(-1, elements, (count, size // cell, size // cell), generator=generator, dtype=torch.int32)
    square[:, -1, -1] = -1
    element = square.repeat_interleave(cell, 1).repeat_interleave(cell, 2)
    cameras = Cameras(torch.eye(4).repeat(count, 1, 1), torch.eye(3).repeat(count, 1, 1), size, size)
    depth = torch.where(element >= 0, 1.0, torch.inf)
    return Views(cameras, torch.zeros(count, size, size, 3), depth, element)


VIEWS = mosaics(40)


def find(views: Views = VIEWS, prompts: Sequence[str] = PROMPTS, label: Tensor = LABEL, **faults: float) -> Regions:
    return OracleDetector(label, **faults)(views, prompts)  # type: ignore[arg-type]


def rows(regions: Regions) -> list[tuple[float, ...]]:
    """Regions that can be compared, whatever their order."""
    columns = [regions.view, regions.prompt, regions.score, *regions.box.T]
    return sorted(zip(*(column.tolist() for column in columns), strict=True))


# ----------------------------------------------------------------------------------------------------------- faultless


def slow_pieces(picture: np.ndarray, value: int) -> list[set[tuple[int, int]]]:
    """Pixels of a value, those that share an edge together."""
    left = {(int(y), int(x)) for y, x in zip(*np.nonzero(picture == value), strict=True)}
    pieces = []
    while left:
        edge = [left.pop()]
        piece = set(edge)
        while edge:
            y, x = edge.pop()
            for near in {(y + 1, x), (y - 1, x), (y, x + 1), (y, x - 1)} & left:
                left.remove(near)
                edge.append(near)
                piece.add(near)
        pieces.append(piece)
    return pieces


def test_without_faults_it_finds_each_piece_of_each_part() -> None:
    views = mosaics(3)
    expected, covered = [], []
    for view, element in enumerate(views.element.numpy()):
        shown = np.where(element >= 0, LABEL.numpy()[element], -1)
        for prompt in range(len(PROMPTS)):
            for piece in slow_pieces(shown, prompt):
                y, x = np.array(sorted(piece)).T
                expected.append((view, prompt, pytest.approx(0.9), x.min(), y.min(), x.max() + 1, y.max() + 1))
                covered.append((view, prompt, frozenset(piece)))
    assert len(expected) > 50
    assert rows(find(views)) == sorted(expected, key=lambda row: (*row[:2], *row[3:]))
    masks = find(views, boxes=False)
    assert masks.mask is not None
    found = [frozenset((int(y), int(x)) for y, x in mask.nonzero().tolist()) for mask in masks.mask]
    assert set(zip(masks.view.tolist(), masks.prompt.tolist(), found, strict=True)) == set(covered)
    torch.testing.assert_close(masks.box, find(views).box)


def test_specks_are_not_found() -> None:
    views = mosaics(1)
    element = torch.zeros_like(views.element)
    element[0, 10:12, 10:14], element[0, 40, 40] = 1, 2
    assert 1 / element.numel() < voting.DEFAULT.speck < 8 / element.numel()
    assert find(replace(views, element=element)).prompt.tolist() == [0]


@pytest.mark.parametrize("boxes", [True, False], ids=["boxes", "masks"])
def test_nothing_shown_nothing_found(boxes: bool) -> None:
    views = mosaics(2)
    empty = replace(views, element=torch.full_like(views.element, -1))
    regions = find(empty, boxes=boxes, drop=0.5)
    check_answer(regions, empty, len(PROMPTS), "OracleDetector")
    assert len(regions.view) == 0


# --------------------------------------------------------------------------------------------------------------- faults


def test_shares_are_about_those_asked_for() -> None:
    whole = find()
    count = len(whole.view)
    assert count > 1000
    assert 1 - len(find(drop=0.3).view) / count == pytest.approx(0.3, abs=0.04)
    renamed = find(rename=0.4).prompt
    assert float((renamed != whole.prompt).float().mean()) == pytest.approx(0.4, abs=0.04)
    turn = (renamed - whole.prompt)[renamed != whole.prompt] % len(PROMPTS)
    assert (turn.bincount(minlength=4)[1:] / len(turn)).tolist() == pytest.approx([1 / 3] * 3, abs=0.06), "none is preferred"


def test_hidden_views_show_nothing_and_the_others_all() -> None:
    views = mosaics(300, 16)
    whole, some = find(views), find(views, hide=0.3)
    left = some.view.unique()
    assert 1 - len(left) / len(whole.view.unique()) == pytest.approx(0.3, abs=0.08)
    assert rows(some) == [row for row in rows(whole) if row[0] in left]


def test_ragged_boxes_stray_as_far_as_was_asked_and_stay_in_the_picture() -> None:
    whole, ragged = find(), find(ragged=0.25)
    size = (whole.box[:, 2:] - whole.box[:, :2]).repeat(1, 2)
    moved = (ragged.box - whole.box) / size
    inner = (whole.box > 8).all(1) & (whole.box < 56).all(1)  # too far from the border to be cut there
    assert inner.sum() > 100
    assert 0.24 < moved.abs().max() <= 0.25 + 1e-5
    assert moved[inner].abs().mean(0).tolist() == pytest.approx([0.125] * 4, abs=0.02)
    assert moved[inner].mean(0).tolist() == pytest.approx([0.0] * 4, abs=0.03)
    assert ragged.box.min() == 0
    assert ragged.box.max() == 64


def test_more_of_one_fault_leaves_the_others_where_they_are() -> None:
    few, many = (rows(find(drop=drop, rename=0.5, ragged=0.2)) for drop in (0.2, 0.7))
    assert set(many) < set(few)


# ------------------------------------------------------------------------------------------------- what changes nothing

SHARES = st.sampled_from([0.0, 0.3, 0.5])


@settings(max_examples=8, deadline=None, derandomize=True)
@given(drop=SHARES, rename=SHARES, ragged=SHARES, hide=SHARES, seed=st.integers(0, 3), turn=st.permutations(range(4)))
def test_it_always_says_the_same(drop: float, rename: float, ragged: float, hide: float, seed: int, turn: list[int]) -> None:
    """Whatever the order of prompts and views; the label counts in that order, as the prompts do."""
    views, faults = mosaics(4), {"drop": drop, "rename": rename, "ragged": ragged, "hide": hide, "seed": seed}
    first = find(views, **faults)
    check_answer(first, views, len(PROMPTS), "OracleDetector")
    assert rows(find(views, **faults)) == rows(first)
    label = torch.tensor([-1, *(turn.index(i) for i in range(4))])
    other = find(views, [PROMPTS[i] for i in turn], label, **faults)
    assert rows(replace(other, prompt=torch.tensor(turn)[other.prompt])) == rows(first)
    back = find(replace(views, element=views.element.flip(0)), **faults)
    assert rows(replace(back, view=3 - back.view)) == rows(first)


def test_another_seed_makes_other_faults() -> None:
    assert rows(find(drop=0.5, seed=1)) != rows(find(drop=0.5, seed=2))
    assert rows(find(seed=1)) == rows(find(seed=2))


def test_one_prompt_has_no_other_name() -> None:
    assert find(prompts=["seat"], label=torch.tensor([-1, 0, -1, -1, -1]), rename=1.0).prompt.unique().tolist() == [0]


# ---------------------------------------------------------------------------------------------------------- as a teacher


class Named:
    """A detector that goes by the names of the parts, whatever their order, with all faults at once."""

    def __init__(self, label: Tensor, names: Sequence[str]) -> None:
        self.label, self.names = label, names

    def __call__(self, views: Views, prompts: Sequence[str], category: str | None = None) -> Regions:
        asked = torch.tensor([prompts.index(name) if name in prompts else -1 for name in self.names])
        return OracleDetector(asked[self.label], drop=0.2, rename=0.5, ragged=0.3, hide=0.2)(views, prompts)

    def describe(self) -> dict[str, str]:
        return {"name": "named"}


def test_it_passes_as_a_teacher_faults_and_all() -> None:
    from meronym.testing import labelled_shape

    _, part, names = labelled_shape("chair")
    check_teacher(Named(torch.from_numpy(part), names))


def test_it_says_plainly_that_it_knows_the_labels() -> None:
    detector = OracleDetector(LABEL, drop=0.1, rename=0.2, ragged=0.3, hide=0.4, seed=5)
    assert isinstance(detector, Teacher)
    faults = {"drop": 0.1, "rename": 0.2, "ragged": 0.3, "hide": 0.4}
    assert detector.describe() == {
        "name": "oracle detector",
        "uses_labels": True,
        **faults,
        "boxes": True,
        "score": 0.9,
        "seed": 5,
    }


@pytest.mark.parametrize(
    ("faults", "message"),
    [
        ({"drop": 1.1}, r"drop: expected a share of 0\.\.1, got 1\.1"),
        ({"rename": -0.1}, r"rename: expected a share of 0\.\.1, got -0\.1"),
        ({"hide": float("nan")}, r"hide: expected a share of 0\.\.1, got nan"),
        ({"ragged": 0.6}, r"ragged: expected a share of 0\.\.0\.5, got 0\.6"),
        ({"ragged": 0.2, "boxes": False}, r"ragged: masks have no edges to move, got 0\.2\. Leave it at 0"),
    ],
)
def test_shares_out_of_range_are_refused(faults: dict[str, float], message: str) -> None:
    with pytest.raises(InputError, match=message):
        find(**faults)
