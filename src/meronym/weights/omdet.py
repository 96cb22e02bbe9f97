"""OmDet-Turbo as the hub has it needs timm, and with it torchvision, for its backbone; here it is put as transformers' own."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import load_file, save_file

from meronym.errors import WeightsError

_THEIRS, _OURS = "vision_backbone.vision_backbone._backbone.", "vision_backbone.vision_backbone."
_SETTINGS = ("config.json", "preprocessor_config.json")
_KINDS = ("weight", "bias")
_TABLE = "attn.relative_position_bias_table"
_NAMES = (
    ("patch_embed.proj.", "embeddings.patch_embeddings.projection."),
    ("patch_embed.norm.", "embeddings.norm."),
    ("layers_", "encoder.layers."),
    (".norm1.", ".layernorm_before."),
    (".norm2.", ".layernorm_after."),
    (".attn.proj.", ".attention.output.dense."),
    (".attn.relative", ".attention.self.relative"),
    (".mlp.fc1.", ".intermediate.dense."),
    (".mlp.fc2.", ".output.dense."),
)


def from_timm(folder: Path) -> None:
    """Rewrite the tensors and the settings of a folder; one whose backbone is not timm's is left as it is.

    The same network under other names: timm halves the grid before a stage, transformers after the one before it; timm has
    query, key and value in one matrix; and the norms that OmDet-Turbo puts on the backbone's maps become the backbone's own.
    Where windows do not fill a grid, timm shifts and then pads, and transformers pads and then shifts. So pictures are made
    a little larger, 672 pixels and not 640: windows fill every grid, and both give the same.

    Raises: WeightsError if the backbone is no Swin, or the settings cannot be read.
    """
    tensors = load_file(folder / "model.safetensors")
    theirs = {name.removeprefix(_THEIRS): tensors.pop(name) for name in list(tensors) if name.startswith(_THEIRS)}
    if not theirs:
        return
    try:
        config, picture = (json.loads((folder / name).read_text(encoding="utf-8")) for name in _SETTINGS)
        swin = _swin(theirs)
        ours = {
            f"hidden_states_norms.stage{stage + 2}.{kind}": tensors[f"vision_backbone.layer_norms.{stage}.{kind}"]
            for stage in range(3)
            for kind in _KINDS
        }
        ours |= {f"swin.layernorm.{kind}": ours[f"hidden_states_norms.stage4.{kind}"] for kind in _KINDS}  # there, and not used
        for name, value in theirs.items():
            ours |= _converted(name, value, swin["window_size"])
        step = swin["patch_size"] * 8 * swin["window_size"]
        picture["size"] = {side: -(-pixels // step) * step for side, pixels in picture["size"].items()}
    except (OSError, KeyError, ValueError, IndexError) as error:
        raise WeightsError(f"{folder}: expected OmDet-Turbo with a Swin of timm's as its backbone: {error!r}") from error
    config |= {"backbone_config": swin, "backbone": None, "backbone_kwargs": None, "use_timm_backbone": False}
    config["apply_layernorm_after_vision_backbone"] = False
    save_file(
        tensors | {_OURS + name: value.copy() for name, value in ours.items()}, folder / "model.safetensors", {"format": "pt"}
    )
    for name, settings in zip(_SETTINGS, (config, picture), strict=True):
        (folder / name).write_text(json.dumps(settings, indent=1), encoding="utf-8")


def _converted(name: str, value: np.ndarray, window: int) -> dict[str, np.ndarray]:
    """What a tensor of timm's becomes."""
    if ".attn.qkv." in name:
        block, kind = name.split(".attn.qkv.")
        parts = zip(("query", "key", "value"), np.split(value, 3), strict=True)
        return {_renamed(f"{block}.attention.self.{part}.{kind}"): third for part, third in parts}
    if ".downsample." in name:
        stage, rest = name.removeprefix("layers_").split(".", 1)
        return {f"encoder.layers.{int(stage) - 1}.{rest}": value}
    if name.endswith(_TABLE):
        return {_renamed(name): value, _renamed(name.replace("bias_table", "index")): _pairs(window)}
    return {_renamed(name): value}


def _renamed(name: str) -> str:
    for old, new in _NAMES:
        name = name.replace(old, new)
    return name


def _swin(tensors: dict[str, np.ndarray]) -> dict[str, Any]:
    """The shape of the backbone, read off its tensors."""
    stages = [[name for name in tensors if name.startswith(f"layers_{stage}.") and name.endswith(_TABLE)] for stage in range(4)]
    width = len(tensors["patch_embed.proj.bias"])
    return {
        "model_type": "swin",
        "image_size": 640,
        "patch_size": tensors["patch_embed.proj.weight"].shape[-1],
        "embed_dim": width,
        "depths": [len(stage) for stage in stages],
        "num_heads": [tensors[stage[0]].shape[1] for stage in stages],
        "window_size": (math.isqrt(len(tensors[stages[0][0]])) + 1) // 2,
        "mlp_ratio": len(tensors["layers_0.blocks.0.mlp.fc1.bias"]) / width,
        "out_indices": [2, 3, 4],
        "out_features": ["stage2", "stage3", "stage4"],
    }


def _pairs(window: int) -> np.ndarray:
    """For two places of a window, the row of the table of relative positions; transformers before 5 keeps it in its files."""
    place = np.indices((window, window)).reshape(2, -1)
    down, across = place[:, :, None] - place[:, None] + window - 1
    return np.asarray(down * (2 * window - 1) + across)
