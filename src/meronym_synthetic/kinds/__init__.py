"""The kinds of things that can be made: each module describes some families as functions that return named solids."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from meronym_synthetic.kit.registry import Kind, registered

for _module in iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")

KINDS: dict[str, Kind] = dict(sorted(registered.items()))
"""By name, sorted."""
