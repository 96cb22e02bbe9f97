"""Zip files: their size is known before anything is unpacked, and only plain names are handed out."""

from __future__ import annotations

import zipfile
from pathlib import Path

from meronym.errors import InputError, LimitError
from meronym.io.limits import Limits, check_size


def members(path: Path, limits: Limits) -> dict[str, zipfile.ZipInfo]:
    """The files of a zip file by their names, folders left out.

    Raises: InputError if it is no zip file, is encrypted or holds a name twice; LimitError if it unpacks to too much.
    """
    size = check_size(path, limits)
    try:
        with zipfile.ZipFile(path) as archive:
            found = [member for member in archive.infolist() if not member.is_dir()]
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise InputError(f"{path.name}: not a readable zip file: {error}. Save it again.") from error
    unpacked = sum(member.file_size for member in found)
    if unpacked > limits.bytes:
        raise LimitError(f"{path.name}: unpacks to {unpacked} bytes, the limit is {limits.bytes}. Raise Limits.bytes.")
    if unpacked > max(limits.ratio * size, limits.small):
        raise LimitError(f"{path.name}: {size} bytes unpack to {unpacked}, over {limits.ratio} times. Refused.")
    by_name = {member.filename.replace("\\", "/"): member for member in found}
    if len(by_name) < len(found):
        raise InputError(f"{path.name}: it holds two files of one name. Pack it again.")
    locked = next((member.filename for member in found if member.flag_bits & 1), None)
    if locked is not None:
        raise InputError(f"{path.name}: {locked[:80]!r} is encrypted. Pack it without a password.")
    return by_name


def unpack(path: Path, member: zipfile.ZipInfo) -> bytes:
    """The bytes of a file that `members` listed; never more than it said.

    Raises: InputError if it is damaged.
    """
    try:
        with zipfile.ZipFile(path) as archive, archive.open(member) as file:
            return file.read(member.file_size)
    except Exception as error:  # a decoder may raise anything at all on damaged bytes
        raise InputError(f"{path.name}: {member.filename[:80]!r} is damaged: {error}. Pack it again.") from error
