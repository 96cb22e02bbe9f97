"""Registry of the kinds of things that can be made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from meronym_synthetic.kit.rng import Rng
from meronym_synthetic.kit.solids import Solid

Make = Callable[[Rng], list[Solid]]


@dataclass(frozen=True)
class Kind:
    """A category of things: how to make one, and what people call it and its parts."""

    make: Make
    family: str
    """Kinds of one family look alike or share their parts; they are left out together when new words are tested."""
    names: tuple[str, ...]
    """Words for the whole, the usual one first."""
    synonyms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Other words for a part, by the last component of its name."""
    organic: bool = False
    """Solids may melt into one skin (animals, people, plants)."""


registered: dict[str, Kind] = {}


def kind(
    name: str, *, family: str, names: tuple[str, ...], synonyms: Mapping[str, tuple[str, ...]], organic: bool = False
) -> Callable[[Make], Make]:
    """Decorator that registers a function as the maker of a kind of things; the fields are those of `Kind`.

    >>> @kind("ball", family="ball", names=("ball", "sphere"), synonyms={"surface": ("skin",)})
    ... def ball(u):
    ...     return [ellipsoid("surface", (0, 0, 0), u(0.4, 0.6))]

    Raises: ValueError if the name is taken.
    """
    if name in registered:
        raise ValueError(f"kind {name!r}: the name is taken, in {registered[name].make.__module__}")

    def register(make: Make) -> Make:
        registered[name] = Kind(make, family, names, synonyms, organic)
        return make

    return register
