"""Reconstructions and features of photos on disk, so that a later run with other words finds them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from jaxtyping import Float
from safetensors.torch import load_file, save_file
from torch import Tensor

from meronym.io.files import atomic, make_folder


@dataclass(frozen=True)
class Cache:
    """A folder of tensors, under names that change with everything that they depend on."""

    folder: Path | None
    """None = nothing is kept."""

    def file(self, name: str, photos: Float[Tensor, "c h w 3"], how: Mapping[str, Any]) -> Path | None:
        """The file for something that depends on photos and on `how` it is made."""
        if self.folder is None:
            return None
        about = json.dumps([version("meronym"), how], sort_keys=True, default=str).encode()
        digest = hashlib.sha256(about + photos.contiguous().cpu().numpy().tobytes()).hexdigest()[:16]
        return make_folder(self.folder) / f"{name}-{digest}.safetensors"


def read_tensors(file: Path | None, device: str) -> dict[str, Tensor] | None:
    """The tensors of a file; None if there is none."""
    return load_file(file, device=device) if file is not None and file.exists() else None


def write_tensors(file: Path | None, tensors: Mapping[str, Tensor]) -> None:
    """Keep tensors, unless nothing is kept."""
    if file is not None:
        with atomic(file) as temporary:
            save_file({name: tensor.contiguous() for name, tensor in tensors.items()}, temporary)
