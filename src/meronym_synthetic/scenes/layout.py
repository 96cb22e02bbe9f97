"""Layout of scenes: objects, ground, light and cameras."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from jaxtyping import Float, Int
from scipy.spatial import ConvexHull, QhullError

from meronym.core.cameras import directions_at, look_at
from meronym.core.up_axis import guess_up
from meronym.errors import InputError
from meronym.types import Cameras, Mesh, Textures
from meronym_synthetic.kinds import KINDS
from meronym_synthetic.kit.curves import turn
from meronym_synthetic.scenes import grounds
from meronym_synthetic.scenes.props import PROPS, PaintedMesh, make_prop, prop_name

UP = torch.tensor([0.0, 1.0, 0.0], dtype=torch.float64)
HORIZON = 3.5
"""Radius of the ground and of the wall around it."""
GAP = 0.015
"""Between the outlines of two things on the ground."""


@dataclass(frozen=True)
class Prop:
    """An object as it stands in a scene."""

    name: str
    position: tuple[float, float]
    """Middle of its outline on the ground, x and z."""
    yaw: float
    """Radians about y; 0 = its front faces +z, where the cameras of `arc` are."""
    size: float
    """Longest side."""
    faces: tuple[int, int]
    """First face in the scene's mesh, and one past the last."""


@dataclass(frozen=True, eq=False)
class Scene:
    """Named things on a ground inside a round wall; y is up, the ground is y = 0, desk-top things are 0.25 units large."""

    seed: int
    names: tuple[str, ...]
    """Classes, sorted: the things and the ground."""
    props: tuple[Prop, ...]
    mesh: Mesh
    """Things in the order of `props`, ground, wall; corner colours are without light."""
    label: Int[np.ndarray, " f"]
    """Index into names; -1 = the wall."""
    gloss: Float[np.ndarray, " f"]
    """Strength of the highlight, 0..1."""
    grain: Float[np.ndarray, "f 2"]
    """Contrast of spots and of streaks, 0..1."""
    ground: Float[np.ndarray, "n n 3"]
    """Texture, 0..1 sRGB, that repeats every `grounds.TILE` units."""
    outdoors: bool
    sun: tuple[float, float, float]
    """Direction to the light."""

    @property
    def things(self) -> int:
        """Number of faces of things, which come first."""
        return self.props[-1].faces[1]


def make_scene(seed: int, models: Sequence[Path] = (), count: int | None = None) -> Scene:
    """A scene of `count` things (by default 3 to 6, at random); the same arguments give the same scene.

    Of `models`, files with a mesh each, up to three take part; the others are made. No two things are of one family.

    Raises: InputError for a model that cannot be used or has the name of another class.
    """
    if seed < 0 or not 1 <= (count or 1) <= 8:
        raise InputError(f"scene: expected a seed >= 0 and 1..8 things, got {seed} and {count}")
    rng = np.random.default_rng([seed, 2027])
    count = count or int(rng.integers(3, 7))
    outdoors = bool(rng.random() < 0.5)
    textures = grounds.OUTDOORS if outdoors else grounds.INDOORS
    ground = sorted(textures)[rng.integers(len(textures))]
    chosen = [models[i] for i in rng.permutation(len(models))[: min(3, count)]]
    things = [_model(path) for path in chosen]
    things += [make_prop(kind, rng) for kind in _kinds(count - len(things), {thing.name for thing in things}, rng)]
    names = tuple(sorted({ground, *(thing.name for thing in things)}))
    if len(names) != len(things) + 1:
        raise InputError(f"scene: the names {[thing.name for thing in things]} and {ground!r} repeat. Rename a model's file.")
    props, meshes = _place(things, rng)
    backdrop = [_floor(), _wall(outdoors, rng)]
    label = [names.index(thing.name) for thing in things] + [names.index(ground), -1]
    faces = [len(mesh.faces) for mesh in (*meshes, *backdrop)]
    rest = np.zeros(faces[-2] + faces[-1])
    azimuth, elevation = rng.uniform(-150, 150), rng.uniform(42, 65)
    sun = directions_at(torch.tensor([elevation]), torch.tensor([azimuth]), UP)[0]
    return Scene(
        seed, names, props, _join([*meshes, *backdrop]), np.repeat(label, faces),
        np.concatenate([*(thing.gloss for thing in things), rest]),
        np.concatenate([*(thing.grain for thing in things), np.stack([rest, rest], 1)]),
        textures[ground](rng), outdoors, (float(sun[0]), float(sun[1]), float(sun[2])),
    )  # fmt: skip


def model_files(folder: Path) -> list[Path]:
    """glTF files in a folder, sorted. Raises: InputError if there is none."""
    files = sorted(path for path in folder.glob("*") if path.suffix.lower() in {".glb", ".gltf"})
    if not files:
        raise InputError(f"{folder}: no .glb or .gltf file in this folder. Give a folder of models, a thing each.")
    return files


def _kinds(count: int, taken: set[str], rng: np.random.Generator) -> list[str]:
    """Random kinds of different families, with names that are not taken."""
    kinds, families = list[str](), set[str]()
    for kind in rng.permutation(sorted(PROPS)).tolist():
        if len(kinds) < count and KINDS[kind].family not in families and prop_name(kind) not in taken:
            kinds.append(kind)
            families.add(KINDS[kind].family)
    return kinds


def _model(path: Path) -> PaintedMesh:
    """Read a mesh file as an object, y up, named after the file."""
    from meronym.io.shapes.read import read_shape

    mesh = read_shape(path)
    if not isinstance(mesh, Mesh):
        raise InputError(f"{path}: holds points; a scene needs meshes. Leave it out.")
    name = re.sub(r"[-_\s]+", " ", path.stem).strip().lower()
    up = guess_up(mesh)[0].double().numpy()
    if up[1] < 0.5:
        mesh = replace(mesh, vertices=mesh.vertices @ turn("x", math.pi / 2))
    corner = np.full((len(mesh.faces), 3, 3), 0.72) if mesh.corner_colour is None else mesh.corner_colour
    matt = np.zeros(len(mesh.faces))
    return PaintedMesh(name, name, replace(mesh, corner_colour=corner), matt + 0.1, np.stack([matt, matt], 1))


def _place(things: Sequence[PaintedMesh], rng: np.random.Generator) -> tuple[tuple[Prop, ...], list[Mesh]]:
    """Things turned, scaled and moved so that they stand on the ground, close together but apart, low ones in front."""
    props, meshes, outlines, start = list[Prop](), list[Mesh](), list[np.ndarray](), 0
    for thing in things:
        yaw, size = float(rng.uniform(-1.9, 1.9)), float(rng.uniform(0.21, 0.28))
        vertices = thing.mesh.vertices @ turn("y", yaw).T
        low, high = vertices.min(0), vertices.max(0)
        _, second, longest = sorted(float(side) for side in high - low)
        if not 0 < second <= longest < math.inf:
            raise InputError(f"scene: {thing.name!r} is {longest} x {second} large; expected some extent. Leave it out.")
        size *= min(math.sqrt(longest / second), 1.6)
        vertices = (vertices - [(low[0] + high[0]) / 2, low[1], (low[2] + high[2]) / 2]) * (size / longest)
        outline = _hull(vertices[:, [0, 2]])
        spot = _spot(outline, outlines, np.array([0.0, 0.25 - size * (high - low)[1] / longest]), rng)
        outlines.append(outline + spot)
        meshes.append(replace(thing.mesh, vertices=vertices + np.array([spot[0], 0.0, spot[1]]), scene=None, face_origin=None))
        props.append(Prop(thing.name, (float(spot[0]), float(spot[1])), yaw, size, (start, start + len(thing.mesh.faces))))
        start += len(thing.mesh.faces)
    middle = np.concatenate(outlines)
    shift = -(middle.min(0) + middle.max(0)) / 2
    props = [replace(p, position=(p.position[0] + float(shift[0]), p.position[1] + float(shift[1]))) for p in props]
    return tuple(props), [replace(mesh, vertices=mesh.vertices + np.array([shift[0], 0.0, shift[1]])) for mesh in meshes]


def _hull(points: Float[np.ndarray, "v 2"]) -> Float[np.ndarray, "k 2"]:
    """Convex outline, counter-clockwise."""
    try:
        outline: np.ndarray = points[ConvexHull(points).vertices]
    except QhullError as error:
        raise InputError("scene: a thing is flat; expected one that covers some ground. Leave it out.") from error
    return outline


def _spot(
    outline: Float[np.ndarray, "k 2"],
    others: Sequence[np.ndarray],
    wanted: Float[np.ndarray, " 2"],
    rng: np.random.Generator,
) -> Float[np.ndarray, " 2"]:
    """Random position at which an outline is free of the others, close to the wanted one."""
    reach = 0.25
    while True:
        tries = rng.uniform(-reach, reach, (60, 2))
        free = [spot for spot in tries if all(apart(outline + spot, other) >= GAP for other in others)]
        if free:
            return min(free, key=lambda spot: float(np.linalg.norm(spot - wanted)))
        reach += 0.1


def apart(one: Float[np.ndarray, "k 2"], two: Float[np.ndarray, "m 2"]) -> float:
    """The widest gap between convex outlines along any of their sides' normals; negative = they overlap."""
    gaps = []
    for first, second in ((one, two), (two, one)):
        side = np.roll(first, -1, axis=0) - first
        normal = np.stack([side[:, 1], -side[:, 0]], 1) / np.maximum(np.linalg.norm(side, axis=1, keepdims=True), 1e-12)
        gaps.append(float(((second @ normal.T).min(0) - (first * normal).sum(1)).max()))
    return max(gaps)


def _floor() -> Mesh:
    corners = np.array([[-1, 0, -1], [1, 0, -1], [1, 0, 1], [-1, 0, 1]]) * (HORIZON * 1.1)
    return Mesh(corners, np.array([[0, 2, 1], [0, 3, 2]]), np.ones((2, 3, 3)))


def _wall(outdoors: bool, rng: np.random.Generator, around: int = 48) -> Mesh:
    """A round wall, or the sky: its colour changes with height."""
    rows = np.linspace(-0.02, 4.0, 9)
    angle = 2 * np.pi * np.arange(around) / around
    ring = np.stack([np.cos(angle), np.zeros(around), np.sin(angle)], 1) * HORIZON
    vertices = (ring[None] + rows[:, None, None] * [0.0, 1.0, 0.0]).reshape(-1, 3)
    i, j = np.arange(8)[:, None] * around, np.arange(around)[None]
    k = (j + 1) % around
    lower, upper = np.stack([i + j, i + k, i + around + j], -1), np.stack([i + k, i + around + k, i + around + j], -1)
    faces = np.concatenate([lower.reshape(-1, 3), upper.reshape(-1, 3)])
    paint = np.array([[0.86, 0.82, 0.74], [0.7, 0.76, 0.78], [0.78, 0.72, 0.7], [0.74, 0.77, 0.68]])[rng.integers(4)]
    low, high = ([0.82, 0.87, 0.92], [0.42, 0.62, 0.88]) if outdoors else (paint * 0.88, paint)
    share = np.clip(vertices[:, 1] / 2.0, 0, 1)[:, None]
    return Mesh(vertices, faces, (np.asarray(low) * (1 - share) + np.asarray(high) * share)[faces])


def _join(meshes: Sequence[Mesh]) -> Mesh:
    """Join meshes with corner colours into one; textures are kept."""
    first = np.cumsum([0, *(len(mesh.vertices) for mesh in meshes)])
    faces = np.concatenate([mesh.faces + start for mesh, start in zip(meshes, first, strict=False)])
    images, image_of_face, uv = list[np.ndarray](), [], []
    for mesh in meshes:
        own = mesh.texture or Textures((), np.full(len(mesh.faces), -1), np.zeros((len(mesh.faces), 3, 2)))
        image_of_face.append(np.where(own.image_of_face >= 0, own.image_of_face + len(images), -1))
        uv.append(own.uv)
        images += own.images
    colour = np.concatenate([mesh.corner_colour for mesh in meshes if mesh.corner_colour is not None])
    texture = Textures(tuple(images), np.concatenate(image_of_face), np.concatenate(uv)) if images else None
    return Mesh(np.concatenate([mesh.vertices for mesh in meshes]), faces, colour, texture)


def arc(scene: Scene, views: int = 30, width: int = 400, height: int = 300) -> Cameras:
    """Cameras in front of a scene: 35 degrees to either side, 20 to 45 degrees above, facing the middle of the things."""
    return _cameras(scene, views, 70.0, width, height)


def around(scene: Scene, views: int = 30, width: int = 400, height: int = 300) -> Cameras:
    """Cameras on all sides of a scene, 20 to 45 degrees above, facing the middle of the things."""
    return _cameras(scene, views, 360.0, width, height)


def _cameras(scene: Scene, views: int, spread: float, width: int, height: int) -> Cameras:
    """Azimuths by the golden section over `spread` degrees, so that any few neighbours are far apart."""
    if views < 1 or min(width, height) < 16:
        raise InputError(f"scene: expected at least 1 view of 16 x 16 pixels, got {views} of {width} x {height}")
    rng = np.random.default_rng([scene.seed, views, 11])
    step = np.arange(views)
    azimuth = (((step + 0.5) * (math.sqrt(5) - 1) / 2) % 1 - 0.5) * spread
    elevation = 20 + 25 * ((step * 0.7548776662 + 0.5) % 1)
    points = scene.mesh.vertices[np.unique(scene.mesh.faces[: scene.things])]
    middle = (points.min(0) + points.max(0)) / 2
    focal = 1.1 * width
    direction = directions_at(torch.tensor(elevation), torch.tensor(azimuth), UP)
    pose = look_at(direction, torch.zeros(3), UP)
    inside = torch.tensor((points - middle) @ pose[:, :3, :3].numpy())
    aim = torch.zeros(views, 3, dtype=torch.float64)
    half = torch.tensor([width, height]) / (2 * focal)
    for _ in range(4):
        distance = ((inside[..., :2] - aim[:, None, :2]).abs() / (0.92 * half) - inside[..., 2:]).amax((1, 2))
        flat = (inside[..., :2] - aim[:, None, :2]) / (inside[..., 2] + distance[:, None])[..., None]
        aim[:, :2] += (flat.amin(1) + flat.amax(1)) / 2 * distance[:, None]
    aim[:, 2] = -distance * torch.tensor(rng.uniform(0.98, 1.1, views))
    pose[:, :3, 3] = torch.tensor(middle) + (pose[:, :3, :3] @ aim[:, :, None])[..., 0]
    intrinsics = torch.tensor([[focal, 0, width / 2], [0, focal, height / 2], [0, 0, 1]], dtype=torch.float64)
    return Cameras(pose, intrinsics.repeat(views, 1, 1), height, width)
