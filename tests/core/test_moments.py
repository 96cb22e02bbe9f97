"""An optimiser that is given another's moments goes on as that one does."""

from __future__ import annotations

import torch

from meronym.core.moments import moments_of, restore_moments


def step(optimiser: torch.optim.Adam, weights: list[torch.Tensor]) -> None:
    optimiser.zero_grad()
    sum(((weight - 3) ** 2).sum() for weight in weights).backward()
    optimiser.step()


def test_the_next_steps_are_the_same() -> None:
    weights = [torch.zeros(3, requires_grad=True), torch.ones(2, 2, requires_grad=True)]
    first = torch.optim.Adam(weights, 0.1)
    assert moments_of(first) == {}
    for _ in range(3):
        step(first, weights)
    kept = {key: value.clone() for key, value in moments_of(first).items()}
    copies = [weight.detach().clone().requires_grad_(True) for weight in weights]
    second, anew = torch.optim.Adam(copies, 0.1), [weight.detach().clone().requires_grad_(True) for weight in weights]
    restore_moments(second, {**kept, "field.density": torch.zeros(1)})
    for _ in range(2):
        step(first, weights)
        step(second, copies)
    third = torch.optim.Adam(anew, 0.1)
    for _ in range(2):
        step(third, anew)
    for weight, copy, other in zip(weights, copies, anew, strict=True):
        assert torch.equal(weight, copy)
        assert not torch.allclose(weight, other)
