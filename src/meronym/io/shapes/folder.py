"""Access to the files beside a shape."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

from meronym.errors import InputError, LimitError
from meronym.io.images import open_image
from meronym.io.limits import Limits, check_size
from meronym.io.paths import inside
from meronym.io.zips import members, unpack


@dataclass
class ShapeFolder:
    """Hands out the files that lie beside or below a shape, and no others.

    Parsers tend to swallow a refusal, so the first is kept in `refused`.
    """

    path: Path
    """The folder of the shape."""
    limits: Limits
    refused: InputError | LimitError | None = None
    missing: int = 0
    """Files that were asked for and are not there."""
    archive: Path | None = None
    """The zip file that `path` lies in, as if that were a folder; None = it is one."""

    def get(self, name: str) -> bytes:
        """The bytes of the file `name`, or of a `data:` URI.

        Raises: InputError if the name leads out of the folder, LimitError if the file is too large, FileNotFoundError if it
        is not there.
        """
        try:
            return _data_uri(name) if name.startswith("data:") else self._file(unquote(name))
        except (InputError, LimitError) as error:
            self.refused = self.refused or error
            raise

    def _file(self, name: str) -> bytes:
        path = inside(self.path, name) if name.strip() else self.path
        if self.archive is not None:
            return self._packed(self.archive, path)
        if not path.is_file():
            self.missing += 1
            raise FileNotFoundError(name)
        check_size(path, self.limits)
        return path.read_bytes()

    def _packed(self, archive: Path, path: Path) -> bytes:
        """The bytes of a file in a zip file; one that lies in another folder there is found by its name, if that is unique."""
        files = members(archive, self.limits)
        wanted = path.relative_to(archive).as_posix()
        same = [name for name in files if PurePosixPath(name).name.lower() == path.name.lower()]
        if wanted not in files and len(same) != 1:
            self.missing += 1
            raise FileNotFoundError(wanted)
        return unpack(archive, files[wanted] if wanted in files else files[same[0]])


@dataclass
class TrimeshResolver:
    """Stands where trimesh expects a resolver, which takes material files by `[]` and pictures by `get`.

    trimesh leaves pictures to Pillow whatever their format, so that they are checked before it gets them.
    """

    folder: ShapeFolder

    def __getitem__(self, name: str) -> bytes:
        return self.folder.get(name)

    def get(self, name: str) -> bytes:
        """The bytes of a picture.

        Raises: as `ShapeFolder.get` and `open_image`.
        """
        data = self.folder.get(name)
        try:
            open_image(data, name, self.folder.limits)
        except (InputError, LimitError) as error:
            self.folder.refused = self.folder.refused or error
            raise
        return data


def _data_uri(uri: str) -> bytes:
    head, _, body = uri.partition(",")
    if not head.endswith(";base64"):
        raise InputError(f"the data URI {uri[:40]!r} is not base64. Save the file as .glb.")
    try:
        return base64.b64decode(body)
    except (binascii.Error, ValueError) as error:
        raise InputError(f"the data URI {uri[:40]!r} is damaged: {error}. Export the file again.") from error
