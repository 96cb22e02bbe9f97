"""Figures of scenes: right answers are 100, wrong ones are not, and a scene that fails is said to."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from tiny_capture import NAMES, WIDTH, Colours, hasty, photographed, write_capture
from torch import Tensor
from torch.nn import functional

from meronym.core.cameras import rays
from meronym.datasets.threedovs import ThreeDOVS
from meronym.errors import PluginError
from meronym.evaluation import metrics, scene_runner
from meronym.radiance.rendered import RenderedRays
from meronym.radiance.spaces import Box
from meronym.radiance.tensorf import TensoRF
from meronym.scenes.observation import SceneObservation
from meronym.students.feature_field import Kept
from meronym.types import Views


class Says:
    """A scene that has been named: always the same."""

    def __init__(self, label: Tensor) -> None:
        self.score = functional.one_hot(label, len(NAMES)).permute(0, 3, 1, 2).float()

    def scores(self, glance: RenderedRays, photos: Views) -> Tensor:
        return self.score

    def features(self, glance: RenderedRays, pixels: Tensor) -> None: ...


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three scenes: one is whole, one has no poses to speak of, of one a mask is gone."""
    folder = tmp_path_factory.mktemp("scenes")
    write_capture(folder / "whole")
    write_capture(folder / "damaged", 4)
    (folder / "damaged" / "poses_bounds.npy").write_bytes(b"nothing")
    write_capture(folder / "unlabelled", 4)
    (folder / "unlabelled" / "segmentations" / "2" / "red box.png").unlink()
    return folder


@pytest.fixture(scope="module")
def truth() -> Tensor:
    return torch.from_numpy(photographed(14)[1])


@pytest.fixture(scope="module")
def report(root: Path, truth: Tensor, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    floor = torch.full_like(truth, NAMES.index("grey floor"))
    surveys: list[SceneObservation] = []

    def known(label: Tensor) -> Any:
        return lambda survey: surveys.append(survey) or Says(label)

    methods = {"knowing": known(truth), "floor": known(floor), "half": known(torch.where(truth == 2, 1, truth))}
    changed: list[SceneObservation] = []
    with pytest.MonkeyPatch.context() as patch:
        made = hasty(patch, steps=20)
        found = scene_runner.evaluate(
            ThreeDOVS(root), methods, teacher=Colours(), size=WIDTH, change=lambda survey: changed.append(survey) or survey
        )
    assert made == [12]
    assert [id(survey) for survey in surveys] == 3 * [id(changed[1])], "the survey that `change` gave, the same for all"
    return found


def test_right_answers_are_100(report: dict[str, Any], truth: Tensor) -> None:
    methods = report["scenes"]["whole"]["methods"]
    for side in ("training views", "held-out views"):
        knowing, floor, half = (methods[name][side] for name in ("knowing", "floor", "half"))
        assert [knowing[key] for key in ("miou", "accuracy", "miou_3dovs", "accuracy_3dovs")] == [100] * 4
        held_out = torch.arange(14) % 8 == 4
        own = truth[held_out if side == "held-out views" else ~held_out]
        share = 100 * float((own == 1).float().mean())
        assert floor["per_prompt"] == pytest.approx([0, share, 0])
        assert floor["accuracy"] == pytest.approx(share)
        assert floor["accuracy_3dovs"] == pytest.approx(share)
        assert floor["miou"] < half["miou"] < 70
        assert half["per_prompt"][0] == 100
    assert methods["floor"]["consistency"] == 100


def test_a_scene_that_cannot_be_used_is_a_failure(report: dict[str, Any]) -> None:
    assert list(report["scenes"]) == ["whole"]
    assert set(report["failures"]) == {"damaged", "unlabelled"}
    assert report["failures"]["damaged"].startswith("InputError: ")
    assert "1 masks are missing: red box.png" in report["failures"]["unlabelled"]


def test_the_table_has_the_figures(report: dict[str, Any]) -> None:
    text = scene_runner.table(report)
    assert text.startswith("Threedovs, 1 scenes") or text.startswith("threedovs, 1 scenes, photos of 48 pixels")
    held_out, training = text.split("mIoU (standard), training views")
    row = report["scenes"]["whole"]["methods"]["half"]["held-out views"]
    figures = " | ".join(f"{row[key]:.1f}" for key in ("miou_3dovs", "accuracy_3dovs"))
    assert f"| half | {row['miou']:.1f} | **{row['miou']:.1f}** | {figures} |" in held_out
    assert "| knowing | 100.0 | **100.0** | 100.0 | 100.0 |" in training
    assert "| floor | 100.0 % | 0 |" in training
    assert "damaged failed: InputError: " in text
    assert "prompts: blue box, grey floor, red box." in text
    json.dumps(report, allow_nan=False)


def test_a_table_of_failures_only(root: Path, tmp_path: Path) -> None:
    shutil.copytree(root / "damaged", tmp_path / "damaged")
    report = scene_runner.evaluate(ThreeDOVS(tmp_path), {"none": lambda survey: Says(torch.zeros(1))}, teacher=Colours())
    assert report["scenes"] == {}
    assert "0 scenes" in scene_runner.table(report)
    assert "damaged failed" in scene_runner.table(report)


def test_unknown_methods_and_teachers_are_refused_first(root: Path) -> None:
    with pytest.raises(PluginError, match="'magic'; known: 3d-ovs"):
        scene_runner.evaluate(ThreeDOVS(root), ["magic"], teacher=Colours())
    with pytest.raises(PluginError, match="cannot name scenes"):
        scene_runner.evaluate(ThreeDOVS(root), ["lift"], teacher="fakes:Tinted")


# ------------------------------------------------------------------------------------------------------------ consistency


def looked_at(count: int) -> tuple[RenderedRays, Tensor]:
    """What cameras see of the true surface, and the names of the pixels."""
    views, label = photographed(count)
    cams = views.cameras
    origin, direction = rays(cams)
    ahead = (direction @ cams.world_from_camera[:, None, :3, 2:3])[..., 0]
    nothing = Kept(torch.zeros(1, dtype=torch.long), torch.zeros(0, 3), *(torch.zeros(0) for _ in range(4)))
    glance = RenderedRays(TensoRF([2, 2, 2]), Box(-torch.ones(3), torch.ones(3)), cams, nothing)
    distance = views.depth / ahead
    points = origin[:, None, None] + direction * distance[..., None]
    glance.__dict__.update(distance=distance.float(), points=points.float())
    return glance, torch.from_numpy(label)


def slow_consistency(glance: RenderedRays, label: Tensor) -> float:
    """The definition, point by point."""
    same = []
    for point in glance.points.reshape(-1, 3)[::37].double().numpy():
        said = []
        for view, pose in enumerate(glance.cameras.world_from_camera.numpy()):
            x, y, z = glance.cameras.intrinsics[view].numpy() @ (np.linalg.inv(pose) @ [*point, 1])[:3]
            column, row = int(np.floor(x / z)), int(np.floor(y / z))
            if z <= 0 or not (0 <= column < glance.cameras.width and 0 <= row < glance.cameras.height):
                continue
            away = np.linalg.norm(point - pose[:3, 3])
            if abs(away - float(glance.distance[view, row, column])) < scene_runner.NEAR * away:
                said.append(int(label[view, row, column]))
        if len(said) >= 2:
            same.append(len(set(said)) == 1)
    return 100 * float(np.mean(same))


def test_consistency_is_that_of_its_slow_twin() -> None:
    glance, label = looked_at(5)
    draw = torch.Generator().manual_seed(0)
    flipped = torch.where(torch.rand(label.shape, generator=draw) < 0.1, (label + 1) % 3, label)
    for said in (label, flipped):
        found = scene_runner.consistency(glance, said)
        assert found == pytest.approx(slow_consistency(glance, said), abs=0.5)
    assert scene_runner.consistency(glance, flipped) < scene_runner.consistency(glance, label) - 20


def test_one_label_everywhere_is_consistent_and_a_view_that_flips_is_not() -> None:
    glance, label = looked_at(5)
    assert scene_runner.consistency(glance, torch.zeros_like(label)) == 100
    assert scene_runner.consistency(glance, label) > 85, "what is true is consistent, but for pixels on edges"
    other = label.clone()
    other[2] = (label[2] + 1) % 3
    assert scene_runner.consistency(glance, other) < 20, "what that view does not see stays consistent"


def test_consistency_says_nothing_of_what_is_right() -> None:
    glance, label = looked_at(3)
    renamed = (label + 1) % 3
    assert scene_runner.consistency(glance, renamed) == scene_runner.consistency(glance, label)
    masks = np.stack([(label[0] == k).numpy() for k in range(3)])
    assert metrics.scene_figures([renamed[0].numpy()], [masks])["miou"] == 0
