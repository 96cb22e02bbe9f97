"""A captured scene and words in, a segmentation of its photos and of its surface out."""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import torch
from jaxtyping import Bool, Float, Int
from safetensors.torch import load_file, save_file
from torch import Tensor

from meronym.core.colour import psnr
from meronym.core.prompts import check_prompts
from meronym.errors import InputError, PluginError
from meronym.io.captures.read import holdout, photos
from meronym.io.files import atomic, check_target, make_folder
from meronym.progress import Progress, StageTimer, silent
from meronym.protocols import ImageTextEncoder, Teacher
from meronym.radiance import rays
from meronym.radiance.rays import Space
from meronym.radiance.reconstruction import DEFAULT, FAST, ReconstructionSettings, reconstruct
from meronym.radiance.rendered import RenderedRays
from meronym.radiance.tensorf import TensoRF
from meronym.registry import load
from meronym.results import Record, Segmentation, ViewLabels, machine
from meronym.scenes import meshing
from meronym.scenes.fly_through import fly_through_of
from meronym.scenes.meshing import mesh_of_surface
from meronym.scenes.observation import SceneObservation, best_labels
from meronym.teachers import pyramid
from meronym.teachers.checked import load_teacher
from meronym.teachers.pyramid import FeaturePyramid
from meronym.types import Capture, PointCloud, Views
from meronym.viz.overlays import fly_through

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
    progress: Progress = silent,
) -> Segmentation:
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
    clock = StageTimer(progress)
    with clock("load"):
        model, name_all = hire_open(teacher), load("scene_methods", method)
        model = narrowed(model) if method in BRIEF else model
    with clock("photos"):
        shot = Photos.of(capture, size)
        views, held_out = shot.views, shot.held_out
        settings = replace(FAST if method in BRIEF else DEFAULT, seed=seed)
        scene = observe(capture, shot, words, model, settings=settings, kept=kept, progress=progress)
    with clock("reconstruct"):
        _ = scene.seen
    with clock("features"):
        _ = scene.pyramid
    with clock(method):
        named = name_all(scene)
    with clock("name"):
        rendered = scene.glance(views.cameras)
        scores = named.scores(rendered, shot.sharp).clamp(0, 1)
        pixels = surface_pixels(rendered, held_out)
        cloud = PointCloud(_rows(rendered.points, pixels).double().numpy(), _rows(views.colour, pixels).numpy())
        score = _rows(scores.permute(0, 2, 3, 1), pixels)
        features = named.features(rendered, pixels)
    record = Record(
        method=method,
        settings={
            "teacher": teacher if isinstance(teacher, str) else None,
            "seed": seed,
            "size": size,
            "held_out": int(held_out.sum()),
            **scene.space.describe(),
        },
        teacher=model.describe(),
        psnr={name: psnr(rendered.colour[own], views.colour[own]) for name, own in sides(held_out).items()},
        input={"source": capture.source and capture.source.name, "photos": len(capture), **capture.report},
        machine=machine(),
        seconds=clock.seconds,
    )
    labels = ViewLabels(
        names=tuple(path.stem for path in capture.images),
        label=best_labels(scores, 1).numpy(),
        score=scores.half().numpy(),
        colour=views.colour.numpy(),
        rendered=rendered.colour.numpy(),
        held_out=held_out.numpy(),
    )
    seen = np.ones(len(pixels), dtype=bool)
    whole = Segmentation(best_labels(score, 1).numpy(), score.numpy(), seen, words, cloud, record, labels, features)
    if film is not None:
        fly_through(fly_through_of(scene, named), film, fps=12)
    if mesh is not None:
        mesh_of_surface(scene, whole).save(mesh)
    return whole


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


def observe(
    capture: Capture,
    shot: Photos,
    prompts: tuple[str, ...],
    model: ImageTextEncoder,
    *,
    settings: ReconstructionSettings = DEFAULT,
    kept: Path | None = None,
    progress: Progress = silent,
) -> SceneObservation:
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

    def shown(to: ImageTextEncoder, given: Tensor, tell: Progress) -> FeaturePyramid:
        file = _file(kept, "pyramid", given, to.describe() | {"scales": list(to.scales)})
        if file is not None and file.exists():
            return FeaturePyramid(**load_file(file))
        made = pyramid.encode_photos(to, given, tell)
        _keep(file, vars(made))
        return made

    encoder = cache(load("encoders", "dinov2"))

    def look(picture: Tensor, patches: int) -> Tensor:
        seen: Tensor = encoder().encode_image(picture, patches)
        return seen

    return SceneObservation(views, sharp.colour, prompts, model, look, space, reconstructed, settings.seed, progress, shown)


def hire_open(teacher: str | Teacher) -> ImageTextEncoder:
    """A teacher that sees pictures and reads words in one space.

    Raises: PluginError if it does not.
    """
    hired = load_teacher(teacher)
    if not isinstance(hired, ImageTextEncoder):
        name = hired.describe().get("name", teacher)
        raise PluginError(
            f"teacher {name}: cannot name scenes, for which features are compared with words. Use builtin or clip."
        )
    return hired


def narrowed(model: ImageTextEncoder) -> ImageTextEncoder:
    """The same, with only the middle one of its scales."""
    one = copy.copy(model)
    one.scales = (model.scales[len(model.scales) // 2],)
    return one


def surface_pixels(rendered: RenderedRays, held_out: Bool[Tensor, " c"]) -> Int[Tensor, " n"]:
    """Pixels that show a surface, evenly thinned out, of the photos that were learned from."""
    found = (rendered.solid & ~held_out[:, None, None]).flatten().nonzero()[:, 0]
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
        meshing.marching_cubes(np.arange(8.0).reshape(2, 2, 2), np.zeros(3), np.ones(3), 3.5)


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
