"""OmDet-Turbo's backbone as the hub has it, timm's, becomes transformers' own and says the same.

`omdet_backbone.npz` holds a random Swin of timm 1.0.31 (window 5, grids of 80, 40, 20 and 10), a picture of 20 x 20 blocks,
and each fourth row and column of what timm and OmDet-Turbo's norms make of it.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import tiny_models
import torch
from safetensors.numpy import load_file, save_file

from meronym.errors import WeightsError
from meronym.teachers.detector import Detector
from meronym.weights.omdet import from_timm

KNOWN = Path(__file__).with_name("omdet_backbone.npz")
INSIDE = "vision_backbone.vision_backbone."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A tiny OmDet-Turbo laid out as on the hub: its backbone under timm's names."""
    from transformers import SwinConfig

    shape = {"embed_dim": 2, "depths": [1, 2, 2, 2], "num_heads": [1, 2, 2, 4], "window_size": 5, "out_indices": [2, 3, 4]}
    tiny_models.omdet_turbo(tmp_path, (4, 8, 16), SwinConfig(**shape))
    tensors = {name: value for name, value in load_file(tmp_path / "model.safetensors").items() if INSIDE not in name}
    with np.load(KNOWN) as known:
        tensors |= {
            name.removeprefix("tensor/"): known[name].astype(np.float32) for name in known if name.startswith("tensor/")
        }
    save_file(tensors, tmp_path / "model.safetensors", {"format": "pt"})
    config = json.loads((tmp_path / "config.json").read_text())
    config |= {"backbone_config": None, "backbone": "swin_tiny_patch4_window7_224", "use_timm_backbone": True}
    config |= {"backbone_kwargs": {"out_indices": [1, 2, 3]}, "apply_layernorm_after_vision_backbone": True}
    (tmp_path / "config.json").write_text(json.dumps(config))
    return tmp_path


def test_the_backbone_says_what_timms_says(folder: Path) -> None:
    from_timm(folder)
    teacher = Detector("omdet-turbo", weights=folder)
    with np.load(KNOWN) as known:
        picture = torch.from_numpy(known["picture"]).float().repeat_interleave(16, 2).repeat_interleave(16, 3)
        expected = [torch.from_numpy(known[f"map{level}"]) for level in range(3)]
    with torch.no_grad():
        maps = teacher.network.model.vision_backbone(picture)
    assert [tuple(level.shape[2:]) for level in maps] == [(40, 40), (20, 20), (10, 10)]
    for ours, theirs in zip(maps, expected, strict=True):
        torch.testing.assert_close(ours[..., ::4, ::4], theirs, atol=1e-4, rtol=0)


@pytest.mark.parametrize(("side", "filled"), [(640, 640), (600, 640), (641, 800)])
def test_windows_fill_every_grid_of_the_pictures_that_are_asked_for(folder: Path, side: int, filled: int) -> None:
    """Patches of 4 pixels, halved three times, windows of 5: 160 pixels go into the side."""
    settings = folder / "preprocessor_config.json"
    before = json.loads(settings.read_text())
    settings.write_text(json.dumps(before | {"size": {"height": side, "width": side}}))
    from_timm(folder)
    assert json.loads(settings.read_text()) == before | {"size": {"height": filled, "width": filled}}


def test_a_backbone_of_transformers_is_left_alone(tmp_path: Path) -> None:
    tiny_models.omdet_turbo(tmp_path)
    before = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    from_timm(tmp_path)
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == before


def test_another_backbone_is_refused(folder: Path) -> None:
    tensors = {name: value for name, value in load_file(folder / "model.safetensors").items() if "relative" not in name}
    save_file(tensors, folder / "model.safetensors")
    with pytest.raises(WeightsError, match="expected OmDet-Turbo with a Swin of timm's as its backbone"):
        from_timm(folder)
