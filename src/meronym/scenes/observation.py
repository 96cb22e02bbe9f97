"""A capture ready for any method: its surface points are the shape, its photos are the views."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from functools import cache, partial
from pathlib import Path

import numpy as np
import torch
from jaxtyping import Bool, Float
from scipy import sparse
from torch import Tensor
from torch.nn import functional

from meronym.core.colour import psnr
from meronym.io.captures.read import holdout, photos
from meronym.lifting.graph import surface_graph
from meronym.lifting.observation import Observation
from meronym.methods.scene_evidence import SceneEvidence
from meronym.parts.tree import build_tree
from meronym.progress import Progress, StageTimer
from meronym.protocols import ImageTextEncoder
from meronym.radiance import spaces
from meronym.radiance.rays import Space
from meronym.radiance.reconstruction import PRESETS, ReconstructionSettings, reconstruct
from meronym.radiance.tensorf import TensoRF
from meronym.registry import create
from meronym.scenes.cache import Cache, read_tensors, write_tensors
from meronym.teachers import pyramid
from meronym.teachers.checked import CheckedTeacher
from meronym.teachers.pyramid import FeaturePyramid
from meronym.teachers.windows import PhotoTeacher, of_photos
from meronym.types import Capture, PointCloud, Shape, Views


@dataclass(frozen=True)
class CaptureSettings:
    """How a capture is observed."""

    size: int = 200
    """Pixels along the longer side of a photo, as the field gets it."""
    sharper: int = 2
    """How many times larger the teacher gets it."""
    radius: float = 0.2
    """How far evidence is smoothed over the surface, as a share of the radius of the scene's bounding sphere in the field's
    cube."""
    unlike: float = 0.1
    """How far the cosine of two points' image features lies below 1 where a link between them conducts 1 / e."""
    sharp: float = PhotoTeacher.sharp
    """Factor of relevancies 0..1 that makes logits of them."""


@dataclass(frozen=True, eq=False)
class Photos:
    """The photos of a capture, read once."""

    views: Views
    """At the size at which the field is trained."""
    sharp: Views
    """At the size at which the teacher gets them."""
    held_out: Bool[Tensor, " c"]
    """Which of them nothing learns from."""

    @classmethod
    def of(cls, capture: Capture, settings: CaptureSettings, device: torch.device) -> Photos:
        """Read all photos at both sizes."""
        plain, sharp = photos(capture, settings.size), photos(capture, settings.sharper * settings.size)
        return cls(plain.to(device), sharp.to(device), holdout(capture))

    def psnr(self, rendered: Float[Tensor, "c h w 3"]) -> dict[str, float]:
        """How like the photos a rendering of all of them is, decibels: of the training views, and of those held out."""
        named, known = sides(self.held_out.to(rendered.device)), self.views.known
        shown = {name: known & own[:, None, None] for name, own in named.items()}
        return {name: psnr(rendered[own], self.views.colour[own]) for name, own in shown.items()}


def observe(
    capture: Capture,
    shot: Photos,
    prompts: tuple[str, ...],
    teacher: CheckedTeacher,
    *,
    settings: CaptureSettings | None = None,
    reconstruction: ReconstructionSettings = PRESETS["default"],
    cache_folder: Path | None = None,
    seed: int = 0,
    clock: StageTimer | None = None,
) -> Observation:
    """Make a capture ready for any method; photos that are held out are not in it.

    What does not depend on the prompts is kept in `cache_folder`.

    Raises: InputError if the photos show no surface.
    """
    clock = clock or StageTimer()
    scene = _evidence(capture, shot, prompts, teacher, reconstruction, Cache(cache_folder), seed, clock.progress)
    return observation_of(scene, teacher, settings=settings, source=capture.source, clock=clock)


def observation_of(
    scene: SceneEvidence,
    teacher: CheckedTeacher,
    *,
    settings: CaptureSettings | None = None,
    source: Path | None = None,
    clock: StageTimer | None = None,
) -> Observation:
    """The observation of a reconstructed scene; a teacher that compares pictures with words is asked as `PhotoTeacher`.

    Raises: InputError if the photos show no surface.
    """
    settings, clock = settings or CaptureSettings(), clock or StageTimer()
    surface = scene.surface
    colour = surface.gather(scene.photos.colour)
    shape = PointCloud(surface.world.double().cpu().numpy(), colour.clamp(0, 1).cpu().numpy(), source=source)
    up = functional.normalize(-scene.photos.cameras.world_from_camera[:, :3, 1].mean(0), dim=0).float().cpu()
    looker, embedder = teacher.teacher, None
    if scene.model is not None:
        looker, embedder = of_photos(scene.model, scene.pyramid_of, settings.sharp)
    timed = replace(teacher, teacher=looker, clock=partial(clock, "teacher"))
    return Observation(
        shape, scene.prompts, None, up, timed, teacher.encoder, lambda: surface_views(scene), build_tree,
        embedder, partial(link, scene, settings.unlike), radius=settings.radius, of_scene=True, scene=scene,
        seed=scene.seed, progress=scene.progress,
    )  # fmt: skip


def surface_views(scene: SceneEvidence) -> Views:
    """The photos at the size at which the teacher gets them, with the surface point that each pixel shows.

    Their depth is not known (infinite), so that only pixels say which points a photo shows.
    """
    sharp, photos, element = scene.sharp, scene.photos, scene.surface.element
    finer = sharp.cameras.intrinsics[:, [1, 0], [1, 0]] / photos.cameras.intrinsics[:, [1, 0], [1, 0]]
    shown = torch.empty_like(sharp.element)
    for view, factors in enumerate(finer.tolist()):
        rows, columns = (
            ((torch.arange(large, device=element.device) + 0.5) / factor).long().clamp(max=small - 1)
            for large, small, factor in zip(shown.shape[1:], element.shape[1:], factors, strict=True)
        )
        shown[view] = element[view, rows[:, None], columns]
    return replace(sharp, element=torch.where(sharp.known, shown, -1))


def link(scene: SceneEvidence, unlike: float, shape: Shape) -> sparse.csr_matrix:
    """The graph of the surface points in the field's cube, in which links between points that look unlike conduct less.

    As creases do on a mesh; in the cube, where far things are no larger than near ones.
    """
    place = PointCloud(scene.surface.place.double().cpu().numpy())
    if len(place.points) == 1:
        return sparse.csr_matrix((1, 1))
    unit = functional.normalize(scene.surface.gather_maps(scene.likeness), dim=1).cpu()
    links = surface_graph(place).tocoo()
    ends = zip(*(torch.from_numpy(end).long().split(65_536) for end in (links.row, links.col)), strict=True)
    cosine = torch.cat([(unit[a] * unit[b]).sum(1) for a, b in ends])
    links.data = links.data * np.exp((cosine.double().numpy() - 1) / unlike)
    return links.tocsr()


def sides(held_out: Bool[Tensor, " c"]) -> dict[str, Bool[Tensor, " c"]]:
    """The training photos, and those that were held out, if there are any."""
    named = {"training views": ~held_out, "held-out views": held_out}
    return {name: own for name, own in named.items() if bool(own.any())}


def _evidence(
    capture: Capture,
    shot: Photos,
    prompts: tuple[str, ...],
    teacher: CheckedTeacher,
    settings: ReconstructionSettings,
    kept: Cache,
    seed: int,
    progress: Progress,
) -> SceneEvidence:
    own = ~shot.held_out
    views, sharp = shot.views.only(own), shot.sharp.only(own)
    space = spaces.fit_space(views, None if capture.depth_range is None else capture.depth_range[own])
    device = str(views.colour.device)

    def reconstructed(given: Views, within: Space) -> TensoRF:
        where = [part.tolist() for part in (given.cameras.world_from_camera, given.cameras.intrinsics)]
        about = asdict(settings) | within.describe() | {"cameras": where, "outside": given.outside is not None}
        file = kept.file("scene", given.colour, about)
        if (state := read_tensors(file, device)) is not None:
            return TensoRF.restore(state).to(device)
        unfinished = None if file is None else file.with_name(f"unfinished-{file.name}")
        field = reconstruct(given, within, settings, progress, unfinished)
        write_tensors(file, field.state_dict())
        if unfinished is not None:
            unfinished.unlink(missing_ok=True)
        return field

    def encoded(model: ImageTextEncoder, given: Views, told: Progress) -> FeaturePyramid:
        about = model.describe() | {"scales": list(model.scales), "outside": given.outside is not None}
        file = kept.file("pyramid", given.colour, about)
        if (tensors := read_tensors(file, device)) is not None:
            return FeaturePyramid(**tensors)
        made = pyramid.encode_photos(model, given, told)
        write_tensors(file, {"grid": made.grid, "basis": made.basis})
        return made

    encoder = cache(lambda: create("encoders", "dinov2", device=teacher.device))

    def encode(picture: Float[Tensor, "h w 3"], tokens: int) -> Float[Tensor, "gh gw d"]:
        features: Tensor = encoder().encode_image(picture, tokens)
        return features

    model = teacher.teacher if isinstance(teacher.teacher, ImageTextEncoder) else None
    return SceneEvidence(views, sharp, prompts, model, encode, space, reconstructed, encoded, seed, progress)
