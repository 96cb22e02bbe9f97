"""Labelled collections by name, and the convention of the published figures on each."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from meronym.datasets import Dataset
from meronym.datasets.coseg import Coseg
from meronym.datasets.folder import Folder
from meronym.datasets.labelled_psb import LabelledPSB
from meronym.datasets.lerf import LERF
from meronym.datasets.named_gltf import NamedGltf
from meronym.datasets.partnete import PartNetE
from meronym.datasets.shapenetpart import ShapeNetPart
from meronym.datasets.threedovs import ThreeDOVS
from meronym.errors import InputError

PROTOCOL_OF = {
    "labelled-psb": "present-class",
    "named-gltf": "present-class",
    "folder": "present-class",
    "coseg": "present-class",
    "shapenetpart": "p1-class",
    "partnete": "partnete-part",
    "3d-ovs": "views",
    "lerf-ovs": "views",
}
"""The convention of the published figures on each dataset."""


def open_dataset(
    name: str,
    root: Path,
    *,
    names: Path | None = None,
    categories: Sequence[str] | None = None,
    limit: int | None = None,
    split: str = "test",
    prompts: Sequence[str] = (),
    category: str = "",
) -> Dataset:
    """A labelled collection by name; `prompts` and `category` are for a folder, `split` for the published ones.

    Raises: InputError if there is none by that name, or its files are not where they should be.
    """
    chosen: dict[str, Any] = {"categories": categories, "limit": limit}
    if name == "labelled-psb":
        return LabelledPSB(root, names=names, **chosen)
    if name == "shapenetpart":
        return ShapeNetPart(root, split=split, **chosen)
    if name == "partnete":
        return PartNetE(root, split=split, **chosen)
    if name == "coseg" and names is not None:
        return Coseg(root, names=names, **chosen)
    if name == "coseg":
        raise InputError("coseg: its labels are numbers. Give their names as JSON with --names.")
    if name == "named-gltf":
        return NamedGltf(root, limit=limit)
    if name == "folder":
        return Folder(root, prompts=prompts, category=category, limit=limit)
    if name == "3d-ovs":
        return ThreeDOVS(root)
    if name == "lerf-ovs":
        return LERF(root)
    raise InputError(f"dataset: expected one of {', '.join(PROTOCOL_OF)}, got {name!r}")
