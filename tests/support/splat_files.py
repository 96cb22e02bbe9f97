"""Gaussians and files of them that several tests share; writers are slow and plain, one Gaussian at a time."""

from __future__ import annotations

import gzip
import json
import math
import struct
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from meronym.core.gaussians import rows_of

KINDS = {"f4": "float", "f8": "double", "i4": "int", "u1": "uchar", "u4": "uint"}


def some_rows(count: int = 40, degree: int = 3, seed: int = 0) -> np.ndarray:
    """Sound rows as 3DGS has them."""
    rng = np.random.default_rng(seed)
    return rows_of(
        rng.normal(size=(count, 3)), np.log(0.2 * rng.uniform(0.3, 1, (count, 3))), rng.normal(size=(count, 4)),
        rng.normal(size=count) + 2, rng.normal(size=(count, 3)), rng.normal(size=(count, 3 * ((degree + 1) ** 2 - 1))),
    )  # fmt: skip


def ply(path: Path, form: str = "binary_little_endian", comment: str = "", **tables: np.ndarray) -> Path:
    """A PLY file of tables by the names of its elements."""
    lines, data = ["ply", f"format {form} 1.0", f"comment {comment}"], b""
    for name, rows in tables.items():
        lines.append(f"element {name} {len(rows)}")
        lines += [f"property {KINDS[rows.dtype[field].str[1:]]} {field}" for field in rows.dtype.names or ()]
        if form == "ascii":
            data += "".join(" ".join(repr(value.item()) for value in row) + "\n" for row in rows).encode()
        else:
            data += rows.astype(rows.dtype.newbyteorder(">" if "big" in form else "<")).tobytes()
    path.write_bytes("\n".join([*lines, "end_header", ""]).encode() + data)
    return path


def dot_splat(path: Path, rows: np.ndarray) -> Path:
    """antimatter15's file."""
    data = b""
    for row in rows:
        turn = np.array([row[f"rot_{k}"] for k in range(4)])
        data += struct.pack("<3f", row["x"], row["y"], row["z"])
        data += struct.pack("<3f", *(math.exp(row[f"scale_{k}"]) for k in range(3)))
        colour = [0.5 + 0.28209479177387814 * row[f"f_dc_{k}"] for k in range(3)]
        unit = [*colour, 1 / (1 + math.exp(-row["opacity"]))]
        data += bytes(round(255 * min(max(value, 0), 1)) for value in unit)
        data += bytes(min(max(round(value * 128 + 128), 0), 255) for value in turn / np.linalg.norm(turn))
    path.write_bytes(data)
    return path


def spz(path: Path, rows: np.ndarray, version: int = 2, count: int | None = None) -> Path:
    """Niantic's file of version 2 or 3, its columns one after the other."""
    rest = sum(name.startswith("f_rest_") for name in rows.dtype.names or ())
    columns: list[bytes] = [b""] * 6
    for row in rows:
        for axis in "xyz":
            columns[0] += (round(float(row[axis]) * 4096) & 0xFFFFFF).to_bytes(3, "little")
        columns[1] += bytes([_byte(255 / (1 + math.exp(-row["opacity"])))])
        columns[2] += bytes(_byte(row[f"f_dc_{k}"] * 0.15 * 255 + 127.5) for k in range(3))
        columns[3] += bytes(_byte((row[f"scale_{k}"] + 10) * 16) for k in range(3))
        columns[4] += _spz_turn([float(row[f"rot_{k}"]) for k in (1, 2, 3, 0)], version)
        for k in range(rest // 3):
            columns[5] += bytes(_byte(row[f"f_rest_{c * rest // 3 + k}"] * 128 + 128) for c in range(3))
    degree = {0: 0, 9: 1, 24: 2, 45: 3}[rest]
    head = struct.pack("<4sIIBBBB", b"NGSP", version, len(rows) if count is None else count, degree, 12, 0, 0)
    path.write_bytes(gzip.compress(head + b"".join(columns)))
    return path


def _byte(value: float) -> int:
    return min(max(round(value), 0), 255)


def _spz_turn(xyzw: Sequence[float], version: int) -> bytes:
    length = math.sqrt(sum(value * value for value in xyzw))
    unit = [value / length for value in xyzw]
    if version == 2:
        sign = -1 if unit[3] < 0 else 1
        return bytes(_byte(sign * value * 127.5 + 127.5) for value in unit[:3])
    largest = max(range(4), key=lambda k: abs(unit[k]))
    bits = largest
    for k in range(4):
        if k != largest:
            negative = (unit[k] < 0) != (unit[largest] < 0)
            bits = (bits << 10) | (negative << 9) | int(511 * abs(unit[k]) / math.sqrt(0.5) + 0.5)
    return bits.to_bytes(4, "little")


def compressed(path: Path, rows: np.ndarray, colours: bool = True) -> Path:
    """SuperSplat's compressed PLY: 256 Gaussians a chunk."""
    chunks, packed = [], []
    for start in range(0, len(rows), 256):
        own = rows[start : start + 256]
        colour = np.stack([0.5 + 0.28209479177387814 * own[f"f_dc_{k}"] for k in range(3)], 1)
        place = np.stack([own[axis] for axis in "xyz"], 1)
        scale = np.stack([own[f"scale_{k}"] for k in range(3)], 1)
        bounds = [(array.min(0), array.max(0)) for array in (place, scale, colour)]
        low_c, high_c = bounds[2] if colours else (np.zeros(3), np.ones(3))
        chunks.append([*(value for pair in bounds[: 3 if colours else 2] for side in pair for value in side)])
        for k, row in enumerate(own):
            opaque = round(255 / (1 + math.exp(-row["opacity"])))
            shares = [(array[k] - low) / (high - low) for array, (low, high) in ((place, bounds[0]), (scale, bounds[1]))]
            red, green, blue = (round(255 * float(v)) for v in ((colour[k] - low_c) / (high_c - low_c)).clip(0, 1))
            packed.append((_wide(shares[0]), _largest(row), _wide(shares[1]), red << 24 | green << 16 | blue << 8 | opaque))
    names = [f"{side}_{kind}{axis}" for kind, axes in (("", "xyz"), ("scale_", "xyz"), ("", "rgb")) for side in ("min", "max")
             for axis in axes]  # fmt: skip
    chunk = np.array([tuple(c) for c in chunks], [(name, "<f4") for name in names[: len(chunks[0])]])
    vertex = np.array(packed, [(f"packed_{name}", "<u4") for name in ("position", "rotation", "scale", "color")])
    rest = [name for name in rows.dtype.names or () if name.startswith("f_rest_")]
    tables = {"chunk": chunk, "vertex": vertex}
    if rest:
        sh = np.empty(len(rows), [(name, "u1") for name in rest])
        for name in rest:
            sh[name] = np.clip(np.floor((rows[name] / 8 + 0.5) * 256), 0, 255)
        tables["sh"] = sh
    return ply(path, **tables)


def _wide(share: np.ndarray) -> int:
    x, y, z = (round(float(value) * most) for value, most in zip(share, (2047, 1023, 2047), strict=True))
    return x << 21 | y << 11 | z


def _largest(row: np.void) -> int:
    turn = np.array([row[f"rot_{k}"] for k in range(4)], float)
    turn = turn / np.linalg.norm(turn)
    largest = int(np.abs(turn).argmax())
    bits, turn = largest, turn * np.sign(turn[largest])
    for k in range(4):
        if k != largest:
            bits = bits << 10 | round((turn[k] * math.sqrt(0.5) + 0.5) * 1023)
    return bits


def cameras_json(path: Path, eyes: np.ndarray, up: Sequence[float] = (0.0, 0.0, 1.0)) -> Path:
    """3DGS's file of cameras that look at the origin, upright, 64 x 48 pixels."""
    entries = []
    for k, eye in enumerate(eyes):
        forward = -eye / np.linalg.norm(eye)
        right = np.cross(forward, up) / np.linalg.norm(np.cross(forward, up))
        rotation = np.stack([right, np.cross(forward, right), forward], 1)
        entries.append({
            "id": k, "img_name": f"{k:03}", "width": 64, "height": 48, "position": eye.tolist(), "rotation": rotation.tolist(),
            "fx": 60.0, "fy": 60.0,
        })  # fmt: skip
    path.write_text(json.dumps(entries))
    return path
