"""Reads OBJ files (Wavefront, 1995): polygons, groups, materials, normals, texture coordinates and colours of vertices.

trimesh's reader splits by material, and keeps neither groups, polygons nor colours beside materials.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Int

from meronym.core.colour import linear_from_srgb
from meronym.core.prompts import unique
from meronym.errors import InputError
from meronym.io.limits import check_count
from meronym.io.paths import inside
from meronym.io.shapes.clouds import sound_cloud
from meronym.io.shapes.folder import ShapeFolder
from meronym.io.shapes.join import FaceAlpha, opacity_of, sound_mesh
from meronym.io.shapes.obj.mtl import MtlMaterial, read_mtl
from meronym.io.shapes.polygons import triangulate
from meronym.io.shapes.rows import unit_rows
from meronym.io.shapes.submesh import srgb_of
from meronym.io.shapes.tables import unit_colours
from meronym.io.shapes.text import numbers, per_line, plain_text, ragged, starts_of_words
from meronym.types import FaceOrigin, Finish, Mesh, Opacity, Shape, Textures

_BLOCK = 1 << 24
"""Bytes of text that are taken apart at a time."""
_ROWS = {b"v": (3, 6), b"vt": (1, 2), b"vn": (3, 3)}
"""Numbers that a line of each kind has at least, and how many are read: a vertex may have a colour."""
_KINDS = ("vertex", "texture coordinate", "normal")
_CURVES = (b"curv", b"curv2", b"surf")


def read_obj(path: Path, folder: ShapeFolder, repair: bool) -> Shape:
    """The mesh in an OBJ file, or its vertices as points if it has no faces.

    Raises: InputError if it is damaged, shows no surface, or refers to what is not there (unless `repair`); LimitError.
    """
    file = _File(path.name, folder)
    for lines in _blocks(plain_text(path.read_bytes())):
        file.read(lines)
    places, uvs, normals = (np.vstack([*file.rows[kind], np.zeros((0, width))]) for kind, (_, width) in _ROWS.items())
    rgb = None if np.isnan(places[:, 5]).all() else unit_colours(places[:, 3:6])
    sizes = np.concatenate([*file.sizes, np.zeros(0, dtype=np.int64)])
    if not (sizes > 2).any():
        if file.others or not len(places):
            raise InputError(f"{path.name}: no faces: the file is empty, or holds only lines or curves. Export a mesh.")
        return sound_cloud(places[:, :3], rgb, None, path, repair, folder.limits)
    corner = _resolved(file, np.concatenate(file.corners), sizes, repair)
    cut = triangulate(sizes, places[corner[:, 0], :3])
    of_stretch = file.stretch_of_polygon()[cut.polygon]
    named = _materials(file)
    material = np.array([one.material for one in file.stretches])[of_stretch]
    pictures, image_of = _pictures(named.values(), folder)
    images, files = tuple(image for image, _ in pictures), tuple(file for _, file in pictures)
    faces, uv_index, normal_index = (corner[cut.corner, k] for k in range(3))
    image = np.where(uv_index.min(1) >= 0, np.array([*image_of, -1])[material], -1)
    used = np.unique(faces[faces.min(1) >= 0])
    shown, group = np.unique(np.array([one.group for one in file.stretches])[of_stretch], return_inverse=True)
    names = list(file.groups)
    groups = tuple(names[index] for index in shown)
    order = np.argsort(group, kind="stable")
    in_group = np.empty_like(group)
    in_group[order] = np.arange(len(group)) - np.searchsorted(group[order], group[order])
    mesh = Mesh(
        places[used, :3],
        np.where(faces < 0, -1, np.searchsorted(used, faces)),
        corner_colour=_colours(list(named.values()), material, rgb, faces),
        texture=Textures(images, image, _mapped(uvs, uv_index, list(named.values()), material), files) if images else None,
        source=path,
        face_origin=FaceOrigin(tuple(unique((names[-1] for names in groups), {"world"})), group, in_group),
        opacity=_opacity(list(named.values()), material, image, images),
        finish=Finish(
            tuple(one.named(name) for name, one in named.items()),
            material,
            cut.polygon,
            _picked(unit_rows(normals), normal_index) if (normal_index >= 0).any() else None,
            groups,
        ),
    )
    sound = sound_mesh(mesh, path.name, repair, folder.limits, folder.missing)
    left_out = {
        "maps_left_out": sum(len(one.maps.keys() - {"map_kd", "map_d"}) for one in named.values()),
        "lines_left_out": file.others + int((sizes < 3).sum()),
    }
    return replace(sound, report={**sound.report, **{kind: count for kind, count in left_out.items() if count}})


# ---------------------------------------------------------------- lines


class _Stretch(NamedTuple):
    """Polygons that follow each other without another line between them."""

    first: int
    before: tuple[int, int, int]
    """Lines v, vt and vn before it, from which negative indices count."""
    group: int
    material: int


@dataclass
class _File:
    """What has been read so far."""

    name: str
    folder: ShapeFolder
    rows: dict[bytes, list[np.ndarray]] = field(default_factory=lambda: {kind: [] for kind in _ROWS})
    """Numbers of each kind of line, in blocks."""
    counts: dict[bytes, int] = field(default_factory=lambda: dict.fromkeys(_ROWS, 0))
    """Lines of each kind."""
    polygons: int = 0
    sizes: list[np.ndarray] = field(default_factory=list)
    """Corners of each polygon, in blocks."""
    corners: list[np.ndarray] = field(default_factory=list)
    """Numbers of vertex, texture coordinate and normal at each corner as the file has them, in blocks; 0 = none."""
    stretches: list[_Stretch] = field(default_factory=list)
    inside: tuple[str, ...] = ()
    """The object that lines belong to."""
    groups: dict[tuple[str, ...], int] = field(default_factory=dict)
    """By the names of object and group."""
    group: int = -1
    materials: dict[str, int] = field(default_factory=dict)
    material: int = -1
    libraries: list[str] = field(default_factory=list)
    others: int = 0
    """Lines and curves, which are not read."""

    def read(self, lines: list[bytes]) -> None:
        """Take a block of lines in.

        Raises: InputError if one cannot be understood, LimitError if there are too many faces.
        """
        pending: dict[bytes, list[bytes]] = {kind: [] for kind in _ROWS}
        faces, changed = list[bytes](), True
        for line in lines:
            keyword, _, rest = line.strip().partition(b" ")
            if keyword == b"f":
                if changed:
                    before = (self.counts[b"v"], self.counts[b"vt"], self.counts[b"vn"])
                    self.stretches.append(_Stretch(self.polygons + len(faces), before, self._group(), self.material))
                    changed = False
                faces.append(rest)
            elif keyword in pending:
                pending[keyword].append(rest)
                self.counts[keyword] += 1
                changed = True
            elif keyword and not keyword.startswith(b"#"):
                self._name(keyword, rest.strip().decode())
                changed = True
        for kind, found in pending.items():
            if found:
                self.rows[kind].append(self._numbers(kind, found))
        if faces:
            check_count(self.name, self.polygons + len(faces), self.folder.limits)
            self.polygons += len(faces)
            self._take_faces(faces)

    def _group(self) -> int:
        if self.group < 0:
            self.group = self.groups.setdefault(self.inside or (Path(self.name).stem,), len(self.groups))
        return self.group

    def _name(self, keyword: bytes, rest: str) -> None:
        if keyword == b"o":
            self.inside, self.group = (rest,) if rest else (), -1
        elif keyword == b"g":
            names = (*self.inside, rest) if rest and (rest,) != self.inside else self.inside
            self.group = self.groups.setdefault(names, len(self.groups)) if names else -1
        elif keyword == b"usemtl":
            self.material = self.materials.setdefault(rest, len(self.materials))
        elif keyword == b"mtllib":
            self.libraries += [rest] if rest else []
        elif keyword == b"l" or keyword in _CURVES:
            self.others += 1

    def _numbers(self, kind: bytes, lines: list[bytes]) -> Float[np.ndarray, "l c"]:
        """The numbers of lines of one kind; NaN where there are fewer than are read."""
        values, counts = numbers(b"\n".join(lines), self.name)
        least, width = _ROWS[kind]
        if counts.min() < least:
            short = kind + b" " + lines[int(counts.argmin())]
            raise InputError(f"{self.name}: the line {short!r:.80} has fewer than {least} numbers. Export it again.")
        return ragged(values, counts, width, np.nan)

    def _take_faces(self, lines: list[bytes]) -> None:
        text = b"\n".join(lines)
        if b"#" in text:
            text = b"\n".join(line.partition(b"#")[0] for line in lines)
        text = text.replace(b"//", b"/0/").replace(b"/ ", b" ").replace(b"/\n", b"\n").rstrip(b"/")
        starts = starts_of_words(text)
        slashes = np.flatnonzero(np.frombuffer(text, np.uint8) == ord("/"))
        values, _ = numbers(text.replace(b"/", b" "), self.name, int)
        more = np.diff(np.searchsorted(slashes, np.append(starts, len(text))))
        if more.max(initial=0) > 2 or len(values) != (more + 1).sum():
            raise InputError(f"{self.name}: cannot read the corners of a face. Export it again.")
        self.sizes.append(per_line(text, starts))
        self.corners.append(ragged(values, more + 1, 3, 0))

    def stretch_of_polygon(self) -> Int[np.ndarray, " p"]:
        """Index into `stretches`."""
        lengths = np.diff([one.first for one in self.stretches], append=self.polygons)
        return np.repeat(np.arange(len(lengths)), lengths)


def _blocks(text: bytes) -> Iterator[list[bytes]]:
    """The lines of a text, some at a time; those that a backslash ends are continued."""
    start = 0
    while start < len(text):
        end = text.find(b"\n", min(start + _BLOCK, len(text)))
        while end > 0 and text[end - 1 : end] == b"\\":
            end = text.find(b"\n", end + 1)
        end = len(text) if end < 0 else end
        yield text[start:end].replace(b"\\\n", b" ").replace(b"\t", b" ").split(b"\n")
        start = end + 1


# ---------------------------------------------------------------- corners, materials


def _resolved(
    file: _File, corner: Int[np.ndarray, "c 3"], sizes: Int[np.ndarray, " p"], repair: bool
) -> Int[np.ndarray, "c 3"]:
    """Indices of vertex, texture coordinate and normal at each corner; -1 = none, or with `repair` not there.

    Raises: InputError for the first face that refers to what is not there, unless `repair`.
    """
    before = np.array([one.before for one in file.stretches])[np.repeat(file.stretch_of_polygon(), sizes)]
    index = np.where(corner < 0, before + corner, corner - 1)
    there = (index >= 0) & (index < list(file.counts.values()))
    wrong = ~there & ((corner != 0) | [True, False, False])
    if wrong.any() and not repair:
        kind = int(wrong.any(0).argmax())
        place = int(wrong[:, kind].argmax())
        ends = np.cumsum(sizes)
        face = int(np.searchsorted(ends, place, side="right"))
        start = int(ends[face] - sizes[face])
        own = corner[start : ends[face]].tolist()
        said = ["/".join(str(number) if number else "" for number in row).rstrip("/") for row in own]
        raise InputError(
            f"{file.name}: face {face} ({'f ' + ' '.join(said)!r:.60}) refers to {_KINDS[kind]} {said[place - start]}, but "
            f"there are {[*file.counts.values()][kind]}. Use repair to leave such faces out, or export the file again."
        )
    return np.where(there, index, -1)


def _materials(file: _File) -> dict[str, MtlMaterial]:
    """The materials that faces name, in that order; those that no library describes are plain."""
    known = dict[str, MtlMaterial]()
    names = [[library] if inside(file.folder.path, library).is_file() else library.split() for library in file.libraries]
    for name in (name for several in names for name in several):
        try:
            known |= read_mtl(file.folder.get(name))
        except FileNotFoundError:
            continue
    return {name: known.get(name, MtlMaterial()) for name in file.materials}


def _pictures(materials: Iterable[MtlMaterial], folder: ShapeFolder) -> tuple[list[tuple[np.ndarray, bytes | None]], list[int]]:
    """The images of materials with their files, and which each material has; -1 = none."""
    pictures, number, found = list[tuple[np.ndarray, bytes | None]](), list[int](), dict[tuple[str | None, ...], int]()
    for one in materials:
        key = one.maps.get("map_kd"), one.maps.get("map_d")
        if key not in found:
            picture = one.picture(folder)
            found[key] = -1 if picture is None else len(pictures)
            pictures += [] if picture is None else [picture]
        number.append(found[key])
    return pictures, number


def _colours(
    materials: Sequence[MtlMaterial], material: Int[np.ndarray, " f"], rgb: np.ndarray | None, faces: Int[np.ndarray, "f 3"]
) -> Float[np.ndarray, "f 3 3"] | None:
    """Colours at the corners, sRGB: the material's times the vertex's, as glTF multiplies them; None if neither is known."""
    if rgb is None and all(one.colour is None for one in materials):
        return None
    diffuse = np.array([one.colour or (1.0, 1.0, 1.0) for one in materials] + [(1.0, 1.0, 1.0)])[material]
    if rgb is None:
        return np.repeat(diffuse[:, None].astype(np.float32), 3, axis=1)
    vertex = linear_from_srgb(np.clip(np.nan_to_num(rgb, nan=1.0), 0, 1))
    return srgb_of((vertex[faces] * linear_from_srgb(diffuse)[:, None]).reshape(-1, 3)).reshape(-1, 3, 3)


def _opacity(
    materials: Sequence[MtlMaterial],
    material: Int[np.ndarray, " f"],
    image: Int[np.ndarray, " f"],
    images: Sequence[np.ndarray],
) -> Opacity | None:
    order = np.lexsort((image, material))
    key = np.stack([material, image], axis=1)[order]
    alphas = []
    for own in np.split(order, np.flatnonzero((np.diff(key, axis=0) != 0).any(1)) + 1):
        one = materials[material[own[0]]] if material[own[0]] >= 0 else MtlMaterial()
        picture = images[image[own[0]]] if image[own[0]] >= 0 else None
        cutoff = 0.5 if one.alpha < 1 or (picture is not None and picture.shape[2] == 4) else 0.0
        alphas.append(FaceAlpha(cutoff, np.full((len(own), 3), one.alpha, dtype=np.float32), picture))
    found, back = opacity_of(alphas), np.argsort(order)
    return found and Opacity(found.cutoff[back], found.corner[back])


def _mapped(
    uvs: Float[np.ndarray, "n 2"],
    index: Int[np.ndarray, "f 3"],
    materials: Sequence[MtlMaterial],
    material: Int[np.ndarray, " f"],
) -> Float[np.ndarray, "f 3 2"]:
    """Texture coordinates at the corners, scaled and shifted as the materials say."""
    change = np.array([(*one.scale, *one.offset) for one in materials] + [(1.0, 1.0, 0.0, 0.0)])[material][:, None]
    found = _picked(np.nan_to_num(uvs, posinf=0.0, neginf=0.0), index)
    uv: np.ndarray = found * change[..., :2] + change[..., 2:]
    return uv.astype(np.float32)


def _picked(table: Float[np.ndarray, "n k"], index: Int[np.ndarray, "f 3"]) -> Float[np.ndarray, "f 3 k"]:
    """Rows of a table at the corners of faces; zeros for an index of -1."""
    rows: np.ndarray = np.vstack([table, np.zeros((1, table.shape[1]))]).astype(np.float32)[index]
    return rows
