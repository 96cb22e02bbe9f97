"""The kinds of things that the generator can make, by family, and how people call their parts."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from meronym_synthetic.kit import Kind

_MODULES = [import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__)]

KINDS: dict[str, Kind] = {name: kind for module in _MODULES for name, kind in module.KINDS.items()}
SYNONYMS: dict[str, dict[str, tuple[str, ...]]] = {name: module.SYNONYMS for module in _MODULES for name in module.KINDS}
"""Per kind: part name (its last component) -> other names of it."""
