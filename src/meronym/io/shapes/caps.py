"""Closes the surfaces of parts that were cut from a whole, so that each is a solid."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
from jaxtyping import Float, Int


def capped(
    vertices: Float[np.ndarray, "v 3"], faces: Int[np.ndarray, "f 3"]
) -> tuple[Float[np.ndarray, "w 3"], Int[np.ndarray, "g 3"]]:
    """A surface closed at its borders, such as those of a cut: its vertices and faces, with those of the caps after them.

    Vertices must be shared by the faces that touch. Loops that lie in one plane are closed together: the cut of a tube is a
    ring. A loop whose triangles would run along edges of the surface is closed by a fan around its middle.
    It needs manifold3d.
    """
    count = len(vertices)
    (starts, ends), both = _edges(faces), np.concatenate(_edge_keys(faces, count))
    known, times = np.unique(both, return_counts=True)
    border = times[np.searchsorted(known, both[: len(starts)])] == 1
    loops = _loops(ends[border], starts[border])
    taken, middles, result = set(known.tolist()), list[np.ndarray](), [faces]
    for group in _in_planes(vertices, loops):
        added = _triangulated(vertices, group)
        rim = {edge for loop in group for edge in zip(loop, [*loop[1:], loop[0]], strict=True)}
        inner = {edge for edge in zip(*(side.tolist() for side in _edges(added)), strict=True) if edge not in rim}
        if any(start * count + end in taken for start, end in inner):
            fans = []
            for loop in group:
                fans += [(start, end, count + len(middles)) for start, end in zip(loop, [*loop[1:], loop[0]], strict=True)]
                middles.append(vertices[loop].mean(0))
            added = np.array(fans)
        else:
            taken.update(start * count + end for start, end in inner)
        result.append(added)
    return np.concatenate([vertices, np.reshape(middles, (-1, 3))]), np.concatenate(result)


def open_edges(faces: Int[np.ndarray, "f 3"]) -> int:
    """Number of edges that are not shared by exactly two faces, wound alike; a solid has none."""
    count = int(faces.max(initial=0)) + 1
    forward, backward = _edge_keys(faces, count)
    known, times = np.unique(forward, return_counts=True)
    place = np.minimum(np.searchsorted(known, backward), max(len(known) - 1, 0))
    return int(((known[place] != backward) | (times[place] != 1)).sum())


def _edges(faces: Int[np.ndarray, "f 3"]) -> tuple[Int[np.ndarray, " e"], Int[np.ndarray, " e"]]:
    return faces.ravel(), np.roll(faces, -1, axis=1).ravel()


def _edge_keys(faces: Int[np.ndarray, "f 3"], count: int) -> tuple[Int[np.ndarray, " e"], Int[np.ndarray, " e"]]:
    """One number for each edge in its direction, and against it."""
    starts, ends = _edges(faces)
    return starts * count + ends, ends * count + starts


def _loops(starts: Int[np.ndarray, " e"], ends: Int[np.ndarray, " e"]) -> list[list[int]]:
    """The closed loops of directed edges, no vertex twice in one."""
    following: dict[int, list[int]] = defaultdict(list)
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        following[start].append(end)
    loops = []
    for first in sorted(following):
        path, place = [first], {first: 0}
        while following[path[-1]]:
            vertex = following[path[-1]].pop()
            if vertex not in place:
                place[vertex] = len(path)
                path.append(vertex)
                continue
            back = place[vertex]
            loops.append(path[back:])
            for gone in path[back + 1 :]:
                del place[gone]
            del path[back + 1 :]
    return [loop for loop in loops if len(loop) >= 3]


def _in_planes(vertices: Float[np.ndarray, "v 3"], loops: list[list[int]]) -> list[list[list[int]]]:
    """The loops, those that lie in one plane together, the largest first."""
    area = [_area_vector(vertices[loop]) for loop in loops]
    groups: list[list[int]] = []
    for k in sorted(range(len(loops)), key=lambda k: (-np.linalg.norm(area[k]), k)):
        points, size = vertices[loops[k]], float(np.ptp(vertices[loops[k]], axis=0).max())
        for group in groups:
            largest = vertices[loops[group[0]]]
            normal = area[group[0]] / max(float(np.linalg.norm(area[group[0]])), 1e-300)
            slack = 1e-4 * max(size, float(np.ptp(largest, axis=0).max()))
            if np.abs((np.concatenate([largest, points]) - largest.mean(0)) @ normal).max() <= slack:
                group.append(k)
                break
        else:
            groups.append([k])
    return [[loops[k] for k in group] for group in groups]


def _area_vector(points: Float[np.ndarray, "k 3"]) -> Float[np.ndarray, " 3"]:
    """The normal of a loop, as long as the area that it goes round (Newell)."""
    points = points - points[0]
    vector: np.ndarray = np.cross(points, np.roll(points, -1, axis=0)).sum(0) / 2
    return vector


def _triangulated(vertices: Float[np.ndarray, "v 3"], loops: list[list[int]]) -> Int[np.ndarray, "k 3"]:
    """Faces whose border the loops are, the first of which is the outermost."""
    import manifold3d

    normal = _area_vector(vertices[loops[0]])
    across = np.eye(3)[np.abs(normal).argmin()]
    first = np.cross(across, normal)
    first = first / max(float(np.linalg.norm(first)), 1e-300)
    second = np.cross(normal, first)
    second = second / max(float(np.linalg.norm(second)), 1e-300)
    middle = vertices[loops[0]].mean(0)
    flat = [np.ascontiguousarray((vertices[loop] - middle) @ np.stack([first, second], axis=1)) for loop in loops]
    chosen = np.asarray(manifold3d.triangulate(flat), np.int64).reshape(-1, 3)
    faces: np.ndarray = np.concatenate([np.array(loop) for loop in loops])[chosen]
    return faces
