"""Joins the submeshes of a file, and checks the mesh that they make."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
import trimesh
from jaxtyping import Bool, Float, Int, UInt8

from meronym.core.selection import selected
from meronym.errors import InputError
from meronym.io.limits import Limits, check_count
from meronym.io.shapes.rows import keys
from meronym.io.shapes.submesh import Submesh
from meronym.types import FaceOrigin, Finish, Mesh, Opacity, Textures


def join(
    submeshes: Sequence[Submesh],
    images: Sequence[np.ndarray],
    scene: trimesh.Scene | None,
    path: Path,
    repair: bool,
    limits: Limits,
    missing: int,
) -> Mesh:
    """One mesh of all submeshes that a file holds, checked.

    `images` are those that the submeshes name, `missing` how many files the file names but lacks.

    Raises: InputError if there is no surface, or without `repair` something broken; LimitError if there are too many faces.
    """
    counts = [len(submesh.faces) for submesh in submeshes]
    if not sum(counts):
        raise InputError(f"{path.name}: no faces: the file is empty or holds only lines. Export a mesh.")
    check_count(path.name, sum(counts), limits)
    starts = np.cumsum([0, *(len(submesh.vertices) for submesh in submeshes)])
    faces = [np.where(submesh.faces < 0, -1, submesh.faces + start) for submesh, start in zip(submeshes, starts, strict=False)]
    corners = [_corners(submesh) for submesh in submeshes]
    uv = [c[1] for c in corners]
    coloured = any(submesh.colour is not None or submesh.face_colour is not None for submesh in submeshes)
    alphas = [FaceAlpha(of.cutoff, _corner_alpha(of), images[of.image] if of.image >= 0 else None) for of in submeshes]
    mesh = Mesh(
        np.concatenate([submesh.vertices for submesh in submeshes]),
        np.concatenate(faces),
        corner_colour=np.concatenate([c[2] for c in corners]) if coloured else None,
        texture=Textures(tuple(images), np.concatenate([c[0] for c in corners]), np.concatenate(uv)) if images else None,
        source=path,
        scene=scene,
        face_origin=FaceOrigin(
            tuple(submesh.name for submesh in submeshes),
            np.repeat(np.arange(len(submeshes)), counts),
            np.concatenate([np.arange(count) for count in counts]),
        ),
        opacity=opacity_of(alphas),
        finish=_finish(submeshes, counts),
    )
    return sound_mesh(mesh, path.name, repair, limits, missing)


def sound_mesh(mesh: Mesh, name: str, repair: bool, limits: Limits, missing: int) -> Mesh:
    """A mesh, all of whose vertices are used, after checks; faces that refer to missing vertices have an index of -1.

    With `repair`, faces that are broken, degenerate or doubled are left out, with all that belongs to them. What was found is
    in the `report`; `missing` is the number of files that it names but lacks.

    Raises: InputError as `join`.
    """
    check_count(name, len(mesh.faces), limits)
    keep, found = _inspect(mesh.vertices, mesh.faces, name, repair, limits.coordinate)
    if missing:
        found["missing_files"] = missing
    kept = mesh if keep.all() else selected(mesh, keep)
    assert isinstance(kept, Mesh)
    return replace(kept, report=found)


def _corners(submesh: Submesh) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Image index [f], uv [f 3 2] and colour [f 3 3] of the faces."""
    faces = submesh.faces
    image = np.full(len(faces), submesh.image if submesh.uv is not None else -1)
    uv = np.zeros((len(faces), 3, 2), dtype=np.float32) if submesh.uv is None else submesh.uv[faces]
    if submesh.face_colour is not None:
        return image, uv, np.repeat(submesh.face_colour[:, None], 3, axis=1)
    if submesh.colour is not None and len(submesh.colour) > 1:
        return image, uv, submesh.colour[faces]
    colour = np.ones((len(faces), 3, 3), dtype=np.float32)
    return image, uv, colour if submesh.colour is None else colour * submesh.colour


def _corner_alpha(submesh: Submesh) -> Float[np.ndarray, "f 3"]:
    faces, alpha = submesh.faces, np.ones(1) if submesh.alpha is None else submesh.alpha
    return (alpha[faces] if len(alpha) > 1 else np.broadcast_to(alpha, faces.shape)).astype(np.float32)


def _finish(submeshes: Sequence[Submesh], counts: Sequence[int]) -> Finish | None:
    """The materials; None if there are none."""
    number = {
        material: k for k, material in enumerate(dict.fromkeys(of.material for of in submeshes if of.material is not None))
    }
    if not number:
        return None
    material = np.repeat([-1 if of.material is None else number[of.material] for of in submeshes], counts)
    return Finish(tuple(number), material.astype(np.int32), np.arange(len(material), dtype=np.int32), None)


class FaceAlpha(NamedTuple):
    """How faces that follow each other, and have one material, let light through."""

    cutoff: float
    """As in `Submesh`."""
    corner: Float[np.ndarray, "f 3"]
    """Alpha, 0..1."""
    image: UInt8[np.ndarray, "h w d"] | None


def opacity_of(alphas: Sequence[FaceAlpha]) -> Opacity | None:
    """Of the faces of all alphas; None if none of them can be see-through, or all are everywhere: nothing would be shown."""
    cutoffs, some_shown = [], False
    for alpha in alphas:
        plane = np.full(1, 255) if alpha.image is None or alpha.image.shape[2] == 3 else alpha.image[..., 3]
        pierced = bool(alpha.corner.min(initial=1) * plane.min() / 255 < alpha.cutoff)
        some_shown |= len(alpha.corner) > 0 and bool(alpha.corner.max(initial=0) * plane.max() / 255 >= alpha.cutoff)
        cutoffs.append(np.full(len(alpha.corner), alpha.cutoff if pierced else 0.0, dtype=np.float32))
    cutoff = np.concatenate(cutoffs)
    return Opacity(cutoff, np.concatenate([alpha.corner for alpha in alphas])) if some_shown and cutoff.any() else None


def _inspect(
    vertices: Float[np.ndarray, "v 3"], faces: Int[np.ndarray, "f 3"], name: str, repair: bool, farthest: float
) -> tuple[Bool[np.ndarray, " f"], dict[str, int]]:
    """Mask of the faces that can be used, and the faults of the mesh: kind -> count.

    Raises: InputError if the mesh shows no surface, or holds something that only `repair` may leave out.
    """
    keep: np.ndarray = np.all(faces >= 0, axis=1)
    found = {"faces_out_of_range": int((~keep).sum())}
    finite = np.isfinite(vertices).all(axis=1)
    found["vertices_not_finite"] = int((~finite).sum())
    if not finite.all():
        if not repair:
            first = int((~finite).argmax())
            raise InputError(
                f"{name}: vertex {first} is {vertices[first].tolist()}; {found['vertices_not_finite']} vertices are "
                "not finite. Use repair to leave their faces out, or export the file again."
            )
        keep &= finite[faces].all(axis=1)
    corners = vertices[faces[keep]]
    if not len(corners):
        raise InputError(f"{name}: no surface: none of the {len(faces)} faces can be used. Export it again.")
    size = np.abs(corners).max()
    if size > farthest:
        raise InputError(f"{name}: a coordinate is {size:.3g}; the limit is {farthest:.0g}. Scale or centre the shape.")
    low, high = corners.min(axis=(0, 1)), corners.max(axis=(0, 1))
    cross = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    flat = np.linalg.norm(cross, axis=1) <= 1e-14 * float(np.square(high - low).sum())
    if flat.all():
        raise InputError(f"{name}: no surface: all {len(corners)} faces have zero area. Export it again.")
    found["degenerate_faces"] = int(flat.sum())
    welded = np.unique(keys((vertices + 0.0).view(np.uint64)), return_inverse=True)[1][faces[keep]]
    _, first_of = np.unique(keys(np.sort(welded, axis=1).astype(np.uint64)), return_index=True)
    double = np.ones(len(welded), dtype=bool)
    double[first_of] = False
    double &= ~flat
    found["duplicate_faces"] = int(double.sum())
    found["non_manifold_edges"], found["inverted_edges"] = _edges(welded[~flat & ~double])
    if repair:
        keep[np.flatnonzero(keep)[flat | double]] = False
        found["dropped_faces"] = int((~keep).sum())
    return keep, {kind: count for kind, count in found.items() if count}


def _edges(faces: Int[np.ndarray, "f 3"]) -> tuple[int, int]:
    """Numbers of edges that join more than two faces, and of those that join two wound in opposite senses."""
    start, end = faces.ravel(), np.roll(faces, -1, axis=1).ravel()
    key = np.minimum(start, end) * (faces.max(initial=0) + 1) + np.maximum(start, end)
    _, edge, count = np.unique(key, return_inverse=True, return_counts=True)
    balance = np.bincount(edge, weights=np.where(start < end, 1, -1))
    return int((count > 2).sum()), int(((count == 2) & (balance != 0)).sum())
