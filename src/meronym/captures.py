"""A captured scene and words in, a segmentation of its photos and of its surface out."""

from __future__ import annotations

import copy
import hashlib
import json
import platform
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import torch
from jaxtyping import Bool, Float, Int, UInt8
from safetensors.torch import load_file, save_file
from scipy.interpolate import CubicSpline
from scipy.spatial.transform import Rotation, Slerp
from torch import Tensor

from meronym import geometry, pyramid, rays
from meronym.errors import InputError, PluginError
from meronym.glance import Glance
from meronym.hiring import Clock, hire
from meronym.io.capture import holdout, photos
from meronym.io.files import atomic, check_prompts, check_target, make_folder
from meronym.io.pictures import as_bytes, blended, fly_through
from meronym.methods.tensorf import HASTY, QUICK, Reconstruction, psnr, reconstruct
from meronym.plugins import Teacher, VisionLanguage, load
from meronym.pyramid import Pyramid
from meronym.rays import Space
from meronym.students.tensorf import OPAQUE, TensoRF
from meronym.survey import Named, Survey
from meronym.types import Cameras, Capture, Mesh, PointCloud, SceneSegmentation, Segmentation, ViewLabels, Views

DEFAULT_METHOD = "3d-ovs"
SIZE = 200
"""Pixels along the longer side of a photo, as the field sees it."""
LEAST = 16
"""The same, at the least."""
SHARPER = 2
"""How many times larger the teacher sees it."""
POINTS = 100_000
"""Of the surface, at the most."""
BRIEF = ("lift",)
"""Methods whose point is to be quick: a hasty reconstruction, and one of the teacher's scales."""
LIKELY = 0.5
"""Probability of all prompts together from which a pixel is named."""

Progress = Callable[[str, int, int], None]
"""Told the stage, how much of it is done, of how much."""


def segment(
    capture: Capture,
    prompts: Sequence[str] | None = None,
    *,
    method: str = DEFAULT_METHOD,
    teacher: str | Teacher = "builtin",
    size: int = SIZE,
    seed: int = 0,
    kept: Path | None = None,
    film: Path | None = None,
    mesh: Path | None = None,
    progress: Progress = lambda stage, done, total: None,
) -> SceneSegmentation:
    """Name what is in a captured scene: every pixel of every photo, and points of its surface.

    `prompts`: by default what the capture itself names. `size`: pixels along the longer side of a photo, as the field sees
    it. `kept`: a folder for the reconstruction and the teacher's features, which a later run with other words reuses.
    `film`: write a flight through the scene there (.gif or .mp4); `mesh`: write its surface there (.glb, .ply or .obj).

    Raises: InputError for prompts, a size or photos that cannot be used; PluginError if the teacher cannot name scenes.
    """
    words = check_prompts(prompts or capture.names)
    if size < LEAST:
        raise InputError(f"size: expected at least {LEAST} pixels, got {size}.")
    _rehearse(film, mesh)
    clock = Clock(lambda stage: progress(stage, 0, 1))
    with clock("load"):
        model, name_all = hire_open(teacher), load("scene_methods", method)
        model = narrowed(model) if method in BRIEF else model
    with clock("photos"):
        shot = Photos.of(capture, size)
        views, held_out = shot.views, shot.held_out
        settings = replace(HASTY if method in BRIEF else QUICK, seed=seed)
        scene = survey(capture, shot, words, model, settings=settings, kept=kept, progress=progress)
    with clock("reconstruct"):
        _ = scene.seen
    with clock("features"):
        _ = scene.pyramid
    with clock(method):
        named = name_all(scene)
    with clock("name"):
        glance = scene.glance(views.cameras)
        scores = named.scores(glance, shot.sharp).clamp(0, 1)
        pixels = surface_pixels(glance, held_out)
        cloud = PointCloud(_rows(glance.points, pixels).double().numpy(), _rows(views.colour, pixels).numpy())
        score = _rows(scores.permute(0, 2, 3, 1), pixels)
        features = named.features(glance, pixels)
    record = {
        "meronym": version("meronym"),
        "method": method,
        "teacher": model.describe(),
        "settings": {
            "teacher": teacher if isinstance(teacher, str) else None,
            "seed": seed,
            "size": size,
            "held_out": int(held_out.sum()),
            **scene.space.describe(),
        },
        "psnr": {name: psnr(glance.colour[own], views.colour[own]) for name, own in sides(held_out).items()},
        "input": {"source": capture.source and capture.source.name, "photos": len(capture), **capture.report},
        "machine": {"python": platform.python_version(), "torch": torch.__version__, "numpy": np.__version__},
        "seconds": clock.seconds,
    }
    labels = ViewLabels(
        names=tuple(path.stem for path in capture.images),
        label=named_by(scores, 1).numpy(),
        score=scores.half().numpy(),
        colour=views.colour.numpy(),
        rendered=glance.colour.numpy(),
        held_out=held_out.numpy(),
    )
    seen = np.ones(len(pixels), dtype=bool)
    whole = Segmentation(named_by(score, 1).numpy(), score.numpy(), seen, words, cloud, record)
    if film is not None:
        fly_through(fly(scene, named), film, fps=12)
    if mesh is not None:
        solid(scene, whole).save(mesh)
    return SceneSegmentation(whole, labels, features)


def fly(scene: Survey, named: Named, pictures: int = 48) -> UInt8[np.ndarray, "f h w 3"]:
    """A flight along the cameras of the photos and back: what the reconstruction looks like, beside its labels."""
    cams = scene.photos.cameras
    stops = np.linspace(0, len(cams) - 1, min(len(cams), 8)).round().astype(int)
    pose = cams.world_from_camera[_tour(cams.world_from_camera[:, :3, 3])][stops].numpy()
    turn, when = Slerp(stops, Rotation.from_matrix(pose[:, :3, :3])), np.linspace(0, len(cams) - 1, pictures // 2)
    path = np.tile(np.eye(4), (len(when), 1, 1))
    path[:, :3, :3] = turn(when).as_matrix()
    path[:, :3, 3] = CubicSpline(stops, pose[:, :3, 3])(when) if len(stops) > 2 else pose[:1, :3, 3]
    lens = cams.intrinsics[:1].expand(len(when), 3, 3)
    glance = scene.glance(Cameras(torch.from_numpy(path), lens, cams.height, cams.width))
    label = named_by(named.scores(glance, scene.photos), 1).numpy()
    seen = zip(glance.colour.numpy(), label, strict=True)
    frames = [np.concatenate([as_bytes(colour), blended(colour, said, len(scene.prompts))], 1) for colour, said in seen]
    return np.stack([*frames, *frames[::-1]])


def _tour(position: Float[Tensor, "c 3"]) -> Int[Tensor, " c"]:
    """An order without leaps: from an outermost camera always to the nearest that is left."""
    apart, order = torch.cdist(position, position), [int((position - position.mean(0)).norm(dim=1).argmax())]
    while len(order) < len(position):
        apart[:, order[-1]] = torch.inf
        order.append(int(apart[order[-1]].argmin()))
    return torch.tensor(order)


def solid(scene: Survey, points: Segmentation, cells: int = 160) -> Segmentation:
    """The surface as a mesh, each face with the label of the nearest points; it can be saved as .glb with named nodes.

    Raises: InputError if nothing is solid, or the extra `train` is not installed.
    """
    field = scene.scene
    low, high = field.low.numpy().astype(float), field.high.numpy().astype(float)
    axes = [torch.linspace(float(a), float(b), cells) for a, b in zip(low, high, strict=True)]
    slabs = [torch.stack(torch.meshgrid(x[None], *axes[1:], indexing="ij"), -1).reshape(-1, 3) for x in axes[0]]
    density = torch.cat([field.density.total(field.place(slab)) * field.may_hold(slab) for slab in slabs])
    step = float(np.mean(high - low)) / cells
    mesh = geometry.surface_mesh(density.reshape(cells, cells, cells).numpy(), low, high, np.log(2) / (OPAQUE * step))
    place = scene.space.world(torch.from_numpy(mesh.vertices).float()).double().numpy()
    cloud = points.shape
    assert isinstance(cloud, PointCloud)
    assert cloud.colour is not None
    known = torch.from_numpy(np.concatenate([points.score, cloud.colour], 1)).float()
    middle = place[mesh.faces].mean(1)
    near = geometry.from_nearest(known, cloud.points, middle).clamp(0, 1)
    score, colour = near[:, : len(points.prompts)], near[:, len(points.prompts) :].numpy()
    kept = np.linalg.norm(middle - cloud.points.mean(0), axis=1) < 3 * np.linalg.norm(cloud.points.std(0))
    used, faces = np.unique(mesh.faces[kept], return_inverse=True)
    shape = Mesh(place[used], faces.reshape(-1, 3), corner_colour=np.repeat(colour[kept, None], 3, axis=1))
    label = named_by(score[torch.from_numpy(kept)], 1).numpy()
    return Segmentation(label, score.numpy()[kept], np.ones(len(label), dtype=bool), points.prompts, shape, points.record)


@dataclass(frozen=True, eq=False)
class Photos:
    """The photos of a capture, read once."""

    views: Views
    """At the size at which the field sees them."""
    sharp: Views
    """At the size at which the teacher does."""
    held_out: Bool[Tensor, " c"]
    """Which of them nothing learns from."""

    @classmethod
    def of(cls, capture: Capture, size: int = SIZE) -> Photos:
        """`size`: pixels along the longer side, as the field sees them."""
        return cls(photos(capture, size), photos(capture, SHARPER * size), holdout(capture))


def survey(
    capture: Capture,
    shot: Photos,
    prompts: tuple[str, ...],
    model: VisionLanguage,
    *,
    settings: Reconstruction = QUICK,
    kept: Path | None = None,
    progress: Progress = lambda stage, done, total: None,
) -> Survey:
    """A capture made ready for any method: of its photos, those that are not held out.

    What does not depend on the prompts is kept in the folder `kept`, under names that change with what it depends on.
    """
    own = ~shot.held_out
    views, sharp = shot.views.only(own), shot.sharp.only(own)
    space = rays.fit_space(views, None if capture.depth_range is None else capture.depth_range[own])

    def reconstructed(given: Views, within: Space) -> TensoRF:
        where = [part.tolist() for part in (given.cameras.world_from_camera, given.cameras.intrinsics)]
        file = _file(kept, "scene", given.colour, asdict(settings) | within.describe() | {"cameras": where})
        if file is not None and file.exists():
            return TensoRF.restore(load_file(file))
        field = reconstruct(given, within, settings, lambda done, total, _: progress("reconstruct", done, total))
        _keep(file, field.state_dict())
        return field

    def shown(to: VisionLanguage, given: Tensor, tell: Callable[[int, int], None]) -> Pyramid:
        file = _file(kept, "pyramid", given, to.describe() | {"scales": list(to.scales)})
        if file is not None and file.exists():
            return Pyramid(**load_file(file))
        made = pyramid.build(to, given, tell)
        _keep(file, vars(made))
        return made

    eyes = cache(load("encoders", "dinov2"))

    def look(picture: Tensor, patches: int) -> Tensor:
        seen: Tensor = eyes().see(picture, patches)
        return seen

    return Survey(views, sharp.colour, prompts, model, look, space, reconstructed, settings.seed, progress, shown)


def hire_open(teacher: str | Teacher) -> VisionLanguage:
    """A teacher that sees pictures and reads words in one space.

    Raises: PluginError if it does not.
    """
    hired = hire(teacher)
    if not isinstance(hired, VisionLanguage):
        name = hired.describe().get("name", teacher)
        raise PluginError(
            f"teacher {name}: cannot name scenes, for which features are compared with words. Use builtin or clip."
        )
    return hired


def narrowed(model: VisionLanguage) -> VisionLanguage:
    """The same, with only the middle one of its scales."""
    one = copy.copy(model)
    one.scales = (model.scales[len(model.scales) // 2],)
    return one


def named_by(scores: Float[Tensor, ...], axis: int) -> Int[Tensor, ...]:
    """The best prompt, or -1 where "none of these" (what is left of 1) is likelier than all of them together."""
    return torch.where(scores.sum(axis) > LIKELY, scores.argmax(axis), -1)


def surface_pixels(glance: Glance, held_out: Bool[Tensor, " c"]) -> Int[Tensor, " n"]:
    """Pixels that show a surface, evenly thinned out, of the photos that were learned from."""
    found = (glance.solid & ~held_out[:, None, None]).flatten().nonzero()[:, 0]
    return found[torch.linspace(0, len(found) - 1, min(POINTS, len(found))).long()]


def sides(held_out: Bool[Tensor, " c"]) -> dict[str, Bool[Tensor, " c"]]:
    """The photos that were learned from, and those that were held out, if there are any."""
    named = {"training views": ~held_out, "held-out views": held_out}
    return {name: own for name, own in named.items() if bool(own.any())}


def _rehearse(film: Path | None, mesh: Path | None) -> None:
    """Raises: InputError if what is written last cannot be, before time is spent on it."""
    if film is not None:
        check_target(film)
        with TemporaryDirectory() as place:
            fly_through(np.zeros((1, 16, 16, 3), dtype=np.uint8), Path(place) / film.name, fps=12)
    if mesh is not None:
        check_target(mesh)
        geometry.surface_mesh(np.arange(8.0).reshape(2, 2, 2), np.zeros(3), np.ones(3), 3.5)


def _rows(values: Float[Tensor, "c h w d"], pixels: Int[Tensor, " n"]) -> Float[Tensor, "n d"]:
    return values.reshape(-1, values.shape[-1])[pixels]


def _file(kept: Path | None, name: str, photos: Float[Tensor, "c h w 3"], how: dict[str, Any]) -> Path | None:
    """Where something that depends on photos and settings is kept."""
    if kept is None:
        return None
    about = json.dumps([version("meronym"), how], sort_keys=True, default=str).encode()
    digest = hashlib.sha256(about + photos.contiguous().numpy().tobytes()).hexdigest()[:16]
    return make_folder(kept) / f"{name}-{digest}.safetensors"


def _keep(file: Path | None, tensors: dict[str, Tensor]) -> None:
    if file is not None:
        with atomic(file) as temporary:
            save_file({name: tensor.contiguous() for name, tensor in tensors.items()}, temporary)
