"""The sentence encoder of the built-in teacher and of open students."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from jaxtyping import Float
from safetensors.torch import load_file
from torch import Tensor
from torch.nn import functional

from meronym.teachers.bert import last_states
from meronym.weights import catalogue

KEPT = 10_000
"""Phrases whose embeddings stay in memory: 15 MB."""


class TextEncoder:
    """MiniLM-L6: unit vectors of phrases, in single precision, on the device that it computes on."""

    dim = 384

    def __init__(self, device: torch.device | str = "cpu") -> None:
        from tokenizers import Tokenizer

        folder = catalogue.path("minilm")
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.tokenizer.enable_truncation(128)
        self.tokenizer.enable_padding()
        self.weights = {name: tensor.to(device) for name, tensor in load_file(folder / "model.safetensors").items()}
        self.device = torch.device(device)
        self._known: dict[str, Tensor] = {}

    def __call__(self, phrases: Sequence[str]) -> Float[Tensor, "p d"]:
        """Mean of the token states, normalised, as the sentence encoder was trained; the last KEPT phrases are kept."""
        new = [phrase for phrase in dict.fromkeys(phrases) if phrase not in self._known]
        if new:
            self._known.update(zip(new, self._encoded(new), strict=True))
        found = torch.stack([self._known[phrase] for phrase in phrases]).to(self.device)
        for phrase in list(self._known)[: max(0, len(self._known) - KEPT)]:
            del self._known[phrase]
        return found

    @torch.no_grad()
    def _encoded(self, phrases: Sequence[str]) -> Float[Tensor, "p d"]:
        batch = self.tokenizer.encode_batch(list(phrases))
        ids = torch.tensor([entry.ids for entry in batch], device=self.device)
        mask = torch.tensor([entry.attention_mask for entry in batch], device=self.device)
        state = last_states(self.weights, ids, mask)
        mean = (state * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
        return functional.normalize(mean, dim=-1)
