"""The shape in a zip file, with the files that it names, such as a .gltf with its buffers and textures."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from meronym.errors import InputError
from meronym.io.limits import Limits
from meronym.io.paths import inside
from meronym.io.shapes.folder import ShapeFolder
from meronym.io.zips import members, unpack


@contextmanager
def the_shape_in(path: Path, limits: Limits, endings: Sequence[str]) -> Iterator[tuple[Path, ShapeFolder]]:
    """A temporary copy of the one shape in a zip file, and the folder that hands out what lies beside it there.

    If it lies there in several formats, under one name, the first of `endings` is taken.

    Raises: InputError if it is no sound zip file, or holds no shape or several; LimitError if it unpacks to too much.
    """
    files = members(path, limits)
    shapes = [
        name
        for name in map(PurePosixPath, files)
        if name.suffix.lower() in endings and name.suffix.lower() != ".zip" and not any(part[0] in "._" for part in name.parts)
    ]
    if not shapes:
        raise InputError(f"{path.name}: no shape in it that is read. It may hold one of {' '.join(endings)}, and its files.")
    if len({name.stem.lower() for name in shapes}) > 1:
        listed = ", ".join(sorted(map(str, shapes))[:5])
        raise InputError(f"{path.name}: {len(shapes)} shapes in it: {listed}. Unpack it, and give one of them.")
    chosen = min(shapes, key=lambda name: (endings.index(name.suffix.lower()), str(name)))
    folder = ShapeFolder(inside(path, str(chosen)).parent, limits, archive=path)
    with tempfile.TemporaryDirectory() as place:
        inner = Path(place) / f"shape{chosen.suffix.lower()}"
        inner.write_bytes(unpack(path, files[str(chosen)]))
        yield inner, folder
