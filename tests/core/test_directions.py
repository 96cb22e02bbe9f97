"""Names of the axis directions."""

from __future__ import annotations

from typing import Any

import pytest

from meronym.core.directions import vector_of
from meronym.errors import InputError


@pytest.mark.parametrize(("up", "axis"), [("z", [0, 0, 1]), ("-x", [-1, 0, 0]), ((0, 1, 0), (0, 1, 0)), (None, None)])
def test_the_up_axis_is_a_letter_or_a_vector(up: Any, axis: Any) -> None:
    assert vector_of(up) == axis


@pytest.mark.parametrize("up", ["", "-", "up", "--z", "zx"])
def test_another_up_axis_is_refused(up: str) -> None:
    with pytest.raises(InputError, match="up: expected x, -x, y, -y, z, -z or three numbers, got "):
        vector_of(up)
