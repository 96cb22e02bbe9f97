"""The comparison of a GPU with the CPU, at a tiny size, on the CPU and on a stand-in."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from fake_scene import fake_scene
from other_device import other_device

from benchmarks import gpu
from meronym.results import Record, Segmentation


def answering(true: Callable[..., Any], answer: Callable[[torch.device], Segmentation]) -> Callable[..., Segmentation]:
    """In the place of a pipeline: `answer`, for arguments that the pipeline takes."""

    @wraps(true)
    def segment(*args: Any, **kwargs: Any) -> Segmentation:
        given = inspect.signature(true).bind(*args, **kwargs).arguments
        return answer(given["device"])

    return segment


@pytest.fixture(autouse=True)
def smaller(monkeypatch: pytest.MonkeyPatch) -> None:
    """Smaller still than what --tiny asks for."""
    monkeypatch.setattr(gpu, "TINY", gpu.Size(faces=600, views=2, photos=2, width=32, steps=1))


@pytest.fixture
def scene(monkeypatch: pytest.MonkeyPatch) -> Segmentation:
    """What every scene is segmented to."""
    record = Record("lift", {"seed": 0}, teacher={"weights": [], "licence": "CC0"}, psnr={"held_out": 25.0})
    made = replace(fake_scene(views=4, height=30, width=40), record=record)
    monkeypatch.setattr(gpu.scenes, "segment", answering(gpu.scenes.segment, lambda device: made))
    return made


@pytest.mark.usefixtures("scene")
def test_the_cpu_agrees_with_itself(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    gpu.main(["--device", "cpu", "--tiny", "--teacher", "fakes:Tinted", "--json", str(tmp_path / "gpu.json")])
    assert "no GPU is used" in capsys.readouterr().out
    record = json.loads((tmp_path / "gpu.json").read_text())
    assert record["card"] == "none"
    assert record["agree"] is True
    assert list(record["rows"]) == ["shape", "scene", "scene anew"]
    for row in record["rows"].values():
        assert (row["differences"]["labels"], row["differences"]["scores"], row["differences"]["largest"]) == (1.0, 0.0, 0.0)
    assert record["rows"]["scene anew"]["differences"]["decibels"] == 0.0
    assert set(record["rows"]["shape"]["cpu"]) >= {"render", "recognise"}


def test_an_answer_that_differs_ends_in_an_error(scene: Segmentation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert scene.views is not None
    other = replace(scene, views=replace(scene.views, label=np.where(scene.views.label == 0, 1, scene.views.label)))
    answers = {"cpu": scene, "cuda": other}
    on_shape = replace(scene, views=None)
    jobs: dict[str, tuple[gpu.Job, gpu.Limits]] = {
        "shape": (lambda device: on_shape, gpu.Limits()),
        "scene": (lambda device: answers[device.type], gpu.Limits()),
    }
    monkeypatch.setattr(gpu, "jobs", lambda size, teacher, folder: jobs)
    monkeypatch.setattr(torch.cuda, "reset_peak_memory_stats", lambda device: None)
    monkeypatch.setattr(torch.cuda, "max_memory_allocated", lambda device: 2**30)
    with other_device(), pytest.raises(SystemExit, match="1"):
        gpu.main(["--tiny", "--json", str(tmp_path / "gpu.json")])
    record = json.loads((tmp_path / "gpu.json").read_text())
    assert record["card"] == "a stand-in"
    assert record["agree"] is False
    assert record["rows"]["shape"]["differences"]["labels"] == pytest.approx(1)
    assert record["rows"]["scene"]["differences"]["labels"] == pytest.approx(1 - (scene.views.label == 0).mean())
    assert record["rows"]["scene"]["device"]["peak_gb"] == 1.0


@pytest.mark.parametrize(
    ("found", "near"),
    [
        ({"labels": 0.9991, "scores": 0.004}, True),
        ({"labels": 0.9989, "scores": 0.0}, False),
        ({"labels": 1.0, "scores": 0.006}, False),
        ({"labels": 1.0, "scores": 0.0, "decibels": 0.02}, False),
    ],
)
def test_each_limit_counts(found: dict[str, float], near: bool) -> None:
    assert gpu.within(found, gpu.Limits()) is near
