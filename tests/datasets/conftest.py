"""What the tests of all readers compare items by."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import numpy as np
import pytest

from meronym.datasets import Item


@pytest.fixture
def digest() -> Callable[[Item], str]:
    """Over everything in an item, field by field."""

    def of(item: Item) -> str:
        held = hashlib.sha256(repr((item.id, item.category, item.prompts, item.up)).encode())
        for name, value in sorted(vars(item.shape).items()):
            held.update(name.encode() + (value.tobytes() if isinstance(value, np.ndarray) else repr(value).encode()))
        return held.hexdigest()

    return of
