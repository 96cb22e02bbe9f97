"""A network of transformers as a teacher holds it: loaded and frozen, with its tokenizer and what its pictures are like."""

from __future__ import annotations

import json
from functools import cached_property
from pathlib import Path
from typing import Any, cast

import torch
from jaxtyping import Float
from torch import Tensor

from meronym.errors import PluginError, WeightsError
from meronym.weights import catalogue


class Network:
    """`source` is a name in the catalogue of weights or a folder as transformers writes them.

    Raises: PluginError if transformers has no such class; WeightsError if the weights cannot be had or do not fit.
    """

    def __init__(self, source: str | Path, model: str, since: str, device: str, dtype: torch.dtype) -> None:
        import transformers

        if getattr(transformers, model, None) is None:
            have = transformers.__version__
            raise PluginError(f"{model} needs transformers {since} or newer, this is {have}: pip install -U transformers")
        self.model = cast(Any, catalogue.load_model(source, model)).to(device, dtype)
        self.folder, self.record = Path(self.model.name_or_path), catalogue.record(source)
        self.device, self.dtype = device, dtype

    @cached_property
    def picture(self) -> dict[str, Any]:
        """Size, mean and deviation of pictures: preprocessor_config.json."""
        file = self.folder / "preprocessor_config.json"
        try:
            settings: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise WeightsError(f"{file}: cannot be read ({error}). Put the model's own there.") from error
        return settings

    @cached_property
    def tokenizer(self) -> Any:
        """What the folder says: tokenizer.json, or vocabulary and settings."""
        from transformers import AutoTokenizer

        try:
            return AutoTokenizer.from_pretrained(self.folder, local_files_only=True, trust_remote_code=False)
        except (OSError, ValueError) as error:
            raise WeightsError(f"{self.folder}: no tokenizer can be made of it ({error}). Put its files there.") from error

    def pixels(self, colour: Float[Tensor, "c 3 h w"]) -> Float[Tensor, "c 3 h w"]:
        """Pictures 0..1 as the model was trained to have them, in the precision that it computes in."""
        mean, std = (torch.tensor(self.picture[key], device=colour.device) for key in ("image_mean", "image_std"))
        scale = 1 if self.picture.get("do_rescale", True) else 255  # some state mean and deviation of 0..255
        return ((colour * scale - mean[:, None, None]) / std[:, None, None]).to(self.dtype)
