"""The public functions: one way in for everything that has parts: a mesh, a point cloud, Gaussians or a captured scene."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import numpy as np
import torch
import trimesh

from meronym.core.device import resolve
from meronym.core.directions import Up, vector_of
from meronym.core.prompts import check_prompts
from meronym.datasets import Dataset, Item
from meronym.datasets.folder import Folder
from meronym.errors import InputError, PluginError
from meronym.io.captures.features import read_features
from meronym.io.captures.read import is_capture, read_capture
from meronym.io.documents import as_json
from meronym.io.results import ARCHIVE, load_result
from meronym.io.shapes.read import read_shape
from meronym.io.shapes.splats.files import is_splats
from meronym.io.shapes.trimesh_objects import cloud_of_points, mesh_of, shape_of
from meronym.methods.scene_evidence import text_encoder
from meronym.parts.proposals import Proposal
from meronym.parts.recognition import known_words
from meronym.progress import Progress, StageTimer, silent
from meronym.protocols import EmbeddingTeacher, Teacher
from meronym.registry import load_registered
from meronym.results import Record, Segmentation
from meronym.scenes import pipeline as scene_pipeline
from meronym.scenes.query import query as cosines
from meronym.scenes.query import recognised
from meronym.shapes import pipeline as shape_pipeline
from meronym.shapes import pretraining
from meronym.shapes.pretraining import TrainedStudent
from meronym.teachers.checked import CheckedTeacher, load_teacher
from meronym.types import Capture, Gaussians, Mesh, PointCloud

Thing = (
    str
    | Path
    | Mesh
    | PointCloud
    | Gaussians
    | Capture
    | trimesh.Trimesh
    | trimesh.Scene
    | trimesh.PointCloud
    | np.ndarray
    | tuple[np.ndarray, np.ndarray]
)
"""A file or folder, an object of meronym or trimesh, points [n 3], or vertices [v 3] and faces [f 3]."""
_KEEPERS = (
    "Segment a shape by the method recognise with a teacher that embeds views (builtin); or photos by a method that keeps "
    "features (all but lerf and teacher-alone), with a teacher that compares pictures with words (builtin, clip, siglip2)"
)


def read(path: str | Path, *, repair: bool = False) -> Mesh | PointCloud | Gaussians | Capture:
    """A mesh, point cloud or Gaussians from a file, or a capture from a folder of photos with poses.

    A folder that 3DGS wrote (point_cloud/iteration_*) is read as Gaussians, with the cameras of their photos.

    `repair` drops broken faces and vertices instead of refusing the file.

    Raises: InputError if it is missing, damaged or none of these; LimitError if it is too large.
    """
    path = Path(path)
    if not is_splats(path):
        if is_capture(path):
            return read_capture(path)
        if path.is_dir():
            raise InputError(
                f"{path}: no poses of photos there (COLMAP, transforms.json or poses_bounds.npy). For photos without poses, "
                "`meronym segment` finds them; from Python, meronym.io.captures.sfm.register does."
            )
    return read_shape(path, repair=repair)


def segment(
    thing: Thing,
    prompts: Sequence[str] | None = None,
    *,
    category: str | None = None,
    method: str | None = None,
    settings: Mapping[str, object] | None = None,
    student: str | Path | TrainedStudent | None = None,
    teacher: str | Teacher = "builtin",
    views: int = 10,
    seed: int = 0,
    up: Up | Sequence[float] | None = None,
    size: int = 200,
    cache: str | Path | None = None,
    device: str | torch.device = "auto",
    progress: Progress = silent,
) -> Segmentation:
    """Name the parts of a shape, or what is in a captured scene.

    For both: `method` and `teacher` are names of plug-ins ("lift", "clip", "module:attribute"), the teacher may also be an
    object; `settings` are theirs by name ({"part-distill.targets": "votes"}); `device` is "auto", "cpu", "cuda" or "cuda:1".

    For shapes: `category` names the whole ("chair") and helps the teacher; `student` is what `pretrain` wrote, and needs no
    teacher and no prompts; `views` is the number of pictures; `up` is the shape's up axis, guessed where its format does not
    say. For captures: `size` is in pixels, along the longer side of a photo as the field sees it; `cache` is a folder for
    what does not depend on the prompts; without prompts, those that the capture itself names are used.

    >>> parts = segment("chair.glb", ["seat", "back", "leg"], category="chair")  # doctest: +SKIP
    >>> parts["leg"]                                                              # doctest: +SKIP

    Raises: InputError for a thing, prompts or options that cannot be used; LimitError for a file that is too large; PluginError
    if a plug-in is not found or breaks its contract; WeightsError; DeviceError.
    """
    shape = _opened(thing)
    if isinstance(shape, Capture):
        of_shapes = {
            "category": category is not None, "student": student is not None, "views": views != 10, "up": up is not None,
        }  # fmt: skip
        _refuse("a capture", of_shapes)
        return scene_pipeline.segment(
            shape, prompts, method=method or scene_pipeline.DEFAULT_METHOD, settings=settings, teacher=teacher, size=size,
            seed=seed, cache=cache, device=device, progress=progress,
        )  # fmt: skip
    _refuse("a shape", {"size": size != 200, "cache": cache is not None})
    return shape_pipeline.segment(
        shape, prompts, category=category, method=method or shape_pipeline.DEFAULT_METHOD, settings=settings, student=student,
        teacher=teacher, views=views, seed=seed, up=vector_of(up), device=device, progress=progress,
    )  # fmt: skip


def load(path: str | Path) -> Segmentation:
    """A result that `Segmentation.save` or the command line wrote: a folder, or an .npz file.

    Raises: InputError if it is missing, damaged or no result; LimitError if it is too large.
    """
    return load_result(Path(path))


def query(
    result: Segmentation | str | Path,
    prompts: Sequence[str],
    *,
    teacher: str | Teacher | None = None,
    device: str | torch.device = "auto",
) -> Segmentation:
    """Other words for a result; nothing is rendered, encoded or trained again.

    The words are matched with the part tree that a shape's result keeps, in milliseconds, beside everything else that could
    be there: the answer is that of `segment` for these words, -1 = none of these. A point of a capture is weighed against the
    other things that the teacher knows, as `segment` does; with a teacher that knows no names by itself it gets the word whose
    cosine with its features is largest, and its score is (1 + cosine) / 2. `result` may be the folder or .npz file of a result,
    or a capture's features.safetensors. `teacher`: the one that the result was made with; by default the registered one that
    the record names. One given as "module:attribute" or as an object has to be given again, as files do not name code.

    Raises: InputError for prompts that cannot be used, or a result that keeps nothing to compare words with; PluginError if
    the teacher is not registered, or does not compare pictures with words.
    """
    words, clock = check_prompts(prompts), StageTimer()
    with clock("load"):
        kept, name = _kept(result)
        if teacher is None:
            known = _teacher_of(kept.record)
            load_registered("teachers", known, name)
            teacher = str(known)
        place = resolve(device)
        loaded = _loaded(teacher, place) if isinstance(teacher, str) else teacher
        if kept.tree is not None:
            embedder = _embedder_of(kept, loaded, name)
        else:
            encoder = text_encoder(loaded)
    if kept.tree is not None:
        answer = shape_pipeline.query(kept, words, embedder, clock("query"))
        return replace(answer, record=replace(answer.record, seconds=clock.seconds))
    assert kept.features is not None
    with clock("query"):
        if isinstance(loaded, EmbeddingTeacher):
            score = recognised(kept.features, loaded, words)
            label, understood = np.where(score.sum(1) > 0.5, score.argmax(1), -1), known_words(loaded, words)
        else:
            score = (cosines(kept.features, encoder.encode_text(words).cpu().numpy()) + 1) / 2
            label, understood = score.argmax(1), {}
    record = replace(kept.record, words=understood, seconds=clock.seconds)
    seen = np.ones(len(score), dtype=bool)
    return Segmentation(label, score, seen, words, kept.shape, record, features=kept.features)


def propose(
    thing: Thing,
    *,
    category: str | None = None,
    settings: Mapping[str, object] | None = None,
    teacher: str | Teacher = "builtin",
    views: int = 10,
    seed: int = 0,
    up: Up | Sequence[float] | None = None,
    device: str | torch.device = "auto",
    progress: Progress = silent,
) -> Proposal:
    """What a shape looks like, and the parts of it that are recognised; no words are needed.

    The parts are among those that the teacher knows such a thing to have. `category` names the whole, where you know better;
    the other options are those of `segment`.

    >>> proposal = propose("chair.glb")                     # doctest: +SKIP
    >>> print(proposal)                                     # doctest: +SKIP
    looks like: chair (0.81); parts: seat, backrest, leg x 4
    >>> proposal.segmentation["leg"]                        # doctest: +SKIP

    Raises: InputError for a capture, or a thing or options that cannot be used; PluginError if the teacher knows no names by
    itself; LimitError; WeightsError; DeviceError.
    """
    shape = _opened(thing)
    if isinstance(shape, Capture):
        raise InputError("a capture: proposals are made for shapes only. Name what to look for: meronym.segment.")
    return shape_pipeline.propose(
        shape, category=category, settings=settings, teacher=teacher, views=views, seed=seed, up=vector_of(up), device=device,
        progress=progress,
    )  # fmt: skip


def pretrain(
    shapes: str | Path | Iterable[Item],
    prompts: Sequence[str],
    out: str | Path | None = None,
    *,
    category: str | None = None,
    teacher: str | Teacher = "builtin",
    backbone: str | None = None,
    open_words: bool = False,
    labelled: str | Path | Dataset | None = None,
    views: int = 10,
    epochs: int = 25,
    seed: int = 0,
    settings: Mapping[str, object] | None = None,
    device: str | torch.device = "auto",
    progress: Progress = silent,
) -> Path:
    """Align one student to a collection of unlabelled shapes, and write it to `out`/student.safetensors.

    `shapes`: a folder of files, or a dataset. `out`: by default <folder>_student in the working folder; an interrupted run
    into the same folder goes on where it was. `backbone`: features that the student learns from ("lifted" by default,
    "geometry", "point-m2ae"). `open_words` ties it to a sentence encoder, so that it can be given other words. `labelled`:
    a few shapes with labels, to be mixed in. `settings`: of the training, the student and the teacher, by name
    ("part-distill.rate").

    Raises: InputError if nothing can be learned from, or an option cannot be used; PluginError; WeightsError; DeviceError.
    """
    if isinstance(shapes, str | Path):
        out = out or Path(f"{Path(shapes).resolve().name}_student")
        shapes = Folder(shapes, prompts=prompts, category=category or "")
    if out is None:
        raise InputError("out: none given. Name a folder for the student.")
    if isinstance(labelled, str | Path):
        labelled = Folder(labelled, prompts=prompts, category=category or "")
    return pretraining.pretrain(
        shapes, prompts, out, category=category, teacher=teacher, backbone=backbone, open_words=open_words, labelled=labelled,
        views=views, settings={"part-distill.epochs": epochs, "part-distill.seed": seed, **(settings or {})}, device=device,
        progress=progress,
    )  # fmt: skip


def _opened(thing: Thing) -> Mesh | PointCloud | Gaussians | Capture:
    match thing:
        case str() | Path():
            return read(thing)
        case Mesh() | PointCloud() | Gaussians() | Capture():
            return thing
        case np.ndarray():
            return cloud_of_points(thing)
        case (np.ndarray() as vertices, np.ndarray() as faces):
            return mesh_of(vertices, faces)
        case trimesh.Trimesh() | trimesh.Scene() | trimesh.PointCloud():
            return shape_of(thing)
    raise InputError(
        "expected a path, a shape, a capture, a trimesh object, points [n 3], or (vertices, faces); got "
        f"{type(thing).__name__}."
    )


def _refuse(kind: str, options: Mapping[str, bool]) -> None:
    odd = [name for name, given in options.items() if given]
    if odd:
        raise InputError(f"{', '.join(odd)}: means nothing for {kind}. Leave it out.")


def _kept(result: Segmentation | str | Path) -> tuple[Segmentation, str]:
    """A result that keeps a part tree or features of points, and what to call it in an error."""
    kept, name = (result, "the result") if isinstance(result, Segmentation) else _kept_in(Path(result))
    if kept.tree is None and (kept.features is None or not isinstance(kept.shape, PointCloud)):
        raise InputError(f"{name}: keeps nothing to compare other words with. {_KEEPERS}.")
    return kept, name


def _kept_in(path: Path) -> tuple[Segmentation, str]:
    """A saved result, of which a capture's features are enough."""
    features = path / "features.safetensors" if path.is_dir() else path
    if path.suffix.lower() == ".npz" or not features.is_file():
        if path.is_dir() and not (path / ARCHIVE).is_file():
            raise InputError(f"{path}: there is no {ARCHIVE}, so no result. Give a folder that `meronym segment` wrote.")
        return load_result(path), str(path)
    saved = read_features(features)
    count = len(saved.cloud.points)
    nothing, seen = np.full(count, -1), np.ones(count, dtype=bool)
    bare = Segmentation(nothing, np.zeros((count, 0)), seen, (), saved.cloud, saved.record, features=saved.features)
    return bare, str(features)


@lru_cache(maxsize=4)
def _loaded(teacher: str, device: torch.device) -> Teacher:
    """The teacher of a name, kept for the next words."""
    return load_teacher(teacher, device=device)


def _embedder_of(result: Segmentation, teacher: Teacher, name: str) -> EmbeddingTeacher:
    """The teacher as one that matches words with the result's part tree.

    Raises: PluginError if it embeds no words; InputError if the result was made with other weights.
    """
    checked = CheckedTeacher(teacher)
    if checked.embedder is None:
        raise PluginError(
            f"teacher {checked.name}: embeds no views, so that it matches no words. Give the result's own teacher."
        )
    stated = result.record.teacher.get("weights") if isinstance(result.record.teacher, Mapping) else None
    own = as_json(checked.describe().get("weights"))
    if stated is not None and own is not None and as_json(stated) != own:
        raise InputError(f"{name}: made with other weights of the teacher than those here. Segment again, or give its teacher.")
    return checked.embedder


def _teacher_of(record: Record) -> object:
    """The name of the teacher in a record: as it was given, or as it calls itself. A file's record may hold anything."""
    given = record.settings.get("teacher") if isinstance(record.settings, Mapping) else None
    return given or (record.teacher.get("name") if isinstance(record.teacher, Mapping) else None)
