"""The moments of Adam as tensors by name, for files from which a training goes on."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

_PREFIX = "adam."


def moments_of(optimiser: torch.optim.Adam) -> dict[str, Tensor]:
    """What an optimiser remembers of each parameter: adam.<number of the parameter>.<name>; empty before its first step."""
    state = optimiser.state_dict()["state"]
    return {f"{_PREFIX}{index}.{name}": value for index, moments in state.items() for name, value in moments.items()}


def restore_moments(optimiser: torch.optim.Adam, tensors: Mapping[str, Tensor]) -> None:
    """Give a new optimiser what `moments_of` told of another; tensors of other names are passed over."""
    state: dict[int, dict[str, Tensor]] = {}
    for key, value in tensors.items():
        if key.startswith(_PREFIX):
            index, name = key.removeprefix(_PREFIX).split(".")
            state.setdefault(int(index), {})[name] = value
    optimiser.load_state_dict({**optimiser.state_dict(), "state": state})
