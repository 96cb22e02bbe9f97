"""Decoder of meshoptimizer's codecs, as EXT_meshopt_compression and KHR_meshopt_compression (glTF) specify them.

Offsets are found in a short loop over the groups of a stream; all numbers are then unpacked at once.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Float, Int, Integer, UInt8

from meronym.errors import InputError

_BITS = ((0, 2, 4, 8), (0, 1, 2, 4), (1, 2, 4, 8))
"""Bits per number of a group, by its two header bits: of version 0, and of the control modes 0 and 1 of version 1."""
_ESCAPES = {
    1: bytes(byte.bit_count() for byte in range(256)),
    2: bytes(sum(byte >> shift & 3 == 3 for shift in (0, 2, 4, 6)) for byte in range(256)),
    4: bytes((byte >> 4 == 15) + (byte & 15 == 15) for byte in range(256)),
}
"""By bits per number: how many of the numbers of a byte stand for a whole byte that follows the group."""


def decode(data: bytes, count: int, stride: int, mode: str, filter_: str) -> bytes:
    """The content of a compressed buffer view: `count` elements of `stride` bytes.

    Raises: InputError if the data are damaged, or not of a mode and filter that are known.
    """
    try:
        if mode == "TRIANGLES" and data[0] == 0xE1 and stride in (2, 4) and count % 3 == 0:
            return _stored(_triangles(data, count // 3), stride)
        if mode == "INDICES" and data[0] == 0xD1 and stride in (2, 4):
            return _stored(_indices(data, count), stride)
        fits = {"NONE": (), "EXPONENTIAL": (), "OCTAHEDRAL": (4, 8), "QUATERNION": (8,), "COLOR": (4, 8)}.get(filter_)
        sound = fits is not None and (not fits or stride in fits) and stride % 4 == 0 < stride <= 256
        if mode == "ATTRIBUTES" and data[0] in (0xA0, 0xA1) and sound:
            return _filtered(_attributes(data, count, stride), filter_).tobytes()
    except (IndexError, ValueError) as error:
        raise InputError(f"meshopt data ({mode}) are damaged: {error}. Export the file again.") from error
    raise InputError(f"meshopt data of mode {mode!r:.20}, filter {filter_!r:.20}, {stride} bytes an element are not known.")


def _stored(index: Int[np.ndarray, " k"], stride: int) -> bytes:
    return index.astype(f"<u{stride}").tobytes()


# ---------------------------------------------------------------- attributes


def _attributes(data: bytes, count: int, stride: int) -> UInt8[np.ndarray, "count stride"]:
    """Elements whose bytes are stored as differences, each byte position by itself, in groups of 16."""
    newer = data[0] == 0xA1
    block = min(0x2000 // stride & ~15, 256)
    tail = stride + (stride // 4 if newer else 0)
    end, groups = len(data) - max(tail, 24 if newer else 32), -(-count // 16)
    delta: np.ndarray = np.zeros((stride, groups * 16), dtype=np.uint8)
    found: dict[int, list[tuple[int, int]]] = {1: [], 2: [], 4: [], 8: []}
    at = 1
    for base in range(0, count, block):
        size = min(block, count - base)
        control = at
        at += stride // 4 if newer else 0
        for byte in range(stride):
            how = data[control + byte // 4] >> byte % 4 * 2 & 3 if newer else 0
            if how == 3:
                delta[byte, base : base + size] = np.frombuffer(data, np.uint8, size, at)
                at += size
            elif how < 2:
                bits, head = _BITS[how + newer], at
                at += -(-size // 64)
                for group in range(-(-size // 16)):
                    kind = bits[data[head + group // 4] >> group % 4 * 2 & 3]
                    if kind:
                        found[kind].append((byte * groups + base // 16 + group, at))
                        at += 16 if kind == 8 else 2 * kind + sum(data[at : at + 2 * kind].translate(_ESCAPES[kind]))
    if at != end:
        raise ValueError(f"the groups end at byte {at}, not {end}")
    stream, rows = np.frombuffer(data, np.uint8), delta.reshape(-1, 16)
    for kind, places in found.items():
        if places:
            row, start = np.array(places).T
            rows[row] = _unpacked(stream, start, kind)
    return _summed(delta[:, :count], stream[len(data) - tail :])


def _unpacked(stream: UInt8[np.ndarray, " s"], start: Int[np.ndarray, " g"], bits: int) -> UInt8[np.ndarray, "g 16"]:
    """The numbers of groups that begin at `start`; the largest of less than 8 bits stands for a byte that follows."""
    packed = stream[start[:, None] + np.arange(2 * bits)]
    if bits == 8:
        return packed
    shift = np.arange(8) if bits == 1 else np.arange(8 - bits, -1, -bits)
    most = (1 << bits) - 1
    value = (packed[:, :, None] >> shift.astype(np.uint8) & np.uint8(most)).reshape(-1, 16)
    escaped = value == most
    follows = start[:, None] + 2 * bits + np.maximum(np.cumsum(escaped, axis=1) - 1, 0)
    result: np.ndarray = np.where(escaped, stream[np.minimum(follows, len(stream) - 1)], value)
    return result


def _summed(delta: UInt8[np.ndarray, "stride n"], tail: UInt8[np.ndarray, " t"]) -> UInt8[np.ndarray, "n stride"]:
    """Elements from their differences; the tail holds what comes before the first, then the channels' modes, if any."""
    stride = len(delta)
    first, modes = tail[:stride], tail[stride:]
    result: np.ndarray = np.empty((delta.shape[1], stride), dtype=np.uint8)
    for k in range(stride // 4):
        mode = int(modes[k]) if len(modes) else 0
        width = {0: 1, 1: 2, 2: 4}.get(mode & 3)
        if width is None:
            raise ValueError(f"channel mode {mode}")
        own = slice(4 * k, 4 * k + 4)
        number = np.ascontiguousarray(delta[own].T).view(f"<u{width}")
        start = first[own].copy().view(f"<u{width}")
        one = number.dtype.type(1)
        if width == 4:
            turn = mode >> 4
            number = number >> np.uint32(turn) | number << np.uint32((32 - turn) % 32)
            number = np.bitwise_xor.accumulate(number, axis=0) ^ start
        else:
            signed = number >> one ^ (~(number & one) + one)
            number = np.cumsum(signed, axis=0, dtype=number.dtype) + start
        result[:, own] = np.ascontiguousarray(number).view(np.uint8)
    return result


def _filtered(rows: UInt8[np.ndarray, "n stride"], filter_: str) -> np.ndarray:
    """The numbers that a filter made easier to compress."""
    stride = rows.shape[1]
    if filter_ == "EXPONENTIAL":
        stored = rows.view("<i4")
        with np.errstate(over="ignore"):
            result: np.ndarray = np.ldexp((stored << 8 >> 8).astype("<f4"), stored >> 24)
            return result
    if filter_ == "OCTAHEDRAL":
        return _octahedral(rows.view(f"<i{stride // 4}"))
    if filter_ == "QUATERNION":
        return _quaternion(rows.view("<i2"))
    return _colour(rows, stride // 4) if filter_ == "COLOR" else rows


def _octahedral(stored: Int[np.ndarray, "n 4"]) -> Int[np.ndarray, "n 4"]:
    x, y, one = stored[:, :3].astype(np.float64).T
    x, y = x / np.where(one == 0, 1, one), y / np.where(one == 0, 1, one)
    z = 1 - abs(x) - abs(y)
    fold = np.maximum(-z, 0)
    point = np.stack([x - np.where(x >= 0, fold, -fold), y - np.where(y >= 0, fold, -fold), z], axis=1)
    unit = point / np.linalg.norm(point, axis=1, keepdims=True)
    result = stored.copy()
    result[:, :3] = _rounded(unit, np.iinfo(stored.dtype).max)
    return result


def _quaternion(stored: Int[np.ndarray, "n 4"]) -> Int[np.ndarray, "n 4"]:
    """The largest component is left out; the last number holds which it is, and the scale of the others."""
    last = stored[:, 3].astype(np.int64)
    three = stored[:, :3] * (np.sqrt(0.5) / (last | 3))[:, None]
    four = np.concatenate([np.sqrt(np.maximum(1 - np.square(three).sum(axis=1, keepdims=True), 0)), three], axis=1)
    result = np.empty_like(stored)
    np.put_along_axis(result, ((last & 3)[:, None] + np.arange(4)) % 4, _rounded(four, 32767).astype(stored.dtype), axis=1)
    return result


def _colour(rows: UInt8[np.ndarray, "n stride"], width: int) -> Integer[np.ndarray, "n 4"]:
    """YCoCg and an alpha whose highest bit tells the scale of all four."""
    y, alpha = rows.view(f"<u{width}")[:, [0, 3]].astype(np.int64).T
    orange, green = rows.view(f"<i{width}")[:, 1:3].astype(np.int64).T
    scale = (1 << np.ceil(np.log2(alpha + 1)).astype(np.int64)) - 1
    alpha = alpha & scale >> 1
    channels = np.stack([y + orange - green, y + green, y - orange - green, alpha << 1 | alpha & 1], axis=1)
    most = (1 << 8 * width) - 1
    return _rounded((channels / np.maximum(scale, 1)[:, None]).clip(0, 1), most).astype(f"<u{width}")


def _rounded(values: Float[np.ndarray, "n k"], most: int) -> Int[np.ndarray, "n k"]:
    result: np.ndarray = np.rint(values * most).astype(np.int64)
    return result


# ---------------------------------------------------------------- indices


class _Numbers:
    """Variable-length numbers of a stream, seven bits a byte, and the index that signed differences lead from."""

    def __init__(self, data: bytes, at: int) -> None:
        self.data, self.at, self.last = data, at, 0

    def byte(self) -> int:
        self.at += 1
        return self.data[self.at - 1]

    def number(self) -> int:
        value = 0
        for shift in range(0, 35, 7):
            byte = self.byte()
            value |= (byte & 127) << shift
            if byte < 128:
                return value
        raise ValueError("a number of more than five bytes")

    def index(self) -> int:
        value = self.number()
        self.last += value >> 1 ^ -(value & 1)
        return self.last


def _indices(data: bytes, count: int) -> Int[np.ndarray, " count"]:
    """A sequence of indices, each a difference from one of two."""
    stream, last, result = _Numbers(data, 1), [0, 0], []
    for _ in range(count):
        value = stream.number()
        last[value & 1] += value >> 2 ^ -(value >> 1 & 1)
        result.append(last[value & 1])
    return np.array(result, dtype=np.int64) & 0xFFFFFFFF


def _triangles(data: bytes, count: int) -> Int[np.ndarray, " k"]:
    """Triangles that share edges and vertices with recent ones: a code each, then what the codes leave open."""
    stream, common = _Numbers(data, 1 + count), data[-16:]
    edges, vertices, following = [(0, 0)] * 16, [0] * 16, 0
    result: list[int] = []
    if len(data) < 17 + count:
        raise IndexError(f"{len(data)} bytes for {count} triangles")
    for code in data[1 : 1 + count]:
        edge, how = code >> 4, code & 15
        if edge < 15:
            a, b = edges[-1 - edge]
            if 0 < how < 13:
                c = vertices[-1 - how]
            else:
                if how == 0:
                    c, following = following, following + 1
                elif how == 15:
                    c = stream.index()
                else:
                    c = stream.last = stream.last + (1 if how == 14 else -1)
                vertices = [*vertices[1:], c]
            edges = [*edges[2:], (c, b), (a, c)]
        else:
            rest = common[how] if how < 14 else stream.byte()
            if how >= 14 and rest == 0:
                following = 0
            corners, fresh = [], []
            for k, place in enumerate((15 if how == 15 else 0, rest >> 4, rest & 15)):
                if place == 0:
                    corner, following = following, following + 1
                elif place == 15 and how >= 14:
                    corner = stream.index()
                else:
                    corner = vertices[-place]
                corners.append(corner)
                fresh += [corner] if place == 0 or k == 0 or (place == 15 and how >= 14) else []
            a, b, c = corners
            vertices = [*vertices, *fresh][-16:]
            edges = [*edges[3:], (b, a), (c, b), (a, c)]
        result += (a, b, c)
    return np.array(result, dtype=np.int64) & 0xFFFFFFFF
