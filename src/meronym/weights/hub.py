"""Models of the hub that teachers can use, and how their bytes are pinned: trust on first use.

meronym knows the repository, the revision and the licence of these models, not the digests of their files. The first fetch
asks the hub what the revision holds, takes the files that transformers reads, holds each against the size and the digest
that the hub states, and writes commit and sha256 of every file to `pins.json` beside them. A folder that was filled by hand
is pinned in the same way when it is first used; its revision is then unknown. Every later opening is checked against the
pins: a file that was changed, taken away or added is refused. What the first use saw is trusted; to hold other machines to
the same bytes, copy the folder with its pins.
"""

from __future__ import annotations

import hashlib
import http.client
import json
import os
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, cast
from urllib.parse import quote

import numpy as np
from safetensors import SafetensorError, safe_open

from meronym.errors import WeightsError
from meronym.weights.omdet import from_timm

TENSORS = "model.safetensors"
PICKLE = "pytorch_model.bin"
PICKLES = (".bin", ".pt", ".pth", ".ckpt", ".pkl")
PINS = "pins.json"
_READ = (".json", ".txt", ".model", ".safetensors")
"""Endings of the files that transformers reads; all of them are pinned."""
NETWORK_SECONDS = 15
_CHUNK = 1 << 20


@dataclass(frozen=True)
class HubEntry:
    """One model of the hub."""

    name: str
    what: str
    licence: str
    """SPDX identifier."""
    model: str
    """Class of transformers that loads it."""
    repository: str
    """owner/name; empty for a folder of the user's."""
    revision: str
    """Commit, or "main", which the first fetch resolves to one."""
    convert: Callable[[Path], None] | None = None
    """Turns the downloaded files into what `model` loads; None = they are that."""


HUB: tuple[HubEntry, ...] = (
    HubEntry(
        "clip-vit-base-patch16",
        "CLIP ViT-B/16: pictures and text in one space; teacher clip",
        "MIT",
        "CLIPModel",
        "openai/clip-vit-base-patch16",
        "57c216476eefef5ab752ec549e440a49ae4ae5f3",
    ),
    HubEntry(
        "siglip2-base",
        "SigLIP 2 ViT-B/16 at 256 pixels: pictures and text in one space; teacher siglip2",
        "Apache-2.0",
        "SiglipModel",
        "google/siglip2-base-patch16-256",
        "3f9f96cb90da5dbc758b01813f2f6f1aee24c1ab",
    ),
    HubEntry(
        "clipseg",
        "CLIPSeg rd64-refined: a mask for a phrase; teacher clipseg",
        "Apache-2.0",
        "CLIPSegForImageSegmentation",
        "CIDAS/clipseg-rd64-refined",
        "999e0328d9e10b484360c477313983f9afdd7050",
    ),
    HubEntry(
        "grounding-dino-tiny",
        "Grounding DINO tiny: boxes for phrases",
        "Apache-2.0",
        "GroundingDinoForObjectDetection",
        "IDEA-Research/grounding-dino-tiny",
        "a2bb814dd30d776dcf7e30523b00659f4f141c71",
    ),
    HubEntry(
        "mm-grounding-dino-tiny",
        "MM-Grounding-DINO tiny (O365v1, GoldG, V3Det): boxes for phrases",
        "Apache-2.0",
        "MMGroundingDinoForObjectDetection",
        "openmmlab-community/mm_grounding_dino_tiny_o365v1_goldg_v3det",
        "main",
    ),
    HubEntry(
        "owlv2-base",
        "OWLv2 ViT-B/16 ensemble: boxes for phrases",
        "Apache-2.0",
        "Owlv2ForObjectDetection",
        "google/owlv2-base-patch16-ensemble",
        "cfd3195ba4ea9592eec887ded089f4c08eff231d",
    ),
    HubEntry(
        "omdet-turbo-tiny",
        "OmDet-Turbo Swin-tiny: boxes for phrases",
        "Apache-2.0",
        "OmDetTurboForObjectDetection",
        "omlab/omdet-turbo-swin-tiny-hf",
        "main",
        from_timm,
    ),
    HubEntry(
        "sam-base",
        "SAM ViT-B: a mask for a box",
        "Apache-2.0",
        "SamModel",
        "facebook/sam-vit-base",
        "70c1a07f894ebb5b307fd9eaaee97b9dfc16068f",
    ),
    HubEntry(
        "sam2-tiny",
        "SAM 2.1 Hiera tiny: a mask for a box",
        "Apache-2.0",
        "Sam2Model",
        "facebook/sam2.1-hiera-tiny",
        "de431c4043854a71d8101e17995dfe596bf101a5",
    ),
)


def take(wanted: HubEntry, folder: Path) -> None:
    """Fill an empty folder with the files of a model and pin them; tensors that the hub has as a pickle only are converted.

    Raises: WeightsError if the hub cannot be reached or gives other bytes than it states.
    """
    with open_hub(f"api/models/{wanted.repository}/revision/{quote(wanted.revision, safe='')}?blobs=true") as stream:
        answer = json.load(stream)
    try:
        commit, listed = answer["sha"], {file["rfilename"]: file for file in answer["siblings"]}
        names = [name for name in listed if Path(name).name == name and name.endswith((".json", ".txt", ".model"))]
        names.append(TENSORS if TENSORS in listed else PICKLE)
        if wanted.revision not in ("main", commit):
            raise WeightsError(f"{wanted.repository}: asked for {wanted.revision}, the hub answered with {commit}")
        for name in names:
            _take_file(f"{wanted.repository}/resolve/{commit}/{name}", listed[name], folder / name)
    except (KeyError, TypeError) as error:
        raise WeightsError(f"{wanted.repository}@{wanted.revision}: the hub does not list what is needed: {error!r}") from error
    if (folder / PICKLE).exists():
        from meronym.weights import unpickle

        unpickle.convert(folder / PICKLE, folder / TENSORS)
        (folder / PICKLE).unlink()
    if wanted.convert:
        wanted.convert(folder)
    _pin(folder, wanted.repository, commit)


def by_hand(folder: Path) -> HubEntry:
    """An entry for a folder that is not in the catalogue; its `config.json` names the class.

    Raises: WeightsError if it does not.
    """
    try:
        (model,) = json.loads((folder / "config.json").read_bytes())["architectures"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise WeightsError(
            f"{folder / 'config.json'}: expected 'architectures' with one class of transformers: {error!r}"
        ) from error
    return HubEntry(folder.resolve().name, str(folder), "unknown", model, "", "")


def check(folder: Path, cure: str) -> None:
    """Hold every file of a folder against its pins; pin it first if this is its first use.

    Raises: WeightsError, with both hashes, if a file was changed, taken away or added.
    """
    if not (folder / PINS).exists():
        _pin(folder, None, None)
    pinned, found = read_pins(folder)["files"], _digests(folder)
    cure = f"If you changed it on purpose, delete {folder / PINS}. Otherwise: {cure}"
    for name in sorted(pinned.keys() | found.keys()):
        expect(folder / name, pinned.get(name, "no such file"), found.get(name, "no such file"), cure)


def read_pins(folder: Path) -> dict[str, Any]:
    """What `pins.json` says: repository and revision (None = unknown), and the sha256 of every file."""
    try:
        pins = json.loads((folder / PINS).read_bytes())
        return {"repository": pins["repository"], "revision": pins["revision"], "files": dict(pins["files"])}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise WeightsError(f"{folder / PINS}: damaged ({error!r}). Delete it to pin the folder as it is now.") from error


def expect(file: Path | str, expected: str, found: str, cure: str) -> None:
    """Raise WeightsError unless two hashes agree."""
    if found != expected:
        raise WeightsError(f"{file}: sha256 mismatch: expected {expected}, found {found}. {cure}")


def tensor_sha256(file: Path) -> str:
    """sha256 over the tensors of a safetensors file, in order of name: name, dtype, shape, bytes.

    Independent of how the file lays them out, so that every source gives the same value.

    Raises: WeightsError if it is no whole safetensors file.
    """
    digest = hashlib.sha256()
    try:
        with safe_open(file, framework="np") as tensors:
            for key in sorted(tensors.keys()):
                value = np.ascontiguousarray(tensors.get_tensor(key))
                digest.update(f"{key} {value.dtype} {list(value.shape)}\n".encode())
                digest.update(value.data.cast("B"))
    except (SafetensorError, OSError, AttributeError, TypeError) as error:  # the last two: a type that numpy lacks
        raise WeightsError(f"{file}: not a whole safetensors file ({error}). Delete its folder and fetch again.") from error
    return digest.hexdigest()


@contextmanager
def open_hub(path: str) -> Iterator[BinaryIO]:
    """Read from the model hub, anonymously.

    Raises: WeightsError if the hub cannot be reached or must not be.
    """
    if os.environ.get("HF_HUB_OFFLINE", "0").lower() in ("1", "true", "yes", "on"):
        raise WeightsError("HF_HUB_OFFLINE is set")
    url = f"{os.environ.get('HF_ENDPOINT', 'https://huggingface.co').rstrip('/')}/{path}"
    try:
        with urllib.request.urlopen(url, timeout=NETWORK_SECONDS) as stream:
            yield cast(BinaryIO, stream)
    except (OSError, ValueError, http.client.HTTPException) as error:
        raise WeightsError(f"{url}: {error}") from error


def copy(read: Callable[[int], bytes], target: Path, digest: Any, expected: str, size: int) -> None:
    """Write a download to `target`, at most the bytes it should have, and check it by `digest` (of hashlib)."""
    got = 0
    with target.open("wb") as out:
        while got <= size and (chunk := read(_CHUNK)):
            digest.update(chunk)
            got += len(chunk)
            out.write(chunk)
    expect(target.name, expected, digest.hexdigest(), f"Got {got} bytes of {size}.")


def _take_file(path: str, listed: Mapping[str, Any], target: Path) -> None:
    """Download one file; the hub states the sha256 of a large one and the git hash of a small one."""
    size, large = listed["size"], listed.get("lfs")
    digest = hashlib.sha256() if large else hashlib.sha1(f"blob {size}\0".encode(), usedforsecurity=False)
    with open_hub(path) as stream:
        copy(stream.read, target, digest, large["sha256"] if large else listed["blobId"], size)


def _digests(folder: Path) -> dict[str, str]:
    """sha256 of every file of a folder that transformers could read."""
    files = [file for file in sorted(folder.iterdir()) if file.suffix in _READ and file.name != PINS]
    try:
        return {file.name: _sha256(file) for file in files}
    except OSError as error:
        raise WeightsError(f"{folder}: cannot be read: {error}") from error


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _pin(folder: Path, repository: str | None, revision: str | None) -> None:
    try:
        with safe_open(folder / TENSORS, framework="np"):
            pass
    except (SafetensorError, OSError) as error:
        raise WeightsError(f"{folder / TENSORS}: not a whole safetensors file ({error}). Put the right one there.") from error
    pins = {"repository": repository, "revision": revision, "files": _digests(folder)}
    temporary = folder / f".{PINS}.{os.getpid()}"
    try:
        temporary.write_text(json.dumps(pins, indent=1), encoding="utf-8")
        os.replace(temporary, folder / PINS)
    except OSError as error:
        raise WeightsError(f"{folder / PINS} cannot be written: {error}. Open the folder once as a user who can.") from error
