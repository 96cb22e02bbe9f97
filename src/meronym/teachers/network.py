"""A network of transformers in the precision and on the device that are wanted, with its tokenizer and picture settings."""

from __future__ import annotations

import json
from functools import cached_property
from pathlib import Path
from typing import Any, cast

import torch
from jaxtyping import Float
from torch import Tensor

from meronym.errors import InputError, PluginError, WeightsError
from meronym.weights import catalogue

PRECISIONS = {"float32": torch.float32, "bfloat16": torch.bfloat16, "float16": torch.float16}


def precision(dtype: torch.dtype | str) -> torch.dtype:
    """The type of a network's numbers, also by name.

    Raises: InputError for another one.
    """
    found = PRECISIONS.get(str(dtype).removeprefix("torch."))
    if found is None:
        raise InputError(f"dtype: expected one of {', '.join(PRECISIONS)}, got {str(dtype)!r:.40}")
    return found


class Network:
    """`source` is a name in the catalogue of weights or a folder as transformers writes them.

    Raises: PluginError if transformers has no such class; WeightsError if the weights cannot be had or do not fit; InputError
    for a precision that it cannot compute in.
    """

    def __init__(
        self, source: str | Path, model: str, since: str, device: torch.device | str, dtype: torch.dtype | str
    ) -> None:
        import transformers

        if getattr(transformers, model, None) is None:
            have = transformers.__version__
            raise PluginError(f"{model} needs transformers {since} or newer, this is {have}: pip install -U transformers")
        self.device, self.dtype = torch.device(device), precision(dtype)
        self.model = cast(Any, catalogue.load_model(source, model)).to(self.device, self.dtype)
        self.folder, self.record = Path(self.model.name_or_path), catalogue.record(source)

    @cached_property
    def picture(self) -> dict[str, Any]:
        """Size, mean and deviation of the pictures that it was trained on: preprocessor_config.json."""
        file = self.folder / "preprocessor_config.json"
        try:
            settings: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise WeightsError(f"{file}: cannot be read ({error}). Put the model's own there.") from error
        return settings

    @cached_property
    def tokenizer(self) -> Any:
        """The tokenizer of the folder: tokenizer.json, or vocabulary and settings."""
        from transformers import AutoTokenizer

        try:
            return AutoTokenizer.from_pretrained(self.folder, local_files_only=True, trust_remote_code=False)
        except (OSError, ValueError) as error:
            raise WeightsError(f"{self.folder}: no tokenizer can be made of it ({error}). Put its files there.") from error

    def pixels(self, colour: Float[Tensor, "c 3 h w"]) -> Float[Tensor, "c 3 h w"]:
        """Pictures 0..1, normalised as in the model's training if it was so, in the precision that it computes in."""
        if not self.picture.get("do_normalize", True):
            return colour.to(self.dtype)
        mean, std = (torch.tensor(self.picture[key], device=colour.device) for key in ("image_mean", "image_std"))
        scale = 1 if self.picture.get("do_rescale", True) else 255  # some state mean and deviation of 0..255
        return ((colour * scale - mean[:, None, None]) / std[:, None, None]).to(self.dtype)
