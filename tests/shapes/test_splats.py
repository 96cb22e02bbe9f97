"""Gaussians through the whole pipeline, with teachers that know the labels."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from fakes import Sighted, Tinted
from splat_files import cameras_json, ply
from tiny_capture import NAMES, Knowing, photographed, solid
from torch import Tensor

import meronym
from benchmarks.splats import splats_of
from meronym.core import cameras, geometry
from meronym.core.gaussians import gaussians, recoloured, rows_of
from meronym.lifting import gather, voting
from meronym.render import TorchRenderer
from meronym.render.splats import contributions
from meronym.shapes import pipeline
from meronym.shapes.observation import render_views
from meronym.teachers.oracle import OracleTeacher
from meronym.types import FeatureMaps, Gaussians, Mesh
from meronym.viz.preview import painted

Y = torch.tensor([0.0, 1.0, 0.0])
Labelled = tuple[Gaussians, Tensor, tuple[str, ...]]
pytestmark = pytest.mark.usefixtures("small_views")


@pytest.fixture(scope="module")
def splats(chair: tuple[Mesh, Tensor, tuple[str, ...]]) -> Labelled:
    """A chair of Gaussians among floaters, with the part of each, -1 for floaters, and the names of the parts."""
    mesh, label, names = chair
    shape, face = splats_of(mesh, 4000, torch.Generator().manual_seed(0))
    rng = np.random.default_rng(0)
    far = geometry.bounding_sphere(mesh)[1] * rng.normal(size=(300, 3)) * 2
    faint = rows_of(far, np.full((300, 3), -1.0), np.ones((300, 4)), np.full(300, -4.0), rng.normal(size=(300, 3)))
    both = gaussians(np.concatenate([shape.rows, faint]))
    part = torch.cat([label[torch.from_numpy(face)], torch.full((300,), -1)])
    return both, torch.where(torch.from_numpy(both.floating), -1, part), names


def test_what_the_teacher_knows_arrives_on_gaussians(splats: Labelled) -> None:
    shape, label, names = splats
    assert 250 < shape.floating.sum() <= 300
    for method in ("lift", "vote"):
        result = pipeline.segment(shape, names, teacher=OracleTeacher(label, cell=4), method=method, up=(0, 1, 0), views=6)
        area = geometry.element_areas(shape)
        right = result.label == label.numpy()
        assert area[right].sum() > 0.9
        assert (result.label[shape.floating] == -1).all()
        assert (result.score[shape.floating] == 0).all()
        assert result.record.input["floaters"] == shape.floating.sum()


def test_the_lift_is_the_mean_over_pixels_by_their_weights(splats: Labelled) -> None:
    """Row sums: what a Gaussian gets is the sum of weight x pixel over the sum of weights."""
    shape = splats[0]
    views = TorchRenderer()(shape, cameras.frame(geometry.used_points(shape), cameras.spread(2, Y), Y, 40))
    pixel = torch.rand(2, 40, 40, 3, generator=torch.Generator().manual_seed(0))
    maps = FeatureMaps(tuple(pixel), torch.tensor([[0.0, 0.0, 40.0, 40.0]] * 2))
    found, weight = gather.gather_features(maps, views, shape)
    total, light = np.zeros((shape.element_count, 3)), np.zeros(shape.element_count)
    for view in range(2):
        for part in contributions(shape, views.cameras, view):
            for g, p, w in zip(part.gaussian.tolist(), part.pixel.tolist(), part.weight.tolist(), strict=True):
                total[g] += w * pixel[view, p // 40, p % 40].numpy()
                light[g] += w
    np.testing.assert_allclose(weight.numpy(), light, rtol=1e-4, atol=1e-5)
    seen = light > 0
    assert 100 < seen.sum() < 4300
    np.testing.assert_allclose(found.numpy()[seen], total[seen] / light[seen, None], atol=1e-4)
    np.testing.assert_array_equal(found.numpy()[~seen], 0)


def test_votes_count_gaussians_by_their_weights(splats: Labelled) -> None:
    """A region that holds all pixels covers every Gaussian that is seen; one that holds none covers none."""
    shape = splats[0]
    views = TorchRenderer()(shape, cameras.frame(geometry.used_points(shape), cameras.spread(1, Y), Y, 40))
    masks = torch.stack([torch.ones(40, 40, dtype=torch.bool), torch.zeros(40, 40, dtype=torch.bool)])
    regions = meronym.types.Regions(torch.zeros(2).long(), torch.arange(2), torch.ones(2), torch.zeros(2, 4), masks)
    votes = voting.cast_votes(regions, views, shape)
    assert (votes.region == 0).all()
    torch.testing.assert_close(votes.weight, torch.ones(len(votes.weight)))
    assert votes.seen.sum() == len(votes.element)


def test_a_view_without_any_gaussian_is_no_fault(splats: Labelled) -> None:
    shape = splats[0]
    away = cameras.orbit(cameras.spread(1, Y), Y, torch.full((3,), 1e3), 3.0, 10.0, 16)
    views = TorchRenderer()(shape, away)
    assert (views.element == -1).all()
    assert (views.colour == 1).all()
    assert [len(one.element) for one in gather.visible_elements(views, shape)] == [0]


def test_results_answer_other_words_and_are_painted(splats: Labelled, tmp_path: Path) -> None:
    shape, label, names = splats
    result = pipeline.segment(shape, names, teacher=OracleTeacher(label, cell=4), method="lift", up=(0, 1, 0), views=3)
    again = meronym.load(result.save(tmp_path / "a.npz"))
    assert isinstance(again.shape, Gaussians)
    np.testing.assert_array_equal(again.label, result.label)
    np.testing.assert_array_equal(again.shape.floating, shape.floating)
    in_colours = painted(again)
    assert isinstance(in_colours, Gaussians)
    for k in range(len(names)):
        assert len(np.unique(in_colours.colour[result.label == k].round(4), axis=0)) <= 1
    legs = result.named_instances(names[int(np.bincount(label[label >= 0]).argmin())])
    assert sum(one.share for one in legs) <= 1


def test_the_tree_joins_gaussians_that_look_alike(splats: Labelled) -> None:
    """Method `recognise`, the default, with an encoder that sees colours: every segment but few is of one part."""
    shape, label, names = splats
    hue = np.eye(max(3, len(names)))[label.clamp(min=0).numpy(), :3]
    shape = recoloured(shape, hue * 0.8)
    result = pipeline.segment(shape, names, teacher=Known(label), up=(0, 1, 0), views=6)
    area = geometry.element_areas(shape)
    assert result.record.method == "recognise"
    assert area[result.label == label.numpy()].sum() > 0.9
    assert (result.label[shape.floating] == -1).all()


class Known(OracleTeacher, Sighted):
    """Knows the labels and sees colours."""

    def __init__(self, label: Tensor) -> None:
        super().__init__(label, cell=4)


def test_cameras_of_photos_are_the_views(splats: Labelled, tmp_path: Path) -> None:
    """A room is seen from inside, and stands as its photos do."""
    ply(tmp_path / "splat.ply", vertex=splats[0].rows)
    eyes = 4 * np.array([[np.cos(a), np.sin(a), 0.3] for a in np.linspace(0, 5, 9)])
    cameras_json(tmp_path / "cameras.json", eyes)
    shape = meronym.read(tmp_path)
    assert isinstance(shape, Gaussians)
    views = render_views(shape, 4, Y, 0, 128, torch.device("cpu"))
    assert len(views) == 4
    assert views.colour.shape == (4, 96, 128, 3)
    found = views.cameras.world_from_camera[:, :3, 3].numpy()
    assert np.linalg.norm(found[:, None] - eyes, axis=2).min(1).max() < 1e-6
    result = pipeline.segment(shape, ["seat"], teacher=Tinted(), method="lift", views=3)
    assert result.record.settings["up"] == "the mean of the cameras' up"
    np.testing.assert_allclose(result.record.settings["up_axis"], [0, 0, 1], atol=0.1)


class Told(Knowing):
    """Tells of its scales."""

    def describe(self) -> dict[str, Any]:
        return {"name": "told", "scales": list(self.scales)}


def photographed_scene() -> tuple[Gaussians, np.ndarray]:
    """The tiny scene as Gaussians with the cameras of its photos, and the name of each."""
    mesh, number = solid()
    paint = np.array([(0.15, 0.25, 0.85), (0.5, 0.5, 0.5), (0.85, 0.15, 0.1)])[number]
    plain = Mesh(np.array(mesh.vertices), np.array(mesh.faces), np.repeat(paint[:, None], 3, axis=1))
    shape, face = splats_of(plain, 6000, torch.Generator().manual_seed(0))
    return replace(recoloured(shape, paint[face]), cameras=photographed(8)[0].cameras), number[face]


def test_gaussians_with_their_photos_cameras_are_a_scene(tmp_path: Path) -> None:
    """Words are weighed against other known things, in windows of the views; the same for other words later."""
    (shape, truth), teacher = photographed_scene(), Told()
    result = pipeline.segment(shape, NAMES, teacher=teacher, views=6)
    area = geometry.element_areas(shape)
    assert result.record.settings["scene"] is True
    assert result.record.teacher == {"name": "told", "scales": [0.25]}, "one of its scales, as for photos without a field"
    for k in (0, 2):
        assert (result.label == k)[truth == k].mean() > 0.9, "the boxes; the floor near them is blurred in pictures this small"
    assert area[result.label == truth].sum() > 0.6
    alone = pipeline.segment(shape, ["red box"], teacher=teacher, views=6)
    assert area[(alone.label == 0) == (truth == 2)].sum() > 0.9
    assert (pipeline.segment(shape, ["lime tree"], teacher=teacher, views=6).label == -1).all()
    again = meronym.load(result.save(tmp_path / "a.npz"))
    assert (meronym.query(again, ["lime tree"], teacher=teacher).label == -1).all()
    np.testing.assert_array_equal(meronym.query(again, ["red box"], teacher=teacher).label, alone.label)
    lifted = pipeline.segment(shape, NAMES, teacher=teacher, method="lift", views=6)
    assert area[lifted.label == truth].sum() > 0.6


def test_a_category_makes_one_thing_of_gaussians() -> None:
    result = pipeline.segment(photographed_scene()[0], NAMES, teacher=Sighted(), category="toy", method="lift", views=2)
    assert "scene" not in result.record.settings


def test_the_same_gaussians_give_the_same_bytes(splats: Labelled, tmp_path: Path) -> None:
    shape, label, names = splats
    files = []
    for name in ("a", "b"):
        again = replace(shape, rows=shape.rows.copy())
        result = pipeline.segment(again, names, teacher=OracleTeacher(label), method="lift", up=(0, 1, 0), views=2)
        files.append(result.save(tmp_path / f"{name}.npz").read_bytes())
    assert files[0] == files[1]
