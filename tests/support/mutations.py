"""Damage to fuzzed files."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

import numpy as np


def mutate_digit(data: bytearray, rng: np.random.Generator, odd: Sequence[bytes]) -> None:
    """Replace a digit near the beginning by something odd."""
    digits = [k for k, byte in enumerate(data[:4000]) if chr(byte).isdigit()]
    if digits:
        at = digits[rng.integers(len(digits))]
        data[at : at + 1] = odd[rng.integers(len(odd))]


def mutate_tree(tree: Any, rng: np.random.Generator, odd: Sequence[Any]) -> None:
    """Replace one value anywhere in a JSON tree by an odd one, or remove it."""
    places: list[tuple[Any, Any]] = []
    waiting = [tree]
    while waiting:
        value = waiting.pop()
        keys: Any = value.keys() if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
        places += [(value, key) for key in keys]
        waiting += [value[key] for key in keys]
    if places:
        holder, key = places[rng.integers(len(places))]
        if rng.random() < 0.15:
            del holder[key]
        else:
            holder[key] = copy.deepcopy(odd[rng.integers(len(odd))])
