"""Methods on a tiny captured scene with a teacher that goes by colour: what they name, and what they must not see."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from dataclasses import fields, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from boxes import BALL_AND_BAR, ask, no_boxes, views_of
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_capture import HEIGHT, NAMES, WIDTH, Colours, hasty, photographed, reworded, write_capture
from torch import Tensor
from torch.nn import functional

from meronym import registry
from meronym.datasets.threedovs import ThreeDOVS
from meronym.errors import InputError, PluginError
from meronym.io.captures.read import holdout, photos, read_capture
from meronym.lifting import losses
from meronym.lifting.observation import Method, Observation
from meronym.methods import three_d_ovs
from meronym.methods.ffd import Ffd
from meronym.methods.lerf import Lerf
from meronym.methods.lift import Lift, Vote
from meronym.methods.scene_evidence import SceneEvidence, pixel_scores, scene_of
from meronym.methods.teacher_alone import TeacherAlone
from meronym.methods.three_d_ovs import OVS3D, Batch, Batches, agreement, choose_repel, step_loss, surface_features
from meronym.radiance.reconstruction import ReconstructionSettings
from meronym.radiance.tensorf import OccupancySettings
from meronym.registry import create
from meronym.results import PointFeatures
from meronym.scenes import pipeline
from meronym.scenes.observation import CaptureSettings, Photos, observe
from meronym.scenes.query import query
from meronym.students.feature_field import FeatureField
from meronym.teachers import pyramid
from meronym.teachers.checked import CheckedTeacher
from meronym.teachers.oracle import OracleDetector, OracleTeacher
from meronym.teachers.pyramid import PyramidSettings, encode_photos
from meronym.types import Capture, Labelling, Relevancy, Views

FEW = OVS3D(steps=40, rays=256, patches=2, side=10, repel=0.2, shift=0.97)
"""What `Eyes` makes of any two colours is rather alike."""
METHODS: dict[str, Method] = {
    "3d-ovs": FEW,
    "ffd": Ffd(steps=40, rays=256, patches=2, side=10),
    "lerf": Lerf(training=replace(FEW, selection=False, rda=False, fda=False)),
    "lift": Lift(),
    "vote": Vote(),
    "teacher alone": TeacherAlone(),
    "teacher alone, stretched": TeacherAlone(stretched=True),
}
WITHOUT_WORDS = ["ffd", "lerf", "lift", "teacher alone"]
"""Learn the same whatever the prompts are."""
VIEWS = 8


@pytest.fixture(scope="module", autouse=True)
def quick() -> Iterator[None]:
    """Coarse pyramids, and an encoder that goes by colour."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pyramid, "encode_photos", partial(encode_photos, settings=PyramidSettings(cells=14)))
        patch.setitem(registry._BUILT_IN["encoders"], "dinov2", "tiny_capture:Eyes")
        yield


@pytest.fixture(scope="module")
def truth() -> np.ndarray:
    """The name of each pixel."""
    return photographed(VIEWS)[1]


@pytest.fixture(scope="module")
def observation(tmp_path_factory: pytest.TempPathFactory) -> Observation:
    """Of so few photos none is held out; the teacher gets them at the size of the field's."""
    capture = read_capture(write_capture(tmp_path_factory.mktemp("tiny") / "scene", VIEWS))
    brief = ReconstructionSettings(
        steps=100, rays=256, samples=4000, voxels=(12**3, 24**3), occupancy=OccupancySettings((24, 24))
    )
    plain = CaptureSettings(size=WIDTH, sharper=1)
    shot = Photos.of(capture, plain, torch.device("cpu"))
    return observe(capture, shot, NAMES, CheckedTeacher(Colours()), settings=plain, reconstruction=brief)


@pytest.fixture(scope="module")
def scene(observation: Observation) -> SceneEvidence:
    return scene_of(observation, "")


@pytest.fixture(scope="module")
def before(scene: SceneEvidence) -> dict[str, Tensor]:
    """The reconstruction before any method was run."""
    return {name: tensor.clone() for name, tensor in scene.field.state_dict().items()}


@pytest.fixture(scope="module")
def labelled(observation: Observation, before: dict[str, Tensor]) -> dict[str, Labelling]:
    """The scene as each method labels it."""
    return {name: method(observation) for name, method in METHODS.items()}


@pytest.fixture(scope="module")
def scores(observation: Observation, labelled: dict[str, Labelling]) -> dict[str, Tensor]:
    """Of the pixels of the photos, by each method."""
    return {name: of_pixels(observation, labelling) for name, labelling in labelled.items()}


@pytest.fixture(scope="module")
def trained(scene: SceneEvidence, labelled: dict[str, Labelling]) -> FeatureField:
    """The field of 3D-OVS."""
    return FEW.learn(scene)


def of_pixels(observation: Observation, labelling: Labelling) -> Tensor:
    scene = scene_of(observation, "")
    return pixel_scores(observation, labelling, scene.rendered, scene.sharp)


def most_shown(scene: SceneEvidence, truth: np.ndarray) -> Tensor:
    """The name that most pixels of each surface point have."""
    votes = functional.one_hot(torch.from_numpy(truth), len(NAMES)).float()
    return scene.surface.gather(votes).argmax(1)


# ------------------------------------------------------------------------------------------------------- what they say


@pytest.mark.parametrize("name", METHODS)
def test_things_of_three_colours_are_told_apart(
    truth: np.ndarray, scene: SceneEvidence, labelled: dict[str, Labelling], scores: dict[str, Tensor], name: str
) -> None:
    found = scores[name]
    assert found.shape == (VIEWS, 3, HEIGHT, WIDTH)
    assert found.min() >= 0
    assert found.sum(1).max() <= 1 + 1e-5
    right = found.argmax(1).numpy() == truth
    for index in range(3):
        assert right[truth == index].mean() > 0.6, NAMES[index]
    assert right.mean() > 0.8
    point = labelled[name]
    assert point.label.shape == point.seen.shape == (len(scene.surface.place),)
    assert point.seen.all()
    assert point.score.min() >= 0
    assert point.score.sum(1).max() <= 1 + 1e-5
    assert (point.score.argmax(1) == most_shown(scene, truth)).float().mean() > 0.8


@pytest.mark.parametrize("name", METHODS)
def test_the_order_of_prompts_is_the_order_of_scores(observation: Observation, scores: dict[str, Tensor], name: str) -> None:
    order = [2, 0, 1]
    turned = reworded(observation, tuple(NAMES[index] for index in order))
    found = of_pixels(turned, METHODS[name](turned))
    if name in WITHOUT_WORDS:
        torch.testing.assert_close(found, scores[name][:, order], rtol=0, atol=1e-6)
    else:  # sums over prompts are rounded another way, step after step
        torch.testing.assert_close(found, scores[name][:, order], rtol=0, atol=0.05)


@pytest.mark.parametrize("name", WITHOUT_WORDS)
def test_where_words_do_not_teach_prompts_do_not_hear_of_each_other(
    observation: Observation, scene: SceneEvidence, scores: dict[str, Tensor], name: str
) -> None:
    """Up to the softmax: the ratio of two scores stays when a third prompt goes."""
    two = reworded(observation, NAMES[:2])
    fewer, all_three = of_pixels(two, METHODS[name](two)), scores[name]
    if name in ("ffd", "lerf"):
        share = [found[:, 0] / found[:, :2].sum(1).clamp_min(1e-9) for found in (fewer, all_three)]
        assert (share[0] - share[1])[scene.rendered.opacity > 0.5].abs().max() < 1e-3
    else:  # the mean of pixels or points is taken after the softmax
        assert (fewer.argmax(1) == all_three[:, :2].argmax(1)).float().mean() > 0.95


@pytest.mark.parametrize("name", ["3d-ovs", "lerf", "lift"])
def test_the_same_seed_gives_the_same_bytes(observation: Observation, scores: dict[str, Tensor], name: str) -> None:
    again = reworded(observation, NAMES)
    assert torch.equal(of_pixels(again, METHODS[name](again)), scores[name])
    if name == "3d-ovs":
        other = reworded(observation, NAMES, seed=1)
        assert not torch.equal(of_pixels(other, FEW(other)), scores[name])


def test_the_lift_is_the_mean_probability_smoothed(observation: Observation, labelled: dict[str, Labelling]) -> None:
    """Over all pixels of the photos that show a point, as the teacher gets them; held against sums in a plain loop."""
    answer, element = observation.answer, observation.views.element
    assert isinstance(answer, Relevancy)
    count, size = observation.shape.element_count, tuple(element.shape[1:])
    total, pixels = torch.zeros(count, len(NAMES) + 1), torch.zeros(count)
    for logit, none, shown in zip(answer.logit, answer.none, element, strict=True):
        probability = torch.cat([logit, none[None]]).softmax(0)
        large = functional.interpolate(probability[None], size, mode="bilinear")[0]
        for row, column in (shown >= 0).nonzero().tolist():
            total[shown[row, column]] += large[:, row, column]
            pixels[shown[row, column]] += 1
    mean, sure = total / pixels[:, None], (pixels / pixels.median()).clamp(max=1)
    smooth = observation.smooth(mean, sure)[:, :-1]
    torch.testing.assert_close(labelled["lift"].score, smooth, rtol=0, atol=2e-3)


def test_methods_leave_the_reconstruction_as_it_was(
    scene: SceneEvidence, before: dict[str, Tensor], labelled: dict[str, Labelling], trained: FeatureField
) -> None:
    """Students train a copy: what was rendered before they did is what is rendered now."""
    assert len(labelled) == len(METHODS)
    assert not any(parameter.requires_grad for parameter in scene.field.parameters())
    after = scene.field.state_dict()
    assert all(torch.equal(before[name], after[name]) for name in before)
    assert torch.equal(scene.rendered.appearance, scene.render(scene.photos.cameras).appearance)
    own = trained.scene.state_dict()
    assert not torch.equal(own["appearance.plane.0"], after["appearance.plane.0"])
    assert torch.equal(own["density.plane.0"], after["density.plane.0"])


@pytest.mark.parametrize("name", ["3d-ovs", "ffd"])
def test_features_of_points_give_the_scores_back(
    scene: SceneEvidence, labelled: dict[str, Labelling], trained: FeatureField, name: str
) -> None:
    """Those of a point that one pixel shows, that pixel's; others are means."""
    labelling = labelled[name]
    assert labelling.features is not None
    assert (labelling.pixels is None) == (name == "3d-ovs"), "made consistent"
    point, basis = labelling.features
    if name == "3d-ovs":
        own = surface_features(trained, scene)
        assert torch.equal(own[0], point)
        assert torch.equal(own[1], basis)
    pixels = labelling.pixels or FEW.pixel_scores(trained, scene)
    found = scene.surface.gather(pixels(scene.rendered, scene.sharp).permute(0, 2, 3, 1))
    opacity = scene.surface.gather(scene.rendered.opacity[..., None])
    cosine = torch.from_numpy(query(PointFeatures(point.numpy(), basis.numpy()), scene.text.numpy()))
    expected = (cosine * scene.text_model.sharpness).softmax(1) * opacity
    once = scene.surface.count == 1
    assert once.sum() > 20
    torch.testing.assert_close(found[once], expected[once], rtol=0, atol=1e-3)
    assert (found.argmax(1) == expected.argmax(1)).float().mean() > 0.95


def test_lifted_features_answer_other_words(scene: SceneEvidence, labelled: dict[str, Labelling], truth: np.ndarray) -> None:
    for name in ("lift", "vote"):
        kept = pipeline._features(labelled[name], scene)
        assert isinstance(kept, PointFeatures)
        found = query(kept, scene.text_model.encode_text(["blue thing", "grey thing", "red thing"]).numpy()).argmax(1)
        assert (found == most_shown(scene, truth).numpy()).mean() > 0.8
    for name in ("lerf", "teacher alone"):
        assert pipeline._features(labelled[name], scene) is None


def test_photos_that_are_known_are_not_encoded_again(scene: SceneEvidence) -> None:
    views, encoded = scene.sharp, []

    class Counted(Colours):
        def encode_image(self, picture: Tensor) -> Tensor:
            encoded.append(picture.shape)
            return super().encode_image(picture)

    counted = replace(scene, model=Counted())
    torch.testing.assert_close(counted.pyramid_of(views).grid, counted.pyramid.grid)
    each = len(encoded) // len(views)
    other = replace(views, colour=views.colour.flip(2))
    assert torch.equal(counted.pyramid_of(other).grid, counted.pyramid_of(other).grid)
    assert len(encoded) == 2 * each * len(views)


# ------------------------------------------------------------------------------------------------ other methods, other teachers


LEAST = {
    "dense": {"lift": 0.85, "vote": 0.85, "satr": 0.7, "part-slip": 0.55, "openscene": 0.85},
    "boxes": {"lift": 0.85, "vote": 0.85, "satr": 0.75, "part-slip": 0.55, "openscene": 0.6},
    "masks": {"lift": 0.9, "vote": 0.9, "part-distill": 0.65, "satr": 0.9, "part-slip": 0.45, "openscene": 0.9},
}
"""Share of each name's points that is right, mean over the names. The floor's boxes hold all of most photos, and `part-slip`
takes no notice of such boxes."""


@pytest.mark.parametrize(("teacher", "name"), [(teacher, name) for teacher, names in LEAST.items() for name in names])
def test_methods_for_shapes_label_captures(
    observation: Observation, scene: SceneEvidence, truth: np.ndarray, name: str, teacher: str
) -> None:
    """With a dense teacher that has no features of words, and with detectors."""
    label, least = most_shown(scene, truth), LEAST[teacher][name]
    knowing = OracleTeacher(label, cell=2) if teacher == "dense" else OracleDetector(label, boxes=teacher == "boxes")
    asked = replace(observation, teacher=CheckedTeacher(knowing))
    labelling = create("methods", name)(asked)
    assert labelling.label.shape == label.shape
    assert labelling.pixels is None
    assert labelling.seen.all(), "the surface is what the photos show"
    right = (labelling.score.argmax(1) == label).float()
    assert np.mean([float(right[label == index].mean()) for index in range(3)]) > least
    shown = torch.from_numpy(of_pixels(asked, labelling).argmax(1).numpy() == truth).float()
    assert np.mean([float(shown[truth == index].mean()) for index in range(3)]) > least - 0.1


def test_part_distill_learns_from_photos(observation: Observation, scene: SceneEvidence, truth: np.ndarray) -> None:
    """With the teacher of photos."""
    labelling = create("methods", "part-distill")(observation)
    assert (labelling.score.argmax(1) == most_shown(scene, truth)).float().mean() > 0.8


@pytest.mark.parametrize("name", ["3d-ovs", "ffd", "lerf", "teacher-alone"])
def test_methods_for_photos_refuse_shapes(name: str) -> None:
    asked = ask(BALL_AND_BAR, views_of(BALL_AND_BAR), no_boxes())
    with pytest.raises(InputError, match=r"posed photos, and this is a shape. Use lift, vote or part-distill"):
        create("methods", name)(asked)


@pytest.mark.parametrize("name", ["3d-ovs", "ffd", "lerf", "teacher-alone"])
def test_methods_that_learn_from_words_refuse_detectors(observation: Observation, scene: SceneEvidence, name: str) -> None:
    blind = replace(observation, scene=replace(scene, model=None, reconstruct=lambda *_: scene.field))
    with pytest.raises(PluginError, match=r"cannot compare pictures with words, .* Use builtin or clip"):
        create("methods", name)(blind)


# ------------------------------------------------------------------------------------------------------- what they learn


@pytest.fixture(scope="module")
def lesson(scene: SceneEvidence) -> tuple[FeatureField, Batch]:
    """An untrained field, and the first batch."""
    draw = torch.Generator().manual_seed(0)
    return untrained(scene, draw), Batches(scene, FEW, draw).draw()


def untrained(scene: SceneEvidence, draw: torch.Generator) -> FeatureField:
    return FeatureField(scene.copy_field(), scene.pyramid.grid.shape[-1], scene.pyramid.grid.shape[1], draw)


def test_flags_take_losses_away(scene: SceneEvidence, lesson: tuple[FeatureField, Batch]) -> None:
    """And what is left is the sum of its parts."""
    field, batch = lesson

    def cost(joint: bool = False, **change: Any) -> Tensor:
        return step_loss(field, scene, replace(FEW, **change), batch, joint).detach()

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

    rendered = field.features(batch.appearance, batch.samples.opacity)[: FEW.rays].detach()
    chosen = batch.feature.mean(1)
    torch.testing.assert_close(cost(selection=False, **none), losses.feature_loss(rendered, chosen))
    grey = batch.samples.accumulate(torch.ones(len(batch.samples.ray), 1))
    assert grey.shape == (FEW.rays + FEW.patches * FEW.side**2, 1)

    colours = scene.photos.colour.reshape(-1, 3)[batch.ray[: FEW.rays]]
    seen = scene.rendered.colour.reshape(-1, 3)[batch.ray[: FEW.rays]]
    torch.testing.assert_close(colour, (seen - colours).square().mean(), rtol=0, atol=1e-4)


def test_losses_that_are_off_do_not_hear_the_words(
    observation: Observation, scene: SceneEvidence, lesson: tuple[FeatureField, Batch]
) -> None:
    field, batch = lesson
    other = reworded(observation, ("red box", "blue box", "other")).scene
    assert isinstance(other, SceneEvidence)
    mute = replace(FEW, rda=False, fda=False)
    assert torch.equal(*(step_loss(field, given, mute, batch, False).detach() for given in (scene, other)))
    for loud in (replace(mute, rda=True), replace(mute, fda=True)):
        assert not torch.equal(*(step_loss(field, given, loud, batch, False).detach() for given in (scene, other)))


@pytest.mark.parametrize("selection", [True, False])
def test_only_what_is_asked_for_is_taught(scene: SceneEvidence, lesson: tuple[FeatureField, Batch], selection: bool) -> None:
    field, batch = lesson
    settings = replace(FEW, selection=selection)
    teachable = {name: value for name, value in field.named_parameters() if value.requires_grad}
    gradient = torch.autograd.grad(step_loss(field, scene, settings, batch, False), list(teachable.values()), allow_unused=True)
    touched = {name for name, value in zip(teachable, gradient, strict=True) if value is not None and value.any()}
    assert {name for name in touched if name.startswith("head")} == {name for name in teachable if name.startswith("head")}
    assert any(name.startswith(("selection", "choose")) for name in touched) == selection
    assert not any(name.startswith("scene") for name in touched), "density and appearance are frozen at first"


def test_a_batch_says_what_the_teacher_says_there(scene: SceneEvidence, lesson: tuple[FeatureField, Batch]) -> None:
    """The cell of the pyramid that a ray's pixel lies in, or the next where the pixel lies on the edge of two."""
    _, batch = lesson
    grid = scene.pyramid.grid.float()
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
    torch.testing.assert_close(batch.appearance, scene.rendered.appearance[batch.ray])
    assert ((functional.normalize(batch.feature, dim=-1) - batch.feature).abs() < 2e-3).all()


# -------------------------------------------------------------------------------------------------- repulsion is chosen


def test_nothing_is_learned_from_outside_of_the_photos(scene: SceneEvidence) -> None:
    outside = torch.zeros_like(scene.photos.element, dtype=torch.bool)
    outside[:, :, 20:], outside[3], outside[4, :30] = True, True, True
    known = {"reconstruct": lambda *_: scene.field, "encode_photos": lambda *_: scene.pyramid}
    masked = replace(scene, photos=replace(scene.photos, outside=outside), **known)
    batches = Batches(masked, FEW, torch.Generator().manual_seed(0))
    for _ in range(5):
        ray = batches.draw().ray
        assert len(ray) == FEW.rays + FEW.patches * FEW.side**2
        assert not outside.flatten()[ray].any()
    assert (masked.surface.element[outside] == -1).all()


def bilinear(grid: np.ndarray, row: int, column: int, height: int, width: int) -> float:
    """The value of a grid over a picture at the middle of a pixel; beyond the outer cells' middles, theirs."""
    rows, columns = grid.shape
    y = min(max((row + 0.5) * rows / height - 0.5, 0), rows - 1)
    x = min(max((column + 0.5) * columns / width - 0.5, 0), columns - 1)
    top, left = min(int(y), rows - 2), min(int(x), columns - 2)
    down, across = y - top, x - left
    above = grid[top, left] * (1 - across) + grid[top, left + 1] * across
    below = grid[top + 1, left] * (1 - across) + grid[top + 1, left + 1] * across
    return float(above * (1 - down) + below * down)


def slow_agreement(field: FeatureField, scene: SceneEvidence, judging: list[int], shift: float, unlike: float) -> float:
    """Photo by photo, pixel by pixel, pair by pair."""
    relevancy = scene.pyramid.relevancy(scene.text).numpy()
    feature = field.features(scene.rendered.appearance, scene.rendered.samples.opacity).reshape(VIEWS, HEIGHT, WIDTH, -1)
    agreed, alike, different = [], [], []
    for view in judging:
        label = np.zeros((HEIGHT, WIDTH), dtype=int)
        for row in range(HEIGHT):
            for column in range(WIDTH):
                own = feature[view, row, column]
                label[row, column] = int(torch.stack([own @ word for word in scene.words]).argmax())
                told = [bilinear(grid, row, column, HEIGHT, WIDTH) for grid in relevancy[view].mean(0)]
                agreed.append(int(np.argmax(told)) == label[row, column])
        looks = scene.likeness[view]
        rows, columns = looks.shape[1:]
        cells = [(looks[:, y, x], label[y * HEIGHT // rows, x * WIDTH // columns]) for y in range(rows) for x in range(columns)]
        for look, name in cells:
            for other, other_name in cells:
                if float(look @ other) > shift:
                    alike.append(name == other_name)
                if float(look @ other) < unlike:
                    different.append(name != other_name)
    return float(np.mean(agreed) + (np.mean(alike or [0]) + np.mean(different or [0])) / 2)


@settings(max_examples=6, deadline=None, derandomize=True)
@given(
    st.integers(0, 99),
    st.sets(st.integers(0, VIEWS - 1), min_size=1, max_size=2),
    st.sampled_from([(0.97, 0.6), (0.9, 0.8), (0.99, -1.0), (2.0, 0.7)]),
)
def test_agreement_is_that_of_its_slow_twin(
    scene: SceneEvidence, seed: int, judging: set[int], bounds: tuple[float, float]
) -> None:
    """Whatever the field: here an untrained one, whose labels are all over the place."""
    field = untrained(scene, torch.Generator().manual_seed(seed)).requires_grad_(False)
    own = torch.tensor([view in judging for view in range(VIEWS)])
    found = agreement(field, scene, own, replace(FEW, shift=bounds[0], unlike=bounds[1]))
    assert found == pytest.approx(slow_agreement(field, scene, sorted(judging), *bounds), abs=5e-3), "but for ties"
    assert 0 <= found <= 2


def test_a_trained_field_agrees_more_than_an_untrained_one(scene: SceneEvidence) -> None:
    plain, judging = replace(FEW, joint=1.0, unlike=0.6), torch.arange(VIEWS) % 4 == 2
    trained = three_d_ovs.train(scene, plain, ~judging)
    other = untrained(scene, torch.Generator().manual_seed(5))
    assert agreement(trained, scene, judging, plain) > agreement(other, scene, judging, plain) + 0.2


def test_the_candidate_that_agrees_most_on_photos_withheld_from_it_is_chosen(
    scene: SceneEvidence, monkeypatch: pytest.MonkeyPatch
) -> None:
    method = replace(FEW, repel=None, repels=(0.1, 40.0, 0.4), steps=12, trial=1 / 4, withheld=4, unlike=0.6)
    shown: list[set[int]] = []
    trials: list[OVS3D] = []
    judged: list[tuple[list[bool], float]] = []
    thorough, honest = three_d_ovs.train, three_d_ovs.agreement

    class Noted(Batches):
        def draw(self) -> Batch:
            batch = super().draw()
            shown[-1].update((batch.ray // (HEIGHT * WIDTH)).tolist())
            return batch

    def noted_train(given: SceneEvidence, short: OVS3D, own: Tensor) -> FeatureField:
        assert given is scene
        trials.append(short)
        shown.append(set())
        return thorough(given, short, own)

    def noted_agreement(field: FeatureField, given: SceneEvidence, judging: Tensor, told: OVS3D) -> float:
        judged.append((judging.tolist(), honest(field, given, judging, told)))
        return judged[-1][1]

    monkeypatch.setattr(three_d_ovs, "Batches", Noted)
    monkeypatch.setattr(three_d_ovs, "train", noted_train)
    monkeypatch.setattr(three_d_ovs, "agreement", noted_agreement)
    chosen = choose_repel(scene, method)
    assert trials == [replace(method, repel=weight, steps=3, joint=1.0) for weight in method.repels]
    assert [found for found, _ in judged] == 3 * [[view % 4 == 2 for view in range(VIEWS)]]
    assert shown == 3 * [set(range(VIEWS)) - {2, 6}], "every other photo, and none of those that judge"
    assert chosen == method.repels[int(np.argmax([value for _, value in judged]))]

    for values in ((0.1, 0.9, 0.3), (0.2, 0.1, 0.8), (0.7, 0.7, 0.7)):
        told = iter(values)
        monkeypatch.setattr(three_d_ovs, "agreement", lambda *_, told=told: next(told))
        assert choose_repel(scene, method) == method.repels[int(np.argmax(values))]


def test_of_few_photos_none_is_withheld(scene: SceneEvidence, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(three_d_ovs, "train", lambda *_: pytest.fail("nothing is tried out"))
    assert choose_repel(scene, replace(FEW, repels=(0.1, 0.3, 0.4), withheld=5)) == 0.3
    assert len(scene.photos) == 8 < 2 * OVS3D().withheld


def test_a_repulsion_is_chosen_only_where_it_counts_and_none_is_given(
    scene: SceneEvidence, lesson: tuple[FeatureField, Batch], monkeypatch: pytest.MonkeyPatch
) -> None:
    used: list[float | None] = []
    monkeypatch.setattr(three_d_ovs, "choose_repel", lambda *_: 0.4)
    monkeypatch.setattr(three_d_ovs, "train", lambda given, chosen: used.append(chosen.repel) or lesson[0])
    for method in (replace(FEW, repel=None), FEW, replace(FEW, repel=None, fda=False)):
        method.learn(scene)
    assert used == [0.4, 0.2, None]


# --------------------------------------------------------------------------------------------------- what they cannot see


def test_an_observation_has_no_way_to_labels_or_photos_held_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert {field.name for field in fields(SceneEvidence)} == {
        "photos", "sharp", "prompts", "model", "encode", "space", "reconstruct", "encode_photos", "seed", "progress",
    }  # fmt: skip
    assert {field.name for field in fields(Observation)} == {
        "shape", "prompts", "category", "up", "teacher", "encoder", "show", "segment", "embedder", "link", "radius",
        "of_scene", "scene", "seed", "progress",
    }  # fmt: skip
    hasty(monkeypatch, steps=10)
    (item,) = ThreeDOVS(write_capture(tmp_path / "scene"))
    assert isinstance(item.capture, Capture)
    observation, scene = made_of(item.capture, item.prompts)
    out = holdout(item.capture)
    assert out.any()
    assert len(scene.photos) == len(scene.sharp) == len(scene.photos.cameras) == len(observation.views) == int((~out).sum())
    larger = WIDTH * CaptureSettings().sharper
    for views, size in ((scene.photos, WIDTH), (scene.sharp, larger), (observation.views, larger)):
        missing = photos(item.capture, size).colour[out]
        assert not any(torch.equal(photo, other) for photo in missing for other in views.colour)
    for reach in (scene.reconstruct, scene.encode_photos, scene.encode, scene.progress, observation.show):
        closed = inspect.getclosurevars(reach).nonlocals
        assert not any(isinstance(value, Capture | Photos | Views | Tensor | np.ndarray) for value in closed.values())
        assert all(value is scene for value in closed.values() if isinstance(value, SceneEvidence))


def made_of(capture: Capture, prompts: tuple[str, ...]) -> tuple[Observation, SceneEvidence]:
    shot = Photos.of(capture, CaptureSettings(size=WIDTH), torch.device("cpu"))
    observation = observe(capture, shot, prompts, CheckedTeacher(Colours()), settings=CaptureSettings(size=WIDTH))
    return observation, scene_of(observation, "")


def test_labels_do_not_change_a_byte(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor the choice of the repulsion's weight."""
    hasty(monkeypatch, steps=12)
    found: list[Any] = []
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
        observation, scene = made_of(item.capture, item.prompts)
        short = replace(FEW, steps=6, repel=None, withheld=3)
        found.append([choose_repel(scene, short)])
        for method in (short, Lift(), TeacherAlone(stretched=True)):
            labelling = method(observation)
            found[-1] += [labelling.score.numpy().tobytes(), of_pixels(observation, labelling).numpy().tobytes()]
    assert found[0] == found[1]
