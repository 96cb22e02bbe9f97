"""Downloads from the Hugging Face Hub through huggingface_hub, which brings tokens, proxies, mirrors and resumed transfers."""

from __future__ import annotations

import errno
import hashlib
import os
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from inspect import signature
from pathlib import Path
from typing import Any

from meronym.core.hashing import sha256_of
from meronym.errors import WeightsError
from meronym.weights.pins import READABLE, TENSORS, check_digest

PICKLE = "pytorch_model.bin"
_ONE_AT_A_TIME = threading.Lock()


@dataclass(frozen=True)
class HubFile:
    """One file of a repository."""

    size: int
    """Bytes."""
    digest: str
    """sha256 (64 digits); git's hash (40 digits) where the hub states no other."""


def list_files(repository: str, revision: str, seconds: float) -> tuple[str, dict[str, HubFile]]:
    """The commit that a revision stands for, and its files.

    Raises: WeightsError, with the cure, if the hub doesn't give them within `seconds`.
    """
    with _hub() as api:
        info = api.model_info(repository, revision=revision, files_metadata=True, timeout=seconds)
        files = {file.rfilename: HubFile(file.size, file.lfs["sha256"] if file.lfs else file.blob_id) for file in info.siblings}
    if revision not in ("main", info.sha):
        raise WeightsError(f"{repository}: asked for {revision}, the hub answered with {info.sha}")
    return info.sha, files


def loadable(files: Mapping[str, HubFile]) -> dict[str, HubFile]:
    """The files that transformers reads: settings and words in the top folder, and the tensors, a pickle only if need be.

    Raises: KeyError if there are no tensors.
    """
    tensors = TENSORS if TENSORS in files else PICKLE
    settings = [name for name in files if Path(name).name == name and name.endswith(READABLE)]
    return {name: files[name] for name in [*settings, tensors]}


def download(
    repository: str, commit: str, files: Mapping[str, HubFile], folder: Path, seconds: float, progress: Callable[[int], None]
) -> None:
    """Put files of a repository into a folder under their own names, each checked by its digest.

    `progress` gets the bytes that have arrived. The transfer is plain HTTP, and is broken off when a file turns out longer
    than stated.

    Raises: WeightsError, with the cure, if the hub cannot give them, or gives other bytes.
    """
    before = 0
    with tempfile.TemporaryDirectory(prefix="hub-", dir=folder.parent) as scratch, _hub() as api:
        for name, file in files.items():
            options: dict[str, Any] = {"local_dir": scratch, "etag_timeout": seconds}
            if "tqdm_class" in signature(api.hf_hub_download).parameters:  # since huggingface_hub 1.1
                options["tqdm_class"] = _counter(name, file.size, before, progress)
            whole = Path(api.hf_hub_download(repository, name, revision=commit, **options))
            found = sha256_of(whole) if len(file.digest) == 64 else _git_hash(whole)
            check_digest(name, file.digest, found, f"Got {whole.stat().st_size} bytes of {file.size}.")
            os.replace(whole, folder / name)
            before += file.size
            progress(before)


def _counter(name: str, size: int, before: int, progress: Callable[[int], None]) -> type:
    """A progress bar that shows nothing: it reports the bytes that have arrived, and stops a file that is too long."""
    from huggingface_hub.utils.tqdm import tqdm

    class Counter(tqdm):
        monitor_interval = 0

        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **{**kwargs, "disable": True})

        def update(self, n: float | None = 1) -> None:
            self.n += int(n or 0)
            if self.n > size:
                raise WeightsError(f"{name}: longer than the hub states. Got {self.n} bytes of {size}.")
            progress(before + self.n)

    return Counter


@contextmanager
def _hub() -> Iterator[Any]:
    """huggingface_hub's client, without telemetry; its errors become WeightsErrors.

    Two switches of huggingface_hub are set meanwhile and put back: telemetry, and Xet, whose transfers cannot be broken off.
    """
    if os.environ.get("HF_HUB_OFFLINE", "0").lower() in ("1", "true", "yes", "on"):
        raise WeightsError("HF_HUB_OFFLINE is set. Unset it to download.")
    from huggingface_hub import HfApi, constants

    switches: Any = constants
    with _ONE_AT_A_TIME:
        before = switches.HF_HUB_DISABLE_TELEMETRY, switches.HF_HUB_DISABLE_XET
        switches.HF_HUB_DISABLE_TELEMETRY = switches.HF_HUB_DISABLE_XET = True
        try:
            yield HfApi(endpoint=os.environ.get("HF_ENDPOINT", constants.ENDPOINT).rstrip("/"))
        except WeightsError:
            raise
        except Exception as error:  # huggingface_hub passes on those of its HTTP library, which is another one in each version
            if isinstance(error, OSError) and (error.filename or error.errno == errno.ENOSPC):
                raise  # a file here, not the hub
            raise WeightsError(_explained(error)) from error
        finally:
            switches.HF_HUB_DISABLE_TELEMETRY, switches.HF_HUB_DISABLE_XET = before


def _explained(error: Exception) -> str:
    """What failed, and the cure."""
    from huggingface_hub import errors

    if isinstance(error, errors.LocalEntryNotFoundError) and isinstance(error.__cause__, Exception):
        error = error.__cause__  # the fault of the network or of the hub because of which a local file was looked for
    status = getattr(getattr(error, "response", None), "status_code", None)
    log_in = "log in (hf auth login) or set HF_TOKEN"
    if isinstance(error, errors.GatedRepoError):
        cure = f"Accept the model's terms on its page of the hub, then {log_in}."
    elif isinstance(error, errors.RepositoryNotFoundError) or status in (401, 403):
        cure = f"If the repository is private, {log_in}."
    elif isinstance(error, errors.OfflineModeIsEnabled):
        cure = "Unset HF_HUB_OFFLINE and TRANSFORMERS_OFFLINE to download."
    elif status == 404:
        cure = "It is no longer on the hub: install a newer meronym, or copy the folder from a machine that has it."
    elif status:
        cure = "The hub has a fault: try again later, or name a mirror in HF_ENDPOINT."
    else:
        cure = "Check the network and the proxy (HTTPS_PROXY), or name a mirror in HF_ENDPOINT."
    return f"{type(error).__name__}: {' '.join(str(error).split()).rstrip('.')}. {cure}"


def _git_hash(path: Path) -> str:
    """git's name for a file's content."""
    content = path.read_bytes()
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()
