"""Instances: how many of a thing there are, in which order, and on which side."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest
import trimesh
from hypothesis import given, settings
from hypothesis import strategies as st

from meronym.core import geometry
from meronym.parts.instances import InstanceSettings, described, instances, sides
from meronym.types import Mesh, PointCloud


def joined(*solids: trimesh.Trimesh) -> Mesh:
    both = trimesh.util.concatenate(list(solids))
    return Mesh(np.array(both.vertices), np.array(both.faces))


def box(extents: tuple[float, ...], place: tuple[float, ...]) -> trimesh.Trimesh:
    solid = trimesh.creation.box(extents)
    solid.apply_translation(place)
    return solid


def table() -> tuple[Mesh, np.ndarray]:
    """A top with four legs below it, all in contact with it; label 1 = leg."""
    legs = [box((0.1, 1, 0.1), (x, -0.55, z)) for x in (-0.9, 0.9) for z in (-0.9, 0.9)]
    return joined(box((2, 0.1, 2), (0, 0, 0)), *legs), np.repeat([0, 1, 1, 1, 1], 12)


def of_gaps(gap: float, size: float = 0.3) -> int:
    """Number of instances of two boxes a gap apart, in bounding-sphere radii; the small one faces a large face's middle."""
    low, high = 0.0, 1.0
    for _ in range(40):  # the radius depends on the gap
        middle = (low + high) / 2
        mesh = joined(box((1, 1, 1), (0, 0, 0)), box((size, size, size), (0.5 + size / 2 + middle, 0.21, 0.13)))
        low, high = (middle, high) if middle / geometry.bounding_sphere(mesh)[1] < gap else (low, middle)
    return int(instances(mesh, np.zeros(24, int)).max()) + 1


def test_four_legs_are_four_and_the_top_is_one() -> None:
    mesh, label = table()
    found = instances(mesh, label)
    assert found[:12].tolist() == [0] * 12
    assert [set(found[start : start + 12]) for start in range(12, 60, 12)] == [{0}, {1}, {2}, {3}], "by x, then z"


@pytest.mark.parametrize(("gap", "count"), [(0.0, 1), (0.01, 1), (0.013, 1), (0.022, 2), (0.05, 2)])
def test_pieces_nearer_than_a_fiftieth_of_the_radius_are_one(gap: float, count: int) -> None:
    assert of_gaps(gap) == count


def test_crossing_bars_are_one_though_their_corners_are_far_apart() -> None:
    mesh = joined(box((2, 0.1, 0.1), (0, 0, 0)), box((0.1, 2, 0.1), (0, 0, 0.1)))
    assert instances(mesh, np.zeros(24, int)).max() == 0
    assert set(instances(mesh, np.repeat([0, 1], 12))) == {0}, "of two labels each has one"


def test_crumbs_belong_to_the_nearest() -> None:
    mesh = joined(box((1, 1, 1), (0, 0, 0)), box((1, 1, 1), (4, 0, 0)), box((0.1, 0.1, 0.1), (3.2, 0, 0)))
    found = instances(mesh, np.zeros(36, int))
    assert found.tolist() == [0] * 12 + [1] * 24
    assert instances(mesh, np.zeros(36, int), InstanceSettings(crumb=0)).max() == 2


def test_the_largest_comes_first() -> None:
    mesh = joined(box((0.5, 0.5, 0.5), (-4, 0, 0)), box((1, 1, 1), (4, 0, 0)))
    assert instances(mesh, np.zeros(24, int)).tolist() == [1] * 12 + [0] * 12


def test_what_has_no_label_has_no_instance() -> None:
    mesh, label = table()
    assert (instances(mesh, np.full(60, -1)) == -1).all()
    found = instances(mesh, np.where(label == 0, -1, label))
    assert (found[:12] == -1).all()
    assert found.max() == 3
    assert len(instances(Mesh(np.zeros((0, 3)), np.zeros((0, 3), int)), np.zeros(0, int))) == 0


def test_points_are_counted_too() -> None:
    rng = np.random.default_rng(0)
    centres = np.array([[0, 0, 0], [3, 0, 0], [0, 3, 0]])
    cloud = PointCloud(np.concatenate([rng.normal(size=(400, 3)) * 0.1 + centre for centre in centres]))
    found = instances(cloud, np.repeat([0, 0, 1], 400))
    assert [len(set(found[start : start + 400])) for start in (0, 400, 800)] == [1, 1, 1]
    assert found[[0, 400, 800]].tolist() == [0, 1, 0]
    assert instances(PointCloud(np.zeros((1, 3))), np.zeros(1, int)).tolist() == [0]


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 999), st.floats(0.01, 100), st.floats(-50, 50))
def test_scale_place_and_order_of_faces_do_not_matter(seed: int, scale: float, shift: float) -> None:
    mesh, label = table()
    order = np.random.default_rng(seed).permutation(60)
    moved = Mesh(mesh.vertices * scale + shift, mesh.faces[order])
    assert (instances(moved, label[order]) == instances(mesh, label)[order]).all()


def test_twenty_thousand_faces_take_a_moment() -> None:
    legs = []
    for x, z in ((-2, -2), (-2, 2), (2, -2), (2, 2)):
        leg = trimesh.creation.icosphere(subdivisions=4)
        leg.apply_translation((x, 0, z))
        legs.append(leg)
    mesh, seconds = joined(*legs), []
    for _ in range(5):
        start = time.perf_counter()
        found = instances(mesh, np.zeros(20480, int))
        seconds.append(time.perf_counter() - start)
    assert np.bincount(found).tolist() == [5120] * 4
    assert min(seconds) < 0.15, "50 ms on an idle core"


# -------------------------------------------------------------------------------------------------------------- sides


def named(*centres: tuple[float, float, float]) -> tuple[str, ...]:
    return sides(np.array(centres, float), np.zeros(3), 1.0)


def test_sides_are_the_things_own() -> None:
    """glTF: y is up, z is the front, and x is what lies to the left of the thing itself."""
    assert named((0.5, 0, 0), (-0.5, 0, 0)) == ("left", "right")
    assert named((0, 0, 0.5), (0, 0, -0.5)) == ("front", "rear")
    assert named((0, -0.5, 0), (0, 0.5, 0)) == ("lower", "upper")
    wheels = [(0.5, -0.5, 0.7), (-0.5, -0.5, 0.7), (0.5, -0.5, -0.7), (-0.5, -0.5, -0.7)]
    assert named(*wheels) == ("front_left", "front_right", "rear_left", "rear_right")


@pytest.mark.parametrize(
    "centres",
    [
        [(0.5, 0, 0)],
        [(0.5, 0, 0), (0, 0, 0), (-0.5, 0, 0)],
        [(0.9, 0, 0), (0.4, 0, 0)],
        [(0.07, 0, 0), (-0.07, 0, 0)],
        [(0.5, 0, 0.5), (0.5, 0, -0.5), (0.45, 0, -0.5)],
    ],
    ids=["one", "three in a row", "both on one side", "hardly apart", "two alike"],
)
def test_what_is_ambiguous_has_no_sides(centres: list[tuple[float, float, float]]) -> None:
    assert named(*centres) == ()


@pytest.mark.parametrize(
    ("source", "up", "names"),
    [
        ("a.glb", [0, 1, 0], {"leg_front_left", "leg_front_right", "leg_rear_left", "leg_rear_right"}),
        ("a.glb", [0, 0, 1], {"leg_1", "leg_2", "leg_3", "leg_4"}),
        ("a.obj", [0, 1, 0], {"leg_1", "leg_2", "leg_3", "leg_4"}),
        (None, None, {"leg_1", "leg_2", "leg_3", "leg_4"}),
    ],
)
def test_instances_are_named_by_side_where_the_format_states_the_front(
    source: str | None, up: list[int] | None, names: set[str]
) -> None:
    mesh, label = table()
    shape = Mesh(mesh.vertices, mesh.faces, source=None if source is None else Path(source))
    found = described(shape, label == 1, instances(shape, label), "leg", up)
    assert {one.name for one in found} == names
    assert sum(one.share for one in found) == pytest.approx(geometry.element_areas(mesh)[label == 1].sum())
    for one in found:
        side = one.name.split("_")[1:]
        assert ("left" in side) <= (one.centre[0] > 0)
        assert ("front" in side) <= (one.centre[2] > 0)
    (top,) = described(shape, label == 0, instances(shape, label), "top", up)
    assert top.name == "top"
    assert described(shape, label == 7, instances(shape, label), "door", up) == ()
