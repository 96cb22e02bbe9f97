"""The whole of shapes and of scenes on a stand-in for a GPU: no tensor is made on another device than its inputs.

The stand-in refuses everything that CUDA would refuse: mixed devices, numpy views, CPU generators on the GPU.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from fakes import Sighted, shape_of
from other_device import other_device
from tiny_capture import FEW_STEPS, Colours, few_steps, write_capture

from meronym import registry
from meronym.errors import DeviceError
from meronym.io.captures.read import read_capture
from meronym.results import Segmentation
from meronym.scenes import observation
from meronym.scenes import pipeline as scenes
from meronym.shapes import pipeline as shapes

QUICK = {
    "part-distill": {"epochs": 2, "steps": 1, "points": 64, "batch": 32},
    "openscene": {"steps": 2},
}  # fmt: skip
"""The stand-in is slow."""


def settings_of(method: str) -> dict[str, object]:
    return {f"{method}.{key}": value for key, value in QUICK.get(method, {}).items()}


def assert_alike(found: Segmentation, expected: Segmentation) -> None:
    """One answer, whatever the device; the record says which it was."""
    assert found.record.settings["device"] == "cuda:0"
    assert expected.record.settings["device"] == "cpu"
    assert (found.label == expected.label).mean() > 0.99
    np.testing.assert_allclose(found.score, expected.score, atol=5e-3)


@pytest.mark.usefixtures("small_views")
@pytest.mark.parametrize("method", ["lift", "vote", "satr", "part-slip", "openscene", "pointclip", "part-distill"])
def test_shapes(method: str, monkeypatch: pytest.MonkeyPatch) -> None:
    mesh, _, names = shape_of("stool")
    given: dict[str, Any] = {"method": method, "teacher": Sighted(), "views": 2, "settings": settings_of(method)}
    expected = shapes.segment(mesh, names, up=(0, 1, 0), device="cpu", **given)
    with other_device():
        found = shapes.segment(mesh, names, up=(0, 1, 0), device="cuda", **given)
    if method == "part-distill":  # dropout draws from the device's own generator
        assert found.score.shape == expected.score.shape
        assert np.isfinite(found.score).all()
        return
    assert_alike(found, expected)


@pytest.mark.parametrize("method", ["lift", "tiny_capture:few_steps", "lerf", "teacher-alone"])
def test_scenes(method: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    capture = read_capture(write_capture(tmp_path / "scene", 4))
    monkeypatch.setitem(registry._BUILT_IN["encoders"], "dinov2", "tiny_capture:Eyes")
    steps = {"reconstruction.steps": 4, "reconstruction.rays": 64, "reconstruction.samples": FEW_STEPS.samples}
    steps |= {"reconstruction.voxels": (8**3, 12**3), "reconstruction.occupancy": FEW_STEPS.occupancy}
    own = {"few_steps": {"steps": 2, "rays": 32, "side": 6}}.get(method.rpartition(":")[2], {})
    steps |= {f"few_steps.{key}": value for key, value in own.items()}
    if method == "lerf":
        steps["lerf.training"] = few_steps(steps=2, rays=32, selection=False, rda=False, fda=False)
    given: dict[str, Any] = {"method": method, "teacher": Colours(), "size": 32, "settings": steps}
    expected = scenes.segment(capture, device="cpu", **given)
    with other_device():
        found = scenes.segment(capture, device="cuda", **given)
    assert found.views is not None
    assert expected.views is not None
    assert found.record.settings["device"] == "cuda:0"
    assert found.shape.element_count == expected.shape.element_count
    assert (found.views.label == expected.views.label).mean() > 0.98
    assert (found.label == expected.label).mean() > 0.98


def test_without_a_gpu_cuda_is_refused_and_auto_is_the_cpu() -> None:
    mesh, _, names = shape_of("stool")
    if not torch.cuda.is_available():
        with pytest.raises(DeviceError, match=r"sees no GPU\. Use 'cpu' or 'auto'"):
            shapes.segment(mesh, names, teacher=Sighted(), device="cuda")
        found = shapes.segment(mesh, names, teacher=Sighted(), views=1, up=(0, 1, 0))
        assert found.record.settings["device"] == "cpu"
    assert observation.PRESETS.keys() == {"default", "fast", "paper"}
