"""Whole numbers of seven bits a byte."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meronym.core.varint import read_varint


def written(value: int) -> bytes:
    digits = [value >> shift & 127 for shift in range(0, max(value.bit_length(), 1), 7)]
    return bytes([digit | 128 for digit in digits[:-1]] + digits[-1:])


def test_the_example_of_protocol_buffers() -> None:
    assert read_varint(b"\x96\x01", 0) == (150, 2)


@given(st.integers(0, 2**64), st.integers(0, 2**20), st.binary(max_size=3))
def test_what_is_written_comes_back(first: int, second: int, before: bytes) -> None:
    data = before + written(first) + written(second)
    found, at = read_varint(data, len(before))
    assert found == first
    assert read_varint(memoryview(data), at) == (second, len(data))


def test_data_that_end_too_early() -> None:
    with pytest.raises(IndexError):
        read_varint(b"\x96", 0)
