"""Sampling, neighbours and interpolation of batches of points, each beside a slow twin."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from meronym.core import geometry
from meronym.errors import InputError

few = settings(max_examples=15, deadline=None, derandomize=True)
seeds = st.integers(0, 2**16)


def cloud(seed: int, batch: int = 2, count: int = 40) -> Tensor:
    return torch.randn(batch, count, 3, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def squared(a: Tensor, b: Tensor) -> float:
    return sum((x - y) ** 2 for x, y in zip(a.tolist(), b.tolist(), strict=True))


# ------------------------------------------------------------------------------------------- farthest point sampling


def slow_farthest(points: Tensor, count: int) -> list[int]:
    taken = [0]
    while len(taken) < count:
        gap = [min(squared(point, points[t]) for t in taken) for point in points]
        taken.append(gap.index(max(gap)))
    return taken


@few
@given(seeds, st.integers(1, 40))
def test_farthest_points_agree_with_the_definition(seed: int, count: int) -> None:
    points = cloud(seed)
    assert geometry.farthest_points(points, count).tolist() == [slow_farthest(shape, count) for shape in points]


def test_farthest_points_of_a_tie_are_the_first() -> None:
    square = torch.tensor([[[0.0, 0, 0], [0, 1, 0], [1, 0, 0], [1, 1, 0], [1, 1, 0]]])
    assert geometry.farthest_points(square, 5).tolist() == [[0, 3, 1, 2, 0]]  # the last: nothing is left that is new


@few
@given(seeds, st.booleans())
def test_farthest_points_of_farthest_points_are_the_first_of_them(seed: int, with_ties: bool) -> None:
    points = cloud(seed).round() if with_ties else cloud(seed)
    sample = geometry.take(points, geometry.farthest_points(points, 30))
    torch.testing.assert_close(geometry.farthest_points(points, 9), geometry.farthest_points(points, 30)[:, :9])
    again = geometry.take(sample, geometry.farthest_points(sample, 9))
    torch.testing.assert_close(again, sample[:, :9], rtol=0, atol=0)


def test_farthest_points_cannot_be_more_than_there_are() -> None:
    with pytest.raises(InputError, match=r"40 given, 41 to be sampled\. Give at least 41"):
        geometry.farthest_points(cloud(0), 41)


# --------------------------------------------------------------------------------------------------------- neighbours


@few
@given(seeds, st.integers(1, 7))
def test_nearest_points_agree_with_sorting(seed: int, k: int) -> None:
    points, queries = cloud(seed), cloud(seed + 1, count=5)
    index, distance = geometry.nearest_points(queries, points, k)
    for b in range(2):
        for m, query in enumerate(queries[b]):
            gap = [squared(query, point) for point in points[b]]
            expected = sorted(range(40), key=gap.__getitem__)[:k]
            assert index[b, m].tolist() == expected
            assert distance[b, m].tolist() == pytest.approx([gap[i] for i in expected])


def test_a_group_holds_its_own_centre_however_far_from_the_origin() -> None:
    points = (cloud(3) + 1000).float()
    index, distance = geometry.nearest_points(points, points, 4)
    assert index[..., 0].tolist() == [list(range(40))] * 2
    assert distance[..., 0].max() == 0


def test_there_cannot_be_more_neighbours_than_points() -> None:
    with pytest.raises(InputError, match=r"40 given, 41 neighbours wanted"):
        geometry.nearest_points(cloud(1), cloud(0), 41)


def test_take_picks_rows_within_each_member_of_the_batch() -> None:
    values = cloud(0, batch=3, count=4)
    index = torch.randint(4, (3, 2, 5), generator=torch.Generator().manual_seed(0))
    taken = geometry.take(values, index)
    assert taken.shape == (3, 2, 5, 3)
    for b, g, k in torch.cartesian_prod(torch.arange(3), torch.arange(2), torch.arange(5)).tolist():
        assert taken[b, g, k].tolist() == values[b, index[b, g, k]].tolist()


# ------------------------------------------------------------------------------------------------------ interpolation


def slow_interpolation(values: Tensor, centres: Tensor, points: Tensor) -> Tensor:
    """Of one shape."""
    rows = []
    for point in points:
        gap = [squared(point, centre) for centre in centres]
        nearest = sorted(range(len(centres)), key=gap.__getitem__)[:3]
        weight = [1 / (gap[i] + 1e-8) for i in nearest]
        rows.append(sum(w / sum(weight) * values[i] for w, i in zip(weight, nearest, strict=True)))
    return torch.stack(rows)


@few
@given(seeds)
def test_interpolation_and_its_gradient_agree_with_the_definition(seed: int) -> None:
    centres, points = cloud(seed, count=6), cloud(seed + 1, count=9)
    points[:, 0] = centres[:, 2]
    values = cloud(seed + 2, count=6).requires_grad_()
    upstream = cloud(seed + 3, count=9)
    fast = geometry.interpolate(values, centres, points)
    slow = torch.stack([slow_interpolation(*shape) for shape in zip(values, centres, points, strict=True)])
    torch.testing.assert_close(fast, slow)
    gradients = [torch.autograd.grad((answer * upstream).sum(), values)[0] for answer in (fast, slow)]
    torch.testing.assert_close(*gradients)


@few
@given(seeds)
def test_interpolation_keeps_values_at_centres_and_stays_between_them(seed: int) -> None:
    centres, values = cloud(seed, count=6), cloud(seed + 1, count=6)
    torch.testing.assert_close(geometry.interpolate(values, centres, centres), values, rtol=0, atol=1e-5)
    between = geometry.interpolate(values, centres, cloud(seed + 2))
    assert (between <= values.amax(1, keepdim=True) + 1e-12).all()
    assert (between >= values.amin(1, keepdim=True) - 1e-12).all()


def test_interpolation_needs_three_centres() -> None:
    with pytest.raises(InputError, match=r"2 given, 3 neighbours wanted"):
        geometry.interpolate(cloud(0, count=2), cloud(1, count=2), cloud(2))


# ------------------------------------------------------------------------------------- from the nearest, by a tree


def slow_from_nearest(values: Tensor, known: Tensor, places: Tensor) -> Tensor:
    extent = (known.amax(0) - known.amin(0)).square().sum()
    rows = []
    for place in places:
        gap = [squared(place, other) for other in known]
        nearest = sorted(range(len(known)), key=gap.__getitem__)[:3]
        weight = [1 / (gap[i] + 1e-8 * float(extent)) for i in nearest]
        rows.append(sum(w / sum(weight) * values[i] for w, i in zip(weight, nearest, strict=True)))
    return torch.stack(rows)


@few
@given(seeds, st.integers(1, 20), st.floats(1e-3, 1e3), st.floats(-1e3, 1e3))
def test_values_from_the_nearest_and_their_gradient_agree_with_the_definition(
    seed: int, count: int, scale: float, shift: float
) -> None:
    known, places = cloud(seed, 1, count)[0], cloud(seed + 1, 1, 9)[0]
    places[0] = known[0]
    known, places = known * scale + shift, places * scale + shift
    values = cloud(seed + 2, 1, count)[0].requires_grad_()
    upstream = cloud(seed + 3, 1, 9)[0]
    fast = geometry.from_nearest(values, known.numpy(), places.numpy())
    slow = slow_from_nearest(values, known, places) if count > 1 else values.expand(9, 3)
    torch.testing.assert_close(fast, slow, rtol=1e-5, atol=1e-6)
    gradients = [torch.autograd.grad((answer * upstream).sum(), values)[0] for answer in (fast, slow)]
    torch.testing.assert_close(*gradients, rtol=1e-5, atol=1e-6)


@few
@given(seeds)
def test_values_from_the_nearest_are_those_of_interpolation(seed: int) -> None:
    """At the size at which what keeps both from dividing by 0 is the same."""
    known, values, places = (cloud(seed + i) for i in range(3))
    size = (known[0].amax(0) - known[0].amin(0)).norm()
    known, places = known / size, places / size
    expected = geometry.interpolate(values, known, places)[0]
    torch.testing.assert_close(
        geometry.from_nearest(values[0], known[0].numpy(), places[0].numpy()), expected, rtol=0, atol=1e-5
    )


def test_known_places_keep_their_values_and_all_others_lie_between() -> None:
    known, values, places = (cloud(seed, 1)[0] for seed in range(3))
    torch.testing.assert_close(geometry.from_nearest(values, known.numpy(), known.numpy()), values, rtol=0, atol=1e-3)
    between = geometry.from_nearest(values.float(), known.numpy(), places.numpy())
    assert between.dtype == torch.float32
    assert (between <= values.amax(0) + 1e-6).all()
    assert (between >= values.amin(0) - 1e-6).all()


@few
@given(seeds, st.integers(0, 9))
def test_unknown_values_are_those_of_the_nearest_known(seed: int, count: int) -> None:
    places, values = cloud(seed, 1, 9)[0], cloud(seed + 1, 1, 9)[0]
    known = torch.randperm(9, generator=torch.Generator().manual_seed(seed)) < count
    before = values.clone()
    filled = geometry.fill(values, known.numpy(), places.numpy(), 0.25)
    for place, own, is_known, value in zip(places, values, known, filled, strict=True):
        gap = {i: squared(place, places[i]) for i in known.nonzero()[:, 0].tolist()}
        near = min(gap, key=gap.__getitem__, default=None)
        torch.testing.assert_close(value, own if is_known or near is None else 0.25 * values[near], rtol=0, atol=0)
    assert torch.equal(values, before), "what was given is not changed"


def test_values_known_at_one_place_only_are_taken_everywhere() -> None:
    """Also where several are known there: then it is their mean."""
    place, values = cloud(0, 1, 1)[0].numpy(), cloud(1, 1, 3)[0]
    for elsewhere in (place, place + 5):
        torch.testing.assert_close(geometry.from_nearest(values[:1], place, elsewhere), values[:1])
        together = geometry.from_nearest(values, place.repeat(3, 0), elsewhere)
        torch.testing.assert_close(together, values.mean(0, keepdim=True))
    assert geometry.from_nearest(values[:1], place, place[:0]).shape == (0, 3)
