"""Metrics against slow twins, the official code's figures, and cases small enough to work out by hand."""

from __future__ import annotations

import math
import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jaxtyping import TypeCheckError

from meronym.errors import InputError
from meronym.evaluation import metrics
from meronym.evaluation.metrics import Absent, Answer, Unnamed

GOLDEN = Path(os.environ.get("MERONYM_GOLDEN", Path(__file__).parents[1] / "golden"))
CONVENTIONS: tuple[Absent, ...] = ("present", "absent_is_one", "absent_is_zero")
UNNAMED: tuple[Unnamed, ...] = ("left_out", "counted")


def slow_part_iou(
    prediction: list[int], truth: list[int], weight: list[float], parts: int, absent: Absent, unnamed: Unnamed
) -> list[float]:
    """The definition, with sets."""
    counted = [index for index, label in enumerate(truth) if label >= 0 or unnamed == "counted"]
    found = []
    for part in range(parts):
        true = {index for index in counted if truth[index] == part}
        claimed = {index for index in counted if prediction[index] == part}
        union = math.fsum(weight[index] for index in true | claimed)
        if absent == "present" and not math.fsum(weight[index] for index in true):
            found.append(math.nan)
        elif union == 0:
            found.append(1.0 if absent == "absent_is_one" else 0.0)
        else:
            found.append(math.fsum(weight[index] for index in true & claimed) / union)
    return found


def answer(rng: np.random.Generator, category: str = "chair", parts: int = 4, count: int = 60, lowest: int = 0) -> Answer:
    truth = rng.integers(lowest, parts, count)
    prediction = np.where(rng.random(count) < 0.5, truth, rng.integers(-1, parts, count))
    return Answer(category, prediction, truth, rng.random(count), tuple("abcdef"[:parts]))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(0, 40), st.integers(1, 6), st.sampled_from(CONVENTIONS), st.sampled_from(UNNAMED))
def test_part_iou_equals_its_slow_twin(seed: int, count: int, parts: int, absent: Absent, unnamed: Unnamed) -> None:
    rng = np.random.default_rng(seed)
    prediction, truth = rng.integers(-1, parts, count), rng.integers(-1, parts, count)
    weight = rng.random(count) * (rng.random(count) < 0.8)
    expected = slow_part_iou(prediction.tolist(), truth.tolist(), weight.tolist(), parts, absent, unnamed)
    found = metrics.part_iou(prediction, truth, weight, parts, absent, unnamed)
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("file", sorted(GOLDEN.glob("partdistill_loss_seed*.npz")), ids=lambda file: file.stem)
def test_the_p1_convention_equals_the_official_code(file: Path) -> None:
    with np.load(file) as golden:
        logits, target, expected = golden["logits"], golden["target"], golden["shape_miou_percent"]
    ones = np.ones(target.shape[1])
    for shape in range(len(target)):
        prediction = logits[shape].argmax(-1)
        iou = metrics.part_iou(prediction, target[shape], ones, logits.shape[-1], "absent_is_one")
        assert 100 * metrics.instance_mean({"": [iou]}) == pytest.approx(expected[shape], rel=1e-6)


def test_there_are_golden_files() -> None:
    assert list(GOLDEN.glob("partdistill_loss_seed*.npz"))


def test_the_conventions_differ_only_in_absent_parts() -> None:
    """Part 0 is half found, part 1 is missed, part 2 is claimed but absent, part 3 is absent from both."""
    truth = np.array([0, 0, 1, 1])
    prediction = np.array([0, 2, -1, 0])
    ones = np.ones(4)
    nan = np.nan
    expected = {
        "present": [1 / 3, 0, nan, nan],
        "absent_is_one": [1 / 3, 0, 0, 1],
        "absent_is_zero": [1 / 3, 0, 0, 0],
    }
    for absent in CONVENTIONS:
        np.testing.assert_allclose(metrics.part_iou(prediction, truth, ones, 4, absent), expected[absent])


def test_weight_is_area_not_count() -> None:
    """One large face outweighs three small ones."""
    truth = np.array([0, 0, 0, 0])
    prediction = np.array([0, 1, 1, 1])
    weight = np.array([7.0, 1.0, 1.0, 1.0])
    assert metrics.part_iou(prediction, truth, weight, 2)[0] == pytest.approx(0.7)
    assert metrics.accuracy(prediction, truth, weight, 2) == pytest.approx(0.7)


def test_an_unlabelled_prediction_is_wrong_and_an_unlabelled_truth_is_left_out() -> None:
    ones = np.ones(4)
    assert metrics.accuracy(np.array([0, -1, -1, 0]), np.array([0, 0, -1, -1]), ones, 1) == 0.5
    assert metrics.part_iou(np.array([0, -1, -1, 0]), np.array([0, 0, -1, -1]), ones, 1)[0] == 0.5


def test_partnete_figures_are_those_of_the_published_definition() -> None:
    """Two shapes of one category; points without a part count in the union of the name that they are given."""
    prompts = ("door", "handle")
    first = Answer("safe", np.array([0, 0, 1, 0]), np.array([0, 0, 1, -1]), np.ones(4), prompts)
    second = Answer("safe", np.array([0, -1, 1]), np.array([0, 0, -1]), np.ones(3), prompts)
    door, handle = (2 / 3 + 1 / 2) / 2, 1.0
    found = metrics.summary([first, second], "partnete-part")
    assert found["miou"] == pytest.approx(100 * (door + handle) / 2)
    left_out = metrics.summary([first, second], "present-part")
    assert left_out["miou"] == pytest.approx(100 * ((1 + 1 / 2) / 2 + handle) / 2)


def test_a_point_of_a_nameless_part_counts_against_its_name_under_p1() -> None:
    """As in the official code, where ShapeNetPart's lamps have ids that nobody named."""
    lamp = Answer("lamp", np.array([0, 0, 1]), np.array([-1, 0, 1]), np.ones(3), ("base", "lampshade"))
    for protocol in ("p1-class", "p1-instance"):
        assert metrics.summary([lamp], protocol)["miou"] == pytest.approx(100 * (1 / 2 + 1) / 2)


@pytest.mark.parametrize("protocol", metrics.PROTOCOLS)
def test_a_failed_shape_is_0_under_every_protocol(protocol: str) -> None:
    """Also where an absent part would count as 1."""
    rng = np.random.default_rng(3)
    good, failed = answer(rng), Answer.failed("chair", tuple("abcd"))
    alone = metrics.summary([failed], protocol)
    assert (alone["miou"], alone["accuracy"], alone["shapes"]) == (0, 0, 1)
    both = metrics.summary([good, failed], protocol)["miou"]
    assert both == pytest.approx(metrics.summary([good], protocol)["miou"] / 2)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_a_perfect_answer_is_100_and_order_and_scale_do_not_matter(seed: int) -> None:
    rng = np.random.default_rng(seed)
    one = answer(rng)
    perfect = Answer(one.category, one.truth, one.truth, one.weight, one.prompts)
    assert metrics.summary([perfect])["miou"] == pytest.approx(100)
    order = rng.permutation(len(one.truth))
    moved = Answer("chair", one.prediction[order], one.truth[order], 3 * one.weight[order], one.prompts)
    assert metrics.summary([moved])["miou"] == pytest.approx(metrics.summary([one])["miou"])


def test_the_three_means() -> None:
    """Two chairs and one table; a part that no chair has does not count."""
    nan = np.nan
    ious = {"chair": [np.array([1.0, 0.5, nan]), np.array([0.0, nan, nan])], "table": [np.array([0.2, 0.4])]}
    assert metrics.instance_mean(ious) == pytest.approx((0.75 + 0.0 + 0.3) / 3)
    assert metrics.class_mean(ious) == pytest.approx((0.375 + 0.3) / 2)
    assert metrics.part_mean(ious) == pytest.approx((0.5 + 0.3) / 2)


def test_the_majority_floor_claims_only_the_largest_part() -> None:
    truth = np.array([0, 1, 1])
    np.testing.assert_allclose(metrics.majority_floor(truth, np.array([5.0, 1.0, 1.0]), 3), [5 / 7, 0, np.nan])
    np.testing.assert_allclose(metrics.majority_floor(truth, np.ones(3), 3), [0, 2 / 3, np.nan])
    unnamed = np.array([0, 1, 1, -1])
    np.testing.assert_allclose(metrics.majority_floor(unnamed, np.ones(4), 3), [0, 2 / 3, np.nan])
    np.testing.assert_allclose(metrics.majority_floor(unnamed, np.ones(4), 3, unnamed="counted"), [0, 2 / 4, np.nan])


@pytest.mark.parametrize("unnamed", UNNAMED)
@pytest.mark.parametrize("absent", CONVENTIONS)
def test_the_random_floor_is_what_random_labels_reach(absent: Absent, unnamed: Unnamed) -> None:
    rng = np.random.default_rng(0)
    truth = rng.choice(5, 200_000, p=[0.3, 0.3, 0.3, 0.1, 0.0]) - 1
    weight = np.ones(len(truth))
    drawn = metrics.part_iou(rng.integers(0, 4, len(truth)), truth, weight, 4, absent, unnamed)
    np.testing.assert_allclose(metrics.random_floor(truth, weight, 4, absent, unnamed), drawn, atol=5e-3)


@pytest.mark.parametrize("protocol", metrics.PROTOCOLS)
def test_a_summary_names_its_protocol_and_keeps_its_parts_together(protocol: str) -> None:
    rng = np.random.default_rng(1)
    answers = [answer(rng, category) for category in ("chair", "chair", "table")]
    found = metrics.summary(answers, protocol)
    chosen = metrics.PROTOCOLS[protocol]
    assert (found["protocol"], found["convention"], found["shapes"]) == (protocol, chosen.sentence, 3)
    assert found["per_category"]["table"] == pytest.approx(metrics.summary(answers[2:], protocol)["miou"])
    share = {"chair": 2 / 3, "table": 1 / 3} if chosen.average is metrics.instance_mean else {"chair": 0.5, "table": 0.5}
    assert found["miou"] == pytest.approx(sum(share[name] * value for name, value in found["per_category"].items()))
    assert found["majority_floor"] < found["miou"] < found["accuracy"] + 20


def test_the_protocols_are_told_apart() -> None:
    rng = np.random.default_rng(2)
    answers = [answer(rng, category, 6, 6, -1) for category in ("chair", "chair", "chair", "table")]
    assert len({round(metrics.summary(answers, name)["miou"], 6) for name in metrics.PROTOCOLS}) == len(metrics.PROTOCOLS)


def test_a_shape_without_truth_is_not_counted() -> None:
    one = answer(np.random.default_rng(0))
    empty = Answer("chair", one.prediction, np.full_like(one.truth, -1), one.weight, one.prompts)
    assert metrics.summary([one, empty])["shapes"] == 1
    with pytest.raises(InputError, match="none of 1 answers"):
        metrics.summary([empty])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"prediction": np.array([0, 4])}, r"prediction: expected -1\.\.3, got 0\.\.4"),
        ({"truth": np.array([-2, 0])}, r"truth: expected -1\.\.3, got -2\.\.0"),
        ({"weight": np.array([1.0, np.nan])}, "weight: expected finite"),
        ({"weight": np.array([1.0, -1.0])}, "weight: expected finite"),
    ],
)
def test_bad_input_is_named(change: dict[str, np.ndarray], message: str) -> None:
    given = {"prediction": np.array([0, 1]), "truth": np.array([0, 1]), "weight": np.ones(2), **change}
    with pytest.raises(InputError, match=message):
        metrics.part_iou(given["prediction"], given["truth"], given["weight"], 4)


def test_parts_are_averaged_over_shapes_only_if_they_are_the_same_parts() -> None:
    rng = np.random.default_rng(0)
    answers = [answer(rng, parts=4), answer(rng, parts=5)]
    assert metrics.summary(answers, "present-class")["shapes"] == 2
    with pytest.raises(InputError, match="all shapes of 'chair' need the same prompts"):
        metrics.summary(answers, "present-part")


def test_vectors_of_different_lengths_are_named() -> None:
    """By the function, or before it by jaxtyping where the suite runs with shape checks."""
    with pytest.raises((InputError, TypeCheckError), match="weight"):
        metrics.part_iou(np.zeros(2, int), np.zeros(2, int), np.ones(3), 4)


def test_an_unknown_protocol_lists_the_known_ones() -> None:
    with pytest.raises(InputError, match=r"'miou'; known: present-class, "):
        metrics.summary([answer(np.random.default_rng(0))], "miou")


# ---------------------------------------------------------------------------------------------------------------- scenes


def jaccard(guess: set[tuple[int, ...]], true: set[tuple[int, ...]]) -> float:
    """As scikit-learn's jaccard_score with zero_division=0."""
    return len(guess & true) / len(guess | true) if guess | true else 0.0


def slow_scene_figures(label: list[np.ndarray], masks: list[np.ndarray]) -> dict[str, float]:
    """Both definitions, with sets of pixels."""
    prompts, single, right = range(len(masks[0])), [], []
    said: list[set[tuple[int, ...]]] = [set() for _ in prompts]
    true: list[set[tuple[int, ...]]] = [set() for _ in prompts]
    for view, (guess, mask) in enumerate(zip(label, masks, strict=True)):
        for k in prompts:
            cells = [{(view, *map(int, at)) for at in np.argwhere(where)} for where in (guess == k, mask[k])]
            single.append(jaccard(*cells))
        for y, x in np.ndindex(guess.shape):
            bears = [k for k in prompts if mask[k, y, x]]
            right.append(bears == [guess[y, x]])
            if len(bears) == 1:
                true[bears[0]].add((view, y, x))
                said[guess[y, x]].add((view, y, x))
    occurs = [k for k in prompts if any(mask[k].any() for mask in masks)]
    ious = [jaccard(said[k], true[k]) for k in occurs]
    known = sum(map(len, true))
    return {
        "miou_3dovs": 100 * math.fsum(single) / len(single),
        "accuracy_3dovs": 100 * sum(right) / len(right),
        "miou": 100 * math.fsum(ious) / len(ious) if ious else math.nan,
        "accuracy": 100 * sum(len(said[k] & true[k]) for k in prompts) / max(known, 1),
    }


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 3), st.integers(1, 4), st.sampled_from([0.0, 0.05, 0.3]))
def test_figures_of_scenes_equal_their_slow_twin(seed: int, views: int, prompts: int, doubled: float) -> None:
    """Masks leave pixels out, bear two names at some, and a prompt may occur in no view or in some."""
    rng = np.random.default_rng(seed)
    true = rng.integers(-1, rng.integers(1, prompts + 1), (views, 5, 6))
    masks = [(one == np.arange(prompts)[:, None, None]) | (rng.random((prompts, 5, 6)) < doubled) for one in true]
    label = list(np.where(rng.random(true.shape) < 0.6, true.clip(0), rng.integers(0, prompts, true.shape)))
    found = metrics.scene_figures(label, masks)
    for key, expected in slow_scene_figures(label, masks).items():
        assert found[key] == pytest.approx(expected, nan_ok=True), key


def test_figures_of_scenes_by_hand() -> None:
    """One row of pixels, two prompts: one pixel that bears none, one that bears both, one that is wrong."""
    masks = np.array([[[1, 1, 0, 0, 1]], [[0, 0, 1, 0, 1]]], dtype=bool)
    found = metrics.scene_figures([np.array([[0, 1, 1, 1, 0]])], [masks])
    assert found["per_prompt"] == pytest.approx([50, 50])
    assert found["accuracy"] == pytest.approx(100 * 2 / 3)
    assert found["accuracy_3dovs"] == pytest.approx(100 * 2 / 5)
    assert found["miou_3dovs"] == pytest.approx(100 * (2 / 3 + 1 / 4) / 2)


def test_a_perfect_scene_is_100_and_a_name_that_a_view_does_not_show_costs_only_in_3d_ovs_definition() -> None:
    label = [np.array([[0, 1, 2]]), np.array([[0, 1, 1]])]
    masks = [one == np.arange(4)[:, None, None] for one in label]
    whole = metrics.scene_figures(label[:1], [masks[0][:3]])
    assert [whole[key] for key in ("miou", "accuracy", "miou_3dovs", "accuracy_3dovs")] == [100] * 4
    found = metrics.scene_figures(label, masks)
    assert (found["miou"], found["accuracy"], found["accuracy_3dovs"]) == (100, 100, 100)
    assert found["miou_3dovs"] == pytest.approx(100 * (3 + 2) / 8)
    assert math.isnan(found["per_prompt"][3])


def test_a_scene_without_masks_is_refused() -> None:
    with pytest.raises(InputError, match="no view has masks"):
        metrics.scene_figures([], [])
