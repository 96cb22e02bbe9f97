"""The losses of PartDistill and 3D-OVS: reference values, slow twins that are the formulas as written, and what must hold."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import torch
from golden_files import golden_files
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor
from torch.nn import functional

from meronym.lifting import losses
from meronym.types import Votes

few = settings(max_examples=15, deadline=None, derandomize=True)


def votes_of(confidence: Tensor, prompt: Tensor, score: Tensor | None = None) -> Votes:
    """Dense confidences [n u], 0 = outside, as sparse votes."""
    element, region = confidence.nonzero(as_tuple=True)
    score = torch.ones(len(prompt)) if score is None else score
    return Votes(
        region, element, confidence[element, region] / score[region], prompt, torch.zeros_like(prompt), score,
        (confidence > 0).any(1),
    )  # fmt: skip


def slow_loss(logits: Tensor, confidence: Tensor, prompt: Tensor, weight: Tensor, inside: Tensor, normalise: str) -> Tensor:
    """The published formula over the dense array, one element and one region after the other."""
    n, units = confidence.shape
    total = logits.new_zeros(())
    for element in range(n):
        for unit in range(units):
            if inside[element, unit]:
                y = int(prompt[unit])
                cost = weight[y] * functional.cross_entropy(logits[element][None], prompt[unit][None])
                part = inside[element].sum() * n if normalise == "point" else inside[:, unit].sum() * units
                total = total + confidence[element, unit] * cost / part
    return total


def random_case(seed: int, n: int = 12, units: int = 5, prompts: int = 3) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """logits, confidence, prompt of each unit, class weights."""
    draw = torch.Generator().manual_seed(seed)
    confidence = torch.rand(n, units, generator=draw) * (torch.rand(n, units, generator=draw) < 0.5)
    prompt = torch.randint(prompts, (units,), generator=draw)
    return torch.randn(n, prompts, generator=draw), confidence, prompt, 1 + torch.rand(prompts, generator=draw)


# ------------------------------------------------------------------------------------------------------- reference values


@pytest.mark.parametrize("file", golden_files("partdistill_loss_seed*.npz"), ids=lambda file: file.stem)
def test_losses_scores_and_gradients_are_the_golden_ones(file: Path) -> None:
    held = {key: torch.from_numpy(np.asarray(value)) for key, value in np.load(file).items()}
    prompts = held["logits"].shape[2]
    for backward in (False, True):
        for weighted in (True, False):
            name = "backward" if backward else "forward"
            if backward and not weighted:
                continue
            values, scores = [], []
            logits = held["logits"].double().requires_grad_()
            for shape, confidence in enumerate(held["confidence"]):
                votes = votes_of(confidence, held["unit_prompt"][shape])
                trust = losses.confidence_of(votes)
                if backward:
                    scores.append(losses.rescore(held["student_logits"][shape].argmax(1), votes))
                    trust = scores[-1][votes.region]
                mass = losses.target_mass(votes, trust.double(), prompts)
                weight = held["class_weight"].double() if weighted else torch.ones(prompts).double()
                values.append(losses.forward_loss(logits[shape], mass, weight))
            loss = torch.stack(values).mean()
            expected = held[f"{name}_loss" if weighted else "forward_loss_unweighted"]
            torch.testing.assert_close(loss.detach(), expected.double(), rtol=1e-5, atol=0)
            if weighted:
                (gradient,) = torch.autograd.grad(loss, logits)
                torch.testing.assert_close(gradient.float(), held[f"{name}_grad"], rtol=1e-5, atol=1e-9)
            if backward:
                torch.testing.assert_close(torch.stack(scores), held["backward_unit_score"], rtol=1e-5, atol=0)


@pytest.mark.parametrize("file", golden_files("partdistill_loss_seed*.npz"), ids=lambda file: file.stem)
def test_class_weights_are_the_golden_ones(file: Path) -> None:
    held = np.load(file)
    counts = torch.zeros(held["logits"].shape[2])
    for confidence, prompt in zip(held["confidence"], held["unit_prompt"], strict=True):
        votes = votes_of(torch.from_numpy(confidence), torch.from_numpy(prompt))
        counts += losses.vote_counts(votes, len(counts))
    torch.testing.assert_close(losses.class_weights(counts), torch.from_numpy(held["class_weight"]), rtol=1e-5, atol=0)


@pytest.mark.parametrize("file", golden_files("three_d_ovs_loss_seed*.npz"), ids=lambda file: file.stem)
def test_losses_of_scenes_are_the_golden_ones(file: Path) -> None:
    """The paper says that FDA takes Jensen and Shannon's divergence; the values are those of Kullback and Leibler's.

    Over all pairs, one direction sums to the same as the mean of both, which is what ours computes.
    """
    held = {key: torch.from_numpy(np.asarray(value)) for key, value in np.load(file).items()}
    logits = held["class_logits"].clone().requires_grad_()
    seen, shift = held["dino_features"].flatten(1, 2), float(held["dino_shift"])
    attract, repel = losses.fda_loss((logits / held["temperature"].float()).flatten(1, 2), seen, shift)
    golden = torch.stack([held["fda_positive"], held["fda_negative"]]).float()
    torch.testing.assert_close(torch.stack([attract, repel]).detach(), golden, rtol=1e-5, atol=0)
    weighted = float(held["positive_weight"]) * attract + float(held["negative_weight"]) * repel
    (gradient,) = torch.autograd.grad(weighted, logits)
    expected = held["fda_weighted_grad"]
    torch.testing.assert_close(gradient, expected, rtol=1e-5, atol=1e-5 * float(expected.abs().max()))

    chosen = (held["selection"][:, :, None] * held["clip_pyramid"]).sum(1)
    feature = losses.feature_loss(held["rendered_feature"], chosen)
    torch.testing.assert_close(feature, held["feature_loss"].float(), rtol=0, atol=1e-8)  # 64 cosines that cancel out
    rda = losses.rda_loss(held["rendered_feature"] @ held["text"].T, held["relevancy"], held["selection"])
    torch.testing.assert_close(rda, held["rda_loss"].float(), rtol=1e-5, atol=0)


# ----------------------------------------------------------------------------------------------------------------- a twin


@few
@given(seed=st.integers(0, 10_000), normalise=st.sampled_from(["point", "unit"]))
def test_the_loss_and_its_gradient_are_those_of_the_formula(seed: int, normalise: losses.Normalise) -> None:
    logits, confidence, prompt, weight = random_case(seed)
    votes = votes_of(confidence, prompt, score=torch.full((len(prompt),), 0.8))
    grads = []
    for loss_of in ("fast", "slow"):
        free = logits.double().requires_grad_()
        if loss_of == "fast":
            mass = losses.target_mass(votes, losses.confidence_of(votes).double(), 3, normalise)
            loss = losses.forward_loss(free, mass, weight.double())
        else:
            loss = slow_loss(free, confidence.double(), prompt, weight.double(), confidence > 0, normalise)
        grads.append((loss.detach(), torch.autograd.grad(loss, free)[0]))
    torch.testing.assert_close(grads[0], grads[1], rtol=1e-5, atol=1e-8)


@few
@given(seed=st.integers(0, 10_000))
def test_the_order_of_regions_and_votes_does_not_matter(seed: int) -> None:
    _, confidence, prompt, _ = random_case(seed)
    order = torch.randperm(len(prompt), generator=torch.Generator().manual_seed(seed))
    there, back = votes_of(confidence, prompt), votes_of(confidence[:, order], prompt[order])
    mass = [losses.target_mass(votes, losses.confidence_of(votes), 3) for votes in (there, back)]
    torch.testing.assert_close(mass[0], mass[1])
    label = torch.arange(len(confidence)) % 3
    torch.testing.assert_close(losses.rescore(label, there)[order], losses.rescore(label, back))
    torch.testing.assert_close(losses.fit_scores(label, there)[order], losses.fit_scores(label, back))


@few
@given(seed=st.integers(0, 10_000))
def test_fit_is_that_of_its_slow_twin(seed: int) -> None:
    draw = torch.Generator().manual_seed(seed)
    _, confidence, prompt, _ = random_case(seed)
    votes = replace(votes_of(confidence, prompt), view=torch.randint(3, (len(prompt),), generator=draw))
    student = torch.randint(4, (len(confidence),), generator=draw)
    found = losses.fit_scores(student, votes)
    for region, own in enumerate(votes.prompt.tolist()):
        inside = set(votes.element[votes.region == region].tolist())
        beside = votes.view[votes.region] == votes.view[region]
        seen = set(votes.element[beside].tolist())
        fits = []
        for name in range(4):
            named = {element for element in seen if int(student[element]) == name}
            fits.append(len(inside & named) / max(len(inside | named), 1))
        assert float(found[region]) == pytest.approx(fits[own] / max(*fits, 1e-9), abs=1e-6)


def test_a_right_box_around_a_thin_part_keeps_its_score_and_a_wrong_name_does_not() -> None:
    """Ten elements in a row, of which two are a leg; a box holds it and three others, once by its name, once by another's."""
    student = torch.tensor([0, 0, 0, 0, 1, 1, 0, 0, 0, 0])
    covers = torch.zeros(10, 4)
    covers[:, 0] = 1
    covers[3:8, 1:3] = 1
    votes = votes_of(covers, torch.tensor([0, 1, 2, 0]))
    torch.testing.assert_close(losses.fit_scores(student, votes), torch.tensor([1.0, 1.0, 0.0, 0.0]))
    torch.testing.assert_close(losses.rescore(student, votes), torch.tensor([0.8, 0.4, 0.0, 0.0]))


def kullback_leibler(p: Tensor, q: Tensor) -> Tensor:
    return sum((a * (a / b).log() for a, b in zip(p, q, strict=True)), start=torch.zeros(()))


def scene_case(seed: int, patches: int = 2, pixels: int = 5, prompts: int = 3) -> tuple[Tensor, Tensor]:
    """Logits, and features without words of which about half are alike."""
    draw = torch.Generator().manual_seed(seed)
    logits = 3 * torch.randn(patches, pixels, prompts, generator=draw, dtype=torch.float64)
    return logits, torch.rand(patches, pixels, 2, generator=draw, dtype=torch.float64) - 0.1


def assert_same_with_gradient(fast: Tensor, slow: Tensor, *inputs: Tensor) -> None:
    torch.testing.assert_close(fast, slow, rtol=1e-5, atol=1e-8)
    for a, b in zip(*(torch.autograd.grad(loss, inputs, retain_graph=True) for loss in (fast, slow)), strict=True):
        torch.testing.assert_close(a, b, rtol=1e-5, atol=1e-8)


@few
@given(seed=st.integers(0, 10_000), shift=st.floats(-0.9, 0.95))
def test_fda_goes_over_all_pairs_of_a_patch(seed: int, shift: float) -> None:
    logits, seen = scene_case(seed)
    logits.requires_grad_()
    apart, (attract, repel) = losses.pairwise_divergence(logits), losses.fda_loss(logits, seen, shift)
    p = [[row.exp() / row.exp().sum() for row in patch] for patch in logits]
    drawn, pushed, alike, unlike = torch.zeros(()), torch.zeros(()), 0, 0
    for patch in range(len(logits)):
        for i in range(logits.shape[1]):
            for j in range(logits.shape[1]):
                both = (kullback_leibler(p[patch][i], p[patch][j]) + kullback_leibler(p[patch][j], p[patch][i])) / 2
                torch.testing.assert_close(apart[patch, i, j], both, rtol=1e-5, atol=1e-8, check_dtype=False)
                a, b = seen[patch, i], seen[patch, j]
                cosine = float(a @ b / (a.norm() * b.norm())) - shift
                if cosine > 0:
                    drawn, alike = drawn + cosine * both, alike + 1
                elif cosine < 0:
                    pushed, unlike = pushed + cosine * both, unlike + 1
    assert alike >= len(logits) * logits.shape[1], "a pixel is like itself"
    slow = 200 * drawn / alike + 0.2 * pushed / max(unlike, 1)
    assert_same_with_gradient(200 * attract + 0.2 * repel, slow, logits)
    assert float(attract.detach()) >= 0 >= float(repel.detach())


@few
@given(seed=st.integers(0, 10_000))
def test_rda_compares_the_field_with_the_mix_of_scales(seed: int) -> None:
    draw = torch.Generator().manual_seed(seed)
    logits, relevancy, preference = (
        torch.randn(*shape, generator=draw, dtype=torch.float64).requires_grad_() for shape in ((6, 4), (6, 3, 4), (6, 3))
    )
    selection = preference.softmax(1)
    total = torch.zeros(())
    for ray in range(6):
        mixed = sum(selection[ray, k] * relevancy[ray, k] for k in range(3))
        p, q = logits[ray].exp() / logits[ray].exp().sum(), mixed.exp() / mixed.exp().sum()
        middle = (p + q) / 2
        total = total + (kullback_leibler(p, middle) + kullback_leibler(q, middle)) / 2
    fast = losses.rda_loss(logits, relevancy, selection)
    assert_same_with_gradient(fast, total / 6, logits, relevancy, preference)
    assert 0 <= float(fast.detach()) <= np.log(2)


# --------------------------------------------------------------------------------------------------------- what must hold


def test_an_element_without_votes_gets_no_gradient_but_counts() -> None:
    logits = torch.randn(4, 2, generator=torch.Generator().manual_seed(0)).requires_grad_()
    confidence = torch.tensor([[1.0], [0.0], [1.0], [0.0]])
    votes = votes_of(confidence, torch.tensor([1]))
    loss = losses.forward_loss(logits, losses.target_mass(votes, losses.confidence_of(votes), 2), torch.ones(2))
    (gradient,) = torch.autograd.grad(loss, logits)
    assert (gradient[[1, 3]] == 0).all()
    assert (gradient[[0, 2]] != 0).all()
    seen_only = functional.cross_entropy(logits[[0, 2]], torch.tensor([1, 1]))
    torch.testing.assert_close(loss, seen_only / 2)


def test_two_boxes_of_different_prompts_average_their_costs() -> None:
    logits = torch.tensor([[0.3, -0.2, 0.9]])
    votes = votes_of(torch.ones(1, 2), torch.tensor([0, 2]))
    loss = losses.forward_loss(logits, losses.target_mass(votes, torch.ones(2), 3), torch.tensor([2.0, 1.0, 3.0]))
    cost = -logits.log_softmax(1)[0]
    torch.testing.assert_close(loss, (2 * cost[0] + 3 * cost[2]) / 2)


def test_twice_the_confidence_is_twice_the_loss_and_after_rescoring_it_plays_no_part() -> None:
    logits, confidence, prompt, weight = random_case(3)
    student = logits.argmax(1)
    pairs = []
    for scale in (0.5, 1.0):
        votes = votes_of(confidence * scale, prompt)
        forward = losses.forward_loss(logits, losses.target_mass(votes, losses.confidence_of(votes), 3), weight)
        trust = losses.rescore(student, votes)[votes.region]
        pairs.append((forward, losses.forward_loss(logits, losses.target_mass(votes, trust, 3), weight)))
    torch.testing.assert_close(pairs[0][0] * 2, pairs[1][0])
    torch.testing.assert_close(pairs[0][1], pairs[1][1])


def test_a_region_is_worth_the_share_of_it_that_the_student_agrees_with() -> None:
    student = torch.tensor([1] * 7 + [0] * 3)
    votes = votes_of(torch.cat([torch.ones(10, 1), torch.zeros(10, 1)], 1), torch.tensor([1, 0]))
    torch.testing.assert_close(losses.rescore(student, votes), torch.tensor([0.7, 0.0]))


def test_even_counts_weigh_one_and_rarity_is_clipped_at_four() -> None:
    torch.testing.assert_close(losses.class_weights(torch.full((5,), 20.0)), torch.ones(5))
    torch.testing.assert_close(losses.class_weights(torch.tensor([1e6, 1.0])), torch.tensor([1.0, 4.0]))
    torch.testing.assert_close(losses.class_weights(torch.tensor([12.0, 4.0])), torch.tensor([1.0, 1.5]))


def test_the_plateau_is_found_once_five_epochs_move_by_less_than_a_hundredth() -> None:
    falling = [2.0, 1.5, 1.2, 1.0, 0.9, 0.85, 0.84, 0.835]
    means = [sum(falling[:4]) / 4, *(sum(falling[i - 4 : i + 1]) / 5 for i in range(4, len(falling)))]
    expected = [False] * 4 + [abs(b - a) < 0.01 for a, b in pairwise(means)]
    plateau = losses.Plateau()
    assert [plateau(loss) for loss in falling] == expected
    assert not any(losses.Plateau()(0.5) for _ in range(1))
    level = losses.Plateau()
    assert [level(0.5) for _ in range(7)] == [False] * 4 + [True] * 3
    again = losses.Plateau(falling[:-1])
    assert again(falling[-1]) == expected[-1], "it goes on where it was left"


def test_memory_grows_with_the_votes_and_not_with_regions_times_elements() -> None:
    """1,000 regions on 100,000 elements: the dense array of 4 prompts would take 1.6 GB; the votes have 2 million pairs."""
    draw = torch.Generator().manual_seed(0)
    pairs = 2_000_000
    votes = Votes(
        torch.randint(1000, (pairs,), generator=draw), torch.randint(100_000, (pairs,), generator=draw), torch.ones(pairs),
        torch.randint(4, (1000,), generator=draw), torch.zeros(1000, dtype=torch.long), torch.ones(1000),
        torch.ones(100_000, dtype=torch.bool),
    )  # fmt: skip
    mass = losses.target_mass(votes, losses.confidence_of(votes), 4)
    assert mass.shape == (100_000, 4)
    covered = torch.bincount(votes.element, minlength=100_000) > 0
    torch.testing.assert_close(mass.sum(1), covered.float())


def test_divergence_is_0_for_equals_and_ln_2_for_strangers() -> None:
    one, other = torch.tensor([[1.0, 0, 0]]), torch.tensor([[0.0, 0.5, 0.5]])
    torch.testing.assert_close(losses.divergence(one, one), torch.zeros(1), rtol=0, atol=1e-7)
    torch.testing.assert_close(
        losses.divergence(one, other), torch.full((1,), np.log(2), dtype=torch.float32), rtol=1e-5, atol=0
    )
    torch.testing.assert_close(losses.divergence(one, other), losses.divergence(other, one))


def test_the_feature_loss_is_minus_one_for_the_same_directions() -> None:
    feature = torch.randn(5, 4, generator=torch.Generator().manual_seed(0))
    torch.testing.assert_close(losses.feature_loss(feature, 3 * feature), torch.tensor(-1.0))
    torch.testing.assert_close(losses.feature_loss(feature, -feature), torch.tensor(1.0))


def test_fda_is_smaller_for_names_that_follow_what_is_seen() -> None:
    seen = torch.tensor([[[1.0, 0], [1, 0], [0, 1], [0, 1]]])
    follow = torch.tensor([[[2.0, -2], [2, -2], [-2, 2], [-2, 2]]])
    against = follow[:, [0, 2, 1, 3]]
    (attract, repel), (far, near) = losses.fda_loss(follow, seen), losses.fda_loss(against, seen)
    assert float(attract) == pytest.approx(0, abs=1e-6)
    assert float(far) > 0.1
    assert float(repel) < float(near) < 0
