"""DINOv2 as other places keep it, turned into the folder that transformers loads."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import load_file, save

from meronym.core.varint import read_varint

CONFIG: dict[str, Any] = {
    "model_type": "dinov2",
    "architectures": ["Dinov2Model"],
    "hidden_size": 384,
    "num_hidden_layers": 12,
    "num_attention_heads": 6,
    "mlp_ratio": 4,
    "image_size": 518,
    "patch_size": 14,
    "layer_norm_eps": 1e-6,
    "use_mask_token": False,
}
"""Of ViT-S/14, as transformers reads it."""


def from_onnx(folder: Path) -> None:
    """Rebuild DINOv2's tensors from its ONNX export, under the names of the hub's checkpoint.

    The export keeps most tensors under their own names. The constants of its matrix products have none; in file order
    they are qkv, proj, fc1, fc2 of each block, transposed. The class token's position equals the class token, so the
    export stores it once.
    """
    (file,) = folder.glob("*.onnx")
    given = onnx_tensors(file.read_bytes())
    file.unlink()
    products = iter([value.T for name, value in given.items() if name.startswith("onnx::MatMul")])
    (grid,) = (value for name, value in given.items() if name.startswith("onnx::Reshape"))
    kept = {
        "embeddings.cls_token": given["model.cls_token"],
        "embeddings.position_embeddings": np.concatenate([given["model.cls_token"], grid], axis=1),
        "embeddings.patch_embeddings.projection.weight": given["model.patch_embed.proj.weight"],
        "embeddings.patch_embeddings.projection.bias": given["model.patch_embed.proj.bias"],
        "layernorm.weight": given["model.norm.weight"],
        "layernorm.bias": given["model.norm.bias"],
    }
    for block in range(CONFIG["num_hidden_layers"]):
        old, new = f"model.blocks.{block}", f"encoder.layer.{block}"
        qkv = zip(np.split(next(products), 3), np.split(given[f"{old}.attn.qkv.bias"], 3), strict=True)
        for part, (weight, bias) in zip(("query", "key", "value"), qkv, strict=True):
            kept[f"{new}.attention.attention.{part}.weight"] = weight
            kept[f"{new}.attention.attention.{part}.bias"] = bias
        for theirs, ours in {"attn.proj": "attention.output.dense", "mlp.fc1": "mlp.fc1", "mlp.fc2": "mlp.fc2"}.items():
            kept[f"{new}.{ours}.weight"] = next(products)
            kept[f"{new}.{ours}.bias"] = given[f"{old}.{theirs}.bias"]
        for half in (1, 2):
            kept[f"{new}.norm{half}.weight"] = given[f"{old}.norm{half}.weight"]
            kept[f"{new}.norm{half}.bias"] = given[f"{old}.norm{half}.bias"]
            kept[f"{new}.layer_scale{half}.lambda1"] = given[f"{old}.ls{half}.gamma"]
    _keep(folder, kept)


def from_hub(folder: Path) -> None:
    """Drop what only pre-training uses."""
    tensors = load_file(folder / "model.safetensors")
    tensors.pop("embeddings.mask_token", None)
    _keep(folder, tensors)


def _keep(folder: Path, tensors: Mapping[str, np.ndarray]) -> None:
    contiguous = {name: np.ascontiguousarray(value) for name, value in tensors.items()}
    (folder / "model.safetensors").write_bytes(save(contiguous, metadata={"format": "pt"}))
    (folder / "config.json").write_text(json.dumps(CONFIG, indent=1) + "\n", encoding="utf-8")


def _wire_fields(data: memoryview) -> Iterator[tuple[int, Any]]:
    """The fields of one protocol-buffers message: (number, int or bytes)."""

    at = 0
    while at < len(data):
        key, at = read_varint(data, at)
        kind = key & 7
        if kind == 0:
            value, at = read_varint(data, at)
            yield key >> 3, value
            continue
        size, at = read_varint(data, at) if kind == 2 else (8 if kind == 1 else 4, at)
        yield key >> 3, data[at : at + size]
        at += size


def onnx_tensors(data: bytes) -> dict[str, np.ndarray]:
    """The float32 initialisers of an ONNX file, in file order (onnx.proto3: model.graph = 7, graph.initializer = 5)."""
    tensors = {}
    graph = next(value for number, value in _wire_fields(memoryview(data)) if number == 7)
    for number, message in _wire_fields(graph):
        if number != 5:
            continue
        fields = list(_wire_fields(message))
        shape = [value for field, value in fields if field == 1]
        name, raw = (next(value for field, value in fields if field == wanted) for wanted in (8, 9))
        tensors[bytes(name).decode()] = np.frombuffer(raw, "<f4").reshape(shape)
    return tensors
