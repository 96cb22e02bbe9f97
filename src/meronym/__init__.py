"""meronym names the parts of 3D things: a mesh and words in, a labelled mesh out.

>>> import meronym
>>> chair = meronym.read("chair.glb")                                             # doctest: +SKIP
>>> parts = meronym.segment(chair, ["seat", "backrest", "leg"], category="chair")  # doctest: +SKIP
>>> parts.save("chair_parts.glb")                                                 # doctest: +SKIP
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from meronym.datasets.folder import Folder as folder
    from meronym.errors import DeviceError, Error, InputError, LimitError, PluginError, WeightsError
    from meronym.io.mesh import read_shape as read
    from meronym.pipelines import pretrain, segment
    from meronym.types import Mesh, PointCloud, Segmentation

_HOME = {
    "read": ("meronym.io.mesh", "read_shape"),
    "segment": ("meronym.pipelines", "segment"),
    "pretrain": ("meronym.pipelines", "pretrain"),
    "folder": ("meronym.datasets.folder", "Folder"),
    "Mesh": ("meronym.types", "Mesh"),
    "PointCloud": ("meronym.types", "PointCloud"),
    "Segmentation": ("meronym.types", "Segmentation"),
    "Error": ("meronym.errors", "Error"),
    "InputError": ("meronym.errors", "InputError"),
    "LimitError": ("meronym.errors", "LimitError"),
    "WeightsError": ("meronym.errors", "WeightsError"),
    "DeviceError": ("meronym.errors", "DeviceError"),
    "PluginError": ("meronym.errors", "PluginError"),
}

__all__ = [
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
