"""The catalogue of pretrained weights: look up, download, verify and load.

An entry is kept as a folder `<root>/<name>` that transformers loads: `config.json`, `model.safetensors` and, for a text
model, its tokenizer. The root is the environment variable MERONYM_WEIGHTS, or the user's cache. Every file is checked
by sha256 when it is downloaded, and again whenever the folder is used. Pickles in the folder are never read.

A folder that the files were copied to by hand serves as well, and so does any other folder that transformers wrote: give its
path in place of a name.
"""

from __future__ import annotations

import json
import os
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from filelock import FileLock
from platformdirs import user_cache_path
from safetensors import SafetensorError

from meronym.core.hashing import sha256_of
from meronym.errors import WeightsError
from meronym.progress import Progress, silent
from meronym.weights import pins
from meronym.weights.download import DEFAULT, DownloadSettings, download
from meronym.weights.entries import CATALOGUE, MODELS, Entry, HubEntry
from meronym.weights.pins import TENSORS, check_digest, tensor_sha256

if TYPE_CHECKING:
    from transformers import PreTrainedModel

PICKLES = (".bin", ".pt", ".pth", ".ckpt", ".pkl")
ADAPTER = "adapter_config.json"
"""With peft installed, transformers would follow this file to other weights."""


def names(*, at_hand: bool = False) -> list[str]:
    """Every name in the catalogue; with `at_hand`, what the default teacher needs and what is in the cache."""
    return [name for name, known in CATALOGUE.items() if not at_hand or isinstance(known, Entry) or (root() / name).exists()]


def entry(name: str | Path) -> Entry | HubEntry:
    """Look up a catalogue entry, or make one for a folder.

    Raises: WeightsError if there is none by that name.
    """
    if name in CATALOGUE:
        return CATALOGUE[str(name)]
    if Path(name).is_dir():
        return _entry_of_folder(Path(name))
    raise WeightsError(f"no weights named {str(name)!r} in the catalogue, and no such folder; known: {', '.join(names())}")


def root() -> Path:
    """The folder that holds one folder per entry: MERONYM_WEIGHTS, or the user's cache."""
    chosen = os.environ.get("MERONYM_WEIGHTS")
    return Path(chosen).expanduser() if chosen else user_cache_path("meronym") / "weights"


def path(name: str | Path) -> Path:
    """The verified folder of an entry, downloaded first if it is missing.

    Raises: WeightsError if it is damaged, or missing and cannot be downloaded.
    """
    return fetch(name)


def fetch(name: str | Path, *, progress: Progress = silent, settings: DownloadSettings = DEFAULT) -> Path:
    """Download an entry unless it is there, verify it, and return its folder.

    `progress` is given bytes. Safe against interruption and against other processes that fetch the same entry: a lock, a
    temporary folder, one atomic rename.

    Raises: WeightsError if the folder is damaged, cannot be written, or no source gives the right bytes.
    """
    wanted, folder = entry(name), _folder(name)
    try:
        if not folder.exists():
            folder.parent.mkdir(parents=True, exist_ok=True)
            with FileLock(folder.parent / f".{name}.lock"):
                if not folder.exists():
                    cure = "The source holds something else than the catalogue expects."
                    download(wanted, folder, partial(_check_folder, wanted, cure=cure), settings, progress)
    except OSError as error:
        raise WeightsError(f"{name}: {folder} cannot be written: {error}. Set MERONYM_WEIGHTS to a folder that can.") from error
    verify(name)
    progress(f"verified {name}", 1, 1, str(folder))
    return folder


def verify(name: str | Path) -> dict[str, Any]:
    """Check every byte of an entry that matters; return what goes into a result's record.

    Raises: WeightsError, with both hashes, if the folder is missing, incomplete or not what the catalogue says.
    """
    wanted, folder = entry(name), _folder(name)
    again = f"Delete {folder} and run: meronym weights fetch {name}" if name in CATALOGUE else "Put the right files there."
    _check_folder(wanted, folder, again)
    return record(name)


def record(name: str | Path) -> dict[str, Any]:
    """What goes into a result's record: name, licence, sha256; for a model of the hub, repository and revision as well.

    Raises: WeightsError if a model of the hub was never verified.
    """
    known = entry(name)
    if isinstance(known, Entry):
        return {"name": known.name, "licence": known.licence, "sha256": known.sha256}
    pinned = pins.read_pins(_folder(name))
    origin = {"repository": pinned["repository"], "revision": pinned["revision"]}
    return {"name": known.name, "licence": known.licence, "sha256": pinned["files"][TENSORS], **origin}


def status(*, at_hand: bool = False) -> list[dict[str, str]]:
    """One row per entry of `names`: name, what, licence, state (present, missing, or what is wrong), folder."""
    rows = []
    for name in names(at_hand=at_hand):
        known, folder, state = entry(name), root() / name, "missing"
        if folder.exists():
            try:
                verify(name)
                state = "present"
            except WeightsError as error:
                state = str(error)
        rows.append({"name": name, "what": known.what, "licence": known.licence, "state": state, "folder": str(folder)})
    return rows


def load_model(name: str | Path, model: str | None = None) -> PreTrainedModel:
    """The entry's network with its weights, frozen, in evaluation mode, on the CPU; its `name_or_path` is the folder.

    Raises: WeightsError as `path` does, if the network is not of the class `model` where that is given, or if the tensors
    do not fit the network. Tensors that a model of the hub has no use for are passed over.
    """
    import transformers
    from transformers.utils import logging

    folder, known = path(name), entry(name)
    if model not in (None, known.model) or not hasattr(transformers, known.model):
        raise WeightsError(
            f"{folder}: expected {model or 'a class of transformers'}, found {known.model}. Choose other weights."
        )
    if (folder / ADAPTER).exists():
        raise WeightsError(f"{folder / ADAPTER}: adapters are not supported. Merge it into {TENSORS}, or remove it.")
    network = getattr(transformers, known.model)
    bar_was_shown = logging.is_progress_bar_enabled()
    logging.disable_progress_bar()
    try:
        loaded, info = network.from_pretrained(folder, local_files_only=True, use_safetensors=True, output_loading_info=True)
    except (OSError, ValueError, RuntimeError, SafetensorError) as error:
        raise WeightsError(f"{folder}: {known.model} cannot be made of it: {error}") from error
    finally:
        if bar_was_shown:
            logging.enable_progress_bar()
    unused_is_wrong = isinstance(known, Entry)
    wrong = {
        kind: sorted(map(str, keys)) for kind, keys in info.items() if keys and (unused_is_wrong or kind != "unexpected_keys")
    }
    if wrong:
        raise WeightsError(f"{folder / TENSORS}: the tensors do not fit {known.model}: {wrong}")
    for key, value in loaded.named_parameters():
        if not value.isfinite().all():
            raise WeightsError(f"{folder / TENSORS}: {key} is not finite. Get the weights again.")
    frozen: PreTrainedModel = loaded.eval().requires_grad_(False)
    return frozen


def _entry_of_folder(folder: Path) -> HubEntry:
    """An entry for a folder that is not in the catalogue; its `config.json` names the class.

    Raises: WeightsError if it doesn't, or names one that no model of the catalogue has.
    """
    file = folder / "config.json"
    try:
        (model,) = json.loads(file.read_bytes())["architectures"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise WeightsError(f"{file}: expected 'architectures' with one class of transformers: {error!r}") from error
    if model not in MODELS:
        raise WeightsError(f"{file}: architectures: {model!r} is not supported; supported: {', '.join(sorted(MODELS))}")
    return HubEntry(folder.resolve().name, str(folder), "unknown", model, "", "")


def _folder(name: str | Path) -> Path:
    return root() / name if name in CATALOGUE else Path(name)


def _check_folder(wanted: Entry | HubEntry, folder: Path, cure: str) -> None:
    """Raise WeightsError unless `folder` holds what `wanted` promises."""
    if not (folder / TENSORS).is_file():
        pickles = sorted(file.name for file in folder.glob("*") if file.suffix in PICKLES)
        if pickles:
            raise WeightsError(f"{folder / pickles[0]}: a pickle can run code; only {TENSORS} is read. {cure}")
        raise WeightsError(f"{folder}: {TENSORS} is missing. {cure}")
    if isinstance(wanted, HubEntry):
        pins.check(folder, cure)
        return
    for name, expected in wanted.files.items():
        try:
            found = sha256_of(folder / name)
        except OSError as error:
            raise WeightsError(f"{folder}: {name} cannot be read ({error}). {cure}") from error
        check_digest(folder / name, expected, found, cure)
    check_digest(folder / TENSORS, wanted.sha256, tensor_sha256(folder / TENSORS), cure)
