"""Whole numbers of seven bits a byte, lowest first, as protocol buffers and Draco store them (LEB128)."""

from __future__ import annotations


def read_varint(data: bytes | memoryview, at: int) -> tuple[int, int]:
    """The number that begins at a byte, and where the next thing begins.

    Raises: IndexError if the data end before it does.
    """
    value, shift = 0, 0
    while True:
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at
