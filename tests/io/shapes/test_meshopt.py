"""The decoder of meshoptimizer's codecs against what its own encoder (1.3.0) made of numbers that formulas give."""

from __future__ import annotations

import base64

import numpy as np
import pytest

from meronym.errors import InputError
from meronym.io.shapes.gltf.meshopt import decode

STREAMS = {
    "bytes, version 0": "oBUqqqqqqqqqqqqqAAAqBEREREREREREREREREREREREREQAAAAAFTA8DwMGp6iNjkjA8DwPRyUmKCfNzgPAAAD49xUwPA8DBqeo"
    "jY5IwPA8D0clJignzc4DwAAA+PcfAEoGgbJdTrbaulZRwm0eZmoqWd4tgu7p+poJ8R1yvsb//wAAigq5PvKdcYkEAJAAAAAAAAAA"
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
    "bytes, version 1": "oVWlFSqqqqqqqqqqqqoAACoERERERERERERERERERERERERERAAAAAAAYowGp6iNjkgxxkclJignzc4YAPj3AGKMBqeojY5IMcZH"
    "JSYoJ83OGAD49w8ASgaBsl1Ottq6VlHCbR5maipZ3i2C7un6mgnxHXK+xv8Aigq5PvKdcYkAAAAwAAIBAAAAAAAAAAAAAAAAAAAA"
    "AAAAAAAAAAAAAAA=",
    "bytes, level 3": "oVWjFSqqqqqqqqqqqqoAACoERERERERERERERERERERERERERAAAAAAAYowGp6iNjkgxxkclJignzc4YAPj3AGKMBqeojY5IMcZH"
    "JSYoJ83OGAD49wBKBoGyXU622rpWUcJtHmZqKlneLYLu6fqaCfEdcr7Gigq5PvKdcYkEMAACAQAAAAAAAAAAAAAAAAAAAAAAAAAA"
    "AAAAAA==",
    "floats": "oWgFAgAPAQAfGg//+Pj0xPTEgCAQcBg4HPJi4mLyYuJi/B7d3QAAPgMHAwAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAYg==",
    "shorts": "od0EiEQBAwEHEMBDAQMPRAADAQBL3XfNW7XPVftN171L1X/VS73XTftVz7VbzXfdS7Xfdctdt81b9U8EkEgBAwEHBDBAwQMPSAAD"
    "AQBVy71XzXvVT7XbTfddy7Vf9Uvdt03bdc9Vu81X/UvVv1XLfddNu9UAAAAAAAAAAAAAAAAAAAAAAAAAAAAsAVI=",
    "triangles": "4fAQABAAEAAQABAAEP////+b4MUI/4/FCAIC4klfCQIAdodWZ3iphmWJaJgBaQAA",
    "sequence": "0QAEBAACCAIEBAACCAIEBAACCAIEBAACCAIEBAACCAIEBAACCMGLER4Gn4oRBQUIAgMOnYoRBAAAAAA=",
    "octahedral 4": "oAcACu4SCfURBv4SAfYJARL+//8AAAgT9QkS8AgJBwCyFrWlR7qOgLeBr7KCuIP//wAAjbdKpLgZsbEAAAAAAAAAAAAAAAAAAAAA"
    "AAAAAAAAAAAAAAAAAAA/AH9/",
    "octahedral 8": "oAcAhNjro9a+bDfpJX2JH+8t//8AAGbAzqHn3IiPBS5040sREg8QDx25AAASEQcAz41yWYlV8BhwLejNKnVL//8AANtUwEhvYNjI"
    "Cgork6qLeajHmUrBuQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/wMAAP8H/38=",
    "quaternion": "oAcAz9vFoa7bYVlDC0B3ElDI//8AANq80j2kzzWUCgrw/1469l9yERQRDxCF/w/KAAAAABEUEQcA7hEiX7G8sEh2VIqxC6lp//8A"
    "AGYwvw9194xaBwALBwkaFRgBFxQCFRYBExjv/wAAFxYEEwgREgcAnZIn6yTMzRlXZhgHYHsY//8AALO6hSt/IXDICgk6av/w8P/w"
    "ERIZGhkaGfiQ9KgAAAAAEg8GAQIQIjQDQDRSSQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/wcAAP0H",
    "exponential": "oAcAzd87nA6sUchKHQPkFqX5/98AAAW0vU+blLEFPf733yTXCMIRyQrKAwTFv/8AAAu+CAOXGSEFBCBCAQgQAAAGAQIDQFYP8FYP"
    "EDxhAAADBAcAjwPQFyuyqCSUgwcOxPXq//8AAIyjelY8NgTfBTfP3/NiCMcNwAiZGSPaB/fvAADDFM4NyQQFAEIEIEIEAAAJA88Y"
    "SAUGAwQ0BWDeAAAAAAcA3VSuXY3S0hrvMsR6cUnS//8AAA/PKZuSC20PBwC9HKChCaYNnaAau74dnai//wAAoxKanxe6vwUSSGGG"
    "EkkAAAYBIDQDQBISA88ZAAAEAwQAAAAAAAAAAAAAAAAAAAAAAAAAAEEtAPIAAADyQS0A8gAgAPM=",
    "colour 4": "ofUKA1U1U1U1NVNVNTVTAAAAAAoMqsqqyqyqqsqsqsoAAAAAAA8PDw8PDw0RDw0RDQ8PDREPDRENDxENAP79/v3+/f79/v3+/f79"
    "/v3+/f79/v3+AAAAAAAAAAAAAAAAAAAAAAAAAJ/AX4AA",
    "colour 8": "obtXAFNVVVNVVVNVVVNVU1VVU1VVU1VTVVVTAKyqqqyqqqqsqqqsqqqqqqyqqqyqqqyqAP////////3+//3+/f///f7//f79//79"
    "BQREQREREQAABRmZmZmZmQAACg7e3t7e3t7e3t7e3gAAAAAAAAAAAAAAAAAAAAAAAP8JAPz/BQAIAQA=",
}
STRIP = [[i + i % 2, i + 1 - i % 2, i + 2] for i in range(12)]
INDICES = np.array([*STRIP, [70000, 5, 3], [40, 41, 42], [5, 4, 41], [0, 70000, 1]])


def stream(name: str) -> bytes:
    return base64.b64decode(STREAMS[name])


def unit(columns: list[np.ndarray]) -> np.ndarray:
    rows = np.stack(columns, axis=1)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


ANGLE = np.arange(24.0)
DIRECTION = unit([np.cos(ANGLE), np.sin(ANGLE), np.cos(2 * ANGLE)])


@pytest.mark.parametrize("name", ["bytes, version 0", "bytes, version 1", "bytes, level 3"])
def test_bytes(name: str) -> None:
    i, zero = np.arange(40), np.zeros(40, int)
    curve = np.where(i % 5 == 0, 7 * i * i, 3)
    wanted = np.stack([i, 2 * i, curve, curve, 37 * i**3, i == 20, zero, zero], axis=1) & 255
    assert decode(stream(name), 40, 8, "ATTRIBUTES", "NONE") == wanted.astype("u1").tobytes()


def test_differences_of_two_and_four_bytes() -> None:
    assert decode(stream("floats"), 40, 4, "ATTRIBUTES", "NONE") == (np.arange(40) / 8).astype("<f4").tobytes()
    assert decode(stream("shorts"), 40, 4, "ATTRIBUTES", "NONE") == (np.arange(80) * 300).astype("<u2").tobytes()


def test_indices() -> None:
    assert decode(stream("sequence"), 48, 4, "INDICES", "NONE") == INDICES.astype("<u4").tobytes()
    found = np.frombuffer(decode(stream("triangles"), 48, 4, "TRIANGLES", "NONE"), "<u4").reshape(-1, 3)
    turned = [np.roll(face, -face.argmin()).tolist() for face in found]
    assert turned == [np.roll(face, -face.argmin()).tolist() for face in INDICES]


@pytest.mark.parametrize(("width", "near"), [(1, 0.02), (2, 0.002)])
def test_directions(width: int, near: float) -> None:
    found = np.frombuffer(decode(stream(f"octahedral {4 * width}"), 24, 4 * width, "ATTRIBUTES", "OCTAHEDRAL"), f"<i{width}")
    np.testing.assert_allclose(found.reshape(-1, 4)[:, :3] / np.iinfo(f"i{width}").max, DIRECTION, atol=near)


def test_quaternions_up_to_sign() -> None:
    wanted = unit([np.sin(ANGLE), np.cos(ANGLE), np.sin(3 * ANGLE), np.cos(2 * ANGLE)])
    found = np.frombuffer(decode(stream("quaternion"), 24, 8, "ATTRIBUTES", "QUATERNION"), "<i2").reshape(-1, 4) / 32767
    np.testing.assert_allclose(np.abs((found * wanted).sum(axis=1)), 1, atol=2e-3)


def test_floats_of_few_bits() -> None:
    found = np.frombuffer(decode(stream("exponential"), 24, 16, "ATTRIBUTES", "EXPONENTIAL"), "<f4").reshape(-1, 4)
    np.testing.assert_allclose(found, np.column_stack([DIRECTION, np.ones(24)]), atol=1e-4)


@pytest.mark.parametrize(("width", "near"), [(1, 0.01), (2, 0.001)])
def test_colours(width: int, near: float) -> None:
    wanted = np.stack([ANGLE / 24, 1 - ANGLE / 24, np.full(24, 0.5), ANGLE % 2], axis=1)
    found = np.frombuffer(decode(stream(f"colour {4 * width}"), 24, 4 * width, "ATTRIBUTES", "COLOR"), f"<u{width}")
    np.testing.assert_allclose(found.reshape(-1, 4) / np.iinfo(f"u{width}").max, wanted, atol=near)


@pytest.mark.parametrize("name", ["bytes, version 0", "bytes, level 3", "triangles", "sequence"])
def test_damaged_streams_are_input_errors(name: str) -> None:
    data = stream(name)
    count, stride, mode = {"t": (48, 4, "TRIANGLES"), "s": (48, 4, "INDICES"), "b": (40, 8, "ATTRIBUTES")}[name[0]]
    for length in (0, 1, 20, len(data) - 17):
        with pytest.raises(InputError, match="meshopt data"):
            decode(data[:length], count, stride, mode, "NONE")
    for fault in ({"mode": "ELSE"}, {"filter_": "ELSE", "mode": "ATTRIBUTES"}, {"stride": 5}):
        fields = {"count": count, "stride": stride, "mode": mode, "filter_": "NONE", **fault}
        with pytest.raises(InputError, match="not known"):
            decode(data, **fields)
