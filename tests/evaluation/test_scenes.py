"""Figures of scenes: right answers are 100, wrong ones are not, and a scene that fails is said to."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from tiny_capture import NAMES, WIDTH, Colours, hasty, photographed, write_capture
from torch import Tensor
from torch.nn import functional

from meronym.core.cameras import rays
from meronym.datasets.threedovs import ThreeDOVS
from meronym.errors import PluginError
from meronym.evaluation import consistency as measure
from meronym.evaluation import metrics
from meronym.evaluation.consistency import consistency
from meronym.evaluation.report import table
from meronym.evaluation.runner import Evaluation, evaluate
from meronym.lifting.observation import Observation
from meronym.methods.lift import Lift
from meronym.methods.scene_evidence import scene_of
from meronym.radiance.rendered import RenderedRays
from meronym.radiance.samples import PackedSamples
from meronym.radiance.spaces import Box
from meronym.radiance.tensorf import TensoRF
from meronym.types import Labelling, Views


class Says:
    """A method with the same answer whatever it is given; it notes its observations."""

    def __init__(self, label: Tensor) -> None:
        self.score = functional.one_hot(label, len(NAMES)).permute(0, 3, 1, 2).float()
        self.observations: list[Observation] = []

    def __call__(self, observation: Observation) -> Labelling:
        self.observations.append(observation)
        own = torch.arange(len(self.score)) % 8 != 4
        trained = self.score[own] if len(self.score) >= 12 else self.score

        def pixels(rendered: RenderedRays, photos: Views) -> Tensor:
            return self.score if len(rendered.cameras) == len(self.score) else trained[: len(rendered.cameras)]

        return scene_of(observation, "says").label(pixels)


class Decides(Says):
    """A method whose closed answer is right, though it scores all the same and calls nothing by its name."""

    def __call__(self, observation: Observation) -> Labelling:
        found = super().__call__(observation)
        closed, nothing = found.score.argmax(1), torch.full_like(found.label, -1)
        return found._replace(label=nothing, score=torch.full_like(found.score, 0.1), pixels=None, closed=closed)


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
def evaluation(root: Path, truth: Tensor) -> Evaluation:
    floor = torch.full_like(truth, NAMES.index("grey floor"))
    methods = {
        "knowing": Says(truth),
        "floor": Says(floor),
        "half": Says(torch.where(truth == 2, 1, truth)),
        "decides": Decides(truth),
    }
    changed: list[Observation] = []

    def change(observation: Observation) -> Observation:
        changed.append(observation)
        return observation

    with pytest.MonkeyPatch.context() as patch:
        made = hasty(patch, steps=20)
        found = evaluate(
            ThreeDOVS(root), methods=methods, teacher=Colours(), protocol="views", size=WIDTH, change=change, device="cpu"
        )
    assert made == [4, 12]
    assert len(changed) == 2
    for method in methods.values():
        assert method.observations == changed, "the observation that `change` gave, the same for all"
    return found


def test_right_answers_are_100(evaluation: Evaluation, truth: Tensor) -> None:
    methods = evaluation.report["methods"]
    for side in ("training views", "held-out views"):
        knowing, floor, half = (methods[name]["scenes"]["whole"] for name in ("knowing", "floor", "half"))
        keys = ("miou", "accuracy", "miou_3dovs", "accuracy_3dovs")
        assert [knowing[f"{key}, {side}"] for key in keys] == [100] * 4
        held_out = torch.arange(14) % 8 == 4
        own = truth[held_out if side == "held-out views" else ~held_out]
        share = 100 * float((own == 1).float().mean())
        assert floor[f"miou, {side}"] == pytest.approx(share / 3)
        assert floor[f"accuracy, {side}"] == pytest.approx(share)
        assert floor[f"accuracy_3dovs, {side}"] == pytest.approx(share)
        assert floor[f"miou, {side}"] < half[f"miou, {side}"] < 70
    assert methods["floor"]["scenes"]["whole"]["one label in all views"] == 100
    assert methods["knowing"]["items"]["whole"] == 100


def test_the_closed_answer_of_a_method_is_the_one_that_is_measured(evaluation: Evaluation) -> None:
    rows = evaluation.report["methods"]
    assert rows["decides"]["items"]["whole"] > rows["floor"]["items"]["whole"] + 30
    assert all((view == -1).all() for view in evaluation.predictions["decides"]["whole"].free)


def test_a_scene_that_cannot_be_used_counts_as_0_and_is_listed(evaluation: Evaluation) -> None:
    for row in evaluation.report["methods"].values():
        assert list(row["items"]) == ["damaged", "unlabelled", "whole"]
        assert row["items"]["damaged"] == row["items"]["unlabelled"] == 0
        assert row["miou"] == pytest.approx(row["items"]["whole"] / 3)
        assert set(row["failures"]) == {"damaged", "unlabelled"}
        assert row["failures"]["damaged"].startswith("InputError: ")
        assert "1 masks are missing: red box.png" in row["failures"]["unlabelled"]
    assert list(evaluation.predictions["floor"]) == ["whole"]


def test_the_table_has_the_figures(evaluation: Evaluation) -> None:
    report = evaluation.report
    text = table(report)
    assert text.startswith("threedovs, photos of 48 pixels, teacher tiny_capture:Colours.\nmIoU in percent, views: ")
    assert "| category | knowing | floor | half | decides | items |" in text
    half = report["methods"]["half"]["items"]["whole"]
    floor = report["methods"]["floor"]["items"]["whole"]
    decides = report["methods"]["decides"]["items"]["whole"]
    assert f"| whole | 100.0 | {floor:.1f} | {half:.1f} | {decides:.1f} | 1 |" in text
    assert "| damaged | 0.0 | 0.0 | 0.0 | 0.0 | 1 |" in text
    assert "| failed | 2 | 2 | 2 | 2 | |" in text
    assert "whole: PSNR, training views " in text
    assert "knowing failed on damaged: InputError: " in text
    assert set(report["quality"]) == {"whole"}
    assert report["quality"]["whole"]["one label in all views, true masks"] > 30
    json.dumps(report, allow_nan=False)


def test_a_table_of_failures_only(root: Path, tmp_path: Path) -> None:
    shutil.copytree(root / "damaged", tmp_path / "damaged")
    none = {"none": Says(torch.zeros(1, 1, 1, dtype=torch.long))}
    report = evaluate(ThreeDOVS(tmp_path), methods=none, teacher=Colours(), protocol="views").report
    assert report["methods"]["none"]["miou"] == 0
    assert "none failed on damaged" in table(report)


def test_unknown_methods_are_refused_first(root: Path) -> None:
    with pytest.raises(PluginError, match="'magic'; known: 3d-ovs"):
        evaluate(ThreeDOVS(root), methods=["magic"], teacher=Colours(), protocol="views")


def test_a_method_for_captures_fails_alone_where_the_teacher_cannot_serve_it(root: Path, tmp_path: Path) -> None:
    shutil.copytree(root / "whole", tmp_path / "whole")
    with pytest.MonkeyPatch.context() as patch:
        hasty(patch, steps=20)
        rows = evaluate(
            ThreeDOVS(tmp_path), methods=["3d-ovs", "lift"], teacher="fakes:Tinted", protocol="views", size=WIDTH
        ).report["methods"]
    assert "cannot compare pictures with words" in rows["3d-ovs"]["failures"]["whole"]
    assert rows["lift"]["failures"] == {}


def test_labels_cannot_reach_a_reported_prediction(root: Path, tmp_path: Path) -> None:
    """Shuffled masks leave every byte of the predictions as it is, and change the figures."""
    found = []
    for name in ("true", "shuffled"):
        folder = tmp_path / name
        shutil.copytree(root / "whole", folder / "whole")
        if name == "shuffled":
            masks = sorted((folder / "whole" / "segmentations").glob("*/*.png"))
            held = [mask.read_bytes() for mask in masks]
            for mask, index in zip(masks, np.random.default_rng(0).permutation(len(masks)), strict=True):
                mask.write_bytes(held[index])
        with pytest.MonkeyPatch.context() as patch:
            hasty(patch, steps=20)
            found.append(evaluate(ThreeDOVS(folder), methods={"lift": Lift()}, teacher=Colours(), protocol="views", size=WIDTH))
    first, second = (one.predictions["lift"]["whole"] for one in found)
    assert len(first.closed) == 14
    for one, two in zip((*first.closed, *first.free), (*second.closed, *second.free), strict=True):
        assert one.tobytes() == two.tobytes()
    assert found[0].report["methods"]["lift"]["miou"] > found[1].report["methods"]["lift"]["miou"] + 20


# ------------------------------------------------------------------------------------------------------------ consistency


def looked_at(count: int) -> tuple[RenderedRays, Tensor]:
    """The true surface through cameras, and the names of the pixels."""
    views, label = photographed(count)
    cams = views.cameras
    origin, direction = rays(cams)
    ahead = (direction @ cams.world_from_camera[:, None, :3, 2:3])[..., 0]
    points = (origin[:, None, None] + direction * (views.depth / ahead)[..., None]).reshape(-1, 3).float()
    every, one = torch.arange(len(points)), torch.ones(len(points))
    samples = PackedSamples(every, points / 4, one, one, one, one)
    return RenderedRays(TensoRF([2, 2, 2]), Box(torch.full((3,), -4.0), torch.full((3,), 4.0)), cams, samples), (
        torch.from_numpy(label)
    )


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
            if abs(away - float(glance.distance[view, row, column])) < measure.NEAR * away:
                said.append(int(label[view, row, column]))
        if len(said) >= 2:
            same.append(len(set(said)) == 1)
    return 100 * float(np.mean(same))


def test_consistency_is_that_of_its_slow_twin() -> None:
    glance, label = looked_at(5)
    draw = torch.Generator().manual_seed(0)
    flipped = torch.where(torch.rand(label.shape, generator=draw) < 0.1, (label + 1) % 3, label)
    for said in (label, flipped):
        found = consistency(glance, said)
        assert found == pytest.approx(slow_consistency(glance, said), abs=0.5)
    assert consistency(glance, flipped) < consistency(glance, label) - 20


def test_one_label_everywhere_is_consistent_and_a_view_that_flips_is_not() -> None:
    glance, label = looked_at(5)
    assert consistency(glance, torch.zeros_like(label)) == 100
    assert consistency(glance, label) > 85, "what is true is consistent, but for pixels on edges"
    other = label.clone()
    other[2] = (label[2] + 1) % 3
    assert consistency(glance, other) < 20, "what that view does not see stays consistent"


def test_consistency_says_nothing_of_what_is_right() -> None:
    glance, label = looked_at(3)
    renamed = (label + 1) % 3
    assert consistency(glance, renamed) == consistency(glance, label)
    masks = np.stack([(label[0] == k).numpy() for k in range(3)])
    assert metrics.scene_figures([renamed[0].numpy()], [masks])["miou"] == 0
