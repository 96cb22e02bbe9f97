"""Checkpoints that others published: safetensors, or pickles through an unpickler that builds tensors and nothing else."""

from __future__ import annotations

import io
import os
import pickletools
import tempfile
import zipfile
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from meronym.errors import WeightsError

_ALLOWED = frozenset(
    [f"torch.{kind}Storage" for kind in ("BFloat16", "Bool", "Byte", "Char", "Double", "Float", "Half", "Int", "Long", "Short")]
    + [f"torch._utils._rebuild_{made}" for made in ("tensor", "tensor_v2", "parameter")]
    + ["collections.OrderedDict", "torch.Size"]
)
"""What a pickle may name: what torch.save writes for strided tensors and parameters. torch's own list is wider, it lets a file
allocate without bound (bytearray), and other libraries of the process can add to it."""


def read(path: Path) -> dict[str, Tensor]:
    """The model's tensors by name; `base_model` and `module.`, with which training scripts wrap them, are taken off.

    Raises: WeightsError if the file is absent, damaged, or holds anything but tensors and plain containers.
    """
    whole = _safetensors(path) if path.suffix == ".safetensors" else _pickle(path)
    model = whole["base_model"] if isinstance(whole, dict) and "base_model" in whole else whole
    if not isinstance(model, dict):
        raise WeightsError(f"{path}: expected a dictionary of tensors, got {type(model).__name__}. Is it a checkpoint?")
    tensors = {str(name).removeprefix("base_model.").removeprefix("module."): value for name, value in model.items()}
    for name, value in tensors.items():
        if not isinstance(value, Tensor):
            raise WeightsError(f"{path}: {name}: expected a tensor, got {type(value).__name__}.")
        stored = value.untyped_storage().nbytes()
        if value.nbytes > stored:
            raise WeightsError(f"{path}: {name}: {value.nbytes} bytes are claimed, {stored} are stored. Get the file again.")
    return tensors


def convert(path: str | Path, target: str | Path) -> None:
    """Write a checkpoint's tensors to `target` as safetensors, so that its pickle need never be read again.

    Raises: WeightsError as `read` does, or if `target` cannot be written.
    """
    path, target = Path(path), Path(target)
    if target.suffix != ".safetensors":
        raise WeightsError(f"{target}: not a name for safetensors. Give it the ending .safetensors.")
    tensors = {name: value.clone().contiguous() for name, value in read(path).items()}  # names may share memory
    try:
        with tempfile.TemporaryDirectory(prefix=".convert-", dir=target.parent) as scratch:
            save_file(tensors, Path(scratch) / target.name)
            os.replace(Path(scratch) / target.name, target)
    except (OSError, SafetensorError) as error:
        raise WeightsError(f"{target}: cannot be written: {error}. Free some space, or choose another place.") from error


def load_into(model: nn.Module, path: Path, unused: tuple[str, ...] = ()) -> None:
    """Fill every parameter and buffer of a network; tensors whose names start with one of `unused` are passed over.

    Raises: WeightsError as `read` does, or if a tensor is missing, unknown or of another shape; the message names them.
    """
    wanted = model.state_dict()
    given = {name: value for name, value in read(path).items() if name in wanted or not name.startswith(unused)}
    wrong = [f"{name} is missing" for name in wanted if name not in given]
    wrong += [f"{name} is unknown" for name in given if name not in wanted]
    for name in wanted.keys() & given.keys():
        expected, got = list(wanted[name].shape), list(given[name].shape)
        if expected != got:
            wrong.append(f"{name}: expected shape {expected}, got {got}")
        elif not given[name].isfinite().all():
            wrong.append(f"{name} is not finite")
    if wrong:
        shown = "; ".join(sorted(wrong)[:20])
        raise WeightsError(f"{path}: {len(wrong)} tensors do not fit {type(model).__name__}: {shown}.")
    model.load_state_dict(given)


def _safetensors(path: Path) -> object:
    try:
        return load_file(path)
    except (SafetensorError, OSError) as error:
        raise WeightsError(f"{path}: not a whole safetensors file ({error}). Get it again.") from error


def _pickle(path: Path) -> object:
    try:
        forbidden = [name for name in _names(path) if name not in _ALLOWED]
        if not forbidden:
            return torch.load(path, map_location="cpu", weights_only=True)
    except OSError as error:
        raise WeightsError(f"{path}: cannot be read ({error}). Give the path of a checkpoint.") from error
    except WeightsError:
        raise
    except Exception as error:  # a damaged pickle can fail in any way
        raise WeightsError(f"{path}: not a whole checkpoint ({str(error)[:200]}). Get it again.") from error
    raise WeightsError(
        f"{path}: holds {forbidden[0]}. A pickle can run code, so only tensors and plain containers are read. Get the "
        "weights as safetensors; or, if you trust the file, load it in a program of yours and save its tensors alone."
    )


def _names(path: Path) -> list[str]:
    """Every function and class that the pickles of a checkpoint name, read off without loading anything.

    Raises: WeightsError if the file is compressed, so that it could be far larger in memory.
    """
    if not zipfile.is_zipfile(path):
        with path.open("rb") as file:  # before torch 1.6: magic number, protocol, system, content, keys; then the bytes
            return [name for _ in range(5) for name in _names_in(file)]
    with zipfile.ZipFile(path) as archive:
        if sum(member.file_size for member in archive.infolist()) > path.stat().st_size:
            raise WeightsError(f"{path}: larger inside than the file itself. Save it uncompressed, or as safetensors.")
        pickles = [io.BytesIO(archive.read(member)) for member in archive.namelist() if member.endswith(".pkl")]
    return [name for pickle in pickles for name in _names_in(pickle)]


def _names_in(pickle: io.BytesIO | io.BufferedReader) -> list[str]:
    operations = pickletools.genops(pickle)
    return [str(argument).replace(" ", ".") for code, argument, _ in operations if code.name in ("GLOBAL", "INST")]
