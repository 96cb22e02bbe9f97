"""The stand-in for a GPU: what works on a GPU works on it, what a GPU refuses it refuses."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch
from other_device import assert_same, move, other_device
from torch import Tensor
from torch.nn import functional

from meronym.core.device import resolve

VALUES = torch.arange(6.0).reshape(2, 3)


@pytest.mark.parametrize("name", ["cuda", "cuda:0", torch.device("cuda"), torch.device("cuda", 0)], ids=str)
def test_tensors_are_made_and_moved_by_any_name_of_it(name: str) -> None:
    with other_device() as device:
        made = [
            torch.zeros(3, device=name),
            torch.arange(3, device=name),
            torch.eye(3, device=name),
            torch.rand(3, device=name),
            torch.tensor([1.0, 2.0], device=name),
            torch.as_tensor(np.arange(3.0), device=name),
            VALUES.to(name),
            VALUES.cuda(),
            torch.zeros(3).to(VALUES.to(name)),
            VALUES.to(name).new_tensor([1.0]),
            VALUES.to(name).new_zeros(2),
            torch.ones_like(VALUES.to(name)),
            torch.ones_like(VALUES, device=name),
        ]
        assert {tensor.device for tensor in made} == {device}
        assert {tensor.cpu().device for tensor in made} == {torch.device("cpu")}
        assert made[4].tolist() == [1.0, 2.0]
        assert resolve("auto") == resolve("cuda") == device


@pytest.mark.parametrize(
    "work",
    [
        lambda x: x @ x.T + torch.tensor(2.0),
        lambda x: x[torch.tensor([1, 0])],
        lambda x: x[x > 2],
        lambda x: x[:, [2, 0]],
        lambda x: x[np.array([1, 0]), [0, 2]],
        lambda x: x[np.array([False, True])],
        lambda x: x.nonzero(),
        lambda x: x.unique(return_counts=True)[1],
        lambda x: torch.repeat_interleave(x.long().flatten()),
        lambda x: torch.where(x > 2, -1.0, x),
        lambda x: torch.zeros_like(x).index_add_(0, x[:, 0].long().clamp(max=1), x),
        lambda x: x.clone().index_fill_(0, (x[:, 0] > 0).nonzero()[:, 0], 7.0),
        lambda x: torch.linalg.inv(x[:, :2]),
        lambda x: torch.cdist(x, x),
        lambda x: x.view(torch.int32).long() << 32,
        lambda x: functional.grid_sample(x[None, None], x[None, None, :, :2] / 6, align_corners=False),
        lambda x: functional.interpolate(x[None, None], (4, 5), mode="bilinear"),
        lambda x: functional.scaled_dot_product_attention(x[None], x[None], x[None]),
        lambda x: torch.stack(torch.meshgrid(x[0], x[1], indexing="ij")),
    ],
)
def test_what_is_computed_on_it_is_what_the_cpu_computes(work: Callable[[Tensor], Tensor]) -> None:
    with other_device() as device:
        assert_same(work(VALUES.to(device)), work(VALUES), device)


def test_views_and_in_place_changes_share_their_data() -> None:
    with other_device() as device:
        values = VALUES.to(device)
        values[0] = 7
        row = values[1]
        row += 1
        values[:, 2] = torch.ones(2)
        assert values.tolist() == [[7, 7, 1], [4, 5, 1]]
        there = torch.zeros(3)
        there[:] = values[1]
        assert there.tolist() == [4, 5, 1]


def test_a_network_trains_on_it_as_on_the_cpu() -> None:
    def train(device: torch.device) -> list[Tensor]:
        with torch.random.fork_rng():
            torch.manual_seed(0)
            network = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.GELU(), torch.nn.LayerNorm(4), torch.nn.Linear(4, 2))
        network = network.to(device)
        adam = torch.optim.Adam(network.parameters(), 1e-2, foreach=False)
        for _ in range(3):
            adam.zero_grad()
            network(VALUES.to(device)).square().mean().backward()
            adam.step()
        return [parameter.detach() for parameter in network.parameters()]

    with other_device() as device:
        assert_same(train(device), train(torch.device("cpu")), device)


@pytest.mark.parametrize(
    "mixed",
    [
        lambda x: x + VALUES,
        lambda x: VALUES + x,
        lambda x: x @ VALUES.T,
        lambda x: torch.cat([x, VALUES]),
        lambda x: torch.stack([x.sum(), torch.tensor(2.0)]),
        lambda x: torch.tensor(2.0).add_(x.sum()),
        lambda x: VALUES[x[:, 0].long().clamp(max=1)],
        lambda x: VALUES[x > 2],
        lambda x: x.index_select(0, torch.tensor([0])),
        lambda x: x.index_put((torch.tensor([0]),), torch.ones(1, 3)),
        lambda x: torch.where(VALUES > 2, x, 0),
        lambda x: torch.nn.Linear(3, 2)(x),
        lambda x: torch.rand(3, generator=torch.Generator(), device=x.device),
    ],
)
def test_mixing_with_the_cpu_is_refused(mixed: Callable[[Tensor], Tensor]) -> None:
    with other_device() as device, pytest.raises(RuntimeError, match="device"):
        mixed(VALUES.to(device))


def test_numpy_is_refused() -> None:
    with other_device() as device:
        for read in (Tensor.numpy, np.asarray, np.sqrt):
            with pytest.raises(TypeError, match="can't convert cuda:0 device type tensor to numpy"):
                read(VALUES.to(device))


def test_outside_nothing_is_left_of_it() -> None:
    seen = torch.cuda.is_available()
    with other_device() as device:
        there = move({"a": [VALUES], "b": "text"}, device)
        assert torch.cuda.is_available()
    assert torch.cuda.is_available() is seen
    assert_same(move(there, "cpu"), VALUES, "cpu")
    if not seen:
        with pytest.raises((RuntimeError, AssertionError)):
            torch.zeros(3, device="cuda")
