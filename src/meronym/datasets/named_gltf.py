"""glTF files whose authors named the parts: the node's name, or else the material's, is what each face is called."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from jaxtyping import Int

from meronym.datasets import Item, data_folder
from meronym.datasets.reading import bare, held
from meronym.errors import InputError
from meronym.io.shapes.gltf.document import GLTF
from meronym.io.shapes.gltf.graph import instances, primitive_of
from meronym.io.shapes.read import read_shape
from meronym.types import FaceOrigin, Mesh

_SIDES = {"left", "right", "none"}
_PLACES = {"front", "back", "rear", "middle"}
_TECHNICAL = {"mesh", "lod", "low", "high", "node", "object", "group", "geo", "mat", "material", "default", "untitled"}
_MEANINGLESS = {"poly surface", "cube", "cylinder", "sphere", "plane", "circle", "shape", "root", "world"}
"""What modelling programs call a thing that nobody has named."""


def plain_names(names: Sequence[str], whole: str = "") -> list[str]:
    """The names of one file's nodes in plain words; "" = nobody named it.

    Numbers, single letters, technical words and sides go ("LOD0_armUpper_L.001" -> "arm upper"), and so do the words
    of `whole`, the file's name ("Knight_Helmet" in Knight.glb). "wheel front" and "wheel back" are both a "wheel"; a
    "seat back" without a "seat front" stays.
    """
    owner = set(_words(whole))
    plain = []
    for name in names:
        words = _words(name)
        words = [word for word in words if word not in owner] or words
        plain.append(" ".join(words))
    plain = ["" if name in _MEANINGLESS else name for name in plain]
    base = {name: " ".join(word for word in name.split() if word not in _PLACES) for name in plain}
    shared = Counter(short for name, short in base.items() if short != name)
    return [base[name] if base[name] != name and base[name] and shared[base[name]] > 1 else name for name in plain]


class NamedGltf:
    """The .glb and .gltf files below `root` in which at least two parts have names; others are left out.

    Prompts are a file's own part names in alphabetical order; the category is the file's name in plain words.

    Raises: InputError if the data is missing, a file is damaged, or none has two named parts.
    """

    name = "gltf_named_parts"

    def __init__(self, root: str | Path | None = None, *, limit: int | None = None) -> None:
        self.root = data_folder(root, self.name)
        files = sorted(file for file in self.root.rglob("*") if file.suffix.lower() in (".glb", ".gltf"))
        self._files: dict[str, Path] = {}
        self._prompts: dict[str, tuple[str, ...]] = {}
        for file in files:
            if len(self._files) == limit:
                break
            _, _, names = _read(file)
            prompts = tuple(sorted(set(names) - {""}))
            if len(prompts) >= 2:
                item_id = file.relative_to(self.root).as_posix()
                self._files[item_id], self._prompts[item_id] = file, prompts
        if not self._files:
            raise InputError(f"{self.root}: none of {len(files)} glTF files there has two named parts.")

    def __len__(self) -> int:
        return len(self._files)

    def __iter__(self) -> Iterator[Item]:
        """The items; their meshes have lost every trace of the nodes."""
        for item_id, file in self._files.items():
            mesh, _, _ = _read(file)
            category = " ".join(_words(file.stem)) or file.stem
            yield Item(item_id, category, bare(mesh), self._prompts[item_id])

    def truth(self, item_id: str) -> Int[np.ndarray, " n"]:
        """The true part of each face: an index into the item's prompts, -1 where the node has no name to speak of."""
        _, origin, names = _read(held(self._files, item_id, self.name))
        prompts = self._prompts[item_id]
        index = [prompts.index(name) if name in prompts else -1 for name in names]
        label: Int[np.ndarray, " n"] = np.array(index, dtype=np.int64)[origin.node_of_face]
        return label


def _words(name: str) -> list[str]:
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|[\W\d_]+", " ", name).lower().split()
    words = [word for word in parted if len(word) > 1 and word not in _TECHNICAL]
    return [word for word in words if word not in _SIDES] or words


def _read(file: Path) -> tuple[Mesh, FaceOrigin, list[str]]:
    """The mesh, where its faces come from, and a plain name for each of the nodes there."""
    mesh = read_shape(file)
    if not isinstance(mesh, Mesh) or mesh.scene is None or mesh.face_origin is None:
        raise InputError(f"{file}: expected a mesh with nodes")
    gltf = mesh.scene.metadata[GLTF]
    shown = {instance.name: instance for instance in instances(gltf)}
    joined = [shown[node] for node in mesh.face_origin.nodes]
    names = plain_names([str(gltf.item("nodes", one.node).get("name", "")) for one in joined], file.stem)
    if len(set(names) - {""}) < 2:
        primitives = [primitive_of(gltf, one) for one in joined]
        materials = [gltf.item("materials", one["material"]) if "material" in one else {} for one in primitives]
        names = plain_names([str(material.get("name", "")) for material in materials], file.stem)
    return mesh, mesh.face_origin, names
