"""The main job for captures: posed photos and words in, labels of every pixel and of the surface out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from meronym.core.device import memory_errors, resolve
from meronym.core.prompts import check_prompts
from meronym.errors import InputError
from meronym.io.captures.placement import placed_sizes
from meronym.io.files import check_target
from meronym.io.pictures import save_film
from meronym.lifting.observation import Method, Observation
from meronym.methods.scene_evidence import SceneEvidence, best_labels, pixel_scores, scene_of, text_encoder
from meronym.parts.recognition import known_words
from meronym.progress import Progress, StageTimer, silent
from meronym.protocols import EmbeddingTeacher, Teacher
from meronym.radiance.reconstruction import PRESETS, ReconstructionSettings
from meronym.radiance.rendered import RenderedRays
from meronym.registry import check_settings, chosen_settings, create, settings_of
from meronym.results import PointFeatures, Record, Segmentation, ViewLabels, machine
from meronym.scenes.fly_through import fly_through_of
from meronym.scenes.meshing import marching_cubes, mesh_of_surface
from meronym.scenes.observation import CaptureSettings, Photos, observe
from meronym.teachers.checked import CheckedTeacher, load_teacher, teacher_names
from meronym.teachers.windows import narrowed
from meronym.types import Capture, Labelling
from meronym.viz.points import described_camera

DEFAULT_METHOD = "3d-ovs"
NO_MESH = "no mesh"
"""Key of a record's input under which the reason stands."""
LEAST_SIZE = 16
"""Pixels along the longer side of a photo, at the least."""


def segment(
    capture: Capture,
    prompts: Sequence[str] | None = None,
    *,
    method: str = DEFAULT_METHOD,
    settings: Mapping[str, object] | None = None,
    teacher: str | Teacher = "builtin",
    size: int = 200,
    seed: int = 0,
    cache: str | Path | None = None,
    film: Path | None = None,
    mesh: Path | None = None,
    device: str | torch.device = "auto",
    progress: Progress = silent,
) -> Segmentation:
    """Name the contents of a captured scene: every pixel of every photo, and points of its surface.

    `prompts`: by default the names in the capture itself. `size`: pixels along the longer side of a photo, as the field gets
    it. `settings`: those of the method, the teacher and the reconstruction by name ({"reconstruction.preset": "paper"}).
    `cache`: a folder for the reconstruction and the teacher's features, which a later run with other words reuses. `film`:
    write a flight through the scene there (.gif or .mp4); `mesh`: write its surface there (.glb, .ply or .obj), unless it
    is too blurred: the record then says so, in `input`.

    Raises: InputError for prompts, a size, settings or photos that cannot be used; PluginError if the teacher breaks its
    contract, or cannot do what the method needs; DeviceError if the device is absent.
    """
    clock, place = StageTimer(progress), resolve(device)
    with clock("load"):
        words, labeller, model, reconstruction = prepare(
            prompts or capture.names, method, settings, teacher, size=size, film=film, mesh=mesh, device=place
        )
        reconstruction = replace(reconstruction, seed=seed)
    with clock("photos"):
        chosen = CaptureSettings(size=size)
        shot = Photos.of(capture, chosen, place)
    with memory_errors(), clock("reconstruct"):
        observation = observe(
            capture, shot, words, CheckedTeacher(model, device=place), settings=chosen,
            reconstruction=reconstruction, cache_folder=None if cache is None else Path(cache), seed=seed, clock=clock,
        )  # fmt: skip
        scene = scene_of(observation, method)
    with clock("features"):
        _ = scene.pyramid if scene.model is not None else None
    with memory_errors(), clock(method):
        labelling = labeller(observation)
    with clock("name"):
        rendered = scene.render(shot.views.cameras)
        scores = pixel_scores(observation, labelling, rendered, shot.sharp) * shot.views.known[:, None]
    record = Record(
        method=method,
        settings={
            "teacher": teacher if isinstance(teacher, str) else None,
            "seed": seed,
            "size": size,
            "device": str(place),
            "held_out": int(shot.held_out.sum()),
            "camera": described_camera(shot.views.cameras.only(torch.tensor([len(capture) // 2]))),
            "reconstruction": {key: value for key, value in asdict(reconstruction).items() if key != "seed"},
            **scene.space.describe(),
        },
        options=settings_of(labeller),
        teacher=model.describe(),
        psnr=shot.psnr(rendered.colour),
        words=known_words(model, words) if isinstance(model, EmbeddingTeacher) else {},
        input={"source": capture.source and capture.source.name, "photos": len(capture), **capture.report},
        machine=machine(),
        seconds=clock.seconds,
    )
    result = _result(observation, labelling, capture, shot, rendered, scores, record)
    if film is not None:
        save_film(fly_through_of(observation, labelling), film, fps=12)
    if mesh is not None:
        try:
            mesh_of_surface(scene, result).save(mesh)
        except InputError as error:
            mesh.unlink(missing_ok=True)
            result = replace(result, record=replace(record, input={**record.input, NO_MESH: str(error)}))
    return result


def prepare(
    prompts: Sequence[str] | None,
    method: str,
    settings: Mapping[str, object] | None,
    teacher: str | Teacher,
    *,
    size: int,
    film: Path | None = None,
    mesh: Path | None = None,
    device: str | torch.device = "auto",
) -> tuple[tuple[str, ...], Method, Teacher, ReconstructionSettings]:
    """The words, method, teacher and reconstruction that `segment` works with; all that can be refused before photos are read.

    Raises: as `segment` does.
    """
    words = check_prompts(prompts or ())
    if size < LEAST_SIZE:
        raise InputError(f"size: expected at least {LEAST_SIZE} pixels, got {size}.")
    _rehearse(film, mesh)
    check_settings(settings, (method, "reconstruction", *teacher_names(teacher)))
    labeller: Method = create("methods", method, settings)
    model = load_teacher(teacher, settings=settings, device=resolve(device))
    if getattr(labeller, "needs_text", False):
        text_encoder(model)
    preset = getattr(labeller, "reconstruction", "fast")
    reconstruction = reconstruction_of(PRESETS[preset], settings)
    chosen_by_user = any(key == "reconstruction.preset" or key.endswith(".scales") for key in settings or {})
    return words, labeller, narrowed(model) if preset == "fast" and not chosen_by_user else model, reconstruction


def reconstruction_of(usual: ReconstructionSettings, settings: Mapping[str, object] | None) -> ReconstructionSettings:
    """How to reconstruct: as usual, but for what `settings` has under "reconstruction.", a preset among them.

    Raises: InputError for a setting or preset that there is not.
    """
    known = [one.name for one in fields(ReconstructionSettings) if one.name != "seed"]
    presets = {name: {key: getattr(preset, key) for key in known} for name, preset in PRESETS.items()}
    return replace(usual, **chosen_settings("reconstruction", settings, known, presets))  # type: ignore[arg-type]


def _result(
    observation: Observation,
    labelling: Labelling,
    capture: Capture,
    shot: Photos,
    rendered: RenderedRays,
    scores: Float[Tensor, "c p h w"],
    record: Record,
) -> Segmentation:
    views = ViewLabels(
        names=tuple(capture.frame(view).name for view in range(len(capture))),
        label=best_labels(scores, 1).cpu().numpy(),
        score=scores.half().cpu().numpy(),
        colour=shot.views.colour.cpu().numpy(),
        rendered=rendered.colour.cpu().numpy(),
        held_out=shot.held_out.cpu().numpy(),
        size=np.array(placed_sizes(capture, record.settings["size"]))[:, ::-1],
        capture=capture,
    )
    label, score, seen = (tensor.cpu() for tensor in labelling[:3])
    features = _features(labelling, scene_of(observation, record.method))
    return Segmentation(
        label.numpy(), score.clamp(0, 1).numpy(), seen.numpy(), observation.prompts, observation.shape, record, views, features
    )


def _features(labelling: Labelling, scene: SceneEvidence) -> PointFeatures | None:
    """Of the surface points, for other words: the method's own; for a method that labels elements, the teacher's, averaged."""
    if labelling.features is not None:
        point, basis = labelling.features
    elif labelling.pixels is None and scene.model is not None:
        grid = scene.pyramid.grid.float().mean(1).permute(0, 3, 1, 2)
        point = torch.nn.functional.normalize(scene.surface.gather_maps(grid), dim=1)
        basis = scene.pyramid.basis
    else:
        return None
    return PointFeatures(point.cpu().numpy(), basis.cpu().numpy())


def _rehearse(film: Path | None, mesh: Path | None) -> None:
    """Raises: InputError if a file that is written last cannot be, before time is spent on it."""
    if film is not None:
        check_target(film)
        with TemporaryDirectory() as place:
            save_film(np.zeros((1, 16, 16, 3), dtype=np.uint8), Path(place) / film.name, fps=12)
    if mesh is not None:
        check_target(mesh)
        marching_cubes(np.arange(8.0).reshape(2, 2, 2), np.zeros(3), np.ones(3), 3.5)
