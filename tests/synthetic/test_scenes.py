"""Random scenes: the same every time, true to their poses and masks, and things stand apart."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from meronym.errors import InputError
from meronym.io.captures.read import read_capture
from meronym.render import TorchRenderer
from meronym.types import Mesh, Views
from meronym_synthetic import scenes
from meronym_synthetic.kinds import KINDS
from meronym_synthetic.scenes import light
from meronym_synthetic.scenes.grounds import INDOORS, OUTDOORS
from meronym_synthetic.scenes.layout import GAP, Scene, apart
from meronym_synthetic.scenes.props import MATERIALS, PART_MATERIALS, PROPS, make_prop, prop_name

WIDTH, HEIGHT, VIEWS = 48, 36, 3


@pytest.fixture(scope="module")
def scene() -> Scene:
    return scenes.make_scene(4, count=3)


@pytest.fixture(scope="module")
def photos(scene: Scene) -> tuple[Views, np.ndarray]:
    return scenes.render_scene(scene, scenes.arc(scene, VIEWS, WIDTH, HEIGHT))


@pytest.fixture(scope="module")
def folder(scene: Scene, photos: tuple[Views, np.ndarray], tmp_path_factory: pytest.TempPathFactory) -> Path:
    return scenes.write_scene(scene, *photos, tmp_path_factory.mktemp("scenes") / "scene")


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def masks(folder: Path, view: int) -> dict[str, np.ndarray]:
    return {path.stem: np.asarray(Image.open(path)) for path in (folder / "segmentations" / str(view)).glob("*.png")}


def thing_vertices(scene: Scene, name: str) -> np.ndarray:
    prop = next(prop for prop in scene.props if prop.name == name)
    return scene.mesh.vertices[np.unique(scene.mesh.faces[prop.faces[0] : prop.faces[1]])]


def llff_pixels(row: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Where LLFF's own convention (axes down, right, backwards; principal point in the middle) puts points: x, y."""
    matrix = row[:15].reshape(3, 5)
    height, width, focal = matrix[:, 4]
    down, right, back = ((points - matrix[:, 3]) @ matrix[:, k] for k in range(3))
    return np.stack([width / 2 + focal * right / -back, height / 2 + focal * down / -back], 1)


def test_the_same_seed_gives_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    again = scenes.make_scene(4, count=3)
    scenes.write_scene(again, *scenes.render_scene(again, scenes.arc(again, VIEWS, WIDTH, HEIGHT)), tmp_path / "again")
    assert files(tmp_path / "again") == files(folder)


def test_another_seed_gives_another_scene(scene: Scene) -> None:
    assert scenes.make_scene(5, count=3).props != scene.props


def test_the_layout_is_3d_ovs(scene: Scene, folder: Path) -> None:
    classes = (folder / "segmentations" / "classes.txt").read_text().splitlines()
    assert classes == sorted(classes) == list(scene.names)
    assert len(set(classes) & {*INDOORS, *OUTDOORS}) == 1
    assert [path.name for path in sorted((folder / "images").iterdir())] == [f"{k:03d}.png" for k in range(VIEWS)]
    for view in range(VIEWS):
        assert sorted(masks(folder, view)) == classes
    assert json.loads((folder / "scene.json").read_text())["seed"] == 4


def test_masks_are_disjoint_and_those_of_the_elements(scene: Scene, photos: tuple[Views, np.ndarray], folder: Path) -> None:
    views, label = photos
    plain = TorchRenderer()(Mesh(scene.mesh.vertices, scene.mesh.faces), views.cameras)
    assert torch.equal(views.element, plain.element)
    torch.testing.assert_close(views.depth, plain.depth)
    for view in range(VIEWS):
        found = masks(folder, view)
        assert set(np.unique(np.stack(list(found.values())))) == {0, 255}
        assert (sum((mask == 255).astype(int) for mask in found.values()) <= 1).all()
        for number, name in enumerate(scene.names):
            assert ((found[name] == 255) == (label[view] == number)).all()
            assert (found[name] == 255).any(), "each class is seen"


def test_points_of_things_project_into_their_masks(scene: Scene, photos: tuple[Views, np.ndarray], folder: Path) -> None:
    rows = np.load(folder / "poses_bounds.npy")
    views, _ = photos
    assert rows.shape == (VIEWS, 17)
    for view, row in enumerate(rows):
        found = masks(folder, view)
        for prop in scene.props:
            first, last = prop.faces
            element = views.element[view].numpy()
            seen = np.unique(element[(element >= first) & (element < last)])
            assert len(seen) > 3
            at = np.floor(llff_pixels(row, thing_vertices(scene, prop.name))).astype(int)
            inside = (at >= 0).all(1) & (at < [WIDTH, HEIGHT]).all(1)
            assert inside.mean() > 0.9
            y, x = np.nonzero(found[prop.name])
            assert (at.min(0) <= [x.min() + 1, y.min() + 1]).all()
            assert (at.max(0) >= [x.max() - 1, y.max() - 1]).all()
            middle = scene.mesh.vertices[scene.mesh.faces[seen]].mean(1)
            column, line = np.floor(llff_pixels(row, middle)).astype(int).T
            assert (found[prop.name][line.clip(0, HEIGHT - 1), column.clip(0, WIDTH - 1)] == 255).mean() > 0.7


def test_readers_of_captures_get_the_cameras_back(photos: tuple[Views, np.ndarray], folder: Path) -> None:
    views, _ = photos
    for file in ("poses_bounds.npy", "transforms.json"):
        capture = read_capture(folder / file)
        torch.testing.assert_close(capture.cameras.world_from_camera, views.cameras.world_from_camera, atol=1e-9, rtol=0)
        torch.testing.assert_close(capture.cameras.intrinsics, views.cameras.intrinsics, atol=1e-9, rtol=0)
        assert (capture.cameras.height, capture.cameras.width) == (HEIGHT, WIDTH)
    near, far = np.load(folder / "poses_bounds.npy")[:, 15:].T
    depth = views.depth.flatten(1).numpy()
    assert (near <= depth.min(1)).all()
    assert (far >= np.where(np.isfinite(depth), depth, 0).max(1)).all()
    assert (near > 0.3 * depth.min(1)).all()


@settings(max_examples=5, deadline=None)
@given(st.integers(0, 2**31), st.integers(1, 6))
def test_things_stand_apart_on_the_ground(seed: int, count: int) -> None:
    scene = scenes.make_scene(seed, count=count)
    outlines = [thing_vertices(scene, prop.name) for prop in scene.props]
    assert len(outlines) == count
    for index, one in enumerate(outlines):
        assert one[:, 1].min() == pytest.approx(0, abs=1e-9)
        assert 0.15 < np.ptp(one, axis=0).max() < 0.5
        for two in outlines[:index]:
            angle = np.linspace(0, np.pi, 721)
            axis = np.stack([np.cos(angle), np.sin(angle)])
            a, b = one[:, [0, 2]] @ axis, two[:, [0, 2]] @ axis
            gap = np.maximum(a.min(0) - b.max(0), b.min(0) - a.max(0)).max()
            assert gap > 0.9 * GAP, "some line parts any two outlines"


def test_one_thing_of_a_family() -> None:
    for seed in range(4):
        scene = scenes.make_scene(seed)
        kinds = {prop_name(kind): KINDS[kind].family for kind in PROPS}
        families = [kinds[prop.name] for prop in scene.props]
        assert 3 <= len(set(families)) == len(families) <= 6


def test_gap_between_outlines() -> None:
    square = np.array([[0.0, 0], [1, 0], [1, 1], [0, 1]])
    assert apart(square, square + np.array([1.5, 0])) == pytest.approx(0.5)
    assert apart(square, square - np.array([0, 3])) == pytest.approx(2)
    assert apart(square, square + np.array([0.9, 0.2])) == pytest.approx(-0.1)


def test_every_kind_of_prop_can_be_made() -> None:
    assert len({prop_name(kind) for kind in PROPS}) == len(PROPS) >= 40
    for kind, prop in PROPS.items():
        assert prop_name(kind) in KINDS[kind].names
        assert {prop.material, *prop.parts.values(), *PART_MATERIALS} <= set(MATERIALS)
        thing = make_prop(kind, np.random.default_rng(0))
        assert len(thing.gloss) == len(thing.grain) == len(thing.mesh.faces)


def hidden(point: np.ndarray, direction: np.ndarray, triangles: np.ndarray) -> bool:
    """Whether a ray meets a triangle (Moeller and Trumbore), one after the other."""
    a, b, c = np.moveaxis(triangles, 1, 0)
    side = np.cross(direction, c - a)
    scale = np.einsum("ij,ij->i", b - a, side)
    with np.errstate(all="ignore"):
        u = np.einsum("ij,ij->i", point - a, side) / scale
        across = np.cross(point - a, b - a)
        v = across @ direction / scale
        along = np.einsum("ij,ij->i", c - a, across) / scale
        return bool(((u >= 0) & (v >= 0) & (u + v <= 1) & (along > 1e-6)).any())


def test_shadows_fall_where_rays_to_the_light_are_stopped() -> None:
    scene = scenes.make_scene(11, count=1)
    lights = light._lights(scene, 256)
    triangles = scene.mesh.vertices[scene.mesh.faces[: scene.things]]
    spots = np.random.default_rng(0).uniform(-0.4, 0.4, (150, 3)) * [1, 0, 1]
    for index in (0, light.SUN + 20):
        reached = light._reached(lights, index, torch.tensor(spots), 0.004).numpy()
        dark = np.array([hidden(spot, lights.direction[index].numpy(), triangles) for spot in spots])
        assert 5 < dark.sum() < 140
        assert ((reached < 0.5) == dark).mean() > 0.95


def cube(path: Path) -> Path:
    import trimesh

    trimesh.creation.box().export(path)
    return path


def test_models_take_part_under_the_names_of_their_files(tmp_path: Path) -> None:
    cube(tmp_path / "Toy_block.glb")
    files = scenes.model_files(tmp_path)
    scene = scenes.make_scene(0, files, count=2)
    assert "toy block" in scene.names
    assert len(scene.names) == 3


def test_around_looks_from_all_sides(scene: Scene) -> None:
    for cameras, widest in ((scenes.arc(scene, 24), 36.0), (scenes.around(scene, 24), 180.0)):
        back = -cameras.world_from_camera[:, :3, 2].numpy()
        azimuth = np.degrees(np.arctan2(back[:, 0], back[:, 2]))
        elevation = np.degrees(np.arcsin(back[:, 1]))
        assert 0.85 * widest < np.abs(azimuth).max() <= widest
        assert 19.9 < elevation.min() < elevation.max() < 45.1


def test_errors_name_the_cure(scene: Scene, photos: tuple[Views, np.ndarray], folder: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is there already"):
        scenes.write_scene(scene, *photos, folder)
    with pytest.raises(InputError, match="seed >= 0"):
        scenes.make_scene(-1)
    with pytest.raises(InputError, match=r"1\.\.8 things"):
        scenes.make_scene(0, count=9)
    with pytest.raises(InputError, match="16 x 16"):
        scenes.arc(scene, 1, 8, 8)
    with pytest.raises(InputError, match=r"no \.glb or \.gltf"):
        scenes.model_files(tmp_path)
    with pytest.raises(InputError, match="repeat"):
        scenes.make_scene(0, [cube(tmp_path / "block.glb"), cube(tmp_path / "Block_.glb")])
