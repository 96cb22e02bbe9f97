"""A captured scene from its files to its answer: what comes out, what it may depend on, and what is kept."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator
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
from tiny_capture import HEIGHT, NAMES, WIDTH, Colours, Eyes, hasty, write_capture
from torch import Tensor, nn

import meronym
from meronym import api, registry
from meronym.datasets.threedovs import ThreeDOVS
from meronym.errors import InputError, PluginError
from meronym.evaluation import metrics
from meronym.io.captures.read import photos, read_capture
from meronym.io.captures.write import read_features
from meronym.radiance.rays import Space
from meronym.radiance.reconstruction import DEFAULT, FAST, ReconstructionSettings
from meronym.radiance.spaces import Box, Contracted, Ndc, contract
from meronym.radiance.tensorf import TensoRF
from meronym.results import Segmentation
from meronym.scenes import fly_through, meshing, observation, pipeline
from meronym.scenes.observation import SceneObservation
from meronym.scenes.query import query
from meronym.types import Mesh, PointCloud


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


def surveyed(folder: Path, size: int, teacher: Colours, kept: Path | None = None) -> SceneObservation:
    capture = read_capture(folder)
    return pipeline.observe(capture, pipeline.Photos.of(capture, size), NAMES, teacher, kept=kept)


def same(one: Segmentation, two: Segmentation) -> bool:
    """Whether nothing but the record differs."""
    pairs = [(getattr(one.views, name), getattr(two.views, name)) for name in ("label", "score", "rendered")]
    pairs += [(getattr(one.points, name), getattr(two.points, name)) for name in ("label", "score")]
    pairs += [(one.points.shape.points, two.points.shape.points), (one.features.point, two.features.point)]
    return all(np.array_equal(a, b) for a, b in pairs)


# ------------------------------------------------------------------------------------------------------------ the answer


def test_every_photo_and_the_surface_are_named(result: Segmentation, folder: Path) -> None:
    assert result.prompts == NAMES, "those of classes.txt"
    assert result.views.names == tuple(f"{k:02d}" for k in range(14))
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
    assert 0.9 * 12 * HEIGHT * WIDTH < count <= 12 * HEIGHT * WIDTH
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
    assert set(record) == {"meronym", "method", "teacher", "settings", "psnr", "input", "machine", "seconds"}
    assert (record.method, record.teacher) == ("lift", {"name": "tiny_capture:Colours"})
    settings = {"teacher": None, "seed": 0, "size": WIDTH, "held_out": 2, "space": "ndc", "near": record.settings["near"]}
    assert record.settings == settings
    assert record.input == {"source": "scene", "photos": 14}
    assert set(record.psnr) == {"training views", "held-out views"}
    assert all(16 < value < 60 for value in record.psnr.values())
    assert set(record.seconds) == {"load", "photos", "reconstruct", "features", "lift", "name"}


def test_it_is_saved(result: Segmentation, tmp_path: Path) -> None:
    saved = result.save(tmp_path / "out")
    summary = json.loads((saved / "scene.json").read_text(encoding="utf-8"))
    assert [view["held_out"] for view in summary["views"]] == result.views.held_out.tolist()
    assert summary["record"]["psnr"] == result.record.psnr
    features, cloud, about = read_features(saved / "features.safetensors")
    np.testing.assert_array_equal(features.point, result.features.point)
    np.testing.assert_array_equal(cloud.points, result.shape.points)
    assert about["prompts"] == list(NAMES)
    with Image.open(saved / "labels" / "03.png") as picture:
        np.testing.assert_array_equal(np.asarray(picture).astype(int) - 1, result.views.label[3])


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
    assert same(named(shuffled, size=24), named(folder, size=24))
    item = next(iter(ThreeDOVS(shuffled)))
    assert item.capture.names == item.prompts == NAMES
    assert "segmentations" not in repr([item.capture.images, item.capture.report])


def test_what_is_kept_follows_photos_and_settings(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = hasty(monkeypatch, steps=12)
    scene, kept = shutil.copytree(folder, tmp_path / "scene"), tmp_path / "kept"

    def files() -> tuple[int, int]:
        assert len(list(kept.iterdir())) == len(list(kept.glob("scene-*"))) + len(list(kept.glob("pyramid-*")))
        return len(list(kept.glob("scene-*"))), len(list(kept.glob("pyramid-*")))

    first = named(scene, size=24, kept=kept)
    assert (made, files()) == ([12], (1, 1)), "of 14 photos 2 are held out"
    assert same(named(scene, size=24, kept=kept), first)
    assert (made, files()) == ([12], (1, 1))

    backwards = named(scene, NAMES[::-1], size=24, kept=kept)
    assert (made, files()) == ([12], (1, 1)), "words do not matter"
    np.testing.assert_array_equal(np.array([2, 1, 0, -1])[backwards.views.label], first.views.label)
    np.testing.assert_allclose(backwards.score[:, ::-1], first.score, atol=2e-3)

    Image.new("RGB", (WIDTH, HEIGHT), "lime").save(scene / "images" / "04.png")
    blind = named(scene, size=24, kept=kept)
    assert (made, files()) == ([12], (1, 1)), "nor does a photo that is held out"
    assert same(blind, first)
    assert not np.array_equal(blind.views.colour, first.views.colour)

    assert not same(named(scene, size=24, kept=kept, seed=1), first)
    assert (made, files()) == ([12, 12], (2, 1)), "the seed is the reconstruction's"

    Image.new("RGB", (WIDTH, HEIGHT), "lime").save(scene / "images" / "05.png")
    surveyed(scene, 24, Colours(), kept).own_scene()
    assert (made, files()) == ([12, 12, 12], (3, 1))
    rows = np.load(scene / "poses_bounds.npy")
    rows[3, 3] += 0.01
    np.save(scene / "poses_bounds.npy", rows)
    surveyed(scene, 24, Colours(), kept).own_scene()
    assert (made, files()) == ([12, 12, 12, 12], (4, 1)), "nor are poses what they were"


def test_the_lift_is_brief_and_other_methods_are_not(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A hasty reconstruction, and one of the teacher's scales."""
    hasty(monkeypatch)
    asked: list[ReconstructionSettings] = []
    quick = pipeline.reconstruct

    def noted(views: Any, space: Any, settings: ReconstructionSettings, step: Any = None) -> TensoRF:
        asked.append(settings)
        return quick(views, space, settings, step)

    scales: list[int] = []
    build = pipeline.pyramid.encode_photos
    monkeypatch.setattr(
        pipeline.pyramid, "encode_photos", lambda model, *rest: scales.append(len(model.scales)) or build(model, *rest)
    )
    monkeypatch.setattr(pipeline, "reconstruct", noted)
    for method in ("lift", "teacher-alone"):
        named(folder, method=method)
    assert asked == [FAST, DEFAULT]
    assert scales == [1, 2]
    teacher = Colours()
    assert pipeline.narrowed(teacher).scales == (0.25,)
    assert teacher.scales == (0.5, 0.25), "its owner keeps it as it was"


def test_another_teacher_sees_for_itself(folder: Path, tmp_path: Path) -> None:
    class Keener(Colours):
        scales = (0.25,)

        def describe(self) -> dict[str, Any]:
            return {"name": "keener"}

    with pytest.MonkeyPatch.context() as patch:
        hasty(patch)
        for teacher in (Colours(), Keener()):
            scene = surveyed(folder, WIDTH, teacher, tmp_path)
            assert scene.pyramid.grid.shape[1] == len(teacher.scales)
    assert len(list(tmp_path.glob("pyramid-*"))) == 2


def test_fewer_than_12_photos_are_all_learned_from(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And what asks for no likeness without words needs no encoder."""
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
    monkeypatch.setattr(pipeline, "mesh_of_surface", partial(meshing.mesh_of_surface, cells=28))
    files = {"film": tmp_path / "flight.gif", "mesh": tmp_path / "scene.glb"}
    answer = named(folder, method="tiny_capture:field", **files)
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
    scene = surveyed(folder, WIDTH, Colours())
    asked = []

    class Halves:
        def scores(self, glance: Any, photos: Any) -> Tensor:
            asked.append(glance.cameras)
            score = torch.zeros(*glance.distance.shape, 3).permute(0, 3, 1, 2)
            score[:, 0, :, : WIDTH // 2], score[:, 2, :, WIDTH // 2 :] = 1, 1
            return score

        def features(self, glance: Any, pixels: Any) -> None: ...

    frames = fly_through.fly_through_of(scene, Halves(), pictures=6)
    assert frames.shape == (6, HEIGHT, 2 * WIDTH, 3)
    assert frames.dtype == np.uint8
    np.testing.assert_array_equal(frames, frames[::-1])
    assert not np.array_equal(frames[0], frames[2])
    (path,) = asked
    own = scene.photos.cameras.world_from_camera
    ends = (0, -1) if torch.equal(path.world_from_camera[0], own[0]) else (-1, 0)
    for stop, photo in zip((0, -1), ends, strict=True):
        torch.testing.assert_close(path.world_from_camera[stop], own[photo], atol=1e-9, rtol=0)
    turn = path.world_from_camera[:, :3, :3]
    torch.testing.assert_close(turn @ turn.mT, torch.eye(3, dtype=torch.float64).expand_as(turn))
    left, right = frames[0, :, WIDTH + 2 : WIDTH * 3 // 2 - 2], frames[0, :, WIDTH * 3 // 2 + 2 :]
    assert np.abs(left.mean((0, 1)) - right.mean((0, 1))).max() > 40, "two colours, side by side"


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
    scene = SceneObservation(views, views.colour, ("up", "down"), Colours(), Eyes().see, space, lambda given, within: field)
    round_ = torch.nn.functional.normalize(torch.randn(3000, 3, generator=torch.Generator().manual_seed(0)), dim=1) / 2
    place = space.world(round_).double().numpy()
    label = (round_[:, 1] < 0).long().numpy()
    score = np.eye(2, dtype=np.float32)[label]
    cloud = PointCloud(place, score @ np.array([[1.0, 0, 0], [0, 0, 1]]))
    known = Segmentation(label, score, np.ones(3000, dtype=bool), ("up", "down"), cloud, {"seed": 0})
    found = meshing.mesh_of_surface(scene, known, cells=40)
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
    found.save(tmp_path / "ball.glb")
    nodes = trimesh.load(tmp_path / "ball.glb").graph.nodes_geometry
    assert sorted(node.split(".")[0] for node in nodes) == ["down", "up"]


def test_a_scene_without_a_surface_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hasty(monkeypatch)

    def empty(views: Any, space: Any, settings: Any, step: Any = None) -> TensoRF:
        field = TensoRF([8, 8, 8], draw=torch.Generator().manual_seed(0))
        for parameter in field.density.parameters():
            nn.init.zeros_(parameter)
        return field.requires_grad_(False)

    monkeypatch.setattr(pipeline, "reconstruct", empty)
    with pytest.raises(InputError, match="no ray meets a surface"):
        named(folder, method="teacher-alone")


# -------------------------------------------------------------------------------------------------------------- bad input


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"teacher": Tinted()}, PluginError, "teacher tinted: cannot name scenes, .* Use builtin or clip"),
        ({"teacher": "fakes:Tinted"}, PluginError, "teacher tinted: cannot name scenes"),
        ({"teacher": "nobody"}, PluginError, "no teacher named 'nobody'"),
        ({"method": "magic"}, PluginError, "'magic'; known: 3d-ovs, ffd, lerf, lift, teacher-alone"),
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
    with pytest.raises(InputError, match=r"pip install 'meronym\["):
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
    assert meronym.segment(capture, ["red"], method="lift") is result
    assert asked == [((capture, ["red"]), {"method": "lift"})]
    write_photos(tmp_path / "loose", Scene(count=3))
    with pytest.raises(InputError, match=r"loose: no poses of photos there .* `meronym segment` finds them"):
        api.read(tmp_path / "loose")
    with pytest.raises(InputError, match="nowhere: "):
        api.read(tmp_path / "nowhere")


def test_labels_say_none_where_that_is_likelier() -> None:
    scores = torch.tensor([[0.3, 0.3], [0.2, 0.2], [0.0, 0.0], [0.1, 0.9]])
    assert observation.best_labels(scores, 1).tolist() == [0, -1, -1, 1]
