"""Joins the submeshes of a file, and checks the mesh that they make."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import trimesh
from jaxtyping import Bool, Float, Int

from meronym.errors import InputError
from meronym.io.limits import Limits, check_count
from meronym.io.shapes.submesh import Submesh
from meronym.types import FaceOrigin, Mesh, Opacity, Textures


def join(
    submeshes: Sequence[Submesh],
    images: Sequence[np.ndarray],
    scene: trimesh.Scene,
    path: Path,
    repair: bool,
    limits: Limits,
    missing: int,
) -> Mesh:
    """One mesh of all submeshes that a file holds, checked.

    `images` are those that the submeshes name, `missing` how many the file names but lacks.

    Raises: InputError if there is no surface, or without `repair` something broken; LimitError if there are too many faces.
    """
    counts = [len(submesh.faces) for submesh in submeshes]
    if not sum(counts):
        raise InputError(f"{path.name}: no faces: the file is empty or holds only lines. Export a mesh.")
    check_count(path.name, sum(counts), limits)
    starts = np.cumsum([0, *(len(submesh.vertices) for submesh in submeshes)])
    vertices = np.concatenate([submesh.vertices for submesh in submeshes])
    faces = np.concatenate(
        [np.where(submesh.faces < 0, -1, submesh.faces + start) for submesh, start in zip(submeshes, starts, strict=False)]
    )
    keep, found = _inspect(vertices, faces, path.name, repair, limits.coordinate)
    if missing:
        found["missing_files"] = missing
    kept = np.split(keep, np.cumsum(counts)[:-1])
    corners = [_corners(submesh, mask) for submesh, mask in zip(submeshes, kept, strict=True)]
    images_of, uvs = [c[0] for c in corners], [c[1] for c in corners]
    origin = FaceOrigin(
        tuple(submesh.name for submesh in submeshes),
        np.repeat(np.arange(len(submeshes)), counts)[keep],
        np.concatenate([np.flatnonzero(mask) for mask in kept]),
    )
    faces = faces[keep]
    if not keep.all():
        used = np.unique(faces)
        vertices, faces = vertices[used], np.searchsorted(used, faces)
    coloured = any(submesh.colour is not None or submesh.face_colour is not None for submesh in submeshes)
    return Mesh(
        vertices,
        faces,
        corner_colour=np.concatenate([c[2] for c in corners]) if coloured else None,
        texture=Textures(tuple(images), np.concatenate(images_of), np.concatenate(uvs)) if images else None,
        source=path,
        scene=scene,
        face_origin=origin,
        report=found,
        opacity=_opacity(submeshes, kept, images),
    )


def _corners(submesh: Submesh, keep: Bool[np.ndarray, " f"]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Image index [f], uv [f 3 2] and colour [f 3 3] of the faces that are kept."""
    faces = submesh.faces[keep]
    image = np.full(len(faces), submesh.image if submesh.uv is not None else -1)
    uv = np.zeros((len(faces), 3, 2), dtype=np.float32) if submesh.uv is None else submesh.uv[faces]
    if submesh.face_colour is not None:
        return image, uv, np.repeat(submesh.face_colour[keep, None], 3, axis=1)
    if submesh.colour is not None and len(submesh.colour) > 1:
        return image, uv, submesh.colour[faces]
    colour = np.ones((len(faces), 3, 3), dtype=np.float32)
    return image, uv, colour if submesh.colour is None else colour * submesh.colour


def _opacity(
    submeshes: Sequence[Submesh], kept: Sequence[Bool[np.ndarray, " _f"]], images: Sequence[np.ndarray]
) -> Opacity | None:
    """Of the faces that are kept; None if none of them can be see-through, or all are everywhere: nothing would be shown."""
    cutoffs, corners, some_shown = [], [], False
    for submesh, keep in zip(submeshes, kept, strict=True):
        faces, alpha = submesh.faces[keep], np.ones(1) if submesh.alpha is None else submesh.alpha
        corner = (alpha[faces] if len(alpha) > 1 else np.broadcast_to(alpha, faces.shape)).astype(np.float32)
        image = images[submesh.image] if submesh.image >= 0 else None
        plane = np.full(1, 255) if image is None or image.shape[2] == 3 else image[..., 3]
        pierced = bool(corner.min(initial=1) * plane.min() / 255 < submesh.cutoff)
        some_shown |= len(faces) > 0 and bool(corner.max(initial=0) * plane.max() / 255 >= submesh.cutoff)
        cutoffs.append(np.full(len(faces), submesh.cutoff if pierced else 0.0, dtype=np.float32))
        corners.append(corner)
    cutoff = np.concatenate(cutoffs)
    return Opacity(cutoff, np.concatenate(corners)) if some_shown and cutoff.any() else None


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
    welded = np.unique(_keys((vertices + 0.0).view(np.uint64)), return_inverse=True)[1][faces[keep]]
    _, first_of = np.unique(_keys(np.sort(welded, axis=1).astype(np.uint64)), return_index=True)
    double = np.ones(len(welded), dtype=bool)
    double[first_of] = False
    double &= ~flat
    found["duplicate_faces"] = int(double.sum())
    found["non_manifold_edges"], found["inverted_edges"] = _edges(welded[~flat & ~double])
    if repair:
        keep[np.flatnonzero(keep)[flat | double]] = False
        found["dropped_faces"] = int((~keep).sum())
    return keep, {kind: count for kind, count in found.items() if count}


def _keys(columns: np.ndarray) -> np.ndarray:
    """One well mixed number a row (after MurmurHash3's finaliser): equal rows have equal numbers."""
    key = np.zeros(len(columns), dtype=np.uint64)
    for column in columns.T:
        key ^= column
        key ^= key >> np.uint64(33)
        key *= np.uint64(0xFF51AFD7ED558CCD)
        key ^= key >> np.uint64(29)
    return key


def _edges(faces: Int[np.ndarray, "f 3"]) -> tuple[int, int]:
    """Numbers of edges that join more than two faces, and of those that join two wound in opposite senses."""
    start, end = faces.ravel(), np.roll(faces, -1, axis=1).ravel()
    key = np.minimum(start, end) * (faces.max(initial=0) + 1) + np.maximum(start, end)
    _, edge, count = np.unique(key, return_inverse=True, return_counts=True)
    balance = np.bincount(edge, weights=np.where(start < end, 1, -1))
    return int((count > 2).sum()), int(((count == 2) & (balance != 0)).sum())
