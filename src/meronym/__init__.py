"""meronym names the parts of 3D things: a mesh, a point cloud or posed photos and words in, labels out.

>>> import meronym
>>> chair = meronym.read("chair.glb")                                             # doctest: +SKIP
>>> parts = meronym.segment(chair, ["seat", "backrest", "leg"], category="chair")  # doctest: +SKIP
>>> parts.save("chair_parts.glb")                                                 # doctest: +SKIP
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from meronym.api import read, segment
    from meronym.datasets.folder import Folder as folder
    from meronym.errors import DeviceError, Error, InputError, LimitError, PluginError, WeightsError
    from meronym.results import Segmentation
    from meronym.shapes.pretraining import pretrain
    from meronym.types import Capture, Mesh, PointCloud

_HOME = {
    "read": ("meronym.api", "read"),
    "segment": ("meronym.api", "segment"),
    "pretrain": ("meronym.shapes.pretraining", "pretrain"),
    "folder": ("meronym.datasets.folder", "Folder"),
    "Capture": ("meronym.types", "Capture"),
    "Mesh": ("meronym.types", "Mesh"),
    "PointCloud": ("meronym.types", "PointCloud"),
    "Segmentation": ("meronym.results", "Segmentation"),
    "Error": ("meronym.errors", "Error"),
    "InputError": ("meronym.errors", "InputError"),
    "LimitError": ("meronym.errors", "LimitError"),
    "WeightsError": ("meronym.errors", "WeightsError"),
    "DeviceError": ("meronym.errors", "DeviceError"),
    "PluginError": ("meronym.errors", "PluginError"),
}

__all__ = [
    "Capture",
    "DeviceError",
    "Error",
    "InputError",
    "LimitError",
    "Mesh",
    "PluginError",
    "PointCloud",
    "Segmentation",
    "WeightsError",
    "folder",
    "pretrain",
    "read",
    "segment",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'meronym' has no attribute {name!r}")
    module, attribute = _HOME[name]
    return getattr(import_module(module), attribute)


def __dir__() -> list[str]:
    return __all__
