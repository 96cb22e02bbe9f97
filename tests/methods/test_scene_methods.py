"""Methods for scenes, on a tiny one with a teacher that goes by colour: what they name, and what they must not see."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from tiny_capture import NAMES, Colours, Eyes, hasty, photographed, write_capture
from torch import Tensor
from torch.nn import functional

from meronym.datasets.threedovs import ThreeDOVS
from meronym.io.captures.read import holdout, photos
from meronym.lifting import losses
from meronym.methods import ffd, lerf, scene_lift, teacher_alone, three_d_ovs
from meronym.methods.three_d_ovs import Batch, Batches, Settings, step_loss
from meronym.radiance import spaces
from meronym.radiance.reconstruction import ReconstructionSettings, reconstruct
from meronym.results import PointFeatures
from meronym.scenes import pipeline
from meronym.scenes.observation import ConsistentScores, SceneMethod, SceneObservation, SceneScores
from meronym.scenes.query import query
from meronym.students.feature_field import FeatureField
from meronym.teachers import pyramid
from meronym.types import Capture, Views

FEW = Settings(steps=40, rays=256, patches=2, side=10, repel=0.2, shift=0.97)
"""What `Eyes` sees of any two colours is rather alike."""
PLAIN = replace(FEW, selection=False, rda=False, fda=False)
METHODS: dict[str, Callable[[SceneObservation], SceneScores]] = {
    "3d-ovs": partial(three_d_ovs.segment, settings=FEW),
    "ffd": ffd.segment,
    "lerf": lerf.segment,
    "lift": scene_lift.segment,
    "teacher alone": teacher_alone.segment,
    "teacher alone, stretched": teacher_alone.stretched,
}
WITHOUT_WORDS = ["ffd", "lerf", "lift", "teacher alone"]
"""Learn the same whatever the prompts are."""


@pytest.fixture(scope="module", autouse=True)
def quick() -> Iterator[None]:
    """Coarse pyramids, few steps."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pyramid, "CELLS", 14)
        patch.setattr("meronym.radiance.tensorf.CELLS", (24, 24))
        patch.setattr(ffd, "PLAIN", PLAIN)
        patch.setattr(lerf, "Settings", lambda **given: replace(FEW, **given))
        yield


@pytest.fixture(scope="module")
def truth() -> tuple[Views, np.ndarray]:
    return photographed(8)


@pytest.fixture(scope="module")
def survey(truth: tuple[Views, np.ndarray]) -> SceneObservation:
    views, _ = truth
    build = partial(reconstruct, settings=ReconstructionSettings(steps=100, rays=256, samples=4000, voxels=(12**3, 24**3)))
    return SceneObservation(views, views.colour, NAMES, Colours(), Eyes().see, spaces.fit_space(views), build)


def asked(survey: SceneObservation, prompts: tuple[str, ...], seed: int = 0) -> SceneObservation:
    """The same scene, other words."""
    other = replace(survey, prompts=prompts, seed=seed)
    other.__dict__.update({name: getattr(survey, name) for name in ("scene", "pyramid", "likeness", "seen")})
    return other


@pytest.fixture(scope="module")
def named(survey: SceneObservation) -> dict[str, SceneScores]:
    """The scene as each method has learned it."""
    return {name: method(survey) for name, method in METHODS.items()}


@pytest.fixture(scope="module")
def scores(survey: SceneObservation, named: dict[str, SceneScores]) -> dict[str, Tensor]:
    """What each method says of the photos."""
    return {name: known.scores(survey.seen, survey.photos) for name, known in named.items()}


# ------------------------------------------------------------------------------------------------------- what they say


@pytest.mark.parametrize("name", METHODS)
def test_things_of_three_colours_are_told_apart(truth: tuple[Views, np.ndarray], scores: dict[str, Tensor], name: str) -> None:
    _, label = truth
    said = scores[name]
    assert said.shape == (8, 3, 36, 48)
    assert said.min() >= 0
    assert said.sum(1).max() <= 1 + 1e-5
    right = said.argmax(1).numpy() == label
    for index in range(3):
        assert right[label == index].mean() > 0.6, NAMES[index]
    assert right.mean() > 0.8


@pytest.mark.parametrize("name", METHODS)
def test_the_order_of_prompts_is_the_order_of_scores(survey: SceneObservation, scores: dict[str, Tensor], name: str) -> None:
    order = [2, 0, 1]
    turned = asked(survey, tuple(NAMES[index] for index in order))
    found = METHODS[name](turned).scores(turned.seen, turned.photos)
    if name in WITHOUT_WORDS:
        torch.testing.assert_close(found, scores[name][:, order], rtol=0, atol=1e-6)
    else:  # sums over prompts are rounded another way, step after step
        torch.testing.assert_close(found, scores[name][:, order], rtol=0, atol=0.05)


@pytest.mark.parametrize("name", WITHOUT_WORDS)
def test_where_words_do_not_teach_prompts_do_not_hear_of_each_other(
    survey: SceneObservation, scores: dict[str, Tensor], name: str
) -> None:
    """Up to the softmax: the ratio of two scores stays when a third prompt goes."""
    two = asked(survey, NAMES[:2])
    fewer, all_three = METHODS[name](two).scores(survey.seen, survey.photos), scores[name]
    if name in ("ffd", "lerf"):
        share = [said[:, 0] / said[:, :2].sum(1).clamp_min(1e-9) for said in (fewer, all_three)]
        assert (share[0] - share[1])[survey.seen.opacity > 0.5].abs().max() < 1e-3
    else:  # smoothed after the softmax
        assert (fewer.argmax(1) == all_three[:, :2].argmax(1)).float().mean() > 0.95


@pytest.mark.parametrize("name", ["3d-ovs", "lerf", "lift"])
def test_the_same_seed_gives_the_same_bytes(survey: SceneObservation, scores: dict[str, Tensor], name: str) -> None:
    again = METHODS[name](asked(survey, NAMES)).scores(survey.seen, survey.photos)
    assert torch.equal(again, scores[name])
    if name == "3d-ovs":
        other = three_d_ovs.segment(asked(survey, survey.prompts, seed=1), FEW).scores(survey.seen, survey.photos)
        assert not torch.equal(other, scores[name])


def test_methods_leave_the_reconstruction_as_it_was(survey: SceneObservation, named: dict[str, SceneScores]) -> None:
    """Students train a copy: what was rendered before they did is what is rendered now."""
    assert len(named) == len(METHODS)
    assert not any(parameter.requires_grad for parameter in survey.scene.parameters())
    assert torch.equal(survey.seen.appearance, survey.glance(survey.photos.cameras).appearance)
    settled = named["3d-ovs"]
    assert isinstance(settled, ConsistentScores)
    assert isinstance(settled.named, three_d_ovs.FieldScores)
    trained = settled.named.field.scene.state_dict()
    assert not torch.equal(trained["appearance.plane.0"], survey.scene.state_dict()["appearance.plane.0"])
    assert torch.equal(trained["density.plane.0"], survey.scene.state_dict()["density.plane.0"])


@pytest.mark.parametrize("name", ["3d-ovs", "ffd"])
def test_kept_features_give_the_scores_back(survey: SceneObservation, named: dict[str, SceneScores], name: str) -> None:
    glance, pixels, known = survey.seen, torch.arange(0, 8 * 36 * 48, 37), named[name]
    kept = known.features(glance, pixels)
    field = known.named if isinstance(known, ConsistentScores) else known
    assert isinstance(kept, PointFeatures)
    cosine = torch.from_numpy(query(kept, survey.text.numpy()))
    expected = (cosine * survey.model.sharpness).softmax(1) * glance.opacity.flatten()[pixels, None]
    said = field.scores(glance, survey.photos).permute(0, 2, 3, 1).reshape(-1, 3)[pixels]
    torch.testing.assert_close(said, expected, rtol=0, atol=1e-3)


def test_lifted_features_answer_other_words(
    survey: SceneObservation, named: dict[str, SceneScores], truth: tuple[Views, np.ndarray]
) -> None:
    pixels = torch.arange(0, 8 * 36 * 48, 37)
    kept = named["lift"].features(survey.seen, pixels)
    assert isinstance(kept, PointFeatures)
    said = query(kept, survey.model.encode_text(["blue thing", "grey thing", "red thing"]).numpy()).argmax(1)
    assert (said == truth[1].flatten()[pixels]).mean() > 0.8
    for name in ("lerf", "teacher alone"):
        assert named[name].features(survey.seen, pixels) is None


def test_photos_that_were_seen_are_not_looked_at_again(survey: SceneObservation, truth: tuple[Views, np.ndarray]) -> None:
    views, looks = truth[0], []

    class Counted(Colours):
        def encode_image(self, picture: Tensor) -> Tensor:
            looks.append(picture.shape)
            return super().encode_image(picture)

    counted = replace(survey, model=Counted())
    torch.testing.assert_close(counted.say(views).grid, counted.pyramid.grid)
    each = len(looks) // len(views)
    other = replace(views, colour=views.colour.flip(2))
    assert torch.equal(counted.say(other).grid, counted.say(other).grid)
    assert len(looks) == 2 * each * len(views)


# ------------------------------------------------------------------------------------------------------- what they learn


@pytest.fixture(scope="module")
def lesson(survey: SceneObservation) -> tuple[FeatureField, Batch]:
    """An untrained field, and the first batch."""
    draw = torch.Generator().manual_seed(0)
    rank, scales = survey.pyramid.grid.shape[-1], survey.pyramid.grid.shape[1]
    return FeatureField(survey.own_scene(), rank, scales, draw), Batches(survey, FEW, draw).draw()


def test_flags_take_losses_away(survey: SceneObservation, lesson: tuple[FeatureField, Batch]) -> None:
    """And what is left is the sum of its parts."""
    field, batch = lesson

    def cost(joint: bool = False, **change: Any) -> Tensor:
        return step_loss(field, survey, replace(FEW, **change), batch, joint).detach()

    none: dict[str, Any] = {"rda": False, "fda": False}
    base = cost(**none)
    rda, fda, colour = cost(fda=False) - base, cost(rda=False) - base, cost(joint=True, **none) - base
    assert rda > 1e-5
    assert fda.abs() > 1e-5
    torch.testing.assert_close(cost(), base + rda + fda, rtol=0, atol=1e-5)
    torch.testing.assert_close(cost(joint=True), base + rda + fda + colour, rtol=0, atol=1e-4)
    torch.testing.assert_close(cost(rda=False, attract=0.0, repel=0.0), base, rtol=0, atol=1e-6)
    pulled, pushed = cost(rda=False, repel=0.0) - base, cost(rda=False, attract=0.0) - base
    torch.testing.assert_close(fda, pulled + pushed, rtol=0, atol=1e-5)
    assert pulled > 0 > cost(rda=False, attract=0.0, repel=1e4) - base
    torch.testing.assert_close(cost(rda=False, attract=2 * FEW.attract, repel=0.0) - base, 2 * pulled, rtol=1e-3, atol=1e-5)

    rendered = field.features(batch.appearance, batch.hits.opacity)[: FEW.rays].detach()
    chosen = batch.feature.mean(1)
    torch.testing.assert_close(cost(selection=False, **none), losses.feature_loss(rendered, chosen))
    grey = batch.hits.gather(torch.ones(len(batch.hits.ray), 1))
    assert grey.shape == (FEW.rays + FEW.patches * FEW.side**2, 1)

    colours = survey.photos.colour.reshape(-1, 3)[batch.ray[: FEW.rays]]
    seen = survey.seen.colour.reshape(-1, 3)[batch.ray[: FEW.rays]]
    torch.testing.assert_close(colour, (seen - colours).square().mean(), rtol=0, atol=1e-4)


def test_losses_that_are_off_do_not_hear_the_words(survey: SceneObservation, lesson: tuple[FeatureField, Batch]) -> None:
    field, batch = lesson
    other = asked(survey, ("red box", "blue box", "other"))
    mute = replace(FEW, rda=False, fda=False)
    assert torch.equal(*(step_loss(field, given, mute, batch, False).detach() for given in (survey, other)))
    for loud in (replace(mute, rda=True), replace(mute, fda=True)):
        assert not torch.equal(*(step_loss(field, given, loud, batch, False).detach() for given in (survey, other)))


@pytest.mark.parametrize("selection", [True, False])
def test_only_what_is_asked_for_is_taught(
    survey: SceneObservation, lesson: tuple[FeatureField, Batch], selection: bool
) -> None:
    field, batch = lesson
    settings = replace(FEW, selection=selection)
    teachable = {name: value for name, value in field.named_parameters() if value.requires_grad}
    gradient = torch.autograd.grad(
        step_loss(field, survey, settings, batch, False), list(teachable.values()), allow_unused=True
    )
    touched = {name for name, value in zip(teachable, gradient, strict=True) if value is not None and value.any()}
    assert {name for name in touched if name.startswith("head")} == {name for name in teachable if name.startswith("head")}
    assert any(name.startswith(("selection", "choose")) for name in touched) == selection
    assert not any(name.startswith("scene") for name in touched), "density and appearance are frozen at first"


def test_a_batch_says_what_the_teacher_says_there(survey: SceneObservation, lesson: tuple[FeatureField, Batch]) -> None:
    """The cell of the pyramid that a ray's pixel lies in, or the next where the pixel lies on the edge of two."""
    _, batch = lesson
    grid = survey.pyramid.grid.float()
    rows, columns = grid.shape[2:4]
    pixel = batch.ray[: FEW.rays]
    view, y, x = pixel // (36 * 48), pixel % (36 * 48) // 48, pixel % 48
    near = []
    for down in (0.0, 0.999):
        for across in (0.0, 0.999):
            row, column = ((y + down) / 36 * rows).long(), ((x + across) / 48 * columns).long()
            near.append((grid[view, :, row, column] - batch.feature).abs().amax((1, 2)))
    assert (torch.stack(near).amin(0) < 1e-6).all()
    patch = batch.ray[FEW.rays :].reshape(FEW.patches, FEW.side, FEW.side)
    for one in patch:
        assert len((one // (36 * 48)).unique()) == 1, "of one photo"
        assert (one.diff(dim=1) >= 0).all()
        side = FEW.reach * 36
        assert (one[:, -1] % 48 - one[:, 0] % 48).max() <= side
        assert (one[:, -1] % 48 - one[:, 0] % 48).min() >= side - 4
    torch.testing.assert_close(batch.appearance, survey.seen.appearance[batch.ray])
    assert ((functional.normalize(batch.feature, dim=-1) - batch.feature).abs() < 2e-3).all()


# --------------------------------------------------------------------------------------------------- what they cannot see


def test_a_survey_has_no_way_to_labels_or_photos_held_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert {field.name for field in fields(SceneObservation)} == {
        "photos", "sharp", "prompts", "model", "encode", "space", "reconstruct", "seed", "progress", "build",
    }  # fmt: skip
    hasty(monkeypatch, steps=10)
    (item,) = ThreeDOVS(write_capture(tmp_path / "scene"))
    assert isinstance(item.capture, Capture)
    made = pipeline.observe(item.capture, pipeline.Photos.of(item.capture, 48), item.prompts, Colours())
    out = holdout(item.capture)
    assert out.any()
    assert len(made.photos) == len(made.sharp) == len(made.photos.cameras) == int((~out).sum())
    for held_out, size in ((made.photos.colour, 48), (made.sharp, 48 * pipeline.SHARPER)):
        missing = photos(item.capture, size).colour[out]
        assert not any(torch.equal(photo, other) for photo in missing for other in held_out)
    for reach in (made.reconstruct, made.build, made.encode, made.progress):
        closed = inspect.getclosurevars(reach).nonlocals
        assert not any(isinstance(value, Capture | Views | Tensor | np.ndarray) for value in closed.values())


def test_labels_do_not_change_a_byte(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hasty(monkeypatch, steps=12)
    said = []
    for folder in (tmp_path / "one", tmp_path / "two"):
        write_capture(folder, views=6)
        if folder.name == "two":
            masks = sorted((folder / "segmentations").glob("*/*.png"))
            bytes_of = [mask.read_bytes() for mask in masks]
            order = np.random.default_rng(0).permutation(len(masks))
            assert any(bytes_of[a] != bytes_of[b] for a, b in enumerate(order))
            for mask, index in zip(masks, order, strict=True):
                mask.write_bytes(bytes_of[index])
        (item,) = ThreeDOVS(folder)
        assert isinstance(item.capture, Capture)
        made = pipeline.observe(item.capture, pipeline.Photos.of(item.capture, 48), item.prompts, Colours())
        short = replace(FEW, steps=6)
        methods: list[SceneMethod] = [partial(three_d_ovs.segment, settings=short), scene_lift.segment, teacher_alone.stretched]
        said.append([method(made).scores(made.seen, made.photos).numpy().tobytes() for method in methods])
    assert said[0] == said[1]
