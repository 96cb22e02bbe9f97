"""meronym names the parts of 3D things: a mesh, a point cloud or posed photos and words in, labels out.

>>> import meronym
>>> parts = meronym.segment("chair.glb", ["seat", "backrest", "leg"], category="chair")  # doctest: +SKIP
>>> parts["leg"]                                                                         # doctest: +SKIP
>>> parts.save("chair_parts.glb")                                                        # doctest: +SKIP
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from meronym.api import load as load
    from meronym.api import pretrain as pretrain
    from meronym.api import propose as propose
    from meronym.api import query as query
    from meronym.api import read as read
    from meronym.api import segment as segment
    from meronym.datasets.folder import Folder as folder
    from meronym.errors import DeviceError, Error, InputError, LimitError, MissingExtra, PluginError, WeightsError
    from meronym.parts.proposals import Proposal
    from meronym.protocols import Teacher
    from meronym.results import Record, Segmentation
    from meronym.teachers.oracle import OracleTeacher
    from meronym.testing import check_backbone, check_dataset, check_kind, check_method, check_renderer, check_teacher
    from meronym.types import Capture, Gaussians, Mesh, PointCloud

    __version__: str

_HOME = {
    "Capture": "meronym.types",
    "DeviceError": "meronym.errors",
    "Error": "meronym.errors",
    "Gaussians": "meronym.types",
    "InputError": "meronym.errors",
    "LimitError": "meronym.errors",
    "Mesh": "meronym.types",
    "MissingExtra": "meronym.errors",
    "OracleTeacher": "meronym.teachers.oracle",
    "PluginError": "meronym.errors",
    "PointCloud": "meronym.types",
    "Proposal": "meronym.parts.proposals",
    "Record": "meronym.results",
    "Segmentation": "meronym.results",
    "Teacher": "meronym.protocols",
    "WeightsError": "meronym.errors",
    "check_backbone": "meronym.testing",
    "check_dataset": "meronym.testing",
    "check_kind": "meronym.testing",
    "check_method": "meronym.testing",
    "check_renderer": "meronym.testing",
    "check_teacher": "meronym.testing",
    "folder": "meronym.datasets.folder:Folder",
    "load": "meronym.api",
    "pretrain": "meronym.api",
    "propose": "meronym.api",
    "query": "meronym.api",
    "read": "meronym.api",
    "segment": "meronym.api",
}
"""Public name -> its module, imported when the name is first used; after a colon, the name that it has there."""

__all__ = [
    "Capture",
    "DeviceError",
    "Error",
    "Gaussians",
    "InputError",
    "LimitError",
    "Mesh",
    "MissingExtra",
    "OracleTeacher",
    "PluginError",
    "PointCloud",
    "Proposal",
    "Record",
    "Segmentation",
    "Teacher",
    "WeightsError",
    "__version__",
    "check_backbone",
    "check_dataset",
    "check_kind",
    "check_method",
    "check_renderer",
    "check_teacher",
    "folder",
    "load",
    "pretrain",
    "propose",
    "query",
    "read",
    "segment",
]


if not TYPE_CHECKING:  # for a type checker there are the names above and no others

    def __getattr__(name: str) -> object:
        if name == "__version__":
            from importlib.metadata import version

            return version("meronym")
        if name not in _HOME:
            raise AttributeError(f"module 'meronym' has no attribute {name!r}")
        module, _, attribute = _HOME[name].partition(":")
        return getattr(import_module(module), attribute or name)


def __dir__() -> list[str]:
    return __all__
