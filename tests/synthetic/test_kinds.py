"""The generator: curves and solids by their formulas, every kind it knows, and the words it must not know."""

from __future__ import annotations

import ast
import inspect
import json
import re
from pathlib import Path

import numpy as np
import pytest
import trimesh

from meronym_synthetic import kinds
from meronym_synthetic.build import Labelled, build
from meronym_synthetic.kinds import KINDS
from meronym_synthetic.kit import registry
from meronym_synthetic.kit.curves import CORNERS, arc, around, bezier, ellipse, helix, turn
from meronym_synthetic.kit.registry import Kind
from meronym_synthetic.kit.rng import Rng
from meronym_synthetic.kit.solids import (
    Solid,
    box,
    cylinder,
    ellipsoid,
    lathe,
    loft,
    mirrored,
    move,
    plate,
    prism,
    ring_of,
    tube,
    wing,
)

PARAPHRASES = Path(__file__).parents[2] / "benchmarks" / "paraphrases.json"
POLYGON = 12 * np.sin(np.pi / 12)
"""Area of the cross-section of a round solid of radius 1: a polygon with 24 corners."""


def merged(piece: Solid) -> trimesh.Trimesh:
    """The piece with coincident vertices merged, so that its volume is defined."""
    mesh = trimesh.Trimesh(piece.vertices, piece.faces)
    mesh.merge_vertices(digits_vertex=9)
    mesh.update_faces(mesh.nondegenerate_faces())
    return mesh


def volume(piece: Solid) -> float:
    mesh = merged(piece)
    assert mesh.is_watertight
    return abs(float(mesh.volume))


# ------------------------------------------------------------------------------------------------------------- curves


def test_arc() -> None:
    points = arc((1, 2, 3), 0.5, 0.5, 0, np.pi / 2, "zy", n=5)
    np.testing.assert_allclose(np.linalg.norm(points - [1, 2, 3], axis=1), 0.5)
    np.testing.assert_allclose(points[[0, -1]], [[1, 2, 3.5], [1, 2.5, 3]])
    ellipse = arc((0, 0, 0), 2, 1, 0, 2 * np.pi, "xy", n=50)
    np.testing.assert_allclose((ellipse[:, 0] / 2) ** 2 + ellipse[:, 1] ** 2, 1)
    assert (ellipse[:, 2] == 0).all()


def test_bezier_meets_its_ends_and_the_middle() -> None:
    points = bezier((0, 0, 0), (2, 4, 0), (4, 0, 0), n=11)
    np.testing.assert_allclose(points[[0, 5, 10]], [[0, 0, 0], [2, 2, 0], [4, 0, 0]], atol=1e-12)
    np.testing.assert_allclose(bezier((1, 1, 1), (3, 3, 3), n=3), [[1, 1, 1], [2, 2, 2], [3, 3, 3]])


def test_helix() -> None:
    points = helix(0.3, 2.0, 4, n=801)
    np.testing.assert_allclose(np.hypot(points[:, 0], points[:, 2]), 0.3)
    assert points[:, 1].min() == 0
    assert points[:, 1].max() == 2
    length = np.linalg.norm(np.diff(points, axis=0), axis=1).sum()
    assert length == pytest.approx(np.hypot(4 * 2 * np.pi * 0.3, 2), rel=1e-3)


def test_an_ellipse_is_closed() -> None:
    points = ellipse((1, 2, 3), 0.5, 0.25, "xz", 9)
    np.testing.assert_allclose(points[0], points[-1])
    np.testing.assert_allclose(points[[0, 2, 4]], [[1.5, 2, 3], [1, 2, 3.25], [0.5, 2, 3]], atol=1e-12)


def test_around_is_evenly_spread() -> None:
    spots = np.array(around(5, 0.4))
    np.testing.assert_allclose(np.linalg.norm(spots, axis=1), 1)
    np.testing.assert_allclose(spots.sum(0), 0, atol=1e-12)
    np.testing.assert_allclose(spots[0], [np.cos(0.4), np.sin(0.4)])


@pytest.mark.parametrize(("axis", "fixed", "first", "second"), [("x", 0, 1, 2), ("y", 1, 2, 0), ("z", 2, 0, 1)])
def test_turn_is_a_right_handed_rotation(axis: str, fixed: int, first: int, second: int) -> None:
    one = np.eye(3)
    np.testing.assert_allclose(turn(axis, 0.7) @ turn(axis, 0.7).T, one, atol=1e-12)
    np.testing.assert_allclose(turn(axis, 0.7) @ one[fixed], one[fixed])
    np.testing.assert_allclose(turn(axis, np.pi / 2) @ one[first], one[second], atol=1e-12)


# ------------------------------------------------------------------------------------------------------------- solids


@pytest.mark.parametrize("axis", ["x", "y", "z"])
def test_lathe_has_the_volume_of_a_frustum(axis: str) -> None:
    cone = lathe("cone", [(2, -1), (1, 2)], centre=(5, 6, 7), axis=axis)
    assert volume(cone) == pytest.approx(POLYGON * 3 / 3 * (4 + 2 + 1))
    extent = cone.vertices - [5, 6, 7]
    along = "xyz".index(axis)
    assert extent[:, along].min() == pytest.approx(-1)
    assert extent[:, along].max() == pytest.approx(2)


def test_cylinder_and_cone_along_any_direction() -> None:
    start, end = np.array([1.0, 2, 3]), np.array([2.0, 0, 5])
    assert volume(cylinder("pole", start, end, 0.5)) == pytest.approx(3 * POLYGON / 4, rel=1e-6)
    assert volume(cylinder("cone", start, end, [0.5, 0.25])) == pytest.approx(
        3 * POLYGON / 3 * (0.25 + 0.125 + 0.0625), rel=1e-6
    )


def test_a_round_tube_reaches_its_radius_beyond_its_ends() -> None:
    rod = tube("rod", [(0, 0, 0), (0, 0, 5)], 0.5)
    np.testing.assert_allclose([rod.vertices[:, 2].min(), rod.vertices[:, 2].max()], [-0.5, 5.5])
    assert np.hypot(rod.vertices[:, 0], rod.vertices[:, 1]).max() == pytest.approx(0.5)
    assert POLYGON / 4 * 5 < volume(rod) < POLYGON / 4 * 6
    assert rod.distance is not None
    np.testing.assert_allclose(rod.distance(np.array([[0, 0, 2.0], [2, 0, 1], [0, 0, 7]])), [-0.5, 1.5, 1.5], atol=1e-9)


def test_a_flat_tube_is_flat() -> None:
    strap = tube("strap", [(0, 0, 0), (0, 0, 5)], 0.5, flat=0.1, round_ends=False, melt=False)
    assert volume(strap) == pytest.approx(5 * POLYGON * 0.25 * 0.1)
    assert strap.distance is None


def test_a_bent_tube_keeps_its_radius() -> None:
    path = arc((0, 0, 0), 2, 2, 0, np.pi, "xy", n=60)
    ring = tube("ring", path, 0.2, round_ends=False)
    nearest = np.linalg.norm(ring.vertices[:, None] - path[None], axis=2).min(1)
    assert nearest.max() == pytest.approx(0.2, abs=1e-6)
    assert volume(ring) == pytest.approx(2 * np.pi * POLYGON * 0.04, rel=0.01)


def test_ellipsoid() -> None:
    rotation = turn("z", 0.5)
    egg = ellipsoid("egg", (1, 2, 3), (0.5, 1, 2), rotation)
    local = (egg.vertices - [1, 2, 3]) @ rotation / [0.5, 1, 2]
    np.testing.assert_allclose(np.linalg.norm(local, axis=1), 1)
    assert volume(egg) == pytest.approx(4 / 3 * np.pi, rel=0.04)
    assert egg.distance is not None
    assert (egg.distance(np.array([[1.0, 2, 3], [9, 9, 9]])) > 0).tolist() == [False, True]
    assert merged(ellipsoid("cushion", (0, 0, 0), 1, square=0.3)).convex_hull.volume > 6


def test_box() -> None:
    crate = box("crate", (1, 1, 1), (1, 2, 3), turn("x", 0.3), n=3)
    assert volume(crate) == pytest.approx(48)
    assert merged(crate).area == pytest.approx(2 * (2 * 4 + 4 * 6 + 6 * 2))
    assert len(crate.faces) == 6 * 9 * 2
    np.testing.assert_allclose((crate.vertices.max(0) + crate.vertices.min(0)) / 2, 1)


def test_prism_and_plate() -> None:
    triangle = [(0, 0), (2, 0), (0, 2)]
    assert volume(prism("wedge", triangle, 0.5)) == pytest.approx(2)
    assert volume(prism("wedge", triangle, 0.5, (1, 1, 1), turn("y", 1))) == pytest.approx(2)
    assert volume(plate("leaf", [(1, 0), (1, 3)], 0.1)) == pytest.approx(3 * POLYGON * 0.1)


def test_wing_spans_from_root_to_tip() -> None:
    fin = wing("fin", (0, 0, 0), (3, 0, 0), (0.5, 0.25), 0.05)
    assert fin.vertices[:, 0].min() == pytest.approx(0)
    assert fin.vertices[:, 0].max() == pytest.approx(3, abs=0.05)
    assert np.ptp(fin.vertices[:, 2]) == pytest.approx(1)
    assert volume(fin) > 0


def test_loft_without_caps_is_open() -> None:
    axis = np.tile([[1.0, 0, 0]], (2, 1))
    side = loft("side", [(0, 0, 0), (0, 1, 0)], axis, axis[:, [1, 2, 0]], cap=False)
    assert not merged(side).is_watertight
    assert len(side.faces) == 48


def test_move_turns_then_scales_then_shifts() -> None:
    rod = tube("rod", [(0, 0, 0), (1, 0, 0)], 0.1)
    (moved,) = move([rod], (0, 0, 5), 2, turn("z", np.pi / 2))
    assert moved.part == "rod"
    assert moved.distance is None
    np.testing.assert_allclose(moved.vertices[:, 1], rod.vertices[:, 0] * 2, atol=1e-12)
    np.testing.assert_allclose(moved.vertices[:, 2], rod.vertices[:, 2] * 2 + 5, atol=1e-12)


def test_mirrored_solids_are_mirror_images() -> None:
    left, right = mirrored(box, "arm", (2, 1, 0), (0.5, 0.2, 0.1), turn("z", 0.4))
    np.testing.assert_allclose(right.vertices, box("arm", (2, 1, 0), (0.5, 0.2, 0.1), turn("z", 0.4)).vertices)
    np.testing.assert_allclose(
        np.unique((left.vertices * [-1, 1, 1]).round(9), axis=0), np.unique(right.vertices.round(9), axis=0)
    )
    legs = mirrored(tube, "leg", [(1, 2, 3), (1.5, 0, 3.5)], 0.1, axes="xz")
    ends = [(leg.vertices[-2:].mean(0) * 2).round().astype(int).tolist() for leg in legs]
    assert [(np.sign(x), np.sign(z)) for x, _, z in ends] == list(CORNERS)


def test_a_ring_is_evenly_spread() -> None:
    spokes = ring_of(4, tube, "spoke", [(0, 1, 0), (2, 1, 0)], 0.1, phase=0.5)
    for spoke, (c, s) in zip(spokes, around(4, 0.5), strict=True):
        np.testing.assert_allclose(spoke.vertices, tube("spoke", [(0, 1, 0), (2 * c, 1, 2 * s)], 0.1).vertices, atol=1e-12)
    (upright,) = ring_of(1, ellipsoid, "bead", (1, 0, 5), 0.1, phase=np.pi / 2, plane="xy")
    np.testing.assert_allclose(upright.vertices.mean(0), [0, 1, 5], atol=0.02)


def test_random_choices_stay_in_range() -> None:
    u = Rng(np.random.default_rng(0))
    assert {u.count(1, 3) for _ in range(50)} == {1, 2, 3}
    assert {u.pick("a", "b") for _ in range(30)} == {"a", "b"}
    assert all(2 <= u(2, 3) <= 3 for _ in range(20))
    assert not u.chance(0)
    assert u.chance(1)


# ------------------------------------------------------------------------------------------------------------- shapes


def problem(name: str, shape: Labelled) -> str | None:
    """What is wrong with a shape, if anything."""
    if not np.isfinite(shape.vertices).all():
        return f"{name}: vertices are not finite"
    if shape.faces.min() < 0 or shape.faces.max() >= len(shape.vertices):
        return f"{name}: face indices out of range"
    if len(shape.part) != len(shape.faces):
        return f"{name}: {len(shape.part)} labels for {len(shape.faces)} faces"
    a, b, c = shape.vertices[shape.faces].transpose(1, 0, 2)
    area = np.linalg.norm(np.cross(b - a, c - a), axis=1) / 2
    of_part = np.bincount(shape.part, area, minlength=len(shape.names))
    if len(of_part) != len(shape.names) or (of_part <= 0).any():
        return f"{name}: a part without area: {dict(zip(shape.names, of_part, strict=False))}"
    if list(shape.names) != sorted(set(shape.names)):
        return f"{name}: part names {shape.names}"
    return None


def test_every_kind_builds(every_shape: dict[str, Labelled]) -> None:
    assert len(every_shape) > 300
    assert [said for name, shape in every_shape.items() if (said := problem(name, shape))] == []


def test_the_same_seed_builds_the_same(every_shape: dict[str, Labelled]) -> None:
    for name in list(KINDS)[::6]:
        again = build(KINDS[name], np.random.default_rng(1), melt=False)
        assert again.vertices.tobytes() == every_shape[name].vertices.tobytes(), name
        assert again.part.tobytes() == every_shape[name].part.tobytes(), name


def test_another_seed_builds_another(every_shape: dict[str, Labelled]) -> None:
    assert build(KINDS["chair"], np.random.default_rng(2)).vertices.shape != every_shape["chair"].vertices.shape


@pytest.mark.parametrize("name", ["dog", "teddy bear"])
def test_organic_kinds_melt_into_one_skin(name: str) -> None:
    kind = KINDS[name]
    assert kind.organic
    shape = build(kind, np.random.default_rng(0), melt=True)
    assert np.isfinite(shape.vertices).all()
    assert len(np.unique(shape.part)) > 3
    pieces = trimesh.Trimesh(shape.vertices, shape.faces, process=False).split(only_watertight=False)
    apart = build(kind, np.random.default_rng(0), melt=False)
    assert len(pieces) < len(trimesh.Trimesh(apart.vertices, apart.faces, process=False).split(only_watertight=False))


def test_pieces_face_outwards_and_melted_skins_do() -> None:
    inside_out = box("crate", (0, 0, 0), (1, 1, 1))
    pieces = [Solid("crate", inside_out.vertices, inside_out.faces[:, ::-1]), tube("pole", [(0, 1, 0), (0, 3, 0)], 0.3)]
    kind = Kind(lambda u: pieces, "test", ("thing",), organic=True)
    for melt in (False, True):
        shape = build(kind, np.random.default_rng(0), melt=melt)
        a, b, c = shape.vertices[shape.faces].transpose(1, 0, 2)
        outwards = np.einsum("ij,ij->i", a, np.cross(b, c))
        for number in range(2):
            assert outwards[shape.part == number].sum() > 0, (melt, shape.names[number])


# -------------------------------------------------------------------------------------------------------------- words


def test_a_name_is_registered_once() -> None:
    with pytest.raises(ValueError, match=r"kind 'chair': the name is taken, in meronym_synthetic\.kinds\.seating"):
        registry.kind("chair", family="seating", names=("chair",), synonyms={})


def test_names_of_kinds_are_plain_words() -> None:
    assert list(KINDS) == sorted(registry.registered)
    assert [name for name in KINDS if not re.fullmatch(r"[a-z]+([ -][a-z]+)*", name)] == []


def test_synonyms_are_of_parts_that_the_kind_has() -> None:
    """Either the function spells the part out, or one of 60 instances has it."""
    for name, kind in KINDS.items():
        source = inspect.getsource(kind.make)
        hidden = {part for part in kind.synonyms if f'"{part}' not in source}
        instances = (kind.make(Rng(np.random.default_rng(seed))) for seed in range(60 if hidden else 0))
        made = {word for solids in instances for solid in solids for word in solid.part.split("/")}
        assert hidden - made == set(), name


def test_kinds_and_parts_have_names(every_shape: dict[str, Labelled]) -> None:
    for key, kind in KINDS.items():
        assert kind.family.strip(), key
        words = [*kind.names, *(word for part in every_shape[key].names for word in part.split("/"))]
        words += [word for options in kind.synonyms.values() for word in options]
        assert kind.names, key
        assert all(isinstance(options, tuple) for options in kind.synonyms.values()), key
        assert [word for word in words if not word or word != " ".join(word.split())] == [], key


def test_a_part_is_no_synonym_of_itself() -> None:
    assert {(key, part) for key, kind in KINDS.items() for part, options in kind.synonyms.items() if part in options} == set()


ORDINARY = {"end", "surface", "support"}
"""Words of paraphrases that mean something only beside another word."""


def test_words_kept_for_the_honest_test_occur_nowhere(every_shape: dict[str, Labelled]) -> None:
    paraphrases = json.loads(PARAPHRASES.read_text(encoding="utf-8"))
    kept = {word for parts in paraphrases.values() for said in parts.values() for word in said.split()} - ORDINARY
    assert {"fuselage", "haunch", "underside"} <= kept
    found = set()
    for key, kind in KINDS.items():
        texts = [*kind.names, *every_shape[key].names, *kind.synonyms, *(w for own in kind.synonyms.values() for w in own)]
        found |= {(key, text) for text in texts if kept & set(re.findall(r"[a-z]+", text.lower()))}
    assert found == set()
    for file in Path(kinds.__file__).parent.glob("*.py"):  # also in parts that this seed left out
        nodes = ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        texts = [node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]
        words = {word for text in texts if not text.endswith(".") for word in re.split(r"[^a-z]+", text.lower())}
        assert kept & words == set(), file
