"""Point-M2AE: agrees with the official code, takes the public checkpoint and nothing else, and stays frozen."""

from __future__ import annotations

import json
import math
import zlib
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from golden_files import golden_files
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn
from torch.nn import functional

from meronym.errors import InputError, WeightsError
from meronym.students.point_m2ae import CENTRES, FEATURES, PointM2AE, _Embedding
from meronym.weights import unpickle

few = settings(max_examples=3, deadline=None, derandomize=True)
GOLDEN = golden_files("point_m2ae_seed*.npz")
SHAPES: dict[str, list[int]] = json.loads(golden_files("point_m2ae_keys.json")[0].read_text(encoding="utf-8"))
"""Of the public checkpoint's tensors."""


def tensor_of(name: str, seed: int) -> Tensor:
    """A tensor of the checkpoint, made from its name, as the reference values were."""
    shape = SHAPES[name]
    r = torch.randn(shape, generator=torch.Generator().manual_seed((zlib.crc32(name.encode()) + seed) % 2**31))
    if name.endswith("num_batches_tracked"):
        return torch.zeros(shape, dtype=torch.long)
    if name.endswith("running_var"):
        return 0.5 + r.abs()
    if name.endswith("running_mean"):
        return 0.1 * r
    if len(shape) == 1:
        return 1 + 0.05 * r if name.endswith("weight") else 0.02 * r
    return r / math.sqrt(r[0].numel())


@cache
def checkpoint(seed: int = 0) -> dict[str, Tensor]:
    return {name: tensor_of(name, seed) for name in SHAPES}


def network(seed: int = 0) -> PointM2AE:
    with torch.device("meta"):
        model = PointM2AE()
    model.load_state_dict(checkpoint(seed), assign=True)
    return model


@pytest.fixture(scope="module")
def model() -> PointM2AE:
    return network()


def cloud(seed: int, batch: int = 1, count: int = CENTRES[0] + 40) -> Tensor:
    points = torch.randn(batch, count, 3, generator=torch.Generator().manual_seed(seed))
    return points / points.norm(dim=-1).amax()


# -------------------------------------------------------------------------------------------------------------- golden


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_golden_features(path: Path) -> None:
    with np.load(path) as file:
        points, rows, features = (torch.from_numpy(file[name]) for name in ("points", "feature_rows", "features"))
    found = network(int(path.stem.rpartition("seed")[2]))(points)
    assert found.shape == (*points.shape[:2], FEATURES)
    torch.testing.assert_close(found[:, rows], features, rtol=0, atol=1e-4)


def test_golden_names_and_shapes_are_those_of_the_public_checkpoint() -> None:
    assert {name: list(value.shape) for name, value in PointM2AE().state_dict().items()} == SHAPES


# ------------------------------------------------------------------------------------------------------------- weights


@pytest.mark.parametrize("convert", [False, True])
def test_the_public_checkpoint_loads(tmp_path: Path, model: PointM2AE, convert: bool) -> None:
    path = tmp_path / "point_m2ae_pre-train.pth"
    inside = {f"module.{name}": value for name, value in checkpoint().items()}
    decoder = {"mask_token": torch.zeros(1, 384), "h_decoder.0.blocks.0.norm1.weight": torch.zeros(384)}
    torch.save({"base_model": inside | decoder, "epoch": 300, "optimizer": {"state": {}}, "metrics": {"acc": 0.0}}, path)
    if convert:
        unpickle.convert(path, path.with_suffix(".safetensors"))
        path = path.with_suffix(".safetensors")
    before = torch.get_rng_state()
    loaded = PointM2AE.load(path)
    assert torch.equal(torch.get_rng_state(), before)
    assert not any(parameter.requires_grad for parameter in loaded.parameters())
    assert not any(part.training for part in loaded.modules())
    for name, value in model.state_dict().items():
        assert torch.equal(loaded.state_dict()[name], value), name


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"h_encoder.encoder_norms.2.bias": None}, r"h_encoder\.encoder_norms\.2\.bias is missing"),
        (
            {"rec_head.weight": torch.zeros(1), "classifier.weight": torch.zeros(1)},
            r"1 tensors .*: classifier\.weight is unknown",
        ),
        ({"h_encoder.extra": torch.zeros(1)}, r"h_encoder\.extra is unknown"),
        (
            {"h_encoder.encoder_norms.0.weight": torch.zeros(95)},
            r"h_encoder\.encoder_norms\.0\.weight: expected shape \[96\], got \[95\]",
        ),
    ],
)
def test_a_checkpoint_that_does_not_fit_is_refused(tmp_path: Path, change: dict[str, Any], message: str) -> None:
    path = tmp_path / "a.pth"
    torch.save({name: value for name, value in (checkpoint() | change).items() if value is not None}, path)
    with pytest.raises(WeightsError, match=message):
        PointM2AE.load(path)


# ------------------------------------------------------------------------------------------------------------ features


def test_every_scale_starts_with_the_position(model: PointM2AE) -> None:
    points = cloud(0, batch=2)
    features = model(points)
    assert features.shape == (2, CENTRES[0] + 40, FEATURES)
    for start in (0, 99, 99 + 195):
        assert torch.equal(features[..., start : start + 3], points)


@few
@given(st.integers(0, 2**16))
def test_the_order_of_points_does_not_matter_as_long_as_the_first_stays(model: PointM2AE, seed: int) -> None:
    points = cloud(seed)
    order = 1 + torch.randperm(points.shape[1] - 1, generator=torch.Generator().manual_seed(seed))
    order = torch.cat([torch.zeros(1, dtype=torch.long), order])
    torch.testing.assert_close(model(points[:, order]), model(points)[:, order], rtol=0, atol=1e-4)


def test_a_batch_is_a_loop(model: PointM2AE) -> None:
    points = cloud(1, batch=3)
    loop = torch.cat([model(shape[None]) for shape in points])
    torch.testing.assert_close(model(points), loop, rtol=0, atol=1e-4)


def test_frozen_inside_a_network_that_trains(model: PointM2AE) -> None:
    points = cloud(2)
    before = model(points)
    student = nn.Sequential(model, nn.Linear(FEATURES, 3)).train()
    student(points).sum().backward()
    assert student[1].weight.grad.abs().sum() > 0
    assert all(parameter.grad is None for parameter in model.parameters())
    assert not any(part.training for part in model.modules())
    assert torch.equal(model(points), before)


@pytest.mark.parametrize(("inputs", "widths", "outputs"), [(3, (4, 5, 6), 7), (5, (5, 5, 8), 8)])
def test_embedding_agrees_with_joining_members_to_their_maximum(
    inputs: int, widths: tuple[int, int, int], outputs: int
) -> None:
    generator = torch.Generator().manual_seed(0)
    layer = _Embedding(inputs, widths, outputs).eval()
    for value in layer.state_dict().values():
        if value.is_floating_point():
            value.copy_(0.5 + torch.rand(value.shape, generator=generator))
    groups = torch.randn(2, 3, 4, inputs, generator=generator)

    def convolved(x: Tensor, conv: Any, norm: Any, relu: Any, last: Any) -> Tensor:
        return functional.conv1d(relu(norm(functional.conv1d(x, conv.weight, conv.bias))), last.weight, last.bias)

    first = convolved(groups.flatten(0, 1).mT, *layer.first_conv)
    joined = torch.cat([first.amax(2, keepdim=True).expand_as(first), first], 1)
    slow = convolved(joined, *layer.second_conv).amax(2).unflatten(0, (2, 3))
    fast = layer(groups)
    torch.testing.assert_close(fast, slow)
    weights = list(layer.parameters())
    both = [torch.autograd.grad(answer.square().sum(), weights) for answer in (fast, slow)]
    for a, b in zip(*both, strict=True):
        torch.testing.assert_close(a, b, rtol=1e-4, atol=1e-3)


def test_points_that_cannot_be_used_are_refused(model: PointM2AE) -> None:
    with pytest.raises(InputError, match=r"511 given, 512 to be sampled"):
        model(cloud(0, count=511))
    points = cloud(0)
    points[0, 7, 1] = torch.nan
    with pytest.raises(InputError, match="NaN or infinity"):
        model(points)
