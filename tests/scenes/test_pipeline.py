"""A captured scene from its files to its answer: what comes out, what it may depend on, and what is kept."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tiny_capture
import torch
import trimesh
from capture_files import Scene, write_photos
from fakes import Tinted
from PIL import Image
from tiny_capture import HEIGHT, NAMES, WIDTH, Colours, Eyes, Knowing, hasty, write_capture
from torch import Tensor, nn

import meronym
from meronym import api, registry
from meronym.core.selection import selected
from meronym.datasets.threedovs import ThreeDOVS
from meronym.errors import InputError, MissingExtra, PluginError
from meronym.evaluation import metrics
from meronym.io.captures.features import read_features
from meronym.io.captures.read import photos, read_capture
from meronym.lifting.observation import Observation
from meronym.methods import three_d_ovs
from meronym.methods.lift import Lift
from meronym.methods.scene_evidence import SceneEvidence, best_labels, scene_of
from meronym.methods.three_d_ovs import OVS3D
from meronym.radiance.rays import Space
from meronym.radiance.reconstruction import PRESETS, ReconstructionSettings
from meronym.radiance.rendered import RenderedRays
from meronym.radiance.spaces import Box, Contracted, Ndc, contract
from meronym.radiance.surface import SurfacePoints
from meronym.radiance.tensorf import TensoRF
from meronym.results import Record, Segmentation
from meronym.scenes import fly_through, meshing, observation, pipeline
from meronym.scenes.meshing import MeshSettings
from meronym.scenes.observation import CaptureSettings, Photos
from meronym.scenes.query import query
from meronym.students.feature_field import FeatureField
from meronym.teachers import pyramid, windows
from meronym.teachers.checked import CheckedTeacher
from meronym.teachers.pyramid import PyramidSettings
from meronym.types import Labelling, Mesh, PointCloud, Regions, Views


@pytest.fixture(scope="module", autouse=True)
def coarse() -> Iterator[None]:
    """Features on half as many cells."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pyramid, "encode_photos", partial(pyramid.encode_photos, settings=PyramidSettings(cells=27)))
        yield


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_capture(tmp_path_factory.mktemp("tiny") / "scene")


@pytest.fixture(scope="module")
def result(folder: Path) -> Segmentation:
    with pytest.MonkeyPatch.context() as patch:
        hasty(patch)
        return named(folder)


def named(folder: Path, prompts: tuple[str, ...] | None = None, **options: Any) -> Segmentation:
    return pipeline.segment(read_capture(folder), prompts, **{"method": "lift", "teacher": Colours(), "size": WIDTH, **options})


def observed(folder: Path, size: int, teacher: Colours, cache: Path | None = None) -> Observation:
    capture, plain = read_capture(folder), CaptureSettings(size=size)
    shot = Photos.of(capture, plain, torch.device("cpu"))
    return observation.observe(capture, shot, NAMES, CheckedTeacher(teacher), settings=plain, cache_folder=cache)


def arrays(result: Segmentation) -> list[np.ndarray]:
    """All that a result holds but the record and the photos themselves."""
    assert result.views is not None
    assert result.features is not None
    assert isinstance(result.shape, PointCloud)
    assert result.shape.colour is not None
    views, features = result.views, result.features
    whole = [result.label, result.score, result.seen, result.shape.points, result.shape.colour]
    return [*whole, views.label, views.score, views.rendered, features.point, features.basis]


def same(one: Segmentation, two: Segmentation) -> bool:
    """Whether nothing but the record differs."""
    return all(np.array_equal(a, b) for a, b in zip(arrays(one), arrays(two), strict=True))


# ------------------------------------------------------------------------------------------------------------ the answer


def test_every_photo_and_the_surface_are_named(result: Segmentation, folder: Path) -> None:
    assert result.prompts == NAMES, "those of classes.txt"
    assert result.views.names == tuple(f"{k:02d}.png" for k in range(14))
    assert result.views.held_out.nonzero()[0].tolist() == [4, 12]
    assert result.views.label.shape == (14, HEIGHT, WIDTH)
    assert result.views.score.shape == (14, 3, HEIGHT, WIDTH)
    assert result.views.score.dtype == np.float16
    assert result.views.colour.shape == result.views.rendered.shape == (14, HEIGHT, WIDTH, 3)
    np.testing.assert_array_equal(result.views.colour, photos(read_capture(folder)).colour.numpy())
    truth = ThreeDOVS(folder).truth("scene")
    for side in (result.views.held_out, ~result.views.held_out):
        own = np.flatnonzero(side)
        assert metrics.scene_figures([result.views.label[k] for k in own], [truth[k] for k in own])["miou"] > 70
    count = len(result.label)
    assert 12 * HEIGHT * WIDTH / 40 < count < 12 * HEIGHT * WIDTH / 4, "photos meet in points"
    assert result.seen.all()
    assert repr(result).endswith(", 14 photos)")
    assert result.features is not None
    assert result.features.point.shape == (count, len(result.features.basis))
    assert result.features.basis.shape[1] == 4


def test_points_lie_on_what_they_are_named_after(result: Segmentation) -> None:
    solid, number = tiny_capture.solid()
    for name in ("blue box", "red box"):
        cloud, index = result[name], NAMES.index(name)
        assert isinstance(cloud, PointCloud)
        own = trimesh.Trimesh(solid.vertices, solid.faces[number == index], process=False)
        surface, _ = trimesh.sample.sample_surface(own, 2000, seed=0)
        away = np.linalg.norm(cloud.points[::20, None] - surface, axis=2).min(1)
        assert np.median(away) < 0.15, f"{name}: the boxes are half a unit wide"


def test_the_record_says_how_it_came_to_be(result: Segmentation) -> None:
    record = result.record
    told = {"meronym", "method", "options", "teacher", "settings", "psnr", "input", "machine", "seconds"}
    assert set(record.as_dict()) == told
    assert (record.method, record.teacher) == ("lift", {"name": "tiny_capture:Colours"})
    reconstruction = {name: getattr(PRESETS["fast"], name) for name in ("steps", "rays", "samples", "voxels", "variation")}
    assert record.settings["reconstruction"].items() >= reconstruction.items()
    camera = record.settings["camera"]
    assert (camera["width"], camera["height"], len(camera["world_from_camera"])) == (WIDTH, HEIGHT, 4)
    assert {key: value for key, value in record.settings.items() if key not in ("reconstruction", "camera")} == {
        "teacher": None, "seed": 0, "size": WIDTH, "device": "cpu", "held_out": 2, "space": "ndc",
        "near": record.settings["near"],
    }  # fmt: skip
    assert record.options == {"evidence": "mean", "balance": 0.5, "doubt": 1.0}, "every field of the method"
    assert set(record.options) == {field.name for field in fields(Lift)}
    assert record.input == {"source": "scene", "photos": 14}
    assert set(record.psnr) == {"training views", "held-out views"}
    assert all(16 < value < 60 for value in record.psnr.values())
    assert set(record.seconds) == {"load", "photos", "reconstruct", "features", "lift", "teacher", "name"}
    assert Record.from_dict(record.as_dict()) == record


def test_the_teachers_features_of_points_answer_other_words(result: Segmentation) -> None:
    assert result.features is not None
    fit = query(result.features, Colours().encode_text(["blue thing", "grey thing", "red thing"]).numpy())
    assert (fit.argmax(1) == result.label).mean() > 0.8


def test_it_is_saved(result: Segmentation, tmp_path: Path) -> None:
    saved = result.save(tmp_path / "out")
    summary = json.loads((saved / "scene.json").read_text(encoding="utf-8"))
    assert [view["held_out"] for view in summary["views"]] == result.views.held_out.tolist()
    assert summary["record"]["psnr"] == result.record.psnr
    known = read_features(saved / "features.safetensors")
    np.testing.assert_array_equal(known.features.point, result.features.point)
    np.testing.assert_array_equal(known.cloud.points, result.shape.points)
    assert known.prompts == NAMES
    assert known.record.as_dict() == json.loads(json.dumps(result.record.as_dict(seconds=False)))
    with Image.open(saved / "labels" / "03.png") as picture:
        np.testing.assert_array_equal(np.asarray(picture).astype(int) - 1, result.views.label[3])


def test_a_word_that_names_nothing_takes_nothing(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Alone, or asked for later; what is there is named as before."""
    hasty(monkeypatch)
    how = {"method": "tiny_capture:few_steps", "teacher": Knowing(), "cache": tmp_path}
    alone = named(folder, ("lime tree",), **how)
    assert (alone.views.label >= 0).mean() < 0.02
    assert (alone.label >= 0).mean() < 0.02
    assert alone.record.words["lime tree"]["known"]
    whole = named(folder, **how)
    truth = ThreeDOVS(folder).truth("scene")
    assert metrics.scene_figures(list(whole.views.label), [truth[k] for k in range(14)])["miou"] > 60
    red = whole.views.label == NAMES.index("red box")
    assert ((named(folder, ("red box",), **how).views.label == 0) == red).mean() > 0.95, "a word alone takes what it names"
    later = api.query(whole, ["lime tree", "blue box"], teacher=Knowing())
    assert ((later.label == 1) == (whole.label == NAMES.index("blue box"))).mean() > 0.9
    assert later.score.sum(1).max() <= 1 + 1e-6
    assert (api.query(whole, ["lime tree"], teacher=Knowing()).label < 0).all(), "nothing fits"


def test_a_scene_is_recognised_without_training(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`recognise`, as for Gaussians: the features of the photos, lifted once; a word that names nothing takes nothing."""
    hasty(monkeypatch)
    how = {"method": "recognise", "teacher": Knowing(), "cache": tmp_path}
    truth = ThreeDOVS(folder).truth("scene")
    found = named(folder, **how)
    assert metrics.scene_figures(list(found.views.label), [truth[k] for k in range(14)])["miou"] > 60
    assert (named(folder, ("lime tree",), **how).label == -1).all()


# ------------------------------------------------------------------------------------------- what it may depend on, or not


def test_the_same_seed_gives_the_same_bytes_whatever_the_masks_show(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hasty(monkeypatch, steps=12)
    shuffled = shutil.copytree(folder, tmp_path / "scene")
    masks = sorted((shuffled / "segmentations").glob("*/*.png"))
    content = [mask.read_bytes() for mask in masks]
    order = np.random.default_rng(0).permutation(len(masks))
    assert (order != np.arange(len(masks))).mean() > 0.9
    for mask, index in zip(masks, order, strict=True):
        mask.write_bytes(content[index])
    one, other = named(shuffled, size=24), named(folder, size=24)
    assert [array.tobytes() for array in arrays(one)] == [array.tobytes() for array in arrays(other)]
    assert one.record.as_dict(seconds=False) == other.record.as_dict(seconds=False)
    item = next(iter(ThreeDOVS(shuffled)))
    assert item.capture.names == item.prompts == NAMES
    assert "segmentations" not in repr([item.capture.images, item.capture.report])


def test_what_is_kept_follows_photos_and_settings(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = hasty(monkeypatch, steps=12)
    scene, kept = shutil.copytree(folder, tmp_path / "scene"), tmp_path / "kept"

    def files() -> tuple[int, int]:
        assert len(list(kept.iterdir())) == len(list(kept.glob("scene-*"))) + len(list(kept.glob("pyramid-*")))
        return len(list(kept.glob("scene-*"))), len(list(kept.glob("pyramid-*")))

    first = named(scene, size=24, cache=kept)
    assert (made, files()) == ([12], (1, 1)), "of 14 photos 2 are held out"
    assert same(named(scene, size=24, cache=kept), first)
    assert (made, files()) == ([12], (1, 1))

    backwards = named(scene, NAMES[::-1], size=24, cache=kept)
    assert (made, files()) == ([12], (1, 1)), "words do not matter"
    np.testing.assert_array_equal(np.array([2, 1, 0, -1])[backwards.views.label], first.views.label)
    np.testing.assert_allclose(backwards.score[:, ::-1], first.score, atol=2e-3)

    Image.new("RGB", (WIDTH, HEIGHT), "lime").save(scene / "images" / "04.png")
    blind = named(scene, size=24, cache=kept)
    assert (made, files()) == ([12], (1, 1)), "nor does a photo that is held out"
    assert same(blind, first)
    assert not np.array_equal(blind.views.colour, first.views.colour)

    assert not same(named(scene, size=24, cache=kept, seed=1), first)
    assert (made, files()) == ([12, 12], (2, 1)), "the seed is the reconstruction's"

    Image.new("RGB", (WIDTH, HEIGHT), "lime").save(scene / "images" / "05.png")
    _ = scene_of(observed(scene, 24, Colours(), kept), "").field
    assert (made, files()) == ([12, 12, 12], (3, 1))
    rows = np.load(scene / "poses_bounds.npy")
    rows[3, 3] += 0.01
    np.save(scene / "poses_bounds.npy", rows)
    _ = scene_of(observed(scene, 24, Colours(), kept), "").field
    assert (made, files()) == ([12, 12, 12, 12], (4, 1)), "nor are poses what they were"


def test_an_interrupted_reconstruction_goes_on(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hasty(monkeypatch, steps=20)
    told: list[int] = []

    def stop(stage: str, done: int = 0, total: int = 0, note: str = "") -> None:
        if stage == "reconstruct" and done:
            told.append(done)
            if told == list(range(1, 12)):
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        named(folder, size=24, cache=tmp_path, progress=stop)
    (unfinished,) = tmp_path.iterdir()
    assert unfinished.name.startswith("unfinished-scene-")
    again = named(folder, size=24, cache=tmp_path, progress=stop)
    assert told == [*range(1, 12), *range(11, 21)], "from the tenth step"
    assert not unfinished.exists()
    assert same(again, named(folder, size=24))


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[ReconstructionSettings]:
    """How scenes were to be reconstructed; they are in fewer steps."""
    hasty(monkeypatch, steps=12)
    asked: list[ReconstructionSettings] = []
    quick = observation.reconstruct

    def noted(views: Views, space: Space, settings: ReconstructionSettings, *more: Any) -> TensoRF:
        asked.append(settings)
        return quick(views, space, settings, *more)

    monkeypatch.setattr(observation, "reconstruct", noted)
    return asked


def test_methods_that_train_no_field_are_quick(
    folder: Path, asked: list[ReconstructionSettings], monkeypatch: pytest.MonkeyPatch
) -> None:
    """They get a fast reconstruction, and one of the teacher's scales."""
    scales: list[int] = []
    build = pyramid.encode_photos
    monkeypatch.setattr(pyramid, "encode_photos", lambda model, *rest: scales.append(len(model.scales)) or build(model, *rest))
    for method in ("lift", "teacher-alone"):
        named(folder, method=method, size=24)
    assert asked == [PRESETS["fast"], PRESETS["default"]]
    assert scales == [1, 2]
    teacher = Colours()
    assert windows.narrowed(teacher).scales == (0.25,)
    assert teacher.scales == (0.5, 0.25), "its owner keeps it as it was"


def test_settings_reach_the_method_and_the_reconstruction(folder: Path, asked: list[ReconstructionSettings]) -> None:
    """By name, also as texts; what they don't name stays as it is."""
    settings = {"reconstruction.steps": 20, "reconstruction.rays": "99", "lift.balance": "0.25", "lift.evidence": "votes"}
    answer = named(folder, size=24, settings=settings, seed=3)
    assert asked == [replace(PRESETS["fast"], steps=20, rays=99, seed=3)]
    assert answer.record.options == {"evidence": "votes", "balance": 0.25, "doubt": 1.0}
    assert answer.record.settings["seed"] == 3
    assert answer.record.settings["reconstruction"]["steps"] == 20
    thorough = {"reconstruction.preset": "paper", "reconstruction.steps": 7}
    assert pipeline.reconstruction_of(PRESETS["fast"], thorough) == replace(PRESETS["paper"], steps=7)
    assert pipeline.reconstruction_of(PRESETS["default"], None) == PRESETS["default"]


def test_of_14_photos_2_judge_the_repulsion_by_default(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hasty(monkeypatch, steps=12)
    trained: list[tuple[float | None, int]] = []
    thorough = three_d_ovs.train

    def noted(scene: SceneEvidence, settings: OVS3D, own: Tensor | None = None) -> FeatureField:
        trained.append((settings.repel, len(scene.photos) if own is None else int(own.sum())))
        return thorough(scene, settings, own)

    monkeypatch.setattr(three_d_ovs, "train", noted)
    few = {"3d-ovs.steps": 4, "3d-ovs.rays": 64, "3d-ovs.patches": 1, "3d-ovs.side": 6}
    answer = named(folder, method=pipeline.DEFAULT_METHOD, size=24, settings=few)
    assert trained[:3] == [(weight, 10) for weight in OVS3D.repels], "of 14 photos 2 are held out"
    assert trained[3:] in [[(weight, 12)] for weight in OVS3D.repels]
    assert answer.record.method == "3d-ovs"
    assert answer.record.options["steps"] == 4
    assert set(answer.record.options) == {field.name for field in fields(OVS3D)}


class Spotter:
    """A detector: masks where photos have the colours of the prompts."""

    def __call__(self, views: Views, prompts: Sequence[str], category: str | None = None) -> Regions:
        centred = views.colour - views.colour.mean(-1, keepdim=True)
        best = (tiny_capture._unit(centred) @ Colours().encode_text(prompts).T).argmax(-1)
        masks = torch.stack([best == prompt for prompt in range(len(prompts))], 1).flatten(0, 1)
        view, prompt = torch.arange(len(views)).repeat_interleave(len(prompts)), torch.arange(len(prompts)).repeat(len(views))
        box = torch.tensor([[0.0, 0.0, views.colour.shape[2], views.colour.shape[1]]]).repeat(len(masks), 1)
        return Regions(view, prompt, torch.full((len(masks),), 0.9), box, masks)

    def describe(self) -> dict[str, Any]:
        return {"name": "spotter"}


def test_a_detector_names_photos_and_points(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hasty(monkeypatch)
    answer = named(folder, method="vote", teacher=Spotter())
    truth = ThreeDOVS(folder).truth("scene")
    assert metrics.scene_figures(list(answer.views.label), [truth[k] for k in range(14)])["miou"] > 60
    assert answer.record.teacher == {"name": "spotter"}
    assert answer.features is None, "it has none that words could be compared with"


def test_another_teacher_has_features_of_its_own(folder: Path, tmp_path: Path) -> None:
    class Keener(Colours):
        scales = (0.25,)

        def describe(self) -> dict[str, Any]:
            return {"name": "keener"}

    with pytest.MonkeyPatch.context() as patch:
        made = hasty(patch, steps=12)
        for teacher in (Colours(), Keener()):
            scene = scene_of(observed(folder, 24, teacher, tmp_path), "")
            assert scene.pyramid.grid.shape[1] == len(teacher.scales)
    assert made == [12], "the reconstruction is no matter of the teacher"
    assert len(list(tmp_path.glob("pyramid-*"))) == 2


def test_fewer_than_12_photos_are_all_learned_from(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And a method that needs no features without words needs no encoder."""
    made = hasty(monkeypatch, steps=20)
    monkeypatch.setitem(registry._BUILT_IN["encoders"], "dinov2", "fakes:Missing")
    answer = named(write_capture(tmp_path / "scene", 5), ("red",), method="teacher-alone")
    assert made == [5]
    assert not answer.views.held_out.any()
    assert set(answer.record.psnr) == {"training views"}
    assert answer.features is None


# -------------------------------------------------------------------------------------------------- the field, film, mesh


def test_a_field_a_film_and_a_mesh(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("skimage")
    hasty(monkeypatch)
    monkeypatch.setattr(pipeline, "fly_through_of", partial(fly_through.fly_through_of, pictures=8))
    monkeypatch.setattr(pipeline, "mesh_of_surface", partial(meshing.mesh_of_surface, settings=MeshSettings(cells=28)))
    files = {"film": tmp_path / "flight.gif", "mesh": tmp_path / "scene.glb"}
    answer = named(folder, method="tiny_capture:few_steps", **files)
    assert pipeline.NO_MESH not in answer.record.input
    truth = ThreeDOVS(folder).truth("scene")
    assert metrics.scene_figures(list(answer.views.label), [truth[k] for k in range(14)])["miou"] > 60
    with Image.open(files["film"]) as film:
        assert film.size == (2 * WIDTH, HEIGHT), "the scene beside its labels"
        assert 4 <= film.n_frames <= 8
    nodes = trimesh.load(files["mesh"]).graph.nodes_geometry
    assert {name for name in NAMES if any(node.startswith(name) for node in nodes)} == set(NAMES)
    assert answer.features is not None
    fit = query(answer.features, Colours().encode_text(["red", "blue"]).numpy())
    red, blue = (answer.label == NAMES.index(name) for name in ("red box", "blue box"))
    assert (fit[red].argmax(1) == 0).mean() > 0.9
    assert (fit[blue].argmax(1) == 1).mean() > 0.9


def test_a_flight_there_and_back(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The flight passes the first camera and the last, and its labels are those that the method gives."""
    hasty(monkeypatch, steps=20)
    given = observed(folder, WIDTH, Colours())
    scene = scene_of(given, "")
    told: list[tuple[RenderedRays, Views]] = []

    def left_and_right(rendered: RenderedRays, pictures: Views) -> Tensor:
        told.append((rendered, pictures))
        score = torch.zeros(len(rendered.cameras), 3, HEIGHT, WIDTH)
        score[:, 0, :, : WIDTH // 2], score[:, 2, :, WIDTH // 2 :] = 1, 1
        return score

    points = len(given.shape.points)
    labelling = Labelling(
        torch.zeros(points, dtype=torch.long), torch.zeros(points, 3), torch.ones(points, dtype=torch.bool), left_and_right
    )
    frames = fly_through.fly_through_of(given, labelling, pictures=6)
    assert frames.shape == (6, HEIGHT, 2 * WIDTH, 3)
    assert frames.dtype == np.uint8
    np.testing.assert_array_equal(frames, frames[::-1])
    assert not np.array_equal(frames[0], frames[2])
    ((rendered, pictures),) = told
    assert torch.equal(pictures.colour, rendered.colour), "there are no photos there"
    path = rendered.cameras
    own = scene.photos.cameras.world_from_camera
    ends = (0, -1) if torch.equal(path.world_from_camera[0], own[0]) else (-1, 0)
    for stop, photo in zip((0, -1), ends, strict=True):
        torch.testing.assert_close(path.world_from_camera[stop], own[photo], atol=1e-9, rtol=0)
    turn = path.world_from_camera[:, :3, :3]
    torch.testing.assert_close(turn @ turn.mT, torch.eye(3, dtype=torch.float64).expand_as(turn))
    left, right = frames[0, :, WIDTH + 2 : WIDTH * 3 // 2 - 2], frames[0, :, WIDTH * 3 // 2 + 2 :]
    assert np.abs(left.mean((0, 1)) - right.mean((0, 1))).max() > 40, "two colours, side by side"


def test_a_teacher_alone_labels_the_pictures_of_a_flight(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hasty(monkeypatch, steps=12)
    monkeypatch.setattr(pipeline, "fly_through_of", partial(fly_through.fly_through_of, pictures=4))
    named(folder, method="teacher-alone", size=24, film=tmp_path / "flight.gif")
    with Image.open(tmp_path / "flight.gif") as film:
        assert film.size == (48, 18)


def test_a_flight_does_not_leap() -> None:
    """Whatever the order of the photos."""
    line = torch.stack([torch.arange(9.0), torch.zeros(9), torch.zeros(9)], 1).double()
    shuffled = torch.randperm(9, generator=torch.Generator().manual_seed(0))
    order = fly_through._shortest_tour(line[shuffled])
    assert shuffled[order].tolist() in (list(range(9)), list(range(9))[::-1])


class Ball(nn.Module):
    """A density that is high inside of a ball of half the cube's size."""

    grid = (8, 8, 8)

    def total(self, point: Tensor) -> Tensor:
        return 1000 * (0.5 - point.norm(dim=1))


def cube_from_world(space: Space, place: Tensor) -> Tensor:
    """The way back, by hand."""
    if isinstance(space, Box):
        return 2 * (place - space.low) / (space.high - space.low) - 1
    if isinstance(space, Contracted):
        return contract((place - space.centre) / space.radius) / 2
    assert isinstance(space, Ndc)
    local = (place - space.world_from_reference[:3, 3]) @ space.world_from_reference[:3, :3]
    return torch.cat([local[:, :2] / local[:, 2:] / space.slope, 1 - 2 * space.near / local[:, 2:]], 1)


def spaces() -> Iterator[Space]:
    yield Box(torch.tensor([-1.0, 0, 2]), torch.tensor([1.0, 3, 4]))
    yield Contracted(torch.tensor([0.5, -1, 2]), 1.5, 0.1)
    pose = torch.eye(4)
    pose[:3, :3] = torch.linalg.matrix_exp(torch.tensor([[0.0, -0.4, 0.2], [0.4, 0, -0.3], [-0.2, 0.3, 0]]))
    pose[:3, 3] = torch.tensor([1.0, 2, 3])
    yield Ndc(pose, torch.tensor([0.8, 0.6]), 0.7)


@pytest.mark.parametrize("space", list(spaces()), ids=lambda space: type(space).__name__)
def test_a_solid_is_the_surface_in_the_world(space: Space, folder: Path, tmp_path: Path) -> None:
    """A ball in the field's cube, the upper half of which has one name and the lower another."""
    pytest.importorskip("skimage")
    field = TensoRF([8, 8, 8])
    field.density = Ball()  # type: ignore[assignment]
    views = photos(read_capture(folder))
    scene = SceneEvidence(views, views, ("up", "down"), Colours(), Eyes().encode_image, space, lambda given, within: field)
    round_ = torch.nn.functional.normalize(torch.randn(3000, 3, generator=torch.Generator().manual_seed(0)), dim=1) / 2
    place = space.world(round_).double().numpy()
    label = (round_[:, 1] < 0).long().numpy()
    score = np.eye(2, dtype=np.float32)[label]
    cloud = PointCloud(place, score @ np.array([[1.0, 0, 0], [0, 0, 1]]))
    known = Segmentation(label, score, np.ones(3000, dtype=bool), ("up", "down"), cloud, Record("none"))
    pixels, count = torch.full((14, HEIGHT, WIDTH), -1), torch.ones(3000)
    scene.__dict__["surface"] = SurfacePoints(space, round_, pixels, count)
    found = meshing.mesh_of_surface(scene, known, MeshSettings(cells=40))
    assert isinstance(found.shape, Mesh)
    inside = cube_from_world(space, torch.from_numpy(found.shape.vertices).float())
    torch.testing.assert_close(inside.norm(dim=1), torch.full((len(inside),), 0.5), atol=0.01, rtol=0)
    assert np.array_equal(np.unique(found.shape.faces), np.arange(len(found.shape.vertices))), "no vertex is left over"
    assert len(found.label) > 2000
    height = inside[torch.from_numpy(found.shape.faces)].mean(1)[:, 1].numpy()
    clear = np.abs(height) > 0.06
    assert ((height < 0) == found.label)[clear].mean() > 0.99
    assert found.shape.corner_colour is not None
    assert (found.shape.corner_colour[:, 0].argmax(1) == 2 * found.label).all()
    half = round_[:, 1] > 0
    above = Segmentation(
        label[half], score[half], np.ones(int(half.sum()), bool), ("up", "down"), selected(cloud, half.numpy()), Record("none")
    )
    upper = meshing.mesh_of_surface(scene, above, MeshSettings(cells=40))
    assert upper.label.max() == 0, "where no ray ends there is no face"
    with pytest.raises(InputError, match=r"mesh: it would hold .* of the points .* at least 150% .*too blurred"):
        meshing.mesh_of_surface(scene, known, MeshSettings(cells=40, shown=1.5))
    found.save(tmp_path / "ball.glb")
    nodes = trimesh.load(tmp_path / "ball.glb").graph.nodes_geometry
    assert sorted(node.split(".")[0] for node in nodes) == ["down", "up"]


def test_a_scene_without_a_surface_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hasty(monkeypatch)

    def empty(views: Views, space: Space, settings: ReconstructionSettings, *more: Any) -> TensoRF:
        field = TensoRF([8, 8, 8], draw=torch.Generator().manual_seed(0))
        for parameter in field.density.parameters():
            nn.init.zeros_(parameter)
        return field.requires_grad_(False)

    monkeypatch.setattr(observation, "reconstruct", empty)
    with pytest.raises(InputError, match="no ray meets a surface"):
        named(folder, method="teacher-alone")


# -------------------------------------------------------------------------------------------------------------- bad input


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"teacher": Tinted(), "method": "3d-ovs"}, PluginError, "cannot compare pictures with words, .* Use builtin or clip"),
        ({"teacher": "fakes:Tinted", "method": "ffd"}, PluginError, "cannot compare pictures with words"),
        ({"teacher": Tinted(), "method": "lerf"}, PluginError, "cannot compare pictures with words"),
        ({"teacher": Tinted(), "method": "teacher-alone"}, PluginError, "cannot compare pictures with words"),
        ({"teacher": "nobody"}, PluginError, "no teacher named 'nobody'"),
        ({"method": "magic"}, PluginError, "'magic'; known: 3d-ovs, ffd, lerf, lift, .*, satr, teacher-alone, vote"),
        ({"settings": {"lift.weight": 1}}, InputError, "lift: no setting weight; there are evidence, balance, doubt"),
        ({"settings": {"vote.balance": 1}}, InputError, "vote.balance: expected .* a name among lift, reconstruction"),
        ({"settings": {"reconstruction.stops": 5}}, InputError, "reconstruction: no setting stops; there are steps, rays"),
        ({"settings": {"reconstruction.seed": 5}}, InputError, "reconstruction: no setting seed"),
        ({"settings": {"reconstruction.preset": "slow"}}, InputError, "no preset 'slow'; there are default, fast, paper"),
        ({"settings": {"lift.preset": "paper"}}, InputError, "lift: no preset 'paper'; there are none"),
        ({"prompts": ("leg", "leg")}, InputError, r"prompts\[1\]: 'leg' repeats prompts\[0\]"),
        ({"film": Path("nowhere/flight.gif")}, InputError, "nowhere/flight.gif: the folder 'nowhere' does not exist"),
        ({"film": Path("flight.avi")}, InputError, "flight.avi: films are not written as '.avi'"),
        ({"mesh": Path("nowhere/scene.glb")}, InputError, "nowhere/scene.glb: the folder 'nowhere' does not exist"),
        ({"size": 15}, InputError, "size: expected at least 16 pixels, got 15"),
    ],
)
def test_bad_options_are_refused_before_work_begins(
    options: dict[str, Any], error: type[Exception], message: str, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    made = hasty(monkeypatch)
    monkeypatch.setattr(Photos, "of", lambda *_: pytest.fail("no photo is read"))
    with pytest.raises(error, match=message):
        named(folder, **options)
    assert made == []
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("file", "module"), [("flight.mp4", "imageio_ffmpeg"), ("scene.glb", "skimage.measure")])
def test_extras_that_are_missing_are_named_first(
    file: str, module: str, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = hasty(monkeypatch)
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(MissingExtra, match=r"pip install 'meronym\["):
        named(folder, **{"film" if "flight" in file else "mesh": tmp_path / file})
    assert made == []


def test_without_words_of_its_own_a_capture_needs_some(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hasty(monkeypatch)
    shutil.copytree(folder / "images", tmp_path / "scene" / "images")
    shutil.copy(folder / "poses_bounds.npy", tmp_path / "scene")
    with pytest.raises(InputError, match="prompts: none given"):
        named(tmp_path / "scene")


def test_one_way_in(result: Segmentation, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is read decides what segments it."""
    capture = api.read(folder)
    assert len(capture) == 14
    asked: list[Any] = []
    monkeypatch.setattr(pipeline, "segment", lambda *given, **options: asked.append((given, options)) or result)
    assert meronym.segment(capture, ["red"], method="lift", seed=2) is result
    ((given, options),) = asked
    assert given == (capture, ["red"])
    assert options.items() >= {"method": "lift", "seed": 2, "teacher": "builtin", "settings": None, "cache": None}.items()
    write_photos(tmp_path / "loose", Scene(count=3))
    with pytest.raises(InputError, match=r"loose: no poses of photos there .* `meronym segment` finds them"):
        api.read(tmp_path / "loose")
    with pytest.raises(InputError, match="nowhere: "):
        api.read(tmp_path / "nowhere")


def test_labels_say_none_where_that_is_likelier() -> None:
    scores = torch.tensor([[0.3, 0.3], [0.2, 0.2], [0.0, 0.0], [0.1, 0.9]])
    assert best_labels(scores, 1).tolist() == [0, -1, -1, 1]
