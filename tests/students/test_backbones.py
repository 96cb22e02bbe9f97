"""Frozen features: where they come from, and what must not change them."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import torch
import trimesh
from fakes import Sighted, shape_of
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation
from torch import Tensor

from meronym.core import cameras, geometry
from meronym.errors import InputError, WeightsError
from meronym.lifting import gather
from meronym.lifting.observation import Backbone, Observation
from meronym.parts.tree import build_tree
from meronym.render import TorchRenderer
from meronym.students.backbones import Geometry, Lifted, PointM2AEBackbone
from meronym.students.point_m2ae import FEATURES, PointM2AE
from meronym.types import Mesh, PointCloud, Shape, Views

few = settings(max_examples=5, deadline=None, derandomize=True)
Y = (0.0, 1.0, 0.0)
CLOUD = PointCloud(np.random.default_rng(0).normal(size=(700, 3)) * [1, 0.5, 0.2])
SHAPES = pytest.mark.parametrize("kind", ["mesh", "points"])


@cache
def shape_called(kind: str) -> Shape:
    return shape_of("hammer")[0] if kind == "mesh" else CLOUD


def observation_of(shape: Shape, up: tuple[float, ...] = Y, views: int = 1) -> Observation:
    def show() -> Views:
        axis = torch.tensor(up)
        return TorchRenderer()(shape, cameras.frame(geometry.used_points(shape), cameras.spread(views, axis), axis, 64))

    sighted = Sighted()
    return Observation(shape, ("part",), None, torch.tensor(up), sighted, sighted, show, build_tree)


def moved(shape: Shape, turn: np.ndarray, scale: float = 1.0, shift: float = 0.0) -> Shape:
    if isinstance(shape, Mesh):
        return replace(shape, vertices=shape.vertices @ turn.T * scale + shift)
    return replace(shape, points=shape.points @ turn.T * scale + shift)


def ordered(shape: Shape, order: np.ndarray) -> Shape:
    if isinstance(shape, Mesh):
        return replace(shape, faces=shape.faces[order])
    return replace(shape, points=shape.points[order])


# ------------------------------------------------------------------------------------------------------------ lifted


@SHAPES
def test_what_was_seen_has_its_mean_and_nothing_is_known_of_the_rest(kind: str) -> None:
    observation = observation_of(shape_called(kind))
    features = Lifted()(observation)
    mean, weight = gather.gather_features(observation.maps, observation.views, observation.shape)
    assert (weight > 0).sum() > 50
    assert (weight == 0).sum() > 50
    assert torch.equal(features[weight > 0], mean[weight > 0])
    assert features[weight == 0].isnan().all()


def test_a_shape_that_is_seen_from_all_sides_is_known_everywhere() -> None:
    box = trimesh.creation.box()
    observation = observation_of(Mesh(np.array(box.vertices), np.array(box.faces)), views=12)
    mean, weight = gather.gather_features(observation.maps, observation.views, observation.shape)
    assert weight.min() > 0
    assert torch.equal(Lifted()(observation), mean)


def test_a_shape_that_no_view_shows_has_no_features() -> None:
    observation = observation_of(CLOUD)
    blank = replace(
        observation.views, element=torch.full_like(observation.views.element, -1), depth=observation.views.depth + torch.inf
    )
    assert Lifted()(replace(observation, show=lambda: blank)).isnan().all()


def test_lifted_features_name_their_encoder() -> None:
    assert Lifted().describe(observation_of(CLOUD)) == {"name": "lifted", "weights": [{"name": "tinted"}]}


# ---------------------------------------------------------------------------------------------------------- geometry


def agree(first: Tensor, second: Tensor, shape: Shape) -> None:
    """But for faces without area, whose normals are rounding errors; sines of many turns make those larger."""
    some = torch.from_numpy(geometry.element_areas(shape) > 1e-9)
    assert some.float().mean() > 0.9
    torch.testing.assert_close(first[some], second[some], rtol=0, atol=1e-3)


@few
@given(st.sampled_from(["mesh", "points"]), st.floats(-180, 180), st.floats(0.01, 100), st.floats(-50, 50))
def test_moving_scaling_and_turning_about_the_up_axis_do_not_matter(
    kind: str, angle: float, scale: float, shift: float
) -> None:
    shape = shape_called(kind)
    turn = Rotation.from_rotvec(np.radians(angle) * np.array(Y)).as_matrix()
    agree(Geometry()(observation_of(moved(shape, turn, scale, shift))), Geometry()(observation_of(shape)), shape)


@few
@given(st.sampled_from(["mesh", "points"]), st.integers(0, 2**16))
def test_turning_the_up_axis_with_the_shape_does_not_matter(kind: str, seed: int) -> None:
    shape, turn = shape_called(kind), Rotation.random(random_state=seed).as_matrix()
    agree(
        Geometry()(observation_of(moved(shape, turn), tuple((turn @ Y * 3).tolist()))), Geometry()(observation_of(shape)), shape
    )


@SHAPES
def test_the_order_of_elements_is_that_of_the_features(kind: str) -> None:
    shape = shape_called(kind)
    order = np.random.default_rng(0).permutation(shape.element_count)
    shuffled = ordered(shape, order)
    agree(Geometry()(observation_of(shuffled)), Geometry()(observation_of(shape))[torch.from_numpy(order)], shuffled)


@SHAPES
def test_which_way_is_up_matters(kind: str) -> None:
    shape = shape_called(kind)
    upright, lying = (Geometry()(observation_of(shape, up)) for up in (Y, (1.0, 0.0, 0.0)))
    assert (upright - lying).abs().mean() > 0.1
    height = geometry.element_positions(shape)[:, 1]
    for feature, sign in ((upright, 1), (Geometry()(observation_of(shape, (0.0, -1.0, 0.0))), -1)):
        assert np.corrcoef(feature[:, 0].numpy(), sign * height)[0, 1] > 0.999


def test_which_way_faces_are_wound_does_not_matter() -> None:
    """Nor does the sign of a cloud's normals, which nobody knows."""
    mesh = shape_called("mesh")
    assert isinstance(mesh, Mesh)
    agree(Geometry()(observation_of(replace(mesh, faces=mesh.faces[:, ::-1]))), Geometry()(observation_of(mesh)), mesh)
    normal = geometry.element_normals(CLOUD)
    agree(
        Geometry()(observation_of(replace(CLOUD, normal=-normal))),
        Geometry()(observation_of(replace(CLOUD, normal=normal))),
        CLOUD,
    )


def test_geometry_looks_at_no_picture() -> None:
    def fail() -> Views:
        raise AssertionError("a picture is made")

    observation = replace(observation_of(CLOUD), show=fail)
    features = Geometry()(observation)
    assert features.dtype == torch.float32
    assert len(features) == len(CLOUD.points)
    assert torch.isfinite(features).all()
    assert Geometry().describe(observation)["weights"] == []


# -------------------------------------------------------------------------------------------------------- point-m2ae


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of a network that nobody trained, wrapped as the public one is."""
    path = tmp_path_factory.mktemp("point_m2ae") / "point_m2ae_pre-train.pth"
    with torch.random.fork_rng():
        torch.manual_seed(0)
        network = PointM2AE()
    torch.save({"base_model": {f"module.{name}": value for name, value in network.state_dict().items()}}, path)
    return path


@pytest.fixture(scope="module")
def backbone(checkpoint: Path) -> PointM2AEBackbone:
    return PointM2AEBackbone(checkpoint)


@SHAPES
def test_point_m2ae_gives_every_element_the_features_of_its_place(backbone: PointM2AEBackbone, kind: str) -> None:
    shape = shape_called(kind)
    features = backbone(observation_of(shape))
    assert features.shape == (shape.element_count, FEATURES)
    centre, radius = geometry.bounding_sphere(shape)
    place = (geometry.element_positions(shape) - centre) / radius
    gap = np.linalg.norm(features[:, :3].numpy() - place, axis=1)
    assert np.average(gap, weights=geometry.element_areas(shape)) < (0.05 if kind == "mesh" else 1e-3)
    assert torch.equal(backbone(observation_of(shape)), features), "always the same"


def test_point_m2ae_of_as_many_points_as_it_takes_is_that_of_the_network(backbone: PointM2AEBackbone) -> None:
    """The first point that is drawn is where sampling begins, so the order is that of the drawing."""
    drawn = torch.randperm(700, generator=torch.Generator().manual_seed(0)).numpy()
    centre, radius = geometry.bounding_sphere(CLOUD)
    points = torch.from_numpy((CLOUD.points[drawn] - centre) / radius).float()
    expected = torch.empty(700, FEATURES)
    expected[drawn] = backbone.network(points[None])[0]
    torch.testing.assert_close(backbone(observation_of(CLOUD)), expected, rtol=0, atol=1e-3)


@SHAPES
def test_where_a_shape_lies_and_how_large_it_is_does_not_matter_to_point_m2ae(backbone: PointM2AEBackbone, kind: str) -> None:
    shape = shape_called(kind)
    away = backbone(observation_of(moved(shape, np.eye(3), 16.0, 64.0)))
    assert ((away - backbone(observation_of(shape))).abs().amax(1) < 1e-2).float().mean() > 0.98, (
        "near ties may fall either way"
    )


def test_too_few_points_for_point_m2ae_are_refused(backbone: PointM2AEBackbone) -> None:
    with pytest.raises(InputError, match="511 given, 512 to be sampled"):
        backbone(observation_of(PointCloud(CLOUD.points[:511])))


def test_point_m2ae_is_looked_for_among_the_weights(checkpoint: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MERONYM_WEIGHTS", str(tmp_path))
    with pytest.raises(WeightsError, match=r"point_m2ae_pre-train\.pth.* there"):
        PointM2AEBackbone()
    place = tmp_path / "point-m2ae" / checkpoint.name
    place.parent.mkdir()
    place.write_bytes(checkpoint.read_bytes()[:1000])
    with pytest.raises(WeightsError, match="not a whole checkpoint"):
        PointM2AEBackbone()
    place.write_bytes(checkpoint.read_bytes())
    (said,) = PointM2AEBackbone().describe(observation_of(CLOUD))["weights"]
    assert said["sha256"] == hashlib.sha256(checkpoint.read_bytes()).hexdigest()
    assert said["licence"]


def test_all_are_backbones(backbone: PointM2AEBackbone) -> None:
    for one in (Lifted(), Geometry(), backbone):
        assert isinstance(one, Backbone)
        assert {"name", "weights"} <= one.describe(observation_of(CLOUD)).keys()
